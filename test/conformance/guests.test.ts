/** Generated guests: the same from the same seed, run twice and by both paths with the same answers, and nothing that no guest can do. */

import { describe, expect, test } from "vitest";
import { KVM_EXIT_MMIO, kvm_run } from "../../server/abi/kvm.ts";
import { KERNEL_NAMES } from "../../server/abi/versions.ts";
import { RUN_SEEN } from "./guests/builder.ts";
import { generateGuest } from "./guests/generator.ts";
import { unlawfulGuest } from "./guests/lawful.ts";
import { HOST } from "./guests/layout.ts";
import { liar } from "./liar.ts";
import { KernelTarget } from "./replayer/kernel_target.ts";
import { LocalServers } from "./replayer/local_servers.ts";
import {
  compareSequences,
  runSequence,
  runSequences,
  type Sequence,
  sequenceTarget,
  stepFromJson,
  stepToJson,
} from "./sequences/index.ts";

const EXIT_REASON = kvm_run.offsetof("exit_reason");
const LENGTH = kvm_run.offsetof("mmio.len");
const IS_WRITE = kvm_run.offsetof("mmio.is_write");

const SEED = 20_261_126;
const STEPS = 20_000;
const inProcess = () => sequenceTarget(new KernelTarget());
const made = { generate: generateGuest, seed: SEED, steps: STEPS };

test("the same seed makes the same guest, another one another, and files keep its steps", () => {
  expect(generateGuest(SEED)).toEqual(generateGuest(SEED));
  expect(generateGuest(SEED + 1)).not.toEqual(generateGuest(SEED));
  const { steps } = generateGuest(SEED);
  expect(steps.map((step) => stepFromJson(JSON.parse(JSON.stringify(stepToJson(step)))))).toEqual(steps);
});

describe("a guest", () => {
  test.each(KERNEL_NAMES)(
    "on %s does the same twice, and nothing that none can do",
    { timeout: 60_000 },
    async (kernel) => {
      const options = { ...made, kernel, unlawful: unlawfulGuest };
      const report = await runSequences(inProcess(), options);
      expect(report.violations.map(({ what, sequence }) => `seed ${sequence.seed}: ${what}`)).toEqual([]);
      expect(report.steps).toBeGreaterThanOrEqual(STEPS);
    },
  );

  test.each(KERNEL_NAMES)("on %s does the same in process and by RPC", { timeout: 120_000 }, async (kernel) => {
    const servers = new LocalServers();
    try {
      const { disagreement } = await compareSequences(inProcess(), sequenceTarget(servers), { ...made, kernel });
      expect(disagreement && { seed: disagreement.sequence.seed, ...disagreement.difference }).toBeUndefined();
    } finally {
      await servers.close();
    }
  });
});

/** The kernel in this process, but for what `change` makes of a guest's answers. */
async function unlawfulIf(change: (sequence: Sequence, answers: Answers) => void): Promise<string | undefined> {
  const sequence = generateGuest(SEED);
  const { answers } = await runSequence(inProcess(), "6.12", sequence);
  expect(unlawfulGuest(sequence, answers)).toBeUndefined();
  change(sequence, answers);
  return unlawfulGuest(sequence, answers);
}
type Answers = Awaited<ReturnType<typeof runSequence>>["answers"];

describe("what no guest can do is found:", () => {
  test("an exit that there is not", async () => {
    const what = await unlawfulIf(({ steps }, answers) => {
      const run = steps.findIndex(({ guarded }, i) => guarded && answers[i]?.ret === 0);
      answers[run]?.after[0]?.fill(5, EXIT_REASON, EXIT_REASON + 1);
    });
    expect(what).toMatch(/^step \d+: exit 5 is none/);
  });

  test.each([
    ["a read-only slot", HOST.rom],
    ["behind its memory", HOST.behindRam],
  ])("a store to %s", async (_, address) => {
    const what = await unlawfulIf(({ steps }, answers) => {
      const look = steps.findLastIndex(({ call, args }) => call === "process_vm_readv" && args.address === address);
      answers[look]?.data.fill(1, 16, 17);
    });
    expect(what).toMatch(/^step \d+: the guest wrote at 0x/);
  });
});

/** Says that a store that left the guest was of another width. */
const withWideStores = () =>
  liar(inProcess(), (results) => {
    for (const { data } of results)
      if (data.length === RUN_SEEN && data[EXIT_REASON] === KVM_EXIT_MMIO && data[IS_WRITE]) data[LENGTH] = 16;
    return results;
  });

test("a difference is shrunk to a guest that still runs", { timeout: 120_000 }, async () => {
  const options = { ...made, kernel: "6.12" } as const;
  const { disagreement } = await compareSequences(inProcess(), withWideStores(), options);
  if (!disagreement) throw new Error("the lie was not found");
  const { sequence, difference } = disagreement;
  expect(difference.what).toBe("after[0]");
  expect(sequence.steps.filter(({ guarded }) => guarded)).toHaveLength(1);
  expect(sequence.steps.filter(({ needed }) => !needed).length).toBeLessThan(4);
});
