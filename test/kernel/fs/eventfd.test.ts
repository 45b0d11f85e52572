import { beforeEach, describe, expect, test } from "vitest";
import { EFD_CLOEXEC, EFD_NONBLOCK, EFD_SEMAPHORE } from "../../../server/abi/eventfd.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { EventfdFile } from "../../../server/kernel/fs/eventfd.ts";
import type { Task } from "../../../server/kernel/process.ts";
import {
  placeArgument,
  sysClose,
  sysEventfd2,
  sysLseek,
  sysPoll,
  sysPrlimitNofile,
  sysReadData,
  sysWrite,
} from "../../../server/kernel/syscalls.ts";
import { bootHost, said } from "../kvm/vmm.ts";

const MAX = 0xffff_ffff_ffff_ffffn;
const [IN, OUT, ERR] = [1, 4, 8];

let task: Task;
beforeEach(() => {
  task = bootHost().spawn("6.12");
});

const open = (count: number, flags = EFD_NONBLOCK) => sysEventfd2(task, count, flags);

/** write() of `size` bytes whose first eight are `value`. */
function write(fd: number, value: bigint, size = 8, by = task) {
  const data = new Uint8Array(size + 8);
  new DataView(data.buffer).setBigUint64(0, value, true);
  return sysWrite(by, fd, BigInt(placeArgument(by, data.subarray(0, size))), BigInt(size));
}

/** The counter that read() gives, or the errno's name. */
async function read(fd: number, size = 8): Promise<bigint | string | number> {
  const { ret, data } = await sysReadData(task, fd, size);
  return ret === 8 ? new DataView(data.buffer, data.byteOffset).getBigUint64(0, true) : said(ret);
}

const poll = (fd: number) => sysPoll(task, fd, IN | OUT);

describe("eventfd2", () => {
  test.each([
    ["an unknown flag", 2, "EINVAL"],
    ["all flags", EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC, 0],
  ])("%s", (_, flags, answer) => {
    expect(said(open(0, flags))).toBe(answer);
  });

  test("the descriptor closes on exec if asked, and is named", () => {
    const [fd, other] = [open(0, EFD_CLOEXEC), open(0)];
    expect([task.files.getCloexec(fd), task.files.getCloexec(other)]).toEqual([true, false]);
    expect(task.files.lookup(fd)?.name).toBe("anon_inode:[eventfd]");
  });

  test("takes 32 bits of the initial value", async () => {
    expect(await read(open(0xffff_ffff))).toBe(0xffff_ffffn);
    expect(await read(open(-1))).toBe(0xffff_ffffn);
  });

  test("EMFILE without a descriptor left", () => {
    sysPrlimitNofile(task, 0);
    expect(said(open(0))).toBe("EMFILE");
  });

  test("seeking changes nothing", () => {
    expect(sysLseek(task, open(0), 5n, 0)).toBe(0);
  });
});

describe("read", () => {
  test("takes the whole counter", async () => {
    const fd = open(7);
    expect([await read(fd), await read(fd)]).toEqual([7n, "EAGAIN"]);
  });

  test("takes one of a semaphore", async () => {
    const fd = open(2, EFD_NONBLOCK | EFD_SEMAPHORE);
    expect([await read(fd), await read(fd), await read(fd)]).toEqual([1n, 1n, "EAGAIN"]);
  });

  test("needs room for eight bytes and fills no more", async () => {
    const fd = open(7);
    expect([await read(fd, 7), await read(fd, 64)]).toEqual(["EINVAL", 7n]);
  });

  test("sleeps until a write, which only one reader gets", async () => {
    const fd = open(0, 0);
    const [first, second] = [read(fd), read(fd)];
    expect(write(fd, 3n)).toBe(8);
    expect(write(fd, 4n)).toBe(8);
    expect([await first, await second]).toEqual([3n, 4n]);
  });

  test("a write of two wakes two readers of a semaphore, each once", async () => {
    const fd = open(0, EFD_SEMAPHORE);
    const readers = [read(fd), read(fd)];
    write(fd, 2n);
    expect(await Promise.all(readers)).toEqual([1n, 1n]);
    expect(poll(fd)).toBe(OUT);
  });

  test("a signal ends the sleep, and a pending one prevents it", async () => {
    const fd = open(0, 0);
    const asleep = read(fd);
    task.signal();
    expect(await asleep).toBe("EINTR");
    task.signal();
    expect(await read(fd)).toBe("EINTR");
    write(fd, 1n);
    expect(await read(fd)).toBe(1n);
  });
});

describe("write", () => {
  test.each<[string, bigint, number, KernelName, string | number]>([
    ["fewer than eight bytes", 1n, 7, "6.12", "EINVAL"],
    ["more than eight bytes", 1n, 9, "6.12", "EINVAL"],
    ["more than eight bytes", 1n, 9, "6.1", 8],
    ["the largest number", MAX, 8, "6.12", "EINVAL"],
    ["the largest number that fits", MAX - 1n, 8, "6.12", 8],
    ["nothing", 0n, 8, "6.12", 8],
  ])("%s: %d of %d bytes under %s", (_, value, size, kernel, answer) => {
    task = bootHost().spawn(kernel);
    expect(said(write(open(0), value, size) as number)).toBe(answer);
  });

  test("the counter stays below 2^64 - 1", async () => {
    const fd = open(1);
    expect(said(write(fd, MAX - 1n) as number)).toBe("EAGAIN");
    expect(write(fd, MAX - 2n)).toBe(8);
    expect(poll(fd)).toBe(IN);
    expect(await read(fd)).toBe(MAX - 1n);
    expect(poll(fd)).toBe(OUT);
  });

  test("sleeps until there is room", async () => {
    const fd = open(1, 0);
    const asleep = write(fd, MAX - 1n);
    expect(await read(fd)).toBe(1n);
    expect(await asleep).toBe(8);
    expect(await read(fd)).toBe(MAX - 1n);
  });
});

test("the kernel's own signals fill the counter up, which poll reports as an error", async () => {
  const fd = open(0);
  const { ctx } = task.files.lookup(fd) as EventfdFile;
  ctx.signal(MAX - 1n);
  expect(poll(fd)).toBe(IN);
  ctx.signal(5n);
  expect(poll(fd)).toBe(IN | ERR);
  expect(await read(fd)).toBe(MAX);
});

test("a reader that sleeps survives the close of the descriptor in a copy", async () => {
  const fd = open(0, 0);
  const child = task.fork() as Task;
  const asleep = read(fd);
  sysClose(task, fd);
  await write(fd, 9n, 8, child);
  expect(await asleep).toBe(9n);
});
