/** Random cases of single instructions by group: fields, registers, addresses and controls. */

import { SYSREG } from "../../../server/abi/sysreg.ts";
import { GROUPS as ROWS } from "../../../server/hw/a64/index.ts";
import type { Row } from "../../../server/hw/a64/row.ts";
import { type Field, parsePattern, parseWhen } from "../../../server/hw/a64/template.ts";
import { decode } from "../../../server/hw/disassemble.ts";
import { type Batch, ROOTS } from "./image.ts";
import {
  ABSENT,
  type Case,
  CODE,
  CODE_BYTES,
  type Config,
  DEVICE,
  type Kind,
  PLACES,
  READ_ONLY,
  SCRATCH,
  SCRATCH_BYTES,
  SHAPES,
  SLOT_BYTES,
  upperHalf,
  WINDOWS,
  windowMiddle,
} from "./layout.ts";
import { FILLINGS, type Filling, makePools, placesOf, Random } from "./pools.ts";
import { excepted, isChecked } from "./qemu_errors.ts";

// ---- controls

const bit = (n: number) => 1n << BigInt(n);
const bits = (...places: number[]) => places.reduce((value, place) => value | bit(place), 0n);

/** M, C, SA, SA0, I, nTWI, nTWE and what is RES1. */
const SCTLR = bits(0, 2, 3, 4, 8, 11, 12, 16, 18, 20, 22, 23, 28, 29);
const SCTLR_M = bit(0);
const SCTLR_A = bit(1);
/** EnIA, EnIB, EnDA and EnDB. */
const KEYS_ON = bits(31, 30, 27, 13);
const HCR = bits(0, 1, 2, 3, 4, 5, 13, 14, 17, 18, 19, 20, 21, 22, 31, 40, 41);
const HCR_ATA = bit(56);
/** TDRA, TDOSA, TDA, TPM, TPMCR. */
const MDCR = 0xe60n;

const tcrOf = (shape: number, more: bigint) => {
  const { size, tg0, tg1 } = SHAPES[shape] as (typeof SHAPES)[number];
  const T = BigInt(size);
  return T | (T << 16n) | 0x3500n | 0x35000000n | (tg0 << 14n) | (tg1 << 30n) | (2n << 32n) | bit(36) | more;
};

interface Choice {
  readonly shape?: number;
  readonly sctlr?: bigint;
  readonly tcr?: bigint;
  readonly hcr?: bigint;
  readonly cpacr?: bigint;
  readonly cntkctl?: bigint;
  readonly memory?: boolean;
  readonly restore?: boolean;
}

const config = ({
  shape = 0,
  sctlr = 0n,
  tcr = 0n,
  hcr = 0n,
  cpacr = 3n << 20n,
  cntkctl = 0n,
  memory = false,
  restore = false,
}: Choice): Config => ({
  sctlr: SCTLR ^ sctlr,
  tcr: tcrOf(shape, tcr),
  ttbr: BigInt(ROOTS[shape] as number),
  hcr: HCR ^ hcr,
  cpacr,
  mdcr: MDCR,
  cntkctl,
  memory,
  restore,
});

/** Each of some bits, by chance. */
const some = (random: Random, ...places: number[]) =>
  places.reduce((value, place) => (random.once(2) ? value | bit(place) : value), 0n);

const tagControls = (random: Random): Choice => ({
  shape: random.pick([0, 0, 1, 2, 3]),
  // ATA, ATA0, TCF, TCF0
  sctlr:
    (random.once(8) ? SCTLR_A : 0n) |
    (random.once(4) ? some(random, 42, 43) : bits(42, 43)) |
    (BigInt(random.below(4)) << 40n) |
    (BigInt(random.below(4)) << 38n) |
    some(random, 14, 26, 33),
  // TBI and TCMA
  tcr:
    (random.once(4) ? some(random, 37, 38) : bits(37, 38)) |
    (random.once(2) ? some(random, 57, 58) : 0n) |
    (random.once(4) ? some(random, 51, 52) : 0n),
  hcr: random.once(6) ? 0n : HCR_ATA,
  memory: true,
});

const mappedControls = (random: Random): Choice => ({
  shape: random.below(SHAPES.length),
  sctlr: some(random, 1, 23, 57, 14, 26, 6, 19, 9, 15) | (random.once(3) ? bits(42, 43, 40, 38) : 0n),
  tcr: some(random, 37, 38, 41, 42) | (random.once(3) ? some(random, 51, 52, 55, 56) : 0n),
  hcr: random.once(2) ? 0n : HCR_ATA,
  memory: true,
});
/** Stage 1 off: a memory of Device, or with HCR_EL2.DC of Normal, with DCT of Tagged memory. */
const offControls = (random: Random): Choice => ({
  ...mappedControls(random),
  sctlr: SCTLR_M | some(random, 1, 42, 43, 40, 38),
  hcr: some(random, 12, 57, 56),
});
const faultControls = (random: Random) => (random.once(12) ? offControls(random) : mappedControls(random));

// ---- words

/** A row that is read. */
interface Shape {
  readonly row: Row;
  readonly value: number;
  readonly fields: ReadonlyMap<string, Field>;
  readonly unallocated: (word: number) => boolean;
}
const shapes = (rows: readonly Row[]): Shape[] =>
  rows.map((row) => {
    const { value, fields } = parsePattern(row.pattern);
    return { row, value, fields, unallocated: parseWhen(row.when, fields) };
  });

const get = (word: number, at: Field | undefined) => (at ? (word >>> at.shift) & (2 ** at.width - 1) : 0);
const signedField = (word: number, at: Field) => {
  const value = get(word, at);
  return value >= 2 ** (at.width - 1) ? value - 2 ** at.width : value;
};

/** Fields of registers that an instruction does not have. */
const SHOULD_BE_ONE: readonly (readonly [field: string, rows: RegExp])[] = [
  ["Ra", /^[SU]MULH_/],
  ["Rs", /_ldstord$|^LDAPR.*_memop$|^LDA?X.*_ldstexcl/],
  ["Rt2", /_ldstord$|_ldstexclr$/],
];

/** A word with fields at random, unallocated ones rarely. */
function randomWord({ row, value, fields, unallocated }: Shape, random: Random): number | undefined {
  for (let tries = 0; tries < 100; tries++) {
    let word = value;
    let last = 0;
    for (const [name, { shift, width }] of fields) {
      let bits = random.next() & (2 ** width - 1);
      if (/^R/.test(name)) {
        if (random.once(12)) bits = last & (2 ** width - 1);
        last = bits;
      }
      if (/^imm/.test(name) && width > 5 && random.once(6))
        bits = random.pick([0, 1, 2 ** width - 1, 2 ** (width - 1), 2 ** (width - 1) - 1]);
      word |= bits << shift;
    }
    if (unallocated(word) && !random.once(200)) continue;
    // Registers that are not there are (1)
    for (const [name, pattern] of SHOULD_BE_ONE) {
      const at = fields.get(name);
      if (at && pattern.test(row.name)) word |= 31 << at.shift;
    }
    return word >>> 0;
  }
  return undefined;
}

// ---- state

const NZCV = (random: Random) => (random.below(16) << 28) >>> 0;
const EL0 = 0x000;
const EL1T = 0x3c4;
const EL1H = 0x3c5;
const PAN = 1 << 22;
const UAO = 1 << 23;
const DIT = 1 << 24;
const TCO = 1 << 25;
const SSBS = 1 << 12;

function pstateOf(random: Random): number {
  const mode = random.pick([EL0, EL0, EL1H, EL1H, EL1H, EL1T]);
  return (NZCV(random) | mode) >>> 0;
}

/** Bits of FPCR beside the rounding mode: FZ16, FZ, DN, AHP; and rarely FIZ, AH, NEP, EBF. */
function fpcrOf(random: Random): number {
  if (random.once(3)) return 0;
  let fpcr = random.below(4) << 22;
  for (const place of [19, 24, 25, 26]) if (random.once(3)) fpcr |= 1 << place;
  if (random.once(4)) for (const place of [0, 1, 2, 13]) if (random.once(3)) fpcr |= 1 << place;
  return fpcr;
}

/** What the elements are that a word of a row works on. */
function fillingOf({ row, fields }: Shape, word: number, random: Random): Filling {
  if (random.once(8)) return random.pick(FILLINGS);
  const floating = /^B?F|CVT/.test(row.name);
  if (/^BF/.test(row.name)) return random.pick(["brain", "single"]);
  const ftype = fields.get("ftype");
  const sz = fields.get("sz");
  const size = fields.get("size");
  let log = random.below(4);
  if (ftype) log = [2, 3, 2, 1][get(word, ftype)] as number;
  else if (sz) log = (2 + get(word, sz)) % 4;
  else if (row.feature === "FP16") log = 1;
  else if (size) log = (get(word, size) + random.below(2)) % 4;
  return (floating ? ["half", "half", "single", "double"] : ["b", "h", "s", "d"])[log] as Filling;
}

// ---- the generators

const named = (name: string): Row => ({ name, pattern: "", asm: "" });

interface Made {
  readonly case: Case;
  readonly row: Row | undefined;
}

const plainCase = (random: Random, words: number[], configNumber: number, more: Partial<Case> = {}): Case => ({
  words,
  config: configNumber,
  pstate: pstateOf(random),
  fpcr: fpcrOf(random),
  fpsr: 0,
  filling: FILLINGS.indexOf("d"),
  set: [],
  ...more,
});

/** What each generator is told. */
interface Context {
  readonly random: Random;
  readonly pools: DataView;
  readonly configs: readonly Config[];
  readonly config: number;
  readonly shape: number;
  /** The case's number in its batch. */
  readonly number: number;
}
type Generator = (context: Context) => Made | undefined;

const registers =
  (rows: readonly Shape[]): Generator =>
  ({ random, config, configs }) => {
    const shape = random.pick(rows);
    const word = randomWord(shape, random);
    if (word === undefined) return undefined;
    const made = plainCase(random, [word], config, {
      filling: FILLINGS.indexOf(fillingOf(shape, word, random)),
      fpsr: random.once(8) ? 0x0800009f & random.next() : 0,
    });
    if (excepted({ row: shape.row, made, config: configs[config] as Config })) return undefined;
    return { case: made, row: shape.row };
  };

// Branches

const NOP = 0xd503201f;
const BTI = 0xd503241f;
/** Its exception tells BTYPE, unlike that of HVC. */
const BRK = 0xd4200000;

/** Whether an address is another case's instruction, which must not run. */
const isSlot = (address: number) =>
  address >= CODE && address < CODE + CODE_BYTES && (address - CODE) % SLOT_BYTES === 0;

const branches =
  (rows: readonly Shape[]): Generator =>
  ({ random, config, configs, number }) => {
    const shape = random.pick(rows);
    let word = randomWord(shape, random);
    if (word === undefined) return undefined;
    const { fields, row } = shape;
    const pc = CODE + number * SLOT_BYTES;
    const imm = fields.get("imm26") ?? fields.get("imm19") ?? fields.get("imm14");
    const set: [number, bigint][] = [];
    if (imm) {
      if (random.once(3)) {
        const near = random.below(200) - 100;
        word = ((word & ~((2 ** imm.width - 1) << imm.shift)) | ((near & (2 ** imm.width - 1)) << imm.shift)) >>> 0;
      }
      const target = pc + signedField(word, imm) * 4;
      if (target >= CODE && target < CODE + CODE_BYTES && isSlot(target)) return undefined;
    }
    const target = (): bigint => {
      switch (random.below(8)) {
        case 0:
          return random.bits(64);
        case 1:
          return BigInt(CODE + random.below(CODE_BYTES / 4) * 4 + random.below(4));
        case 2:
          return windowMiddle(random.below(WINDOWS.length)) + BigInt(random.below(64) * 4 - 128);
        case 3:
          return (random.bits(8) << 56n) | BigInt(CODE + 4 + random.below(1000) * SLOT_BYTES);
        default:
          return BigInt(CODE + random.below(4096) * SLOT_BYTES + random.pick([4, 8, 12]));
      }
    };
    const safe = (value: bigint) => !isSlot(Number(value & 0xffffffffn) & ~3);
    const n = fields.get("Rn");
    if (n && get(word, n) !== 31) {
      const value = target();
      if (!safe(value)) return undefined;
      set.push([get(word, n), value]);
    }
    if (/^RETA/.test(row.name)) set.push([30, target()]);
    let pstate = pstateOf(random);
    if (/^ERET/.test(row.name)) {
      const to = target();
      if (!safe(to)) return undefined;
      set.push([PLACES.ELR_EL1, to]);
      const mode = random.pick([0, 0, 4, 5, 5, random.below(32)]);
      // A return to AArch32 at EL0 is legal; one that is not leaves most of PSTATE unknown
      if (mode === 16) return undefined;
      const legal = [0, 4, 5].includes(mode);
      if (!legal && to >> 32n !== 0n) return undefined;
      const more = legal ? random.next() & 0x03d03fc0 : random.next() & 0x3c0;
      set.push([PLACES.SPSR_EL1, BigInt((NZCV(random) | more | mode) >>> 0)]);
    }
    // A zero, or a bit, that decides
    const t = fields.get("Rt");
    if (t && get(word, t) !== 31 && random.once(2))
      set.push([get(word, t), random.pick([0n, 1n << 32n, 1n, random.bits(64)])]);
    for (const [, value] of set) if (!safe(value)) return undefined;
    if (random.once(8) && !/^ERET/.test(row.name)) pstate |= random.pick([DIT, SSBS, TCO]);
    const landing = [random.pick([NOP, BTI, BTI + 0x40, BTI + 0x80, BTI + 0xc0]), BRK, BRK];
    const made = plainCase(random, [word, ...landing], config, { set, pstate: pstate >>> 0 });
    if (excepted({ row, made, config: configs[config] as Config })) return undefined;
    return { case: made, row };
  };

// Loads and stores

/** How an access is addressed, as the row's assembly says. */
function addressing(
  { row, fields }: Shape,
  word: number,
): { offset: number; post: boolean; writeBack: boolean; index: boolean } {
  const { asm } = row;
  const post = /\], (?:#|\{Rm|\{Xm)/.test(asm) || /_(?:immpost|post|asisdlsep|asisdlsop)$/.test(row.name);
  const writeBack = post || asm.includes("]!");
  const found = /#\{(?:(S):)?(imm12|imm9|imm7|simm7)( s)?(?: \*(\d+))?\}/.exec(asm);
  if (!found || post) return { offset: 0, post, writeBack, index: asm.includes("{index}") };
  const [, s, name = "", signed, scale = "1"] = found;
  const at = fields.get(name) as Field;
  let value = signed ? signedField(word, at) : get(word, at);
  if (s) value = get(word, at) - (get(word, fields.get("S")) ? 512 : 0);
  return { offset: value * Number(scale), post, writeBack, index: false };
}

/** Bytes that a load or a store reaches, or nearly. */
function bytesOf({ row, fields }: Shape, word: number): number {
  const { name } = row;
  const structure = /^(?:LD|ST)(\d)_(\d)v/.exec(name);
  if (structure) return Number(structure[2]) * (get(word, fields.get("Q")) ? 16 : 8);
  const lane = /^(?:LD|ST)(\d)_([BHSD])_asisd/.exec(name);
  if (lane) return Number(lane[1]) * ({ B: 1, H: 2, S: 4, D: 8 }[lane[2] as string] as number);
  const replicated = /^LD(\d)R_/.exec(name);
  if (replicated) return Number(replicated[1]) << get(word, fields.get("size"));
  const log = word >>> 30;
  if (/ldsttags|STGP/.test(name)) return /GM_/.test(name) ? 16 : /2G/.test(name) ? 32 : 16;
  if (/ldstpair/.test(name))
    return 2 * (/_Q_/.test(name) ? 16 : /_(?:64|D)_/.test(name) && !name.startsWith("LDPSW") ? 8 : 4);
  if (/ldstexclp|comswappr/.test(name)) return /_64_/.test(name) ? 16 : 8;
  if (/_Q_ldst/.test(name)) return 16;
  return 1 << log;
}

/** Registers that make a load or store CONSTRAINED UNPREDICTABLE. */
function isUnpredictable({ row, fields }: Shape, word: number, writeBack: boolean): boolean {
  const r = (name: string) => get(word, fields.get(name));
  const { name } = row;
  const vector = (word & (1 << 26)) !== 0;
  if (
    writeBack &&
    !vector &&
    !/ldsttags/.test(name) &&
    r("Rn") !== 31 &&
    (r("Rn") === r("Rt") || (fields.has("Rt2") && r("Rn") === r("Rt2")))
  )
    return true;
  if (/^(?:LDP|LDNP|LDPSW|LDXP|LDAXP)/.test(name) && r("Rt") === r("Rt2")) return true;
  if (/^ST.*XP?[RBH]?.*_ldstexcl/.test(name) && fields.has("Rs")) {
    const s = r("Rs");
    return s === r("Rt") || (s === r("Rn") && s !== 31) || (/XP/.test(name) && s === r("Rt2"));
  }
  return false;
}

const longOf = (pools: DataView, made: { m: number }, offset: number) => pools.getBigUint64(made.m + offset, true);
const tagOf = (pools: DataView, made: { t: number }, offset: number) => {
  const granule = offset >> 4;
  return (pools.getUint8(made.t + (granule >> 1)) >> ((granule & 1) * 4)) & 15;
};

interface Aim {
  readonly address: bigint;
  readonly offset: number;
  readonly kinds: readonly string[];
}

/** Whether stage 1 is off. */
const isOff = ({ sctlr, hcr }: Config) => (sctlr & SCTLR_M) === 0n || (hcr & bit(12)) !== 0n;
/** The scratch memory where stage 1 is off. */
const PHYSICAL: readonly (readonly [address: number, kind: Kind])[] = [
  [SCRATCH, "plain"],
  [READ_ONLY, "stage2ReadOnly"],
  [ABSENT, "stage2Absent"],
  [DEVICE, "stage2Device"],
];

/** An address for an access of so many bytes: mostly in a window. */
function aim(context: Context, bytes: number, made: { t: number }, faults: boolean, tags: boolean): Aim {
  const { random, pools, shape, configs, config } = context;
  const { tcr } = configs[config] as Config;
  const window = faults ? random.below(WINDOWS.length) : random.pick([0, 0, 0, 1, 14, 15]);
  const wide = random.once(8);
  let offset = random.below(wide ? 600 : 160) - (wide ? 300 : 96);
  if (random.once(3)) offset &= ~15;
  else if (!random.once(3)) offset &= ~(Math.min(bytes, 64) - 1);
  const high = random.once(4);
  if (isOff(configs[config] as Config)) {
    const [base, kind] = random.pick(PHYSICAL);
    const address = BigInt(base + SCRATCH_BYTES / 2 + offset) | (random.once(6) ? random.bits(8) << 56n : 0n);
    return { address, offset: offset + 512, kinds: [kind, kind] };
  }
  let address = windowMiddle(window) + BigInt(offset) + (high ? upperHalf(shape) : 0n);
  if (faults && random.once(24))
    address = random.pick([
      random.bits(64),
      windowMiddle(window) + 0x4000000n,
      (random.bits(20) << 30n) | BigInt(offset & 1023),
    ]);
  const kinds = WINDOWS[window] as readonly string[];
  const tbi = (tcr & bit(high ? 38 : 37)) !== 0n;
  const own = tagOf(pools, made, Math.min(Math.max(offset + 512, 0), 1008));
  let tag = random.once(faults ? 3 : 2) ? random.below(16) : own;
  if (random.once(10)) tag = high ? 15 : 0;
  if (tags && (tbi || random.once(30))) address = (address & ~(15n << 56n)) | (BigInt(tag) << 56n);
  if (tbi && random.once(10)) address = (address & ~(15n << 60n)) | (random.bits(4) << 60n);
  return { address: BigInt.asUintN(64, address), offset: offset + 512, kinds };
}

const EXTENDS: Readonly<Record<number, (value: bigint) => bigint>> = {
  2: (value) => BigInt.asUintN(32, value),
  3: (value) => value,
  6: (value) => BigInt.asIntN(32, value),
  7: (value) => value,
};

interface MemoryOptions {
  readonly faults: boolean;
  readonly tags: boolean;
}

const memory =
  (rows: readonly Shape[], { faults, tags }: MemoryOptions): Generator =>
  (context) => {
    const { random, config, configs, pools } = context;
    const shape = random.pick(rows);
    const word = randomWord(shape, random);
    if (word === undefined) return undefined;
    const { fields, row } = shape;
    // Beside the instructions stage 2 has no tables, and a core no levels
    if (row.name.endsWith("_loadlit") && isOff(configs[config] as Config)) return undefined;
    const { offset, writeBack, index } = addressing(shape, word);
    if (isUnpredictable(shape, word, writeBack)) return undefined;
    const made = placesOf(context.number, 0);
    let pstate = pstateOf(random);
    if (tags && random.once(faults ? 5 : 8)) pstate |= TCO;
    if (faults && (pstate & 0xc) !== 0) pstate |= random.once(3) ? PAN : random.once(4) ? UAO : 0;
    if (!tags && !faults) pstate |= random.once(4) ? TCO : 0;
    const set: [number, bigint][] = [];
    const n = fields.get("Rn");
    const bytes = bytesOf(shape, word);
    let access:
      | { bytes: number; address: bigint; base: number; checked: boolean; kinds: readonly string[] }
      | undefined;
    if (n) {
      const to = aim(context, bytes, made, faults, tags);
      let base = to.address - BigInt(offset);
      const number = get(word, n);
      if (index) {
        const m = get(word, fields.get("Rm"));
        if (m === number) return undefined;
        const option = get(word, fields.get("option"));
        const scale = get(word, fields.get("S")) ? Math.log2(bytes) : 0;
        const value = random.once(8)
          ? BigInt.asUintN(64, BigInt(random.below(64) - 32) | (random.bits(16) << 32n))
          : BigInt.asUintN(64, BigInt(random.below(128) - 64));
        if (m !== 31) set.push([m, value]);
        base -= (EXTENDS[option]?.(m === 31 ? 0n : value) ?? 0n) << BigInt(scale);
      } else if (/asisdls[eo]p/.test(row.name)) {
        const m = get(word, fields.get("Rm"));
        if (m !== 31 && m !== number && random.once(2)) set.push([m, BigInt(random.below(256))]);
      }
      base = BigInt.asUintN(64, base);
      const unaligned = base;
      if (number === 31) base &= ~15n;
      // SP was made to be aligned
      const address = BigInt.asUintN(64, to.address - (unaligned - base));
      set.push([number !== 31 ? number : (pstate & 5) === 5 ? PLACES.SP_EL1 : PLACES.SP_EL0, base]);
      access = { bytes, address, base: number, checked: tags, kinds: to.kinds };
      // What it compares with
      const s = fields.get("Rs");
      if (/_comswap/.test(row.name) && s && to.offset >= 0 && to.offset < 1000 && random.once(2)) {
        const rs = get(word, s);
        const at = to.offset & ~(bytes - 1);
        const pair = /comswappr/.test(row.name);
        const whole = bytes === 16;
        const low = longOf(pools, made, at & ~7) >> (whole ? 0n : BigInt((at & 7) * 8));
        if (!pair || bytes === 8) {
          if (rs !== 31 && rs !== number) set.push([rs, pair ? low & 0xffffffffn : low]);
          if (pair && rs + 1 !== number && rs + 1 < 31) set.push([rs + 1, low >> 32n]);
        } else {
          if (rs !== number) set.push([rs, low]);
          if (rs + 1 !== number && rs + 1 < 31) set.push([rs + 1, longOf(pools, made, at + 8)]);
        }
      }
    }
    const whole = plainCase(random, [word], config, {
      set,
      pstate: pstate >>> 0,
      fpcr: 0,
      filling: FILLINGS.indexOf(random.pick(["b", "d"])),
    });
    const bare = { row, made: whole, config: configs[config] as Config };
    const tried = access ? { ...bare, access: { ...access, checked: tags && isChecked(bare) } } : bare;
    if (excepted(tried)) return undefined;
    return { case: whole, row };
  };

// Exclusives

const LOADS = shapes(ROWS.MEMORY.filter(({ name }) => /^LDA?X/.test(name)));
const STORES = shapes(ROWS.MEMORY.filter(({ name }) => /^STL?X/.test(name)));
const sizeOf = (row: Row) => row.name.replace(/^(?:LDA?X|STL?X)/, "").replace(/_ldst.*/, "");
const CLREX = 0xd503305f;

/** A load and a store, with something between them or nothing; or one of them alone. */
const exclusives: Generator = (context) => {
  const { random, config, configs } = context;
  const load = random.pick(LOADS);
  const store = random.pick(STORES.filter(({ row }) => sizeOf(row) === sizeOf(load.row)));
  const first = randomWord(load, random);
  let second = randomWord(store, random);
  if (first === undefined || second === undefined) return undefined;
  const single = !/XP/.test(load.row.name);
  const n = (first >>> 5) & 31;
  second = ((second & ~(31 << 5)) | (n << 5)) >>> 0;
  const bytes = bytesOf(load, first);
  if (isUnpredictable(load, first, false) || isUnpredictable(store, second, false)) return undefined;
  if ((first & 31) === n || (!single && ((first >>> 10) & 31) === n)) return undefined;
  const made = placesOf(context.number, 0);
  const to = aim(context, bytes, made, false, false);
  const pstate = pstateOf(random);
  const base = n === 31 ? to.address & ~15n : to.address;
  const place = n !== 31 ? n : (pstate & 5) === 5 ? PLACES.SP_EL1 : PLACES.SP_EL0;
  const words = random.pick([
    [first, second],
    [first, second],
    [first, second],
    [first],
    [second],
    [first, CLREX, second],
  ]);
  const whole = plainCase(random, words, config, {
    pstate: (pstate | (random.once(2) ? TCO : 0)) >>> 0,
    set: [[place, base]],
    fpcr: 0,
  });
  const access = { bytes, address: to.address, base: n, checked: false, kinds: to.kinds };
  if (excepted({ row: store.row, made: whole, config: configs[config] as Config, access })) return undefined;
  return { case: whole, row: words.length === 1 && words[0] === first ? load.row : store.row };
};

// Memory copy and memory set

const MOPS = ROWS.MEMORY.filter(({ name }) => /_mem(?:cms|set)$/.test(name));
/** Prologues, and what follows each. */
const BLOCKS = MOPS.filter(({ name }) => /P_mem/.test(name)).map((prologue) => {
  const part = (letter: string) =>
    MOPS.find(({ name }) => name === prologue.name.replace(/P_mem/, `${letter}_mem`)) as Row;
  return shapes([prologue, part("M"), part("E")]) as [Shape, Shape, Shape];
});

/** The three instructions of a copy or a set, one after another. */
const blocks: Generator = (context) => {
  const { random, config, configs } = context;
  const [prologue, main, epilogue] = random.pick(BLOCKS);
  const first = randomWord(prologue, random);
  if (first === undefined || prologue.unallocated(first)) return undefined;
  const operands = (first ^ prologue.value) >>> 0;
  const words = [first, (main.value | operands) >>> 0, (epilogue.value | operands) >>> 0];
  const [d, n, s] = ["Rd", "Rn", "Rs"].map((field) => get(first, prologue.fields.get(field))) as [
    number,
    number,
    number,
  ];
  const tags = prologue.row.name.startsWith("SETG");
  // The windows are of the same memory, and what meets there would depend on the order of the copy
  const place = (low: number) => windowMiddle(random.pick([0, 0, 1, 14, 15])) + BigInt(low + random.below(250));
  const [to, from] = random.once(2) ? [place(-500), place(-60)] : [place(-60), place(-500)];
  const size = BigInt(random.once(6) ? random.below(4) : random.below(180));
  const set: [number, bigint][] = [
    [d, tags ? to & ~15n : to],
    [n, tags ? size & ~15n : size],
  ];
  if (prologue.row.name.startsWith("CPY")) set.push([s, from]);
  const whole = plainCase(random, words, config, { set, fpcr: 0 });
  const tried = { row: prologue.row, made: whole, config: configs[config] as Config };
  return excepted(tried) ? undefined : { case: whole, row: prologue.row };
};

// What the table does not have

const unallocated: Generator = ({ random, config }) => {
  const word = random.once(2)
    ? random.next()
    : (random.next() & 0x1fffffff) |
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
const OPERATIONS: Readonly<Record<string, number>> = {
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
const operations =
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
const tagArithmetic =
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

const moves: Generator = (context) => {
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
  const more = random.next() & (made.pstate & 0xc ? PAN | UAO | DIT | TCO | SSBS : DIT | TCO | SSBS);
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
const encodings: Generator = ({ random, config }) => {
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

const instructions: Generator = (context) => {
  const { random, config } = context;
  const shape = random.pick(SYSTEM);
  const word = randomWord(shape, random);
  if (word === undefined) return undefined;
  const made = plainCase(random, [word], config);
  const more = random.next() & (made.pstate & 0xc ? PAN | UAO | DIT | TCO | SSBS : DIT | TCO | SSBS);
  const whole = { ...made, pstate: (made.pstate | more) >>> 0 };
  if (excepted({ row: shape.row, made: whole, config: context.configs[config] as Config })) return undefined;
  return { case: whole, row: shape.row };
};

/** Set and way, IC and TLBI. */
const maintenance: Generator = ({ random, config }) => {
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

const mix =
  (...choices: readonly (readonly [weight: number, generator: Generator])[]): Generator =>
  (context) => {
    const all = choices.reduce((sum, [weight]) => sum + weight, 0);
    let chosen = context.random.below(all);
    for (const [weight, generator] of choices) {
      if (chosen < weight) return generator(context);
      chosen -= weight;
    }
    return undefined;
  };

// ---- groups

interface Group {
  readonly configs: (random: Random) => Config[];
  readonly generate: Generator;
}

const many = (random: Random, n: number, choice: (random: Random) => Choice) =>
  Array.from({ length: n }, () => config(choice(random)));
const plain =
  (more: Choice = {}) =>
  (random: Random) =>
    many(random, 4, (random) => ({ ...more, shape: random.below(SHAPES.length), hcr: random.once(2) ? HCR_ATA : 0n }));

const isAtomic = ({ name }: Row) => /_memop$|_comswap/.test(name) && !/^LDAPR/.test(name);
const isExclusive = ({ name }: Row) => /^(?:LDA?X|STL?X)/.test(name);
const isMops = ({ name }: Row) => /_mem(?:cms|set)$/.test(name);
const LOADS_AND_STORES = shapes(ROWS.MEMORY.filter((row) => !isAtomic(row) && !isExclusive(row) && !isMops(row)));
const ATOMICS = shapes(ROWS.MEMORY.filter(isAtomic));
const TAG_MEMORY = shapes(ROWS.MTE.filter(({ name }) => /ldst/.test(name)));
const TAG_ARITHMETIC = shapes(ROWS.MTE.filter(({ name }) => !/ldst/.test(name)));
const ZEROING = ["DC_ZVA", "DC_GVA", "DC_GZVA"];
const ACCESSES = [...LOADS_AND_STORES, ...ATOMICS, ...TAG_MEMORY, ...LOADS];
const untagged = (random: Random): Choice => ({
  shape: random.below(SHAPES.length),
  sctlr: (random.once(3) ? SCTLR_A : 0n) | some(random, 6, 33, 42, 43),
  hcr: random.once(2) ? HCR_ATA : 0n,
  memory: true,
});

export const GROUPS = {
  integer: {
    configs: (random: Random) => [
      ...plain()(random),
      ...many(random, 1, () => ({ sctlr: KEYS_ON, tcr: some(random, 37, 38) })),
    ],
    generate: registers(shapes(ROWS.INTEGER)),
  },
  branch: {
    configs: (random: Random) =>
      many(random, 12, (random) => ({
        shape: random.below(SHAPES.length),
        sctlr: some(random, 35, 36) | (random.once(2) ? bits(31, 30) : 0n),
        tcr: some(random, 37, 38, 51, 52),
      })),
    generate: branches(shapes(ROWS.BRANCH)),
  },
  memory: {
    configs: (random: Random) => many(random, 12, untagged),
    generate: mix([12, memory(LOADS_AND_STORES, { faults: false, tags: false })], [1, blocks]),
  },
  atomics: {
    configs: (random: Random) => many(random, 12, untagged),
    generate: memory(ATOMICS, { faults: false, tags: false }),
  },
  exclusives: { configs: (random: Random) => many(random, 12, untagged), generate: exclusives },
  mte: {
    configs: (random: Random) => many(random, 60, tagControls),
    generate: mix(
      [3, memory(TAG_MEMORY, { faults: false, tags: true })],
      [9, memory(ACCESSES, { faults: false, tags: true })],
      [1, tagArithmetic(TAG_ARITHMETIC)],
      [1, operations(ZEROING, { faults: false, tags: true })],
    ),
  },
  system: {
    configs: (random: Random) =>
      many(random, 40, (random) => ({
        shape: random.below(SHAPES.length),
        sctlr: some(random, 9, 10, 14, 15, 16, 18, 23, 26, 42, 43, 44),
        hcr: some(random, 56, 14, 21, 22, 23, 24, 25, 26, 28, 30),
        cpacr: random.once(2) ? 3n << 20n : BigInt(random.below(4)) << 20n,
        cntkctl: random.bits(10),
        restore: true,
      })),
    generate: mix([3, moves], [3, instructions], [1, maintenance], [2, encodings]),
  },
  faults: {
    configs: (random: Random) => many(random, 100, faultControls),
    generate: mix(
      [6, memory(ACCESSES, { faults: true, tags: true })],
      [2, operations(Object.keys(OPERATIONS), { faults: true, tags: true })],
    ),
  },
  fp: { configs: plain(), generate: registers(shapes(ROWS.FP)) },
  simd: { configs: plain(), generate: registers(shapes(ROWS.SIMD)) },
  crypto: { configs: plain(), generate: registers(shapes(ROWS.CRYPTO)) },
  unallocated: { configs: plain(), generate: unallocated },
} as const satisfies Record<string, Group>;
export type GroupName = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as GroupName[];

/** Cases of a group, and the rows that they are of. */
export function generate(
  name: GroupName,
  count: number,
  seed: number,
): Batch & { readonly rows: readonly (Row | undefined)[] } {
  const random = new Random(seed * 64 + GROUP_NAMES.indexOf(name));
  const bytes = makePools(seed);
  const pools = new DataView(bytes.buffer);
  const group: Group = GROUPS[name];
  const configs = group.configs(random);
  const cases: Case[] = [];
  const rows: (Row | undefined)[] = [];
  while (cases.length < count) {
    const at = Math.floor((cases.length * configs.length) / count);
    const { ttbr } = configs[at] as Config;
    const shape = ROOTS.indexOf(Number(ttbr));
    const made = group.generate({ random, pools, configs, config: at, shape, number: cases.length });
    if (!made || made.case.set.length > 3) continue;
    cases.push(made.case);
    rows.push(made.row);
  }
  return { pools: bytes, configs, cases, rows };
}
