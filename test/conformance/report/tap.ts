/** The Test Anything Protocol, version 14, with a summary by family. */

import { type Finding, isBad, type Report, type Result, type Summary, Tally } from "./result.ts";

/** What stands behind a result that is neither a plain pass nor a plain failure. */
function directive({ kind, why, kernel }: Result): string {
  switch (kind) {
    case "skipped":
      return ` # SKIP ${why}`;
    case "known failure":
      return ` # TODO ${why}`;
    case "unexpected pass":
      return " # TODO listed as a known failure, but it passes";
    case "changed":
      return ` # TODO the answer changed: ${kernel}`;
    default:
      return "";
  }
}

/** Lines of both sides up to a difference. */
export function traceLines({ trace }: Finding): string[] {
  const [left, right] = trace.sides;
  const lines = trace.rows.flatMap(({ step, call, left: a, right: b, differs }) =>
    differs
      ? [`${step} ${call}`, `    ${left}: ${a}`, `    ${right}: ${b}`]
      : [b === "" ? `${step} ${call}` : `${step} ${call} = ${b}`],
  );
  return trace.earlier > 0 ? [`… ${trace.earlier} steps before`, ...lines] : lines;
}

/** Writes one line a case, and counts. */
export class TapReport implements Report {
  private readonly write: (line: string) => void;
  private readonly tally = new Tally();
  private number = 0;

  constructor(write: (line: string) => void) {
    this.write = write;
    write("TAP version 14");
  }

  /** Something for people, which is no result. */
  comment(text: string): void {
    this.write(`# ${text}`);
  }

  add(result: Result): void {
    this.number++;
    this.tally.add(result.family, result);
    const ok = result.finding ? "not ok" : "ok";
    this.write(`${ok} ${this.number} - ${result.family}/${result.name.replaceAll("#", "\\#")}${directive(result)}`);
    this.diagnose(result);
  }

  /** Writes the plan and the summary. */
  end({ allowed, leftOut, stopped }: Summary): void {
    this.write(`1..${this.number}`);
    for (const why of allowed) this.comment(`not compared: ${why}`);
    for (const op of leftOut) this.comment(`left out, as the target cannot do it: ${op}`);
    if (stopped !== undefined) this.comment(`stopped early: ${stopped}`);
    for (const line of this.tally.table("family")) this.comment(line);
  }

  /** The YAML block of a difference. JSON strings are YAML strings. */
  private diagnose(result: Result): void {
    const { finding, shows, source } = result;
    if (!finding) return;
    const { step, op, what, expected, got, rule, otherRule, note } = finding;
    const trace = isBad(result) || result.kind === "changed" ? traceLines(finding) : undefined;
    const entries = { step, op, what, expected, got, rule, otherRule, note, shows, source, trace };
    this.write("  ---");
    for (const [key, value] of Object.entries(entries)) {
      if (value === undefined || value === "") continue;
      if (Array.isArray(value))
        this.write([`  ${key}:`, ...value.map((line) => `    - ${JSON.stringify(line)}`)].join("\n"));
      else this.write(`  ${key}: ${JSON.stringify(value)}`);
    }
    this.write("  ...");
  }
}
