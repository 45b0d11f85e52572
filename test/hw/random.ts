/** Random numbers that are the same everywhere: recorded cases depend on each of their bits. */

/** Numbers that follow from a seed. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  }

  /** 32 bits. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  below(n: number): number {
    return this.next() % n;
  }

  /** True once in so many times. */
  once(n: number): boolean {
    return this.next() % n === 0;
  }

  bits(n: number): bigint {
    return ((BigInt(this.next()) << 32n) | BigInt(this.next())) & ((1n << BigInt(n)) - 1n);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}
