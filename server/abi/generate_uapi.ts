/**
 * The headers for the clients: constants, structs and requests of these tables, in each client's language.
 *
 * `node dist/server/abi/generate_uapi.js` writes them, with `--check` it says which are not what the tables give.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Emit, ROOT, uapiModel } from "./uapi_model.ts";

const LANGUAGES = ["typescript", "python", "go", "rust", "cpp", "java"];

/** The text of every generated file, by its path in the repository. */
export async function uapiFiles(): Promise<Record<string, string>> {
  const model = uapiModel();
  const files: Record<string, string> = {};
  for (const language of LANGUAGES) {
    const module = new URL(`uapi_${language}${import.meta.url.slice(-3)}`, import.meta.url);
    if (!existsSync(module)) continue;
    const { emit } = (await import(module.href)) as { emit: Emit };
    Object.assign(files, emit(model));
  }
  return files;
}

/** Writes what differs, or only says so. */
async function main(check: boolean): Promise<void> {
  for (const [path, text] of Object.entries(await uapiFiles())) {
    const file = join(ROOT, path);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    if (check) {
      console.error(`${path} is not what server/abi gives; run "npm run generate"`);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.includes("--check"));
