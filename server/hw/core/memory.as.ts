/** Loads and stores, straight from the instruction's word. */

import {
  AUTHENTICATED_OFF, BOUNCE_OFF, CORES_OFF, MONITOR_AT_OFF, MONITOR_SIZE_OFF, MONITOR_VALUE_OFF, V_OFF, XLAT_HOST_OFF,
} from "../core_state";
import { execMemoryTags, storeTagPair } from "./mte.as";
import {
  ACQUIRE_RELEASE, ELEMENT_SHIFT, FAULT, isBigEndian, modifyAt, ORDERED, probe, READ, readAt, SP_BASE, spAligned,
  UNCHECKED, UNPRIVILEGED, WRITE, writeAt,
} from "./mmu.as";
import { execMops } from "./mops.as";
import { authenticate, keyEnabled, pauthTrapped } from "./pauth.as";
import { DONE, LEFT, UNDEFINED } from "./outcome.as";
import { bits, bothOf, currentPc, fence, setX, setXsp, signed, x, xsp } from "./state.as";

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
      switch (size) {
        case 1:
          store<u8>(host, load<u8>(s, BOUNCE_OFF));
          return true;
        case 2:
          store<u16>(host, load<u16>(s, BOUNCE_OFF));
          return true;
        case 4:
          store<u32>(host, load<u32>(s, BOUNCE_OFF));
          return true;
        case 8:
          store<u64>(host, load<u64>(s, BOUNCE_OFF));
          return true;
        case 16:
          v128.store(host, v128.load(s, BOUNCE_OFF));
          return true;
        case 32:
          v128.store(host, v128.load(s, BOUNCE_OFF));
          v128.store(host, v128.load(s, BOUNCE_OFF + 16), 16);
          return true;
        default:
          memory.copy(host, s + BOUNCE_OFF, size);
          return true;
      }
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
  return modifyAt(s, va, size, kind);
}

/** A value of a general register's load, extended. */
// @ts-ignore
@inline
function loaded(host: usize, size: u32): u64 {
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

function signExtended(value: u64, size: u32, wide: bool): u64 {
  const shift = 64 - (8 << size);
  value = <u64>((<i64>(value << shift)) >> shift);
  return wide ? value : value & 0xffffffff;
}

// @ts-ignore
@inline
function spKind(n: u32): u32 {
  return n == 31 ? SP_BASE : 0;
}

/** Whether SIMD and floating point would trap; the core asks before it runs such a row. */
// @ts-ignore
@inline
function vector(s: usize, n: u32): usize {
  return s + V_OFF + (<usize>(n & 31) << 4);
}

/** LDR and STR of one register in all modes; atomics and LDRA share its space. */
function single(s: usize, insn: u32): u32 {
  const size = insn >>> 30;
  const isVector = (insn & (1 << 26)) != 0;
  const opc = bits(insn, 22, 2);
  const t = insn & 31;
  const n = bits(insn, 5, 5);
  let kind = spKind(n);
  let va = xsp(s, n);
  let back: bool = false;
  let after = va;
  const scale = isVector && (opc & 2) != 0 ? 4 : size;
  if ((insn & (1 << 24)) != 0) {
    va += <u64>bits(insn, 10, 12) << scale;
    if (n == 31) kind |= UNCHECKED;
  } else if ((insn & (1 << 21)) != 0) {
    const mode = bits(insn, 10, 2);
    if (mode == 0) return atomic_(s, insn);
    if (mode != 2) return loadAuthenticated(s, insn);
    const m = x(s, bits(insn, 16, 5));
    const shift = (insn & (1 << 12)) != 0 ? scale : 0;
    switch (bits(insn, 13, 3)) {
      case 2:
        va += (m & 0xffffffff) << shift;
        break;
      case 6:
        va += <u64>(<i64>(<i32>m)) << shift;
        break;
      default:
        va += m << shift;
    }
  } else {
    const offset = signed(insn, 12, 9);
    switch (bits(insn, 10, 2)) {
      case 0:
        va += offset;
        if (n == 31) kind |= UNCHECKED;
        break;
      case 1:
        after = va + offset;
        back = true;
        break;
      case 2:
        va += offset;
        kind |= UNPRIVILEGED;
        if (n == 31) kind |= UNCHECKED;
        break;
      default:
        va += offset;
        after = va;
        back = true;
    }
  }
  if (isVector) {
    const bytes: u32 = 1 << scale;
    if ((opc & 1) != 0) {
      const host = loadPlace(s, va, bytes, kind | READ);
      if (host == FAULT) return LEFT;
      loadVector(s, t, host, bytes);
    } else {
      v128.store(s, v128.load(vector(s, t)), BOUNCE_OFF);
      if (!storePlace(s, va, bytes, kind | WRITE)) return LEFT;
    }
  } else {
    if (size == 3 && opc == 2) return DONE;
    if (opc == 0) {
      store<u64>(s, x(s, t), BOUNCE_OFF);
      if (!storePlace(s, va, 1 << size, kind | WRITE)) return LEFT;
    } else {
      const host = loadPlace(s, va, 1 << size, kind | READ);
      if (host == FAULT) return LEFT;
      const value = loaded(host, size);
      if (back) setXsp(s, n, after);
      setX(s, t, opc == 1 ? value : signExtended(value, size, opc == 2));
      return DONE;
    }
  }
  if (back) setXsp(s, n, after);
  return DONE;
}

/** A scalar load clears the rest of the register. */
function loadVector(s: usize, t: u32, host: usize, bytes: u32): void {
  const v = vector(s, t);
  switch (bytes) {
    case 1:
      store<u64>(v, <u64>load<u8>(host));
      break;
    case 2:
      store<u64>(v, <u64>load<u16>(host));
      break;
    case 4:
      store<u64>(v, <u64>load<u32>(host));
      break;
    case 8:
      store<u64>(v, load<u64>(host));
      break;
    default:
      v128.store(v, v128.load(host));
      return;
  }
  store<u64>(v, 0, 8);
}

/** LDP, STP and LDPSW; STGP is among the tags. */
function pair(s: usize, insn: u32): u32 {
  const opc = insn >>> 30;
  const isVector = (insn & (1 << 26)) != 0;
  const isLoad = (insn & (1 << 22)) != 0;
  const t = insn & 31;
  const t2 = bits(insn, 10, 5);
  const n = bits(insn, 5, 5);
  const mode = bits(insn, 23, 2);
  const scale: u32 = isVector ? 2 + opc : opc == 2 ? 3 : 2;
  const bytes: u32 = 1 << scale;
  const offset = signed(insn, 15, 7) << scale;
  const base = xsp(s, n);
  const va = mode == 1 ? base : base + offset;
  let kind = spKind(n) | (bytes << ELEMENT_SHIFT);
  const back = mode == 1 || mode == 3;
  if (n == 31 && !back) kind |= UNCHECKED;
  if (isLoad) {
    const host = loadPlace(s, va, bytes << 1, kind | READ);
    if (host == FAULT) return LEFT;
    if (isVector) {
      // The second may lie in the first's place of BOUNCE no more than in RAM: read both, then write
      const a = v128.load(host);
      const b = v128.load(host + bytes);
      store<u64>(vector(s, t), 0, 8);
      store<u64>(vector(s, t2), 0, 8);
      putVector(s, t, a, bytes);
      putVector(s, t2, b, bytes);
      if (back) setXsp(s, n, base + offset);
      return DONE;
    }
    let a: u64;
    let b: u64;
    if (bytes == 8) {
      const both = v128.load(host);
      a = v128.extract_lane<u64>(both, 0);
      b = v128.extract_lane<u64>(both, 1);
    } else if (opc == 1) {
      a = <u64>load<i32>(host);
      b = <u64>load<i32>(host, 4);
    } else {
      a = <u64>load<u32>(host);
      b = <u64>load<u32>(host, 4);
    }
    if (back) setXsp(s, n, base + offset);
    setX(s, t, a);
    setX(s, t2, b);
    return DONE;
  }
  if (isVector) {
    v128.store(s, v128.load(vector(s, t)), BOUNCE_OFF);
    v128.store(s + bytes, v128.load(vector(s, t2)), BOUNCE_OFF);
  } else if (bytes == 8) {
    store<u64>(s, x(s, t), BOUNCE_OFF);
    store<u64>(s, x(s, t2), BOUNCE_OFF + 8);
  } else {
    store<u32>(s, <u32>x(s, t), BOUNCE_OFF);
    store<u32>(s, <u32>x(s, t2), BOUNCE_OFF + 4);
  }
  if (!storePlace(s, va, bytes << 1, kind | WRITE)) return LEFT;
  if (back) setXsp(s, n, base + offset);
  return DONE;
}

function putVector(s: usize, t: u32, value: v128, bytes: u32): void {
  const v = vector(s, t);
  if (bytes == 4) {
    store<u64>(v, <u64>v128.extract_lane<u32>(value, 0));
    store<u64>(v, 0, 8);
  } else if (bytes == 8) {
    store<u64>(v, v128.extract_lane<u64>(value, 0));
    store<u64>(v, 0, 8);
  } else v128.store(v, value);
}

/** LDR (literal). */
function literal(s: usize, insn: u32): u32 {
  const opc = insn >>> 30;
  const isVector = (insn & (1 << 26)) != 0;
  if (!isVector && opc == 3) return DONE;
  const va = currentPc(s) + (signed(insn, 5, 19) << 2);
  const bytes: u32 = isVector ? 4 << opc : opc == 1 ? 8 : 4;
  const host = loadPlace(s, va, bytes, READ | UNCHECKED);
  if (host == FAULT) return LEFT;
  if (isVector) loadVector(s, insn & 31, host, bytes);
  else if (opc == 1) setX(s, insn & 31, load<u64>(host));
  else if (opc == 0) setX(s, insn & 31, <u64>load<u32>(host));
  else setX(s, insn & 31, <u64>load<i32>(host));
  return DONE;
}

/** LDRAA and LDRAB. */
function loadAuthenticated(s: usize, insn: u32): u32 {
  const n = bits(insn, 5, 5);
  const back = (insn & (1 << 11)) != 0;
  const key: u32 = (insn & (1 << 23)) != 0 ? 3 : 2;
  if (n == 31 && !spAligned(s)) return LEFT;
  if (keyEnabled(s, key)) {
    if (pauthTrapped(s)) return LEFT;
    if (!authenticate(s, xsp(s, n), 0, key)) return LEFT;
  } else store<u64>(s, xsp(s, n), AUTHENTICATED_OFF);
  const offset = signed(insn, 12, 9) & 0x1ff;
  const scaled = ((<i64>offset | ((insn & (1 << 22)) != 0 ? -512 : 0)) as i64) << 3;
  const va = load<u64>(s, AUTHENTICATED_OFF) + scaled;
  const host = loadPlace(s, va, 8, spKind(n) | READ | (n == 31 && !back ? UNCHECKED : 0));
  if (host == FAULT) return LEFT;
  const value = load<u64>(host);
  if (back) setXsp(s, n, va);
  setX(s, insn & 31, value);
  return DONE;
}

/** The lock of those that read and write 16 bytes, for which WebAssembly has no atomic operation. */
function lock(s: usize): void {
  const word = <usize>load<u32>(s, CORES_OFF) - 64;
  while (atomic.cmpxchg<u32>(word, 0, 1) != 0) {}
}

function unlock(s: usize): void {
  atomic.store<u32>(<usize>load<u32>(s, CORES_OFF) - 64, 0);
}

/** A value as it lies in memory, which may be big-endian, and back. */
function ordinal(s: usize, size: u32, value: u64): u64 {
  if (!isBigEndian(s, 0)) return value;
  return bswap<u64>(value) >> (64 - (8 << size));
}

/** Compares and swaps where the access is aligned, else in two steps; gives what was there. */
function compareExchange(host: usize, size: u32, expected: u64, value: u64): u64 {
  if ((<u32>host & ((1 << size) - 1)) == 0) {
    switch (size) {
      case 0:
        return <u64>atomic.cmpxchg<u8>(host, <u8>expected, <u8>value);
      case 1:
        return <u64>atomic.cmpxchg<u16>(host, <u16>expected, <u16>value);
      case 2:
        return <u64>atomic.cmpxchg<u32>(host, <u32>expected, <u32>value);
      default:
        return atomic.cmpxchg<u64>(host, expected, value);
    }
  }
  const old = loaded(host, size);
  if (old == expected) put(host, size, value);
  return old;
}

function put(host: usize, size: u32, value: u64): void {
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

// @ts-ignore
@inline
function sizeMask(size: u32): u64 {
  return size == 3 ? <u64>-1 : (<u64>1 << (8 << size)) - 1;
}

/** LDXR, STXR, LDAR, STLR, CAS, CASP. */
function ordered(s: usize, insn: u32): u32 {
  const size = insn >>> 30;
  const o2 = (insn >>> 23) & 1;
  const l = (insn >>> 22) & 1;
  const o1 = (insn >>> 21) & 1;
  const status = bits(insn, 16, 5);
  const t2 = bits(insn, 10, 5);
  const n = bits(insn, 5, 5);
  const t = insn & 31;
  const va = xsp(s, n);
  const kind = spKind(n) | (n == 31 ? UNCHECKED : 0) | ORDERED | (o2 == 1 && o1 == 0 ? ACQUIRE_RELEASE : 0);
  if (o2 == 1) {
    if (o1 == 1) return compareAndSwap(s, insn, size, va, kind);
    if (l == 1) {
      const host = loadPlace(s, va, 1 << size, kind | READ);
      if (host == FAULT) return LEFT;
      fence(s);
      setX(s, t, loaded(host, size));
      fence(s);
      return DONE;
    }
    store<u64>(s, x(s, t), BOUNCE_OFF);
    fence(s);
    if (!storePlace(s, va, 1 << size, kind | WRITE)) return LEFT;
    fence(s);
    return DONE;
  }
  if (o1 == 1 && size < 2) return compareAndSwapPair(s, insn, va, kind);
  const element = size;
  const bytes: u32 = o1 == 1 ? 2 << element : 1 << element;
  if (l == 1) {
    const host = loadPlace(s, va, bytes, kind | READ);
    if (host == FAULT) return LEFT;
    // A big-endian load comes by BOUNCE; the monitor is on memory
    const place = host == s + BOUNCE_OFF ? <usize>(load<u32>(s, XLAT_HOST_OFF) + (<u32>va & 0xfff)) : host;
    store<u32>(s, bytes, MONITOR_SIZE_OFF);
    store<u32>(s, <u32>place, MONITOR_AT_OFF);
    if (o1 == 0) {
      const value = loaded(host, size);
      store<u64>(s, ordinal(s, size, value), MONITOR_VALUE_OFF);
      setX(s, t, value);
    } else if (bytes == 8) {
      const value = load<u64>(place);
      store<u64>(s, value, MONITOR_VALUE_OFF);
      setX(s, t, ordinal(s, 2, value & 0xffffffff));
      setX(s, t2, ordinal(s, 2, value >> 32));
    } else {
      const both = v128.load(place);
      const low = v128.extract_lane<u64>(both, 0);
      const high = v128.extract_lane<u64>(both, 1);
      store<u64>(s, low, MONITOR_VALUE_OFF);
      store<u64>(s, high, MONITOR_VALUE_OFF + 8);
      setX(s, t, ordinal(s, 3, low));
      setX(s, t2, ordinal(s, 3, high));
    }
    fence(s);
    return DONE;
  }
  const host = atomicPlace(s, va, bytes, kind | WRITE);
  if (host == FAULT) return LEFT;
  let failed: u64 = 1;
  if (load<u32>(s, MONITOR_SIZE_OFF) == bytes && load<u32>(s, MONITOR_AT_OFF) == <u32>host) {
    const expected = load<u64>(s, MONITOR_VALUE_OFF);
    if (o1 == 0) {
      if (compareExchange(host, size, expected, ordinal(s, size, x(s, t) & sizeMask(size))) == expected) failed = 0;
    } else if (bytes == 8) {
      if (compareExchange(host, 3, expected, words(s, x(s, t), x(s, t2))) == expected) failed = 0;
    } else {
      const value = bothOf(ordinal(s, 3, x(s, t)), ordinal(s, 3, x(s, t2)));
      const before = v128.load(s, MONITOR_VALUE_OFF);
      if (same(compareExchange16(s, host, before, value), before)) failed = 0;
    }
  }
  store<u32>(s, 0, MONITOR_SIZE_OFF);
  setX(s, status, failed);
  return DONE;
}

function same(a: v128, b: v128): bool {
  return i64x2.all_true(i64x2.eq(a, b));
}

/**
 * Compares and swaps 16 bytes; gives what was there. Where only one half changes it is swapped alone, so that what others write beside it
 * stays; where both do, whoever loads 16 bytes sees both or none.
 */
function compareExchange16(s: usize, host: usize, expected: v128, value: v128): v128 {
  lock(s);
  let old = v128.load(host);
  if (same(old, expected)) {
    const low = v128.extract_lane<u64>(expected, 0);
    const high = v128.extract_lane<u64>(expected, 1);
    const newLow = v128.extract_lane<u64>(value, 0);
    const newHigh = v128.extract_lane<u64>(value, 1);
    if (low == newLow) {
      old = v128.replace_lane<u64>(old, 1, atomic.cmpxchg<u64>(host + 8, high, newHigh));
    } else if (high == newHigh) {
      old = v128.replace_lane<u64>(old, 0, atomic.cmpxchg<u64>(host, low, newLow));
    } else v128.store(host, value);
  }
  unlock(s);
  return old;
}

/** Two words as they lie in memory side by side. */
function words(s: usize, first: u64, second: u64): u64 {
  return ordinal(s, 2, first & 0xffffffff) | (ordinal(s, 2, second & 0xffffffff) << 32);
}

function compareAndSwap(s: usize, insn: u32, size: u32, va: u64, kind: u32): u32 {
  const c = bits(insn, 16, 5);
  const host = atomicPlace(s, va, 1 << size, kind | READ | WRITE);
  if (host == FAULT) return LEFT;
  const mask = sizeMask(size);
  const old = compareExchange(host, size, ordinal(s, size, x(s, c) & mask), ordinal(s, size, x(s, insn & 31) & mask));
  setX(s, c, ordinal(s, size, old));
  return DONE;
}

function compareAndSwapPair(s: usize, insn: u32, va: u64, kind: u32): u32 {
  const c = bits(insn, 16, 5);
  const t = insn & 31;
  if ((insn & (1 << 30)) == 0) {
    const host = atomicPlace(s, va, 8, kind | READ | WRITE);
    if (host == FAULT) return LEFT;
    const old = compareExchange(host, 3, words(s, x(s, c), x(s, c + 1)), words(s, x(s, t), x(s, t + 1)));
    setX(s, c, ordinal(s, 2, old & 0xffffffff));
    setX(s, c + 1, ordinal(s, 2, old >> 32));
    return DONE;
  }
  const host = atomicPlace(s, va, 16, kind | READ | WRITE);
  if (host == FAULT) return LEFT;
  const expected = bothOf(ordinal(s, 3, x(s, c)), ordinal(s, 3, x(s, c + 1)));
  const old = compareExchange16(s, host, expected, bothOf(ordinal(s, 3, x(s, t)), ordinal(s, 3, x(s, t + 1))));
  setX(s, c, ordinal(s, 3, v128.extract_lane<u64>(old, 0)));
  setX(s, c + 1, ordinal(s, 3, v128.extract_lane<u64>(old, 1)));
  return DONE;
}

/** LDADD and its like, SWP, LDAPR. */
function atomic_(s: usize, insn: u32): u32 {
  const size = insn >>> 30;
  const operation = bits(insn, 12, 4);
  const n = bits(insn, 5, 5);
  const t = insn & 31;
  const va = xsp(s, n);
  const kind = spKind(n) | (n == 31 ? UNCHECKED : 0) | ORDERED;
  if (operation == 12) {
    const host = loadPlace(s, va, 1 << size, kind | ACQUIRE_RELEASE | READ);
    if (host == FAULT) return LEFT;
    setX(s, t, loaded(host, size));
    fence(s);
    return DONE;
  }
  const host = atomicPlace(s, va, 1 << size, kind | READ | WRITE);
  if (host == FAULT) return LEFT;
  const mask = sizeMask(size);
  const operand = x(s, bits(insn, 16, 5)) & mask;
  let old = loaded(host, size);
  while (true) {
    const value = combine(operation, ordinal(s, size, old), operand, size) & mask;
    const seen = compareExchange(host, size, old, ordinal(s, size, value));
    if (seen == old) break;
    old = seen;
  }
  setX(s, t, ordinal(s, size, old));
  return DONE;
}

function combine(operation: u32, old: u64, operand: u64, size: u32): u64 {
  const shift = 64 - (8 << size);
  switch (operation) {
    case 0:
      return old + operand;
    case 1:
      return old & ~operand;
    case 2:
      return old ^ operand;
    case 3:
      return old | operand;
    case 4:
      return <i64>(old << shift) > <i64>(operand << shift) ? old : operand;
    case 5:
      return <i64>(old << shift) < <i64>(operand << shift) ? old : operand;
    case 6:
      return old > operand ? old : operand;
    case 7:
      return old < operand ? old : operand;
    default:
      return operand;
  }
}

/** LDAPUR and STLUR. */
function unscaledOrdered(s: usize, insn: u32): u32 {
  const size = insn >>> 30;
  const opc = bits(insn, 22, 2);
  const n = bits(insn, 5, 5);
  const t = insn & 31;
  const va = xsp(s, n) + signed(insn, 12, 9);
  const kind = spKind(n) | (n == 31 ? UNCHECKED : 0) | ORDERED | ACQUIRE_RELEASE;
  if (opc == 0) {
    store<u64>(s, x(s, t), BOUNCE_OFF);
    fence(s);
    if (!storePlace(s, va, 1 << size, kind | WRITE)) return LEFT;
    // LDAXR, which may follow, orders nothing before it
    fence(s);
    return DONE;
  }
  const host = loadPlace(s, va, 1 << size, kind | READ);
  if (host == FAULT) return LEFT;
  const value = loaded(host, size);
  setX(s, t, opc == 1 ? value : signExtended(value, size, opc == 2));
  fence(s);
  return DONE;
}

// @ts-ignore
@inline
function getLane(s: usize, t: u32, index: u32, size: u32): u64 {
  return loaded(vector(s, t) + (<usize>index << size), size);
}

// @ts-ignore
@inline
function setLane(s: usize, t: u32, index: u32, size: u32, value: u64): void {
  put(vector(s, t) + (<usize>index << size), size, value);
}

/** LD1 to LD4 and ST1 to ST4 of whole registers. */
function structures(s: usize, insn: u32): u32 {
  const q = (insn >>> 30) & 1;
  const isLoad = (insn & (1 << 22)) != 0;
  const post = (insn & (1 << 23)) != 0;
  const size = bits(insn, 10, 2);
  const n = bits(insn, 5, 5);
  const t = insn & 31;
  let repeats: u32 = 1;
  let elements: u32 = 1;
  switch (bits(insn, 12, 4)) {
    case 0:
      elements = 4;
      break;
    case 2:
      repeats = 4;
      break;
    case 4:
      elements = 3;
      break;
    case 6:
      repeats = 3;
      break;
    case 8:
      elements = 2;
      break;
    case 10:
      repeats = 2;
      break;
  }
  const width: u32 = 8 << q;
  const lanes = width >> size;
  const total = width * repeats * elements;
  const va = xsp(s, n);
  let kind = spKind(n) | ((1 << size) << ELEMENT_SHIFT);
  if (n == 31 && !post) kind |= UNCHECKED;
  const after = va + (post ? (bits(insn, 16, 5) == 31 ? <u64>total : x(s, bits(insn, 16, 5))) : 0);
  if (isLoad) {
    let host = loadPlace(s, va, total, kind | READ);
    if (host == FAULT) return LEFT;
    for (let r: u32 = 0; r < repeats; r++) {
      for (let e: u32 = 0; e < lanes; e++) {
        for (let i: u32 = 0; i < elements; i++) {
          setLane(s, t + r + i, e, size, loaded(host, size));
          host += 1 << size;
        }
      }
    }
    if (q == 0) for (let r: u32 = 0; r < repeats * elements; r++) store<u64>(vector(s, t + r), 0, 8);
  } else {
    let at = s + BOUNCE_OFF;
    for (let r: u32 = 0; r < repeats; r++) {
      for (let e: u32 = 0; e < lanes; e++) {
        for (let i: u32 = 0; i < elements; i++) {
          put(at, size, getLane(s, t + r + i, e, size));
          at += 1 << size;
        }
      }
    }
    if (!storePlace(s, va, total, kind | WRITE)) return LEFT;
  }
  if (post) setXsp(s, n, after);
  return DONE;
}

/** LD1 to LD4 of one lane, or of all with the same value. */
function lanes(s: usize, insn: u32): u32 {
  const q = (insn >>> 30) & 1;
  const isLoad = (insn & (1 << 22)) != 0;
  const post = (insn & (1 << 23)) != 0;
  const opcode = bits(insn, 13, 3);
  const elements = (((opcode & 1) << 1) | ((insn >>> 21) & 1)) + 1;
  const n = bits(insn, 5, 5);
  const t = insn & 31;
  const sBit = (insn >>> 12) & 1;
  let size = bits(insn, 10, 2);
  let index: u32 = 0;
  let replicate = false;
  switch (opcode >> 1) {
    case 0:
      index = (q << 3) | (sBit << 2) | size;
      size = 0;
      break;
    case 1:
      index = (q << 2) | (sBit << 1) | (size >> 1);
      size = 1;
      break;
    case 2:
      if ((size & 1) == 0) {
        index = (q << 1) | sBit;
        size = 2;
      } else {
        index = q;
        size = 3;
      }
      break;
    default:
      replicate = true;
  }
  const total = elements << size;
  const va = xsp(s, n);
  let kind = spKind(n) | ((1 << size) << ELEMENT_SHIFT);
  if (n == 31 && !post) kind |= UNCHECKED;
  const after = va + (post ? (bits(insn, 16, 5) == 31 ? <u64>total : x(s, bits(insn, 16, 5))) : 0);
  if (isLoad) {
    let host = loadPlace(s, va, total, kind | READ);
    if (host == FAULT) return LEFT;
    for (let i: u32 = 0; i < elements; i++) {
      const value = loaded(host, size);
      host += 1 << size;
      if (replicate) {
        const v = vector(s, t + i);
        store<u64>(v, 0, 8);
        for (let e: u32 = 0; e < (8 << q) >> size; e++) setLane(s, t + i, e, size, value);
      } else setLane(s, t + i, index, size, value);
    }
  } else {
    for (let i: u32 = 0; i < elements; i++) put(s + BOUNCE_OFF + (i << size), size, getLane(s, t + i, index, size));
    if (!storePlace(s, va, total, kind | WRITE)) return LEFT;
  }
  if (post) setXsp(s, n, after);
  return DONE;
}

/** Runs an instruction of memory.ts's or mte.ts's rows. */
export function execMemory(s: usize, insn: u32): u32 {
  switch (bits(insn, 24, 6)) {
    case 0x08:
      return ordered(s, insn);
    case 0x0c:
      return structures(s, insn);
    case 0x0d:
      return lanes(s, insn);
    case 0x18:
    case 0x1c:
      return literal(s, insn);
    case 0x19:
      if (insn >>> 30 == 3 && (insn & (1 << 21)) != 0) return execMemoryTags(s, insn);
      if ((insn & 0x00200c00) == 0) return unscaledOrdered(s, insn);
      return execMops(s, insn);
    case 0x1d:
      return execMops(s, insn);
    case 0x28:
    case 0x29:
      if (insn >>> 30 == 1 && (insn & (1 << 22)) == 0) return storeTagPair(s, insn);
      return pair(s, insn);
    case 0x2c:
    case 0x2d:
      return pair(s, insn);
    case 0x38:
    case 0x39:
    case 0x3c:
    case 0x3d:
      return single(s, insn);
  }
  return UNDEFINED;
}
