/** Aborts and their syndromes: the Arm ARM has them at ESR_ELx, "ISS encoding for an exception from a Data Abort". */

import { BLOCK_HEADER, BLOCK_OFF, CURRENT_OFF, XLAT_FLAGS_OFF } from "../core_state";
import { EXECUTE, MAINTENANCE, PROBE, READ, TAGS, WRITE, ZEROING } from "./access.as";
import { EC_DABT_LOW, EC_IABT_LOW, fromLevel, leaveAbort, raiseAt } from "./exception.as";
import { currentPc } from "./state.as";

// Fault status codes; those of stage 1 and 2 have the level in bits 1:0
export const FSC_ADDRESS_SIZE: u32 = 0x00;
export const FSC_TRANSLATION: u32 = 0x04;
export const FSC_ACCESS_FLAG: u32 = 0x08;
export const FSC_PERMISSION: u32 = 0x0c;
export const FSC_TAG_CHECK: u32 = 0x11;
const FSC_ALIGNMENT: u32 = 0x21;
export const FSC_DEBUG: u32 = 0x22;

export const ISS_WNR: u32 = 1 << 6;
const ISS_S1PTW: u32 = 1 << 7;
export const ISS_CM: u32 = 1 << 8;
const ISS_ISV: u32 = 1 << 24;

/** LSInstructionSyndrome(): ISV, SAS, SSE, SRT, SF and AR, by which a hypervisor can emulate the access; 0 where there is none. */
function lsInstructionSyndrome(insn: u32): u32 {
  let size = insn >>> 30;
  const rt = insn & 31;
  let sse: u32 = 0;
  let sf: u32 = 0;
  let ar: u32 = 0;
  if ((insn & 0x3f000000) == 0x08000000) {
    // LDAR, STLR, LDLAR, STLLR
    if ((insn & 0x00a00000) != 0x00800000) return 0;
    sf = size == 3 ? 1 : 0;
    ar = 1;
  } else if ((insn & 0x3f200c00) == 0x19000000) {
    // LDAPUR, STLUR
    const opc = (insn >>> 22) & 3;
    if (opc >= 2) {
      sse = 1;
      sf = opc == 2 ? 1 : 0;
    } else sf = size == 3 ? 1 : 0;
    ar = 1;
  } else if ((insn & 0x3f000000) == 0x18000000) {
    // literal
    if (size == 3) return 0;
    sse = size == 2 ? 1 : 0;
    sf = size == 0 ? 0 : 1;
    size = size == 1 ? 3 : 2;
  } else if ((insn & 0x3e000000) == 0x38000000) {
    const opc = (insn >>> 22) & 3;
    if ((insn & 0x01000000) == 0) {
      if ((insn & 0x00200000) != 0) {
        const kind = (insn >>> 10) & 3;
        if (kind == 0) {
          // LDAPR among the atomics
          if ((insn & 0x00c0fc00) != 0x0080c000) return 0;
          sf = size == 3 ? 1 : 0;
          return ISS_ISV | (size << 22) | (rt << 16) | (sf << 15) | (1 << 14);
        }
        // LDRAA and LDRAB without write-back
        if (kind == 1) return ISS_ISV | (3 << 22) | (rt << 16) | (1 << 15);
        if (kind != 2) return 0;
      } else {
        const kind = (insn >>> 10) & 3;
        if (kind == 1 || kind == 3) return 0;
      }
    }
    if (opc >= 2) {
      if (size == 3) return 0;
      sse = 1;
      sf = opc == 2 ? 1 : 0;
    } else sf = size == 3 ? 1 : 0;
  } else return 0;
  return ISS_ISV | (size << 22) | (sse << 21) | (rt << 16) | (sf << 15) | (ar << 14);
}

/** The word of the instruction whose record is CURRENT. */
export function currentInstruction(s: usize): u32 {
  const block = <usize>load<u32>(s, BLOCK_OFF);
  const index = (<usize>load<u32>(s, CURRENT_OFF) - block) >> 4;
  const count = <usize>load<u32>(block - BLOCK_HEADER, 8);
  return load<u32>(block + ((count + 1) << 4) + (index << 2));
}

/** WnR and CM as an abort of this access has them. */
// @ts-ignore
@inline
function direction(kind: u32): u32 {
  if ((kind & (MAINTENANCE | PROBE)) != 0) return ISS_WNR | ISS_CM;
  return (kind & (READ | WRITE)) == WRITE ? ISS_WNR : 0;
}

/** Raises a stage-1 abort, or notes it for AT. */
export function stage1Fault(s: usize, va: u64, kind: u32, status: u32): bool {
  if ((kind & PROBE) != 0) {
    store<u32>(s, status, XLAT_FLAGS_OFF);
    return false;
  }
  if ((kind & EXECUTE) != 0) raiseAt(s, fromLevel(s, EC_IABT_LOW), status, va);
  else raiseAt(s, fromLevel(s, EC_DABT_LOW), status | direction(kind), va);
  return false;
}

/** Leaves with a stage-2 abort. */
export function stage2Fault(s: usize, va: u64, ipa: u64, kind: u32, status: u32, walk: bool): bool {
  const pc = currentPc(s);
  let iss = walk ? status | ISS_S1PTW : status;
  if ((kind & EXECUTE) != 0) {
    leaveAbort(s, EC_IABT_LOW, iss, va, ipa, pc);
    return false;
  }
  iss |= direction(kind);
  if (!walk && (kind & (MAINTENANCE | TAGS | ZEROING)) == 0) iss |= lsInstructionSyndrome(currentInstruction(s));
  leaveAbort(s, EC_DABT_LOW, iss, va, ipa, pc);
  return false;
}

/** An alignment fault; gives false. */
export function alignmentFault(s: usize, va: u64, kind: u32): bool {
  raiseAt(s, fromLevel(s, EC_DABT_LOW), FSC_ALIGNMENT | direction(kind), va);
  return false;
}
