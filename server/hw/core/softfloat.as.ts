/**
 * Floating point as the Arm ARM's pseudocode has it: results and flags bit for bit, in all rounding modes, with
 * flushing to zero, default NaNs and FEAT_AFP. A format is a number: 0 half, 1 single, 2 double, 3 BFloat16.
 *
 * A finite value is unpacked to sign, exponent and significand: significand / 2^62 * 2^exponent, with bit 62 set.
 * The globals live no longer than one instruction.
 */

import * as Hard from "./hardfloat.as";

export const H: u32 = 0;
export const S: u32 = 1;
export const D: u32 = 2;
export const BF: u32 = 3;

// FPSR
export const IOC: u32 = 1;
export const DZC: u32 = 2;
export const OFC: u32 = 4;
export const UFC: u32 = 8;
export const IXC: u32 = 16;
const IDC: u32 = 128;
export const QC: u32 = 1 << 27;

// FPCR
export const FIZ: u32 = 1;
export const AH: u32 = 2;
export const FZ16: u32 = 1 << 19;
export const FZ: u32 = 1 << 24;
export const DN: u32 = 1 << 25;
export const AHP: u32 = 1 << 26;
const RMODE: u32 = 3 << 22;
export const EBF: u32 = 1 << 13;

// roundings; the first four are FPCR.RMode
export const TIEEVEN: u32 = 0;
export const POSINF: u32 = 1;
export const NEGINF: u32 = 2;
export const TOZERO: u32 = 3;
export const TIEAWAY: u32 = 4;
export const ODD: u32 = 5;
/** To odd, and to infinity what is too large: the sums of BFDOT. */
export const ODD_INF: u32 = 6;

// classes
export const ZERO: u32 = 0;
export const FINITE: u32 = 1;
export const INF: u32 = 2;
export const QNAN: u32 = 3;
export const SNAN: u32 = 4;
/** Flags raised so far by this instruction, at their places in FPSR. */
export let flags: u32 = 0;
export let fpcr: u32 = 0;
/** FPSR before it. */
let status: u32 = 0;

// the last value unpacked
export let uSign: u32 = 0;
export let uClass: u32 = 0;
export let uExp: i32 = 0;
export let uSig: u64 = 0;
/** Whether a denormal was unpacked that AH has flagged where it is used. */
let uDenormal: bool = false;

// @ts-ignore: decorator
@inline
export function begin(control: u32, before: u32): void {
  fpcr = control;
  status = before;
  flags = 0;
}

/** FPCR.RMode */
// @ts-ignore: decorator
@inline
export function rmode(): u32 {
  return (fpcr & RMODE) >> 22;
}

/** Nothing but halves is flushed, and NaNs are the usual ones. */
// @ts-ignore: decorator
@inline
export function plain(): bool {
  return (fpcr & (FZ | FIZ | AH)) == 0;
}

/** Besides, rounding is to nearest: what Wasm computes may do. */
// @ts-ignore: decorator
@inline
export function quick(): bool {
  return (fpcr & (FZ | FIZ | AH | RMODE)) == 0;
}

/** FPSR.IXC was set before. */
// @ts-ignore: decorator
@inline
export function inexact(): bool {
  return (status & IXC) != 0;
}

/** Before the operands of an operation are unpacked. */
// @ts-ignore: decorator
@inline
export function noDenormals(): void {
  uDenormal = false;
}

/** FPProcessException() */
// @ts-ignore: decorator
@inline
export function processException(which: u32): void {
  flags |= which;
}

/** Lets what is computed from here on raise nothing, and gives the flags so far. */
export function quiet(control: u32): u32 {
  const before = flags;
  fpcr = control;
  return before;
}

/** What AH does to estimates, their steps and BFloat16: to nearest, without denormals and flags. */
export function silence(): u32 {
  return quiet((fpcr | FIZ | FZ) & ~RMODE);
}

/** Ends what quiet() or silence() began. */
export function loud(control: u32, before: u32): void {
  fpcr = control;
  flags = before;
}

// @ts-ignore: decorator
@inline
export function fracBits(f: u32): u32 {
  return f == 2 ? 52 : f == 1 ? 23 : f == 0 ? 10 : 7;
}

// @ts-ignore: decorator
@inline
export function expBits(f: u32): u32 {
  return f == 2 ? 11 : f == 0 ? 5 : 8;
}

// @ts-ignore: decorator
@inline
export function bias(f: u32): i32 {
  return f == 2 ? 1023 : f == 0 ? 15 : 127;
}

// @ts-ignore: decorator
@inline
export function width(f: u32): u32 {
  return f == 2 ? 64 : f == 1 ? 32 : 16;
}

// @ts-ignore: decorator
@inline
function signBit(f: u32): u64 {
  return (<u64>1) << (width(f) - 1);
}

// @ts-ignore: decorator
@inline
export function signed(f: u32, sign: u32): u64 {
  return (<u64>sign) << (width(f) - 1);
}

export function infinity(f: u32, sign: u32): u64 {
  return signed(f, sign) | ((((<u64>1) << expBits(f)) - 1) << fracBits(f));
}

export function maxNormal(f: u32, sign: u32): u64 {
  return infinity(f, sign) - 1;
}

export function defaultNaN(f: u32): u64 {
  return infinity(f, fpcr & AH ? 1 : 0) | ((<u64>1) << (fracBits(f) - 1));
}

export function power(f: u32, sign: u32, exponent: i32): u64 {
  return signed(f, sign) | ((<u64>(exponent + bias(f))) << fracBits(f));
}

// @ts-ignore: decorator
@inline
function isSingleOrDouble(f: u32): bool {
  return f - 1 < 2;
}

/** Shifts right; what falls out is kept in the lowest bit. */
// @ts-ignore: decorator
@inline
function jam(a: u64, n: u32): u64 {
  if (n == 0) return a;
  if (n > 63) return a != 0 ? 1 : 0;
  return (a >> n) | (a << (64 - n) != 0 ? 1 : 0);
}

/** FPUnpack(), with or without FZ16, and with the alternative half format. */
export function unpackAs(f: u32, a: u64, flush16: bool, ahp: bool): void {
  const frac = fracBits(f);
  const ebits = expBits(f);
  uSign = <u32>(a >> (frac + ebits)) & 1;
  const e = <u32>(a >> frac) & ((1 << ebits) - 1);
  const m = a & (((<u64>1) << frac) - 1);
  if (e == 0) {
    uClass = ZERO;
    if (m == 0) return;
    if (f == H) {
      if (flush16) return;
    } else {
      const ah = (fpcr & AH) != 0;
      if ((fpcr & FIZ) != 0 || ((fpcr & FZ) != 0 && !ah)) {
        if ((fpcr & FZ) != 0 && !ah) processException(IDC);
        return;
      }
      if (ah) uDenormal = true;
    }
    uClass = FINITE;
    const z = <u32>clz(m);
    uSig = (m << z) >> 1;
    uExp = 1 - bias(f) - <i32>frac + 63 - <i32>z;
    return;
  }
  if (e == <u32>((1 << ebits) - 1) && !ahp) {
    if (m == 0) uClass = INF;
    else uClass = (m >> (frac - 1)) & 1 ? QNAN : SNAN;
    return;
  }
  uClass = FINITE;
  uSig = (m | ((<u64>1) << frac)) << (62 - frac);
  uExp = <i32>e - bias(f);
}

// @ts-ignore: decorator
@inline
export function unpack(f: u32, a: u64): void {
  unpackAs(f, a, (fpcr & FZ16) != 0, false);
}

/** FPProcessDenorms(): with AH, of operands that are no NaNs. */
// @ts-ignore: decorator
@inline
export function processDenormals(): void {
  if (uDenormal) processException(IDC);
}

/** FPRound() of significand / 2^62 * 2^exponent; the significand is not zero, its bits may stand anywhere. */
export function round(f: u32, sign: u32, exponent: i32, significand: u64, mode: u32): u64 {
  return roundAs(f, sign, exponent, significand, mode, (fpcr & FZ16) != 0, false);
}

// @ts-ignore: decorator
@inline
export function roundsUp(mode: u32, sign: u32, odd: bool, error: u64, half: u64): bool {
  switch (mode) {
    case TIEEVEN:
      return error > half || (error == half && odd);
    case POSINF:
      return error != 0 && sign == 0;
    case NEGINF:
      return error != 0 && sign != 0;
    case TIEAWAY:
      return error >= half;
    default:
      return false;
  }
}

export function roundAs(f: u32, sign: u32, exponent: i32, significand: u64, mode: u32, flush16: bool, ahp: bool): u64 {
  const z = <u32>clz(significand);
  let sig = significand << z;
  let exp = exponent + 1 - <i32>z;
  const frac = fracBits(f);
  const least = 1 - bias(f);
  const ah = (fpcr & AH) != 0;
  const flush = f == H ? flush16 : (fpcr & FZ) != 0;
  const cut = 63 - frac;
  const mask: u64 = ((<u64>1) << cut) - 1;
  const half: u64 = (<u64>1) << (cut - 1);
  let biased: i32;
  if (exp < least) {
    if (flush && !ah) {
      processException(UFC);
      return signed(f, sign);
    }
    // with AH, what is tiny is seen after rounding to the full precision
    if (ah) {
      let m = sig >> cut;
      if (roundsUp(mode, sign, (m & 1) != 0, sig & mask, half)) m++;
      const tiny = !(exp == least - 1 && m >> (frac + 1) != 0);
      if (tiny && flush) {
        processException(UFC | IXC);
        return signed(f, sign);
      }
      if (tiny && (jam(sig, <u32>(least - exp)) & mask) != 0) processException(UFC);
    }
    sig = jam(sig, <u32>(least - exp));
    biased = 0;
  } else biased = exp - least + 1;
  let m = sig >> cut;
  const error = sig & mask;
  if (biased == 0 && error != 0 && !ah) processException(UFC);
  if (roundsUp(mode, sign, (m & 1) != 0, error, half)) {
    m++;
    if (m == (<u64>1) << frac) biased = 1;
    else if (m == (<u64>1) << (frac + 1)) {
      biased++;
      m >>= 1;
    }
  } else if (error != 0 && mode >= ODD) m |= 1;
  const top = (1 << expBits(f)) - 1;
  if (ahp) {
    if (biased > top) {
      processException(IOC);
      return signed(f, sign) | 0x7fff;
    }
  } else if (biased >= top) {
    processException(OFC | IXC);
    const up =
      mode == TIEEVEN ||
      mode == TIEAWAY ||
      mode == ODD_INF ||
      (mode == POSINF && sign == 0) ||
      (mode == NEGINF && sign != 0);
    return up ? infinity(f, sign) : maxNormal(f, sign);
  }
  if (error != 0) processException(IXC);
  return signed(f, sign) | ((<u64>biased) << frac) | (m & (((<u64>1) << frac) - 1));
}

/** A NaN made quiet, or the default one. */
function quieted(f: u32, a: u64): u64 {
  if (fpcr & DN) return defaultNaN(f);
  return a | ((<u64>1) << (fracBits(f) - 1));
}

export function processNaN(f: u32, a: u64, kind: u32): u64 {
  if (kind == SNAN) processException(IOC);
  return quieted(f, a);
}

/** FPProcessNaNs(); one of the classes is a NaN's. */
export function processNaNs(f: u32, a: u64, b: u64, ac: u32, bc: u32): u64 {
  if (ac == SNAN || bc == SNAN) processException(IOC);
  if (fpcr & AH) return quieted(f, ac >= QNAN ? a : b);
  if (ac == SNAN) return quieted(f, a);
  if (bc == SNAN) return quieted(f, b);
  return quieted(f, ac == QNAN ? a : b);
}

function processNaNs3(f: u32, a: u64, b: u64, c: u64, ac: u32, bc: u32, cc: u32): u64 {
  if (ac == SNAN || bc == SNAN || cc == SNAN) processException(IOC);
  // AH: the factors before the addend
  if (fpcr & AH) return quieted(f, bc >= QNAN ? b : cc >= QNAN ? c : a);
  if (ac == SNAN) return quieted(f, a);
  if (bc == SNAN) return quieted(f, b);
  if (cc == SNAN) return quieted(f, c);
  return quieted(f, ac == QNAN ? a : bc == QNAN ? b : c);
}

export function invalid(f: u32): u64 {
  processException(IOC);
  return defaultNaN(f);
}

/** FPNeg(); with AH a NaN stays as it is. */
export function neg(f: u32, a: u64): u64 {
  if ((fpcr & AH) != 0 && isNaN(f, a)) return a;
  return a ^ signBit(f);
}

export function abs(f: u32, a: u64): u64 {
  if ((fpcr & AH) != 0 && isNaN(f, a)) return a;
  return a & ~signBit(f);
}

function isNaN(f: u32, a: u64): bool {
  return (a & (signBit(f) - 1)) > infinity(f, 0);
}

/** FPAdd(), and with `minus` FPSub(). */
export function add(f: u32, a: u64, b: u64, minus: bool): u64 {
  if (quick() && isSingleOrDouble(f) && Hard.add(f == D, a, minus ? b ^ signBit(f) : b, inexact())) return Hard.answer;
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
  const bs = uSign ^ (minus ? 1 : 0);
  return sum(f, as, ac, ae, am, bs, bc, uExp, uSig, rmode());
}

/** The rounded sum of two values that are no NaNs. */
export function sum(f: u32, as: u32, ac: u32, ae: i32, am: u64, bs: u32, bc: u32, be: i32, bm: u64, mode: u32): u64 {
  if (ac == INF || bc == INF) {
    if (ac == INF && bc == INF && as != bs) return invalid(f);
    return infinity(f, ac == INF ? as : bs);
  }
  if (ac == ZERO) {
    if (bc == ZERO) return signed(f, as == bs ? as : mode == NEGINF ? 1 : 0);
    return round(f, bs, be, bm, mode);
  }
  if (bc == ZERO) return round(f, as, ae, am, mode);
  if (ae < be || (ae == be && am < bm)) return sum(f, bs, bc, be, bm, as, ac, ae, am, mode);
  bm = jam(bm, <u32>(ae - be));
  const r = as == bs ? am + bm : am - bm;
  if (r == 0) return signed(f, mode == NEGINF ? 1 : 0);
  return round(f, as, ae, r, mode);
}

// 128 bits: the high half of a product is here, the low half is returned
export let high: u64 = 0;

export function mulWide(a: u64, b: u64): u64 {
  const al = a & 0xffffffff;
  const ah = a >> 32;
  const bl = b & 0xffffffff;
  const bh = b >> 32;
  const ll = al * bl;
  const lh = al * bh;
  const hl = ah * bl;
  const mid = (ll >> 32) + (lh & 0xffffffff) + (hl & 0xffffffff);
  high = ah * bh + (lh >> 32) + (hl >> 32) + (mid >> 32);
  return (mid << 32) | (ll & 0xffffffff);
}

/** The significand of a product of two, kept to 64 bits. */
// @ts-ignore: decorator
@inline
export function product(am: u64, bm: u64): u64 {
  const low = mulWide(am, bm);
  return (high << 2) | (low >> 62) | (low << 2 != 0 ? 1 : 0);
}

/** FPMul(); `extended` is FPMulX(): zero times infinity is two. */
export function mul(f: u32, a: u64, b: u64, extended: bool): u64 {
  if (quick() && isSingleOrDouble(f) && Hard.mul(f == D, a, b, inexact())) return Hard.answer;
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
  if (ac == INF || bc == INF) {
    if (ac == ZERO || bc == ZERO) return extended ? power(f, sign, 1) : invalid(f);
    return infinity(f, sign);
  }
  if (ac == ZERO || bc == ZERO) return signed(f, sign);
  return round(f, sign, ae + uExp, product(am, uSig), rmode());
}

/** 128 bits by 64; the quotient fits, the divisor's top bit is set. The remainder is left in `high`. */
function divWide(hi: u64, lo: u64, d: u64): u64 {
  const dh = d >> 32;
  const dl = d & 0xffffffff;
  let rest = hi;
  let q: u64 = 0;
  for (let i = 0; i < 2; i++) {
    const digit = i == 0 ? lo >> 32 : lo & 0xffffffff;
    let qd = rest / dh;
    let r = rest - qd * dh;
    while (qd >> 32 != 0 || qd * dl > ((r << 32) | digit)) {
      qd--;
      r += dh;
      if (r >> 32 != 0) break;
    }
    rest = ((rest << 32) | digit) - qd * d;
    q = (q << 32) | qd;
  }
  high = rest;
  return q;
}

export function div(f: u32, a: u64, b: u64): u64 {
  if (quick() && inexact() && isSingleOrDouble(f) && Hard.div(f == D, a, b)) return Hard.answer;
  noDenormals();
  unpack(f, a);
  const as = uSign;
  const ac = uClass;
  const ae = uExp;
  const am = uSig;
  unpack(f, b);
  const bc = uClass;
  if (ac >= QNAN || bc >= QNAN) return processNaNs(f, a, b, ac, bc);
  const sign = as ^ uSign;
  if ((ac == INF && bc == INF) || (ac == ZERO && bc == ZERO)) return invalid(f);
  if (bc != ZERO) processDenormals();
  if (ac == INF || bc == ZERO) {
    if (ac != INF) processException(DZC);
    return infinity(f, sign);
  }
  if (ac == ZERO || bc == INF) return signed(f, sign);
  // am / (2 * bm) < 1, as 64 bits
  const q = divWide(am, 0, uSig << 1);
  return round(f, sign, ae - uExp - 1, q | (high != 0 ? 1 : 0), rmode());
}

export function sqrt(f: u32, a: u64): u64 {
  if (quick() && inexact() && isSingleOrDouble(f) && Hard.sqrt(f == D, a)) return Hard.answer;
  noDenormals();
  unpack(f, a);
  if (uClass >= QNAN) return processNaN(f, a, uClass);
  if (uClass == ZERO) return signed(f, uSign);
  if (uSign != 0) return invalid(f);
  if (uClass == INF) return infinity(f, 0);
  processDenormals();
  // the exponent is made even
  const odd = uExp & 1;
  const radicand = uSig << (odd != 0 ? 1 : 0);
  return round(f, 0, (uExp - odd) / 2, rootOf(radicand), rmode());
}

/** The root of n * 2^62, with what it lacks in the lowest bit; n has bit 62 or 63, the root bit 62. */
function rootOf(n: u64): u64 {
  // some thousands off at most; each step then takes the error over twice the root
  let r = <u64>(f64.sqrt(<f64>n) * 2147483648.0);
  while (true) {
    const low = mulWide(r, r);
    const nl = n << 62;
    const dl = nl - low;
    const dh = <i64>((n >> 2) - high - (nl < low ? 1 : 0));
    if (dh == 0 && dl <= 2 * r) return r | (dl != 0 ? 1 : 0);
    const by = <i64>((<f64>dh * 18446744073709551616.0 + <f64>dl) / (2.0 * <f64>r));
    r += by != 0 ? by : dh < 0 ? -1 : 1;
  }
}

/** FPMulAdd(): c + a * b with one rounding. */
export function mulAdd(f: u32, c: u64, a: u64, b: u64): u64 {
  if (quick() && isSingleOrDouble(f) && Hard.mulAdd(f == D, c, a, b, inexact())) return Hard.answer;
  return mulAddOf(f, c, f, a, b);
}

/** FPMulAdd() or, for factors of half precision and an addend of single, FPMulAddH(). */
export function mulAddOf(f: u32, c: u64, g: u32, a: u64, b: u64): u64 {
  noDenormals();
  unpack(f, c);
  const cs = uSign;
  const cc = uClass;
  const ce = uExp;
  const cm = uSig;
  unpack(g, a);
  const as = uSign;
  const ac = uClass;
  const ae = uExp;
  const am = uSig;
  unpack(g, b);
  const bc = uClass;
  const bs = uSign;
  const be = uExp;
  const bm = uSig;
  const impossible = (ac == INF && bc == ZERO) || (ac == ZERO && bc == INF);
  if (ac >= QNAN || bc >= QNAN || cc >= QNAN) {
    if (cc == QNAN && impossible && (fpcr & AH) == 0) return invalid(f);
    if (f != g) {
      a = widenNaN(a, ac);
      b = widenNaN(b, bc);
    }
    return processNaNs3(f, c, a, b, cc, ac, bc);
  }
  const ps = as ^ bs;
  const pInf = ac == INF || bc == INF;
  if (impossible || (cc == INF && pInf && cs != ps)) return invalid(f);
  processDenormals();
  if (cc == INF) return infinity(f, cs);
  if (pInf) return infinity(f, ps);
  if (ac == ZERO || bc == ZERO) {
    if (cc == ZERO) return signed(f, cs == ps ? cs : rmode() == NEGINF ? 1 : 0);
    return round(f, cs, ce, cm, rmode());
  }
  return fused(f, cs, cc, ce, cm, ps, ae + be, am, bm, rmode());
}

/** A half NaN as a single one, so that it can be passed on. */
function widenNaN(a: u64, kind: u32): u64 {
  if (kind < QNAN) return a;
  return ((a & 0x8000) << 16) | 0x7f800000 | ((a & 0x3ff) << 13);
}

/** c + am * bm, all finite, c perhaps zero. */
export function fused(f: u32, cs: u32, cc: u32, ce: i32, cm: u64, ps: u32, pe: i32, am: u64, bm: u64, mode: u32): u64 {
  let pl = mulWide(am, bm);
  let ph = high;
  if (cc == ZERO) return round(f, ps, pe, (ph << 2) | (pl >> 62) | (pl << 2 != 0 ? 1 : 0), mode);
  return sumWide(f, cs, ce, cm >> 2, cm << 62, ps, pe, ph, pl, mode);
}

/** The rounded sum of two of 128 bits, hi:lo / 2^124 * 2^exponent; none is zero. */
export function sumWide(f: u32, cs: u32, ce: i32, ch: u64, cl: u64, ps: u32, pe: i32, ph: u64, pl: u64, mode: u32): u64 {
  let exp = pe;
  if (ce > pe) {
    exp = ce;
    pl = jamWide(ph, pl, <u32>(ce - pe));
    ph = high;
  } else {
    cl = jamWide(ch, cl, <u32>(pe - ce));
    ch = high;
  }
  let rh: u64;
  let rl: u64;
  let sign = ps;
  if (cs == ps) {
    rl = pl + cl;
    rh = ph + ch + (rl < pl ? 1 : 0);
  } else if (ph > ch || (ph == ch && pl >= cl)) {
    rl = pl - cl;
    rh = ph - ch - (pl < cl ? 1 : 0);
  } else {
    sign = cs;
    rl = cl - pl;
    rh = ch - ph - (cl < pl ? 1 : 0);
  }
  if (rh == 0) {
    if (rl == 0) return signed(f, mode == NEGINF ? 1 : 0);
    return round(f, sign, exp - 62, rl, mode);
  }
  const z = <u32>clz(rh);
  if (z != 0) {
    rh = (rh << z) | (rl >> (64 - z));
    rl <<= z;
  }
  return round(f, sign, exp + 2 - <i32>z, rh | (rl != 0 ? 1 : 0), mode);
}

/** Shifts 128 bits right; the high half is left in `high`. */
function jamWide(hi: u64, lo: u64, n: u32): u64 {
  if (n == 0) {
    high = hi;
    return lo;
  }
  if (n < 64) {
    high = hi >> n;
    return (hi << (64 - n)) | (lo >> n) | (lo << (64 - n) != 0 ? 1 : 0);
  }
  high = 0;
  if (n == 64) return hi | (lo != 0 ? 1 : 0);
  if (n > 127) return 1;
  return (hi >> (n - 64)) | (hi << (128 - n) != 0 || lo != 0 ? 1 : 0);
}

/** FPCompare(): NZCV in bits 3:0. */
export function compare(f: u32, a: u64, b: u64, signalNaNs: bool): u32 {
  if (plain() && isSingleOrDouble(f)) {
    const nzcv = Hard.compare(f == D, a, b);
    if (nzcv != 0) return nzcv;
  }
  noDenormals();
  unpack(f, a);
  const ac = uClass;
  const as = uSign;
  unpack(f, b);
  const bc = uClass;
  if (ac >= QNAN || bc >= QNAN) {
    if (signalNaNs || ac == SNAN || bc == SNAN) processException(IOC);
    return 3;
  }
  processDenormals();
  // what was flushed counts as zero
  const x = ac == ZERO ? 0 : order(f, a, as);
  const y = bc == ZERO ? 0 : order(f, b, uSign);
  return x == y ? 6 : x < y ? 8 : 2;
}

/** A number that compares as the value does. */
// @ts-ignore: decorator
@inline
function order(f: u32, a: u64, sign: u32): i64 {
  const magnitude = <i64>(a & (signBit(f) - 1));
  return sign != 0 ? -magnitude : magnitude;
}

/** FPMax() and FPMin(). */
export function maxMin(f: u32, a: u64, b: u64, min: bool): u64 {
  noDenormals();
  unpack(f, a);
  const ac = uClass;
  const as = uSign;
  unpack(f, b);
  const bc = uClass;
  const bs = uSign;
  if (fpcr & AH) {
    // the second where one is a NaN or both are zeros
    if (ac >= QNAN || bc >= QNAN) {
      processException(IOC);
      return bc == ZERO ? signed(f, bs) : b;
    }
    processDenormals();
    if (ac == ZERO && bc == ZERO) return signed(f, bs);
  } else if (ac >= QNAN || bc >= QNAN) return processNaNs(f, a, b, ac, bc);
  return extreme(f, a, b, ac, bc, as, bs, min);
}

/** The larger or lesser of two that are no NaNs; of zeros by their signs. */
function extreme(f: u32, a: u64, b: u64, ac: u32, bc: u32, as: u32, bs: u32, min: bool): u64 {
  if (ac == ZERO && bc == ZERO) return signed(f, min ? as | bs : as & bs);
  const x = ac == ZERO ? 0 : order(f, a, as);
  const y = bc == ZERO ? 0 : order(f, b, bs);
  if (min ? x < y : x > y) return ac == ZERO ? signed(f, as) : a;
  return bc == ZERO ? signed(f, bs) : b;
}

/** FPMaxNum() and FPMinNum(): a quiet NaN gives way to a number. */
export function maxMinNum(f: u32, a: u64, b: u64, min: bool): u64 {
  noDenormals();
  unpack(f, a);
  const ac = uClass;
  const as = uSign;
  unpack(f, b);
  const bc = uClass;
  const bs = uSign;
  const aGives = ac == QNAN && bc < QNAN;
  const bGives = bc == QNAN && ac < QNAN;
  if (!aGives && !bGives && (ac >= QNAN || bc >= QNAN)) return processNaNs(f, a, b, ac, bc);
  processDenormals();
  let r: u64;
  if (aGives) r = bc == ZERO ? signed(f, bs) : b;
  else if (bGives) r = ac == ZERO ? signed(f, as) : a;
  else r = extreme(f, a, b, ac, bc, as, bs, min);
  // with AH, FZ is about results only
  if ((fpcr & (AH | FZ)) == (AH | FZ) && f != H && (r & infinity(f, 0)) == 0 && (r & (signBit(f) - 1)) != 0) {
    processException(UFC | IXC);
    return r & signBit(f);
  }
  return r;
}

/** FPAbs(FPSub()). */
export function absDiff(f: u32, a: u64, b: u64): u64 {
  return abs(f, add(f, a, b, true));
}
