import { describe, expect, it } from "vitest";
import { EIO } from "../../../server/abi/errno.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_MTE, PROT_NONE, PROT_READ } from "../../../server/abi/mman.ts";
import {
  loadTags,
  mteClearPageTags,
  mteCopyTagsFromUser,
  mteCopyTagsToUser,
  peekTags,
  pokeTags,
  storeTags,
} from "../../../server/kernel/arch/mte.ts";
import { createMemfd } from "../../../server/kernel/fs/memfd.ts";
import { type HostPage, hvaToPfn } from "../../../server/kernel/mm/gup.ts";
import { PG_mte_tagged } from "../../../server/kernel/mm/page.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { fileOf, fill, map, PAGE, pages, RW, read, spawn, write } from "../mm/support.ts";

const MTE = RW | PROT_MTE;
const GRANULES = 256;
const pfnOf = (task: Task, address: number, writing = true) => (hvaToPfn(task.mm, address, writing) as HostPage).pfn;
const stg = (task: Task, address: number, ...tags: number[]) => storeTags(task, BigInt(address), Uint8Array.from(tags));
const ldg = (task: Task, address: number, n: number) => {
  const tags = loadTags(task, BigInt(address), n);
  return typeof tags === "string" ? tags : [...tags];
};
/** Leaves a free frame behind whose tags are all 9, for the next page to be given. */
function soil(task: Task): void {
  const address = map(task, PAGE, MTE);
  stg(task, address, ...new Array(GRANULES).fill(9));
  task.mm.munmap(address, PAGE);
}

describe("a process's tags", () => {
  it("are what it stored, where memory is PROT_MTE", () => {
    const task = spawn();
    const address = map(task, 2 * PAGE, MTE);
    expect(stg(task, address + PAGE - 32, 1, 0xf2, 3)).toBe(0);
    expect(ldg(task, address + PAGE - 40, 5)).toEqual([0, 1, 2, 3, 0]);
    expect(pages(task, address, 2)).toBe("pp");
  });

  it("are 0 where it is not, and stores do nothing there but fault pages in", () => {
    const task = spawn();
    const address = map(task, 2 * PAGE);
    expect([ldg(task, address, 2), pages(task, address, 2)]).toEqual([[0, 0], "z-"]);
    expect([stg(task, address + PAGE, 5, 5), ldg(task, address + PAGE, 2), pages(task, address, 2)]).toEqual([
      0,
      [0, 0],
      "zp",
    ]);
    task.host.memory.tags(pfnOf(task, address + PAGE)).fill(6);
    expect(ldg(task, address + PAGE, 1)).toEqual([0]);
  });

  it("fault as loads and stores do, with what came before done", () => {
    const task = spawn();
    const address = map(task, 2 * PAGE, MTE);
    task.mm.mprotect(task, address + PAGE, PAGE, PROT_READ);
    expect(stg(task, address + PAGE - 16, 4, 4)).toBe("SIGSEGV");
    expect(ldg(task, address + PAGE - 16, 2)).toEqual([4, 0]);
    task.mm.mprotect(task, address + PAGE, PAGE, PROT_NONE);
    expect([ldg(task, address + PAGE - 16, 1), ldg(task, address + PAGE - 16, 2)]).toEqual([[4], "SIGSEGV"]);
    expect(stg(task, address + 8, 1)).toBe("SIGBUS");
    expect([
      loadTags(task, 1n << 55n, 1),
      loadTags(task, 1n << 48n, 1),
      storeTags(task, 1n << 48n, Uint8Array.of(1)),
    ]).toEqual(["SIGSEGV", "SIGSEGV", "SIGSEGV"]);
    expect(loadTags(task, (5n << 56n) | BigInt(address), 1)).toEqual(Uint8Array.of(0));
    const empty = map(task, PAGE, MTE, MAP_SHARED, fileOf(task, createMemfd(task, "", 0)));
    expect(ldg(task, empty, 1)).toBe("SIGBUS");
  });

  it("are 0 on a new page, whoever had the frame", () => {
    const task = spawn();
    soil(task);
    const address = map(task, PAGE, MTE);
    write(task, address, 1);
    expect(ldg(task, address, GRANULES)).toEqual(new Array(GRANULES).fill(0));
  });

  it("start at 0 when a page becomes PROT_MTE, and keep what KVM has written into it", () => {
    const task = spawn();
    soil(task);
    const address = map(task, 2 * PAGE);
    write(task, address, 1);
    expect(task.host.memory.tags(pfnOf(task, address))[0]).toBe(9);
    const kvms = pfnOf(task, address + PAGE);
    mteClearPageTags(task.host.memory, kvms);
    task.host.memory.tags(kvms)[3] = 7;
    task.host.pages.setFlag(kvms, PG_mte_tagged);
    expect(task.mm.mprotect(task, address, 2 * PAGE, MTE)).toBe(0);
    expect([ldg(task, address, 2), ldg(task, address + PAGE, 4)]).toEqual([
      [0, 0],
      [0, 0, 0, 7],
    ]);
  });

  it("are copied with the page, and only then differ", () => {
    const task = spawn();
    const address = map(task, 2 * PAGE, MTE);
    fill(task, address, 2 * PAGE, 0x42);
    stg(task, address, ...new Array(2 * GRANULES).fill(5));
    const child = task.fork() as Task;
    expect(stg(child, address, ...new Array(GRANULES).fill(12))).toBe(0);
    write(child, address + PAGE, 1);
    expect([ldg(child, address, 1), ldg(child, address + PAGE, 1), ldg(task, address, 1)]).toEqual([[12], [5], [5]]);
    expect([...read(child, address, 1), ...read(task, address + PAGE, 1)]).toEqual([0x42, 0x42]);
  });

  it("are a page's, not a mapping's: shared, and copied from a file by a private mapping", () => {
    const task = spawn();
    const file = fileOf(task, createMemfd(task, "", 0));
    file.truncate(PAGE);
    const shared = map(task, PAGE, MTE, MAP_SHARED, file);
    const plain = map(task, PAGE, RW, MAP_SHARED, file);
    const own = map(task, PAGE, MTE, MAP_PRIVATE, file);
    stg(task, shared, 8);
    expect([ldg(task, plain, 1), ldg(task, own, 1)]).toEqual([[0], [8]]);
    write(task, own, 1);
    stg(task, shared, 4);
    expect([ldg(task, own, 1), ldg(task, shared, 1)]).toEqual([[8], [4]]);
  });
});

describe("tags as bytes", () => {
  it("go out as they are and come in by their low nibbles, up to where the buffer ends", () => {
    const task = spawn();
    const buffer = map(task, PAGE);
    const pfn = pfnOf(task, map(task, PAGE));
    fill(task, buffer, PAGE, 0x3c);
    expect(mteCopyTagsFromUser(task, pfn, BigInt(buffer + PAGE - 100), GRANULES)).toBe(100);
    expect([...task.host.memory.tags(pfn)]).toEqual(Array.from({ length: GRANULES }, (_, i) => (i < 100 ? 0xc : 0)));
    expect(mteCopyTagsToUser(task, BigInt(buffer + PAGE - 101), pfn, GRANULES)).toBe(101);
    expect([...read(task, buffer + PAGE - 102, 102)]).toEqual([0x3c, ...new Array(100).fill(0xc), 0]);
    expect(mteCopyTagsToUser(task, BigInt(buffer + PAGE), pfn, GRANULES)).toBe(0);
  });
});

describe("PTRACE_PEEKMTETAGS and POKEMTETAGS", () => {
  it("reach what PROT_MTE areas have, and stop where they end", () => {
    const task = spawn();
    const address = map(task, 2 * PAGE, MTE);
    expect(pokeTags(task.mm, BigInt(address + PAGE - 16), Uint8Array.of(0x11, 2))).toBe(2);
    expect(peekTags(task.mm, BigInt(address + PAGE - 8), 2)).toEqual(Uint8Array.of(1, 2));
    expect(peekTags(task.mm, BigInt(address + 2 * PAGE - 16), 5)).toEqual(Uint8Array.of(0));
    expect([ldg(task, address + PAGE - 16, 2), pages(task, address, 2)]).toEqual([[1, 2], "pp"]);
  });

  it("are EIO where there is none", () => {
    const task = spawn();
    const plain = map(task, PAGE);
    const fixed = map(task, PAGE, PROT_READ | PROT_MTE);
    const shared = map(task, PAGE, MTE, MAP_SHARED | MAP_ANONYMOUS);
    const errors = [plain, fixed - (1 << 20)].map((address) => peekTags(task.mm, BigInt(address), 1));
    expect([...errors, pokeTags(task.mm, BigInt(fixed), Uint8Array.of(1))]).toEqual([-EIO, -EIO, -EIO]);
    expect([peekTags(task.mm, BigInt(fixed), 1), pokeTags(task.mm, BigInt(shared), Uint8Array.of(1))]).toEqual([
      Uint8Array.of(0),
      1,
    ]);
  });
});
