/** Stage 1: walks of the guest's tables, permissions, and what is reported of faults. */

import { describe, expect, it } from "vitest";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import { CODE, HCR_VM, HVC, Machine } from "./machine.ts";

const M = 1n;
const SPAN = 1n << 23n;
const WXN = 1n << 19n;
const EPAN = 1n << 57n;
const SCTLR = 0x00400030n | SPAN | M;
const TG = { 12: [0n, 2n], 14: [2n, 1n], 16: [1n, 3n] } as const;
const HA = 1n << 39n;
const HD = 1n << 40n;

const AF = 1n << 10n;
const RO = 1n << 7n;
const USER = 1n << 6n;
const DBM = 1n << 51n;
const PXN = 1n << 53n;
const UXN = 1n << 54n;
const TABLES = 0x100000;
const VA = 0x40000000;
const PA = 0x200000n;

interface Layout {
  readonly granule?: 12 | 14 | 16;
  /** Bits of an input address. */
  readonly bits?: number;
  readonly leaf?: bigint;
  /** Or'ed into the tables' descriptors that lead to the leaf. */
  readonly table?: bigint;
  readonly level?: number;
  readonly ips?: bigint;
  readonly tcr?: bigint;
  readonly sctlr?: bigint;
  readonly upper?: boolean;
}

/** A core whose code is mapped by TTBR0 as it lies, and whose VA is mapped as said. */
class Mapped extends Machine {
  private next = TABLES;
  readonly granule: number;
  readonly bits: number;
  /** Where the leaf's descriptor lies. */
  leafAt = 0;

  constructor({
    granule = 12,
    bits = 39,
    leaf = AF,
    table = 0n,
    level = 3,
    ips = 5n,
    tcr = 0n,
    sctlr = 0n,
    upper = false,
  }: Layout = {}) {
    super();
    this.granule = granule;
    this.bits = bits;
    const root = this.table();
    const high = upper ? this.table() : root;
    this.map(root, BigInt(CODE), BigInt(CODE), AF | UXN, 0n, 3);
    this.map(root, 0x20000n, 0x20000n, AF | UXN, 0n, 3);
    this.leafAt = this.map(high, BigInt(VA), PA, leaf, table, level);
    const size = BigInt(64 - bits);
    const [tg0, tg1] = TG[granule];
    const core = this.core;
    core.setSysReg(SYSREG.TTBR0_EL1, BigInt(root));
    core.setSysReg(SYSREG.TTBR1_EL1, BigInt(high));
    core.setSysReg(SYSREG.TCR_EL1, size | (tg0 << 14n) | (size << 16n) | (tg1 << 30n) | (ips << 32n) | tcr);
    core.setSysReg(SYSREG.MAIR_EL1, 0xffn);
    core.setSysReg(SYSREG.SCTLR_EL1, SCTLR | sctlr);
    core.setSysReg(SYSREG.VBAR_EL1, 0x20000n);
    for (const offset of [0x200, 0x400]) this.words(0x20000 + offset, [HVC]);
    core.pstate = 0x3c5;
  }

  private table(): number {
    const at = this.next;
    this.next += Math.max(4096, 1 << this.granule);
    return at;
  }

  /** Makes the entry of an address at a level, and the tables above it; gives its place. */
  private map(root: number, va: bigint, pa: bigint, leaf: bigint, table: bigint, level: number): number {
    const stride = this.granule - 3;
    let at = root;
    for (let n = 4 - Math.ceil((this.bits - this.granule) / stride); ; n++) {
      const shift = this.granule + stride * (3 - n);
      const entry = at + Number((va >> BigInt(shift)) & ((1n << BigInt(stride)) - 1n)) * 8;
      if (n === level) {
        this.setU64(entry, pa | leaf | (n === 3 ? 3n : 1n));
        return entry;
      }
      if (this.u64(entry) === 0n) this.setU64(entry, BigInt(this.table()) | 3n);
      this.setU64(entry, this.u64(entry) | table);
      at = Number(this.u64(entry) & 0xfffffffff000n);
    }
  }

  /** "ok", or syndrome and address of the exception that an instruction on x0 took to EL1. */
  access(word: number, va: bigint = BigInt(VA)): string {
    this.core.setX(0, va);
    this.core.setSysReg(SYSREG.ESR_EL1, 0n);
    if (this.run([word]) !== "sync") return "irq";
    if (this.exitClass !== 0x16) return `EL2 ${this.core.esrEl2.toString(16)}`;
    const esr = this.core.sysReg(SYSREG.ESR_EL1);
    if (esr === 0n) return "ok";
    return `${esr.toString(16)} ${this.core.sysReg(SYSREG.FAR_EL1).toString(16)}`;
  }
}

const LDR = 0xf9400001;
const STR = 0xf9000001;
const LDTR = 0xf8400801;
const LDADD = 0xf8210002;
const BLR = 0xd63f0000;
const at = (va: number | bigint) => va.toString(16);

describe("walks", () => {
  for (const granule of [12, 14, 16] as const) {
    it.each([25, 30, 36, 39, 42, 47, 48])(`granule 2^${granule}, %i bits`, (bits) => {
      if (bits <= 31) return;
      const it = new Mapped({ granule, bits });
      it.setU64(Number(PA) + 0x128, 0x1234n);
      expect(it.access(LDR, BigInt(VA) + 0x128n)).toBe("ok");
      expect(it.core.x(1)).toBe(0x1234n);
      expect(it.access(LDR, BigInt(VA) + (1n << BigInt(granule)))).toBe(`96000007 ${at(VA + (1 << granule))}`);
      expect(it.access(LDR, 1n << BigInt(bits))).toBe(`96000004 ${at(1n << BigInt(bits))}`);
    });
  }

  it("blocks", () => {
    const it = new Mapped({ level: 2 });
    it.setU64(Number(PA) + 0x12340, 7n);
    expect(it.access(LDR, BigInt(VA) + 0x12340n)).toBe("ok");
    expect(it.core.x(1)).toBe(7n);
  });

  it("the upper half by TTBR1", () => {
    const it = new Mapped({ upper: true });
    const va = 0xffffff8000000000n + BigInt(VA);
    it.setU64(Number(PA), 9n);
    expect(it.access(LDR, va)).toBe("ok");
    expect(it.core.x(1)).toBe(9n);
    expect(it.access(LDR, va - (1n << 39n))).toBe(`96000004 ${at(va - (1n << 39n))}`);
  });

  it("addresses beyond the output size, and an access flag that is not set", () => {
    const it = new Mapped({ ips: 0n });
    it.setU64(it.leafAt, (1n << 33n) | AF | 3n);
    expect(it.access(LDR)).toBe(`96000003 ${at(VA)}`);
    expect(new Mapped({ leaf: 0n }).access(LDR)).toBe(`9600000b ${at(VA)}`);
  });

  it("EPD, E0PD, TBI", () => {
    expect(new Mapped({ tcr: 1n << 23n, upper: true }).access(LDR, 0xffffff8040000000n)).toBe(
      "96000004 ffffff8040000000",
    );
    expect(new Mapped({ tcr: 1n << 55n, leaf: AF | USER }).access(LDR)).toBe("ok");
    expect(new Mapped({ tcr: 1n << 55n, leaf: AF | USER }).access(LDTR)).toBe(`96000004 ${at(VA)}`);
    expect(new Mapped().access(LDR, 0xab00000040000000n)).toBe("96000004 ab00000040000000");
    expect(new Mapped({ tcr: 1n << 37n }).access(LDR, 0xab00000040000000n)).toBe("ok");
  });

  it("hardware updates of the access flag and of the dirty state", () => {
    const it = new Mapped({ leaf: RO | DBM, tcr: HA | HD });
    expect(it.access(LDR)).toBe("ok");
    expect(it.u64(it.leafAt) & (AF | RO)).toBe(AF | RO);
    expect(it.access(STR)).toBe("ok");
    expect(it.u64(it.leafAt) & (AF | RO)).toBe(AF);
    expect(new Mapped({ leaf: AF | RO | DBM, tcr: HA }).access(STR)).toBe(`9600004f ${at(VA)}`);
    // TCR_EL1.HD means nothing without HA
    expect(new Mapped({ leaf: AF | RO | DBM, tcr: HD }).access(STR)).toBe(`9600004f ${at(VA)}`);
  });
});

describe("permissions", () => {
  const READ = `9600000f ${at(VA)}`;
  const WRITE = `9600004f ${at(VA)}`;
  const pan = (it: Mapped) => {
    it.core.pstate = 0x004003c5;
    return it;
  };
  it.each([
    ["EL1 writes", new Mapped(), STR, "ok"],
    ["EL1 writes what is read-only", new Mapped({ leaf: AF | RO }), STR, WRITE],
    ["an atomic there reports the write", new Mapped({ leaf: AF | RO }), LDADD, WRITE],
    ["an atomic that finds nothing reports the read", new Mapped({ leaf: 0n }), LDADD, `9600000b ${at(VA)}`],
    ["LDTR of EL1's", new Mapped(), LDTR, READ],
    ["LDTR of EL0's", new Mapped({ leaf: AF | USER }), LDTR, "ok"],
    ["EL1 reads EL0's", new Mapped({ leaf: AF | USER }), LDR, "ok"],
    ["not with PAN", pan(new Mapped({ leaf: AF | USER })), LDR, READ],
    ["LDTR with PAN", pan(new Mapped({ leaf: AF | USER })), LDTR, "ok"],
    ["EPAN and what EL0 executes", pan(new Mapped({ sctlr: EPAN })), LDR, READ],
    ["EPAN and what EL0 does not", pan(new Mapped({ leaf: AF | UXN, sctlr: EPAN })), LDR, "ok"],
    ["a table that is read-only", new Mapped({ table: 1n << 62n }), STR, WRITE],
    ["a table that is not for EL0", new Mapped({ leaf: AF | USER, table: 1n << 61n }), LDTR, READ],
    ["tables' permissions off", new Mapped({ table: 1n << 62n, tcr: 1n << 41n }), STR, "ok"],
    ["PXN", new Mapped({ leaf: AF | PXN }), BLR, `8600000f ${at(VA)}`],
    ["a table's PXN", new Mapped({ table: 1n << 59n }), BLR, `8600000f ${at(VA)}`],
    ["what EL0 writes EL1 does not execute", new Mapped({ leaf: AF | USER }), BLR, `8600000f ${at(VA)}`],
  ])("%s", (_name, it, word, result) => {
    it.setU64(Number(PA), BigInt(HVC));
    expect(it.access(word)).toBe(result);
  });

  it("execution", () => {
    const it = new Mapped();
    it.setU64(Number(PA), BigInt(HVC));
    expect(it.access(BLR)).toBe("ok");
    expect(it.core.pc).toBe(BigInt(VA + 4));
  });

  it("what EL0 may write does not execute at EL1, though it is clean as yet", () => {
    for (const leaf of [AF | USER, AF | USER | RO | DBM])
      expect(new Mapped({ leaf, tcr: HA | HD }).access(BLR)).toBe(`8600000f ${at(VA)}`);
    const it = new Mapped({ leaf: AF | USER | RO, tcr: HA | HD });
    it.setU64(Number(PA), BigInt(HVC));
    expect(it.access(BLR)).toBe("ok");
  });

  it("writable pages do not execute with WXN", () => {
    const it = new Mapped({ sctlr: WXN });
    // Its own code is writable, and so is the vector: the fault repeats
    expect(it.run([0xd503201f], 100)).toBe("irq");
    expect(it.core.sysReg(SYSREG.ESR_EL1)).toBe(0x8600000fn);
  });
});

describe("Device memory", () => {
  it.each([
    ["DC ZVA", 0xd50b7420],
    ["DC GZVA", 0xd50b7480],
  ])("%s is an alignment fault, also where a store has been", (_, word) => {
    // MAIR_EL1.Attr1 is Device-nGnRnE
    const it = new Mapped({ leaf: AF | (1n << 2n) });
    expect(it.access(word)).toBe(`96000061 ${at(VA)}`);
    expect(it.access(STR)).toBe("ok");
    expect(it.access(word)).toBe(`96000061 ${at(VA)}`);
  });
});

describe("address translation", () => {
  const AT = { S1E1R: 0xd5087800, S1E1W: 0xd5087820, S1E0R: 0xd5087840, S1E0W: 0xd5087860 };
  it.each([
    ["S1E1R", AF, 0xff00000000200a00n],
    ["S1E1W", AF | RO, 0x81fn],
    ["S1E0R", AF, 0x81fn],
    ["S1E0R", AF | USER, 0xff00000000200a00n],
    ["S1E0W", AF | USER, 0xff00000000200a00n],
    ["S1E1R", 0n, 0x817n],
  ] as const)("%s", (name, leaf, par) => {
    const it = new Mapped({ leaf });
    expect(it.access(AT[name])).toBe("ok");
    expect(at(it.core.sysReg(SYSREG.PAR_EL1))).toBe(at(par));
  });
});

describe("stage 2", () => {
  /** Stage 2 maps the first 2 MiB and nothing else. */
  function staged(layout: Layout = {}): Mapped {
    const it = new Mapped(layout);
    it.core.hcrEl2 = HCR_VM;
    for (let page = 0; page < 512; page++) it.core.stage2Map(page, page, 2);
    return it;
  }

  it("leaves with address, IPA and syndrome", () => {
    const it = staged();
    expect(it.access(LDR, BigInt(VA) + 0x128n)).toBe("EL2 93c18007");
    expect(it.core.farEl2).toBe(BigInt(VA) + 0x128n);
    expect(it.core.hpfarEl2).toBe(0x2000n);
    it.core.stage2Map(0x200, 0x200, 0);
    expect(it.access(LDR)).toBe("ok");
    expect(it.access(STR)).toBe("EL2 93c1804f");
    it.core.stage2Map(0x200, 0x200, 2);
    expect(it.access(STR)).toBe("ok");
    it.core.flushStage2();
    expect(it.access(STR)).toBe("EL2 82000087");
  });

  it("tells a walk's own fault", () => {
    const it = staged();
    it.setU64(it.leafAt & ~0xfff, 0n);
    it.core.stage2Map(it.leafAt >> 12, it.leafAt >> 12, 0);
    it.core.flushStage2();
    for (let page = 0; page < 512; page++) if (page !== it.leafAt >> 12) it.core.stage2Map(page, page, 2);
    expect(it.access(STR)).toBe("EL2 920000c7");
    expect(it.core.farEl2).toBe(BigInt(VA));
    expect(it.core.hpfarEl2).toBe(BigInt((it.leafAt >> 12) << 4));
  });

  it("device memory must be accessed aligned, and a fetch from it is a fault", () => {
    const it = staged();
    it.core.stage2Map(0x200, 0x200, 2 | 4);
    expect(it.access(LDR, BigInt(VA) + 4n)).toBe(`96000021 ${at(VA + 4)}`);
    expect(it.access(LDR, BigInt(VA) + 8n)).toBe("ok");
    expect(it.access(BLR)).toBe("EL2 8200000f");
  });
});
