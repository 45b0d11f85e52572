/** guest_memfd: its own rules, its slots, and what is left of them when it is closed. */

import { describe, expect, test } from "vitest";
import {
  KVM_MEM_GUEST_MEMFD,
  KVM_MEM_LOG_DIRTY_PAGES,
  kvm_create_guest_memfd,
  kvm_userspace_memory_region2,
} from "../../../server/abi/kvm.ts";
import { MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../../server/abi/mman.ts";
import { PAGE_SIZE } from "../../../server/hw/memory.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { userMemAbort } from "../../../server/kernel/kvm/mmu.ts";
import { kvmPteToPfn } from "../../../server/kernel/kvm/stage2.ts";
import { userAccess } from "../../../server/kernel/mm/uaccess.ts";
import { sysClose, sysMmap } from "../../../server/kernel/syscalls.ts";
import { said, Vmm } from "./vmm.ts";

const MMAP = 1n;
const INIT_SHARED = 2n;
const PAGES = 8;

const create = (vmm: Vmm, flags = MMAP | INIT_SHARED, size = BigInt(PAGES * PAGE_SIZE)) =>
  vmm.call(vmm.vm, "KVM_CREATE_GUEST_MEMFD", kvm_create_guest_memfd, { size, flags });
const map = (vmm: Vmm, fd: number, pages = PAGES, flags = MAP_SHARED) =>
  sysMmap(vmm.task, 0n, BigInt(pages * PAGE_SIZE), PROT_READ | PROT_WRITE, flags, fd, 0n);

/** Sets a slot on pages of a guest_memfd. */
function bind(vmm: Vmm, fd: number, { slot = 0, pages = PAGES, page = 0, flags = 0, hva = 0n } = {}) {
  return vmm.call(vmm.vm, "KVM_SET_USER_MEMORY_REGION2", kvm_userspace_memory_region2, {
    slot,
    flags: KVM_MEM_GUEST_MEMFD | flags,
    guest_phys_addr: BigInt(slot * 0x10_0000),
    memory_size: BigInt(pages * PAGE_SIZE),
    userspace_addr: hva,
    guest_memfd: fd,
    guest_memfd_offset: BigInt(page * PAGE_SIZE),
  });
}

describe("KVM_CREATE_GUEST_MEMFD", () => {
  test.each([
    [0n, 4096n, 0],
    [4n, 4096n, "EINVAL"],
    [0n, 0n, "EINVAL"],
    [0n, 4097n, "EINVAL"],
    [0n, 1n << 63n, "EINVAL"],
  ] as const)("flags %i, size %i: %s", (flags, size, ret) => {
    const fd = create(new Vmm("7.1"), flags, size);
    expect(ret === 0 ? fd > 0 : said(fd)).toBe(ret === 0 ? true : ret);
  });

  test("is not known before 7.1", () => expect(said(create(new Vmm("6.12")))).toBe("EINVAL"));
});

describe("mmap", () => {
  test.each([
    [MMAP | INIT_SHARED, MAP_SHARED, true],
    [MMAP, MAP_SHARED, true],
    [0n, MAP_SHARED, "ENODEV"],
    [MMAP, MAP_PRIVATE, "EINVAL"],
  ] as const)("of a file made with flags %i, with flags %i: %s", (flags, mmap, ret) => {
    const vmm = new Vmm("7.1");
    const address = map(vmm, create(vmm, flags), PAGES, mmap);
    expect(ret === true ? address > 0 : said(address)).toBe(ret);
  });

  test("an access beyond the file, or to memory that is the guest's alone, is SIGBUS", () => {
    const vmm = new Vmm("7.1");
    const address = BigInt(map(vmm, create(vmm), PAGES + 1));
    expect(userAccess(vmm.task, address, true)).toBe(0);
    expect(userAccess(vmm.task, address + BigInt(PAGES * PAGE_SIZE), true)).toBe("SIGBUS");
    expect(userAccess(vmm.task, BigInt(map(vmm, create(vmm, MMAP))), false)).toBe("SIGBUS");
  });
});

describe("a slot", () => {
  test.each([
    ["all of it", {}, 0],
    ["a part", { pages: 2, page: 6 }, 0],
    ["beyond its end", { pages: 3, page: 6 }, "EINVAL"],
    ["with logging", { flags: KVM_MEM_LOG_DIRTY_PAGES }, "EINVAL"],
  ] as const)("on %s", (_what, options, ret) => {
    const vmm = new Vmm("7.1");
    expect(said(bind(vmm, create(vmm), options))).toBe(ret);
  });

  test("can have each page of the file once, and cannot change", () => {
    const vmm = new Vmm("7.1");
    const fd = create(vmm);
    expect(bind(vmm, fd, { pages: 4 })).toBe(0);
    expect(said(bind(vmm, fd, { slot: 1, pages: 2, page: 3 }))).toBe("EINVAL");
    expect(bind(vmm, fd, { slot: 1, pages: 2, page: 4 })).toBe(0);
    expect(said(bind(vmm, fd, { pages: 4 }))).toBe("EINVAL");
    expect(vmm.setSlot(0, 0, 0, 0n)).toBe(0);
    expect(bind(vmm, fd, { slot: 2, pages: 4 })).toBe(0);
  });

  test("takes a descriptor of this VM's, made for mapping", () => {
    const vmm = new Vmm("7.1");
    expect(said(bind(vmm, 99))).toBe("EBADF");
    expect(said(bind(vmm, vmm.vm))).toBe("EINVAL");
    expect(said(bind(vmm, create(vmm, 0n)))).toBe("EINVAL");
    const other = vmm.ioctl(vmm.dev, "KVM_CREATE_VM");
    const foreign = vmm.call(other, "KVM_CREATE_GUEST_MEMFD", kvm_create_guest_memfd, { size: 0x8000n });
    expect(said(bind(vmm, foreign))).toBe("EINVAL");
  });

  test("gives the guest the file's pages, until the file goes", () => {
    const vmm = new Vmm("7.1");
    const fd = create(vmm);
    const address = BigInt(map(vmm, fd));
    bind(vmm, fd, { pages: 4, page: 4 });
    vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 0n);
    const { kvm } = vmm;
    const fault = () => said(userMemAbort(kvm, kvm.vcpus[0] as KvmVcpu, PAGE_SIZE, true));
    vmm.write(address + BigInt(5 * PAGE_SIZE), new Uint8Array([42]));
    expect(fault()).toBe(0);
    expect(vmm.host.memory.frame(kvmPteToPfn(kvm.pgt.getLeaf(1)))[0]).toBe(42);
    sysClose(vmm.task, fd);
    expect(fault()).toBe(0);
    vmm.task.mm.munmap(Number(address), PAGES * PAGE_SIZE);
    expect(kvm.pgt.getLeaf(1)).toBe(0);
    expect(fault()).not.toBe(0);
  });
});
