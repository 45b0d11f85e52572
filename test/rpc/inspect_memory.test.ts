/** InspectService's look at memory, and what it does to it, over real sockets. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Status } from "nice-grpc";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Errno } from "../../clients/typescript/gen/kvm/v1/errno.ts";
import { FaultPoint, PageFlag, SwapAction } from "../../clients/typescript/gen/kvm/v1/inspect_service.ts";
import { MAP_ANONYMOUS, MAP_POPULATE, MAP_PRIVATE, PROT_MTE, PROT_READ, PROT_WRITE } from "../../server/abi/mman.ts";
import { storeTags } from "../../server/kernel/arch/mte.ts";
import { PG_offline, ZERO_PFN } from "../../server/kernel/mm/page.ts";
import { pages } from "../../server/rpc/inspect_memory.ts";
import { parseTokens } from "../../server/rpc/middleware/auth.ts";
import { codeOf, type Stubs, type TestServer, testServer } from "./harness.ts";

const PAGE = 4096n;
const RW = BigInt(PROT_READ | PROT_WRITE);
const MTE = BigInt(PROT_MTE);
const TOKENS = parseTokens("operator secret-of-the-operator\nguest secret-of-the-guest\n");
const { PAGE_FLAG_PRESENT, PAGE_FLAG_ANON, PAGE_FLAG_WRITABLE, PAGE_FLAG_MTE_TAGGED, PAGE_FLAG_OFFLINE } = PageFlag;

let folder: string;
let t: TestServer;
let c: Stubs;
let operator: Stubs;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tagvisor-test-"));
  t = await testServer({ tokens: TOKENS });
  t.host.swapon(join(folder, "swap"), 4 << 20);
  c = t.connect("secret-of-the-guest");
  operator = t.connect("secret-of-the-operator");
});
afterEach(async () => {
  await t[Symbol.asyncDispose]();
  t.host.shutdown();
  rmSync(folder, { recursive: true });
});

/** A process with so many pages, of which all are written and have tag 7. */
async function tagged(pages: bigint) {
  const { process } = await c.syscalls.spawn({});
  const flags = BigInt(MAP_PRIVATE | MAP_ANONYMOUS);
  const length = pages * PAGE;
  const { ret: address } = await c.syscalls.mmap({ process, fd: -1, length, prot: RW | MTE, flags });
  await c.syscalls.processVmWritev({ process, address, data: new Uint8Array(Number(length)).fill(0x42) });
  storeTags(t.sessions.find(process, "guest").task, address, new Uint8Array(Number(length) / 16).fill(7));
  return { process, address, length };
}

async function all<T, P>(stream: AsyncIterable<P>, take: (piece: P) => readonly T[]): Promise<T[]> {
  const found: T[] = [];
  for await (const piece of stream) found.push(...take(piece));
  return found;
}

const swap = (action: SwapAction, range = {}, stubs = c) => stubs.inspect.swap({ action, ...range });

describe("pages", () => {
  it("have their frame, flags and counts", async () => {
    const range = await tagged(3n);
    await c.syscalls.fork({ process: range.process });
    await c.syscalls.processVmWritev({ process: range.process, address: range.address, data: Uint8Array.of(1) });
    const found = await all(c.inspect.pages(range), (piece) => piece.pages);
    const flags = PAGE_FLAG_PRESENT | PAGE_FLAG_ANON | PAGE_FLAG_MTE_TAGGED;
    expect(
      found.map(({ address, flags, references, mappings }) => [address - range.address, flags, references, mappings]),
    ).toEqual([
      [0n, flags | PAGE_FLAG_WRITABLE, 1, 1],
      [PAGE, flags, 2, 2],
      [2n * PAGE, flags, 2, 2],
    ]);
    expect(new Set(found.map(({ pfn }) => pfn)).size).toBe(3);
  });

  it("that are taken offline have no tags to copy, and none for a guest of 5.14 to 6.1", async () => {
    const { process, address } = await tagged(1n);
    expect(await c.inspect.offline({ process, address })).toEqual({ ret: 0n, error: Errno.ERRNO_UNSPECIFIED });
    const [page] = await all(c.inspect.pages({ process, address, length: PAGE }), (piece) => piece.pages);
    expect((page?.flags ?? 0) & PAGE_FLAG_OFFLINE).toBe(PAGE_FLAG_OFFLINE);
    await c.inspect.offline({ process, address, online: true });
    const [online] = await all(c.inspect.pages({ process, address, length: PAGE }), (piece) => piece.pages);
    expect((online?.flags ?? 0) & PAGE_FLAG_OFFLINE).toBe(0);
    expect((await c.inspect.offline({ process, address: 0x10_0000n })).error).toBe(Errno.ERRNO_EFAULT);
  });

  it("that are everybody's stay online", async () => {
    const { process } = await tagged(1n);
    const flags = BigInt(MAP_PRIVATE | MAP_ANONYMOUS);
    const { ret: address } = await c.syscalls.mmap({ process, fd: -1, length: PAGE, prot: RW, flags });
    await c.syscalls.processVmReadv({ process, address, length: 1n });
    expect((await c.inspect.offline({ process, address })).error).toBe(Errno.ERRNO_EFAULT);
    expect(t.host.pages.testFlag(ZERO_PFN, PG_offline)).toBe(false);
  });

  it("of a table that goes while they are listed are not looked for in what takes its place", async () => {
    const { process } = await c.syscalls.spawn({});
    const flags = BigInt(MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE);
    const length = 8192n * PAGE;
    const { ret: address } = await c.syscalls.mmap({ process, fd: -1, length, prot: RW, flags });
    const { mm } = t.sessions.find(process, "guest").task;
    const listed = pages(mm, { address, length }, async () => {});
    expect((await listed.next()).value?.pages[0]?.address).toBe(address);
    mm.munmap(Number(address), Number(length));
    await tagged(1000n);
    // What was found before.
    expect((await all(listed, (piece) => piece.pages)).length).toBeLessThan(512);
  });

  it("of a process that has ended are not found", async () => {
    const { process, address, length } = await tagged(4n);
    const session = t.sessions.find(process, "guest");
    const listed = pages(session.task.mm, { address, length }, () => session.turn(new AbortController().signal));
    await c.syscalls.exit({ process });
    expect(await codeOf(listed.next())).toBe(Status.NOT_FOUND);
  });
});

describe("stage 2", () => {
  it("is shown in runs of frames side by side", async () => {
    const { process, address } = await tagged(4n);
    await c.syscalls.openat({ process, path: "/dev/kvm", flags: 2n });
    await c.kvm.createVm({ process, fd: 0 });
    await c.kvm.setUserMemoryRegion({
      process,
      fd: 1,
      arg: { slot: 0, guest_phys_addr: 0x10_0000n, memory_size: 4n * PAGE, userspace_addr: address },
    });
    await c.kvm.createVcpu({ process, fd: 1 });
    for (const page of [0n, 1n, 3n]) {
      const guest_ipa = 0x10_0000n + page * PAGE;
      expect((await c.inspect.faultIn({ process, fd: 2, guest_ipa, write: true })).ret).toBe(0n);
    }
    const runs = await all(c.inspect.stage2({ process, fd: 1, guest_ipa: 0n, length: 1n << 40n }), ({ runs }) => runs);
    expect(runs.reduce((sum, { pages }) => sum + pages, 0n)).toBe(3n);
    expect(runs.at(-1)).toMatchObject({ guest_ipa: 0x10_3000n, pages: 1n, writable: true, device: false });
    expect(
      await codeOf(all(c.inspect.stage2({ process, fd: 0, guest_ipa: 0n, length: PAGE }), ({ runs }) => runs)),
    ).toBe(Status.INVALID_ARGUMENT);
  });
});

describe("the map of tags", () => {
  it("says how much of each cell is there and tagged, and with what", async () => {
    const { process, address } = await tagged(4n);
    const map = await c.inspect.tagMap({ process, address: address - 4n * PAGE, length: 8n * PAGE, cells: 4 });
    const drawn = [map.present, map.tagged, map.tags].map((cells) => [...cells]);
    expect([map.cell_bytes, ...drawn]).toEqual([2n * PAGE, [0, 0, 255, 255], [0, 0, 255, 255], [255, 255, 7, 7]]);
    const one = await c.inspect.tagMap({ process, address, length: PAGE, cells: 10 });
    expect([...one.tags]).toEqual([7]);
    expect(await codeOf(c.inspect.tagMap({ process, address, length: PAGE, cells: 0 }))).toBe(Status.INVALID_ARGUMENT);
  });
});

describe("swap", () => {
  it("takes a range out and brings it in, with bytes and tags", async () => {
    const range = await tagged(8n);
    expect(await swap(SwapAction.SWAP_ACTION_OUT, range)).toMatchObject({ ret: 8n, on: true, used: 8n, written: 8n });
    const entries = await all(c.inspect.swapEntries(range), ({ entries }) => entries);
    expect(entries.map(({ references, cached, tags_saved }) => [references, cached, tags_saved])).toEqual(
      Array.from({ length: 8 }, () => [1, false, true]),
    );
    expect(await swap(SwapAction.SWAP_ACTION_IN, range)).toMatchObject({ ret: 8n, read: 8n });
    const map = await c.inspect.tagMap({ ...range, cells: 1 });
    expect([...map.tags, ...map.present]).toEqual([7, 255]);
  });

  it("of everybody is an operator's affair", async () => {
    const range = await tagged(2n);
    await swap(SwapAction.SWAP_ACTION_OUT, range);
    expect(await codeOf(swap(SwapAction.SWAP_ACTION_OFF))).toBe(Status.PERMISSION_DENIED);
    expect(await swap(SwapAction.SWAP_ACTION_OFF, {}, operator)).toMatchObject({ ret: 0n, on: false, slots: 0n });
    expect((await swap(SwapAction.SWAP_ACTION_OUT, range)).error).toBe(Errno.ERRNO_EINVAL);
    expect(await swap(SwapAction.SWAP_ACTION_ON, {}, operator)).toMatchObject({ ret: 0n, on: true, used: 0n });
    expect(await codeOf(c.inspect.hotplug({}))).toBe(Status.PERMISSION_DENIED);
    expect((await operator.inspect.hotplug({})).error).toBe(Errno.ERRNO_ENODEV);
  });

  it("that cannot be read or written loses nothing, and is mended", async () => {
    const range = await tagged(4n);
    await swap(SwapAction.SWAP_ACTION_FAIL_WRITES, {}, operator);
    expect(await swap(SwapAction.SWAP_ACTION_OUT, range)).toMatchObject({ ret: 0n, written: 0n });
    await swap(SwapAction.SWAP_ACTION_SHORT_WRITES, {}, operator);
    await swap(SwapAction.SWAP_ACTION_OUT, range);
    await swap(SwapAction.SWAP_ACTION_MEND, {}, operator);
    await swap(SwapAction.SWAP_ACTION_IN, range);
    expect(await swap(SwapAction.SWAP_ACTION_OUT, range)).toMatchObject({ ret: 4n });
    await swap(SwapAction.SWAP_ACTION_FAIL_READS, {}, operator);
    const read = () => c.syscalls.processVmReadv({ process: range.process, address: range.address, length: 4096n });
    expect((await read()).error).toBe(Errno.ERRNO_EFAULT);
    await swap(SwapAction.SWAP_ACTION_MEND, {}, operator);
    expect(Buffer.from((await read()).data).equals(Buffer.alloc(4096, 0x42))).toBe(true);
    await swap(SwapAction.SWAP_ACTION_FILL, {}, operator);
    expect(await swap(SwapAction.SWAP_ACTION_OUT, { ...range, length: PAGE })).toMatchObject({ ret: 0n });
  });
});

describe("failures on purpose", () => {
  it("come when their turn is, and go with the process", async () => {
    const { process, address } = await tagged(1n);
    const write = async (stubs = { process }) =>
      (await c.syscalls.processVmWritev({ ...stubs, address, data: Uint8Array.of(1) })).error;
    await c.inspect.injectFault({ process, point: FaultPoint.FAULT_POINT_USER_COPY, nth: 2n, times: 1n });
    const seen = [await write(), await write(), await write()];
    expect(seen).toEqual([Errno.ERRNO_UNSPECIFIED, Errno.ERRNO_EFAULT, Errno.ERRNO_UNSPECIFIED]);
    await c.inspect.injectFault({ process, point: FaultPoint.FAULT_POINT_PAGE_ALLOCATION, nth: 1n });
    const flags = BigInt(MAP_PRIVATE | MAP_ANONYMOUS);
    const { ret } = await c.syscalls.mmap({ process, fd: -1, length: PAGE, prot: RW, flags });
    const fresh = async () =>
      (await c.syscalls.processVmWritev({ process, address: ret, data: Uint8Array.of(1) })).error;
    expect([await fresh(), await fresh()]).toEqual([Errno.ERRNO_EFAULT, Errno.ERRNO_EFAULT]);
    await c.inspect.injectFault({ process });
    expect(await fresh()).toBe(Errno.ERRNO_UNSPECIFIED);
    expect(await codeOf(c.inspect.injectFault({ process, point: FaultPoint.FAULT_POINT_USER_COPY }))).toBe(
      Status.INVALID_ARGUMENT,
    );
  });
});
