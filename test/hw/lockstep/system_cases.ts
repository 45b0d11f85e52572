/** Cases of system instructions and registers, and of words that no row has. */

import { SYSREG } from "../../../server/abi/sysreg.ts";
import { GROUPS as ROWS } from "../../../server/hw/a64/index.ts";
import { decode } from "../../../server/hw/disassemble.ts";
import { aim, type MemoryOptions } from "./accesses.ts";
import { registers } from "./branches.ts";
import { bits } from "./controls.ts";
import { type Config, PLACES } from "./layout.ts";
import { placesOf } from "./pools.ts";
import { excepted, isChecked } from "./qemu_errors.ts";
import {
  DIT,
  type Generator,
  named,
  PAN,
  plainCase,
  pstateOf,
  randomWord,
  type Shape,
  SSBS,
  shapes,
  TCO,
  UAO,
} from "./words.ts";

export const unallocated: Generator = ({ random, config }) => {
  const word = random.once(2)
    ? random.u32()
    : (random.u32() & 0x1fffffff) |
      (random.pick([0x0e, 0x1e, 0x4e, 0x5a, 0x9a, 0xd5, 0x08, 0x19, 0x38, 0x78, 0xd9, 0xc8]) << 24);
  // FCMP with zero ignores Rm in QEMU, which should be zero
  if (decode(word >>> 0) !== undefined || (word & 0xff20fc0f) === 0x1e202008) return undefined;
  return {
    case: plainCase(random, [word >>> 0], config),
    row: named(`unallocated ${((word >>> 24) & 255).toString(2).padStart(8, "0")}`),
  };
};

// System

const sysWord = (op: number, encoding: number, rt: number) => ((op | (encoding << 5) | rt) >>> 0) as number;
const SYS = 0xd5000000;
const MRS = 0xd5200000;
const MSR = 0xd5000000;
const encode = (op0: number, op1: number, n: number, m: number, op2: number) =>
  (op0 << 14) | (op1 << 11) | (n << 7) | (m << 3) | op2;

/** DC, IC and AT by name: what they are encoded as. */
export const OPERATIONS: Readonly<Record<string, number>> = {
  DC_ZVA: encode(1, 3, 7, 4, 1),
  DC_GVA: encode(1, 3, 7, 4, 3),
  DC_GZVA: encode(1, 3, 7, 4, 4),
  DC_IVAC: encode(1, 0, 7, 6, 1),
  DC_IGVAC: encode(1, 0, 7, 6, 3),
  DC_IGDVAC: encode(1, 0, 7, 6, 5),
  DC_CVAC: encode(1, 3, 7, 10, 1),
  DC_CGVAC: encode(1, 3, 7, 10, 3),
  DC_CGDVAC: encode(1, 3, 7, 10, 5),
  DC_CVAU: encode(1, 3, 7, 11, 1),
  DC_CVAP: encode(1, 3, 7, 12, 1),
  DC_CGVAP: encode(1, 3, 7, 12, 3),
  DC_CGDVAP: encode(1, 3, 7, 12, 5),
  DC_CVADP: encode(1, 3, 7, 13, 1),
  DC_CGVADP: encode(1, 3, 7, 13, 3),
  DC_CIVAC: encode(1, 3, 7, 14, 1),
  DC_CIGVAC: encode(1, 3, 7, 14, 3),
  DC_CIGDVAC: encode(1, 3, 7, 14, 5),
  IC_IVAU: encode(1, 3, 7, 5, 1),
  AT_S1E1R: encode(1, 0, 7, 8, 0),
  AT_S1E1W: encode(1, 0, 7, 8, 1),
  AT_S1E0R: encode(1, 0, 7, 8, 2),
  AT_S1E0W: encode(1, 0, 7, 8, 3),
  AT_S1E1RP: encode(1, 0, 7, 9, 0),
  AT_S1E1WP: encode(1, 0, 7, 9, 1),
};
const isZeroing = (name: string) => /^DC_(?:Z|G|GZ)VA$/.test(name);

/** DC and AT with an address. */
export const operations =
  (names: readonly string[], { faults, tags }: MemoryOptions): Generator =>
  (context) => {
    const { random, config, configs } = context;
    const name = random.pick(names);
    const t = random.below(31);
    const made = placesOf(context.number, 0);
    let pstate = pstateOf(random);
    if (random.once(5)) pstate |= TCO;
    if ((pstate & 0xc) !== 0 && random.once(4)) pstate |= PAN;
    const to = aim(context, isZeroing(name) ? 64 : 16, made, faults, tags);
    const word = sysWord(SYS, OPERATIONS[name] as number, t);
    const whole = plainCase(random, [word], config, { pstate: pstate >>> 0, set: [[t, to.address]], fpcr: 0 });
    const tried = { row: named(name), made: whole, config: configs[config] as Config };
    const access = { bytes: 64, address: to.address, base: t, checked: tags && isChecked(tried), kinds: to.kinds };
    if (excepted({ ...tried, access })) return undefined;
    return { case: whole, row: named(name) };
  };

/** Tags of no memory: IRG and its kin, with their registers. */
export const tagArithmetic =
  (rows: readonly Shape[]): Generator =>
  (context) => {
    const made = registers(rows)(context);
    if (!made) return undefined;
    const { random } = context;
    const exclude = random.pick([0n, random.bits(16), random.bits(16) | random.bits(16), 0xffffn, 0xfffen, 0x7fffn]);
    const set: [number, bigint][] = [
      [PLACES.RGSR_EL1, (random.bits(16) << 8n) | random.bits(4)],
      [PLACES.GCR_EL1, exclude],
    ];
    return { ...made, case: { ...made.case, set } };
  };

const SYSTEM = shapes(ROWS.SYSTEM.filter(({ name }) => !/systeminstrs|systemmove|WFET|WFIT/.test(name)));
/** Registers whose value is not the same twice, or not the same on another board. */
const VOLATILE =
  /^(CNT|PM|ICC|DBG|OS|MDCCINT|MDSCR|ID_|MVFR|CTR|CLIDR|CCSIDR|AIDR|REVIDR|RNDR|ER|RMR|RVBAR|TRF|SCXT|ZCR|SMCR|LOR|MPAM|BRB|ACC|SM|TCR2|SCTLR2|PIR|POR|S2POR|AMUSER|DISR|ACTLR|HFG|AM|TRB|PMS|GCS|ISR)/;
const KNOWN = (Object.entries(SYSREG) as [string, number][]).filter(([, encoding]) => ((encoding >> 14) & 3) === 3);
const PLAIN_REGISTERS = KNOWN.filter(([name]) => !VOLATILE.test(name) && !/_EL(2|3|12)$/.test(name));
/** Bits of a control that a case may flip and still end. */
const FLIPS: Readonly<Record<string, bigint>> = {
  SCTLR_EL1: bits(1, 3, 4, 6, 9, 10, 14, 15, 16, 18, 22, 23, 26, 33, 37, 38, 39, 40, 41, 42, 43, 44, 57),
  TCR_EL1: bits(37, 38, 41, 42, 51, 52, 55, 56, 57, 58),
  CPACR_EL1: bits(20, 21),
};
/** Bits of a register that are not RES0: QEMU keeps those too. */
const DEFINED: Readonly<Record<string, bigint>> = {
  RGSR_EL1: 0xffff0fn,
  GCR_EL1: 0x1ffffn,
  TFSR_EL1: 3n,
  TFSRE0_EL1: 3n,
  VBAR_EL1: ~0x7ffn,
  CONTEXTIDR_EL1: 0xffffffffn,
  FPCR: 0x07c82007n,
  FPSR: 0x0800009fn,
};
const FIXED = new Set(["TTBR0_EL1", "TTBR1_EL1", "MAIR_EL1"]);

export const moves: Generator = (context) => {
  const { random, config, configs } = context;
  const [name, encoding] = random.pick(PLAIN_REGISTERS);
  const read = random.once(2);
  const t = random.below(31);
  const made = plainCase(random, [sysWord(read ? MRS : MSR, encoding | 0xc000, t)], config);
  const controls = configs[config] as Config;
  const before: Readonly<Record<string, bigint>> = {
    SCTLR_EL1: controls.sctlr,
    TCR_EL1: controls.tcr,
    CPACR_EL1: controls.cpacr,
  };
  const set: [number, bigint][] = [];
  const flips = FLIPS[name];
  if (!read && flips !== undefined) set.push([t, (before[name] as bigint) ^ (random.bits(64) & flips)]);
  const defined = DEFINED[name];
  if (!read && defined !== undefined) set.push([t, random.bits(64) & defined]);
  if (!read && FIXED.has(name)) return undefined;
  const more = random.u32() & (made.pstate & 0xc ? PAN | UAO | DIT | TCO | SSBS : DIT | TCO | SSBS);
  const row = named(`${read ? "MRS" : "MSR"}_${name}`);
  const whole = { ...made, set, pstate: (made.pstate | more) >>> 0 };
  return excepted({ row, made: whole, config: controls }) ? undefined : { case: whole, row };
};

/**
 * Encodings whose traps depend on which registers a board has, or that are never the same: those of the GIC's CPU
 * interface, performance monitors, random numbers, and of debug beside breakpoints, many of which QEMU lacks.
 */
const isElsewhere = (encoding: number) => {
  const [op0, op1, n, m] = [(encoding >> 14) & 3, (encoding >> 11) & 7, (encoding >> 7) & 15, (encoding >> 3) & 15];
  if (op0 === 2) return n !== 0 || op1 === 3;
  return (n === 12 && m >= 8) || (n === 4 && m === 6) || n === 9 || n === 14 || (n === 2 && m === 4);
};

/** Encodings of system registers at random: most are of none. */
export const encodings: Generator = ({ random, config }) => {
  const read = random.once(2);
  const [op1, n] = [random.below(8), random.below(16)];
  const encoding = encode(random.once(5) ? 2 : 3, op1, n, random.below(16), random.below(8));
  const name = SYSREG_NAMES.get(encoding & 0xffff);
  if (name !== undefined && (!read || VOLATILE.test(name))) return undefined;
  if (isElsewhere(encoding)) return undefined;
  return {
    case: plainCase(random, [sysWord(read ? MRS : MSR, encoding, random.below(31))], config),
    row: named(
      `${read ? "MRS" : "MSR"} S${(encoding >> 14) & 3}_${op1}_C${n}_C${(encoding >> 3) & 15}_${encoding & 7}`,
    ),
  };
};
const SYSREG_NAMES = new Map(Object.entries(SYSREG).map(([name, encoding]) => [encoding, name]));

export const instructions: Generator = (context) => {
  const { random, config } = context;
  const shape = random.pick(SYSTEM);
  const word = randomWord(shape, random);
  if (word === undefined) return undefined;
  const made = plainCase(random, [word], config);
  const more = random.u32() & (made.pstate & 0xc ? PAN | UAO | DIT | TCO | SSBS : DIT | TCO | SSBS);
  const whole = { ...made, pstate: (made.pstate | more) >>> 0 };
  if (excepted({ row: shape.row, made: whole, config: context.configs[config] as Config })) return undefined;
  return { case: whole, row: shape.row };
};

/** Set and way, IC and TLBI. */
export const maintenance: Generator = ({ random, config }) => {
  const t = random.below(31);
  const [m, op2] = random.pick([
    [6, 2],
    [10, 2],
    [14, 2],
    [6, 4],
    [6, 6],
    [10, 4],
    [10, 6],
    [14, 4],
    [14, 6],
    [1, 0],
    [5, 0],
  ] as const);
  const tlbi = encode(1, 0, random.pick([8, 9]), random.pick([1, 2, 3, 5, 6, 7]), random.below(8));
  const encoding = random.once(2) ? encode(1, 0, 7, m, op2) : tlbi;
  const word = sysWord(random.once(12) ? 0xd5200000 : SYS, encoding, random.once(2) ? 31 : t);
  return { case: plainCase(random, [word], config), row: named("SYS") };
};
