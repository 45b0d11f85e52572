/** mprotect() (mm/mprotect.c, asm/mman.h). */

import { EACCES, EINVAL, ENOMEM } from "../../abi/errno.ts";
import {
  PROT_BTI,
  PROT_EXEC,
  PROT_GROWSDOWN,
  PROT_GROWSUP,
  PROT_MTE,
  PROT_READ,
  PROT_SEM,
  PROT_WRITE,
} from "../../abi/mman.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { changeProtection } from "./memory.ts";
import type { MmStruct } from "./mmap.ts";
import { pageAlign } from "./pgtable.ts";
import { archValidateFlags, calcVmProtBits, VM_ACCESS_FLAGS, VM_ARM64_BTI, VM_GROWSDOWN, type VmArea } from "./vma.ts";

/** arch_validate_prot() */
function archValidateProt(prot: number, mte: boolean): boolean {
  return (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_BTI | (mte ? PROT_MTE : 0))) === 0;
}

/** do_mprotect_pkey(): what comes before the first area that refuses, or the first hole, is changed. */
export function doMprotect(task: Task, mm: MmStruct, addr: number, len: number, prot: number): number {
  const grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
  const access = prot & ~grows;
  if (grows === (PROT_GROWSDOWN | PROT_GROWSUP))
    return refuse(EINVAL, "do_mprotect_pkey: both PROT_GROWSDOWN and PROT_GROWSUP");
  if (addr % PAGE_SIZE !== 0) return refuse(EINVAL, "do_mprotect_pkey: the address is not page-aligned");
  if (len === 0) return 0;
  const end = addr + pageAlign(len);
  if (end >= 2 ** 64) return refuse(ENOMEM, "do_mprotect_pkey: the range wraps");
  if (!archValidateProt(access, task.host.options.mte)) return refuse(EINVAL, "arch_validate_prot: unknown protection");
  const start = grows ? growStart(mm, addr, end, grows) : addr;
  if (start < 0) return start;
  const ret = protectRange(mm, start, end, access, task.host.options.mte);
  mm.mergeRange(start, end);
  return ret;
}

function protectRange(mm: MmStruct, start: number, end: number, access: number, mte: boolean): number {
  let next = start;
  while (next < end) {
    const area = mm.findVma(next);
    if (!area) return refuse(ENOMEM, "do_mprotect_pkey: there is a hole in the range");
    const to = Math.min(area.end, end);
    const error = mprotectFixup(mm, area, next, to, newFlags(area, access, mte));
    if (error < 0) return error;
    next = to;
  }
  return 0;
}

/** PROT_GROWSDOWN: the range starts where its first area does; -errno where that does not grow so. */
function growStart(mm: MmStruct, addr: number, end: number, grows: number): number {
  const first = mm.vmas[mm.firstAfter(addr)];
  if (!first || first.start >= end) return refuse(ENOMEM, "do_mprotect_pkey: nothing is mapped in the range");
  const growsSo = grows === PROT_GROWSDOWN && first.flags & VM_GROWSDOWN;
  return growsSo ? first.start : refuse(EINVAL, "do_mprotect_pkey: the area does not grow in that direction");
}

/** What is neither a permission nor BTI stays: PROT_MTE can be added, and never taken away. */
function newFlags(area: VmArea, prot: number, mte: boolean): number {
  return calcVmProtBits(prot, mte) | (area.flags & ~(VM_ACCESS_FLAGS | VM_ARM64_BTI));
}

/** mprotect_fixup() with the checks before it, for the part [start, end) of one area. */
function mprotectFixup(mm: MmStruct, area: VmArea, start: number, end: number, flags: number): number {
  if (flags & ~(flags >> 4) & VM_ACCESS_FLAGS)
    return refuse(EACCES, "do_mprotect_pkey: the file is not open for that access");
  if (!archValidateFlags(flags)) return refuse(EINVAL, "arch_validate_flags: memory of this kind cannot have tags");
  if (flags === area.flags) return 0;
  const error = mm.modifyFlags(start, end, flags);
  if (error === 0) changeProtection(mm, mm.findVma(start) as VmArea, start, end);
  return error;
}
