/** KVM_ENABLE_CAP: kvm_main.c: kvm_vm_ioctl_enable_cap_generic(), then arm.c: kvm_vm_ioctl_enable_cap(). */

import type { CValue } from "../../abi/ctypes.ts";
import { EINVAL } from "../../abi/errno.ts";
import {
  KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE,
  KVM_CAP_ARM_NISV_TO_USER,
  KVM_CAP_ARM_SEA_TO_USER,
  KVM_CAP_ARM_SYSTEM_SUSPEND,
  KVM_CAP_ARM_WRITABLE_IMP_ID_REGS,
  KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
  KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP,
  KVM_CAP_HALT_POLL,
  KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
  KVM_DIRTY_LOG_INITIALLY_SET,
  KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE,
  kvm_enable_cap,
} from "../../abi/kvm.ts";
import { getUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { KVM_SUPPORTED_BLOCK_SIZES, kvmPkvmExtAllowed, systemSupportsMte } from "./capabilities.ts";
import { kvmVmIoctlEnableDirtyLogRing, kvmVmIoctlEnableDirtyLogRingWithBitmap } from "./dirty_ring.ts";
import type { Kvm } from "./kvm_host.ts";

type EnableCap = CValue<typeof kvm_enable_cap>;

const arg0 = (cap: EnableCap) => cap.args[0] as bigint;

/** KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: INITIALLY_SET only together with the protocol itself. */
function enableManualDirtyLogProtect(kvm: Kvm, cap: EnableCap): number {
  let allowed = KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE;
  if (arg0(cap) & KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE) allowed |= KVM_DIRTY_LOG_INITIALLY_SET;
  if (cap.flags || arg0(cap) & ~allowed) {
    return refuse(EINVAL, "kvm_vm_ioctl_enable_cap_generic: args[0] is 0, 1 or 3, and there are no flags");
  }
  kvm.manualDirtyLogProtect = arg0(cap);
  return 0;
}

function enableHaltPoll(kvm: Kvm, cap: EnableCap): number {
  if (cap.flags || arg0(cap) >> 32n) {
    return refuse(EINVAL, "kvm_vm_ioctl_enable_cap_generic: nanoseconds have 32 bits, and there are no flags");
  }
  kvm.maxHaltPollNs = Number(arg0(cap));
  return 0;
}

/** KVM_CAP_ARM_MTE: before the first vCPU; slots may exist and are not looked at again. */
function enableMte(kvm: Kvm): number {
  if (!systemSupportsMte(kvm.host)) return refuse(EINVAL, "kvm_vm_ioctl_enable_cap: the host has no MTE");
  if (kvm.createdVcpus) return refuse(EINVAL, "kvm_vm_ioctl_enable_cap: MTE is enabled before the first vCPU");
  kvm.arch.mteEnabled = true;
  return 0;
}

/** KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE */
function enableEagerSplit(kvm: Kvm, cap: EnableCap): number {
  const size = arg0(cap);
  if (kvm.memslots.size) return refuse(EINVAL, "kvm_vm_ioctl_enable_cap: the chunk size is set before the first slot");
  const isBlockSize = (size & (size - 1n)) === 0n && (size & BigInt(KVM_SUPPORTED_BLOCK_SIZES)) !== 0n;
  if (size !== 0n && !isBlockSize) return refuse(EINVAL, "kvm_vm_ioctl_enable_cap: not a supported block size");
  kvm.arch.splitPageChunkSize = Number(size);
  return 0;
}

/** KVM_CAP_ARM_WRITABLE_IMP_ID_REGS */
function enableWritableImpIdRegs(kvm: Kvm): number {
  if (kvm.createdVcpus) return refuse(EINVAL, "kvm_vm_ioctl_enable_cap: enabled before the first vCPU only");
  kvm.arch.writableImpIdRegs = true;
  return 0;
}

/** KVM_ENABLE_CAP: only the arguments that a capability names are looked at. */
export function kvmVmIoctlEnableCap(task: Task, kvm: Kvm, arg: bigint): number {
  const cap = getUserStruct(task, kvm_enable_cap, arg);
  if (typeof cap === "number") return cap;
  switch (cap.cap) {
    case KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2:
      return enableManualDirtyLogProtect(kvm, cap);
    case KVM_CAP_HALT_POLL:
      return enableHaltPoll(kvm, cap);
    case KVM_CAP_DIRTY_LOG_RING_ACQ_REL:
      if (kvm.abi.capDirtyLogRing) return kvmVmIoctlEnableDirtyLogRing(kvm, arg0(cap));
      break;
    case KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP:
      if (kvm.abi.capDirtyLogRing) return kvmVmIoctlEnableDirtyLogRingWithBitmap(kvm, cap.flags);
      break;
  }
  return enableArm64(kvm, cap);
}

function enableArm64(kvm: Kvm, cap: EnableCap): number {
  const { abi, arch } = kvm;
  if (cap.flags) return refuse(EINVAL, "kvm_vm_ioctl_enable_cap: there are no flags");
  switch (cap.cap) {
    case abi.capArmMte:
      if (!kvmPkvmExtAllowed({ abi, kvm }, "KVM_CAP_ARM_MTE")) break;
      return enableMte(kvm);
    case KVM_CAP_ARM_NISV_TO_USER:
      arch.nisvToUser = true;
      return 0;
    case KVM_CAP_ARM_SYSTEM_SUSPEND:
      if (!abi.capArmSystemSuspend) break;
      arch.systemSuspend = true;
      return 0;
    case KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE:
      if (!abi.capArmEagerSplit) break;
      return enableEagerSplit(kvm, cap);
    case KVM_CAP_ARM_WRITABLE_IMP_ID_REGS:
      if (!abi.capArmWritableImpIdRegs) break;
      return enableWritableImpIdRegs(kvm);
    case KVM_CAP_ARM_SEA_TO_USER:
      if (!abi.capArmSeaToUser) break;
      arch.seaToUser = true;
      return 0;
  }
  return refuse(EINVAL, "kvm_vm_ioctl_enable_cap: not a capability that is enabled on a VM");
}
