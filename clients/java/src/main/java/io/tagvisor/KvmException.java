package io.tagvisor;

import java.util.Optional;
import java.util.OptionalLong;
import kvm.v1.ErrnoOuterClass.Errno;

/** A system call of the emulated process failed. */
public final class KvmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;
  private final String rule;
  private final long completed;

  KvmException(String call, int errno, String rule, long completed) {
    super(call + ": " + nameOf(errno) + (rule == null ? "" : " (" + rule + ")"));
    this.call = call;
    this.errno = errno;
    this.rule = rule;
    this.completed = completed;
  }

  /** The call: {@code "KVM_ARM_MTE_COPY_TAGS"}, {@code "mmap"}. */
  public String call() {
    return call;
  }

  /** Linux's number: 22. */
  public int errno() {
    return errno;
  }

  /** Its name: {@code "EINVAL"}. */
  public String code() {
    return nameOf(errno);
  }

  private static String nameOf(int errno) {
    Errno known = Errno.forNumber(errno);
    return known == null ? "errno " + errno : known.name().substring("ERRNO_".length());
  }

  /** The check that refused, where the process's trace still has it. */
  public Optional<String> rule() {
    return Optional.ofNullable(rule);
  }

  /** Of a streamed copy: the bytes of memory done before. */
  public OptionalLong completed() {
    return completed < 0 ? OptionalLong.empty() : OptionalLong.of(completed);
  }
}
