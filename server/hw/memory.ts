/** The board's memory: RAM, and tag RAM with one byte per granule, side by side in one shared linear memory. */

import { WASM } from "./block.wasm.ts";
import { CORE_BYTES } from "./core_state.ts";

export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 1 << PAGE_SHIFT;
export const MTE_GRANULE_SIZE = 16;
export const MTE_GRANULES_PER_PAGE = PAGE_SIZE / MTE_GRANULE_SIZE;

const WASM_PAGE = 65536;
const MAX_WASM_PAGES = 65536;
/** Words that all cores share lie before the first core's block. */
const BOARD_BYTES = PAGE_SIZE;
/** A 32-bit linear memory has to hold the tags too, and the cores' state. */
export const MAX_MEMORY_BYTES = 3.5 * 2 ** 30;

/** The exports of block.as.ts; offsets and counts are in bytes of the linear memory. */
interface BlockOperations {
  copy(to: number, from: number, bytes: number): void;
  fill(to: number, value: number, bytes: number): void;
  copyTags(to: number, from: number, tags: number): void;
}

const blockModule = new WebAssembly.Module(Buffer.from(WASM, "base64"));

/**
 * V8 copies to and from shared memory a word at a time where both sides are aligned alike, and otherwise a byte at
 * a time. Unlike sides meet in a buffer on the way that is aligned like the shared one: five times as fast.
 */
const WORD = 8;
const DETOUR_BYTES = 1 << 16;
const detour = new Uint8Array(DETOUR_BYTES + WORD);
const SHORT = 512;

function isDirect(offset: number, other: Uint8Array, at: number, length: number): boolean {
  return length < SHORT || (offset - other.byteOffset - at) % WORD === 0;
}

/** RAM and tag RAM. A CPU, a kernel and their threads work on the same bytes. */
export class PhysicalMemory {
  /** Minimum and maximum are equal: the address space is reserved once, and a page costs nothing before it is touched. */
  readonly memory: WebAssembly.Memory;
  /** All of it, RAM first. */
  readonly bytes: Uint8Array;
  /** The same, four bytes a word. */
  readonly words: Uint32Array;
  /** Page frames of RAM. */
  readonly frames: number;
  /** Cores that there is room for. */
  readonly cores: number;
  private readonly tagBase: number;
  private readonly coreBase: number;
  private readonly block: BlockOperations;

  constructor({ bytes, cores = 4 }: { bytes: number; cores?: number }) {
    if (!(bytes >= WASM_PAGE && bytes <= MAX_MEMORY_BYTES))
      throw new RangeError(`no board has ${bytes} bytes of memory`);
    this.frames = Math.floor(bytes / PAGE_SIZE);
    this.tagBase = this.frames * PAGE_SIZE;
    const tagsEnd = this.tagBase + this.frames * MTE_GRANULES_PER_PAGE;
    this.coreBase = Math.ceil(tagsEnd / PAGE_SIZE) * PAGE_SIZE + BOARD_BYTES;
    this.cores = Math.min(cores, Math.floor((MAX_WASM_PAGES * WASM_PAGE - this.coreBase) / CORE_BYTES));
    const pages = Math.ceil((this.coreBase + this.cores * CORE_BYTES) / WASM_PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.bytes = new Uint8Array(this.memory.buffer);
    this.words = new Uint32Array(this.memory.buffer);
    const { exports } = new WebAssembly.Instance(blockModule, { env: { memory: this.memory } });
    this.block = exports as unknown as BlockOperations;
  }

  /** Where a frame's data lies in the linear memory. */
  frameOffset(pfn: number): number {
    return pfn * PAGE_SIZE;
  }

  /** Where a frame's tags lie: a byte per granule, the tag in its low nibble and the high one zero. */
  tagOffset(pfn: number): number {
    return this.tagBase + pfn * MTE_GRANULES_PER_PAGE;
  }

  /** Where the state of core `n` lies. */
  coreOffset(n: number): number {
    if (!(n >= 0 && n < this.cores)) throw new RangeError(`the board has no core ${n}`);
    return this.coreBase + n * CORE_BYTES;
  }

  /** A frame's data. */
  frame(pfn: number): Uint8Array {
    const offset = this.frameOffset(pfn);
    return this.bytes.subarray(offset, offset + PAGE_SIZE);
  }

  /** A frame's tags. */
  tags(pfn: number): Uint8Array {
    const offset = this.tagOffset(pfn);
    return this.bytes.subarray(offset, offset + MTE_GRANULES_PER_PAGE);
  }

  /** Copies `length` bytes at `offset` out, to index `at` of `to` and what follows. */
  read(offset: number, to: Uint8Array, at: number, length: number): void {
    if (isDirect(offset, to, at, length)) {
      to.set(this.bytes.subarray(offset, offset + length), at);
      return;
    }
    for (let done = 0; done < length; done += DETOUR_BYTES) {
      const n = Math.min(DETOUR_BYTES, length - done);
      const way = detour.subarray((offset + done) % WORD, ((offset + done) % WORD) + n);
      way.set(this.bytes.subarray(offset + done, offset + done + n));
      to.set(way, at + done);
    }
  }

  /** Copies `length` bytes in, from index `at` of `from` on, to `offset`. */
  write(offset: number, from: Uint8Array, at: number, length: number): void {
    if (isDirect(offset, from, at, length)) {
      this.bytes.set(from.subarray(at, at + length), offset);
      return;
    }
    for (let done = 0; done < length; done += DETOUR_BYTES) {
      const n = Math.min(DETOUR_BYTES, length - done);
      const way = detour.subarray((offset + done) % WORD, ((offset + done) % WORD) + n);
      way.set(from.subarray(at + done, at + done + n));
      this.bytes.set(way, offset + done);
    }
  }

  /** Copies bytes within the linear memory, between offsets; the ranges may overlap. */
  copy(to: number, from: number, bytes: number): void {
    this.block.copy(to, from, bytes);
  }

  /** Sets bytes of the linear memory. */
  fill(to: number, value: number, bytes: number): void {
    this.block.fill(to, value, bytes);
  }

  /** Copies tag bytes within the linear memory, and of each only the low nibble. */
  copyTags(to: number, from: number, tags: number): void {
    this.block.copyTags(to, from, tags);
  }
}
