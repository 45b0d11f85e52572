/**
 * The architecture-independent half of KVM's user interface: linux/kvm.h.
 *
 * Names are C's. A constant has the type of the field it stands in: `bigint` for a __u64, else `number`.
 */

import { array, bytes, ptr, s16, s32, struct, u8, u16, u32, u64, union, unnamed } from "./ctypes.ts";
import { kvm_debug_exit_arch, kvm_guest_debug_arch, kvm_sync_regs } from "./kvm_arm64.ts";

export const KVM_API_VERSION = 12;
/** The type byte of every request. */
export const KVMIO = 0xae;

// Capabilities, in the order of their numbers; a gap is a number that no header defines any more.

export const KVM_CAP_IRQCHIP = 0;
export const KVM_CAP_HLT = 1;
export const KVM_CAP_MMU_SHADOW_CACHE_CONTROL = 2;
export const KVM_CAP_USER_MEMORY = 3;
export const KVM_CAP_SET_TSS_ADDR = 4;
export const KVM_CAP_VAPIC = 6;
export const KVM_CAP_EXT_CPUID = 7;
export const KVM_CAP_CLOCKSOURCE = 8;
export const KVM_CAP_NR_VCPUS = 9;
export const KVM_CAP_NR_MEMSLOTS = 10;
export const KVM_CAP_PIT = 11;
export const KVM_CAP_NOP_IO_DELAY = 12;
export const KVM_CAP_PV_MMU = 13;
export const KVM_CAP_MP_STATE = 14;
export const KVM_CAP_COALESCED_MMIO = 15;
export const KVM_CAP_SYNC_MMU = 16;
export const KVM_CAP_IOMMU = 18;
export const KVM_CAP_DESTROY_MEMORY_REGION_WORKS = 21;
export const KVM_CAP_USER_NMI = 22;
export const KVM_CAP_SET_GUEST_DEBUG = 23;
export const KVM_CAP_REINJECT_CONTROL = 24;
export const KVM_CAP_IRQ_ROUTING = 25;
export const KVM_CAP_IRQ_INJECT_STATUS = 26;
export const KVM_CAP_ASSIGN_DEV_IRQ = 29;
export const KVM_CAP_JOIN_MEMORY_REGIONS_WORKS = 30;
export const KVM_CAP_MCE = 31;
export const KVM_CAP_IRQFD = 32;
export const KVM_CAP_PIT2 = 33;
export const KVM_CAP_SET_BOOT_CPU_ID = 34;
export const KVM_CAP_PIT_STATE2 = 35;
export const KVM_CAP_IOEVENTFD = 36;
export const KVM_CAP_SET_IDENTITY_MAP_ADDR = 37;
export const KVM_CAP_XEN_HVM = 38;
export const KVM_CAP_ADJUST_CLOCK = 39;
export const KVM_CAP_INTERNAL_ERROR_DATA = 40;
export const KVM_CAP_VCPU_EVENTS = 41;
export const KVM_CAP_S390_PSW = 42;
export const KVM_CAP_PPC_SEGSTATE = 43;
export const KVM_CAP_HYPERV = 44;
export const KVM_CAP_HYPERV_VAPIC = 45;
export const KVM_CAP_HYPERV_SPIN = 46;
export const KVM_CAP_PCI_SEGMENT = 47;
export const KVM_CAP_PPC_PAIRED_SINGLES = 48;
export const KVM_CAP_INTR_SHADOW = 49;
export const KVM_CAP_DEBUGREGS = 50;
export const KVM_CAP_X86_ROBUST_SINGLESTEP = 51;
export const KVM_CAP_PPC_OSI = 52;
export const KVM_CAP_PPC_UNSET_IRQ = 53;
export const KVM_CAP_ENABLE_CAP = 54;
export const KVM_CAP_XSAVE = 55;
export const KVM_CAP_XCRS = 56;
export const KVM_CAP_PPC_GET_PVINFO = 57;
export const KVM_CAP_PPC_IRQ_LEVEL = 58;
export const KVM_CAP_ASYNC_PF = 59;
export const KVM_CAP_TSC_CONTROL = 60;
export const KVM_CAP_GET_TSC_KHZ = 61;
export const KVM_CAP_PPC_BOOKE_SREGS = 62;
export const KVM_CAP_SPAPR_TCE = 63;
export const KVM_CAP_PPC_SMT = 64;
export const KVM_CAP_PPC_RMA = 65;
export const KVM_CAP_MAX_VCPUS = 66;
export const KVM_CAP_PPC_HIOR = 67;
export const KVM_CAP_PPC_PAPR = 68;
export const KVM_CAP_SW_TLB = 69;
export const KVM_CAP_ONE_REG = 70;
export const KVM_CAP_S390_GMAP = 71;
export const KVM_CAP_TSC_DEADLINE_TIMER = 72;
export const KVM_CAP_S390_UCONTROL = 73;
export const KVM_CAP_SYNC_REGS = 74;
export const KVM_CAP_PCI_2_3 = 75;
export const KVM_CAP_KVMCLOCK_CTRL = 76;
export const KVM_CAP_SIGNAL_MSI = 77;
export const KVM_CAP_PPC_GET_SMMU_INFO = 78;
export const KVM_CAP_S390_COW = 79;
export const KVM_CAP_PPC_ALLOC_HTAB = 80;
export const KVM_CAP_READONLY_MEM = 81;
export const KVM_CAP_IRQFD_RESAMPLE = 82;
export const KVM_CAP_PPC_BOOKE_WATCHDOG = 83;
export const KVM_CAP_PPC_HTAB_FD = 84;
export const KVM_CAP_S390_CSS_SUPPORT = 85;
export const KVM_CAP_PPC_EPR = 86;
export const KVM_CAP_ARM_PSCI = 87;
export const KVM_CAP_ARM_SET_DEVICE_ADDR = 88;
export const KVM_CAP_DEVICE_CTRL = 89;
export const KVM_CAP_IRQ_MPIC = 90;
export const KVM_CAP_PPC_RTAS = 91;
export const KVM_CAP_IRQ_XICS = 92;
export const KVM_CAP_ARM_EL1_32BIT = 93;
export const KVM_CAP_SPAPR_MULTITCE = 94;
export const KVM_CAP_EXT_EMUL_CPUID = 95;
export const KVM_CAP_HYPERV_TIME = 96;
export const KVM_CAP_IOAPIC_POLARITY_IGNORED = 97;
export const KVM_CAP_ENABLE_CAP_VM = 98;
export const KVM_CAP_S390_IRQCHIP = 99;
export const KVM_CAP_IOEVENTFD_NO_LENGTH = 100;
export const KVM_CAP_VM_ATTRIBUTES = 101;
export const KVM_CAP_ARM_PSCI_0_2 = 102;
export const KVM_CAP_PPC_FIXUP_HCALL = 103;
export const KVM_CAP_PPC_ENABLE_HCALL = 104;
export const KVM_CAP_CHECK_EXTENSION_VM = 105;
export const KVM_CAP_S390_USER_SIGP = 106;
export const KVM_CAP_S390_VECTOR_REGISTERS = 107;
export const KVM_CAP_S390_MEM_OP = 108;
export const KVM_CAP_S390_USER_STSI = 109;
export const KVM_CAP_S390_SKEYS = 110;
export const KVM_CAP_MIPS_FPU = 111;
export const KVM_CAP_MIPS_MSA = 112;
export const KVM_CAP_S390_INJECT_IRQ = 113;
export const KVM_CAP_S390_IRQ_STATE = 114;
export const KVM_CAP_PPC_HWRNG = 115;
export const KVM_CAP_DISABLE_QUIRKS = 116;
export const KVM_CAP_X86_SMM = 117;
export const KVM_CAP_MULTI_ADDRESS_SPACE = 118;
export const KVM_CAP_GUEST_DEBUG_HW_BPS = 119;
export const KVM_CAP_GUEST_DEBUG_HW_WPS = 120;
export const KVM_CAP_SPLIT_IRQCHIP = 121;
export const KVM_CAP_IOEVENTFD_ANY_LENGTH = 122;
export const KVM_CAP_HYPERV_SYNIC = 123;
export const KVM_CAP_S390_RI = 124;
export const KVM_CAP_SPAPR_TCE_64 = 125;
export const KVM_CAP_ARM_PMU_V3 = 126;
export const KVM_CAP_VCPU_ATTRIBUTES = 127;
export const KVM_CAP_MAX_VCPU_ID = 128;
export const KVM_CAP_X2APIC_API = 129;
export const KVM_CAP_S390_USER_INSTR0 = 130;
export const KVM_CAP_MSI_DEVID = 131;
export const KVM_CAP_PPC_HTM = 132;
export const KVM_CAP_SPAPR_RESIZE_HPT = 133;
export const KVM_CAP_PPC_MMU_RADIX = 134;
export const KVM_CAP_PPC_MMU_HASH_V3 = 135;
export const KVM_CAP_IMMEDIATE_EXIT = 136;
export const KVM_CAP_MIPS_VZ = 137;
export const KVM_CAP_MIPS_TE = 138;
export const KVM_CAP_MIPS_64BIT = 139;
export const KVM_CAP_S390_GS = 140;
export const KVM_CAP_S390_AIS = 141;
export const KVM_CAP_SPAPR_TCE_VFIO = 142;
export const KVM_CAP_X86_DISABLE_EXITS = 143;
export const KVM_CAP_ARM_USER_IRQ = 144;
export const KVM_CAP_S390_CMMA_MIGRATION = 145;
export const KVM_CAP_PPC_FWNMI = 146;
export const KVM_CAP_PPC_SMT_POSSIBLE = 147;
export const KVM_CAP_HYPERV_SYNIC2 = 148;
export const KVM_CAP_HYPERV_VP_INDEX = 149;
export const KVM_CAP_S390_AIS_MIGRATION = 150;
export const KVM_CAP_PPC_GET_CPU_CHAR = 151;
export const KVM_CAP_S390_BPB = 152;
export const KVM_CAP_GET_MSR_FEATURES = 153;
export const KVM_CAP_HYPERV_EVENTFD = 154;
export const KVM_CAP_HYPERV_TLBFLUSH = 155;
export const KVM_CAP_S390_HPAGE_1M = 156;
export const KVM_CAP_NESTED_STATE = 157;
export const KVM_CAP_ARM_INJECT_SERROR_ESR = 158;
export const KVM_CAP_MSR_PLATFORM_INFO = 159;
export const KVM_CAP_PPC_NESTED_HV = 160;
export const KVM_CAP_HYPERV_SEND_IPI = 161;
export const KVM_CAP_COALESCED_PIO = 162;
export const KVM_CAP_HYPERV_ENLIGHTENED_VMCS = 163;
export const KVM_CAP_EXCEPTION_PAYLOAD = 164;
export const KVM_CAP_ARM_VM_IPA_SIZE = 165;
export const KVM_CAP_MANUAL_DIRTY_LOG_PROTECT = 166;
export const KVM_CAP_HYPERV_CPUID = 167;
export const KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 = 168;
export const KVM_CAP_PPC_IRQ_XIVE = 169;
export const KVM_CAP_ARM_SVE = 170;
export const KVM_CAP_ARM_PTRAUTH_ADDRESS = 171;
export const KVM_CAP_ARM_PTRAUTH_GENERIC = 172;
export const KVM_CAP_PMU_EVENT_FILTER = 173;
export const KVM_CAP_ARM_IRQ_LINE_LAYOUT_2 = 174;
export const KVM_CAP_HYPERV_DIRECT_TLBFLUSH = 175;
export const KVM_CAP_PPC_GUEST_DEBUG_SSTEP = 176;
export const KVM_CAP_ARM_NISV_TO_USER = 177;
export const KVM_CAP_ARM_INJECT_EXT_DABT = 178;
export const KVM_CAP_S390_VCPU_RESETS = 179;
export const KVM_CAP_S390_PROTECTED = 180;
export const KVM_CAP_PPC_SECURE_GUEST = 181;
export const KVM_CAP_HALT_POLL = 182;
export const KVM_CAP_ASYNC_PF_INT = 183;
export const KVM_CAP_LAST_CPU = 184;
export const KVM_CAP_SMALLER_MAXPHYADDR = 185;
export const KVM_CAP_S390_DIAG318 = 186;
export const KVM_CAP_STEAL_TIME = 187;
export const KVM_CAP_X86_USER_SPACE_MSR = 188;
export const KVM_CAP_X86_MSR_FILTER = 189;
export const KVM_CAP_ENFORCE_PV_FEATURE_CPUID = 190;
export const KVM_CAP_SYS_HYPERV_CPUID = 191;
export const KVM_CAP_DIRTY_LOG_RING = 192;
export const KVM_CAP_X86_BUS_LOCK_EXIT = 193;
export const KVM_CAP_PPC_DAWR1 = 194;
export const KVM_CAP_SET_GUEST_DEBUG2 = 195;
export const KVM_CAP_SGX_ATTRIBUTE = 196;
export const KVM_CAP_VM_COPY_ENC_CONTEXT_FROM = 197;
export const KVM_CAP_PTP_KVM = 198;
export const KVM_CAP_HYPERV_ENFORCE_CPUID = 199;
export const KVM_CAP_SREGS2 = 200;
export const KVM_CAP_EXIT_HYPERCALL = 201;
export const KVM_CAP_PPC_RPT_INVALIDATE = 202;
export const KVM_CAP_BINARY_STATS_FD = 203;
export const KVM_CAP_EXIT_ON_EMULATION_FAILURE = 204;
export const KVM_CAP_ARM_MTE = 205;
export const KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM = 206;
export const KVM_CAP_VM_GPA_BITS = 207;
export const KVM_CAP_XSAVE2 = 208;
export const KVM_CAP_SYS_ATTRIBUTES = 209;
export const KVM_CAP_PPC_AIL_MODE_3 = 210;
export const KVM_CAP_S390_MEM_OP_EXTENSION = 211;
export const KVM_CAP_PMU_CAPABILITY = 212;
export const KVM_CAP_DISABLE_QUIRKS2 = 213;
export const KVM_CAP_VM_TSC_CONTROL = 214;
export const KVM_CAP_SYSTEM_EVENT_DATA = 215;
export const KVM_CAP_ARM_SYSTEM_SUSPEND = 216;
export const KVM_CAP_S390_PROTECTED_DUMP = 217;
export const KVM_CAP_X86_TRIPLE_FAULT_EVENT = 218;
export const KVM_CAP_X86_NOTIFY_VMEXIT = 219;
export const KVM_CAP_VM_DISABLE_NX_HUGE_PAGES = 220;
export const KVM_CAP_S390_ZPCI_OP = 221;
export const KVM_CAP_S390_CPU_TOPOLOGY = 222;
export const KVM_CAP_DIRTY_LOG_RING_ACQ_REL = 223;
export const KVM_CAP_S390_PROTECTED_ASYNC_DISABLE = 224;
export const KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP = 225;
export const KVM_CAP_PMU_EVENT_MASKED_EVENTS = 226;
export const KVM_CAP_COUNTER_OFFSET = 227;
export const KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE = 228;
export const KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES = 229;
export const KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES = 230;
export const KVM_CAP_USER_MEMORY2 = 231;
export const KVM_CAP_MEMORY_FAULT_INFO = 232;
export const KVM_CAP_MEMORY_ATTRIBUTES = 233;
export const KVM_CAP_GUEST_MEMFD = 234;
export const KVM_CAP_VM_TYPES = 235;
export const KVM_CAP_PRE_FAULT_MEMORY = 236;
export const KVM_CAP_X86_APIC_BUS_CYCLES_NS = 237;
export const KVM_CAP_X86_GUEST_MODE = 238;
export const KVM_CAP_ARM_WRITABLE_IMP_ID_REGS = 239;
export const KVM_CAP_ARM_EL2 = 240;
export const KVM_CAP_ARM_EL2_E2H0 = 241;
export const KVM_CAP_RISCV_MP_STATE_RESET = 242;
export const KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED = 243;
export const KVM_CAP_GUEST_MEMFD_FLAGS = 244;
export const KVM_CAP_ARM_SEA_TO_USER = 245;
export const KVM_CAP_S390_USER_OPEREXEC = 246;
export const KVM_CAP_S390_KEYOP = 247;
export const KVM_CAP_S390_VSIE_ESAMODE = 248;

// KVM_CREATE_VM

/** The machine type's bits that hold the size of the guest physical address space; 0 means 40. */
export const KVM_VM_TYPE_ARM_IPA_SIZE_MASK = 0xffn;
export const KVM_VM_TYPE_ARM_PROTECTED = 1n << 31n;

// KVM_ENABLE_CAP

export const kvm_enable_cap = struct("kvm_enable_cap", {
  cap: u32,
  flags: u32,
  args: array(u64, 4),
  pad: bytes(64),
});

/** args[0] of KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2. */
export const KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE = 1n << 0n;
export const KVM_DIRTY_LOG_INITIALLY_SET = 1n << 1n;

// Memory slots

export const kvm_userspace_memory_region = struct("kvm_userspace_memory_region", {
  slot: u32,
  flags: u32,
  guest_phys_addr: u64,
  memory_size: u64,
  userspace_addr: u64,
});

export const kvm_userspace_memory_region2 = struct("kvm_userspace_memory_region2", {
  slot: u32,
  flags: u32,
  guest_phys_addr: u64,
  memory_size: u64,
  userspace_addr: u64,
  guest_memfd_offset: u64,
  guest_memfd: u32,
  pad1: u32,
  pad2: array(u64, 14),
});

export const KVM_MEM_LOG_DIRTY_PAGES = 1 << 0;
export const KVM_MEM_READONLY = 1 << 1;
export const KVM_MEM_GUEST_MEMFD = 1 << 2;

export const kvm_memory_attributes = struct("kvm_memory_attributes", {
  address: u64,
  size: u64,
  attributes: u64,
  flags: u64,
});

export const KVM_MEMORY_ATTRIBUTE_PRIVATE = 1n << 3n;

export const kvm_create_guest_memfd = struct("kvm_create_guest_memfd", {
  size: u64,
  flags: u64,
  reserved: array(u64, 6),
});

export const GUEST_MEMFD_FLAG_MMAP = 1n << 0n;
export const GUEST_MEMFD_FLAG_INIT_SHARED = 1n << 1n;

export const kvm_pre_fault_memory = struct("kvm_pre_fault_memory", {
  gpa: u64,
  size: u64,
  flags: u64,
  padding: array(u64, 5),
});

// Dirty pages

export const kvm_dirty_log = struct("kvm_dirty_log", {
  slot: u32,
  padding1: u32,
  dirty_bitmap: ptr,
});

export const kvm_clear_dirty_log = struct("kvm_clear_dirty_log", {
  slot: u32,
  num_pages: u32,
  first_page: u64,
  dirty_bitmap: ptr,
});

/** An entry of a dirty ring. */
export const kvm_dirty_gfn = struct("kvm_dirty_gfn", {
  flags: u32,
  slot: u32,
  offset: u64,
});

export const KVM_DIRTY_GFN_F_DIRTY = 1 << 0;
export const KVM_DIRTY_GFN_F_RESET = 1 << 1;
export const KVM_DIRTY_GFN_F_MASK = 0x3;

// Interrupts

export const kvm_irq_level = struct("kvm_irq_level", {
  _: unnamed({ irq: u32, status: s32 }),
  level: u32,
});

export const KVM_IRQ_ROUTING_IRQCHIP = 1;
export const KVM_IRQ_ROUTING_MSI = 2;
export const KVM_IRQ_ROUTING_S390_ADAPTER = 3;
export const KVM_IRQ_ROUTING_HV_SINT = 4;
export const KVM_IRQ_ROUTING_XEN_EVTCHN = 5;

export const kvm_irq_routing_irqchip = struct("kvm_irq_routing_irqchip", {
  irqchip: u32,
  pin: u32,
});

export const kvm_irq_routing_msi = struct("kvm_irq_routing_msi", {
  address_lo: u32,
  address_hi: u32,
  data: u32,
  devid: u32,
});

/** No route of arm64's, but the member that aligns the entry to 8 bytes. */
export const kvm_irq_routing_s390_adapter = struct("kvm_irq_routing_s390_adapter", {
  ind_addr: u64,
  summary_addr: u64,
  ind_offset: u64,
  summary_offset: u32,
  adapter_id: u32,
});

export const kvm_irq_routing_entry = struct("kvm_irq_routing_entry", {
  gsi: u32,
  type: u32,
  flags: u32,
  pad: u32,
  u: union({
    irqchip: kvm_irq_routing_irqchip,
    msi: kvm_irq_routing_msi,
    adapter: kvm_irq_routing_s390_adapter,
    pad: array(u32, 8),
  }),
});

export const kvm_irq_routing = struct("kvm_irq_routing", { nr: u32, flags: u32 }, { flexible: kvm_irq_routing_entry });

export const KVM_MSI_VALID_DEVID = 1 << 0;

export const kvm_msi = struct("kvm_msi", {
  address_lo: u32,
  address_hi: u32,
  data: u32,
  flags: u32,
  devid: u32,
  pad: bytes(12),
});

// eventfds

export const KVM_IRQFD_FLAG_DEASSIGN = 1 << 0;
export const KVM_IRQFD_FLAG_RESAMPLE = 1 << 1;

export const kvm_irqfd = struct("kvm_irqfd", {
  fd: u32,
  gsi: u32,
  flags: u32,
  resamplefd: u32,
  pad: bytes(16),
});

export const KVM_IOEVENTFD_FLAG_DATAMATCH = 1 << 0;
export const KVM_IOEVENTFD_FLAG_PIO = 1 << 1;
export const KVM_IOEVENTFD_FLAG_DEASSIGN = 1 << 2;
export const KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY = 1 << 3;
export const KVM_IOEVENTFD_VALID_FLAG_MASK = 0x1f;

export const kvm_ioeventfd = struct("kvm_ioeventfd", {
  datamatch: u64,
  addr: u64,
  len: u32,
  fd: s32,
  flags: u32,
  pad: bytes(36),
});

// Coalesced MMIO

export const kvm_coalesced_mmio_zone = struct("kvm_coalesced_mmio_zone", {
  addr: u64,
  size: u32,
  pio: u32,
});

export const kvm_coalesced_mmio = struct("kvm_coalesced_mmio", {
  phys_addr: u64,
  len: u32,
  pio: u32,
  data: bytes(8),
});

/** The second page of a vCPU's mapping; entries fill the rest of the page. */
export const kvm_coalesced_mmio_ring = struct(
  "kvm_coalesced_mmio_ring",
  { first: u32, last: u32 },
  { flexible: kvm_coalesced_mmio },
);

/** KVM_COALESCED_MMIO_MAX with pages of 4 KiB. */
export const KVM_COALESCED_MMIO_MAX = Math.floor((4096 - kvm_coalesced_mmio_ring.size) / kvm_coalesced_mmio.size);

// Devices

export const KVM_CREATE_DEVICE_TEST = 1;

export const kvm_create_device = struct("kvm_create_device", {
  type: u32,
  fd: u32,
  flags: u32,
});

export const kvm_device_attr = struct("kvm_device_attr", {
  flags: u32,
  group: u32,
  attr: u64,
  addr: u64,
});

export const KVM_DEV_TYPE_FSL_MPIC_20 = 1;
export const KVM_DEV_TYPE_FSL_MPIC_42 = 2;
export const KVM_DEV_TYPE_XICS = 3;
export const KVM_DEV_TYPE_VFIO = 4;
export const KVM_DEV_TYPE_ARM_VGIC_V2 = 5;
export const KVM_DEV_TYPE_FLIC = 6;
export const KVM_DEV_TYPE_ARM_VGIC_V3 = 7;
export const KVM_DEV_TYPE_ARM_VGIC_ITS = 8;
export const KVM_DEV_TYPE_XIVE = 9;
export const KVM_DEV_TYPE_ARM_PV_TIME = 10;
export const KVM_DEV_TYPE_ARM_VGIC_V5 = 16;

/** The first argument of KVM_ARM_SET_DEVICE_ADDR; the struct is generic, its ids are arm64's. */
export const kvm_arm_device_addr = struct("kvm_arm_device_addr", {
  id: u64,
  addr: u64,
});

// Registers and state of a vCPU

export const kvm_one_reg = struct("kvm_one_reg", {
  id: u64,
  addr: u64,
});

export const kvm_reg_list = struct("kvm_reg_list", { n: u64 }, { flexible: u64 });

export const kvm_translation = struct("kvm_translation", {
  linear_address: u64,
  physical_address: u64,
  valid: u8,
  writeable: u8,
  usermode: u8,
  pad: bytes(5),
});

export const kvm_signal_mask = struct("kvm_signal_mask", { len: u32 }, { flexible: u8 });

export const kvm_mp_state = struct("kvm_mp_state", { mp_state: u32 });

export const KVM_MP_STATE_RUNNABLE = 0;
export const KVM_MP_STATE_UNINITIALIZED = 1;
export const KVM_MP_STATE_INIT_RECEIVED = 2;
export const KVM_MP_STATE_HALTED = 3;
export const KVM_MP_STATE_SIPI_RECEIVED = 4;
export const KVM_MP_STATE_STOPPED = 5;
export const KVM_MP_STATE_CHECK_STOP = 6;
export const KVM_MP_STATE_OPERATING = 7;
export const KVM_MP_STATE_LOAD = 8;
export const KVM_MP_STATE_AP_RESET_HOLD = 9;
export const KVM_MP_STATE_SUSPENDED = 10;

export const kvm_guest_debug = struct("kvm_guest_debug", {
  control: u32,
  pad: u32,
  arch: kvm_guest_debug_arch,
});

export const KVM_GUESTDBG_ENABLE = 1 << 0;
export const KVM_GUESTDBG_SINGLESTEP = 1 << 1;

// struct kvm_run

export const KVM_EXIT_UNKNOWN = 0;
export const KVM_EXIT_EXCEPTION = 1;
export const KVM_EXIT_IO = 2;
export const KVM_EXIT_HYPERCALL = 3;
export const KVM_EXIT_DEBUG = 4;
export const KVM_EXIT_HLT = 5;
export const KVM_EXIT_MMIO = 6;
export const KVM_EXIT_IRQ_WINDOW_OPEN = 7;
export const KVM_EXIT_SHUTDOWN = 8;
export const KVM_EXIT_FAIL_ENTRY = 9;
export const KVM_EXIT_INTR = 10;
export const KVM_EXIT_SET_TPR = 11;
export const KVM_EXIT_TPR_ACCESS = 12;
export const KVM_EXIT_S390_SIEIC = 13;
export const KVM_EXIT_S390_RESET = 14;
export const KVM_EXIT_DCR = 15;
export const KVM_EXIT_NMI = 16;
export const KVM_EXIT_INTERNAL_ERROR = 17;
export const KVM_EXIT_OSI = 18;
export const KVM_EXIT_PAPR_HCALL = 19;
export const KVM_EXIT_S390_UCONTROL = 20;
export const KVM_EXIT_WATCHDOG = 21;
export const KVM_EXIT_S390_TSCH = 22;
export const KVM_EXIT_EPR = 23;
export const KVM_EXIT_SYSTEM_EVENT = 24;
export const KVM_EXIT_S390_STSI = 25;
export const KVM_EXIT_IOAPIC_EOI = 26;
export const KVM_EXIT_HYPERV = 27;
export const KVM_EXIT_ARM_NISV = 28;
export const KVM_EXIT_X86_RDMSR = 29;
export const KVM_EXIT_X86_WRMSR = 30;
export const KVM_EXIT_DIRTY_RING_FULL = 31;
export const KVM_EXIT_AP_RESET_HOLD = 32;
export const KVM_EXIT_X86_BUS_LOCK = 33;
export const KVM_EXIT_XEN = 34;
export const KVM_EXIT_RISCV_SBI = 35;
export const KVM_EXIT_RISCV_CSR = 36;
export const KVM_EXIT_NOTIFY = 37;
export const KVM_EXIT_LOONGARCH_IOCSR = 38;
export const KVM_EXIT_MEMORY_FAULT = 39;
export const KVM_EXIT_TDX = 40;
export const KVM_EXIT_ARM_SEA = 41;
export const KVM_EXIT_ARM_LDST64B = 42;
export const KVM_EXIT_SNP_REQ_CERTS = 43;

export const KVM_INTERNAL_ERROR_EMULATION = 1;
export const KVM_INTERNAL_ERROR_SIMUL_EX = 2;
export const KVM_INTERNAL_ERROR_DELIVERY_EV = 3;
export const KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON = 4;

export const KVM_SYSTEM_EVENT_SHUTDOWN = 1;
export const KVM_SYSTEM_EVENT_RESET = 2;
export const KVM_SYSTEM_EVENT_CRASH = 3;
export const KVM_SYSTEM_EVENT_WAKEUP = 4;
export const KVM_SYSTEM_EVENT_SUSPEND = 5;
export const KVM_SYSTEM_EVENT_SEV_TERM = 6;
export const KVM_SYSTEM_EVENT_TDX_FATAL = 7;

export const KVM_MEMORY_EXIT_FLAG_PRIVATE = 1n << 3n;

export const KVM_EXIT_ARM_SEA_FLAG_GPA_VALID = 1n << 0n;

export const SYNC_REGS_SIZE_BYTES = 2048;

/** The members of the exit union that arm64 fills, by their names in struct kvm_run. */
const exits = {
  /** KVM_EXIT_UNKNOWN */
  hw: struct("", { hardware_exit_reason: u64 }),
  /** KVM_EXIT_FAIL_ENTRY */
  fail_entry: struct("", { hardware_entry_failure_reason: u64, cpu: u32 }),
  /** KVM_EXIT_DEBUG */
  debug: struct("", { arch: kvm_debug_exit_arch }),
  /** KVM_EXIT_MMIO */
  mmio: struct("", { phys_addr: u64, data: bytes(8), len: u32, is_write: u8 }),
  /** KVM_EXIT_HYPERCALL; 6.1 and older have `longmode` where `flags` begins. */
  hypercall: struct("", { nr: u64, args: array(u64, 6), ret: u64, _: unnamed({ longmode: u32, flags: u64 }) }),
  /** KVM_EXIT_INTERNAL_ERROR */
  internal: struct("", { suberror: u32, ndata: u32, data: array(u64, 16) }),
  /** KVM_EXIT_SYSTEM_EVENT; before 6.1 there is no `ndata`. */
  system_event: struct("", { type: u32, ndata: u32, _: unnamed({ flags: u64, data: array(u64, 16) }) }),
  /** KVM_EXIT_ARM_NISV, KVM_EXIT_ARM_LDST64B */
  arm_nisv: struct("", { esr_iss: u64, fault_ipa: u64 }),
  /** KVM_EXIT_MEMORY_FAULT */
  memory_fault: struct("", { flags: u64, gpa: u64, size: u64 }),
  /** KVM_EXIT_ARM_SEA */
  arm_sea: struct("", { flags: u64, esr: u64, gva: u64, gpa: u64 }),
};

/** The first page of a vCPU's mapping. */
export const kvm_run = struct("kvm_run", {
  request_interrupt_window: u8,
  immediate_exit: u8,
  padding1: bytes(6),
  exit_reason: u32,
  ready_for_interrupt_injection: u8,
  if_flag: u8,
  flags: u16,
  cr8: u64,
  apic_base: u64,
  _: unnamed({ ...exits, padding: bytes(256) }),
  kvm_valid_regs: u64,
  kvm_dirty_regs: u64,
  s: union({ regs: kvm_sync_regs, padding: bytes(SYNC_REGS_SIZE_BYTES) }),
});

/** Which member of the exit union an exit reason fills; the others fill none. */
export const KVM_RUN_EXITS: ReadonlyMap<number, keyof typeof exits> = new Map([
  [KVM_EXIT_UNKNOWN, "hw"],
  [KVM_EXIT_HYPERCALL, "hypercall"],
  [KVM_EXIT_DEBUG, "debug"],
  [KVM_EXIT_MMIO, "mmio"],
  [KVM_EXIT_FAIL_ENTRY, "fail_entry"],
  [KVM_EXIT_INTERNAL_ERROR, "internal"],
  [KVM_EXIT_SYSTEM_EVENT, "system_event"],
  [KVM_EXIT_ARM_NISV, "arm_nisv"],
  [KVM_EXIT_MEMORY_FAULT, "memory_fault"],
  [KVM_EXIT_ARM_SEA, "arm_sea"],
  [KVM_EXIT_ARM_LDST64B, "arm_nisv"],
]);

// Statistics

export const kvm_stats_header = struct("kvm_stats_header", {
  flags: u32,
  name_size: u32,
  num_desc: u32,
  id_offset: u32,
  desc_offset: u32,
  data_offset: u32,
});

/** Before 6.1 `bucket_size` is an unused word. */
export const kvm_stats_desc = struct(
  "kvm_stats_desc",
  { flags: u32, exponent: s16, size: u16, offset: u32, bucket_size: u32 },
  { flexible: u8 },
);

export const KVM_STATS_TYPE_SHIFT = 0;
export const KVM_STATS_TYPE_MASK = 0xf << 0;
export const KVM_STATS_TYPE_CUMULATIVE = 0x0 << 0;
export const KVM_STATS_TYPE_INSTANT = 0x1 << 0;
export const KVM_STATS_TYPE_PEAK = 0x2 << 0;
export const KVM_STATS_TYPE_LINEAR_HIST = 0x3 << 0;
export const KVM_STATS_TYPE_LOG_HIST = 0x4 << 0;
export const KVM_STATS_UNIT_SHIFT = 4;
export const KVM_STATS_UNIT_MASK = 0xf << 4;
export const KVM_STATS_UNIT_NONE = 0x0 << 4;
export const KVM_STATS_UNIT_BYTES = 0x1 << 4;
export const KVM_STATS_UNIT_SECONDS = 0x2 << 4;
export const KVM_STATS_UNIT_CYCLES = 0x3 << 4;
export const KVM_STATS_UNIT_BOOLEAN = 0x4 << 4;
export const KVM_STATS_BASE_SHIFT = 8;
export const KVM_STATS_BASE_MASK = 0xf << 8;
export const KVM_STATS_BASE_POW10 = 0x0 << 8;
export const KVM_STATS_BASE_POW2 = 0x1 << 8;

// Bits of kvm_run.s.regs.device_irq_level, which counts only without an in-kernel interrupt controller.

export const KVM_ARM_DEV_EL1_VTIMER = 1n << 0n;
export const KVM_ARM_DEV_EL1_PTIMER = 1n << 1n;
export const KVM_ARM_DEV_PMU = 1n << 2n;
