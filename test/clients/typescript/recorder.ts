/** A small gRPC server that shows what a client puts on the wire: it speaks the protocol and emulates nothing. */

import { createServer, type Server } from "nice-grpc";
import {
  MemoryServiceDefinition,
  type ReadTagsResponse,
  type WriteTagsRequest,
  type WriteTagsResponse,
} from "../../../clients/typescript/gen/kvm/v1/memory_service.ts";
import {
  SyscallServiceDefinition,
  type SyscallsRequest,
  type SyscallsResponse,
} from "../../../clients/typescript/gen/kvm/v1/syscall_service.ts";

const CHUNK = new Uint8Array(1 << 20);

/** Answers each call of a list with its place in the stream, and keeps the lists. */
export class Recorder {
  readonly lists: SyscallsRequest[] = [];
  /** Chunks of tags that were asked of the server, or taken in. */
  chunks = 0;
  address = "";
  private count = 0n;
  private readonly server: Server = createServer();
  private release: () => void = () => {};
  /** Resolves when a stalled stream may go on. */
  private readonly released = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  async start(): Promise<this> {
    const unary = async () => ({});
    this.server.add(
      { ...SyscallServiceDefinition, methods: { syscalls: SyscallServiceDefinition.methods.syscalls } } as never,
      { syscalls: (requests: AsyncIterable<SyscallsRequest>) => this.syscalls(requests), spawn: unary } as never,
    );
    const { readTags, writeTags } = MemoryServiceDefinition.methods;
    this.server.add(
      { ...MemoryServiceDefinition, methods: { readTags, writeTags } } as never,
      {
        readTags: () => this.readTags(),
        writeTags: (requests: AsyncIterable<WriteTagsRequest>) => this.writeTags(requests),
      } as never,
    );
    this.address = `127.0.0.1:${await this.server.listen("127.0.0.1:0")}`;
    return this;
  }

  async stop(): Promise<void> {
    this.release();
    this.server.forceShutdown();
  }

  private async *syscalls(requests: AsyncIterable<SyscallsRequest>): AsyncGenerator<SyscallsResponse> {
    for await (const request of requests) {
      this.lists.push(request);
      yield { results: request.calls.map(() => ({ ret: this.count++, error: 0, data: new Uint8Array(0) })) };
    }
  }

  /** Tags without end. */
  private async *readTags(): AsyncGenerator<ReadTagsResponse> {
    for (;;) {
      const done = BigInt(++this.chunks * CHUNK.length * 16);
      yield { guest_ipa: 0n, tags: CHUNK, ret: BigInt(CHUNK.length * 16), error: 0, bytes_done: done };
    }
  }

  /** Takes one chunk and then no more. */
  private async *writeTags(requests: AsyncIterable<WriteTagsRequest>): AsyncGenerator<WriteTagsResponse> {
    for await (const { guest_ipa, tags } of requests) {
      this.chunks++;
      yield { guest_ipa, ret: BigInt(tags.length * 16), error: 0, bytes_done: 0n };
      await this.released;
    }
  }
}
