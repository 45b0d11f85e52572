/** vCPUs by their MPIDR_EL1: kvm_mpidr_to_vcpu() and the table before it (arch/arm64/kvm/arm.c). */

import { SYSREG } from "../../abi/sysreg.ts";
import type { Kvm, KvmVcpu } from "./kvm_host.ts";

export const MPIDR_HWID_BITMASK = 0xff_00ff_ffffn;
/** The table is one page: beyond so many distinguishing bits there is none. */
const MPIDR_DATA_MAX_BITS = 10;

/** struct kvm_mpidr_data: vCPUs by those bits of an affinity in which they differ. */
export interface KvmMpidrData {
  readonly mask: bigint;
  readonly vcpus: ReadonlyMap<bigint, KvmVcpu>;
}

/** kvm_vcpu_get_mpidr_aff(): a vCPU's affinity, which is 0 before KVM_ARM_VCPU_INIT. */
export function kvmVcpuGetMpidrAff(vcpu: KvmVcpu): bigint {
  return (vcpu.arch.sysRegs.get(SYSREG.MPIDR_EL1) ?? 0n) & MPIDR_HWID_BITMASK;
}

/**
 * kvm_init_mpidr_data(): made when a vCPU first runs and there are several, of affinities as they are then. Of vCPUs
 * with the same one, as those are that were not initialized yet, the last is in the table.
 */
export function kvmInitMpidrData(kvm: Kvm): void {
  if (!kvm.abi.mpidrData || kvm.arch.mpidrData || kvm.vcpus.length === 1) return;
  let set = 0n;
  let clear = MPIDR_HWID_BITMASK;
  for (const vcpu of kvm.vcpus) {
    set |= kvmVcpuGetMpidrAff(vcpu);
    clear &= kvmVcpuGetMpidrAff(vcpu);
  }
  const mask = set ^ clear;
  if (mask.toString(2).replaceAll("0", "").length > MPIDR_DATA_MAX_BITS) return;
  kvm.arch.mpidrData = { mask, vcpus: new Map(kvm.vcpus.map((vcpu) => [kvmVcpuGetMpidrAff(vcpu) & mask, vcpu])) };
}

/** kvm_mpidr_to_vcpu(): the table's vCPU where it still has that affinity, otherwise the first that has. */
export function kvmMpidrToVcpu(kvm: Kvm, mpidr: bigint): KvmVcpu | undefined {
  const affinity = mpidr & MPIDR_HWID_BITMASK;
  const data = kvm.arch.mpidrData;
  const known = data?.vcpus.get(affinity & data.mask);
  if (known && kvmVcpuGetMpidrAff(known) === affinity) return known;
  return kvm.vcpus.find((vcpu) => kvmVcpuGetMpidrAff(vcpu) === affinity);
}
