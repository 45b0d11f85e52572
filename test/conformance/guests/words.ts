/** Instructions of guests as words, made from the rows of the instruction table. */

import { GROUPS } from "../../../server/hw/a64/index.ts";
import type { Row } from "../../../server/hw/a64/row.ts";
import { decode, ENCODINGS, type Encoding } from "../../../server/hw/disassemble.ts";
import type { Random } from "../sequences/random.ts";

/** The base of every access, and its index. */
export const BASE = 14;
const INDEX = 15;
/** Registers X0 to X13 are the pieces' own. */
export const REGISTERS = 14;
const ZR = 31;

export const word = (value: number) => `.word 0x${(value >>> 0).toString(16)}`;
export const hex = (value: bigint) => `0x${value.toString(16)}`;
export const anyRegister = (random: Random) => random.below(REGISTERS);

/** The encodings of rows that a condition takes. */
function encodings(rows: readonly Row[], takes: (row: Row) => boolean): readonly Encoding[] {
  const wanted = new Set(rows.filter(takes));
  return ENCODINGS.filter(({ row }) => wanted.has(row));
}

const ACCESSES = encodings(
  [...GROUPS.MTE, ...GROUPS.MEMORY],
  ({ asm, feature }) => /\[\{Xn/.test(asm) && feature !== "MOPS",
);
const named = (pattern: RegExp, not = /^$/) =>
  ACCESSES.filter(({ row: { name } }) => pattern.test(name) && !not.test(name));

/** Loads and stores of one general register, which a syndrome describes where nothing is written back. */
export const SINGLE = named(/^(?:LD|ST)U?R.*_ldst_(?:unscaled|immpost|immpre|regoff|pos)$/, /_[BHSDQ]_ldst|LDRA/);
/** Those of which QEMU asks tags and permissions otherwise than the architecture has it, or tells another syndrome. */
const MISREAD = /_memop$|_comswap|_ldstexcl|_ldapstl_unscaled$|asisdls/;
/** All others. */
export const OTHERS = ACCESSES.filter((row) => !SINGLE.includes(row));
export const OTHERS_READ_ALIKE = OTHERS.filter(({ row }) => !MISREAD.test(row.name));
/** Instructions that need nothing but registers, and do nothing but to them or to PSTATE. */
const ALONE = encodings(
  [...GROUPS.INTEGER, ...GROUPS.MTE, ...GROUPS.SYSTEM],
  ({ asm, name, feature }) =>
    !asm.includes("[") &&
    feature !== "PAuth" &&
    !/exception|systeminstrs|systemmove|WF|MSR_si|PSB|TSB|HINT|^ADR/.test(name),
);

/** Random bits in the fields of an encoding, with those that `fields` names. */
function fill(random: Random, { value, mask, fields }: Encoding, given: Readonly<Record<string, number>>): number {
  let bits = (random.u32() & ~mask) | value;
  for (const [name, { shift, width }] of fields) {
    const number = given[name];
    if (number === undefined) continue;
    const ones = (2 ** width - 1) >>> 0;
    bits = (bits & ~(ones << shift)) | ((number & ones) << shift);
  }
  return bits >>> 0;
}

/** A word of one of these encodings with such fields, where they make an instruction. */
function allocated(
  random: Random,
  from: readonly Encoding[],
  given: (row: Row) => Readonly<Record<string, number>>,
): number {
  for (;;) {
    const encoding = random.pick(from);
    const bits = fill(random, encoding, given(encoding.row));
    if (decode(bits)?.row === encoding.row) return bits;
  }
}

/** A load or store of one of these encodings by the base register: no register is in it twice. */
export function access(random: Random, from: readonly Encoding[]): string {
  const encoding = random.pick(from);
  const { asm, name } = encoding.row;
  const first = 2 * random.below(REGISTERS / 2);
  const other = (n: number) => (first + 2 * n) % REGISTERS;
  const small = random.pick([0, 0, 0, 1, 2, ...(/imm\d+ s/.test(asm) ? [-1] : [])]);
  const given = {
    Rn: BASE,
    Rt: asm.includes("{Xt|sp}") ? BASE : random.chance(10) && !name.startsWith("CASP") ? ZR : first,
    Rt2: /t2\}/.test(asm) ? other(1) : ZR,
    Rs: /s[}+]/.test(asm) ? other(2) : ZR,
    Rm: INDEX,
    imm12: Math.abs(small),
    imm9: small,
    imm7: small,
    simm7: small,
    S: 0,
  };
  const bits = allocated(random, [encoding], () => given);
  const index = encoding.fields.has("Rm") ? `mov x${INDEX}, #${random.pick([0, 8, 16])}\n` : "";
  return `${index}${word(bits)}`;
}

/** An instruction without an address; a register that it does not have is XZR, as its encoding should. */
export const alone = (random: Random): string =>
  word(
    allocated(random, ALONE, ({ asm }) => ({
      Rd: anyRegister(random),
      Rn: anyRegister(random),
      Rm: anyRegister(random),
      Ra: /\{[RX]a\}/.test(asm) ? anyRegister(random) : ZR,
    })),
  );
