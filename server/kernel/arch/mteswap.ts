/** Tags of pages in swap: beside the swap device, in memory, by swap entry (arch/arm64/mm/mteswap.c). */

import { MTE_GRANULES_PER_PAGE } from "../../hw/memory.ts";
import { type PageFrames, PG_mte_tagged } from "../mm/page.ts";

/** MTE_PAGE_TAG_STORAGE: two tags a byte. */
export const MTE_PAGE_TAG_STORAGE = MTE_GRANULES_PER_PAGE / 2;

/** The saved tags of one swap device. An untouched part of it costs nothing. */
export class MteSwap {
  private readonly saved: Uint8Array;
  private readonly store: Uint8Array;

  constructor(slots: number) {
    this.saved = new Uint8Array(slots);
    this.store = new Uint8Array(slots * MTE_PAGE_TAG_STORAGE);
  }

  /** mte_save_tags(): of a page that has tags of its own. */
  mteSaveTags(pages: PageFrames, slot: number, pfn: number): void {
    if (!pages.testFlag(pfn, PG_mte_tagged)) return;
    const tags = pages.memory.tags(pfn);
    const to = this.tagsOf(slot);
    for (let i = 0; i < to.length; i++) to[i] = (tags[2 * i] as number) | ((tags[2 * i + 1] as number) << 4);
    this.saved[slot] = 1;
  }

  /** mte_restore_page_tags(): of a slot that has any. What was saved stays, for as long as the entry. */
  mteRestoreTags(pages: PageFrames, slot: number, pfn: number): void {
    const tags = pages.memory.tags(pfn);
    const from = this.tagsOf(slot);
    for (let i = 0; i < from.length; i++) {
      tags[2 * i] = (from[i] as number) & 0xf;
      tags[2 * i + 1] = (from[i] as number) >> 4;
    }
  }

  /** mte_invalidate_tags(): the entry is free. */
  mteInvalidateTags(slot: number): void {
    this.saved[slot] = 0;
  }

  /** Whether a slot has saved tags. */
  has(slot: number): boolean {
    return this.saved[slot] === 1;
  }

  private tagsOf(slot: number): Uint8Array {
    const at = slot * MTE_PAGE_TAG_STORAGE;
    return this.store.subarray(at, at + MTE_PAGE_TAG_STORAGE);
  }
}
