/** Every scenario of the recordings gives the recorded answers, over every way to reach the kernel, or is a known failure. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judge, type KnownFailures, readKnownFailures } from "./replayer/known_failures.ts";
import { type Outcome, replay } from "./replayer/replay.ts";
import type { Target } from "./replayer/target.ts";
import { kernelsOf } from "./suites/recordings.ts";
import { RECORDINGS, TARGETS } from "./targets.ts";

const known = readKnownFailures();
const mayPass = (reason: string) => known.reasons[reason]?.mayPass === true;
/** Here each recording has a machine to itself, in its order: what depends on the machine's earlier life has to pass. */
const failing: KnownFailures = {
  ...known,
  scenarios: Object.fromEntries(Object.entries(known.scenarios).filter(([, reason]) => !mayPass(reason))),
};

/** The difference, as the message of a failed test. */
function explain({ difference }: Outcome): string {
  if (!difference) return "it passes, and is listed as a known failure";
  const { step, op, what, expected, got, rule } = difference;
  return `step ${step}, ${op}: ${what} is ${got}, not ${expected}${rule ? ` (${rule})` : ""}`;
}

describe.each(Object.entries(TARGETS))("%s", (_name, connect) => {
  let target: Target;
  beforeAll(async () => {
    target = await connect();
  });
  afterAll(() => target.close());

  const runs = RECORDINGS.flatMap((recording) => kernelsOf(recording).map((kernel) => ({ recording, kernel })));
  describe.each(runs)("$recording.file on $kernel", ({ recording, kernel }) => {
    test.each(recording.scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", async (_, scenario) => {
      const outcome = await replay(target, recording, scenario, kernel);
      const { kind } = judge(outcome, kernel, failing);
      expect(["passed", "skipped", "known failure"], explain(outcome)).toContain(kind);
    });
  });
});

describe("known failures", () => {
  const names = new Set(RECORDINGS.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)));

  test.each(Object.entries(known.scenarios))("%s is in a recording and has a reason", (name, reason) => {
    expect(names).toContain(name.split("@")[0]);
    expect(known.reasons).toHaveProperty(reason);
  });
});
