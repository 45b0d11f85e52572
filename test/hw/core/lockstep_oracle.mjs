/**
 * What a CPU makes of random cases of integer instructions, loads and stores; needs what oracle.mjs needs.
 * `node test/hw/core/lockstep_oracle.mjs [qemu-aarch64]` writes data/lockstep.gz, which lockstep.test.ts replays.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

const CASES = 16;
const here = import.meta.dirname;
const [, , qemu = "qemu-aarch64"] = process.argv;
const work = mkdtempSync(join(tmpdir(), "oracle-"));

/** Imports a TypeScript module of the repository. */
async function load(file) {
  const bundle = await rolldown({ input: join(here, file), platform: "node" });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

const { Random } = await load("cases.ts");
const { digest, lockstepRows, lockstepState, lockstepWord, STATE_BYTES } = await load("lockstep_cases.ts");
const { GROUPS } = await load("../../../server/hw/a64/index.ts");

try {
  const program = join(work, "oracle");
  execFileSync("aarch64-linux-gnu-gcc", [
    ...["-static", "-O1", "-march=armv8.2-a", "-o", program],
    ...[join(here, "lockstep_oracle.c"), join(here, "oracle.S")],
  ]);
  const random = new Random(CASES);
  const cases = [];
  for (const row of lockstepRows([...GROUPS.INTEGER, ...GROUPS.MEMORY]))
    for (let n = 0; n < CASES; n++) {
      const word = lockstepWord(row, random);
      if (word !== undefined) cases.push({ row, word });
    }
  const record = 16 + STATE_BYTES;
  const input = Buffer.alloc(cases.length * record);
  for (const [number, { row, word }] of cases.entries()) {
    const { nzcv, bytes } = lockstepState(row, word, number);
    input.writeUInt32LE(word, number * record);
    input.writeUInt32LE(nzcv, number * record + 12);
    input.set(bytes, number * record + 16);
  }
  const command = process.arch === "arm64" ? [program] : [qemu, "-cpu", "max", program];
  const { status, stdout, stderr } = spawnSync(command[0], command.slice(1), { input, maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`${command[0]}: ${stderr}`);
  const parts = cases.flatMap(({ word }, number) => {
    const at = number * record;
    // Chance makes some that are not aligned as they should be
    if (stdout.readUInt32LE(at) === 0) return [];
    const bytes = stdout.subarray(at + 16, at + record);
    const out = Buffer.alloc(14);
    out.writeUInt32LE(word);
    out.writeUInt16LE(number, 4);
    out.set(digest({ nzcv: stdout.readUInt32LE(at + 12), bytes }), 6);
    return [out];
  });
  const file = gzipSync(Buffer.concat(parts), { level: 9 });
  writeFileSync(join(here, "data/lockstep.gz"), file);
  console.log(`${parts.length} cases of ${cases.length}, ${file.length} bytes`);
} finally {
  rmSync(work, { recursive: true });
}
