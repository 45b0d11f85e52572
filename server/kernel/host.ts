/** The emulated Linux host: one board's memory, its page frames, and the processes on it. */

import { KERNELS, type KernelName } from "../abi/versions.ts";
import { CPU_MAX, type CpuModel } from "../hw/cpu.ts";
import type { PhysicalMemory } from "../hw/memory.ts";
import { SystemCounter } from "../hw/system_counter.ts";
import type { File } from "./fs/file.ts";
import { MmStruct } from "./mm/mmap.ts";
import { PageFrames } from "./mm/page.ts";
import { Task } from "./process.ts";

/** What the host's hardware and command line make of it. */
export interface HostOptions {
  /** Off is arm64.nomte: the CPU has MTE and the kernel does not use it. */
  readonly mte: boolean;
  /** Online CPUs. */
  readonly cpus: number;
  /** What each of them is. */
  readonly cpu: CpuModel;
}

/** Opens a device node. */
export type OpenDevice = (task: Task, flags: number) => File | number;

export class Host {
  readonly memory: PhysicalMemory;
  readonly options: HostOptions;
  readonly pages: PageFrames;
  readonly counter: SystemCounter;
  /** The device nodes by path; drivers add theirs when the kernel starts. */
  readonly devices = new Map<string, OpenDevice>();
  private readonly tasks = new Map<number, Task>();
  private nextPid = 1;

  constructor(memory: PhysicalMemory, options: Partial<HostOptions> = {}) {
    this.memory = memory;
    this.options = { mte: true, cpus: 1, cpu: CPU_MAX, ...options };
    this.pages = new PageFrames(memory);
    this.counter = new SystemCounter(this.options.cpu.counterFrequency);
  }

  /** A new process with an empty address space and no descriptors, under the named kernel. */
  spawn(kernel: KernelName): Task {
    return Task.create(this, KERNELS[kernel], new MmStruct(this, KERNELS[kernel]));
  }

  addTask(make: (pid: number) => Task): Task {
    const task = make(this.nextPid++);
    this.tasks.set(task.pid, task);
    return task;
  }

  removeTask(task: Task): void {
    this.tasks.delete(task.pid);
  }

  get taskCount(): number {
    return this.tasks.size;
  }
}
