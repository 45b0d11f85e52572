/** Waiting without a CPU: kvm_vcpu_block() of virt/kvm/kvm_main.c, and what a vCPU on arm64 waits for. */

import { KVM_MP_STATE_STOPPED } from "../../abi/kvm.ts";
import type { Task } from "../process.ts";
import { kvmTimerEarliestExp, kvmTimerIsPending, kvmTimerUpdateIrqs } from "./arch_timer.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { kvmVgicVcpuPendingIrq } from "./vgic/vgic_v3_sr.ts";

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Gives the CPU to others; the registers stay on its core until another vCPU comes there. */
export function releaseCpu({ arch, kvm }: KvmVcpu): void {
  if (arch.cpu) kvm.host.cpus.release(arch.cpu);
  arch.cpu = undefined;
}

/** signal_pending(), of the thread that is in KVM_RUN: also a signal to its process that came while it was. */
export function signalPending(task: Task, { arch }: KvmVcpu): boolean {
  return task.signalPending || arch.signalled;
}

/** schedule(): sleeps until the vCPU is kicked, which a signal does too, or the time is over; the caller looks which. */
export function schedule(vcpu: KvmVcpu, timeoutMs?: number): Promise<void> {
  const { arch } = vcpu;
  releaseCpu(vcpu);
  return new Promise((resolve) => {
    const end = () => {
      forget();
      arch.wake = undefined;
      resolve();
    };
    const forget = timeoutMs === undefined ? () => {} : startTimer(timeoutMs, end);
    arch.wake = end;
  });
}

/** Calls `end` not after the time is over, but for what a timer of whole milliseconds is late; answers how to stop it. */
function startTimer(ms: number, end: () => void): () => void {
  if (ms < 1) {
    const soon = setImmediate(end);
    return () => clearImmediate(soon);
  }
  const timer = setTimeout(end, Math.min(Math.floor(ms), MAX_TIMEOUT_MS));
  return () => clearTimeout(timer);
}

/** Whether an interrupt waits for the vCPU, by a line that user space drives or by the VGIC. */
export function interruptPending(vcpu: KvmVcpu): boolean {
  if (vcpu.arch.irqLines !== 0) return true;
  kvmTimerUpdateIrqs(vcpu);
  return kvmVgicVcpuPendingIrq(vcpu);
}

/** kvm_arch_vcpu_runnable() */
export function kvmArchVcpuRunnable(vcpu: KvmVcpu): boolean {
  return vcpu.arch.mpState !== KVM_MP_STATE_STOPPED && interruptPending(vcpu);
}

/** kvm_vcpu_check_block(): whether the wait is over. */
function kvmVcpuCheckBlock(task: Task, vcpu: KvmVcpu): boolean {
  return kvmArchVcpuRunnable(vcpu) || kvmTimerIsPending(vcpu) || signalPending(task, vcpu) || vcpu.kvm.vmDead;
}

/**
 * kvm_vcpu_halt(): until an interrupt or a signal is pending, or, of WFIT, at most so long as `deadlineMs` says.
 * Answers `done`'s result, at once where there is nothing to wait for.
 */
export function kvmVcpuHalt<T>(
  task: Task,
  vcpu: KvmVcpu,
  done: () => T | Promise<T>,
  deadlineMs: () => number | undefined = () => undefined,
): T | Promise<T> {
  return halted(task, vcpu, deadlineMs) ? blocked(task, vcpu, deadlineMs).then(done) : done();
}

/** Whether the wait goes on. */
function halted(task: Task, vcpu: KvmVcpu, deadlineMs: () => number | undefined): boolean {
  return !kvmVcpuCheckBlock(task, vcpu) && deadlineMs() !== 0;
}

/** Sleeps, and looks at each wake-up whether it was the last one. */
async function blocked(task: Task, vcpu: KvmVcpu, deadlineMs: () => number | undefined): Promise<void> {
  do {
    const wakeUps = [deadlineMs(), kvmTimerEarliestExp(vcpu)].filter((ms) => ms !== undefined);
    vcpu.stat.halt_wakeup++;
    await schedule(vcpu, wakeUps.length > 0 ? Math.min(...wakeUps) : undefined);
  } while (halted(task, vcpu, deadlineMs));
}
