/** The CPU core: an interpreter of A64 with the state of each core in its block of the board's memory. */

import {
  BUDGET_OFF, COUNT_MARK_OFF, COUNT_OFF, EXIT_IRQ, EXIT_NONE, EXIT_OFF, MONITOR_SIZE_OFF, RUNNING_OFF, STEP_OFF,
  TLB_USED_OFF,
} from "./core_state";
import { countLevel, initBlocks } from "./core/block.as";
import { initTables } from "./core/crypto.as";
import { enterStep } from "./core/debug.as";
import { contextChanged, readPstate, synchronize, writePstate } from "./core/exception.as";
import { flushTlb } from "./core/tlb.as";
import { interpret } from "./core/run.as";
import { timersChanged } from "./core/timer.as";

export { flushTlb } from "./core/tlb.as";
export { contextChanged, readPstate, writePstate } from "./core/exception.as";
export { decode } from "./core/decode.as";

/** How many instructions run before the timers are looked at. */
const SLICE: i64 = 4096;

/** Makes a core's tables; its block is zero before. */
export function init(s: usize): void {
  initBlocks(s);
  store<u32>(s, 1, TLB_USED_OFF);
  flushTlb(s);
  initTables(s);
  contextChanged(s);
}

/** Enters the guest for some instructions; gives EXIT_SYNC or EXIT_IRQ. */
export function run(s: usize, instructions: f64): u32 {
  let left = <i64>instructions;
  atomic.store<u32>(s, 1, RUNNING_OFF);
  store<u32>(s, EXIT_NONE, EXIT_OFF);
  store<u32>(s, 0, STEP_OFF);
  store<u32>(s, 0, MONITOR_SIZE_OFF);
  synchronize(s);
  enterStep(s);
  contextChanged(s);
  while (true) {
    if (timersChanged(s)) {
      store<u32>(s, EXIT_IRQ, EXIT_OFF);
      break;
    }
    const slice = left < SLICE ? left : SLICE;
    if (slice <= 0) {
      store<u32>(s, EXIT_IRQ, EXIT_OFF);
      break;
    }
    store<i32>(s, <i32>slice, BUDGET_OFF);
    store<i32>(s, <i32>slice, COUNT_MARK_OFF);
    interpret(s);
    countLevel(s);
    const done = slice - <i64>load<i32>(s, BUDGET_OFF);
    store<i64>(s, load<i64>(s, COUNT_OFF) + done, COUNT_OFF);
    if (load<u32>(s, EXIT_OFF) != EXIT_NONE) break;
    left -= done;
  }
  atomic.store<u32>(s, 0, RUNNING_OFF);
  return load<u32>(s, EXIT_OFF);
}
