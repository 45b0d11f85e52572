/** The dirty log in its three modes, with writes of the guest as stage-2 faults, and dirty rings. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
  KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP,
  KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
  KVM_DIRTY_GFN_F_DIRTY,
  KVM_DIRTY_GFN_F_RESET,
  KVM_EXIT_DIRTY_RING_FULL,
  KVM_MEM_LOG_DIRTY_PAGES,
  kvm_clear_dirty_log,
  kvm_dirty_gfn,
  kvm_dirty_log,
  kvm_run,
} from "../../../server/abi/kvm.ts";
import { MADV_DONTNEED, MAP_PRIVATE, MAP_SHARED, PROT_EXEC, PROT_READ, PROT_WRITE } from "../../../server/abi/mman.ts";
import { PAGE_SIZE } from "../../../server/hw/memory.ts";
import { kvmDirtyRingCheckRequest } from "../../../server/kernel/kvm/dirty_ring.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { kvmWriteGuest, markPageDirty } from "../../../server/kernel/kvm/memslots.ts";
import { userMemAbort } from "../../../server/kernel/kvm/mmu.ts";
import { KVM_PGTABLE_PROT_W } from "../../../server/kernel/kvm/stage2.ts";
import { sysMmap } from "../../../server/kernel/syscalls.ts";
import { bootHost, said, Vmm } from "./vmm.ts";

const GPA = 0x10_0000;
const PAGES = 100;
const BITMAP_BYTES = 16;

/** A guest whose accesses fault exactly where stage 2 does not permit them. */
class Guest {
  readonly vmm: Vmm;
  readonly memory: bigint;
  readonly vcpuFd: number;
  private readonly bitmap: bigint;

  constructor(before: (vmm: Vmm) => void = () => {}, flags = KVM_MEM_LOG_DIRTY_PAGES) {
    this.vmm = new Vmm("6.12");
    before(this.vmm);
    this.vcpuFd = this.vmm.ioctl(this.vmm.vm, "KVM_CREATE_VCPU", 0n);
    this.memory = this.vmm.map(PAGES);
    this.bitmap = this.vmm.map(1);
    this.vmm.setSlot(0, GPA, PAGES, this.memory, flags);
  }

  get vcpu(): KvmVcpu {
    return this.vmm.kvm.vcpus[0] as KvmVcpu;
  }

  /** Answers whether the access faulted. */
  access(page: number, write: boolean): boolean {
    const gfn = GPA / PAGE_SIZE + page;
    const pte = this.vmm.kvm.pgt.getLeaf(gfn);
    if (write ? pte & KVM_PGTABLE_PROT_W : pte) return false;
    expect(userMemAbort(this.vmm.kvm, this.vcpu, gfn * PAGE_SIZE, write)).toBe(0);
    return true;
  }

  write = (page: number) => this.access(page, true);
  read = (page: number) => this.access(page, false);

  log(address = this.bitmap): number {
    return this.vmm.call(this.vmm.vm, "KVM_GET_DIRTY_LOG", kvm_dirty_log, { slot: 0, dirty_bitmap: address });
  }

  /** The pages that KVM_GET_DIRTY_LOG reports. */
  dirty(): number[] {
    this.vmm.write(this.bitmap, new Uint8Array(BITMAP_BYTES).fill(0xa5));
    expect(this.log()).toBe(0);
    const bits = this.vmm.read(this.bitmap, BITMAP_BYTES);
    return Array.from({ length: BITMAP_BYTES * 8 }, (_, i) => i).filter(
      (i) => (bits[i >>> 3] as number) & (1 << (i & 7)),
    );
  }

  clear(pages: readonly number[], first = 0, count = PAGES): number {
    const bits = new Uint8Array(BITMAP_BYTES);
    for (const page of pages) (bits[(page - first) >>> 3] as number) |= 1 << ((page - first) & 7);
    this.vmm.write(this.bitmap, bits);
    const log = { slot: 0, first_page: BigInt(first), num_pages: count, dirty_bitmap: this.bitmap };
    return this.vmm.call(this.vmm.vm, "KVM_CLEAR_DIRTY_LOG", kvm_clear_dirty_log, log);
  }
}

const manual = (args: bigint) => (vmm: Vmm) => {
  vmm.enableCap(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args);
};
const all = Array.from({ length: PAGES }, (_, i) => i);

describe("without manual protection", () => {
  test("reading reports what was written since the last time, and catches the next write", () => {
    const guest = new Guest();
    expect(guest.dirty()).toEqual([]);
    for (const page of [3, 64, 99]) guest.write(page);
    guest.read(5);
    expect(guest.dirty()).toEqual([3, 64, 99]);
    expect(guest.dirty()).toEqual([]);
    expect(guest.write(64)).toBe(true);
    expect(guest.write(64)).toBe(false);
    expect(guest.dirty()).toEqual([64]);
  });

  test("bits that cannot be copied out are lost, and their pages protected", () => {
    const guest = new Guest();
    guest.write(7);
    expect(said(guest.log(0n))).toBe("EFAULT");
    expect(guest.dirty()).toEqual([]);
    expect(guest.write(7)).toBe(true);
  });

  test("pages that were writable before logging began are protected when it does", () => {
    const guest = new Guest(() => {}, 0);
    guest.write(2);
    guest.vmm.setSlot(0, GPA, PAGES, guest.memory, KVM_MEM_LOG_DIRTY_PAGES);
    expect(guest.write(2)).toBe(true);
    expect(guest.dirty()).toEqual([2]);
  });

  test("a page that is only read is not writable while logging, and is without", () => {
    const logged = new Guest();
    logged.vmm.write(logged.memory, new Uint8Array([1]));
    logged.read(0);
    expect(logged.write(0)).toBe(true);
    const free = new Guest(() => {}, 0);
    free.vmm.write(free.memory, new Uint8Array([1]));
    free.read(0);
    expect(free.write(0)).toBe(false);
  });
});

describe("with manual protection", () => {
  test("reading clears nothing; clearing takes the bits it is given and protects their pages", () => {
    const guest = new Guest(manual(1n));
    for (const page of [0, 1, 70]) guest.write(page);
    expect(guest.dirty()).toEqual([0, 1, 70]);
    expect(guest.dirty()).toEqual([0, 1, 70]);
    expect(guest.write(70)).toBe(false);
    expect(guest.clear([1, 70, 80])).toBe(0);
    expect(guest.dirty()).toEqual([0]);
    expect([guest.write(0), guest.write(1), guest.write(70)]).toEqual([false, true, true]);
    expect(guest.dirty()).toEqual([0, 1, 70]);
  });

  test.each([
    [0, PAGES, 0],
    [64, PAGES - 64, 0],
    [64, 64, "EINVAL"],
    [0, 64, 0],
    [0, 63, "EINVAL"],
    [0, 128, "EINVAL"],
    [32, 64, "EINVAL"],
    [128, 0, "EINVAL"],
    [0, 0, 0],
  ])("clearing %i pages from page %i: %s", (first, count, ret) => {
    const guest = new Guest(manual(1n));
    expect(said(guest.clear([], first, count))).toBe(ret);
  });

  test("a bitmap that cannot be read clears nothing", () => {
    const guest = new Guest(manual(3n));
    const log = { slot: 0, num_pages: PAGES, dirty_bitmap: 8n };
    expect(said(guest.vmm.call(guest.vmm.vm, "KVM_CLEAR_DIRTY_LOG", kvm_clear_dirty_log, log))).toBe("EFAULT");
    expect(guest.dirty()).toEqual(all);
  });
});

test("what was logged stays logged when the slot moves, and is gone when logging ends", () => {
  const guest = new Guest(manual(1n));
  guest.write(3);
  guest.vmm.setSlot(0, 2 * GPA, PAGES, guest.memory, KVM_MEM_LOG_DIRTY_PAGES);
  expect(guest.dirty()).toEqual([3]);
  guest.vmm.setSlot(0, GPA, PAGES, guest.memory, KVM_MEM_LOG_DIRTY_PAGES);
  expect(guest.write(3)).toBe(true);
  guest.vmm.setSlot(0, GPA, PAGES, guest.memory);
  expect(said(guest.log())).toBe("ENOENT");
  guest.vmm.setSlot(0, GPA, PAGES, guest.memory, KVM_MEM_LOG_DIRTY_PAGES);
  expect(guest.dirty()).toEqual([]);
});

describe("with all bits set at first", () => {
  test("all pages are reported once, and writes are caught only after they were cleared", () => {
    const guest = new Guest(manual(3n), 0);
    guest.write(4);
    guest.vmm.setSlot(0, GPA, PAGES, guest.memory, KVM_MEM_LOG_DIRTY_PAGES);
    expect(guest.dirty()).toEqual(all);
    expect(guest.write(4)).toBe(false);
    guest.clear(all);
    expect(guest.dirty()).toEqual([]);
    expect(guest.write(4)).toBe(true);
    expect(guest.dirty()).toEqual([4]);
  });
});

test("the VMM's own writes are not logged, the kernel's on behalf of the guest are", () => {
  const guest = new Guest();
  guest.vmm.write(guest.memory, new Uint8Array([1]));
  expect(guest.dirty()).toEqual([]);
  kvmWriteGuest(guest.vmm.kvm, GPA + 3 * PAGE_SIZE - 1, new Uint8Array(2));
  markPageDirty(guest.vmm.kvm, GPA / PAGE_SIZE + 9);
  expect(guest.dirty()).toEqual([2, 3, 9]);
});

test("no write of the guest is ever missing from the log, whatever else happens", () => {
  const page = fc.nat({ max: PAGES - 1 });
  const step = fc.oneof(
    page.map((p) => ({ op: "write" as const, p })),
    page.map((p) => ({ op: "read" as const, p })),
    fc.constant({ op: "get" as const, p: 0 }),
    fc.array(page).map((pages) => ({ op: "clear" as const, p: 0, pages })),
    page.map((p) => ({ op: "touch" as const, p })),
    page.map((p) => ({ op: "drop" as const, p })),
  );
  fc.assert(
    fc.property(fc.constantFrom(0n, 1n, 3n), fc.array(step, { maxLength: 60 }), (mode, steps) => {
      const guest = new Guest(manual(mode));
      const owed = new Set<number>(mode === 3n ? all : []);
      for (const s of steps) {
        if (s.op === "write") {
          guest.write(s.p);
          owed.add(s.p);
        } else if (s.op === "read") guest.read(s.p);
        else if (s.op === "touch") guest.vmm.write(guest.memory + BigInt(s.p * PAGE_SIZE), new Uint8Array([1]));
        else if (s.op === "drop")
          guest.vmm.task.mm.madvise(Number(guest.memory) + s.p * PAGE_SIZE, PAGE_SIZE, MADV_DONTNEED);
        else if (s.op === "get") {
          expect(new Set(guest.dirty())).toEqual(owed);
          if (mode === 0n) owed.clear();
        } else {
          guest.clear(s.pages);
          for (const p of s.pages) owed.delete(p);
        }
      }
      expect(new Set(guest.dirty())).toEqual(owed);
    }),
    { numRuns: 150 },
  );
});

describe("dirty rings", () => {
  const ring = (withBitmap: boolean) => (vmm: Vmm) => {
    vmm.enableCap(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, 4096n);
    if (withBitmap) vmm.enableCap(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP);
  };
  const ENTRIES = PAGE_SIZE / kvm_dirty_gfn.size;
  const map = (guest: Guest, prot: number, flags: number) =>
    sysMmap(guest.vmm.task, 0n, BigInt(PAGE_SIZE), prot, flags, guest.vcpuFd, 64n * BigInt(PAGE_SIZE));

  test("the guest's writes appear in the mapped ring in their order, and again after a reset", () => {
    const guest = new Guest(ring(true));
    const entries = BigInt(map(guest, PROT_READ | PROT_WRITE, MAP_SHARED));
    const entry = (i: number) => kvm_dirty_gfn.decode(guest.vmm.read(entries + BigInt(i * kvm_dirty_gfn.size), 16));
    const harvest = (i: number) => guest.vmm.write(entries + BigInt(i * 16), new Uint8Array([KVM_DIRTY_GFN_F_RESET]));
    const reset = () => guest.vmm.ioctl(guest.vmm.vm, "KVM_RESET_DIRTY_RINGS");
    guest.write(9);
    guest.read(5);
    guest.write(2);
    guest.write(9);
    expect([0, 1, 2].map(entry)).toEqual([
      { flags: KVM_DIRTY_GFN_F_DIRTY, slot: 0, offset: 9n },
      { flags: KVM_DIRTY_GFN_F_DIRTY, slot: 0, offset: 2n },
      { flags: 0, slot: 0, offset: 0n },
    ]);
    expect(reset()).toBe(0);
    harvest(1);
    expect(reset()).toBe(0);
    harvest(0);
    expect(reset()).toBe(2);
    expect(entry(0).flags).toBe(0);
    expect([guest.write(9), guest.write(9)]).toEqual([true, false]);
    expect(entry(2)).toEqual({ flags: KVM_DIRTY_GFN_F_DIRTY, slot: 0, offset: 9n });
  });

  test("the ring counts as full while its last 64 entries are free", () => {
    const guest = new Guest(ring(true));
    const { vcpu } = guest;
    for (let i = 0; i < ENTRIES - 65; i++) vcpu.dirtyRing?.push(0, i);
    expect(kvmDirtyRingCheckRequest(vcpu)).toBe(false);
    vcpu.dirtyRing?.push(0, 0);
    expect(kvmDirtyRingCheckRequest(vcpu)).toBe(true);
    expect(kvm_run.read(vcpu.run, 0).exit_reason).toBe(KVM_EXIT_DIRTY_RING_FULL);
  });

  test("what is written without a vCPU goes to the bitmap, if there is one", () => {
    const both = new Guest(ring(true));
    markPageDirty(both.vmm.kvm, GPA / PAGE_SIZE + 4);
    expect(both.dirty()).toEqual([4]);
    expect(said(new Guest(ring(false)).log())).toBe("ENXIO");
  });

  test.each([
    [PROT_READ | PROT_WRITE, MAP_SHARED, true],
    [PROT_READ, MAP_SHARED, true],
    [PROT_READ, MAP_PRIVATE, false],
    [PROT_READ | PROT_EXEC, MAP_SHARED, false],
  ])("mmap with protection %i and flags %i: %s", (prot, flags, allowed) => {
    const ret = map(new Guest(ring(false)), prot, flags);
    expect(allowed ? ret > 0 : said(ret)).toBe(allowed ? true : "EINVAL");
  });

  test("a ring takes frames that come back with the VM", () => {
    const host = bootHost();
    const vmm = new Vmm("6.12", host);
    vmm.enableCap(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, 65536n);
    const { free } = host.pages;
    const vcpu = vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 0n);
    // struct kvm_vcpu has four, kvm_run one.
    expect(free - host.pages.free).toBe(16 + 4 + 1);
    vmm.task.files.close(vmm.task, vcpu);
    vmm.task.files.close(vmm.task, vmm.vm);
    expect(host.pages.free).toBeGreaterThanOrEqual(free);
  });
});
