/** The gRPC server: services on a host, an address to listen on, and a stop that lets calls end. */

import { chmod, stat, unlink } from "node:fs/promises";
import { createConnection } from "node:net";
import { ServerCredentials } from "@grpc/grpc-js";
import { createServer, type Server } from "nice-grpc";
import type { KernelName } from "../abi/versions.ts";
import { InspectServiceDefinition } from "../gen/kvm/v1/inspect_service.ts";
import { KvmServiceDefinition } from "../gen/kvm/v1/kvm_service.ts";
import type { Host } from "../kernel/host.ts";
import { Gate } from "./gate.ts";
import { HealthDefinition, HealthService } from "./health.ts";
import { withReceiveWindow } from "./http2_window.ts";
import { inspectService } from "./inspect_service.ts";
import { kvmService } from "./kvm_service.ts";
import { BulkMemoryServiceDefinition, memoryService } from "./memory_service.ts";
import { byCertificate, byNothing, byToken, certificateInterceptor, type Tokens } from "./middleware/auth.ts";
import type { Limits } from "./middleware/limits.ts";
import type { Log } from "./middleware/log.ts";
import type { MetricsEndpoint } from "./middleware/metrics.ts";
import { ReflectionDefinitions, reflectionService } from "./reflection.ts";
import { Sessions } from "./session.ts";
import { ListSyscallServiceDefinition, syscallService } from "./syscall_service.ts";
import { withPlainBytes } from "./wire.ts";

/** Certificates in PEM. With `clientCa` clients must present one that it signed. */
export interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly clientCa?: Buffer | undefined;
}

export interface ServerOptions {
  readonly host: Host;
  /** `HOST:PORT` or `unix:PATH`; port 0 takes a free one. */
  readonly address: string;
  /** What a process runs under that asks for no kernel. */
  readonly kernel: KernelName;
  readonly limits: Limits;
  readonly log: Log;
  readonly tls?: Tls | undefined;
  readonly tokens?: Tokens | undefined;
  /** Where Prometheus metrics are served, if anywhere. */
  readonly metrics?: { readonly host: string; readonly port: number } | undefined;
}

/** A server that listens. */
export interface RunningServer {
  /** As clients dial it, with the port that was taken. */
  readonly address: string;
  readonly sessions: Sessions;
  readonly metrics?: MetricsEndpoint | undefined;
  /** Takes no more calls, waits for open ones for the grace period, ends all processes. */
  stop(): Promise<void>;
}

/** How far a client may be ahead of what was read, in bytes. */
const RECEIVE_WINDOW = 8 << 20;
/** A connection that holds more than this takes no new streams until it has let go. */
const SESSION_MEMORY_MB = 128;
/** A client that is gone without a word is missed after twice this. */
const KEEPALIVE_MS = 10_000;

const UNIX = "unix:";

/** Starts serving. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, limits, log, kernel } = options;
  const isOperator = (principal: string) => !isShared(options) || principal === OPERATOR;
  const gate = new Gate(authenticator(options), limits, log, isOperator);
  const sessions = new Sessions(host, limits, log);
  const health = new HealthService();
  const server = createServer({
    "grpc-node.max_session_memory": SESSION_MEMORY_MB,
    "grpc.max_receive_message_length": limits.messageBytes,
    "grpc.max_concurrent_streams": limits.callsPerConnection,
    "grpc.keepalive_time_ms": KEEPALIVE_MS,
    "grpc.keepalive_timeout_ms": KEEPALIVE_MS,
    ...(certificatesIdentify(options) ? { interceptors: [certificateInterceptor] } : {}),
  });
  server.add(withPlainBytes(ListSyscallServiceDefinition), syscallService(gate, sessions, kernel));
  server.add(withPlainBytes(KvmServiceDefinition), kvmService(gate, sessions));
  server.add(withPlainBytes(BulkMemoryServiceDefinition), memoryService(gate, sessions));
  server.add(withPlainBytes(InspectServiceDefinition), inspectService(gate, sessions, host, kernel));
  server.add(HealthDefinition, health);
  for (const definition of ReflectionDefinitions) server.add(definition, reflectionService);

  const abandon = (error: unknown) => {
    sessions.close();
    throw error;
  };
  const address = await listen(server, options).catch(abandon);
  const metrics = options.metrics && (await startMetrics(options.metrics, gate, sessions, host).catch(abandon));
  log.info({ address, metrics: metrics?.port }, "listening");

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    log.info({ processes: sessions.size }, "stopping");
    health.stop();
    gate.stop();
    sessions.interrupt();
    await drain(server, limits.graceMs);
    sessions.close();
    metrics?.close();
    log.info({}, "stopped");
    await log.flush();
  };
  return { address, sessions, metrics, stop: () => (stopped ??= stop()) };
}

/** Who may do what concerns the processes of others, where callers are told apart. */
const OPERATOR = "operator";

/** Callers are told apart by tokens or by certificates. */
const isShared = (options: ServerOptions) => options.tokens !== undefined || certificatesIdentify(options);

/** Tokens name the principal where there are any, else client certificates, else nobody does. */
function authenticator({ tokens, tls }: ServerOptions) {
  if (tokens) return byToken(tokens);
  return tls?.clientCa ? byCertificate : byNothing;
}

const certificatesIdentify = ({ tokens, tls }: ServerOptions) => !tokens && tls?.clientCa !== undefined;

function credentials({ tls }: ServerOptions): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const { cert, key, clientCa } = tls;
  return ServerCredentials.createSsl(
    clientCa ?? null,
    [{ cert_chain: cert, private_key: key }],
    clientCa !== undefined,
  );
}

/** Binds the address; a socket in the file system is for its owner only. */
async function listen(server: Server, options: ServerOptions): Promise<string> {
  const { address } = options;
  const path = address.startsWith(UNIX) ? address.slice(UNIX.length) : undefined;
  if (path !== undefined && (await isLeftOver(path))) await unlink(path);
  const bind = () => server.listen(address, credentials(options));
  const port = await withReceiveWindow(RECEIVE_WINDOW, bind).catch((error: Error) => {
    throw new Error(`cannot listen on ${address}: ${reasonOf(error)}`, { cause: error });
  });
  if (path === undefined) return `${address.slice(0, address.lastIndexOf(":"))}:${port}`;
  await chmod(path, 0o600);
  return address;
}

/** Whether a socket is in the file system of which the server was killed: nobody answers there. */
async function isLeftOver(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  if (!there?.isSocket()) return false;
  return new Promise((resolve) => {
    const socket = createConnection(path, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code === "ECONNREFUSED"));
  });
}

/** grpc-js has what the system said in brackets, for each address that it tried. */
function reasonOf({ message }: Error): string {
  return /errors: \[listen (.*)\]$/.exec(message)?.[1] ?? message;
}

async function startMetrics(address: { host: string; port: number }, gate: Gate, sessions: Sessions, host: Host) {
  const { serveMetrics } = await import("./middleware/metrics.ts");
  return serveMetrics(address, gate, sessions, host);
}

/** Waits until the open calls have ended, or until the grace period has. */
async function drain(server: Server, graceMs: number): Promise<void> {
  const force = setTimeout(() => server.forceShutdown(), graceMs);
  await server.shutdown();
  clearTimeout(force);
}
