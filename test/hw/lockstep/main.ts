/**
 * Holds a core against QEMU; needs aarch64-linux-gnu-as, and the oracle's QEMU or one that TAGVISOR_QEMU_SYSTEM names.
 * `node test/hw/lockstep/run.mjs compare [GROUP…] [--count N] [--seed N] [--batches N]` makes cases and prints some that differ, `record [GROUP…]`
 * writes data/GROUP.gz, which lockstep.test.ts replays, and `show GROUP…` runs a file again.
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Row } from "../../../server/hw/a64/row.ts";
import { disassemble, decode as rowOf } from "../../../server/hw/disassemble.ts";
import { Board } from "./board.ts";
import { decode, encode } from "./corpus.ts";
import { GROUP_NAMES, type GroupName, generate } from "./generate.ts";
import type { Batch } from "./image.ts";
import { CODE, MAX_CASES, MEMORY_PLACE, PLACES, SLOT_BYTES, TAGS_PLACE, V_PLACE } from "./layout.ts";
import { placesOf } from "./pools.ts";
import { Qemu } from "./qemu.ts";

const hex = (value: bigint) => value.toString(16).padStart(16, "0");
const NAMES = new Map<number, string>(Object.entries(PLACES).map(([name, place]) => [place, name]));

/** What a word of a state is. */
function placeName(place: number): string {
  if (place < 31) return `X${place}`;
  if (place < V_PLACE) return NAMES.get(place) ?? String(place);
  if (place < MEMORY_PLACE) return `V${(place - V_PLACE) >> 1}.d[${place & 1}]`;
  if (place < TAGS_PLACE) return `memory ${(place - MEMORY_PLACE) * 8 - 512}`;
  return `tags ${(place - TAGS_PLACE) * 256 - 512}`;
}

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    count: { type: "string", default: "65536" },
    seed: { type: "string", default: "1" },
    batches: { type: "string", default: "1" },
    outcomes: { type: "boolean", default: false },
    show: { type: "string", default: "12" },
  },
});
const [command = "compare", ...names] = positionals;
const groups = (names.length > 0 ? names : GROUP_NAMES) as GroupName[];
const count = Math.min(Number(values.count), MAX_CASES);

const describe = (batch: Batch) => (n: number) =>
  (batch.cases[n]?.words ?? []).map((word) => `${word.toString(16)} ${disassemble(word)}`).join("; ");

type Named = Batch & { readonly rows: readonly (Row | undefined)[] };
const compareSeed = (group: GroupName, seed: number, qemu: Qemu, board: Board) =>
  compare(`${group} ${seed}`, generate(group, count, seed), qemu, board);

/** Prints what a core and QEMU make differently of a batch. */
function compare(title: string, batch: Named, qemu: Qemu, board: Board): number {
  const start = performance.now();
  const { hashes } = qemu.run(batch, [], describe(batch));
  const answered = performance.now();
  board.load(batch);
  const wrong: number[] = [];
  const outcomes = new Map<string, number>();
  for (let n = 0; n < batch.cases.length; n++) {
    board.run(n);
    if (board.hash !== hashes[n]) wrong.push(n);
    if (values.outcomes) {
      const [esr1, esr2] = [board.after[PLACES.ESR_EL1]!, board.after[PLACES.ESR_EL2]!].map(Number) as [number, number];
      const of = (esr: number) =>
        `${(esr >>> 26).toString(16)}${((esr >>> 26) & 0x38) === 0x20 ? `:${(esr & 0x3f).toString(16)}` : ""}`;
      const outcome = `${of(esr1)} ${of(esr2)}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  }
  const ran = performance.now();
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
  console.log(
    `${title}: ${batch.cases.length} cases, ${wrong.length} differ; QEMU ${seconds(start, answered)} s, core ${seconds(answered, ran)} s`,
  );
  if (values.outcomes)
    console.log(
      [...outcomes]
        .sort((a, b) => b[1] - a[1])
        .map(([outcome, n]) => `${outcome}: ${n}`)
        .join(", "),
    );
  if (wrong.length === 0) return 0;
  // By row, and of each some in full
  const byRow = new Map<string, number[]>();
  for (const n of wrong) {
    const name = batch.rows[n]?.name ?? "?";
    byRow.set(name, [...(byRow.get(name) ?? []), n]);
  }
  console.log([...byRow].map(([name, cases]) => `${name} ${cases.length}`).join(", "));
  const shown = [...byRow.values()].flatMap((cases) => cases.slice(0, 2)).slice(0, Number(values.show));
  const { states } = qemu.run(batch, shown);
  for (const n of shown) {
    board.run(n);
    const after = board.after;
    const expected = states.get(n) as BigUint64Array;
    const one = batch.cases[n]!;
    const config = batch.configs[one.config]!;
    const text = one.words
      .map((word, index) => `${word.toString(16)} ${disassemble(word, BigInt(CODE + n * SLOT_BYTES + index * 4))}`)
      .join("; ");
    console.log(
      `- case ${n}: ${text} (${batch.rows[n]?.name}) pstate ${one.pstate.toString(16)} fpcr ${one.fpcr.toString(16)}`,
    );
    console.log(
      `    sctlr ${hex(config.sctlr)} tcr ${hex(config.tcr)} hcr ${hex(config.hcr)}; ${one.set.map(([place, value]) => `${placeName(place)}=${hex(value)}`).join(" ")}`,
    );
    const places = placesOf(n, one.filling);
    const used = [...new Set(one.words.flatMap((word) => [word & 31, (word >>> 5) & 31, (word >>> 16) & 31]))];
    const view = new DataView(batch.pools.buffer);
    console.log(
      `    ${used.map((r) => `x${r}=${r < 31 ? view.getBigUint64(places.x + r * 8, true).toString(16) : "-"} v${r}=${view.getBigUint64(places.v + r * 16 + 8, true).toString(16)}_${hex(view.getBigUint64(places.v + r * 16, true))}`).join(" ")}`,
    );
    let lines = 0;
    for (let place = 0; place < after.length; place++)
      if (after[place] !== expected[place] && lines++ < 12)
        console.log(`    ${placeName(place)}: core ${hex(after[place]!)} QEMU ${hex(expected[place]!)}`);
  }
  return wrong.length;
}

/** The first seed from one on whose cases all agree, as a file. */
function record(group: GroupName, qemu: Qemu, board: Board): void {
  for (let seed = Number(values.seed); ; seed++) {
    const batch = generate(group, count, seed);
    const { hashes } = qemu.run(batch, [], describe(batch));
    board.load(batch);
    const wrong = batch.cases.findIndex((_, n) => {
      board.run(n);
      return board.hash !== hashes[n];
    });
    if (wrong >= 0) {
      console.log(`${group} ${seed}: case ${wrong} differs`);
      continue;
    }
    const file = encode(batch, seed, hashes);
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, `${group}.gz`), file);
    console.log(`${group} ${seed}: ${count} cases, ${file.length} bytes`);
    return;
  }
}

const data = join(import.meta.dirname, "data");
using qemu = new Qemu(join(import.meta.dirname, "harness.S"));
const board = new Board();
switch (command) {
  case "compare":
    for (let n = 0; n < Number(values.batches); n++)
      for (const group of groups) compareSeed(group, Number(values.seed) + n, qemu, board);
    break;
  case "record":
    for (const group of groups) record(group, qemu, board);
    break;
  case "show":
    for (const group of groups) {
      const recorded = decode(readFileSync(join(data, `${group}.gz`)));
      compare(
        group,
        { ...recorded, rows: recorded.cases.map(({ words }) => rowOf(words[0] as number)?.row) },
        qemu,
        board,
      );
    }
    break;
  default:
    throw new Error(`there is no command ${command}`);
}
