/** Advanced SIMD shifts by immediates, and narrowing. */

import { end, scalar, setResult, setScalar } from "./fp.as";
import * as Fast from "./simd_fast.as";
import { get, ones } from "./simd_lanes.as";
import * as L from "./simd_lanes.as";
import {
  clear, d, elements, isFull, n, put, setHalves, sizeOf, write, writeHalf, writeScalar, writeVector,
} from "./simd_result.as";
import { v } from "./state.as";

export function narrow(s: usize, insn: u32, saturating: bool, fromUnsigned: bool, toUnsigned: bool, scalar: bool): bool {
  const z = sizeOf(insn);
  const vn = v(s, n(insn));
  if (!saturating) {
    setHalves(i64x2.extract_lane(Fast.truncate(z, v128.load(vn)), 0), 0);
    return writeHalf(s, insn);
  }
  clear();
  for (let e: u32 = 0, count: u32 = scalar ? 1 : 8 >> z; e < count; e++)
    put(z, e, narrowed(z, get(vn, z + 1, e), fromUnsigned, toUnsigned));
  if (!scalar) return writeHalf(s, insn);
  writeScalar(s, insn);
  return end(s);
}

/** An element of z + 1 saturated to one of z. */
function narrowed(z: u32, a: u64, fromUnsigned: bool, toUnsigned: bool): u64 {
  if (fromUnsigned) return unsignedNarrowed(z, a);
  return L.saturate(z, L.extended(z + 1, a), toUnsigned);
}

/** What is beyond i64 saturates like the largest that is there. */
function unsignedNarrowed(z: u32, a: u64): u64 {
  return L.saturate(z, <i64>a < 0 ? 0x7fffffffffffffff : <i64>a, true);
}

export function shiftNarrow(
  s: usize,
  insn: u32,
  saturating: bool,
  fromUnsigned: bool,
  toUnsigned: bool,
  rounding: bool,
  scalar: bool,
): bool {
  const imm = (insn >> 16) & 127;
  const z = 31 - clz(imm >> 3);
  const right = (16 << z) - imm;
  const vn = v(s, n(insn));
  if (!saturating && !rounding) {
    // what is above the halves that stay does not matter
    const shifted = Fast.shift(L.SHR, z + 1, true, (32 << z) - right, v128.load(vn), v128.load(vn));
    setHalves(i64x2.extract_lane(Fast.truncate(z, shifted), 0), 0);
    return writeHalf(s, insn);
  }
  clear();
  for (let e: u32 = 0, count: u32 = scalar ? 1 : 8 >> z; e < count; e++) {
    const a = get(vn, z + 1, e);
    const wide = fromUnsigned ? a : <u64>L.extended(z + 1, a);
    const r = L.shiftRight(wide, right, fromUnsigned, rounding);
    put(z, e, !saturating ? r & ones(z) : fromUnsigned ? unsignedNarrowed(z, r) : L.saturate(z, <i64>r, toUnsigned));
  }
  if (!scalar) return writeHalf(s, insn);
  writeScalar(s, insn);
  return end(s);
}

export function shiftLong(s: usize, insn: u32, unsigned: bool): bool {
  const imm = (insn >> 16) & 127;
  const z = 31 - clz(imm >> 3);
  const a = Fast.extend(z, v128.load(v(s, n(insn))), isFull(insn), unsigned);
  v128.store(v(s, d(insn)), Fast.shift(L.SHL, z + 1, unsigned, imm + (8 << z), a, a));
  return true;
}

/** SHLL: left by as much as the elements have. */
export function shiftLongBySize(s: usize, insn: u32): bool {
  const z = sizeOf(insn);
  const vn = v(s, n(insn)) + (isFull(insn) ? 8 : 0);
  clear();
  for (let e: u32 = 0, count: u32 = 8 >> z; e < count; e++) put(z + 1, e, get(vn, z, e) << (8 << z));
  return write(s, insn);
}

export function shiftVector(s: usize, insn: u32, kind: u32, unsigned: bool): bool {
  const imm = (insn >> 16) & 127;
  const z = 31 - clz(imm >> 3);
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const r = Fast.shift(kind, z, unsigned, imm, v128.load(vn), v128.load(vd));
  if (Fast.known) return writeVector(s, insn, r);
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++)
    put(z, e, L.shift(kind, z, unsigned, imm, get(vn, z, e), get(vd, z, e)));
  return write(s, insn);
}

export function shiftOne(s: usize, insn: u32, kind: u32, unsigned: bool): bool {
  const imm = (insn >> 16) & 127;
  const z = 31 - clz(imm >> 3);
  setScalar(s, d(insn), L.shift(kind, z, unsigned, imm, get(v(s, n(insn)), z, 0), get(v(s, d(insn)), z, 0)));
  return end(s);
}

/** Conversions with an immediate number of fraction bits. */
export function fixedVector(s: usize, insn: u32, kind: u32): bool {
  const imm = (insn >> 16) & 127;
  const z = 31 - clz(imm >> 3);
  const vn = v(s, n(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++)
    put(z, e, L.unaryFloat(kind, z - 1, get(vn, z, e), (16 << z) - imm));
  return write(s, insn);
}

export function fixedOne(s: usize, insn: u32, kind: u32): bool {
  const imm = (insn >> 16) & 127;
  const z = 31 - clz(imm >> 3);
  setResult(s, z - 1, d(insn), L.unaryFloat(kind, z - 1, get(v(s, n(insn)), z, 0), (16 << z) - imm), d(insn));
  return end(s);
}
