/** Loads and stores of structures: LD1 to LD4, ST1 to ST4, LD1R to LD4R. */

import { BOUNCE_OFF } from "../core_state";
import { ELEMENT_SHIFT, FAULT, READ, spKind, UNCHECKED, WRITE } from "./access.as";
import { loadElement, loadPlace, storeElement, storePlace } from "./mem.as";
import { DONE, LEFT } from "./outcome.as";
import { bits, setXsp, v, x, xsp } from "./state.as";

// @ts-ignore
@inline
function getLane(s: usize, t: u32, index: u32, size: u32): u64 {
  return loadElement(v(s, t & 31) + (<usize>index << size), size);
}

// @ts-ignore
@inline
function setLane(s: usize, t: u32, index: u32, size: u32, value: u64): void {
  storeElement(v(s, t & 31) + (<usize>index << size), size, value);
}

/** What a post-indexed form adds to its base: a register or, where that is 31, the bytes of the access. */
// @ts-ignore
@inline
function stepOf(s: usize, insn: u32, total: u32): u64 {
  const m = bits(insn, 16, 5);
  return m == 31 ? <u64>total : x(s, m);
}

/** How the access is made: element by element, SP's alignment checked; tags are not where SP alone is the address. */
// @ts-ignore
@inline
function structureKind(n: u32, size: u32, post: bool): u32 {
  const kind = spKind(n) | ((1 << size) << ELEMENT_SHIFT);
  return n == 31 && !post ? kind | UNCHECKED : kind;
}

/** LD1 to LD4 and ST1 to ST4 of whole registers. */
export function multipleStructures(s: usize, insn: u32): u32 {
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
  const kind = structureKind(n, size, post);
  const after = va + (post ? stepOf(s, insn, total) : 0);
  if (isLoad) {
    let host = loadPlace(s, va, total, kind | READ);
    if (host == FAULT) return LEFT;
    for (let r: u32 = 0; r < repeats; r++) {
      for (let e: u32 = 0; e < lanes; e++) {
        for (let i: u32 = 0; i < elements; i++) {
          setLane(s, t + r + i, e, size, loadElement(host, size));
          host += 1 << size;
        }
      }
    }
    if (q == 0) for (let r: u32 = 0; r < repeats * elements; r++) store<u64>(v(s, (t + r) & 31), 0, 8);
  } else {
    let at = s + BOUNCE_OFF;
    for (let r: u32 = 0; r < repeats; r++) {
      for (let e: u32 = 0; e < lanes; e++) {
        for (let i: u32 = 0; i < elements; i++) {
          storeElement(at, size, getLane(s, t + r + i, e, size));
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
export function singleStructure(s: usize, insn: u32): u32 {
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
  const kind = structureKind(n, size, post);
  const after = va + (post ? stepOf(s, insn, total) : 0);
  if (isLoad) {
    let host = loadPlace(s, va, total, kind | READ);
    if (host == FAULT) return LEFT;
    for (let i: u32 = 0; i < elements; i++) {
      const value = loadElement(host, size);
      host += 1 << size;
      if (replicate) {
        store<u64>(v(s, (t + i) & 31), 0, 8);
        for (let e: u32 = 0; e < (8 << q) >> size; e++) setLane(s, t + i, e, size, value);
      } else setLane(s, t + i, index, size, value);
    }
  } else {
    for (let i: u32 = 0; i < elements; i++) storeElement(s + BOUNCE_OFF + (i << size), size, getLane(s, t + i, index, size));
    if (!storePlace(s, va, total, kind | WRITE)) return LEFT;
  }
  if (post) setXsp(s, n, after);
  return DONE;
}
