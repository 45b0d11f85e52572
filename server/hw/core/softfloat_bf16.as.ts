/** BFloat16: dot products and multiply-add of pairs, which round in their own ways. */

import {
  add, AH, BF, defaultNaN, DN, EBF, FIZ, fpcr, FZ, high, INF, infinity, loud, mulAdd, mulWide, NEGINF, ODD_INF, product,
  QNAN, quiet, rmode, round, S, signed, silence, sum, sumWide, uClass, uExp, unpack, uSig, uSign, ZERO,
} from "./softfloat.as";

/** FPMulAdd() of a single and BFloat16 factors. */
export function mulAddBf(c: u64, a: u64, b: u64): u64 {
  if ((fpcr & AH) == 0) return mulAdd(S, c, a << 16, b << 16);
  const control = fpcr;
  const before = silence();
  const r = mulAdd(S, c, a << 16, b << 16);
  loud(control, before);
  return r;
}

/** BFDotAdd(): an addend and the sum of two products, all singles but for the BFloat16 factors. */
export function bfDotAdd(c: u64, a0: u64, a1: u64, b0: u64, b1: u64): u64 {
  const control = fpcr;
  const extended = (control & EBF) != 0;
  // without EBF: denormals are zero, NaNs the default one, and nothing is flagged
  const before = quiet(extended ? control | DN : (control & AH) | FZ | DN | FIZ);
  let r: u64;
  if (extended) {
    r = add(S, c, bfDot(a0, b0, a1, b1), false);
  } else {
    r = oddSum(c, oddSum(oddProduct(a0, b0), oddProduct(a1, b1)));
  }
  loud(control, before);
  return r;
}

function oddProduct(a: u64, b: u64): u64 {
  unpack(BF, a);
  const as = uSign;
  const ac = uClass;
  const ae = uExp;
  const am = uSig;
  unpack(BF, b);
  const sign = as ^ uSign;
  if (ac >= QNAN || uClass >= QNAN) return defaultNaN(S);
  if (ac == INF || uClass == INF) return ac == ZERO || uClass == ZERO ? defaultNaN(S) : infinity(S, sign);
  if (ac == ZERO || uClass == ZERO) return signed(S, sign);
  return flushed(round(S, sign, ae + uExp, product(am, uSig), ODD_INF));
}

function oddSum(a: u64, b: u64): u64 {
  unpack(S, a);
  const as = uSign;
  const ac = uClass;
  const ae = uExp;
  const am = uSig;
  unpack(S, b);
  if (ac >= QNAN || uClass >= QNAN) return defaultNaN(S);
  return flushed(sum(S, as, ac, ae, am, uSign, uClass, uExp, uSig, ODD_INF));
}

// @ts-ignore: decorator
@inline
function flushed(a: u64): u64 {
  return (a & 0x7f800000) == 0 ? a & 0x80000000 : a;
}

/** FPDot() of BFloat16: two products, summed with one rounding to single. */
function bfDot(a0: u64, b0: u64, a1: u64, b1: u64): u64 {
  unpack(BF, a0);
  const c0 = uClass;
  const s0 = uSign;
  const e0 = uExp;
  const m0 = uSig;
  unpack(BF, b0);
  const c1 = uClass;
  const ps = s0 ^ uSign;
  const pe = e0 + uExp;
  const m1 = uSig;
  unpack(BF, a1);
  const c2 = uClass;
  const s2 = uSign;
  const e2 = uExp;
  const m2 = uSig;
  unpack(BF, b1);
  const c3 = uClass;
  const qs = s2 ^ uSign;
  const qe = e2 + uExp;
  const m3 = uSig;
  if (c0 >= QNAN || c1 >= QNAN || c2 >= QNAN || c3 >= QNAN) return defaultNaN(S);
  const pInf = c0 == INF || c1 == INF;
  const qInf = c2 == INF || c3 == INF;
  const pZero = c0 == ZERO || c1 == ZERO;
  const qZero = c2 == ZERO || c3 == ZERO;
  if ((pInf && pZero) || (qInf && qZero) || (pInf && qInf && ps != qs)) return defaultNaN(S);
  if (pInf) return infinity(S, ps);
  if (qInf) return infinity(S, qs);
  if (pZero && qZero) return signed(S, ps == qs ? ps : rmode() == NEGINF ? 1 : 0);
  if (pZero) return round(S, qs, qe, product(m2, m3), rmode());
  if (qZero) return round(S, ps, pe, product(m0, m1), rmode());
  const pl = mulWide(m0, m1);
  const ph = high;
  const ql = mulWide(m2, m3);
  return sumWide(S, qs, qe, high, ql, ps, pe, ph, pl, rmode());
}
