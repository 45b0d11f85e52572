/** Stage-2 faults: what is mapped for the guest, with which rights, and what becomes of its tags. */

import { describe, expect, test } from "vitest";
import { KVM_MEM_READONLY } from "../../../server/abi/kvm.ts";
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../../../server/abi/mman.ts";
import { KERNEL_NAMES, type KernelName } from "../../../server/abi/versions.ts";
import { PAGE_SIZE } from "../../../server/hw/memory.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { kvmReadGuest, kvmWriteGuest } from "../../../server/kernel/kvm/memslots.ts";
import { userMemAbort } from "../../../server/kernel/kvm/mmu.ts";
import { KVM_PGTABLE_PROT_W, kvmPteToPfn } from "../../../server/kernel/kvm/stage2.ts";
import { PG_mte_tagged, ZERO_PFN } from "../../../server/kernel/mm/page.ts";
import { said, Vmm } from "./vmm.ts";

const IPA = 0x10_0000;
const PRIVATE = MAP_ANONYMOUS | MAP_PRIVATE;
const SHARED = MAP_ANONYMOUS | MAP_SHARED;

class Guest {
  readonly vmm: Vmm;
  readonly memory: bigint;

  constructor(kernel: KernelName, { mte = false, mmap = PRIVATE, slotFlags = 0, slotFirst = false } = {}) {
    this.vmm = new Vmm(kernel);
    this.memory = this.vmm.map(4, PROT_READ | PROT_WRITE, mmap);
    if (mte && !slotFirst) this.vmm.enableMte();
    this.vmm.setSlot(0, IPA, 4, this.memory, slotFlags);
    if (mte && slotFirst) this.vmm.enableMte();
    this.vmm.ioctl(this.vmm.vm, "KVM_CREATE_VCPU", 0n);
  }

  fault(page: number, write: boolean): number | string {
    const { kvm } = this.vmm;
    return said(userMemAbort(kvm, kvm.vcpus[0] as KvmVcpu, IPA + page * PAGE_SIZE, write));
  }

  pte(page: number): number {
    return this.vmm.kvm.pgt.getLeaf(IPA / PAGE_SIZE + page);
  }

  tags(page: number): Uint8Array {
    return this.vmm.host.memory.tags(kvmPteToPfn(this.pte(page)));
  }

  /** Puts something else under a page of the slot. */
  replace(page: number, prot: number, flags: number): void {
    const { mm } = this.vmm.task;
    mm.mmap(this.vmm.task, Number(this.memory) + page * PAGE_SIZE, PAGE_SIZE, prot, flags | MAP_FIXED, null, 0);
  }
}

test("a read maps the zero page without leave to write; a write maps a frame of its own", () => {
  const guest = new Guest("6.12");
  expect(guest.fault(0, false)).toBe(0);
  expect(kvmPteToPfn(guest.pte(0))).toBe(ZERO_PFN);
  expect(guest.pte(0) & KVM_PGTABLE_PROT_W).toBe(0);
  expect(guest.fault(0, true)).toBe(0);
  expect(kvmPteToPfn(guest.pte(0))).not.toBe(ZERO_PFN);
  expect(guest.pte(0) & KVM_PGTABLE_PROT_W).not.toBe(0);
});

test("a slot that is read-only is never mapped writable", () => {
  const guest = new Guest("6.12", { slotFlags: KVM_MEM_READONLY });
  guest.vmm.write(guest.memory, new Uint8Array([1]));
  expect(guest.fault(0, false)).toBe(0);
  expect(guest.pte(0) & KVM_PGTABLE_PROT_W).toBe(0);
});

test.each([
  ["nothing", -1, "EFAULT", "EFAULT"],
  ["PROT_NONE", PROT_NONE, "EFAULT", "EFAULT"],
  ["read-only memory", PROT_READ, 0, "EFAULT"],
] as const)("%s under a slot", (_what, prot, read, write) => {
  const guest = new Guest("6.12");
  if (prot < 0) guest.vmm.task.mm.munmap(Number(guest.memory), PAGE_SIZE);
  else guest.replace(0, prot, PRIVATE);
  expect([guest.fault(0, false), guest.fault(0, true)]).toEqual([read, write]);
});

describe.each(KERNEL_NAMES)("%s with MTE", (kernel) => {
  test("the guest's first sight of a page is tag 0, whatever its frame held, and its data stays", () => {
    const guest = new Guest(kernel, { mte: true });
    guest.vmm.write(guest.memory, new Uint8Array([7]));
    const pfn = kvmPteToPfn(guest.vmm.task.mm.pageTable.lookup(Number(guest.memory)));
    guest.vmm.host.memory.tags(pfn).fill(9);
    expect(guest.fault(0, true)).toBe(0);
    expect(guest.tags(0).every((tag) => tag === 0)).toBe(true);
    expect(guest.vmm.host.pages.testFlag(pfn, PG_mte_tagged)).toBe(true);
    expect(guest.vmm.read(guest.memory, 1)[0]).toBe(7);
  });

  test("tags that the VMM wrote survive it, except in the seed", () => {
    const guest = new Guest(kernel, { mte: true });
    const buffer = guest.vmm.map(1);
    guest.vmm.write(buffer, new Uint8Array(256).fill(5));
    guest.vmm.copyTags(IPA, PAGE_SIZE, buffer, 0);
    guest.fault(0, true);
    expect(guest.tags(0)[0]).toBe(kernel === "seed-v10" ? 0 : 5);
  });

  test("tags of a page that the guest had once are its own from then on", () => {
    const guest = new Guest(kernel, { mte: true });
    guest.fault(0, true);
    guest.tags(0).fill(3);
    guest.vmm.kvm.pgt.stage2Unmap(IPA / PAGE_SIZE, 4);
    guest.fault(0, true);
    expect(guest.tags(0)[0]).toBe(3);
  });

  test("shared memory put under a slot is refused where it could not have been a slot", () => {
    const refused = kernel === "5.14" || kernel === "6.1" ? "EFAULT" : 0;
    const before = new Guest(kernel, { mte: true, mmap: SHARED, slotFirst: true });
    expect([before.fault(0, false), before.fault(1, true)]).toEqual([refused, refused]);
    const after = new Guest(kernel, { mte: true });
    after.replace(2, PROT_READ | PROT_WRITE, SHARED);
    expect([after.fault(2, true), after.fault(1, true)]).toEqual([refused, 0]);
  });
});

test("without MTE the tags of a frame are left alone, and any memory will do", () => {
  const guest = new Guest("6.1", { mmap: SHARED });
  guest.vmm.write(guest.memory, new Uint8Array([7]));
  const pfn = kvmPteToPfn(guest.vmm.task.mm.pageTable.lookup(Number(guest.memory)));
  guest.vmm.host.memory.tags(pfn).fill(9);
  expect(guest.fault(0, true)).toBe(0);
  expect(guest.tags(0)[0]).toBe(9);
});

test("the kernel's own accesses cross pages, stop at holes and respect read-only slots", () => {
  const { vmm, memory } = new Guest("6.12");
  vmm.setSlot(1, IPA + 4 * PAGE_SIZE, 1, vmm.map(1), KVM_MEM_READONLY);
  const data = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);
  expect(kvmWriteGuest(vmm.kvm, IPA + PAGE_SIZE - 100, data)).toBe(0);
  expect(vmm.read(memory + BigInt(PAGE_SIZE - 100), 300)).toEqual(data);
  const back = new Uint8Array(300);
  expect(kvmReadGuest(vmm.kvm, IPA + PAGE_SIZE - 100, back)).toBe(0);
  expect(back).toEqual(data);
  expect(said(kvmWriteGuest(vmm.kvm, IPA + 4 * PAGE_SIZE - 1, new Uint8Array(2)))).toBe("EFAULT");
  expect(kvmReadGuest(vmm.kvm, IPA + 4 * PAGE_SIZE - 1, new Uint8Array(2))).toBe(0);
  expect(said(kvmReadGuest(vmm.kvm, IPA + 5 * PAGE_SIZE - 1, new Uint8Array(2)))).toBe("EFAULT");
});
