/** What the client puts on the wire: how calls are gathered into messages, and how much of a copy is on its way. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { calls, connect, type Process, type Tagvisor, Vm } from "../../../clients/typescript/index.ts";
import { Process as ClientProcess } from "../../../clients/typescript/process.ts";
import { Transport } from "../../../clients/typescript/transport.ts";
import { Recorder } from "./recorder.ts";

let recorder: Recorder;
let client: Tagvisor;
let process: Process;
beforeEach(async () => {
  recorder = await new Recorder().start();
  client = await connect(recorder.address);
  process = new ClientProcess(new Transport(recorder.address, {}), { process: 42n, pid: 1, kernel: "6.12" });
});
afterEach(async () => {
  process.detach();
  await client.close();
  await recorder.stop();
});

const lengths = () => recorder.lists.map((list) => list.calls.length);
const close = (fd: number) => process.call(calls.close(fd));

describe("messages", () => {
  test("the calls of one tick are one message, in their order, for the process", async () => {
    const answers = await Promise.all([close(0), close(1), close(2)]);
    expect(answers).toEqual([0, 1, 2]);
    expect(lengths()).toEqual([3]);
    expect(recorder.lists[0]).toMatchObject({ process: 42n, stop_at_error: false });
    expect(recorder.lists[0]?.calls.map(({ call }) => call)).toMatchObject([
      { $case: "close", value: { fd: 0 } },
      { $case: "close", value: { fd: 1 } },
      { $case: "close", value: { fd: 2 } },
    ]);
  });

  test("what follows an answer is a new message, and so is what follows that of several calls", async () => {
    await close(0);
    await Promise.all([close(1).then(() => close(2)), close(3).then(() => close(4))]);
    expect(lengths()).toEqual([1, 2, 2]);
  });

  test("calls go on before the first answer is there", async () => {
    const first = close(0);
    await Promise.resolve();
    await Promise.resolve();
    const second = close(1);
    expect(await Promise.all([first, second])).toEqual([0, 1]);
    expect(lengths()).toEqual([1, 1]);
  });

  test.each([
    ["too many calls", () => Array.from({ length: 2500 }, (_, i) => close(i)), [1000, 1000, 500]],
    [
      "too many bytes",
      () => Array.from({ length: 3 }, () => process.call(calls.processVmWritev(0n, new Uint8Array(700 << 10)))),
      [1, 1, 1],
    ],
    [
      "too many bytes to come",
      () => Array.from({ length: 3 }, () => process.call(calls.processVmReadv(0n, 500 << 10))),
      [2, 1],
    ],
  ])("%s are several messages", async (_, make, expected) => {
    await Promise.all(make());
    expect(lengths()).toEqual(expected);
  });

  test("a batch has a message of its own, after the calls before it and before those after it", async () => {
    const before = close(0);
    const batch = process.batch();
    batch.close(1);
    batch.close(2);
    const submitted = batch.submit();
    const after = close(3);
    await Promise.all([before, submitted, after]);
    expect(lengths()).toEqual([1, 2, 1]);
    expect(recorder.lists[1]?.stop_at_error).toBe(true);
  });

  test("references become links and patches", async () => {
    const batch = process.batch();
    const kvm = batch.openat("/dev/kvm");
    const vm = batch.ioctl(kvm, "KVM_CREATE_VM");
    const ram = batch.mmap({ length: 8192 });
    const region = { guest_phys_addr: 0x1000, memory_size: 4096, userspace_addr: ram.plus(4096) };
    batch.ioctl(vm, "KVM_SET_USER_MEMORY_REGION", region);
    const device = batch.ioctl(vm, "KVM_CREATE_DEVICE", { type: 7 });
    batch.close(device.member("fd"));
    batch.munmap(ram.plus(4096), 4096);
    expect(() => vm.value).toThrow("not submitted");
    await batch.submit();
    expect(vm.value).toBe(1);
    const [, create, , set, , shut, unmap] = recorder.lists[0]!.calls;
    expect(create?.fd_from).toEqual({ call: 0, width: 0, offset: 0 });
    expect(set?.fd_from).toEqual({ call: 1, width: 0, offset: 0 });
    expect(set?.patches).toEqual([{ offset: 24, width: 8, value: { call: 2, width: 0, offset: 0 }, addend: 4096n }]);
    expect(shut?.fd_from).toEqual({ call: 4, width: 4, offset: 4 });
    expect(unmap?.address_from).toEqual({ call: 2, width: 0, offset: 0 });
    expect(unmap?.call?.value).toMatchObject({ address: 4096n, length: 4096n });
  });

  test("a stream that breaks fails what waits, and the next call opens another", async () => {
    await close(0);
    await recorder.stop();
    await expect(close(1)).rejects.toThrow();
    await expect(close(2)).rejects.toThrow();
  });
});

describe("copies", () => {
  const settled = () => new Promise((resolve) => setTimeout(resolve, 400));

  test("a reader that pauses stops the server", async () => {
    const reading = new Vm(process, 3).readTags(0n, 2 ** 40);
    await reading.next();
    await settled();
    const asked = recorder.chunks;
    expect(asked).toBeLessThan(64);
    await settled();
    expect(recorder.chunks).toBe(asked);
    await reading.return();
  });

  test("a server that pauses stops the source, and aborting ends it", async () => {
    let given = 0;
    let ended = false;
    const source = function* () {
      try {
        for (;;) {
          given++;
          yield new Uint8Array(1 << 20);
        }
      } finally {
        ended = true;
      }
    };
    const abort = new AbortController();
    const writing = new Vm(process, 3).writeTags(0n, source(), { signal: abort.signal });
    await settled();
    const taken = given;
    expect(taken).toBeLessThan(64);
    await settled();
    expect(given).toBe(taken);
    abort.abort(new Error("enough"));
    await expect(writing).rejects.toThrow("enough");
    expect(ended).toBe(true);
  });

  test("a source that has nothing yet does not hide that the copy was aborted", async () => {
    const never = (async function* () {
      await new Promise(() => {});
      yield new Uint8Array(1);
    })();
    const writing = new Vm(process, 3).writeTags(0n, never, { signal: AbortSignal.timeout(100) });
    await expect(writing).rejects.toMatchObject({ name: "TimeoutError" });
  });
});
