/** A vCPU's state by its ioctls: arch/arm64/kvm/guest.c. */

import { type CValue, u64 } from "../../abi/ctypes.ts";
import { E2BIG, EFAULT, EINVAL, ENOENT, ENOEXEC, ENXIO, EPERM } from "../../abi/errno.ts";
import { ESR_ELx_ISS_MASK } from "../../abi/esr.ts";
import {
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_SINGLESTEP,
  KVM_MP_STATE_RUNNABLE,
  KVM_MP_STATE_STOPPED,
  KVM_MP_STATE_SUSPENDED,
  kvm_device_attr,
  kvm_guest_debug,
  kvm_mp_state,
  kvm_one_reg,
  kvm_reg_list,
  kvm_translation,
} from "../../abi/kvm.ts";
import {
  KVM_ARM_VCPU_PMU_V3_CTRL,
  KVM_ARM_VCPU_PVTIME_CTRL,
  KVM_ARM_VCPU_TIMER_CTRL,
  KVM_GUESTDBG_USE_HW,
  KVM_GUESTDBG_USE_SW_BP,
  kvm_regs,
  kvm_vcpu_events,
} from "../../abi/kvm_arm64.ts";
import {
  CORE_REGS,
  KVM_ARM64_SVE_NUM_PREGS,
  KVM_ARM64_SVE_NUM_ZREGS,
  KVM_ARM64_SVE_VLS_WORDS,
  KVM_REG_ARCH_MASK,
  KVM_REG_ARM_COPROC_MASK,
  KVM_REG_ARM_CORE,
  KVM_REG_ARM_FW,
  KVM_REG_ARM_FW_FEAT_BMAP,
  KVM_REG_ARM64,
  KVM_REG_ARM64_SVE,
  KVM_REG_ARM64_SVE_FFR,
  KVM_REG_ARM64_SVE_PREG,
  KVM_REG_ARM64_SVE_VLS,
  KVM_REG_ARM64_SVE_ZREG,
  KVM_REG_SIZE,
  KVM_REG_SIZE_MASK,
} from "../../abi/kvm_reg.ts";
import {
  PSR_AA32_MODE_ABT,
  PSR_AA32_MODE_FIQ,
  PSR_AA32_MODE_IRQ,
  PSR_AA32_MODE_MASK,
  PSR_AA32_MODE_SVC,
  PSR_AA32_MODE_SYS,
  PSR_AA32_MODE_UND,
  PSR_AA32_MODE_USR,
  PSR_MODE_EL0t,
  PSR_MODE_EL1h,
  PSR_MODE_EL1t,
  PSR_MODE32_BIT,
} from "../../abi/ptrace.ts";
import { systemCapabilities } from "../arch/cpufeature.ts";
import { copyFromUser, copyToUser, getUserStruct, putUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import {
  kvmArmTimerGetAttr,
  kvmArmTimerGetReg,
  kvmArmTimerHasAttr,
  kvmArmTimerSetAttr,
  kvmArmTimerSetReg,
  timerRegs,
} from "./arch_timer.ts";
import { kvmArmCopyFwRegIndices, kvmArmGetFwReg, kvmArmSetFwReg } from "./hypercalls.ts";
import { kvmInjectDabt, kvmInjectVabt, kvmSetSeiEsr } from "./inject_fault.ts";
import { type SveState, vcpuHasSve } from "./kvm_arch.ts";
import type { KvmDeviceAttr, KvmVcpu } from "./kvm_host.ts";
import { kvmArmPmuV3GetAttr, kvmArmPmuV3HasAttr, kvmArmPmuV3SetAttr } from "./pmu_emul.ts";
import { kvmArmPvtimeGetAttr, kvmArmPvtimeHasAttr, kvmArmPvtimeSetAttr } from "./pvtime.ts";
import { REG_PC, REG_PSTATE, vcpuCpsr, vcpuGetReg, vcpuSetReg } from "./regs.ts";
import { kvmArmVcpuIsFinalized, kvmResetVcpu, SVE_PREG_SIZE, SVE_ZREG_SIZE, vcpuEl1Is32bit } from "./reset.ts";
import { kvmArmCopySysRegIndices, kvmArmSysRegGetReg, kvmArmSysRegSetReg } from "./sys_regs.ts";

type OneReg = CValue<typeof kvm_one_reg>;

const uninitialized = () => refuse(ENOEXEC, "kvm_arch_vcpu_ioctl: the vCPU was not initialized");

// Core registers

const coreIds: ReadonlySet<bigint> = new Set(Object.values(CORE_REGS));
const vregIds: ReadonlySet<bigint> = new Set(Array.from({ length: 32 }, (_, n) => CORE_REGS[`v${n}`] as bigint));
const CORE_WORDS = kvm_regs.size / 4;

/** The register's bytes in struct kvm_regs, of which an id holds offset and size; or -ENOENT, -EINVAL. */
function coreReg(vcpu: KvmVcpu, id: bigint): Uint8Array | number {
  const word = Number(id & ~(KVM_REG_ARCH_MASK | KVM_REG_SIZE_MASK | KVM_REG_ARM_CORE));
  const size = KVM_REG_SIZE(id);
  if (word + Math.floor(size / 4) >= CORE_WORDS)
    return refuse(ENOENT, "get_core_reg: the index is beyond struct kvm_regs");
  if (!coreIds.has(id)) return refuse(EINVAL, "core_reg_size_from_offset: no register has this index and size");
  if (vcpuHasSve(vcpu) && vregIds.has(id))
    return refuse(EINVAL, "core_reg_size_from_offset: the vCPU's vectors are registers of SVE");
  return new Uint8Array(vcpu.arch.regs.buffer, word * 4, size);
}

function getCoreReg(task: Task, vcpu: KvmVcpu, { id, addr }: OneReg): number {
  const bytes = coreReg(vcpu, id);
  if (typeof bytes === "number") return bytes;
  return copyToUser(task, addr, bytes) > 0 ? refuse(EFAULT, "get_core_reg: the value cannot be written") : 0;
}

const AARCH32_EL1_MODES = [
  PSR_AA32_MODE_FIQ,
  PSR_AA32_MODE_IRQ,
  PSR_AA32_MODE_SVC,
  PSR_AA32_MODE_ABT,
  PSR_AA32_MODE_UND,
];
const AARCH64_MODES = [PSR_MODE_EL0t, PSR_MODE_EL1t, PSR_MODE_EL1h];

/** Whether PSTATE may name a mode: one of the register width that EL1 has, or AArch32's user mode. */
function modeExists(vcpu: KvmVcpu, mode: bigint): boolean {
  const { host, abi } = vcpu.kvm;
  if (mode === PSR_AA32_MODE_USR) return systemCapabilities(host.options.cpu).el0Is32Bit;
  if (mode === PSR_AA32_MODE_SYS) return abi.pstateTakesSys && vcpuEl1Is32bit(vcpu);
  return (vcpuEl1Is32bit(vcpu) ? AARCH32_EL1_MODES : AARCH64_MODES).includes(mode);
}

/** In an AArch32 mode the registers have 32 bits: r0 to r14 and the PC in user and system mode, all in the others. */
function narrowRegs(vcpu: KvmVcpu): void {
  const mode = vcpuCpsr(vcpu) & PSR_AA32_MODE_MASK;
  if (!(mode & PSR_MODE32_BIT)) return;
  const count = mode === PSR_AA32_MODE_USR || mode === PSR_AA32_MODE_SYS ? 15 : 31;
  for (let n = 0; n < count; n++) vcpuSetReg(vcpu, n, BigInt.asUintN(32, vcpuGetReg(vcpu, n)));
  const { regs } = vcpu.arch;
  regs.setBigUint64(REG_PC, BigInt.asUintN(32, regs.getBigUint64(REG_PC, true)), true);
}

function setCoreReg(task: Task, vcpu: KvmVcpu, { id, addr }: OneReg): number {
  const bytes = coreReg(vcpu, id);
  if (typeof bytes === "number") return bytes;
  const value = new Uint8Array(bytes.length);
  if (copyFromUser(task, value, addr) > 0) return refuse(EFAULT, "set_core_reg: the value cannot be read");
  if (bytes.byteOffset === REG_PSTATE) {
    const mode = u64.read(new DataView(value.buffer), 0) & PSR_AA32_MODE_MASK;
    if (!modeExists(vcpu, mode)) return refuse(EINVAL, "set_core_reg: the vCPU has no such mode");
  }
  bytes.set(value);
  narrowRegs(vcpu);
  return 0;
}

// SVE registers

const noSve = () => refuse(ENOENT, "sve_reg_to_region: the vCPU has no SVE, or the register no such slice");

/** The bits of KVM_REG_ARM64_SVE_VLS: one for each vector length, up to the longest. */
function vectorLengths(vqs: readonly number[], maxVq: number): bigint {
  return vqs.filter((vq) => vq <= maxVq).reduce((bits, vq) => bits | (1n << BigInt(vq - 1)), 0n);
}

function getSveVls(task: Task, { kvm, arch }: KvmVcpu, addr: bigint): number {
  if (!arch.sve) return noSve();
  const words = new BigUint64Array(KVM_ARM64_SVE_VLS_WORDS);
  const lengths = vectorLengths(kvm.host.options.cpu.sveVectorQuadwords, arch.sve.maxVq);
  words.forEach((_, n) => {
    words[n] = BigInt.asUintN(64, lengths >> BigInt(64 * n));
  });
  return copyToUser(task, addr, new Uint8Array(words.buffer)) > 0
    ? refuse(EFAULT, "get_sve_vls: the value cannot be written")
    : 0;
}

/** set_sve_vls(): up to the longest one asked for, exactly the host's lengths. */
function setSveVls(task: Task, { kvm, arch }: KvmVcpu, addr: bigint): number {
  if (!arch.sve) return noSve();
  if (arch.sve.registers) return refuse(EPERM, "set_sve_vls: SVE is already finalized");
  const words = new BigUint64Array(KVM_ARM64_SVE_VLS_WORDS);
  if (copyFromUser(task, new Uint8Array(words.buffer), addr) > 0)
    return refuse(EFAULT, "set_sve_vls: the value cannot be read");
  const wanted = words.reduceRight((bits, word) => (bits << 64n) | word, 0n);
  const maxVq = wanted.toString(2).length;
  if (wanted === 0n || wanted !== vectorLengths(kvm.host.options.cpu.sveVectorQuadwords, maxVq))
    return refuse(EINVAL, "set_sve_vls: not the host's vector lengths up to some longest one");
  arch.sve.maxVq = maxVq;
  return 0;
}

/** struct sve_state_reg_region: where a register lies, how much of it there is, and how much its id has room for. */
interface SveRegion {
  readonly offset: number;
  readonly length: number;
  readonly size: number;
}

const SVE_PREGS_OFFSET = KVM_ARM64_SVE_NUM_ZREGS * SVE_ZREG_SIZE;
const LAST_SLICE = 31;
const SLICE_MASK = 0x1fn;

/** sve_reg_to_region(): only slice 0 has anything, as no vector is longer than a slice. */
function sveRegToRegion(sve: SveState | undefined, id: bigint): SveRegion | number {
  const within = (first: bigint, last: bigint) => id >= first && id <= last;
  const isZ = within(KVM_REG_ARM64_SVE_ZREG(0, 0), KVM_REG_ARM64_SVE_ZREG(KVM_ARM64_SVE_NUM_ZREGS - 1, LAST_SLICE));
  const isP = within(KVM_REG_ARM64_SVE_PREG(0, 0), KVM_REG_ARM64_SVE_FFR(LAST_SLICE));
  if (!isZ && !isP) return refuse(EINVAL, "sve_reg_to_region: not the id of an SVE register");
  if (!sve || id & SLICE_MASK) return noSve();
  if (isZ) {
    const n = Number((id - KVM_REG_ARM64_SVE_ZREG(0, 0)) >> 5n);
    return { offset: n * SVE_ZREG_SIZE, length: sve.maxVq * 16, size: SVE_ZREG_SIZE };
  }
  const n = Number((id - KVM_REG_ARM64_SVE_PREG(0, 0)) >> 5n);
  return { offset: SVE_PREGS_OFFSET + n * SVE_PREG_SIZE, length: sve.maxVq * 2, size: SVE_PREG_SIZE };
}

/** The register's bytes for as much as the vector length has, once SVE is finalized. */
function sveReg({ arch: { sve } }: KvmVcpu, id: bigint): { bytes: Uint8Array; size: number } | number {
  const region = sveRegToRegion(sve, id);
  if (typeof region === "number") return region;
  if (!sve?.registers) return refuse(EPERM, "get_sve_reg: SVE is not finalized");
  return { bytes: sve.registers.subarray(region.offset, region.offset + region.length), size: region.size };
}

function getSveReg(task: Task, vcpu: KvmVcpu, { id, addr }: OneReg): number {
  if (id === KVM_REG_ARM64_SVE_VLS) return getSveVls(task, vcpu, addr);
  const reg = sveReg(vcpu, id);
  if (typeof reg === "number") return reg;
  const value = new Uint8Array(reg.size);
  value.set(reg.bytes);
  return copyToUser(task, addr, value) > 0 ? refuse(EFAULT, "get_sve_reg: the value cannot be written") : 0;
}

function setSveReg(task: Task, vcpu: KvmVcpu, { id, addr }: OneReg): number {
  if (id === KVM_REG_ARM64_SVE_VLS) return setSveVls(task, vcpu, addr);
  const reg = sveReg(vcpu, id);
  if (typeof reg === "number") return reg;
  return copyFromUser(task, reg.bytes, addr) > 0 ? refuse(EFAULT, "set_sve_reg: the value cannot be read") : 0;
}

// Timer registers

function getTimerReg(task: Task, vcpu: KvmVcpu, { id, addr }: OneReg): number {
  return putUserStruct(task, addr, u64, kvmArmTimerGetReg(vcpu, id));
}

function setTimerReg(task: Task, vcpu: KvmVcpu, { id, addr }: OneReg): number {
  const value = getUserStruct(task, u64, addr);
  return typeof value === "number" ? value : kvmArmTimerSetReg(vcpu, id, value);
}

// KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_GET_REG_LIST

type Access = (task: Task, vcpu: KvmVcpu, reg: OneReg) => number;

/** The accessor of an id's class; system registers are what is left. */
function accessorOf({ kvm }: KvmVcpu, id: bigint): { readonly get: Access; readonly set: Access } {
  const fw = { get: kvmArmGetFwReg, set: kvmArmSetFwReg };
  switch (id & KVM_REG_ARM_COPROC_MASK) {
    case KVM_REG_ARM_CORE:
      return { get: getCoreReg, set: setCoreReg };
    case KVM_REG_ARM_FW:
      return fw;
    case KVM_REG_ARM_FW_FEAT_BMAP:
      if (kvm.abi.fwFeatureBitmaps) return fw;
      break;
    case KVM_REG_ARM64_SVE:
      return { get: getSveReg, set: setSveReg };
  }
  if (timerRegs(kvm.abi).includes(id)) return { get: getTimerReg, set: setTimerReg };
  return { get: kvmArmSysRegGetReg, set: kvmArmSysRegSetReg };
}

const UPPER_HALF = 0xffffffff00000000n;

/** KVM_GET_ONE_REG and KVM_SET_ONE_REG: kvm_arm_get_reg(), kvm_arm_set_reg(). */
const oneReg = (direction: "get" | "set") => (task: Task, vcpu: KvmVcpu, arg: bigint) => {
  if (!vcpu.arch.initialized) return uninitialized();
  const reg = getUserStruct(task, kvm_one_reg, arg);
  if (typeof reg === "number") return reg;
  if (vcpu.arch.resetState && vcpu.kvm.abi.psciResetBeforeRegs) kvmResetVcpu(vcpu);
  if ((reg.id & ~KVM_REG_SIZE_MASK & UPPER_HALF) !== KVM_REG_ARM64)
    return refuse(EINVAL, "kvm_arm_get_reg: not the id of an arm64 register");
  return accessorOf(vcpu, reg.id)[direction](task, vcpu, reg);
};
export const kvmArmGetReg = oneReg("get");
export const kvmArmSetReg = oneReg("set");

/** copy_core_reg_indices() */
function copyCoreRegIndices(vcpu: KvmVcpu): bigint[] {
  return [...coreIds].filter((id) => !vcpuHasSve(vcpu) || !vregIds.has(id));
}

/** copy_sve_reg_indices() */
function copySveRegIndices(vcpu: KvmVcpu): bigint[] {
  if (!vcpuHasSve(vcpu)) return [];
  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
  return [
    KVM_REG_ARM64_SVE_VLS,
    ...numbers(KVM_ARM64_SVE_NUM_ZREGS).map((n) => KVM_REG_ARM64_SVE_ZREG(n, 0)),
    ...numbers(KVM_ARM64_SVE_NUM_PREGS).map((n) => KVM_REG_ARM64_SVE_PREG(n, 0)),
    KVM_REG_ARM64_SVE_FFR(0),
  ];
}

/** kvm_arm_copy_reg_indices(): the ids of all registers that the vCPU has. */
export function kvmArmCopyRegIndices(vcpu: KvmVcpu): bigint[] {
  return [
    ...copyCoreRegIndices(vcpu),
    ...copySveRegIndices(vcpu),
    ...kvmArmCopyFwRegIndices(vcpu),
    ...timerRegs(vcpu.kvm.abi),
    ...kvmArmCopySysRegIndices(vcpu),
  ];
}

/** KVM_GET_REG_LIST: the count goes back even where the ids have no room; of the caller's count 32 bits matter. */
export function kvmArchVcpuIoctlGetRegList(task: Task, vcpu: KvmVcpu, arg: bigint): number {
  if (!vcpu.arch.initialized) return uninitialized();
  if (!kvmArmVcpuIsFinalized(vcpu)) return refuse(EPERM, "kvm_arch_vcpu_ioctl: the vCPU is not finalized");
  const list = getUserStruct(task, kvm_reg_list, arg);
  if (typeof list === "number") return list;
  const ids = kvmArmCopyRegIndices(vcpu);
  const written = putUserStruct(task, arg, kvm_reg_list, { n: BigInt(ids.length) });
  if (written < 0) return written;
  if (Number(BigInt.asUintN(32, list.n)) < ids.length)
    return refuse(E2BIG, "kvm_arch_vcpu_ioctl: there is no room for all the ids");
  const bytes = new Uint8Array(BigUint64Array.from(ids).buffer);
  return copyToUser(task, arg + BigInt(kvm_reg_list.size), bytes) > 0
    ? refuse(EFAULT, "kvm_arm_copy_reg_indices: the ids cannot be written")
    : 0;
}

// KVM_GET_REGS and the like, which arm64 does not have

const unimplemented = (name: string) =>
  refuse(EINVAL, `${name}: arm64 has KVM_GET_ONE_REG and KVM_SET_ONE_REG instead`);

/** KVM_GET_REGS, KVM_GET_SREGS and KVM_GET_FPU; KVM_SET_SREGS and KVM_SET_FPU too, as their structs are empty. */
export function kvmArchVcpuIoctlGetRegs(): number {
  return unimplemented("kvm_arch_vcpu_ioctl_get_regs");
}

/** KVM_SET_REGS, whose argument is read first. */
export function kvmArchVcpuIoctlSetRegs(task: Task, _vcpu: KvmVcpu, arg: bigint): number {
  const data = new Uint8Array(kvm_regs.size);
  if (copyFromUser(task, data, arg) > 0) return refuse(EFAULT, "kvm_vcpu_ioctl: struct kvm_regs cannot be read");
  return unimplemented("kvm_arch_vcpu_ioctl_set_regs");
}

/** KVM_TRANSLATE, whose argument is read first. */
export function kvmArchVcpuIoctlTranslate(task: Task, _vcpu: KvmVcpu, arg: bigint): number {
  const translation = getUserStruct(task, kvm_translation, arg);
  return typeof translation === "number" ? translation : unimplemented("kvm_arch_vcpu_ioctl_translate");
}

// Events

/** KVM_GET_VCPU_EVENTS: an external abort is never pending, as it is delivered when it is set. */
export function kvmArmVcpuGetEvents(task: Task, vcpu: KvmVcpu, arg: bigint): number {
  const { kvm, arch } = vcpu;
  if (kvm.abi.vcpuEventsNeedInit && !arch.initialized) return uninitialized();
  const { ras } = systemCapabilities(kvm.host.options.cpu);
  const events = kvm_vcpu_events.zero();
  events.exception.serror_pending = Number(arch.virtualSerror);
  events.exception.serror_has_esr = Number(ras);
  if (arch.virtualSerror && ras) events.exception.serror_esr = arch.vsesr;
  return putUserStruct(task, arg, kvm_vcpu_events, events);
}

type Exception = CValue<typeof kvm_vcpu_events>["exception"];

function injectSerror(vcpu: KvmVcpu, { serror_pending, serror_has_esr, serror_esr }: Exception): number {
  if (!serror_pending) return 0;
  if (!serror_has_esr) {
    kvmInjectVabt(vcpu);
    return 0;
  }
  if (!systemCapabilities(vcpu.kvm.host.options.cpu).ras)
    return refuse(EINVAL, "__kvm_arm_vcpu_set_events: the CPU has no RAS extension, so no syndrome of an SError");
  if (serror_esr & ~BigInt(ESR_ELx_ISS_MASK))
    return refuse(EINVAL, "__kvm_arm_vcpu_set_events: the syndrome has bits beyond ISS");
  kvmSetSeiEsr(vcpu, serror_esr);
  return 0;
}

function injectAbort(vcpu: KvmVcpu, { ext_dabt_pending }: Exception): number {
  if (ext_dabt_pending) kvmInjectDabt(vcpu, vcpu.arch.fault.far);
  return 0;
}

/** KVM_SET_VCPU_EVENTS: only adds events; what is pending stays so. */
export function kvmArmVcpuSetEvents(task: Task, vcpu: KvmVcpu, arg: bigint): number {
  const { kvm, arch } = vcpu;
  if (kvm.abi.vcpuEventsNeedInit && !arch.initialized) return uninitialized();
  const events = getUserStruct(task, kvm_vcpu_events, arg);
  if (typeof events === "number") return events;
  const { exception, reserved } = events;
  if (reserved.some((word) => word !== 0) || exception.pad.some((byte) => byte !== 0))
    return refuse(EINVAL, "kvm_arm_vcpu_set_events: reserved and pad must be zero");
  const [first, second] = kvm.abi.vcpuEventsAbortFirst ? [injectAbort, injectSerror] : [injectSerror, injectAbort];
  return first(vcpu, exception) || second(vcpu, exception);
}

// Debugging

const KVM_GUESTDBG_VALID_MASK =
  KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP | KVM_GUESTDBG_USE_SW_BP | KVM_GUESTDBG_USE_HW;

/** KVM_SET_GUEST_DEBUG: kvm_arch_vcpu_ioctl_set_guest_debug(). */
export function kvmArchVcpuIoctlSetGuestDebug(task: Task, { arch }: KvmVcpu, arg: bigint): number {
  const debug = getUserStruct(task, kvm_guest_debug, arg);
  if (typeof debug === "number") return debug;
  if (debug.control & ~KVM_GUESTDBG_VALID_MASK)
    return refuse(EINVAL, "kvm_arch_vcpu_ioctl_set_guest_debug: an unknown control bit is set");
  arch.guestDebug = debug.control & KVM_GUESTDBG_ENABLE ? debug : undefined;
  if (!arch.guestDebug) arch.stepPending = false;
  return 0;
}

// Power state

/** KVM_GET_MP_STATE: kvm_arch_vcpu_ioctl_get_mpstate(). */
export function kvmArchVcpuIoctlGetMpstate(task: Task, { arch }: KvmVcpu, arg: bigint): number {
  return putUserStruct(task, arg, kvm_mp_state, { mp_state: arch.mpState });
}

/** KVM_SET_MP_STATE: kvm_arch_vcpu_ioctl_set_mpstate(). */
export function kvmArchVcpuIoctlSetMpstate(task: Task, { arch, kvm }: KvmVcpu, arg: bigint): number {
  const state = getUserStruct(task, kvm_mp_state, arg);
  if (typeof state === "number") return state;
  const states = [KVM_MP_STATE_RUNNABLE, KVM_MP_STATE_STOPPED];
  if (kvm.abi.mpStateSuspended) states.push(KVM_MP_STATE_SUSPENDED);
  if (!states.includes(state.mp_state))
    return refuse(EINVAL, "kvm_arch_vcpu_ioctl_set_mpstate: not a state that an arm64 vCPU can have");
  arch.mpState = state.mp_state;
  return 0;
}

// Attributes of a vCPU

type AttrAccess = (task: Task, vcpu: KvmVcpu, attr: KvmDeviceAttr) => number;

const ATTR_GROUPS: ReadonlyMap<number, Readonly<Record<"set" | "get" | "has", AttrAccess>>> = new Map([
  [KVM_ARM_VCPU_PMU_V3_CTRL, { set: kvmArmPmuV3SetAttr, get: kvmArmPmuV3GetAttr, has: kvmArmPmuV3HasAttr }],
  [KVM_ARM_VCPU_TIMER_CTRL, { set: kvmArmTimerSetAttr, get: kvmArmTimerGetAttr, has: kvmArmTimerHasAttr }],
  [KVM_ARM_VCPU_PVTIME_CTRL, { set: kvmArmPvtimeSetAttr, get: kvmArmPvtimeGetAttr, has: kvmArmPvtimeHasAttr }],
]);

const vcpuAttr = (access: "set" | "get" | "has") => (task: Task, vcpu: KvmVcpu, arg: bigint) => {
  const attr = getUserStruct(task, kvm_device_attr, arg);
  if (typeof attr === "number") return attr;
  const group = ATTR_GROUPS.get(attr.group);
  return group ? group[access](task, vcpu, attr) : refuse(ENXIO, `kvm_arm_vcpu_${access}_attr: no such group`);
};
/** KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR and KVM_HAS_DEVICE_ATTR on a vCPU. */
export const kvmArmVcpuSetAttr = vcpuAttr("set");
export const kvmArmVcpuGetAttr = vcpuAttr("get");
export const kvmArmVcpuHasAttr = vcpuAttr("has");
