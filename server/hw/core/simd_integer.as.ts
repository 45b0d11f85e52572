/** Advanced SIMD integers: three same, three different, by element, pairwise and across lanes. */

import { end, setScalar } from "./fp.as";
import * as Fast from "./simd_fast.as";
import { get, ones } from "./simd_lanes.as";
import * as L from "./simd_lanes.as";
import {
  clear, d, element, elements, isFull, m, n, put, setHalves, sizeOf, widened, write, writeHalf, writeVector,
} from "./simd_result.as";
import { unsignedRecip, unsignedRsqrt } from "./softfloat_estimate.as";
import { v } from "./state.as";

export function vector(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  const r = Fast.binary(kind, z, v128.load(vn), v128.load(vm), v128.load(vd));
  if (Fast.known) return writeVector(s, insn, r);
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++)
    put(z, e, L.binary(kind, z, get(vn, z, e), get(vm, z, e), get(vd, z, e)));
  return write(s, insn);
}

export function one(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const at = v(s, d(insn));
  setScalar(s, d(insn), L.binary(kind, z, get(v(s, n(insn)), z, 0), get(v(s, m(insn)), z, 0), get(at, z, 0)));
  return end(s);
}

/** Of Vn and then Vm, neighbours together: additions, minima and maxima. */
export function pairwise(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  let a = v128.load(v(s, n(insn)));
  let b = v128.load(v(s, m(insn)));
  if (!isFull(insn)) a = b = Fast.lowHalves(a, b);
  return writeVector(s, insn, Fast.binary(kind, z, Fast.evens(z, a, b), Fast.odds(z, a, b), a));
}

export function vectorMisc(s: usize, insn: u32, kind: u32, z: u32): bool {
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const r = Fast.unary(kind, z, v128.load(vn));
  if (Fast.known) return writeVector(s, insn, r);
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++)
    put(z, e, L.unary(kind, z, get(vn, z, e), get(vd, z, e)));
  return write(s, insn);
}

export function oneMisc(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  setScalar(s, d(insn), L.unary(kind, z, get(v(s, n(insn)), z, 0), get(v(s, d(insn)), z, 0)));
  return end(s);
}

/** Two long elements of each pair of elements: SADDLP and its kin. */
export function pairLong(s: usize, insn: u32, unsigned: bool, accumulate: bool): bool {
  const z = sizeOf(insn);
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, z) >> 1; e < count; e++) {
    const sum = widened(vn, z, 2 * e, unsigned) + widened(vn, z, 2 * e + 1, unsigned);
    put(z + 1, e, (<u64>sum + (accumulate ? get(vd, z + 1, e) : 0)) & ones(z + 1));
  }
  return write(s, insn);
}

/** Long results of the lower or, with Q, the upper halves. */
export function long(s: usize, insn: u32, kind: u32, unsigned: bool): bool {
  const z = sizeOf(insn);
  const upper = isFull(insn) ? 8 : 0;
  const vd = v(s, d(insn));
  const vn = v(s, n(insn)) + upper;
  const vm = v(s, m(insn)) + upper;
  const a = Fast.extend(z, v128.load64_splat(vn), false, unsigned);
  const r = Fast.long(kind, z, a, Fast.extend(z, v128.load64_splat(vm), false, unsigned), v128.load(vd));
  if (Fast.known) {
    v128.store(vd, r);
    return true;
  }
  clear();
  for (let e: u32 = 0, count: u32 = 8 >> z; e < count; e++)
    put(z + 1, e, L.long(kind, z, widened(vn, z, e, unsigned), widened(vm, z, e, unsigned), get(vd, z + 1, e)));
  return write(s, insn);
}

export function longOne(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const a = widened(v(s, n(insn)), z, 0, false);
  const b = widened(v(s, m(insn)), z, 0, false);
  setScalar(s, d(insn), L.long(kind, z, a, b, get(v(s, d(insn)), z + 1, 0)));
  return end(s);
}

export function wide(s: usize, insn: u32, unsigned: bool, minus: bool): bool {
  const z = sizeOf(insn);
  const a = v128.load(v(s, n(insn)));
  const b = Fast.extend(z, v128.load(v(s, m(insn))), isFull(insn), unsigned);
  v128.store(v(s, d(insn)), Fast.binary(minus ? L.SUB : L.ADD, z + 1, a, b, a));
  return true;
}

/** The high halves of sums or differences: ADDHN and its kin. */
export function highNarrow(s: usize, insn: u32, minus: bool, rounding: bool): bool {
  const z = sizeOf(insn);
  const bits: u32 = 8 << z;
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  clear();
  for (let e: u32 = 0, count: u32 = 8 >> z; e < count; e++) {
    const a = get(vn, z + 1, e);
    const b = get(vm, z + 1, e);
    const r = (minus ? a - b : a + b) + (rounding ? (<u64>1) << (bits - 1) : 0);
    put(z, e, (r >> bits) & ones(z));
  }
  return writeHalf(s, insn);
}

export function polynomialLong(s: usize, insn: u32): bool {
  const upper = isFull(insn) ? 8 : 0;
  const vn = v(s, n(insn)) + upper;
  const vm = v(s, m(insn)) + upper;
  clear();
  if (sizeOf(insn) == 0) {
    for (let e: u32 = 0; e < 8; e++) put(1, e, L.polynomial(get(vn, 0, e), get(vm, 0, e)));
    return write(s, insn);
  }
  const a = load<u64>(vn);
  let h: u64 = 0;
  let l: u64 = 0;
  for (let b = load<u64>(vm); b != 0; b &= b - 1) {
    const n = <u32>ctz(b);
    l ^= a << n;
    if (n != 0) h ^= a >> (64 - n);
  }
  setHalves(l, h);
  return write(s, insn);
}

export function vectorElement(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const b = element(s, insn, z);
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++)
    put(z, e, L.binary(kind, z, get(vn, z, e), b, get(vd, z, e)));
  return write(s, insn);
}

export function oneElement(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const b = element(s, insn, z);
  setScalar(s, d(insn), L.binary(kind, z, get(v(s, n(insn)), z, 0), b, get(v(s, d(insn)), z, 0)));
  return end(s);
}

export function longElement(s: usize, insn: u32, kind: u32, unsigned: bool): bool {
  const z = sizeOf(insn);
  const m = element(s, insn, z);
  const b: i64 = unsigned ? <i64>m : L.extended(z, m);
  const vd = v(s, d(insn));
  const vn = v(s, n(insn)) + (isFull(insn) ? 8 : 0);
  clear();
  for (let e: u32 = 0, count: u32 = 8 >> z; e < count; e++)
    put(z + 1, e, L.long(kind, z, widened(vn, z, e, unsigned), b, get(vd, z + 1, e)));
  return write(s, insn);
}

export function longOneElement(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const b = L.extended(z, element(s, insn, z));
  setScalar(s, d(insn), L.long(kind, z, widened(v(s, n(insn)), z, 0, false), b, get(v(s, d(insn)), z + 1, 0)));
  return end(s);
}

export function across(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const r = Fast.fold(kind, z, v128.load(v(s, n(insn))), isFull(insn));
  setScalar(s, d(insn), <u64>i64x2.extract_lane(r, 0) & ones(z));
  return true;
}

export function acrossLong(s: usize, insn: u32, unsigned: bool): bool {
  const z = sizeOf(insn);
  const vn = v(s, n(insn));
  let r: i64 = 0;
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++) r += widened(vn, z, e, unsigned);
  setScalar(s, d(insn), <u64>r & ones(z + 1));
  return true;
}

export function estimateUnsigned(s: usize, insn: u32, root: bool): bool {
  const vn = v(s, n(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, 2); e < count; e++) {
    const a = <u32>get(vn, 2, e);
    put(2, e, <u64>(root ? unsignedRsqrt(a) : unsignedRecip(a)));
  }
  return write(s, insn);
}
