/** Address spaces: struct mm_struct, and what mmap(), munmap() and fork() do to one (mm/mmap.c, mm/vma.c, kernel/fork.c). */

import { EACCES, EEXIST, EINVAL, ENODEV, ENOMEM, EOPNOTSUPP, EOVERFLOW } from "../../abi/errno.ts";
import {
  MAP_ANONYMOUS,
  MAP_DENYWRITE,
  MAP_EXECUTABLE,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_NONBLOCK,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_STACK,
  MAP_TYPE,
  PROT_WRITE,
} from "../../abi/mman.ts";
import type { Behaviours } from "../../abi/versions.ts";
import { PAGE_SIZE, type PhysicalMemory } from "../../hw/memory.ts";
import type { File } from "../fs/file.ts";
import type { Host } from "../host.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { FaultInjection } from "./fault_inject.ts";
import { HugetlbFile, hugetlbAnonFile } from "./hugetlb.ts";
import { doMadvise } from "./madvise.ts";
import { MemCgroup } from "./memcontrol.ts";
import { copyPageRange, handleMmFault, zapPageRange } from "./memory.ts";
import { doMprotect } from "./mprotect.ts";
import type { PageFrames } from "./page.ts";
import { DEFAULT_MAP_WINDOW, PageTable, PMD_SIZE, pageAlign } from "./pgtable.ts";
import { shmemZeroSetup } from "./shmem.ts";
import type { SwapReadahead } from "./swapfile.ts";
import {
  archValidateFlags,
  calcVmProtBits,
  VM_DONTCOPY,
  VM_FAULT_SIGSEGV,
  VM_GROWSDOWN,
  VM_HUGETLB,
  VM_LOCKED,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_MTE_ALLOWED,
  VM_NORESERVE,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
  VmArea,
} from "./vma.ts";

/** Free addresses are looked for from here down; above are the stack and its gap. */
const MMAP_BASE = 0xffff_f7ff_f000;
/** vm.mmap_min_addr, as arm64 has it: lower addresses are only taken when asked for with MAP_FIXED. */
const MMAP_MIN_ADDR = 0x8000;
/** vm.max_map_count */
export const MAX_MAP_COUNT = 65530;

/** An address space. Those who share it hold a user each; with the last one everything that is mapped goes. */
export class MmStruct {
  readonly host: Host;
  readonly memory: PhysicalMemory;
  readonly pages: PageFrames;
  /** The kernel that the process runs under. */
  readonly abi: Behaviours;
  /** Who pays for what the address space takes; a forked child pays into the same group. */
  readonly memcg: MemCgroup;
  readonly pageTable: PageTable;
  /** All areas, in ascending order. */
  readonly vmas: VmArea[] = [];
  /** What was made to fail. */
  readonly faultInjection = new FaultInjection();
  /** Where the next look for pages to reclaim begins. */
  reclaimAt = 0;
  readonly swapReadahead: SwapReadahead = { next: 0, window: 1 };
  /** Resident pages; the zero page is none. */
  rss = 0;
  private users = 1;
  private readonly notifiers = new Set<(start: number, end: number) => void>();
  private readonly ageNotifiers = new Set<(start: number, end: number) => boolean>();
  /** The area that was found last. */
  private vmacache: VmArea | undefined;
  /** No gap between this address and MMAP_BASE is larger than `cachedHole`. */
  private freeAreaCache = MMAP_BASE;
  private cachedHole = 0;

  constructor(host: Host, abi: Behaviours, memcg = new MemCgroup()) {
    this.host = host;
    this.abi = abi;
    this.memory = host.memory;
    this.pages = host.pages;
    this.memcg = memcg.get();
    this.pageTable = new PageTable(this.pages, memcg);
    host.reclaim.mms.add(this);
  }

  /** How many frames this process and its descendants may hold. A fault beyond it fails as one without memory does. */
  get rlimitPages(): number {
    return this.memcg.max;
  }

  set rlimitPages(pages: number) {
    this.memcg.max = pages;
  }

  // ---- life

  /** mmget() */
  get(): this {
    this.users++;
    return this;
  }

  /** mmput(): with the last user, exit_mmap(). */
  put(): void {
    if (--this.users > 0) return;
    this.host.reclaim.mms.delete(this);
    zapPageRange(this, 0, this.abi.taskSize);
    this.pageTable.freeLeaves(0, this.abi.taskSize);
    for (const area of this.vmas.splice(0)) area.close();
    this.vmacache = undefined;
    this.notifiers.clear();
    this.ageNotifiers.clear();
    this.memcg.put();
  }

  /** dup_mmap(): a copy whose private memory is copied on write. */
  fork(): MmStruct | number {
    const child = new MmStruct(this.host, this.abi, this.memcg);
    this.host.reclaim.balance(this.memcg, this.pageTable.frames);
    for (const area of this.vmas) {
      if (area.flags & VM_DONTCOPY) continue;
      child.vmas.push(area.copy(child, area.start, area.end));
      if (copyPageRange(child, this, area) === 0) continue;
      child.put();
      return refuse(ENOMEM, "dup_mmap: no memory for the child's page tables");
    }
    return child;
  }

  // ---- faults, and who wants to know

  /** alloc_page_vma(): a frame that this address space pays for, or -ENOMEM. */
  allocPage(zero = true, reserve = this.pages.reserve): number {
    if (this.faultInjection.shouldFail("page-allocation"))
      return refuse(ENOMEM, "should_failslab: made to fail by InspectService.InjectFault");
    return this.pages.allocPage(this.memcg, zero, reserve);
  }

  /** do_page_fault() for an access of the process or for it: the entry that now permits it, or VM_FAULT_*. */
  fault(address: number, write: boolean): number {
    const area = this.findVma(address);
    if (!area || !(area.flags & (write ? VM_WRITE : VM_READ | VM_WRITE))) return VM_FAULT_SIGSEGV;
    return handleMmFault(this, area, address, write);
  }

  /** mmu_notifier_register(): `invalidate` is told of each range before its pages go or change. Answers how to stop it. */
  onInvalidate(invalidate: (start: number, end: number) => void): () => void {
    this.notifiers.add(invalidate);
    return () => this.notifiers.delete(invalidate);
  }

  /** mmu_notifier_invalidate_range_start() */
  invalidate(start: number, end: number): void {
    for (const notify of this.notifiers) notify(start, end);
  }

  /** … and `age` whether it has used pages of a range since it was last asked. */
  onClearFlushYoung(age: (start: number, end: number) => boolean): () => void {
    this.ageNotifiers.add(age);
    return () => this.ageNotifiers.delete(age);
  }

  /** mmu_notifier_clear_flush_young() */
  clearFlushYoung(start: number, end: number): boolean {
    let young = false;
    for (const age of this.ageNotifiers) young = age(start, end) || young;
    return young;
  }

  // ---- finding areas

  /** vma_lookup(): the area that an address is in. */
  findVma(address: number): VmArea | undefined {
    const cached = this.vmacache;
    if (cached && address >= cached.start && address < cached.end) return cached;
    const area = this.vmas[this.firstAfter(address)];
    if (!area || area.start > address) return undefined;
    this.vmacache = area;
    return area;
  }

  /** for_each_vma_range(): the areas that reach into [start, end), ascending. */
  *areas(start: number, end: number): Generator<VmArea> {
    for (let i = this.firstAfter(start); i < this.vmas.length; i++) {
      const area = this.vmas[i] as VmArea;
      if (area.start >= end) return;
      yield area;
    }
  }

  /** find_vma(): the place of the first area that ends above an address. */
  firstAfter(address: number): number {
    let low = 0;
    let high = this.vmas.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.vmas[middle] as VmArea).end > address) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  // ---- mmap

  /** ksys_mmap_pgoff(): the address of the new mapping, or -errno. `file` is null for MAP_ANONYMOUS. */
  mmap(task: Task, addr: number, len: number, prot: number, flags: number, file: File | null, offset: number): number {
    if (!(flags & MAP_HUGETLB) || file instanceof HugetlbFile)
      return this.doMmap(task, addr, len, prot, flags, file, offset);
    if (file) return refuse(EINVAL, "ksys_mmap_pgoff: MAP_HUGETLB, and the file is not one of huge pages");
    const pool = hugetlbAnonFile(this, flags);
    if (typeof pool === "number") return pool;
    const address = this.doMmap(task, addr, len, prot, flags, pool, 0);
    pool.put();
    return address;
  }

  private doMmap(
    task: Task,
    addr: number,
    len: number,
    prot: number,
    flags: number,
    file: File | null,
    offset: number,
  ): number {
    if (len === 0) return refuse(EINVAL, "do_mmap: the length is zero");
    const fixed = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0;
    const align = file instanceof HugetlbFile ? PMD_SIZE : PAGE_SIZE;
    const size = Math.ceil(len / align) * align;
    if (size > this.abi.taskSize) return refuse(ENOMEM, "do_mmap: the length is more than the address space");
    if (this.vmas.length > MAX_MAP_COUNT) return refuse(ENOMEM, "do_mmap: the process has vm.max_map_count areas");
    const start = fixed
      ? fixedAddress(addr, size, align, this.abi.taskSize)
      : this.getUnmappedArea(hintAddress(addr), size, align);
    if (start < 0) return start;
    if (flags & MAP_FIXED_NOREPLACE && !this.isFree(start, size))
      return refuse(EEXIST, "do_mmap: the range is not free");
    const mapping = file ? fileMapFlags(file, prot, flags, offset, size) : anonMapFlags(flags);
    if (mapping < 0) return mapping;
    const vmFlags = calcVmProtBits(prot, this.host.options.mte) | calcVmFlagBits(task, flags, file) | mapping;
    const pgoff = file ? offset / PAGE_SIZE : vmFlags & VM_SHARED ? 0 : start / PAGE_SIZE;
    const error = this.mmapRegion(task, new VmArea(this, start, start + size, vmFlags, file?.get() ?? null, pgoff));
    if (error < 0) return error;
    const populate = flags & MAP_LOCKED || (flags & (MAP_POPULATE | MAP_NONBLOCK)) === MAP_POPULATE;
    if (populate) this.populate(start, start + size);
    return start;
  }

  /** mmap_region(): what was there goes before the file has its say, so that one that refuses leaves a hole. */
  private mmapRegion(task: Task, area: VmArea): number {
    const error = mmapPrepare(task, area) || this.unmapRange(area.start, area.end) || callMmap(task, area);
    if (error < 0) {
      area.close();
      return error;
    }
    const at = this.firstAfter(area.start);
    this.vmas.splice(at, 0, area);
    this.mergeRange(area.start, area.end);
    return 0;
  }

  private isFree(start: number, size: number): boolean {
    const next = this.vmas[this.firstAfter(start)];
    return !next || next.start >= start + size;
  }

  /** get_unmapped_area(): the hint if it is free, or else the highest gap below MMAP_BASE. Above the window only what has a hint there. */
  private getUnmappedArea(hint: number, size: number, align: number): number {
    const end = hint > DEFAULT_MAP_WINDOW ? this.abi.taskSize : DEFAULT_MAP_WINDOW;
    if (hint && hint % align === 0 && hint <= end - size && this.isFree(hint, size)) return hint;
    const base = MMAP_BASE + end - DEFAULT_MAP_WINDOW;
    const start = this.unmappedAreaTopdown(size, align, base) ?? this.unmappedAreaTopdown(size, align, end);
    return start ?? refuse(ENOMEM, "vm_unmapped_area: no gap is large enough");
  }

  /** vm_unmapped_area(): starts below the gaps that an earlier search passed over, where they are too small this time too. */
  private unmappedAreaTopdown(size: number, align: number, limit: number): number | undefined {
    const cached = limit === MMAP_BASE && size > this.cachedHole;
    let ceiling = cached ? this.freeAreaCache : limit;
    let hole = cached ? this.cachedHole : 0;
    let i = this.firstAfter(ceiling);
    ceiling = Math.min(ceiling, this.vmas[i]?.start ?? ceiling);
    for (; ; i--) {
      const below = this.vmas[i - 1];
      const floor = Math.max(below?.end ?? 0, MMAP_MIN_ADDR);
      const start = Math.floor((ceiling - size) / align) * align;
      if (start >= floor) {
        if (limit === MMAP_BASE) [this.freeAreaCache, this.cachedHole] = [ceiling, hole];
        return start;
      }
      if (!below) return undefined;
      hole = Math.max(hole, ceiling - floor);
      ceiling = below.start;
    }
  }

  /** __mm_populate(): faults pages in as far as it goes. */
  private populate(start: number, end: number): void {
    for (const area of this.areas(start, end)) {
      const write = (area.flags & (VM_WRITE | VM_SHARED)) === VM_WRITE;
      if (!(area.flags & (write ? VM_WRITE : VM_READ))) continue;
      for (let at = Math.max(start, area.start); at < Math.min(end, area.end); at += PAGE_SIZE) {
        if (handleMmFault(this, area, at, write) < 0) return;
      }
    }
  }

  // ---- munmap, and changes to a part of an area

  /** do_vmi_munmap(): 0 also where nothing is mapped. */
  munmap(addr: number, len: number): number {
    if (addr % PAGE_SIZE !== 0) return refuse(EINVAL, "do_vmi_munmap: the address is not page-aligned");
    if (addr > this.abi.taskSize || len > this.abi.taskSize - addr)
      return refuse(EINVAL, "do_vmi_munmap: the range ends above TASK_SIZE");
    if (len === 0) return refuse(EINVAL, "do_vmi_munmap: the length is zero");
    return this.unmapRange(addr, addr + pageAlign(len));
  }

  /** do_vmi_align_munmap(): what sticks out of [start, end) is split off first. */
  private unmapRange(start: number, end: number): number {
    if (this.isFree(start, end - start)) return 0;
    const error = this.splitAt(start) || this.splitAt(end);
    if (error) return error;
    const from = this.firstAfter(start);
    const to = this.firstAfter(end);
    zapPageRange(this, start, end);
    const removed = this.vmas.splice(from, to - from);
    this.vmacache = undefined;
    const floor = this.vmas[from - 1]?.end ?? 0;
    const ceiling = this.vmas[from]?.start ?? this.abi.taskSize;
    this.pageTable.freeLeaves(floor, ceiling);
    if (ceiling > this.freeAreaCache) this.cachedHole = Math.max(this.cachedHole, ceiling - floor);
    for (const area of removed) area.close();
    return 0;
  }

  /** split_vma(): no area lies on both sides of the address any more; -ENOMEM at vm.max_map_count. */
  private splitAt(address: number): number {
    const at = this.firstAfter(address);
    const area = this.vmas[at];
    if (!area || area.start >= address) return 0;
    if (this.vmas.length >= MAX_MAP_COUNT) return refuse(ENOMEM, "split_vma: the process has vm.max_map_count areas");
    if (area.flags & VM_HUGETLB && address % PMD_SIZE !== 0)
      return refuse(EINVAL, "hugetlb_vm_op_split: inside a huge page");
    this.vmas.splice(at + 1, 0, area.copy(this, address, area.end));
    area.end = address;
    this.vmacache = undefined;
    return 0;
  }

  /** vma_modify_flags(): the part [start, end) of one area gets other flags. The caller merges when it is done with its range. */
  modifyFlags(start: number, end: number, flags: number): number {
    if (this.findVma(start)?.flags === flags) return 0;
    const error = this.splitAt(start) || this.splitAt(end);
    if (error) return error;
    (this.findVma(start) as VmArea).flags = flags;
    return 0;
  }

  /** vma_merge() for all areas that reach into [start, end), and their neighbours. */
  mergeRange(start: number, end: number): void {
    const from = Math.max(this.firstAfter(start) - 1, 0);
    const to = Math.min(this.firstAfter(end) + 1, this.vmas.length);
    let kept = from;
    for (let i = from + 1; i < to; i++) {
      const last = this.vmas[kept] as VmArea;
      const next = this.vmas[i] as VmArea;
      if (!last.mergesWith(next)) {
        this.vmas[++kept] = next;
        continue;
      }
      last.end = next.end;
      next.close();
    }
    if (kept + 1 < to) this.vmas.splice(kept + 1, to - kept - 1);
    this.vmacache = undefined;
  }

  /** mprotect() */
  mprotect(task: Task, addr: number, len: number, prot: number): number {
    return doMprotect(task, this, addr, len, prot);
  }

  /** madvise() */
  madvise(addr: number, len: number, advice: number): number {
    return doMadvise(this, addr, len, advice);
  }
}

/** What is asked while nothing has changed. */
function mmapPrepare(task: Task, area: VmArea): number {
  if (task.abi.mmapValidatesFlagsFirst && !archValidateFlags(area.flags))
    return refuse(EINVAL, "arch_validate_flags: memory of this kind cannot have tags");
  return area.file?.mmapPrepare(task, area) ?? 0;
}

/** call_mmap(), or what makes memory of an area without a file; then the flags are validated. */
function callMmap(task: Task, area: VmArea): number {
  const error = area.file?.mmap(task, area) ?? 0;
  if (!area.file && area.flags & VM_SHARED) shmemZeroSetup(area);
  if (error === 0 && !archValidateFlags(area.flags))
    return refuse(EINVAL, "arch_validate_flags: memory of this kind cannot have tags");
  return error;
}

/** round_hint_to_min() */
function hintAddress(addr: number): number {
  const hint = addr - (addr % PAGE_SIZE);
  return hint !== 0 && hint < MMAP_MIN_ADDR ? MMAP_MIN_ADDR : hint;
}

/** get_unmapped_area() for MAP_FIXED. */
function fixedAddress(addr: number, size: number, align: number, taskSize: number): number {
  if (addr > taskSize - size) return refuse(ENOMEM, "get_unmapped_area: the range ends above TASK_SIZE");
  if (addr % align !== 0) return refuse(EINVAL, "get_unmapped_area: MAP_FIXED, and the address is not aligned");
  return addr;
}

/** calc_vm_flag_bits(): what is said for every kind of mapping. */
function calcVmFlagBits(task: Task, flags: number, file: File | null): number {
  let vmFlags = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
  if (flags & MAP_GROWSDOWN) vmFlags |= VM_GROWSDOWN;
  if (flags & MAP_LOCKED) vmFlags |= VM_LOCKED;
  if (flags & MAP_NORESERVE) vmFlags |= VM_NORESERVE;
  if (!file || file.mayHaveTags(task)) vmFlags |= VM_MTE_ALLOWED;
  if (!file) return vmFlags;
  const readOnlyShare = (flags & MAP_TYPE) !== MAP_PRIVATE && !file.writable;
  return readOnlyShare ? vmFlags & ~VM_MAYWRITE : vmFlags;
}

/** LEGACY_MAP_MASK: what MAP_SHARED_VALIDATE knows; MAP_SYNC and MAP_FIXED_NOREPLACE are later than it. */
const LEGACY_MAP_MASK =
  MAP_SHARED |
  MAP_PRIVATE |
  MAP_FIXED |
  MAP_ANONYMOUS |
  MAP_GROWSDOWN |
  MAP_DENYWRITE |
  MAP_EXECUTABLE |
  MAP_LOCKED |
  MAP_NORESERVE |
  MAP_POPULATE |
  MAP_NONBLOCK |
  MAP_STACK |
  MAP_HUGETLB;

/** do_mmap() for a file: VM_SHARED and VM_MAYSHARE, or -errno. What is shared for reading only counts as not VM_SHARED. */
function fileMapFlags(file: File, prot: number, flags: number, offset: number, size: number): number {
  if (file.regular && offset + size > 2 ** 63) return refuse(EOVERFLOW, "file_mmap_ok: beyond what a file can have");
  const type = flags & MAP_TYPE;
  if (type !== MAP_SHARED && type !== MAP_SHARED_VALIDATE && type !== MAP_PRIVATE) {
    return refuse(EINVAL, "do_mmap: neither MAP_SHARED nor MAP_PRIVATE");
  }
  if (type === MAP_SHARED_VALIDATE && flags & ~LEGACY_MAP_MASK) {
    return refuse(EOPNOTSUPP, "do_mmap: MAP_SHARED_VALIDATE with a flag that the file does not know");
  }
  if (type !== MAP_PRIVATE && prot & PROT_WRITE && !file.writable) {
    return refuse(EACCES, "do_mmap: PROT_WRITE on a shared mapping, and the file is not open for writing");
  }
  if (!file.readable) return refuse(EACCES, "do_mmap: the file is not open for reading");
  if (!file.canMmap) return refuse(ENODEV, "do_mmap: the file has no mmap method");
  if (flags & MAP_GROWSDOWN) return refuse(EINVAL, "do_mmap: the mapping of a file cannot grow");
  if (type === MAP_PRIVATE) return 0;
  return file.writable ? VM_SHARED | VM_MAYSHARE : VM_MAYSHARE;
}

/** do_mmap() for anonymous memory. */
function anonMapFlags(flags: number): number {
  switch (flags & MAP_TYPE) {
    case MAP_SHARED:
      if (flags & MAP_GROWSDOWN) return refuse(EINVAL, "do_mmap: a shared mapping cannot grow");
      return VM_SHARED | VM_MAYSHARE;
    case MAP_PRIVATE:
      return 0;
    default:
      return refuse(EINVAL, "do_mmap: neither MAP_SHARED nor MAP_PRIVATE");
  }
}
