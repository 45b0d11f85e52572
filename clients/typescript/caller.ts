/** Makes the calls of one process: over its stream where they are quick, over streams of their own where they may sleep. */

import type { ClientDuplexStream } from "@grpc/grpc-js";
import type { ListMaker } from "./batch.ts";
import type { Target } from "./bulk.ts";
import type { Call } from "./calls.ts";
import * as calls from "./calls.ts";
import { KvmError } from "./error.ts";
import type { SyscallResult } from "./gen/kvm/v1/syscall_service.ts";
import { Pipeline } from "./pipeline.ts";
import { type Failure, Rules } from "./rules.ts";
import type { Method, Transport } from "./transport.ts";

const SCRATCH_BYTES = 64 << 10;

/** What a call answers, as the protos have it. */
interface Answer {
  readonly ret: bigint;
  readonly error: number;
}

/** The calls of one process. */
export class Caller implements ListMaker {
  readonly transport: Transport;
  private readonly process: bigint;
  private readonly pipeline: Pipeline;
  private readonly rules: Rules;
  private scratch: Promise<{ address: bigint; size: number }> | undefined;

  constructor(transport: Transport, process: bigint) {
    this.transport = transport;
    this.process = process;
    this.pipeline = new Pipeline(transport, process);
    this.rules = new Rules(transport.services.inspect, process);
  }

  /** Makes a call; throws KvmError where it fails. */
  async call<T>(call: Call<T>): Promise<T> {
    const result = await this.pipeline.call(call.message);
    if (result.error !== 0) throw await this.failure(call, result);
    return call.answer(result);
  }

  /** Makes calls with no other in between; answers what each of them answered, failures too. */
  results(...list: Call<unknown>[]): Promise<SyscallResult[]> {
    return Promise.all(list.map(({ message }) => this.pipeline.call(message)));
  }

  list(list: readonly Call<unknown>[], stopAtError: boolean): Promise<SyscallResult[]> {
    const messages = list.map(({ message }) => message);
    return this.pipeline.list(messages, stopAtError);
  }

  /** A stream of its own. */
  duplex<Request, Response>(method: Method<Request, Response>): ClientDuplexStream<Request, Response> {
    return this.transport.duplex(method);
  }

  /** What a copy in bulk starts from. */
  target(start: number | bigint, fd = -1): Target {
    const fail: Target["fail"] = (name, failure, completed) => this.explained(name, failure, completed);
    return { transport: this.transport, process: this.process, fd, start: BigInt(start), fail };
  }

  /** The result of a call that went another way than the stream; throws KvmError where it failed. */
  async check(name: string, trace: Failure["trace"], { ret, error }: Answer): Promise<number> {
    if (error !== 0) throw await this.explained(name, { trace, error });
    return Number(ret);
  }

  /** The error of a failed call, with the rule that refused it. */
  failure({ name, trace }: Pick<Call<unknown>, "name" | "trace">, { error }: Pick<Answer, "error">): Promise<KvmError> {
    return this.explained(name, { trace, error });
  }

  private async explained(name: string, failure: Failure, completed?: number): Promise<KvmError> {
    const rule = this.transport.rules ? await this.rules.find(failure) : undefined;
    return new KvmError(name, failure.error, rule, completed);
  }

  /**
   * Memory of the process for a buffer that a struct points at. All calls share it, as they are made in order: one that
   * uses it must write and read it next to its own call, in the same tick.
   */
  async scratchArea(size: number): Promise<bigint> {
    for (;;) {
      const area = await (this.scratch ??= this.mapScratch(Math.max(size, SCRATCH_BYTES)));
      if (area.size >= size) return area.address;
      this.scratch = undefined;
    }
  }

  private async mapScratch(size: number): Promise<{ address: bigint; size: number }> {
    return { address: await this.call(calls.mmap({ length: size })), size };
  }

  /** Ends the stream, once it has answered. */
  end(): void {
    this.pipeline.end();
  }
}
