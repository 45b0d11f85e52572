/** Swap: what goes out comes back with its tags, whoever maps it and whatever happens to it in between. */

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { EBUSY, EINVAL, EIO, ENOMEM } from "../../../server/abi/errno.ts";
import {
  MADV_DONTNEED,
  MADV_HUGEPAGE,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_REMOVE,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_NONE,
  PROT_READ,
} from "../../../server/abi/mman.ts";
import { KERNEL_NAMES } from "../../../server/abi/versions.ts";
import { PhysicalMemory } from "../../../server/hw/memory.ts";
import { loadTags, peekTags } from "../../../server/kernel/arch/mte.ts";
import { createMemfd } from "../../../server/kernel/fs/memfd.ts";
import { Host } from "../../../server/kernel/host.ts";
import { loadStore, userAccess } from "../../../server/kernel/mm/uaccess.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { takeRule } from "../../../server/kernel/refuse.ts";
import { allAtOnce } from "../../../server/kernel/steps.ts";
import { fileOf, fill, HUGE, map, PAGE, PRIVATE, pages, RW, read, write } from "./support.ts";
import {
  expectEmpty,
  expectMarked,
  MTE,
  mark,
  marked,
  pageout,
  swapOf,
  swapPath,
  swappingHost,
  swappingTask,
} from "./swap_support.ts";

const SHARED = MAP_SHARED | MAP_ANONYMOUS;
const MIB = 1 << 20;
const letters = (letter: string, n: number) => letter.repeat(n);
const fork = (task: Task) => task.fork() as Task;
const protect = (task: Task, address: number, n: number, prot: number) =>
  expect(task.mm.mprotect(task, address, n * PAGE, prot)).toBe(0);

function memfd(task: Task, n: number) {
  const file = fileOf(task, createMemfd(task, "", 0));
  file.truncate(n * PAGE);
  return file;
}

describe.each(KERNEL_NAMES)("under %s", (kernel) => {
  it("a page comes back with its bytes and tags", () => {
    const task = swappingTask(kernel);
    const address = marked(task, 40);
    const rss = task.mm.rss;
    expect(pageout(task, address, 40)).toBe(letters("s", 40));
    expect([task.mm.rss, swapOf(task.host).used, swapOf(task.host).count.out]).toEqual([rss - 40, 40, 40]);
    expectMarked(task, address, 40);
    expect(pages(task, address, 40)).toBe(letters("p", 40));
    task.exit();
    expectEmpty(task.host);
  });

  it("tags come back for a mapping that may not even be read, in frames that others used", () => {
    const host = swappingHost();
    const [task, other] = [host.spawn(kernel), host.spawn(kernel)];
    const address = marked(task, 4);
    pageout(task, address, 4);
    mark(other, map(other, 8 * PAGE, MTE), 8, 5);
    other.exit();
    protect(task, address, 4, PROT_NONE);
    protect(task, address, 4, PROT_READ);
    expectMarked(task, address, 4);
  });

  it("memory without PROT_MTE gets none of the tags that its new frame had", () => {
    const host = swappingHost();
    const [task, other] = [host.spawn(kernel), host.spawn(kernel)];
    const address = map(task, 4 * PAGE);
    fill(task, address, 4 * PAGE, 7);
    pageout(task, address, 4);
    marked(other, 8);
    other.exit();
    protect(task, address, 4, MTE);
    for (let i = 0; i < 4; i++) {
      expect([...read(task, address + i * PAGE, 2)]).toEqual([7, 7]);
      expect(loadTags(task, BigInt(address + i * PAGE), 256)).toEqual(new Uint8Array(256));
    }
  });

  it("a slot that is used again keeps no tags of the page before", () => {
    const host = swappingHost({ swap: 5 * PAGE });
    const [task, other] = [host.spawn(kernel), host.spawn(kernel)];
    pageout(task, marked(task, 4), 4);
    task.exit();
    const address = map(other, 4 * PAGE);
    fill(other, address, 4 * PAGE, 7);
    expect(pageout(other, address, 4)).toBe("ssss");
    read(other, address, 4 * PAGE);
    protect(other, address, 4, MTE);
    for (let i = 0; i < 4; i++) expect(loadTags(other, BigInt(address + i * PAGE), 256)).toEqual(new Uint8Array(256));
  });

  it("mprotect(PROT_MTE) of a page in swap takes effect when it is back", () => {
    const task = swappingTask(kernel);
    const address = map(task, 2 * PAGE);
    fill(task, address, 2 * PAGE, 3);
    pageout(task, address, 2);
    protect(task, address, 2, MTE);
    expect(pages(task, address, 2)).toBe("ss");
    mark(task, address, 2, 9);
    pageout(task, address, 2);
    expectMarked(task, address, 2, { seed: 9 });
  });
});

describe("slots", () => {
  it("are kept by a page that is only read: it goes again without being written, and its tags stay", () => {
    const task = swappingTask();
    const address = marked(task, 3);
    const swap = swapOf(task.host);
    for (let round = 0; round < 3; round++) {
      expect(pageout(task, address, 3)).toBe("sss");
      expectMarked(task, address, 3);
      expect([swap.count.out, swap.used]).toEqual([3, 3]);
    }
  });

  it("are given up at a write, and the page is written when it goes again", () => {
    const task = swappingTask();
    const address = marked(task, 3);
    const swap = swapOf(task.host);
    pageout(task, address, 3);
    expectMarked(task, address, 3);
    mark(task, address + PAGE, 1, 8);
    expect(swap.used).toBe(2);
    pageout(task, address, 3);
    expect([swap.used, swap.count.out]).toEqual([3, 4]);
    expectMarked(task, address + PAGE, 1, { seed: 8 });
  });

  it("are given up by a store of a tag alone", () => {
    const task = swappingTask();
    const address = marked(task, 1);
    pageout(task, address, 1);
    read(task, address, 1);
    mark(task, address, 1, 2);
    expect(swapOf(task.host).used).toBe(0);
    pageout(task, address, 1);
    expectMarked(task, address, 1, { seed: 2 });
  });

  it("are not kept by pages in memory while swap is more than half full", () => {
    const task = swappingTask("6.12", { swap: 40 * PAGE });
    const address = marked(task, 30);
    pageout(task, address, 30);
    expectMarked(task, address, 30);
    expect(swapOf(task.host).used).toBeLessThanOrEqual(20);
  });

  it("are shared by fork, and each side diverges", () => {
    const task = swappingTask();
    const swap = swapOf(task.host);
    const address = marked(task, 4);
    pageout(task, address, 4);
    const child = fork(task);
    expect([swap.used, swap.refs(1), pages(child, address, 4)]).toEqual([4, 2, "ssss"]);
    mark(child, address, 2, 7);
    mark(task, address + PAGE, 2, 11);
    expectMarked(child, address, 2, { seed: 7 });
    expectMarked(task, address, 1);
    expectMarked(task, address + PAGE, 2, { seed: 11 });
    expectMarked(child, address + 2 * PAGE, 1, { seed: 2, tags: true });
    task.exit();
    expectMarked(child, address, 2, { seed: 7 });
    child.exit();
    expectEmpty(task.host);
  });

  it("are read once for all that share them", () => {
    const task = swappingTask();
    const address = marked(task, 2);
    pageout(task, address, 2);
    const child = fork(task);
    expectMarked(task, address, 2);
    expectMarked(child, address, 2);
    expect(swapOf(task.host).count.in).toBe(2);
  });

  const ends: Record<string, (task: Task, address: number) => void> = {
    exit: (task) => task.exit(),
    munmap: (task, address) => expect(task.mm.munmap(address, 8 * PAGE)).toBe(0),
    MADV_DONTNEED: (task, address) => expect(task.mm.madvise(address, 8 * PAGE, MADV_DONTNEED)).toBe(0),
    "mmap over it": (task, address) =>
      expect(task.mm.mmap(task, address, 8 * PAGE, MTE, PRIVATE | MAP_FIXED, null, 0)).toBe(address),
  };
  it.each(Object.entries(ends))("%s gives slots and frames back", (name, end) => {
    const task = swappingTask();
    const address = marked(task, 8);
    pageout(task, address, 8);
    expectMarked(task, address, 3);
    mark(task, address, 2);
    end(task, address);
    expect(swapOf(task.host).used).toBe(0);
    if (name !== "exit") expect([task.mm.rss, ...read(task, address, 1)]).toEqual(name === "munmap" ? [0] : [0, 0]);
    task.exit();
    expectEmpty(task.host);
  });

  it("of a file go with its end, and with a hole", () => {
    const task = swappingTask();
    const file = memfd(task, 8);
    const address = map(task, 8 * PAGE, MTE, MAP_SHARED, file);
    mark(task, address, 8);
    expect(pageout(task, address, 8)).toBe(letters("-", 8));
    expect(swapOf(task.host).used).toBe(8);
    file.truncate(6 * PAGE + 1);
    expect(swapOf(task.host).used).toBe(6);
    expect(task.mm.madvise(address, 2 * PAGE, MADV_REMOVE)).toBe(0);
    expect(swapOf(task.host).used).toBe(4);
    expectMarked(task, address + 2 * PAGE, 4, { seed: 2 });
    file.truncate(8 * PAGE);
    expect(loadTags(task, BigInt(address), 1)).toEqual(Uint8Array.of(0));
    expect([...read(task, address + 7 * PAGE + 8, 1)]).toEqual([0]);
    task.exit();
    expectEmpty(task.host);
  });
});

describe("shared memory", () => {
  it.each(["anonymous", "memfd"])("of two processes (%s) comes back for both", (kind) => {
    const task = swappingTask();
    const file = kind === "memfd" ? memfd(task, 6) : null;
    const address = map(task, 6 * PAGE, MTE, file ? MAP_SHARED : SHARED, file);
    mark(task, address, 6);
    const child = fork(task);
    expectMarked(child, address, 6);
    // MADV_PAGEOUT leaves alone what others map too.
    expect(pageout(task, address, 6)).toBe(letters("f", 6));
    expect(task.host.reclaim.tryToFreePages({ frames: 6 })).toBe(6);
    expect([pages(task, address, 6), pages(child, address, 6)]).toEqual([letters("-", 6), letters("-", 6)]);
    expectMarked(child, address, 6);
    mark(child, address, 1, 12);
    expectMarked(task, address, 1, { seed: 12 });
    expectMarked(task, address + PAGE, 5, { seed: 1 });
    child.exit();
    task.exit();
    expectEmpty(task.host);
  });

  it("is read and written through its file while it is in swap", () => {
    const task = swappingTask();
    const file = memfd(task, 3);
    const address = map(task, 3 * PAGE, MTE, MAP_SHARED, file);
    mark(task, address, 3);
    pageout(task, address, 3);
    const byte = new Uint8Array(1);
    expect([file.read(task, byte, PAGE + 8), ...byte]).toEqual([1, 1]);
    expect(file.write(task, Uint8Array.of(77), 2 * PAGE + 8)).toBe(1);
    expect([...read(task, address + 2 * PAGE + 8, 1)]).toEqual([77]);
    expect(loadTags(task, BigInt(address + 2 * PAGE), 2)).toEqual(Uint8Array.of(2, 3));
  });

  it("in a file larger than memory can be read as a whole", () => {
    const task = swappingTask("6.12", { bytes: 2 * MIB, swap: 8 * MIB });
    const file = memfd(task, 1024);
    for (let i = 0; i < 1024; i++) expect(file.write(task, Uint8Array.of(i & 0xff, 1), i * PAGE)).toBe(2);
    const data = new Uint8Array(1024 * PAGE);
    expect(file.read(task, data, 0)).toBe(1024 * PAGE);
    for (let i = 0; i < 1024; i++) expect(data[i * PAGE]).toBe(i & 0xff);
    task.exit();
    expectEmpty(task.host);
  });

  it("private copies of a file's pages have slots of their own", () => {
    const task = swappingTask();
    const file = memfd(task, 2);
    const address = map(task, 2 * PAGE, RW, MAP_PRIVATE, file);
    write(task, address, 5);
    read(task, address + PAGE, 1);
    expect(pageout(task, address, 2)).toBe("s-");
    expect(file.write(task, Uint8Array.of(9), 0)).toBe(1);
    expect([...read(task, address, 1)]).toEqual([5]);
  });
});

describe("what stays", () => {
  it("locked memory, and pages of files that it maps", () => {
    const task = swappingTask();
    const address = marked(task, 4, MTE, PRIVATE | MAP_LOCKED);
    const file = memfd(task, 4);
    const locked = map(task, 4 * PAGE, RW, MAP_SHARED | MAP_LOCKED, file);
    const plain = map(task, 4 * PAGE, RW, MAP_SHARED, file);
    fill(task, plain, 4 * PAGE, 1);
    task.mm.host.reclaim.tryToFreePages({ frames: 100 });
    expect([pages(task, address, 4), pages(task, locked, 4)]).toEqual(["pppp", "ffff"]);
  });

  it("huge pages of a pool, whoever asks", () => {
    const task = swappingTask();
    const address = map(task, HUGE, RW, PRIVATE | MAP_HUGETLB);
    write(task, address, 1);
    const [area] = [...task.mm.areas(address, address + HUGE)];
    if (area) task.host.reclaim.pageout(task.mm, area, address, address + HUGE);
    task.host.reclaim.tryToFreePages({ frames: 1000 });
    expect(pages(task, address, 3)).toBe("hhh");
  });

  it("frames that somebody has in hand", () => {
    const task = swappingTask();
    const address = marked(task, 3);
    const pfn = task.mm.pageTable.lookup(address + PAGE) >>> 12;
    task.host.pages.getPage(pfn);
    expect(pageout(task, address, 3)).toBe("sps");
    task.host.pages.putPage(pfn);
    expect(pageout(task, address, 3)).toBe("sss");
  });

  it("the zero page", () => {
    const task = swappingTask();
    const address = map(task, 2 * PAGE);
    read(task, address, 2 * PAGE);
    expect([pageout(task, address, 2), swapOf(task.host).used]).toEqual(["zz", 0]);
  });
});

it("a transparent huge page is split, and goes as far as it was asked to", () => {
  const task = swappingTask();
  const start = map(task, 2 * HUGE, MTE);
  const address = Math.ceil(start / HUGE) * HUGE;
  task.mm.madvise(address, HUGE, MADV_HUGEPAGE);
  mark(task, address, 512);
  expect(pages(task, address, 3)).toBe("hhh");
  expect(pageout(task, address + PAGE, 2)).toBe("ss");
  expect(pages(task, address, 5)).toBe("psspp");
  expectMarked(task, address, 512);
  task.exit();
  expectEmpty(task.host);
});

describe("a load or store of the process itself", () => {
  it("across two pages has both in memory, however short that is", () => {
    const task = swappingTask("6.12", { bytes: 2 * MIB, swap: 8 * MIB });
    const address = map(task, 1000 * PAGE);
    const value = (i: number) => Uint8Array.from({ length: 8 }, (_, k) => (i + k) & 0xff);
    const edge = (i: number) => BigInt(address + (i + 1) * PAGE - 4);
    for (let i = 0; i < 999; i += 2) expect(loadStore(task, edge(i), value(i), true)).toBe(0);
    for (let i = 998; i >= 0; i -= 2) {
      const loaded = new Uint8Array(8);
      expect(loadStore(task, edge(i), loaded, false)).toBe(0);
      expect(loaded).toEqual(value(i));
    }
    task.exit();
    expectEmpty(task.host);
  });
});

describe("swapoff", () => {
  it("brings everything back, shared or not, and swap can be turned on again", () => {
    const task = swappingTask();
    const { host } = task;
    const address = marked(task, 20);
    const shared = marked(task, 20, MTE, SHARED);
    pageout(task, address, 20);
    pageout(task, shared, 20);
    const child = fork(task);
    expect(host.swapoff()).toBe(0);
    expect(host.swapoff()).toBe(-EINVAL);
    expect([pages(task, address, 20), pages(child, address, 20)]).toEqual([letters("p", 20), letters("p", 20)]);
    for (const process of [task, child]) {
      expectMarked(process, address, 20);
      expectMarked(process, shared, 20);
    }
    expect(host.swaponAgain()).toBe(0);
    expect(host.swaponAgain()).toBe(-EBUSY);
    pageout(child, shared, 20);
    expectMarked(task, shared, 20);
    for (const process of [task, child]) process.exit();
    expectEmpty(host);
  });

  it("lets others go on: no page goes out meanwhile, and a child that comes gets its pages too", () => {
    const task = swappingTask();
    const { host } = task;
    const address = marked(task, 600);
    pageout(task, address, 600);
    const steps = host.swapoffSteps();
    for (let i = 0; i < 2; i++) steps.next();
    const before = pages(task, address, 600);
    expect([before.includes("s"), before.includes("p")]).toEqual([true, true]);
    const child = fork(task);
    expect(host.swapoff()).toBe(-EINVAL);
    pageout(task, address, 600);
    expect(pages(task, address, 600)).toBe(before);
    expect(allAtOnce(steps)).toBe(0);
    for (const process of [task, child]) {
      expectMarked(process, address, 600);
      process.exit();
    }
    expectEmpty(host);
  });

  it("that is given up leaves swap on, and a process that ends in its midst keeps nothing", () => {
    const task = swappingTask();
    const { host } = task;
    const other = host.spawn("6.12");
    const [address, others] = [marked(task, 600), marked(other, 600)];
    pageout(task, address, 600);
    pageout(other, others, 600);
    const steps = host.swapoffSteps();
    for (let i = 0; i < 2; i++) steps.next();
    task.exit();
    steps.next();
    steps.return(0);
    pageout(other, others, 600);
    expect(pages(other, others, 600)).toBe(letters("s", 600));
    expectMarked(other, others, 600);
    other.exit();
    expectEmpty(host);
  });

  it.each(KERNEL_NAMES)("under %s restores tags of PROT_NONE memory as that kernel does", (kernel) => {
    const task = swappingTask(kernel);
    const address = marked(task, 3);
    pageout(task, address, 3);
    protect(task, address, 3, PROT_NONE);
    expect(task.host.swapoff()).toBe(0);
    protect(task, address, 3, PROT_READ);
    expectMarked(task, address, 3, { tags: task.abi.unuseRestoresTags });
  });

  it("is ENOMEM where memory has no room: swap stays on, and everything is right", () => {
    const task = swappingTask("6.12", { bytes: 2 * MIB, swap: 8 * MIB });
    const { host } = task;
    const address = marked(task, 1000);
    expect(host.swapoff()).toBe(-ENOMEM);
    expect(host.reclaim.swap).toBeDefined();
    expectMarked(task, address, 1000);
    mark(task, address, 1000, 3);
    expectMarked(task, address, 1000, { seed: 3 });
    task.mm.munmap(address, 800 * PAGE);
    expect(host.swapoff()).toBe(0);
    expectMarked(task, address + 800 * PAGE, 200, { seed: 803 });
    task.exit();
    expectEmpty(host);
  });

  it("is EIO where a page cannot be read, and nothing is lost when it can be again", () => {
    const task = swappingTask();
    const address = marked(task, 5);
    pageout(task, address, 5);
    swapOf(task.host).fail("read");
    expect(task.host.swapoff()).toBe(-EIO);
    swapOf(task.host).mend();
    expectMarked(task, address, 5);
    expect(task.host.swapoff()).toBe(0);
  });
});

describe("a full swap", () => {
  it("is ENOMEM for the one who asks, and harms nobody", () => {
    const host = swappingHost({ bytes: 2 * MIB, swap: 2 * MIB });
    const [task, greedy] = [host.spawn("6.12"), host.spawn("6.12")];
    const address = marked(task, 100);
    const hoard = map(greedy, 2000 * PAGE, MTE);
    expect(greedy.mm.madvise(hoard, 2000 * PAGE, MADV_POPULATE_WRITE)).toBe(-ENOMEM);
    expect(userAccess(greedy, BigInt(hoard + 1999 * PAGE), true)).toBe("SIGBUS");
    expectMarked(task, address, 100);
    greedy.exit();
    mark(task, address, 100, 4);
    expectMarked(task, address, 100, { seed: 4 });
    task.exit();
    expectEmpty(host);
  });

  it("leaves pages where they are", () => {
    const task = swappingTask();
    const address = marked(task, 4);
    expect(swapOf(task.host).fill()).toBe(swapOf(task.host).slots - 1);
    expect(pageout(task, address, 4)).toBe("pppp");
    swapOf(task.host).mend();
    expect(pageout(task, address, 4)).toBe("ssss");
    expectMarked(task, address, 4);
  });

  it("of one process, by its limit, does not concern others", () => {
    const host = swappingHost();
    const [task, other] = [host.spawn("6.12"), host.spawn("6.12")];
    task.mm.memcg.swapMax = 2;
    const [address, free] = [marked(task, 4), marked(other, 4)];
    expect([pageout(task, address, 4), pageout(other, free, 4)]).toEqual(["sspp", "ssss"]);
    expect([task.mm.memcg.swapUsage, other.mm.memcg.swapUsage]).toEqual([2, 4]);
    expectMarked(task, address, 4);
    task.exit();
    other.exit();
    expect([task.mm.memcg.swapUsage, other.mm.memcg.swapUsage]).toEqual([0, 0]);
  });
});

describe("a swap device that fails", () => {
  it.each(["write", "short-write"] as const)("(%s) loses nothing", (fault) => {
    const task = swappingTask();
    const swap = swapOf(task.host);
    const [address, shared] = [marked(task, 8), marked(task, 8, MTE, SHARED)];
    swap.fail(fault);
    pageout(task, address, 8);
    pageout(task, shared, 8);
    expect(swap.count.out).toBe(fault === "write" ? 0 : 8);
    expectMarked(task, address, 4);
    mark(task, address, 2, 6);
    expectMarked(task, address, 2, { seed: 6 });
    swap.mend();
    // What could not be written goes the next time.
    expect(pageout(task, address, 8)).toBe(letters("s", 8));
    expectMarked(task, address, 2, { seed: 6 });
    expectMarked(task, address + 2 * PAGE, 6, { seed: 2 });
    expectMarked(task, shared, 8);
    task.exit();
    expectEmpty(task.host);
  });

  it("(write) keeps pages that nobody maps until it is mended", () => {
    const task = swappingTask();
    const address = marked(task, 8);
    swapOf(task.host).fail("write");
    expect(pageout(task, address, 8)).toBe(letters("s", 8));
    expect(task.host.reclaim.tryToFreePages({ frames: 8 })).toBe(0);
    swapOf(task.host).mend();
    const { free } = task.host.pages;
    expect(task.host.reclaim.tryToFreePages({ frames: 8 })).toBe(8);
    expect([task.host.pages.free, swapOf(task.host).count]).toEqual([free + 8, { out: 8, in: 0 }]);
    expectMarked(task, address, 8);
  });

  it("(read) is SIGBUS, leaves the entry, and gives the right page once it is mended", () => {
    const task = swappingTask();
    const [address, shared] = [marked(task, 3), marked(task, 3, MTE, SHARED)];
    pageout(task, address, 3);
    pageout(task, shared, 3);
    const { free } = task.host.pages;
    swapOf(task.host).fail("read");
    for (const at of [address, shared]) {
      expect(userAccess(task, BigInt(at), false)).toBe("SIGBUS");
      expect(userAccess(task, BigInt(at), true)).toBe("SIGBUS");
      expect(read(task, at, 4)).toHaveLength(0);
      expect(peekTags(task.mm, BigInt(at), 4)).toBe(-EIO);
    }
    expect([pages(task, address, 3), task.host.pages.free, swapOf(task.host).used]).toEqual(["sss", free, 6]);
    swapOf(task.host).mend();
    expectMarked(task, address, 3);
    expectMarked(task, shared, 3);
  });

  it("(a file that was cut) is SIGBUS where it ends", () => {
    const path = swapPath();
    const host = new Host(new PhysicalMemory({ bytes: 4 * MIB }));
    host.swapon(path, MIB);
    const task = host.spawn("6.12");
    const address = marked(task, 40);
    pageout(task, address, 40);
    writeFileSync(path, readFileSync(path).subarray(0, 9 * PAGE + 100));
    expectMarked(task, address, 8);
    expect(userAccess(task, BigInt(address + 8 * PAGE), false)).toBe("SIGBUS");
    host.shutdown();
  });
});

describe("a swap file", () => {
  const on = (path: string, bytes = MIB) => {
    const host = new Host(new PhysicalMemory({ bytes: 16 * MIB }));
    const ret = host.swapon(path, bytes);
    return { host, ret, rule: ret < 0 ? takeRule() : undefined };
  };
  /** Lets the header tell of a process. */
  const owner = (path: string, pid: number) => {
    const file = readFileSync(path);
    file.writeUInt32LE(pid, 16);
    writeFileSync(path, file);
  };
  const DEAD = 0x7fff_fff0;

  it("is made where it is missing, with its size, and costs no more than was written", () => {
    const path = swapPath();
    const { host, ret } = on(path, 64 * MIB);
    expect([ret, statSync(path).size]).toEqual([0, 64 * MIB]);
    expect(statSync(path).blocks * 512).toBeLessThan(MIB);
    host.shutdown();
  });

  it("that an orderly server left is as good as new", () => {
    const path = swapPath();
    const first = on(path).host;
    const task = first.spawn("6.12");
    pageout(task, marked(task, 40), 40);
    first.shutdown();
    const { host, ret } = on(path);
    expect([ret, host.reclaim.swap?.lost]).toEqual([0, undefined]);
    host.shutdown();
  });

  it.each([1000, 100])("of a killed server tells about how many of its %i pages are lost", (n) => {
    const path = swapPath();
    const first = on(path, 8 * MIB).host;
    const task = first.spawn("6.12");
    pageout(task, marked(task, n), n);
    owner(path, DEAD);
    const { host, ret } = on(path, 8 * MIB);
    expect([ret, host.reclaim.swap?.lost?.pid]).toEqual([0, DEAD]);
    expect(Math.abs((host.reclaim.swap?.lost?.pages ?? 0) - n)).toBeLessThan(256);
    expect(swapOf(host).used).toBe(0);
    host.shutdown();
  });

  it("of a server that lives is EBUSY, and stays as it is", () => {
    const path = swapPath();
    on(path, 2 * MIB);
    owner(path, process.ppid);
    const before = readFileSync(path);
    const { ret, rule } = on(path, MIB);
    expect([ret, rule]).toEqual([-EBUSY, `swapon: process ${process.ppid} swaps to the file`]);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it.each([
    ["a text", Buffer.from("this is somebody's diary\n")],
    ["a large file", Buffer.alloc(3 * MIB, 5)],
    ["an image that begins with zeros", Buffer.concat([Buffer.alloc(2 * PAGE), Buffer.alloc(PAGE, 1)])],
  ])("that is %s is EINVAL, and stays as it is", (_name, content) => {
    const path = swapPath();
    writeFileSync(path, content);
    const { ret, rule } = on(path);
    expect([ret, rule]).toEqual([-EINVAL, "read_swap_header: the file is no swap file"]);
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  test("a host has one", () => {
    const { host } = on(swapPath());
    expect(host.swapon(swapPath(), MIB)).toBe(-EBUSY);
    host.shutdown();
  });
});

describe("fault by fault", () => {
  it("pages that went together and are read in order come together", () => {
    const task = swappingTask();
    const address = marked(task, 128);
    pageout(task, address, 128);
    const swap = swapOf(task.host);
    const faults: number[] = [];
    for (let i = 0, before = 0; i < 128; i++) {
      expectMarked(task, address + i * PAGE, 1, { seed: i });
      if (swap.count.in !== before) faults.push(i);
      before = swap.count.in;
    }
    expect(faults.length).toBeLessThan(12);
    expect(swap.count.in).toBe(128);
  });

  it("pages that are read at random come alone", () => {
    const task = swappingTask();
    const address = marked(task, 64);
    pageout(task, address, 64);
    for (const i of [40, 3, 20, 60]) read(task, address + i * PAGE, 1);
    expect(swapOf(task.host).count.in).toBe(4);
  });

  it("pages that were read ahead and not used give way first, unwritten", () => {
    const task = swappingTask();
    const address = marked(task, 64);
    pageout(task, address, 64);
    task.mm.madvise(address, 8 * PAGE, MADV_POPULATE_READ);
    const swap = swapOf(task.host);
    const ahead = swap.count.in - 8;
    expect(ahead).toBeGreaterThan(0);
    expect(task.host.reclaim.tryToFreePages({ frames: ahead })).toBe(ahead);
    expect([pages(task, address, 8), swap.count.out]).toEqual([letters("p", 8), 64]);
    expectMarked(task, address, 64);
    task.exit();
    expectEmpty(task.host);
  });
});
