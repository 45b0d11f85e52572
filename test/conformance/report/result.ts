/** What became of a case, as every report has it, and the counts that all of them end with. */

import type { Verdict } from "../replayer/known_failures.ts";

/** Kinds of result, in the order of columns. `changed` is a difference between two kernels that was asked for. */
export const KINDS = ["passed", "failed", "known failure", "unexpected pass", "skipped", "changed"] as const;
export type Kind = (typeof KINDS)[number] | Verdict["kind"];

/** One step with what both sides say of it. */
export interface TraceRow {
  readonly step: number;
  readonly call: string;
  readonly left: string;
  readonly right: string;
  /** Whether this is where they differ. */
  readonly differs: boolean;
  readonly note?: string | undefined;
}

/** The steps up to a difference. */
export interface Trace {
  /** Who says what is left and right: "expected" or a target. */
  readonly sides: readonly [string, string];
  readonly rows: readonly TraceRow[];
  /** Steps in front of the first row. */
  readonly earlier: number;
}

/** Something in a case that is not as it should be. */
export interface Difference {
  readonly step: number;
  readonly op: string;
  readonly call: string;
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  readonly rule?: string | undefined;
  readonly otherRule?: string | undefined;
  readonly note?: string | undefined;
}

/** The first thing in a case that is not as it should be, and how it came to it. */
export interface Finding extends Difference {
  readonly trace: Trace;
  /** What differs later in the case, where that was asked for. */
  readonly further: readonly Difference[];
}

/** What became of one case. */
export interface Result {
  readonly suite: string;
  readonly family: string;
  readonly name: string;
  /** The kernel, or both of those that are compared. */
  readonly kernel: string;
  readonly kind: Kind;
  /** Why it was skipped, or is known to fail. */
  readonly why?: string | undefined;
  readonly seconds: number;
  /** What the case shows. */
  readonly shows: string;
  /** Whence it is known what it must give. */
  readonly source: string;
  readonly finding?: Finding | undefined;
}

/** How a run went as a whole. */
export interface Summary {
  readonly title: string;
  readonly target: string;
  readonly started: Date;
  readonly seconds: number;
  /** Why it ended before its end. */
  readonly stopped?: string | undefined;
  /** Why differences counted for nothing. */
  readonly allowed: ReadonlySet<string>;
  /** Operations that the target does not have. */
  readonly leftOut: ReadonlySet<string>;
}

/** What is told of a run while it goes on and when it ends. */
export interface Report {
  comment?(text: string): void;
  /** How far a case is of which one does not see that. */
  progress?(text: string): void;
  add(result: Result): void;
  end(summary: Summary): void;
}

/** How many results there are of each kind. */
export type Counts = Record<Kind, number>;

/** Whether a result makes the run fail. */
export const isBad = ({ kind }: Result) => kind === "failed" || kind === "unexpected pass";

/** Counts results by a key. */
export class Tally {
  readonly rows = new Map<string, Counts>();
  readonly all: Counts = none();

  add(key: string, { kind }: Result): void {
    let counts = this.rows.get(key);
    if (!counts) {
      counts = none();
      this.rows.set(key, counts);
    }
    counts[kind]++;
    this.all[kind]++;
  }

  /** The rows by their keys' alphabet. */
  sorted(): [key: string, counts: Counts][] {
    return [...this.rows].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** A table as lines of text, of the kinds that occur. */
  table(head: string): string[] {
    const kinds = KINDS.filter((kind) => kind === "passed" || kind === "failed" || this.all[kind] > 0);
    const width = Math.max(14, ...[...this.rows.keys()].map((key) => key.length + 1));
    const line = (key: string, cells: readonly string[]) =>
      key.padEnd(width) + cells.map((cell) => cell.padStart(16)).join("");
    const row = (key: string, counts: Counts) =>
      line(
        key,
        kinds.map((kind) => String(counts[kind])),
      );
    return [line(head, kinds), ...this.sorted().map(([key, counts]) => row(key, counts)), row("all", this.all)];
  }
}

const none = (): Counts => Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Counts;
