/** Every request of the table reaches a handler on each of its descriptors, on the kernels that have it, and no other does. */

import { describe, expect, test } from "vitest";
import { errnoName } from "../../../server/abi/errno.ts";
import { type FdKind, type IoctlRow, ioctlExists } from "../../../server/abi/ioctl.ts";
import { KVM_DEV_TYPE_ARM_VGIC_V3, kvm_create_device } from "../../../server/abi/kvm.ts";
import { IOCTLS } from "../../../server/abi/kvm_ioctl.ts";
import { KERNEL_NAMES } from "../../../server/abi/versions.ts";
import { vcpuIoctl } from "../../../server/kernel/kvm/vcpu_ioctl.ts";
import { vmIoctl } from "../../../server/kernel/kvm/vm_ioctl.ts";
import { NOWHERE, said, Vmm } from "./vmm.ts";

const rows: readonly IoctlRow[] = IOCTLS;
const unknown: Readonly<Record<FdKind, RegExp>> = {
  system: /not a request that \/dev\/kvm takes/,
  vm: /not a request that a VM/,
  vcpu: /not a request that a vCPU/,
  device: /unknown request/,
};

describe.each(KERNEL_NAMES)("%s", (kernel) => {
  const vmm = new Vmm(kernel);
  const vcpu = vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 0n);
  vmm.call(vmm.vm, "KVM_CREATE_DEVICE", kvm_create_device, { type: KVM_DEV_TYPE_ARM_VGIC_V3 });
  const fds: Record<FdKind, number> = { system: vmm.dev, vm: vmm.vm, vcpu, device: vmm.result(kvm_create_device).fd };

  test.each(Object.keys(fds) as FdKind[])("the table's requests on a %s descriptor", (kind) => {
    for (const row of rows) {
      const ret = vmm.ioctl(fds[kind], row.request, NOWHERE);
      const refused = ret < 0 && unknown[kind].test(vmm.lastRule ?? "");
      const twin = rows.some((other) => other.request === row.request && ioctlExists(other, kind, vmm.task.abi));
      expect([row.name, kind, refused]).toEqual([row.name, kind, !twin]);
    }
  });

  test("the whole 32-bit number counts", () => {
    for (const kind of ["vm", "vcpu"] as const) {
      const find = kind === "vm" ? vmIoctl : vcpuIoctl;
      for (const { request } of rows) {
        for (const bit of [31, 30, 29, 20, 16, 8]) {
          const other = (request ^ (1 << bit)) >>> 0;
          if (!rows.some((row) => row.request === other)) expect(find(vmm.task.abi, other)).toBeUndefined();
        }
      }
    }
  });

  test("unknown requests are EINVAL, on a device ENOTTY; those of the old trace interface have an answer of their own", () => {
    const ask = (request: number) => Object.values(fds).map((fd) => said(vmm.ioctl(fd, request)));
    expect(ask(0xaefe)).toEqual(["EINVAL", "EINVAL", "EINVAL", "ENOTTY"]);
    const trace = ["6.12", "7.1"].includes(kernel) ? "EINVAL" : errnoName(95);
    expect([0x4008ae06, 0xae07, 0xae08].map((request) => ask(request)[0])).toEqual([trace, trace, trace]);
  });
});
