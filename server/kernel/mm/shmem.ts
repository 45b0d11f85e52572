/** Files in memory: tmpfs, memfd and shared anonymous memory (mm/shmem.c), and the page cache of other files (mm/filemap.c). */

import { EBUSY, EFBIG, EINVAL, ENOMEM, EPERM } from "../../abi/errno.ts";
import { O_APPEND, O_RDWR, SEEK_CUR, SEEK_END, SEEK_SET } from "../../abi/fcntl.ts";
import type { Behaviours } from "../../abi/versions.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import { File } from "../fs/file.ts";
import type { Host } from "../host.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import type { MemCgroup } from "./memcontrol.ts";
import { unmapMappingPages } from "./memory.ts";
import { type PageFrames, ZERO_PFN } from "./page.ts";
import { PageTable, PTE_VALID, pfnPte, pteIndex, ptePfn, walkPageRange } from "./pgtable.ts";
import {
  type AddressSpace,
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

/** A file's pages. Open files and names hold references; with the last one the pages go. */
export class Inode implements AddressSpace {
  readonly iMmap = new Set<VmArea>();
  /** In memory for good, so that its pages can have tags. */
  readonly shmem: boolean;
  size = 0;
  /** F_SEAL_*. Only a memfd is ever without F_SEAL_SEAL, which refuses more of them. */
  seals = F_SEAL_SEAL;
  private readonly pages: PageFrames;
  private readonly table: PageTable;
  private references = 1;

  constructor(host: Host, memcg: MemCgroup, shmem: boolean) {
    this.pages = host.pages;
    this.table = new PageTable(host.pages, memcg);
    this.shmem = shmem;
  }

  /** ihold() */
  get(): this {
    this.references++;
    return this;
  }

  /** iput() */
  put(): void {
    if (--this.references === 0) this.removePages(0, Number.POSITIVE_INFINITY, true);
  }

  /** The frame of a page, or undefined where the file has a hole. */
  findPage(index: number): number | undefined {
    const entry = this.table.lookup(index * PAGE_SIZE);
    return entry === 0 ? undefined : ptePfn(entry);
  }

  /** shmem_get_folio(), filemap_grab_folio(): the frame of a page, which `memcg` pays for where it is new; or -ENOMEM. */
  getFolio(index: number, memcg: MemCgroup): number {
    const found = this.findPage(index);
    if (found !== undefined) return found;
    const leaf = this.table.allocLeaf(index * PAGE_SIZE);
    if (!leaf) return -ENOMEM;
    const pfn = this.pages.allocPage(memcg);
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
    const last = kept ? this.findPage(Math.floor(size / PAGE_SIZE)) : undefined;
    const { memory } = this.pages;
    if (last !== undefined) memory.fill(memory.frameOffset(last) + kept, 0, PAGE_SIZE - kept);
    return 0;
  }

  /** shmem_undo_range(): pages [first, end) go, from mappings first; private copies go with the end of a file, not with a hole. */
  removePages(first: number, end: number, evenCows: boolean): void {
    unmapMappingPages(this, first, end, evenCows);
    walkPageRange(this.table, first * PAGE_SIZE, end * PAGE_SIZE, (entry, leaf, index) => {
      leaf[index] = 0;
      this.pages.putPage(ptePfn(entry));
    });
    this.table.freeLeaves(first * PAGE_SIZE, end * PAGE_SIZE);
  }

  /** generic_file_read_iter(): holes read as zero and stay holes. */
  read(buffer: Uint8Array, position: number): number {
    const count = Math.max(Math.min(buffer.length, this.size - position), 0);
    const { bytes } = this.pages.memory;
    for (let done = 0; done < count; ) {
      const [index, offset, length] = piece(position + done, count - done);
      const from = (this.findPage(index) ?? ZERO_PFN) * PAGE_SIZE + offset;
      buffer.set(bytes.subarray(from, from + length), done);
      done += length;
    }
    return count;
  }

  /** generic_perform_write(): the bytes written, fewer where memory is out. A sealed file is asked chunk by chunk. */
  write({ mm: { memcg }, abi }: Task, data: Uint8Array, position: number): number {
    const end = position + data.length;
    if (this.seals & NO_WRITE) return refuse(EPERM, "shmem_write_begin: F_SEAL_WRITE");
    if (end > MAX_FILE_SIZE) return refuse(EFBIG, "generic_write_checks: beyond what a file can have");
    const { bytes } = this.pages.memory;
    for (let done = 0; done < data.length; ) {
      const [index, offset, length] = piece(position + done, data.length - done);
      const [, , asked] = piece(position + done, data.length - done, abi.shmemWriteChunk);
      if (this.seals & F_SEAL_GROW && position + done + asked > this.size)
        return done > 0 ? done : refuse(EPERM, "shmem_write_begin: F_SEAL_GROW");
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
    this.seals |= seals;
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

  /** shmem_mmap(): a sealed file can be mapped shared, and never be written by it. */
  override mmap(_task: Task, area: VmArea): number {
    if (area.flags & VM_MAYSHARE && this.inode.seals & NO_WRITE) {
      if (area.flags & VM_WRITE) return refuse(EPERM, "seal_check_write: F_SEAL_WRITE");
      area.flags &= ~(VM_MAYWRITE | VM_SHARED);
    }
    area.ops = shmemVmOps;
    area.link(this.inode);
    return 0;
  }
}

/** shmem_zero_setup(): what an area of shared anonymous memory is of is a file without a name. */
export function shmemZeroSetup(area: VmArea): void {
  const inode = new Inode(area.mm.host, area.mm.memcg, true);
  inode.size = area.end - area.start;
  area.file?.put();
  area.file = new RegularFile("/dev/zero (deleted)", inode, O_RDWR);
  area.ops = shmemVmOps;
  area.link(inode);
}
