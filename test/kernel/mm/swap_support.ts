/** Hosts with a swap file of their own, and pages of known bytes and tags. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { MADV_PAGEOUT, PROT_MTE } from "../../../server/abi/mman.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { PhysicalMemory } from "../../../server/hw/memory.ts";
import { loadTags, storeTags } from "../../../server/kernel/arch/mte.ts";
import { Host } from "../../../server/kernel/host.ts";
import type { SwapInfo } from "../../../server/kernel/mm/swapfile.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { map, PAGE, pages, RW, read, write } from "./support.ts";

export const MTE = RW | PROT_MTE;
const MIB = 1 << 20;

/** A path for a swap file, until the test ends. */
export function swapPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "swap-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "swap");
}

/** A host that swaps. */
export function swappingHost({
  bytes = 16 * MIB,
  swap = 16 * MIB,
  host = new Host(new PhysicalMemory({ bytes })),
} = {}): Host {
  expect(host.swapon(swapPath(), swap)).toBe(0);
  onTestFinished(() => host.shutdown());
  return host;
}

/** A process of a host that swaps. */
export const swappingTask = (kernel: KernelName = "6.12", sizes: { bytes?: number; swap?: number } = {}) =>
  swappingHost(sizes).spawn(kernel);

export function swapOf({ reclaim }: Host): SwapInfo {
  if (!reclaim.swap) throw new Error("swap is off");
  return reclaim.swap;
}

const marks = (seed: number) => Uint8Array.from({ length: 256 }, (_, granule) => (seed + granule) & 0xf);

/** Gives page `i` of a range a byte and tags that tell it from others. */
export function mark(task: Task, address: number, n: number, seed = 0): void {
  for (let i = 0; i < n; i++) {
    const at = address + i * PAGE;
    if (write(task, at + 8, (seed + i) & 0xff) !== 1 || storeTags(task, BigInt(at), marks(seed + i)) !== 0)
      throw new Error(`page ${i} cannot be written`);
  }
}

/** Marked memory of so many pages. */
export function marked(task: Task, n: number, prot = MTE, flags?: number): number {
  const address = map(task, n * PAGE, prot, flags);
  mark(task, address, n);
  return address;
}

/** Looks whether pages are as `mark` made them; `tags` false, whether they have none. */
export function expectMarked(task: Task, address: number, n: number, { seed = 0, tags = true } = {}): void {
  const wrong: unknown[] = [];
  for (let i = 0; i < n; i++) {
    const at = address + i * PAGE;
    const wanted = { byte: (seed + i) & 0xff, tags: tags ? marks(seed + i) : new Uint8Array(256) };
    const found = { byte: read(task, at + 8, 1)[0], tags: loadTags(task, BigInt(at), 256) };
    const sameTags = typeof found.tags !== "string" && Buffer.compare(wanted.tags, found.tags) === 0;
    if (found.byte !== wanted.byte || !sameTags) wrong.push({ page: i, wanted, found });
  }
  expect(wrong.slice(0, 3)).toEqual([]);
}

/** MADV_PAGEOUT, and one letter a page of what came of it. */
export function pageout(task: Task, address: number, n: number): string {
  expect(task.mm.madvise(address, n * PAGE, MADV_PAGEOUT)).toBe(0);
  return pages(task, address, n);
}

/** After all processes have exited: nothing is in use any more. */
export function expectEmpty(host: Host): void {
  expect({ frames: host.pages.free, slots: host.reclaim.swap?.used ?? 0 }).toEqual({
    frames: host.pages.total,
    slots: 0,
  });
}
