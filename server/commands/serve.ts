/** `tagvisor serve`: an emulated host and its gRPC server, until a signal. */

import { setFlagsFromString } from "node:v8";
import type { Command } from "commander";
import { addServeOptions, ConfigError, type ServeConfig, serveConfig } from "../config.ts";
import { PhysicalMemory } from "../hw/memory.ts";
import { Host } from "../kernel/host.ts";
import { kvmInit } from "../kernel/kvm/kvm_main.ts";
import { takeRule } from "../kernel/refuse.ts";
import { createLog, type Log } from "../rpc/middleware/log.ts";
import { type RunningServer, startServer } from "../rpc/server.ts";

const HELP = `
Each option can also be given by its environment variable.

When the server is ready it prints one line to standard output: "listening on ADDRESS". SIGTERM and
SIGINT stop it: new calls get UNAVAILABLE, open ones may end, then all processes do.

Examples:
  tagvisor serve
  tagvisor serve --listen unix:/run/tagvisor.sock --memory 2G
  tagvisor serve --listen 0.0.0.0:50051 --tls-cert cert.pem --tls-key key.pem --token-file tokens`;

/**
 * V8 counts the buffers of messages to its heap and marks the whole of it each time a few are added, which
 * costs bulk streams a quarter of their speed. So the heap may grow to four times of what is alive in between.
 */
setFlagsFromString("--heap-growing-percent=300");

/** Starts a server as configured. */
export async function serve(config: ServeConfig): Promise<RunningServer> {
  const { memoryBytes, mte, cpus, pmemBytes, logLevel, swap, ...options } = config;
  const log = createLog(logLevel);
  const host = new Host(new PhysicalMemory({ bytes: memoryBytes, cores: cpus }), { mte, cpus, pmemBytes });
  kvmInit(host);
  if (swap) swapon(host, log, swap);
  const server = await startServer({ ...options, host, log });
  return { ...server, stop: () => server.stop().finally(() => host.shutdown()) };
}

/** Turns swap on; what a server that was killed had in the file is lost, and that is said. */
function swapon(host: Host, log: Log, { path, bytes }: { path: string; bytes: number }): void {
  const error = host.swapon(path, bytes);
  if (error < 0) throw new ConfigError(`--swap-file: ${path}: ${takeRule() ?? `errno ${-error}`}`);
  const lost = host.reclaim.swap?.lost;
  if (lost)
    log.warn(
      { path, pid: lost.pid, pages: lost.pages },
      "the swap file is of a server that was killed: what its processes had there, about so many pages, is lost",
    );
}

/** Adds the command to the command line. */
export function register(program: Command): void {
  const command = program
    .command("serve")
    .summary("serve the KVM ABI of an emulated arm64 host over gRPC")
    .description("Serves an emulated arm64 host with KVM and MTE over gRPC, until a signal ends it.");
  addServeOptions(command)
    .addHelpText("after", HELP)
    .action(async (given: unknown) => {
      const server = await start(given, command);
      console.log(`listening on ${server.address}`);
      const stop = () => void server.stop();
      process.once("SIGTERM", stop).once("SIGINT", stop);
    });
}

/** Starts the server; what cannot be is said in a line, without a stack. */
async function start(given: unknown, command: Command): Promise<RunningServer> {
  try {
    return await serve(serveConfig(given));
  } catch (error) {
    const expected = error instanceof ConfigError || (error instanceof Error && "code" in error);
    if (expected || (error instanceof Error && /bind/i.test(error.message)))
      command.error(`tagvisor serve: ${(error as Error).message}`);
    throw error;
  }
}
