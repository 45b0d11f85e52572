/** Advanced SIMD dot products, matrix multiplication, and products of halves and of BFloat16. */

import { get } from "./simd_lanes.as";
import { clear, d, element, elements, isFull, m, n, put, widened, write } from "./simd_result.as";
import { H, mulAddOf, neg, S } from "./softfloat.as";
import { bfDotAdd, mulAddBf } from "./softfloat_bf16.as";
import { v } from "./state.as";

/** Dot products of four bytes each; `index` below 0 takes the groups of Vm one by one, else always this one. */
export function dot(s: usize, insn: u32, nUnsigned: bool, mUnsigned: bool, index: i32): bool {
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

export function matrix(s: usize, insn: u32, nUnsigned: bool, mUnsigned: bool): bool {
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

export function dotBf(s: usize, insn: u32, index: i32): bool {
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

export function matrixBf(s: usize, insn: u32): bool {
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
export function longBf(s: usize, insn: u32, byElement: bool): bool {
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
export function longHalf(s: usize, insn: u32, upper: bool, minus: bool, byElement: bool): bool {
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
