/** Servers of the replayer's own as a target: each on a loopback port, called as any other server is. */

import { DEFAULT_KERNEL, type KernelName } from "../../../server/abi/versions.ts";
import type { Host } from "../../../server/kernel/host.ts";
import { DEFAULT_LIMITS } from "../../../server/rpc/middleware/limits.ts";
import { createLog } from "../../../server/rpc/middleware/log.ts";
import { type RunningServer, startServer } from "../../../server/rpc/server.ts";
import { bootHost } from "./kernel_target.ts";
import { RpcTarget } from "./rpc_target.ts";
import { type Boot, machineOf, type Process, type Target } from "./target.ts";

interface Served {
  readonly host: Host;
  readonly server: RunningServer;
  readonly target: RpcTarget;
}

export class LocalServers implements Target {
  readonly name = "raw RPC to a server of its own";
  /** By machine; started when first needed. */
  private readonly served = new Map<string, Promise<Served>>();

  async spawn(kernel: KernelName, boot: Boot): Promise<Process | undefined> {
    return (await this.serve(boot)).target.spawn(kernel, { nomte: false });
  }

  /** The server whose machine was booted so. */
  serve(boot: Boot = { nomte: false }): Promise<Served> {
    const machine = machineOf(boot);
    const found = this.served.get(machine);
    if (found) return found;
    const served = start(boot);
    this.served.set(machine, served);
    return served;
  }

  async close(): Promise<void> {
    for (const served of this.served.values()) {
      const { target, server } = await served;
      await target.close();
      await server.stop();
    }
    this.served.clear();
  }
}

async function start(boot: Boot): Promise<Served> {
  const host = bootHost(boot);
  const address = "127.0.0.1:0";
  const log = createLog("error");
  const server = await startServer({ host, address, kernel: DEFAULT_KERNEL, limits: DEFAULT_LIMITS, log });
  return { host, server, target: new RpcTarget(server.address) };
}
