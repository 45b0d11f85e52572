/** Exceptions that KVM gives the guest: arch/arm64/kvm/inject_fault.c, and their entry, hyp/exception.c. */

import {
  ESR_ELx_EC_DABT_LOW,
  ESR_ELx_EC_IABT_LOW,
  ESR_ELx_EC_SHIFT,
  ESR_ELx_FSC_ADDRSZ,
  ESR_ELx_FSC_EXTABT,
  ESR_ELx_IL,
  ESR_ELx_ISV,
  esrClass,
} from "../../abi/esr.ts";
import {
  PSR_A_BIT,
  PSR_D_BIT,
  PSR_DIT_BIT,
  PSR_F_BIT,
  PSR_I_BIT,
  PSR_MODE_EL0t,
  PSR_MODE_EL1h,
  PSR_MODE_EL1t,
  PSR_MODE_MASK,
  PSR_MODE32_BIT,
  PSR_PAN_BIT,
  PSR_SSBS_BIT,
  PSR_TCO_BIT,
} from "../../abi/ptrace.ts";
import { SYSREG } from "../../abi/sysreg.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import {
  vcpuCpsr,
  vcpuPc,
  vcpuReadSysReg,
  vcpuSaveForException,
  vcpuSetCpsr,
  vcpuSetPc,
  vcpuWriteSysReg,
} from "./regs.ts";

/** Offsets in the vector table: where the exception comes from, then its kind. */
const CURRENT_EL_SP_EL0_VECTOR = 0x0;
const CURRENT_EL_SP_ELx_VECTOR = 0x200;
const LOWER_EL_AArch64_VECTOR = 0x400;
const LOWER_EL_AArch32_VECTOR = 0x600;
export const EXCEPT_TYPE_SYNC = 0x0;

const SCTLR_ELx_SPAN = 1n << 23n;
const SCTLR_ELx_DSSBS = 1n << 44n;
const PSR_NZCV = 0xf0000000n;

/** Whether the guest is at EL0, or in AArch32 user mode. */
function fromEl0(vcpu: KvmVcpu): boolean {
  const pstate = vcpuCpsr(vcpu);
  return (pstate & PSR_MODE32_BIT) !== 0n || (pstate & PSR_MODE_MASK) === PSR_MODE_EL0t;
}

/** Writes ESR_EL1 as the kernel's arithmetic has it. */
function setEsr(vcpu: KvmVcpu, syndrome: number): void {
  const value =
    vcpu.kvm.abi.injectedEsr === "sign-extended" ? BigInt.asUintN(64, BigInt(syndrome | 0)) : BigInt(syndrome >>> 0);
  vcpuWriteSysReg(vcpu, SYSREG.ESR_EL1, value);
}

/** inject_abt64(): a synchronous external abort; the guest's ESR and FAR tell of it at once. */
function injectAbt64(vcpu: KvmVcpu, instruction: boolean, address: bigint, status: number): void {
  const { arch } = vcpu;
  const low = instruction ? ESR_ELx_EC_IABT_LOW : ESR_ELx_EC_DABT_LOW;
  const exceptionClass = fromEl0(vcpu) ? low : low + 1;
  arch.pendingException = EXCEPT_TYPE_SYNC;
  vcpuWriteSysReg(vcpu, SYSREG.FAR_EL1, address);
  setEsr(vcpu, (exceptionClass << ESR_ELx_EC_SHIFT) | (arch.fault.esr & ESR_ELx_IL) | status);
}

/** kvm_inject_dabt() */
export function kvmInjectDabt(vcpu: KvmVcpu, address: bigint): void {
  injectAbt64(vcpu, false, address, ESR_ELx_FSC_EXTABT);
}

/** kvm_inject_pabt() */
export function kvmInjectPabt(vcpu: KvmVcpu, address: bigint): void {
  injectAbt64(vcpu, true, address, ESR_ELx_FSC_EXTABT);
}

/** kvm_inject_size_fault(): the address is beyond what the guest's tables can name, at level 0. */
export function kvmInjectSizeFault(vcpu: KvmVcpu): void {
  const { fault } = vcpu.arch;
  const instruction = esrClass(fault.esr) === ESR_ELx_EC_IABT_LOW;
  const address = (((fault.hpfar & ~0xfn) << 8n) & ~0xfffn) | (fault.far & 0xfffn);
  injectAbt64(vcpu, instruction, address, ESR_ELx_FSC_ADDRSZ);
}

/** kvm_inject_undefined(): the trapped instruction does not exist for this guest. */
export function kvmInjectUndefined(vcpu: KvmVcpu): void {
  vcpu.arch.pendingException = EXCEPT_TYPE_SYNC;
  setEsr(vcpu, vcpu.arch.fault.esr & ESR_ELx_IL);
}

/** kvm_set_sei_esr(): a virtual SError with a syndrome of user space's choice. */
export function kvmSetSeiEsr({ arch }: KvmVcpu, syndrome: bigint): void {
  arch.vsesr = syndrome;
  arch.virtualSerror = true;
}

/** kvm_inject_vabt(): a virtual SError without a syndrome that means anything. */
export function kvmInjectVabt(vcpu: KvmVcpu): void {
  kvmSetSeiEsr(vcpu, BigInt(ESR_ELx_ISV));
}

/** kvm_incr_pc(): the trapped instruction is done. */
export function kvmIncrPc({ arch }: KvmVcpu): void {
  arch.incrementPc = true;
}

function vectorOffset(pstate: bigint): number {
  if (pstate & PSR_MODE32_BIT) return LOWER_EL_AArch32_VECTOR;
  const mode = pstate & PSR_MODE_MASK;
  if (mode === PSR_MODE_EL1h) return CURRENT_EL_SP_ELx_VECTOR;
  return mode === PSR_MODE_EL1t ? CURRENT_EL_SP_EL0_VECTOR : LOWER_EL_AArch64_VECTOR;
}

/** enter_exception64(): to EL1, as AArch64.TakeException has it. */
function enterException64(vcpu: KvmVcpu, type: number): void {
  const sctlr = vcpuReadSysReg(vcpu, SYSREG.SCTLR_EL1);
  const old = vcpuCpsr(vcpu);
  let pstate = (old & (PSR_NZCV | PSR_DIT_BIT | PSR_PAN_BIT)) | PSR_D_BIT | PSR_A_BIT | PSR_I_BIT | PSR_F_BIT;
  if (vcpu.kvm.arch.mteEnabled) pstate |= PSR_TCO_BIT;
  if (!(sctlr & SCTLR_ELx_SPAN)) pstate |= PSR_PAN_BIT;
  if (sctlr & SCTLR_ELx_DSSBS) pstate |= PSR_SSBS_BIT;
  const vector = vcpuReadSysReg(vcpu, SYSREG.VBAR_EL1) + BigInt(vectorOffset(old) + type);
  vcpuSaveForException(vcpu, vcpuPc(vcpu), old);
  vcpuSetPc(vcpu, vector);
  vcpuSetCpsr(vcpu, pstate | PSR_MODE_EL1h);
}

const PSR_BTYPE_AND_SS = 0x00200c00n;

/** kvm_skip_instr() */
function kvmSkipInstr(vcpu: KvmVcpu): void {
  vcpuSetPc(vcpu, vcpuPc(vcpu) + 4n);
  vcpuSetCpsr(vcpu, vcpuCpsr(vcpu) & ~PSR_BTYPE_AND_SS);
}

/** __kvm_adjust_pc(): before the guest runs or user space looks: an exception is taken, or else the PC moves on. */
export function kvmAdjustPc(vcpu: KvmVcpu): void {
  const { arch } = vcpu;
  if (arch.pendingException !== undefined) enterException64(vcpu, arch.pendingException);
  else if (arch.incrementPc) kvmSkipInstr(vcpu);
  arch.pendingException = undefined;
  arch.incrementPc = false;
}
