import { Status } from "nice-grpc";
import { afterAll, beforeAll, expect, it } from "vitest";
import { explored } from "../../server/commands/explore.ts";
import { SCENARIOS } from "../../server/kernel/explore/scenarios.ts";
import { codeOf, type Stubs, testServer } from "./harness.ts";

let t: Awaited<ReturnType<typeof testServer>>;
let c: Stubs;
beforeAll(async () => {
  t = await testServer();
  c = t.connect();
});
afterAll(() => t[Symbol.asyncDispose]());

const RACE = { scenario: "swap-in-race", kernel: "seed-v10" };

it("lists the scenarios", async () => {
  const { scenarios, orders } = await c.inspect.explore({});
  expect(scenarios.map(({ name }) => name)).toEqual(SCENARIOS.map(({ name }) => name));
  expect(scenarios[0]?.cpus).toHaveLength(2);
  expect(orders).toBe(0n);
});

it("finds the seed's race, and replays it by its seed", async () => {
  const found = await c.inspect.explore(RACE);
  expect(found).toMatchObject({ scenarios: [], exhaustive: true });
  expect(found.broken).toBeGreaterThan(0n);
  expect(found.outcomes.reduce((sum, { orders }) => sum + orders, 0n)).toBe(found.orders);
  const broken = found.outcomes.filter(({ holds }) => !holds);
  expect(broken.reduce((sum, { orders }) => sum + orders, 0n)).toBe(found.broken);
  const replays = await Promise.all(broken.map(({ seed }) => c.inspect.explore({ ...RACE, seed })));
  expect(replays.map(({ orders, broken, outcomes }) => [orders, broken, outcomes[0]?.description])).toEqual(
    broken.map(({ description }) => [1n, 1n, description]),
  );
  expect(replays.map(({ steps }) => steps)).toContainEqual(found.steps);
});

it("takes the server's kernel where none is named, under which the property holds", async () => {
  const found = await c.inspect.explore({ scenario: RACE.scenario });
  expect(found).toMatchObject({ exhaustive: true, broken: 0n, steps: [] });
});

it("stops at a limit", async () => {
  expect(await c.inspect.explore({ ...RACE, limit: 10 })).toMatchObject({ orders: 10n, exhaustive: false });
});

it("says no to names that are none", async () => {
  expect(await codeOf(c.inspect.explore({ scenario: "nothing" }))).toBe(Status.INVALID_ARGUMENT);
  expect(await codeOf(c.inspect.explore({ ...RACE, kernel: "2.6" }))).toBe(Status.INVALID_ARGUMENT);
});

it("gives way to others, and ends when its caller has given up", async () => {
  const given = new AbortController();
  const search = codeOf(c.inspect.explore(RACE, { signal: given.signal })).then(() => "the search");
  const other = c.inspect.processes({}).then(() => "another call");
  expect(await Promise.race([search, other])).toBe("another call");
  given.abort();
  await search;
});

it("is what the command prints, on a server or without one", async () => {
  const request = { ...RACE, seed: 0n, limit: 0 };
  const here = await explored(request);
  expect(await explored(request, { address: t.address })).toEqual(here);
  expect(here.broken).toBe(true);
  expect(here.text).toMatch(/^swap-in-race, seed-v10\n/);
  expect(here.text).toMatch(/\nCPU 1 {22}CPU 2 {22}then\n/);
  expect(here.text).toMatch(/\n {27}restore the tags {11}tag 3 tagged guest1\n/);
  expect(here.text).toMatch(/\nBROKEN +\d+ {2}tag 3, CPU 1 saw 3, CPU 2 saw 3 +--seed \d+\n/);
  expect(Math.max(...here.text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect((await explored({ ...request, kernel: "7.1" })).broken).toBe(false);
  const list = await explored({ ...request, scenario: "" });
  expect(list.text.match(/^[a-z-]+$/gm)).toEqual(SCENARIOS.map(({ name }) => name));
});
