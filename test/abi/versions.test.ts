/** The table of kernel versions: every behaviour changes when its kernel comes, and from then on holds. */

import { describe, expect, test } from "vitest";
import { type Behaviours, DEFAULT_KERNEL, isKernelName, KERNEL_NAMES, KERNELS } from "../../server/abi/versions.ts";

const names = Object.keys(KERNELS["6.12"]).filter((name) => name !== "kernel") as (keyof Behaviours)[];
/** A behaviour's value from the oldest kernel to the newest. */
const history = (name: keyof Behaviours) => KERNEL_NAMES.map((kernel) => KERNELS[kernel][name]);

describe("kernels", () => {
  test("each has all behaviours, and says its name", () => {
    for (const kernel of KERNEL_NAMES) {
      expect(KERNELS[kernel].kernel).toBe(kernel);
      expect(Object.keys(KERNELS[kernel]).sort()).toEqual([...names, "kernel"].sort());
      expect(Object.values(KERNELS[kernel])).not.toContain(undefined);
    }
  });

  test("nobody can change one", () => {
    expect(Object.isFrozen(KERNELS)).toBe(true);
    for (const kernel of KERNEL_NAMES) expect(Object.isFrozen(KERNELS[kernel])).toBe(true);
  });

  test("the default is one, and only their names are names", () => {
    expect(isKernelName(DEFAULT_KERNEL)).toBe(true);
    for (const name of ["", "6.11", "6.1 ", "toString"]) expect(isKernelName(name)).toBe(false);
  });
});

describe("behaviours", () => {
  test.each(names)("%s has values of one type", (name) => {
    expect(new Set(history(name).map((value) => typeof value)).size).toBe(1);
  });

  test("what is either so or not changes once at most", () => {
    const turns = (name: keyof Behaviours) =>
      history(name).filter((value, i, all) => i > 0 && value !== all[i - 1]).length;
    const booleans = names.filter((name) => typeof history(name)[0] === "boolean");
    expect(booleans.filter((name) => turns(name) > 1)).toEqual([]);
  });

  test("the series, 5.14 and each later kernel differ from the one before", () => {
    for (let i = 1; i < KERNEL_NAMES.length; i++) {
      expect(names.filter((name) => history(name)[i] !== history(name)[i - 1])).not.toEqual([]);
    }
  });

  // seed-v10, 5.14, 6.1, 6.12, 7.1
  test.each([
    ["capArmMte", [195, 205, 205, 205, 205]],
    ["copyTagsReturnsBytes", [false, true, true, true, true]],
    ["copyTagsLengthLimit", [false, false, false, true, true]],
    ["copyTagsBusyWhileLogging", [false, false, false, true, true]],
    ["mteSlotRule", ["none", "shared", "shared", "not-allowed", "not-allowed"]],
    ["traceRequests", [true, true, true, false, false]],
    ["ioctlGetStatsFd", [false, true, true, true, true]],
    ["ioctlSetUserMemoryRegion2", [false, false, false, true, true]],
    ["ioctlArmSetCounterOffset", [false, false, false, true, true]],
    ["ioctlCreateGuestMemfd", [false, false, false, false, true]],
    ["ioctlPreFaultMemory", [false, false, false, false, false]],
  ] as const)("%s", (name, values) => {
    expect(history(name)).toEqual(values);
  });
});
