/** What of a recording counts: which answer a step must give on which kernel, and the values that are not compared. */

import { isDeepStrictEqual } from "node:util";
import { ERRNO, errnoName } from "../../../server/abi/errno.ts";
import { KVM_CAP_NR_VCPUS } from "../../../server/abi/kvm.ts";
import { ioctlByName } from "../../../server/abi/kvm_ioctl.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { Answer, Recording, Scenario, Step } from "./recording.ts";
import type { Signal } from "./target.ts";

/** What a step gave: its result, and what it saw under the names that the step's own keys have. */
export interface Observed {
  readonly ret: number | Signal;
  readonly saw?: Readonly<Record<string, unknown>>;
}

/** The first thing in a step that is not as recorded. */
export interface Difference {
  readonly step: number;
  readonly op: string;
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  readonly rule?: string | undefined;
  /** The rule of the target that gave `expected`, where two are compared. */
  readonly otherRule?: string | undefined;
}

/** Steps that a target may leave out, as they change nothing. */
export const LOOKS_ONLY: ReadonlySet<string> = new Set([
  "mem_read",
  "touch",
  "poll",
  "epoll_add",
  "fcntl",
  "fd_link",
  "fstat",
  "lseek",
  "pages",
]);

/** The number that orders kernel versions; the series of March 2021 was posted on 5.12. */
function versionNumber(version: string): number {
  const [major = 0, minor = 0] = (version === "seed-v10" ? "5.12" : version).split(".").map(Number);
  return major * 1000 + minor;
}

/** Whether a kernel is older than the step's answer, so that the step is to be left out. */
export function isTooOld(step: Step, recording: Recording, kernel: KernelName): boolean {
  if (recording.machine === "arm64" || step.since === undefined) return false;
  return versionNumber(kernel) < versionNumber(step.since);
}

/** Whether a request's number carries the size of a struct that arm64 has otherwise: another request there. */
function isForeignRequest({ req, code }: Step): boolean {
  const row = typeof req === "string" ? ioctlByName(req) : undefined;
  return row !== undefined && row.request !== Number(code);
}

/**
 * The answer that a step must give, or undefined where none is known: all of an arm64 recording count,
 * of an x86 one those that were read from arm64's sources and those that no architecture changes.
 */
export function expectedAnswer(step: Step, scenario: Scenario, recording: Recording): Answer | undefined {
  if (recording.machine === "arm64") return step;
  if (isForeignRequest(step)) return undefined;
  if (step.arm64) return step.arm64;
  return step.scope === "x86" || scenario.scope === "x86" ? undefined : step;
}

interface Allowance {
  readonly why: string;
  allows(context: { scenario: Scenario; step: Step; key: string; expected: unknown; got: unknown }): boolean;
}

/** KVM's reset value of registers without one of their own. */
const RESET_UNKNOWN = "0x1de7ec7edbadc0de";
const ID_AA64PFR1_EL1 = 0x603000000013c021n;
const ID_AA64PFR1_EL1_MTE = 0xf00n;

/** Op0 3, Op1 0, CRn 0: the space of the ID registers. */
const isIdRegister = (id: bigint) => id >> 16n === 0x603000000013n && (id & 0xff80n) === 0xc000n;

/** Differences that are the recording machine's, not the kernel's: nothing else is forgiven. */
const ALLOWANCES: readonly Allowance[] = [
  {
    why: "KVM_CAP_NR_VCPUS is the number of the machine's CPUs",
    allows: ({ step, key, got }) => {
      const { imm } = (step.arg ?? {}) as { imm?: unknown };
      return (
        key === "ret" && step.req === "KVM_CHECK_EXTENSION" && Number(imm) === KVM_CAP_NR_VCPUS && Number(got) >= 1
      );
    },
  },
  {
    why: "a register without a reset value may be 0",
    allows: ({ step, key, expected, got }) =>
      step.op === "get_reg" && key === "value" && expected === RESET_UNKNOWN && got === "0x0",
  },
  {
    why: "ID registers tell the CPU; of them only the MTE field is KVM's",
    allows: ({ step, key, expected, got }) => {
      const id = BigInt((step.id as string | undefined) ?? 0);
      if (step.op !== "get_reg" || key !== "value" || !isIdRegister(id) || got === undefined) return false;
      const mask = id === ID_AA64PFR1_EL1 ? ID_AA64PFR1_EL1_MTE : 0n;
      return (BigInt(expected as string) & mask) === (BigInt(got as string) & mask);
    },
  },
  {
    why: "a page of the huge page pool keeps the tags of its last user until it is tagged anew",
    allows: ({ scenario, step, key }) =>
      key === "runs" &&
      scenario.steps.some((s) => typeof s.backing === "string" && s.backing.startsWith("hugetlb")) &&
      step === scenario.steps.find((s) => s.op === "mem_runs"),
  },
];

/** Why a difference in a result or an observed value counts for nothing, or undefined where it counts. */
function allowance(scenario: Scenario, step: Step, key: string, expected: unknown, got: unknown): string | undefined {
  return ALLOWANCES.find((rule) => rule.allows({ scenario, step, key, expected, got }))?.why;
}

function answers(expected: Answer, got: number | Signal): boolean {
  if (expected.errno !== null) {
    const errno = (ERRNO as Record<string, number>)[expected.errno];
    return typeof got === "string" ? got === expected.errno : errno !== undefined && got === -errno;
  }
  if (typeof got === "string") return false;
  return typeof expected.ret === "number" ? got === expected.ret : got >= 0;
}

/** A result for people: an error by its name. */
export const describe = (got: number | Signal) =>
  typeof got === "string" ? got : got < 0 ? errnoName(-got) : String(got);

/** Compares what a step gave with what it must give; `allowed` takes the reasons of differences that count for nothing. */
export function compareStep(
  index: number,
  step: Step,
  scenario: Scenario,
  recording: Recording,
  observed: Observed,
  allowed: Set<string>,
): Difference | undefined {
  const answer = expectedAnswer(step, scenario, recording);
  if (!answer) return undefined;
  const { op } = step;
  if (!answers(answer, observed.ret)) {
    const expected = answer.errno ?? String(answer.ret);
    const why = allowance(scenario, step, "ret", expected, observed.ret);
    if (!why) return { step: index, op, what: "ret", expected, got: describe(observed.ret) };
    allowed.add(why);
  }
  if (answer !== step) return undefined;
  for (const [key, got] of Object.entries(observed.saw ?? {})) {
    const expected = step[key];
    // Without an `out` nothing may have changed; what is otherwise not recorded may be anything.
    if (isDeepStrictEqual(got, expected) || (expected === undefined && key !== "out")) continue;
    const why = allowance(scenario, step, key, expected, got);
    if (why) allowed.add(why);
    else
      return { step: index, op, what: key, expected: JSON.stringify(expected) ?? "nothing", got: JSON.stringify(got) };
  }
  return undefined;
}

/** Whether two results are the same: where the step makes a descriptor or maps memory, its number is the machine's own affair. */
function sameResult({ ret }: Step, a: number | Signal, b: number | Signal): boolean {
  if (a === b) return true;
  const named = ret === "fd" || ret === "addr";
  return named && typeof a === "number" && typeof b === "number" && a >= 0 && b >= 0;
}

/** Compares what a step gave on two machines; `expected` of the difference is the first one's. */
export function compareObserved(
  index: number,
  step: Step,
  scenario: Scenario,
  a: Observed,
  b: Observed,
  allowed: Set<string>,
): Difference | undefined {
  const { op } = step;
  const forgiven = (key: string, x: unknown, y: unknown) => {
    if (x === undefined || y === undefined) return false;
    const why = allowance(scenario, step, key, x, y) ?? allowance(scenario, step, key, y, x);
    if (why) allowed.add(why);
    return why !== undefined;
  };
  if (!sameResult(step, a.ret, b.ret) && !forgiven("ret", a.ret, b.ret)) {
    return { step: index, op, what: "ret", expected: describe(a.ret), got: describe(b.ret) };
  }
  for (const [key, here] of Object.entries(a.saw ?? {})) {
    const there = b.saw?.[key];
    if (isDeepStrictEqual(here, there) || forgiven(key, here, there)) continue;
    const [expected, got] = [here, there].map((value) => JSON.stringify(value) ?? "nothing");
    return { step: index, op, what: key, expected: expected as string, got: got as string };
  }
  return undefined;
}
