/** The instructions of the Memory Tagging Extension, and what it checks. */

import { describe, expect, it } from "vitest";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import { HCR_ATA, HVC, Machine } from "./machine.ts";

const ATA = 1n << 43n;
const ATA0 = 1n << 42n;
const TCF_SYNC = 1n << 40n;
const TCF_ASYNC = 2n << 40n;
const TCF_ASYMM = 3n << 40n;
const TBI0 = 1n << 37n;
const TCMA0 = 1n << 57n;
const SCTLR = 0x00c50038n;
/** HCR_EL2.DC and DCT: stage 1 is off and memory Tagged. */
const DC_DCT = (1n << 12n) | (1n << 57n);
const DATA = 0x40000n;
const tagged = (tag: number) => DATA | (BigInt(tag) << 56n);

/** A core on which all of RAM is Tagged. */
function machine(sctlr = 0n, tcr = TBI0): Machine {
  const it = new Machine();
  it.core.hcrEl2 = HCR_ATA | DC_DCT;
  it.core.setSysReg(SYSREG.SCTLR_EL1, SCTLR | ATA | ATA0 | sctlr);
  it.core.setSysReg(SYSREG.TCR_EL1, tcr);
  it.core.setSysReg(SYSREG.VBAR_EL1, 0x20000n);
  it.words(0x20200, [HVC]);
  it.core.pstate = 0x3c5;
  return it;
}

const tagAt = (it: Machine, address: bigint) =>
  it.memory.bytes[it.memory.tagOffset(0) + Number((address & 0xffffffn) >> 4n)];

describe("IRG and ADDG", () => {
  it.each([
    [0x000100n, 0x00000n, "119f0489", 0x144109n],
    [0xace100n, 0x00000n, "24bf69d9", 0xc43709n],
    [0xace100n, 0x00001n, "24bf7aeb", 0xc4370bn],
    [0xace103n, 0x05555n, "7b91f5d5", 0xc43705n],
    [0xffff0fn, 0x0fffen, "00000000", 0xf3c000n],
    [0x800000n, 0x00000n, "004ff1b3", 0x8a2003n],
    [0x000105n, 0x0ffdfn, "55555555", 0x144105n],
    [0x123405n, 0x0ffffn, "00000000", 0x50db00n],
  ])("from RGSR %s and GCR %s", (rgsr, gcr, tags, final) => {
    const it = machine();
    it.core.setSysReg(SYSREG.RGSR_EL1, rgsr);
    it.core.setSysReg(SYSREG.GCR_EL1, gcr);
    it.core.setX(9, 0n);
    it.run(Array.from({ length: 8 }, (_, n) => 0x9adf1120 | n));
    expect(Array.from({ length: 8 }, (_, n) => (it.core.x(n) >> 56n).toString(16)).join("")).toBe(tags);
    expect(it.core.sysReg(SYSREG.RGSR_EL1)).toBe(final);
  });

  // addg x0, x1, #offset, #tag and subg
  const addg = (offset: number, tag: number, sub = 0) =>
    (0x91800020 | (sub << 30) | ((offset / 16) << 16) | (tag << 10)) >>> 0;
  it.each([
    [0x0300000000000000n, 0x0038n, addg(0, 0), 0x0600000000000000n],
    [0x0300000000000000n, 0x0038n, addg(16, 2), 0x0700000000000010n],
    [0x0300000000001000n, 0x0038n, addg(16, 1, 1), 0x0600000000000ff0n],
    [0x0b00000000000000n, 0x0000n, addg(1008, 15), 0x0a000000000003f0n],
    [0x0b00000000001000n, 0x0000n, addg(16, 1, 1), 0x0c00000000000ff0n],
    [0x05ffffffffffffffn, 0x0000n, addg(1008, 0), 0x05000000000003efn],
  ])("%s with Exclude %s by %s", (from, exclude, word, to) => {
    const it = machine();
    it.core.setSysReg(SYSREG.GCR_EL1, exclude);
    it.core.setX(1, from);
    it.run([word]);
    expect(it.core.x(0).toString(16)).toBe(to.toString(16));
  });

  it("give tag 0 while tags may not be accessed", () => {
    const it = machine();
    it.core.hcrEl2 = DC_DCT;
    it.core.setSysReg(SYSREG.RGSR_EL1, 0xace100n);
    it.core.setX(9, 0x0f00000000000000n);
    it.core.setX(1, 0x0f00000000000000n);
    it.run([0x9adf1122, addg(0, 3)]);
    expect([it.core.x(2), it.core.x(0)]).toEqual([0n, 0n]);
    expect(it.core.sysReg(SYSREG.RGSR_EL1)).toBe(0xace100n);
  });
});

describe("tags in memory", () => {
  it("STG, ST2G, STZG, STZ2G, STGP and LDG", () => {
    const it = machine();
    for (let at = DATA; at < DATA + 0x100n; at += 8n) it.setU64(Number(at), 0x1111111111111111n);
    it.core.setX(0, DATA);
    it.core.setX(1, tagged(5));
    it.core.setX(2, tagged(7));
    // stg x1, [x0]; st2g x2, [x0, #16]; stzg x1, [x0, #48]; stz2g x2, [x0, #64]; stgp x3, x4, [x2, #96]; ldg x5, [x0, #32]
    it.core.setX(3, 3n);
    it.core.setX(4, 4n);
    it.core.setX(5, 0xffn << 56n);
    it.run([0xd9200801, 0xd9a01802, 0xd9603801, 0xd9e04802, 0x69031043, 0xd9602005]);
    expect(Array.from({ length: 8 }, (_, n) => tagAt(it, DATA + BigInt(n * 16)))).toEqual([5, 7, 7, 5, 7, 7, 7, 0]);
    expect(it.u64(0x40000)).toBe(0x1111111111111111n);
    expect(it.u64(0x40030)).toBe(0n);
    expect(it.u64(0x40058)).toBe(0n);
    expect([it.u64(0x40060), it.u64(0x40068)]).toEqual([3n, 4n]);
    expect(it.core.x(5)).toBe(0xf7n << 56n);
  });

  it("LDGM, STGM and STZGM", () => {
    const it = machine();
    it.core.setX(0, DATA + 8n);
    it.core.setX(1, 0xfedcba9876543210n);
    // stgm x1, [x0]; ldgm x2, [x0]; mov x3, #0x15; stzgm x3, [x0]; ldgm x4, [x0]
    it.run([0xd9a00001, 0xd9e00002, 0xd28002a3, 0xd9200003, 0xd9e00004]);
    expect(it.core.x(2)).toBe(0xfedcba9876543210n);
    expect(it.core.x(4)).toBe(0xfedcba9876545555n);
  });

  it("DC GVA and GZVA tag a block of 64 bytes, DC ZVA does not", () => {
    const it = machine();
    it.core.setX(0, tagged(9) + 0x48n);
    it.setU64(0x40040, 1n);
    it.setU64(0x40080, 1n);
    it.core.setX(1, tagged(3) + 0x80n);
    // dc gva, x0; dc gzva, x1
    it.run([0xd50b7460, 0xd50b7481]);
    expect(Array.from({ length: 13 }, (_, n) => tagAt(it, DATA + BigInt(n * 16)))).toEqual([
      0, 0, 0, 0, 9, 9, 9, 9, 3, 3, 3, 3, 0,
    ]);
    expect([it.u64(0x40040), it.u64(0x40080)]).toEqual([1n, 0n]);
  });

  it("a misaligned STG is an alignment fault even while tags may not be accessed", () => {
    const it = machine();
    it.core.hcrEl2 = DC_DCT;
    it.core.setX(0, DATA + 8n);
    it.run([0xd9200800]);
    expect(it.core.sysReg(SYSREG.ESR_EL1)).toBe(0x96000061n);
    expect(it.core.sysReg(SYSREG.FAR_EL1)).toBe(DATA + 8n);
  });
});

/** What became of an access: the syndrome of its tag check fault, else TFSR_EL1. */
function check(word: number, { sctlr = TCF_SYNC, tcr = TBI0, tag = 2, at = 0n, tags = [4], pstate = 0x3c5 } = {}) {
  const it = machine(sctlr, tcr);
  for (const [n, value] of tags.entries()) it.memory.bytes[it.memory.tagOffset(0x40) + n] = value;
  it.core.pstate = pstate;
  it.core.setX(0, tagged(tag) + at);
  it.core.spEl1 = tagged(tag) + at;
  it.run([word]);
  const esr = it.core.sysReg(SYSREG.ESR_EL1);
  return esr === 0n
    ? it.core.sysReg(SYSREG.TFSR_EL1)
    : `${esr.toString(16)} ${it.core.sysReg(SYSREG.FAR_EL1).toString(16)}`;
}

const LDR = 0xf9400001; // ldr x1, [x0]
const STR = 0xf9000001; // str x1, [x0]
const LDP = 0xa9400801; // ldp x1, x2, [x0]
const LDADD = 0xf8210002; // ldadd x1, x2, [x0]
const CAS = 0xc8a17c02; // cas x1, x2, [x0]
const LDR_SP = 0xf94003e1; // ldr x1, [sp]
const LDR_SP_POST = 0xf84107e1; // ldr x1, [sp], #16
const LDR_SP_XZR = 0xf87f6be1; // ldr x1, [sp, xzr]
const DC_ZVA = 0xd50b7420;
const LDR_LITERAL = 0x58000001;

describe("tag checks", () => {
  it.each([
    ["match", LDR, { tags: [2] }, 0n],
    ["read", LDR, {}, "96000011 200000000040000"],
    ["write", STR, {}, "96000051 200000000040000"],
    ["the second granule of a pair", LDP, { at: 8n, tags: [2, 4] }, "96000011 200000000040010"],
    ["both granules are right", LDP, { at: 8n, tags: [2, 2] }, 0n],
    ["atomics are reads", LDADD, {}, "96000011 200000000040000"],
    ["compare and swap too", CAS, {}, "96000011 200000000040000"],
    ["ignored", LDR, { sctlr: 0n }, 0n],
    ["asynchronous", LDR, { sctlr: TCF_ASYNC }, 1n],
    ["asymmetric read", LDR, { sctlr: TCF_ASYMM }, "96000011 200000000040000"],
    ["asymmetric write", STR, { sctlr: TCF_ASYMM }, 1n],
    ["asymmetric atomic", LDADD, { sctlr: TCF_ASYMM }, "96000011 200000000040000"],
    ["TCO", LDR, { pstate: 0x020003c5 }, 0n],
    ["TCMA", LDR, { tag: 0, tcr: TBI0 | TCMA0 }, 0n],
    ["TCMA is for tag 0", LDR, { tag: 1, tcr: TBI0 | TCMA0 }, "96000011 100000000040000"],
    ["SP is the base", LDR_SP, {}, 0n],
    ["SP with write-back", LDR_SP_POST, {}, "96000011 200000000040000"],
    ["SP with a register", LDR_SP_XZR, {}, "96000011 200000000040000"],
    ["DC ZVA", DC_ZVA, {}, "96000051 200000000040000"],
    ["DC ZVA's last granule", DC_ZVA, { tags: [2, 2, 2, 4] }, "96000051 200000000040030"],
    ["literal", LDR_LITERAL, {}, 0n],
  ])("%s", (_name, word, how, result) => {
    expect(check(word, how)).toBe(result);
  });

  it("a core sees a tag that changes after the page is in its TLB", () => {
    const it = machine(TCF_SYNC);
    it.core.setX(0, tagged(2));
    it.core.setX(3, DATA);
    // stg x0, [x3]; ldr x1, [x0]; stg x3, [x3]; ldr x1, [x0]
    it.run([0xd9200860, LDR, 0xd9200863, LDR]);
    expect(it.core.sysReg(SYSREG.ESR_EL1)).toBe(0x96000011n);
    expect(it.core.elrEl1).toBe(0x1000cn);
  });
});
