/** The requests of a vCPU descriptor: kvm_main.c: kvm_vcpu_ioctl() and arm.c: kvm_arch_vcpu_ioctl() as one table. */

import { u64 } from "../../abi/ctypes.ts";
import { EINVAL } from "../../abi/errno.ts";
import { kvm_signal_mask } from "../../abi/kvm.ts";
import { getUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { kvmVcpuIoctlGetStatsFd } from "./binary_stats.ts";
import { type Handlers, ioctlSwitch } from "./dispatch.ts";
import {
  kvmArchVcpuIoctlGetMpstate,
  kvmArchVcpuIoctlGetRegList,
  kvmArchVcpuIoctlGetRegs,
  kvmArchVcpuIoctlSetGuestDebug,
  kvmArchVcpuIoctlSetMpstate,
  kvmArchVcpuIoctlSetRegs,
  kvmArchVcpuIoctlTranslate,
  kvmArmGetReg,
  kvmArmSetReg,
  kvmArmVcpuGetAttr,
  kvmArmVcpuGetEvents,
  kvmArmVcpuHasAttr,
  kvmArmVcpuSetAttr,
  kvmArmVcpuSetEvents,
} from "./guest.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { kvmArchVcpuIoctlVcpuInit, kvmArmVcpuFinalize } from "./reset.ts";
import { kvmArchVcpuIoctlRun } from "./vcpu_run.ts";

/** SIGKILL and SIGSTOP cannot be blocked, so they are dropped from a set. */
const UNBLOCKABLE = (1n << 8n) | (1n << 18n);

/** KVM_SET_SIGNAL_MASK */
function kvmVcpuIoctlSetSigmask(task: Task, vcpu: KvmVcpu, arg: bigint): number {
  if (arg === 0n) {
    vcpu.sigset = undefined;
    return 0;
  }
  const mask = getUserStruct(task, kvm_signal_mask, arg);
  if (typeof mask === "number") return mask;
  if (mask.len !== u64.size) return refuse(EINVAL, "kvm_vcpu_ioctl: len must be the size of a sigset");
  const sigset = getUserStruct(task, u64, arg + BigInt(kvm_signal_mask.size));
  if (typeof sigset === "number") return sigset;
  vcpu.sigset = sigset & ~UNBLOCKABLE;
  return 0;
}

/** Handlers of the requests on a vCPU descriptor; each runs with the vCPU's mutex held. */
export const VCPU_IOCTLS: Handlers<KvmVcpu> = {
  KVM_SET_SIGNAL_MASK: kvmVcpuIoctlSetSigmask,
  KVM_GET_STATS_FD: kvmVcpuIoctlGetStatsFd,
  KVM_RUN: kvmArchVcpuIoctlRun,
  KVM_GET_REGS: kvmArchVcpuIoctlGetRegs,
  KVM_SET_REGS: kvmArchVcpuIoctlSetRegs,
  KVM_GET_SREGS: kvmArchVcpuIoctlGetRegs,
  KVM_SET_SREGS: kvmArchVcpuIoctlGetRegs,
  KVM_GET_FPU: kvmArchVcpuIoctlGetRegs,
  KVM_SET_FPU: kvmArchVcpuIoctlGetRegs,
  KVM_TRANSLATE: kvmArchVcpuIoctlTranslate,
  KVM_GET_MP_STATE: kvmArchVcpuIoctlGetMpstate,
  KVM_SET_MP_STATE: kvmArchVcpuIoctlSetMpstate,
  KVM_SET_GUEST_DEBUG: kvmArchVcpuIoctlSetGuestDebug,
  KVM_GET_VCPU_EVENTS: kvmArmVcpuGetEvents,
  KVM_SET_VCPU_EVENTS: kvmArmVcpuSetEvents,
  KVM_ARM_VCPU_INIT: kvmArchVcpuIoctlVcpuInit,
  KVM_ARM_VCPU_FINALIZE: kvmArmVcpuFinalize,
  KVM_GET_ONE_REG: kvmArmGetReg,
  KVM_SET_ONE_REG: kvmArmSetReg,
  KVM_GET_REG_LIST: kvmArchVcpuIoctlGetRegList,
  KVM_SET_DEVICE_ATTR: kvmArmVcpuSetAttr,
  KVM_GET_DEVICE_ATTR: kvmArmVcpuGetAttr,
  KVM_HAS_DEVICE_ATTR: kvmArmVcpuHasAttr,
};

/** The handler of a request on a vCPU descriptor. */
export const vcpuIoctl = ioctlSwitch("vcpu", VCPU_IOCTLS);
