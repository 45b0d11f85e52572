package io.tagvisor;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tagvisor.Call.Trace;
import io.tagvisor.uapi.Ioctls;
import java.util.concurrent.CompletableFuture;
import kvm.v1.Kvm.KvmRun;
import kvm.v1.KvmServiceGrpc;
import kvm.v1.KvmServiceOuterClass.RunRequest;
import kvm.v1.KvmServiceOuterClass.RunResponse;

/**
 * KVM_RUN, which sleeps as long as the guest runs: a stream of its own for each vCPU, on which a
 * request enters and a response is an exit. It opens with the first run, and again after it broke.
 */
final class RunStream {
  private final Caller caller;
  private final int fd;
  private Stream stream;

  RunStream(Caller caller, int fd) {
    this.caller = caller;
    this.fd = fd;
  }

  KvmRun run(RunOptions options) {
    RunResponse response = enter(options);
    Trace trace = new Trace("ioctl", (long) fd, (long) Ioctls.KVM_RUN.request());
    caller.check("KVM_RUN", trace, response.getRet(), response.getErrorValue());
    return response.getRun();
  }

  private RunResponse enter(RunOptions options) {
    RunRequest.Builder request = RunRequest.newBuilder().setProcess(caller.process).setFd(fd);
    if (options.immediateExit() != null) request.setImmediateExit(options.immediateExit());
    if (options.mmioData() != null) request.setMmioData(ByteString.copyFrom(options.mmioData()));
    Stream current = current();
    CompletableFuture<RunResponse> exit = current.enter(request.build());
    try {
      return Transport.await(exit);
    } finally {
      // Without an exit the thread was interrupted, and the guest is with it. The next run does not
      // wait to hear of that.
      if (!exit.isDone()) {
        current.requests.cancel("thread interrupted", null);
        exit.completeExceptionally(Status.CANCELLED.asRuntimeException());
      }
    }
  }

  private synchronized Stream current() {
    if (stream == null || stream.exit.isCompletedExceptionally()) stream = new Stream();
    return stream;
  }

  synchronized void end() {
    if (stream != null) stream.requests.cancel("the vCPU was closed", null);
    stream = null;
  }

  private final class Stream implements ClientResponseObserver<RunRequest, RunResponse> {
    ClientCallStreamObserver<RunRequest> requests;
    volatile CompletableFuture<RunResponse> exit = CompletableFuture.completedFuture(null);

    Stream() {
      KvmServiceGrpc.newStub(caller.transport.channel).run(this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<RunRequest> call) {
      requests = call;
    }

    CompletableFuture<RunResponse> enter(RunRequest request) {
      CompletableFuture<RunResponse> next = new CompletableFuture<>();
      synchronized (this) {
        if (!exit.isDone()) throw new IllegalStateException("the vCPU runs already");
        if (exit.isCompletedExceptionally()) return exit;
        exit = next;
      }
      requests.onNext(request);
      return next;
    }

    @Override
    public void onNext(RunResponse response) {
      exit.complete(response);
    }

    @Override
    public synchronized void onError(Throwable error) {
      if (!exit.completeExceptionally(error)) exit = CompletableFuture.failedFuture(error);
    }

    @Override
    public void onCompleted() {
      onError(Status.UNAVAILABLE.withDescription("the server ended the run").asRuntimeException());
    }
  }
}
