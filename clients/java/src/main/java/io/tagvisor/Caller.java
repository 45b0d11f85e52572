package io.tagvisor;

import io.tagvisor.Call.Trace;
import io.tagvisor.Calls.MmapArguments;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import kvm.v1.SyscallServiceOuterClass.SyscallResult;
import kvm.v1.SyscallServiceOuterClass.SyscallsRequest;

/** Makes the calls of one process. */
final class Caller {
  private static final int SCRATCH_BYTES = 64 << 10;

  final Transport transport;
  final Services services;
  final long process;
  private final Pipeline pipeline;
  private final Rules rules;
  private volatile boolean ended;
  private long scratchAddress;
  private int scratchSize;

  Caller(Transport transport, Services services, long process) {
    this.transport = transport;
    this.services = services;
    this.process = process;
    this.pipeline = new Pipeline(transport.channel);
    this.rules = new Rules(services.inspect(), process);
  }

  /** The calls of another process on the same connection. */
  Caller of(long other) {
    return new Caller(transport, services, other);
  }

  /** Makes a call. */
  <T> T call(Call<T> call) {
    return answer(call, Transport.await(send(List.of(call), false)).get(0));
  }

  /** Makes a call, while the thread goes on. */
  <T> CompletableFuture<T> callAsync(Call<T> call) {
    return sendAsync(List.of(call), false).thenApply(results -> answer(call, results.get(0)));
  }

  private <T> T answer(Call<T> call, SyscallResult result) {
    if (result.getErrorValue() != 0) throw failure(call, result.getErrorValue());
    return call.answer(result);
  }

  /** Whether a call succeeds. */
  boolean succeeds(Call<?> call) {
    return list(List.of(call), false).get(0).getErrorValue() == 0;
  }

  /** Makes calls in one message; answers what each of them answered, failures too. */
  List<SyscallResult> list(List<? extends Call<?>> calls, boolean stopAtError) {
    return Transport.await(send(calls, stopAtError));
  }

  /** The same for who goes on; what is hung on the answer itself must not wait for the server. */
  CompletableFuture<List<SyscallResult>> send(List<? extends Call<?>> calls, boolean stopAtError) {
    SyscallsRequest.Builder list =
        SyscallsRequest.newBuilder().setProcess(process).setStopAtError(stopAtError);
    for (Call<?> call : calls) list.addCalls(call.message());
    return pipeline.send(list.build());
  }

  /**
   * The same, where what follows may wait, for a rule or in another call: it runs on another thread
   * than the transport's, which has a price.
   */
  CompletableFuture<List<SyscallResult>> sendAsync(
      List<? extends Call<?>> calls, boolean stopAtError) {
    return send(calls, stopAtError).whenCompleteAsync((results, error) -> {});
  }

  /** The result of a call that went another way than the stream. */
  long check(String name, Trace trace, long ret, int error) {
    if (error != 0) throw failure(name, trace, error, -1);
    return ret;
  }

  /** The exception of a failed call, with the rule that refused it. */
  KvmException failure(Call<?> call, int error) {
    return failure(call.name(), call.trace(), error, -1);
  }

  KvmException failure(String name, Trace trace, int error, long completed) {
    String rule = transport.rules ? rules.find(trace, error) : null;
    return new KvmException(name, error, rule, completed);
  }

  /**
   * Makes a request whose struct points at a buffer: with {@code value} in it before, unless that
   * is null, it answers {@code size} bytes of it.
   */
  byte[] withBuffer(int size, byte[] value, Function<Operand, Call<?>> request) {
    Operand buffer = scratch(Math.max(size, value == null ? 0 : value.length));
    // All use the same memory, each in one message, so that no other call comes in between.
    List<Call<?>> calls = new ArrayList<>();
    if (value != null) calls.add(Calls.processVmWritev(buffer, value));
    calls.add(request.apply(buffer));
    if (size > 0) calls.add(Calls.processVmReadv(buffer, size));
    List<SyscallResult> results = list(calls, true);
    for (int i = 0; i < calls.size(); i++) {
      int error = results.get(i).getErrorValue();
      if (error != 0) throw failure(calls.get(i), error);
    }
    return size > 0 ? results.get(calls.size() - 1).getData().toByteArray() : new byte[0];
  }

  private synchronized Operand scratch(int size) {
    if (scratchSize < size) {
      int bytes = Math.max(size, SCRATCH_BYTES);
      scratchAddress = call(Calls.mmap(MmapArguments.anonymous(bytes)));
      scratchSize = bytes;
    }
    return Operand.of(scratchAddress);
  }

  /** Ends the stream, once it has answered. */
  void end() {
    ended = true;
    pipeline.end();
  }

  boolean hasEnded() {
    return ended;
  }
}
