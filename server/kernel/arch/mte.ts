/** Tags of pages and of a process's memory (arch/arm64/kernel/mte.c, lib/mte.S, mm/copypage.c). */

import { EIO } from "../../abi/errno.ts";
import type { TagOrder } from "../../abi/versions.ts";
import { MTE_GRANULE_SIZE, MTE_GRANULES_PER_PAGE, PAGE_SIZE, type PhysicalMemory } from "../../hw/memory.ts";
import type { MmStruct } from "../mm/mmap.ts";
import { type PageFrames, PG_mte_lock, PG_mte_tagged } from "../mm/page.ts";
import { PTE_TAGGED, ptePfn } from "../mm/pgtable.ts";
import { copyTagsFromUser, copyTagsToUser, type Signal, signalOf, untaggedAddr, userPte } from "../mm/uaccess.ts";
import { VM_FAULT_SIGSEGV, VM_MTE, VM_READ, VM_WRITE } from "../mm/vma.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { allAtOnce, type Steps } from "../steps.ts";
import type { MteSwap } from "./mteswap.ts";

// ---- pages

/** mte_clear_page_tags(): tag 0 for every granule of a frame. */
export function mteClearPageTags(memory: PhysicalMemory, pfn: number): void {
  memory.fill(memory.tagOffset(pfn), 0, MTE_GRANULES_PER_PAGE);
}

/** mte_copy_page_tags() */
export function mteCopyPageTags(memory: PhysicalMemory, to: number, from: number): void {
  memory.copy(memory.tagOffset(to), memory.tagOffset(from), MTE_GRANULES_PER_PAGE);
}

/**
 * Gives a page that has no tags of its own those that `write` puts there, unless another CPU is before. The orders are
 * those of mte_sync_page_tags() and of set_page_mte_tagged() with try_page_mte_tagging(), whose lock is never given back:
 * with the flag it says that nobody else may.
 */
function* giveTags(pages: PageFrames, pfn: number, order: TagOrder, what: string, write: () => void): Steps {
  switch (order) {
    case "set-first":
      yield "test_and_set PG_mte_tagged";
      if (pages.testAndSetFlag(pfn, PG_mte_tagged)) return;
      yield what;
      return write();
    case "set-last":
      yield "test PG_mte_tagged";
      if (pages.testFlag(pfn, PG_mte_tagged)) return;
      break;
    case "lock":
      yield "test_and_set PG_mte_lock";
      if (pages.testFlag(pfn, PG_mte_tagged)) return;
      if (!pages.testAndSetFlag(pfn, PG_mte_lock)) break;
      yield { step: "wait for PG_mte_tagged", until: () => pages.testFlag(pfn, PG_mte_tagged) };
      return;
  }
  yield what;
  write();
  yield "set PG_mte_tagged";
  pages.setFlag(pfn, PG_mte_tagged);
}

/** mte_sync_tags() and sanitise_mte_tags(): a page whose tags are still an earlier owner's gets tags of 0. */
export function mteSyncTagsSteps(pages: PageFrames, pfn: number, order: TagOrder): Steps {
  return giveTags(pages, pfn, order, "clear the tags", () => mteClearPageTags(pages.memory, pfn));
}

/** … at once. The order shows to nobody where one alone refers to the page, as to most that come to have tags. */
export function mteSyncTags(pages: PageFrames, pfn: number, order: TagOrder): void {
  if (pages.testFlag(pfn, PG_mte_tagged)) return;
  if (pages.refcount(pfn) > 1) {
    allAtOnce(mteSyncTagsSteps(pages, pfn, order));
    return;
  }
  mteClearPageTags(pages.memory, pfn);
  pages.setFlag(pfn, PG_mte_tagged);
}

/** arch_swap_restore(): the tags that were saved with a page in swap become its own. */
export function mteRestorePageTagsSteps(
  pages: PageFrames,
  swap: MteSwap,
  slot: number,
  pfn: number,
  order: TagOrder,
): Steps {
  return giveTags(pages, pfn, order, "restore the tags", () => swap.mteRestoreTags(pages, slot, pfn));
}

/** … at once, if there are any. */
export function mteRestorePageTags(pages: PageFrames, swap: MteSwap, slot: number, pfn: number, order: TagOrder): void {
  if (!pages.testFlag(pfn, PG_mte_tagged) && swap.has(slot))
    allAtOnce(mteRestorePageTagsSteps(pages, swap, slot, pfn, order));
}

/** copy_highpage(): a frame's data, and its tags where they are its own. */
export function copyHighpage(pages: PageFrames, to: number, from: number): void {
  const { memory } = pages;
  memory.copy(memory.frameOffset(to), memory.frameOffset(from), PAGE_SIZE);
  if (!pages.testFlag(from, PG_mte_tagged)) return;
  mteCopyPageTags(memory, to, from);
  pages.setFlag(to, PG_mte_tagged);
}

/**
 * mte_copy_tags_to_user(): the tags of the first `n` granules of a frame, a byte each, to user memory.
 * Answers how many were written before that faulted.
 */
export function mteCopyTagsToUser(task: Task, to: bigint, pfn: number, n: number): number {
  return copyTagsToUser(task, to, task.host.memory.tagOffset(pfn), n);
}

/** mte_copy_tags_from_user(): the low nibbles of `n` bytes of user memory become the frame's first tags; answers how many did. */
export function mteCopyTagsFromUser(task: Task, pfn: number, from: bigint, n: number): number {
  return copyTagsFromUser(task, task.host.memory.tagOffset(pfn), from, n);
}

// ---- a process's own tags

/** Gets `n` granules of one page, the first of which is granule `done` of all and has its tag at `offset` in the linear memory. */
type VisitTags = (offset: number, done: number, n: number) => void;

/** Goes through granules page by page, for as long as `entry` finds the page; answers how many it went through. */
function walkTags(
  start: number,
  granules: number,
  memory: PhysicalMemory,
  entry: (address: number) => number,
  visit: VisitTags,
): number {
  for (let done = 0; done < granules; ) {
    const address = start + done * MTE_GRANULE_SIZE;
    const pte = entry(address);
    if (pte < 0) return done;
    const granule = Math.floor((address % PAGE_SIZE) / MTE_GRANULE_SIZE);
    const n = Math.min(granules - done, MTE_GRANULES_PER_PAGE - granule);
    if (pte & PTE_TAGGED) visit(memory.tagOffset(ptePfn(pte)) + granule, done, n);
    done += n;
  }
  return granules;
}

/** LDG or STG of the process for one granule after the other: 0, or the signal of the first that faults. Memory that is not Tagged is passed over. */
function accessTags(task: Task, pointer: bigint, granules: number, write: boolean, visit: VisitTags): 0 | Signal {
  const start = untaggedAddr(pointer);
  let signal: 0 | Signal = 0;
  const entry = (address: number) => {
    const pte = address >= 0 && address < task.abi.taskSize ? userPte(task, address, write) : VM_FAULT_SIGSEGV;
    if (pte < 0) signal = signalOf(pte);
    return pte;
  };
  walkTags(start, granules, task.host.memory, entry, visit);
  return signal;
}

/** LDG by the process: the tags, or the signal of the first granule that faults. Where memory is not Tagged they are 0. */
export function loadTags(task: Task, pointer: bigint, granules: number): Uint8Array | Signal {
  const tags = new Uint8Array(granules);
  const { bytes } = task.host.memory;
  return (
    accessTags(task, pointer, granules, false, (offset, done, n) =>
      tags.set(bytes.subarray(offset, offset + n), done),
    ) || tags
  );
}

/** STG by the process: 0, or the signal of the first granule that faults, with those before it done. Memory that is not Tagged stays as it is. */
export function storeTags(task: Task, pointer: bigint, tags: Uint8Array): 0 | Signal {
  if (pointer % BigInt(MTE_GRANULE_SIZE) !== 0n) return "SIGBUS";
  return accessTags(task, pointer, tags.length, true, (offset, done, n) =>
    setTags(task.host.memory, offset, tags.subarray(done, done + n)),
  );
}

/** Stores tags, of which only the low nibbles exist. */
function setTags(memory: PhysicalMemory, offset: number, tags: Uint8Array): void {
  for (const [i, tag] of tags.entries()) memory.bytes[offset + i] = tag & 0xf;
}

/** PTRACE_PEEKMTETAGS: the tags of `granules` granules, or of as many as there are; -EIO without any. */
export function peekTags(mm: MmStruct, address: bigint, granules: number): Uint8Array | number {
  const tags = new Uint8Array(granules);
  const { bytes } = mm.memory;
  const done = accessRemoteTags(mm, address, granules, false, (offset, at, n) =>
    tags.set(bytes.subarray(offset, offset + n), at),
  );
  return done < 0 ? done : tags.subarray(0, done);
}

/** PTRACE_POKEMTETAGS: how many tags were stored; -EIO without any. */
export function pokeTags(mm: MmStruct, address: bigint, tags: Uint8Array): number {
  return accessRemoteTags(mm, address, tags.length, true, (offset, at, n) =>
    setTags(mm.memory, offset, tags.subarray(at, at + n)),
  );
}

/** __access_remote_tags(): only in PROT_MTE areas, since elsewhere a page's tags are not the process's. */
function accessRemoteTags(mm: MmStruct, address: bigint, granules: number, write: boolean, visit: VisitTags): number {
  const entry = (at: number) => {
    const area = mm.findVma(at);
    const permitted = area && area.flags & (write ? VM_WRITE : VM_READ) && area.flags & VM_MTE;
    return permitted ? mm.fault(at, write) : -1;
  };
  const done = walkTags(untaggedAddr(address), granules, mm.memory, entry, visit);
  return done > 0 || granules === 0 ? done : refuse(EIO, "access_remote_tags: no PROT_MTE memory at the address");
}
