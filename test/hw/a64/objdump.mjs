/**
 * What GNU binutils say of the rows of server/hw/a64/: needs aarch64-linux-gnu-as, -objcopy and -objdump (Debian: binutils-aarch64-linux-gnu).
 *
 * `node test/hw/a64/objdump.mjs` makes words with random fields for every row, has objdump read them and as write them again, prints each
 * difference from disassemble.ts, and where there is none writes data/vectors.txt.gz, which encodings.test.ts replays. The text is that of
 * `objdump -M no-aliases`: the disassembler needs no aliases then. Only hints have their names.
 *
 * `--random N` has N words by chance read instead, and others beside those of the rows, and lists what only one of the two knows.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "rolldown";

const MARCH = "armv8.8-a+crypto+sha3+sm4+fp16fml+rng+memtag+bf16+i8mm+profile+ssbs+sb+predres+pauth+flagm";
const WORDS_PER_ROW = 6;
/** Hints that objdump has another name for, of a later draft, or none. */
const HINTS = { d50320df: "dgh", d50322df: "clrbhb" };

const hex = (word) => word.toString(16).padStart(8, "0");

/** The modules in TypeScript, bundled. */
async function load(work) {
  const input = {
    disassemble: join(import.meta.dirname, "../../../server/hw/disassemble.ts"),
    spelling: join(import.meta.dirname, "spelling.ts"),
    words: join(import.meta.dirname, "words.ts"),
  };
  const output = { dir: work, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" };
  await build({ input, platform: "node", output, logLevel: "silent" });
  const modules = Object.keys(input).map((name) => import(pathToFileURL(join(work, `${name}.mjs`)).href));
  return Object.assign({}, ...(await Promise.all(modules)));
}

/** What objdump prints for each word, undefined for none; word i is at address 4 i. */
function objdump(work, words, ...options) {
  const binary = join(work, "words.bin");
  writeFileSync(binary, Buffer.from(Uint32Array.from(words).buffer));
  const args = ["-D", "-b", "binary", "-m", "aarch64", "-z", ...options, binary];
  const text = execFileSync("aarch64-linux-gnu-objdump", args, { maxBuffer: 2 ** 30 }).toString();
  return [...text.matchAll(/^ *[0-9a-f]+:\t[0-9a-f]{8} \t(.*)$/gm)].map(([, line]) =>
    /^\.inst|undefined|\bNYI\b/.test(line) ? undefined : line.replace(/\s*(\/\/.*|<.*>)$/, "").replace("\t", " "),
  );
}

/** The words that as makes of each text; undefined where it refuses. An address becomes a distance, for which it needs no linker. */
function assemble(work, texts) {
  const [source, object, binary] = ["words.s", "words.o", "words.out"].map((name) => join(work, name));
  const lines = texts.map((text, i) =>
    /^(?:b|bl|b[c.]*\.\w+|cbn?z|tbn?z|adr|ldr|ldrsw|prfm) /.test(text)
      ? text.replace(/(?<=\s)0x([0-9a-f]+)$/, (target) => `. + (${BigInt.asIntN(64, BigInt(target)) - BigInt(4 * i)})`)
      : text,
  );
  const refused = new Set();
  for (;;) {
    const kept = lines.map((line, i) => (line === undefined || refused.has(i) ? ".inst 0" : line));
    writeFileSync(source, `.arch ${MARCH}\n${kept.join("\n")}\n`);
    const { status, stderr } = spawnSync("aarch64-linux-gnu-as", [source, "-o", object], { encoding: "utf8" });
    if (status === 0) break;
    const numbers = [...stderr.matchAll(/words\.s:(\d+): Error/g)].map(([, line]) => Number(line) - 2);
    if (numbers.length === 0) throw new Error(stderr);
    for (const number of numbers) refused.add(number);
  }
  execFileSync("aarch64-linux-gnu-objcopy", ["-O", "binary", "-j", ".text", object, binary]);
  const bytes = readFileSync(binary);
  return texts.map((_, i) => (refused.has(i) ? undefined : bytes.readUInt32LE(4 * i)));
}

/** A word of an encoding, with random fields. What the text does not show should be ones; of most immediates for PSTATE one bit counts. */
function wordOf({ mask, value, fields, row, template }) {
  const shown = JSON.stringify(template);
  let word = (next() & ~mask) | value;
  for (const [name, { shift, width }] of fields) {
    const implied = { sf: '"bank":"R"', ftype: '"bank":"F"' }[name];
    if (!new RegExp(`"${name}"|notation|${implied}`).test(shown)) word |= (2 ** width - 1) << shift;
  }
  if (row.name === "MSR_si_pstate" && ((word >>> 5) & 7) < 6) word &= ~0xe00;
  return word >>> 0;
}

/** An LDPSW that loads a register twice, or its own base: objdump does not read it. */
const isUnpredictable = (word, { row }) =>
  row.name.startsWith("LDPSW") && new Set([word & 31, (word >>> 5) & 31, (word >>> 10) & 31]).size < 3;

/** Words of every row: those that the row itself decodes. */
function wordsOfRows({ ENCODINGS, decode }) {
  return ENCODINGS.flatMap((encoding) => {
    const words = Array.from({ length: 100 * WORDS_PER_ROW }, () => wordOf(encoding));
    const good = words.filter((word) => decode(word) === encoding && !isUnpredictable(word, encoding));
    return good.slice(0, WORDS_PER_ROW);
  });
}

/** Compares all three, and writes the vectors. */
function writeVectors(work, modules) {
  const { decode, disassemble, normal, ENCODINGS } = modules;
  const words = wordsOfRows(modules);
  const ours = words.map((word, i) => disassemble(word, 4n * BigInt(i)));
  const theirs = objdump(work, words, "-M", "no-aliases");
  const aliases = objdump(work, words);
  const texts = theirs.map((text, i) => (/^hint /.test(text) ? (HINTS[hex(words[i])] ?? aliases[i]) : text));
  const again = assemble(work, theirs);
  const wrong = words.flatMap((word, i) => {
    const line = `${decode(word).row.name} ${hex(word)}: objdump ${texts[i]}, ours ${ours[i]}`;
    if (texts[i] === undefined || normal(ours[i]) !== normal(texts[i])) return [line];
    // Fields can have bits that mean nothing, and adrp needs a linker.
    const same = again[i] === word || disassemble(again[i] ?? 0, 4n * BigInt(i)) === ours[i];
    return same || /^adrp/.test(texts[i]) ? [] : [`${line}, as ${hex(again[i] ?? 0)}`];
  });
  console.log([...wrong, `${ENCODINGS.length} rows, ${words.length} words, ${wrong.length} differences`].join("\n"));
  if (wrong.length > 0) return;
  const lines = words.map((word, i) => `${hex(word)} ${texts[i]}`);
  writeFileSync(join(import.meta.dirname, "data/vectors.txt.gz"), gzipSync(lines.join("\n"), { level: 9 }));
}

/** Words beside those of the rows: with one or two fixed bits changed. */
function neighbours({ ENCODINGS }) {
  return ENCODINGS.flatMap((encoding) => {
    const bits = [...Array(32).keys()].filter((bit) => (encoding.mask >>> bit) & 1);
    const changes = bits.flatMap((one) => bits.map((two) => (1 << one) | (1 << two)));
    return changes.map((change) => (wordOf(encoding) ^ change) >>> 0);
  });
}

/** SVE's and SME's words, which this CPU does not have. */
const isScalable = (word) => (word & 0x1e000000) === 0x04000000 || (word & 0x9e000000) >>> 0 === 0x80000000;

/** Reads words by chance, and counts by mnemonic and by row what only one side knows. */
function explore(work, modules, count) {
  const { decode, disassemble } = modules;
  const words = [...Array.from({ length: count }, next), ...neighbours(modules)].filter((word) => !isScalable(word));
  const texts = objdump(work, words, "-M", "no-aliases");
  const found = new Map();
  words.forEach((word, i) => {
    const encoding = decode(word);
    if ((texts[i] === undefined) === (encoding === undefined)) return;
    const key = encoding ? `ours only: ${encoding.row.name}` : `objdump only: ${texts[i].split(" ")[0]}`;
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(`${hex(word)} ${encoding ? disassemble(word) : texts[i]}`);
  });
  for (const [key, examples] of [...found].sort())
    console.log(`${key} ${examples.length}: ${examples.slice(0, 3).join("; ")}`);
}

const work = mkdtempSync(join(tmpdir(), "tagvisor-objdump-"));
const modules = await load(work);
const next = modules.randomWords();
try {
  const [option, count] = process.argv.slice(2);
  if (option === "--random") explore(work, modules, Number(count));
  else writeVectors(work, modules);
} finally {
  rmSync(work, { recursive: true });
}
