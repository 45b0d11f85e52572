/** KVM_ARM_MTE_COPY_TAGS: what it copies, where it stops and what it leaves behind, kernel by kernel. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KVM_MEM_READONLY } from "../../../server/abi/kvm.ts";
import { PROT_READ } from "../../../server/abi/mman.ts";
import { KERNEL_NAMES, type KernelName } from "../../../server/abi/versions.ts";
import { PAGE_SIZE } from "../../../server/hw/memory.ts";
import { PG_mte_tagged, ZERO_PFN } from "../../../server/kernel/mm/page.ts";
import { ptePfn } from "../../../server/kernel/mm/pgtable.ts";
import { bootHost, said, Vmm } from "./vmm.ts";

const TO = 0;
const FROM = 1;
const IPA = 0x10_0000;
/** Tag bytes of a page. */
const TAGS = 256;
const merged = KERNEL_NAMES.filter((kernel) => kernel !== "seed-v10");

/** A VM with MTE and a slot of `pages` pages of untouched memory. */
function setUp(kernel: KernelName, pages = 4) {
  const vmm = new Vmm(kernel);
  vmm.enableMte();
  const memory = vmm.map(pages);
  expect(vmm.setSlot(0, IPA, pages, memory)).toBe(0);
  return { vmm, memory };
}

/** The frame behind a page of the process, without touching it. */
const pfnAt = (vmm: Vmm, address: bigint) => ptePfn(vmm.task.mm.pageTable.lookup(Number(address)));
const tagsAt = (vmm: Vmm, address: bigint) => vmm.host.memory.tags(pfnAt(vmm, address));
const isTagged = (vmm: Vmm, address: bigint) => vmm.host.pages.testFlag(pfnAt(vmm, address), PG_mte_tagged);
const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + 3) & 0xff);

describe.each(KERNEL_NAMES)("%s", (kernel) => {
  test("what was written is read back, without its high nibbles", () => {
    const { vmm } = setUp(kernel);
    const buffer = vmm.map(1);
    vmm.write(buffer, pattern(3 * TAGS));
    const copied = kernel === "seed-v10" ? 0 : 3 * PAGE_SIZE;
    expect(vmm.copyTags(IPA, 3 * PAGE_SIZE, buffer, TO)).toBe(copied);
    vmm.write(buffer, new Uint8Array(PAGE_SIZE).fill(0xaa));
    expect(vmm.copyTags(IPA, 3 * PAGE_SIZE, buffer + 5n, FROM)).toBe(copied);
    expect(vmm.read(buffer + 5n, 3 * TAGS)).toEqual(pattern(3 * TAGS).map((byte) => byte & 0xf));
    expect(vmm.read(buffer + 5n + BigInt(3 * TAGS), 1)[0]).toBe(0xaa);
  });

  test("memory that nobody touched reads as zeros from the zero page", () => {
    const { vmm, memory } = setUp(kernel, 40);
    const buffer = vmm.map(3);
    vmm.write(buffer, new Uint8Array(40 * TAGS).fill(0xaa));
    const free = vmm.host.pages.free;
    vmm.copyTags(IPA, 40 * PAGE_SIZE, buffer, FROM);
    expect(vmm.read(buffer, 40 * TAGS).every((tag) => tag === 0)).toBe(true);
    expect(vmm.host.pages.free).toBe(free);
    expect(pfnAt(vmm, memory)).toBe(ZERO_PFN);
  });

  test("an address above every slot is EFAULT, whatever the length", () => {
    const { vmm } = setUp(kernel);
    const buffer = vmm.map(1);
    for (const ipa of [IPA + 4 * PAGE_SIZE, 0xffff_ffff_ffff_f000n]) {
      expect(said(vmm.copyTags(ipa, PAGE_SIZE, buffer, FROM))).toBe("EFAULT");
    }
  });

  test("a copy to a read-only slot, or to memory that cannot be written, is EFAULT; from it, it is none", () => {
    const vmm = new Vmm(kernel);
    vmm.enableMte();
    vmm.setSlot(0, IPA, 1, vmm.map(1), KVM_MEM_READONLY);
    vmm.setSlot(1, IPA + PAGE_SIZE, 1, vmm.map(1, PROT_READ));
    const buffer = vmm.map(1);
    for (const ipa of [IPA, IPA + PAGE_SIZE]) {
      expect(said(vmm.copyTags(ipa, PAGE_SIZE, buffer, TO))).toBe("EFAULT");
      expect(vmm.copyTags(ipa, PAGE_SIZE, buffer, FROM)).toBeGreaterThanOrEqual(0);
    }
  });
});

test.each([
  ["seed-v10", "EFAULT"],
  ["5.14", 2 * PAGE_SIZE],
  ["6.1", 2 * PAGE_SIZE],
  ["6.12", 2 * PAGE_SIZE],
  ["7.1", 2 * PAGE_SIZE],
] as const)("%s: a copy that ends early answers %s", (kernel, ret) => {
  const { vmm } = setUp(kernel, 2);
  const buffer = vmm.map(1);
  vmm.write(buffer, pattern(3 * TAGS));
  expect(said(vmm.copyTags(IPA, 3 * PAGE_SIZE, buffer, TO))).toBe(ret);
  expect(said(vmm.copyTags(IPA, 3 * PAGE_SIZE, buffer, FROM))).toBe(ret);
  expect(vmm.read(buffer, 3 * TAGS)).toEqual(pattern(3 * TAGS).map((byte, i) => (i < 2 * TAGS ? byte & 0xf : byte)));
});

describe("a buffer that faults inside a page", () => {
  /** Copies three pages of tag 7 to the guest whose tags are 1, from a buffer that ends `short` bytes early. */
  function copyShort(kernel: KernelName, short: number) {
    const { vmm, memory } = setUp(kernel, 3);
    const buffer = vmm.map(1);
    vmm.write(buffer, new Uint8Array(3 * TAGS).fill(1));
    vmm.copyTags(IPA, 3 * PAGE_SIZE, buffer, TO);
    const last = buffer + BigInt(PAGE_SIZE - 3 * TAGS + short);
    vmm.write(last, new Uint8Array(3 * TAGS - short).fill(7));
    const ret = said(vmm.copyTags(IPA, 3 * PAGE_SIZE, last, TO));
    const tags = [0, 1, 2].map((page) => [...tagsAt(vmm, memory + BigInt(page * PAGE_SIZE))]);
    return { ret, tags: tags.flat() };
  }
  const runs = (...lengths: [tag: number, length: number][]) =>
    lengths.flatMap(([tag, length]) => Array(length).fill(tag));

  test.each(["5.14", "6.1"] as const)("%s: the tags before the fault stay, and those after it", (kernel) => {
    expect(copyShort(kernel, 256 + 100)).toEqual({ ret: PAGE_SIZE, tags: runs([7, 412], [1, 356]) });
    expect(copyShort(kernel, 512)).toEqual({ ret: PAGE_SIZE, tags: runs([7, 256], [1, 512]) });
  });
  test.each(["6.12", "7.1"] as const)("%s: the page in which it faults loses all its tags", (kernel) => {
    expect(copyShort(kernel, 256 + 100)).toEqual({ ret: PAGE_SIZE, tags: runs([7, 256], [0, 256], [1, 256]) });
    expect(copyShort(kernel, 512)).toEqual({ ret: PAGE_SIZE, tags: runs([7, 256], [0, 256], [1, 256]) });
    expect(copyShort(kernel, 3 * TAGS)).toEqual({ ret: "EFAULT", tags: runs([0, 256], [1, 512]) });
  });

  test.each([0, 1, 7, 8, 9, 255])(
    "zeros for untouched memory arrive eight bytes at a time, with room for %i",
    (room) => {
      const { vmm } = setUp("6.12", 3);
      const buffer = vmm.map(1);
      vmm.write(buffer, new Uint8Array(PAGE_SIZE).fill(0xaa));
      const end = buffer + BigInt(PAGE_SIZE - room);
      expect(said(vmm.copyTags(IPA, 3 * PAGE_SIZE, end, FROM))).toBe("EFAULT");
      expect([...vmm.read(end, room)]).toEqual(runs([0, room - (room % 8)], [0xaa, room % 8]));
    },
  );

  test("the pages behind it are not faulted in", () => {
    const { vmm, memory } = setUp("6.12", 3);
    const buffer = vmm.map(1);
    const end = buffer + BigInt(PAGE_SIZE - TAGS);
    expect(vmm.copyTags(IPA, 3 * PAGE_SIZE, end, TO)).toBe(PAGE_SIZE);
    expect(vmm.task.mm.pageTable.lookup(Number(memory) + PAGE_SIZE)).not.toBe(0);
    expect(vmm.task.mm.pageTable.lookup(Number(memory) + 2 * PAGE_SIZE)).toBe(0);
  });
});

test("the seed does not mark what it wrote as initialized, later kernels do", () => {
  for (const kernel of KERNEL_NAMES) {
    const { vmm, memory } = setUp(kernel, 1);
    vmm.copyTags(IPA, PAGE_SIZE, vmm.map(1), TO);
    expect([kernel, isTagged(vmm, memory)]).toEqual([kernel, kernel !== "seed-v10"]);
  }
});

test("a page with data and no tags reads as zeros from 5.14 on, and as what the tag RAM holds in the seed", () => {
  for (const kernel of KERNEL_NAMES) {
    const { vmm, memory } = setUp(kernel, 1);
    vmm.write(memory, new Uint8Array([1]));
    tagsAt(vmm, memory).fill(9);
    const buffer = vmm.map(1);
    vmm.copyTags(IPA, PAGE_SIZE, buffer, FROM);
    expect([kernel, vmm.read(buffer, TAGS).every((tag) => tag === (kernel === "seed-v10" ? 9 : 0))]).toEqual([
      kernel,
      true,
    ]);
  }
});

test("lengths of 2 GiB come back as the int that they are, where they are allowed", () => {
  for (const kernel of merged) {
    const vmm = new Vmm(kernel, bootHost({ bytes: 192 << 20 }));
    vmm.enableMte();
    const pages = 2 ** 31 / PAGE_SIZE;
    vmm.setSlot(0, IPA, pages, vmm.map(pages, PROT_READ));
    const buffer = vmm.map((pages * TAGS) / PAGE_SIZE);
    const ret = vmm.copyTags(IPA, 2 ** 31, buffer, FROM);
    expect([kernel, said(ret)]).toEqual([kernel, ["5.14", "6.1"].includes(kernel) ? -(2 ** 31) : "EINVAL"]);
  }
});

test("runs of pages, however they are mixed, copy as single pages do", () => {
  const pages = 24;
  const page = fc.constantFrom("untouched", "read", "written", "tagged");
  const scenario = fc.record({
    states: fc.array(page, { minLength: pages, maxLength: pages }),
    order: fc.shuffledSubarray(Array.from({ length: pages }, (_, i) => i)),
    offset: fc.nat({ max: PAGE_SIZE }),
    short: fc.nat({ max: 3 * TAGS }),
    flags: fc.constantFrom(TO, FROM),
    kernel: fc.constantFrom(...KERNEL_NAMES),
  });
  fc.assert(
    fc.property(scenario, ({ states, order, offset, short, flags, kernel }) => {
      /** Frames are taken in a shuffled order, so that some pages lie side by side and some do not. */
      const prepare = () => {
        const { vmm, memory } = setUp(kernel, pages);
        const buffer = vmm.map(3);
        vmm.write(buffer, pattern(3 * PAGE_SIZE));
        for (const i of order) {
          const address = memory + BigInt(i * PAGE_SIZE);
          if (states[i] === "written") vmm.write(address, new Uint8Array([i]));
          if (states[i] === "tagged") vmm.copyTags(IPA + i * PAGE_SIZE, PAGE_SIZE, buffer + BigInt(i), TO);
          if (states[i] === "read") vmm.read(address, 1);
        }
        const end = buffer + BigInt(3 * PAGE_SIZE);
        const start = offset < PAGE_SIZE ? buffer + BigInt(offset) : end - BigInt(pages * TAGS - short);
        return { vmm, memory, buffer, start };
      };
      /** The buffer, and the tags of all pages. */
      const view = ({ vmm, memory, buffer }: ReturnType<typeof prepare>) =>
        Buffer.concat([
          vmm.read(buffer, 3 * PAGE_SIZE),
          ...states.map((_, i) => tagsAt(vmm, memory + BigInt(i * PAGE_SIZE))),
        ]);
      const whole = prepare();
      const ret = whole.vmm.copyTags(IPA, pages * PAGE_SIZE, whole.start, flags);
      const single = prepare();
      let done = 0;
      for (let i = 0; i < pages; i++) {
        const one = single.vmm.copyTags(IPA + i * PAGE_SIZE, PAGE_SIZE, single.start + BigInt(i * TAGS), flags);
        if (one < 0) break;
        done++;
      }
      if (kernel === "seed-v10") expect(ret === 0).toBe(done === pages);
      else expect(done === 0 ? said(ret) : ret).toBe(done === 0 ? "EFAULT" : done * PAGE_SIZE);
      expect(view(whole).equals(view(single))).toBe(true);
    }),
    { numRuns: 100 },
  );
});
