/** Stolen time for the guest: arch/arm64/kvm/pvtime.c. */

import { u64 } from "../../abi/ctypes.ts";
import { EEXIST, EINVAL, ENXIO } from "../../abi/errno.ts";
import { KVM_ARM_VCPU_PVTIME_IPA } from "../../abi/kvm_arm64.ts";
import { PAGE_SHIFT } from "../../hw/memory.ts";
import { getUserStruct, putUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import type { KvmDeviceAttr, KvmVcpu } from "./kvm_host.ts";
import { gfnToHva, kvmWriteGuest } from "./memslots.ts";

/** INVALID_GPA: what an address reads that was never set. */
const INVALID_GPA = 0xffffffffffffffffn;

const noAttr = (name: string) => refuse(ENXIO, `${name}: no such attribute`);

/** kvm_arm_pvtime_set_attr() */
export function kvmArmPvtimeSetAttr(task: Task, vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  if (attr.attr !== KVM_ARM_VCPU_PVTIME_IPA) return noAttr("kvm_arm_pvtime_set_attr");
  const ipa = getUserStruct(task, u64, attr.addr);
  if (typeof ipa === "number") return ipa;
  if (ipa % 64n) return refuse(EINVAL, "kvm_arm_pvtime_set_attr: the address is not a multiple of 64");
  if (vcpu.arch.stealBase !== undefined) return refuse(EEXIST, "kvm_arm_pvtime_set_attr: the address is already set");
  if (gfnToHva(vcpu.kvm, Number(ipa >> BigInt(PAGE_SHIFT))) === undefined)
    return refuse(EINVAL, "kvm_arm_pvtime_set_attr: the address is in no memslot that can be written");
  vcpu.arch.stealBase = ipa;
  return 0;
}

/** kvm_arm_pvtime_get_attr() */
export function kvmArmPvtimeGetAttr(task: Task, vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  if (attr.attr !== KVM_ARM_VCPU_PVTIME_IPA) return noAttr("kvm_arm_pvtime_get_attr");
  return putUserStruct(task, attr.addr, u64, vcpu.arch.stealBase ?? INVALID_GPA);
}

/** kvm_arm_pvtime_has_attr() */
export function kvmArmPvtimeHasAttr(_task: Task, _vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  return attr.attr === KVM_ARM_VCPU_PVTIME_IPA ? 0 : noAttr("kvm_arm_pvtime_has_attr");
}

/** struct pvclock_vcpu_stolen_time: revision, attributes, nanoseconds, and room up to 64 bytes. */
const STOLEN_TIME_SIZE = 64;
const STOLEN_TIME_OFFSET = 8;

/** kvm_init_stolen_time(): begins anew, and tells the guest where it is; undefined where user space has set no address. */
export function kvmInitStolenTime(vcpu: KvmVcpu): bigint | undefined {
  const { arch, kvm } = vcpu;
  if (arch.stealBase === undefined) return undefined;
  arch.stealNs = 0n;
  kvmWriteGuest(kvm, Number(arch.stealBase), new Uint8Array(STOLEN_TIME_SIZE), vcpu);
  return arch.stealBase;
}

/** kvm_update_stolen_time(): after a wait for a CPU. */
export function kvmUpdateStolenTime(vcpu: KvmVcpu, waitedNs: bigint): void {
  const { arch, kvm } = vcpu;
  if (arch.stealBase === undefined) return;
  arch.stealNs += waitedNs;
  const bytes = new Uint8Array(BigUint64Array.of(arch.stealNs).buffer);
  kvmWriteGuest(kvm, Number(arch.stealBase) + STOLEN_TIME_OFFSET, bytes, vcpu);
}
