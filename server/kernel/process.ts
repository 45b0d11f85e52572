/** A thread of the emulated host: struct task_struct with its address space and descriptors (kernel/fork.c, kernel/exit.c). */

import type { Behaviours } from "../abi/versions.ts";
import { FilesStruct } from "./fs/file.ts";
import type { Host } from "./host.ts";
import type { MmStruct } from "./mm/mmap.ts";
import { Trace } from "./trace.ts";

/** clone() flags that fork understands. */
export const CLONE_VM = 0x100;
export const CLONE_FILES = 0x400;

/** PR_SET_TAGGED_ADDR_CTRL: whether user pointers may carry a tag, and the process's own tag check mode (SCTLR_EL1.TCF0). */
export interface TaggedAddrCtrl {
  enabled: boolean;
  tcf: "none" | "sync" | "async";
  /** PR_MTE_TAG_MASK bits: the tags that IRG may make. */
  tagMask: number;
}

/** A private area of a thread with a hole behind it: an argument ends at `end`, where memory ends. */
export interface ArgumentArea {
  readonly end: number;
  readonly size: number;
}

/** What all threads of one process have in common. */
interface ThreadGroup {
  readonly host: Host;
  readonly pid: number;
  readonly abi: Behaviours;
  readonly mm: MmStruct;
  readonly files: FilesStruct;
  readonly trace: Trace;
  readonly taggedAddrCtrl: TaggedAddrCtrl;
}

/** A thread of control; the first one of a process leads it, and the process ends with it. */
export class Task implements ThreadGroup {
  readonly host: Host;
  readonly pid: number;
  /** The kernel version this process runs under. */
  readonly abi: Behaviours;
  readonly mm: MmStruct;
  readonly files: FilesStruct;
  readonly trace: Trace;
  readonly taggedAddrCtrl: TaggedAddrCtrl;
  readonly leader: Task;
  /** Where arguments that travel with a remote call are placed; each thread has its own, as its call may sleep. */
  argumentArea: ArgumentArea | undefined;
  private readonly sleepers = new Set<() => void>();
  private pending = false;
  private killed = false;
  private exited = false;

  private constructor(group: ThreadGroup, leader?: Task) {
    this.host = group.host;
    this.pid = group.pid;
    this.abi = group.abi;
    this.mm = group.mm;
    this.files = group.files;
    this.trace = group.trace;
    this.taggedAddrCtrl = group.taggedAddrCtrl;
    this.leader = leader ?? this;
  }

  /** A new process; it takes over the caller's references to `mm` and `files`. */
  static create(host: Host, abi: Behaviours, mm: MmStruct, files = new FilesStruct()): Task {
    const group = {
      host,
      abi,
      mm,
      files,
      trace: new Trace(),
      taggedAddrCtrl: { enabled: false, tcf: "none" as const, tagMask: 0 },
    };
    return host.addTask((pid) => new Task({ ...group, pid }));
  }

  /** Another thread of the process, with signals of its own. It holds nothing and needs no exit. */
  thread(): Task {
    return new Task(this, this.leader);
  }

  /** kernel_clone(): a child process with copies of what is not shared. Answers the child, or -ENOMEM. */
  fork(flags = 0): Task | number {
    const mm = flags & CLONE_VM ? this.mm.get() : this.mm.fork();
    if (typeof mm === "number") return mm;
    const files = flags & CLONE_FILES ? this.files.share() : this.files.copy();
    const child = Task.create(this.host, this.abi, mm, files);
    Object.assign(child.taggedAddrCtrl, this.taggedAddrCtrl);
    return child;
  }

  /** do_exit() of the whole process: sleeping calls end, then the address space goes (exit_mm), then the descriptors (exit_files). */
  exit(): void {
    const { leader } = this;
    if (leader.exited) return;
    leader.exited = true;
    leader.signal();
    leader.mm.put();
    leader.files.exit(leader);
    leader.host.removeTask(leader);
  }

  get hasExited(): boolean {
    return this.leader.exited;
  }

  /** Sends a signal to this thread; sent to the leader, it reaches whatever sleeps in the process. */
  signal(): void {
    this.pending = true;
    for (const wake of [...this.sleepers]) wake();
  }

  /** SIGKILL to this thread alone: nobody waits for what it does any more. */
  kill(): void {
    this.killed = true;
    this.signal();
  }

  /** fatal_signal_pending(): also waits that no other signal ends are over. */
  get fatalSignalPending(): boolean {
    return this.killed || this.leader.exited;
  }

  /** signal_pending(): a call that would sleep, or enters the guest, ends with EINTR instead. */
  get signalPending(): boolean {
    return this.pending || this.leader.exited;
  }

  /** The signal was delivered at the return to user space. */
  clearSignal(): void {
    this.pending = this.killed = false;
  }

  /** Runs `wake` at the next signal to this thread or to the process; answers the function that undoes that. */
  onSignal(wake: () => void): () => void {
    this.sleepers.add(wake);
    this.leader.sleepers.add(wake);
    return () => {
      this.sleepers.delete(wake);
      this.leader.sleepers.delete(wake);
    };
  }
}
