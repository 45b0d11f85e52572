package io.tagvisor;

import io.tagvisor.uapi.Ioctls;
import io.tagvisor.uapi.Structs.kvm_arm_copy_mte_tags;
import io.tagvisor.uapi.Structs.kvm_clear_dirty_log;
import io.tagvisor.uapi.Structs.kvm_create_device;
import io.tagvisor.uapi.Structs.kvm_create_guest_memfd;
import io.tagvisor.uapi.Structs.kvm_dirty_log;
import io.tagvisor.uapi.Structs.kvm_enable_cap;
import io.tagvisor.uapi.Structs.kvm_irq_level;
import io.tagvisor.uapi.Structs.kvm_userspace_memory_region;
import io.tagvisor.uapi.Structs.kvm_vcpu_init;
import io.tagvisor.uapi.Uapi;
import java.io.InputStream;

/** A virtual machine. */
public final class Vm extends AttributedDescriptor {
  /** What a batch has made. */
  public Vm(LinuxProcess process, int fd) {
    super(process, fd);
  }

  /** The value of a capability of this VM, 0 where it is absent. */
  public int checkExtension(long capability) {
    return ioctl(Ioctls.KVM_CHECK_EXTENSION, capability);
  }

  /** Switches a capability on: KVM_CAP_ARM_MTE, before the first vCPU. */
  public void enableCap(int capability, long... args) {
    kvm_enable_cap cap = new kvm_enable_cap().cap(capability);
    for (int i = 0; i < args.length; i++) cap.args(i, args[i]);
    ioctl(Ioctls.KVM_ENABLE_CAP, cap);
  }

  /** Creates, moves, changes or deletes a slot of guest memory. */
  public void setUserMemoryRegion(kvm_userspace_memory_region region) {
    ioctl(Ioctls.KVM_SET_USER_MEMORY_REGION, region);
  }

  /** Gives the guest all of a mapping at an address. */
  public void setUserMemoryRegion(int slot, long guestPhysAddr, Mapping memory) {
    setUserMemoryRegion(
        new kvm_userspace_memory_region()
            .slot(slot)
            .guest_phys_addr(guestPhysAddr)
            .memory_size(memory.length())
            .userspace_addr(memory.address()));
  }

  /** Adds a vCPU. */
  public Vcpu createVcpu(long id) {
    return new Vcpu(process(), ioctl(Ioctls.KVM_CREATE_VCPU, id));
  }

  /** What to give {@link Vcpu#armVcpuInit} on this host. */
  public kvm_vcpu_init armPreferredTarget() {
    return ioctl(Ioctls.KVM_ARM_PREFERRED_TARGET);
  }

  /**
   * Copies tags between guest memory and a buffer of the process; answers the bytes of guest memory
   * covered.
   */
  public int armMteCopyTags(kvm_arm_copy_mte_tags copy) {
    return ioctl(Ioctls.KVM_ARM_MTE_COPY_TAGS, copy);
  }

  /** The tags of so many bytes of guest memory as a stream, a byte for each 16. */
  public ChunkInputStream readTags(long guestIpa, long length) {
    return new ChunkInputStream(Subject.tags(process().caller(), fd()), guestIpa, length);
  }

  /**
   * Writes tags of guest memory, a byte for each 16; answers how many bytes of memory they cover.
   */
  public long writeTags(long guestIpa, byte[] tags) {
    return BulkWriter.write(Subject.tags(process().caller(), fd()), guestIpa, tags);
  }

  /** Writes a stream to the tags of guest memory; answers how many bytes of memory they cover. */
  public long writeTags(long guestIpa, InputStream source) {
    return BulkWriter.write(Subject.tags(process().caller(), fd()), guestIpa, source);
  }

  /** Makes a device of a type. */
  public Device createDevice(int type) {
    kvm_create_device made = ioctl(Ioctls.KVM_CREATE_DEVICE, new kvm_create_device().type(type));
    return new Device(process(), made.fd());
  }

  /** Whether the host has a type of device, without making one. */
  public boolean hasDevice(int type) {
    kvm_create_device test = new kvm_create_device().type(type).flags(Uapi.KVM_CREATE_DEVICE_TEST);
    return process().caller().succeeds(Calls.ioctl(operand(), Ioctls.KVM_CREATE_DEVICE, test));
  }

  /** The dirty pages of a slot of so many pages: one bit each, in words of 64. */
  public byte[] getDirtyLog(int slot, int pages) {
    return process()
        .caller()
        .withBuffer(
            (pages + 63) / 64 * 8,
            null,
            bitmap ->
                Calls.ioctl(
                    operand(),
                    Ioctls.KVM_GET_DIRTY_LOG,
                    new kvm_dirty_log().slot(slot).dirty_bitmap(bitmap)));
  }

  /** Treats pages as clean again: those whose bit is set, from {@code firstPage} on. */
  public void clearDirtyLog(int slot, long firstPage, int pages, byte[] bitmap) {
    kvm_clear_dirty_log clear =
        new kvm_clear_dirty_log().slot(slot).first_page(firstPage).num_pages(pages);
    process()
        .caller()
        .withBuffer(
            0,
            bitmap,
            address ->
                Calls.ioctl(operand(), Ioctls.KVM_CLEAR_DIRTY_LOG, clear.dirty_bitmap(address)));
  }

  /** Raises or lowers an interrupt line. */
  public void irqLine(int irq, boolean level) {
    ioctl(Ioctls.KVM_IRQ_LINE, new kvm_irq_level().irq(irq).level(level ? 1 : 0));
  }

  /** Memory for guests that has no mapping of its own. */
  public OpenFile createGuestMemfd(long size, long flags) {
    kvm_create_guest_memfd memfd = new kvm_create_guest_memfd().size(size).flags(flags);
    return new OpenFile(process(), ioctl(Ioctls.KVM_CREATE_GUEST_MEMFD, memfd));
  }

  /** The VM's statistics. */
  public OpenFile getStatsFd() {
    return new OpenFile(process(), ioctl(Ioctls.KVM_GET_STATS_FD));
  }
}
