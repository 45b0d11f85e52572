import { describe, expect, it } from "vitest";
import { FP } from "../../../server/hw/a64/fp.ts";
import { decode } from "../../../server/hw/disassemble.ts";
import { recorded, replay } from "./replay.ts";

describe("scalar floating point", () => {
  it("has the results and the flags of a CPU", { timeout: 60_000 }, () => {
    const outcomes = recorded("fp");
    const seen = new Set(outcomes.map(({ word }) => decode(word)?.row.name));
    expect(FP.filter(({ name }) => !seen.has(name))).toEqual([]);
    expect(replay(outcomes)).toEqual([]);
  });
});
