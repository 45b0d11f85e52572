/** The objects of the client against a real server: their life, what they throw, what they answer. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as tagvisor from "../../../clients/typescript/index.ts";
import {
  ClientError,
  type Kvm,
  KvmError,
  type Process,
  Status,
  type Tagvisor,
} from "../../../clients/typescript/index.ts";
import { type TestServer, testServer } from "../../rpc/harness.ts";

const PAGE = 4096;
const BASE = 0x4000_0000n;

let server: TestServer;
let client: Tagvisor;
beforeAll(async () => {
  server = await testServer();
  client = await tagvisor.connect(server.address);
});
afterAll(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});

/** A VM with MTE and `pages` of memory. */
async function machine(process: Process, pages = 4) {
  const kvm = await process.openKvm();
  const vm = await kvm.createVm();
  await vm.enableCap({ cap: tagvisor.KVM_CAP_ARM_MTE });
  const ram = await process.mmap({ length: pages * PAGE });
  await vm.setUserMemoryRegion({ guest_phys_addr: BASE, memory_size: pages * PAGE, userspace_addr: ram.address });
  return { kvm, vm, ram };
}

const failure = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable("the call should have failed"),
    (error: unknown) => error as KvmError,
  );

describe("life", () => {
  test("a scope's end closes what it opened, and the process last", async () => {
    const before = server.sessions.size;
    let outer: Process;
    {
      await using process = await client.spawn({ kernel: "6.1", labels: { test: "life" } });
      outer = process;
      expect(process).toMatchObject({ kernel: "6.1", hasExited: false });
      expect((await client.processes()).at(-1)).toMatchObject({ pid: process.pid, labels: { test: "life" } });
      {
        await using kvm = await process.openKvm();
        await using vm = await kvm.createVm();
        await using memory = await process.mmap({ length: PAGE });
        expect([kvm.fd, vm.fd]).toEqual([0, 1]);
        await memory.write(0, Uint8Array.of(1, 2, 3));
      }
      // All that is gone: the lowest descriptor and the address are free again.
      await using kvm = await process.openKvm();
      expect(kvm.fd).toBe(0);
      expect(server.sessions.size).toBe(before + 1);
    }
    expect(outer.hasExited).toBe(true);
    expect(server.sessions.size).toBe(before);
  });

  test("closing and exiting twice is once, and a process that the server ended is no error at a scope's end", async () => {
    await using process = await client.spawn();
    const kvm = await process.openKvm();
    await kvm.close();
    await kvm.close();
    await using other = await client.attach(process.handle);
    expect(other).toMatchObject({ pid: process.pid, kernel: process.kernel });
    await other.exit();
    await other.exit();
    const error = await failure(process.openKvm());
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({ code: Status.NOT_FOUND });
  });

  test("a server that is not there", async () => {
    await expect(tagvisor.connect("127.0.0.1:1", { timeout: 300 })).rejects.toThrow(
      "no tagvisor answers at 127.0.0.1:1: connect ECONNREFUSED",
    );
  });
});

describe("errors", () => {
  type Wrong = (process: Process) => Promise<unknown>;
  const copy = { guest_ipa: BASE, length: PAGE, addr: 0x1000, flags: tagvisor.KVM_ARM_TAGS_FROM_GUEST };
  const cases: [call: string, code: string, rule: RegExp | undefined, wrong: Wrong][] = [
    ["openat", "ENOENT", undefined, (process) => process.open("/dev/none")],
    ["close", "EBADF", undefined, (process) => process.call(tagvisor.calls.close(7))],
    ["KVM_CREATE_VM", "EINVAL", /ipa|phys/i, async (process) => (await process.openKvm()).createVm(255)],
    [
      "KVM_ARM_MTE_COPY_TAGS",
      "EINVAL",
      /^kvm_vm_ioctl_mte_copy_tags: reserved/,
      async (process) => (await machine(process)).vm.armMteCopyTags({ ...copy, reserved: [0, 1] }),
    ],
    [
      "KVM_ARM_MTE_COPY_TAGS",
      "EFAULT",
      /^kvm_vm_ioctl_mte_copy_tags: /,
      async (process) => (await machine(process)).vm.armMteCopyTags(copy),
    ],
    [
      "KVM_GET_ONE_REG",
      "ENOEXEC",
      /^kvm_/,
      async (process) => (await (await machine(process)).vm.createVcpu(0)).getOneReg(tagvisor.SYS_REGS.GCR_EL1),
    ],
    ["ioctl 0x1234", "EINVAL", /^kvm_/, async (process) => (await process.openKvm()).ioctl(0x1234)],
    ["process_vm_readv", "EFAULT", /./, (process) => process.read(0n, 16)],
  ];
  test.each(cases)("%s: %s", async (call, code, rule, wrong) => {
    await using process = await client.spawn();
    const error = await failure(wrong(process));
    expect(error).toBeInstanceOf(KvmError);
    expect(error).toMatchObject({ call, code, errno: tagvisor.ERRNO[code as keyof typeof tagvisor.ERRNO] });
    if (rule) expect(error.rule).toMatch(rule);
    expect(error.message).toBe(`${call}: ${code}${error.rule ? ` (${error.rule})` : ""}`);
  });

  test("the rule is the one of this call, among many that fail at once", async () => {
    await using process = await client.spawn();
    const { vm } = await machine(process);
    const wrong = [{ ...copy, reserved: [1, 0] }, { ...copy, flags: 2 }, { ...copy, length: 1 }, copy];
    const errors = await Promise.all(wrong.map((args) => failure(vm.armMteCopyTags(args))));
    expect(errors.map(({ code }) => code)).toEqual(["EINVAL", "EINVAL", "EINVAL", "EFAULT"]);
    expect(errors[3]?.rule).not.toBe(errors[0]?.rule);
  });

  test("a malformed call breaks the stream for what waits on it, and the next call opens another", async () => {
    await using process = await client.spawn();
    const kvm = await process.openKvm();
    const tooLong = failure(process.call(tagvisor.calls.processVmReadv(0n, 2 << 20)));
    const behind = failure(kvm.getApiVersion());
    expect([await tooLong, await behind]).toMatchObject([
      { name: "ClientError", code: Status.INVALID_ARGUMENT },
      { name: "ClientError", code: Status.INVALID_ARGUMENT },
    ]);
    expect(await kvm.getApiVersion()).toBe(12);
  });

  test("a batch stops at its first failure, or tells of each one", async () => {
    await using process = await client.spawn();
    const make = () => {
      const batch = process.batch();
      const kvm = batch.openat("/dev/kvm");
      const wrong = batch.ioctl(kvm, "KVM_CREATE_VM", 255);
      const linked = batch.ioctl(wrong, "KVM_CREATE_VCPU", 0);
      const close = batch.close(kvm);
      return { batch, kvm, wrong, linked, close };
    };
    const stopped = make();
    expect(await failure(stopped.batch.submit())).toMatchObject({ call: "KVM_CREATE_VM", code: "EINVAL" });
    expect(stopped.kvm.value).toBe(0);
    expect(() => stopped.close.value).toThrow("close: ECANCELED");
    const all = make();
    await all.batch.submit({ keepGoing: true });
    expect([all.kvm.value, all.close.value]).toEqual([1, 0]);
    expect([all.wrong.error?.code, all.linked.error?.code]).toEqual(["EINVAL", "ECANCELED"]);
    expect(all.wrong.error?.rule).toContain(":");
  });

  test("without asking for rules, an error costs no further call", async () => {
    await using quiet = await tagvisor.connect(server.address, { rules: false });
    await using process = await quiet.spawn();
    expect(await failure(process.open("/none"))).toMatchObject({ code: "ENOENT", rule: undefined });
  });

  test("a stack shows who made the call", async () => {
    await using process = await client.spawn();
    const kvm: Kvm = await process.openKvm();
    async function caller() {
      return await kvm.createVm(255);
    }
    expect((await failure(caller())).stack).toContain("caller");
  });
});

describe("memory", () => {
  test("reads what was written, small and large", async () => {
    await using process = await client.spawn();
    const mapping = await process.mmap({ length: 3 << 20 });
    const data = Uint8Array.from({ length: 1 << 20 }, (_, i) => i ^ (i >> 8));
    await mapping.write(5, data.subarray(0, 1000));
    expect(Buffer.from(await mapping.read(5, 1000)).equals(data.subarray(0, 1000))).toBe(true);
    await mapping.write(PAGE + 1, data);
    expect(Buffer.from(await mapping.read(PAGE + 1, data.length)).equals(data)).toBe(true);
    expect(await mapping.read(0, 5)).toEqual(new Uint8Array(5));
  });

  test("a range that ends early throws, and what was there before is untouched", async () => {
    await using process = await client.spawn();
    const mapping = await process.mmap({ length: 4 * PAGE });
    await mapping.unmap(2 * PAGE, 2 * PAGE);
    expect(await failure(mapping.read(PAGE, 2 * PAGE))).toMatchObject({ code: "EFAULT" });
    expect(await failure(mapping.write(PAGE, new Uint8Array(2 * PAGE).fill(9)))).toMatchObject({ code: "EFAULT" });
    expect(await mapping.read(PAGE, PAGE)).toEqual(new Uint8Array(PAGE).fill(9));
  });

  test("a memfd is shared by its mappings, and by a fork", async () => {
    await using process = await client.spawn();
    const file = await process.memfd("shared", 2 * PAGE);
    const one = await file.mmap({ length: PAGE });
    const other = await file.mmap({ length: PAGE });
    await one.write(0, Buffer.from("hello"));
    await using child = await process.fork();
    await child.write(one.at(5), Buffer.from(" child"));
    expect(Buffer.from(await other.read(0, 11)).toString()).toBe("hello child");
    expect(Buffer.from(await file.pread(5, 0)).toString()).toBe("hello");
    // Private memory is the child's own.
    const own = await process.mmap({ length: PAGE });
    await using second = await process.fork();
    await second.write(own.address, Uint8Array.of(1));
    expect(await own.read(0, 1)).toEqual(Uint8Array.of(0));
  });

  test("the process's own tags", async () => {
    await using process = await client.spawn();
    const mapping = await process.mmap({
      length: PAGE,
      prot: tagvisor.PROT_READ | tagvisor.PROT_WRITE | tagvisor.PROT_MTE,
    });
    expect(await process.storeTags(mapping.address, Uint8Array.of(3, 4))).toBe(0);
    expect((await process.loadTags(mapping.address, 48)).tags).toEqual(Uint8Array.of(3, 4, 0));
  });
});

describe("a vCPU", () => {
  async function vcpu(process: Process) {
    const { vm } = await machine(process);
    const vcpu = await vm.createVcpu(0);
    const init = await vm.armPreferredTarget();
    await vcpu.armVcpuInit(init);
    return { vm, vcpu };
  }

  test("all its registers come and go, each in its size", async () => {
    await using process = await client.spawn();
    const { vcpu: cpu } = await vcpu(process);
    const ids = await cpu.getRegList();
    expect(ids.length).toBeGreaterThan(200);
    expect(ids).toContain(tagvisor.SYS_REGS.TFSRE0_EL1);
    const { x7, v3, fpcr } = tagvisor.CORE_REGS;
    const values: [bigint, bigint][] = [
      [x7, 0xffff_ffff_ffff_fff7n],
      [v3, (1n << 127n) | 5n],
      [fpcr, 0x0100_0000n],
      [tagvisor.SYS_REGS.RGSR_EL1, 0x1234n],
    ];
    await Promise.all(values.map(([id, value]) => cpu.setOneReg(id, value)));
    expect(await Promise.all(values.map(([id]) => cpu.getOneReg(id)))).toEqual(values.map(([, value]) => value));
    await cpu.setMpState(tagvisor.KVM_MP_STATE_STOPPED);
    expect(await cpu.getMpState()).toBe(tagvisor.KVM_MP_STATE_STOPPED);
    expect((await cpu.getVcpuEvents()).exception.serror_pending).toBe(0);
  });

  test("KVM_RUN is refused, interrupted, or tells its exit", async () => {
    await using process = await client.spawn();
    const { vm } = await machine(process);
    const raw = await vm.createVcpu(0);
    expect(await failure(raw.run())).toMatchObject({
      call: "KVM_RUN",
      code: "ENOEXEC",
      rule: expect.stringContaining(":"),
    });
    await raw.armVcpuInit(await vm.armPreferredTarget());
    expect(await failure(raw.run({ immediate_exit: 1 }))).toMatchObject({ code: "EINTR" });
    const run = await raw.mapRun();
    expect((await run.read(1, 1))[0]).toBe(1);
    const aborted = AbortSignal.abort(new Error("no time"));
    expect(await failure(raw.run({ signal: aborted }))).toMatchObject({ message: "no time" });
  });

  test("attributes of a device", async () => {
    await using process = await client.spawn();
    const { vm } = await machine(process);
    expect(await vm.hasDevice(tagvisor.KVM_DEV_TYPE_ARM_VGIC_V3)).toBe(true);
    expect(await vm.hasDevice(99)).toBe(false);
    const gic = await vm.createDevice(tagvisor.KVM_DEV_TYPE_ARM_VGIC_V3);
    const [group, dist] = [tagvisor.KVM_DEV_ARM_VGIC_GRP_ADDR, tagvisor.KVM_VGIC_V3_ADDR_TYPE_DIST];
    expect(await gic.hasDeviceAttr(group, dist)).toBe(true);
    await gic.setDeviceAttr(group, dist, 0x0800_0000);
    expect(await gic.getDeviceAttr(group, dist)).toBe(0x0800_0000n);
    expect(await failure(gic.setDeviceAttr(group, dist, 0x0900_0000))).toMatchObject({ code: "EEXIST" });
  });

  test("the dirty log of a slot", async () => {
    await using process = await client.spawn();
    const { vm, ram } = await machine(process, 64);
    const slot = { guest_phys_addr: BASE, memory_size: 64 * PAGE, userspace_addr: ram.address };
    await vm.setUserMemoryRegion({ ...slot, flags: tagvisor.KVM_MEM_LOG_DIRTY_PAGES });
    expect(await vm.getDirtyLog(0, 64)).toEqual(new Uint8Array(8));
    expect(await failure(vm.getDirtyLog(9, 64))).toMatchObject({ call: "KVM_GET_DIRTY_LOG", code: "ENOENT" });
  });
});

describe("calls that sleep", () => {
  test("an eventfd wakes its reader, and holds nothing else up", async () => {
    await using process = await client.spawn();
    const eventfd = await process.eventfd();
    const value = eventfd.read();
    const kvm = await process.openKvm();
    expect(await kvm.getApiVersion()).toBe(12);
    await eventfd.write(5);
    expect(await value).toBe(5n);
  });

  test("aborting ends the wait, and so does a signal", async () => {
    await using process = await client.spawn();
    const eventfd = await process.eventfd();
    const abort = new AbortController();
    const aborted = failure(eventfd.read({ signal: abort.signal }));
    abort.abort();
    expect(await aborted).toMatchObject({ name: "AbortError" });
    const signalled = failure(eventfd.read());
    await process.openKvm();
    await process.kill();
    expect(await signalled).toMatchObject({ call: "read", code: "EINTR" });
  });
});

describe("several clients", () => {
  test("two of them, each with processes of its own", async () => {
    await using other = await tagvisor.connect(server.address);
    await using one = await client.spawn();
    await using two = await other.spawn();
    const [first, second] = await Promise.all([one.openKvm(), two.openKvm()]);
    expect([first.fd, second.fd]).toEqual([0, 0]);
    await first.close();
    expect(await second.getApiVersion()).toBe(12);
  });

  test("tokens keep them apart", async () => {
    const tokens = new Map([
      ["a-token", "alice"],
      ["b-token", "bob"],
    ]);
    await using guarded = await testServer({ tokens });
    await using alice = await tagvisor.connect(guarded.address, { token: "a-token" });
    await using bob = await tagvisor.connect(`http://${guarded.address}`, { token: "b-token" });
    await using nobody = await tagvisor.connect(guarded.address);
    await using process = await alice.spawn();
    const kvm = await process.openKvm();
    expect(await kvm.getApiVersion()).toBe(12);
    expect(await bob.processes()).toEqual([]);
    expect(await failure(bob.attach(process.handle))).toMatchObject({ code: Status.PERMISSION_DENIED });
    expect(await failure(nobody.spawn())).toMatchObject({ code: Status.UNAUTHENTICATED });
  });

  test("TLS is for those who trust the server's certificate", async () => {
    const pem = (name: string) => readFileSync(new URL(`../../rpc/data/${name}`, import.meta.url));
    await using guarded = await testServer({ tls: { cert: pem("server.pem"), key: pem("server.key") } });
    await using trusting = await tagvisor.connect(guarded.address, { tls: { ca: pem("ca.pem") } });
    await using process = await trusting.spawn();
    expect((await trusting.processes()).map((known) => known.process)).toEqual([process.handle]);
    const address = `https://${guarded.address}`;
    await expect(tagvisor.connect(address, { timeout: 300 })).rejects.toThrow("no tagvisor answers");
  });
});
