/** What one client, and all of them together, may use. */

/** The limits of a server. Sizes are bytes, times milliseconds. */
export interface Limits {
  /** Processes of all principals. */
  readonly processes: number;
  readonly processesPerPrincipal: number;
  /** Memory of one process and its children. */
  readonly memoryPerProcess: number;
  /** Bytes in swap of a process and its descendants. */
  readonly swapPerProcess: number;
  /** The longest message that is read, and about the longest that is sent. */
  readonly messageBytes: number;
  /** Calls in one message of the Syscalls stream. */
  readonly listLength: number;
  /** Open streams of one principal. */
  readonly streamsPerPrincipal: number;
  /** Calls and streams at once on one connection. */
  readonly callsPerConnection: number;
  /** How long a process lives that nothing names. */
  readonly leaseMs: number;
  /** The longest lease that Spawn gives. */
  readonly maxLeaseMs: number;
  /** How long open calls may take to end when the server stops. */
  readonly graceMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  processes: 4096,
  processesPerPrincipal: 1024,
  memoryPerProcess: Number.POSITIVE_INFINITY,
  swapPerProcess: Number.POSITIVE_INFINITY,
  messageBytes: 4 << 20,
  listLength: 10_000,
  streamsPerPrincipal: 1024,
  callsPerConnection: 1024,
  leaseMs: 30_000,
  maxLeaseMs: 3_600_000,
  graceMs: 5_000,
};
