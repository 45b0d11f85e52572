package io.tagvisor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ChannelCredentials;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.tagvisor.Calls.MmapArguments;
import io.tagvisor.uapi.Errno;
import io.tagvisor.uapi.Ioctls;
import io.tagvisor.uapi.Registers;
import io.tagvisor.uapi.Structs.kvm_arm_copy_mte_tags;
import io.tagvisor.uapi.Structs.kvm_run;
import io.tagvisor.uapi.Structs.kvm_userspace_memory_region;
import io.tagvisor.uapi.Structs.kvm_vcpu_init;
import io.tagvisor.uapi.Uapi;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import kvm.v1.Kvm.KvmRunMmio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The layer against a server. */
@Timeout(60)
class ClientTest {
  private static final long IPA = 0x4000_0000;
  private static final String RESERVED = "kvm_vm_ioctl_mte_copy_tags: reserved[] must be zero";

  private Tagvisor host;
  private LinuxProcess process;

  @BeforeEach
  void spawn() {
    host = Server.connect();
    process = host.spawn("6.12");
  }

  @AfterEach
  void exit() {
    process.close();
    host.close();
  }

  private Vm taggedVm(Mapping ram) {
    try (Kvm kvm = process.openKvm()) {
      Vm vm = kvm.createVm();
      vm.enableCap(Uapi.KVM_CAP_ARM_MTE);
      vm.setUserMemoryRegion(0, IPA, ram);
      return vm;
    }
  }

  private static byte[] random(int size) {
    byte[] data = new byte[size];
    new Random(size).nextBytes(data);
    return data;
  }

  private static byte[] tags(int size) {
    byte[] tags = random(size);
    for (int i = 0; i < size; i++) tags[i] &= 15;
    return tags;
  }

  @Test
  void refusalsTellTheirRule() {
    Vm vm = taggedVm(process.mmap(4096));
    kvm_arm_copy_mte_tags copy = new kvm_arm_copy_mte_tags().length(4096).reserved(1, 1);
    KvmException e = assertThrows(KvmException.class, () -> vm.armMteCopyTags(copy));
    assertEquals(Errno.EINVAL, e.errno());
    assertEquals("EINVAL", e.code());
    assertEquals("KVM_ARM_MTE_COPY_TAGS", e.call());
    assertEquals(RESERVED, e.rule().orElseThrow());
    assertTrue(e.completed().isEmpty());
    CompletableFuture<Integer> later =
        process.callAsync(Calls.ioctl(vm.operand(), Ioctls.KVM_ARM_MTE_COPY_TAGS, copy));
    ExecutionException cause = assertThrows(ExecutionException.class, later::get);
    assertEquals(RESERVED, ((KvmException) cause.getCause()).rule().orElseThrow());
  }

  @Test
  void rulesCanBeDoneWithout() {
    ConnectOptions options = ConnectOptions.defaults().withoutRules();
    try (Tagvisor other = Tagvisor.connect(Server.address(), options);
        LinuxProcess quiet = other.spawn()) {
      KvmException e = assertThrows(KvmException.class, () -> quiet.open("/dev/nothing"));
      assertEquals("openat: ENOENT", e.getMessage());
      assertTrue(e.rule().isEmpty());
    }
  }

  @Test
  void aBatchIsOneListWithLinks() {
    Batch batch = process.batch();
    Pending<Integer> kvm = batch.openat("/dev/kvm");
    Pending<Integer> vm = batch.ioctl(kvm, Ioctls.KVM_CREATE_VM);
    Pending<Long> ram = batch.mmap(1 << 20);
    batch.writeMemory(ram.plus(8), new byte[] {1, 2, 3});
    batch.ioctl(
        vm,
        Ioctls.KVM_SET_USER_MEMORY_REGION,
        new kvm_userspace_memory_region()
            .guest_phys_addr(IPA)
            .memory_size(1 << 20)
            .userspace_addr(ram));
    Pending<kvm_vcpu_init> target = batch.ioctl(vm, Ioctls.KVM_ARM_PREFERRED_TARGET);
    Pending<Integer> vcpu = batch.ioctl(vm, Ioctls.KVM_CREATE_VCPU, 0);
    batch.ioctl(
        vcpu,
        Ioctls.KVM_ARM_VCPU_INIT,
        new kvm_vcpu_init().target(target.member(kvm_vcpu_init.target)));
    Pending<byte[]> read = batch.readMemory(ram, 12);
    assertThrows(IllegalStateException.class, kvm::value);
    batch.submit();
    assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0}, read.value());
    Vcpu cpu = new Vcpu(process, vcpu.value());
    cpu.setOneReg(Registers.CORE_PC, IPA);
    assertEquals(IPA, cpu.getOneReg(Registers.CORE_PC));
  }

  @Test
  void aBatchStopsAtTheFirstFailureOrDoesNot() {
    Batch batch = process.batch();
    Pending<Integer> missing = batch.openat("/dev/nothing");
    Pending<Integer> dependent = batch.close(missing);
    Pending<Long> ram = batch.mmap(4096);
    batch.submitAll();
    assertEquals("ENOENT", missing.error().orElseThrow().code());
    assertEquals("ECANCELED", dependent.error().orElseThrow().code());
    assertTrue(ram.value() > 0);

    Batch stopping = process.batch();
    stopping.openat("/dev/nothing");
    Pending<Long> left = stopping.mmap(4096);
    KvmException e = assertThrows(KvmException.class, stopping::submit);
    assertEquals("openat", e.call());
    assertEquals("ECANCELED", left.error().orElseThrow().code());
    CompletableFuture<Void> again = stopping.submitAsync();
    assertThrows(ExecutionException.class, again::get);
  }

  @Test
  void callsOfManyThreadsAndMessagesKeepTheirAnswers() throws Exception {
    try (Kvm kvm = process.openKvm()) {
      List<CompletableFuture<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        Operand capability = Operand.of(i % 2 == 0 ? Uapi.KVM_CAP_ARM_MTE : 0xffff);
        answers.add(
            process.callAsync(Calls.ioctl(kvm.operand(), Ioctls.KVM_CHECK_EXTENSION, capability)));
      }
      for (int i = 0; i < 500; i++) assertEquals(i % 2 == 0 ? 1 : 0, answers.get(i).get());
    }
  }

  @Test
  void batchesAreOnTheirWayAtOnce() {
    Batch first = process.batch();
    Batch second = process.batch();
    Pending<Integer> missing = first.openat("/dev/nothing");
    Pending<Integer> kvm = second.openat("/dev/kvm");
    first.send();
    second.send();
    assertThrows(IllegalStateException.class, () -> first.openat("/dev/kvm"));
    second.submit();
    assertEquals(0, kvm.value());
    assertThrows(KvmException.class, first::submit);
    assertEquals("ENOENT", missing.error().orElseThrow().code());
  }

  @Test
  void whatFollowsACallMayCall() throws Exception {
    Call<Integer> missing = Calls.openat("/dev/nothing", 0, 0);
    assertEquals(0, process.callAsync(missing).exceptionally(e -> process.openKvm().fd()).get());
    Batch batch = process.batch();
    Pending<Long> ram = batch.mmap(4096);
    var bytes = batch.submitAsync().thenApply(end -> process.read(ram.value(), 1));
    assertEquals(1, bytes.get().length);
  }

  @Test
  void memoryTravelsInBulk() throws IOException {
    byte[] data = random((5 << 20) + 123);
    try (Mapping ram = process.mmap(6 << 20)) {
      ram.write(100, data);
      assertArrayEquals(data, ram.read(100, data.length));
      assertEquals(data.length, ram.upload(new ByteArrayInputStream(data)));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try (ChunkInputStream in = ram.download()) {
        assertEquals(ram.length(), in.transferTo(all));
        assertEquals(-1, in.read());
      }
      byte[] start = new byte[data.length];
      System.arraycopy(all.toByteArray(), 0, start, 0, start.length);
      assertArrayEquals(data, start);
    }
  }

  @Test
  void tagsTravelInBulk() throws IOException {
    int size = 48 << 20;
    Mapping ram = process.mmap(size);
    Vm vm = taggedVm(ram);
    byte[] tags = tags(size / 16);
    assertEquals(size, vm.writeTags(IPA, tags));
    try (ChunkInputStream in = vm.readTags(IPA, size)) {
      assertEquals(tags[0], in.read());
      byte[] rest = in.readAllBytes();
      assertEquals(tags.length - 1, rest.length);
      assertEquals(tags[tags.length - 1], rest[rest.length - 1]);
    }
    try (ChunkInputStream in = vm.readTags(IPA, size)) {
      assertEquals(size, vm.writeTags(IPA, in));
    }
    assertArrayEquals(tags, vm.readTags(IPA, size).readAllBytes());
  }

  @Test
  void copiesThatEndEarlyTellHowFarTheyCame() {
    int page = 4096;
    Mapping ram = process.mmap(4 * page);
    ram.unmap(2 * page, 2 * page);
    KvmException e = assertThrows(KvmException.class, () -> ram.write(0, new byte[4 * page]));
    assertEquals("EFAULT", e.code());
    assertEquals(OptionalLong.of(2 * page), e.completed());
    byte[] large = new byte[3 << 20];
    e = assertThrows(KvmException.class, () -> ram.upload(new ByteArrayInputStream(large)));
    assertEquals(2 * page, e.completed().orElseThrow());
    e = assertThrows(KvmException.class, () -> ram.read(0, 4 * page));
    assertEquals("process_vm_readv", e.call());

    Mapping two = process.mmap(2 * page);
    Vm vm = taggedVm(two);
    e = assertThrows(KvmException.class, () -> vm.writeTags(IPA, new byte[1024]));
    assertEquals(2 * page, e.completed().orElseThrow());
    assertEquals("KVM_ARM_MTE_COPY_TAGS", e.call());
    assertTrue(e.rule().isPresent());
    ChunkInputStream in = vm.readTags(IPA, 4 * page);
    assertEquals(512, in.nextChunk().size());
    e = assertThrows(KvmException.class, in::nextChunk);
    assertEquals(2 * page, e.completed().orElseThrow());
  }

  @Test
  void emptyCopiesAreNothing() {
    try (Mapping ram = process.mmap(4096)) {
      Vm vm = taggedVm(ram);
      assertEquals(0, vm.writeTags(IPA, new byte[0]));
      assertNull(vm.readTags(IPA, 0).nextChunk());
    }
  }

  @Test
  void aVcpuRunsAndIsInterrupted() throws Exception {
    Mapping ram = process.mmap(1 << 20);
    Vm vm = taggedVm(ram);
    // str w0, [x1]: with X1 zero an MMIO exit, as no slot is there
    ram.write(0, new byte[] {0x20, 0x00, 0x00, (byte) 0xb9});
    try (Vcpu cpu = vm.createVcpu(0)) {
      cpu.armVcpuInit(vm.armPreferredTarget());
      cpu.setOneReg(Registers.CORE_PC, IPA);
      assertEquals(Uapi.KVM_EXIT_MMIO, cpu.run().getExitReason());
      RunOptions immediate = RunOptions.defaults().withImmediateExit(1);
      KvmException e = assertThrows(KvmException.class, () -> cpu.run(immediate));
      assertEquals("EINTR", e.code());
      assertEquals("KVM_RUN", e.call());

      // A vCPU that is stopped sleeps in KVM_RUN.
      cpu.setMpState(Uapi.KVM_MP_STATE_STOPPED);
      RunOptions on = RunOptions.defaults().withImmediateExit(0);
      CompletableFuture<KvmException> killed =
          CompletableFuture.supplyAsync(() -> assertThrows(KvmException.class, () -> cpu.run(on)));
      while (!killed.isDone()) {
        Thread.sleep(50);
        process.kill();
      }
      assertEquals("EINTR", killed.get().code());

      CompletableFuture<StatusRuntimeException> left = new CompletableFuture<>();
      Thread runner =
          new Thread(
              () -> left.complete(assertThrows(StatusRuntimeException.class, () -> cpu.run(on))));
      runner.start();
      Thread.sleep(100);
      runner.interrupt();
      assertEquals(Status.Code.CANCELLED, left.get().getStatus().getCode());
      e = assertThrows(KvmException.class, () -> cpu.run(immediate));
      assertEquals("EINTR", e.code());
    }
  }

  @Test
  void aGuestReadsAndWritesMmio() {
    Mapping ram = process.mmap(1 << 20);
    Vm vm = taggedVm(ram);
    // ldr w0, [x1]; str w0, [x1]; b -8: with X1 zero an MMIO read, and its answer as a write, again
    // and again
    ram.write(0, HexFormat.of().parseHex("200040b9200000b9feffff17"));
    byte[] given = {1, 2, 3, 4};
    try (Vcpu cpu = vm.createVcpu(0)) {
      cpu.armVcpuInit(vm.armPreferredTarget());
      cpu.setOneReg(Registers.CORE_PC, IPA);
      KvmRunMmio read = cpu.run().getMmio();
      assertEquals(4, read.getLen());
      assertEquals(0, read.getIsWrite());
      KvmRunMmio write = cpu.run(RunOptions.defaults().withMmioData(given)).getMmio();
      assertEquals(1, write.getIsWrite());
      assertArrayEquals(given, Arrays.copyOf(write.getData().toByteArray(), 4));

      // The same by ioctl and memory alone, as on the kernel.
      Mapping mapping = cpu.mapRun();
      assertEquals(0, cpu.ioctl(Ioctls.KVM_RUN));
      kvm_run run = mapping.read(0, new kvm_run());
      assertEquals(Uapi.KVM_EXIT_MMIO, run.exit_reason());
      assertEquals(0, run.mmio().is_write());
      mapping.write(40, given);
      cpu.ioctl(Ioctls.KVM_RUN);
      mapping.read(0, run);
      assertEquals(1, run.mmio().is_write());
      assertArrayEquals(given, Arrays.copyOf(run.mmio().data(), 4));
    }
  }

  @Test
  void registersOfAnySizeAreReadAndWritten() {
    Vm vm = taggedVm(process.mmap(1 << 20));
    try (Vcpu cpu = vm.createVcpu(0)) {
      cpu.armVcpuInit(vm.armPreferredTarget());
      assertTrue(cpu.getRegList().length > 100);
      byte[] value = random(16);
      cpu.setRegBytes(Registers.CORE_V0, value);
      assertArrayEquals(value, cpu.getRegBytes(Registers.CORE_V0));
      cpu.setOneReg(Registers.CORE_FPCR, 0x0100_0000);
      assertEquals(0x0100_0000, cpu.getOneReg(Registers.CORE_FPCR));
      assertEquals(Uapi.KVM_MP_STATE_RUNNABLE, cpu.getMpState());
      assertTrue(cpu.faultIn(IPA, true, false));
    }
  }

  @Test
  void devicesHaveAttributes() {
    Vm vm = taggedVm(process.mmap(4096));
    assertTrue(vm.hasDevice(Uapi.KVM_DEV_TYPE_ARM_VGIC_V3));
    assertFalse(vm.hasDevice(0x7777));
    try (Device gic = vm.createDevice(Uapi.KVM_DEV_TYPE_ARM_VGIC_V3)) {
      int group = Uapi.KVM_DEV_ARM_VGIC_GRP_ADDR;
      assertTrue(gic.hasDeviceAttr(group, Uapi.KVM_VGIC_V3_ADDR_TYPE_DIST));
      byte[] address = {0, 0, 0, 8, 0, 0, 0, 0};
      gic.setDeviceAttr(group, Uapi.KVM_VGIC_V3_ADDR_TYPE_DIST, address);
      assertArrayEquals(
          address, gic.getDeviceAttr(group, Uapi.KVM_VGIC_V3_ADDR_TYPE_DIST, new byte[8]));
    }
  }

  @Test
  void filesEventfdsAndForks() {
    OpenFile file = process.memfd("memory", 8192);
    assertEquals(3, file.pwrite(new byte[] {1, 2, 3}, 10));
    try (Mapping shared = process.mmap(MmapArguments.file(file.operand(), 8192));
        LinuxProcess child = process.fork()) {
      assertArrayEquals(new byte[] {2, 3}, shared.read(11, 2));
      child.write(shared.address(), new byte[] {9});
      assertArrayEquals(new byte[] {9}, file.read(1));
      assertTrue(child.pid() > process.pid());
    }
    Eventfd eventfd = process.eventfd(0, 0);
    eventfd.write(5);
    assertEquals(5, eventfd.read());
    assertEquals(file.fd() + 2, file.dup());
  }

  @Test
  void closedThingsAreGone() {
    Kvm kvm = process.openKvm();
    kvm.close();
    kvm.close();
    KvmException e = assertThrows(KvmException.class, kvm::getApiVersion);
    assertEquals("EBADF", e.code());
    process.exit();
    StatusRuntimeException gone = assertThrows(StatusRuntimeException.class, () -> process.mmap(1));
    assertEquals(Status.Code.NOT_FOUND, gone.getStatus().getCode());
  }

  @Test
  void aServerThatIsNotThereIsUnavailable() {
    ConnectOptions options = ConnectOptions.defaults().withTimeout(Duration.ofMillis(300));
    StatusRuntimeException e =
        assertThrows(StatusRuntimeException.class, () -> Tagvisor.connect("127.0.0.1:1", options));
    assertEquals(Status.Code.UNAVAILABLE, e.getStatus().getCode());
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "TAGVISOR_TLS_ADDRESS", matches = ".+")
  void aTokenOverTlsOpensWhatIsClosedWithout() throws IOException {
    String address = System.getenv("TAGVISOR_TLS_ADDRESS");
    ChannelCredentials tls =
        TlsChannelCredentials.newBuilder()
            .trustManager(new File(System.getenv("TAGVISOR_TLS_CA")))
            .build();
    ConnectOptions trusting = ConnectOptions.defaults().withTls(tls);
    ConnectOptions known = trusting.withToken(System.getenv("TAGVISOR_TOKEN"));
    try (Tagvisor guarded = Tagvisor.connect(address, known);
        LinuxProcess own = guarded.spawn("6.12");
        Kvm kvm = own.openKvm()) {
      assertEquals(12, kvm.getApiVersion());
      assertTrue(guarded.processes().stream().anyMatch(p -> p.getProcess() == own.handle()));
    }
    try (Tagvisor nobody = Tagvisor.connect(address, trusting)) {
      StatusRuntimeException e = assertThrows(StatusRuntimeException.class, nobody::spawn);
      assertEquals(Status.Code.UNAUTHENTICATED, e.getStatus().getCode());
    }
    // Java's own authorities do not know who signed the certificate.
    ConnectOptions strange = ConnectOptions.defaults().withTimeout(Duration.ofMillis(500));
    assertThrows(
        StatusRuntimeException.class, () -> Tagvisor.connect("https://" + address, strange));
  }
}
