/** What Advanced SIMD does to one element: integers of 8 << z bits, in u64 without what is above them. */

import {
  abs, absDiff, add, compare, D, div, maxMin, maxMinNum, mul, mulAdd, neg, NEGINF, POSINF, processException, QC, rmode,
  S, sqrt, TIEAWAY, TIEEVEN, TOZERO, width,
} from "./softfloat.as";
import { fromInteger, roundInt, roundIntN, toInteger } from "./softfloat_convert.as";
import { recipEstimate, recipExponent, recipStep, rsqrtEstimate, rsqrtStep } from "./softfloat_estimate.as";

// @ts-ignore: decorator
@inline
export function get(at: usize, z: u32, n: u32): u64 {
  const p = at + (n << z);
  switch (z) {
    case 0:
      return <u64>load<u8>(p);
    case 1:
      return <u64>load<u16>(p);
    case 2:
      return <u64>load<u32>(p);
    default:
      return load<u64>(p);
  }
}

// @ts-ignore: decorator
@inline
export function ones(z: u32): u64 {
  return ~(<u64>0) >> (64 - (8 << z));
}

/** Sign extended. */
// @ts-ignore: decorator
@inline
export function extended(z: u32, a: u64): i64 {
  const unused = 64 - (8 << z);
  return <i64>(a << unused) >> unused;
}

// @ts-ignore: decorator
@inline
function largest(z: u32): i64 {
  return <i64>(ones(z) >> 1);
}

// @ts-ignore: decorator
@inline
function truth(z: u32, yes: bool): u64 {
  return yes ? ones(z) : 0;
}

/** SatQ() of a sum that i64 holds. */
export function saturate(z: u32, a: i64, unsigned: bool): u64 {
  if (unsigned) {
    if (a < 0) {
      processException(QC);
      return 0;
    }
    if (z < 3 && <u64>a > ones(z)) {
      processException(QC);
      return ones(z);
    }
    return <u64>a;
  }
  if (z == 3) return <u64>a;
  if (a > largest(z)) {
    processException(QC);
    return <u64>largest(z);
  }
  if (a < -largest(z) - 1) {
    processException(QC);
    return <u64>(largest(z) + 1);
  }
  return <u64>a & ones(z);
}

/** Signed, saturating; at 64 bits as well. */
function addSat(z: u32, a: i64, b: i64): u64 {
  const r = a + b;
  if (z < 3) return saturate(z, r, false);
  if (((a ^ r) & (b ^ r)) < 0) {
    processException(QC);
    return a < 0 ? 0x8000000000000000 : 0x7fffffffffffffff;
  }
  return <u64>r;
}

function subSat(z: u32, a: i64, b: i64): u64 {
  const r = a - b;
  if (z < 3) return saturate(z, r, false);
  if (((a ^ b) & (a ^ r)) < 0) {
    processException(QC);
    return a < 0 ? 0x8000000000000000 : 0x7fffffffffffffff;
  }
  return <u64>r;
}

function addUnsignedSat(z: u32, a: u64, b: u64): u64 {
  const r = a + b;
  if (r > ones(z) || r < a) {
    processException(QC);
    return ones(z);
  }
  return r;
}

function subUnsignedSat(a: u64, b: u64): u64 {
  if (a >= b) return a - b;
  processException(QC);
  return 0;
}

/** Shifts right by 1 to 64, unsigned or of a sign-extended number, perhaps rounded. */
export function shiftRight(a: u64, n: u32, unsigned: bool, rounding: bool): u64 {
  if (unsigned) {
    const t = a >> (n - 1);
    return (t >> 1) + (rounding ? t & 1 : 0);
  }
  const t = <i64>a >> (n - 1);
  return <u64>((t >> 1) + (rounding ? t & 1 : 0));
}

/** SSHL and its kin: left by the signed low byte of b. */
function shiftBy(z: u32, a: u64, b: u64, unsigned: bool, rounding: bool, saturating: bool): u64 {
  const n = <i32>(<i8>b);
  const bits = 8 << z;
  const value = unsigned ? a : <u64>extended(z, a);
  if (n < 0) {
    if (-n > bits) return unsigned || rounding ? 0 : <u64>(<i64>value >> 63) & ones(z);
    return shiftRight(value, -n, unsigned, rounding) & ones(z);
  }
  return saturating ? shiftLeftSat(z, value, n, unsigned) : n >= bits ? 0 : (value << n) & ones(z);
}

/** Left with saturation, of a number that is extended to 64 bits. */
function shiftLeftSat(z: u32, value: u64, n: u32, unsigned: bool): u64 {
  const bits: u32 = 8 << z;
  if (value == 0) return 0;
  if (unsigned) {
    if (n >= bits || value > ones(z) >> n) {
      processException(QC);
      return ones(z);
    }
    return value << n;
  }
  if (n >= bits || extended(z, value << n) >> n != <i64>value) {
    processException(QC);
    return <i64>value < 0 ? <u64>(largest(z) + 1) : <u64>largest(z);
  }
  return (value << n) & ones(z);
}

export function polynomial(a: u64, b: u64): u64 {
  let r: u64 = 0;
  for (; b != 0; b >>= 1, a <<= 1) if (b & 1) r ^= a;
  return r;
}

/** SQDMULH, SQRDMULH, SQRDMLAH and SQRDMLSH: the high half of (d << bits) +- 2ab. */
function doubling(z: u32, d: i64, a: i64, b: i64, minus: bool, rounding: bool): u64 {
  const bits: u32 = 8 << z;
  const ab = minus ? -(a * b) : a * b;
  const half: i64 = rounding ? (<i64>1) << (bits - 2) : 0;
  return saturate(z, ((d << (bits - 1)) + ab + half) >> (bits - 1), false);
}

export const SHADD: u32 = 0;
export const UHADD: u32 = 1;
export const SRHADD: u32 = 2;
export const URHADD: u32 = 3;
export const SHSUB: u32 = 4;
export const UHSUB: u32 = 5;
export const SQADD: u32 = 6;
export const UQADD: u32 = 7;
export const SQSUB: u32 = 8;
export const UQSUB: u32 = 9;
export const CMGT: u32 = 10;
export const CMHI: u32 = 11;
export const CMGE: u32 = 12;
export const CMHS: u32 = 13;
export const SSHL: u32 = 14;
export const USHL: u32 = 15;
export const SQSHL: u32 = 16;
export const UQSHL: u32 = 17;
export const SRSHL: u32 = 18;
export const URSHL: u32 = 19;
export const SQRSHL: u32 = 20;
export const UQRSHL: u32 = 21;
export const SMAX: u32 = 22;
export const UMAX: u32 = 23;
export const SMIN: u32 = 24;
export const UMIN: u32 = 25;
export const SABD: u32 = 26;
export const UABD: u32 = 27;
export const SABA: u32 = 28;
export const UABA: u32 = 29;
export const ADD: u32 = 30;
export const SUB: u32 = 31;
export const CMTST: u32 = 32;
export const CMEQ: u32 = 33;
export const MLA: u32 = 34;
export const MLS: u32 = 35;
export const MUL: u32 = 36;
export const PMUL: u32 = 37;
export const SQDMULH: u32 = 38;
export const SQRDMULH: u32 = 39;
export const SQRDMLAH: u32 = 40;
export const SQRDMLSH: u32 = 41;

/** Three same: of Vn, Vm and the old Vd. */
export function binary(kind: u32, z: u32, a: u64, b: u64, d: u64): u64 {
  const sa = extended(z, a);
  const sb = extended(z, b);
  switch (kind) {
    case SHADD:
      return <u64>((sa >> 1) + (sb >> 1) + (sa & sb & 1)) & ones(z);
    case UHADD:
      return (a >> 1) + (b >> 1) + (a & b & 1);
    case SRHADD:
      return <u64>((sa >> 1) + (sb >> 1) + ((sa | sb) & 1)) & ones(z);
    case URHADD:
      return (a >> 1) + (b >> 1) + ((a | b) & 1);
    case SHSUB:
      return <u64>((sa - sb) >> 1) & ones(z);
    case UHSUB:
      return <u64>((<i64>a - <i64>b) >> 1) & ones(z);
    case SQADD:
      return addSat(z, sa, sb);
    case UQADD:
      return addUnsignedSat(z, a, b);
    case SQSUB:
      return subSat(z, sa, sb);
    case UQSUB:
      return subUnsignedSat(a, b);
    case CMGT:
      return truth(z, sa > sb);
    case CMHI:
      return truth(z, a > b);
    case CMGE:
      return truth(z, sa >= sb);
    case CMHS:
      return truth(z, a >= b);
    case SSHL:
      return shiftBy(z, a, b, false, false, false);
    case USHL:
      return shiftBy(z, a, b, true, false, false);
    case SQSHL:
      return shiftBy(z, a, b, false, false, true);
    case UQSHL:
      return shiftBy(z, a, b, true, false, true);
    case SRSHL:
      return shiftBy(z, a, b, false, true, false);
    case URSHL:
      return shiftBy(z, a, b, true, true, false);
    case SQRSHL:
      return shiftBy(z, a, b, false, true, true);
    case UQRSHL:
      return shiftBy(z, a, b, true, true, true);
    case SMAX:
      return sa > sb ? a : b;
    case UMAX:
      return a > b ? a : b;
    case SMIN:
      return sa < sb ? a : b;
    case UMIN:
      return a < b ? a : b;
    case SABD:
      return <u64>(sa > sb ? sa - sb : sb - sa) & ones(z);
    case UABD:
      return a > b ? a - b : b - a;
    case SABA:
      return (d + <u64>(sa > sb ? sa - sb : sb - sa)) & ones(z);
    case UABA:
      return (d + (a > b ? a - b : b - a)) & ones(z);
    case ADD:
      return (a + b) & ones(z);
    case SUB:
      return (a - b) & ones(z);
    case CMTST:
      return truth(z, (a & b) != 0);
    case CMEQ:
      return truth(z, a == b);
    case MLA:
      return (d + a * b) & ones(z);
    case MLS:
      return (d - a * b) & ones(z);
    case MUL:
      return (a * b) & ones(z);
    case PMUL:
      return polynomial(a, b) & ones(z);
    case SQDMULH:
      return doubling(z, 0, sa, sb, false, false);
    case SQRDMULH:
      return doubling(z, 0, sa, sb, false, true);
    case SQRDMLAH:
      return doubling(z, extended(z, d), sa, sb, false, true);
    default:
      return doubling(z, extended(z, d), sa, sb, true, true);
  }
}

export const SUQADD: u32 = 0;
export const USQADD: u32 = 1;
export const CLS: u32 = 2;
export const CLZ: u32 = 3;
export const CNT: u32 = 4;
export const SQABS: u32 = 5;
export const SQNEG: u32 = 6;
export const CMGT0: u32 = 7;
export const CMGE0: u32 = 8;
export const CMEQ0: u32 = 9;
export const CMLE0: u32 = 10;
export const CMLT0: u32 = 11;
export const ABS: u32 = 12;
export const NEG: u32 = 13;
export const NOT: u32 = 14;
export const RBIT: u32 = 15;

/** Two-register miscellaneous: of Vn and the old Vd. */
export function unary(kind: u32, z: u32, a: u64, d: u64): u64 {
  const sa = extended(z, a);
  switch (kind) {
    case SUQADD:
      return addMixed(z, a, d);
    case USQADD:
      return addSignedTo(z, sa, d);
    case CLS:
      return clz(<u64>((sa ^ (sa << 1)) | 1)) - (64 - (8 << z));
    case CLZ:
      return clz(a) - (64 - (8 << z));
    case CNT:
      return popcnt(a);
    case SQABS:
      return sa < 0 ? subSat(z, 0, sa) : a;
    case SQNEG:
      return subSat(z, 0, sa);
    case CMGT0:
      return truth(z, sa > 0);
    case CMGE0:
      return truth(z, sa >= 0);
    case CMEQ0:
      return truth(z, a == 0);
    case CMLE0:
      return truth(z, sa <= 0);
    case CMLT0:
      return truth(z, sa < 0);
    case ABS:
      return (sa < 0 ? 0 - a : a) & ones(z);
    case NEG:
      return (0 - a) & ones(z);
    case NOT:
      return ~a & ones(z);
    default: {
      const swapped = ((a & 0x55) << 1) | ((a >> 1) & 0x55);
      const pairs = ((swapped & 0x33) << 2) | ((swapped >> 2) & 0x33);
      return ((pairs & 0x0f) << 4) | (pairs >> 4);
    }
  }
}

/** Unsigned a to signed d, signed saturation. */
function addMixed(z: u32, a: u64, d: u64): u64 {
  const sd = extended(z, d);
  if (z < 3) return saturate(z, sd + <i64>a, false);
  // as far as d is below the largest
  if (a > 0x7fffffffffffffff - d) {
    processException(QC);
    return 0x7fffffffffffffff;
  }
  return d + a;
}

/** Signed a to unsigned d, unsigned saturation. */
function addSignedTo(z: u32, a: i64, d: u64): u64 {
  return a < 0 ? subUnsignedSat(d, 0 - <u64>a) : addUnsignedSat(z, d, <u64>a);
}

export const ADDL: u32 = 0;
export const SUBL: u32 = 1;
export const ABAL: u32 = 2;
export const ABDL: u32 = 3;
export const MLAL: u32 = 4;
export const MLSL: u32 = 5;
export const MULL: u32 = 6;
export const SQDMLAL: u32 = 7;
export const SQDMLSL: u32 = 8;
export const SQDMULL: u32 = 9;

/** Elements of z, extended to 64 bits, make one of z + 1. */
export function long(kind: u32, z: u32, a: i64, b: i64, d: u64): u64 {
  const all = ones(z + 1);
  switch (kind) {
    case ADDL:
      return <u64>(a + b) & all;
    case SUBL:
      return <u64>(a - b) & all;
    case ABAL:
      return (d + <u64>(a > b ? a - b : b - a)) & all;
    case ABDL:
      return <u64>(a > b ? a - b : b - a);
    case MLAL:
      return (d + <u64>(a * b)) & all;
    case MLSL:
      return (d - <u64>(a * b)) & all;
    case MULL:
      return <u64>(a * b) & all;
    case SQDMLAL:
      return addSat(z + 1, extended(z + 1, d), extended(z + 1, addSat(z + 1, a * b, a * b)));
    case SQDMLSL:
      return subSat(z + 1, extended(z + 1, d), extended(z + 1, addSat(z + 1, a * b, a * b)));
    default:
      return addSat(z + 1, a * b, a * b);
  }
}

export const SHR: u32 = 0;
export const SRA: u32 = 1;
export const RSHR: u32 = 2;
export const RSRA: u32 = 3;
export const SRI: u32 = 4;
export const SLI: u32 = 5;
export const SHL: u32 = 6;
export const QSHL: u32 = 7;
export const QSHLU: u32 = 8;

/** Shifts by an immediate of immh:immb: to the right by 2 * bits - it, to the left by it - bits. */
export function shift(kind: u32, z: u32, unsigned: bool, imm: u32, a: u64, d: u64): u64 {
  const bits: u32 = 8 << z;
  const right = 2 * bits - imm;
  const left = imm - bits;
  const value = unsigned ? a : <u64>extended(z, a);
  switch (kind) {
    case SHR:
      return shiftRight(value, right, unsigned, false) & ones(z);
    case SRA:
      return (d + shiftRight(value, right, unsigned, false)) & ones(z);
    case RSHR:
      return shiftRight(value, right, unsigned, true) & ones(z);
    case RSRA:
      return (d + shiftRight(value, right, unsigned, true)) & ones(z);
    case SRI: {
      const mask = right == bits ? 0 : ones(z) >> right;
      return (d & ~mask) | (right == bits ? 0 : a >> right);
    }
    case SLI:
      return ((a << left) & ones(z)) | (d & ~(ones(z) << left) & ones(z));
    case SHL:
      return (a << left) & ones(z);
    case QSHL:
      return shiftLeftSat(z, value, left, unsigned);
    default: {
      const signed = extended(z, a);
      if (signed < 0) {
        processException(QC);
        return 0;
      }
      return shiftLeftSat(z, a, left, true);
    }
  }
}

export const FADD: u32 = 0;
export const FSUB: u32 = 1;
export const FMUL: u32 = 2;
export const FDIV: u32 = 3;
export const FMLA: u32 = 4;
export const FMLS: u32 = 5;
export const FMAX: u32 = 6;
export const FMIN: u32 = 7;
export const FMAXNM: u32 = 8;
export const FMINNM: u32 = 9;
export const FMULX: u32 = 10;
export const FCMEQ: u32 = 11;
export const FCMGE: u32 = 12;
export const FCMGT: u32 = 13;
export const FACGE: u32 = 14;
export const FACGT: u32 = 15;
export const FABD: u32 = 16;
export const FRECPS: u32 = 17;
export const FRSQRTS: u32 = 18;

// @ts-ignore: decorator
@inline
function truthOf(f: u32, yes: bool): u64 {
  return yes ? ~(<u64>0) >> (64 - width(f)) : 0;
}

/** Three same of floating point. */
export function binaryFloat(kind: u32, f: u32, a: u64, b: u64, d: u64): u64 {
  switch (kind) {
    case FADD:
      return add(f, a, b, false);
    case FSUB:
      return add(f, a, b, true);
    case FMUL:
      return mul(f, a, b, false);
    case FDIV:
      return div(f, a, b);
    case FMLA:
      return mulAdd(f, d, a, b);
    case FMLS:
      return mulAdd(f, d, neg(f, a), b);
    case FMAX:
      return maxMin(f, a, b, false);
    case FMIN:
      return maxMin(f, a, b, true);
    case FMAXNM:
      return maxMinNum(f, a, b, false);
    case FMINNM:
      return maxMinNum(f, a, b, true);
    case FMULX:
      return mul(f, a, b, true);
    case FCMEQ:
      return truthOf(f, (compare(f, a, b, false) & 4) != 0);
    case FCMGE:
      return truthOf(f, isGreater(compare(f, a, b, true), true));
    case FCMGT:
      return truthOf(f, isGreater(compare(f, a, b, true), false));
    case FACGE:
      return truthOf(f, isGreater(compare(f, abs(f, a), abs(f, b), true), true));
    case FACGT:
      return truthOf(f, isGreater(compare(f, abs(f, a), abs(f, b), true), false));
    case FABD:
      return absDiff(f, a, b);
    case FRECPS:
      return recipStep(f, a, b);
    default:
      return rsqrtStep(f, a, b);
  }
}

/** Of the flags that compare() gives: 2 is greater, 6 equal. */
// @ts-ignore: decorator
@inline
function isGreater(nzcv: u32, orEqual: bool): bool {
  return nzcv == 2 || (orEqual && nzcv == 6);
}

export const FABS: u32 = 0;
export const FNEG: u32 = 1;
export const FSQRT: u32 = 2;
export const FRECPE: u32 = 3;
export const FRSQRTE: u32 = 4;
export const FRECPX: u32 = 5;
export const FCMGT0: u32 = 6;
export const FCMGE0: u32 = 7;
export const FCMEQ0: u32 = 8;
export const FCMLE0: u32 = 9;
export const FCMLT0: u32 = 10;
export const FRINTN: u32 = 11;
export const FRINTM: u32 = 12;
export const FRINTP: u32 = 13;
export const FRINTZ: u32 = 14;
export const FRINTA: u32 = 15;
export const FRINTX: u32 = 16;
export const FRINTI: u32 = 17;
export const FRINT32Z: u32 = 18;
export const FRINT32X: u32 = 19;
export const FRINT64Z: u32 = 20;
export const FRINT64X: u32 = 21;
export const FCVTNS: u32 = 22;
export const FCVTNU: u32 = 23;
export const FCVTMS: u32 = 24;
export const FCVTMU: u32 = 25;
export const FCVTPS: u32 = 26;
export const FCVTPU: u32 = 27;
export const FCVTZS: u32 = 28;
export const FCVTZU: u32 = 29;
export const FCVTAS: u32 = 30;
export const FCVTAU: u32 = 31;
export const SCVTF: u32 = 32;
export const UCVTF: u32 = 33;

/** Two-register miscellaneous of floating point; `fbits` are those of a fixed-point number. */
export function unaryFloat(kind: u32, f: u32, a: u64, fbits: i32): u64 {
  const bits = width(f);
  const all = ~(<u64>0) >> (64 - bits);
  switch (kind) {
    case FABS:
      return abs(f, a);
    case FNEG:
      return neg(f, a);
    case FSQRT:
      return sqrt(f, a);
    case FRECPE:
      return recipEstimate(f, a);
    case FRSQRTE:
      return rsqrtEstimate(f, a);
    case FRECPX:
      return recipExponent(f, a);
    case FCMGT0:
      return truthOf(f, isGreater(compare(f, a, 0, true), false));
    case FCMGE0:
      return truthOf(f, isGreater(compare(f, a, 0, true), true));
    case FCMEQ0:
      return truthOf(f, (compare(f, a, 0, false) & 4) != 0);
    case FCMLE0:
      return truthOf(f, isGreater(compare(f, 0, a, true), true));
    case FCMLT0:
      return truthOf(f, isGreater(compare(f, 0, a, true), false));
    case FRINTN:
      return roundInt(f, a, TIEEVEN, false);
    case FRINTM:
      return roundInt(f, a, NEGINF, false);
    case FRINTP:
      return roundInt(f, a, POSINF, false);
    case FRINTZ:
      return roundInt(f, a, TOZERO, false);
    case FRINTA:
      return roundInt(f, a, TIEAWAY, false);
    case FRINTX:
      return roundInt(f, a, rmode(), true);
    case FRINTI:
      return roundInt(f, a, rmode(), false);
    case FRINT32Z:
      return roundIntN(f, a, TOZERO, 32);
    case FRINT32X:
      return roundIntN(f, a, rmode(), 32);
    case FRINT64Z:
      return roundIntN(f, a, TOZERO, 64);
    case FRINT64X:
      return roundIntN(f, a, rmode(), 64);
    case FCVTNS:
    case FCVTNU:
      return toInteger(f, a, 0, kind == FCVTNU, TIEEVEN, bits) & all;
    case FCVTMS:
    case FCVTMU:
      return toInteger(f, a, 0, kind == FCVTMU, NEGINF, bits) & all;
    case FCVTPS:
    case FCVTPU:
      return toInteger(f, a, 0, kind == FCVTPU, POSINF, bits) & all;
    case FCVTZS:
    case FCVTZU:
      return toInteger(f, a, fbits, kind == FCVTZU, TOZERO, bits) & all;
    case FCVTAS:
    case FCVTAU:
      return toInteger(f, a, 0, kind == FCVTAU, TIEAWAY, bits) & all;
    case SCVTF:
      return fromInteger(f, f == D ? a : f == S ? <u64>(<i64>(<i32>a)) : <u64>(<i64>(<i16>a)), fbits, false, rmode());
    default:
      return fromInteger(f, a, fbits, true, rmode());
  }
}
