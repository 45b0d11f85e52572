/** Open files and descriptor tables: include/linux/fs.h struct file, fs/file_table.c, fs/file.c. */

import { EBADF, EINVAL, EMFILE, ENODEV, ENOTTY } from "../../abi/errno.ts";
import {
  O_ACCMODE,
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_NOCTTY,
  O_NONBLOCK,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
} from "../../abi/fcntl.ts";
import type { FdKind } from "../../abi/ioctl.ts";
import type { VmArea } from "../mm/vma.ts";
import type { Task } from "../process.ts";
import { refuse, type SyscallResult } from "../refuse.ts";

/** The status flags that F_SETFL can change here. */
const SETFL_MASK = O_APPEND | O_NONBLOCK;

/** What open() is told and the file does not keep: build_open_flags(), do_dentry_open(). */
const OPEN_ONLY = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC;

/** An open file description. Descriptors, mappings and kernel objects each hold a reference. */
export abstract class File {
  private references = 1;
  /** What /proc/PID/fd shows: "anon_inode:kvm-vm", "/dev/kvm". */
  abstract readonly name: string;
  /** O_ACCMODE and status flags. */
  flags: number;
  /** f_pos: where read() and write() of a regular file stand. */
  pos = 0;
  /** A regular file: reads and writes move the position and may be long. */
  readonly regular: boolean = false;
  /** FMODE_LSEEK: the file has an llseek method. */
  readonly seekable: boolean = true;
  /** FMODE_PREAD, FMODE_PWRITE: what was opened by its path has them, files of anonymous inodes do not. */
  readonly takesPread: boolean = false;
  readonly takesPwrite: boolean = false;
  /** What a read gives is an error where not all of it fits into the process's buffer. */
  readonly readsWhole: boolean = false;

  constructor(flags: number) {
    this.flags = flags & ~OPEN_ONLY;
  }

  /** Which of KVM's descriptors this is, for the trace; empty for any other file. */
  get kind(): FdKind | "" {
    return "";
  }

  /** FMODE_READ */
  get readable(): boolean {
    return (this.flags & O_ACCMODE) !== O_WRONLY;
  }

  /** FMODE_WRITE */
  get writable(): boolean {
    return (this.flags & O_ACCMODE) !== O_RDONLY;
  }

  /** FMODE_CAN_READ: the file has a read method. */
  get canRead(): boolean {
    return this.read !== File.prototype.read;
  }

  /** FMODE_CAN_WRITE: the file has a write method. */
  get canWrite(): boolean {
    return this.write !== File.prototype.write;
  }

  /** Whether the file has an mmap method. */
  get canMmap(): boolean {
    return this.mmap !== File.prototype.mmap;
  }

  /** Takes a reference and returns the file. */
  get(): this {
    this.references++;
    return this;
  }

  /** fput(): drops a reference; the last one releases. */
  put(): void {
    if (--this.references === 0) this.release();
  }

  /** Called once, when the last reference goes. */
  protected release(): void {}

  /** Called at every close() of a descriptor, before the reference goes. */
  flush(_task: Task): void {}

  /** unlocked_ioctl; `arg` is the third argument as the caller passed it, 64 bits. */
  ioctl(_task: Task, _request: number, _arg: bigint): SyscallResult {
    return refuse(ENOTTY, "vfs_ioctl: the file has no ioctl method");
  }

  /** Fills `buffer` from the file; answers the count. `position` is the offset for files that have one. */
  read(_task: Task, _buffer: Uint8Array, _position: number): SyscallResult {
    return refuse(EINVAL, "vfs_read: the file has no read method");
  }

  write(_task: Task, _data: Uint8Array, _position: number): SyscallResult {
    return refuse(EINVAL, "vfs_write: the file has no write method");
  }

  /** What the write method asks of the length before it takes the bytes; 0 or -errno. */
  checkWrite(_task: Task, _count: number): number {
    return 0;
  }

  /** Moves the position and answers it; noop_llseek() for files that have none. */
  llseek(_offset: number, _whence: number): number {
    return this.pos;
  }

  /** arch_calc_vm_flag_bits(): whether memory of the file can have tags. */
  mayHaveTags(_task: Task): boolean {
    return false;
  }

  /** Called with a new area whose file this is, while what it replaces is still mapped; 0 or -errno. */
  mmapPrepare(_task: Task, _area: VmArea): number {
    return 0;
  }

  /** Called with a new area whose file this is, before it is inserted; sets its fault method and flags. */
  mmap(_task: Task, _area: VmArea): number {
    return refuse(ENODEV, "do_mmap: the file has no mmap method");
  }

  /** F_SETFL: of the status flags only O_APPEND and O_NONBLOCK can change here. */
  setStatusFlags(flags: number): void {
    this.flags = (this.flags & ~SETFL_MASK) | (flags & SETFL_MASK);
  }

  /** Poll mask: EPOLLIN 1, EPOLLOUT 4, as DEFAULT_POLLMASK for files without a poll method. */
  poll(): number {
    return 0x1 | 0x4;
  }

  truncate(_size: number): number {
    return refuse(EINVAL, "do_ftruncate: not a regular file");
  }
}

interface Descriptor {
  readonly file: File;
  cloexec: boolean;
}

/** The default RLIMIT_NOFILE. */
export const RLIMIT_NOFILE = 1024;

/** struct files_struct: a descriptor is the lowest free number. Threads share one; fork copies it. */
export class FilesStruct {
  private readonly table: (Descriptor | undefined)[] = [];
  /** No search below this number finds a free descriptor. */
  private nextFree = 0;
  private users = 1;
  /** RLIMIT_NOFILE: descriptors are below it. */
  limit = RLIMIT_NOFILE;

  share(): this {
    this.users++;
    return this;
  }

  /** get_unused_fd_flags(): the lowest free number that is at least `from`, or -EMFILE. */
  getUnusedFd(from = 0): number {
    let fd = Math.max(from, this.nextFree);
    while (this.table[fd]) fd++;
    if (fd >= this.limit) return refuse(EMFILE, "alloc_fd: no descriptor below RLIMIT_NOFILE is free");
    return fd;
  }

  /** fd_install(): puts the file (and the caller's reference) at a number from getUnusedFd(). */
  install(fd: number, file: File, cloexec = false): void {
    this.table[fd] = { file, cloexec };
    if (fd === this.nextFree) this.nextFree++;
  }

  /** getUnusedFd() and install() in one; on -EMFILE the caller keeps its reference. */
  allocFd(file: File, cloexec = false): number {
    const fd = this.getUnusedFd();
    if (fd >= 0) this.install(fd, file, cloexec);
    return fd;
  }

  /** fget() without taking a reference: the file, or undefined where the number is not open. */
  lookup(fd: number): File | undefined {
    return this.table[fd]?.file;
  }

  getCloexec(fd: number): boolean {
    return this.table[fd]?.cloexec ?? false;
  }

  setCloexec(fd: number, cloexec: boolean): void {
    const descriptor = this.table[fd];
    if (descriptor) descriptor.cloexec = cloexec;
  }

  /** close(): the number is free at once, then the reference goes. */
  close(task: Task, fd: number): number {
    const descriptor = this.table[fd];
    if (!descriptor) return refuse(EBADF, "close: the descriptor is not open");
    this.table[fd] = undefined;
    this.nextFree = Math.min(this.nextFree, fd);
    descriptor.file.flush(task);
    descriptor.file.put();
    return 0;
  }

  /** dup_fd(): the child's copy of the table, each file with one more reference. */
  copy(): FilesStruct {
    const copy = new FilesStruct();
    copy.limit = this.limit;
    copy.nextFree = this.nextFree;
    this.table.forEach((descriptor, fd) => {
      if (descriptor) copy.table[fd] = { file: descriptor.file.get(), cloexec: descriptor.cloexec };
    });
    return copy;
  }

  /** put_files_struct(): the last user closes everything, in ascending order. */
  exit(task: Task): void {
    if (--this.users > 0) return;
    for (let fd = 0; fd < this.table.length; fd++) if (this.table[fd]) this.close(task, fd);
  }

  /** Open descriptors in ascending order, with what they name. */
  *entries(): Generator<[fd: number, file: File]> {
    for (let fd = 0; fd < this.table.length; fd++) {
      const descriptor = this.table[fd];
      if (descriptor) yield [fd, descriptor.file];
    }
  }
}
