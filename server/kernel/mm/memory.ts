/** Page faults, copy on write, and what fork() and munmap() do to page tables (mm/memory.c, mm/huge_memory.c). */

import { EIO, ENOMEM } from "../../abi/errno.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import { copyHighpage, mteRestorePageTags, mteSyncTags } from "../arch/mte.ts";
import type { Steps } from "../steps.ts";
import type { MmStruct } from "./mmap.ts";
import { DEVICE_PFN, PG_anon, PG_compound, PG_swapcache, ZERO_PFN } from "./page.ts";
import {
  isSwapPte,
  PMD_SIZE,
  PTE_SPECIAL,
  PTE_TAGGED,
  PTE_VALID,
  PTE_WRITE,
  PTRS_PER_PTE,
  type PteLeaf,
  pfnPte,
  pteIndex,
  ptePfn,
  ptePresent,
  pteToSwpEntry,
  pteWritable,
  walkPageRange,
} from "./pgtable.ts";
import type { SwapInfo } from "./swapfile.ts";
import {
  type AddressSpace,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  VM_HUGEPAGE,
  VM_HUGETLB,
  VM_PFNMAP,
  VM_READ,
  VM_SHARED,
  VM_WIPEONFORK,
  VM_WRITE,
  type VmArea,
  vmGetPageProt,
} from "./vma.ts";

/** handle_mm_fault(): makes a page of `area` accessible, which the area must permit. Answers its entry, or VM_FAULT_*. */
export function handleMmFault(mm: MmStruct, area: VmArea, address: number, write: boolean): number {
  mm.host.reclaim.balance(mm.memcg);
  const pmdNone = !mm.pageTable.leaf(address);
  const leaf = mm.pageTable.allocLeaf(address);
  if (!leaf) return VM_FAULT_OOM;
  if (pmdNone && wantsHugePage(area, address)) {
    const fault = faultHugePage(mm, area, address - (address % PMD_SIZE), leaf, write);
    if (fault < 0 && area.flags & VM_HUGETLB) return fault;
  }
  const index = pteIndex(address);
  const pte = leaf[index] as number;
  if (isSwapPte(pte)) return doSwapPage(mm, area, address, leaf, index, write);
  if (!ptePresent(pte)) return faultPte(mm, area, address, leaf, index, write);
  return write && !pteWritable(pte) ? doWpPage(mm, area, address, leaf, index) : pte;
}

function faultPte(mm: MmStruct, area: VmArea, address: number, leaf: PteLeaf, index: number, write: boolean): number {
  return area.ops ? doFault(mm, area, address, leaf, index, write) : doAnonymousPage(mm, area, leaf, index, write);
}

/** set_pte_at(): a page that becomes accessible as Tagged memory gets tags of its own first. */
function setPteAt(mm: MmStruct, leaf: PteLeaf, index: number, pfn: number, bits: number): number {
  if (bits & PTE_TAGGED && bits & PTE_VALID && !(bits & PTE_SPECIAL)) mteSyncTags(mm.pages, pfn, mm.abi.setPteTagOrder);
  return (leaf[index] = pfnPte(pfn, bits));
}

/** Maps a frame; the caller's reference becomes the entry's. */
function mapPage(mm: MmStruct, leaf: PteLeaf, index: number, pfn: number, bits: number): number {
  mm.rss++;
  mm.pages.addRmap(pfn);
  return setPteAt(mm, leaf, index, pfn, bits);
}

/** pte_clear() with the entry's reference. */
function clearPte(mm: MmStruct, pte: number, leaf: PteLeaf, index: number): void {
  leaf[index] = 0;
  if (isSwapPte(pte)) swapOf(mm).freeSwapAndCache(pteToSwpEntry(pte));
  if (!ptePresent(pte) || pte & PTE_SPECIAL) return;
  mm.rss--;
  const pfn = ptePfn(pte);
  mm.pages.removeRmap(pfn);
  if (mm.pages.testFlag(pfn, PG_swapcache)) swapOf(mm).freeSwapCache(pfn);
}

/** Where there are entries of swap, swap is on. */
const swapOf = (mm: MmStruct) => mm.host.reclaim.swap as SwapInfo;

/** maybe_mkwrite() */
const maybeWrite = (area: VmArea) => (area.flags & VM_WRITE ? PTE_WRITE : 0);

/** do_anonymous_page(): what is only read is the zero page. */
function doAnonymousPage(mm: MmStruct, area: VmArea, leaf: PteLeaf, index: number, write: boolean): number {
  const bits = vmGetPageProt(area.flags);
  if (!write && !(area.flags & VM_HUGETLB)) return setPteAt(mm, leaf, index, ZERO_PFN, bits | PTE_SPECIAL);
  const pfn = mm.allocPage();
  if (pfn < 0) return VM_FAULT_OOM;
  mm.pages.setFlag(pfn, PG_anon);
  return mapPage(mm, leaf, index, pfn, bits | maybeWrite(area));
}

/** do_fault(): a page of a file or of a device. A shared page may be written at once if the area may. */
function doFault(mm: MmStruct, area: VmArea, address: number, leaf: PteLeaf, index: number, write: boolean): number {
  const pfn = area.ops?.fault(area, area.pageOffset(address), write) ?? -ENOMEM;
  if (pfn < 0) return pfn === -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
  const shared = (area.flags & VM_SHARED) !== 0;
  if (!shared && pfn === ZERO_PFN) return doAnonymousPage(mm, area, leaf, index, write);
  const bits = vmGetPageProt(area.flags) | (shared ? maybeWrite(area) : 0);
  if (area.flags & VM_PFNMAP) {
    setPteAt(mm, leaf, index, pfn, bits | PTE_SPECIAL);
    return write && !shared ? doWpPage(mm, area, address, leaf, index) : (leaf[index] as number);
  }
  if (write && !shared) return doCowFault(mm, leaf, index, pfn, bits);
  mm.pages.getPage(pfn);
  return mapPage(mm, leaf, index, pfn, bits);
}

/** do_cow_fault(): the first access to a page of a private file mapping is a write. */
function doCowFault(mm: MmStruct, leaf: PteLeaf, index: number, from: number, bits: number): number {
  const pfn = allocCopy(mm, from);
  return pfn < 0 ? VM_FAULT_OOM : mapPage(mm, leaf, index, pfn, bits | PTE_WRITE);
}

/** A frame of private memory with the data of another and, where that has any, its tags; -ENOMEM. */
function allocCopy(mm: MmStruct, from: number): number {
  const blank = from === ZERO_PFN || from === DEVICE_PFN;
  const pfn = mm.allocPage(blank);
  if (pfn < 0) return pfn;
  if (!blank) copyHighpage(mm.pages, pfn, from);
  else if (from === ZERO_PFN && mm.abi.zeroPageCopyTagged) mteSyncTags(mm.pages, pfn, mm.abi.setPteTagOrder);
  mm.pages.setFlag(pfn, PG_anon);
  return pfn;
}

/** do_wp_page(): a write to a page that is there and write-protected. */
function doWpPage(mm: MmStruct, area: VmArea, address: number, leaf: PteLeaf, index: number): number {
  const pte = leaf[index] as number;
  const pfn = ptePfn(pte);
  if (area.flags & VM_SHARED || mayReuse(mm, pfn)) return (leaf[index] = (pte | PTE_WRITE) >>> 0);
  const copy = allocCopy(mm, pfn);
  if (copy < 0) return VM_FAULT_OOM;
  const page = address - (address % PAGE_SIZE);
  mm.invalidate(page, page + PAGE_SIZE);
  clearPte(mm, pte, leaf, index);
  return mapPage(mm, leaf, index, copy, vmGetPageProt(area.flags) | PTE_WRITE);
}

/** wp_can_reuse_anon_folio(): nobody else has the page, nor an entry by which to read it again. It loses its slot in swap. */
function mayReuse(mm: MmStruct, pfn: number): boolean {
  const { pages } = mm;
  if (!pages.testFlag(pfn, PG_anon)) return false;
  if (!pages.testFlag(pfn, PG_swapcache)) return pages.refcount(pfn) === 1;
  const swap = swapOf(mm);
  if (pages.refcount(pfn) !== 2 || swap.refs(swap.slotOf(pfn) as number) !== 0) return false;
  swap.deleteFromCache(pfn);
  return true;
}

// ---- swap

/** swap_cache_get_folio(), or else from the device: the page that an entry of swap stands for; or VM_FAULT_*. */
function swapIn(mm: MmStruct, leaf: PteLeaf, index: number): number {
  const swap = swapOf(mm);
  const cached = swap.cached(pteToSwpEntry(leaf[index] as number));
  if (cached !== undefined) return cached;
  const pfn = mm.allocPage(false, 0);
  if (pfn < 0) return VM_FAULT_OOM;
  return swap.readIn(leaf, index, pfn, PG_anon, mm.swapReadahead) < 0 ? VM_FAULT_SIGBUS : pfn;
}

/**
 * do_swap_page(): a page that is only read keeps its slot, and the tags saved for it, so that it can go again without
 * being written. Tags come back whether or not the area is PROT_MTE: a guest may have made them.
 */
function doSwapPage(mm: MmStruct, area: VmArea, address: number, leaf: PteLeaf, index: number, write: boolean): number {
  const slot = pteToSwpEntry(leaf[index] as number);
  const pfn = swapIn(mm, leaf, index);
  if (pfn < 0) return pfn;
  mapSwapPage(mm, area, leaf, index, slot, pfn, true);
  if (write) return doWpPage(mm, area, address, leaf, index);
  if (swapOf(mm).full) mayReuse(mm, pfn);
  return leaf[index] as number;
}

/** The page takes the place of its entry in swap; its tags come first. */
function mapSwapPage(
  mm: MmStruct,
  area: VmArea,
  leaf: PteLeaf,
  index: number,
  slot: number,
  pfn: number,
  restoreTags: boolean,
): void {
  const swap = swapOf(mm);
  if (restoreTags) mteRestorePageTags(mm.pages, swap.tags, slot, pfn, mm.abi.swapInTagOrder);
  mm.pages.getPage(pfn);
  mapPage(mm, leaf, index, pfn, vmGetPageProt(area.flags));
  swap.free(slot);
}

/**
 * unuse_mm(): every page of an address space comes back from swap; -ENOMEM where memory is out, -EIO for one that cannot
 * be read. Older kernels restore tags where the entry is written, and only where user space could then see them. The
 * steps are the leaves of the page table, which may be gone when their turn comes.
 */
export function* unuseMm(mm: MmStruct): Steps<number> {
  for (const [base] of mm.pageTable.leavesIn(0, mm.abi.taskSize).reverse()) {
    yield "unuse_pte_range";
    const leaf = mm.pageTable.leaf(base);
    for (let index = 0; leaf && index < PTRS_PER_PTE; index++) {
      const error = isSwapPte(leaf[index] as number) ? unusePte(mm, base + index * PAGE_SIZE, leaf, index) : 0;
      if (error < 0) return error;
    }
  }
  return 0;
}

/** unuse_pte() */
function unusePte(mm: MmStruct, address: number, leaf: PteLeaf, index: number): number {
  const area = mm.findVma(address) as VmArea;
  const slot = pteToSwpEntry(leaf[index] as number);
  const pfn = swapIn(mm, leaf, index);
  if (pfn < 0) return pfn === VM_FAULT_OOM ? -ENOMEM : -EIO;
  const visible = (area.flags & (VM_READ | VM_WRITE)) !== 0;
  mapSwapPage(mm, area, leaf, index, slot, pfn, visible || mm.abi.unuseRestoresTags);
  if (mm.pages.refcount(pfn) === 2) mayReuse(mm, pfn);
  return 0;
}

// ---- pages of 2 MiB: a leaf that is filled at once, with frames that each count for themselves

/** thp_vma_allowable_order(), with transparent huge pages set to madvise; areas of hugetlbfs have nothing else. */
function wantsHugePage(area: VmArea, address: number): boolean {
  if (area.flags & VM_HUGETLB) return true;
  if (!(area.flags & VM_HUGEPAGE) || area.ops) return false;
  const start = address - (address % PMD_SIZE);
  return area.start <= start && start + PMD_SIZE <= area.end;
}

/** do_huge_pmd_anonymous_page(), hugetlb_fault(): 0, or VM_FAULT_* with the leaf as empty as before. */
function faultHugePage(mm: MmStruct, area: VmArea, start: number, leaf: PteLeaf, write: boolean): number {
  for (let index = 0; index < PTRS_PER_PTE; index++) {
    const pte = faultPte(mm, area, start + index * PAGE_SIZE, leaf, index, write);
    if (pte < 0) {
      for (let i = 0; i < index; i++) clearPte(mm, leaf[i] as number, leaf, i);
      if (area.flags & VM_HUGETLB) mm.pageTable.freeLeaves(start, start + PMD_SIZE);
      return pte;
    }
    if (!(pte & PTE_SPECIAL)) mm.pages.setFlag(ptePfn(pte), PG_compound);
  }
  return 0;
}

// ---- ranges

/** zap_page_range(): the pages of [start, end) go, from the top down; those that only this process has may be spared. */
export function zapPageRange(mm: MmStruct, start: number, end: number, evenCows = true): void {
  mm.invalidate(start, end);
  walkPageRange(mm.pageTable, start, end, (pte, leaf, index) => {
    if (evenCows || !(isSwapPte(pte) || mm.pages.testFlag(ptePfn(pte), PG_anon))) clearPte(mm, pte, leaf, index);
  });
}

/** unmap_mapping_pages(): pages [first, end) of a file go from every area that maps them; `evenCows`, private copies too. */
export function unmapMappingPages(mapping: AddressSpace, first: number, end: number, evenCows: boolean): void {
  for (const area of mapping.iMmap) {
    const from = Math.max(first, area.pgoff);
    const to = Math.min(end, area.pageOffset(area.end));
    if (from >= to) continue;
    const start = area.start + (from - area.pgoff) * PAGE_SIZE;
    zapPageRange(area.mm, start, start + (to - from) * PAGE_SIZE, evenCows);
  }
}

/** change_protection(): entries after their area's flags changed. Private pages become writable at the next write. */
export function changeProtection(mm: MmStruct, area: VmArea, start: number, end: number): void {
  mm.invalidate(start, end);
  const prot = vmGetPageProt(area.flags) | (area.flags & VM_SHARED ? maybeWrite(area) : 0);
  walkPageRange(mm.pageTable, start, end, (pte, leaf, index) => {
    if (ptePresent(pte)) setPteAt(mm, leaf, index, ptePfn(pte), prot | (pte & PTE_SPECIAL));
  });
}

/** copy_page_range(): a child's entries, write-protected on both sides. Shared pages it finds again by faults. -ENOMEM. */
export function copyPageRange(child: MmStruct, parent: MmStruct, area: VmArea): number {
  if (area.flags & (VM_SHARED | VM_WIPEONFORK)) return 0;
  parent.invalidate(area.start, area.end);
  let error = 0;
  walkPageRange(parent.pageTable, area.start, area.end, (pte, leaf, index, address) => {
    const copy = child.pageTable.allocLeaf(address);
    if (!copy) error = -ENOMEM;
    if (!copy) return;
    if (isSwapPte(pte)) {
      copy[index] = pte;
      swapOf(parent).duplicate(pteToSwpEntry(pte));
    }
    if (!ptePresent(pte)) return;
    leaf[index] = copy[index] = (pte & ~PTE_WRITE) >>> 0;
    if (pte & PTE_SPECIAL) return;
    child.rss++;
    parent.pages.getPage(ptePfn(pte));
    parent.pages.addRmap(ptePfn(pte));
  });
  return error;
}
