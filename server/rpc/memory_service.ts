/** MemoryService: bytes of a process and tags of its guests in bulk, chunk by chunk, and the process's own tags. */

import { KVM_ARM_TAGS_FROM_GUEST, KVM_ARM_TAGS_TO_GUEST, kvm_arm_copy_mte_tags } from "../abi/kvm_arm64.ts";
import { requestOf } from "../abi/kvm_ioctl.ts";
import { MADV_DONTFORK, MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../abi/mman.ts";
import {
  type AccessRequest,
  type AccessResponse,
  MemoryServiceDefinition,
  type MemoryServiceImplementation,
  type ReadMemoryRequest,
  ReadMemoryResponse,
  type ReadTagsRequest,
  ReadTagsResponse,
  Signal,
  type WriteMemoryRequest,
  type WriteMemoryResponse,
  type WriteTagsRequest,
  type WriteTagsResponse,
} from "../gen/kvm/v1/memory_service.ts";
import { MTE_GRANULE_SIZE, MTE_GRANULES_PER_PAGE } from "../hw/memory.ts";
import { loadTags, storeTags } from "../kernel/arch/mte.ts";
import { copyFromUser, copyToUser, loadStore, type Signal as SignalName } from "../kernel/mm/uaccess.ts";
import type { Task } from "../kernel/process.ts";
import { sysIoctlData, sysProcessVmReadv, sysProcessVmWritev } from "../kernel/syscalls.ts";
import { BulkMessages, frameOf } from "./bulk_message.ts";
import type { Gate, OpenStream } from "./gate.ts";
import { ServedProcess } from "./served_process.ts";
import type { Sessions } from "./session.ts";
import { answer, malformed } from "./status.ts";
import { encodedBy } from "./wire.ts";

const COPY_TAGS = requestOf("KVM_ARM_MTE_COPY_TAGS");
/** The largest chunk, and the usual one; a message must stay well below gRPC's 4 MiB. */
const MAX_CHUNK = 1 << 20;
/** LoadTags answers with one message. */
const MAX_LOAD_BYTES = 16 << 20;

const { methods } = MemoryServiceDefinition;

/** The service's definition, its two bulk responses sent as they were laid out. */
export const BulkMemoryServiceDefinition = {
  ...MemoryServiceDefinition,
  methods: {
    ...methods,
    readMemory: { ...methods.readMemory, responseType: encodedBy(ReadMemoryResponse, frameOf) },
    readTags: { ...methods.readTags, responseType: encodedBy(ReadTagsResponse, frameOf) },
  },
} satisfies typeof MemoryServiceDefinition;

type Replies<T> = AsyncGenerator<T, void, undefined>;
/** Gives the process that a message names, and keeps it for the stream. */
type Serve = (process: bigint) => ServedProcess;

const wrap = (address: bigint) => BigInt.asUintN(64, address);

/** The size of chunks: what was asked for, in whole units, within the limits. */
function chunkSize(asked: number, unit: number): number {
  const size = Math.min(asked || MAX_CHUNK, MAX_CHUNK);
  return Math.max(size - (size % unit), unit);
}

/** The service. */
export function memoryService(gate: Gate, sessions: Sessions): MemoryServiceImplementation {
  /** A stream that serves one process, which it lets go at its end. */
  async function* serving<T>(stream: OpenStream, run: (serve: Serve) => Replies<T>): Replies<T> {
    let served: ServedProcess | undefined;
    try {
      yield* run((process) => (served = ServedProcess.of(served, process, sessions, stream)));
    } finally {
      served?.release();
    }
  }
  return {
    readMemory: gate.stream("MemoryService/readMemory", (request: ReadMemoryRequest, stream) =>
      serving(stream, (serve) => readMemory(serve(request.process), request, new BulkMessages(stream.signal))),
    ),
    writeMemory: gate.stream("MemoryService/writeMemory", (chunks: AsyncIterable<WriteMemoryRequest>, stream) =>
      serving(stream, (serve) => writeMemory(stream.messages(chunks), serve)),
    ),
    readTags: gate.stream("MemoryService/readTags", (request: ReadTagsRequest, stream) =>
      serving(stream, (serve) => readTags(serve(request.process), request, new BulkMessages(stream.signal))),
    ),
    writeTags: gate.stream("MemoryService/writeTags", (chunks: AsyncIterable<WriteTagsRequest>, stream) =>
      serving(stream, (serve) => writeTags(stream.messages(chunks), serve)),
    ),
    loadTags: gate.unary("MemoryService/loadTags", ({ process, address, length }, { principal }) => {
      const { task } = sessions.find(process, principal);
      if (length > BigInt(MAX_LOAD_BYTES)) throw malformed(`tags of ${length} bytes; ${MAX_LOAD_BYTES} is the most`);
      const tags = loadTags(task, address, Math.floor(Number(length) / MTE_GRANULE_SIZE));
      return typeof tags === "string" ? { signal: signalNumber(tags), tags: new Uint8Array(0) } : { signal: 0, tags };
    }),
    storeTags: gate.unary("MemoryService/storeTags", ({ process, address, tags }, { principal }) => ({
      signal: signalNumber(storeTags(sessions.find(process, principal).task, address, tags)),
    })),
    access: gate.unary("MemoryService/access", (request, { principal }) =>
      access(sessions.find(request.process, principal).task, request),
    ),
  };
}

// ---- memory of the process

async function* readMemory(
  served: ServedProcess,
  request: ReadMemoryRequest,
  messages: BulkMessages,
): Replies<ReadMemoryResponse> {
  const chunk = BigInt(chunkSize(request.chunk_bytes, 1));
  for (let done = 0n; done < request.length; ) {
    await messages.room();
    await served.turn();
    const address = wrap(request.address + done);
    const left = request.length - done;
    const length = Number(left < chunk ? left : chunk);
    const message = messages.message(address, length, length, done + BigInt(length));
    const ret = sysProcessVmReadv(served.thread, address, message.payload);
    done += BigInt(Math.max(ret, 0));
    const data = message.payload.subarray(0, Math.max(ret, 0));
    const frame = ret === length ? messages.framed(message) : {};
    yield { address, data, ...answer(ret), bytes_done: done, ...frame };
    if (ret < 0) return;
  }
}

async function* writeMemory(chunks: AsyncIterable<WriteMemoryRequest>, serve: Serve): Replies<WriteMemoryResponse> {
  let done = 0n;
  for await (const { process, address, data } of chunks) {
    const served = serve(process);
    if (data.length === 0) continue;
    await served.turn();
    const ret = sysProcessVmWritev(served.thread, address, data);
    done += BigInt(Math.max(ret, 0));
    yield { address, ...answer(ret), bytes_done: done };
    if (ret < data.length) return;
  }
}

// ---- tags of a guest

/** Memory of the process that a stream puts its tags into, as a VMM would: the ioctl's user pointer leads there. */
class TagBuffer {
  readonly served: ServedProcess;
  private readonly size: number;
  private address = 0;

  constructor(served: ServedProcess, size: number) {
    this.served = served;
    this.size = size;
  }

  /** The guest's tags into the buffer: the bytes of guest memory covered, or -errno. */
  async load(fd: number, guest_ipa: bigint, length: number): Promise<number> {
    const error = this.open();
    return error < 0 ? error : this.copy(fd, guest_ipa, length, KVM_ARM_TAGS_FROM_GUEST);
  }

  /** The tags that load() brought. */
  read(tags: Uint8Array): void {
    copyFromUser(this.served.thread, tags, BigInt(this.address));
  }

  /** Tags by way of the buffer to the guest: the bytes of guest memory covered, or -errno. */
  async store(fd: number, guest_ipa: bigint, tags: Uint8Array): Promise<number> {
    const error = this.open();
    if (error < 0) return error;
    copyToUser(this.served.thread, BigInt(this.address), tags);
    return this.copy(fd, guest_ipa, tags.length * MTE_GRANULE_SIZE, KVM_ARM_TAGS_TO_GUEST);
  }

  close(): void {
    const { thread } = this.served;
    if (this.address !== 0 && !thread.hasExited) thread.mm.munmap(this.address, this.size);
  }

  private open(): number {
    if (this.address !== 0) return 0;
    const { thread } = this.served;
    const flags = MAP_PRIVATE | MAP_ANONYMOUS;
    const address = thread.mm.mmap(thread, 0, this.size, PROT_READ | PROT_WRITE, flags, null, 0);
    if (address < 0) return address;
    this.address = address;
    return thread.mm.madvise(address, this.size, MADV_DONTFORK);
  }

  /** KVM_ARM_MTE_COPY_TAGS. */
  private async copy(fd: number, guest_ipa: bigint, length: number, flags: bigint): Promise<number> {
    const { thread } = this.served;
    const addr = BigInt(this.address);
    const argument = kvm_arm_copy_mte_tags.encode({ guest_ipa, length: BigInt(length), addr, flags });
    const result = sysIoctlData(thread, fd, COPY_TAGS, argument);
    const { ret } = result instanceof Promise ? await this.served.sleep(result) : result;
    return ret >= 0 && !thread.abi.copyTagsReturnsBytes ? length : ret;
  }
}

async function* readTags(
  served: ServedProcess,
  request: ReadTagsRequest,
  messages: BulkMessages,
): Replies<ReadTagsResponse> {
  const chunk = chunkSize(request.chunk_bytes, MTE_GRANULES_PER_PAGE);
  const buffer = new TagBuffer(served, chunk);
  try {
    yield* tagChunks(buffer, request, BigInt(chunk * MTE_GRANULE_SIZE), messages);
  } finally {
    buffer.close();
  }
}

/** One ioctl a chunk, and one at least: an empty range is checked like any other. */
async function* tagChunks(
  buffer: TagBuffer,
  { fd, guest_ipa, length }: ReadTagsRequest,
  chunk: bigint,
  messages: BulkMessages,
): Replies<ReadTagsResponse> {
  let done = 0n;
  do {
    await messages.room();
    await buffer.served.turn();
    const ipa = wrap(guest_ipa + done);
    const left = length - done;
    const ret = await buffer.load(fd, ipa, Number(left < chunk ? left : chunk));
    const covered = Math.max(ret, 0);
    done += BigInt(covered);
    const message = messages.message(ipa, covered / MTE_GRANULE_SIZE, covered, done);
    if (covered > 0) buffer.read(message.payload);
    const frame = covered > 0 ? messages.framed(message) : {};
    yield { guest_ipa: ipa, tags: message.payload, ...answer(ret), bytes_done: done, ...frame };
    if (covered === 0) return;
  } while (done < length);
}

async function* writeTags(chunks: AsyncIterable<WriteTagsRequest>, serve: Serve): Replies<WriteTagsResponse> {
  let buffer: TagBuffer | undefined;
  let vm = -1;
  let done = 0n;
  try {
    for await (const { process, fd, guest_ipa, tags } of chunks) {
      const served = serve(process);
      if (process !== 0n) vm = fd;
      if (tags.length > MAX_CHUNK) throw malformed(`a chunk of ${tags.length} tags; ${MAX_CHUNK} is the most`);
      if (tags.length === 0) continue;
      await served.turn();
      if (buffer?.served !== served) {
        buffer?.close();
        buffer = new TagBuffer(served, MAX_CHUNK);
      }
      const ret = await buffer.store(vm, guest_ipa, tags);
      done += BigInt(Math.max(ret, 0));
      yield { guest_ipa, ...answer(ret), bytes_done: done };
      if (ret < tags.length * MTE_GRANULE_SIZE) return;
    }
  } finally {
    buffer?.close();
  }
}

// ---- the process's own accesses

const SIGNALS = { SIGSEGV: Signal.SIGNAL_SIGSEGV, SIGBUS: Signal.SIGNAL_SIGBUS } as const;
const signalNumber = (signal: 0 | SignalName): Signal => (signal === 0 ? Signal.SIGNAL_UNSPECIFIED : SIGNALS[signal]);

const WIDTHS = [1, 2, 4, 8];

function access(task: Task, { address, width, write, value }: AccessRequest): AccessResponse {
  if (!WIDTHS.includes(width)) throw malformed(`an access of ${width} bytes`);
  const bytes = new Uint8Array(BigUint64Array.of(write ? value : 0n).buffer);
  const signal = loadStore(task, address, bytes.subarray(0, width), write);
  const [loaded = 0n] = new BigUint64Array(bytes.buffer);
  return { signal: signalNumber(signal), value: signal || write ? 0n : loaded };
}
