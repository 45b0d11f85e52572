/** Swap against plain file I/O of the same bytes, a picture of tags, and what a slot costs that nobody touches. */

import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { O_RDWR } from "../../server/abi/fcntl.ts";
import { KVM_CAP_ARM_MTE, kvm_enable_cap, kvm_userspace_memory_region } from "../../server/abi/kvm.ts";
import { requestOf } from "../../server/abi/kvm_ioctl.ts";
import {
  MADV_PAGEOUT,
  MADV_POPULATE_WRITE,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  PROT_MTE,
  PROT_READ,
  PROT_WRITE,
} from "../../server/abi/mman.ts";
import { PAGE_SIZE, PhysicalMemory } from "../../server/hw/memory.ts";
import { storeTags } from "../../server/kernel/arch/mte.ts";
import { Host } from "../../server/kernel/host.ts";
import { kvmInit } from "../../server/kernel/kvm/kvm_main.ts";
import type { Task } from "../../server/kernel/process.ts";
import { sysIoctl, sysIoctlData, sysMmap, sysOpenat } from "../../server/kernel/syscalls.ts";
import { pages, tagMap } from "../../server/rpc/inspect_memory.ts";
import { inTurn, median, type Result, time } from "./measure.ts";

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Memory of a process in which every page has tags. */
function taggedMemory(task: Task, bytes: number): number {
  const prot = PROT_READ | PROT_WRITE | PROT_MTE;
  const address = sysMmap(task, 0n, BigInt(bytes), prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0n);
  task.mm.madvise(address, bytes, MADV_POPULATE_WRITE);
  const tags = Uint8Array.from({ length: MIB / 16 }, (_, i) => i & 15);
  for (let at = address; at < address + bytes; at += MIB) storeTags(task, BigInt(at), tags);
  return address;
}

/** 64 MiB out and in again, in order and at random, in turn with plain writes and reads of a file. */
async function againstFile(folder: string): Promise<Result[]> {
  const bytes = 64 * MIB;
  const npages = bytes / PAGE_SIZE;
  const host = new Host(new PhysicalMemory({ bytes: 256 * MIB }));
  host.swapon(join(folder, "swap"), 2 * bytes);
  const task = host.spawn("6.12");
  const address = taggedMemory(task, bytes);
  const fd = openSync(join(folder, "plain"), "w+");
  const buffer = new Uint8Array(bytes).fill(7);
  // Each page once, in an order that no readahead can foresee.
  const shuffled = Array.from({ length: npages }, (_, i) => (i * 7919) % npages);

  const swapOut = () => task.mm.madvise(address, bytes, MADV_PAGEOUT);
  const touch = (i: number, write: boolean) => task.mm.fault(address + i * PAGE_SIZE, write);
  /** Written to, so that the next time they go they are written again. */
  const swapIn = (order: readonly number[]) => {
    for (const i of order) touch(i, true);
  };
  const readPages = (order: readonly number[]) => {
    for (const i of order) readSync(fd, buffer, i * PAGE_SIZE, PAGE_SIZE, i * PAGE_SIZE);
  };
  const inOrder = Array.from({ length: npages }, (_, i) => i);
  const { medians, ratios } = await inTurn(
    9,
    () => time(() => forEachMib(bytes, (at) => writeSync(fd, buffer, at, MIB, at))),
    () => time(swapOut),
    () => time(() => forEachMib(bytes, (at) => readSync(fd, buffer, at, MIB, at))),
    () => time(() => swapIn(inOrder)),
    () => time(() => readPages(shuffled)),
    () => {
      swapOut();
      return time(() => swapIn(shuffled));
    },
  );
  closeSync(fd);
  if (task.mm.rss < npages || host.reclaim.swap?.count.in !== 20 * npages) throw new Error("not all pages moved");
  host.shutdown();
  const figure = (i: number) => `${(bytes / 1000 / (medians[i] ?? Number.NaN)).toFixed(0)} MB/s`;
  const result = (name: string, us: number, them: number, least: number): Result => ({
    name,
    ours: figure(us),
    reference: figure(them),
    ratio: (ratios[them] ?? Number.NaN) / (ratios[us] ?? Number.NaN),
    bound: { least },
  });
  return [
    result("tagged pages to swap / writes of 1 MiB", 1, 0, 0.2),
    result("tagged pages from swap in order / reads of 1 MiB", 3, 2, 0.4),
    result("tagged pages from swap at random / reads of 4 KiB", 5, 4, 0.4),
  ];
}

function forEachMib(bytes: number, visit: (at: number) => void): void {
  for (let at = 0; at < bytes; at += MIB) visit(at);
}

/** Nobody else wants a turn. */
const turn = async () => {};

/** InspectService.TagMap of 1 GiB of memory that has tags everywhere. */
async function heatMap(): Promise<Result> {
  const task = new Host(new PhysicalMemory({ bytes: 1.25 * GIB })).spawn("6.12");
  const address = BigInt(taggedMemory(task, GIB));
  const samples: number[] = [];
  for (let round = 0; round < 9; round++)
    samples.push(await time(() => tagMap(task.mm, { process: 0n, address, length: BigInt(GIB), cells: 4096 }, turn)));
  return {
    name: "a map of the tags of 1 GiB, 4096 cells / 50 ms",
    ours: `${median(samples).toFixed(1)} ms`,
    reference: "50 ms",
    ratio: median(samples) / 50,
    bound: { most: 1 },
  };
}

/** A slot of 64 GiB: made, looked at page by page, and given back. */
async function untouchedSlot(): Promise<Result[]> {
  const host = new Host(new PhysicalMemory({ bytes: 64 * MIB }));
  kvmInit(host);
  const task = host.spawn("6.12");
  const vm = (await sysIoctl(task, sysOpenat(task, "/dev/kvm", O_RDWR), requestOf("KVM_CREATE_VM"), 0n)) as number;
  await sysIoctlData(task, vm, requestOf("KVM_ENABLE_CAP"), kvm_enable_cap.encode({ cap: KVM_CAP_ARM_MTE }));
  const bytes = BigInt(64 * GIB);
  const userspace_addr = BigInt(sysMmap(task, 0n, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0n));
  const slot = async (memory_size: bigint) => {
    const region = kvm_userspace_memory_region.encode({ memory_size, userspace_addr });
    const answer = await sysIoctlData(task, vm, requestOf("KVM_SET_USER_MEMORY_REGION"), region);
    if (answer.ret !== 0) throw new Error(`KVM_SET_USER_MEMORY_REGION answered ${answer.ret}`);
  };
  const make = async () => {
    await slot(bytes);
    for await (const { pages: found } of pages(task.mm, { address: userspace_addr, length: bytes }, turn))
      throw new Error(`${found.length} pages are there`);
  };
  await make();
  await slot(0n);
  const free = host.pages.free;
  const samples: number[] = [];
  const heaps: number[] = [];
  for (let round = 0; round < 15; round++) {
    const before = process.memoryUsage();
    samples.push(await time(make));
    const after = process.memoryUsage();
    heaps.push(after.heapUsed + after.external - before.heapUsed - before.external);
    if (host.pages.free !== free) throw new Error(`${free - host.pages.free} frames are gone`);
    await slot(0n);
  }
  const grown = Math.max(median(heaps), 0) / MIB;
  return [
    {
      name: "an untouched slot of 64 GiB made and looked at / 1 ms",
      ours: `${median(samples).toFixed(2)} ms`,
      reference: "1 ms",
      ratio: median(samples),
      bound: { most: 1 },
    },
    {
      name: "memory for it / 1 MiB",
      ours: `${grown.toFixed(2)} MiB`,
      reference: "1 MiB",
      ratio: grown,
      bound: { most: 1 },
    },
  ];
}

/** All of it, in process. */
export async function swap(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), "swap-bench-"));
  try {
    return [...(await againstFile(folder)), await heatMap(), ...(await untouchedSlot())];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
