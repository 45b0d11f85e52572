/** Pages of 2 MiB from a pool, which here is all memory that is free (mm/hugetlb.c, fs/hugetlbfs/inode.c). */

import { EINVAL, ENOMEM, EPERM } from "../../abi/errno.ts";
import { O_RDWR } from "../../abi/fcntl.ts";
import { MAP_HUGE_MASK, MAP_HUGE_SHIFT } from "../../abi/mman.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import type { MmStruct } from "./mmap.ts";
import { ZERO_PFN } from "./page.ts";
import { PMD_SHIFT, PMD_SIZE } from "./pgtable.ts";
import { F_SEAL_FUTURE_WRITE, F_SEAL_WRITE, Inode, RegularFile } from "./shmem.ts";
import { VM_DONTEXPAND, VM_HUGETLB, VM_SHARED, VM_WRITE, type VmArea, type VmOperations } from "./vma.ts";

/** Frames in one huge page. */
const PAGES = PMD_SIZE / PAGE_SIZE;

/** log2 of the page sizes that arm64 has with pages of 4 KiB; only the default one has a pool. */
const HSTATES = [16, PMD_SHIFT, 25, 30];

/** hugetlb_fault(): a private mapping keeps the pages of its holes to itself. */
const hugetlbVmOps: VmOperations = {
  fault(area, pgoff) {
    const { inode } = area.file as HugetlbFile;
    if (pgoff * PAGE_SIZE >= inode.size) return refuse(EINVAL, "hugetlb_fault: the page is beyond the end of the file");
    if (area.flags & VM_SHARED) return inode.getFolio(pgoff, area.mm.memcg);
    return inode.findPage(pgoff) ?? ZERO_PFN;
  },
  /** hugetlbfs_punch_hole(): huge pages that lie in it as a whole go, of the others a part becomes zero. */
  remove(area, first, end) {
    const { inode } = area.file as HugetlbFile;
    if (inode.seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) return refuse(EPERM, "hugetlbfs_punch_hole: F_SEAL_WRITE");
    const from = Math.min(Math.ceil(first / PAGES) * PAGES, end);
    const to = Math.max(Math.floor(end / PAGES) * PAGES, from);
    if (from < to) inode.removePages(from, to, false);
    for (let pgoff = first; pgoff < end; pgoff = pgoff + 1 === from ? to : pgoff + 1) {
      const pfn = inode.findPage(pgoff);
      if (pfn !== undefined) area.mm.memory.frame(pfn).fill(0);
    }
    return 0;
  },
};

/** A file of huge pages. */
export class HugetlbFile extends RegularFile {
  override get canWrite(): boolean {
    return false;
  }

  override mayHaveTags({ abi }: Task): boolean {
    return abi.hugetlbMteAllowed;
  }

  override truncate(size: number): number {
    if (size % PMD_SIZE !== 0) return refuse(EINVAL, "hugetlbfs_setattr: the size is not one of whole huge pages");
    return this.inode.truncate(size);
  }

  /** hugetlbfs_file_mmap(): a writable mapping makes the file as long as itself. */
  override mmap(task: Task, area: VmArea): number {
    const sealed = super.mmap(task, area);
    if (sealed < 0) return sealed;
    const end = area.pageOffset(area.end);
    if (area.pgoff % PAGES !== 0) return refuse(EINVAL, "hugetlbfs_file_mmap: the offset is inside a huge page");
    if (end - area.pgoff > area.mm.pages.free)
      return refuse(ENOMEM, "hugetlb_reserve_pages: the pool has too few pages");
    area.flags |= VM_HUGETLB | VM_DONTEXPAND;
    area.ops = hugetlbVmOps;
    if (area.flags & VM_WRITE) this.inode.size = Math.max(this.inode.size, end * PAGE_SIZE);
    return 0;
  }
}

/** hugetlb_file_setup(): an empty file of pages of the size that bits 31:26 of `flags` tell, or -errno. */
export function hugetlbFileSetup(mm: MmStruct, name: string, flags: number): HugetlbFile | number {
  const shift = (flags >>> MAP_HUGE_SHIFT) & MAP_HUGE_MASK || PMD_SHIFT;
  if (!HSTATES.includes(shift)) return refuse(EINVAL, "hstate_sizelog: no such page size");
  if (shift !== PMD_SHIFT) return refuse(ENOMEM, "hugetlb_file_setup: the pool of that page size is empty");
  return new HugetlbFile(name, new Inode(mm.host, mm.memcg, "hugetlb"), O_RDWR);
}

/** MAP_ANONYMOUS | MAP_HUGETLB: the file that such a mapping is of. */
export function hugetlbAnonFile(mm: MmStruct, flags: number): HugetlbFile | number {
  const file = hugetlbFileSetup(mm, "/anon_hugepage (deleted)", flags);
  // The mapping is as long as the file, also where it may not be written.
  if (typeof file !== "number") file.inode.size = Number.POSITIVE_INFINITY;
  return file;
}
