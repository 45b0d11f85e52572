/** `tagvisor conformance`: runs the conformance kit against a server, or against two that are compared, and reports. */

import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { finished } from "node:stream/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Plan, Report } from "../../test/conformance/index.ts";
import { KERNEL_NAMES, type KernelName } from "../abi/versions.ts";
import { orSay } from "./expected.ts";

/** Names of suites, and of what stands for several. */
const SUITES = ["recordings", "matrix", "enable_cap", "copy_tags", "families", "sequences", "guests"] as const;
type SuiteName = (typeof SUITES)[number];
const FAMILIES: readonly SuiteName[] = ["enable_cap", "copy_tags"];
const DEFAULT_SUITES: readonly SuiteName[] = ["recordings", "matrix", "families"];

interface Options {
  readonly suite?: readonly SuiteName[];
  readonly target?: string;
  readonly token?: string;
  readonly kernel?: KernelName;
  readonly against?: string;
  readonly againstToken?: string;
  readonly againstKernel?: KernelName;
  readonly filter: string;
  readonly jobs: number;
  readonly repeat: number;
  readonly seed?: number;
  readonly steps: number;
  readonly save?: string;
  readonly time?: number;
  readonly deadline: number;
  readonly tap?: string;
  readonly junit?: string;
  readonly html?: string;
}

/** A number of at least `least`, as commander parses an option's argument. */
function number(least: number, whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= least) || !Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) {
      throw new InvalidArgumentError(`It must be a${whole ? " whole" : ""} number of at least ${least}.`);
    }
    return value;
  };
}

/** Names of suites with commas between them, added to those of an option before. */
function suites(text: string, before: readonly SuiteName[] = []): SuiteName[] {
  const names = text.split(",");
  for (const name of names) {
    if (!(SUITES as readonly string[]).includes(name))
      throw new InvalidArgumentError(`${name} is none of ${SUITES.join(", ")}.`);
  }
  return [...before, ...(names as SuiteName[])];
}

/** Adds the command to the command line. */
export function register(program: Command): void {
  const kernels = (flags: string, text: string) => new Option(flags, text).choices(KERNEL_NAMES);
  program
    .command("conformance")
    .summary("judge a KVM: recordings of real kernels, every ioctl and error, the families in full")
    .description(
      "Runs cases against a server of kvm.v1, each in a process of its own: recordings of real kernels, the matrix of every " +
        "ioctl and every class of error, and the ENABLE_CAP and COPY_TAGS families in full; by name also random calls (sequences) and " +
        "random guests (guests), which are made from a seed. On a terminal it shows how far it is " +
        "and what failed, else it prints TAP 14. With --against or --against-kernel two are compared with each other, step by " +
        "step. Exits with 1 where a result is not as expected.",
    )
    .argument(
      "[file...]",
      "recordings in place of those that come with it: JSON lines, gzipped or not; or kept sequences",
    )
    .option(
      "--suite <names>",
      `what to run, of ${SUITES.join(", ")} (default: ${DEFAULT_SUITES.join(",")}; recordings alone where files are given)`,
      suites,
    )
    .option("--target <address>", "the server, host:port or an https:// URL; without it one is started for the run")
    .addOption(new Option("--token <token>", "the bearer token that the server wants").env("TAGVISOR_TOKEN"))
    .addOption(kernels("--kernel <version>", "run all on this kernel (default: each case on those that it knows)"))
    .option("--against <address>", "a second server: print where its answers are not the first one's")
    .option("--against-token <token>", "the bearer token that the second server wants")
    .addOption(kernels("--against-kernel <version>", "the kernel to compare with: tell what changed in the ABI"))
    .option("--filter <text>", "only cases with this text in their names", "")
    .option(
      "--jobs <count>",
      "cases at a time on a --target; a server of the run's own has memory for one",
      number(1, true),
      1,
    )
    .option("--repeat <count>", "run each case so many times", number(1, true), 1)
    .option(
      "--seed <number>",
      "what generated sequences and guests start from (default: another one each time)",
      number(0, true),
    )
    .option("--steps <count>", "how many steps generated sequences or guests have together", number(1, true), 20_000)
    .option(
      "--save <folder>",
      "keep a sequence that two answer otherwise, cut short, as a file to give in place of recordings",
    )
    .option(
      "--time <seconds>",
      "begin no further case after this time; sequences are made until then",
      number(0, false),
    )
    .option("--deadline <seconds>", "how long one case may take", number(0.001, false), 60)
    .option("--tap <file>", "write TAP 14 to a file; - for standard output, also on a terminal")
    .option("--junit <file>", "write a JUnit XML report")
    .option("--html <file>", "write a report as one HTML file")
    .action((files: string[], options: Options, command: Command) =>
      orSay(command, async () => {
        process.exitCode = await conformance(files, options);
      }),
    );
}

/** What a shell shows for a program that SIGINT ended. */
const INTERRUPTED = 130;

/** Runs what the options say; answers the exit code. */
async function conformance(files: readonly string[], options: Options): Promise<number> {
  const kit = await import("../../test/conformance/index.ts");
  const cases = files.filter(isCase);
  const recordings =
    files.length > cases.length ? files.filter((file) => !isCase(file)).map(kit.readRecording) : undefined;
  const connect = (address: string, token?: string) => new kit.RpcTarget(address, token);
  const { against, againstKernel } = options;
  const isOwn = options.target === undefined;
  const target = options.target === undefined ? new kit.LocalServers() : connect(options.target, options.token);
  // Two processes on one server of the run's own would share its memory.
  const twin = isOwn ? new kit.LocalServers() : target;
  const other =
    against !== undefined ? connect(against, options.againstToken) : againstKernel !== undefined ? twin : undefined;
  for (const one of [target, other]) if (one instanceof kit.RpcTarget) await one.ready();
  const foreign = target instanceof kit.RpcTarget && !(await target.isEmulator());
  const plan: Plan = {
    suites: suitesOf(options, recordings !== undefined, cases.length > 0),
    recordings,
    cases: cases.map(kit.loadCase),
    kernel: options.kernel,
    filter: options.filter,
    repeat: options.repeat,
    seed: options.seed ?? Math.floor(Math.random() * 2 ** 32),
    steps: options.steps,
    save: options.save,
    target,
    against: other && { target: other, kernel: againstKernel, sameHost: isOwn && other === twin },
    known: foreign ? kit.NO_KNOWN_FAILURES : kit.readKnownFailures(),
  };
  if (isNothing(kit, plan)) throw new Error("no case is left to run; look at --filter, --suite and --kernel");
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  // A second one ends the program as it always does.
  process.once("SIGINT", interrupt);
  const outputs: Output[] = [];
  try {
    const reports = reportsOf(kit, plan, options, outputs);
    const until = options.time === undefined ? undefined : Date.now() + options.time * 1000;
    const how = { jobs: isOwn ? 1 : options.jobs, deadline: options.deadline * 1000, stop: stop.signal, until };
    const { passed } = await kit.run(plan, reports, how);
    if (stop.signal.aborted) return INTERRUPTED;
    return passed ? 0 : 1;
  } finally {
    process.off("SIGINT", interrupt);
    for (const output of outputs) await output.end();
    await target.close();
    if (other !== target) await other?.close();
  }
}

/** Whether there is nothing to run, which must not look like a success. */
function isNothing(kit: Kit, plan: Plan): boolean {
  return plan.cases?.length === 0 && !plan.suites.some(kit.isGenerator) && kit.itemsOf(plan).length === 0;
}

/** A list of registers is a JSON file too; a case has two sides. */
function isCase(file: string): boolean {
  if (!file.endsWith(".json")) return false;
  try {
    return "sides" in JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return false;
    throw error;
  }
}

function suitesOf({ suite }: Options, recordings: boolean, cases: boolean): string[] {
  const given = recordings ? (["recordings"] as const) : [];
  const named = suite ?? (recordings || cases ? given : DEFAULT_SUITES);
  return [...new Set(named.flatMap((name) => (name === "families" ? FAMILIES : [name])))];
}

/** A file that grows while the run goes on. */
interface Output {
  end(): Promise<void>;
}

type Kit = typeof import("../../test/conformance/index.ts");

function reportsOf(kit: Kit, plan: Plan, { tap, junit, html }: Options, outputs: Output[]): Report[] {
  const reports: Report[] = [];
  const { stdout } = process;
  if (tap === "-" || !stdout.isTTY) reports.push(new kit.TapReport((line) => stdout.write(`${line}\n`)));
  else reports.push(new kit.TerminalReport(stdout, kit.itemsOf(plan).length));
  if (tap !== undefined && tap !== "-") {
    const file = createWriteStream(tap);
    const written = finished(file);
    // It is told when the file is closed.
    written.catch(() => {});
    outputs.push({
      end: () => {
        file.end();
        return written;
      },
    });
    reports.push(new kit.TapReport((line) => file.write(`${line}\n`)));
  }
  if (junit !== undefined) reports.push(new kit.JunitReport((document) => writeFileSync(junit, document)));
  if (html !== undefined) reports.push(new kit.HtmlReport((document) => writeFileSync(html, document)));
  return reports;
}
