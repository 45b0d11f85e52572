/** The emulated Linux host: one board's memory, its page frames, and the processes on it. */

import { EBUSY, EINVAL } from "../abi/errno.ts";
import { type Behaviours, KERNELS, type KernelName } from "../abi/versions.ts";
import { Board } from "../hw/board.ts";
import { CPU_MAX, type CpuModel } from "../hw/cpu.ts";
import { PAGE_SIZE, type PhysicalMemory } from "../hw/memory.ts";
import { SystemCounter } from "../hw/system_counter.ts";
import { Cpus } from "./cpus.ts";
import type { File } from "./fs/file.ts";
import { unuseMm } from "./mm/memory.ts";
import { MmStruct } from "./mm/mmap.ts";
import { PageFrames } from "./mm/page.ts";
import { SwapInfo } from "./mm/swapfile.ts";
import { Reclaim } from "./mm/vmscan.ts";
import { Task } from "./process.ts";
import { refuse } from "./refuse.ts";
import { allAtOnce, type Steps } from "./steps.ts";

/** What the host's hardware and command line make of it. */
export interface HostOptions {
  /** Off is arm64.nomte: the CPU has MTE and the kernel does not use it. */
  readonly mte: boolean;
  /** Online CPUs. */
  readonly cpus: number;
  /** Bytes of memory, at its end, that are persistent memory: of the device zone, without tags. */
  readonly pmemBytes: number;
  /** What each of them is. */
  readonly cpu: CpuModel;
}

/** Opens a device node. */
export type OpenDevice = (task: Task, flags: number) => File | number;

export class Host {
  readonly memory: PhysicalMemory;
  readonly board = new Board();
  readonly options: HostOptions;
  readonly pages: PageFrames;
  readonly reclaim: Reclaim;
  readonly counter: SystemCounter;
  readonly cpus: Cpus;
  /** The device nodes by path; drivers add theirs when the kernel starts. */
  readonly devices = new Map<string, OpenDevice>();
  private readonly tasks = new Map<number, Task>();
  private nextPid = 1;
  private swapDevice: { readonly path: string; readonly bytes: number } | undefined;

  constructor(memory: PhysicalMemory, options: Partial<HostOptions> = {}) {
    this.memory = memory;
    this.options = { mte: true, cpus: 1, pmemBytes: 0, cpu: CPU_MAX, ...options };
    this.pages = new PageFrames(memory, Math.floor(this.options.pmemBytes / PAGE_SIZE));
    this.reclaim = new Reclaim(this.pages);
    this.counter = new SystemCounter(this.options.cpu.counterFrequency);
    this.cpus = new Cpus(this);
  }

  /** swapon(): pages can go to a file from now on, which is made where it is missing. 0 or -errno; throws where the file cannot be had. */
  swapon(path: string, bytes: number): number {
    if (this.reclaim.swap) return refuse(EBUSY, "swapon: the host has a swap device");
    this.swapDevice = { path, bytes };
    const swap = SwapInfo.swapon(this.pages, path, bytes);
    if (typeof swap === "number") return swap;
    this.reclaim.swap = swap;
    return 0;
  }

  /** swapoff(): every page comes back first; -ENOMEM where memory has no room for them, -EIO for one that cannot be read, and swap stays on. */
  swapoff(): number {
    return allAtOnce(this.swapoffSteps());
  }

  /** … with steps between which others may go on, as try_to_unuse() lets them: no page goes to the device any more. */
  *swapoffSteps(): Steps<number> {
    const { swap, mms, inodes } = this.reclaim;
    if (!swap?.writeok) return refuse(EINVAL, "swapoff: no swap is on");
    swap.writeok = false;
    try {
      // A child that is forked meanwhile has entries too.
      while (swap.referenced) {
        for (const unuse of [...[...mms].map(unuseMm), ...[...inodes].map((inode) => inode.unuse())]) {
          const error = yield* unuse;
          if (error < 0) return error;
        }
      }
      swap.close();
      this.reclaim.swap = undefined;
      return 0;
    } finally {
      swap.writeok = true;
    }
  }

  /** swapon() of the device that the host had before; -EINVAL where it never had one. */
  swaponAgain(): number {
    if (!this.swapDevice) return refuse(EINVAL, "swapon: the host has no swap device");
    return this.swapon(this.swapDevice.path, this.swapDevice.bytes);
  }

  /** The host is turned off; a swap file is left as one that nobody uses. */
  shutdown(): void {
    this.cpus.shutdown();
    this.reclaim.swap?.close();
    this.reclaim.swap = undefined;
  }

  /** A new process with an empty address space and no descriptors, under the named kernel. */
  spawn(kernel: KernelName | Behaviours): Task {
    const abi = typeof kernel === "string" ? KERNELS[kernel] : kernel;
    return Task.create(this, abi, new MmStruct(this, abi));
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
