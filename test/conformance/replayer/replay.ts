/** Replays scenarios: each in a process of its own, step by step up to the first difference. */

import { ClientError, Status } from "nice-grpc-common";
import type { KernelName } from "../../../server/abi/versions.ts";
import {
  compareObserved,
  compareStep,
  type Difference,
  describe,
  expectedAnswer,
  isTooOld,
  LOOKS_ONLY,
  type Observed,
} from "./compare.ts";
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
  /** What each step gave, up to the first difference; undefined for one that was left out. */
  readonly seen?: readonly (Seen | undefined)[];
  /** The same of the other target, where two are compared. */
  readonly seenByOther?: readonly (Seen | undefined)[];
  /** Later differences, where they were asked for: what two machines do once they differ may follow from it. */
  readonly further?: readonly Difference[];
}

/** Why a step could not be performed. */
interface Unperformed {
  readonly error: string;
  readonly unknownOperation: boolean;
  /** It is a method that the target does not serve. */
  readonly unimplemented?: boolean;
}

/** What a step gave, or why it gave nothing. */
export type Seen = Observed | Unperformed;

/** A machine, the kernel that a scenario's process is to run under, and the recording that has the machine to itself. */
export interface Side {
  readonly target: Target;
  readonly kernel: KernelName;
  readonly recording?: string;
}

/** A scenario's process on one machine, and what its steps gave so far. */
class Session {
  readonly context: Context;
  readonly seen: (Seen | undefined)[] = [];
  private readonly end: AbortSignal | undefined;
  private readonly exit: () => void;

  private constructor(process: Process, end: AbortSignal | undefined) {
    this.context = new Context(process);
    this.end = end;
    // What sleeps in the process is thereby over, so that the scenario comes to its end too.
    this.exit = () => void process.exit().catch(() => {});
    end?.addEventListener("abort", this.exit);
  }

  /** Starts a process for the scenario; answers why that cannot be, as text. */
  static async start(side: Side, scenario: Scenario, needs: boolean, end?: AbortSignal): Promise<Session | string> {
    const process = await spawn(side, scenario);
    if (typeof process === "string") return process;
    const session = new Session(process, end);
    try {
      const missing = needs ? await missingFeature(process, scenario.needs) : undefined;
      if (missing !== undefined) {
        await session.close();
        return `the kernel has no ${missing}`;
      }
      await occupyStandardDescriptors(process);
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  async perform(index: number, step: Step): Promise<Seen> {
    const seen = await perform(this.context, step);
    this.seen[index] = seen;
    return seen;
  }

  /** The rule behind the last refusal, where the target tells. */
  async rule(): Promise<string | undefined> {
    try {
      return await this.context.process.lastRule?.();
    } catch (error) {
      if (!isExpected(error)) throw error;
      return undefined;
    }
  }

  async close(): Promise<void> {
    this.end?.removeEventListener("abort", this.exit);
    try {
      await this.context.child?.exit();
      await this.context.process.exit();
    } catch (error) {
      // A target that went away took the process with it; the steps have told.
      if (!isExpected(error)) throw error;
    }
  }
}

/** Replays one scenario of a recording on a machine, under a kernel; `end` ends it early. */
export async function replay(
  target: Target,
  recording: Recording,
  scenario: Scenario,
  kernel: KernelName = recording.kernel,
  end?: AbortSignal,
): Promise<Outcome> {
  const outcome = { scenario, leftOut: new Set<string>(), allowed: new Set<string>() };
  if (recording.machine === "x86" && scenario.scope === "x86") {
    return { ...outcome, skipped: "recorded on x86 for the record only" };
  }
  const session = await Session.start(
    { target, kernel, recording: `${recording.file} ${kernel}` },
    scenario,
    recording.machine === "x86" || hasOwnNeeds(scenario),
    end,
  );
  if (typeof session === "string") return { ...outcome, skipped: session };
  try {
    const difference = await replaySteps(session, recording, scenario, kernel, outcome);
    if (typeof difference === "string") return { ...outcome, skipped: difference };
    return { ...outcome, seen: session.seen, ...(difference && { difference }) };
  } finally {
    await session.close();
  }
}

/** How two machines are compared. */
export interface Comparison {
  /** Whether to go on after the first answer that is not the same. */
  readonly all: boolean;
  readonly end?: AbortSignal | undefined;
}

/** Replays one scenario on two machines, a step here and then there, up to the first answer that is not the same or to the end. */
export async function replayBoth(
  one: Side,
  other: Side,
  scenario: Scenario,
  { all, end }: Comparison,
): Promise<Outcome> {
  const outcome = { scenario, leftOut: new Set<string>(), allowed: new Set<string>() };
  const sessions: Session[] = [];
  try {
    for (const side of [one, other]) {
      const session = await Session.start(side, scenario, hasOwnNeeds(scenario), end);
      if (typeof session === "string") return { ...outcome, skipped: session };
      sessions.push(session);
    }
    const [a, b] = sessions as [Session, Session];
    const [difference, ...further] = await compareSteps(a, b, scenario, outcome, all);
    return { ...outcome, seen: a.seen, seenByOther: b.seen, ...(difference && { difference, further }) };
  } finally {
    for (const session of sessions) await session.close();
  }
}

/** Whether it was generated for targets that may lack what it needs. */
const hasOwnNeeds = ({ family }: Scenario) => family !== undefined;

/** A process for the scenario, or why the target has none such. */
async function spawn({ target, kernel, recording = "" }: Side, { needs }: Scenario): Promise<Process | string> {
  try {
    const process = await target.spawn(kernel, { nomte: needs.includes("nomte"), recording });
    return process ?? "the target cannot boot with the recorded machine's command line";
  } catch (error) {
    if (error instanceof ClientError && error.code === Status.INVALID_ARGUMENT) {
      return `the target has no kernel ${kernel}: ${error.details}`;
    }
    throw error;
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

interface Notes {
  readonly leftOut: Set<string>;
  readonly allowed: Set<string>;
}

async function replaySteps(
  session: Session,
  recording: Recording,
  scenario: Scenario,
  kernel: KernelName,
  { leftOut, allowed }: Notes,
): Promise<Difference | string | undefined> {
  for (const [index, step] of scenario.steps.entries()) {
    if (isTooOld(step, recording, kernel)) continue;
    const seen = await session.perform(index, step);
    if ("error" in seen) {
      if (mayLeaveOut(step, seen)) leftOut.add(step.op);
      else if (seen.unimplemented) return `the target cannot do ${step.op}`;
      else if (expectedAnswer(step, scenario, recording)) return unperformed(index, step, seen.error);
      continue;
    }
    const difference = compareStep(index, step, scenario, recording, seen, allowed);
    if (difference) return { ...difference, rule: await session.rule() };
  }
  return undefined;
}

async function compareSteps(
  a: Session,
  b: Session,
  scenario: Scenario,
  notes: Notes,
  all: boolean,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    const [here, there] = [await a.perform(index, step), await b.perform(index, step)];
    const difference = differenceOf(index, step, scenario, here, there, notes);
    if (!difference) continue;
    found.push({ ...difference, ...(await rulesBehind(a, b, here, there)) });
    if (!all) break;
  }
  return found;
}

function differenceOf(
  index: number,
  step: Step,
  scenario: Scenario,
  here: Seen,
  there: Seen,
  { leftOut, allowed }: Notes,
): Difference | undefined {
  if (!("error" in here) && !("error" in there)) return compareObserved(index, step, scenario, here, there, allowed);
  if ("error" in here && "error" in there) return undefined;
  if ([here, there].some((seen) => "error" in seen && mayLeaveOut(step, seen))) {
    leftOut.add(step.op);
    return undefined;
  }
  const text = (seen: Seen) => ("error" in seen ? seen.error : describe(seen.ret));
  return { step: index, op: step.op, what: "ret", expected: text(here), got: text(there) };
}

/** The rules behind the refusals of a step, where it was refused. */
async function rulesBehind(
  a: Session,
  b: Session,
  here: Seen,
  there: Seen,
): Promise<Pick<Difference, "rule" | "otherRule">> {
  const refused = (seen: Seen) => !("error" in seen) && typeof seen.ret === "number" && seen.ret < 0;
  return {
    otherRule: refused(here) ? await a.rule() : undefined,
    rule: refused(there) ? await b.rule() : undefined,
  };
}

const mayLeaveOut = ({ op }: Step, { unknownOperation }: Unperformed) => unknownOperation && LOOKS_ONLY.has(op);

const unperformed = (step: number, { op, errno, ret }: Step, error: string): Difference => ({
  step,
  op,
  what: "ret",
  expected: errno ?? String(ret),
  got: error,
});

/** Whether an error is the scenario's or the target's, and no defect of the replayer. */
const isExpected = (error: unknown): error is Error => error instanceof ReplayError || error instanceof ClientError;

async function perform(context: Context, step: Step): Promise<Seen> {
  try {
    const observed = await OPERATIONS[step.op]?.(context, step);
    return observed ?? { error: `the target has no operation ${step.op}`, unknownOperation: true };
  } catch (error) {
    if (!isExpected(error)) throw error;
    const unimplemented = error instanceof ClientError && error.code === Status.UNIMPLEMENTED;
    return { error: error.message, unknownOperation: unimplemented, unimplemented };
  }
}
