/** Reciprocals and reciprocal square roots: estimates, and the steps that improve them. */

import {
  AH, bias, DZC, expBits, FINITE, fpcr, fracBits, fused, FZ, FZ16, H, INF, infinity, invalid, IXC, loud, maxNormal, neg,
  NEGINF, noDenormals, OFC, POSINF, processDenormals, processException, processNaN, processNaNs, QNAN, rmode, round, S,
  signed, silence, TIEEVEN, uClass, uExp, UFC, unpack, uSig, uSign, ZERO,
} from "./softfloat.as";

/** FPRecipStepFused(): 2 - a * b. */
export function recipStep(f: u32, a: u64, b: u64): u64 {
  return stepOf(f, neg(f, a), b, 0);
}

/** FPRSqrtStepFused(): (3 - a * b) / 2. */
export function rsqrtStep(f: u32, a: u64, b: u64): u64 {
  return stepOf(f, neg(f, a), b, 1);
}

function stepOf(f: u32, a: u64, b: u64, halve: i32): u64 {
  if ((fpcr & AH) == 0) return step(f, a, b, halve);
  const control = fpcr;
  const before = silence();
  const r = step(f, a, b, halve);
  loud(control, before);
  return r;
}

function step(f: u32, a: u64, b: u64, halve: i32): u64 {
  noDenormals();
  unpack(f, a);
  const as = uSign;
  const ac = uClass;
  const ae = uExp;
  const am = uSig;
  unpack(f, b);
  const bc = uClass;
  if (ac >= QNAN || bc >= QNAN) return processNaNs(f, a, b, ac, bc);
  processDenormals();
  const sign = as ^ uSign;
  // two is 2^1, three is 1.5 * 2^1
  const exponent = 1 - halve;
  const sig: u64 = halve != 0 ? 0x6000000000000000 : 0x4000000000000000;
  if (ac == INF || bc == INF) {
    if (ac == ZERO || bc == ZERO) return round(f, 0, exponent, sig, rmode());
    return infinity(f, sign);
  }
  if (ac == ZERO || bc == ZERO) return round(f, 0, exponent, sig, rmode());
  return fused(f, 0, FINITE, exponent, sig, sign, ae + uExp - halve, am, uSig, rmode());
}

/** RecipEstimate(): of 9 bits, 256 to 511, or of 12 bits, 2048 to 4095. */
function recipTable(n: u32, fine: bool): u32 {
  return ((1 << (fine ? 26 : 19)) / (2 * n + 1) + 1) / 2;
}

/** RecipSqrtEstimate(): half of the largest number whose square times n is below a limit. */
function rsqrtTable(n: u32, fine: bool): u32 {
  const half: u32 = fine ? 2048 : 256;
  const a: u64 = n >= half ? 2 * (n | 1) : 2 * n + 1;
  const limit: u64 = (<u64>1) << (fine ? 39 : 28);
  let b = <u64>f64.sqrt(<f64>limit / <f64>a);
  while (a * b * b >= limit) b--;
  return <u32>((b + 1) / 2);
}

/** Whether an estimate has 12 bits: FEAT_RPRES. */
// @ts-ignore: decorator
@inline
function increased(f: u32): bool {
  return f == S && (fpcr & AH) != 0;
}

export function recipEstimate(f: u32, a: u64): u64 {
  if ((fpcr & AH) == 0) return recipEstimateOf(f, a);
  const control = fpcr;
  const before = silence();
  const r = recipEstimateOf(f, a);
  loud(control, before);
  return r;
}

function recipEstimateOf(f: u32, a: u64): u64 {
  unpack(f, a);
  if (uClass >= QNAN) return processNaN(f, a, uClass);
  if (uClass == INF) return signed(f, uSign);
  if (uClass == ZERO) {
    processException(DZC);
    return infinity(f, uSign);
  }
  const least = 1 - bias(f);
  const sign = uSign;
  if (uExp < least - 2) {
    processException(OFC | IXC);
    const up = rmode() == TIEEVEN || (rmode() == POSINF && sign == 0) || (rmode() == NEGINF && sign != 0);
    return up ? infinity(f, sign) : maxNormal(f, sign);
  }
  const flush = f == H ? (fpcr & FZ16) != 0 : (fpcr & FZ) != 0;
  if (flush && uExp >= bias(f) - 1) {
    processException(UFC);
    return signed(f, sign);
  }
  const frac = fracBits(f);
  const fine = increased(f);
  const estimate: u64 = fine ? recipTable(<u32>(uSig >> 51), true) : recipTable(<u32>(uSig >> 54), false);
  // the estimate is 256 to 511, of 2^8; its leading one is hidden
  let m: u64 = fine ? (estimate & 0xfff) << (frac - 12) : (estimate & 0xff) << (frac - 8);
  let e = 2 * bias(f) - 1 - (uExp + bias(f));
  if (e == 0) m = (m >> 1) | ((<u64>1) << (frac - 1));
  else if (e == -1) {
    m = (m >> 2) | ((<u64>1) << (frac - 2));
    e = 0;
  }
  return signed(f, sign) | ((<u64>e) << frac) | m;
}

export function rsqrtEstimate(f: u32, a: u64): u64 {
  if ((fpcr & AH) == 0) return rsqrtEstimateOf(f, a);
  const control = fpcr;
  const before = silence();
  const r = rsqrtEstimateOf(f, a);
  loud(control, before);
  return r;
}

function rsqrtEstimateOf(f: u32, a: u64): u64 {
  unpack(f, a);
  if (uClass >= QNAN) return processNaN(f, a, uClass);
  if (uClass == ZERO) {
    processException(DZC);
    return infinity(f, uSign);
  }
  if (uSign != 0) return invalid(f);
  if (uClass == INF) return 0;
  const frac = fracBits(f);
  const fine = increased(f);
  // an odd exponent takes the upper half of the table
  const biased = uExp + bias(f);
  const even = (biased & 1) == 0;
  let estimate: u64;
  if (fine) estimate = rsqrtTable(<u32>(even ? uSig >> 51 : uSig >> 52), true);
  else estimate = rsqrtTable(<u32>(even ? uSig >> 54 : uSig >> 55), false);
  const e = (3 * bias(f) - 1 - biased) >> 1;
  const m: u64 = fine ? (estimate & 0xfff) << (frac - 12) : (estimate & 0xff) << (frac - 8);
  return ((<u64>e) << frac) | m;
}

/** FPRecpX() */
export function recipExponent(f: u32, a: u64): u64 {
  const control = fpcr;
  const silent = (control & AH) != 0;
  const before = silent ? silence() : 0;
  unpack(f, a);
  let r: u64;
  if (uClass >= QNAN) r = processNaN(f, a, uClass);
  else {
    const top = ((<u64>1) << expBits(f)) - 1;
    const e = (a >> fracBits(f)) & top;
    r = signed(f, uSign) | ((e == 0 ? top - 1 : ~e & top) << fracBits(f));
  }
  if (silent) loud(control, before);
  return r;
}

/** UnsignedRecipEstimate() */
export function unsignedRecip(a: u32): u32 {
  return a >> 31 == 0 ? 0xffffffff : recipTable(a >> 23, false) << 23;
}

/** UnsignedRSqrtEstimate() */
export function unsignedRsqrt(a: u32): u32 {
  return a >> 30 == 0 ? 0xffffffff : rsqrtTable(a >> 23, false) << 23;
}
