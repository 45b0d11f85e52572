/** Objects of the kernel's that belong to a process: they share page frames, which it pays for (mm/slub.c, GFP_KERNEL_ACCOUNT). */

import { PAGE_SIZE } from "../../hw/memory.ts";
import type { MemCgroup } from "./memcontrol.ts";
import type { PageFrames } from "./page.ts";

/** kmalloc(): room for an object; -ENOMEM where no frame is free or the group is at its limit. The object itself is elsewhere. */
export function kmalloc(pages: PageFrames, memcg: MemCgroup, bytes: number): number {
  const { slab } = memcg;
  const needed = Math.ceil((slab.bytes + bytes) / PAGE_SIZE);
  const had = slab.frames.length;
  while (slab.frames.length < needed) {
    const pfn = pages.allocPage(memcg, false);
    if (pfn < 0) {
      shrink(pages, memcg, had);
      return pfn;
    }
    slab.frames.push(pfn);
  }
  slab.bytes += bytes;
  return 0;
}

/** kfree() */
export function kfree(pages: PageFrames, memcg: MemCgroup, bytes: number): void {
  memcg.slab.bytes -= bytes;
  shrink(pages, memcg, Math.ceil(memcg.slab.bytes / PAGE_SIZE));
}

function shrink(pages: PageFrames, { slab }: MemCgroup, frames: number): void {
  for (const pfn of slab.frames.splice(frames).reverse()) pages.putPage(pfn);
}
