package io.tagvisor;

/** An open file that is read and written: a memfd, the statistics of a VM. */
public final class OpenFile extends Descriptor {
  /** What a batch has opened. */
  public OpenFile(LinuxProcess process, int fd) {
    super(process, fd);
  }

  /** As many bytes, or fewer, from the file's position. */
  public byte[] read(int count) {
    return process().call(Calls.read(operand(), count));
  }

  /** Writes at the file's position; answers how many bytes. */
  public int write(byte[] data) {
    return process().call(Calls.write(operand(), data));
  }

  /** Reads at a position, which the file's own does not follow. */
  public byte[] pread(int count, long position) {
    return process().call(Calls.pread(operand(), count, position));
  }

  /** Writes at a position, which the file's own does not follow; answers how many bytes. */
  public int pwrite(byte[] data, long position) {
    return process().call(Calls.pwrite(operand(), data, position));
  }

  /** Moves the file's position; answers the new one. */
  public long seek(long offset, int whence) {
    return process().call(Calls.lseek(operand(), offset, whence));
  }

  /** Sets the file's size. */
  public void truncate(long length) {
    process().call(Calls.ftruncate(operand(), length));
  }
}
