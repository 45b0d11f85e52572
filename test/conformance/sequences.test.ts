/** Generated sequences: the same from the same seed, the same answers on every target of ours, and shrinking that finds a lie. */

import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { IOCTLS, requestOf } from "../../server/abi/kvm_ioctl.ts";
import { KERNEL_NAMES, type KernelName } from "../../server/abi/versions.ts";
import type { Task } from "../../server/kernel/process.ts";
import { liar } from "./liar.ts";
import { KernelTarget } from "./replayer/kernel_target.ts";
import { LocalServers } from "./replayer/local_servers.ts";
import { RpcTarget } from "./replayer/rpc_target.ts";
import {
  ALLOWANCES,
  type Answer,
  Coverage,
  caseOf,
  changedBehaviours,
  compareSequences,
  generate,
  loadCase,
  neverReached,
  replayCase,
  rulesIn,
  runSequence,
  runSequences,
  type Sequence,
  type SequenceTarget,
  saveCase,
  sequenceTarget,
  shrink,
  stepFromJson,
  stepName,
  stepToJson,
  VersionComparison,
} from "./sequences/index.ts";
import { NEVER_REACHED } from "./sequences/never_reached.ts";

const SEED = 20_261_126;
const inProcess = (): SequenceTarget => sequenceTarget(new KernelTarget());

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

describe("a sequence that is not answered", () => {
  const eventfd = { call: "eventfd2", args: { initval: 0n, flags: 0n } } as const;
  const sleeps = { seed: 5, steps: [eventfd, { call: "read", fd: { step: 0 }, args: { count: 8n } }] } as const;

  test("is an error where a call sleeps", async () => {
    const running = runSequence(inProcess(), "6.12", sleeps, { patience: 50 });
    await expect(running).rejects.toThrow("a call of seed 5 on in process slept for 0.05 s");
  });

  test("is an error where the target is there and says nothing", async () => {
    const silent = createServer((client) => void client.on("error", () => {}));
    const target = new RpcTarget(`127.0.0.1:${await listening(silent)}`);
    const running = runSequence(sequenceTarget(target), "6.12", sleeps, { patience: 50 });
    await expect(running).rejects.toThrow(/^no process for the sequence of seed 5 on .* within 0.05 s$/);
    await target.close();
    silent.close();
  });
});

describe("the generator", () => {
  test("gives the same sequence for the same seed, and another for another", () => {
    expect(generate(SEED)).toEqual(generate(SEED));
    expect(generate(SEED + 1)).not.toEqual(generate(SEED));
  });

  test("makes steps that files keep", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { steps } = generate(seed);
      expect(steps.map((step) => stepFromJson(JSON.parse(JSON.stringify(stepToJson(step)))))).toEqual(steps);
    }
  });

  test("never lets a guest run", () => {
    const run = BigInt(requestOf("KVM_RUN"));
    let runs = 0;
    for (let seed = 0; seed < 200; seed++) {
      for (const step of generate(seed).steps) {
        if (step.call !== "ioctl" || step.args.request !== run) continue;
        runs++;
        expect(step).toMatchObject({ guarded: true, before: [{ data: Uint8Array.of(1) }] });
      }
    }
    expect(runs).toBeGreaterThan(50);
  });
});

describe("a single target", () => {
  test.each(KERNEL_NAMES)("%s answers the same twice", async (kernel) => {
    const report = await runSequences(inProcess(), { kernel, seed: SEED, steps: 3000 });
    expect(report.violations.map(({ what, sequence }) => `seed ${sequence.seed}: ${what}`)).toEqual([]);
    expect(report.steps).toBeGreaterThanOrEqual(3000);
    expect(report.results.get(0), "successes").toBeGreaterThan(report.steps / 3);
  });

  test("one that is never the same is found", async () => {
    let lists = 0;
    const fickle = lying((answers) => (lists++ % 2 === 0 ? answers : answers.map((ret) => (ret === 12 ? 13 : ret))));
    const report = await runSequences(fickle, { kernel: "6.12", seed: SEED, steps: 3000, jobs: 1 });
    expect(report.violations.length).toBeGreaterThan(0);
    expect(report.violations[0]?.what).toMatch(/not the same the second time \(1[23], 1[23]\)/);
  });
});

/** The kernel in this process, but for what `change` makes of what a list's calls return. */
const lying = (change: (rets: readonly number[]) => readonly number[]): SequenceTarget =>
  liar(inProcess(), (results) => {
    const rets = change(results.map(({ ret }) => ret));
    return results.map((result, i) => ({ ...result, ret: rets[i] as number }));
  });

/** Answers EEXIST to the second success of KVM_CREATE_VCPU in a process. */
function withoutSecondVcpu(): SequenceTarget {
  const request = requestOf("KVM_CREATE_VCPU");
  return liar(inProcess(), (results, calls) => {
    const made = calls.flatMap(({ call }, i) => {
      const wanted = call?.$case === "ioctl" && call.value?.request === request;
      return wanted && (results[i]?.ret ?? -1) > 0 ? [i] : [];
    });
    return results.map((result, i) => (i === made[1] ? { ret: -17, data: new Uint8Array(0) } : result));
  });
}

describe("two targets", () => {
  test.each(["6.1", "6.12"] as const)("the kernel of %s in process and by RPC", { timeout: 60_000 }, async (kernel) => {
    const servers = new LocalServers();
    try {
      const options = { kernel, seed: SEED, steps: 3000 };
      const { disagreement, steps } = await compareSequences(inProcess(), sequenceTarget(servers), options);
      expect(disagreement).toBeUndefined();
      expect(steps).toBeGreaterThanOrEqual(3000);
    } finally {
      await servers.close();
    }
  });

  test("a lie is shrunk to the calls that show it, and kept as a case", { timeout: 60_000 }, async () => {
    const [honest, liar] = [inProcess(), withoutSecondVcpu()];
    const options = { kernel: "6.12" as KernelName, seed: SEED, steps: 100_000 };
    const { disagreement } = await compareSequences(honest, liar, options);
    if (!disagreement) throw new Error("the lie was not found");
    const { sequence, difference } = disagreement;
    expect(sequence.steps.map((step) => stepName(step, sequence))).toEqual([
      "openat",
      "KVM_CREATE_VM",
      "KVM_CREATE_VCPU",
      "KVM_CREATE_VCPU",
    ]);
    expect(difference).toMatchObject({ step: 3, what: "ret", answers: [{ ret: 3 }, { ret: -17 }] });

    const folder = mkdtempSync(join(tmpdir(), "tagvisor-cases-"));
    try {
      const side = (target: SequenceTarget) => ({ target: target.name, kernel: "6.12" as KernelName });
      saveCase(folder, caseOf(disagreement, [side(honest), side(liar)], "same"));
      const [file = ""] = readdirSync(folder);
      const kept = loadCase(join(folder, file));
      expect(kept.sides[0].trace.at(-1)).toContain("KVM_CREATE_VCPU");
      expect(await replayCase(kept, honest)).toBeUndefined();
      expect(await replayCase(kept, liar)).toMatchObject({ step: 3, what: "ret" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("two versions differ in named behaviours only", { timeout: 60_000 }, async () => {
    const report = await new VersionComparison("6.1", "6.12").run({ seed: SEED, steps: 1500 });
    expect(report.unexplained).toEqual([]);
    const named = report.explained.flatMap(({ behaviours }) => behaviours);
    expect(changedBehaviours("6.1", "6.12")).toEqual(expect.arrayContaining(named));
    expect(named).toContain("ioctlSetUserMemoryRegion2");
  });
});

test("shrinking keeps what a step needs and drops what it does not", async () => {
  const sequence = generate(SEED);
  const last = sequence.steps.findLastIndex(({ fd }) => typeof fd === "object");
  const wanted = sequence.steps[last];
  const has = async ({ steps }: Sequence) =>
    steps.some((step) => step.call === wanted?.call && step.args.request === wanted.args.request);
  const shortest = await shrink(sequence, has);
  const needed = (i: number): number => {
    const fd = shortest.steps[i]?.fd;
    return typeof fd === "object" ? 1 + needed(fd.step) : 1;
  };
  expect(shortest.steps).toHaveLength(needed(shortest.steps.length - 1));
});

test("every allowed difference has a reason, and changes nothing that it is not about", () => {
  const sequence: Sequence = { seed: 0, steps: [{ call: "close", args: {}, fd: 3 }] };
  const answer: Answer = { ret: 0, data: new Uint8Array(0), after: [] };
  for (const { name, reason, mask } of ALLOWANCES) {
    expect(reason, name).toMatch(/\w{3,}/);
    expect(mask(sequence.steps[0] as Sequence["steps"][number], answer, sequence), name).toBeUndefined();
  }
});

/** Every source file of the kernel, as text. */
function kernelSources(): string[] {
  const root = new URL("../../server/kernel/", import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".ts")).map((file) => readFileSync(new URL(file, root), "utf8"));
}

/** Sequences under each kernel, and the rules of the kernel's sources that they meet at least. */
const SEEDS_FOR_COVERAGE = 700;
const RULES_REACHED = 330;

/** A VGICv2, which the host has none of, and a guest, which nothing here enters. */
const NEVER_GRANTED = ["KVM_CREATE_IRQCHIP", "KVM_RUN"];

test("they reach every row of the table, and all rules but those that are listed", { timeout: 120_000 }, async () => {
  const coverage = new Coverage();
  const target = inProcess();
  const watch = ({ task }: { task?: Task }) => task && coverage.follow(task);
  for (const kernel of KERNEL_NAMES)
    for (let seed = 0; seed < SEEDS_FOR_COVERAGE; seed++) await runSequence(target, kernel, generate(seed), { watch });
  expect(IOCTLS.filter(({ name }) => !coverage.rows.get(name)?.size)).toEqual([]);
  expect(coverage.neverGranted()).toEqual(NEVER_GRANTED);
  const rules = rulesIn(kernelSources());
  const missing = new Set(neverReached(rules, coverage.rules.keys()));
  const listed = Object.values(NEVER_REACHED).flat();
  expect(
    listed.filter((rule) => !rules.has(rule)),
    "listed, and no rule of the kernel",
  ).toEqual([]);
  expect(
    listed.filter((rule) => !missing.has(rule)),
    "listed, and met",
  ).toEqual([]);
  expect(rules.size - missing.size).toBeGreaterThan(RULES_REACHED);
});
