package io.tagvisor;

import io.tagvisor.Calls.MmapArguments;
import io.tagvisor.Calls.RawAnswer;
import io.tagvisor.uapi.Uapi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kvm.v1.ErrnoOuterClass.Errno;
import kvm.v1.SyscallServiceOuterClass.SyscallResult;

/**
 * A list of calls in the making. Each method enters a call and answers what stands for its result:
 * as descriptor, address or struct member of a later call. Nothing travels before {@link #submit}.
 */
public final class Batch {
  private final Caller caller;
  private final List<Pending<?>> entries = new ArrayList<>();

  /** What {@link #send} has sent, until it is waited for. */
  private CompletableFuture<List<SyscallResult>> sent;

  Batch(Caller caller) {
    this.caller = caller;
  }

  /** How many calls it has. */
  public int size() {
    return entries.size();
  }

  /** Enters any call of {@link Calls}. */
  public <T> Pending<T> add(Call<T> call) {
    if (sent != null) throw new IllegalStateException("the batch was sent already");
    Pending<T> pending = new Pending<>(call, entries.size());
    entries.add(pending);
    return pending;
  }

  /** Opens a file to be read and written. */
  public Pending<Integer> openat(String path) {
    return openat(path, Uapi.O_RDWR | Uapi.O_CLOEXEC);
  }

  /** Opens a file. */
  public Pending<Integer> openat(String path, int flags) {
    return add(Calls.openat(path, flags, 0));
  }

  /** Closes a descriptor. */
  public Pending<Integer> close(Operand fd) {
    return add(Calls.close(fd));
  }

  /** Maps private memory, to be read and written. */
  public Pending<Long> mmap(long length) {
    return mmap(MmapArguments.anonymous(length));
  }

  /** Maps memory or a file. */
  public Pending<Long> mmap(MmapArguments args) {
    return add(Calls.mmap(args));
  }

  /** Takes a range out of the address space. */
  public Pending<Integer> munmap(Operand address, long length) {
    return add(Calls.munmap(address, length));
  }

  /** Makes a file in memory. */
  public Pending<Integer> memfdCreate(String name, int flags) {
    return add(Calls.memfdCreate(name, flags));
  }

  /** Sets a file's size. */
  public Pending<Integer> ftruncate(Operand fd, long length) {
    return add(Calls.ftruncate(fd, length));
  }

  /** Makes a counter. */
  public Pending<Integer> eventfd(int initval, int flags) {
    return add(Calls.eventfd2(initval, flags));
  }

  /** Reads the process's memory, at most 1 MiB. */
  public Pending<byte[]> readMemory(Operand address, int length) {
    return add(Calls.processVmReadv(address, length));
  }

  /** Writes the process's memory. */
  public Pending<Integer> writeMemory(Operand address, byte[] data) {
    return add(Calls.processVmWritev(address, data));
  }

  /** A request without an argument. */
  public Pending<Integer> ioctl(Operand fd, Ioctl.Value request) {
    return ioctl(fd, request, 0);
  }

  /** A request that takes a number. */
  public Pending<Integer> ioctl(Operand fd, Ioctl.Value request, long arg) {
    return add(Calls.ioctl(fd, request, Operand.of(arg)));
  }

  /** A request that reads a struct, whose members may be answers of earlier calls. */
  public <S extends Struct> Pending<Integer> ioctl(Operand fd, Ioctl.In<S> request, S arg) {
    return add(Calls.ioctl(fd, request, arg));
  }

  /** A request that fills a struct. */
  public <S extends Struct> Pending<S> ioctl(Operand fd, Ioctl.Out<S> request) {
    return ioctl(fd, request, request.argument().get());
  }

  /** A request that reads a struct and fills it. */
  public <S extends Struct> Pending<S> ioctl(Operand fd, Ioctl.Out<S> request, S arg) {
    return add(Calls.ioctl(fd, request, arg));
  }

  /** Any request by its number, with a struct's bytes. */
  public Pending<RawAnswer> ioctl(Operand fd, int request, byte[] arg) {
    return add(Calls.rawIoctl(fd, request, arg));
  }

  /**
   * Sends the calls in one message and leaves it to {@link #submit} to wait, so that many batches
   * can be on their way.
   */
  public void send() {
    if (sent == null) sent = caller.send(calls(), true);
  }

  /**
   * Makes the calls in one message, and stops at the first that fails.
   *
   * @throws KvmException that call's failure
   */
  public void submit() {
    send();
    CompletableFuture<List<SyscallResult>> answer = sent;
    sent = null;
    settleOrThrow(Transport.await(answer));
  }

  /** {@link #submit}, while the thread goes on to what does not wait for it. */
  public CompletableFuture<Void> submitAsync() {
    return caller.sendAsync(calls(), true).thenAccept(this::settleOrThrow);
  }

  /** Makes all the calls in one message; each one's value or error tells what became of it. */
  public void submitAll() {
    settled(caller.list(calls(), false));
  }

  private List<Call<?>> calls() {
    List<Call<?>> calls = new ArrayList<>();
    for (Pending<?> entry : entries) calls.add(entry.call());
    return calls;
  }

  private void settleOrThrow(List<SyscallResult> results) {
    KvmException failure = settled(results);
    if (failure != null) throw failure;
  }

  /** Gives each call its result; answers the first failure, or null. */
  private KvmException settled(List<SyscallResult> results) {
    KvmException first = null;
    for (int i = 0; i < results.size(); i++) {
      Pending<?> entry = entries.get(i);
      int error = results.get(i).getErrorValue();
      if (error == 0) {
        entry.succeeded(results.get(i));
        continue;
      }
      KvmException failure = failure(entry.call(), error);
      entry.failed(failure);
      if (first == null) first = failure;
    }
    return first;
  }

  private KvmException failure(Call<?> call, int error) {
    // The list stopped before this call, or before one that it depends on.
    if (error == Errno.ERRNO_ECANCELED_VALUE) return new KvmException(call.name(), error, null, -1);
    return caller.failure(call, error);
  }
}
