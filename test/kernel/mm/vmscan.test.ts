/** Reclaim: processes and guests that use more memory than there is, and what a guest notices of it. */

import { describe, expect, it, test } from "vitest";
import { ENOMEM } from "../../../server/abi/errno.ts";
import { KVM_MEM_LOG_DIRTY_PAGES, kvm_dirty_log } from "../../../server/abi/kvm.ts";
import { MADV_PAGEOUT, MADV_POPULATE_WRITE, MAP_ANONYMOUS, MAP_SHARED } from "../../../server/abi/mman.ts";
import { KERNEL_NAMES, type KernelName } from "../../../server/abi/versions.ts";
import { PAGE_SIZE } from "../../../server/hw/memory.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { userMemAbort } from "../../../server/kernel/kvm/mmu.ts";
import { kvmPteToPfn } from "../../../server/kernel/kvm/stage2.ts";
import { PG_mte_tagged } from "../../../server/kernel/mm/page.ts";
import { isSwapPte, ptePfn, ptePresent } from "../../../server/kernel/mm/pgtable.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { bootHost, Vmm } from "../kvm/vmm.ts";
import { map, PAGE, pages, RW } from "./support.ts";
import { expectEmpty, expectMarked, MTE, mark, marked, swapOf, swappingHost, swappingTask } from "./swap_support.ts";

const MIB = 1 << 20;
const SHARED = MAP_SHARED | MAP_ANONYMOUS;

describe("a host with 8 MiB of memory", () => {
  it.each([
    ["private", undefined],
    ["shared", SHARED],
  ])("serves a process that uses 24 MiB of %s memory, tags and all", (_kind, flags) => {
    const task = swappingTask("6.12", { bytes: 8 * MIB, swap: 32 * MIB });
    const n = (24 * MIB) / PAGE;
    const address = marked(task, n, MTE, flags);
    expectMarked(task, address, n);
    mark(task, address, n, 77);
    expectMarked(task, address, n, { seed: 77 });
    expect(task.mm.rss * PAGE).toBeLessThan(8 * MIB);
    task.exit();
    expectEmpty(task.host);
  });

  it("serves several that fork and leave", () => {
    const host = swappingHost({ bytes: 8 * MIB, swap: 64 * MIB });
    const first = host.spawn("6.12");
    const n = (10 * MIB) / PAGE;
    const address = marked(first, n);
    const processes = [first, first.fork() as Task, first.fork() as Task];
    for (const [i, task] of processes.entries()) mark(task, address, n / 2, 50 * i);
    for (const [i, task] of processes.entries()) {
      expectMarked(task, address, n / 2, { seed: 50 * i });
      expectMarked(task, address + (n / 2) * PAGE, n / 2, { seed: n / 2 });
    }
    for (const task of processes) task.exit();
    expectEmpty(host);
  });

  it("takes from all processes, not always from the first", () => {
    const host = swappingHost({ bytes: 8 * MIB, swap: 64 * MIB });
    const idle = [host.spawn("6.12"), host.spawn("6.12")].map((task) => ({ task, address: marked(task, 400) }));
    marked(host.spawn("6.12"), 1500);
    for (const { task, address } of idle) expect(pages(task, address, 400)).toContain("s");
  });

  it("without swap says ENOMEM", () => {
    const task = bootHost({ bytes: 8 * MIB }).spawn("6.12");
    const address = map(task, 24 * MIB);
    expect(task.mm.madvise(address, 24 * MIB, MADV_POPULATE_WRITE)).toBe(-ENOMEM);
  });
});

describe("a process at its limit", () => {
  it("swaps its own pages, and no others", () => {
    const host = swappingHost();
    const [task, other] = [host.spawn("6.12"), host.spawn("6.12")];
    const untouched = marked(other, 50);
    task.mm.rlimitPages = 100;
    const address = marked(task, 400);
    expectMarked(task, address, 400);
    expect(task.mm.memcg.usage).toBeLessThanOrEqual(100);
    expect(pages(other, untouched, 50)).toBe("p".repeat(50));
    task.exit();
    expect([task.mm.memcg.usage, task.mm.memcg.swapUsage]).toEqual([0, 0]);
    other.exit();
    expectEmpty(host);
  });

  it("of memory and of swap gets ENOMEM, and keeps what it has", () => {
    const task = swappingTask();
    task.mm.rlimitPages = 100;
    task.mm.memcg.swapMax = 50;
    const kept = marked(task, 60);
    const address = map(task, 400 * PAGE, MTE);
    expect(task.mm.madvise(address, 400 * PAGE, MADV_POPULATE_WRITE)).toBe(-ENOMEM);
    task.mm.munmap(address, 400 * PAGE);
    expectMarked(task, kept, 60);
    expect(task.mm.memcg.swapUsage).toBeLessThanOrEqual(50);
  });
});

const IPA = 0x10_0000;
const TAGS = 256;

/** An MTE VM with one slot at IPA. */
class Guest {
  readonly vmm: Vmm;
  readonly memory: bigint;
  readonly npages: number;

  constructor(kernel: KernelName, npages: number, { bytes = 16 * MIB, swap = 64 * MIB, prot = RW, flags = 0 } = {}) {
    const host = swappingHost({ swap, host: bootHost({ bytes }) });
    this.vmm = new Vmm(kernel, host);
    this.npages = npages;
    this.memory = this.vmm.map(npages, prot);
    this.vmm.enableMte();
    expect(this.vmm.setSlot(0, IPA, npages, this.memory, flags)).toBe(0);
    this.vmm.ioctl(this.vmm.vm, "KVM_CREATE_VCPU", 0n);
  }

  fault(page: number, write: boolean): number {
    const { kvm } = this.vmm;
    return userMemAbort(kvm, kvm.vcpus[0] as KvmVcpu, IPA + page * PAGE_SIZE, write);
  }

  /** Lets the guest write every page, so that each kernel counts its tags as its own. */
  touch(): this {
    for (let page = 0; page < this.npages; page++) expect(this.fault(page, true)).toBe(0);
    return this;
  }

  /** MADV_PAGEOUT, and one letter a page of what came of it. */
  /** Twice: older kernels spare at first what a guest has used. */
  pageout(address = this.memory, n = this.npages): string {
    this.vmm.task.mm.madvise(Number(address), n * PAGE, MADV_PAGEOUT);
    expect(this.vmm.task.mm.madvise(Number(address), n * PAGE, MADV_PAGEOUT)).toBe(0);
    return pages(this.vmm.task, Number(address), n);
  }

  copy(buffer: bigint, fromGuest: boolean, n = this.npages): number {
    const ret = this.vmm.copyTags(IPA, n * PAGE_SIZE, buffer, fromGuest ? 1 : 0);
    return this.vmm.task.abi.copyTagsReturnsBytes ? ret / PAGE_SIZE : ret === 0 ? n : ret;
  }

  /** The guest's page `i` and its frame. */
  pte = (i: number) => this.vmm.task.mm.pageTable.lookup(Number(this.memory) + i * PAGE);
  leaf = (i: number) => this.vmm.kvm.pgt.getLeaf(IPA / PAGE + i);
}

/** Tags that tell page and granule. */
const pattern = (n: number, seed = 0) =>
  Uint8Array.from({ length: n * TAGS }, (_, i) => (seed + (i >> 8) * 3 + i) & 0xf);

describe.each(KERNEL_NAMES)("a guest under %s", (kernel) => {
  it("has its tags again when the VMM, whose mapping is not PROT_MTE, brought the pages back", () => {
    const guest = new Guest(kernel, 4).touch();
    const buffer = guest.vmm.map(1);
    guest.vmm.write(buffer, pattern(4));
    expect([guest.copy(buffer, false), guest.pageout()]).toEqual([4, "ssss"]);
    guest.vmm.read(guest.memory, 4 * PAGE);
    expect(guest.pageout()).toBe("ssss");
    guest.vmm.read(guest.memory + BigInt(PAGE), PAGE);
    expect(guest.copy(buffer, true)).toBe(4);
    expect(guest.vmm.read(buffer, 4 * TAGS)).toEqual(pattern(4));
  });

  it("faults pages in from swap, with their bytes and tags", () => {
    const guest = new Guest(kernel, 4).touch();
    const buffer = guest.vmm.map(1);
    guest.vmm.write(buffer, pattern(4, 5));
    guest.copy(buffer, false);
    guest.vmm.write(guest.memory + 9n, Uint8Array.of(42));
    guest.pageout();
    expect([guest.fault(0, false), guest.fault(1, true)]).toEqual([0, 0]);
    const pfn = kvmPteToPfn(guest.leaf(0));
    const { memory, pages: frames } = guest.vmm.host;
    expect([memory.frame(pfn)[9], frames.testFlag(pfn, PG_mte_tagged)]).toEqual([42, true]);
    expect(memory.tags(pfn)).toEqual(pattern(1, 5));
    expect(memory.tags(kvmPteToPfn(guest.leaf(1)))).toEqual(pattern(4, 5).subarray(TAGS, 2 * TAGS));
  });

  it("has tags copied both ways while they, and the buffer, are in swap", () => {
    const guest = new Guest(kernel, 32).touch();
    const buffer = guest.vmm.map(3);
    guest.vmm.write(buffer, pattern(32, 2));
    const out = () => expect([guest.pageout(), guest.pageout(buffer, 2)]).toEqual(["s".repeat(32), "ss"]);
    out();
    expect(guest.copy(buffer, false)).toBe(32);
    guest.vmm.write(buffer, new Uint8Array(3 * PAGE));
    out();
    expect(guest.copy(buffer, true)).toBe(32);
    expect(guest.vmm.read(buffer, 32 * TAGS)).toEqual(pattern(32, 2));
  });

  it("three times as large as memory has the tags of all of it copied in one call", () => {
    const n = (24 * MIB) / PAGE;
    const guest = new Guest(kernel, n, { bytes: 8 * MIB, prot: MTE });
    guest.touch();
    const buffer = guest.vmm.map((n * TAGS) / PAGE);
    guest.vmm.write(buffer, pattern(n));
    expect(guest.copy(buffer, false)).toBe(n);
    guest.vmm.write(buffer, new Uint8Array(n * TAGS));
    expect(guest.copy(buffer, true)).toBe(n);
    expect(Buffer.compare(guest.vmm.read(buffer, n * TAGS), pattern(n))).toBe(0);
    guest.vmm.task.exit();
    expectEmpty(guest.vmm.host);
  });
});

test("stage 2 loses a page before it goes, and nothing else", () => {
  const guest = new Guest("6.12", 8).touch();
  const { mm } = guest.vmm.task;
  const told: boolean[] = [];
  mm.onInvalidate((start, end) => {
    for (let at = start; at < end; at += PAGE) {
      const pte = mm.pageTable.lookup(at);
      told.push(ptePresent(pte) && !isSwapPte(pte));
    }
  });
  expect(guest.pageout(guest.memory + BigInt(2 * PAGE), 4)).toBe("ssss");
  expect(told).toEqual([true, true, true, true]);
  const mapped = Array.from({ length: 8 }, (_, i) => guest.leaf(i) !== 0);
  expect(mapped).toEqual([true, true, false, false, false, false, true, true]);
  expect(guest.fault(3, false)).toBe(0);
  expect(kvmPteToPfn(guest.leaf(3))).toBe(ptePfn(guest.pte(3)));
});

test("a page of shared memory leaves every VM before it goes", () => {
  const host = swappingHost({ host: bootHost({ bytes: 16 * MIB }) });
  const vmm = new Vmm("6.12", host);
  const memory = vmm.map(4, RW, SHARED);
  vmm.setSlot(0, IPA, 4, memory);
  vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 0n);
  for (let i = 0; i < 4; i++) userMemAbort(vmm.kvm, vmm.kvm.vcpus[0] as KvmVcpu, IPA + i * PAGE, true);
  vmm.task.mm.madvise(Number(memory), 2 * PAGE, MADV_PAGEOUT);
  expect([0, 1, 2, 3].map((i) => vmm.kvm.pgt.getLeaf(IPA / PAGE + i) !== 0)).toEqual([false, false, true, true]);
});

test("the log of dirty pages knows nothing of swap", () => {
  const guest = new Guest("6.12", 64, { flags: KVM_MEM_LOG_DIRTY_PAGES });
  const bitmap = guest.vmm.map(1);
  const dirty = () => {
    guest.vmm.write(bitmap, new Uint8Array(8).fill(0xff));
    const log = { slot: 0, dirty_bitmap: bitmap };
    expect(guest.vmm.call(guest.vmm.vm, "KVM_GET_DIRTY_LOG", kvm_dirty_log, log)).toBe(0);
    return new DataView(guest.vmm.read(bitmap, 8).buffer).getBigUint64(0, true).toString(2);
  };
  guest.touch();
  expect(dirty()).toBe("1".repeat(64));
  expect(guest.fault(5, true)).toBe(0);
  guest.pageout();
  for (let page = 0; page < 64; page++) expect(guest.fault(page, false)).toBe(0);
  expect(swapOf(guest.vmm.host).count.in).toBe(64);
  expect(dirty()).toBe("100000");
  guest.fault(7, true);
  guest.pageout();
  expect(dirty()).toBe("10000000");
});
