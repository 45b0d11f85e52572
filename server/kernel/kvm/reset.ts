/** Initialization and reset of a vCPU: arch/arm64/kvm/reset.c, and KVM_ARM_VCPU_INIT of arm.c. */

import { type CValue, u32 } from "../../abi/ctypes.ts";
import { EINVAL, ENOENT, ENOEXEC, EPERM } from "../../abi/errno.ts";
import { KVM_MP_STATE_RUNNABLE, KVM_MP_STATE_STOPPED } from "../../abi/kvm.ts";
import {
  KVM_ARM_TARGET_GENERIC_V8,
  KVM_ARM_VCPU_EL1_32BIT,
  KVM_ARM_VCPU_HAS_EL2,
  KVM_ARM_VCPU_HAS_EL2_E2H0,
  KVM_ARM_VCPU_POWER_OFF,
  KVM_ARM_VCPU_PTRAUTH_ADDRESS,
  KVM_ARM_VCPU_PTRAUTH_GENERIC,
  KVM_ARM_VCPU_SVE,
  kvm_vcpu_init,
} from "../../abi/kvm_arm64.ts";
import { KVM_ARM64_SVE_NUM_PREGS, KVM_ARM64_SVE_NUM_ZREGS } from "../../abi/kvm_reg.ts";
import { PSR_MODE32_BIT } from "../../abi/ptrace.ts";
import { SYSREG } from "../../abi/sysreg.ts";
import { systemCapabilities } from "../arch/cpufeature.ts";
import { getUserStruct, putUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { kvmTimerVcpuReset } from "./arch_timer.ts";
import { vcpuHasFeature } from "./kvm_arch.ts";
import type { Kvm, KvmVcpu } from "./kvm_host.ts";
import { REG_PC, REG_PSTATE, REG_X0 } from "./regs.ts";
import { kvmResetSysRegs } from "./sys_regs.ts";

/** EL1h, or AArch32's SVC, with interrupts masked. */
const VCPU_RESET_PSTATE_EL1 = 0x3c5n;
const VCPU_RESET_PSTATE_SVC = 0x1d3n;
const PSR_AA32_T_BIT = 0x20n;
const PSR_AA32_E_BIT = 0x200n;
/** SCTLR_EL1.EE */
const SCTLR_ELx_EE = 1n << 25n;

/** Bytes of a Z and of a P register in KVM_GET_ONE_REG, whatever the vector length. */
export const SVE_ZREG_SIZE = 256;
export const SVE_PREG_SIZE = 32;
const SVE_STATE_SIZE = KVM_ARM64_SVE_NUM_ZREGS * SVE_ZREG_SIZE + (KVM_ARM64_SVE_NUM_PREGS + 1) * SVE_PREG_SIZE;

const bit = (feature: number) => 1 << feature;
const PTRAUTH = bit(KVM_ARM_VCPU_PTRAUTH_ADDRESS) | bit(KVM_ARM_VCPU_PTRAUTH_GENERIC);
const NESTED = bit(KVM_ARM_VCPU_HAS_EL2) | bit(KVM_ARM_VCPU_HAS_EL2_E2H0);

/** KVM_ARM_PREFERRED_TARGET: kvm_vcpu_preferred_target(). */
export function kvmVcpuPreferredTarget(task: Task, _kvm: Kvm, arg: bigint): number {
  const preferred = { target: KVM_ARM_TARGET_GENERIC_V8, features: [0, 0, 0, 0, 0, 0, 0] };
  return putUserStruct(task, arg, kvm_vcpu_init, preferred);
}

/** vcpu_el1_is_32bit() */
export function vcpuEl1Is32bit(vcpu: KvmVcpu): boolean {
  return vcpuHasFeature(vcpu, KVM_ARM_VCPU_EL1_32BIT);
}

/** kvm_arm_vcpu_is_finalized() */
export function kvmArmVcpuIsFinalized({ arch }: KvmVcpu): boolean {
  return !arch.sve || arch.sve.registers !== undefined;
}

/** system_supported_vcpu_features(): the bits that this host can give. There is no nested virtualization. */
function systemSupportedVcpuFeatures({ host }: Kvm): number {
  const { el1Is32Bit, sve, ptrauth } = systemCapabilities(host.options.cpu);
  let features = ~NESTED;
  if (!el1Is32Bit) features &= ~bit(KVM_ARM_VCPU_EL1_32BIT);
  if (!sve) features &= ~bit(KVM_ARM_VCPU_SVE);
  return ptrauth ? features : features & ~PTRAUTH;
}

const halfOfPtrauth = (features: number) => (features & PTRAUTH) !== 0 && (features & PTRAUTH) !== PTRAUTH;

// Kernels with features per vCPU

/** kvm_vcpu_set_target(): what stands below the first unknown bit stays recorded when the call fails. */
function setTarget(vcpu: KvmVcpu, words: readonly number[]): number {
  const { arch, kvm } = vcpu;
  for (let i = 0; i < words.length * 32; i++) {
    const set = (((words[i >> 5] as number) >>> (i & 31)) & 1) === 1;
    const known = i < kvm.abi.vcpuMaxFeatures;
    if (set && !known) return refuse(ENOENT, "kvm_vcpu_set_target: an unknown feature is asked for");
    if (known && arch.initialized && set !== vcpuHasFeature(vcpu, i))
      return refuse(EINVAL, "kvm_vcpu_set_target: a vCPU keeps the features it was initialized with");
    if (set) arch.features |= bit(i);
  }
  const error = checkTarget(vcpu);
  arch.initialized = error === 0;
  if (error < 0) arch.features = 0;
  else kvmResetVcpu(vcpu);
  return error;
}

/** What kvm_reset_vcpu() refuses to reset. */
function checkTarget(vcpu: KvmVcpu): number {
  const { kvm, arch } = vcpu;
  const width = kvmSetVmWidth(vcpu);
  if (width < 0) return width;
  if (arch.features & ~systemSupportedVcpuFeatures(kvm))
    return refuse(EINVAL, "kvm_reset_vcpu: the host does not support one of the features");
  if (halfOfPtrauth(arch.features))
    return refuse(EINVAL, "kvm_vcpu_enable_ptrauth: address and generic authentication come together");
  return 0;
}

/** kvm_set_vm_width(): all vCPUs of a VM are AArch32 at EL1, or none is. */
function kvmSetVmWidth(vcpu: KvmVcpu): number {
  const { kvm } = vcpu;
  const is32Bit = vcpuEl1Is32bit(vcpu);
  const widths = kvm.abi.regWidthSettled ? [kvm.arch.el1Is32Bit ?? is32Bit] : kvm.vcpus.map(vcpuEl1Is32bit);
  if (widths.some((width) => width !== is32Bit))
    return refuse(EINVAL, "kvm_set_vm_width: another vCPU of the VM has another register width");
  if (is32Bit && kvm.arch.mteEnabled && kvm.abi.mteExcludesAarch32)
    return refuse(EINVAL, "kvm_set_vm_width: MTE and AArch32 exclude each other");
  kvm.arch.el1Is32Bit = is32Bit;
  return 0;
}

// Kernels with features per VM

/** kvm_vcpu_init_check_features() */
function kvmVcpuInitCheckFeatures({ kvm }: KvmVcpu, words: readonly number[]): number {
  const [features = 0, ...rest] = words;
  if (features >>> kvm.abi.vcpuMaxFeatures || rest.some((word) => word !== 0))
    return refuse(ENOENT, "kvm_vcpu_init_check_features: an unknown feature is asked for");
  if (features & ~systemSupportedVcpuFeatures(kvm))
    return refuse(EINVAL, "kvm_vcpu_init_check_features: the host does not support one of the features");
  if (halfOfPtrauth(features))
    return refuse(EINVAL, "kvm_vcpu_init_check_features: address and generic authentication come together");
  if (features & bit(KVM_ARM_VCPU_EL1_32BIT) && kvm.arch.mteEnabled)
    return refuse(EINVAL, "kvm_vcpu_init_check_features: MTE and AArch32 exclude each other");
  return 0;
}

/** __kvm_vcpu_set_target(): the first vCPU to be initialized decides for all. */
function setVmTarget(vcpu: KvmVcpu, words: readonly number[]): number {
  const { kvm, arch } = vcpu;
  const error = kvmVcpuInitCheckFeatures(vcpu, words);
  if (error < 0) return error;
  const features = words[0] as number;
  if (kvm.arch.vcpuFeatures !== undefined && kvm.arch.vcpuFeatures !== features)
    return refuse(EINVAL, "kvm_vcpu_init_changed: all vCPUs of a VM have the features of the first one");
  kvm.arch.vcpuFeatures = features;
  kvmResetVcpu(vcpu);
  arch.initialized = true;
  return 0;
}

/** KVM_ARM_VCPU_INIT: kvm_arch_vcpu_ioctl_vcpu_init(). */
export function kvmArchVcpuIoctlVcpuInit(task: Task, vcpu: KvmVcpu, arg: bigint): number {
  const { abi } = vcpu.kvm;
  const init = getUserStruct(task, kvm_vcpu_init, arg);
  if (typeof init === "number") return init;
  if (init.target !== KVM_ARM_TARGET_GENERIC_V8)
    return refuse(EINVAL, "kvm_vcpu_set_target: not the target that KVM_ARM_PREFERRED_TARGET answers");
  const ret = abi.vcpuFeaturesPerVm ? setVmTarget(vcpu, withoutPowerOff(init)) : setTarget(vcpu, init.features);
  if (ret < 0) return ret;
  vcpuResetHcr(vcpu);
  const powerOff =
    ((abi.vcpuFeaturesPerVm ? (init.features[0] as number) : vcpu.arch.features) & bit(KVM_ARM_VCPU_POWER_OFF)) !== 0;
  vcpu.arch.mpState = powerOff ? KVM_MP_STATE_STOPPED : KVM_MP_STATE_RUNNABLE;
  return 0;
}

/** vcpu_reset_hcr(): what waits to be injected is forgotten; newer kernels do so before the first KVM_RUN only. */
function vcpuResetHcr({ arch, kvm }: KvmVcpu): void {
  if (kvm.abi.hcrResetBeforeFirstRun && arch.ranBy !== undefined) return;
  arch.virtualSerror = false;
  arch.irqLines = 0;
}

/** POWER_OFF is for this call only, and no feature. */
function withoutPowerOff({ features: [first = 0, ...rest] }: CValue<typeof kvm_vcpu_init>): number[] {
  return [(first & ~bit(KVM_ARM_VCPU_POWER_OFF)) >>> 0, ...rest];
}

/** KVM_ARM_VCPU_FINALIZE: kvm_arm_vcpu_finalize(). */
export function kvmArmVcpuFinalize(task: Task, { arch }: KvmVcpu, arg: bigint): number {
  if (!arch.initialized) return refuse(ENOEXEC, "kvm_arch_vcpu_ioctl: the vCPU was not initialized");
  const feature = getUserStruct(task, u32, arg);
  if (feature < 0) return feature;
  if (feature !== KVM_ARM_VCPU_SVE || !arch.sve)
    return refuse(EINVAL, "kvm_arm_vcpu_finalize: not a feature that the vCPU has to finalize");
  if (arch.sve.registers) return refuse(EPERM, "kvm_arm_vcpu_finalize: SVE is already finalized");
  arch.sve.registers = new Uint8Array(SVE_STATE_SIZE);
  return 0;
}

/** kvm_vcpu_enable_sve(), kvm_vcpu_reset_sve(): vector lengths are chosen once, the registers cleared each time. */
function resetSve(vcpu: KvmVcpu): void {
  const { arch, kvm } = vcpu;
  if (arch.sve?.registers) arch.sve.registers.fill(0);
  else if (vcpuHasFeature(vcpu, KVM_ARM_VCPU_SVE))
    arch.sve = { maxVq: Math.max(...kvm.host.options.cpu.sveVectorQuadwords), registers: undefined };
}

/** kvm_reset_vcpu(): everything as after power-on; then what PSCI CPU_ON asked for, if it did. */
export function kvmResetVcpu(vcpu: KvmVcpu): void {
  const { arch } = vcpu;
  const { resetState } = arch;
  arch.resetState = undefined;
  resetSve(vcpu);
  new Uint8Array(arch.regs.buffer).fill(0);
  const pstate = vcpuEl1Is32bit(vcpu) ? VCPU_RESET_PSTATE_SVC : VCPU_RESET_PSTATE_EL1;
  arch.regs.setBigUint64(REG_PSTATE, pstate, true);
  kvmResetSysRegs(vcpu);
  if (resetState) startAt(vcpu, resetState.pc, resetState.r0, resetState.bigEndian);
  kvmTimerVcpuReset(vcpu);
}

/** The entry point, context and byte order that CPU_ON's caller gave; an odd entry point is Thumb's. */
function startAt(vcpu: KvmVcpu, pc: bigint, r0: bigint, bigEndian: boolean): void {
  const { regs, sysRegs } = vcpu.arch;
  const pstate = regs.getBigUint64(REG_PSTATE, true);
  const is32Bit = (pstate & PSR_MODE32_BIT) !== 0n;
  const thumb = is32Bit && (pc & 1n) !== 0n;
  if (thumb) regs.setBigUint64(REG_PSTATE, pstate | PSR_AA32_T_BIT, true);
  if (bigEndian && is32Bit) regs.setBigUint64(REG_PSTATE, regs.getBigUint64(REG_PSTATE, true) | PSR_AA32_E_BIT, true);
  if (bigEndian && !is32Bit) sysRegs.set(SYSREG.SCTLR_EL1, (sysRegs.get(SYSREG.SCTLR_EL1) ?? 0n) | SCTLR_ELx_EE);
  regs.setBigUint64(REG_PC, thumb ? pc & ~1n : pc, true);
  regs.setBigUint64(REG_X0, r0, true);
}
