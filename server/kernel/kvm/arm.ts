/** What arm64 adds to creating VMs and vCPUs (arch/arm64/kvm/arm.c); its capabilities are in capabilities.ts and enable_cap.ts. */

import { EBUSY, EINVAL, ENXIO } from "../../abi/errno.ts";
import { KVM_VM_TYPE_ARM_IPA_SIZE_MASK, KVM_VM_TYPE_ARM_PROTECTED, kvm_device_attr } from "../../abi/kvm.ts";
import { KVM_ARM_VM_SMCCC_CTRL } from "../../abi/kvm_arm64.ts";
import { getUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { kvmTimerVcpuInit } from "./arch_timer.ts";
import { kvmIpaLimit } from "./capabilities.ts";
import { kvmArmTeardownHypercalls, kvmVmSmcccHasAttr, kvmVmSmcccSetAttr } from "./hypercalls.ts";
import { KVM_PHYS_SHIFT } from "./kvm_arch.ts";
import type { Kvm, KvmDeviceAttr, KvmVcpu } from "./kvm_host.ts";
import { irqchipInKernel, vgicInitialized } from "./vgic/vgic.ts";
import { kvmVgicDestroy, kvmVgicVcpuInit } from "./vgic/vgic_init.ts";
import { vgicUnregisterRedistIodev } from "./vgic/vgic_mmio_v3.ts";

/** The smallest IPA size that KVM_CREATE_VM takes. */
const ARM64_MIN_PARANGE_BITS = 32;

/** kvm_init_ipa_range(): the bits of the IPA space that KVM_CREATE_VM's machine type asks for, or -EINVAL. */
export function kvmInitIpaRange(task: Task, type: bigint): number {
  const { pkvm, pkvmFilters } = task.abi;
  const known = KVM_VM_TYPE_ARM_IPA_SIZE_MASK | (pkvm && pkvmFilters ? KVM_VM_TYPE_ARM_PROTECTED : 0n);
  if (type & ~known) {
    return refuse(EINVAL, "kvm_init_ipa_range: only the IPA size can be chosen, and on a protected host protection");
  }
  if (pkvm && pkvmFilters) return kvmIpaLimit(task);
  const bits = Number(type) || KVM_PHYS_SHIFT;
  if (bits < ARM64_MIN_PARANGE_BITS || bits > kvmIpaLimit(task)) {
    return refuse(EINVAL, "kvm_init_ipa_range: the IPA size is below 32 bits or above KVM_CAP_ARM_VM_IPA_SIZE");
  }
  return bits;
}

/** kvm_arch_vcpu_precreate() */
export function kvmArchVcpuPrecreate(kvm: Kvm, vcpuId: number): number {
  if (irqchipInKernel(kvm) && vgicInitialized(kvm)) {
    return refuse(EBUSY, "kvm_arch_vcpu_precreate: the VGIC is initialized, which fixes the number of vCPUs");
  }
  if (vcpuId >= kvm.maxVcpus) return refuse(EINVAL, "kvm_arch_vcpu_precreate: the id is beyond the VM's limit");
  return 0;
}

/** kvm_arch_vcpu_create() */
export function kvmArchVcpuCreate(vcpu: KvmVcpu): number {
  kvmTimerVcpuInit(vcpu.kvm);
  vcpu.kvm.arch.mpidrData = undefined;
  return kvmVgicVcpuInit(vcpu);
}

/** kvm_arch_vcpu_destroy() */
export function kvmArchVcpuDestroy(vcpu: KvmVcpu): void {
  vgicUnregisterRedistIodev(vcpu);
}

/** kvm_arch_destroy_vm(), before the vCPUs go. */
export function kvmArchDestroyVm(kvm: Kvm): void {
  kvmVgicDestroy(kvm);
  kvmArmTeardownHypercalls(kvm);
}

/** An attribute of the VM: the SMCCC filter is the only group. */
function withVmAttr(access: (task: Task, kvm: Kvm, attr: KvmDeviceAttr) => number) {
  return (task: Task, kvm: Kvm, arg: bigint): number => {
    const attr = getUserStruct(task, kvm_device_attr, arg);
    if (typeof attr === "number") return attr;
    if (attr.group === KVM_ARM_VM_SMCCC_CTRL) return access(task, kvm, attr);
    return refuse(ENXIO, "kvm_arm_vm_set_attr: unknown group of attributes");
  };
}

/** KVM_SET_DEVICE_ATTR on a VM */
export const kvmArmVmSetAttr = withVmAttr(kvmVmSmcccSetAttr);
/** KVM_HAS_DEVICE_ATTR on a VM */
export const kvmArmVmHasAttr = withVmAttr(kvmVmSmcccHasAttr);
