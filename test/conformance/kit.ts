/** The conformance kit: runs suites against a target, or against two that are compared, and tells every report. */

import { DEFAULT_KERNEL, type KernelName } from "../../server/abi/versions.ts";
import { judge, type KnownFailures } from "./replayer/known_failures.ts";
import { familyOf, type Recording, type Scenario } from "./replayer/recording.ts";
import { type Outcome, replay, replayBoth, type Side } from "./replayer/replay.ts";
import type { Target } from "./replayer/target.ts";
import type { Report, Result, Summary } from "./report/result.ts";
import { isBad } from "./report/result.ts";
import { findingOf } from "./report/trace.ts";
import { type Case, type Ran, type RunOptions, runCases } from "./runner.ts";
import type { Case as SequenceCase } from "./sequences/index.ts";
import { type Batch, batchesOf, batchesOfFiles, batchesToCompare } from "./suites/index.ts";
import { caseResult, isGenerator, sequenceResults } from "./suites/sequences.ts";

/** What a target is compared with. */
export interface Opponent {
  readonly target: Target;
  readonly kernel?: KernelName | undefined;
  /** Whether both are servers of the run's own. */
  readonly sameHost?: boolean;
}

/** What to run, against what. */
export interface Plan {
  readonly suites: readonly string[];
  /** Recordings in place of those that come with the kit. */
  readonly recordings?: readonly Recording[] | undefined;
  /** The only kernel; without it every case runs on those that it has expectations for. */
  readonly kernel?: KernelName | undefined;
  /** Only cases with this text in their names. */
  readonly filter: string;
  readonly repeat: number;
  /** Sequences that were kept as files. */
  readonly cases?: readonly SequenceCase[] | undefined;
  /** What generated sequences start from. */
  readonly seed: number;
  /** How many steps they have together, unless the time of the run says when to end. */
  readonly steps: number;
  /** Where to keep a sequence that two targets answer otherwise. */
  readonly save?: string | undefined;
  readonly target: Target;
  /** What the target is compared with: another one, or the same under another kernel. */
  readonly against?: Opponent | undefined;
  readonly known: KnownFailures;
}

/** How a run ended. */
export interface Ended {
  readonly summary: Summary;
  readonly passed: boolean;
}

/** One scenario of a batch. */
interface Item {
  readonly batch: Batch;
  readonly scenario: Scenario;
}

/** The items of a plan, in order; generated sequences are none, as they are made while they run. */
export function itemsOf({ suites, recordings, kernel, against, filter, repeat }: Plan): Item[] {
  const batches = suites
    .filter((suite) => !isGenerator(suite))
    .flatMap((suite) => {
      const files = suite === "recordings" ? recordings : undefined;
      if (against) return batchesToCompare(suite, kernel ?? DEFAULT_KERNEL, files);
      return files ? batchesOfFiles(files, kernel) : batchesOf(suite, kernel);
    });
  const once = batches.flatMap((batch) =>
    batch.recording.scenarios
      .filter(({ name }) => name.includes(filter))
      .map((scenario): Item => ({ batch, scenario })),
  );
  return once.flatMap((item) => Array<Item>(repeat).fill(item));
}

/** How the kernels of a comparison differ, where they do. */
function kernelsOf(plan: Plan, kernel: KernelName): readonly [KernelName, KernelName] {
  return [kernel, plan.against?.kernel ?? kernel];
}

function caseOf(plan: Plan, item: Item): Case<Item> {
  const { batch, scenario } = item;
  const { target, against } = plan;
  const [kernel, other] = kernelsOf(plan, batch.kernel);
  const run = (end: AbortSignal): Promise<Outcome> => {
    if (!against) return replay(target, batch.recording, scenario, kernel, end);
    const [here, there]: [Side, Side] = [
      { target, kernel },
      { target: against.target, kernel: other },
    ];
    return replayBoth(here, there, scenario, { all: asksForChanges(plan), end });
  };
  return { of: item, scenario, run };
}

/** Whether two kernels are compared of which each is right in its way: what differs is what the run is to tell. */
function asksForChanges({ against, kernel }: Plan): boolean {
  return against?.kernel !== undefined && against.kernel !== (kernel ?? DEFAULT_KERNEL);
}

/** The names of what stands left and right in a trace. */
export function sidesOf(plan: Plan, kernel: KernelName): readonly [string, string] {
  const { target, against } = plan;
  if (!against) return ["expected", "answered"];
  const [one, other] = kernelsOf(plan, kernel);
  if (one !== other) return [one, other];
  return target.name === against.target.name ? ["target", "against"] : [target.name, against.target.name];
}

function resultOf(plan: Plan, { of: { batch, scenario }, outcome, seconds }: Ran<Item>): Result {
  const [kernel, other] = kernelsOf(plan, batch.kernel);
  const finding = findingOf(outcome, sidesOf(plan, batch.kernel));
  const told = {
    suite: batch.suite,
    family: familyOf(scenario),
    name: scenario.name,
    kernel: kernel === other ? kernel : `${kernel} to ${other}`,
    seconds,
    shows: scenario.doc,
    source: batch.source,
    finding,
  };
  if (outcome.skipped !== undefined) return { ...told, kind: "skipped", why: outcome.skipped };
  if (plan.against) return { ...told, kind: finding ? (asksForChanges(plan) ? "changed" : "failed") : "passed" };
  const verdict = judge(outcome, kernel, plan.known);
  return { ...told, kind: verdict.kind, why: "why" in verdict ? verdict.why : undefined };
}

function titleOf(plan: Plan): string {
  const kernel = plan.kernel ?? DEFAULT_KERNEL;
  if (asksForChanges(plan)) return `What changed from ${kernel} to ${plan.against?.kernel}`;
  return plan.against ? `${plan.target.name} against ${plan.against.target.name}` : "Conformance";
}

/** Runs the plan and tells the reports; they are ended whatever happens, also when the target goes away. */
export async function run(plan: Plan, reports: readonly Report[], options: RunOptions): Promise<Ended> {
  const started = new Date();
  const [allowed, leftOut] = [new Set<string>(), new Set<string>()];
  let passed = true;
  let stopped: string | undefined;
  const comment = (text: string) => {
    for (const report of reports) report.comment?.(text);
  };
  const progress = (text: string) => {
    for (const report of reports) report.progress?.(text);
  };
  let batch: Batch | undefined;
  const items = itemsOf(plan);
  let [done, run] = [0, 0];
  try {
    for await (const ran of runCases(
      items.map((item) => caseOf(plan, item)),
      options,
    )) {
      if (ran.of.batch !== batch) {
        batch = ran.of.batch;
        comment(headOf(plan, batch));
      }
      const result = resultOf(plan, ran);
      for (const why of ran.outcome.allowed) allowed.add(why);
      for (const op of ran.outcome.leftOut) leftOut.add(op);
      for (const report of reports) report.add(result);
      if (isBad(result)) passed = false;
      done++;
      if (result.kind !== "skipped") run++;
    }
    if (done === items.length) {
      for await (const result of generatedResults(plan, options, comment, progress)) {
        for (const report of reports) report.add(result);
        if (isBad(result)) passed = false;
        run++;
      }
    }
    if (options.stop.aborted) stopped = "interrupted";
    else if (done < items.length) stopped = "the time is over";
  } catch (error) {
    if (!(error instanceof Error) || isDefect(error)) throw error;
    stopped = error.message;
  }
  // A target that can do nothing of what was asked has shown nothing.
  if (done > 0 && run === 0) passed = false;
  // Time that is over was asked for; all else that ends a run early leaves it without a result.
  if (stopped !== undefined && stopped !== "the time is over") passed = false;
  const seconds = (Date.now() - started.getTime()) / 1000;
  const summary = { title: titleOf(plan), target: plan.target.name, started, seconds, stopped, allowed, leftOut };
  for (const report of reports) report.end(summary);
  return { summary, passed };
}

/** What kept and generated sequences give. */
async function* generatedResults(
  plan: Plan,
  { jobs, stop, until }: RunOptions,
  comment: (text: string) => void,
  onProgress: (text: string) => void,
): AsyncGenerator<Result> {
  const { target, against, cases = [], suites, seed, steps, save } = plan;
  for (const found of cases) if (!stop.aborted) yield await caseResult(found, target, plan.kernel);
  const kernels = kernelsOf(plan, plan.kernel ?? DEFAULT_KERNEL);
  for (const suite of suites) {
    if (!isGenerator(suite) || stop.aborted) continue;
    comment(`${suite} from seed ${seed} on ${[...new Set(kernels)].join(" and ")}, ${target.name}`);
    const time = until === undefined ? undefined : Math.max(0, until - Date.now()) / 1000;
    yield* await sequenceResults({
      suite,
      target,
      kernels,
      against: against?.target,
      inProcess: against?.sameHost === true,
      seed,
      steps,
      time,
      jobs,
      signal: stop,
      save,
      onProgress,
    });
  }
}

const isDefect = (error: Error) =>
  [TypeError, RangeError, ReferenceError, SyntaxError].some((defect) => error instanceof defect);

function headOf(plan: Plan, { recording, kernel }: Batch): string {
  const [one, other] = kernelsOf(plan, kernel);
  const kernels = one === other ? one : `${one} and ${other}`;
  const targets =
    plan.against && plan.against.target !== plan.target
      ? `${plan.target.name} and ${plan.against.target.name}`
      : plan.target.name;
  return `${recording.file} on ${kernels}, ${targets}`;
}
