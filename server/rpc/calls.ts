/** The system calls of the API: from a request's fields to the kernel's function. One table serves single calls and lists. */

import { EINVAL } from "../abi/errno.ts";
import type { Syscall, UserBuffer } from "../gen/kvm/v1/syscall_service.ts";
import type { Task } from "../kernel/process.ts";
import {
  type ReadResult,
  sysClose,
  sysDup,
  sysEventfd2,
  sysFcntl,
  sysFtruncate,
  sysIoctl,
  sysIoctlData,
  sysLseek,
  sysMadvise,
  sysMemfdCreate,
  sysMmap,
  sysMprotect,
  sysMunmap,
  sysOpenat,
  sysPoll,
  sysPrctl,
  sysPread,
  sysPrlimitNofile,
  sysProcessVmReadv,
  sysProcessVmWritev,
  sysPwrite,
  sysRead,
  sysReadData,
  sysWrite,
  sysWriteData,
} from "../kernel/syscalls.ts";
import { malformed } from "./status.ts";

/** What a call answers: a number, with bytes where it returns some; later, where it sleeps. */
export type Outcome = number | ReadResult | Promise<number | ReadResult>;

type Call = NonNullable<Syscall["call"]>;
/** A system call's name as the API spells it: `process_vm_readv`. */
export type CallName = Call["$case"];
/** The request message of a system call. */
export type RequestOf<Name extends CallName> = Extract<Call, { $case: Name }>["value"];
type Calls = { readonly [Name in CallName]: (task: Task, request: RequestOf<Name>) => Outcome };

/** Bytes that one call returns at most; a longer read is short. */
export const MAX_RETURNED_BYTES = 1 << 20;
/** PATH_MAX: no path or name is longer. */
const PATH_MAX = 4096;
const RLIMIT_NOFILE = 7;

/** The low 32 bits of a register, as a system call that takes an int sees it. */
const word = (register: bigint) => Number(BigInt.asUintN(32, register));
/** min(count, limit), exact as a number. */
const atMost = (count: bigint, limit: number) => (count < BigInt(limit) ? Number(count) : limit);

/** What a write takes: bytes of the message, or of the process. */
type Source = { $case: "data"; value: Uint8Array } | { $case: "buffer"; value: UserBuffer } | undefined;
const NO_BYTES = new Uint8Array(0);
const bytesOf = (source: Source) => (source?.$case === "data" ? source.value : NO_BYTES);

/** poll() of each descriptor; the revents are the data, 2 bytes each. */
function poll(task: Task, { fds }: RequestOf<"poll">): ReadResult {
  const revents = new Uint16Array(fds.map(({ fd, events }) => sysPoll(task, fd, events)));
  return { ret: revents.filter((mask) => mask !== 0).length, data: new Uint8Array(revents.buffer) };
}

function readMemory(task: Task, { address, length }: RequestOf<"process_vm_readv">): ReadResult {
  const data = new Uint8Array(Number(length));
  const ret = sysProcessVmReadv(task, address, data);
  return { ret, data: data.subarray(0, Math.max(ret, 0)) };
}

/** The table. */
export const CALLS: Calls = {
  openat: (task, { path, flags, mode }) => sysOpenat(task, path, word(flags), mode),
  close: (task, { fd }) => sysClose(task, fd),
  dup: (task, { fd }) => sysDup(task, fd),
  fcntl: (task, { fd, command, arg }) => sysFcntl(task, fd, command, word(arg)),
  poll,
  prlimit: (task, { resource, limit }) =>
    resource === RLIMIT_NOFILE ? sysPrlimitNofile(task, Number(limit)) : -EINVAL,
  read: (task, { fd, count, buffer }) =>
    buffer === undefined ? sysReadData(task, fd, atMost(count, MAX_RETURNED_BYTES)) : sysRead(task, fd, buffer, count),
  write: (task, { fd, source }) =>
    source?.$case === "buffer"
      ? sysWrite(task, fd, source.value.address, source.value.count)
      : sysWriteData(task, fd, bytesOf(source)),
  pread: (task, { fd, count, position, buffer }) =>
    buffer === undefined
      ? sysReadData(task, fd, atMost(count, MAX_RETURNED_BYTES), position)
      : sysPread(task, fd, buffer, count, position),
  pwrite: (task, { fd, position, source }) =>
    source?.$case === "buffer"
      ? sysPwrite(task, fd, source.value.address, source.value.count, position)
      : sysWriteData(task, fd, bytesOf(source), position),
  lseek: (task, { fd, offset, whence }) => sysLseek(task, fd, offset, whence),
  ioctl: (task, { fd, request, arg }) =>
    arg?.$case === "data" ? sysIoctlData(task, fd, request, arg.value) : sysIoctl(task, fd, request, arg?.value ?? 0n),
  mmap: (task, { fd, address, length, prot, flags, offset }) =>
    sysMmap(task, address, length, word(prot), word(flags), fd, offset),
  munmap: (task, { address, length }) => sysMunmap(task, address, length),
  mprotect: (task, { address, length, prot }) => sysMprotect(task, address, length, word(prot)),
  madvise: (task, { address, length, advice }) => sysMadvise(task, address, length, advice),
  memfd_create: (task, { name, flags }) => sysMemfdCreate(task, name, word(flags)),
  ftruncate: (task, { fd, length }) => sysFtruncate(task, fd, length),
  eventfd2: (task, { initval, flags }) => sysEventfd2(task, initval, word(flags)),
  prctl: (task, { option, arg2, arg3, arg4, arg5 }) => sysPrctl(task, option, arg2, arg3, arg4, arg5),
  process_vm_readv: readMemory,
  process_vm_writev: (task, { address, data }) => sysProcessVmWritev(task, address, data),
};

/** Looks at a request before any call is made: how many bytes it returns at most, or INVALID_ARGUMENT. */
type Checks = { readonly [Name in CallName]?: (request: RequestOf<Name>) => number };

function shortText(value: string): number {
  if (value.length >= PATH_MAX) throw malformed(`a path or name of ${value.length} characters`);
  return 0;
}

function readable({ count, buffer }: { count: bigint; buffer?: bigint | undefined }): number {
  return buffer === undefined ? atMost(count, MAX_RETURNED_BYTES) : 0;
}

/** What there is to check; a call without a line here is well-formed and returns no bytes. */
export const CHECKS: Checks = {
  openat: ({ path }) => shortText(path),
  memfd_create: ({ name }) => shortText(name),
  poll: ({ fds }) => 2 * fds.length,
  read: readable,
  pread: readable,
  ioctl: ({ arg }) => (arg?.$case === "data" ? arg.value.length : 0),
  process_vm_readv: ({ length }) => {
    if (length > BigInt(MAX_RETURNED_BYTES)) throw malformed(`a read of ${length} bytes: use MemoryService.ReadMemory`);
    return Number(length);
  },
};
