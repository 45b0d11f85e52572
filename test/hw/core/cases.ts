/** Random cases of single instructions, made again from their number: registers with the values that matter. */

import type { Row } from "../../../server/hw/a64/row.ts";
import { parsePattern, parseWhen } from "../../../server/hw/a64/template.ts";
import { Random } from "../random.ts";

/** X0 to X15 and V0 to V31. */
export const X_REGISTERS = 16;
export const V_AT = X_REGISTERS * 8;
const REGISTER_BYTES = V_AT + 32 * 16;

/** One instruction, and what the registers are made from before it. */
export interface Case {
  readonly word: number;
  readonly fpcr: number;
  /** log2 of the bytes of the elements that fill the registers; plus 4 where they are floating point. */
  readonly filling: number;
}

/** What an instruction finds or leaves. */
export interface State {
  /** 0 where the instruction was undefined. */
  readonly word: number;
  readonly fpcr: number;
  readonly fpsr: number;
  readonly nzcv: number;
  readonly registers: Uint8Array<ArrayBuffer>;
}

/** Width of the number, width of its fraction, bias of its exponent. */
interface Format {
  readonly width: number;
  readonly fraction: number;
  readonly bias: number;
}

const FORMATS: readonly Format[] = [
  { width: 16, fraction: 10, bias: 15 },
  { width: 32, fraction: 23, bias: 127 },
  { width: 64, fraction: 52, bias: 1023 },
];

/** A number of a format, special ones more often than not. */
function floating(random: Random, { width, fraction, bias }: Format): bigint {
  const sign = BigInt(random.below(2)) << BigInt(width - 1);
  const top = (1n << BigInt(width - 1 - fraction)) - 1n;
  const F = BigInt(fraction);
  const of = (exponent: bigint, bits: bigint) => sign | (exponent << F) | (bits & ((1n << F) - 1n));
  const noise = random.bits(fraction);
  const sparse = random.pick([
    0n,
    1n,
    (1n << F) - 1n,
    1n << (F - 1n),
    (1n << (F - 1n)) - 1n,
    (1n << (F - 1n)) + 1n,
    noise,
    noise << (F / 2n),
  ]);
  const B = BigInt(bias);
  switch (random.below(16)) {
    case 0:
      return of(0n, 0n);
    case 1:
      return of(top, 0n);
    case 2:
      return of(top, (1n << (F - 1n)) | noise);
    case 3:
      return of(top, (noise >> 1n) | 1n);
    case 4:
      return of(0n, sparse);
    case 5:
      return of(0n, noise >> BigInt(random.below(fraction)));
    case 6:
      return of(1n + BigInt(random.below(3)), sparse);
    case 7:
      return of(top - 1n - BigInt(random.below(3)), sparse);
    case 8:
      return of(B, 0n);
    case 9:
      return of(B + BigInt(random.below(4)), sparse);
    case 10:
      return of(B - BigInt(random.below(fraction + 4)), sparse);
    case 11:
      return of(random.pick([B + 30n, B + 31n, B + 62n, B + 63n, B + 64n, B + 14n]) & top, sparse);
    case 12: {
      // an integer and a half
      const n = BigInt(random.below(fraction));
      return of(B + n, ((noise >> (F - n)) << (F - n)) | (n < F ? 1n << (F - n - 1n) : 0n));
    }
    case 13:
      return of(B + BigInt(random.below(8)) - 4n, noise);
    default:
      return random.bits(width);
  }
}

function integer(random: Random, width: number): bigint {
  const ones = (1n << BigInt(width)) - 1n;
  const top = 1n << BigInt(width - 1);
  switch (random.below(8)) {
    case 0:
      return random.pick([0n, 1n, ones, top, top - 1n, top + 1n, 2n, ones - 1n]);
    case 1:
      return random.bits(width) >> BigInt(random.below(width));
    case 2:
      return BigInt.asUintN(width, -(random.bits(width) >> BigInt(random.below(width))));
    case 3:
      return BigInt.asUintN(width, BigInt(random.below(2 * width + 4)) - BigInt(width + 2));
    default:
      return random.bits(width);
  }
}

/** Bits of FPCR beside the rounding mode: FZ16, FZ, DN, AHP. */
const COMMON = [1 << 19, 1 << 24, 1 << 25, 1 << 26];
/** FIZ, AH, NEP, EBF. */
const RARE = [1 << 0, 1 << 1, 1 << 2, 1 << 13];

function control(random: Random): number {
  if (random.below(3) === 0) return 0;
  let fpcr = random.below(4) << 22;
  for (const bit of COMMON) if (random.below(3) === 0) fpcr |= bit;
  if (random.below(4) === 0) for (const bit of RARE) if (random.below(3) === 0) fpcr |= bit;
  return fpcr;
}

/** log2 of the bytes of the elements that a word of a row is about. */
function elementSize(row: Row, field: (name: string) => number | undefined, random: Random): number {
  if (random.below(5) === 0) return random.below(4);
  const ftype = field("ftype");
  if (ftype !== undefined) return [2, 3, 2, 1][ftype] ?? 2;
  const sz = field("sz");
  if (sz !== undefined) return 2 + sz;
  if (row.feature === "FP16") return 1;
  const size = field("size");
  return size === undefined ? random.below(4) : (size + random.below(2)) % 4;
}

const isFloating = (row: Row) => /^B?F|CVT/.test(row.name);
/** Where a row has general registers, only X0 to X15 and XZR are used. */
const GENERAL = /\{[RWX][dn]\}|\{gimm5\}/;

/** A case of a row with fields at random; undefined where chance made only unallocated ones. */
export function randomCase(row: Row, random: Random): Case | undefined {
  const { value, fields } = parsePattern(row.pattern);
  const unallocated = parseWhen(row.when, fields);
  const general = GENERAL.test(row.asm);
  for (let tries = 0; tries < 200; tries++) {
    let word = value;
    for (const [name, { shift, width }] of fields) {
      let bits = random.u32() & (2 ** width - 1);
      if (general && /^R[dn]$/.test(name)) bits = random.below(16) === 0 ? 31 : bits & 15;
      word |= bits << shift;
    }
    if (unallocated(word)) continue;
    const field = (name: string) => {
      const at = fields.get(name);
      return at && (word >>> at.shift) & (2 ** at.width - 1);
    };
    const filling = elementSize(row, field, random) | (isFloating(row) ? 4 : 0);
    return { word: word >>> 0, fpcr: control(random), filling };
  }
  return undefined;
}

/** FPSR.IXC: where it is set, rounding need not be noticed. */
const IXC = 16;

/** The state before the case of a number: values that matter in the registers that are sources, any in the others. */
export function stateOf({ word, fpcr, filling }: Case, number: number): State {
  const random = new Random(number);
  const registers = new Uint8Array(REGISTER_BYTES);
  const view = new DataView(registers.buffer);
  for (let at = 0; at < REGISTER_BYTES; at += 4) view.setUint32(at, random.u32(), true);
  const size = filling & 3;
  const width = 8 << size;
  const format = filling & 4 ? FORMATS[size - 1] : undefined;
  const [d, n, a, m] = [0, 5, 10, 16].map((shift) => (word >>> shift) & 31) as [number, number, number, number];
  for (const x of [n, d]) if (x < X_REGISTERS) view.setBigUint64(x * 8, integer(random, 64), true);
  const seen: bigint[] = [];
  for (const v of [d, n, a, m]) {
    for (let at = V_AT + v * 16; at < V_AT + v * 16 + 16; at += 1 << size) {
      let value = format ? floating(random, format) : integer(random, width);
      // one that nearly cancels another, or meets it
      if (seen.length > 0 && random.below(8) === 0)
        value =
          BigInt.asUintN(width, random.pick(seen) + BigInt(random.below(3)) - 1n) ^
          (random.bits(1) << BigInt(width - 1));
      seen.push(value);
      for (let byte = 0; byte < 1 << size; byte++) registers[at + byte] = Number((value >> BigInt(8 * byte)) & 0xffn);
    }
  }
  const fpsr = random.below(2) === 0 ? 0 : IXC;
  return { word, fpcr, fpsr, nzcv: (random.below(16) << 28) >>> 0, registers };
}

const STATE_BYTES = 16 + REGISTER_BYTES;

/** States as oracle.c reads them. */
export function encodeStates(states: readonly State[]): Uint8Array {
  const bytes = new Uint8Array(states.length * STATE_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [n, { word, fpcr, fpsr, nzcv, registers }] of states.entries()) {
    const at = n * STATE_BYTES;
    for (const [field, value] of [word, fpcr, fpsr, nzcv].entries()) view.setUint32(at + 4 * field, value, true);
    bytes.set(registers, at + 16);
  }
  return bytes;
}

/** States as oracle.c writes them. */
export function decodeStates(bytes: Uint8Array): State[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const state = (_: unknown, n: number): State => {
    const at = n * STATE_BYTES;
    const field = (index: number) => view.getUint32(at + 4 * index, true);
    return {
      word: field(0),
      fpcr: field(1),
      fpsr: field(2),
      nzcv: field(3),
      registers: bytes.slice(at + 16, at + STATE_BYTES) as Uint8Array<ArrayBuffer>,
    };
  };
  return Array.from({ length: bytes.length / STATE_BYTES }, state);
}

/** A case and what a CPU made of it: flags, and the one register that it wrote. */
export interface Outcome extends Case {
  readonly fpsr: number;
  /** N, Z, C and V in bits 3:0; bit 4 where the register is a general one. */
  readonly flags: number;
  /** Rd as it was left; of V[Rd] where no register changed. */
  readonly result: Uint8Array;
}

export const GENERAL_RESULT = 16;
const COLUMNS = [4, 4, 4, 1, 1];
const RESULT_BYTES = 16;

/** Outcomes as a file has them before it is compressed: a column of each field. */
export function encodeOutcomes(outcomes: readonly Outcome[]): Uint8Array {
  const count = outcomes.length;
  const bytes = new Uint8Array(count * (COLUMNS.reduce((a, b) => a + b) + RESULT_BYTES));
  let at = 0;
  for (const [column, size] of COLUMNS.entries())
    for (let byte = 0; byte < size; byte++)
      for (const { word, fpcr, fpsr, flags, filling } of outcomes)
        bytes[at++] = ([word, fpcr, fpsr, flags, filling][column] as number) >>> (8 * byte);
  for (const { result } of outcomes) {
    bytes.set(result, at);
    at += RESULT_BYTES;
  }
  return bytes;
}

export function decodeOutcomes(bytes: Uint8Array): Outcome[] {
  const row = COLUMNS.reduce((a, b) => a + b);
  const count = bytes.length / (row + RESULT_BYTES);
  return Array.from({ length: count }, (_, n) => {
    let at = n;
    const values = COLUMNS.map((size) => {
      let value = 0;
      for (let byte = 0; byte < size; byte++, at += count) value |= (bytes[at] as number) << (8 * byte);
      return value >>> 0;
    });
    const [word, fpcr, fpsr, flags, filling] = values as [number, number, number, number, number];
    const result = bytes.subarray(row * count + n * RESULT_BYTES, row * count + (n + 1) * RESULT_BYTES);
    return { word, fpcr, fpsr, flags, filling, result };
  });
}
