/** The `Syscalls` stream of one process: the calls of one tick travel in one message. */

import type { ClientDuplexStream } from "@grpc/grpc-js";
import { ClientError, Status } from "nice-grpc-common";
import { type Syscall, type SyscallResult, SyscallsRequest, SyscallsResponse } from "./gen/kvm/v1/syscall_service.ts";
import { asBuffer, asBytes, clientError, type Method, type Transport } from "./transport.ts";

const SYSCALLS: Method<SyscallsRequest, SyscallsResponse> = {
  path: "/kvm.v1.SyscallService/Syscalls",
  serialize: (message) => asBuffer(SyscallsRequest.encode(message).finish()),
  deserialize: (data) => SyscallsResponse.decode(asBytes(data)),
};

/** A message goes off before it has more calls, or more bytes one way, than this. */
const MAX_CALLS = 1000;
const MAX_BYTES = 1 << 20;

interface Message {
  readonly calls: Syscall[];
  readonly stop_at_error: boolean;
  bytes: number;
  deliver(results: SyscallResult[]): void;
  fail(error: unknown): void;
}

interface Waiter {
  resolve(result: SyscallResult): void;
  reject(error: unknown): void;
}

/** Bytes that a call carries or asks for. */
function bytesOf({ call }: Syscall): number {
  switch (call?.$case) {
    case "ioctl":
      return call.value.arg?.$case === "data" ? call.value.arg.value.length : 0;
    case "write":
    case "pwrite":
      return call.value.source?.$case === "data" ? call.value.source.value.length : 0;
    case "read":
    case "pread":
      return call.value.buffer === undefined ? Number(call.value.count) : 0;
    case "process_vm_readv":
      return Number(call.value.length);
    case "process_vm_writev":
      return call.value.data.length;
    default:
      return 0;
  }
}

/** A stream and what it has not answered yet, oldest first. */
interface Stream {
  readonly call: ClientDuplexStream<SyscallsRequest, SyscallsResponse>;
  readonly inFlight: Message[];
}

/** A message that calls may join until it goes off. */
interface OpenMessage extends Message {
  readonly waiters: Waiter[];
}

/** Puts calls on the stream in order. It opens with the first call, and again after an error ended it. */
export class Pipeline {
  private readonly transport: Transport;
  private readonly process: bigint;
  private stream: Stream | undefined;
  private readonly outbox: Message[] = [];
  private scheduled = false;
  private blocked = false;

  constructor(transport: Transport, process: bigint) {
    this.transport = transport;
    this.process = process;
  }

  /** One call; it shares its message with others of the same tick. */
  call(call: Syscall): Promise<SyscallResult> {
    return new Promise((resolve, reject) => {
      const bytes = bytesOf(call);
      const message = this.roomFor(bytes);
      message.calls.push(call);
      message.waiters.push({ resolve, reject });
      message.bytes += bytes;
    });
  }

  /** A list of calls that may refer to each other, in a message of its own. */
  list(calls: Syscall[], stop_at_error: boolean): Promise<SyscallResult[]> {
    return new Promise((deliver, fail) => {
      this.outbox.push({ calls, stop_at_error, bytes: 0, deliver, fail });
      this.schedule();
    });
  }

  /** Sends what waits and ends the stream when that is answered; a later call opens a new one. */
  end(): void {
    this.flush();
    this.stream?.call.end();
    this.stream = undefined;
  }

  private roomFor(bytes: number): OpenMessage {
    const last = this.outbox.at(-1);
    const open = last && "waiters" in last && last.calls.length < MAX_CALLS && last.bytes + bytes <= MAX_BYTES;
    return open ? (last as OpenMessage) : this.newMessage();
  }

  private newMessage(): OpenMessage {
    const waiters: Waiter[] = [];
    const message: OpenMessage = {
      calls: [],
      stop_at_error: false,
      bytes: 0,
      waiters,
      deliver: (results) => {
        for (let i = 0; i < waiters.length; i++) waiters[i]!.resolve(results[i]!);
      },
      fail: (error) => {
        for (const waiter of waiters) waiter.reject(error);
      },
    };
    this.outbox.push(message);
    this.schedule();
    return message;
  }

  private schedule(): void {
    if (this.scheduled || this.blocked) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  private flush(): void {
    while (!this.blocked) {
      const message = this.outbox.shift();
      if (!message) return;
      const { call, inFlight } = (this.stream ??= this.open());
      inFlight.push(message);
      const { calls, stop_at_error } = message;
      this.blocked = !call.write({ process: this.process, calls, stop_at_error });
    }
  }

  private open(): Stream {
    const call = this.transport.duplex(SYSCALLS);
    const stream: Stream = { call, inFlight: [] };
    call.on("data", ({ results }: SyscallsResponse) => stream.inFlight.shift()?.deliver(results));
    call.on("drain", () => {
      this.blocked = false;
      this.flush();
    });
    call.on("error", (error) => this.broken(stream, clientError(error, SYSCALLS.path)));
    call.on("end", () => {
      this.broken(stream, new ClientError(SYSCALLS.path, Status.UNAVAILABLE, "the server ended the stream"));
    });
    return stream;
  }

  /** What this stream has not answered fails, and with it what waits behind: it may rely on what was sent. */
  private broken(stream: Stream, error: unknown): void {
    for (const message of stream.inFlight.splice(0)) message.fail(error);
    if (this.stream !== stream) return;
    this.stream = undefined;
    this.blocked = false;
    for (const message of this.outbox.splice(0)) message.fail(error);
  }
}
