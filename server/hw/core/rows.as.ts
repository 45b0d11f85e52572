/** Runs an instruction straight from its word, by its row of the table, and tells what record follows. */

import { CURRENT_OFF, EXIT_IRQ, EXIT_OFF, LEAVE_OFF, PC_OFF, RECORD, UNDEFINED_COUNT_OFF } from "../core_state";
import { currentInstruction } from "./abort.as";
import { enter, leaveBlock } from "./block.as";
import { execBranch } from "./branch.as";
import { execCrypto } from "./crypto.as";
import { checkFpEnabled, checkSveEnabled, undefined_ } from "./exception.as";
import { execFp } from "./fp.as";
import { execInteger } from "./integer.as";
import { execMemory } from "./memory.as";
import * as U from "./micro.as";
import { execTagArithmetic } from "./mte.as";
import * as Op from "./ops.as";
import { DONE, LEFT, LEFT_IRQ, LEFT_NEXT, UNDEFINED } from "./outcome.as";
import { execPauth } from "./pauth.as";
import { imm, operation } from "./record.as";
import { undefinedMove } from "./registers.as";
import { execSimd } from "./simd.as";
import { currentPc } from "./state.as";
import { execSystem } from "./system.as";

/** The record that follows a load or store whose fast way did not go. */
export function slow(s: usize, p: usize): usize {
  store<u32>(s, <u32>p, CURRENT_OFF);
  return next(s, p, execMemory(s, currentInstruction(s)));
}

/** The same of vector registers. */
export function slowVector(s: usize, p: usize): usize {
  store<u32>(s, <u32>p, CURRENT_OFF);
  const denied = checkFpEnabled(s);
  return next(s, p, denied == DONE ? execMemory(s, currentInstruction(s)) : denied);
}

/** The record that follows an instruction without an operation of its own; its record has the word and the row. */
export function call(s: usize, p: usize): usize {
  store<u32>(s, <u32>p, CURRENT_OFF);
  const insn = <u32>imm(p);
  const op = <u32>(imm(p) >> 32);
  let outcome: u32 = DONE;
  switch (operation(p)) {
    case U.CALL_INTEGER:
      if (!execInteger(s, op, insn)) outcome = UNDEFINED;
      break;
    case U.CALL_PAUTH:
      outcome = execPauth(s, op, insn);
      break;
    case U.CALL_SYSTEM:
      outcome = op <= Op.LAST_BRANCH ? execBranch(s, op, insn) : execSystem(s, op, insn);
      break;
    case U.CALL_TAG:
      if (!execTagArithmetic(s, op, insn)) outcome = UNDEFINED;
      break;
    case U.CALL_MEMORY:
      outcome = execMemory(s, insn);
      break;
    case U.CALL_MEMORY_VECTOR:
      outcome = checkFpEnabled(s);
      if (outcome == DONE) outcome = execMemory(s, insn);
      break;
    case U.CALL_FP:
      outcome = checkFpEnabled(s);
      if (outcome == DONE && !execFp(s, op, insn)) outcome = UNDEFINED;
      break;
    case U.CALL_SIMD:
      outcome = checkFpEnabled(s);
      if (outcome == DONE && !execSimd(s, op, insn)) outcome = UNDEFINED;
      break;
    case U.CALL_CRYPTO:
      outcome = checkFpEnabled(s);
      if (outcome == DONE && !execCrypto(s, op, insn)) outcome = UNDEFINED;
      break;
    default:
      outcome = absent(s, op, insn);
  }
  return next(s, p, outcome);
}

/** An instruction that the core has not: it can still trap. */
function absent(s: usize, op: u32, insn: u32): u32 {
  if (op != 0) return undefinedMove(s, insn, op == Op.MRS_rs_systemmove);
  // The group that SVE has for itself
  return ((insn >>> 25) & 15) == 2 ? checkSveEnabled(s) : UNDEFINED;
}

/** The record that follows an instruction that ended in some way. */
function next(s: usize, p: usize, outcome: u32): usize {
  if (outcome == DONE) return p + RECORD;
  leaveBlock(s, p, outcome != LEFT && outcome != UNDEFINED);
  if (outcome == LEFT_NEXT || outcome == LEFT_IRQ) {
    store<u64>(s, currentPc(s) + 4, PC_OFF);
    if (outcome == LEFT_NEXT) return enter(s);
    store<u32>(s, EXIT_IRQ, EXIT_OFF);
    return s + LEAVE_OFF;
  }
  if (outcome == UNDEFINED) {
    store<u32>(s, load<u32>(s, UNDEFINED_COUNT_OFF) + 1, UNDEFINED_COUNT_OFF);
    undefined_(s);
  }
  return load<u32>(s, EXIT_OFF) != 0 ? s + LEAVE_OFF : enter(s);
}
