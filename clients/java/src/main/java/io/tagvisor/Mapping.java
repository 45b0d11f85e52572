package io.tagvisor;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;

/**
 * A range of the process's address space, to be read and written by offsets into it; closing it
 * unmaps it.
 */
public final class Mapping implements AutoCloseable {
  private final LinuxProcess process;
  private final long address;
  private final long length;
  private boolean mapped = true;

  /** What a batch has mapped. */
  public Mapping(LinuxProcess process, long address, long length) {
    this.process = process;
    this.address = address;
    this.length = length;
  }

  /** The first address. */
  public long address() {
    return address;
  }

  /** The address of a byte. */
  public long at(long offset) {
    return address + offset;
  }

  /** Bytes, as mmap was asked for them. */
  public long length() {
    return length;
  }

  /** Bytes from {@code offset} on. */
  public byte[] read(long offset, int length) {
    return process.read(at(offset), length);
  }

  /** Fills a struct with the bytes from {@code offset} on; answers the struct. */
  public <T extends Struct> T read(long offset, T struct) {
    struct.load(ByteString.copyFrom(read(offset, struct.sizeOf())));
    return struct;
  }

  /** Writes bytes from {@code offset} on. */
  public void write(long offset, byte[] data) {
    process.write(at(offset), data);
  }

  /** All its bytes as a stream. */
  public ChunkInputStream download() {
    return process.readMemory(address, length);
  }

  /** Fills the mapping from its start; answers how many bytes. */
  public long upload(InputStream source) {
    return process.writeMemory(address, source);
  }

  /** Changes the protection of a range. */
  public void protect(int prot, long offset, long length) {
    process.call(Calls.mprotect(Operand.of(at(offset)), length, prot));
  }

  /** Says what a range is for, or that its pages can go. */
  public void advise(int advice, long offset, long length) {
    process.call(Calls.madvise(Operand.of(at(offset)), length, advice));
  }

  /** Takes a range out of the address space. */
  public void unmap(long offset, long length) {
    if (offset == 0 && length == this.length) mapped = false;
    process.call(Calls.munmap(Operand.of(at(offset)), length));
  }

  /**
   * Takes all of it out of the address space, where that was not done and the process is still
   * there.
   */
  @Override
  public void close() {
    if (!mapped || process.hasExited()) return;
    try {
      unmap(0, length);
    } catch (StatusRuntimeException e) {
      if (!Transport.isGone(e)) throw e;
    }
  }

  @Override
  public String toString() {
    return "Mapping[0x" + Long.toHexString(address) + ", " + length + " bytes]";
  }
}
