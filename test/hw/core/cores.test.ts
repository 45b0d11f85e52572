/** Several cores on one memory, each in its thread. */

import { afterEach, describe, expect, it } from "vitest";
import { assemble } from "../../../clients/typescript/guest/a64.ts";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import { Core } from "../../../server/hw/core.ts";
import { CPU_MAX } from "../../../server/hw/cpu.ts";
import { CODE, Machine } from "./machine.ts";

const COUNTER = 0x40000;
const open: Core[] = [];
afterEach(async () => {
  for (const core of open.splice(0)) await core.stop();
});

/** A machine with two cores that run the same code. */
function pair(text: string): Machine & { other: Core } {
  const machine = new Machine();
  const other = new Core(machine.memory, 1, CPU_MAX, () => 0n);
  open.push(machine.core, other);
  machine.words(CODE, assemble(text, BigInt(CODE)).words);
  for (const core of [machine.core, other]) {
    core.pc = BigInt(CODE);
    core.setX(0, BigInt(COUNTER));
  }
  return Object.assign(machine, { other });
}

const ROUNDS = 50_000;
const loop = (body: string) => `mov x9, #${ROUNDS}; again: ${body} sub x9, x9, #1; cbnz x9, again; hvc #0`;

describe("two cores", () => {
  it.each([
    ["LDADD", "mov x1, #1; ldadd x1, x2, [x0];"],
    ["CAS", "ldr x1, [x0]; retry: mov x2, x1; add x3, x1, #1; casal x1, x3, [x0]; cmp x1, x2; b.ne retry;"],
    ["exclusives", "retry: ldaxr x1, [x0]; add x1, x1, #1; stlxr w2, x1, [x0]; cbnz w2, retry;"],
    ["exclusive pairs", "retry: ldaxp x1, x3, [x0]; add x1, x1, #1; stlxp w2, x1, x3, [x0]; cbnz w2, retry;"],
    [
      "CASP",
      "ldp x2, x3, [x0]; retry: mov x4, x2; mov x6, x2; mov x7, x3; add x4, x2, #1; mov x5, x3; casp x2, x3, x4, x5, [x0]; cmp x2, x6; b.ne retry;",
    ],
  ])("count together by %s", async (_name, body) => {
    const machine = pair(loop(body));
    expect(await Promise.all([machine.core.run(), machine.other.run()])).toEqual(["sync", "sync"]);
    expect(machine.u64(COUNTER)).toBe(BigInt(2 * ROUNDS));
  });

  it("a TLBI of one reaches the other", async () => {
    const machine = pair("wait: ldr x1, [x0]; cbz x1, wait; hvc #0");
    // The page at 1 GiB goes to an empty frame, until the first core changes its descriptor
    const [va, leaf] = [0x40000000n, 0x101000];
    const table = 0x100000;
    machine.setU64(table, 0x401n | (3n << 53n));
    machine.setU64(table + 8, 0x102003n);
    machine.setU64(0x102000, BigInt(leaf) | 3n);
    machine.setU64(leaf, 0x200403n);
    machine.setU64(0x201000, 1n);
    for (const core of [machine.core, machine.other]) {
      core.setSysReg(SYSREG.TTBR0_EL1, BigInt(table));
      core.setSysReg(SYSREG.TCR_EL1, 25n | (5n << 32n));
      core.setSysReg(SYSREG.MAIR_EL1, 0xffn);
      core.setX(0, va);
    }
    machine.setU64(table, 0x401n);
    machine.other.setSysReg(SYSREG.SCTLR_EL1, 0x00c50039n);
    const waiting = machine.other.run();
    while (!machine.other.threadReady) await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    machine.words(0x11000, assemble("str x2, [x1]; dsb ish; tlbi vmalle1is; dsb ish; hvc #0", 0x11000n).words);
    machine.core.pc = 0x11000n;
    machine.core.setX(1, BigInt(leaf));
    machine.core.setX(2, 0x201403n);
    expect(machine.core.runHere(100)).toBe("sync");
    expect(await waiting).toBe("sync");
    expect(machine.other.x(1)).toBe(1n);
  });
});
