/** Exclusives, load-acquire and store-release, compare and swap, atomic operations: Arm ARM B2. */

import {
  BOUNCE_OFF, CORES_OFF, MONITOR_AT_OFF, MONITOR_SIZE_OFF, MONITOR_VALUE_OFF, XLAT_HOST_OFF,
} from "../core_state";
import { ACQUIRE_RELEASE, FAULT, isBigEndian, ORDERED, READ, spKind, UNCHECKED, WRITE } from "./access.as";
import { atomicPlace, beforeTranslation, loadElement, loadPlace, signExtended, storeElement, storePlace } from "./mem.as";
import { DONE, LEFT } from "./outcome.as";
import { bits, bothOf, fence, setX, signed, x, xsp } from "./state.as";

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
  const old = loadElement(host, size);
  if (old == expected) storeElement(host, size, value);
  return old;
}

// @ts-ignore
@inline
function sizeMask(size: u32): u64 {
  return size == 3 ? <u64>-1 : (<u64>1 << (8 << size)) - 1;
}

/** LDXR, STXR, LDAR, STLR, CAS, CASP. */
export function exclusiveOrOrdered(s: usize, insn: u32): u32 {
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
      setX(s, t, loadElement(host, size));
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
      const value = loadElement(host, size);
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
  if (load<u32>(s, MONITOR_SIZE_OFF) != bytes) {
    // AArch64.ExclusiveMonitorsPass(): what can be seen to fail by the address alone is not translated
    if (!beforeTranslation(s, va, bytes, kind | WRITE)) return LEFT;
    store<u32>(s, 0, MONITOR_SIZE_OFF);
    setX(s, status, 1);
    return DONE;
  }
  const host = atomicPlace(s, va, bytes, kind | WRITE);
  if (host == FAULT) return LEFT;
  let failed: u64 = 1;
  if (load<u32>(s, MONITOR_AT_OFF) == <u32>host) {
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
export function atomicOperation(s: usize, insn: u32): u32 {
  const size = insn >>> 30;
  const operation = bits(insn, 12, 4);
  const n = bits(insn, 5, 5);
  const t = insn & 31;
  const va = xsp(s, n);
  const kind = spKind(n) | (n == 31 ? UNCHECKED : 0) | ORDERED;
  if (operation == 12) {
    const host = loadPlace(s, va, 1 << size, kind | ACQUIRE_RELEASE | READ);
    if (host == FAULT) return LEFT;
    setX(s, t, loadElement(host, size));
    fence(s);
    return DONE;
  }
  const host = atomicPlace(s, va, 1 << size, kind | READ | WRITE);
  if (host == FAULT) return LEFT;
  const mask = sizeMask(size);
  const operand = x(s, bits(insn, 16, 5)) & mask;
  let old = loadElement(host, size);
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
export function unscaledOrdered(s: usize, insn: u32): u32 {
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
  const value = loadElement(host, size);
  setX(s, t, opc == 1 ? value : signExtended(value, size, opc == 2));
  fence(s);
  return DONE;
}
