/** Lists of calls that use each other's answers: one round trip sets up a whole machine. */

import * as calls from "./calls.ts";
import {
  type Address,
  type Call,
  type Fd,
  type IoctlAnswer,
  type IoctlArgument,
  type IoctlName,
  Ref,
} from "./calls.ts";
import { KvmError } from "./error.ts";
import type { SyscallResult } from "./gen/kvm/v1/syscall_service.ts";
import { O_CLOEXEC, O_RDWR } from "./uapi.ts";

/** ECANCELED: the list stopped before this call. */
const ECANCELED = 125;

/** Makes a list of calls for a process. */
export interface ListMaker {
  list(list: readonly Call<unknown>[], stopAtError: boolean): Promise<SyscallResult[]>;
  failure(call: Call<unknown>, result: SyscallResult): Promise<KvmError>;
}

/** The answer of a call of a batch: a reference for later calls, and a value once the batch is submitted. */
export class Pending<T> extends Ref {
  readonly call: Call<T>;
  private outcome: SyscallResult | KvmError | undefined;

  constructor(call: Call<T>, index: number) {
    super({ call: index, width: 0, offset: 0 });
    this.call = call;
  }

  /** The answer; throws the call's error where it failed. */
  get value(): T {
    if (this.outcome === undefined) throw new TypeError(`${this.call.name}: the batch was not submitted yet`);
    if (this.outcome instanceof KvmError) throw this.outcome;
    return this.call.answer(this.outcome);
  }

  /** Why the call failed. */
  get error(): KvmError | undefined {
    return this.outcome instanceof KvmError ? this.outcome : undefined;
  }

  /** A member of the struct that the call will answer. */
  member(name: keyof T & string): Ref {
    const field = this.call.struct?.fields.find((f) => f.name === name);
    if (!field) throw new TypeError(`${this.call.name} answers no struct with a member ${name}`);
    return new Ref({ call: this.link.call, width: field.type.size, offset: field.offset });
  }

  /** Takes the call's result in. */
  settle(outcome: SyscallResult | KvmError): void {
    this.outcome = outcome;
  }
}

/**
 * A list of calls in the making. Each method enters a call and answers what stands for its result:
 * as descriptor, address or struct member of a later call. Nothing travels before `submit`.
 */
export class Batch {
  private readonly maker: ListMaker;
  private readonly entries: Pending<unknown>[] = [];

  constructor(maker: ListMaker) {
    this.maker = maker;
  }

  /** How many calls it has. */
  get length(): number {
    return this.entries.length;
  }

  /** Enters any call of `calls`. */
  add<T>(call: Call<T>): Pending<T> {
    const pending = new Pending(call, this.entries.length);
    this.entries.push(pending);
    return pending;
  }

  openat(path: string, flags: number = O_RDWR | O_CLOEXEC): Pending<number> {
    return this.add(calls.openat(path, flags));
  }

  close(fd: Fd): Pending<number> {
    return this.add(calls.close(fd));
  }

  mmap(args: calls.MmapArguments): Pending<bigint> {
    return this.add(calls.mmap(args));
  }

  munmap(at: Address, length: number | bigint): Pending<number> {
    return this.add(calls.munmap(at, length));
  }

  memfdCreate(name: string, flags = 0): Pending<number> {
    return this.add(calls.memfdCreate(name, flags));
  }

  ftruncate(fd: Fd, length: number | bigint): Pending<number> {
    return this.add(calls.ftruncate(fd, length));
  }

  eventfd(initval = 0, flags = 0): Pending<number> {
    return this.add(calls.eventfd2(initval, flags));
  }

  readMemory(at: Address, length: number): Pending<Uint8Array> {
    return this.add(calls.processVmReadv(at, length));
  }

  writeMemory(at: Address, bytes: Uint8Array): Pending<number> {
    return this.add(calls.processVmWritev(at, bytes));
  }

  /** A KVM request by name with its struct's members, or any request by number. */
  ioctl<N extends IoctlName>(fd: Fd, request: N, arg?: IoctlArgument<N>): Pending<IoctlAnswer<N>>;
  ioctl(fd: Fd, request: number, arg?: Address | Uint8Array): Pending<calls.RawAnswer>;
  ioctl(fd: Fd, request: IoctlName | number, arg?: unknown): Pending<unknown> {
    if (typeof request === "string") return this.add(calls.ioctl(fd, request, arg as IoctlArgument<IoctlName>));
    return this.add(calls.rawIoctl(fd, request, arg as Address | Uint8Array));
  }

  /**
   * Makes the calls in one message. At the first that fails it stops and throws that call's error; with
   * `keepGoing` it makes them all, and each failure waits in the call's own `error`.
   */
  async submit({ keepGoing = false }: { readonly keepGoing?: boolean } = {}): Promise<void> {
    const results = await this.maker.list(
      this.entries.map(({ call }) => call),
      !keepGoing,
    );
    const failures: Promise<void>[] = [];
    for (const [i, pending] of this.entries.entries()) {
      const result = results[i]!;
      if (result.error === 0) pending.settle(result);
      else failures.push(this.outcome(pending, result).then((error) => pending.settle(error)));
    }
    if (failures.length === 0) return;
    await Promise.all(failures);
    const first = this.entries.find(({ error }) => error);
    if (first?.error && !keepGoing) throw first.error;
  }

  private async outcome(pending: Pending<unknown>, result: SyscallResult): Promise<KvmError> {
    if (result.error === ECANCELED) return new KvmError(pending.call.name, ECANCELED);
    return this.maker.failure(pending.call, result);
  }
}
