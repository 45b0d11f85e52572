/** Random numbers that are the same everywhere: recorded cases depend on each of their bits. */

import { Random as Numbers } from "../conformance/sequences/random.ts";

/** Numbers that follow from a seed, apart also where seeds follow each other. */
export class Random extends Numbers {
  constructor(seed: number) {
    super(Math.imul(seed + 1, 0x9e3779b1));
  }

  /** True once in so many times. */
  once(n: number): boolean {
    return this.below(n) === 0;
  }

  bits(n: number): bigint {
    return this.u64() & ((1n << BigInt(n)) - 1n);
  }
}
