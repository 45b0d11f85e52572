package io.tagvisor;

import io.tagvisor.uapi.Ioctls;
import io.tagvisor.uapi.Structs.kvm_device_attr;

/** A descriptor that has attributes: a device's, a vCPU's, a VM's. */
public class AttributedDescriptor extends Descriptor {
  AttributedDescriptor(LinuxProcess process, int fd) {
    super(process, fd);
  }

  /** Sets an attribute that has no value. */
  public final void setDeviceAttr(int group, long attr) {
    ioctl(Ioctls.KVM_SET_DEVICE_ATTR, attribute(group, attr));
  }

  /** Sets an attribute to the bytes of its value. */
  public final void setDeviceAttr(int group, long attr, byte[] value) {
    process()
        .caller()
        .withBuffer(
            0,
            value,
            addr ->
                Calls.ioctl(
                    operand(), Ioctls.KVM_SET_DEVICE_ATTR, attribute(group, attr).addr(addr)));
  }

  /**
   * Reads an attribute: {@code value} is what stands at its place before, the answer what stands
   * there then.
   */
  public final byte[] getDeviceAttr(int group, long attr, byte[] value) {
    return process()
        .caller()
        .withBuffer(
            value.length,
            value,
            addr ->
                Calls.ioctl(
                    operand(), Ioctls.KVM_GET_DEVICE_ATTR, attribute(group, attr).addr(addr)));
  }

  /** Whether there is such an attribute. */
  public final boolean hasDeviceAttr(int group, long attr) {
    return process()
        .caller()
        .succeeds(Calls.ioctl(operand(), Ioctls.KVM_HAS_DEVICE_ATTR, attribute(group, attr)));
  }

  private static kvm_device_attr attribute(int group, long attr) {
    return new kvm_device_attr().group(group).attr(attr);
  }
}
