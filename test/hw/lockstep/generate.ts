/** Random cases of single instructions by group: fields, registers, addresses and controls. */

import { GROUPS as ROWS } from "../../../server/hw/a64/index.ts";
import type { Row } from "../../../server/hw/a64/row.ts";
import { Random } from "../random.ts";
import { blocks, exclusives, LOADS, memory } from "./accesses.ts";
import { branches, registers } from "./branches.ts";
import { bits, type Choice, config, faultControls, HCR_ATA, KEYS_ON, SCTLR_A, some, tagControls } from "./controls.ts";
import { type Batch, ROOTS } from "./image.ts";
import { type Case, type Config, SHAPES } from "./layout.ts";
import { makePools } from "./pools.ts";
import {
  encodings,
  instructions,
  maintenance,
  moves,
  OPERATIONS,
  operations,
  tagArithmetic,
  unallocated,
} from "./system_cases.ts";
import { type Generator, shapes } from "./words.ts";

const mix =
  (...choices: readonly (readonly [weight: number, generator: Generator])[]): Generator =>
  (context) => {
    const all = choices.reduce((sum, [weight]) => sum + weight, 0);
    let chosen = context.random.below(all);
    for (const [weight, generator] of choices) {
      if (chosen < weight) return generator(context);
      chosen -= weight;
    }
    return undefined;
  };

// ---- groups

interface Group {
  readonly configs: (random: Random) => Config[];
  readonly generate: Generator;
}

const many = (random: Random, n: number, choice: (random: Random) => Choice) =>
  Array.from({ length: n }, () => config(choice(random)));
const plain =
  (more: Choice = {}) =>
  (random: Random) =>
    many(random, 4, (random) => ({ ...more, shape: random.below(SHAPES.length), hcr: random.once(2) ? HCR_ATA : 0n }));

const isAtomic = ({ name }: Row) => /_memop$|_comswap/.test(name) && !/^LDAPR/.test(name);
const isExclusive = ({ name }: Row) => /^(?:LDA?X|STL?X)/.test(name);
const isMops = ({ name }: Row) => /_mem(?:cms|set)$/.test(name);
const LOADS_AND_STORES = shapes(ROWS.MEMORY.filter((row) => !isAtomic(row) && !isExclusive(row) && !isMops(row)));
const ATOMICS = shapes(ROWS.MEMORY.filter(isAtomic));
const TAG_MEMORY = shapes(ROWS.MTE.filter(({ name }) => /ldst/.test(name)));
const TAG_ARITHMETIC = shapes(ROWS.MTE.filter(({ name }) => !/ldst/.test(name)));
const ZEROING = ["DC_ZVA", "DC_GVA", "DC_GZVA"];
const ACCESSES = [...LOADS_AND_STORES, ...ATOMICS, ...TAG_MEMORY, ...LOADS];
const untagged = (random: Random): Choice => ({
  shape: random.below(SHAPES.length),
  sctlr: (random.once(3) ? SCTLR_A : 0n) | some(random, 6, 33, 42, 43),
  hcr: random.once(2) ? HCR_ATA : 0n,
  memory: true,
});

export const GROUPS = {
  integer: {
    configs: (random: Random) => [
      ...plain()(random),
      ...many(random, 1, () => ({ sctlr: KEYS_ON, tcr: some(random, 37, 38) })),
    ],
    generate: registers(shapes(ROWS.INTEGER)),
  },
  branch: {
    configs: (random: Random) =>
      many(random, 12, (random) => ({
        shape: random.below(SHAPES.length),
        sctlr: some(random, 35, 36) | (random.once(2) ? bits(31, 30) : 0n),
        tcr: some(random, 37, 38, 51, 52),
      })),
    generate: branches(shapes(ROWS.BRANCH)),
  },
  memory: {
    configs: (random: Random) => many(random, 12, untagged),
    generate: mix([12, memory(LOADS_AND_STORES, { faults: false, tags: false })], [1, blocks]),
  },
  atomics: {
    configs: (random: Random) => many(random, 12, untagged),
    generate: memory(ATOMICS, { faults: false, tags: false }),
  },
  exclusives: { configs: (random: Random) => many(random, 12, untagged), generate: exclusives },
  mte: {
    configs: (random: Random) => many(random, 60, tagControls),
    generate: mix(
      [3, memory(TAG_MEMORY, { faults: false, tags: true })],
      [9, memory(ACCESSES, { faults: false, tags: true })],
      [1, tagArithmetic(TAG_ARITHMETIC)],
      [1, operations(ZEROING, { faults: false, tags: true })],
    ),
  },
  system: {
    configs: (random: Random) =>
      many(random, 40, (random) => ({
        shape: random.below(SHAPES.length),
        sctlr: some(random, 9, 10, 14, 15, 16, 18, 23, 26, 42, 43, 44),
        hcr: some(random, 56, 14, 21, 22, 23, 24, 25, 26, 28, 30),
        cpacr: random.once(2) ? 3n << 20n : BigInt(random.below(4)) << 20n,
        cntkctl: random.bits(10),
        restore: true,
      })),
    generate: mix([3, moves], [3, instructions], [1, maintenance], [2, encodings]),
  },
  faults: {
    configs: (random: Random) => many(random, 100, faultControls),
    generate: mix(
      [6, memory(ACCESSES, { faults: true, tags: true })],
      [2, operations(Object.keys(OPERATIONS), { faults: true, tags: true })],
    ),
  },
  fp: { configs: plain(), generate: registers(shapes(ROWS.FP)) },
  simd: { configs: plain(), generate: registers(shapes(ROWS.SIMD)) },
  crypto: { configs: plain(), generate: registers(shapes(ROWS.CRYPTO)) },
  unallocated: { configs: plain(), generate: unallocated },
} as const satisfies Record<string, Group>;
export type GroupName = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as GroupName[];

/** Cases of a group, and the rows that they are of. */
export function generate(
  name: GroupName,
  count: number,
  seed: number,
): Batch & { readonly rows: readonly (Row | undefined)[] } {
  const random = new Random(seed * 64 + GROUP_NAMES.indexOf(name));
  const bytes = makePools(seed);
  const pools = new DataView(bytes.buffer);
  const group: Group = GROUPS[name];
  const configs = group.configs(random);
  const cases: Case[] = [];
  const rows: (Row | undefined)[] = [];
  while (cases.length < count) {
    const at = Math.floor((cases.length * configs.length) / count);
    const { ttbr } = configs[at] as Config;
    const shape = ROOTS.indexOf(Number(ttbr));
    const made = group.generate({ random, pools, configs, config: at, shape, number: cases.length });
    if (!made || made.case.set.length > 3) continue;
    cases.push(made.case);
    rows.push(made.row);
  }
  return { pools: bytes, configs, cases, rows };
}
