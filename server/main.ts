#!/usr/bin/env node
/** The command line: one file a subcommand in commands/, loaded when it is called. */

import { readFileSync } from "node:fs";
import { Command } from "commander";

/** What a file in commands/ exports. */
interface Subcommand {
  /** Adds the command with its options and its action. */
  register(program: Command): void;
}

/** Name, the line in the list of commands, and the file. */
const SUBCOMMANDS: readonly [name: string, summary: string, load: () => Promise<Subcommand>][] = [
  ["serve", "serve the KVM ABI of an emulated arm64 host over gRPC", () => import("./commands/serve.ts")],
  ["demo", "move an MTE guest between two servers, and show what happens", () => import("./commands/demo.ts")],
  ["trace", "print the system calls of running processes, as strace does", () => import("./commands/trace.ts")],
  ["explore", "run CPUs that race in every order of their steps", () => import("./commands/explore.ts")],
  ["story", "tell a point of the review as calls, and what each kernel answers", () => import("./commands/story.ts")],
  ["doctor", "say what this machine offers, and what is missing", () => import("./commands/doctor.ts")],
  [
    "conformance",
    "judge a KVM: recordings of real kernels, every ioctl and error, generated sequences and guests",
    () => import("./commands/conformance.ts"),
  ],
];

function version(): string {
  const root = import.meta.url.includes("/dist/") ? "../../" : "../";
  return JSON.parse(readFileSync(new URL(`${root}package.json`, import.meta.url), "utf8")).version;
}

async function main(argv: string[]): Promise<void> {
  const program = new Command("tagvisor").description(
    "A remote KVM: the Linux KVM arm64 ABI with MTE, served over gRPC.",
  );
  if (argv.includes("--version") || argv.includes("-V")) program.version(version());
  else program.option("-V, --version", "output the version number");
  for (const [name, summary, load] of SUBCOMMANDS) {
    if (argv[2] === name || (argv[2] === "help" && argv[3] === name)) (await load()).register(program);
    else program.command(name).summary(summary);
  }
  await program.parseAsync(argv);
}

await main(process.argv);
