/**
 * Predecoded instructions: a record of 16 bytes each, with an operation of micro.as.ts, register slots and an
 * immediate. In a slot XZR has been told from SP, so that no operation has to ask.
 */

import { setSlot, slot, v } from "./state.as";

// u16 operation, u8 d, u8 n, u8 m, u8 a, u16 spare, u64 immediate
const D: usize = 2;
const N: usize = 3;
const M: usize = 4;
const A: usize = 5;
const IMM: usize = 8;

/** Writes a record. */
// @ts-ignore
@inline
export function writeRecord(p: usize, operation: u32, d: u32, n: u32, m: u32, a: u32, imm: u64): void {
  store<u16>(p, <u16>operation);
  store<u8>(p, <u8>d, D);
  store<u8>(p, <u8>n, N);
  store<u8>(p, <u8>m, M);
  store<u8>(p, <u8>a, A);
  store<u64>(p, imm, IMM);
}

// ---- its fields

// @ts-ignore
@inline
export function operation(p: usize): u32 {
  return <u32>load<u16>(p);
}

// @ts-ignore
@inline
export function d(p: usize): u32 {
  return load<u8>(p, D);
}

// @ts-ignore
@inline
export function n(p: usize): u32 {
  return load<u8>(p, N);
}

// @ts-ignore
@inline
export function m(p: usize): u32 {
  return load<u8>(p, M);
}

/** A fourth register, or a shift, a condition, a bit's number. */
// @ts-ignore
@inline
export function a(p: usize): u32 {
  return load<u8>(p, A);
}

// @ts-ignore
@inline
export function imm(p: usize): u64 {
  return load<u64>(p, IMM);
}

// ---- the registers that they name

// @ts-ignore
@inline
export function rd(s: usize, p: usize): u64 {
  return slot(s, d(p));
}

// @ts-ignore
@inline
export function rn(s: usize, p: usize): u64 {
  return slot(s, n(p));
}

// @ts-ignore
@inline
export function rm(s: usize, p: usize): u64 {
  return slot(s, m(p));
}

// @ts-ignore
@inline
export function ra(s: usize, p: usize): u64 {
  return slot(s, a(p));
}

// @ts-ignore
@inline
export function setRd(s: usize, p: usize, value: u64): void {
  setSlot(s, d(p), value);
}

/** A result of 32 bits clears the upper half. */
// @ts-ignore
@inline
export function setRd32(s: usize, p: usize, value: u64): void {
  setSlot(s, d(p), value & 0xffffffff);
}

/** Where the vector register of field d lies. */
// @ts-ignore
@inline
export function vd(s: usize, p: usize): usize {
  return v(s, d(p));
}

// @ts-ignore
@inline
export function vm(s: usize, p: usize): usize {
  return v(s, m(p));
}
