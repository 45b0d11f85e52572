/** The shared vectors, replayed by the TypeScript stubs: against TAGVISOR_ADDRESS, or a server of the test's own. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stubs, testServer } from "../rpc/harness.ts";
import { goneServer } from "./gone.ts";
import { type Case, dial, Replay } from "./vectors.ts";

const file = new URL("../../clients/vectors.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };

const given = process.env.TAGVISOR_ADDRESS;
let c: Stubs;
let gone: string;
let stop: () => Promise<void> = async () => {};
beforeAll(async () => {
  const server = given ? undefined : await testServer();
  const address = given ?? server!.address;
  const breaking = await goneServer(address);
  gone = breaking.address;
  c = dial(address);
  stop = async () => {
    c.channel.close();
    await breaking[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  };
});
afterAll(() => stop());

test.each(cases)("$name", async ({ kernel, steps }) => {
  const { process } = await c.syscalls.spawn({ kernel });
  const replay = new Replay(c, process, gone);
  for (const [i, step] of steps.entries()) expect(await replay.step(step), `step ${i}`).toEqual([]);
  await c.syscalls.exit({ process }).catch(() => {});
});
