/** Self-hosted debug: software step, breakpoints and watchpoints (Arm ARM D2). */

import {
  BLOCK_OFF, CONTEXTIDR_EL1_OFF, CURRENT_OFF, DBGBCR_OFF, DBGBVR_OFF, DBGWCR_OFF, DBGWVR_OFF, MDCR_EL2_OFF,
  MDSCR_EL1_OFF, OSLSR_EL1_OFF, PC_OFF, PSTATE_OFF, STEP_OFF,
} from "../core_state";
import { FSC_DEBUG, ISS_CM, ISS_WNR } from "./abort.as";
import { isUnprivileged, MAINTENANCE, READ, WRITE } from "./access.as";
import {
  EC_BREAKPOINT_LOW, EC_STEP_LOW, EC_WATCHPOINT_LOW, fromLevel, leaveAbort, raise, raiseAt, trap,
} from "./exception.as";
import { MDCR_TDE, MDSCR_KDE, MDSCR_MDE, MDSCR_SS, OSLSR_OSLK, PSTATE_D, PSTATE_SS } from "./fields.as";
import { currentPc, el, reg } from "./state.as";

/** ID_AA64DFR0_EL1's BRPs and WRPs, and one more. */
const BREAKPOINTS: u32 = 6;
const WATCHPOINTS: u32 = 4;

/** What STEP says beside the syndrome: the instruction that now runs began with PSTATE.SS set. */
export const STEP_ACTIVE: u32 = 1;
/** ISV of a software step's syndrome, and EX: the instruction was a load exclusive. */
export const STEP_ISV: u32 = 1 << 24;
export const STEP_EX: u32 = 1 << 6;

// Kinds of a breakpoint, in DBGBCR's BT
const BT_ADDRESS: u32 = 0;
const BT_LINKED_ADDRESS: u32 = 1;
const BT_LINKED_CONTEXT: u32 = 3;

/** Whether debug exceptions go to EL2. */
// @ts-ignore
@inline
function toEl2(s: usize): bool {
  return (reg(s, MDCR_EL2_OFF) & MDCR_TDE) != 0;
}

/** AArch64.GenerateDebugExceptionsFrom(): whether debug exceptions other than BRK can be taken from this level. */
function debugEnabled(s: usize, level: u32, pstate: u32): bool {
  if (toEl2(s)) return true;
  if ((reg(s, OSLSR_EL1_OFF) & OSLSR_OSLK) != 0) return false;
  return level == 0 || ((reg(s, MDSCR_EL1_OFF) & MDSCR_KDE) != 0 && (pstate & PSTATE_D) == 0);
}

/** Whether the software step or breakpoints have to be looked at before each instruction of a level. */
export function stepsOrBreaks(s: usize, level: u32, pstate: u32): bool {
  const mdscr = reg(s, MDSCR_EL1_OFF);
  if ((mdscr & (MDSCR_SS | MDSCR_MDE)) == 0 || !debugEnabled(s, level, pstate)) return false;
  return (mdscr & MDSCR_SS) != 0 || ((mdscr & MDSCR_MDE) != 0 && anyEnabled(s, DBGBCR_OFF, BREAKPOINTS));
}

/** Whether loads and stores of a level have to look at watchpoints. */
export function watches(s: usize, level: u32, pstate: u32): bool {
  return (reg(s, MDSCR_EL1_OFF) & MDSCR_MDE) != 0 && debugEnabled(s, level, pstate) && anyEnabled(s, DBGWCR_OFF, WATCHPOINTS);
}

function anyEnabled(s: usize, controls: usize, count: u32): bool {
  for (let n: u32 = 0; n < count; n++) if ((reg(s, controls + (n << 3)) & 1) != 0) return true;
  return false;
}

/** PSTATE.SS as ERET sets it: only where a step is to begin (DebugExceptionReturnSS()). */
export function returnsIntoStep(s: usize, pstate: u32, spsr: u32): bool {
  if ((spsr & PSTATE_SS) == 0 || (reg(s, MDSCR_EL1_OFF) & MDSCR_SS) == 0) return false;
  return !debugEnabled(s, el(s), pstate) && debugEnabled(s, (spsr >> 2) & 3, spsr);
}

/** The same of EL2's return to the guest, behind which PSTATE is that of SPSR_EL2: from EL2 no debug exception is taken. */
export function enterStep(s: usize): void {
  const pstate = load<u32>(s, PSTATE_OFF);
  if ((pstate & PSTATE_SS) == 0) return;
  if ((reg(s, MDSCR_EL1_OFF) & MDSCR_SS) == 0 || !debugEnabled(s, el(s), pstate))
    store<u32>(s, pstate & ~PSTATE_SS, PSTATE_OFF);
}

/** Debug exceptions before the instruction at PC; true where one was taken. */
export function beforeInstruction(s: usize): bool {
  store<u32>(s, load<u32>(s, BLOCK_OFF), CURRENT_OFF);
  const level = el(s);
  if (!debugEnabled(s, level, load<u32>(s, PSTATE_OFF))) return false;
  const mdscr = reg(s, MDSCR_EL1_OFF);
  if ((mdscr & MDSCR_SS) != 0 && stepped(s)) return true;
  if ((mdscr & MDSCR_MDE) == 0 || !breakpoint(s, level)) return false;
  if (toEl2(s)) trap(s, EC_BREAKPOINT_LOW, FSC_DEBUG);
  else raise(s, fromLevel(s, EC_BREAKPOINT_LOW), FSC_DEBUG);
  return true;
}

/** The software step: takes its exception where the step is active-pending. */
function stepped(s: usize): bool {
  const step = load<u32>(s, STEP_OFF);
  if ((step & STEP_ACTIVE) != 0) {
    // The instruction that ran with SS set has ended
    store<u32>(s, load<u32>(s, PSTATE_OFF) & ~PSTATE_SS, PSTATE_OFF);
    store<u32>(s, step & ~STEP_ACTIVE, STEP_OFF);
  }
  if ((load<u32>(s, PSTATE_OFF) & PSTATE_SS) != 0) return false;
  const iss = load<u32>(s, STEP_OFF) | FSC_DEBUG;
  store<u32>(s, 0, STEP_OFF);
  if (toEl2(s)) trap(s, EC_STEP_LOW, iss);
  else raise(s, fromLevel(s, EC_STEP_LOW), iss);
  return true;
}

/** Whether PAC or PMC of a control register, at bits 2:1, is for a level. */
// @ts-ignore
@inline
function isForLevel(control: u64, level: u32): bool {
  return ((<u32>control >>> 1) & (level == 0 ? 2 : 1)) != 0;
}

/** Whether the context breakpoint that LBN names matches, to which this one is linked. */
function linkedMatches(s: usize, control: u64): bool {
  const linked = (<u32>(control >> 16) & 15) << 3;
  const context = reg(s, DBGBCR_OFF + linked);
  if ((context & 1) == 0 || (<u32>(context >> 20) & 15) != BT_LINKED_CONTEXT) return false;
  return <u32>reg(s, DBGBVR_OFF + linked) == <u32>reg(s, CONTEXTIDR_EL1_OFF);
}

/** AArch64.BreakpointMatch(): whether an address breakpoint is at PC. */
function breakpoint(s: usize, level: u32): bool {
  const pc = reg(s, PC_OFF);
  for (let n: u32 = 0; n < BREAKPOINTS; n++) {
    const control = reg(s, DBGBCR_OFF + (n << 3));
    if ((control & 1) == 0 || !isForLevel(control, level)) continue;
    const type = <u32>(control >> 20) & 15;
    if (type != BT_ADDRESS && (type != BT_LINKED_ADDRESS || !linkedMatches(s, control))) continue;
    if (((reg(s, DBGBVR_OFF + (n << 3)) ^ pc) & 0x01fffffffffffffc) == 0) return true;
  }
  return false;
}

/** AArch64.CheckWatchpoint(): false where a watchpoint has matched and its exception is taken. */
export function watchpoints(s: usize, va: u64, size: u32, kind: u32): bool {
  const first = <u64>((<i64>(va << 8)) >> 8);
  const last = first + <u64>size - 1;
  const level: u32 = isUnprivileged(s, kind) ? 0 : 1;
  for (let n: u32 = 0; n < WATCHPOINTS; n++) {
    const control = reg(s, DBGWCR_OFF + (n << 3));
    if ((control & 1) == 0 || !isForLevel(control, level)) continue;
    const lsc = <u32>(control >> 3) & 3;
    const reads = (kind & READ) != 0 && (lsc & 1) != 0;
    const writes = (kind & WRITE) != 0 && (lsc & 2) != 0;
    if (!reads && !writes) continue;
    if ((control & (1 << 20)) != 0 && !linkedMatches(s, control)) continue;
    if (!isWatched(control, reg(s, DBGWVR_OFF + (n << 3)), first, last)) continue;
    const iss = FSC_DEBUG | (reads ? 0 : ISS_WNR) | ((kind & MAINTENANCE) != 0 ? ISS_CM : 0);
    if (toEl2(s)) leaveAbort(s, EC_WATCHPOINT_LOW, iss, va, 0, currentPc(s));
    else raiseAt(s, fromLevel(s, EC_WATCHPOINT_LOW), iss, va);
    return false;
  }
  return true;
}

/** Whether some of the bytes that DBGWCR's MASK or BAS select are accessed. */
function isWatched(control: u64, base: u64, first: u64, last: u64): bool {
  const mask = control >> 24 & 31;
  if (mask > 2) {
    const low = (base >> mask) << mask;
    return first <= low + (<u64>1 << mask) - 1 && last >= low;
  }
  const select = <u32>(control >> 5) & 255;
  if (select == 0) return false;
  return first <= base + <u64>(31 - clz<u32>(select)) && last >= base + <u64>ctz<u32>(select);
}
