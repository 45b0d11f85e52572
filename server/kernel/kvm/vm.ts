/** KVM_CREATE_VM and the descriptors it makes: the VM half of virt/kvm/kvm_main.c. */

import { EINVAL } from "../../abi/errno.ts";
import { O_RDWR } from "../../abi/fcntl.ts";
import type { FdKind } from "../../abi/ioctl.ts";
import { KVM_VM_TYPE_ARM_PROTECTED } from "../../abi/kvm.ts";
import { anonInodeGetfd } from "../fs/anon_inodes.ts";
import { File } from "../fs/file.ts";
import type { Task } from "../process.ts";
import { refuse, type SyscallResult } from "../refuse.ts";
import { kvmArchDestroyVm, kvmInitIpaRange } from "./arm.ts";
import { kvmCoalescedMmioFree, kvmCoalescedMmioInit } from "./coalesced_mmio.ts";
import { kvmDestroyDevices } from "./device.ts";
import { checkCaller } from "./dispatch.ts";
import { kvmIrqfdRelease } from "./eventfd.ts";
import { Kvm } from "./kvm_host.ts";
import { kvmAgeHvaRange, kvmUnmapHvaRange } from "./mmu.ts";
import { kvmPkvmIoctlAllowed, pkvmReclaimGuest } from "./pkvm.ts";
import { kvmDestroyVcpus } from "./vcpu.ts";
import { vmIoctl } from "./vm_ioctl.ts";

/** A descriptor of a VM; it owns the first reference to it. */
export class KvmVmFile extends File {
  readonly name = "anon_inode:kvm-vm";
  readonly kvm: Kvm;

  constructor(kvm: Kvm) {
    super(O_RDWR);
    this.kvm = kvm;
  }

  override get kind(): FdKind {
    return "vm";
  }

  /** kvm_vm_release(): irqfds end with the descriptor, the VM with its last user. */
  protected override release(): void {
    kvmIrqfdRelease(this.kvm);
    this.kvm.put();
  }

  /** kvm_vm_ioctl() */
  override ioctl(task: Task, request: number, arg: bigint): SyscallResult {
    const error = checkCaller(task, this.kvm, "kvm_vm_ioctl");
    if (error < 0) return error;
    const handler = vmIoctl(this.kvm.abi, request);
    if (!handler) return refuse(EINVAL, "kvm_arch_vm_ioctl: not a request that a VM descriptor takes");
    const refused = kvmPkvmIoctlAllowed(this.kvm, request);
    if (refused < 0) return refused;
    return handler(task, this.kvm, arg);
  }
}

/** kvm_dev_ioctl_create_vm() */
export function kvmDevIoctlCreateVm(task: Task, type: bigint): number {
  if (task.abi.createVmFdFirst) {
    const fd = task.files.getUnusedFd();
    if (fd < 0) return fd;
  }
  const kvm = kvmCreateVm(task, type);
  if (typeof kvm === "number") return kvm;
  const fd = anonInodeGetfd(task, true, () => new KvmVmFile(kvm));
  if (fd < 0) kvm.put();
  return fd;
}

/** kvm_create_vm(): a VM with one reference, or -errno. */
function kvmCreateVm(task: Task, type: bigint): Kvm | number {
  const ipaBits = kvmInitIpaRange(task, type);
  if (ipaBits < 0) return ipaBits;
  const kvm = new Kvm(task, ipaBits);
  kvm.arch.isProtected = (type & KVM_VM_TYPE_ARM_PROTECTED) !== 0n;
  const error = kvmCoalescedMmioInit(kvm);
  if (error < 0) return error;
  const unregister = kvm.mm.onInvalidate((start, end) => kvmUnmapHvaRange(kvm, start, end));
  const unregisterAge = kvm.mm.onClearFlushYoung((start, end) => kvmAgeHvaRange(kvm, start, end));
  kvm.onDestroy(() => {
    unregister();
    unregisterAge();
    kvmDestroyVm(kvm);
  });
  return kvm;
}

/** kvm_destroy_vm() */
function kvmDestroyVm(kvm: Kvm): void {
  kvm.buses.destroy();
  kvmCoalescedMmioFree(kvm);
  kvmArchDestroyVm(kvm);
  kvmDestroyVcpus(kvm);
  kvmDestroyDevices(kvm);
  kvm.pgt.stage2Destroy();
  pkvmReclaimGuest(kvm);
}
