/** Exceptions, traps to EL2, system registers, debug, interrupts and timers. */

import { describe, expect, it } from "vitest";
import { assemble } from "../../../clients/typescript/guest/a64.ts";
import { SYSREG, sysRegOf } from "../../../server/abi/sysreg.ts";
import { CODE, HCR_ATA, HVC, Machine } from "./machine.ts";

const VECTORS = 0x20000;
const EL0 = 0x3c0;
const EL1 = 0x3c5;

/** A core whose vectors leave to EL2. */
function machine(pstate = EL1): Machine {
  const it = new Machine();
  it.core.setSysReg(SYSREG.VBAR_EL1, BigInt(VECTORS));
  it.core.setSysReg(SYSREG.SCTLR_EL1, 0x00c50038n);
  for (let offset = 0; offset < 0x800; offset += 0x80) it.words(VECTORS + offset, [HVC]);
  it.core.pstate = pstate;
  return it;
}

const words = (text: string) => {
  const { bytes } = assemble(text, BigInt(CODE));
  return [...new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)];
};

const hex = (value: number | bigint) => (typeof value === "number" ? value >>> 0 : value).toString(16);

/** Where an instruction went: "EL1 syndrome", "EL2 syndrome", or "ok" where it was done. */
function outcome(it: Machine, text: string): string {
  it.core.setSysReg(SYSREG.ESR_EL1, 0n);
  const code = words(text);
  it.run(code);
  const esr = it.core.sysReg(SYSREG.ESR_EL1);
  const end = BigInt(CODE + code.length * 4);
  if (it.core.esrEl2 >>> 0 !== 0x5a000000) return `EL2 ${hex(it.core.esrEl2)}`;
  // At EL0 the HVC behind the program is undefined
  if (it.core.pc === end + 4n || (esr === 0x2000000n && it.core.elrEl1 === end)) return "ok";
  return `EL1+${hex(it.core.pc - BigInt(VECTORS) - 4n)} ${hex(esr)}`;
}

describe("exceptions to EL1", () => {
  it.each([
    ["svc #3", EL1, "EL1+200 56000003"],
    ["svc #3", 0x3c4, "EL1+0 56000003"],
    ["svc #3", EL0, "EL1+400 56000003"],
    ["hvc #1", EL0, "EL1+400 2000000"],
    ["smc #1", EL0, "EL1+400 2000000"],
    ["brk #7", EL1, "EL1+200 f2000007"],
    ["eret", EL0, "EL1+400 2000000"],
    ["mrs x1, ctr_el0", EL0, "EL1+400 6232c021"],
    ["mrs x1, id_aa64pfr0_el1", EL0, "EL1+400 62300029"],
    ["mrs x1, s3_1_c0_c0_4", EL0, "EL1+400 62384021"],
    ["mrs x1, midr_el1", EL0, "EL1+400 62300021"],
    ["mrs x1, sctlr_el1", EL0, "EL1+400 2000000"],
    ["mrs x1, daif", EL0, "EL1+400 6232d025"],
    ["msr daifset, #2", EL0, "EL1+400 620cd3e4"],
    ["sys #3, C7, C4, #1, x1", EL0, "EL1+400 6212dc28"],
    ["sys #3, C7, C4, #3, x1", EL0, "EL1+400 6216dc28"],
    ["sys #3, C7, C4, #4, x1", EL0, "EL1+400 6218dc28"],
    ["sys #3, C7, C14, #1, x1", EL0, "EL1+400 6212dc3c"],
    ["sys #0, C7, C6, #3, x1", EL0, "EL1+400 2000000"],
    ["mrs x1, cntvct_el0", EL0, "EL1+400 6234f821"],
    ["wfi", EL0, "EL1+400 7e00000"],
    ["mrs x1, s3_3_c4_c2_7", EL0, "ok"],
    ["mrs x1, nzcv", EL0, "ok"],
    ["mrs x1, tpidr_el0", EL0, "ok"],
    ["fadd d0, d1, d2", EL1, "EL1+200 1fe00000"],
    ["ldr q0, [x2]", EL0, "EL1+400 1fe00000"],
  ])("%s from %i", (text, pstate, result) => {
    const it = machine(pstate);
    if (text.includes("wfi") || text.includes("cntvct"))
      it.core.setSysReg(SYSREG.SCTLR_EL1, 0x00c40038n & ~(1n << 16n));
    expect(outcome(it, text)).toBe(result);
  });

  it("alignment of PC and SP, and the illegal state", () => {
    const it = machine();
    it.core.setX(1, 0x12346n);
    expect(outcome(it, "br x1")).toBe("EL1+200 8a000000");
    expect(it.core.sysReg(SYSREG.FAR_EL1)).toBe(0x12346n);
    it.core.pstate = EL1;
    it.core.spEl1 = 0x30008n;
    expect(outcome(it, "ldr x1, [sp, #8]")).toBe("EL1+200 9a000000");
    it.core.pstate = EL1;
    expect(outcome(it, "stp x1, x2, [sp, #-16]!")).toBe("EL1+200 9a000000");
    it.core.pstate = EL1 | (1 << 20);
    expect(outcome(it, "nop")).toBe("EL1+200 3a000000");
  });

  it("ERET goes where SPSR says, and a return that it may not make is illegal", () => {
    const it = machine();
    it.core.elrEl1 = 0x30000n;
    it.words(0x30000, words("svc #9"));
    it.core.spsrEl1 = 0x80000000n;
    it.core.spEl0 = 0x111n;
    expect(outcome(it, "eret")).toBe("EL1+400 56000009");
    expect(it.core.spsrEl1).toBe(0x80000000n);
    expect(it.core.spEl0).toBe(0x111n);
    it.core.pstate = EL1;
    it.core.spsrEl1 = 9n;
    expect(outcome(it, "eret")).toBe("EL1+200 3a000000");
    expect(it.core.elrEl1).toBe(0x30004n);
  });
});

describe("traps to EL2", () => {
  const bit = (n: number) => 1n << BigInt(n);
  it.each([
    ["hvc #5", 0n, "EL2 5a000005"],
    ["smc #5", bit(19), "EL2 5e000005"],
    ["smc #5", 0n, "EL1+200 2000000"],
    ["wfi", bit(13), "EL2 7e00000"],
    ["wfe", bit(14), "EL2 7e00001"],
    ["mrs x0, s3_0_c1_c0_6", 0n, "EL2 623c0401"],
    ["mrs x0, s3_0_c1_c0_5", 0n, "EL2 623a0401"],
    ["mrs x0, s3_0_c5_c6_0", 0n, "EL2 6230140d"],
    ["mrs x0, s3_0_c5_c6_1", 0n, "EL2 6232140d"],
    ["msr s3_0_c1_c0_6, x0", 0n, "EL2 623c0400"],
    ["msr s3_0_c1_c0_6, x0", HCR_ATA, "ok"],
    ["mrs x0, s3_1_c0_c0_4", bit(58), "EL2 62384001"],
    ["mrs x0, s3_1_c0_c0_4", 0n, "ok"],
    ["mrs x0, id_aa64pfr1_el1", bit(18), "EL2 62320009"],
    ["mrs x0, ctr_el0", bit(17), "EL2 6232c001"],
    ["msr sctlr_el1, x0", bit(26), "EL2 62300400"],
    ["mrs x0, sctlr_el1", bit(26), "ok"],
    ["mrs x0, sctlr_el1", bit(30), "EL2 62300401"],
    ["mrs x0, actlr_el1", bit(21), "EL2 62320401"],
    ["sys #3, C7, C4, #1, x0", bit(28), "EL2 6212dc08"],
    ["sys #0, C7, C6, #4, x0", bit(22), "EL2 62181c0c"],
    ["sys #0, C8, C7, #0", bit(25), "EL2 621023ee"],
    ["mrs x0, icc_pmr_el1", 0n, "EL2 6230100d"],
    ["mrs x0, apiakeylo_el1", 0n, "EL2 62300803"],
    ["mrs x0, apiakeylo_el1", bit(40), "ok"],
    ["mrs x0, pmcr_el0", 0n, "EL1+200 2000000"],
    ["mrs x0, lorc_el1", bit(35), "EL2 62362809"],
  ])("%s with HCR_EL2 %s", (text, hcr, result) => {
    const it = machine();
    it.core.hcrEl2 = hcr;
    expect(outcome(it, text.replace("lorc_el1", "s3_0_c10_c4_3"))).toBe(result);
  });

  it("floating point, debug registers and performance monitors", () => {
    const it = machine();
    it.core.setSysReg(SYSREG.CPACR_EL1, 3n << 20n);
    expect(outcome(it, "fadd d0, d1, d2")).toBe("ok");
    it.core.cptrEl2 = 1n << 10n;
    expect(outcome(it, "fadd d0, d1, d2")).toBe("EL2 1fe00000");
    it.core.hcrEl2 = 1n << 34n;
    expect(outcome(it, "fmov x0, d1")).toBe("EL2 1fe00000");
    it.core.cptrEl2 = 3n << 20n;
    expect(outcome(it, "fmov x0, d1")).toBe("ok");
    it.core.mdcrEl2 = (1n << 6n) | (1n << 9n);
    expect(outcome(it, "mrs x0, pmcr_el0")).toBe("EL2 6230e419");
    expect(outcome(it, "mrs x0, mdscr_el1")).toBe("EL2 62240005");
  });

  it("the physical counter and timer by CNTHCTL_EL2, in both its layouts", () => {
    const it = machine();
    expect(outcome(it, "mrs x0, cntpct_el0")).toBe("EL2 6232f801");
    it.core.cnthctlEl2 = 1n;
    expect(outcome(it, "mrs x0, cntpct_el0")).toBe("ok");
    expect(outcome(it, "mrs x0, cntp_ctl_el0")).toBe("EL2 6232f805");
    it.core.hcrEl2 = 1n << 34n;
    it.core.cnthctlEl2 = 3n << 10n;
    expect(outcome(it, "mrs x0, cntp_ctl_el0")).toBe("ok");
  });
});

describe("interrupts and timers", () => {
  it("a virtual interrupt waits until it is unmasked", () => {
    const it = machine();
    it.core.hcrEl2 = 1n << 7n;
    it.run(words("mov x0, #1; msr daifclr, #2; mov x0, #2"));
    expect(it.core.x(0)).toBe(1n);
    expect(it.core.pc).toBe(BigInt(VECTORS + 0x284));
    expect(it.core.elrEl1).toBe(BigInt(CODE + 8));
  });

  it("a virtual SError is taken once, with the syndrome of VSESR_EL2", () => {
    const it = machine(0x2c5);
    it.core.hcrEl2 = 1n << 8n;
    it.core.vsesrEl2 = 0x1234n;
    it.run(words("nop"));
    expect(hex(it.core.sysReg(SYSREG.ESR_EL1))).toBe("be001234");
    expect(it.core.hcrEl2).toBe(0n);
  });

  it("a timer's output that changes leaves as an interrupt", () => {
    const it = machine();
    it.words(CODE, words("mov x0, #1000; msr cntv_tval_el0, x0; mov x0, #1; msr cntv_ctl_el0, x0; b ."));
    it.core.pc = BigInt(CODE);
    expect(it.core.runHere(100_000)).toBe("irq");
    expect(it.core.timerLevels).toBe(0);
    it.ticks = 1000n;
    expect(it.core.runHere(1e9)).toBe("irq");
    expect(it.core.timerLevels).toBe(1);
    expect(it.core.runHere(10_000)).toBe("irq");
    it.words(CODE + 16, words("mrs x2, cntv_ctl_el0; msr cntv_ctl_el0, xzr; hvc #0"));
    expect(it.core.runHere(10_000)).toBe("irq");
    expect(it.core.timerLevels).toBe(0);
    expect(it.core.x(2)).toBe(5n);
    expect(it.core.pc).toBe(BigInt(CODE + 24));
  });
});

describe("debug", () => {
  const SS = 1 << 21;
  it("steps one instruction at a time to EL2", () => {
    const it = machine(EL1 | SS);
    it.core.mdcrEl2 = 1n << 8n;
    it.core.setSysReg(SYSREG.MDSCR_EL1, 1n);
    it.words(CODE, words("add x0, x0, #1; ldaxr x1, [x2]; svc #0"));
    it.core.pc = BigInt(CODE);
    it.core.setX(2, 0x40000n);
    it.core.runHere(100);
    expect([hex(it.core.esrEl2), it.core.pc, it.core.x(0)]).toEqual(["cb000022", BigInt(CODE + 4), 1n]);
    it.core.pstate = EL1 | SS;
    it.core.runHere(100);
    expect([hex(it.core.esrEl2), it.core.pc]).toEqual(["cb000062", BigInt(CODE + 8)]);
    it.core.pstate = EL1 | SS;
    it.core.runHere(100);
    expect([hex(it.core.esrEl2), it.core.pc]).toEqual(["ca000022", BigInt(VECTORS + 0x200)]);
    expect(it.core.spsrEl1).toBe(BigInt(EL1));
  });

  it("a step of EL0 that ended in an exception to EL1 is not the next one", () => {
    const it = machine(SS);
    it.core.setSysReg(SYSREG.MDSCR_EL1, 1n);
    it.words(CODE, words("svc #0; mov x0, #1; mov x0, #2"));
    // EL1 answers the call and lets EL0 go one more step
    it.words(
      VECTORS + 0x400,
      words(`mrs x1, esr_el1; cbz x2, .+8; hvc #0; mov x2, #1; mov x3, #${SS}; msr spsr_el1, x3; eret`),
    );
    it.core.pc = BigInt(CODE);
    expect(it.core.runHere(100)).toBe("sync");
    expect([it.core.x(0), hex(Number(it.core.x(1))), it.core.elrEl1]).toEqual([1n, "cb000022", BigInt(CODE + 8)]);
  });

  it("a step leaves the blocks alone that ran before", () => {
    const it = machine();
    const long = Array.from({ length: 30 }, () => "add x0, x0, #1").join("; ");
    expect(outcome(it, long)).toBe("ok");
    it.core.mdcrEl2 = 1n << 8n;
    it.core.setSysReg(SYSREG.MDSCR_EL1, 1n);
    it.words(CODE + 0x1000, words("mov x1, x2"));
    it.core.pc = BigInt(CODE + 0x1000);
    it.core.pstate = EL1 | SS;
    it.core.runHere(100);
    expect([hex(it.core.esrEl2), it.core.pc]).toEqual(["cb000022", BigInt(CODE + 0x1004)]);
    it.core.setSysReg(SYSREG.MDSCR_EL1, 0n);
    it.core.pstate = EL1;
    expect(outcome(it, long)).toBe("ok");
    expect(it.core.x(0)).toBe(60n);
  });

  it("breakpoints, watchpoints and BRK, to EL1 or to EL2", () => {
    const it = machine();
    it.core.setSysReg(SYSREG.MDSCR_EL1, 0xa000n);
    it.core.setSysReg(sysRegOf("DBGBVR", 1), BigInt(CODE + 4));
    it.core.setSysReg(sysRegOf("DBGBCR", 1), 0x1e7n);
    it.core.pstate = 0x1c5;
    expect(outcome(it, "nop; nop")).toBe("EL1+200 c6000022");
    expect(it.core.elrEl1).toBe(BigInt(CODE + 4));
    it.core.setSysReg(sysRegOf("DBGBCR", 1), 0n);
    it.core.setSysReg(sysRegOf("DBGWVR", 0), 0x40000n);
    it.core.setSysReg(sysRegOf("DBGWCR", 0), 0x1fffn);
    it.core.setX(1, 0x40008n);
    it.core.pstate = 0x1c5;
    expect(outcome(it, "ldr x0, [x1]")).toBe("ok");
    it.core.setX(1, 0x3fffcn);
    expect(outcome(it, "str x0, [x1]")).toBe("EL1+200 d6000062");
    // DC ZVA is a store to all of its block
    it.core.setX(1, 0x4003fn);
    it.core.pstate = 0x1c5;
    expect(outcome(it, "dc zva, x1")).toBe("EL1+200 d6000062");
    expect(it.core.sysReg(SYSREG.FAR_EL1)).toBe(0x40000n);
    it.core.setX(1, 0x3fffcn);
    it.core.mdcrEl2 = 1n << 8n;
    it.core.pstate = EL1;
    expect(outcome(it, "ldr x0, [x1]")).toBe("EL2 d2000022");
    expect(it.core.farEl2).toBe(0x3fffcn);
    // At EL1 only: an unprivileged load is none of EL1, but with UAO
    it.core.setSysReg(sysRegOf("DBGWCR", 0), 0x1ffbn);
    expect(outcome(it, "ldtr x0, [x1]")).toBe("ok");
    it.core.pstate = EL1 | (1 << 23);
    expect(outcome(it, "ldtr x0, [x1]")).toBe("EL2 d2000022");
    it.core.pstate = EL1;
    expect(outcome(it, "brk #3")).toBe("EL2 f2000003");
    expect(it.core.pc).toBe(BigInt(CODE));
  });
});

it("a watchpoint counts for a page that was accessed before it was enabled", () => {
  const it = machine();
  it.core.setSysReg(SYSREG.MDSCR_EL1, 0xa000n);
  it.core.setSysReg(sysRegOf("DBGWVR", 0), 0x40000n);
  it.core.setSysReg(sysRegOf("DBGWCR", 0), 0x1fffn);
  it.core.setX(1, 0x40000n);
  expect(outcome(it, "ldr x0, [x1]; msr daifclr, #8; ldr x0, [x1]")).toBe("EL1+200 d6000022");
  expect(it.core.elrEl1).toBe(BigInt(CODE + 8));
});

describe("linked breakpoints and watchpoints", () => {
  /** Number 0 is linked to breakpoint 4, which knows a context. */
  function linked(context: bigint, control: bigint): Machine {
    const it = machine(0x1c5);
    it.core.setSysReg(SYSREG.MDSCR_EL1, 0xa000n);
    it.core.setSysReg(SYSREG.CONTEXTIDR_EL1, 7n);
    it.core.setSysReg(sysRegOf("DBGBVR", 4), context);
    it.core.setSysReg(sysRegOf("DBGBCR", 4), control);
    it.core.setX(1, 0x40000n);
    return it;
  }
  const LINKED_CONTEXT = 0x3001e7n;
  it.each([
    ["its context", 7n, LINKED_CONTEXT, true],
    ["another context", 8n, LINKED_CONTEXT, false],
    ["one that is off", 7n, LINKED_CONTEXT & ~1n, false],
    ["one that matches addresses", 7n, 0x1e7n, false],
  ])("match in %s: %s", (_, context, control, matches) => {
    const onFetch = linked(context, control);
    onFetch.core.setSysReg(sysRegOf("DBGBVR", 0), BigInt(CODE));
    onFetch.core.setSysReg(sysRegOf("DBGBCR", 0), 0x1401e7n);
    expect(outcome(onFetch, "nop")).toBe(matches ? "EL1+200 c6000022" : "ok");
    const onLoad = linked(context, control);
    onLoad.core.setSysReg(sysRegOf("DBGWVR", 0), 0x40000n);
    onLoad.core.setSysReg(sysRegOf("DBGWCR", 0), 0x141fffn);
    expect(outcome(onLoad, "ldr x0, [x1]")).toBe(matches ? "EL1+200 d6000022" : "ok");
  });
});

it("FPCR and FPSR keep what AArch32 has in them, and nothing that is RES0", () => {
  const it = machine();
  it.core.setSysReg(SYSREG.CPACR_EL1, 3n << 20n);
  it.core.setX(0, 2n ** 64n - 1n);
  expect(outcome(it, "msr fpcr, x0; mrs x1, fpcr; msr fpsr, x0; mrs x2, fpsr")).toBe("ok");
  expect([it.core.x(1), it.core.x(2)]).toEqual([0x07ff_2007n, 0xf800_009fn]);
});

describe("control flow integrity", () => {
  it("a pointer that was signed authenticates, another does not", () => {
    const it = machine();
    it.core.hcrEl2 = 3n << 40n;
    it.core.setSysReg(SYSREG.SCTLR_EL1, 0x00c50038n | (1n << 31n) | (1n << 27n));
    it.core.setSysReg(SYSREG.TCR_EL1, 16n);
    it.core.setSysReg(SYSREG.APIAKEYLO_EL1, 0x123456789n);
    it.core.setX(0, 0x7fff12345678n);
    it.core.setX(1, 77n);
    expect(outcome(it, "pacia x0, x1; mov x3, x0; autia x0, x1; mov x4, x3; xpaci x4")).toBe("ok");
    expect(it.core.x(3)).not.toBe(0x7fff12345678n);
    expect(it.core.x(0)).toBe(0x7fff12345678n);
    expect(it.core.x(4)).toBe(0x7fff12345678n);
    // A size of the address that is out of range is the nearest that the granule allows: 48 bits, or 52.
    for (const [tcr, stripped] of [
      [0n, 0x2345_6789_abcdn],
      [1n << 14n, 0x1_2345_6789_abcdn],
    ] as const) {
      it.core.setSysReg(SYSREG.TCR_EL1, tcr);
      it.core.setX(4, 0x121_2345_6789_abcdn);
      expect(outcome(it, "xpacd x4")).toBe("ok");
      expect(it.core.x(4)).toBe(stripped);
    }
    it.core.setSysReg(SYSREG.TCR_EL1, 16n);
    expect(outcome(it, "autia x3, x5")).toBe("EL1+200 72000000");
    it.core.pstate = EL1;
    expect(outcome(it, "autda x3, x1")).toBe("EL1+200 72000002");
    it.core.pstate = EL1;
    it.core.hcrEl2 = 0n;
    expect(outcome(it, "pacia x0, x1")).toBe("EL2 26000000");
    expect(outcome(it, "pacib x0, x1")).toBe("ok");
  });
});

describe("code that changes", () => {
  it("is seen after ISB, and when the guest is entered", () => {
    const it = machine();
    // Runs the target, changes it to mov x0, #2, runs it again
    const code = words("bl target; mov x5, x0; str w1, [x2]; isb; bl target; hvc #0; target: mov x0, #1; ret");
    it.core.setX(1, 0xd2800040n);
    it.core.setX(2, BigInt(CODE + 24));
    it.words(CODE, code);
    it.core.pc = BigInt(CODE);
    it.core.runHere(100);
    expect([it.core.x(5), it.core.x(0)]).toEqual([1n, 2n]);
    it.words(CODE + 24, [0xd2800060]);
    it.core.pc = BigInt(CODE + 16);
    it.core.runHere(100);
    expect(it.core.x(0)).toBe(3n);
  });
});

describe("system registers", () => {
  it.each([
    ["mrs x1, icc_eoir1_el1", "write only"],
    ["mrs x1, icc_sgi1r_el1", "write only"],
    ["msr icc_iar0_el1, x1", "read only"],
    ["msr icc_rpr_el1, x1", "read only"],
    ["mrs x1, icc_ap0r1_el1", "of more priority bits"],
    ["mrs x1, s3_0_c4_c6_1", "beside ICC_PMR_EL1"],
    ["mrs x1, pmswinc_el0", "write only"],
    ["msr pmceid0_el0, x1", "read only"],
    ["msr pmmir_el1, x1", "read only"],
    ["mrs x1, s3_3_c14_c8_6", "PMEVCNTR6_EL0"],
    ["mrs x1, s3_0_c10_c4_4", "beside LORC_EL1"],
    ["msr s3_0_c10_c4_7, x1", "LORID_EL1"],
    ["msr s2_0_c7_c14_6, x1", "DBGAUTHSTATUS_EL1"],
    ["msr s2_3_c0_c1_0, x1", "MDCCSR_EL0"],
    ["mrs x1, s2_0_c0_c6_4", "DBGBVR6_EL1"],
    ["mrs x1, s2_0_c11_c0_0", "TIDCP is of op0 3"],
    ["mrs x1, s3_3_c13_c2_0", "activity monitors"],
  ])("%s is undefined, whatever traps: %s", (text) => {
    const it = machine();
    // TID1, TID2, TID3, TIDCP, TLOR and TID5; TPM, TDA, TDOSA and TDRA
    it.core.hcrEl2 = 0x0400000800170000n;
    it.core.mdcrEl2 = 0xe40n;
    expect(outcome(it, text)).toBe("EL1+200 2000000");
  });

  const CONTEXT = (1n << 53n) | HCR_ATA;
  it.each([
    ["mrs x1, s3_1_c0_c0_2", EL1, 0n, "EL1+200 62344021"],
    ["mrs x1, s3_1_c0_c0_6", EL1, 1n << 16n, "EL2 623c4021"],
    ["mrs x1, s3_0_c15_c1_1", EL1, 1n << 20n, "EL2 62323c23"],
    ["mrs x1, s3_3_c15_c1_1", EL0, 1n << 20n, "EL1+400 2000000"],
    ["mrs x1, scxtnum_el1", EL1, 0n, "EL2 623e3421"],
    ["mrs x1, scxtnum_el0", EL1, CONTEXT, "ok"],
    ["msr tpidr2_el0, x1", EL1, 0n, "EL2 623af420"],
    ["msr tpidr2_el0, x1", EL0, 0n, "EL1+400 623af420"],
    ["msr s3_0_c1_c2_4, x1", EL1, 0n, "EL2 62380424"],
  ])("%s from %i with HCR_EL2 %s", (text, pstate, hcr, result) => {
    const it = machine(pstate);
    it.core.hcrEl2 = hcr;
    expect(outcome(it, text)).toBe(result);
  });

  const [PTRUE, ZCR, SVCR] = [".word 0x2518e3e0", "mrs x1, zcr_el1", "mrs x1, s3_3_c4_c2_2", ".word 0xd503477f"];
  it.each([
    [PTRUE, 0x300000n, "EL1+200 66000000"],
    [PTRUE, 0x330000n, "EL2 66000000"],
    [PTRUE, 0x030000n, "EL1+200 1fe00000"],
    [ZCR, 0n, "EL1+200 66000000"],
    [ZCR, 0x310000n, "EL2 66000000"],
    [SVCR, 0n, "EL1+200 76000000"],
    [SVCR, 0x1000000n, "EL2 76000000"],
  ])("SVE and SME: %s with CPACR_EL1 %s", (text, cpacr, result) => {
    const it = machine();
    it.core.setSysReg(SYSREG.CPACR_EL1, cpacr);
    expect(outcome(it, text)).toBe(result);
  });

  it.each([
    ["afsr0_el1", 0n],
    ["amair_el1", 0n],
    ["vbar_el1", ~0x7ffn],
    ["cpacr_el1", -1n],
    ["gcr_el1", -1n],
  ])("%s keeps %s", (name, kept) => {
    const it = machine();
    it.core.hcrEl2 = HCR_ATA;
    it.core.setX(1, (1n << 64n) - 1n);
    outcome(it, `msr ${name}, x1; mrs x2, ${name}`);
    expect(it.core.x(2)).toBe(BigInt.asUintN(64, kept));
  });
});

describe("what comes first", () => {
  it.each([
    [0x1c0n, 0x280],
    [0x140n, 0x300],
    [0x100n, 0x380],
  ])("of the virtual interrupts %s", (lines, vector) => {
    const it = machine(5);
    it.core.hcrEl2 = lines;
    it.run(words("nop"));
    expect(it.core.pc).toBe(BigInt(VECTORS + vector + 4));
  });

  it("a STXR without a monitor fails before translation, and behind alignment", () => {
    const it = machine();
    it.core.hcrEl2 = 1n;
    for (const page of [CODE, VECTORS]) it.core.stage2Map(page >> 12, page >> 12, 2);
    it.core.setX(1, 0x40000n);
    expect(outcome(it, "stxr w3, x4, [x1]")).toBe("ok");
    expect(it.core.x(3)).toBe(1n);
    it.core.setX(1, 0x4000cn);
    expect(outcome(it, "stxr w3, x4, [x1]")).toBe("EL1+200 96000061");
  });
});

describe("PSTATE.SS of EL2's return", () => {
  const SS = 1 << 21;
  it.each([
    ["stays where EL2 steps", 1n, 1n << 8n, SS],
    ["stays where EL0 is stepped by EL1", 1n, 0n, SS],
    ["is lost where nothing steps", 0n, 1n << 8n, 0],
  ])("%s", (_, mdscr, mdcr, kept) => {
    const it = machine(EL0 | SS);
    it.core.setSysReg(SYSREG.MDSCR_EL1, mdscr);
    it.core.mdcrEl2 = mdcr;
    it.words(CODE, words("svc #0"));
    it.core.pc = BigInt(CODE);
    it.core.runHere(0);
    expect(it.core.pstate & SS).toBe(kept);
  });
});
