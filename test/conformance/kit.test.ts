/** A run of the kit: which cases it takes, that it ends whatever happens, and what it says of it. */

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itemsOf, type Plan, run } from "./kit.ts";
import { KernelTarget } from "./replayer/kernel_target.ts";
import type { Recording, Scenario, Step } from "./replayer/recording.ts";
import { RpcTarget } from "./replayer/rpc_target.ts";
import type { Target } from "./replayer/target.ts";
import type { Report, Result, Summary } from "./report/result.ts";
import type { RunOptions } from "./runner.ts";
import { loadCase } from "./sequences/index.ts";

const ok = { ret: 0, errno: null };
const OPEN: Step = { op: "open", path: "/dev/kvm", flags: "O_RDWR", as: "kvm", ...ok, ret: "fd" };
const version = (ret: number): Step => ({
  op: "ioctl",
  fd: "kvm",
  req: "KVM_GET_API_VERSION",
  code: "0xae00",
  arg: { imm: "0x0" },
  ...ok,
  ret,
});
const EVENTFD: Step = { op: "eventfd", init: 0, flags: "0", as: "event", ...ok, ret: "fd" };
/** Nobody ever writes to it. */
const SLEEP: Step = { op: "read", fd: "event", len: 8, ...ok, ret: 8 };

const scenario = (name: string, ...steps: Step[]): Scenario => ({
  name,
  scope: "arm64",
  needs: [],
  doc: "",
  why: "",
  steps,
});
const GOOD = scenario("dev_good", OPEN, version(12));
const BAD = scenario("dev_bad", OPEN, version(13));
const SLEEPY = scenario("dev_sleepy", OPEN, EVENTFD, SLEEP);

const recordingOf = (...scenarios: Scenario[]): Recording => ({
  file: "arm64-test-6.12.jsonl",
  machine: "arm64",
  kernel: "6.12",
  scenarios,
});

/** Keeps what it is told. */
class Listener implements Report {
  readonly results: Result[] = [];
  summary: Summary | undefined;

  add(result: Result): void {
    this.results.push(result);
  }

  end(summary: Summary): void {
    this.summary = summary;
  }

  get kinds(): string[] {
    return this.results.map(({ name, kind }) => `${name} ${kind}`);
  }
}

describe("a run", () => {
  let target: Target;
  beforeAll(() => {
    target = new KernelTarget();
  });
  afterAll(() => target.close());

  const planOf = (scenarios: readonly Scenario[], more: Partial<Plan> = {}): Plan => ({
    suites: ["recordings"],
    recordings: [recordingOf(...scenarios)],
    filter: "",
    repeat: 1,
    seed: 0,
    steps: 500,
    target,
    known: { reasons: {}, scenarios: {} },
    ...more,
  });
  async function runPlan(plan: Plan, more: Partial<RunOptions> = {}) {
    const listener = new Listener();
    const stop = new AbortController();
    const options = { jobs: 1, deadline: 20_000, stop: stop.signal, ...more };
    return { ...(await run(plan, [listener], options)), listener };
  }

  test("passes, or fails with both sides of the trace", async () => {
    expect((await runPlan(planOf([GOOD]))).passed).toBe(true);
    const { passed, listener } = await runPlan(planOf([GOOD, BAD]));
    expect(passed).toBe(false);
    expect(listener.kinds).toEqual(["dev_good passed", "dev_bad failed"]);
    expect(listener.results[1]?.finding).toMatchObject({
      call: "ioctl(kvm, KVM_GET_API_VERSION)",
      expected: "13",
      got: "12",
      trace: { sides: ["expected", "answered"], rows: [{ left: "fd" }, { left: "13", right: "12", differs: true }] },
    });
    expect(listener.results[1]?.source).toContain("arm64-test-6.12.jsonl");
  });

  test("fails on a pass that the list does not expect, not on a failure that it does", async () => {
    const known = { reasons: { no: { why: "not yet", from: ["open"], needs: [] } }, scenarios: { dev_bad: "no" } };
    expect((await runPlan(planOf([GOOD, BAD], { known }))).passed).toBe(true);
    const all = { ...known, scenarios: { ...known.scenarios, dev_good: "no" } };
    const { passed, listener } = await runPlan(planOf([GOOD, BAD], { known: all }));
    expect(passed).toBe(false);
    expect(listener.kinds).toEqual(["dev_good unexpected pass", "dev_bad known failure"]);
  });

  test("gives a case up at its deadline, and goes on", async () => {
    const { passed, listener } = await runPlan(planOf([SLEEPY, GOOD]), { deadline: 100 });
    expect(passed).toBe(false);
    expect(listener.kinds).toEqual(["dev_sleepy failed", "dev_good passed"]);
    expect(listener.results[0]?.finding).toMatchObject({ step: 2, what: "deadline", got: "nothing within 0.1 s" });
  });

  test("hands over in order what runs at a time", async () => {
    const { listener } = await runPlan(planOf([SLEEPY, GOOD, BAD], { repeat: 2 }), { deadline: 100, jobs: 3 });
    expect(listener.results.map(({ name }) => name)).toEqual(
      ["dev_sleepy", "dev_good", "dev_bad"].flatMap((name) => [name, name]),
    );
  });

  test("is stopped at once, and tells what was run until then", async () => {
    const stop = new AbortController();
    const running = runPlan(planOf([GOOD, SLEEPY, GOOD]), { stop: stop.signal });
    setTimeout(() => stop.abort(), 100);
    const { passed, listener } = await running;
    expect(passed).toBe(false);
    expect(listener.kinds).toEqual(["dev_good passed"]);
    expect(listener.summary?.stopped).toBe("interrupted");
  });

  test("begins nothing when the time is over, which is no failure", async () => {
    const { passed, listener } = await runPlan(planOf([GOOD]), { until: Date.now() - 1 });
    expect(passed).toBe(true);
    expect(listener.results).toEqual([]);
    expect(listener.summary?.stopped).toBe("the time is over");
  });

  test("ends when the target is not there", async () => {
    const gone = new RpcTarget("127.0.0.1:1");
    const { passed, listener } = await runPlan(planOf([GOOD], { target: gone }));
    await gone.close();
    expect(passed).toBe(false);
    expect(listener.summary?.stopped).toMatch(/UNAVAILABLE/);
  });

  test("has shown nothing when all was skipped", async () => {
    const none: Target = { name: "none", spawn: async () => undefined, close: async () => {} };
    const { passed, listener } = await runPlan(planOf([GOOD], { target: none }));
    expect(passed).toBe(false);
    expect(listener.kinds).toEqual(["dev_good skipped"]);
  });

  test("compares two targets, whatever the recording says", async () => {
    const other = new KernelTarget();
    const { passed, listener } = await runPlan(planOf([GOOD, BAD], { against: { target: other } }));
    await other.close();
    expect(passed).toBe(true);
    expect(listener.kinds).toEqual(["dev_good passed", "dev_bad passed"]);
  });

  test("tells what changed between two kernels, which is no failure, and what differs between targets, which is one", async () => {
    const plan = planOf([], { suites: ["matrix"], filter: "GUEST_MEMFD", kernel: "6.12" });
    const changed = await runPlan({ ...plan, against: { target, kernel: "7.1" } });
    expect(changed.passed).toBe(true);
    expect(changed.summary.title).toBe("What changed from 6.12 to 7.1");
    expect(changed.listener.kinds).toEqual(["KVM_CREATE_GUEST_MEMFD changed"]);
    expect(changed.listener.results[0]).toMatchObject({
      kernel: "6.12 to 7.1",
      finding: { expected: "EINVAL", got: "EFAULT", trace: { sides: ["6.12", "7.1"] } },
    });
    const older: Target = { name: "older", spawn: (_, boot) => target.spawn("7.1", boot), close: async () => {} };
    const differs = await runPlan({ ...plan, against: { target: older } });
    expect(differs.passed).toBe(false);
    expect(differs.listener.results[0]?.finding?.trace.sides).toEqual(["in process", "older"]);
  });

  describe("with sequences", () => {
    const older: Target = {
      name: "older",
      spawn: (_, boot) => target.spawn("5.14", boot),
      close: async () => {},
    };
    const sequences = { suites: ["sequences"], recordings: undefined } as const;
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "tagvisor-kit-"));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test("tells how many there were", async () => {
      const { passed, listener } = await runPlan(planOf([], { ...sequences, seed: 7 }));
      expect(passed).toBe(true);
      expect(listener.kinds).toEqual(["seed_7 passed"]);
      expect(listener.results[0]?.shows).toMatch(/^\d+ sequences of \d+ steps from seed 7$/);
    });

    test("keeps the shortest to which two targets answer otherwise, to be tried again", async () => {
      const { passed, listener } = await runPlan(
        planOf([], { ...sequences, seed: 7, steps: 20_000, against: { target: older }, save: folder }),
      );
      expect(passed).toBe(false);
      const [result] = listener.results;
      expect(result?.kind).toBe("failed");
      expect(result?.finding?.trace.sides).toEqual(["in process", "older"]);
      expect(result?.finding?.trace.rows.at(-1)?.differs).toBe(true);
      const cases = readdirSync(folder).map((name) => loadCase(join(folder, name)));
      expect(cases).toHaveLength(1);
      const again = { suites: [], recordings: undefined, cases };
      expect((await runPlan(planOf([], again))).listener.results[0]).toMatchObject({ kind: "passed" });
      const failed = await runPlan(planOf([], { ...again, target: older }));
      expect(failed.passed).toBe(false);
      expect(failed.listener.results[0]?.finding?.what).toBe(result?.finding?.what);
    });

    test("explains what changed between two kernels by the behaviours that did", { timeout: 60_000 }, async () => {
      const against = { target, kernel: "6.12", sameHost: true } as const;
      const { passed, listener } = await runPlan(
        planOf([], { ...sequences, seed: 7, steps: 1500, kernel: "6.1", against }),
      );
      expect(passed).toBe(true);
      const names = listener.results.map(({ name }) => name);
      expect(names).toContain("ioctlSetUserMemoryRegion2");
      expect(names.at(-1)).toBe("seed_7");
      for (const { kind, kernel } of listener.results.slice(0, -1)) {
        expect({ kind, kernel }).toEqual({ kind: "changed", kernel: "6.1 to 6.12" });
      }
    });
  });

  test("takes the cases of a suite for one kernel, or for all that it knows", () => {
    const kernels = (plan: Partial<Plan>) => new Set(itemsOf(planOf([], plan)).map(({ batch }) => batch.kernel));
    const suites = ["matrix"];
    expect(kernels({ suites })).toEqual(new Set(["seed-v10", "5.14", "6.1", "6.12", "7.1"]));
    expect(kernels({ suites, kernel: "5.14" })).toEqual(new Set(["5.14"]));
    expect(kernels({ recordings: undefined })).toEqual(new Set(["6.1", "6.12", "7.1"]));
    expect(kernels({ recordings: undefined, kernel: "5.14" })).toEqual(new Set());
    expect(kernels({ recordings: [recordingOf(GOOD)], kernel: "5.14" })).toEqual(new Set(["5.14"]));
    expect(itemsOf(planOf([GOOD, BAD], { repeat: 3, filter: "good" }))).toHaveLength(3);
  });
});
