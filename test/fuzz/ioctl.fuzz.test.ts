/**
 * Random ioctls, in process and by RPC: no answer but a number or a known errno, no gRPC error, no page that does
 * not come back, no growth of the heap. A short run is part of the tests; `npm run fuzz` makes 200,000 calls by RPC.
 * TAGVISOR_FUZZ_SEED repeats a run.
 */

import { describe, expect, test } from "vitest";
import type { Host } from "../../server/kernel/host.ts";
import { KernelTarget } from "../conformance/replayer/kernel_target.ts";
import { LocalServers } from "../conformance/replayer/local_servers.ts";
import type { Target } from "../conformance/replayer/target.ts";
import { fuzz, type Submit } from "./fuzzer.ts";
import { heldBytes } from "./memory_growth.ts";
import { byBoth, inProcess } from "./submit.ts";

const FULL = process.env.MODE === "full";
const SEED = Number(process.env.TAGVISOR_FUZZ_SEED ?? Date.now() % 2 ** 32);
const TIMEOUT_MS = FULL ? 1_800_000 : 120_000;
/** What may stay after a run: compiled code and caches, not what grows with the number of calls. */
const GROWTH_LIMIT = 24 << 20;

/** Measures the heap after the first tenth of a run and at its end. */
function growthOver(calls: number): { pause: (made: number) => void; growth: () => number } {
  let start: number | undefined;
  return {
    pause: (made) => {
      if (start === undefined && made >= calls / 10) start = heldBytes();
    },
    growth: () => heldBytes() - (start ?? 0),
  };
}

/** A machine, the way in which its processes make lists of calls, and how many calls a run makes. */
interface Case {
  readonly name: string;
  readonly connect: () => Promise<{ target: Target; host: Host }>;
  readonly submit: Submit;
  readonly calls: number;
}

const CASES: readonly Case[] = [
  {
    name: "in process",
    connect: async () => {
      const target = new KernelTarget();
      return { target, host: target.host() };
    },
    submit: inProcess,
    calls: FULL ? 500_000 : 20_000,
  },
  {
    name: "by RPC",
    connect: async () => {
      const target = new LocalServers();
      return { target, host: (await target.serve()).host };
    },
    submit: byBoth(),
    calls: FULL ? 200_000 : 2_000,
  },
];

describe(`seed ${SEED}`, () => {
  test.each(CASES)("$name", { timeout: TIMEOUT_MS }, async ({ connect, submit, calls }) => {
    const { target, host } = await connect();
    try {
      const { free } = host.pages;
      const { pause, growth } = growthOver(calls);
      const results = await fuzz(target, submit, { seed: SEED, calls, listLength: 50, pause });
      expect(results.size, "different results").toBeGreaterThan(8);
      expect(results.get(0), "successes").toBeGreaterThan(calls / 20);
      expect(host.taskCount).toBe(0);
      expect(host.pages.free).toBe(free);
      expect(growth()).toBeLessThan(GROWTH_LIMIT);
    } finally {
      await target.close();
    }
  });
});
