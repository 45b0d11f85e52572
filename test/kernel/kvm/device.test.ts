/** KVM_CREATE_DEVICE, device descriptors, and the VFIO device. */

import { beforeEach, describe, expect, test } from "vitest";
import {
  KVM_DEV_TYPE_ARM_VGIC_ITS,
  KVM_DEV_TYPE_ARM_VGIC_V3,
  KVM_DEV_TYPE_VFIO,
  kvm_create_device,
} from "../../../server/abi/kvm.ts";
import { requestOf } from "../../../server/abi/kvm_ioctl.ts";
import { PROT_READ } from "../../../server/abi/mman.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { sysEventfd2, sysIoctl } from "../../../server/kernel/syscalls.ts";
import { VgicVmm } from "./vgic/vgic_vmm.ts";
import { NOWHERE, said } from "./vmm.ts";

let vmm: VgicVmm;
beforeEach(() => {
  vmm = new VgicVmm();
});

describe("creation", () => {
  test.each<[string, number, number, string | number]>([
    ["no type", 0, 0, "ENODEV"],
    ["another architecture's", 1, 0, "ENODEV"],
    ["PV time, which is reserved", 10, 0, "ENODEV"],
    ["VGICv5, which the host is not", 16, 1, "ENODEV"],
    ["beyond the table", 0xffff_ffff, 0xffff_ffff, "ENODEV"],
    ["unknown flags", KVM_DEV_TYPE_ARM_VGIC_V3, 0xffff_fffe, 0],
  ])("%s", (_, type, flags, answer) => {
    const ret = vmm.createDevice(type, flags);
    expect(ret < 0 ? said(ret) : 0).toBe(answer);
  });

  test("only tried, leaves the struct as it was", () => {
    expect(vmm.call(vmm.vm, "KVM_CREATE_DEVICE", kvm_create_device, { type: 7, fd: 0x1234, flags: 1 })).toBe(0);
    expect(vmm.result(kvm_create_device)).toEqual({ type: 7, fd: 0x1234, flags: 1 });
    expect(vmm.kvm.devices.size).toBe(0);
  });

  test("whose struct cannot be written has made a device all the same", () => {
    const page = vmm.map(1, PROT_READ);
    expect(said(vmm.ioctl(vmm.vm, "KVM_CREATE_DEVICE", page))).toBe("ENODEV");
    expect(said(vmm.ioctl(vmm.vm, "KVM_CREATE_DEVICE", NOWHERE))).toBe("EFAULT");
    const struct = vmm.map(1);
    vmm.write(struct, kvm_create_device.encode({ type: KVM_DEV_TYPE_ARM_VGIC_ITS }));
    vmm.task.mm.mprotect(vmm.task, Number(struct), 4096, PROT_READ);
    expect(said(vmm.ioctl(vmm.vm, "KVM_CREATE_DEVICE", struct))).toBe("EFAULT");
    expect(vmm.kvm.devices.size).toBe(1);
  });
});

describe("a device descriptor", () => {
  test("knows three requests", () => {
    const dev = vmm.createDevice();
    expect([0, 0x5401, requestOf("KVM_RUN"), requestOf("KVM_CREATE_VCPU")].map((r) => said(vmm.ioctl(dev, r)))).toEqual(
      Array(4).fill("ENOTTY"),
    );
    expect(said(vmm.ioctl(dev, "KVM_HAS_DEVICE_ATTR", NOWHERE))).toBe("EFAULT");
  });

  test("is of no use to another address space, nor once the VM is dead", () => {
    const dev = vmm.createDevice();
    const child = vmm.task.fork() as Task;
    expect(said(sysIoctl(child, dev, 0, 0n) as number)).toBe("EIO");
    vmm.kvm.vmDead = true;
    expect([0, requestOf("KVM_HAS_DEVICE_ATTR")].map((request) => said(vmm.ioctl(dev, request)))).toEqual([
      "EIO",
      "EIO",
    ]);
  });

  test("keeps the VM alive", () => {
    const { kvm } = vmm;
    let destroyed = false;
    kvm.onDestroy(() => (destroyed = true));
    const dev = vmm.createDevice(KVM_DEV_TYPE_ARM_VGIC_ITS);
    vmm.close(vmm.vm);
    expect(destroyed).toBe(false);
    vmm.close(dev);
    expect([destroyed, kvm.devices.size]).toEqual([true, 0]);
  });
});

describe("the VFIO device", () => {
  test.each<[KernelName, string | number]>([
    ["5.14", "EBUSY"],
    ["6.1", 0],
  ])("under %s is one for each VM, and after its descriptor is closed another is %s", (kernel, after) => {
    vmm = new VgicVmm(kernel);
    const dev = vmm.createDevice(KVM_DEV_TYPE_VFIO);
    expect(said(vmm.createDevice(KVM_DEV_TYPE_VFIO))).toBe("EBUSY");
    vmm.close(dev);
    expect(said(Math.min(vmm.createDevice(KVM_DEV_TYPE_VFIO), 0))).toBe(after);
  });

  test("takes no group, for the host has none", () => {
    const dev = vmm.createDevice(KVM_DEV_TYPE_VFIO);
    expect([0, 1, 2, 3].map((attr) => said(vmm.has(dev, 1, attr)))).toEqual(["ENXIO", 0, 0, "ENXIO"]);
    expect(said(vmm.has(dev, 0, 1))).toBe("ENXIO");
    const fd = sysEventfd2(vmm.task, 0, 0);
    expect([1, 2].map((attr) => said(vmm.set(dev, 1, attr, fd)))).toEqual(["EINVAL", "ENOENT"]);
    expect([1, 2].map((attr) => said(vmm.set(dev, 1, attr, 0xffff_ffff)))).toEqual(["EBADF", "EBADF"]);
    expect(said(vmm.access("KVM_SET_DEVICE_ATTR", dev, 1, 1, NOWHERE))).toBe("EFAULT");
    expect(said(vmm.access("KVM_SET_DEVICE_ATTR", dev, 1, 3, NOWHERE))).toBe("ENXIO");
  });

  test("has nothing to read, which it says before it looks at the argument", () => {
    const dev = vmm.createDevice(KVM_DEV_TYPE_VFIO);
    expect(said(vmm.ioctl(dev, "KVM_GET_DEVICE_ATTR", NOWHERE))).toBe("EPERM");
  });
});
