/**
 * Pointer authentication with an IMPLEMENTATION DEFINED algorithm: FEAT_PAuth2, FEAT_FPAC and FEAT_FPACCOMBINE, as
 * ID_AA64ISAR1_EL1.API = 5 says. The code of a pointer is taken from a mix of three rounds of multiplication.
 */

import { AP_KEYS_OFF, AUTHENTICATED_OFF, HCR_EL2_OFF, SCTLR_EL1_OFF, TCR_EL1_OFF } from "../core_state";
import { EC_FPAC, EC_PAC, raise, trap } from "./exception.as";
import { HCR_API } from "./fields.as";
import { reg } from "./state.as";

// Keys by number: IA, IB, DA, DB, GA

/** ComputePAC() */
export function computePac(s: usize, value: u64, modifier: u64, key: u32): u64 {
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
  const bit: u32 = key == 0 ? 31 : key == 1 ? 30 : key == 2 ? 27 : 13;
  return ((reg(s, SCTLR_EL1_OFF) >> bit) & 1) != 0;
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
  let tbi = ((tcr >> (upper ? 38 : 37)) & 1) != 0;
  if (!data && ((tcr >> (upper ? 52 : 51)) & 1) != 0) tbi = false;
  let tsz = <u32>(upper ? tcr >> 16 : tcr) & 63;
  if (tsz > 48) tsz = 48;
  if (tsz < 12) tsz = 12;
  const bottom = 64 - tsz;
  const field: u64 = ((<u64>1 << 55) - 1) & ~((<u64>1 << bottom) - 1);
  return tbi ? field : field | 0xff00000000000000;
}

/** AddPAC(), which combines the code with the bits that were there (EnhancedPAC2). */
export function addPac(s: usize, pointer: u64, modifier: u64, key: u32): u64 {
  const mask = pacMask(s, pointer, key >= 2);
  const extension = ((pointer >> 55) & 1) != 0 ? pointer | mask : pointer & ~mask;
  const code = computePac(s, extension, modifier, key);
  return (pointer & ~mask) | ((pointer ^ code) & mask);
}

/** Strip() */
export function strip(s: usize, pointer: u64, data: bool): u64 {
  const mask = pacMask(s, pointer, data);
  return ((pointer >> 55) & 1) != 0 ? pointer | mask : pointer & ~mask;
}

/** Auth(): leaves the pointer in AUTHENTICATED; false where its code is wrong, which is an exception. */
export function authenticate(s: usize, pointer: u64, modifier: u64, key: u32): bool {
  const mask = pacMask(s, pointer, key >= 2);
  const extension = ((pointer >> 55) & 1) != 0 ? pointer | mask : pointer & ~mask;
  const code = computePac(s, extension, modifier, key);
  const result = (pointer & ~mask) | ((pointer ^ code) & mask);
  if (result != extension) {
    raise(s, EC_FPAC, key);
    return false;
  }
  store<u64>(s, result, AUTHENTICATED_OFF);
  return true;
}
