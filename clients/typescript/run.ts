/** KVM_RUN, which sleeps as long as the guest runs: a stream of its own for each vCPU. */

import type { ClientDuplexStream } from "@grpc/grpc-js";
import { ClientError, Status } from "nice-grpc-common";
import type { KvmRun } from "./gen/kvm/v1/kvm.ts";
import { RunRequest, RunResponse } from "./gen/kvm/v1/kvm_service.ts";
import type { Process } from "./process.ts";
import { asBuffer, asBytes, clientError, type Method } from "./transport.ts";
import { KVM_RUN } from "./uapi.ts";

const RUN: Method<RunRequest, RunResponse> = {
  path: "/kvm.v1.KvmService/Run",
  serialize: (message) => asBuffer(RunRequest.encode(message).finish()),
  deserialize: (data) => RunResponse.decode(asBytes(data)),
};

/** How to enter the guest. */
export interface RunOptions {
  /** Aborting it interrupts the guest. */
  readonly signal?: AbortSignal | undefined;
  /** Not 0: KVM_RUN completes the last exit and returns EINTR. It stays as it was set. */
  readonly immediate_exit?: number | undefined;
  /** What the guest's MMIO read gets. */
  readonly mmio_data?: Uint8Array | undefined;
}

/** Who waits for the exit. */
interface Waiter {
  resolve(response: RunResponse): void;
  reject(error: unknown): void;
}

interface Stream {
  readonly call: ClientDuplexStream<RunRequest, RunResponse>;
  readonly waiters: Waiter[];
}

/** One vCPU's stream: a request enters, a response is an exit. It opens with the first run, and again after it broke. */
export class RunStream {
  private readonly process: Process;
  private readonly fd: number;
  private stream: Stream | undefined;

  constructor(process: Process, fd: number) {
    this.process = process;
    this.fd = fd;
  }

  async run({ signal, immediate_exit, mmio_data }: RunOptions): Promise<KvmRun> {
    signal?.throwIfAborted();
    const { call, waiters } = (this.stream ??= this.open());
    const cancel = () => call.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      call.write({ process: this.process.handle, fd: this.fd, arg: 0n, immediate_exit, mmio_data });
      const response = await new Promise<RunResponse>((resolve, reject) => waiters.push({ resolve, reject }));
      await this.process.caller.check("KVM_RUN", ["ioctl", this.fd, KVM_RUN], response);
      return response.run as KvmRun;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  end(): void {
    this.stream?.call.end();
    this.stream = undefined;
  }

  private open(): Stream {
    const stream: Stream = { call: this.process.caller.duplex(RUN), waiters: [] };
    const broken = (error: unknown) => {
      if (this.stream === stream) this.stream = undefined;
      for (const waiter of stream.waiters.splice(0)) waiter.reject(error);
    };
    stream.call.on("data", (response: RunResponse) => stream.waiters.shift()?.resolve(response));
    stream.call.on("error", (error) => broken(clientError(error, RUN.path)));
    stream.call.on("end", () => broken(new ClientError(RUN.path, Status.UNAVAILABLE, "the server ended the run")));
    return stream;
  }
}
