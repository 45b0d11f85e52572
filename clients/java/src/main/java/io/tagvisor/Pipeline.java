package io.tagvisor;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import kvm.v1.SyscallServiceGrpc;
import kvm.v1.SyscallServiceGrpc.SyscallServiceStub;
import kvm.v1.SyscallServiceOuterClass.SyscallResult;
import kvm.v1.SyscallServiceOuterClass.SyscallsRequest;
import kvm.v1.SyscallServiceOuterClass.SyscallsResponse;

/**
 * The Syscalls stream of one process: messages go off at once and are answered in order. It opens
 * with the first message, and again after an error ended it.
 */
final class Pipeline {
  private final SyscallServiceStub stub;
  private Stream stream;

  Pipeline(Channel channel) {
    this.stub = SyscallServiceGrpc.newStub(channel);
  }

  synchronized CompletableFuture<List<SyscallResult>> send(SyscallsRequest message) {
    if (stream == null) stream = new Stream();
    return stream.send(message);
  }

  /** Ends the stream when what was sent is answered; a later message opens a new one. */
  synchronized void end() {
    if (stream != null) stream.requests.onCompleted();
    stream = null;
  }

  private final class Stream implements StreamObserver<SyscallsResponse> {
    /** What is not answered yet, oldest first. */
    private final Queue<CompletableFuture<List<SyscallResult>>> inFlight = new ArrayDeque<>();

    private final StreamObserver<SyscallsRequest> requests = stub.syscalls(this);
    private Throwable ended;

    CompletableFuture<List<SyscallResult>> send(SyscallsRequest message) {
      CompletableFuture<List<SyscallResult>> answer = new CompletableFuture<>();
      synchronized (this) {
        if (ended != null) return CompletableFuture.failedFuture(ended);
        inFlight.add(answer);
      }
      requests.onNext(message);
      return answer;
    }

    @Override
    public void onNext(SyscallsResponse response) {
      CompletableFuture<List<SyscallResult>> answer;
      synchronized (this) {
        answer = inFlight.poll();
      }
      if (answer != null) answer.complete(response.getResultsList());
    }

    /**
     * What this stream has not answered fails, all of it: later messages may rely on earlier ones.
     */
    @Override
    public void onError(Throwable error) {
      synchronized (Pipeline.this) {
        if (stream == this) stream = null;
      }
      List<CompletableFuture<List<SyscallResult>>> unanswered;
      synchronized (this) {
        ended = error;
        unanswered = new ArrayList<>(inFlight);
        inFlight.clear();
      }
      for (var answer : unanswered) answer.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      onError(
          Status.UNAVAILABLE.withDescription("the server ended the stream").asRuntimeException());
    }
  }
}
