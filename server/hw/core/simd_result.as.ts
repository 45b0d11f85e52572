/** What the Advanced SIMD instructions share: fields of the word, and the result on its way to the register. */

import { end, setScalar } from "./fp.as";
import { get } from "./simd_lanes.as";
import * as L from "./simd_lanes.as";
import { D, S } from "./softfloat.as";
import { v } from "./state.as";

// the result while its elements are computed: sources may be overwritten only after that
let low: u64 = 0;

let high: u64 = 0;

// @ts-ignore: decorator
@inline
export function clear(): void {
  low = 0;
  high = 0;
}

/** The result as a whole. */
// @ts-ignore: decorator
@inline
export function setHalves(first: u64, second: u64): void {
  low = first;
  high = second;
}

/** The low 64 bits of the result as a scalar. */
// @ts-ignore: decorator
@inline
export function writeScalar(s: usize, insn: u32): void {
  setScalar(s, d(insn), low);
}

/** Sets an element of the result, which was zero there. */
// @ts-ignore: decorator
@inline
export function put(z: u32, n: u32, value: u64): void {
  const bit = n << (3 + z);
  if (bit < 64) low |= value << bit;
  else high |= value << (bit - 64);
}

/** The result becomes a register; what it has above 64 bits is zero where Q is. */
// @ts-ignore: decorator
@inline
export function write(s: usize, insn: u32): bool {
  const at = v(s, insn & 31);
  store<u64>(at, low);
  store<u64>(at, high, 8);
  return end(s);
}

/** The low 64 bits of the result become the lower or, with Q, the upper half. */
// @ts-ignore: decorator
@inline
export function writeHalf(s: usize, insn: u32): bool {
  const at = v(s, insn & 31);
  if (isFull(insn)) store<u64>(at, low, 8);
  else {
    store<u64>(at, low);
    store<u64>(at, 0, 8);
  }
  return end(s);
}

// @ts-ignore: decorator
@inline
export function isFull(insn: u32): bool {
  return (insn & (1 << 30)) != 0;
}

/** A result of Wasm's vectors becomes a register. */
// @ts-ignore: decorator
@inline
export function writeVector(s: usize, insn: u32, value: v128): bool {
  const at = v(s, insn & 31);
  v128.store(at, value);
  if (!isFull(insn)) store<u64>(at, 0, 8);
  return true;
}

/** Elements of 1 << z bytes in the 8 or 16 that Q says. */
// @ts-ignore: decorator
@inline
export function elements(insn: u32, z: u32): u32 {
  return (isFull(insn) ? 16 : 8) >> z;
}

// @ts-ignore: decorator
@inline
export function d(insn: u32): u32 {
  return insn & 31;
}

// @ts-ignore: decorator
@inline
export function n(insn: u32): u32 {
  return (insn >> 5) & 31;
}

// @ts-ignore: decorator
@inline
export function m(insn: u32): u32 {
  return (insn >> 16) & 31;
}

// @ts-ignore: decorator
@inline
export function sizeOf(insn: u32): u32 {
  return (insn >> 22) & 3;
}

/** The format of field sz. */
// @ts-ignore: decorator
@inline
export function formatOf(insn: u32): u32 {
  return insn & (1 << 22) ? D : S;
}

/** Of an element of half precision 1, of single 2, of double 3. */
// @ts-ignore: decorator
@inline
export function log2(f: u32): u32 {
  return f + 1;
}

// @ts-ignore: decorator
@inline
export function widened(at: usize, z: u32, e: u32, unsigned: bool): i64 {
  const a = get(at, z, e);
  return unsigned ? <i64>a : L.extended(z, a);
}

/** The element of Vm that an instruction by element names. */
export function element(s: usize, insn: u32, z: u32): u64 {
  const hi = (insn >> 11) & 1;
  const l = (insn >> 21) & 1;
  if (z == 1) return get(v(s, (insn >> 16) & 15), 1, (hi << 2) | (l << 1) | ((insn >> 20) & 1));
  return get(v(s, m(insn)), z, z == 2 ? (hi << 1) | l : hi);
}

/** The size of an element that imm5 names, by its lowest bit set; its index is what stands above. */
// @ts-ignore: decorator
@inline
export function sizeOfImm5(insn: u32): u32 {
  return ctz((insn >> 16) & 31);
}

// @ts-ignore: decorator
@inline
export function elementOfImm5(s: usize, insn: u32): u64 {
  const z = sizeOfImm5(insn);
  return get(v(s, n(insn)), z, ((insn >> 16) & 31) >> (z + 1));
}

/** H:L of an instruction by element. */
// @ts-ignore: decorator
@inline
export function indexHL(insn: u32): i32 {
  return ((insn >> 10) & 2) | ((insn >> 21) & 1);
}
