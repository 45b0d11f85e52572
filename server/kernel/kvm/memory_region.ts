/** KVM_SET_USER_MEMORY_REGION: creating, moving, changing and deleting memory slots (virt/kvm/kvm_main.c). */

import type { CValue } from "../../abi/ctypes.ts";
import { EEXIST, EINVAL, ENOMEM } from "../../abi/errno.ts";
import {
  KVM_DIRTY_LOG_INITIALLY_SET,
  KVM_MEM_GUEST_MEMFD,
  KVM_MEM_LOG_DIRTY_PAGES,
  KVM_MEM_READONLY,
  kvm_userspace_memory_region,
  kvm_userspace_memory_region2,
} from "../../abi/kvm.ts";
import { PAGE_SHIFT, PAGE_SIZE } from "../../hw/memory.ts";
import { accessOk, getUserStruct, untaggedAddr } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { KVM_USER_MEM_SLOTS } from "./capabilities.ts";
import { kvmGmemBind } from "./guest_memfd.ts";
import type { Kvm, KvmMemorySlot } from "./kvm_host.ts";
import { kvmSlotDirtyTrackEnabled } from "./memslots.ts";
import {
  type KvmMrChange,
  kvmArchCommitMemoryRegion,
  kvmArchFlushShadowMemslot,
  kvmArchPrepareMemoryRegion,
} from "./mmu.ts";

/** KVM_MEM_MAX_NR_PAGES */
const KVM_MEM_MAX_NR_PAGES = 2 ** 31 - 1;
const PAGE_MASK = BigInt(PAGE_SIZE - 1);

type Region = CValue<typeof kvm_userspace_memory_region2>;

/** KVM_SET_USER_MEMORY_REGION */
export function kvmVmIoctlSetMemoryRegion(task: Task, kvm: Kvm, arg: bigint): number {
  const mem = getUserStruct(task, kvm_userspace_memory_region, arg);
  if (typeof mem === "number") return mem;
  if (mem.flags & KVM_MEM_GUEST_MEMFD) {
    return refuse(EINVAL, "kvm_vm_ioctl: KVM_MEM_GUEST_MEMFD takes KVM_SET_USER_MEMORY_REGION2");
  }
  return kvmSetMemoryRegion(task, kvm, { ...kvm_userspace_memory_region2.zero(), ...mem });
}

/** KVM_SET_USER_MEMORY_REGION2: pads are not looked at, nor are the guest_memfd's fields without its flag. */
export function kvmVmIoctlSetMemoryRegion2(task: Task, kvm: Kvm, arg: bigint): number {
  const mem = getUserStruct(task, kvm_userspace_memory_region2, arg);
  return typeof mem === "number" ? mem : kvmSetMemoryRegion(task, kvm, mem);
}

/** check_memory_region_flags() */
function checkMemoryRegionFlags(kvm: Kvm, flags: number): number {
  const gmem = kvm.abi.ioctlCreateGuestMemfd ? flags & KVM_MEM_GUEST_MEMFD : 0;
  const valid = gmem || KVM_MEM_LOG_DIRTY_PAGES | KVM_MEM_READONLY;
  return flags & ~valid
    ? refuse(EINVAL, "check_memory_region_flags: unknown flag, or one that a guest_memfd excludes")
    : 0;
}

/** What is wrong with a region whatever slots there are; a delete is held to it too. */
function checkMemoryRegion(task: Task, kvm: Kvm, mem: Region): number {
  const { guest_phys_addr: gpa, memory_size: size, userspace_addr: hva, guest_memfd_offset: offset } = mem;
  if ((mem.slot & 0xffff) >= KVM_USER_MEM_SLOTS) {
    return refuse(EINVAL, "kvm_vm_ioctl_set_memory_region: the slot id must be below KVM_CAP_NR_MEMSLOTS");
  }
  const error = checkMemoryRegionFlags(kvm, mem.flags);
  if (error < 0) return error;
  if (size & PAGE_MASK) return refuse(EINVAL, "kvm_set_memory_region: memory_size must be page aligned");
  if (gpa & PAGE_MASK) return refuse(EINVAL, "kvm_set_memory_region: guest_phys_addr must be page aligned");
  if (hva & PAGE_MASK) return refuse(EINVAL, "kvm_set_memory_region: userspace_addr must be page aligned");
  if (BigInt(untaggedAddr(hva)) !== hva)
    return refuse(EINVAL, "kvm_set_memory_region: userspace_addr must not be tagged");
  if (accessOk(task, hva, Number(size)) < 0)
    return refuse(EINVAL, "kvm_set_memory_region: the range is not in user space");
  if (mem.flags & KVM_MEM_GUEST_MEMFD && (offset & PAGE_MASK || BigInt.asUintN(64, offset + size) < offset)) {
    return refuse(EINVAL, "kvm_set_memory_region: guest_memfd_offset is not page aligned, or the range wraps");
  }
  if (mem.slot >>> 16) return refuse(EINVAL, "kvm_set_memory_region: there is one address space");
  if (BigInt.asUintN(64, gpa + size) < gpa) return refuse(EINVAL, "kvm_set_memory_region: the guest range wraps");
  if (size >> BigInt(PAGE_SHIFT) > BigInt(KVM_MEM_MAX_NR_PAGES)) {
    return refuse(EINVAL, "kvm_set_memory_region: a slot has at most 2^31 - 1 pages");
  }
  return 0;
}

/** What a region asks of an existing slot; nothing where it is as the slot is. */
function changeOf(old: KvmMemorySlot | undefined, slot: KvmMemorySlot): KvmMrChange | "none" | number {
  if (!old) return "KVM_MR_CREATE";
  if (slot.flags & KVM_MEM_GUEST_MEMFD) {
    return refuse(EINVAL, "kvm_set_memory_region: a slot with a guest_memfd can only be deleted");
  }
  const fixedFlags = KVM_MEM_READONLY | KVM_MEM_GUEST_MEMFD;
  if (slot.userspaceAddr !== old.userspaceAddr || slot.npages !== old.npages || (slot.flags ^ old.flags) & fixedFlags) {
    return refuse(EINVAL, "kvm_set_memory_region: address, size and READONLY of a slot cannot change");
  }
  if (slot.baseGfn !== old.baseGfn) return "KVM_MR_MOVE";
  return slot.flags !== old.flags ? "KVM_MR_FLAGS_ONLY" : "none";
}

/** kvm_set_memory_region() */
function kvmSetMemoryRegion(task: Task, kvm: Kvm, mem: Region): number {
  const error = checkMemoryRegion(task, kvm, mem);
  if (error < 0) return error;
  const id = mem.slot;
  const old = kvm.memslots.idToMemslot(id);
  if (mem.memory_size === 0n) {
    if (!old) return refuse(EINVAL, "kvm_set_memory_region: there is no slot to delete");
    return commitMemoryRegion(kvm, old, undefined);
  }
  const slot: KvmMemorySlot = {
    id,
    baseGfn: Number(mem.guest_phys_addr >> BigInt(PAGE_SHIFT)),
    npages: Number(mem.memory_size >> BigInt(PAGE_SHIFT)),
    userspaceAddr: Number(mem.userspace_addr),
    flags: mem.flags,
  };
  const change = changeOf(old, slot);
  if (typeof change === "number") return change;
  if (change === "none") return 0;
  const moves = change !== "KVM_MR_FLAGS_ONLY";
  if (moves && kvm.memslots.overlaps(id, slot.baseGfn, slot.baseGfn + slot.npages)) {
    return refuse(EEXIST, "kvm_check_memslot_overlap: another slot lies in the guest range");
  }
  return setMemslot(task, kvm, mem, old, slot, change);
}

/** kvm_set_memslot(): the memory behind the slot, its dirty bitmap, arm64's rules, then the change itself. */
function setMemslot(
  task: Task,
  kvm: Kvm,
  mem: Region,
  old: KvmMemorySlot | undefined,
  slot: KvmMemorySlot,
  change: KvmMrChange,
): number {
  const gmem =
    slot.flags & KVM_MEM_GUEST_MEMFD
      ? kvmGmemBind(task, kvm, slot.id, mem.guest_memfd, mem.guest_memfd_offset, slot.npages)
      : undefined;
  if (typeof gmem === "number") return gmem;
  const dirtyBitmap = prepareDirtyBitmap(kvm, old, slot);
  const prepared = { ...slot, dirtyBitmap: typeof dirtyBitmap === "number" ? undefined : dirtyBitmap, gmem };
  const error = typeof dirtyBitmap === "number" ? dirtyBitmap : kvmArchPrepareMemoryRegion(kvm, prepared, change);
  if (error < 0) {
    gmem?.file.unbind(slot.id);
    return error;
  }
  if (change === "KVM_MR_MOVE") kvmArchFlushShadowMemslot(kvm, old as KvmMemorySlot);
  return commitMemoryRegion(kvm, old, prepared);
}

/** kvm_dirty_log_manual_protect_and_init_set() */
function initiallySet(kvm: Kvm): boolean {
  return (kvm.manualDirtyLogProtect & KVM_DIRTY_LOG_INITIALLY_SET) !== 0n;
}

/** kvm_prepare_memory_region()'s half of the dirty bitmap: kept while logging stays on, else made anew; -ENOMEM. */
function prepareDirtyBitmap(
  kvm: Kvm,
  old: KvmMemorySlot | undefined,
  slot: KvmMemorySlot,
): Uint8Array | undefined | number {
  if (!kvmSlotDirtyTrackEnabled(slot)) return undefined;
  if (old?.dirtyBitmap) return old.dirtyBitmap;
  if (kvm.dirtyRingSize && !kvm.dirtyRingWithBitmap) return undefined;
  const bytes = kvmDirtyBitmapBytes(slot);
  if (2 * bytes > kvm.host.pages.free * PAGE_SIZE) {
    return refuse(ENOMEM, "kvm_alloc_dirty_bitmap: the bitmap and its second buffer do not fit into memory");
  }
  const bitmap = new Uint8Array(bytes);
  if (initiallySet(kvm)) {
    bitmap.fill(0xff, 0, slot.npages >>> 3);
    if (slot.npages & 7) bitmap[slot.npages >>> 3] = (1 << (slot.npages & 7)) - 1;
  }
  return bitmap;
}

/** kvm_dirty_bitmap_bytes(): one bit a page, in whole longs. */
export function kvmDirtyBitmapBytes(slot: KvmMemorySlot): number {
  return Math.ceil(slot.npages / 64) * 8;
}

/** kvm_commit_memory_region() */
function commitMemoryRegion(kvm: Kvm, old: KvmMemorySlot | undefined, slot: KvmMemorySlot | undefined): number {
  if (old && !slot) {
    kvmArchFlushShadowMemslot(kvm, old);
    old.gmem?.file.unbind(old.id);
  }
  kvm.memslots.replace(old, slot);
  const logs = (s: KvmMemorySlot | undefined) => Number(s !== undefined && kvmSlotDirtyTrackEnabled(s));
  kvm.nrMemslotsDirtyLogging += logs(slot) - logs(old);
  if (slot) kvmArchCommitMemoryRegion(kvm, slot, initiallySet(kvm));
  return 0;
}
