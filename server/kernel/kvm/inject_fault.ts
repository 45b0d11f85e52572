/** Exceptions that KVM gives the guest: arch/arm64/kvm/inject_fault.c, and their entry, hyp/exception.c. */

import {
  ESR_ELx_EC_DABT_CUR,
  ESR_ELx_EC_DABT_LOW,
  ESR_ELx_EC_SHIFT,
  ESR_ELx_FSC_EXTABT,
  ESR_ELx_IL,
  ESR_ELx_ISV,
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
import { REG_ELR_EL1, REG_PC, REG_PSTATE, REG_SPSR_EL1 } from "./regs.ts";

/** Offsets in the vector table: where the exception comes from, then its kind. */
const CURRENT_EL_SP_EL0_VECTOR = 0x0;
const CURRENT_EL_SP_ELx_VECTOR = 0x200;
const LOWER_EL_AArch64_VECTOR = 0x400;
const LOWER_EL_AArch32_VECTOR = 0x600;
export const EXCEPT_TYPE_SYNC = 0x0;

const SCTLR_ELx_SPAN = 1n << 23n;
const SCTLR_ELx_DSSBS = 1n << 44n;
const PSR_NZCV = 0xf0000000n;

/** kvm_inject_dabt(): a synchronous external abort; the guest's ESR and FAR tell of it at once. */
export function kvmInjectDabt(vcpu: KvmVcpu, address: bigint): void {
  const { arch } = vcpu;
  const pstate = arch.regs.getBigUint64(REG_PSTATE, true);
  const fromEl0 = (pstate & PSR_MODE32_BIT) !== 0n || (pstate & PSR_MODE_MASK) === PSR_MODE_EL0t;
  const exceptionClass = fromEl0 ? ESR_ELx_EC_DABT_LOW : ESR_ELx_EC_DABT_CUR;
  const syndrome = (exceptionClass << ESR_ELx_EC_SHIFT) | (arch.fault.esr & ESR_ELx_IL) | ESR_ELx_FSC_EXTABT;
  arch.pendingException = EXCEPT_TYPE_SYNC;
  arch.sysRegs.set(SYSREG.FAR_EL1, address);
  arch.sysRegs.set(SYSREG.ESR_EL1, BigInt(syndrome >>> 0));
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
function enterException64({ arch, kvm }: KvmVcpu, type: number): void {
  const { regs, sysRegs } = arch;
  const sctlr = sysRegs.get(SYSREG.SCTLR_EL1) ?? 0n;
  const old = regs.getBigUint64(REG_PSTATE, true);
  let pstate = (old & (PSR_NZCV | PSR_DIT_BIT | PSR_PAN_BIT)) | PSR_D_BIT | PSR_A_BIT | PSR_I_BIT | PSR_F_BIT;
  if (kvm.arch.mteEnabled) pstate |= PSR_TCO_BIT;
  if (!(sctlr & SCTLR_ELx_SPAN)) pstate |= PSR_PAN_BIT;
  if (sctlr & SCTLR_ELx_DSSBS) pstate |= PSR_SSBS_BIT;
  const vector = (sysRegs.get(SYSREG.VBAR_EL1) ?? 0n) + BigInt(vectorOffset(old) + type);
  regs.setBigUint64(REG_ELR_EL1, regs.getBigUint64(REG_PC, true), true);
  regs.setBigUint64(REG_SPSR_EL1, old, true);
  regs.setBigUint64(REG_PC, vector, true);
  regs.setBigUint64(REG_PSTATE, pstate | PSR_MODE_EL1h, true);
}

const PSR_BTYPE_AND_SS = 0x00200c00n;

/** kvm_skip_instr() */
function kvmSkipInstr({ regs }: KvmVcpu["arch"]): void {
  regs.setBigUint64(REG_PC, regs.getBigUint64(REG_PC, true) + 4n, true);
  regs.setBigUint64(REG_PSTATE, regs.getBigUint64(REG_PSTATE, true) & ~PSR_BTYPE_AND_SS, true);
}

/** __kvm_adjust_pc(): before the guest runs or user space looks: an exception is taken, or else the PC moves on. */
export function kvmAdjustPc(vcpu: KvmVcpu): void {
  const { arch } = vcpu;
  if (arch.pendingException !== undefined) enterException64(vcpu, arch.pendingException);
  else if (arch.incrementPc) kvmSkipInstr(arch);
  arch.pendingException = undefined;
  arch.incrementPc = false;
}
