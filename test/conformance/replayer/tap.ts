/** The Test Anything Protocol, version 14, for outcomes of scenarios, with a summary by family. */

import type { KernelName } from "../../../server/abi/versions.ts";
import { judge, type KnownFailures, type Verdict } from "./known_failures.ts";
import { familyOf } from "./recording.ts";
import type { Outcome } from "./replay.ts";

const KINDS = [
  "passed",
  "failed",
  "known failure",
  "unexpected pass",
  "skipped",
] as const satisfies readonly Verdict["kind"][];
type Counts = Record<(typeof KINDS)[number], number>;

/** What stands behind a result that is neither a plain pass nor a plain failure. */
function directive({ skipped }: Outcome, verdict: Verdict): string {
  if (verdict.kind === "skipped") return ` # SKIP ${skipped}`;
  if (verdict.kind === "known failure") return ` # TODO ${verdict.why}`;
  return verdict.kind === "unexpected pass" ? " # TODO listed as a known failure, but it passes" : "";
}

/** Writes one line a scenario, and counts. */
export class TapReport {
  private readonly write: (line: string) => void;
  private readonly known: KnownFailures;
  private readonly families = new Map<string, Counts>();
  private readonly leftOut = new Set<string>();
  private readonly allowed = new Set<string>();
  private number = 0;
  private bad = 0;

  constructor(write: (line: string) => void, known: KnownFailures) {
    this.write = write;
    this.known = known;
    write("TAP version 14");
  }

  /** Something for people, which is no result. */
  comment(text: string): void {
    this.write(`# ${text}`);
  }

  add(outcome: Outcome, kernel: KernelName): void {
    const verdict = judge(outcome, kernel, this.known);
    const family = familyOf(outcome.scenario);
    this.number++;
    this.count(family, verdict);
    for (const op of outcome.leftOut) this.leftOut.add(op);
    for (const why of outcome.allowed) this.allowed.add(why);
    const ok = outcome.difference ? "not ok" : "ok";
    this.write(`${ok} ${this.number} - ${family}/${outcome.scenario.name}${directive(outcome, verdict)}`);
    this.diagnose(outcome);
  }

  /** Writes the plan and the summary; answers whether all is as expected. */
  end(): boolean {
    this.write(`1..${this.number}`);
    for (const why of this.allowed) this.comment(`not compared: ${why}`);
    for (const op of this.leftOut) this.comment(`left out, as the target cannot do it: ${op}`);
    this.comment(`family${KINDS.map((kind) => kind.padStart(16)).join("")}`.replace("family", "family".padEnd(14)));
    for (const [family, counts] of [...this.families].sort(([a], [b]) => (a < b ? -1 : 1))) this.row(family, counts);
    this.row("all", this.total());
    return this.bad === 0;
  }

  private count(family: string, { kind }: Verdict): void {
    const counts = this.families.get(family) ?? (Object.fromEntries(KINDS.map((k) => [k, 0])) as Counts);
    this.families.set(family, counts);
    counts[kind]++;
    if (kind === "failed" || kind === "unexpected pass") this.bad++;
  }

  private total(): Counts {
    const all = [...this.families.values()];
    return Object.fromEntries(KINDS.map((kind) => [kind, all.reduce((sum, c) => sum + c[kind], 0)])) as Counts;
  }

  private row(name: string, counts: Counts): void {
    this.comment(name.padEnd(14) + KINDS.map((kind) => String(counts[kind]).padStart(16)).join(""));
  }

  /** The YAML block of a difference. JSON strings are YAML strings. */
  private diagnose({ difference, scenario }: Outcome): void {
    if (!difference) return;
    const { step, op, what, expected, got, rule } = difference;
    const note = scenario.steps[step]?.note;
    const entries = { step, op, what, expected, got, rule, note, shows: scenario.doc };
    this.write("  ---");
    for (const [key, value] of Object.entries(entries)) {
      if (value !== undefined && value !== "") this.write(`  ${key}: ${JSON.stringify(value)}`);
    }
    this.write("  ...");
  }
}
