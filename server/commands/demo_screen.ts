/** How the demo looks: headings, lines, progress bars and a picture of tags, in colour where the terminal has any. */

import type { SingleBar } from "cli-progress";
import type { CopyOptions } from "../../clients/typescript/index.ts";

/** Colours of the tags 1 to 15 among the 256 of a terminal, neighbours far apart; 0 is the background. */
const PALETTE = [236, 196, 46, 27, 226, 201, 51, 208, 93, 118, 199, 33, 220, 129, 48, 255];

/** A granule is one cell: colours in half blocks, two rows a line, or a digit each. */
export function tagPicture(tags: Uint8Array, columns: number, colour: boolean): string[] {
  const rows = Array.from({ length: Math.ceil(tags.length / columns) }, (_, i) =>
    tags.subarray(i * columns, (i + 1) * columns),
  );
  if (!colour) return rows.map((row) => Array.from(row, (tag) => (tag === 0 ? "." : tag.toString(16))).join(""));
  const lines: string[] = [];
  for (let i = 0; i < rows.length; i += 2) {
    const [upper, lower] = [rows[i] as Uint8Array, rows[i + 1]];
    const cell = (tag: number, x: number) => `\x1b[38;5;${PALETTE[tag]};48;5;${PALETTE[lower?.[x] ?? 0]}m▀`;
    lines.push(`${Array.from(upper, cell).join("")}\x1b[0m`);
  }
  return lines;
}

/** 67,108,864 */
export const grouped = (number: number) => Math.round(number).toLocaleString("en-US");

const UNITS = ["B", "KiB", "MiB", "GiB"];

/** 64 MiB */
export function sized(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const value = bytes / 2 ** (10 * unit);
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** A stream that may be a terminal. */
type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; hasColors?(count: number): boolean };

/** Where the demo writes. */
export class Screen {
  readonly colour: boolean;
  private readonly out: Output;
  private headings = 0;

  constructor(out: Output) {
    this.out = out;
    this.colour = out.isTTY === true && out.hasColors?.(256) === true;
  }

  title(text: string): void {
    this.out.write(`${this.bold(text)}\n`);
  }

  heading(text: string): void {
    this.out.write(`\n${this.bold(`${++this.headings}  ${text}`)}\n`);
  }

  line(text = ""): void {
    this.out.write(text === "" ? "\n" : `   ${text}\n`);
  }

  /** A name, and what there is to say of it. */
  fact(name: string, text: string): void {
    this.line(`${name.padEnd(9)} ${text}`);
  }

  /** Columns as wide as their cells; all but the first to the right. */
  table(rows: readonly (readonly string[])[]): void {
    const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
    const cell = (text: string, i: number) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!));
    rows.forEach((row, i) => {
      const text = row.map(cell).join("  ");
      this.line(i === 0 ? this.dim(text) : text);
    });
  }

  /** Does something that takes a while, with a bar on a terminal; answers its seconds. */
  async progress(name: string, total: number, work: (options: CopyOptions) => Promise<unknown>): Promise<number> {
    const bar = await this.bar(name, total);
    const started = performance.now();
    try {
      await work({ onProgress: ({ done }) => bar?.update(done) });
    } finally {
      bar?.stop();
    }
    return (performance.now() - started) / 1000;
  }

  /** Nothing but a terminal can take back what was written. */
  private async bar(name: string, total: number): Promise<SingleBar | undefined> {
    if (this.out.isTTY !== true) return undefined;
    const { default: progress } = await import("cli-progress");
    const format = `   ${name.padEnd(9)} {bar} {percentage}%`;
    const options = { format, clearOnComplete: true, hideCursor: true, stream: this.out, barsize: 40 };
    const bar = new progress.SingleBar(options, progress.Presets.shades_classic);
    bar.start(total, 0);
    return bar;
  }

  bold(text: string): string {
    return this.colour ? `\x1b[1m${text}\x1b[22m` : text;
  }

  dim(text: string): string {
    return this.colour ? `\x1b[2m${text}\x1b[22m` : text;
  }

  good(text: string): string {
    return this.colour ? `\x1b[32m${text}\x1b[39m` : text;
  }
}
