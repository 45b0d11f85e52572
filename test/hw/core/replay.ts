/** Replays what oracle.mjs recorded on a core. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import { disassemble } from "../../../server/hw/disassemble.ts";
import { decodeOutcomes, GENERAL_RESULT, type Outcome, stateOf, V_AT, X_REGISTERS } from "./cases.ts";
import { Machine } from "./machine.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes.toReversed()).toString("hex");

/** The cases of a file. */
export function recorded(group: string): Outcome[] {
  return decodeOutcomes(gunzipSync(readFileSync(join(import.meta.dirname, "data", `${group}.gz`))));
}

/** Runs cases and says of each that ended in another state than it should which, in words. */
export function replay(outcomes: readonly Outcome[]): string[] {
  const machine = new Machine();
  const { core } = machine;
  core.setSysReg(SYSREG.CPACR_EL1, 3n << 20n);
  const differences: string[] = [];
  const registers = new Uint8Array(V_AT + 512);
  const view = new DataView(registers.buffer);
  for (const [number, outcome] of outcomes.entries()) {
    const before = stateOf(outcome, number);
    const longs = new DataView(before.registers.buffer);
    for (let n = 0; n < X_REGISTERS; n++) core.setX(n, longs.getBigUint64(n * 8, true));
    core.v.set(before.registers.subarray(V_AT));
    core.fpcr = before.fpcr;
    core.fpsr = before.fpsr;
    core.pstate = (before.nzcv | 0x3c5) >>> 0;
    const exit = machine.run([outcome.word]);

    const rd = outcome.word & 31;
    const general = (outcome.flags & GENERAL_RESULT) !== 0;
    const expected = before.registers;
    if (general) expected.set(outcome.result.subarray(0, 8), rd * 8);
    else expected.set(outcome.result, V_AT + rd * 16);
    for (let n = 0; n < X_REGISTERS; n++) view.setBigUint64(n * 8, core.x(n), true);
    registers.set(core.v, V_AT);
    const same = Buffer.compare(registers, expected) === 0;
    const nzcv = core.pstate >>> 28;
    if (
      exit === "sync" &&
      machine.exitClass === 0x16 &&
      same &&
      core.fpsr === outcome.fpsr &&
      nzcv === (outcome.flags & 15)
    )
      continue;
    const of = (bytes: Uint8Array) =>
      hex(general ? bytes.subarray(rd * 8, rd * 8 + 8) : bytes.subarray(V_AT + rd * 16, V_AT + rd * 16 + 16));
    differences.push(
      `${disassemble(outcome.word)} (case ${number}, FPCR ${outcome.fpcr.toString(16)}): ${of(registers)} FPSR ${core.fpsr.toString(16)} NZCV ${nzcv}, ` +
        `not ${of(expected)} FPSR ${outcome.fpsr.toString(16)} NZCV ${outcome.flags & 15}`,
    );
  }
  return differences;
}
