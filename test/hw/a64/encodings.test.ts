/** The rows of server/hw/a64/ against what GNU binutils made of them (objdump.mjs), and against each other. */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decode, disassemble, ENCODINGS, type Encoding } from "../../../server/hw/disassemble.ts";
import { normal } from "./spelling.ts";
import { randomWords } from "./words.ts";

const vectors = gunzipSync(readFileSync(new URL("data/vectors.txt.gz", import.meta.url)))
  .toString()
  .split("\n")
  .map((line, i) => ({ word: Number.parseInt(line.slice(0, 8), 16), text: line.slice(9), address: 4n * BigInt(i) }));

const overlap = (a: Encoding, b: Encoding) => ((a.value ^ b.value) & a.mask & b.mask) === 0;
/** Whether all that `b` fixes is fixed by `a`, and more. */
const isMoreSpecial = (a: Encoding, b: Encoding) => (a.mask & b.mask) >>> 0 === b.mask && a.mask !== b.mask;
/** Whether no word of both patterns is allocated in both: by conditions, of which words by chance tell. */
function conditionsPart(a: Encoding, b: Encoding): boolean {
  const fixed = (a.mask | b.mask) >>> 0;
  const value = a.value | b.value;
  const words = Array.from({ length: 500 }, randomWords()).map((bits) => ((bits & ~fixed) | value) >>> 0);
  return words.every((word) => a.unallocated(word) || b.unallocated(word));
}
const rowsOf = (word: number) =>
  ENCODINGS.filter(({ mask, value, unallocated }) => (word & mask) >>> 0 === value && !unallocated(word));

describe("the instruction table", () => {
  test("names are unique", () => {
    const names = ENCODINGS.map(({ row }) => row.name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  test("where two patterns overlap, the first is a special case of the second, or their conditions part them", () => {
    const wrong: string[] = [];
    ENCODINGS.forEach((second, n) => {
      for (const first of ENCODINGS.slice(0, n)) {
        if (overlap(first, second) && !isMoreSpecial(first, second) && !conditionsPart(first, second))
          wrong.push(`${first.row.name} ${second.row.name}`);
      }
    });
    expect(wrong).toEqual([]);
  });

  test("every row is reached, and has words that objdump has read", () => {
    const reached = new Set(vectors.map(({ word }) => decode(word)));
    expect(ENCODINGS.filter((encoding) => !reached.has(encoding)).map(({ row }) => row.name)).toEqual([]);
  });

  test("a word has one row, or the first is a special case of the others; decode finds it", () => {
    const next = randomWords();
    for (const { mask, value } of ENCODINGS) {
      const word = ((next() & ~mask) | value) >>> 0;
      const [first, ...others] = rowsOf(word);
      expect(decode(word)).toBe(first);
      expect(others.filter((other) => !isMoreSpecial(first as Encoding, other))).toEqual([]);
    }
  });
});

test("instructions read as objdump -M no-aliases prints them", () => {
  const wrong = vectors.filter(({ word, text, address }) => normal(disassemble(word, address) ?? "") !== normal(text));
  expect(wrong.map(({ word, text, address }) => [word.toString(16), text, disassemble(word, address)])).toEqual([]);
  expect(vectors.length).toBeGreaterThan(5 * ENCODINGS.length);
});
