/** Guest memory and stage 2: which memory a slot may have, and what a stage-2 fault does (arch/arm64/kvm/mmu.c). */

import { EFAULT, EINVAL, ENOEXEC, ENOMEM } from "../../abi/errno.ts";
import { KVM_MEM_LOG_DIRTY_PAGES, KVM_MEM_READONLY } from "../../abi/kvm.ts";
import { PAGE_SHIFT, PAGE_SIZE } from "../../hw/memory.ts";
import { mteSyncTags } from "../arch/mte.ts";
import { hvaToPfn } from "../mm/gup.ts";
import { VM_MTE_ALLOWED, VM_PFNMAP, VM_SHARED, type VmArea } from "../mm/vma.ts";
import { refuse } from "../refuse.ts";
import { type GuestMemfdBinding, kvmGmemGetPfn } from "./guest_memfd.ts";
import type { Kvm, KvmMemorySlot, KvmVcpu } from "./kvm_host.ts";
import { gfnToHvaMemslot, gfnToMemslot, markPageDirtyInSlot } from "./memslots.ts";
import { pkvmCheckMemoryRegion, pkvmDonateGuest } from "./pkvm.ts";
import { KVM_PGTABLE_PROT_DEVICE, KVM_PGTABLE_PROT_W } from "./stage2.ts";

/** What KVM_SET_USER_MEMORY_REGION does to a slot. */
export type KvmMrChange = "KVM_MR_CREATE" | "KVM_MR_DELETE" | "KVM_MR_MOVE" | "KVM_MR_FLAGS_ONLY";

/** kvm_vma_mte_allowed(): whether an area may back the memory of a VM that has MTE. */
export function kvmVmaMteAllowed(kvm: Pick<Kvm, "abi">, area: Pick<VmArea, "flags">): boolean {
  switch (kvm.abi.mteSlotRule) {
    case "none":
      return true;
    case "shared":
      return (area.flags & VM_SHARED) === 0;
    case "not-allowed":
      return (area.flags & VM_MTE_ALLOWED) !== 0;
  }
}

/** kvm_arch_prepare_memory_region(): the slot must fit the IPA space, and every area now behind it must suit it. */
export function kvmArchPrepareMemoryRegion(kvm: Kvm, slot: KvmMemorySlot, change: KvmMrChange): number {
  const refused = pkvmCheckMemoryRegion(kvm, slot.flags, change);
  if (refused < 0) return refused;
  if (change === "KVM_MR_DELETE") return 0;
  if (slot.baseGfn + slot.npages > 2 ** (kvm.arch.ipaBits - PAGE_SHIFT)) {
    return refuse(EFAULT, "kvm_arch_prepare_memory_region: the slot ends beyond the VM's IPA size");
  }
  if (slot.gmem && !slot.gmem.file.mmapable) {
    return refuse(EINVAL, "kvm_arch_prepare_memory_region: the guest_memfd was not made with GUEST_MEMFD_FLAG_MMAP");
  }
  for (const area of kvm.mm.areas(slot.userspaceAddr, slot.userspaceAddr + slot.npages * PAGE_SIZE)) {
    if (kvm.arch.mteEnabled && !kvmVmaMteAllowed(kvm, area)) {
      return refuse(
        EINVAL,
        "kvm_arch_prepare_memory_region: memory behind the slot cannot have tags, and the VM has MTE",
      );
    }
    if (area.flags & VM_PFNMAP && slot.flags & KVM_MEM_LOG_DIRTY_PAGES) {
      return refuse(EINVAL, "kvm_arch_prepare_memory_region: writes to device memory cannot be logged");
    }
  }
  return 0;
}

/** kvm_arch_commit_memory_region(): with all bits set at first, the pages are protected as they are cleared. */
export function kvmArchCommitMemoryRegion(kvm: Kvm, slot: KvmMemorySlot, initiallySet: boolean): void {
  if (slot.flags & KVM_MEM_LOG_DIRTY_PAGES && !initiallySet) kvm.pgt.stage2Wrprotect(slot.baseGfn, slot.npages);
}

/** kvm_arch_flush_shadow_memslot() */
export function kvmArchFlushShadowMemslot(kvm: Kvm, slot: KvmMemorySlot): void {
  kvm.pgt.stage2Unmap(slot.baseGfn, slot.npages);
}

/** kvm_arch_mmu_enable_log_dirty_pt_masked(): the next write to each page of the mask, whose bit 0 is page `offset`, faults. */
export function kvmArchMmuEnableLogDirtyPtMasked(kvm: Kvm, slot: KvmMemorySlot, offset: number, mask: number): void {
  const first = 31 - Math.clz32(mask & -mask);
  const last = 31 - Math.clz32(mask);
  kvm.pgt.stage2Wrprotect(slot.baseGfn + offset + first, last - first + 1);
}

/** kvm_mmu_notifier_invalidate_range_start(): the process's pages in [start, end) go or change. */
export function kvmUnmapHvaRange(kvm: Kvm, start: number, end: number): void {
  if (kvm.pgt.frames === 0) return;
  for (const slot of kvm.memslots) {
    const first = Math.max(start, slot.userspaceAddr);
    const last = Math.min(end, slot.userspaceAddr + slot.npages * PAGE_SIZE);
    if (first >= last) continue;
    const gfn = slot.baseGfn + Math.floor((first - slot.userspaceAddr) / PAGE_SIZE);
    kvm.pgt.stage2Unmap(gfn, Math.ceil((last - first) / PAGE_SIZE));
  }
}

/** A page that can be mapped for the guest. */
interface Fault {
  readonly pfn: number;
  readonly writable: boolean;
  readonly device: boolean;
  /** What becomes of its tags when a VM with MTE gets it. */
  readonly tags: "initialize" | "refuse" | "leave";
}

function faultFromGmem(slot: KvmMemorySlot, gmem: GuestMemfdBinding, gfn: number): Fault | number {
  const pfn = kvmGmemGetPfn(gmem, gfn - slot.baseGfn);
  if (pfn < 0) return pfn;
  return { pfn, writable: (slot.flags & KVM_MEM_READONLY) === 0, device: false, tags: "leave" };
}

function faultFromUser(kvm: Kvm, slot: KvmMemorySlot, gfn: number, write: boolean): Fault | number {
  const found = hvaToPfn(kvm.mm, gfnToHvaMemslot(slot, gfn), write);
  if (typeof found === "number") return found;
  const { pfn, area } = found;
  return {
    pfn,
    writable: found.writable && (slot.flags & KVM_MEM_READONLY) === 0,
    device: (area.flags & VM_PFNMAP) !== 0,
    tags: kvmVmaMteAllowed(kvm, area) ? "initialize" : "refuse",
  };
}

/**
 * user_mem_abort() and gmem_abort(): maps the page behind an IPA that a slot covers, so that the access can be
 * made again. The caller has seen to it that a write is not to a read-only slot, which is MMIO. Answers 0, or
 * what KVM_RUN answers; -ENOEXEC is an external abort for the guest's instruction fetch.
 */
export function userMemAbort(kvm: Kvm, vcpu: KvmVcpu, ipa: number, write: boolean, exec = false): number {
  const gfn = Math.floor(ipa / PAGE_SIZE);
  const slot = gfnToMemslot(kvm, gfn);
  if (!slot) return refuse(EFAULT, "user_mem_abort: no slot covers the address");
  const fault = slot.gmem ? faultFromGmem(slot, slot.gmem, gfn) : faultFromUser(kvm, slot, gfn, write);
  if (typeof fault === "number") return fault;
  const { pfn, device } = fault;
  if (exec && device) return refuse(ENOEXEC, "user_mem_abort: device memory is not executed");
  const permissionFault = kvm.pgt.getLeaf(gfn) !== 0;
  if (kvm.mm.faultInjection.shouldFail("stage2-fault"))
    return refuse(EFAULT, "user_mem_abort: made to fail by InspectService.InjectFault");
  if (kvm.arch.mteEnabled && !permissionFault && !device) {
    if (kvm.abi.mteSlotRule === "shared" && !kvm.host.pages.isOnline(pfn))
      return refuse(EFAULT, "sanitise_mte_tags: the page is not online RAM, so it has no tags");
    if (fault.tags === "refuse") {
      return refuse(EFAULT, "user_mem_abort: memory put under the slot cannot have tags, and the VM has MTE");
    }
    if (fault.tags === "initialize") mteSyncTags(kvm.host.pages, pfn, kvm.abi.stage2TagOrder);
  }
  const logging = slot.dirtyBitmap !== undefined && (slot.flags & KVM_MEM_READONLY) === 0;
  const writable = fault.writable && (write || !logging || device);
  const prot = (writable ? KVM_PGTABLE_PROT_W : 0) | (device ? KVM_PGTABLE_PROT_DEVICE : 0);
  if (!kvm.pgt.stage2Map(gfn, pfn, prot)) return refuse(ENOMEM, "user_mem_abort: no memory for the stage-2 table");
  pkvmDonateGuest(kvm, pfn);
  if (writable) markPageDirtyInSlot(kvm, slot, gfn, vcpu);
  return 0;
}
