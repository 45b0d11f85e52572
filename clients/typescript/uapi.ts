// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.

/** The Linux headers that a VMM includes: constants, structs and requests, under their C names. */

import { array, bytes, s16, s32, struct, u8, u16, u32, u64, u128 } from "./struct.ts";

/** Every errno that a call can answer. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  ENOEXEC: 8,
  EBADF: 9,
  ECHILD: 10,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  ENOTBLK: 15,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOTTY: 25,
  ETXTBSY: 26,
  EFBIG: 27,
  ENOSPC: 28,
  ESPIPE: 29,
  EROFS: 30,
  EMLINK: 31,
  EPIPE: 32,
  EDOM: 33,
  ERANGE: 34,
  ENOSYS: 38,
  ENODATA: 61,
  EOVERFLOW: 75,
  EOPNOTSUPP: 95,
} as const;

// linux/kvm.h
export const GUEST_MEMFD_FLAG_INIT_SHARED = 2n;
export const GUEST_MEMFD_FLAG_MMAP = 1n;
export const KVMIO = 174;
export const KVM_API_VERSION = 12;
export const KVM_ARM_DEV_EL1_PTIMER = 2n;
export const KVM_ARM_DEV_EL1_VTIMER = 1n;
export const KVM_ARM_DEV_PMU = 4n;
export const KVM_CAP_ADJUST_CLOCK = 39;
export const KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED = 243;
export const KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE = 228;
export const KVM_CAP_ARM_EL1_32BIT = 93;
export const KVM_CAP_ARM_EL2 = 240;
export const KVM_CAP_ARM_EL2_E2H0 = 241;
export const KVM_CAP_ARM_INJECT_EXT_DABT = 178;
export const KVM_CAP_ARM_INJECT_SERROR_ESR = 158;
export const KVM_CAP_ARM_IRQ_LINE_LAYOUT_2 = 174;
export const KVM_CAP_ARM_MTE = 205;
export const KVM_CAP_ARM_NISV_TO_USER = 177;
export const KVM_CAP_ARM_PMU_V3 = 126;
export const KVM_CAP_ARM_PSCI = 87;
export const KVM_CAP_ARM_PSCI_0_2 = 102;
export const KVM_CAP_ARM_PTRAUTH_ADDRESS = 171;
export const KVM_CAP_ARM_PTRAUTH_GENERIC = 172;
export const KVM_CAP_ARM_SEA_TO_USER = 245;
export const KVM_CAP_ARM_SET_DEVICE_ADDR = 88;
export const KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES = 229;
export const KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES = 230;
export const KVM_CAP_ARM_SVE = 170;
export const KVM_CAP_ARM_SYSTEM_SUSPEND = 216;
export const KVM_CAP_ARM_USER_IRQ = 144;
export const KVM_CAP_ARM_VM_IPA_SIZE = 165;
export const KVM_CAP_ARM_WRITABLE_IMP_ID_REGS = 239;
export const KVM_CAP_ASSIGN_DEV_IRQ = 29;
export const KVM_CAP_ASYNC_PF = 59;
export const KVM_CAP_ASYNC_PF_INT = 183;
export const KVM_CAP_BINARY_STATS_FD = 203;
export const KVM_CAP_CHECK_EXTENSION_VM = 105;
export const KVM_CAP_CLOCKSOURCE = 8;
export const KVM_CAP_COALESCED_MMIO = 15;
export const KVM_CAP_COALESCED_PIO = 162;
export const KVM_CAP_COUNTER_OFFSET = 227;
export const KVM_CAP_DEBUGREGS = 50;
export const KVM_CAP_DESTROY_MEMORY_REGION_WORKS = 21;
export const KVM_CAP_DEVICE_CTRL = 89;
export const KVM_CAP_DIRTY_LOG_RING = 192;
export const KVM_CAP_DIRTY_LOG_RING_ACQ_REL = 223;
export const KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP = 225;
export const KVM_CAP_DISABLE_QUIRKS = 116;
export const KVM_CAP_DISABLE_QUIRKS2 = 213;
export const KVM_CAP_ENABLE_CAP = 54;
export const KVM_CAP_ENABLE_CAP_VM = 98;
export const KVM_CAP_ENFORCE_PV_FEATURE_CPUID = 190;
export const KVM_CAP_EXCEPTION_PAYLOAD = 164;
export const KVM_CAP_EXIT_HYPERCALL = 201;
export const KVM_CAP_EXIT_ON_EMULATION_FAILURE = 204;
export const KVM_CAP_EXT_CPUID = 7;
export const KVM_CAP_EXT_EMUL_CPUID = 95;
export const KVM_CAP_GET_MSR_FEATURES = 153;
export const KVM_CAP_GET_TSC_KHZ = 61;
export const KVM_CAP_GUEST_DEBUG_HW_BPS = 119;
export const KVM_CAP_GUEST_DEBUG_HW_WPS = 120;
export const KVM_CAP_GUEST_MEMFD = 234;
export const KVM_CAP_GUEST_MEMFD_FLAGS = 244;
export const KVM_CAP_HALT_POLL = 182;
export const KVM_CAP_HLT = 1;
export const KVM_CAP_HYPERV = 44;
export const KVM_CAP_HYPERV_CPUID = 167;
export const KVM_CAP_HYPERV_DIRECT_TLBFLUSH = 175;
export const KVM_CAP_HYPERV_ENFORCE_CPUID = 199;
export const KVM_CAP_HYPERV_ENLIGHTENED_VMCS = 163;
export const KVM_CAP_HYPERV_EVENTFD = 154;
export const KVM_CAP_HYPERV_SEND_IPI = 161;
export const KVM_CAP_HYPERV_SPIN = 46;
export const KVM_CAP_HYPERV_SYNIC = 123;
export const KVM_CAP_HYPERV_SYNIC2 = 148;
export const KVM_CAP_HYPERV_TIME = 96;
export const KVM_CAP_HYPERV_TLBFLUSH = 155;
export const KVM_CAP_HYPERV_VAPIC = 45;
export const KVM_CAP_HYPERV_VP_INDEX = 149;
export const KVM_CAP_IMMEDIATE_EXIT = 136;
export const KVM_CAP_INTERNAL_ERROR_DATA = 40;
export const KVM_CAP_INTR_SHADOW = 49;
export const KVM_CAP_IOAPIC_POLARITY_IGNORED = 97;
export const KVM_CAP_IOEVENTFD = 36;
export const KVM_CAP_IOEVENTFD_ANY_LENGTH = 122;
export const KVM_CAP_IOEVENTFD_NO_LENGTH = 100;
export const KVM_CAP_IOMMU = 18;
export const KVM_CAP_IRQCHIP = 0;
export const KVM_CAP_IRQFD = 32;
export const KVM_CAP_IRQFD_RESAMPLE = 82;
export const KVM_CAP_IRQ_INJECT_STATUS = 26;
export const KVM_CAP_IRQ_MPIC = 90;
export const KVM_CAP_IRQ_ROUTING = 25;
export const KVM_CAP_IRQ_XICS = 92;
export const KVM_CAP_JOIN_MEMORY_REGIONS_WORKS = 30;
export const KVM_CAP_KVMCLOCK_CTRL = 76;
export const KVM_CAP_LAST_CPU = 184;
export const KVM_CAP_MANUAL_DIRTY_LOG_PROTECT = 166;
export const KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 = 168;
export const KVM_CAP_MAX_VCPUS = 66;
export const KVM_CAP_MAX_VCPU_ID = 128;
export const KVM_CAP_MCE = 31;
export const KVM_CAP_MEMORY_ATTRIBUTES = 233;
export const KVM_CAP_MEMORY_FAULT_INFO = 232;
export const KVM_CAP_MIPS_64BIT = 139;
export const KVM_CAP_MIPS_FPU = 111;
export const KVM_CAP_MIPS_MSA = 112;
export const KVM_CAP_MIPS_TE = 138;
export const KVM_CAP_MIPS_VZ = 137;
export const KVM_CAP_MMU_SHADOW_CACHE_CONTROL = 2;
export const KVM_CAP_MP_STATE = 14;
export const KVM_CAP_MSI_DEVID = 131;
export const KVM_CAP_MSR_PLATFORM_INFO = 159;
export const KVM_CAP_MULTI_ADDRESS_SPACE = 118;
export const KVM_CAP_NESTED_STATE = 157;
export const KVM_CAP_NOP_IO_DELAY = 12;
export const KVM_CAP_NR_MEMSLOTS = 10;
export const KVM_CAP_NR_VCPUS = 9;
export const KVM_CAP_ONE_REG = 70;
export const KVM_CAP_PCI_2_3 = 75;
export const KVM_CAP_PCI_SEGMENT = 47;
export const KVM_CAP_PIT = 11;
export const KVM_CAP_PIT2 = 33;
export const KVM_CAP_PIT_STATE2 = 35;
export const KVM_CAP_PMU_CAPABILITY = 212;
export const KVM_CAP_PMU_EVENT_FILTER = 173;
export const KVM_CAP_PMU_EVENT_MASKED_EVENTS = 226;
export const KVM_CAP_PPC_AIL_MODE_3 = 210;
export const KVM_CAP_PPC_ALLOC_HTAB = 80;
export const KVM_CAP_PPC_BOOKE_SREGS = 62;
export const KVM_CAP_PPC_BOOKE_WATCHDOG = 83;
export const KVM_CAP_PPC_DAWR1 = 194;
export const KVM_CAP_PPC_ENABLE_HCALL = 104;
export const KVM_CAP_PPC_EPR = 86;
export const KVM_CAP_PPC_FIXUP_HCALL = 103;
export const KVM_CAP_PPC_FWNMI = 146;
export const KVM_CAP_PPC_GET_CPU_CHAR = 151;
export const KVM_CAP_PPC_GET_PVINFO = 57;
export const KVM_CAP_PPC_GET_SMMU_INFO = 78;
export const KVM_CAP_PPC_GUEST_DEBUG_SSTEP = 176;
export const KVM_CAP_PPC_HIOR = 67;
export const KVM_CAP_PPC_HTAB_FD = 84;
export const KVM_CAP_PPC_HTM = 132;
export const KVM_CAP_PPC_HWRNG = 115;
export const KVM_CAP_PPC_IRQ_LEVEL = 58;
export const KVM_CAP_PPC_IRQ_XIVE = 169;
export const KVM_CAP_PPC_MMU_HASH_V3 = 135;
export const KVM_CAP_PPC_MMU_RADIX = 134;
export const KVM_CAP_PPC_NESTED_HV = 160;
export const KVM_CAP_PPC_OSI = 52;
export const KVM_CAP_PPC_PAIRED_SINGLES = 48;
export const KVM_CAP_PPC_PAPR = 68;
export const KVM_CAP_PPC_RMA = 65;
export const KVM_CAP_PPC_RPT_INVALIDATE = 202;
export const KVM_CAP_PPC_RTAS = 91;
export const KVM_CAP_PPC_SECURE_GUEST = 181;
export const KVM_CAP_PPC_SEGSTATE = 43;
export const KVM_CAP_PPC_SMT = 64;
export const KVM_CAP_PPC_SMT_POSSIBLE = 147;
export const KVM_CAP_PPC_UNSET_IRQ = 53;
export const KVM_CAP_PRE_FAULT_MEMORY = 236;
export const KVM_CAP_PTP_KVM = 198;
export const KVM_CAP_PV_MMU = 13;
export const KVM_CAP_READONLY_MEM = 81;
export const KVM_CAP_REINJECT_CONTROL = 24;
export const KVM_CAP_RISCV_MP_STATE_RESET = 242;
export const KVM_CAP_S390_AIS = 141;
export const KVM_CAP_S390_AIS_MIGRATION = 150;
export const KVM_CAP_S390_BPB = 152;
export const KVM_CAP_S390_CMMA_MIGRATION = 145;
export const KVM_CAP_S390_COW = 79;
export const KVM_CAP_S390_CPU_TOPOLOGY = 222;
export const KVM_CAP_S390_CSS_SUPPORT = 85;
export const KVM_CAP_S390_DIAG318 = 186;
export const KVM_CAP_S390_GMAP = 71;
export const KVM_CAP_S390_GS = 140;
export const KVM_CAP_S390_HPAGE_1M = 156;
export const KVM_CAP_S390_INJECT_IRQ = 113;
export const KVM_CAP_S390_IRQCHIP = 99;
export const KVM_CAP_S390_IRQ_STATE = 114;
export const KVM_CAP_S390_KEYOP = 247;
export const KVM_CAP_S390_MEM_OP = 108;
export const KVM_CAP_S390_MEM_OP_EXTENSION = 211;
export const KVM_CAP_S390_PROTECTED = 180;
export const KVM_CAP_S390_PROTECTED_ASYNC_DISABLE = 224;
export const KVM_CAP_S390_PROTECTED_DUMP = 217;
export const KVM_CAP_S390_PSW = 42;
export const KVM_CAP_S390_RI = 124;
export const KVM_CAP_S390_SKEYS = 110;
export const KVM_CAP_S390_UCONTROL = 73;
export const KVM_CAP_S390_USER_INSTR0 = 130;
export const KVM_CAP_S390_USER_OPEREXEC = 246;
export const KVM_CAP_S390_USER_SIGP = 106;
export const KVM_CAP_S390_USER_STSI = 109;
export const KVM_CAP_S390_VCPU_RESETS = 179;
export const KVM_CAP_S390_VECTOR_REGISTERS = 107;
export const KVM_CAP_S390_VSIE_ESAMODE = 248;
export const KVM_CAP_S390_ZPCI_OP = 221;
export const KVM_CAP_SET_BOOT_CPU_ID = 34;
export const KVM_CAP_SET_GUEST_DEBUG = 23;
export const KVM_CAP_SET_GUEST_DEBUG2 = 195;
export const KVM_CAP_SET_IDENTITY_MAP_ADDR = 37;
export const KVM_CAP_SET_TSS_ADDR = 4;
export const KVM_CAP_SGX_ATTRIBUTE = 196;
export const KVM_CAP_SIGNAL_MSI = 77;
export const KVM_CAP_SMALLER_MAXPHYADDR = 185;
export const KVM_CAP_SPAPR_MULTITCE = 94;
export const KVM_CAP_SPAPR_RESIZE_HPT = 133;
export const KVM_CAP_SPAPR_TCE = 63;
export const KVM_CAP_SPAPR_TCE_64 = 125;
export const KVM_CAP_SPAPR_TCE_VFIO = 142;
export const KVM_CAP_SPLIT_IRQCHIP = 121;
export const KVM_CAP_SREGS2 = 200;
export const KVM_CAP_STEAL_TIME = 187;
export const KVM_CAP_SW_TLB = 69;
export const KVM_CAP_SYNC_MMU = 16;
export const KVM_CAP_SYNC_REGS = 74;
export const KVM_CAP_SYSTEM_EVENT_DATA = 215;
export const KVM_CAP_SYS_ATTRIBUTES = 209;
export const KVM_CAP_SYS_HYPERV_CPUID = 191;
export const KVM_CAP_TSC_CONTROL = 60;
export const KVM_CAP_TSC_DEADLINE_TIMER = 72;
export const KVM_CAP_USER_MEMORY = 3;
export const KVM_CAP_USER_MEMORY2 = 231;
export const KVM_CAP_USER_NMI = 22;
export const KVM_CAP_VAPIC = 6;
export const KVM_CAP_VCPU_ATTRIBUTES = 127;
export const KVM_CAP_VCPU_EVENTS = 41;
export const KVM_CAP_VM_ATTRIBUTES = 101;
export const KVM_CAP_VM_COPY_ENC_CONTEXT_FROM = 197;
export const KVM_CAP_VM_DISABLE_NX_HUGE_PAGES = 220;
export const KVM_CAP_VM_GPA_BITS = 207;
export const KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM = 206;
export const KVM_CAP_VM_TSC_CONTROL = 214;
export const KVM_CAP_VM_TYPES = 235;
export const KVM_CAP_X2APIC_API = 129;
export const KVM_CAP_X86_APIC_BUS_CYCLES_NS = 237;
export const KVM_CAP_X86_BUS_LOCK_EXIT = 193;
export const KVM_CAP_X86_DISABLE_EXITS = 143;
export const KVM_CAP_X86_GUEST_MODE = 238;
export const KVM_CAP_X86_MSR_FILTER = 189;
export const KVM_CAP_X86_NOTIFY_VMEXIT = 219;
export const KVM_CAP_X86_ROBUST_SINGLESTEP = 51;
export const KVM_CAP_X86_SMM = 117;
export const KVM_CAP_X86_TRIPLE_FAULT_EVENT = 218;
export const KVM_CAP_X86_USER_SPACE_MSR = 188;
export const KVM_CAP_XCRS = 56;
export const KVM_CAP_XEN_HVM = 38;
export const KVM_CAP_XSAVE = 55;
export const KVM_CAP_XSAVE2 = 208;
export const KVM_COALESCED_MMIO_MAX = 170;
export const KVM_CREATE_DEVICE_TEST = 1;
export const KVM_DEV_TYPE_ARM_PV_TIME = 10;
export const KVM_DEV_TYPE_ARM_VGIC_ITS = 8;
export const KVM_DEV_TYPE_ARM_VGIC_V2 = 5;
export const KVM_DEV_TYPE_ARM_VGIC_V3 = 7;
export const KVM_DEV_TYPE_ARM_VGIC_V5 = 16;
export const KVM_DEV_TYPE_FLIC = 6;
export const KVM_DEV_TYPE_FSL_MPIC_20 = 1;
export const KVM_DEV_TYPE_FSL_MPIC_42 = 2;
export const KVM_DEV_TYPE_VFIO = 4;
export const KVM_DEV_TYPE_XICS = 3;
export const KVM_DEV_TYPE_XIVE = 9;
export const KVM_DIRTY_GFN_F_DIRTY = 1;
export const KVM_DIRTY_GFN_F_MASK = 3;
export const KVM_DIRTY_GFN_F_RESET = 2;
export const KVM_DIRTY_LOG_INITIALLY_SET = 2n;
export const KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE = 1n;
export const KVM_EXIT_AP_RESET_HOLD = 32;
export const KVM_EXIT_ARM_LDST64B = 42;
export const KVM_EXIT_ARM_NISV = 28;
export const KVM_EXIT_ARM_SEA = 41;
export const KVM_EXIT_ARM_SEA_FLAG_GPA_VALID = 1n;
export const KVM_EXIT_DCR = 15;
export const KVM_EXIT_DEBUG = 4;
export const KVM_EXIT_DIRTY_RING_FULL = 31;
export const KVM_EXIT_EPR = 23;
export const KVM_EXIT_EXCEPTION = 1;
export const KVM_EXIT_FAIL_ENTRY = 9;
export const KVM_EXIT_HLT = 5;
export const KVM_EXIT_HYPERCALL = 3;
export const KVM_EXIT_HYPERV = 27;
export const KVM_EXIT_INTERNAL_ERROR = 17;
export const KVM_EXIT_INTR = 10;
export const KVM_EXIT_IO = 2;
export const KVM_EXIT_IOAPIC_EOI = 26;
export const KVM_EXIT_IRQ_WINDOW_OPEN = 7;
export const KVM_EXIT_LOONGARCH_IOCSR = 38;
export const KVM_EXIT_MEMORY_FAULT = 39;
export const KVM_EXIT_MMIO = 6;
export const KVM_EXIT_NMI = 16;
export const KVM_EXIT_NOTIFY = 37;
export const KVM_EXIT_OSI = 18;
export const KVM_EXIT_PAPR_HCALL = 19;
export const KVM_EXIT_RISCV_CSR = 36;
export const KVM_EXIT_RISCV_SBI = 35;
export const KVM_EXIT_S390_RESET = 14;
export const KVM_EXIT_S390_SIEIC = 13;
export const KVM_EXIT_S390_STSI = 25;
export const KVM_EXIT_S390_TSCH = 22;
export const KVM_EXIT_S390_UCONTROL = 20;
export const KVM_EXIT_SET_TPR = 11;
export const KVM_EXIT_SHUTDOWN = 8;
export const KVM_EXIT_SNP_REQ_CERTS = 43;
export const KVM_EXIT_SYSTEM_EVENT = 24;
export const KVM_EXIT_TDX = 40;
export const KVM_EXIT_TPR_ACCESS = 12;
export const KVM_EXIT_UNKNOWN = 0;
export const KVM_EXIT_WATCHDOG = 21;
export const KVM_EXIT_X86_BUS_LOCK = 33;
export const KVM_EXIT_X86_RDMSR = 29;
export const KVM_EXIT_X86_WRMSR = 30;
export const KVM_EXIT_XEN = 34;
export const KVM_GUESTDBG_ENABLE = 1;
export const KVM_GUESTDBG_SINGLESTEP = 2;
export const KVM_INTERNAL_ERROR_DELIVERY_EV = 3;
export const KVM_INTERNAL_ERROR_EMULATION = 1;
export const KVM_INTERNAL_ERROR_SIMUL_EX = 2;
export const KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON = 4;
export const KVM_IOEVENTFD_FLAG_DATAMATCH = 1;
export const KVM_IOEVENTFD_FLAG_DEASSIGN = 4;
export const KVM_IOEVENTFD_FLAG_PIO = 2;
export const KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY = 8;
export const KVM_IOEVENTFD_VALID_FLAG_MASK = 31;
export const KVM_IRQFD_FLAG_DEASSIGN = 1;
export const KVM_IRQFD_FLAG_RESAMPLE = 2;
export const KVM_IRQ_ROUTING_HV_SINT = 4;
export const KVM_IRQ_ROUTING_IRQCHIP = 1;
export const KVM_IRQ_ROUTING_MSI = 2;
export const KVM_IRQ_ROUTING_S390_ADAPTER = 3;
export const KVM_IRQ_ROUTING_XEN_EVTCHN = 5;
export const KVM_MEMORY_ATTRIBUTE_PRIVATE = 8n;
export const KVM_MEMORY_EXIT_FLAG_PRIVATE = 8n;
export const KVM_MEM_GUEST_MEMFD = 4;
export const KVM_MEM_LOG_DIRTY_PAGES = 1;
export const KVM_MEM_READONLY = 2;
export const KVM_MP_STATE_AP_RESET_HOLD = 9;
export const KVM_MP_STATE_CHECK_STOP = 6;
export const KVM_MP_STATE_HALTED = 3;
export const KVM_MP_STATE_INIT_RECEIVED = 2;
export const KVM_MP_STATE_LOAD = 8;
export const KVM_MP_STATE_OPERATING = 7;
export const KVM_MP_STATE_RUNNABLE = 0;
export const KVM_MP_STATE_SIPI_RECEIVED = 4;
export const KVM_MP_STATE_STOPPED = 5;
export const KVM_MP_STATE_SUSPENDED = 10;
export const KVM_MP_STATE_UNINITIALIZED = 1;
export const KVM_MSI_VALID_DEVID = 1;
export const KVM_STATS_BASE_MASK = 0xf00;
export const KVM_STATS_BASE_POW10 = 0;
export const KVM_STATS_BASE_POW2 = 256;
export const KVM_STATS_BASE_SHIFT = 8;
export const KVM_STATS_TYPE_CUMULATIVE = 0;
export const KVM_STATS_TYPE_INSTANT = 1;
export const KVM_STATS_TYPE_LINEAR_HIST = 3;
export const KVM_STATS_TYPE_LOG_HIST = 4;
export const KVM_STATS_TYPE_MASK = 15;
export const KVM_STATS_TYPE_PEAK = 2;
export const KVM_STATS_TYPE_SHIFT = 0;
export const KVM_STATS_UNIT_BOOLEAN = 64;
export const KVM_STATS_UNIT_BYTES = 16;
export const KVM_STATS_UNIT_CYCLES = 48;
export const KVM_STATS_UNIT_MASK = 240;
export const KVM_STATS_UNIT_NONE = 0;
export const KVM_STATS_UNIT_SECONDS = 32;
export const KVM_STATS_UNIT_SHIFT = 4;
export const KVM_SYSTEM_EVENT_CRASH = 3;
export const KVM_SYSTEM_EVENT_RESET = 2;
export const KVM_SYSTEM_EVENT_SEV_TERM = 6;
export const KVM_SYSTEM_EVENT_SHUTDOWN = 1;
export const KVM_SYSTEM_EVENT_SUSPEND = 5;
export const KVM_SYSTEM_EVENT_TDX_FATAL = 7;
export const KVM_SYSTEM_EVENT_WAKEUP = 4;
export const KVM_VM_TYPE_ARM_IPA_SIZE_MASK = 255n;
export const KVM_VM_TYPE_ARM_PROTECTED = 0x80000000n;
export const SYNC_REGS_SIZE_BYTES = 0x800;

// asm/kvm.h
export const KVM_ARM64_SVE_MAX_SLICES = 32;
export const KVM_ARM64_SVE_NUM_PREGS = 16;
export const KVM_ARM64_SVE_NUM_ZREGS = 32;
export const KVM_ARM64_SVE_VLS_WORDS = 8;
export const KVM_ARM64_SVE_VQ_MAX = 512;
export const KVM_ARM64_SVE_VQ_MIN = 1;
export const KVM_ARM_DEVICE_ID_MASK = 0xffff0000n;
export const KVM_ARM_DEVICE_ID_SHIFT = 16n;
export const KVM_ARM_DEVICE_TYPE_MASK = 0xffffn;
export const KVM_ARM_DEVICE_TYPE_SHIFT = 0n;
export const KVM_ARM_DEVICE_VGIC_V2 = 0n;
export const KVM_ARM_FEATURE_ID_RANGE = 0;
export const KVM_ARM_FEATURE_ID_RANGE_SIZE = 192;
export const KVM_ARM_IRQ_CPU_FIQ = 1;
export const KVM_ARM_IRQ_CPU_IRQ = 0;
export const KVM_ARM_IRQ_NUM_MASK = 0xffff;
export const KVM_ARM_IRQ_NUM_SHIFT = 0;
export const KVM_ARM_IRQ_TYPE_CPU = 0;
export const KVM_ARM_IRQ_TYPE_MASK = 15;
export const KVM_ARM_IRQ_TYPE_PPI = 2;
export const KVM_ARM_IRQ_TYPE_SHIFT = 24;
export const KVM_ARM_IRQ_TYPE_SPI = 1;
export const KVM_ARM_IRQ_VCPU2_MASK = 15;
export const KVM_ARM_IRQ_VCPU2_SHIFT = 28;
export const KVM_ARM_IRQ_VCPU_MASK = 255;
export const KVM_ARM_IRQ_VCPU_SHIFT = 16;
export const KVM_ARM_MAX_DBG_REGS = 16;
export const KVM_ARM_NUM_TARGETS = 6;
export const KVM_ARM_TAGS_FROM_GUEST = 1n;
export const KVM_ARM_TAGS_TO_GUEST = 0n;
export const KVM_ARM_TARGET_AEM_V8 = 0;
export const KVM_ARM_TARGET_CORTEX_A53 = 4;
export const KVM_ARM_TARGET_CORTEX_A57 = 2;
export const KVM_ARM_TARGET_FOUNDATION_V8 = 1;
export const KVM_ARM_TARGET_GENERIC_V8 = 5;
export const KVM_ARM_TARGET_XGENE_POTENZA = 3;
export const KVM_ARM_VCPU_EL1_32BIT = 1;
export const KVM_ARM_VCPU_HAS_EL2 = 7;
export const KVM_ARM_VCPU_HAS_EL2_E2H0 = 8;
export const KVM_ARM_VCPU_PMU_V3 = 3;
export const KVM_ARM_VCPU_PMU_V3_CTRL = 0;
export const KVM_ARM_VCPU_PMU_V3_FILTER = 2n;
export const KVM_ARM_VCPU_PMU_V3_INIT = 1n;
export const KVM_ARM_VCPU_PMU_V3_IRQ = 0n;
export const KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS = 4n;
export const KVM_ARM_VCPU_PMU_V3_SET_PMU = 3n;
export const KVM_ARM_VCPU_POWER_OFF = 0;
export const KVM_ARM_VCPU_PSCI_0_2 = 2;
export const KVM_ARM_VCPU_PTRAUTH_ADDRESS = 5;
export const KVM_ARM_VCPU_PTRAUTH_GENERIC = 6;
export const KVM_ARM_VCPU_PVTIME_CTRL = 2;
export const KVM_ARM_VCPU_PVTIME_IPA = 0n;
export const KVM_ARM_VCPU_SVE = 4;
export const KVM_ARM_VCPU_TIMER_CTRL = 1;
export const KVM_ARM_VCPU_TIMER_IRQ_HPTIMER = 3n;
export const KVM_ARM_VCPU_TIMER_IRQ_HVTIMER = 2n;
export const KVM_ARM_VCPU_TIMER_IRQ_PTIMER = 1n;
export const KVM_ARM_VCPU_TIMER_IRQ_VTIMER = 0n;
export const KVM_ARM_VM_SMCCC_CTRL = 0;
export const KVM_ARM_VM_SMCCC_FILTER = 0n;
export const KVM_COALESCED_MMIO_PAGE_OFFSET = 1;
export const KVM_DEBUG_ARCH_HSR_HIGH_VALID = 1;
export const KVM_DEV_ARM_ITS_CTRL_RESET = 4n;
export const KVM_DEV_ARM_ITS_RESTORE_TABLES = 2n;
export const KVM_DEV_ARM_ITS_SAVE_TABLES = 1n;
export const KVM_DEV_ARM_VGIC_CPUID_MASK = 0xff00000000n;
export const KVM_DEV_ARM_VGIC_CPUID_SHIFT = 32n;
export const KVM_DEV_ARM_VGIC_CTRL_INIT = 0n;
export const KVM_DEV_ARM_VGIC_GRP_ADDR = 0;
export const KVM_DEV_ARM_VGIC_GRP_CPU_REGS = 2;
export const KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS = 6;
export const KVM_DEV_ARM_VGIC_GRP_CTRL = 4;
export const KVM_DEV_ARM_VGIC_GRP_DIST_REGS = 1;
export const KVM_DEV_ARM_VGIC_GRP_ITS_REGS = 8;
export const KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO = 7;
export const KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ = 9;
export const KVM_DEV_ARM_VGIC_GRP_NR_IRQS = 3;
export const KVM_DEV_ARM_VGIC_GRP_REDIST_REGS = 5;
export const KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_MASK = 0xfffffc00n;
export const KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT = 10n;
export const KVM_DEV_ARM_VGIC_LINE_LEVEL_INTID_MASK = 1023n;
export const KVM_DEV_ARM_VGIC_OFFSET_MASK = 0xffffffffn;
export const KVM_DEV_ARM_VGIC_OFFSET_SHIFT = 0n;
export const KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES = 3n;
export const KVM_DEV_ARM_VGIC_SYSREG_INSTR_MASK = 0xffffn;
export const KVM_DEV_ARM_VGIC_V3_MPIDR_MASK = 0xffffffff00000000n;
export const KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT = 32n;
export const KVM_DIRTY_LOG_PAGE_OFFSET = 64;
export const KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED = 1n;
export const KVM_GUESTDBG_USE_HW = 0x20000;
export const KVM_GUESTDBG_USE_SW_BP = 0x10000;
export const KVM_HYPERCALL_EXIT_16BIT = 2n;
export const KVM_HYPERCALL_EXIT_SMC = 1n;
export const KVM_NR_IRQCHIPS = 1;
export const KVM_NR_SPSR = 5;
export const KVM_PMU_EVENT_ALLOW = 0;
export const KVM_PMU_EVENT_DENY = 1;
export const KVM_PSCI_FN_BASE = 0x95c1ba5e;
export const KVM_PSCI_FN_CPU_OFF = 0x95c1ba5f;
export const KVM_PSCI_FN_CPU_ON = 0x95c1ba60;
export const KVM_PSCI_FN_CPU_SUSPEND = 0x95c1ba5e;
export const KVM_PSCI_FN_MIGRATE = 0x95c1ba61;
export const KVM_REG_ARCH_MASK = 0xff00000000000000n;
export const KVM_REG_ARM = 0x4000000000000000n;
export const KVM_REG_ARM64 = 0x6000000000000000n;
export const KVM_REG_ARM64_SVE = 0x150000n;
export const KVM_REG_ARM64_SVE_FFR_BASE = 0x600n;
export const KVM_REG_ARM64_SVE_PREG_BASE = 0x400n;
export const KVM_REG_ARM64_SVE_VLS = 0x606000000015ffffn;
export const KVM_REG_ARM64_SVE_ZREG_BASE = 0n;
export const KVM_REG_ARM64_SYSREG = 0x130000n;
export const KVM_REG_ARM64_SYSREG_CRM_MASK = 120n;
export const KVM_REG_ARM64_SYSREG_CRM_SHIFT = 3n;
export const KVM_REG_ARM64_SYSREG_CRN_MASK = 0x780n;
export const KVM_REG_ARM64_SYSREG_CRN_SHIFT = 7n;
export const KVM_REG_ARM64_SYSREG_OP0_MASK = 0xc000n;
export const KVM_REG_ARM64_SYSREG_OP0_SHIFT = 14n;
export const KVM_REG_ARM64_SYSREG_OP1_MASK = 0x3800n;
export const KVM_REG_ARM64_SYSREG_OP1_SHIFT = 11n;
export const KVM_REG_ARM64_SYSREG_OP2_MASK = 7n;
export const KVM_REG_ARM64_SYSREG_OP2_SHIFT = 0n;
export const KVM_REG_ARM_COPROC_MASK = 0xfff0000n;
export const KVM_REG_ARM_COPROC_SHIFT = 16n;
export const KVM_REG_ARM_CORE = 0x100000n;
export const KVM_REG_ARM_DEMUX = 0x110000n;
export const KVM_REG_ARM_DEMUX_ID_CCSIDR = 0n;
export const KVM_REG_ARM_DEMUX_ID_MASK = 0xff00n;
export const KVM_REG_ARM_DEMUX_ID_SHIFT = 8n;
export const KVM_REG_ARM_DEMUX_VAL_MASK = 255n;
export const KVM_REG_ARM_DEMUX_VAL_SHIFT = 0n;
export const KVM_REG_ARM_FW = 0x140000n;
export const KVM_REG_ARM_FW_FEAT_BMAP = 0x160000n;
export const KVM_REG_ARM_PSCI_VERSION = 0x6030000000140000n;
export const KVM_REG_ARM_PTIMER_CNT = 0x603000000013df01n;
export const KVM_REG_ARM_PTIMER_CTL = 0x603000000013df11n;
export const KVM_REG_ARM_PTIMER_CVAL = 0x603000000013df12n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1 = 0x6030000000140001n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_AVAIL = 1n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_AVAIL = 0n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_REQUIRED = 2n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2 = 0x6030000000140002n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_AVAIL = 2n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_ENABLED = 16n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_AVAIL = 0n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED = 3n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_UNKNOWN = 1n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3 = 0x6030000000140003n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_AVAIL = 1n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_AVAIL = 0n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_REQUIRED = 2n;
export const KVM_REG_ARM_STD_BIT_TRNG_V1_0 = 0n;
export const KVM_REG_ARM_STD_BMAP = 0x6030000000160000n;
export const KVM_REG_ARM_STD_HYP_BIT_PV_TIME = 0n;
export const KVM_REG_ARM_STD_HYP_BMAP = 0x6030000000160001n;
export const KVM_REG_ARM_TIMER_CNT = 0x603000000013df1an;
export const KVM_REG_ARM_TIMER_CTL = 0x603000000013df19n;
export const KVM_REG_ARM_TIMER_CVAL = 0x603000000013df02n;
export const KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_CPUS = 1n;
export const KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_VER = 0n;
export const KVM_REG_ARM_VENDOR_HYP_BIT_FUNC_FEAT = 0n;
export const KVM_REG_ARM_VENDOR_HYP_BIT_PTP = 1n;
export const KVM_REG_ARM_VENDOR_HYP_BMAP = 0x6030000000160002n;
export const KVM_REG_ARM_VENDOR_HYP_BMAP_2 = 0x6030000000160003n;
export const KVM_REG_GENERIC = 0n;
export const KVM_REG_IA64 = 0x3000000000000000n;
export const KVM_REG_MIPS = 0x7000000000000000n;
export const KVM_REG_PPC = 0x1000000000000000n;
export const KVM_REG_RISCV = 0x8000000000000000n;
export const KVM_REG_S390 = 0x5000000000000000n;
export const KVM_REG_SIZE_MASK = 0xf0000000000000n;
export const KVM_REG_SIZE_SHIFT = 52n;
export const KVM_REG_SIZE_U1024 = 0x70000000000000n;
export const KVM_REG_SIZE_U128 = 0x40000000000000n;
export const KVM_REG_SIZE_U16 = 0x10000000000000n;
export const KVM_REG_SIZE_U2048 = 0x80000000000000n;
export const KVM_REG_SIZE_U256 = 0x50000000000000n;
export const KVM_REG_SIZE_U32 = 0x20000000000000n;
export const KVM_REG_SIZE_U512 = 0x60000000000000n;
export const KVM_REG_SIZE_U64 = 0x30000000000000n;
export const KVM_REG_SIZE_U8 = 0n;
export const KVM_REG_X86 = 0x2000000000000000n;
export const KVM_SMCCC_FILTER_DENY = 1;
export const KVM_SMCCC_FILTER_FWD_TO_USER = 2;
export const KVM_SMCCC_FILTER_HANDLE = 0;
export const KVM_SPSR_ABT = 1;
export const KVM_SPSR_EL1 = 0;
export const KVM_SPSR_FIQ = 4;
export const KVM_SPSR_IRQ = 3;
export const KVM_SPSR_SVC = 0;
export const KVM_SPSR_UND = 2;
export const KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2 = 1n;
export const KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2 = 1n;
export const KVM_VGIC_ITS_ADDR_TYPE = 4n;
export const KVM_VGIC_V2_ADDR_TYPE_CPU = 1n;
export const KVM_VGIC_V2_ADDR_TYPE_DIST = 0n;
export const KVM_VGIC_V2_CPU_SIZE = 0x2000;
export const KVM_VGIC_V2_DIST_SIZE = 0x1000;
export const KVM_VGIC_V3_ADDR_TYPE_DIST = 2n;
export const KVM_VGIC_V3_ADDR_TYPE_REDIST = 3n;
export const KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION = 5n;
export const KVM_VGIC_V3_DIST_SIZE = 0x10000;
export const KVM_VGIC_V3_ITS_SIZE = 0x20000;
export const KVM_VGIC_V3_REDIST_SIZE = 0x20000;
export const VGIC_LEVEL_INFO_LINE_LEVEL = 0n;

// asm/ptrace.h
export const PSR_AA32_MODE_ABT = 23n;
export const PSR_AA32_MODE_FIQ = 17n;
export const PSR_AA32_MODE_IRQ = 18n;
export const PSR_AA32_MODE_MASK = 31n;
export const PSR_AA32_MODE_SVC = 19n;
export const PSR_AA32_MODE_SYS = 31n;
export const PSR_AA32_MODE_UND = 27n;
export const PSR_AA32_MODE_USR = 16n;
export const PSR_A_BIT = 256n;
export const PSR_BTYPE_MASK = 0xc00n;
export const PSR_C_BIT = 0x20000000n;
export const PSR_DIT_BIT = 0x1000000n;
export const PSR_D_BIT = 512n;
export const PSR_F_BIT = 64n;
export const PSR_I_BIT = 128n;
export const PSR_MODE32_BIT = 16n;
export const PSR_MODE_EL0t = 0n;
export const PSR_MODE_EL1h = 5n;
export const PSR_MODE_EL1t = 4n;
export const PSR_MODE_EL2h = 9n;
export const PSR_MODE_EL2t = 8n;
export const PSR_MODE_EL3h = 13n;
export const PSR_MODE_EL3t = 12n;
export const PSR_MODE_MASK = 15n;
export const PSR_N_BIT = 0x80000000n;
export const PSR_PAN_BIT = 0x400000n;
export const PSR_SSBS_BIT = 0x1000n;
export const PSR_TCO_BIT = 0x2000000n;
export const PSR_UAO_BIT = 0x800000n;
export const PSR_V_BIT = 0x10000000n;
export const PSR_Z_BIT = 0x40000000n;
export const PTRACE_PEEKMTETAGS = 33;
export const PTRACE_POKEMTETAGS = 34;

// linux/mman.h, linux/memfd.h
export const MADV_COLD = 20;
export const MADV_COLLAPSE = 25;
export const MADV_DODUMP = 17;
export const MADV_DOFORK = 11;
export const MADV_DONTDUMP = 16;
export const MADV_DONTFORK = 10;
export const MADV_DONTNEED = 4;
export const MADV_DONTNEED_LOCKED = 24;
export const MADV_FREE = 8;
export const MADV_HUGEPAGE = 14;
export const MADV_HWPOISON = 100;
export const MADV_KEEPONFORK = 19;
export const MADV_MERGEABLE = 12;
export const MADV_NOHUGEPAGE = 15;
export const MADV_NORMAL = 0;
export const MADV_PAGEOUT = 21;
export const MADV_POPULATE_READ = 22;
export const MADV_POPULATE_WRITE = 23;
export const MADV_RANDOM = 1;
export const MADV_REMOVE = 9;
export const MADV_SEQUENTIAL = 2;
export const MADV_SOFT_OFFLINE = 101;
export const MADV_UNMERGEABLE = 13;
export const MADV_WILLNEED = 3;
export const MADV_WIPEONFORK = 18;
export const MAP_ANONYMOUS = 32;
export const MAP_DENYWRITE = 0x800;
export const MAP_EXECUTABLE = 0x1000;
export const MAP_FIXED = 16;
export const MAP_FIXED_NOREPLACE = 0x100000;
export const MAP_GROWSDOWN = 256;
export const MAP_HUGETLB = 0x40000;
export const MAP_HUGE_MASK = 63;
export const MAP_HUGE_SHIFT = 26;
export const MAP_LOCKED = 0x2000;
export const MAP_NONBLOCK = 0x10000;
export const MAP_NORESERVE = 0x4000;
export const MAP_POPULATE = 0x8000;
export const MAP_PRIVATE = 2;
export const MAP_SHARED = 1;
export const MAP_SHARED_VALIDATE = 3;
export const MAP_STACK = 0x20000;
export const MAP_SYNC = 0x80000;
export const MAP_TYPE = 15;
export const MFD_ALLOW_SEALING = 2;
export const MFD_CLOEXEC = 1;
export const MFD_EXEC = 16;
export const MFD_HUGETLB = 4;
export const MFD_NOEXEC_SEAL = 8;
export const MREMAP_DONTUNMAP = 4;
export const MREMAP_FIXED = 2;
export const MREMAP_MAYMOVE = 1;
export const PROT_BTI = 16;
export const PROT_EXEC = 4;
export const PROT_GROWSDOWN = 0x1000000;
export const PROT_GROWSUP = 0x2000000;
export const PROT_MTE = 32;
export const PROT_NONE = 0;
export const PROT_READ = 1;
export const PROT_SEM = 8;
export const PROT_WRITE = 2;

// asm-generic/fcntl.h
export const AT_FDCWD = -100;
export const FALLOC_FL_KEEP_SIZE = 1;
export const FALLOC_FL_PUNCH_HOLE = 2;
export const FASYNC = 0x2000;
export const FD_CLOEXEC = 1;
export const F_ADD_SEALS = 0x409;
export const F_DUPFD = 0;
export const F_DUPFD_CLOEXEC = 0x406;
export const F_GETFD = 1;
export const F_GETFL = 3;
export const F_GET_SEALS = 0x40a;
export const F_SETFD = 2;
export const F_SETFL = 4;
export const O_ACCMODE = 3;
export const O_APPEND = 0x400;
export const O_CLOEXEC = 0x80000;
export const O_CREAT = 64;
export const O_DIRECT = 0x10000;
export const O_DIRECTORY = 0x4000;
export const O_DSYNC = 0x1000;
export const O_EXCL = 128;
export const O_LARGEFILE = 0x20000;
export const O_NOATIME = 0x40000;
export const O_NOCTTY = 256;
export const O_NOFOLLOW = 0x8000;
export const O_NONBLOCK = 0x800;
export const O_PATH = 0x200000;
export const O_RDONLY = 0;
export const O_RDWR = 2;
export const O_SYNC = 0x101000;
export const O_TMPFILE = 0x404000;
export const O_TRUNC = 512;
export const O_WRONLY = 1;
export const SEEK_CUR = 1;
export const SEEK_END = 2;
export const SEEK_SET = 0;

// linux/prctl.h
export const PR_GET_TAGGED_ADDR_CTRL = 56;
export const PR_MTE_TAG_MASK = 0x7fff8;
export const PR_MTE_TAG_SHIFT = 3;
export const PR_MTE_TCF_ASYNC = 4;
export const PR_MTE_TCF_MASK = 6;
export const PR_MTE_TCF_NONE = 0;
export const PR_MTE_TCF_SHIFT = 1;
export const PR_MTE_TCF_SYNC = 2;
export const PR_SET_TAGGED_ADDR_CTRL = 55;
export const PR_TAGGED_ADDR_ENABLE = 1;

// linux/eventfd.h, asm-generic/poll.h
export const EFD_CLOEXEC = 0x80000;
export const EFD_NONBLOCK = 0x800;
export const EFD_SEMAPHORE = 1;
export const POLLERR = 8;
export const POLLHUP = 16;
export const POLLIN = 1;
export const POLLNVAL = 32;
export const POLLOUT = 4;
export const POLLPRI = 2;
export const POLLRDNORM = 64;
export const POLLWRNORM = 256;

// Structs

export interface kvm_arm_device_addr { id: bigint; addr: bigint; }
export const kvm_arm_device_addr = struct<kvm_arm_device_addr>("struct kvm_arm_device_addr", 16, [["id", 0, u64], ["addr", 8, u64]]);

export interface kvm_clear_dirty_log { slot: number; num_pages: number; first_page: bigint; dirty_bitmap: bigint; }
export const kvm_clear_dirty_log = struct<kvm_clear_dirty_log>("struct kvm_clear_dirty_log", 24, [["slot", 0, u32], ["num_pages", 4, u32], ["first_page", 8, u64], ["dirty_bitmap", 16, u64]]);

export interface kvm_coalesced_mmio { phys_addr: bigint; len: number; pio: number; data: Uint8Array; }
export const kvm_coalesced_mmio = struct<kvm_coalesced_mmio>("struct kvm_coalesced_mmio", 24, [["phys_addr", 0, u64], ["len", 8, u32], ["pio", 12, u32], ["data", 16, bytes(8)]]);

export interface kvm_coalesced_mmio_ring { first: number; last: number; }
export const kvm_coalesced_mmio_ring = struct<kvm_coalesced_mmio_ring>("struct kvm_coalesced_mmio_ring", 8, [["first", 0, u32], ["last", 4, u32]], kvm_coalesced_mmio);

export interface kvm_coalesced_mmio_zone { addr: bigint; size: number; pio: number; }
export const kvm_coalesced_mmio_zone = struct<kvm_coalesced_mmio_zone>("struct kvm_coalesced_mmio_zone", 16, [["addr", 0, u64], ["size", 8, u32], ["pio", 12, u32]]);

export interface kvm_create_device { type: number; fd: number; flags: number; }
export const kvm_create_device = struct<kvm_create_device>("struct kvm_create_device", 12, [["type", 0, u32], ["fd", 4, u32], ["flags", 8, u32]]);

export interface kvm_create_guest_memfd { size: bigint; flags: bigint; reserved: bigint[]; }
export const kvm_create_guest_memfd = struct<kvm_create_guest_memfd>("struct kvm_create_guest_memfd", 64, [["size", 0, u64], ["flags", 8, u64], ["reserved", 16, array(u64, 6)]]);

export interface kvm_device_attr { flags: number; group: number; attr: bigint; addr: bigint; }
export const kvm_device_attr = struct<kvm_device_attr>("struct kvm_device_attr", 24, [["flags", 0, u32], ["group", 4, u32], ["attr", 8, u64], ["addr", 16, u64]]);

export interface kvm_dirty_gfn { flags: number; slot: number; offset: bigint; }
export const kvm_dirty_gfn = struct<kvm_dirty_gfn>("struct kvm_dirty_gfn", 16, [["flags", 0, u32], ["slot", 4, u32], ["offset", 8, u64]]);

export interface kvm_dirty_log { slot: number; padding1: number; dirty_bitmap: bigint; }
export const kvm_dirty_log = struct<kvm_dirty_log>("struct kvm_dirty_log", 16, [["slot", 0, u32], ["padding1", 4, u32], ["dirty_bitmap", 8, u64]]);

export interface kvm_enable_cap { cap: number; flags: number; args: bigint[]; pad: Uint8Array; }
export const kvm_enable_cap = struct<kvm_enable_cap>("struct kvm_enable_cap", 104, [["cap", 0, u32], ["flags", 4, u32], ["args", 8, array(u64, 4)], ["pad", 40, bytes(64)]]);

export interface kvm_guest_debug_arch { dbg_bcr: bigint[]; dbg_bvr: bigint[]; dbg_wcr: bigint[]; dbg_wvr: bigint[]; }
export const kvm_guest_debug_arch = struct<kvm_guest_debug_arch>("struct kvm_guest_debug_arch", 512, [["dbg_bcr", 0, array(u64, 16)], ["dbg_bvr", 128, array(u64, 16)], ["dbg_wcr", 256, array(u64, 16)], ["dbg_wvr", 384, array(u64, 16)]]);

export interface kvm_guest_debug { control: number; pad: number; arch: kvm_guest_debug_arch; }
export const kvm_guest_debug = struct<kvm_guest_debug>("struct kvm_guest_debug", 520, [["control", 0, u32], ["pad", 4, u32], ["arch", 8, kvm_guest_debug_arch]]);

export interface kvm_ioeventfd { datamatch: bigint; addr: bigint; len: number; fd: number; flags: number; pad: Uint8Array; }
export const kvm_ioeventfd = struct<kvm_ioeventfd>("struct kvm_ioeventfd", 64, [["datamatch", 0, u64], ["addr", 8, u64], ["len", 16, u32], ["fd", 20, s32], ["flags", 24, u32], ["pad", 28, bytes(36)]]);

export interface kvm_irq_level { irq: number; status: number; level: number; }
export const kvm_irq_level = struct<kvm_irq_level>("struct kvm_irq_level", 8, [["irq", 0, u32], ["status", 0, s32], ["level", 4, u32]]);

export interface kvm_irq_routing_irqchip { irqchip: number; pin: number; }
export const kvm_irq_routing_irqchip = struct<kvm_irq_routing_irqchip>("struct kvm_irq_routing_irqchip", 8, [["irqchip", 0, u32], ["pin", 4, u32]]);

export interface kvm_irq_routing_msi { address_lo: number; address_hi: number; data: number; devid: number; }
export const kvm_irq_routing_msi = struct<kvm_irq_routing_msi>("struct kvm_irq_routing_msi", 16, [["address_lo", 0, u32], ["address_hi", 4, u32], ["data", 8, u32], ["devid", 12, u32]]);

export interface kvm_irq_routing_s390_adapter { ind_addr: bigint; summary_addr: bigint; ind_offset: bigint; summary_offset: number; adapter_id: number; }
export const kvm_irq_routing_s390_adapter = struct<kvm_irq_routing_s390_adapter>("struct kvm_irq_routing_s390_adapter", 32, [["ind_addr", 0, u64], ["summary_addr", 8, u64], ["ind_offset", 16, u64], ["summary_offset", 24, u32], ["adapter_id", 28, u32]]);

export interface kvm_irq_routing_entry { gsi: number; type: number; flags: number; pad: number; u: { irqchip?: kvm_irq_routing_irqchip; msi?: kvm_irq_routing_msi; adapter?: kvm_irq_routing_s390_adapter; pad?: number[]; }; }
export const kvm_irq_routing_entry = struct<kvm_irq_routing_entry>("struct kvm_irq_routing_entry", 48, [["gsi", 0, u32], ["type", 4, u32], ["flags", 8, u32], ["pad", 12, u32], ["u", 16, struct<{ irqchip?: kvm_irq_routing_irqchip; msi?: kvm_irq_routing_msi; adapter?: kvm_irq_routing_s390_adapter; pad?: number[]; }>("union", 32, [["irqchip", 0, kvm_irq_routing_irqchip], ["msi", 0, kvm_irq_routing_msi], ["adapter", 0, kvm_irq_routing_s390_adapter], ["pad", 0, array(u32, 8)]])]]);

export interface kvm_irq_routing { nr: number; flags: number; }
export const kvm_irq_routing = struct<kvm_irq_routing>("struct kvm_irq_routing", 8, [["nr", 0, u32], ["flags", 4, u32]], kvm_irq_routing_entry);

export interface kvm_irqfd { fd: number; gsi: number; flags: number; resamplefd: number; pad: Uint8Array; }
export const kvm_irqfd = struct<kvm_irqfd>("struct kvm_irqfd", 32, [["fd", 0, u32], ["gsi", 4, u32], ["flags", 8, u32], ["resamplefd", 12, u32], ["pad", 16, bytes(16)]]);

export interface kvm_memory_attributes { address: bigint; size: bigint; attributes: bigint; flags: bigint; }
export const kvm_memory_attributes = struct<kvm_memory_attributes>("struct kvm_memory_attributes", 32, [["address", 0, u64], ["size", 8, u64], ["attributes", 16, u64], ["flags", 24, u64]]);

export interface kvm_mp_state { mp_state: number; }
export const kvm_mp_state = struct<kvm_mp_state>("struct kvm_mp_state", 4, [["mp_state", 0, u32]]);

export interface kvm_msi { address_lo: number; address_hi: number; data: number; flags: number; devid: number; pad: Uint8Array; }
export const kvm_msi = struct<kvm_msi>("struct kvm_msi", 32, [["address_lo", 0, u32], ["address_hi", 4, u32], ["data", 8, u32], ["flags", 12, u32], ["devid", 16, u32], ["pad", 20, bytes(12)]]);

export interface kvm_one_reg { id: bigint; addr: bigint; }
export const kvm_one_reg = struct<kvm_one_reg>("struct kvm_one_reg", 16, [["id", 0, u64], ["addr", 8, u64]]);

export interface kvm_pre_fault_memory { gpa: bigint; size: bigint; flags: bigint; padding: bigint[]; }
export const kvm_pre_fault_memory = struct<kvm_pre_fault_memory>("struct kvm_pre_fault_memory", 64, [["gpa", 0, u64], ["size", 8, u64], ["flags", 16, u64], ["padding", 24, array(u64, 5)]]);

export interface kvm_reg_list { n: bigint; }
export const kvm_reg_list = struct<kvm_reg_list>("struct kvm_reg_list", 8, [["n", 0, u64]], u64);

export interface kvm_debug_exit_arch { hsr: number; hsr_high: number; far: bigint; }
export const kvm_debug_exit_arch = struct<kvm_debug_exit_arch>("struct kvm_debug_exit_arch", 16, [["hsr", 0, u32], ["hsr_high", 4, u32], ["far", 8, u64]]);

export interface kvm_sync_regs { device_irq_level: bigint; }
export const kvm_sync_regs = struct<kvm_sync_regs>("struct kvm_sync_regs", 8, [["device_irq_level", 0, u64]]);

export interface kvm_run { request_interrupt_window: number; immediate_exit: number; padding1: Uint8Array; exit_reason: number; ready_for_interrupt_injection: number; if_flag: number; flags: number; cr8: bigint; apic_base: bigint; hw: { hardware_exit_reason: bigint; }; fail_entry: { hardware_entry_failure_reason: bigint; cpu: number; }; debug: { arch: kvm_debug_exit_arch; }; mmio: { phys_addr: bigint; data: Uint8Array; len: number; is_write: number; }; hypercall: { nr: bigint; args: bigint[]; ret: bigint; longmode: number; flags: bigint; }; internal: { suberror: number; ndata: number; data: bigint[]; }; system_event: { type: number; ndata: number; flags: bigint; data: bigint[]; }; arm_nisv: { esr_iss: bigint; fault_ipa: bigint; }; memory_fault: { flags: bigint; gpa: bigint; size: bigint; }; arm_sea: { flags: bigint; esr: bigint; gva: bigint; gpa: bigint; }; padding: Uint8Array; kvm_valid_regs: bigint; kvm_dirty_regs: bigint; s: { regs?: kvm_sync_regs; padding?: Uint8Array; }; }
export const kvm_run = struct<kvm_run>("struct kvm_run", 2352, [["request_interrupt_window", 0, u8], ["immediate_exit", 1, u8], ["padding1", 2, bytes(6)], ["exit_reason", 8, u32], ["ready_for_interrupt_injection", 12, u8], ["if_flag", 13, u8], ["flags", 14, u16], ["cr8", 16, u64], ["apic_base", 24, u64], ["hw", 32, struct<{ hardware_exit_reason: bigint; }>("struct", 8, [["hardware_exit_reason", 0, u64]])], ["fail_entry", 32, struct<{ hardware_entry_failure_reason: bigint; cpu: number; }>("struct", 16, [["hardware_entry_failure_reason", 0, u64], ["cpu", 8, u32]])], ["debug", 32, struct<{ arch: kvm_debug_exit_arch; }>("struct", 16, [["arch", 0, kvm_debug_exit_arch]])], ["mmio", 32, struct<{ phys_addr: bigint; data: Uint8Array; len: number; is_write: number; }>("struct", 24, [["phys_addr", 0, u64], ["data", 8, bytes(8)], ["len", 16, u32], ["is_write", 20, u8]])], ["hypercall", 32, struct<{ nr: bigint; args: bigint[]; ret: bigint; longmode: number; flags: bigint; }>("struct", 72, [["nr", 0, u64], ["args", 8, array(u64, 6)], ["ret", 56, u64], ["longmode", 64, u32], ["flags", 64, u64]])], ["internal", 32, struct<{ suberror: number; ndata: number; data: bigint[]; }>("struct", 136, [["suberror", 0, u32], ["ndata", 4, u32], ["data", 8, array(u64, 16)]])], ["system_event", 32, struct<{ type: number; ndata: number; flags: bigint; data: bigint[]; }>("struct", 136, [["type", 0, u32], ["ndata", 4, u32], ["flags", 8, u64], ["data", 8, array(u64, 16)]])], ["arm_nisv", 32, struct<{ esr_iss: bigint; fault_ipa: bigint; }>("struct", 16, [["esr_iss", 0, u64], ["fault_ipa", 8, u64]])], ["memory_fault", 32, struct<{ flags: bigint; gpa: bigint; size: bigint; }>("struct", 24, [["flags", 0, u64], ["gpa", 8, u64], ["size", 16, u64]])], ["arm_sea", 32, struct<{ flags: bigint; esr: bigint; gva: bigint; gpa: bigint; }>("struct", 32, [["flags", 0, u64], ["esr", 8, u64], ["gva", 16, u64], ["gpa", 24, u64]])], ["padding", 32, bytes(256)], ["kvm_valid_regs", 288, u64], ["kvm_dirty_regs", 296, u64], ["s", 304, struct<{ regs?: kvm_sync_regs; padding?: Uint8Array; }>("union", 2048, [["regs", 0, kvm_sync_regs], ["padding", 0, bytes(2048)]])]]);

export interface kvm_signal_mask { len: number; }
export const kvm_signal_mask = struct<kvm_signal_mask>("struct kvm_signal_mask", 4, [["len", 0, u32]], u8);

export interface kvm_stats_desc { flags: number; exponent: number; size: number; offset: number; bucket_size: number; }
export const kvm_stats_desc = struct<kvm_stats_desc>("struct kvm_stats_desc", 16, [["flags", 0, u32], ["exponent", 4, s16], ["size", 6, u16], ["offset", 8, u32], ["bucket_size", 12, u32]], u8);

export interface kvm_stats_header { flags: number; name_size: number; num_desc: number; id_offset: number; desc_offset: number; data_offset: number; }
export const kvm_stats_header = struct<kvm_stats_header>("struct kvm_stats_header", 24, [["flags", 0, u32], ["name_size", 4, u32], ["num_desc", 8, u32], ["id_offset", 12, u32], ["desc_offset", 16, u32], ["data_offset", 20, u32]]);

export interface kvm_translation { linear_address: bigint; physical_address: bigint; valid: number; writeable: number; usermode: number; pad: Uint8Array; }
export const kvm_translation = struct<kvm_translation>("struct kvm_translation", 24, [["linear_address", 0, u64], ["physical_address", 8, u64], ["valid", 16, u8], ["writeable", 17, u8], ["usermode", 18, u8], ["pad", 19, bytes(5)]]);

export interface kvm_userspace_memory_region { slot: number; flags: number; guest_phys_addr: bigint; memory_size: bigint; userspace_addr: bigint; }
export const kvm_userspace_memory_region = struct<kvm_userspace_memory_region>("struct kvm_userspace_memory_region", 32, [["slot", 0, u32], ["flags", 4, u32], ["guest_phys_addr", 8, u64], ["memory_size", 16, u64], ["userspace_addr", 24, u64]]);

export interface kvm_userspace_memory_region2 { slot: number; flags: number; guest_phys_addr: bigint; memory_size: bigint; userspace_addr: bigint; guest_memfd_offset: bigint; guest_memfd: number; pad1: number; pad2: bigint[]; }
export const kvm_userspace_memory_region2 = struct<kvm_userspace_memory_region2>("struct kvm_userspace_memory_region2", 160, [["slot", 0, u32], ["flags", 4, u32], ["guest_phys_addr", 8, u64], ["memory_size", 16, u64], ["userspace_addr", 24, u64], ["guest_memfd_offset", 32, u64], ["guest_memfd", 40, u32], ["pad1", 44, u32], ["pad2", 48, array(u64, 14)]]);

export interface kvm_arm_copy_mte_tags { guest_ipa: bigint; length: bigint; addr: bigint; flags: bigint; reserved: bigint[]; }
export const kvm_arm_copy_mte_tags = struct<kvm_arm_copy_mte_tags>("struct kvm_arm_copy_mte_tags", 48, [["guest_ipa", 0, u64], ["length", 8, u64], ["addr", 16, u64], ["flags", 24, u64], ["reserved", 32, array(u64, 2)]]);

export interface kvm_arm_counter_offset { counter_offset: bigint; reserved: bigint; }
export const kvm_arm_counter_offset = struct<kvm_arm_counter_offset>("struct kvm_arm_counter_offset", 16, [["counter_offset", 0, u64], ["reserved", 8, u64]]);

export interface kvm_fpu {  }
export const kvm_fpu = struct<kvm_fpu>("struct kvm_fpu", 0, []);

export interface kvm_pmu_event_filter { base_event: number; nevents: number; action: number; pad: Uint8Array; }
export const kvm_pmu_event_filter = struct<kvm_pmu_event_filter>("struct kvm_pmu_event_filter", 8, [["base_event", 0, u16], ["nevents", 2, u16], ["action", 4, u8], ["pad", 5, bytes(3)]]);

export interface user_pt_regs { regs: bigint[]; sp: bigint; pc: bigint; pstate: bigint; }
export const user_pt_regs = struct<user_pt_regs>("struct user_pt_regs", 272, [["regs", 0, array(u64, 31)], ["sp", 248, u64], ["pc", 256, u64], ["pstate", 264, u64]]);

export interface user_fpsimd_state { vregs: bigint[]; fpsr: number; fpcr: number; __reserved: number[]; }
export const user_fpsimd_state = struct<user_fpsimd_state>("struct user_fpsimd_state", 528, [["vregs", 0, array(u128, 32)], ["fpsr", 512, u32], ["fpcr", 516, u32], ["__reserved", 520, array(u32, 2)]]);

export interface kvm_regs { regs: user_pt_regs; sp_el1: bigint; elr_el1: bigint; spsr: bigint[]; fp_regs: user_fpsimd_state; }
export const kvm_regs = struct<kvm_regs>("struct kvm_regs", 864, [["regs", 0, user_pt_regs], ["sp_el1", 272, u64], ["elr_el1", 280, u64], ["spsr", 288, array(u64, 5)], ["fp_regs", 336, user_fpsimd_state]]);

export interface kvm_smccc_filter { base: number; nr_functions: number; action: number; pad: Uint8Array; }
export const kvm_smccc_filter = struct<kvm_smccc_filter>("struct kvm_smccc_filter", 24, [["base", 0, u32], ["nr_functions", 4, u32], ["action", 8, u8], ["pad", 9, bytes(15)]]);

export interface kvm_sregs {  }
export const kvm_sregs = struct<kvm_sregs>("struct kvm_sregs", 0, []);

export interface kvm_vcpu_events { exception: { serror_pending: number; serror_has_esr: number; ext_dabt_pending: number; pad: Uint8Array; serror_esr: bigint; }; reserved: number[]; }
export const kvm_vcpu_events = struct<kvm_vcpu_events>("struct kvm_vcpu_events", 64, [["exception", 0, struct<{ serror_pending: number; serror_has_esr: number; ext_dabt_pending: number; pad: Uint8Array; serror_esr: bigint; }>("struct", 16, [["serror_pending", 0, u8], ["serror_has_esr", 1, u8], ["ext_dabt_pending", 2, u8], ["pad", 3, bytes(5)], ["serror_esr", 8, u64]])], ["reserved", 16, array(u32, 12)]]);

export interface kvm_vcpu_init { target: number; features: number[]; }
export const kvm_vcpu_init = struct<kvm_vcpu_init>("struct kvm_vcpu_init", 32, [["target", 0, u32], ["features", 4, array(u32, 7)]]);

export interface reg_mask_range { addr: bigint; range: number; reserved: number[]; }
export const reg_mask_range = struct<reg_mask_range>("struct reg_mask_range", 64, [["addr", 0, u64], ["range", 8, u32], ["reserved", 12, array(u32, 13)]]);

// Requests

export const KVM_GET_API_VERSION = 0xae00;
export const KVM_CREATE_VM = 0xae01;
export const KVM_CHECK_EXTENSION = 0xae03;
export const KVM_GET_VCPU_MMAP_SIZE = 0xae04;
export const KVM_CREATE_VCPU = 0xae41;
export const KVM_GET_DIRTY_LOG = 0x4010ae42;
export const KVM_SET_USER_MEMORY_REGION = 0x4020ae46;
export const KVM_SET_USER_MEMORY_REGION2 = 0x40a0ae49;
export const KVM_CREATE_IRQCHIP = 0xae60;
export const KVM_IRQ_LINE = 0x4008ae61;
export const KVM_IRQ_LINE_STATUS = 0xc008ae67;
export const KVM_REGISTER_COALESCED_MMIO = 0x4010ae67;
export const KVM_UNREGISTER_COALESCED_MMIO = 0x4010ae68;
export const KVM_SET_GSI_ROUTING = 0x4008ae6a;
export const KVM_IRQFD = 0x4020ae76;
export const KVM_IOEVENTFD = 0x4040ae79;
export const KVM_SIGNAL_MSI = 0x4020aea5;
export const KVM_ENABLE_CAP = 0x4068aea3;
export const KVM_ARM_SET_DEVICE_ADDR = 0x4010aeab;
export const KVM_ARM_PREFERRED_TARGET = 0x8020aeaf;
export const KVM_ARM_MTE_COPY_TAGS = 0x8030aeb4;
export const KVM_ARM_SET_COUNTER_OFFSET = 0x4010aeb5;
export const KVM_ARM_GET_REG_WRITABLE_MASKS = 0x8040aeb6;
export const KVM_CLEAR_DIRTY_LOG = 0xc018aec0;
export const KVM_RESET_DIRTY_RINGS = 0xaec7;
export const KVM_GET_STATS_FD = 0xaece;
export const KVM_SET_MEMORY_ATTRIBUTES = 0x4020aed2;
export const KVM_CREATE_GUEST_MEMFD = 0xc040aed4;
export const KVM_PRE_FAULT_MEMORY = 0xc040aed5;
export const KVM_CREATE_DEVICE = 0xc00caee0;
export const KVM_SET_DEVICE_ATTR = 0x4018aee1;
export const KVM_GET_DEVICE_ATTR = 0x4018aee2;
export const KVM_HAS_DEVICE_ATTR = 0x4018aee3;
export const KVM_RUN = 0xae80;
export const KVM_GET_REGS = 0x8360ae81;
export const KVM_SET_REGS = 0x4360ae82;
export const KVM_GET_SREGS = 0x8000ae83;
export const KVM_SET_SREGS = 0x4000ae84;
export const KVM_TRANSLATE = 0xc018ae85;
export const KVM_SET_SIGNAL_MASK = 0x4004ae8b;
export const KVM_GET_FPU = 0x8000ae8c;
export const KVM_SET_FPU = 0x4000ae8d;
export const KVM_GET_MP_STATE = 0x8004ae98;
export const KVM_SET_MP_STATE = 0x4004ae99;
export const KVM_SET_GUEST_DEBUG = 0x4208ae9b;
export const KVM_GET_VCPU_EVENTS = 0x8040ae9f;
export const KVM_SET_VCPU_EVENTS = 0x4040aea0;
export const KVM_GET_ONE_REG = 0x4010aeab;
export const KVM_SET_ONE_REG = 0x4010aeac;
export const KVM_ARM_VCPU_INIT = 0x4020aeae;
export const KVM_GET_REG_LIST = 0xc008aeb0;
export const KVM_ARM_VCPU_FINALIZE = 0x4004aec2;

/** Every request with what its third argument points at, and which way that is copied. */
export const IOCTLS = {
  KVM_GET_API_VERSION: { request: KVM_GET_API_VERSION, argument: "value", type: undefined },
  KVM_CREATE_VM: { request: KVM_CREATE_VM, argument: "value", type: undefined },
  KVM_CHECK_EXTENSION: { request: KVM_CHECK_EXTENSION, argument: "value", type: undefined },
  KVM_GET_VCPU_MMAP_SIZE: { request: KVM_GET_VCPU_MMAP_SIZE, argument: "value", type: undefined },
  KVM_CREATE_VCPU: { request: KVM_CREATE_VCPU, argument: "value", type: undefined },
  KVM_GET_DIRTY_LOG: { request: KVM_GET_DIRTY_LOG, argument: "in", type: kvm_dirty_log },
  KVM_SET_USER_MEMORY_REGION: { request: KVM_SET_USER_MEMORY_REGION, argument: "in", type: kvm_userspace_memory_region },
  KVM_SET_USER_MEMORY_REGION2: { request: KVM_SET_USER_MEMORY_REGION2, argument: "in", type: kvm_userspace_memory_region2 },
  KVM_CREATE_IRQCHIP: { request: KVM_CREATE_IRQCHIP, argument: "none", type: undefined },
  KVM_IRQ_LINE: { request: KVM_IRQ_LINE, argument: "in", type: kvm_irq_level },
  KVM_IRQ_LINE_STATUS: { request: KVM_IRQ_LINE_STATUS, argument: "inout", type: kvm_irq_level },
  KVM_REGISTER_COALESCED_MMIO: { request: KVM_REGISTER_COALESCED_MMIO, argument: "in", type: kvm_coalesced_mmio_zone },
  KVM_UNREGISTER_COALESCED_MMIO: { request: KVM_UNREGISTER_COALESCED_MMIO, argument: "in", type: kvm_coalesced_mmio_zone },
  KVM_SET_GSI_ROUTING: { request: KVM_SET_GSI_ROUTING, argument: "in", type: kvm_irq_routing },
  KVM_IRQFD: { request: KVM_IRQFD, argument: "in", type: kvm_irqfd },
  KVM_IOEVENTFD: { request: KVM_IOEVENTFD, argument: "in", type: kvm_ioeventfd },
  KVM_SIGNAL_MSI: { request: KVM_SIGNAL_MSI, argument: "in", type: kvm_msi },
  KVM_ENABLE_CAP: { request: KVM_ENABLE_CAP, argument: "in", type: kvm_enable_cap },
  KVM_ARM_SET_DEVICE_ADDR: { request: KVM_ARM_SET_DEVICE_ADDR, argument: "in", type: kvm_arm_device_addr },
  KVM_ARM_PREFERRED_TARGET: { request: KVM_ARM_PREFERRED_TARGET, argument: "out", type: kvm_vcpu_init },
  KVM_ARM_MTE_COPY_TAGS: { request: KVM_ARM_MTE_COPY_TAGS, argument: "in", type: kvm_arm_copy_mte_tags },
  KVM_ARM_SET_COUNTER_OFFSET: { request: KVM_ARM_SET_COUNTER_OFFSET, argument: "in", type: kvm_arm_counter_offset },
  KVM_ARM_GET_REG_WRITABLE_MASKS: { request: KVM_ARM_GET_REG_WRITABLE_MASKS, argument: "in", type: reg_mask_range },
  KVM_CLEAR_DIRTY_LOG: { request: KVM_CLEAR_DIRTY_LOG, argument: "in", type: kvm_clear_dirty_log },
  KVM_RESET_DIRTY_RINGS: { request: KVM_RESET_DIRTY_RINGS, argument: "none", type: undefined },
  KVM_GET_STATS_FD: { request: KVM_GET_STATS_FD, argument: "none", type: undefined },
  KVM_SET_MEMORY_ATTRIBUTES: { request: KVM_SET_MEMORY_ATTRIBUTES, argument: "in", type: kvm_memory_attributes },
  KVM_CREATE_GUEST_MEMFD: { request: KVM_CREATE_GUEST_MEMFD, argument: "in", type: kvm_create_guest_memfd },
  KVM_PRE_FAULT_MEMORY: { request: KVM_PRE_FAULT_MEMORY, argument: "inout", type: kvm_pre_fault_memory },
  KVM_CREATE_DEVICE: { request: KVM_CREATE_DEVICE, argument: "inout", type: kvm_create_device },
  KVM_SET_DEVICE_ATTR: { request: KVM_SET_DEVICE_ATTR, argument: "in", type: kvm_device_attr },
  KVM_GET_DEVICE_ATTR: { request: KVM_GET_DEVICE_ATTR, argument: "in", type: kvm_device_attr },
  KVM_HAS_DEVICE_ATTR: { request: KVM_HAS_DEVICE_ATTR, argument: "in", type: kvm_device_attr },
  KVM_RUN: { request: KVM_RUN, argument: "value", type: undefined },
  KVM_GET_REGS: { request: KVM_GET_REGS, argument: "out", type: kvm_regs },
  KVM_SET_REGS: { request: KVM_SET_REGS, argument: "in", type: kvm_regs },
  KVM_GET_SREGS: { request: KVM_GET_SREGS, argument: "out", type: kvm_sregs },
  KVM_SET_SREGS: { request: KVM_SET_SREGS, argument: "in", type: kvm_sregs },
  KVM_TRANSLATE: { request: KVM_TRANSLATE, argument: "inout", type: kvm_translation },
  KVM_SET_SIGNAL_MASK: { request: KVM_SET_SIGNAL_MASK, argument: "in", type: kvm_signal_mask },
  KVM_GET_FPU: { request: KVM_GET_FPU, argument: "out", type: kvm_fpu },
  KVM_SET_FPU: { request: KVM_SET_FPU, argument: "in", type: kvm_fpu },
  KVM_GET_MP_STATE: { request: KVM_GET_MP_STATE, argument: "out", type: kvm_mp_state },
  KVM_SET_MP_STATE: { request: KVM_SET_MP_STATE, argument: "in", type: kvm_mp_state },
  KVM_SET_GUEST_DEBUG: { request: KVM_SET_GUEST_DEBUG, argument: "in", type: kvm_guest_debug },
  KVM_GET_VCPU_EVENTS: { request: KVM_GET_VCPU_EVENTS, argument: "out", type: kvm_vcpu_events },
  KVM_SET_VCPU_EVENTS: { request: KVM_SET_VCPU_EVENTS, argument: "in", type: kvm_vcpu_events },
  KVM_GET_ONE_REG: { request: KVM_GET_ONE_REG, argument: "in", type: kvm_one_reg },
  KVM_SET_ONE_REG: { request: KVM_SET_ONE_REG, argument: "in", type: kvm_one_reg },
  KVM_ARM_VCPU_INIT: { request: KVM_ARM_VCPU_INIT, argument: "in", type: kvm_vcpu_init },
  KVM_GET_REG_LIST: { request: KVM_GET_REG_LIST, argument: "inout", type: kvm_reg_list },
  KVM_ARM_VCPU_FINALIZE: { request: KVM_ARM_VCPU_FINALIZE, argument: "in", type: s32 },
} as const;

/** The ids of the core registers, by a debugger's names. */
export const CORE_REGS = {
  x0: 0x6030000000100000n,
  x1: 0x6030000000100002n,
  x2: 0x6030000000100004n,
  x3: 0x6030000000100006n,
  x4: 0x6030000000100008n,
  x5: 0x603000000010000an,
  x6: 0x603000000010000cn,
  x7: 0x603000000010000en,
  x8: 0x6030000000100010n,
  x9: 0x6030000000100012n,
  x10: 0x6030000000100014n,
  x11: 0x6030000000100016n,
  x12: 0x6030000000100018n,
  x13: 0x603000000010001an,
  x14: 0x603000000010001cn,
  x15: 0x603000000010001en,
  x16: 0x6030000000100020n,
  x17: 0x6030000000100022n,
  x18: 0x6030000000100024n,
  x19: 0x6030000000100026n,
  x20: 0x6030000000100028n,
  x21: 0x603000000010002an,
  x22: 0x603000000010002cn,
  x23: 0x603000000010002en,
  x24: 0x6030000000100030n,
  x25: 0x6030000000100032n,
  x26: 0x6030000000100034n,
  x27: 0x6030000000100036n,
  x28: 0x6030000000100038n,
  x29: 0x603000000010003an,
  x30: 0x603000000010003cn,
  sp: 0x603000000010003en,
  pc: 0x6030000000100040n,
  pstate: 0x6030000000100042n,
  sp_el1: 0x6030000000100044n,
  elr_el1: 0x6030000000100046n,
  spsr_el1: 0x6030000000100048n,
  spsr_abt: 0x603000000010004an,
  spsr_und: 0x603000000010004cn,
  spsr_irq: 0x603000000010004en,
  spsr_fiq: 0x6030000000100050n,
  v0: 0x6040000000100054n,
  v1: 0x6040000000100058n,
  v2: 0x604000000010005cn,
  v3: 0x6040000000100060n,
  v4: 0x6040000000100064n,
  v5: 0x6040000000100068n,
  v6: 0x604000000010006cn,
  v7: 0x6040000000100070n,
  v8: 0x6040000000100074n,
  v9: 0x6040000000100078n,
  v10: 0x604000000010007cn,
  v11: 0x6040000000100080n,
  v12: 0x6040000000100084n,
  v13: 0x6040000000100088n,
  v14: 0x604000000010008cn,
  v15: 0x6040000000100090n,
  v16: 0x6040000000100094n,
  v17: 0x6040000000100098n,
  v18: 0x604000000010009cn,
  v19: 0x60400000001000a0n,
  v20: 0x60400000001000a4n,
  v21: 0x60400000001000a8n,
  v22: 0x60400000001000acn,
  v23: 0x60400000001000b0n,
  v24: 0x60400000001000b4n,
  v25: 0x60400000001000b8n,
  v26: 0x60400000001000bcn,
  v27: 0x60400000001000c0n,
  v28: 0x60400000001000c4n,
  v29: 0x60400000001000c8n,
  v30: 0x60400000001000ccn,
  v31: 0x60400000001000d0n,
  fpsr: 0x60200000001000d4n,
  fpcr: 0x60200000001000d5n,
} as const;

/** The ids of the system registers, by the names of the Arm ARM. */
export const SYS_REGS = {
  MDCCINT_EL1: 0x6030000000138010n,
  MDSCR_EL1: 0x6030000000138012n,
  OSLAR_EL1: 0x6030000000138084n,
  OSLSR_EL1: 0x603000000013808cn,
  OSDLR_EL1: 0x603000000013809cn,
  DBGVCR32_EL2: 0x603000000013a038n,
  MIDR_EL1: 0x603000000013c000n,
  MPIDR_EL1: 0x603000000013c005n,
  REVIDR_EL1: 0x603000000013c006n,
  ID_PFR0_EL1: 0x603000000013c008n,
  ID_PFR1_EL1: 0x603000000013c009n,
  ID_DFR0_EL1: 0x603000000013c00an,
  ID_AFR0_EL1: 0x603000000013c00bn,
  ID_MMFR0_EL1: 0x603000000013c00cn,
  ID_MMFR1_EL1: 0x603000000013c00dn,
  ID_MMFR2_EL1: 0x603000000013c00en,
  ID_MMFR3_EL1: 0x603000000013c00fn,
  ID_ISAR0_EL1: 0x603000000013c010n,
  ID_ISAR1_EL1: 0x603000000013c011n,
  ID_ISAR2_EL1: 0x603000000013c012n,
  ID_ISAR3_EL1: 0x603000000013c013n,
  ID_ISAR4_EL1: 0x603000000013c014n,
  ID_ISAR5_EL1: 0x603000000013c015n,
  ID_MMFR4_EL1: 0x603000000013c016n,
  ID_ISAR6_EL1: 0x603000000013c017n,
  MVFR0_EL1: 0x603000000013c018n,
  MVFR1_EL1: 0x603000000013c019n,
  MVFR2_EL1: 0x603000000013c01an,
  ID_PFR2_EL1: 0x603000000013c01cn,
  ID_DFR1_EL1: 0x603000000013c01dn,
  ID_MMFR5_EL1: 0x603000000013c01en,
  ID_AA64PFR0_EL1: 0x603000000013c020n,
  ID_AA64PFR1_EL1: 0x603000000013c021n,
  ID_AA64PFR2_EL1: 0x603000000013c022n,
  ID_AA64ZFR0_EL1: 0x603000000013c024n,
  ID_AA64SMFR0_EL1: 0x603000000013c025n,
  ID_AA64FPFR0_EL1: 0x603000000013c027n,
  ID_AA64DFR0_EL1: 0x603000000013c028n,
  ID_AA64DFR1_EL1: 0x603000000013c029n,
  ID_AA64DFR2_EL1: 0x603000000013c02an,
  ID_AA64AFR0_EL1: 0x603000000013c02cn,
  ID_AA64AFR1_EL1: 0x603000000013c02dn,
  ID_AA64ISAR0_EL1: 0x603000000013c030n,
  ID_AA64ISAR1_EL1: 0x603000000013c031n,
  ID_AA64ISAR2_EL1: 0x603000000013c032n,
  ID_AA64ISAR3_EL1: 0x603000000013c033n,
  ID_AA64MMFR0_EL1: 0x603000000013c038n,
  ID_AA64MMFR1_EL1: 0x603000000013c039n,
  ID_AA64MMFR2_EL1: 0x603000000013c03an,
  ID_AA64MMFR3_EL1: 0x603000000013c03bn,
  ID_AA64MMFR4_EL1: 0x603000000013c03cn,
  CCSIDR_EL1: 0x603000000013c800n,
  CLIDR_EL1: 0x603000000013c801n,
  CCSIDR2_EL1: 0x603000000013c802n,
  GMID_EL1: 0x603000000013c804n,
  SMIDR_EL1: 0x603000000013c806n,
  AIDR_EL1: 0x603000000013c807n,
  CSSELR_EL1: 0x603000000013d000n,
  CTR_EL0: 0x603000000013d801n,
  DCZID_EL0: 0x603000000013d807n,
  SCTLR_EL1: 0x603000000013c080n,
  ACTLR_EL1: 0x603000000013c081n,
  CPACR_EL1: 0x603000000013c082n,
  SCTLR2_EL1: 0x603000000013c083n,
  RGSR_EL1: 0x603000000013c085n,
  GCR_EL1: 0x603000000013c086n,
  ZCR_EL1: 0x603000000013c090n,
  TRFCR_EL1: 0x603000000013c091n,
  TTBR0_EL1: 0x603000000013c100n,
  TTBR1_EL1: 0x603000000013c101n,
  TCR_EL1: 0x603000000013c102n,
  TCR2_EL1: 0x603000000013c103n,
  APIAKEYLO_EL1: 0x603000000013c108n,
  APIAKEYHI_EL1: 0x603000000013c109n,
  APIBKEYLO_EL1: 0x603000000013c10an,
  APIBKEYHI_EL1: 0x603000000013c10bn,
  APDAKEYLO_EL1: 0x603000000013c110n,
  APDAKEYHI_EL1: 0x603000000013c111n,
  APDBKEYLO_EL1: 0x603000000013c112n,
  APDBKEYHI_EL1: 0x603000000013c113n,
  APGAKEYLO_EL1: 0x603000000013c118n,
  APGAKEYHI_EL1: 0x603000000013c119n,
  SPSR_EL1: 0x603000000013c200n,
  ELR_EL1: 0x603000000013c201n,
  SP_EL0: 0x603000000013c208n,
  SPSel: 0x603000000013c210n,
  CurrentEL: 0x603000000013c212n,
  PAN: 0x603000000013c213n,
  UAO: 0x603000000013c214n,
  ICC_PMR_EL1: 0x603000000013c230n,
  NZCV: 0x603000000013da10n,
  DAIF: 0x603000000013da11n,
  DIT: 0x603000000013da15n,
  SSBS: 0x603000000013da16n,
  TCO: 0x603000000013da17n,
  FPCR: 0x603000000013da20n,
  FPSR: 0x603000000013da21n,
  AFSR0_EL1: 0x603000000013c288n,
  AFSR1_EL1: 0x603000000013c289n,
  ESR_EL1: 0x603000000013c290n,
  ERRIDR_EL1: 0x603000000013c298n,
  ERRSELR_EL1: 0x603000000013c299n,
  TFSR_EL1: 0x603000000013c2b0n,
  TFSRE0_EL1: 0x603000000013c2b1n,
  FAR_EL1: 0x603000000013c300n,
  PAR_EL1: 0x603000000013c3a0n,
  PMINTENSET_EL1: 0x603000000013c4f1n,
  PMINTENCLR_EL1: 0x603000000013c4f2n,
  PMMIR_EL1: 0x603000000013c4f6n,
  PMCR_EL0: 0x603000000013dce0n,
  PMCNTENSET_EL0: 0x603000000013dce1n,
  PMCNTENCLR_EL0: 0x603000000013dce2n,
  PMOVSCLR_EL0: 0x603000000013dce3n,
  PMSWINC_EL0: 0x603000000013dce4n,
  PMSELR_EL0: 0x603000000013dce5n,
  PMCEID0_EL0: 0x603000000013dce6n,
  PMCEID1_EL0: 0x603000000013dce7n,
  PMCCNTR_EL0: 0x603000000013dce8n,
  PMXEVTYPER_EL0: 0x603000000013dce9n,
  PMXEVCNTR_EL0: 0x603000000013dcean,
  PMUSERENR_EL0: 0x603000000013dcf0n,
  PMOVSSET_EL0: 0x603000000013dcf3n,
  PMCCFILTR_EL0: 0x603000000013df7fn,
  MAIR_EL1: 0x603000000013c510n,
  PIRE0_EL1: 0x603000000013c512n,
  PIR_EL1: 0x603000000013c513n,
  POR_EL1: 0x603000000013c514n,
  POR_EL0: 0x603000000013dd14n,
  AMAIR_EL1: 0x603000000013c518n,
  VBAR_EL1: 0x603000000013c600n,
  ISR_EL1: 0x603000000013c608n,
  DISR_EL1: 0x603000000013c609n,
  ICC_IAR0_EL1: 0x603000000013c640n,
  ICC_EOIR0_EL1: 0x603000000013c641n,
  ICC_HPPIR0_EL1: 0x603000000013c642n,
  ICC_BPR0_EL1: 0x603000000013c643n,
  ICC_AP0R0_EL1: 0x603000000013c644n,
  ICC_AP0R1_EL1: 0x603000000013c645n,
  ICC_AP0R2_EL1: 0x603000000013c646n,
  ICC_AP0R3_EL1: 0x603000000013c647n,
  ICC_AP1R0_EL1: 0x603000000013c648n,
  ICC_AP1R1_EL1: 0x603000000013c649n,
  ICC_AP1R2_EL1: 0x603000000013c64an,
  ICC_AP1R3_EL1: 0x603000000013c64bn,
  ICC_DIR_EL1: 0x603000000013c659n,
  ICC_RPR_EL1: 0x603000000013c65bn,
  ICC_SGI1R_EL1: 0x603000000013c65dn,
  ICC_ASGI1R_EL1: 0x603000000013c65en,
  ICC_SGI0R_EL1: 0x603000000013c65fn,
  ICC_IAR1_EL1: 0x603000000013c660n,
  ICC_EOIR1_EL1: 0x603000000013c661n,
  ICC_HPPIR1_EL1: 0x603000000013c662n,
  ICC_BPR1_EL1: 0x603000000013c663n,
  ICC_CTLR_EL1: 0x603000000013c664n,
  ICC_SRE_EL1: 0x603000000013c665n,
  ICC_IGRPEN0_EL1: 0x603000000013c666n,
  ICC_IGRPEN1_EL1: 0x603000000013c667n,
  CONTEXTIDR_EL1: 0x603000000013c681n,
  TPIDR_EL1: 0x603000000013c684n,
  SCXTNUM_EL1: 0x603000000013c687n,
  TPIDR_EL0: 0x603000000013de82n,
  TPIDRRO_EL0: 0x603000000013de83n,
  TPIDR2_EL0: 0x603000000013de85n,
  SCXTNUM_EL0: 0x603000000013de87n,
  CNTKCTL_EL1: 0x603000000013c708n,
  CNTFRQ_EL0: 0x603000000013df00n,
  CNTPCT_EL0: 0x603000000013df01n,
  CNTVCT_EL0: 0x603000000013df02n,
  CNTP_TVAL_EL0: 0x603000000013df10n,
  CNTP_CTL_EL0: 0x603000000013df11n,
  CNTP_CVAL_EL0: 0x603000000013df12n,
  CNTV_TVAL_EL0: 0x603000000013df18n,
  CNTV_CTL_EL0: 0x603000000013df19n,
  CNTV_CVAL_EL0: 0x603000000013df1an,
  DACR32_EL2: 0x603000000013e180n,
  IFSR32_EL2: 0x603000000013e281n,
  FPEXC32_EL2: 0x603000000013e298n,
} as const;
