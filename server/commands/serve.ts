/** `tagvisor serve`: an emulated host and its gRPC server, until a signal. */

import { setFlagsFromString } from "node:v8";
import { setLogger } from "@grpc/grpc-js";
import type { Command } from "commander";
import { addServeOptions, ConfigError, type ServeConfig, serveConfig } from "../config.ts";
import { PhysicalMemory } from "../hw/memory.ts";
import { Host } from "../kernel/host.ts";
import { kvmInit } from "../kernel/kvm/kvm_main.ts";
import { takeRule } from "../kernel/refuse.ts";
import { createLog, type Log } from "../rpc/middleware/log.ts";
import { type RunningServer, startServer } from "../rpc/server.ts";
import { orSay } from "./expected.ts";

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
  // What it calls an error here is told by us, or is a client's doing.
  setLogger({ ...console, error: (message: string) => log.debug({}, `grpc-js: ${message}`) });
  const host = new Host(new PhysicalMemory({ bytes: memoryBytes, cores: cpus }), { mte, cpus, pmemBytes });
  kvmInit(host);
  if (swap) swapon(host, log, swap);
  const server = await startServer({ ...options, host, log }).catch((error: unknown) => {
    host.shutdown();
    throw error;
  });
  return { ...server, stop: () => server.stop().finally(() => host.shutdown()) };
}

/** Turns swap on; what a server that was killed had in the file is lost, and that is said. */
function swapon(host: Host, log: Log, { path, bytes }: { path: string; bytes: number }): void {
  const refused = swaponError(host, path, bytes);
  if (refused !== undefined) throw new ConfigError(`--swap-file: ${path}: ${refused}`);
  const lost = host.reclaim.swap?.lost;
  if (lost)
    log.warn(
      { path, pid: lost.pid, pages: lost.pages },
      "the swap file is of a server that was killed: what its processes had there, about so many pages, is lost",
    );
}

/** Why the host cannot swap to the file, if it cannot. */
function swaponError(host: Host, path: string, bytes: number): string | undefined {
  try {
    const error = host.swapon(path, bytes);
    return error < 0 ? (takeRule() ?? `errno ${-error}`) : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Adds the command to the command line. */
export function register(program: Command): void {
  const command = program
    .command("serve")
    .summary("serve the KVM ABI of an emulated arm64 host over gRPC")
    .description("Serves an emulated arm64 host with KVM and MTE over gRPC, until a signal ends it.");
  addServeOptions(command)
    .addHelpText("after", HELP)
    .action((given: unknown) =>
      orSay(command, async () => {
        const server = await serve(serveConfig(given));
        console.log(`listening on ${server.address}`);
        const stop = () => void server.stop();
        process.once("SIGTERM", stop).once("SIGINT", stop);
      }),
    );
}
