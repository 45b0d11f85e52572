/** Conversions of floating point to and from integers and between formats, and rounding to integers. */

import * as Hard from "./hardfloat.as";
import {
  AH, AHP, BF, D, defaultNaN, DN, expBits, fpcr, fracBits, H, inexact, INF, infinity, IOC, IXC, loud, noDenormals,
  power, processDenormals, processException, processNaN, QNAN, quick, rmode, round, roundAs, roundsUp, S, signed,
  silence, SNAN, TIEEVEN, TOZERO, uClass, uExp, unpack, unpackAs, uSig, uSign, ZERO,
} from "./softfloat.as";

// what a split left of the last value: its integer and, of 64 bits, its fraction
let fraction: u64 = 0;

/** The integer part of significand / 2^62 * 2^exponent for exponents below 64. */
function integerPart(exponent: i32, sig: u64): u64 {
  if (exponent >= 62) {
    fraction = 0;
    return sig << (exponent - 62);
  }
  if (exponent < -1) {
    fraction = 1;
    return 0;
  }
  const n = <u32>(62 - exponent);
  if (n == 63) {
    fraction = sig << 1;
    return 0;
  }
  fraction = sig << (64 - n);
  return sig >> n;
}

const HALF: u64 = 0x8000000000000000;

/** FPToFixed(): a number of `bits` bits, sign extended to 64 where it is signed. */
export function toInteger(f: u32, a: u64, fbits: i32, unsigned: bool, mode: u32, bits: u32): u64 {
  unpack(f, a);
  if (uClass >= QNAN) {
    processException(IOC);
    return 0;
  }
  if (uClass == ZERO) return 0;
  const largest: u64 = unsigned
    ? uSign != 0
      ? 0
      : ~(<u64>0) >> (64 - bits)
    : ((<u64>1) << (bits - 1)) - (uSign != 0 ? 0 : 1);
  const exponent = uExp + fbits;
  if (uClass == INF || exponent > 63) {
    processException(IOC);
    return uSign != 0 ? 0 - largest : largest;
  }
  let n = integerPart(exponent, uSig);
  const error = fraction;
  if (roundsUp(mode, uSign, (n & 1) != 0, error, HALF)) n++;
  if (n > largest) {
    processException(IOC);
    n = largest;
  } else if (error != 0) processException(IXC);
  return uSign != 0 ? 0 - n : n;
}

/** Whether toIntegerJs() lost nothing. */
export let exact: bool = false;

/** FPToFixedJS(): the integer modulo 2^32, and in `exact` whether nothing was lost. */
export function toIntegerJs(a: u64): u64 {
  unpack(D, a);
  exact = true;
  if (uClass == ZERO) {
    // a minus zero, and what was flushed, are no integers
    exact = a == 0;
    return 0;
  }
  if (uClass >= INF) {
    processException(IOC);
    exact = false;
    return 0;
  }
  let n: u64;
  let lost = false;
  if (uExp > 63) {
    const shift = <u32>(uExp - 62);
    n = shift > 63 ? 0 : uSig << shift;
  } else {
    n = integerPart(uExp, uSig);
    lost = fraction != 0;
  }
  const over = uExp > 63 || n > <u64>0x7fffffff + uSign;
  const r = uSign != 0 ? 0 - n : n;
  if (over) {
    processException(IOC);
    exact = false;
  } else if (lost) {
    processException(IXC);
    exact = false;
  }
  return r & 0xffffffff;
}

/** FixedToFP() */
export function fromInteger(f: u32, n: u64, fbits: i32, unsigned: bool, mode: u32): u64 {
  let sign: u32 = 0;
  if (!unsigned && <i64>n < 0) {
    sign = 1;
    n = 0 - n;
  }
  if (n == 0) return 0;
  return round(f, sign, 62 - fbits, n, mode);
}

/** FPRoundInt() */
export function roundInt(f: u32, a: u64, mode: u32, exact: bool): u64 {
  unpack(f, a);
  if (uClass >= QNAN) return processNaN(f, a, uClass);
  if (uClass == INF) return a;
  if (uClass == ZERO) return signed(f, uSign);
  if (uExp >= <i32>fracBits(f)) return a;
  const sign = uSign;
  let n = integerPart(uExp, uSig);
  const error = fraction;
  if (roundsUp(mode, sign, (n & 1) != 0, error, HALF)) n++;
  if (exact && error != 0) processException(IXC);
  if (n == 0) return signed(f, sign);
  return round(f, sign, 62, n, TOZERO);
}

/** FPRoundIntN(): of what does not fit in a signed integer of `bits` bits, the least one. */
export function roundIntN(f: u32, a: u64, mode: u32, bits: u32): u64 {
  unpack(f, a);
  const out = power(f, 1, <i32>bits - 1);
  if (uClass >= INF) {
    processException(IOC);
    return out;
  }
  if (uClass == ZERO) return signed(f, uSign);
  if (uExp >= <i32>bits) {
    processException(IOC);
    return out;
  }
  const sign = uSign;
  let n = integerPart(uExp, uSig);
  const error = fraction;
  if (roundsUp(mode, sign, (n & 1) != 0, error, HALF)) n++;
  if (n > ((<u64>1) << (bits - 1)) - (sign != 0 ? 0 : 1)) {
    processException(IOC);
    return out;
  }
  if (error != 0) processException(IXC);
  if (n == 0) return signed(f, sign);
  return round(f, sign, 62, n, TOZERO);
}

/** FPConvert(), and FPConvertBF() for BF. */
export function convert(from: u32, to: u32, a: u64, mode: u32): u64 {
  if (quick() && mode == TIEEVEN && from + to == S + D && from != BF && to != BF && Hard.convert(to == D, a, inexact()))
    return Hard.answer;
  noDenormals();
  const alternative = (fpcr & AHP) != 0;
  unpackAs(from, a, false, from == H && alternative);
  const sign = uSign;
  if (uClass >= QNAN) {
    const ahp = to == H && alternative;
    if (uClass == SNAN || ahp) processException(IOC);
    if (ahp) return signed(to, sign);
    if (fpcr & DN) return defaultNaN(to);
    const fromFrac = fracBits(from);
    const toFrac = fracBits(to);
    const m = a & (((<u64>1) << fromFrac) - 1);
    const kept = toFrac >= fromFrac ? m << (toFrac - fromFrac) : m >> (fromFrac - toFrac);
    return infinity(to, sign) | kept | ((<u64>1) << (toFrac - 1));
  }
  const ahp = to == H && alternative;
  processDenormals();
  if (uClass == INF) {
    if (!ahp) return infinity(to, sign);
    processException(IOC);
    return signed(H, sign) | 0x7fff;
  }
  if (uClass == ZERO) return signed(to, sign);
  return roundAs(to, sign, uExp, uSig, mode, false, ahp);
}

/** A single to BFloat16; with AH to nearest, without denormals and flags. */
export function convertBf(a: u64): u64 {
  if ((fpcr & AH) == 0) return convert(S, BF, a, rmode());
  const control = fpcr;
  const before = silence();
  const r = convert(S, BF, a, rmode());
  loud(control, before);
  return r;
}

/** VFPExpandImm() */
export function expandImm(f: u32, imm8: u32): u64 {
  const e = expBits(f);
  const frac = fracBits(f);
  const b6 = (imm8 >> 6) & 1;
  const exp: u64 = ((b6 ^ 1) << (e - 1)) | ((b6 != 0 ? (1 << (e - 3)) - 1 : 0) << 2) | ((imm8 >> 4) & 3);
  return signed(f, imm8 >> 7) | (exp << frac) | ((<u64>(imm8 & 15)) << (frac - 4));
}
