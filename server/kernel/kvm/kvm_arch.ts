/** struct kvm_arch and struct kvm_vcpu_arch: what arm64 adds to a VM and to a vCPU (asm/kvm_host.h). */

import type { CValue } from "../../abi/ctypes.ts";
import { KVM_MP_STATE_RUNNABLE, type kvm_guest_debug } from "../../abi/kvm.ts";
import { KVM_ARM_VCPU_PTRAUTH_ADDRESS, KVM_ARM_VCPU_PTRAUTH_GENERIC, kvm_regs } from "../../abi/kvm_arm64.ts";
import type { Core } from "../../hw/core.ts";
import type { Task } from "../process.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import type { KvmMpidrData } from "./mpidr.ts";

/** The IPA size of KVM_CREATE_VM's type 0. */
export const KVM_PHYS_SHIFT = 40;

/** A range of SMCCC function ids, bounds included, and what becomes of a call: KVM_SMCCC_FILTER_*. */
export interface SmcccFilterRange {
  readonly start: number;
  readonly end: number;
  readonly action: number;
}

/** The timers of a vCPU, in the order of KVM_ARM_VCPU_TIMER_IRQ_*. */
export const TIMERS = ["vtimer", "ptimer", "hvtimer", "hptimer"] as const;
export type TimerName = (typeof TIMERS)[number];
const DEFAULT_PPIS = { vtimer: 27, ptimer: 30, hvtimer: 28, hptimer: 26 };

/** struct kvm_pmu; it owns its interrupt. */
export interface VcpuPmu {
  /** KVM_ARM_VCPU_PMU_V3_INIT succeeded. */
  created: boolean;
  irq: number | undefined;
  /** The level last driven. */
  irqLevel: boolean;
  /** What the core had run when the guest was entered with counters that are on. */
  since: Core["retired"] | undefined;
}

/** What arm64 adds to a VM; one per Kvm, as `kvm.arch`. */
export class KvmArch {
  /** Bits of a guest physical address, from KVM_CREATE_VM's type. */
  ipaBits = KVM_PHYS_SHIFT;
  /** KVM_CREATE_VM asked for a VM whose memory the host cannot see; and the pages that it got from the host. */
  isProtected = false;
  readonly donatedPages: number[] = [];
  /** KVM_CAP_ARM_MTE was enabled. */
  mteEnabled = false;
  /** KVM_CAP_ARM_NISV_TO_USER was enabled. */
  nisvToUser = false;
  /** KVM_CAP_ARM_SYSTEM_SUSPEND was enabled. */
  systemSuspend = false;
  /** KVM_CAP_ARM_WRITABLE_IMP_ID_REGS was enabled. */
  writableImpIdRegs = false;
  /** KVM_CAP_ARM_SEA_TO_USER was enabled. */
  seaToUser = false;
  /** KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE */
  splitPageChunkSize = 0;
  /** A vCPU got through the checks of its first KVM_RUN. */
  hasRanOnce = false;
  /** Which vCPU has which affinity, from the first KVM_RUN on; undefined again where a vCPU came later. */
  mpidrData: KvmMpidrData | undefined;

  /** The features of the first vCPU that was initialized, where they are the VM's. */
  vcpuFeatures: number | undefined;
  /** Whether EL1 is AArch32; undefined until a vCPU was initialized. */
  el1Is32Bit: boolean | undefined;
  /** ID registers by their encodings, where they are the VM's; undefined until a vCPU was initialized. */
  idRegs: Map<number, bigint> | undefined;
  /** ID_AA64PFR0_EL1.CSV2 and .CSV3, where those are all that can be set; undefined until they are. */
  pfr0Csv2: bigint | undefined;
  pfr0Csv3: bigint | undefined;

  /** KVM_REG_ARM_PSCI_VERSION; undefined until set. */
  psciVersion: bigint | undefined;
  /** The bitmaps of firmware features that were set, by the ids of their registers. */
  readonly smcccFeatures = new Map<bigint, bigint>();
  /** KVM_ARM_VM_SMCCC_FILTER; empty until the first one is set. */
  readonly smcccFilter: SmcccFilterRange[] = [];

  /** KVM_ARM_SET_COUNTER_OFFSET was used: a counter's register sets no offset any more. */
  vmCounterOffset = false;
  /** What each counter is behind the system counter. */
  readonly counterOffset = { virtual: 0n, physical: 0n };
  /** The timers' interrupts, and whether they are settled, where they are the VM's. */
  readonly timerPpis: Record<TimerName, number> = { ...DEFAULT_PPIS };
  timerPpisImmutable = false;

  /** PMCR_EL0.N, where it is the VM's. */
  pmcrN: number | undefined;
  /** KVM_ARM_VCPU_PMU_V3_FILTER: a bit an event that may be counted. */
  pmuFilter: Uint8Array | undefined;
}

/** The Z and P registers of a vCPU with SVE, in the form of KVM_GET_ONE_REG. */
export interface SveState {
  /** The longest vector in quadwords. */
  maxVq: number;
  /** Undefined until KVM_ARM_VCPU_FINALIZE: Z0 to Z31, then P0 to P15 and FFR, each of the longest size there is. */
  registers: Uint8Array | undefined;
}

/** Of the guest's last trap: ESR_EL2, FAR_EL2 and HPFAR_EL2. */
export interface VcpuFault {
  esr: number;
  far: bigint;
  hpfar: bigint;
}

/** What PSCI CPU_ON left for the vCPU to do before it runs. */
export interface VcpuResetState {
  readonly pc: bigint;
  readonly r0: bigint;
  readonly bigEndian: boolean;
}

/** What arm64 adds to a vCPU; one per KvmVcpu, as `vcpu.arch`. */
export class KvmVcpuArch {
  /** KVM_ARM_VCPU_INIT succeeded. */
  initialized = false;
  /** Bits of KVM_ARM_VCPU_*. */
  features = 0;
  /** struct kvm_regs, of which core register ids are offsets. */
  readonly regs = new DataView(new ArrayBuffer(kvm_regs.size));
  /** System registers by their encodings. */
  readonly sysRegs = new Map<number, bigint>();
  /** CCSIDR_EL1 by CSSELR_EL1, once user space has set one. */
  ccsidr: Uint32Array | undefined;
  sve: SveState | undefined;

  /** Where the registers are: on this core, since a KVM_RUN, or in `regs` and `sysRegs`. */
  core: Core | undefined;
  /** KvmPgtable.generation of what the core's TLB was filled from. */
  stage2Generation = 0;
  /** The CPU that KVM_RUN holds (vcpu->cpu). */
  cpu: Core | undefined;
  /** IN_GUEST_MODE: the core runs, on a thread of its own. */
  inGuest = false;
  /** The guest's last stay on the caller's thread ended with its slice: it goes on elsewhere. */
  longRun = false;
  /** KVM_REQ_RELOAD_PMU */
  reloadPmu = false;

  /** KVM_MP_STATE_* */
  mpState = KVM_MP_STATE_RUNNABLE;
  /** Ends the sleep of a KVM_RUN; undefined while none sleeps. */
  wake: (() => void) | undefined;
  resetState: VcpuResetState | undefined;
  /** A signal came while KVM_RUN was sleeping. */
  signalled = false;
  /** The thread that passed the checks of KVM_RUN last. */
  ranBy: Task | undefined;

  readonly fault: VcpuFault = { esr: 0, far: 0n, hpfar: 0n };
  /** A load or store waits for user space; `fault.esr` describes it. */
  mmioNeeded = false;
  /** An exception that the guest takes before its next instruction, as its vector's offset. */
  pendingException: number | undefined;
  /** The instruction is done and the PC not past it yet. */
  incrementPc = false;
  /** HCR_EL2.VI and VF, bits 0 and 1: the lines that KVM_IRQ_LINE drives where there is no VGIC. */
  irqLines = 0;
  /** HCR_EL2.VSE and VSESR_EL2: a virtual SError is pending. */
  virtualSerror = false;
  vsesr = 0n;
  /** KVM_SET_GUEST_DEBUG while enabled. */
  guestDebug: CValue<typeof kvm_guest_debug> | undefined;
  /** The core does not have the breakpoints and watchpoints as they are now. */
  debugRegsStale = true;
  /** DBG_SS_ACTIVE_PENDING: a step was made and its exception is still to come. */
  stepPending = false;
  /** PSTATE.SS as the guest had it while user space steps. */
  guestSs = 0n;

  /** The owners of the timers' interrupts: which those are where they are the vCPU's, and the level last driven. */
  readonly timers: Record<TimerName, { irq: number; level: boolean }> = {
    vtimer: { irq: DEFAULT_PPIS.vtimer, level: false },
    ptimer: { irq: DEFAULT_PPIS.ptimer, level: false },
    hvtimer: { irq: DEFAULT_PPIS.hvtimer, level: false },
    hptimer: { irq: DEFAULT_PPIS.hptimer, level: false },
  };
  /** kvm_timer_enable() succeeded. */
  timerEnabled = false;
  readonly pmu: VcpuPmu = { created: false, irq: undefined, irqLevel: false, since: undefined };
  /** KVM_ARM_VCPU_PVTIME_IPA; undefined until set. */
  stealBase: bigint | undefined;
  /** Nanoseconds for which the vCPU could run and had no CPU. */
  stealNs = 0n;
}

/** vcpu_has_feature(): the features are the vCPU's own, or those of its VM. */
export function vcpuHasFeature({ kvm, arch }: KvmVcpu, feature: number): boolean {
  const features = kvm.abi.vcpuFeaturesPerVm ? (kvm.arch.vcpuFeatures ?? 0) : arch.features;
  return ((features >>> feature) & 1) === 1;
}

/** vcpu_has_sve() */
export function vcpuHasSve({ arch }: KvmVcpu): boolean {
  return arch.sve !== undefined;
}

/** vcpu_has_ptrauth() */
export function vcpuHasPtrauth(vcpu: KvmVcpu): boolean {
  return vcpuHasFeature(vcpu, KVM_ARM_VCPU_PTRAUTH_ADDRESS) && vcpuHasFeature(vcpu, KVM_ARM_VCPU_PTRAUTH_GENERIC);
}
