/** One connection to a server: a channel, what authenticates it, and the stubs on it. */

import {
  Channel,
  type ChannelCredentials,
  type ChannelOptions,
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import { createClient, Metadata as NiceMetadata } from "nice-grpc";
import { ClientError, Status } from "nice-grpc-common";
import { type InspectServiceClient, InspectServiceDefinition } from "./gen/kvm/v1/inspect_service.ts";
import { type KvmServiceClient, KvmServiceDefinition } from "./gen/kvm/v1/kvm_service.ts";
import { type MemoryServiceClient, MemoryServiceDefinition } from "./gen/kvm/v1/memory_service.ts";
import { type SyscallServiceClient, SyscallServiceDefinition } from "./gen/kvm/v1/syscall_service.ts";

/** How to reach a server. */
export interface ConnectOptions {
  /** The bearer token, where the server asks for one. */
  readonly token?: string | undefined;
  /** Encrypt: `true` trusts the authorities that Node trusts. */
  readonly tls?: boolean | TlsOptions | undefined;
  /** Milliseconds to wait for the connection. */
  readonly timeout?: number | undefined;
  /** Ask for the rule behind each failure, which costs a round trip each; on unless `false`. */
  readonly rules?: boolean | undefined;
  /** Further options of grpc-js. */
  readonly channel?: ChannelOptions | undefined;
}

/** Certificates in PEM. */
export interface TlsOptions {
  /** The authority that signed the server's certificate. */
  readonly ca?: Buffer | undefined;
  /** The client's own certificate and key, for a server that asks for one. */
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
  /** The name that the server's certificate has, where it is not the address. */
  readonly serverName?: string | undefined;
}

/** The stubs of every service. */
export interface Services {
  readonly syscalls: SyscallServiceClient;
  readonly kvm: KvmServiceClient;
  readonly memory: MemoryServiceClient;
  readonly inspect: InspectServiceClient;
}

/** A message's bytes as grpc-js takes them. */
export function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** A message's bytes as they are decoded: what a field of bytes becomes is then no Buffer either. */
export function asBytes(data: Buffer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The largest single gain for bulk bytes: HTTP/2's own window is 64 KiB. */
const WINDOW_BYTES = 8 << 20;

/** How long to ask why there is no connection. */
const REFUSAL_MS = 200;

/** A method as the generated definitions describe it. */
export interface Method<Request, Response> {
  readonly path: string;
  readonly serialize: (message: Request) => Buffer;
  readonly deserialize: (data: Buffer) => Response;
}

function credentialsOf(tls: boolean | TlsOptions): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  const { ca, key, cert } = tls === true ? ({} as TlsOptions) : tls;
  return credentials.createSsl(ca ?? null, key ?? null, cert ?? null);
}

function channelOptions({ tls, channel }: ConnectOptions): ChannelOptions {
  const name = typeof tls === "object" ? tls.serverName : undefined;
  return {
    "grpc-node.flow_control_window": WINDOW_BYTES,
    ...(name ? { "grpc.ssl_target_name_override": name, "grpc.default_authority": name } : {}),
    ...channel,
  };
}

/** What grpc-js calls the address: a URL's scheme says whether to encrypt. */
function parseAddress(address: string): { target: string; tls: boolean } {
  const [, scheme, rest] = /^(https?):\/\/([^/]+)\/?$/.exec(address) ?? [];
  return rest === undefined ? { target: address, tls: false } : { target: rest, tls: scheme === "https" };
}

/** A channel with the generated stubs, and streams without the cost of their async iterables. */
export class Transport {
  readonly address: string;
  readonly services: Services;
  readonly rules: boolean;
  private readonly channel: Channel;
  private readonly client: Client;
  private readonly metadata = new Metadata();

  constructor(address: string, options: ConnectOptions) {
    this.address = address;
    this.rules = options.rules ?? true;
    const { target, tls } = parseAddress(address);
    const creds = credentialsOf(options.tls ?? tls);
    this.channel = new Channel(target, creds, channelOptions(options));
    this.client = new Client(target, creds, { channelOverride: this.channel });
    const niceMetadata = NiceMetadata();
    if (options.token) {
      this.metadata.set("authorization", `Bearer ${options.token}`);
      niceMetadata.set("authorization", `Bearer ${options.token}`);
    }
    const defaults = { "*": { metadata: niceMetadata } };
    this.services = {
      syscalls: createClient(SyscallServiceDefinition, this.channel, defaults),
      kvm: createClient(KvmServiceDefinition, this.channel, defaults),
      memory: createClient(MemoryServiceDefinition, this.channel, defaults),
      inspect: createClient(InspectServiceDefinition, this.channel, defaults),
    };
  }

  /** Waits until the server answers. */
  async ready(timeout: number): Promise<void> {
    const late = await new Promise<Error | undefined>((resolve) => {
      this.client.waitForReady(Date.now() + timeout, resolve);
    });
    if (!late) return;
    const reason = await this.refusal();
    throw new Error(`no tagvisor answers at ${this.address}${reason ? `: ${reason}` : ""}`, { cause: late });
  }

  /** Why there is no connection, as ECONNREFUSED or a certificate that nobody trusts: a call is told, waiting is not. */
  private async refusal(): Promise<string | undefined> {
    const told = await this.services.inspect.kernels({}, { signal: AbortSignal.timeout(REFUSAL_MS) }).catch(String);
    const [, connecting, resolving] =
      /Last error: (?:Error: )?(.+?)\.? Resolution note:|(Name resolution failed.*)/.exec(String(told)) ?? [];
    return connecting ?? resolving;
  }

  duplex<Request, Response>(method: Method<Request, Response>): ClientDuplexStream<Request, Response> {
    return this.client.makeBidiStreamRequest(method.path, method.serialize, method.deserialize, this.metadata);
  }

  download<Request, Response>(method: Method<Request, Response>, request: Request): ClientReadableStream<Response> {
    const { path, serialize, deserialize } = method;
    const call = this.client.makeServerStreamRequest(path, serialize, deserialize, request, this.metadata);
    // Whoever iterates over it gets the error; one that comes afterwards, of its own cancelling, is nobody's.
    call.on("error", () => {});
    return call;
  }

  close(): void {
    this.channel.close();
  }
}

/** The error that nice-grpc's stubs throw for a gRPC status, so that all calls throw alike. */
export function clientError(error: unknown, path: string): unknown {
  const { code, details } = error as Partial<ServiceError>;
  return typeof code === "number" ? new ClientError(path, code, details ?? "") : error;
}

/** Throws the error on, unless it says that there is nothing left to dispose of. */
export function unlessGone(error: unknown): void {
  const gone = error instanceof ClientError && (error.code === Status.NOT_FOUND || error.code === Status.UNAVAILABLE);
  if (!gone) throw error;
}
