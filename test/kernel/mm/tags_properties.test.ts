/**
 * Bytes and tags against a model of a few lines, over several processes and their VMs, with swap: random programs of mmap,
 * mprotect, madvise, fork, exit, stores, guest accesses, COPY_TAGS, migration, swapoff and want of memory.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { EFAULT, ENOMEM } from "../../../server/abi/errno.ts";
import { O_RDWR } from "../../../server/abi/fcntl.ts";
import { kvm_enable_cap, kvm_userspace_memory_region } from "../../../server/abi/kvm.ts";
import { kvm_arm_copy_mte_tags } from "../../../server/abi/kvm_arm64.ts";
import { requestOf } from "../../../server/abi/kvm_ioctl.ts";
import {
  MADV_DONTNEED,
  MADV_PAGEOUT,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_MTE,
  PROT_NONE,
  PROT_READ,
} from "../../../server/abi/mman.ts";
import { KERNEL_NAMES, type KernelName } from "../../../server/abi/versions.ts";
import { PhysicalMemory } from "../../../server/hw/memory.ts";
import { loadTags, storeTags } from "../../../server/kernel/arch/mte.ts";
import type { File } from "../../../server/kernel/fs/file.ts";
import { createMemfd } from "../../../server/kernel/fs/memfd.ts";
import { Host } from "../../../server/kernel/host.ts";
import type { Kvm, KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { kvmInit } from "../../../server/kernel/kvm/kvm_main.ts";
import { userMemAbort } from "../../../server/kernel/kvm/mmu.ts";
import { KVM_PGTABLE_PROT_W, kvmPteToPfn } from "../../../server/kernel/kvm/stage2.ts";
import type { KvmVmFile } from "../../../server/kernel/kvm/vm.ts";
import { PG_mte_tagged, ZERO_PFN } from "../../../server/kernel/mm/page.ts";
import {
  isSwapPte,
  PTE_SPECIAL,
  ptePfn,
  ptePresent,
  pteToSwpEntry,
  pteWritable,
  walkPageRange,
} from "../../../server/kernel/mm/pgtable.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { sysIoctl, sysIoctlData, sysOpenat } from "../../../server/kernel/syscalls.ts";
import { fileOf, PAGE, RW, read, write } from "./support.ts";

/** At night: TAGVISOR_RUNS=10000. */
const RUNS = Number(process.env.TAGVISOR_RUNS ?? 500);
const MOST_PROCESSES = 4;
const BASE = 0x1000_0000;
const PAGES = 12;
const FILE_PAGES = 8;
const GRANULES = 256;
/** A page for the tags of all guest pages, which goes to swap like any other. */
const BUFFER = BASE + 0x10_0000;
const MEMORY = 1 << 20;
/** So few slots that each is used again and again. */
const SWAP = 112 * PAGE;
/** Leaves no frame but those that a fault sees to, and those of a vCPU for each process. */
const SQUEEZED = 40 + 4 * MOST_PROCESSES;
/** In the seed's kernel tags that a VMM copies are lost at the first access, and what a page had before can be read: as reviewed. */
const KERNELS = KERNEL_NAMES.filter((name) => name !== "seed-v10");

const folder = mkdtempSync(join(tmpdir(), "tags-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a page holds: its first byte, and its tags. */
interface Content {
  byte: number;
  tags: Uint8Array;
}
const blank = (): Content => ({ byte: 0, tags: new Uint8Array(GRANULES) });
const copyOf = ({ byte, tags }: Content): Content => ({ byte, tags: tags.slice() });

/** A page of an address space: a view of shared content, until a private one is written. */
interface Page {
  prot: number;
  readonly shared: boolean;
  readonly source: Content;
  own: Content | undefined;
}

/** One process in both worlds, with a VM whose memory is all of it. */
class Process {
  readonly task: Task;
  readonly space: (Page | undefined)[];
  private vm: { readonly fd: number; readonly kvm: Kvm } | undefined;

  constructor(task: Task, space: (Page | undefined)[] = new Array(PAGES).fill(undefined)) {
    this.task = task;
    this.space = space;
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    expect(task.mm.mmap(task, BUFFER, PAGE, RW, flags, null, 0)).toBe(BUFFER);
  }

  get kvm(): Kvm | undefined {
    return this.vm?.kvm;
  }

  /** The VM, made when it is first asked for: a child cannot use its parent's. */
  guest(): { readonly fd: number; readonly kvm: Kvm } {
    if (this.vm) return this.vm;
    const { task } = this;
    const dev = sysOpenat(task, "/dev/kvm", O_RDWR);
    const fd = sysIoctl(task, dev, requestOf("KVM_CREATE_VM"), 0n) as number;
    this.vm = { fd, kvm: (task.files.lookup(fd) as KvmVmFile).kvm };
    const region = { memory_size: BigInt(PAGES * PAGE), userspace_addr: BigInt(BASE) };
    expect(this.call("KVM_SET_USER_MEMORY_REGION", kvm_userspace_memory_region.encode(region))).toBe(0);
    // Later, the slot would be refused where shared memory is behind it.
    expect(this.call("KVM_ENABLE_CAP", kvm_enable_cap.encode({ cap: task.abi.capArmMte }))).toBe(0);
    expect(sysIoctl(task, fd, requestOf("KVM_CREATE_VCPU"), 0n)).toBeGreaterThan(0);
    return this.vm;
  }

  call(name: Parameters<typeof requestOf>[0], data: Uint8Array): number {
    return (sysIoctlData(this.task, this.guest().fd, requestOf(name), data) as { ret: number }).ret;
  }

  /** KVM_ARM_MTE_COPY_TAGS between the buffer and pages of the guest; answers how many pages, or -errno. */
  copyTags(first: number, n: number, flags: bigint): number {
    const copy = { guest_ipa: BigInt(first * PAGE), length: BigInt(n * PAGE), addr: BigInt(BUFFER), flags };
    const ret = this.call("KVM_ARM_MTE_COPY_TAGS", kvm_arm_copy_mte_tags.encode(copy));
    return ret < 0 ? ret : ret / PAGE;
  }

  leaf = (page: number) => this.kvm?.pgt.getLeaf(page) ?? 0;
}

interface World {
  readonly host: Host;
  readonly kernel: KernelName;
  readonly file: File;
  readonly fileContent: Content[];
  readonly processes: Process[];
  /** Frames that nobody can use. */
  readonly hoard: number[];
}

/** Whether an access does not fault. */
const permits = (page: Page | undefined, writing: boolean): page is Page =>
  page !== undefined && (writing ? (page.prot & RW) === RW : (page.prot & RW) !== 0);

/** The content that an access reaches, which for a write is the page's own from then on; or undefined where it faults. */
function reach(page: Page | undefined, writing: boolean): Content | undefined {
  if (!permits(page, writing)) return undefined;
  if (!writing || page.shared) return page.own ?? page.source;
  return (page.own ??= copyOf(page.source));
}

const address = (page: number) => BASE + page * PAGE;
const pick = <T>(list: readonly T[], n: number) => list[n % list.length] as T;
const protections = [PROT_NONE, PROT_READ, RW, RW, RW | PROT_MTE, RW | PROT_MTE, PROT_READ | PROT_MTE];
const tagsOf = (value: number) => Uint8Array.from({ length: GRANULES }, (_, i) => (value + i * (value >> 4)) & 0xf);
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** The pages of a range, in the model. */
const span = (first: number, n: number) => Array.from({ length: Math.min(n, PAGES - first) }, (_, i) => first + i);

/** How many pages from `first` on, of `n`, a VM can reach. */
function reachable({ space }: Process, first: number, n: number, writing: boolean): number {
  const pages = span(first, n);
  const end = pages.findIndex((page) => !permits(space[page], writing));
  return end < 0 ? pages.length : end;
}

/** Frees what is hoarded. */
function relax({ host, hoard }: World): void {
  for (const pfn of hoard.splice(0)) host.pages.putPage(pfn);
}

type Step = (world: World, process: Process, first: number, n: number, value: number) => void;

const STEPS: Record<string, Step> = {
  mmap({ file, fileContent }, { task, space }, first, n, value) {
    const prot = pick(protections, value);
    const kind = pick(["private", "private", "shared", "file private", "file shared"], value >> 3);
    const flags = kind.endsWith("shared") ? MAP_SHARED : MAP_PRIVATE;
    const pages = span(first, n).slice(0, FILE_PAGES);
    const offset = (value >> 6) % (FILE_PAGES - pages.length + 1);
    const backing = kind.startsWith("file") ? file.get() : null;
    const all = flags | (backing ? 0 : MAP_ANONYMOUS) | MAP_FIXED;
    expect(task.mm.mmap(task, address(first), pages.length * PAGE, prot, all, backing, offset * PAGE)).toBe(
      address(first),
    );
    backing?.put();
    for (const page of pages) {
      const source = backing ? (fileContent[offset + page - first] as Content) : blank();
      space[page] = { prot, shared: flags === MAP_SHARED, source, own: undefined };
    }
  },
  munmap(_world, { task, space }, first, n) {
    expect(task.mm.munmap(address(first), n * PAGE)).toBe(0);
    for (const page of span(first, n)) space[page] = undefined;
  },
  mprotect(_world, { task, space }, first, n, value) {
    const prot = pick(protections, value);
    const pages = span(first, n);
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
  pageout(_world, { task }, first, n) {
    task.mm.madvise(address(first), n * PAGE, MADV_PAGEOUT);
  },
  "pageout buffer"(_world, { task }) {
    expect(task.mm.madvise(BUFFER, PAGE, MADV_PAGEOUT)).toBe(0);
  },
  reclaim({ host }, _process, _first, n) {
    host.reclaim.tryToFreePages({ frames: n * 4 });
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
    expect(storeTags(task, BigInt(address(first)), tagsOf(value)) === 0).toBe(content !== undefined);
    if (content && (space[first] as Page).prot & PROT_MTE) content.tags = tagsOf(value);
  },
  ldg(_world, { task, space }, first) {
    const content = reach(space[first], false);
    const tags = loadTags(task, BigInt(address(first)), GRANULES);
    if (!content || typeof tags === "string") expect([typeof tags, content]).toEqual(["string", undefined]);
    else expect(same(tags, (space[first] as Page).prot & PROT_MTE ? content.tags : blank().tags)).toBe(true);
  },
  "guest fault"(_world, process, first, _n, value) {
    const { task, space } = process;
    const { kvm } = process.guest();
    const writing = value % 2 === 1;
    const refused = task.abi.mteSlotRule === "shared" && space[first]?.shared;
    const ret = userMemAbort(kvm, kvm.vcpus[0] as KvmVcpu, first * PAGE, writing);
    // A page that the guest has already is not looked at again.
    if (!refused || process.leaf(first) === 0) expect(ret === 0).toBe(!refused && !!reach(space[first], writing));
    else reach(space[first], writing);
  },
  "guest load"({ host }, process, first) {
    const leaf = process.leaf(first);
    if (leaf === 0) return;
    const content = reach(process.space[first], false) as Content;
    const pfn = kvmPteToPfn(leaf);
    expect(host.pages.testFlag(pfn, PG_mte_tagged)).toBe(true);
    expect([host.memory.frame(pfn)[0], same(host.memory.tags(pfn), content.tags)]).toEqual([content.byte, true]);
  },
  "guest store"({ host }, process, first, _n, value) {
    const leaf = process.leaf(first);
    if (!(leaf & KVM_PGTABLE_PROT_W)) return;
    const content = reach(process.space[first], true) as Content;
    const pfn = kvmPteToPfn(leaf);
    host.memory.frame(pfn)[0] = content.byte = value & 0xff;
    content.tags = tagsOf(value);
    host.memory.tags(pfn).set(content.tags);
  },
  "tags to guest"(_world, process, first, n, value) {
    const tags = Uint8Array.from({ length: n * GRANULES }, (_, i) => (value + i) & 0xf);
    expect(write(process.task, BUFFER, ...tags)).toBe(tags.length);
    const done = reachable(process, first, n, true);
    expect(process.copyTags(first, n, 0n)).toBe(done || -EFAULT);
    for (const page of span(first, done))
      (reach(process.space[page], true) as Content).tags = tags.slice((page - first) * GRANULES).slice(0, GRANULES);
  },
  "tags from guest"(_world, process, first, n) {
    const done = reachable(process, first, n, false);
    expect(process.copyTags(first, n, 1n)).toBe(done || -EFAULT);
    const tags = read(process.task, BUFFER, done * GRANULES);
    for (const [i, page] of span(first, done).entries()) {
      const content = reach(process.space[page], false) as Content;
      expect(same(tags.subarray(i * GRANULES, (i + 1) * GRANULES), content.tags)).toBe(true);
    }
  },
  /** The bytes and tags of a range become those of another process's. */
  migrate({ processes }, process, first, n, value) {
    const to = pick(processes, value);
    const pages = reachable(process, first, n, false);
    if (to === process || pages === 0 || reachable(to, first, pages, true) < pages) return;
    expect(process.copyTags(first, pages, 1n)).toBe(pages);
    const tags = read(process.task, BUFFER, pages * GRANULES);
    const bytes = span(first, pages).map((page) => read(process.task, address(page), 1));
    const contents = span(first, pages).map((page) => copyOf(reach(process.space[page], false) as Content));
    expect(write(to.task, BUFFER, ...tags)).toBe(tags.length);
    expect(to.copyTags(first, pages, 0n)).toBe(pages);
    for (const [i, page] of span(first, pages).entries()) {
      expect(write(to.task, address(page), ...(bytes[i] as Uint8Array))).toBe(1);
      Object.assign(reach(to.space[page], true) as Content, contents[i]);
    }
  },
  fork({ processes }, { task, space }) {
    if (processes.length >= MOST_PROCESSES) return;
    const copy = space.map((page) => page && { ...page, own: page.own && copyOf(page.own) });
    processes.push(new Process(task.fork() as Task, copy));
  },
  spawn({ host, kernel, processes }) {
    if (processes.length < MOST_PROCESSES) processes.push(new Process(host.spawn(kernel)));
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
      for (const page of space) if (page && cut.includes(page.source)) page.own = undefined;
  },
  /** A process of its own comes, fills slots with the worst of tags, and goes. */
  churn({ host, kernel, hoard }, _process, _first, _n, value) {
    if (hoard.length > 0) return;
    const task = host.spawn(kernel);
    const length = 40 * PAGE;
    const flags = MAP_PRIVATE | MAP_ANONYMOUS;
    const start = task.mm.mmap(task, 0, length, RW | PROT_MTE, flags, null, 0);
    expect(storeTags(task, BigInt(start), new Uint8Array(length / 16).fill(value | 1))).toBe(0);
    task.mm.madvise(start, length, MADV_PAGEOUT);
    task.exit();
  },
  /** Takes all memory but a rest, so that every fault has to reclaim first. */
  squeeze({ host, hoard }) {
    host.reclaim.swap?.mend();
    while (host.reclaim.swap && host.pages.free > SQUEEZED) hoard.push(host.pages.allocPage());
  },
  relax,
  /** Older kernels lose tags of pages that user space cannot see. */
  swapoff(world) {
    const { host, processes, hoard } = world;
    const hidden = processes.some(({ space }) => space.some((page) => page && !(page.prot & RW)));
    if (!host.reclaim.swap || (hidden && !processes[0]?.task.abi.unuseRestoresTags)) return;
    const ret = host.swapoff();
    expect(ret === 0 || (ret === -ENOMEM && hoard.length > 0)).toBe(true);
    if (ret === 0) relax(world);
  },
  swapon({ host }) {
    if (!host.reclaim.swap) expect(host.swaponAgain()).toBe(0);
  },
  /** Nobody notices while there is memory. */
  "swap fails"({ host, hoard }, _process, _first, _n, value) {
    if (hoard.length > 0) return;
    if (value % 3 === 0) host.reclaim.swap?.fill();
    else host.reclaim.swap?.fail(value % 3 === 1 ? "write" : "short-write");
  },
  mend({ host }) {
    host.reclaim.swap?.mend();
  },
  /** What is free has the worst of tags. */
  soil({ host }, _process, _first, _n, value) {
    for (let pfn = 0; pfn < host.memory.frames; pfn++)
      if (host.pages.refcount(pfn) === 0) host.memory.tags(pfn).fill(value & 0xf);
  },
};

/** No frame is both free and mapped, all are counted, and a guest has no page that its process has not. */
function checkFrames({ host, processes }: World): void {
  const mappings = new Map<number, number>();
  const entries = new Map<number, number>();
  const { swap } = host.reclaim;
  for (const process of processes) {
    const { task } = process;
    walkPageRange(task.mm.pageTable, 0, task.abi.taskSize, (pte) => {
      if (isSwapPte(pte)) entries.set(pteToSwpEntry(pte), (entries.get(pteToSwpEntry(pte)) ?? 0) + 1);
      else if (ptePresent(pte) && !(pte & PTE_SPECIAL)) mappings.set(ptePfn(pte), (mappings.get(ptePfn(pte)) ?? 0) + 1);
    });
    for (let page = 0; process.kvm && page < PAGES; page++) {
      const leaf = process.leaf(page);
      const pte = task.mm.pageTable.lookup(address(page));
      const wrong = ptePfn(pte) !== kvmPteToPfn(leaf) || (leaf & KVM_PGTABLE_PROT_W && !pteWritable(pte));
      if (leaf !== 0 && (!ptePresent(pte) || wrong)) throw new Error(`page ${page} of the guest is stale`);
    }
  }
  for (const [pfn, n] of mappings) {
    if (host.pages.mapcount(pfn) !== n) throw new Error(`frame ${pfn}: ${host.pages.mapcount(pfn)} of ${n} mappings`);
    if (host.pages.refcount(pfn) < n) throw new Error(`frame ${pfn} is mapped and nearly free`);
  }
  for (const [slot, n] of entries) if (swap?.refs(slot) !== n) throw new Error(`slot ${slot}: ${n} entries`);
  if (host.memory.tags(ZERO_PFN).some((tag) => tag !== 0)) throw new Error("the zero page has tags");
}

function begin(kernel: KernelName): World {
  const host = new Host(new PhysicalMemory({ bytes: MEMORY }));
  kvmInit(host);
  expect(host.swapon(join(folder, "swap"), SWAP)).toBe(0);
  for (let pfn = ZERO_PFN + 1; pfn < host.memory.frames; pfn++) host.memory.tags(pfn).fill(0xa);
  const task = host.spawn(kernel);
  const fd = createMemfd(task, "", 0);
  const file = fileOf(task, fd).get();
  file.truncate(FILE_PAGES * PAGE);
  const fileContent = Array.from({ length: FILE_PAGES }, blank);
  return { host, kernel, file, fileContent, processes: [new Process(task)], hoard: [] };
}

function end(world: World): void {
  const { host, processes, file } = world;
  relax(world);
  for (const { task } of processes) {
    task.exit();
    expect([task.mm.rss, task.mm.memcg.swapUsage >= 0]).toEqual([0, true]);
  }
  file.put();
  const left = { frames: host.pages.total - host.pages.free, slots: host.reclaim.swap?.used ?? 0 };
  expect(left).toEqual({ frames: 0, slots: 0 });
  host.shutdown();
}

describe("bytes and tags", () => {
  const step = fc.record({
    name: fc.constantFrom(
      ...Object.keys(STEPS),
      ...[
        "mmap",
        "mmap",
        "store",
        "load",
        "stg",
        "stg",
        "ldg",
        "pageout",
        "pageout",
        "reclaim",
        "churn",
        "churn",
        "fork",
      ],
      ...["guest fault", "guest fault", "guest load", "guest store", "tags to guest", "tags from guest", "migrate"],
    ),
    who: fc.nat(MOST_PROCESSES - 1),
    first: fc.nat(PAGES - 1),
    n: fc.integer({ min: 1, max: 6 }),
    value: fc.nat(0xffff),
  });

  it(`are what was written, whatever happens in between (${RUNS} programs)`, () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KERNELS),
        fc.array(step, { minLength: 20, maxLength: 120, size: "max" }),
        (kernel, steps) => {
          const world = begin(kernel);
          for (const { name, who, first, n, value } of steps) {
            (STEPS[name] as Step)(world, pick(world.processes, who), first, n, value);
            checkFrames(world);
          }
          for (const process of world.processes)
            for (let page = 0; page < PAGES; page++)
              for (const look of ["guest load", "load", "ldg"]) (STEPS[look] as Step)(world, process, page, 1, 0);
          end(world);
        },
      ),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
