/** Areas of an address space: struct vm_area_struct and its flags (linux/mm.h, linux/mm_types.h, asm/mman.h). */

import { PROT_BTI, PROT_EXEC, PROT_MTE, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import type { File } from "../fs/file.ts";
import type { MmStruct } from "./mmap.ts";
import { PTE_PROT_NONE, PTE_TAGGED, PTE_USER, PTE_VALID } from "./pgtable.ts";

export const VM_READ = 0x1;
export const VM_WRITE = 0x2;
export const VM_EXEC = 0x4;
export const VM_SHARED = 0x8;
/** What mprotect() may grant: each permission's bit << 4. */
export const VM_MAYREAD = 0x10;
export const VM_MAYWRITE = 0x20;
export const VM_MAYEXEC = 0x40;
export const VM_MAYSHARE = 0x80;
export const VM_GROWSDOWN = 0x100;
/** Frames without struct page: a device's registers. */
export const VM_PFNMAP = 0x400;
export const VM_LOCKED = 0x2000;
export const VM_IO = 0x4000;
export const VM_SEQ_READ = 0x8000;
export const VM_RAND_READ = 0x1_0000;
export const VM_DONTCOPY = 0x2_0000;
export const VM_DONTEXPAND = 0x4_0000;
export const VM_NORESERVE = 0x20_0000;
export const VM_HUGETLB = 0x40_0000;
export const VM_ARM64_BTI = 0x100_0000;
export const VM_WIPEONFORK = 0x200_0000;
export const VM_DONTDUMP = 0x400_0000;
export const VM_MIXEDMAP = 0x1000_0000;
export const VM_HUGEPAGE = 0x2000_0000;
export const VM_NOHUGEPAGE = 0x4000_0000;
/** In Linux some of these lie above bit 31; no system call shows their numbers. */
export const VM_MTE_ALLOWED = 0x200;
/** PROT_MTE: Normal-Tagged memory. */
export const VM_MTE = 0x800;
export const VM_MERGEABLE = 0x1000;

export const VM_ACCESS_FLAGS = VM_READ | VM_WRITE | VM_EXEC;
/** Areas that are never merged. */
export const VM_SPECIAL = VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP;

/** enum vm_fault_reason: why a page could not be made accessible. They are negative, and a page table entry is not. */
export const VM_FAULT_OOM = -1;
export const VM_FAULT_SIGBUS = -2;
export const VM_FAULT_SIGSEGV = -3;

/** struct vm_operations_struct: how an area that is not anonymous gets its pages. */
export interface VmOperations {
  /**
   * The frame behind a page of the file; the mapping takes a reference of its own. Negative is an
   * errno: -ENOMEM where memory is out, SIGBUS for any other. ZERO_PFN is a hole that a private
   * mapping fills with memory of its own.
   */
  fault(area: VmArea, pgoff: number, write: boolean): number;
  /** MADV_REMOVE: makes a hole of the file's pages [first, end). */
  remove?(area: VmArea, first: number, end: number): number;
  /** Pages of the file go to swap, as far as they can; answers how many frames that freed. */
  reclaim?(area: VmArea, pgoffs: readonly number[]): number;
}

/** struct address_space, as an area sees it: i_mmap has all areas that map a file. */
export interface AddressSpace {
  readonly iMmap: Set<VmArea>;
}

/** A range of an address space with one set of permissions and one backing. */
export class VmArea {
  readonly mm: MmStruct;
  start: number;
  end: number;
  flags: number;
  /** The area holds a reference. */
  file: File | null;
  /** The page of the file at `start`; for private anonymous memory the page number of `start` itself. */
  pgoff: number;
  /** Absent for anonymous memory. */
  ops?: VmOperations;
  private mapping?: AddressSpace;

  constructor(mm: MmStruct, start: number, end: number, flags: number, file: File | null, pgoff: number) {
    this.mm = mm;
    this.start = start;
    this.end = end;
    this.flags = flags;
    this.file = file;
    this.pgoff = pgoff;
  }

  /** linear_page_index(): the file's page behind an address. */
  pageOffset(address: number): number {
    return this.pgoff + Math.floor((address - this.start) / PAGE_SIZE);
  }

  /** Of a mapping of frames without struct page, whose page offsets are frames: the physical address behind an address. */
  physical(address: number): number {
    return this.pageOffset(address) * PAGE_SIZE + (address % PAGE_SIZE);
  }

  /** vm_area_dup() for the part [start, end), in `mm`. */
  copy(mm: MmStruct, start: number, end: number): VmArea {
    const copy = new VmArea(mm, start, end, this.flags, this.file?.get() ?? null, this.pageOffset(start));
    if (this.ops) copy.ops = this.ops;
    if (this.mapping) copy.link(this.mapping);
    return copy;
  }

  /** vma_link_file(): the file can take pages back from the area. */
  link(mapping: AddressSpace): void {
    this.mapping = mapping;
    mapping.iMmap.add(this);
  }

  /** remove_vma(): lets go of the file. */
  close(): void {
    this.mapping?.iMmap.delete(this);
    this.file?.put();
  }

  /** can_vma_merge_after() for `next`, which follows this area. */
  mergesWith(next: VmArea): boolean {
    return (
      this.end === next.start &&
      this.flags === next.flags &&
      (this.flags & VM_SPECIAL) === 0 &&
      this.file === next.file &&
      this.ops === next.ops &&
      this.pageOffset(this.end) === next.pgoff
    );
  }
}

/** calc_vm_prot_bits(): bits of `prot` that mean nothing are dropped. */
export function calcVmProtBits(prot: number, mte: boolean): number {
  let flags = 0;
  if (prot & PROT_READ) flags |= VM_READ;
  if (prot & PROT_WRITE) flags |= VM_WRITE;
  if (prot & PROT_EXEC) flags |= VM_EXEC;
  if (prot & PROT_BTI) flags |= VM_ARM64_BTI;
  if (mte && prot & PROT_MTE) flags |= VM_MTE;
  return flags;
}

/** arch_validate_flags(): PROT_MTE only on memory that can have tags. */
export function archValidateFlags(flags: number): boolean {
  return (flags & VM_MTE) === 0 || (flags & VM_MTE_ALLOWED) !== 0;
}

/** vm_get_page_prot(), without leave to write. Write implies read; execute alone does not (EPAN). */
export function vmGetPageProt(flags: number): number {
  const tagged = flags & VM_MTE ? PTE_TAGGED : 0;
  if (flags & (VM_READ | VM_WRITE)) return PTE_VALID | PTE_USER | tagged;
  return (flags & VM_EXEC ? PTE_VALID : PTE_PROT_NONE) | tagged;
}
