/** Runs cases: some at a time, each with a deadline, in order, until they end or the run is stopped. */

import type { Scenario } from "./replayer/recording.ts";
import type { Outcome } from "./replayer/replay.ts";

/** How cases are run. */
export interface RunOptions {
  /** How many cases run at a time. */
  readonly jobs: number;
  /** How many milliseconds a case may take. */
  readonly deadline: number;
  /** Ends the run: those that run are given up, and none is begun any more. */
  readonly stop: AbortSignal;
  /** When to begin no further case, as Date.now() counts. */
  readonly until?: number | undefined;
}

/** A case, as what it takes to run it. */
export interface Case<T> {
  readonly of: T;
  readonly scenario: Scenario;
  run(end: AbortSignal): Promise<Outcome>;
}

/** What became of a case, and how long it took. */
export interface Ran<T> {
  readonly of: T;
  readonly outcome: Outcome;
  readonly seconds: number;
}

/** Runs the cases and hands over what became of them in their order; what the stop interrupted is left out. */
export async function* runCases<T>(cases: Iterable<Case<T>>, options: RunOptions): AsyncGenerator<Ran<T>> {
  const { jobs, stop, until = Number.POSITIVE_INFINITY } = options;
  const running: Promise<Ran<T> | undefined>[] = [];
  const waiting = cases[Symbol.iterator]();
  const begin = () => {
    while (running.length < jobs && !stop.aborted && Date.now() < until) {
      const { value, done } = waiting.next();
      if (done) return;
      const ran = runOne(value, options);
      // Handled where it is awaited, which may be later than it fails.
      ran.catch(() => {});
      running.push(ran);
    }
  };
  for (begin(); running.length > 0; begin()) {
    const ran = await running.shift();
    if (ran) yield ran;
  }
}

async function runOne<T>({ of, scenario, run }: Case<T>, { deadline, stop }: RunOptions): Promise<Ran<T> | undefined> {
  const end = new AbortController();
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let timer: NodeJS.Timeout | undefined;
  let interrupt = () => {};
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), deadline);
  });
  const stopped = new Promise<"stopped">((resolve) => {
    interrupt = () => resolve("stopped");
    stop.addEventListener("abort", interrupt);
  });
  const running = run(end.signal);
  running.catch(() => {});
  try {
    const first = await Promise.race([running, late, stopped]);
    if (typeof first === "object") return { of, outcome: first, seconds: seconds() };
    end.abort();
    return first === "stopped"
      ? undefined
      : { of, outcome: await tooLate(scenario, running, deadline), seconds: seconds() };
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", interrupt);
  }
}

/** How long a case that is ended may take to say where it was. */
const LAST_WORDS_MS = 1000;

/** What a case gives that was ended: the step it hung at, as it can tell it. */
async function tooLate(scenario: Scenario, running: Promise<Outcome>, deadline: number): Promise<Outcome> {
  const message = `nothing within ${deadline / 1000} s`;
  const silence = new Promise<undefined>((resolve) => void setTimeout(() => resolve(undefined), LAST_WORDS_MS).unref());
  const outcome = await Promise.race([running.catch(() => undefined), silence]);
  const step = outcome?.difference?.step ?? outcome?.seen?.length ?? 0;
  const { expected = "an answer", op = "scenario" } = outcome?.difference ?? {};
  const difference = { step, op, what: "deadline", expected, got: message };
  return { leftOut: new Set(), allowed: new Set(), ...outcome, scenario, difference };
}
