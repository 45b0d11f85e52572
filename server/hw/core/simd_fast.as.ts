/** Advanced SIMD by Wasm's own vectors: the instructions that compilers and string functions use most. */

import * as L from "./simd_lanes.as";

/** Whether the last of these functions knew its instruction; if not, its result means nothing. */
export let known: bool = false;

/** Three same. */
export function binary(kind: u32, z: u32, a: v128, b: v128, d: v128): v128 {
  known = true;
  switch (kind) {
    case L.ADD:
      return z == 0 ? i8x16.add(a, b) : z == 1 ? i16x8.add(a, b) : z == 2 ? i32x4.add(a, b) : i64x2.add(a, b);
    case L.SUB:
      return z == 0 ? i8x16.sub(a, b) : z == 1 ? i16x8.sub(a, b) : z == 2 ? i32x4.sub(a, b) : i64x2.sub(a, b);
    case L.CMEQ:
      return z == 0 ? i8x16.eq(a, b) : z == 1 ? i16x8.eq(a, b) : z == 2 ? i32x4.eq(a, b) : i64x2.eq(a, b);
    case L.CMGT:
      return z == 0 ? i8x16.gt_s(a, b) : z == 1 ? i16x8.gt_s(a, b) : z == 2 ? i32x4.gt_s(a, b) : i64x2.gt_s(a, b);
    case L.CMGE:
      return z == 0 ? i8x16.ge_s(a, b) : z == 1 ? i16x8.ge_s(a, b) : z == 2 ? i32x4.ge_s(a, b) : i64x2.ge_s(a, b);
    case L.CMTST: {
      const both = v128.and(a, b);
      const none = i64x2.splat(0);
      return v128.not(
        z == 0
          ? i8x16.eq(both, none)
          : z == 1
            ? i16x8.eq(both, none)
            : z == 2
              ? i32x4.eq(both, none)
              : i64x2.eq(both, none),
      );
    }
    case L.CMHI:
      if (z < 3) return z == 0 ? i8x16.gt_u(a, b) : z == 1 ? i16x8.gt_u(a, b) : i32x4.gt_u(a, b);
      break;
    case L.CMHS:
      if (z < 3) return z == 0 ? i8x16.ge_u(a, b) : z == 1 ? i16x8.ge_u(a, b) : i32x4.ge_u(a, b);
      break;
    case L.SMAX:
      return z == 0 ? i8x16.max_s(a, b) : z == 1 ? i16x8.max_s(a, b) : i32x4.max_s(a, b);
    case L.SMIN:
      return z == 0 ? i8x16.min_s(a, b) : z == 1 ? i16x8.min_s(a, b) : i32x4.min_s(a, b);
    case L.UMAX:
      return z == 0 ? i8x16.max_u(a, b) : z == 1 ? i16x8.max_u(a, b) : i32x4.max_u(a, b);
    case L.UMIN:
      return z == 0 ? i8x16.min_u(a, b) : z == 1 ? i16x8.min_u(a, b) : i32x4.min_u(a, b);
    case L.UABD:
      return z == 0
        ? i8x16.sub(i8x16.max_u(a, b), i8x16.min_u(a, b))
        : z == 1
          ? i16x8.sub(i16x8.max_u(a, b), i16x8.min_u(a, b))
          : i32x4.sub(i32x4.max_u(a, b), i32x4.min_u(a, b));
    case L.MUL:
      if (z == 0) break;
      return z == 1 ? i16x8.mul(a, b) : i32x4.mul(a, b);
    case L.MLA:
      if (z == 0) break;
      return z == 1 ? i16x8.add(d, i16x8.mul(a, b)) : i32x4.add(d, i32x4.mul(a, b));
    case L.MLS:
      if (z == 0) break;
      return z == 1 ? i16x8.sub(d, i16x8.mul(a, b)) : i32x4.sub(d, i32x4.mul(a, b));
    case L.URHADD:
      if (z < 2) return z == 0 ? i8x16.avgr_u(a, b) : i16x8.avgr_u(a, b);
  }
  known = false;
  return a;
}

/** Two-register miscellaneous. */
export function unary(kind: u32, z: u32, a: v128): v128 {
  known = true;
  const none = i64x2.splat(0);
  switch (kind) {
    case L.CMEQ0:
      return binary(L.CMEQ, z, a, none, none);
    case L.CMGT0:
      return binary(L.CMGT, z, a, none, none);
    case L.CMGE0:
      return binary(L.CMGE, z, a, none, none);
    case L.CMLT0:
      return binary(L.CMGT, z, none, a, none);
    case L.CMLE0:
      return binary(L.CMGE, z, none, a, none);
    case L.NEG:
      return binary(L.SUB, z, none, a, none);
    case L.ABS:
      return z == 0 ? i8x16.abs(a) : z == 1 ? i16x8.abs(a) : z == 2 ? i32x4.abs(a) : i64x2.abs(a);
    case L.NOT:
      return v128.not(a);
    case L.CNT:
      return i8x16.popcnt(a);
  }
  known = false;
  return a;
}

/** Shifts by an immediate. */
export function shift(kind: u32, z: u32, unsigned: bool, imm: u32, a: v128, d: v128): v128 {
  known = true;
  const bits: i32 = 8 << z;
  const right: i32 = 2 * bits - imm;
  const left: i32 = imm - bits;
  switch (kind) {
    case L.SHL:
      return z == 0
        ? i8x16.shl(a, left)
        : z == 1
          ? i16x8.shl(a, left)
          : z == 2
            ? i32x4.shl(a, left)
            : i64x2.shl(a, left);
    case L.SHR:
      return shiftRight(z, unsigned, right, a);
    case L.SRA:
      return binary(L.ADD, z, d, shiftRight(z, unsigned, right, a), d);
  }
  known = false;
  return a;
}

/** By as many bits as there are all are gone, or all are the sign. */
function shiftRight(z: u32, unsigned: bool, n: i32, a: v128): v128 {
  const bits: i32 = 8 << z;
  if (unsigned) {
    if (n == bits) return i64x2.splat(0);
    return z == 0 ? i8x16.shr_u(a, n) : z == 1 ? i16x8.shr_u(a, n) : z == 2 ? i32x4.shr_u(a, n) : i64x2.shr_u(a, n);
  }
  if (n == bits) n--;
  return z == 0 ? i8x16.shr_s(a, n) : z == 1 ? i16x8.shr_s(a, n) : z == 2 ? i32x4.shr_s(a, n) : i64x2.shr_s(a, n);
}

/** The low 64 bits of two registers side by side: what a pairwise or permuting instruction without Q works on. */
// @ts-ignore: decorator
@inline
export function lowHalves(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(a, b, 0, 2);
}

/** The elements of even numbers of both. */
export function evens(z: u32, a: v128, b: v128): v128 {
  return z == 0
    ? v128.shuffle<i8>(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
    : z == 1
      ? v128.shuffle<i16>(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
      : z == 2
        ? v128.shuffle<i32>(a, b, 0, 2, 4, 6)
        : v128.shuffle<i64>(a, b, 0, 2);
}

export function odds(z: u32, a: v128, b: v128): v128 {
  return z == 0
    ? v128.shuffle<i8>(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
    : z == 1
      ? v128.shuffle<i16>(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
      : z == 2
        ? v128.shuffle<i32>(a, b, 1, 3, 5, 7)
        : v128.shuffle<i64>(a, b, 1, 3);
}

export function zipLow(z: u32, a: v128, b: v128): v128 {
  return z == 0
    ? v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
    : z == 1
      ? v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
      : z == 2
        ? v128.shuffle<i32>(a, b, 0, 4, 1, 5)
        : v128.shuffle<i64>(a, b, 0, 2);
}

export function zipHigh(z: u32, a: v128, b: v128): v128 {
  return z == 0
    ? v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
    : z == 1
      ? v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
      : z == 2
        ? v128.shuffle<i32>(a, b, 2, 6, 3, 7)
        : v128.shuffle<i64>(a, b, 1, 3);
}

/** All elements folded by addition, minimum or maximum; the result is the lowest element. */
export function fold(kind: u32, z: u32, a: v128, full: bool): v128 {
  if (full) a = binary(kind, z, a, v128.shuffle<i64>(a, a, 1, 0), a);
  if (z < 3) a = binary(kind, z, a, v128.shuffle<i32>(a, a, 1, 0, 3, 2), a);
  if (z < 2) a = binary(kind, z, a, v128.shuffle<i16>(a, a, 1, 0, 3, 2, 5, 4, 7, 6), a);
  if (z < 1) a = binary(kind, z, a, v128.shuffle<i8>(a, a, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14), a);
  return a;
}

/** The lower halves of the elements of z + 1, in the low 64 bits. */
export function truncate(z: u32, a: v128): v128 {
  return z == 0
    ? v128.shuffle<i8>(a, a, 0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14)
    : z == 1
      ? v128.shuffle<i16>(a, a, 0, 2, 4, 6, 0, 2, 4, 6)
      : v128.shuffle<i32>(a, a, 0, 2, 0, 2);
}

/** Elements of the lower or upper half made twice as wide. */
export function extend(z: u32, a: v128, upper: bool, unsigned: bool): v128 {
  if (upper) a = v128.shuffle<i64>(a, a, 1, 1);
  if (unsigned)
    return z == 0 ? i16x8.extend_low_i8x16_u(a) : z == 1 ? i32x4.extend_low_i16x8_u(a) : i64x2.extend_low_i32x4_u(a);
  return z == 0 ? i16x8.extend_low_i8x16_s(a) : z == 1 ? i32x4.extend_low_i16x8_s(a) : i64x2.extend_low_i32x4_s(a);
}

/** Long operations on elements that extend() has made wide, z being their size before. */
export function long(kind: u32, z: u32, a: v128, b: v128, d: v128): v128 {
  known = true;
  switch (kind) {
    case L.ADDL:
      return binary(L.ADD, z + 1, a, b, d);
    case L.SUBL:
      return binary(L.SUB, z + 1, a, b, d);
    case L.MULL:
      return multiply(z + 1, a, b);
    case L.MLAL:
      return binary(L.ADD, z + 1, d, multiply(z + 1, a, b), d);
    case L.MLSL:
      return binary(L.SUB, z + 1, d, multiply(z + 1, a, b), d);
  }
  known = false;
  return a;
}

// @ts-ignore: decorator
@inline
function multiply(z: u32, a: v128, b: v128): v128 {
  return z == 1 ? i16x8.mul(a, b) : z == 2 ? i32x4.mul(a, b) : i64x2.mul(a, b);
}

// floating point: singles and doubles, with nothing flushed

const INFINITY: u64 = 0x7ff0000000000000;
const INFINITY_S: u32 = 0x7f800000;
/** Twice the least normal numbers: below them a rounded result may have been tiny. */
const LEAST: u64 = 0x0020000000000000;
const LEAST_S: u32 = 0x01000000;

/** Nothing is known yet. */
export function forget(): void {
  known = false;
}

/** All of these lanes are true. */
// @ts-ignore: decorator
@inline
function all(double: bool, lanes: v128): bool {
  return double ? i64x2.all_true(lanes) : i32x4.all_true(lanes);
}

/** Sums, products and quotients, where rounding may go unnoticed. */
export function arithmetic(double: bool, kind: u32, a: v128, b: v128): v128 {
  let r: v128;
  let good: v128;
  if (double) {
    r =
      kind == L.FADD
        ? f64x2.add(a, b)
        : kind == L.FSUB
          ? f64x2.sub(a, b)
          : kind == L.FMUL
            ? f64x2.mul(a, b)
            : f64x2.div(a, b);
    const size = f64x2.abs(r);
    good = f64x2.lt(size, f64x2.splat(reinterpret<f64>(INFINITY)));
    if (kind >= L.FMUL) good = v128.and(good, f64x2.ge(size, f64x2.splat(reinterpret<f64>(LEAST))));
  } else {
    r =
      kind == L.FADD
        ? f32x4.add(a, b)
        : kind == L.FSUB
          ? f32x4.sub(a, b)
          : kind == L.FMUL
            ? f32x4.mul(a, b)
            : f32x4.div(a, b);
    const size = f32x4.abs(r);
    good = f32x4.lt(size, f32x4.splat(reinterpret<f32>(INFINITY_S)));
    if (kind >= L.FMUL) good = v128.and(good, f32x4.ge(size, f32x4.splat(reinterpret<f32>(LEAST_S))));
  }
  known = all(double, good);
  return r;
}

/** Comparisons, minima and maxima of what is no NaN, in any rounding mode. */
export function ordering(double: bool, kind: u32, a: v128, b: v128): v128 {
  known = all(double, double ? v128.and(f64x2.eq(a, a), f64x2.eq(b, b)) : v128.and(f32x4.eq(a, a), f32x4.eq(b, b)));
  switch (kind) {
    case L.FCMEQ:
      return double ? f64x2.eq(a, b) : f32x4.eq(a, b);
    case L.FCMGE:
      return double ? f64x2.ge(a, b) : f32x4.ge(a, b);
    case L.FCMGT:
      return double ? f64x2.gt(a, b) : f32x4.gt(a, b);
    case L.FACGE:
      return double ? f64x2.ge(f64x2.abs(a), f64x2.abs(b)) : f32x4.ge(f32x4.abs(a), f32x4.abs(b));
    case L.FACGT:
      return double ? f64x2.gt(f64x2.abs(a), f64x2.abs(b)) : f32x4.gt(f32x4.abs(a), f32x4.abs(b));
    case L.FMAX:
    case L.FMAXNM:
      return double ? f64x2.max(a, b) : f32x4.max(a, b);
    case L.FMIN:
    case L.FMINNM:
      return double ? f64x2.min(a, b) : f32x4.min(a, b);
  }
  known = false;
  return a;
}

/** Two-register miscellaneous, where rounding may go unnoticed. */
export function unaryFloat(double: bool, kind: u32, a: v128): v128 {
  known = true;
  switch (kind) {
    case L.FABS:
      return double ? f64x2.abs(a) : f32x4.abs(a);
    case L.FNEG:
      return double ? f64x2.neg(a) : f32x4.neg(a);
    case L.SCVTF:
      if (!double) return f32x4.convert_i32x4_s(a);
      break;
    case L.UCVTF:
      if (!double) return f32x4.convert_i32x4_u(a);
      break;
    case L.FCVTZS:
      if (double) break;
      known = all(false, f32x4.lt(f32x4.abs(a), f32x4.splat(2147483648.0)));
      return i32x4.trunc_sat_f32x4_s(a);
  }
  known = false;
  return a;
}
