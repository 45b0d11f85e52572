/** The kernel in this very process as a target: the system calls are function calls. */

import { unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PR_SET_TAGGED_ADDR_CTRL } from "../../../server/abi/prctl.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { PAGE_SIZE, PhysicalMemory } from "../../../server/hw/memory.ts";
import { loadTags, storeTags } from "../../../server/kernel/arch/mte.ts";
import { Host } from "../../../server/kernel/host.ts";
import { kvmInit } from "../../../server/kernel/kvm/kvm_main.ts";
import { pagemapState } from "../../../server/kernel/mm/pagemap.ts";
import { copyFromUser, copyToUser, userAccess } from "../../../server/kernel/mm/uaccess.ts";
import { CLONE_VM, type Task } from "../../../server/kernel/process.ts";
import * as sys from "../../../server/kernel/syscalls.ts";
import {
  type AccessKind,
  type Boot,
  type ContextKind,
  type IoctlOnResult,
  machineOf,
  type Piece,
  type Process,
  type Signal,
  type Target,
} from "./target.ts";

/** RAM enough for the largest scenario, which writes a few pages here and there in 2 GiB. */
const RAM_BYTES = 256 << 20;

const SWAP_BYTES = 64 << 20;
let machines = 0;

/** A machine with /dev/kvm, and swap in a file that goes with this process. */
export function bootHost({ nomte }: Boot): Host {
  const host = new Host(new PhysicalMemory({ bytes: RAM_BYTES }), { mte: !nomte });
  kvmInit(host);
  const swapFile = join(tmpdir(), `tagvisor-swap-${process.pid}-${machines++}`);
  host.swapon(swapFile, SWAP_BYTES);
  unlinkSync(swapFile);
  return host;
}

export class KernelTarget implements Target {
  readonly name = "in process";
  /** Made when first needed. */
  private readonly hosts = new Map<string, Host>();

  async spawn(kernel: KernelName, boot: Boot): Promise<Process> {
    return new KernelProcess(this.host(boot).spawn(kernel));
  }

  /** The machine that was booted so. */
  host(boot: Boot = { nomte: false }): Host {
    const machine = machineOf(boot);
    const found = this.hosts.get(machine);
    if (found) return found;
    const host = bootHost(boot);
    this.hosts.set(machine, host);
    return host;
  }

  async close(): Promise<void> {
    this.hosts.clear();
  }
}

/** A task's calls; what sleeps resolves later, like any other call. */
export class KernelProcess implements Process {
  readonly task: Task;

  constructor(task: Task) {
    this.task = task;
  }

  get pid(): number {
    return this.task.pid;
  }

  async openat(path: string, flags: number): Promise<number> {
    return sys.sysOpenat(this.task, path, flags);
  }

  async close(fd: number): Promise<number> {
    return sys.sysClose(this.task, fd);
  }

  async dup(fd: number): Promise<number> {
    return sys.sysDup(this.task, fd);
  }

  async read(fd: number, buffer: bigint, count: number): Promise<number> {
    return sys.sysRead(this.task, fd, buffer, BigInt(count));
  }

  async write(fd: number, buffer: bigint, count: number): Promise<number> {
    return sys.sysWrite(this.task, fd, buffer, BigInt(count));
  }

  async pread(fd: number, buffer: bigint, count: number, position: number): Promise<number> {
    return sys.sysPread(this.task, fd, buffer, BigInt(count), BigInt(position));
  }

  async lseek(fd: number, offset: number, whence: number): Promise<number> {
    return sys.sysLseek(this.task, fd, BigInt(offset), whence);
  }

  async ioctl(fd: number, request: number, arg: bigint, signalAfterMs?: number): Promise<number> {
    const timer = signalAfterMs === undefined ? undefined : setTimeout(() => this.kill(), signalAfterMs);
    try {
      return await sys.sysIoctl(this.task, fd, request, arg);
    } finally {
      clearTimeout(timer);
    }
  }

  async ioctlOn(fd: number, request: number, pieces: readonly Piece[]): Promise<IoctlOnResult> {
    for (const { address, bytes } of pieces) await this.store(address, bytes);
    const ret = await this.ioctl(fd, request, pieces[0]?.address ?? 0n);
    const after = pieces.map(({ address, bytes }) => {
      const now = new Uint8Array(bytes.length);
      copyFromUser(this.task, now, address);
      return now;
    });
    return { ret, after };
  }

  async mmap(
    address: bigint,
    length: number,
    prot: number,
    flags: number,
    fd: number,
    offset: number,
  ): Promise<number> {
    return sys.sysMmap(this.task, address, BigInt(length), prot, flags, fd, BigInt(offset));
  }

  async munmap(address: bigint, length: number): Promise<number> {
    return sys.sysMunmap(this.task, address, BigInt(length));
  }

  async mprotect(address: bigint, length: number, prot: number): Promise<number> {
    return sys.sysMprotect(this.task, address, BigInt(length), prot);
  }

  async madvise(address: bigint, length: number, advice: number): Promise<number> {
    return sys.sysMadvise(this.task, address, BigInt(length), advice);
  }

  async memfdCreate(name: string, flags: number): Promise<number> {
    return sys.sysMemfdCreate(this.task, name, flags);
  }

  async ftruncate(fd: number, size: number): Promise<number> {
    return sys.sysFtruncate(this.task, fd, BigInt(size));
  }

  async eventfd2(initval: number, flags: number): Promise<number> {
    return sys.sysEventfd2(this.task, initval, flags);
  }

  async setTaggedAddrCtrl(mode: number): Promise<number> {
    return sys.sysPrctl(this.task, PR_SET_TAGGED_ADDR_CTRL, BigInt(mode));
  }

  async limitDescriptors(limit: number): Promise<number> {
    return sys.sysPrlimitNofile(this.task, limit);
  }

  async fcntl(fd: number, command: number, arg: number): Promise<number> {
    return sys.sysFcntl(this.task, fd, command, arg);
  }

  async poll(fd: number, events: number): Promise<number> {
    return sys.sysPoll(this.task, fd, events);
  }

  async load(address: bigint, length: number): Promise<Uint8Array | Signal> {
    const bytes = new Uint8Array(length);
    const left = copyFromUser(this.task, bytes, address);
    return left === 0 ? bytes : this.signalOf(address + BigInt(length - left), "read");
  }

  async store(address: bigint, data: Uint8Array): Promise<0 | Signal> {
    const left = copyToUser(this.task, address, data);
    return left === 0 ? 0 : this.signalOf(address + BigInt(data.length - left), "write");
  }

  async access(pointer: bigint, kind: AccessKind): Promise<0 | Signal> {
    return userAccess(this.task, pointer, kind === "write");
  }

  /** The signal of an access that is known to fail. */
  private async signalOf(address: bigint, kind: AccessKind): Promise<Signal> {
    return (await this.access(address, kind)) || "SIGSEGV";
  }

  async loadTags(address: bigint, granules: number): Promise<Uint8Array | Signal> {
    return loadTags(this.task, address, granules);
  }

  async storeTags(address: bigint, tags: Uint8Array): Promise<0 | Signal> {
    return storeTags(this.task, address, tags);
  }

  async pageStates(address: bigint, pages: number): Promise<string> {
    const letter = (_: unknown, i: number) => pagemapState(this.task.mm, Number(address) + i * PAGE_SIZE);
    return Array.from({ length: pages }, letter).join("");
  }

  async kill(): Promise<number> {
    return sys.sysKill(this.task);
  }

  async enter(kind: ContextKind): Promise<Process> {
    if (kind === "thread") return new KernelThread(this.task.thread());
    const child = sys.sysFork(this.task, kind === "vfork" ? CLONE_VM : 0);
    if (typeof child === "number") throw new Error(`fork: errno ${-child}`);
    return new KernelProcess(child);
  }

  async exit(): Promise<void> {
    this.task.exit();
  }

  async lastRule(): Promise<string | undefined> {
    let rule: string | undefined;
    for (const entry of this.task.trace.since(0)) rule = entry.rule ?? rule;
    return rule;
  }
}

/** A thread holds nothing of its own and ends without its process. */
class KernelThread extends KernelProcess {
  override async exit(): Promise<void> {}
}
