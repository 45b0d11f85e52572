/** System calls as values: what travels, how an answer is read, and how the trace will show it. */

import type { Link, Patch, Syscall, SyscallResult } from "./gen/kvm/v1/syscall_service.ts";
import type { Codec, Struct } from "./struct.ts";
import { IOCTLS } from "./uapi.ts";

/** One system call, not made yet. */
export interface Call<T> {
  /** The name an error bears: `KVM_RUN`, `mmap`. */
  readonly name: string;
  /** The call as a trace has it, with the arguments that tell it from others. */
  readonly trace: readonly [call: string, ...args: (number | undefined)[]];
  readonly message: Syscall;
  /** The struct in its answer. */
  readonly struct?: Struct<unknown>;
  /** What a successful call answers. */
  answer(result: SyscallResult): T;
}

/** A number that an earlier call of the same list will answer. */
export class Ref {
  readonly link: Link;
  readonly addend: bigint;

  constructor(link: Link, addend = 0n) {
    this.link = link;
    this.addend = addend;
  }

  /** The number and `offset`: an address inside a mapping. */
  plus(offset: number | bigint): Ref {
    return new Ref(this.link, this.addend + BigInt(offset));
  }
}

/** A descriptor, known or to come. */
export type Fd = number | Ref;
/** An address in the process, known or to come. */
export type Address = number | bigint | Ref;
/** A struct whose members may be answers of earlier calls. */
export type Linkable<T> = T extends number | bigint
  ? number | bigint | Ref
  : T extends Uint8Array
    ? T
    : T extends readonly (infer E)[]
      ? readonly Linkable<E>[]
      : { readonly [K in keyof T]?: Linkable<T[K]> | undefined };

type Table = typeof IOCTLS;
/** The C name of a KVM request. */
export type IoctlName = keyof Table;
type Pointee<N extends IoctlName> = Table[N]["type"] extends Codec<infer T> ? T : never;
/** What a request takes: its struct, or a number. */
export type IoctlArgument<N extends IoctlName> = Table[N]["argument"] extends "none"
  ? undefined
  : Table[N]["argument"] extends "value"
    ? number | bigint | Ref | undefined
    : Linkable<Pointee<N>> | undefined;
/** What a request answers: the struct where the kernel fills one, else its result. */
export type IoctlAnswer<N extends IoctlName> = Table[N]["argument"] extends "out" | "inout" ? Pointee<N> : number;
/** What a request made by its number answers. */
export interface RawAnswer {
  readonly ret: number;
  /** The struct as the call left it, where bytes were passed. */
  readonly data: Uint8Array;
}

type Case = NonNullable<Syscall["call"]>;

const fdNumber = (fd: Fd) => (fd instanceof Ref ? -1 : fd);
const fdKnown = (fd: Fd) => (fd instanceof Ref ? undefined : fd);
const address = (at: Address) => (at instanceof Ref ? at.addend : BigInt.asUintN(64, BigInt(at)));

function message(call: Case, fd?: Fd, at?: Address, patches: Patch[] = []): Syscall {
  return {
    call,
    fd_from: fd instanceof Ref ? fd.link : undefined,
    address_from: at instanceof Ref ? at.link : undefined,
    patches,
  };
}

const ret = (result: SyscallResult) => Number(result.ret);
/** A copy: what is decoded is a view of the message it came in. */
const data = (result: SyscallResult) => result.data.slice();

/** A call that answers its result. */
function plain(name: string, message: Syscall, ...args: (number | undefined)[]): Call<number> {
  return { name, trace: [name, ...args], message, answer: ret };
}

/** In a list of calls, the list says whose they are. */
const process = 0n;

/** Opens a file; answers its descriptor. */
export function openat(path: string, flags: number, mode = 0): Call<number> {
  return plain("openat", message({ $case: "openat", value: { process, path, flags: BigInt(flags), mode } }));
}

/** Closes a descriptor. */
export function close(fd: Fd): Call<number> {
  return plain("close", message({ $case: "close", value: { process, fd: fdNumber(fd) } }, fd), fdKnown(fd));
}

/** Answers another descriptor for the same open file. */
export function dup(fd: Fd): Call<number> {
  return plain("dup", message({ $case: "dup", value: { process, fd: fdNumber(fd) } }, fd), fdKnown(fd));
}

/** One of the commands that SyscallService.Fcntl lists. */
export function fcntl(fd: Fd, command: number, arg: number | bigint): Call<number> {
  const value = { process, fd: fdNumber(fd), command, arg: BigInt(arg) };
  return plain("fcntl", message({ $case: "fcntl", value }, fd), fdKnown(fd));
}

/** The revents of each descriptor. */
export function poll(fds: readonly { readonly fd: number; readonly events: number }[]): Call<number[]> {
  const value = { process, fds: fds.map(({ fd, events }) => ({ fd, events })) };
  return {
    name: "poll",
    trace: ["poll"],
    message: message({ $case: "poll", value }),
    answer: ({ data }) => {
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
      return fds.map((_, i) => view.getUint16(2 * i, true));
    },
  };
}

/** Sets a limit, soft and hard. */
export function prlimit(resource: number, limit: number | bigint): Call<number> {
  const value = { process, resource, limit: BigInt(limit) };
  return plain("prlimit64", message({ $case: "prlimit", value }));
}

/** Answers the bytes read. */
export function read(fd: Fd, count: number): Call<Uint8Array> {
  const value = { process, fd: fdNumber(fd), count: BigInt(count), buffer: undefined };
  return { name: "read", trace: ["read", fdKnown(fd)], message: message({ $case: "read", value }, fd), answer: data };
}

/** Answers the bytes read. */
export function pread(fd: Fd, count: number, position: number | bigint): Call<Uint8Array> {
  const value = { process, fd: fdNumber(fd), count: BigInt(count), position: BigInt(position), buffer: undefined };
  const trace = ["pread64", fdKnown(fd)] as const;
  return { name: "pread64", trace, message: message({ $case: "pread", value }, fd), answer: data };
}

/** Answers how many bytes were written. */
export function write(fd: Fd, bytes: Uint8Array): Call<number> {
  const source = { $case: "data", value: bytes } as const;
  const value = { process, fd: fdNumber(fd), source };
  return plain("write", message({ $case: "write", value }, fd), fdKnown(fd));
}

/** Answers how many bytes were written. */
export function pwrite(fd: Fd, bytes: Uint8Array, position: number | bigint): Call<number> {
  const source = { $case: "data", value: bytes } as const;
  const value = { process, fd: fdNumber(fd), position: BigInt(position), source };
  return plain("pwrite64", message({ $case: "pwrite", value }, fd), fdKnown(fd));
}

/** Answers the new position. */
export function lseek(fd: Fd, offset: number | bigint, whence: number): Call<number> {
  const value = { process, fd: fdNumber(fd), offset: BigInt(offset), whence };
  return plain("lseek", message({ $case: "lseek", value }, fd), fdKnown(fd));
}

/** Sets a file's size. */
export function ftruncate(fd: Fd, length: number | bigint): Call<number> {
  const value = { process, fd: fdNumber(fd), length: BigInt(length) };
  return plain("ftruncate", message({ $case: "ftruncate", value }, fd), fdKnown(fd));
}

/** Where to map, and what; left out: private memory of its own, to be read and written. */
export interface MmapArguments {
  readonly address?: Address | undefined;
  readonly length: number | bigint;
  readonly prot?: number | undefined;
  readonly flags?: number | undefined;
  readonly fd?: Fd | undefined;
  readonly offset?: number | bigint | undefined;
}

const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;
const MAP_SHARED = 1;

/** Answers the address. */
export function mmap({ address: at = 0n, length, prot, flags, fd = -1, offset = 0n }: MmapArguments): Call<bigint> {
  const defaultFlags = fd === -1 ? MAP_PRIVATE_ANONYMOUS : MAP_SHARED;
  const value = {
    process,
    fd: fdNumber(fd),
    address: address(at),
    length: BigInt(length),
    prot: BigInt(prot ?? PROT_READ_WRITE),
    flags: BigInt(flags ?? defaultFlags),
    offset: BigInt(offset),
  };
  return {
    name: "mmap",
    trace: ["mmap"],
    message: message({ $case: "mmap", value }, fd, at),
    answer: (result) => BigInt.asUintN(64, result.ret),
  };
}

/** Takes a range out of the address space. */
export function munmap(at: Address, length: number | bigint): Call<number> {
  const value = { process, address: address(at), length: BigInt(length) };
  return plain("munmap", message({ $case: "munmap", value }, undefined, at));
}

/** Changes the protection of a range. */
export function mprotect(at: Address, length: number | bigint, prot: number): Call<number> {
  const value = { process, address: address(at), length: BigInt(length), prot: BigInt(prot) };
  return plain("mprotect", message({ $case: "mprotect", value }, undefined, at));
}

/** Says what a range is for, or that its pages can go. */
export function madvise(at: Address, length: number | bigint, advice: number): Call<number> {
  const value = { process, address: address(at), length: BigInt(length), advice };
  return plain("madvise", message({ $case: "madvise", value }, undefined, at));
}

/** Makes a file in memory; answers its descriptor. */
export function memfdCreate(name: string, flags: number): Call<number> {
  const value = { process, name, flags: BigInt(flags) };
  return plain("memfd_create", message({ $case: "memfd_create", value }));
}

/** Makes a counter; answers its descriptor. */
export function eventfd2(initval: number, flags: number): Call<number> {
  return plain("eventfd2", message({ $case: "eventfd2", value: { process, initval, flags: BigInt(flags) } }));
}

/** Tagged addresses and tag checks of the process itself. */
export function prctl(option: number, arg2: number | bigint): Call<number> {
  const value = { process, option, arg2: BigInt(arg2), arg3: 0n, arg4: 0n, arg5: 0n };
  return plain("prctl", message({ $case: "prctl", value }), option);
}

/** Answers the bytes that could be read. */
export function processVmReadv(at: Address, length: number): Call<Uint8Array> {
  const value = { process, address: address(at), length: BigInt(length) };
  const name = "process_vm_readv";
  return { name, trace: [name], message: message({ $case: name, value }, undefined, at), answer: data };
}

/** Answers how many bytes could be written. */
export function processVmWritev(at: Address, bytes: Uint8Array): Call<number> {
  const value = { process, address: address(at), data: bytes };
  const name = "process_vm_writev";
  return plain(name, message({ $case: name, value }, undefined, at));
}

/** ioctl() by number: bytes are a struct, placed in the process's memory for the call; a number is passed as it is. */
export function rawIoctl(fd: Fd, request: number, arg: Address | Uint8Array = 0n): Call<RawAnswer> {
  const call = ioctlMessage(fd, request, arg, []);
  const name = `ioctl 0x${request.toString(16)}`;
  return {
    name,
    trace: ["ioctl", fdKnown(fd), request],
    message: call,
    answer: (r) => ({ ret: ret(r), data: data(r) }),
  };
}

function ioctlMessage(fd: Fd, request: number, arg: Address | Uint8Array, patches: Patch[]): Syscall {
  const bytes = arg instanceof Uint8Array;
  const value = {
    process,
    fd: fdNumber(fd),
    request,
    arg: bytes ? ({ $case: "data", value: arg } as const) : ({ $case: "value", value: address(arg) } as const),
  };
  return message({ $case: "ioctl", value }, fd, bytes ? undefined : arg, patches);
}

/** A KVM request by its C name, its struct by its members. */
export function ioctl<N extends IoctlName>(fd: Fd, name: N, arg?: IoctlArgument<N>): Call<IoctlAnswer<N>> {
  const { request, argument, type } = IOCTLS[name];
  const trace = ["ioctl", fdKnown(fd), request] as const;
  if (!type) {
    const message = ioctlMessage(fd, request, (arg as Address | undefined) ?? 0n, []);
    return { name, trace, message, answer: ret as (result: SyscallResult) => IoctlAnswer<N> };
  }
  const codec = type as Codec<unknown>;
  const patches: Patch[] = [];
  const bytes = new Uint8Array(codec.size);
  if (arg !== undefined) codec.write(new DataView(bytes.buffer), 0, resolved(codec, arg, 0, patches) as never);
  const message = ioctlMessage(fd, request, bytes, patches);
  if (argument === "in") return { name, trace, message, answer: ret as (result: SyscallResult) => IoctlAnswer<N> };
  const answer = (result: SyscallResult) => codec.read(viewOf(result.data), 0) as IoctlAnswer<N>;
  return { name, trace, message, struct: type as Struct<unknown>, answer };
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The value with 0 for each reference, which becomes a patch at its place. */
function resolved(type: Codec<unknown>, value: unknown, offset: number, patches: Patch[]): unknown {
  if (value instanceof Ref) {
    patches.push({ offset, width: type.size, value: value.link, addend: BigInt.asUintN(64, value.addend) });
    return 0;
  }
  if (Array.isArray(value)) {
    const { element } = type as Codec<unknown> & { element: Codec<unknown> };
    return value.map((item, i) => resolved(element, item, offset + i * element.size, patches));
  }
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const members = value as Record<string, unknown>;
  const { fields } = type as Struct<unknown>;
  const known = fields.filter(({ name }) => members[name] !== undefined);
  return Object.fromEntries(known.map((f) => [f.name, resolved(f.type, members[f.name], offset + f.offset, patches)]));
}
