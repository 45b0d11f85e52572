/** Real servers on real sockets for the client's tests. */

import { DEFAULT_KERNEL } from "../../../server/abi/versions.ts";
import { PhysicalMemory } from "../../../server/hw/memory.ts";
import { Host } from "../../../server/kernel/host.ts";
import { kvmInit } from "../../../server/kernel/kvm/kvm_main.ts";
import { DEFAULT_LIMITS } from "../../../server/rpc/middleware/limits.ts";
import { createLog } from "../../../server/rpc/middleware/log.ts";
import { type RunningServer, type ServerOptions, startServer } from "../../../server/rpc/server.ts";

/** A server on a free port of the loopback interface, with a host of its own. */
export function startTestServer(
  options: Partial<ServerOptions> & { readonly bytes?: number } = {},
): Promise<RunningServer> {
  const { bytes = 64 << 20, ...overrides } = options;
  const host = new Host(new PhysicalMemory({ bytes }));
  kvmInit(host);
  return startServer({
    host,
    address: "127.0.0.1:0",
    kernel: DEFAULT_KERNEL,
    limits: { ...DEFAULT_LIMITS, graceMs: 100 },
    log: createLog("error"),
    ...overrides,
  });
}
