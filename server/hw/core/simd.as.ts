/** Advanced SIMD: which elements an instruction takes, and where the results go. */

import { FPCR_OFF, FPSR_OFF } from "../core_state";
import { end, scalar, setResult, setScalar } from "./fp.as";
import * as Op from "./ops.as";
import * as Fast from "./simd_fast.as";
import { get, ones } from "./simd_lanes.as";
import * as L from "./simd_lanes.as";
import { add, begin, D, H, inexact, mulAddOf, neg, ODD, plain, quick, rmode, S } from "./softfloat.as";
import { bfDotAdd, mulAddBf } from "./softfloat_bf16.as";
import { convert, convertBf, expandImm } from "./softfloat_convert.as";
import { unsignedRecip, unsignedRsqrt } from "./softfloat_estimate.as";
import { setW, setX, v, x } from "./state.as";

// the result while its elements are computed: sources may be overwritten only after that
let low: u64 = 0;
let high: u64 = 0;

// @ts-ignore: decorator
@inline
function clear(): void {
  low = 0;
  high = 0;
}

/** Sets an element of the result, which was zero there. */
// @ts-ignore: decorator
@inline
function put(z: u32, n: u32, value: u64): void {
  const bit = n << (3 + z);
  if (bit < 64) low |= value << bit;
  else high |= value << (bit - 64);
}

/** The result becomes a register; what it has above 64 bits is zero where Q is. */
// @ts-ignore: decorator
@inline
function write(s: usize, insn: u32): bool {
  const at = v(s, insn & 31);
  store<u64>(at, low);
  store<u64>(at, high, 8);
  return end(s);
}

/** The low 64 bits of the result become the lower or, with Q, the upper half. */
// @ts-ignore: decorator
@inline
function writeHalf(s: usize, insn: u32): bool {
  const at = v(s, insn & 31);
  if (isFull(insn)) store<u64>(at, low, 8);
  else {
    store<u64>(at, low);
    store<u64>(at, 0, 8);
  }
  return end(s);
}

// @ts-ignore: decorator
@inline
function isFull(insn: u32): bool {
  return (insn & (1 << 30)) != 0;
}

/** A result of Wasm's vectors becomes a register. */
// @ts-ignore: decorator
@inline
function writeVector(s: usize, insn: u32, value: v128): bool {
  const at = v(s, insn & 31);
  v128.store(at, value);
  if (!isFull(insn)) store<u64>(at, 0, 8);
  return true;
}

/** Elements of 1 << z bytes in the 8 or 16 that Q says. */
// @ts-ignore: decorator
@inline
function elements(insn: u32, z: u32): u32 {
  return (isFull(insn) ? 16 : 8) >> z;
}

// @ts-ignore: decorator
@inline
function d(insn: u32): u32 {
  return insn & 31;
}

// @ts-ignore: decorator
@inline
function n(insn: u32): u32 {
  return (insn >> 5) & 31;
}

// @ts-ignore: decorator
@inline
function m(insn: u32): u32 {
  return (insn >> 16) & 31;
}

// @ts-ignore: decorator
@inline
function sizeOf(insn: u32): u32 {
  return (insn >> 22) & 3;
}

/** The format of field sz. */
// @ts-ignore: decorator
@inline
function formatOf(insn: u32): u32 {
  return insn & (1 << 22) ? D : S;
}

/** Of an element of half precision 1, of single 2, of double 3. */
// @ts-ignore: decorator
@inline
function log2(f: u32): u32 {
  return f + 1;
}

function vector(s: usize, insn: u32, kind: u32): bool {
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

function one(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const at = v(s, d(insn));
  setScalar(s, d(insn), L.binary(kind, z, get(v(s, n(insn)), z, 0), get(v(s, m(insn)), z, 0), get(at, z, 0)));
  return end(s);
}

/** Of Vn and then Vm, neighbours together: additions, minima and maxima. */
function pairwise(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  let a = v128.load(v(s, n(insn)));
  let b = v128.load(v(s, m(insn)));
  if (!isFull(insn)) a = b = Fast.lowHalves(a, b);
  return writeVector(s, insn, Fast.binary(kind, z, Fast.evens(z, a, b), Fast.odds(z, a, b), a));
}

function vectorMisc(s: usize, insn: u32, kind: u32, z: u32): bool {
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const r = Fast.unary(kind, z, v128.load(vn));
  if (Fast.known) return writeVector(s, insn, r);
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++)
    put(z, e, L.unary(kind, z, get(vn, z, e), get(vd, z, e)));
  return write(s, insn);
}

function oneMisc(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  setScalar(s, d(insn), L.unary(kind, z, get(v(s, n(insn)), z, 0), get(v(s, d(insn)), z, 0)));
  return end(s);
}

function vectorFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
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

function oneFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
  const r = L.binaryFloat(kind, f, scalar(s, f, n(insn)), scalar(s, f, m(insn)), 0);
  setResult(s, f, d(insn), r, kind >= L.FCMEQ && kind <= L.FACGT ? m(insn) : n(insn));
  return end(s);
}

function pairwiseFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
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

function pairFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
  const z = log2(f);
  const vn = v(s, n(insn));
  setScalar(s, d(insn), L.binaryFloat(kind, f, get(vn, z, 0), get(vn, z, 1), 0));
  return end(s);
}

function vectorMiscFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
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

function oneMiscFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
  const r = L.unaryFloat(kind, f, scalar(s, f, n(insn)), 0);
  if (kind >= L.FCMGT0 && kind <= L.FCMLT0) setScalar(s, d(insn), r);
  else setResult(s, f, d(insn), r, d(insn));
  return end(s);
}

/** Two long elements of each pair of elements: SADDLP and its kin. */
function pairLong(s: usize, insn: u32, unsigned: bool, accumulate: bool): bool {
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

// @ts-ignore: decorator
@inline
function widened(at: usize, z: u32, e: u32, unsigned: bool): i64 {
  const a = get(at, z, e);
  return unsigned ? <i64>a : L.extended(z, a);
}

/** Reverses the elements within each container of 1 << c bytes. */
function reverse(s: usize, insn: u32, c: u32): bool {
  let a = v128.load(v(s, n(insn)));
  // pairs of growing units change places, from the elements' size on
  const z = sizeOf(insn);
  if (z == 0) a = v128.shuffle<i8>(a, a, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  if (z <= 1 && c >= 2) a = v128.shuffle<i16>(a, a, 1, 0, 3, 2, 5, 4, 7, 6);
  if (c == 3) a = v128.shuffle<i32>(a, a, 1, 0, 3, 2);
  return writeVector(s, insn, a);
}

function narrow(s: usize, insn: u32, saturating: bool, fromUnsigned: bool, toUnsigned: bool, scalar: bool): bool {
  const z = sizeOf(insn);
  const vn = v(s, n(insn));
  if (!saturating) {
    low = i64x2.extract_lane(Fast.truncate(z, v128.load(vn)), 0);
    return writeHalf(s, insn);
  }
  clear();
  for (let e: u32 = 0, count: u32 = scalar ? 1 : 8 >> z; e < count; e++)
    put(z, e, narrowed(z, get(vn, z + 1, e), fromUnsigned, toUnsigned));
  if (!scalar) return writeHalf(s, insn);
  setScalar(s, d(insn), low);
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

function shiftNarrow(
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
    low = i64x2.extract_lane(Fast.truncate(z, shifted), 0);
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
  setScalar(s, d(insn), low);
  return end(s);
}

function shiftLong(s: usize, insn: u32, unsigned: bool): bool {
  const imm = (insn >> 16) & 127;
  const z = 31 - clz(imm >> 3);
  const a = Fast.extend(z, v128.load(v(s, n(insn))), isFull(insn), unsigned);
  v128.store(v(s, d(insn)), Fast.shift(L.SHL, z + 1, unsigned, imm + (8 << z), a, a));
  return true;
}

/** SHLL: left by as much as the elements have. */
function shiftLongBySize(s: usize, insn: u32): bool {
  const z = sizeOf(insn);
  const vn = v(s, n(insn)) + (isFull(insn) ? 8 : 0);
  clear();
  for (let e: u32 = 0, count: u32 = 8 >> z; e < count; e++) put(z + 1, e, get(vn, z, e) << (8 << z));
  return write(s, insn);
}

function shiftVector(s: usize, insn: u32, kind: u32, unsigned: bool): bool {
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

function shiftOne(s: usize, insn: u32, kind: u32, unsigned: bool): bool {
  const imm = (insn >> 16) & 127;
  const z = 31 - clz(imm >> 3);
  setScalar(s, d(insn), L.shift(kind, z, unsigned, imm, get(v(s, n(insn)), z, 0), get(v(s, d(insn)), z, 0)));
  return end(s);
}

/** Conversions with an immediate number of fraction bits. */
function fixedVector(s: usize, insn: u32, kind: u32): bool {
  const imm = (insn >> 16) & 127;
  const z = 31 - clz(imm >> 3);
  const vn = v(s, n(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++)
    put(z, e, L.unaryFloat(kind, z - 1, get(vn, z, e), (16 << z) - imm));
  return write(s, insn);
}

function fixedOne(s: usize, insn: u32, kind: u32): bool {
  const imm = (insn >> 16) & 127;
  const z = 31 - clz(imm >> 3);
  setResult(s, z - 1, d(insn), L.unaryFloat(kind, z - 1, get(v(s, n(insn)), z, 0), (16 << z) - imm), d(insn));
  return end(s);
}

/** Long results of the lower or, with Q, the upper halves. */
function long(s: usize, insn: u32, kind: u32, unsigned: bool): bool {
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

function longOne(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const a = widened(v(s, n(insn)), z, 0, false);
  const b = widened(v(s, m(insn)), z, 0, false);
  setScalar(s, d(insn), L.long(kind, z, a, b, get(v(s, d(insn)), z + 1, 0)));
  return end(s);
}

function wide(s: usize, insn: u32, unsigned: bool, minus: bool): bool {
  const z = sizeOf(insn);
  const a = v128.load(v(s, n(insn)));
  const b = Fast.extend(z, v128.load(v(s, m(insn))), isFull(insn), unsigned);
  v128.store(v(s, d(insn)), Fast.binary(minus ? L.SUB : L.ADD, z + 1, a, b, a));
  return true;
}

/** The high halves of sums or differences: ADDHN and its kin. */
function highNarrow(s: usize, insn: u32, minus: bool, rounding: bool): bool {
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

function polynomialLong(s: usize, insn: u32): bool {
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
  low = l;
  high = h;
  return write(s, insn);
}

/** The element of Vm that an instruction by element names. */
function element(s: usize, insn: u32, z: u32): u64 {
  const hi = (insn >> 11) & 1;
  const l = (insn >> 21) & 1;
  if (z == 1) return get(v(s, (insn >> 16) & 15), 1, (hi << 2) | (l << 1) | ((insn >> 20) & 1));
  return get(v(s, m(insn)), z, z == 2 ? (hi << 1) | l : hi);
}

function vectorElement(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const b = element(s, insn, z);
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++)
    put(z, e, L.binary(kind, z, get(vn, z, e), b, get(vd, z, e)));
  return write(s, insn);
}

function oneElement(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const b = element(s, insn, z);
  setScalar(s, d(insn), L.binary(kind, z, get(v(s, n(insn)), z, 0), b, get(v(s, d(insn)), z, 0)));
  return end(s);
}

function longElement(s: usize, insn: u32, kind: u32, unsigned: bool): bool {
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

function longOneElement(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const b = L.extended(z, element(s, insn, z));
  setScalar(s, d(insn), L.long(kind, z, widened(v(s, n(insn)), z, 0, false), b, get(v(s, d(insn)), z + 1, 0)));
  return end(s);
}

function vectorFloatElement(s: usize, insn: u32, kind: u32, f: u32): bool {
  const z = log2(f);
  const b = element(s, insn, z);
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++)
    put(z, e, L.binaryFloat(kind, f, get(vn, z, e), b, get(vd, z, e)));
  return write(s, insn);
}

function oneFloatElement(s: usize, insn: u32, kind: u32, f: u32): bool {
  const b = element(s, insn, log2(f));
  const r = L.binaryFloat(kind, f, scalar(s, f, n(insn)), b, scalar(s, f, d(insn)));
  setResult(s, f, d(insn), r, kind == L.FMUL || kind == L.FMULX ? n(insn) : d(insn));
  return end(s);
}

/** TBL, and TBX which keeps what no index found. */
function table(s: usize, insn: u32, keep: bool): bool {
  const first = n(insn);
  const registers = ((insn >> 13) & 3) + 1;
  const indices = v128.load(v(s, m(insn)));
  let at = indices;
  let r = i64x2.splat(0);
  for (let i: u32 = 0; i < registers; i++) {
    r = v128.or(r, i8x16.swizzle(v128.load(v(s, (first + i) & 31)), at));
    at = i8x16.sub(at, i8x16.splat(16));
  }
  if (keep) r = v128.bitselect(r, v128.load(v(s, d(insn))), i8x16.lt_u(indices, i8x16.splat(<i8>(registers << 4))));
  return writeVector(s, insn, r);
}

function unzip(s: usize, insn: u32, odd: bool): bool {
  const z = sizeOf(insn);
  let a = v128.load(v(s, n(insn)));
  let b = v128.load(v(s, m(insn)));
  if (!isFull(insn)) a = b = Fast.lowHalves(a, b);
  return writeVector(s, insn, odd ? Fast.odds(z, a, b) : Fast.evens(z, a, b));
}

function zip(s: usize, insn: u32, upper: bool): bool {
  const z = sizeOf(insn);
  const a = v128.load(v(s, n(insn)));
  const b = v128.load(v(s, m(insn)));
  if (isFull(insn)) return writeVector(s, insn, upper ? Fast.zipHigh(z, a, b) : Fast.zipLow(z, a, b));
  const both = Fast.zipLow(z, a, b);
  return writeVector(s, insn, upper ? v128.shuffle<i64>(both, both, 1, 1) : both);
}

function transpose(s: usize, insn: u32, odd: bool): bool {
  const z = sizeOf(insn);
  const a = v128.load(v(s, n(insn)));
  const b = v128.load(v(s, m(insn)));
  const x = odd ? Fast.odds(z, a, b) : Fast.evens(z, a, b);
  // the halves of x are of a and of b
  return writeVector(s, insn, Fast.zipLow(z, x, v128.shuffle<i64>(x, x, 1, 1)));
}

/** Some bytes of Vn's end and then Vm's beginning. */
function extract(s: usize, insn: u32): bool {
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  const from = (insn >> 11) & 15;
  const bits = (<u64>(from & 7)) << 3;
  if (!isFull(insn)) {
    low = joined(load<u64>(vn), load<u64>(vm), bits);
    high = 0;
    return write(s, insn);
  }
  const far = from >> 3 != 0;
  const first = far ? load<u64>(vn, 8) : load<u64>(vn);
  const second = far ? load<u64>(vm) : load<u64>(vn, 8);
  const third = far ? load<u64>(vm, 8) : load<u64>(vm);
  low = joined(first, second, bits);
  high = joined(second, third, bits);
  return write(s, insn);
}

// @ts-ignore: decorator
@inline
function joined(a: u64, b: u64, bits: u64): u64 {
  return bits == 0 ? a : (a >> bits) | (b << (64 - bits));
}

/** The size of an element that imm5 names, by its lowest bit set; its index is what stands above. */
// @ts-ignore: decorator
@inline
function sizeOfImm5(insn: u32): u32 {
  return ctz((insn >> 16) & 31);
}

// @ts-ignore: decorator
@inline
function elementOfImm5(s: usize, insn: u32): u64 {
  const z = sizeOfImm5(insn);
  return get(v(s, n(insn)), z, ((insn >> 16) & 31) >> (z + 1));
}

function duplicate(s: usize, insn: u32, value: u64): bool {
  const z = sizeOfImm5(insn);
  value &= ones(z);
  for (let bits: u32 = 8 << z; bits < 64; bits <<= 1) value |= value << bits;
  low = value;
  high = isFull(insn) ? value : 0;
  return write(s, insn);
}

function insert(s: usize, insn: u32, value: u64): bool {
  const z = sizeOfImm5(insn);
  const at = v(s, d(insn)) + ((((insn >> 16) & 31) >> (z + 1)) << z);
  switch (z) {
    case 0:
      store<u8>(at, <u8>value);
      break;
    case 1:
      store<u16>(at, <u16>value);
      break;
    case 2:
      store<u32>(at, <u32>value);
      break;
    default:
      store<u64>(at, value);
  }
  return true;
}

/** Dot products of four bytes each; `index` below 0 takes the groups of Vm one by one, else always this one. */
function dot(s: usize, insn: u32, nUnsigned: bool, mUnsigned: bool, index: i32): bool {
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, 2); e < count; e++) {
    const other: u32 = index < 0 ? e : index;
    let sum = get(vd, 2, e);
    for (let i: u32 = 0; i < 4; i++)
      sum += <u64>(widened(vn, 0, 4 * e + i, nUnsigned) * widened(vm, 0, 4 * other + i, mUnsigned));
    put(2, e, sum & 0xffffffff);
  }
  return write(s, insn);
}

/** H:L of an instruction by element. */
// @ts-ignore: decorator
@inline
function indexHL(insn: u32): i32 {
  return ((insn >> 10) & 2) | ((insn >> 21) & 1);
}

function matrix(s: usize, insn: u32, nUnsigned: bool, mUnsigned: bool): bool {
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  clear();
  for (let e: u32 = 0; e < 4; e++) {
    let sum = get(vd, 2, e);
    for (let i: u32 = 0; i < 8; i++)
      sum += <u64>(widened(vn, 0, (e >> 1) * 8 + i, nUnsigned) * widened(vm, 0, (e & 1) * 8 + i, mUnsigned));
    put(2, e, sum & 0xffffffff);
  }
  return write(s, insn);
}

function dotBf(s: usize, insn: u32, index: i32): bool {
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, 2); e < count; e++) {
    const other: u32 = index < 0 ? e : index;
    const r = bfDotAdd(
      get(vd, 2, e),
      get(vn, 1, 2 * e),
      get(vn, 1, 2 * e + 1),
      get(vm, 1, 2 * other),
      get(vm, 1, 2 * other + 1),
    );
    put(2, e, r);
  }
  return write(s, insn);
}

function matrixBf(s: usize, insn: u32): bool {
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  clear();
  for (let e: u32 = 0; e < 4; e++) {
    const i = (e >> 1) * 4;
    const j = (e & 1) * 4;
    let sum = get(vd, 2, e);
    for (let k: u32 = 0; k < 4; k += 2)
      sum = bfDotAdd(sum, get(vn, 1, i + k), get(vn, 1, i + k + 1), get(vm, 1, j + k), get(vm, 1, j + k + 1));
    put(2, e, sum);
  }
  return write(s, insn);
}

/** Every second BFloat16 of Vn, by those of Vm or by one, added to singles. */
function longBf(s: usize, insn: u32, byElement: bool): bool {
  const odd: u32 = isFull(insn) ? 1 : 0;
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  const one = byElement ? element(s, insn, 1) : 0;
  clear();
  for (let e: u32 = 0; e < 4; e++) {
    const b = byElement ? one : get(vm, 1, 2 * e + odd);
    put(2, e, mulAddBf(get(vd, 2, e), get(vn, 1, 2 * e + odd), b));
  }
  return write(s, insn);
}

/** FMLAL and FMLSL: halves of the lower or upper part multiplied into singles. */
function longHalf(s: usize, insn: u32, upper: bool, minus: bool, byElement: bool): bool {
  const count = elements(insn, 2);
  const part: u32 = upper ? count : 0;
  const vd = v(s, d(insn));
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  const one = byElement ? element(s, insn, 1) : 0;
  clear();
  for (let e: u32 = 0; e < count; e++) {
    const a = get(vn, 1, part + e);
    const b = byElement ? one : get(vm, 1, part + e);
    put(2, e, mulAddOf(S, get(vd, 2, e), H, minus ? neg(H, a) : a, b));
  }
  return write(s, insn);
}

function complexAdd(s: usize, insn: u32): bool {
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
function complexMultiply(s: usize, insn: u32, rot: u32, index: i32): bool {
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

function across(s: usize, insn: u32, kind: u32): bool {
  const z = sizeOf(insn);
  const r = Fast.fold(kind, z, v128.load(v(s, n(insn))), isFull(insn));
  setScalar(s, d(insn), <u64>i64x2.extract_lane(r, 0) & ones(z));
  return true;
}

function acrossLong(s: usize, insn: u32, unsigned: bool): bool {
  const z = sizeOf(insn);
  const vn = v(s, n(insn));
  let r: i64 = 0;
  for (let e: u32 = 0, count = elements(insn, z); e < count; e++) r += widened(vn, z, e, unsigned);
  setScalar(s, d(insn), <u64>r & ones(z + 1));
  return true;
}

/** Reduce(): halves first, so that the order of NaNs is that of a tree. */
function acrossFloat(s: usize, insn: u32, kind: u32, f: u32): bool {
  setScalar(s, d(insn), reduce(v(s, n(insn)), kind, f, 0, elements(insn, log2(f))));
  return end(s);
}

function reduce(at: usize, kind: u32, f: u32, first: u32, count: u32): u64 {
  if (count == 1) return get(at, log2(f), first);
  const half = count >> 1;
  const a = reduce(at, kind, f, first, half);
  return L.binaryFloat(kind, f, a, reduce(at, kind, f, first + half, half), 0);
}

function convertNarrow(s: usize, insn: u32, from: u32, to: u32, mode: u32): bool {
  const vn = v(s, n(insn));
  const z = log2(from);
  clear();
  for (let e: u32 = 0, count: u32 = 16 >> z; e < count; e++) put(z - 1, e, convert(from, to, get(vn, z, e), mode));
  return writeHalf(s, insn);
}

function convertNarrowBf(s: usize, insn: u32): bool {
  const vn = v(s, n(insn));
  clear();
  for (let e: u32 = 0; e < 4; e++) put(1, e, convertBf(get(vn, 2, e)));
  return writeHalf(s, insn);
}

function convertLong(s: usize, insn: u32, from: u32): bool {
  const vn = v(s, n(insn)) + (isFull(insn) ? 8 : 0);
  const z = log2(from);
  clear();
  for (let e: u32 = 0, count: u32 = 8 >> z; e < count; e++)
    put(z + 1, e, convert(from, from + 1, get(vn, z, e), rmode()));
  return write(s, insn);
}

function estimateUnsigned(s: usize, insn: u32, root: bool): bool {
  const vn = v(s, n(insn));
  clear();
  for (let e: u32 = 0, count = elements(insn, 2); e < count; e++) {
    const a = <u32>get(vn, 2, e);
    put(2, e, <u64>(root ? unsignedRsqrt(a) : unsignedRecip(a)));
  }
  return write(s, insn);
}

// @ts-ignore: decorator
@inline
function imm8(insn: u32): u64 {
  return <u64>(((insn >> 11) & 0xe0) | ((insn >> 5) & 31));
}

/** An immediate of 8, 16, 32 or 64 bits in all elements. */
// @ts-ignore: decorator
@inline
function replicate(z: u32, value: u64): u64 {
  return z == 0
    ? value * 0x0101010101010101
    : z == 1
      ? value * 0x0001000100010001
      : z == 2
        ? value * 0x100000001
        : value;
}

const MOVE: u32 = 0;
const OR: u32 = 1;
const BIT_CLEAR: u32 = 2;

function immediate(s: usize, insn: u32, value: u64, how: u32): bool {
  const at = v(s, d(insn));
  low = value;
  high = isFull(insn) ? value : 0;
  if (how == OR) {
    low |= load<u64>(at);
    if (isFull(insn)) high |= load<u64>(at, 8);
  } else if (how == BIT_CLEAR) {
    low = load<u64>(at) & ~low;
    high = isFull(insn) ? load<u64>(at, 8) & ~high : 0;
  }
  return write(s, insn);
}

/** The immediate of cmode 110x: ones are shifted in below. */
// @ts-ignore: decorator
@inline
function shiftedOnes(insn: u32): u64 {
  return insn & (1 << 12) ? (imm8(insn) << 16) | 0xffff : (imm8(insn) << 8) | 0xff;
}

/** MOVI with a byte per bit. */
function byteMask(bits: u64): u64 {
  let r: u64 = 0;
  for (let i: u32 = 0; i < 8; i++) if ((bits >> i) & 1) r |= (<u64>0xff) << (8 * i);
  return r;
}

/** Runs one instruction of simd.ts. */
export function execSimd(s: usize, op: u32, insn: u32): bool {
  begin(load<u32>(s + FPCR_OFF), load<u32>(s + FPSR_OFF));
  switch (op) {
    case Op.DUP_asisdone_only:
      setScalar(s, d(insn), elementOfImm5(s, insn));
      return true;
    case Op.FMULX_asisdsamefp16_only:
      return oneFloat(s, insn, L.FMULX, H);
    case Op.FCMEQ_asisdsamefp16_only:
      return oneFloat(s, insn, L.FCMEQ, H);
    case Op.FRECPS_asisdsamefp16_only:
      return oneFloat(s, insn, L.FRECPS, H);
    case Op.FRSQRTS_asisdsamefp16_only:
      return oneFloat(s, insn, L.FRSQRTS, H);
    case Op.FCMGE_asisdsamefp16_only:
      return oneFloat(s, insn, L.FCMGE, H);
    case Op.FACGE_asisdsamefp16_only:
      return oneFloat(s, insn, L.FACGE, H);
    case Op.FABD_asisdsamefp16_only:
      return oneFloat(s, insn, L.FABD, H);
    case Op.FCMGT_asisdsamefp16_only:
      return oneFloat(s, insn, L.FCMGT, H);
    case Op.FACGT_asisdsamefp16_only:
      return oneFloat(s, insn, L.FACGT, H);
    case Op.FCVTNS_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTNS, H);
    case Op.FCVTMS_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTMS, H);
    case Op.FCVTAS_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTAS, H);
    case Op.SCVTF_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.SCVTF, H);
    case Op.FCVTPS_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTPS, H);
    case Op.FCVTZS_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTZS, H);
    case Op.FRECPE_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FRECPE, H);
    case Op.FRECPX_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FRECPX, H);
    case Op.FCVTNU_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTNU, H);
    case Op.FCVTMU_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTMU, H);
    case Op.FCVTAU_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTAU, H);
    case Op.UCVTF_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.UCVTF, H);
    case Op.FCVTPU_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTPU, H);
    case Op.FCVTZU_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTZU, H);
    case Op.FRSQRTE_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FRSQRTE, H);
    case Op.FCMGT_asisdmiscfp16_FZ:
      return oneMiscFloat(s, insn, L.FCMGT0, H);
    case Op.FCMEQ_asisdmiscfp16_FZ:
      return oneMiscFloat(s, insn, L.FCMEQ0, H);
    case Op.FCMLT_asisdmiscfp16_FZ:
      return oneMiscFloat(s, insn, L.FCMLT0, H);
    case Op.FCMGE_asisdmiscfp16_FZ:
      return oneMiscFloat(s, insn, L.FCMGE0, H);
    case Op.FCMLE_asisdmiscfp16_FZ:
      return oneMiscFloat(s, insn, L.FCMLE0, H);
    case Op.SQRDMLAH_asisdsame2_only:
      return one(s, insn, L.SQRDMLAH);
    case Op.SQRDMLSH_asisdsame2_only:
      return one(s, insn, L.SQRDMLSH);
    case Op.SUQADD_asisdmisc_R:
      return oneMisc(s, insn, L.SUQADD);
    case Op.SQABS_asisdmisc_R:
      return oneMisc(s, insn, L.SQABS);
    case Op.USQADD_asisdmisc_R:
      return oneMisc(s, insn, L.USQADD);
    case Op.SQNEG_asisdmisc_R:
      return oneMisc(s, insn, L.SQNEG);
    case Op.CMGT_asisdmisc_Z:
      return oneMisc(s, insn, L.CMGT0);
    case Op.CMEQ_asisdmisc_Z:
      return oneMisc(s, insn, L.CMEQ0);
    case Op.CMLT_asisdmisc_Z:
      return oneMisc(s, insn, L.CMLT0);
    case Op.CMGE_asisdmisc_Z:
      return oneMisc(s, insn, L.CMGE0);
    case Op.CMLE_asisdmisc_Z:
      return oneMisc(s, insn, L.CMLE0);
    case Op.ABS_asisdmisc_R:
      return oneMisc(s, insn, L.ABS);
    case Op.NEG_asisdmisc_R:
      return oneMisc(s, insn, L.NEG);
    case Op.SQXTN_asisdmisc_N:
      return narrow(s, insn, true, false, false, true);
    case Op.SQXTUN_asisdmisc_N:
      return narrow(s, insn, true, false, true, true);
    case Op.UQXTN_asisdmisc_N:
      return narrow(s, insn, true, true, true, true);
    case Op.FCVTXN_asisdmisc_N:
      setResult(s, S, d(insn), convert(D, S, scalar(s, D, n(insn)), ODD), d(insn));
      return end(s);
    case Op.FCVTNS_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTNS, formatOf(insn));
    case Op.FCVTMS_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTMS, formatOf(insn));
    case Op.FCVTAS_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTAS, formatOf(insn));
    case Op.SCVTF_asisdmisc_R:
      return oneMiscFloat(s, insn, L.SCVTF, formatOf(insn));
    case Op.FCVTPS_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTPS, formatOf(insn));
    case Op.FCVTZS_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTZS, formatOf(insn));
    case Op.FRECPE_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FRECPE, formatOf(insn));
    case Op.FRECPX_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FRECPX, formatOf(insn));
    case Op.FCVTNU_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTNU, formatOf(insn));
    case Op.FCVTMU_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTMU, formatOf(insn));
    case Op.FCVTAU_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTAU, formatOf(insn));
    case Op.UCVTF_asisdmisc_R:
      return oneMiscFloat(s, insn, L.UCVTF, formatOf(insn));
    case Op.FCVTPU_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTPU, formatOf(insn));
    case Op.FCVTZU_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTZU, formatOf(insn));
    case Op.FRSQRTE_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FRSQRTE, formatOf(insn));
    case Op.FCMGT_asisdmisc_FZ:
      return oneMiscFloat(s, insn, L.FCMGT0, formatOf(insn));
    case Op.FCMEQ_asisdmisc_FZ:
      return oneMiscFloat(s, insn, L.FCMEQ0, formatOf(insn));
    case Op.FCMLT_asisdmisc_FZ:
      return oneMiscFloat(s, insn, L.FCMLT0, formatOf(insn));
    case Op.FCMGE_asisdmisc_FZ:
      return oneMiscFloat(s, insn, L.FCMGE0, formatOf(insn));
    case Op.FCMLE_asisdmisc_FZ:
      return oneMiscFloat(s, insn, L.FCMLE0, formatOf(insn));
    case Op.ADDP_asisdpair_only:
      setScalar(s, d(insn), load<u64>(v(s, n(insn))) + load<u64>(v(s, n(insn)), 8));
      return true;
    case Op.FMAXNMP_asisdpair_only_H:
      return pairFloat(s, insn, L.FMAXNM, H);
    case Op.FADDP_asisdpair_only_H:
      return pairFloat(s, insn, L.FADD, H);
    case Op.FMAXP_asisdpair_only_H:
      return pairFloat(s, insn, L.FMAX, H);
    case Op.FMINNMP_asisdpair_only_H:
      return pairFloat(s, insn, L.FMINNM, H);
    case Op.FMINP_asisdpair_only_H:
      return pairFloat(s, insn, L.FMIN, H);
    case Op.FMAXNMP_asisdpair_only_SD:
      return pairFloat(s, insn, L.FMAXNM, formatOf(insn));
    case Op.FADDP_asisdpair_only_SD:
      return pairFloat(s, insn, L.FADD, formatOf(insn));
    case Op.FMAXP_asisdpair_only_SD:
      return pairFloat(s, insn, L.FMAX, formatOf(insn));
    case Op.FMINNMP_asisdpair_only_SD:
      return pairFloat(s, insn, L.FMINNM, formatOf(insn));
    case Op.FMINP_asisdpair_only_SD:
      return pairFloat(s, insn, L.FMIN, formatOf(insn));
    case Op.SQDMLAL_asisddiff_only:
      return longOne(s, insn, L.SQDMLAL);
    case Op.SQDMLSL_asisddiff_only:
      return longOne(s, insn, L.SQDMLSL);
    case Op.SQDMULL_asisddiff_only:
      return longOne(s, insn, L.SQDMULL);
    case Op.SQADD_asisdsame_only:
      return one(s, insn, L.SQADD);
    case Op.SQSUB_asisdsame_only:
      return one(s, insn, L.SQSUB);
    case Op.SQSHL_asisdsame_only:
      return one(s, insn, L.SQSHL);
    case Op.SQRSHL_asisdsame_only:
      return one(s, insn, L.SQRSHL);
    case Op.UQADD_asisdsame_only:
      return one(s, insn, L.UQADD);
    case Op.UQSUB_asisdsame_only:
      return one(s, insn, L.UQSUB);
    case Op.UQSHL_asisdsame_only:
      return one(s, insn, L.UQSHL);
    case Op.UQRSHL_asisdsame_only:
      return one(s, insn, L.UQRSHL);
    case Op.CMGT_asisdsame_only:
      return one(s, insn, L.CMGT);
    case Op.CMGE_asisdsame_only:
      return one(s, insn, L.CMGE);
    case Op.SSHL_asisdsame_only:
      return one(s, insn, L.SSHL);
    case Op.SRSHL_asisdsame_only:
      return one(s, insn, L.SRSHL);
    case Op.ADD_asisdsame_only:
      return one(s, insn, L.ADD);
    case Op.CMTST_asisdsame_only:
      return one(s, insn, L.CMTST);
    case Op.CMHI_asisdsame_only:
      return one(s, insn, L.CMHI);
    case Op.CMHS_asisdsame_only:
      return one(s, insn, L.CMHS);
    case Op.USHL_asisdsame_only:
      return one(s, insn, L.USHL);
    case Op.URSHL_asisdsame_only:
      return one(s, insn, L.URSHL);
    case Op.SUB_asisdsame_only:
      return one(s, insn, L.SUB);
    case Op.CMEQ_asisdsame_only:
      return one(s, insn, L.CMEQ);
    case Op.SQDMULH_asisdsame_only:
      return one(s, insn, L.SQDMULH);
    case Op.SQRDMULH_asisdsame_only:
      return one(s, insn, L.SQRDMULH);
    case Op.FMULX_asisdsame_only:
      return oneFloat(s, insn, L.FMULX, formatOf(insn));
    case Op.FCMEQ_asisdsame_only:
      return oneFloat(s, insn, L.FCMEQ, formatOf(insn));
    case Op.FRECPS_asisdsame_only:
      return oneFloat(s, insn, L.FRECPS, formatOf(insn));
    case Op.FRSQRTS_asisdsame_only:
      return oneFloat(s, insn, L.FRSQRTS, formatOf(insn));
    case Op.FCMGE_asisdsame_only:
      return oneFloat(s, insn, L.FCMGE, formatOf(insn));
    case Op.FACGE_asisdsame_only:
      return oneFloat(s, insn, L.FACGE, formatOf(insn));
    case Op.FABD_asisdsame_only:
      return oneFloat(s, insn, L.FABD, formatOf(insn));
    case Op.FCMGT_asisdsame_only:
      return oneFloat(s, insn, L.FCMGT, formatOf(insn));
    case Op.FACGT_asisdsame_only:
      return oneFloat(s, insn, L.FACGT, formatOf(insn));
    case Op.SSHR_asisdshf_R:
      return shiftOne(s, insn, L.SHR, false);
    case Op.SSRA_asisdshf_R:
      return shiftOne(s, insn, L.SRA, false);
    case Op.SRSHR_asisdshf_R:
      return shiftOne(s, insn, L.RSHR, false);
    case Op.SRSRA_asisdshf_R:
      return shiftOne(s, insn, L.RSRA, false);
    case Op.USHR_asisdshf_R:
      return shiftOne(s, insn, L.SHR, true);
    case Op.USRA_asisdshf_R:
      return shiftOne(s, insn, L.SRA, true);
    case Op.URSHR_asisdshf_R:
      return shiftOne(s, insn, L.RSHR, true);
    case Op.URSRA_asisdshf_R:
      return shiftOne(s, insn, L.RSRA, true);
    case Op.SRI_asisdshf_R:
      return shiftOne(s, insn, L.SRI, true);
    case Op.SHL_asisdshf_R:
      return shiftOne(s, insn, L.SHL, true);
    case Op.SLI_asisdshf_R:
      return shiftOne(s, insn, L.SLI, true);
    case Op.SQSHL_asisdshf_R:
      return shiftOne(s, insn, L.QSHL, false);
    case Op.SQSHLU_asisdshf_R:
      return shiftOne(s, insn, L.QSHLU, false);
    case Op.UQSHL_asisdshf_R:
      return shiftOne(s, insn, L.QSHL, true);
    case Op.SQSHRN_asisdshf_N:
      return shiftNarrow(s, insn, true, false, false, false, true);
    case Op.SQRSHRN_asisdshf_N:
      return shiftNarrow(s, insn, true, false, false, true, true);
    case Op.SQSHRUN_asisdshf_N:
      return shiftNarrow(s, insn, true, false, true, false, true);
    case Op.SQRSHRUN_asisdshf_N:
      return shiftNarrow(s, insn, true, false, true, true, true);
    case Op.UQSHRN_asisdshf_N:
      return shiftNarrow(s, insn, true, true, true, false, true);
    case Op.UQRSHRN_asisdshf_N:
      return shiftNarrow(s, insn, true, true, true, true, true);
    case Op.SCVTF_asisdshf_C:
      return fixedOne(s, insn, L.SCVTF);
    case Op.FCVTZS_asisdshf_C:
      return fixedOne(s, insn, L.FCVTZS);
    case Op.UCVTF_asisdshf_C:
      return fixedOne(s, insn, L.UCVTF);
    case Op.FCVTZU_asisdshf_C:
      return fixedOne(s, insn, L.FCVTZU);
    case Op.SQDMLAL_asisdelem_L:
      return longOneElement(s, insn, L.SQDMLAL);
    case Op.SQDMLSL_asisdelem_L:
      return longOneElement(s, insn, L.SQDMLSL);
    case Op.SQDMULL_asisdelem_L:
      return longOneElement(s, insn, L.SQDMULL);
    case Op.SQDMULH_asisdelem_R:
      return oneElement(s, insn, L.SQDMULH);
    case Op.SQRDMULH_asisdelem_R:
      return oneElement(s, insn, L.SQRDMULH);
    case Op.SQRDMLAH_asisdelem_R:
      return oneElement(s, insn, L.SQRDMLAH);
    case Op.SQRDMLSH_asisdelem_R:
      return oneElement(s, insn, L.SQRDMLSH);
    case Op.FMLA_asisdelem_RH_H:
      return oneFloatElement(s, insn, L.FMLA, H);
    case Op.FMLS_asisdelem_RH_H:
      return oneFloatElement(s, insn, L.FMLS, H);
    case Op.FMUL_asisdelem_RH_H:
      return oneFloatElement(s, insn, L.FMUL, H);
    case Op.FMULX_asisdelem_RH_H:
      return oneFloatElement(s, insn, L.FMULX, H);
    case Op.FMLA_asisdelem_R_SD:
      return oneFloatElement(s, insn, L.FMLA, formatOf(insn));
    case Op.FMLS_asisdelem_R_SD:
      return oneFloatElement(s, insn, L.FMLS, formatOf(insn));
    case Op.FMUL_asisdelem_R_SD:
      return oneFloatElement(s, insn, L.FMUL, formatOf(insn));
    case Op.FMULX_asisdelem_R_SD:
      return oneFloatElement(s, insn, L.FMULX, formatOf(insn));
    case Op.TBL_asimdtbl_L1_1:
      return table(s, insn, false);
    case Op.TBX_asimdtbl_L1_1:
      return table(s, insn, true);
    case Op.TBL_asimdtbl_L2_2:
      return table(s, insn, false);
    case Op.TBX_asimdtbl_L2_2:
      return table(s, insn, true);
    case Op.TBL_asimdtbl_L3_3:
      return table(s, insn, false);
    case Op.TBX_asimdtbl_L3_3:
      return table(s, insn, true);
    case Op.TBL_asimdtbl_L4_4:
      return table(s, insn, false);
    case Op.TBX_asimdtbl_L4_4:
      return table(s, insn, true);
    case Op.UZP1_asimdperm_only:
      return unzip(s, insn, false);
    case Op.TRN1_asimdperm_only:
      return transpose(s, insn, false);
    case Op.ZIP1_asimdperm_only:
      return zip(s, insn, false);
    case Op.UZP2_asimdperm_only:
      return unzip(s, insn, true);
    case Op.TRN2_asimdperm_only:
      return transpose(s, insn, true);
    case Op.ZIP2_asimdperm_only:
      return zip(s, insn, true);
    case Op.EXT_asimdext_only:
      return extract(s, insn);
    case Op.DUP_asimdins_DV_v:
      return duplicate(s, insn, elementOfImm5(s, insn));
    case Op.DUP_asimdins_DR_r:
      return duplicate(s, insn, x(s, n(insn)));
    case Op.SMOV_asimdins_W_w:
      setW(s, d(insn), <u32>L.extended(sizeOfImm5(insn), elementOfImm5(s, insn)));
      return true;
    case Op.SMOV_asimdins_X_x:
      setX(s, d(insn), <u64>L.extended(sizeOfImm5(insn), elementOfImm5(s, insn)));
      return true;
    case Op.UMOV_asimdins_W_w:
      setX(s, d(insn), elementOfImm5(s, insn));
      return true;
    case Op.UMOV_asimdins_X_x:
      setX(s, d(insn), elementOfImm5(s, insn));
      return true;
    case Op.INS_asimdins_IR_r:
      return insert(s, insn, x(s, n(insn)));
    case Op.INS_asimdins_IV_v:
      return insert(s, insn, get(v(s, n(insn)), sizeOfImm5(insn), ((insn >> 11) & 15) >> sizeOfImm5(insn)));
    case Op.FMAXNM_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMAXNM, H);
    case Op.FMLA_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMLA, H);
    case Op.FADD_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FADD, H);
    case Op.FMULX_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMULX, H);
    case Op.FCMEQ_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FCMEQ, H);
    case Op.FMAX_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMAX, H);
    case Op.FRECPS_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FRECPS, H);
    case Op.FMINNM_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMINNM, H);
    case Op.FMLS_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMLS, H);
    case Op.FSUB_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FSUB, H);
    case Op.FMIN_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMIN, H);
    case Op.FRSQRTS_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FRSQRTS, H);
    case Op.FMAXNMP_asimdsamefp16_only:
      return pairwiseFloat(s, insn, L.FMAXNM, H);
    case Op.FADDP_asimdsamefp16_only:
      return pairwiseFloat(s, insn, L.FADD, H);
    case Op.FMUL_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMUL, H);
    case Op.FCMGE_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FCMGE, H);
    case Op.FACGE_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FACGE, H);
    case Op.FMAXP_asimdsamefp16_only:
      return pairwiseFloat(s, insn, L.FMAX, H);
    case Op.FDIV_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FDIV, H);
    case Op.FMINNMP_asimdsamefp16_only:
      return pairwiseFloat(s, insn, L.FMINNM, H);
    case Op.FABD_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FABD, H);
    case Op.FCMGT_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FCMGT, H);
    case Op.FACGT_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FACGT, H);
    case Op.FMINP_asimdsamefp16_only:
      return pairwiseFloat(s, insn, L.FMIN, H);
    case Op.FRINTN_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTN, H);
    case Op.FRINTM_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTM, H);
    case Op.FCVTNS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTNS, H);
    case Op.FCVTMS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTMS, H);
    case Op.FCVTAS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTAS, H);
    case Op.SCVTF_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.SCVTF, H);
    case Op.FABS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FABS, H);
    case Op.FRINTP_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTP, H);
    case Op.FRINTZ_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTZ, H);
    case Op.FCVTPS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTPS, H);
    case Op.FCVTZS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTZS, H);
    case Op.FRECPE_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRECPE, H);
    case Op.FRINTA_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTA, H);
    case Op.FRINTX_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTX, H);
    case Op.FCVTNU_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTNU, H);
    case Op.FCVTMU_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTMU, H);
    case Op.FCVTAU_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTAU, H);
    case Op.UCVTF_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.UCVTF, H);
    case Op.FNEG_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FNEG, H);
    case Op.FRINTI_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTI, H);
    case Op.FCVTPU_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTPU, H);
    case Op.FCVTZU_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTZU, H);
    case Op.FRSQRTE_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRSQRTE, H);
    case Op.FSQRT_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FSQRT, H);
    case Op.FCMGT_asimdmiscfp16_FZ:
      return vectorMiscFloat(s, insn, L.FCMGT0, H);
    case Op.FCMEQ_asimdmiscfp16_FZ:
      return vectorMiscFloat(s, insn, L.FCMEQ0, H);
    case Op.FCMLT_asimdmiscfp16_FZ:
      return vectorMiscFloat(s, insn, L.FCMLT0, H);
    case Op.FCMGE_asimdmiscfp16_FZ:
      return vectorMiscFloat(s, insn, L.FCMGE0, H);
    case Op.FCMLE_asimdmiscfp16_FZ:
      return vectorMiscFloat(s, insn, L.FCMLE0, H);
    case Op.SDOT_asimdsame2_D:
      return dot(s, insn, false, false, -1);
    case Op.UDOT_asimdsame2_D:
      return dot(s, insn, true, true, -1);
    case Op.USDOT_asimdsame2_D:
      return dot(s, insn, true, false, -1);
    case Op.SQRDMLAH_asimdsame2_only:
      return vector(s, insn, L.SQRDMLAH);
    case Op.SQRDMLSH_asimdsame2_only:
      return vector(s, insn, L.SQRDMLSH);
    case Op.FCMLA_asimdsame2_C:
      return complexMultiply(s, insn, (insn >> 11) & 3, -1);
    case Op.FCADD_asimdsame2_C:
      return complexAdd(s, insn);
    case Op.BFDOT_asimdsame2_D:
      return dotBf(s, insn, -1);
    case Op.BFMLAL_asimdsame2_F_:
      return longBf(s, insn, false);
    case Op.BFMMLA_asimdsame2_E:
      return matrixBf(s, insn);
    case Op.SMMLA_asimdsame2_G:
      return matrix(s, insn, false, false);
    case Op.UMMLA_asimdsame2_G:
      return matrix(s, insn, true, true);
    case Op.USMMLA_asimdsame2_G:
      return matrix(s, insn, true, false);
    case Op.REV64_asimdmisc_R:
      return reverse(s, insn, 3);
    case Op.CLS_asimdmisc_R:
      return vectorMisc(s, insn, L.CLS, sizeOf(insn));
    case Op.CLZ_asimdmisc_R:
      return vectorMisc(s, insn, L.CLZ, sizeOf(insn));
    case Op.REV16_asimdmisc_R:
      return reverse(s, insn, 1);
    case Op.CNT_asimdmisc_R:
      return vectorMisc(s, insn, L.CNT, 0);
    case Op.REV32_asimdmisc_R:
      return reverse(s, insn, 2);
    case Op.SUQADD_asimdmisc_R:
      return vectorMisc(s, insn, L.SUQADD, sizeOf(insn));
    case Op.USQADD_asimdmisc_R:
      return vectorMisc(s, insn, L.USQADD, sizeOf(insn));
    case Op.SQABS_asimdmisc_R:
      return vectorMisc(s, insn, L.SQABS, sizeOf(insn));
    case Op.SQNEG_asimdmisc_R:
      return vectorMisc(s, insn, L.SQNEG, sizeOf(insn));
    case Op.ABS_asimdmisc_R:
      return vectorMisc(s, insn, L.ABS, sizeOf(insn));
    case Op.NEG_asimdmisc_R:
      return vectorMisc(s, insn, L.NEG, sizeOf(insn));
    case Op.CMGT_asimdmisc_Z:
      return vectorMisc(s, insn, L.CMGT0, sizeOf(insn));
    case Op.CMEQ_asimdmisc_Z:
      return vectorMisc(s, insn, L.CMEQ0, sizeOf(insn));
    case Op.CMLT_asimdmisc_Z:
      return vectorMisc(s, insn, L.CMLT0, sizeOf(insn));
    case Op.CMGE_asimdmisc_Z:
      return vectorMisc(s, insn, L.CMGE0, sizeOf(insn));
    case Op.CMLE_asimdmisc_Z:
      return vectorMisc(s, insn, L.CMLE0, sizeOf(insn));
    case Op.NOT_asimdmisc_R:
      return vectorMisc(s, insn, L.NOT, 0);
    case Op.RBIT_asimdmisc_R:
      return vectorMisc(s, insn, L.RBIT, 0);
    case Op.SADDLP_asimdmisc_P:
      return pairLong(s, insn, false, false);
    case Op.SADALP_asimdmisc_P:
      return pairLong(s, insn, false, true);
    case Op.UADDLP_asimdmisc_P:
      return pairLong(s, insn, true, false);
    case Op.UADALP_asimdmisc_P:
      return pairLong(s, insn, true, true);
    case Op.XTN_asimdmisc_N:
      return narrow(s, insn, false, true, true, false);
    case Op.SQXTN_asimdmisc_N:
      return narrow(s, insn, true, false, false, false);
    case Op.SQXTUN_asimdmisc_N:
      return narrow(s, insn, true, false, true, false);
    case Op.UQXTN_asimdmisc_N:
      return narrow(s, insn, true, true, true, false);
    case Op.SHLL_asimdmisc_S:
      return shiftLongBySize(s, insn);
    case Op.FCVTN_asimdmisc_N:
      return convertNarrow(s, insn, formatOf(insn), formatOf(insn) - 1, rmode());
    case Op.FCVTL_asimdmisc_L:
      return convertLong(s, insn, formatOf(insn) - 1);
    case Op.FCVTXN_asimdmisc_N:
      return convertNarrow(s, insn, D, S, ODD);
    case Op.BFCVTN_asimdmisc_4S:
      return convertNarrowBf(s, insn);
    case Op.FRINTN_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTN, formatOf(insn));
    case Op.FRINTM_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTM, formatOf(insn));
    case Op.FCVTNS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTNS, formatOf(insn));
    case Op.FCVTMS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTMS, formatOf(insn));
    case Op.FCVTAS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTAS, formatOf(insn));
    case Op.SCVTF_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.SCVTF, formatOf(insn));
    case Op.FABS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FABS, formatOf(insn));
    case Op.FRINTP_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTP, formatOf(insn));
    case Op.FRINTZ_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTZ, formatOf(insn));
    case Op.FCVTPS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTPS, formatOf(insn));
    case Op.FCVTZS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTZS, formatOf(insn));
    case Op.FRECPE_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRECPE, formatOf(insn));
    case Op.FRINTA_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTA, formatOf(insn));
    case Op.FRINTX_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTX, formatOf(insn));
    case Op.FCVTNU_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTNU, formatOf(insn));
    case Op.FCVTMU_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTMU, formatOf(insn));
    case Op.FCVTAU_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTAU, formatOf(insn));
    case Op.UCVTF_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.UCVTF, formatOf(insn));
    case Op.FNEG_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FNEG, formatOf(insn));
    case Op.FRINTI_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTI, formatOf(insn));
    case Op.FCVTPU_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTPU, formatOf(insn));
    case Op.FCVTZU_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTZU, formatOf(insn));
    case Op.FRSQRTE_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRSQRTE, formatOf(insn));
    case Op.FSQRT_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FSQRT, formatOf(insn));
    case Op.FCMGT_asimdmisc_FZ:
      return vectorMiscFloat(s, insn, L.FCMGT0, formatOf(insn));
    case Op.FCMEQ_asimdmisc_FZ:
      return vectorMiscFloat(s, insn, L.FCMEQ0, formatOf(insn));
    case Op.FCMLT_asimdmisc_FZ:
      return vectorMiscFloat(s, insn, L.FCMLT0, formatOf(insn));
    case Op.FCMGE_asimdmisc_FZ:
      return vectorMiscFloat(s, insn, L.FCMGE0, formatOf(insn));
    case Op.FCMLE_asimdmisc_FZ:
      return vectorMiscFloat(s, insn, L.FCMLE0, formatOf(insn));
    case Op.FRINT32Z_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINT32Z, formatOf(insn));
    case Op.FRINT64Z_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINT64Z, formatOf(insn));
    case Op.FRINT32X_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINT32X, formatOf(insn));
    case Op.FRINT64X_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINT64X, formatOf(insn));
    case Op.URECPE_asimdmisc_R:
      return estimateUnsigned(s, insn, false);
    case Op.URSQRTE_asimdmisc_R:
      return estimateUnsigned(s, insn, true);
    case Op.SADDLV_asimdall_only:
      return acrossLong(s, insn, false);
    case Op.UADDLV_asimdall_only:
      return acrossLong(s, insn, true);
    case Op.SMAXV_asimdall_only:
      return across(s, insn, L.SMAX);
    case Op.SMINV_asimdall_only:
      return across(s, insn, L.SMIN);
    case Op.ADDV_asimdall_only:
      return across(s, insn, L.ADD);
    case Op.UMAXV_asimdall_only:
      return across(s, insn, L.UMAX);
    case Op.UMINV_asimdall_only:
      return across(s, insn, L.UMIN);
    case Op.FMAXNMV_asimdall_only_H:
      return acrossFloat(s, insn, L.FMAXNM, H);
    case Op.FMAXV_asimdall_only_H:
      return acrossFloat(s, insn, L.FMAX, H);
    case Op.FMINNMV_asimdall_only_H:
      return acrossFloat(s, insn, L.FMINNM, H);
    case Op.FMINV_asimdall_only_H:
      return acrossFloat(s, insn, L.FMIN, H);
    case Op.FMAXNMV_asimdall_only_SD:
      return acrossFloat(s, insn, L.FMAXNM, S);
    case Op.FMAXV_asimdall_only_SD:
      return acrossFloat(s, insn, L.FMAX, S);
    case Op.FMINNMV_asimdall_only_SD:
      return acrossFloat(s, insn, L.FMINNM, S);
    case Op.FMINV_asimdall_only_SD:
      return acrossFloat(s, insn, L.FMIN, S);
    case Op.SADDL_asimddiff_L:
      return long(s, insn, L.ADDL, false);
    case Op.SSUBL_asimddiff_L:
      return long(s, insn, L.SUBL, false);
    case Op.SABAL_asimddiff_L:
      return long(s, insn, L.ABAL, false);
    case Op.SABDL_asimddiff_L:
      return long(s, insn, L.ABDL, false);
    case Op.SMLAL_asimddiff_L:
      return long(s, insn, L.MLAL, false);
    case Op.SMLSL_asimddiff_L:
      return long(s, insn, L.MLSL, false);
    case Op.SMULL_asimddiff_L:
      return long(s, insn, L.MULL, false);
    case Op.UADDL_asimddiff_L:
      return long(s, insn, L.ADDL, true);
    case Op.USUBL_asimddiff_L:
      return long(s, insn, L.SUBL, true);
    case Op.UABAL_asimddiff_L:
      return long(s, insn, L.ABAL, true);
    case Op.UABDL_asimddiff_L:
      return long(s, insn, L.ABDL, true);
    case Op.UMLAL_asimddiff_L:
      return long(s, insn, L.MLAL, true);
    case Op.UMLSL_asimddiff_L:
      return long(s, insn, L.MLSL, true);
    case Op.UMULL_asimddiff_L:
      return long(s, insn, L.MULL, true);
    case Op.SQDMLAL_asimddiff_L:
      return long(s, insn, L.SQDMLAL, false);
    case Op.SQDMLSL_asimddiff_L:
      return long(s, insn, L.SQDMLSL, false);
    case Op.SQDMULL_asimddiff_L:
      return long(s, insn, L.SQDMULL, false);
    case Op.PMULL_asimddiff_L:
      return polynomialLong(s, insn);
    case Op.SADDW_asimddiff_W:
      return wide(s, insn, false, false);
    case Op.SSUBW_asimddiff_W:
      return wide(s, insn, false, true);
    case Op.UADDW_asimddiff_W:
      return wide(s, insn, true, false);
    case Op.USUBW_asimddiff_W:
      return wide(s, insn, true, true);
    case Op.ADDHN_asimddiff_N:
      return highNarrow(s, insn, false, false);
    case Op.SUBHN_asimddiff_N:
      return highNarrow(s, insn, true, false);
    case Op.RADDHN_asimddiff_N:
      return highNarrow(s, insn, false, true);
    case Op.RSUBHN_asimddiff_N:
      return highNarrow(s, insn, true, true);
    case Op.SHADD_asimdsame_only:
      return vector(s, insn, L.SHADD);
    case Op.SRHADD_asimdsame_only:
      return vector(s, insn, L.SRHADD);
    case Op.SHSUB_asimdsame_only:
      return vector(s, insn, L.SHSUB);
    case Op.SMAX_asimdsame_only:
      return vector(s, insn, L.SMAX);
    case Op.SMIN_asimdsame_only:
      return vector(s, insn, L.SMIN);
    case Op.SABD_asimdsame_only:
      return vector(s, insn, L.SABD);
    case Op.SABA_asimdsame_only:
      return vector(s, insn, L.SABA);
    case Op.MLA_asimdsame_only:
      return vector(s, insn, L.MLA);
    case Op.MUL_asimdsame_only:
      return vector(s, insn, L.MUL);
    case Op.SMAXP_asimdsame_only:
      return pairwise(s, insn, L.SMAX);
    case Op.SMINP_asimdsame_only:
      return pairwise(s, insn, L.SMIN);
    case Op.UHADD_asimdsame_only:
      return vector(s, insn, L.UHADD);
    case Op.URHADD_asimdsame_only:
      return vector(s, insn, L.URHADD);
    case Op.UHSUB_asimdsame_only:
      return vector(s, insn, L.UHSUB);
    case Op.UMAX_asimdsame_only:
      return vector(s, insn, L.UMAX);
    case Op.UMIN_asimdsame_only:
      return vector(s, insn, L.UMIN);
    case Op.UABD_asimdsame_only:
      return vector(s, insn, L.UABD);
    case Op.UABA_asimdsame_only:
      return vector(s, insn, L.UABA);
    case Op.MLS_asimdsame_only:
      return vector(s, insn, L.MLS);
    case Op.UMAXP_asimdsame_only:
      return pairwise(s, insn, L.UMAX);
    case Op.UMINP_asimdsame_only:
      return pairwise(s, insn, L.UMIN);
    case Op.SQADD_asimdsame_only:
      return vector(s, insn, L.SQADD);
    case Op.SQSUB_asimdsame_only:
      return vector(s, insn, L.SQSUB);
    case Op.CMGT_asimdsame_only:
      return vector(s, insn, L.CMGT);
    case Op.CMGE_asimdsame_only:
      return vector(s, insn, L.CMGE);
    case Op.SSHL_asimdsame_only:
      return vector(s, insn, L.SSHL);
    case Op.SQSHL_asimdsame_only:
      return vector(s, insn, L.SQSHL);
    case Op.SRSHL_asimdsame_only:
      return vector(s, insn, L.SRSHL);
    case Op.SQRSHL_asimdsame_only:
      return vector(s, insn, L.SQRSHL);
    case Op.ADD_asimdsame_only:
      return vector(s, insn, L.ADD);
    case Op.CMTST_asimdsame_only:
      return vector(s, insn, L.CMTST);
    case Op.ADDP_asimdsame_only:
      return pairwise(s, insn, L.ADD);
    case Op.UQADD_asimdsame_only:
      return vector(s, insn, L.UQADD);
    case Op.UQSUB_asimdsame_only:
      return vector(s, insn, L.UQSUB);
    case Op.CMHI_asimdsame_only:
      return vector(s, insn, L.CMHI);
    case Op.CMHS_asimdsame_only:
      return vector(s, insn, L.CMHS);
    case Op.USHL_asimdsame_only:
      return vector(s, insn, L.USHL);
    case Op.UQSHL_asimdsame_only:
      return vector(s, insn, L.UQSHL);
    case Op.URSHL_asimdsame_only:
      return vector(s, insn, L.URSHL);
    case Op.UQRSHL_asimdsame_only:
      return vector(s, insn, L.UQRSHL);
    case Op.SUB_asimdsame_only:
      return vector(s, insn, L.SUB);
    case Op.CMEQ_asimdsame_only:
      return vector(s, insn, L.CMEQ);
    case Op.SQDMULH_asimdsame_only:
      return vector(s, insn, L.SQDMULH);
    case Op.SQRDMULH_asimdsame_only:
      return vector(s, insn, L.SQRDMULH);
    case Op.PMUL_asimdsame_only:
      return vector(s, insn, L.PMUL);
    case Op.AND_asimdsame_only:
      return writeVector(s, insn, v128.and(v128.load(v(s, n(insn))), v128.load(v(s, m(insn)))));
    case Op.BIC_asimdsame_only:
      return writeVector(s, insn, v128.andnot(v128.load(v(s, n(insn))), v128.load(v(s, m(insn)))));
    case Op.ORR_asimdsame_only:
      return writeVector(s, insn, v128.or(v128.load(v(s, n(insn))), v128.load(v(s, m(insn)))));
    case Op.ORN_asimdsame_only:
      return writeVector(s, insn, v128.or(v128.load(v(s, n(insn))), v128.not(v128.load(v(s, m(insn))))));
    case Op.EOR_asimdsame_only:
      return writeVector(s, insn, v128.xor(v128.load(v(s, n(insn))), v128.load(v(s, m(insn)))));
    case Op.BSL_asimdsame_only:
      return writeVector(
        s,
        insn,
        v128.bitselect(v128.load(v(s, n(insn))), v128.load(v(s, m(insn))), v128.load(v(s, d(insn)))),
      );
    case Op.BIT_asimdsame_only:
      return writeVector(
        s,
        insn,
        v128.bitselect(v128.load(v(s, n(insn))), v128.load(v(s, d(insn))), v128.load(v(s, m(insn)))),
      );
    case Op.BIF_asimdsame_only:
      return writeVector(
        s,
        insn,
        v128.bitselect(v128.load(v(s, d(insn))), v128.load(v(s, n(insn))), v128.load(v(s, m(insn)))),
      );
    case Op.FMAXNM_asimdsame_only:
      return vectorFloat(s, insn, L.FMAXNM, formatOf(insn));
    case Op.FMLA_asimdsame_only:
      return vectorFloat(s, insn, L.FMLA, formatOf(insn));
    case Op.FADD_asimdsame_only:
      return vectorFloat(s, insn, L.FADD, formatOf(insn));
    case Op.FMULX_asimdsame_only:
      return vectorFloat(s, insn, L.FMULX, formatOf(insn));
    case Op.FCMEQ_asimdsame_only:
      return vectorFloat(s, insn, L.FCMEQ, formatOf(insn));
    case Op.FMAX_asimdsame_only:
      return vectorFloat(s, insn, L.FMAX, formatOf(insn));
    case Op.FRECPS_asimdsame_only:
      return vectorFloat(s, insn, L.FRECPS, formatOf(insn));
    case Op.FMINNM_asimdsame_only:
      return vectorFloat(s, insn, L.FMINNM, formatOf(insn));
    case Op.FMLS_asimdsame_only:
      return vectorFloat(s, insn, L.FMLS, formatOf(insn));
    case Op.FSUB_asimdsame_only:
      return vectorFloat(s, insn, L.FSUB, formatOf(insn));
    case Op.FMIN_asimdsame_only:
      return vectorFloat(s, insn, L.FMIN, formatOf(insn));
    case Op.FRSQRTS_asimdsame_only:
      return vectorFloat(s, insn, L.FRSQRTS, formatOf(insn));
    case Op.FMAXNMP_asimdsame_only:
      return pairwiseFloat(s, insn, L.FMAXNM, formatOf(insn));
    case Op.FADDP_asimdsame_only:
      return pairwiseFloat(s, insn, L.FADD, formatOf(insn));
    case Op.FMUL_asimdsame_only:
      return vectorFloat(s, insn, L.FMUL, formatOf(insn));
    case Op.FCMGE_asimdsame_only:
      return vectorFloat(s, insn, L.FCMGE, formatOf(insn));
    case Op.FACGE_asimdsame_only:
      return vectorFloat(s, insn, L.FACGE, formatOf(insn));
    case Op.FMAXP_asimdsame_only:
      return pairwiseFloat(s, insn, L.FMAX, formatOf(insn));
    case Op.FDIV_asimdsame_only:
      return vectorFloat(s, insn, L.FDIV, formatOf(insn));
    case Op.FMINNMP_asimdsame_only:
      return pairwiseFloat(s, insn, L.FMINNM, formatOf(insn));
    case Op.FABD_asimdsame_only:
      return vectorFloat(s, insn, L.FABD, formatOf(insn));
    case Op.FCMGT_asimdsame_only:
      return vectorFloat(s, insn, L.FCMGT, formatOf(insn));
    case Op.FACGT_asimdsame_only:
      return vectorFloat(s, insn, L.FACGT, formatOf(insn));
    case Op.FMINP_asimdsame_only:
      return pairwiseFloat(s, insn, L.FMIN, formatOf(insn));
    case Op.FMLAL_asimdsame_F:
      return longHalf(s, insn, false, false, false);
    case Op.FMLSL_asimdsame_F:
      return longHalf(s, insn, false, true, false);
    case Op.FMLAL2_asimdsame_F:
      return longHalf(s, insn, true, false, false);
    case Op.FMLSL2_asimdsame_F:
      return longHalf(s, insn, true, true, false);
    case Op.MOVI_asimdimm_L_sl:
      return immediate(s, insn, replicate(2, imm8(insn) << ((insn >> 10) & 24)), MOVE);
    case Op.ORR_asimdimm_L_sl:
      return immediate(s, insn, replicate(2, imm8(insn) << ((insn >> 10) & 24)), OR);
    case Op.MVNI_asimdimm_L_sl:
      return immediate(s, insn, ~replicate(2, imm8(insn) << ((insn >> 10) & 24)), MOVE);
    case Op.BIC_asimdimm_L_sl:
      return immediate(s, insn, replicate(2, imm8(insn) << ((insn >> 10) & 24)), BIT_CLEAR);
    case Op.MOVI_asimdimm_L_hl:
      return immediate(s, insn, replicate(1, imm8(insn) << ((insn >> 10) & 8)), MOVE);
    case Op.ORR_asimdimm_L_hl:
      return immediate(s, insn, replicate(1, imm8(insn) << ((insn >> 10) & 8)), OR);
    case Op.MVNI_asimdimm_L_hl:
      return immediate(s, insn, ~replicate(1, imm8(insn) << ((insn >> 10) & 8)), MOVE);
    case Op.BIC_asimdimm_L_hl:
      return immediate(s, insn, replicate(1, imm8(insn) << ((insn >> 10) & 8)), BIT_CLEAR);
    case Op.MOVI_asimdimm_M_sm:
      return immediate(s, insn, replicate(2, shiftedOnes(insn)), MOVE);
    case Op.MVNI_asimdimm_M_sm:
      return immediate(s, insn, ~replicate(2, shiftedOnes(insn)), MOVE);
    case Op.MOVI_asimdimm_N_b:
      return immediate(s, insn, replicate(0, imm8(insn)), MOVE);
    case Op.FMOV_asimdimm_S_s:
      return immediate(s, insn, replicate(2, expandImm(S, <u32>imm8(insn))), MOVE);
    case Op.FMOV_asimdimm_H_h:
      return immediate(s, insn, replicate(1, expandImm(H, <u32>imm8(insn))), MOVE);
    case Op.MOVI_asimdimm_D_ds:
      return immediate(s, insn, byteMask(imm8(insn)), MOVE);
    case Op.MOVI_asimdimm_D2_d:
      return immediate(s, insn, byteMask(imm8(insn)), MOVE);
    case Op.FMOV_asimdimm_D2_d:
      return immediate(s, insn, expandImm(D, <u32>imm8(insn)), MOVE);
    case Op.SSHR_asimdshf_R:
      return shiftVector(s, insn, L.SHR, false);
    case Op.SSRA_asimdshf_R:
      return shiftVector(s, insn, L.SRA, false);
    case Op.SRSHR_asimdshf_R:
      return shiftVector(s, insn, L.RSHR, false);
    case Op.SRSRA_asimdshf_R:
      return shiftVector(s, insn, L.RSRA, false);
    case Op.USHR_asimdshf_R:
      return shiftVector(s, insn, L.SHR, true);
    case Op.USRA_asimdshf_R:
      return shiftVector(s, insn, L.SRA, true);
    case Op.URSHR_asimdshf_R:
      return shiftVector(s, insn, L.RSHR, true);
    case Op.URSRA_asimdshf_R:
      return shiftVector(s, insn, L.RSRA, true);
    case Op.SRI_asimdshf_R:
      return shiftVector(s, insn, L.SRI, true);
    case Op.SHL_asimdshf_R:
      return shiftVector(s, insn, L.SHL, true);
    case Op.SLI_asimdshf_R:
      return shiftVector(s, insn, L.SLI, true);
    case Op.SQSHL_asimdshf_R:
      return shiftVector(s, insn, L.QSHL, false);
    case Op.SQSHLU_asimdshf_R:
      return shiftVector(s, insn, L.QSHLU, false);
    case Op.UQSHL_asimdshf_R:
      return shiftVector(s, insn, L.QSHL, true);
    case Op.SHRN_asimdshf_N:
      return shiftNarrow(s, insn, false, true, true, false, false);
    case Op.RSHRN_asimdshf_N:
      return shiftNarrow(s, insn, false, true, true, true, false);
    case Op.SQSHRN_asimdshf_N:
      return shiftNarrow(s, insn, true, false, false, false, false);
    case Op.SQRSHRN_asimdshf_N:
      return shiftNarrow(s, insn, true, false, false, true, false);
    case Op.SQSHRUN_asimdshf_N:
      return shiftNarrow(s, insn, true, false, true, false, false);
    case Op.SQRSHRUN_asimdshf_N:
      return shiftNarrow(s, insn, true, false, true, true, false);
    case Op.UQSHRN_asimdshf_N:
      return shiftNarrow(s, insn, true, true, true, false, false);
    case Op.UQRSHRN_asimdshf_N:
      return shiftNarrow(s, insn, true, true, true, true, false);
    case Op.SSHLL_asimdshf_L:
      return shiftLong(s, insn, false);
    case Op.USHLL_asimdshf_L:
      return shiftLong(s, insn, true);
    case Op.SCVTF_asimdshf_C:
      return fixedVector(s, insn, L.SCVTF);
    case Op.FCVTZS_asimdshf_C:
      return fixedVector(s, insn, L.FCVTZS);
    case Op.UCVTF_asimdshf_C:
      return fixedVector(s, insn, L.UCVTF);
    case Op.FCVTZU_asimdshf_C:
      return fixedVector(s, insn, L.FCVTZU);
    case Op.SMLAL_asimdelem_L:
      return longElement(s, insn, L.MLAL, false);
    case Op.SQDMLAL_asimdelem_L:
      return longElement(s, insn, L.SQDMLAL, false);
    case Op.SMLSL_asimdelem_L:
      return longElement(s, insn, L.MLSL, false);
    case Op.SQDMLSL_asimdelem_L:
      return longElement(s, insn, L.SQDMLSL, false);
    case Op.SMULL_asimdelem_L:
      return longElement(s, insn, L.MULL, false);
    case Op.SQDMULL_asimdelem_L:
      return longElement(s, insn, L.SQDMULL, false);
    case Op.UMLAL_asimdelem_L:
      return longElement(s, insn, L.MLAL, true);
    case Op.UMLSL_asimdelem_L:
      return longElement(s, insn, L.MLSL, true);
    case Op.UMULL_asimdelem_L:
      return longElement(s, insn, L.MULL, true);
    case Op.MUL_asimdelem_R:
      return vectorElement(s, insn, L.MUL);
    case Op.SQDMULH_asimdelem_R:
      return vectorElement(s, insn, L.SQDMULH);
    case Op.SQRDMULH_asimdelem_R:
      return vectorElement(s, insn, L.SQRDMULH);
    case Op.MLA_asimdelem_R:
      return vectorElement(s, insn, L.MLA);
    case Op.MLS_asimdelem_R:
      return vectorElement(s, insn, L.MLS);
    case Op.SQRDMLAH_asimdelem_R:
      return vectorElement(s, insn, L.SQRDMLAH);
    case Op.SQRDMLSH_asimdelem_R:
      return vectorElement(s, insn, L.SQRDMLSH);
    case Op.FMLA_asimdelem_RH_H:
      return vectorFloatElement(s, insn, L.FMLA, H);
    case Op.FMLS_asimdelem_RH_H:
      return vectorFloatElement(s, insn, L.FMLS, H);
    case Op.FMUL_asimdelem_RH_H:
      return vectorFloatElement(s, insn, L.FMUL, H);
    case Op.FMULX_asimdelem_RH_H:
      return vectorFloatElement(s, insn, L.FMULX, H);
    case Op.FMLA_asimdelem_R_SD:
      return vectorFloatElement(s, insn, L.FMLA, formatOf(insn));
    case Op.FMLS_asimdelem_R_SD:
      return vectorFloatElement(s, insn, L.FMLS, formatOf(insn));
    case Op.FMUL_asimdelem_R_SD:
      return vectorFloatElement(s, insn, L.FMUL, formatOf(insn));
    case Op.FMULX_asimdelem_R_SD:
      return vectorFloatElement(s, insn, L.FMULX, formatOf(insn));
    case Op.SDOT_asimdelem_D:
      return dot(s, insn, false, false, indexHL(insn));
    case Op.UDOT_asimdelem_D:
      return dot(s, insn, true, true, indexHL(insn));
    case Op.SUDOT_asimdelem_D:
      return dot(s, insn, false, true, indexHL(insn));
    case Op.USDOT_asimdelem_D:
      return dot(s, insn, true, false, indexHL(insn));
    case Op.BFDOT_asimdelem_E:
      return dotBf(s, insn, indexHL(insn));
    case Op.BFMLAL_asimdelem_F:
      return longBf(s, insn, true);
    case Op.FCMLA_asimdelem_C_H:
      return complexMultiply(s, insn, (insn >> 13) & 3, indexHL(insn));
    case Op.FCMLA_asimdelem_C_S:
      return complexMultiply(s, insn, (insn >> 13) & 3, (insn >> 11) & 1);
    case Op.FMLAL_asimdelem_LH:
      return longHalf(s, insn, false, false, true);
    case Op.FMLSL_asimdelem_LH:
      return longHalf(s, insn, false, true, true);
    case Op.FMLAL2_asimdelem_LH:
      return longHalf(s, insn, true, false, true);
    case Op.FMLSL2_asimdelem_LH:
      return longHalf(s, insn, true, true, true);
    default:
      return false;
  }
}
