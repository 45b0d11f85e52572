import { describe, expect, it } from "vitest";
import { struct, u8, u32, u64 } from "../../../server/abi/ctypes.ts";
import { EFAULT } from "../../../server/abi/errno.ts";
import { MAP_FIXED, PROT_EXEC, PROT_MTE, PROT_NONE, PROT_READ } from "../../../server/abi/mman.ts";
import { KERNELS } from "../../../server/abi/versions.ts";
import { storeTags } from "../../../server/kernel/arch/mte.ts";
import {
  copyFromUser,
  copyToUser,
  getUserStruct,
  peekUser,
  putUserStruct,
  userAccess,
} from "../../../server/kernel/mm/uaccess.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { map, PAGE, PRIVATE, pages, RW, read, spawn, write } from "./support.ts";

const tagged = (address: number, tag: number, high = 0) =>
  BigInt(address) | (BigInt(high) << 60n) | (BigInt(tag) << 56n);

const TASK_SIZE = KERNELS["6.12"].taskSize;

describe("copies", () => {
  /** What the second page is, and which of the two copies it stops. */
  const borders: [name: string, change: (task: Task, page: number) => void, stopsRead: boolean][] = [
    ["nothing", (task, page) => task.mm.munmap(page, PAGE), true],
    ["PROT_NONE", (task, page) => task.mm.mprotect(task, page, PAGE, PROT_NONE), true],
    ["PROT_EXEC", (task, page) => task.mm.mprotect(task, page, PAGE, PROT_EXEC), true],
    ["PROT_READ", (task, page) => task.mm.mprotect(task, page, PAGE, PROT_READ), false],
  ];
  it.each(borders)("stop at the very byte where a page is %s", (_name, change, stopsRead) => {
    const task = spawn();
    const address = map(task, 2 * PAGE);
    const border = address + PAGE;
    write(task, border - 40, ...Array.from({ length: 80 }, (_, i) => i + 1));
    change(task, border);
    for (let before = 0; before <= 20; before++) {
      for (let length = 0; length <= 40; length++) {
        const inside = Math.min(before, length);
        const data = new Uint8Array(length);
        const left = copyFromUser(task, data, BigInt(border - before));
        expect(left).toBe(stopsRead ? length - inside : 0);
        expect([...data]).toEqual(Array.from({ length }, (_, i) => (i < length - left ? 41 - before + i : 0)));
        expect(copyToUser(task, BigInt(border - before), data.subarray(0, inside))).toBe(0);
        expect(copyToUser(task, BigInt(border - before), data)).toBe(length - inside);
      }
    }
  });

  it("run over page borders, whatever is behind the pages", () => {
    const task = spawn();
    const address = map(task, 4 * PAGE);
    const data = Uint8Array.from({ length: 3 * PAGE }, (_, i) => i * 7);
    expect(copyToUser(task, BigInt(address + 100), data)).toBe(0);
    task.mm.mprotect(task, address + PAGE, PAGE, PROT_READ);
    expect(read(task, address + 100, 3 * PAGE)).toEqual(data);
  });

  it("end at TASK_SIZE as a whole: access_ok() looks at the range before anything moves", () => {
    const task = spawn();
    const top = TASK_SIZE - PAGE;
    task.mm.mmap(task, top, PAGE, RW, PRIVATE | MAP_FIXED, null, 0);
    expect([write(task, TASK_SIZE - 1, 1), write(task, TASK_SIZE - 1, 1, 2), write(task, TASK_SIZE)]).toEqual([
      1, 0, 0,
    ]);
    const pointers = [2n ** 52n, 2n ** 55n, 0xffff_0000_0000_0000n, 2n ** 64n - 1n];
    expect(pointers.map((pointer) => read(task, pointer, 1).length)).toEqual([0, 0, 0, 0]);
  });

  it("take a pointer with a top byte only under the tagged address ABI", () => {
    const task = spawn();
    const address = map(task, PAGE);
    write(task, address, 9);
    expect([...read(task, tagged(address, 5), 1), write(task, tagged(address, 0, 1), 1)]).toEqual([0]);
    task.taggedAddrCtrl.enabled = true;
    expect([...read(task, tagged(address, 5), 1), ...read(task, tagged(address, 15, 15), 1)]).toEqual([9, 9]);
    expect(read(task, tagged(address, 5) | (1n << 48n), 1).length).toBe(0);
  });

  it("check the pointer's tag in synchronous mode, and stop at the granule that has another", () => {
    const task = spawn();
    const address = map(task, PAGE, RW | PROT_MTE);
    const plain = map(task, PAGE);
    write(task, address, ...new Uint8Array(64).fill(3));
    storeTags(task, BigInt(address), Uint8Array.of(5, 5, 6));
    task.taggedAddrCtrl.enabled = true;
    const lengths = () => [
      read(task, tagged(address, 5), 64).length,
      read(task, tagged(address + 3, 5), 64).length,
      read(task, address, 1).length,
    ];
    expect(lengths()).toEqual([64, 64, 1]);
    task.taggedAddrCtrl.tcf = "async";
    expect(lengths()).toEqual([64, 64, 1]);
    task.taggedAddrCtrl.tcf = "sync";
    expect(lengths()).toEqual([32, 29, 0]);
    expect(write(task, tagged(address + 30, 5), 1, 2, 3)).toBe(2);
    expect(read(task, tagged(address + 32, 6), 1)).toEqual(Uint8Array.of(3));
    expect(read(task, tagged(plain, 7), 1).length).toBe(1);
  });
});

describe("structs", () => {
  const type = struct("pair", { a: u32, b: u64 });

  it("cross as a whole or not at all", () => {
    const task = spawn();
    const address = map(task, PAGE);
    const end = BigInt(address + PAGE);
    expect(putUserStruct(task, end - 16n, type, { a: 1, b: 2n })).toBe(0);
    expect(getUserStruct(task, type, end - 16n)).toEqual({ a: 1, b: 2n });
    expect(getUserStruct(task, u32, end - 8n)).toBe(2);
    expect(getUserStruct(task, type, end - 15n)).toBe(-EFAULT);
    expect(putUserStruct(task, end - 15n, type, { a: 0, b: 0n })).toBe(-EFAULT);
    expect(getUserStruct(task, u8, end)).toBe(-EFAULT);
  });
});

describe("peekUser", () => {
  it("looks, and faults nothing in", () => {
    const task = spawn();
    const address = map(task, 2 * PAGE);
    write(task, address + PAGE - 2, 1, 2);
    expect(peekUser(task, BigInt(address + PAGE - 2), 2)).toEqual(Uint8Array.of(1, 2));
    expect(peekUser(task, BigInt(address + PAGE - 2), 3)).toBe(undefined);
    expect(pages(task, address, 2)).toBe("p-");
  });
});

describe("userAccess", () => {
  it("ignores the top byte, and no other bit", () => {
    const task = spawn();
    const address = map(task, PAGE);
    const at = (pointer: bigint) => userAccess(task, pointer, false);
    expect([at(tagged(address, 5, 10)), at(BigInt(address) | (1n << 55n)), at(BigInt(address) | (1n << 48n))]).toEqual([
      0,
      "SIGSEGV",
      "SIGSEGV",
    ]);
  });

  it("checks tags where the process does, on Tagged memory", () => {
    const task = spawn();
    const address = map(task, PAGE, RW | PROT_MTE);
    storeTags(task, BigInt(address), Uint8Array.of(5));
    const access = (tag: number, write: boolean, offset = 0) => userAccess(task, tagged(address + offset, tag), write);
    expect([access(0, true), access(5, true)]).toEqual([0, 0]);
    for (const tcf of ["sync", "async"] as const) {
      task.taggedAddrCtrl.tcf = tcf;
      expect([access(0, false), access(0, true), access(5, false), access(5, true, 15), access(5, true, 16)]).toEqual([
        "SIGSEGV",
        "SIGSEGV",
        0,
        0,
        "SIGSEGV",
      ]);
    }
  });
});
