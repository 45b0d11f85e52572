/** The looks of the HTML report, light and dark. */

/** The style sheet. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f6f7f9; --card: #ffffff; --line: #e2e5ea; --text: #1b1f26; --soft: #626b78; --link: #1d5fd1;
  --passed: #2f9e63; --failed: #d9363e; --known: #d8930f; --skipped: #aab2bd; --changed: #3d7be0;
  --differs: #fdecec; --left: #8a3ffc; --right: #0b7285;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #11151b; --card: #191f27; --line: #2b333e; --text: #e6e9ee; --soft: #97a1af; --link: #7db0ff;
    --passed: #3fb37a; --failed: #ff6369; --known: #e9ae3c; --skipped: #5b6572; --changed: #6ea3ff;
    --differs: #3a1f24; --left: #c39bff; --right: #5cc8d8;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 32px 20px 64px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 18px; margin: 40px 0 12px; }
p { margin: 6px 0; }
.soft, .sub { color: var(--soft); }
.sub { margin: 4px 0 20px; }
.verdict { padding: 2px 10px; border-radius: 99px; font-weight: 600; font-size: 13px; color: #fff; background: var(--passed); }
.verdict.bad { background: var(--failed); }
.verdict.told { background: var(--changed); }
@media (prefers-color-scheme: dark) { .verdict { color: #10151b; } }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; border-top: 3px solid var(--kind, var(--line)); }
.card b { display: block; font-size: 26px; line-height: 1.2; font-variant-numeric: tabular-nums; font-weight: 650; }
.card span { color: var(--soft); font-size: 13px; }
.passed { --kind: var(--passed); } .failed { --kind: var(--failed); } .known { --kind: var(--known); }
.unexpected { --kind: var(--failed); } .skipped { --kind: var(--skipped); } .changed { --kind: var(--changed); }
.warn { background: var(--differs); border: 1px solid var(--failed); border-radius: 10px; padding: 10px 16px; margin: 16px 0; }
.box { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
.heat { font-size: 13px; }
.heat th { font-weight: 600; text-align: left; padding: 8px 12px; white-space: nowrap; }
.heat thead th { color: var(--soft); border-bottom: 1px solid var(--line); }
.heat thead th:not(:first-child):not(:last-child) { text-align: center; }
.heat tbody th { font-weight: 500; font-family: var(--mono); font-size: 12.5px; }
.heat .suite th { padding-top: 16px; font: 600 12px/1.4 system-ui, sans-serif; text-transform: uppercase; letter-spacing: .06em; color: var(--soft); }
.heat td { padding: 3px; }
.heat .cell { min-width: 92px; text-align: center; padding: 5px 8px; border-radius: 6px; font-variant-numeric: tabular-nums; background: color-mix(in srgb, var(--kind) var(--heat), var(--card)); }
@media (prefers-color-scheme: dark) { .heat .cell { background: color-mix(in srgb, var(--kind) calc(var(--heat) * .62), var(--card)); } }
.heat .none { color: var(--soft); text-align: center; background: none; }
.cases { display: flex; flex-wrap: wrap; gap: 2px; min-width: 260px; padding: 4px 12px 4px 6px; }
.cases i, .cases a { display: block; width: 7px; height: 7px; border-radius: 2px; background: var(--kind); }
.cases a { outline: 1px solid var(--failed); outline-offset: 1px; }
.cases a.changed { outline: none; }
.cases .passed { opacity: .55; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 18px; font-size: 13px; color: var(--soft); margin: 10px 2px; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; background: var(--kind); margin-right: 6px; }
details { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--kind, var(--line)); border-radius: 8px; margin: 8px 0; }
summary { cursor: pointer; padding: 10px 14px; }
summary:hover { background: color-mix(in srgb, var(--soft) 8%, transparent); }
summary code { font-weight: 600; }
summary .what { display: block; margin-left: 17px; color: var(--soft); font-size: 13.5px; overflow-wrap: anywhere; }
.body { padding: 4px 18px 16px; border-top: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 12px 0; font-size: 14px; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
code, .trace { font-family: var(--mono); font-size: 12.5px; }
.trace td, .trace th { padding: 4px 10px; text-align: left; vertical-align: top; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.trace th { color: var(--soft); font-weight: 600; border-top: none; }
.trace td:first-child { color: var(--soft); text-align: right; width: 3em; }
.trace td:nth-child(3), .trace td:nth-child(4) { width: 21%; }
.trace .differs td { background: var(--differs); }
.trace .differs td:nth-child(3) { color: var(--left); font-weight: 600; } .trace .differs td:nth-child(4) { color: var(--right); font-weight: 600; }
.trace .note { display: block; color: var(--soft); font-family: system-ui, sans-serif; }
.changes td, .changes th { padding: 8px 12px; text-align: left; vertical-align: top; border-top: 1px solid var(--line); font-size: 13.5px; overflow-wrap: anywhere; }
.changes thead th { border-top: none; color: var(--soft); white-space: nowrap; }
.changes td:nth-child(1) { width: 26%; } .changes td:nth-child(2), .changes td:nth-child(3) { width: 17%; }
.changes td:nth-child(2) code { color: var(--left); } .changes td:nth-child(3) code { color: var(--right); }
.changes td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
ul { margin: 6px 0; padding-left: 20px; font-size: 14px; }
a { color: var(--link); }
footer { margin-top: 40px; color: var(--soft); font-size: 13px; }
@media print { details { break-inside: avoid; } }
`;
