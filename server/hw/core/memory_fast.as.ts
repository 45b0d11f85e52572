/**
 * Loads and stores of records by the fast way: the page is in the TLB, the access lies in it, and the tag is right.
 * Each gives the next record; whatever else there is to an access goes by rows.as.ts: slow().
 */

import { FP_TRAP_OFF, RECORD } from "../core_state";
import { FAULT } from "./access.as";
import { a, imm, m, n, rd, rm, rn, setRd, vd, vm } from "./record.as";
import { slow, slowVector } from "./rows.as";
import { bothOf, setSlot } from "./state.as";
import { fastRead, fastWrite } from "./tlb.as";

/** Whether SP is the base and misaligned. */
// @ts-ignore
@inline
function isOddSp(p: usize, base: u64): bool {
  return n(p) == 31 && (base & 15) != 0;
}

/** Base and immediate. */
// @ts-ignore
@inline
export function offset(s: usize, p: usize): u64 {
  return rn(s, p) + imm(p);
}

/** Base and index, which field a says how to extend and shift: option in bits 6:4, the shift in bits 3:0. */
// @ts-ignore
@inline
export function indexed(s: usize, p: usize): u64 {
  const index = rm(s, p);
  const shift = a(p) & 15;
  const option = a(p) >>> 4;
  if ((option & 1) != 0) return rn(s, p) + (index << shift);
  return rn(s, p) + ((option == 2 ? index & 0xffffffff : <u64>(<i64>(<i32>index))) << shift);
}

/** Write-back. */
// @ts-ignore
@inline
function writeBack(s: usize, p: usize, base: u64): void {
  setSlot(s, n(p), base + imm(p));
}

// ---- one general register

/** LDR of what memory holds as T, extended to 64 bits. */
// @ts-ignore
@inline
export function ldr<T>(s: usize, p: usize, va: u64): usize {
  const host = fastRead(s, va, <u32>sizeof<T>());
  if (isOddSp(p, rn(s, p)) || host == FAULT) return slow(s, p);
  setRd(s, p, <u64>(<i64>load<T>(host)));
  return p + RECORD;
}

/** LDRS* to 32 bits. */
// @ts-ignore
@inline
export function ldrs32<T>(s: usize, p: usize, va: u64): usize {
  const host = fastRead(s, va, <u32>sizeof<T>());
  if (isOddSp(p, rn(s, p)) || host == FAULT) return slow(s, p);
  setRd(s, p, <u64>(<u32>(<i32>load<T>(host))));
  return p + RECORD;
}

// @ts-ignore
@inline
export function str<T>(s: usize, p: usize, va: u64): usize {
  const host = fastWrite(s, va, <u32>sizeof<T>());
  if (isOddSp(p, rn(s, p)) || host == FAULT) return slow(s, p);
  store<T>(host, <T>rd(s, p));
  return p + RECORD;
}

/** Post-indexed, of a base that is not SP. */
// @ts-ignore
@inline
export function ldrPost<T>(s: usize, p: usize): usize {
  const base = rn(s, p);
  const host = fastRead(s, base, <u32>sizeof<T>());
  if (host == FAULT) return slow(s, p);
  setRd(s, p, <u64>load<T>(host));
  writeBack(s, p, base);
  return p + RECORD;
}

// @ts-ignore
@inline
export function strPost<T>(s: usize, p: usize): usize {
  const base = rn(s, p);
  const host = fastWrite(s, base, <u32>sizeof<T>());
  if (host == FAULT) return slow(s, p);
  store<T>(host, <T>rd(s, p));
  writeBack(s, p, base);
  return p + RECORD;
}

// @ts-ignore
@inline
export function ldrPre(s: usize, p: usize): usize {
  const base = rn(s, p);
  const host = fastRead(s, base + imm(p), 8);
  if (isOddSp(p, base) || host == FAULT) return slow(s, p);
  setRd(s, p, load<u64>(host));
  writeBack(s, p, base);
  return p + RECORD;
}

// @ts-ignore
@inline
export function strPre(s: usize, p: usize): usize {
  const base = rn(s, p);
  const host = fastWrite(s, base + imm(p), 8);
  if (isOddSp(p, base) || host == FAULT) return slow(s, p);
  store<u64>(host, rd(s, p));
  writeBack(s, p, base);
  return p + RECORD;
}

/** LDR (literal); its address is not checked for a tag. */
// @ts-ignore
@inline
export function ldrLiteral(s: usize, p: usize, va: u64): usize {
  const host = fastRead(s, va, 8);
  if (host == FAULT) return slow(s, p);
  setRd(s, p, load<u64>(host));
  return p + RECORD;
}

// ---- two general registers, of which the second is in field m

// @ts-ignore
@inline
export function ldp64(s: usize, p: usize, va: u64, back: bool): usize {
  const base = rn(s, p);
  const host = fastRead(s, va, 16);
  if (isOddSp(p, base) || host == FAULT) return slow(s, p);
  const both = v128.load(host);
  setRd(s, p, v128.extract_lane<u64>(both, 0));
  setSlot(s, m(p), v128.extract_lane<u64>(both, 1));
  if (back) writeBack(s, p, base);
  return p + RECORD;
}

// @ts-ignore
@inline
export function stp64(s: usize, p: usize, va: u64, back: bool): usize {
  const base = rn(s, p);
  const host = fastWrite(s, va, 16);
  if (isOddSp(p, base) || host == FAULT) return slow(s, p);
  v128.store(host, bothOf(rd(s, p), rm(s, p)));
  if (back) writeBack(s, p, base);
  return p + RECORD;
}

// @ts-ignore
@inline
export function ldp32(s: usize, p: usize): usize {
  const host = fastRead(s, offset(s, p), 8);
  if (isOddSp(p, rn(s, p)) || host == FAULT) return slow(s, p);
  const low = load<u32>(host);
  const high = load<u32>(host, 4);
  setRd(s, p, <u64>low);
  setSlot(s, m(p), <u64>high);
  return p + RECORD;
}

// @ts-ignore
@inline
export function stp32(s: usize, p: usize): usize {
  const host = fastWrite(s, offset(s, p), 8);
  if (isOddSp(p, rn(s, p)) || host == FAULT) return slow(s, p);
  store<u32>(host, <u32>rd(s, p));
  store<u32>(host, <u32>rm(s, p), 4);
  return p + RECORD;
}

// ---- vector registers

/** Where a load of vectors finds its bytes, or FAULT for the slow way. */
// @ts-ignore
@inline
function vectorRead(s: usize, p: usize, size: u32): usize {
  const host = fastRead(s, offset(s, p), size);
  return load<u32>(s, FP_TRAP_OFF) != 0 || isOddSp(p, rn(s, p)) ? FAULT : host;
}

// @ts-ignore
@inline
function vectorWrite(s: usize, p: usize, size: u32): usize {
  const host = fastWrite(s, offset(s, p), size);
  return load<u32>(s, FP_TRAP_OFF) != 0 || isOddSp(p, rn(s, p)) ? FAULT : host;
}

/** Writes the lowest element of a vector register and clears the rest. */
// @ts-ignore
@inline
function setScalar(v: usize, value: u64): void {
  store<u64>(v, value);
  store<u64>(v, 0, 8);
}

// @ts-ignore
@inline
export function ldrQ(s: usize, p: usize): usize {
  const host = vectorRead(s, p, 16);
  if (host == FAULT) return slowVector(s, p);
  v128.store(vd(s, p), v128.load(host));
  return p + RECORD;
}

// @ts-ignore
@inline
export function strQ(s: usize, p: usize): usize {
  const host = vectorWrite(s, p, 16);
  if (host == FAULT) return slowVector(s, p);
  v128.store(host, v128.load(vd(s, p)));
  return p + RECORD;
}

/** LDR of an S or a D register. */
// @ts-ignore
@inline
export function ldrScalar<T>(s: usize, p: usize): usize {
  const host = vectorRead(s, p, <u32>sizeof<T>());
  if (host == FAULT) return slowVector(s, p);
  setScalar(vd(s, p), <u64>load<T>(host));
  return p + RECORD;
}

// @ts-ignore
@inline
export function strScalar<T>(s: usize, p: usize): usize {
  const host = vectorWrite(s, p, <u32>sizeof<T>());
  if (host == FAULT) return slowVector(s, p);
  store<T>(host, load<T>(vd(s, p)));
  return p + RECORD;
}

// @ts-ignore
@inline
export function ldpQ(s: usize, p: usize): usize {
  const host = vectorRead(s, p, 32);
  if (host == FAULT) return slowVector(s, p);
  const low = v128.load(host);
  const high = v128.load(host, 16);
  v128.store(vd(s, p), low);
  v128.store(vm(s, p), high);
  return p + RECORD;
}

// @ts-ignore
@inline
export function stpQ(s: usize, p: usize): usize {
  const host = vectorWrite(s, p, 32);
  if (host == FAULT) return slowVector(s, p);
  v128.store(host, v128.load(vd(s, p)));
  v128.store(host, v128.load(vm(s, p)), 16);
  return p + RECORD;
}

// @ts-ignore
@inline
export function ldpD(s: usize, p: usize): usize {
  const host = vectorRead(s, p, 16);
  if (host == FAULT) return slowVector(s, p);
  const low = load<u64>(host);
  const high = load<u64>(host, 8);
  setScalar(vd(s, p), low);
  setScalar(vm(s, p), high);
  return p + RECORD;
}

// @ts-ignore
@inline
export function stpD(s: usize, p: usize): usize {
  const host = vectorWrite(s, p, 16);
  if (host == FAULT) return slowVector(s, p);
  store<u64>(host, load<u64>(vd(s, p)));
  store<u64>(host, load<u64>(vm(s, p)), 8);
  return p + RECORD;
}
