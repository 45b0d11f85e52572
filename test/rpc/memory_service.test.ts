import fc from "fast-check";
import { Status } from "nice-grpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Errno } from "../../clients/typescript/gen/kvm/v1/errno.ts";
import { ReadMemoryResponse, ReadTagsResponse, Signal } from "../../clients/typescript/gen/kvm/v1/memory_service.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_MTE, PROT_READ, PROT_WRITE } from "../../server/abi/mman.ts";
import { BulkMessages, frameOf } from "../../server/rpc/bulk_message.ts";
import { codeOf, type Stubs, testServer, withKvm } from "./harness.ts";

let t: Awaited<ReturnType<typeof testServer>>;
let c: Stubs;
beforeAll(async () => {
  t = await testServer();
  c = t.connect();
});
afterAll(() => t[Symbol.asyncDispose]());

const READ_WRITE = PROT_READ | PROT_WRITE;
const MIB = 1 << 20;

async function map(process: bigint, length: number, prot = READ_WRITE): Promise<bigint> {
  const flags = BigInt(MAP_PRIVATE | MAP_ANONYMOUS);
  return (await c.syscalls.mmap({ process, fd: -1, length: BigInt(length), prot: BigInt(prot), flags })).ret;
}
async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
async function* each<T>(items: Iterable<T>) {
  yield* items;
}
const bytes = (length: number, seed = 1) => new Uint8Array(length).map((_, i) => (i * 7 + seed + (i >> 8)) & 0xff);

describe("memory in bulk", () => {
  it("comes back as it was written, in chunks of the size asked for", async () => {
    const process = await withKvm(c);
    const address = await map(process, 3 * MIB);
    const chunks = [0, 1, 2].map((i) => ({
      process: i === 0 ? process : 0n,
      address: address + BigInt(i * MIB),
      data: bytes(MIB, i),
    }));
    const written = await all(c.memory.writeMemory(each([{ process }, ...chunks])));
    expect(written.map(({ ret, bytes_done }) => [ret, bytes_done])).toEqual(
      [1n, 2n, 3n].map((n) => [BigInt(MIB), n * BigInt(MIB)]),
    );
    const read = await all(c.memory.readMemory({ process, address, length: BigInt(3 * MIB), chunk_bytes: 700_000 }));
    expect(read.map(({ ret }) => Number(ret))).toEqual([700_000, 700_000, 700_000, 700_000, 3 * MIB - 2_800_000]);
    expect(read.at(-1)?.bytes_done).toBe(BigInt(3 * MIB));
    expect(Buffer.concat(read.map(({ data }) => data)).equals(Buffer.concat(chunks.map(({ data }) => data)))).toBe(
      true,
    );
  });

  it("ends where the memory does: a short chunk, then the error", async () => {
    const process = await withKvm(c);
    const address = (await map(process, 3 * 4096)) + 4096n;
    await c.syscalls.munmap({ process, address: address + 8192n - 4096n, length: 4096n });
    const read = await all(c.memory.readMemory({ process, address: address + 10n, length: 8192n }));
    expect(read.map(({ ret, error, data, bytes_done }) => [ret, error, data.length, bytes_done])).toEqual([
      [4086n, 0, 4086, 4086n],
      [-1n, Errno.ERRNO_EFAULT, 0, 4086n],
    ]);
    const chunk = { process, address: address + 10n, data: bytes(8192) };
    const written = await all(c.memory.writeMemory(each([chunk, chunk])));
    expect(written.map(({ ret, error }) => [ret, error])).toEqual([[4086n, 0]]);
    expect(await all(c.memory.writeMemory(each([{ ...chunk, address: 4096n }])))).toMatchObject([
      { ret: -1n, error: Errno.ERRNO_EFAULT },
    ]);
  });

  it("of no length is empty, and of an impossible one an error", async () => {
    const process = await withKvm(c);
    expect(await all(c.memory.readMemory({ process, address: 4096n }))).toEqual([]);
    const wrapping = await all(c.memory.readMemory({ process, address: 2n ** 64n - 1n, length: 2n ** 64n - 1n }));
    expect(wrapping).toMatchObject([{ ret: -1n, error: Errno.ERRNO_EFAULT }]);
  });

  it("serves whom the messages name, one after the other", async () => {
    const [one, two] = [await withKvm(c), await withKvm(c)];
    const [a, b] = [await map(one, 4096), await map(two, 4096)];
    const chunks = [
      { process: one, address: a, data: bytes(1, 5) },
      { process: two, address: b, data: bytes(1, 6) },
    ];
    expect((await all(c.memory.writeMemory(each(chunks)))).map(({ ret }) => ret)).toEqual([1n, 1n]);
    expect((await all(c.memory.readMemory({ process: two, address: b, length: 1n })))[0]?.data[0]).toBe(6);
    expect(await codeOf(all(c.memory.writeMemory(each([{ address: a, data: bytes(1) }]))))).toBe(Status.NOT_FOUND);
  });
});

describe("a bulk response", () => {
  it("is what the generated code would send", () => {
    const sizes = fc.record({
      address: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
      length: fc.integer({ min: 1, max: 20_000 }),
      ret: fc.integer({ min: 1, max: 2 ** 31 }),
      done: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
    });
    const messages = new BulkMessages(new AbortController().signal);
    fc.assert(
      fc.property(sizes, ({ address, length, ret, done }) => {
        const { frame, payload } = messages.message(address, length, ret, done);
        payload.set(bytes(length));
        const rest = { ret: BigInt(ret), error: 0, bytes_done: done } as const;
        const memory = ReadMemoryResponse.encode({ address, data: bytes(length), ...rest }).finish();
        expect(Buffer.from(frame).equals(memory)).toBe(true);
        const tags = ReadTagsResponse.encode({ guest_ipa: address, tags: bytes(length), ...rest }).finish();
        expect(Buffer.from(frame).equals(tags)).toBe(true);
      }),
    );
  });
});

describe("the memory of a bulk response", () => {
  it("is used again when it was sent, and not before", async () => {
    const messages = new BulkMessages(new AbortController().signal);
    const first = messages.message(1n, 100, 100, 100n);
    const second = messages.message(1n, 100, 100, 200n);
    expect(second.frame).not.toBe(first.frame);
    expect(frameOf(messages.framed(first))).toBe(first.frame);
    expect(messages.message(1n, 100, 100, 300n).frame).not.toBe(first.frame);
    await Promise.resolve();
    expect(messages.message(1n, 100, 100, 300n).frame).toBe(first.frame);
  });

  it("is bounded: there is room again when a response was sent, or when the stream ends", async () => {
    const abort = new AbortController();
    const messages = new BulkMessages(abort.signal);
    const unsent = Array.from({ length: 4 }, () => messages.framed(messages.message(1n, 1, 1, 1n)));
    let rooms = 0;
    const waiting = messages.room().then(() => rooms++);
    await new Promise((resolve) => setImmediate(resolve));
    expect(rooms).toBe(0);
    frameOf(unsent[0] as object);
    await waiting;
    messages.framed(messages.message(1n, 1, 1, 1n));
    const ending = messages.room();
    abort.abort();
    await ending;
  });
});

describe("tags of a guest", () => {
  const PAGES = 64;
  async function guest(kernel = "", memory = PAGES * 4096) {
    const process = await withKvm(c, kernel);
    const fd = Number((await c.kvm.createVm({ process, fd: 0 })).ret);
    await c.kvm.enableCap({ process, fd, arg: { cap: kernel === "seed-v10" ? 195 : 205 } });
    const userspace_addr = await map(process, memory);
    const arg = { guest_phys_addr: 1n << 20n, memory_size: BigInt(memory), userspace_addr };
    expect((await c.kvm.setUserMemoryRegion({ process, fd, arg })).ret).toBe(0n);
    return { process, fd, guest_ipa: 1n << 20n, length: BigInt(memory) };
  }
  const tags = (length: number) => bytes(length).map((byte) => byte & 0xf);

  it.each(["6.12", "seed-v10"])("come back as they were written, under %s", async (kernel) => {
    const { process, fd, guest_ipa, length } = await guest(kernel);
    const half = tags((PAGES * 256) / 2);
    const chunks = [
      { process, fd },
      { guest_ipa, tags: half },
      { guest_ipa: guest_ipa + length / 2n, tags: half },
    ];
    const written = await all(c.memory.writeTags(each(chunks)));
    expect(written.map(({ ret, bytes_done }) => [ret, bytes_done])).toEqual([
      [length / 2n, length / 2n],
      [length / 2n, length],
    ]);
    const read = await all(c.memory.readTags({ process, fd, guest_ipa, length, chunk_bytes: 5000 }));
    expect(read.map(({ guest_ipa: ipa, tags: some }) => [ipa, some.length]).slice(0, 2)).toEqual([
      [guest_ipa, 4864],
      [guest_ipa + 4864n * 16n, 4864],
    ]);
    expect(Buffer.concat(read.map((chunk) => chunk.tags)).equals(Buffer.concat([half, half]))).toBe(true);
    expect(read.at(-1)?.bytes_done).toBe(length);
  });

  it("end where the slot does: a short chunk, then the error", async () => {
    const { process, fd, guest_ipa, length } = await guest();
    const read = await all(c.memory.readTags({ process, fd, guest_ipa: guest_ipa + 4096n, length }));
    expect(read.map(({ ret, error, tags: some }) => [ret, error, some.length])).toEqual([
      [length - 4096n, 0, (PAGES - 1) * 256],
      [-1n, Errno.ERRNO_EFAULT, 0],
    ]);
    const chunk = { process, fd, guest_ipa: guest_ipa + length - 4096n, tags: tags(512) };
    const written = await all(c.memory.writeTags(each([chunk, chunk])));
    expect(written.map(({ ret, error }) => [ret, error])).toEqual([[4096n, 0]]);
  });

  it("are checked by the ioctl's own rules, an empty range too", async () => {
    const { process, fd, guest_ipa } = await guest();
    expect(await all(c.memory.readTags({ process, fd, guest_ipa }))).toMatchObject([
      { ret: 0n, error: 0, bytes_done: 0n },
    ]);
    expect(await all(c.memory.readTags({ process, fd, guest_ipa: 1n, length: 4096n }))).toMatchObject([
      { error: Errno.ERRNO_EINVAL },
    ]);
    expect(await all(c.memory.readTags({ process, fd: 0, guest_ipa, length: 4096n }))).toMatchObject([
      { error: Errno.ERRNO_EINVAL },
    ]);
    expect(await all(c.memory.readTags({ process, fd: 99, length: 4096n }))).toMatchObject([
      { error: Errno.ERRNO_EBADF },
    ]);
    expect(await all(c.memory.writeTags(each([{ process, fd, guest_ipa, tags: tags(100) }])))).toMatchObject([
      { error: Errno.ERRNO_EINVAL },
    ]);
    const large = [{ process, fd, guest_ipa, tags: new Uint8Array(MIB + 256) }];
    expect(await codeOf(all(c.memory.writeTags(each(large))))).toBe(Status.INVALID_ARGUMENT);
  });

  it("leave no trace in the address space", async () => {
    const { process, fd, guest_ipa, length } = await guest();
    const { mm } = t.sessions.find(process, "anyone").task;
    await all(c.memory.readTags({ process, fd, guest_ipa, length }));
    const areas = mm.vmas.length;
    const resident = mm.rss;
    await all(c.memory.readTags({ process, fd, guest_ipa, length }));
    await all(c.memory.writeTags(each([{ process, fd, guest_ipa, tags: tags(256) }])));
    expect([mm.vmas.length, mm.rss - resident]).toEqual([areas, 1]);
  });
});

describe("the process's own tags", () => {
  it("are loaded and stored granule by granule, and checked where the process asked for it", async () => {
    const process = await withKvm(c);
    const address = await map(process, 8192, READ_WRITE | PROT_MTE);
    expect(await c.memory.storeTags({ process, address, tags: new Uint8Array([1, 2, 0x13]) })).toEqual({ signal: 0 });
    const { signal, tags } = await c.memory.loadTags({ process, address: address + 5n, length: 64n });
    expect([signal, ...tags]).toEqual([0, 1, 2, 3, 0]);

    const tagged = (tag: bigint) => ({ process, address: address | (tag << 56n), width: 8 });
    expect(await c.memory.access({ ...tagged(7n), write: true, value: 2n ** 64n - 2n })).toEqual({
      signal: 0,
      value: 0n,
    });
    expect(await c.memory.access(tagged(0n))).toEqual({ signal: 0, value: 2n ** 64n - 2n });
    await c.syscalls.prctl({ process, option: 55, arg2: 3n });
    expect((await c.memory.access(tagged(1n))).signal).toBe(0);
    expect((await c.memory.access(tagged(7n))).signal).toBe(Signal.SIGNAL_SIGSEGV);
    const straddling = { ...tagged(1n), address: (address + 12n) | (1n << 56n) };
    expect((await c.memory.access({ ...straddling, write: true })).signal).toBe(Signal.SIGNAL_SIGSEGV);
  });

  it("fault where there is no memory", async () => {
    const process = await withKvm(c);
    expect(await c.memory.loadTags({ process, address: 4096n, length: 16n })).toMatchObject({
      signal: Signal.SIGNAL_SIGSEGV,
      tags: {},
    });
    expect((await c.memory.storeTags({ process, address: 4096n, tags: new Uint8Array(1) })).signal).toBe(
      Signal.SIGNAL_SIGSEGV,
    );
    expect((await c.memory.access({ process, address: 4096n, width: 1 })).signal).toBe(Signal.SIGNAL_SIGSEGV);
    expect(await codeOf(c.memory.access({ process, width: 3 }))).toBe(Status.INVALID_ARGUMENT);
    expect(await codeOf(c.memory.loadTags({ process, length: 2n ** 63n }))).toBe(Status.INVALID_ARGUMENT);
  });
});
