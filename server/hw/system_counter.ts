/** The generic timer's system counter, which counts from the board's start: CNTPCT_EL0. */

export class SystemCounter {
  /** CNTFRQ_EL0 */
  readonly frequency: bigint;
  private readonly start = process.hrtime.bigint();

  constructor(frequency: bigint) {
    this.frequency = frequency;
  }

  read(): bigint {
    return ((process.hrtime.bigint() - this.start) * this.frequency) / 1_000_000_000n;
  }
}
