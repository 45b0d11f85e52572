import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { Status } from "nice-grpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Errno } from "../../clients/typescript/gen/kvm/v1/errno.ts";
import { type ReadRequest, SyscallServiceDefinition } from "../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { requestOf } from "../../server/abi/kvm_ioctl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../server/abi/mman.ts";
import { codeOf, type Stubs, testServer, withKvm } from "./harness.ts";

const NO_BYTES = new Uint8Array(0);
const CHECK_EXTENSION = requestOf("KVM_CHECK_EXTENSION");

let t: Awaited<ReturnType<typeof testServer>>;
let c: Stubs;
beforeAll(async () => {
  t = await testServer();
  c = t.connect();
});
afterAll(() => t[Symbol.asyncDispose]());

const anonymous = { prot: BigInt(PROT_READ | PROT_WRITE), flags: BigInt(MAP_PRIVATE | MAP_ANONYMOUS), fd: -1 };

describe("the contract of errors", () => {
  const malformed: [name: string, call: () => Promise<unknown>, code: number][] = [
    ["an unknown process", () => c.syscalls.close({ process: 1n, fd: 0 }), Status.NOT_FOUND],
    ["no process", () => c.syscalls.close({ fd: 0 }), Status.NOT_FOUND],
    ["an unknown kernel", () => c.syscalls.spawn({ kernel: "2.4" }), Status.INVALID_ARGUMENT],
    ["a label too long", () => c.syscalls.spawn({ labels: { a: "b".repeat(300) } }), Status.INVALID_ARGUMENT],
    [
      "too many labels",
      () => c.syscalls.spawn({ labels: Object.fromEntries([...Array(17).keys()].map((i) => [i, ""])) }),
      Status.INVALID_ARGUMENT,
    ],
    [
      "a path longer than any",
      async () => c.syscalls.openat({ process: await withKvm(c), path: "/".repeat(5000) }),
      Status.INVALID_ARGUMENT,
    ],
    [
      "a large read",
      async () => c.syscalls.processVmReadv({ process: await withKvm(c), length: 2n ** 40n }),
      Status.INVALID_ARGUMENT,
    ],
  ];
  it.each(malformed)("refuses %s", async (_name, call, code) => {
    expect(await codeOf(call())).toBe(code);
  });

  it("gives the kernel's errors as data", async () => {
    const process = await withKvm(c);
    expect(await c.syscalls.close({ process, fd: 99 })).toEqual({ ret: -1n, error: Errno.ERRNO_EBADF });
    expect(await c.syscalls.openat({ process, path: "/nowhere" })).toEqual({ ret: -1n, error: Errno.ERRNO_ENOENT });
  });
});

describe("processes", () => {
  it("spawns under the kernel asked for, or the server's own", async () => {
    expect(await c.syscalls.spawn({ kernel: "seed-v10" })).toMatchObject({ kernel: "seed-v10", lease_seconds: 30 });
    const { process, kernel, pid } = await c.syscalls.spawn({ labels: { vmm: "a" }, lease_seconds: 7 });
    expect(kernel).toBe("6.12");
    const { processes } = await c.inspect.processes({});
    const found = processes.find((p) => p.process === process);
    expect(found).toMatchObject({
      pid,
      kernel,
      labels: { vmm: "a" },
      lease_seconds: 7,
      open_streams: 0,
      descriptors: 0,
    });
    expect(await c.syscalls.renew({ process })).toEqual({ lease_seconds: 7 });
  });

  it("never gives a lease beyond the limit", async () => {
    expect((await c.syscalls.spawn({ lease_seconds: 2 ** 32 - 1 })).lease_seconds).toBe(3600);
  });

  it("ends: the handle is unknown, descriptors are closed, memory returns", async () => {
    const free = t.host.pages.free;
    const process = await withKvm(c);
    const { ret } = await c.syscalls.mmap({ process, ...anonymous, length: 65536n });
    await c.syscalls.processVmWritev({ process, address: ret, data: new Uint8Array(65536).fill(1) });
    expect(t.host.pages.free).toBeLessThan(free);
    await c.syscalls.exit({ process });
    expect(t.host.pages.free).toBe(free);
    expect(await codeOf(c.syscalls.renew({ process }))).toBe(Status.NOT_FOUND);
  });

  it("forks: the child has its own handle, copies of the memory and of the descriptors", async () => {
    const process = await withKvm(c);
    const { ret: address } = await c.syscalls.mmap({ process, ...anonymous, length: 4096n });
    await c.syscalls.processVmWritev({ process, address, data: new Uint8Array([1]) });
    const { ret, child } = await c.syscalls.fork({ process });
    expect(ret).toBeGreaterThan(0n);
    await c.syscalls.processVmWritev({ process, address, data: new Uint8Array([2]) });
    expect([...(await c.syscalls.processVmReadv({ process: child, address, length: 1n })).data]).toEqual([1]);
    expect((await c.syscalls.close({ process: child, fd: 0 })).ret).toBe(0n);
    expect((await c.syscalls.close({ process, fd: 0 })).ret).toBe(0n);
    expect(await c.syscalls.fork({ process, flags: 1n })).toEqual({ ret: -1n, error: Errno.ERRNO_EINVAL, child: 0n });
  });
});

describe("calls", () => {
  it("takes an ioctl's argument as a value or as a struct", async () => {
    const process = await withKvm(c);
    const call = { process, fd: 0, request: CHECK_EXTENSION };
    expect(await c.syscalls.ioctl({ ...call, arg: { $case: "value", value: 205n } })).toEqual({
      ret: 1n,
      error: 0,
      data: NO_BYTES,
    });
    const { ret: vm } = await c.syscalls.ioctl({ process, fd: 0, request: requestOf("KVM_CREATE_VM") });
    const target = { process, fd: Number(vm), request: requestOf("KVM_ARM_PREFERRED_TARGET") };
    const { ret, data } = await c.syscalls.ioctl({ ...target, arg: { $case: "data", value: new Uint8Array(32) } });
    expect([ret, data[0], data.length]).toEqual([0n, 5, 32]);
    const short = await c.syscalls.ioctl({ ...target, arg: { $case: "data", value: new Uint8Array(31) } });
    expect(short.error).toBe(Errno.ERRNO_EFAULT);
  });

  it("reads and writes files from messages and from memory", async () => {
    const process = await withKvm(c);
    const { ret } = await c.syscalls.memfdCreate({ process, name: "m" });
    const fd = Number(ret);
    const { ret: address } = await c.syscalls.mmap({ process, ...anonymous, length: 4096n });
    await c.syscalls.processVmWritev({ process, address, data: new TextEncoder().encode("tagged") });
    expect(
      (await c.syscalls.write({ process, fd, source: { $case: "buffer", value: { address, count: 6n } } })).ret,
    ).toBe(6n);
    expect(
      (await c.syscalls.pwrite({ process, fd, position: 3n, source: { $case: "data", value: new Uint8Array([65]) } }))
        .ret,
    ).toBe(1n);
    expect((await c.syscalls.lseek({ process, fd, offset: 1n })).ret).toBe(1n);
    expect(new TextDecoder().decode((await c.syscalls.read({ process, fd, count: 100n })).data)).toBe("agAed");
    expect(await c.syscalls.pread({ process, fd, count: 2n, position: 0n, buffer: address + 100n })).toMatchObject({
      ret: 2n,
      data: NO_BYTES,
    });
    expect([...(await c.syscalls.processVmReadv({ process, address: address + 100n, length: 3n })).data]).toEqual([
      116, 97, 0,
    ]);
    expect((await c.syscalls.ftruncate({ process, fd, length: 0n })).ret).toBe(0n);
    expect((await c.syscalls.pread({ process, fd, count: 2n, position: -1n })).error).toBe(Errno.ERRNO_EINVAL);
  });

  it("polls several descriptors", async () => {
    const process = await withKvm(c);
    const { ret } = await c.syscalls.eventfd2({ process, initval: 1, flags: 0x800n });
    const fds = [
      { fd: Number(ret), events: 5 },
      { fd: 77, events: 1 },
      { fd: Number(ret), events: 0 },
    ];
    expect(await c.syscalls.poll({ process, fds })).toEqual({ ret: 2n, error: 0, revents: [5, 0x20, 0] });
  });

  it("limits descriptors", async () => {
    const process = await withKvm(c);
    expect((await c.syscalls.prlimit({ process, resource: 7, limit: 1n })).ret).toBe(0n);
    expect((await c.syscalls.dup({ process, fd: 0 })).error).toBe(Errno.ERRNO_EMFILE);
    expect((await c.syscalls.prlimit({ process, resource: 1, limit: 1n })).error).toBe(Errno.ERRNO_EINVAL);
    expect((await c.syscalls.prlimit({ process, resource: 7, limit: 1n << 20n })).ret).toBe(0n);
    for (const limit of [(1n << 20n) + 1n, 1n << 32n, (1n << 64n) - 1n])
      expect((await c.syscalls.prlimit({ process, resource: 7, limit })).error).toBe(Errno.ERRNO_EPERM);
  });
});

describe("calls that sleep", () => {
  /** A blocking eventfd at 0, whose read sleeps. */
  async function sleeper() {
    const { process } = await c.syscalls.spawn({});
    const { ret } = await c.syscalls.eventfd2({ process });
    return { process, fd: Number(ret) };
  }
  const one = { $case: "data", value: new Uint8Array(new BigUint64Array([1n]).buffer) } as const;

  it("wakes when there is something to read, and keeps nobody from calling meanwhile", async () => {
    const { process, fd } = await sleeper();
    const read = c.syscalls.read({ process, fd, count: 8n });
    expect((await c.syscalls.write({ process, fd, source: one })).ret).toBe(8n);
    const { ret, data } = await read;
    expect([ret, data[0]]).toEqual([8n, 1]);
  });

  it("ends with EINTR at a signal", async () => {
    const { process, fd } = await sleeper();
    const read = c.syscalls.read({ process, fd, count: 8n });
    await c.syscalls.renew({ process });
    expect((await c.syscalls.kill({ process })).ret).toBe(0n);
    expect(await read).toEqual({ ret: -1n, error: Errno.ERRNO_EINTR, data: NO_BYTES });
  });

  it("ends when its process does", async () => {
    const { process, fd } = await sleeper();
    const read = c.syscalls.read({ process, fd, count: 8n });
    await c.syscalls.exit({ process });
    expect(await read).toMatchObject({ ret: -1n, error: Errno.ERRNO_EINTR });
  });

  it("is interrupted alone when it is cancelled", async () => {
    const { process, fd } = await sleeper();
    const other = c.syscalls.read({ process, fd, count: 8n });
    const call = c.syscalls.read({ process, fd, count: 8n }, { signal: AbortSignal.timeout(50) });
    await expect(call).rejects.toThrow();
    const session = t.sessions.find(process, "anyone");
    await expect.poll(() => session.holders).toBe(1);
    await c.syscalls.write({ process, fd, source: one });
    expect((await other).ret).toBe(8n);
  });

  it("is interrupted when its deadline passes", async () => {
    const { process, fd } = await sleeper();
    const { read } = SyscallServiceDefinition.methods;
    const client = new Client(t.address, credentials.createInsecure());
    const code = await new Promise((resolve) => {
      client.makeUnaryRequest(
        "/kvm.v1.SyscallService/Read",
        (request: ReadRequest) => Buffer.from(read.requestType.encode(request).finish()),
        (bytes) => read.responseType.decode(bytes),
        read.requestType.create({ process, fd, count: 8n }),
        new Metadata(),
        { deadline: Date.now() + 50 },
        (error) => resolve(error?.code),
      );
    });
    client.close();
    expect(code).toBe(Status.DEADLINE_EXCEEDED);
    const session = t.sessions.find(process, "anyone");
    await expect.poll(() => session.holders).toBe(0);
  });
});
