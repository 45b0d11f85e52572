/** One HTML file that needs no other: families as a heat map, every difference with what both sides did and whence it is known. */

import { KERNEL_NAMES } from "../../../server/abi/versions.ts";
import { html, Markup } from "./markup.ts";
import {
  type Difference,
  type Finding,
  isBad,
  KINDS,
  type Kind,
  type Report,
  type Result,
  type Summary,
  type Trace,
} from "./result.ts";
import { STYLE } from "./style.ts";

/** The class of a kind: its first word. */
const classOf = (kind: Kind) => kind.split(" ")[0] as string;

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

const countOf = (results: readonly Result[], ...kinds: Kind[]) =>
  results.filter(({ kind }) => kinds.includes(kind)).length;

/** Collects results, and hands the document over at the end. */
export class HtmlReport implements Report {
  private readonly write: (document: string) => void;
  private readonly results: Result[] = [];

  constructor(write: (document: string) => void) {
    this.write = write;
  }

  add(result: Result): void {
    this.results.push(result);
  }

  end(summary: Summary): void {
    this.write(page(this.results, summary).text);
  }
}

function page(results: readonly Result[], summary: Summary): Markup {
  const { title, stopped } = summary;
  const bad = results.filter(isBad);
  const changed = results.filter(({ kind }) => kind === "changed");
  const anchors = new Map([...bad, ...changed].map((result, i) => [result, `case-${i + 1}`]));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} · tagvisor conformance</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<header><h1>${title}</h1>${verdict(bad.length, changed.length, stopped)}</header>
<p class="sub">${results.length} cases against ${summary.target}, ${dateOf(summary.started)}, ${summary.seconds.toFixed(1)} s</p>
${stopped !== undefined && html`<p class="warn">Stopped early: ${stopped}. What follows is what was run until then.</p>`}
${cards(results)}
${changed.length > 0 && changes(changed, anchors)}
<h2>Families</h2>
${heatMap(results, anchors)}
${bad.length > 0 && html`<h2>Not as expected</h2>${bad.map((result, i) => detail(result, anchors.get(result), i < 3))}`}
${changed.length > 0 && html`<h2>Every change in full</h2>${changed.map((result) => detail(result, anchors.get(result), false))}`}
${reasons("Known failures", "known failure", results)}
${reasons("Skipped", "skipped", results)}
${remarks(summary)}
<footer>tagvisor conformance · ${summary.started.toISOString()}</footer>
</main>
</body>
</html>
`;
}

function verdict(bad: number, changed: number, stopped: string | undefined): Markup {
  if (bad > 0) return html`<span class="verdict bad">${bad} not as expected</span>`;
  if (stopped !== undefined) return html`<span class="verdict bad">not finished</span>`;
  if (changed > 0) return html`<span class="verdict told">${changed} changed</span>`;
  return html`<span class="verdict">all as expected</span>`;
}

const dateOf = (date: Date) => `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;

function cards(results: readonly Result[]): Markup {
  const kinds = KINDS.filter((kind) => kind === "passed" || kind === "failed" || countOf(results, kind) > 0);
  const card = (kind: Kind) =>
    html`<div class="card ${classOf(kind)}"><b>${countOf(results, kind).toLocaleString("en")}</b><span>${kind}</span></div>`;
  return html`<div class="cards">${kinds.map(card)}</div>`;
}

// ---- the heat map

type Anchors = ReadonlyMap<Result, string>;

/** Where a kernel stands among those we know, oldest first. */
const ageOf = (kernel: string) => (KERNEL_NAMES as readonly string[]).indexOf(kernel);

function heatMap(results: readonly Result[], anchors: Anchors): Markup {
  const kernels = [...new Set(results.map(({ kernel }) => kernel))].sort((a, b) => ageOf(a) - ageOf(b));
  const row = ([family, all]: [string, Result[]]) => html`
<tr><th scope="row">${family}</th>${kernels.map((kernel) => cell(all.filter((result) => result.kernel === kernel)))}<td><div class="cases">${all.map((result) => square(result, anchors))}</div></td></tr>`;
  const suite = ([name, all]: [string, Result[]]) => html`
<tr class="suite"><th colspan="${kernels.length + 2}">${name}</th></tr>${[...grouped(all, ({ family }) => family)].sort(([a], [b]) => (a < b ? -1 : 1)).map(row)}`;
  const heads = kernels.map((kernel) => html`<th scope="col">${kernel}</th>`);
  const kinds = KINDS.filter((kind) => countOf(results, kind) > 0);
  return html`<div class="box"><table class="heat">
<thead><tr><th scope="col">family</th>${heads}<th scope="col">each case</th></tr></thead>
<tbody>${[...grouped(results, ({ suite }) => suite)].map(suite)}
</tbody></table></div>
<div class="legend">${kinds.map((kind) => html`<span class="${classOf(kind)}"><i></i>${kind}</span>`)}<span>a cell: cases as expected of cases run; the more are not, the stronger its colour</span></div>`;
}

/** How strongly a cell is coloured, in percent: a single failure among hundreds is to be seen. */
const heatOf = (share: number) => Math.round(35 + 50 * Math.sqrt(share));

function cell(results: readonly Result[]): Markup {
  if (results.length === 0) return html`<td><div class="none">–</div></td>`;
  const run = results.length - countOf(results, "skipped");
  const off = countOf(results, "failed", "unexpected pass");
  const changed = countOf(results, "changed");
  const known = countOf(results, "known failure");
  const [kind, count] =
    off > 0 ? ["failed", off] : changed > 0 ? ["changed", changed] : known > 0 ? ["known", known] : ["passed", 0];
  if (run === 0) return html`<td><div class="cell skipped" style="--heat:25%">skipped</div></td>`;
  const heat = count > 0 ? heatOf(count / run) : 30;
  const text = count > 0 ? `${run - count} / ${run}` : String(run);
  return html`<td><div class="cell ${kind}" style="--heat:${heat}%">${text}</div></td>`;
}

function square(result: Result, anchors: Anchors): Markup {
  const { kind, name, kernel } = result;
  const anchor = anchors.get(result);
  const title = `${name} · ${kernel} · ${kind}`;
  if (anchor === undefined) return html`<i class="${classOf(kind)}" title="${title}"></i>`;
  return html`<a class="${classOf(kind)}" href="#${anchor}" title="${title}"></a>`;
}

// ---- differences

/** The request of an ioctl, or the operation. */
const subjectOf = ({ call, op }: Pick<Difference, "call" | "op">) => /ioctl\([^,]*, (\w+)/.exec(call)?.[1] ?? op;

/** A difference and the case that it is in. */
interface Change {
  readonly result: Result;
  readonly difference: Difference;
}

/** Changes that are alike: of the same request, with the same two answers, for the same reason. */
function alike(all: readonly Change[]): Change[][] {
  const key = ({ difference: { what, expected, got, rule, otherRule, ...difference } }: Change) =>
    JSON.stringify([subjectOf(difference), what, what === "ret" ? [expected, got] : "", rule, otherRule]);
  return [...grouped(all, key).values()].sort((a, b) => b.length - a.length);
}

function changes(results: readonly Result[], anchors: Anchors): Markup {
  const found = results.flatMap((result) => (result.finding ? [{ result, finding: result.finding }] : []));
  const [left, right] = found[0]?.finding.trace.sides ?? ["", ""];
  const first = alike(found.map(({ result, finding }) => ({ result, difference: finding })));
  const later = alike(
    found.flatMap(({ result, finding }) => finding.further.map((difference) => ({ result, difference }))),
  );
  const table = (groups: readonly Change[][]) => html`<div class="box"><table class="changes">
<thead><tr><th>call</th><th>${left}</th><th>${right}</th><th>rule, cases</th><th>times</th></tr></thead>
<tbody>${groups.map((group) => changeRow(group, [left, right], anchors))}</tbody></table></div>`;
  return html`<h2>What changed</h2>
${table(first)}
${later.length > 0 && html`<details class="changed"><summary>Later in the same cases <span class="soft">· ${later.length} more, some of which follow from the first</span></summary><div class="body">${table(later)}</div></details>`}`;
}

function changeRow(group: readonly Change[], [left, right]: readonly [string, string], anchors: Anchors): Markup {
  const [{ difference, result }] = group as readonly [Change];
  const { what, expected, got, rule, otherRule, note } = difference;
  const cases = [...new Set(group.map((change) => change.result))];
  const links = cases.slice(0, 6).map((one) => html` <a href="#${anchors.get(one)}">${one.name}</a>`);
  const why = [otherRule && `${left}: ${otherRule}`, rule && `${right}: ${rule}`].filter((line) => line !== undefined);
  return html`
<tr><td><code>${subjectOf(difference)}</code>${what !== "ret" && html` <span class="soft">${what}</span>`}<br><span class="soft">${note ?? result.shows}</span></td>
<td><code>${short(expected)}</code></td><td><code>${short(got)}</code></td>
<td>${why.map((line) => html`<div>${line}</div>`)}<div class="soft">${links}${cases.length > 6 && " …"}</div></td><td>${group.length}</td></tr>`;
}

const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function detail(result: Result, anchor: string | undefined, open: boolean): Markup {
  const { finding, family, name, kernel, kind } = result;
  const head = html`<code>${family}/${name}</code> <span class="soft">on ${kernel}</span>`;
  if (!finding) {
    return html`
<details class="${classOf(kind)}" id="${anchor}"><summary>${head}<span class="what">listed as a known failure, but it passes</span></summary></details>`;
  }
  const { step, call, what, expected, got } = finding;
  return html`
<details class="${classOf(kind)}" id="${anchor}"${open && html` open`}><summary>${head}<span class="what">step ${step}, ${subjectOf(finding)}: ${what} is <b>${short(got)}</b>, not <b>${short(expected)}</b></span></summary>
<div class="body">${facts(result, finding)}
<p><code>${call}</code></p>${traceTable(finding.trace)}</div></details>`;
}

function facts({ shows, source }: Result, { rule, otherRule, note, expected, got, what, trace }: Finding): Markup {
  const [left, right] = trace.sides;
  const rows: [string, string | undefined][] = [
    ["shows", shows],
    ["step", note],
    [`${what}, ${left}`, expected],
    [`${what}, ${right}`, got],
    ["known from", source],
    [`rule, ${left}`, otherRule],
    [otherRule === undefined ? "rule of the answer" : `rule, ${right}`, rule],
  ];
  const given = rows.filter(([, text]) => text !== undefined && text !== "");
  return html`<dl>${given.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>`;
}

function traceTable({ sides: [left, right], rows, earlier }: Trace): Markup {
  const row = ({ step, call, left: a, right: b, differs, note }: Trace["rows"][number]) =>
    html`<tr${differs && html` class="differs"`}><td>${step}</td><td>${call}${note !== undefined && html`<span class="note">${note}</span>`}</td><td>${a}</td><td>${b}</td></tr>`;
  const before = earlier > 0 && html`<tr><td></td><td colspan="3">${earlier} steps before</td></tr>`;
  return html`<div class="box"><table class="trace"><thead><tr><th></th><th>call</th><th>${left}</th><th>${right}</th></tr></thead><tbody>${before}${rows.map(row)}</tbody></table></div>`;
}

// ---- what is not as important

/** Results of a kind by their reason. */
function reasons(title: string, kind: Kind, results: readonly Result[]): Markup | false {
  const some = results.filter((result) => result.kind === kind);
  if (some.length === 0) return false;
  const one = ([why, all]: [string, Result[]]) => html`
<details class="${classOf(kind)}"><summary>${why} <span class="soft">· ${all.length}</span></summary>
<div class="body"><ul>${all.map(({ family, name, kernel }) => html`<li><code>${family}/${name}</code> <span class="soft">on ${kernel}</span></li>`)}</ul></div></details>`;
  return html`<h2>${title}</h2>${[...grouped(some, ({ why }) => why ?? "")].map(one)}`;
}

function remarks({ allowed, leftOut }: Summary): Markup | false {
  if (allowed.size + leftOut.size === 0) return false;
  return html`<h2>Not compared</h2>
<ul>${[...allowed].map((why) => html`<li>${why}</li>`)}${[...leftOut].map((op) => html`<li>the target cannot do <code>${op}</code>, which only looks</li>`)}</ul>`;
}
