/**
 * What a CPU makes of random cases of floating point, Advanced SIMD and cryptography: needs aarch64-linux-gnu-gcc and, on another
 * machine than an AArch64 one, qemu-aarch64 of QEMU 10 (older ones lack features). `node test/hw/core/oracle.mjs [qemu-aarch64]` writes data/{fp,simd,crypto}.gz,
 * which fp.test.ts and simd.test.ts replay.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/** Cases of each row. */
const CASES = { fp: 90, simd: 20, crypto: 12 };
const AH = 2;

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

/** QEMU 10.0 lets FABS and FNEG of vectors change a NaN's sign although FPCR.AH is set. */
const isWrongInQemu = ({ name }, { fpcr }) => /^(FABS|FNEG)_asimd/.test(name) && (fpcr & AH) !== 0;

const { decodeStates, encodeOutcomes, encodeStates, GENERAL_RESULT, randomCase, stateOf, V_AT } =
  await load("cases.ts");
const { Random } = await load("../random.ts");
const rows = {
  fp: (await load("../../../server/hw/a64/fp.ts")).FP,
  simd: (await load("../../../server/hw/a64/simd.ts")).SIMD,
  crypto: (await load("../../../server/hw/a64/crypto.ts")).CRYPTO,
};

/** The one register that differs, as sixteen bytes. */
function outcome(instruction, before, after) {
  if (after.word === 0) throw new Error(`${before.word.toString(16)} is undefined`);
  const differs = (at, size) =>
    before.registers.subarray(at, at + size).some((byte, n) => byte !== after.registers[at + n]);
  const changed = [];
  for (let n = 0; n < V_AT / 8; n++) if (differs(n * 8, 8)) changed.push(n * 8);
  for (let n = 0; n < 32; n++) if (differs(V_AT + n * 16, 16)) changed.push(V_AT + n * 16);
  const rd = instruction.word & 31;
  const general = changed[0] < V_AT;
  if (changed.length > 1 || (changed.length === 1 && changed[0] !== (general ? rd * 8 : V_AT + rd * 16)))
    throw new Error(`${before.word.toString(16)} changes registers beside Rd`);
  const result = new Uint8Array(16);
  if (general) result.set(after.registers.subarray(rd * 8, rd * 8 + 8));
  else result.set(after.registers.subarray(V_AT + rd * 16, V_AT + rd * 16 + 16));
  return { ...instruction, fpsr: after.fpsr, flags: (after.nzcv >>> 28) | (general ? GENERAL_RESULT : 0), result };
}

try {
  const program = join(work, "oracle");
  execFileSync("aarch64-linux-gnu-gcc", [
    "-static",
    "-O1",
    "-march=armv8.2-a",
    "-o",
    program,
    join(here, "oracle.c"),
    join(here, "oracle.S"),
  ]);
  mkdirSync(join(here, "data"), { recursive: true });
  for (const [group, count] of Object.entries(CASES)) {
    const random = new Random(count);
    const cases = [];
    for (const row of rows[group])
      for (let n = 0; n < count; n++) {
        const made = randomCase(row, random);
        if (made && !isWrongInQemu(row, made)) cases.push(made);
      }
    const before = cases.map(stateOf);
    const command = process.arch === "arm64" ? [program] : [qemu, "-cpu", "max", program];
    const { status, stdout, stderr } = spawnSync(command[0], command.slice(1), {
      input: encodeStates(before),
      maxBuffer: 2 ** 30,
    });
    if (status !== 0) throw new Error(`${command[0]}: ${stderr}`);
    const after = decodeStates(new Uint8Array(stdout));
    const file = gzipSync(encodeOutcomes(cases.map((made, n) => outcome(made, before[n], after[n]))), { level: 9 });
    writeFileSync(join(here, "data", `${group}.gz`), file);
    console.log(`${group}: ${cases.length} cases, ${file.length} bytes`);
  }
} finally {
  rmSync(work, { recursive: true });
}
