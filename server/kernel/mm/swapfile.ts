/** The swap device: its slots, who refers to them, and the swap cache (mm/swapfile.c, mm/swap_state.c, mm/page_io.c). */

import { EBUSY, EINVAL, EIO, ENOSPC } from "../../abi/errno.ts";
import { Disk, type DiskFault } from "../../hw/disk.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import { MteSwap } from "../arch/mteswap.ts";
import { refuse } from "../refuse.ts";
import type { MemCgroup } from "./memcontrol.ts";
import { type PageFrames, PG_swapcache } from "./page.ts";
import { type PteLeaf, pteToSwpEntry, swpEntryToPte } from "./pgtable.ts";

/** A page table entry has 20 bits for a slot: 4 GiB. */
export const MAX_SWAP_BYTES = 2 ** 32;
/** Page 0 is the header. */
const FIRST_SLOT = 1;
/** SWAP_CLUSTER_MAX: pages that go out together. */
export const SWAP_CLUSTER_MAX = 32;
const MAGIC = "TAGVISOR-SWAP-1\n";
/** How many slots may have been taken since the header last said how many are. */
const HEADER_LAG = 256;

/** struct swap_ra_info of an address space or a file: the slot that comes next if pages come in order, and how many are read at once. */
export interface SwapReadahead {
  next: number;
  window: number;
}

/** What the header says of a file that no server let go of in the ordinary way. */
export interface SwapLoss {
  readonly pid: number;
  /** About how many pages of memory it held; HEADER_LAG more or less. */
  readonly pages: number;
}

/** struct swap_info_struct, with the swap cache of its slots. */
export class SwapInfo {
  readonly disk: Disk;
  readonly slots: number;
  readonly tags: MteSwap;
  /** What was in the file of a server that was killed; undefined after an orderly end. */
  readonly lost: SwapLoss | undefined;
  /** SWP_WRITEOK: pages may go to the device; not while swapoff() brings them back. */
  writeok = true;
  /** Pages written and read since swapon. */
  readonly count = { out: 0, in: 0 };
  private readonly pages: PageFrames;
  /** swap_map: page table entries, and pages of files, that refer to a slot. */
  private readonly map: Uint16Array;
  /** Who pays for a slot. */
  private readonly memcgs: (MemCgroup | undefined)[] = [];
  /** The cached page of each slot, and the slot of each cached page; 0 is none. */
  private readonly cache: Uint32Array;
  private readonly slotByPfn: Uint32Array;
  /** Cached pages whose slot holds what they hold. */
  private readonly clean: Uint8Array;
  /** Slots of cached pages among which are all that nobody maps. */
  private readonly idle = new Set<number>();
  private taken = 0;
  /** Slots that fill() took. */
  private reserved = 0;
  private told = 0;
  private next = FIRST_SLOT;

  private constructor(pages: PageFrames, disk: Disk, slots: number, lost: SwapLoss | undefined) {
    this.pages = pages;
    this.disk = disk;
    this.lost = lost;
    this.slots = slots;
    disk.resize(slots * PAGE_SIZE);
    this.tags = new MteSwap(this.slots);
    this.map = new Uint16Array(this.slots);
    this.cache = new Uint32Array(this.slots);
    this.slotByPfn = new Uint32Array(pages.memory.frames);
    this.clean = new Uint8Array(this.slots);
    this.writeHeader(process.pid);
  }

  /** swapon(): the device on a file, which is made where it is missing; -EBUSY while another server has it, -EINVAL for a file that is something else. */
  static swapon(pages: PageFrames, path: string, bytes: number): SwapInfo | number {
    const disk = new Disk(path);
    const header = Buffer.alloc(PAGE_SIZE);
    disk.read(0, [header]);
    const blank = disk.blank && header.every((byte) => byte === 0);
    if (!blank && header.toString("latin1", 0, MAGIC.length) !== MAGIC) {
      disk.close();
      return refuse(EINVAL, "read_swap_header: the file is no swap file");
    }
    const pid = header.readUInt32LE(MAGIC.length);
    if (pid !== 0 && pid !== process.pid && isAlive(pid)) {
      disk.close();
      return refuse(EBUSY, `swapon: process ${pid} swaps to the file`);
    }
    const lost = pid === 0 ? undefined : { pid, pages: header.readUInt32LE(MAGIC.length + 4) };
    return new SwapInfo(pages, disk, Math.floor(bytes / PAGE_SIZE), lost);
  }

  /** Slots in use. */
  get used(): number {
    return this.taken;
  }

  /** Whether an entry refers to any slot. */
  get referenced(): boolean {
    return this.map.some((count) => count > 0);
  }

  /** Whether a slot is free. */
  get hasRoom(): boolean {
    return this.writeok && this.taken + this.reserved < this.slots - FIRST_SLOT;
  }

  /** vm_swap_full(): so full that a page which is in memory should not keep its slot. */
  get full(): boolean {
    return 2 * this.taken > this.slots;
  }

  /** The end of swapoff(): pages that are back need no slot, and the file is let go of. */
  close(): void {
    for (const pfn of this.cache) if (pfn !== 0) this.deleteFromCache(pfn);
    this.writeHeader(0);
    this.disk.close();
  }

  /** Lets transfers fail from now on. */
  fail(fault: DiskFault): 0 {
    this.disk.fault = fault;
    return 0;
  }

  /** Takes every free slot, so that swap is full; answers how many those were. */
  fill(): number {
    this.reserved = this.slots - FIRST_SLOT - this.taken;
    return this.reserved;
  }

  /** Undoes fail() and fill(). */
  mend(): 0 {
    this.disk.fault = "none";
    this.reserved = 0;
    return 0;
  }

  // ---- slots

  /** get_swap_pages(): a slot that nobody refers to yet, if possible after the last one; -ENOSPC where there is none. */
  private getSlot(memcg: MemCgroup): number {
    if (!this.hasRoom) return refuse(ENOSPC, "get_swap_pages: swap is full");
    if (!memcg.tryChargeSwap()) return refuse(ENOSPC, "mem_cgroup_try_charge_swap: the process is at its swap limit");
    while (this.map[this.next] !== 0 || this.cache[this.next] !== 0) this.advance();
    const slot = this.next;
    this.advance();
    this.memcgs[slot] = memcg;
    this.taken++;
    this.tell();
    return slot;
  }

  private advance(): void {
    this.next = this.next + 1 < this.slots ? this.next + 1 : FIRST_SLOT;
  }

  /** swap_duplicate(): one more refers to the slot. */
  duplicate(slot: number): void {
    (this.map[slot] as number)++;
  }

  /** swap_count(): how many refer to the slot. */
  refs(slot: number): number {
    return this.map[slot] as number;
  }

  /** swap_free(): one less; with the last one, and out of the cache, the slot is free and its tags go. */
  free(slot: number): void {
    (this.map[slot] as number)--;
    this.freeIfUnused(slot);
  }

  private freeIfUnused(slot: number): void {
    if (this.map[slot] !== 0 || this.cache[slot] !== 0) return;
    this.tags.mteInvalidateTags(slot);
    this.memcgs[slot]?.unchargeSwap();
    this.memcgs[slot] = undefined;
    this.taken--;
    this.tell();
  }

  /** free_swap_and_cache(): an entry goes away without having been read; a cached page that nobody else needs goes too. */
  freeSwapAndCache(slot: number): void {
    const pfn = this.cached(slot);
    this.free(slot);
    if (pfn !== undefined && this.map[slot] === 0 && this.pages.refcount(pfn) === 1) this.deleteFromCache(pfn);
  }

  // ---- the swap cache: pages that are in memory and have a slot. It holds a reference to each.

  /** The slot of a cached page. */
  slotOf(pfn: number): number | undefined {
    return this.slotByPfn[pfn] || undefined;
  }

  /** swap_cache_get_folio() */
  cached(slot: number): number | undefined {
    return this.cache[slot] || undefined;
  }

  /** add_to_swap(): the page gets a slot, and is cached; -ENOSPC. */
  addToSwap(pfn: number, memcg: MemCgroup): number {
    if (!this.writeok) return refuse(ENOSPC, "get_swap_pages: the device is being turned off");
    const found = this.slotOf(pfn);
    if (found !== undefined) return found;
    const slot = this.getSlot(memcg);
    if (slot >= 0) this.addToCache(slot, pfn);
    return slot;
  }

  private addToCache(slot: number, pfn: number): void {
    this.cache[slot] = pfn;
    this.slotByPfn[pfn] = slot;
    this.pages.getPage(pfn);
    this.pages.setFlag(pfn, PG_swapcache);
  }

  /** delete_from_swap_cache(): the page has no slot any more. */
  deleteFromCache(pfn: number): void {
    const slot = this.slotByPfn[pfn] as number;
    this.cache[slot] = this.slotByPfn[pfn] = this.clean[slot] = 0;
    this.idle.delete(slot);
    this.pages.clearFlag(pfn, PG_swapcache);
    this.freeIfUnused(slot);
    this.pages.putPage(pfn);
  }

  /** free_swap_cache(): the page's last mapping is gone. It goes too, unless somebody will read the slot again. */
  freeSwapCache(pfn: number): void {
    const slot = this.slotOf(pfn);
    if (slot === undefined || this.pages.refcount(pfn) !== 1) return;
    if (this.map[slot] === 0) this.deleteFromCache(pfn);
    else this.idle.add(slot);
  }

  // ---- input and output

  /**
   * swap_writepage() and __remove_mapping() for cached pages that nobody maps: tags are saved first, slots side by
   * side go out in one transfer, and what has arrived is free. Answers how many frames that gave; what could not be
   * written stays in memory.
   */
  writeOut(slots: readonly number[]): number {
    for (const run of runsOf(slots.filter((slot) => !this.clean[slot]))) this.transfer(run);
    let arrived = 0;
    // From the end, so that what is read into the frames next finds them in ascending order.
    for (const slot of slots.toReversed()) {
      if (!this.clean[slot]) this.idle.add(slot);
      else {
        this.deleteFromCache(this.cache[slot] as number);
        arrived++;
      }
    }
    return arrived;
  }

  /** Cached pages that nobody maps any more, such as those that could not be written; answers how many frames that gave. */
  shrinkCache(frames: number): number {
    const slots: number[] = [];
    for (const slot of this.idle) {
      if (slots.length >= frames) break;
      if (this.pages.refcount(this.cache[slot] as number) === 1) slots.push(slot);
      else this.idle.delete(slot);
    }
    return this.writeOut(slots.sort((a, b) => a - b));
  }

  /** Writes slots that follow each other; those that arrive whole are clean. */
  private transfer(slots: readonly number[]): void {
    const [first] = slots as [number];
    const frames = slots.map((slot) => this.cache[slot] as number);
    for (const [i, pfn] of frames.entries()) this.tags.mteSaveTags(this.pages, first + i, pfn);
    const arrived = Math.floor(this.disk.write(first * PAGE_SIZE, this.dataOf(frames)) / PAGE_SIZE);
    this.clean.fill(1, first, first + arrived);
    this.count.out += arrived;
  }

  /** The data of frames, in as few pieces as they lie in. */
  private dataOf(frames: readonly number[]): Uint8Array[] {
    const { memory } = this.pages;
    return runsOf(frames).map((run) => {
      const start = memory.frameOffset(run[0] as number);
      return memory.bytes.subarray(start, start + run.length * PAGE_SIZE);
    });
  }

  /**
   * swapin_readahead(): reads the page whose entry is entry `index` of a leaf into a frame with the caller's reference,
   * which becomes the cache's. Where pages come in the order in which they went, more and more are read with one. -EIO
   * leaves everything as it was. Tags are the caller's affair.
   */
  readIn(leaf: PteLeaf, index: number, pfn: number, flags: number, readahead: SwapReadahead): number {
    const slot = pteToSwpEntry(leaf[index] as number);
    const memcg = this.pages.memcgOf(pfn);
    const frames = [pfn];
    for (let ahead = this.ahead(leaf, index, slot, memcg, readahead); ahead > 0; ahead--)
      frames.push(this.pages.allocPage(memcg, false));
    const arrived = Math.floor(this.disk.read(slot * PAGE_SIZE, this.dataOf(frames)) / PAGE_SIZE);
    for (const [i, frame] of frames.entries()) {
      if (i < arrived) {
        this.pages.setFlag(frame, flags);
        this.addToCache(slot + i, frame);
        this.clean[slot + i] = 1;
        if (i > 0) this.idle.add(slot + i);
      }
      this.pages.putPage(frame);
    }
    this.count.in += arrived;
    return arrived > 0 ? 0 : refuse(EIO, "swap_readpage: the page cannot be read from the swap device");
  }

  /** How many pages are read after the one at `slot`: those whose entries follow its own, if memory has room for them. */
  private ahead(leaf: PteLeaf, index: number, slot: number, memcg: MemCgroup, readahead: SwapReadahead): number {
    readahead.window = slot === readahead.next ? Math.min(2 * readahead.window, SWAP_CLUSTER_MAX) : 1;
    const room = Math.min(readahead.window - 1, this.pages.free - this.pages.reserve, memcg.max - memcg.usage);
    let n = 0;
    while (n < room && leaf[index + n + 1] === swpEntryToPte(slot + n + 1) && !this.cache[slot + n + 1]) n++;
    readahead.next = slot + n + 1;
    return n;
  }

  // ---- the header

  private tell(): void {
    if (Math.abs(this.taken - this.told) >= HEADER_LAG) this.writeHeader(process.pid);
  }

  private writeHeader(pid: number): void {
    const page = Buffer.alloc(PAGE_SIZE);
    page.write(MAGIC, "latin1");
    page.writeUInt32LE(pid, MAGIC.length);
    page.writeUInt32LE(this.taken, MAGIC.length + 4);
    this.disk.write(0, [page]);
    this.told = this.taken;
  }
}

/** Numbers as runs in which each is one more than the one before. */
function runsOf(numbers: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (let i = 0, n = 1; i < numbers.length; i += n, n = 1) {
    while (numbers[i + n] === (numbers[i] as number) + n) n++;
    runs.push(numbers.slice(i, i + n));
  }
  return runs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
