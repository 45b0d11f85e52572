/** Tags of pages in swap: beside the swap device, in memory, by swap entry (arch/arm64/mm/mteswap.c). */

import { MTE_GRANULES_PER_PAGE } from "../../hw/memory.ts";
import { type PageFrames, PG_mte_tagged } from "../mm/page.ts";

/** MTE_PAGE_TAG_STORAGE: two tags a byte. */
export const MTE_PAGE_TAG_STORAGE = MTE_GRANULES_PER_PAGE / 2;

const WORD = 4;
const STORED_WORDS = MTE_PAGE_TAG_STORAGE / WORD;

/** The tags in the four bytes of a word, side by side in 16 bits. */
function pack(word: number): number {
  const pairs = (word | (word >>> 4)) & 0x00ff_00ff;
  return (pairs | (pairs >>> 8)) & 0xffff;
}

/** Undoes pack(). */
function unpack(tags: number): number {
  const pairs = (tags | (tags << 8)) & 0x00ff_00ff;
  return (pairs | (pairs << 4)) & 0x0f0f_0f0f;
}

/** The saved tags of one swap device. An untouched part of it costs nothing. */
export class MteSwap {
  private readonly saved: Uint8Array;
  /** Eight tags a word. */
  private readonly store: Uint32Array;

  constructor(slots: number) {
    this.saved = new Uint8Array(slots);
    this.store = new Uint32Array((slots * MTE_PAGE_TAG_STORAGE) / WORD);
  }

  /** mte_save_tags(): of a page that has tags of its own. */
  mteSaveTags(pages: PageFrames, slot: number, pfn: number): void {
    if (!pages.testFlag(pfn, PG_mte_tagged)) return;
    const { words } = pages.memory;
    let from = pages.memory.tagOffset(pfn) / WORD;
    const start = slot * STORED_WORDS;
    for (let at = start; at < start + STORED_WORDS; at++, from += 2)
      this.store[at] = pack(words[from] as number) | (pack(words[from + 1] as number) << 16);
    this.saved[slot] = 1;
  }

  /** mte_restore_page_tags(): of a slot that has any. What was saved stays, for as long as the entry. */
  mteRestoreTags(pages: PageFrames, slot: number, pfn: number): void {
    const { words } = pages.memory;
    let to = pages.memory.tagOffset(pfn) / WORD;
    const start = slot * STORED_WORDS;
    for (let at = start; at < start + STORED_WORDS; at++, to += 2) {
      words[to] = unpack((this.store[at] as number) & 0xffff);
      words[to + 1] = unpack((this.store[at] as number) >>> 16);
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
}
