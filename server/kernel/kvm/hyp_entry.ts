/** The vectors that a guest's exceptions come in by: arch/arm64/kvm/hyp/hyp-entry.S. */

import { ESR_ELx_EC_HVC64, esrClass } from "../../abi/esr.ts";
import * as smccc from "../../abi/psci.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { vcpuGetReg, vcpuSetReg } from "./regs.ts";

/**
 * el1_sync: a guest's HVC for a workaround returns from the vector, as getting there was the workaround. No exit is
 * counted; x0 is the answer, and x1, in which the number was compared, is zero by then.
 */
export function el1Sync(vcpu: KvmVcpu, esr: number): boolean {
  if (esrClass(esr) !== ESR_ELx_EC_HVC64 || !isWorkaround(vcpu)) return false;
  vcpuSetReg(vcpu, 0, 0n);
  vcpuSetReg(vcpu, 1, 0n);
  return true;
}

function isWorkaround(vcpu: KvmVcpu): boolean {
  switch (Number(BigInt.asUintN(32, vcpuGetReg(vcpu, 0)))) {
    case smccc.ARM_SMCCC_ARCH_WORKAROUND_1:
    case smccc.ARM_SMCCC_ARCH_WORKAROUND_2:
      return true;
    case smccc.ARM_SMCCC_ARCH_WORKAROUND_3:
      return vcpu.kvm.abi.smcccBitmaps;
  }
  return false;
}
