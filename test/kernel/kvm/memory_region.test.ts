/** Memory slots: any sequence of creates, moves, changes and deletes answers and ends as a simple model says. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  KVM_MEM_GUEST_MEMFD,
  KVM_MEM_LOG_DIRTY_PAGES,
  KVM_MEM_READONLY,
  kvm_userspace_memory_region2,
} from "../../../server/abi/kvm.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../../server/abi/mman.ts";
import { KERNEL_NAMES } from "../../../server/abi/versions.ts";
import { PAGE_SIZE } from "../../../server/hw/memory.ts";
import type { KvmMemorySlot } from "../../../server/kernel/kvm/kvm_host.ts";
import { gfnToMemslot } from "../../../server/kernel/kvm/memslots.ts";
import { bootHost, said, Vmm } from "./vmm.ts";

interface Slot {
  readonly gfn: number;
  readonly pages: number;
  readonly hva: number;
  readonly flags: number;
}

/** What the documentation says, with slots as a map and overlap as a search through it. */
class Model {
  readonly slots = new Map<number, Slot>();

  set(id: number, slot: Slot): number | string {
    const old = this.slots.get(id);
    if (slot.pages === 0) return this.slots.delete(id) ? 0 : "EINVAL";
    const readonlyChanges = old && (old.flags ^ slot.flags) & KVM_MEM_READONLY;
    if (old && (old.pages !== slot.pages || old.hva !== slot.hva || readonlyChanges)) return "EINVAL";
    if (old?.gfn !== slot.gfn && this.overlaps(id, slot)) return "EEXIST";
    this.slots.set(id, slot);
    return 0;
  }

  private overlaps(id: number, { gfn, pages }: Slot): boolean {
    const others = [...this.slots].filter(([other]) => other !== id).map(([, slot]) => slot);
    return others.some((other) => gfn < other.gfn + other.pages && other.gfn < gfn + pages);
  }

  at(gfn: number): number | undefined {
    return [...this.slots].find(([, slot]) => gfn >= slot.gfn && gfn < slot.gfn + slot.pages)?.[0];
  }
}

test("slots behave as the model", () => {
  const operation = fc.record({
    id: fc.nat({ max: 4 }),
    gfn: fc.nat({ max: 12 }),
    pages: fc.nat({ max: 4 }),
    hva: fc.constantFrom(0, 0, 0, 1),
    flags: fc.constantFrom(0, 0, KVM_MEM_LOG_DIRTY_PAGES, KVM_MEM_READONLY),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
      const vmm = new Vmm("6.12");
      const memory = vmm.map(8);
      const model = new Model();
      for (const { id, ...slot } of operations) {
        const ret = vmm.setSlot(
          id,
          slot.gfn * PAGE_SIZE,
          slot.pages,
          memory + BigInt(slot.hva * PAGE_SIZE),
          slot.flags,
        );
        expect(said(ret)).toBe(model.set(id, slot));
        for (let gfn = 0; gfn <= 17; gfn++) expect(gfnToMemslot(vmm.kvm, gfn)?.id).toBe(model.at(gfn));
        const logging = [...model.slots.values()].filter(({ flags }) => flags & KVM_MEM_LOG_DIRTY_PAGES);
        expect(vmm.kvm.nrMemslotsDirtyLogging).toBe(logging.length);
      }
    }),
    { numRuns: 200 },
  );
});

describe("what may back a VM with MTE", () => {
  const anonymous = MAP_ANONYMOUS | MAP_PRIVATE;
  const shared = MAP_ANONYMOUS | MAP_SHARED;
  test.each([
    ["seed-v10", shared, 0],
    ["5.14", shared, "EINVAL"],
    ["6.1", shared, "EINVAL"],
    ["6.12", shared, 0],
    ["7.1", shared, 0],
    ...KERNEL_NAMES.map((kernel) => [kernel, anonymous, 0] as const),
  ] as const)("%s, mmap flags %i: %s", (kernel, flags, ret) => {
    const vmm = new Vmm(kernel);
    vmm.enableMte();
    expect(said(vmm.setSlot(0, 0, 4, vmm.map(4, PROT_READ | PROT_WRITE, flags)))).toBe(ret);
  });

  test("is asked when the slot is set, not when MTE is enabled, and again when its flags change", () => {
    const vmm = new Vmm("6.1");
    const memory = vmm.map(4, PROT_READ | PROT_WRITE, shared);
    expect(vmm.setSlot(0, 0, 4, memory)).toBe(0);
    expect(vmm.enableMte()).toBe(0);
    expect(vmm.setSlot(0, 0, 4, memory)).toBe(0);
    expect(said(vmm.setSlot(0, 0, 4, memory, KVM_MEM_LOG_DIRTY_PAGES))).toBe("EINVAL");
    expect(said(vmm.setSlot(0, 0x10000, 4, memory))).toBe("EINVAL");
    expect(vmm.setSlot(0, 0, 0, memory)).toBe(0);
  });
});

test("a bitmap that does not fit into memory is ENOMEM, and changes nothing", () => {
  const vmm = new Vmm("6.12", bootHost({ bytes: 64 << 20 }), 48n);
  expect(said(vmm.setSlot(0, 0, 2 ** 29, 0n, KVM_MEM_LOG_DIRTY_PAGES))).toBe("ENOMEM");
  expect(vmm.kvm.memslots.size).toBe(0);
  expect(vmm.setSlot(0, 0, 2 ** 27, 0n, KVM_MEM_LOG_DIRTY_PAGES)).toBe(0);
});

test("KVM_MEM_GUEST_MEMFD is for the second request and for kernels that have it", () => {
  for (const kernel of ["6.12", "7.1"] as const) {
    const vmm = new Vmm(kernel);
    expect(said(vmm.setSlot(0, 0, 1, vmm.map(1), KVM_MEM_GUEST_MEMFD))).toBe("EINVAL");
    const region = { memory_size: 4096n, userspace_addr: vmm.map(1), flags: KVM_MEM_GUEST_MEMFD, guest_memfd: 99 };
    const ret = vmm.call(vmm.vm, "KVM_SET_USER_MEMORY_REGION2", kvm_userspace_memory_region2, region);
    expect([kernel, said(ret)]).toEqual([kernel, kernel === "7.1" ? "EBADF" : "EINVAL"]);
  }
});

test("slots are found in the order of their guest frames however they were made", () => {
  const vmm = new Vmm("6.12");
  for (const id of [5, 1, 3, 0, 4, 2]) vmm.setSlot(id, id * 0x10000, 2, vmm.map(2));
  expect([...(vmm.kvm.memslots as Iterable<KvmMemorySlot>)].map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5]);
});
