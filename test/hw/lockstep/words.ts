/** Words with random fields, and the parts of a case that are alike in all groups. */

import type { Row } from "../../../server/hw/a64/row.ts";
import { type Field, parsePattern, parseWhen } from "../../../server/hw/a64/template.ts";
import type { Random } from "../random.ts";
import type { Case, Config } from "./layout.ts";
import { FILLINGS, type Filling } from "./pools.ts";

/** A row that is read. */
export interface Shape {
  readonly row: Row;
  readonly value: number;
  readonly fields: ReadonlyMap<string, Field>;
  readonly unallocated: (word: number) => boolean;
}
export const shapes = (rows: readonly Row[]): Shape[] =>
  rows.map((row) => {
    const { value, fields } = parsePattern(row.pattern);
    return { row, value, fields, unallocated: parseWhen(row.when, fields) };
  });

export const get = (word: number, at: Field | undefined) => (at ? (word >>> at.shift) & (2 ** at.width - 1) : 0);
export const signedField = (word: number, at: Field) => {
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
export function randomWord({ row, value, fields, unallocated }: Shape, random: Random): number | undefined {
  for (let tries = 0; tries < 100; tries++) {
    let word = value;
    let last = 0;
    for (const [name, { shift, width }] of fields) {
      let bits = random.u32() & (2 ** width - 1);
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

export const NZCV = (random: Random) => (random.below(16) << 28) >>> 0;
const EL0 = 0x000;
const EL1T = 0x3c4;
const EL1H = 0x3c5;
export const PAN = 1 << 22;
export const UAO = 1 << 23;
export const DIT = 1 << 24;
export const TCO = 1 << 25;
export const SSBS = 1 << 12;

export function pstateOf(random: Random): number {
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
export function fillingOf({ row, fields }: Shape, word: number, random: Random): Filling {
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

export const named = (name: string): Row => ({ name, pattern: "", asm: "" });

interface Made {
  readonly case: Case;
  readonly row: Row | undefined;
}

export const plainCase = (random: Random, words: number[], configNumber: number, more: Partial<Case> = {}): Case => ({
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
export interface Context {
  readonly random: Random;
  readonly pools: DataView;
  readonly configs: readonly Config[];
  readonly config: number;
  readonly shape: number;
  /** The case's number in its batch. */
  readonly number: number;
}
export type Generator = (context: Context) => Made | undefined;
