/** Page frames: struct page as arrays over frame numbers, and the allocator (linux/page-flags.h, mm/page_alloc.c). */

import { EBUSY, ENODEV, ENOMEM, ENOSPC } from "../../abi/errno.ts";
import { PAGE_SIZE, type PhysicalMemory } from "../../hw/memory.ts";
import { refuse } from "../refuse.ts";
import { MemCgroup } from "./memcontrol.ts";

/** Not RAM that the kernel manages: the frame that stands for a device's registers. */
export const PG_reserved = 1 << 0;
/** The frame's tags are its owner's: it sees none that an earlier one left. */
export const PG_mte_tagged = 1 << 1;
/** A page of private memory, not of a file (PageAnon). */
export const PG_anon = 1 << 2;
/** Part of a page of 2 MiB (PageCompound). */
export const PG_compound = 1 << 3;
/** The page has a slot in swap (PageSwapCache). */
export const PG_swapcache = 1 << 4;
/** ZONE_DEVICE: memory with struct page that is not the kernel's to give out, and has no tags. */
export const PG_zone_device = 1 << 5;
/** The section was taken offline: there is no struct page to be had. */
export const PG_offline = 1 << 6;
/** Somebody gives the page its tags, or has: the lock is never given back. */
export const PG_mte_lock = 1 << 7;

/** empty_zero_page: what anonymous memory shows until it is written. Its tags are 0. */
export const ZERO_PFN = 0;
/** Stands for every page of device registers: no access goes to the frame itself. */
export const DEVICE_PFN = 1;
const FIRST_FREE_PFN = 2;

/** The frames of a host. None costs anything before it is first allocated. */
export class PageFrames {
  readonly memory: PhysicalMemory;
  /** How many frames can be allocated in all. */
  total: number;
  /** Frames of the device zone: half of them are /dev/dax0.0, the others a file system's. */
  readonly dax: { readonly first: number; readonly frames: number };
  /** Those of the file system that no file has. */
  private readonly pmem: number[] = [];
  private pmemTotal: number;
  /** How many free frames are kept for pages that come back from swap, each of which makes room there for another. */
  reserve = 0;
  private readonly flags: Uint8Array;
  private readonly counts: Int32Array;
  /** How many page table entries of processes map a frame. */
  private readonly mapcounts: Int32Array;
  /** Frames that the host gave to protected guests, and has no access to. */
  readonly donated = new Set<number>();
  /** Who pays for a frame that is in use. */
  private readonly memcgs: MemCgroup[] = [];
  private readonly rootMemcg = new MemCgroup();
  /** Frames given back, the last on top. It is the next to be used, so a range that was freed from its end is filled from its start. */
  private readonly stack: Uint32Array;
  private stacked = 0;
  /** From here on no frame was ever in use: they are zero as they are. */
  private unused = FIRST_FREE_PFN;

  /** The last `pmemFrames` frames are persistent memory: of the device zone, and not the kernel's to give out. */
  constructor(memory: PhysicalMemory, pmemFrames = 0) {
    this.memory = memory;
    this.total = memory.frames - FIRST_FREE_PFN - pmemFrames;
    this.pmemTotal = pmemFrames;
    this.flags = new Uint8Array(memory.frames);
    this.counts = new Int32Array(memory.frames);
    this.mapcounts = new Int32Array(memory.frames);
    this.stack = new Uint32Array(memory.frames);
    this.flags[ZERO_PFN] = PG_mte_tagged;
    this.flags[DEVICE_PFN] = PG_reserved;
    this.counts[ZERO_PFN] = this.counts[DEVICE_PFN] = 1;
    this.dax = { first: memory.frames - pmemFrames, frames: pmemFrames >> 1 };
    for (let pfn = this.dax.first; pfn < memory.frames; pfn++) {
      this.flags[pfn] = PG_zone_device;
      if (pfn < this.dax.first + this.dax.frames) this.counts[pfn] = 1;
      else this.pmem.push(pfn);
    }
  }

  /** How many frames can still be allocated. */
  get free(): number {
    return this.total - (this.unused - FIRST_FREE_PFN) + this.stacked;
  }

  /**
   * A frame with one reference and no flags, paid for by `memcg`; -ENOMEM where there is none or the
   * group is at its limit. Its data is zero, unless the caller says that it overwrites all of it.
   * Its tags are as the last owner left them. A swap-in may take the reserve.
   */
  allocPage(memcg = this.rootMemcg, zero = true, reserve = this.reserve): number {
    if (this.free <= reserve) return refuse(ENOMEM, "__alloc_pages: no frame is free");
    if (!memcg.tryCharge()) return refuse(ENOMEM, "try_charge_memcg: the process is at its memory limit");
    const pfn = this.stacked > 0 ? this.reuse(zero) : this.unused++;
    this.memcgs[pfn] = memcg;
    this.counts[pfn] = 1;
    return pfn;
  }

  /** A frame of persistent memory, zero; -ENOSPC where there is none. */
  allocPmem(): number {
    const pfn = this.pmem.pop();
    if (pfn === undefined) return refuse(ENOSPC, "dax_iomap: the persistent memory is full");
    this.memory.fill(this.memory.frameOffset(pfn), 0, PAGE_SIZE);
    this.counts[pfn] = 1;
    return pfn;
  }

  /** add_memory_driver_managed(), by dax/kmem: persistent memory is ordinary RAM from now on; how much that is, or -errno. */
  onlinePmem(): number {
    const frames = this.pmemTotal;
    if (frames === 0) return refuse(ENODEV, "dev_dax_kmem_probe: the board has no persistent memory");
    const { first } = this.dax;
    const mapped = this.counts.subarray(first, first + this.dax.frames).some((count) => count > 1);
    if (mapped || this.pmem.length < frames - this.dax.frames)
      return refuse(EBUSY, "dev_dax_kmem_probe: the persistent memory is in use");
    this.pmem.splice(0);
    for (let pfn = first + frames - 1; pfn >= first; pfn--) {
      this.flags[pfn] = this.counts[pfn] = 0;
      this.stack[this.stacked++] = pfn;
    }
    this.total += frames;
    this.pmemTotal = 0;
    return frames;
  }

  private reuse(zero: boolean): number {
    const pfn = this.stack[--this.stacked] as number;
    if (zero) this.memory.fill(this.memory.frameOffset(pfn), 0, PAGE_SIZE);
    return pfn;
  }

  /** get_page() */
  getPage(pfn: number): void {
    (this.counts[pfn] as number)++;
  }

  /** put_page(): the last reference frees the frame. */
  putPage(pfn: number): void {
    if (--(this.counts[pfn] as number) > 0) return;
    if (this.testFlag(pfn, PG_zone_device)) {
      this.flags[pfn] = PG_zone_device;
      this.pmem.push(pfn);
      return;
    }
    (this.memcgs[pfn] as MemCgroup).uncharge();
    this.memcgs[pfn] = this.rootMemcg;
    this.flags[pfn] = 0;
    this.stack[this.stacked++] = pfn;
  }

  /** page_count() */
  refcount(pfn: number): number {
    return this.counts[pfn] as number;
  }

  /** page_mapcount() */
  mapcount(pfn: number): number {
    return this.mapcounts[pfn] as number;
  }

  /** page_add_anon_rmap() and its like: an entry maps the frame, with the caller's reference. */
  addRmap(pfn: number): void {
    (this.mapcounts[pfn] as number)++;
  }

  /** page_remove_rmap(): the entry is gone, and its reference too. */
  removeRmap(pfn: number): void {
    (this.mapcounts[pfn] as number)--;
    this.putPage(pfn);
  }

  /** Who pays for a frame. */
  memcgOf(pfn: number): MemCgroup {
    return this.memcgs[pfn] ?? this.rootMemcg;
  }

  /** getPage() for `n` frames from `pfn` on. */
  getPages(pfn: number, n: number): void {
    for (let i = pfn; i < pfn + n; i++) (this.counts[i] as number)++;
  }

  /** putPage() for `n` frames from `pfn` on. */
  putPages(pfn: number, n: number): void {
    for (let i = pfn; i < pfn + n; i++) this.putPage(i);
  }

  /** All flags of a frame. */
  flagsOf(pfn: number): number {
    return this.flags[pfn] as number;
  }

  testFlag(pfn: number, flag: number): boolean {
    return ((this.flags[pfn] as number) & flag) !== 0;
  }

  setFlag(pfn: number, flag: number): void {
    (this.flags[pfn] as number) |= flag;
  }

  /** test_and_set_bit(): whether the flag was set before. */
  testAndSetFlag(pfn: number, flag: number): boolean {
    const was = this.testFlag(pfn, flag);
    this.setFlag(pfn, flag);
    return was;
  }

  /** setFlag() for `n` frames from `pfn` on. */
  setFlags(pfn: number, n: number, flag: number): void {
    for (let i = pfn; i < pfn + n; i++) (this.flags[i] as number) |= flag;
  }

  /** How many frames from `pfn` on, of `n`, are as the first one is about the flag. */
  countAlike(pfn: number, n: number, flag: number): number {
    const { flags } = this;
    const first = (flags[pfn] as number) & flag;
    let i = pfn + 1;
    while (i < pfn + n && ((flags[i] as number) & flag) === first) i++;
    return i - pfn;
  }

  clearFlag(pfn: number, flag: number): void {
    (this.flags[pfn] as number) &= ~flag;
  }

  /** pfn_to_online_page(): whether the frame is RAM that the kernel manages. */
  isOnline(pfn: number): boolean {
    return pfn < this.memory.frames && !this.testFlag(pfn, PG_reserved | PG_zone_device | PG_offline);
  }
}
