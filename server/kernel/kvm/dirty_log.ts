/** KVM_GET_DIRTY_LOG and KVM_CLEAR_DIRTY_LOG: the bitmap of the pages that the guest wrote (virt/kvm/kvm_main.c). */

import { EFAULT, EINVAL, ENOENT, ENXIO } from "../../abi/errno.ts";
import { kvm_clear_dirty_log, kvm_dirty_log } from "../../abi/kvm.ts";
import { copyFromUser, copyToUser, getUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { KVM_USER_MEM_SLOTS } from "./capabilities.ts";
import type { Kvm, KvmMemorySlot } from "./kvm_host.ts";
import { kvmArchMmuEnableLogDirtyPtMasked } from "./mmu.ts";

type LoggingSlot = KvmMemorySlot & { readonly dirtyBitmap: Uint8Array };

/** Bits of the bitmap that are handled at once. */
const WORD_BITS = 32;

/** kvm_use_dirty_bitmap() and the slot's number, the same for both requests. */
function checkDirtyLog(kvm: Kvm, slot: number): number {
  if (kvm.dirtyRingSize && !kvm.dirtyRingWithBitmap) {
    return refuse(ENXIO, "kvm_use_dirty_bitmap: the VM logs into dirty rings");
  }
  if (slot >>> 16 || (slot & 0xffff) >= KVM_USER_MEM_SLOTS) {
    return refuse(EINVAL, "kvm_get_dirty_log: no such address space or slot id");
  }
  return 0;
}

function loggingSlot(kvm: Kvm, id: number): LoggingSlot | number {
  const slot = kvm.memslots.idToMemslot(id);
  return slot?.dirtyBitmap
    ? (slot as LoggingSlot)
    : refuse(ENOENT, "kvm_get_dirty_log: there is no such slot, or it does not log");
}

const words = (bitmap: Uint8Array) => new Uint32Array(bitmap.buffer, bitmap.byteOffset, bitmap.length / 4);

/** Protects the pages of all set bits again. */
function protectPages(kvm: Kvm, slot: KvmMemorySlot, bitmap: Uint8Array, firstPage = 0): void {
  words(bitmap).forEach((mask, i) => {
    if (mask) kvmArchMmuEnableLogDirtyPtMasked(kvm, slot, firstPage + i * WORD_BITS, mask);
  });
}

/** KVM_GET_DIRTY_LOG: without the manual protocol the bits are gone even where they cannot be copied out. */
export function kvmVmIoctlGetDirtyLog(task: Task, kvm: Kvm, arg: bigint): number {
  const log = getUserStruct(task, kvm_dirty_log, arg);
  if (typeof log === "number") return log;
  const error = checkDirtyLog(kvm, log.slot);
  if (error < 0) return error;
  const slot = loggingSlot(kvm, log.slot);
  if (typeof slot === "number") return slot;
  let bitmap = slot.dirtyBitmap;
  if (!kvm.manualDirtyLogProtect) {
    bitmap = bitmap.slice();
    slot.dirtyBitmap.fill(0);
    protectPages(kvm, slot, bitmap);
  }
  if (copyToUser(task, log.dirty_bitmap, bitmap)) {
    return refuse(EFAULT, "kvm_get_dirty_log_protect: the bitmap cannot be written");
  }
  return 0;
}

/** Whether `num_pages` pages from `first_page` on are pages of the slot; only at its end need they not be whole words. */
function coversPages(slot: KvmMemorySlot, firstPage: bigint, numPages: number): boolean {
  const npages = BigInt(slot.npages);
  if (firstPage > npages || BigInt(numPages) > npages - firstPage) return false;
  return numPages % 64 === 0 || BigInt(numPages) === npages - firstPage;
}

/** KVM_CLEAR_DIRTY_LOG: the bits that the caller passes and that are set are cleared, and their pages protected again. */
export function kvmVmIoctlClearDirtyLog(task: Task, kvm: Kvm, arg: bigint): number {
  const log = getUserStruct(task, kvm_clear_dirty_log, arg);
  if (typeof log === "number") return log;
  const error = checkDirtyLog(kvm, log.slot);
  if (error < 0) return error;
  if (log.first_page & 63n) return refuse(EINVAL, "kvm_clear_dirty_log_protect: first_page must be a multiple of 64");
  const slot = loggingSlot(kvm, log.slot);
  if (typeof slot === "number") return slot;
  if (!coversPages(slot, log.first_page, log.num_pages)) {
    return refuse(EINVAL, "kvm_clear_dirty_log_protect: the pages are not whole words of the slot's bitmap");
  }
  const clear = new Uint8Array(Math.ceil(log.num_pages / 64) * 8);
  if (copyFromUser(task, clear, log.dirty_bitmap)) {
    return refuse(EFAULT, "kvm_clear_dirty_log_protect: the bitmap cannot be read");
  }
  const firstPage = Number(log.first_page);
  const bits = words(slot.dirtyBitmap).subarray(firstPage / WORD_BITS);
  const mask = words(clear);
  mask.forEach((word, i) => {
    mask[i] = word & (bits[i] as number);
    bits[i] = (bits[i] as number) & ~word;
  });
  protectPages(kvm, slot, clear, firstPage);
  return 0;
}
