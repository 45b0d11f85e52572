import { describe, expect, it } from "vitest";
import { ENOMEM } from "../../../server/abi/errno.ts";
import { PhysicalMemory } from "../../../server/hw/memory.ts";
import { MemCgroup } from "../../../server/kernel/mm/memcontrol.ts";
import { PageFrames, PG_anon, PG_mte_tagged, PG_reserved, ZERO_PFN } from "../../../server/kernel/mm/page.ts";

const frames = (bytes = 1 << 20) => new PageFrames(new PhysicalMemory({ bytes }));

describe("PageFrames", () => {
  it("gives every frame once, then ENOMEM, and all of them again after that", () => {
    const pages = frames();
    const all = Array.from({ length: pages.total }, () => pages.allocPage());
    expect(new Set(all).size).toBe(pages.total);
    expect(Math.min(...all)).toBeGreaterThan(ZERO_PFN);
    expect([pages.free, pages.allocPage()]).toEqual([0, -ENOMEM]);
    for (const pfn of all) pages.putPage(pfn);
    expect(pages.free).toBe(pages.total);
  });

  it("hides what the last owner wrote, and keeps its tags but not its claim to them", () => {
    const pages = frames();
    const pfn = pages.allocPage();
    pages.memory.frame(pfn).fill(0x5a);
    pages.memory.tags(pfn).fill(9);
    pages.setFlag(pfn, PG_mte_tagged | PG_anon);
    pages.putPage(pfn);
    expect(pages.allocPage()).toBe(pfn);
    expect(pages.memory.frame(pfn).every((byte) => byte === 0)).toBe(true);
    expect(pages.memory.tags(pfn).every((tag) => tag === 9)).toBe(true);
    expect(pages.testFlag(pfn, PG_mte_tagged | PG_anon)).toBe(false);
  });

  it("frees a frame with its last reference", () => {
    const pages = frames();
    const pfn = pages.allocPage();
    pages.getPage(pfn);
    pages.putPage(pfn);
    expect([pages.refcount(pfn), pages.free]).toEqual([1, pages.total - 1]);
    pages.putPage(pfn);
    expect([pages.refcount(pfn), pages.free]).toEqual([0, pages.total]);
  });

  it("fills a range upwards with the frames of one that was freed from its end", () => {
    const pages = frames();
    const run = Array.from({ length: 8 }, () => pages.allocPage());
    for (const pfn of [...run].reverse()) pages.putPage(pfn);
    expect(Array.from({ length: 8 }, () => pages.allocPage())).toEqual(run);
  });

  it("charges a group for as long as the frame is in use, whoever frees it", () => {
    const pages = frames();
    const group = new MemCgroup();
    group.max = 2;
    const [a = 0, b = 0] = [pages.allocPage(group), pages.allocPage(group)];
    expect([group.usage, pages.allocPage(group)]).toEqual([2, -ENOMEM]);
    expect(pages.allocPage()).toBeGreaterThan(0);
    pages.putPage(a);
    pages.putPage(b);
    expect([group.usage, pages.free]).toEqual([0, pages.total - 1]);
  });

  it("knows which frames are RAM", () => {
    const pages = frames();
    const pfn = pages.allocPage();
    expect([pages.isOnline(pfn), pages.isOnline(ZERO_PFN), pages.isOnline(1), pages.isOnline(256)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    pages.setFlag(pfn, PG_reserved);
    expect(pages.isOnline(pfn)).toBe(false);
  });
});
