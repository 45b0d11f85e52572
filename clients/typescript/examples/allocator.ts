/** Tags as a tagging allocator gives them: a heap of allocations, each with another tag than its neighbours. */

const GRANULE_BYTES = 16;

/** What the allocator did to the heap. */
export interface Heap {
  /** A tag for each granule: 1 to 15 in an allocation, 0 where it is free. */
  readonly tags: Uint8Array;
  readonly allocations: number;
  readonly free: number;
}

/** Numbers between 0 and 1, the same for the same seed (xorshift32). */
function random(seed: number): () => number {
  let state = seed || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Fills a heap of `bytes`: sizes spread evenly over the powers of two up to 2 KiB, every fifth place free again. */
export function allocateHeap(bytes: number, seed: number): Heap {
  const next = random(seed);
  const tags = new Uint8Array(bytes / GRANULE_BYTES);
  let allocations = 0;
  let free = 0;
  for (let at = 0, tag = 0; at < tags.length; ) {
    const granules = Math.ceil(2 ** (next() * 7));
    const end = Math.min(at + granules, tags.length);
    if (next() < 0.2) {
      free++;
    } else {
      // One of the 14 tags that are neither 0 nor the last one given.
      tag = ((tag + Math.floor(next() * 14)) % 15) + 1;
      tags.fill(tag, at, end);
      allocations++;
    }
    at = end;
  }
  return { tags, allocations, free };
}
