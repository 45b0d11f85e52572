/** Where the core registers lie in a vCPU's struct kvm_regs: asm/kvm_emulate.h. */

import { kvm_regs } from "../../abi/kvm_arm64.ts";
import type { KvmVcpu } from "./kvm_host.ts";

export const REG_X0 = kvm_regs.offsetof("regs.regs");
export const REG_PC = kvm_regs.offsetof("regs.pc");
export const REG_PSTATE = kvm_regs.offsetof("regs.pstate");
export const REG_ELR_EL1 = kvm_regs.offsetof("elr_el1");
export const REG_SPSR_EL1 = kvm_regs.offsetof("spsr");

/** vcpu_get_reg(): register 31 reads zero. */
export function vcpuGetReg({ arch }: KvmVcpu, n: number): bigint {
  return n === 31 ? 0n : arch.regs.getBigUint64(REG_X0 + 8 * n, true);
}

/** vcpu_set_reg(): writes to register 31 go nowhere. */
export function vcpuSetReg({ arch }: KvmVcpu, n: number, value: bigint): void {
  if (n !== 31) arch.regs.setBigUint64(REG_X0 + 8 * n, value, true);
}

/** vcpu_pc() */
export function vcpuPc({ arch }: KvmVcpu): bigint {
  return arch.regs.getBigUint64(REG_PC, true);
}

/** vcpu_cpsr() */
export function vcpuCpsr({ arch }: KvmVcpu): bigint {
  return arch.regs.getBigUint64(REG_PSTATE, true);
}
