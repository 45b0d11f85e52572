/** Open descriptors of the process: what all kinds have in common, and those that are no KVM object. */

import type { Call, IoctlAnswer, IoctlArgument, IoctlName, MmapArguments, RawAnswer } from "./calls.ts";
import * as calls from "./calls.ts";
import { Mapping } from "./mapping.ts";
import type { Process } from "./process.ts";
import { fromBytes, toBytes } from "./registers.ts";
import { unlessGone } from "./transport.ts";

/** An open descriptor. It stays open until `close`, or to the end of its process. */
export class Descriptor implements AsyncDisposable {
  readonly process: Process;
  readonly fd: number;
  private closed = false;

  constructor(process: Process, fd: number) {
    this.process = process;
    this.fd = fd;
  }

  /** A KVM request by name with its struct's members, or any request by number with a struct's bytes or a number. */
  ioctl<N extends IoctlName>(request: N, arg?: IoctlArgument<N>): Promise<IoctlAnswer<N>>;
  ioctl(request: number, arg?: number | bigint | Uint8Array): Promise<RawAnswer>;
  ioctl(request: IoctlName | number, arg?: unknown): Promise<unknown> {
    const { process, fd } = this;
    if (typeof request === "string") {
      return process.call(calls.ioctl(fd, request, arg as IoctlArgument<IoctlName>));
    }
    return process.call(calls.rawIoctl(fd, request, arg as bigint | Uint8Array));
  }

  /** Maps what the descriptor stands for; by default shared, to be read and written. */
  async mmap(args: Omit<MmapArguments, "fd">): Promise<Mapping> {
    const address = await this.process.call(calls.mmap({ ...args, fd: this.fd }));
    return new Mapping(this.process, address, Number(args.length));
  }

  /** Another descriptor for the same open file; answers its number. */
  dup(): Promise<number> {
    return this.process.call(calls.dup(this.fd));
  }

  fcntl(command: number, arg: number | bigint = 0): Promise<number> {
    return this.process.call(calls.fcntl(this.fd, command, arg));
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.process.call(calls.close(this.fd));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.process.hasExited) await this.close().catch(unlessGone);
  }

  /**
   * Makes a request whose struct points at a buffer of `size` bytes: `bytes` stand there before it, and what stands
   * there afterwards is the answer.
   */
  protected async withBuffer(
    size: number,
    bytes: Uint8Array | undefined,
    request: (address: bigint) => Call<unknown>,
  ): Promise<Uint8Array> {
    const { caller } = this.process;
    const address = await caller.scratchArea(size);
    const call = request(address);
    const before = bytes ? [calls.processVmWritev(address, bytes)] : [];
    const results = await caller.results(...before, call, calls.processVmReadv(address, size));
    const result = results[before.length]!;
    if (result.error !== 0) throw await caller.failure(call, result);
    return results.at(-1)!.data.slice();
  }
}

/** Requests of whatever has attributes: devices, vCPUs, VMs. */
export class AttributedDescriptor extends Descriptor {
  /** Sets an attribute to a number, to a struct's bytes, or without a value. */
  async setDeviceAttr(group: number, attr: number | bigint, value?: number | bigint | Uint8Array): Promise<void> {
    const set = (addr: bigint) => calls.ioctl(this.fd, "KVM_SET_DEVICE_ATTR", { group, attr, addr });
    if (value === undefined) {
      await this.process.call(set(0n));
      return;
    }
    const bytes = value instanceof Uint8Array ? value : toBytes(value, 8);
    await this.withBuffer(bytes.length, bytes, set);
  }

  /** Reads an attribute; `before` stands at its place for those that look at it. */
  async getDeviceAttr(group: number, attr: number | bigint, before: number | bigint = 0): Promise<bigint> {
    const get = (addr: bigint) => calls.ioctl(this.fd, "KVM_GET_DEVICE_ATTR", { group, attr, addr });
    return fromBytes(await this.withBuffer(8, toBytes(before, 8), get));
  }

  /** Whether there is such an attribute. */
  async hasDeviceAttr(group: number, attr: number | bigint): Promise<boolean> {
    const call = calls.ioctl(this.fd, "KVM_HAS_DEVICE_ATTR", { group, attr });
    const [result] = await this.process.caller.results(call);
    return result!.error === 0;
  }
}

/** An open file that is read and written: a memfd, the statistics of a VM. */
export class OpenFile extends Descriptor {
  read(count: number): Promise<Uint8Array> {
    return this.process.call(calls.read(this.fd, count));
  }

  write(data: Uint8Array): Promise<number> {
    return this.process.call(calls.write(this.fd, data));
  }

  /** Reads at a position, which the file's own does not follow. */
  pread(count: number, position: number | bigint): Promise<Uint8Array> {
    return this.process.call(calls.pread(this.fd, count, position));
  }

  /** Writes at a position, which the file's own does not follow. */
  pwrite(data: Uint8Array, position: number | bigint): Promise<number> {
    return this.process.call(calls.pwrite(this.fd, data, position));
  }

  seek(offset: number | bigint, whence: number): Promise<number> {
    return this.process.call(calls.lseek(this.fd, offset, whence));
  }

  async truncate(length: number | bigint): Promise<void> {
    await this.process.call(calls.ftruncate(this.fd, length));
  }
}

/** A counter that can be given to KVM. */
export class Eventfd extends Descriptor {
  /** Takes the counter's value, and waits while it is 0. Waiting ends with the signal, or with EINTR by `Process.kill`. */
  async read({ signal }: { readonly signal?: AbortSignal } = {}): Promise<bigint> {
    const { process, fd } = this;
    const request = { process: process.handle, fd, count: 8n };
    // It may sleep, so it must not stand in the way of other calls.
    const { caller } = process;
    const answer = await caller.transport.services.syscalls.read(request, signal ? { signal } : {});
    await caller.check("read", ["read", fd], answer);
    return fromBytes(answer.data);
  }

  /** Adds to the counter. */
  async write(value: number | bigint): Promise<void> {
    await this.process.call(calls.write(this.fd, toBytes(value, 8)));
  }
}
