/** The assembler of the guest tool-kit, against what GNU binutils read and what the server's table says. */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { a64, assemble } from "../../../clients/typescript/guest/a64.ts";
import { encode } from "../../../clients/typescript/guest/encode.ts";
import { decode, disassemble } from "../../../server/hw/disassemble.ts";
import { ASSEMBLED, a64Files } from "../../../server/hw/generate_a64.ts";

const NONE = new Map<string, bigint>();
const root = new URL("../../../", import.meta.url);
const lines = gunzipSync(readFileSync(new URL("test/hw/a64/data/vectors.txt.gz", root)))
  .toString()
  .split("\n");
/** Instructions of the table that the client has. */
const rows = new Set(ASSEMBLED);
const vectors = lines
  .map((line, i) => ({ word: Number.parseInt(line.slice(0, 8), 16), text: line.slice(9), at: 4n * BigInt(i) }))
  .filter(({ word }) => rows.has(decode(word)!.row));

test("the client's table is what the server's rows give", () => {
  for (const [path, text] of Object.entries(a64Files())) expect(readFileSync(new URL(path, root), "utf8")).toBe(text);
});

test("what objdump prints is assembled to what it read", () => {
  const wrong = vectors.flatMap(({ word, text, at }) => {
    try {
      const made = encode(text, at, NONE);
      // A mask's rotation can have bits that mean nothing.
      const same = made === word || (/^(?:and|orr|eor)s? /.test(text) && disassemble(made) === disassemble(word));
      return same ? [] : [`${text}: ${made.toString(16)}, not ${word.toString(16)}`];
    } catch (error) {
      return [`${text}: ${(error as Error).message}`];
    }
  });
  expect(wrong).toEqual([]);
  expect(vectors.length).toBeGreaterThan(2000);
});

describe("a64", () => {
  const assembled = readFileSync(new URL("data/as.txt", import.meta.url), "utf8").split("\n");
  test.each(assembled.map((line) => [line.slice(9), line.slice(0, 8)]))("%s", (text, word) => {
    expect(assemble(text, 0n).words.map((made) => made.toString(16).padStart(8, "0"))).toEqual([word]);
  });

  test("labels, data and numbers of the host's language", () => {
    const program = a64(0x4000_0000n)`
      start: mov x0, #${0x0900_0000n}   // one instruction
      loop:  cbnz x0, loop
             b    end
             .balign 16
      text:  .ascii "hi; there // no"
             .byte 'A', 0x10, -1
             .balign 8
      table: .quad text, end - 4
      end:   ret; nop`;
    expect(program.entry).toBe(0x4000_0000n);
    expect(Object.fromEntries(program.symbols)).toEqual({
      start: 0x4000_0000n,
      loop: 0x4000_0004n,
      text: 0x4000_0010n,
      table: 0x4000_0028n,
      end: 0x4000_0038n,
    });
    expect(Buffer.from(program.bytes.subarray(16, 34)).toString("latin1")).toBe("hi; there // noA\x10\xff");
    expect(new DataView(program.bytes.buffer).getBigUint64(40, true)).toBe(0x4000_0010n);
    expect(new DataView(program.bytes.buffer).getBigUint64(48, true)).toBe(0x4000_0034n);
    expect(program.words.slice(0, 3).map((word, i) => disassemble(word, program.entry + 4n * BigInt(i)))).toEqual([
      "movz x0, #0x900, lsl #16",
      "cbnz x0, 0x40000004",
      "b 0x40000038",
    ]);
  });

  test("a number takes as many instructions as it needs", () => {
    const lengths = [0n, 0xffffn, 0x1_0000n, -1n, 0x1234_5678n, 0x1234_5678_9abc_def0n, 0xffff_ffff_1234_ffffn];
    expect(lengths.map((value) => a64()`mov x0, #${value}`.words.length)).toEqual([1, 1, 1, 1, 2, 4, 1]);
  });

  test.each([
    ["add x0, x1", /add x0, x1: there is no such instruction/],
    ["add x0, w1, x2", /do not go together|cannot stand here/],
    ["add x32, x1, x2", /no register/],
    ["mov w0, #0x100000000", /does not fit/],
    ["ldr x0, [x1, #3]", /ldr x0, \[x1, #3\]/],
    ["ldr x0, [x1, #32768]", /fit|reach/],
    ["b nowhere", /no label nowhere/],
    ["and x0, x1, #5", /cannot be encoded/],
    ["a: nop\na: nop", /a is there twice/],
    [".byte 1\nnop", /needs \.balign 4/],
    ["dc nothing, x0", /there is no dc nothing/],
  ])("%s is refused", (text, message) => {
    expect(() => assemble(text, 0n)).toThrow(message);
    expect(() => assemble(text, 0n)).toThrow(SyntaxError);
  });
});
