/** Loads and stores that user space finishes: arch/arm64/kvm/mmio.c. */

import { ESR_ELx_S1PTW, ESR_ELx_SAS_SHIFT, ESR_ELx_SRT_SHIFT, ESR_ELx_WNR } from "../../abi/esr.ts";
import { kvm_run } from "../../abi/kvm.ts";
import { PSR_MODE_MASK, PSR_MODE32_BIT } from "../../abi/ptrace.ts";
import { SYSREG } from "../../abi/sysreg.ts";
import { kvmIncrPc } from "./inject_fault.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { vcpuCpsr, vcpuSetReg } from "./regs.ts";

const MMIO_DATA = kvm_run.offsetof("mmio.data");
const PSR_AA32_E_BIT = 0x200n;
const SCTLR_EL1_E0E = 1n << 24n;
const SCTLR_ELx_EE = 1n << 25n;

/** kvm_vcpu_is_be(): whether the guest's data is big-endian where it is now. */
export function kvmVcpuIsBe(vcpu: KvmVcpu): boolean {
  const pstate = vcpuCpsr(vcpu);
  if (pstate & PSR_MODE32_BIT) return (pstate & PSR_AA32_E_BIT) !== 0n;
  const bit = pstate & PSR_MODE_MASK ? SCTLR_ELx_EE : SCTLR_EL1_E0E;
  return ((vcpu.arch.sysRegs.get(SYSREG.SCTLR_EL1) ?? 0n) & bit) !== 0n;
}

/** kvm_mmio_read_buf() and vcpu_data_host_to_guest(): the bytes as the guest's register gets them. */
function readData(vcpu: KvmVcpu, length: number): bigint {
  const bytes = Array.from({ length }, (_, i) => BigInt(vcpu.run.getUint8(MMIO_DATA + i)));
  if (!kvmVcpuIsBe(vcpu)) bytes.reverse();
  return bytes.reduce((value, byte) => (value << 8n) | byte, 0n);
}

/**
 * kvm_handle_mmio_return(): at the next KVM_RUN a load gets its value and the PC moves on, unless an
 * exception is due. The last step, vcpu_data_host_to_guest(), cuts the value to the size of the access,
 * so that a load with sign extension gets zeros above.
 */
export function kvmHandleMmioReturn(vcpu: KvmVcpu): void {
  const { arch } = vcpu;
  if (!arch.mmioNeeded || arch.pendingException !== undefined) return;
  arch.mmioNeeded = false;
  const { esr } = arch.fault;
  const isWrite = (esr & (ESR_ELx_WNR | ESR_ELx_S1PTW)) !== 0;
  if (!isWrite)
    vcpuSetReg(vcpu, (esr >>> ESR_ELx_SRT_SHIFT) & 0x1f, readData(vcpu, 1 << ((esr >>> ESR_ELx_SAS_SHIFT) & 3)));
  kvmIncrPc(vcpu);
}
