package io.tagvisor.examples;

import io.tagvisor.Kvm;
import io.tagvisor.KvmException;
import io.tagvisor.LinuxProcess;
import io.tagvisor.Mapping;
import io.tagvisor.Tagvisor;
import io.tagvisor.Vm;
import io.tagvisor.uapi.Structs.kvm_arm_copy_mte_tags;
import io.tagvisor.uapi.Uapi;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tags a page of a guest, and moves it with its tags to another VM. */
public final class MoveTags {
  private static final long IPA = 0x4000_0000;
  private static final int PAGE = 4096;
  private static final int SLOT = 64 << 10;
  private static final int GRANULES = PAGE / 16;

  private MoveTags() {}

  /** A VM with memory that has tags. */
  private record Machine(String name, Vm vm, Mapping ram) implements AutoCloseable {
    static Machine make(String name, Kvm kvm) {
      Vm vm = kvm.createVm();
      vm.enableCap(Uapi.KVM_CAP_ARM_MTE);
      Mapping ram = kvm.process().mmap(SLOT);
      vm.setUserMemoryRegion(0, IPA, ram);
      return new Machine(name, vm, ram);
    }

    /** Gives the first page its tags, by way of a buffer, and answers those that it has then. */
    byte[] tag(Mapping buffer, byte[] tags) {
      buffer.write(0, tags);
      int covered = vm.armMteCopyTags(toGuest(buffer));
      System.out.println(name + ": KVM_ARM_MTE_COPY_TAGS to the guest = " + covered);
      byte[] now = vm.readTags(IPA, PAGE).readAllBytes();
      String first =
          IntStream.range(0, 16).mapToObj(i -> "" + now[i]).collect(Collectors.joining(" "));
      System.out.println(name + ": tags " + first);
      return now;
    }

    @Override
    public void close() {
      ram.close();
      vm.close();
    }
  }

  private static kvm_arm_copy_mte_tags toGuest(Mapping buffer) {
    return new kvm_arm_copy_mte_tags()
        .guest_ipa(IPA)
        .length(PAGE)
        .addr(buffer.address())
        .flags(Uapi.KVM_ARM_TAGS_TO_GUEST);
  }

  private static String compared(byte[] a, byte[] b) {
    return Arrays.equals(a, b) ? "the same" : "different";
  }

  private static void moveTags(LinuxProcess process) {
    System.out.println("tagvisor move_tags");
    System.out.println("kernel " + process.kernel());
    try (Kvm kvm = process.openKvm();
        Mapping buffer = process.mmap(PAGE);
        Machine source = Machine.make("source", kvm);
        Machine target = Machine.make("target", kvm)) {
      int mte = kvm.checkExtension(Uapi.KVM_CAP_ARM_MTE);
      System.out.println("KVM_CAP_ARM_MTE " + Uapi.KVM_CAP_ARM_MTE + " = " + mte);

      byte[] page = new byte[PAGE];
      for (int i = 0; i < PAGE; i++) page[i] = (byte) i;
      byte[] tags = new byte[GRANULES];
      for (int i = 0; i < GRANULES; i++) tags[i] = (byte) (i & 15);
      source.ram.write(0, page);
      byte[] savedTags = source.tag(buffer, tags);
      byte[] savedPage = source.ram.read(0, PAGE);

      target.ram.write(0, savedPage);
      byte[] movedTags = target.tag(buffer, savedTags);
      byte[] movedPage = target.ram.read(0, PAGE);
      System.out.println("memory " + PAGE + " bytes " + compared(movedPage, savedPage));
      System.out.println("tags " + GRANULES + " " + compared(movedTags, savedTags));

      try {
        int covered = target.vm.armMteCopyTags(toGuest(buffer).reserved(1, 1));
        System.out.println("reserved word: " + covered);
      } catch (KvmException e) {
        System.out.println("reserved word: " + e.code() + " " + e.rule().orElse(""));
      }
    }
    System.out.println("done");
  }

  /** Runs it against the server at an address. */
  public static void main(String[] args) {
    if (args.length != 1) throw new IllegalArgumentException("usage: MoveTags ADDRESS");
    try (Tagvisor host = Tagvisor.connect(args[0]);
        LinuxProcess process = host.spawn("6.12")) {
      moveTags(process);
    }
  }
}
