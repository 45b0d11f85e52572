/** A target that serves no more than system calls and memory, as an agent over a real kernel does, is judged all the same. */

import { type CallContext, createChannel, createClient, createServer, type Server, ServerError } from "nice-grpc";
import { ClientError } from "nice-grpc-common";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MemoryServiceDefinition } from "../../clients/typescript/gen/kvm/v1/memory_service.ts";
import { SyscallServiceDefinition } from "../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { LocalServers } from "./replayer/local_servers.ts";
import type { Scenario } from "./replayer/recording.ts";
import { replay } from "./replayer/replay.ts";
import { RpcTarget } from "./replayer/rpc_target.ts";
import { GENERATED } from "./suites/index.ts";
import { RECORDINGS } from "./targets.ts";

type Definition = typeof SyscallServiceDefinition | typeof MemoryServiceDefinition;
type Method = (request: unknown, context: CallContext) => unknown;

/** Makes a service's calls on another server. */
function forwarded(definition: Definition, address: string): Record<string, Method> {
  const client = createClient<Definition>(definition, createChannel(address)) as unknown as Record<string, Method>;
  const refuse = (error: unknown): never => {
    throw error instanceof ClientError ? new ServerError(error.code, error.details) : error;
  };
  const methods = Object.entries(definition.methods).map(([name, { responseStream }]): [string, Method] => {
    const call = client[name] as Method;
    async function* stream(request: unknown, { signal }: CallContext) {
      try {
        yield* call(request, { signal } as CallContext) as AsyncIterable<unknown>;
      } catch (error) {
        refuse(error);
      }
    }
    const unary: Method = async (request, { signal }) => {
      try {
        return await call(request, { signal } as CallContext);
      } catch (error) {
        return refuse(error);
      }
    };
    return [name, responseStream ? stream : unary];
  });
  return Object.fromEntries(methods);
}

let servers: LocalServers;
let agent: Server;
let target: RpcTarget;
beforeAll(async () => {
  servers = new LocalServers();
  const { address } = (await servers.serve()).server;
  agent = createServer();
  agent.add(SyscallServiceDefinition, forwarded(SyscallServiceDefinition, address) as never);
  agent.add(MemoryServiceDefinition, forwarded(MemoryServiceDefinition, address) as never);
  target = new RpcTarget(`127.0.0.1:${await agent.listen("127.0.0.1:0")}`);
});
afterAll(async () => {
  await target.close();
  agent.forceShutdown();
  await servers.close();
});

const named = (scenarios: readonly Scenario[], name: string) => scenarios.find((s) => s.name === name) as Scenario;

test("what only the kernel's host could tell is left out", async () => {
  const recording = RECORDINGS.find(({ file }) => file === "arm64-mte-6.12.jsonl");
  if (!recording) throw new Error("the recording is gone");
  const scenario = named(recording.scenarios, "backing_madvise");
  const { difference, leftOut } = await replay(target, recording, scenario);
  expect(difference).toBeUndefined();
  expect([...leftOut]).toEqual(["pages"]);
});

test.each([
  ["matrix", "KVM_ARM_MTE_COPY_TAGS"],
  ["enable_cap", "arm_mte_argument_cut_short_before_vcpu"],
  ["copy_tags", "to_inaccessible_page_2"],
  ["copy_tags", "from_untagged_buffer_ends"],
])("%s %s holds", async (suite, name) => {
  const recording = GENERATED[suite]?.generate("6.12");
  if (!recording) throw new Error("the suite is gone");
  const { difference, leftOut } = await replay(target, recording, named(recording.scenarios, name));
  expect(difference).toBeUndefined();
  expect([...leftOut]).toEqual([]);
});

test("a difference is told without the rule, which only a trace knows", async () => {
  const recording = GENERATED.matrix?.generate("6.12");
  if (!recording) throw new Error("the suite is gone");
  const { difference } = await replay(target, recording, named(recording.scenarios, "KVM_CREATE_GUEST_MEMFD"), "7.1");
  expect(difference).toMatchObject({ expected: "EINVAL", got: "EFAULT", rule: undefined });
});
