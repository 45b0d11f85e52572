/** The system calls of a process: the checks of the entry points in fs/, mm/ and kernel/, then the file or the address space, then the trace. */

import { EBADF, EFAULT, EINVAL, ENOMEM, ENOTTY, EPERM, ESPIPE, isErrno } from "../abi/errno.ts";
import {
  F_ADD_SEALS,
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GET_SEALS,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  O_CLOEXEC,
  O_LARGEFILE,
  O_NONBLOCK,
} from "../abi/fcntl.ts";
import { FIOASYNC, FIOCLEX, FIONBIO, FIONCLEX } from "../abi/fs_ioctl.ts";
import { MADV_DONTFORK, MAP_ANONYMOUS, MAP_PRIVATE, PROT_NONE, PROT_READ, PROT_WRITE } from "../abi/mman.ts";
import {
  PR_GET_TAGGED_ADDR_CTRL,
  PR_MTE_TAG_MASK,
  PR_MTE_TCF_ASYNC,
  PR_MTE_TCF_SYNC,
  PR_SET_TAGGED_ADDR_CTRL,
  PR_TAGGED_ADDR_ENABLE,
} from "../abi/prctl.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import { createEventfd } from "./fs/eventfd.ts";
import type { File } from "./fs/file.ts";
import { createMemfd, memfdFcntl } from "./fs/memfd.ts";
import { openPath } from "./fs/open.ts";
import { accessOk, copyFromUser, copyToUser, peekUser } from "./mm/uaccess.ts";
import { type ArgumentArea, CLONE_FILES, CLONE_VM, type Task } from "./process.ts";
import { refuse, type SyscallResult, takeRule } from "./refuse.ts";
import type { TraceArg } from "./trace.ts";

/** MAX_RW_COUNT: no read or write transfers more. */
const MAX_RW_COUNT = 0x7ffff000;
/** Reads and writes pass the kernel in pieces of this size, so that a large count costs no large buffer. */
const RW_PIECE = 1 << 20;

/** Before a call: what an earlier one was refused for is forgotten, and memory is made where it is short, since nothing is in hand yet. */
function begin(task: Task): void {
  takeRule();
  task.host.reclaim.balance(task.mm.memcg);
}

/** Ends a call: delivers a pending signal, and enters the call with the rule that refused it into the trace. */
function finish(task: Task, call: string, args: readonly TraceArg[], ret: number, data?: Uint8Array): number {
  const rule = takeRule();
  if (isErrno(ret)) task.clearSignal();
  task.trace.record(call, args, data, ret, isErrno(ret) ? rule : undefined);
  return ret;
}

function traced(task: Task, call: string, args: readonly TraceArg[], run: () => number, data?: Uint8Array): number {
  begin(task);
  return finish(task, call, args, run(), data);
}

/** As traced(), for calls that can sleep. */
function tracedAsync(
  task: Task,
  call: string,
  args: readonly TraceArg[],
  run: () => SyscallResult,
  data?: Uint8Array,
): SyscallResult {
  begin(task);
  const result = run();
  if (typeof result === "number") return finish(task, call, args, result, data);
  return result.then((ret) => finish(task, call, args, ret, data));
}

// ---- descriptors

/** openat(AT_FDCWD, path, flags, mode). */
export function sysOpenat(task: Task, path: string, flags: number, mode = 0): number {
  return traced(task, "openat", [path, flags, mode], () => {
    const fd = task.files.getUnusedFd();
    if (fd < 0) return fd;
    const file = openPath(task, path, flags | O_LARGEFILE);
    if (typeof file === "number") return file;
    task.files.install(fd, file, (flags & O_CLOEXEC) !== 0);
    return fd;
  });
}

export function sysClose(task: Task, fd: number): number {
  return traced(task, "close", [fd], () => task.files.close(task, fd));
}

function dupFd(task: Task, fd: number, from: number, cloexec: boolean): number {
  const file = task.files.lookup(fd);
  if (!file) return refuse(EBADF, "fdget_raw: the descriptor is not open");
  const copy = task.files.getUnusedFd(from);
  if (copy >= 0) task.files.install(copy, file.get(), cloexec);
  return copy;
}

export function sysDup(task: Task, fd: number): number {
  return traced(task, "dup", [fd], () => dupFd(task, fd, 0, false));
}

/** fcntl() for the commands that concern a descriptor or its status flags. */
export function sysFcntl(task: Task, fd: number, command: number, arg: number): number {
  return traced(task, "fcntl", [fd, command, arg], () => {
    const file = task.files.lookup(fd);
    if (!file) return refuse(EBADF, "fcntl: the descriptor is not open");
    switch (command) {
      case F_GETFD:
        return task.files.getCloexec(fd) ? FD_CLOEXEC : 0;
      case F_SETFD:
        task.files.setCloexec(fd, (arg & FD_CLOEXEC) !== 0);
        return 0;
      case F_GETFL:
        return file.flags;
      case F_SETFL:
        file.setStatusFlags(arg);
        return 0;
      case F_DUPFD:
      case F_DUPFD_CLOEXEC:
        if (arg >= task.files.limit) return refuse(EINVAL, "f_dupfd: the lowest number is not below RLIMIT_NOFILE");
        return dupFd(task, fd, arg, command === F_DUPFD_CLOEXEC);
      case F_ADD_SEALS:
      case F_GET_SEALS:
        return memfdFcntl(task, file, command, arg);
      default:
        return refuse(EINVAL, "do_fcntl: unknown command");
    }
  });
}

/** poll() of one descriptor without waiting: the revents, POLLNVAL (0x20) where it is not open. */
export function sysPoll(task: Task, fd: number, events: number): number {
  return traced(task, "poll", [fd, events], () => {
    const file = task.files.lookup(fd);
    if (!file) return 0x20;
    const always = 0x8 | 0x10;
    return file.poll() & (events | always);
  });
}

/** sysctl_nr_open: no process can have more descriptors. */
const NR_OPEN = 1024 * 1024;

/** prlimit(RLIMIT_NOFILE): descriptors made from now on are below `limit`. */
export function sysPrlimitNofile(task: Task, limit: number): number {
  return traced(task, "prlimit64", ["RLIMIT_NOFILE", limit], () => {
    if (limit > NR_OPEN) return refuse(EPERM, "do_prlimit: RLIMIT_NOFILE is at most fs.nr_open");
    task.files.limit = limit;
    return 0;
  });
}

/** eventfd2(initial value, flags). */
export function sysEventfd2(task: Task, initval: number, flags: number): number {
  return traced(task, "eventfd2", [initval, flags], () => createEventfd(task, initval, flags));
}

export function sysMemfdCreate(task: Task, name: string, flags: number): number {
  return traced(task, "memfd_create", [name, flags], () => createMemfd(task, name, flags));
}

// ---- reading and writing files

/** min(count, MAX_RW_COUNT), exact as a number. */
const clampCount = (count: bigint) => Number(count < MAX_RW_COUNT ? count : MAX_RW_COUNT);

/** A transfer of a regular file goes on piece by piece until one is short; any other file moves one piece. */
function transfer(file: File, count: number, piece: (done: number, length: number) => SyscallResult): SyscallResult {
  const first = piece(0, Math.min(count, RW_PIECE));
  if (typeof first !== "number" || !file.regular) return first;
  let done = first;
  let last = first;
  while (last === RW_PIECE && done < count) {
    last = piece(done, Math.min(count - done, RW_PIECE)) as number;
    if (last > 0) done += last;
  }
  return done;
}

/** One end of a transfer: a buffer of the process, or of the caller's. */
interface End {
  /** access_ok() of the whole buffer. */
  isAccessible(count: number): boolean;
}

/** Takes bytes a file has read; answers how many it could keep, or -EFAULT; `whole`, all or none. */
interface Sink extends End {
  keep(data: Uint8Array, done: number, whole: boolean): number;
}

const userEnd = (task: Task, buf: bigint): End => ({ isAccessible: (count) => accessOk(task, buf, count) >= 0 });
const OWN_END: End = { isAccessible: () => true };

function readTo(task: Task, fd: number, count: number, position: bigint | undefined, sink: Sink): SyscallResult {
  if (position !== undefined && position < 0n) return refuse(EINVAL, "ksys_pread64: the position is negative");
  const file = task.files.lookup(fd);
  if (!file) return refuse(EBADF, "ksys_read: the descriptor is not open");
  if (position !== undefined && !file.takesPread) return refuse(ESPIPE, "ksys_pread64: the file has no positions");
  if (!file.readable) return refuse(EBADF, "vfs_read: the file is not open for reading");
  if (!file.canRead) return refuse(EINVAL, "vfs_read: the file has no read method");
  if (!sink.isAccessible(count)) return refuse(EFAULT, "vfs_read: the buffer is no memory of the process's");
  const start = position === undefined ? file.pos : Number(position);
  const result = transfer(file, count, (done, length) => {
    const buffer = new Uint8Array(length);
    const keep = (read: number) => (read <= 0 ? read : sink.keep(buffer.subarray(0, read), done, file.readsWhole));
    const read = file.read(task, buffer, start + done);
    return typeof read === "number" ? keep(read) : read.then(keep);
  });
  if (position === undefined && file.regular && typeof result === "number" && result > 0) file.pos += result;
  return result;
}

/** A sink at an address of the process; what does not fit is a fault, unless something fitted before and the file gives parts. */
function userSink(task: Task, buf: bigint): Sink {
  const keep = (data: Uint8Array, done: number, whole: boolean) => {
    const left = copyToUser(task, BigInt.asUintN(64, buf + BigInt(done)), data);
    if (whole ? left === 0 : left < data.length) return data.length - left;
    return refuse(EFAULT, "copy_to_iter: the buffer cannot be written");
  };
  return { ...userEnd(task, buf), keep };
}

/** read(fd, buf, count). */
export function sysRead(task: Task, fd: number, buf: bigint, count: bigint): SyscallResult {
  const run = () => readTo(task, fd, clampCount(count), undefined, userSink(task, buf));
  return tracedAsync(task, "read", [fd, buf, count], run);
}

/** pread64(fd, buf, count, position). */
export function sysPread(task: Task, fd: number, buf: bigint, count: bigint, position: bigint): SyscallResult {
  const run = () => readTo(task, fd, clampCount(count), position, userSink(task, buf));
  return tracedAsync(task, "pread64", [fd, buf, count, position], run);
}

/** What a read into a buffer outside the process answers. */
export interface ReadResult {
  readonly ret: number;
  readonly data: Uint8Array;
}

/** read() or, with a position, pread64() into a buffer of the caller's; at most RW_PIECE bytes. */
export function sysReadData(
  task: Task,
  fd: number,
  count: number,
  position?: bigint,
): ReadResult | Promise<ReadResult> {
  let data = new Uint8Array(0);
  const keep = (read: Uint8Array) => {
    data = read as Uint8Array<ArrayBuffer>;
    return read.length;
  };
  const [call, args] = position === undefined ? ["read", [fd, count]] : ["pread64", [fd, count, position]];
  const run = () => readTo(task, fd, Math.min(count, RW_PIECE), position, { ...OWN_END, keep });
  const ret = tracedAsync(task, call as string, args as TraceArg[], run);
  return typeof ret === "number" ? { ret, data } : ret.then((n) => ({ ret: n, data }));
}

/** Gives the next bytes to write, or -EFAULT. */
interface Source extends End {
  next(done: number, length: number): Uint8Array | number;
}

function writeFrom(task: Task, fd: number, count: number, position: bigint | undefined, source: Source): SyscallResult {
  if (position !== undefined && position < 0n) return refuse(EINVAL, "ksys_pwrite64: the position is negative");
  const file = task.files.lookup(fd);
  if (!file) return refuse(EBADF, "ksys_write: the descriptor is not open");
  if (position !== undefined && !file.takesPwrite) return refuse(ESPIPE, "ksys_pwrite64: the file has no positions");
  if (!file.writable) return refuse(EBADF, "vfs_write: the file is not open for writing");
  if (!file.canWrite) return refuse(EINVAL, "vfs_write: the file has no write method");
  if (!source.isAccessible(count)) return refuse(EFAULT, "vfs_write: the buffer is no memory of the process's");
  const error = file.checkWrite(task, count);
  if (error < 0) return error;
  const start = position === undefined ? file.pos : Number(position);
  const result = transfer(file, count, (done, length) => {
    const data = source.next(done, length);
    return typeof data === "number" ? data : file.write(task, data, start + done);
  });
  if (position === undefined && file.regular && typeof result === "number" && result > 0) file.pos += result;
  return result;
}

/** A source at an address of the process; what can't be read is a fault, unless something could be. */
function userSource(task: Task, buf: bigint): Source {
  const next = (done: number, length: number) => {
    const data = new Uint8Array(length);
    const left = copyFromUser(task, data, BigInt.asUintN(64, buf + BigInt(done)));
    if (left < length || length === 0) return data.subarray(0, length - left);
    return refuse(EFAULT, "copy_from_iter: the buffer cannot be read");
  };
  return { ...userEnd(task, buf), next };
}

/** write(fd, buf, count). */
export function sysWrite(task: Task, fd: number, buf: bigint, count: bigint): SyscallResult {
  const run = () => writeFrom(task, fd, clampCount(count), undefined, userSource(task, buf));
  return tracedAsync(task, "write", [fd, buf, count], run);
}

/** pwrite64(fd, buf, count, position). */
export function sysPwrite(task: Task, fd: number, buf: bigint, count: bigint, position: bigint): SyscallResult {
  const run = () => writeFrom(task, fd, clampCount(count), position, userSource(task, buf));
  return tracedAsync(task, "pwrite64", [fd, buf, count, position], run);
}

/** write() or, with a position, pwrite64() of bytes of the caller's. */
export function sysWriteData(task: Task, fd: number, data: Uint8Array, position?: bigint): SyscallResult {
  const [call, args] =
    position === undefined ? ["write", [fd, data.length]] : ["pwrite64", [fd, data.length, position]];
  const source: Source = { ...OWN_END, next: (done, length) => data.subarray(done, done + length) };
  const run = () => writeFrom(task, fd, data.length, position, source);
  return tracedAsync(task, call as string, args as TraceArg[], run);
}

/** lseek(fd, offset, whence). */
export function sysLseek(task: Task, fd: number, offset: bigint, whence: number): number {
  return traced(task, "lseek", [fd, offset, whence], () => {
    const file = task.files.lookup(fd);
    if (!file) return refuse(EBADF, "ksys_lseek: the descriptor is not open");
    if (whence < 0 || whence > 4) return refuse(EINVAL, "ksys_lseek: unknown whence");
    if (!file.seekable) return refuse(ESPIPE, "vfs_llseek: the file has no llseek method");
    return file.llseek(Number(offset), whence);
  });
}

export function sysFtruncate(task: Task, fd: number, length: bigint): number {
  return traced(task, "ftruncate", [fd, length], () => {
    if (length < 0n) return refuse(EINVAL, "do_sys_ftruncate: the length is negative");
    const file = task.files.lookup(fd);
    if (!file) return refuse(EBADF, "do_sys_ftruncate: the descriptor is not open");
    if (!file.writable) return refuse(EINVAL, "do_sys_ftruncate: the file is not open for writing");
    return file.truncate(Number(length));
  });
}

// ---- ioctl

/** ioctl(fd, request, arg): the commands that every file has come first, as do_vfs_ioctl() has them. */
export function sysIoctl(task: Task, fd: number, request: number, arg: bigint): SyscallResult {
  return ioctl(task, fd, request, arg, undefined);
}

function ioctl(task: Task, fd: number, request: number, arg: bigint, data: Uint8Array | undefined): SyscallResult {
  const file = task.files.lookup(fd);
  const size = (request >>> 16) & 0x3fff;
  const shown = data ?? (file && size > 0 ? peekUser(task, arg, Math.min(size, MAX_SHOWN)) : undefined);
  const run = () =>
    file ? doVfsIoctl(task, file, fd, request, arg) : refuse(EBADF, "ioctl: the descriptor is not open");
  return tracedAsync(task, "ioctl", [fd, request, arg, file?.kind ?? ""], run, shown);
}

function doVfsIoctl(task: Task, file: File, fd: number, request: number, arg: bigint): SyscallResult {
  switch (request) {
    case FIOCLEX:
    case FIONCLEX:
      task.files.setCloexec(fd, request === FIOCLEX);
      return 0;
    case FIONBIO:
    case FIOASYNC:
      return setFileFlag(task, file, request, arg);
    default:
      return file.ioctl(task, request, arg);
  }
}

/** ioctl_fionbio() and ioctl_fioasync(): the int behind the pointer is read first. */
function setFileFlag(task: Task, file: File, request: number, arg: bigint): number {
  const on = new Uint8Array(4);
  if (copyFromUser(task, on, arg) > 0) return refuse(EFAULT, "ioctl_fionbio: the int cannot be read");
  const set = on.some((byte) => byte !== 0);
  if (request === FIONBIO) file.flags = set ? file.flags | O_NONBLOCK : file.flags & ~O_NONBLOCK;
  else if (set) return refuse(ENOTTY, "ioctl_fioasync: the file cannot send SIGIO");
  return 0;
}

/** The trace keeps no more of a struct. */
const MAX_SHOWN = 1024;

/** What an ioctl answers whose struct travelled with the call. */
export interface IoctlResult {
  readonly ret: number;
  readonly data: Uint8Array;
}

/**
 * ioctl() whose struct is given as bytes: they are placed in the process's memory, ending where
 * memory ends, so that a struct shorter than the request's is a fault; afterwards they are read back.
 */
export function sysIoctlData(
  task: Task,
  fd: number,
  request: number,
  data: Uint8Array,
): IoctlResult | Promise<IoctlResult> {
  const address = placeArgument(task, data);
  if (address < 0) return { ret: finish(task, "ioctl", [fd, request, 0n, ""], address), data: new Uint8Array(0) };
  const arg = BigInt(address);
  const fetch = (ret: number) => {
    const out = new Uint8Array(data.length);
    copyFromUser(task, out, arg);
    return { ret, data: out };
  };
  const ret = ioctl(task, fd, request, arg, data.slice(0, MAX_SHOWN));
  return typeof ret === "number" ? fetch(ret) : ret.then(fetch);
}

// ---- memory

/** mmap(addr, length, prot, flags, fd, offset). */
export function sysMmap(
  task: Task,
  addr: bigint,
  length: bigint,
  prot: number,
  flags: number,
  fd: number,
  offset: bigint,
): number {
  return traced(task, "mmap", [addr, length, prot, flags, fd, offset], () => {
    if (offset % BigInt(PAGE_SIZE) !== 0n)
      return refuse(EINVAL, "sys_mmap: the offset is not a multiple of the page size");
    const file = flags & MAP_ANONYMOUS ? null : task.files.lookup(fd);
    if (file === undefined) return refuse(EBADF, "ksys_mmap_pgoff: the descriptor is not open");
    return task.mm.mmap(task, Number(addr), Number(length), prot, flags, file, Number(offset));
  });
}

export function sysMunmap(task: Task, addr: bigint, length: bigint): number {
  return traced(task, "munmap", [addr, length], () => task.mm.munmap(untagged(addr), Number(length)));
}

/** untagged_addr(): the top byte of a user address is ignored. */
const untagged = (addr: bigint) => Number(BigInt.asUintN(64, BigInt.asIntN(56, addr)));

export function sysMprotect(task: Task, addr: bigint, length: bigint, prot: number): number {
  return traced(task, "mprotect", [addr, length, prot], () =>
    task.mm.mprotect(task, untagged(addr), Number(length), prot),
  );
}

export function sysMadvise(task: Task, addr: bigint, length: bigint, advice: number): number {
  return traced(task, "madvise", [addr, length, advice], () => task.mm.madvise(untagged(addr), Number(length), advice));
}

/** process_vm_readv() of one range of the process itself: the bytes up to where memory ends, EFAULT where there are none. */
export function sysProcessVmReadv(task: Task, address: bigint, buffer: Uint8Array): number {
  return traced(task, "process_vm_readv", [address, buffer.length], () => {
    const copied = buffer.length - copyFromUser(task, buffer, address);
    return copied > 0 || buffer.length === 0
      ? copied
      : refuse(EFAULT, "process_vm_rw: no byte of the range can be read");
  });
}

/** process_vm_writev() of one range of the process itself. */
export function sysProcessVmWritev(task: Task, address: bigint, data: Uint8Array): number {
  return traced(task, "process_vm_writev", [address, data.length], () => {
    const copied = data.length - copyToUser(task, address, data);
    return copied > 0 || data.length === 0
      ? copied
      : refuse(EFAULT, "process_vm_rw: no byte of the range can be written");
  });
}

/** prctl() for the tagged address ABI. */
export function sysPrctl(task: Task, option: number, ...args: bigint[]): number {
  return traced(task, "prctl", [option, ...args], () => {
    const [flags = 0n, ...rest] = args;
    if (option === PR_SET_TAGGED_ADDR_CTRL) return setTaggedAddrCtrl(task, flags, rest);
    if (option === PR_GET_TAGGED_ADDR_CTRL) return getTaggedAddrCtrl(task, args);
    return refuse(EINVAL, "prctl: unknown option");
  });
}

function setTaggedAddrCtrl(task: Task, flags: bigint, rest: bigint[]): number {
  const known = BigInt(PR_TAGGED_ADDR_ENABLE | PR_MTE_TCF_SYNC | PR_MTE_TCF_ASYNC | PR_MTE_TAG_MASK);
  if (rest.some((arg) => arg !== 0n)) return refuse(EINVAL, "prctl: arguments 3 to 5 must be zero");
  if (flags & ~known) return refuse(EINVAL, "set_tagged_addr_ctrl: unknown flag");
  const bits = Number(flags);
  task.taggedAddrCtrl.enabled = (bits & PR_TAGGED_ADDR_ENABLE) !== 0;
  task.taggedAddrCtrl.tcf = bits & PR_MTE_TCF_SYNC ? "sync" : bits & PR_MTE_TCF_ASYNC ? "async" : "none";
  task.taggedAddrCtrl.tagMask = bits & PR_MTE_TAG_MASK;
  return 0;
}

function getTaggedAddrCtrl(task: Task, args: bigint[]): number {
  if (args.some((arg) => arg !== 0n)) return refuse(EINVAL, "prctl: arguments 2 to 5 must be zero");
  const { enabled, tcf, tagMask } = task.taggedAddrCtrl;
  const mode = { none: 0, sync: PR_MTE_TCF_SYNC, async: PR_MTE_TCF_ASYNC }[tcf];
  return (enabled ? PR_TAGGED_ADDR_ENABLE : 0) | mode | tagMask;
}

// ---- memory for arguments that travel with a call

const ARGUMENT_AREA = 16 * PAGE_SIZE;

/** Lays `data` out at the end of the argument area; answers its address, or -ENOMEM. */
export function placeArgument(task: Task, data: Uint8Array): number {
  for (let attempt = 0; attempt < 2; attempt++) {
    const area = argumentArea(task, data.length);
    if (typeof area === "number") return area;
    const address = area.end - data.length;
    if (copyToUser(task, BigInt(address), data) === 0) return address;
    // The process unmapped or protected it, as it may with any of its memory: a new one takes its place.
    task.argumentArea = undefined;
  }
  return refuse(ENOMEM, "tagvisor: no page for the arguments of the call");
}

/** The thread's argument area, made at its first use and made anew when an argument outgrows it. */
function argumentArea(task: Task, length: number): ArgumentArea | number {
  const old = task.argumentArea;
  if (old && length <= old.size) return old;
  if (old) task.mm.munmap(old.end - old.size, old.size + PAGE_SIZE);
  const size = Math.max(ARGUMENT_AREA, Math.ceil(length / PAGE_SIZE) * PAGE_SIZE);
  const start = task.mm.mmap(task, 0, size + PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, null, 0);
  if (start < 0) return start;
  task.mm.mprotect(task, start, size, PROT_READ | PROT_WRITE);
  task.mm.madvise(start, size + PAGE_SIZE, MADV_DONTFORK);
  task.argumentArea = { end: start + size, size };
  return task.argumentArea;
}

// ---- processes

/** kernel_clone() with `flags` of CLONE_VM and CLONE_FILES: the child, or -errno. */
export function sysFork(task: Task, flags: number): Task | number {
  let child: Task | number = 0;
  const ret = traced(task, "clone", [flags], () => {
    if (flags & ~(CLONE_VM | CLONE_FILES))
      return refuse(EINVAL, "copy_process: only CLONE_VM and CLONE_FILES are known");
    child = task.fork(flags);
    return typeof child === "number" ? child : child.pid;
  });
  return ret < 0 ? ret : child;
}

/** A signal to the process: whatever sleeps in it ends with EINTR. */
export function sysKill(task: Task): number {
  return traced(task, "kill", [task.pid], () => {
    task.leader.signal();
    return 0;
  });
}
