// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.

package io.tagvisor.uapi;

/** The constants of the headers that a VMM includes, under their C names. */
public final class Uapi {
  private Uapi() {}

  // linux/kvm.h

  public static final int KVM_API_VERSION = 12;

  /** The type byte of every request. */
  public static final int KVMIO = 174;

  /** Announces KVM_CREATE_IRQCHIP, KVM_IRQ_LINE, KVM_IRQ_LINE_STATUS. */
  public static final int KVM_CAP_IRQCHIP = 0;

  public static final int KVM_CAP_HLT = 1;

  public static final int KVM_CAP_MMU_SHADOW_CACHE_CONTROL = 2;

  /** Announces KVM_SET_USER_MEMORY_REGION. */
  public static final int KVM_CAP_USER_MEMORY = 3;

  public static final int KVM_CAP_SET_TSS_ADDR = 4;

  public static final int KVM_CAP_VAPIC = 6;

  public static final int KVM_CAP_EXT_CPUID = 7;

  public static final int KVM_CAP_CLOCKSOURCE = 8;

  public static final int KVM_CAP_NR_VCPUS = 9;

  public static final int KVM_CAP_NR_MEMSLOTS = 10;

  public static final int KVM_CAP_PIT = 11;

  public static final int KVM_CAP_NOP_IO_DELAY = 12;

  public static final int KVM_CAP_PV_MMU = 13;

  /** Announces KVM_GET_MP_STATE, KVM_SET_MP_STATE. */
  public static final int KVM_CAP_MP_STATE = 14;

  /** Announces KVM_REGISTER_COALESCED_MMIO, KVM_UNREGISTER_COALESCED_MMIO. */
  public static final int KVM_CAP_COALESCED_MMIO = 15;

  public static final int KVM_CAP_SYNC_MMU = 16;

  public static final int KVM_CAP_IOMMU = 18;

  public static final int KVM_CAP_DESTROY_MEMORY_REGION_WORKS = 21;

  public static final int KVM_CAP_USER_NMI = 22;

  /** Announces KVM_SET_GUEST_DEBUG. */
  public static final int KVM_CAP_SET_GUEST_DEBUG = 23;

  public static final int KVM_CAP_REINJECT_CONTROL = 24;

  /** Announces KVM_SET_GSI_ROUTING. */
  public static final int KVM_CAP_IRQ_ROUTING = 25;

  public static final int KVM_CAP_IRQ_INJECT_STATUS = 26;

  public static final int KVM_CAP_ASSIGN_DEV_IRQ = 29;

  public static final int KVM_CAP_JOIN_MEMORY_REGIONS_WORKS = 30;

  public static final int KVM_CAP_MCE = 31;

  /** Announces KVM_IRQFD. */
  public static final int KVM_CAP_IRQFD = 32;

  public static final int KVM_CAP_PIT2 = 33;

  public static final int KVM_CAP_SET_BOOT_CPU_ID = 34;

  public static final int KVM_CAP_PIT_STATE2 = 35;

  /** Announces KVM_IOEVENTFD. */
  public static final int KVM_CAP_IOEVENTFD = 36;

  public static final int KVM_CAP_SET_IDENTITY_MAP_ADDR = 37;

  public static final int KVM_CAP_XEN_HVM = 38;

  public static final int KVM_CAP_ADJUST_CLOCK = 39;

  public static final int KVM_CAP_INTERNAL_ERROR_DATA = 40;

  /** Announces KVM_GET_VCPU_EVENTS, KVM_SET_VCPU_EVENTS. */
  public static final int KVM_CAP_VCPU_EVENTS = 41;

  public static final int KVM_CAP_S390_PSW = 42;

  public static final int KVM_CAP_PPC_SEGSTATE = 43;

  public static final int KVM_CAP_HYPERV = 44;

  public static final int KVM_CAP_HYPERV_VAPIC = 45;

  public static final int KVM_CAP_HYPERV_SPIN = 46;

  public static final int KVM_CAP_PCI_SEGMENT = 47;

  public static final int KVM_CAP_PPC_PAIRED_SINGLES = 48;

  public static final int KVM_CAP_INTR_SHADOW = 49;

  public static final int KVM_CAP_DEBUGREGS = 50;

  public static final int KVM_CAP_X86_ROBUST_SINGLESTEP = 51;

  public static final int KVM_CAP_PPC_OSI = 52;

  public static final int KVM_CAP_PPC_UNSET_IRQ = 53;

  public static final int KVM_CAP_ENABLE_CAP = 54;

  public static final int KVM_CAP_XSAVE = 55;

  public static final int KVM_CAP_XCRS = 56;

  public static final int KVM_CAP_PPC_GET_PVINFO = 57;

  public static final int KVM_CAP_PPC_IRQ_LEVEL = 58;

  public static final int KVM_CAP_ASYNC_PF = 59;

  public static final int KVM_CAP_TSC_CONTROL = 60;

  public static final int KVM_CAP_GET_TSC_KHZ = 61;

  public static final int KVM_CAP_PPC_BOOKE_SREGS = 62;

  public static final int KVM_CAP_SPAPR_TCE = 63;

  public static final int KVM_CAP_PPC_SMT = 64;

  public static final int KVM_CAP_PPC_RMA = 65;

  public static final int KVM_CAP_MAX_VCPUS = 66;

  public static final int KVM_CAP_PPC_HIOR = 67;

  public static final int KVM_CAP_PPC_PAPR = 68;

  public static final int KVM_CAP_SW_TLB = 69;

  /** Announces KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_GET_REG_LIST. */
  public static final int KVM_CAP_ONE_REG = 70;

  public static final int KVM_CAP_S390_GMAP = 71;

  public static final int KVM_CAP_TSC_DEADLINE_TIMER = 72;

  public static final int KVM_CAP_S390_UCONTROL = 73;

  public static final int KVM_CAP_SYNC_REGS = 74;

  public static final int KVM_CAP_PCI_2_3 = 75;

  public static final int KVM_CAP_KVMCLOCK_CTRL = 76;

  /** Announces KVM_SIGNAL_MSI. */
  public static final int KVM_CAP_SIGNAL_MSI = 77;

  public static final int KVM_CAP_PPC_GET_SMMU_INFO = 78;

  public static final int KVM_CAP_S390_COW = 79;

  public static final int KVM_CAP_PPC_ALLOC_HTAB = 80;

  public static final int KVM_CAP_READONLY_MEM = 81;

  public static final int KVM_CAP_IRQFD_RESAMPLE = 82;

  public static final int KVM_CAP_PPC_BOOKE_WATCHDOG = 83;

  public static final int KVM_CAP_PPC_HTAB_FD = 84;

  public static final int KVM_CAP_S390_CSS_SUPPORT = 85;

  public static final int KVM_CAP_PPC_EPR = 86;

  public static final int KVM_CAP_ARM_PSCI = 87;

  /** Announces KVM_ARM_SET_DEVICE_ADDR. */
  public static final int KVM_CAP_ARM_SET_DEVICE_ADDR = 88;

  /**
   * Announces KVM_CREATE_DEVICE, KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR,
   * KVM_HAS_DEVICE_ATTR.
   */
  public static final int KVM_CAP_DEVICE_CTRL = 89;

  public static final int KVM_CAP_IRQ_MPIC = 90;

  public static final int KVM_CAP_PPC_RTAS = 91;

  public static final int KVM_CAP_IRQ_XICS = 92;

  public static final int KVM_CAP_ARM_EL1_32BIT = 93;

  public static final int KVM_CAP_SPAPR_MULTITCE = 94;

  public static final int KVM_CAP_EXT_EMUL_CPUID = 95;

  public static final int KVM_CAP_HYPERV_TIME = 96;

  public static final int KVM_CAP_IOAPIC_POLARITY_IGNORED = 97;

  /** Announces KVM_ENABLE_CAP. */
  public static final int KVM_CAP_ENABLE_CAP_VM = 98;

  public static final int KVM_CAP_S390_IRQCHIP = 99;

  public static final int KVM_CAP_IOEVENTFD_NO_LENGTH = 100;

  public static final int KVM_CAP_VM_ATTRIBUTES = 101;

  public static final int KVM_CAP_ARM_PSCI_0_2 = 102;

  public static final int KVM_CAP_PPC_FIXUP_HCALL = 103;

  public static final int KVM_CAP_PPC_ENABLE_HCALL = 104;

  public static final int KVM_CAP_CHECK_EXTENSION_VM = 105;

  public static final int KVM_CAP_S390_USER_SIGP = 106;

  public static final int KVM_CAP_S390_VECTOR_REGISTERS = 107;

  public static final int KVM_CAP_S390_MEM_OP = 108;

  public static final int KVM_CAP_S390_USER_STSI = 109;

  public static final int KVM_CAP_S390_SKEYS = 110;

  public static final int KVM_CAP_MIPS_FPU = 111;

  public static final int KVM_CAP_MIPS_MSA = 112;

  public static final int KVM_CAP_S390_INJECT_IRQ = 113;

  public static final int KVM_CAP_S390_IRQ_STATE = 114;

  public static final int KVM_CAP_PPC_HWRNG = 115;

  public static final int KVM_CAP_DISABLE_QUIRKS = 116;

  public static final int KVM_CAP_X86_SMM = 117;

  public static final int KVM_CAP_MULTI_ADDRESS_SPACE = 118;

  public static final int KVM_CAP_GUEST_DEBUG_HW_BPS = 119;

  public static final int KVM_CAP_GUEST_DEBUG_HW_WPS = 120;

  public static final int KVM_CAP_SPLIT_IRQCHIP = 121;

  public static final int KVM_CAP_IOEVENTFD_ANY_LENGTH = 122;

  public static final int KVM_CAP_HYPERV_SYNIC = 123;

  public static final int KVM_CAP_S390_RI = 124;

  public static final int KVM_CAP_SPAPR_TCE_64 = 125;

  public static final int KVM_CAP_ARM_PMU_V3 = 126;

  public static final int KVM_CAP_VCPU_ATTRIBUTES = 127;

  public static final int KVM_CAP_MAX_VCPU_ID = 128;

  public static final int KVM_CAP_X2APIC_API = 129;

  public static final int KVM_CAP_S390_USER_INSTR0 = 130;

  public static final int KVM_CAP_MSI_DEVID = 131;

  public static final int KVM_CAP_PPC_HTM = 132;

  public static final int KVM_CAP_SPAPR_RESIZE_HPT = 133;

  public static final int KVM_CAP_PPC_MMU_RADIX = 134;

  public static final int KVM_CAP_PPC_MMU_HASH_V3 = 135;

  public static final int KVM_CAP_IMMEDIATE_EXIT = 136;

  public static final int KVM_CAP_MIPS_VZ = 137;

  public static final int KVM_CAP_MIPS_TE = 138;

  public static final int KVM_CAP_MIPS_64BIT = 139;

  public static final int KVM_CAP_S390_GS = 140;

  public static final int KVM_CAP_S390_AIS = 141;

  public static final int KVM_CAP_SPAPR_TCE_VFIO = 142;

  public static final int KVM_CAP_X86_DISABLE_EXITS = 143;

  public static final int KVM_CAP_ARM_USER_IRQ = 144;

  public static final int KVM_CAP_S390_CMMA_MIGRATION = 145;

  public static final int KVM_CAP_PPC_FWNMI = 146;

  public static final int KVM_CAP_PPC_SMT_POSSIBLE = 147;

  public static final int KVM_CAP_HYPERV_SYNIC2 = 148;

  public static final int KVM_CAP_HYPERV_VP_INDEX = 149;

  public static final int KVM_CAP_S390_AIS_MIGRATION = 150;

  public static final int KVM_CAP_PPC_GET_CPU_CHAR = 151;

  public static final int KVM_CAP_S390_BPB = 152;

  public static final int KVM_CAP_GET_MSR_FEATURES = 153;

  public static final int KVM_CAP_HYPERV_EVENTFD = 154;

  public static final int KVM_CAP_HYPERV_TLBFLUSH = 155;

  public static final int KVM_CAP_S390_HPAGE_1M = 156;

  public static final int KVM_CAP_NESTED_STATE = 157;

  public static final int KVM_CAP_ARM_INJECT_SERROR_ESR = 158;

  public static final int KVM_CAP_MSR_PLATFORM_INFO = 159;

  public static final int KVM_CAP_PPC_NESTED_HV = 160;

  public static final int KVM_CAP_HYPERV_SEND_IPI = 161;

  public static final int KVM_CAP_COALESCED_PIO = 162;

  public static final int KVM_CAP_HYPERV_ENLIGHTENED_VMCS = 163;

  public static final int KVM_CAP_EXCEPTION_PAYLOAD = 164;

  public static final int KVM_CAP_ARM_VM_IPA_SIZE = 165;

  public static final int KVM_CAP_MANUAL_DIRTY_LOG_PROTECT = 166;

  public static final int KVM_CAP_HYPERV_CPUID = 167;

  /** Announces KVM_CLEAR_DIRTY_LOG. */
  public static final int KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 = 168;

  public static final int KVM_CAP_PPC_IRQ_XIVE = 169;

  /** Announces KVM_ARM_VCPU_FINALIZE. */
  public static final int KVM_CAP_ARM_SVE = 170;

  public static final int KVM_CAP_ARM_PTRAUTH_ADDRESS = 171;

  public static final int KVM_CAP_ARM_PTRAUTH_GENERIC = 172;

  public static final int KVM_CAP_PMU_EVENT_FILTER = 173;

  public static final int KVM_CAP_ARM_IRQ_LINE_LAYOUT_2 = 174;

  public static final int KVM_CAP_HYPERV_DIRECT_TLBFLUSH = 175;

  public static final int KVM_CAP_PPC_GUEST_DEBUG_SSTEP = 176;

  public static final int KVM_CAP_ARM_NISV_TO_USER = 177;

  public static final int KVM_CAP_ARM_INJECT_EXT_DABT = 178;

  public static final int KVM_CAP_S390_VCPU_RESETS = 179;

  public static final int KVM_CAP_S390_PROTECTED = 180;

  public static final int KVM_CAP_PPC_SECURE_GUEST = 181;

  public static final int KVM_CAP_HALT_POLL = 182;

  public static final int KVM_CAP_ASYNC_PF_INT = 183;

  public static final int KVM_CAP_LAST_CPU = 184;

  public static final int KVM_CAP_SMALLER_MAXPHYADDR = 185;

  public static final int KVM_CAP_S390_DIAG318 = 186;

  public static final int KVM_CAP_STEAL_TIME = 187;

  public static final int KVM_CAP_X86_USER_SPACE_MSR = 188;

  public static final int KVM_CAP_X86_MSR_FILTER = 189;

  public static final int KVM_CAP_ENFORCE_PV_FEATURE_CPUID = 190;

  public static final int KVM_CAP_SYS_HYPERV_CPUID = 191;

  public static final int KVM_CAP_DIRTY_LOG_RING = 192;

  public static final int KVM_CAP_X86_BUS_LOCK_EXIT = 193;

  public static final int KVM_CAP_PPC_DAWR1 = 194;

  public static final int KVM_CAP_SET_GUEST_DEBUG2 = 195;

  public static final int KVM_CAP_SGX_ATTRIBUTE = 196;

  public static final int KVM_CAP_VM_COPY_ENC_CONTEXT_FROM = 197;

  public static final int KVM_CAP_PTP_KVM = 198;

  public static final int KVM_CAP_HYPERV_ENFORCE_CPUID = 199;

  public static final int KVM_CAP_SREGS2 = 200;

  public static final int KVM_CAP_EXIT_HYPERCALL = 201;

  public static final int KVM_CAP_PPC_RPT_INVALIDATE = 202;

  /** Announces KVM_GET_STATS_FD. */
  public static final int KVM_CAP_BINARY_STATS_FD = 203;

  public static final int KVM_CAP_EXIT_ON_EMULATION_FAILURE = 204;

  /** Announces KVM_ARM_MTE_COPY_TAGS. */
  public static final int KVM_CAP_ARM_MTE = 205;

  public static final int KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM = 206;

  public static final int KVM_CAP_VM_GPA_BITS = 207;

  public static final int KVM_CAP_XSAVE2 = 208;

  public static final int KVM_CAP_SYS_ATTRIBUTES = 209;

  public static final int KVM_CAP_PPC_AIL_MODE_3 = 210;

  public static final int KVM_CAP_S390_MEM_OP_EXTENSION = 211;

  public static final int KVM_CAP_PMU_CAPABILITY = 212;

  public static final int KVM_CAP_DISABLE_QUIRKS2 = 213;

  public static final int KVM_CAP_VM_TSC_CONTROL = 214;

  public static final int KVM_CAP_SYSTEM_EVENT_DATA = 215;

  public static final int KVM_CAP_ARM_SYSTEM_SUSPEND = 216;

  public static final int KVM_CAP_S390_PROTECTED_DUMP = 217;

  public static final int KVM_CAP_X86_TRIPLE_FAULT_EVENT = 218;

  public static final int KVM_CAP_X86_NOTIFY_VMEXIT = 219;

  public static final int KVM_CAP_VM_DISABLE_NX_HUGE_PAGES = 220;

  public static final int KVM_CAP_S390_ZPCI_OP = 221;

  public static final int KVM_CAP_S390_CPU_TOPOLOGY = 222;

  /** Announces KVM_RESET_DIRTY_RINGS. */
  public static final int KVM_CAP_DIRTY_LOG_RING_ACQ_REL = 223;

  public static final int KVM_CAP_S390_PROTECTED_ASYNC_DISABLE = 224;

  public static final int KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP = 225;

  public static final int KVM_CAP_PMU_EVENT_MASKED_EVENTS = 226;

  /** Announces KVM_ARM_SET_COUNTER_OFFSET. */
  public static final int KVM_CAP_COUNTER_OFFSET = 227;

  public static final int KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE = 228;

  public static final int KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES = 229;

  /** Announces KVM_ARM_GET_REG_WRITABLE_MASKS. */
  public static final int KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES = 230;

  /** Announces KVM_SET_USER_MEMORY_REGION2. */
  public static final int KVM_CAP_USER_MEMORY2 = 231;

  public static final int KVM_CAP_MEMORY_FAULT_INFO = 232;

  /** Announces KVM_SET_MEMORY_ATTRIBUTES. */
  public static final int KVM_CAP_MEMORY_ATTRIBUTES = 233;

  /** Announces KVM_CREATE_GUEST_MEMFD. */
  public static final int KVM_CAP_GUEST_MEMFD = 234;

  public static final int KVM_CAP_VM_TYPES = 235;

  /** Announces KVM_PRE_FAULT_MEMORY. */
  public static final int KVM_CAP_PRE_FAULT_MEMORY = 236;

  public static final int KVM_CAP_X86_APIC_BUS_CYCLES_NS = 237;

  public static final int KVM_CAP_X86_GUEST_MODE = 238;

  public static final int KVM_CAP_ARM_WRITABLE_IMP_ID_REGS = 239;

  public static final int KVM_CAP_ARM_EL2 = 240;

  public static final int KVM_CAP_ARM_EL2_E2H0 = 241;

  public static final int KVM_CAP_RISCV_MP_STATE_RESET = 242;

  public static final int KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED = 243;

  public static final int KVM_CAP_GUEST_MEMFD_FLAGS = 244;

  public static final int KVM_CAP_ARM_SEA_TO_USER = 245;

  public static final int KVM_CAP_S390_USER_OPEREXEC = 246;

  public static final int KVM_CAP_S390_KEYOP = 247;

  public static final int KVM_CAP_S390_VSIE_ESAMODE = 248;

  /**
   * The machine type's bits that hold the size of the guest physical address space; 0 means
   * 40.
   */
  public static final long KVM_VM_TYPE_ARM_IPA_SIZE_MASK = 255L;

  public static final long KVM_VM_TYPE_ARM_PROTECTED = 0x80000000L;

  /** args[0] of KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2. */
  public static final long KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE = 1L;

  public static final long KVM_DIRTY_LOG_INITIALLY_SET = 2L;

  public static final int KVM_MEM_LOG_DIRTY_PAGES = 1;

  public static final int KVM_MEM_READONLY = 2;

  public static final int KVM_MEM_GUEST_MEMFD = 4;

  public static final long KVM_MEMORY_ATTRIBUTE_PRIVATE = 8L;

  public static final long GUEST_MEMFD_FLAG_MMAP = 1L;

  public static final long GUEST_MEMFD_FLAG_INIT_SHARED = 2L;

  public static final int KVM_DIRTY_GFN_F_DIRTY = 1;

  public static final int KVM_DIRTY_GFN_F_RESET = 2;

  public static final int KVM_DIRTY_GFN_F_MASK = 3;

  public static final int KVM_IRQ_ROUTING_IRQCHIP = 1;

  public static final int KVM_IRQ_ROUTING_MSI = 2;

  public static final int KVM_IRQ_ROUTING_S390_ADAPTER = 3;

  public static final int KVM_IRQ_ROUTING_HV_SINT = 4;

  public static final int KVM_IRQ_ROUTING_XEN_EVTCHN = 5;

  public static final int KVM_MSI_VALID_DEVID = 1;

  public static final int KVM_IRQFD_FLAG_DEASSIGN = 1;

  public static final int KVM_IRQFD_FLAG_RESAMPLE = 2;

  public static final int KVM_IOEVENTFD_FLAG_DATAMATCH = 1;

  public static final int KVM_IOEVENTFD_FLAG_PIO = 2;

  public static final int KVM_IOEVENTFD_FLAG_DEASSIGN = 4;

  public static final int KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY = 8;

  public static final int KVM_IOEVENTFD_VALID_FLAG_MASK = 31;

  /** KVM_COALESCED_MMIO_MAX with pages of 4 KiB. */
  public static final int KVM_COALESCED_MMIO_MAX = 170;

  public static final int KVM_CREATE_DEVICE_TEST = 1;

  public static final int KVM_DEV_TYPE_FSL_MPIC_20 = 1;

  public static final int KVM_DEV_TYPE_FSL_MPIC_42 = 2;

  public static final int KVM_DEV_TYPE_XICS = 3;

  public static final int KVM_DEV_TYPE_VFIO = 4;

  public static final int KVM_DEV_TYPE_ARM_VGIC_V2 = 5;

  public static final int KVM_DEV_TYPE_FLIC = 6;

  public static final int KVM_DEV_TYPE_ARM_VGIC_V3 = 7;

  public static final int KVM_DEV_TYPE_ARM_VGIC_ITS = 8;

  public static final int KVM_DEV_TYPE_XIVE = 9;

  public static final int KVM_DEV_TYPE_ARM_PV_TIME = 10;

  public static final int KVM_DEV_TYPE_ARM_VGIC_V5 = 16;

  public static final int KVM_MP_STATE_RUNNABLE = 0;

  public static final int KVM_MP_STATE_UNINITIALIZED = 1;

  public static final int KVM_MP_STATE_INIT_RECEIVED = 2;

  public static final int KVM_MP_STATE_HALTED = 3;

  public static final int KVM_MP_STATE_SIPI_RECEIVED = 4;

  public static final int KVM_MP_STATE_STOPPED = 5;

  public static final int KVM_MP_STATE_CHECK_STOP = 6;

  public static final int KVM_MP_STATE_OPERATING = 7;

  public static final int KVM_MP_STATE_LOAD = 8;

  public static final int KVM_MP_STATE_AP_RESET_HOLD = 9;

  public static final int KVM_MP_STATE_SUSPENDED = 10;

  public static final int KVM_GUESTDBG_ENABLE = 1;

  public static final int KVM_GUESTDBG_SINGLESTEP = 2;

  public static final int KVM_EXIT_UNKNOWN = 0;

  public static final int KVM_EXIT_EXCEPTION = 1;

  public static final int KVM_EXIT_IO = 2;

  public static final int KVM_EXIT_HYPERCALL = 3;

  public static final int KVM_EXIT_DEBUG = 4;

  public static final int KVM_EXIT_HLT = 5;

  public static final int KVM_EXIT_MMIO = 6;

  public static final int KVM_EXIT_IRQ_WINDOW_OPEN = 7;

  public static final int KVM_EXIT_SHUTDOWN = 8;

  public static final int KVM_EXIT_FAIL_ENTRY = 9;

  public static final int KVM_EXIT_INTR = 10;

  public static final int KVM_EXIT_SET_TPR = 11;

  public static final int KVM_EXIT_TPR_ACCESS = 12;

  public static final int KVM_EXIT_S390_SIEIC = 13;

  public static final int KVM_EXIT_S390_RESET = 14;

  public static final int KVM_EXIT_DCR = 15;

  public static final int KVM_EXIT_NMI = 16;

  public static final int KVM_EXIT_INTERNAL_ERROR = 17;

  public static final int KVM_EXIT_OSI = 18;

  public static final int KVM_EXIT_PAPR_HCALL = 19;

  public static final int KVM_EXIT_S390_UCONTROL = 20;

  public static final int KVM_EXIT_WATCHDOG = 21;

  public static final int KVM_EXIT_S390_TSCH = 22;

  public static final int KVM_EXIT_EPR = 23;

  public static final int KVM_EXIT_SYSTEM_EVENT = 24;

  public static final int KVM_EXIT_S390_STSI = 25;

  public static final int KVM_EXIT_IOAPIC_EOI = 26;

  public static final int KVM_EXIT_HYPERV = 27;

  public static final int KVM_EXIT_ARM_NISV = 28;

  public static final int KVM_EXIT_X86_RDMSR = 29;

  public static final int KVM_EXIT_X86_WRMSR = 30;

  public static final int KVM_EXIT_DIRTY_RING_FULL = 31;

  public static final int KVM_EXIT_AP_RESET_HOLD = 32;

  public static final int KVM_EXIT_X86_BUS_LOCK = 33;

  public static final int KVM_EXIT_XEN = 34;

  public static final int KVM_EXIT_RISCV_SBI = 35;

  public static final int KVM_EXIT_RISCV_CSR = 36;

  public static final int KVM_EXIT_NOTIFY = 37;

  public static final int KVM_EXIT_LOONGARCH_IOCSR = 38;

  public static final int KVM_EXIT_MEMORY_FAULT = 39;

  public static final int KVM_EXIT_TDX = 40;

  public static final int KVM_EXIT_ARM_SEA = 41;

  public static final int KVM_EXIT_ARM_LDST64B = 42;

  public static final int KVM_EXIT_SNP_REQ_CERTS = 43;

  public static final int KVM_INTERNAL_ERROR_EMULATION = 1;

  public static final int KVM_INTERNAL_ERROR_SIMUL_EX = 2;

  public static final int KVM_INTERNAL_ERROR_DELIVERY_EV = 3;

  public static final int KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON = 4;

  public static final int KVM_SYSTEM_EVENT_SHUTDOWN = 1;

  public static final int KVM_SYSTEM_EVENT_RESET = 2;

  public static final int KVM_SYSTEM_EVENT_CRASH = 3;

  public static final int KVM_SYSTEM_EVENT_WAKEUP = 4;

  public static final int KVM_SYSTEM_EVENT_SUSPEND = 5;

  public static final int KVM_SYSTEM_EVENT_SEV_TERM = 6;

  public static final int KVM_SYSTEM_EVENT_TDX_FATAL = 7;

  public static final long KVM_MEMORY_EXIT_FLAG_PRIVATE = 8L;

  public static final long KVM_EXIT_ARM_SEA_FLAG_GPA_VALID = 1L;

  public static final int SYNC_REGS_SIZE_BYTES = 0x800;

  public static final int KVM_STATS_TYPE_SHIFT = 0;

  public static final int KVM_STATS_TYPE_MASK = 15;

  public static final int KVM_STATS_TYPE_CUMULATIVE = 0;

  public static final int KVM_STATS_TYPE_INSTANT = 1;

  public static final int KVM_STATS_TYPE_PEAK = 2;

  public static final int KVM_STATS_TYPE_LINEAR_HIST = 3;

  public static final int KVM_STATS_TYPE_LOG_HIST = 4;

  public static final int KVM_STATS_UNIT_SHIFT = 4;

  public static final int KVM_STATS_UNIT_MASK = 240;

  public static final int KVM_STATS_UNIT_NONE = 0;

  public static final int KVM_STATS_UNIT_BYTES = 16;

  public static final int KVM_STATS_UNIT_SECONDS = 32;

  public static final int KVM_STATS_UNIT_CYCLES = 48;

  public static final int KVM_STATS_UNIT_BOOLEAN = 64;

  public static final int KVM_STATS_BASE_SHIFT = 8;

  public static final int KVM_STATS_BASE_MASK = 0xf00;

  public static final int KVM_STATS_BASE_POW10 = 0;

  public static final int KVM_STATS_BASE_POW2 = 256;

  public static final long KVM_ARM_DEV_EL1_VTIMER = 1L;

  public static final long KVM_ARM_DEV_EL1_PTIMER = 2L;

  public static final long KVM_ARM_DEV_PMU = 4L;

  // asm/kvm.h

  public static final int KVM_SPSR_EL1 = 0;

  public static final int KVM_SPSR_SVC = 0;

  public static final int KVM_SPSR_ABT = 1;

  public static final int KVM_SPSR_UND = 2;

  public static final int KVM_SPSR_IRQ = 3;

  public static final int KVM_SPSR_FIQ = 4;

  public static final int KVM_NR_SPSR = 5;

  public static final int KVM_ARM_TARGET_AEM_V8 = 0;

  public static final int KVM_ARM_TARGET_FOUNDATION_V8 = 1;

  public static final int KVM_ARM_TARGET_CORTEX_A57 = 2;

  public static final int KVM_ARM_TARGET_XGENE_POTENZA = 3;

  public static final int KVM_ARM_TARGET_CORTEX_A53 = 4;

  public static final int KVM_ARM_TARGET_GENERIC_V8 = 5;

  public static final int KVM_ARM_NUM_TARGETS = 6;

  /** Bit numbers in kvm_vcpu_init.features. */
  public static final int KVM_ARM_VCPU_POWER_OFF = 0;

  public static final int KVM_ARM_VCPU_EL1_32BIT = 1;

  public static final int KVM_ARM_VCPU_PSCI_0_2 = 2;

  public static final int KVM_ARM_VCPU_PMU_V3 = 3;

  public static final int KVM_ARM_VCPU_SVE = 4;

  public static final int KVM_ARM_VCPU_PTRAUTH_ADDRESS = 5;

  public static final int KVM_ARM_VCPU_PTRAUTH_GENERIC = 6;

  public static final int KVM_ARM_VCPU_HAS_EL2 = 7;

  public static final int KVM_ARM_VCPU_HAS_EL2_E2H0 = 8;

  public static final long KVM_ARM_TAGS_TO_GUEST = 0L;

  public static final long KVM_ARM_TAGS_FROM_GUEST = 1L;

  public static final int KVM_ARM_MAX_DBG_REGS = 16;

  /** kvm_guest_debug.control, beside the generic bits. */
  public static final int KVM_GUESTDBG_USE_SW_BP = 0x10000;

  public static final int KVM_GUESTDBG_USE_HW = 0x20000;

  /** kvm_run.flags on KVM_EXIT_DEBUG. */
  public static final int KVM_DEBUG_ARCH_HSR_HIGH_VALID = 1;

  /** The page of a vCPU's mapping that holds the coalesced MMIO ring. */
  public static final int KVM_COALESCED_MMIO_PAGE_OFFSET = 1;

  /** The page of a vCPU's mapping from which on a dirty ring lies. */
  public static final int KVM_DIRTY_LOG_PAGE_OFFSET = 64;

  /** kvm_run.system_event.data[0] */
  public static final long KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2 = 1L;

  public static final long KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2 = 1L;

  /** kvm_run.fail_entry.hardware_entry_failure_reason */
  public static final long KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED = 1L;

  /** kvm_run.hypercall.flags */
  public static final long KVM_HYPERCALL_EXIT_SMC = 1L;

  public static final long KVM_HYPERCALL_EXIT_16BIT = 2L;

  public static final int KVM_ARM_IRQ_VCPU2_SHIFT = 28;

  public static final int KVM_ARM_IRQ_VCPU2_MASK = 15;

  public static final int KVM_ARM_IRQ_TYPE_SHIFT = 24;

  public static final int KVM_ARM_IRQ_TYPE_MASK = 15;

  public static final int KVM_ARM_IRQ_VCPU_SHIFT = 16;

  public static final int KVM_ARM_IRQ_VCPU_MASK = 255;

  public static final int KVM_ARM_IRQ_NUM_SHIFT = 0;

  public static final int KVM_ARM_IRQ_NUM_MASK = 0xffff;

  public static final int KVM_ARM_IRQ_TYPE_CPU = 0;

  public static final int KVM_ARM_IRQ_TYPE_SPI = 1;

  public static final int KVM_ARM_IRQ_TYPE_PPI = 2;

  public static final int KVM_ARM_IRQ_CPU_IRQ = 0;

  public static final int KVM_ARM_IRQ_CPU_FIQ = 1;

  public static final int KVM_NR_IRQCHIPS = 1;

  public static final long KVM_ARM_DEVICE_TYPE_SHIFT = 0L;

  public static final long KVM_ARM_DEVICE_TYPE_MASK = 0xffffL;

  public static final long KVM_ARM_DEVICE_ID_SHIFT = 16L;

  public static final long KVM_ARM_DEVICE_ID_MASK = 0xffff0000L;

  public static final long KVM_ARM_DEVICE_VGIC_V2 = 0L;

  public static final int KVM_DEV_ARM_VGIC_GRP_ADDR = 0;

  public static final long KVM_VGIC_V2_ADDR_TYPE_DIST = 0L;

  public static final long KVM_VGIC_V2_ADDR_TYPE_CPU = 1L;

  public static final long KVM_VGIC_V3_ADDR_TYPE_DIST = 2L;

  public static final long KVM_VGIC_V3_ADDR_TYPE_REDIST = 3L;

  public static final long KVM_VGIC_ITS_ADDR_TYPE = 4L;

  public static final long KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION = 5L;

  public static final int KVM_DEV_ARM_VGIC_GRP_DIST_REGS = 1;

  public static final int KVM_DEV_ARM_VGIC_GRP_CPU_REGS = 2;

  public static final long KVM_DEV_ARM_VGIC_CPUID_SHIFT = 32L;

  public static final long KVM_DEV_ARM_VGIC_CPUID_MASK = 0xff00000000L;

  public static final long KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT = 32L;

  public static final long KVM_DEV_ARM_VGIC_V3_MPIDR_MASK = 0xffffffff00000000L;

  public static final long KVM_DEV_ARM_VGIC_OFFSET_SHIFT = 0L;

  public static final long KVM_DEV_ARM_VGIC_OFFSET_MASK = 0xffffffffL;

  public static final long KVM_DEV_ARM_VGIC_SYSREG_INSTR_MASK = 0xffffL;

  public static final int KVM_DEV_ARM_VGIC_GRP_NR_IRQS = 3;

  public static final int KVM_DEV_ARM_VGIC_GRP_CTRL = 4;

  public static final long KVM_DEV_ARM_VGIC_CTRL_INIT = 0L;

  public static final long KVM_DEV_ARM_ITS_SAVE_TABLES = 1L;

  public static final long KVM_DEV_ARM_ITS_RESTORE_TABLES = 2L;

  public static final long KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES = 3L;

  public static final long KVM_DEV_ARM_ITS_CTRL_RESET = 4L;

  public static final int KVM_DEV_ARM_VGIC_GRP_REDIST_REGS = 5;

  public static final int KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS = 6;

  public static final int KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO = 7;

  public static final long KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT = 10L;

  public static final long KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_MASK = 0xfffffc00L;

  public static final long KVM_DEV_ARM_VGIC_LINE_LEVEL_INTID_MASK = 1023L;

  public static final long VGIC_LEVEL_INFO_LINE_LEVEL = 0L;

  public static final int KVM_DEV_ARM_VGIC_GRP_ITS_REGS = 8;

  public static final int KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ = 9;

  /** Sizes of the frames in guest physical memory. */
  public static final int KVM_VGIC_V2_DIST_SIZE = 0x1000;

  public static final int KVM_VGIC_V2_CPU_SIZE = 0x2000;

  public static final int KVM_VGIC_V3_DIST_SIZE = 0x10000;

  public static final int KVM_VGIC_V3_REDIST_SIZE = 0x20000;

  public static final int KVM_VGIC_V3_ITS_SIZE = 0x20000;

  public static final int KVM_ARM_VCPU_PMU_V3_CTRL = 0;

  public static final long KVM_ARM_VCPU_PMU_V3_IRQ = 0L;

  public static final long KVM_ARM_VCPU_PMU_V3_INIT = 1L;

  public static final long KVM_ARM_VCPU_PMU_V3_FILTER = 2L;

  public static final long KVM_ARM_VCPU_PMU_V3_SET_PMU = 3L;

  public static final long KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS = 4L;

  public static final int KVM_ARM_VCPU_TIMER_CTRL = 1;

  public static final long KVM_ARM_VCPU_TIMER_IRQ_VTIMER = 0L;

  public static final long KVM_ARM_VCPU_TIMER_IRQ_PTIMER = 1L;

  public static final long KVM_ARM_VCPU_TIMER_IRQ_HVTIMER = 2L;

  public static final long KVM_ARM_VCPU_TIMER_IRQ_HPTIMER = 3L;

  public static final int KVM_ARM_VCPU_PVTIME_CTRL = 2;

  public static final long KVM_ARM_VCPU_PVTIME_IPA = 0L;

  public static final int KVM_PMU_EVENT_ALLOW = 0;

  public static final int KVM_PMU_EVENT_DENY = 1;

  public static final int KVM_ARM_VM_SMCCC_CTRL = 0;

  public static final long KVM_ARM_VM_SMCCC_FILTER = 0L;

  public static final int KVM_SMCCC_FILTER_HANDLE = 0;

  public static final int KVM_SMCCC_FILTER_DENY = 1;

  public static final int KVM_SMCCC_FILTER_FWD_TO_USER = 2;

  public static final int KVM_ARM_FEATURE_ID_RANGE = 0;

  public static final int KVM_ARM_FEATURE_ID_RANGE_SIZE = 192;

  public static final int KVM_PSCI_FN_BASE = 0x95c1ba5e;

  public static final int KVM_PSCI_FN_CPU_SUSPEND = 0x95c1ba5e;

  public static final int KVM_PSCI_FN_CPU_OFF = 0x95c1ba5f;

  public static final int KVM_PSCI_FN_CPU_ON = 0x95c1ba60;

  public static final int KVM_PSCI_FN_MIGRATE = 0x95c1ba61;

  public static final long KVM_REG_ARCH_MASK = 0xff00000000000000L;

  public static final long KVM_REG_GENERIC = 0L;

  public static final long KVM_REG_PPC = 0x1000000000000000L;

  public static final long KVM_REG_X86 = 0x2000000000000000L;

  public static final long KVM_REG_IA64 = 0x3000000000000000L;

  public static final long KVM_REG_ARM = 0x4000000000000000L;

  public static final long KVM_REG_S390 = 0x5000000000000000L;

  public static final long KVM_REG_ARM64 = 0x6000000000000000L;

  public static final long KVM_REG_MIPS = 0x7000000000000000L;

  public static final long KVM_REG_RISCV = 0x8000000000000000L;

  public static final long KVM_REG_SIZE_SHIFT = 52L;

  public static final long KVM_REG_SIZE_MASK = 0xf0000000000000L;

  public static final long KVM_REG_SIZE_U8 = 0L;

  public static final long KVM_REG_SIZE_U16 = 0x10000000000000L;

  public static final long KVM_REG_SIZE_U32 = 0x20000000000000L;

  public static final long KVM_REG_SIZE_U64 = 0x30000000000000L;

  public static final long KVM_REG_SIZE_U128 = 0x40000000000000L;

  public static final long KVM_REG_SIZE_U256 = 0x50000000000000L;

  public static final long KVM_REG_SIZE_U512 = 0x60000000000000L;

  public static final long KVM_REG_SIZE_U1024 = 0x70000000000000L;

  public static final long KVM_REG_SIZE_U2048 = 0x80000000000000L;

  public static final long KVM_REG_ARM_COPROC_MASK = 0xfff0000L;

  public static final long KVM_REG_ARM_COPROC_SHIFT = 16L;

  public static final long KVM_REG_ARM_CORE = 0x100000L;

  public static final long KVM_REG_ARM_DEMUX = 0x110000L;

  public static final long KVM_REG_ARM64_SYSREG = 0x130000L;

  public static final long KVM_REG_ARM_FW = 0x140000L;

  public static final long KVM_REG_ARM64_SVE = 0x150000L;

  public static final long KVM_REG_ARM_FW_FEAT_BMAP = 0x160000L;

  public static final long KVM_REG_ARM_DEMUX_ID_MASK = 0xff00L;

  public static final long KVM_REG_ARM_DEMUX_ID_SHIFT = 8L;

  public static final long KVM_REG_ARM_DEMUX_ID_CCSIDR = 0L;

  public static final long KVM_REG_ARM_DEMUX_VAL_MASK = 255L;

  public static final long KVM_REG_ARM_DEMUX_VAL_SHIFT = 0L;

  public static final long KVM_REG_ARM64_SYSREG_OP0_MASK = 0xc000L;

  public static final long KVM_REG_ARM64_SYSREG_OP0_SHIFT = 14L;

  public static final long KVM_REG_ARM64_SYSREG_OP1_MASK = 0x3800L;

  public static final long KVM_REG_ARM64_SYSREG_OP1_SHIFT = 11L;

  public static final long KVM_REG_ARM64_SYSREG_CRN_MASK = 0x780L;

  public static final long KVM_REG_ARM64_SYSREG_CRN_SHIFT = 7L;

  public static final long KVM_REG_ARM64_SYSREG_CRM_MASK = 120L;

  public static final long KVM_REG_ARM64_SYSREG_CRM_SHIFT = 3L;

  public static final long KVM_REG_ARM64_SYSREG_OP2_MASK = 7L;

  public static final long KVM_REG_ARM64_SYSREG_OP2_SHIFT = 0L;

  /** The virtual timer's CVAL and CNT have each other's encodings; that is ABI. */
  public static final long KVM_REG_ARM_TIMER_CTL = 0x603000000013df19L;

  public static final long KVM_REG_ARM_TIMER_CVAL = 0x603000000013df02L;

  public static final long KVM_REG_ARM_TIMER_CNT = 0x603000000013df1aL;

  public static final long KVM_REG_ARM_PTIMER_CTL = 0x603000000013df11L;

  public static final long KVM_REG_ARM_PTIMER_CVAL = 0x603000000013df12L;

  public static final long KVM_REG_ARM_PTIMER_CNT = 0x603000000013df01L;

  public static final long KVM_REG_ARM_PSCI_VERSION = 0x6030000000140000L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1 = 0x6030000000140001L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_AVAIL = 0L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_AVAIL = 1L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_REQUIRED = 2L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2 = 0x6030000000140002L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_AVAIL = 0L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_UNKNOWN = 1L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_AVAIL = 2L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED = 3L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_ENABLED = 16L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3 = 0x6030000000140003L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_AVAIL = 0L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_AVAIL = 1L;

  public static final long KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_REQUIRED = 2L;

  /** Bit numbers stand behind each bitmap. */
  public static final long KVM_REG_ARM_STD_BMAP = 0x6030000000160000L;

  public static final long KVM_REG_ARM_STD_BIT_TRNG_V1_0 = 0L;

  public static final long KVM_REG_ARM_STD_HYP_BMAP = 0x6030000000160001L;

  public static final long KVM_REG_ARM_STD_HYP_BIT_PV_TIME = 0L;

  public static final long KVM_REG_ARM_VENDOR_HYP_BMAP = 0x6030000000160002L;

  public static final long KVM_REG_ARM_VENDOR_HYP_BIT_FUNC_FEAT = 0L;

  public static final long KVM_REG_ARM_VENDOR_HYP_BIT_PTP = 1L;

  public static final long KVM_REG_ARM_VENDOR_HYP_BMAP_2 = 0x6030000000160003L;

  public static final long KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_VER = 0L;

  public static final long KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_CPUS = 1L;

  public static final int KVM_ARM64_SVE_NUM_ZREGS = 32;

  public static final int KVM_ARM64_SVE_NUM_PREGS = 16;

  public static final int KVM_ARM64_SVE_MAX_SLICES = 32;

  public static final int KVM_ARM64_SVE_VQ_MIN = 1;

  public static final int KVM_ARM64_SVE_VQ_MAX = 512;

  public static final int KVM_ARM64_SVE_VLS_WORDS = 8;

  public static final long KVM_REG_ARM64_SVE_ZREG_BASE = 0L;

  public static final long KVM_REG_ARM64_SVE_PREG_BASE = 0x400L;

  public static final long KVM_REG_ARM64_SVE_FFR_BASE = 0x600L;

  /** The pseudo-register of the vector lengths that a vCPU offers. */
  public static final long KVM_REG_ARM64_SVE_VLS = 0x606000000015ffffL;

  // asm/ptrace.h

  public static final long PSR_MODE_EL0t = 0L;

  public static final long PSR_MODE_EL1t = 4L;

  public static final long PSR_MODE_EL1h = 5L;

  public static final long PSR_MODE_EL2t = 8L;

  public static final long PSR_MODE_EL2h = 9L;

  public static final long PSR_MODE_EL3t = 12L;

  public static final long PSR_MODE_EL3h = 13L;

  public static final long PSR_MODE_MASK = 15L;

  public static final long PSR_MODE32_BIT = 16L;

  public static final long PSR_F_BIT = 64L;

  public static final long PSR_I_BIT = 128L;

  public static final long PSR_A_BIT = 256L;

  public static final long PSR_D_BIT = 512L;

  public static final long PSR_BTYPE_MASK = 0xc00L;

  public static final long PSR_SSBS_BIT = 0x1000L;

  public static final long PSR_PAN_BIT = 0x400000L;

  public static final long PSR_UAO_BIT = 0x800000L;

  public static final long PSR_DIT_BIT = 0x1000000L;

  public static final long PSR_TCO_BIT = 0x2000000L;

  public static final long PSR_V_BIT = 0x10000000L;

  public static final long PSR_C_BIT = 0x20000000L;

  public static final long PSR_Z_BIT = 0x40000000L;

  public static final long PSR_N_BIT = 0x80000000L;

  public static final long PSR_AA32_MODE_MASK = 31L;

  public static final long PSR_AA32_MODE_USR = 16L;

  public static final long PSR_AA32_MODE_FIQ = 17L;

  public static final long PSR_AA32_MODE_IRQ = 18L;

  public static final long PSR_AA32_MODE_SVC = 19L;

  public static final long PSR_AA32_MODE_ABT = 23L;

  public static final long PSR_AA32_MODE_UND = 27L;

  public static final long PSR_AA32_MODE_SYS = 31L;

  public static final int PTRACE_PEEKMTETAGS = 33;

  public static final int PTRACE_POKEMTETAGS = 34;

  // linux/mman.h, linux/memfd.h

  public static final int PROT_NONE = 0;

  public static final int PROT_READ = 1;

  public static final int PROT_WRITE = 2;

  public static final int PROT_EXEC = 4;

  public static final int PROT_SEM = 8;

  /** arm64: branch target identification. */
  public static final int PROT_BTI = 16;

  /** arm64: Normal-Tagged memory. */
  public static final int PROT_MTE = 32;

  public static final int PROT_GROWSDOWN = 0x1000000;

  public static final int PROT_GROWSUP = 0x2000000;

  public static final int MAP_SHARED = 1;

  public static final int MAP_PRIVATE = 2;

  public static final int MAP_SHARED_VALIDATE = 3;

  public static final int MAP_TYPE = 15;

  public static final int MAP_FIXED = 16;

  public static final int MAP_ANONYMOUS = 32;

  public static final int MAP_GROWSDOWN = 256;

  public static final int MAP_DENYWRITE = 0x800;

  public static final int MAP_EXECUTABLE = 0x1000;

  public static final int MAP_LOCKED = 0x2000;

  public static final int MAP_NORESERVE = 0x4000;

  public static final int MAP_POPULATE = 0x8000;

  public static final int MAP_NONBLOCK = 0x10000;

  public static final int MAP_STACK = 0x20000;

  public static final int MAP_HUGETLB = 0x40000;

  public static final int MAP_SYNC = 0x80000;

  public static final int MAP_FIXED_NOREPLACE = 0x100000;

  /** With MAP_HUGETLB: log2 of the page size stands from this bit on. */
  public static final int MAP_HUGE_SHIFT = 26;

  public static final int MAP_HUGE_MASK = 63;

  public static final int MADV_NORMAL = 0;

  public static final int MADV_RANDOM = 1;

  public static final int MADV_SEQUENTIAL = 2;

  public static final int MADV_WILLNEED = 3;

  public static final int MADV_DONTNEED = 4;

  public static final int MADV_FREE = 8;

  public static final int MADV_REMOVE = 9;

  public static final int MADV_DONTFORK = 10;

  public static final int MADV_DOFORK = 11;

  public static final int MADV_MERGEABLE = 12;

  public static final int MADV_UNMERGEABLE = 13;

  public static final int MADV_HUGEPAGE = 14;

  public static final int MADV_NOHUGEPAGE = 15;

  public static final int MADV_DONTDUMP = 16;

  public static final int MADV_DODUMP = 17;

  public static final int MADV_WIPEONFORK = 18;

  public static final int MADV_KEEPONFORK = 19;

  public static final int MADV_COLD = 20;

  public static final int MADV_PAGEOUT = 21;

  public static final int MADV_POPULATE_READ = 22;

  public static final int MADV_POPULATE_WRITE = 23;

  public static final int MADV_DONTNEED_LOCKED = 24;

  public static final int MADV_COLLAPSE = 25;

  public static final int MADV_HWPOISON = 100;

  public static final int MADV_SOFT_OFFLINE = 101;

  public static final int MREMAP_MAYMOVE = 1;

  public static final int MREMAP_FIXED = 2;

  public static final int MREMAP_DONTUNMAP = 4;

  public static final int MFD_CLOEXEC = 1;

  public static final int MFD_ALLOW_SEALING = 2;

  public static final int MFD_HUGETLB = 4;

  public static final int MFD_NOEXEC_SEAL = 8;

  public static final int MFD_EXEC = 16;

  // asm-generic/fcntl.h

  public static final int O_RDONLY = 0;

  public static final int O_WRONLY = 1;

  public static final int O_RDWR = 2;

  public static final int O_ACCMODE = 3;

  public static final int O_CREAT = 64;

  public static final int O_EXCL = 128;

  public static final int O_NOCTTY = 256;

  public static final int O_TRUNC = 512;

  public static final int O_APPEND = 0x400;

  public static final int O_NONBLOCK = 0x800;

  public static final int O_DSYNC = 0x1000;

  public static final int FASYNC = 0x2000;

  public static final int O_DIRECTORY = 0x4000;

  public static final int O_NOFOLLOW = 0x8000;

  public static final int O_DIRECT = 0x10000;

  public static final int O_LARGEFILE = 0x20000;

  public static final int O_NOATIME = 0x40000;

  public static final int O_CLOEXEC = 0x80000;

  public static final int O_SYNC = 0x101000;

  public static final int O_PATH = 0x200000;

  public static final int O_TMPFILE = 0x404000;

  public static final int F_DUPFD = 0;

  public static final int F_GETFD = 1;

  public static final int F_SETFD = 2;

  public static final int F_GETFL = 3;

  public static final int F_SETFL = 4;

  public static final int F_DUPFD_CLOEXEC = 0x406;

  public static final int F_ADD_SEALS = 0x409;

  public static final int F_GET_SEALS = 0x40a;

  public static final int FD_CLOEXEC = 1;

  public static final int AT_FDCWD = -100;

  public static final int SEEK_SET = 0;

  public static final int SEEK_CUR = 1;

  public static final int SEEK_END = 2;

  public static final int FALLOC_FL_KEEP_SIZE = 1;

  public static final int FALLOC_FL_PUNCH_HOLE = 2;

  // linux/prctl.h

  public static final int PR_SET_TAGGED_ADDR_CTRL = 55;

  public static final int PR_GET_TAGGED_ADDR_CTRL = 56;

  /** Bit 0: system calls take tagged addresses. */
  public static final int PR_TAGGED_ADDR_ENABLE = 1;

  /**
   * Bits 2:1: the modes of tag checking that the thread accepts; both: the CPU's preferred
   * one.
   */
  public static final int PR_MTE_TCF_SHIFT = 1;

  public static final int PR_MTE_TCF_NONE = 0;

  public static final int PR_MTE_TCF_SYNC = 2;

  public static final int PR_MTE_TCF_ASYNC = 4;

  public static final int PR_MTE_TCF_MASK = 6;

  /** Bits 18:3: the tags that IRG may generate. */
  public static final int PR_MTE_TAG_SHIFT = 3;

  public static final int PR_MTE_TAG_MASK = 0x7fff8;

  // linux/eventfd.h, asm-generic/poll.h

  public static final int EFD_SEMAPHORE = 1;

  public static final int EFD_NONBLOCK = 0x800;

  public static final int EFD_CLOEXEC = 0x80000;

  public static final int POLLIN = 1;

  public static final int POLLPRI = 2;

  public static final int POLLOUT = 4;

  public static final int POLLERR = 8;

  public static final int POLLHUP = 16;

  public static final int POLLNVAL = 32;

  public static final int POLLRDNORM = 64;

  public static final int POLLWRNORM = 256;
}
