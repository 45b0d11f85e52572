/**
 * Pointer authentication with an IMPLEMENTATION DEFINED algorithm: FEAT_PAuth2, FEAT_FPAC and FEAT_FPACCOMBINE, as
 * ID_AA64ISAR1_EL1.API = 5 says. The code of a pointer is taken from a mix of three rounds of multiplication.
 */

import { AP_KEYS_OFF, AUTHENTICATED_OFF, HCR_EL2_OFF, SCTLR_EL1_OFF, TCR_EL1_OFF } from "../core_state";
import { EC_FPAC, EC_PAC, raise, trap } from "./exception.as";
import { HCR_API, SCTLR_ENDA, SCTLR_ENDB, SCTLR_ENIA, SCTLR_ENIB } from "./fields.as";
import * as Op from "./ops.as";
import { DONE, LEFT, UNDEFINED } from "./outcome.as";
import { bits, reg, setX, x, xsp } from "./state.as";
import { effectiveTbi, greatestTsz, leastTsz } from "./translation.as";

// Keys by number, as instructions have it
const KEY_IA: u32 = 0;
const KEY_IB: u32 = 1;
const KEY_DA: u32 = 2;
const KEY_GA: u32 = 4;

/** ComputePAC() */
function computePac(s: usize, value: u64, modifier: u64, key: u32): u64 {
  const low = load<u64>(s + (key << 4), AP_KEYS_OFF);
  const high = load<u64>(s + (key << 4), AP_KEYS_OFF + 8);
  let a = value ^ low;
  let b = rotl<u64>(modifier, 29) ^ high;
  for (let round = 0; round < 3; round++) {
    a = (a ^ (a >> 31)) * 0x9e3779b97f4a7c15 + b;
    b = rotl<u64>(b, 23) ^ ((a ^ (a >> 29)) * 0xbf58476d1ce4e5b9);
  }
  a ^= b;
  return a ^ (a >> 32);
}

/** Whether SCTLR_EL1 has an instruction or data key on. */
export function keyEnabled(s: usize, key: u32): bool {
  const enable = key == KEY_IA ? SCTLR_ENIA : key == KEY_IB ? SCTLR_ENIB : key == KEY_DA ? SCTLR_ENDA : SCTLR_ENDB;
  return (reg(s, SCTLR_EL1_OFF) & enable) != 0;
}

/** Traps to EL2 where HCR_EL2.API is 0. */
export function pauthTrapped(s: usize): bool {
  if ((reg(s, HCR_EL2_OFF) & HCR_API) != 0) return false;
  trap(s, EC_PAC, 0);
  return true;
}

/** The bits of a pointer that hold its code. */
function pacMask(s: usize, pointer: u64, data: bool): u64 {
  const tcr = reg(s, TCR_EL1_OFF);
  const upper = ((pointer >> 55) & 1) != 0;
  let tsz = <u32>(upper ? tcr >> 16 : tcr) & 63;
  tsz = max(leastTsz(tcr, upper), min(greatestTsz(tcr, upper), tsz));
  const bottom = 64 - tsz;
  const field: u64 = ((<u64>1 << 55) - 1) & ~((<u64>1 << bottom) - 1);
  return effectiveTbi(tcr, upper, !data) ? field : field | 0xff00000000000000;
}

/** A pointer with bit 55 in place of its code. */
// @ts-ignore
@inline
function extended(pointer: u64, mask: u64): u64 {
  return ((pointer >> 55) & 1) != 0 ? pointer | mask : pointer & ~mask;
}

/** AddPAC(), which combines the code with the bits that were there (EnhancedPAC2). */
function addPac(s: usize, pointer: u64, modifier: u64, key: u32): u64 {
  const mask = pacMask(s, pointer, key >= KEY_DA);
  const code = computePac(s, extended(pointer, mask), modifier, key);
  return (pointer & ~mask) | ((pointer ^ code) & mask);
}

/** Strip() */
export function strip(s: usize, pointer: u64, data: bool): u64 {
  return extended(pointer, pacMask(s, pointer, data));
}

/** Auth(): leaves the pointer in AUTHENTICATED; false where its code is wrong, which is an exception. */
export function authenticate(s: usize, pointer: u64, modifier: u64, key: u32): bool {
  const mask = pacMask(s, pointer, key >= KEY_DA);
  const extension = extended(pointer, mask);
  const code = computePac(s, extension, modifier, key);
  const result = (pointer & ~mask) | ((pointer ^ code) & mask);
  if (result != extension) {
    raise(s, EC_FPAC, key);
    return false;
  }
  store<u64>(s, result, AUTHENTICATED_OFF);
  return true;
}

/** PACIA and its like on one register; key 0 to 3. */
export function pac(s: usize, d: u32, modifier: u64, key: u32, auth: bool): u32 {
  if (!keyEnabled(s, key)) return DONE;
  if (pauthTrapped(s)) return LEFT;
  if (!auth) {
    setX(s, d, addPac(s, x(s, d), modifier, key));
    return DONE;
  }
  if (!authenticate(s, x(s, d), modifier, key)) return LEFT;
  setX(s, d, load<u64>(s, AUTHENTICATED_OFF));
  return DONE;
}

/** Data processing of pointer authentication. */
export function execPauth(s: usize, op: u32, insn: u32): u32 {
  const d = insn & 31;
  const key = bits(insn, 10, 2);
  const n = bits(insn, 5, 5);
  switch (op) {
    case Op.PAC_dp_1src:
      return pac(s, d, xsp(s, n), key, false);
    case Op.AUT_dp_1src:
      return pac(s, d, xsp(s, n), key, true);
    case Op.PACZ_dp_1src:
      return pac(s, d, 0, key, false);
    case Op.AUTZ_dp_1src:
      return pac(s, d, 0, key, true);
    case Op.XPAC_dp_1src:
      setX(s, d, strip(s, x(s, d), (insn & (1 << 10)) != 0));
      return DONE;
    case Op.PACGA_dp_2src:
      if (pauthTrapped(s)) return LEFT;
      setX(s, d, computePac(s, x(s, n), xsp(s, bits(insn, 16, 5)), KEY_GA) & 0xffffffff00000000);
      return DONE;
  }
  return UNDEFINED;
}
