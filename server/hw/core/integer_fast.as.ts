/** Arithmetic of records that sets flags. */

import { rd, setRd } from "./record.as";
import { setNzcv } from "./state.as";

/** NZCV of a sum or a difference of 64 bits. */
// @ts-ignore
@inline
function flags64(s: usize, result: u64, carry: bool, overflow: u64): void {
  setNzcv(s, (<u32>(result >> 63) << 31) | (<u32>(result == 0) << 30) | (<u32>carry << 29) | (<u32>(overflow >> 63) << 28));
}

// @ts-ignore
@inline
function flags32(s: usize, result: u32, carry: bool, overflow: u32): void {
  setNzcv(s, (result & 0x80000000) | (<u32>(result == 0) << 30) | (<u32>carry << 29) | ((overflow >>> 31) << 28));
}

// @ts-ignore
@inline
export function adds64(s: usize, p: usize, a: u64, b: u64): void {
  const result = a + b;
  flags64(s, result, result < a, (a ^ result) & (b ^ result));
  setRd(s, p, result);
}

// @ts-ignore
@inline
export function subs64(s: usize, p: usize, a: u64, b: u64): void {
  const result = a - b;
  flags64(s, result, a >= b, (a ^ b) & (a ^ result));
  setRd(s, p, result);
}

// @ts-ignore
@inline
export function adds32(s: usize, p: usize, a: u32, b: u32): void {
  const result = a + b;
  flags32(s, result, result < a, (a ^ result) & (b ^ result));
  setRd(s, p, <u64>result);
}

// @ts-ignore
@inline
export function subs32(s: usize, p: usize, a: u32, b: u32): void {
  const result = a - b;
  flags32(s, result, a >= b, (a ^ b) & (a ^ result));
  setRd(s, p, <u64>result);
}

// @ts-ignore
@inline
export function ands64(s: usize, p: usize, result: u64): void {
  setNzcv(s, (<u32>(result >> 63) << 31) | (<u32>(result == 0) << 30));
  setRd(s, p, result);
}

// @ts-ignore
@inline
export function ands32(s: usize, p: usize, result: u32): void {
  setNzcv(s, (result & 0x80000000) | (<u32>(result == 0) << 30));
  setRd(s, p, <u64>result);
}

/** BFM: the bits of a mask from a source that has been turned to them, the others as they were. */
// @ts-ignore
@inline
export function inserted(s: usize, p: usize, source: u64, mask: u64): u64 {
  return (rd(s, p) & ~mask) | (source & mask);
}
