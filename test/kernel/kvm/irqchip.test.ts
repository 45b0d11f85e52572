/** KVM_IRQ_LINE, KVM_SET_GSI_ROUTING and KVM_SIGNAL_MSI. */

import { beforeEach, describe, expect, test } from "vitest";
import {
  KVM_IRQ_ROUTING_IRQCHIP as IRQCHIP,
  KVM_DEV_TYPE_ARM_VGIC_ITS,
  KVM_MSI_VALID_DEVID,
  kvm_irq_level,
  kvm_irq_routing,
  kvm_irq_routing_entry,
  kvm_msi,
  KVM_IRQ_ROUTING_MSI as MSI,
} from "../../../server/abi/kvm.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { kvmSetIrq } from "../../../server/kernel/kvm/irqchip.ts";
import { VgicVmm } from "./vgic/vgic_vmm.ts";
import { NOWHERE, said } from "./vmm.ts";

let vmm: VgicVmm;
beforeEach(() => {
  vmm = new VgicVmm();
  vmm.addVcpus(0, 0x105);
});

const word = (type: number, number: number, vcpu = 0) =>
  ((vcpu >> 8) << 28) | (type << 24) | ((vcpu & 0xff) << 16) | number;
const line = (irq: number, level = 1) => said(vmm.irqLine(irq >>> 0, level));
const irq = (intid: number, vcpu = 0) =>
  intid < 32 ? vmm.kvm.vcpus[vcpu]?.vgicCpu.privateIrqs[intid] : vmm.kvm.vgic.spis[intid - 32];

describe("KVM_IRQ_LINE", () => {
  test.each<[string, number, string | number, string | number]>([
    // without a VGIC, with one
    ["a vCPU's IRQ", word(0, 0), 0, "ENXIO"],
    ["a vCPU's FIQ", word(0, 1), 0, "ENXIO"],
    ["a vCPU has two lines", word(0, 2), "EINVAL", "ENXIO"],
    ["no vCPU, no such line", word(0, 2, 7), "EINVAL", "ENXIO"],
    ["an SPI", word(1, 32), "ENXIO", 0],
    ["the last SPI", word(1, 255), "ENXIO", 0],
    ["beyond the last SPI", word(1, 256), "ENXIO", "EINVAL"],
    ["an LPI that is not mapped", word(1, 8192), "ENXIO", "EINVAL"],
    ["no SPI", word(1, 31), "ENXIO", "EINVAL"],
    ["an SPI, whatever the vCPU", word(1, 32, 7), "ENXIO", 0],
    ["a PPI", word(2, 16), "ENXIO", 0],
    ["no PPI", word(2, 15), "ENXIO", "EINVAL"],
    ["no PPI either", word(2, 32), "ENXIO", "EINVAL"],
    ["no vCPU's PPI", word(2, 16, 7), "ENXIO", "EINVAL"],
    ["no type", word(3, 0), "EINVAL", "EINVAL"],
  ])("%s", (_, number, without, withVgic) => {
    expect(line(number)).toBe(without);
    vmm.readyVgic();
    expect(line(number)).toBe(withVgic);
  });

  test.each<[KernelName, number, number, number]>([
    ["6.1", 1, 0x105, 1],
    ["6.12", 0x105, 1, 0x105],
  ])("under %s the vCPU is %i, not %i", (kernel, known, unknown, id) => {
    vmm = new VgicVmm(kernel);
    vmm.addVcpus(0, id);
    vmm.readyVgic();
    expect([line(word(2, 16, known)), line(word(2, 16, unknown))]).toEqual([0, "EINVAL"]);
    expect([irq(16, 0)?.lineLevel, irq(16, 1)?.lineLevel]).toEqual([false, true]);
  });

  test("under 6.1 the index finds the vCPU, whose id is then taken for an index", () => {
    vmm = new VgicVmm("6.1");
    vmm.addVcpus(0, 0x105);
    vmm.readyVgic();
    expect(line(word(2, 16, 1))).toBe("EINVAL");
  });

  test("raises and lowers levels; raises edges, which stay", () => {
    vmm.readyVgic();
    const spi = irq(40);
    line(word(1, 40));
    line(word(1, 40), 0);
    expect([spi?.pendingLatch, spi?.lineLevel, spi?.pending]).toEqual([true, false, true]);
    line(word(2, 20));
    expect([irq(20)?.lineLevel, irq(20)?.pendingLatch, irq(20)?.pending]).toEqual([true, false, true]);
    line(word(2, 20), 0);
    expect(irq(20)?.pending).toBe(false);
  });

  test("holds a vCPU's own lines and ends its sleep", () => {
    const arch = vmm.kvm.vcpus[1]?.arch;
    let woken = 0;
    if (arch) arch.wake = () => woken++;
    line(word(0, 0, 0x105));
    line(word(0, 1, 0x105), 7);
    line(word(0, 1, 0x105));
    expect([arch?.irqLines, woken]).toEqual([3, 2]);
    line(word(0, 0, 0x105), 0);
    expect([arch?.irqLines, vmm.kvm.vcpus[0]?.arch.irqLines]).toEqual([2, 0]);
  });

  test("KVM_IRQ_LINE_STATUS gives the struct back as it came", () => {
    vmm.readyVgic();
    const status = (number: number) =>
      said(vmm.call(vmm.vm, "KVM_IRQ_LINE_STATUS", kvm_irq_level, { irq: number, level: 1 }));
    expect(status(word(1, 40))).toBe(0);
    expect(vmm.result(kvm_irq_level)).toMatchObject({ irq: word(1, 40), level: 1 });
    expect([irq(40)?.pending, status(word(3, 0))]).toEqual([true, "EINVAL"]);
  });

  test("reads its argument first", () => {
    expect(said(vmm.ioctl(vmm.vm, "KVM_IRQ_LINE", NOWHERE))).toBe("EFAULT");
    expect(said(vmm.ioctl(vmm.vm, "KVM_IRQ_LINE_STATUS", NOWHERE))).toBe("EFAULT");
  });
});

describe("KVM_SET_GSI_ROUTING", () => {
  type Entry = Parameters<typeof kvm_irq_routing_entry.encode>[0];
  const pin = (gsi: number, n: number, irqchip = 0, flags = 0): Entry => ({
    gsi,
    type: IRQCHIP,
    flags,
    u: { irqchip: { irqchip, pin: n } },
  });
  const msi = (gsi: number, flags = 0): Entry => ({
    gsi,
    type: MSI,
    flags,
    u: { msi: { address_lo: 0, address_hi: 0, data: 0, devid: 0 } },
  });

  function route(...entries: Entry[]): string | number {
    const table = vmm.map(1);
    vmm.write(table, kvm_irq_routing.encode({ nr: entries.length, flags: 0 }));
    entries.forEach((entry, i) => {
      vmm.write(table + BigInt(8 + 48 * i), kvm_irq_routing_entry.encode(entry));
    });
    return said(vmm.ioctl(vmm.vm, "KVM_SET_GSI_ROUTING", table));
  }

  test("by default leads GSI n to SPI n + 32", () => {
    expect(kvmSetIrq(vmm.kvm, 3, true)).toBe(-1);
    vmm.readyVgic();
    expect([kvmSetIrq(vmm.kvm, 3, true), irq(35)?.pending]).toEqual([0, true]);
    expect([kvmSetIrq(vmm.kvm, 223, true), kvmSetIrq(vmm.kvm, 224, true)]).toEqual([0, -1]);
  });

  test("replaces the table, for the initialization to replace it in turn", () => {
    expect(route(pin(9, 3))).toBe(0);
    vmm.readyVgic();
    expect(vmm.kvm.irqRouting?.mapGsi(9)).toEqual([{ gsi: 9, type: IRQCHIP, irqchip: 0, pin: 9 }]);
    expect(route(pin(9, 3))).toBe(0);
    expect([kvmSetIrq(vmm.kvm, 9, true), kvmSetIrq(vmm.kvm, 3, true), irq(35)?.pending]).toEqual([0, -1, true]);
    expect(route()).toBe(0);
    expect(kvmSetIrq(vmm.kvm, 9, true)).toBe(-1);
  });

  test("of a pin beyond the last SPI delivers nothing", () => {
    vmm.readyVgic();
    expect([route(pin(9, 987)), kvmSetIrq(vmm.kvm, 9, true)]).toEqual([0, -1]);
  });

  test.each<[string, Entry[], string | number]>([
    ["the last pin", [pin(4095, 987)], 0],
    ["beyond the last pin", [pin(0, 988)], "EINVAL"],
    ["beyond the last GSI", [pin(4096, 0)], "EINVAL"],
    ["another irqchip", [pin(0, 0, 1)], "EINVAL"],
    ["flags of a pin", [pin(0, 0, 0, 1)], "EINVAL"],
    ["a message with a device", [msi(0, KVM_MSI_VALID_DEVID)], 0],
    ["unknown flags of a message", [msi(0, 2)], "EINVAL"],
    ["two pins of one GSI", [pin(0, 0), pin(0, 1)], "EINVAL"],
    ["a pin and a message of one GSI", [pin(0, 0), msi(0)], "EINVAL"],
    ["two GSIs of one pin", [pin(0, 5), pin(1, 5)], 0],
    ["an unknown type", [{ ...msi(0), type: 3 }], "EINVAL"],
  ])("%s: all or nothing", (_, entries, answer) => {
    route(pin(77, 7));
    expect(route(...entries)).toBe(answer);
    expect(vmm.kvm.irqRouting?.mapGsi(77)).toHaveLength(answer === 0 ? 0 : 1);
  });
});

describe("KVM_SIGNAL_MSI", () => {
  const signal = (flags = KVM_MSI_VALID_DEVID, address_lo = 0x808_0040) =>
    said(vmm.call(vmm.vm, "KVM_SIGNAL_MSI", kvm_msi, { address_lo, address_hi: 0, data: 0, flags, devid: 0 }));

  test("asks, in this order, for a VGIC, known flags, an ITS, a device and a doorbell", () => {
    expect(said(vmm.ioctl(vmm.vm, "KVM_SIGNAL_MSI", NOWHERE))).toBe("EFAULT");
    expect(signal()).toBe("EINVAL");
    vmm.readyVgic();
    expect([signal(2), signal(0)]).toEqual(["EINVAL", "ENODEV"]);
    const its = vmm.createDevice(KVM_DEV_TYPE_ARM_VGIC_ITS);
    expect(signal(0)).toBe("EINVAL");
    expect(vmm.lastRule).toMatch(/VALID_DEVID/);
    expect(signal()).toBe("EINVAL");
    expect(vmm.lastRule).toMatch(/doorbell/);
    vmm.place(its, 4n, 0x808_0000n);
    expect(signal(KVM_MSI_VALID_DEVID, 0x80a_0040)).toBe("EINVAL");
    // The ITS's frames are two, and the doorbell is anywhere in them.
    expect([signal(), signal(KVM_MSI_VALID_DEVID, 0x808_0000)]).toEqual(["EBUSY", "EBUSY"]);
  });
});
