package io.tagvisor;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.tagvisor.Call.Trace;
import io.tagvisor.Calls.MmapArguments;
import io.tagvisor.Calls.PollEvents;
import io.tagvisor.uapi.Uapi;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kvm.v1.InspectServiceOuterClass.PageFlagsRequest;
import kvm.v1.InspectServiceOuterClass.PageFlagsResponse;
import kvm.v1.InspectServiceOuterClass.PageRun;
import kvm.v1.InspectServiceOuterClass.TraceEntry;
import kvm.v1.InspectServiceOuterClass.TraceRequest;
import kvm.v1.InspectServiceOuterClass.TraceResponse;
import kvm.v1.MemoryServiceOuterClass.AccessRequest;
import kvm.v1.MemoryServiceOuterClass.AccessResponse;
import kvm.v1.MemoryServiceOuterClass.LoadTagsRequest;
import kvm.v1.MemoryServiceOuterClass.LoadTagsResponse;
import kvm.v1.MemoryServiceOuterClass.Signal;
import kvm.v1.MemoryServiceOuterClass.StoreTagsRequest;
import kvm.v1.SyscallServiceOuterClass.ExitRequest;
import kvm.v1.SyscallServiceOuterClass.ForkRequest;
import kvm.v1.SyscallServiceOuterClass.ForkResponse;
import kvm.v1.SyscallServiceOuterClass.KillRequest;
import kvm.v1.SyscallServiceOuterClass.KillResponse;
import kvm.v1.SyscallServiceOuterClass.RenewRequest;

/**
 * An emulated Linux process. Its calls are made in the order in which they were asked for, by
 * whatever threads; closing it ends it.
 *
 * <p>A call that the kernel refuses throws {@link KvmException}, one that could not be attempted
 * {@link StatusRuntimeException}.
 */
public final class LinuxProcess implements AutoCloseable {
  /**
   * What a list of calls carries at most of one read or write; beyond it a copy has a stream of its
   * own.
   */
  private static final int SMALL_BYTES = 256 << 10;

  private static final int RLIMIT_NOFILE = 7;

  private final Caller caller;
  private final int pid;
  private final String kernel;

  LinuxProcess(Caller caller, int pid, String kernel) {
    this.caller = caller;
    this.pid = pid;
    this.kernel = kernel;
  }

  /** What names it to the server. Whoever has it, and the token, can drive the process. */
  public long handle() {
    return caller.process;
  }

  /** Its process id in the emulated host; 0 where it was attached by its handle alone. */
  public int pid() {
    return pid;
  }

  /** The kernel it runs under. */
  public String kernel() {
    return kernel;
  }

  Caller caller() {
    return caller;
  }

  /** Makes a call of {@link Calls}. */
  public <T> T call(Call<T> call) {
    return caller.call(call);
  }

  /** Makes a call, while the thread goes on; many can be on their way. */
  public <T> CompletableFuture<T> callAsync(Call<T> call) {
    return caller.callAsync(call);
  }

  /** A list of calls in the making, for one round trip. */
  public Batch batch() {
    return new Batch(caller);
  }

  /** Opens a file of the emulated host, to be read and written. */
  public OpenFile open(String path) {
    return open(path, Uapi.O_RDWR | Uapi.O_CLOEXEC);
  }

  /** Opens a file of the emulated host. */
  public OpenFile open(String path, int flags) {
    return new OpenFile(this, call(Calls.openat(path, flags, 0)));
  }

  /** Opens /dev/kvm. */
  public Kvm openKvm() {
    return new Kvm(this, call(Calls.openat("/dev/kvm", Uapi.O_RDWR | Uapi.O_CLOEXEC, 0)));
  }

  /** A file in memory, which several mappings can share. */
  public OpenFile memfd(String name, long size) {
    OpenFile file = new OpenFile(this, call(Calls.memfdCreate(name, 0)));
    file.truncate(size);
    return file;
  }

  /** A counter that wakes who reads it. */
  public Eventfd eventfd(int initval, int flags) {
    return new Eventfd(this, call(Calls.eventfd2(initval, flags)));
  }

  /** The events of each descriptor, without waiting. */
  public int[] poll(PollEvents... fds) {
    return call(Calls.poll(Arrays.asList(fds)));
  }

  /** Descriptors made from now on are below {@code limit}. */
  public void limitDescriptors(long limit) {
    call(Calls.prlimit(RLIMIT_NOFILE, limit));
  }

  /** Maps private memory, to be read and written. */
  public Mapping mmap(long length) {
    return mmap(MmapArguments.anonymous(length));
  }

  /** Maps memory or a file. */
  public Mapping mmap(MmapArguments args) {
    return new Mapping(this, call(Calls.mmap(args)), args.length());
  }

  /** Bytes of the process's memory. */
  public byte[] read(long address, int length) {
    if (length <= SMALL_BYTES) {
      byte[] piece = call(Calls.processVmReadv(Operand.of(address), length));
      if (piece.length == length) return piece;
    }
    // Where bytes are missing, the stream tells the reason.
    try (ChunkInputStream whole = readMemory(address, length)) {
      return whole.readAllBytes();
    }
  }

  /** Writes all the bytes to the process's memory. */
  public void write(long address, byte[] data) {
    if (data.length <= SMALL_BYTES
        && call(Calls.processVmWritev(Operand.of(address), data)) == data.length) {
      return;
    }
    BulkWriter.write(Subject.memory(caller), address, data);
  }

  /** The process's memory as a stream. */
  public ChunkInputStream readMemory(long address, long length) {
    return new ChunkInputStream(Subject.memory(caller), address, length);
  }

  /** Writes a stream to the process's memory; answers how many bytes. */
  public long writeMemory(long address, InputStream source) {
    return BulkWriter.write(Subject.memory(caller), address, source);
  }

  /** How the pages of a range are backed, in runs of pages that are alike. */
  public List<PageRun> pageFlags(long address, long length) {
    PageFlagsRequest request =
        PageFlagsRequest.newBuilder()
            .setProcess(handle())
            .setAddress(address)
            .setLength(length)
            .build();
    List<PageRun> runs = new ArrayList<>();
    Iterator<PageFlagsResponse> pieces = caller.services.inspect().pageFlags(request);
    while (pieces.hasNext()) runs.addAll(pieces.next().getRunsList());
    return runs;
  }

  /** Tags of the process's own memory, as LDG reads them, or the signal that this would get. */
  public LoadTagsResponse loadTags(long address, long length) {
    return caller
        .services
        .memory()
        .loadTags(
            LoadTagsRequest.newBuilder()
                .setProcess(handle())
                .setAddress(address)
                .setLength(length)
                .build());
  }

  /** Writes tags of the process's own memory, as STG does; answers the signal that it would get. */
  public Signal storeTags(long address, byte[] tags) {
    StoreTagsRequest request =
        StoreTagsRequest.newBuilder()
            .setProcess(handle())
            .setAddress(address)
            .setTags(ByteString.copyFrom(tags))
            .build();
    return caller.services.memory().storeTags(request).getSignal();
  }

  /** One load by the process itself: the value, or the signal it would get. */
  public AccessResponse load(long address, int width) {
    return access(AccessRequest.newBuilder().setAddress(address).setWidth(width));
  }

  /** One store by the process itself; answers the signal it would get. */
  public Signal store(long address, int width, long value) {
    return access(
            AccessRequest.newBuilder()
                .setAddress(address)
                .setWidth(width)
                .setWrite(true)
                .setValue(value))
        .getSignal();
  }

  private AccessResponse access(AccessRequest.Builder request) {
    return caller.services.memory().access(request.setProcess(handle()).build());
  }

  /** Tagged addresses and the process's own tag checks. */
  public int prctl(int option, long arg) {
    return call(Calls.prctl(option, arg));
  }

  /** A child with a copy of the memory and the descriptors. */
  public LinuxProcess fork() {
    return fork(0);
  }

  /**
   * A child; with CLONE_VM 0x100 and CLONE_FILES 0x400 it shares the memory and the descriptors.
   */
  public LinuxProcess fork(long flags) {
    ForkRequest request = ForkRequest.newBuilder().setProcess(handle()).setFlags(flags).build();
    ForkResponse answer = caller.services.syscalls().fork(request);
    long child = caller.check("clone", new Trace("clone"), answer.getRet(), answer.getErrorValue());
    return new LinuxProcess(caller.of(answer.getChild()), (int) child, kernel);
  }

  /** Sends a signal: what sleeps in the process, or runs a guest for it, ends with EINTR. */
  public void kill() {
    KillResponse answer =
        caller.services.syscalls().kill(KillRequest.newBuilder().setProcess(handle()).build());
    caller.check("kill", new Trace("kill"), answer.getRet(), answer.getErrorValue());
  }

  /**
   * Keeps it alive for another lease, as every call and every open stream does too; answers its
   * seconds.
   */
  public int renew() {
    RenewRequest request = RenewRequest.newBuilder().setProcess(handle()).build();
    return caller.services.syscalls().renew(request).getLeaseSeconds();
  }

  /** Its calls after the sequence number {@code since}, with the rule behind each refusal. */
  public List<TraceEntry> trace(long since) {
    TraceRequest request = TraceRequest.newBuilder().setProcess(handle()).setSince(since).build();
    List<TraceEntry> entries = new ArrayList<>();
    Iterator<TraceResponse> pieces = caller.services.inspect().trace(request);
    while (pieces.hasNext()) entries.addAll(pieces.next().getEntriesList());
    return entries;
  }

  /** Whether it was closed or detached. */
  public boolean hasExited() {
    return caller.hasEnded();
  }

  /** Ends the process: its memory goes, then its descriptors. */
  public void exit() {
    if (hasExited()) return;
    detach();
    caller.services.syscalls().exit(ExitRequest.newBuilder().setProcess(handle()).build());
  }

  /** Leaves the process to its lease. */
  public void detach() {
    caller.end();
  }

  /** Ends the process, where it is still there. */
  @Override
  public void close() {
    try {
      exit();
    } catch (StatusRuntimeException e) {
      if (!Transport.isGone(e)) throw e;
    }
  }
}
