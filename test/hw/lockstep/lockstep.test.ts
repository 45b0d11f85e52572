import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROWS } from "../../../server/hw/a64/index.ts";
import { disassemble, decode as rowOf } from "../../../server/hw/disassemble.ts";
import { Board } from "./board.ts";
import { decode, hashOf } from "./corpus.ts";
import { GROUP_NAMES } from "./generate.ts";

const folder = join(import.meta.dirname, "data");
const files = readdirSync(folder).filter((name) => name.endsWith(".gz"));

describe("a core against QEMU's recorded results", () => {
  const board = new Board();

  it("has a file of each group", () => {
    expect(files.map((name) => name.replace(/\.gz$/, "")).sort()).toEqual([...GROUP_NAMES].sort());
  });

  const seen = new Set<string | undefined>();

  it.each(files)("%s", (name) => {
    const recorded = decode(readFileSync(join(folder, name)));
    for (const { words } of recorded.cases) for (const word of words) seen.add(rowOf(word)?.row.name);
    expect(recorded.cases.length).toBeGreaterThanOrEqual(50_000);
    board.load(recorded);
    const wrong: string[] = [];
    const hashes = recorded.cases.map(({ words }, n) => {
      board.run(n);
      // `run.mjs show` tells the difference
      if ((board.hash & 0xffff) !== recorded.hashes[n])
        wrong.push(`case ${n}: ${words.map((word) => disassemble(word) ?? word.toString(16)).join("; ")}`);
      return board.hash;
    });
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(hashOf(Uint32Array.from(hashes))).toBe(recorded.whole);
  });

  it("there are cases of every row that has one outcome on every CPU", () => {
    expect(
      ROWS.map(({ name }) => name).filter((name) => !seen.has(name) && !/^(?:PACGA|XPACLRI|WF[EI]T)_/.test(name)),
    ).toEqual([]);
  });
});
