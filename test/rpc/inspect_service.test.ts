import { Status } from "nice-grpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Errno } from "../../clients/typescript/gen/kvm/v1/errno.ts";
import { PageFlag, type PageRun } from "../../clients/typescript/gen/kvm/v1/inspect_service.ts";
import { IOCTLS, requestOf } from "../../server/abi/kvm_ioctl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../server/abi/mman.ts";
import { KERNEL_NAMES } from "../../server/abi/versions.ts";
import { TRACE_ENTRIES } from "../../server/kernel/trace.ts";
import { codeOf, type Stubs, testServer, withKvm } from "./harness.ts";

let t: Awaited<ReturnType<typeof testServer>>;
let c: Stubs;
beforeAll(async () => {
  t = await testServer();
  c = t.connect();
});
afterAll(() => t[Symbol.asyncDispose]());

async function map(process: bigint, length: bigint): Promise<bigint> {
  const prot = BigInt(PROT_READ | PROT_WRITE);
  return (await c.syscalls.mmap({ process, fd: -1, length, prot, flags: BigInt(MAP_PRIVATE | MAP_ANONYMOUS) })).ret;
}

describe("tables", () => {
  it("list the kernels with their differences", async () => {
    const { kernels } = await c.inspect.kernels({});
    expect(kernels.map(({ name, standard }) => [name, standard])).toEqual(
      KERNEL_NAMES.map((name) => [name, name === "6.12"]),
    );
    expect(kernels.map(({ behaviours }) => behaviours.capArmMte)).toEqual(["195", "205", "205", "205", "205"]);
  });

  it("list the requests", async () => {
    const { ioctls } = await c.inspect.ioctls({});
    expect(ioctls.map(({ name }) => name)).toEqual(IOCTLS.map(({ name }) => name));
    expect(ioctls.find(({ name }) => name === "KVM_ARM_MTE_COPY_TAGS")).toMatchObject({
      request: 0x8030aeb4,
      descriptors: ["vm"],
      size: 48,
      kernels: KERNEL_NAMES,
    });
    expect(ioctls.find(({ name }) => name === "KVM_GET_STATS_FD")?.kernels).toEqual(["5.14", "6.1", "6.12", "7.1"]);
  });
});

describe("page flags", () => {
  const { PAGE_FLAG_PRESENT: P, PAGE_FLAG_ZERO: Z, PAGE_FLAG_WRITABLE: W, PAGE_FLAG_UNMAPPED: U } = PageFlag;
  async function runs(process: bigint, address: bigint, length: bigint): Promise<PageRun[]> {
    const found: PageRun[] = [];
    for await (const piece of c.inspect.pageFlags({ process, address, length })) found.push(...piece.runs);
    return found;
  }

  it("tell what stands behind each page, in runs", async () => {
    const { process } = await c.syscalls.spawn({});
    const address = await map(process, 8n * 4096n);
    await c.syscalls.processVmReadv({ process, address: address + 4096n, length: 1n });
    await c.syscalls.processVmWritev({ process, address: address + 2n * 4096n, data: new Uint8Array(2 * 4096) });
    await c.syscalls.munmap({ process, address: address + 7n * 4096n, length: 4096n });
    const found = await runs(process, address, 8n * 4096n);
    const page = (run: PageRun) => [Number((run.address - address) / 4096n), Number(run.pages)];
    expect(found.map(page)).toEqual([
      [0, 1],
      [1, 1],
      [2, 2],
      [4, 3],
      [7, 1],
    ]);
    expect(found.map(({ flags }) => flags & (P | Z | W | U))).toEqual([0, P | Z, P | W, 0, U]);
  });

  it("are one run for a large range that nobody touched", async () => {
    const { process } = await c.syscalls.spawn({});
    const address = await map(process, 1n << 40n);
    expect(await runs(process, address, 1n << 40n)).toEqual([{ address, pages: 1n << 28n, flags: 0 }]);
  });

  it("of the whole address space and of more end with it", async () => {
    const { process } = await c.syscalls.spawn({});
    expect(await runs(process, 0n, 2n ** 64n - 4096n)).toEqual([{ address: 0n, pages: 1n << 40n, flags: U }]);
    expect(await codeOf(runs(process, 1n, 4096n))).toBe(Status.INVALID_ARGUMENT);
  });
});

describe("the trace", () => {
  it("has the calls, their structs and the rules that refused", async () => {
    const process = await withKvm(c);
    await c.kvm.createVm({ process, fd: 0 });
    await c.kvm.enableCap({ process, fd: 1, arg: { cap: 205, flags: 1 } });
    const entries = [];
    for await (const piece of c.inspect.trace({ process, since: 1n })) entries.push(...piece.entries);
    expect(entries.map(({ sequence, call, ret, error }) => [sequence, call, ret, error])).toEqual([
      [2n, "ioctl", 1n, 0],
      [3n, "ioctl", -1n, Errno.ERRNO_EINVAL],
    ]);
    const [, refused] = entries;
    expect(refused?.args.slice(0, 2).map(({ value }) => value?.value)).toEqual([
      1n,
      BigInt(requestOf("KVM_ENABLE_CAP")),
    ]);
    expect([refused?.data?.length, refused?.data?.[0]]).toEqual([104, 205]);
    expect(refused?.rule).toMatch(/flags/);
  });

  it("can be followed until the process ends, and loses only what the reader left too long", async () => {
    const process = await withKvm(c);
    const follow = c.inspect.trace({ process, follow: true })[Symbol.asyncIterator]();
    expect((await follow.next()).value.entries).toHaveLength(1);
    const next = follow.next();
    await c.syscalls.dup({ process, fd: 0 });
    expect((await next).value.entries[0]).toMatchObject({ sequence: 2n, call: "dup", ret: 1n });
    await c.syscalls.exit({ process });
    let last = await follow.next();
    while (!last.done) last = await follow.next();
  });

  it("keeps a fixed number of calls", async () => {
    const process = await withKvm(c);
    for (let i = 0; i < TRACE_ENTRIES + 10; i += 50)
      await Promise.all(Array.from({ length: 50 }, () => c.syscalls.close({ process, fd: 77 })));
    const sequences: bigint[] = [];
    for await (const { entries } of c.inspect.trace({ process }))
      sequences.push(...entries.map(({ sequence }) => sequence));
    expect(sequences).toHaveLength(TRACE_ENTRIES);
    expect(sequences[0]).toBe((sequences.at(-1) as bigint) - BigInt(TRACE_ENTRIES) + 1n);
  });
});

describe("faulting in", () => {
  it("maps a page for the guest as its access would, or says that the access is MMIO", async () => {
    const process = await withKvm(c);
    const vm = Number((await c.kvm.createVm({ process, fd: 0 })).ret);
    await c.kvm.enableCap({ process, fd: vm, arg: { cap: 205 } });
    const userspace_addr = await map(process, 4096n);
    await c.kvm.setUserMemoryRegion({ process, fd: vm, arg: { memory_size: 4096n, userspace_addr } });
    const fd = Number((await c.kvm.createVcpu({ process, fd: vm })).ret);
    expect(await c.inspect.faultIn({ process, fd, guest_ipa: 8n, write: true })).toEqual({ ret: 0n, error: 0 });
    let flags = 0;
    for await (const { runs } of c.inspect.pageFlags({ process, address: userspace_addr, length: 4096n }))
      flags = runs[0]?.flags ?? 0;
    expect(flags & PageFlag.PAGE_FLAG_MTE_TAGGED).not.toBe(0);
    expect((await c.inspect.faultIn({ process, fd, guest_ipa: 4096n })).ret).toBe(1n);
    expect((await c.inspect.faultIn({ process, fd, guest_ipa: 2n ** 64n - 1n })).ret).toBe(1n);
    await c.syscalls.munmap({ process, address: userspace_addr, length: 4096n });
    expect((await c.inspect.faultIn({ process, fd })).error).toBe(Errno.ERRNO_EFAULT);
    expect((await c.inspect.faultIn({ process, fd: vm })).error).toBe(Errno.ERRNO_EINVAL);
    expect((await c.inspect.faultIn({ process, fd: 99 })).error).toBe(Errno.ERRNO_EBADF);
  });
});
