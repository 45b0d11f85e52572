/** Loads and stores that somebody else than the CPU finishes, user space above all: arch/arm64/kvm/mmio.c. */

import { ENOSYS } from "../../abi/errno.ts";
import {
  ESR_ELx_CM,
  ESR_ELx_FSC,
  ESR_ELx_ISV,
  ESR_ELx_S1PTW,
  ESR_ELx_SAS_SHIFT,
  ESR_ELx_SF,
  ESR_ELx_SRT_SHIFT,
  ESR_ELx_SSE,
  ESR_ELx_WNR,
} from "../../abi/esr.ts";
import { KVM_EXIT_ARM_NISV, KVM_EXIT_MMIO, kvm_run } from "../../abi/kvm.ts";
import { PSR_MODE_MASK, PSR_MODE32_BIT } from "../../abi/ptrace.ts";
import { SYSREG } from "../../abi/sysreg.ts";
import { refuse } from "../refuse.ts";
import { kvmIncrPc } from "./inject_fault.ts";
import { KVM_MMIO_BUS } from "./io_bus.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { vcpuCpsr, vcpuGetReg, vcpuReadSysReg, vcpuSetReg } from "./regs.ts";

const RUN = {
  exitReason: kvm_run.offsetof("exit_reason"),
  physAddr: kvm_run.offsetof("mmio.phys_addr"),
  data: kvm_run.offsetof("mmio.data"),
  len: kvm_run.offsetof("mmio.len"),
  isWrite: kvm_run.offsetof("mmio.is_write"),
  esrIss: kvm_run.offsetof("arm_nisv.esr_iss"),
  faultIpa: kvm_run.offsetof("arm_nisv.fault_ipa"),
};
const PSR_AA32_E_BIT = 0x200n;
const SCTLR_EL1_E0E = 1n << 24n;
const SCTLR_ELx_EE = 1n << 25n;

/** kvm_vcpu_is_be(): whether the guest's data is big-endian where it is now. */
export function kvmVcpuIsBe(vcpu: KvmVcpu): boolean {
  const pstate = vcpuCpsr(vcpu);
  if (pstate & PSR_MODE32_BIT) return (pstate & PSR_AA32_E_BIT) !== 0n;
  const bit = pstate & PSR_MODE_MASK ? SCTLR_ELx_EE : SCTLR_EL1_E0E;
  return (vcpuReadSysReg(vcpu, SYSREG.SCTLR_EL1) & bit) !== 0n;
}

/** kvm_vcpu_dabt_iswrite() */
const isWrite = (esr: number) => (esr & (ESR_ELx_WNR | ESR_ELx_S1PTW)) !== 0;
/** kvm_vcpu_dabt_get_as() */
const accessSize = (esr: number) => 1 << ((esr >>> ESR_ELx_SAS_SHIFT) & 3);
/** kvm_vcpu_dabt_get_rd() */
const register = (esr: number) => (esr >>> ESR_ELx_SRT_SHIFT) & 0x1f;

/** kvm_mmio_read_buf() and vcpu_data_host_to_guest(): bytes of memory as a register of the guest's gets them. */
function readData(vcpu: KvmVcpu, data: Uint8Array): bigint {
  const bytes = new Uint8Array(8);
  bytes.set(data);
  if (kvmVcpuIsBe(vcpu)) bytes.subarray(0, data.length).reverse();
  return new DataView(bytes.buffer).getBigUint64(0, true);
}

/**
 * kvm_handle_mmio_return(): at the next KVM_RUN a load gets its value and the PC moves on, unless an
 * exception is due. The last step, vcpu_data_host_to_guest(), cuts the value to the size of the access,
 * so that a load with sign extension gets zeros above.
 */
export function kvmHandleMmioReturn(vcpu: KvmVcpu): void {
  const { arch, run } = vcpu;
  if (!arch.mmioNeeded || arch.pendingException !== undefined) return;
  arch.mmioNeeded = false;
  const { esr } = arch.fault;
  const data = () => new Uint8Array(run.buffer, run.byteOffset + RUN.data, accessSize(esr));
  if (!isWrite(esr)) vcpuSetReg(vcpu, register(esr), readData(vcpu, data()));
  kvmIncrPc(vcpu);
}

/** vcpu_data_guest_to_host() and kvm_mmio_write_buf(): a register's bytes as they would lie in memory. */
function writtenData(vcpu: KvmVcpu, length: number): Uint8Array {
  const value = vcpuGetReg(vcpu, register(vcpu.arch.fault.esr));
  const bytes = new Uint8Array(BigUint64Array.of(value).buffer, 0, length);
  return kvmVcpuIsBe(vcpu) ? bytes.reverse() : bytes;
}

/** What a load leaves in its register: with sign extension, up to the register's width. */
function extended(esr: number, value: bigint): bigint {
  if (!(esr & ESR_ELx_SSE)) return value;
  return BigInt.asUintN(esr & ESR_ELx_SF ? 64 : 32, BigInt.asIntN(8 * accessSize(esr), value));
}

/**
 * A load or store of a device's registers that stage 2 maps, which a CPU makes without leaving the guest; here it is
 * made by the syndrome of the fault. False is an external abort, also where the syndrome does not tell enough: for a
 * pair, a vector, an atomic operation.
 */
export function accessDevice(vcpu: KvmVcpu, pa: number): boolean {
  const { board } = vcpu.kvm.host;
  const { esr } = vcpu.arch.fault;
  if (!(esr & ESR_ELx_ISV)) return false;
  const length = accessSize(esr);
  if (isWrite(esr)) {
    if (!board.write(pa, writtenData(vcpu, length))) return false;
  } else {
    const data = board.read(pa, length);
    if (!data) return false;
    vcpuSetReg(vcpu, register(esr), extended(esr, readData(vcpu, data)));
  }
  kvmIncrPc(vcpu);
  return true;
}

/** The access has no syndrome that tells register and size. */
function withoutSyndrome({ arch, kvm, run }: KvmVcpu, ipa: bigint): number {
  if (!kvm.arch.nisvToUser)
    return refuse(
      ENOSYS,
      "io_mem_abort: a load or store without a valid syndrome, and KVM_CAP_ARM_NISV_TO_USER is off",
    );
  run.setUint32(RUN.exitReason, KVM_EXIT_ARM_NISV, true);
  run.setBigUint64(RUN.esrIss, BigInt(arch.fault.esr & (ESR_ELx_CM | ESR_ELx_WNR | ESR_ELx_FSC)), true);
  run.setBigUint64(RUN.faultIpa, ipa, true);
  return 0;
}

/** io_mem_abort(): a device of the kernel's does the access, and the guest goes on (1), or user space has to (0). */
export function ioMemAbort(vcpu: KvmVcpu, ipa: bigint): number {
  const { arch, kvm, run } = vcpu;
  const { esr } = arch.fault;
  if (!(esr & ESR_ELx_ISV)) return withoutSyndrome(vcpu, ipa);
  const length = accessSize(esr);
  const write = isWrite(esr);
  const data = write ? writtenData(vcpu, length) : new Uint8Array(length);
  const bus = kvm.buses.get(KVM_MMIO_BUS);
  const done = write ? bus.write(vcpu, ipa, data) : bus.read(vcpu, ipa, data);
  run.setUint8(RUN.isWrite, write ? 1 : 0);
  run.setBigUint64(RUN.physAddr, ipa, true);
  run.setUint32(RUN.len, length, true);
  arch.mmioNeeded = true;
  if (write !== (done === 0)) new Uint8Array(run.buffer, run.byteOffset + RUN.data, length).set(data);
  if (done === 0) {
    vcpu.stat.mmio_exit_kernel++;
    kvmHandleMmioReturn(vcpu);
    return 1;
  }
  vcpu.stat.mmio_exit_user++;
  run.setUint32(RUN.exitReason, KVM_EXIT_MMIO, true);
  return 0;
}
