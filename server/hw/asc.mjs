/**
 * Compiles the AssemblyScript sources of this directory: NAME.as.ts becomes the committed module NAME.wasm.ts. What
 * an entry imports is in a directory of its name, where decoder.mjs adds what the tables give.
 * Names compile only these; --check says which are not what their sources give; --out FILE writes elsewhere; --print shows
 * what is made of the tables.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { generatedSources } from "./decoder.mjs";

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
export async function compile(name, flags = []) {
  const out = new Map();
  const sources = name === "block" ? {} : await generatedSources();
  const { error, stderr } = await asc.main(
    [`${name}.as.ts`, "-o", "out.wasm", ...FLAGS, ...flags, "--baseDir", import.meta.dirname],
    {
      readFile: (file, base) => sources[file] ?? readText(`${base}/${file}`),
      writeFile: (file, contents) => void out.set(file, contents),
    },
  );
  if (error) throw new Error(stderr.toString());
  const base64 = Buffer.from(out.get("out.wasm")).toString("base64");
  return `/** Generated from ${name}.as.ts by asc.mjs. */\n\nexport const WASM = "${base64}";\n`;
}

function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

if (process.argv[1] === import.meta.filename) {
  const [, , ...words] = process.argv;
  const out = words.includes("--out") ? words.splice(words.indexOf("--out"), 2)[1] : undefined;
  const named = words.filter((word) => !word.startsWith("--"));
  if (words.includes("--print"))
    for (const [file, text] of Object.entries(await generatedSources())) console.log(`// ${file}\n${text}`);
  else
    for (const source of readdirSync(import.meta.dirname)) {
      if (!source.endsWith(".as.ts")) continue;
      const name = source.slice(0, -".as.ts".length);
      if (named.length > 0 && !named.includes(name)) continue;
      const file = out ?? `${import.meta.dirname}/${name}.wasm.ts`;
      const text = await compile(name);
      if (!words.includes("--check")) writeFileSync(file, text);
      else if (readFileSync(file, "utf8") !== text) {
        console.error(`server/hw/${name}.wasm.ts is not what ${source} gives; run "npm run generate"`);
        process.exitCode = 1;
      }
    }
}
