/** The options of `tagvisor serve`, from the command line and the environment, checked once. */

import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import { type Command, Option } from "commander";
// The older entry point of the same package: it loads in a sixth of the time, which is what a server's first call waits for.
import { z } from "zod/v3";
import type { KernelName } from "./abi/versions.ts";
import { DEFAULT_KERNEL, KERNEL_NAMES } from "./abi/versions.ts";
import { MAX_MEMORY_BYTES } from "./hw/memory.ts";
import { MAX_SWAP_BYTES } from "./kernel/mm/swapfile.ts";
import { parseTokens, type Tokens } from "./rpc/middleware/auth.ts";
import { DEFAULT_LIMITS, type Limits } from "./rpc/middleware/limits.ts";
import { LOG_LEVELS, type LogLevel } from "./rpc/middleware/log.ts";
import type { Tls } from "./rpc/server.ts";

/** Everything that `serve` was told. */
export interface ServeConfig {
  readonly address: string;
  readonly memoryBytes: number;
  readonly cpus: number;
  /** Memory, of that, which is persistent memory. */
  readonly pmemBytes: number;
  /** Off is arm64.nomte. */
  readonly mte: boolean;
  readonly kernel: KernelName;
  readonly limits: Limits;
  readonly logLevel: LogLevel;
  /** Where pages go when memory runs short. */
  readonly swap?: { readonly path: string; readonly bytes: number } | undefined;
  readonly tls?: Tls | undefined;
  readonly tokens?: Tokens | undefined;
  readonly metrics?: { readonly host: string; readonly port: number } | undefined;
}

/** What is wrong with the options, for the person who gave them. */
export class ConfigError extends Error {}

export const DEFAULT_ADDRESS = "127.0.0.1:50051";

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

const size = z.string().transform((text, context) => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([KMG]?)(?:iB|B)?$/i.exec(text.trim()) ?? [];
  if (number === undefined) {
    context.addIssue({ code: "custom", message: `"${text}" is no size; write 512M or 3.5G` });
    return z.NEVER;
  }
  return Math.floor(Number(number) * (UNITS[(unit ?? "").toUpperCase()] as number));
});
/** A number for which a rule holds; `message` says what is wanted. */
const number = (holds: (value: number) => boolean, message: string) =>
  z.coerce.number({ invalid_type_error: message }).refine(holds, message);
const count = number((value) => Number.isSafeInteger(value) && value > 0, "a whole number from 1 on");
const seconds = number((value) => value > 0, "a number of seconds, more than 0");
/** More is not to be waited for, and would not fit a timer. */
const MAX_GRACE_SECONDS = 86_400;
const oneOf = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z.enum(names, { errorMap: () => ({ message: `one of ${names.join(", ")}` }) });
const MIN_MEMORY_BYTES = 2 ** 20;
const MAX_CPUS = 512;

const schema = z.object({
  listen: z.string(),
  memory: size.pipe(z.number().min(MIN_MEMORY_BYTES, "at least 1M").max(MAX_MEMORY_BYTES, "at most 3.5G")),
  pmem: size,
  cpus: count.refine((value) => value <= MAX_CPUS, `at most ${MAX_CPUS}`),
  mte: z.boolean(),
  swapFile: z.string().optional(),
  swapSize: size.pipe(
    z
      .number()
      .min(2 ** 20, "at least 1M")
      .max(MAX_SWAP_BYTES, "at most 4G"),
  ),
  kernel: oneOf(KERNEL_NAMES),
  maxProcesses: count,
  maxProcessesPerPrincipal: count,
  maxProcessMemory: size.optional(),
  maxProcessSwap: size.optional(),
  maxMessage: size.pipe(
    z
      .number()
      .min(2 ** 16, "at least 64K")
      .max(2 ** 30, "at most 1G"),
  ),
  maxList: count,
  maxStreams: count,
  maxCalls: count,
  lease: seconds,
  maxLease: seconds,
  grace: number((value) => value >= 0 && value <= MAX_GRACE_SECONDS, `seconds, from 0 to ${MAX_GRACE_SECONDS}`),
  tlsCert: z.string().optional(),
  tlsKey: z.string().optional(),
  tlsClientCa: z.string().optional(),
  tokenFile: z.string().optional(),
  insecure: z.boolean().optional(),
  metrics: z.string().optional(),
  logLevel: oneOf(LOG_LEVELS),
});
type Options = z.infer<typeof schema>;

/** Adds the options to the command, each with its variable of the environment. */
export function addServeOptions(command: Command): Command {
  const option = (flags: string, description: string, standard?: string) => {
    const made = new Option(flags, description);
    const name = made.long
      ?.replace(/^--(no-)?/, "")
      .replaceAll("-", "_")
      .toUpperCase();
    made.env(`TAGVISOR_${name}`);
    if (standard !== undefined) made.default(standard);
    command.addOption(made);
  };
  const limits = DEFAULT_LIMITS;
  option("-l, --listen <address>", "HOST:PORT or unix:PATH; port 0 takes a free one", DEFAULT_ADDRESS);
  option("-m, --memory <size>", "memory of the emulated host, up to 3.5G; what nobody touches costs nothing", "1G");
  option(
    "--pmem <size>",
    "memory, of --memory, that is persistent memory: /dev/dax0.0 and files in /pmem, without tags",
    "0",
  );
  option("--swap-file <path>", "swap to this file, which is made where it is missing; no swap if left out");
  option("--swap-size <size>", "the size of the swap file, up to 4G", "1G");
  option(
    "-k, --kernel <name>",
    `what a process runs under that asks for none: ${KERNEL_NAMES.join(", ")}`,
    DEFAULT_KERNEL,
  );
  option("--cpus <number>", "CPUs of the emulated host, which are KVM_CAP_NR_VCPUS", "1");
  command.addOption(
    new Option("--no-mte", "as arm64.nomte: the CPU has MTE, the kernel does not use it").env("TAGVISOR_NO_MTE"),
  );
  option("--tls-cert <file>", "certificate chain in PEM; with --tls-key");
  option("--tls-key <file>", "private key in PEM");
  option(
    "--tls-client-ca <file>",
    "clients must present a certificate that this CA signed; its common name is the principal",
  );
  option("--token-file <file>", "bearer tokens, a line each: PRINCIPAL TOKEN; a principal sees only its own processes");
  command.addOption(
    new Option("--insecure", "allow to listen beyond this computer without TLS and authentication").env(
      "TAGVISOR_INSECURE",
    ),
  );
  option(
    "--lease <seconds>",
    "how long a process lives that no call and no open stream names",
    String(limits.leaseMs / 1000),
  );
  option("--max-lease <seconds>", "the longest lease that Spawn gives", String(limits.maxLeaseMs / 1000));
  option(
    "--grace <seconds>",
    "how long open calls may take to end when the server stops",
    String(limits.graceMs / 1000),
  );
  option("--max-processes <number>", "processes of all principals", String(limits.processes));
  option("--max-processes-per-principal <number>", "processes of one principal", String(limits.processesPerPrincipal));
  option("--max-process-memory <size>", "memory of one process and its children; no limit but --memory if left out");
  option("--max-process-swap <size>", "swap of one process and its children; no limit but --swap-size if left out");
  option("--max-message <size>", "the longest message; clients expect 4M", `${limits.messageBytes / 2 ** 20}M`);
  option("--max-list <number>", "calls in one message of the Syscalls stream", String(limits.listLength));
  option("--max-streams <number>", "open streams of one principal", String(limits.streamsPerPrincipal));
  option("--max-calls <number>", "calls at once on one connection", String(limits.callsPerConnection));
  option("--metrics <address>", "serve Prometheus metrics on HOST:PORT");
  option("--log-level <level>", `what goes to standard error: ${LOG_LEVELS.join(", ")}`, "info");
  return command;
}

/** What the command line and the environment said, checked; ConfigError where it makes no sense. */
export function serveConfig(given: unknown): ServeConfig {
  const parsed = schema.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `--${flag(issue.path)}: ${issue.message}`).join("\n"));
  const options = parsed.data;
  if (options.pmem > options.memory - MIN_MEMORY_BYTES)
    throw new ConfigError("--pmem: it is a part of --memory, of which at least 1M must be left");
  const tls = readTls(options);
  const tokens = options.tokenFile === undefined ? undefined : readTokens(options.tokenFile);
  checkAddress(options, tls, tokens);
  return {
    address: options.listen,
    memoryBytes: options.memory,
    pmemBytes: options.pmem,
    cpus: options.cpus,
    mte: options.mte,
    kernel: options.kernel,
    logLevel: options.logLevel,
    limits: limitsOf(options),
    tls,
    tokens,
    swap: options.swapFile === undefined ? undefined : { path: options.swapFile, bytes: options.swapSize },
    metrics: options.metrics === undefined ? undefined : hostPort("--metrics", options.metrics),
  };
}

const flag = (path: (string | number)[]) => String(path[0]).replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);

function limitsOf(options: Options): Limits {
  return {
    processes: options.maxProcesses,
    processesPerPrincipal: options.maxProcessesPerPrincipal,
    memoryPerProcess: options.maxProcessMemory ?? DEFAULT_LIMITS.memoryPerProcess,
    swapPerProcess: options.maxProcessSwap ?? DEFAULT_LIMITS.swapPerProcess,
    messageBytes: options.maxMessage,
    listLength: options.maxList,
    streamsPerPrincipal: options.maxStreams,
    callsPerConnection: options.maxCalls,
    leaseMs: options.lease * 1000,
    maxLeaseMs: options.maxLease * 1000,
    graceMs: options.grace * 1000,
  };
}

function read(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError(`${option}: ${(error as Error).message}`);
  }
}

function readTls({ tlsCert, tlsKey, tlsClientCa }: Options): Tls | undefined {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new ConfigError("--tls-cert and --tls-key belong together");
  if (tlsCert === undefined || tlsKey === undefined) {
    if (tlsClientCa !== undefined) throw new ConfigError("--tls-client-ca needs --tls-cert and --tls-key");
    return undefined;
  }
  const clientCa = tlsClientCa === undefined ? undefined : read("--tls-client-ca", tlsClientCa);
  const tls = { cert: read("--tls-cert", tlsCert), key: read("--tls-key", tlsKey), clientCa };
  try {
    createSecureContext({ cert: tls.cert, key: tls.key });
  } catch (error) {
    throw new ConfigError(`--tls-cert, --tls-key: ${(error as Error).message}`);
  }
  return tls;
}

function readTokens(file: string): Tokens {
  const text = read("--token-file", file).toString();
  try {
    return parseTokens(text);
  } catch (error) {
    throw new ConfigError(`--token-file: ${file}: ${(error as Error).message}`);
  }
}

function hostPort(option: string, address: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(address) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > 65535) throw new ConfigError(`${option}: "${address}" is not HOST:PORT`);
  return { host, port: Number(port) };
}

/** Whether only programs on this computer can reach the host. */
function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith("127.");
  return host === "localhost" || host === "::1";
}

/** Beyond this computer nobody gets in unseen: TLS, and a token or a certificate, unless told otherwise. */
function checkAddress({ listen, insecure }: Options, tls: Tls | undefined, tokens: Tokens | undefined): void {
  if (listen === "unix:") throw new ConfigError("--listen: unix: and no path");
  if (listen.startsWith("unix:")) return;
  const { host } = hostPort("--listen", listen);
  if (isLoopback(host) || insecure) return;
  if (tls && (tokens || tls.clientCa)) return;
  throw new ConfigError(
    `--listen: ${host} can be reached from other computers; that takes --tls-cert and --tls-key, ` +
      "and --token-file or --tls-client-ca (or --insecure, in a network that you trust)",
  );
}
