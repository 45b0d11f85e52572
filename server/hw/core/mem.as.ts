/** Mem[]: where the bytes of an access are, by the TLB or by all the rules. What is stored, and what is loaded across pages, is in BOUNCE. */

import { BOUNCE_OFF, SCTLR_EL1_OFF, WATCH_OFF, XLAT_FLAGS_OFF, XLAT_HOST_OFF } from "../core_state";
import { alignmentFault } from "./abort.as";
import {
  ACQUIRE_RELEASE, alignmentOf, FAULT, isBigEndian, MAINTENANCE, ORDERED, SP_BASE, TAGS, WRITE, ZEROING,
} from "./access.as";
import { watchpoints } from "./debug.as";
import { EC_SP_ALIGN, raise } from "./exception.as";
import { SCTLR_A, SCTLR_NAA, SCTLR_SA, SCTLR_SA0 } from "./fields.as";
import { el, reg } from "./state.as";
import { checkTags } from "./tag_check.as";
import { fill, probe } from "./tlb.as";
import { PAGE_DEVICE, PAGE_TAGGED, translate } from "./translation.as";

/** Where a load finds its bytes, or FAULT after an exception. */
export function loadPlace(s: usize, va: u64, size: u32, kind: u32): usize {
  if ((kind & SP_BASE) != 0 && !spAligned(s)) return FAULT;
  if ((kind & ORDERED) == 0 || (<u32>va & (size - 1)) == 0) {
    const host = probe(s, va, size, kind & ~WRITE);
    if (host != FAULT) return host;
  }
  return readAt(s, va, size, kind);
}

/** Stores what lies in BOUNCE; false after an exception. */
export function storePlace(s: usize, va: u64, size: u32, kind: u32): bool {
  if ((kind & SP_BASE) != 0 && !spAligned(s)) return false;
  if ((kind & ORDERED) == 0 || (<u32>va & (size - 1)) == 0) {
    const host = probe(s, va, size, kind);
    if (host != FAULT) {
      copyOut(s, host, size);
      return true;
    }
  }
  return writeAt(s, va, size, kind);
}

/** The place of an access that reads and writes, or only writes, in one; or FAULT. */
export function atomicPlace(s: usize, va: u64, size: u32, kind: u32): usize {
  if ((kind & SP_BASE) != 0 && !spAligned(s)) return FAULT;
  if ((<u32>va & (size - 1)) == 0) {
    // A page in the TLB for writing need not be in it for reading, but who may write may read
    const host = probe(s, va, size, kind);
    if (host != FAULT) return host;
  }
  return placeAt(s, va, size, kind);
}

/**
 * The place of a load of up to 64 bytes, by all the rules; the bytes of an access across pages are gathered in BOUNCE.
 * FAULT where an exception has been raised. CURRENT must be the instruction's record.
 */
function readAt(s: usize, va: u64, size: u32, kind: u32): usize {
  const host = placeAt(s, va, size, kind);
  if (host == FAULT) return FAULT;
  const first = roomAt(va);
  const reversed = isBigEndian(s, kind);
  if (size <= first) {
    if (!reversed) return host;
    memory.copy(s + BOUNCE_OFF, host, size);
  } else {
    memory.copy(s + BOUNCE_OFF, host, first);
    memory.copy(s + BOUNCE_OFF + first, secondHost, size - first);
  }
  if (reversed) reverse(s, size, kind);
  return s + BOUNCE_OFF;
}

/** Stores what is in BOUNCE, by all the rules; false where an exception has been raised. */
function writeAt(s: usize, va: u64, size: u32, kind: u32): bool {
  const host = placeAt(s, va, size, kind);
  if (host == FAULT) return false;
  if (isBigEndian(s, kind)) reverse(s, size, kind);
  const first = roomAt(va);
  if (size <= first) copyOut(s, host, size);
  else {
    memory.copy(host, s + BOUNCE_OFF, first);
    memory.copy(secondHost, s + BOUNCE_OFF + first, size - first);
  }
  return true;
}

/** Bytes up to the end of an address's page. */
// @ts-ignore
@inline
function roomAt(va: u64): u32 {
  return 4096 - (<u32>va & 0xfff);
}

/** Where the second page of an access across two lies. */
let secondHost: usize = 0;

/**
 * The place of an access by all the rules, and FAULT after an exception. All of it is translated before any of its tags are
 * looked at: a page fault outranks a watchpoint, which outranks a tag check fault.
 */
export function placeAt(s: usize, va: u64, size: u32, kind: u32): usize {
  if (!beforeTranslation(s, va, size, kind)) return FAULT;
  if (!translate(s, va, kind)) return FAULT;
  const host = <usize>load<u32>(s, XLAT_HOST_OFF) + (<usize>va & 0xfff);
  const flags = load<u32>(s, XLAT_FLAGS_OFF);
  if ((flags & PAGE_DEVICE) != 0 && !aligned(s, va, size, kind)) return FAULT;
  const first = roomAt(va);
  if (size <= first) {
    if (!unwatched(s, va, size, kind)) return FAULT;
    if ((kind & MAINTENANCE) == 0) fill(s, va, kind);
    return (flags & PAGE_TAGGED) == 0 || checkTags(s, va, host, size, kind) ? host : FAULT;
  }
  const next = va + <u64>first;
  if (!translate(s, next, kind)) return FAULT;
  secondHost = <usize>load<u32>(s, XLAT_HOST_OFF);
  const secondFlags = load<u32>(s, XLAT_FLAGS_OFF);
  if ((secondFlags & PAGE_DEVICE) != 0 && !aligned(s, va, size, kind)) return FAULT;
  if (!unwatched(s, va, size, kind)) return FAULT;
  if ((flags & PAGE_TAGGED) != 0 && !checkTags(s, va, host, first, kind)) return FAULT;
  if ((secondFlags & PAGE_TAGGED) != 0 && !checkTags(s, next, secondHost, size - first, kind)) return FAULT;
  return host;
}

/** What is in BOUNCE goes out in the largest pieces that are single-copy atomic: with FEAT_LSE2 16 bytes are one. */
// @ts-ignore
@inline
function copyOut(s: usize, host: usize, size: u32): void {
  switch (size) {
    case 1:
      store<u8>(host, load<u8>(s, BOUNCE_OFF));
      break;
    case 2:
      store<u16>(host, load<u16>(s, BOUNCE_OFF));
      break;
    case 4:
      store<u32>(host, load<u32>(s, BOUNCE_OFF));
      break;
    case 8:
      store<u64>(host, load<u64>(s, BOUNCE_OFF));
      break;
    case 16:
      v128.store(host, v128.load(s, BOUNCE_OFF));
      break;
    case 32:
      v128.store(host, v128.load(s, BOUNCE_OFF));
      v128.store(host, v128.load(s, BOUNCE_OFF + 16), 16);
      break;
    default:
      memory.copy(host, s + BOUNCE_OFF, size);
  }
}

/** Faults that come before any translation: of SP, of alignment. */
export function beforeTranslation(s: usize, va: u64, size: u32, kind: u32): bool {
  if ((kind & SP_BASE) != 0 && !spAligned(s)) return false;
  if ((kind & (MAINTENANCE | TAGS | ZEROING)) == 0) {
    const sctlr = reg(s, SCTLR_EL1_OFF);
    if ((kind & ORDERED) != 0) {
      // FEAT_LSE2: within 16 bytes anything goes
      const unit: u32 = size > 16 ? size : 16;
      const crosses = (<u32>va & (unit - 1)) + size > unit;
      const misaligned = (<u32>va & (alignmentOf(size, kind) - 1)) != 0;
      const free = (kind & ACQUIRE_RELEASE) != 0 && (sctlr & SCTLR_NAA) != 0;
      if (misaligned && ((crosses && !free) || (sctlr & SCTLR_A) != 0)) return alignmentFault(s, va, kind);
    } else if ((sctlr & SCTLR_A) != 0 && (<u32>va & (alignmentOf(size, kind) - 1)) != 0) return alignmentFault(s, va, kind);
  }
  return true;
}

/** What AArch64.TranslateAddress() does behind a translation without fault: false where a watchpoint has matched. */
// @ts-ignore
@inline
function unwatched(s: usize, va: u64, size: u32, kind: u32): bool {
  return load<u32>(s, WATCH_OFF) == 0 || watchpoints(s, va, size, kind);
}

/** CheckSPAlignment() */
export function spAligned(s: usize): bool {
  if ((load<u64>(s, 31 * 8) & 15) == 0) return true;
  const enabled = (reg(s, SCTLR_EL1_OFF) & (el(s) == 0 ? SCTLR_SA0 : SCTLR_SA)) != 0;
  if (!enabled) return true;
  raise(s, EC_SP_ALIGN, 0);
  return false;
}

/** Device memory has to be accessed aligned. */
function aligned(s: usize, va: u64, size: u32, kind: u32): bool {
  if ((kind & (MAINTENANCE | TAGS)) != 0) return true;
  if ((kind & ZEROING) != 0) return alignmentFault(s, va, kind);
  if ((<u32>va & (alignmentOf(size, kind) - 1)) == 0) return true;
  return alignmentFault(s, va, kind);
}

/** Turns the elements in BOUNCE round. */
function reverse(s: usize, size: u32, kind: u32): void {
  const element = alignmentOf(size, kind);
  for (let from: u32 = 0; from < size; from += element)
    for (let n: u32 = 0; n < element >> 1; n++) {
      const a = s + BOUNCE_OFF + from + n;
      const b = s + BOUNCE_OFF + from + element - 1 - n;
      const low = load<u8>(a);
      store<u8>(a, load<u8>(b));
      store<u8>(b, low);
    }
}

// ---- elements in memory and in registers

/** Reads an element of 2^size bytes. */
// @ts-ignore
@inline
export function loadElement(host: usize, size: u32): u64 {
  switch (size) {
    case 0:
      return <u64>load<u8>(host);
    case 1:
      return <u64>load<u16>(host);
    case 2:
      return <u64>load<u32>(host);
    default:
      return load<u64>(host);
  }
}

/** Writes an element of 2^size bytes. */
export function storeElement(host: usize, size: u32, value: u64): void {
  switch (size) {
    case 0:
      store<u8>(host, <u8>value);
      break;
    case 1:
      store<u16>(host, <u16>value);
      break;
    case 2:
      store<u32>(host, <u32>value);
      break;
    default:
      store<u64>(host, value);
  }
}

/** An element of 2^size bytes extended to a W or an X register. */
export function signExtended(value: u64, size: u32, wide: bool): u64 {
  const shift = 64 - (8 << size);
  value = <u64>((<i64>(value << shift)) >> shift);
  return wide ? value : value & 0xffffffff;
}
