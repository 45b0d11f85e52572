/** The replayer itself: its notations, that no expectation of a step goes uncompared, and what it reports. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareStep, isTooOld } from "./replayer/compare.ts";
import { parseFormula } from "./replayer/formula.ts";
import { KernelTarget } from "./replayer/kernel_target.ts";
import { judge, type KnownFailures } from "./replayer/known_failures.ts";
import type { Recording, Scenario, Step } from "./replayer/recording.ts";
import { type Outcome, replay } from "./replayer/replay.ts";
import type { Target } from "./replayer/target.ts";
import { runs } from "./replayer/words.ts";
import { RECORDINGS } from "./targets.ts";

describe("formulas", () => {
  test.each([
    ["byte i = (i + 3*(i>>8)) & 0x0f", 0x21f, (0x21f + 3 * 2) & 0x0f],
    ["byte i = i", 300, 44],
    ["byte i = 1 << 2 + 1", 0, 8],
    ["byte i = 0xff ^ i & 3 | 0", 7, 0xfc],
    ["byte i = ~i & 0xff", 1, 0xfe],
    ["byte i = -i - -1", 3, 0xfe],
    ["byte i = i * 7 % 16 / 2", 5, 1],
  ])("%s at %i", (formula, i, byte) => expect(parseFormula(formula)(i)).toBe(byte));

  test.each(["byte i = ", "byte i = (i", "byte i = i +", "byte i = j", "byte i = i i"])("refuses %s", (formula) => {
    expect(() => parseFormula(formula)).toThrow(SyntaxError);
  });
});

test("runs of equal bytes", () => {
  expect(runs(Uint8Array.of(5, 5, 0, 12), 2)).toEqual([
    [0, 2, "05"],
    [2, 1, "00"],
    [3, 1, "0c"],
  ]);
  expect(runs(new Uint8Array(0), 1)).toEqual([]);
});

const recordingNamed = (file: string) => RECORDINGS.find((r) => r.file === file) as Recording;
const scenarioNamed = (recording: Recording, name: string) =>
  recording.scenarios.find((s) => s.name === name) as Scenario;

/** Other answers than the recorded ones, one at a time; no target can do an epoll_add. */
function* tamperedSteps(step: Step): Generator<[what: string, step: Step]> {
  if (step.op === "epoll_add") return;
  if (step.errno !== null) yield ["ret", { ...step, errno: step.errno === "EPERM" ? "EIO" : "EPERM" }];
  else if (typeof step.ret === "number") yield ["ret", { ...step, ret: step.ret + 1 }];
  else yield ["ret", { ...step, ret: -1, errno: "EIO" }];
  for (const key of ["runs", "tags", "data", "state", "value", "n_out", "revents", "text", "head", "union"]) {
    const writes = key === "data" ? step.op === "mem_bytes" : key === "value" && step.op === "set_reg";
    if (step[key] !== undefined && !writes) yield [key, { ...step, [key]: "tampered with" }];
  }
  if (step.decoded) yield ["decoded", { ...step, decoded: { ...step.decoded, flags: "tampered with" } }];
  if (step.op === "ioctl" && "struct" in (step.arg as object) && !step.out) {
    yield ["out", { ...step, out: [{ n: "first", o: 0, s: 1, v: "0x99" }] }];
  }
}

describe("every expectation of every step is compared", () => {
  const recording = recordingNamed("arm64-mte-6.12.jsonl");
  const generic = recordingNamed("arm64-generic-6.12.jsonl");
  const cases = [
    ...["ct_roundtrip", "ct_fresh_to", "fork_child_tags", "vmm_tag_check", "reg_list", "uninit_calls"].map(
      (name) => [name, recording] as const,
    ),
    ...["dev_file_ops", "vcpu_mp_state", "stats_vm", "ring_none_mmap"].map((name) => [name, generic] as const),
  ];
  let target: Target;
  beforeAll(() => {
    target = new KernelTarget();
  });
  afterAll(() => target.close());

  test.each(cases)("%s", async (name, from) => {
    const scenario = scenarioNamed(from, name);
    for (const [index, step] of scenario.steps.entries()) {
      for (const [what, tampered] of tamperedSteps(step)) {
        const steps = scenario.steps.with(index, tampered);
        const { difference } = await replay(target, from, { ...scenario, steps });
        expect(difference, `step ${index}, ${step.op}, ${what}`).toMatchObject({ step: index, what });
      }
    }
  });
});

describe("what counts", () => {
  const x86 = recordingNamed("x86-generic-6.18.jsonl");
  const arm64 = recordingNamed("arm64-mte-6.12.jsonl");
  const scenario: Scenario = { name: "ct_x", scope: "generic", needs: [], doc: "", why: "", steps: [] };
  const step: Step = { op: "ioctl", ret: 0, errno: null };
  const compare = (s: Step, recording: Recording, ret: number, saw = {}) =>
    compareStep(0, s, scenario, recording, { ret, saw }, new Set())?.what;

  test("of an x86 step only what holds on arm64", () => {
    expect(compare(step, x86, -22)).toBe("ret");
    expect(compare({ ...step, scope: "x86" }, x86, -22)).toBeUndefined();
    const predicted: Step = { ...step, scope: "x86", arm64: { ret: -1, errno: "EINVAL", src: "" } };
    expect(compare(predicted, x86, -22)).toBeUndefined();
    expect(compare(predicted, x86, 0)).toBe("ret");
    expect(compare({ ...step, scope: "x86" }, arm64, -22)).toBe("ret");
  });

  test("no x86 step that is newer than the kernel", () => {
    const since = { ...step, since: "6.8" };
    expect(["seed-v10", "5.14", "6.1"].map((k) => isTooOld(since, x86, k as "6.1"))).toEqual([true, true, true]);
    expect(["6.12", "7.1"].map((k) => isTooOld(since, x86, k as "6.12"))).toEqual([false, false]);
    expect(isTooOld(since, arm64, "6.1")).toBe(false);
  });

  test("values of the recording machine are forgiven, and no other", () => {
    const reset: Step = { ...step, op: "get_reg", id: "0x603000000013c290", value: "0x1de7ec7edbadc0de" };
    expect(compare(reset, arm64, 0, { value: "0x0" })).toBeUndefined();
    expect(compare(reset, arm64, 0, { value: "0x1" })).toBe("value");
    const cpus: Step = { ...step, req: "KVM_CHECK_EXTENSION", arg: { imm: "0x9" }, ret: 1 };
    expect(compare(cpus, arm64, 4)).toBeUndefined();
    expect(compare(cpus, arm64, 0)).toBe("ret");
    expect(compare({ ...cpus, arg: { imm: "0x42" } }, arm64, 4)).toBe("ret");
    const pfr1: Step = { ...step, op: "get_reg", id: "0x603000000013c021", value: "0x321" };
    expect(compare(pfr1, arm64, 0, { value: "0x300" })).toBeUndefined();
    expect(compare(pfr1, arm64, 0, { value: "0x221" })).toBe("value");
  });
});

describe("known failures", () => {
  const known: KnownFailures = {
    reasons: {
      cpu: { why: "no CPU", from: ["run"], needs: ["guest"] },
      device: { why: "its state", from: ["run"], needs: [], mayPass: true },
    },
    scenarios: { g_a: "cpu", "g_b@6.1": "cpu", g_c: "device" },
  };
  const steps: Step[] = ["open", "run", "run"].map((op) => ({ op, ret: 0, errno: null }));
  const outcome = (name: string, at?: number, needs: string[] = []): Outcome => {
    const difference =
      at === undefined ? {} : { difference: { step: at, op: "", what: "ret", expected: "0", got: "1" } };
    const scenario: Scenario = { name, scope: "arm64", needs, doc: "", why: "", steps };
    return { scenario, leftOut: new Set(), allowed: new Set(), ...difference };
  };
  const kind = (name: string, at?: number, needs?: string[], kernel: "6.1" | "6.12" = "6.12") =>
    judge(outcome(name, at, needs), kernel, known).kind;

  test("are known by name, from the operation that the reason names", () => {
    expect(kind("g_a", 1)).toBe("known failure");
    expect(kind("g_a", 2)).toBe("known failure");
    expect(kind("g_a", 0)).toBe("failed");
    expect(kind("g_a")).toBe("unexpected pass");
    expect(kind("g_b", 1, [], "6.1")).toBe("known failure");
    expect(kind("g_b", 1)).toBe("failed");
    expect(kind("other", 1)).toBe("failed");
    expect(kind("other", 1, ["guest"])).toBe("known failure");
    expect(kind("other", undefined, ["guest"])).toBe("passed");
  });

  test("may pass where the reason says so", () => {
    expect([kind("g_c"), kind("g_c", 1), kind("g_c", 0)]).toEqual(["passed", "known failure", "failed"]);
  });
});
