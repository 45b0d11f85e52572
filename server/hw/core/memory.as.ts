/** Loads and stores, straight from the instruction's word. */

import { AUTHENTICATED_OFF, BOUNCE_OFF } from "../core_state";
import { ELEMENT_SHIFT, FAULT, READ, spKind, UNCHECKED, UNPRIVILEGED, WRITE } from "./access.as";
import { atomicOperation, exclusiveOrOrdered, unscaledOrdered } from "./atomic.as";
import { loadElement, loadPlace, signExtended, spAligned, storePlace } from "./mem.as";
import { execMops } from "./mops.as";
import { execMemoryTags, storeTagPair } from "./mte.as";
import { DONE, LEFT, UNDEFINED } from "./outcome.as";
import { authenticate, keyEnabled, pauthTrapped } from "./pauth.as";
import { bits, currentPc, setX, setXsp, signed, v, x, xsp } from "./state.as";
import { multipleStructures, singleStructure } from "./structures.as";

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
    if (mode == 0) return atomicOperation(s, insn);
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
      v128.store(s, v128.load(v(s, t)), BOUNCE_OFF);
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
      const value = loadElement(host, size);
      if (back) setXsp(s, n, after);
      setX(s, t, opc == 1 ? value : signExtended(value, size, opc == 2));
      return DONE;
    }
  }
  if (back) setXsp(s, n, after);
  return DONE;
}

/** Loads a vector register; a scalar clears the rest of it. */
function loadVector(s: usize, t: u32, host: usize, bytes: u32): void {
  const at = v(s, t);
  if (bytes == 16) {
    v128.store(at, v128.load(host));
    return;
  }
  store<u64>(at, loadElement(host, ctz(bytes)));
  store<u64>(at, 0, 8);
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
      loadVector(s, t, host, bytes);
      loadVector(s, t2, host + bytes, bytes);
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
    v128.store(s, v128.load(v(s, t)), BOUNCE_OFF);
    v128.store(s + bytes, v128.load(v(s, t2)), BOUNCE_OFF);
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

/** Runs an instruction of memory.ts's or mte.ts's rows. */
export function execMemory(s: usize, insn: u32): u32 {
  switch (bits(insn, 24, 6)) {
    case 0x08:
      return exclusiveOrOrdered(s, insn);
    case 0x0c:
      return multipleStructures(s, insn);
    case 0x0d:
      return singleStructure(s, insn);
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
