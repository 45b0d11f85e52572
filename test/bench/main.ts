/** `npm run bench [NAME…]`: every benchmark, or those named, as one table of ratios. A missed bound is exit code 1. */

import { calls } from "./calls.ts";
import { guest } from "./guest.ts";
import { languages } from "./languages.ts";
import { type Result, table } from "./measure.ts";
import { startup } from "./startup.ts";
import { swap } from "./swap.ts";
import { inProcess, streamed } from "./tags.ts";

const BENCHMARKS: Readonly<Record<string, () => Promise<Result[]>>> = {
  calls,
  "tags-in-process": inProcess,
  "tags-streamed": streamed,
  startup,
  guest,
  swap,
  languages,
};

const names = process.argv.slice(2);
const results: Result[] = [];
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  console.error(`# ${name}`);
  results.push(...(await run()));
}
const text = table(results);
console.log(`Node ${process.version}\n${text}`);
process.exitCode = text.includes("MISSED") ? 1 : 0;
