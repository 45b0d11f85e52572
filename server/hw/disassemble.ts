/** Instructions as text, from the rows of a64/: the spelling is that of `objdump -M no-aliases`, so `mov x0, x1` is an orr. */

import { sysRegEncoding, sysRegName } from "../abi/sysreg.ts";
import { ROWS } from "./a64/index.ts";
import type { Row } from "./a64/row.ts";
import { type Field, type Pattern, type Piece, parsePattern, parseTemplate, parseWhen } from "./a64/template.ts";

/** A row, read. */
export interface Encoding extends Pattern {
  readonly row: Row;
  readonly template: readonly Piece[];
  /** Whether a word of this pattern is unallocated all the same. */
  readonly unallocated: (word: number) => boolean;
}

/** All rows in their order. */
export const ENCODINGS: readonly Encoding[] = ROWS.map((row) => {
  const pattern = parsePattern(row.pattern);
  try {
    const template = parseTemplate(row.asm, pattern.fields);
    return { ...pattern, row, template, unallocated: parseWhen(row.when, pattern.fields) };
  } catch (error) {
    throw new Error(`${row.name}: ${(error as Error).message}`);
  }
});

/** Rows by bits 28 to 21 of an instruction, which tell most of them apart. */
const BUCKET_SHIFT = 21;
const BUCKET_MASK = 0xff;
const buckets = Array.from({ length: BUCKET_MASK + 1 }, (_, bits) =>
  ENCODINGS.filter(
    ({ mask, value }) => (((bits << BUCKET_SHIFT) ^ value) & mask & (BUCKET_MASK << BUCKET_SHIFT)) === 0,
  ),
);

/** The row of an instruction: the first whose pattern it has, unless the row says that this word is unallocated. */
export function decode(word: number): Encoding | undefined {
  const bucket = buckets[(word >>> BUCKET_SHIFT) & BUCKET_MASK] as readonly Encoding[];
  return bucket.find(({ mask, value, unallocated }) => (word & mask) >>> 0 === value && !unallocated(word));
}

/** An instruction's text, and undefined where it is unallocated. */
export function disassemble(word: number, address = 0n): string | undefined {
  const encoding = decode(word);
  return encoding && new Printer(word, address, encoding.fields).print(encoding.template);
}

const CONDITIONS = ["eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", "nv"];
const SHIFTS = ["lsl", "lsr", "asr", "ror"];
const EXTENDS = ["uxtb", "uxth", "uxtw", "uxtx", "sxtb", "sxth", "sxtw", "sxtx"];
const PREFETCHES = ["pld", "pli", "pst"];
const TYPES = ["8b", "16b", "4h", "8h", "2s", "4s", "-", "2d"];
const BARRIERS: Readonly<Record<number, string>> = {
  1: "oshld",
  2: "oshst",
  3: "osh",
  5: "nshld",
  6: "nshst",
  7: "nsh",
  9: "ishld",
  10: "ishst",
  11: "ish",
  13: "ld",
  14: "st",
  15: "sy",
};
/** The fields of PSTATE by op1 and op2. */
const PSTATE: Readonly<Record<string, string>> = {
  "0 3": "uao",
  "0 4": "pan",
  "0 5": "spsel",
  "1 0": "allint",
  "3 1": "ssbs",
  "3 2": "dit",
  "3 4": "tco",
  "3 6": "daifset",
  "3 7": "daifclr",
};

/** Writes one instruction. */
class Printer {
  private readonly word: number;
  private readonly address: bigint;
  private readonly fields: ReadonlyMap<string, Field>;

  constructor(word: number, address: bigint, fields: ReadonlyMap<string, Field>) {
    this.word = word;
    this.address = address;
    this.fields = fields;
  }

  print(template: readonly Piece[]): string {
    return template.map((piece) => this.piece(piece)).join("");
  }

  private field(name: string): number {
    const { shift, width } = this.fields.get(name) as Field;
    return (this.word >>> shift) & (2 ** width - 1);
  }

  private joined(names: readonly string[]): number {
    return names.reduce((value, name) => value * 2 ** (this.fields.get(name) as Field).width + this.field(name), 0);
  }

  private width(names: readonly string[]): number {
    return names.reduce((sum, name) => sum + (this.fields.get(name) as Field).width, 0);
  }

  private piece(piece: Piece): string {
    switch (piece.kind) {
      case "text":
        return piece.text;
      case "register":
        return this.register(piece);
      case "choice": {
        const word = piece.words[this.joined(piece.fields)] ?? "-";
        return word === "_" ? "" : word;
      }
      case "number":
        return this.number(piece);
      case "option":
        return (this.joined(piece.fields) === piece.value) === piece.equal ? this.print(piece.pieces) : "";
      case "notation":
        return this.notation(piece.name);
    }
  }

  private register({ bank, field, sp, plus }: Extract<Piece, { kind: "register" }>): string {
    const number = (this.field(field) + plus) & 31;
    if (bank === "F") return `${"sd?h"[this.field("ftype")]}${number}`;
    const wide = bank === "X" || (bank === "R" && this.field("sf") === 1);
    if (!wide && bank !== "W" && bank !== "R") return `${bank.toLowerCase()}${number}`;
    if (number === 31) return sp ? (wide ? "sp" : "wsp") : wide ? "xzr" : "wzr";
    return `${wide ? "x" : "w"}${number}`;
  }

  private number({ fields, steps }: Extract<Piece, { kind: "number" }>): string {
    let value = BigInt(this.joined(fields));
    let relative = false;
    for (const [op, by] of steps) {
      if (op === "s") value = BigInt.asIntN(this.width(fields), value);
      else if (op === "neg") value = -value;
      else if (op === "*") value *= BigInt(by);
      else if (op === "+") value += BigInt(by);
      else if (op === "<<") value <<= BigInt(this.field(by));
      else {
        value = BigInt.asUintN(64, value + (op === "pc" ? this.address : this.address & -4096n));
        relative = true;
      }
    }
    return relative ? hex(value) : decimal(value);
  }

  private notation(name: string): string {
    switch (name) {
      case "bitmask": {
        const value = decodeBitMask(this.field("N"), this.field("imms"), this.field("immr"));
        return hex(this.field("sf") === 1 ? value : BigInt.asUintN(32, value));
      }
      case "cond":
        return CONDITIONS[this.field("cond")] as string;
      case "shift": {
        const [shift, amount] = [this.field("shift"), this.field("imm6")];
        return shift === 0 && amount === 0 ? "" : `, ${SHIFTS[shift]} #${amount}`;
      }
      case "extend":
        return this.extend();
      case "index":
        return this.index();
      case "prfop":
        return this.prefetch(this.field("Rt"));
      case "barrier":
        return BARRIERS[this.field("CRm")] ?? `#${this.field("CRm")}`;
      case "pstate":
        return (
          PSTATE[`${this.field("op1")} ${this.field("op2")}`] ??
          `s0_${this.field("op1")}_c4_c${this.field("CRm")}_${this.field("op2")}`
        );
      case "sysreg": {
        const [op0, op1] = [2 + this.field("o0"), this.field("op1")];
        return sysRegName(
          sysRegEncoding(op0, op1, this.field("CRn"), this.field("CRm"), this.field("op2")),
        ).toLowerCase();
      }
      case "fpimm":
        return String(expandFpImmediate(this.imm8()));
      case "bytemask":
        return hex(
          [...Array(8).keys()].reduce((mask, i) => mask | (this.imm8() & (1 << i) ? 0xffn << BigInt(8 * i) : 0n), 0n),
        );
      case "lshift":
        return String(this.joined(["immh", "immb"]) - this.element());
      case "rshift":
        return String(2 * this.element() - this.joined(["immh", "immb"]));
      case "timm5":
        return TYPES[2 * this.size() + this.field("Q")] ?? "-";
      case "eimm5":
        return "bhsd"[this.size()] ?? "-";
      case "iimm5":
        return String(this.field("imm5") >> (this.size() + 1));
      case "iimm4":
        return String(this.field("imm4") >> this.size());
      case "gimm5":
        return this.general(this.size() === 3, this.field("Rn"));
      default:
        throw new Error(`there is no notation ${name}`);
    }
  }

  /** An immediate of eight bits, in one field or in eight. */
  private imm8(): number {
    return this.fields.has("imm8") ? this.field("imm8") : this.joined([..."abcdefgh"]);
  }

  /** The bits of an element, by the highest bit of immh. */
  private element(): number {
    return 8 << (31 - Math.clz32(this.field("immh")));
  }

  /** log2 of the bytes of an element, by the lowest bit of imm5. */
  private size(): number {
    const imm5 = this.field("imm5");
    return 31 - Math.clz32(imm5 & -imm5);
  }

  private general(wide: boolean, number: number): string {
    return `${wide ? "x" : "w"}${number === 31 ? "zr" : number}`;
  }

  /** A register offset: shifted by log2 of the access's bytes, or not; for a byte S is all that tells. */
  private index(): string {
    const [option, shifted] = [this.field("option"), this.field("S") === 1];
    const isQ = ((this.word >>> 26) & 1) === 1 && ((this.word >>> 23) & 1) === 1;
    const amount = isQ ? 4 : this.word >>> 30;
    const register = this.general((option & 1) === 1, this.field("Rm"));
    if (option === 3) return shifted ? `${register}, lsl #${amount}` : register;
    return `${register}, ${EXTENDS[option]}${shifted ? ` #${amount}` : ""}`;
  }

  private prefetch(operation: number): string {
    const [type, target] = [PREFETCHES[operation >> 3], (operation >> 1) & 3];
    if (!type || target === 3) return `#${operation}`;
    return `${type}l${target + 1}${operation & 1 ? "strm" : "keep"}`;
  }

  /** The second operand of add and sub (extended register): beside a stack pointer, what extends nothing is lsl. */
  private extend(): string {
    const [option, amount, wide] = [this.field("option"), this.field("imm3"), this.field("sf") === 1];
    const register = this.general(wide && (option & 3) === 3, this.field("Rm"));
    const setsFlags = ((this.word >>> 29) & 1) === 1;
    const besideSp = this.field("Rn") === 31 || (!setsFlags && this.field("Rd") === 31);
    if (besideSp && option === (wide ? 3 : 2)) return amount === 0 ? register : `${register}, lsl #${amount}`;
    return `${register}, ${EXTENDS[option]}${amount === 0 ? "" : ` #${amount}`}`;
  }
}

const hex = (value: bigint) => `0x${value.toString(16)}`;
const decimal = (value: bigint) =>
  value > -1024n && value < 1024n ? `${value}` : value < 0n ? `-${hex(-value)}` : hex(value);

/** The Arm ARM's DecodeBitMasks: a run of ones, rotated in an element of 2 to 64 bits that repeats. */
export function decodeBitMask(n: number, imms: number, immr: number): bigint {
  const size = 1 << (31 - Math.clz32((n << 6) | (~imms & 0x3f)));
  const ones = (1n << BigInt((imms & (size - 1)) + 1)) - 1n;
  const right = BigInt(immr & (size - 1));
  const element = BigInt.asUintN(size, (ones >> right) | (ones << (BigInt(size) - right)));
  let value = 0n;
  for (let at = 0; at < 64; at += size) value |= element << BigInt(at);
  return value;
}

/** The Arm ARM's VFPExpandImm: a sign, an exponent of three bits around 1, a fraction of four. */
export function expandFpImmediate(imm8: number): number {
  const exponent = ((imm8 >> 4) & 7) ^ 4;
  return (imm8 & 0x80 ? -1 : 1) * (1 + (imm8 & 15) / 16) * 2 ** (exponent - 3);
}
