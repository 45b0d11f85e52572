/** A connection to a server, where clients begin. */

import type { Kernel, Process as ProcessInfo } from "./gen/kvm/v1/inspect_service.ts";
import { Process } from "./process.ts";
import { type ConnectOptions, type Services, Transport } from "./transport.ts";

const CONNECT_MS = 5000;

/** What kind of process to start. */
export interface SpawnOptions {
  /** The kernel to run under: seed-v10, 5.14, 6.1, 6.12, 7.1; the server's default where it is left out. */
  readonly kernel?: string | undefined;
  /** Words to recognize it by. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Seconds it outlives a client that has gone silent. */
  readonly leaseSeconds?: number | undefined;
}

/** Connects to a server: `host:port`, `https://host:port` or `unix:/path`. */
export async function connect(address: string, options: ConnectOptions = {}): Promise<Tagvisor> {
  const transport = new Transport(address, options);
  try {
    await transport.ready(options.timeout ?? CONNECT_MS);
  } catch (error) {
    transport.close();
    throw error;
  }
  return new Tagvisor(transport);
}

/** A server, connected. */
export class Tagvisor implements AsyncDisposable {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  get address(): string {
    return this.transport.address;
  }

  /** The generated stubs, for everything that has no method here. */
  get services(): Services {
    return this.transport.services;
  }

  /** Starts an emulated process. */
  async spawn({ kernel = "", labels = {}, leaseSeconds = 0 }: SpawnOptions = {}): Promise<Process> {
    const request = { kernel, labels, lease_seconds: leaseSeconds };
    return new Process(this.transport, await this.services.syscalls.spawn(request));
  }

  /** A process that exists already, by its handle. */
  async attach(handle: bigint): Promise<Process> {
    const known = (await this.processes()).find(({ process }) => process === handle);
    if (known) return new Process(this.transport, known);
    // It is not ours, or not there: the server knows which.
    await this.services.syscalls.renew({ process: handle });
    return new Process(this.transport, { process: handle, pid: 0, kernel: "" });
  }

  /** The processes that belong to this client's token, oldest first. */
  async processes(): Promise<ProcessInfo[]> {
    return (await this.services.inspect.processes({})).processes;
  }

  /** The kernels that a process can run under, with everything in which they differ. */
  async kernels(): Promise<Kernel[]> {
    return (await this.services.inspect.kernels({})).kernels;
  }

  /** Closes the connection. Processes that did not exit live on for their lease. */
  async close(): Promise<void> {
    this.transport.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
