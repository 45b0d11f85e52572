package io.tagvisor;

import java.util.Optional;
import kvm.v1.SyscallServiceOuterClass.SyscallResult;

/**
 * The answer of a call of a batch: an operand of later calls, and a value once the batch is
 * submitted.
 */
public final class Pending<T> extends Operand {
  private final Call<T> call;
  private SyscallResult result;
  private KvmException error;

  Pending(Call<T> call, int index) {
    super(index);
    this.call = call;
  }

  /** A member of the struct that the call will answer. */
  public Operand member(Field field) {
    return at(field);
  }

  /**
   * The answer.
   *
   * @throws KvmException the call failed
   */
  public T value() {
    if (error != null) throw error;
    if (result == null) throw new IllegalStateException(call.name() + ": not submitted yet");
    return call.answer(result);
  }

  /** Why the call failed. */
  public Optional<KvmException> error() {
    return Optional.ofNullable(error);
  }

  Call<T> call() {
    return call;
  }

  void succeeded(SyscallResult outcome) {
    result = outcome;
  }

  void failed(KvmException outcome) {
    error = outcome;
  }
}
