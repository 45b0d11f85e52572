/** Error numbers, as asm-generic/errno-base.h and errno.h give them; arm64 uses the generic ones. */

export const EPERM = 1;
export const ENOENT = 2;
export const ESRCH = 3;
export const EINTR = 4;
export const EIO = 5;
export const ENXIO = 6;
export const E2BIG = 7;
export const ENOEXEC = 8;
export const EBADF = 9;
export const ECHILD = 10;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EACCES = 13;
export const EFAULT = 14;
export const ENOTBLK = 15;
export const EBUSY = 16;
export const EEXIST = 17;
export const EXDEV = 18;
export const ENODEV = 19;
export const ENOTDIR = 20;
export const EISDIR = 21;
export const EINVAL = 22;
export const ENFILE = 23;
export const EMFILE = 24;
export const ENOTTY = 25;
export const ETXTBSY = 26;
export const EFBIG = 27;
export const ENOSPC = 28;
export const ESPIPE = 29;
export const EROFS = 30;
export const EMLINK = 31;
export const EPIPE = 32;
export const EDOM = 33;
export const ERANGE = 34;
export const ENOSYS = 38;
export const ENODATA = 61;
export const EOVERFLOW = 75;
export const EOPNOTSUPP = 95;

/** Every errno this kernel can answer, by its C name. */
export const ERRNO = Object.freeze({
  EPERM,
  ENOENT,
  ESRCH,
  EINTR,
  EIO,
  ENXIO,
  E2BIG,
  ENOEXEC,
  EBADF,
  ECHILD,
  EAGAIN,
  ENOMEM,
  EACCES,
  EFAULT,
  ENOTBLK,
  EBUSY,
  EEXIST,
  EXDEV,
  ENODEV,
  ENOTDIR,
  EISDIR,
  EINVAL,
  ENFILE,
  EMFILE,
  ENOTTY,
  ETXTBSY,
  EFBIG,
  ENOSPC,
  ESPIPE,
  EROFS,
  EMLINK,
  EPIPE,
  EDOM,
  ERANGE,
  ENOSYS,
  ENODATA,
  EOVERFLOW,
  EOPNOTSUPP,
});

/** The C name of an errno. */
export type ErrnoName = keyof typeof ERRNO;
/** A positive errno of the table. */
export type Errno = (typeof ERRNO)[ErrnoName];

const names = new Map<number, ErrnoName>(Object.entries(ERRNO).map(([name, value]) => [value, name as ErrnoName]));

/** MAX_ERRNO: a result below -4095 is a number like any other, as the 6.1 kernel's for 2 GiB of copied tags. */
const MAX_ERRNO = 4095;

/** IS_ERR_VALUE(): whether a system call's result is a negative errno. */
export const isErrno = (ret: number) => ret < 0 && ret >= -MAX_ERRNO;

/** The C name of a positive errno ("EINVAL"), or its number as text where it has none here. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? String(errno);
}
