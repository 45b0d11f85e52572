/** `tagvisor trace`: the system calls of running processes, printed as strace prints them. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { connect, type ProcessInfo, type Tagvisor, type TraceEntry } from "../../clients/typescript/index.ts";
import { formatCall } from "../abi/strace.ts";
import { kernelOf } from "../abi/versions.ts";
import { orSay } from "./expected.ts";

interface Options {
  readonly token?: string;
  readonly process?: bigint;
  readonly follow: boolean;
}

/** How often to look for processes that have started since. */
const LOOK_MS = 500;

/** Adds the command to the command line. */
export function register(program: Command): void {
  program
    .command("trace")
    .summary("print the system calls of running processes, as strace does")
    .description(
      "Prints what the processes on a server have called, a line a call, as the kernel saw it. A call that failed has the " +
        "check that refused it in parentheses. Without --process: those of all processes that belong to the token.",
    )
    .argument("<address>", "the server: host:port, https://host:port or unix:/path")
    .addOption(new Option("--token <token>", "the bearer token that the server wants").env("TAGVISOR_TOKEN"))
    .option("--process <handle>", "one process only, by the handle that its client has", handle)
    .option("-f, --follow", "go on with the calls to come, of new processes too, until interrupted", false)
    .addHelpText("after", "\nExample:\n  $ tagvisor trace 127.0.0.1:7777 --follow")
    .action((address: string, options: Options, command: Command) => orSay(command, () => trace(address, options)));
}

function handle(text: string): bigint {
  if (!/^(?:\d+|0x[\da-f]+)$/i.test(text)) throw new InvalidArgumentError("It is a number.");
  return BigInt(text);
}

/** One line: the call, its result, and the rule where one refused it. */
export function formatEntry(entry: TraceEntry, kernel: string): string {
  const abi = kernelOf(kernel);
  const args = entry.args.map(({ value }) => (value?.$case === "number" ? Number(value.value) : (value?.value ?? 0n)));
  const ret = entry.error === 0 ? Number(entry.ret) : -entry.error;
  const line = formatCall({ call: entry.call, args, data: entry.data, ret }, abi);
  return entry.rule ? `${line} (${entry.rule})` : line;
}

async function trace(address: string, options: Options): Promise<void> {
  await using tagvisor = await connect(address, { token: options.token });
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  await new Tracer(tagvisor, options, interrupted.signal).run();
}

/** Prints the traces of processes, each line marked with its process where there are several. */
class Tracer {
  private readonly tagvisor: Tagvisor;
  private readonly options: Options;
  private readonly signal: AbortSignal;
  private readonly seen = new Set<bigint>();

  constructor(tagvisor: Tagvisor, options: Options, signal: AbortSignal) {
    this.tagvisor = tagvisor;
    this.options = options;
    this.signal = signal;
  }

  async run(): Promise<void> {
    const running: Promise<void>[] = [];
    do {
      const found = (await this.processes()).filter(({ process }) => !this.seen.has(process));
      for (const info of found) this.seen.add(info.process);
      running.push(...found.map((info) => this.print(info)));
      // One that fails is told at the end, or at the next look, which fails too.
      for (const one of running) one.catch(() => {});
    } while (this.options.follow && !this.options.process && (await this.pause()));
    if (this.seen.size === 0) console.error("no process is running");
    await Promise.all(running);
  }

  private async processes(): Promise<ProcessInfo[]> {
    const all = await this.tagvisor.processes();
    const { process } = this.options;
    if (process === undefined) return all;
    const one = all.find((info) => info.process === process);
    if (!one) throw new Error("no process has this handle, or it belongs to another token");
    return [one];
  }

  /** Waits until it is time to look again; false when interrupted. */
  private async pause(): Promise<boolean> {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.signal.addEventListener("abort", () => resolve(clearTimeout(timer)), { once: true });
    });
    return !this.signal.aborted;
  }

  private async print({ process: handle, pid, kernel }: ProcessInfo): Promise<void> {
    const { follow } = this.options;
    const traced = await this.tagvisor.attach(handle);
    try {
      for await (const entry of traced.trace({ follow, signal: this.signal })) {
        const mark = this.options.process ? "" : `[pid ${pid}] `;
        process.stdout.write(`${mark}${formatEntry(entry, kernel)}\n`);
      }
    } catch (error) {
      if (!this.signal.aborted) throw error;
    } finally {
      traced.detach();
    }
  }
}
