/** The emulated process that a client drives: its descriptors, its memory, its end. */

import { Batch } from "./batch.ts";
import { type CopyOptions, readMemory, type Source, writeMemory } from "./bulk.ts";
import { Caller } from "./caller.ts";
import type { Call, MmapArguments } from "./calls.ts";
import * as calls from "./calls.ts";
import { Eventfd, OpenFile } from "./descriptor.ts";
import type { PageRun, TraceEntry } from "./gen/kvm/v1/inspect_service.ts";
import type { AccessResponse, LoadTagsResponse, Signal } from "./gen/kvm/v1/memory_service.ts";
import type { SpawnResponse } from "./gen/kvm/v1/syscall_service.ts";
import { Kvm } from "./kvm.ts";
import { Mapping } from "./mapping.ts";
import { type Services, type Transport, unlessGone } from "./transport.ts";
import { O_CLOEXEC, O_RDWR } from "./uapi.ts";

/** What a list of calls carries at most of one read or write; beyond it a copy has a stream of its own. */
const SMALL_BYTES = 256 << 10;
const RLIMIT_NOFILE = 7;

/** An emulated process. Its calls are made in order; those of one tick travel together. */
export class Process implements AsyncDisposable {
  /** What names it to the server. Whoever has it, and the token, can drive the process. */
  readonly handle: bigint;
  /** Its process id in the emulated host; 0 where it was attached by its handle alone. */
  readonly pid: number;
  /** The kernel it runs under. */
  readonly kernel: string;
  /** What the objects of this process make their calls with. */
  readonly caller: Caller;
  private readonly services: Services;
  private exited = false;

  constructor(transport: Transport, { process, pid, kernel }: Pick<SpawnResponse, "process" | "pid" | "kernel">) {
    this.handle = process;
    this.pid = pid;
    this.kernel = kernel;
    this.caller = new Caller(transport, process);
    this.services = transport.services;
  }

  // ---- calls

  /** Makes a call of `calls`; throws KvmError where it fails. */
  call<T>(call: Call<T>): Promise<T> {
    return this.caller.call(call);
  }

  /** A list of calls in the making, for one round trip. */
  batch(): Batch {
    return new Batch(this.caller);
  }

  // ---- descriptors

  /** Opens a file of the emulated host. */
  async open(path: string, flags: number = O_RDWR | O_CLOEXEC): Promise<OpenFile> {
    return new OpenFile(this, await this.call(calls.openat(path, flags)));
  }

  /** Opens /dev/kvm. */
  async openKvm(): Promise<Kvm> {
    return new Kvm(this, await this.call(calls.openat("/dev/kvm", O_RDWR | O_CLOEXEC)));
  }

  /** A file in memory, which several mappings can share. */
  async memfd(name: string, size?: number, flags = 0): Promise<OpenFile> {
    const file = new OpenFile(this, await this.call(calls.memfdCreate(name, flags)));
    if (size !== undefined) await file.truncate(size);
    return file;
  }

  /** A counter that wakes who reads it. */
  async eventfd(initval = 0, flags = 0): Promise<Eventfd> {
    return new Eventfd(this, await this.call(calls.eventfd2(initval, flags)));
  }

  /** The events of each descriptor, without waiting. */
  poll(...fds: { readonly fd: number; readonly events: number }[]): Promise<number[]> {
    return this.call(calls.poll(fds));
  }

  /** Descriptors made from now on are below `limit`. */
  async limitDescriptors(limit: number): Promise<void> {
    await this.call(calls.prlimit(RLIMIT_NOFILE, limit));
  }

  // ---- memory

  /** Maps memory; by default private memory of its own, to be read and written. */
  async mmap(args: MmapArguments): Promise<Mapping> {
    return new Mapping(this, await this.call(calls.mmap(args)), Number(args.length));
  }

  /** Bytes of the process's memory. */
  async read(address: number | bigint, length: number): Promise<Uint8Array> {
    const whole = new Uint8Array(length);
    let end = 0;
    if (length <= SMALL_BYTES) {
      const piece = await this.call(calls.processVmReadv(address, length));
      if (piece.length === length) return piece;
      end = piece.length;
      whole.set(piece);
    }
    for await (const chunk of this.readMemory(BigInt(address) + BigInt(end), length - end)) {
      whole.set(chunk, end);
      end += chunk.length;
    }
    return whole;
  }

  /** Writes all the bytes to the process's memory. */
  async write(address: number | bigint, data: Uint8Array): Promise<void> {
    let done = 0;
    if (data.length <= SMALL_BYTES) done = await this.call(calls.processVmWritev(address, data));
    if (done < data.length) await this.writeMemory(BigInt(address) + BigInt(done), data.subarray(done));
  }

  /** The process's memory as a stream of chunks. */
  readMemory(
    address: number | bigint,
    length: number,
    options: CopyOptions = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    return readMemory(this.caller.target(address), length, options);
  }

  /** Writes a stream of chunks to the process's memory; answers how many bytes. */
  writeMemory(address: number | bigint, source: Source, options: CopyOptions = {}): Promise<number> {
    return writeMemory(this.caller.target(address), source, options);
  }

  /** How the pages of a range are backed, in runs of pages that are alike. */
  async *pageFlags(address: number | bigint, length: number): AsyncGenerator<PageRun, void, undefined> {
    const { inspect } = this.services;
    for await (const { runs } of inspect.pageFlags({ process: this.handle, address, length: BigInt(length) })) {
      yield* runs;
    }
  }

  /** Tags of the process's own memory, as LDG reads them, or the signal that this would get. */
  async loadTags(address: number | bigint, length: number): Promise<LoadTagsResponse> {
    const request = { process: this.handle, address, length: BigInt(length) };
    const { signal, tags } = await this.services.memory.loadTags(request);
    return { signal, tags: Uint8Array.from(tags) };
  }

  /** Writes tags of the process's own memory, as STG does; answers the signal that it would get. */
  async storeTags(address: number | bigint, tags: Uint8Array): Promise<Signal> {
    return (await this.services.memory.storeTags({ process: this.handle, address, tags })).signal;
  }

  /** One load by the process itself, or a store of `store`: the value, or the signal it would get. */
  access(address: number | bigint, width: number, store?: bigint): Promise<AccessResponse> {
    const write = store !== undefined;
    return this.services.memory.access({ process: this.handle, address, width, write, value: store ?? 0n });
  }

  /** Tagged addresses and the process's own tag checks. */
  prctl(option: number, arg: number | bigint = 0): Promise<number> {
    return this.call(calls.prctl(option, arg));
  }

  // ---- life

  /** A child with a copy of the memory and the descriptors, or with CLONE_VM 0x100 and CLONE_FILES 0x400 the same ones. */
  async fork(flags: number | bigint = 0): Promise<Process> {
    const answer = await this.services.syscalls.fork({ process: this.handle, flags: BigInt(flags) });
    const pid = await this.caller.check("clone", ["clone"], answer);
    return new Process(this.caller.transport, { process: answer.child, pid, kernel: this.kernel });
  }

  /** Sends a signal: what sleeps in the process, or runs a guest for it, ends with EINTR. */
  async kill(): Promise<void> {
    await this.caller.check("kill", ["kill"], await this.services.syscalls.kill({ process: this.handle }));
  }

  /** Keeps it alive for another lease, as every call and every open stream does too. */
  async renew(): Promise<number> {
    return (await this.services.syscalls.renew({ process: this.handle })).lease_seconds;
  }

  /** Its calls as the kernel saw them, with the rule behind each refusal; with `follow` those to come, too. */
  async *trace(
    options: { readonly since?: bigint; readonly follow?: boolean; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<TraceEntry, void, undefined> {
    const { since = 0n, follow = false, signal } = options;
    const request = { process: this.handle, since, follow };
    for await (const { entries } of this.services.inspect.trace(request, signal ? { signal } : {})) yield* entries;
  }

  /** Whether `exit` was called. */
  get hasExited(): boolean {
    return this.exited;
  }

  /** Ends the process: its memory goes, then its descriptors. */
  async exit(): Promise<void> {
    if (this.exited) return;
    this.detach();
    await this.services.syscalls.exit({ process: this.handle });
  }

  /** Leaves the process to its lease. */
  detach(): void {
    this.exited = true;
    this.caller.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.exit().catch(unlessGone);
  }
}
