/** Reclaim: pages go to swap when memory runs short, or are asked to go (mm/vmscan.c). */

import { PAGE_SIZE } from "../../hw/memory.ts";
import type { MemCgroup } from "./memcontrol.ts";
import type { MmStruct } from "./mmap.ts";
import { type PageFrames, PG_anon, PG_compound, PG_reserved, PG_swapcache, PG_zone_device } from "./page.ts";
import { PMD_SIZE, PTE_SPECIAL, PTRS_PER_PTE, type PteLeaf, ptePfn, ptePresent, swpEntryToPte } from "./pgtable.ts";
import type { Inode } from "./shmem.ts";
import { SWAP_CLUSTER_MAX, type SwapInfo } from "./swapfile.ts";
import { VM_HUGETLB, VM_LOCKED, VM_PFNMAP, type VmArea } from "./vma.ts";

/** Below so many free frames a fault reclaims first: what one fault takes, a huge page and its table included. */
const LOW_WATERMARK = PTRS_PER_PTE + SWAP_CLUSTER_MAX;
/** … or the eighth part of a small memory. */
const LOW_PART = 8;

/** What a page may be reclaimed for. */
interface Wish {
  /** Pages of this group only. */
  readonly memcg?: MemCgroup | undefined;
  /** How many frames are wanted. */
  readonly frames: number;
}

/** Memory that can be reclaimed: the address spaces of the host, and its files in memory. */
export class Reclaim {
  private swapInfo: SwapInfo | undefined;
  /** All address spaces; the one that was looked at last is at the end. */
  readonly mms = new Set<MmStruct>();
  /** All files in memory. */
  readonly inodes = new Set<Inode>();
  private readonly pages: PageFrames;
  private readonly low: number;

  constructor(pages: PageFrames) {
    this.pages = pages;
    this.low = Math.min(LOW_WATERMARK, Math.floor(pages.total / LOW_PART));
  }

  /** Undefined while no swap is on: nothing can be reclaimed. */
  get swap(): SwapInfo | undefined {
    return this.swapInfo;
  }

  set swap(swap: SwapInfo | undefined) {
    this.swapInfo = swap;
    this.pages.reserve = swap ? Math.min(SWAP_CLUSTER_MAX, this.low >> 1) : 0;
  }

  /**
   * Sees to it that a fault finds the frames that it takes, while nothing of it is under way: so no page goes that
   * somebody has in hand. Where that cannot be, the fault finds out itself. What takes more says how many.
   */
  balance(memcg: MemCgroup, more = 0): void {
    if (!this.swap) return;
    const short = this.low + more - this.pages.free;
    if (short > 0) this.tryToFreePages({ frames: short });
    const over = memcg.usage + Math.min(this.low, Math.floor(memcg.max / LOW_PART)) + more - memcg.max;
    if (over > 0) this.tryToFreePages({ frames: over, memcg });
  }

  /** try_to_free_pages(): answers how many frames were freed. */
  tryToFreePages(wish: Wish): number {
    let freed = this.swap?.shrinkCache(wish.frames) ?? 0;
    // With swap full only pages that kept their slots can go, and to look for them takes long.
    if (!this.swap?.hasRoom && this.pages.free > this.pages.reserve) return freed;
    for (const mm of [...this.mms]) {
      if (freed >= wish.frames) return freed;
      if (wish.memcg && mm.memcg !== wish.memcg) continue;
      freed += this.shrinkMm(mm, wish.frames - freed);
      if (!this.mms.delete(mm)) continue;
      this.mms.add(mm);
    }
    for (const inode of [...this.inodes]) {
      if (freed >= wish.frames) return freed;
      if (!wish.memcg || inode.memcg === wish.memcg) freed += inode.shrink(wish.frames - freed);
    }
    return freed;
  }

  /** Pages of one address space, from where the last look at it ended, at most once around. */
  private shrinkMm(mm: MmStruct, frames: number): number {
    const start = mm.reclaimAt;
    const there = this.shrinkRange(mm, start, mm.abi.taskSize, frames);
    return there >= frames ? there : there + this.shrinkRange(mm, 0, start, frames - there);
  }

  private shrinkRange(mm: MmStruct, start: number, end: number, frames: number): number {
    let freed = 0;
    for (const area of [...mm.areas(start, end)]) {
      if (!isReclaimable(area)) continue;
      const [from, to] = [Math.max(start, area.start), Math.min(end, area.end)];
      for (const [base, leaf] of mm.pageTable.leavesIn(from, to).reverse()) {
        const [first, last] = [Math.max(from, base), Math.min(to, base + PMD_SIZE)];
        for (let at = first; at < last; at += SWAP_CLUSTER_MAX * PAGE_SIZE) {
          const stop = Math.min(at + SWAP_CLUSTER_MAX * PAGE_SIZE, last);
          freed += this.shrinkCluster(mm, area, leaf, base, at, stop, true);
          mm.reclaimAt = stop;
          if (freed >= frames) return freed;
        }
      }
    }
    return freed;
  }

  /** MADV_PAGEOUT: reclaim_pages() for what only this process maps; or, on request, for whatever is in the range. */
  pageout(mm: MmStruct, area: VmArea, start: number, end: number, all = false): void {
    if (!this.swap || !isReclaimable(area)) return;
    for (const [base, leaf] of mm.pageTable.leavesIn(start, end)) {
      const [first, last] = [Math.max(start, base), Math.min(end, base + PMD_SIZE)];
      for (let at = first; at < last; at += SWAP_CLUSTER_MAX * PAGE_SIZE)
        this.shrinkCluster(mm, area, leaf, base, at, Math.min(at + SWAP_CLUSTER_MAX * PAGE_SIZE, last), all);
    }
  }

  /** shrink_folio_list() for the pages [start, end) of one leaf: first all are unmapped, then written together. */
  private shrinkCluster(
    mm: MmStruct,
    area: VmArea,
    leaf: PteLeaf,
    base: number,
    start: number,
    end: number,
    evenShared: boolean,
  ): number {
    const out: number[] = [];
    const ofFile: number[] = [];
    for (let at = start; at < end; at += PAGE_SIZE) {
      const index = (at - base) / PAGE_SIZE;
      const pte = leaf[index] as number;
      if (!ptePresent(pte) || pte & PTE_SPECIAL) continue;
      const pfn = ptePfn(pte);
      if (!evenShared && mm.abi.pageoutKeepsYoung && mm.clearFlushYoung(at, at + PAGE_SIZE)) continue;
      if (this.isPinned(pfn) || (!evenShared && this.pages.mapcount(pfn) > 1)) continue;
      if (this.pages.testFlag(pfn, PG_compound)) this.split(leaf);
      if (!this.pages.testFlag(pfn, PG_anon)) {
        ofFile.push(area.pageOffset(at));
        continue;
      }
      const slot = this.tryToUnmap(mm, leaf, index, at, pfn);
      if (slot < 0) break;
      if (this.pages.refcount(pfn) === 1) out.push(slot);
    }
    const freed = ofFile.length > 0 ? (area.ops?.reclaim?.(area, ofFile) ?? 0) : 0;
    return freed + (this.swap as SwapInfo).writeOut(out);
  }

  /** split_huge_page(): from now on each of its frames counts for itself in every respect. */
  private split(leaf: PteLeaf): void {
    for (const pte of leaf) if (ptePresent(pte) && !(pte & PTE_SPECIAL)) this.pages.clearFlag(ptePfn(pte), PG_compound);
  }

  /** Somebody else than entries of page tables, the swap cache and a file refers to the frame. */
  private isPinned(pfn: number): boolean {
    const { pages } = this;
    if (pages.testFlag(pfn, PG_reserved | PG_zone_device)) return true;
    const cached = pages.testFlag(pfn, PG_swapcache) || !pages.testFlag(pfn, PG_anon) ? 1 : 0;
    return pages.refcount(pfn) !== pages.mapcount(pfn) + cached;
  }

  /** add_to_swap() and try_to_unmap_one(): the entry says from now on where in swap the page is; its slot, or -ENOSPC. */
  private tryToUnmap(mm: MmStruct, leaf: PteLeaf, index: number, address: number, pfn: number): number {
    const swap = this.swap as SwapInfo;
    const slot = swap.addToSwap(pfn, this.pages.memcgOf(pfn));
    if (slot < 0) return slot;
    mm.invalidate(address, address + PAGE_SIZE);
    swap.duplicate(slot);
    leaf[index] = swpEntryToPte(slot);
    mm.rss--;
    this.pages.removeRmap(pfn);
    return slot;
  }
}

/** Huge pages of a pool, locked memory and device registers stay. */
const isReclaimable = (area: VmArea) => (area.flags & (VM_HUGETLB | VM_LOCKED | VM_PFNMAP)) === 0;
