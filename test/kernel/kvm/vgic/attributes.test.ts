/** Addresses, numbers and order of checks of the attributes of a VGICv3 and of an ITS. */

import { beforeEach, describe, expect, test } from "vitest";
import {
  KVM_DEV_TYPE_ARM_VGIC_ITS,
  KVM_DEV_TYPE_ARM_VGIC_V2,
  kvm_arm_device_addr,
} from "../../../../server/abi/kvm.ts";
import {
  KVM_DEV_ARM_VGIC_GRP_ADDR as ADDR,
  KVM_DEV_ARM_VGIC_GRP_CPU_REGS as CPU_REGS,
  KVM_DEV_ARM_VGIC_GRP_CTRL as CTRL,
  KVM_VGIC_V3_ADDR_TYPE_DIST as DIST,
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS as DIST_REGS,
  KVM_VGIC_ITS_ADDR_TYPE as ITS,
  KVM_DEV_ARM_VGIC_GRP_ITS_REGS as ITS_REGS,
  KVM_DEV_ARM_ITS_CTRL_RESET,
  KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO as LEVEL_INFO,
  KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ as MAINT_IRQ,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS as NR_IRQS,
  KVM_VGIC_V3_ADDR_TYPE_REDIST as REDIST,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS as REDIST_REGS,
  KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION as REGION,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS as SYSREGS,
} from "../../../../server/abi/kvm_arm64.ts";
import { KERNEL_NAMES, type KernelName } from "../../../../server/abi/versions.ts";
import { NOWHERE, said } from "../vmm.ts";
import { DIST_BASE, ofVcpu, VgicVmm } from "./vgic_vmm.ts";

const UNSET = 0xffff_ffff_ffff_ffffn;
const IPA_END = 1n << 40n;
const OLD: readonly KernelName[] = ["seed-v10", "5.14"];

let vmm: VgicVmm;
let dev: number;

function boot(kernel: KernelName = "6.12", ...ids: number[]): void {
  vmm = new VgicVmm(kernel);
  vmm.addVcpus(...ids);
  dev = vmm.createDevice();
}
beforeEach(() => boot());

/** A redistributor region's value. */
const region = (index: number, base: bigint, count: number, flags = 0) =>
  (BigInt(count) << 52n) | base | (BigInt(flags) << 12n) | BigInt(index);
const place = (type: bigint, value: bigint) => said(vmm.place(dev, type, value));

describe("the address of the distributor", () => {
  test("is unset, then set, then fixed", () => {
    expect(vmm.get(dev, ADDR, DIST, true)).toBe(UNSET);
    expect(place(DIST, DIST_BASE)).toBe(0);
    expect(vmm.get(dev, ADDR, DIST, true)).toBe(DIST_BASE);
    expect(place(DIST, DIST_BASE)).toBe("EEXIST");
  });

  // A value with several faults tells the order of the checks.
  test.each<[string, bigint, boolean, string | number, string | number]>([
    // value, set before?, before 6.1, since
    ["misaligned", 0x1000n, false, "EINVAL", "EINVAL"],
    ["at the end of the IPA space", IPA_END, false, "E2BIG", "E2BIG"],
    ["misaligned beyond the end", IPA_END + 1n, false, "E2BIG", "EINVAL"],
    ["misaligned, already set", 0x1000n, true, "EINVAL", "EEXIST"],
    ["beyond the end, already set", IPA_END, true, "E2BIG", "EEXIST"],
    ["the last frame", IPA_END - 0x10000n, false, 0, 0],
    ["wrapping around", UNSET - 0xffffn, false, "E2BIG", "EINVAL"],
  ])("%s", (_, value, before, old, since) => {
    for (const kernel of KERNEL_NAMES) {
      boot(kernel);
      if (before) place(DIST, DIST_BASE);
      expect([kernel, place(DIST, value)]).toEqual([kernel, OLD.includes(kernel) ? old : since]);
    }
  });

  test("may lie over the redistributors' until they are claimed", () => {
    expect([place(DIST, DIST_BASE), place(REGION, region(0, DIST_BASE, 1))]).toEqual([0, 0]);
  });
});

describe("the single redistributor region", () => {
  test("has as many redistributors as the VM has vCPUs", () => {
    boot("6.12", 0, 1, 2);
    expect(place(REDIST, IPA_END - 0x40000n)).toBe("E2BIG");
    expect(place(REDIST, IPA_END - 0x60000n)).toBe(0);
    expect(vmm.get(dev, ADDR, REDIST, true)).toBe(IPA_END - 0x60000n);
    expect(vmm.kvm.vcpus.map((vcpu) => vcpu.vgicCpu.rdBase)).toEqual(
      [0, 1, 2].map((i) => 2 ** 40 - 0x60000 + i * 0x20000),
    );
  });

  test("grows with every further vCPU, as far as it can", () => {
    boot();
    expect(place(REDIST, IPA_END - 0x40000n)).toBe(0);
    const create = (id: bigint) => said(vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", id));
    expect([create(0n), create(1n), create(2n)].map((ret) => typeof ret)).toEqual(["number", "number", "number"]);
    expect(create(3n)).toBe("EINVAL");
  });

  test.each<[string, [bigint, bigint][], string | number]>([
    [
      "twice",
      [
        [REDIST, 0x100_0000n],
        [REDIST, 0x200_0000n],
      ],
      "EEXIST",
    ],
    [
      "after others",
      [
        [REGION, region(0, 0x100_0000n, 1)],
        [REDIST, 0x200_0000n],
      ],
      "EINVAL",
    ],
    [
      "before others, which only the other way round is refused",
      [
        [REDIST, 0x100_0000n],
        [REGION, region(1, 0x200_0000n, 1)],
      ],
      0,
    ],
    [
      "over the distributor",
      [
        [DIST, 0x101_0000n],
        [REDIST, 0x100_0000n],
      ],
      "EINVAL",
    ],
    ["misaligned", [[REDIST, 0x100_1000n]], "EINVAL"],
    ["beyond the end", [[REDIST, IPA_END]], "E2BIG"],
    ["wrapping around", [[REDIST, UNSET - 0xffffn]], "EINVAL"],
  ])("%s", (_, steps, errno) => {
    boot("6.12", 0);
    expect(steps.map(([type, value]) => place(type, value)).at(-1)).toBe(errno);
  });
});

describe("redistributor regions", () => {
  test("are filled in order, and read back", () => {
    boot("6.12", 0, 1, 2);
    expect(place(REGION, region(0, 0x100_0000n, 2))).toBe(0);
    expect(vmm.kvm.vcpus.map((vcpu) => vcpu.vgicCpu.rdBase)).toEqual([0x100_0000, 0x102_0000, undefined]);
    expect(place(REGION, region(1, 0x200_0000n, 3))).toBe(0);
    expect(vmm.kvm.vcpus[2]?.vgicCpu.rdBase).toBe(0x200_0000);
    expect(vmm.get(dev, ADDR, REGION, true, 1n)).toBe(region(1, 0x200_0000n, 3));
    expect(vmm.get(dev, ADDR, REDIST, true)).toBe(0x100_0000n);
    expect(said(Number(vmm.get(dev, ADDR, REGION, true, 2n)))).toBe("ENOENT");
    // Of the index 8 bits count.
    expect(vmm.get(dev, ADDR, REGION, true, 0x101n)).toBe(region(1, 0x200_0000n, 3));
  });

  test.each<[string, bigint[], string]>([
    ["count 0, index 1 first", [region(1, 0x100_0000n, 0)], "EINVAL"],
    ["index 1 first, beyond the end", [region(1, IPA_END, 1)], "EINVAL"],
    ["index skipped", [region(0, 0x100_0000n, 1), region(2, 0x200_0000n, 1)], "EINVAL"],
    ["partly beyond the end", [region(0, IPA_END - 0x20000n, 2)], "E2BIG"],
    ["over another", [region(0, 0x100_0000n, 2), region(1, 0x102_0000n, 1)], "EINVAL"],
  ])("%s", (_, values, errno) => {
    expect(values.map((value) => place(REGION, value)).at(-1)).toBe(errno);
  });

  test.each<[KernelName, number]>([
    ["seed-v10", 1],
    ["5.14", 0],
    ["6.12", 0],
  ])("under %s one that the vCPUs cannot use, for the distributor lies there, leaves %d", (kernel, left) => {
    boot(kernel, 0);
    place(DIST, 0x100_0000n);
    expect(place(REGION, region(0, 0x100_0000n, 1))).toBe("EINVAL");
    expect(vmm.kvm.vgic.rdRegions).toHaveLength(left);
  });
});

describe("NR_IRQS", () => {
  test.each([
    [0, "EINVAL"],
    [32, "EINVAL"],
    [63, "EINVAL"],
    [64, 0],
    [992, 0],
    [1008, "EINVAL"],
    [1024, "EINVAL"],
  ])("%d: %s", (value, answer) => {
    expect(said(vmm.set(dev, NR_IRQS, 0, value))).toBe(answer);
  });

  test("is 32, then what was set, once; the initialization sets 256", () => {
    expect(vmm.get(dev, NR_IRQS, 0)).toBe(32n);
    expect([vmm.set(dev, NR_IRQS, 0, 64), said(vmm.set(dev, NR_IRQS, 0, 96))]).toEqual([0, "EBUSY"]);
    expect(vmm.get(dev, NR_IRQS, 7)).toBe(64n);
    boot();
    vmm.init(dev);
    expect([vmm.get(dev, NR_IRQS, 0), said(vmm.set(dev, NR_IRQS, 0, 64))]).toEqual([256n, "EBUSY"]);
  });
});

test("the maintenance interrupt is a PPI to be set before the initialization, from 7.1 on", () => {
  expect([said(vmm.set(dev, MAINT_IRQ, 0, 25)), said(vmm.has(dev, MAINT_IRQ, 0))]).toEqual(["ENXIO", "ENXIO"]);
  boot("7.1");
  expect([vmm.get(dev, MAINT_IRQ, 0), vmm.has(dev, MAINT_IRQ, 0)]).toEqual([25n, 0]);
  expect([15, 16, 31, 32].map((irq) => said(vmm.set(dev, MAINT_IRQ, 0, irq)))).toEqual(["EINVAL", 0, 0, "EINVAL"]);
  vmm.init(dev);
  expect([vmm.get(dev, MAINT_IRQ, 0), said(vmm.set(dev, MAINT_IRQ, 0, 40))]).toEqual([31n, "EBUSY"]);
});

describe("what is where", () => {
  test.each<[string, number, bigint, string | number]>([
    ["V2 distributor", ADDR, 0n, "ENXIO"],
    ["V3 distributor", ADDR, DIST, 0],
    ["ITS", ADDR, ITS, "ENXIO"],
    ["an address beyond 32 bits", ADDR, (1n << 32n) | DIST, "ENXIO"],
    ["GICD_CTLR", DIST_REGS, 0n, 0],
    ["GICD_CTLR, whatever stands above", DIST_REGS, ofVcpu(9, 0), 0],
    ["half a register", DIST_REGS, 2n, "ENXIO"],
    ["no register", DIST_REGS, 0x40n, "ENXIO"],
    ["GICD_ISENABLER1, before the number is known", DIST_REGS, 0x104n, "ENXIO"],
    ["GICR_CTLR", REDIST_REGS, ofVcpu(0, 0), 0],
    ["GICR_STATUSR, which the kernel's search misses", REDIST_REGS, ofVcpu(0, 0x10), "ENXIO"],
    ["GICR_NSACR", REDIST_REGS, ofVcpu(0, 0x10e00), 0],
    ["no vCPU", REDIST_REGS, ofVcpu(3, 0), "EINVAL"],
    ["ICC_PMR_EL1", SYSREGS, ofVcpu(0, 0xc230), 0],
    ["ICC_DIR_EL1", SYSREGS, ofVcpu(0, 0xc659), "ENXIO"],
    ["of no vCPU", SYSREGS, ofVcpu(3, 0xc659), "EINVAL"],
    ["the line levels of no vCPU", LEVEL_INFO, ofVcpu(3, 0), 0],
    ["other information", LEVEL_INFO, 1n << 10n, "ENXIO"],
    ["V2 CPU registers", CPU_REGS, 0n, "ENXIO"],
    ["ITS registers", ITS_REGS, 0n, "ENXIO"],
    ["pending tables", CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, 0],
    ["an ITS's reset", CTRL, KVM_DEV_ARM_ITS_CTRL_RESET, "ENXIO"],
    ["no group", 10, 0n, "ENXIO"],
  ])("%s", (_, group, attr, answer) => {
    boot("6.12", 0);
    expect(said(vmm.has(dev, group, attr))).toBe(answer);
  });

  test("every redistributor register but one is found in the kernel's order of the table", () => {
    boot("6.12", 0);
    const offsets = [0, 4, 8, 0xc, 0x14, 0x70, 0x78, 0xa0, 0xb0, 0xc0, 0xffd0, 0xfffc].map((offset) =>
      ofVcpu(0, offset),
    );
    const sgiBase = [0x80, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380, 0x400, 0x41c, 0xc00, 0xc04, 0xd00, 0xe00];
    const all = [...offsets, ...sgiBase.map((offset) => ofVcpu(0, 0x10000 + offset))];
    expect(all.filter((attr) => vmm.has(dev, REDIST_REGS, attr) !== 0)).toEqual([]);
  });

  test.each<[string, number, bigint, string | number]>([
    ["the address", ADDR, ITS, 0],
    ["another address", ADDR, DIST, "ENXIO"],
    ["the reset", CTRL, KVM_DEV_ARM_ITS_CTRL_RESET, 0],
    ["the pending tables", CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, "ENXIO"],
    ["GITS_IIDR", ITS_REGS, 4n, 0],
    ["half of GITS_CBASER", ITS_REGS, 0x84n, "EINVAL"],
    ["GITS_PIDR2", ITS_REGS, 0xffe8n, 0],
    ["no register", ITS_REGS, 0x98n, "ENXIO"],
    ["no group", NR_IRQS, 0n, "ENXIO"],
  ])("of an ITS: %s", (_, group, attr, answer) => {
    expect(said(vmm.has(vmm.createDevice(KVM_DEV_TYPE_ARM_VGIC_ITS), group, attr))).toBe(answer);
  });
});

describe("the order of checks", () => {
  const set = (group: number, attr: bigint, addr = NOWHERE) =>
    said(vmm.access("KVM_SET_DEVICE_ATTR", dev, group, attr, addr));
  const get = (group: number, attr: bigint, addr = NOWHERE) =>
    said(vmm.access("KVM_GET_DEVICE_ATTR", dev, group, attr, addr));

  test.each<[string, number, bigint, string, string]>([
    // group, attribute; before 6.1, since: all with an address that cannot be read, on a VGIC that is not initialized
    ["an unknown address", ADDR, ITS, "EFAULT", "EFAULT"],
    ["an unknown number", NR_IRQS, 9n, "EFAULT", "EFAULT"],
    ["a vCPU that is not there", REDIST_REGS, ofVcpu(9, 0), "EFAULT", "EINVAL"],
    ["a system register of no vCPU", SYSREGS, ofVcpu(9, 0), "EFAULT", "EINVAL"],
    ["a system register", SYSREGS, 0n, "EFAULT", "EBUSY"],
    ["a line level", LEVEL_INFO, 1n, "EFAULT", "EFAULT"],
    ["an unknown control", CTRL, 9n, "ENXIO", "ENXIO"],
  ])("setting %s", (_, group, attr, old, since) => {
    for (const kernel of KERNEL_NAMES) {
      boot(kernel, 0);
      expect([kernel, set(group, attr)]).toEqual([kernel, OLD.includes(kernel) ? old : since]);
    }
  });

  test.each<[string, number, bigint, string, string]>([
    ["an unknown address", ADDR, ITS, "EFAULT", "ENXIO"],
    ["a region's index", ADDR, REGION, "EFAULT", "EFAULT"],
    ["the distributor's address", ADDR, DIST, "EFAULT", "EFAULT"],
    ["a register", DIST_REGS, 0n, "EBUSY", "EBUSY"],
    ["a vCPU that is not there", REDIST_REGS, ofVcpu(9, 0), "EINVAL", "EINVAL"],
    ["a line level that cannot be", LEVEL_INFO, 1n, "EBUSY", "EBUSY"],
  ])("getting %s", (_, group, attr, old, since) => {
    for (const kernel of KERNEL_NAMES) {
      boot(kernel, 0);
      expect([kernel, get(group, attr)]).toEqual([kernel, OLD.includes(kernel) ? old : since]);
    }
  });

  test("7.1 lets GICD_IIDR and GICD_TYPER2 be accessed before the initialization", () => {
    boot("7.1", 0);
    expect([0n, 4n, 8n, 0xcn].map((offset) => get(DIST_REGS, offset))).toEqual(["EBUSY", "EBUSY", "EFAULT", "EFAULT"]);
  });

  test.each<[string, number, bigint, string]>([
    ["an SPI's level, not a multiple of 32", LEVEL_INFO, 1n, "EINVAL"],
    ["other information", LEVEL_INFO, 1n << 10n, "EINVAL"],
    ["a system register that is not there", SYSREGS, 0xc659n, "ENOENT"],
    ["a register that is not there", DIST_REGS, 0x40n, "EFAULT"],
  ])("after the initialization, getting %s", (_, group, attr, errno) => {
    boot("6.12", 0);
    vmm.init(dev);
    expect(get(group, attr)).toBe(errno);
  });

  test.each<[KernelName, string]>([
    ["5.14", "ENXIO"],
    ["6.1", "ENOENT"],
  ])("under %s a system register that is not there is %s", (kernel, errno) => {
    boot(kernel, 0);
    vmm.init(dev);
    expect(said(Number(vmm.get(dev, SYSREGS, 0xc659n)))).toBe(errno);
    expect(said(vmm.set(dev, SYSREGS, 0xc659n))).toBe(errno);
    expect(set(SYSREGS, 0xc659n)).toBe("EFAULT");
  });

  test.each<[string, number, bigint, bigint, string | number]>([
    ["another address, nothing to read", ADDR, DIST, NOWHERE, "ENODEV"],
    ["the address, nothing to read", ADDR, ITS, NOWHERE, "EFAULT"],
    ["a control that is unknown", CTRL, 9n, NOWHERE, 0],
    ["half a register, nothing to read", ITS_REGS, 0x84n, NOWHERE, "EFAULT"],
    ["a register before the address", ITS_REGS, 0n, 0n, "ENXIO"],
    ["half a register before the address", ITS_REGS, 0x84n, 0n, "EINVAL"],
    ["another group", NR_IRQS, 0n, NOWHERE, "ENXIO"],
  ])("setting an ITS's %s", (_, group, attr, addr, answer) => {
    dev = vmm.createDevice(KVM_DEV_TYPE_ARM_VGIC_ITS);
    expect(set(group, attr, addr || vmm.map(1))).toBe(answer);
  });

  test("an ITS is placed like a distributor, in 128 KiB", () => {
    dev = vmm.createDevice(KVM_DEV_TYPE_ARM_VGIC_ITS);
    expect(vmm.get(dev, ADDR, ITS, true)).toBe(UNSET);
    expect([place(ITS, 0x1000n), place(ITS, IPA_END - 0x10000n)]).toEqual(["EINVAL", "E2BIG"]);
    expect([place(ITS, IPA_END - 0x20000n), place(ITS, 0n)]).toEqual([0, "EEXIST"]);
    expect(vmm.get(dev, ADDR, ITS, true)).toBe(IPA_END - 0x20000n);
  });
});

test.each<[KernelName, string | number]>([
  ["5.14", 0],
  ["6.1", "ENODEV"],
])("KVM_ARM_SET_DEVICE_ADDR under %s", (kernel, placed) => {
  boot(kernel);
  const setDeviceAddr = (id: bigint, addr: bigint) =>
    said(vmm.call(vmm.vm, "KVM_ARM_SET_DEVICE_ADDR", kvm_arm_device_addr, { id, addr }));
  expect(setDeviceAddr(0n, DIST_BASE)).toBe("ENODEV");
  expect(setDeviceAddr((1n << 16n) | DIST, DIST_BASE)).toBe("ENODEV");
  expect(setDeviceAddr(DIST, DIST_BASE)).toBe(placed);
  expect(said(vmm.createDevice(KVM_DEV_TYPE_ARM_VGIC_V2))).toBe("ENODEV");
});
