/** Page tables: two levels, the leaves in page frames of their own, so that they are paid for like any memory (asm/pgtable.h). */

import { PAGE_SHIFT, PAGE_SIZE } from "../../hw/memory.ts";
import type { MemCgroup } from "./memcontrol.ts";
import type { PageFrames } from "./page.ts";

/** An entry is pfn << 12 | bits; all zero is none. */
export const PTE_VALID = 1 << 0;
/** The process can read (EL0); without it the page can only be executed. */
export const PTE_USER = 1 << 1;
/** The process can write, now and without a fault. */
export const PTE_WRITE = 1 << 2;
/** The page is there, and no access is permitted. */
export const PTE_PROT_NONE = 1 << 3;
/** The frame is not counted as this mapping's: the zero page or a device's registers. */
export const PTE_SPECIAL = 1 << 4;
/** Normal-Tagged memory: accesses are checked where the process asked for it. */
export const PTE_TAGGED = 1 << 5;
/** Not present: the rest of the entry says where in swap the page is. */
export const PTE_SWAP = 1 << 6;

const PRESENT = PTE_VALID | PTE_PROT_NONE;
const READABLE = PTE_VALID | PTE_USER;

/** Where addresses end that a process gets without asking for higher ones: 48 bits of virtual address. */
export const DEFAULT_MAP_WINDOW = 2 ** 48;

/** PAGE_ALIGN() */
export const pageAlign = (size: number) => Math.ceil(size / PAGE_SIZE) * PAGE_SIZE;

/** What one leaf maps: PMD_SIZE. */
export const PMD_SHIFT = 21;
export const PMD_SIZE = 2 ** PMD_SHIFT;
export const PTRS_PER_PTE = 512;

/** __pte_to_swp_entry(), __swp_entry_to_pte(): the slot in swap takes the frame's place. */
export const pteToSwpEntry = (pte: number) => pte >>> PAGE_SHIFT;
export const swpEntryToPte = (slot: number) => ((slot << PAGE_SHIFT) | PTE_SWAP) >>> 0;
export const isSwapPte = (pte: number) => (pte & PTE_SWAP) !== 0;
export const ptePresent = (pte: number) => (pte & PRESENT) !== 0;
export const pteReadable = (pte: number) => (pte & READABLE) === READABLE;
export const pteWritable = (pte: number) => (pte & PTE_WRITE) !== 0;
export const ptePfn = (pte: number) => pte >>> PAGE_SHIFT;
export const pfnPte = (pfn: number, bits: number) => ((pfn << PAGE_SHIFT) | bits) >>> 0;
/** An address's place in its leaf. */
export const pteIndex = (address: number) => (address >>> PAGE_SHIFT) & (PTRS_PER_PTE - 1);
const leafIndex = (address: number) => Math.floor(address / PMD_SIZE);

/** 512 entries. */
export type PteLeaf = Uint32Array;

interface LeafFrame {
  readonly pfn: number;
  readonly entries: PteLeaf;
}

/** A sparse table from page addresses to entries: an address space's, or a file's pages by offset. */
export class PageTable {
  private readonly pages: PageFrames;
  private readonly memcg: MemCgroup;
  private readonly leaves = new Map<number, LeafFrame>();
  /** The leaf found last: neighbours are looked up together. */
  private cachedIndex = -1;
  private cachedLeaf: PteLeaf | undefined;

  /** The table's own frames are charged to `memcg`. */
  constructor(pages: PageFrames, memcg: MemCgroup) {
    this.pages = pages;
    this.memcg = memcg;
  }

  /** The entry of an address; 0 where there is none. */
  lookup(address: number): number {
    const leaf = this.leaf(address);
    return leaf ? (leaf[(address >>> PAGE_SHIFT) & (PTRS_PER_PTE - 1)] as number) : 0;
  }

  /**
   * How many of `most` pages from `address` on have entries that grow by `stride` from page to page: PAGE_SIZE
   * where frames lie side by side with the same bits, 0 where all are the same page.
   */
  countRun(address: number, most: number, stride: number): number {
    const first = this.lookup(address);
    let n = 0;
    while (n < most) {
      const leaf = this.leaf(address + n * PAGE_SIZE);
      if (!leaf) return n;
      const start = pteIndex(address + n * PAGE_SIZE);
      const end = Math.min(PTRS_PER_PTE, start + most - n);
      for (let index = start; index < end; index++, n++) if (leaf[index] !== first + n * stride) return n;
    }
    return n;
  }

  /** The leaf of an address, if it has one. */
  leaf(address: number): PteLeaf | undefined {
    const index = leafIndex(address);
    if (index === this.cachedIndex) return this.cachedLeaf;
    const found = this.leaves.get(index);
    if (found) this.cache(index, found.entries);
    return found?.entries;
  }

  /** pte_alloc(): the leaf of an address, made where it is missing; undefined without memory for it. */
  allocLeaf(address: number): PteLeaf | undefined {
    const found = this.leaf(address);
    if (found) return found;
    const pfn = this.pages.allocPage(this.memcg);
    if (pfn < 0) return undefined;
    const { memory } = this.pages;
    const entries = new Uint32Array(memory.memory.buffer, memory.frameOffset(pfn), PTRS_PER_PTE);
    const index = leafIndex(address);
    this.leaves.set(index, { pfn, entries });
    this.cache(index, entries);
    return entries;
  }

  /** The address and entries of every leaf that has a page in [start, end), the highest first. */
  leavesIn(start: number, end: number): [address: number, leaf: PteLeaf][] {
    const first = leafIndex(start);
    const last = leafIndex(end - 1);
    const found: [number, PteLeaf][] = [];
    const add = (index: number) => {
      const leaf = this.leaves.get(index);
      if (leaf) found.push([index * PMD_SIZE, leaf.entries]);
    };
    if (last - first < this.leaves.size) {
      for (let index = last; index >= first; index--) add(index);
      return found;
    }
    for (const index of this.leaves.keys()) if (index >= first && index <= last) add(index);
    return found.sort(([a], [b]) => b - a);
  }

  /** free_pgtables(): frees the leaves that lie in [floor, ceiling) as a whole; they must be empty. */
  freeLeaves(floor: number, ceiling: number): void {
    for (const [address] of this.leavesIn(floor, ceiling)) {
      if (address < floor || address + PMD_SIZE > ceiling) continue;
      const index = leafIndex(address);
      this.pages.putPage((this.leaves.get(index) as LeafFrame).pfn);
      this.leaves.delete(index);
    }
    this.cachedIndex = -1;
  }

  /** How many frames the table itself takes. */
  get frames(): number {
    return this.leaves.size;
  }

  private cache(index: number, leaf: PteLeaf): void {
    this.cachedIndex = index;
    this.cachedLeaf = leaf;
  }
}

/** Calls `visit` for every entry of [start, end) that is not none, from the highest address down. */
export function walkPageRange(
  table: PageTable,
  start: number,
  end: number,
  visit: (pte: number, leaf: PteLeaf, index: number, address: number) => void,
): void {
  for (const [base, leaf] of table.leavesIn(start, end)) {
    const from = Math.max(start - base, 0) / PAGE_SIZE;
    const to = Math.min(end - base, PMD_SIZE) / PAGE_SIZE;
    for (let index = to - 1; index >= from; index--) {
      const pte = leaf[index] as number;
      if (pte !== 0) visit(pte, leaf, index, base + index * PAGE_SIZE);
    }
  }
}
