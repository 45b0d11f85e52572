/** When a VGIC can be created, initialized and run, and what becomes of the VM otherwise. */

import { describe, expect, test } from "vitest";
import {
  KVM_CREATE_DEVICE_TEST,
  KVM_DEV_TYPE_ARM_VGIC_ITS,
  KVM_DEV_TYPE_ARM_VGIC_V2,
  KVM_DEV_TYPE_ARM_VGIC_V3,
} from "../../../../server/abi/kvm.ts";
import {
  KVM_DEV_ARM_VGIC_GRP_ADDR as ADDR,
  KVM_DEV_ARM_VGIC_GRP_CTRL as CTRL,
  KVM_VGIC_V3_ADDR_TYPE_DIST as DIST,
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS as DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS as NR_IRQS,
  KVM_ARM_VCPU_TIMER_IRQ_PTIMER as PTIMER,
  KVM_VGIC_V3_ADDR_TYPE_REDIST as REDIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION as REGION,
  KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES as SAVE_PENDING,
  KVM_ARM_VCPU_TIMER_CTRL as TIMER_CTRL,
  KVM_ARM_VCPU_TIMER_IRQ_VTIMER as VTIMER,
} from "../../../../server/abi/kvm_arm64.ts";
import type { KernelName } from "../../../../server/abi/versions.ts";
import type { KvmVcpu } from "../../../../server/kernel/kvm/kvm_host.ts";
import { kvmVgicSetOwner } from "../../../../server/kernel/kvm/vgic/vgic.ts";
import { kvmVgicMapResources } from "../../../../server/kernel/kvm/vgic/vgic_init.ts";
import { sysPrlimitNofile } from "../../../../server/kernel/syscalls.ts";
import { said } from "../vmm.ts";
import { DIST_BASE, REDIST_BASE, VgicVmm } from "./vgic_vmm.ts";

const PPI = (vcpu: number, number: number) => (2 << 24) | (vcpu << 16) | number;
const SPI = (number: number) => (1 << 24) | number;

/** Takes the mutex of vCPU 0, as a KVM_RUN does. */
const run = (vmm: VgicVmm) => vmm.kvm.vcpus[0]?.mutex.lockKillable(vmm.task);

describe("creation", () => {
  test("of a second one fails, and so does any of a VGICv2", () => {
    const vmm = new VgicVmm();
    expect([vmm.createDevice(KVM_DEV_TYPE_ARM_VGIC_V2), vmm.ioctl(vmm.vm, "KVM_CREATE_IRQCHIP")].map(said)).toEqual([
      "ENODEV",
      "ENODEV",
    ]);
    expect(vmm.createDevice()).toBeGreaterThan(0);
    expect(said(vmm.createDevice())).toBe("EEXIST");
  });

  test.each<[KernelName, string]>([
    ["5.14", "EEXIST"],
    ["6.1", "ENODEV"],
    ["6.12", "ENODEV"],
  ])("of a VGICv2 beside a VGICv3 under %s is %s", (kernel, errno) => {
    const vmm = new VgicVmm(kernel);
    vmm.createDevice();
    expect(said(vmm.ioctl(vmm.vm, "KVM_CREATE_IRQCHIP"))).toBe(errno);
  });

  test.each<[KernelName, string]>([
    ["5.14", "EEXIST"],
    ["6.1", "EBUSY"],
    ["6.12", "EBUSY"],
  ])("of a second one while a vCPU runs under %s is %s", (kernel, errno) => {
    const vmm = new VgicVmm(kernel);
    vmm.addVcpus(0);
    vmm.createDevice();
    run(vmm);
    expect(said(vmm.createDevice())).toBe(errno);
  });

  test("fails while a vCPU runs, and after one has", () => {
    const vmm = new VgicVmm();
    vmm.addVcpus(0);
    run(vmm);
    expect(said(vmm.createDevice())).toBe("EBUSY");
    vmm.kvm.vcpus[0]?.mutex.unlock();
    (vmm.kvm.vcpus[0] as KvmVcpu).arch.ranBy = vmm.task;
    expect(said(vmm.createDevice())).toBe("EBUSY");
    // An ITS asks for nothing.
    expect(vmm.createDevice(KVM_DEV_TYPE_ARM_VGIC_ITS)).toBeGreaterThan(0);
  });

  test("is only tried with KVM_CREATE_DEVICE_TEST", () => {
    const vmm = new VgicVmm();
    vmm.createDevice(KVM_DEV_TYPE_ARM_VGIC_V3, KVM_CREATE_DEVICE_TEST);
    expect(vmm.kvm.vgic.inKernel).toBe(false);
  });

  test("without a descriptor left has created it all the same", () => {
    const vmm = new VgicVmm();
    sysPrlimitNofile(vmm.task, 0);
    expect(said(vmm.createDevice())).toBe("EMFILE");
    expect([vmm.kvm.vgic.inKernel, vmm.kvm.devices.size]).toEqual([true, 0]);
  });

  test("outlives the descriptor, which names it", () => {
    const vmm = new VgicVmm();
    const dev = vmm.createDevice();
    expect([vmm.task.files.lookup(dev)?.name, vmm.task.files.getCloexec(dev)]).toEqual([
      "anon_inode:kvm-arm-vgic-v3",
      true,
    ]);
    vmm.close(dev);
    expect(said(vmm.createDevice())).toBe("EEXIST");
  });
});

describe("initialization", () => {
  test("ends the creation of vCPUs and can be repeated", () => {
    const vmm = new VgicVmm();
    vmm.addVcpus(0);
    const dev = vmm.createDevice();
    expect([vmm.init(dev), vmm.init(dev)]).toEqual([0, 0]);
    expect(said(vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 1n))).toBe("EBUSY");
  });

  test("without vCPUs leaves nobody to read the registers for", () => {
    const vmm = new VgicVmm();
    const dev = vmm.createDevice();
    expect([vmm.init(dev), said(Number(vmm.get(dev, DIST_REGS, 0)))]).toEqual([0, "EINVAL"]);
  });

  test("comes before interrupts and registers", () => {
    const vmm = new VgicVmm();
    vmm.addVcpus(0);
    expect([SPI(32), PPI(0, 16)].map((irq) => said(vmm.irqLine(irq, 1)))).toEqual(["ENXIO", "ENXIO"]);
    const dev = vmm.createDevice();
    expect([SPI(32), SPI(999), PPI(0, 16)].map((irq) => said(vmm.irqLine(irq, 1)))).toEqual([
      "EBUSY",
      "EBUSY",
      "EBUSY",
    ]);
    expect(said(Number(vmm.get(dev, DIST_REGS, 0)))).toBe("EBUSY");
    expect(said(vmm.set(dev, CTRL, SAVE_PENDING))).toBe("ENXIO");
    vmm.init(dev);
    expect([SPI(32), SPI(287), SPI(288), PPI(0, 16)].map((irq) => said(vmm.irqLine(irq, 1)))).toEqual([
      0,
      "EINVAL",
      "EINVAL",
      0,
    ]);
  });

  test("registers are busy while a vCPU runs", () => {
    const vmm = new VgicVmm();
    vmm.addVcpus(0);
    const dev = vmm.readyVgic();
    run(vmm);
    expect([said(Number(vmm.get(dev, DIST_REGS, 0))), said(vmm.set(dev, CTRL, SAVE_PENDING))]).toEqual([
      "EBUSY",
      "EBUSY",
    ]);
    expect(vmm.get(dev, NR_IRQS, 0)).toBe(256n);
  });
});

describe("the first run", () => {
  type Step = (vmm: VgicVmm, dev: number) => unknown;
  const dist: Step = (vmm, dev) => vmm.place(dev, DIST, DIST_BASE);
  const redist: Step = (vmm, dev) => vmm.place(dev, REDIST, REDIST_BASE);
  const overDist: Step = (vmm, dev) => vmm.place(dev, DIST, REDIST_BASE);
  const small: Step = (vmm, dev) => vmm.place(dev, REGION, (1n << 52n) | REDIST_BASE);
  const init: Step = (vmm, dev) => vmm.init(dev);

  test.each<[string, Step[], string | number]>([
    ["no address", [init], "ENXIO"],
    ["no distributor", [redist, init], "ENXIO"],
    ["no redistributors", [dist, init], "ENXIO"],
    ["a region that is too small", [dist, small, init], "ENXIO"],
    ["an overlap", [redist, overDist, init], "EINVAL"],
    ["an overlap, not initialized", [redist, overDist], "EINVAL"],
    ["not initialized", [dist, redist], "EBUSY"],
    ["all", [dist, redist, init], 0],
    ["all, in another order", [init, redist, dist], 0],
  ])("with %s", (_, steps, answer) => {
    for (const kernel of ["5.14", "6.12"] as const) {
      const vmm = new VgicVmm(kernel);
      vmm.addVcpus(0, 1);
      const dev = vmm.createDevice();
      for (const step of steps) step(vmm, dev);
      const { kvm } = vmm;
      expect([said(kvmVgicMapResources(kvm)), kvm.vgic.ready]).toEqual([answer, answer === 0]);
      // A failure kills the VM or, in older kernels, takes what user space had set.
      expect(kvm.vmDead).toBe(answer !== 0 && kernel === "6.12");
      expect(said(vmm.ioctl(dev, 0))).toBe(kvm.vmDead ? "EIO" : "ENOTTY");
      if (answer !== 0 && kernel === "5.14") {
        expect(vmm.get(dev, ADDR, DIST, true)).toBe(0xffff_ffff_ffff_ffffn);
        expect(vmm.get(dev, NR_IRQS, 0)).toBe(32n);
        expect(said(vmm.createDevice())).toBe("EEXIST");
        for (const step of [dist, redist, init]) step(vmm, dev);
        expect(kvmVgicMapResources(kvm)).toBe(0);
      }
    }
  });

  test("without a VGIC asks for nothing", () => {
    const { kvm } = new VgicVmm();
    expect([kvmVgicMapResources(kvm), kvm.vgic.ready]).toEqual([0, false]);
  });
});

describe("the owner of an interrupt", () => {
  const timer = {};
  test.each<[string, number, string | number]>([
    ["an SGI", 15, "EINVAL"],
    ["a PPI", 27, 0],
    ["an SPI", 255, 0],
    ["beyond the last SPI", 256, "EINVAL"],
  ])("can have %s", (_, intid, answer) => {
    const vmm = new VgicVmm();
    vmm.addVcpus(0);
    const vcpu = vmm.kvm.vcpus[0] as KvmVcpu;
    expect(said(kvmVgicSetOwner(vcpu, intid, timer))).toBe("EAGAIN");
    vmm.readyVgic();
    expect(said(kvmVgicSetOwner(vcpu, intid, timer))).toBe(answer);
    if (answer !== 0) return;
    expect([said(kvmVgicSetOwner(vcpu, intid, timer)), said(kvmVgicSetOwner(vcpu, intid, {}))]).toEqual([0, "EEXIST"]);
  });

  test("alone drives its line", () => {
    const vmm = new VgicVmm();
    vmm.addVcpus(0);
    vmm.readyVgic();
    const vcpu = vmm.kvm.vcpus[0] as KvmVcpu;
    kvmVgicSetOwner(vcpu, 27, timer);
    expect([vmm.irqLine(PPI(0, 27), 1), vcpu.vgicCpu.privateIrqs[27]?.lineLevel]).toEqual([0, false]);
    expect([vmm.irqLine(PPI(0, 26), 1), vcpu.vgicCpu.privateIrqs[26]?.lineLevel]).toEqual([0, true]);
  });
});

describe("the timers' interrupts", () => {
  // Both timers have PPI 20 at a first KVM_RUN, of which the one that comes first keeps it; then these.
  test.each<[KernelName, number, number, string]>([
    ["6.1", 20, 21, "EINTR"],
    ["6.1", 21, 20, "EINVAL"],
    ["6.12", 20, 21, "EINVAL"],
    ["6.12", 21, 20, "EINTR"],
    ["6.12", 22, 23, "EINTR"],
  ])("are owned from the first try on, %s: %i and %i give %s", (kernel, vtimer, ptimer, errno) => {
    const vmm = new VgicVmm(kernel);
    vmm.addVcpus(0);
    vmm.readyVgic();
    const set = (virtual: number, physical: number) =>
      [VTIMER, PTIMER].map((attr, i) => vmm.set(vmm.vcpus[0] as number, TIMER_CTRL, attr, [virtual, physical][i]));
    expect(set(20, 20)).toEqual([0, 0]);
    expect(said(vmm.enter())).toBe("EINVAL");
    expect(set(vtimer, ptimer)).toEqual([0, 0]);
    expect(said(vmm.enter())).toBe(errno);
  });
});
