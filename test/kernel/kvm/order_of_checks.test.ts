/** Where two rules are broken at once, the first in the kernel's order is the one that answers. */

import { describe, expect, test } from "vitest";
import * as KVM from "../../../server/abi/kvm.ts";
import { kvm_arm_copy_mte_tags } from "../../../server/abi/kvm_arm64.ts";
import { MAP_ANONYMOUS, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../../server/abi/mman.ts";
import { KERNEL_NAMES, type KernelName } from "../../../server/abi/versions.ts";
import { PAGE_SIZE } from "../../../server/hw/memory.ts";
import { bootHost, NOWHERE, said, Vmm } from "./vmm.ts";

/** A way to break one rule: what it does to a good call, which errno it earns, and the words of the rule. */
interface Breach<Call> {
  readonly name: string;
  readonly errno: string | ((kernel: KernelName) => string);
  readonly rule: RegExp;
  readonly kernels?: readonly KernelName[];
  readonly breaks: (call: Call) => void;
}

/** Every pair of breaches of a list that stands in the kernel's order. */
function pairs<Call>(breaches: readonly Breach<Call>[], kernel: KernelName) {
  const known = breaches.filter((breach) => !breach.kernels || breach.kernels.includes(kernel));
  return known.flatMap((first, i) =>
    known.slice(i).map((second) => ({ title: `${first.name} + ${second.name}`, first, second })),
  );
}

function expectFirst<Call>(vmm: Vmm, ret: number, first: Breach<Call>, kernel: KernelName): void {
  const errno = typeof first.errno === "string" ? first.errno : first.errno(kernel);
  expect({ ret: said(ret), rule: vmm.lastRule }).toEqual({ ret: errno, rule: expect.stringMatching(first.rule) });
}

const from = (first: KernelName) => KERNEL_NAMES.slice(KERNEL_NAMES.indexOf(first));

describe("KVM_ARM_MTE_COPY_TAGS", () => {
  interface Call {
    mte: boolean;
    logging: boolean;
    argument: bigint | undefined;
    copy: { guest_ipa: bigint; length: bigint; addr: bigint; flags: bigint; reserved: bigint[] };
  }
  const argument: Breach<Call> = {
    name: "argument",
    errno: "EFAULT",
    rule: /kvm_arm_copy_mte_tags cannot be read/,
    breaks: (call) => (call.argument = NOWHERE),
  };
  const noMte: Breach<Call> = {
    name: "no MTE",
    errno: "EINVAL",
    rule: /has no MTE/,
    breaks: (call) => (call.mte = false),
  };
  const rest: readonly Breach<Call>[] = [
    { name: "reserved", errno: "EINVAL", rule: /reserved/, breaks: ({ copy }) => (copy.reserved = [0n, 1n]) },
    { name: "flags", errno: "EINVAL", rule: /unknown flag/, breaks: ({ copy }) => (copy.flags |= 4n) },
    { name: "ipa", errno: "EINVAL", rule: /page aligned/, breaks: ({ copy }) => (copy.guest_ipa |= 8n) },
    {
      name: "length",
      errno: "EINVAL",
      rule: /fit the int/,
      kernels: from("6.12"),
      breaks: ({ copy }) => (copy.length = 1n << 31n),
    },
    {
      name: "logging",
      errno: "EBUSY",
      rule: /logs dirty/,
      kernels: from("6.12"),
      breaks: (call) => (call.logging = true),
    },
    { name: "slot", errno: "EFAULT", rule: /no slot/, breaks: ({ copy }) => (copy.guest_ipa |= 0x1000_0000n) },
    { name: "buffer", errno: "EFAULT", rule: /buffer/, breaks: ({ copy }) => (copy.addr = NOWHERE) },
  ];

  describe.each(KERNEL_NAMES)("%s", (kernel) => {
    const breaches = kernel === "seed-v10" ? [noMte, argument, ...rest] : [argument, noMte, ...rest];
    test.each(pairs(breaches, kernel))("$title", ({ first, second }) => {
      const vmm = new Vmm(kernel);
      const memory = vmm.map(4);
      const copy = {
        guest_ipa: 0x10_0000n,
        length: BigInt(PAGE_SIZE),
        addr: vmm.map(1),
        flags: 0n,
        reserved: [0n, 0n],
      };
      const call: Call = { mte: true, logging: false, argument: undefined, copy };
      first.breaks(call);
      second.breaks(call);
      if (call.mte) vmm.enableMte();
      vmm.setSlot(0, 0x10_0000, 4, memory, call.logging ? KVM.KVM_MEM_LOG_DIRTY_PAGES : 0);
      const ret = call.argument
        ? vmm.ioctl(vmm.vm, "KVM_ARM_MTE_COPY_TAGS", call.argument)
        : vmm.call(vmm.vm, "KVM_ARM_MTE_COPY_TAGS", kvm_arm_copy_mte_tags, copy);
      expectFirst(vmm, ret, first, kernel);
    });
  });
});

describe("KVM_ENABLE_CAP of ARM_MTE", () => {
  interface Call {
    argument: bigint | undefined;
    flags: number;
    hostHasMte: boolean;
    vcpus: number;
  }
  const breaches: readonly Breach<Call>[] = [
    {
      name: "argument",
      errno: "EFAULT",
      rule: /kvm_enable_cap cannot be read/,
      breaks: (call) => (call.argument = NOWHERE),
    },
    { name: "flags", errno: "EINVAL", rule: /flags/, breaks: (call) => (call.flags = 1) },
    { name: "host", errno: "EINVAL", rule: /host has no MTE/, breaks: (call) => (call.hostHasMte = false) },
    { name: "vcpu", errno: "EINVAL", rule: /before the first vCPU/, breaks: (call) => (call.vcpus = 1) },
  ];
  describe.each(KERNEL_NAMES)("%s", (kernel) => {
    test.each(pairs(breaches, kernel))("$title", ({ first, second }) => {
      const call: Call = { argument: undefined, flags: 0, hostHasMte: true, vcpus: 0 };
      first.breaks(call);
      second.breaks(call);
      const vmm = new Vmm(kernel, bootHost({ mte: call.hostHasMte }));
      for (let id = 0; id < call.vcpus; id++) vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", BigInt(id));
      const ret = call.argument
        ? vmm.ioctl(vmm.vm, "KVM_ENABLE_CAP", call.argument)
        : vmm.enableCap(vmm.task.abi.capArmMte, 0n, call.flags);
      expectFirst(vmm, ret, first, kernel);
    });
  });
});

describe("KVM_ENABLE_CAP of DIRTY_LOG_RING_ACQ_REL", () => {
  interface Call {
    bytes: bigint;
    twice: boolean;
    vcpus: number;
  }
  const breaches: readonly Breach<Call>[] = [
    { name: "power of two", errno: "EINVAL", rule: /power of two/, breaks: (call) => (call.bytes |= 0x1_0001n) },
    {
      name: "too large",
      errno: "E2BIG",
      rule: /65536 entries/,
      breaks: (call) => (call.bytes = (call.bytes << 9n) & 0xffff_ffffn),
    },
    { name: "twice", errno: "EINVAL", rule: /set once/, breaks: (call) => (call.twice = true) },
    { name: "vcpu", errno: "EINVAL", rule: /created already/, breaks: (call) => (call.vcpus = 1) },
  ];
  test.each(pairs(breaches, "6.12"))("$title", ({ first, second }) => {
    const vmm = new Vmm("6.12");
    const call: Call = { bytes: 0x1000n, twice: false, vcpus: 0 };
    second.breaks(call);
    first.breaks(call);
    if (call.twice) vmm.enableCap(KVM.KVM_CAP_DIRTY_LOG_RING_ACQ_REL, 0x1000n);
    for (let id = 0; id < call.vcpus; id++) vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", BigInt(id));
    expectFirst(vmm, vmm.enableCap(KVM.KVM_CAP_DIRTY_LOG_RING_ACQ_REL, call.bytes), first, "6.12");
  });
});

describe("KVM_SET_USER_MEMORY_REGION of a new slot", () => {
  /** Sixteen pages below the end of the IPA space. */
  const GPA = 0xff_ffff_0000n;
  interface Call {
    argument: bigint | undefined;
    mte: boolean;
    overlap: boolean;
    mem: { slot: number; flags: number; guest_phys_addr: bigint; memory_size: bigint; userspace_addr: bigint };
  }
  const breaches: readonly Breach<Call>[] = [
    {
      name: "argument",
      errno: "EFAULT",
      rule: /kvm_userspace_memory_region cannot be read/,
      breaks: (call) => (call.argument = NOWHERE),
    },
    { name: "slot", errno: "EINVAL", rule: /slot id/, breaks: ({ mem }) => (mem.slot |= 32767) },
    { name: "flags", errno: "EINVAL", rule: /unknown flag/, breaks: ({ mem }) => (mem.flags |= 8) },
    { name: "size alignment", errno: "EINVAL", rule: /memory_size/, breaks: ({ mem }) => (mem.memory_size |= 1n) },
    {
      name: "gpa alignment",
      errno: "EINVAL",
      rule: /guest_phys_addr/,
      breaks: ({ mem }) => (mem.guest_phys_addr |= 1n),
    },
    {
      name: "hva alignment",
      errno: "EINVAL",
      rule: /userspace_addr must be page/,
      breaks: ({ mem }) => (mem.userspace_addr |= 1n),
    },
    { name: "hva tag", errno: "EINVAL", rule: /tagged/, breaks: ({ mem }) => (mem.userspace_addr |= 1n << 56n) },
    { name: "address space", errno: "EINVAL", rule: /one address space/, breaks: ({ mem }) => (mem.slot |= 1 << 16) },
    {
      name: "wrap",
      errno: "EINVAL",
      rule: /wraps/,
      breaks: ({ mem }) => (mem.guest_phys_addr |= 0xffff_ffff_ffff_f000n),
    },
    {
      name: "pages",
      errno: "EINVAL",
      rule: /at most 2\^31/,
      breaks: ({ mem }) => {
        mem.memory_size |= 1n << 43n;
        mem.userspace_addr -= 1n << 45n;
      },
    },
    { name: "overlap", errno: "EEXIST", rule: /another slot/, breaks: (call) => (call.overlap = true) },
    { name: "IPA size", errno: "EFAULT", rule: /IPA size/, breaks: ({ mem }) => (mem.memory_size |= 0x2_0000n) },
    {
      name: "memory without tags",
      errno: "EINVAL",
      rule: /cannot have tags/,
      kernels: ["5.14", "6.1"],
      breaks: (call) => (call.mte = true),
    },
  ];
  describe.each(["6.1", "6.12"] as const)("%s", (kernel) => {
    test.each(pairs(breaches, kernel))("$title", ({ first, second }) => {
      const vmm = new Vmm(kernel);
      const shared = vmm.map(64, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
      const mem = { slot: 0, flags: 0, guest_phys_addr: GPA, memory_size: 0x1000n, userspace_addr: shared };
      const call: Call = { argument: undefined, mte: false, overlap: false, mem };
      second.breaks(call);
      first.breaks(call);
      if (call.overlap) vmm.setSlot(1, Number(GPA), 1, shared);
      if (call.mte) vmm.enableMte();
      const ret = call.argument
        ? vmm.ioctl(vmm.vm, "KVM_SET_USER_MEMORY_REGION", call.argument)
        : vmm.call(vmm.vm, "KVM_SET_USER_MEMORY_REGION", KVM.kvm_userspace_memory_region, mem);
      expectFirst(vmm, ret, first, kernel);
    });
  });
});
