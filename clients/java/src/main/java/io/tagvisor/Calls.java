package io.tagvisor;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tagvisor.uapi.Uapi;
import java.util.List;
import java.util.function.Function;
import kvm.v1.SyscallServiceOuterClass.CloseRequest;
import kvm.v1.SyscallServiceOuterClass.DupRequest;
import kvm.v1.SyscallServiceOuterClass.Eventfd2Request;
import kvm.v1.SyscallServiceOuterClass.FcntlRequest;
import kvm.v1.SyscallServiceOuterClass.FtruncateRequest;
import kvm.v1.SyscallServiceOuterClass.IoctlRequest;
import kvm.v1.SyscallServiceOuterClass.LseekRequest;
import kvm.v1.SyscallServiceOuterClass.MadviseRequest;
import kvm.v1.SyscallServiceOuterClass.MemfdCreateRequest;
import kvm.v1.SyscallServiceOuterClass.MmapRequest;
import kvm.v1.SyscallServiceOuterClass.MprotectRequest;
import kvm.v1.SyscallServiceOuterClass.MunmapRequest;
import kvm.v1.SyscallServiceOuterClass.OpenatRequest;
import kvm.v1.SyscallServiceOuterClass.PollFd;
import kvm.v1.SyscallServiceOuterClass.PollRequest;
import kvm.v1.SyscallServiceOuterClass.PrctlRequest;
import kvm.v1.SyscallServiceOuterClass.PreadRequest;
import kvm.v1.SyscallServiceOuterClass.PrlimitRequest;
import kvm.v1.SyscallServiceOuterClass.ProcessVmReadvRequest;
import kvm.v1.SyscallServiceOuterClass.ProcessVmWritevRequest;
import kvm.v1.SyscallServiceOuterClass.PwriteRequest;
import kvm.v1.SyscallServiceOuterClass.ReadRequest;
import kvm.v1.SyscallServiceOuterClass.Syscall;
import kvm.v1.SyscallServiceOuterClass.SyscallResult;
import kvm.v1.SyscallServiceOuterClass.WriteRequest;

/**
 * System calls as values. A descriptor or an address may be the answer of an earlier call of the
 * same batch.
 */
public final class Calls {
  private static final Function<SyscallResult, Integer> RET = result -> (int) result.getRet();
  private static final Function<SyscallResult, byte[]> DATA =
      result -> result.getData().toByteArray();

  private Calls() {}

  /** What a request made by its number answers: the result, and the struct as the call left it. */
  public record RawAnswer(int ret, byte[] data) {}

  /** Which events of a descriptor poll() is asked for. */
  public record PollEvents(int fd, int events) {}

  /**
   * Where to map, and what. {@link #anonymous} and {@link #file} begin one.
   *
   * @param address a hint, or with MAP_FIXED the address
   * @param length bytes, rounded up to pages
   * @param prot PROT_READ and the like
   * @param flags MAP_SHARED and the like
   * @param fd the file; -1 with MAP_ANONYMOUS
   * @param offset where in the file
   */
  public record MmapArguments(
      Operand address, long length, int prot, int flags, Operand fd, long offset) {
    private static final int READ_WRITE = Uapi.PROT_READ | Uapi.PROT_WRITE;

    /** Private memory of its own, to be read and written. */
    public static MmapArguments anonymous(long length) {
      int flags = Uapi.MAP_PRIVATE | Uapi.MAP_ANONYMOUS;
      return new MmapArguments(Operand.of(0), length, READ_WRITE, flags, Operand.of(-1), 0);
    }

    /** A file's memory, shared with the file. */
    public static MmapArguments file(Operand fd, long length) {
      return new MmapArguments(Operand.of(0), length, READ_WRITE, Uapi.MAP_SHARED, fd, 0);
    }

    /** The same with another protection. */
    public MmapArguments withProt(int prot) {
      return new MmapArguments(address, length, prot, flags, fd, offset);
    }

    /** The same with other flags. */
    public MmapArguments withFlags(int flags) {
      return new MmapArguments(address, length, prot, flags, fd, offset);
    }

    /** The same at another address. */
    public MmapArguments withAddress(long address) {
      return new MmapArguments(Operand.of(address), length, prot, flags, fd, offset);
    }

    /** The same from another place of the file on. */
    public MmapArguments withOffset(long offset) {
      return new MmapArguments(address, length, prot, flags, fd, offset);
    }
  }

  private static Syscall.Builder syscall() {
    return Syscall.newBuilder();
  }

  private static Syscall.Builder fdFrom(Operand fd) {
    return fd.isKnown() ? syscall() : syscall().setFdFrom(fd.link());
  }

  private static Syscall.Builder addressFrom(Operand address) {
    return address.isKnown() ? syscall() : syscall().setAddressFrom(address.link());
  }

  private static Call<Integer> plain(String name, Syscall.Builder message) {
    return new Call<>(name, message.build(), RET);
  }

  /** Opens a file; answers its descriptor. */
  public static Call<Integer> openat(String path, int flags, int mode) {
    OpenatRequest.Builder call =
        OpenatRequest.newBuilder()
            .setPath(path)
            .setFlags(Integer.toUnsignedLong(flags))
            .setMode(mode);
    return plain("openat", syscall().setOpenat(call));
  }

  /** Closes a descriptor. */
  public static Call<Integer> close(Operand fd) {
    CloseRequest.Builder call = CloseRequest.newBuilder().setFd(fd.fd());
    return plain("close", fdFrom(fd).setClose(call));
  }

  /** Answers another descriptor for the same open file. */
  public static Call<Integer> dup(Operand fd) {
    return plain("dup", fdFrom(fd).setDup(DupRequest.newBuilder().setFd(fd.fd())));
  }

  /** One of the commands that SyscallService.Fcntl lists. */
  public static Call<Integer> fcntl(Operand fd, int command, long arg) {
    FcntlRequest.Builder call =
        FcntlRequest.newBuilder().setFd(fd.fd()).setCommand(command).setArg(arg);
    return plain("fcntl", fdFrom(fd).setFcntl(call));
  }

  /** The revents of each descriptor. */
  public static Call<int[]> poll(List<PollEvents> fds) {
    PollRequest.Builder call = PollRequest.newBuilder();
    for (PollEvents fd : fds) {
      call.addFds(PollFd.newBuilder().setFd(fd.fd()).setEvents(fd.events()));
    }
    Syscall message = syscall().setPoll(call).build();
    return new Call<>("poll", message, result -> revents(result.getData()));
  }

  private static int[] revents(ByteString data) {
    int[] revents = new int[data.size() / 2];
    for (int i = 0; i < revents.length; i++) {
      revents[i] = data.byteAt(2 * i) & 0xff | (data.byteAt(2 * i + 1) & 0xff) << 8;
    }
    return revents;
  }

  /** Sets a limit, soft and hard. */
  public static Call<Integer> prlimit(int resource, long limit) {
    PrlimitRequest.Builder call = PrlimitRequest.newBuilder().setResource(resource).setLimit(limit);
    return plain("prlimit64", syscall().setPrlimit(call));
  }

  /** Answers the bytes read. */
  public static Call<byte[]> read(Operand fd, int count) {
    ReadRequest.Builder call = ReadRequest.newBuilder().setFd(fd.fd()).setCount(count);
    return new Call<>("read", fdFrom(fd).setRead(call).build(), DATA);
  }

  /** Answers the bytes read. */
  public static Call<byte[]> pread(Operand fd, int count, long position) {
    PreadRequest.Builder call =
        PreadRequest.newBuilder().setFd(fd.fd()).setCount(count).setPosition(position);
    return new Call<>("pread64", fdFrom(fd).setPread(call).build(), DATA);
  }

  /** Answers how many bytes were written. */
  public static Call<Integer> write(Operand fd, byte[] data) {
    WriteRequest.Builder call = WriteRequest.newBuilder().setFd(fd.fd()).setData(bytes(data));
    return plain("write", fdFrom(fd).setWrite(call));
  }

  /** Answers how many bytes were written. */
  public static Call<Integer> pwrite(Operand fd, byte[] data, long position) {
    PwriteRequest.Builder call =
        PwriteRequest.newBuilder().setFd(fd.fd()).setPosition(position).setData(bytes(data));
    return plain("pwrite64", fdFrom(fd).setPwrite(call));
  }

  /** Answers the new position. */
  public static Call<Long> lseek(Operand fd, long offset, int whence) {
    LseekRequest.Builder call =
        LseekRequest.newBuilder().setFd(fd.fd()).setOffset(offset).setWhence(whence);
    return new Call<>("lseek", fdFrom(fd).setLseek(call).build(), SyscallResult::getRet);
  }

  /** Sets a file's size. */
  public static Call<Integer> ftruncate(Operand fd, long length) {
    FtruncateRequest.Builder call = FtruncateRequest.newBuilder().setFd(fd.fd()).setLength(length);
    return plain("ftruncate", fdFrom(fd).setFtruncate(call));
  }

  /** Answers the address. */
  public static Call<Long> mmap(MmapArguments args) {
    MmapRequest.Builder call =
        MmapRequest.newBuilder()
            .setFd(args.fd().fd())
            .setAddress(args.address().number())
            .setLength(args.length())
            .setProt(args.prot())
            .setFlags(Integer.toUnsignedLong(args.flags()))
            .setOffset(args.offset());
    Syscall.Builder message = fdFrom(args.fd()).setMmap(call);
    if (!args.address().isKnown()) message.setAddressFrom(args.address().link());
    return new Call<>("mmap", message.build(), SyscallResult::getRet);
  }

  /** Takes a range out of the address space. */
  public static Call<Integer> munmap(Operand address, long length) {
    MunmapRequest.Builder call =
        MunmapRequest.newBuilder().setAddress(address.number()).setLength(length);
    return plain("munmap", addressFrom(address).setMunmap(call));
  }

  /** Changes the protection of a range. */
  public static Call<Integer> mprotect(Operand address, long length, int prot) {
    MprotectRequest.Builder call =
        MprotectRequest.newBuilder().setAddress(address.number()).setLength(length).setProt(prot);
    return plain("mprotect", addressFrom(address).setMprotect(call));
  }

  /** Says what a range is for, or that its pages can go. */
  public static Call<Integer> madvise(Operand address, long length, int advice) {
    MadviseRequest.Builder call =
        MadviseRequest.newBuilder()
            .setAddress(address.number())
            .setLength(length)
            .setAdvice(advice);
    return plain("madvise", addressFrom(address).setMadvise(call));
  }

  /** Makes a file in memory; answers its descriptor. */
  public static Call<Integer> memfdCreate(String name, int flags) {
    MemfdCreateRequest.Builder call =
        MemfdCreateRequest.newBuilder().setName(name).setFlags(Integer.toUnsignedLong(flags));
    return plain("memfd_create", syscall().setMemfdCreate(call));
  }

  /** Makes a counter; answers its descriptor. */
  public static Call<Integer> eventfd2(int initval, int flags) {
    Eventfd2Request.Builder call =
        Eventfd2Request.newBuilder().setInitval(initval).setFlags(Integer.toUnsignedLong(flags));
    return plain("eventfd2", syscall().setEventfd2(call));
  }

  /** Tagged addresses and tag checks of the process itself. */
  public static Call<Integer> prctl(int option, long arg2) {
    PrctlRequest.Builder call = PrctlRequest.newBuilder().setOption(option).setArg2(arg2);
    return plain("prctl", syscall().setPrctl(call));
  }

  /** Answers the bytes that could be read. */
  public static Call<byte[]> processVmReadv(Operand address, long length) {
    ProcessVmReadvRequest.Builder call =
        ProcessVmReadvRequest.newBuilder().setAddress(address.number()).setLength(length);
    Syscall message = addressFrom(address).setProcessVmReadv(call).build();
    return new Call<>("process_vm_readv", message, DATA);
  }

  /** Answers how many bytes could be written. */
  public static Call<Integer> processVmWritev(Operand address, byte[] data) {
    ProcessVmWritevRequest.Builder call =
        ProcessVmWritevRequest.newBuilder().setAddress(address.number()).setData(bytes(data));
    return plain("process_vm_writev", addressFrom(address).setProcessVmWritev(call));
  }

  /** A request that takes a number. */
  public static Call<Integer> ioctl(Operand fd, Ioctl.Value request, Operand arg) {
    Syscall message = valueIoctl(fd, request.request(), arg);
    return new Call<>(request.name(), message, RET);
  }

  /** A request that reads a struct. */
  public static <S extends Struct> Call<Integer> ioctl(Operand fd, Ioctl.In<S> request, S arg) {
    Syscall message = structIoctl(fd, request.request(), arg);
    return new Call<>(request.name(), message, RET);
  }

  /** A request that fills a struct, which it answers; the one that is passed stays as it is. */
  public static <S extends Struct> Call<S> ioctl(Operand fd, Ioctl.Out<S> request, S arg) {
    Syscall message = structIoctl(fd, request.request(), arg);
    Function<SyscallResult, S> answer =
        result -> {
          S struct = request.argument().get();
          struct.load(result.getData());
          return struct;
        };
    return new Call<>(request.name(), message, answer);
  }

  /** Any request by its number, with a number as it is. */
  public static Call<RawAnswer> rawIoctl(Operand fd, int request, Operand arg) {
    return raw(fd, request, valueIoctl(fd, request, arg));
  }

  /**
   * Any request by its number, with a struct's bytes, which the server places in the process's
   * memory.
   */
  public static Call<RawAnswer> rawIoctl(Operand fd, int request, byte[] arg) {
    IoctlRequest.Builder call =
        IoctlRequest.newBuilder().setFd(fd.fd()).setRequest(request).setData(bytes(arg));
    return raw(fd, request, fdFrom(fd).setIoctl(call).build());
  }

  private static Call<RawAnswer> raw(Operand fd, int request, Syscall message) {
    String name = "ioctl 0x" + Integer.toHexString(request);
    Function<SyscallResult, RawAnswer> answer =
        result -> new RawAnswer((int) result.getRet(), result.getData().toByteArray());
    return new Call<>(name, message, answer);
  }

  private static Syscall valueIoctl(Operand fd, int request, Operand arg) {
    IoctlRequest.Builder call =
        IoctlRequest.newBuilder().setFd(fd.fd()).setRequest(request).setValue(arg.number());
    Syscall.Builder message = fdFrom(fd).setIoctl(call);
    if (!arg.isKnown()) message.setAddressFrom(arg.link());
    return message.build();
  }

  private static Syscall structIoctl(Operand fd, int request, Struct arg) {
    IoctlRequest.Builder call =
        IoctlRequest.newBuilder().setFd(fd.fd()).setRequest(request).setData(arg.encoded());
    return fdFrom(fd).setIoctl(call).addAllPatches(arg.patches()).build();
  }

  /**
   * Without a copy: a call is sent before its maker can change the bytes, or it is its maker's
   * fault.
   */
  private static ByteString bytes(byte[] data) {
    return UnsafeByteOperations.unsafeWrap(data);
  }
}
