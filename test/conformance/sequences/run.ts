/** Sequences on a single target: what no call may ever do, and the same answers to the same calls. */

import { ERRNO, isErrno } from "../../../server/abi/errno.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import {
  batches,
  type CompareOptions,
  type Difference,
  firstDifference,
  type Made,
  type Progress,
  stepsOf,
} from "./compare.ts";
import { runSequence, type SequenceTarget } from "./lists.ts";
import type { Answer, Sequence } from "./sequence.ts";

/** Says where the answers to a sequence break what holds for all of its kind. */
export type Unlawful = (sequence: Sequence, answers: readonly Answer[]) => string | undefined;

/** What a run is made with. */
export interface RunOptions extends Pick<CompareOptions, Made | "signal" | "jobs" | "onProgress"> {
  readonly kernel: KernelName;
  /** What is wrong with answers that no second run shows. */
  readonly unlawful?: Unlawful | undefined;
}

/** A sequence in which the target did what it may not. */
export interface Violation {
  readonly sequence: Sequence;
  readonly what: string;
}

/** What a run found. */
export interface RunReport extends Progress {
  /** How often each result was given: 0 for all successes, -errno. */
  readonly results: ReadonlyMap<number, number>;
  readonly violations: readonly Violation[];
}

/** What a list answers for a call whose link leads to a failed one. */
const ECANCELED = 125;
const KNOWN: ReadonlySet<number> = new Set([...Object.values(ERRNO), ECANCELED]);

/** A result that no system call gives. */
const isOdd = ({ ret }: Answer) => !Number.isSafeInteger(ret) || (isErrno(ret) && !KNOWN.has(-ret));

const describe = ({ step, what, answers }: Difference) =>
  `step ${step}: ${what} is not the same the second time (${answers.map(({ ret }) => ret).join(", ")})`;

/** Runs a sequence twice; answers what is wrong, and counts the results. */
async function check(
  target: SequenceTarget,
  kernel: KernelName,
  sequence: Sequence,
  results: Map<number, number>,
  unlawful: Unlawful | undefined,
): Promise<string | undefined> {
  try {
    const [first, second] = [await runSequence(target, kernel, sequence), await runSequence(target, kernel, sequence)];
    for (const { ret } of first.answers) results.set(Math.min(ret, 0), (results.get(Math.min(ret, 0)) ?? 0) + 1);
    const odd = first.answers.findIndex(isOdd);
    if (odd >= 0) return `step ${odd}: ${first.answers[odd]?.ret} is no result of a system call`;
    const broken = unlawful?.(sequence, first.answers);
    if (broken) return broken;
    const difference = firstDifference(sequence, first.answers, second.answers, "same");
    return difference && describe(difference);
  } catch (error) {
    return `no answer: ${error instanceof Error ? error.message : error}`;
  }
}

/** Checks a target on generated sequences; goes on after a violation. */
export async function runSequences(target: SequenceTarget, options: RunOptions): Promise<RunReport> {
  const results = new Map<number, number>();
  const violations: Violation[] = [];
  const made = { sequences: 0, steps: 0 };
  for (const batch of batches(options)) {
    const found = await Promise.all(
      batch.map((sequence) => check(target, options.kernel, sequence, results, options.unlawful)),
    );
    for (const [i, what] of found.entries()) if (what) violations.push({ sequence: batch[i] as Sequence, what });
    made.sequences += batch.length;
    made.steps += stepsOf(batch);
    options.onProgress?.(made);
  }
  return { ...made, results, violations };
}
