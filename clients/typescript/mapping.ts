/** A range of the process's address space. */

import type { CopyOptions, Source } from "./bulk.ts";
import * as calls from "./calls.ts";
import type { Process } from "./process.ts";
import { unlessGone } from "./transport.ts";

/** A mapping, to be read and written by offsets into it. */
export class Mapping implements AsyncDisposable {
  readonly process: Process;
  readonly address: bigint;
  /** Bytes, as mmap was asked for them. */
  readonly length: number;
  private mapped = true;

  constructor(process: Process, address: bigint, length: number) {
    this.process = process;
    this.address = address;
    this.length = length;
  }

  read(offset = 0, length = this.length - offset): Promise<Uint8Array> {
    return this.process.read(this.at(offset), length);
  }

  write(offset: number, data: Uint8Array): Promise<void> {
    return this.process.write(this.at(offset), data);
  }

  /** The mapping's bytes, chunk by chunk. */
  download(options: CopyOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    return this.process.readMemory(this.address, this.length, options);
  }

  /** Fills the mapping from its start; answers how many bytes. */
  upload(source: Source, options: CopyOptions = {}): Promise<number> {
    return this.process.writeMemory(this.address, source, options);
  }

  async protect(prot: number, offset = 0, length = this.length - offset): Promise<void> {
    await this.process.call(calls.mprotect(this.at(offset), length, prot));
  }

  async advise(advice: number, offset = 0, length = this.length - offset): Promise<void> {
    await this.process.call(calls.madvise(this.at(offset), length, advice));
  }

  /** Takes a range out of the address space, or all of it. */
  async unmap(offset = 0, length = this.length - offset): Promise<void> {
    if (offset === 0 && length === this.length) this.mapped = false;
    await this.process.call(calls.munmap(this.at(offset), length));
  }

  /** The address of a byte. */
  at(offset: number): bigint {
    return this.address + BigInt(offset);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.mapped && !this.process.hasExited) await this.unmap().catch(unlessGone);
  }
}
