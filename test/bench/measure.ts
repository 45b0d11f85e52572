/** Measuring in ratios: two things in turn in one run, so that a noisy machine slows both. */

/** One line of the table: what was measured, against what, and the least ratio that it must have. */
export interface Result {
  readonly name: string;
  readonly ours: string;
  readonly reference: string;
  readonly ratio: number;
  /** "at least" or "at most" this; neither where the ratio only tells. */
  readonly bound: { readonly least?: number; readonly most?: number };
}

/** The median of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** How often a second `run` can be called, when it is called for about `ms`. */
export async function rate(ms: number, run: () => Promise<unknown> | unknown): Promise<number> {
  const start = performance.now();
  let calls = 0;
  let now = start;
  while ((now = performance.now()) - start < ms) {
    await run();
    calls++;
  }
  return (calls * 1000) / (now - start);
}

/** Milliseconds of one `run`. */
export async function time(run: () => Promise<unknown> | unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Measures each of `things` in turn, `rounds` times after one warm-up; answers the medians and the median of each ratio to the first. */
export async function inTurn(
  rounds: number,
  ...things: (() => Promise<number>)[]
): Promise<{ medians: number[]; ratios: number[] }> {
  const samples: number[][] = things.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, thing] of things.entries()) {
      const value = await thing();
      if (round > 0) samples[i]?.push(value);
    }
  }
  const first = samples[0] ?? [];
  const ratios = samples.map((values) => median(values.map((value, round) => value / (first[round] ?? Number.NaN))));
  return { medians: samples.map(median), ratios };
}

/** The table as aligned text, a verdict behind each line. */
export function table(results: readonly Result[]): string {
  const verdict = ({ ratio, bound }: Result) =>
    ratio < (bound.least ?? 0) || ratio > (bound.most ?? Number.POSITIVE_INFINITY) ? "MISSED" : "ok";
  const boundText = ({ least, most }: Result["bound"]) =>
    least !== undefined ? `>= ${least}` : most !== undefined ? `<= ${most}` : "";
  const rows = results.map((r) => [r.name, r.ours, r.reference, r.ratio.toFixed(2), boundText(r.bound), verdict(r)]);
  const all = [["measured", "tagvisor", "reference", "ratio", "bound", ""], ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
