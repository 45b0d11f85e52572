/**
 * Compiles the AssemblyScript sources of this directory: NAME.as.ts becomes the committed module NAME.wasm.ts.
 * With --check it says which are not what their sources give.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";

const FLAGS = [
  "--optimizeLevel",
  "3",
  "--shrinkLevel",
  "0",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd,threads,bulk-memory",
  "--importMemory",
  "--sharedMemory",
  "--initialMemory",
  "1",
  "--maximumMemory",
  "65536",
];

/** The generated module of one source, as text. */
export async function compile(name) {
  const out = new Map();
  const { error, stderr } = await asc.main(
    [`${name}.as.ts`, "-o", "out.wasm", ...FLAGS, "--baseDir", import.meta.dirname],
    {
      writeFile: (file, contents) => void out.set(file, contents),
    },
  );
  if (error) throw new Error(stderr.toString());
  const base64 = Buffer.from(out.get("out.wasm")).toString("base64");
  return `/** Generated from ${name}.as.ts by asc.mjs. */\n\nexport const WASM = "${base64}";\n`;
}

if (process.argv[1] === import.meta.filename) {
  for (const source of readdirSync(import.meta.dirname)) {
    if (!source.endsWith(".as.ts")) continue;
    const name = source.slice(0, -".as.ts".length);
    const file = `${import.meta.dirname}/${name}.wasm.ts`;
    const text = await compile(name);
    if (!process.argv.includes("--check")) writeFileSync(file, text);
    else if (readFileSync(file, "utf8") !== text) {
      console.error(`server/hw/${name}.wasm.ts is not what ${source} gives; run "npm run generate"`);
      process.exitCode = 1;
    }
  }
}
