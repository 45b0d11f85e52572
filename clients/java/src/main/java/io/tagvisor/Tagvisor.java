package io.tagvisor;

import java.util.List;
import kvm.v1.InspectServiceOuterClass.Kernel;
import kvm.v1.InspectServiceOuterClass.KernelsRequest;
import kvm.v1.InspectServiceOuterClass.Process;
import kvm.v1.InspectServiceOuterClass.ProcessesRequest;
import kvm.v1.SyscallServiceOuterClass.RenewRequest;
import kvm.v1.SyscallServiceOuterClass.SpawnRequest;
import kvm.v1.SyscallServiceOuterClass.SpawnResponse;

/** A server, connected. */
public final class Tagvisor implements AutoCloseable {
  private final Transport transport;
  private final Services services;

  private Tagvisor(Transport transport) {
    this.transport = transport;
    this.services = Services.on(transport.channel);
  }

  /** Connects to a server: {@code host:port}, {@code https://host:port} or {@code unix:/path}. */
  public static Tagvisor connect(String address) {
    return connect(address, ConnectOptions.defaults());
  }

  /**
   * Connects to a server.
   *
   * @throws io.grpc.StatusRuntimeException no server answers in time
   */
  public static Tagvisor connect(String address, ConnectOptions options) {
    Transport transport = new Transport(address, options);
    try {
      transport.ready(options.timeout());
    } catch (RuntimeException e) {
      transport.close();
      throw e;
    }
    return new Tagvisor(transport);
  }

  /** Where the server is. */
  public String address() {
    return transport.address;
  }

  /** The generated stubs, for everything that has no method here. */
  public Services services() {
    return services;
  }

  /** Starts an emulated process under the server's default kernel. */
  public LinuxProcess spawn() {
    return spawn(SpawnOptions.defaults());
  }

  /** Starts an emulated process under one kernel: seed-v10, 5.14, 6.1, 6.12, 7.1. */
  public LinuxProcess spawn(String kernel) {
    return spawn(SpawnOptions.defaults().withKernel(kernel));
  }

  /** Starts an emulated process. */
  public LinuxProcess spawn(SpawnOptions options) {
    SpawnRequest request =
        SpawnRequest.newBuilder()
            .setKernel(options.kernel())
            .putAllLabels(options.labels())
            .setLeaseSeconds(options.leaseSeconds())
            .build();
    SpawnResponse answer = services.syscalls().spawn(request);
    return process(answer.getProcess(), answer.getPid(), answer.getKernel());
  }

  /** A process that exists already, by its handle. */
  public LinuxProcess attach(long handle) {
    for (Process known : processes()) {
      if (known.getProcess() == handle) return process(handle, known.getPid(), known.getKernel());
    }
    // It is not ours, or not there: the server knows which.
    services.syscalls().renew(RenewRequest.newBuilder().setProcess(handle).build());
    return process(handle, 0, "");
  }

  private LinuxProcess process(long handle, int pid, String kernel) {
    return new LinuxProcess(new Caller(transport, services, handle), pid, kernel);
  }

  /** The processes that belong to this client's token, oldest first. */
  public List<Process> processes() {
    return services.inspect().processes(ProcessesRequest.getDefaultInstance()).getProcessesList();
  }

  /** The kernels that a process can run under, with everything in which they differ. */
  public List<Kernel> kernels() {
    return services.inspect().kernels(KernelsRequest.getDefaultInstance()).getKernelsList();
  }

  /** Closes the connection. Processes that did not exit live on for their lease. */
  @Override
  public void close() {
    transport.close();
  }
}
