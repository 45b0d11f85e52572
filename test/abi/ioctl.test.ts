/** The table of requests: its order, its lookups, and which kernel knows what. */

import { describe, expect, test } from "vitest";
import { struct, u32 } from "../../server/abi/ctypes.ts";
import { _IO, _IOC, _IOR, _IOW, _IOWR, type FdKind, ioctlExists } from "../../server/abi/ioctl.ts";
import * as kvm from "../../server/abi/kvm.ts";
import {
  IOCTLS,
  ioctlByName,
  ioctlByRequest,
  KVM_TRACE_DISABLE,
  KVM_TRACE_ENABLE,
  KVM_TRACE_PAUSE,
} from "../../server/abi/kvm_ioctl.ts";
import { KERNEL_NAMES, KERNELS } from "../../server/abi/versions.ts";

const KINDS: readonly FdKind[] = ["system", "vm", "vcpu", "device"];

describe("request numbers", () => {
  const pair = struct("pair", { a: u32, b: u32 });
  test.each([
    ["_IO", _IO(0xae, 0x41), 0x0000ae41],
    ["_IOW", _IOW(0xae, 0x61, pair), 0x4008ae61],
    ["_IOR", _IOR(0xae, 0x61, pair), 0x8008ae61],
    ["_IOWR", _IOWR(0xae, 0x61, pair), 0xc008ae61],
    ["the largest", _IOC(3, 0xff, 0xff, 0x3fff), 0xffffffff],
  ])("%s", (_, request, number) => {
    expect(request).toBe(number);
  });

  test("of the tracing that is gone", () => {
    expect([KVM_TRACE_ENABLE, KVM_TRACE_PAUSE, KVM_TRACE_DISABLE]).toEqual([0x4008ae06, 0xae07, 0xae08]);
  });
});

describe("the table", () => {
  test("names are unique, and so is a number on one kind of descriptor", () => {
    expect(new Set(IOCTLS.map((row) => row.name)).size).toBe(IOCTLS.length);
    for (const kind of KINDS) {
      const numbers = IOCTLS.filter((row) => row.fds.includes(kind)).map((row) => row.request);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  test.each(IOCTLS.map((row) => [row.name, row] as const))("%s is found by name and by number", (name, row) => {
    expect(ioctlByName(name)).toBe(row);
    for (const kind of KINDS) {
      expect(ioctlByRequest(kind, row.request) === row).toBe(row.fds.includes(kind));
    }
  });

  test.each(IOCTLS.map((row) => [row.name, row] as const))("%s carries the size of its argument", (_, row) => {
    expect((row.request >>> 16) & 0x3fff).toBe(row.arg.kind === "pointer" ? row.arg.type.size : 0);
    expect(row.capability === "basic" || row.capability in kvm).toBe(true);
    expect(row.doc).toMatch(/^[A-Z].*\.$/);
  });

  test("one number is two requests, by the kind of descriptor", () => {
    expect(ioctlByRequest("vm", 0x4010aeab)?.name).toBe("KVM_ARM_SET_DEVICE_ADDR");
    expect(ioctlByRequest("vcpu", 0x4010aeab)?.name).toBe("KVM_GET_ONE_REG");
    expect(ioctlByRequest("vm", 0xc008ae67)?.name).toBe("KVM_IRQ_LINE_STATUS");
    expect(ioctlByRequest("vm", 0x4010ae67)?.name).toBe("KVM_REGISTER_COALESCED_MMIO");
  });

  test.each([
    ["a right number with a wrong size", "vm", 0x4018ae46],
    ["a right number with a wrong direction", "vm", 0x8020ae46],
    ["another type byte", "vcpu", 0xad80],
    ["a VM's request", "system", 0xae41],
  ] as const)("%s is unknown", (_, kind, request) => {
    expect(ioctlByRequest(kind, request)).toBeUndefined();
  });

  test("the directions that the numbers get wrong", () => {
    const direction = (name: string) => {
      const arg = ioctlByName(name)?.arg;
      return arg?.kind === "pointer" ? arg.direction : undefined;
    };
    expect(direction("KVM_ARM_MTE_COPY_TAGS")).toBe("in");
    expect(direction("KVM_CLEAR_DIRTY_LOG")).toBe("in");
    expect(direction("KVM_GET_REG_LIST")).toBe("inout");
    expect(direction("KVM_ARM_PREFERRED_TARGET")).toBe("out");
  });
});

describe("which kernel knows it", () => {
  const since = (name: string, kind: FdKind) => {
    const row = ioctlByName(name);
    return KERNEL_NAMES.find((kernel) => row && ioctlExists(row, kind, KERNELS[kernel]));
  };
  test.each([
    ["KVM_ARM_MTE_COPY_TAGS", "vm", "seed-v10"],
    ["KVM_GET_STATS_FD", "vcpu", "5.14"],
    ["KVM_SET_USER_MEMORY_REGION2", "vm", "6.12"],
    ["KVM_CREATE_GUEST_MEMFD", "vm", "7.1"],
    ["KVM_SET_MEMORY_ATTRIBUTES", "vm", undefined],
    ["KVM_SET_DEVICE_ATTR", "vm", "6.12"],
    ["KVM_SET_DEVICE_ATTR", "vcpu", "seed-v10"],
    ["KVM_SET_DEVICE_ATTR", "device", "seed-v10"],
    ["KVM_SET_DEVICE_ATTR", "system", undefined],
    ["KVM_GET_DEVICE_ATTR", "vm", undefined],
  ] as const)("%s on a %s descriptor: since %s", (name, kind, kernel) => {
    expect(since(name, kind)).toBe(kernel);
  });
});
