/** Advanced SIMD floating point, lane by lane and pairwise; conversions of vectors. */

import { end, scalar, setResult, setScalar } from "./fp.as";
import * as Fast from "./simd_fast.as";
import { get } from "./simd_lanes.as";
import * as L from "./simd_lanes.as";
import {
  clear, d, element, elements, isFull, log2, m, n, put, sizeOf, write, writeHalf, writeVector,
} from "./simd_result.as";
import { add, D, H, inexact, mulAddOf, neg, plain, quick, rmode } from "./softfloat.as";
import { convert, convertBf } from "./softfloat_convert.as";
import { v } from "./state.as";

export function vectorFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
  const z = log2(f);
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  if (f != H && plain()) {
    // without Q, both halves are the lower one
    const a = isFull(insn) ? v128.load(vn) : v128.load64_splat(vn);
    const b = isFull(insn) ? v128.load(vm) : v128.load64_splat(vm);
    Fast.forget();
    let r = a;
    if (kind >= L.FMAX) r = Fast.ordering(f == D, kind, a, b);
    else if (kind <= L.FDIV && quick() && inexact()) r = Fast.arithmetic(f == D, kind, a, b);
    if (Fast.known) return writeVector(s, insn, r);
  }
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++)
    put(z, e, L.binaryFloat(kind, f, get(vn, z, e), get(vm, z, e), get(vd, z, e)));
  return write(s, insn);
}

export function oneFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
  const r = L.binaryFloat(kind, f, scalar(s, f, n(insn)), scalar(s, f, m(insn)), 0);
  setResult(s, f, d(insn), r, kind >= L.FCMEQ && kind <= L.FACGT ? m(insn) : n(insn));
  return end(s);
}

export function pairwiseFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
  const z = log2(f);
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  clear();
  const half = elements(insn, z) >> 1;
  for (let e: u32 = 0; e < half; e++) put(z, e, L.binaryFloat(kind, f, get(vn, z, 2 * e), get(vn, z, 2 * e + 1), 0));
  for (let e: u32 = 0; e < half; e++)
    put(z, half + e, L.binaryFloat(kind, f, get(vm, z, 2 * e), get(vm, z, 2 * e + 1), 0));
  return write(s, insn);
}

export function pairFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
  const z = log2(f);
  const vn = v(s, n(insn));
  setScalar(s, d(insn), L.binaryFloat(kind, f, get(vn, z, 0), get(vn, z, 1), 0));
  return end(s);
}

export function vectorMiscFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
  const z = log2(f);
  const vn = v(s, n(insn));
  if (f != H && quick() && inexact()) {
    const r = Fast.unaryFloat(f == D, kind, isFull(insn) ? v128.load(vn) : v128.load64_splat(vn));
    if (Fast.known) return writeVector(s, insn, r);
  }
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++) put(z, e, L.unaryFloat(kind, f, get(vn, z, e), 0));
  return write(s, insn);
}

export function oneMiscFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
  const r = L.unaryFloat(kind, f, scalar(s, f, n(insn)), 0);
  if (kind >= L.FCMGT0 && kind <= L.FCMLT0) setScalar(s, d(insn), r);
  else setResult(s, f, d(insn), r, d(insn));
  return end(s);
}

export function vectorFloatElement(s: usize, insn: u32, kind: u32, f: u32): bool {
  const z = log2(f);
  const b = element(s, insn, z);
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++)
    put(z, e, L.binaryFloat(kind, f, get(vn, z, e), b, get(vd, z, e)));
  return write(s, insn);
}

export function oneFloatElement(s: usize, insn: u32, kind: u32, f: u32): bool {
  const b = element(s, insn, log2(f));
  const r = L.binaryFloat(kind, f, scalar(s, f, n(insn)), b, scalar(s, f, d(insn)));
  setResult(s, f, d(insn), r, kind == L.FMUL || kind == L.FMULX ? n(insn) : d(insn));
  return end(s);
}

/** Reduce(): halves first, so that the order of NaNs is that of a tree. */
export function acrossFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
  setScalar(s, d(insn), reduce(v(s, n(insn)), kind, f, 0, elements(insn, log2(f))));
  return end(s);
}

function reduce(at: usize, kind: u32, f: u32, first: u32, count: u32): u64 {
  if (count == 1) return get(at, log2(f), first);
  const half = count >> 1;
  const a = reduce(at, kind, f, first, half);
  return L.binaryFloat(kind, f, a, reduce(at, kind, f, first + half, half), 0);
}

export function convertNarrow(s: usize, insn: u32, from: u32, to: u32, mode: u32): bool {
  const vn = v(s, n(insn));
  const z = log2(from);
  clear();
  for (let e: u32 = 0, count: u32 = 16 >> z; e < count; e++) put(z - 1, e, convert(from, to, get(vn, z, e), mode));
  return writeHalf(s, insn);
}

export function convertNarrowBf(s: usize, insn: u32): bool {
  const vn = v(s, n(insn));
  clear();
  for (let e: u32 = 0; e < 4; e++) put(1, e, convertBf(get(vn, 2, e)));
  return writeHalf(s, insn);
}

export function convertLong(s: usize, insn: u32, from: u32): bool {
  const vn = v(s, n(insn)) + (isFull(insn) ? 8 : 0);
  const z = log2(from);
  clear();
  for (let e: u32 = 0, count: u32 = 8 >> z; e < count; e++)
    put(z + 1, e, convert(from, from + 1, get(vn, z, e), rmode()));
  return write(s, insn);
}

export function complexAdd(s: usize, insn: u32): bool {
  const z = sizeOf(insn);
  const f = z - 1;
  const rotated270 = ((insn >> 12) & 1) != 0;
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e += 2) {
    const real = get(vm, z, e);
    const imaginary = get(vm, z, e + 1);
    put(z, e, add(f, get(vn, z, e), rotated270 ? imaginary : neg(f, imaginary), false));
    put(z, e + 1, add(f, get(vn, z, e + 1), rotated270 ? neg(f, real) : real, false));
  }
  return write(s, insn);
}

/** FCMLA; `index` below 0 takes the pairs of Vm one by one, else this one always. */
export function complexMultiply(s: usize, insn: u32, rot: u32, index: i32): bool {
  const z = sizeOf(insn);
  const f = z - 1;
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e += 2) {
    const other: u32 = index < 0 ? e : 2 * index;
    const real = get(vm, z, other);
    const imaginary = get(vm, z, other + 1);
    const a = get(vn, z, e + (rot & 1));
    const first = rot & 1 ? imaginary : real;
    const second = rot & 1 ? real : imaginary;
    put(z, e, mulAddOf(f, get(vd, z, e), f, a, rot == 1 || rot == 2 ? neg(f, first) : first));
    put(z, e + 1, mulAddOf(f, get(vd, z, e + 1), f, a, rot >= 2 ? neg(f, second) : second));
  }
  return write(s, insn);
}
