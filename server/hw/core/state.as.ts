/** Access to a core's registers. Every function has the address of the core's block as `s`. */

import { BLOCK_OFF, CURRENT_OFF, FENCE_OFF, NZCV_OFF, PC_OFF, PSTATE_OFF, V_OFF, X_OFF } from "../core_state";

/** X0 to X30; 31 is XZR. */
// @ts-ignore
@inline
export function x(s: usize, n: u32): u64 {
  return n == 31 ? 0 : load<u64>(s + (<usize>n << 3), X_OFF);
}

/** A write to XZR is dropped. */
// @ts-ignore
@inline
export function setX(s: usize, n: u32, value: u64): void {
  if (n != 31) store<u64>(s + (<usize>n << 3), value, X_OFF);
}

// @ts-ignore
@inline
export function w(s: usize, n: u32): u32 {
  return <u32>x(s, n);
}

// @ts-ignore
@inline
export function setW(s: usize, n: u32, value: u32): void {
  setX(s, n, <u64>value);
}

/** X0 to X30; 31 is SP. */
// @ts-ignore
@inline
export function xsp(s: usize, n: u32): u64 {
  return load<u64>(s + (<usize>n << 3), X_OFF);
}

// @ts-ignore
@inline
export function setXsp(s: usize, n: u32, value: u64): void {
  store<u64>(s + (<usize>n << 3), value, X_OFF);
}

/** A register by its slot, in which XZR has been told from SP. */
// @ts-ignore
@inline
export function slot(s: usize, n: u32): u64 {
  return load<u64>(s + (<usize>n << 3), X_OFF);
}

// @ts-ignore
@inline
export function setSlot(s: usize, n: u32, value: u64): void {
  store<u64>(s + (<usize>n << 3), value, X_OFF);
}

/** A register of 64 bits at an offset. */
// @ts-ignore
@inline
export function reg(s: usize, offset: usize): u64 {
  return load<u64>(s + offset);
}

// @ts-ignore
@inline
export function setReg(s: usize, offset: usize, value: u64): void {
  store<u64>(s + offset, value);
}

/** The exception level, 0 or 1. */
// @ts-ignore
@inline
export function el(s: usize): u32 {
  return (load<u32>(s, PSTATE_OFF) >> 2) & 3;
}

/** The address of the instruction whose record is CURRENT. */
// @ts-ignore
@inline
export function currentPc(s: usize): u64 {
  return load<u64>(s, PC_OFF) + <u64>((load<u32>(s, CURRENT_OFF) - load<u32>(s, BLOCK_OFF)) >> 2);
}

// @ts-ignore
@inline
export function nzcv(s: usize): u32 {
  return load<u32>(s, NZCV_OFF);
}

// @ts-ignore
@inline
export function setNzcv(s: usize, value: u32): void {
  store<u32>(s, value, NZCV_OFF);
}

/** Bits of a word. */
// @ts-ignore
@inline
export function bits(insn: u32, shift: u32, width: u32): u32 {
  return (insn >>> shift) & ((1 << width) - 1);
}

/** A signed field of a word. */
// @ts-ignore
@inline
export function signed(insn: u32, shift: u32, width: u32): i64 {
  return <i64>((<i32>(insn << (32 - shift - width))) >> (32 - width));
}

/** ConditionHolds() */
export function condition(flags: u32, cond: u32): bool {
  const n = flags >>> 31;
  const z = (flags >>> 30) & 1;
  const c = (flags >>> 29) & 1;
  const v = (flags >>> 28) & 1;
  let holds: bool;
  switch (cond >>> 1) {
    case 0:
      holds = z != 0;
      break;
    case 1:
      holds = c != 0;
      break;
    case 2:
      holds = n != 0;
      break;
    case 3:
      holds = v != 0;
      break;
    case 4:
      holds = c != 0 && z == 0;
      break;
    case 5:
      holds = n == v;
      break;
    case 6:
      holds = n == v && z == 0;
      break;
    default:
      return true;
  }
  return (cond & 1) != 0 ? !holds : holds;
}

/** Orders all accesses before it before all after it; asc has no fence that validates. */
// @ts-ignore
@inline
export function fence(s: usize): void {
  atomic.add<u32>(s, 0, FENCE_OFF);
}

/** Two registers as 16 bytes in memory: hosts store and load these as one where they are aligned, as FEAT_LSE2 wants it. */
// @ts-ignore
@inline
export function bothOf(low: u64, high: u64): v128 {
  return v128.replace_lane<u64>(v128.splat<u64>(low), 1, high);
}

/** Where V0 to V31 lie. */
// @ts-ignore
@inline
export function v(s: usize, n: u32): usize {
  return s + V_OFF + (n << 4);
}
