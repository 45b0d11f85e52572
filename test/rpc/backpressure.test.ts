import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { describe, expect, it } from "vitest";
import { ReadMemoryRequest } from "../../clients/typescript/gen/kvm/v1/memory_service.ts";
import { Syscall, SyscallsRequest } from "../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { requestOf } from "../../server/abi/kvm_ioctl.ts";
import { MAP_ANONYMOUS, MAP_NORESERVE, MAP_PRIVATE, PROT_READ } from "../../server/abi/mman.ts";
import { testServer, withKvm } from "./harness.ts";

const MIB = 1 << 20;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens a method without ever reading what comes back. */
function openUnread(session: ClientHttp2Session, path: string): ClientHttp2Stream {
  const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
  return session.request(headers).on("error", () => {});
}

function frame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Memory that buffers take, ours and the server's, which is in this process. */
const buffers = () => {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
};

async function mapLarge(
  c: ReturnType<Awaited<ReturnType<typeof testServer>>["connect"]>,
  handle: bigint,
  length: bigint,
) {
  const flags = BigInt(MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE);
  return (await c.syscalls.mmap({ process: handle, fd: -1, length, prot: BigInt(PROT_READ), flags })).ret;
}

describe("a client that never reads", () => {
  it("gets no more of a bulk stream made for it than is in flight", async () => {
    await using t = await testServer();
    const c = t.connect();
    const handle = await withKvm(c);
    const address = await mapLarge(c, handle, 1n << 31n);
    const before = buffers();
    const session = connect(`http://${t.address}`);
    const stream = openUnread(session, "/kvm.v1.MemoryService/ReadMemory");
    stream.end(
      frame(
        ReadMemoryRequest.encode(ReadMemoryRequest.create({ process: handle, address, length: 1n << 31n })).finish(),
      ),
    );
    const { trace } = t.sessions.find(handle, "anyone").task;
    const chunks = () => [...trace.since(0)].filter(({ call }) => call === "process_vm_readv").length;
    await expect.poll(chunks).toBeGreaterThan(0);
    await pause(500);
    const made = chunks();
    await pause(500);
    expect(chunks()).toBe(made);
    expect(made).toBeLessThan(20);
    expect(buffers() - before).toBeLessThan(48 * MIB);
    expect((await c.syscalls.dup({ process: handle, fd: 0 })).ret).toBe(1n);
    session.destroy();
    await expect.poll(() => t.sessions.find(handle, "anyone").holders).toBe(0);
  });

  it("gets no more of its lists made than it takes the answers of", async () => {
    await using t = await testServer();
    const c = t.connect();
    const handle = await withKvm(c);
    const address = await mapLarge(c, handle, BigInt(MIB));
    const call = Syscall.create({ call: { $case: "process_vm_readv", value: { address, length: BigInt(MIB) } } });
    const list = frame(SyscallsRequest.encode(SyscallsRequest.create({ process: handle, calls: [call] })).finish());
    const before = buffers();
    const session = connect(`http://${t.address}`);
    const stream = openUnread(session, "/kvm.v1.SyscallService/Syscalls");
    for (let i = 0; i < 400; i++) stream.write(list);
    const { trace } = t.sessions.find(handle, "anyone").task;
    const lists = () => [...trace.since(0)].filter(({ call: name }) => name === "process_vm_readv").length;
    await expect.poll(lists).toBeGreaterThan(0);
    await pause(500);
    const made = lists();
    await pause(500);
    expect(lists()).toBe(made);
    expect(made).toBeLessThan(60);
    expect(buffers() - before).toBeLessThan(96 * MIB);
    session.destroy();
    await expect.poll(() => t.sessions.find(handle, "anyone").holders).toBe(0);
  });
});

describe("a client that sends long lists", () => {
  it("lets others in between", async () => {
    await using t = await testServer();
    const [busy, other] = [t.connect(), t.connect()];
    const handle = await withKvm(busy);
    const value = { request: requestOf("KVM_CHECK_EXTENSION"), arg: { $case: "value", value: 205n } } as const;
    const calls = Array.from({ length: 10_000 }, () => Syscall.create({ call: { $case: "ioctl", value } }));
    const LISTS = 150;
    let sent = 0;
    async function* lists() {
      for (; sent < LISTS; sent++) yield { process: handle, calls };
    }
    let answered = 0;
    const flood = (async () => {
      for await (const { results } of busy.syscalls.syscalls(lists())) answered += results.length;
    })();
    const { process: second } = await other.syscalls.spawn({});
    let between = 0;
    while (answered === 0) await pause(1);
    while (answered < LISTS * 10_000) {
      await other.syscalls.renew({ process: second });
      if (answered < LISTS * 10_000) between++;
    }
    await flood;
    expect(between).toBeGreaterThan(10);
  }, 60_000);
});
