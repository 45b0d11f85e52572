package io.tagvisor;

import io.tagvisor.uapi.Ioctls;

/** /dev/kvm. */
public final class Kvm extends Descriptor {
  /** What a batch has opened. */
  public Kvm(LinuxProcess process, int fd) {
    super(process, fd);
  }

  /** KVM_API_VERSION. */
  public int getApiVersion() {
    return ioctl(Ioctls.KVM_GET_API_VERSION);
  }

  /** The value of a capability of the host, 0 where it is absent. */
  public int checkExtension(long capability) {
    return ioctl(Ioctls.KVM_CHECK_EXTENSION, capability);
  }

  /** How many bytes of a vCPU can be mapped. */
  public int getVcpuMmapSize() {
    return ioctl(Ioctls.KVM_GET_VCPU_MMAP_SIZE);
  }

  /** A VM without memory and vCPUs, with addresses of 40 bits. */
  public Vm createVm() {
    return createVm(0);
  }

  /**
   * A VM without memory and vCPUs; the low byte of {@code type} is the size of its addresses in
   * bits, 0 for 40.
   */
  public Vm createVm(long type) {
    return new Vm(process(), ioctl(Ioctls.KVM_CREATE_VM, type));
  }
}
