/** Compiles the AssemblyScript sources of this directory: NAME.as.ts becomes the committed module NAME.wasm.ts. */

import { readdirSync, writeFileSync } from "node:fs";
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
  for (const file of readdirSync(import.meta.dirname)) {
    if (!file.endsWith(".as.ts")) continue;
    const name = file.slice(0, -".as.ts".length);
    writeFileSync(`${import.meta.dirname}/${name}.wasm.ts`, await compile(name));
  }
}
