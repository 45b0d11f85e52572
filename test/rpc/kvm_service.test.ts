import { Status } from "nice-grpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Errno } from "../../clients/typescript/gen/kvm/v1/errno.ts";
import * as messages from "../../clients/typescript/gen/kvm/v1/kvm.ts";
import { KvmServiceDefinition, type RunRequest } from "../../clients/typescript/gen/kvm/v1/kvm_service.ts";
import type { StructType } from "../../server/abi/ctypes.ts";
import { ERRNO } from "../../server/abi/errno.ts";
import * as kvm from "../../server/abi/kvm.ts";
import * as arm64 from "../../server/abi/kvm_arm64.ts";
import { IOCTLS, requestOf } from "../../server/abi/kvm_ioctl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../server/abi/mman.ts";
import { layout } from "../../server/rpc/kvm_messages.ts";
import { requestName } from "../../server/rpc/kvm_service.ts";
import { codeOf, type Stubs, testServer, withKvm } from "./harness.ts";

let t: Awaited<ReturnType<typeof testServer>>;
let c: Stubs;
beforeAll(async () => {
  t = await testServer();
  c = t.connect();
});
afterAll(() => t[Symbol.asyncDispose]());

describe("the contract", () => {
  it("has a method for each row of the table, and no other", () => {
    const names = Object.values(KvmServiceDefinition.methods).map(({ name }) => requestName(name));
    expect(names.sort()).toEqual(IOCTLS.map(({ name }) => name).sort());
  });

  it("gives errors Linux's numbers", () => {
    const { ERRNO_UNSPECIFIED, ERRNO_ECANCELED, UNRECOGNIZED, ...rest } = Errno;
    expect([ERRNO_UNSPECIFIED, ERRNO_ECANCELED, UNRECOGNIZED]).toEqual([0, 125, -1]);
    const names = Object.fromEntries(
      Object.entries(rest).map(([name, number]) => [name.replace("ERRNO_", ""), number]),
    );
    expect(names).toEqual(ERRNO);
  });

  /** struct kvm_arm_copy_mte_tags is message KvmArmCopyMteTags. */
  const messageName = (struct: string) =>
    struct.replace(/(?:^|_)([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
  const structs = Object.entries({ ...kvm, ...arm64 } as Record<string, unknown>)
    .filter(
      ([name, value]) =>
        typeof value === "object" && value !== null && "fields" in value && messageName(name) in messages,
    )
    .map(([name, value]) => [name, value as StructType<unknown>] as const);
  type Type = { create(): Record<string, unknown>; decode(bytes: Uint8Array): Record<string, unknown> };

  it("knows the structs of the requests", () => {
    expect(structs.length).toBeGreaterThan(25);
  });

  it.each(structs)("gives %s the members of the C struct in their order", (name, struct) => {
    const type = (messages as unknown as Record<string, Type>)[messageName(name)] as Type;
    const members = Object.keys(type.decode(new Uint8Array(0)));
    const unions: Record<string, string[]> = {
      kvm_irq_level: ["line", "level"],
      kvm_run: [...struct.fields.slice(0, 9).map(({ name }) => name), "exit", "kvm_valid_regs", "kvm_dirty_regs", "s"],
    };
    const flexible: Record<string, string> = {
      kvm_reg_list: "reg",
      kvm_irq_routing: "entries",
      kvm_signal_mask: "sigset",
    };
    const tail = flexible[name];
    expect(members).toEqual(
      unions[name] ?? [
        ...struct.fields.map((field) => field.name).filter((member) => !member.startsWith("__")),
        ...(tail ? [tail] : []),
      ],
    );
  });
});

describe("a message as a struct", () => {
  it("is laid out by the schema, what is left out zero", () => {
    const message = messages.KvmEnableCap.create({ cap: 205, args: [1n, 2n], pad: new Uint8Array([9]) });
    expect(layout(kvm.kvm_enable_cap, message)).toEqual(
      kvm.kvm_enable_cap.encode({ cap: 205, args: [1n, 2n, 0n, 0n], pad: new Uint8Array([9]) }),
    );
    expect(layout(kvm.kvm_enable_cap, undefined)).toEqual(new Uint8Array(104));
  });

  it("has the member of a union that is set", () => {
    const entry = messages.KvmIrqRoutingEntry.create({
      gsi: 1,
      type: 2,
      u: { member: { $case: "msi", value: { data: 7, devid: 8 } } },
    });
    const bytes = layout(kvm.kvm_irq_routing_entry, entry);
    expect([...new Uint32Array(bytes.buffer)].slice(0, 8)).toEqual([1, 2, 0, 0, 0, 0, 7, 8]);
    expect([
      ...layout(kvm.kvm_irq_level, messages.KvmIrqLevel.create({ line: { $case: "irq", value: 33 }, level: 1 })),
    ]).toEqual([33, 0, 0, 0, 1, 0, 0, 0]);
  });

  it("is malformed where a member has no room", () => {
    const small = messages.KvmVcpuEvents.create({ exception: { serror_pending: 256 } });
    expect(() => layout(arm64.kvm_vcpu_events, small)).toThrow(/exception.serror_pending: 256 needs more than 8 bits/);
    expect(() => layout(kvm.kvm_enable_cap, messages.KvmEnableCap.create({ args: [1n, 2n, 3n, 4n, 5n] }))).toThrow(
      /there is room for 4/,
    );
    expect(() => layout(kvm.kvm_enable_cap, messages.KvmEnableCap.create({ pad: new Uint8Array(65) }))).toThrow(
      /there is room for 64/,
    );
  });

  it("takes 128-bit registers as bytes", () => {
    const bytes = layout(
      arm64.kvm_regs,
      messages.KvmRegs.create({ fp_regs: { vregs: [new Uint8Array([1, 2]), new Uint8Array(16).fill(3)] } }),
    );
    const at = arm64.kvm_regs.offsetof("fp_regs.vregs");
    expect([...bytes.subarray(at, at + 18)]).toEqual([1, 2, ...Array(14).fill(0), 3, 3]);
  });
});

describe("typed calls", () => {
  async function machine({ mte = true, memory = 0n } = {}) {
    const process = await withKvm(c);
    const { ret: vm } = await c.kvm.createVm({ process, fd: 0 });
    const fd = Number(vm);
    if (mte) await c.kvm.enableCap({ process, fd, arg: { cap: 205 } });
    const { ret: address } = await c.syscalls.mmap({
      process,
      fd: -1,
      length: 1n << 20n,
      prot: BigInt(PROT_READ | PROT_WRITE),
      flags: BigInt(MAP_PRIVATE | MAP_ANONYMOUS),
    });
    if (memory) {
      const arg = { flags: 1, memory_size: memory, userspace_addr: address };
      expect((await c.kvm.setUserMemoryRegion({ process, fd, arg })).ret).toBe(0n);
    }
    return { process, fd, address };
  }
  async function vcpu(options?: Parameters<typeof machine>[0]) {
    const { process, fd: vm, address } = await machine(options);
    const fd = Number((await c.kvm.createVcpu({ process, fd: vm })).ret);
    return { process, fd, vm, address };
  }

  it("answer as the raw view does", async () => {
    const { process, fd, address } = await machine();
    const arg = { guest_ipa: 0x1000n, length: 4096n, addr: address, reserved: [0n, 1n] };
    const typed = await c.kvm.armMteCopyTags({ process, fd, arg });
    const data = layout(arm64.kvm_arm_copy_mte_tags, messages.KvmArmCopyMteTags.create(arg));
    const raw = await c.syscalls.ioctl({
      process,
      fd,
      request: requestOf("KVM_ARM_MTE_COPY_TAGS"),
      arg: { $case: "data", value: data },
    });
    expect(typed).toEqual({ ret: raw.ret, error: raw.error });
    expect(typed.error).toBe(Errno.ERRNO_EINVAL);
  });

  it("take values as they are, all 64 bits", async () => {
    const process = await withKvm(c);
    expect((await c.kvm.getApiVersion({ process, fd: 0 })).ret).toBe(12n);
    expect((await c.kvm.getApiVersion({ process, fd: 0, arg: 1n << 63n })).error).toBe(Errno.ERRNO_EINVAL);
    expect((await c.kvm.checkExtension({ process, fd: 0, cap: 205n })).ret).toBe(1n);
  });

  it("answer an out struct", async () => {
    const { process, fd } = await machine();
    expect(await c.kvm.armPreferredTarget({ process, fd })).toEqual({
      ret: 0n,
      error: 0,
      arg: { target: 5, features: Array(7).fill(0) },
    });
    const { ret, arg } = await c.kvm.createDevice({ process, fd, arg: { type: 7 } });
    expect([ret, arg?.type]).toEqual([0n, 7]);
    expect((await c.syscalls.close({ process, fd: arg?.fd ?? -1 })).ret).toBe(0n);
    expect(await c.kvm.createDevice({ process, fd, arg: { type: 99 } })).toMatchObject({
      error: Errno.ERRNO_ENODEV,
      arg: { type: 99, fd: 0 },
    });
  });

  it("carry a register's value, a small one as a number and a large one as bytes", async () => {
    const { process, fd } = await vcpu();
    const x1 = 0x6030000000100002n;
    const v0 = 0x6040000000100054n;
    expect((await c.kvm.getOneReg({ process, fd, arg: { id: x1 } })).error).toBe(Errno.ERRNO_ENOEXEC);
    await c.kvm.armVcpuInit({ process, fd, arg: { target: 5 } });
    expect(
      (await c.kvm.setOneReg({ process, fd, arg: { id: x1 }, value: { $case: "number", value: 2n ** 64n - 1n } })).ret,
    ).toBe(0n);
    expect((await c.kvm.getOneReg({ process, fd, arg: { id: x1 } })).value).toEqual({
      $case: "number",
      value: 2n ** 64n - 1n,
    });
    const bytes = new Uint8Array(16).map((_, i) => i);
    expect((await c.kvm.setOneReg({ process, fd, arg: { id: v0 }, value: { $case: "data", value: bytes } })).ret).toBe(
      0n,
    );
    const { value } = await c.kvm.getOneReg({ process, fd, arg: { id: v0 } });
    expect(value?.$case === "data" && [...value.value]).toEqual([...bytes]);
    const short = { $case: "data", value: bytes.subarray(0, 15) } as const;
    expect((await c.kvm.setOneReg({ process, fd, arg: { id: v0 }, value: short })).error).toBe(Errno.ERRNO_EFAULT);
    const fpsr = { process, fd, arg: { id: 0x60200000001000d4n } };
    expect(await codeOf(c.kvm.setOneReg({ ...fpsr, value: { $case: "number", value: 1n << 32n } }))).toBe(
      Status.INVALID_ARGUMENT,
    );
  });

  it("read and write a register through an address of the process, where one is given", async () => {
    const { process, fd, address } = await vcpu();
    await c.kvm.armVcpuInit({ process, fd, arg: { target: 5 } });
    await c.syscalls.processVmWritev({ process, address, data: new Uint8Array([0x2a, 0, 0, 0, 0, 0, 0, 0]) });
    const arg = { id: 0x6030000000100002n, addr: address };
    expect((await c.kvm.setOneReg({ process, fd, arg })).ret).toBe(0n);
    expect(await c.kvm.getOneReg({ process, fd, arg: { ...arg, addr: address + 8n } })).toEqual({ ret: 0n, error: 0 });
    expect((await c.syscalls.processVmReadv({ process, address: address + 8n, length: 1n })).data[0]).toBe(0x2a);
  });

  it("list the registers, or say how many there are", async () => {
    const { process, fd } = await vcpu();
    await c.kvm.armVcpuInit({ process, fd, arg: { target: 5 } });
    const asked = await c.kvm.getRegList({ process, fd });
    expect(asked).toMatchObject({ error: Errno.ERRNO_E2BIG, arg: { reg: [] } });
    const n = asked.arg?.n as bigint;
    const { ret, arg } = await c.kvm.getRegList({ process, fd, n: 2n ** 32n + n });
    expect([ret, arg?.n, arg?.reg.length, arg?.reg[0]]).toEqual([0n, n, Number(n), 0x6030000000100000n]);
  });

  it("carry a dirty log's bitmap both ways", async () => {
    const { process, fd } = await machine({ memory: 1n << 19n });
    const log = await c.kvm.getDirtyLog({ process, fd, bitmap_size: 16n });
    expect([log.ret, log.dirty_bitmap.length]).toEqual([0n, 16]);
    expect((await c.kvm.getDirtyLog({ process, fd, bitmap_size: 15n })).error).toBe(Errno.ERRNO_EFAULT);
    expect(await codeOf(c.kvm.getDirtyLog({ process, fd, bitmap_size: 2n ** 40n }))).toBe(Status.INVALID_ARGUMENT);
    const arg = { num_pages: 128 };
    expect((await c.kvm.clearDirtyLog({ process, fd, arg, dirty_bitmap: new Uint8Array(16) })).ret).toBe(0n);
    expect((await c.kvm.clearDirtyLog({ process, fd, arg, dirty_bitmap: new Uint8Array(15) })).error).toBe(
      Errno.ERRNO_EFAULT,
    );
  });

  it("set and read a device's attributes", async () => {
    const { process, fd: vm } = await machine();
    const { arg } = await c.kvm.createDevice({ process, fd: vm, arg: { type: 7 } });
    const fd = arg?.fd ?? -1;
    const dist = { group: 0, attr: 2n };
    expect((await c.kvm.hasDeviceAttr({ process, fd, arg: dist })).ret).toBe(0n);
    expect(
      (await c.kvm.setDeviceAttr({ process, fd, arg: dist, value: { $case: "number", value: 0x8000000n } })).ret,
    ).toBe(0n);
    expect(await c.kvm.getDeviceAttr({ process, fd, arg: dist })).toEqual({ ret: 0n, error: 0, number: 0x8000000n });
    expect((await c.kvm.setDeviceAttr({ process, fd, arg: { ...dist, attr: 3n } })).error).toBe(Errno.ERRNO_EFAULT);
    expect((await c.kvm.getDeviceAttr({ process, fd, arg: { group: 77 } })).error).toBe(Errno.ERRNO_ENXIO);
  });

  it("take structs with an array of any length behind them", async () => {
    const { process, fd: vm, address: _ } = await machine();
    const entry = { gsi: 5, type: 1, u: { member: { $case: "irqchip", value: { pin: 5 } } } } as const;
    expect((await c.kvm.setGsiRouting({ process, fd: vm, arg: { nr: 1, entries: [entry] } })).ret).toBe(0n);
    expect((await c.kvm.setGsiRouting({ process, fd: vm, arg: { nr: 2, entries: [entry] } })).error).toBe(
      Errno.ERRNO_EFAULT,
    );
    const fd = Number((await c.kvm.createVcpu({ process, fd: vm })).ret);
    expect((await c.kvm.setSignalMask({ process, fd })).ret).toBe(0n);
    expect((await c.kvm.setSignalMask({ process, fd, arg: { len: 8, sigset: new Uint8Array(8) } })).ret).toBe(0n);
    expect((await c.kvm.setSignalMask({ process, fd, arg: { len: 8, sigset: new Uint8Array(7) } })).error).toBe(
      Errno.ERRNO_EFAULT,
    );
    expect((await c.kvm.armVcpuFinalize({ process, fd, feature: 4 })).error).toBe(Errno.ERRNO_ENOEXEC);
  });

  it("answer what other architectures have with EINVAL", async () => {
    const { process, fd } = await vcpu();
    for (const call of [
      c.kvm.getRegs,
      c.kvm.setRegs,
      c.kvm.getSregs,
      c.kvm.setSregs,
      c.kvm.getFpu,
      c.kvm.setFpu,
      c.kvm.translate,
    ]) {
      expect(await call({ process, fd })).toMatchObject({ ret: -1n, error: Errno.ERRNO_EINVAL });
    }
  });

  it("run a vCPU again and again on one stream", async () => {
    const { process, fd } = await vcpu();
    let next: (request: Partial<RunRequest>) => void = () => {};
    const queue: Partial<RunRequest>[] = [{ process, fd }];
    async function* requests() {
      for (;;) {
        const request = queue.shift() ?? (await new Promise<Partial<RunRequest>>((resolve) => (next = resolve)));
        if (request.fd === -1) return;
        yield request;
      }
    }
    const exits = c.kvm.run(requests())[Symbol.asyncIterator]();
    expect((await exits.next()).value).toMatchObject({
      error: Errno.ERRNO_ENOEXEC,
      run: { exit_reason: 0, immediate_exit: 0 },
    });
    await c.kvm.armVcpuInit({ process, fd, arg: { target: 5 } });
    next({ immediate_exit: 1, mmio_data: new Uint8Array([1, 2, 3]) });
    const { value } = await exits.next();
    expect(value).toMatchObject({
      error: Errno.ERRNO_EINTR,
      run: { immediate_exit: 1, exit: { $case: "hw" }, s: { $case: "regs" } },
    });
    next({ arg: 1n });
    expect((await exits.next()).value).toMatchObject({ error: Errno.ERRNO_EINVAL });
    next({ fd: -1 });
    expect((await exits.next()).done).toBe(true);
  });

  /** A vCPU that stores its x0 to 0x9000000, and counts on, for ever; or only counts. */
  async function guest(words: readonly number[]) {
    const machine = await vcpu({ memory: 1n << 20n });
    const { process, fd, address } = machine;
    await c.kvm.armVcpuInit({ process, fd, arg: { target: 5 } });
    async function* code() {
      yield { process, address, data: new Uint8Array(Uint32Array.from(words).buffer) };
    }
    for await (const { error } of c.memory.writeMemory(code())) expect(error).toBe(0);
    return machine;
  }
  const COUNT_AND_STORE = [0xd2a12001, 0x91000400, 0xb9000020, 0x17fffffe];
  const COUNT = [0x91000400, 0x17ffffff];

  it("run a guest, by the typed view and by the raw one in turns", async () => {
    const { process, fd } = await guest(COUNT_AND_STORE);
    async function* requests() {
      for (let n = 0; n < 3; n++) yield { process, fd };
    }
    const exits = [];
    for await (const { ret, run } of c.kvm.run(requests())) exits.push([ret, run?.exit_reason, run?.exit?.$case]);
    expect(exits).toEqual(Array.from({ length: 3 }, () => [0n, kvm.KVM_EXIT_MMIO, "mmio"]));
    const raw = await c.syscalls.ioctl({ process, fd, request: requestOf("KVM_RUN") });
    expect(raw.ret).toBe(0n);
    async function* once() {
      yield { process, fd };
    }
    for await (const { run } of c.kvm.run(once())) {
      const exit = run?.exit?.value as { phys_addr: bigint; data: Uint8Array } | undefined;
      expect([exit?.phys_addr, ...(exit?.data ?? [])]).toEqual([0x9000000n, 5, 0, 0, 0, 0, 0, 0, 0]);
    }
  });

  it.each(["the typed", "the raw"])("a call of %s view that is cancelled takes its guest out", async (view) => {
    const { process, fd } = await guest(COUNT);
    const { signal, abort } = ((controller) => ({ signal: controller.signal, abort: () => controller.abort() }))(
      new AbortController(),
    );
    async function* once() {
      yield { process, fd };
    }
    const running =
      view === "the raw"
        ? c.syscalls.ioctl({ process, fd, request: requestOf("KVM_RUN") }, { signal })
        : c.kvm.run(once(), { signal })[Symbol.asyncIterator]().next();
    setTimeout(abort, 100);
    await expect(running).rejects.toThrow();
    // The vCPU is free again, and has counted.
    const reg = (await c.syscalls.mmap({ process, fd: -1, length: 4096n, prot: 3n, flags: 0x22n })).ret;
    const one = await c.kvm.getOneReg({ process, fd, arg: { id: 0x6030000000100000n, addr: reg } });
    expect(one.ret).toBe(0n);
    let count = 0n;
    for await (const { data } of c.memory.readMemory({ process, address: reg, length: 8n }))
      count = new DataView(Uint8Array.from(data).buffer).getBigUint64(0, true);
    expect(count).toBeGreaterThan(1000n);
  });

  it("run nothing on a descriptor that is no vCPU", async () => {
    const { process, fd } = await machine();
    async function* requests() {
      yield { process, fd };
      yield { process, fd: 99 };
    }
    const answers = [];
    for await (const { error, run } of c.kvm.run(requests())) answers.push([error, run]);
    expect(answers).toEqual([
      [Errno.ERRNO_EINVAL, undefined],
      [Errno.ERRNO_EBADF, undefined],
    ]);
  });
});
