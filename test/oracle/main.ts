/**
 * `npm run oracle`: boots real arm64 kernels with MTE, runs the conformance kit against their KVM, then compares ours with
 * them in sequences that are generated. Needs Debian's packages, Go, and no hardware.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError, Option } from "commander";
import { ServerProcess } from "../bench/servers.ts";
import { Machine } from "./machine.ts";
import { KERNELS, missingTools, parts } from "./packages.ts";

const tagvisor = fileURLToPath(new URL("../../server/main.js", import.meta.url));

interface Options {
  readonly kernel?: string;
  readonly bootOnly: boolean;
  readonly steps: number;
  readonly seed?: number;
  readonly reports: string;
}

const count = (text: string) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError("It must be a whole number.");
  return value;
};

// A signal ends what runs, and then this program in the ordinary way, so that nothing is left behind.
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());

/** Runs `tagvisor conformance`; answers whether it was content. */
async function conformance(...args: string[]): Promise<boolean> {
  console.log(`tagvisor conformance ${args.join(" ")}`);
  const options = { stdio: "inherit", signal: stop.signal } as const;
  const child = spawn(process.execPath, [tagvisor, "conformance", ...args], options);
  const [code] = await once(child, "exit");
  return code === 0;
}

/** The kit against the real kernel, alone. */
function judge(kernel: string, address: string, report: string): Promise<boolean> {
  return conformance("--target", address, "--kernel", kernel, "--deadline", "120", "--html", report);
}

/** Generated sequences against the real kernel and ours. */
async function compare(kernel: string, address: string, report: string, options: Options): Promise<boolean> {
  using server = await ServerProcess.tagvisor();
  const targets = ["--target", address, "--against", server.address, "--kernel", kernel, "--deadline", "600"];
  const seed = options.seed === undefined ? [] : ["--seed", String(options.seed)];
  const sequences = ["--suite", "sequences", "--steps", String(options.steps), ...seed, "--save", options.reports];
  return await conformance(...targets, ...sequences, "--html", report);
}

async function oracle(options: Options): Promise<boolean> {
  const missing = await missingTools();
  if (missing.length > 0) throw new Error(`this computer lacks ${missing.join(", ")}`);
  let content = true;
  for (const kernel of KERNELS) {
    if (options.kernel !== undefined && options.kernel !== kernel.name) continue;
    const say = (what: string) => console.log(`${kernel.name}: ${what}`);
    const found = await parts(kernel, say, stop.signal);
    const boot = () => {
      say("booting");
      return Machine.boot(kernel, found, say, stop.signal);
    };
    if (options.bootOnly) {
      using machine = await boot();
      console.log(`${machine.address} serves KVM of Linux ${kernel.name}; SIGINT ends it`);
      await Promise.race([once(stop.signal, "abort"), machine.ended]);
      return stop.signal.aborted;
    }
    mkdirSync(options.reports, { recursive: true });
    const report = (name: string) => join(options.reports, `${kernel.name}-${name}.html`);
    // Each in a machine of its own: what the kit does stays, such as tags of the page of zeros that all processes share.
    {
      using machine = await boot();
      content = (await judge(kernel.name, machine.address, report("kit"))) && content;
    }
    if (options.steps === 0) continue;
    using machine = await boot();
    content = (await compare(kernel.name, machine.address, report("against"), options)) && content;
  }
  return content;
}

const program = new Command("oracle")
  .description("Runs the conformance kit against real kernels under QEMU, and compares ours with them.")
  .addOption(new Option("--kernel <version>", "this one only").choices(KERNELS.map(({ name }) => name)))
  .option("--boot-only", "print the agent's address and wait", false)
  .option("--steps <count>", "steps of generated sequences to compare, 0 for none", count, 200_000)
  .option("--seed <number>", "what the sequences start from", count)
  .option("--reports <folder>", "where the reports and what differs are kept", "oracle-reports");

try {
  process.exitCode = (await oracle(program.parse().opts<Options>())) ? 0 : 1;
} catch (error) {
  console.error(stop.signal.aborted ? "oracle: stopped" : `oracle: ${(error as Error).message}`);
  process.exitCode = stop.signal.aborted ? 130 : 1;
}
