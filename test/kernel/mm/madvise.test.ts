import { describe, expect, it } from "vitest";
import { EACCES, EFAULT, EINVAL, ENODEV, ENOMEM } from "../../../server/abi/errno.ts";
import { O_RDWR } from "../../../server/abi/fcntl.ts";
import {
  MADV_COLD,
  MADV_COLLAPSE,
  MADV_DODUMP,
  MADV_DOFORK,
  MADV_DONTDUMP,
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_DONTNEED_LOCKED,
  MADV_FREE,
  MADV_HUGEPAGE,
  MADV_HWPOISON,
  MADV_KEEPONFORK,
  MADV_MERGEABLE,
  MADV_NOHUGEPAGE,
  MADV_NORMAL,
  MADV_PAGEOUT,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_RANDOM,
  MADV_REMOVE,
  MADV_SEQUENTIAL,
  MADV_UNMERGEABLE,
  MADV_WILLNEED,
  MADV_WIPEONFORK,
  MAP_ANONYMOUS,
  MAP_LOCKED,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_NONE,
  PROT_READ,
} from "../../../server/abi/mman.ts";
import type { File } from "../../../server/kernel/fs/file.ts";
import { createMemfd } from "../../../server/kernel/fs/memfd.ts";
import { openPath } from "../../../server/kernel/fs/open.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { fileOf, map, PAGE, PRIVATE, pages, RW, read, spawn, write } from "./support.ts";

/** Three pages of each kind of memory. */
const KINDS: Record<string, (task: Task) => number> = {
  anonymous: (task) => map(task, 3 * PAGE),
  locked: (task) => map(task, 3 * PAGE, RW, PRIVATE | MAP_LOCKED),
  shared: (task) => map(task, 3 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS),
  "private file": (task) => map(task, 3 * PAGE, RW, MAP_PRIVATE, sized(task)),
  "read-only shared file": (task) => map(task, 3 * PAGE, PROT_READ, MAP_SHARED, sized(task)),
  registers: (task) => map(task, 3 * PAGE, RW, MAP_SHARED, openPath(task, "/dev/mem", O_RDWR) as File),
};

function sized(task: Task): File {
  const file = fileOf(task, createMemfd(task, "", 0));
  file.truncate(3 * PAGE);
  return file;
}

describe("madvise", () => {
  const [anonymous, locked, shared, privateFile, readOnly, registers] = Object.keys(KINDS);
  const everything = Object.keys(KINDS);
  /** Advice, and what it answers where that is not 0. */
  const table: [name: string, advice: number, errors: Record<string, number>][] = [
    ["NORMAL", MADV_NORMAL, {}],
    ["RANDOM", MADV_RANDOM, {}],
    ["SEQUENTIAL", MADV_SEQUENTIAL, {}],
    ["WILLNEED", MADV_WILLNEED, {}],
    ["DONTNEED", MADV_DONTNEED, { [`${locked}`]: -EINVAL, [`${registers}`]: -EINVAL }],
    ["DONTNEED_LOCKED", MADV_DONTNEED_LOCKED, { [`${registers}`]: -EINVAL }],
    ["FREE", MADV_FREE, Object.fromEntries([shared, privateFile, readOnly, registers].map((kind) => [kind, -EINVAL]))],
    [
      "REMOVE",
      MADV_REMOVE,
      {
        [`${anonymous}`]: -EINVAL,
        [`${locked}`]: -EINVAL,
        [`${privateFile}`]: -EACCES,
        [`${registers}`]: -ENODEV,
      },
    ],
    ["DONTFORK", MADV_DONTFORK, {}],
    ["DOFORK", MADV_DOFORK, { [`${registers}`]: -EINVAL }],
    ["MERGEABLE", MADV_MERGEABLE, {}],
    ["UNMERGEABLE", MADV_UNMERGEABLE, {}],
    ["HUGEPAGE", MADV_HUGEPAGE, {}],
    ["NOHUGEPAGE", MADV_NOHUGEPAGE, {}],
    ["DONTDUMP", MADV_DONTDUMP, {}],
    ["DODUMP", MADV_DODUMP, { [`${registers}`]: -EINVAL }],
    [
      "WIPEONFORK",
      MADV_WIPEONFORK,
      Object.fromEntries([shared, privateFile, readOnly, registers].map((kind) => [kind, -EINVAL])),
    ],
    ["KEEPONFORK", MADV_KEEPONFORK, {}],
    ["COLD", MADV_COLD, { [`${locked}`]: -EINVAL, [`${registers}`]: -EINVAL }],
    ["PAGEOUT", MADV_PAGEOUT, { [`${locked}`]: -EINVAL, [`${registers}`]: -EINVAL }],
    ["POPULATE_READ", MADV_POPULATE_READ, { [`${registers}`]: -EINVAL }],
    ["POPULATE_WRITE", MADV_POPULATE_WRITE, { [`${readOnly}`]: -EINVAL, [`${registers}`]: -EINVAL }],
    ["COLLAPSE", MADV_COLLAPSE, Object.fromEntries(everything.map((kind) => [kind, -EINVAL]))],
    ["HWPOISON", MADV_HWPOISON, Object.fromEntries(everything.map((kind) => [kind, -EINVAL]))],
    ["5, which is none", 5, Object.fromEntries(everything.map((kind) => [kind, -EINVAL]))],
  ];
  it.each(table)("%s", (_name, advice, errors) => {
    for (const [kind, make] of Object.entries(KINDS)) {
      const task = spawn();
      const address = make(task);
      expect([kind, task.mm.madvise(address + PAGE, PAGE, advice)]).toEqual([kind, errors[kind] ?? 0]);
    }
  });

  it("looks at the advice, then at the address, then at the length", () => {
    const { mm } = spawn();
    expect([mm.madvise(1, PAGE, 5), mm.madvise(1, 0, MADV_NORMAL), mm.madvise(PAGE, 2 ** 64, MADV_NORMAL)]).toEqual([
      -EINVAL,
      -EINVAL,
      -EINVAL,
    ]);
    expect([mm.madvise(PAGE, 0, MADV_NORMAL), mm.madvise(PAGE, PAGE, MADV_NORMAL)]).toEqual([0, -ENOMEM]);
  });

  it("goes on behind a hole and then says so, except where it populates", () => {
    const task = spawn();
    const address = map(task, 4 * PAGE);
    write(task, address + 2 * PAGE, 1);
    task.mm.munmap(address + PAGE, PAGE);
    expect(task.mm.madvise(address, 4 * PAGE, MADV_POPULATE_WRITE)).toBe(-ENOMEM);
    expect(pages(task, address, 4)).toBe("p-p-");
    expect(task.mm.madvise(address, 4 * PAGE, MADV_DONTNEED)).toBe(-ENOMEM);
    expect(pages(task, address, 4)).toBe("----");
  });

  it("FREE and PAGEOUT leave everything in place, for there is no swap", () => {
    const task = spawn();
    const address = map(task, PAGE);
    write(task, address, 4);
    task.mm.madvise(address, PAGE, MADV_FREE);
    task.mm.madvise(address, PAGE, MADV_PAGEOUT);
    expect([pages(task, address, 1), ...read(task, address, 1)]).toEqual(["p", 4]);
  });

  it("DONTNEED brings back what a file has, REMOVE takes it from the file", () => {
    const task = spawn();
    const file = sized(task);
    const shared = map(task, PAGE, RW, MAP_SHARED, file);
    const own = map(task, PAGE, RW, MAP_PRIVATE, file);
    const other = map(task, PAGE, RW, MAP_PRIVATE, file);
    write(task, shared, 1);
    write(task, own, 2);
    write(task, other, 3);
    for (const address of [shared, own]) task.mm.madvise(address, PAGE, MADV_DONTNEED);
    expect([...read(task, shared, 1), ...read(task, own, 1)]).toEqual([1, 1]);
    expect(task.mm.madvise(shared, PAGE, MADV_REMOVE)).toBe(0);
    expect([shared, own, other].map((address) => [...read(task, address, 1)])).toEqual([[0], [0], [3]]);
  });

  it("POPULATE tells why it fails", () => {
    const task = spawn("6.12", 1 << 20);
    const short = fileOf(task, createMemfd(task, "", 0));
    const address = map(task, PAGE, RW, MAP_SHARED, short);
    expect(task.mm.madvise(address, PAGE, MADV_POPULATE_READ)).toBe(-EFAULT);
    expect(task.mm.madvise(map(task, PAGE, PROT_NONE), PAGE, MADV_POPULATE_READ)).toBe(-EINVAL);
    expect(task.mm.madvise(map(task, 2 << 20), 2 << 20, MADV_POPULATE_WRITE)).toBe(-ENOMEM);
  });
});
