/** Cases of loads and stores: where they aim, exclusives, and sequences of MOPS. */

import { GROUPS as ROWS } from "../../../server/hw/a64/index.ts";
import type { Row } from "../../../server/hw/a64/row.ts";
import type { Field } from "../../../server/hw/a64/template.ts";
import { bit, SCTLR_M } from "./controls.ts";
import {
  ABSENT,
  type Config,
  DEVICE,
  type Kind,
  PLACES,
  READ_ONLY,
  SCRATCH,
  SCRATCH_BYTES,
  upperHalf,
  WINDOWS,
  windowMiddle,
} from "./layout.ts";
import { FILLINGS, placesOf } from "./pools.ts";
import { excepted, isChecked } from "./qemu_errors.ts";
import {
  type Context,
  type Generator,
  get,
  PAN,
  plainCase,
  pstateOf,
  randomWord,
  type Shape,
  shapes,
  signedField,
  TCO,
  UAO,
} from "./words.ts";

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
export function aim(context: Context, bytes: number, made: { t: number }, faults: boolean, tags: boolean): Aim {
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

export interface MemoryOptions {
  readonly faults: boolean;
  readonly tags: boolean;
}

export const memory =
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

export const LOADS = shapes(ROWS.MEMORY.filter(({ name }) => /^LDA?X/.test(name)));
const STORES = shapes(ROWS.MEMORY.filter(({ name }) => /^STL?X/.test(name)));
const sizeOf = (row: Row) => row.name.replace(/^(?:LDA?X|STL?X)/, "").replace(/_ldst.*/, "");
const CLREX = 0xd503305f;

/** A load and a store, with something between them or nothing; or one of them alone. */
export const exclusives: Generator = (context) => {
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
export const blocks: Generator = (context) => {
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
