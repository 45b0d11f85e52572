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
import type { Task } from "../process.ts";
import { refuse, type SyscallResult } from "../refuse.ts";
import { kvmTimerEnable } from "./arch_timer.ts";
import { kvmDirtyRingCheckRequest } from "./dirty_ring.ts";
import { kvmFinalizeSysRegs } from "./id_regs.ts";
import { kvmAdjustPc } from "./inject_fault.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { kvmHandleMmioReturn } from "./mmio.ts";
import { kvmArmPmuV3Enable } from "./pmu_emul.ts";
import { kvmArmVcpuIsFinalized, kvmResetVcpu } from "./reset.ts";
import { irqchipInKernel } from "./vgic/vgic.ts";
import { kvmVgicMapResources } from "./vgic/vgic_init.ts";
import { vgicV3Load } from "./vgic/vgic_v3.ts";

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
  const vgic = kvmVgicMapResources(kvm);
  if (vgic < 0) return vgic;
  kvmFinalizeSysRegs(kvm, irqchipInKernel(kvm) && kvm.vgic.model === KVM_DEV_TYPE_ARM_VGIC_V3);
  return kvmTimerEnable(vcpu) || kvmArmPmuV3Enable(vcpu);
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

/**
 * kvm_arm_vcpu_enter_exit(): runs the guest until something ends that; answers 1 to enter again, or what
 * KVM_RUN answers. The board has no CPU that runs guests yet, which user space learns as it would of a
 * vCPU that the host's CPU does not support: KVM_EXIT_FAIL_ENTRY with KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED.
 */
export function kvmArmVcpuEnterExit(_task: Task, vcpu: KvmVcpu): Step {
  setExitReason(vcpu, KVM_EXIT_FAIL_ENTRY);
  vcpu.run.setBigUint64(RUN.failReason, KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED, true);
  vcpu.run.setUint32(RUN.failCpu, 0, true);
  return 0;
}

// The loop around it

/** kvm_handle_signal_exit() */
function signalExit(vcpu: KvmVcpu): number {
  setExitReason(vcpu, KVM_EXIT_INTR);
  vcpu.stat.signal_exits++;
  return refuse(EINTR, "kvm_handle_signal_exit: a signal is pending");
}

/** Sleeps until something wakes the vCPU, such as CPU_ON by another one, or a signal to the thread or the process ends it. */
function sleep(task: Task, vcpu: KvmVcpu): Promise<number> {
  const { arch } = vcpu;
  return new Promise((resolve) => {
    const end = (step: () => number) => () => {
      forget();
      arch.wake = undefined;
      resolve(step());
    };
    const forget = task.onSignal(end(() => signalExit(vcpu)));
    arch.wake = end(() => AGAIN);
  });
}

/** kvm_arch_vcpu_runnable(), of a vCPU that is not stopped: whether an interrupt line is up. */
function interruptPending({ arch }: KvmVcpu): boolean {
  return arch.irqLines !== 0;
}

/** kvm_vcpu_suspend(): waits as WFI does; what wakes it ends KVM_RUN, and the state stays. */
function kvmVcpuSuspend(task: Task, vcpu: KvmVcpu): Step {
  if (!interruptPending(vcpu)) return sleep(task, vcpu);
  setExitReason(vcpu, KVM_EXIT_SYSTEM_EVENT);
  new Uint8Array(vcpu.run.buffer, vcpu.run.byteOffset + RUN.systemEvent, SYSTEM_EVENT_SIZE).fill(0);
  vcpu.run.setUint32(RUN.systemEvent, KVM_SYSTEM_EVENT_WAKEUP, true);
  return 0;
}

/** One turn: what is to be done before the guest runs, else the guest. */
function runStep(task: Task, vcpu: KvmVcpu): Step {
  const { kvm, arch } = vcpu;
  if (task.signalPending) return signalExit(vcpu);
  if (kvm.vmDead) return refuse(EIO, "check_vcpu_requests: the VM is dead");
  if (arch.mpState === KVM_MP_STATE_STOPPED) return sleep(task, vcpu);
  if (arch.resetState) kvmResetVcpu(vcpu);
  if (arch.mpState === KVM_MP_STATE_SUSPENDED) return kvmVcpuSuspend(task, vcpu);
  if (kvmDirtyRingCheckRequest(vcpu)) return 0;
  kvmAdjustPc(vcpu);
  vcpu.stat.exits++;
  return kvmArmVcpuEnterExit(task, vcpu);
}

/** Turn after turn, without a promise for as long as nothing sleeps. */
function runLoop(task: Task, vcpu: KvmVcpu): SyscallResult {
  for (;;) {
    const step = runStep(task, vcpu);
    if (typeof step !== "number") return step.then((ret) => (ret > 0 ? runLoop(task, vcpu) : ret));
    if (step <= 0) return step;
  }
}

/** The state that user space sees is complete: an exception is taken, the PC past the instruction. */
function finish(vcpu: KvmVcpu, ret: SyscallResult): SyscallResult {
  if (typeof ret !== "number") return ret.then((value) => finish(vcpu, value));
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
  if (kvm.abi.immediateExitLoadsVcpu || !run.getUint8(RUN.immediateExit)) vgicLoad(vcpu);
  if (run.getUint32(RUN.exitReason, true) === KVM_EXIT_MMIO) kvmHandleMmioReturn(vcpu);
  if (run.getUint8(RUN.immediateExit))
    return finish(vcpu, refuse(EINTR, "kvm_arch_vcpu_ioctl_run: immediate_exit is set"));
  setExitReason(vcpu, KVM_EXIT_UNKNOWN);
  if (kvm.abi.runClearsFlags) run.setUint16(RUN.flags, 0, true);
  return finish(vcpu, runLoop(task, vcpu));
}
