/** The operands that have a notation of their own: from their text to the fields of the instruction. */

import { SYS_REGS } from "../uapi.ts";

/** What an operand can ask of the instruction that it is in. */
export interface Context {
  /** The value of an expression. */
  number(text: string): bigint;
  /** A field that another operand has set. */
  field(name: string): number | undefined;
  /** The fixed bits. */
  readonly bits: number;
}

/** An operand: the regular expression for its text, and its fields, undefined where there are none. */
export interface Notation {
  readonly text: string;
  fields(text: string, context: Context): Readonly<Record<string, number>> | undefined;
}

/** The conditions by their numbers. */
export const CONDITIONS = [
  "eq",
  "ne",
  "cs",
  "cc",
  "mi",
  "pl",
  "vs",
  "vc",
  "hi",
  "ls",
  "ge",
  "lt",
  "gt",
  "le",
  "al",
  "nv",
];
const SYNONYMS: Readonly<Record<string, string>> = { hs: "cs", lo: "cc" };
/** The number of a condition; -1 where it has none. */
export const conditionNumber = (name: string) => CONDITIONS.indexOf(SYNONYMS[name] ?? name);

const SHIFTS = ["lsl", "lsr", "asr", "ror"];
const EXTENDS = ["uxtb", "uxth", "uxtw", "uxtx", "sxtb", "sxth", "sxtw", "sxtx"];
const BARRIERS = [
  "",
  "oshld",
  "oshst",
  "osh",
  "",
  "nshld",
  "nshst",
  "nsh",
  "",
  "ishld",
  "ishst",
  "ish",
  "",
  "ld",
  "st",
  "sy",
];
const PSTATE: Readonly<Record<string, readonly [op1: number, op2: number]>> = {
  uao: [0, 3],
  pan: [0, 4],
  spsel: [0, 5],
  allint: [1, 0],
  ssbs: [3, 1],
  dit: [3, 2],
  tco: [3, 4],
  daifset: [3, 6],
  daifclr: [3, 7],
};

const systemRegisters = new Map<string, number>(
  Object.entries(SYS_REGS).map(([name, id]) => [name.toLowerCase(), Number(id & 0xffffn)]),
);

/** A register with an extension or a shift behind it. */
const EXTENDED = String.raw`[xw](?:\d+|zr)(?:\s*,\s*\w+(?:\s*#?[^,\]]+)?)?`;

function extended(text: string, { number }: Context) {
  const match = /^([xw])(\d+|zr)(?:\s*,\s*(\w+)\s*(?:#?\s*(\S.*))?)?$/.exec(text);
  if (!match) return undefined;
  const [, bank, digits, extend, amount] = match;
  const Rm = digits === "zr" ? 31 : Number(digits);
  if (Rm > 31 || (Rm === 31 && digits !== "zr")) return undefined;
  return { Rm, isWide: bank === "x", extend, amount: amount === undefined ? undefined : Number(number(amount)) };
}

/** By the element's size: a run of ones, rotated and repeated. */
function encodeBitMask(value: bigint): { N: number; immr: number; imms: number } | undefined {
  for (let size = 2; size <= 64; size *= 2) {
    const element = BigInt.asUintN(size, value);
    let whole = 0n;
    for (let at = 0; at < 64; at += size) whole |= element << BigInt(at);
    if (whole !== value) continue;
    const count = [...element.toString(2)].filter((bit) => bit === "1").length;
    if (count === 0 || count === size) return undefined;
    const ones = (1n << BigInt(count)) - 1n;
    for (let immr = 0; immr < size; immr++) {
      const rotated = BigInt.asUintN(size, (ones >> BigInt(immr)) | (ones << BigInt(size - immr)));
      if (rotated === element) return { N: size === 64 ? 1 : 0, immr, imms: ((-size << 1) | (count - 1)) & 63 };
    }
    return undefined;
  }
  return undefined;
}

const named = (field: string, names: readonly string[]): Notation => ({
  text: String.raw`#?\w+`,
  fields: (text, { number }) => {
    const index = names.indexOf(text);
    if (index >= 0) return { [field]: index };
    return /^#?\d/.test(text) ? { [field]: Number(number(text)) } : undefined;
  },
});

const PREFETCHES = ["pld", "pli", "pst"].flatMap((type) =>
  ["l1", "l2", "l3", ""].flatMap((target) => ["keep", "strm"].map((policy) => (target ? type + target + policy : ""))),
);

/** The notations by their names in the templates. */
export const NOTATIONS: Readonly<Record<string, Notation>> = {
  bitmask: {
    text: "[^,]+",
    fields: (text, { number, field }) => {
      const value = number(text);
      const bits = field("sf") === 1 ? 64 : 32;
      if (value >= 1n << BigInt(bits) || value < -(1n << BigInt(bits - 1))) return undefined;
      const element = BigInt.asUintN(bits, value);
      return encodeBitMask(bits === 64 ? element : element | (element << 32n));
    },
  },
  cond: {
    text: "[a-z]{2}",
    fields: (text) => (conditionNumber(text) < 0 ? undefined : { cond: conditionNumber(text) }),
  },
  shift: {
    text: String.raw`(?:\s*,\s*(?:lsl|lsr|asr|ror)\s*#?[^,]+)?`,
    fields: (text, { number }) => {
      const [, shift, amount] = /^\s*,\s*(\w+)\s*(.+)$/.exec(text) ?? ["", "lsl", "0"];
      return { shift: SHIFTS.indexOf(shift as string), imm6: Number(number(amount as string)) };
    },
  },
  extend: {
    text: EXTENDED,
    fields: (text, context) => {
      const operand = extended(text, context);
      if (!operand) return undefined;
      const { Rm, isWide, extend = "lsl", amount = 0 } = operand;
      const isLong = context.field("sf") === 1;
      const option = extend === "lsl" ? (isLong ? 3 : 2) : EXTENDS.indexOf(extend);
      if (option < 0 || isWide !== (isLong && (option & 3) === 3)) return undefined;
      return { Rm, option, imm3: amount };
    },
  },
  index: {
    text: EXTENDED,
    fields: (text, context) => {
      const operand = extended(text, context);
      if (!operand) return undefined;
      const { Rm, isWide, extend = "lsl", amount } = operand;
      const option = extend === "lsl" ? 3 : EXTENDS.indexOf(extend);
      const isQ = ((context.bits >>> 26) & 1) === 1 && ((context.bits >>> 23) & 1) === 1;
      const scale = isQ ? 4 : context.bits >>> 30;
      if (option < 0 || isWide !== ((option & 1) === 1) || (amount !== undefined && amount !== 0 && amount !== scale))
        return undefined;
      return { Rm, option, S: amount !== undefined && amount === scale ? 1 : 0 };
    },
  },
  fpimm: {
    text: String.raw`-?[\d.]+(?:e[+-]?\d+)?`,
    fields: (text) => {
      const value = Number(text);
      for (let imm8 = 0; imm8 < 256; imm8++) {
        const magnitude = (1 + (imm8 & 15) / 16) * 2 ** ((((imm8 >> 4) & 7) ^ 4) - 3);
        if ((imm8 & 0x80 ? -magnitude : magnitude) === value) return { imm8 };
      }
      return undefined;
    },
  },
  barrier: named("CRm", BARRIERS),
  prfop: named("Rt", PREFETCHES),
  pstate: {
    text: String.raw`\w+`,
    fields: (text) => {
      const field = PSTATE[text];
      return field && { op1: field[0], op2: field[1] };
    },
  },
  sysreg: {
    text: String.raw`\w+`,
    fields: (text) => {
      const [, ...generic] = /^s([23])_(\d)_c(\d+)_c(\d+)_(\d)$/.exec(text) ?? [];
      if (generic.length > 0) {
        const [op0 = 0, op1 = 0, CRn = 0, CRm = 0, op2 = 0] = generic.map(Number);
        return { o0: op0 - 2, op1, CRn, CRm, op2 };
      }
      const bits = systemRegisters.get(text);
      if (bits === undefined) return undefined;
      return {
        o0: (bits >> 14) - 2,
        op1: (bits >> 11) & 7,
        CRn: (bits >> 7) & 15,
        CRm: (bits >> 3) & 15,
        op2: bits & 7,
      };
    },
  },
};
