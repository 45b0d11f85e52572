package io.tagvisor;

import io.tagvisor.Call.Trace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import kvm.v1.SyscallServiceOuterClass.ReadRequest;
import kvm.v1.SyscallServiceOuterClass.ReadResponse;

/** A counter that can be given to KVM. */
public final class Eventfd extends Descriptor {
  private static final int COUNTER_BYTES = 8;

  /** What a batch has made. */
  public Eventfd(LinuxProcess process, int fd) {
    super(process, fd);
  }

  /**
   * Takes the counter's value, and waits while it is 0: until the thread is interrupted, or with
   * EINTR by {@link LinuxProcess#kill}.
   */
  public long read() {
    // It may sleep, so it must not stand in the way of the stream's calls.
    ReadRequest request =
        ReadRequest.newBuilder()
            .setProcess(process().handle())
            .setFd(fd())
            .setCount(COUNTER_BYTES)
            .build();
    Caller caller = process().caller();
    ReadResponse answer = caller.services.syscalls().read(request);
    caller.check("read", new Trace("read", (long) fd()), answer.getRet(), answer.getErrorValue());
    ByteBuffer value = answer.getData().asReadOnlyByteBuffer();
    return value.order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** Adds to the counter. */
  public void write(long value) {
    ByteBuffer bytes = ByteBuffer.allocate(COUNTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    process().call(Calls.write(operand(), bytes.putLong(value).array()));
  }
}
