// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.

//! The Linux headers that a VMM includes: constants, structs and requests, under their C names.

#![allow(non_camel_case_types, non_upper_case_globals, rustdoc::all)]

use crate::layout::{layout, member, with_member};

// Error numbers

/// The operation is not permitted.
pub const EPERM: i32 = 1;
/// No such file, register, slot or attribute.
pub const ENOENT: i32 = 2;
/// No such process.
pub const ESRCH: i32 = 3;
/// A signal ended the call before it was done.
pub const EINTR: i32 = 4;
/// The VM is dead, or belongs to another address space.
pub const EIO: i32 = 5;
/// No such device, address or attribute.
pub const ENXIO: i32 = 6;
/// The caller's array is too short, or a value is beyond what fits.
pub const E2BIG: i32 = 7;
/// The vCPU was not initialized.
pub const ENOEXEC: i32 = 8;
/// The descriptor is not open, or not open for this access.
pub const EBADF: i32 = 9;
/// No child process.
pub const ECHILD: i32 = 10;
/// Nothing to read yet, or a prerequisite is not ready; try again.
pub const EAGAIN: i32 = 11;
/// Out of memory or of address space.
pub const ENOMEM: i32 = 12;
/// The protection does not allow this.
pub const EACCES: i32 = 13;
/// An address given with the call cannot be accessed.
pub const EFAULT: i32 = 14;
/// A block device is needed.
pub const ENOTBLK: i32 = 15;
/// The object is in use, or the time for this call has passed.
pub const EBUSY: i32 = 16;
/// It exists already, or overlaps one that does.
pub const EEXIST: i32 = 17;
/// The two are on different file systems.
pub const EXDEV: i32 = 18;
/// No such device, or the file cannot be mapped.
pub const ENODEV: i32 = 19;
/// A component of the path is not a directory.
pub const ENOTDIR: i32 = 20;
/// The path names a directory.
pub const EISDIR: i32 = 21;
/// An argument is not valid.
pub const EINVAL: i32 = 22;
/// The host has no file left.
pub const ENFILE: i32 = 23;
/// The process has no descriptor left.
pub const EMFILE: i32 = 24;
/// The file does not know this request.
pub const ENOTTY: i32 = 25;
/// The file is being executed.
pub const ETXTBSY: i32 = 26;
/// The file would become too large.
pub const EFBIG: i32 = 27;
/// No room left.
pub const ENOSPC: i32 = 28;
/// The file has no position.
pub const ESPIPE: i32 = 29;
/// The file system is read-only.
pub const EROFS: i32 = 30;
/// Too many links.
pub const EMLINK: i32 = 31;
/// Nobody reads the other end.
pub const EPIPE: i32 = 32;
/// The argument is outside the function's domain.
pub const EDOM: i32 = 33;
/// The result does not fit.
pub const ERANGE: i32 = 34;
/// The system call, or what it needs of the guest's instruction, is not there.
pub const ENOSYS: i32 = 38;
/// There is no data.
pub const ENODATA: i32 = 61;
/// A value does not fit its type.
pub const EOVERFLOW: i32 = 75;
/// The object does not support this operation.
pub const EOPNOTSUPP: i32 = 95;

/// Every errno that a call can answer, by its name.
pub const ERRNOS: &[(&str, i32)] = &[
    ("EPERM", EPERM),
    ("ENOENT", ENOENT),
    ("ESRCH", ESRCH),
    ("EINTR", EINTR),
    ("EIO", EIO),
    ("ENXIO", ENXIO),
    ("E2BIG", E2BIG),
    ("ENOEXEC", ENOEXEC),
    ("EBADF", EBADF),
    ("ECHILD", ECHILD),
    ("EAGAIN", EAGAIN),
    ("ENOMEM", ENOMEM),
    ("EACCES", EACCES),
    ("EFAULT", EFAULT),
    ("ENOTBLK", ENOTBLK),
    ("EBUSY", EBUSY),
    ("EEXIST", EEXIST),
    ("EXDEV", EXDEV),
    ("ENODEV", ENODEV),
    ("ENOTDIR", ENOTDIR),
    ("EISDIR", EISDIR),
    ("EINVAL", EINVAL),
    ("ENFILE", ENFILE),
    ("EMFILE", EMFILE),
    ("ENOTTY", ENOTTY),
    ("ETXTBSY", ETXTBSY),
    ("EFBIG", EFBIG),
    ("ENOSPC", ENOSPC),
    ("ESPIPE", ESPIPE),
    ("EROFS", EROFS),
    ("EMLINK", EMLINK),
    ("EPIPE", EPIPE),
    ("EDOM", EDOM),
    ("ERANGE", ERANGE),
    ("ENOSYS", ENOSYS),
    ("ENODATA", ENODATA),
    ("EOVERFLOW", EOVERFLOW),
    ("EOPNOTSUPP", EOPNOTSUPP),
];

// linux/kvm.h

pub const KVM_API_VERSION: u32 = 12;
/// The type byte of every request.
pub const KVMIO: u32 = 174;
/// Announces KVM_CREATE_IRQCHIP, KVM_IRQ_LINE, KVM_IRQ_LINE_STATUS.
pub const KVM_CAP_IRQCHIP: u32 = 0;
pub const KVM_CAP_HLT: u32 = 1;
pub const KVM_CAP_MMU_SHADOW_CACHE_CONTROL: u32 = 2;
/// Announces KVM_SET_USER_MEMORY_REGION.
pub const KVM_CAP_USER_MEMORY: u32 = 3;
pub const KVM_CAP_SET_TSS_ADDR: u32 = 4;
pub const KVM_CAP_VAPIC: u32 = 6;
pub const KVM_CAP_EXT_CPUID: u32 = 7;
pub const KVM_CAP_CLOCKSOURCE: u32 = 8;
pub const KVM_CAP_NR_VCPUS: u32 = 9;
pub const KVM_CAP_NR_MEMSLOTS: u32 = 10;
pub const KVM_CAP_PIT: u32 = 11;
pub const KVM_CAP_NOP_IO_DELAY: u32 = 12;
pub const KVM_CAP_PV_MMU: u32 = 13;
/// Announces KVM_GET_MP_STATE, KVM_SET_MP_STATE.
pub const KVM_CAP_MP_STATE: u32 = 14;
/// Announces KVM_REGISTER_COALESCED_MMIO, KVM_UNREGISTER_COALESCED_MMIO.
pub const KVM_CAP_COALESCED_MMIO: u32 = 15;
pub const KVM_CAP_SYNC_MMU: u32 = 16;
pub const KVM_CAP_IOMMU: u32 = 18;
pub const KVM_CAP_DESTROY_MEMORY_REGION_WORKS: u32 = 21;
pub const KVM_CAP_USER_NMI: u32 = 22;
/// Announces KVM_SET_GUEST_DEBUG.
pub const KVM_CAP_SET_GUEST_DEBUG: u32 = 23;
pub const KVM_CAP_REINJECT_CONTROL: u32 = 24;
/// Announces KVM_SET_GSI_ROUTING.
pub const KVM_CAP_IRQ_ROUTING: u32 = 25;
pub const KVM_CAP_IRQ_INJECT_STATUS: u32 = 26;
pub const KVM_CAP_ASSIGN_DEV_IRQ: u32 = 29;
pub const KVM_CAP_JOIN_MEMORY_REGIONS_WORKS: u32 = 30;
pub const KVM_CAP_MCE: u32 = 31;
/// Announces KVM_IRQFD.
pub const KVM_CAP_IRQFD: u32 = 32;
pub const KVM_CAP_PIT2: u32 = 33;
pub const KVM_CAP_SET_BOOT_CPU_ID: u32 = 34;
pub const KVM_CAP_PIT_STATE2: u32 = 35;
/// Announces KVM_IOEVENTFD.
pub const KVM_CAP_IOEVENTFD: u32 = 36;
pub const KVM_CAP_SET_IDENTITY_MAP_ADDR: u32 = 37;
pub const KVM_CAP_XEN_HVM: u32 = 38;
pub const KVM_CAP_ADJUST_CLOCK: u32 = 39;
pub const KVM_CAP_INTERNAL_ERROR_DATA: u32 = 40;
/// Announces KVM_GET_VCPU_EVENTS, KVM_SET_VCPU_EVENTS.
pub const KVM_CAP_VCPU_EVENTS: u32 = 41;
pub const KVM_CAP_S390_PSW: u32 = 42;
pub const KVM_CAP_PPC_SEGSTATE: u32 = 43;
pub const KVM_CAP_HYPERV: u32 = 44;
pub const KVM_CAP_HYPERV_VAPIC: u32 = 45;
pub const KVM_CAP_HYPERV_SPIN: u32 = 46;
pub const KVM_CAP_PCI_SEGMENT: u32 = 47;
pub const KVM_CAP_PPC_PAIRED_SINGLES: u32 = 48;
pub const KVM_CAP_INTR_SHADOW: u32 = 49;
pub const KVM_CAP_DEBUGREGS: u32 = 50;
pub const KVM_CAP_X86_ROBUST_SINGLESTEP: u32 = 51;
pub const KVM_CAP_PPC_OSI: u32 = 52;
pub const KVM_CAP_PPC_UNSET_IRQ: u32 = 53;
pub const KVM_CAP_ENABLE_CAP: u32 = 54;
pub const KVM_CAP_XSAVE: u32 = 55;
pub const KVM_CAP_XCRS: u32 = 56;
pub const KVM_CAP_PPC_GET_PVINFO: u32 = 57;
pub const KVM_CAP_PPC_IRQ_LEVEL: u32 = 58;
pub const KVM_CAP_ASYNC_PF: u32 = 59;
pub const KVM_CAP_TSC_CONTROL: u32 = 60;
pub const KVM_CAP_GET_TSC_KHZ: u32 = 61;
pub const KVM_CAP_PPC_BOOKE_SREGS: u32 = 62;
pub const KVM_CAP_SPAPR_TCE: u32 = 63;
pub const KVM_CAP_PPC_SMT: u32 = 64;
pub const KVM_CAP_PPC_RMA: u32 = 65;
pub const KVM_CAP_MAX_VCPUS: u32 = 66;
pub const KVM_CAP_PPC_HIOR: u32 = 67;
pub const KVM_CAP_PPC_PAPR: u32 = 68;
pub const KVM_CAP_SW_TLB: u32 = 69;
/// Announces KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_GET_REG_LIST.
pub const KVM_CAP_ONE_REG: u32 = 70;
pub const KVM_CAP_S390_GMAP: u32 = 71;
pub const KVM_CAP_TSC_DEADLINE_TIMER: u32 = 72;
pub const KVM_CAP_S390_UCONTROL: u32 = 73;
pub const KVM_CAP_SYNC_REGS: u32 = 74;
pub const KVM_CAP_PCI_2_3: u32 = 75;
pub const KVM_CAP_KVMCLOCK_CTRL: u32 = 76;
/// Announces KVM_SIGNAL_MSI.
pub const KVM_CAP_SIGNAL_MSI: u32 = 77;
pub const KVM_CAP_PPC_GET_SMMU_INFO: u32 = 78;
pub const KVM_CAP_S390_COW: u32 = 79;
pub const KVM_CAP_PPC_ALLOC_HTAB: u32 = 80;
pub const KVM_CAP_READONLY_MEM: u32 = 81;
pub const KVM_CAP_IRQFD_RESAMPLE: u32 = 82;
pub const KVM_CAP_PPC_BOOKE_WATCHDOG: u32 = 83;
pub const KVM_CAP_PPC_HTAB_FD: u32 = 84;
pub const KVM_CAP_S390_CSS_SUPPORT: u32 = 85;
pub const KVM_CAP_PPC_EPR: u32 = 86;
pub const KVM_CAP_ARM_PSCI: u32 = 87;
/// Announces KVM_ARM_SET_DEVICE_ADDR.
pub const KVM_CAP_ARM_SET_DEVICE_ADDR: u32 = 88;
/// Announces KVM_CREATE_DEVICE, KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR, KVM_HAS_DEVICE_ATTR.
pub const KVM_CAP_DEVICE_CTRL: u32 = 89;
pub const KVM_CAP_IRQ_MPIC: u32 = 90;
pub const KVM_CAP_PPC_RTAS: u32 = 91;
pub const KVM_CAP_IRQ_XICS: u32 = 92;
pub const KVM_CAP_ARM_EL1_32BIT: u32 = 93;
pub const KVM_CAP_SPAPR_MULTITCE: u32 = 94;
pub const KVM_CAP_EXT_EMUL_CPUID: u32 = 95;
pub const KVM_CAP_HYPERV_TIME: u32 = 96;
pub const KVM_CAP_IOAPIC_POLARITY_IGNORED: u32 = 97;
/// Announces KVM_ENABLE_CAP.
pub const KVM_CAP_ENABLE_CAP_VM: u32 = 98;
pub const KVM_CAP_S390_IRQCHIP: u32 = 99;
pub const KVM_CAP_IOEVENTFD_NO_LENGTH: u32 = 100;
pub const KVM_CAP_VM_ATTRIBUTES: u32 = 101;
pub const KVM_CAP_ARM_PSCI_0_2: u32 = 102;
pub const KVM_CAP_PPC_FIXUP_HCALL: u32 = 103;
pub const KVM_CAP_PPC_ENABLE_HCALL: u32 = 104;
pub const KVM_CAP_CHECK_EXTENSION_VM: u32 = 105;
pub const KVM_CAP_S390_USER_SIGP: u32 = 106;
pub const KVM_CAP_S390_VECTOR_REGISTERS: u32 = 107;
pub const KVM_CAP_S390_MEM_OP: u32 = 108;
pub const KVM_CAP_S390_USER_STSI: u32 = 109;
pub const KVM_CAP_S390_SKEYS: u32 = 110;
pub const KVM_CAP_MIPS_FPU: u32 = 111;
pub const KVM_CAP_MIPS_MSA: u32 = 112;
pub const KVM_CAP_S390_INJECT_IRQ: u32 = 113;
pub const KVM_CAP_S390_IRQ_STATE: u32 = 114;
pub const KVM_CAP_PPC_HWRNG: u32 = 115;
pub const KVM_CAP_DISABLE_QUIRKS: u32 = 116;
pub const KVM_CAP_X86_SMM: u32 = 117;
pub const KVM_CAP_MULTI_ADDRESS_SPACE: u32 = 118;
pub const KVM_CAP_GUEST_DEBUG_HW_BPS: u32 = 119;
pub const KVM_CAP_GUEST_DEBUG_HW_WPS: u32 = 120;
pub const KVM_CAP_SPLIT_IRQCHIP: u32 = 121;
pub const KVM_CAP_IOEVENTFD_ANY_LENGTH: u32 = 122;
pub const KVM_CAP_HYPERV_SYNIC: u32 = 123;
pub const KVM_CAP_S390_RI: u32 = 124;
pub const KVM_CAP_SPAPR_TCE_64: u32 = 125;
pub const KVM_CAP_ARM_PMU_V3: u32 = 126;
pub const KVM_CAP_VCPU_ATTRIBUTES: u32 = 127;
pub const KVM_CAP_MAX_VCPU_ID: u32 = 128;
pub const KVM_CAP_X2APIC_API: u32 = 129;
pub const KVM_CAP_S390_USER_INSTR0: u32 = 130;
pub const KVM_CAP_MSI_DEVID: u32 = 131;
pub const KVM_CAP_PPC_HTM: u32 = 132;
pub const KVM_CAP_SPAPR_RESIZE_HPT: u32 = 133;
pub const KVM_CAP_PPC_MMU_RADIX: u32 = 134;
pub const KVM_CAP_PPC_MMU_HASH_V3: u32 = 135;
pub const KVM_CAP_IMMEDIATE_EXIT: u32 = 136;
pub const KVM_CAP_MIPS_VZ: u32 = 137;
pub const KVM_CAP_MIPS_TE: u32 = 138;
pub const KVM_CAP_MIPS_64BIT: u32 = 139;
pub const KVM_CAP_S390_GS: u32 = 140;
pub const KVM_CAP_S390_AIS: u32 = 141;
pub const KVM_CAP_SPAPR_TCE_VFIO: u32 = 142;
pub const KVM_CAP_X86_DISABLE_EXITS: u32 = 143;
pub const KVM_CAP_ARM_USER_IRQ: u32 = 144;
pub const KVM_CAP_S390_CMMA_MIGRATION: u32 = 145;
pub const KVM_CAP_PPC_FWNMI: u32 = 146;
pub const KVM_CAP_PPC_SMT_POSSIBLE: u32 = 147;
pub const KVM_CAP_HYPERV_SYNIC2: u32 = 148;
pub const KVM_CAP_HYPERV_VP_INDEX: u32 = 149;
pub const KVM_CAP_S390_AIS_MIGRATION: u32 = 150;
pub const KVM_CAP_PPC_GET_CPU_CHAR: u32 = 151;
pub const KVM_CAP_S390_BPB: u32 = 152;
pub const KVM_CAP_GET_MSR_FEATURES: u32 = 153;
pub const KVM_CAP_HYPERV_EVENTFD: u32 = 154;
pub const KVM_CAP_HYPERV_TLBFLUSH: u32 = 155;
pub const KVM_CAP_S390_HPAGE_1M: u32 = 156;
pub const KVM_CAP_NESTED_STATE: u32 = 157;
pub const KVM_CAP_ARM_INJECT_SERROR_ESR: u32 = 158;
pub const KVM_CAP_MSR_PLATFORM_INFO: u32 = 159;
pub const KVM_CAP_PPC_NESTED_HV: u32 = 160;
pub const KVM_CAP_HYPERV_SEND_IPI: u32 = 161;
pub const KVM_CAP_COALESCED_PIO: u32 = 162;
pub const KVM_CAP_HYPERV_ENLIGHTENED_VMCS: u32 = 163;
pub const KVM_CAP_EXCEPTION_PAYLOAD: u32 = 164;
pub const KVM_CAP_ARM_VM_IPA_SIZE: u32 = 165;
pub const KVM_CAP_MANUAL_DIRTY_LOG_PROTECT: u32 = 166;
pub const KVM_CAP_HYPERV_CPUID: u32 = 167;
/// Announces KVM_CLEAR_DIRTY_LOG.
pub const KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: u32 = 168;
pub const KVM_CAP_PPC_IRQ_XIVE: u32 = 169;
/// Announces KVM_ARM_VCPU_FINALIZE.
pub const KVM_CAP_ARM_SVE: u32 = 170;
pub const KVM_CAP_ARM_PTRAUTH_ADDRESS: u32 = 171;
pub const KVM_CAP_ARM_PTRAUTH_GENERIC: u32 = 172;
pub const KVM_CAP_PMU_EVENT_FILTER: u32 = 173;
pub const KVM_CAP_ARM_IRQ_LINE_LAYOUT_2: u32 = 174;
pub const KVM_CAP_HYPERV_DIRECT_TLBFLUSH: u32 = 175;
pub const KVM_CAP_PPC_GUEST_DEBUG_SSTEP: u32 = 176;
pub const KVM_CAP_ARM_NISV_TO_USER: u32 = 177;
pub const KVM_CAP_ARM_INJECT_EXT_DABT: u32 = 178;
pub const KVM_CAP_S390_VCPU_RESETS: u32 = 179;
pub const KVM_CAP_S390_PROTECTED: u32 = 180;
pub const KVM_CAP_PPC_SECURE_GUEST: u32 = 181;
pub const KVM_CAP_HALT_POLL: u32 = 182;
pub const KVM_CAP_ASYNC_PF_INT: u32 = 183;
pub const KVM_CAP_LAST_CPU: u32 = 184;
pub const KVM_CAP_SMALLER_MAXPHYADDR: u32 = 185;
pub const KVM_CAP_S390_DIAG318: u32 = 186;
pub const KVM_CAP_STEAL_TIME: u32 = 187;
pub const KVM_CAP_X86_USER_SPACE_MSR: u32 = 188;
pub const KVM_CAP_X86_MSR_FILTER: u32 = 189;
pub const KVM_CAP_ENFORCE_PV_FEATURE_CPUID: u32 = 190;
pub const KVM_CAP_SYS_HYPERV_CPUID: u32 = 191;
pub const KVM_CAP_DIRTY_LOG_RING: u32 = 192;
pub const KVM_CAP_X86_BUS_LOCK_EXIT: u32 = 193;
pub const KVM_CAP_PPC_DAWR1: u32 = 194;
pub const KVM_CAP_SET_GUEST_DEBUG2: u32 = 195;
pub const KVM_CAP_SGX_ATTRIBUTE: u32 = 196;
pub const KVM_CAP_VM_COPY_ENC_CONTEXT_FROM: u32 = 197;
pub const KVM_CAP_PTP_KVM: u32 = 198;
pub const KVM_CAP_HYPERV_ENFORCE_CPUID: u32 = 199;
pub const KVM_CAP_SREGS2: u32 = 200;
pub const KVM_CAP_EXIT_HYPERCALL: u32 = 201;
pub const KVM_CAP_PPC_RPT_INVALIDATE: u32 = 202;
/// Announces KVM_GET_STATS_FD.
pub const KVM_CAP_BINARY_STATS_FD: u32 = 203;
pub const KVM_CAP_EXIT_ON_EMULATION_FAILURE: u32 = 204;
/// Announces KVM_ARM_MTE_COPY_TAGS.
pub const KVM_CAP_ARM_MTE: u32 = 205;
pub const KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM: u32 = 206;
pub const KVM_CAP_VM_GPA_BITS: u32 = 207;
pub const KVM_CAP_XSAVE2: u32 = 208;
pub const KVM_CAP_SYS_ATTRIBUTES: u32 = 209;
pub const KVM_CAP_PPC_AIL_MODE_3: u32 = 210;
pub const KVM_CAP_S390_MEM_OP_EXTENSION: u32 = 211;
pub const KVM_CAP_PMU_CAPABILITY: u32 = 212;
pub const KVM_CAP_DISABLE_QUIRKS2: u32 = 213;
pub const KVM_CAP_VM_TSC_CONTROL: u32 = 214;
pub const KVM_CAP_SYSTEM_EVENT_DATA: u32 = 215;
pub const KVM_CAP_ARM_SYSTEM_SUSPEND: u32 = 216;
pub const KVM_CAP_S390_PROTECTED_DUMP: u32 = 217;
pub const KVM_CAP_X86_TRIPLE_FAULT_EVENT: u32 = 218;
pub const KVM_CAP_X86_NOTIFY_VMEXIT: u32 = 219;
pub const KVM_CAP_VM_DISABLE_NX_HUGE_PAGES: u32 = 220;
pub const KVM_CAP_S390_ZPCI_OP: u32 = 221;
pub const KVM_CAP_S390_CPU_TOPOLOGY: u32 = 222;
/// Announces KVM_RESET_DIRTY_RINGS.
pub const KVM_CAP_DIRTY_LOG_RING_ACQ_REL: u32 = 223;
pub const KVM_CAP_S390_PROTECTED_ASYNC_DISABLE: u32 = 224;
pub const KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP: u32 = 225;
pub const KVM_CAP_PMU_EVENT_MASKED_EVENTS: u32 = 226;
/// Announces KVM_ARM_SET_COUNTER_OFFSET.
pub const KVM_CAP_COUNTER_OFFSET: u32 = 227;
pub const KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE: u32 = 228;
pub const KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES: u32 = 229;
/// Announces KVM_ARM_GET_REG_WRITABLE_MASKS.
pub const KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES: u32 = 230;
/// Announces KVM_SET_USER_MEMORY_REGION2.
pub const KVM_CAP_USER_MEMORY2: u32 = 231;
pub const KVM_CAP_MEMORY_FAULT_INFO: u32 = 232;
/// Announces KVM_SET_MEMORY_ATTRIBUTES.
pub const KVM_CAP_MEMORY_ATTRIBUTES: u32 = 233;
/// Announces KVM_CREATE_GUEST_MEMFD.
pub const KVM_CAP_GUEST_MEMFD: u32 = 234;
pub const KVM_CAP_VM_TYPES: u32 = 235;
/// Announces KVM_PRE_FAULT_MEMORY.
pub const KVM_CAP_PRE_FAULT_MEMORY: u32 = 236;
pub const KVM_CAP_X86_APIC_BUS_CYCLES_NS: u32 = 237;
pub const KVM_CAP_X86_GUEST_MODE: u32 = 238;
pub const KVM_CAP_ARM_WRITABLE_IMP_ID_REGS: u32 = 239;
pub const KVM_CAP_ARM_EL2: u32 = 240;
pub const KVM_CAP_ARM_EL2_E2H0: u32 = 241;
pub const KVM_CAP_RISCV_MP_STATE_RESET: u32 = 242;
pub const KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED: u32 = 243;
pub const KVM_CAP_GUEST_MEMFD_FLAGS: u32 = 244;
pub const KVM_CAP_ARM_SEA_TO_USER: u32 = 245;
pub const KVM_CAP_S390_USER_OPEREXEC: u32 = 246;
pub const KVM_CAP_S390_KEYOP: u32 = 247;
pub const KVM_CAP_S390_VSIE_ESAMODE: u32 = 248;
/// The machine type's bits that hold the size of the guest physical address space; 0 means 40.
pub const KVM_VM_TYPE_ARM_IPA_SIZE_MASK: u64 = 255;
pub const KVM_VM_TYPE_ARM_PROTECTED: u64 = 0x8000_0000;
/// args[0] of KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2.
pub const KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE: u64 = 1;
pub const KVM_DIRTY_LOG_INITIALLY_SET: u64 = 2;
pub const KVM_MEM_LOG_DIRTY_PAGES: u32 = 1;
pub const KVM_MEM_READONLY: u32 = 2;
pub const KVM_MEM_GUEST_MEMFD: u32 = 4;
pub const KVM_MEMORY_ATTRIBUTE_PRIVATE: u64 = 8;
pub const GUEST_MEMFD_FLAG_MMAP: u64 = 1;
pub const GUEST_MEMFD_FLAG_INIT_SHARED: u64 = 2;
pub const KVM_DIRTY_GFN_F_DIRTY: u32 = 1;
pub const KVM_DIRTY_GFN_F_RESET: u32 = 2;
pub const KVM_DIRTY_GFN_F_MASK: u32 = 3;
pub const KVM_IRQ_ROUTING_IRQCHIP: u32 = 1;
pub const KVM_IRQ_ROUTING_MSI: u32 = 2;
pub const KVM_IRQ_ROUTING_S390_ADAPTER: u32 = 3;
pub const KVM_IRQ_ROUTING_HV_SINT: u32 = 4;
pub const KVM_IRQ_ROUTING_XEN_EVTCHN: u32 = 5;
pub const KVM_MSI_VALID_DEVID: u32 = 1;
pub const KVM_IRQFD_FLAG_DEASSIGN: u32 = 1;
pub const KVM_IRQFD_FLAG_RESAMPLE: u32 = 2;
pub const KVM_IOEVENTFD_FLAG_DATAMATCH: u32 = 1;
pub const KVM_IOEVENTFD_FLAG_PIO: u32 = 2;
pub const KVM_IOEVENTFD_FLAG_DEASSIGN: u32 = 4;
pub const KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY: u32 = 8;
pub const KVM_IOEVENTFD_VALID_FLAG_MASK: u32 = 31;
/// KVM_COALESCED_MMIO_MAX with pages of 4 KiB.
pub const KVM_COALESCED_MMIO_MAX: u32 = 170;
pub const KVM_CREATE_DEVICE_TEST: u32 = 1;
pub const KVM_DEV_TYPE_FSL_MPIC_20: u32 = 1;
pub const KVM_DEV_TYPE_FSL_MPIC_42: u32 = 2;
pub const KVM_DEV_TYPE_XICS: u32 = 3;
pub const KVM_DEV_TYPE_VFIO: u32 = 4;
pub const KVM_DEV_TYPE_ARM_VGIC_V2: u32 = 5;
pub const KVM_DEV_TYPE_FLIC: u32 = 6;
pub const KVM_DEV_TYPE_ARM_VGIC_V3: u32 = 7;
pub const KVM_DEV_TYPE_ARM_VGIC_ITS: u32 = 8;
pub const KVM_DEV_TYPE_XIVE: u32 = 9;
pub const KVM_DEV_TYPE_ARM_PV_TIME: u32 = 10;
pub const KVM_DEV_TYPE_ARM_VGIC_V5: u32 = 16;
pub const KVM_MP_STATE_RUNNABLE: u32 = 0;
pub const KVM_MP_STATE_UNINITIALIZED: u32 = 1;
pub const KVM_MP_STATE_INIT_RECEIVED: u32 = 2;
pub const KVM_MP_STATE_HALTED: u32 = 3;
pub const KVM_MP_STATE_SIPI_RECEIVED: u32 = 4;
pub const KVM_MP_STATE_STOPPED: u32 = 5;
pub const KVM_MP_STATE_CHECK_STOP: u32 = 6;
pub const KVM_MP_STATE_OPERATING: u32 = 7;
pub const KVM_MP_STATE_LOAD: u32 = 8;
pub const KVM_MP_STATE_AP_RESET_HOLD: u32 = 9;
pub const KVM_MP_STATE_SUSPENDED: u32 = 10;
pub const KVM_GUESTDBG_ENABLE: u32 = 1;
pub const KVM_GUESTDBG_SINGLESTEP: u32 = 2;
pub const KVM_EXIT_UNKNOWN: u32 = 0;
pub const KVM_EXIT_EXCEPTION: u32 = 1;
pub const KVM_EXIT_IO: u32 = 2;
pub const KVM_EXIT_HYPERCALL: u32 = 3;
pub const KVM_EXIT_DEBUG: u32 = 4;
pub const KVM_EXIT_HLT: u32 = 5;
pub const KVM_EXIT_MMIO: u32 = 6;
pub const KVM_EXIT_IRQ_WINDOW_OPEN: u32 = 7;
pub const KVM_EXIT_SHUTDOWN: u32 = 8;
pub const KVM_EXIT_FAIL_ENTRY: u32 = 9;
pub const KVM_EXIT_INTR: u32 = 10;
pub const KVM_EXIT_SET_TPR: u32 = 11;
pub const KVM_EXIT_TPR_ACCESS: u32 = 12;
pub const KVM_EXIT_S390_SIEIC: u32 = 13;
pub const KVM_EXIT_S390_RESET: u32 = 14;
pub const KVM_EXIT_DCR: u32 = 15;
pub const KVM_EXIT_NMI: u32 = 16;
pub const KVM_EXIT_INTERNAL_ERROR: u32 = 17;
pub const KVM_EXIT_OSI: u32 = 18;
pub const KVM_EXIT_PAPR_HCALL: u32 = 19;
pub const KVM_EXIT_S390_UCONTROL: u32 = 20;
pub const KVM_EXIT_WATCHDOG: u32 = 21;
pub const KVM_EXIT_S390_TSCH: u32 = 22;
pub const KVM_EXIT_EPR: u32 = 23;
pub const KVM_EXIT_SYSTEM_EVENT: u32 = 24;
pub const KVM_EXIT_S390_STSI: u32 = 25;
pub const KVM_EXIT_IOAPIC_EOI: u32 = 26;
pub const KVM_EXIT_HYPERV: u32 = 27;
pub const KVM_EXIT_ARM_NISV: u32 = 28;
pub const KVM_EXIT_X86_RDMSR: u32 = 29;
pub const KVM_EXIT_X86_WRMSR: u32 = 30;
pub const KVM_EXIT_DIRTY_RING_FULL: u32 = 31;
pub const KVM_EXIT_AP_RESET_HOLD: u32 = 32;
pub const KVM_EXIT_X86_BUS_LOCK: u32 = 33;
pub const KVM_EXIT_XEN: u32 = 34;
pub const KVM_EXIT_RISCV_SBI: u32 = 35;
pub const KVM_EXIT_RISCV_CSR: u32 = 36;
pub const KVM_EXIT_NOTIFY: u32 = 37;
pub const KVM_EXIT_LOONGARCH_IOCSR: u32 = 38;
pub const KVM_EXIT_MEMORY_FAULT: u32 = 39;
pub const KVM_EXIT_TDX: u32 = 40;
pub const KVM_EXIT_ARM_SEA: u32 = 41;
pub const KVM_EXIT_ARM_LDST64B: u32 = 42;
pub const KVM_EXIT_SNP_REQ_CERTS: u32 = 43;
pub const KVM_INTERNAL_ERROR_EMULATION: u32 = 1;
pub const KVM_INTERNAL_ERROR_SIMUL_EX: u32 = 2;
pub const KVM_INTERNAL_ERROR_DELIVERY_EV: u32 = 3;
pub const KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON: u32 = 4;
pub const KVM_SYSTEM_EVENT_SHUTDOWN: u32 = 1;
pub const KVM_SYSTEM_EVENT_RESET: u32 = 2;
pub const KVM_SYSTEM_EVENT_CRASH: u32 = 3;
pub const KVM_SYSTEM_EVENT_WAKEUP: u32 = 4;
pub const KVM_SYSTEM_EVENT_SUSPEND: u32 = 5;
pub const KVM_SYSTEM_EVENT_SEV_TERM: u32 = 6;
pub const KVM_SYSTEM_EVENT_TDX_FATAL: u32 = 7;
pub const KVM_MEMORY_EXIT_FLAG_PRIVATE: u64 = 8;
pub const KVM_EXIT_ARM_SEA_FLAG_GPA_VALID: u64 = 1;
pub const SYNC_REGS_SIZE_BYTES: u32 = 0x800;
pub const KVM_STATS_TYPE_SHIFT: u32 = 0;
pub const KVM_STATS_TYPE_MASK: u32 = 15;
pub const KVM_STATS_TYPE_CUMULATIVE: u32 = 0;
pub const KVM_STATS_TYPE_INSTANT: u32 = 1;
pub const KVM_STATS_TYPE_PEAK: u32 = 2;
pub const KVM_STATS_TYPE_LINEAR_HIST: u32 = 3;
pub const KVM_STATS_TYPE_LOG_HIST: u32 = 4;
pub const KVM_STATS_UNIT_SHIFT: u32 = 4;
pub const KVM_STATS_UNIT_MASK: u32 = 240;
pub const KVM_STATS_UNIT_NONE: u32 = 0;
pub const KVM_STATS_UNIT_BYTES: u32 = 16;
pub const KVM_STATS_UNIT_SECONDS: u32 = 32;
pub const KVM_STATS_UNIT_CYCLES: u32 = 48;
pub const KVM_STATS_UNIT_BOOLEAN: u32 = 64;
pub const KVM_STATS_BASE_SHIFT: u32 = 8;
pub const KVM_STATS_BASE_MASK: u32 = 0xf00;
pub const KVM_STATS_BASE_POW10: u32 = 0;
pub const KVM_STATS_BASE_POW2: u32 = 256;
pub const KVM_ARM_DEV_EL1_VTIMER: u64 = 1;
pub const KVM_ARM_DEV_EL1_PTIMER: u64 = 2;
pub const KVM_ARM_DEV_PMU: u64 = 4;

// asm/kvm.h

pub const KVM_SPSR_EL1: u32 = 0;
pub const KVM_SPSR_SVC: u32 = 0;
pub const KVM_SPSR_ABT: u32 = 1;
pub const KVM_SPSR_UND: u32 = 2;
pub const KVM_SPSR_IRQ: u32 = 3;
pub const KVM_SPSR_FIQ: u32 = 4;
pub const KVM_NR_SPSR: u32 = 5;
pub const KVM_ARM_TARGET_AEM_V8: u32 = 0;
pub const KVM_ARM_TARGET_FOUNDATION_V8: u32 = 1;
pub const KVM_ARM_TARGET_CORTEX_A57: u32 = 2;
pub const KVM_ARM_TARGET_XGENE_POTENZA: u32 = 3;
pub const KVM_ARM_TARGET_CORTEX_A53: u32 = 4;
pub const KVM_ARM_TARGET_GENERIC_V8: u32 = 5;
pub const KVM_ARM_NUM_TARGETS: u32 = 6;
/// Bit numbers in kvm_vcpu_init.features.
pub const KVM_ARM_VCPU_POWER_OFF: u32 = 0;
pub const KVM_ARM_VCPU_EL1_32BIT: u32 = 1;
pub const KVM_ARM_VCPU_PSCI_0_2: u32 = 2;
pub const KVM_ARM_VCPU_PMU_V3: u32 = 3;
pub const KVM_ARM_VCPU_SVE: u32 = 4;
pub const KVM_ARM_VCPU_PTRAUTH_ADDRESS: u32 = 5;
pub const KVM_ARM_VCPU_PTRAUTH_GENERIC: u32 = 6;
pub const KVM_ARM_VCPU_HAS_EL2: u32 = 7;
pub const KVM_ARM_VCPU_HAS_EL2_E2H0: u32 = 8;
pub const KVM_ARM_TAGS_TO_GUEST: u64 = 0;
pub const KVM_ARM_TAGS_FROM_GUEST: u64 = 1;
pub const KVM_ARM_MAX_DBG_REGS: u32 = 16;
/// kvm_guest_debug.control, beside the generic bits.
pub const KVM_GUESTDBG_USE_SW_BP: u32 = 0x1_0000;
pub const KVM_GUESTDBG_USE_HW: u32 = 0x2_0000;
/// kvm_run.flags on KVM_EXIT_DEBUG.
pub const KVM_DEBUG_ARCH_HSR_HIGH_VALID: u32 = 1;
/// The page of a vCPU's mapping that holds the coalesced MMIO ring.
pub const KVM_COALESCED_MMIO_PAGE_OFFSET: u32 = 1;
/// The page of a vCPU's mapping from which on a dirty ring lies.
pub const KVM_DIRTY_LOG_PAGE_OFFSET: u32 = 64;
/// kvm_run.system_event.data[0]
pub const KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2: u64 = 1;
pub const KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2: u64 = 1;
/// kvm_run.fail_entry.hardware_entry_failure_reason
pub const KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED: u64 = 1;
/// kvm_run.hypercall.flags
pub const KVM_HYPERCALL_EXIT_SMC: u64 = 1;
pub const KVM_HYPERCALL_EXIT_16BIT: u64 = 2;
pub const KVM_ARM_IRQ_VCPU2_SHIFT: u32 = 28;
pub const KVM_ARM_IRQ_VCPU2_MASK: u32 = 15;
pub const KVM_ARM_IRQ_TYPE_SHIFT: u32 = 24;
pub const KVM_ARM_IRQ_TYPE_MASK: u32 = 15;
pub const KVM_ARM_IRQ_VCPU_SHIFT: u32 = 16;
pub const KVM_ARM_IRQ_VCPU_MASK: u32 = 255;
pub const KVM_ARM_IRQ_NUM_SHIFT: u32 = 0;
pub const KVM_ARM_IRQ_NUM_MASK: u32 = 0xffff;
pub const KVM_ARM_IRQ_TYPE_CPU: u32 = 0;
pub const KVM_ARM_IRQ_TYPE_SPI: u32 = 1;
pub const KVM_ARM_IRQ_TYPE_PPI: u32 = 2;
pub const KVM_ARM_IRQ_CPU_IRQ: u32 = 0;
pub const KVM_ARM_IRQ_CPU_FIQ: u32 = 1;
pub const KVM_NR_IRQCHIPS: u32 = 1;
pub const KVM_ARM_DEVICE_TYPE_SHIFT: u64 = 0;
pub const KVM_ARM_DEVICE_TYPE_MASK: u64 = 0xffff;
pub const KVM_ARM_DEVICE_ID_SHIFT: u64 = 16;
pub const KVM_ARM_DEVICE_ID_MASK: u64 = 0xffff_0000;
pub const KVM_ARM_DEVICE_VGIC_V2: u64 = 0;
pub const KVM_DEV_ARM_VGIC_GRP_ADDR: u32 = 0;
pub const KVM_VGIC_V2_ADDR_TYPE_DIST: u64 = 0;
pub const KVM_VGIC_V2_ADDR_TYPE_CPU: u64 = 1;
pub const KVM_VGIC_V3_ADDR_TYPE_DIST: u64 = 2;
pub const KVM_VGIC_V3_ADDR_TYPE_REDIST: u64 = 3;
pub const KVM_VGIC_ITS_ADDR_TYPE: u64 = 4;
pub const KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION: u64 = 5;
pub const KVM_DEV_ARM_VGIC_GRP_DIST_REGS: u32 = 1;
pub const KVM_DEV_ARM_VGIC_GRP_CPU_REGS: u32 = 2;
pub const KVM_DEV_ARM_VGIC_CPUID_SHIFT: u64 = 32;
pub const KVM_DEV_ARM_VGIC_CPUID_MASK: u64 = 0x0000_00ff_0000_0000;
pub const KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT: u64 = 32;
pub const KVM_DEV_ARM_VGIC_V3_MPIDR_MASK: u64 = 0xffff_ffff_0000_0000;
pub const KVM_DEV_ARM_VGIC_OFFSET_SHIFT: u64 = 0;
pub const KVM_DEV_ARM_VGIC_OFFSET_MASK: u64 = 0xffff_ffff;
pub const KVM_DEV_ARM_VGIC_SYSREG_INSTR_MASK: u64 = 0xffff;
pub const KVM_DEV_ARM_VGIC_GRP_NR_IRQS: u32 = 3;
pub const KVM_DEV_ARM_VGIC_GRP_CTRL: u32 = 4;
pub const KVM_DEV_ARM_VGIC_CTRL_INIT: u64 = 0;
pub const KVM_DEV_ARM_ITS_SAVE_TABLES: u64 = 1;
pub const KVM_DEV_ARM_ITS_RESTORE_TABLES: u64 = 2;
pub const KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES: u64 = 3;
pub const KVM_DEV_ARM_ITS_CTRL_RESET: u64 = 4;
pub const KVM_DEV_ARM_VGIC_GRP_REDIST_REGS: u32 = 5;
pub const KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: u32 = 6;
pub const KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO: u32 = 7;
pub const KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT: u64 = 10;
pub const KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_MASK: u64 = 0xffff_fc00;
pub const KVM_DEV_ARM_VGIC_LINE_LEVEL_INTID_MASK: u64 = 1023;
pub const VGIC_LEVEL_INFO_LINE_LEVEL: u64 = 0;
pub const KVM_DEV_ARM_VGIC_GRP_ITS_REGS: u32 = 8;
pub const KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ: u32 = 9;
/// Sizes of the frames in guest physical memory.
pub const KVM_VGIC_V2_DIST_SIZE: u32 = 0x1000;
pub const KVM_VGIC_V2_CPU_SIZE: u32 = 0x2000;
pub const KVM_VGIC_V3_DIST_SIZE: u32 = 0x1_0000;
pub const KVM_VGIC_V3_REDIST_SIZE: u32 = 0x2_0000;
pub const KVM_VGIC_V3_ITS_SIZE: u32 = 0x2_0000;
pub const KVM_ARM_VCPU_PMU_V3_CTRL: u32 = 0;
pub const KVM_ARM_VCPU_PMU_V3_IRQ: u64 = 0;
pub const KVM_ARM_VCPU_PMU_V3_INIT: u64 = 1;
pub const KVM_ARM_VCPU_PMU_V3_FILTER: u64 = 2;
pub const KVM_ARM_VCPU_PMU_V3_SET_PMU: u64 = 3;
pub const KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS: u64 = 4;
pub const KVM_ARM_VCPU_TIMER_CTRL: u32 = 1;
pub const KVM_ARM_VCPU_TIMER_IRQ_VTIMER: u64 = 0;
pub const KVM_ARM_VCPU_TIMER_IRQ_PTIMER: u64 = 1;
pub const KVM_ARM_VCPU_TIMER_IRQ_HVTIMER: u64 = 2;
pub const KVM_ARM_VCPU_TIMER_IRQ_HPTIMER: u64 = 3;
pub const KVM_ARM_VCPU_PVTIME_CTRL: u32 = 2;
pub const KVM_ARM_VCPU_PVTIME_IPA: u64 = 0;
pub const KVM_PMU_EVENT_ALLOW: u32 = 0;
pub const KVM_PMU_EVENT_DENY: u32 = 1;
pub const KVM_ARM_VM_SMCCC_CTRL: u32 = 0;
pub const KVM_ARM_VM_SMCCC_FILTER: u64 = 0;
pub const KVM_SMCCC_FILTER_HANDLE: u32 = 0;
pub const KVM_SMCCC_FILTER_DENY: u32 = 1;
pub const KVM_SMCCC_FILTER_FWD_TO_USER: u32 = 2;
pub const KVM_ARM_FEATURE_ID_RANGE: u32 = 0;
pub const KVM_ARM_FEATURE_ID_RANGE_SIZE: u32 = 192;
pub const KVM_PSCI_FN_BASE: u32 = 0x95c1_ba5e;
pub const KVM_PSCI_FN_CPU_SUSPEND: u32 = 0x95c1_ba5e;
pub const KVM_PSCI_FN_CPU_OFF: u32 = 0x95c1_ba5f;
pub const KVM_PSCI_FN_CPU_ON: u32 = 0x95c1_ba60;
pub const KVM_PSCI_FN_MIGRATE: u32 = 0x95c1_ba61;
pub const KVM_REG_ARCH_MASK: u64 = 0xff00_0000_0000_0000;
pub const KVM_REG_GENERIC: u64 = 0;
pub const KVM_REG_PPC: u64 = 0x1000_0000_0000_0000;
pub const KVM_REG_X86: u64 = 0x2000_0000_0000_0000;
pub const KVM_REG_IA64: u64 = 0x3000_0000_0000_0000;
pub const KVM_REG_ARM: u64 = 0x4000_0000_0000_0000;
pub const KVM_REG_S390: u64 = 0x5000_0000_0000_0000;
pub const KVM_REG_ARM64: u64 = 0x6000_0000_0000_0000;
pub const KVM_REG_MIPS: u64 = 0x7000_0000_0000_0000;
pub const KVM_REG_RISCV: u64 = 0x8000_0000_0000_0000;
pub const KVM_REG_SIZE_SHIFT: u64 = 52;
pub const KVM_REG_SIZE_MASK: u64 = 0x00f0_0000_0000_0000;
pub const KVM_REG_SIZE_U8: u64 = 0;
pub const KVM_REG_SIZE_U16: u64 = 0x0010_0000_0000_0000;
pub const KVM_REG_SIZE_U32: u64 = 0x0020_0000_0000_0000;
pub const KVM_REG_SIZE_U64: u64 = 0x0030_0000_0000_0000;
pub const KVM_REG_SIZE_U128: u64 = 0x0040_0000_0000_0000;
pub const KVM_REG_SIZE_U256: u64 = 0x0050_0000_0000_0000;
pub const KVM_REG_SIZE_U512: u64 = 0x0060_0000_0000_0000;
pub const KVM_REG_SIZE_U1024: u64 = 0x0070_0000_0000_0000;
pub const KVM_REG_SIZE_U2048: u64 = 0x0080_0000_0000_0000;
pub const KVM_REG_ARM_COPROC_MASK: u64 = 0xfff_0000;
pub const KVM_REG_ARM_COPROC_SHIFT: u64 = 16;
pub const KVM_REG_ARM_CORE: u64 = 0x10_0000;
pub const KVM_REG_ARM_DEMUX: u64 = 0x11_0000;
pub const KVM_REG_ARM64_SYSREG: u64 = 0x13_0000;
pub const KVM_REG_ARM_FW: u64 = 0x14_0000;
pub const KVM_REG_ARM64_SVE: u64 = 0x15_0000;
pub const KVM_REG_ARM_FW_FEAT_BMAP: u64 = 0x16_0000;
pub const KVM_REG_ARM_DEMUX_ID_MASK: u64 = 0xff00;
pub const KVM_REG_ARM_DEMUX_ID_SHIFT: u64 = 8;
pub const KVM_REG_ARM_DEMUX_ID_CCSIDR: u64 = 0;
pub const KVM_REG_ARM_DEMUX_VAL_MASK: u64 = 255;
pub const KVM_REG_ARM_DEMUX_VAL_SHIFT: u64 = 0;
pub const KVM_REG_ARM64_SYSREG_OP0_MASK: u64 = 0xc000;
pub const KVM_REG_ARM64_SYSREG_OP0_SHIFT: u64 = 14;
pub const KVM_REG_ARM64_SYSREG_OP1_MASK: u64 = 0x3800;
pub const KVM_REG_ARM64_SYSREG_OP1_SHIFT: u64 = 11;
pub const KVM_REG_ARM64_SYSREG_CRN_MASK: u64 = 0x780;
pub const KVM_REG_ARM64_SYSREG_CRN_SHIFT: u64 = 7;
pub const KVM_REG_ARM64_SYSREG_CRM_MASK: u64 = 120;
pub const KVM_REG_ARM64_SYSREG_CRM_SHIFT: u64 = 3;
pub const KVM_REG_ARM64_SYSREG_OP2_MASK: u64 = 7;
pub const KVM_REG_ARM64_SYSREG_OP2_SHIFT: u64 = 0;
/// The virtual timer's CVAL and CNT have each other's encodings; that is ABI.
pub const KVM_REG_ARM_TIMER_CTL: u64 = 0x6030_0000_0013_df19;
pub const KVM_REG_ARM_TIMER_CVAL: u64 = 0x6030_0000_0013_df02;
pub const KVM_REG_ARM_TIMER_CNT: u64 = 0x6030_0000_0013_df1a;
pub const KVM_REG_ARM_PTIMER_CTL: u64 = 0x6030_0000_0013_df11;
pub const KVM_REG_ARM_PTIMER_CVAL: u64 = 0x6030_0000_0013_df12;
pub const KVM_REG_ARM_PTIMER_CNT: u64 = 0x6030_0000_0013_df01;
pub const KVM_REG_ARM_PSCI_VERSION: u64 = 0x6030_0000_0014_0000;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1: u64 = 0x6030_0000_0014_0001;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_AVAIL: u64 = 0;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_AVAIL: u64 = 1;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_REQUIRED: u64 = 2;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2: u64 = 0x6030_0000_0014_0002;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_AVAIL: u64 = 0;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_UNKNOWN: u64 = 1;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_AVAIL: u64 = 2;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED: u64 = 3;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_ENABLED: u64 = 16;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3: u64 = 0x6030_0000_0014_0003;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_AVAIL: u64 = 0;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_AVAIL: u64 = 1;
pub const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_REQUIRED: u64 = 2;
/// Bit numbers stand behind each bitmap.
pub const KVM_REG_ARM_STD_BMAP: u64 = 0x6030_0000_0016_0000;
pub const KVM_REG_ARM_STD_BIT_TRNG_V1_0: u64 = 0;
pub const KVM_REG_ARM_STD_HYP_BMAP: u64 = 0x6030_0000_0016_0001;
pub const KVM_REG_ARM_STD_HYP_BIT_PV_TIME: u64 = 0;
pub const KVM_REG_ARM_VENDOR_HYP_BMAP: u64 = 0x6030_0000_0016_0002;
pub const KVM_REG_ARM_VENDOR_HYP_BIT_FUNC_FEAT: u64 = 0;
pub const KVM_REG_ARM_VENDOR_HYP_BIT_PTP: u64 = 1;
pub const KVM_REG_ARM_VENDOR_HYP_BMAP_2: u64 = 0x6030_0000_0016_0003;
pub const KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_VER: u64 = 0;
pub const KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_CPUS: u64 = 1;
pub const KVM_ARM64_SVE_NUM_ZREGS: u32 = 32;
pub const KVM_ARM64_SVE_NUM_PREGS: u32 = 16;
pub const KVM_ARM64_SVE_MAX_SLICES: u32 = 32;
pub const KVM_ARM64_SVE_VQ_MIN: u32 = 1;
pub const KVM_ARM64_SVE_VQ_MAX: u32 = 512;
pub const KVM_ARM64_SVE_VLS_WORDS: u32 = 8;
pub const KVM_REG_ARM64_SVE_ZREG_BASE: u64 = 0;
pub const KVM_REG_ARM64_SVE_PREG_BASE: u64 = 0x400;
pub const KVM_REG_ARM64_SVE_FFR_BASE: u64 = 0x600;
/// The pseudo-register of the vector lengths that a vCPU offers.
pub const KVM_REG_ARM64_SVE_VLS: u64 = 0x6060_0000_0015_ffff;

// asm/ptrace.h

pub const PSR_MODE_EL0t: u64 = 0;
pub const PSR_MODE_EL1t: u64 = 4;
pub const PSR_MODE_EL1h: u64 = 5;
pub const PSR_MODE_EL2t: u64 = 8;
pub const PSR_MODE_EL2h: u64 = 9;
pub const PSR_MODE_EL3t: u64 = 12;
pub const PSR_MODE_EL3h: u64 = 13;
pub const PSR_MODE_MASK: u64 = 15;
pub const PSR_MODE32_BIT: u64 = 16;
pub const PSR_F_BIT: u64 = 64;
pub const PSR_I_BIT: u64 = 128;
pub const PSR_A_BIT: u64 = 256;
pub const PSR_D_BIT: u64 = 512;
pub const PSR_BTYPE_MASK: u64 = 0xc00;
pub const PSR_SSBS_BIT: u64 = 0x1000;
pub const PSR_PAN_BIT: u64 = 0x40_0000;
pub const PSR_UAO_BIT: u64 = 0x80_0000;
pub const PSR_DIT_BIT: u64 = 0x100_0000;
pub const PSR_TCO_BIT: u64 = 0x200_0000;
pub const PSR_V_BIT: u64 = 0x1000_0000;
pub const PSR_C_BIT: u64 = 0x2000_0000;
pub const PSR_Z_BIT: u64 = 0x4000_0000;
pub const PSR_N_BIT: u64 = 0x8000_0000;
pub const PSR_AA32_MODE_MASK: u64 = 31;
pub const PSR_AA32_MODE_USR: u64 = 16;
pub const PSR_AA32_MODE_FIQ: u64 = 17;
pub const PSR_AA32_MODE_IRQ: u64 = 18;
pub const PSR_AA32_MODE_SVC: u64 = 19;
pub const PSR_AA32_MODE_ABT: u64 = 23;
pub const PSR_AA32_MODE_UND: u64 = 27;
pub const PSR_AA32_MODE_SYS: u64 = 31;
pub const PTRACE_PEEKMTETAGS: u32 = 33;
pub const PTRACE_POKEMTETAGS: u32 = 34;

// linux/mman.h, linux/memfd.h

pub const PROT_NONE: u32 = 0;
pub const PROT_READ: u32 = 1;
pub const PROT_WRITE: u32 = 2;
pub const PROT_EXEC: u32 = 4;
pub const PROT_SEM: u32 = 8;
/// arm64: branch target identification.
pub const PROT_BTI: u32 = 16;
/// arm64: Normal-Tagged memory.
pub const PROT_MTE: u32 = 32;
pub const PROT_GROWSDOWN: u32 = 0x100_0000;
pub const PROT_GROWSUP: u32 = 0x200_0000;
pub const MAP_SHARED: u32 = 1;
pub const MAP_PRIVATE: u32 = 2;
pub const MAP_SHARED_VALIDATE: u32 = 3;
pub const MAP_TYPE: u32 = 15;
pub const MAP_FIXED: u32 = 16;
pub const MAP_ANONYMOUS: u32 = 32;
pub const MAP_GROWSDOWN: u32 = 256;
pub const MAP_DENYWRITE: u32 = 0x800;
pub const MAP_EXECUTABLE: u32 = 0x1000;
pub const MAP_LOCKED: u32 = 0x2000;
pub const MAP_NORESERVE: u32 = 0x4000;
pub const MAP_POPULATE: u32 = 0x8000;
pub const MAP_NONBLOCK: u32 = 0x1_0000;
pub const MAP_STACK: u32 = 0x2_0000;
pub const MAP_HUGETLB: u32 = 0x4_0000;
pub const MAP_SYNC: u32 = 0x8_0000;
pub const MAP_FIXED_NOREPLACE: u32 = 0x10_0000;
/// With MAP_HUGETLB: log2 of the page size stands from this bit on.
pub const MAP_HUGE_SHIFT: u32 = 26;
pub const MAP_HUGE_MASK: u32 = 63;
pub const MADV_NORMAL: u32 = 0;
pub const MADV_RANDOM: u32 = 1;
pub const MADV_SEQUENTIAL: u32 = 2;
pub const MADV_WILLNEED: u32 = 3;
pub const MADV_DONTNEED: u32 = 4;
pub const MADV_FREE: u32 = 8;
pub const MADV_REMOVE: u32 = 9;
pub const MADV_DONTFORK: u32 = 10;
pub const MADV_DOFORK: u32 = 11;
pub const MADV_MERGEABLE: u32 = 12;
pub const MADV_UNMERGEABLE: u32 = 13;
pub const MADV_HUGEPAGE: u32 = 14;
pub const MADV_NOHUGEPAGE: u32 = 15;
pub const MADV_DONTDUMP: u32 = 16;
pub const MADV_DODUMP: u32 = 17;
pub const MADV_WIPEONFORK: u32 = 18;
pub const MADV_KEEPONFORK: u32 = 19;
pub const MADV_COLD: u32 = 20;
pub const MADV_PAGEOUT: u32 = 21;
pub const MADV_POPULATE_READ: u32 = 22;
pub const MADV_POPULATE_WRITE: u32 = 23;
pub const MADV_DONTNEED_LOCKED: u32 = 24;
pub const MADV_COLLAPSE: u32 = 25;
pub const MADV_HWPOISON: u32 = 100;
pub const MADV_SOFT_OFFLINE: u32 = 101;
pub const MREMAP_MAYMOVE: u32 = 1;
pub const MREMAP_FIXED: u32 = 2;
pub const MREMAP_DONTUNMAP: u32 = 4;
pub const MFD_CLOEXEC: u32 = 1;
pub const MFD_ALLOW_SEALING: u32 = 2;
pub const MFD_HUGETLB: u32 = 4;
pub const MFD_NOEXEC_SEAL: u32 = 8;
pub const MFD_EXEC: u32 = 16;

// asm-generic/fcntl.h

pub const O_RDONLY: u32 = 0;
pub const O_WRONLY: u32 = 1;
pub const O_RDWR: u32 = 2;
pub const O_ACCMODE: u32 = 3;
pub const O_CREAT: u32 = 64;
pub const O_EXCL: u32 = 128;
pub const O_NOCTTY: u32 = 256;
pub const O_TRUNC: u32 = 512;
pub const O_APPEND: u32 = 0x400;
pub const O_NONBLOCK: u32 = 0x800;
pub const O_DSYNC: u32 = 0x1000;
pub const FASYNC: u32 = 0x2000;
pub const O_DIRECTORY: u32 = 0x4000;
pub const O_NOFOLLOW: u32 = 0x8000;
pub const O_DIRECT: u32 = 0x1_0000;
pub const O_LARGEFILE: u32 = 0x2_0000;
pub const O_NOATIME: u32 = 0x4_0000;
pub const O_CLOEXEC: u32 = 0x8_0000;
pub const O_SYNC: u32 = 0x10_1000;
pub const O_PATH: u32 = 0x20_0000;
pub const O_TMPFILE: u32 = 0x40_4000;
pub const F_DUPFD: u32 = 0;
pub const F_GETFD: u32 = 1;
pub const F_SETFD: u32 = 2;
pub const F_GETFL: u32 = 3;
pub const F_SETFL: u32 = 4;
pub const F_DUPFD_CLOEXEC: u32 = 0x406;
pub const F_ADD_SEALS: u32 = 0x409;
pub const F_GET_SEALS: u32 = 0x40a;
pub const FD_CLOEXEC: u32 = 1;
pub const AT_FDCWD: i32 = -100;
pub const SEEK_SET: u32 = 0;
pub const SEEK_CUR: u32 = 1;
pub const SEEK_END: u32 = 2;
pub const FALLOC_FL_KEEP_SIZE: u32 = 1;
pub const FALLOC_FL_PUNCH_HOLE: u32 = 2;

// linux/prctl.h

pub const PR_SET_TAGGED_ADDR_CTRL: u32 = 55;
pub const PR_GET_TAGGED_ADDR_CTRL: u32 = 56;
/// Bit 0: system calls take tagged addresses.
pub const PR_TAGGED_ADDR_ENABLE: u32 = 1;
/// Bits 2:1: the modes of tag checking that the thread accepts; both: the CPU's preferred one.
pub const PR_MTE_TCF_SHIFT: u32 = 1;
pub const PR_MTE_TCF_NONE: u32 = 0;
pub const PR_MTE_TCF_SYNC: u32 = 2;
pub const PR_MTE_TCF_ASYNC: u32 = 4;
pub const PR_MTE_TCF_MASK: u32 = 6;
/// Bits 18:3: the tags that IRG may generate.
pub const PR_MTE_TAG_SHIFT: u32 = 3;
pub const PR_MTE_TAG_MASK: u32 = 0x7_fff8;

// linux/eventfd.h, asm-generic/poll.h

pub const EFD_SEMAPHORE: u32 = 1;
pub const EFD_NONBLOCK: u32 = 0x800;
pub const EFD_CLOEXEC: u32 = 0x8_0000;
pub const POLLIN: u32 = 1;
pub const POLLPRI: u32 = 2;
pub const POLLOUT: u32 = 4;
pub const POLLERR: u32 = 8;
pub const POLLHUP: u32 = 16;
pub const POLLNVAL: u32 = 32;
pub const POLLRDNORM: u32 = 64;
pub const POLLWRNORM: u32 = 256;

// Structs

/// The first argument of KVM_ARM_SET_DEVICE_ADDR; the struct is generic, its ids are arm64's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_arm_device_addr {
    pub id: u64,
    pub addr: u64,
}
layout!(kvm_arm_device_addr, 16, { id: u64: 0, addr: u64: 8 });

/// `struct kvm_clear_dirty_log`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_clear_dirty_log {
    pub slot: u32,
    pub num_pages: u32,
    pub first_page: u64,
    pub dirty_bitmap: u64,
}
layout!(kvm_clear_dirty_log, 24, { slot: u32: 0, num_pages: u32: 4, first_page: u64: 8, dirty_bitmap: u64: 16 });

/// `struct kvm_coalesced_mmio`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_coalesced_mmio {
    pub phys_addr: u64,
    pub len: u32,
    pub pio: u32,
    pub data: [u8; 8],
}
layout!(kvm_coalesced_mmio, 24, { phys_addr: u64: 0, len: u32: 8, pio: u32: 12, data: [u8; 8]: 16 });

/// The second page of a vCPU's mapping; entries fill the rest of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_coalesced_mmio_ring {
    pub first: u32,
    pub last: u32,
}
layout!(kvm_coalesced_mmio_ring, 8, { first: u32: 0, last: u32: 4 });

/// `struct kvm_coalesced_mmio_zone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_coalesced_mmio_zone {
    pub addr: u64,
    pub size: u32,
    pub pio: u32,
}
layout!(kvm_coalesced_mmio_zone, 16, { addr: u64: 0, size: u32: 8, pio: u32: 12 });

/// `struct kvm_create_device`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_create_device {
    pub r#type: u32,
    pub fd: u32,
    pub flags: u32,
}
layout!(kvm_create_device, 12, { r#type: u32: 0, fd: u32: 4, flags: u32: 8 });

/// `struct kvm_create_guest_memfd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_create_guest_memfd {
    pub size: u64,
    pub flags: u64,
    pub reserved: [u64; 6],
}
layout!(kvm_create_guest_memfd, 64, { size: u64: 0, flags: u64: 8, reserved: [u64; 6]: 16 });

/// `struct kvm_device_attr`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_device_attr {
    pub flags: u32,
    pub group: u32,
    pub attr: u64,
    pub addr: u64,
}
layout!(kvm_device_attr, 24, { flags: u32: 0, group: u32: 4, attr: u64: 8, addr: u64: 16 });

/// An entry of a dirty ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_dirty_gfn {
    pub flags: u32,
    pub slot: u32,
    pub offset: u64,
}
layout!(kvm_dirty_gfn, 16, { flags: u32: 0, slot: u32: 4, offset: u64: 8 });

/// `struct kvm_dirty_log`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_dirty_log {
    pub slot: u32,
    pub padding1: u32,
    pub dirty_bitmap: u64,
}
layout!(kvm_dirty_log, 16, { slot: u32: 0, padding1: u32: 4, dirty_bitmap: u64: 8 });

/// `struct kvm_enable_cap`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_enable_cap {
    pub cap: u32,
    pub flags: u32,
    pub args: [u64; 4],
    pub pad: [u8; 64],
}
layout!(kvm_enable_cap, 104, { cap: u32: 0, flags: u32: 4, args: [u64; 4]: 8, pad: [u8; 64]: 40 });

/// `struct kvm_guest_debug_arch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_guest_debug_arch {
    pub dbg_bcr: [u64; 16],
    pub dbg_bvr: [u64; 16],
    pub dbg_wcr: [u64; 16],
    pub dbg_wvr: [u64; 16],
}
layout!(kvm_guest_debug_arch, 512, { dbg_bcr: [u64; 16]: 0, dbg_bvr: [u64; 16]: 128, dbg_wcr: [u64; 16]: 256, dbg_wvr: [u64; 16]: 384 });

/// `struct kvm_guest_debug`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_guest_debug {
    pub control: u32,
    pub pad: u32,
    pub arch: kvm_guest_debug_arch,
}
layout!(kvm_guest_debug, 520, { control: u32: 0, pad: u32: 4, arch: kvm_guest_debug_arch: 8 });

/// `struct kvm_ioeventfd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_ioeventfd {
    pub datamatch: u64,
    pub addr: u64,
    pub len: u32,
    pub fd: i32,
    pub flags: u32,
    pub pad: [u8; 36],
}
layout!(kvm_ioeventfd, 64, { datamatch: u64: 0, addr: u64: 8, len: u32: 16, fd: i32: 20, flags: u32: 24, pad: [u8; 36]: 28 });

/// `struct kvm_irq_level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_irq_level {
    pub irq: u32,
    pub level: u32,
}
layout!(kvm_irq_level, 8, { irq: u32: 0, level: u32: 4 });
impl kvm_irq_level {
    /// `status`, which shares its bytes with other members.
    pub fn status(&self) -> i32 {
        member(self, 0)
    }

    /// Sets `status`, and with it the members that share its bytes.
    pub fn set_status(&mut self, value: i32) {
        *self = with_member(self, 0, &value);
    }
}

/// `struct kvm_irq_routing_irqchip`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_irq_routing_irqchip {
    pub irqchip: u32,
    pub pin: u32,
}
layout!(kvm_irq_routing_irqchip, 8, { irqchip: u32: 0, pin: u32: 4 });

/// `struct kvm_irq_routing_msi`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_irq_routing_msi {
    pub address_lo: u32,
    pub address_hi: u32,
    pub data: u32,
    pub devid: u32,
}
layout!(kvm_irq_routing_msi, 16, { address_lo: u32: 0, address_hi: u32: 4, data: u32: 8, devid: u32: 12 });

/// No route of arm64's, but the member that aligns the entry to 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_irq_routing_s390_adapter {
    pub ind_addr: u64,
    pub summary_addr: u64,
    pub ind_offset: u64,
    pub summary_offset: u32,
    pub adapter_id: u32,
}
layout!(kvm_irq_routing_s390_adapter, 32, { ind_addr: u64: 0, summary_addr: u64: 8, ind_offset: u64: 16, summary_offset: u32: 24, adapter_id: u32: 28 });

/// `u` of [`kvm_irq_routing_entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_irq_routing_entry_u {
    pub adapter: kvm_irq_routing_s390_adapter,
}
layout!(kvm_irq_routing_entry_u, 32, { adapter: kvm_irq_routing_s390_adapter: 0 });
impl kvm_irq_routing_entry_u {
    /// `irqchip`, which shares its bytes with other members.
    pub fn irqchip(&self) -> kvm_irq_routing_irqchip {
        member(self, 0)
    }

    /// Sets `irqchip`, and with it the members that share its bytes.
    pub fn set_irqchip(&mut self, value: kvm_irq_routing_irqchip) {
        *self = with_member(self, 0, &value);
    }

    /// `msi`, which shares its bytes with other members.
    pub fn msi(&self) -> kvm_irq_routing_msi {
        member(self, 0)
    }

    /// Sets `msi`, and with it the members that share its bytes.
    pub fn set_msi(&mut self, value: kvm_irq_routing_msi) {
        *self = with_member(self, 0, &value);
    }

    /// `pad`, which shares its bytes with other members.
    pub fn pad(&self) -> [u32; 8] {
        member(self, 0)
    }

    /// Sets `pad`, and with it the members that share its bytes.
    pub fn set_pad(&mut self, value: [u32; 8]) {
        *self = with_member(self, 0, &value);
    }
}

/// `struct kvm_irq_routing_entry`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_irq_routing_entry {
    pub gsi: u32,
    pub r#type: u32,
    pub flags: u32,
    pub pad: u32,
    pub u: kvm_irq_routing_entry_u,
}
layout!(kvm_irq_routing_entry, 48, { gsi: u32: 0, r#type: u32: 4, flags: u32: 8, pad: u32: 12, u: kvm_irq_routing_entry_u: 16 });

/// `struct kvm_irq_routing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_irq_routing {
    pub nr: u32,
    pub flags: u32,
}
layout!(kvm_irq_routing, 8, { nr: u32: 0, flags: u32: 4 });

/// `struct kvm_irqfd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_irqfd {
    pub fd: u32,
    pub gsi: u32,
    pub flags: u32,
    pub resamplefd: u32,
    pub pad: [u8; 16],
}
layout!(kvm_irqfd, 32, { fd: u32: 0, gsi: u32: 4, flags: u32: 8, resamplefd: u32: 12, pad: [u8; 16]: 16 });

/// `struct kvm_memory_attributes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_memory_attributes {
    pub address: u64,
    pub size: u64,
    pub attributes: u64,
    pub flags: u64,
}
layout!(kvm_memory_attributes, 32, { address: u64: 0, size: u64: 8, attributes: u64: 16, flags: u64: 24 });

/// `struct kvm_mp_state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_mp_state {
    pub mp_state: u32,
}
layout!(kvm_mp_state, 4, { mp_state: u32: 0 });

/// `struct kvm_msi`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_msi {
    pub address_lo: u32,
    pub address_hi: u32,
    pub data: u32,
    pub flags: u32,
    pub devid: u32,
    pub pad: [u8; 12],
}
layout!(kvm_msi, 32, { address_lo: u32: 0, address_hi: u32: 4, data: u32: 8, flags: u32: 12, devid: u32: 16, pad: [u8; 12]: 20 });

/// `struct kvm_one_reg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_one_reg {
    pub id: u64,
    pub addr: u64,
}
layout!(kvm_one_reg, 16, { id: u64: 0, addr: u64: 8 });

/// `struct kvm_pre_fault_memory`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_pre_fault_memory {
    pub gpa: u64,
    pub size: u64,
    pub flags: u64,
    pub padding: [u64; 5],
}
layout!(kvm_pre_fault_memory, 64, { gpa: u64: 0, size: u64: 8, flags: u64: 16, padding: [u64; 5]: 24 });

/// `struct kvm_reg_list`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_reg_list {
    pub n: u64,
}
layout!(kvm_reg_list, 8, { n: u64: 0 });

/// kvm_run.debug; before 6.1 there is no `hsr_high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_debug_exit_arch {
    pub hsr: u32,
    pub hsr_high: u32,
    pub far: u64,
}
layout!(kvm_debug_exit_arch, 16, { hsr: u32: 0, hsr_high: u32: 4, far: u64: 8 });

/// kvm_run.s.regs
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_sync_regs {
    pub device_irq_level: u64,
}
layout!(kvm_sync_regs, 8, { device_irq_level: u64: 0 });

/// `hw` of [`kvm_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run_hw {
    pub hardware_exit_reason: u64,
}
layout!(kvm_run_hw, 8, { hardware_exit_reason: u64: 0 });

/// `fail_entry` of [`kvm_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run_fail_entry {
    pub hardware_entry_failure_reason: u64,
    pub cpu: u32,
}
layout!(kvm_run_fail_entry, 16, { hardware_entry_failure_reason: u64: 0, cpu: u32: 8 });

/// `debug` of [`kvm_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run_debug {
    pub arch: kvm_debug_exit_arch,
}
layout!(kvm_run_debug, 16, { arch: kvm_debug_exit_arch: 0 });

/// `mmio` of [`kvm_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run_mmio {
    pub phys_addr: u64,
    pub data: [u8; 8],
    pub len: u32,
    pub is_write: u8,
}
layout!(kvm_run_mmio, 24, { phys_addr: u64: 0, data: [u8; 8]: 8, len: u32: 16, is_write: u8: 20 });

/// `hypercall` of [`kvm_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run_hypercall {
    pub nr: u64,
    pub args: [u64; 6],
    pub ret: u64,
    pub flags: u64,
}
layout!(kvm_run_hypercall, 72, { nr: u64: 0, args: [u64; 6]: 8, ret: u64: 56, flags: u64: 64 });
impl kvm_run_hypercall {
    /// `longmode`, which shares its bytes with other members.
    pub fn longmode(&self) -> u32 {
        member(self, 64)
    }

    /// Sets `longmode`, and with it the members that share its bytes.
    pub fn set_longmode(&mut self, value: u32) {
        *self = with_member(self, 64, &value);
    }
}

/// `internal` of [`kvm_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run_internal {
    pub suberror: u32,
    pub ndata: u32,
    pub data: [u64; 16],
}
layout!(kvm_run_internal, 136, { suberror: u32: 0, ndata: u32: 4, data: [u64; 16]: 8 });

/// `system_event` of [`kvm_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run_system_event {
    pub r#type: u32,
    pub ndata: u32,
    pub data: [u64; 16],
}
layout!(kvm_run_system_event, 136, { r#type: u32: 0, ndata: u32: 4, data: [u64; 16]: 8 });
impl kvm_run_system_event {
    /// `flags`, which shares its bytes with other members.
    pub fn flags(&self) -> u64 {
        member(self, 8)
    }

    /// Sets `flags`, and with it the members that share its bytes.
    pub fn set_flags(&mut self, value: u64) {
        *self = with_member(self, 8, &value);
    }
}

/// `arm_nisv` of [`kvm_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run_arm_nisv {
    pub esr_iss: u64,
    pub fault_ipa: u64,
}
layout!(kvm_run_arm_nisv, 16, { esr_iss: u64: 0, fault_ipa: u64: 8 });

/// `memory_fault` of [`kvm_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run_memory_fault {
    pub flags: u64,
    pub gpa: u64,
    pub size: u64,
}
layout!(kvm_run_memory_fault, 24, { flags: u64: 0, gpa: u64: 8, size: u64: 16 });

/// `arm_sea` of [`kvm_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run_arm_sea {
    pub flags: u64,
    pub esr: u64,
    pub gva: u64,
    pub gpa: u64,
}
layout!(kvm_run_arm_sea, 32, { flags: u64: 0, esr: u64: 8, gva: u64: 16, gpa: u64: 24 });

/// `s` of [`kvm_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run_s {
    pub padding: [u8; 2048],
}
layout!(kvm_run_s, 2048, { padding: [u8; 2048]: 0 });
impl kvm_run_s {
    /// `regs`, which shares its bytes with other members.
    pub fn regs(&self) -> kvm_sync_regs {
        member(self, 0)
    }

    /// Sets `regs`, and with it the members that share its bytes.
    pub fn set_regs(&mut self, value: kvm_sync_regs) {
        *self = with_member(self, 0, &value);
    }
}

/// The first page of a vCPU's mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_run {
    pub request_interrupt_window: u8,
    pub immediate_exit: u8,
    pub padding1: [u8; 6],
    pub exit_reason: u32,
    pub ready_for_interrupt_injection: u8,
    pub if_flag: u8,
    pub flags: u16,
    pub cr8: u64,
    pub apic_base: u64,
    pub padding: [u8; 256],
    pub kvm_valid_regs: u64,
    pub kvm_dirty_regs: u64,
    pub s: kvm_run_s,
}
layout!(kvm_run, 2352, { request_interrupt_window: u8: 0, immediate_exit: u8: 1, padding1: [u8; 6]: 2, exit_reason: u32: 8, ready_for_interrupt_injection: u8: 12, if_flag: u8: 13, flags: u16: 14, cr8: u64: 16, apic_base: u64: 24, padding: [u8; 256]: 32, kvm_valid_regs: u64: 288, kvm_dirty_regs: u64: 296, s: kvm_run_s: 304 });
impl kvm_run {
    /// `hw`, which shares its bytes with other members.
    pub fn hw(&self) -> kvm_run_hw {
        member(self, 32)
    }

    /// Sets `hw`, and with it the members that share its bytes.
    pub fn set_hw(&mut self, value: kvm_run_hw) {
        *self = with_member(self, 32, &value);
    }

    /// `fail_entry`, which shares its bytes with other members.
    pub fn fail_entry(&self) -> kvm_run_fail_entry {
        member(self, 32)
    }

    /// Sets `fail_entry`, and with it the members that share its bytes.
    pub fn set_fail_entry(&mut self, value: kvm_run_fail_entry) {
        *self = with_member(self, 32, &value);
    }

    /// `debug`, which shares its bytes with other members.
    pub fn debug(&self) -> kvm_run_debug {
        member(self, 32)
    }

    /// Sets `debug`, and with it the members that share its bytes.
    pub fn set_debug(&mut self, value: kvm_run_debug) {
        *self = with_member(self, 32, &value);
    }

    /// `mmio`, which shares its bytes with other members.
    pub fn mmio(&self) -> kvm_run_mmio {
        member(self, 32)
    }

    /// Sets `mmio`, and with it the members that share its bytes.
    pub fn set_mmio(&mut self, value: kvm_run_mmio) {
        *self = with_member(self, 32, &value);
    }

    /// `hypercall`, which shares its bytes with other members.
    pub fn hypercall(&self) -> kvm_run_hypercall {
        member(self, 32)
    }

    /// Sets `hypercall`, and with it the members that share its bytes.
    pub fn set_hypercall(&mut self, value: kvm_run_hypercall) {
        *self = with_member(self, 32, &value);
    }

    /// `internal`, which shares its bytes with other members.
    pub fn internal(&self) -> kvm_run_internal {
        member(self, 32)
    }

    /// Sets `internal`, and with it the members that share its bytes.
    pub fn set_internal(&mut self, value: kvm_run_internal) {
        *self = with_member(self, 32, &value);
    }

    /// `system_event`, which shares its bytes with other members.
    pub fn system_event(&self) -> kvm_run_system_event {
        member(self, 32)
    }

    /// Sets `system_event`, and with it the members that share its bytes.
    pub fn set_system_event(&mut self, value: kvm_run_system_event) {
        *self = with_member(self, 32, &value);
    }

    /// `arm_nisv`, which shares its bytes with other members.
    pub fn arm_nisv(&self) -> kvm_run_arm_nisv {
        member(self, 32)
    }

    /// Sets `arm_nisv`, and with it the members that share its bytes.
    pub fn set_arm_nisv(&mut self, value: kvm_run_arm_nisv) {
        *self = with_member(self, 32, &value);
    }

    /// `memory_fault`, which shares its bytes with other members.
    pub fn memory_fault(&self) -> kvm_run_memory_fault {
        member(self, 32)
    }

    /// Sets `memory_fault`, and with it the members that share its bytes.
    pub fn set_memory_fault(&mut self, value: kvm_run_memory_fault) {
        *self = with_member(self, 32, &value);
    }

    /// `arm_sea`, which shares its bytes with other members.
    pub fn arm_sea(&self) -> kvm_run_arm_sea {
        member(self, 32)
    }

    /// Sets `arm_sea`, and with it the members that share its bytes.
    pub fn set_arm_sea(&mut self, value: kvm_run_arm_sea) {
        *self = with_member(self, 32, &value);
    }
}

/// `struct kvm_signal_mask`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_signal_mask {
    pub len: u32,
}
layout!(kvm_signal_mask, 4, { len: u32: 0 });

/// Before 6.1 `bucket_size` is an unused word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_stats_desc {
    pub flags: u32,
    pub exponent: i16,
    pub size: u16,
    pub offset: u32,
    pub bucket_size: u32,
}
layout!(kvm_stats_desc, 16, { flags: u32: 0, exponent: i16: 4, size: u16: 6, offset: u32: 8, bucket_size: u32: 12 });

/// `struct kvm_stats_header`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_stats_header {
    pub flags: u32,
    pub name_size: u32,
    pub num_desc: u32,
    pub id_offset: u32,
    pub desc_offset: u32,
    pub data_offset: u32,
}
layout!(kvm_stats_header, 24, { flags: u32: 0, name_size: u32: 4, num_desc: u32: 8, id_offset: u32: 12, desc_offset: u32: 16, data_offset: u32: 20 });

/// `struct kvm_translation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_translation {
    pub linear_address: u64,
    pub physical_address: u64,
    pub valid: u8,
    pub writeable: u8,
    pub usermode: u8,
    pub pad: [u8; 5],
}
layout!(kvm_translation, 24, { linear_address: u64: 0, physical_address: u64: 8, valid: u8: 16, writeable: u8: 17, usermode: u8: 18, pad: [u8; 5]: 19 });

/// `struct kvm_userspace_memory_region`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_userspace_memory_region {
    pub slot: u32,
    pub flags: u32,
    pub guest_phys_addr: u64,
    pub memory_size: u64,
    pub userspace_addr: u64,
}
layout!(kvm_userspace_memory_region, 32, { slot: u32: 0, flags: u32: 4, guest_phys_addr: u64: 8, memory_size: u64: 16, userspace_addr: u64: 24 });

/// `struct kvm_userspace_memory_region2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_userspace_memory_region2 {
    pub slot: u32,
    pub flags: u32,
    pub guest_phys_addr: u64,
    pub memory_size: u64,
    pub userspace_addr: u64,
    pub guest_memfd_offset: u64,
    pub guest_memfd: u32,
    pub pad1: u32,
    pub pad2: [u64; 14],
}
layout!(kvm_userspace_memory_region2, 160, { slot: u32: 0, flags: u32: 4, guest_phys_addr: u64: 8, memory_size: u64: 16, userspace_addr: u64: 24, guest_memfd_offset: u64: 32, guest_memfd: u32: 40, pad1: u32: 44, pad2: [u64; 14]: 48 });

/// `addr` points at one byte a granule of 16 bytes, the tag in its low nibble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_arm_copy_mte_tags {
    pub guest_ipa: u64,
    pub length: u64,
    pub addr: u64,
    pub flags: u64,
    pub reserved: [u64; 2],
}
layout!(kvm_arm_copy_mte_tags, 48, { guest_ipa: u64: 0, length: u64: 8, addr: u64: 16, flags: u64: 24, reserved: [u64; 2]: 32 });

/// `struct kvm_arm_counter_offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_arm_counter_offset {
    pub counter_offset: u64,
    pub reserved: u64,
}
layout!(kvm_arm_counter_offset, 16, { counter_offset: u64: 0, reserved: u64: 8 });

/// Empty on arm64, so its requests carry size 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_fpu {
}
layout!(kvm_fpu, 0, {  });

/// `struct kvm_pmu_event_filter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_pmu_event_filter {
    pub base_event: u16,
    pub nevents: u16,
    pub action: u8,
    pub pad: [u8; 3],
}
layout!(kvm_pmu_event_filter, 8, { base_event: u16: 0, nevents: u16: 2, action: u8: 4, pad: [u8; 3]: 5 });

/// `struct user_pt_regs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct user_pt_regs {
    pub regs: [u64; 31],
    pub sp: u64,
    pub pc: u64,
    pub pstate: u64,
}
layout!(user_pt_regs, 272, { regs: [u64; 31]: 0, sp: u64: 248, pc: u64: 256, pstate: u64: 264 });

/// `struct user_fpsimd_state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct user_fpsimd_state {
    pub vregs: [u128; 32],
    pub fpsr: u32,
    pub fpcr: u32,
    pub __reserved: [u32; 2],
}
layout!(user_fpsimd_state, 528, { vregs: [u128; 32]: 0, fpsr: u32: 512, fpcr: u32: 516, __reserved: [u32; 2]: 520 });

/// `struct kvm_regs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_regs {
    pub regs: user_pt_regs,
    pub sp_el1: u64,
    pub elr_el1: u64,
    pub spsr: [u64; 5],
    pub fp_regs: user_fpsimd_state,
}
layout!(kvm_regs, 864, { regs: user_pt_regs: 0, sp_el1: u64: 272, elr_el1: u64: 280, spsr: [u64; 5]: 288, fp_regs: user_fpsimd_state: 336 });

/// `struct kvm_smccc_filter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_smccc_filter {
    pub base: u32,
    pub nr_functions: u32,
    pub action: u8,
    pub pad: [u8; 15],
}
layout!(kvm_smccc_filter, 24, { base: u32: 0, nr_functions: u32: 4, action: u8: 8, pad: [u8; 15]: 9 });

/// Empty on arm64, so its requests carry size 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_sregs {
}
layout!(kvm_sregs, 0, {  });

/// `exception` of [`kvm_vcpu_events`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_vcpu_events_exception {
    pub serror_pending: u8,
    pub serror_has_esr: u8,
    pub ext_dabt_pending: u8,
    pub pad: [u8; 5],
    pub serror_esr: u64,
}
layout!(kvm_vcpu_events_exception, 16, { serror_pending: u8: 0, serror_has_esr: u8: 1, ext_dabt_pending: u8: 2, pad: [u8; 5]: 3, serror_esr: u64: 8 });

/// `struct kvm_vcpu_events`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_vcpu_events {
    pub exception: kvm_vcpu_events_exception,
    pub reserved: [u32; 12],
}
layout!(kvm_vcpu_events, 64, { exception: kvm_vcpu_events_exception: 0, reserved: [u32; 12]: 16 });

/// `struct kvm_vcpu_init`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct kvm_vcpu_init {
    pub target: u32,
    pub features: [u32; 7],
}
layout!(kvm_vcpu_init, 32, { target: u32: 0, features: [u32; 7]: 4 });

/// `struct reg_mask_range`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct reg_mask_range {
    pub addr: u64,
    pub range: u32,
    pub reserved: [u32; 13],
}
layout!(reg_mask_range, 64, { addr: u64: 0, range: u32: 8, reserved: [u32; 13]: 12 });

// Requests

/// Answers the version of the API, which has been 12 since Linux 2.6.22. Argument: 0. Returns KVM_API_VERSION.
///
/// Capability: basic. Descriptor: system.
pub const KVM_GET_API_VERSION: u32 = 0xae00;
/// Creates a VM without vCPUs and memory; it belongs to the caller's address space. Argument: machine type: bits 7:0 the IPA size in bits, 0 for 40. Returns a VM descriptor.
///
/// Capability: basic. Descriptor: system.
pub const KVM_CREATE_VM: u32 = 0xae01;
/// Asks for a capability of the host, or of one VM. Argument: capability. Returns the capability's value, 0 where it is absent or unknown.
///
/// Capability: basic. Descriptor: system, vm.
pub const KVM_CHECK_EXTENSION: u32 = 0xae03;
/// Answers how much of a vCPU descriptor to map: struct kvm_run and the page of the coalesced MMIO ring. Argument: 0. Returns the size in bytes of a vCPU's mapping.
///
/// Capability: basic. Descriptor: system.
pub const KVM_GET_VCPU_MMAP_SIZE: u32 = 0xae04;
/// Adds a vCPU with an id of the caller's choice to the VM. Argument: vCPU id. Returns a vCPU descriptor.
///
/// Capability: basic. Descriptor: vm.
pub const KVM_CREATE_VCPU: u32 = 0xae41;
/// Copies out which pages of a slot were written, and starts over unless the manual protocol is on. Argument: `kvm_dirty_log`, to be read. Returns 0.
///
/// Capability: basic. Descriptor: vm.
pub const KVM_GET_DIRTY_LOG: u32 = 0x4010_ae42;
/// Creates, moves, changes or deletes a memory slot, backed by the caller's memory. Argument: `kvm_userspace_memory_region`, to be read. Returns 0.
///
/// Capability: KVM_CAP_USER_MEMORY. Descriptor: vm.
pub const KVM_SET_USER_MEMORY_REGION: u32 = 0x4020_ae46;
/// As KVM_SET_USER_MEMORY_REGION, with room for a guest_memfd beside the caller's memory. Argument: `kvm_userspace_memory_region2`, to be read. Returns 0.
///
/// Capability: KVM_CAP_USER_MEMORY2. Descriptor: vm.
pub const KVM_SET_USER_MEMORY_REGION2: u32 = 0x40a0_ae49;
/// Creates a VGICv2; a VGICv3 takes KVM_CREATE_DEVICE. No argument. Returns 0.
///
/// Capability: KVM_CAP_IRQCHIP. Descriptor: vm.
pub const KVM_CREATE_IRQCHIP: u32 = 0xae60;
/// Sets the level of an interrupt line: an SPI, a vCPU's PPI, or its IRQ or FIQ input. Argument: `kvm_irq_level`, to be read. Returns 0.
///
/// Capability: KVM_CAP_IRQCHIP. Descriptor: vm.
pub const KVM_IRQ_LINE: u32 = 0x4008_ae61;
/// As KVM_IRQ_LINE, and copies the struct back; arm64 has no delivery status to put into it. Argument: `kvm_irq_level`, to be read and written. Returns 0.
///
/// Capability: KVM_CAP_IRQCHIP. Descriptor: vm.
pub const KVM_IRQ_LINE_STATUS: u32 = 0xc008_ae67;
/// Lets the guest's writes to a range of addresses gather in the ring instead of exiting. Argument: `kvm_coalesced_mmio_zone`, to be read. Returns 0.
///
/// Capability: KVM_CAP_COALESCED_MMIO. Descriptor: vm.
pub const KVM_REGISTER_COALESCED_MMIO: u32 = 0x4010_ae67;
/// Ends the coalescing of every zone inside a range. Argument: `kvm_coalesced_mmio_zone`, to be read. Returns 0.
///
/// Capability: KVM_CAP_COALESCED_MMIO. Descriptor: vm.
pub const KVM_UNREGISTER_COALESCED_MMIO: u32 = 0x4010_ae68;
/// Replaces the table that leads from interrupt numbers of irqfds to pins and MSIs. Argument: `kvm_irq_routing`, to be read. Returns 0.
///
/// Capability: KVM_CAP_IRQ_ROUTING. Descriptor: vm.
pub const KVM_SET_GSI_ROUTING: u32 = 0x4008_ae6a;
/// Ties an eventfd to an interrupt, or unties it. Argument: `kvm_irqfd`, to be read. Returns 0.
///
/// Capability: KVM_CAP_IRQFD. Descriptor: vm.
pub const KVM_IRQFD: u32 = 0x4020_ae76;
/// Lets the guest's writes to an address signal an eventfd instead of exiting, or ends that. Argument: `kvm_ioeventfd`, to be read. Returns 0.
///
/// Capability: KVM_CAP_IOEVENTFD. Descriptor: vm.
pub const KVM_IOEVENTFD: u32 = 0x4040_ae79;
/// Writes a message to an ITS on behalf of a device. Argument: `kvm_msi`, to be read. Returns 1 delivered, 0 blocked by the guest.
///
/// Capability: KVM_CAP_SIGNAL_MSI. Descriptor: vm.
pub const KVM_SIGNAL_MSI: u32 = 0x4020_aea5;
/// Turns a capability on for the VM; there is no way to turn one off but by its arguments. Argument: `kvm_enable_cap`, to be read. Returns 0.
///
/// Capability: KVM_CAP_ENABLE_CAP_VM. Descriptor: vm.
pub const KVM_ENABLE_CAP: u32 = 0x4068_aea3;
/// Places a frame of the VGICv2; KVM_SET_DEVICE_ATTR is the newer way. Argument: `kvm_arm_device_addr`, to be read. Returns 0.
///
/// Capability: KVM_CAP_ARM_SET_DEVICE_ADDR. Descriptor: vm.
pub const KVM_ARM_SET_DEVICE_ADDR: u32 = 0x4010_aeab;
/// Answers the target with which to initialise vCPUs on this host, and no features. Argument: `kvm_vcpu_init`, to be written. Returns 0.
///
/// Capability: basic. Descriptor: vm.
pub const KVM_ARM_PREFERRED_TARGET: u32 = 0x8020_aeaf;
/// Copies the allocation tags of guest pages to or from the caller's memory, one byte a granule. Argument: `kvm_arm_copy_mte_tags`, to be read. Returns the bytes of guest memory whose tags were copied; in the seed 0.
///
/// Capability: KVM_CAP_ARM_MTE. Descriptor: vm.
pub const KVM_ARM_MTE_COPY_TAGS: u32 = 0x8030_aeb4;
/// Sets what the guest's virtual and physical counters lag behind the host's. Argument: `kvm_arm_counter_offset`, to be read. Returns 0.
///
/// Capability: KVM_CAP_COUNTER_OFFSET. Descriptor: vm.
pub const KVM_ARM_SET_COUNTER_OFFSET: u32 = 0x4010_aeb5;
/// Writes, for each ID register, the mask of the bits that KVM_SET_ONE_REG may change. Argument: `reg_mask_range`, to be read. Returns 0.
///
/// Capability: KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES. Descriptor: vm.
pub const KVM_ARM_GET_REG_WRITABLE_MASKS: u32 = 0x8040_aeb6;
/// Clears chosen pages of a slot's dirty log and catches the next write to them. Argument: `kvm_clear_dirty_log`, to be read. Returns 0.
///
/// Capability: KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2. Descriptor: vm.
pub const KVM_CLEAR_DIRTY_LOG: u32 = 0xc018_aec0;
/// Takes the harvested entries out of all dirty rings and catches the next write to their pages. No argument. Returns the number of entries reset.
///
/// Capability: KVM_CAP_DIRTY_LOG_RING_ACQ_REL. Descriptor: vm.
pub const KVM_RESET_DIRTY_RINGS: u32 = 0xaec7;
/// Opens the statistics of the VM or vCPU in their binary format. No argument. Returns a read-only descriptor.
///
/// Capability: KVM_CAP_BINARY_STATS_FD. Descriptor: vm, vcpu.
pub const KVM_GET_STATS_FD: u32 = 0xaece;
/// Makes guest memory private or shared; arm64 is built without it. Argument: `kvm_memory_attributes`, to be read. Returns EINVAL.
///
/// Capability: KVM_CAP_MEMORY_ATTRIBUTES. Descriptor: vm.
pub const KVM_SET_MEMORY_ATTRIBUTES: u32 = 0x4020_aed2;
/// Creates memory that belongs to the VM and backs slots of KVM_SET_USER_MEMORY_REGION2. Argument: `kvm_create_guest_memfd`, to be read. Returns a guest_memfd descriptor.
///
/// Capability: KVM_CAP_GUEST_MEMFD. Descriptor: vm.
pub const KVM_CREATE_GUEST_MEMFD: u32 = 0xc040_aed4;
/// Maps guest memory before the guest touches it; arm64 is built without it. Argument: `kvm_pre_fault_memory`, to be read and written. Returns EINVAL.
///
/// Capability: KVM_CAP_PRE_FAULT_MEMORY. Descriptor: vcpu.
pub const KVM_PRE_FAULT_MEMORY: u32 = 0xc040_aed5;
/// Creates an in-kernel device, or only says whether it could. Argument: `kvm_create_device`, to be read and written. Returns 0, the descriptor in the struct.
///
/// Capability: KVM_CAP_DEVICE_CTRL. Descriptor: vm.
pub const KVM_CREATE_DEVICE: u32 = 0xc00c_aee0;
/// Sets an attribute of a device, a vCPU or the VM. Argument: `kvm_device_attr`, to be read. Returns 0.
///
/// Capability: KVM_CAP_DEVICE_CTRL. Descriptor: vm, vcpu, device.
pub const KVM_SET_DEVICE_ATTR: u32 = 0x4018_aee1;
/// Reads an attribute of a device or a vCPU to where the struct points. Argument: `kvm_device_attr`, to be read. Returns 0.
///
/// Capability: KVM_CAP_DEVICE_CTRL. Descriptor: vcpu, device.
pub const KVM_GET_DEVICE_ATTR: u32 = 0x4018_aee2;
/// Asks whether there is such an attribute, without asking whether it can be set now. Argument: `kvm_device_attr`, to be read. Returns 0.
///
/// Capability: KVM_CAP_DEVICE_CTRL. Descriptor: vm, vcpu, device.
pub const KVM_HAS_DEVICE_ATTR: u32 = 0x4018_aee3;
/// Completes the last exit and runs the guest until the next one. Argument: 0. Returns 0, the reason in kvm_run.exit_reason.
///
/// Capability: basic. Descriptor: vcpu.
pub const KVM_RUN: u32 = 0xae80;
/// Other architectures read the general registers with it; arm64 has KVM_GET_ONE_REG. Argument: `kvm_regs`, to be written. Returns EINVAL.
///
/// Capability: basic. Descriptor: vcpu.
pub const KVM_GET_REGS: u32 = 0x8360_ae81;
/// Other architectures write the general registers with it; arm64 has KVM_SET_ONE_REG. Argument: `kvm_regs`, to be read. Returns EINVAL.
///
/// Capability: basic. Descriptor: vcpu.
pub const KVM_SET_REGS: u32 = 0x4360_ae82;
/// Other architectures read special registers with it. Argument: `kvm_sregs`, to be written. Returns EINVAL.
///
/// Capability: basic. Descriptor: vcpu.
pub const KVM_GET_SREGS: u32 = 0x8000_ae83;
/// Other architectures write special registers with it. Argument: `kvm_sregs`, to be read. Returns EINVAL.
///
/// Capability: basic. Descriptor: vcpu.
pub const KVM_SET_SREGS: u32 = 0x4000_ae84;
/// Other architectures translate a guest virtual address with it. Argument: `kvm_translation`, to be read and written. Returns EINVAL.
///
/// Capability: basic. Descriptor: vcpu.
pub const KVM_TRANSLATE: u32 = 0xc018_ae85;
/// Sets the signals that are blocked during KVM_RUN; a null pointer goes back to the thread's own. Argument: `kvm_signal_mask`, to be read. Returns 0.
///
/// Capability: basic. Descriptor: vcpu.
pub const KVM_SET_SIGNAL_MASK: u32 = 0x4004_ae8b;
/// Other architectures read the floating-point state with it. Argument: `kvm_fpu`, to be written. Returns EINVAL.
///
/// Capability: basic. Descriptor: vcpu.
pub const KVM_GET_FPU: u32 = 0x8000_ae8c;
/// Other architectures write the floating-point state with it. Argument: `kvm_fpu`, to be read. Returns EINVAL.
///
/// Capability: basic. Descriptor: vcpu.
pub const KVM_SET_FPU: u32 = 0x4000_ae8d;
/// Answers whether the vCPU runs, is powered off or is suspended. Argument: `kvm_mp_state`, to be written. Returns 0.
///
/// Capability: KVM_CAP_MP_STATE. Descriptor: vcpu.
pub const KVM_GET_MP_STATE: u32 = 0x8004_ae98;
/// Powers the vCPU on or off, or suspends it. Argument: `kvm_mp_state`, to be read. Returns 0.
///
/// Capability: KVM_CAP_MP_STATE. Descriptor: vcpu.
pub const KVM_SET_MP_STATE: u32 = 0x4004_ae99;
/// Sets breakpoints, watchpoints and single-stepping that end KVM_RUN. Argument: `kvm_guest_debug`, to be read. Returns 0.
///
/// Capability: KVM_CAP_SET_GUEST_DEBUG. Descriptor: vcpu.
pub const KVM_SET_GUEST_DEBUG: u32 = 0x4208_ae9b;
/// Answers the exceptions that wait to be delivered to the guest. Argument: `kvm_vcpu_events`, to be written. Returns 0.
///
/// Capability: KVM_CAP_VCPU_EVENTS. Descriptor: vcpu.
pub const KVM_GET_VCPU_EVENTS: u32 = 0x8040_ae9f;
/// Makes an SError pending, or injects an external abort for the last access. Argument: `kvm_vcpu_events`, to be read. Returns 0.
///
/// Capability: KVM_CAP_VCPU_EVENTS. Descriptor: vcpu.
pub const KVM_SET_VCPU_EVENTS: u32 = 0x4040_aea0;
/// Reads one register to where the struct points; the id carries its size. Argument: `kvm_one_reg`, to be read. Returns 0.
///
/// Capability: KVM_CAP_ONE_REG. Descriptor: vcpu.
pub const KVM_GET_ONE_REG: u32 = 0x4010_aeab;
/// Writes one register from where the struct points; the id carries its size. Argument: `kvm_one_reg`, to be read. Returns 0.
///
/// Capability: KVM_CAP_ONE_REG. Descriptor: vcpu.
pub const KVM_SET_ONE_REG: u32 = 0x4010_aeac;
/// Chooses the CPU type and features and resets the registers; nothing runs before it. Argument: `kvm_vcpu_init`, to be read. Returns 0.
///
/// Capability: basic. Descriptor: vcpu.
pub const KVM_ARM_VCPU_INIT: u32 = 0x4020_aeae;
/// Lists the ids of all registers, and always answers how many there are. Argument: `kvm_reg_list`, to be read and written. Returns 0.
///
/// Capability: KVM_CAP_ONE_REG. Descriptor: vcpu.
pub const KVM_GET_REG_LIST: u32 = 0xc008_aeb0;
/// Fixes the configuration of a feature, which is SVE's vector lengths. Argument: `i32`, to be read. Returns 0.
///
/// Capability: KVM_CAP_ARM_SVE. Descriptor: vcpu.
pub const KVM_ARM_VCPU_FINALIZE: u32 = 0x4004_aec2;

/// Every request, by its name.
pub const IOCTLS: &[(&str, u32)] = &[
    ("KVM_GET_API_VERSION", KVM_GET_API_VERSION),
    ("KVM_CREATE_VM", KVM_CREATE_VM),
    ("KVM_CHECK_EXTENSION", KVM_CHECK_EXTENSION),
    ("KVM_GET_VCPU_MMAP_SIZE", KVM_GET_VCPU_MMAP_SIZE),
    ("KVM_CREATE_VCPU", KVM_CREATE_VCPU),
    ("KVM_GET_DIRTY_LOG", KVM_GET_DIRTY_LOG),
    ("KVM_SET_USER_MEMORY_REGION", KVM_SET_USER_MEMORY_REGION),
    ("KVM_SET_USER_MEMORY_REGION2", KVM_SET_USER_MEMORY_REGION2),
    ("KVM_CREATE_IRQCHIP", KVM_CREATE_IRQCHIP),
    ("KVM_IRQ_LINE", KVM_IRQ_LINE),
    ("KVM_IRQ_LINE_STATUS", KVM_IRQ_LINE_STATUS),
    ("KVM_REGISTER_COALESCED_MMIO", KVM_REGISTER_COALESCED_MMIO),
    ("KVM_UNREGISTER_COALESCED_MMIO", KVM_UNREGISTER_COALESCED_MMIO),
    ("KVM_SET_GSI_ROUTING", KVM_SET_GSI_ROUTING),
    ("KVM_IRQFD", KVM_IRQFD),
    ("KVM_IOEVENTFD", KVM_IOEVENTFD),
    ("KVM_SIGNAL_MSI", KVM_SIGNAL_MSI),
    ("KVM_ENABLE_CAP", KVM_ENABLE_CAP),
    ("KVM_ARM_SET_DEVICE_ADDR", KVM_ARM_SET_DEVICE_ADDR),
    ("KVM_ARM_PREFERRED_TARGET", KVM_ARM_PREFERRED_TARGET),
    ("KVM_ARM_MTE_COPY_TAGS", KVM_ARM_MTE_COPY_TAGS),
    ("KVM_ARM_SET_COUNTER_OFFSET", KVM_ARM_SET_COUNTER_OFFSET),
    ("KVM_ARM_GET_REG_WRITABLE_MASKS", KVM_ARM_GET_REG_WRITABLE_MASKS),
    ("KVM_CLEAR_DIRTY_LOG", KVM_CLEAR_DIRTY_LOG),
    ("KVM_RESET_DIRTY_RINGS", KVM_RESET_DIRTY_RINGS),
    ("KVM_GET_STATS_FD", KVM_GET_STATS_FD),
    ("KVM_SET_MEMORY_ATTRIBUTES", KVM_SET_MEMORY_ATTRIBUTES),
    ("KVM_CREATE_GUEST_MEMFD", KVM_CREATE_GUEST_MEMFD),
    ("KVM_PRE_FAULT_MEMORY", KVM_PRE_FAULT_MEMORY),
    ("KVM_CREATE_DEVICE", KVM_CREATE_DEVICE),
    ("KVM_SET_DEVICE_ATTR", KVM_SET_DEVICE_ATTR),
    ("KVM_GET_DEVICE_ATTR", KVM_GET_DEVICE_ATTR),
    ("KVM_HAS_DEVICE_ATTR", KVM_HAS_DEVICE_ATTR),
    ("KVM_RUN", KVM_RUN),
    ("KVM_GET_REGS", KVM_GET_REGS),
    ("KVM_SET_REGS", KVM_SET_REGS),
    ("KVM_GET_SREGS", KVM_GET_SREGS),
    ("KVM_SET_SREGS", KVM_SET_SREGS),
    ("KVM_TRANSLATE", KVM_TRANSLATE),
    ("KVM_SET_SIGNAL_MASK", KVM_SET_SIGNAL_MASK),
    ("KVM_GET_FPU", KVM_GET_FPU),
    ("KVM_SET_FPU", KVM_SET_FPU),
    ("KVM_GET_MP_STATE", KVM_GET_MP_STATE),
    ("KVM_SET_MP_STATE", KVM_SET_MP_STATE),
    ("KVM_SET_GUEST_DEBUG", KVM_SET_GUEST_DEBUG),
    ("KVM_GET_VCPU_EVENTS", KVM_GET_VCPU_EVENTS),
    ("KVM_SET_VCPU_EVENTS", KVM_SET_VCPU_EVENTS),
    ("KVM_GET_ONE_REG", KVM_GET_ONE_REG),
    ("KVM_SET_ONE_REG", KVM_SET_ONE_REG),
    ("KVM_ARM_VCPU_INIT", KVM_ARM_VCPU_INIT),
    ("KVM_GET_REG_LIST", KVM_GET_REG_LIST),
    ("KVM_ARM_VCPU_FINALIZE", KVM_ARM_VCPU_FINALIZE),
];

/// The ids of the core registers, by a debugger's names.
pub mod core_regs {
    pub const X0: u64 = 0x6030_0000_0010_0000;
    pub const X1: u64 = 0x6030_0000_0010_0002;
    pub const X2: u64 = 0x6030_0000_0010_0004;
    pub const X3: u64 = 0x6030_0000_0010_0006;
    pub const X4: u64 = 0x6030_0000_0010_0008;
    pub const X5: u64 = 0x6030_0000_0010_000a;
    pub const X6: u64 = 0x6030_0000_0010_000c;
    pub const X7: u64 = 0x6030_0000_0010_000e;
    pub const X8: u64 = 0x6030_0000_0010_0010;
    pub const X9: u64 = 0x6030_0000_0010_0012;
    pub const X10: u64 = 0x6030_0000_0010_0014;
    pub const X11: u64 = 0x6030_0000_0010_0016;
    pub const X12: u64 = 0x6030_0000_0010_0018;
    pub const X13: u64 = 0x6030_0000_0010_001a;
    pub const X14: u64 = 0x6030_0000_0010_001c;
    pub const X15: u64 = 0x6030_0000_0010_001e;
    pub const X16: u64 = 0x6030_0000_0010_0020;
    pub const X17: u64 = 0x6030_0000_0010_0022;
    pub const X18: u64 = 0x6030_0000_0010_0024;
    pub const X19: u64 = 0x6030_0000_0010_0026;
    pub const X20: u64 = 0x6030_0000_0010_0028;
    pub const X21: u64 = 0x6030_0000_0010_002a;
    pub const X22: u64 = 0x6030_0000_0010_002c;
    pub const X23: u64 = 0x6030_0000_0010_002e;
    pub const X24: u64 = 0x6030_0000_0010_0030;
    pub const X25: u64 = 0x6030_0000_0010_0032;
    pub const X26: u64 = 0x6030_0000_0010_0034;
    pub const X27: u64 = 0x6030_0000_0010_0036;
    pub const X28: u64 = 0x6030_0000_0010_0038;
    pub const X29: u64 = 0x6030_0000_0010_003a;
    pub const X30: u64 = 0x6030_0000_0010_003c;
    pub const SP: u64 = 0x6030_0000_0010_003e;
    pub const PC: u64 = 0x6030_0000_0010_0040;
    pub const PSTATE: u64 = 0x6030_0000_0010_0042;
    pub const SP_EL1: u64 = 0x6030_0000_0010_0044;
    pub const ELR_EL1: u64 = 0x6030_0000_0010_0046;
    pub const SPSR_EL1: u64 = 0x6030_0000_0010_0048;
    pub const SPSR_ABT: u64 = 0x6030_0000_0010_004a;
    pub const SPSR_UND: u64 = 0x6030_0000_0010_004c;
    pub const SPSR_IRQ: u64 = 0x6030_0000_0010_004e;
    pub const SPSR_FIQ: u64 = 0x6030_0000_0010_0050;
    pub const V0: u64 = 0x6040_0000_0010_0054;
    pub const V1: u64 = 0x6040_0000_0010_0058;
    pub const V2: u64 = 0x6040_0000_0010_005c;
    pub const V3: u64 = 0x6040_0000_0010_0060;
    pub const V4: u64 = 0x6040_0000_0010_0064;
    pub const V5: u64 = 0x6040_0000_0010_0068;
    pub const V6: u64 = 0x6040_0000_0010_006c;
    pub const V7: u64 = 0x6040_0000_0010_0070;
    pub const V8: u64 = 0x6040_0000_0010_0074;
    pub const V9: u64 = 0x6040_0000_0010_0078;
    pub const V10: u64 = 0x6040_0000_0010_007c;
    pub const V11: u64 = 0x6040_0000_0010_0080;
    pub const V12: u64 = 0x6040_0000_0010_0084;
    pub const V13: u64 = 0x6040_0000_0010_0088;
    pub const V14: u64 = 0x6040_0000_0010_008c;
    pub const V15: u64 = 0x6040_0000_0010_0090;
    pub const V16: u64 = 0x6040_0000_0010_0094;
    pub const V17: u64 = 0x6040_0000_0010_0098;
    pub const V18: u64 = 0x6040_0000_0010_009c;
    pub const V19: u64 = 0x6040_0000_0010_00a0;
    pub const V20: u64 = 0x6040_0000_0010_00a4;
    pub const V21: u64 = 0x6040_0000_0010_00a8;
    pub const V22: u64 = 0x6040_0000_0010_00ac;
    pub const V23: u64 = 0x6040_0000_0010_00b0;
    pub const V24: u64 = 0x6040_0000_0010_00b4;
    pub const V25: u64 = 0x6040_0000_0010_00b8;
    pub const V26: u64 = 0x6040_0000_0010_00bc;
    pub const V27: u64 = 0x6040_0000_0010_00c0;
    pub const V28: u64 = 0x6040_0000_0010_00c4;
    pub const V29: u64 = 0x6040_0000_0010_00c8;
    pub const V30: u64 = 0x6040_0000_0010_00cc;
    pub const V31: u64 = 0x6040_0000_0010_00d0;
    pub const FPSR: u64 = 0x6020_0000_0010_00d4;
    pub const FPCR: u64 = 0x6020_0000_0010_00d5;
}

/// The ids of the system registers, by the names of the Arm ARM.
pub mod sys_regs {
    pub const MDCCINT_EL1: u64 = 0x6030_0000_0013_8010;
    pub const MDSCR_EL1: u64 = 0x6030_0000_0013_8012;
    pub const OSLAR_EL1: u64 = 0x6030_0000_0013_8084;
    pub const OSLSR_EL1: u64 = 0x6030_0000_0013_808c;
    pub const OSDLR_EL1: u64 = 0x6030_0000_0013_809c;
    pub const DBGVCR32_EL2: u64 = 0x6030_0000_0013_a038;
    pub const MIDR_EL1: u64 = 0x6030_0000_0013_c000;
    pub const MPIDR_EL1: u64 = 0x6030_0000_0013_c005;
    pub const REVIDR_EL1: u64 = 0x6030_0000_0013_c006;
    pub const ID_PFR0_EL1: u64 = 0x6030_0000_0013_c008;
    pub const ID_PFR1_EL1: u64 = 0x6030_0000_0013_c009;
    pub const ID_DFR0_EL1: u64 = 0x6030_0000_0013_c00a;
    pub const ID_AFR0_EL1: u64 = 0x6030_0000_0013_c00b;
    pub const ID_MMFR0_EL1: u64 = 0x6030_0000_0013_c00c;
    pub const ID_MMFR1_EL1: u64 = 0x6030_0000_0013_c00d;
    pub const ID_MMFR2_EL1: u64 = 0x6030_0000_0013_c00e;
    pub const ID_MMFR3_EL1: u64 = 0x6030_0000_0013_c00f;
    pub const ID_ISAR0_EL1: u64 = 0x6030_0000_0013_c010;
    pub const ID_ISAR1_EL1: u64 = 0x6030_0000_0013_c011;
    pub const ID_ISAR2_EL1: u64 = 0x6030_0000_0013_c012;
    pub const ID_ISAR3_EL1: u64 = 0x6030_0000_0013_c013;
    pub const ID_ISAR4_EL1: u64 = 0x6030_0000_0013_c014;
    pub const ID_ISAR5_EL1: u64 = 0x6030_0000_0013_c015;
    pub const ID_MMFR4_EL1: u64 = 0x6030_0000_0013_c016;
    pub const ID_ISAR6_EL1: u64 = 0x6030_0000_0013_c017;
    pub const MVFR0_EL1: u64 = 0x6030_0000_0013_c018;
    pub const MVFR1_EL1: u64 = 0x6030_0000_0013_c019;
    pub const MVFR2_EL1: u64 = 0x6030_0000_0013_c01a;
    pub const ID_PFR2_EL1: u64 = 0x6030_0000_0013_c01c;
    pub const ID_DFR1_EL1: u64 = 0x6030_0000_0013_c01d;
    pub const ID_MMFR5_EL1: u64 = 0x6030_0000_0013_c01e;
    pub const ID_AA64PFR0_EL1: u64 = 0x6030_0000_0013_c020;
    pub const ID_AA64PFR1_EL1: u64 = 0x6030_0000_0013_c021;
    pub const ID_AA64PFR2_EL1: u64 = 0x6030_0000_0013_c022;
    pub const ID_AA64ZFR0_EL1: u64 = 0x6030_0000_0013_c024;
    pub const ID_AA64SMFR0_EL1: u64 = 0x6030_0000_0013_c025;
    pub const ID_AA64FPFR0_EL1: u64 = 0x6030_0000_0013_c027;
    pub const ID_AA64DFR0_EL1: u64 = 0x6030_0000_0013_c028;
    pub const ID_AA64DFR1_EL1: u64 = 0x6030_0000_0013_c029;
    pub const ID_AA64DFR2_EL1: u64 = 0x6030_0000_0013_c02a;
    pub const ID_AA64AFR0_EL1: u64 = 0x6030_0000_0013_c02c;
    pub const ID_AA64AFR1_EL1: u64 = 0x6030_0000_0013_c02d;
    pub const ID_AA64ISAR0_EL1: u64 = 0x6030_0000_0013_c030;
    pub const ID_AA64ISAR1_EL1: u64 = 0x6030_0000_0013_c031;
    pub const ID_AA64ISAR2_EL1: u64 = 0x6030_0000_0013_c032;
    pub const ID_AA64ISAR3_EL1: u64 = 0x6030_0000_0013_c033;
    pub const ID_AA64MMFR0_EL1: u64 = 0x6030_0000_0013_c038;
    pub const ID_AA64MMFR1_EL1: u64 = 0x6030_0000_0013_c039;
    pub const ID_AA64MMFR2_EL1: u64 = 0x6030_0000_0013_c03a;
    pub const ID_AA64MMFR3_EL1: u64 = 0x6030_0000_0013_c03b;
    pub const ID_AA64MMFR4_EL1: u64 = 0x6030_0000_0013_c03c;
    pub const CCSIDR_EL1: u64 = 0x6030_0000_0013_c800;
    pub const CLIDR_EL1: u64 = 0x6030_0000_0013_c801;
    pub const CCSIDR2_EL1: u64 = 0x6030_0000_0013_c802;
    pub const GMID_EL1: u64 = 0x6030_0000_0013_c804;
    pub const SMIDR_EL1: u64 = 0x6030_0000_0013_c806;
    pub const AIDR_EL1: u64 = 0x6030_0000_0013_c807;
    pub const CSSELR_EL1: u64 = 0x6030_0000_0013_d000;
    pub const CTR_EL0: u64 = 0x6030_0000_0013_d801;
    pub const DCZID_EL0: u64 = 0x6030_0000_0013_d807;
    pub const SCTLR_EL1: u64 = 0x6030_0000_0013_c080;
    pub const ACTLR_EL1: u64 = 0x6030_0000_0013_c081;
    pub const CPACR_EL1: u64 = 0x6030_0000_0013_c082;
    pub const SCTLR2_EL1: u64 = 0x6030_0000_0013_c083;
    pub const RGSR_EL1: u64 = 0x6030_0000_0013_c085;
    pub const GCR_EL1: u64 = 0x6030_0000_0013_c086;
    pub const ZCR_EL1: u64 = 0x6030_0000_0013_c090;
    pub const TRFCR_EL1: u64 = 0x6030_0000_0013_c091;
    pub const TTBR0_EL1: u64 = 0x6030_0000_0013_c100;
    pub const TTBR1_EL1: u64 = 0x6030_0000_0013_c101;
    pub const TCR_EL1: u64 = 0x6030_0000_0013_c102;
    pub const TCR2_EL1: u64 = 0x6030_0000_0013_c103;
    pub const APIAKEYLO_EL1: u64 = 0x6030_0000_0013_c108;
    pub const APIAKEYHI_EL1: u64 = 0x6030_0000_0013_c109;
    pub const APIBKEYLO_EL1: u64 = 0x6030_0000_0013_c10a;
    pub const APIBKEYHI_EL1: u64 = 0x6030_0000_0013_c10b;
    pub const APDAKEYLO_EL1: u64 = 0x6030_0000_0013_c110;
    pub const APDAKEYHI_EL1: u64 = 0x6030_0000_0013_c111;
    pub const APDBKEYLO_EL1: u64 = 0x6030_0000_0013_c112;
    pub const APDBKEYHI_EL1: u64 = 0x6030_0000_0013_c113;
    pub const APGAKEYLO_EL1: u64 = 0x6030_0000_0013_c118;
    pub const APGAKEYHI_EL1: u64 = 0x6030_0000_0013_c119;
    pub const SPSR_EL1: u64 = 0x6030_0000_0013_c200;
    pub const ELR_EL1: u64 = 0x6030_0000_0013_c201;
    pub const SP_EL0: u64 = 0x6030_0000_0013_c208;
    pub const SPSel: u64 = 0x6030_0000_0013_c210;
    pub const CurrentEL: u64 = 0x6030_0000_0013_c212;
    pub const PAN: u64 = 0x6030_0000_0013_c213;
    pub const UAO: u64 = 0x6030_0000_0013_c214;
    pub const ICC_PMR_EL1: u64 = 0x6030_0000_0013_c230;
    pub const NZCV: u64 = 0x6030_0000_0013_da10;
    pub const DAIF: u64 = 0x6030_0000_0013_da11;
    pub const DIT: u64 = 0x6030_0000_0013_da15;
    pub const SSBS: u64 = 0x6030_0000_0013_da16;
    pub const TCO: u64 = 0x6030_0000_0013_da17;
    pub const FPCR: u64 = 0x6030_0000_0013_da20;
    pub const FPSR: u64 = 0x6030_0000_0013_da21;
    pub const AFSR0_EL1: u64 = 0x6030_0000_0013_c288;
    pub const AFSR1_EL1: u64 = 0x6030_0000_0013_c289;
    pub const ESR_EL1: u64 = 0x6030_0000_0013_c290;
    pub const ERRIDR_EL1: u64 = 0x6030_0000_0013_c298;
    pub const ERRSELR_EL1: u64 = 0x6030_0000_0013_c299;
    pub const TFSR_EL1: u64 = 0x6030_0000_0013_c2b0;
    pub const TFSRE0_EL1: u64 = 0x6030_0000_0013_c2b1;
    pub const FAR_EL1: u64 = 0x6030_0000_0013_c300;
    pub const PAR_EL1: u64 = 0x6030_0000_0013_c3a0;
    pub const PMINTENSET_EL1: u64 = 0x6030_0000_0013_c4f1;
    pub const PMINTENCLR_EL1: u64 = 0x6030_0000_0013_c4f2;
    pub const PMMIR_EL1: u64 = 0x6030_0000_0013_c4f6;
    pub const PMCR_EL0: u64 = 0x6030_0000_0013_dce0;
    pub const PMCNTENSET_EL0: u64 = 0x6030_0000_0013_dce1;
    pub const PMCNTENCLR_EL0: u64 = 0x6030_0000_0013_dce2;
    pub const PMOVSCLR_EL0: u64 = 0x6030_0000_0013_dce3;
    pub const PMSWINC_EL0: u64 = 0x6030_0000_0013_dce4;
    pub const PMSELR_EL0: u64 = 0x6030_0000_0013_dce5;
    pub const PMCEID0_EL0: u64 = 0x6030_0000_0013_dce6;
    pub const PMCEID1_EL0: u64 = 0x6030_0000_0013_dce7;
    pub const PMCCNTR_EL0: u64 = 0x6030_0000_0013_dce8;
    pub const PMXEVTYPER_EL0: u64 = 0x6030_0000_0013_dce9;
    pub const PMXEVCNTR_EL0: u64 = 0x6030_0000_0013_dcea;
    pub const PMUSERENR_EL0: u64 = 0x6030_0000_0013_dcf0;
    pub const PMOVSSET_EL0: u64 = 0x6030_0000_0013_dcf3;
    pub const PMCCFILTR_EL0: u64 = 0x6030_0000_0013_df7f;
    pub const MAIR_EL1: u64 = 0x6030_0000_0013_c510;
    pub const PIRE0_EL1: u64 = 0x6030_0000_0013_c512;
    pub const PIR_EL1: u64 = 0x6030_0000_0013_c513;
    pub const POR_EL1: u64 = 0x6030_0000_0013_c514;
    pub const POR_EL0: u64 = 0x6030_0000_0013_dd14;
    pub const AMAIR_EL1: u64 = 0x6030_0000_0013_c518;
    pub const VBAR_EL1: u64 = 0x6030_0000_0013_c600;
    pub const ISR_EL1: u64 = 0x6030_0000_0013_c608;
    pub const DISR_EL1: u64 = 0x6030_0000_0013_c609;
    pub const ICC_IAR0_EL1: u64 = 0x6030_0000_0013_c640;
    pub const ICC_EOIR0_EL1: u64 = 0x6030_0000_0013_c641;
    pub const ICC_HPPIR0_EL1: u64 = 0x6030_0000_0013_c642;
    pub const ICC_BPR0_EL1: u64 = 0x6030_0000_0013_c643;
    pub const ICC_AP0R0_EL1: u64 = 0x6030_0000_0013_c644;
    pub const ICC_AP0R1_EL1: u64 = 0x6030_0000_0013_c645;
    pub const ICC_AP0R2_EL1: u64 = 0x6030_0000_0013_c646;
    pub const ICC_AP0R3_EL1: u64 = 0x6030_0000_0013_c647;
    pub const ICC_AP1R0_EL1: u64 = 0x6030_0000_0013_c648;
    pub const ICC_AP1R1_EL1: u64 = 0x6030_0000_0013_c649;
    pub const ICC_AP1R2_EL1: u64 = 0x6030_0000_0013_c64a;
    pub const ICC_AP1R3_EL1: u64 = 0x6030_0000_0013_c64b;
    pub const ICC_DIR_EL1: u64 = 0x6030_0000_0013_c659;
    pub const ICC_RPR_EL1: u64 = 0x6030_0000_0013_c65b;
    pub const ICC_SGI1R_EL1: u64 = 0x6030_0000_0013_c65d;
    pub const ICC_ASGI1R_EL1: u64 = 0x6030_0000_0013_c65e;
    pub const ICC_SGI0R_EL1: u64 = 0x6030_0000_0013_c65f;
    pub const ICC_IAR1_EL1: u64 = 0x6030_0000_0013_c660;
    pub const ICC_EOIR1_EL1: u64 = 0x6030_0000_0013_c661;
    pub const ICC_HPPIR1_EL1: u64 = 0x6030_0000_0013_c662;
    pub const ICC_BPR1_EL1: u64 = 0x6030_0000_0013_c663;
    pub const ICC_CTLR_EL1: u64 = 0x6030_0000_0013_c664;
    pub const ICC_SRE_EL1: u64 = 0x6030_0000_0013_c665;
    pub const ICC_IGRPEN0_EL1: u64 = 0x6030_0000_0013_c666;
    pub const ICC_IGRPEN1_EL1: u64 = 0x6030_0000_0013_c667;
    pub const CONTEXTIDR_EL1: u64 = 0x6030_0000_0013_c681;
    pub const TPIDR_EL1: u64 = 0x6030_0000_0013_c684;
    pub const SCXTNUM_EL1: u64 = 0x6030_0000_0013_c687;
    pub const TPIDR_EL0: u64 = 0x6030_0000_0013_de82;
    pub const TPIDRRO_EL0: u64 = 0x6030_0000_0013_de83;
    pub const TPIDR2_EL0: u64 = 0x6030_0000_0013_de85;
    pub const SCXTNUM_EL0: u64 = 0x6030_0000_0013_de87;
    pub const CNTKCTL_EL1: u64 = 0x6030_0000_0013_c708;
    pub const CNTFRQ_EL0: u64 = 0x6030_0000_0013_df00;
    pub const CNTPCT_EL0: u64 = 0x6030_0000_0013_df01;
    pub const CNTVCT_EL0: u64 = 0x6030_0000_0013_df02;
    pub const CNTP_TVAL_EL0: u64 = 0x6030_0000_0013_df10;
    pub const CNTP_CTL_EL0: u64 = 0x6030_0000_0013_df11;
    pub const CNTP_CVAL_EL0: u64 = 0x6030_0000_0013_df12;
    pub const CNTV_TVAL_EL0: u64 = 0x6030_0000_0013_df18;
    pub const CNTV_CTL_EL0: u64 = 0x6030_0000_0013_df19;
    pub const CNTV_CVAL_EL0: u64 = 0x6030_0000_0013_df1a;
    pub const DACR32_EL2: u64 = 0x6030_0000_0013_e180;
    pub const IFSR32_EL2: u64 = 0x6030_0000_0013_e281;
    pub const FPEXC32_EL2: u64 = 0x6030_0000_0013_e298;
}
