/** A process with a nice-grpc server that does nothing: what any Node server of these messages costs at least. Prints its address. */

import { createServer } from "nice-grpc";
import {
  MemoryServiceDefinition,
  type ReadTagsResponse,
  type WriteTagsResponse,
} from "../../server/gen/kvm/v1/memory_service.ts";
import { SyscallServiceDefinition } from "../../server/gen/kvm/v1/syscall_service.ts";

const server = createServer();
const none = new Uint8Array(0);
const { ioctl, syscalls } = SyscallServiceDefinition.methods;
const { readTags, writeTags } = MemoryServiceDefinition.methods;

server.add(
  { name: SyscallServiceDefinition.name, fullName: SyscallServiceDefinition.fullName, methods: { ioctl, syscalls } },
  {
    ioctl: async () => ({ ret: 1n, error: 0, data: none }),
    async *syscalls(requests) {
      for await (const { calls } of requests) yield { results: calls.map(() => ({ ret: 1n, error: 0, data: none })) };
    },
  },
);
server.add(
  { name: MemoryServiceDefinition.name, fullName: MemoryServiceDefinition.fullName, methods: { readTags, writeTags } },
  {
    async *readTags(request): AsyncGenerator<ReadTagsResponse> {
      const tags = new Uint8Array(request.chunk_bytes || 1 << 18);
      const total = Number(request.length / 16n);
      for (let done = 0; done < total; done += tags.length) {
        const bytesDone = BigInt(done + tags.length) * 16n;
        yield { guest_ipa: request.guest_ipa, tags, ret: BigInt(tags.length * 16), error: 0, bytes_done: bytesDone };
      }
    },
    async *writeTags(requests): AsyncGenerator<WriteTagsResponse> {
      let done = 0n;
      for await (const { tags } of requests) {
        done += BigInt(tags.length * 16);
        yield { guest_ipa: 0n, ret: BigInt(tags.length * 16), error: 0, bytes_done: done };
      }
    },
  },
);

const port = await server.listen("127.0.0.1:0");
console.log(`listening on 127.0.0.1:${port}`);
