import { describe, expect, it } from "vitest";
import { assemble } from "../../../clients/typescript/guest/a64.ts";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import { CODE, HCR_VM, Machine } from "./machine.ts";

describe("Core", () => {
  it("runs a loop and leaves by HVC", () => {
    const machine = new Machine();
    // mov x0, #0; mov x1, #10; 1: add x0, x0, x1; subs x1, x1, #1; b.ne 1b; hvc #7
    expect(machine.run([0xd2800000, 0xd2800141, 0x8b010000, 0xf1000421, 0x54ffffc1, 0xd40000e2])).toBe("sync");
    expect(machine.core.x(0)).toBe(55n);
    expect(machine.core.esrEl2 >>> 0).toBe(0x5a000007);
    expect(machine.core.pc).toBe(BigInt(CODE + 24));
  });

  it("ends an endless loop with its budget, and when it is kicked", () => {
    const machine = new Machine();
    expect(machine.run([0x14000000], 1000)).toBe("irq");
    expect(machine.core.pc).toBe(BigInt(CODE));
    machine.core.kick();
    expect(machine.core.runHere(1e12)).toBe("irq");
  });

  it("leaves with the syndrome of an access that stage 2 does not map", () => {
    const machine = new Machine();
    machine.core.hcrEl2 = HCR_VM;
    machine.core.stage2Map(CODE >> 12, CODE >> 12, 2);
    machine.core.setX(21, 0x9000040n);
    // ldrsh x5, [x21, #2]
    expect(machine.run([(0x79800 << 12) | 0x6a5])).toBe("sync");
    expect((machine.core.esrEl2 >>> 0).toString(16)).toBe("93658007");
    expect(machine.core.farEl2).toBe(0x9000042n);
    expect(machine.core.hpfarEl2).toBe(0x90000n);
    expect(machine.core.pc).toBe(BigInt(CODE));
  });

  it("takes an undefined instruction to EL1", () => {
    const machine = new Machine();
    machine.core.setSysReg(SYSREG.VBAR_EL1, 0x20000n);
    machine.words(0x20200, [0xd4000002]);
    expect(machine.run([0x00000000])).toBe("sync");
    expect(machine.core.pc).toBe(0x20204n);
    expect(machine.core.sysReg(SYSREG.ESR_EL1)).toBe(0x2000000n);
    expect(machine.core.elrEl1).toBe(BigInt(CODE));
    expect(machine.core.spsrEl1).toBe(0x3c5n);
    expect(machine.core.pstate).toBe(0x020023c5 | (1 << 22));
  });

  it("runs in its own thread until it is kicked", async () => {
    const machine = new Machine();
    machine.words(CODE, [0x91000400, 0x17ffffff]);
    machine.core.pc = BigInt(CODE);
    const exit = machine.core.run();
    expect(machine.core.running).toBe(true);
    while (machine.core.x(0) < 1000n) await new Promise((resolve) => setTimeout(resolve, 1));
    machine.core.kick();
    expect(await exit).toBe("irq");
    expect(machine.core.running).toBe(false);
    const again = machine.core.run();
    machine.core.kick();
    expect(await again).toBe("irq");
    await machine.core.stop();
  });
});

describe("big-endian data", () => {
  it("by SCTLR_EL1.EE, for loads, stores, pairs, vectors, atomics and exclusives", () => {
    const machine = new Machine();
    const { core } = machine;
    core.setSysReg(SYSREG.SCTLR_EL1, 0x02c50038n);
    core.setSysReg(SYSREG.CPACR_EL1, 3n << 20n);
    machine.setU64(0x40000, 0x0102030405060708n);
    machine.setU64(0x40ff8, 0x0102030405060708n);
    machine.setU64(0x41000, 0x1112131415161718n);
    core.setX(0, 0x40000n);
    core.setX(1, 1n);
    core.setX(10, 0x40ffcn);
    const { words } = assemble(
      `ldr x2, [x0]; ldrh w3, [x0, #2]; ldp w4, w5, [x0]; ldr d0, [x0]; ldadd x1, x6, [x0]; ldxr x7, [x0]; add x7, x7, #1
       stxr w8, x7, [x0]; str w2, [x0, #16]; ldr x9, [x10]`,
      BigInt(CODE),
    );
    expect(machine.run(words)).toBe("sync");
    const reversed = 0x0807060504030201n;
    expect([2, 3, 4, 5, 6, 7, 8, 9].map((n) => core.x(n))).toEqual([
      reversed,
      0x0605n,
      0x08070605n,
      0x04030201n,
      reversed,
      reversed + 2n,
      0n,
      0x0403020118171615n,
    ]);
    expect(new DataView(core.v.buffer, core.v.byteOffset).getBigUint64(0, true)).toBe(reversed);
    expect(machine.u64(0x40000)).toBe(0x0302030405060708n);
    expect(machine.u64(0x40010)).toBe(0x01020304n);
  });
});
