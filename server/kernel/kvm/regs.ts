/** A vCPU's registers, on the core that has them loaded or in memory: asm/kvm_emulate.h, and vcpu_read_sys_reg() of sys_regs.c. */

import { kvm_regs } from "../../abi/kvm_arm64.ts";
import { SYSREG } from "../../abi/sysreg.ts";
import type { KvmVcpu } from "./kvm_host.ts";

export const REG_X0 = kvm_regs.offsetof("regs.regs");
export const REG_SP_EL0 = kvm_regs.offsetof("regs.sp");
export const REG_PC = kvm_regs.offsetof("regs.pc");
export const REG_PSTATE = kvm_regs.offsetof("regs.pstate");
export const REG_SP_EL1 = kvm_regs.offsetof("sp_el1");
export const REG_ELR_EL1 = kvm_regs.offsetof("elr_el1");
export const REG_SPSR_EL1 = kvm_regs.offsetof("spsr");
export const REG_V0 = kvm_regs.offsetof("fp_regs.vregs");
export const REG_FPSR = kvm_regs.offsetof("fp_regs.fpsr");
export const REG_FPCR = kvm_regs.offsetof("fp_regs.fpcr");

/** vcpu_get_reg(): register 31 reads zero. */
export function vcpuGetReg({ arch: { core, regs } }: KvmVcpu, n: number): bigint {
  if (n === 31) return 0n;
  return core ? core.x(n) : regs.getBigUint64(REG_X0 + 8 * n, true);
}

/** vcpu_set_reg(): writes to register 31 go nowhere. */
export function vcpuSetReg({ arch: { core, regs } }: KvmVcpu, n: number, value: bigint): void {
  if (n === 31) return;
  if (core) core.setX(n, BigInt.asUintN(64, value));
  else regs.setBigUint64(REG_X0 + 8 * n, value, true);
}

/** vcpu_pc() */
export function vcpuPc({ arch: { core, regs } }: KvmVcpu): bigint {
  return core ? core.pc : regs.getBigUint64(REG_PC, true);
}

/** Writes *vcpu_pc(). */
export function vcpuSetPc({ arch: { core, regs } }: KvmVcpu, pc: bigint): void {
  if (core) core.pc = BigInt.asUintN(64, pc);
  else regs.setBigUint64(REG_PC, pc, true);
}

/** vcpu_cpsr() */
export function vcpuCpsr({ arch: { core, regs } }: KvmVcpu): bigint {
  return core ? BigInt(core.pstate >>> 0) : regs.getBigUint64(REG_PSTATE, true);
}

/** Writes *vcpu_cpsr(). */
export function vcpuSetCpsr({ arch: { core, regs } }: KvmVcpu, pstate: bigint): void {
  if (core) core.pstate = Number(BigInt.asUintN(32, pstate));
  else regs.setBigUint64(REG_PSTATE, pstate, true);
}

/** __vcpu_write_spsr(), and ELR_EL1 beside it: what an exception to EL1 saves. */
export function vcpuSaveForException({ arch: { core, regs } }: KvmVcpu, pc: bigint, pstate: bigint): void {
  if (core) {
    core.elrEl1 = pc;
    core.spsrEl1 = pstate;
    return;
  }
  regs.setBigUint64(REG_ELR_EL1, pc, true);
  regs.setBigUint64(REG_SPSR_EL1, pstate, true);
}

/**
 * The registers that the guest accesses without a trap, so that a core has them while the vCPU is loaded:
 * hyp/sysreg-sr.h: __sysreg_save_el1_state() and what stands around it. The others are in `arch.sysRegs` always.
 */
export const SWITCHED_SYSREGS: readonly number[] = (
  [
    "SCTLR_EL1",
    "CPACR_EL1",
    "TTBR0_EL1",
    "TTBR1_EL1",
    "TCR_EL1",
    "ESR_EL1",
    "AFSR0_EL1",
    "AFSR1_EL1",
    "FAR_EL1",
    "PAR_EL1",
    "MAIR_EL1",
    "AMAIR_EL1",
    "VBAR_EL1",
    "DISR_EL1",
    "CONTEXTIDR_EL1",
    "TPIDR_EL1",
    "TPIDR_EL0",
    "TPIDRRO_EL0",
    "CNTKCTL_EL1",
    "CNTV_CTL_EL0",
    "CNTV_CVAL_EL0",
    "CNTP_CTL_EL0",
    "CNTP_CVAL_EL0",
    "RGSR_EL1",
    "GCR_EL1",
    "TFSR_EL1",
    "TFSRE0_EL1",
    "APIAKEYLO_EL1",
    "APIAKEYHI_EL1",
    "APIBKEYLO_EL1",
    "APIBKEYHI_EL1",
    "APDAKEYLO_EL1",
    "APDAKEYHI_EL1",
    "APDBKEYLO_EL1",
    "APDBKEYHI_EL1",
    "APGAKEYLO_EL1",
    "APGAKEYHI_EL1",
  ] as const
).map((name) => SYSREG[name]);
const inCore: ReadonlySet<number> = new Set(SWITCHED_SYSREGS);

/** vcpu_read_sys_reg(): of a register that the guest reads itself, the core has the value while it is loaded there. */
export function vcpuReadSysReg({ arch: { core, sysRegs } }: KvmVcpu, encoding: number): bigint {
  return core && inCore.has(encoding) ? core.sysReg(encoding) : (sysRegs.get(encoding) ?? 0n);
}

/** vcpu_write_sys_reg() */
export function vcpuWriteSysReg({ arch: { core, sysRegs } }: KvmVcpu, encoding: number, value: bigint): void {
  if (core && inCore.has(encoding)) core.setSysReg(encoding, value);
  else sysRegs.set(encoding, value);
}
