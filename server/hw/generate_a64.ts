/**
 * The instruction table for the TypeScript client's assembler: the rows of a64/ without Advanced SIMD, and the reader of their notation.
 *
 * `node dist/server/hw/generate_a64.js` writes both, with `--check` it says which are not what the table gives.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../abi/uapi_model.ts";
import { BRANCH } from "./a64/branch.ts";
import { FP } from "./a64/fp.ts";
import { INTEGER } from "./a64/integer.ts";
import { MEMORY } from "./a64/memory.ts";
import { MTE } from "./a64/mte.ts";
import { SYSTEM } from "./a64/system.ts";

const GUEST = "clients/typescript/guest";
const TEMPLATE = "server/hw/a64/template.ts";

/** The rows that the assembler has. Structures of vectors are no use without Advanced SIMD. */
export const ASSEMBLED = [...INTEGER, ...BRANCH, ...SYSTEM, ...MTE, ...MEMORY, ...FP].filter(
  ({ asm }) => !asm.includes("{ {Vt"),
);

const encodings = `// Generated from server/hw/a64 by generate_a64.ts. DO NOT EDIT.

/** A64 without Advanced SIMD, an encoding a line: its bits, its text, and what makes it unallocated. */
export const ENCODINGS = \`
${ASSEMBLED.map(({ pattern, asm, when }) => [pattern, asm, ...(when ? [when] : [])].join(" | ")).join("\n")}
\`;
`;

/** The text of every generated file, by its path in the repository. */
export const a64Files = (): Record<string, string> => ({
  [`${GUEST}/encodings.ts`]: encodings,
  [`${GUEST}/template.ts`]: `// Generated from ${TEMPLATE} by generate_a64.ts. DO NOT EDIT.\n\n${readFileSync(join(ROOT, TEMPLATE), "utf8")}`,
});

/** Writes what differs, or only says so. */
function main(check: boolean): void {
  for (const [path, text] of Object.entries(a64Files())) {
    const file = join(ROOT, path);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    if (check) {
      console.error(`${path} is not what server/hw/a64 gives; run "npm run generate"`);
      process.exitCode = 1;
    } else writeFileSync(file, text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.includes("--check"));
