/** The state of a virtual GICv3: include/kvm/arm_vgic.h. */

import type { KvmIoDevice } from "./io_bus.ts";
import type { KvmVcpu } from "./kvm_host.ts";

export const VGIC_NR_SGIS = 16;
/** SGIs and PPIs, of which every vCPU has its own. */
export const VGIC_NR_PRIVATE_IRQS = 32;
export const VGIC_MAX_RESERVED = 1023;
export const VGIC_MIN_LPI = 8192;
/** How many interrupts a VGIC has that user space gave no number. */
export const VGIC_NR_IRQS_LEGACY = 256;

/** struct vgic_irq: one interrupt, of a vCPU, of the VM, or an LPI. */
export class VgicIrq {
  readonly intid: number;
  config: "edge" | "level";
  /** 0 or 1, as GICD_IGROUPR has it. */
  group = 0;
  enabled = false;
  priority = 0;
  active = false;
  /** Pending as software or an edge made it; the line of a level interrupt counts apart. */
  pendingLatch = false;
  lineLevel = false;
  /** Affinity as GICD_IROUTER has it; user space may route to no vCPU. */
  mpidr = 0;
  targetVcpu: KvmVcpu | undefined;
  /** Mapped to a physical interrupt, as the timers' are: user space cannot set its active state. */
  hw = false;
  /** The device that alone may drive the line. */
  owner: object | undefined;
  /** Of an LPI: how many translations lead here. */
  references = 0;

  constructor(intid: number, config: "edge" | "level", targetVcpu: KvmVcpu | undefined) {
    this.intid = intid;
    this.config = config;
    this.targetVcpu = targetVcpu;
  }

  /** irq_is_pending() */
  get pending(): boolean {
    return this.pendingLatch || (this.config === "level" && this.lineLevel);
  }
}

/** struct vgic_redist_region: room for redistributors, filled from `freeIndex` on. */
export interface VgicRedistRegion {
  readonly index: number;
  readonly base: number;
  /** How many redistributors it takes; 0 is the old single region, which takes any number. */
  readonly count: number;
  freeIndex: number;
}

/** struct vgic_dist: the distributor, and what else the VM has once. */
export class VgicDist {
  /** A VGIC was created. */
  inKernel = false;
  /** KVM_DEV_TYPE_ARM_VGIC_V3 once created. */
  model: number | undefined;
  /** KVM_DEV_ARM_VGIC_CTRL_INIT was done: the number of vCPUs and of interrupts is fixed. */
  initialized = false;
  /** The first KVM_RUN has mapped the frames. */
  ready = false;
  /** GICD_IIDR.Revision; undefined until initialized. */
  implementationRev: number | undefined;
  distBase: number | undefined;
  rdRegions: VgicRedistRegion[] = [];
  /** 0 until set. */
  nrSpis = 0;
  spis: VgicIrq[] = [];
  /** GICD_CTLR.EnableGrp1 */
  enabled = false;
  hasIts = false;
  /** What KVM_CAP_MSI_DEVID says. */
  msisRequireDevid = false;
  /** GICR_PROPBASER, which all redistributors share. */
  propbaser = 0n;
  readonly lpis = new Map<number, VgicIrq>();
  /** Translations that an MSI has used before, by doorbell, device and event. */
  readonly lpiTranslationCache = new Map<string, VgicIrq>();
  /** The maintenance interrupt of nested guests. */
  miIntid = 25;
}

/** struct vgic_vmcr: the fields of ICH_VMCR_EL2. */
export interface VgicVmcr {
  cbpr: number;
  eoim: number;
  abpr: number;
  bpr: number;
  pmr: number;
  grpen0: number;
  grpen1: number;
}

/** struct vgic_cpu: a vCPU's redistributor and CPU interface. */
export class VgicCpu {
  /** Empty until kvm_vgic_vcpu_init(). */
  privateIrqs: VgicIrq[] = [];
  /** Where the redistributor's frames are; undefined until a region has room. */
  rdBase: number | undefined;
  rdIodev: KvmIoDevice | undefined;
  rdreg: VgicRedistRegion | undefined;
  rdregIndex = 0;
  /** GICR_CTLR.EnableLPIs */
  lpisEnabled = false;
  pendbaser = 0n;
  readonly vmcr: VgicVmcr = { cbpr: 0, eoim: 0, abpr: 0, bpr: 0, pmr: 0, grpen0: 0, grpen1: 0 };
  /** ICC_AP0Rn_EL1 and ICC_AP1Rn_EL1. */
  readonly activePriorities: readonly [Uint32Array, Uint32Array] = [new Uint32Array(4), new Uint32Array(4)];
  /** ICC_SRE_EL1 */
  sre = 0;
  /** ICC_CTLR_EL1.PRIbits + 1 and .IDbits, which a restore can lower. */
  numPriBits = 0;
  numIdBits = 0;
}
