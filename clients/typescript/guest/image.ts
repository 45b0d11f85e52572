/** What goes into a guest's memory before it starts. */

/** Bytes at a guest physical address. */
export interface Segment {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  /** Bytes of memory it takes: those beyond `bytes` are zero. */
  readonly size: number;
}

/** A program: what of it is where, and where it starts. */
export interface Image {
  readonly entry: bigint;
  readonly segments: readonly Segment[];
  /** Addresses by their names. */
  readonly symbols: ReadonlyMap<string, bigint>;
}

/** An image that is its file: it lies at an address as it is, and starts at its first byte unless said otherwise. */
export function flatImage(bytes: Uint8Array, address: bigint, entry = address): Image {
  return { entry, segments: [{ address, bytes, size: bytes.length }], symbols: new Map() };
}
