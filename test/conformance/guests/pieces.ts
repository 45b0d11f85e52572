/** Pieces of guests: a few instructions each, by what they are about. */

import { SYSREG, sysRegEncoding } from "../../../server/abi/sysreg.ts";
import type { Random } from "../sequences/random.ts";
import type { GuestOptions } from "./builder.ts";
import { callOf } from "./calls.ts";
import {
  COALESCED,
  CODE,
  DATA,
  DATA_PAGES,
  DEVICE,
  DIST,
  DOORBELL,
  HOLE,
  NOTHING,
  PAGE,
  RAM,
  RAM_PAGES,
  READ_ONLY_HOST,
  REDIST,
  ROM,
  SHARED,
  WALK,
} from "./layout.ts";
import { anyEncoding, isKept, isMisread, isNarrow, isVolatile, mrs, msr } from "./registers.ts";
import { TAG_CHECKS } from "./tables.ts";
import { access, alone, anyRegister, BASE, hex, OTHERS, OTHERS_READ_ALIKE, SINGLE } from "./words.ts";

/** What a piece is made from. */
export interface Maker {
  readonly random: Random;
  readonly options: GuestOptions;
  /** A label that no other piece has. */
  label(): string;
}

type Piece = (maker: Maker) => string;

// ---- where they aim

const memoryAddress = ({ random }: Maker) => DATA + BigInt(random.below(DATA_PAGES) * PAGE + 16 * random.below(64));

/** An address of memory that is not as plain as the guest's own. */
function oddAddress(maker: Maker): bigint {
  const { random, options } = maker;
  const end = RAM + BigInt(RAM_PAGES * PAGE);
  const plain: bigint[] = [ROM, ROM + 0x1000n, READ_ONLY_HOST, HOLE, SHARED, end, DATA + 0xff0n];
  const devices = [DEVICE, DOORBELL, COALESCED, 0x0a05_0000n, 0x10n];
  if (options.vgic) devices.push(DIST, REDIST);
  const beyond = [1n << 40n, (1n << 40n) - 8n, 1n << 44n, 1n << 47n, 1n << 48n, 0xffff_0000_0000_0000n, 1n << 52n];
  const walks = Object.values(WALK).map((at) => at + (random.chance(50) ? 0n : 0x20_0000n));
  const from = random.pick([
    plain,
    devices,
    options.mmu ? walks : beyond,
    options.mmu ? [NOTHING] : devices,
    [memoryAddress(maker)],
  ]);
  const at = random.pick(from) + BigInt(random.pick([0, 0, 8, 4, 0x18, 0x100]));
  const tag = options.mmu && random.chance(25) ? BigInt(random.below(16)) << 56n : 0n;
  return at + tag + (random.chance(10) ? BigInt(random.below(16)) : 0n);
}

/** A device's address. */
function deviceAddress({ random, options }: Maker): bigint {
  const at = random.pick([DEVICE, DEVICE, DOORBELL, COALESCED, ...(options.mmu ? [NOTHING] : [1n << 39n])]);
  return at + BigInt(8 * random.below(16)) + (random.chance(20) ? BigInt(random.below(8)) : 0n);
}

/** What has no syndrome of a register and a size; where misreadings of QEMU show, without those. */
const other = ({ random }: Maker, plain: boolean) => access(random, plain ? OTHERS : OTHERS_READ_ALIKE);
const at = (address: bigint, then: string) => `mov x${BASE}, #${hex(address)}\n${then}`;

/** Runs a piece at EL0: what goes wrong there, or the SVC behind it, comes back behind it. */
function atEl0({ label }: Maker, text: string): string {
  const [user, back] = [label(), label()];
  return `adr x27, ${back}\nadr x16, ${user}\nmsr elr_el1, x16\nmov x17, #0x3c0\nmsr spsr_el1, x17\neret\n${user}:\n${text}\nsvc #7\n${back}:`;
}

const maybeEl0 = (maker: Maker, text: string, percent = 15) =>
  maker.random.chance(percent) ? atEl0(maker, text) : text;

// ---- memory

/** Memory with and without the tags that QEMU does not ask for. */
const isTagged = ({ options: { mte, mmu } }: Maker) => mte && mmu;

const mmio: Piece = (maker) => maybeEl0(maker, at(deviceAddress(maker), access(maker.random, SINGLE)));
const nisv: Piece = (maker) => maybeEl0(maker, at(deviceAddress(maker), other(maker, false)));
const odd: Piece = (maker) =>
  maybeEl0(maker, at(oddAddress(maker), maker.random.chance(50) ? access(maker.random, SINGLE) : other(maker, false)));
const plain: Piece = (maker) =>
  maybeEl0(
    maker,
    at(memoryAddress(maker), maker.random.chance(40) ? access(maker.random, SINGLE) : other(maker, !isTagged(maker))),
  );

/** DC and IC by address, as op1, CRm and op2 of the SYS: where there is memory that stage 2 has, as QEMU's never fault. */
const MAINTENANCE = {
  cvac: [3, 10, 1],
  civac: [3, 14, 1],
  ivac: [0, 6, 1],
  cvau: [3, 11, 1],
  cvap: [3, 12, 1],
  igvac: [0, 6, 3],
  icIvau: [3, 5, 1],
} as const;
/** Those of DC, and AT, that fault or tell. */
const BY_ADDRESS = {
  gva: [3, 4, 3],
  gzva: [3, 4, 4],
  s1e1r: [0, 8, 0],
  s1e1w: [0, 8, 1],
  s1e0r: [0, 8, 2],
  s1e1rp: [0, 9, 0],
} as const;

/** DC ZVA, whose tag check fault QEMU tells as a read. */
const ZVA = sysRegEncoding(1, 3, 7, 4, 1);

const TOUCH = "ldr xzr, [x14]\n";
const maintenance: Piece = (maker) => {
  const { random } = maker;
  const plain = random.chance(50);
  const [op1, crm, op2] = random.pick<readonly [number, number, number]>(
    Object.values(plain ? MAINTENANCE : BY_ADDRESS),
  );
  const zva = !plain && !isTagged(maker) && random.chance(15);
  const encoding = zva ? ZVA : sysRegEncoding(1, op1, 7, crm, op2);
  const address = plain || random.chance(30) ? memoryAddress(maker) : oddAddress(maker);
  return maybeEl0(maker, at(address, `${plain ? TOUCH : ""}${msr(encoding, BASE)}\nisb`));
};

/** Another system instruction, of those that there are and are not. */
const sys: Piece = (maker) => {
  const { random } = maker;
  const [op1, crn] = [random.pick([0, 3, 0, 4, 1, 2]), random.pick([7, 8, 7, 15, 9])];
  const encoding = sysRegEncoding(1, op1, crn, random.below(16), random.below(8));
  if (encoding === ZVA && isTagged(maker)) return "nop";
  return maybeEl0(maker, at(memoryAddress(maker), `${TOUCH}${msr(encoding, BASE)}`), 10);
};

/** A jump to where there is no code. */
const jump: Piece = (maker) => {
  const { random, label } = maker;
  const back = label();
  // QEMU reports an instruction abort before an address out of line.
  const to = random.pick([oddAddress(maker) & ~3n, DEVICE, HOLE, CODE + 2n, 1n << 40n, NOTHING]);
  const go = `mov x13, #${hex(to)}\n${random.chance(50) ? "br x13" : "blr x13"}`;
  return random.chance(20) ? atEl0(maker, go) : `adr x27, ${back}\n${go}\n${back}:`;
};

const alignment: Piece = (maker) => {
  const { random, label } = maker;
  const back = label();
  if (random.chance(40))
    return `adr x27, ${back}\nadr x13, ${back}\nadd x13, x13, #${random.pick([1, 2, 3])}\nbr x13\n${back}:`;
  const address = memoryAddress(maker) + BigInt(random.pick([1, 3, 7, 9]));
  return at(address, random.pick(["ldar x1, [x14]", "ldr x1, [x14]", "stlr x1, [x14]", "ldp x0, x1, [x14]"]));
};

// ---- the hypervisor, and registers

const call: Piece = (maker) => maybeEl0(maker, callOf(maker.random), 6);

/** A register is read, or written and read. */
const sysreg: Piece = (maker) => {
  const { random } = maker;
  const el0 = random.chance(12);
  const encoding = anyEncoding(random, el0);
  const rt = random.chance(10) ? 31 : anyRegister(random);
  const forget = (n: number) => (isVolatile(encoding) ? `\nmov x${n === 31 ? 0 : n}, #0` : "");
  const narrow = isNarrow(encoding) && rt !== 31 ? `mov w${rt}, w${rt}\n` : "";
  const writing = `${narrow}${msr(encoding, rt)}\nisb`;
  const isRead = random.chance(55) || isKept(encoding);
  const written = random.chance(50) ? writing : `${writing}\n${mrs(encoding, 13)}${forget(13)}`;
  const text = isRead ? `${mrs(encoding, rt)}${forget(rt)}` : written;
  return el0 ? atEl0(maker, text) : text;
};

/** A PMU that is used as Linux does, but that never counts. */
const pmu: Piece = ({ random }) => {
  const registers = Object.entries(SYSREG).filter(([name, at]) => name.startsWith("PM") && !isMisread(at, false));
  const value = random.pick([0n, 1n, 0x3fn, 0x8000_0000n, 0xffff_ffffn, (1n << 64n) - 1n, BigInt(random.u32())]);
  const lines = Array.from({ length: 3 }, () => {
    const [name, encoding] = random.pick(registers);
    const read = `${mrs(encoding, 6)}${isVolatile(encoding) ? "\nmov x6, #0" : ""}\nadd x7, x7, x6`;
    if (random.chance(40)) return read;
    return `mov x5, #${hex(name === "PMCR_EL0" ? value & ~1n : value)}\n${msr(encoding, 5)}\n${read}`;
  });
  return lines.join("\n");
};

/** The first breakpoint or watchpoint, or one of the others, as MDSCR_EL1.MDE lets it. */
const DEBUGGED = 0xa000;
const debugRegister = (n: number, family: number) => sysRegEncoding(2, 0, 0, n, family);
const [BVR, BCR, WVR, WCR] = [4, 5, 6, 7];

/** Debug registers of the guest's own. */
const debug: Piece = ({ random, label }) => {
  const here = label();
  const enable = `mov x6, #${DEBUGGED}\nmsr mdscr_el1, x6\nmsr daifclr, #8\nisb`;
  switch (random.below(5)) {
    case 0: {
      const encoding = debugRegister(random.below(16), random.pick([BVR, WVR]));
      return `mov x5, #${hex(random.u64())}\n${msr(encoding, 5)}\n${mrs(encoding, 6)}`;
    }
    case 1:
      return `brk #${random.below(0x10000)}`;
    case 2:
      return `adr x5, ${here}\n${msr(debugRegister(1, BVR), 5)}\nmov x5, #0x1e5\n${msr(debugRegister(1, BCR), 5)}\n${enable}\n${here}:\nnop\nmsr daifset, #8\nmov x5, #0\n${msr(debugRegister(1, BCR), 5)}`;
    case 3:
      return `mov x5, #${hex(DATA)}\n${msr(debugRegister(0, WVR), 5)}\nmov x6, #0x1fff\n${msr(debugRegister(0, WCR), 6)}\n${enable}\nldr x7, [x5]\nmsr daifset, #8\nmov x5, #0\n${msr(debugRegister(0, WCR), 5)}`;
    default:
      return `mov x5, #${hex(random.u64())}\nmsr ${random.pick(["mdscr_el1", "oslar_el1", "osdlr_el1"])}, x5\nisb\nmov x5, #0\nmsr mdscr_el1, x5\nmrs x6, oslsr_el1`;
  }
};

/** The CPU interface of the GIC, from the guest's side. */
const gic: Piece = ({ random }) => {
  const registers = Object.entries(SYSREG).filter(([name]) => name.startsWith("ICC_"));
  const values = [0n, 1n, 0xf0n, 0xffn, 3n, 27n, 1023n, 0x100_0000n, 0x10_0001n, BigInt(random.u32())];
  const lines = Array.from({ length: 3 }, () => {
    const [name, encoding] = random.pick(registers);
    if (random.chance(50) && !/SGI|EOIR|DIR/.test(name)) return mrs(encoding, anyRegister(random));
    const value = random.pick(values) & (name.includes("BPR") ? 7n : ~0n);
    return `mov x5, #${hex(value)}\n${msr(encoding, 5)}\nisb\n${mrs(encoding, 6)}`;
  });
  return lines.join("\n");
};

/** Registers of the distributor and the redistributor. */
const GIC_OFFSETS = [
  0, 4, 8, 0xc, 0x10, 0x14, 0x70, 0x78, 0x80, 0x84, 0xa0, 0x100, 0x104, 0x180, 0x200, 0x280, 0x300, 0x380, 0x400, 0x420,
  0x800, 0xc00, 0xc08, 0xd00, 0xf00, 0xf10, 0x6100, 0x6108, 0xffd0, 0xffe8,
];
const gicMmio: Piece = ({ random }) => {
  const base = random.pick([DIST, REDIST, REDIST + 0x1_0000n]);
  const offset = random.pick(GIC_OFFSETS) + (random.chance(10) ? random.below(8) : 0);
  return at(base + BigInt(offset), access(random, SINGLE));
};

// ---- instructions

/** Instructions of features that may be missing, and those that go elsewhere and come back. */
const SPECIAL = [
  "svc #1",
  "svc #0xffff",
  "hvc #0x4242",
  "brk #0xf000",
  "udf #0",
  "hlt #1",
  ".word 0xffffffff",
  "msr tco, #1\nmrs x5, tco\nmsr tco, #0",
  "paciasp\nautiasp",
  "pacia x5, x6\nmov x5, #0",
  "pacga x5, x6, x7\nmov x5, #0",
  "autia x5, x6\nmov x5, #0",
  "msr ssbs, #1\nmrs x5, ssbs",
  "msr dit, #1\nmrs x5, dit\nmsr dit, #0",
  "msr pan, #1\nmrs x5, pan\nmsr pan, #0",
  "msr uao, #1\nmsr uao, #0",
  "fmov d0, #1.0\nfadd d1, d0, d0",
  ".word 0x2518e3e0", // PTRUE P0.B
  ".word 0x04bf5000", // RDVL X0, #0
  ".word 0x19010000", // CPYFP [X0]!, [X1]!, X0!
  ".word 0xd6bf03e0", // DRPS
];
const instruction: Piece = (maker) => {
  const { random } = maker;
  return maybeEl0(maker, random.chance(50) ? random.pick(SPECIAL) : alone(random), 30);
};

/** SVE and FP where CPACR_EL1 does not let them. */
const fp: Piece = (maker) => {
  const { random } = maker;
  const uses = ["fmov d0, x1", "ldr q0, [x14]", "fmov x1, d1", ".word 0x2518e3e0", "mrs x1, fpcr", "msr fpsr, xzr"];
  const text = maybeEl0(maker, random.pick(uses), 40);
  const cpacr = (value: number) => `mov x5, #${value}\nmsr cpacr_el1, x5\nisb`;
  return `${at(DATA, cpacr(random.below(4) << 20))}\n${text}\n${cpacr(3 << 20)}`;
};

/** Waiting: only where something is sure to end it. */
const wait: Piece = (maker) => maybeEl0(maker, maker.random.pick(["wfe", "sevl\nwfe", "sev\nwfe\nwfe", "yield"]), 20);

/** Exceptions that are masked or not. */
const daif: Piece = ({ random }) =>
  `msr daif${random.pick(["set", "clr"])}, #${random.pick([1, 2, 4, 8, 15, 6])}\nisb\nmrs x5, isr_el1`;

// ---- tags

const TAG_STORES = ["stg x14, [x14]", "stzg x14, [x14]", "st2g x14, [x14]", "stgp x1, x2, [x14]", "stgm x3, [x14]"];
/** Tags: stored with one address, used with another. */
const tags: Piece = (maker) => {
  const { random } = maker;
  const [tag, another] = [random.below(16), random.below(16)];
  const base = random.chance(80)
    ? memoryAddress(maker)
    : random.pick([ROM, SHARED, NOTHING, DEVICE, READ_ONLY_HOST, HOLE]);
  const tagged = (value: number) => `mov x14, #${hex(base | (BigInt(value) << 56n))}`;
  const settings = random.chance(30)
    ? `mov x5, #${hex(BigInt(random.below(0x10000)))}\nmsr ${random.pick(["gcr_el1", "rgsr_el1"])}, x5\nirg x6, x14\n`
    : "";
  const use = random.chance(70) ? access(random, SINGLE) : other(maker, false);
  return [
    `${settings}${tagged(tag)}`,
    random.pick([...TAG_STORES, "nop"]),
    tagged(random.chance(60) ? tag : another),
    maybeEl0(maker, use, 25),
    "ldg x3, [x14]",
    "dsb sy",
    "mrs x4, tfsr_el1",
    "mrs x5, tfsre0_el1",
  ].join("\n");
};

/**
 * The guest changes how its tags are checked: ATA, ATA0, TCF and TCF0. X29 has SCTLR_EL1 without them; what is written is looked
 * at first, as an abort that user space injects may have skipped what made it.
 */
const tagChecks: Piece = ({ random, options, label }) => {
  if (!options.mmu) return "nop";
  const [value, skip] = [BigInt(random.below(64)) << 38n, label()];
  const others = hex(BigInt.asUintN(64, ~TAG_CHECKS));
  return `mov x16, #${hex(value)}\norr x17, x29, x16\nand x16, x17, #${others}\ncmp x16, x29\nb.ne ${skip}\nmsr sctlr_el1, x17\nisb\n${skip}:`;
};

/** All kinds with their weights. */
export const PIECES: Readonly<Record<string, readonly [weight: number, make: Piece]>> = {
  mmio: [12, mmio],
  nisv: [12, nisv],
  odd: [16, odd],
  plain: [5, plain],
  maintenance: [5, maintenance],
  sys: [4, sys],
  jump: [5, jump],
  alignment: [3, alignment],
  call: [14, call],
  sysreg: [24, sysreg],
  pmu: [5, pmu],
  debug: [5, debug],
  gic: [4, gic],
  gicMmio: [2, gicMmio],
  instruction: [8, instruction],
  fp: [3, fp],
  wait: [2, wait],
  daif: [3, daif],
  tags: [10, tags],
  tagChecks: [4, tagChecks],
};
