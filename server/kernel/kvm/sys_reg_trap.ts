/** What the access of a guest to a trapped system register does: the `access` of arch/arm64/kvm/sys_regs.h. */

import { PSR_MODE_EL0t, PSR_MODE_MASK } from "../../abi/ptrace.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { vcpuCpsr, vcpuReadSysReg, vcpuWriteSysReg } from "./regs.ts";

/** What an access does. A direction that is missing, and a read that answers undefined, is an undefined instruction. */
export interface Trap {
  readonly read?: (vcpu: KvmVcpu) => bigint | undefined;
  /** Answers false where the instruction is undefined. */
  readonly write?: (vcpu: KvmVcpu, value: bigint) => boolean | undefined;
}

/** access_rw(): a register that is nothing but its value. */
export const stored = (encoding: number): Required<Trap> => ({
  read: (vcpu) => vcpuReadSysReg(vcpu, encoding),
  write: (vcpu, value) => {
    vcpuWriteSysReg(vcpu, encoding, value);
    return true;
  },
});

/** Not vcpu_mode_priv() */
export const isEl0 = (vcpu: KvmVcpu): boolean => (vcpuCpsr(vcpu) & PSR_MODE_MASK) === PSR_MODE_EL0t;
