import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import { GROUPS } from "../../../server/hw/a64/index.ts";
import { decode, disassemble } from "../../../server/hw/disassemble.ts";
import {
  AREA,
  AREA_AT,
  AREA_BYTES,
  digest,
  lockstepRows,
  lockstepState,
  REGISTERS,
  STATE_BYTES,
  V_AT,
} from "./lockstep_cases.ts";
import { Machine } from "./machine.ts";

const file = gunzipSync(readFileSync(join(import.meta.dirname, "data/lockstep.gz")));
const cases = Array.from({ length: file.length / 14 }, (_, n) => ({
  word: file.readUInt32LE(n * 14),
  number: file.readUInt16LE(n * 14 + 4),
  result: file.subarray(n * 14 + 6, n * 14 + 14),
}));

describe("integer instructions, loads and stores", () => {
  it("there are cases of every row", () => {
    const seen = new Set(cases.map(({ word }) => decode(word)?.row.name));
    const rows = lockstepRows([...GROUPS.INTEGER, ...GROUPS.MEMORY]);
    expect(rows.filter(({ name }) => !seen.has(name)).map(({ name }) => name)).toEqual([]);
  });

  it("leave registers, flags and memory as a CPU does", () => {
    const machine = new Machine();
    const { core, memory } = machine;
    core.setSysReg(SYSREG.CPACR_EL1, 3n << 20n);
    const differences = cases.flatMap(({ word, number, result }) => {
      const row = decode(word)?.row;
      if (!row) return [word.toString(16)];
      const before = lockstepState(row, word, number);
      const view = new DataView(before.bytes.buffer);
      for (let n = 0; n < REGISTERS; n++) core.setX(n, view.getBigUint64(n * 8, true));
      core.v.set(before.bytes.subarray(V_AT, AREA_AT));
      memory.bytes.set(before.bytes.subarray(AREA_AT), AREA);
      core.pstate = (before.nzcv | 0x3c5) >>> 0;
      const left = machine.run([word]) === "sync" && machine.exitClass === 0x16;
      const bytes = new Uint8Array(STATE_BYTES);
      const after = new DataView(bytes.buffer);
      for (let n = 0; n < REGISTERS; n++) after.setBigUint64(n * 8, core.x(n), true);
      bytes.set(core.v, V_AT);
      bytes.set(memory.bytes.subarray(AREA, AREA + AREA_BYTES), AREA_AT);
      const same = left && digest({ nzcv: core.pstate, bytes }).equals(result);
      return same ? [] : [`${word.toString(16)} ${disassemble(word)} (case ${number})`];
    });
    expect(differences).toEqual([]);
  });
});
