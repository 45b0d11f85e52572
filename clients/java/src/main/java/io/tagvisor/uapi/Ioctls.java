// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.

package io.tagvisor.uapi;

import io.tagvisor.Ioctl;
import io.tagvisor.Struct;

/** The requests of KVM, each with what its argument is. */
public final class Ioctls {
  private Ioctls() {}

  /**
   * Answers the version of the API, which has been 12 since Linux 2.6.22. Argument: 0. Returns
   * KVM_API_VERSION. Capability: basic. Descriptor: system.
   */
  public static final Ioctl.Value KVM_GET_API_VERSION = new Ioctl.Value("KVM_GET_API_VERSION", 0xae00);

  /**
   * Creates a VM without vCPUs and memory; it belongs to the caller's address space. Argument:
   * machine type: bits 7:0 the IPA size in bits, 0 for 40. Returns a VM descriptor.
   * Capability: basic. Descriptor: system.
   */
  public static final Ioctl.Value KVM_CREATE_VM = new Ioctl.Value("KVM_CREATE_VM", 0xae01);

  /**
   * Asks for a capability of the host, or of one VM. Argument: capability. Returns the
   * capability's value, 0 where it is absent or unknown. Capability: basic. Descriptor:
   * system, vm.
   */
  public static final Ioctl.Value KVM_CHECK_EXTENSION = new Ioctl.Value("KVM_CHECK_EXTENSION", 0xae03);

  /**
   * Answers how much of a vCPU descriptor to map: struct kvm_run and the page of the coalesced
   * MMIO ring. Argument: 0. Returns the size in bytes of a vCPU's mapping. Capability: basic.
   * Descriptor: system.
   */
  public static final Ioctl.Value KVM_GET_VCPU_MMAP_SIZE = new Ioctl.Value("KVM_GET_VCPU_MMAP_SIZE", 0xae04);

  /**
   * Adds a vCPU with an id of the caller's choice to the VM. Argument: vCPU id. Returns a vCPU
   * descriptor. Capability: basic. Descriptor: vm.
   */
  public static final Ioctl.Value KVM_CREATE_VCPU = new Ioctl.Value("KVM_CREATE_VCPU", 0xae41);

  /**
   * Copies out which pages of a slot were written, and starts over unless the manual protocol
   * is on. Returns 0. Capability: basic. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_dirty_log> KVM_GET_DIRTY_LOG = new Ioctl.In<>("KVM_GET_DIRTY_LOG", 0x4010ae42, Structs.kvm_dirty_log::new);

  /**
   * Creates, moves, changes or deletes a memory slot, backed by the caller's memory. Returns
   * 0. Capability: KVM_CAP_USER_MEMORY. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_userspace_memory_region> KVM_SET_USER_MEMORY_REGION = new Ioctl.In<>("KVM_SET_USER_MEMORY_REGION", 0x4020ae46, Structs.kvm_userspace_memory_region::new);

  /**
   * As KVM_SET_USER_MEMORY_REGION, with room for a guest_memfd beside the caller's memory.
   * Returns 0. Capability: KVM_CAP_USER_MEMORY2. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_userspace_memory_region2> KVM_SET_USER_MEMORY_REGION2 = new Ioctl.In<>("KVM_SET_USER_MEMORY_REGION2", 0x40a0ae49, Structs.kvm_userspace_memory_region2::new);

  /**
   * Creates a VGICv2; a VGICv3 takes KVM_CREATE_DEVICE. Returns 0. Capability:
   * KVM_CAP_IRQCHIP. Descriptor: vm.
   */
  public static final Ioctl.Value KVM_CREATE_IRQCHIP = new Ioctl.Value("KVM_CREATE_IRQCHIP", 0xae60);

  /**
   * Sets the level of an interrupt line: an SPI, a vCPU's PPI, or its IRQ or FIQ input.
   * Returns 0. Capability: KVM_CAP_IRQCHIP. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_irq_level> KVM_IRQ_LINE = new Ioctl.In<>("KVM_IRQ_LINE", 0x4008ae61, Structs.kvm_irq_level::new);

  /**
   * As KVM_IRQ_LINE, and copies the struct back; arm64 has no delivery status to put into it.
   * Returns 0. Capability: KVM_CAP_IRQCHIP. Descriptor: vm.
   */
  public static final Ioctl.Out<Structs.kvm_irq_level> KVM_IRQ_LINE_STATUS = new Ioctl.Out<>("KVM_IRQ_LINE_STATUS", 0xc008ae67, Structs.kvm_irq_level::new);

  /**
   * Lets the guest's writes to a range of addresses gather in the ring instead of exiting.
   * Returns 0. Capability: KVM_CAP_COALESCED_MMIO. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_coalesced_mmio_zone> KVM_REGISTER_COALESCED_MMIO = new Ioctl.In<>("KVM_REGISTER_COALESCED_MMIO", 0x4010ae67, Structs.kvm_coalesced_mmio_zone::new);

  /**
   * Ends the coalescing of every zone inside a range. Returns 0. Capability:
   * KVM_CAP_COALESCED_MMIO. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_coalesced_mmio_zone> KVM_UNREGISTER_COALESCED_MMIO = new Ioctl.In<>("KVM_UNREGISTER_COALESCED_MMIO", 0x4010ae68, Structs.kvm_coalesced_mmio_zone::new);

  /**
   * Replaces the table that leads from interrupt numbers of irqfds to pins and MSIs. Returns
   * 0. Capability: KVM_CAP_IRQ_ROUTING. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_irq_routing> KVM_SET_GSI_ROUTING = new Ioctl.In<>("KVM_SET_GSI_ROUTING", 0x4008ae6a, Structs.kvm_irq_routing::new);

  /**
   * Ties an eventfd to an interrupt, or unties it. Returns 0. Capability: KVM_CAP_IRQFD.
   * Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_irqfd> KVM_IRQFD = new Ioctl.In<>("KVM_IRQFD", 0x4020ae76, Structs.kvm_irqfd::new);

  /**
   * Lets the guest's writes to an address signal an eventfd instead of exiting, or ends that.
   * Returns 0. Capability: KVM_CAP_IOEVENTFD. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_ioeventfd> KVM_IOEVENTFD = new Ioctl.In<>("KVM_IOEVENTFD", 0x4040ae79, Structs.kvm_ioeventfd::new);

  /**
   * Writes a message to an ITS on behalf of a device. Returns 1 delivered, 0 blocked by the
   * guest. Capability: KVM_CAP_SIGNAL_MSI. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_msi> KVM_SIGNAL_MSI = new Ioctl.In<>("KVM_SIGNAL_MSI", 0x4020aea5, Structs.kvm_msi::new);

  /**
   * Turns a capability on for the VM; there is no way to turn one off but by its arguments.
   * Returns 0. Capability: KVM_CAP_ENABLE_CAP_VM. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_enable_cap> KVM_ENABLE_CAP = new Ioctl.In<>("KVM_ENABLE_CAP", 0x4068aea3, Structs.kvm_enable_cap::new);

  /**
   * Places a frame of the VGICv2; KVM_SET_DEVICE_ATTR is the newer way. Returns 0. Capability:
   * KVM_CAP_ARM_SET_DEVICE_ADDR. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_arm_device_addr> KVM_ARM_SET_DEVICE_ADDR = new Ioctl.In<>("KVM_ARM_SET_DEVICE_ADDR", 0x4010aeab, Structs.kvm_arm_device_addr::new);

  /**
   * Answers the target with which to initialise vCPUs on this host, and no features. Returns
   * 0. Capability: basic. Descriptor: vm.
   */
  public static final Ioctl.Out<Structs.kvm_vcpu_init> KVM_ARM_PREFERRED_TARGET = new Ioctl.Out<>("KVM_ARM_PREFERRED_TARGET", 0x8020aeaf, Structs.kvm_vcpu_init::new);

  /**
   * Copies the allocation tags of guest pages to or from the caller's memory, one byte a
   * granule. Returns the bytes of guest memory whose tags were copied; in the seed 0.
   * Capability: KVM_CAP_ARM_MTE. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_arm_copy_mte_tags> KVM_ARM_MTE_COPY_TAGS = new Ioctl.In<>("KVM_ARM_MTE_COPY_TAGS", 0x8030aeb4, Structs.kvm_arm_copy_mte_tags::new);

  /**
   * Sets what the guest's virtual and physical counters lag behind the host's. Returns 0.
   * Capability: KVM_CAP_COUNTER_OFFSET. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_arm_counter_offset> KVM_ARM_SET_COUNTER_OFFSET = new Ioctl.In<>("KVM_ARM_SET_COUNTER_OFFSET", 0x4010aeb5, Structs.kvm_arm_counter_offset::new);

  /**
   * Writes, for each ID register, the mask of the bits that KVM_SET_ONE_REG may change.
   * Returns 0. Capability: KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.reg_mask_range> KVM_ARM_GET_REG_WRITABLE_MASKS = new Ioctl.In<>("KVM_ARM_GET_REG_WRITABLE_MASKS", 0x8040aeb6, Structs.reg_mask_range::new);

  /**
   * Clears chosen pages of a slot's dirty log and catches the next write to them. Returns 0.
   * Capability: KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_clear_dirty_log> KVM_CLEAR_DIRTY_LOG = new Ioctl.In<>("KVM_CLEAR_DIRTY_LOG", 0xc018aec0, Structs.kvm_clear_dirty_log::new);

  /**
   * Takes the harvested entries out of all dirty rings and catches the next write to their
   * pages. Returns the number of entries reset. Capability: KVM_CAP_DIRTY_LOG_RING_ACQ_REL.
   * Descriptor: vm.
   */
  public static final Ioctl.Value KVM_RESET_DIRTY_RINGS = new Ioctl.Value("KVM_RESET_DIRTY_RINGS", 0xaec7);

  /**
   * Opens the statistics of the VM or vCPU in their binary format. Returns a read-only
   * descriptor. Capability: KVM_CAP_BINARY_STATS_FD. Descriptor: vm, vcpu.
   */
  public static final Ioctl.Value KVM_GET_STATS_FD = new Ioctl.Value("KVM_GET_STATS_FD", 0xaece);

  /**
   * Makes guest memory private or shared; arm64 is built without it. Returns EINVAL.
   * Capability: KVM_CAP_MEMORY_ATTRIBUTES. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_memory_attributes> KVM_SET_MEMORY_ATTRIBUTES = new Ioctl.In<>("KVM_SET_MEMORY_ATTRIBUTES", 0x4020aed2, Structs.kvm_memory_attributes::new);

  /**
   * Creates memory that belongs to the VM and backs slots of KVM_SET_USER_MEMORY_REGION2.
   * Returns a guest_memfd descriptor. Capability: KVM_CAP_GUEST_MEMFD. Descriptor: vm.
   */
  public static final Ioctl.In<Structs.kvm_create_guest_memfd> KVM_CREATE_GUEST_MEMFD = new Ioctl.In<>("KVM_CREATE_GUEST_MEMFD", 0xc040aed4, Structs.kvm_create_guest_memfd::new);

  /**
   * Maps guest memory before the guest touches it; arm64 is built without it. Returns EINVAL.
   * Capability: KVM_CAP_PRE_FAULT_MEMORY. Descriptor: vcpu.
   */
  public static final Ioctl.Out<Structs.kvm_pre_fault_memory> KVM_PRE_FAULT_MEMORY = new Ioctl.Out<>("KVM_PRE_FAULT_MEMORY", 0xc040aed5, Structs.kvm_pre_fault_memory::new);

  /**
   * Creates an in-kernel device, or only says whether it could. Returns 0, the descriptor in
   * the struct. Capability: KVM_CAP_DEVICE_CTRL. Descriptor: vm.
   */
  public static final Ioctl.Out<Structs.kvm_create_device> KVM_CREATE_DEVICE = new Ioctl.Out<>("KVM_CREATE_DEVICE", 0xc00caee0, Structs.kvm_create_device::new);

  /**
   * Sets an attribute of a device, a vCPU or the VM. Returns 0. Capability:
   * KVM_CAP_DEVICE_CTRL. Descriptor: vm, vcpu, device.
   */
  public static final Ioctl.In<Structs.kvm_device_attr> KVM_SET_DEVICE_ATTR = new Ioctl.In<>("KVM_SET_DEVICE_ATTR", 0x4018aee1, Structs.kvm_device_attr::new);

  /**
   * Reads an attribute of a device or a vCPU to where the struct points. Returns 0.
   * Capability: KVM_CAP_DEVICE_CTRL. Descriptor: vcpu, device.
   */
  public static final Ioctl.In<Structs.kvm_device_attr> KVM_GET_DEVICE_ATTR = new Ioctl.In<>("KVM_GET_DEVICE_ATTR", 0x4018aee2, Structs.kvm_device_attr::new);

  /**
   * Asks whether there is such an attribute, without asking whether it can be set now. Returns
   * 0. Capability: KVM_CAP_DEVICE_CTRL. Descriptor: vm, vcpu, device.
   */
  public static final Ioctl.In<Structs.kvm_device_attr> KVM_HAS_DEVICE_ATTR = new Ioctl.In<>("KVM_HAS_DEVICE_ATTR", 0x4018aee3, Structs.kvm_device_attr::new);

  /**
   * Completes the last exit and runs the guest until the next one. Argument: 0. Returns 0, the
   * reason in kvm_run.exit_reason. Capability: basic. Descriptor: vcpu.
   */
  public static final Ioctl.Value KVM_RUN = new Ioctl.Value("KVM_RUN", 0xae80);

  /**
   * Other architectures read the general registers with it; arm64 has KVM_GET_ONE_REG. Returns
   * EINVAL. Capability: basic. Descriptor: vcpu.
   */
  public static final Ioctl.Out<Structs.kvm_regs> KVM_GET_REGS = new Ioctl.Out<>("KVM_GET_REGS", 0x8360ae81, Structs.kvm_regs::new);

  /**
   * Other architectures write the general registers with it; arm64 has KVM_SET_ONE_REG.
   * Returns EINVAL. Capability: basic. Descriptor: vcpu.
   */
  public static final Ioctl.In<Structs.kvm_regs> KVM_SET_REGS = new Ioctl.In<>("KVM_SET_REGS", 0x4360ae82, Structs.kvm_regs::new);

  /**
   * Other architectures read special registers with it. Returns EINVAL. Capability: basic.
   * Descriptor: vcpu.
   */
  public static final Ioctl.Out<Structs.kvm_sregs> KVM_GET_SREGS = new Ioctl.Out<>("KVM_GET_SREGS", 0x8000ae83, Structs.kvm_sregs::new);

  /**
   * Other architectures write special registers with it. Returns EINVAL. Capability: basic.
   * Descriptor: vcpu.
   */
  public static final Ioctl.In<Structs.kvm_sregs> KVM_SET_SREGS = new Ioctl.In<>("KVM_SET_SREGS", 0x4000ae84, Structs.kvm_sregs::new);

  /**
   * Other architectures translate a guest virtual address with it. Returns EINVAL. Capability:
   * basic. Descriptor: vcpu.
   */
  public static final Ioctl.Out<Structs.kvm_translation> KVM_TRANSLATE = new Ioctl.Out<>("KVM_TRANSLATE", 0xc018ae85, Structs.kvm_translation::new);

  /**
   * Sets the signals that are blocked during KVM_RUN; a null pointer goes back to the thread's
   * own. Returns 0. Capability: basic. Descriptor: vcpu.
   */
  public static final Ioctl.In<Structs.kvm_signal_mask> KVM_SET_SIGNAL_MASK = new Ioctl.In<>("KVM_SET_SIGNAL_MASK", 0x4004ae8b, Structs.kvm_signal_mask::new);

  /**
   * Other architectures read the floating-point state with it. Returns EINVAL. Capability:
   * basic. Descriptor: vcpu.
   */
  public static final Ioctl.Out<Structs.kvm_fpu> KVM_GET_FPU = new Ioctl.Out<>("KVM_GET_FPU", 0x8000ae8c, Structs.kvm_fpu::new);

  /**
   * Other architectures write the floating-point state with it. Returns EINVAL. Capability:
   * basic. Descriptor: vcpu.
   */
  public static final Ioctl.In<Structs.kvm_fpu> KVM_SET_FPU = new Ioctl.In<>("KVM_SET_FPU", 0x4000ae8d, Structs.kvm_fpu::new);

  /**
   * Answers whether the vCPU runs, is powered off or is suspended. Returns 0. Capability:
   * KVM_CAP_MP_STATE. Descriptor: vcpu.
   */
  public static final Ioctl.Out<Structs.kvm_mp_state> KVM_GET_MP_STATE = new Ioctl.Out<>("KVM_GET_MP_STATE", 0x8004ae98, Structs.kvm_mp_state::new);

  /**
   * Powers the vCPU on or off, or suspends it. Returns 0. Capability: KVM_CAP_MP_STATE.
   * Descriptor: vcpu.
   */
  public static final Ioctl.In<Structs.kvm_mp_state> KVM_SET_MP_STATE = new Ioctl.In<>("KVM_SET_MP_STATE", 0x4004ae99, Structs.kvm_mp_state::new);

  /**
   * Sets breakpoints, watchpoints and single-stepping that end KVM_RUN. Returns 0. Capability:
   * KVM_CAP_SET_GUEST_DEBUG. Descriptor: vcpu.
   */
  public static final Ioctl.In<Structs.kvm_guest_debug> KVM_SET_GUEST_DEBUG = new Ioctl.In<>("KVM_SET_GUEST_DEBUG", 0x4208ae9b, Structs.kvm_guest_debug::new);

  /**
   * Answers the exceptions that wait to be delivered to the guest. Returns 0. Capability:
   * KVM_CAP_VCPU_EVENTS. Descriptor: vcpu.
   */
  public static final Ioctl.Out<Structs.kvm_vcpu_events> KVM_GET_VCPU_EVENTS = new Ioctl.Out<>("KVM_GET_VCPU_EVENTS", 0x8040ae9f, Structs.kvm_vcpu_events::new);

  /**
   * Makes an SError pending, or injects an external abort for the last access. Returns 0.
   * Capability: KVM_CAP_VCPU_EVENTS. Descriptor: vcpu.
   */
  public static final Ioctl.In<Structs.kvm_vcpu_events> KVM_SET_VCPU_EVENTS = new Ioctl.In<>("KVM_SET_VCPU_EVENTS", 0x4040aea0, Structs.kvm_vcpu_events::new);

  /**
   * Reads one register to where the struct points; the id carries its size. Returns 0.
   * Capability: KVM_CAP_ONE_REG. Descriptor: vcpu.
   */
  public static final Ioctl.In<Structs.kvm_one_reg> KVM_GET_ONE_REG = new Ioctl.In<>("KVM_GET_ONE_REG", 0x4010aeab, Structs.kvm_one_reg::new);

  /**
   * Writes one register from where the struct points; the id carries its size. Returns 0.
   * Capability: KVM_CAP_ONE_REG. Descriptor: vcpu.
   */
  public static final Ioctl.In<Structs.kvm_one_reg> KVM_SET_ONE_REG = new Ioctl.In<>("KVM_SET_ONE_REG", 0x4010aeac, Structs.kvm_one_reg::new);

  /**
   * Chooses the CPU type and features and resets the registers; nothing runs before it.
   * Returns 0. Capability: basic. Descriptor: vcpu.
   */
  public static final Ioctl.In<Structs.kvm_vcpu_init> KVM_ARM_VCPU_INIT = new Ioctl.In<>("KVM_ARM_VCPU_INIT", 0x4020aeae, Structs.kvm_vcpu_init::new);

  /**
   * Lists the ids of all registers, and always answers how many there are. Returns 0.
   * Capability: KVM_CAP_ONE_REG. Descriptor: vcpu.
   */
  public static final Ioctl.Out<Structs.kvm_reg_list> KVM_GET_REG_LIST = new Ioctl.Out<>("KVM_GET_REG_LIST", 0xc008aeb0, Structs.kvm_reg_list::new);

  /**
   * Fixes the configuration of a feature, which is SVE's vector lengths. Returns 0.
   * Capability: KVM_CAP_ARM_SVE. Descriptor: vcpu.
   */
  public static final Ioctl.In<Struct.Int32> KVM_ARM_VCPU_FINALIZE = new Ioctl.In<>("KVM_ARM_VCPU_FINALIZE", 0x4004aec2, Struct.Int32::new);
}
