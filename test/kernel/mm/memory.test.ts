import { describe, expect, it } from "vitest";
import { EFAULT, ENOMEM } from "../../../server/abi/errno.ts";
import { O_RDWR } from "../../../server/abi/fcntl.ts";
import {
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_HUGEPAGE,
  MADV_WIPEONFORK,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_HUGETLB,
  MAP_PRIVATE,
  MAP_SHARED,
  MFD_HUGETLB,
  PROT_EXEC,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../../../server/abi/mman.ts";
import type { File } from "../../../server/kernel/fs/file.ts";
import { createMemfd } from "../../../server/kernel/fs/memfd.ts";
import { openPath } from "../../../server/kernel/fs/open.ts";
import { type HostPage, hvaToPfn } from "../../../server/kernel/mm/gup.ts";
import { DEVICE_PFN, ZERO_PFN } from "../../../server/kernel/mm/page.ts";
import { copyFromUser, peekUser, userAccess } from "../../../server/kernel/mm/uaccess.ts";
import { VM_PFNMAP } from "../../../server/kernel/mm/vma.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { fileOf, fill, HUGE, map, PAGE, PRIVATE, pages, RW, read, spawn, write } from "./support.ts";

const SHARED = MAP_SHARED | MAP_ANONYMOUS;

function fork(task: Task): Task {
  const child = task.fork();
  if (typeof child === "number") throw new Error(`fork: errno ${-child}`);
  return child;
}

function hostPage(task: Task, address: number, write: boolean): HostPage {
  const page = hvaToPfn(task.mm, address, write);
  if (typeof page === "number") throw new Error(`hvaToPfn: errno ${-page}`);
  return page;
}

describe("anonymous memory", () => {
  it("is the zero page until it is written", () => {
    const task = spawn();
    const address = map(task, 4 * PAGE);
    expect(pages(task, address, 4)).toBe("----");
    expect(read(task, address, 3 * PAGE).every((byte) => byte === 0)).toBe(true);
    write(task, address + PAGE, 1);
    write(task, address + 3 * PAGE, 1);
    expect([pages(task, address, 4), task.mm.rss]).toEqual(["zpzp", 2]);
  });

  it("is zero again after MADV_DONTNEED and after it is mapped anew", () => {
    const task = spawn();
    const address = map(task, 2 * PAGE);
    write(task, address, 1, 2, 3);
    task.mm.madvise(address, PAGE, MADV_DONTNEED);
    expect([pages(task, address, 1), ...read(task, address, 3)]).toEqual(["-", 0, 0, 0]);
    write(task, address, 1);
    expect(task.mm.mmap(task, address, PAGE, RW, PRIVATE | MAP_FIXED, null, 0)).toBe(address);
    expect(read(task, address, 1)).toEqual(Uint8Array.of(0));
  });

  it("runs out as a signal, an errno or a short copy, and comes back", () => {
    const task = spawn("6.12", 1 << 20);
    const { pages: frames } = task.host;
    const address = map(task, 2 << 20);
    expect(fill(task, address, 2 << 20, 1)).toBeLessThan(1 << 20);
    const beyond = address + (1 << 20);
    expect(userAccess(task, BigInt(beyond), true)).toBe("SIGBUS");
    expect(hvaToPfn(task.mm, beyond, true)).toBe(-EFAULT);
    expect(task.fork()).toBe(-ENOMEM);
    expect(frames.free).toBe(0);
    task.mm.madvise(address, 2 << 20, MADV_DONTNEED);
    expect(write(task, beyond, 1)).toBe(1);
    task.exit();
    expect(frames.free).toBe(frames.total);
  });

  it("of a process and its children stays within their limit, page tables and files included", () => {
    const task = spawn();
    task.mm.rlimitPages = 8;
    const memfd = fileOf(task, createMemfd(task, "", 0));
    expect(memfd.write(task, new Uint8Array(4 * PAGE), 0)).toBe(4 * PAGE);
    const address = map(task, 8 * PAGE);
    expect(fill(task, address, 8 * PAGE, 1)).toBe(2 * PAGE);
    expect(task.mm.memcg.usage).toBe(8);
    expect(memfd.write(task, new Uint8Array(PAGE), 4 * PAGE)).toBe(-ENOMEM);
    expect(task.fork()).toBe(-ENOMEM);
    task.exit();
    expect(task.mm.memcg.usage).toBe(0);
  });
});

describe("permissions", () => {
  const cases: [prot: number, load: 0 | string, store: 0 | string, gupRead: boolean, gupWrite: boolean][] = [
    [PROT_NONE, "SIGSEGV", "SIGSEGV", false, false],
    [PROT_READ, 0, "SIGSEGV", true, false],
    [PROT_WRITE, 0, 0, false, true],
    [RW, 0, 0, true, true],
    [PROT_EXEC, "SIGSEGV", "SIGSEGV", false, false],
  ];
  it.each(cases)("of protection %d, fresh or mapped before", (prot, load, store, gupRead, gupWrite) => {
    const task = spawn();
    for (const before of [false, true]) {
      const address = map(task, PAGE, before ? RW : prot);
      if (before) write(task, address, 1);
      expect(task.mm.mprotect(task, address, PAGE, prot)).toBe(0);
      expect([userAccess(task, BigInt(address), false), userAccess(task, BigInt(address), true)]).toEqual([
        load,
        store,
      ]);
      expect([hvaToPfn(task.mm, address, false) !== -EFAULT, hvaToPfn(task.mm, address, true) !== -EFAULT]).toEqual([
        gupRead,
        gupWrite,
      ]);
      task.mm.munmap(address, PAGE);
    }
  });

  it("come back, and the data with them", () => {
    const task = spawn();
    const address = map(task, PAGE);
    write(task, address, 5);
    task.mm.mprotect(task, address, PAGE, PROT_NONE);
    expect([pages(task, address, 1), read(task, address, 1).length]).toEqual(["p", 0]);
    task.mm.mprotect(task, address, PAGE, RW);
    const { pfn } = hostPage(task, address, false);
    expect([write(task, address + 1, 6), ...read(task, address, 2)]).toEqual([1, 5, 6]);
    expect(hostPage(task, address, true)).toMatchObject({ pfn, writable: true });
  });
});

describe("fork", () => {
  it("copies private memory when one side writes, and not before", () => {
    const task = spawn();
    const address = map(task, 2 * PAGE);
    write(task, address, 1);
    const free = task.host.pages.free;
    const child = fork(task);
    expect(task.host.pages.free).toBe(free - 1);
    expect(hostPage(child, address, false).pfn).toBe(hostPage(task, address, false).pfn);
    write(child, address, 2);
    expect([...read(task, address, 1), ...read(child, address, 1)]).toEqual([1, 2]);
    child.exit();
    const { pfn } = hostPage(task, address, false);
    write(task, address, 3);
    expect(hostPage(task, address, false).pfn).toBe(pfn);
    expect(task.host.pages.free).toBe(free);
  });

  it("shares shared memory, also pages that neither had seen", () => {
    const task = spawn();
    const address = map(task, 2 * PAGE, RW, SHARED);
    write(task, address, 1);
    const child = fork(task);
    write(child, address + PAGE, 2);
    write(task, address, 3);
    expect([...read(child, address, 1), ...read(task, address + PAGE, 1), pages(child, address, 2)]).toEqual([
      3,
      2,
      "ff",
    ]);
    task.exit();
    expect(read(child, address, 1)).toEqual(Uint8Array.of(3));
    child.exit();
    expect(child.host.pages.free).toBe(child.host.pages.total);
  });

  it("leaves out what MADV_DONTFORK and MADV_WIPEONFORK say", () => {
    const task = spawn();
    const address = map(task, 3 * PAGE);
    fill(task, address, 3 * PAGE, 9);
    task.mm.madvise(address, PAGE, MADV_DONTFORK);
    task.mm.madvise(address + PAGE, PAGE, MADV_WIPEONFORK);
    const child = fork(task);
    expect([0, 1, 2].map((i) => [...read(child, address + i * PAGE, 1)])).toEqual([[], [0], [9]]);
  });
});

describe("files", () => {
  function memfd(task: Task, size: number): File {
    const file = fileOf(task, createMemfd(task, "ram", 0));
    file.truncate(size);
    return file;
  }

  it("are one memory for all shared mappings and for read and write", () => {
    const task = spawn();
    const file = memfd(task, 2 * PAGE);
    const a = map(task, 2 * PAGE, RW, MAP_SHARED, file);
    const b = map(task, PAGE, PROT_READ, MAP_SHARED, file, PAGE);
    write(task, a + PAGE + 5, 42);
    const data = new Uint8Array(3);
    expect([file.read(task, data, PAGE + 4), ...data, ...read(task, b + 5, 1)]).toEqual([3, 0, 42, 0, 42]);
    file.write(task, Uint8Array.of(7), PAGE);
    expect([...read(task, b, 1), pages(task, a, 2), pages(task, b, 1)]).toEqual([7, "-f", "f"]);
  });

  it("are copied by a private mapping that writes", () => {
    const task = spawn();
    const file = memfd(task, 2 * PAGE);
    file.write(task, Uint8Array.of(1, 2), 0);
    const address = map(task, 2 * PAGE, RW, MAP_PRIVATE, file);
    expect([...read(task, address, 2), pages(task, address, 2)]).toEqual([1, 2, "f-"]);
    write(task, address, 9);
    write(task, address + PAGE, 8);
    file.write(task, Uint8Array.of(3, 4), 0);
    const data = new Uint8Array(PAGE + 1);
    expect([...read(task, address, 2), file.read(task, data, 0), data[0], data[PAGE]]).toEqual([9, 2, PAGE + 1, 3, 0]);
    expect(pages(task, address, 2)).toBe("pp");
  });

  it("end with SIGBUS, and take pages back when they are cut", () => {
    const task = spawn();
    const file = memfd(task, PAGE + 10);
    const shared = map(task, 3 * PAGE, RW, MAP_SHARED, file);
    const own = map(task, 3 * PAGE, RW, MAP_PRIVATE, file);
    for (const address of [shared, own]) {
      expect(fill(task, address, 3 * PAGE, 1)).toBe(2 * PAGE);
      expect(userAccess(task, BigInt(address + 2 * PAGE), false)).toBe("SIGBUS");
    }
    file.truncate(100);
    expect([pages(task, shared, 2), pages(task, own, 2)]).toEqual(["f-", "p-"]);
    expect(hvaToPfn(task.mm, shared + PAGE, false)).toBe(-EFAULT);
    file.truncate(2 * PAGE);
    expect([...read(task, shared + 99, 2), ...read(task, shared + PAGE, 1)]).toEqual([1, 0, 0]);
  });

  it("of /dev/zero are anonymous if private and shared if shared", () => {
    const task = spawn();
    const zero = openPath(task, "/dev/zero", O_RDWR) as File;
    const own = map(task, PAGE, RW, MAP_PRIVATE, zero);
    const shared = map(task, PAGE, RW, MAP_SHARED, zero);
    const child = fork(task);
    write(child, own, 1);
    write(child, shared, 1);
    expect([...read(task, own, 1), ...read(task, shared, 1)]).toEqual([0, 1]);
    expect(pages(child, own, 1) + pages(child, shared, 1)).toBe("pf");
  });

  it("of /dev/mem are a device's registers, and where there is none, an access aborts", () => {
    const task = spawn();
    const address = map(task, 2 * PAGE, RW, MAP_SHARED, openPath(task, "/dev/mem", O_RDWR) as File, 0x902_0000);
    expect([write(task, address, 5), ...read(task, address, 1), pages(task, address, 1)]).toEqual([1, 0x51, "-"]);
    const bytes = new Uint8Array(12);
    expect([copyFromUser(task, bytes, BigInt(address)), ...bytes.subarray(0, 4)]).toEqual([4, 0x45, 0x4d, 0x55, 0]);
    expect([write(task, address + 8, 0, 0), ...read(task, address, 1)]).toEqual([2, 0x51]);
    expect(write(task, address + PAGE, 0)).toBe(0);
    expect([0, 8, 0x18, PAGE].map((at) => userAccess(task, BigInt(address + at), false))).toEqual([
      0,
      0,
      "SIGBUS",
      "SIGBUS",
    ]);
    expect(peekUser(task, BigInt(address), 4)).toBeUndefined();
    const page = hostPage(task, address, true);
    expect([page.pfn, page.area.flags & VM_PFNMAP]).toEqual([DEVICE_PFN, VM_PFNMAP]);
    expect(task.host.pages.isOnline(page.pfn)).toBe(false);
    const own = map(task, PAGE, RW, MAP_PRIVATE, page.area.file);
    expect([write(task, own, 5), ...read(task, own, 1), pages(task, own, 1)]).toEqual([1, 5, "p"]);
    task.exit();
    expect(task.host.pages.free).toBe(task.host.pages.total);
  });
});

describe("huge pages", () => {
  function huge(task: Task): number {
    const address = Math.ceil(map(task, 3 * HUGE) / HUGE) * HUGE;
    task.mm.madvise(address, 2 * HUGE, MADV_HUGEPAGE);
    return address;
  }

  it("are 2 MiB at the first write, or of zeros at the first read", () => {
    const task = spawn();
    const address = huge(task);
    write(task, address + 5 * PAGE, 1);
    expect([pages(task, address, 8), task.mm.rss]).toEqual(["hhhhhhhh", 512]);
    expect([...read(task, address + HUGE, 1), pages(task, address + HUGE, 8)]).toEqual([0, "zzzzzzzz"]);
    write(task, address + HUGE + 5 * PAGE, 1);
    expect(pages(task, address + HUGE, 8)).toBe("zzzzzpzz");
  });

  it("keep their rest when a part goes", () => {
    const task = spawn();
    const address = huge(task);
    write(task, address, 1, 2);
    task.mm.madvise(address + PAGE, PAGE, MADV_DONTNEED);
    task.mm.munmap(address + 3 * PAGE, PAGE);
    expect([pages(task, address, 5), ...read(task, address, 2)]).toEqual(["h-h-h", 1, 2]);
    const child = fork(task);
    write(child, address, 3);
    expect([pages(child, address, 3), pages(task, address, 3)]).toEqual(["p-h", "h-h"]);
  });

  it("are small where memory is short, or the area is", () => {
    const task = spawn("6.12", 2 << 20);
    const address = huge(task);
    write(task, address, 1);
    expect([pages(task, address, 3), task.mm.rss]).toEqual(["p--", 1]);
    const tight = spawn();
    const end = huge(tight) + 2 * HUGE;
    tight.mm.munmap(end - PAGE, PAGE);
    write(tight, end - HUGE, 1);
    expect(pages(tight, end - HUGE, 3)).toBe("p--");
  });

  it.each([0, MFD_HUGETLB])("of a pool are there as a whole, private or shared (memfd flags %d)", (flags) => {
    const task = spawn();
    const file = flags ? fileOf(task, createMemfd(task, "", flags)) : null;
    const anonymous = flags ? 0 : MAP_ANONYMOUS | MAP_HUGETLB;
    const own = map(task, HUGE, RW, MAP_PRIVATE | anonymous, file);
    const shared = map(task, HUGE, RW, MAP_SHARED | anonymous, file);
    expect([...read(task, own, 1), ...read(task, shared, 1)]).toEqual([0, 0]);
    expect([pages(task, own, 4), pages(task, shared, 4), task.mm.rss]).toEqual(["hhhh", "hhhh", 1024]);
    const child = fork(task);
    write(child, own, 1);
    write(child, shared, 1);
    expect([...read(task, own, 1), ...read(task, shared, 1)]).toEqual([0, 1]);
    task.exit();
    child.exit();
    expect(task.host.pages.free).toBe(task.host.pages.total);
  });
});

describe("hvaToPfn", () => {
  it("reads the zero page, and writes a page of the process's own, telling who had the old one", () => {
    const task = spawn();
    const address = map(task, 2 * PAGE);
    const told: [number, number][] = [];
    const stop = task.mm.onInvalidate((start, end) => told.push([start, end]));
    expect(hostPage(task, address, false)).toMatchObject({ pfn: ZERO_PFN, writable: false });
    const { pfn, writable, area } = hostPage(task, address + 7, true);
    expect([pfn > ZERO_PFN, writable, area.start]).toEqual([true, true, address]);
    expect(told).toEqual([[address, address + PAGE]]);
    expect(hostPage(task, address, false)).toMatchObject({ pfn, writable: true });
    expect(hvaToPfn(task.mm, address + 2 * PAGE, false)).toBe(-EFAULT);
    stop();
    task.mm.munmap(address, PAGE);
    expect(told.length).toBe(1);
  });

  it("finds nothing after exit, which it is told of", () => {
    const task = spawn();
    const address = map(task, PAGE);
    hostPage(task, address, true);
    let told = 0;
    task.mm.onInvalidate((start, end) => {
      if (start <= address && end > address) told++;
    });
    task.exit();
    expect([told, hvaToPfn(task.mm, address, false)]).toEqual([1, -EFAULT]);
  });
});
