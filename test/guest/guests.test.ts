/** Programs that a compiler and a C library of Debian's made print here what they print under qemu-aarch64. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, type Tagvisor } from "../../clients/typescript/index.ts";
import { type TestServer, testServer } from "../rpc/harness.ts";
import { type LinuxOptions, runLinuxProgram } from "./linux.ts";

/** A line of programs.json: a file, how it is run, and what QEMU said: its output, and its exit code or null where it died of a signal. */
interface Recorded extends Omit<LinuxOptions, "input"> {
  readonly file: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly output: string;
  readonly code: number | null;
}

const committed = join(import.meta.dirname, "data");
const folder = process.env.TAGVISOR_GUESTS || committed;
const recorded = JSON.parse(readFileSync(join(folder, "programs.json"), "utf8")) as Recorded[];

const files = new Map<string, Uint8Array>();
function programFile(name: string): Uint8Array {
  const known = files.get(name);
  if (known) return known;
  const bytes = readFileSync(join(folder, name));
  const file = name.endsWith(".br") ? brotliDecompressSync(bytes) : bytes;
  files.set(name, file);
  return file;
}

/** EC of a data abort from EL0, and the fault status of a synchronous tag check fault. */
const TAG_CHECK_FAULT = 0x9200_0011n;

let server: TestServer;
let client: Tagvisor;
beforeAll(async () => {
  server = await testServer();
  client = await connect(server.address);
});
afterAll(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});

const title = ({ file, args, environment = [], pageShift = 12, pauth }: Recorded) =>
  [file, ...args.slice(1), ...environment, `${2 ** (pageShift - 10)}K`, ...(pauth ? ["pauth"] : [])].join(" ");

test.each(recorded.map((line) => [title(line), line] as const))("%s", { timeout: 120_000 }, async (_, line) => {
  const { file, args, input = "", output, code, ...options } = line;
  await using process = await client.spawn();
  const result = await runLinuxProgram(process, programFile(file), args, { ...options, input: Buffer.from(input) });
  expect(result.output).toBe(output);
  if (code === null) expect(result.end).toMatchObject({ kind: "exception", vector: 8, esr: TAG_CHECK_FAULT });
  else expect(result.end).toBe(code);
});
