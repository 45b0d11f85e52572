/** What exploring finds: which races which kernel has, and that no order of the others has them. */

import { describe, expect, test } from "vitest";
import { KERNEL_NAMES, KERNELS, type KernelName } from "../../../server/abi/versions.ts";
import { type Exploration, Explorer } from "../../../server/kernel/explore/explorer.ts";
import type { Scenario } from "../../../server/kernel/explore/scenario.ts";
import { findScenario, SCENARIOS } from "../../../server/kernel/explore/scenarios.ts";

const BOUND = 50_000;

function explored(name: string, kernel: KernelName): Exploration {
  const search = new Explorer(findScenario(name) as Scenario, KERNELS[kernel]).every(BOUND);
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

/** The kernels in which a scenario's property is broken. */
const BROKEN: Readonly<Record<string, readonly KernelName[]>> = {
  "swap-in-race": ["seed-v10"],
  "swap-in-page-lock": [],
  "first-fault-race": [],
  "first-fault-two-vms": ["seed-v10"],
  "mprotect-shared": ["seed-v10", "5.14", "6.1"],
  "mprotect-against-guest": [],
  "copy-tags-against-fault": ["seed-v10", "5.14", "6.1"],
  "copy-tags-against-mprotect": ["seed-v10", "5.14", "6.1"],
};

test("every scenario is judged here", () => {
  expect(SCENARIOS.map(({ name }) => name).sort()).toEqual(Object.keys(BROKEN).sort());
});

describe.each(SCENARIOS.map(({ name }) => name))("%s", (name) => {
  test.each(KERNEL_NAMES)("%s, in every order", (kernel) => {
    const { exhaustive, broken, outcomes } = explored(name, kernel);
    expect(exhaustive).toBe(true);
    expect(broken > 0).toBe(BROKEN[name]?.includes(kernel));
    expect(outcomes.filter(({ holds }) => !holds).reduce((sum, { orders }) => sum + orders, 0)).toBe(broken);
  });
});

test("the seed loses a change: the second restore comes after the first guest's store", () => {
  const { shortest, outcomes } = explored("swap-in-race", "seed-v10");
  const at = (cpu: number, step: string) => shortest.findIndex((taken) => taken.cpu === cpu && taken.step === step);
  const store = at(0, "guest stores tag 5");
  const [first, second] = [at(0, "restore the tags"), at(1, "restore the tags")].sort((a, b) => a - b) as [
    number,
    number,
  ];
  expect([first < store, store < second]).toEqual([true, true]);
  expect(at(1, "test PG_mte_tagged")).toBeLessThan(at(0, "set PG_mte_tagged"));
  expect(shortest[second]?.state).toMatch(/^tag 3/);
  expect(outcomes.filter(({ holds }) => !holds).map(({ description }) => description)).toContain(
    "tag 3, CPU 1 saw 3, CPU 2 saw 3",
  );
});

test("the case that the review drew: the flag is there, and the tags are still those of the frame's last owner", () => {
  const { outcomes } = explored("mprotect-shared", "seed-v10");
  expect(outcomes.find(({ description }) => description === "tag 5, CPU 1 saw 5, CPU 2 saw 9")?.holds).toBe(false);
});

test("5.14 and 6.1 have no such race because they let no guest have shared memory", () => {
  for (const kernel of ["5.14", "6.1"] as const)
    expect(explored("swap-in-race", kernel).outcomes.map(({ description }) => description)).toEqual([
      "tag 9, CPU 1 got EFAULT, CPU 2 got EFAULT",
    ]);
});
