/** The timers of a vCPU as user space sees them: arch/arm64/kvm/arch_timer.c. */

import { u32 } from "../../abi/ctypes.ts";
import { EBUSY, EINVAL, ENXIO } from "../../abi/errno.ts";
import { KVM_ARM_DEV_EL1_PTIMER, KVM_ARM_DEV_EL1_VTIMER, kvm_run } from "../../abi/kvm.ts";
import { kvm_arm_counter_offset } from "../../abi/kvm_arm64.ts";
import {
  KVM_REG_ARM_PTIMER_CNT,
  KVM_REG_ARM_PTIMER_CTL,
  KVM_REG_ARM_PTIMER_CVAL,
  KVM_REG_ARM_TIMER_CNT,
  KVM_REG_ARM_TIMER_CTL,
  KVM_REG_ARM_TIMER_CVAL,
} from "../../abi/kvm_reg.ts";
import { SYSREG } from "../../abi/sysreg.ts";
import type { Behaviours } from "../../abi/versions.ts";
import { getUserStruct, putUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { TIMERS, type TimerName } from "./kvm_arch.ts";
import { type Kvm, type KvmDeviceAttr, type KvmVcpu, kvmTrylockAllVcpus } from "./kvm_host.ts";
import { vcpuReadSysReg } from "./regs.ts";
import { irqchipInKernel, irqIsPpi, kvmVgicInjectIrq, kvmVgicMapPhysIrq, kvmVgicSetOwner } from "./vgic/vgic.ts";

const DEVICE_IRQ_LEVEL = kvm_run.offsetof("s.regs.device_irq_level");

/** CNTx_CTL_EL0.ENABLE, .IMASK and .ISTATUS. */
const ARCH_TIMER_CTRL_ENABLE = 1n;
const ARCH_TIMER_CTRL_IT_MASK = 2n;
const ARCH_TIMER_CTRL_IT_STAT = 4n;

/** A timer's counter, and the registers that hold what user space sets. */
interface ArchTimer {
  readonly name: TimerName;
  readonly counter: "virtual" | "physical";
  readonly ctl: number;
  readonly cval: number;
}

const VTIMER: ArchTimer = { name: "vtimer", counter: "virtual", ctl: SYSREG.CNTV_CTL_EL0, cval: SYSREG.CNTV_CVAL_EL0 };
const PTIMER: ArchTimer = { name: "ptimer", counter: "physical", ctl: SYSREG.CNTP_CTL_EL0, cval: SYSREG.CNTP_CVAL_EL0 };

/** The registers of KVM_GET_ONE_REG in the order of KVM_GET_REG_LIST. */
const TIMER_REGS: ReadonlyMap<bigint, readonly [ArchTimer, "ctl" | "cnt" | "cval"]> = new Map([
  [KVM_REG_ARM_TIMER_CTL, [VTIMER, "ctl"]],
  [KVM_REG_ARM_TIMER_CNT, [VTIMER, "cnt"]],
  [KVM_REG_ARM_TIMER_CVAL, [VTIMER, "cval"]],
  [KVM_REG_ARM_PTIMER_CTL, [PTIMER, "ctl"]],
  [KVM_REG_ARM_PTIMER_CNT, [PTIMER, "cnt"]],
  [KVM_REG_ARM_PTIMER_CVAL, [PTIMER, "cval"]],
]);

/** The ids that are timer registers rather than system registers. */
export function timerRegs(abi: Behaviours): readonly bigint[] {
  if (abi.timerRegsInTable) return [];
  return [...TIMER_REGS.keys()].slice(0, abi.ptimerRegs ? 6 : 3);
}

/** kvm_phys_timer_read() */
function kvmPhysTimerRead(kvm: Kvm): bigint {
  return kvm.host.counter.read();
}

const counterValue = (kvm: Kvm, timer: ArchTimer) =>
  BigInt.asUintN(64, kvmPhysTimerRead(kvm) - kvm.arch.counterOffset[timer.counter]);

/** read_timer_ctl(): ISTATUS tells whether the compare value has passed, enabled or not. */
function readTimerCtl(vcpu: KvmVcpu, timer: ArchTimer): bigint {
  const ctl = vcpuReadSysReg(vcpu, timer.ctl);
  const expired = counterValue(vcpu.kvm, timer) >= vcpuReadSysReg(vcpu, timer.cval);
  return expired && !vcpu.kvm.abi.timerRegsInTable ? ctl | ARCH_TIMER_CTRL_IT_STAT : ctl;
}

/** kvm_arm_timer_get_reg() of one of timerRegs(), or of the same id in the table of system registers. */
export function kvmArmTimerGetReg(vcpu: KvmVcpu, id: bigint): bigint {
  const [timer, reg] = TIMER_REGS.get(id) as [ArchTimer, string];
  if (reg === "ctl") return readTimerCtl(vcpu, timer);
  return reg === "cnt" ? counterValue(vcpu.kvm, timer) : vcpuReadSysReg(vcpu, timer.cval);
}

/** kvm_arm_timer_set_reg(): a counter is set by its offset, which is the whole VM's. */
export function kvmArmTimerSetReg(vcpu: KvmVcpu, id: bigint, value: bigint): number {
  const [timer, reg] = TIMER_REGS.get(id) as [ArchTimer, string];
  const { kvm, arch } = vcpu;
  if (reg === "ctl") arch.sysRegs.set(timer.ctl, BigInt.asUintN(32, value) & ~ARCH_TIMER_CTRL_IT_STAT);
  else if (reg === "cval") arch.sysRegs.set(timer.cval, value);
  else if (!kvm.arch.vmCounterOffset)
    kvm.arch.counterOffset[timer.counter] = BigInt.asUintN(64, kvmPhysTimerRead(kvm) - value);
  return 0;
}

/** kvm_timer_vcpu_init(): with each new vCPU the VM's counters start anew, the virtual one at zero. */
export function kvmTimerVcpuInit(kvm: Kvm): void {
  if (kvm.arch.vmCounterOffset) return;
  kvm.arch.counterOffset.virtual = kvmPhysTimerRead(kvm);
  kvm.arch.counterOffset.physical = 0n;
}

/** kvm_timer_vcpu_reset(): the timers are off; compare values stay. */
export function kvmTimerVcpuReset(vcpu: KvmVcpu): void {
  for (const { ctl } of [VTIMER, PTIMER]) vcpu.arch.sysRegs.set(ctl, 0n);
}

/** KVM_ARM_SET_COUNTER_OFFSET: kvm_vm_ioctl_set_counter_offset(). */
export function kvmVmIoctlSetCounterOffset(task: Task, kvm: Kvm, arg: bigint): number {
  const offset = getUserStruct(task, kvm_arm_counter_offset, arg);
  if (typeof offset === "number") return offset;
  if (offset.reserved) return refuse(EINVAL, "kvm_vm_ioctl_set_counter_offset: reserved must be zero");
  if (!kvmTrylockAllVcpus(kvm)) return refuse(EBUSY, "kvm_vm_ioctl_set_counter_offset: a vCPU is inside an ioctl");
  kvm.arch.vmCounterOffset = true;
  kvm.arch.counterOffset.virtual = kvm.arch.counterOffset.physical = offset.counter_offset;
  return 0;
}

/** timer_irq() */
function timerIrq({ kvm, arch }: KvmVcpu, timer: TimerName): number {
  return kvm.abi.timerPpisPerVm ? kvm.arch.timerPpis[timer] : arch.timers[timer].irq;
}

/** The timer that an attribute of KVM_ARM_VCPU_TIMER_CTRL names. */
function timerOf({ kvm }: KvmVcpu, attr: bigint): TimerName | undefined {
  const known = kvm.abi.timerPpisPerVm ? TIMERS.length : 2;
  return attr < BigInt(known) ? TIMERS[Number(attr)] : undefined;
}

/** set_timer_irqs(): an interrupt number is that of all vCPUs. */
function setTimerIrq(vcpu: KvmVcpu, timer: TimerName, irq: number): number {
  if (vcpu.kvm.abi.timerPpisPerVm) vcpu.kvm.arch.timerPpis[timer] = irq;
  else for (const { arch } of vcpu.kvm.vcpus) arch.timers[timer].irq = irq;
  return 0;
}

/** kvm_arm_timer_set_attr() */
export function kvmArmTimerSetAttr(task: Task, vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  const { kvm, arch } = vcpu;
  if (!irqchipInKernel(kvm)) return refuse(EINVAL, "kvm_arm_timer_set_attr: the VM has no VGIC");
  const irq = getUserStruct(task, u32, attr.addr);
  if (irq < 0) return irq;
  if (!irqIsPpi(irq)) return refuse(EINVAL, "kvm_arm_timer_set_attr: a timer's interrupt is a PPI");
  const settled = kvm.abi.timerPpisPerVm ? kvm.arch.timerPpisImmutable : arch.timerEnabled;
  if (settled) return refuse(EBUSY, "kvm_arm_timer_set_attr: the timers are in use");
  const timer = timerOf(vcpu, attr.attr);
  if (!timer) return refuse(ENXIO, "kvm_arm_timer_set_attr: no such timer");
  return setTimerIrq(vcpu, timer, irq);
}

/** kvm_arm_timer_get_attr() */
export function kvmArmTimerGetAttr(task: Task, vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  const timer = timerOf(vcpu, attr.attr);
  if (!timer) return refuse(ENXIO, "kvm_arm_timer_get_attr: no such timer");
  return putUserStruct(task, attr.addr, u32, timerIrq(vcpu, timer));
}

/** kvm_arm_timer_has_attr() */
export function kvmArmTimerHasAttr(_task: Task, vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  return timerOf(vcpu, attr.attr) ? 0 : refuse(ENXIO, "kvm_arm_timer_has_attr: no such timer");
}

/** Which timers a vCPU has, as they take their interrupts; those of EL2 come with nested virtualization only. */
const guestTimers = ({ kvm }: KvmVcpu): readonly TimerName[] =>
  kvm.abi.timerPpisPerVm ? ["ptimer", "vtimer"] : ["vtimer", "ptimer"];

/**
 * timer_irqs_are_valid(): each timer owns a PPI of its own, the same one on all vCPUs. Where two have the same, the
 * first of them keeps it, also for the next KVM_RUN.
 */
function timerIrqsAreValid(vcpu: KvmVcpu): boolean {
  const { kvm, arch } = vcpu;
  const timers = guestTimers(vcpu);
  const irqs = timers.map((timer) => timerIrq(vcpu, timer));
  if (timers.some((timer, n) => kvmVgicSetOwner(vcpu, irqs[n] as number, arch.timers[timer]) < 0)) return false;
  return kvm.vcpus.every((other) => timers.every((timer, n) => timerIrq(other, timer) === irqs[n]));
}

/** kvm_timer_enable(): the first KVM_RUN settles the timers' interrupts. */
export function kvmTimerEnable(vcpu: KvmVcpu): number {
  const { kvm, arch } = vcpu;
  if (arch.timerEnabled) return 0;
  if (irqchipInKernel(kvm)) {
    if (!timerIrqsAreValid(vcpu))
      return refuse(EINVAL, "kvm_timer_enable: the timers need PPIs of their own, the same ones on all vCPUs");
    kvm.arch.timerPpisImmutable = true;
    for (const timer of guestTimers(vcpu)) kvmVgicMapPhysIrq(vcpu, timerIrq(vcpu, timer));
  }
  arch.timerEnabled = true;
  return 0;
}

// ---- while the guest runs

const RUNNING_TIMERS = [VTIMER, PTIMER] as const;

/** Whether a timer may interrupt at all: it is on and not masked. */
function isArmed(vcpu: KvmVcpu, timer: ArchTimer): boolean {
  const ctl = vcpuReadSysReg(vcpu, timer.ctl);
  return (ctl & (ARCH_TIMER_CTRL_ENABLE | ARCH_TIMER_CTRL_IT_MASK)) === ARCH_TIMER_CTRL_ENABLE;
}

/** kvm_timer_should_fire() */
function kvmTimerShouldFire(vcpu: KvmVcpu, timer: ArchTimer): boolean {
  return isArmed(vcpu, timer) && counterValue(vcpu.kvm, timer) >= vcpuReadSysReg(vcpu, timer.cval);
}

/** kvm_timer_is_pending(): wakes a vCPU that waits for interrupts, whoever delivers them. */
export function kvmTimerIsPending(vcpu: KvmVcpu): boolean {
  return vcpu.arch.timerEnabled && RUNNING_TIMERS.some((timer) => kvmTimerShouldFire(vcpu, timer));
}

/** kvm_timer_update_irq(), of both timers: the VGIC sees the levels that the outputs have now, and the core leaves when they change. */
export function kvmTimerUpdateIrqs(vcpu: KvmVcpu): void {
  const { kvm, arch } = vcpu;
  let levels = 0;
  for (const [n, timer] of RUNNING_TIMERS.entries()) {
    const level = kvmTimerShouldFire(vcpu, timer);
    if (level) levels |= 1 << n;
    const line = arch.timers[timer.name];
    if (line.level === level) continue;
    line.level = level;
    if (irqchipInKernel(kvm)) kvmVgicInjectIrq(kvm, vcpu, timerIrq(vcpu, timer.name), level, line);
  }
  if (arch.core) arch.core.timerLevels = levels;
}

/** The bits of kvm_run.s.regs.device_irq_level by which user space's interrupt controller knows the outputs. */
function deviceIrqLevel(vcpu: KvmVcpu): bigint {
  const virtual = kvmTimerShouldFire(vcpu, VTIMER) ? KVM_ARM_DEV_EL1_VTIMER : 0n;
  return virtual | (kvmTimerShouldFire(vcpu, PTIMER) ? KVM_ARM_DEV_EL1_PTIMER : 0n);
}

/** kvm_timer_should_notify_user(): without a VGIC user space has to hear of a change. */
export function kvmTimerShouldNotifyUser(vcpu: KvmVcpu): boolean {
  if (irqchipInKernel(vcpu.kvm)) return false;
  const timers = KVM_ARM_DEV_EL1_VTIMER | KVM_ARM_DEV_EL1_PTIMER;
  return (vcpu.run.getBigUint64(DEVICE_IRQ_LEVEL, true) & timers) !== deviceIrqLevel(vcpu);
}

/** kvm_timer_update_run() */
export function kvmTimerUpdateRun(vcpu: KvmVcpu): void {
  if (irqchipInKernel(vcpu.kvm)) return;
  const others = vcpu.run.getBigUint64(DEVICE_IRQ_LEVEL, true) & ~(KVM_ARM_DEV_EL1_VTIMER | KVM_ARM_DEV_EL1_PTIMER);
  vcpu.run.setBigUint64(DEVICE_IRQ_LEVEL, others | deviceIrqLevel(vcpu), true);
}

/** Milliseconds until the virtual counter has a value. */
export function kvmCounterMsUntil({ kvm }: KvmVcpu, value: bigint): number {
  const ticks = BigInt.asUintN(64, value) - counterValue(kvm, VTIMER);
  return ticks <= 0n ? 0 : (Number(ticks) * 1000) / Number(kvm.host.counter.frequency);
}

/** kvm_timer_earliest_exp(): milliseconds until one of the timers fires; undefined where none will. */
export function kvmTimerEarliestExp(vcpu: KvmVcpu): number | undefined {
  const frequency = Number(vcpu.kvm.host.counter.frequency);
  const armed = RUNNING_TIMERS.filter((timer) => isArmed(vcpu, timer));
  if (armed.length === 0) return undefined;
  const ticks = armed.map((timer) => Number(vcpuReadSysReg(vcpu, timer.cval) - counterValue(vcpu.kvm, timer)));
  return Math.max(0, (Math.min(...ticks) * 1000) / frequency);
}
