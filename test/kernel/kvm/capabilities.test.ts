/** Capabilities of the kernels that nobody recorded, and what a host's options make of them. */

import { describe, expect, test } from "vitest";
import * as KVM from "../../../server/abi/kvm.ts";
import { IOCTLS } from "../../../server/abi/kvm_ioctl.ts";
import { KERNEL_NAMES, KERNELS, type KernelName } from "../../../server/abi/versions.ts";
import { ARM64_CAPABILITIES, capabilityNumber, GENERIC_CAPABILITIES } from "../../../server/kernel/kvm/capabilities.ts";
import { bootHost, said, Vmm } from "./vmm.ts";

const ALL = [...GENERIC_CAPABILITIES, ...ARM64_CAPABILITIES];
const check = (vmm: Vmm, fd: number, cap: number | bigint) => said(vmm.ioctl(fd, "KVM_CHECK_EXTENSION", BigInt(cap)));

/** The numbers that are not 0 on a VM. */
function offered(kernel: KernelName): number[] {
  const vmm = new Vmm(kernel);
  return Array.from({ length: 301 }, (_, cap) => cap).filter((cap) => check(vmm, vmm.vm, cap) !== 0);
}

describe("each kernel offers what the one before did, and more", () => {
  test.each([
    ["seed-v10", "5.14", [KVM.KVM_CAP_PTP_KVM, KVM.KVM_CAP_BINARY_STATS_FD, KVM.KVM_CAP_ARM_MTE]],
    ["5.14", "6.1", [KVM.KVM_CAP_SYSTEM_EVENT_DATA, KVM.KVM_CAP_ARM_SYSTEM_SUSPEND]],
    ["6.1", "6.12", [223, 225, 227, 229, 230, 231]],
    ["6.12", "7.1", [234, 239, 243, 244, 245]],
  ] as const)("%s, %s", (older, newer, added) => {
    const before = offered(older);
    expect(offered(newer).filter((cap) => !before.includes(cap))).toEqual(added);
    expect(before.filter((cap) => !offered(newer).includes(cap))).toEqual([]);
  });
});

test("195 is ARM_MTE in the seed and SET_GUEST_DEBUG2 after it", () => {
  const values = KERNEL_NAMES.map((kernel) => {
    const vmm = new Vmm(kernel);
    return [check(vmm, vmm.vm, 195), check(vmm, vmm.vm, 205), said(vmm.enableCap(195)), said(vmm.enableCap(205))];
  });
  expect(values).toEqual([[1, 0, 0, "EINVAL"], ...Array(4).fill([0x30003, 1, "EINVAL", 0])]);
});

test("/dev/kvm refuses to answer for a VM", () => {
  for (const [kernel, cap] of [
    ["5.14", KVM.KVM_CAP_MSI_DEVID],
    ["7.1", KVM.KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED],
  ] as const) {
    const vmm = new Vmm(kernel);
    expect(check(vmm, vmm.dev, cap)).toBe("EINVAL");
    expect(check(vmm, vmm.vm, cap)).not.toBe("EINVAL");
  }
});

test("the argument is a long, not an int", () => {
  const vmm = new Vmm("6.12");
  for (const high of [1n << 32n, 1n << 63n]) expect(check(vmm, vmm.vm, high | 3n)).toBe(0);
});

test("MTE goes with the host's option, CPUs count up to the vCPUs' limit", () => {
  const vmm = new Vmm("6.12", bootHost({ mte: false, cpus: 600 }));
  expect(check(vmm, vmm.dev, KVM.KVM_CAP_ARM_MTE)).toBe(0);
  expect(check(vmm, vmm.dev, KVM.KVM_CAP_NR_VCPUS)).toBe(512);
});

test("KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE takes block sizes, before the first slot", () => {
  const vmm = new Vmm("6.12");
  const cap = KVM.KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE;
  const answers = [0x1000n, 0x20_0000n, 0x4000_0000n, 0n, 0x2000n, 1n, 1n << 40n].map((size) =>
    said(vmm.enableCap(cap, size)),
  );
  expect(answers).toEqual([0, 0, 0, 0, "EINVAL", "EINVAL", "EINVAL"]);
  vmm.enableCap(cap, 0x20_0000n);
  expect(check(vmm, vmm.vm, cap)).toBe(0x20_0000);
  vmm.setSlot(0, 0, 1, vmm.map(1));
  expect(said(vmm.enableCap(cap, 0x1000n))).toBe("EINVAL");
});

test("a capability stands in one table, and those that announce requests exist", () => {
  const names = ALL.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const kernel of KERNEL_NAMES) {
    const numbers = ALL.filter(({ exists }) => !exists || KERNELS[kernel][exists]).map((row) =>
      capabilityNumber(row.name, KERNELS[kernel]),
    );
    expect(new Set(numbers).size).toBe(numbers.length);
  }
  const announced = IOCTLS.filter(({ returns }) => returns !== "EINVAL").map(({ capability }) => capability);
  expect(announced.filter((name) => name !== "basic" && !names.includes(name as (typeof names)[number]))).toEqual([]);
});

test("KVM_CREATE_VM takes IPA sizes from 32 bits to the host's limit", () => {
  const limits = { "seed-v10": 48, "5.14": 48, "6.1": 48, "6.12": 52, "7.1": 52 } as const;
  for (const kernel of KERNEL_NAMES) {
    const vmm = new Vmm(kernel);
    const taken = Array.from({ length: 300 }, (_, bits) => bits).filter(
      (bits) => vmm.ioctl(vmm.dev, "KVM_CREATE_VM", BigInt(bits)) > 0,
    );
    const sizes = Array.from({ length: limits[kernel] - 31 }, (_, i) => i + 32);
    expect([kernel, ...taken]).toEqual([kernel, 0, ...sizes]);
    expect(said(vmm.ioctl(vmm.dev, "KVM_CREATE_VM", 1n << 31n))).toBe("EINVAL");
  }
});
