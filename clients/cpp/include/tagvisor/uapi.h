// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.
// SPDX-License-Identifier: Apache-2.0
// clang-format off

/// @file
/// The Linux headers that a VMM includes, of arm64 whatever the host is: constants, structs and requests under their C
/// names. What the host's C library defines too (errno, mmap, open, prctl, poll) begins with LINUX_.

#pragma once

#ifdef KVM_API_VERSION
#error "tagvisor/uapi.h takes the place of <linux/kvm.h>, whose macros have the same names and the host's numbers"
#endif

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace tagvisor {

static_assert(std::endian::native == std::endian::little, "structs travel as they are in memory");

/// Whether a type may be the argument of an ioctl. True for the structs here; specialize it for your own.
template <class T>
inline constexpr bool is_uapi_struct = false;

/// A 128-bit integer.
struct alignas(16) u128 {
  std::uint64_t low;
  std::uint64_t high;
  bool operator==(const u128&) const = default;
};

// errno

/// The operation is not permitted.
inline constexpr std::int32_t LINUX_EPERM = 1;
/// No such file, register, slot or attribute.
inline constexpr std::int32_t LINUX_ENOENT = 2;
/// No such process.
inline constexpr std::int32_t LINUX_ESRCH = 3;
/// A signal ended the call before it was done.
inline constexpr std::int32_t LINUX_EINTR = 4;
/// The VM is dead, or belongs to another address space.
inline constexpr std::int32_t LINUX_EIO = 5;
/// No such device, address or attribute.
inline constexpr std::int32_t LINUX_ENXIO = 6;
/// The caller's array is too short, or a value is beyond what fits.
inline constexpr std::int32_t LINUX_E2BIG = 7;
/// The vCPU was not initialized.
inline constexpr std::int32_t LINUX_ENOEXEC = 8;
/// The descriptor is not open, or not open for this access.
inline constexpr std::int32_t LINUX_EBADF = 9;
/// No child process.
inline constexpr std::int32_t LINUX_ECHILD = 10;
/// Nothing to read yet, or a prerequisite is not ready; try again.
inline constexpr std::int32_t LINUX_EAGAIN = 11;
/// Out of memory or of address space.
inline constexpr std::int32_t LINUX_ENOMEM = 12;
/// The protection does not allow this.
inline constexpr std::int32_t LINUX_EACCES = 13;
/// An address given with the call cannot be accessed.
inline constexpr std::int32_t LINUX_EFAULT = 14;
/// A block device is needed.
inline constexpr std::int32_t LINUX_ENOTBLK = 15;
/// The object is in use, or the time for this call has passed.
inline constexpr std::int32_t LINUX_EBUSY = 16;
/// It exists already, or overlaps one that does.
inline constexpr std::int32_t LINUX_EEXIST = 17;
/// The two are on different file systems.
inline constexpr std::int32_t LINUX_EXDEV = 18;
/// No such device, or the file cannot be mapped.
inline constexpr std::int32_t LINUX_ENODEV = 19;
/// A component of the path is not a directory.
inline constexpr std::int32_t LINUX_ENOTDIR = 20;
/// The path names a directory.
inline constexpr std::int32_t LINUX_EISDIR = 21;
/// An argument is not valid.
inline constexpr std::int32_t LINUX_EINVAL = 22;
/// The host has no file left.
inline constexpr std::int32_t LINUX_ENFILE = 23;
/// The process has no descriptor left.
inline constexpr std::int32_t LINUX_EMFILE = 24;
/// The file does not know this request.
inline constexpr std::int32_t LINUX_ENOTTY = 25;
/// The file is being executed.
inline constexpr std::int32_t LINUX_ETXTBSY = 26;
/// The file would become too large.
inline constexpr std::int32_t LINUX_EFBIG = 27;
/// No room left.
inline constexpr std::int32_t LINUX_ENOSPC = 28;
/// The file has no position.
inline constexpr std::int32_t LINUX_ESPIPE = 29;
/// The file system is read-only.
inline constexpr std::int32_t LINUX_EROFS = 30;
/// Too many links.
inline constexpr std::int32_t LINUX_EMLINK = 31;
/// Nobody reads the other end.
inline constexpr std::int32_t LINUX_EPIPE = 32;
/// The argument is outside the function's domain.
inline constexpr std::int32_t LINUX_EDOM = 33;
/// The result does not fit.
inline constexpr std::int32_t LINUX_ERANGE = 34;
/// The system call, or what it needs of the guest's instruction, is not there.
inline constexpr std::int32_t LINUX_ENOSYS = 38;
/// There is no data.
inline constexpr std::int32_t LINUX_ENODATA = 61;
/// A value does not fit its type.
inline constexpr std::int32_t LINUX_EOVERFLOW = 75;
/// The object does not support this operation.
inline constexpr std::int32_t LINUX_EOPNOTSUPP = 95;

// linux/kvm.h

inline constexpr std::uint32_t KVM_API_VERSION = 12;
/// The type byte of every request.
inline constexpr std::uint32_t KVMIO = 174;
/// Announces KVM_CREATE_IRQCHIP, KVM_IRQ_LINE, KVM_IRQ_LINE_STATUS.
inline constexpr std::uint32_t KVM_CAP_IRQCHIP = 0;
inline constexpr std::uint32_t KVM_CAP_HLT = 1;
inline constexpr std::uint32_t KVM_CAP_MMU_SHADOW_CACHE_CONTROL = 2;
/// Announces KVM_SET_USER_MEMORY_REGION.
inline constexpr std::uint32_t KVM_CAP_USER_MEMORY = 3;
inline constexpr std::uint32_t KVM_CAP_SET_TSS_ADDR = 4;
inline constexpr std::uint32_t KVM_CAP_VAPIC = 6;
inline constexpr std::uint32_t KVM_CAP_EXT_CPUID = 7;
inline constexpr std::uint32_t KVM_CAP_CLOCKSOURCE = 8;
inline constexpr std::uint32_t KVM_CAP_NR_VCPUS = 9;
inline constexpr std::uint32_t KVM_CAP_NR_MEMSLOTS = 10;
inline constexpr std::uint32_t KVM_CAP_PIT = 11;
inline constexpr std::uint32_t KVM_CAP_NOP_IO_DELAY = 12;
inline constexpr std::uint32_t KVM_CAP_PV_MMU = 13;
/// Announces KVM_GET_MP_STATE, KVM_SET_MP_STATE.
inline constexpr std::uint32_t KVM_CAP_MP_STATE = 14;
/// Announces KVM_REGISTER_COALESCED_MMIO, KVM_UNREGISTER_COALESCED_MMIO.
inline constexpr std::uint32_t KVM_CAP_COALESCED_MMIO = 15;
inline constexpr std::uint32_t KVM_CAP_SYNC_MMU = 16;
inline constexpr std::uint32_t KVM_CAP_IOMMU = 18;
inline constexpr std::uint32_t KVM_CAP_DESTROY_MEMORY_REGION_WORKS = 21;
inline constexpr std::uint32_t KVM_CAP_USER_NMI = 22;
/// Announces KVM_SET_GUEST_DEBUG.
inline constexpr std::uint32_t KVM_CAP_SET_GUEST_DEBUG = 23;
inline constexpr std::uint32_t KVM_CAP_REINJECT_CONTROL = 24;
/// Announces KVM_SET_GSI_ROUTING.
inline constexpr std::uint32_t KVM_CAP_IRQ_ROUTING = 25;
inline constexpr std::uint32_t KVM_CAP_IRQ_INJECT_STATUS = 26;
inline constexpr std::uint32_t KVM_CAP_ASSIGN_DEV_IRQ = 29;
inline constexpr std::uint32_t KVM_CAP_JOIN_MEMORY_REGIONS_WORKS = 30;
inline constexpr std::uint32_t KVM_CAP_MCE = 31;
/// Announces KVM_IRQFD.
inline constexpr std::uint32_t KVM_CAP_IRQFD = 32;
inline constexpr std::uint32_t KVM_CAP_PIT2 = 33;
inline constexpr std::uint32_t KVM_CAP_SET_BOOT_CPU_ID = 34;
inline constexpr std::uint32_t KVM_CAP_PIT_STATE2 = 35;
/// Announces KVM_IOEVENTFD.
inline constexpr std::uint32_t KVM_CAP_IOEVENTFD = 36;
inline constexpr std::uint32_t KVM_CAP_SET_IDENTITY_MAP_ADDR = 37;
inline constexpr std::uint32_t KVM_CAP_XEN_HVM = 38;
inline constexpr std::uint32_t KVM_CAP_ADJUST_CLOCK = 39;
inline constexpr std::uint32_t KVM_CAP_INTERNAL_ERROR_DATA = 40;
/// Announces KVM_GET_VCPU_EVENTS, KVM_SET_VCPU_EVENTS.
inline constexpr std::uint32_t KVM_CAP_VCPU_EVENTS = 41;
inline constexpr std::uint32_t KVM_CAP_S390_PSW = 42;
inline constexpr std::uint32_t KVM_CAP_PPC_SEGSTATE = 43;
inline constexpr std::uint32_t KVM_CAP_HYPERV = 44;
inline constexpr std::uint32_t KVM_CAP_HYPERV_VAPIC = 45;
inline constexpr std::uint32_t KVM_CAP_HYPERV_SPIN = 46;
inline constexpr std::uint32_t KVM_CAP_PCI_SEGMENT = 47;
inline constexpr std::uint32_t KVM_CAP_PPC_PAIRED_SINGLES = 48;
inline constexpr std::uint32_t KVM_CAP_INTR_SHADOW = 49;
inline constexpr std::uint32_t KVM_CAP_DEBUGREGS = 50;
inline constexpr std::uint32_t KVM_CAP_X86_ROBUST_SINGLESTEP = 51;
inline constexpr std::uint32_t KVM_CAP_PPC_OSI = 52;
inline constexpr std::uint32_t KVM_CAP_PPC_UNSET_IRQ = 53;
inline constexpr std::uint32_t KVM_CAP_ENABLE_CAP = 54;
inline constexpr std::uint32_t KVM_CAP_XSAVE = 55;
inline constexpr std::uint32_t KVM_CAP_XCRS = 56;
inline constexpr std::uint32_t KVM_CAP_PPC_GET_PVINFO = 57;
inline constexpr std::uint32_t KVM_CAP_PPC_IRQ_LEVEL = 58;
inline constexpr std::uint32_t KVM_CAP_ASYNC_PF = 59;
inline constexpr std::uint32_t KVM_CAP_TSC_CONTROL = 60;
inline constexpr std::uint32_t KVM_CAP_GET_TSC_KHZ = 61;
inline constexpr std::uint32_t KVM_CAP_PPC_BOOKE_SREGS = 62;
inline constexpr std::uint32_t KVM_CAP_SPAPR_TCE = 63;
inline constexpr std::uint32_t KVM_CAP_PPC_SMT = 64;
inline constexpr std::uint32_t KVM_CAP_PPC_RMA = 65;
inline constexpr std::uint32_t KVM_CAP_MAX_VCPUS = 66;
inline constexpr std::uint32_t KVM_CAP_PPC_HIOR = 67;
inline constexpr std::uint32_t KVM_CAP_PPC_PAPR = 68;
inline constexpr std::uint32_t KVM_CAP_SW_TLB = 69;
/// Announces KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_GET_REG_LIST.
inline constexpr std::uint32_t KVM_CAP_ONE_REG = 70;
inline constexpr std::uint32_t KVM_CAP_S390_GMAP = 71;
inline constexpr std::uint32_t KVM_CAP_TSC_DEADLINE_TIMER = 72;
inline constexpr std::uint32_t KVM_CAP_S390_UCONTROL = 73;
inline constexpr std::uint32_t KVM_CAP_SYNC_REGS = 74;
inline constexpr std::uint32_t KVM_CAP_PCI_2_3 = 75;
inline constexpr std::uint32_t KVM_CAP_KVMCLOCK_CTRL = 76;
/// Announces KVM_SIGNAL_MSI.
inline constexpr std::uint32_t KVM_CAP_SIGNAL_MSI = 77;
inline constexpr std::uint32_t KVM_CAP_PPC_GET_SMMU_INFO = 78;
inline constexpr std::uint32_t KVM_CAP_S390_COW = 79;
inline constexpr std::uint32_t KVM_CAP_PPC_ALLOC_HTAB = 80;
inline constexpr std::uint32_t KVM_CAP_READONLY_MEM = 81;
inline constexpr std::uint32_t KVM_CAP_IRQFD_RESAMPLE = 82;
inline constexpr std::uint32_t KVM_CAP_PPC_BOOKE_WATCHDOG = 83;
inline constexpr std::uint32_t KVM_CAP_PPC_HTAB_FD = 84;
inline constexpr std::uint32_t KVM_CAP_S390_CSS_SUPPORT = 85;
inline constexpr std::uint32_t KVM_CAP_PPC_EPR = 86;
inline constexpr std::uint32_t KVM_CAP_ARM_PSCI = 87;
/// Announces KVM_ARM_SET_DEVICE_ADDR.
inline constexpr std::uint32_t KVM_CAP_ARM_SET_DEVICE_ADDR = 88;
/// Announces KVM_CREATE_DEVICE, KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR, KVM_HAS_DEVICE_ATTR.
inline constexpr std::uint32_t KVM_CAP_DEVICE_CTRL = 89;
inline constexpr std::uint32_t KVM_CAP_IRQ_MPIC = 90;
inline constexpr std::uint32_t KVM_CAP_PPC_RTAS = 91;
inline constexpr std::uint32_t KVM_CAP_IRQ_XICS = 92;
inline constexpr std::uint32_t KVM_CAP_ARM_EL1_32BIT = 93;
inline constexpr std::uint32_t KVM_CAP_SPAPR_MULTITCE = 94;
inline constexpr std::uint32_t KVM_CAP_EXT_EMUL_CPUID = 95;
inline constexpr std::uint32_t KVM_CAP_HYPERV_TIME = 96;
inline constexpr std::uint32_t KVM_CAP_IOAPIC_POLARITY_IGNORED = 97;
/// Announces KVM_ENABLE_CAP.
inline constexpr std::uint32_t KVM_CAP_ENABLE_CAP_VM = 98;
inline constexpr std::uint32_t KVM_CAP_S390_IRQCHIP = 99;
inline constexpr std::uint32_t KVM_CAP_IOEVENTFD_NO_LENGTH = 100;
inline constexpr std::uint32_t KVM_CAP_VM_ATTRIBUTES = 101;
inline constexpr std::uint32_t KVM_CAP_ARM_PSCI_0_2 = 102;
inline constexpr std::uint32_t KVM_CAP_PPC_FIXUP_HCALL = 103;
inline constexpr std::uint32_t KVM_CAP_PPC_ENABLE_HCALL = 104;
inline constexpr std::uint32_t KVM_CAP_CHECK_EXTENSION_VM = 105;
inline constexpr std::uint32_t KVM_CAP_S390_USER_SIGP = 106;
inline constexpr std::uint32_t KVM_CAP_S390_VECTOR_REGISTERS = 107;
inline constexpr std::uint32_t KVM_CAP_S390_MEM_OP = 108;
inline constexpr std::uint32_t KVM_CAP_S390_USER_STSI = 109;
inline constexpr std::uint32_t KVM_CAP_S390_SKEYS = 110;
inline constexpr std::uint32_t KVM_CAP_MIPS_FPU = 111;
inline constexpr std::uint32_t KVM_CAP_MIPS_MSA = 112;
inline constexpr std::uint32_t KVM_CAP_S390_INJECT_IRQ = 113;
inline constexpr std::uint32_t KVM_CAP_S390_IRQ_STATE = 114;
inline constexpr std::uint32_t KVM_CAP_PPC_HWRNG = 115;
inline constexpr std::uint32_t KVM_CAP_DISABLE_QUIRKS = 116;
inline constexpr std::uint32_t KVM_CAP_X86_SMM = 117;
inline constexpr std::uint32_t KVM_CAP_MULTI_ADDRESS_SPACE = 118;
inline constexpr std::uint32_t KVM_CAP_GUEST_DEBUG_HW_BPS = 119;
inline constexpr std::uint32_t KVM_CAP_GUEST_DEBUG_HW_WPS = 120;
inline constexpr std::uint32_t KVM_CAP_SPLIT_IRQCHIP = 121;
inline constexpr std::uint32_t KVM_CAP_IOEVENTFD_ANY_LENGTH = 122;
inline constexpr std::uint32_t KVM_CAP_HYPERV_SYNIC = 123;
inline constexpr std::uint32_t KVM_CAP_S390_RI = 124;
inline constexpr std::uint32_t KVM_CAP_SPAPR_TCE_64 = 125;
inline constexpr std::uint32_t KVM_CAP_ARM_PMU_V3 = 126;
inline constexpr std::uint32_t KVM_CAP_VCPU_ATTRIBUTES = 127;
inline constexpr std::uint32_t KVM_CAP_MAX_VCPU_ID = 128;
inline constexpr std::uint32_t KVM_CAP_X2APIC_API = 129;
inline constexpr std::uint32_t KVM_CAP_S390_USER_INSTR0 = 130;
inline constexpr std::uint32_t KVM_CAP_MSI_DEVID = 131;
inline constexpr std::uint32_t KVM_CAP_PPC_HTM = 132;
inline constexpr std::uint32_t KVM_CAP_SPAPR_RESIZE_HPT = 133;
inline constexpr std::uint32_t KVM_CAP_PPC_MMU_RADIX = 134;
inline constexpr std::uint32_t KVM_CAP_PPC_MMU_HASH_V3 = 135;
inline constexpr std::uint32_t KVM_CAP_IMMEDIATE_EXIT = 136;
inline constexpr std::uint32_t KVM_CAP_MIPS_VZ = 137;
inline constexpr std::uint32_t KVM_CAP_MIPS_TE = 138;
inline constexpr std::uint32_t KVM_CAP_MIPS_64BIT = 139;
inline constexpr std::uint32_t KVM_CAP_S390_GS = 140;
inline constexpr std::uint32_t KVM_CAP_S390_AIS = 141;
inline constexpr std::uint32_t KVM_CAP_SPAPR_TCE_VFIO = 142;
inline constexpr std::uint32_t KVM_CAP_X86_DISABLE_EXITS = 143;
inline constexpr std::uint32_t KVM_CAP_ARM_USER_IRQ = 144;
inline constexpr std::uint32_t KVM_CAP_S390_CMMA_MIGRATION = 145;
inline constexpr std::uint32_t KVM_CAP_PPC_FWNMI = 146;
inline constexpr std::uint32_t KVM_CAP_PPC_SMT_POSSIBLE = 147;
inline constexpr std::uint32_t KVM_CAP_HYPERV_SYNIC2 = 148;
inline constexpr std::uint32_t KVM_CAP_HYPERV_VP_INDEX = 149;
inline constexpr std::uint32_t KVM_CAP_S390_AIS_MIGRATION = 150;
inline constexpr std::uint32_t KVM_CAP_PPC_GET_CPU_CHAR = 151;
inline constexpr std::uint32_t KVM_CAP_S390_BPB = 152;
inline constexpr std::uint32_t KVM_CAP_GET_MSR_FEATURES = 153;
inline constexpr std::uint32_t KVM_CAP_HYPERV_EVENTFD = 154;
inline constexpr std::uint32_t KVM_CAP_HYPERV_TLBFLUSH = 155;
inline constexpr std::uint32_t KVM_CAP_S390_HPAGE_1M = 156;
inline constexpr std::uint32_t KVM_CAP_NESTED_STATE = 157;
inline constexpr std::uint32_t KVM_CAP_ARM_INJECT_SERROR_ESR = 158;
inline constexpr std::uint32_t KVM_CAP_MSR_PLATFORM_INFO = 159;
inline constexpr std::uint32_t KVM_CAP_PPC_NESTED_HV = 160;
inline constexpr std::uint32_t KVM_CAP_HYPERV_SEND_IPI = 161;
inline constexpr std::uint32_t KVM_CAP_COALESCED_PIO = 162;
inline constexpr std::uint32_t KVM_CAP_HYPERV_ENLIGHTENED_VMCS = 163;
inline constexpr std::uint32_t KVM_CAP_EXCEPTION_PAYLOAD = 164;
inline constexpr std::uint32_t KVM_CAP_ARM_VM_IPA_SIZE = 165;
inline constexpr std::uint32_t KVM_CAP_MANUAL_DIRTY_LOG_PROTECT = 166;
inline constexpr std::uint32_t KVM_CAP_HYPERV_CPUID = 167;
/// Announces KVM_CLEAR_DIRTY_LOG.
inline constexpr std::uint32_t KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 = 168;
inline constexpr std::uint32_t KVM_CAP_PPC_IRQ_XIVE = 169;
/// Announces KVM_ARM_VCPU_FINALIZE.
inline constexpr std::uint32_t KVM_CAP_ARM_SVE = 170;
inline constexpr std::uint32_t KVM_CAP_ARM_PTRAUTH_ADDRESS = 171;
inline constexpr std::uint32_t KVM_CAP_ARM_PTRAUTH_GENERIC = 172;
inline constexpr std::uint32_t KVM_CAP_PMU_EVENT_FILTER = 173;
inline constexpr std::uint32_t KVM_CAP_ARM_IRQ_LINE_LAYOUT_2 = 174;
inline constexpr std::uint32_t KVM_CAP_HYPERV_DIRECT_TLBFLUSH = 175;
inline constexpr std::uint32_t KVM_CAP_PPC_GUEST_DEBUG_SSTEP = 176;
inline constexpr std::uint32_t KVM_CAP_ARM_NISV_TO_USER = 177;
inline constexpr std::uint32_t KVM_CAP_ARM_INJECT_EXT_DABT = 178;
inline constexpr std::uint32_t KVM_CAP_S390_VCPU_RESETS = 179;
inline constexpr std::uint32_t KVM_CAP_S390_PROTECTED = 180;
inline constexpr std::uint32_t KVM_CAP_PPC_SECURE_GUEST = 181;
inline constexpr std::uint32_t KVM_CAP_HALT_POLL = 182;
inline constexpr std::uint32_t KVM_CAP_ASYNC_PF_INT = 183;
inline constexpr std::uint32_t KVM_CAP_LAST_CPU = 184;
inline constexpr std::uint32_t KVM_CAP_SMALLER_MAXPHYADDR = 185;
inline constexpr std::uint32_t KVM_CAP_S390_DIAG318 = 186;
inline constexpr std::uint32_t KVM_CAP_STEAL_TIME = 187;
inline constexpr std::uint32_t KVM_CAP_X86_USER_SPACE_MSR = 188;
inline constexpr std::uint32_t KVM_CAP_X86_MSR_FILTER = 189;
inline constexpr std::uint32_t KVM_CAP_ENFORCE_PV_FEATURE_CPUID = 190;
inline constexpr std::uint32_t KVM_CAP_SYS_HYPERV_CPUID = 191;
inline constexpr std::uint32_t KVM_CAP_DIRTY_LOG_RING = 192;
inline constexpr std::uint32_t KVM_CAP_X86_BUS_LOCK_EXIT = 193;
inline constexpr std::uint32_t KVM_CAP_PPC_DAWR1 = 194;
inline constexpr std::uint32_t KVM_CAP_SET_GUEST_DEBUG2 = 195;
inline constexpr std::uint32_t KVM_CAP_SGX_ATTRIBUTE = 196;
inline constexpr std::uint32_t KVM_CAP_VM_COPY_ENC_CONTEXT_FROM = 197;
inline constexpr std::uint32_t KVM_CAP_PTP_KVM = 198;
inline constexpr std::uint32_t KVM_CAP_HYPERV_ENFORCE_CPUID = 199;
inline constexpr std::uint32_t KVM_CAP_SREGS2 = 200;
inline constexpr std::uint32_t KVM_CAP_EXIT_HYPERCALL = 201;
inline constexpr std::uint32_t KVM_CAP_PPC_RPT_INVALIDATE = 202;
/// Announces KVM_GET_STATS_FD.
inline constexpr std::uint32_t KVM_CAP_BINARY_STATS_FD = 203;
inline constexpr std::uint32_t KVM_CAP_EXIT_ON_EMULATION_FAILURE = 204;
/// Announces KVM_ARM_MTE_COPY_TAGS.
inline constexpr std::uint32_t KVM_CAP_ARM_MTE = 205;
inline constexpr std::uint32_t KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM = 206;
inline constexpr std::uint32_t KVM_CAP_VM_GPA_BITS = 207;
inline constexpr std::uint32_t KVM_CAP_XSAVE2 = 208;
inline constexpr std::uint32_t KVM_CAP_SYS_ATTRIBUTES = 209;
inline constexpr std::uint32_t KVM_CAP_PPC_AIL_MODE_3 = 210;
inline constexpr std::uint32_t KVM_CAP_S390_MEM_OP_EXTENSION = 211;
inline constexpr std::uint32_t KVM_CAP_PMU_CAPABILITY = 212;
inline constexpr std::uint32_t KVM_CAP_DISABLE_QUIRKS2 = 213;
inline constexpr std::uint32_t KVM_CAP_VM_TSC_CONTROL = 214;
inline constexpr std::uint32_t KVM_CAP_SYSTEM_EVENT_DATA = 215;
inline constexpr std::uint32_t KVM_CAP_ARM_SYSTEM_SUSPEND = 216;
inline constexpr std::uint32_t KVM_CAP_S390_PROTECTED_DUMP = 217;
inline constexpr std::uint32_t KVM_CAP_X86_TRIPLE_FAULT_EVENT = 218;
inline constexpr std::uint32_t KVM_CAP_X86_NOTIFY_VMEXIT = 219;
inline constexpr std::uint32_t KVM_CAP_VM_DISABLE_NX_HUGE_PAGES = 220;
inline constexpr std::uint32_t KVM_CAP_S390_ZPCI_OP = 221;
inline constexpr std::uint32_t KVM_CAP_S390_CPU_TOPOLOGY = 222;
/// Announces KVM_RESET_DIRTY_RINGS.
inline constexpr std::uint32_t KVM_CAP_DIRTY_LOG_RING_ACQ_REL = 223;
inline constexpr std::uint32_t KVM_CAP_S390_PROTECTED_ASYNC_DISABLE = 224;
inline constexpr std::uint32_t KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP = 225;
inline constexpr std::uint32_t KVM_CAP_PMU_EVENT_MASKED_EVENTS = 226;
/// Announces KVM_ARM_SET_COUNTER_OFFSET.
inline constexpr std::uint32_t KVM_CAP_COUNTER_OFFSET = 227;
inline constexpr std::uint32_t KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE = 228;
inline constexpr std::uint32_t KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES = 229;
/// Announces KVM_ARM_GET_REG_WRITABLE_MASKS.
inline constexpr std::uint32_t KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES = 230;
/// Announces KVM_SET_USER_MEMORY_REGION2.
inline constexpr std::uint32_t KVM_CAP_USER_MEMORY2 = 231;
inline constexpr std::uint32_t KVM_CAP_MEMORY_FAULT_INFO = 232;
/// Announces KVM_SET_MEMORY_ATTRIBUTES.
inline constexpr std::uint32_t KVM_CAP_MEMORY_ATTRIBUTES = 233;
/// Announces KVM_CREATE_GUEST_MEMFD.
inline constexpr std::uint32_t KVM_CAP_GUEST_MEMFD = 234;
inline constexpr std::uint32_t KVM_CAP_VM_TYPES = 235;
/// Announces KVM_PRE_FAULT_MEMORY.
inline constexpr std::uint32_t KVM_CAP_PRE_FAULT_MEMORY = 236;
inline constexpr std::uint32_t KVM_CAP_X86_APIC_BUS_CYCLES_NS = 237;
inline constexpr std::uint32_t KVM_CAP_X86_GUEST_MODE = 238;
inline constexpr std::uint32_t KVM_CAP_ARM_WRITABLE_IMP_ID_REGS = 239;
inline constexpr std::uint32_t KVM_CAP_ARM_EL2 = 240;
inline constexpr std::uint32_t KVM_CAP_ARM_EL2_E2H0 = 241;
inline constexpr std::uint32_t KVM_CAP_RISCV_MP_STATE_RESET = 242;
inline constexpr std::uint32_t KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED = 243;
inline constexpr std::uint32_t KVM_CAP_GUEST_MEMFD_FLAGS = 244;
inline constexpr std::uint32_t KVM_CAP_ARM_SEA_TO_USER = 245;
inline constexpr std::uint32_t KVM_CAP_S390_USER_OPEREXEC = 246;
inline constexpr std::uint32_t KVM_CAP_S390_KEYOP = 247;
inline constexpr std::uint32_t KVM_CAP_S390_VSIE_ESAMODE = 248;
/// The machine type's bits that hold the size of the guest physical address space; 0 means 40.
inline constexpr std::uint64_t KVM_VM_TYPE_ARM_IPA_SIZE_MASK = 255ULL;
inline constexpr std::uint64_t KVM_VM_TYPE_ARM_PROTECTED = 0x80000000ULL;
/// args[0] of KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2.
inline constexpr std::uint64_t KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE = 1ULL;
inline constexpr std::uint64_t KVM_DIRTY_LOG_INITIALLY_SET = 2ULL;
inline constexpr std::uint32_t KVM_MEM_LOG_DIRTY_PAGES = 1;
inline constexpr std::uint32_t KVM_MEM_READONLY = 2;
inline constexpr std::uint32_t KVM_MEM_GUEST_MEMFD = 4;
inline constexpr std::uint64_t KVM_MEMORY_ATTRIBUTE_PRIVATE = 8ULL;
inline constexpr std::uint64_t GUEST_MEMFD_FLAG_MMAP = 1ULL;
inline constexpr std::uint64_t GUEST_MEMFD_FLAG_INIT_SHARED = 2ULL;
inline constexpr std::uint32_t KVM_DIRTY_GFN_F_DIRTY = 1;
inline constexpr std::uint32_t KVM_DIRTY_GFN_F_RESET = 2;
inline constexpr std::uint32_t KVM_DIRTY_GFN_F_MASK = 3;
inline constexpr std::uint32_t KVM_IRQ_ROUTING_IRQCHIP = 1;
inline constexpr std::uint32_t KVM_IRQ_ROUTING_MSI = 2;
inline constexpr std::uint32_t KVM_IRQ_ROUTING_S390_ADAPTER = 3;
inline constexpr std::uint32_t KVM_IRQ_ROUTING_HV_SINT = 4;
inline constexpr std::uint32_t KVM_IRQ_ROUTING_XEN_EVTCHN = 5;
inline constexpr std::uint32_t KVM_MSI_VALID_DEVID = 1;
inline constexpr std::uint32_t KVM_IRQFD_FLAG_DEASSIGN = 1;
inline constexpr std::uint32_t KVM_IRQFD_FLAG_RESAMPLE = 2;
inline constexpr std::uint32_t KVM_IOEVENTFD_FLAG_DATAMATCH = 1;
inline constexpr std::uint32_t KVM_IOEVENTFD_FLAG_PIO = 2;
inline constexpr std::uint32_t KVM_IOEVENTFD_FLAG_DEASSIGN = 4;
inline constexpr std::uint32_t KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY = 8;
inline constexpr std::uint32_t KVM_IOEVENTFD_VALID_FLAG_MASK = 31;
/// KVM_COALESCED_MMIO_MAX with pages of 4 KiB.
inline constexpr std::uint32_t KVM_COALESCED_MMIO_MAX = 170;
inline constexpr std::uint32_t KVM_CREATE_DEVICE_TEST = 1;
inline constexpr std::uint32_t KVM_DEV_TYPE_FSL_MPIC_20 = 1;
inline constexpr std::uint32_t KVM_DEV_TYPE_FSL_MPIC_42 = 2;
inline constexpr std::uint32_t KVM_DEV_TYPE_XICS = 3;
inline constexpr std::uint32_t KVM_DEV_TYPE_VFIO = 4;
inline constexpr std::uint32_t KVM_DEV_TYPE_ARM_VGIC_V2 = 5;
inline constexpr std::uint32_t KVM_DEV_TYPE_FLIC = 6;
inline constexpr std::uint32_t KVM_DEV_TYPE_ARM_VGIC_V3 = 7;
inline constexpr std::uint32_t KVM_DEV_TYPE_ARM_VGIC_ITS = 8;
inline constexpr std::uint32_t KVM_DEV_TYPE_XIVE = 9;
inline constexpr std::uint32_t KVM_DEV_TYPE_ARM_PV_TIME = 10;
inline constexpr std::uint32_t KVM_DEV_TYPE_ARM_VGIC_V5 = 16;
inline constexpr std::uint32_t KVM_MP_STATE_RUNNABLE = 0;
inline constexpr std::uint32_t KVM_MP_STATE_UNINITIALIZED = 1;
inline constexpr std::uint32_t KVM_MP_STATE_INIT_RECEIVED = 2;
inline constexpr std::uint32_t KVM_MP_STATE_HALTED = 3;
inline constexpr std::uint32_t KVM_MP_STATE_SIPI_RECEIVED = 4;
inline constexpr std::uint32_t KVM_MP_STATE_STOPPED = 5;
inline constexpr std::uint32_t KVM_MP_STATE_CHECK_STOP = 6;
inline constexpr std::uint32_t KVM_MP_STATE_OPERATING = 7;
inline constexpr std::uint32_t KVM_MP_STATE_LOAD = 8;
inline constexpr std::uint32_t KVM_MP_STATE_AP_RESET_HOLD = 9;
inline constexpr std::uint32_t KVM_MP_STATE_SUSPENDED = 10;
inline constexpr std::uint32_t KVM_GUESTDBG_ENABLE = 1;
inline constexpr std::uint32_t KVM_GUESTDBG_SINGLESTEP = 2;
inline constexpr std::uint32_t KVM_EXIT_UNKNOWN = 0;
inline constexpr std::uint32_t KVM_EXIT_EXCEPTION = 1;
inline constexpr std::uint32_t KVM_EXIT_IO = 2;
inline constexpr std::uint32_t KVM_EXIT_HYPERCALL = 3;
inline constexpr std::uint32_t KVM_EXIT_DEBUG = 4;
inline constexpr std::uint32_t KVM_EXIT_HLT = 5;
inline constexpr std::uint32_t KVM_EXIT_MMIO = 6;
inline constexpr std::uint32_t KVM_EXIT_IRQ_WINDOW_OPEN = 7;
inline constexpr std::uint32_t KVM_EXIT_SHUTDOWN = 8;
inline constexpr std::uint32_t KVM_EXIT_FAIL_ENTRY = 9;
inline constexpr std::uint32_t KVM_EXIT_INTR = 10;
inline constexpr std::uint32_t KVM_EXIT_SET_TPR = 11;
inline constexpr std::uint32_t KVM_EXIT_TPR_ACCESS = 12;
inline constexpr std::uint32_t KVM_EXIT_S390_SIEIC = 13;
inline constexpr std::uint32_t KVM_EXIT_S390_RESET = 14;
inline constexpr std::uint32_t KVM_EXIT_DCR = 15;
inline constexpr std::uint32_t KVM_EXIT_NMI = 16;
inline constexpr std::uint32_t KVM_EXIT_INTERNAL_ERROR = 17;
inline constexpr std::uint32_t KVM_EXIT_OSI = 18;
inline constexpr std::uint32_t KVM_EXIT_PAPR_HCALL = 19;
inline constexpr std::uint32_t KVM_EXIT_S390_UCONTROL = 20;
inline constexpr std::uint32_t KVM_EXIT_WATCHDOG = 21;
inline constexpr std::uint32_t KVM_EXIT_S390_TSCH = 22;
inline constexpr std::uint32_t KVM_EXIT_EPR = 23;
inline constexpr std::uint32_t KVM_EXIT_SYSTEM_EVENT = 24;
inline constexpr std::uint32_t KVM_EXIT_S390_STSI = 25;
inline constexpr std::uint32_t KVM_EXIT_IOAPIC_EOI = 26;
inline constexpr std::uint32_t KVM_EXIT_HYPERV = 27;
inline constexpr std::uint32_t KVM_EXIT_ARM_NISV = 28;
inline constexpr std::uint32_t KVM_EXIT_X86_RDMSR = 29;
inline constexpr std::uint32_t KVM_EXIT_X86_WRMSR = 30;
inline constexpr std::uint32_t KVM_EXIT_DIRTY_RING_FULL = 31;
inline constexpr std::uint32_t KVM_EXIT_AP_RESET_HOLD = 32;
inline constexpr std::uint32_t KVM_EXIT_X86_BUS_LOCK = 33;
inline constexpr std::uint32_t KVM_EXIT_XEN = 34;
inline constexpr std::uint32_t KVM_EXIT_RISCV_SBI = 35;
inline constexpr std::uint32_t KVM_EXIT_RISCV_CSR = 36;
inline constexpr std::uint32_t KVM_EXIT_NOTIFY = 37;
inline constexpr std::uint32_t KVM_EXIT_LOONGARCH_IOCSR = 38;
inline constexpr std::uint32_t KVM_EXIT_MEMORY_FAULT = 39;
inline constexpr std::uint32_t KVM_EXIT_TDX = 40;
inline constexpr std::uint32_t KVM_EXIT_ARM_SEA = 41;
inline constexpr std::uint32_t KVM_EXIT_ARM_LDST64B = 42;
inline constexpr std::uint32_t KVM_EXIT_SNP_REQ_CERTS = 43;
inline constexpr std::uint32_t KVM_INTERNAL_ERROR_EMULATION = 1;
inline constexpr std::uint32_t KVM_INTERNAL_ERROR_SIMUL_EX = 2;
inline constexpr std::uint32_t KVM_INTERNAL_ERROR_DELIVERY_EV = 3;
inline constexpr std::uint32_t KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON = 4;
inline constexpr std::uint32_t KVM_SYSTEM_EVENT_SHUTDOWN = 1;
inline constexpr std::uint32_t KVM_SYSTEM_EVENT_RESET = 2;
inline constexpr std::uint32_t KVM_SYSTEM_EVENT_CRASH = 3;
inline constexpr std::uint32_t KVM_SYSTEM_EVENT_WAKEUP = 4;
inline constexpr std::uint32_t KVM_SYSTEM_EVENT_SUSPEND = 5;
inline constexpr std::uint32_t KVM_SYSTEM_EVENT_SEV_TERM = 6;
inline constexpr std::uint32_t KVM_SYSTEM_EVENT_TDX_FATAL = 7;
inline constexpr std::uint64_t KVM_MEMORY_EXIT_FLAG_PRIVATE = 8ULL;
inline constexpr std::uint64_t KVM_EXIT_ARM_SEA_FLAG_GPA_VALID = 1ULL;
inline constexpr std::uint32_t SYNC_REGS_SIZE_BYTES = 0x800;
inline constexpr std::uint32_t KVM_STATS_TYPE_SHIFT = 0;
inline constexpr std::uint32_t KVM_STATS_TYPE_MASK = 15;
inline constexpr std::uint32_t KVM_STATS_TYPE_CUMULATIVE = 0;
inline constexpr std::uint32_t KVM_STATS_TYPE_INSTANT = 1;
inline constexpr std::uint32_t KVM_STATS_TYPE_PEAK = 2;
inline constexpr std::uint32_t KVM_STATS_TYPE_LINEAR_HIST = 3;
inline constexpr std::uint32_t KVM_STATS_TYPE_LOG_HIST = 4;
inline constexpr std::uint32_t KVM_STATS_UNIT_SHIFT = 4;
inline constexpr std::uint32_t KVM_STATS_UNIT_MASK = 240;
inline constexpr std::uint32_t KVM_STATS_UNIT_NONE = 0;
inline constexpr std::uint32_t KVM_STATS_UNIT_BYTES = 16;
inline constexpr std::uint32_t KVM_STATS_UNIT_SECONDS = 32;
inline constexpr std::uint32_t KVM_STATS_UNIT_CYCLES = 48;
inline constexpr std::uint32_t KVM_STATS_UNIT_BOOLEAN = 64;
inline constexpr std::uint32_t KVM_STATS_BASE_SHIFT = 8;
inline constexpr std::uint32_t KVM_STATS_BASE_MASK = 0xf00;
inline constexpr std::uint32_t KVM_STATS_BASE_POW10 = 0;
inline constexpr std::uint32_t KVM_STATS_BASE_POW2 = 256;
inline constexpr std::uint64_t KVM_ARM_DEV_EL1_VTIMER = 1ULL;
inline constexpr std::uint64_t KVM_ARM_DEV_EL1_PTIMER = 2ULL;
inline constexpr std::uint64_t KVM_ARM_DEV_PMU = 4ULL;

// asm/kvm.h

inline constexpr std::uint32_t KVM_SPSR_EL1 = 0;
inline constexpr std::uint32_t KVM_SPSR_SVC = 0;
inline constexpr std::uint32_t KVM_SPSR_ABT = 1;
inline constexpr std::uint32_t KVM_SPSR_UND = 2;
inline constexpr std::uint32_t KVM_SPSR_IRQ = 3;
inline constexpr std::uint32_t KVM_SPSR_FIQ = 4;
inline constexpr std::uint32_t KVM_NR_SPSR = 5;
inline constexpr std::uint32_t KVM_ARM_TARGET_AEM_V8 = 0;
inline constexpr std::uint32_t KVM_ARM_TARGET_FOUNDATION_V8 = 1;
inline constexpr std::uint32_t KVM_ARM_TARGET_CORTEX_A57 = 2;
inline constexpr std::uint32_t KVM_ARM_TARGET_XGENE_POTENZA = 3;
inline constexpr std::uint32_t KVM_ARM_TARGET_CORTEX_A53 = 4;
inline constexpr std::uint32_t KVM_ARM_TARGET_GENERIC_V8 = 5;
inline constexpr std::uint32_t KVM_ARM_NUM_TARGETS = 6;
/// Bit numbers in kvm_vcpu_init.features.
inline constexpr std::uint32_t KVM_ARM_VCPU_POWER_OFF = 0;
inline constexpr std::uint32_t KVM_ARM_VCPU_EL1_32BIT = 1;
inline constexpr std::uint32_t KVM_ARM_VCPU_PSCI_0_2 = 2;
inline constexpr std::uint32_t KVM_ARM_VCPU_PMU_V3 = 3;
inline constexpr std::uint32_t KVM_ARM_VCPU_SVE = 4;
inline constexpr std::uint32_t KVM_ARM_VCPU_PTRAUTH_ADDRESS = 5;
inline constexpr std::uint32_t KVM_ARM_VCPU_PTRAUTH_GENERIC = 6;
inline constexpr std::uint32_t KVM_ARM_VCPU_HAS_EL2 = 7;
inline constexpr std::uint32_t KVM_ARM_VCPU_HAS_EL2_E2H0 = 8;
inline constexpr std::uint64_t KVM_ARM_TAGS_TO_GUEST = 0ULL;
inline constexpr std::uint64_t KVM_ARM_TAGS_FROM_GUEST = 1ULL;
inline constexpr std::uint32_t KVM_ARM_MAX_DBG_REGS = 16;
/// kvm_guest_debug.control, beside the generic bits.
inline constexpr std::uint32_t KVM_GUESTDBG_USE_SW_BP = 0x10000;
inline constexpr std::uint32_t KVM_GUESTDBG_USE_HW = 0x20000;
/// kvm_run.flags on KVM_EXIT_DEBUG.
inline constexpr std::uint32_t KVM_DEBUG_ARCH_HSR_HIGH_VALID = 1;
/// The page of a vCPU's mapping that holds the coalesced MMIO ring.
inline constexpr std::uint32_t KVM_COALESCED_MMIO_PAGE_OFFSET = 1;
/// The page of a vCPU's mapping from which on a dirty ring lies.
inline constexpr std::uint32_t KVM_DIRTY_LOG_PAGE_OFFSET = 64;
/// kvm_run.system_event.data[0]
inline constexpr std::uint64_t KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2 = 1ULL;
inline constexpr std::uint64_t KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2 = 1ULL;
/// kvm_run.fail_entry.hardware_entry_failure_reason
inline constexpr std::uint64_t KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED = 1ULL;
/// kvm_run.hypercall.flags
inline constexpr std::uint64_t KVM_HYPERCALL_EXIT_SMC = 1ULL;
inline constexpr std::uint64_t KVM_HYPERCALL_EXIT_16BIT = 2ULL;
inline constexpr std::uint32_t KVM_ARM_IRQ_VCPU2_SHIFT = 28;
inline constexpr std::uint32_t KVM_ARM_IRQ_VCPU2_MASK = 15;
inline constexpr std::uint32_t KVM_ARM_IRQ_TYPE_SHIFT = 24;
inline constexpr std::uint32_t KVM_ARM_IRQ_TYPE_MASK = 15;
inline constexpr std::uint32_t KVM_ARM_IRQ_VCPU_SHIFT = 16;
inline constexpr std::uint32_t KVM_ARM_IRQ_VCPU_MASK = 255;
inline constexpr std::uint32_t KVM_ARM_IRQ_NUM_SHIFT = 0;
inline constexpr std::uint32_t KVM_ARM_IRQ_NUM_MASK = 0xffff;
inline constexpr std::uint32_t KVM_ARM_IRQ_TYPE_CPU = 0;
inline constexpr std::uint32_t KVM_ARM_IRQ_TYPE_SPI = 1;
inline constexpr std::uint32_t KVM_ARM_IRQ_TYPE_PPI = 2;
inline constexpr std::uint32_t KVM_ARM_IRQ_CPU_IRQ = 0;
inline constexpr std::uint32_t KVM_ARM_IRQ_CPU_FIQ = 1;
inline constexpr std::uint32_t KVM_NR_IRQCHIPS = 1;
inline constexpr std::uint64_t KVM_ARM_DEVICE_TYPE_SHIFT = 0ULL;
inline constexpr std::uint64_t KVM_ARM_DEVICE_TYPE_MASK = 0xffffULL;
inline constexpr std::uint64_t KVM_ARM_DEVICE_ID_SHIFT = 16ULL;
inline constexpr std::uint64_t KVM_ARM_DEVICE_ID_MASK = 0xffff0000ULL;
inline constexpr std::uint64_t KVM_ARM_DEVICE_VGIC_V2 = 0ULL;
inline constexpr std::uint32_t KVM_DEV_ARM_VGIC_GRP_ADDR = 0;
inline constexpr std::uint64_t KVM_VGIC_V2_ADDR_TYPE_DIST = 0ULL;
inline constexpr std::uint64_t KVM_VGIC_V2_ADDR_TYPE_CPU = 1ULL;
inline constexpr std::uint64_t KVM_VGIC_V3_ADDR_TYPE_DIST = 2ULL;
inline constexpr std::uint64_t KVM_VGIC_V3_ADDR_TYPE_REDIST = 3ULL;
inline constexpr std::uint64_t KVM_VGIC_ITS_ADDR_TYPE = 4ULL;
inline constexpr std::uint64_t KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION = 5ULL;
inline constexpr std::uint32_t KVM_DEV_ARM_VGIC_GRP_DIST_REGS = 1;
inline constexpr std::uint32_t KVM_DEV_ARM_VGIC_GRP_CPU_REGS = 2;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_CPUID_SHIFT = 32ULL;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_CPUID_MASK = 0xff00000000ULL;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT = 32ULL;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_V3_MPIDR_MASK = 0xffffffff00000000ULL;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_OFFSET_SHIFT = 0ULL;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_OFFSET_MASK = 0xffffffffULL;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_SYSREG_INSTR_MASK = 0xffffULL;
inline constexpr std::uint32_t KVM_DEV_ARM_VGIC_GRP_NR_IRQS = 3;
inline constexpr std::uint32_t KVM_DEV_ARM_VGIC_GRP_CTRL = 4;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_CTRL_INIT = 0ULL;
inline constexpr std::uint64_t KVM_DEV_ARM_ITS_SAVE_TABLES = 1ULL;
inline constexpr std::uint64_t KVM_DEV_ARM_ITS_RESTORE_TABLES = 2ULL;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES = 3ULL;
inline constexpr std::uint64_t KVM_DEV_ARM_ITS_CTRL_RESET = 4ULL;
inline constexpr std::uint32_t KVM_DEV_ARM_VGIC_GRP_REDIST_REGS = 5;
inline constexpr std::uint32_t KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS = 6;
inline constexpr std::uint32_t KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO = 7;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT = 10ULL;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_MASK = 0xfffffc00ULL;
inline constexpr std::uint64_t KVM_DEV_ARM_VGIC_LINE_LEVEL_INTID_MASK = 1023ULL;
inline constexpr std::uint64_t VGIC_LEVEL_INFO_LINE_LEVEL = 0ULL;
inline constexpr std::uint32_t KVM_DEV_ARM_VGIC_GRP_ITS_REGS = 8;
inline constexpr std::uint32_t KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ = 9;
/// Sizes of the frames in guest physical memory.
inline constexpr std::uint32_t KVM_VGIC_V2_DIST_SIZE = 0x1000;
inline constexpr std::uint32_t KVM_VGIC_V2_CPU_SIZE = 0x2000;
inline constexpr std::uint32_t KVM_VGIC_V3_DIST_SIZE = 0x10000;
inline constexpr std::uint32_t KVM_VGIC_V3_REDIST_SIZE = 0x20000;
inline constexpr std::uint32_t KVM_VGIC_V3_ITS_SIZE = 0x20000;
inline constexpr std::uint32_t KVM_ARM_VCPU_PMU_V3_CTRL = 0;
inline constexpr std::uint64_t KVM_ARM_VCPU_PMU_V3_IRQ = 0ULL;
inline constexpr std::uint64_t KVM_ARM_VCPU_PMU_V3_INIT = 1ULL;
inline constexpr std::uint64_t KVM_ARM_VCPU_PMU_V3_FILTER = 2ULL;
inline constexpr std::uint64_t KVM_ARM_VCPU_PMU_V3_SET_PMU = 3ULL;
inline constexpr std::uint64_t KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS = 4ULL;
inline constexpr std::uint32_t KVM_ARM_VCPU_TIMER_CTRL = 1;
inline constexpr std::uint64_t KVM_ARM_VCPU_TIMER_IRQ_VTIMER = 0ULL;
inline constexpr std::uint64_t KVM_ARM_VCPU_TIMER_IRQ_PTIMER = 1ULL;
inline constexpr std::uint64_t KVM_ARM_VCPU_TIMER_IRQ_HVTIMER = 2ULL;
inline constexpr std::uint64_t KVM_ARM_VCPU_TIMER_IRQ_HPTIMER = 3ULL;
inline constexpr std::uint32_t KVM_ARM_VCPU_PVTIME_CTRL = 2;
inline constexpr std::uint64_t KVM_ARM_VCPU_PVTIME_IPA = 0ULL;
inline constexpr std::uint32_t KVM_PMU_EVENT_ALLOW = 0;
inline constexpr std::uint32_t KVM_PMU_EVENT_DENY = 1;
inline constexpr std::uint32_t KVM_ARM_VM_SMCCC_CTRL = 0;
inline constexpr std::uint64_t KVM_ARM_VM_SMCCC_FILTER = 0ULL;
inline constexpr std::uint32_t KVM_SMCCC_FILTER_HANDLE = 0;
inline constexpr std::uint32_t KVM_SMCCC_FILTER_DENY = 1;
inline constexpr std::uint32_t KVM_SMCCC_FILTER_FWD_TO_USER = 2;
inline constexpr std::uint32_t KVM_ARM_FEATURE_ID_RANGE = 0;
inline constexpr std::uint32_t KVM_ARM_FEATURE_ID_RANGE_SIZE = 192;
inline constexpr std::uint32_t KVM_PSCI_FN_BASE = 0x95c1ba5e;
inline constexpr std::uint32_t KVM_PSCI_FN_CPU_SUSPEND = 0x95c1ba5e;
inline constexpr std::uint32_t KVM_PSCI_FN_CPU_OFF = 0x95c1ba5f;
inline constexpr std::uint32_t KVM_PSCI_FN_CPU_ON = 0x95c1ba60;
inline constexpr std::uint32_t KVM_PSCI_FN_MIGRATE = 0x95c1ba61;
inline constexpr std::uint64_t KVM_REG_ARCH_MASK = 0xff00000000000000ULL;
inline constexpr std::uint64_t KVM_REG_GENERIC = 0ULL;
inline constexpr std::uint64_t KVM_REG_PPC = 0x1000000000000000ULL;
inline constexpr std::uint64_t KVM_REG_X86 = 0x2000000000000000ULL;
inline constexpr std::uint64_t KVM_REG_IA64 = 0x3000000000000000ULL;
inline constexpr std::uint64_t KVM_REG_ARM = 0x4000000000000000ULL;
inline constexpr std::uint64_t KVM_REG_S390 = 0x5000000000000000ULL;
inline constexpr std::uint64_t KVM_REG_ARM64 = 0x6000000000000000ULL;
inline constexpr std::uint64_t KVM_REG_MIPS = 0x7000000000000000ULL;
inline constexpr std::uint64_t KVM_REG_RISCV = 0x8000000000000000ULL;
inline constexpr std::uint64_t KVM_REG_SIZE_SHIFT = 52ULL;
inline constexpr std::uint64_t KVM_REG_SIZE_MASK = 0xf0000000000000ULL;
inline constexpr std::uint64_t KVM_REG_SIZE_U8 = 0ULL;
inline constexpr std::uint64_t KVM_REG_SIZE_U16 = 0x10000000000000ULL;
inline constexpr std::uint64_t KVM_REG_SIZE_U32 = 0x20000000000000ULL;
inline constexpr std::uint64_t KVM_REG_SIZE_U64 = 0x30000000000000ULL;
inline constexpr std::uint64_t KVM_REG_SIZE_U128 = 0x40000000000000ULL;
inline constexpr std::uint64_t KVM_REG_SIZE_U256 = 0x50000000000000ULL;
inline constexpr std::uint64_t KVM_REG_SIZE_U512 = 0x60000000000000ULL;
inline constexpr std::uint64_t KVM_REG_SIZE_U1024 = 0x70000000000000ULL;
inline constexpr std::uint64_t KVM_REG_SIZE_U2048 = 0x80000000000000ULL;
inline constexpr std::uint64_t KVM_REG_ARM_COPROC_MASK = 0xfff0000ULL;
inline constexpr std::uint64_t KVM_REG_ARM_COPROC_SHIFT = 16ULL;
inline constexpr std::uint64_t KVM_REG_ARM_CORE = 0x100000ULL;
inline constexpr std::uint64_t KVM_REG_ARM_DEMUX = 0x110000ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SYSREG = 0x130000ULL;
inline constexpr std::uint64_t KVM_REG_ARM_FW = 0x140000ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SVE = 0x150000ULL;
inline constexpr std::uint64_t KVM_REG_ARM_FW_FEAT_BMAP = 0x160000ULL;
inline constexpr std::uint64_t KVM_REG_ARM_DEMUX_ID_MASK = 0xff00ULL;
inline constexpr std::uint64_t KVM_REG_ARM_DEMUX_ID_SHIFT = 8ULL;
inline constexpr std::uint64_t KVM_REG_ARM_DEMUX_ID_CCSIDR = 0ULL;
inline constexpr std::uint64_t KVM_REG_ARM_DEMUX_VAL_MASK = 255ULL;
inline constexpr std::uint64_t KVM_REG_ARM_DEMUX_VAL_SHIFT = 0ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SYSREG_OP0_MASK = 0xc000ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SYSREG_OP0_SHIFT = 14ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SYSREG_OP1_MASK = 0x3800ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SYSREG_OP1_SHIFT = 11ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SYSREG_CRN_MASK = 0x780ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SYSREG_CRN_SHIFT = 7ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SYSREG_CRM_MASK = 120ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SYSREG_CRM_SHIFT = 3ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SYSREG_OP2_MASK = 7ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SYSREG_OP2_SHIFT = 0ULL;
/// The virtual timer's CVAL and CNT have each other's encodings; that is ABI.
inline constexpr std::uint64_t KVM_REG_ARM_TIMER_CTL = 0x603000000013df19ULL;
inline constexpr std::uint64_t KVM_REG_ARM_TIMER_CVAL = 0x603000000013df02ULL;
inline constexpr std::uint64_t KVM_REG_ARM_TIMER_CNT = 0x603000000013df1aULL;
inline constexpr std::uint64_t KVM_REG_ARM_PTIMER_CTL = 0x603000000013df11ULL;
inline constexpr std::uint64_t KVM_REG_ARM_PTIMER_CVAL = 0x603000000013df12ULL;
inline constexpr std::uint64_t KVM_REG_ARM_PTIMER_CNT = 0x603000000013df01ULL;
inline constexpr std::uint64_t KVM_REG_ARM_PSCI_VERSION = 0x6030000000140000ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1 = 0x6030000000140001ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_AVAIL = 0ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_AVAIL = 1ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_REQUIRED = 2ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2 = 0x6030000000140002ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_AVAIL = 0ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_UNKNOWN = 1ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_AVAIL = 2ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED = 3ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_ENABLED = 16ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3 = 0x6030000000140003ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_AVAIL = 0ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_AVAIL = 1ULL;
inline constexpr std::uint64_t KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_REQUIRED = 2ULL;
/// Bit numbers stand behind each bitmap.
inline constexpr std::uint64_t KVM_REG_ARM_STD_BMAP = 0x6030000000160000ULL;
inline constexpr std::uint64_t KVM_REG_ARM_STD_BIT_TRNG_V1_0 = 0ULL;
inline constexpr std::uint64_t KVM_REG_ARM_STD_HYP_BMAP = 0x6030000000160001ULL;
inline constexpr std::uint64_t KVM_REG_ARM_STD_HYP_BIT_PV_TIME = 0ULL;
inline constexpr std::uint64_t KVM_REG_ARM_VENDOR_HYP_BMAP = 0x6030000000160002ULL;
inline constexpr std::uint64_t KVM_REG_ARM_VENDOR_HYP_BIT_FUNC_FEAT = 0ULL;
inline constexpr std::uint64_t KVM_REG_ARM_VENDOR_HYP_BIT_PTP = 1ULL;
inline constexpr std::uint64_t KVM_REG_ARM_VENDOR_HYP_BMAP_2 = 0x6030000000160003ULL;
inline constexpr std::uint64_t KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_VER = 0ULL;
inline constexpr std::uint64_t KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_CPUS = 1ULL;
inline constexpr std::uint32_t KVM_ARM64_SVE_NUM_ZREGS = 32;
inline constexpr std::uint32_t KVM_ARM64_SVE_NUM_PREGS = 16;
inline constexpr std::uint32_t KVM_ARM64_SVE_MAX_SLICES = 32;
inline constexpr std::uint32_t KVM_ARM64_SVE_VQ_MIN = 1;
inline constexpr std::uint32_t KVM_ARM64_SVE_VQ_MAX = 512;
inline constexpr std::uint32_t KVM_ARM64_SVE_VLS_WORDS = 8;
inline constexpr std::uint64_t KVM_REG_ARM64_SVE_ZREG_BASE = 0ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SVE_PREG_BASE = 0x400ULL;
inline constexpr std::uint64_t KVM_REG_ARM64_SVE_FFR_BASE = 0x600ULL;
/// The pseudo-register of the vector lengths that a vCPU offers.
inline constexpr std::uint64_t KVM_REG_ARM64_SVE_VLS = 0x606000000015ffffULL;

// asm/ptrace.h

inline constexpr std::uint64_t PSR_MODE_EL0t = 0ULL;
inline constexpr std::uint64_t PSR_MODE_EL1t = 4ULL;
inline constexpr std::uint64_t PSR_MODE_EL1h = 5ULL;
inline constexpr std::uint64_t PSR_MODE_EL2t = 8ULL;
inline constexpr std::uint64_t PSR_MODE_EL2h = 9ULL;
inline constexpr std::uint64_t PSR_MODE_EL3t = 12ULL;
inline constexpr std::uint64_t PSR_MODE_EL3h = 13ULL;
inline constexpr std::uint64_t PSR_MODE_MASK = 15ULL;
inline constexpr std::uint64_t PSR_MODE32_BIT = 16ULL;
inline constexpr std::uint64_t PSR_F_BIT = 64ULL;
inline constexpr std::uint64_t PSR_I_BIT = 128ULL;
inline constexpr std::uint64_t PSR_A_BIT = 256ULL;
inline constexpr std::uint64_t PSR_D_BIT = 512ULL;
inline constexpr std::uint64_t PSR_BTYPE_MASK = 0xc00ULL;
inline constexpr std::uint64_t PSR_SSBS_BIT = 0x1000ULL;
inline constexpr std::uint64_t PSR_PAN_BIT = 0x400000ULL;
inline constexpr std::uint64_t PSR_UAO_BIT = 0x800000ULL;
inline constexpr std::uint64_t PSR_DIT_BIT = 0x1000000ULL;
inline constexpr std::uint64_t PSR_TCO_BIT = 0x2000000ULL;
inline constexpr std::uint64_t PSR_V_BIT = 0x10000000ULL;
inline constexpr std::uint64_t PSR_C_BIT = 0x20000000ULL;
inline constexpr std::uint64_t PSR_Z_BIT = 0x40000000ULL;
inline constexpr std::uint64_t PSR_N_BIT = 0x80000000ULL;
inline constexpr std::uint64_t PSR_AA32_MODE_MASK = 31ULL;
inline constexpr std::uint64_t PSR_AA32_MODE_USR = 16ULL;
inline constexpr std::uint64_t PSR_AA32_MODE_FIQ = 17ULL;
inline constexpr std::uint64_t PSR_AA32_MODE_IRQ = 18ULL;
inline constexpr std::uint64_t PSR_AA32_MODE_SVC = 19ULL;
inline constexpr std::uint64_t PSR_AA32_MODE_ABT = 23ULL;
inline constexpr std::uint64_t PSR_AA32_MODE_UND = 27ULL;
inline constexpr std::uint64_t PSR_AA32_MODE_SYS = 31ULL;
inline constexpr std::uint32_t PTRACE_PEEKMTETAGS = 33;
inline constexpr std::uint32_t PTRACE_POKEMTETAGS = 34;

// linux/mman.h, linux/memfd.h

inline constexpr std::uint32_t LINUX_PROT_NONE = 0;
inline constexpr std::uint32_t LINUX_PROT_READ = 1;
inline constexpr std::uint32_t LINUX_PROT_WRITE = 2;
inline constexpr std::uint32_t LINUX_PROT_EXEC = 4;
inline constexpr std::uint32_t LINUX_PROT_SEM = 8;
/// arm64: branch target identification.
inline constexpr std::uint32_t LINUX_PROT_BTI = 16;
/// arm64: Normal-Tagged memory.
inline constexpr std::uint32_t LINUX_PROT_MTE = 32;
inline constexpr std::uint32_t LINUX_PROT_GROWSDOWN = 0x1000000;
inline constexpr std::uint32_t LINUX_PROT_GROWSUP = 0x2000000;
inline constexpr std::uint32_t LINUX_MAP_SHARED = 1;
inline constexpr std::uint32_t LINUX_MAP_PRIVATE = 2;
inline constexpr std::uint32_t LINUX_MAP_SHARED_VALIDATE = 3;
inline constexpr std::uint32_t LINUX_MAP_TYPE = 15;
inline constexpr std::uint32_t LINUX_MAP_FIXED = 16;
inline constexpr std::uint32_t LINUX_MAP_ANONYMOUS = 32;
inline constexpr std::uint32_t LINUX_MAP_GROWSDOWN = 256;
inline constexpr std::uint32_t LINUX_MAP_DENYWRITE = 0x800;
inline constexpr std::uint32_t LINUX_MAP_EXECUTABLE = 0x1000;
inline constexpr std::uint32_t LINUX_MAP_LOCKED = 0x2000;
inline constexpr std::uint32_t LINUX_MAP_NORESERVE = 0x4000;
inline constexpr std::uint32_t LINUX_MAP_POPULATE = 0x8000;
inline constexpr std::uint32_t LINUX_MAP_NONBLOCK = 0x10000;
inline constexpr std::uint32_t LINUX_MAP_STACK = 0x20000;
inline constexpr std::uint32_t LINUX_MAP_HUGETLB = 0x40000;
inline constexpr std::uint32_t LINUX_MAP_SYNC = 0x80000;
inline constexpr std::uint32_t LINUX_MAP_FIXED_NOREPLACE = 0x100000;
/// With MAP_HUGETLB: log2 of the page size stands from this bit on.
inline constexpr std::uint32_t LINUX_MAP_HUGE_SHIFT = 26;
inline constexpr std::uint32_t LINUX_MAP_HUGE_MASK = 63;
inline constexpr std::uint32_t LINUX_MADV_NORMAL = 0;
inline constexpr std::uint32_t LINUX_MADV_RANDOM = 1;
inline constexpr std::uint32_t LINUX_MADV_SEQUENTIAL = 2;
inline constexpr std::uint32_t LINUX_MADV_WILLNEED = 3;
inline constexpr std::uint32_t LINUX_MADV_DONTNEED = 4;
inline constexpr std::uint32_t LINUX_MADV_FREE = 8;
inline constexpr std::uint32_t LINUX_MADV_REMOVE = 9;
inline constexpr std::uint32_t LINUX_MADV_DONTFORK = 10;
inline constexpr std::uint32_t LINUX_MADV_DOFORK = 11;
inline constexpr std::uint32_t LINUX_MADV_MERGEABLE = 12;
inline constexpr std::uint32_t LINUX_MADV_UNMERGEABLE = 13;
inline constexpr std::uint32_t LINUX_MADV_HUGEPAGE = 14;
inline constexpr std::uint32_t LINUX_MADV_NOHUGEPAGE = 15;
inline constexpr std::uint32_t LINUX_MADV_DONTDUMP = 16;
inline constexpr std::uint32_t LINUX_MADV_DODUMP = 17;
inline constexpr std::uint32_t LINUX_MADV_WIPEONFORK = 18;
inline constexpr std::uint32_t LINUX_MADV_KEEPONFORK = 19;
inline constexpr std::uint32_t LINUX_MADV_COLD = 20;
inline constexpr std::uint32_t LINUX_MADV_PAGEOUT = 21;
inline constexpr std::uint32_t LINUX_MADV_POPULATE_READ = 22;
inline constexpr std::uint32_t LINUX_MADV_POPULATE_WRITE = 23;
inline constexpr std::uint32_t LINUX_MADV_DONTNEED_LOCKED = 24;
inline constexpr std::uint32_t LINUX_MADV_COLLAPSE = 25;
inline constexpr std::uint32_t LINUX_MADV_HWPOISON = 100;
inline constexpr std::uint32_t LINUX_MADV_SOFT_OFFLINE = 101;
inline constexpr std::uint32_t LINUX_MREMAP_MAYMOVE = 1;
inline constexpr std::uint32_t LINUX_MREMAP_FIXED = 2;
inline constexpr std::uint32_t LINUX_MREMAP_DONTUNMAP = 4;
inline constexpr std::uint32_t LINUX_MFD_CLOEXEC = 1;
inline constexpr std::uint32_t LINUX_MFD_ALLOW_SEALING = 2;
inline constexpr std::uint32_t LINUX_MFD_HUGETLB = 4;
inline constexpr std::uint32_t LINUX_MFD_NOEXEC_SEAL = 8;
inline constexpr std::uint32_t LINUX_MFD_EXEC = 16;

// asm-generic/fcntl.h

inline constexpr std::uint32_t LINUX_O_RDONLY = 0;
inline constexpr std::uint32_t LINUX_O_WRONLY = 1;
inline constexpr std::uint32_t LINUX_O_RDWR = 2;
inline constexpr std::uint32_t LINUX_O_ACCMODE = 3;
inline constexpr std::uint32_t LINUX_O_CREAT = 64;
inline constexpr std::uint32_t LINUX_O_EXCL = 128;
inline constexpr std::uint32_t LINUX_O_NOCTTY = 256;
inline constexpr std::uint32_t LINUX_O_TRUNC = 512;
inline constexpr std::uint32_t LINUX_O_APPEND = 0x400;
inline constexpr std::uint32_t LINUX_O_NONBLOCK = 0x800;
inline constexpr std::uint32_t LINUX_O_DSYNC = 0x1000;
inline constexpr std::uint32_t LINUX_FASYNC = 0x2000;
inline constexpr std::uint32_t LINUX_O_DIRECTORY = 0x4000;
inline constexpr std::uint32_t LINUX_O_NOFOLLOW = 0x8000;
inline constexpr std::uint32_t LINUX_O_DIRECT = 0x10000;
inline constexpr std::uint32_t LINUX_O_LARGEFILE = 0x20000;
inline constexpr std::uint32_t LINUX_O_NOATIME = 0x40000;
inline constexpr std::uint32_t LINUX_O_CLOEXEC = 0x80000;
inline constexpr std::uint32_t LINUX_O_SYNC = 0x101000;
inline constexpr std::uint32_t LINUX_O_PATH = 0x200000;
inline constexpr std::uint32_t LINUX_O_TMPFILE = 0x404000;
inline constexpr std::uint32_t LINUX_F_DUPFD = 0;
inline constexpr std::uint32_t LINUX_F_GETFD = 1;
inline constexpr std::uint32_t LINUX_F_SETFD = 2;
inline constexpr std::uint32_t LINUX_F_GETFL = 3;
inline constexpr std::uint32_t LINUX_F_SETFL = 4;
inline constexpr std::uint32_t LINUX_F_DUPFD_CLOEXEC = 0x406;
inline constexpr std::uint32_t LINUX_F_ADD_SEALS = 0x409;
inline constexpr std::uint32_t LINUX_F_GET_SEALS = 0x40a;
inline constexpr std::uint32_t LINUX_FD_CLOEXEC = 1;
inline constexpr std::int32_t LINUX_AT_FDCWD = -100;
inline constexpr std::uint32_t LINUX_SEEK_SET = 0;
inline constexpr std::uint32_t LINUX_SEEK_CUR = 1;
inline constexpr std::uint32_t LINUX_SEEK_END = 2;
inline constexpr std::uint32_t LINUX_FALLOC_FL_KEEP_SIZE = 1;
inline constexpr std::uint32_t LINUX_FALLOC_FL_PUNCH_HOLE = 2;

// linux/prctl.h

inline constexpr std::uint32_t LINUX_PR_SET_TAGGED_ADDR_CTRL = 55;
inline constexpr std::uint32_t LINUX_PR_GET_TAGGED_ADDR_CTRL = 56;
/// Bit 0: system calls take tagged addresses.
inline constexpr std::uint32_t LINUX_PR_TAGGED_ADDR_ENABLE = 1;
/// Bits 2:1: the modes of tag checking that the thread accepts; both: the CPU's preferred one.
inline constexpr std::uint32_t LINUX_PR_MTE_TCF_SHIFT = 1;
inline constexpr std::uint32_t LINUX_PR_MTE_TCF_NONE = 0;
inline constexpr std::uint32_t LINUX_PR_MTE_TCF_SYNC = 2;
inline constexpr std::uint32_t LINUX_PR_MTE_TCF_ASYNC = 4;
inline constexpr std::uint32_t LINUX_PR_MTE_TCF_MASK = 6;
/// Bits 18:3: the tags that IRG may generate.
inline constexpr std::uint32_t LINUX_PR_MTE_TAG_SHIFT = 3;
inline constexpr std::uint32_t LINUX_PR_MTE_TAG_MASK = 0x7fff8;

// linux/eventfd.h, asm-generic/poll.h

inline constexpr std::uint32_t LINUX_EFD_SEMAPHORE = 1;
inline constexpr std::uint32_t LINUX_EFD_NONBLOCK = 0x800;
inline constexpr std::uint32_t LINUX_EFD_CLOEXEC = 0x80000;
inline constexpr std::uint32_t LINUX_POLLIN = 1;
inline constexpr std::uint32_t LINUX_POLLPRI = 2;
inline constexpr std::uint32_t LINUX_POLLOUT = 4;
inline constexpr std::uint32_t LINUX_POLLERR = 8;
inline constexpr std::uint32_t LINUX_POLLHUP = 16;
inline constexpr std::uint32_t LINUX_POLLNVAL = 32;
inline constexpr std::uint32_t LINUX_POLLRDNORM = 64;
inline constexpr std::uint32_t LINUX_POLLWRNORM = 256;

// Structs

/// The first argument of KVM_ARM_SET_DEVICE_ADDR; the struct is generic, its ids are arm64's.
struct kvm_arm_device_addr {
  std::uint64_t id{};
  std::uint64_t addr{};
};
static_assert(sizeof(kvm_arm_device_addr) == 16);
static_assert(offsetof(kvm_arm_device_addr, id) == 0);
static_assert(offsetof(kvm_arm_device_addr, addr) == 8);
template <>
inline constexpr bool is_uapi_struct<kvm_arm_device_addr> = true;

struct kvm_clear_dirty_log {
  std::uint32_t slot{};
  std::uint32_t num_pages{};
  std::uint64_t first_page{};
  std::uint64_t dirty_bitmap{};
};
static_assert(sizeof(kvm_clear_dirty_log) == 24);
static_assert(offsetof(kvm_clear_dirty_log, slot) == 0);
static_assert(offsetof(kvm_clear_dirty_log, num_pages) == 4);
static_assert(offsetof(kvm_clear_dirty_log, first_page) == 8);
static_assert(offsetof(kvm_clear_dirty_log, dirty_bitmap) == 16);
template <>
inline constexpr bool is_uapi_struct<kvm_clear_dirty_log> = true;

struct kvm_coalesced_mmio {
  std::uint64_t phys_addr{};
  std::uint32_t len{};
  std::uint32_t pio{};
  std::array<std::uint8_t, 8> data{};
};
static_assert(sizeof(kvm_coalesced_mmio) == 24);
static_assert(offsetof(kvm_coalesced_mmio, phys_addr) == 0);
static_assert(offsetof(kvm_coalesced_mmio, len) == 8);
static_assert(offsetof(kvm_coalesced_mmio, pio) == 12);
static_assert(offsetof(kvm_coalesced_mmio, data) == 16);
template <>
inline constexpr bool is_uapi_struct<kvm_coalesced_mmio> = true;

/// The second page of a vCPU's mapping; entries fill the rest of the page. Elements of kvm_coalesced_mmio follow it.
struct kvm_coalesced_mmio_ring {
  std::uint32_t first{};
  std::uint32_t last{};
};
static_assert(sizeof(kvm_coalesced_mmio_ring) == 8);
static_assert(offsetof(kvm_coalesced_mmio_ring, first) == 0);
static_assert(offsetof(kvm_coalesced_mmio_ring, last) == 4);
template <>
inline constexpr bool is_uapi_struct<kvm_coalesced_mmio_ring> = true;

struct kvm_coalesced_mmio_zone {
  std::uint64_t addr{};
  std::uint32_t size{};
  std::uint32_t pio{};
};
static_assert(sizeof(kvm_coalesced_mmio_zone) == 16);
static_assert(offsetof(kvm_coalesced_mmio_zone, addr) == 0);
static_assert(offsetof(kvm_coalesced_mmio_zone, size) == 8);
static_assert(offsetof(kvm_coalesced_mmio_zone, pio) == 12);
template <>
inline constexpr bool is_uapi_struct<kvm_coalesced_mmio_zone> = true;

struct kvm_create_device {
  std::uint32_t type{};
  std::uint32_t fd{};
  std::uint32_t flags{};
};
static_assert(sizeof(kvm_create_device) == 12);
static_assert(offsetof(kvm_create_device, type) == 0);
static_assert(offsetof(kvm_create_device, fd) == 4);
static_assert(offsetof(kvm_create_device, flags) == 8);
template <>
inline constexpr bool is_uapi_struct<kvm_create_device> = true;

struct kvm_create_guest_memfd {
  std::uint64_t size{};
  std::uint64_t flags{};
  std::array<std::uint64_t, 6> reserved{};
};
static_assert(sizeof(kvm_create_guest_memfd) == 64);
static_assert(offsetof(kvm_create_guest_memfd, size) == 0);
static_assert(offsetof(kvm_create_guest_memfd, flags) == 8);
static_assert(offsetof(kvm_create_guest_memfd, reserved) == 16);
template <>
inline constexpr bool is_uapi_struct<kvm_create_guest_memfd> = true;

struct kvm_device_attr {
  std::uint32_t flags{};
  std::uint32_t group{};
  std::uint64_t attr{};
  std::uint64_t addr{};
};
static_assert(sizeof(kvm_device_attr) == 24);
static_assert(offsetof(kvm_device_attr, flags) == 0);
static_assert(offsetof(kvm_device_attr, group) == 4);
static_assert(offsetof(kvm_device_attr, attr) == 8);
static_assert(offsetof(kvm_device_attr, addr) == 16);
template <>
inline constexpr bool is_uapi_struct<kvm_device_attr> = true;

/// An entry of a dirty ring.
struct kvm_dirty_gfn {
  std::uint32_t flags{};
  std::uint32_t slot{};
  std::uint64_t offset{};
};
static_assert(sizeof(kvm_dirty_gfn) == 16);
static_assert(offsetof(kvm_dirty_gfn, flags) == 0);
static_assert(offsetof(kvm_dirty_gfn, slot) == 4);
static_assert(offsetof(kvm_dirty_gfn, offset) == 8);
template <>
inline constexpr bool is_uapi_struct<kvm_dirty_gfn> = true;

struct kvm_dirty_log {
  std::uint32_t slot{};
  std::uint32_t padding1{};
  std::uint64_t dirty_bitmap{};
};
static_assert(sizeof(kvm_dirty_log) == 16);
static_assert(offsetof(kvm_dirty_log, slot) == 0);
static_assert(offsetof(kvm_dirty_log, padding1) == 4);
static_assert(offsetof(kvm_dirty_log, dirty_bitmap) == 8);
template <>
inline constexpr bool is_uapi_struct<kvm_dirty_log> = true;

struct kvm_enable_cap {
  std::uint32_t cap{};
  std::uint32_t flags{};
  std::array<std::uint64_t, 4> args{};
  std::array<std::uint8_t, 64> pad{};
};
static_assert(sizeof(kvm_enable_cap) == 104);
static_assert(offsetof(kvm_enable_cap, cap) == 0);
static_assert(offsetof(kvm_enable_cap, flags) == 4);
static_assert(offsetof(kvm_enable_cap, args) == 8);
static_assert(offsetof(kvm_enable_cap, pad) == 40);
template <>
inline constexpr bool is_uapi_struct<kvm_enable_cap> = true;

struct kvm_guest_debug_arch {
  std::array<std::uint64_t, 16> dbg_bcr{};
  std::array<std::uint64_t, 16> dbg_bvr{};
  std::array<std::uint64_t, 16> dbg_wcr{};
  std::array<std::uint64_t, 16> dbg_wvr{};
};
static_assert(sizeof(kvm_guest_debug_arch) == 512);
static_assert(offsetof(kvm_guest_debug_arch, dbg_bcr) == 0);
static_assert(offsetof(kvm_guest_debug_arch, dbg_bvr) == 128);
static_assert(offsetof(kvm_guest_debug_arch, dbg_wcr) == 256);
static_assert(offsetof(kvm_guest_debug_arch, dbg_wvr) == 384);
template <>
inline constexpr bool is_uapi_struct<kvm_guest_debug_arch> = true;

struct kvm_guest_debug {
  std::uint32_t control{};
  std::uint32_t pad{};
  kvm_guest_debug_arch arch{};
};
static_assert(sizeof(kvm_guest_debug) == 520);
static_assert(offsetof(kvm_guest_debug, control) == 0);
static_assert(offsetof(kvm_guest_debug, pad) == 4);
static_assert(offsetof(kvm_guest_debug, arch) == 8);
template <>
inline constexpr bool is_uapi_struct<kvm_guest_debug> = true;

struct kvm_ioeventfd {
  std::uint64_t datamatch{};
  std::uint64_t addr{};
  std::uint32_t len{};
  std::int32_t fd{};
  std::uint32_t flags{};
  std::array<std::uint8_t, 36> pad{};
};
static_assert(sizeof(kvm_ioeventfd) == 64);
static_assert(offsetof(kvm_ioeventfd, datamatch) == 0);
static_assert(offsetof(kvm_ioeventfd, addr) == 8);
static_assert(offsetof(kvm_ioeventfd, len) == 16);
static_assert(offsetof(kvm_ioeventfd, fd) == 20);
static_assert(offsetof(kvm_ioeventfd, flags) == 24);
static_assert(offsetof(kvm_ioeventfd, pad) == 28);
template <>
inline constexpr bool is_uapi_struct<kvm_ioeventfd> = true;

struct kvm_irq_level {
  union {
    std::uint32_t irq;
    std::int32_t status;
  };
  std::uint32_t level{};
};
static_assert(sizeof(kvm_irq_level) == 8);
static_assert(offsetof(kvm_irq_level, irq) == 0);
static_assert(offsetof(kvm_irq_level, status) == 0);
static_assert(offsetof(kvm_irq_level, level) == 4);
template <>
inline constexpr bool is_uapi_struct<kvm_irq_level> = true;

struct kvm_irq_routing_irqchip {
  std::uint32_t irqchip;
  std::uint32_t pin;
};
static_assert(sizeof(kvm_irq_routing_irqchip) == 8);
static_assert(offsetof(kvm_irq_routing_irqchip, irqchip) == 0);
static_assert(offsetof(kvm_irq_routing_irqchip, pin) == 4);
template <>
inline constexpr bool is_uapi_struct<kvm_irq_routing_irqchip> = true;

struct kvm_irq_routing_msi {
  std::uint32_t address_lo;
  std::uint32_t address_hi;
  std::uint32_t data;
  std::uint32_t devid;
};
static_assert(sizeof(kvm_irq_routing_msi) == 16);
static_assert(offsetof(kvm_irq_routing_msi, address_lo) == 0);
static_assert(offsetof(kvm_irq_routing_msi, address_hi) == 4);
static_assert(offsetof(kvm_irq_routing_msi, data) == 8);
static_assert(offsetof(kvm_irq_routing_msi, devid) == 12);
template <>
inline constexpr bool is_uapi_struct<kvm_irq_routing_msi> = true;

/// No route of arm64's, but the member that aligns the entry to 8 bytes.
struct kvm_irq_routing_s390_adapter {
  std::uint64_t ind_addr;
  std::uint64_t summary_addr;
  std::uint64_t ind_offset;
  std::uint32_t summary_offset;
  std::uint32_t adapter_id;
};
static_assert(sizeof(kvm_irq_routing_s390_adapter) == 32);
static_assert(offsetof(kvm_irq_routing_s390_adapter, ind_addr) == 0);
static_assert(offsetof(kvm_irq_routing_s390_adapter, summary_addr) == 8);
static_assert(offsetof(kvm_irq_routing_s390_adapter, ind_offset) == 16);
static_assert(offsetof(kvm_irq_routing_s390_adapter, summary_offset) == 24);
static_assert(offsetof(kvm_irq_routing_s390_adapter, adapter_id) == 28);
template <>
inline constexpr bool is_uapi_struct<kvm_irq_routing_s390_adapter> = true;

struct kvm_irq_routing_entry {
  std::uint32_t gsi{};
  std::uint32_t type{};
  std::uint32_t flags{};
  std::uint32_t pad{};
  union {
    kvm_irq_routing_s390_adapter adapter;
    std::array<std::uint32_t, 8> pad;
    kvm_irq_routing_msi msi;
    kvm_irq_routing_irqchip irqchip;
  } u{};
};
static_assert(sizeof(kvm_irq_routing_entry) == 48);
static_assert(offsetof(kvm_irq_routing_entry, gsi) == 0);
static_assert(offsetof(kvm_irq_routing_entry, type) == 4);
static_assert(offsetof(kvm_irq_routing_entry, flags) == 8);
static_assert(offsetof(kvm_irq_routing_entry, pad) == 12);
static_assert(offsetof(kvm_irq_routing_entry, u) == 16);
template <>
inline constexpr bool is_uapi_struct<kvm_irq_routing_entry> = true;

/// Elements of kvm_irq_routing_entry follow it.
struct kvm_irq_routing {
  std::uint32_t nr{};
  std::uint32_t flags{};
};
static_assert(sizeof(kvm_irq_routing) == 8);
static_assert(offsetof(kvm_irq_routing, nr) == 0);
static_assert(offsetof(kvm_irq_routing, flags) == 4);
template <>
inline constexpr bool is_uapi_struct<kvm_irq_routing> = true;

struct kvm_irqfd {
  std::uint32_t fd{};
  std::uint32_t gsi{};
  std::uint32_t flags{};
  std::uint32_t resamplefd{};
  std::array<std::uint8_t, 16> pad{};
};
static_assert(sizeof(kvm_irqfd) == 32);
static_assert(offsetof(kvm_irqfd, fd) == 0);
static_assert(offsetof(kvm_irqfd, gsi) == 4);
static_assert(offsetof(kvm_irqfd, flags) == 8);
static_assert(offsetof(kvm_irqfd, resamplefd) == 12);
static_assert(offsetof(kvm_irqfd, pad) == 16);
template <>
inline constexpr bool is_uapi_struct<kvm_irqfd> = true;

struct kvm_memory_attributes {
  std::uint64_t address{};
  std::uint64_t size{};
  std::uint64_t attributes{};
  std::uint64_t flags{};
};
static_assert(sizeof(kvm_memory_attributes) == 32);
static_assert(offsetof(kvm_memory_attributes, address) == 0);
static_assert(offsetof(kvm_memory_attributes, size) == 8);
static_assert(offsetof(kvm_memory_attributes, attributes) == 16);
static_assert(offsetof(kvm_memory_attributes, flags) == 24);
template <>
inline constexpr bool is_uapi_struct<kvm_memory_attributes> = true;

struct kvm_mp_state {
  std::uint32_t mp_state{};
};
static_assert(sizeof(kvm_mp_state) == 4);
static_assert(offsetof(kvm_mp_state, mp_state) == 0);
template <>
inline constexpr bool is_uapi_struct<kvm_mp_state> = true;

struct kvm_msi {
  std::uint32_t address_lo{};
  std::uint32_t address_hi{};
  std::uint32_t data{};
  std::uint32_t flags{};
  std::uint32_t devid{};
  std::array<std::uint8_t, 12> pad{};
};
static_assert(sizeof(kvm_msi) == 32);
static_assert(offsetof(kvm_msi, address_lo) == 0);
static_assert(offsetof(kvm_msi, address_hi) == 4);
static_assert(offsetof(kvm_msi, data) == 8);
static_assert(offsetof(kvm_msi, flags) == 12);
static_assert(offsetof(kvm_msi, devid) == 16);
static_assert(offsetof(kvm_msi, pad) == 20);
template <>
inline constexpr bool is_uapi_struct<kvm_msi> = true;

struct kvm_one_reg {
  std::uint64_t id{};
  std::uint64_t addr{};
};
static_assert(sizeof(kvm_one_reg) == 16);
static_assert(offsetof(kvm_one_reg, id) == 0);
static_assert(offsetof(kvm_one_reg, addr) == 8);
template <>
inline constexpr bool is_uapi_struct<kvm_one_reg> = true;

struct kvm_pre_fault_memory {
  std::uint64_t gpa{};
  std::uint64_t size{};
  std::uint64_t flags{};
  std::array<std::uint64_t, 5> padding{};
};
static_assert(sizeof(kvm_pre_fault_memory) == 64);
static_assert(offsetof(kvm_pre_fault_memory, gpa) == 0);
static_assert(offsetof(kvm_pre_fault_memory, size) == 8);
static_assert(offsetof(kvm_pre_fault_memory, flags) == 16);
static_assert(offsetof(kvm_pre_fault_memory, padding) == 24);
template <>
inline constexpr bool is_uapi_struct<kvm_pre_fault_memory> = true;

/// Elements of std::uint64_t follow it.
struct kvm_reg_list {
  std::uint64_t n{};
};
static_assert(sizeof(kvm_reg_list) == 8);
static_assert(offsetof(kvm_reg_list, n) == 0);
template <>
inline constexpr bool is_uapi_struct<kvm_reg_list> = true;

/// kvm_run.debug; before 6.1 there is no `hsr_high`.
struct kvm_debug_exit_arch {
  std::uint32_t hsr;
  std::uint32_t hsr_high;
  std::uint64_t far;
};
static_assert(sizeof(kvm_debug_exit_arch) == 16);
static_assert(offsetof(kvm_debug_exit_arch, hsr) == 0);
static_assert(offsetof(kvm_debug_exit_arch, hsr_high) == 4);
static_assert(offsetof(kvm_debug_exit_arch, far) == 8);
template <>
inline constexpr bool is_uapi_struct<kvm_debug_exit_arch> = true;

/// kvm_run.s.regs
struct kvm_sync_regs {
  std::uint64_t device_irq_level;
};
static_assert(sizeof(kvm_sync_regs) == 8);
static_assert(offsetof(kvm_sync_regs, device_irq_level) == 0);
template <>
inline constexpr bool is_uapi_struct<kvm_sync_regs> = true;

/// The first page of a vCPU's mapping.
struct kvm_run {
  std::uint8_t request_interrupt_window{};
  std::uint8_t immediate_exit{};
  std::array<std::uint8_t, 6> padding1{};
  std::uint32_t exit_reason{};
  std::uint8_t ready_for_interrupt_injection{};
  std::uint8_t if_flag{};
  std::uint16_t flags{};
  std::uint64_t cr8{};
  std::uint64_t apic_base{};
  union {
    std::array<std::uint8_t, 256> padding;
    struct {
      std::uint32_t suberror;
      std::uint32_t ndata;
      std::array<std::uint64_t, 16> data;
    } internal;
    struct {
      std::uint32_t type;
      std::uint32_t ndata;
      union {
        std::array<std::uint64_t, 16> data;
        std::uint64_t flags;
      };
    } system_event;
    struct {
      std::uint64_t nr;
      std::array<std::uint64_t, 6> args;
      std::uint64_t ret;
      union {
        std::uint64_t flags;
        std::uint32_t longmode;
      };
    } hypercall;
    struct {
      std::uint64_t flags;
      std::uint64_t esr;
      std::uint64_t gva;
      std::uint64_t gpa;
    } arm_sea;
    struct {
      std::uint64_t phys_addr;
      std::array<std::uint8_t, 8> data;
      std::uint32_t len;
      std::uint8_t is_write;
    } mmio;
    struct {
      std::uint64_t flags;
      std::uint64_t gpa;
      std::uint64_t size;
    } memory_fault;
    struct {
      std::uint64_t hardware_entry_failure_reason;
      std::uint32_t cpu;
    } fail_entry;
    struct {
      kvm_debug_exit_arch arch;
    } debug;
    struct {
      std::uint64_t esr_iss;
      std::uint64_t fault_ipa;
    } arm_nisv;
    struct {
      std::uint64_t hardware_exit_reason;
    } hw;
  };
  std::uint64_t kvm_valid_regs{};
  std::uint64_t kvm_dirty_regs{};
  union {
    std::array<std::uint8_t, 2048> padding;
    kvm_sync_regs regs;
  } s{};
};
static_assert(sizeof(kvm_run) == 2352);
static_assert(offsetof(kvm_run, request_interrupt_window) == 0);
static_assert(offsetof(kvm_run, immediate_exit) == 1);
static_assert(offsetof(kvm_run, padding1) == 2);
static_assert(offsetof(kvm_run, exit_reason) == 8);
static_assert(offsetof(kvm_run, ready_for_interrupt_injection) == 12);
static_assert(offsetof(kvm_run, if_flag) == 13);
static_assert(offsetof(kvm_run, flags) == 14);
static_assert(offsetof(kvm_run, cr8) == 16);
static_assert(offsetof(kvm_run, apic_base) == 24);
static_assert(offsetof(kvm_run, hw) == 32);
static_assert(offsetof(kvm_run, fail_entry) == 32);
static_assert(offsetof(kvm_run, debug) == 32);
static_assert(offsetof(kvm_run, mmio) == 32);
static_assert(offsetof(kvm_run, hypercall) == 32);
static_assert(offsetof(kvm_run, internal) == 32);
static_assert(offsetof(kvm_run, system_event) == 32);
static_assert(offsetof(kvm_run, arm_nisv) == 32);
static_assert(offsetof(kvm_run, memory_fault) == 32);
static_assert(offsetof(kvm_run, arm_sea) == 32);
static_assert(offsetof(kvm_run, padding) == 32);
static_assert(offsetof(kvm_run, kvm_valid_regs) == 288);
static_assert(offsetof(kvm_run, kvm_dirty_regs) == 296);
static_assert(offsetof(kvm_run, s) == 304);
template <>
inline constexpr bool is_uapi_struct<kvm_run> = true;

/// Elements of std::uint8_t follow it.
struct kvm_signal_mask {
  std::uint32_t len{};
};
static_assert(sizeof(kvm_signal_mask) == 4);
static_assert(offsetof(kvm_signal_mask, len) == 0);
template <>
inline constexpr bool is_uapi_struct<kvm_signal_mask> = true;

/// Before 6.1 `bucket_size` is an unused word. Elements of std::uint8_t follow it.
struct kvm_stats_desc {
  std::uint32_t flags{};
  std::int16_t exponent{};
  std::uint16_t size{};
  std::uint32_t offset{};
  std::uint32_t bucket_size{};
};
static_assert(sizeof(kvm_stats_desc) == 16);
static_assert(offsetof(kvm_stats_desc, flags) == 0);
static_assert(offsetof(kvm_stats_desc, exponent) == 4);
static_assert(offsetof(kvm_stats_desc, size) == 6);
static_assert(offsetof(kvm_stats_desc, offset) == 8);
static_assert(offsetof(kvm_stats_desc, bucket_size) == 12);
template <>
inline constexpr bool is_uapi_struct<kvm_stats_desc> = true;

struct kvm_stats_header {
  std::uint32_t flags{};
  std::uint32_t name_size{};
  std::uint32_t num_desc{};
  std::uint32_t id_offset{};
  std::uint32_t desc_offset{};
  std::uint32_t data_offset{};
};
static_assert(sizeof(kvm_stats_header) == 24);
static_assert(offsetof(kvm_stats_header, flags) == 0);
static_assert(offsetof(kvm_stats_header, name_size) == 4);
static_assert(offsetof(kvm_stats_header, num_desc) == 8);
static_assert(offsetof(kvm_stats_header, id_offset) == 12);
static_assert(offsetof(kvm_stats_header, desc_offset) == 16);
static_assert(offsetof(kvm_stats_header, data_offset) == 20);
template <>
inline constexpr bool is_uapi_struct<kvm_stats_header> = true;

struct kvm_translation {
  std::uint64_t linear_address{};
  std::uint64_t physical_address{};
  std::uint8_t valid{};
  std::uint8_t writeable{};
  std::uint8_t usermode{};
  std::array<std::uint8_t, 5> pad{};
};
static_assert(sizeof(kvm_translation) == 24);
static_assert(offsetof(kvm_translation, linear_address) == 0);
static_assert(offsetof(kvm_translation, physical_address) == 8);
static_assert(offsetof(kvm_translation, valid) == 16);
static_assert(offsetof(kvm_translation, writeable) == 17);
static_assert(offsetof(kvm_translation, usermode) == 18);
static_assert(offsetof(kvm_translation, pad) == 19);
template <>
inline constexpr bool is_uapi_struct<kvm_translation> = true;

struct kvm_userspace_memory_region {
  std::uint32_t slot{};
  std::uint32_t flags{};
  std::uint64_t guest_phys_addr{};
  std::uint64_t memory_size{};
  std::uint64_t userspace_addr{};
};
static_assert(sizeof(kvm_userspace_memory_region) == 32);
static_assert(offsetof(kvm_userspace_memory_region, slot) == 0);
static_assert(offsetof(kvm_userspace_memory_region, flags) == 4);
static_assert(offsetof(kvm_userspace_memory_region, guest_phys_addr) == 8);
static_assert(offsetof(kvm_userspace_memory_region, memory_size) == 16);
static_assert(offsetof(kvm_userspace_memory_region, userspace_addr) == 24);
template <>
inline constexpr bool is_uapi_struct<kvm_userspace_memory_region> = true;

struct kvm_userspace_memory_region2 {
  std::uint32_t slot{};
  std::uint32_t flags{};
  std::uint64_t guest_phys_addr{};
  std::uint64_t memory_size{};
  std::uint64_t userspace_addr{};
  std::uint64_t guest_memfd_offset{};
  std::uint32_t guest_memfd{};
  std::uint32_t pad1{};
  std::array<std::uint64_t, 14> pad2{};
};
static_assert(sizeof(kvm_userspace_memory_region2) == 160);
static_assert(offsetof(kvm_userspace_memory_region2, slot) == 0);
static_assert(offsetof(kvm_userspace_memory_region2, flags) == 4);
static_assert(offsetof(kvm_userspace_memory_region2, guest_phys_addr) == 8);
static_assert(offsetof(kvm_userspace_memory_region2, memory_size) == 16);
static_assert(offsetof(kvm_userspace_memory_region2, userspace_addr) == 24);
static_assert(offsetof(kvm_userspace_memory_region2, guest_memfd_offset) == 32);
static_assert(offsetof(kvm_userspace_memory_region2, guest_memfd) == 40);
static_assert(offsetof(kvm_userspace_memory_region2, pad1) == 44);
static_assert(offsetof(kvm_userspace_memory_region2, pad2) == 48);
template <>
inline constexpr bool is_uapi_struct<kvm_userspace_memory_region2> = true;

/// `addr` points at one byte a granule of 16 bytes, the tag in its low nibble.
struct kvm_arm_copy_mte_tags {
  std::uint64_t guest_ipa{};
  std::uint64_t length{};
  std::uint64_t addr{};
  std::uint64_t flags{};
  std::array<std::uint64_t, 2> reserved{};
};
static_assert(sizeof(kvm_arm_copy_mte_tags) == 48);
static_assert(offsetof(kvm_arm_copy_mte_tags, guest_ipa) == 0);
static_assert(offsetof(kvm_arm_copy_mte_tags, length) == 8);
static_assert(offsetof(kvm_arm_copy_mte_tags, addr) == 16);
static_assert(offsetof(kvm_arm_copy_mte_tags, flags) == 24);
static_assert(offsetof(kvm_arm_copy_mte_tags, reserved) == 32);
template <>
inline constexpr bool is_uapi_struct<kvm_arm_copy_mte_tags> = true;

struct kvm_arm_counter_offset {
  std::uint64_t counter_offset{};
  std::uint64_t reserved{};
};
static_assert(sizeof(kvm_arm_counter_offset) == 16);
static_assert(offsetof(kvm_arm_counter_offset, counter_offset) == 0);
static_assert(offsetof(kvm_arm_counter_offset, reserved) == 8);
template <>
inline constexpr bool is_uapi_struct<kvm_arm_counter_offset> = true;

struct kvm_pmu_event_filter {
  std::uint16_t base_event{};
  std::uint16_t nevents{};
  std::uint8_t action{};
  std::array<std::uint8_t, 3> pad{};
};
static_assert(sizeof(kvm_pmu_event_filter) == 8);
static_assert(offsetof(kvm_pmu_event_filter, base_event) == 0);
static_assert(offsetof(kvm_pmu_event_filter, nevents) == 2);
static_assert(offsetof(kvm_pmu_event_filter, action) == 4);
static_assert(offsetof(kvm_pmu_event_filter, pad) == 5);
template <>
inline constexpr bool is_uapi_struct<kvm_pmu_event_filter> = true;

struct user_pt_regs {
  std::array<std::uint64_t, 31> regs{};
  std::uint64_t sp{};
  std::uint64_t pc{};
  std::uint64_t pstate{};
};
static_assert(sizeof(user_pt_regs) == 272);
static_assert(offsetof(user_pt_regs, regs) == 0);
static_assert(offsetof(user_pt_regs, sp) == 248);
static_assert(offsetof(user_pt_regs, pc) == 256);
static_assert(offsetof(user_pt_regs, pstate) == 264);
template <>
inline constexpr bool is_uapi_struct<user_pt_regs> = true;

struct user_fpsimd_state {
  std::array<u128, 32> vregs{};
  std::uint32_t fpsr{};
  std::uint32_t fpcr{};
  std::array<std::uint32_t, 2> __reserved{};
};
static_assert(sizeof(user_fpsimd_state) == 528);
static_assert(offsetof(user_fpsimd_state, vregs) == 0);
static_assert(offsetof(user_fpsimd_state, fpsr) == 512);
static_assert(offsetof(user_fpsimd_state, fpcr) == 516);
static_assert(offsetof(user_fpsimd_state, __reserved) == 520);
template <>
inline constexpr bool is_uapi_struct<user_fpsimd_state> = true;

struct kvm_regs {
  user_pt_regs regs{};
  std::uint64_t sp_el1{};
  std::uint64_t elr_el1{};
  std::array<std::uint64_t, 5> spsr{};
  user_fpsimd_state fp_regs{};
};
static_assert(sizeof(kvm_regs) == 864);
static_assert(offsetof(kvm_regs, regs) == 0);
static_assert(offsetof(kvm_regs, sp_el1) == 272);
static_assert(offsetof(kvm_regs, elr_el1) == 280);
static_assert(offsetof(kvm_regs, spsr) == 288);
static_assert(offsetof(kvm_regs, fp_regs) == 336);
template <>
inline constexpr bool is_uapi_struct<kvm_regs> = true;

struct kvm_smccc_filter {
  std::uint32_t base{};
  std::uint32_t nr_functions{};
  std::uint8_t action{};
  std::array<std::uint8_t, 15> pad{};
};
static_assert(sizeof(kvm_smccc_filter) == 24);
static_assert(offsetof(kvm_smccc_filter, base) == 0);
static_assert(offsetof(kvm_smccc_filter, nr_functions) == 4);
static_assert(offsetof(kvm_smccc_filter, action) == 8);
static_assert(offsetof(kvm_smccc_filter, pad) == 9);
template <>
inline constexpr bool is_uapi_struct<kvm_smccc_filter> = true;

struct kvm_vcpu_events {
  struct {
    std::uint8_t serror_pending{};
    std::uint8_t serror_has_esr{};
    std::uint8_t ext_dabt_pending{};
    std::array<std::uint8_t, 5> pad{};
    std::uint64_t serror_esr{};
  } exception{};
  std::array<std::uint32_t, 12> reserved{};
};
static_assert(sizeof(kvm_vcpu_events) == 64);
static_assert(offsetof(kvm_vcpu_events, exception) == 0);
static_assert(offsetof(kvm_vcpu_events, reserved) == 16);
template <>
inline constexpr bool is_uapi_struct<kvm_vcpu_events> = true;

struct kvm_vcpu_init {
  std::uint32_t target{};
  std::array<std::uint32_t, 7> features{};
};
static_assert(sizeof(kvm_vcpu_init) == 32);
static_assert(offsetof(kvm_vcpu_init, target) == 0);
static_assert(offsetof(kvm_vcpu_init, features) == 4);
template <>
inline constexpr bool is_uapi_struct<kvm_vcpu_init> = true;

struct reg_mask_range {
  std::uint64_t addr{};
  std::uint32_t range{};
  std::array<std::uint32_t, 13> reserved{};
};
static_assert(sizeof(reg_mask_range) == 64);
static_assert(offsetof(reg_mask_range, addr) == 0);
static_assert(offsetof(reg_mask_range, range) == 8);
static_assert(offsetof(reg_mask_range, reserved) == 12);
template <>
inline constexpr bool is_uapi_struct<reg_mask_range> = true;

// Requests

/// Answers the version of the API, which has been 12 since Linux 2.6.22. Argument: 0. Returns: KVM_API_VERSION.
inline constexpr std::uint32_t KVM_GET_API_VERSION = 0xae00;
/// Creates a VM without vCPUs and memory; it belongs to the caller's address space. Argument: machine type: bits 7:0
/// the IPA size in bits, 0 for 40. Returns: a VM descriptor.
inline constexpr std::uint32_t KVM_CREATE_VM = 0xae01;
/// Asks for a capability of the host, or of one VM. Argument: capability. Returns: the capability's value, 0 where it
/// is absent or unknown.
inline constexpr std::uint32_t KVM_CHECK_EXTENSION = 0xae03;
/// Answers how much of a vCPU descriptor to map: struct kvm_run and the page of the coalesced MMIO ring. Argument: 0.
/// Returns: the size in bytes of a vCPU's mapping.
inline constexpr std::uint32_t KVM_GET_VCPU_MMAP_SIZE = 0xae04;
/// Adds a vCPU with an id of the caller's choice to the VM. Argument: vCPU id. Returns: a vCPU descriptor.
inline constexpr std::uint32_t KVM_CREATE_VCPU = 0xae41;
/// Copies out which pages of a slot were written, and starts over unless the manual protocol is on. Argument:
/// kvm_dirty_log (in). Returns: 0.
inline constexpr std::uint32_t KVM_GET_DIRTY_LOG = 0x4010ae42;
/// Creates, moves, changes or deletes a memory slot, backed by the caller's memory. Argument:
/// kvm_userspace_memory_region (in). Returns: 0.
inline constexpr std::uint32_t KVM_SET_USER_MEMORY_REGION = 0x4020ae46;
/// As KVM_SET_USER_MEMORY_REGION, with room for a guest_memfd beside the caller's memory. Argument:
/// kvm_userspace_memory_region2 (in). Returns: 0.
inline constexpr std::uint32_t KVM_SET_USER_MEMORY_REGION2 = 0x40a0ae49;
/// Creates a VGICv2; a VGICv3 takes KVM_CREATE_DEVICE. Argument: none. Returns: 0.
inline constexpr std::uint32_t KVM_CREATE_IRQCHIP = 0xae60;
/// Sets the level of an interrupt line: an SPI, a vCPU's PPI, or its IRQ or FIQ input. Argument: kvm_irq_level (in).
/// Returns: 0.
inline constexpr std::uint32_t KVM_IRQ_LINE = 0x4008ae61;
/// As KVM_IRQ_LINE, and copies the struct back; arm64 has no delivery status to put into it. Argument: kvm_irq_level
/// (inout). Returns: 0.
inline constexpr std::uint32_t KVM_IRQ_LINE_STATUS = 0xc008ae67;
/// Lets the guest's writes to a range of addresses gather in the ring instead of exiting. Argument:
/// kvm_coalesced_mmio_zone (in). Returns: 0.
inline constexpr std::uint32_t KVM_REGISTER_COALESCED_MMIO = 0x4010ae67;
/// Ends the coalescing of every zone inside a range. Argument: kvm_coalesced_mmio_zone (in). Returns: 0.
inline constexpr std::uint32_t KVM_UNREGISTER_COALESCED_MMIO = 0x4010ae68;
/// Replaces the table that leads from interrupt numbers of irqfds to pins and MSIs. Argument: kvm_irq_routing (in).
/// Returns: 0.
inline constexpr std::uint32_t KVM_SET_GSI_ROUTING = 0x4008ae6a;
/// Ties an eventfd to an interrupt, or unties it. Argument: kvm_irqfd (in). Returns: 0.
inline constexpr std::uint32_t KVM_IRQFD = 0x4020ae76;
/// Lets the guest's writes to an address signal an eventfd instead of exiting, or ends that. Argument: kvm_ioeventfd
/// (in). Returns: 0.
inline constexpr std::uint32_t KVM_IOEVENTFD = 0x4040ae79;
/// Writes a message to an ITS on behalf of a device. Argument: kvm_msi (in). Returns: 1 delivered, 0 blocked by the
/// guest.
inline constexpr std::uint32_t KVM_SIGNAL_MSI = 0x4020aea5;
/// Turns a capability on for the VM; there is no way to turn one off but by its arguments. Argument: kvm_enable_cap
/// (in). Returns: 0.
inline constexpr std::uint32_t KVM_ENABLE_CAP = 0x4068aea3;
/// Places a frame of the VGICv2; KVM_SET_DEVICE_ATTR is the newer way. Argument: kvm_arm_device_addr (in). Returns: 0.
inline constexpr std::uint32_t KVM_ARM_SET_DEVICE_ADDR = 0x4010aeab;
/// Answers the target with which to initialise vCPUs on this host, and no features. Argument: kvm_vcpu_init (out).
/// Returns: 0.
inline constexpr std::uint32_t KVM_ARM_PREFERRED_TARGET = 0x8020aeaf;
/// Copies the allocation tags of guest pages to or from the caller's memory, one byte a granule. Argument:
/// kvm_arm_copy_mte_tags (in). Returns: the bytes of guest memory whose tags were copied; in the seed 0.
inline constexpr std::uint32_t KVM_ARM_MTE_COPY_TAGS = 0x8030aeb4;
/// Sets what the guest's virtual and physical counters lag behind the host's. Argument: kvm_arm_counter_offset (in).
/// Returns: 0.
inline constexpr std::uint32_t KVM_ARM_SET_COUNTER_OFFSET = 0x4010aeb5;
/// Writes, for each ID register, the mask of the bits that KVM_SET_ONE_REG may change. Argument: reg_mask_range (in).
/// Returns: 0.
inline constexpr std::uint32_t KVM_ARM_GET_REG_WRITABLE_MASKS = 0x8040aeb6;
/// Clears chosen pages of a slot's dirty log and catches the next write to them. Argument: kvm_clear_dirty_log (in).
/// Returns: 0.
inline constexpr std::uint32_t KVM_CLEAR_DIRTY_LOG = 0xc018aec0;
/// Takes the harvested entries out of all dirty rings and catches the next write to their pages. Argument: none.
/// Returns: the number of entries reset.
inline constexpr std::uint32_t KVM_RESET_DIRTY_RINGS = 0xaec7;
/// Opens the statistics of the VM or vCPU in their binary format. Argument: none. Returns: a read-only descriptor.
inline constexpr std::uint32_t KVM_GET_STATS_FD = 0xaece;
/// Makes guest memory private or shared; arm64 is built without it. Argument: kvm_memory_attributes (in). Returns:
/// EINVAL.
inline constexpr std::uint32_t KVM_SET_MEMORY_ATTRIBUTES = 0x4020aed2;
/// Creates memory that belongs to the VM and backs slots of KVM_SET_USER_MEMORY_REGION2. Argument:
/// kvm_create_guest_memfd (in). Returns: a guest_memfd descriptor.
inline constexpr std::uint32_t KVM_CREATE_GUEST_MEMFD = 0xc040aed4;
/// Maps guest memory before the guest touches it; arm64 is built without it. Argument: kvm_pre_fault_memory (inout).
/// Returns: EINVAL.
inline constexpr std::uint32_t KVM_PRE_FAULT_MEMORY = 0xc040aed5;
/// Creates an in-kernel device, or only says whether it could. Argument: kvm_create_device (inout). Returns: 0, the
/// descriptor in the struct.
inline constexpr std::uint32_t KVM_CREATE_DEVICE = 0xc00caee0;
/// Sets an attribute of a device, a vCPU or the VM. Argument: kvm_device_attr (in). Returns: 0.
inline constexpr std::uint32_t KVM_SET_DEVICE_ATTR = 0x4018aee1;
/// Reads an attribute of a device or a vCPU to where the struct points. Argument: kvm_device_attr (in). Returns: 0.
inline constexpr std::uint32_t KVM_GET_DEVICE_ATTR = 0x4018aee2;
/// Asks whether there is such an attribute, without asking whether it can be set now. Argument: kvm_device_attr (in).
/// Returns: 0.
inline constexpr std::uint32_t KVM_HAS_DEVICE_ATTR = 0x4018aee3;
/// Completes the last exit and runs the guest until the next one. Argument: 0. Returns: 0, the reason in
/// kvm_run.exit_reason.
inline constexpr std::uint32_t KVM_RUN = 0xae80;
/// Other architectures read the general registers with it; arm64 has KVM_GET_ONE_REG. Argument: kvm_regs (out).
/// Returns: EINVAL.
inline constexpr std::uint32_t KVM_GET_REGS = 0x8360ae81;
/// Other architectures write the general registers with it; arm64 has KVM_SET_ONE_REG. Argument: kvm_regs (in).
/// Returns: EINVAL.
inline constexpr std::uint32_t KVM_SET_REGS = 0x4360ae82;
/// Other architectures read special registers with it. Argument: kvm_sregs (out). Returns: EINVAL.
inline constexpr std::uint32_t KVM_GET_SREGS = 0x8000ae83;
/// Other architectures write special registers with it. Argument: kvm_sregs (in). Returns: EINVAL.
inline constexpr std::uint32_t KVM_SET_SREGS = 0x4000ae84;
/// Other architectures translate a guest virtual address with it. Argument: kvm_translation (inout). Returns: EINVAL.
inline constexpr std::uint32_t KVM_TRANSLATE = 0xc018ae85;
/// Sets the signals that are blocked during KVM_RUN; a null pointer goes back to the thread's own. Argument:
/// kvm_signal_mask (in). Returns: 0.
inline constexpr std::uint32_t KVM_SET_SIGNAL_MASK = 0x4004ae8b;
/// Other architectures read the floating-point state with it. Argument: kvm_fpu (out). Returns: EINVAL.
inline constexpr std::uint32_t KVM_GET_FPU = 0x8000ae8c;
/// Other architectures write the floating-point state with it. Argument: kvm_fpu (in). Returns: EINVAL.
inline constexpr std::uint32_t KVM_SET_FPU = 0x4000ae8d;
/// Answers whether the vCPU runs, is powered off or is suspended. Argument: kvm_mp_state (out). Returns: 0.
inline constexpr std::uint32_t KVM_GET_MP_STATE = 0x8004ae98;
/// Powers the vCPU on or off, or suspends it. Argument: kvm_mp_state (in). Returns: 0.
inline constexpr std::uint32_t KVM_SET_MP_STATE = 0x4004ae99;
/// Sets breakpoints, watchpoints and single-stepping that end KVM_RUN. Argument: kvm_guest_debug (in). Returns: 0.
inline constexpr std::uint32_t KVM_SET_GUEST_DEBUG = 0x4208ae9b;
/// Answers the exceptions that wait to be delivered to the guest. Argument: kvm_vcpu_events (out). Returns: 0.
inline constexpr std::uint32_t KVM_GET_VCPU_EVENTS = 0x8040ae9f;
/// Makes an SError pending, or injects an external abort for the last access. Argument: kvm_vcpu_events (in). Returns:
/// 0.
inline constexpr std::uint32_t KVM_SET_VCPU_EVENTS = 0x4040aea0;
/// Reads one register to where the struct points; the id carries its size. Argument: kvm_one_reg (in). Returns: 0.
inline constexpr std::uint32_t KVM_GET_ONE_REG = 0x4010aeab;
/// Writes one register from where the struct points; the id carries its size. Argument: kvm_one_reg (in). Returns: 0.
inline constexpr std::uint32_t KVM_SET_ONE_REG = 0x4010aeac;
/// Chooses the CPU type and features and resets the registers; nothing runs before it. Argument: kvm_vcpu_init (in).
/// Returns: 0.
inline constexpr std::uint32_t KVM_ARM_VCPU_INIT = 0x4020aeae;
/// Lists the ids of all registers, and always answers how many there are. Argument: kvm_reg_list (inout). Returns: 0.
inline constexpr std::uint32_t KVM_GET_REG_LIST = 0xc008aeb0;
/// Fixes the configuration of a feature, which is SVE's vector lengths. Argument: std::int32_t (in). Returns: 0.
inline constexpr std::uint32_t KVM_ARM_VCPU_FINALIZE = 0x4004aec2;

// Ids of registers, for KVM_GET_ONE_REG

namespace core_regs {
inline constexpr std::uint64_t x0 = 0x6030000000100000ULL;
inline constexpr std::uint64_t x1 = 0x6030000000100002ULL;
inline constexpr std::uint64_t x2 = 0x6030000000100004ULL;
inline constexpr std::uint64_t x3 = 0x6030000000100006ULL;
inline constexpr std::uint64_t x4 = 0x6030000000100008ULL;
inline constexpr std::uint64_t x5 = 0x603000000010000aULL;
inline constexpr std::uint64_t x6 = 0x603000000010000cULL;
inline constexpr std::uint64_t x7 = 0x603000000010000eULL;
inline constexpr std::uint64_t x8 = 0x6030000000100010ULL;
inline constexpr std::uint64_t x9 = 0x6030000000100012ULL;
inline constexpr std::uint64_t x10 = 0x6030000000100014ULL;
inline constexpr std::uint64_t x11 = 0x6030000000100016ULL;
inline constexpr std::uint64_t x12 = 0x6030000000100018ULL;
inline constexpr std::uint64_t x13 = 0x603000000010001aULL;
inline constexpr std::uint64_t x14 = 0x603000000010001cULL;
inline constexpr std::uint64_t x15 = 0x603000000010001eULL;
inline constexpr std::uint64_t x16 = 0x6030000000100020ULL;
inline constexpr std::uint64_t x17 = 0x6030000000100022ULL;
inline constexpr std::uint64_t x18 = 0x6030000000100024ULL;
inline constexpr std::uint64_t x19 = 0x6030000000100026ULL;
inline constexpr std::uint64_t x20 = 0x6030000000100028ULL;
inline constexpr std::uint64_t x21 = 0x603000000010002aULL;
inline constexpr std::uint64_t x22 = 0x603000000010002cULL;
inline constexpr std::uint64_t x23 = 0x603000000010002eULL;
inline constexpr std::uint64_t x24 = 0x6030000000100030ULL;
inline constexpr std::uint64_t x25 = 0x6030000000100032ULL;
inline constexpr std::uint64_t x26 = 0x6030000000100034ULL;
inline constexpr std::uint64_t x27 = 0x6030000000100036ULL;
inline constexpr std::uint64_t x28 = 0x6030000000100038ULL;
inline constexpr std::uint64_t x29 = 0x603000000010003aULL;
inline constexpr std::uint64_t x30 = 0x603000000010003cULL;
inline constexpr std::uint64_t sp = 0x603000000010003eULL;
inline constexpr std::uint64_t pc = 0x6030000000100040ULL;
inline constexpr std::uint64_t pstate = 0x6030000000100042ULL;
inline constexpr std::uint64_t sp_el1 = 0x6030000000100044ULL;
inline constexpr std::uint64_t elr_el1 = 0x6030000000100046ULL;
inline constexpr std::uint64_t spsr_el1 = 0x6030000000100048ULL;
inline constexpr std::uint64_t spsr_abt = 0x603000000010004aULL;
inline constexpr std::uint64_t spsr_und = 0x603000000010004cULL;
inline constexpr std::uint64_t spsr_irq = 0x603000000010004eULL;
inline constexpr std::uint64_t spsr_fiq = 0x6030000000100050ULL;
inline constexpr std::uint64_t v0 = 0x6040000000100054ULL;
inline constexpr std::uint64_t v1 = 0x6040000000100058ULL;
inline constexpr std::uint64_t v2 = 0x604000000010005cULL;
inline constexpr std::uint64_t v3 = 0x6040000000100060ULL;
inline constexpr std::uint64_t v4 = 0x6040000000100064ULL;
inline constexpr std::uint64_t v5 = 0x6040000000100068ULL;
inline constexpr std::uint64_t v6 = 0x604000000010006cULL;
inline constexpr std::uint64_t v7 = 0x6040000000100070ULL;
inline constexpr std::uint64_t v8 = 0x6040000000100074ULL;
inline constexpr std::uint64_t v9 = 0x6040000000100078ULL;
inline constexpr std::uint64_t v10 = 0x604000000010007cULL;
inline constexpr std::uint64_t v11 = 0x6040000000100080ULL;
inline constexpr std::uint64_t v12 = 0x6040000000100084ULL;
inline constexpr std::uint64_t v13 = 0x6040000000100088ULL;
inline constexpr std::uint64_t v14 = 0x604000000010008cULL;
inline constexpr std::uint64_t v15 = 0x6040000000100090ULL;
inline constexpr std::uint64_t v16 = 0x6040000000100094ULL;
inline constexpr std::uint64_t v17 = 0x6040000000100098ULL;
inline constexpr std::uint64_t v18 = 0x604000000010009cULL;
inline constexpr std::uint64_t v19 = 0x60400000001000a0ULL;
inline constexpr std::uint64_t v20 = 0x60400000001000a4ULL;
inline constexpr std::uint64_t v21 = 0x60400000001000a8ULL;
inline constexpr std::uint64_t v22 = 0x60400000001000acULL;
inline constexpr std::uint64_t v23 = 0x60400000001000b0ULL;
inline constexpr std::uint64_t v24 = 0x60400000001000b4ULL;
inline constexpr std::uint64_t v25 = 0x60400000001000b8ULL;
inline constexpr std::uint64_t v26 = 0x60400000001000bcULL;
inline constexpr std::uint64_t v27 = 0x60400000001000c0ULL;
inline constexpr std::uint64_t v28 = 0x60400000001000c4ULL;
inline constexpr std::uint64_t v29 = 0x60400000001000c8ULL;
inline constexpr std::uint64_t v30 = 0x60400000001000ccULL;
inline constexpr std::uint64_t v31 = 0x60400000001000d0ULL;
inline constexpr std::uint64_t fpsr = 0x60200000001000d4ULL;
inline constexpr std::uint64_t fpcr = 0x60200000001000d5ULL;
}  // namespace core_regs

namespace sys_regs {
inline constexpr std::uint64_t MDCCINT_EL1 = 0x6030000000138010ULL;
inline constexpr std::uint64_t MDSCR_EL1 = 0x6030000000138012ULL;
inline constexpr std::uint64_t OSLAR_EL1 = 0x6030000000138084ULL;
inline constexpr std::uint64_t OSLSR_EL1 = 0x603000000013808cULL;
inline constexpr std::uint64_t OSDLR_EL1 = 0x603000000013809cULL;
inline constexpr std::uint64_t DBGVCR32_EL2 = 0x603000000013a038ULL;
inline constexpr std::uint64_t MIDR_EL1 = 0x603000000013c000ULL;
inline constexpr std::uint64_t MPIDR_EL1 = 0x603000000013c005ULL;
inline constexpr std::uint64_t REVIDR_EL1 = 0x603000000013c006ULL;
inline constexpr std::uint64_t ID_PFR0_EL1 = 0x603000000013c008ULL;
inline constexpr std::uint64_t ID_PFR1_EL1 = 0x603000000013c009ULL;
inline constexpr std::uint64_t ID_DFR0_EL1 = 0x603000000013c00aULL;
inline constexpr std::uint64_t ID_AFR0_EL1 = 0x603000000013c00bULL;
inline constexpr std::uint64_t ID_MMFR0_EL1 = 0x603000000013c00cULL;
inline constexpr std::uint64_t ID_MMFR1_EL1 = 0x603000000013c00dULL;
inline constexpr std::uint64_t ID_MMFR2_EL1 = 0x603000000013c00eULL;
inline constexpr std::uint64_t ID_MMFR3_EL1 = 0x603000000013c00fULL;
inline constexpr std::uint64_t ID_ISAR0_EL1 = 0x603000000013c010ULL;
inline constexpr std::uint64_t ID_ISAR1_EL1 = 0x603000000013c011ULL;
inline constexpr std::uint64_t ID_ISAR2_EL1 = 0x603000000013c012ULL;
inline constexpr std::uint64_t ID_ISAR3_EL1 = 0x603000000013c013ULL;
inline constexpr std::uint64_t ID_ISAR4_EL1 = 0x603000000013c014ULL;
inline constexpr std::uint64_t ID_ISAR5_EL1 = 0x603000000013c015ULL;
inline constexpr std::uint64_t ID_MMFR4_EL1 = 0x603000000013c016ULL;
inline constexpr std::uint64_t ID_ISAR6_EL1 = 0x603000000013c017ULL;
inline constexpr std::uint64_t MVFR0_EL1 = 0x603000000013c018ULL;
inline constexpr std::uint64_t MVFR1_EL1 = 0x603000000013c019ULL;
inline constexpr std::uint64_t MVFR2_EL1 = 0x603000000013c01aULL;
inline constexpr std::uint64_t ID_PFR2_EL1 = 0x603000000013c01cULL;
inline constexpr std::uint64_t ID_DFR1_EL1 = 0x603000000013c01dULL;
inline constexpr std::uint64_t ID_MMFR5_EL1 = 0x603000000013c01eULL;
inline constexpr std::uint64_t ID_AA64PFR0_EL1 = 0x603000000013c020ULL;
inline constexpr std::uint64_t ID_AA64PFR1_EL1 = 0x603000000013c021ULL;
inline constexpr std::uint64_t ID_AA64PFR2_EL1 = 0x603000000013c022ULL;
inline constexpr std::uint64_t ID_AA64ZFR0_EL1 = 0x603000000013c024ULL;
inline constexpr std::uint64_t ID_AA64SMFR0_EL1 = 0x603000000013c025ULL;
inline constexpr std::uint64_t ID_AA64FPFR0_EL1 = 0x603000000013c027ULL;
inline constexpr std::uint64_t ID_AA64DFR0_EL1 = 0x603000000013c028ULL;
inline constexpr std::uint64_t ID_AA64DFR1_EL1 = 0x603000000013c029ULL;
inline constexpr std::uint64_t ID_AA64DFR2_EL1 = 0x603000000013c02aULL;
inline constexpr std::uint64_t ID_AA64AFR0_EL1 = 0x603000000013c02cULL;
inline constexpr std::uint64_t ID_AA64AFR1_EL1 = 0x603000000013c02dULL;
inline constexpr std::uint64_t ID_AA64ISAR0_EL1 = 0x603000000013c030ULL;
inline constexpr std::uint64_t ID_AA64ISAR1_EL1 = 0x603000000013c031ULL;
inline constexpr std::uint64_t ID_AA64ISAR2_EL1 = 0x603000000013c032ULL;
inline constexpr std::uint64_t ID_AA64ISAR3_EL1 = 0x603000000013c033ULL;
inline constexpr std::uint64_t ID_AA64MMFR0_EL1 = 0x603000000013c038ULL;
inline constexpr std::uint64_t ID_AA64MMFR1_EL1 = 0x603000000013c039ULL;
inline constexpr std::uint64_t ID_AA64MMFR2_EL1 = 0x603000000013c03aULL;
inline constexpr std::uint64_t ID_AA64MMFR3_EL1 = 0x603000000013c03bULL;
inline constexpr std::uint64_t ID_AA64MMFR4_EL1 = 0x603000000013c03cULL;
inline constexpr std::uint64_t CCSIDR_EL1 = 0x603000000013c800ULL;
inline constexpr std::uint64_t CLIDR_EL1 = 0x603000000013c801ULL;
inline constexpr std::uint64_t CCSIDR2_EL1 = 0x603000000013c802ULL;
inline constexpr std::uint64_t GMID_EL1 = 0x603000000013c804ULL;
inline constexpr std::uint64_t SMIDR_EL1 = 0x603000000013c806ULL;
inline constexpr std::uint64_t AIDR_EL1 = 0x603000000013c807ULL;
inline constexpr std::uint64_t CSSELR_EL1 = 0x603000000013d000ULL;
inline constexpr std::uint64_t CTR_EL0 = 0x603000000013d801ULL;
inline constexpr std::uint64_t DCZID_EL0 = 0x603000000013d807ULL;
inline constexpr std::uint64_t SCTLR_EL1 = 0x603000000013c080ULL;
inline constexpr std::uint64_t ACTLR_EL1 = 0x603000000013c081ULL;
inline constexpr std::uint64_t CPACR_EL1 = 0x603000000013c082ULL;
inline constexpr std::uint64_t SCTLR2_EL1 = 0x603000000013c083ULL;
inline constexpr std::uint64_t RGSR_EL1 = 0x603000000013c085ULL;
inline constexpr std::uint64_t GCR_EL1 = 0x603000000013c086ULL;
inline constexpr std::uint64_t ZCR_EL1 = 0x603000000013c090ULL;
inline constexpr std::uint64_t TRFCR_EL1 = 0x603000000013c091ULL;
inline constexpr std::uint64_t TTBR0_EL1 = 0x603000000013c100ULL;
inline constexpr std::uint64_t TTBR1_EL1 = 0x603000000013c101ULL;
inline constexpr std::uint64_t TCR_EL1 = 0x603000000013c102ULL;
inline constexpr std::uint64_t TCR2_EL1 = 0x603000000013c103ULL;
inline constexpr std::uint64_t APIAKEYLO_EL1 = 0x603000000013c108ULL;
inline constexpr std::uint64_t APIAKEYHI_EL1 = 0x603000000013c109ULL;
inline constexpr std::uint64_t APIBKEYLO_EL1 = 0x603000000013c10aULL;
inline constexpr std::uint64_t APIBKEYHI_EL1 = 0x603000000013c10bULL;
inline constexpr std::uint64_t APDAKEYLO_EL1 = 0x603000000013c110ULL;
inline constexpr std::uint64_t APDAKEYHI_EL1 = 0x603000000013c111ULL;
inline constexpr std::uint64_t APDBKEYLO_EL1 = 0x603000000013c112ULL;
inline constexpr std::uint64_t APDBKEYHI_EL1 = 0x603000000013c113ULL;
inline constexpr std::uint64_t APGAKEYLO_EL1 = 0x603000000013c118ULL;
inline constexpr std::uint64_t APGAKEYHI_EL1 = 0x603000000013c119ULL;
inline constexpr std::uint64_t SPSR_EL1 = 0x603000000013c200ULL;
inline constexpr std::uint64_t ELR_EL1 = 0x603000000013c201ULL;
inline constexpr std::uint64_t SP_EL0 = 0x603000000013c208ULL;
inline constexpr std::uint64_t SPSel = 0x603000000013c210ULL;
inline constexpr std::uint64_t CurrentEL = 0x603000000013c212ULL;
inline constexpr std::uint64_t PAN = 0x603000000013c213ULL;
inline constexpr std::uint64_t UAO = 0x603000000013c214ULL;
inline constexpr std::uint64_t ICC_PMR_EL1 = 0x603000000013c230ULL;
inline constexpr std::uint64_t NZCV = 0x603000000013da10ULL;
inline constexpr std::uint64_t DAIF = 0x603000000013da11ULL;
inline constexpr std::uint64_t DIT = 0x603000000013da15ULL;
inline constexpr std::uint64_t SSBS = 0x603000000013da16ULL;
inline constexpr std::uint64_t TCO = 0x603000000013da17ULL;
inline constexpr std::uint64_t FPCR = 0x603000000013da20ULL;
inline constexpr std::uint64_t FPSR = 0x603000000013da21ULL;
inline constexpr std::uint64_t AFSR0_EL1 = 0x603000000013c288ULL;
inline constexpr std::uint64_t AFSR1_EL1 = 0x603000000013c289ULL;
inline constexpr std::uint64_t ESR_EL1 = 0x603000000013c290ULL;
inline constexpr std::uint64_t ERRIDR_EL1 = 0x603000000013c298ULL;
inline constexpr std::uint64_t ERRSELR_EL1 = 0x603000000013c299ULL;
inline constexpr std::uint64_t TFSR_EL1 = 0x603000000013c2b0ULL;
inline constexpr std::uint64_t TFSRE0_EL1 = 0x603000000013c2b1ULL;
inline constexpr std::uint64_t FAR_EL1 = 0x603000000013c300ULL;
inline constexpr std::uint64_t PAR_EL1 = 0x603000000013c3a0ULL;
inline constexpr std::uint64_t PMINTENSET_EL1 = 0x603000000013c4f1ULL;
inline constexpr std::uint64_t PMINTENCLR_EL1 = 0x603000000013c4f2ULL;
inline constexpr std::uint64_t PMMIR_EL1 = 0x603000000013c4f6ULL;
inline constexpr std::uint64_t PMCR_EL0 = 0x603000000013dce0ULL;
inline constexpr std::uint64_t PMCNTENSET_EL0 = 0x603000000013dce1ULL;
inline constexpr std::uint64_t PMCNTENCLR_EL0 = 0x603000000013dce2ULL;
inline constexpr std::uint64_t PMOVSCLR_EL0 = 0x603000000013dce3ULL;
inline constexpr std::uint64_t PMSWINC_EL0 = 0x603000000013dce4ULL;
inline constexpr std::uint64_t PMSELR_EL0 = 0x603000000013dce5ULL;
inline constexpr std::uint64_t PMCEID0_EL0 = 0x603000000013dce6ULL;
inline constexpr std::uint64_t PMCEID1_EL0 = 0x603000000013dce7ULL;
inline constexpr std::uint64_t PMCCNTR_EL0 = 0x603000000013dce8ULL;
inline constexpr std::uint64_t PMXEVTYPER_EL0 = 0x603000000013dce9ULL;
inline constexpr std::uint64_t PMXEVCNTR_EL0 = 0x603000000013dceaULL;
inline constexpr std::uint64_t PMUSERENR_EL0 = 0x603000000013dcf0ULL;
inline constexpr std::uint64_t PMOVSSET_EL0 = 0x603000000013dcf3ULL;
inline constexpr std::uint64_t PMCCFILTR_EL0 = 0x603000000013df7fULL;
inline constexpr std::uint64_t MAIR_EL1 = 0x603000000013c510ULL;
inline constexpr std::uint64_t PIRE0_EL1 = 0x603000000013c512ULL;
inline constexpr std::uint64_t PIR_EL1 = 0x603000000013c513ULL;
inline constexpr std::uint64_t POR_EL1 = 0x603000000013c514ULL;
inline constexpr std::uint64_t POR_EL0 = 0x603000000013dd14ULL;
inline constexpr std::uint64_t AMAIR_EL1 = 0x603000000013c518ULL;
inline constexpr std::uint64_t VBAR_EL1 = 0x603000000013c600ULL;
inline constexpr std::uint64_t ISR_EL1 = 0x603000000013c608ULL;
inline constexpr std::uint64_t DISR_EL1 = 0x603000000013c609ULL;
inline constexpr std::uint64_t ICC_IAR0_EL1 = 0x603000000013c640ULL;
inline constexpr std::uint64_t ICC_EOIR0_EL1 = 0x603000000013c641ULL;
inline constexpr std::uint64_t ICC_HPPIR0_EL1 = 0x603000000013c642ULL;
inline constexpr std::uint64_t ICC_BPR0_EL1 = 0x603000000013c643ULL;
inline constexpr std::uint64_t ICC_AP0R0_EL1 = 0x603000000013c644ULL;
inline constexpr std::uint64_t ICC_AP0R1_EL1 = 0x603000000013c645ULL;
inline constexpr std::uint64_t ICC_AP0R2_EL1 = 0x603000000013c646ULL;
inline constexpr std::uint64_t ICC_AP0R3_EL1 = 0x603000000013c647ULL;
inline constexpr std::uint64_t ICC_AP1R0_EL1 = 0x603000000013c648ULL;
inline constexpr std::uint64_t ICC_AP1R1_EL1 = 0x603000000013c649ULL;
inline constexpr std::uint64_t ICC_AP1R2_EL1 = 0x603000000013c64aULL;
inline constexpr std::uint64_t ICC_AP1R3_EL1 = 0x603000000013c64bULL;
inline constexpr std::uint64_t ICC_DIR_EL1 = 0x603000000013c659ULL;
inline constexpr std::uint64_t ICC_RPR_EL1 = 0x603000000013c65bULL;
inline constexpr std::uint64_t ICC_SGI1R_EL1 = 0x603000000013c65dULL;
inline constexpr std::uint64_t ICC_ASGI1R_EL1 = 0x603000000013c65eULL;
inline constexpr std::uint64_t ICC_SGI0R_EL1 = 0x603000000013c65fULL;
inline constexpr std::uint64_t ICC_IAR1_EL1 = 0x603000000013c660ULL;
inline constexpr std::uint64_t ICC_EOIR1_EL1 = 0x603000000013c661ULL;
inline constexpr std::uint64_t ICC_HPPIR1_EL1 = 0x603000000013c662ULL;
inline constexpr std::uint64_t ICC_BPR1_EL1 = 0x603000000013c663ULL;
inline constexpr std::uint64_t ICC_CTLR_EL1 = 0x603000000013c664ULL;
inline constexpr std::uint64_t ICC_SRE_EL1 = 0x603000000013c665ULL;
inline constexpr std::uint64_t ICC_IGRPEN0_EL1 = 0x603000000013c666ULL;
inline constexpr std::uint64_t ICC_IGRPEN1_EL1 = 0x603000000013c667ULL;
inline constexpr std::uint64_t CONTEXTIDR_EL1 = 0x603000000013c681ULL;
inline constexpr std::uint64_t TPIDR_EL1 = 0x603000000013c684ULL;
inline constexpr std::uint64_t SCXTNUM_EL1 = 0x603000000013c687ULL;
inline constexpr std::uint64_t TPIDR_EL0 = 0x603000000013de82ULL;
inline constexpr std::uint64_t TPIDRRO_EL0 = 0x603000000013de83ULL;
inline constexpr std::uint64_t TPIDR2_EL0 = 0x603000000013de85ULL;
inline constexpr std::uint64_t SCXTNUM_EL0 = 0x603000000013de87ULL;
inline constexpr std::uint64_t CNTKCTL_EL1 = 0x603000000013c708ULL;
inline constexpr std::uint64_t CNTFRQ_EL0 = 0x603000000013df00ULL;
inline constexpr std::uint64_t CNTPCT_EL0 = 0x603000000013df01ULL;
inline constexpr std::uint64_t CNTVCT_EL0 = 0x603000000013df02ULL;
inline constexpr std::uint64_t CNTP_TVAL_EL0 = 0x603000000013df10ULL;
inline constexpr std::uint64_t CNTP_CTL_EL0 = 0x603000000013df11ULL;
inline constexpr std::uint64_t CNTP_CVAL_EL0 = 0x603000000013df12ULL;
inline constexpr std::uint64_t CNTV_TVAL_EL0 = 0x603000000013df18ULL;
inline constexpr std::uint64_t CNTV_CTL_EL0 = 0x603000000013df19ULL;
inline constexpr std::uint64_t CNTV_CVAL_EL0 = 0x603000000013df1aULL;
inline constexpr std::uint64_t DACR32_EL2 = 0x603000000013e180ULL;
inline constexpr std::uint64_t IFSR32_EL2 = 0x603000000013e281ULL;
inline constexpr std::uint64_t FPEXC32_EL2 = 0x603000000013e298ULL;
}  // namespace sys_regs

}  // namespace tagvisor
