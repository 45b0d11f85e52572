/** The host's CPUs and who runs on them: as much of a scheduler as guests need (kernel/sched/). */

import { Core } from "../hw/core.ts";
import type { Host } from "./host.ts";
import type { Task } from "./process.ts";

/** How long one stays on a CPU while another waits. */
const SLICE_MS = 4;

interface Waiter {
  readonly grant: (core: Core) => void;
}

export class Cpus {
  private readonly host: Host;
  private readonly all: Core[] = [];
  private readonly idle: Core[] = [];
  private readonly busy = new Set<Core>();
  private readonly waiting: Waiter[] = [];
  private ticker: ReturnType<typeof setInterval> | undefined;

  constructor(host: Host) {
    this.host = host;
  }

  /** Whether somebody waits for a CPU, so that who has one should give it back at the end of his slice. */
  get contended(): boolean {
    return this.waiting.length > 0;
  }

  /** A CPU for a task: `preferred` where that is free; undefined where a signal comes before one is free. */
  acquire(task: Task, preferred: Core | undefined): Core | Promise<Core | undefined> {
    const core = this.takeIdle(preferred);
    if (core) return core;
    return new Promise((resolve) => {
      const waiter = {
        grant: (granted: Core) => {
          forget();
          resolve(granted);
        },
      };
      const forget = task.onSignal(() => {
        forget();
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        resolve(undefined);
      });
      this.waiting.push(waiter);
      this.ticker ??= setInterval(() => this.tick(), SLICE_MS).unref();
    });
  }

  /** Gives a CPU back; who has waited longest has it next. */
  release(core: Core): void {
    const next = this.waiting.shift();
    if (next) {
      next.grant(core);
      return;
    }
    this.busy.delete(core);
    this.idle.push(core);
  }

  /** Ends the threads of the CPUs; no guest may run any more. */
  shutdown(): void {
    clearInterval(this.ticker);
    for (const core of this.all) void core.stop();
  }

  /** The end of everybody's slice. */
  private tick(): void {
    if (this.waiting.length === 0) {
      clearInterval(this.ticker);
      this.ticker = undefined;
      return;
    }
    for (const core of this.busy) core.kick();
  }

  private takeIdle(preferred: Core | undefined): Core | undefined {
    const at = preferred ? this.idle.indexOf(preferred) : -1;
    const [found] = at >= 0 ? this.idle.splice(at, 1) : [this.idle.pop() ?? this.bringUp()];
    if (found) this.busy.add(found);
    return found;
  }

  /** The next CPU that no guest has needed so far. */
  private bringUp(): Core | undefined {
    const { memory, options, counter } = this.host;
    if (this.all.length >= Math.min(options.cpus, memory.cores)) return undefined;
    const core = new Core(memory, this.all.length, options.cpu, () => counter.read());
    this.all.push(core);
    return core;
  }
}
