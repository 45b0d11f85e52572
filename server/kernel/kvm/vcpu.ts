/** KVM_CREATE_VCPU and the descriptors it makes: the vCPU half of virt/kvm/kvm_main.c. */

import { EEXIST, EINVAL } from "../../abi/errno.ts";
import { O_RDWR } from "../../abi/fcntl.ts";
import type { FdKind } from "../../abi/ioctl.ts";
import { KVMIO } from "../../abi/kvm.ts";
import { KVM_COALESCED_MMIO_PAGE_OFFSET, KVM_DIRTY_LOG_PAGE_OFFSET } from "../../abi/kvm_arm64.ts";
import { requestOf } from "../../abi/kvm_ioctl.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import { anonInodeGetfd } from "../fs/anon_inodes.ts";
import { File } from "../fs/file.ts";
import { VM_EXEC, VM_SHARED, type VmArea } from "../mm/vma.ts";
import type { Task } from "../process.ts";
import { refuse, type SyscallResult } from "../refuse.ts";
import { kvmArchVcpuCreate, kvmArchVcpuDestroy, kvmArchVcpuPrecreate } from "./arm.ts";
import { KVM_MAX_VCPUS } from "./capabilities.ts";
import { KvmDirtyRing, kvmPageInDirtyRing } from "./dirty_ring.ts";
import { checkCaller } from "./dispatch.ts";
import { type Kvm, KvmVcpu, kvmKfree, kvmKmalloc } from "./kvm_host.ts";
import { kvmArchVcpuPut } from "./switch.ts";
import { vcpuIoctl } from "./vcpu_ioctl.ts";

const KVM_RUN = requestOf("KVM_RUN");

/** A descriptor of a vCPU; it holds a reference to the VM. */
export class KvmVcpuFile extends File {
  readonly name: string;
  readonly vcpu: KvmVcpu;

  constructor(vcpu: KvmVcpu) {
    super(O_RDWR);
    this.vcpu = vcpu;
    this.name = `anon_inode:kvm-vcpu:${vcpu.vcpuId}`;
    vcpu.kvm.get();
  }

  override get kind(): FdKind {
    return "vcpu";
  }

  /** kvm_vcpu_release() */
  protected override release(): void {
    this.vcpu.kvm.put();
  }

  /** kvm_vcpu_ioctl(): one ioctl at a time; the others wait for as long as a KVM_RUN sleeps. */
  override ioctl(task: Task, request: number, arg: bigint): SyscallResult {
    const { vcpu } = this;
    const error = checkCaller(task, vcpu.kvm, "kvm_vcpu_ioctl");
    if (error < 0) return error;
    if (((request >>> 8) & 0xff) !== KVMIO) return refuse(EINVAL, "kvm_vcpu_ioctl: not a request of KVM's");
    const locked = vcpu.mutex.lockKillable(task);
    const run = (ret: number) => (ret < 0 ? ret : this.lockedIoctl(task, request, arg));
    const ret = typeof locked === "number" ? run(locked) : locked.then(run);
    return typeof ret === "number" ? ret : this.untilDone(ret);
  }

  /** fdget(): a call that sleeps holds the file, whatever becomes of the descriptor meanwhile. */
  private untilDone(ret: Promise<number>): Promise<number> {
    this.get();
    return ret.finally(() => this.put());
  }

  private lockedIoctl(task: Task, request: number, arg: bigint): SyscallResult {
    const { vcpu } = this;
    const handler = vcpuIoctl(vcpu.kvm.abi, request);
    let ret: SyscallResult | undefined;
    try {
      if (request !== KVM_RUN) kvmArchVcpuPut(vcpu);
      ret = handler
        ? handler(task, vcpu, arg)
        : refuse(EINVAL, "kvm_arch_vcpu_ioctl: not a request that a vCPU descriptor takes");
    } finally {
      if (!(ret instanceof Promise)) vcpu.mutex.unlock();
    }
    return typeof ret === "number" ? ret : ret.finally(() => vcpu.mutex.unlock());
  }

  /** kvm_vcpu_mmap(): any page can be mapped; those of the dirty ring only shared and without leave to execute. */
  override mmap(_task: Task, area: VmArea): number {
    const { kvm } = this.vcpu;
    const last = area.pgoff + (area.end - area.start) / PAGE_SIZE - 1;
    const ring = kvmPageInDirtyRing(kvm, area.pgoff) || kvmPageInDirtyRing(kvm, last);
    if (ring && (area.flags & VM_EXEC || !(area.flags & VM_SHARED))) {
      return refuse(EINVAL, "kvm_vcpu_mmap: a dirty ring is mapped shared and not executable");
    }
    area.ops = { fault: (_area, pgoff) => kvmVcpuFault(this.vcpu, pgoff) };
    return 0;
  }
}

/** kvm_vcpu_fault(): the frame behind a page of the mapping; the process gets SIGBUS where there is none. */
function kvmVcpuFault(vcpu: KvmVcpu, pgoff: number): number {
  const { kvm } = vcpu;
  if (pgoff === 0) return vcpu.runPfn;
  if (pgoff === KVM_COALESCED_MMIO_PAGE_OFFSET && kvm.coalescedMmio) return kvm.coalescedMmio.ringPfn;
  const ringPfn = vcpu.dirtyRing?.pfns[pgoff - KVM_DIRTY_LOG_PAGE_OFFSET];
  return ringPfn ?? refuse(EINVAL, "kvm_vcpu_fault: the vCPU has no such page");
}

/** KVM_CREATE_VCPU: a duplicate id is found last. */
export function kvmVmIoctlCreateVcpu(task: Task, kvm: Kvm, arg: bigint): number {
  const id = kvm.abi.createVcpuLongId ? arg : BigInt.asUintN(32, arg);
  if (id >= BigInt(KVM_MAX_VCPUS))
    return refuse(EINVAL, "kvm_vm_ioctl_create_vcpu: the id must be below KVM_CAP_MAX_VCPU_ID");
  if (kvm.createdVcpus >= kvm.maxVcpus)
    return refuse(EINVAL, "kvm_vm_ioctl_create_vcpu: the VM has all the vCPUs it takes");
  const vcpuId = Number(id);
  const error = kvmArchVcpuPrecreate(kvm, vcpuId);
  if (error < 0) return error;
  kvm.createdVcpus++;
  const fd = createVcpu(task, kvm, vcpuId);
  if (fd < 0) kvm.createdVcpus--;
  return fd;
}

/** struct kvm_vcpu, of the kmem cache "kvm_vcpu": about what one takes here. */
const VCPU_BYTES = 4 * PAGE_SIZE;

function createVcpu(task: Task, kvm: Kvm, vcpuId: number): number {
  const { pages } = kvm.host;
  const group = kvm.mm.memcg;
  const noMemory = kvmKmalloc(kvm, VCPU_BYTES);
  if (noMemory < 0) return noMemory;
  const runPfn = pages.allocPage(group);
  if (runPfn < 0) {
    kvmKfree(kvm, VCPU_BYTES);
    return runPfn;
  }
  const vcpu = new KvmVcpu(kvm, vcpuId, kvm.vcpus.length, runPfn);
  const fd = installVcpu(task, vcpu);
  if (fd < 0) kvmVcpuDestroy(vcpu);
  return fd;
}

/** The rest of kvm_vm_ioctl_create_vcpu(): what it has taken goes back with the vCPU where this fails. */
function installVcpu(task: Task, vcpu: KvmVcpu): number {
  const { kvm } = vcpu;
  const error = kvmArchVcpuCreate(vcpu);
  if (error < 0) return error;
  if (kvm.dirtyRingSize) {
    const ring = KvmDirtyRing.alloc(kvm.host.pages, kvm.mm.memcg, kvm.dirtyRingSize);
    if (typeof ring === "number") return ring;
    vcpu.dirtyRing = ring;
  }
  if (kvm.vcpus.some((other) => other.vcpuId === vcpu.vcpuId)) {
    return refuse(EEXIST, "kvm_vm_ioctl_create_vcpu: the id is taken, and stays so for as long as the VM lives");
  }
  const fd = anonInodeGetfd(task, true, () => new KvmVcpuFile(vcpu));
  if (fd >= 0) kvm.vcpus.push(vcpu);
  return fd;
}

/** kvm_vcpu_destroy() */
function kvmVcpuDestroy(vcpu: KvmVcpu): void {
  const { pages } = vcpu.kvm.host;
  kvmArchVcpuPut(vcpu);
  kvmArchVcpuDestroy(vcpu);
  for (const pfn of vcpu.dirtyRing?.pfns ?? []) pages.putPage(pfn);
  pages.putPage(vcpu.runPfn);
  kvmKfree(vcpu.kvm, VCPU_BYTES);
}

/** kvm_destroy_vcpus() */
export function kvmDestroyVcpus(kvm: Kvm): void {
  for (const vcpu of kvm.vcpus) kvmVcpuDestroy(vcpu);
  kvm.vcpus.length = 0;
}
