/**
 * Floating point by Wasm's own, for singles and doubles rounded to nearest with nothing flushed. Each function says
 * whether its `answer` is that of softfloat.as.ts and raises nothing new; `inexact` says that FPSR.IXC is set already,
 * so that rounding may go unnoticed. An answer counts where the result is finite, and so large that rounding cannot
 * have been an underflow.
 */

export let answer: u64 = 0;

const INFINITY: u64 = 0x7ff0000000000000;
/** Twice the least normal numbers: below them a rounded result may have been tiny. */
const LEAST: u64 = 0x0020000000000000;
/** The leading bit of a significand, as an end to its zeros. */
const HIDDEN: u64 = 0x0010000000000000;
const INFINITY_S: u32 = 0x7f800000;
const LEAST_S: u32 = 0x01000000;

// @ts-ignore: decorator
@inline
function isFinite64(a: u64): bool {
  return (a & INFINITY) != INFINITY;
}

// @ts-ignore: decorator
@inline
function isFinite32(a: u32): bool {
  return (a & INFINITY_S) != INFINITY_S;
}

/** Finite, and not near zero. */
// @ts-ignore: decorator
@inline
function isPlain64(a: u64): bool {
  return (a & 0x7fffffffffffffff) - LEAST < INFINITY - LEAST;
}

// @ts-ignore: decorator
@inline
function isPlain32(a: u32): bool {
  return (a & 0x7fffffff) - LEAST_S < INFINITY_S - LEAST_S;
}

/** What a sum lost, exactly. */
// @ts-ignore: decorator
@inline
function lost(x: f64, y: f64, sum: f64): f64 {
  const part = sum - x;
  return x - (sum - part) + (y - part);
}

/** A sum and its loss as a number of an odd last bit, so that rounding it again does no harm. */
// @ts-ignore: decorator
@inline
function toOdd(sum: f64, loss: f64): f64 {
  const bits = reinterpret<u64>(sum);
  if (loss == 0 || (bits & 1) != 0) return sum;
  return reinterpret<f64>(loss > 0 == sum > 0 ? bits + 1 : bits - 1);
}

// @ts-ignore: decorator
@inline
function single(a: u64): f32 {
  return reinterpret<f32>(<u32>a);
}

export function add(double: bool, a: u64, b: u64, inexact: bool): bool {
  if (double) {
    const x = reinterpret<f64>(a);
    const y = reinterpret<f64>(b);
    const r = x + y;
    answer = reinterpret<u64>(r);
    return isFinite64(answer) && (inexact || lost(x, y, r) == 0);
  }
  const x = single(a);
  const y = single(b);
  const r = x + y;
  const bits = reinterpret<u32>(r);
  answer = bits;
  if (!isFinite32(bits)) return false;
  if (inexact) return true;
  const part: f32 = r - x;
  return x - (r - part) + (y - part) == 0;
}

export function mul(double: bool, a: u64, b: u64, inexact: bool): bool {
  if (double) {
    const x = reinterpret<f64>(a);
    const y = reinterpret<f64>(b);
    const r = x * y;
    answer = reinterpret<u64>(r);
    if (r == 0) return x == 0 || y == 0;
    // factors of so few bits that all of the product's are there
    return isPlain64(answer) && (inexact || ctz(a | HIDDEN) + ctz(b | HIDDEN) >= 53);
  }
  const exact = <f64>single(a) * <f64>single(b);
  const r = <f32>exact;
  const bits = reinterpret<u32>(r);
  answer = bits;
  if (exact == 0) return true;
  return isPlain32(bits) && (inexact || <f64>r == exact);
}

export function div(double: bool, a: u64, b: u64): bool {
  if (double) {
    answer = reinterpret<u64>(reinterpret<f64>(a) / reinterpret<f64>(b));
    return isPlain64(answer);
  }
  const bits = reinterpret<u32>(single(a) / single(b));
  answer = bits;
  return isPlain32(bits);
}

export function sqrt(double: bool, a: u64): bool {
  if (double) {
    answer = reinterpret<u64>(f64.sqrt(reinterpret<f64>(a)));
    return isPlain64(answer);
  }
  const bits = reinterpret<u32>(f32.sqrt(single(a)));
  answer = bits;
  return isPlain32(bits);
}

/** Whether an exponent is so moderate that neither products nor what they lose are out of range. */
// @ts-ignore: decorator
@inline
function isModerate(a: u64): bool {
  return ((a >> 52) & 0x7ff) - 623 < 800;
}

/** Half of a factor's bits; the rest is what it lacks. */
// @ts-ignore: decorator
@inline
function upper(x: f64): f64 {
  const scaled = 134217729.0 * x;
  return scaled - (scaled - x);
}

/** c + a * b, by Boldo and Melquiond: the exact product, then a sum of three that is rounded to odd but for the last. */
export function mulAdd(double: bool, c: u64, a: u64, b: u64, inexact: bool): bool {
  if (double) {
    if (!inexact || !isModerate(a) || !isModerate(b) || !isModerate(c)) return false;
    const x = reinterpret<f64>(a);
    const y = reinterpret<f64>(b);
    const z = reinterpret<f64>(c);
    const p = x * y;
    const xh = upper(x);
    const xl = x - xh;
    const yh = upper(y);
    const yl = y - yh;
    const rest = xh * yh - p + xh * yl + xl * yh + xl * yl;
    const t = z + rest;
    const v = p + t;
    const tl = lost(z, rest, t);
    const vl = lost(p, t, v);
    const low = tl + vl;
    answer = reinterpret<u64>(v + toOdd(low, lost(tl, vl, low)));
    return isPlain64(answer);
  }
  const p = <f64>single(a) * <f64>single(b);
  const z = <f64>single(c);
  const sum = p + z;
  const loss = lost(p, z, sum);
  const r = <f32>toOdd(sum, loss);
  const bits = reinterpret<u32>(r);
  answer = bits;
  if (sum == 0) return true;
  return isPlain32(bits) && (inexact || (loss == 0 && <f64>r == sum));
}

/** NZCV in bits 3:0, or 0 where one is a NaN. */
export function compare(double: bool, a: u64, b: u64): u32 {
  const x = double ? reinterpret<f64>(a) : <f64>single(a);
  const y = double ? reinterpret<f64>(b) : <f64>single(b);
  return x == y ? 6 : x < y ? 8 : x > y ? 2 : 0;
}

/** A single to a double or back. */
export function convert(toDouble: bool, a: u64, inexact: bool): bool {
  if (toDouble) {
    const r = <f64>single(a);
    answer = reinterpret<u64>(r);
    return r == r;
  }
  const x = reinterpret<f64>(a);
  const r = <f32>x;
  const bits = reinterpret<u32>(r);
  answer = bits;
  if (x == 0) return true;
  return isPlain32(bits) && (inexact || <f64>r == x);
}
