/** The core's decoder finds the row that the disassembler finds. */

import asc from "assemblyscript/asc";
import { expect, test } from "vitest";
import { generatedSources } from "../../../server/hw/decoder.mjs";
import { decode, ENCODINGS } from "../../../server/hw/disassemble.ts";
import { randomWords } from "./words.ts";

const NAME = "core/decode.as.ts";

/** The decoder alone, compiled. */
async function compile(): Promise<(word: number) => number> {
  const source = (await generatedSources())[NAME] as string;
  let wasm = new Uint8Array();
  const { error, stderr } = await asc.main([NAME, "-o", "out.wasm", "--runtime", "stub"], {
    readFile: (file) => (file === NAME ? source : null),
    writeFile: (_, contents) => void (wasm = contents as Uint8Array<ArrayBuffer>),
  });
  if (error) throw new Error(stderr.toString());
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), {});
  return exports.decode as (word: number) => number;
}

test("the core's decoder and the disassembler read every word alike", { timeout: 120_000 }, async () => {
  const decodeOfCore = await compile();
  const next = randomWords();
  const wrong = new Set<string>();
  const compare = (word: number) => {
    const [core, here] = [ENCODINGS[decodeOfCore(word) - 1]?.row.name, decode(word)?.row.name];
    if (core !== here) wrong.add(`${word.toString(16)}: ${core}, ${here}`);
  };
  for (let n = 0; n < 100_000; n++) compare(next());
  for (const { mask, value } of ENCODINGS) {
    for (let n = 0; n < 50; n++) {
      const word = ((next() & ~mask) | value) >>> 0;
      compare(word);
      // And beside it: one of the fixed bits is another.
      compare((word ^ (mask & (1 << (next() & 31)))) >>> 0);
    }
  }
  expect([...wrong]).toEqual([]);
});
