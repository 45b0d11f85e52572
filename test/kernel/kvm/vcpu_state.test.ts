/** Events, debugging, power state, timers, PMU and paravirtual time of a vCPU. */

import { describe, expect, test } from "vitest";
import { kvm_create_device, kvm_device_attr, kvm_guest_debug } from "../../../server/abi/kvm.ts";
import {
  kvm_arm_counter_offset,
  kvm_pmu_event_filter,
  kvm_smccc_filter,
  kvm_vcpu_events,
} from "../../../server/abi/kvm_arm64.ts";
import {
  KVM_REG_ARM_PTIMER_CNT,
  KVM_REG_ARM_PTIMER_CVAL,
  KVM_REG_ARM_TIMER_CNT,
  KVM_REG_ARM_TIMER_CTL,
  KVM_REG_ARM_TIMER_CVAL,
} from "../../../server/abi/kvm_reg.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { FEATURE, KERNELS, VcpuVmm } from "./vcpu_vmm.ts";
import { NOWHERE, said } from "./vmm.ts";

function started(kernel: KernelName, features = 0): VcpuVmm {
  const v = new VcpuVmm(kernel);
  expect(v.init(features)).toBe(0);
  return v;
}

/** Gives the VM a VGICv3, ready to run. */
function withVgic(v: VcpuVmm): VcpuVmm {
  v.call(v.vm, "KVM_CREATE_DEVICE", kvm_create_device, { type: 7, fd: 0, flags: 0 });
  const device = v.result(kvm_create_device).fd;
  for (const [group, attr, value] of [
    [0, 2, 0x8000000n],
    [0, 3, 0x80a0000n],
    [4, 0, 0n],
  ] as const) {
    const addr = v.put(value);
    const set = { flags: 0, group, attr: BigInt(attr), addr };
    expect(v.call(device, "KVM_SET_DEVICE_ATTR", kvm_device_attr, set)).toBe(0);
  }
  return v;
}

const set = (v: VcpuVmm, group: number, attr: number, value: bigint) =>
  v.attr("KVM_SET_DEVICE_ATTR", group, attr, v.put(value));
const has = (v: VcpuVmm, group: number, attr: number) => v.attr("KVM_HAS_DEVICE_ATTR", group, attr);

describe("KVM_SET_VCPU_EVENTS", () => {
  type Exception = ReturnType<typeof kvm_vcpu_events.zero>["exception"];
  const zero = kvm_vcpu_events.zero();
  const inject = (v: VcpuVmm, exception: Partial<Exception>, reserved: number[] = []) =>
    said(
      v.call(v.vcpu, "KVM_SET_VCPU_EVENTS", kvm_vcpu_events, {
        exception: { ...zero.exception, ...exception },
        reserved,
      }),
    );

  test.each<[string, Partial<Exception>, number[], string | number]>([
    ["nothing", {}, [], 0],
    ["a pad byte", { pad: Uint8Array.of(0, 0, 0, 0, 1) }, [], "EINVAL"],
    ["a reserved word", {}, [0, 1], "EINVAL"],
    ["any byte that is not zero counts as pending", { serror_pending: 2 }, [], 0],
    ["a syndrome beyond ISS", { serror_pending: 1, serror_has_esr: 1, serror_esr: 1n << 25n }, [], "EINVAL"],
    ["… that nobody asks for", { serror_has_esr: 1, serror_esr: 1n << 25n }, [], 0],
  ])("%s", (_, exception, reserved, answer) => {
    expect(inject(started("6.12"), exception, reserved)).toBe(answer);
  });

  test("what is pending stays until the vCPU is initialized again", () => {
    const v = started("6.12");
    const events = () => {
      v.call(v.vcpu, "KVM_GET_VCPU_EVENTS", kvm_vcpu_events, {});
      const { serror_pending, serror_has_esr, serror_esr } = v.result(kvm_vcpu_events).exception;
      return [serror_pending, serror_has_esr, serror_esr];
    };
    expect(events()).toEqual([0, 1, 0n]);
    inject(v, { serror_pending: 1, serror_has_esr: 1, serror_esr: 0x123n });
    inject(v, {});
    expect(events()).toEqual([1, 1, 0x123n]);
    inject(v, { serror_pending: 1 });
    expect(events()).toEqual([1, 1, 0x1000000n]);
    v.init(0);
    expect(events()).toEqual([0, 1, 0n]);
  });

  test.each([
    ["6.12", undefined],
    ["7.1", 0],
  ] as const)("%s: the abort beside a bad syndrome", (kernel, vector) => {
    const v = started(kernel);
    inject(v, { ext_dabt_pending: 1, serror_pending: 1, serror_has_esr: 1, serror_esr: 1n << 30n });
    expect(v.state().arch.pendingException).toBe(vector);
  });

  test.each(KERNELS)("%s: on a vCPU without initialization", (kernel) => {
    expect(inject(new VcpuVmm(kernel), {})).toBe(kernel === "7.1" ? "ENOEXEC" : 0);
  });
});

test.each([
  [0x30003, 0],
  [0x4, "EINVAL"],
  [0x40000, "EINVAL"],
  [0x2, 0],
])("KVM_SET_GUEST_DEBUG %#x", (control, answer) => {
  const v = started("6.12");
  expect(said(v.call(v.vcpu, "KVM_SET_GUEST_DEBUG", kvm_guest_debug, { control }))).toBe(answer);
  expect(v.state().arch.guestDebug?.control).toBe(answer === 0 && control & 1 ? control : undefined);
});

describe("timers", () => {
  const TICKS = 1_000_000_000_000n;
  const about = (value: unknown, expected: bigint) => {
    const far = (value as bigint) - expected;
    expect(far >= 0n && far < TICKS).toBe(true);
  };

  test("a counter is set by its offset, for all vCPUs", () => {
    const v = started("6.12");
    const second = v.ioctl(v.vm, "KVM_CREATE_VCPU", 1n);
    v.init(0, second);
    v.set(KVM_REG_ARM_TIMER_CNT, 1n << 60n);
    v.set(KVM_REG_ARM_PTIMER_CNT, 1n << 61n);
    about(v.get(KVM_REG_ARM_TIMER_CNT, second), 1n << 60n);
    about(v.get(KVM_REG_ARM_PTIMER_CNT, second), 1n << 61n);
  });

  test("a new vCPU sets the virtual counter to zero", () => {
    const v = started("6.12");
    v.set(KVM_REG_ARM_TIMER_CNT, 1n << 60n);
    v.ioctl(v.vm, "KVM_CREATE_VCPU", 1n);
    about(v.get(KVM_REG_ARM_TIMER_CNT), 0n);
  });

  test("CTL tells whether the compare value has passed", () => {
    const v = started("6.12");
    v.set(KVM_REG_ARM_TIMER_CTL, 7n);
    expect(v.get(KVM_REG_ARM_TIMER_CTL)).toBe(7n);
    v.set(KVM_REG_ARM_TIMER_CVAL, 1n << 62n);
    expect(v.get(KVM_REG_ARM_TIMER_CTL)).toBe(3n);
    v.init(0);
    expect([v.get(KVM_REG_ARM_TIMER_CTL), v.get(KVM_REG_ARM_TIMER_CVAL)]).toEqual([0n, 1n << 62n]);
  });

  test("7.1 resets the compare value, and CTL is what was written", () => {
    const v = started("7.1");
    v.set(KVM_REG_ARM_TIMER_CVAL, 1n << 62n);
    v.init(0);
    expect([v.get(KVM_REG_ARM_TIMER_CTL), v.get(KVM_REG_ARM_TIMER_CVAL)]).toEqual([0n, 0n]);
  });

  test.each(["seed-v10", "5.14", "6.1"] as const)("%s has no physical timer", (kernel) => {
    expect(started(kernel).get(KVM_REG_ARM_PTIMER_CVAL)).toBe("ENOENT");
  });

  test("KVM_ARM_SET_COUNTER_OFFSET holds from then on", () => {
    const v = started("6.12");
    const offset = (fields: object) =>
      said(v.call(v.vm, "KVM_ARM_SET_COUNTER_OFFSET", kvm_arm_counter_offset, { counter_offset: 0n, ...fields }));
    expect(offset({ reserved: 1n })).toBe("EINVAL");
    expect(offset({ counter_offset: -(1n << 60n) & 0xffffffffffffffffn })).toBe(0);
    expect(v.set(KVM_REG_ARM_TIMER_CNT, 5n)).toBe(0);
    about(v.get(KVM_REG_ARM_TIMER_CNT), 1n << 60n);
    about(v.get(KVM_REG_ARM_PTIMER_CNT), 1n << 60n);
  });

  test.each(KERNELS)("%s: attributes", (kernel) => {
    const four = kernel === "6.12" || kernel === "7.1";
    const bare = started(kernel);
    expect([0, 1, 2, 3, 4].map((attr) => has(bare, 1, attr))).toEqual([
      0,
      0,
      ...(four ? [0, 0] : ["ENXIO", "ENXIO"]),
      "ENXIO",
    ]);
    expect(set(bare, 1, 0, 20n)).toBe("EINVAL");
    bare.attr("KVM_GET_DEVICE_ATTR", 1, 1);
    expect(bare.taken(4)).toBe(30n);

    const v = withVgic(started(kernel));
    expect(v.attr("KVM_SET_DEVICE_ATTR", 1, 0, NOWHERE)).toBe("EFAULT");
    expect([set(v, 1, 0, 32n), set(v, 1, 9, 15n), set(v, 1, 9, 20n)]).toEqual(["EINVAL", "EINVAL", "ENXIO"]);
    expect(set(v, 1, 0, 20n)).toBe(0);
    v.attr("KVM_GET_DEVICE_ATTR", 1, 0);
    expect(v.taken(4)).toBe(20n);
    v.enter();
    expect(set(v, 1, 0, 21n)).toBe("EBUSY");
  });
});

describe("the PMU", () => {
  const filter = (v: VcpuVmm, fields: Partial<ReturnType<typeof kvm_pmu_event_filter.zero>>) => {
    const area = v.map(1);
    v.write(area, kvm_pmu_event_filter.encode(fields));
    return v.attr("KVM_SET_DEVICE_ATTR", 0, 2, area);
  };

  test("without the feature", () => {
    const v = started("6.12");
    expect([has(v, 0, 0), set(v, 0, 0, 20n), v.attr("KVM_GET_DEVICE_ATTR", 0, 0)]).toEqual([
      "ENXIO",
      "ENODEV",
      "EINVAL",
    ]);
  });

  test.each([
    ["5.14", ["ENXIO", "ENXIO"]],
    ["6.1", [0, "ENXIO"]],
    ["7.1", [0, 0]],
  ] as const)("%s: SET_PMU and SET_NR_COUNTERS", (kernel, answers) => {
    const v = started(kernel, FEATURE.pmu);
    expect([has(v, 0, 3), has(v, 0, 4)]).toEqual(answers);
  });

  test("the interrupt: in order", () => {
    const v = started("6.12", FEATURE.pmu);
    expect(set(v, 0, 0, 23n)).toBe("EINVAL");
    withVgic(v);
    expect(v.attr("KVM_SET_DEVICE_ATTR", 0, 0, NOWHERE)).toBe("EFAULT");
    expect([set(v, 0, 0, 15n), set(v, 0, 0, 1020n)]).toEqual(["EINVAL", "EINVAL"]);
    expect(v.attr("KVM_GET_DEVICE_ATTR", 0, 0)).toBe("ENXIO");
    expect(set(v, 0, 1, 0n)).toBe("ENXIO");
    expect([set(v, 0, 0, 23n), set(v, 0, 0, 24n), set(v, 0, 0, 23n)]).toEqual([0, "EINVAL", "EBUSY"]);
    expect([set(v, 0, 1, 0n), set(v, 0, 1, 0n)]).toEqual([0, "EBUSY"]);
  });

  test("an SPI serves one vCPU, a PPI all", () => {
    const v = new VcpuVmm("6.12");
    const second = v.ioctl(v.vm, "KVM_CREATE_VCPU", 1n);
    v.init(FEATURE.pmu);
    v.init(FEATURE.pmu, second);
    withVgic(v);
    expect(set(v, 0, 0, 40n)).toBe(0);
    expect(v.attr("KVM_SET_DEVICE_ATTR", 0, 0, v.put(40n), second)).toBe("EINVAL");
    expect(v.attr("KVM_SET_DEVICE_ATTR", 0, 0, v.put(41n), second)).toBe(0);
  });

  test("the filter", () => {
    const v = started("6.12", FEATURE.pmu);
    expect(filter(v, { base_event: 0xffff, nevents: 2 })).toBe("EINVAL");
    expect(filter(v, { action: 2 })).toBe("EINVAL");
    expect(filter(v, { base_event: 8, nevents: 1, action: 0 })).toBe(0);
    expect([...(v.kvm.arch.pmuFilter as Uint8Array).subarray(7, 10)]).toEqual([0, 1, 0]);
    set(v, 0, 1, 0n);
    expect(filter(v, {})).toBe("EBUSY");
  });
});

test("paravirtual time: alignment, once, in a slot", () => {
  const v = started("6.12");
  v.setSlot(0, 0x100000, 1, v.map(1));
  const address = () => {
    v.attr("KVM_GET_DEVICE_ATTR", 2, 0);
    return v.taken(8);
  };
  expect([set(v, 2, 1, 0n), set(v, 2, 0, 0x100020n), set(v, 2, 0, 0x200000n)]).toEqual(["ENXIO", "EINVAL", "EINVAL"]);
  expect(address()).toBe(0xffffffffffffffffn);
  expect([set(v, 2, 0, 0x100040n), set(v, 2, 0, 0x100040n)]).toEqual([0, "EEXIST"]);
  expect(address()).toBe(0x100040n);
});

describe("the SMCCC filter", () => {
  const filter = (v: VcpuVmm, fields: object) => {
    const area = v.map(1);
    v.write(area, kvm_smccc_filter.encode(fields));
    return v.attr("KVM_SET_DEVICE_ATTR", 0, 0, area, v.vm);
  };

  test.each<[string, object, string | number]>([
    ["one call", { base: 0x84000000, nr_functions: 1 }, 0],
    ["none", { base: 0x84000000, nr_functions: 0 }, "EINVAL"],
    ["up to the last one", { base: 0xfffffff0, nr_functions: 16, action: 2 }, 0],
    ["beyond it", { base: 0xffffffff, nr_functions: 2 }, "EINVAL"],
    ["an unknown action", { base: 0x84000000, nr_functions: 1, action: 3 }, "EINVAL"],
    ["a pad byte", { base: 0x84000000, nr_functions: 1, pad: new Uint8Array(15).fill(1) }, "EINVAL"],
    ["calls of the architecture", { base: 0x7fffffff, nr_functions: 2 }, "EEXIST"],
    ["… of 64 bits", { base: 0xc000ffff, nr_functions: 1 }, "EEXIST"],
  ])("%s", (_, fields, answer) => {
    expect(filter(new VcpuVmm("6.12"), fields)).toBe(answer);
  });

  test("ranges do not overlap, and are fixed by the first run", () => {
    const v = started("6.12");
    expect([
      filter(v, { base: 0x84000000, nr_functions: 4 }),
      filter(v, { base: 0x84000003, nr_functions: 1 }),
    ]).toEqual([0, "EEXIST"]);
    v.enter();
    expect(filter(v, { base: 0x85000000, nr_functions: 1 })).toBe("EBUSY");
  });
});
