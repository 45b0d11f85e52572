import { connect } from "node:http2";
import { Status } from "nice-grpc";
import { describe, expect, it } from "vitest";
import { Errno } from "../../clients/typescript/gen/kvm/v1/errno.ts";
import { Syscall } from "../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../server/abi/mman.ts";
import { codeOf, type Stubs, testServer, withKvm } from "./harness.ts";

const dup: Syscall = Syscall.create({ call: { $case: "dup", value: { fd: 0 } } });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A process with a VM and some memory in use. */
async function busy(c: Stubs): Promise<bigint> {
  const process = await withKvm(c);
  await c.kvm.createVm({ process, fd: 0 });
  const prot = BigInt(PROT_READ | PROT_WRITE);
  const { ret } = await c.syscalls.mmap({
    process,
    fd: -1,
    length: 1n << 20n,
    prot,
    flags: BigInt(MAP_PRIVATE | MAP_ANONYMOUS),
  });
  await c.syscalls.processVmWritev({ process, address: ret, data: new Uint8Array(1 << 20).fill(1) });
  return process;
}

describe("a lease", () => {
  const limits = { leaseMs: 200 };

  it("that nobody renews ends the process: its descriptors and memory return", async () => {
    await using t = await testServer({ limits });
    const free = t.host.pages.free;
    const process = await busy(t.connect());
    expect(t.host.pages.free).toBeLessThan(free - 256);
    await expect.poll(() => t.sessions.size, { timeout: 5000 }).toBe(0);
    expect([t.host.pages.free, t.host.taskCount]).toEqual([free, 0]);
    expect(await codeOf(t.connect().syscalls.renew({ process }))).toBe(Status.NOT_FOUND);
  });

  it("is renewed by any call that names the process", async () => {
    await using t = await testServer({ limits });
    const c = t.connect();
    const process = await withKvm(c);
    for (let i = 0; i < 8; i++) {
      await pause(100);
      await c.syscalls.fcntl({ process, fd: 0, command: 1 });
    }
    expect((await c.syscalls.dup({ process, fd: 0 })).ret).toBe(1n);
  });

  it("does not run while a stream is open, and runs when the client is gone without a word", async () => {
    await using t = await testServer({ limits });
    const process = await busy(t.connect());
    const session = connect(`http://${t.address}`);
    const stream = session.request({
      ":method": "POST",
      ":path": "/kvm.v1.SyscallService/Syscalls",
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.on("error", () => {});
    const { SyscallsRequest } = await import("../../clients/typescript/gen/kvm/v1/syscall_service.ts");
    const message = SyscallsRequest.encode(SyscallsRequest.create({ process, calls: [dup] })).finish();
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    stream.write(Buffer.concat([head, message]));
    await pause(700);
    expect(t.sessions.size).toBe(1);
    session.destroy();
    await expect.poll(() => t.sessions.size, { timeout: 5000 }).toBe(0);
    expect(t.host.taskCount).toBe(0);
  });

  it("may be shorter or longer by Spawn's wish", async () => {
    await using t = await testServer({ limits: { leaseMs: 200, maxLeaseMs: 2000 } });
    const c = t.connect();
    const { process } = await c.syscalls.spawn({ lease_seconds: 2 });
    await pause(600);
    expect(await c.syscalls.renew({ process })).toEqual({ lease_seconds: 2 });
  });
});

describe("principals", () => {
  const tokens = new Map([
    ["token-of-alice", "alice"],
    ["token-of-bob", "bob"],
  ]);

  it("see and reach only their own processes, through every service", async () => {
    await using t = await testServer({ tokens });
    const alice = t.connect("token-of-alice");
    const bob = t.connect("token-of-bob");
    const process = await withKvm(alice);
    expect((await alice.inspect.processes({})).processes).toHaveLength(1);
    expect((await bob.inspect.processes({})).processes).toHaveLength(0);
    const first = async (stream: AsyncIterable<unknown>) => {
      for await (const _ of stream) return;
    };
    async function* lists() {
      yield { process, calls: [dup] };
    }
    async function* runs() {
      yield { process };
    }
    const attempts = [
      () => bob.syscalls.dup({ process, fd: 0 }),
      () => bob.syscalls.exit({ process }),
      () => bob.syscalls.fork({ process }),
      () => bob.syscalls.kill({ process }),
      () => bob.syscalls.renew({ process }),
      () => bob.kvm.createVm({ process, fd: 0 }),
      () => bob.memory.access({ process, width: 1 }),
      () => bob.inspect.faultIn({ process }),
      () => first(bob.syscalls.syscalls(lists())),
      () => first(bob.kvm.run(runs())),
      () => first(bob.memory.readMemory({ process, length: 1n })),
      () => first(bob.memory.writeMemory(runs())),
      () => first(bob.memory.readTags({ process })),
      () => first(bob.inspect.trace({ process })),
      () => first(bob.inspect.pageFlags({ process })),
    ];
    for (const attempt of attempts) expect(await codeOf(attempt())).toBe(Status.PERMISSION_DENIED);
    expect((await alice.syscalls.dup({ process, fd: 0 })).ret).toBe(1n);
  });

  it("need a token that the server knows", async () => {
    await using t = await testServer({ tokens });
    for (const token of [undefined, "token-of-mallory", "token-of-alic", ""]) {
      expect(await codeOf(t.connect(token).syscalls.spawn({}))).toBe(Status.UNAUTHENTICATED);
    }
  });
});

describe("quotas", () => {
  const tokens = new Map([
    ["a", "alice"],
    ["b", "bob"],
  ]);

  it("limit processes of one principal and of all, forked ones too", async () => {
    await using t = await testServer({ tokens, limits: { processesPerPrincipal: 2, processes: 3 } });
    const alice = t.connect("a");
    const { process } = await alice.syscalls.spawn({});
    await alice.syscalls.fork({ process });
    expect(await codeOf(alice.syscalls.spawn({}))).toBe(Status.RESOURCE_EXHAUSTED);
    expect(await codeOf(alice.syscalls.fork({ process }))).toBe(Status.RESOURCE_EXHAUSTED);
    const bob = t.connect("b");
    await bob.syscalls.spawn({});
    expect(await codeOf(bob.syscalls.spawn({}))).toBe(Status.RESOURCE_EXHAUSTED);
    await alice.syscalls.exit({ process });
    await bob.syscalls.spawn({});
  });

  it("limit the memory of a process, as the kernel does", async () => {
    await using t = await testServer({ limits: { memoryPerProcess: 64 * 4096 } });
    const c = t.connect();
    const process = await withKvm(c);
    const prot = BigInt(PROT_READ | PROT_WRITE);
    const { ret } = await c.syscalls.mmap({
      process,
      fd: -1,
      length: 1n << 20n,
      prot,
      flags: BigInt(MAP_PRIVATE | MAP_ANONYMOUS),
    });
    const written = await c.syscalls.processVmWritev({ process, address: ret, data: new Uint8Array(1 << 20) });
    expect(Number(written.ret)).toBeGreaterThan(40 * 4096);
    expect(Number(written.ret)).toBeLessThan(64 * 4096);
    expect(
      (await c.syscalls.processVmWritev({ process, address: ret + written.ret, data: new Uint8Array(1) })).error,
    ).toBe(Errno.ERRNO_EFAULT);
  });

  it("limit a message", async () => {
    await using t = await testServer({ limits: { messageBytes: 1 << 16 } });
    const c = t.connect();
    const process = await withKvm(c);
    expect(await codeOf(c.syscalls.processVmWritev({ process, data: new Uint8Array(1 << 16) }))).toBe(
      Status.RESOURCE_EXHAUSTED,
    );
    expect((await c.syscalls.dup({ process, fd: 0 })).ret).toBe(1n);
  });

  it("limit open streams", async () => {
    await using t = await testServer({ limits: { streamsPerPrincipal: 2 } });
    const c = t.connect();
    const process = await withKvm(c);
    const abort = new AbortController();
    const follow = () => c.inspect.trace({ process, follow: true }, { signal: abort.signal })[Symbol.asyncIterator]();
    const open = [follow(), follow()];
    await Promise.all(open.map((stream) => stream.next()));
    expect(await codeOf(follow().next())).toBe(Status.RESOURCE_EXHAUSTED);
    abort.abort();
    await Promise.allSettled(open.map((stream) => stream.next()));
    await expect
      .poll(async () => codeOf(c.inspect.pageFlags({ process })[Symbol.asyncIterator]().next()))
      .toBe(undefined);
  });

  it("allow 10,000 processes where they are allowed, and get it all back", async () => {
    await using t = await testServer({ limits: { processes: 10_000, processesPerPrincipal: 10_000, leaseMs: 60_000 } });
    const c = t.connect();
    const free = t.host.pages.free;
    for (let i = 0; i < 100; i++) await Promise.all(Array.from({ length: 100 }, () => withKvm(c)));
    expect(await codeOf(c.syscalls.spawn({}))).toBe(Status.RESOURCE_EXHAUSTED);
    expect((await c.inspect.processes({})).processes).toHaveLength(10_000);
    t.sessions.close();
    expect([t.host.taskCount, t.host.pages.free]).toEqual([0, free]);
  }, 60_000);
});
