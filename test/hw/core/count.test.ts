/** How many instructions a core says it has run at each level, to the last one. */

import { describe, expect, it } from "vitest";
import { assemble } from "../../../clients/typescript/guest/a64.ts";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import { CODE, HCR_VM, HVC, Machine } from "./machine.ts";

const VECTORS = 0x20000;
const EL0 = 0x3c0;
const EL1 = 0x3c5;
const SS = 1 << 21;

const words = (text: string, at = CODE) => {
  const { bytes } = assemble(text, BigInt(at));
  return [...new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)];
};

/** A core whose vectors go on behind the instruction that faulted, at the level that it had. */
function machine(pstate = EL1): Machine {
  const it = new Machine();
  it.core.setSysReg(SYSREG.VBAR_EL1, BigInt(VECTORS));
  it.core.setSysReg(SYSREG.SCTLR_EL1, 0x00c5003an);
  for (const offset of [0x200, 0x400])
    it.words(VECTORS + offset, words("mrs x9, elr_el1; add x9, x9, #4; msr elr_el1, x9; eret", VECTORS + offset));
  it.core.pstate = pstate;
  return it;
}

/** What a program ran at EL1 and at EL0 until it left. */
function counts(it: Machine, text: string, instructions?: number): [number, number] {
  const before = it.core.retired;
  it.run(words(text), instructions);
  const { el1, el0 } = it.core.retired;
  return [Number(el1 - before.el1), Number(el0 - before.el0)];
}

const HANDLER = 4;

describe("instructions are counted", () => {
  // HVC, which ends a program, is one too.
  it.each([
    ["a block", "nop; nop; nop", 4],
    ["a loop", "mov x0, #10; l: subs x0, x0, #1; b.ne l", 22],
    ["a branch out of a block's middle", "cbz xzr, l; nop; l: nop", 3],
    ["a call", "bl l; b e; l: ret; e: nop", 5],
    ["more than a block holds", Array.from({ length: 70 }, () => "nop").join("; "), 71],
    ["what ends a block early: ISB and MSR", "nop; isb; nop; msr daifset, #2; nop; nop", 7],
    ["SVC", "nop; svc #0; nop", 3 + HANDLER],
    ["an undefined instruction has not run", "nop; udf #0; nop; nop", 4 + HANDLER],
    ["nor has a load that faults", "mov x1, #4; nop; ldr x0, [x1]; nop", 4 + HANDLER],
  ])("%s", (_, text, expected) => {
    expect(counts(machine(), text)).toEqual([expected, 0]);
  });

  it("those of each level", () => {
    const it = machine();
    // The HVC at EL0 is undefined: the handler goes on behind it, with the word that ends the program
    it.core.spsrEl1 = BigInt(EL0);
    it.words(VECTORS + 0x400, words("mrs x9, esr_el1; tbz x9, #30, l; eret; l: hvc #0", VECTORS + 0x400));
    expect(
      counts(it, "adr x0, u; msr elr_el1, x0; eret; u: nop; nop; svc #0; mov x1, #3; l: subs x1, x1, #1; b.ne l"),
    ).toEqual([3 + 3 + 3, 3 + 7]);
  });

  it("a trap to EL2 has not run, nor what stands behind it in its block", () => {
    const it = machine();
    it.core.hcrEl2 = HCR_VM;
    it.core.stage2Map(CODE >> 12, CODE >> 12, 2);
    it.core.setX(21, 0x9000040n);
    expect(counts(it, "nop; nop; ldr x0, [x21]; nop; nop")).toEqual([2, 0]);
    it.core.hcrEl2 = 1n << 19n;
    expect(counts(it, "nop; smc #0; nop")).toEqual([1, 0]);
  });

  it("a fetch that faults is none, and yet a core whose vectors lie nowhere leaves", () => {
    const it = machine();
    it.core.setSysReg(SYSREG.VBAR_EL1, 1n << 52n);
    it.words(CODE, words("nop; svc #0"));
    it.core.pc = BigInt(CODE);
    expect(it.core.runHere(1000)).toBe("irq");
    expect([it.core.pc, it.core.retired]).toEqual([(1n << 52n) + 0x200n, { el1: 2n, el0: 0n }]);
  });

  it("a core that does nothing but fault leaves", () => {
    const it = machine();
    it.words(VECTORS + 0x200, [0]);
    it.words(CODE, [0]);
    it.core.pc = BigInt(CODE);
    expect(it.core.runHere(1000)).toBe("irq");
    expect(it.core.retired).toEqual({ el1: 0n, el0: 0n });
  });

  it("single steps", () => {
    const it = machine(EL1 | SS);
    it.core.mdcrEl2 = 1n << 8n;
    it.core.setSysReg(SYSREG.MDSCR_EL1, 1n);
    it.words(CODE, words("add x0, x0, #1; udf #0; nop"));
    it.core.pc = BigInt(CODE);
    it.core.runHere(100);
    expect(it.core.retired.el1).toBe(1n);
    it.core.pstate = EL1 | SS;
    it.core.runHere(100);
    expect([it.core.retired.el1, it.core.pc]).toEqual([1n, BigInt(VECTORS + 0x200)]);
  });

  it("up to a limit, from which it goes on", () => {
    const it = machine();
    it.words(CODE, [...words("l: add x0, x0, #1; b l"), HVC]);
    it.core.pc = BigInt(CODE);
    for (let n = 1; n < 6; n++) {
      it.core.runHere(10_000);
      expect(it.core.retired.el1).toBe(2n * it.core.x(0));
      expect(it.core.retired.el1).toBeGreaterThanOrEqual(BigInt(n * 10_000));
    }
  });
});
