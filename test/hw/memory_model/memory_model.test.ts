/**
 * The memory model: no vCPU sees what Arm forbids. `TAGVISOR_LITMUS_ROUNDS=1000000 npx vitest run test/hw/memory_model` makes more rounds,
 * and prints what was seen.
 */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect, type Tagvisor } from "../../../clients/typescript/index.ts";
import { type TestServer, testServer } from "../../rpc/harness.ts";
import { COUNTERS, countInParallel, LOCKS, underLock } from "./locks.ts";
import { MAINTENANCE, runMaintenance } from "./maintenance.ts";
import { runLitmus, type Seen } from "./run.ts";
import { LITMUS, type Litmus, RELAXED } from "./tests.ts";

const ROUNDS = Number(process.env.TAGVISOR_LITMUS_ROUNDS || 4096);
const verbose = process.env.TAGVISOR_LITMUS_ROUNDS !== undefined;

let server: TestServer;
let client: Tagvisor;
beforeAll(async () => {
  server = await testServer({ cpus: 4 });
  client = await connect(server.address);
});
afterAll(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});

const line = ({ outcome: { r, x, y }, times }: Seen) =>
  `${times} times ${r.map((two) => two.join(",")).join(" ")} x=${x} y=${y}`;

async function run(litmus: Litmus): Promise<Seen[]> {
  await using process = await client.spawn();
  const seen = await runLitmus(process, litmus, ROUNDS);
  if (verbose) console.log(`${litmus.name}\n${seen.map(line).join("\n")}`);
  return seen;
}

describe("what is forbidden is not seen", { timeout: 600_000 }, () => {
  test.each(LITMUS.map((litmus) => [litmus.name, litmus] as const))("%s", async (_, litmus) => {
    const seen = await run(litmus);
    expect(seen.filter(({ outcome }) => litmus.forbidden(outcome)).map(line)).toEqual([]);
    expect(seen.reduce((sum, { times }) => sum + times, 0)).toBeGreaterThanOrEqual(ROUNDS);
  });
});

test.each(RELAXED.map((litmus) => [litmus.name, litmus] as const))(
  "%s: vCPUs do run in parallel",
  { timeout: 600_000 },
  async (_, litmus) => {
    const seen = await run(litmus);
    expect(seen.length).toBeGreaterThan(1);
  },
);

describe("two vCPUs count together", { timeout: 600_000 }, () => {
  test.each(LOCKS.map((lock) => [lock.name, lock] as const))("by a lock: %s", async (_, lock) => {
    await using process = await client.spawn();
    expect(await countInParallel(process, underLock(lock), ROUNDS)).toBe(2n * BigInt(ROUNDS));
  });

  test.each(COUNTERS.map((counter) => [counter.name, counter] as const))("by %s", async (_, { count, bytes }) => {
    await using process = await client.spawn();
    const counted = await countInParallel(process, count, ROUNDS);
    expect(BigInt.asUintN(8 * bytes, counted)).toBe(BigInt.asUintN(8 * bytes, 2n * BigInt(ROUNDS)));
  });
});

describe("what is invalidated is not used", { timeout: 600_000 }, () => {
  test.each(MAINTENANCE.map((test) => [test.name, test] as const))("%s", async (_, maintenance) => {
    await using process = await client.spawn();
    expect(await runMaintenance(process, maintenance, Math.min(ROUNDS, 30_000))).toBe(0);
  });

  test("and what was not invalidated may be used, which this would notice", async () => {
    const [maintenance] = MAINTENANCE;
    if (!maintenance) throw new Error("there is none");
    const invalidate = maintenance.invalidate.replace(/tlbi[^;]*;/, "");
    await using process = await client.spawn();
    expect(await runMaintenance(process, { ...maintenance, invalidate }, 1000)).toBeGreaterThan(0);
  });
});
