/** Power management calls of the guest: arch/arm64/kvm/psci.c. */

import {
  KVM_EXIT_SYSTEM_EVENT,
  KVM_MP_STATE_RUNNABLE,
  KVM_MP_STATE_STOPPED,
  KVM_SYSTEM_EVENT_RESET,
  KVM_SYSTEM_EVENT_SHUTDOWN,
  KVM_SYSTEM_EVENT_SUSPEND,
  kvm_run,
} from "../../abi/kvm.ts";
import {
  KVM_ARM_VCPU_PSCI_0_2,
  KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2,
  KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2,
} from "../../abi/kvm_arm64.ts";
import * as psci from "../../abi/psci.ts";
import type { Behaviours } from "../../abi/versions.ts";
import type { Task } from "../process.ts";
import { vcpuHasFeature } from "./kvm_arch.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { kvmVcpuIsBe } from "./mmio.ts";
import { kvmMpidrToVcpu, kvmVcpuGetMpidrAff, MPIDR_HWID_BITMASK } from "./mpidr.ts";
import { vcpuGetReg, vcpuSetReg } from "./regs.ts";
import { kvmVcpuHalt } from "./vcpu_block.ts";

/** Versions are major << 16 | minor. */
export const KVM_ARM_PSCI_0_1 = 0x1n;
export const KVM_ARM_PSCI_0_2 = 0x2n;
export const KVM_ARM_PSCI_1_0 = 0x10000n;
export const KVM_ARM_PSCI_1_1 = 0x10001n;
export const KVM_ARM_PSCI_1_2 = 0x10002n;
export const KVM_ARM_PSCI_1_3 = 0x10003n;

/** KVM_PSCI_FN(): the calls of PSCI 0.1, whose numbers were each firmware's own choice. */
export const KVM_PSCI_FN_BASE = 0x95c1ba5e;
export const KVM_PSCI_FN_COUNT = 4;
const KVM_PSCI_FN_CPU_OFF = KVM_PSCI_FN_BASE + 1;
const KVM_PSCI_FN_CPU_ON = KVM_PSCI_FN_BASE + 2;

/** PSCI_1_3_OFF_TYPE_HIBERNATE_OFF, as PSCI_FEATURES tells of it and as the exit's flag. */
const HIBERNATE_OFF = 1;

const SYSTEM_EVENT = kvm_run.offsetof("system_event.type");
/** Type and ndata, then 16 words; before 6.1 the type and one word. */
const systemEventSize = (abi: Behaviours) => (abi.capSystemEventData ? 8 + 16 * 8 : 16);

/** kvm_psci_version(): the version of this vCPU; without its feature there is nothing to choose. */
export function kvmPsciVersion(vcpu: KvmVcpu): bigint {
  if (!vcpuHasFeature(vcpu, KVM_ARM_VCPU_PSCI_0_2)) return KVM_ARM_PSCI_0_1;
  return vcpu.kvm.arch.psciVersion ?? vcpu.kvm.abi.psciLatest;
}

/** smccc_set_retval() */
export function smcccSetRetval(vcpu: KvmVcpu, ...values: readonly (bigint | number)[]): void {
  for (let n = 0; n < 4; n++) vcpuSetReg(vcpu, n, BigInt.asUintN(64, BigInt(values[n] ?? 0)));
}

/** What a call answers in x0: a result to go on with, or an exit to user space, whose registers are then as they shall be. */
type Answer = number | bigint | "exit" | Promise<number>;

const arg = (vcpu: KvmVcpu, n: number) => vcpuGetReg(vcpu, n);

// ---- events for user space

/** Writes system_event; kernels before 6.1 have only the type. */
function systemEvent({ run, kvm }: KvmVcpu, type: number, flags: bigint | undefined): void {
  run.setUint32(kvm_run.offsetof("exit_reason"), KVM_EXIT_SYSTEM_EVENT, true);
  new Uint8Array(run.buffer, run.byteOffset + SYSTEM_EVENT, systemEventSize(kvm.abi)).fill(0);
  run.setUint32(SYSTEM_EVENT, type, true);
  if (flags === undefined || !kvm.abi.capSystemEventData) return;
  run.setUint32(kvm_run.offsetof("system_event.ndata"), 1, true);
  run.setBigUint64(kvm_run.offsetof("system_event.data"), flags, true);
}

/** kvm_prepare_system_event(): every vCPU of the VM is stopped, the caller too. */
function kvmPrepareSystemEvent(vcpu: KvmVcpu, type: number, flags: bigint): void {
  for (const other of vcpu.kvm.vcpus) {
    other.arch.mpState = KVM_MP_STATE_STOPPED;
    other.kick();
  }
  systemEvent(vcpu, type, flags);
}

/** SYSTEM_OFF, SYSTEM_RESET and what is like them: a VMM that just goes on tells the guest of a failure. */
function end(vcpu: KvmVcpu, type: number, flags = 0n): Answer {
  kvmPrepareSystemEvent(vcpu, type, flags);
  smcccSetRetval(vcpu, psci.PSCI_RET_INTERNAL_FAILURE);
  return "exit";
}

/** … where only x0 is touched. */
function endKeepingArguments(vcpu: KvmVcpu, type: number, flags: bigint): Answer {
  kvmPrepareSystemEvent(vcpu, type, flags);
  vcpuSetReg(vcpu, 0, BigInt.asUintN(64, BigInt(psci.PSCI_RET_INTERNAL_FAILURE)));
  return "exit";
}

// ---- CPUs

/** kvm_psci_vcpu_on() */
function kvmPsciVcpuOn(source: KvmVcpu): number {
  const { kvm } = source;
  const affinity = arg(source, 1);
  if (affinity & ~MPIDR_HWID_BITMASK) return psci.PSCI_RET_INVALID_PARAMS;
  const vcpu = kvmMpidrToVcpu(kvm, affinity);
  if (!vcpu) return psci.PSCI_RET_INVALID_PARAMS;
  if (vcpu.arch.mpState !== KVM_MP_STATE_STOPPED) {
    const old = kvmPsciVersion(source) === KVM_ARM_PSCI_0_1;
    return old ? psci.PSCI_RET_INVALID_PARAMS : psci.PSCI_RET_ALREADY_ON;
  }
  vcpu.arch.resetState = { pc: arg(source, 2), r0: arg(source, 3), bigEndian: kvmVcpuIsBe(source) };
  vcpu.arch.mpState = KVM_MP_STATE_RUNNABLE;
  vcpu.kick();
  return psci.PSCI_RET_SUCCESS;
}

/** kvm_psci_vcpu_affinity_info(): a vCPU that user space has suspended is on. */
function kvmPsciVcpuAffinityInfo(vcpu: KvmVcpu): number {
  const [affinity, level] = [arg(vcpu, 1), arg(vcpu, 2)];
  if (affinity & ~MPIDR_HWID_BITMASK || level > 3n) return psci.PSCI_RET_INVALID_PARAMS;
  // Affinity 3 stands apart from the lower three.
  const shift = level === 3n ? 32n : level * 8n;
  const mask = MPIDR_HWID_BITMASK & ~((1n << shift) - 1n);
  const named = vcpu.kvm.vcpus.filter((other) => (kvmVcpuGetMpidrAff(other) & mask) === (affinity & mask));
  if (named.length === 0) return psci.PSCI_RET_INVALID_PARAMS;
  const on = named.some((other) => other.arch.mpState !== KVM_MP_STATE_STOPPED);
  return on ? psci.PSCI_0_2_AFFINITY_LEVEL_ON : psci.PSCI_0_2_AFFINITY_LEVEL_OFF;
}

/** kvm_psci_vcpu_off() */
function kvmPsciVcpuOff(vcpu: KvmVcpu): number {
  vcpu.arch.mpState = KVM_MP_STATE_STOPPED;
  return psci.PSCI_RET_SUCCESS;
}

/** kvm_psci_vcpu_suspend(): no deeper sleep than WFI's. */
function kvmPsciVcpuSuspend(task: Task, vcpu: KvmVcpu): Answer {
  return kvmVcpuHalt<number>(task, vcpu, () => psci.PSCI_RET_SUCCESS);
}

// ---- the calls of a version

type Call = (task: Task, vcpu: KvmVcpu, minor: number) => Answer;

const CALLS_0_1: ReadonlyMap<number, Call> = new Map<number, Call>([
  [KVM_PSCI_FN_CPU_OFF, (_task, vcpu) => kvmPsciVcpuOff(vcpu)],
  [KVM_PSCI_FN_CPU_ON, (_task, vcpu) => kvmPsciVcpuOn(vcpu)],
]);

const CALLS_0_2: ReadonlyMap<number, Call> = new Map<number, Call>([
  [psci.PSCI_0_2_FN_PSCI_VERSION, () => KVM_ARM_PSCI_0_2],
  [psci.PSCI_0_2_FN_CPU_SUSPEND, kvmPsciVcpuSuspend],
  [psci.PSCI_0_2_FN64_CPU_SUSPEND, kvmPsciVcpuSuspend],
  [psci.PSCI_0_2_FN_CPU_OFF, (_task, vcpu) => kvmPsciVcpuOff(vcpu)],
  [psci.PSCI_0_2_FN_CPU_ON, (_task, vcpu) => kvmPsciVcpuOn(vcpu)],
  [psci.PSCI_0_2_FN64_CPU_ON, (_task, vcpu) => kvmPsciVcpuOn(vcpu)],
  [psci.PSCI_0_2_FN_AFFINITY_INFO, (_task, vcpu) => kvmPsciVcpuAffinityInfo(vcpu)],
  [psci.PSCI_0_2_FN64_AFFINITY_INFO, (_task, vcpu) => kvmPsciVcpuAffinityInfo(vcpu)],
  [psci.PSCI_0_2_FN_MIGRATE_INFO_TYPE, () => psci.PSCI_0_2_TOS_MP],
  [psci.PSCI_0_2_FN_SYSTEM_OFF, (_task, vcpu) => end(vcpu, KVM_SYSTEM_EVENT_SHUTDOWN)],
  [psci.PSCI_0_2_FN_SYSTEM_RESET, (_task, vcpu) => end(vcpu, KVM_SYSTEM_EVENT_RESET)],
]);

const SYSTEM_SUSPEND: ReadonlySet<number> = new Set([
  psci.PSCI_1_0_FN_SYSTEM_SUSPEND,
  psci.PSCI_1_0_FN64_SYSTEM_SUSPEND,
]);
const SYSTEM_RESET2: ReadonlySet<number> = new Set([psci.PSCI_1_1_FN_SYSTEM_RESET2, psci.PSCI_1_1_FN64_SYSTEM_RESET2]);
const SYSTEM_OFF2: ReadonlySet<number> = new Set([psci.PSCI_1_3_FN_SYSTEM_OFF2, psci.PSCI_1_3_FN64_SYSTEM_OFF2]);

/** PSCI_FEATURES: 0 or the flags of a call, or that there is none. */
function features(vcpu: KvmVcpu, minor: number): number {
  const fn = Number(BigInt.asUintN(32, arg(vcpu, 1)));
  const { arch } = vcpu.kvm;
  if (SYSTEM_SUSPEND.has(fn)) return arch.systemSuspend ? 0 : psci.PSCI_RET_NOT_SUPPORTED;
  if (SYSTEM_RESET2.has(fn)) return minor >= 1 ? 0 : psci.PSCI_RET_NOT_SUPPORTED;
  if (SYSTEM_OFF2.has(fn)) return minor >= 3 ? HIBERNATE_OFF : psci.PSCI_RET_NOT_SUPPORTED;
  const known = CALLS_0_2.has(fn) || fn === psci.PSCI_1_0_FN_PSCI_FEATURES || fn === psci.ARM_SMCCC_VERSION_FUNC_ID;
  return known ? 0 : psci.PSCI_RET_NOT_SUPPORTED;
}

/** SYSTEM_SUSPEND is a request to user space, which does all of it. */
function systemSuspend(vcpu: KvmVcpu): Answer {
  if (!vcpu.kvm.arch.systemSuspend) return psci.PSCI_RET_NOT_SUPPORTED;
  systemEvent(vcpu, KVM_SYSTEM_EVENT_SUSPEND, undefined);
  return "exit";
}

function systemReset2(vcpu: KvmVcpu): Answer {
  const type = arg(vcpu, 1);
  const known =
    type <= BigInt(psci.PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET) || type >= BigInt(psci.PSCI_1_1_RESET_TYPE_VENDOR_START);
  if (!known) return psci.PSCI_RET_INVALID_PARAMS;
  return endKeepingArguments(vcpu, KVM_SYSTEM_EVENT_RESET, KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2);
}

function systemOff2(vcpu: KvmVcpu): Answer {
  if (arg(vcpu, 1) > BigInt(HIBERNATE_OFF) || arg(vcpu, 2) !== 0n) return psci.PSCI_RET_INVALID_PARAMS;
  return endKeepingArguments(vcpu, KVM_SYSTEM_EVENT_SHUTDOWN, KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2);
}

/** kvm_psci_1_x_call() */
const call1x: Call = (task, vcpu, minor) => {
  const fn = Number(BigInt.asUintN(32, arg(vcpu, 0)));
  if (fn === psci.PSCI_0_2_FN_PSCI_VERSION) return KVM_ARM_PSCI_1_0 | BigInt(minor);
  if (fn === psci.PSCI_1_0_FN_PSCI_FEATURES) return features(vcpu, minor);
  if (SYSTEM_SUSPEND.has(fn)) return systemSuspend(vcpu);
  if (SYSTEM_RESET2.has(fn) && minor >= 1) return systemReset2(vcpu);
  if (SYSTEM_OFF2.has(fn) && minor >= 3) return systemOff2(vcpu);
  return CALLS_0_2.get(fn)?.(task, vcpu, minor) ?? psci.PSCI_RET_NOT_SUPPORTED;
};

/** kvm_psci_narrow_to_32bit(): a call of 32 bits has arguments of 32 bits. */
function narrowArguments(vcpu: KvmVcpu, fn: number): void {
  if (fn & psci.PSCI_0_2_64BIT || !NARROWED.has(fn)) return;
  for (let n = 1; n <= 3; n++) vcpuSetReg(vcpu, n, BigInt.asUintN(32, arg(vcpu, n)));
}
const NARROWED: ReadonlySet<number> = new Set([
  psci.PSCI_0_2_FN_CPU_ON,
  psci.PSCI_0_2_FN_AFFINITY_INFO,
  psci.PSCI_1_0_FN_SYSTEM_SUSPEND,
  psci.PSCI_1_1_FN_SYSTEM_RESET2,
  psci.PSCI_1_3_FN_SYSTEM_OFF2,
]);

function answerOf(task: Task, vcpu: KvmVcpu): Answer {
  const version = kvmPsciVersion(vcpu);
  const fn = Number(BigInt.asUintN(32, arg(vcpu, 0)));
  if (version === KVM_ARM_PSCI_0_1) return CALLS_0_1.get(fn)?.(task, vcpu, 0) ?? psci.PSCI_RET_NOT_SUPPORTED;
  narrowArguments(vcpu, fn);
  if (version === KVM_ARM_PSCI_0_2) return CALLS_0_2.get(fn)?.(task, vcpu, 0) ?? psci.PSCI_RET_NOT_SUPPORTED;
  return call1x(task, vcpu, Number(version & 0xffffn));
}

/** kvm_psci_call(): 1 where the guest goes on, 0 where user space has something to do. */
export function kvmPsciCall(task: Task, vcpu: KvmVcpu): number | Promise<number> {
  const finish = (value: number | bigint) => {
    smcccSetRetval(vcpu, value);
    return 1;
  };
  const answer = answerOf(task, vcpu);
  if (answer === "exit") return 0;
  return typeof answer === "object" ? answer.then(finish) : finish(answer);
}
