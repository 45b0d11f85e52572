/** The RAM that a batch of cases begins with: the same bytes for QEMU and for a core. */

import {
  CASE_BYTES,
  CASES_AT,
  type Case,
  CODE,
  CONFIG_BYTES,
  CONFIGS_AT,
  type Config,
  HVC,
  MAX_CASES,
  PLACES,
  POOLS_AT,
  RAM,
  SLOT_BYTES,
  VECTORS,
  writeStage1,
  writeStage2,
} from "./layout.ts";
import { placesOf } from "./pools.ts";

/** Cases that run one after another, and what they share. */
export interface Batch {
  readonly pools: Uint8Array;
  readonly configs: readonly Config[];
  readonly cases: readonly Case[];
}

/** Where the tables of each shape lie. */
export const ROOTS = writeStage1(() => {});

/** Writes what the guest finds: tables, vectors and instructions. */
export function writeGuest(ram: DataView, cases: readonly Case[]): void {
  if (cases.length > MAX_CASES) throw new Error("too many cases");
  writeStage1((address, value) => ram.setBigUint64(address - RAM, value, true));
  for (let at = 0; at < 0x800; at += 4) ram.setUint32(VECTORS - RAM + at, HVC, true);
  for (const [n, { words }] of cases.entries())
    for (let word = 0; word < SLOT_BYTES / 4; word++)
      ram.setUint32(CODE - RAM + n * SLOT_BYTES + word * 4, words[word] ?? HVC, true);
}

/** Writes what the program at EL2 reads beside; `dumps` are the cases of which it shall keep the state. */
export function writeHypervisor(ram: DataView, { pools, configs, cases }: Batch, dumps: readonly number[]): void {
  writeStage2((address, value) => ram.setBigUint64(address - RAM, value, true));
  new Uint8Array(ram.buffer, ram.byteOffset).set(pools, POOLS_AT - RAM);
  for (const [n, config] of configs.entries()) {
    const flags = (config.memory ? 1n : 0n) | (config.restore ? 2n : 0n);
    const { sctlr, tcr, ttbr, hcr, cpacr, mdcr, cntkctl } = config;
    for (const [field, value] of [sctlr, tcr, ttbr, hcr, cpacr, mdcr, cntkctl, flags].entries())
      ram.setBigUint64(CONFIGS_AT - RAM + n * CONFIG_BYTES + field * 8, value, true);
  }
  ram.setBigUint64(CASES_AT - RAM, BigInt(cases.length), true);
  for (const [n, made] of cases.entries()) {
    const at = CASES_AT - RAM + (n + 1) * CASE_BYTES;
    const { x, v, m, t } = placesOf(n, made.filling);
    const places = [0, 1, 2].map((index) => (made.set[index]?.[0] ?? PLACES.NONE) * 8);
    const words = [made.config, made.pstate, x, v, m, t, made.fpcr, made.fpsr, ...places, dumps.indexOf(n) + 1];
    for (const [word, value] of words.entries()) ram.setUint32(at + word * 4, value, true);
    for (const [index, [, value]] of made.set.entries()) ram.setBigUint64(at + 48 + index * 8, value, true);
  }
}
