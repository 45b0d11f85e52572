/** Servers on real sockets and clients of them, for the tests of rpc/ and of the clients. */

import { Channel, ChannelCredentials } from "@grpc/grpc-js";
import { createClient, Metadata } from "nice-grpc";
import { InspectServiceDefinition } from "../../clients/typescript/gen/kvm/v1/inspect_service.ts";
import { KvmServiceDefinition } from "../../clients/typescript/gen/kvm/v1/kvm_service.ts";
import { MemoryServiceDefinition } from "../../clients/typescript/gen/kvm/v1/memory_service.ts";
import { SyscallServiceDefinition } from "../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { DEFAULT_KERNEL } from "../../server/abi/versions.ts";
import { PhysicalMemory } from "../../server/hw/memory.ts";
import { Host } from "../../server/kernel/host.ts";
import { kvmInit } from "../../server/kernel/kvm/kvm_main.ts";
import { DEFAULT_LIMITS, type Limits } from "../../server/rpc/middleware/limits.ts";
import { createLog } from "../../server/rpc/middleware/log.ts";
import { type ServerOptions, startServer } from "../../server/rpc/server.ts";

const MEMORY_BYTES = 64 << 20;

/** What a test may want to be different. */
export interface Differences extends Partial<Omit<ServerOptions, "limits">> {
  readonly limits?: Partial<Limits>;
  /** Memory of the emulated host. */
  readonly bytes?: number;
  /** Its CPUs. */
  readonly cpus?: number;
}

/** A server of its own for a test; `await using` stops it. */
export async function testServer({ limits, bytes = MEMORY_BYTES, cpus = 1, ...options }: Differences = {}) {
  const host = new Host(new PhysicalMemory({ bytes, cores: cpus }), { cpus });
  kvmInit(host);
  const server = await startServer({
    host,
    address: "127.0.0.1:0",
    kernel: DEFAULT_KERNEL,
    log: createLog("silent"),
    ...options,
    limits: { ...DEFAULT_LIMITS, graceMs: 500, ...limits },
  });
  const channels: Channel[] = [];
  return {
    host,
    server,
    address: server.address,
    sessions: server.sessions,
    /** Stubs on a connection of their own, by a token if there is one. */
    connect(token?: string, credentials = ChannelCredentials.createInsecure()) {
      const channel = new Channel(server.address, credentials, CHANNEL_OPTIONS);
      channels.push(channel);
      return stubs(channel, token);
    },
    async [Symbol.asyncDispose]() {
      for (const channel of channels) channel.close();
      await server.stop();
    },
  };
}
export type TestServer = Awaited<ReturnType<typeof testServer>>;

export const CHANNEL_OPTIONS = {
  "grpc-node.flow_control_window": 8 << 20,
  "grpc.use_local_subchannel_pool": 1,
};

/** A stub of each service. */
export function stubs(channel: Channel, token?: string) {
  const metadata = token === undefined ? {} : { metadata: Metadata({ authorization: `Bearer ${token}` }) };
  const all = { "*": metadata };
  return {
    channel,
    syscalls: createClient(SyscallServiceDefinition, channel, all),
    kvm: createClient(KvmServiceDefinition, channel, all),
    memory: createClient(MemoryServiceDefinition, channel, all),
    inspect: createClient(InspectServiceDefinition, channel, all),
  };
}
export type Stubs = ReturnType<typeof stubs>;

/** A process with /dev/kvm open as descriptor 0. */
export async function withKvm({ syscalls }: Stubs, kernel = ""): Promise<bigint> {
  const { process } = await syscalls.spawn({ kernel });
  await syscalls.openat({ process, path: "/dev/kvm", flags: 2n });
  return process;
}

/** What the call throws, as the code of its gRPC error. */
export async function codeOf(call: Promise<unknown>): Promise<number | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return (error as { code?: number }).code;
  }
}
