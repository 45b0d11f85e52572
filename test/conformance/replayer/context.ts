/** What a scenario has named so far, and the memory that the replayer itself needs in the process. */

import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_NORESERVE,
  MAP_PRIVATE,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../../../server/abi/mman.ts";
import type { Field, Struct, Value } from "./recording.ts";
import type { Piece, Process } from "./target.ts";

const PAGE = 4096;
/** The mask of a 64-bit address or value. */
const U64 = (value: bigint) => BigInt.asUintN(64, value);

/** A named stretch of the process's memory. */
export interface Region {
  readonly address: bigint;
  readonly size: number;
  /** The descriptor that it maps from offset 0, for `run` to find kvm_run. */
  readonly fd?: number | undefined;
}

/** The scenario cannot go on as recorded: it asks for a name that no earlier step has made, or for an unknown word. */
export class ReplayError extends Error {}

/** The names of a scenario and the process they live in. */
export class Context {
  readonly process: Process;
  readonly fds = new Map<string, number>();
  readonly regions = new Map<string, Region>();
  readonly variables = new Map<string, bigint>();
  /** The child between fork_start and fork_end. */
  child: Process | undefined;
  /** Where the argument of a call lies, and where what it points to does. */
  readonly argument: Scratch;
  readonly buffer: Scratch;
  /** Whether `rlimit_nofile` has lowered the limit and not raised it again. */
  outOfDescriptors = false;

  constructor(process: Process) {
    this.process = process;
    this.argument = new Scratch(process);
    this.buffer = new Scratch(process);
  }

  /** The descriptor of that name; a number is one as it is, open or not. */
  fd(name: unknown): number {
    if (typeof name === "number") return name;
    const fd = this.fds.get(name as string);
    if (fd === undefined) throw new ReplayError(`no descriptor is named ${name}`);
    return fd;
  }

  region(name: unknown): Region {
    const region = this.regions.get(name as string);
    if (!region) throw new ReplayError(`no region is named ${name}`);
    return region;
  }

  /** The address `off` bytes into a region. */
  address(region: unknown, off: unknown): bigint {
    return U64(this.region(region).address + BigInt(off as string | number));
  }

  value(value: Value): bigint {
    if (typeof value === "string") return U64(BigInt(value));
    if ("region" in value) return this.address(value.region, value.off);
    if ("fd" in value) return U64(BigInt(this.fd(value.fd)));
    const saved = this.variables.get(value.var);
    if (saved === undefined) throw new ReplayError(`no variable is named ${value.var}`);
    return U64(saved + BigInt(value.add));
  }

  /** The bytes of a structure. */
  layOut(struct: Struct): Uint8Array {
    const bytes = new Uint8Array(struct.size);
    for (const field of struct.fields) this.writeField(bytes, field);
    return bytes;
  }

  writeField(bytes: Uint8Array, field: Field): void {
    const room = bytes.subarray(field.o, field.o + field.s);
    if (field.v === undefined) room.fill(Number(field.fill));
    else room.set(littleEndian(this.value(field.v), field.s));
  }
}

/** The low `size` bytes of a number, least significant first. */
export function littleEndian(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

/** The number that bytes hold, least significant first. */
export function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Finds room for a mapping, aligned and with inaccessible pages around it; answers its address or -errno. */
export async function reserve(process: Process, size: number, align: number): Promise<number> {
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  const room = Math.ceil(size / PAGE) * PAGE + align + PAGE;
  const start = await process.mmap(0n, room, PROT_NONE, flags, -1, 0);
  return start < 0 ? start : Math.ceil(start / align) * align;
}

/** Memory for one argument at a time; it ends where an inaccessible page begins, so that no byte more can be read. */
export class Scratch {
  private readonly process: Process;
  private end = 0;
  private size = 0;

  constructor(process: Process) {
    this.process = process;
  }

  /** The address of `size` bytes just below the inaccessible page. */
  async place(size: number): Promise<bigint> {
    if (size > this.size) await this.grow(Math.ceil(size / PAGE) * PAGE);
    return BigInt(this.end - size);
  }

  /** Bytes with the place for them. */
  async piece(bytes: Uint8Array): Promise<Piece> {
    return { address: await this.place(bytes.length), bytes };
  }

  private async grow(size: number): Promise<void> {
    const start = await reserve(this.process, size, PAGE);
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    const at = start < 0 ? start : await this.process.mmap(BigInt(start), size, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (at < 0) throw new ReplayError(`no memory for an argument of ${size} bytes: errno ${-at}`);
    this.end = at + size;
    this.size = size;
  }
}
