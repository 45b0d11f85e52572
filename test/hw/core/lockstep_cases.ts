/**
 * Random cases of integer instructions, loads and stores, made again from their number: general and vector registers, flags,
 * and an area of memory around the base register.
 */

import { createHash } from "node:crypto";
import type { Row } from "../../../server/hw/a64/row.ts";
import { parsePattern, parseWhen } from "../../../server/hw/a64/template.ts";
import { Random } from "./cases.ts";

/** The area, whose middle the base register is near. */
export const AREA = 0x200e00;
export const AREA_BYTES = 1024;
const MIDDLE = AREA + AREA_BYTES / 2;
/** The base register of every load and store. */
const BASE = 7;
export const REGISTERS = 16;
/** X0 to X15, V0 to V31, the area. */
export const V_AT = REGISTERS * 8;
export const AREA_AT = V_AT + 512;
export const STATE_BYTES = AREA_AT + AREA_BYTES;

export interface LockstepState {
  readonly nzcv: number;
  readonly bytes: Uint8Array;
}

/** Rows that are not alike on all CPUs, or that a case of one instruction does not show. */
const LEFT_OUT = /lit$|_pac$|memcms|memset|^PRF|_P_|^(PAC|AUT|XPAC)|PACGA|^ADRP?$/;
/** Rows in which 31 would be the SP of the oracle. */
const WITH_SP = /addsub_imm|addsub_ext|log_imm/;

/** The rows that have cases. */
export const lockstepRows = (rows: readonly Row[]) => rows.filter(({ name }) => !LEFT_OUT.test(name));

/** A word of a row with fields at random; undefined where chance made only unallocated ones. */
export function lockstepWord(row: Row, random: Random): number | undefined {
  const { value, fields } = parsePattern(row.pattern);
  const unallocated = parseWhen(row.when, fields);
  const accesses = isAccess(row);
  for (let tries = 0; tries < 100; tries++) {
    let word = value;
    for (const [name, { shift, width }] of fields) {
      let bits = random.next() & (2 ** width - 1);
      if (/^R\w+$/.test(name) && width === 5) bits = register(row, name, random, accesses);
      if (accesses && name === "imm12") bits &= 15;
      word |= bits << shift;
    }
    if (!unallocated(word)) return word >>> 0;
  }
  return undefined;
}

const isAccess = ({ asm }: Row) => asm.includes("[{Xn|sp}");

/** A register for a field: no writeback meets its base, and fields that should be ones are. */
function register({ name, asm }: Row, field: string, random: Random, accesses: boolean): number {
  const isNamed =
    new RegExp(`\\{[A-Z]${field.slice(1)}\\W`).test(asm) || (field === "Rm" && /\{extend|index\}/.test(asm));
  if (!isNamed) return 31;
  if (!accesses) return random.below(10) === 0 && !WITH_SP.test(name) ? 31 : random.below(16);
  if (field === "Rn") return BASE;
  if (/^CASP/.test(name)) return random.pick([0, 2, 4, 8, 10, 12]);
  if (field === "Rt2" || (field === "Rs" && /X[RP]/.test(name))) return 9 + random.below(3);
  if (field === "Rt" && /(XP|DP|DPSW|NP)_/.test(name)) return random.below(6);
  const bits = random.below(10) === 0 ? 31 : random.below(16);
  return bits === BASE ? 8 : bits;
}

function integer(random: Random): bigint {
  switch (random.below(4)) {
    case 0:
      return random.pick([
        0n,
        1n,
        -1n,
        1n << 63n,
        (1n << 63n) - 1n,
        0xffffffffn,
        1n << 31n,
        (1n << 31n) - 1n,
        1n << 32n,
      ]);
    case 1:
      return random.bits(64) >> BigInt(random.below(64));
    default:
      return random.bits(64);
  }
}

/** The state before the case of a number. */
export function lockstepState(row: Row, word: number, number: number): LockstepState {
  const random = new Random(number);
  const bytes = new Uint8Array(STATE_BYTES);
  const view = new DataView(bytes.buffer);
  for (let at = V_AT; at < STATE_BYTES; at += 4) view.setUint32(at, random.next(), true);
  for (let n = 0; n < REGISTERS; n++) view.setBigUint64(n * 8, BigInt.asUintN(64, integer(random)), true);
  if (isAccess(row)) {
    const ordered = /memop|swap|excl|_ldstord|ldapstl/.test(row.name);
    view.setBigUint64(BASE * 8, BigInt(MIDDLE + (ordered ? random.below(4) * 16 : random.below(64) - 32)), true);
    const m = (word >>> 16) & 31;
    if (/regoff|asisdls/.test(row.name) && m < REGISTERS) {
      const offset = BigInt(random.below(64) - 32);
      // UXTW and SXTW do not look at the upper half
      const half = /regoff/.test(row.name) && ((word >>> 13) & 1) === 0;
      const unsigned = ((word >>> 13) & 7) === 2;
      const low = BigInt.asUintN(half ? 32 : 64, unsigned && offset < 0n ? -offset : offset);
      view.setBigUint64(m * 8, half ? (random.bits(32) << 32n) | low : low, true);
    }
  }
  return { nzcv: (random.below(16) << 28) >>> 0, bytes };
}

/** What is kept of a state: eight bytes that tell it from others. */
export function digest({ nzcv, bytes }: LockstepState): Buffer {
  return createHash("sha256")
    .update(Uint8Array.of(nzcv >>> 28))
    .update(bytes)
    .digest()
    .subarray(0, 8);
}
