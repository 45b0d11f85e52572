/** For people at a terminal: a progress line while it runs, then what failed and the counts by family. */

import { SingleBar } from "cli-progress";
import { isBad, type Report, type Result, type Summary, Tally } from "./result.ts";
import { traceLines } from "./tap.ts";

/** Failures that are told in full; the rest by their names. */
const MOST_IN_FULL = 10;

/** A stream that a progress line can be drawn on. */
type Terminal = NodeJS.WriteStream;

/** Draws the line while cases end, and tells the rest at the end. */
export class TerminalReport implements Report {
  private readonly terminal: Terminal;
  private readonly bar: SingleBar;
  private readonly tally = new Tally();
  private readonly found: Result[] = [];
  private number = 0;

  constructor(terminal: Terminal, cases: number) {
    this.terminal = terminal;
    this.bar = new SingleBar({
      format: "{bar} {value}/{total} | failed {failed} | {eta_formatted} left | {name}",
      stream: terminal,
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      gracefulExit: false,
    });
    this.bar.start(cases, 0, { failed: 0, name: "" });
  }

  add(result: Result): void {
    this.tally.add(result.family, result);
    this.number++;
    if (isBad(result) || result.kind === "changed") this.found.push(result);
    this.bar.update(this.number, { failed: this.found.filter(isBad).length, name: `${result.family}/${result.name}` });
  }

  progress(text: string): void {
    this.bar.update(this.number, { name: text });
  }

  end({ title, target, seconds, stopped, allowed, leftOut }: Summary): void {
    this.bar.stop();
    const say = (line = "") => this.terminal.write(`${line}\n`);
    for (const [i, result] of this.found.entries()) {
      say(`${result.kind}: ${result.family}/${result.name} on ${result.kernel}`);
      if (i < MOST_IN_FULL) for (const line of detail(result)) say(`    ${line}`);
    }
    if (this.found.length > 0) say();
    for (const line of this.tally.table("family")) say(line);
    for (const why of allowed) say(`not compared: ${why}`);
    for (const op of leftOut) say(`left out, as the target cannot do it: ${op}`);
    if (stopped !== undefined) say(`stopped early: ${stopped}`);
    say(`${title}: ${this.number} cases in ${seconds.toFixed(1)} s, ${target}`);
  }
}

function detail({ finding, source }: Result): string[] {
  if (!finding) return ["listed as a known failure, but it passes"];
  const { what, expected, got, rule, otherRule } = finding;
  const lines = [`step ${finding.step}, ${finding.call}`, `${what}: ${got}, not ${expected} (${source})`];
  if (otherRule !== undefined) lines.push(`rule of the first: ${otherRule}`);
  if (rule !== undefined) lines.push(`rule: ${rule}`);
  return [
    ...lines,
    ...traceLines(finding)
      .slice(-12)
      .map((line) => `| ${line}`),
  ];
}
