package io.tagvisor;

import io.grpc.StatusRuntimeException;
import io.tagvisor.Calls.MmapArguments;
import io.tagvisor.Calls.RawAnswer;

/**
 * An open descriptor of a process; closing it closes that. A request without a method of its own is
 * made with {@link #ioctl}.
 */
public class Descriptor implements AutoCloseable {
  private final LinuxProcess process;
  private final int fd;
  private boolean closed;

  Descriptor(LinuxProcess process, int fd) {
    this.process = process;
    this.fd = fd;
  }

  /** Its number. */
  public final int fd() {
    return fd;
  }

  /** Whose it is. */
  public final LinuxProcess process() {
    return process;
  }

  /** What names it in a batch. */
  public final Operand operand() {
    return Operand.of(fd);
  }

  /** A request without an argument. */
  public final int ioctl(Ioctl.Value request) {
    return ioctl(request, 0);
  }

  /** A request that takes a number, or an address of the process. */
  public final int ioctl(Ioctl.Value request, long arg) {
    return process.call(Calls.ioctl(operand(), request, Operand.of(arg)));
  }

  /** A request that reads a struct. */
  public final <S extends Struct> int ioctl(Ioctl.In<S> request, S arg) {
    return process.call(Calls.ioctl(operand(), request, arg));
  }

  /** A request that fills a struct. */
  public final <S extends Struct> S ioctl(Ioctl.Out<S> request) {
    return ioctl(request, request.argument().get());
  }

  /** A request that reads a struct and fills it; the one that is passed stays as it is. */
  public final <S extends Struct> S ioctl(Ioctl.Out<S> request, S arg) {
    return process.call(Calls.ioctl(operand(), request, arg));
  }

  /** Any request by its number, with a number as it is. */
  public final int ioctl(int request, long arg) {
    return process.call(Calls.rawIoctl(operand(), request, Operand.of(arg))).ret();
  }

  /** Any request by its number, with a struct's bytes. */
  public final RawAnswer ioctl(int request, byte[] arg) {
    return process.call(Calls.rawIoctl(operand(), request, arg));
  }

  /** Maps what it stands for, shared, to be read and written. */
  public final Mapping mmap(long length) {
    return process.mmap(MmapArguments.file(operand(), length));
  }

  /** Another descriptor for the same open file. */
  public final int dup() {
    return process.call(Calls.dup(operand()));
  }

  /** One of the commands that SyscallService.Fcntl lists. */
  public final int fcntl(int command, long arg) {
    return process.call(Calls.fcntl(operand(), command, arg));
  }

  /** Closes the descriptor, where that was not done and the process is still there. */
  @Override
  public void close() {
    if (closed || process.hasExited()) return;
    closed = true;
    try {
      process.call(Calls.close(operand()));
    } catch (StatusRuntimeException e) {
      if (!Transport.isGone(e)) throw e;
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + fd + "]";
  }
}
