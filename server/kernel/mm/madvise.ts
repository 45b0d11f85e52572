/** madvise() (mm/madvise.c). */

import { EACCES, EFAULT, EINVAL, ENODEV, ENOMEM, EOPNOTSUPP } from "../../abi/errno.ts";
import {
  MADV_COLD,
  MADV_DODUMP,
  MADV_DOFORK,
  MADV_DONTDUMP,
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_DONTNEED_LOCKED,
  MADV_FREE,
  MADV_HUGEPAGE,
  MADV_KEEPONFORK,
  MADV_MERGEABLE,
  MADV_NOHUGEPAGE,
  MADV_NORMAL,
  MADV_PAGEOUT,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_RANDOM,
  MADV_REMOVE,
  MADV_SEQUENTIAL,
  MADV_UNMERGEABLE,
  MADV_WILLNEED,
  MADV_WIPEONFORK,
} from "../../abi/mman.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import { refuse } from "../refuse.ts";
import { handleMmFault, zapPageRange } from "./memory.ts";
import type { MmStruct } from "./mmap.ts";
import { pageAlign } from "./pgtable.ts";
import {
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_FAULT_OOM,
  VM_HUGEPAGE,
  VM_HUGETLB,
  VM_IO,
  VM_LOCKED,
  VM_MAYWRITE,
  VM_MERGEABLE,
  VM_NOHUGEPAGE,
  VM_PFNMAP,
  VM_RAND_READ,
  VM_READ,
  VM_SEQ_READ,
  VM_SHARED,
  VM_SPECIAL,
  VM_WIPEONFORK,
  VM_WRITE,
  type VmArea,
} from "./vma.ts";

/** Advice about the part [start, end) of one area: 0 or -errno. */
type Behavior = (mm: MmStruct, area: VmArea, start: number, end: number) => number;

/** Advice that is kept as flags of the area; `refused` is what an area must not have. */
const changeFlags =
  (set: number, clear: number, refused: (area: VmArea) => boolean = () => false): Behavior =>
  (mm, area, start, end) => {
    if (refused(area)) return refuse(EINVAL, "madvise_vma_behavior: the area cannot take this advice");
    return mm.modifyFlags(start, end, (area.flags & ~clear) | set);
  };

const nothing: Behavior = () => 0;

/** can_madv_lru_vma() */
const lru: Behavior = (_mm, area) =>
  area.flags & (VM_LOCKED | VM_PFNMAP | VM_HUGETLB)
    ? refuse(EINVAL, "can_madv_lru_vma: the pages are not on an LRU list")
    : 0;

/** madvise_pageout(): what only this process maps goes to swap, as far as it can. */
const pageout: Behavior = (mm, area, start, end) => {
  const error = lru(mm, area, start, end);
  if (error === 0) mm.host.reclaim.pageout(mm, area, start, end);
  return error;
};

/** madvise_dontneed_single_vma(): private memory starts over, a file's pages are read again. */
const dontneed =
  (forbidden: number): Behavior =>
  (mm, area, start, end) => {
    if (area.flags & forbidden) return refuse(EINVAL, "madvise_dontneed_free_valid_vma: locked or without struct page");
    zapPageRange(mm, start, end);
    mm.pageTable.freeLeaves(start, end);
    return 0;
  };

/** madvise_free_single_vma(): the pages may go when memory is short; here they go to swap as others do, and lose nothing. */
const free: Behavior = (_mm, area) => (area.ops ? refuse(EINVAL, "madvise_free_single_vma: only anonymous memory") : 0);

/** madvise_remove(): a hole in the file. */
const remove: Behavior = (_mm, area, start, end) => {
  if (area.flags & VM_LOCKED || !area.file) return refuse(EINVAL, "madvise_remove: locked, or not of a file");
  if ((area.flags & (VM_SHARED | VM_MAYWRITE)) !== (VM_SHARED | VM_MAYWRITE)) {
    return refuse(EACCES, "madvise_remove: the mapping is not shared, or its file may not be written");
  }
  if (!area.file.regular) return refuse(ENODEV, "vfs_fallocate: not a regular file");
  if (!area.ops?.remove) return refuse(EOPNOTSUPP, "vfs_fallocate: the file cannot have holes");
  return area.ops.remove(area, area.pageOffset(start), area.pageOffset(end));
};

/** faultin_page_range() */
const populate =
  (write: boolean): Behavior =>
  (mm, area, start, end) => {
    if (area.flags & (VM_IO | VM_PFNMAP) || !(area.flags & (write ? VM_WRITE : VM_READ))) {
      return refuse(EINVAL, "madvise_populate: the mapping does not permit the access");
    }
    for (let at = start; at < end; at += PAGE_SIZE) {
      const fault = handleMmFault(mm, area, at, write);
      if (fault === VM_FAULT_OOM) return refuse(ENOMEM, "madvise_populate: no memory");
      if (fault < 0) return refuse(EFAULT, "madvise_populate: a page cannot be faulted in");
    }
    return 0;
  };

/** madvise_behavior_valid(): the advice that exists, and what it does. */
const BEHAVIORS = new Map<number, Behavior>([
  [MADV_NORMAL, changeFlags(0, VM_RAND_READ | VM_SEQ_READ)],
  [MADV_RANDOM, changeFlags(VM_RAND_READ, VM_SEQ_READ)],
  [MADV_SEQUENTIAL, changeFlags(VM_SEQ_READ, VM_RAND_READ)],
  [MADV_WILLNEED, nothing],
  [MADV_DONTNEED, dontneed(VM_LOCKED | VM_PFNMAP)],
  [MADV_DONTNEED_LOCKED, dontneed(VM_PFNMAP)],
  [MADV_FREE, free],
  [MADV_REMOVE, remove],
  [MADV_DONTFORK, changeFlags(VM_DONTCOPY, 0)],
  [MADV_DOFORK, changeFlags(0, VM_DONTCOPY, (area) => (area.flags & VM_IO) !== 0)],
  [MADV_MERGEABLE, changeFlags(VM_MERGEABLE, 0)],
  [MADV_UNMERGEABLE, changeFlags(0, VM_MERGEABLE)],
  [MADV_HUGEPAGE, changeFlags(VM_HUGEPAGE, VM_NOHUGEPAGE)],
  [MADV_NOHUGEPAGE, changeFlags(VM_NOHUGEPAGE, VM_HUGEPAGE)],
  [MADV_DONTDUMP, changeFlags(VM_DONTDUMP, 0)],
  [MADV_DODUMP, changeFlags(0, VM_DONTDUMP, (area) => (area.flags & VM_SPECIAL) !== 0)],
  [MADV_WIPEONFORK, changeFlags(VM_WIPEONFORK, 0, (area) => area.file !== null || (area.flags & VM_SHARED) !== 0)],
  [MADV_KEEPONFORK, changeFlags(0, VM_WIPEONFORK)],
  [MADV_COLD, lru],
  [MADV_PAGEOUT, pageout],
  [MADV_POPULATE_READ, populate(false)],
  [MADV_POPULATE_WRITE, populate(true)],
]);

/** do_madvise(): holes are passed over, and are ENOMEM in the end. */
export function doMadvise(mm: MmStruct, addr: number, len: number, advice: number): number {
  const behavior = BEHAVIORS.get(advice);
  if (!behavior) return refuse(EINVAL, "madvise_behavior_valid: unknown advice");
  if (addr % PAGE_SIZE !== 0) return refuse(EINVAL, "do_madvise: the address is not page-aligned");
  const end = addr + pageAlign(len);
  if (end >= 2 ** 64) return refuse(EINVAL, "do_madvise: the range wraps");
  const populates = advice === MADV_POPULATE_READ || advice === MADV_POPULATE_WRITE;
  const stopsAtHole = populates && mm.abi.populateStopsAtHole;
  const ret = madviseWalkVmas(mm, addr, end, behavior, stopsAtHole);
  mm.mergeRange(addr, end);
  return ret;
}

/** madvise_walk_vmas() */
function madviseWalkVmas(mm: MmStruct, start: number, end: number, behavior: Behavior, stopsAtHole: boolean): number {
  let hole = false;
  for (let next = start; next < end; ) {
    const area = mm.vmas[mm.firstAfter(next)];
    const from = Math.max(next, area?.start ?? end);
    hole ||= from > next;
    if (!area || from >= end || (hole && stopsAtHole)) break;
    next = Math.min(area.end, end);
    const error = behavior(mm, area, from, next);
    if (error < 0) return error;
  }
  return hole ? refuse(ENOMEM, "madvise_walk_vmas: there is a hole in the range") : 0;
}
