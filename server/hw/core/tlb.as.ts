/** A core's TLBs: of data, by the state that an access is made in, and of instructions. */

import {
  BLOCK_OFF, CURRENT_OFF, FETCH_GUARDED_OFF, FETCH_HOST_OFF, FETCH_PAGE_OFF, FLUSHES_OFF, ITLB_ENTRIES, ITLB_OFF,
  ITLB_TABLE_BYTES, PSTATE_OFF, SCTLR_EL1_OFF, TAG_BASE_OFF, TCR_EL1_OFF, TLB_ALIGN, TLB_EL0_OFF_CURRENT, TLB_ENTRIES,
  TLB_ENTRY, TLB_EXEMPT, TLB_HOST, TLB_KEEP, TLB_OFF, TLB_READ, TLB_TABLE_BYTES, TLB_TABLES_OFF, TLB_TAG_MASK,
  TLB_TAGGED, TLB_USED_OFF, TLB_WRITE, WATCH_OFF, XLAT_FLAGS_OFF, XLAT_HOST_OFF,
} from "../core_state";
import { EXECUTE, FAULT, isBigEndian, READ, UNPRIVILEGED, WRITE } from "./access.as";
import { PSTATE_TCO, SCTLR_A } from "./fields.as";
import { el, reg } from "./state.as";
import { exemptTag, tagMode } from "./tag_check.as";
import { PAGE_DEVICE, PAGE_GUARDED, PAGE_TAGGED, PAGE_TBI, PAGE_WRITABLE, translate } from "./translation.as";

/** Drops all stage-1 translations of this core. */
export function flushTlb(s: usize): void {
  if (load<u32>(s, TLB_USED_OFF) == 0) return;
  store<u32>(s, 0, TLB_USED_OFF);
  store<u32>(s, load<u32>(s, FLUSHES_OFF) + 1, FLUSHES_OFF);
  memory.fill(s + TLB_TABLES_OFF, 0xff, 3 * TLB_TABLE_BYTES);
  memory.fill(s + ITLB_OFF, 0, 2 * ITLB_TABLE_BYTES);
  store<u64>(s, 0, FETCH_PAGE_OFF);
}

/** Where a page's entry is; areas that begin at large powers of two do not all meet in the same one. */
// @ts-ignore
@inline
function tlbEntry(table: usize, va: u64): usize {
  return table + ((<usize>((va >> 12) ^ (va >> 20)) & (TLB_ENTRIES - 1)) * TLB_ENTRY);
}

/** The TLB that an access of a kind has. */
// @ts-ignore
@inline
function tableOf(s: usize, kind: u32): usize {
  return <usize>((kind & UNPRIVILEGED) != 0 ? load<u32>(s, TLB_EL0_OFF_CURRENT) : load<u32>(s, TLB_OFF));
}

/** Puts a translated page into the TLB of data. */
export function fill(s: usize, va: u64, kind: u32): void {
  if (isBigEndian(s, kind)) return;
  const flags = load<u32>(s, XLAT_FLAGS_OFF);
  const table = tableOf(s, kind);
  const entry = tlbEntry(table, va);
  const keep: u64 = (flags & PAGE_TBI) != 0 ? 0x00fffffffffff000 : 0xfffffffffffff000;
  const page = va & keep;
  const watched = load<u32>(s, WATCH_OFF) != 0;
  store<u32>(s, 1, TLB_USED_OFF);
  const readable = (kind & READ) != 0 && !watched;
  const writable = (kind & WRITE) != 0 && (flags & PAGE_WRITABLE) != 0 && !watched;
  const same = load<u64>(entry, TLB_KEEP) == keep;
  const keepRead = same && load<u64>(entry, TLB_READ) == page;
  const keepWrite = same && load<u64>(entry, TLB_WRITE) == page;
  store<u64>(entry, readable || keepRead ? page : <u64>-1, TLB_READ);
  store<u64>(entry, writable || (keepWrite && readable) ? page : <u64>-1, TLB_WRITE);
  store<u64>(entry, keep, TLB_KEEP);
  store<u32>(entry, load<u32>(s, XLAT_HOST_OFF), TLB_HOST);
  const checked = (flags & (PAGE_TAGGED | PAGE_TBI)) == (PAGE_TAGGED | PAGE_TBI) && tagMode(s, kind) != 0;
  store<u8>(entry, checked ? 1 : 0, TLB_TAG_MASK);
  store<u8>(entry, (flags & PAGE_TAGGED) != 0 ? 1 : 0, TLB_TAGGED);
  store<u8>(entry, <u8>exemptTag(reg(s, TCR_EL1_OFF), ((va >> 55) & 1) != 0), TLB_EXEMPT);
  const strict = (flags & PAGE_DEVICE) != 0 || (reg(s, SCTLR_EL1_OFF) & SCTLR_A) != 0;
  store<u8>(entry, strict ? 0x0f : 0, TLB_ALIGN);
}

/** The place of an access that needs no look at anything: the page is in the TLB, in it lies the whole, and its tag is right. */
// @ts-ignore
@inline
function probeTable(s: usize, table: usize, va: u64, size: u32, which: usize): usize {
  const entry = tlbEntry(table, va);
  const offset = <u32>va & 0xfff;
  if (((va & load<u64>(entry, TLB_KEEP)) ^ load<u64>(entry + which)) != 0) return FAULT;
  if (offset + size > 4096) return FAULT;
  const host = <usize>(load<u32>(entry, TLB_HOST) + offset);
  if (load<u8>(entry, TLB_TAG_MASK) != 0) {
    const tag = <u32>(va >> 56) & 0x0f;
    const tags = <usize>load<u32>(s, TAG_BASE_OFF);
    let differs = <u32>load<u8>(tags + (host >> 4)) != tag || <u32>load<u8>(tags + ((host + size - 1) >> 4)) != tag;
    if (size > 16)
      for (let at = (host >> 4) + 1; at < (host + size - 1) >> 4; at++) if (<u32>load<u8>(tags + at) != tag) differs = true;
    if (differs) {
      if (tag != <u32>load<u8>(entry, TLB_EXEMPT) && (load<u32>(s, PSTATE_OFF) & PSTATE_TCO) == 0) return FAULT;
    }
  }
  if ((offset & (size - 1) & 15 & <u32>load<u8>(entry, TLB_ALIGN)) != 0) return FAULT;
  return host;
}

/** The place of a load, or FAULT: then the slow way has to say. */
// @ts-ignore
@inline
export function fastRead(s: usize, va: u64, size: u32): usize {
  return probeTable(s, <usize>load<u32>(s, TLB_OFF), va, size, TLB_READ);
}

/** The place of a store. */
// @ts-ignore
@inline
export function fastWrite(s: usize, va: u64, size: u32): usize {
  return probeTable(s, <usize>load<u32>(s, TLB_OFF), va, size, TLB_WRITE);
}

/** The entry of a page's TLB for an access to tags, and 0 where the page is not in it. */
export function probeTags(s: usize, va: u64, which: usize): usize {
  const entry = tlbEntry(<usize>load<u32>(s, TLB_OFF), va);
  return ((va & load<u64>(entry, TLB_KEEP)) ^ load<u64>(entry + which)) == 0 ? entry : 0;
}

/** The same by the TLB that a kind of access has. */
export function probe(s: usize, va: u64, size: u32, kind: u32): usize {
  return probeTable(s, tableOf(s, kind), va, size, (kind & WRITE) != 0 ? TLB_WRITE : TLB_READ);
}

/** The place in RAM of the instruction at PC, or FAULT; remembers its page. */
export function fetchAt(s: usize, pc: u64): usize {
  const level = el(s);
  const entry = s + ITLB_OFF + level * ITLB_TABLE_BYTES + ((<usize>(pc >> 12) & (ITLB_ENTRIES - 1)) << 4);
  const page = (pc & ~0xfff) | 1;
  if (load<u64>(entry) != page) {
    // The exception's address is PC itself
    store<u32>(s, load<u32>(s, BLOCK_OFF), CURRENT_OFF);
    if (!translate(s, pc, EXECUTE)) return FAULT;
    store<u32>(s, 1, TLB_USED_OFF);
    store<u64>(entry, page);
    store<u32>(entry, load<u32>(s, XLAT_HOST_OFF), 8);
    store<u32>(entry, (load<u32>(s, XLAT_FLAGS_OFF) & PAGE_GUARDED) != 0 ? 1 : 0, 12);
  }
  store<u64>(s, page, FETCH_PAGE_OFF);
  store<u32>(s, load<u32>(entry, 8), FETCH_HOST_OFF);
  store<u32>(s, load<u32>(entry, 12), FETCH_GUARDED_OFF);
  return <usize>load<u32>(entry, 8) + (<usize>pc & 0xfff);
}
