/** Two kernel versions of ours side by side: every difference between them, explained by named behaviours. */

import { type Behaviours, KERNELS, type KernelName } from "../../../server/abi/versions.ts";
import { MmStruct } from "../../../server/kernel/mm/mmap.ts";
import { Task } from "../../../server/kernel/process.ts";
import { bootHost } from "../replayer/kernel_target.ts";
import {
  batches,
  type CompareOptions,
  type Disagreement,
  firstDifference,
  type Made,
  type Progress,
} from "./compare.ts";
import { runSequence, type SequenceTarget, taskProcess } from "./lists.ts";
import type { Answer, Sequence } from "./sequence.ts";
import { shrink } from "./shrink.ts";

/** The name of a row of the table of versions. */
export type Behaviour = Exclude<keyof Behaviours, "kernel">;

/** A kernel in this process some of whose behaviours can be another version's. */
export class VersionTarget implements SequenceTarget {
  readonly name = "in process";
  private readonly host = bootHost({ nomte: false });
  private abi: Partial<Behaviours> = {};

  async spawn(kernel: KernelName) {
    const abi = { ...KERNELS[kernel], ...this.abi };
    return taskProcess(Task.create(this.host, abi, new MmStruct(this.host, abi)));
  }

  /** The answers under a kernel, but for the behaviours that another one lends. */
  async run(sequence: Sequence, kernel: KernelName, lent: Partial<Behaviours> = {}): Promise<readonly Answer[]> {
    this.abi = lent;
    return (await runSequence(this, kernel, sequence)).answers;
  }
}

/** A set of behaviours that explains differences, and the shortest sequence that shows one. */
export interface Explained {
  readonly behaviours: readonly Behaviour[];
  count: number;
  readonly example: Sequence;
  readonly difference: Disagreement["difference"];
}

/** What changed between two versions. */
export interface VersionReport extends Progress {
  readonly explained: readonly Explained[];
  /** Sequences whose answers stay apart when all behaviours are the same. */
  readonly unexplained: readonly Sequence[];
  /** Behaviours that differ between the versions and that no sequence has shown. */
  readonly unseen: readonly Behaviour[];
}

/** The behaviours in which two versions differ. */
export function changedBehaviours(from: KernelName, to: KernelName): Behaviour[] {
  const names = Object.keys(KERNELS[from]) as (keyof Behaviours)[];
  return names.filter((name): name is Behaviour => name !== "kernel" && KERNELS[from][name] !== KERNELS[to][name]);
}

const lend = (from: KernelName, names: readonly Behaviour[]) =>
  Object.fromEntries(names.map((name) => [name, KERNELS[from][name]])) as Partial<Behaviours>;

/** Compares two versions of the kernel in this process. */
export class VersionComparison {
  private readonly target = new VersionTarget();
  private readonly from: KernelName;
  private readonly to: KernelName;
  private readonly changed: readonly Behaviour[];

  constructor(from: KernelName, to: KernelName) {
    this.from = from;
    this.to = to;
    this.changed = changedBehaviours(from, to);
  }

  /** The first difference left when the newer kernel has these behaviours of the older one. */
  private async difference(sequence: Sequence, lent: readonly Behaviour[]) {
    const older = await this.target.run(sequence, this.from);
    const newer = await this.target.run(sequence, this.to, lend(this.from, lent));
    return firstDifference(sequence, older, newer, "same");
  }

  /** The fewest behaviours, beside those that are lent already, without which the sequence up to a step agrees. */
  private async explain(sequence: Sequence, lent: readonly Behaviour[]): Promise<readonly Behaviour[] | undefined> {
    const others = this.changed.filter((name) => !lent.includes(name));
    const agrees = async (names: readonly Behaviour[]) => !(await this.difference(sequence, [...lent, ...names]));
    if (!(await agrees(others))) return undefined;
    for (const name of others) if (await agrees([name])) return [name];
    let needed = others;
    for (const name of others) {
      const rest = needed.filter((other) => other !== name);
      if (await agrees(rest)) needed = rest;
    }
    return needed;
  }

  /** Explains one difference of a sequence after the other, each with the earlier ones out of the way. */
  private async explainAll(sequence: Sequence, found: Map<string, Explained>): Promise<boolean> {
    const lent: Behaviour[] = [];
    for (;;) {
      const difference = await this.difference(sequence, lent);
      if (!difference) return true;
      const upTo = { ...sequence, steps: sequence.steps.slice(0, difference.step + 1) };
      const behaviours = await this.explain(upTo, lent);
      if (!behaviours) return false;
      await this.keep(upTo, lent, behaviours, found);
      lent.push(...behaviours);
    }
  }

  private async keep(
    sequence: Sequence,
    lent: readonly Behaviour[],
    behaviours: readonly Behaviour[],
    found: Map<string, Explained>,
  ): Promise<void> {
    const key = [...behaviours].sort().join(" ");
    const known = found.get(key);
    if (known) {
      known.count++;
      return;
    }
    const shows = async (candidate: Sequence) =>
      (await this.difference(candidate, lent)) !== undefined &&
      (await this.difference(candidate, [...lent, ...behaviours])) === undefined;
    const example = await shrink(sequence, shows);
    const difference = await this.difference(example, lent);
    if (difference) found.set(key, { behaviours, count: 1, example, difference });
  }

  /** Runs sequences under both versions and explains every difference. */
  async run(options: Pick<CompareOptions, Made | "signal" | "onProgress">): Promise<VersionReport> {
    const found = new Map<string, Explained>();
    const unexplained: Sequence[] = [];
    const made = { sequences: 0, steps: 0 };
    for (const [sequence] of batches({ ...options, jobs: 1 })) {
      if (!sequence) break;
      if (!(await this.explainAll(sequence, found))) unexplained.push(sequence);
      made.sequences++;
      made.steps += sequence.steps.length;
      options.onProgress?.(made);
    }
    const seen = new Set([...found.values()].flatMap(({ behaviours }) => behaviours));
    const unseen = this.changed.filter((name) => !seen.has(name));
    return { ...made, explained: [...found.values()], unexplained, unseen };
  }
}
