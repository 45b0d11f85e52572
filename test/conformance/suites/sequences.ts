/** Generated sequences, of calls and with guests, as suites: on one target, on two that are compared, or on two kernels side by side. */

import { errnoName, isErrno } from "../../../server/abi/errno.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { generateGuest } from "../guests/generator.ts";
import { unlawfulGuest } from "../guests/lawful.ts";
import type { Target } from "../replayer/target.ts";
import type { Finding, Result, TraceRow } from "../report/result.ts";
import {
  type Answer,
  type Case,
  caseOf,
  compareSequences,
  type Difference,
  type Disagreement,
  type Generate,
  generate,
  replayCase,
  runSequences,
  type Sequence,
  type Step,
  saveCase,
  sequenceTarget,
  stepFromJson,
  stepName,
  type Unlawful,
  VersionComparison,
} from "../sequences/index.ts";

/** The suites whose sequences are made while they run, by how they are made and what no target may answer. */
export const GENERATORS = {
  sequences: { generate, unlawful: undefined },
  guests: { generate: generateGuest, unlawful: unlawfulGuest },
} as const satisfies Record<string, { generate: Generate; unlawful: Unlawful | undefined }>;
export type GeneratorName = keyof typeof GENERATORS;
export const isGenerator = (suite: string): suite is GeneratorName => suite in GENERATORS;

/** What sequences to run, and against what. */
export interface SequencePlan {
  readonly suite: GeneratorName;
  readonly target: Target;
  /** The kernel, or those of both sides. */
  readonly kernels: readonly [KernelName, KernelName];
  readonly against?: Target | undefined;
  /** Whether both sides are kernels of ours, which need no server: every difference is then explained by what changed. */
  readonly inProcess: boolean;
  readonly seed: number;
  readonly steps: number;
  /** Seconds. */
  readonly time?: number | undefined;
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Where to write a sequence that two sides answer otherwise. */
  readonly save?: string | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

const SOURCE = "the same calls on both";

type Told = Pick<Result, "name" | "shows" | "source" | "kind"> & Partial<Pick<Result, "why" | "finding">>;

/** All that is found, as results. */
export async function sequenceResults(plan: SequencePlan): Promise<Result[]> {
  const started = performance.now();
  const [one, other] = plan.kernels;
  const told = await (plan.inProcess && one !== other ? versions(plan) : plan.against ? compared(plan) : single(plan));
  const seconds = (performance.now() - started) / 1000 / Math.max(1, told.length);
  const kernel = one === other ? one : `${one} to ${other}`;
  return told.map((result) => ({ suite: plan.suite, family: plan.suite, kernel, seconds, ...result }));
}

const optionsOf = ({ suite, seed, steps, time, jobs, signal, onProgress }: SequencePlan) => ({
  generate: GENERATORS[suite].generate,
  seed,
  steps: time === undefined ? steps : Number.POSITIVE_INFINITY,
  time,
  jobs,
  signal,
  onProgress: (made: { sequences: number; steps: number }) =>
    onProgress?.(`${made.sequences} ${suite}, ${made.steps} steps`),
});

const amount = ({ sequences, steps }: { sequences: number; steps: number }, { suite, seed }: SequencePlan) =>
  `${sequences} ${suite} of ${steps} steps from seed ${seed}`;

/** One target: no call may answer what no call can, and the same calls answer the same. */
async function single(plan: SequencePlan): Promise<Told[]> {
  const report = await runSequences(sequenceTarget(plan.target), {
    ...optionsOf(plan),
    kernel: plan.kernels[0],
    unlawful: GENERATORS[plan.suite].unlawful,
  });
  const source = "what no call may do, and the same calls a second time";
  if (report.violations.length === 0) {
    return [{ name: `seed_${plan.seed}`, kind: "passed", shows: amount(report, plan), source }];
  }
  return report.violations.map(({ sequence, what }) => ({
    name: `sequence_${sequence.seed}`,
    kind: "failed",
    shows: what,
    source,
    finding: violation(sequence, what),
  }));
}

function violation(sequence: Sequence, what: string): Finding {
  const step = Number(/^step (\d+)/.exec(what)?.[1] ?? sequence.steps.length - 1);
  const rows = sequence.steps
    .slice(0, step + 1)
    .map((one, i) => rowOf(one, sequence, i, undefined, undefined, i === step));
  const call = stepText(sequence.steps[step] as Step, sequence);
  const trace = { sides: ["first", "second"] as const, rows, earlier: 0 };
  return { step, op: "sequence", call, what: "answer", expected: "a lawful one", got: what, trace, further: [] };
}

/** Two targets, up to the first sequence to which they do not answer the same. */
async function compared(plan: SequencePlan): Promise<Told[]> {
  const { target, against = target, kernels, save } = plan;
  const hosts = plan.inProcess ? "same" : "different";
  const [a, b] = [sequenceTarget(target), sequenceTarget(against)];
  const found = await compareSequences(a, b, { ...optionsOf(plan), kernel: kernels, hosts });
  const told = { name: `seed_${plan.seed}`, shows: amount(found, plan), source: SOURCE };
  const { disagreement } = found;
  if (!disagreement) return [{ ...told, kind: "passed" }];
  const sides = [
    { target: target.name, kernel: kernels[0] },
    { target: against.name, kernel: kernels[1] },
  ] as const;
  const file = save === undefined ? undefined : saveCase(save, caseOf(disagreement, sides, hosts));
  const names = kernels[0] === kernels[1] ? ([target.name, against.name] as const) : kernels;
  return [
    {
      ...told,
      kind: kernels[0] === kernels[1] ? "failed" : "changed",
      why: file,
      shows: `${told.shows}${file === undefined ? "" : `; kept in ${file}`}`,
      finding: findingOf(disagreement.sequence, disagreement.difference, names, disagreement.runs),
    },
  ];
}

/** Two kernels of ours: each difference by the behaviours that explain it. */
async function versions(plan: SequencePlan): Promise<Told[]> {
  const [from, to] = plan.kernels;
  const report = await new VersionComparison(from, to).run(optionsOf(plan));
  const explained = report.explained.map(({ behaviours, count, example, difference }): Told => {
    const names = behaviours.join(", ");
    return {
      name: behaviours.join("+"),
      kind: "changed",
      shows: `${names}; sequences that show it: ${count}`,
      source: `server/abi/versions.ts: ${names}`,
      finding: findingOf(example, difference, plan.kernels),
    };
  });
  const unexplained = report.unexplained.map((sequence): Told => {
    const what = "differs though all behaviours are the same";
    return {
      name: `sequence_${sequence.seed}`,
      kind: "failed",
      shows: what,
      source: SOURCE,
      finding: violation(sequence, what),
    };
  });
  const all: Told = { name: `seed_${plan.seed}`, kind: "passed", shows: amount(report, plan), source: SOURCE };
  return [...explained, ...unexplained, all];
}

/** A case file's sequence on a target, against what its first side said. */
export async function caseResult(found: Case, target: Target, kernel = found.sides[0].kernel): Promise<Result> {
  const started = performance.now();
  const difference = await replayCase(found, sequenceTarget(target), kernel);
  const sequence = { seed: found.seed, steps: found.steps.map(stepFromJson) };
  return {
    suite: "sequences",
    family: "sequences",
    name: found.name,
    kernel,
    kind: difference ? "failed" : "passed",
    seconds: (performance.now() - started) / 1000,
    shows: `a sequence that was answered otherwise by ${found.sides[1].target}`,
    source: `what ${found.sides[0].target} answered under ${found.sides[0].kernel}`,
    finding: difference && findingOf(sequence, difference, ["expected", "answered"]),
  };
}

// ---- as reports have it

function findingOf(
  sequence: Sequence,
  difference: Difference,
  sides: readonly [string, string],
  runs?: Disagreement["runs"],
): Finding {
  const { step, what, answers } = difference;
  const last = sequence.steps[step] as Step;
  const [expected, got] = answerTexts(difference);
  const rows = sequence.steps.slice(0, step + 1).map((one, i) => {
    const [a, b] = i === step ? answers : [runs?.[0].answers[i], runs?.[1].answers[i]];
    return rowOf(one, sequence, i, a, b, i === step);
  });
  return {
    step,
    op: last.call,
    call: stepText(last, sequence),
    what,
    expected,
    got,
    trace: { sides, rows, earlier: 0 },
    further: [],
  };
}

function rowOf(
  step: Step,
  sequence: Sequence,
  i: number,
  a: Answer | undefined,
  b: Answer | undefined,
  differs: boolean,
): TraceRow {
  return { step: i, call: stepText(step, sequence), left: resultText(a), right: resultText(b), differs };
}

/** The most bytes that are shown. */
const SHOWN = 24;
const WORD = 8;
const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.subarray(0, SHOWN)).toString("hex") + (bytes.length > SHOWN ? "…" : "");
const resultText = (answer: Answer | undefined) =>
  answer === undefined ? "" : isErrno(answer.ret) ? errnoName(-answer.ret) : String(answer.ret);

const bytesOf = ({ data, after }: Answer, what: Difference["what"]) =>
  (what === "data" ? data : after[Number(what.slice(6, -1))]) ?? new Uint8Array(0);

/** What both answered; of bytes those from the first word on that is not the same. */
function answerTexts({ what, answers }: Difference): [string, string] {
  const [a, b] = answers;
  if (what === "ret") return [resultText(a), resultText(b)];
  const [here, there] = [bytesOf(a, what), bytesOf(b, what)];
  const differs = here.findIndex((byte, i) => byte !== there[i]);
  const from = WORD * Math.floor(Math.max(differs, 0) / WORD);
  const text = (bytes: Uint8Array) => (from > 0 ? `byte ${from}: ${hex(bytes.subarray(from))}` : hex(bytes));
  return [text(here), text(there)];
}

/** The call of a step, with a descriptor as the step that made it. */
function stepText(step: Step, sequence: Sequence): string {
  const { call, fd, args, text, data } = step;
  const given = [
    fd === undefined ? undefined : typeof fd === "number" ? String(fd) : `fd of step ${fd.step}`,
    call === "ioctl" ? stepName(step, sequence) : undefined,
    text === undefined ? undefined : JSON.stringify(text),
    ...Object.entries(args)
      .filter(([name]) => call !== "ioctl" || (name !== "request" && data === undefined))
      .map(([name, value]) => `${name}=0x${value.toString(16)}`),
    data && `data=${hex(data)}`,
  ];
  return `${call}(${given.filter((part) => part !== undefined).join(", ")})`;
}
