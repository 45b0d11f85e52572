/** Sequences that two targets answered otherwise, kept as files: the steps, what both said, and how to try again. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoName, isErrno } from "../../../server/abi/errno.ts";
import type { FdKind } from "../../../server/abi/ioctl.ts";
import { IOCTLS, ioctlByRequest } from "../../../server/abi/kvm_ioctl.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { type Difference, type Disagreement, firstDifference } from "./compare.ts";
import type { Hosts } from "./differences.ts";
import { runSequence, type SequenceTarget } from "./lists.ts";
import { type Answer, type Sequence, type Step, type StepJson, stepFromJson, stepToJson } from "./sequence.ts";

/** What one side said. */
export interface Side {
  readonly target: string;
  readonly kernel: KernelName;
  readonly answers: readonly {
    readonly ret: number;
    readonly data?: string;
    readonly after?: readonly string[];
  }[];
  readonly trace: readonly string[];
}

/** A case file. The first side's answers are the expected ones. */
export interface Case {
  readonly name: string;
  readonly seed: number;
  readonly hosts: Hosts;
  readonly steps: readonly StepJson[];
  readonly difference: { readonly step: number; readonly what: string };
  readonly sides: readonly [Side, Side];
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** A result as people read it: an error by its name. */
const shownResult = (ret: number) => (isErrno(ret) ? errnoName(-ret) : ret);

function answerToJson({ ret, data, after }: Answer): Side["answers"][number] {
  return {
    ret,
    ...(data.length > 0 && { data: hex(data) }),
    ...(after.length > 0 && { after: after.map(hex) }),
  };
}

function answerFromJson({ ret, data = "", after = [] }: Side["answers"][number]): Answer {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, "hex"));
  return { ret, data: bytes(data), after: after.map(bytes) };
}

/** Which requests make descriptors that take requests. */
const MAKERS: Readonly<Record<string, FdKind>> = {
  KVM_CREATE_VM: "vm",
  KVM_CREATE_VCPU: "vcpu",
  KVM_CREATE_DEVICE: "device",
};

/** The name of a step's call; a request's by its number and by what its descriptor is, as two have one number. */
export function stepName(step: Step, { steps }: Sequence): string {
  const { call, args, fd } = step;
  if (call !== "ioctl") return call;
  const request = Number(args.request);
  const maker = typeof fd === "object" ? steps[fd.step] : undefined;
  const made =
    maker && maker.call === "ioctl" ? IOCTLS.find((row) => row.request === Number(maker.args.request)) : undefined;
  const row = ioctlByRequest(MAKERS[made?.name ?? ""] ?? "system", request);
  return (row ?? IOCTLS.find((other) => other.request === request))?.name ?? `0x${request.toString(16)}`;
}

/** A disagreement in one line: the call, and what each side answered. */
export function describeDisagreement({ sequence, difference: { step, what, answers } }: Disagreement): string {
  const [a, b] = answers.map((answer) => {
    if (what === "ret") return String(shownResult(answer.ret));
    return hex(what === "data" ? answer.data : (answer.after[Number(what.slice(6, -1))] ?? new Uint8Array(0)));
  });
  return `${stepName(sequence.steps[step] as Step, sequence)}, step ${step} of ${sequence.steps.length}: ${what} ${a} and ${b}`;
}

/** A disagreement as a case. */
export function caseOf(
  { sequence, difference, runs }: Disagreement,
  sides: readonly [{ target: string; kernel: KernelName }, { target: string; kernel: KernelName }],
  hosts: Hosts,
): Case {
  const side = (i: 0 | 1): Side => ({
    ...sides[i],
    answers: runs[i].answers.map(answerToJson),
    trace: runs[i].trace,
  });
  return {
    name: `${stepName(sequence.steps[difference.step] as Step, sequence)}_${sequence.seed.toString(16)}`,
    seed: sequence.seed,
    hosts,
    steps: sequence.steps.map(stepToJson),
    difference: { step: difference.step, what: difference.what },
    sides: [side(0), side(1)],
  };
}

/** Writes a case into a folder; answers the file's path. */
export function saveCase(folder: string, found: Case): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${found.name}.json`);
  writeFileSync(file, `${JSON.stringify(found, undefined, 2)}\n`);
  return file;
}

/** Reads a case. */
export function loadCase(file: string): Case {
  return JSON.parse(readFileSync(file, "utf8")) as Case;
}

/** The steps of a case. */
export function sequenceOf({ seed, steps }: Case): Sequence {
  return { seed, steps: steps.map(stepFromJson) };
}

/** Runs a case on a target; answers where it differs from what the case's first side said. */
export async function replayCase(
  found: Case,
  target: SequenceTarget,
  kernel: KernelName = found.sides[0].kernel,
): Promise<Difference | undefined> {
  const sequence = sequenceOf(found);
  const { answers } = await runSequence(target, kernel, sequence);
  return firstDifference(sequence, found.sides[0].answers.map(answerFromJson), answers, found.hosts);
}
