/**
 * The clients of the other languages against one running server, and one that encrypts and asks for a token, and
 * their examples against each other: `npm run test:clients [LANGUAGE…]`. A language whose toolchain is missing is
 * left out, and said to be; with TAGVISOR_ALL_CLIENTS in the environment that is a failure.
 */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { moveTags } from "../../clients/typescript/examples/move_tags.ts";
import { ServerProcess } from "../bench/servers.ts";
import { goneServer } from "./gone.ts";
import { secureServer } from "./secure.ts";

const LANGUAGES = ["python", "go", "rust", "cpp", "java"];
/** What test.sh exits with where something that it needs is missing, as automake has it. */
const LEFT_OUT = 77;
/** A first build takes minutes. */
const TIMEOUT_MS = 20 * 60_000;

// This file runs from dist/test/clients.
const root = fileURLToPath(new URL("../../..", import.meta.url));
const scriptOf = (language: string, script: string) => join(root, "clients", language, script);

interface Ran {
  readonly code: number;
  /** What it printed, standard output alone and with the errors. */
  readonly stdout: string;
  readonly all: string;
}

function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(script, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: TIMEOUT_MS });
    let stdout = "";
    let all = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => (all += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, all }));
  });
}

/** "" where all is well, why it was left out, or throws what went wrong. */
async function test(language: string, address: string, env: NodeJS.ProcessEnv, transcript: string): Promise<string> {
  const { code, all } = await run(scriptOf(language, "test.sh"), [], env);
  if (code === LEFT_OUT && !process.env.TAGVISOR_ALL_CLIENTS) return all.trim().split("\n").at(-1) ?? "";
  if (code !== 0) throw new Error(`test.sh exits with ${code}:\n${all}`);
  const example = await run(scriptOf(language, "move_tags.sh"), [address], env);
  if (example.code !== 0) throw new Error(`move_tags.sh exits with ${example.code}:\n${example.all}`);
  if (example.stdout !== transcript) throw new Error(`the example prints\n${example.stdout}instead of\n${transcript}`);
  return "";
}

const wanted = process.argv.slice(2);
for (const name of wanted) if (!LANGUAGES.includes(name)) throw new Error(`no client in ${name}`);
using server = await ServerProcess.tagvisor();
await using gone = await goneServer(server.address);
using secure = await secureServer(join(root, "test/rpc/data"));
const env = {
  ...process.env,
  ...secure.env,
  TAGVISOR_ADDRESS: server.address,
  TAGVISOR_GONE_ADDRESS: gone.address,
};
const lines: string[] = [];
await moveTags(server.address, (line) => lines.push(line));
const transcript = `${lines.join("\n")}\n`;

const count = { passed: 0, failed: 0, skipped: 0 };
for (const language of LANGUAGES) {
  if ((wanted.length > 0 && !wanted.includes(language)) || !existsSync(scriptOf(language, "test.sh"))) continue;
  const start = performance.now();
  const say = (text: string) =>
    console.log(`${language.padEnd(8)} ${text}, ${((performance.now() - start) / 1000).toFixed(0)} s`);
  try {
    const missing = await test(language, server.address, env, transcript);
    count[missing ? "skipped" : "passed"]++;
    say(missing || "tests, vectors and example pass");
  } catch (error) {
    count.failed++;
    say(`FAILS: ${(error as Error).message}`);
  }
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed > 0 ? 1 : 0;
