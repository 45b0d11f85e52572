/** Steps and answers as text: a call as strace would write it, an answer by its number or its error's name. */

import { describe } from "../replayer/compare.ts";
import type { Field, Step, Struct, Value } from "../replayer/recording.ts";
import type { Outcome, Seen } from "../replayer/replay.ts";
import type { Finding, Trace, TraceRow } from "./result.ts";

/** Keys of a step that are told otherwise than as its arguments. */
const NOT_ARGUMENTS: ReadonlySet<string> = new Set(
  "op fd req code arg ret errno as out note scope arm64 since runs tags data state text decoded revents head union exit_reason exit mmio system_event arm_nisv asm words".split(
    " ",
  ),
);
/** The most of an answer that is shown. */
const LONGEST = 160;
/** The most steps in front of a difference that are shown. */
const MOST_ROWS = 40;

const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

function valueText(value: Value): string {
  if (typeof value === "string") return value;
  if ("region" in value) return Number(value.off) === 0 ? `&${value.region}` : `&${value.region}+${value.off}`;
  return "fd" in value ? `fd ${value.fd}` : `${value.var}+${value.add}`;
}

const isZero = ({ v, fill }: Field) =>
  v === undefined ? Number(fill) === 0 : typeof v === "string" && Number(v) === 0;

function structText({ struct, fields }: Struct): string {
  const shown = fields.filter((field) => !isZero(field));
  const members = shown.map(({ n, s, v, fill }) => `${n}=${v === undefined ? `${s} × ${fill}` : valueText(v)}`);
  return `${struct} {${members.join(", ")}}`;
}

/** The call of a step. */
export function callText(step: Step): string {
  const { op, fd, req, arg, as, in: where } = step;
  const result = as === undefined || op === "close" ? "" : `${as} = `;
  const context = where === undefined ? "" : ` in a ${where}`;
  if (op === "ioctl") {
    const given = arg as { imm?: Value } | Struct;
    const text = "struct" in given ? structText(given) : given.imm === undefined ? "" : valueText(given.imm);
    return `${result}ioctl(${fd}, ${req}${text === "" || text === "0x0" ? "" : `, ${text}`})${context}`;
  }
  const more = Object.entries(step).filter(([key, value]) => !NOT_ARGUMENTS.has(key) && typeof value !== "object");
  const list = [...(fd === undefined ? [] : [String(fd)]), ...more.map(([key, value]) => `${key}=${value}`)];
  return cut(`${result}${op}(${list.join(", ")})${context}`);
}

/** What was recorded, or follows from a rule, in the form that `seenText` has. */
export function expectedText(step: Step, keys: readonly string[]): string {
  const answer = step.errno ?? String(step.ret);
  const told = keys.filter((key) => step[key] !== undefined).map((key) => `${key} ${JSON.stringify(step[key])}`);
  return cut([answer, ...told].join(", "));
}

/** What a target answered. */
export function seenText(seen: Seen | undefined): string {
  if (!seen) return "left out";
  if ("error" in seen) return cut(seen.error);
  const told = Object.entries(seen.saw ?? {}).filter(([, value]) => value !== undefined);
  return cut([describe(seen.ret), ...told.map(([key, value]) => `${key} ${JSON.stringify(value)}`)].join(", "));
}

const keysOf = (seen: Seen | undefined) => (seen && !("error" in seen) ? Object.keys(seen.saw ?? {}) : []);

/** The steps up to a difference with what both sides say of them. */
function traceOf({ scenario, difference, seen = [], seenByOther }: Outcome, sides: readonly [string, string]): Trace {
  const last = difference?.step ?? scenario.steps.length - 1;
  const first = Math.max(0, last + 1 - MOST_ROWS);
  const rows = scenario.steps.slice(first, last + 1).map((step, i): TraceRow => {
    const at = first + i;
    const left = seenByOther ? seenText(seen[at]) : expectedText(step, keysOf(seen[at]));
    const right = seenText((seenByOther ?? seen)[at]);
    return {
      step: at,
      call: callText(step),
      left,
      right,
      differs: at === difference?.step,
      note: step.note || undefined,
    };
  });
  return { sides, rows, earlier: first };
}

/** The difference of an outcome with all that reports tell of it. */
export function findingOf(outcome: Outcome, sides: readonly [string, string]): Finding | undefined {
  const { difference, further = [], scenario } = outcome;
  if (!difference) return undefined;
  const told = (one: typeof difference) => {
    const step = scenario.steps[one.step];
    return { ...one, call: step ? callText(step) : one.op, note: step?.note || undefined };
  };
  return { ...told(difference), trace: traceOf(outcome, sides), further: further.map(told) };
}
