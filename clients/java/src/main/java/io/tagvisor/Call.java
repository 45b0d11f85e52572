package io.tagvisor;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import kvm.v1.InspectServiceOuterClass.TraceArg;
import kvm.v1.InspectServiceOuterClass.TraceEntry;
import kvm.v1.SyscallServiceOuterClass.Syscall;
import kvm.v1.SyscallServiceOuterClass.SyscallResult;

/** One system call, not made yet: {@link Calls} makes them. */
public final class Call<T> {
  private static final OneofDescriptor CALL = Syscall.getDescriptor().getOneofs().get(0);

  private final String name;
  private final Syscall message;
  private final Function<SyscallResult, T> answer;

  Call(String name, Syscall message, Function<SyscallResult, T> answer) {
    this.name = name;
    this.message = message;
    this.answer = answer;
  }

  /** The name an exception bears: {@code KVM_RUN}, {@code mmap}. */
  public String name() {
    return name;
  }

  /** The call as a trace has it. */
  Trace trace() {
    if (message.hasIoctl()) return new Trace("ioctl", fd(), request());
    if (message.hasPrctl()) return new Trace(name, (long) message.getPrctl().getOption());
    return message.hasMmap() ? new Trace(name) : new Trace(name, fd());
  }

  private Long request() {
    return Integer.toUnsignedLong(message.getIoctl().getRequest());
  }

  /** The descriptor, which comes first in those calls that have one; null where it was to come. */
  private Long fd() {
    if (message.hasFdFrom()) return null;
    FieldDescriptor which = message.getOneofFieldDescriptor(CALL);
    Message call = (Message) message.getField(which);
    FieldDescriptor fd = which.getMessageType().findFieldByName("fd");
    return fd == null ? null : (Long) (long) (Integer) call.getField(fd);
  }

  Syscall message() {
    return message;
  }

  /** What a successful call answers. */
  T answer(SyscallResult result) {
    return answer.apply(result);
  }

  /** The same call with an answer made of this one's. */
  <R> Call<R> map(Function<T, R> next) {
    return new Call<>(name, message, answer.andThen(next));
  }

  /**
   * A call as a trace has it, with the arguments that tell it from others; null for one that is not
   * known.
   */
  record Trace(String call, List<Long> args) {
    Trace(String call, Long... args) {
      this(call, Arrays.asList(args));
    }

    boolean matches(TraceEntry entry) {
      if (!entry.getCall().equals(call)) return false;
      for (int i = 0; i < args.size() && i < entry.getArgsCount(); i++) {
        if (args.get(i) != null && !isNumber(entry.getArgs(i), args.get(i))) return false;
      }
      return true;
    }

    private static boolean isNumber(TraceArg arg, long expected) {
      return switch (arg.getValueCase()) {
        case NUMBER -> arg.getNumber() == expected;
        case ADDRESS -> arg.getAddress() == expected;
        case TEXT -> false;
        case VALUE_NOT_SET -> true;
      };
    }
  }
}
