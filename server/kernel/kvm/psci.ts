/** Power management calls of the guest: arch/arm64/kvm/psci.c. */

import { KVM_ARM_VCPU_PSCI_0_2 } from "../../abi/kvm_arm64.ts";
import { vcpuHasFeature } from "./kvm_arch.ts";
import type { KvmVcpu } from "./kvm_host.ts";

/** Versions are major << 16 | minor. */
export const KVM_ARM_PSCI_0_1 = 0x1n;
export const KVM_ARM_PSCI_0_2 = 0x2n;
export const KVM_ARM_PSCI_1_0 = 0x10000n;
export const KVM_ARM_PSCI_1_1 = 0x10001n;
export const KVM_ARM_PSCI_1_2 = 0x10002n;
export const KVM_ARM_PSCI_1_3 = 0x10003n;

/** kvm_psci_version(): the version of this vCPU; without its feature there is nothing to choose. */
export function kvmPsciVersion(vcpu: KvmVcpu): bigint {
  if (!vcpuHasFeature(vcpu, KVM_ARM_VCPU_PSCI_0_2)) return KVM_ARM_PSCI_0_1;
  return vcpu.kvm.arch.psciVersion ?? vcpu.kvm.abi.psciLatest;
}
