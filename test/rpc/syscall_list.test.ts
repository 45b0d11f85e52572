import fc from "fast-check";
import { Status } from "nice-grpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Errno } from "../../clients/typescript/gen/kvm/v1/errno.ts";
import {
  Syscall,
  type SyscallResult,
  SyscallsRequest,
  SyscallsResponse,
} from "../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { kvm_create_device, kvm_device_attr, kvm_userspace_memory_region } from "../../server/abi/kvm.ts";
import { kvm_vcpu_init } from "../../server/abi/kvm_arm64.ts";
import { type IoctlName, requestOf } from "../../server/abi/kvm_ioctl.ts";
import { MAP_ANONYMOUS, MAP_POPULATE, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../server/abi/mman.ts";
import { encodeListResponse, listResponse } from "../../server/rpc/list_message.ts";
import { codeOf, type Stubs, testServer, withKvm } from "./harness.ts";

let t: Awaited<ReturnType<typeof testServer>>;
let c: Stubs;
beforeAll(async () => {
  t = await testServer();
  c = t.connect();
});
afterAll(() => t[Symbol.asyncDispose]());

type Call = Parameters<typeof Syscall.create>[0];
const ioctl = (name: IoctlName, value: bigint | Uint8Array, rest: Call = {}): Call => ({
  call: {
    $case: "ioctl",
    value: {
      request: requestOf(name),
      arg: typeof value === "bigint" ? { $case: "value", value } : { $case: "data", value },
    },
  },
  ...rest,
});
const close = (fd: number): Call => ({ call: { $case: "close", value: { fd } } });
const mmap = (length: bigint, flags = 0): Call => ({
  call: {
    $case: "mmap",
    value: { fd: -1, length, prot: BigInt(PROT_READ | PROT_WRITE), flags: BigInt(MAP_PRIVATE | MAP_ANONYMOUS | flags) },
  },
});

/** Makes one list on a stream of its own. */
async function list(process: bigint, calls: Call[], stop_at_error = false): Promise<SyscallResult[]> {
  async function* requests() {
    yield SyscallsRequest.create({ process, calls: calls.map((call) => Syscall.create(call)), stop_at_error });
  }
  for await (const { results } of c.syscalls.syscalls(requests())) return results;
  return [];
}
const shape = (results: SyscallResult[]) => results.map(({ ret, error }) => (error ? error : ret));

describe("a list", () => {
  it("sets a VM up in one round trip: descriptors, addresses and a struct's member come from earlier results", async () => {
    const { process } = await c.syscalls.spawn({});
    const region = kvm_userspace_memory_region.encode({ memory_size: 65536n });
    const device = kvm_create_device.encode({ type: 7 });
    const place = { at: kvm_create_device.offsetof("fd") };
    const results = await list(process, [
      { call: { $case: "openat", value: { path: "/dev/kvm", flags: 2n } } },
      ioctl("KVM_CREATE_VM", 0n, { fd_from: { call: 0 } }),
      mmap(65536n),
      ioctl("KVM_SET_USER_MEMORY_REGION", region, {
        fd_from: { call: 1 },
        patches: [{ offset: kvm_userspace_memory_region.offsetof("userspace_addr"), width: 8, value: { call: 2 } }],
      }),
      ioctl("KVM_CREATE_VCPU", 0n, { fd_from: { call: 1 } }),
      ioctl("KVM_ARM_VCPU_INIT", kvm_vcpu_init.encode({ target: 5 }), { fd_from: { call: 4 } }),
      ioctl("KVM_CREATE_DEVICE", device, { fd_from: { call: 1 } }),
      ioctl("KVM_HAS_DEVICE_ATTR", kvm_device_attr.encode({ attr: 2n }), {
        fd_from: { call: 6, width: 4, offset: place.at },
      }),
      {
        call: { $case: "process_vm_writev", value: { data: new Uint8Array([7, 0]), address: 16n } },
        address_from: { call: 2 },
        patches: [{ offset: 1, width: 1, value: { call: 1 }, addend: 2n }],
      },
      { call: { $case: "process_vm_readv", value: { address: 16n, length: 3n } }, address_from: { call: 2 } },
    ]);
    const address = results[2]?.ret as bigint;
    expect(shape(results)).toEqual([0n, 1n, address, 0n, 2n, 0n, 0n, 0n, 2n, 3n]);
    expect([...(results[9]?.data ?? [])]).toEqual([7, 3, 0]);
  });

  it("does not attempt what depends on a failed call, and goes on with the rest", async () => {
    const process = await withKvm(c);
    const results = await list(process, [
      { call: { $case: "openat", value: { path: "/nowhere" } } },
      ioctl("KVM_CREATE_VM", 0n, { fd_from: { call: 0 } }),
      { ...close(0), fd_from: { call: 1 } },
      close(0),
    ]);
    expect(shape(results)).toEqual([Errno.ERRNO_ENOENT, Errno.ERRNO_ECANCELED, Errno.ERRNO_ECANCELED, 0n]);
  });

  it("stops at its first error where told", async () => {
    const process = await withKvm(c);
    const results = await list(process, [{ call: { $case: "dup", value: { fd: 0 } } }, close(9), close(0)], true);
    expect(shape(results)).toEqual([1n, Errno.ERRNO_EBADF, Errno.ERRNO_ECANCELED]);
    expect((await c.syscalls.close({ process, fd: 0 })).ret).toBe(0n);
  });

  it("does not attempt a call whose link leads behind the data", async () => {
    const process = await withKvm(c);
    const results = await list(process, [
      { call: { $case: "process_vm_readv", value: { address: 0n, length: 0n } } },
      { ...close(0), fd_from: { call: 0, width: 4 } },
    ]);
    expect(shape(results)).toEqual([0n, Errno.ERRNO_ECANCELED]);
  });

  const data = new Uint8Array(8);
  const malformed: [string, Call[]][] = [
    ["an empty call", [{}]],
    ["a link to itself", [{ ...close(0), fd_from: { call: 0 } }]],
    ["a link to a later call", [{ ...close(0), fd_from: { call: 1 } }, close(0)]],
    ["a link of an odd width", [close(0), { ...close(0), fd_from: { call: 0, width: 3 } }]],
    [
      "a descriptor for a call that takes none",
      [close(9), { ...mmap(1n), call: { $case: "munmap", value: {} }, fd_from: { call: 0 } }],
    ],
    ["an address for a call that takes none", [close(9), { ...close(9), address_from: { call: 0 } }]],
    ["an address for a struct", [close(9), ioctl("KVM_RUN", data, { address_from: { call: 0 } })]],
    ["a patch without a value", [close(9), ioctl("KVM_RUN", data, { patches: [{ offset: 0, width: 4 }] })]],
    ["a patch of no width", [close(9), ioctl("KVM_RUN", data, { patches: [{ value: { call: 0 } }] })]],
    [
      "a patch outside the data",
      [close(9), ioctl("KVM_RUN", data, { patches: [{ offset: 5, width: 4, value: { call: 0 } }] })],
    ],
    [
      "a patch of a call without data",
      [close(9), ioctl("KVM_RUN", 0n, { patches: [{ width: 1, value: { call: 0 } }] })],
    ],
    ["another process", [{ call: { $case: "close", value: { process: 1n } } }]],
    [
      "more bytes than a message",
      Array.from({ length: 5 }, () => ({ call: { $case: "read" as const, value: { count: 2n ** 40n } } })),
    ],
    ["too many calls", Array.from({ length: 10_001 }, () => close(9))],
  ];
  it.each(malformed)("is refused as a whole for %s", async (_name, calls) => {
    const process = await withKvm(c);
    expect(await codeOf(list(process, [close(0), ...calls.map((call) => shift(call))]))).toBe(Status.INVALID_ARGUMENT);
    expect((await c.syscalls.dup({ process, fd: 0 })).ret).toBe(1n);
  });
  /** The same call one place later. */
  function shift(call: Call): Call {
    const later = <T extends { call?: number }>(link: T): T => ({ ...link, call: (link.call ?? 0) + 1 });
    const patches = call?.patches?.map((patch) => (patch.value ? { ...patch, value: later(patch.value) } : patch));
    return {
      ...call,
      ...(call?.fd_from && { fd_from: later(call.fd_from) }),
      ...(call?.address_from && { address_from: later(call.address_from) }),
      ...(patches && { patches }),
    };
  }

  it("for an unknown process is NOT_FOUND, also where the process ended while the stream was open", async () => {
    expect(await codeOf(list(1n, [close(0)]))).toBe(Status.NOT_FOUND);
    const process = await withKvm(c);
    async function* requests() {
      yield { process, calls: [close(0) as Syscall] };
      await c.syscalls.exit({ process });
      yield { process, calls: [close(0) as Syscall] };
    }
    const answers = c.syscalls.syscalls(requests())[Symbol.asyncIterator]();
    expect((await answers.next()).value.results).toHaveLength(1);
    expect(await codeOf(answers.next())).toBe(Status.NOT_FOUND);
  });

  it("may be long: 10,000 calls are answered one by one", async () => {
    const process = await withKvm(c);
    const results = await list(
      process,
      Array.from({ length: 10_000 }, (_, i) => ioctl("KVM_CHECK_EXTENSION", BigInt(i % 300))),
    );
    expect(results).toHaveLength(10_000);
    expect(results[205]).toMatchObject({ ret: 1n, error: 0 });
  });

  it("sleeps with a call of its own, and ends with EINTR at a signal, going on behind it", async () => {
    const { process } = await c.syscalls.spawn({});
    const { ret } = await c.syscalls.eventfd2({ process });
    const read: Call = { call: { $case: "read", value: { fd: Number(ret), count: 8n } } };
    const results = list(process, [close(9), read, { ...close(0), fd_from: { call: 1 } }, close(0)]);
    const session = t.sessions.find(process, "anyone");
    await expect.poll(() => session.holders).toBe(2);
    await c.syscalls.kill({ process });
    expect(shape(await results)).toEqual([Errno.ERRNO_EBADF, Errno.ERRNO_EINTR, Errno.ERRNO_ECANCELED, 0n]);
  });

  it("is let go when its stream is cancelled while it sleeps", async () => {
    const { process } = await c.syscalls.spawn({});
    const { ret } = await c.syscalls.eventfd2({ process });
    const abort = new AbortController();
    async function* requests() {
      yield { process, calls: [Syscall.create({ call: { $case: "read", value: { fd: Number(ret), count: 8n } } })] };
    }
    const answers = c.syscalls.syscalls(requests(), { signal: abort.signal })[Symbol.asyncIterator]();
    const answer = answers.next();
    const session = t.sessions.find(process, "anyone");
    await expect.poll(() => session.holders).toBe(2);
    abort.abort();
    await expect(answer).rejects.toThrow(/abort/i);
    await expect.poll(() => session.holders).toBe(0);
  });
});

describe("a list of a process that ends", () => {
  it("makes no further calls, which would keep for good what they gave it", async () => {
    const { process } = await c.syscalls.spawn({});
    const { ret } = await c.syscalls.eventfd2({ process });
    const read: Call = { call: { $case: "read", value: { fd: Number(ret), count: 8n } } };
    const free = t.host.pages.free;
    const running = codeOf(list(process, [read, mmap(1n << 20n, MAP_POPULATE)]));
    const session = t.sessions.find(process, "anyone");
    await expect.poll(() => session.holders).toBe(2);
    await c.syscalls.exit({ process });
    expect(await running).toBe(Status.NOT_FOUND);
    expect(t.host.pages.free).toBeGreaterThanOrEqual(free);
  });
});

describe("its response", () => {
  const result = fc.oneof(
    fc.integer({ min: -133, max: 2 ** 48 }),
    fc.record({ ret: fc.integer({ min: -133, max: 2 ** 31 }), data: fc.uint8Array({ maxLength: 300 }) }),
  );
  it("is what the generated code would send", () => {
    fc.assert(
      fc.property(fc.array(result), (results) => {
        const message = SyscallsResponse.create({
          results: results.map((r) => {
            const { ret, data } = typeof r === "number" ? { ret: r, data: new Uint8Array(0) } : r;
            return ret < 0 ? { ret: -1n, error: -ret as Errno, data } : { ret: BigInt(ret), error: 0, data };
          }),
        });
        const generated = SyscallsResponse.encode(message).finish();
        expect(Buffer.from(encodeListResponse(listResponse(results)))).toEqual(Buffer.from(generated));
      }),
    );
  });
});
