/** What a vCPU's performance monitors count while its guest runs, and their interrupt: the running side of arch/arm64/kvm/pmu-emul.c. */

import { KVM_ARM_DEV_PMU, kvm_run } from "../../abi/kvm.ts";
import { SYSREG, sysRegOf } from "../../abi/sysreg.ts";
import type { Core } from "../../hw/core.ts";
import { cpuRegister } from "../../hw/cpu.ts";
import { readIdReg } from "./id_regs.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import {
  ARMV8_PMU_CYCLE_IDX,
  kvmPmuValidCounterMask,
  kvmVcpuHasPmu,
  kvmVcpuReadPmcr,
  PMCR_C,
  PMCR_E,
  PMCR_LC,
  PMCR_LP,
  PMCR_P,
} from "./pmu_emul.ts";
import { vcpuReadSysReg, vcpuWriteSysReg } from "./regs.ts";
import { irqchipInKernel, kvmVgicInjectIrq } from "./vgic/vgic.ts";

const DEVICE_IRQ_LEVEL = kvm_run.offsetof("s.regs.device_irq_level");
const DEV_PMU = Number(KVM_ARM_DEV_PMU);

// Events, by their numbers in the Arm ARM
const SW_INCR = 0x00;
const INST_RETIRED = 0x08;
const CPU_CYCLES = 0x11;
const CHAIN = 0x1e;

/** ID_AA64DFR0_EL1.PMUVer: the first PMUv3, and the one whose event counters have 64 bits. */
const PMUVER_IMP = 1n;
const PMUVER_V3P5 = 6n;

/** PMEVTYPER<n>_EL0.P, .U and .NSH. */
const EXCLUDE_EL1 = 1n << 31n;
const EXCLUDE_EL0 = 1n << 30n;
const INCLUDE_EL2 = 1n << 27n;

/** How often something happened at each level. */
type Counts = Core["retired"];

/** What a core counts: it takes a cycle for each instruction. An event that is not here never happens. */
const HOST_EVENTS: ReadonlyMap<number, (ran: Counts) => Counts> = new Map([
  [INST_RETIRED, (ran: Counts) => ran],
  [CPU_CYCLES, (ran: Counts) => ran],
]);

// ---- counters and their registers

const counterReg = (index: number) =>
  index === ARMV8_PMU_CYCLE_IDX ? SYSREG.PMCCNTR_EL0 : sysRegOf("PMEVCNTR", index);
const typeReg = (index: number) =>
  index === ARMV8_PMU_CYCLE_IDX ? SYSREG.PMCCFILTR_EL0 : sysRegOf("PMEVTYPER", index);
const bit = (index: number) => 1n << BigInt(index);

/** PMCR_EL0 with the VM's number of counters. */
export function readPmcr(vcpu: KvmVcpu): bigint {
  return vcpu.kvm.abi.pmcrFromVm ? kvmVcpuReadPmcr(vcpu) : vcpuReadSysReg(vcpu, SYSREG.PMCR_EL0);
}

const pmuVer = (vcpu: KvmVcpu) => (readIdReg(vcpu, SYSREG.ID_AA64DFR0_EL1) >> 8n) & 0xfn;

/** Whether event counters can have 64 bits: the kernel and the guest's PMU know PMUv3p5. */
export const hasLongCounters = (vcpu: KvmVcpu): boolean => vcpu.kvm.abi.pmuCounters64 && pmuVer(vcpu) >= PMUVER_V3P5;

/** kvm_pmc_is_64bit() */
const is64Bit = (vcpu: KvmVcpu, index: number) => index === ARMV8_PMU_CYCLE_IDX || hasLongCounters(vcpu);

/** kvm_pmc_has_64bit_overflow() */
function has64BitOverflow(vcpu: KvmVcpu, index: number): boolean {
  const pmcr = vcpuReadSysReg(vcpu, SYSREG.PMCR_EL0);
  if (index === ARMV8_PMU_CYCLE_IDX) return (pmcr & PMCR_LC) !== 0n;
  return vcpu.kvm.abi.pmuCounters64 && (pmcr & PMCR_LP) !== 0n;
}

/** kvm_pmu_event_mask() */
const eventMask = (vcpu: KvmVcpu) => (vcpu.kvm.abi.pmuTypesFollowId && pmuVer(vcpu) === PMUVER_IMP ? 0x3ffn : 0xffffn);

/** Whether the VM's ID_AA64PFR0_EL1 tells of an EL2, nested or not. */
const tellsOfEl2 = (vcpu: KvmVcpu) => ((readIdReg(vcpu, SYSREG.ID_AA64PFR0_EL1) >> 8n) & 0xfn) !== 0n;

/** What PMEVTYPER<n>_EL0 and PMCCFILTR_EL0 keep: kvm_pmu_evtyper_mask(). */
export function kvmPmuEvtyperMask(vcpu: KvmVcpu): bigint {
  const hasNsh = !vcpu.kvm.abi.pmuTypesFollowId || tellsOfEl2(vcpu);
  return EXCLUDE_EL1 | EXCLUDE_EL0 | (hasNsh ? INCLUDE_EL2 : 0n) | eventMask(vcpu);
}

/** The number of the event that a counter is for. */
function eventOf(vcpu: KvmVcpu, index: number): number {
  if (index === ARMV8_PMU_CYCLE_IDX) return CPU_CYCLES;
  return Number(vcpuReadSysReg(vcpu, typeReg(index)) & eventMask(vcpu));
}

/** The counters that PMCR_EL0.E and PMCNTENSET_EL0 turn on, a bit each: kvm_pmu_counter_is_enabled(). */
function enabledCounters(vcpu: KvmVcpu): bigint {
  if (!(vcpuReadSysReg(vcpu, SYSREG.PMCR_EL0) & PMCR_E)) return 0n;
  return vcpuReadSysReg(vcpu, SYSREG.PMCNTENSET_EL0) & kvmPmuValidCounterMask(vcpu.kvm);
}

/** The numbers of the counters in a mask. */
function countersIn(mask: bigint): number[] {
  const counters: number[] = [];
  for (let rest = Number(BigInt.asUintN(32, mask)) >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0)
    counters.push(31 - Math.clz32(rest & -rest));
  return counters;
}

/** kvm_pmu_get_pmc_value() */
export function kvmPmuGetPmcValue(vcpu: KvmVcpu, index: number): bigint {
  const value = vcpuReadSysReg(vcpu, counterReg(index));
  return is64Bit(vcpu, index) ? value : BigInt.asUintN(32, value);
}

/** kvm_pmu_set_counter_value() */
export function kvmPmuSetCounterValue(vcpu: KvmVcpu, index: number, value: bigint): void {
  vcpuWriteSysReg(vcpu, counterReg(index), value);
}

/** pmu_counter_idx_valid() */
export const isCounter = ({ kvm }: KvmVcpu, index: number): boolean =>
  (kvmPmuValidCounterMask(kvm) & bit(index)) !== 0n;

/** kvm_pmu_handle_pmcr(), as far as P resets the event counters, and C the cycle counter. */
export function kvmPmuResetCounters(vcpu: KvmVcpu, pmcr: bigint): void {
  if (pmcr & PMCR_C) kvmPmuSetCounterValue(vcpu, ARMV8_PMU_CYCLE_IDX, 0n);
  if (pmcr & PMCR_P)
    for (let n = 0; n < ARMV8_PMU_CYCLE_IDX; n++) if (isCounter(vcpu, n)) kvmPmuSetCounterValue(vcpu, n, 0n);
}

/** The reload of the PMU that kvm_arm_pmu_v3_enable() requests, where the guest gets to run: as if it wrote what PMCR_EL0 is. */
export function kvmPmuFirstReload(vcpu: KvmVcpu): void {
  vcpu.arch.reloadPmu = false;
  const { pmcrAtFirstRun } = vcpu.kvm.abi;
  if (!kvmVcpuHasPmu(vcpu) || pmcrAtFirstRun === "kept") return;
  const pmcr = vcpuReadSysReg(vcpu, SYSREG.PMCR_EL0);
  kvmPmuResetCounters(vcpu, pmcr);
  if (pmcrAtFirstRun === "handled and stored") vcpuWriteSysReg(vcpu, SYSREG.PMCR_EL0, pmcr & ~(PMCR_P | PMCR_C));
}

/** kvm_pmu_set_counter_event_type() */
export function kvmPmuSetCounterEventType(vcpu: KvmVcpu, index: number, value: bigint): void {
  vcpuWriteSysReg(vcpu, typeReg(index), value & kvmPmuEvtyperMask(vcpu));
}

/** The type of a counter as it is stored. */
export function counterType(vcpu: KvmVcpu, index: number): bigint {
  return vcpuReadSysReg(vcpu, typeReg(index));
}

/** kvm_pmu_get_pmceid(): which of the 64 events from 0, or of those from 0x4000, a half each of both registers, the guest may count. */
export function kvmPmuGetPmceid({ kvm }: KvmVcpu, upper: boolean): bigint {
  const { pmuFilter } = kvm.arch;
  const base = upper ? 32 : 0;
  let events = upper ? 0n : cpuRegister(kvm.host.options.cpu, "PMCEID0_EL0");
  if (!upper && kvm.abi.pmceidHasChain) events |= bit(CHAIN);
  if (!pmuFilter) return events;
  for (let n = 0; n < 64; n++) {
    const event = n < 32 ? base + n : 0x4000 + base + n - 32;
    if (!pmuFilter[event]) events &= ~bit(n);
  }
  return events;
}

// ---- counting

/** The counter that an overflow of another one goes on in: the odd one above it, while it is on and for that event. */
function chainedTo(vcpu: KvmVcpu, index: number): number | undefined {
  const next = index + 1;
  if (index & 1 || next >= ARMV8_PMU_CYCLE_IDX || has64BitOverflow(vcpu, index)) return undefined;
  return enabledCounters(vcpu) & bit(next) && eventOf(vcpu, next) === CHAIN ? next : undefined;
}

/** kvm_pmu_counter_increment(), of one counter by any number: its overflow is marked, and counted by the one that is chained to it. */
function increment(vcpu: KvmVcpu, index: number, by: bigint): void {
  if (by === 0n) return;
  const value = vcpuReadSysReg(vcpu, counterReg(index));
  const width = has64BitOverflow(vcpu, index) ? 64 : 32;
  kvmPmuSetCounterValue(vcpu, index, BigInt.asUintN(is64Bit(vcpu, index) ? 64 : 32, value + by));
  const overflows = (BigInt.asUintN(width, value) + by) >> BigInt(width);
  if (overflows === 0n) return;
  const next = chainedTo(vcpu, index);
  if (next === undefined || vcpu.kvm.abi.pmuChain === "increment")
    vcpuWriteSysReg(vcpu, SYSREG.PMOVSSET_EL0, vcpuReadSysReg(vcpu, SYSREG.PMOVSSET_EL0) | bit(index));
  if (next !== undefined) increment(vcpu, next, overflows);
}

/** kvm_pmu_software_increment() */
export function kvmPmuSoftwareIncrement(vcpu: KvmVcpu, mask: bigint): void {
  for (const index of countersIn(mask & enabledCounters(vcpu) & ~bit(ARMV8_PMU_CYCLE_IDX)))
    if (eventOf(vcpu, index) === SW_INCR) increment(vcpu, index, 1n);
}

/** kvm_pmu_create_perf_event(): how much a counter counts of what ran, by its event, the VM's filter and its own of levels. */
function countOf(vcpu: KvmVcpu, index: number, ran: Counts): bigint {
  const event = eventOf(vcpu, index);
  const { pmuFilter } = vcpu.kvm.arch;
  const counts = HOST_EVENTS.get(event)?.(ran);
  if (!counts || (pmuFilter && !pmuFilter[event])) return 0n;
  const type = counterType(vcpu, index);
  return (type & EXCLUDE_EL1 ? 0n : counts.el1) + (type & EXCLUDE_EL0 ? 0n : counts.el0);
}

/** The guest is about to run, with the counters as they are now. */
export function kvmPmuEnter(vcpu: KvmVcpu, core: Core): void {
  vcpu.arch.pmu.since = kvmVcpuHasPmu(vcpu) && enabledCounters(vcpu) !== 0n ? core.retired : undefined;
}

/** kvm_pmu_sync_hwstate(): the guest has left; what its counters are for has happened so often more. */
export function kvmPmuSyncHwstate(vcpu: KvmVcpu, core: Core): void {
  const { since } = vcpu.arch.pmu;
  if (!since) return;
  vcpu.arch.pmu.since = undefined;
  const { el1, el0 } = core.retired;
  const ran = { el1: el1 - since.el1, el0: el0 - since.el0 };
  for (const index of countersIn(enabledCounters(vcpu))) increment(vcpu, index, countOf(vcpu, index, ran));
  kvmPmuUpdateState(vcpu);
}

/**
 * How many instructions may run until a counter overflows of which the guest is to be interrupted; infinitely many where
 * none can. Of a counter that leaves a level out it is not more than so many.
 */
export function instructionsToOverflow(vcpu: KvmVcpu): number {
  if (!vcpu.arch.pmu.since) return Number.POSITIVE_INFINITY;
  const silent = vcpuReadSysReg(vcpu, SYSREG.PMOVSSET_EL0);
  const news = vcpuReadSysReg(vcpu, SYSREG.PMINTENSET_EL1) & ~silent;
  const one = { el1: 1n, el0: 1n };
  const left = countersIn(enabledCounters(vcpu))
    .filter((index) => (news & (bit(index) | (index & 1 ? 0n : bit(index + 1)))) !== 0n)
    .filter((index) => countOf(vcpu, index, one) !== 0n)
    .map((index) => {
      const width = has64BitOverflow(vcpu, index) ? 64 : 32;
      return 2 ** width - Number(BigInt.asUintN(width, vcpuReadSysReg(vcpu, counterReg(index))));
    });
  return Math.min(...left);
}

// ---- the interrupt

/** kvm_pmu_overflow_status() */
function kvmPmuOverflowStatus(vcpu: KvmVcpu): boolean {
  if (!(vcpuReadSysReg(vcpu, SYSREG.PMCR_EL0) & PMCR_E)) return false;
  const counters = vcpu.kvm.abi.pmuInterruptNeedsEnable ? enabledCounters(vcpu) : kvmPmuValidCounterMask(vcpu.kvm);
  const overflown = vcpuReadSysReg(vcpu, SYSREG.PMOVSSET_EL0) & vcpuReadSysReg(vcpu, SYSREG.PMINTENSET_EL1);
  return (overflown & counters) !== 0n;
}

/** kvm_pmu_update_state(): the VGIC sees the level of the interrupt as it is now. */
export function kvmPmuUpdateState(vcpu: KvmVcpu): void {
  if (!kvmVcpuHasPmu(vcpu)) return;
  const { pmu } = vcpu.arch;
  const level = kvmPmuOverflowStatus(vcpu);
  if (pmu.irqLevel === level) return;
  pmu.irqLevel = level;
  if (irqchipInKernel(vcpu.kvm) && pmu.irq !== undefined) kvmVgicInjectIrq(vcpu.kvm, vcpu, pmu.irq, level, pmu);
}

/** Whether kvm_run tells user space of the interrupt; the bits of all devices are in the word's lower half. */
const isShown = (run: DataView) => (run.getUint32(DEVICE_IRQ_LEVEL, true) & DEV_PMU) !== 0;

/** kvm_pmu_should_notify_user(): without a VGIC user space has to hear of a change. */
export function kvmPmuShouldNotifyUser({ kvm, arch, run }: KvmVcpu): boolean {
  return !irqchipInKernel(kvm) && arch.pmu.irqLevel !== isShown(run);
}

/** kvm_pmu_update_run() */
export function kvmPmuUpdateRun({ kvm, arch, run }: KvmVcpu): void {
  if (irqchipInKernel(kvm) || arch.pmu.irqLevel === isShown(run)) return;
  run.setUint32(DEVICE_IRQ_LEVEL, run.getUint32(DEVICE_IRQ_LEVEL, true) ^ DEV_PMU, true);
}
