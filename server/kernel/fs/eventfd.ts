/** eventfd2() and the counters behind it: fs/eventfd.c. */

import { EAGAIN, EBADF, EFAULT, EINTR, EINVAL } from "../../abi/errno.ts";
import { EFD_CLOEXEC, EFD_NONBLOCK, EFD_SEMAPHORE, POLLERR, POLLIN, POLLOUT } from "../../abi/eventfd.ts";
import { O_NONBLOCK, O_RDWR } from "../../abi/fcntl.ts";
import type { Task } from "../process.ts";
import { refuse, type SyscallResult } from "../refuse.ts";
import { anonInodeGetfd } from "./anon_inodes.ts";
import { File } from "./file.ts";

const ULLONG_MAX = 0xffff_ffff_ffff_ffffn;
const COUNTER_SIZE = 8;

/** Who waits on an eventfd with priority, as KVM's irqfds do. */
export interface EventfdWatcher {
  /** The counter was added to; the watcher takes what it wants of it. */
  onSignal(): void;
  /** The last descriptor is closed. */
  onClose(): void;
}

/** struct eventfd_ctx: the counter, which outlives its file while kernel objects refer to it. */
export class EventfdCtx {
  private readonly semaphore: boolean;
  private readonly watchers: EventfdWatcher[] = [];
  /** Calls asleep: each tries again when the counter changes. */
  private readonly sleepers = new Set<() => void>();
  private counter: bigint;

  constructor(count: number, semaphore: boolean) {
    this.counter = BigInt(count);
    this.semaphore = semaphore;
  }

  get count(): bigint {
    return this.counter;
  }

  /** Whether read() finds something. */
  get readable(): boolean {
    return this.counter > 0n;
  }

  /** Whether write() of `value` fits: the counter stays below ULLONG_MAX, which only the kernel's own signals reach. */
  takes(value: bigint): boolean {
    return ULLONG_MAX - this.counter > value;
  }

  /** eventfd_signal(): adds to the counter up to ULLONG_MAX. */
  signal(value: bigint): void {
    this.counter = this.takes(value) ? this.counter + value : ULLONG_MAX;
    const [first] = this.watchers;
    if (first) first.onSignal();
    else this.wake();
  }

  /** eventfd_ctx_do_read() and the wake-up of writers: the whole counter, or one of a semaphore's. */
  doRead(): bigint {
    const value = this.semaphore && this.readable ? 1n : this.counter;
    this.counter -= value;
    if (value > 0n) this.wake();
    return value;
  }

  /** add_wait_queue_priority(): the last to come is served first, and alone. */
  addWatcher(watcher: EventfdWatcher): void {
    this.watchers.unshift(watcher);
  }

  /** eventfd_ctx_remove_wait_queue(): what the counter holds goes with the watcher. */
  removeWatcher(watcher: EventfdWatcher): void {
    this.watchers.splice(this.watchers.indexOf(watcher), 1);
    this.doRead();
  }

  get watched(): boolean {
    return this.watchers.length > 0;
  }

  /** eventfd_release(): the file is gone. */
  close(): void {
    for (const watcher of [...this.watchers]) watcher.onClose();
  }

  /** Sleeps until `attempt` succeeds, which is 8, or a signal comes, which is -EINTR. */
  sleep(task: Task, attempt: () => boolean): Promise<number> {
    return new Promise((resolve) => {
      const end = (ret: number) => {
        this.sleepers.delete(wake);
        forget();
        resolve(ret);
      };
      const wake = () => {
        // An attempt that succeeds wakes others, which must not come round to this one.
        this.sleepers.delete(wake);
        if (attempt()) end(COUNTER_SIZE);
        else this.sleepers.add(wake);
      };
      const forget = task.onSignal(() => end(refuse(EINTR, "eventfd_read: a signal came first")));
      this.sleepers.add(wake);
    });
  }

  private wake(): void {
    for (const wake of [...this.sleepers]) if (this.sleepers.has(wake)) wake();
  }
}

/** The open file of an eventfd. */
export class EventfdFile extends File {
  readonly name = "anon_inode:[eventfd]";
  override readonly readsWhole = true;
  readonly ctx: EventfdCtx;

  constructor(ctx: EventfdCtx, flags: number) {
    super(flags);
    this.ctx = ctx;
  }

  protected override release(): void {
    this.ctx.close();
  }

  /** eventfd_read() */
  override read(task: Task, buffer: Uint8Array): SyscallResult {
    if (buffer.length < COUNTER_SIZE) return refuse(EINVAL, "eventfd_read: the buffer is shorter than the counter");
    const view = new DataView(buffer.buffer, buffer.byteOffset);
    const attempt = () => {
      if (!this.ctx.readable) return false;
      view.setBigUint64(0, this.ctx.doRead(), true);
      return true;
    };
    return this.tryOrSleep(task, attempt, "eventfd_read: the counter is 0");
  }

  override checkWrite(task: Task, count: number): number {
    const long = task.abi.eventfdWriteExact && count > COUNTER_SIZE;
    return count < COUNTER_SIZE || long ? refuse(EINVAL, "eventfd_write: not the size of the counter") : 0;
  }

  /** eventfd_write() */
  override write(task: Task, data: Uint8Array): SyscallResult {
    if (data.length < COUNTER_SIZE) return refuse(EFAULT, "eventfd_write: not all of the buffer can be read");
    const value = new DataView(data.buffer, data.byteOffset).getBigUint64(0, true);
    if (value === ULLONG_MAX) return refuse(EINVAL, "eventfd_write: ULLONG_MAX cannot be added");
    const attempt = () => {
      if (!this.ctx.takes(value)) return false;
      this.ctx.signal(value);
      return true;
    };
    return this.tryOrSleep(task, attempt, "eventfd_write: the counter would reach ULLONG_MAX");
  }

  private tryOrSleep(task: Task, attempt: () => boolean, rule: string): SyscallResult {
    if (attempt()) return COUNTER_SIZE;
    if (this.flags & O_NONBLOCK) return refuse(EAGAIN, rule);
    if (task.signalPending) return refuse(EINTR, "eventfd_read: a signal is pending");
    return this.ctx.sleep(task, attempt);
  }

  override poll(): number {
    const { ctx } = this;
    const error = ctx.count === ULLONG_MAX ? POLLERR : 0;
    return (ctx.readable ? POLLIN : 0) | (ctx.takes(1n) ? POLLOUT : 0) | error;
  }
}

/** do_eventfd(): a new eventfd at the lowest free descriptor. `count` is the low 32 bits of the argument. */
export function createEventfd(task: Task, count: number, flags: number): number {
  if (flags & ~(EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC)) return refuse(EINVAL, "do_eventfd: unknown flag");
  return anonInodeGetfd(task, (flags & EFD_CLOEXEC) !== 0, () => {
    const ctx = new EventfdCtx(count >>> 0, (flags & EFD_SEMAPHORE) !== 0);
    return new EventfdFile(ctx, O_RDWR | (flags & EFD_NONBLOCK));
  });
}

/** eventfd_ctx_fdget(): the counter behind a descriptor, or -errno. */
export function eventfdCtxFdget(task: Task, fd: number): EventfdCtx | number {
  const file = task.files.lookup(fd);
  if (!file) return refuse(EBADF, "eventfd_ctx_fdget: the descriptor is not open");
  return file instanceof EventfdFile
    ? file.ctx
    : refuse(EINVAL, "eventfd_ctx_fileget: the descriptor is not an eventfd");
}
