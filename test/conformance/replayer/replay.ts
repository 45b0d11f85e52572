/** Replays scenarios: each in a process of its own, step by step up to the first difference. */

import { ClientError } from "nice-grpc-common";
import type { KernelName } from "../../../server/abi/versions.ts";
import { compareStep, type Difference, expectedAnswer, isTooOld, LOOKS_ONLY, type Observed } from "./compare.ts";
import { Context, ReplayError } from "./context.ts";
import { FILE_OPERATIONS } from "./file_operations.ts";
import { KVM_OPERATIONS } from "./kvm_operations.ts";
import { MEMORY_OPERATIONS } from "./memory_operations.ts";
import { missingFeature } from "./needs.ts";
import type { Recording, Scenario, Step } from "./recording.ts";
import type { Process, Target } from "./target.ts";
import type { Operations } from "./words.ts";

const OPERATIONS: Operations = { ...FILE_OPERATIONS, ...MEMORY_OPERATIONS, ...KVM_OPERATIONS };

/** What became of a scenario. */
export interface Outcome {
  readonly scenario: Scenario;
  /** The first difference; a scenario without one passed. */
  readonly difference?: Difference;
  /** Why it was not replayed at all. */
  readonly skipped?: string;
  /** Operations of steps that were left out, as the target has nothing like them and they only look. */
  readonly leftOut: ReadonlySet<string>;
  /** Reasons of differences that count for nothing. */
  readonly allowed: ReadonlySet<string>;
}

/** Replays one scenario of a recording on a machine, under a kernel. */
export async function replay(
  target: Target,
  recording: Recording,
  scenario: Scenario,
  kernel: KernelName = recording.kernel,
): Promise<Outcome> {
  const outcome = { scenario, leftOut: new Set<string>(), allowed: new Set<string>() };
  if (recording.machine === "x86" && scenario.scope === "x86") {
    return { ...outcome, skipped: "recorded on x86 for the record only" };
  }
  const process = await target.spawn(kernel, { nomte: scenario.needs.includes("nomte") });
  if (!process) {
    return { ...outcome, skipped: "the target cannot boot with the recorded machine's command line" };
  }
  try {
    const missing = recording.machine === "x86" ? await missingFeature(process, scenario.needs) : undefined;
    if (missing) return { ...outcome, skipped: `the kernel has no ${missing}` };
    await occupyStandardDescriptors(process);
    const difference = await replaySteps(new Context(process), recording, scenario, kernel, outcome);
    return difference ? { ...outcome, difference } : outcome;
  } finally {
    await process.exit();
  }
}

/** The recorded processes had 0 to 2 open: numbers of descriptors in the recordings begin at 3. */
async function occupyStandardDescriptors(process: Process): Promise<void> {
  let fd: number;
  do {
    fd = await process.memfdCreate("standard", 0);
    if (fd > 2) await process.close(fd);
  } while (fd >= 0 && fd < 2);
}

async function replaySteps(
  context: Context,
  recording: Recording,
  scenario: Scenario,
  kernel: KernelName,
  outcome: { leftOut: Set<string>; allowed: Set<string> },
): Promise<Difference | undefined> {
  try {
    for (const [index, step] of scenario.steps.entries()) {
      if (isTooOld(step, recording, kernel)) continue;
      const observed = await perform(context, step);
      if ("error" in observed) {
        if (observed.unknownOperation && LOOKS_ONLY.has(step.op)) outcome.leftOut.add(step.op);
        else if (expectedAnswer(step, scenario, recording)) return unperformed(index, step, observed.error);
        continue;
      }
      const difference = compareStep(index, step, scenario, recording, observed, outcome.allowed);
      if (difference) return { ...difference, rule: await ruleBehind(context.process) };
    }
    return undefined;
  } finally {
    await context.child?.exit();
  }
}

async function ruleBehind(process: Process): Promise<string | undefined> {
  try {
    return await process.lastRule?.();
  } catch (error) {
    if (!isExpected(error)) throw error;
    return undefined;
  }
}

const unperformed = (step: number, { op, errno, ret }: Step, error: string): Difference => ({
  step,
  op,
  what: "ret",
  expected: errno ?? String(ret),
  got: error,
});

/** Why a step could not be performed. */
interface Unperformed {
  readonly error: string;
  readonly unknownOperation: boolean;
}

/** Whether an error is the scenario's or the target's, and no defect of the replayer. */
const isExpected = (error: unknown): error is Error => error instanceof ReplayError || error instanceof ClientError;

async function perform(context: Context, step: Step): Promise<Observed | Unperformed> {
  try {
    const observed = await OPERATIONS[step.op]?.(context, step);
    return observed ?? { error: `the target has no operation ${step.op}`, unknownOperation: true };
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { error: error.message, unknownOperation: false };
  }
}

/** Replays all scenarios of a recording whose names have `filter` in them, in order. */
export async function* replayAll(
  target: Target,
  recording: Recording,
  kernel: KernelName = recording.kernel,
  filter = "",
): AsyncGenerator<Outcome> {
  for (const scenario of recording.scenarios) {
    if (scenario.name.includes(filter)) yield await replay(target, recording, scenario, kernel);
  }
}
