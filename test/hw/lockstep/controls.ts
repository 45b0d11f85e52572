import type { Random } from "../random.ts";
import { ROOTS } from "./image.ts";
import { type Config, SHAPES } from "./layout.ts";

export const bit = (n: number) => 1n << BigInt(n);
export const bits = (...places: number[]) => places.reduce((value, place) => value | bit(place), 0n);

/** M, C, SA, SA0, I, nTWI, nTWE and what is RES1. */
const SCTLR = bits(0, 2, 3, 4, 8, 11, 12, 16, 18, 20, 22, 23, 28, 29);
export const SCTLR_M = bit(0);
export const SCTLR_A = bit(1);
/** EnIA, EnIB, EnDA and EnDB. */
export const KEYS_ON = bits(31, 30, 27, 13);
const HCR = bits(0, 1, 2, 3, 4, 5, 13, 14, 17, 18, 19, 20, 21, 22, 31, 40, 41);
export const HCR_ATA = bit(56);
/** TDRA, TDOSA, TDA, TPM, TPMCR. */
const MDCR = 0xe60n;

const tcrOf = (shape: number, more: bigint) => {
  const { size, tg0, tg1 } = SHAPES[shape] as (typeof SHAPES)[number];
  const T = BigInt(size);
  return T | (T << 16n) | 0x3500n | 0x35000000n | (tg0 << 14n) | (tg1 << 30n) | (2n << 32n) | bit(36) | more;
};

export interface Choice {
  readonly shape?: number;
  readonly sctlr?: bigint;
  readonly tcr?: bigint;
  readonly hcr?: bigint;
  readonly cpacr?: bigint;
  readonly cntkctl?: bigint;
  readonly memory?: boolean;
  readonly restore?: boolean;
}

export const config = ({
  shape = 0,
  sctlr = 0n,
  tcr = 0n,
  hcr = 0n,
  cpacr = 3n << 20n,
  cntkctl = 0n,
  memory = false,
  restore = false,
}: Choice): Config => ({
  sctlr: SCTLR ^ sctlr,
  tcr: tcrOf(shape, tcr),
  ttbr: BigInt(ROOTS[shape] as number),
  hcr: HCR ^ hcr,
  cpacr,
  mdcr: MDCR,
  cntkctl,
  memory,
  restore,
});

/** Each of some bits, by chance. */
export const some = (random: Random, ...places: number[]) =>
  places.reduce((value, place) => (random.once(2) ? value | bit(place) : value), 0n);

export const tagControls = (random: Random): Choice => ({
  shape: random.pick([0, 0, 1, 2, 3]),
  // ATA, ATA0, TCF, TCF0
  sctlr:
    (random.once(8) ? SCTLR_A : 0n) |
    (random.once(4) ? some(random, 42, 43) : bits(42, 43)) |
    (BigInt(random.below(4)) << 40n) |
    (BigInt(random.below(4)) << 38n) |
    some(random, 14, 26, 33),
  // TBI and TCMA
  tcr:
    (random.once(4) ? some(random, 37, 38) : bits(37, 38)) |
    (random.once(2) ? some(random, 57, 58) : 0n) |
    (random.once(4) ? some(random, 51, 52) : 0n),
  hcr: random.once(6) ? 0n : HCR_ATA,
  memory: true,
});

const mappedControls = (random: Random): Choice => ({
  shape: random.below(SHAPES.length),
  sctlr: some(random, 1, 23, 57, 14, 26, 6, 19, 9, 15) | (random.once(3) ? bits(42, 43, 40, 38) : 0n),
  tcr: some(random, 37, 38, 41, 42) | (random.once(3) ? some(random, 51, 52, 55, 56) : 0n),
  hcr: random.once(2) ? 0n : HCR_ATA,
  memory: true,
});
/** Stage 1 off: a memory of Device, or with HCR_EL2.DC of Normal, with DCT of Tagged memory. */
const offControls = (random: Random): Choice => ({
  ...mappedControls(random),
  sctlr: SCTLR_M | some(random, 1, 42, 43, 40, 38),
  hcr: some(random, 12, 57, 56),
});
export const faultControls = (random: Random) => (random.once(12) ? offControls(random) : mappedControls(random));
