/** Which check refused a call: what the process's trace says of its last failures. */

import type { InspectServiceClient, TraceEntry } from "./gen/kvm/v1/inspect_service.ts";

/** How many failures are remembered that nobody asked about yet. */
const MEMORY = 256;

/** What a failed call looks like in the trace. */
export interface Failure {
  readonly trace: readonly [call: string, ...args: (number | undefined)[]];
  readonly error: number;
}

function matches(entry: TraceEntry, { trace: [call, ...args], error }: Failure): boolean {
  if (entry.call !== call || entry.error !== error) return false;
  return args.every((arg, i) => {
    const value = entry.args[i]?.value?.value;
    return arg === undefined || value === undefined || value === BigInt(arg);
  });
}

/** Reads on in one process's trace when something has failed. */
export class Rules {
  private readonly inspect: InspectServiceClient;
  private readonly process: bigint;
  private since = 0n;
  private readonly failures: TraceEntry[] = [];
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(inspect: InspectServiceClient, process: bigint) {
    this.inspect = inspect;
    this.process = process;
  }

  /** The rule behind a failure; undefined where the trace does not have it any more, or cannot be read. */
  async find(failure: Failure): Promise<string | undefined> {
    await this.refresh().catch(() => {});
    return this.failures.findLast((entry) => matches(entry, failure))?.rule || undefined;
  }

  /** Reads the trace from now on; those who ask while one reading is under way share the next. */
  private refresh(): Promise<void> {
    this.next ??= this.running.then(() => {
      this.next = undefined;
      const reading = this.read();
      this.running = reading.catch(() => {});
      return reading;
    });
    return this.next;
  }

  private async read(): Promise<void> {
    for await (const { entries } of this.inspect.trace({ process: this.process, since: this.since })) {
      for (const entry of entries) {
        this.since = entry.sequence;
        if (entry.error !== 0) this.failures.push(entry);
      }
    }
    this.failures.splice(0, this.failures.length - MEMORY);
  }
}
