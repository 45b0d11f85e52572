/** /dev/kvm: virt/kvm/kvm_main.c: kvm_dev_ioctl(). The other descriptors are in vm.ts, vcpu.ts and device.ts. */

import { u64 } from "../../abi/ctypes.ts";
import { EINVAL, EOPNOTSUPP } from "../../abi/errno.ts";
import { _IO, _IOW, type FdKind } from "../../abi/ioctl.ts";
import { KVM_API_VERSION, KVMIO } from "../../abi/kvm.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import { File } from "../fs/file.ts";
import type { Host } from "../host.ts";
import type { Task } from "../process.ts";
import { refuse, type SyscallResult } from "../refuse.ts";
import { kvmVmIoctlCheckExtension } from "./capabilities.ts";
import { type Handlers, ioctlSwitch } from "./dispatch.ts";
import { kvmDevIoctlCreateVm } from "./vm.ts";

/** struct kvm_run and the coalesced MMIO ring; a dirty ring is not counted. */
const KVM_VCPU_MMAP_SIZE = 2 * PAGE_SIZE;

/** KVM_TRACE_ENABLE, _PAUSE and _DISABLE of an interface that is long gone. */
const TRACE_REQUESTS: readonly number[] = [_IOW(KVMIO, 6, u64), _IO(KVMIO, 7), _IO(KVMIO, 8)];

/** A request whose argument must be zero. */
const withoutArgument = (value: number) => (_task: Task, _host: Host, arg: bigint) =>
  arg === 0n ? value : refuse(EINVAL, "kvm_dev_ioctl: the request takes no argument");

const SYSTEM_IOCTLS: Handlers<Host> = {
  KVM_GET_API_VERSION: withoutArgument(KVM_API_VERSION),
  KVM_CREATE_VM: (task, _host, arg) => kvmDevIoctlCreateVm(task, arg),
  KVM_CHECK_EXTENSION: ({ abi }, host, arg) => kvmVmIoctlCheckExtension({ host, abi, kvm: undefined }, arg),
  KVM_GET_VCPU_MMAP_SIZE: withoutArgument(KVM_VCPU_MMAP_SIZE),
};
const systemIoctl = ioctlSwitch("system", SYSTEM_IOCTLS);

/** An open /dev/kvm; what it was opened for does not matter. */
class KvmDevFile extends File {
  readonly name = "/dev/kvm";
  override readonly takesPread = true;
  override readonly takesPwrite = true;

  override get kind(): FdKind {
    return "system";
  }

  /** kvm_dev_ioctl() */
  override ioctl(task: Task, request: number, arg: bigint): SyscallResult {
    const handler = systemIoctl(task.abi, request);
    if (handler) return handler(task, task.host, arg);
    if (task.abi.traceRequests && TRACE_REQUESTS.includes(request)) {
      return refuse(EOPNOTSUPP, "kvm_dev_ioctl: KVM_TRACE is not supported any more");
    }
    return refuse(EINVAL, "kvm_arch_dev_ioctl: not a request that /dev/kvm takes");
  }
}

/** kvm_init(): gives the host its /dev/kvm. */
export function kvmInit(host: Host): void {
  host.devices.set("/dev/kvm", (_task, flags) => new KvmDevFile(flags));
}
