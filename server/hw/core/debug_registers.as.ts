/** Debug registers: op0 is 2. */

import { DBGBVR_OFF, MDCCINT_EL1_OFF, MDCR_EL2_OFF, MDSCR_EL1_OFF, OSLSR_EL1_OFF } from "../core_state";
import { contextChanged, trapToEl1, trapToEl2 } from "./exception.as";
import { MDCR_TDA, MDCR_TDOSA, MDCR_TDRA, MDSCR_TDCC, OSLSR_OSLK, OSLSR_OSLM_IMPLEMENTED } from "./fields.as";
import { DONE, LEFT_NEXT, UNDEFINED } from "./outcome.as";
import { bits, el, reg, setReg, setX, x } from "./state.as";
import { flushTlb } from "./tlb.as";

/** MRS and MSR of debug registers. */
export function debugAccess(s: usize, insn: u32, read: bool): u32 {
  const op1 = bits(insn, 16, 3);
  const n = bits(insn, 12, 4);
  const m = bits(insn, 8, 4);
  const op2 = bits(insn, 5, 3);
  const mdcr = reg(s, MDCR_EL2_OFF);
  const t = insn & 31;
  if (op1 == 0 && el(s) == 0) return UNDEFINED;
  if (op1 == 0 && n == 1) return osLockAccess(s, insn, read, mdcr);
  if (el(s) == 0 && (reg(s, MDSCR_EL1_OFF) & MDSCR_TDCC) != 0) return trapToEl1(s, insn);
  if ((mdcr & MDCR_TDA) != 0) return trapToEl2(s, insn);
  let offset: usize = 0;
  if (op1 == 0 && n == 0) {
    if (op2 >= 4) offset = DBGBVR_OFF + ((op2 - 4) << 7) + (m << 3);
    else if (m == 2) offset = op2 == 2 ? MDSCR_EL1_OFF : MDCCINT_EL1_OFF;
  }
  if (offset == 0) {
    // The debug communications channel has nobody at its other end
    if (read) setX(s, t, 0);
    return DONE;
  }
  if (read) {
    setX(s, t, reg(s, offset));
    return DONE;
  }
  setReg(s, offset, x(s, t));
  flushTlb(s);
  contextChanged(s);
  return LEFT_NEXT;
}

/** MDRAR_EL1, and the registers of the OS lock and of power: OSLAR, OSLSR, OSDLR and DBGPRCR. */
function osLockAccess(s: usize, insn: u32, read: bool, mdcr: u64): u32 {
  const m = bits(insn, 8, 4);
  const op2 = bits(insn, 5, 3);
  const t = insn & 31;
  if (m == 0 && op2 == 0) {
    if ((mdcr & MDCR_TDRA) != 0) return trapToEl2(s, insn);
    setX(s, t, 0);
    return DONE;
  }
  if ((mdcr & MDCR_TDOSA) != 0) return trapToEl2(s, insn);
  if (m == 0) {
    setReg(s, OSLSR_EL1_OFF, OSLSR_OSLM_IMPLEMENTED | ((x(s, t) & 1) != 0 ? OSLSR_OSLK : 0));
    contextChanged(s);
  } else if (m == 1) setX(s, t, reg(s, OSLSR_EL1_OFF));
  else if (read) setX(s, t, 0);
  return DONE;
}
