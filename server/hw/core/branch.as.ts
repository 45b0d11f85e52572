/** Branches by register, with BTYPE, and those that authenticate: Arm ARM C6.2 BR to RETAB, ERET. */

import {
  AUTHENTICATED_OFF, BLOCK_OFF, ELR_EL1_OFF, EVENT_OFF, FETCH_GUARDED_OFF, MONITOR_SIZE_OFF, PC_OFF, PSTATE_OFF,
  TCR_EL1_OFF,
} from "../core_state";
import { exceptionReturn } from "./exception.as";
import { PSTATE_BTYPE } from "./fields.as";
import * as Op from "./ops.as";
import { BRANCHED, LEFT, UNDEFINED } from "./outcome.as";
import { authenticate, keyEnabled, pauthTrapped } from "./pauth.as";
import { bits, currentPc, el, reg, setSlot, setX, x, xsp } from "./state.as";
import { effectiveTbi } from "./translation.as";

// BTYPE of what came by BLR, by BR, and by BR through X16 or X17 or from a page that is not guarded
const BTYPE_JUMP_VENEER: u32 = 1;
export const BTYPE_CALL: u32 = 2;
export const BTYPE_JUMP: u32 = 3;
export const BTYPE_NONE: u32 = 0;

/** AArch64.BranchAddr(): with the top byte ignored, PC gets what bit 55 says. */
function branchAddress(s: usize, target: u64): u64 {
  return effectiveTbi(reg(s, TCR_EL1_OFF), ((target >> 55) & 1) != 0, true) ? <u64>((<i64>(target << 8)) >> 8) : target;
}

/** BranchTo() of an indirect branch, which says how it came to BTI. */
export function branchTo(s: usize, target: u64, btype: u32): void {
  if ((target >> 55) != 0) target = branchAddress(s, target);
  store<u64>(s, target, PC_OFF);
  if (btype != BTYPE_NONE) store<u32>(s, (load<u32>(s, PSTATE_OFF) & ~PSTATE_BTYPE) | (btype << 10), PSTATE_OFF);
}

/** BTYPE of BR by a register. */
export function jumpType(s: usize, register: u32): u32 {
  return register == 16 || register == 17 || load<u32>(s, FETCH_GUARDED_OFF) == 0 ? BTYPE_JUMP_VENEER : BTYPE_JUMP;
}

/** X30 gets the address behind the instruction of a record. */
// @ts-ignore
@inline
export function link(s: usize, p: usize): void {
  setSlot(s, 30, load<u64>(s, PC_OFF) + <u64>((<u32>p - load<u32>(s, BLOCK_OFF)) >> 2) + 4);
}

/** ERET, and branches with authentication. */
export function execBranch(s: usize, op: u32, insn: u32): u32 {
  const register = bits(insn, 5, 5);
  const key = bits(insn, 10, 1);
  let target: u64;
  let modifier: u64 = 0;
  switch (op) {
    case Op.ERET_64e_branch_reg:
      return el(s) == 0 ? UNDEFINED : returnTo(s, reg(s, ELR_EL1_OFF));
    case Op.ERETA_64e_branch_reg:
      if (el(s) == 0) return UNDEFINED;
      target = reg(s, ELR_EL1_OFF);
      modifier = xsp(s, 31);
      break;
    case Op.RETA_64e_branch_reg:
      target = x(s, 30);
      modifier = xsp(s, 31);
      break;
    case Op.BRAZ_64_branch_reg:
    case Op.BLRAZ_64_branch_reg:
      target = x(s, register);
      break;
    case Op.BRA_64p_branch_reg:
    case Op.BLRA_64p_branch_reg:
      target = x(s, register);
      modifier = xsp(s, insn & 31);
      break;
    default:
      return UNDEFINED;
  }
  if (keyEnabled(s, key)) {
    if (pauthTrapped(s) || !authenticate(s, target, modifier, key)) return LEFT;
    target = load<u64>(s, AUTHENTICATED_OFF);
  }
  switch (op) {
    case Op.ERETA_64e_branch_reg:
      return returnTo(s, target);
    case Op.RETA_64e_branch_reg:
      branchTo(s, target, BTYPE_NONE);
      return BRANCHED;
    case Op.BLRAZ_64_branch_reg:
    case Op.BLRA_64p_branch_reg:
      setX(s, 30, currentPc(s) + 4);
      branchTo(s, target, BTYPE_CALL);
      return BRANCHED;
  }
  branchTo(s, target, jumpType(s, register));
  return BRANCHED;
}

function returnTo(s: usize, target: u64): u32 {
  exceptionReturn(s, target);
  // The translation regime is that of both levels
  if ((target >> 55) != 0) store<u64>(s, branchAddress(s, target), PC_OFF);
  store<u32>(s, 0, MONITOR_SIZE_OFF);
  store<u32>(s, 1, EVENT_OFF);
  return BRANCHED;
}
