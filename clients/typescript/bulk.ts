/** Memory and tags in bulk: streamed in chunks, so that neither side holds more of them than are on their way. */

import type { ClientDuplexStream } from "@grpc/grpc-js";
import type { KvmError } from "./error.ts";
import {
  ReadMemoryRequest,
  ReadMemoryResponse,
  ReadTagsRequest,
  ReadTagsResponse,
  WriteMemoryResponse,
  WriteTagsResponse,
} from "./gen/kvm/v1/memory_service.ts";
import type { Failure } from "./rules.ts";
import { asBuffer, asBytes, clientError, type Method, type Transport } from "./transport.ts";
import { ERRNO, KVM_ARM_MTE_COPY_TAGS } from "./uapi.ts";

/** How far a copy has come, in bytes of memory. */
export interface Progress {
  readonly done: number;
  /** All there is to do, where that is known. */
  readonly total: number | undefined;
}

/** How to copy. */
export interface CopyOptions {
  /** Aborting it ends the copy, which throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Is told after each chunk. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Where bytes to write come from. A piece must stay as it is until the copy has ended. */
export type Source = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Whose memory a copy is about, and where it starts. */
export interface Target {
  readonly transport: Transport;
  readonly process: bigint;
  /** The VM, for tags. */
  readonly fd: number;
  readonly start: bigint;
  /** Makes the error of a copy that failed. */
  fail(name: string, failure: Failure, completed: number): Promise<KvmError>;
}

/** Bytes of a message's payload. */
const CHUNK_BYTES = 1 << 20;

/** What a copy moves. */
interface Kind {
  readonly name: string;
  readonly trace: (fd: number) => Failure["trace"];
  /** Bytes of memory for one byte of payload. */
  readonly scale: number;
}

const readv: Kind = { name: "process_vm_readv", trace: () => ["process_vm_readv"], scale: 1 };
const writev: Kind = { name: "process_vm_writev", trace: () => ["process_vm_writev"], scale: 1 };
/** A byte for each granule of 16 bytes. */
const copyTags: Kind = {
  name: "KVM_ARM_MTE_COPY_TAGS",
  trace: (fd) => ["ioctl", fd, KVM_ARM_MTE_COPY_TAGS],
  scale: 16,
};

const failed = (kind: Kind, target: Target, error: number, completed: number) =>
  target.fail(kind.name, { trace: kind.trace(target.fd), error }, completed);

// ---- reading

/** What a chunk says, whichever kind it is of. */
interface Chunk {
  readonly ret: bigint;
  readonly error: number;
  readonly data: Uint8Array;
}

/** A request for the `length` bytes of memory from `offset` on, as a stream. */
type Open = (offset: number, length: number) => { readonly chunks: AsyncIterable<Chunk>; cancel(): void };

function opened<Request, Response>(
  transport: Transport,
  method: Method<Request, Response>,
  request: Request,
  chunkOf: (response: Response) => Chunk,
): ReturnType<Open> {
  const call = transport.download(method, request);
  const chunks = async function* () {
    try {
      for await (const response of call) yield chunkOf(response as Response);
    } catch (error) {
      throw clientError(error, method.path);
    } finally {
      call.cancel();
    }
  };
  return { chunks: chunks(), cancel: () => call.cancel() };
}

/** The range's chunks in ascending order. Where memory ends early it throws, once what could be read is out. */
async function* readAll(
  kind: Kind,
  target: Target,
  length: number,
  open: Open,
  { signal, onProgress }: CopyOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let done = 0;
  for (let before = -1; done < length; ) {
    signal?.throwIfAborted();
    if (done === before)
      throw new Error(`the server ended the copy after ${done} of ${length} bytes, without a reason`);
    before = done;
    const { chunks, cancel } = open(done, length - done);
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      for await (const { ret, error, data } of chunks) {
        if (error !== 0) throw await failed(kind, target, error, done);
        done += Number(ret);
        onProgress?.({ done, total: length });
        yield data.subarray(0, Number(ret) / kind.scale);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
    // A short chunk ends the stream without an error: the next one, from where it stopped, says why.
  }
}

const READ_MEMORY: Method<ReadMemoryRequest, ReadMemoryResponse> = {
  path: "/kvm.v1.MemoryService/ReadMemory",
  serialize: (message) => asBuffer(ReadMemoryRequest.encode(message).finish()),
  deserialize: (data) => ReadMemoryResponse.decode(asBytes(data)),
};

/** The process's memory, chunk by chunk. */
export function readMemory(
  target: Target,
  length: number,
  options: CopyOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { transport, process, start } = target;
  const open: Open = (offset, left) => {
    const request = { process, address: start + BigInt(offset), length: BigInt(left), chunk_bytes: 0 };
    return opened(transport, READ_MEMORY, request, (chunk) => chunk);
  };
  return readAll(readv, target, length, open, options);
}

const READ_TAGS: Method<ReadTagsRequest, ReadTagsResponse> = {
  path: "/kvm.v1.MemoryService/ReadTags",
  serialize: (message) => asBuffer(ReadTagsRequest.encode(message).finish()),
  deserialize: (data) => ReadTagsResponse.decode(asBytes(data)),
};

/** The tags of a VM's memory, chunk by chunk; `length` is of memory. */
export function readTags(
  target: Target,
  length: number,
  options: CopyOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { transport, process, fd, start } = target;
  const open: Open = (offset, left) => {
    const request = { process, fd, guest_ipa: start + BigInt(offset), length: BigInt(left), chunk_bytes: 0 };
    return opened(transport, READ_TAGS, request, ({ ret, error, tags }) => ({ ret, error, data: tags }));
  };
  return readAll(copyTags, target, length, open, options);
}

// ---- writing

/** A message to the server: a chunk, and in the first one whose it is. */
interface Message {
  readonly process: bigint;
  readonly fd: number;
  readonly address: bigint;
  readonly data: Uint8Array;
}

/** What answers a chunk. */
interface Ack {
  readonly ret: bigint;
  readonly error: number;
}

/** How the fields of one of the two messages are numbered. */
interface FieldNumbers {
  readonly process: number;
  readonly fd?: number;
  readonly address: number;
  readonly data: number;
}

/** Everything of a message before its payload, as protobuf has it. */
function head({ process, fd, address, data }: Message, fields: FieldNumbers): Uint8Array {
  const buffer = Buffer.allocUnsafe(40);
  let end = 0;
  const varint = (value: number) => {
    for (; value > 0x7f; value >>>= 7) end = buffer.writeUInt8((value & 0x7f) | 0x80, end);
    end = buffer.writeUInt8(value, end);
  };
  const fixed64 = (field: number, value: bigint) => {
    varint((field << 3) | 1);
    end = buffer.writeBigUInt64LE(value, end);
  };
  if (process !== 0n) fixed64(fields.process, process);
  if (fields.fd && fd !== 0) {
    varint(fields.fd << 3);
    varint(fd);
  }
  fixed64(fields.address, address);
  varint((fields.data << 3) | 2);
  varint(data.length);
  return buffer.subarray(0, end);
}

/**
 * A message in two parts. grpc-js asks a serialized message for its length and to copy itself into the frame,
 * so this is all it needs, and the payload is copied once.
 */
function rope(first: Uint8Array, second: Uint8Array): Buffer {
  const parts = {
    length: first.length + second.length,
    copy(frame: Uint8Array, start: number) {
      frame.set(first, start);
      frame.set(second, start + first.length);
    },
  };
  return parts as unknown as Buffer;
}

function writing(path: string, fields: FieldNumbers, decode: (data: Uint8Array) => Ack): Method<Message, Ack> {
  return { path, serialize: (message) => rope(head(message, fields), message.data), deserialize: decode };
}

const WRITE_MEMORY = writing("/kvm.v1.MemoryService/WriteMemory", { process: 1, address: 2, data: 3 }, (data) =>
  WriteMemoryResponse.decode(data),
);
const WRITE_TAGS = writing("/kvm.v1.MemoryService/WriteTags", { process: 1, fd: 2, address: 3, data: 4 }, (data) =>
  WriteTagsResponse.decode(data),
);

async function* iterate(source: Source): AsyncGenerator<Uint8Array, void, undefined> {
  if (source instanceof Uint8Array) yield source;
  else yield* source;
}

/** The same bytes in chunks of one size, the last one excepted; large pieces are cut without a copy. */
async function* rechunk(source: Source, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  let gathered: Uint8Array[] = [];
  let length = 0;
  for await (let piece of iterate(source)) {
    while (length + piece.length >= size) {
      const taken = piece.subarray(0, size - length);
      yield gathered.length > 0 ? Buffer.concat([...gathered, taken]) : taken;
      piece = piece.subarray(taken.length);
      gathered = [];
      length = 0;
    }
    if (piece.length > 0) gathered.push(piece);
    length += piece.length;
  }
  if (gathered.length > 0) yield gathered.length > 1 ? Buffer.concat(gathered) : gathered[0]!;
}

/** One stream of chunks to the server. */
class WriteStream {
  /** Bytes of memory done. */
  done = 0;
  /** Why a chunk failed. */
  error = 0;
  /** What was left of a chunk that was done in part. */
  rest: Uint8Array | undefined;
  private readonly kind: Kind;
  private readonly target: Target;
  private readonly progress: ((done: number) => void) | undefined;
  private readonly call: ClientDuplexStream<Message, Ack>;
  private readonly ended: Promise<void>;
  private readonly unanswered: Uint8Array[] = [];
  private sent = 0;
  private open = true;

  constructor(kind: Kind, target: Target, method: Method<Message, Ack>, progress?: (done: number) => void) {
    this.kind = kind;
    this.target = target;
    this.progress = progress;
    this.call = target.transport.duplex(method);
    this.call.on("data", (ack: Ack) => this.answered(ack));
    this.ended = new Promise((resolve, reject) => {
      this.call.on("error", (error) => reject(clientError(error, method.path)));
      this.call.on("end", resolve);
    }).then(
      () => this.close(),
      (error) => {
        this.close();
        throw error;
      },
    );
    // It is awaited once all is sent; until then a failure must not count as unhandled.
    this.ended.catch(() => {});
  }

  /** Sends the chunks, as far as the server takes them, and waits for its answers. */
  async run(chunks: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void> {
    const cancel = () => this.call.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      await this.sendAll(chunks);
      this.call.end();
      await this.ended;
    } catch (error) {
      this.call.cancel();
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** A source that has nothing for a long time must not hide that the stream has ended. */
  private async sendAll(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const iterator = chunks[Symbol.asyncIterator]();
    try {
      while (this.open) {
        const step = iterator.next();
        step.catch(() => {});
        const next = await Promise.race([step, this.ended]);
        if (!next || next.done) break;
        await this.send(next.value);
      }
    } finally {
      iterator.return?.()?.catch(() => {});
    }
  }

  private async send(data: Uint8Array): Promise<void> {
    const { process, fd, start } = this.target;
    const first = this.sent === 0;
    const message = { process: first ? process : 0n, fd: first ? fd : 0, address: start + BigInt(this.sent), data };
    this.sent += data.length * this.kind.scale;
    this.unanswered.push(data);
    if (this.call.write(message)) return;
    const drained = new Promise<void>((resolve) => void this.call.once("drain", resolve));
    await Promise.race([drained, this.ended]);
  }

  private answered({ ret, error }: Ack): void {
    const chunk = this.unanswered.shift();
    if (error !== 0) {
      this.error = error;
      return;
    }
    this.done += Number(ret);
    this.progress?.(this.done);
    const written = Number(ret) / this.kind.scale;
    if (chunk && written < chunk.length) this.rest = chunk.subarray(written);
  }

  private close(): void {
    this.open = false;
  }
}

async function writeAll(
  kind: Kind,
  target: Target,
  method: Method<Message, Ack>,
  source: Source,
  { signal, onProgress }: CopyOptions,
): Promise<number> {
  signal?.throwIfAborted();
  const total = source instanceof Uint8Array ? source.length * kind.scale : undefined;
  const stream = new WriteStream(kind, target, method, onProgress && ((done) => onProgress({ done, total })));
  await stream.run(rechunk(source, CHUNK_BYTES), signal);
  let { done, rest, error } = stream;
  // A chunk that is done in part ends the stream without an error: what is left of it says why.
  while (rest && error === 0) {
    const next = new WriteStream(kind, { ...target, start: target.start + BigInt(done) }, method);
    await next.run(iterate(rest), signal);
    done += next.done;
    error = next.error;
    rest = next.done === 0 ? undefined : next.rest;
  }
  if (error === 0 && !stream.rest) return done;
  throw await failed(kind, target, error || ERRNO.EFAULT, done);
}

/** Writes to the process's memory; answers how many bytes. */
export function writeMemory(target: Target, source: Source, options: CopyOptions): Promise<number> {
  return writeAll(writev, target, WRITE_MEMORY, source, options);
}

/** Writes the tags of a VM's memory; answers how many bytes of memory they cover. */
export function writeTags(target: Target, source: Source, options: CopyOptions): Promise<number> {
  return writeAll(copyTags, target, WRITE_TAGS, source, options);
}
