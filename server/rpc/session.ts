/** Processes as clients see them: handles that cannot be guessed, owners, leases, quotas. */

import { randomBytes } from "node:crypto";
import { type Behaviours, nameOf } from "../abi/versions.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import type { Host } from "../kernel/host.ts";
import type { Task } from "../kernel/process.ts";
import type { Limits } from "./middleware/limits.ts";
import type { Log } from "./middleware/log.ts";
import { aboveQuota, notYours, unknownProcess } from "./status.ts";
import { nextTurn, turnIsLong } from "./turn.ts";

/** A process of a principal. It lives while calls or open streams name it, and `leaseMs` longer. */
export class Session {
  readonly handle: bigint;
  readonly task: Task;
  readonly principal: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly leaseMs: number;
  /** Open streams and sleeping calls: while there are any, the lease does not run. */
  holders = 0;
  private lastNamed = Date.now();
  private readonly idleThreads: Task[] = [];

  constructor(
    handle: bigint,
    task: Task,
    principal: string,
    labels: Readonly<Record<string, string>>,
    leaseMs: number,
  ) {
    this.handle = handle;
    this.task = task;
    this.principal = principal;
    this.labels = labels;
    this.leaseMs = leaseMs;
  }

  /** A call names the process. */
  touch(): void {
    this.lastNamed = Date.now();
  }

  /** Keeps the process alive until the function it answers is called. */
  hold(): () => void {
    this.holders++;
    return () => {
      this.holders--;
      this.touch();
    };
  }

  /** Milliseconds until the lease ends, unless something names the process before. */
  get leaseLeftMs(): number {
    return this.holders > 0 ? this.leaseMs : this.lastNamed + this.leaseMs - Date.now();
  }

  get ended(): boolean {
    return this.task.hasExited;
  }

  /**
   * Others have their turn where this one is long. Throws where going on is of no use: the process has ended, and would
   * keep for good what it were given now, or the caller has given up.
   */
  async turn(signal: AbortSignal): Promise<void> {
    if (turnIsLong()) {
      await nextTurn();
      signal.throwIfAborted();
    }
    if (this.ended) throw unknownProcess();
  }

  /** A thread of the process for a stream or a call that may sleep, so that cancelling it interrupts nothing else. */
  takeThread(): Task {
    return this.idleThreads.pop() ?? this.task.thread();
  }

  /** The thread of a call that is done may serve the next one. */
  giveThread(thread: Task): void {
    thread.clearSignal();
    this.idleThreads.push(thread);
  }

  /** Makes one call on a thread of its own; an abort kills it. */
  call<T>(signal: AbortSignal, run: (thread: Task) => T | Promise<T>): T | Promise<T> {
    const thread = this.takeThread();
    const result = run(thread);
    if (!(result instanceof Promise)) {
      this.giveThread(thread);
      return result;
    }
    return this.asleep(signal, thread, result).finally(() => this.giveThread(thread));
  }

  /** Waits for a sleeping call: it holds the process, and an abort kills its thread. */
  async asleep<T>(signal: AbortSignal, thread: Task, result: Promise<T>): Promise<T> {
    const release = this.hold();
    const interrupt = () => thread.kill();
    signal.addEventListener("abort", interrupt, { once: true });
    if (signal.aborted) interrupt();
    try {
      return await result;
    } finally {
      signal.removeEventListener("abort", interrupt);
      release();
    }
  }
}

/** What Spawn may ask for. */
export interface SpawnOptions {
  readonly abi: Behaviours;
  readonly labels: Readonly<Record<string, string>>;
  /** 0 for the default. */
  readonly leaseMs: number;
}

/** All processes of the server's clients. */
export class Sessions {
  private readonly host: Host;
  private readonly limits: Limits;
  private readonly log: Log;
  private readonly byHandle = new Map<bigint, Session>();
  private readonly countOf = new Map<string, number>();
  private readonly sweeper: NodeJS.Timeout;

  constructor(host: Host, limits: Limits, log: Log) {
    this.host = host;
    this.limits = limits;
    this.log = log;
    this.sweeper = setInterval(() => this.sweep(), Math.min(1000, limits.leaseMs / 4)).unref();
  }

  /** A new process of the principal. */
  spawn(principal: string, options: SpawnOptions): Session {
    this.requireRoom(principal);
    const task = this.host.spawn(options.abi);
    task.mm.rlimitPages = Math.floor(this.limits.memoryPerProcess / PAGE_SIZE);
    task.mm.memcg.swapMax = Math.floor(this.limits.swapPerProcess / PAGE_SIZE);
    const leaseMs = Math.min(options.leaseMs || this.limits.leaseMs, this.limits.maxLeaseMs);
    return this.add(task, principal, options.labels, leaseMs);
  }

  /** Above a quota of processes: RESOURCE_EXHAUSTED. */
  requireRoom(principal: string): void {
    if (this.byHandle.size >= this.limits.processes) throw aboveQuota("the server has no room for another process");
    if ((this.countOf.get(principal) ?? 0) >= this.limits.processesPerPrincipal) {
      throw aboveQuota(`more than ${this.limits.processesPerPrincipal} processes of one principal`);
    }
  }

  /** A child that a process of the principal forked. */
  adopt(parent: Session, child: Task): Session {
    return this.add(child, parent.principal, parent.labels, parent.leaseMs);
  }

  private add(task: Task, principal: string, labels: Readonly<Record<string, string>>, leaseMs: number): Session {
    const session = new Session(this.newHandle(), task, principal, labels, leaseMs);
    this.byHandle.set(session.handle, session);
    this.countOf.set(principal, (this.countOf.get(principal) ?? 0) + 1);
    this.log.info({ pid: task.pid, principal, kernel: nameOf(task.abi) }, "process started");
    return session;
  }

  private newHandle(): bigint {
    for (;;) {
      const handle = randomBytes(8).readBigUInt64LE();
      if (handle !== 0n && !this.byHandle.has(handle)) return handle;
    }
  }

  /** The process with this handle, its lease renewed. */
  find(handle: bigint, principal: string): Session {
    const session = this.byHandle.get(handle);
    if (!session) throw unknownProcess();
    if (session.principal !== principal) throw notYours();
    session.touch();
    return session;
  }

  /** Ends a process, whatever is going on in it. */
  end(session: Session, why: string): void {
    if (!this.byHandle.delete(session.handle)) return;
    const left = (this.countOf.get(session.principal) ?? 1) - 1;
    if (left > 0) this.countOf.set(session.principal, left);
    else this.countOf.delete(session.principal);
    session.task.exit();
    this.log.info({ pid: session.task.pid, principal: session.principal, why }, "process ended");
  }

  /** Ends the processes whose lease is over. */
  private sweep(): void {
    for (const session of this.byHandle.values()) {
      if (session.leaseLeftMs <= 0) this.end(session, "nothing named it for its lease");
    }
  }

  /** The principal's processes, oldest first. */
  *of(principal: string): Generator<Session> {
    for (const session of this.byHandle.values()) if (session.principal === principal) yield session;
  }

  get size(): number {
    return this.byHandle.size;
  }

  /** A signal to every process: calls that sleep end with EINTR. */
  interrupt(): void {
    for (const { task } of this.byHandle.values()) task.signal();
  }

  /** Ends them all, and the sweeping. */
  close(): void {
    clearInterval(this.sweeper);
    for (const session of [...this.byHandle.values()]) this.end(session, "the server stops");
  }
}
