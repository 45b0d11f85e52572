/** Recorded cases: what each begins with, and a hash of the state that QEMU ended in. Columns of like values compress well. */

import { gunzipSync, gzipSync } from "node:zlib";
import type { Batch } from "./image.ts";
import { type Case, type Config, HVC, MAX_SET, SLOT_BYTES } from "./layout.ts";
import { makePools } from "./pools.ts";

/** A batch, and QEMU's results: 16 bits of each case's hash, and one hash of them all in full. */
export interface Recorded extends Batch {
  readonly seed: number;
  readonly hashes: Uint16Array;
  readonly whole: number;
}

const SLOT_WORDS = SLOT_BYTES / 4;
const CONFIG_LONGS = 8;
const HEADER_WORDS = 4;

/** One of the numbers of a case, as a column has it: its bytes, and how it is read. */
interface Column {
  readonly bytes: number;
  readonly get: (made: Case) => bigint;
}
const small = (bytes: number, get: (made: Case) => number): Column => ({ bytes, get: (made) => BigInt(get(made)) });
const indices = (n: number) => Array.from({ length: n }, (_, index) => index);

/** Words and settings first, in their order: decode() counts on it. */
const COLUMNS: readonly Column[] = [
  ...indices(SLOT_WORDS).map((n) => small(4, ({ words }) => words[n] ?? HVC)),
  ...indices(MAX_SET).flatMap((n) => [
    // A place, one more than it is; 0 is none
    small(1, ({ set }) => (set[n] ? set[n][0] + 1 : 0)),
    { bytes: 8, get: ({ set }: Case) => set[n]?.[1] ?? 0n },
  ]),
  small(2, ({ config }) => config),
  small(4, ({ pstate }) => pstate),
  small(4, ({ fpcr }) => fpcr),
  small(4, ({ fpsr }) => fpsr),
  small(1, ({ filling }) => filling),
];
const ROW_BYTES = COLUMNS.reduce((sum, { bytes }) => sum + bytes, 0);

/** A hash of hashes. */
export function hashOf(hashes: Uint32Array): number {
  let h = 0x811c9dc5;
  for (const hash of hashes) {
    h = Math.imul(h ^ hash, 0x9e3779b1);
    h ^= h >>> 15;
  }
  return h >>> 0;
}

/** A batch and its results as a file. */
export function encode(batch: Batch, seed: number, hashes: Uint32Array): Uint8Array {
  const { configs, cases } = batch;
  const start = HEADER_WORDS * 4 + configs.length * CONFIG_LONGS * 8;
  const bytes = new Uint8Array(start + cases.length * (ROW_BYTES + 2));
  const view = new DataView(bytes.buffer);
  for (const [n, word] of [seed, configs.length, cases.length, hashOf(hashes)].entries())
    view.setUint32(n * 4, word, true);
  for (const [n, config] of configs.entries()) {
    const { sctlr, tcr, ttbr, hcr, cpacr, mdcr, cntkctl, memory, restore } = config;
    const flags = (memory ? 1n : 0n) | (restore ? 2n : 0n);
    for (const [field, value] of [sctlr, tcr, ttbr, hcr, cpacr, mdcr, cntkctl, flags].entries())
      view.setBigUint64(HEADER_WORDS * 4 + (n * CONFIG_LONGS + field) * 8, value, true);
  }
  let at = start;
  for (const { bytes: width, get } of COLUMNS)
    for (let byte = 0; byte < width; byte++)
      for (const made of cases) bytes[at++] = Number((get(made) >> BigInt(8 * byte)) & 0xffn);
  for (let byte = 0; byte < 2; byte++) for (const hash of hashes) bytes[at++] = hash >>> (8 * byte);
  return gzipSync(bytes, { level: 9 });
}

/** Reads a file. */
export function decode(file: Uint8Array): Recorded {
  const bytes = gunzipSync(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [seed, configCount, count, whole] = indices(HEADER_WORDS).map((n) => view.getUint32(n * 4, true)) as [
    number,
    number,
    number,
    number,
  ];
  const configs = indices(configCount).map((n): Config => {
    const [sctlr, tcr, ttbr, hcr, cpacr, mdcr, cntkctl, flags] = indices(CONFIG_LONGS).map((field) =>
      view.getBigUint64(HEADER_WORDS * 4 + (n * CONFIG_LONGS + field) * 8, true),
    ) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    return { sctlr, tcr, ttbr, hcr, cpacr, mdcr, cntkctl, memory: (flags & 1n) !== 0n, restore: (flags & 2n) !== 0n };
  });
  let at = HEADER_WORDS * 4 + configCount * CONFIG_LONGS * 8;
  /** A number of up to 32 bits of each case. */
  const column = (width: number) => {
    const values = new Uint32Array(count);
    for (let byte = 0; byte < width; byte++)
      for (let n = 0; n < count; n++) values[n] = (values[n] as number) | ((bytes[at++] as number) << (8 * byte));
    return values;
  };
  const words = indices(SLOT_WORDS).map(() => column(4));
  const set = indices(MAX_SET).map(() => ({ place: column(1), low: column(4), high: column(4) }));
  const [config, pstate, fpcr, fpsr, filling] = [2, 4, 4, 4, 1].map(column) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const hashes = Uint16Array.from(column(2));
  const value = (values: Uint32Array, n: number) => values[n] as number;
  const cases = indices(count).map(
    (n): Case => ({
      words: words.map((values) => value(values, n)),
      config: value(config, n),
      pstate: value(pstate, n),
      fpcr: value(fpcr, n),
      fpsr: value(fpsr, n),
      filling: value(filling, n),
      set: set
        .filter(({ place }) => value(place, n) !== 0)
        .map(
          ({ place, low, high }) =>
            [value(place, n) - 1, (BigInt(value(high, n)) << 32n) | BigInt(value(low, n))] as const,
        ),
    }),
  );
  return { pools: makePools(seed), configs, cases, seed, hashes, whole };
}
