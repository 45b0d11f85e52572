// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.

package io.tagvisor.uapi;

/** The numbers with which a system call fails. */
public final class Errno {
  private Errno() {}

  /** The operation is not permitted. */
  public static final int EPERM = 1;

  /** No such file, register, slot or attribute. */
  public static final int ENOENT = 2;

  /** No such process. */
  public static final int ESRCH = 3;

  /** A signal ended the call before it was done. */
  public static final int EINTR = 4;

  /** The VM is dead, or belongs to another address space. */
  public static final int EIO = 5;

  /** No such device, address or attribute. */
  public static final int ENXIO = 6;

  /** The caller's array is too short, or a value is beyond what fits. */
  public static final int E2BIG = 7;

  /** The vCPU was not initialized. */
  public static final int ENOEXEC = 8;

  /** The descriptor is not open, or not open for this access. */
  public static final int EBADF = 9;

  /** No child process. */
  public static final int ECHILD = 10;

  /** Nothing to read yet, or a prerequisite is not ready; try again. */
  public static final int EAGAIN = 11;

  /** Out of memory or of address space. */
  public static final int ENOMEM = 12;

  /** The protection does not allow this. */
  public static final int EACCES = 13;

  /** An address given with the call cannot be accessed. */
  public static final int EFAULT = 14;

  /** A block device is needed. */
  public static final int ENOTBLK = 15;

  /** The object is in use, or the time for this call has passed. */
  public static final int EBUSY = 16;

  /** It exists already, or overlaps one that does. */
  public static final int EEXIST = 17;

  /** The two are on different file systems. */
  public static final int EXDEV = 18;

  /** No such device, or the file cannot be mapped. */
  public static final int ENODEV = 19;

  /** A component of the path is not a directory. */
  public static final int ENOTDIR = 20;

  /** The path names a directory. */
  public static final int EISDIR = 21;

  /** An argument is not valid. */
  public static final int EINVAL = 22;

  /** The host has no file left. */
  public static final int ENFILE = 23;

  /** The process has no descriptor left. */
  public static final int EMFILE = 24;

  /** The file does not know this request. */
  public static final int ENOTTY = 25;

  /** The file is being executed. */
  public static final int ETXTBSY = 26;

  /** The file would become too large. */
  public static final int EFBIG = 27;

  /** No room left. */
  public static final int ENOSPC = 28;

  /** The file has no position. */
  public static final int ESPIPE = 29;

  /** The file system is read-only. */
  public static final int EROFS = 30;

  /** Too many links. */
  public static final int EMLINK = 31;

  /** Nobody reads the other end. */
  public static final int EPIPE = 32;

  /** The argument is outside the function's domain. */
  public static final int EDOM = 33;

  /** The result does not fit. */
  public static final int ERANGE = 34;

  /** The system call, or what it needs of the guest's instruction, is not there. */
  public static final int ENOSYS = 38;

  /** There is no data. */
  public static final int ENODATA = 61;

  /** A value does not fit its type. */
  public static final int EOVERFLOW = 75;

  /** The object does not support this operation. */
  public static final int EOPNOTSUPP = 95;
}
