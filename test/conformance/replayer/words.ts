/** The words and notations of the format: protections, flags, runs of equal bytes. */

import { PROT_EXEC, PROT_MTE, PROT_NONE, PROT_READ, PROT_WRITE } from "../../../server/abi/mman.ts";
import type { Observed } from "./compare.ts";
import { type Context, ReplayError } from "./context.ts";
import type { Step } from "./recording.ts";
import type { Signal } from "./target.ts";

/** Runs a step; undefined where the target has no such operation. */
export type Operation = (context: Context, step: Step) => Promise<Observed | undefined>;
/** Operations by the name that steps have for them. */
export type Operations = Readonly<Record<string, Operation>>;

/** The number that a word stands for. */
export function word(text: unknown, words: Readonly<Record<string, number>>): number {
  const value = words[String(text)];
  if (value === undefined) throw new ReplayError(`the word ${text} is not known here`);
  return value;
}

/** The union of the words of "A|B". */
export function flags(text: unknown, words: Readonly<Record<string, number>>): number {
  return String(text)
    .split("|")
    .reduce((all, flag) => all | word(flag, words), 0);
}

const PROT = { R: PROT_READ, W: PROT_WRITE, X: PROT_EXEC };

/** "RW|MTE", "NONE" as PROT_ bits. */
export function protection(text: unknown): number {
  const [access = "", ...more] = String(text).split("|");
  if (access === "NONE") return PROT_NONE;
  return [...access].reduce((bits, letter) => bits | word(letter, PROT), more.includes("MTE") ? PROT_MTE : 0);
}

export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
export const hexNumber = (value: bigint | number) => `0x${value.toString(16)}`;

/** Equal values in a row as `[first, count, value]`, the value in `digits` hex digits. */
export function runs(values: Uint8Array, digits: number): [number, number, string][] {
  const found: [number, number, string][] = [];
  for (let start = 0; start < values.length; ) {
    let end = start + 1;
    while (end < values.length && values[end] === values[start]) end++;
    found.push([start, end - start, (values[start] as number).toString(16).padStart(digits, "0")]);
    start = end;
  }
  return found;
}

/** What a load gave, under the name that the step has for it. */
export function loaded(result: Uint8Array | Signal, see: (bytes: Uint8Array) => Record<string, unknown>): Observed {
  return typeof result === "string" ? { ret: result } : { ret: 0, saw: see(result) };
}
