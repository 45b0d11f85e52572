/** KVM_RUN up to the guest and back: arm.c: kvm_arch_vcpu_ioctl_run(), and what kvm_main.c does before it. */

import { EINTR, EINVAL, EIO, ENOEXEC, EPERM } from "../../abi/errno.ts";
import {
  KVM_DEV_TYPE_ARM_VGIC_V3,
  KVM_EXIT_FAIL_ENTRY,
  KVM_EXIT_INTR,
  KVM_EXIT_MMIO,
  KVM_EXIT_SYSTEM_EVENT,
  KVM_EXIT_UNKNOWN,
  KVM_MP_STATE_STOPPED,
  KVM_MP_STATE_SUSPENDED,
  KVM_SYSTEM_EVENT_WAKEUP,
  kvm_run,
} from "../../abi/kvm.ts";
import { KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED } from "../../abi/kvm_arm64.ts";
import { PSR_MODE32_BIT } from "../../abi/ptrace.ts";
import type { Core, CoreExit } from "../../hw/core.ts";
import type { Task } from "../process.ts";
import { refuse, type SyscallResult } from "../refuse.ts";
import {
  kvmTimerEnable,
  kvmTimerIsPending,
  kvmTimerShouldNotifyUser,
  kvmTimerUpdateIrqs,
  kvmTimerUpdateRun,
} from "./arch_timer.ts";
import { kvmArmClearDebug, kvmArmSetupDebug } from "./debug.ts";
import { kvmDirtyRingCheckRequest } from "./dirty_ring.ts";
import { handleExit } from "./handle_exit.ts";
import { el1Sync } from "./hyp_entry.ts";
import { kvmFinalizeSysRegs } from "./id_regs.ts";
import { kvmAdjustPc } from "./inject_fault.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { kvmHandleMmioReturn } from "./mmio.ts";
import { kvmInitMpidrData } from "./mpidr.ts";
import {
  instructionsToOverflow,
  kvmPmuEnter,
  kvmPmuFirstReload,
  kvmPmuShouldNotifyUser,
  kvmPmuSyncHwstate,
  kvmPmuUpdateRun,
  kvmPmuUpdateState,
} from "./pmu_counters.ts";
import { kvmArmPmuV3Enable } from "./pmu_emul.ts";
import { kvmUpdateStolenTime } from "./pvtime.ts";
import { vcpuCpsr } from "./regs.ts";
import { kvmArmVcpuIsFinalized, kvmResetVcpu, vcpuEl1Is32bit } from "./reset.ts";
import {
  activateTraps,
  deactivateTraps,
  HCR_VF,
  HCR_VI,
  kvmArchVcpuLoad,
  kvmArchVcpuPut,
  syncStage2,
} from "./switch.ts";
import { interruptPending, kvmVcpuHalt, releaseCpu, schedule, signalPending } from "./vcpu_block.ts";
import { irqchipInKernel } from "./vgic/vgic.ts";
import { kvmVgicMapResources } from "./vgic/vgic_init.ts";
import { vgicV3Load } from "./vgic/vgic_v3.ts";
import { vgicLines } from "./vgic/vgic_v3_sr.ts";

const RUN = {
  immediateExit: kvm_run.offsetof("immediate_exit"),
  exitReason: kvm_run.offsetof("exit_reason"),
  flags: kvm_run.offsetof("flags"),
  failReason: kvm_run.offsetof("fail_entry.hardware_entry_failure_reason"),
  failCpu: kvm_run.offsetof("fail_entry.cpu"),
  systemEvent: kvm_run.offsetof("system_event.type"),
};
/** struct kvm_run.system_event with its data. */
const SYSTEM_EVENT_SIZE = 8 + 16 * 8;

/** What the loop of kvm_arch_vcpu_ioctl_run() does next: again, or back to user space with 0 or -errno. */
type Step = number | Promise<number>;
const AGAIN = 1;

function setExitReason(vcpu: KvmVcpu, reason: number): void {
  vcpu.run.setUint32(RUN.exitReason, reason, true);
}

// The first run

/** What has to fit together before a vCPU runs for the first time. */
function firstRun(vcpu: KvmVcpu): number {
  const { kvm } = vcpu;
  kvmInitMpidrData(kvm);
  const vgic = kvmVgicMapResources(kvm);
  if (vgic < 0) return vgic;
  kvmFinalizeSysRegs(kvm, irqchipInKernel(kvm) && kvm.vgic.model === KVM_DEV_TYPE_ARM_VGIC_V3);
  const error = kvmTimerEnable(vcpu) || kvmArmPmuV3Enable(vcpu);
  if (error === 0) vcpu.arch.reloadPmu = true;
  return error;
}

/** kvm_arch_vcpu_run_pid_change(): the checks that a thread makes when another one ran the vCPU last, or none. */
function kvmArchVcpuRunPidChange(task: Task, vcpu: KvmVcpu): number {
  const { kvm, arch } = vcpu;
  if (!arch.initialized) return refuse(ENOEXEC, "kvm_arch_vcpu_run_pid_change: the vCPU was not initialized");
  if (!kvmArmVcpuIsFinalized(vcpu)) return refuse(EPERM, "kvm_arch_vcpu_run_pid_change: the vCPU is not finalized");
  const ranBefore = arch.ranBy !== undefined;
  if (kvm.abi.firstRunCountsAtOnce) arch.ranBy = task;
  const error = ranBefore ? 0 : firstRun(vcpu);
  if (error < 0) return error;
  arch.ranBy = task;
  kvm.arch.hasRanOnce = true;
  return 0;
}

// The guest

/** Instructions that the caller's thread runs before the guest gets one of its own. */
const SHORT_STAY = 4000;
/**
 * A counter's overflow interrupts the guest so many instructions late at most, and a block of them: a counter that leaves a
 * level out may be near its overflow for long, and each look at it is an exit. From a thread of the core's own it is dearer.
 */
const OVERFLOW_GRAIN = 256;
const OVERFLOW_GRAIN_APART = 16384;
/** How long the caller's thread goes from exit to exit before others have their turn: at first, and after each wait. */
const FIRST_TURN_MS = 1;
const TURN_MS = 0.25;
let turnEnds = 0;

/** Whether the guest is, or is to be, in AArch32, which the cores do not run. */
const needsAarch32 = (vcpu: KvmVcpu) => vcpuEl1Is32bit(vcpu) || (vcpuCpsr(vcpu) & PSR_MODE32_BIT) !== 0n;

/** KVM_EXIT_FAIL_ENTRY with KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED. */
function failEntry({ run }: KvmVcpu): number {
  run.setUint32(RUN.exitReason, KVM_EXIT_FAIL_ENTRY, true);
  run.setBigUint64(RUN.failReason, KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED, true);
  run.setUint32(RUN.failCpu, 0, true);
  return 0;
}

/** Waits for a CPU; the time is stolen from the guest. */
function getCpu(task: Task, vcpu: KvmVcpu): Step {
  const { arch, kvm } = vcpu;
  const granted = kvm.host.cpus.acquire(task, arch.core);
  if (!(granted instanceof Promise)) {
    arch.cpu = granted;
    turnEnds = performance.now() + FIRST_TURN_MS;
    return AGAIN;
  }
  const began = process.hrtime.bigint();
  return granted.then((core) => {
    arch.cpu = core;
    turnEnds = performance.now() + TURN_MS;
    kvmUpdateStolenTime(vcpu, process.hrtime.bigint() - began);
    return AGAIN;
  });
}

/** The lines of HCR_EL2 by which interrupts reach the guest: user space's, or the VGIC's. */
function interruptLines(vcpu: KvmVcpu): bigint {
  const { arch, kvm } = vcpu;
  const { irq, fiq } = irqchipInKernel(kvm)
    ? vgicLines(vcpu)
    : { irq: (arch.irqLines & 1) !== 0, fiq: (arch.irqLines & 2) !== 0 };
  return (irq ? HCR_VI : 0n) | (fiq ? HCR_VF : 0n);
}

/** What was to be seen when the guest left: the syndrome and the state that the CPU itself changes. */
function leaveGuest(task: Task, vcpu: KvmVcpu, core: Core, exit: CoreExit): Step {
  const { arch } = vcpu;
  kvmPmuSyncHwstate(vcpu, core);
  kvmArmClearDebug(vcpu);
  deactivateTraps(vcpu, core);
  if (exit === "sync" && el1Sync(vcpu, core.esrEl2)) return AGAIN;
  vcpu.stat.exits++;
  if (exit === "irq") return AGAIN;
  arch.fault.esr = core.esrEl2;
  arch.fault.far = core.farEl2;
  arch.fault.hpfar = core.hpfarEl2;
  return handleExit(task, vcpu);
}

/** While the core's thread is still starting, the guest has this one, between whatever else there is to do. */
function anotherTurn({ arch }: KvmVcpu, core: Core): Promise<number> {
  core.warmUp();
  arch.longRun = false;
  return new Promise((resolve) => {
    setImmediate(() => {
      turnEnds = performance.now() + TURN_MS;
      resolve(AGAIN);
    });
  });
}

/** The guest has a thread of its own until it leaves; whoever wants it out kicks the core. */
async function runApart({ arch, kvm }: KvmVcpu, core: Core, instructions: number): Promise<CoreExit> {
  arch.inGuest = true;
  kvm.pgt.users.add(core);
  try {
    return await core.run(instructions);
  } finally {
    kvm.pgt.users.delete(core);
    arch.inGuest = false;
    turnEnds = performance.now() + TURN_MS;
  }
}

/** kvm_arm_vcpu_enter_exit(): runs the guest until something ends that; a short stay needs no other thread. */
function kvmArmVcpuEnterExit(task: Task, vcpu: KvmVcpu, core: Core): Step {
  const { arch } = vcpu;
  const shortStay = !arch.longRun && performance.now() < turnEnds;
  if (!shortStay && !core.threadReady) return anotherTurn(vcpu, core);
  syncStage2(vcpu, core);
  activateTraps(vcpu, core, interruptLines(vcpu));
  kvmArmSetupDebug(vcpu, core);
  // Behind the debug state: an instruction that KVM did, or an exception that it injects, counts as the step
  kvmAdjustPc(vcpu);
  kvmPmuEnter(vcpu, core);
  const toOverflow = instructionsToOverflow(vcpu);
  if (shortStay) {
    const exit = core.runHere(Math.min(SHORT_STAY, Math.max(toOverflow, OVERFLOW_GRAIN)));
    arch.longRun = exit === "irq" && toOverflow > SHORT_STAY;
    return leaveGuest(task, vcpu, core, exit);
  }
  arch.longRun = false;
  return runApart(vcpu, core, Math.max(toOverflow, OVERFLOW_GRAIN_APART)).then((exit) => {
    arch.longRun = exit === "irq";
    const step = leaveGuest(task, vcpu, core, exit);
    if (vcpu.kvm.host.cpus.contended && step === AGAIN) releaseCpu(vcpu);
    return step;
  });
}

// The loop around it

/** kvm_handle_signal_exit() */
function signalExit(vcpu: KvmVcpu): number {
  setExitReason(vcpu, KVM_EXIT_INTR);
  vcpu.stat.signal_exits++;
  return refuse(EINTR, "kvm_handle_signal_exit: a signal is pending");
}

/** Sleeps until something wakes the vCPU, such as CPU_ON by another one, or a signal to the thread or the process. */
function sleep(vcpu: KvmVcpu): Promise<number> {
  return schedule(vcpu).then(() => AGAIN);
}

/** So long a suspended vCPU rests that a timer keeps awake, and no interrupt wakes. */
const RESTLESS_MS = 1;

/**
 * kvm_vcpu_suspend(): waits as WFI does; what wakes it ends KVM_RUN, and the state stays. A timer that has fired ends the
 * wait, and need not reach the vCPU as an interrupt: then the wait begins anew.
 */
function kvmVcpuSuspend(task: Task, vcpu: KvmVcpu): Step {
  return kvmVcpuHalt<number>(task, vcpu, () => {
    if (!interruptPending(vcpu)) return kvmTimerIsPending(vcpu) ? schedule(vcpu, RESTLESS_MS).then(() => AGAIN) : AGAIN;
    setExitReason(vcpu, KVM_EXIT_SYSTEM_EVENT);
    new Uint8Array(vcpu.run.buffer, vcpu.run.byteOffset + RUN.systemEvent, SYSTEM_EVENT_SIZE).fill(0);
    vcpu.run.setUint32(RUN.systemEvent, KVM_SYSTEM_EVENT_WAKEUP, true);
    return 0;
  });
}

/** A vCPU that PSCI turns on begins anew, whatever a core still has of it. */
function reset(vcpu: KvmVcpu): void {
  kvmArchVcpuPut(vcpu);
  kvmResetVcpu(vcpu);
}

/** One turn: what is to be done before the guest runs, else the guest. */
function runStep(task: Task, vcpu: KvmVcpu): Step {
  const { kvm, arch } = vcpu;
  if (signalPending(task, vcpu)) return signalExit(vcpu);
  if (kvm.vmDead) return refuse(EIO, "check_vcpu_requests: the VM is dead");
  if (arch.mpState === KVM_MP_STATE_STOPPED) return sleep(vcpu);
  if (arch.resetState) reset(vcpu);
  if (arch.reloadPmu) kvmPmuFirstReload(vcpu);
  if (arch.mpState === KVM_MP_STATE_SUSPENDED) return kvmVcpuSuspend(task, vcpu);
  if (kvmDirtyRingCheckRequest(vcpu)) return 0;
  if (needsAarch32(vcpu)) return failEntry(vcpu);
  if (!arch.cpu) return getCpu(task, vcpu);
  kvmArchVcpuLoad(vcpu, arch.cpu);
  kvmTimerUpdateIrqs(vcpu);
  kvmPmuUpdateState(vcpu);
  if (kvmTimerShouldNotifyUser(vcpu) || kvmPmuShouldNotifyUser(vcpu)) return notifyUser(vcpu);
  return kvmArmVcpuEnterExit(task, vcpu, arch.cpu);
}

/** kvm_vcpu_exit_request(): user space's interrupt controller hears of the output of a timer or of the PMU. */
function notifyUser(vcpu: KvmVcpu): number {
  setExitReason(vcpu, KVM_EXIT_INTR);
  return refuse(EINTR, "kvm_vcpu_exit_request: the output of a timer or the PMU has changed, and the VM has no VGIC");
}

/** Turn after turn, without a promise for as long as nothing sleeps. */
function runLoop(task: Task, vcpu: KvmVcpu): SyscallResult {
  for (;;) {
    const step = runStep(task, vcpu);
    if (typeof step !== "number") return runOn(task, vcpu, step);
    if (step <= 0) return step;
  }
}

/** … and with promises from the first sleep on, none of which outlives its turn: a guest may run for days. */
async function runOn(task: Task, vcpu: KvmVcpu, first: Promise<number>): Promise<number> {
  let ret = await first;
  while (ret > 0) {
    const step = runStep(task, vcpu);
    ret = typeof step === "number" ? step : await step;
  }
  return ret;
}

/** While a KVM_RUN sleeps, or its guest runs apart, signals end that. */
function untilSignal(task: Task, vcpu: KvmVcpu, running: Promise<number>): Promise<number> {
  const forget = task.onSignal(() => {
    vcpu.arch.signalled = true;
    vcpu.kick();
  });
  return running.finally(() => {
    forget();
    releaseCpu(vcpu);
  });
}

/** The state that user space sees is complete: an exception is taken, the PC past the instruction. */
function finish(vcpu: KvmVcpu, ret: SyscallResult): SyscallResult {
  if (typeof ret !== "number") return ret.then((value) => finish(vcpu, value));
  releaseCpu(vcpu);
  kvmTimerUpdateRun(vcpu);
  kvmPmuUpdateRun(vcpu);
  kvmAdjustPc(vcpu);
  return ret;
}

/** kvm_vgic_load(), kvm_vgic_put() */
function vgicLoad(vcpu: KvmVcpu): void {
  const { kvm } = vcpu;
  if (irqchipInKernel(kvm) && kvm.vgic.model === KVM_DEV_TYPE_ARM_VGIC_V3) vgicV3Load(vcpu);
}

/** KVM_RUN */
export function kvmArchVcpuIoctlRun(task: Task, vcpu: KvmVcpu, arg: bigint): SyscallResult {
  const { kvm, run, arch } = vcpu;
  if (arg !== 0n) return refuse(EINVAL, "kvm_vcpu_ioctl: KVM_RUN takes no argument");
  if (arch.ranBy !== task) {
    const error = kvmArchVcpuRunPidChange(task, vcpu);
    if (error < 0) return error;
  }
  vgicLoad(vcpu);
  if (run.getUint32(RUN.exitReason, true) === KVM_EXIT_MMIO) kvmHandleMmioReturn(vcpu);
  if (run.getUint8(RUN.immediateExit)) {
    kvmAdjustPc(vcpu);
    return refuse(EINTR, "kvm_arch_vcpu_ioctl_run: immediate_exit is set");
  }
  setExitReason(vcpu, KVM_EXIT_UNKNOWN);
  if (kvm.abi.runClearsFlags) run.setUint16(RUN.flags, 0, true);
  arch.longRun = false;
  arch.signalled = false;
  const ret = runLoop(task, vcpu);
  return finish(vcpu, typeof ret === "number" ? ret : untilSignal(task, vcpu, ret));
}
