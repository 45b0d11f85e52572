/** Address spaces against a model of a few lines: random mmap, munmap, mprotect, madvise, fork, loads, stores and tag accesses. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  MADV_DONTNEED,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_MTE,
  PROT_NONE,
  PROT_READ,
} from "../../../server/abi/mman.ts";
import { PhysicalMemory } from "../../../server/hw/memory.ts";
import { loadTags, storeTags } from "../../../server/kernel/arch/mte.ts";
import type { File } from "../../../server/kernel/fs/file.ts";
import { createMemfd } from "../../../server/kernel/fs/memfd.ts";
import { Host } from "../../../server/kernel/host.ts";
import { hvaToPfn } from "../../../server/kernel/mm/gup.ts";
import { ptePfn, ptePresent, pteWritable } from "../../../server/kernel/mm/pgtable.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { fileOf, PAGE, RW, read, write } from "./support.ts";

const BASE = 0x1000_0000;
const PAGES = 12;
const FILE_PAGES = 8;

/** What a page holds: its first byte and the tag of all its granules. */
interface Content {
  byte: number;
  tag: number;
}
/** A page of an address space: a view of shared content, until a private one is written. */
interface Page {
  prot: number;
  readonly shared: boolean;
  /** Undefined where a file ends: SIGBUS. */
  readonly source: Content | undefined;
  own: Content | undefined;
}
const blank = (): Content => ({ byte: 0, tag: 0 });

/** One process in both worlds, and what a VM would remember of its pages. */
class Process {
  readonly task: Task;
  readonly space: (Page | undefined)[];
  readonly tlb = new Map<number, { pfn: number; writable: boolean }>();

  constructor(task: Task, space: (Page | undefined)[]) {
    this.task = task;
    this.space = space;
    task.mm.onInvalidate((start, end) => {
      for (const at of this.tlb.keys()) if (at >= start && at < end) this.tlb.delete(at);
    });
  }
}

interface World {
  readonly host: Host;
  readonly file: File;
  readonly fileContent: Content[];
  readonly processes: Process[];
}

/** The content that an access reaches, or undefined where it faults. */
function reach(page: Page | undefined, writing: boolean): Content | undefined {
  if (!page || !(page.prot & RW) || (writing && (page.prot & RW) !== RW)) return undefined;
  if (!page.source) return undefined;
  if (!writing || page.shared) return page.own ?? page.source;
  return (page.own ??= { ...page.source });
}

const address = (page: number) => BASE + page * PAGE;
const pick = <T>(list: readonly T[], n: number) => list[n % list.length] as T;
const protections = [PROT_NONE, PROT_READ, RW, RW, RW | PROT_MTE, RW | PROT_MTE, PROT_READ | PROT_MTE];

/** The pages of a range, in the model. */
function* span(first: number, n: number): Generator<number> {
  for (let page = first; page < Math.min(first + n, PAGES); page++) yield page;
}

type Step = (world: World, process: Process, first: number, n: number, value: number) => void;

const STEPS: Record<string, Step> = {
  mmap({ file, fileContent }, { task, space }, first, n, value) {
    const prot = pick(protections, value);
    const kind = pick(["private", "shared", "file private", "file shared"], value >> 3);
    const flags = kind.endsWith("shared") ? MAP_SHARED : MAP_PRIVATE;
    const offset = (value >> 5) % FILE_PAGES;
    const length = [...span(first, n)].length * PAGE;
    const backing = kind.startsWith("file") ? file.get() : null;
    const anonymous = backing ? 0 : MAP_ANONYMOUS;
    const ret = task.mm.mmap(task, address(first), length, prot, flags | anonymous | MAP_FIXED, backing, offset * PAGE);
    backing?.put();
    expect(ret).toBe(address(first));
    for (const page of span(first, n)) {
      const source = backing ? fileContent[offset + page - first] : blank();
      space[page] = { prot, shared: flags === MAP_SHARED, source, own: undefined };
    }
  },
  munmap(_world, { task, space }, first, n) {
    expect(task.mm.munmap(address(first), n * PAGE)).toBe(0);
    for (const page of span(first, n)) space[page] = undefined;
  },
  mprotect(_world, { task, space }, first, n, value) {
    const prot = pick(protections, value);
    const pages = [...span(first, n)];
    const hole = pages.findIndex((page) => !space[page]);
    expect(task.mm.mprotect(task, address(first), pages.length * PAGE, prot) === 0).toBe(hole < 0);
    for (const page of hole < 0 ? pages : pages.slice(0, hole)) {
      const changed = space[page] as Page;
      changed.prot = prot | (changed.prot & PROT_MTE);
    }
  },
  dontneed(_world, { task, space }, first, n) {
    task.mm.madvise(address(first), n * PAGE, MADV_DONTNEED);
    for (const page of span(first, n)) if (space[page]) (space[page] as Page).own = undefined;
  },
  store(_world, { task, space }, first, _n, value) {
    const content = reach(space[first], true);
    expect(write(task, address(first), value & 0xff)).toBe(content ? 1 : 0);
    if (content) content.byte = value & 0xff;
  },
  load(_world, { task, space }, first) {
    const content = reach(space[first], false);
    expect([...read(task, address(first), 1)]).toEqual(content ? [content.byte] : []);
  },
  stg(_world, { task, space }, first, _n, value) {
    const content = reach(space[first], true);
    const tags = new Uint8Array(256).fill(value & 0xf);
    expect(storeTags(task, BigInt(address(first)), tags) === 0).toBe(content !== undefined);
    if (content && (space[first] as Page).prot & PROT_MTE) content.tag = value & 0xf;
  },
  ldg(_world, { task, space }, first) {
    const content = reach(space[first], false);
    const tags = loadTags(task, BigInt(address(first)), 256);
    const tag = content && (space[first] as Page).prot & PROT_MTE ? content.tag : 0;
    expect(tags).toEqual(content ? new Uint8Array(256).fill(tag) : expect.any(String));
  },
  gup(_world, { task, space, tlb }, first, _n, value) {
    const writing = value % 2 === 1;
    const found = hvaToPfn(task.mm, address(first), writing);
    expect(typeof found === "number").toBe(reach(space[first], writing) === undefined);
    if (typeof found !== "number") tlb.set(address(first), found);
  },
  fork({ processes }, { task, space }) {
    if (processes.length >= 4) return;
    const copy = space.map((page) => page && { ...page, own: page.own && { ...page.own } });
    processes.push(new Process(task.fork() as Task, copy));
  },
  exit({ processes }, process) {
    if (processes.length < 2) return;
    processes.splice(processes.indexOf(process), 1);
    process.task.exit();
  },
  truncate({ file, fileContent, processes }, _process, first) {
    const keep = first % FILE_PAGES;
    file.truncate(keep * PAGE);
    file.truncate(FILE_PAGES * PAGE);
    const cut = fileContent.slice(keep);
    for (const content of cut) Object.assign(content, blank());
    for (const { space } of processes)
      for (const page of space) if (page?.source && cut.includes(page.source)) page.own = undefined;
  },
};

/** Every page that a VM still remembers is still that page, and writable if it was. */
function checkNotifiers({ task, tlb }: Process): void {
  for (const [at, { pfn, writable }] of tlb) {
    const pte = task.mm.pageTable.lookup(at);
    expect([ptePresent(pte), ptePfn(pte), pteWritable(pte) || !writable]).toEqual([true, pfn, true]);
  }
}

function begin(): World {
  const host = new Host(new PhysicalMemory({ bytes: 1 << 20 }));
  const task = host.spawn("6.12");
  const file = fileOf(task, createMemfd(task, "", 0));
  file.truncate(FILE_PAGES * PAGE);
  const fileContent = Array.from({ length: FILE_PAGES }, blank);
  return { host, file, fileContent, processes: [new Process(task, new Array(PAGES).fill(undefined))] };
}

function end({ host, processes }: World): void {
  for (const { task } of processes) {
    task.exit();
    expect(task.mm.rss).toBe(0);
  }
  expect(host.pages.free).toBe(host.pages.total);
}

describe("address spaces", () => {
  const step = fc.record({
    name: fc.constantFrom(...Object.keys(STEPS), "store", "load", "stg", "ldg", "gup"),
    who: fc.nat(3),
    first: fc.nat(PAGES - 1),
    n: fc.integer({ min: 1, max: 5 }),
    value: fc.nat(0xffff),
  });

  it("behave as the model does, tell a VM of every change, and give every frame back", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
        const world = begin();
        for (const { name, who, first, n, value } of steps) {
          (STEPS[name] as Step)(world, pick(world.processes, who), first, n, value);
          world.processes.forEach(checkNotifiers);
        }
        for (const process of world.processes) {
          for (let page = 0; page < PAGES; page++) {
            STEPS.load?.(world, process, page, 1, 0);
            STEPS.ldg?.(world, process, page, 1, 0);
          }
        }
        end(world);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
