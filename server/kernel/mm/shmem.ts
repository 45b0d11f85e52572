/** Files in memory: tmpfs, memfd and shared anonymous memory (mm/shmem.c), and the page cache of other files (mm/filemap.c). */

import { EBUSY, EFBIG, EINVAL, ENOMEM, EPERM } from "../../abi/errno.ts";
import { O_APPEND, O_RDWR, SEEK_CUR, SEEK_END, SEEK_SET } from "../../abi/fcntl.ts";
import type { Behaviours } from "../../abi/versions.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import { mteRestorePageTags } from "../arch/mte.ts";
import { File } from "../fs/file.ts";
import type { Host } from "../host.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import type { Steps } from "../steps.ts";
import type { MemCgroup } from "./memcontrol.ts";
import { unmapMappingPages } from "./memory.ts";
import { type PageFrames, ZERO_PFN } from "./page.ts";
import {
  isSwapPte,
  PageTable,
  PMD_SIZE,
  PTE_VALID,
  type PteLeaf,
  pfnPte,
  pteIndex,
  ptePfn,
  ptePresent,
  pteToSwpEntry,
  swpEntryToPte,
  walkPageRange,
} from "./pgtable.ts";
import { SWAP_CLUSTER_MAX, type SwapInfo, type SwapReadahead } from "./swapfile.ts";
import {
  type AddressSpace,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_SHARED,
  VM_WRITE,
  type VmArea,
  type VmOperations,
} from "./vma.ts";

/** Positions are numbers, which are exact below 2^53. */
const MAX_FILE_SIZE = 2 ** 53 - PAGE_SIZE;

export const F_SEAL_SEAL = 0x01;
export const F_SEAL_SHRINK = 0x02;
export const F_SEAL_GROW = 0x04;
export const F_SEAL_WRITE = 0x08;
export const F_SEAL_FUTURE_WRITE = 0x10;
export const F_SEAL_EXEC = 0x20;
const F_ALL_SEALS = 0x3f;
const NO_WRITE = F_SEAL_WRITE | F_SEAL_FUTURE_WRITE;
const NO_CHANGE = F_SEAL_SHRINK | F_SEAL_GROW | NO_WRITE;

// Bits of a file's mode
const S_IRWXUGO = 0o777;
export const S_IXUGO = 0o111;

/** Where a file's pages live: in memory for good, on a disk, in persistent memory that is mapped as it is (fsdax), in huge pages. */
export type Backing = "tmpfs" | "disk" | "pmem" | "hugetlb";

/** A file's pages. Open files and names hold references; with the last one the pages go. */
export class Inode implements AddressSpace {
  readonly iMmap = new Set<VmArea>();
  readonly backing: Backing;
  size = 0;
  /** F_SEAL_*. Only a memfd is ever without F_SEAL_SEAL, which refuses more of them. */
  seals = F_SEAL_SEAL;
  iMode = S_IRWXUGO;
  /** Who made the file, and pays for its table. */
  readonly memcg: MemCgroup;
  private readonly host: Host;
  private readonly pages: PageFrames;
  /** The page cache, by page of the file; an entry of a page in swap says where. */
  private readonly table: PageTable;
  private references = 1;
  /** Where the next look for pages to reclaim begins. */
  private reclaimAt = 0;
  private readonly swapReadahead: SwapReadahead = { next: 0, window: 1 };

  constructor(host: Host, memcg: MemCgroup, backing: Backing) {
    this.backing = backing;
    this.host = host;
    this.pages = host.pages;
    this.memcg = memcg;
    this.table = new PageTable(host.pages, memcg);
    if (this.shmem) host.reclaim.inodes.add(this);
  }

  /** In memory for good, so that its pages can have tags, and can go to swap. */
  get shmem(): boolean {
    return this.backing === "tmpfs";
  }

  /** ihold() */
  get(): this {
    this.references++;
    return this;
  }

  /** iput() */
  put(): void {
    if (--this.references > 0) return;
    this.host.reclaim.inodes.delete(this);
    this.removePages(0, Number.POSITIVE_INFINITY, true);
  }

  /** The frame of a page that is in memory. */
  findPage(index: number): number | undefined {
    const entry = this.table.lookup(index * PAGE_SIZE);
    return ptePresent(entry) ? ptePfn(entry) : undefined;
  }

  /** Whether a page is in swap. */
  isSwapped(index: number): boolean {
    return isSwapPte(this.table.lookup(index * PAGE_SIZE));
  }

  /** shmem_swapin_folio(): the frame of a page that was in swap; its slot is free then. -ENOMEM or -EIO. */
  private swapIn(index: number, memcg: MemCgroup): number {
    const leaf = this.table.leaf(index * PAGE_SIZE) as PteLeaf;
    const slot = pteToSwpEntry(leaf[pteIndex(index * PAGE_SIZE)] as number);
    const swap = this.host.reclaim.swap as SwapInfo;
    const pfn = swap.cached(slot) ?? this.pages.allocPage(memcg, false, 0);
    if (pfn < 0) return pfn;
    if (swap.cached(slot) === undefined) {
      const error = swap.readIn(leaf, pteIndex(index * PAGE_SIZE), pfn, 0, this.swapReadahead);
      if (error < 0) return error;
    }
    // Nobody else can find the page yet, so the order is the same to all.
    mteRestorePageTags(this.pages, swap.tags, slot, pfn, "set-last");
    this.pages.getPage(pfn);
    leaf[pteIndex(index * PAGE_SIZE)] = pfnPte(pfn, PTE_VALID);
    swap.deleteFromCache(pfn);
    swap.free(slot);
    return pfn;
  }

  /** shmem_writepage(): pages go to swap together, out of every mapping first; answers how many frames that freed. */
  pageOut(indices: readonly number[]): number {
    const { swap } = this.host.reclaim;
    if (!swap) return 0;
    const slots: number[] = [];
    const put = (index: number, entry: number) => {
      (this.table.leaf(index * PAGE_SIZE) as PteLeaf)[pteIndex(index * PAGE_SIZE)] = entry;
    };
    const gone = indices.filter((index) => {
      const pfn = this.findPage(index);
      if (pfn === undefined || this.pages.refcount(pfn) !== this.pages.mapcount(pfn) + 1 || this.isLocked(index))
        return false;
      const slot = swap.addToSwap(pfn, this.pages.memcgOf(pfn));
      if (slot < 0) return false;
      unmapMappingPages(this, index, index + 1, false);
      put(index, swpEntryToPte(slot));
      swap.duplicate(slot);
      this.pages.putPage(pfn);
      slots.push(slot);
      return true;
    });
    const freed = swap.writeOut(slots);
    for (const [i, slot] of slots.entries()) {
      const pfn = swap.cached(slot);
      if (pfn === undefined) continue;
      // It could not be written: the file has it back.
      this.pages.getPage(pfn);
      put(gone[i] as number, pfnPte(pfn, PTE_VALID));
      swap.deleteFromCache(pfn);
      swap.free(slot);
    }
    return freed;
  }

  /** Whether an area of locked memory maps a page. */
  private isLocked(index: number): boolean {
    for (const area of this.iMmap)
      if (area.flags & VM_LOCKED && index >= area.pgoff && index < area.pageOffset(area.end)) return true;
    return false;
  }

  /** Pages of the file that go to swap, whoever maps them, from where the last look ended, at most once around; answers how many frames that freed. */
  shrink(frames: number): number {
    const start = this.reclaimAt;
    const there = this.shrinkRange(start, Number.MAX_SAFE_INTEGER, frames);
    return there >= frames ? there : there + this.shrinkRange(0, start, frames - there);
  }

  private shrinkRange(start: number, end: number, frames: number): number {
    let freed = 0;
    for (const [base, leaf] of this.table.leavesIn(start, end).reverse()) {
      const last = Math.min(end - base, PMD_SIZE) / PAGE_SIZE;
      for (let i = Math.max(start - base, 0) / PAGE_SIZE; i < last; i += SWAP_CLUSTER_MAX) {
        if (freed >= frames) return freed;
        const cluster: number[] = [];
        for (let k = i; k < Math.min(i + SWAP_CLUSTER_MAX, last); k++)
          if (ptePresent(leaf[k] as number)) cluster.push(base / PAGE_SIZE + k);
        freed += this.pageOut(cluster);
        this.reclaimAt = base + (i + SWAP_CLUSTER_MAX) * PAGE_SIZE;
      }
    }
    return freed;
  }

  /** shmem_unuse(): every page is back from swap; -ENOMEM or -EIO where one cannot be. A step is a leaf of the table. */
  *unuse(): Steps<number> {
    for (const [base] of this.table.leavesIn(0, Number.MAX_SAFE_INTEGER)) {
      yield "shmem_unuse_swap_entries";
      const leaf = this.table.leaf(base);
      for (let i = 0; leaf && i < leaf.length; i++) {
        const pfn = isSwapPte(leaf[i] as number) ? this.swapIn(base / PAGE_SIZE + i, this.memcg) : 0;
        if (pfn < 0) return pfn;
      }
    }
    return 0;
  }

  /** shmem_get_folio(), filemap_grab_folio(): the frame of a page, which `memcg` pays for where it is new; or -ENOMEM. */
  getFolio(index: number, memcg: MemCgroup): number {
    const found = this.findPage(index);
    if (found !== undefined) return found;
    if (this.isSwapped(index)) return this.swapIn(index, memcg);
    const leaf = this.table.allocLeaf(index * PAGE_SIZE);
    if (!leaf) return -ENOMEM;
    const pfn = this.backing === "pmem" ? this.pages.allocPmem() : this.pages.allocPage(memcg);
    if (pfn >= 0) leaf[pteIndex(index * PAGE_SIZE)] = pfnPte(pfn, PTE_VALID);
    return pfn;
  }

  /** shmem_setattr(): pages beyond the new end go from every mapping, and are zero if the file grows again. */
  truncate(size: number): number {
    if (size > MAX_FILE_SIZE) return refuse(EFBIG, "inode_newsize_ok: beyond what a file can have");
    if (size < this.size && this.seals & F_SEAL_SHRINK) return refuse(EPERM, "shmem_setattr: F_SEAL_SHRINK");
    if (size > this.size && this.seals & F_SEAL_GROW) return refuse(EPERM, "shmem_setattr: F_SEAL_GROW");
    const shrinks = size < this.size;
    this.size = size;
    if (!shrinks) return 0;
    this.removePages(Math.ceil(size / PAGE_SIZE), Number.POSITIVE_INFINITY, true);
    const kept = size % PAGE_SIZE;
    const last = kept ? this.pageIn(Math.floor(size / PAGE_SIZE)) : undefined;
    const { memory } = this.pages;
    if (last !== undefined && last >= 0) memory.fill(memory.frameOffset(last) + kept, 0, PAGE_SIZE - kept);
    return 0;
  }

  /** shmem_undo_range(): pages [first, end) go, from mappings first; private copies go with the end of a file, not with a hole. */
  removePages(first: number, end: number, evenCows: boolean): void {
    unmapMappingPages(this, first, end, evenCows);
    walkPageRange(this.table, first * PAGE_SIZE, end * PAGE_SIZE, (entry, leaf, index) => {
      leaf[index] = 0;
      if (isSwapPte(entry)) this.host.reclaim.swap?.freeSwapAndCache(pteToSwpEntry(entry));
      else this.pages.putPage(ptePfn(entry));
    });
    this.table.freeLeaves(first * PAGE_SIZE, end * PAGE_SIZE);
  }

  /** The frame of a page, from swap where need be; undefined for a hole, -ENOMEM or -EIO where it cannot be had. */
  private pageIn(index: number): number | undefined {
    return this.isSwapped(index) ? this.swapIn(index, this.memcg) : this.findPage(index);
  }

  /** generic_file_read_iter(): holes read as zero and stay holes. */
  read(buffer: Uint8Array, position: number): number {
    const count = Math.max(Math.min(buffer.length, this.size - position), 0);
    const { bytes } = this.pages.memory;
    for (let done = 0; done < count; ) {
      const [index, offset, length] = piece(position + done, count - done);
      this.host.reclaim.balance(this.memcg);
      const pfn = this.pageIn(index) ?? ZERO_PFN;
      if (pfn < 0) return done > 0 ? done : pfn;
      const from = pfn * PAGE_SIZE + offset;
      buffer.set(bytes.subarray(from, from + length), done);
      done += length;
    }
    return count;
  }

  /** generic_perform_write(): the bytes written, fewer where memory is out. A sealed file is asked chunk by chunk. */
  write({ mm: { memcg }, abi }: Task, data: Uint8Array, position: number): number {
    const end = position + data.length;
    if (data.length === 0) return 0;
    if (this.seals & NO_WRITE) return refuse(EPERM, "shmem_write_begin: F_SEAL_WRITE");
    if (end > MAX_FILE_SIZE) return refuse(EFBIG, "generic_write_checks: beyond what a file can have");
    const { bytes } = this.pages.memory;
    for (let done = 0; done < data.length; ) {
      const [index, offset, length] = piece(position + done, data.length - done);
      const [, , asked] = piece(position + done, data.length - done, abi.shmemWriteChunk);
      if (this.seals & F_SEAL_GROW && position + done + asked > this.size)
        return done > 0 ? done : refuse(EPERM, "shmem_write_begin: F_SEAL_GROW");
      this.host.reclaim.balance(memcg);
      const pfn = this.getFolio(index, memcg);
      if (pfn < 0) return done > 0 ? done : pfn;
      bytes.set(data.subarray(done, done + length), pfn * PAGE_SIZE + offset);
      done += length;
      this.size = Math.max(this.size, position + done);
    }
    return data.length;
  }

  /** memfd_add_seals() */
  addSeals({ memfdExec }: Behaviours, seals: number): number {
    if (seals & ~(memfdExec ? F_ALL_SEALS : F_ALL_SEALS & ~F_SEAL_EXEC))
      return refuse(EINVAL, "memfd_add_seals: unknown seal");
    if (this.seals & F_SEAL_SEAL) return refuse(EPERM, "memfd_add_seals: F_SEAL_SEAL");
    const mayWrite = (area: VmArea) => (area.flags & (VM_MAYSHARE | VM_MAYWRITE)) === (VM_MAYSHARE | VM_MAYWRITE);
    if (seals & ~this.seals & F_SEAL_WRITE && [...this.iMmap].some(mayWrite)) {
      return refuse(EBUSY, "memfd_add_seals: F_SEAL_WRITE, and the file is mapped shared and writable");
    }
    // What cannot be made executable any more, and is so now, cannot be written either
    const implied = seals & F_SEAL_EXEC && this.iMode & S_IXUGO ? NO_CHANGE : 0;
    this.seals |= seals | implied;
    return 0;
  }
}

/** Where the page at a position begins, as far as `rest` bytes reach into it. */
function piece(position: number, rest: number, size = PAGE_SIZE): [index: number, offset: number, length: number] {
  const offset = position % size;
  return [(position - offset) / size, offset, Math.min(size - offset, rest)];
}

/** shmem_vm_ops: a page beyond the end of the file is SIGBUS. */
const shmemVmOps: VmOperations = {
  fault(area, pgoff) {
    const { inode } = area.file as RegularFile;
    if (pgoff * PAGE_SIZE >= inode.size) return refuse(EINVAL, "shmem_fault: the page is beyond the end of the file");
    return inode.getFolio(pgoff, area.mm.memcg);
  },
  reclaim(area, pgoffs) {
    const { inode } = area.file as RegularFile;
    return inode.shmem ? inode.pageOut(pgoffs) : 0;
  },
  remove(area, first, end) {
    const { inode } = area.file as RegularFile;
    if (inode.seals & NO_WRITE) return refuse(EPERM, "shmem_fallocate: F_SEAL_WRITE");
    inode.removePages(first, end, false);
    return 0;
  },
};

/** An open regular file. */
export class RegularFile extends File {
  readonly name: string;
  readonly inode: Inode;
  override readonly regular = true;
  override readonly takesPread = true;
  override readonly takesPwrite = true;

  /** The caller's reference to the inode becomes the file's. */
  constructor(name: string, inode: Inode, flags: number) {
    super(flags);
    this.name = name;
    this.inode = inode;
  }

  protected override release(): void {
    this.inode.put();
  }

  override read(_task: Task, buffer: Uint8Array, position: number): number {
    return this.inode.read(buffer, position);
  }

  override write(task: Task, data: Uint8Array, position: number): number {
    return this.inode.write(task, data, this.flags & O_APPEND ? this.inode.size : position);
  }

  /** generic_file_llseek() */
  override llseek(offset: number, whence: number): number {
    const from = new Map([
      [SEEK_SET, 0],
      [SEEK_CUR, this.pos],
      [SEEK_END, this.inode.size],
    ]).get(whence);
    if (from === undefined) return refuse(EINVAL, "generic_file_llseek: unknown whence");
    if (from + offset < 0 || from + offset > MAX_FILE_SIZE)
      return refuse(EINVAL, "vfs_setpos: beyond what a file can have");
    this.pos = from + offset;
    return this.pos;
  }

  override truncate(size: number): number {
    return this.inode.truncate(size);
  }

  override mayHaveTags(_task: Task): boolean {
    return this.inode.shmem;
  }

  /** memfd_check_seals_mmap() of later kernels; 6.1 asks mapping_map_writable() here. */
  override mmapPrepare({ abi }: Task, area: VmArea): number {
    if (abi.sealedMapsReadOnly) return this.checkWriteSeal(area);
    return abi.mmapValidatesFlagsFirst ? this.mappingMapWritable(area) : 0;
  }

  /** shmem_mmap() */
  override mmap({ abi }: Task, area: VmArea): number {
    const error = abi.sealedMapsReadOnly ? 0 : this.mappingMapWritable(area) || this.checkWriteSeal(area);
    if (error < 0) return error;
    area.ops = shmemVmOps;
    area.link(this.inode);
    return 0;
  }

  /** mapping_map_writable(): in older kernels a shared mapping counts as one that may be written. */
  private mappingMapWritable({ flags }: VmArea): number {
    const denied = flags & VM_SHARED && this.inode.seals & F_SEAL_WRITE;
    return denied ? refuse(EPERM, "mapping_map_writable: F_SEAL_WRITE") : 0;
  }

  /** check_write_seal(): what is shared for reading is never written. */
  private checkWriteSeal(area: VmArea): number {
    if (!(area.flags & VM_SHARED && this.inode.seals & NO_WRITE)) return 0;
    if (area.flags & VM_WRITE) return refuse(EPERM, "check_write_seal: F_SEAL_WRITE or F_SEAL_FUTURE_WRITE");
    area.flags &= ~VM_MAYWRITE;
    return 0;
  }
}

/** shmem_zero_setup(): what an area of shared anonymous memory is of is a file without a name. */
export function shmemZeroSetup(area: VmArea): void {
  const inode = new Inode(area.mm.host, area.mm.memcg, "tmpfs");
  inode.size = area.end - area.start;
  area.file?.put();
  area.file = new RegularFile("/dev/zero (deleted)", inode, O_RDWR);
  area.ops = shmemVmOps;
  area.link(inode);
}
