/** JUnit's XML, as CI systems read it: a test suite for each suite and kernel. */

import { isBad, type Report, type Result, type Summary } from "./result.ts";
import { traceLines } from "./tap.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
/** What XML 1.0 has no way to write: most control characters, halves of pairs, two non-characters. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** Text as XML has it, in an element or an attribute. */
export const escapeXml = (text: string) =>
  text.replace(FORBIDDEN, "\ufffd").replace(/[&<>"']/g, (character) => ENTITIES[character] as string);

/** An element with its attributes; those that are undefined are left out. */
function element(name: string, attributes: Record<string, string | number | undefined>, ...content: string[]): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const open = [
    name,
    ...given.map(([key, value]) => `${key}="${escapeXml(String(value)).replaceAll("\n", "&#10;")}"`),
  ].join(" ");
  return content.length === 0 ? `<${open}/>` : `<${open}>${content.join("\n")}</${name}>`;
}

const seconds = (value: number) => value.toFixed(3);
const sum = (results: readonly Result[]) => results.reduce((total, result) => total + result.seconds, 0);
const count = (results: readonly Result[], is: (result: Result) => boolean) => results.filter(is).length;
const isSkipped = ({ kind }: Result) => kind === "skipped" || kind === "known failure";

function outcomeOf(result: Result): string[] {
  const { kind, why, finding, shows, source } = result;
  if (isSkipped(result)) return [element("skipped", { message: why })];
  if (kind === "unexpected pass") {
    return [element("failure", { type: kind, message: "listed as a known failure, but it passes" })];
  }
  if (!finding) return [];
  const { what, expected, got, call, rule, otherRule } = finding;
  const rules = [rule && `rule: ${rule}`, otherRule && `rule of the other: ${otherRule}`].filter(
    (line) => line !== undefined,
  );
  const text = [shows, `known from: ${source}`, ...rules, ...traceLines(finding)]
    .filter((line) => line !== "")
    .join("\n");
  const message = `${call}: ${what} is ${got}, not ${expected}`;
  if (kind === "changed") return [element("system-out", {}, escapeXml(`${message}\n${text}`))];
  return [element("failure", { type: what, message }, escapeXml(text))];
}

const testcase = (result: Result): string =>
  element(
    "testcase",
    {
      classname: `${result.suite}.${result.kernel.replaceAll(".", "_")}.${result.family}`,
      name: result.name,
      time: seconds(result.seconds),
    },
    ...outcomeOf(result),
  );

/** Collects results, and hands the document over at the end. */
export class JunitReport implements Report {
  private readonly write: (document: string) => void;
  private readonly suites = new Map<string, Result[]>();

  constructor(write: (document: string) => void) {
    this.write = write;
  }

  add(result: Result): void {
    const name = `${result.suite} on ${result.kernel}`;
    const results = this.suites.get(name);
    if (results) results.push(result);
    else this.suites.set(name, [result]);
  }

  end({ title, started, stopped }: Summary): void {
    const all = [...this.suites.values()].flat();
    const counts = (results: readonly Result[], errors = 0) => ({
      tests: results.length + errors,
      failures: count(results, isBad),
      errors,
      skipped: count(results, isSkipped),
      time: seconds(sum(results)),
    });
    const suites = [...this.suites].map(([name, results]) =>
      element("testsuite", { name, timestamp: started.toISOString(), ...counts(results) }, ...results.map(testcase)),
    );
    if (stopped !== undefined) suites.push(stoppedEarly(stopped));
    const root = element("testsuites", { name: title, ...counts(all, stopped === undefined ? 0 : 1) }, ...suites);
    this.write(`<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`);
  }
}

/** A suite of one error, so that no reader takes a part for the whole. */
function stoppedEarly(why: string): string {
  const error = element("error", { type: "stopped", message: why });
  const only = element("testcase", { classname: "run", name: "all cases were run" }, error);
  return element("testsuite", { name: "run", tests: 1, failures: 0, errors: 1, skipped: 0 }, only);
}
