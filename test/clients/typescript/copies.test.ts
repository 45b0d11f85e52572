/** Streamed copies of memory and tags against a real server. */

import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGuest, RAM_BASE } from "../../../clients/typescript/examples/vmm.ts";
import { type CopyOptions, connect, type Progress, type Tagvisor } from "../../../clients/typescript/index.ts";
import { type TestServer, testServer } from "../../rpc/harness.ts";

const MIB = 1 << 20;
const PAGE = 4096;

let server: TestServer;
let client: Tagvisor;
beforeAll(async () => {
  server = await testServer({ bytes: 256 * MIB });
  client = await connect(server.address);
});
afterAll(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** Options that note how the copy goes on. */
function watched(): CopyOptions & { readonly seen: Progress[] } {
  const seen: Progress[] = [];
  return { seen, onProgress: (progress) => seen.push(progress) };
}

const tagBytes = (memory: number) => randomBytes(memory / 16).map((byte) => byte & 15);

describe("tags", { timeout: 30_000 }, () => {
  test("all of them come back, with progress to the end", async () => {
    await using process = await client.spawn();
    const { vm } = await createGuest(process, 48 * MIB);
    const tags = tagBytes(48 * MIB);
    const writing = watched();
    expect(await vm.writeTags(RAM_BASE, tags, writing)).toBe(48 * MIB);
    const reading = watched();
    expect((await collect(vm.readTags(RAM_BASE, 48 * MIB, reading))).equals(tags)).toBe(true);
    for (const { seen } of [writing, reading]) {
      expect(seen.length).toBeGreaterThan(2);
      expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).sort((a, b) => a - b));
      expect(seen.at(-1)).toEqual({ done: 48 * MIB, total: 48 * MIB });
    }
  });

  test("where the host's memory ends the copy says so, and how far it came", async () => {
    await using process = await client.spawn();
    const { vm } = await createGuest(process, 512 * MIB);
    const error = await vm.writeTags(RAM_BASE, tagBytes(512 * MIB)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "EFAULT", rule: "hva_to_pfn: the page cannot be had" });
    expect(error.completed).toBeGreaterThan(128 * MIB);
    expect(error.completed % PAGE).toBe(0);
  });

  test.each(["seed-v10", "5.14", "6.1", "7.1"])(
    "all of them come back on %s, whatever its ioctl returns",
    async (kernel) => {
      await using process = await client.spawn({ kernel });
      const { behaviours } = (await client.kernels()).find(({ name }) => name === kernel)!;
      const vm = await (await process.openKvm()).createVm();
      await vm.enableCap({ cap: Number(behaviours.capArmMte) });
      const ram = await process.mmap({ length: MIB });
      await vm.setUserMemoryRegion({ guest_phys_addr: RAM_BASE, memory_size: MIB, userspace_addr: ram.address });
      const tags = tagBytes(MIB);
      expect(await vm.writeTags(RAM_BASE, tags)).toBe(MIB);
      expect((await collect(vm.readTags(RAM_BASE, MIB))).equals(tags)).toBe(true);
      await expect(vm.writeTags(RAM_BASE, tagBytes(2 * MIB))).rejects.toMatchObject({ code: "EFAULT" });
    },
  );

  test("from one machine to another without a buffer between", async () => {
    await using one = await client.spawn();
    await using two = await client.spawn();
    const [from, to] = [await createGuest(one, 4 * MIB), await createGuest(two, 4 * MIB)];
    const tags = tagBytes(4 * MIB);
    await from.vm.writeTags(RAM_BASE, tags);
    await to.vm.writeTags(RAM_BASE, from.vm.readTags(RAM_BASE, 4 * MIB));
    expect((await collect(to.vm.readTags(RAM_BASE, 4 * MIB))).equals(tags)).toBe(true);
  });

  test.each([
    ["pieces of odd sizes", [1, 255, 256, 1000, 3, 2581]],
    ["an empty piece among them", [0, 4096, 0]],
  ])("%s become whole pages", async (_, sizes) => {
    await using process = await client.spawn();
    const total = sizes.reduce((sum, size) => sum + size, 0) * 16;
    const { vm } = await createGuest(process, MIB);
    const tags = tagBytes(total);
    let at = 0;
    const pieces = sizes.map((size) => tags.subarray(at, (at += size)));
    expect(await vm.writeTags(RAM_BASE, pieces)).toBe(total);
    expect((await collect(vm.readTags(RAM_BASE, total))).equals(tags)).toBe(true);
  });

  test("nothing to copy is nothing done", async () => {
    await using process = await client.spawn();
    const { vm } = await createGuest(process, MIB);
    expect(await vm.writeTags(RAM_BASE, [])).toBe(0);
    expect(await collect(vm.readTags(RAM_BASE, 0))).toHaveLength(0);
  });

  test("where memory ends, what was there is done, and the error says how much", async () => {
    await using process = await client.spawn();
    const { vm } = await createGuest(process, 2 * MIB);
    const error = {
      call: "KVM_ARM_MTE_COPY_TAGS",
      code: "EFAULT",
      completed: 2 * MIB,
      rule: expect.stringContaining(":"),
    };
    const tags = tagBytes(3 * MIB);
    await expect(vm.writeTags(RAM_BASE, tags)).rejects.toMatchObject(error);
    const chunks: Uint8Array[] = [];
    const reading = async () => {
      for await (const chunk of vm.readTags(RAM_BASE, 3 * MIB)) chunks.push(chunk);
    };
    await expect(reading()).rejects.toMatchObject(error);
    expect(Buffer.concat(chunks).equals(tags.subarray(0, (2 * MIB) / 16))).toBe(true);
    await expect(vm.writeTags(0n, tags)).rejects.toMatchObject({ ...error, completed: 0 });
    await expect(vm.writeTags(RAM_BASE + 1n, tags)).rejects.toMatchObject({ code: "EINVAL", completed: 0 });
  });
});

describe("memory", { timeout: 30_000 }, () => {
  test("a Node stream goes in, and the same bytes come out", async () => {
    await using process = await client.spawn();
    const mapping = await process.mmap({ length: 9 * MIB });
    const data = randomBytes(9 * MIB - 77);
    const pieces = Array.from({ length: Math.ceil(data.length / 65_000) }, (_, i) =>
      data.subarray(i * 65_000, (i + 1) * 65_000),
    );
    expect(await mapping.upload(Readable.from(pieces))).toBe(data.length);
    const back = await collect(mapping.download());
    expect(back.subarray(0, data.length).equals(data)).toBe(true);
    expect(back.subarray(data.length).every((byte) => byte === 0)).toBe(true);
  });

  test("aborting ends a read, and the process goes on", async () => {
    await using process = await client.spawn();
    const mapping = await process.mmap({ length: 64 * MIB });
    const abort = new AbortController();
    const reading = async () => {
      for await (const _ of mapping.download({ signal: abort.signal })) abort.abort(new Error("seen enough"));
    };
    await expect(reading()).rejects.toThrow("seen enough");
    await mapping.write(PAGE, Uint8Array.of(1));
    expect(await mapping.read(PAGE, 1)).toEqual(Uint8Array.of(1));
  });

  test("leaving the loop early ends the stream", async () => {
    await using process = await client.spawn();
    const mapping = await process.mmap({ length: 64 * MIB });
    for await (const chunk of mapping.download()) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect((await client.processes()).find((info) => info.process === process.handle)?.pid).toBe(process.pid);
  });

  test("a source that throws ends the copy with its error", async () => {
    await using process = await client.spawn();
    const mapping = await process.mmap({ length: 4 * MIB });
    const source = (function* () {
      yield new Uint8Array(2 * MIB).fill(1);
      throw new Error("the file is gone");
    })();
    await expect(mapping.upload(source)).rejects.toThrow("the file is gone");
  });
});
