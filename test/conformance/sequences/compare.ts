/** Answers of two targets side by side, step by step, up to the first that differs. */

import type { KernelName } from "../../../server/abi/versions.ts";
import { comparable, type Hosts } from "./differences.ts";
import { generate as randomCalls } from "./generator.ts";
import { type Run, type RunSequenceOptions, runSequence, type SequenceTarget } from "./lists.ts";
import { Random } from "./random.ts";
import type { Answer, Sequence } from "./sequence.ts";
import { shrink } from "./shrink.ts";

/** The first step that two targets answer otherwise. */
export interface Difference {
  readonly step: number;
  /** Which part of the answer: the result, the data that came back, or a look after the call. */
  readonly what: "ret" | "data" | `after[${number}]`;
  readonly answers: readonly [Answer, Answer];
}

const same = (a: Uint8Array | undefined, b: Uint8Array | undefined) => Buffer.compare(a ?? NONE, b ?? NONE) === 0;
const NONE = new Uint8Array(0);

function part(a: Answer, b: Answer): Difference["what"] | undefined {
  if (a.ret !== b.ret) return "ret";
  if (!same(a.data, b.data)) return "data";
  const look = a.after.findIndex((bytes, i) => !same(bytes, b.after[i]));
  return look < 0 ? undefined : `after[${look}]`;
}

/** Compares the answers to one sequence; `used` takes the names of the allowances that were needed. */
export function firstDifference(
  sequence: Sequence,
  a: readonly Answer[],
  b: readonly Answer[],
  hosts: Hosts,
  used?: Set<string>,
): Difference | undefined {
  for (const [i, step] of sequence.steps.entries()) {
    const answers = [a[i], b[i]] as [Answer, Answer];
    if (!part(...answers)) continue;
    const allowed = new Set<string>();
    const masked = answers.map((answer) => comparable(step, answer, sequence, hosts, allowed)) as [Answer, Answer];
    const what = part(...masked);
    if (what) return { step: i, what, answers };
    for (const name of allowed) used?.add(name);
  }
  return undefined;
}

/** Makes a sequence from a seed, of so many steps where it can tell. */
export type Generate = (seed: number, length?: number) => Sequence;

/** What a comparison is made with. */
export interface CompareOptions {
  /** The kernel of both, or of each. */
  readonly kernel: KernelName | readonly [KernelName, KernelName];
  readonly seed: number;
  /** How many steps at least, unless a limit of time comes first. */
  readonly steps: number;
  readonly hosts?: Hosts;
  /** Makes the sequence of a seed; what is left out is that of random calls. */
  readonly generate?: Generate;
  /** Steps of a sequence. */
  readonly length?: number;
  /** Seconds. */
  readonly time?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Sequences that run at once. */
  readonly jobs?: number;
  /** Whether the first difference is looked for in the shortest sequence that shows it; yes where it is left out. */
  readonly shrink?: boolean;
  readonly onProgress?: (made: Progress) => void;
}

/** How far a run is. */
export interface Progress {
  readonly sequences: number;
  readonly steps: number;
}

/** A sequence to which two targets do not answer the same, with what both said. */
export interface Disagreement {
  readonly sequence: Sequence;
  readonly difference: Difference;
  readonly runs: readonly [Run, Run];
}

/** What a comparison found. */
export interface Comparison extends Progress {
  /** The allowances without which there would have been a difference. */
  readonly allowed: ReadonlySet<string>;
  readonly disagreement?: Disagreement;
}

/** The options that say which sequences are made. */
export type Made = "generate" | "seed" | "steps" | "length" | "time";

const DEFAULT_JOBS = 4;

/** The sequences that a seed stands for, a batch of them at a time, until there are enough steps or there is no more time. */
export function* batches({
  generate = randomCalls,
  seed,
  steps,
  length,
  time,
  signal,
  jobs = DEFAULT_JOBS,
}: Pick<CompareOptions, Made | "signal" | "jobs">): Generator<Sequence[]> {
  const random = new Random(seed);
  const end = time === undefined ? Number.POSITIVE_INFINITY : Date.now() + time * 1000;
  for (let made = 0; made < steps && Date.now() < end && !signal?.aborted; ) {
    const batch = Array.from({ length: jobs }, () => generate(random.u32(), length));
    made += stepsOf(batch);
    yield batch;
  }
}

/** How many steps sequences have together. */
export const stepsOf = (sequences: readonly Sequence[]) => sequences.reduce((sum, { steps }) => sum + steps.length, 0);

/** Runs a sequence on both and compares; the traces are asked for where `trace` says so. */
async function confront(
  targets: readonly [SequenceTarget, SequenceTarget],
  sequence: Sequence,
  options: Pick<CompareOptions, "kernel" | "hosts">,
  { used, ...more }: RunSequenceOptions & { used?: Set<string> } = {},
): Promise<Disagreement | undefined> {
  const { kernel, hosts = "same" } = options;
  const kernels = typeof kernel === "string" ? [kernel, kernel] : kernel;
  const runs = (await Promise.all(
    targets.map((target, i) => runSequence(target, kernels[i] as KernelName, sequence, more)),
  )) as [Run, Run];
  const difference = firstDifference(sequence, runs[0].answers, runs[1].answers, hosts, used);
  return difference && { sequence, difference, runs };
}

/** Differences alike: in the same request, in the same part, with the same errors. */
function signature({ sequence, difference: { step, what, answers } }: Disagreement): string {
  const { call, args } = sequence.steps[step] as Sequence["steps"][number];
  return [
    call,
    args.request ?? "",
    what === "ret" || what === "data" ? what : "after",
    ...answers.map(({ ret }) => Math.min(ret, 0)),
  ].join();
}

/** A guest that lost a part of its program may run for ever: such a sequence shows nothing. */
const SHORT_PATIENCE_MS = 4000;

/** The shortest sequence found that still shows a difference like this one, with the traces of both. */
export async function shrinkDisagreement(
  a: SequenceTarget,
  b: SequenceTarget,
  disagreement: Disagreement,
  options: Pick<CompareOptions, "kernel" | "hosts">,
): Promise<Disagreement> {
  const wanted = signature(disagreement);
  const { sequence, difference } = disagreement;
  const shortest = await shrink(
    { ...sequence, steps: sequence.steps.slice(0, difference.step + 1) },
    async (candidate) => {
      const found = await confront([a, b], candidate, options, { patience: SHORT_PATIENCE_MS }).catch(() => undefined);
      return found !== undefined && signature(found) === wanted;
    },
  );
  return (await confront([a, b], shortest, options, { trace: true })) ?? disagreement;
}

/** Compares two targets on generated sequences up to the first answer that differs. */
export async function compareSequences(
  a: SequenceTarget,
  b: SequenceTarget,
  options: CompareOptions,
): Promise<Comparison> {
  const allowed = new Set<string>();
  const made = { sequences: 0, steps: 0 };
  for (const batch of batches(options)) {
    const results = await Promise.all(batch.map((sequence) => confront([a, b], sequence, options, { used: allowed })));
    made.sequences += batch.length;
    made.steps += stepsOf(batch);
    options.onProgress?.(made);
    const first = results.find((result) => result !== undefined);
    if (!first) continue;
    const disagreement = options.shrink === false ? first : await shrinkDisagreement(a, b, first, options);
    return { ...made, allowed, disagreement };
  }
  return { ...made, allowed };
}
