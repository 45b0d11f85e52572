package io.tagvisor;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.tagvisor.Call.Trace;
import io.tagvisor.uapi.Ioctls;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Function;
import kvm.v1.MemoryServiceGrpc;
import kvm.v1.MemoryServiceGrpc.MemoryServiceStub;
import kvm.v1.MemoryServiceOuterClass.ReadMemoryRequest;
import kvm.v1.MemoryServiceOuterClass.ReadMemoryResponse;
import kvm.v1.MemoryServiceOuterClass.ReadTagsRequest;
import kvm.v1.MemoryServiceOuterClass.ReadTagsResponse;
import kvm.v1.MemoryServiceOuterClass.WriteMemoryRequest;
import kvm.v1.MemoryServiceOuterClass.WriteMemoryResponse;
import kvm.v1.MemoryServiceOuterClass.WriteTagsRequest;
import kvm.v1.MemoryServiceOuterClass.WriteTagsResponse;

/** What a copy in bulk is of, and the messages that carry it. */
abstract class Subject {
  final Caller caller;

  /** Bytes of memory for one byte of a chunk. */
  final int scale;

  private Subject(Caller caller, int scale) {
    this.caller = caller;
    this.scale = scale;
  }

  /** What the server says of a chunk; one that it wrote has no data. */
  record Chunk(long ret, int error, ByteString data) {}

  /** Who is told what became of the chunks that were sent. */
  interface Answers {
    void answered(Chunk chunk);

    /** Null where the server ended the stream. */
    void ended(Throwable error);
  }

  /** Makes the message of a chunk; the first names what all are written to. */
  private interface Message<W> {
    W of(boolean first, long address, ByteString data);
  }

  /** The chunks of a range. */
  abstract Iterator<Chunk> read(long address, long length);

  /** A stream for chunks to be written. */
  abstract Sink write(Answers answers);

  /** Why a copy ended early. */
  abstract KvmException failure(boolean reads, int error, long completed);

  /** The memory of a process. */
  static Subject memory(Caller caller) {
    return new Subject(caller, 1) {
      @Override
      Iterator<Chunk> read(long address, long length) {
        ReadMemoryRequest request =
            ReadMemoryRequest.newBuilder()
                .setProcess(caller.process)
                .setAddress(address)
                .setLength(length)
                .build();
        Function<ReadMemoryResponse, Chunk> chunk =
            answer -> new Chunk(answer.getRet(), answer.getErrorValue(), answer.getData());
        return mapped(caller.services.memory().readMemory(request), chunk);
      }

      @Override
      Sink write(Answers answers) {
        Message<WriteMemoryRequest> message =
            (first, address, data) ->
                WriteMemoryRequest.newBuilder()
                    .setProcess(first ? caller.process : 0)
                    .setAddress(address)
                    .setData(data)
                    .build();
        Function<WriteMemoryResponse, Chunk> chunk =
            answer -> new Chunk(answer.getRet(), answer.getErrorValue(), null);
        return new Writing<>(message, chunk, answers).open(stub()::writeMemory);
      }

      @Override
      KvmException failure(boolean reads, int error, long completed) {
        String name = reads ? "process_vm_readv" : "process_vm_writev";
        return caller.failure(name, new Trace(name), error, completed);
      }
    };
  }

  /** The tags of the guest of a VM. */
  static Subject tags(Caller caller, int fd) {
    return new Subject(caller, 16) {
      @Override
      Iterator<Chunk> read(long address, long length) {
        ReadTagsRequest request =
            ReadTagsRequest.newBuilder()
                .setProcess(caller.process)
                .setFd(fd)
                .setGuestIpa(address)
                .setLength(length)
                .build();
        Function<ReadTagsResponse, Chunk> chunk =
            answer -> new Chunk(answer.getRet(), answer.getErrorValue(), answer.getTags());
        return mapped(caller.services.memory().readTags(request), chunk);
      }

      @Override
      Sink write(Answers answers) {
        Message<WriteTagsRequest> message =
            (first, address, data) ->
                WriteTagsRequest.newBuilder()
                    .setProcess(first ? caller.process : 0)
                    .setFd(first ? fd : 0)
                    .setGuestIpa(address)
                    .setTags(data)
                    .build();
        Function<WriteTagsResponse, Chunk> chunk =
            answer -> new Chunk(answer.getRet(), answer.getErrorValue(), null);
        return new Writing<>(message, chunk, answers).open(stub()::writeTags);
      }

      @Override
      KvmException failure(boolean reads, int error, long completed) {
        Ioctl request = Ioctls.KVM_ARM_MTE_COPY_TAGS;
        Trace trace = new Trace("ioctl", (long) fd, Integer.toUnsignedLong(request.request()));
        return caller.failure(request.name(), trace, error, completed);
      }
    };
  }

  final MemoryServiceStub stub() {
    return MemoryServiceGrpc.newStub(caller.transport.channel);
  }

  private static <R> Iterator<Chunk> mapped(Iterator<R> answers, Function<R, Chunk> chunk) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return answers.hasNext();
      }

      @Override
      public Chunk next() {
        return chunk.apply(answers.next());
      }
    };
  }

  /** Where chunks are sent to. */
  interface Sink {
    void send(boolean first, long address, ByteString data);

    /** Nothing comes any more. */
    void complete();

    /** Leaves what is under way. */
    void cancel(String reason);
  }

  /** A stream to the server whose messages are those of one method. */
  private static final class Writing<W, A> implements Sink, ClientResponseObserver<W, A> {
    private final Message<W> message;
    private final Function<A, Chunk> chunk;
    private final Answers answers;
    private ClientCallStreamObserver<W> requests;

    Writing(Message<W> message, Function<A, Chunk> chunk, Answers answers) {
      this.message = message;
      this.chunk = chunk;
      this.answers = answers;
    }

    Sink open(Consumer<StreamObserver<A>> method) {
      method.accept(this);
      return this;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<W> call) {
      requests = call;
    }

    @Override
    public void send(boolean first, long address, ByteString data) {
      requests.onNext(message.of(first, address, data));
    }

    @Override
    public void complete() {
      requests.onCompleted();
    }

    @Override
    public void cancel(String reason) {
      requests.cancel(reason, null);
    }

    @Override
    public void onNext(A answer) {
      answers.answered(chunk.apply(answer));
    }

    @Override
    public void onError(Throwable error) {
      answers.ended(error);
    }

    @Override
    public void onCompleted() {
      answers.ended(null);
    }
  }
}
