import { describe, expect, it } from "vitest";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import { CRYPTO } from "../../../server/hw/a64/crypto.ts";
import type { Row } from "../../../server/hw/a64/row.ts";
import { SIMD } from "../../../server/hw/a64/simd.ts";
import { decode } from "../../../server/hw/disassemble.ts";
import type { Outcome } from "./cases.ts";
import { CODE, Machine } from "./machine.ts";
import { recorded, replay } from "./replay.ts";

/** The rows of which there is no case. */
function missing(rows: readonly Row[], outcomes: readonly Outcome[]): Row[] {
  const seen = new Set(outcomes.map(({ word }) => decode(word)?.row.name));
  return rows.filter(({ name }) => !seen.has(name));
}

describe("Advanced SIMD", () => {
  it("has the results and the flags of a CPU", { timeout: 60_000 }, () => {
    const outcomes = recorded("simd");
    expect(missing(SIMD, outcomes)).toEqual([]);
    expect(replay(outcomes)).toEqual([]);
  });

  it("encrypts and hashes as a CPU does", () => {
    const outcomes = recorded("crypto");
    expect(missing(CRYPTO, outcomes)).toEqual([]);
    expect(replay(outcomes)).toEqual([]);
  });

  it("traps to EL1 where CPACR_EL1 says so", () => {
    const machine = new Machine();
    machine.core.setSysReg(SYSREG.VBAR_EL1, 0x20000n);
    machine.words(0x20200, [0xd4000002]);
    // add v0.4s, v1.4s, v2.4s
    machine.run([0x4ea28420]);
    expect(machine.core.sysReg(SYSREG.ESR_EL1)).toBe(0x1fe00000n);
    expect(machine.core.elrEl1).toBe(BigInt(CODE));
  });

  it("does not touch a NaN's sign with FPCR.AH, in vectors either", () => {
    const machine = new Machine();
    machine.core.setSysReg(SYSREG.CPACR_EL1, 3n << 20n);
    machine.core.fpcr = 2;
    new DataView(machine.core.v.buffer, machine.core.v.byteOffset).setBigUint64(16, 0xffc00001_c0000000n, true);
    // fabs v0.2s, v1.2s; fneg v2.2s, v1.2s
    machine.run([0x0ea0f820, 0x2ea0f822]);
    const low = (n: number) =>
      new DataView(machine.core.v.buffer, machine.core.v.byteOffset).getBigUint64(n * 16, true);
    expect(low(0)).toBe(0xffc00001_40000000n);
    expect(low(2)).toBe(0xffc00001_40000000n);
  });
});
