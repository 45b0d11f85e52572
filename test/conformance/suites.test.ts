/** The generated suites hold on every kernel, over every way to reach it, and tell kernels apart whose rules differ. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_KERNEL, KERNEL_NAMES, type KernelName } from "../../server/abi/versions.ts";
import { KernelTarget } from "./replayer/kernel_target.ts";
import { LocalServers } from "./replayer/local_servers.ts";
import type { Recording } from "./replayer/recording.ts";
import { replay, replayBoth } from "./replayer/replay.ts";
import type { Target } from "./replayer/target.ts";
import { GENERATED } from "./suites/index.ts";
import { oncePerName } from "./suites/recordings.ts";
import { type Rule, violations } from "./suites/rules.ts";
import { RECORDINGS } from "./targets.ts";

const generate = (suite: string, kernel: KernelName) => GENERATED[suite]?.generate(kernel) as Recording;

/** In process on all kernels; by RPC, where a call takes a hundred times as long, on one, without the longest of all. */
const RUNS: readonly [
  target: string,
  connect: () => Target,
  kernels: readonly KernelName[],
  leftOut: RegExp | undefined,
][] = [
  ["in process", () => new KernelTarget(), KERNEL_NAMES, undefined],
  ["raw RPC", () => new LocalServers(), [DEFAULT_KERNEL], /_buffer_ends_in_page_[013]$/],
];

describe.each(RUNS)("%s", (_name, connect, kernels, except) => {
  let target: Target;
  beforeAll(() => {
    target = connect();
  });
  afterAll(() => target.close());

  describe.each(Object.keys(GENERATED))("%s", (suite) => {
    describe.each(kernels)("on %s", (kernel) => {
      const recording = generate(suite, kernel);
      const scenarios = recording.scenarios.filter(({ name }) => !except?.test(name));
      test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", async (_, scenario) => {
        const { difference, leftOut, skipped } = await replay(target, recording, scenario, kernel);
        expect({ difference, leftOut: [...leftOut], skipped }).toEqual({ leftOut: [] });
      });
    });
  });
});

describe("what a suite expects of one kernel does not hold on the next", () => {
  let target: Target;
  beforeAll(() => {
    target = new KernelTarget();
  });
  afterAll(() => target.close());

  async function differing(suite: string, of: KernelName, on: KernelName): Promise<string[]> {
    const recording = generate(suite, of);
    const names: string[] = [];
    for (const scenario of recording.scenarios) {
      if ((await replay(target, recording, scenario, on)).difference) names.push(scenario.name);
    }
    return names;
  }

  test("the matrix", async () => {
    expect(await differing("matrix", "6.1", "6.12")).toEqual([
      "KVM_SET_USER_MEMORY_REGION2",
      "KVM_ARM_SET_COUNTER_OFFSET",
      "KVM_ARM_GET_REG_WRITABLE_MASKS",
      "KVM_SET_DEVICE_ATTR",
      "KVM_HAS_DEVICE_ATTR",
    ]);
  });

  test("KVM_ENABLE_CAP", async () => {
    expect(await differing("enable_cap", "6.12", "6.1")).toContain("dirty_log_ring_acq_rel_too_large_before_vcpu");
    expect(await differing("enable_cap", "6.1", "6.12")).toEqual(["unknown_capabilities"]);
  });

  test("KVM_ARM_MTE_COPY_TAGS", async () => {
    const names = await differing("copy_tags", "6.1", "6.12");
    expect(names).toContain("copy_to_edges");
    expect(names).toContain("to_buffer_ends_in_page_0");
    expect(names).toContain("memfd_shared_slot");
    expect(names).not.toContain("from_buffer_ends_in_page_0");
  });

  test("two kernels side by side, to the first difference or to the end", async () => {
    const sides = [
      { target, kernel: "6.1" },
      { target, kernel: "6.12" },
    ] as const;
    const scenario = generate("enable_cap", "6.12").scenarios.find(({ name }) => name === "dirty_log_ring_sizes");
    if (!scenario) throw new Error("the scenario is gone");
    const { difference, further } = await replayBoth(...sides, scenario, { all: true });
    expect(difference).toMatchObject({ op: "ioctl", what: "ret", expected: "EINVAL", got: "0" });
    expect(difference?.otherRule).toContain("kvm_vm_ioctl_enable_cap");
    expect(difference?.rule).toBeUndefined();
    // Sizes of 2^12 to 2^31 are accepted or E2BIG where there are rings.
    expect(further).toHaveLength(19);
    expect((await replayBoth(...sides, scenario, { all: false })).further).toEqual([]);
    const same = [sides[0], sides[0]] as const;
    expect((await replayBoth(...same, scenario, { all: true })).difference).toBeUndefined();
  });
});

test("violations: each rule alone and in front of each later one", () => {
  const rule = (name: string, more: Partial<Rule<string>> = {}): Rule<string> => ({
    name,
    errno: name,
    violate: (call) => call + name,
    ...more,
  });
  const rules = [rule("a", { excludes: ["c"] }), rule("b"), rule("c")];
  expect(violations(rules, "-").map(({ name, call, first }) => [name, call, first.name])).toEqual([
    ["a", "-a", "a"],
    ["a_before_b", "-ba", "a"],
    ["b", "-b", "b"],
    ["b_before_c", "-cb", "b"],
    ["c", "-c", "c"],
  ]);
});

test("of recordings of several kernels each name is compared once, by the one that goes furthest", () => {
  const once = oncePerName(RECORDINGS);
  const names = once.flatMap(({ scenarios }) => scenarios.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  const all = RECORDINGS.filter(({ machine }) => machine === "arm64").flatMap(({ scenarios }) => scenarios);
  expect(new Set(names)).toEqual(new Set(all.map(({ name }) => name)));
  for (const scenario of once.flatMap(({ scenarios }) => scenarios)) {
    const lengths = all.filter(({ name }) => name === scenario.name).map(({ steps }) => steps.length);
    expect(scenario.steps).toHaveLength(Math.max(...lengths));
  }
});
