/**
 * Block operations on the board's memory. V8 moves the bytes of a SharedArrayBuffer as relaxed atomics, Wasm
 * does not: 4 MiB are copied at 29 GB/s by TypedArray.set and 47 here (the nibbles alone at 42), 256 bytes at
 * 7 and 25, and a page is filled at 3.6 and 73.
 */

/** memmove() */
export function copy(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes);
}

/** memset() */
export function fill(to: usize, value: u8, bytes: usize): void {
  memory.fill(to, value, bytes);
}

/** Copies tag bytes and keeps only their low nibbles; the ranges must not overlap. */
export function copyTags(to: usize, from: usize, tags: usize): void {
  const nibble = i8x16.splat(0x0f);
  const end = to + tags;
  const distance = from - to;
  for (const last = to + (tags & ~63); to < last; to += 64) {
    v128.store(to, v128.and(v128.load(to + distance), nibble));
    v128.store(to, v128.and(v128.load(to + distance, 16), nibble), 16);
    v128.store(to, v128.and(v128.load(to + distance, 32), nibble), 32);
    v128.store(to, v128.and(v128.load(to + distance, 48), nibble), 48);
  }
  for (; to < end; to++) store<u8>(to, load<u8>(to + distance) & 0x0f);
}
