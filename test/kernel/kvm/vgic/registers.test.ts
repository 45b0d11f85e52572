/** Registers of a VGICv3 as user space and the guest find, read and write them. */

import { beforeEach, describe, expect, test } from "vitest";
import { KVM_DEV_TYPE_ARM_VGIC_ITS } from "../../../../server/abi/kvm.ts";
import {
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS as DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO as LEVEL_INFO,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS as NR_IRQS,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS as REDIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS as SYSREGS,
} from "../../../../server/abi/kvm_arm64.ts";
import { SYSREG } from "../../../../server/abi/sysreg.ts";
import type { KernelName } from "../../../../server/abi/versions.ts";
import { KVM_MMIO_BUS } from "../../../../server/kernel/kvm/io_bus.ts";
import type { KvmVcpu } from "../../../../server/kernel/kvm/kvm_host.ts";
import { kvmVgicMapResources } from "../../../../server/kernel/kvm/vgic/vgic_init.ts";
import { said } from "../vmm.ts";
import { DIST_BASE, ofVcpu, REDIST_BASE, VgicVmm } from "./vgic_vmm.ts";

let vmm: VgicVmm;
let dev: number;

function boot(kernel: KernelName = "6.12"): void {
  vmm = new VgicVmm(kernel);
  vmm.addVcpus(0, 1);
  dev = vmm.readyVgic();
}
beforeEach(() => boot());

const dist = (offset: number) => Number(vmm.get(dev, DIST_REGS, offset));
const setDist = (offset: number, value: number) => said(vmm.set(dev, DIST_REGS, offset, value));
const redist = (offset: number, id = 0) => Number(vmm.get(dev, REDIST_REGS, ofVcpu(id, offset)));
const setRedist = (offset: number, value: number, id = 0) => said(vmm.set(dev, REDIST_REGS, ofVcpu(id, offset), value));
const SGI = 0x10000;
const ONES = 0xffff_ffff;

/** A guest's access: `id` is the vCPU that makes it. */
function guest(address: bigint | number, length: number, value?: bigint, id = 0): bigint {
  const data = new Uint8Array(8);
  const view = new DataView(data.buffer);
  const bus = vmm.kvm.buses.get(KVM_MMIO_BUS);
  const vcpu = vmm.kvm.vcpus[id] as KvmVcpu;
  view.setBigUint64(0, value ?? 0n, true);
  const access =
    value === undefined
      ? bus.read(vcpu, BigInt(address), data.subarray(0, length))
      : bus.write(vcpu, BigInt(address), data.subarray(0, length));
  expect(access).toBe(0);
  return view.getBigUint64(0, true);
}

describe("after the initialization", () => {
  test.each<[string, number, number]>([
    ["GICD_CTLR", 0x0, 0x50],
    ["GICD_TYPER", 0x4, 0x0048_0007],
    ["GICD_IIDR", 0x8, 0x4b00_343b],
    ["GICD_TYPER2", 0xc, 0],
    ["GICD_STATUSR", 0x10, ONES],
    ["GICD_IGROUPR0", 0x80, 0],
    ["GICD_IGROUPR1", 0x84, ONES],
    ["GICD_ISENABLER1", 0x104, 0],
    ["GICD_IPRIORITYR8", 0x420, 0],
    ["GICD_ITARGETSR8", 0x820, 0],
    ["GICD_ICFGR1", 0xc04, 0],
    ["GICD_ICFGR2", 0xc08, 0xaaaa_aaaa],
    ["GICD_ICFGR16, beyond the last interrupt", 0xc40, 0],
    ["GICD_IROUTER32", 0x6100, 0],
    ["GICD_PIDR2", 0xffe8, 0x3b],
    ["GICD_PIDR4", 0xffd0, 0],
    ["half a register", 0x6, 0],
  ])("%s", (_, offset, value) => {
    expect(dist(offset)).toBe(value);
  });

  test.each<[string, number, number]>([
    ["GICR_CTLR", 0x0, 0x6],
    ["GICR_IIDR", 0x4, 0x4b00_043b],
    ["GICR_TYPER, of the last vCPU", 0x8, 0x110],
    ["GICR_TYPER, its affinity", 0xc, 1],
    ["GICR_WAKER", 0x14, 0],
    ["GICR_PROPBASER", 0x70, 0],
    ["GICR_PENDBASER", 0x78, 0x580],
    ["GICR_SYNCR", 0xc0, 0],
    ["GICR_PIDR2", 0xffe8, 0x3b],
    ["GICR_IGROUPR0", SGI + 0x80, ONES],
    ["GICR_ISENABLER0", SGI + 0x100, 0xffff],
    ["GICR_ICENABLER0", SGI + 0x180, 0xffff],
    ["GICR_ICFGR0", SGI + 0xc00, 0xaaaa_aaaa],
    ["GICR_ICFGR1", SGI + 0xc04, 0],
    ["GICR_NSACR", SGI + 0xe00, 0],
  ])("%s", (_, offset, value) => {
    expect(redist(offset, 1)).toBe(value);
  });

  test.each<[string, bigint]>([
    ["ICC_PMR_EL1", 0n],
    ["ICC_BPR0_EL1", 0n],
    ["ICC_BPR1_EL1", 0n],
    ["ICC_CTLR_EL1", 0x8c00n],
    ["ICC_SRE_EL1", 7n],
    ["ICC_IGRPEN0_EL1", 0n],
    ["ICC_IGRPEN1_EL1", 0n],
    ["ICC_AP0R0_EL1", 0n],
    ["ICC_AP1R0_EL1", 0n],
  ])("%s", (name, value) => {
    expect(vmm.get(dev, SYSREGS, ofVcpu(1, SYSREG[name as keyof typeof SYSREG]), true)).toBe(value);
  });

  test("the first vCPU is not the last, unless a region ends with it", () => {
    expect(redist(0x8, 0)).toBe(0);
  });

  test("5.14 has an older revision, without LPIs that registers invalidate", () => {
    boot("5.14");
    expect([dist(0x8), redist(0x0)]).toEqual([0x4b00_243b, 0]);
  });

  test("an ITS adds LPIs", () => {
    vmm.createDevice(KVM_DEV_TYPE_ARM_VGIC_ITS);
    expect([dist(0x4), redist(0x8), redist(0x70)]).toEqual([0x007a_0007, 1, 0x580]);
  });
});

describe("user space", () => {
  test.each<[string, number, number, number, number, [number, number]?]>([
    // register written, value; register read, value; and what was written before
    ["enables", 0x104, 0x5, 0x104, 0x5],
    ["disables nothing with zeros", 0x104, 0, 0x104, 0x5, [0x104, 0x5]],
    ["disables", 0x184, 0x1, 0x104, 0x4, [0x104, 0x5]],
    ["makes pending", 0x204, 0xf0, 0x204, 0xf0],
    ["overwrites what is pending", 0x204, 0x3, 0x204, 0x3, [0x204, 0xf0]],
    ["clears no pending bit by GICD_ICPENDR", 0x284, ONES, 0x204, 0x3, [0x204, 0x3]],
    ["reads GICD_ICPENDR as zero", 0x284, 0, 0x284, 0, [0x204, 0x3]],
    ["activates", 0x304, 0x7, 0x304, 0x7],
    ["deactivates", 0x384, 0x2, 0x384, 0x5, [0x304, 0x7]],
    ["sets groups", 0x84, 0x1, 0x84, 0x1],
    ["sets five bits of priority", 0x420, ONES, 0x420, 0xf8f8_f8f8],
    ["configures", 0xc08, 0x0000_0002, 0xc08, 0x2],
    ["configures by the upper bits of each pair", 0xc08, 0x5555_5555, 0xc08, 0],
    ["routes by 24 bits of affinity", 0x6100, ONES, 0x6100, 0xff_ffff],
    ["routes by no affinity 3", 0x6104, 0x1, 0x6104, 0],
    ["cannot reach private interrupts in the distributor", 0x100, ONES, 0x100, 0],
    ["enables group 1 in GICD_CTLR", 0x0, ONES, 0x0, 0x52],
    ["cannot change GICD_TYPER", 0x4, 0, 0x4, 0x0048_0007],
    ["cannot change what is not there", 0x44, 1, 0x44, 0],
    ["writes GICD_TYPER2 as it is", 0xc, 0, 0xc, 0],
  ])("%s", (_, written, value, read, answer, before) => {
    if (before) setDist(...before);
    expect([setDist(written, value), dist(read)]).toEqual([0, answer]);
  });

  test.each<[KernelName, number, string | number, number]>([
    ["6.12", 0x4b00_243b, 0, 0x4b00_243b],
    ["6.12", 0x4b00_343b, 0, 0x4b00_343b],
    ["6.12", 0x4b00_143b, "EINVAL", 0x4b00_343b],
    ["6.12", 0x4c00_343b, "EINVAL", 0x4b00_343b],
    ["5.14", 0x4b00_243b, 0, 0x4b00_243b],
    ["5.14", 0x4b00_343b, "EINVAL", 0x4b00_243b],
  ])("under %s writes %x to GICD_IIDR: %s", (kernel, value, answer, after) => {
    boot(kernel);
    expect([setDist(0x8, value), dist(0x8)]).toEqual([answer, after]);
  });

  test("loses GICR_CTLR's invalidation with an older revision", () => {
    setDist(0x8, 0x4b00_243b);
    expect(redist(0)).toBe(0);
  });

  test("cannot write another GICD_TYPER2", () => {
    expect(setDist(0xc, 1)).toBe("EINVAL");
  });

  test.each<[string, number, number, number, number]>([
    ["GICR_TYPER", 0x8, 0, 0x8, 0],
    ["GICR_PROPBASER: RES0", 0x70, ONES, 0x70, 0xffff_ff9f],
    ["GICR_PROPBASER: outer shareable, not cacheable", 0x70, 0x880, 0x70, 0x580],
    ["GICR_PROPBASER: the upper half", 0x74, ONES, 0x74, 0x000f_ffff],
    ["GICR_PROPBASER: outer not cacheable", 0x74, 0x100_0000, 0x74, 0x100_0000],
    ["GICR_PENDBASER: RES0", 0x78, ONES, 0x78, 0xffff_0f80],
    ["GICR_PENDBASER: PTZ cannot be read", 0x7c, 0x4000_0000, 0x7c, 0],
    ["GICR_CTLR without an ITS", 0x0, 1, 0x0, 0x6],
    ["GICR_ISENABLER0", SGI + 0x100, 0x8000_0000, SGI + 0x100, 0x8000_ffff],
    ["GICR_ISPENDR0", SGI + 0x200, 0x8000_0001, SGI + 0x200, 0x8000_0001],
    ["GICR_IPRIORITYR7", SGI + 0x41c, ONES, SGI + 0x41c, 0xf8f8_f8f8],
    ["GICR_ICFGR1, which is fixed", SGI + 0xc04, ONES, SGI + 0xc04, 0],
    ["GICR_IGROUPR0", SGI + 0x80, 0x5, SGI + 0x80, 0x5],
  ])("%s", (_, written, value, read, answer) => {
    expect([setRedist(written, value, 0), redist(read, 0)]).toEqual([0, answer]);
    expect(redist(SGI + 0x200, 1)).toBe(0);
  });

  test("cannot set the active state of a timer's interrupt, which is a physical one's from the first KVM_RUN on", () => {
    setRedist(SGI + 0x300, 0x0800_0000);
    setRedist(SGI + 0x380, ONES);
    expect([redist(SGI + 0x300), said(vmm.enter())]).toEqual([0, "EINTR"]);
    setRedist(SGI + 0x300, 0x4c00_0000);
    expect(redist(SGI + 0x300)).toBe(0x400_0000);
  });

  test("sees the latch and the line apart, the guest both", () => {
    expect(kvmVgicMapResources(vmm.kvm)).toBe(0);
    setDist(0xc08, 0);
    vmm.irqLine((1 << 24) | 33, 1);
    setDist(0x204, 0x4);
    expect([dist(0x204), Number(vmm.get(dev, LEVEL_INFO, 32))]).toEqual([0x4, 0x2]);
    expect(guest(DIST_BASE + 0x204n, 4)).toBe(0x6n);
  });

  test.each<[string, bigint, number, number]>([
    ["SPIs", 32n, ONES, ONES],
    ["private interrupts, but not SGIs", ofVcpu(1, 0), ONES, 0xffff_0000],
    ["beyond the last SPI", 256n, ONES, 0],
  ])("sets the levels of %s", (_, attr, value, answer) => {
    setDist(0xc08, 0);
    setDist(0xc0c, 0);
    expect(said(vmm.set(dev, LEVEL_INFO, attr, value))).toBe(0);
    expect(Number(vmm.get(dev, LEVEL_INFO, attr))).toBe(answer);
  });

  test("sets the levels of edges too, which show once they are levels", () => {
    vmm.set(dev, LEVEL_INFO, 32n, 0xff);
    expect(vmm.get(dev, LEVEL_INFO, 32n)).toBe(0n);
    setDist(0xc08, 0);
    expect(vmm.get(dev, LEVEL_INFO, 32n)).toBe(0xffn);
  });

  test("has registers for the interrupts there are", () => {
    vmm = new VgicVmm();
    vmm.addVcpus(0);
    dev = vmm.createDevice();
    vmm.set(dev, NR_IRQS, 0, 64);
    vmm.init(dev);
    setDist(0x104, ONES);
    setDist(0x108, ONES);
    expect([dist(0x4), dist(0x104), dist(0x108)]).toEqual([0x0048_0001, ONES, 0]);
  });
});

describe("system registers", () => {
  const attr = (name: keyof typeof SYSREG) => ofVcpu(0, SYSREG[name]);
  const get = (name: keyof typeof SYSREG) => Number(vmm.get(dev, SYSREGS, attr(name), true));
  const set = (name: keyof typeof SYSREG, value: bigint | number) => said(vmm.set(dev, SYSREGS, attr(name), value));

  test.each<[keyof typeof SYSREG, bigint | number, string | number, number]>([
    ["ICC_PMR_EL1", 0xffff_ffff_ffff_fff0n, 0, 0xf0],
    ["ICC_BPR0_EL1", 0xff, 0, 7],
    ["ICC_BPR1_EL1", 0xa, 0, 2],
    ["ICC_IGRPEN0_EL1", 3, 0, 1],
    ["ICC_IGRPEN1_EL1", 2, 0, 0],
    ["ICC_AP0R0_EL1", 0xffff_ffff, 0, 0xffff_ffff],
    ["ICC_AP0R1_EL1", 1, "EINVAL", -22],
    ["ICC_AP1R3_EL1", 1, "EINVAL", -22],
    ["ICC_SRE_EL1", 1, 0, 7],
    ["ICC_SRE_EL1", 6, "EINVAL", 7],
    ["ICC_CTLR_EL1", 0x8c03, 0, 0x8c03],
    ["ICC_CTLR_EL1", 0x8400, 0, 0x8400],
    ["ICC_CTLR_EL1: more priorities", 0x8d00, "EINVAL", 0x8c00],
    ["ICC_CTLR_EL1: more ids", 0x9400, "EINVAL", 0x8c00],
    ["ICC_CTLR_EL1: SEIS", 0xcc00, "EINVAL", 0x8c00],
    ["ICC_CTLR_EL1: no A3V", 0x0c00, "EINVAL", 0x8c00],
    ["ICC_CTLR_EL1: fewer priorities, then no A3V", 0x0b00, "EINVAL", 0x8b00],
  ] as [keyof typeof SYSREG, bigint | number, string | number, number][])("%s = %s", (name, value, answer, after) => {
    const register = name.split(":")[0] as keyof typeof SYSREG;
    expect([set(register, value), get(register)]).toEqual([answer, after]);
  });

  test("ICC_BPR1_EL1 follows ICC_BPR0_EL1 while CBPR is set", () => {
    set("ICC_BPR1_EL1", 3);
    set("ICC_BPR0_EL1", 6);
    set("ICC_CTLR_EL1", 0x8c01);
    expect([get("ICC_BPR1_EL1"), set("ICC_BPR1_EL1", 1)]).toEqual([7, 0]);
    set("ICC_BPR0_EL1", 7);
    expect(get("ICC_BPR1_EL1")).toBe(7);
    set("ICC_CTLR_EL1", 0x8c00);
    expect(get("ICC_BPR1_EL1")).toBe(3);
  });
});

describe("the guest", () => {
  beforeEach(() => {
    kvmVgicMapResources(vmm.kvm);
  });

  test("finds the redistributors before, the distributor after the first run", () => {
    const fresh = new VgicVmm();
    fresh.addVcpus(0);
    fresh.readyVgic();
    const data = new Uint8Array(4);
    const read = (address: bigint) =>
      fresh.kvm.buses.get(KVM_MMIO_BUS).read(fresh.kvm.vcpus[0] as KvmVcpu, address, data);
    expect([said(read(DIST_BASE)), read(REDIST_BASE)]).toEqual(["EOPNOTSUPP", 0]);
    kvmVgicMapResources(fresh.kvm);
    expect(read(DIST_BASE)).toBe(0);
  });

  test("reads and writes by each register's sizes", () => {
    guest(DIST_BASE + 0x421n, 1, 0xa8n);
    expect(guest(DIST_BASE + 0x420n, 4)).toBe(0xa800n);
    expect(guest(DIST_BASE + 0x104n, 1)).toBe(0n);
    guest(DIST_BASE + 0x6100n, 8, 0x1_0000_0001n);
    expect(guest(DIST_BASE + 0x6100n, 8)).toBe(1n);
    expect(vmm.kvm.vgic.spis[0]?.targetVcpu).toBe(vmm.kvm.vcpus[1]);
    guest(DIST_BASE + 0x6100n, 8, 9n);
    expect(vmm.kvm.vgic.spis[0]?.targetVcpu).toBeUndefined();
  });

  test("reaches a vCPU's redistributor from any vCPU", () => {
    const second = REDIST_BASE + 0x20000n;
    expect(guest(second + 8n, 8, undefined, 0)).toBe(0x1_0000_0110n);
    guest(second + 0x10200n, 4, 0x10000n, 0);
    expect([redist(SGI + 0x200, 0), redist(SGI + 0x200, 1)]).toEqual([0, 0x10000]);
    guest(second + 0x10280n, 4, 0x10000n, 0);
    expect(redist(SGI + 0x200, 1)).toBe(0);
  });

  test("cannot change identification, nor what is not there", () => {
    guest(DIST_BASE + 8n, 4, 0n);
    guest(DIST_BASE + 0x44n, 4, 1n);
    expect([dist(0x8), guest(DIST_BASE + 0x44n, 4)]).toEqual([0x4b00_343b, 0n]);
  });
});
