/** The trace of a process: its last system calls, with the rule behind each refusal. */

/** One finished system call. Arguments are kept as they were passed and formatted when read. */
export interface TraceEntry {
  /** Counts the calls of the process from 1. */
  readonly sequence: number;
  /** The system call's name, or the ioctl's for `ioctl`. */
  readonly call: string;
  readonly args: readonly TraceArg[];
  /** The struct behind an ioctl's pointer, as it was at entry. */
  readonly data?: Uint8Array | undefined;
  readonly ret: number;
  readonly rule?: string | undefined;
}
export type TraceArg = number | bigint | string;

/** How many calls a process's trace holds. */
export const TRACE_ENTRIES = 512;

/** A ring of the last calls, and those who follow it live. */
export class Trace {
  private readonly ring: TraceEntry[] = [];
  private readonly followers = new Set<(entry: TraceEntry) => void>();
  private count = 0;

  record(
    call: string,
    args: readonly TraceArg[],
    data: Uint8Array | undefined,
    ret: number,
    rule: string | undefined,
  ): void {
    const entry = { sequence: ++this.count, call, args, data, ret, rule };
    this.ring[(this.count - 1) % TRACE_ENTRIES] = entry;
    for (const follow of this.followers) follow(entry);
  }

  /** The entries still held with a sequence number above `after`, oldest first. */
  *since(after: number): Generator<TraceEntry> {
    const first = Math.max(after, this.count - this.ring.length);
    for (let i = first; i < this.count; i++) yield this.ring[i % TRACE_ENTRIES] as TraceEntry;
  }

  /** Calls `follow` for each call from now on; answers the function that ends that. */
  follow(follow: (entry: TraceEntry) => void): () => void {
    this.followers.add(follow);
    return () => this.followers.delete(follow);
  }
}
