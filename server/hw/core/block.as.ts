/** Blocks of predecoded instructions, and how the core gets from one to the next. */

import {
  ARENA_END, ARENA_NEXT_OFF, ARENA_OFF, BLOCK_HEADER, BLOCK_MAX, BLOCK_OFF, BLOCK_TABLE_ENTRIES, BLOCK_TABLE_OFF,
  BUDGET_OFF, COUNT_EL0_OFF, COUNT_LEVEL_OFF, COUNT_MARK_OFF, COUNT_OFF, CURRENT_OFF, EPOCH_OFF, EXIT_IRQ, EXIT_OFF,
  FETCH_GUARDED_OFF, FETCH_HOST_OFF, FETCH_PAGE_OFF, LEAVE_OFF, PC_OFF, POLL_FLUSH, POLL_INTERRUPT, POLL_KICK, POLL_OFF,
  POLL_STEP, PSTATE_OFF, RECORD, SCTLR_EL1_OFF, STEP_OFF,
} from "../core_state";
import { FAULT } from "./access.as";
import { BTYPE_CALL, BTYPE_JUMP } from "./branch.as";
import { beforeInstruction, STEP_ACTIVE, STEP_EX, STEP_ISV } from "./debug.as";
import { EC_BTI, EC_ILLEGAL, EC_PC_ALIGN, raise, raiseAt, takeInterrupt } from "./exception.as";
import { PSTATE_BTYPE, PSTATE_IL, PSTATE_SS, SCTLR_BT0, SCTLR_BT1 } from "./fields.as";
import * as U from "./micro.as";
import { predecode } from "./predecode.as";
import { writeRecord } from "./record.as";
import { el, reg } from "./state.as";
import { fetchAt, flushTlb } from "./tlb.as";

/** Room for the longest block. */
const BLOCK_BYTES: usize = BLOCK_HEADER + (BLOCK_MAX + 1) * RECORD + BLOCK_MAX * 4;
/** The block of a single step. */
const STEP_BLOCK: usize = ARENA_OFF;
const ARENA_FIRST: usize = ARENA_OFF + ((<u32>BLOCK_BYTES + 15) & ~15);

/** Makes what a core's blocks need. */
export function initBlocks(s: usize): void {
  dropBlocks(s);
  writeRecord(s + LEAVE_OFF, U.LEAVE, 0, 0, 0, 0, 0);
}

/** Drops all blocks. */
function dropBlocks(s: usize): void {
  memory.fill(s + BLOCK_TABLE_OFF, 0, BLOCK_TABLE_ENTRIES * 4);
  store<u32>(s, <u32>(s + ARENA_FIRST), ARENA_NEXT_OFF);
}

// @ts-ignore
@inline
function tableEntry(s: usize, host: usize): usize {
  return s + BLOCK_TABLE_OFF + ((((host >> 2) ^ (host >> 16)) & (BLOCK_TABLE_ENTRIES - 1)) << 2);
}

/** Makes the block of the instructions at a place. */
function build(s: usize, block: usize, host: usize, most: u32): void {
  const room: u32 = (4096 - (<u32>host & 0xfff)) >> 2;
  if (room < most) most = room;
  const records = block + BLOCK_HEADER;
  const words = records + (BLOCK_MAX + 1) * RECORD;
  let count: u32 = 0;
  while (count < most) {
    const insn = load<u32>(host + (count << 2));
    store<u32>(words + (count << 2), insn);
    const ends = predecode(records + count * RECORD, insn, count);
    count++;
    if (ends) break;
  }
  writeRecord(records + count * RECORD, U.END, 0, 0, 0, 0, <u64>(count << 2));
  memory.copy(records + (count + 1) * RECORD, words, count << 2);
  store<u32>(block, <u32>host);
  store<u32>(block, load<u32>(s, EPOCH_OFF), 4);
  store<u32>(block, count, 8);
}

/** A block that is not known, or that may have changed since the last context synchronization event. */
function renew(s: usize, host: usize): usize {
  const entry = tableEntry(s, host);
  let block = <usize>load<u32>(entry);
  if (block != 0 && <usize>load<u32>(block) == host) {
    const count = load<u32>(block, 8);
    const words = block + BLOCK_HEADER + (count + 1) * RECORD;
    let differences: u64 = 0;
    let n: usize = 0;
    for (const pairs = (count << 2) & ~7; n < pairs; n += 8) differences |= load<u64>(words + n) ^ load<u64>(host + n);
    if ((count & 1) != 0) differences |= <u64>(load<u32>(words + n) ^ load<u32>(host + n));
    if (differences == 0) {
      store<u32>(block, load<u32>(s, EPOCH_OFF), 4);
      return block;
    }
  }
  block = <usize>load<u32>(s, ARENA_NEXT_OFF);
  if (block + BLOCK_BYTES > s + ARENA_END) {
    dropBlocks(s);
    block = s + ARENA_FIRST;
  }
  build(s, block, host, BLOCK_MAX);
  const count = load<u32>(block, 8);
  store<u32>(s, <u32>((block + BLOCK_HEADER + (count + 1) * RECORD + (count << 2) + 15) & ~15), ARENA_NEXT_OFF);
  store<u32>(entry, <u32>block);
  return block;
}

/** What POLL says; true where the core has to leave. */
function attend(s: usize): bool {
  const poll = atomic.load<u32>(s, POLL_OFF);
  if ((poll & POLL_KICK) != 0) {
    atomic.and<u32>(s, ~POLL_KICK, POLL_OFF);
    store<u32>(s, EXIT_IRQ, EXIT_OFF);
    return true;
  }
  if ((poll & POLL_FLUSH) != 0) {
    flushTlb(s);
    atomic.and<u32>(s, ~POLL_FLUSH, POLL_OFF);
  }
  if ((poll & POLL_INTERRUPT) != 0) {
    atomic.and<u32>(s, ~POLL_INTERRUPT, POLL_OFF);
    takeInterrupt(s);
  }
  return false;
}

// Words without their fields
const BRK: u32 = 0xd4200000;
const HLT: u32 = 0xd4400000;
const BTI: u32 = 0xd503241f;
/** PACIBSP has bit 6 set. */
const PACIASP: u32 = 0xd503233f;

// @ts-ignore
@inline
function isBrk(insn: u32): bool {
  return (insn & 0xffe0001f) == BRK;
}

/** BTypeCompatible(): the first instruction of a guarded page must be one that may be branched to. */
function landingAllowed(s: usize, insn: u32, btype: u32): bool {
  if (isBrk(insn) || (insn & 0xffe0001f) == HLT) return true;
  if ((insn & ~0xc0) == BTI) {
    // BTI, BTI c, BTI j and BTI jc
    const target = (insn >>> 6) & 3;
    return target == 3 || (target == 1 && btype != BTYPE_JUMP) || (target == 2 && btype != BTYPE_CALL);
  }
  if ((insn & ~0x40) == PACIASP) {
    return btype != BTYPE_JUMP || (reg(s, SCTLR_EL1_OFF) & (el(s) == 0 ? SCTLR_BT0 : SCTLR_BT1)) == 0;
  }
  return false;
}

/** The block is left at record `p`: what follows it was counted with the block and has not run, and maybe itself has not. */
export function leaveBlock(s: usize, p: usize, ran: bool): void {
  const first = <usize>load<u32>(s, BLOCK_OFF);
  const begun = <i32>((p - first) / RECORD) + 1;
  store<i32>(s, load<i32>(s, BUDGET_OFF) + load<i32>(first - BLOCK_HEADER, 8) - begun, BUDGET_OFF);
  if (!ran) uncount(s);
}

/** One turn of the slice was no instruction: a guest that does nothing but fault comes to its slice's end all the same. */
function uncount(s: usize): void {
  store<i64>(s, load<i64>(s, COUNT_OFF) - 1, COUNT_OFF);
  store<i32>(s, load<i32>(s, COUNT_MARK_OFF) - 1, COUNT_MARK_OFF);
}

/** Instructions since the level last changed are that level's. */
export function countLevel(s: usize): void {
  const budget = load<i32>(s, BUDGET_OFF);
  if (load<u32>(s, COUNT_LEVEL_OFF) == 0)
    store<i64>(s, load<i64>(s, COUNT_EL0_OFF) + <i64>(load<i32>(s, COUNT_MARK_OFF) - budget), COUNT_EL0_OFF);
  store<i32>(s, budget, COUNT_MARK_OFF);
  store<u32>(s, el(s), COUNT_LEVEL_OFF);
}

/** The first record of the block at PC; that of LEAVE where the core leaves or its slice is over. */
export function enter(s: usize): usize {
  while (true) {
    const poll = atomic.load<u32>(s, POLL_OFF);
    if (poll != 0) {
      if (attend(s)) return s + LEAVE_OFF;
      if ((poll & POLL_STEP) != 0 && beforeInstruction(s)) {
        if (load<u32>(s, EXIT_OFF) != 0) return s + LEAVE_OFF;
        continue;
      }
    }
    const budget = load<i32>(s, BUDGET_OFF);
    if (budget <= 0) return s + LEAVE_OFF;
    const pc = load<u64>(s, PC_OFF);
    let host: usize;
    if ((pc & 3) != 0) {
      store<u32>(s, load<u32>(s, BLOCK_OFF), CURRENT_OFF);
      raiseAt(s, EC_PC_ALIGN, 0, pc);
      continue;
    }
    if (((pc & ~0xfff) | 1) == load<u64>(s, FETCH_PAGE_OFF)) host = <usize>(load<u32>(s, FETCH_HOST_OFF) | (<u32>pc & 0xfff));
    else {
      // A change of level makes the next fetch a slow one.
      countLevel(s);
      host = fetchAt(s, pc);
      if (host == FAULT) {
        if (load<u32>(s, EXIT_OFF) != 0) return s + LEAVE_OFF;
        store<i32>(s, budget - 1, BUDGET_OFF);
        uncount(s);
        continue;
      }
    }
    const pstate = load<u32>(s, PSTATE_OFF);
    if ((pstate & (PSTATE_BTYPE | PSTATE_IL)) != 0) {
      if ((pstate & PSTATE_IL) != 0) {
        store<u32>(s, load<u32>(s, BLOCK_OFF), CURRENT_OFF);
        raise(s, EC_ILLEGAL, 0);
        continue;
      }
      if (load<u32>(s, FETCH_GUARDED_OFF) != 0 && !landingAllowed(s, load<u32>(host), (pstate >> 10) & 3)) {
        store<u32>(s, load<u32>(s, BLOCK_OFF), CURRENT_OFF);
        raise(s, EC_BTI, (pstate >> 10) & 3);
        continue;
      }
      // BRK shows it in SPSR
      if (!isBrk(load<u32>(host))) store<u32>(s, pstate & ~PSTATE_BTYPE, PSTATE_OFF);
    }
    let block: usize;
    if ((poll & POLL_STEP) != 0) {
      block = s + STEP_BLOCK;
      build(s, block, host, 1);
      const exclusive: u32 = (load<u32>(host) & 0x3f400000) == 0x08400000 && (load<u32>(host) & 0x00800000) == 0 ? STEP_EX : 0;
      store<u32>(s, ((pstate & PSTATE_SS) != 0 ? STEP_ACTIVE : 0) | STEP_ISV | exclusive, STEP_OFF);
    } else {
      block = <usize>load<u32>(tableEntry(s, host));
      if (block == 0 || <usize>load<u32>(block) != host || load<u32>(block, 4) != load<u32>(s, EPOCH_OFF)) block = renew(s, host);
    }
    store<u32>(s, <u32>(block + BLOCK_HEADER), BLOCK_OFF);
    store<i32>(s, budget - load<i32>(block, 8), BUDGET_OFF);
    return block + BLOCK_HEADER;
  }
}
