/** Advanced SIMD permutations, table lookups, copies of elements and immediates. */

import * as Fast from "./simd_fast.as";
import { ones } from "./simd_lanes.as";
import { d, isFull, m, n, setHalves, sizeOf, sizeOfImm5, write, writeVector } from "./simd_result.as";
import { v, x } from "./state.as";

/** TBL, and TBX which keeps what no index found. */
export function table(s: usize, insn: u32, keep: bool): bool {
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

export function unzip(s: usize, insn: u32, odd: bool): bool {
  const z = sizeOf(insn);
  let a = v128.load(v(s, n(insn)));
  let b = v128.load(v(s, m(insn)));
  if (!isFull(insn)) a = b = Fast.lowHalves(a, b);
  return writeVector(s, insn, odd ? Fast.odds(z, a, b) : Fast.evens(z, a, b));
}

export function zip(s: usize, insn: u32, upper: bool): bool {
  const z = sizeOf(insn);
  const a = v128.load(v(s, n(insn)));
  const b = v128.load(v(s, m(insn)));
  if (isFull(insn)) return writeVector(s, insn, upper ? Fast.zipHigh(z, a, b) : Fast.zipLow(z, a, b));
  const both = Fast.zipLow(z, a, b);
  return writeVector(s, insn, upper ? v128.shuffle<i64>(both, both, 1, 1) : both);
}

export function transpose(s: usize, insn: u32, odd: bool): bool {
  const z = sizeOf(insn);
  const a = v128.load(v(s, n(insn)));
  const b = v128.load(v(s, m(insn)));
  const x = odd ? Fast.odds(z, a, b) : Fast.evens(z, a, b);
  // the halves of x are of a and of b
  return writeVector(s, insn, Fast.zipLow(z, x, v128.shuffle<i64>(x, x, 1, 1)));
}

/** Some bytes of Vn's end and then Vm's beginning. */
export function extract(s: usize, insn: u32): bool {
  const vn = v(s, n(insn));
  const vm = v(s, m(insn));
  const from = (insn >> 11) & 15;
  const bits = (<u64>(from & 7)) << 3;
  if (!isFull(insn)) {
    setHalves(joined(load<u64>(vn), load<u64>(vm), bits), 0);
    return write(s, insn);
  }
  const far = from >> 3 != 0;
  const first = far ? load<u64>(vn, 8) : load<u64>(vn);
  const second = far ? load<u64>(vm) : load<u64>(vn, 8);
  const third = far ? load<u64>(vm, 8) : load<u64>(vm);
  setHalves(joined(first, second, bits), joined(second, third, bits));
  return write(s, insn);
}

// @ts-ignore: decorator
@inline
function joined(a: u64, b: u64, bits: u64): u64 {
  return bits == 0 ? a : (a >> bits) | (b << (64 - bits));
}

export function duplicate(s: usize, insn: u32, value: u64): bool {
  const z = sizeOfImm5(insn);
  value = replicate(z, value & ones(z));
  setHalves(value, isFull(insn) ? value : 0);
  return write(s, insn);
}

export function insert(s: usize, insn: u32, value: u64): bool {
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

/** Reverses the elements within each container of 1 << c bytes. */
export function reverse(s: usize, insn: u32, c: u32): bool {
  let a = v128.load(v(s, n(insn)));
  // pairs of growing units change places, from the elements' size on
  const z = sizeOf(insn);
  if (z == 0) a = v128.shuffle<i8>(a, a, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  if (z <= 1 && c >= 2) a = v128.shuffle<i16>(a, a, 1, 0, 3, 2, 5, 4, 7, 6);
  if (c == 3) a = v128.shuffle<i32>(a, a, 1, 0, 3, 2);
  return writeVector(s, insn, a);
}

// @ts-ignore: decorator
@inline
export function imm8(insn: u32): u64 {
  return <u64>(((insn >> 11) & 0xe0) | ((insn >> 5) & 31));
}

/** An immediate of 8, 16, 32 or 64 bits in all elements. */
// @ts-ignore: decorator
@inline
export function replicate(z: u32, value: u64): u64 {
  return z == 0
    ? value * 0x0101010101010101
    : z == 1
      ? value * 0x0001000100010001
      : z == 2
        ? value * 0x100000001
        : value;
}

export const MOVE: u32 = 0;

export const OR: u32 = 1;

export const BIT_CLEAR: u32 = 2;

/** MOVI, MVNI, ORR and BIC: `how` says what the immediate does to the register. */
export function immediate(s: usize, insn: u32, value: u64, how: u32): bool {
  const at = v(s, d(insn));
  setHalves(modified(load<u64>(at), value, how), isFull(insn) ? modified(load<u64>(at, 8), value, how) : 0);
  return write(s, insn);
}

// @ts-ignore: decorator
@inline
function modified(before: u64, value: u64, how: u32): u64 {
  return how == OR ? before | value : how == BIT_CLEAR ? before & ~value : value;
}

/** The immediate of cmode 110x: ones are shifted in below. */
// @ts-ignore: decorator
@inline
export function shiftedOnes(insn: u32): u64 {
  return insn & (1 << 12) ? (imm8(insn) << 16) | 0xffff : (imm8(insn) << 8) | 0xff;
}

/** MOVI with a byte per bit. */
export function byteMask(bits: u64): u64 {
  let r: u64 = 0;
  for (let i: u32 = 0; i < 8; i++) if ((bits >> i) & 1) r |= (<u64>0xff) << (8 * i);
  return r;
}
