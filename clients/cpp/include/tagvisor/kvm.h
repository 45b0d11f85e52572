/// @file
/// KVM's objects: /dev/kvm, virtual machines, their vCPUs and devices, each with its requests as methods.

#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "kvm/v1/kvm.pb.h"
#include "tagvisor/descriptor.h"

namespace tagvisor {

class Vm;

/// /dev/kvm.
class Kvm : public Descriptor {
 public:
  using Descriptor::Descriptor;

  std::int64_t get_api_version() const { return ioctl(KVM_GET_API_VERSION); }
  std::int64_t check_extension(std::uint32_t capability) const { return ioctl(KVM_CHECK_EXTENSION, capability); }
  std::int64_t get_vcpu_mmap_size() const { return ioctl(KVM_GET_VCPU_MMAP_SIZE); }
  /// A VM without memory and vCPUs; the low byte of `type` is the size of its addresses in bits, 0 for 40.
  Vm create_vm(std::uint64_t type = 0) const;
};

/// How to enter the guest.
struct RunOptions {
  /// Asking it to stop interrupts the guest, and run() throws RpcError with CANCELLED.
  std::stop_token stop = {};
  /// Not 0: KVM_RUN completes the last exit and returns EINTR. It stays as it was set.
  std::optional<std::uint32_t> immediate_exit = {};
  /// What the guest's MMIO read gets.
  std::optional<Bytes> mmio_data = {};
};

/// A virtual CPU.
class Vcpu : public AttributedDescriptor {
 public:
  Vcpu(std::shared_ptr<detail::Session> session, int fd);
  Vcpu(Vcpu&&) noexcept;
  Vcpu& operator=(Vcpu&&) noexcept;
  ~Vcpu();

  /// Sets the vCPU up, or resets it: needed before its registers and before `run`.
  void arm_vcpu_init(const kvm_vcpu_init& init) const { ioctl(KVM_ARM_VCPU_INIT, init); }
  /// Ends the choice of SVE's vector lengths.
  void arm_vcpu_finalize(std::uint32_t feature) const;

  /// The ids of all registers, in the kernel's order.
  std::vector<std::uint64_t> get_reg_list() const;
  /// A register of at most 64 bits.
  std::uint64_t get_one_reg(std::uint64_t id) const;
  /// A register of any size, as little-endian bytes.
  Bytes get_one_reg_bytes(std::uint64_t id) const;
  /// Registers of any size, 500 in a round trip.
  std::vector<Bytes> get_regs(std::span<const std::uint64_t> ids) const;
  void set_one_reg(std::uint64_t id, std::uint64_t value) const;
  void set_one_reg(std::uint64_t id, BytesView value) const;

  std::uint32_t get_mp_state() const;
  void set_mp_state(std::uint32_t mp_state) const { ioctl(KVM_SET_MP_STATE, kvm_mp_state{.mp_state = mp_state}); }
  kvm_vcpu_events get_vcpu_events() const;
  void set_vcpu_events(const kvm_vcpu_events& events) const { ioctl(KVM_SET_VCPU_EVENTS, events); }
  void set_guest_debug(const kvm_guest_debug& debug) const { ioctl(KVM_SET_GUEST_DEBUG, debug); }

  /// Runs the guest until something is for the VMM to do. What the last exit asked for is completed first.
  /// Process::kill, from another thread, interrupts it with EINTR.
  kvm::v1::KvmRun run(const RunOptions& options = {});
  /// Faults a guest page in, as the guest's own access would; false where the access would leave the guest instead. No
  /// kernel offers this: tagvisor does.
  bool fault_in(std::uint64_t guest_ipa, bool write = false, bool exec = false) const;
  /// Maps struct kvm_run.
  Mapping map_run() const { return mmap({.length = 8192}); }

 private:
  class RunStream;
  std::unique_ptr<RunStream> run_stream_;
};

/// An in-kernel device: an interrupt controller, an ITS.
class Device : public AttributedDescriptor {
 public:
  using AttributedDescriptor::AttributedDescriptor;
};

/// A virtual machine.
class Vm : public AttributedDescriptor {
 public:
  using AttributedDescriptor::AttributedDescriptor;

  std::int64_t check_extension(std::uint32_t capability) const { return ioctl(KVM_CHECK_EXTENSION, capability); }
  /// Switches a capability on: `vm.enable_cap({.cap = KVM_CAP_ARM_MTE})`, before the first vCPU.
  void enable_cap(const kvm_enable_cap& cap) const { ioctl(KVM_ENABLE_CAP, cap); }
  void set_user_memory_region(const kvm_userspace_memory_region& region) const {
    ioctl(KVM_SET_USER_MEMORY_REGION, region);
  }
  void set_user_memory_region2(const kvm_userspace_memory_region2& region) const {
    ioctl(KVM_SET_USER_MEMORY_REGION2, region);
  }
  Vcpu create_vcpu(std::uint64_t id) const;
  /// What to give Vcpu::arm_vcpu_init on this host.
  kvm_vcpu_init arm_preferred_target() const;

  /// Copies tags between guest memory and a buffer of the process; returns the bytes of guest memory covered.
  std::int64_t arm_mte_copy_tags(const kvm_arm_copy_mte_tags& copy) const { return ioctl(KVM_ARM_MTE_COPY_TAGS, copy); }
  /// The tags of guest memory, a byte for each 16 bytes.
  ReadStream read_tags(std::uint64_t guest_ipa, std::uint64_t length, CopyOptions options = {}) const;
  /// Writes the tags of guest memory, a byte for each 16 bytes; returns how many bytes of memory they cover.
  std::uint64_t write_tags(std::uint64_t guest_ipa, const Source& source, const CopyOptions& options = {}) const;
  std::uint64_t write_tags(std::uint64_t guest_ipa, BytesView tags, const CopyOptions& options = {}) const {
    return write_tags(guest_ipa, source_of(tags), options);
  }

  Device create_device(std::uint32_t type, std::uint32_t flags = 0) const;
  /// Whether the host has a type of device, without making one.
  bool has_device(std::uint32_t type) const;

  /// The dirty pages of a slot of `pages` pages: one bit each, in words of 64.
  Bytes get_dirty_log(std::uint32_t slot, std::uint64_t pages) const;
  /// Treats pages as clean again: those whose bit is set, from `first_page` on.
  void clear_dirty_log(std::uint32_t slot, std::uint64_t first_page, std::uint32_t num_pages, BytesView bitmap) const;
  std::int64_t reset_dirty_rings() const { return ioctl(KVM_RESET_DIRTY_RINGS); }

  /// Raises or lowers an interrupt line.
  void irq_line(std::uint32_t irq, std::uint32_t level) const;
  void set_gsi_routing(std::span<const kvm_irq_routing_entry> entries, std::uint32_t flags = 0) const;
  void irqfd(const kvm_irqfd& irqfd) const { ioctl(KVM_IRQFD, irqfd); }
  void ioeventfd(const kvm_ioeventfd& ioeventfd) const { ioctl(KVM_IOEVENTFD, ioeventfd); }
  /// Delivers a message-signalled interrupt; returns whether the guest took it.
  bool signal_msi(const kvm_msi& msi) const { return ioctl(KVM_SIGNAL_MSI, msi) > 0; }
  OpenFile create_guest_memfd(const kvm_create_guest_memfd& memfd) const;
  void arm_set_counter_offset(const kvm_arm_counter_offset& offset) const { ioctl(KVM_ARM_SET_COUNTER_OFFSET, offset); }
};

/// Bytes of a register's value.
constexpr std::size_t register_size(std::uint64_t id) {
  return std::size_t{1} << ((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT);
}

/// "x0", "TFSR_EL1", or the id in hexadecimal where it has no name here.
std::string register_name(std::uint64_t id);

}  // namespace tagvisor
