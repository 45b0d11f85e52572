/** The scheduler alone: how many orders there are, and which one a seed is. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KERNELS } from "../../../server/abi/versions.ts";
import { type Exploration, Explorer } from "../../../server/kernel/explore/explorer.ts";
import type { Scenario } from "../../../server/kernel/explore/scenario.ts";
import { SCENARIOS } from "../../../server/kernel/explore/scenarios.ts";
import type { Step, Steps } from "../../../server/kernel/steps.ts";

const ABI = KERNELS["6.12"];

/** A scenario whose outcome is the order of its steps. */
function scenario(...programs: ((trail: string[]) => Steps)[]): Scenario {
  const start = () => {
    const trail: string[] = [];
    return {
      cpus: programs.map((program) => program(trail)),
      state: () => trail.join(""),
      outcome: () => ({ description: trail.join(""), holds: trail[0] === "a" }),
    };
  };
  return { name: "test", description: "", property: "", cpus: programs.map(() => ""), start };
}

/** A program of steps that nothing keeps waiting; each leaves its letter. */
const plain = (letter: string, steps: number) =>
  function* (trail: string[]): Steps {
    for (let i = 0; i < steps; i++) {
      yield letter;
      trail.push(letter);
    }
  };

function explored(tried: Scenario, limit = 100_000, abi = ABI): Exploration {
  const search = new Explorer(tried, abi).every(limit);
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

test.each([[[1, 1]], [[4, 3]], [[6, 6]], [[2, 2, 2]], [[3, 0]], [[1, 2, 3]]])(
  "programs of %j plain steps have the multinomial number of orders, each another",
  (lengths) => {
    const found = explored(scenario(...lengths.map((n, cpu) => plain("abc"[cpu] as string, n))));
    const orders = factorial(lengths.reduce((a, b) => a + b)) / lengths.map(factorial).reduce((a, b) => a * b);
    expect(found).toMatchObject({ orders, exhaustive: true });
    expect(found.outcomes).toHaveLength(orders);
  },
);

test("a limit ends the search, and says that there is more; one that just suffices does not", () => {
  const tried = scenario(plain("a", 3), plain("b", 3));
  expect(explored(tried, 19)).toMatchObject({ orders: 19, exhaustive: false });
  expect(explored(tried, 20)).toMatchObject({ orders: 20, exhaustive: true });
});

test("the broken order that is shown has the fewest changes of CPU, whether orders end alike or each in its way", () => {
  const each = scenario(plain("a", 3), plain("b", 3));
  const alike: Scenario = {
    ...each,
    start: (abi, memory) => {
      const running = each.start(abi, memory);
      const outcome = () => ({ ...running.outcome(), description: running.outcome().holds ? "a first" : "b first" });
      return { ...running, outcome };
    },
  };
  for (const tried of [each, alike]) {
    const { broken, shortest } = explored(tried);
    expect([broken, shortest.map(({ step }) => step).join("")]).toEqual([10, "bbbaaa"]);
    expect(shortest.at(-1)).toEqual({ cpu: 0, step: "a", state: "bbbaaa" });
  }
});

describe("a step that waits", () => {
  const lock = (letter: string, holder: { held: boolean }) =>
    function* (trail: string[]): Steps {
      yield { step: "take", until: () => !holder.held };
      holder.held = true;
      yield letter;
      trail.push(letter);
      yield "release";
      holder.held = false;
    };

  test("is taken only when it can be", () => {
    const holder = { held: false };
    const { outcomes, orders } = explored(scenario(lock("a", holder), lock("b", holder)));
    expect([orders, outcomes.map(({ description }) => description).sort()]).toEqual([2, ["ab", "ba"]]);
  });

  test("for ever is an outcome that breaks any property", () => {
    const never: Step = { step: "wait for nobody", until: () => false };
    const { outcomes } = explored(
      scenario(plain("a", 1), function* () {
        yield never;
      }),
    );
    expect(outcomes).toMatchObject([{ description: "stuck at CPU 2: wait for nobody", holds: false, orders: 1 }]);
  });
});

describe("a seed", () => {
  test("of an outcome leads to it, under every kernel and in every scenario", () => {
    for (const tried of SCENARIOS) {
      for (const abi of Object.values(KERNELS)) {
        const explorer = new Explorer(tried, abi);
        for (const { seed, description, holds } of explored(tried, 500, abi).outcomes)
          expect([tried.name, explorer.replay(seed).outcome]).toEqual([tried.name, { description, holds }]);
      }
    }
  });

  test("stands for exactly one order of plain steps, and the first seeds for all of them", () => {
    const explorer = new Explorer(scenario(plain("a", 3), plain("b", 3)), ABI);
    const trails = new Set<string>();
    for (let seed = 1n; seed <= 32n; seed++) trails.add(explorer.replay(seed).outcome.description);
    expect(trails.size).toBe(20);
  });

  test("whatever number it is leads to the same order each time", () => {
    const explorer = new Explorer(SCENARIOS[0] as Scenario, KERNELS["seed-v10"]);
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), (seed) => {
        expect(explorer.replay(seed)).toEqual(explorer.replay(seed));
      }),
      { numRuns: 50 },
    );
  });
});
