/**
 * The arm64 half of KVM's user interface: asm/kvm.h. Register ids are in kvm_reg.ts.
 *
 * Names are C's. A constant has the type of the field it stands in: `bigint` for a __u64, else `number`.
 */

import { array, bytes, ptr, struct, u8, u16, u32, u64 } from "./ctypes.ts";
import { user_fpsimd_state, user_pt_regs } from "./ptrace.ts";

export { user_fpsimd_state, user_pt_regs };

// KVM_GET_REGS and the index of core registers

export const KVM_SPSR_EL1 = 0;
export const KVM_SPSR_SVC = KVM_SPSR_EL1;
export const KVM_SPSR_ABT = 1;
export const KVM_SPSR_UND = 2;
export const KVM_SPSR_IRQ = 3;
export const KVM_SPSR_FIQ = 4;
export const KVM_NR_SPSR = 5;

export const kvm_regs = struct("kvm_regs", {
  regs: user_pt_regs,
  sp_el1: u64,
  elr_el1: u64,
  spsr: array(u64, KVM_NR_SPSR),
  fp_regs: user_fpsimd_state,
});

/** Empty on arm64, so its requests carry size 0. */
export const kvm_sregs = struct("kvm_sregs", {});
/** Empty on arm64, so its requests carry size 0. */
export const kvm_fpu = struct("kvm_fpu", {});

// KVM_ARM_VCPU_INIT and KVM_ARM_PREFERRED_TARGET

export const KVM_ARM_TARGET_AEM_V8 = 0;
export const KVM_ARM_TARGET_FOUNDATION_V8 = 1;
export const KVM_ARM_TARGET_CORTEX_A57 = 2;
export const KVM_ARM_TARGET_XGENE_POTENZA = 3;
export const KVM_ARM_TARGET_CORTEX_A53 = 4;
export const KVM_ARM_TARGET_GENERIC_V8 = 5;
export const KVM_ARM_NUM_TARGETS = 6;

/** Bit numbers in kvm_vcpu_init.features. */
export const KVM_ARM_VCPU_POWER_OFF = 0;
export const KVM_ARM_VCPU_EL1_32BIT = 1;
export const KVM_ARM_VCPU_PSCI_0_2 = 2;
export const KVM_ARM_VCPU_PMU_V3 = 3;
export const KVM_ARM_VCPU_SVE = 4;
export const KVM_ARM_VCPU_PTRAUTH_ADDRESS = 5;
export const KVM_ARM_VCPU_PTRAUTH_GENERIC = 6;
export const KVM_ARM_VCPU_HAS_EL2 = 7;
export const KVM_ARM_VCPU_HAS_EL2_E2H0 = 8;

export const kvm_vcpu_init = struct("kvm_vcpu_init", {
  target: u32,
  features: array(u32, 7),
});

// Memory tags

export const KVM_ARM_TAGS_TO_GUEST = 0n;
export const KVM_ARM_TAGS_FROM_GUEST = 1n;

/** `addr` points at one byte a granule of 16 bytes, the tag in its low nibble. */
export const kvm_arm_copy_mte_tags = struct("kvm_arm_copy_mte_tags", {
  guest_ipa: u64,
  length: u64,
  addr: ptr,
  flags: u64,
  reserved: array(u64, 2),
});

// Events and debugging

export const kvm_vcpu_events = struct("kvm_vcpu_events", {
  exception: struct("", {
    serror_pending: u8,
    serror_has_esr: u8,
    ext_dabt_pending: u8,
    pad: bytes(5),
    serror_esr: u64,
  }),
  reserved: array(u32, 12),
});

export const KVM_ARM_MAX_DBG_REGS = 16;

export const kvm_guest_debug_arch = struct("kvm_guest_debug_arch", {
  dbg_bcr: array(u64, KVM_ARM_MAX_DBG_REGS),
  dbg_bvr: array(u64, KVM_ARM_MAX_DBG_REGS),
  dbg_wcr: array(u64, KVM_ARM_MAX_DBG_REGS),
  dbg_wvr: array(u64, KVM_ARM_MAX_DBG_REGS),
});

/** kvm_guest_debug.control, beside the generic bits. */
export const KVM_GUESTDBG_USE_SW_BP = 1 << 16;
export const KVM_GUESTDBG_USE_HW = 1 << 17;

/** kvm_run.debug; before 6.1 there is no `hsr_high`. */
export const kvm_debug_exit_arch = struct("kvm_debug_exit_arch", {
  hsr: u32,
  hsr_high: u32,
  far: u64,
});

/** kvm_run.flags on KVM_EXIT_DEBUG. */
export const KVM_DEBUG_ARCH_HSR_HIGH_VALID = 1 << 0;

/** kvm_run.s.regs */
export const kvm_sync_regs = struct("kvm_sync_regs", { device_irq_level: u64 });

// kvm_run

/** The page of a vCPU's mapping that holds the coalesced MMIO ring. */
export const KVM_COALESCED_MMIO_PAGE_OFFSET = 1;
/** The page of a vCPU's mapping from which on a dirty ring lies. */
export const KVM_DIRTY_LOG_PAGE_OFFSET = 64;

/** kvm_run.system_event.data[0] */
export const KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2 = 1n << 0n;
export const KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2 = 1n << 0n;
/** kvm_run.fail_entry.hardware_entry_failure_reason */
export const KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED = 1n << 0n;
/** kvm_run.hypercall.flags */
export const KVM_HYPERCALL_EXIT_SMC = 1n << 0n;
export const KVM_HYPERCALL_EXIT_16BIT = 1n << 1n;

// KVM_IRQ_LINE: fields of kvm_irq_level.irq

export const KVM_ARM_IRQ_VCPU2_SHIFT = 28;
export const KVM_ARM_IRQ_VCPU2_MASK = 0xf;
export const KVM_ARM_IRQ_TYPE_SHIFT = 24;
export const KVM_ARM_IRQ_TYPE_MASK = 0xf;
export const KVM_ARM_IRQ_VCPU_SHIFT = 16;
export const KVM_ARM_IRQ_VCPU_MASK = 0xff;
export const KVM_ARM_IRQ_NUM_SHIFT = 0;
export const KVM_ARM_IRQ_NUM_MASK = 0xffff;

export const KVM_ARM_IRQ_TYPE_CPU = 0;
export const KVM_ARM_IRQ_TYPE_SPI = 1;
export const KVM_ARM_IRQ_TYPE_PPI = 2;

export const KVM_ARM_IRQ_CPU_IRQ = 0;
export const KVM_ARM_IRQ_CPU_FIQ = 1;

export const KVM_NR_IRQCHIPS = 1;

// KVM_ARM_SET_DEVICE_ADDR: fields of kvm_arm_device_addr.id

export const KVM_ARM_DEVICE_TYPE_SHIFT = 0n;
export const KVM_ARM_DEVICE_TYPE_MASK = 0xffffn;
export const KVM_ARM_DEVICE_ID_SHIFT = 16n;
export const KVM_ARM_DEVICE_ID_MASK = 0xffff0000n;
export const KVM_ARM_DEVICE_VGIC_V2 = 0n;

// Attributes of VGIC devices: groups are kvm_device_attr.group, the rest stands in kvm_device_attr.attr.

export const KVM_DEV_ARM_VGIC_GRP_ADDR = 0;
export const KVM_VGIC_V2_ADDR_TYPE_DIST = 0n;
export const KVM_VGIC_V2_ADDR_TYPE_CPU = 1n;
export const KVM_VGIC_V3_ADDR_TYPE_DIST = 2n;
export const KVM_VGIC_V3_ADDR_TYPE_REDIST = 3n;
export const KVM_VGIC_ITS_ADDR_TYPE = 4n;
export const KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION = 5n;

export const KVM_DEV_ARM_VGIC_GRP_DIST_REGS = 1;
export const KVM_DEV_ARM_VGIC_GRP_CPU_REGS = 2;
export const KVM_DEV_ARM_VGIC_CPUID_SHIFT = 32n;
export const KVM_DEV_ARM_VGIC_CPUID_MASK = 0xffn << 32n;
export const KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT = 32n;
export const KVM_DEV_ARM_VGIC_V3_MPIDR_MASK = 0xffffffffn << 32n;
export const KVM_DEV_ARM_VGIC_OFFSET_SHIFT = 0n;
export const KVM_DEV_ARM_VGIC_OFFSET_MASK = 0xffffffffn;
export const KVM_DEV_ARM_VGIC_SYSREG_INSTR_MASK = 0xffffn;

export const KVM_DEV_ARM_VGIC_GRP_NR_IRQS = 3;

export const KVM_DEV_ARM_VGIC_GRP_CTRL = 4;
export const KVM_DEV_ARM_VGIC_CTRL_INIT = 0n;
export const KVM_DEV_ARM_ITS_SAVE_TABLES = 1n;
export const KVM_DEV_ARM_ITS_RESTORE_TABLES = 2n;
export const KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES = 3n;
export const KVM_DEV_ARM_ITS_CTRL_RESET = 4n;

export const KVM_DEV_ARM_VGIC_GRP_REDIST_REGS = 5;
export const KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS = 6;

export const KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO = 7;
export const KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT = 10n;
export const KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_MASK = 0x3fffffn << 10n;
export const KVM_DEV_ARM_VGIC_LINE_LEVEL_INTID_MASK = 0x3ffn;
export const VGIC_LEVEL_INFO_LINE_LEVEL = 0n;

export const KVM_DEV_ARM_VGIC_GRP_ITS_REGS = 8;
export const KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ = 9;

/** Sizes of the frames in guest physical memory. */
export const KVM_VGIC_V2_DIST_SIZE = 0x1000;
export const KVM_VGIC_V2_CPU_SIZE = 0x2000;
export const KVM_VGIC_V3_DIST_SIZE = 0x10000;
export const KVM_VGIC_V3_REDIST_SIZE = 0x20000;
export const KVM_VGIC_V3_ITS_SIZE = 0x20000;

// Attributes of a vCPU

export const KVM_ARM_VCPU_PMU_V3_CTRL = 0;
export const KVM_ARM_VCPU_PMU_V3_IRQ = 0n;
export const KVM_ARM_VCPU_PMU_V3_INIT = 1n;
export const KVM_ARM_VCPU_PMU_V3_FILTER = 2n;
export const KVM_ARM_VCPU_PMU_V3_SET_PMU = 3n;
export const KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS = 4n;

export const KVM_ARM_VCPU_TIMER_CTRL = 1;
export const KVM_ARM_VCPU_TIMER_IRQ_VTIMER = 0n;
export const KVM_ARM_VCPU_TIMER_IRQ_PTIMER = 1n;
export const KVM_ARM_VCPU_TIMER_IRQ_HVTIMER = 2n;
export const KVM_ARM_VCPU_TIMER_IRQ_HPTIMER = 3n;

export const KVM_ARM_VCPU_PVTIME_CTRL = 2;
export const KVM_ARM_VCPU_PVTIME_IPA = 0n;

export const kvm_pmu_event_filter = struct("kvm_pmu_event_filter", {
  base_event: u16,
  nevents: u16,
  action: u8,
  pad: bytes(3),
});

export const KVM_PMU_EVENT_ALLOW = 0;
export const KVM_PMU_EVENT_DENY = 1;

// Attributes of a VM

export const KVM_ARM_VM_SMCCC_CTRL = 0;
export const KVM_ARM_VM_SMCCC_FILTER = 0n;

export const kvm_smccc_filter = struct("kvm_smccc_filter", {
  base: u32,
  nr_functions: u32,
  action: u8,
  pad: bytes(15),
});

export const KVM_SMCCC_FILTER_HANDLE = 0;
export const KVM_SMCCC_FILTER_DENY = 1;
export const KVM_SMCCC_FILTER_FWD_TO_USER = 2;

// Counter offset and writable ID registers

export const kvm_arm_counter_offset = struct("kvm_arm_counter_offset", {
  counter_offset: u64,
  reserved: u64,
});

export const reg_mask_range = struct("reg_mask_range", {
  addr: u64,
  range: u32,
  reserved: array(u32, 13),
});

export const KVM_ARM_FEATURE_ID_RANGE = 0;
export const KVM_ARM_FEATURE_ID_RANGE_SIZE = 3 * 8 * 8;

// PSCI 0.1: function ids of a vCPU without KVM_ARM_VCPU_PSCI_0_2

export const KVM_PSCI_FN_BASE = 0x95c1ba5e;
export const KVM_PSCI_FN_CPU_SUSPEND = 0x95c1ba5e;
export const KVM_PSCI_FN_CPU_OFF = 0x95c1ba5f;
export const KVM_PSCI_FN_CPU_ON = 0x95c1ba60;
export const KVM_PSCI_FN_MIGRATE = 0x95c1ba61;
