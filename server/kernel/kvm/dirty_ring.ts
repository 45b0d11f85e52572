/** Dirty rings: which pages the guest wrote, one ring a vCPU, shared with the VMM (virt/kvm/dirty_ring.c). */

import { E2BIG, EINVAL } from "../../abi/errno.ts";
import {
  KVM_DIRTY_GFN_F_DIRTY,
  KVM_DIRTY_GFN_F_RESET,
  KVM_EXIT_DIRTY_RING_FULL,
  kvm_dirty_gfn,
  kvm_run,
} from "../../abi/kvm.ts";
import { KVM_DIRTY_LOG_PAGE_OFFSET } from "../../abi/kvm_arm64.ts";
import { PAGE_SIZE, type PhysicalMemory } from "../../hw/memory.ts";
import type { MemCgroup } from "../mm/memcontrol.ts";
import type { PageFrames } from "../mm/page.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { KVM_DIRTY_RING_MAX_BYTES } from "./capabilities.ts";
import type { Kvm, KvmVcpu } from "./kvm_host.ts";
import { kvmArchMmuEnableLogDirtyPtMasked } from "./mmu.ts";

/** KVM_DIRTY_RING_RSVD_ENTRIES: room for what is still pushed after the ring counts as full. */
const KVM_DIRTY_RING_RSVD_ENTRIES = 64;

/** struct kvm_dirty_ring. Its entries lie in frames that the VMM maps. */
export class KvmDirtyRing {
  readonly pfns: readonly number[];
  private readonly memory: PhysicalMemory;
  private readonly view: DataView;
  private readonly size: number;
  private dirtyIndex = 0;
  private resetIndex = 0;

  private constructor(memory: PhysicalMemory, pfns: readonly number[]) {
    this.memory = memory;
    this.view = new DataView(memory.memory.buffer);
    this.pfns = pfns;
    this.size = (pfns.length * PAGE_SIZE) / kvm_dirty_gfn.size;
  }

  /** kvm_dirty_ring_alloc(), or -ENOMEM. */
  static alloc(pages: PageFrames, group: MemCgroup, bytes: number): KvmDirtyRing | number {
    const pfns: number[] = [];
    while (pfns.length * PAGE_SIZE < bytes) {
      const pfn = pages.allocPage(group);
      if (pfn < 0) {
        for (const taken of pfns) pages.putPage(taken);
        return pfn;
      }
      pfns.push(pfn);
    }
    return new KvmDirtyRing(pages.memory, pfns);
  }

  /** kvm_dirty_ring_push() */
  push(slot: number, offset: number): void {
    const entry = this.entry(this.dirtyIndex++);
    this.view.setUint32(entry + 4, slot, true);
    this.view.setBigUint64(entry + 8, BigInt(offset), true);
    this.view.setUint32(entry, KVM_DIRTY_GFN_F_DIRTY, true);
  }

  /** kvm_dirty_ring_soft_full(): KVM_RUN ends with KVM_EXIT_DIRTY_RING_FULL before the guest writes more. */
  get softFull(): boolean {
    return this.dirtyIndex - this.resetIndex >= this.size - KVM_DIRTY_RING_RSVD_ENTRIES;
  }

  /** kvm_dirty_ring_reset(): takes out the entries that the VMM has harvested, in order, up to the first that it has not. */
  reset(protect: (slot: number, offset: number) => void): number {
    let count = 0;
    for (;;) {
      const entry = this.entry(this.resetIndex);
      if ((this.view.getUint32(entry, true) & KVM_DIRTY_GFN_F_RESET) === 0) return count;
      this.view.setUint32(entry, 0, true);
      this.resetIndex++;
      count++;
      protect(this.view.getUint32(entry + 4, true), Number(this.view.getBigUint64(entry + 8, true)));
    }
  }

  private entry(index: number): number {
    const offset = (index % this.size) * kvm_dirty_gfn.size;
    const pfn = this.pfns[Math.floor(offset / PAGE_SIZE)] as number;
    return this.memory.frameOffset(pfn) + (offset % PAGE_SIZE);
  }
}

/** kvm_dirty_ring_check_request(): whether KVM_RUN has to end before the guest is entered, with the exit reason set. */
export function kvmDirtyRingCheckRequest(vcpu: KvmVcpu): boolean {
  if (!vcpu.dirtyRing?.softFull) return false;
  vcpu.run.setUint32(kvm_run.offsetof("exit_reason"), KVM_EXIT_DIRTY_RING_FULL, true);
  return true;
}

/** kvm_page_in_dirty_ring(): whether a page of a vCPU's mapping is one of its ring's. */
export function kvmPageInDirtyRing(kvm: Kvm, pgoff: number): boolean {
  return pgoff >= KVM_DIRTY_LOG_PAGE_OFFSET && pgoff < KVM_DIRTY_LOG_PAGE_OFFSET + kvm.dirtyRingSize / PAGE_SIZE;
}

/** KVM_CAP_DIRTY_LOG_RING_ACQ_REL: only the low 32 bits of the size count. */
export function kvmVmIoctlEnableDirtyLogRing(kvm: Kvm, arg: bigint): number {
  const bytes = Number(BigInt.asUintN(32, arg));
  if (bytes === 0 || bytes & (bytes - 1)) {
    return refuse(EINVAL, "kvm_vm_ioctl_enable_dirty_log_ring: the size must be a power of two");
  }
  if (bytes < Math.max(KVM_DIRTY_RING_RSVD_ENTRIES * kvm_dirty_gfn.size, PAGE_SIZE)) {
    return refuse(EINVAL, "kvm_vm_ioctl_enable_dirty_log_ring: the ring must be larger than the reserved entries");
  }
  if (bytes > KVM_DIRTY_RING_MAX_BYTES) {
    return refuse(E2BIG, "kvm_vm_ioctl_enable_dirty_log_ring: a ring has at most 65536 entries");
  }
  if (kvm.dirtyRingSize) return refuse(EINVAL, "kvm_vm_ioctl_enable_dirty_log_ring: the size is set once");
  if (kvm.createdVcpus) return refuse(EINVAL, "kvm_vm_ioctl_enable_dirty_log_ring: a vCPU was created already");
  kvm.dirtyRingSize = bytes;
  return 0;
}

/** KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP: the bitmap is for what is written while no vCPU runs. */
export function kvmVmIoctlEnableDirtyLogRingWithBitmap(kvm: Kvm, flags: number): number {
  if (!kvm.dirtyRingSize || flags) {
    return refuse(EINVAL, "kvm_vm_ioctl_enable_cap_generic: the ring comes before its bitmap, and there are no flags");
  }
  if (kvm.memslots.size) return refuse(EINVAL, "kvm_vm_ioctl_enable_cap_generic: a memory slot exists already");
  kvm.dirtyRingWithBitmap = true;
  return 0;
}

/** KVM_RESET_DIRTY_RINGS: answers how many entries it took out of all rings. */
export function kvmVmIoctlResetDirtyPages(_task: Task, kvm: Kvm): number {
  if (!kvm.dirtyRingSize) return refuse(EINVAL, "kvm_vm_ioctl_reset_dirty_pages: the VM has no dirty rings");
  let cleared = 0;
  for (const { dirtyRing } of kvm.vcpus)
    cleared += dirtyRing?.reset((slot, page) => kvmResetDirtyGfn(kvm, slot, page)) ?? 0;
  return cleared;
}

/** kvm_reset_dirty_gfn(): slot and page are what the VMM left in the entry. */
function kvmResetDirtyGfn(kvm: Kvm, slotId: number, page: number): void {
  const slot = kvm.memslots.idToMemslot(slotId);
  if (slot && page < slot.npages) kvmArchMmuEnableLogDirtyPtMasked(kvm, slot, page, 1);
}
