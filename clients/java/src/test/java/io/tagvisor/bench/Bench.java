package io.tagvisor.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.StreamObserver;
import io.tagvisor.Batch;
import io.tagvisor.ChunkInputStream;
import io.tagvisor.Kvm;
import io.tagvisor.LinuxProcess;
import io.tagvisor.Mapping;
import io.tagvisor.Pending;
import io.tagvisor.Tagvisor;
import io.tagvisor.Vm;
import io.tagvisor.uapi.Ioctls;
import io.tagvisor.uapi.Uapi;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import kvm.v1.MemoryServiceGrpc;
import kvm.v1.MemoryServiceOuterClass.ReadTagsRequest;
import kvm.v1.MemoryServiceOuterClass.ReadTagsResponse;
import kvm.v1.MemoryServiceOuterClass.WriteTagsRequest;
import kvm.v1.MemoryServiceOuterClass.WriteTagsResponse;
import kvm.v1.SyscallServiceGrpc;
import kvm.v1.SyscallServiceOuterClass.IoctlRequest;
import kvm.v1.SyscallServiceOuterClass.Syscall;
import kvm.v1.SyscallServiceOuterClass.SyscallsRequest;
import kvm.v1.SyscallServiceOuterClass.SyscallsResponse;

/**
 * What the layer costs: calls and bytes per second, beside the same messages over the bare stubs.
 */
public final class Bench {
  private static final long IPA = 0x4000_0000;
  private static final int MEMORY = 256 << 20;
  private static final int CHUNK = 1 << 20;
  private static final int LIST = 1000;

  /** Lists that are under way at once. */
  private static final int WINDOW = 8;

  private static final long ROUND_NANOS = 200_000_000;
  private static final int ROUNDS = 15;

  /** Something that is measured: it answers how much it did. */
  private interface Work {
    double run() throws Exception;
  }

  private final Tagvisor host;
  private final LinuxProcess process;
  private final Kvm kvm;
  private final Vm vm;
  private final byte[] tags = new byte[MEMORY / 16];

  private Bench(Tagvisor host, LinuxProcess process) {
    this.host = host;
    this.process = process;
    kvm = process.openKvm();
    vm = kvm.createVm();
    vm.enableCap(Uapi.KVM_CAP_ARM_MTE);
    Mapping ram = process.mmap(MEMORY);
    vm.setUserMemoryRegion(0, IPA, ram);
    for (int i = 0; i < tags.length; i++) tags[i] = (byte) (i & 15);
  }

  private static boolean isOver(long start) {
    return System.nanoTime() - start > ROUND_NANOS;
  }

  private static void check(boolean holds) {
    if (!holds) throw new IllegalStateException("another answer than expected");
  }

  private double callsOne() {
    int count = 0;
    for (long start = System.nanoTime(); !isOver(start); count++) {
      check(kvm.checkExtension(Uapi.KVM_CAP_ARM_MTE) == 1);
    }
    return count;
  }

  private double callsBulk() {
    record Sent(Batch batch, Pending<Integer> last) {}
    Deque<Sent> underWay = new ArrayDeque<>();
    int count = 0;
    long start = System.nanoTime();
    while (!isOver(start) || !underWay.isEmpty()) {
      if (!isOver(start) && underWay.size() < WINDOW) {
        Batch batch = process.batch();
        Pending<Integer> last = null;
        for (int i = 0; i < LIST; i++) {
          last = batch.ioctl(kvm.operand(), Ioctls.KVM_CHECK_EXTENSION, Uapi.KVM_CAP_ARM_MTE);
        }
        batch.send();
        underWay.add(new Sent(batch, last));
        continue;
      }
      Sent oldest = underWay.remove();
      oldest.batch.submit();
      check(oldest.last.value() == 1);
      count += LIST;
    }
    return count;
  }

  private double tagsRead() {
    long size = 0;
    try (ChunkInputStream chunks = vm.readTags(IPA, MEMORY)) {
      for (ByteString c = chunks.nextChunk(); c != null; c = chunks.nextChunk()) size += c.size();
    }
    check(size == tags.length);
    return size;
  }

  private double tagsWrite() {
    check(vm.writeTags(IPA, tags) == MEMORY);
    return tags.length;
  }

  /** A stream without the layer: what is answered, or the failure. */
  private static final class Answers<T> implements StreamObserver<T> {
    private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

    @Override
    public void onNext(T answer) {
      queue.add(answer);
    }

    @Override
    public void onError(Throwable error) {
      queue.add(error);
    }

    @Override
    public void onCompleted() {
      queue.add(this);
    }

    /** The next answer, null at the end. */
    @SuppressWarnings("unchecked")
    T take() throws Exception {
      Object next = queue.take();
      if (next instanceof Throwable error) throw new IllegalStateException(error);
      return next == this ? null : (T) next;
    }
  }

  private SyscallsRequest list(int count) {
    SyscallsRequest.Builder list =
        SyscallsRequest.newBuilder().setProcess(process.handle()).setStopAtError(true);
    for (int i = 0; i < count; i++) {
      IoctlRequest.Builder call =
          IoctlRequest.newBuilder()
              .setFd(kvm.fd())
              .setRequest(Ioctls.KVM_CHECK_EXTENSION.request())
              .setValue(Uapi.KVM_CAP_ARM_MTE);
      list.addCalls(Syscall.newBuilder().setIoctl(call));
    }
    return list.build();
  }

  private double bareCallsOne() throws Exception {
    Answers<SyscallsResponse> answers = new Answers<>();
    var requests = SyscallServiceGrpc.newStub(host.services().channel()).syscalls(answers);
    int count = 0;
    for (long start = System.nanoTime(); !isOver(start); count++) {
      requests.onNext(list(1));
      check(answers.take().getResults(0).getRet() == 1);
    }
    requests.onCompleted();
    return count;
  }

  private double bareCallsBulk() throws Exception {
    Answers<SyscallsResponse> answers = new Answers<>();
    var requests = SyscallServiceGrpc.newStub(host.services().channel()).syscalls(answers);
    int count = 0;
    int underWay = 0;
    long start = System.nanoTime();
    while (!isOver(start) || underWay > 0) {
      if (!isOver(start) && underWay < WINDOW) {
        requests.onNext(list(LIST));
        underWay++;
        continue;
      }
      check(answers.take().getResults(LIST - 1).getRet() == 1);
      underWay--;
      count += LIST;
    }
    requests.onCompleted();
    return count;
  }

  private double bareTagsRead() {
    ReadTagsRequest request =
        ReadTagsRequest.newBuilder()
            .setProcess(process.handle())
            .setFd(vm.fd())
            .setGuestIpa(IPA)
            .setLength(MEMORY)
            .build();
    Iterator<ReadTagsResponse> chunks = host.services().memory().readTags(request);
    long size = 0;
    while (chunks.hasNext()) size += chunks.next().getTags().size();
    check(size == tags.length);
    return size;
  }

  private double bareTagsWrite() throws Exception {
    Answers<WriteTagsResponse> answers = new Answers<>();
    var requests = MemoryServiceGrpc.newStub(host.services().channel()).writeTags(answers);
    int sent = 0;
    int underWay = 0;
    long done = 0;
    while (sent < tags.length || underWay > 0) {
      if (sent < tags.length && underWay < WINDOW) {
        requests.onNext(
            WriteTagsRequest.newBuilder()
                .setProcess(sent == 0 ? process.handle() : 0)
                .setFd(sent == 0 ? vm.fd() : 0)
                .setGuestIpa(IPA + 16L * sent)
                .setTags(UnsafeByteOperations.unsafeWrap(tags, sent, CHUNK))
                .build());
        sent += CHUNK;
        underWay++;
        continue;
      }
      done = answers.take().getBytesDone();
      underWay--;
    }
    requests.onCompleted();
    check(answers.take() == null && done == MEMORY);
    return tags.length;
  }

  private static double repeated(Work work) throws Exception {
    double done = 0;
    for (long start = System.nanoTime(); !isOver(start); ) done += work.run();
    return done;
  }

  /** The best round of each, and by turns, as other load comes and goes. */
  private Map<String, Double> best() throws Exception {
    Map<String, Work> works = new LinkedHashMap<>();
    works.put("calls_one", this::callsOne);
    works.put("bare_calls_one", this::bareCallsOne);
    works.put("calls_bulk", this::callsBulk);
    works.put("bare_calls_bulk", this::bareCallsBulk);
    works.put("tags_read", () -> repeated(this::tagsRead));
    works.put("bare_tags_read", () -> repeated(this::bareTagsRead));
    works.put("tags_write", () -> repeated(this::tagsWrite));
    works.put("bare_tags_write", () -> repeated(this::bareTagsWrite));
    tagsWrite();
    Map<String, Double> best = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (var work : works.entrySet()) {
        long start = System.nanoTime();
        double done = work.getValue().run();
        double rate = done / (System.nanoTime() - start) * 1e9;
        best.merge(work.getKey(), rate, Math::max);
      }
    }
    return best;
  }

  /** Prints one line of JSON about the server at an address. */
  public static void main(String[] args) throws Exception {
    if (args.length != 1) throw new IllegalArgumentException("usage: Bench ADDRESS");
    try (Tagvisor host = Tagvisor.connect(args[0]);
        LinuxProcess process = host.spawn("6.12")) {
      String members =
          new Bench(host, process)
              .best().entrySet().stream()
                  .map(figure -> String.format("\"%s\": %.0f", figure.getKey(), figure.getValue()))
                  .collect(Collectors.joining(", "));
      System.out.println("{" + members + "}");
    }
  }
}
