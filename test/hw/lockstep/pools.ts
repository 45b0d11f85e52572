/** Pools of values that the registers and the memory of cases are cut from; recorded cases depend on each of their bits. */

import { Random } from "../random.ts";

/** Width of a number and of its fraction. */
type Format = readonly [width: number, fraction: number];
const HALF: Format = [16, 10];
const SINGLE: Format = [32, 23];
const DOUBLE: Format = [64, 52];
const BRAIN: Format = [16, 7];

/** A floating-point number: zeros, infinities, NaNs, denormals, the edges of ranges and of integers more often than not. */
function floating(random: Random, [width, fraction]: Format): bigint {
  const F = BigInt(fraction);
  const top = (1 << (width - 1 - fraction)) - 1;
  const bias = top >> 1;
  const noise = random.bits(fraction);
  const half = 1n << (F - 1n);
  const sparse = random.pick([
    0n,
    1n,
    (1n << F) - 1n,
    half,
    half - 1n,
    half + 1n,
    noise,
    (noise << (F / 2n)) & ((1n << F) - 1n),
  ]);
  const of = (exponent: number, bits: bigint) =>
    (random.bits(1) << BigInt(width - 1)) | (BigInt(Math.min(Math.max(exponent, 0), top)) << F) | bits;
  switch (random.below(16)) {
    case 0:
      return of(0, 0n);
    case 1:
      return of(top, 0n);
    case 2:
      return of(top, half | noise);
    case 3:
      return of(top, (noise >> 1n) | 1n);
    case 4:
      return of(0, sparse);
    case 5:
      return of(0, noise >> BigInt(random.below(fraction)));
    case 6:
      return of(1 + random.below(3), sparse);
    case 7:
      return of(top - 1 - random.below(3), sparse);
    case 8:
      return of(bias, 0n);
    case 9:
      return of(bias + random.below(4), sparse);
    case 10:
      return of(bias - random.below(fraction + 4), sparse);
    case 11:
      return of(bias + random.pick([14, 15, 16, 30, 31, 32, 62, 63, 64]), sparse);
    case 12: {
      // an integer and a half
      const n = BigInt(random.below(fraction));
      return of(bias + Number(n), ((noise >> (F - n)) << (F - n)) | (1n << (F - n - 1n)));
    }
    case 13:
      return of(bias + random.below(8) - 4, noise);
    default:
      return random.bits(width);
  }
}

/** An integer: small ones, negative ones and the edges more often than not. */
function integer(random: Random, width: number): bigint {
  const top = 1n << BigInt(width - 1);
  switch (random.below(8)) {
    case 0:
      return random.pick([0n, 1n, 2n * top - 1n, top, top - 1n, top + 1n, 2n, 2n * top - 2n]);
    case 1:
      return random.bits(width) >> BigInt(random.below(width));
    case 2:
      return BigInt.asUintN(width, -(random.bits(width) >> BigInt(random.below(width))));
    case 3:
      return BigInt.asUintN(width, BigInt(random.below(2 * width + 4) - width - 2));
    default:
      return random.bits(width);
  }
}

/** What fills a part of the vectors' pool. */
export const FILLINGS = ["b", "h", "s", "d", "half", "single", "double", "brain"] as const;
export type Filling = (typeof FILLINGS)[number];
const MAKERS: Readonly<Record<Filling, readonly [bits: number, make: (random: Random) => bigint]>> = {
  b: [8, (random) => integer(random, 8)],
  h: [16, (random) => integer(random, 16)],
  s: [32, (random) => integer(random, 32)],
  d: [64, (random) => integer(random, 64)],
  half: [16, (random) => floating(random, HALF)],
  single: [32, (random) => floating(random, SINGLE)],
  double: [64, (random) => floating(random, DOUBLE)],
  brain: [16, (random) => floating(random, BRAIN)],
};

/** Each pool's size in units of 8 bytes. */
export const POOL_LONGS = 4096;
const POOL_BYTES = POOL_LONGS * 8;
/** All of them: X registers, memory, tags, and the vectors' by filling. */
export const POOLS_BYTES = (3 + FILLINGS.length) * POOL_BYTES;
export const X_POOL = 0;
export const M_POOL = POOL_BYTES;
export const T_POOL = 2 * POOL_BYTES;
export const V_POOL = 3 * POOL_BYTES;

/** Where in the pools, in bytes, a case of a number has its registers, vectors, memory and tags from. */
export function placesOf(number: number, filling: number): { x: number; v: number; m: number; t: number } {
  const place = (salt: number, span: number) => {
    let h = Math.imul(number * 4 + salt + 1, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h ^= h >>> 13;
    return ((h >>> 0) % (POOL_LONGS - span)) * 8;
  };
  return {
    x: X_POOL + place(0, 40),
    v: V_POOL + filling * POOL_BYTES + place(1, 64),
    m: M_POOL + place(2, 128),
    t: T_POOL + place(3, 4),
  };
}

/** The pools of a seed. */
export function makePools(seed: number): Uint8Array {
  const bytes = new Uint8Array(POOLS_BYTES);
  const view = new DataView(bytes.buffer);
  const random = new Random(seed);
  const fill = (at: number, bits: number, make: (random: Random) => bigint) => {
    const seen: bigint[] = [];
    for (let end = at + POOL_BYTES; at < end; at += bits / 8) {
      let value = make(random);
      // one that meets another of its neighbours, or nearly, or cancels it
      if (seen.length > 0 && random.once(8))
        value =
          BigInt.asUintN(bits, random.pick(seen) + BigInt(random.below(3) - 1)) ^ (random.bits(1) << BigInt(bits - 1));
      if (seen.push(value) > 24) seen.shift();
      for (let byte = 0; byte < bits / 8; byte++) view.setUint8(at + byte, Number((value >> BigInt(8 * byte)) & 0xffn));
    }
  };
  const general = (random: Random) => {
    const kind = random.below(8);
    if (kind === 0) return floating(random, DOUBLE);
    return kind < 3 ? (random.bits(32) << 32n) | integer(random, 32) : integer(random, 64);
  };
  fill(X_POOL, 64, general);
  fill(M_POOL, 32, (random) => integer(random, 32));
  // Tags: two a byte; long runs of one, and others here and there
  let tag = 0;
  for (let at = T_POOL; at < T_POOL + POOL_BYTES; at++) {
    if (random.once(40)) tag = random.below(16);
    const one = () => (random.once(24) ? random.below(16) : tag);
    bytes[at] = one() | (one() << 4);
  }
  for (const [n, filling] of FILLINGS.entries()) fill(V_POOL + n * POOL_BYTES, ...MAKERS[filling]);
  return bytes;
}
