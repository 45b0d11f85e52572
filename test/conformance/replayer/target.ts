/** What a recording is replayed against: a machine with processes, in whichever way they are reached. */

import type { KernelName } from "../../../server/abi/versions.ts";

/** What ends a load or store that finds no memory or the wrong tag. */
export type Signal = "SIGSEGV" | "SIGBUS";
export type AccessKind = "read" | "write";
/** The other contexts of a call: a child with its own address space, one that shares it, or a thread. */
export type ContextKind = "fork" | "vfork" | "thread";

/** A machine whose kernel answers; each scenario has a process of its own on it. */
export interface Target {
  /** "in process", "raw RPC": for people. */
  readonly name: string;
  /** A new process, or undefined where the machine cannot be as `boot` says. */
  spawn(kernel: KernelName, boot: Boot): Promise<Process | undefined>;
  close(): Promise<void>;
}

/** Which machine, and what its kernel's command line said. */
export interface Boot {
  /** The scenarios of a recording had a machine of their own, from its boot on: what devices remember is of them alone. */
  readonly recording?: string;
  /** `arm64.nomte`: the kernel does not use MTE. */
  readonly nomte: boolean;
}

/** What tells a target's machines apart. */
export const machineOf = ({ recording = "", nomte }: Boot): string => `${recording} ${nomte}`;

/** Bytes at an address. */
export interface Piece {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/** What an ioctl answered, and what the pieces of memory that went with it are afterwards. */
export interface IoctlOnResult {
  readonly ret: number;
  readonly after: readonly Uint8Array[];
}

/**
 * A process, or another context of one: its system calls, and what its own instructions do. A system call
 * answers a number >= 0 or -errno. What only looks may be missing; steps that need it are then left out.
 */
export interface Process {
  readonly pid: number;

  openat(path: string, flags: number): Promise<number>;
  close(fd: number): Promise<number>;
  dup(fd: number): Promise<number>;
  read(fd: number, buffer: bigint, count: number): Promise<number>;
  write(fd: number, buffer: bigint, count: number): Promise<number>;
  pread(fd: number, buffer: bigint, count: number, position: number): Promise<number>;
  lseek(fd: number, offset: number, whence: number): Promise<number>;
  /** `signalAfterMs`: a signal ends the call if it still runs then. */
  ioctl(fd: number, request: number, arg: bigint, signalAfterMs?: number): Promise<number>;
  /** Stores the pieces, makes the call with the address of the first one, and loads them all again. */
  ioctlOn(fd: number, request: number, pieces: readonly Piece[]): Promise<IoctlOnResult>;
  mmap(address: bigint, length: number, prot: number, flags: number, fd: number, offset: number): Promise<number>;
  munmap(address: bigint, length: number): Promise<number>;
  mprotect(address: bigint, length: number, prot: number): Promise<number>;
  madvise(address: bigint, length: number, advice: number): Promise<number>;
  memfdCreate(name: string, flags: number): Promise<number>;
  ftruncate(fd: number, size: number): Promise<number>;
  eventfd2(initval: number, flags: number): Promise<number>;
  /** prctl(PR_SET_TAGGED_ADDR_CTRL, mode) */
  setTaggedAddrCtrl(mode: number): Promise<number>;
  /** setrlimit(RLIMIT_NOFILE) */
  limitDescriptors(limit: number): Promise<number>;
  fcntl?(fd: number, command: number, arg: number): Promise<number>;
  /** The revents of a poll() of one descriptor that does not wait. */
  poll?(fd: number, events: number): Promise<number>;

  load(address: bigint, length: number): Promise<Uint8Array | Signal>;
  store(address: bigint, data: Uint8Array): Promise<0 | Signal>;
  /** One access by a pointer that may carry a tag. */
  access(pointer: bigint, kind: AccessKind): Promise<0 | Signal>;
  /** LDG of each granule from `address` on: a tag a byte. */
  loadTags(address: bigint, granules: number): Promise<Uint8Array | Signal>;
  /** STG of each granule from `address` on. */
  storeTags(address: bigint, tags: Uint8Array): Promise<0 | Signal>;
  /** A letter a page, as `pages` of the recordings has them; looking maps nothing. */
  pageStates?(address: bigint, pages: number): Promise<string>;

  /** A signal: what sleeps in the process ends with EINTR. */
  kill(): Promise<number>;
  enter(kind: ContextKind): Promise<Process>;
  exit(): Promise<void>;
  /** The rule behind the last refusal, where the target keeps a trace. */
  lastRule?(): Promise<string | undefined>;
}
