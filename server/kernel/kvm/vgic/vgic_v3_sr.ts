/**
 * Delivery of interrupts, and the CPU interface's system registers as a guest accesses them: every access traps, so
 * that the interrupts' own state stands in for list registers. arch/arm64/kvm/hyp/vgic-v3-sr.c, vgic/vgic.c.
 */

import { SYSREG, sysRegEncoding } from "../../../abi/sysreg.ts";
import { VGIC_MIN_LPI, VGIC_NR_PRIVATE_IRQS, VGIC_NR_SGIS, type VgicCpu, type VgicIrq } from "../arm_vgic.ts";
import { kvmNotifyAckedIrq } from "../eventfd.ts";
import type { Kvm, KvmVcpu } from "../kvm_host.ts";
import { kvmMpidrToVcpu, kvmVcpuGetMpidrAff } from "../mpidr.ts";
import { irqchipInKernel, vgicGetIrq, vgicQueueIrq, vgicValidSpi } from "./vgic.ts";
import { HOST_A3V, HOST_ID_BITS, HOST_PRI_BITS, HOST_SEIS } from "./vgic_v3.ts";

type Group = 0 | 1;

/** What an acknowledge reads where there is nothing to take. */
const ICC_IAR1_EL1_SPURIOUS = 1023;
/** No priority is active: below every one that an interrupt can have. */
const IDLE_PRIORITY = 0xff;
const PRIORITY_MASK = 0xf8;

/** The lowest binary point that the CPU's bits of priority allow for group 1; group 0's is one less. */
const BPR_MIN = 8 - HOST_PRI_BITS;

// ---- what is pending

/** Every interrupt that may become this vCPU's. */
function* candidates(vcpu: KvmVcpu): Generator<VgicIrq> {
  const { vgic } = vcpu.kvm;
  yield* vcpu.vgicCpu.privateIrqs;
  for (const irq of vgic.spis) if (irq.targetVcpu === vcpu) yield irq;
  if (!vcpu.vgicCpu.lpisEnabled) return;
  for (const irq of vgic.lpis.values()) if (irq.targetVcpu === vcpu) yield irq;
}

/** vgic_target_oracle(): whether an interrupt waits to be taken. */
const waits = (irq: VgicIrq) => irq.enabled && !irq.active && irq.pending;

/** kvm_vgic_vcpu_pending_irq(): whether WFI has something to wake up for. */
export function kvmVgicVcpuPendingIrq(vcpu: KvmVcpu): boolean {
  const { vgic } = vcpu.kvm;
  if (!vgic.initialized || !vgic.enabled) return false;
  for (const irq of candidates(vcpu)) if (waits(irq) && irq.priority < vcpu.vgicCpu.vmcr.pmr) return true;
  return false;
}

/** __vgic_v3_highest_priority_lr(): the most urgent interrupt that waits, of both groups; lower numbers first. */
function highestPending(vcpu: KvmVcpu): VgicIrq | undefined {
  const { vgic } = vcpu.kvm;
  if (!vgic.initialized || !vgic.enabled) return undefined;
  const { grpen0, grpen1 } = vcpu.vgicCpu.vmcr;
  let best: VgicIrq | undefined;
  for (const irq of candidates(vcpu)) {
    if (!waits(irq) || !(irq.group ? grpen1 : grpen0)) continue;
    if (!best || irq.priority < best.priority) best = irq;
  }
  return best;
}

// ---- priorities

/** __vgic_v3_get_bpr0() and __vgic_v3_get_bpr1(): the CPU reads no less than its lowest. */
function binaryPoint({ vmcr }: VgicCpu, group: Group): number {
  const bpr0 = Math.max(vmcr.bpr, BPR_MIN - 1);
  if (group === 0) return bpr0;
  return vmcr.cbpr ? Math.min(bpr0 + 1, 7) : Math.max(vmcr.abpr, BPR_MIN);
}

/** __vgic_v3_pri_to_pre(): the part of a priority that decides about preemption. */
function preemptionPriority(cpu: VgicCpu, priority: number, group: Group): number {
  const bpr = binaryPoint(cpu, group) + (group === 0 ? 1 : 0);
  return priority & (0xff << bpr) & 0xff;
}

/** The active priorities as bits, the lowest being the most urgent. */
function lowestBit(bits: number): number | undefined {
  return bits === 0 ? undefined : 31 - Math.clz32(bits & -bits);
}

/** __vgic_v3_get_highest_active_priority(): ICC_RPR_EL1. */
function runningPriority({ activePriorities: [group0, group1] }: VgicCpu): number {
  const bit = lowestBit((group0[0] as number) | (group1[0] as number));
  return bit === undefined ? IDLE_PRIORITY : bit << BPR_MIN;
}

/** The interrupt that the CPU interface signals: urgent enough for the mask and for what is being served. */
function signalled(vcpu: KvmVcpu): VgicIrq | undefined {
  const cpu = vcpu.vgicCpu;
  const irq = highestPending(vcpu);
  if (!irq || irq.priority >= cpu.vmcr.pmr) return undefined;
  const preempts = preemptionPriority(cpu, irq.priority, irq.group as Group) < runningPriority(cpu);
  return preempts ? irq : undefined;
}

/** kvm_vgic_flush_hwstate(): the lines of the vCPU that the VGIC drives, group 0 as FIQ and group 1 as IRQ. */
export function vgicLines(vcpu: KvmVcpu): { irq: boolean; fiq: boolean } {
  const irq = signalled(vcpu);
  return { irq: irq?.group === 1, fiq: irq?.group === 0 };
}

// ---- taking and ending interrupts

/** __vgic_v3_read_iar() */
function acknowledge(vcpu: KvmVcpu, group: Group): number {
  const cpu = vcpu.vgicCpu;
  const irq = signalled(vcpu);
  if (!irq || irq.group !== group) return ICC_IAR1_EL1_SPURIOUS;
  const active = cpu.activePriorities[group];
  (active[0] as number) |= 1 << (preemptionPriority(cpu, irq.priority, group) >> BPR_MIN);
  irq.pendingLatch = false;
  // An LPI has no active state.
  irq.active = irq.intid < VGIC_MIN_LPI;
  return irq.intid;
}

/** __vgic_v3_clear_highest_active_priority(): of either group; undefined where none is active. */
function dropPriority({ activePriorities: [group0, group1] }: VgicCpu): number | undefined {
  const bit = lowestBit((group0[0] as number) | (group1[0] as number));
  if (bit === undefined) return undefined;
  const of = (group0[0] as number) & (1 << bit) ? group0 : group1;
  (of[0] as number) &= ~(1 << bit);
  return bit << BPR_MIN;
}

/** __vgic_v3_clear_active_lr(), and what vgic_v3_fold_lr_state() does with an SPI whose line user space drives. */
function deactivate(vcpu: KvmVcpu, irq: VgicIrq): void {
  irq.active = false;
  if (irq.config === "level" && vgicValidSpi(vcpu.kvm, irq.intid))
    kvmNotifyAckedIrq(vcpu.kvm, 0, irq.intid - VGIC_NR_PRIVATE_IRQS);
}

/** The active interrupt of a number that is this vCPU's. */
function activeIrq(vcpu: KvmVcpu, intid: number): VgicIrq | undefined {
  if (intid >= VGIC_MIN_LPI) return undefined;
  const irq = vgicGetIrq(vcpu.kvm, vcpu, intid);
  return irq?.active && irq.targetVcpu === vcpu ? irq : undefined;
}

/** __vgic_v3_write_eoir() */
function endOfInterrupt(vcpu: KvmVcpu, group: Group, intid: number): void {
  const cpu = vcpu.vgicCpu;
  const dropped = dropPriority(cpu);
  if (cpu.vmcr.eoim) return;
  const irq = activeIrq(vcpu, intid);
  if (!irq || irq.group !== group) return;
  if (preemptionPriority(cpu, irq.priority, group) === dropped) deactivate(vcpu, irq);
}

/** __vgic_v3_write_dir() */
function deactivateInterrupt(vcpu: KvmVcpu, intid: number): void {
  if (!vcpu.vgicCpu.vmcr.eoim) return;
  const irq = activeIrq(vcpu, intid);
  if (irq) deactivate(vcpu, irq);
}

// ---- SGIs

/** vgic_v3_dispatch_sgi(): to all other vCPUs, or to those of a cluster that the list names. */
function dispatchSgi(vcpu: KvmVcpu, value: bigint, allowGroup1: boolean): void {
  const { kvm } = vcpu;
  const sgi = Number(value >> 24n) & (VGIC_NR_SGIS - 1);
  const toOthers = (value >> 40n) & 1n;
  const list = value & 0xffffn;
  const level = (shift: bigint) => (value >> shift) & 0xffn;
  const cluster = (level(48n) << 32n) | (level(32n) << 16n) | (level(16n) << 8n);
  const queue = (target: KvmVcpu) => {
    const irq = vgicGetIrq(kvm, target, sgi);
    if (!irq || (irq.group === 1 && !allowGroup1)) return;
    irq.pendingLatch = true;
    vgicQueueIrq(irq);
  };
  if (toOthers) {
    for (const target of kvm.vcpus) if (target !== vcpu) queue(target);
    return;
  }
  for (let core = 0n; core < 16n; core++) {
    if (!((list >> core) & 1n)) continue;
    for (const target of sgiTargets(kvm, cluster | core)) queue(target);
  }
}

/** The vCPUs of an affinity: one, or (match_mpidr()) all that user space gave it to. */
function sgiTargets(kvm: Kvm, affinity: bigint): KvmVcpu[] {
  if (!kvm.abi.mpidrData) return kvm.vcpus.filter((target) => kvmVcpuGetMpidrAff(target) === affinity);
  const target = kvmMpidrToVcpu(kvm, affinity);
  return target ? [target] : [];
}

// ---- the registers

interface GuestRegister {
  readonly read?: (vcpu: KvmVcpu) => number;
  readonly write?: (vcpu: KvmVcpu, value: bigint) => void;
}

const low = (value: bigint, mask: number) => Number(BigInt.asUintN(32, value)) & mask;
const INTID_MASK = 0xffffff;

const CTLR_PRI_BITS_SHIFT = 8;
const CTLR_ID_BITS_SHIFT = 11;
const CTLR_SEIS_SHIFT = 14;
const CTLR_A3V_SHIFT = 15;

const iccCtlr: GuestRegister = {
  read: ({ vgicCpu: { vmcr } }) =>
    vmcr.cbpr |
    (vmcr.eoim << 1) |
    ((HOST_PRI_BITS - 1) << CTLR_PRI_BITS_SHIFT) |
    (HOST_ID_BITS << CTLR_ID_BITS_SHIFT) |
    (HOST_SEIS << CTLR_SEIS_SHIFT) |
    (HOST_A3V << CTLR_A3V_SHIFT),
  write: ({ vgicCpu: { vmcr } }, value) => {
    vmcr.cbpr = low(value, 1);
    vmcr.eoim = low(value >> 1n, 1);
  },
};

const bpr: GuestRegister = {
  read: ({ vgicCpu }) => binaryPoint(vgicCpu, 0),
  write: ({ vgicCpu: { vmcr } }, value) => {
    vmcr.bpr = Math.max(low(value, 7), BPR_MIN - 1);
  },
};
const abpr: GuestRegister = {
  read: ({ vgicCpu }) => binaryPoint(vgicCpu, 1),
  write: ({ vgicCpu: { vmcr } }, value) => {
    if (!vmcr.cbpr) vmcr.abpr = Math.max(low(value, 7), BPR_MIN);
  },
};

const enable = (name: "grpen0" | "grpen1"): GuestRegister => ({
  read: ({ vgicCpu: { vmcr } }) => vmcr[name],
  write: ({ vgicCpu: { vmcr } }, value) => {
    vmcr[name] = low(value, 1);
  },
});

/** With 5 bits of priority there is one active priority register a group; the others are undefined. */
const apr = (group: Group): GuestRegister => ({
  read: ({ vgicCpu }) => vgicCpu.activePriorities[group][0] as number,
  write: ({ vgicCpu }, value) => {
    vgicCpu.activePriorities[group][0] = Number(BigInt.asUintN(32, value));
  },
});

const pendingOf = (group: Group) => (vcpu: KvmVcpu) => {
  const irq = highestPending(vcpu);
  return irq?.group === group ? irq.intid : ICC_IAR1_EL1_SPURIOUS;
};

const iar = (group: Group): GuestRegister => ({ read: (vcpu) => acknowledge(vcpu, group) });
const eoir = (group: Group): GuestRegister => ({
  write: (vcpu, value) => endOfInterrupt(vcpu, group, low(value, INTID_MASK)),
});
const sgi = (allowGroup1: boolean): GuestRegister => ({
  write: (vcpu, value) => dispatchSgi(vcpu, value, allowGroup1),
});

/** FEAT_NMI's acknowledge; nothing that the VGIC has is an NMI. */
const ICC_NMIAR1_EL1 = sysRegEncoding(3, 0, 12, 9, 5);
/** SRE, and neither FIQ nor IRQ bypasses the GIC. */
const ICC_SRE_EL1_HOST = 7;

const GUEST_REGISTERS: ReadonlyMap<number, GuestRegister> = new Map([
  [
    SYSREG.ICC_PMR_EL1,
    {
      read: ({ vgicCpu: { vmcr } }) => vmcr.pmr,
      write: ({ vgicCpu: { vmcr } }, value) => {
        vmcr.pmr = low(value, PRIORITY_MASK);
      },
    },
  ],
  [SYSREG.ICC_IAR0_EL1, iar(0)],
  [SYSREG.ICC_EOIR0_EL1, eoir(0)],
  [SYSREG.ICC_HPPIR0_EL1, { read: pendingOf(0) }],
  [SYSREG.ICC_BPR0_EL1, bpr],
  [SYSREG.ICC_AP0R0_EL1, apr(0)],
  [SYSREG.ICC_AP1R0_EL1, apr(1)],
  [SYSREG.ICC_DIR_EL1, { write: (vcpu, value) => deactivateInterrupt(vcpu, low(value, INTID_MASK)) }],
  [SYSREG.ICC_RPR_EL1, { read: ({ vgicCpu }) => runningPriority(vgicCpu) }],
  [SYSREG.ICC_SGI1R_EL1, sgi(true)],
  [SYSREG.ICC_ASGI1R_EL1, sgi(false)],
  [SYSREG.ICC_SGI0R_EL1, sgi(false)],
  [SYSREG.ICC_IAR1_EL1, iar(1)],
  [SYSREG.ICC_EOIR1_EL1, eoir(1)],
  [SYSREG.ICC_HPPIR1_EL1, { read: pendingOf(1) }],
  [SYSREG.ICC_BPR1_EL1, abpr],
  [SYSREG.ICC_CTLR_EL1, iccCtlr],
  [ICC_NMIAR1_EL1, { read: () => ICC_IAR1_EL1_SPURIOUS }],
  // The host uses system registers, and so does a guest that has no VGIC.
  [
    SYSREG.ICC_SRE_EL1,
    { read: (vcpu) => (irqchipInKernel(vcpu.kvm) ? vcpu.vgicCpu.sre : ICC_SRE_EL1_HOST), write: () => {} },
  ],
  [SYSREG.ICC_IGRPEN0_EL1, enable("grpen0")],
  [SYSREG.ICC_IGRPEN1_EL1, enable("grpen1")],
]);

/** The registers that send SGIs trap always. */
const SGI_REGISTERS: ReadonlySet<number> = new Set([SYSREG.ICC_SGI1R_EL1, SYSREG.ICC_ASGI1R_EL1, SYSREG.ICC_SGI0R_EL1]);

/** The register as the guest finds it; undefined where the VM does not let it. */
function registerOf({ kvm }: KvmVcpu, encoding: number): GuestRegister | undefined {
  const untrapped =
    encoding === SYSREG.ICC_SRE_EL1 || (kvm.abi.cpuInterfaceWithoutVgic && !SGI_REGISTERS.has(encoding));
  return irqchipInKernel(kvm) || untrapped ? GUEST_REGISTERS.get(encoding) : undefined;
}

/** Whether a register is one of the CPU interface's. */
export const isIccRegister = (encoding: number) => GUEST_REGISTERS.has(encoding);

/** __vgic_v3_perform_cpuif_access() for MRS; undefined is an undefined instruction. */
export function vgicV3ReadCpuif(vcpu: KvmVcpu, encoding: number): bigint | undefined {
  const read = registerOf(vcpu, encoding)?.read;
  return read && BigInt(read(vcpu) >>> 0);
}

/** __vgic_v3_perform_cpuif_access() for MSR; false is an undefined instruction. */
export function vgicV3WriteCpuif(vcpu: KvmVcpu, encoding: number, value: bigint): boolean {
  const write = registerOf(vcpu, encoding)?.write;
  write?.(vcpu, value);
  return write !== undefined;
}
