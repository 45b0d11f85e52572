/** Guest memory by way of the memory slots: lookups and accesses (virt/kvm/kvm_main.c). */

import { EFAULT } from "../../abi/errno.ts";
import { KVM_MEM_LOG_DIRTY_PAGES, KVM_MEM_READONLY } from "../../abi/kvm.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import { hvaToPfn } from "../mm/gup.ts";
import { refuse } from "../refuse.ts";
import type { Kvm, KvmMemorySlot, KvmVcpu } from "./kvm_host.ts";

/** gfn_to_memslot(): the slot that covers a guest frame. */
export function gfnToMemslot(kvm: Kvm, gfn: number): KvmMemorySlot | undefined {
  return kvm.memslots.search(gfn);
}

/** __gfn_to_hva_memslot(): where a frame of the slot lies in the VMM's address space. */
export function gfnToHvaMemslot(slot: KvmMemorySlot, gfn: number): number {
  return slot.userspaceAddr + (gfn - slot.baseGfn) * PAGE_SIZE;
}

/** gfn_to_hva(): undefined where no slot covers the frame, or where it is read-only and `write` is asked for. */
export function gfnToHva(kvm: Kvm, gfn: number, write = true): number | undefined {
  const slot = gfnToMemslot(kvm, gfn);
  if (!slot || (write && slot.flags & KVM_MEM_READONLY)) return undefined;
  return gfnToHvaMemslot(slot, gfn);
}

/** gfn_to_pfn_prot(): the frame behind a guest frame, faulted in; -EFAULT where there is none. */
export function gfnToPfn(kvm: Kvm, gfn: number, write: boolean): number {
  const hva = gfnToHva(kvm, gfn, write);
  if (hva === undefined) {
    return refuse(EFAULT, "__gfn_to_pfn_memslot: no slot covers the guest frame, or it is read-only and to be written");
  }
  const found = hvaToPfn(kvm.mm, hva, write);
  return typeof found === "number" ? found : found.pfn;
}

/** kvm_slot_dirty_track_enabled() */
export function kvmSlotDirtyTrackEnabled(slot: KvmMemorySlot): boolean {
  return (slot.flags & KVM_MEM_LOG_DIRTY_PAGES) !== 0;
}

/** mark_page_dirty_in_slot(): into the ring of the vCPU that writes, or into the bitmap. */
export function markPageDirtyInSlot(kvm: Kvm, slot: KvmMemorySlot, gfn: number, vcpu?: KvmVcpu): void {
  if (!kvmSlotDirtyTrackEnabled(slot)) return;
  const page = gfn - slot.baseGfn;
  if (kvm.dirtyRingSize && vcpu?.dirtyRing) vcpu.dirtyRing.push(slot.id, page);
  else if (slot.dirtyBitmap) (slot.dirtyBitmap[page >>> 3] as number) |= 1 << (page & 7);
}

/** mark_page_dirty(): the kernel wrote to guest memory on the guest's behalf, `vcpu` being the one that runs, if any. */
export function markPageDirty(kvm: Kvm, gfn: number, vcpu?: KvmVcpu): void {
  const slot = gfnToMemslot(kvm, gfn);
  if (slot) markPageDirtyInSlot(kvm, slot, gfn, vcpu);
}

/** Calls `access` for each page that [gpa, gpa + length) touches, with the place of its bytes in the board's memory. */
function forEachGuestPage(
  kvm: Kvm,
  gpa: number,
  length: number,
  write: boolean,
  access: (memoryOffset: number, done: number, bytes: number, gfn: number) => void,
): number {
  for (let done = 0; done < length; ) {
    const gfn = Math.floor((gpa + done) / PAGE_SIZE);
    const offset = gpa + done - gfn * PAGE_SIZE;
    const bytes = Math.min(PAGE_SIZE - offset, length - done);
    const pfn = gfnToPfn(kvm, gfn, write);
    if (pfn < 0) return pfn;
    access(kvm.host.memory.frameOffset(pfn) + offset, done, bytes, gfn);
    done += bytes;
  }
  return 0;
}

/** kvm_read_guest(): fills `to` from guest memory; -EFAULT at the first page that is not there. */
export function kvmReadGuest(kvm: Kvm, gpa: number, to: Uint8Array): number {
  const { bytes } = kvm.host.memory;
  return forEachGuestPage(kvm, gpa, to.length, false, (from, done, length) => {
    to.set(bytes.subarray(from, from + length), done);
  });
}

/** kvm_write_guest(): writes guest memory and the dirty log; -EFAULT at the first page that cannot be written. */
export function kvmWriteGuest(kvm: Kvm, gpa: number, from: Uint8Array, vcpu?: KvmVcpu): number {
  const { bytes } = kvm.host.memory;
  return forEachGuestPage(kvm, gpa, from.length, true, (to, done, length, gfn) => {
    bytes.set(from.subarray(done, done + length), to);
    markPageDirty(kvm, gfn, vcpu);
  });
}
