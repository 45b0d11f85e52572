package io.tagvisor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tagvisor.uapi.Ioctls;
import io.tagvisor.uapi.Registers;
import io.tagvisor.uapi.Structs.kvm_arm_copy_mte_tags;
import io.tagvisor.uapi.Structs.kvm_irq_routing;
import io.tagvisor.uapi.Structs.kvm_reg_list;
import io.tagvisor.uapi.Structs.kvm_run;
import io.tagvisor.uapi.Structs.kvm_userspace_memory_region;
import io.tagvisor.uapi.Structs.kvm_vcpu_events;
import io.tagvisor.uapi.Uapi;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The headers: numbers, layouts, and members that are still to come. */
class StructTest {
  @Test
  void requestsHaveTheirNumbers() {
    assertEquals(0x8030aeb4, Ioctls.KVM_ARM_MTE_COPY_TAGS.request());
    assertEquals(0xae80, Ioctls.KVM_RUN.request());
    assertEquals(205, Uapi.KVM_CAP_ARM_MTE);
    assertEquals(0x6030_0000_0010_0000L, Registers.CORE_X0);
  }

  @Test
  void membersStandWhereTheKernelHasThem() {
    kvm_arm_copy_mte_tags copy =
        new kvm_arm_copy_mte_tags().guest_ipa(0x4000_0000).length(4096).addr(-1).reserved(1, 7);
    String expected =
        "0000004000000000"
            + "0010000000000000"
            + "ff".repeat(8)
            + "00".repeat(16)
            + "0700000000000000";
    assertArrayEquals(HexFormat.of().parseHex(expected), copy.toBytes());
    assertEquals(-1, copy.addr());
    assertEquals(7, copy.reserved(1));
    assertThrows(IndexOutOfBoundsException.class, () -> copy.reserved(2, 0));
  }

  @Test
  void innerStructsAreViews() {
    kvm_vcpu_events events = new kvm_vcpu_events();
    events.exception().serror_pending(1).serror_esr(0x1234);
    byte[] bytes = events.toBytes();
    assertEquals(1, bytes[0]);
    assertEquals(0x34, bytes[8]);
    kvm_run run = new kvm_run();
    run.mmio().phys_addr(0x0900_0000).data(new byte[] {1, 2}).len(2).is_write(1);
    assertEquals(0x0900_0000, run.arm_nisv().esr_iss());
    assertEquals(kvm_run.SIZE, run.sizeOf());
  }

  @Test
  void unsignedMembersAreNotNegative() {
    kvm_run run = new kvm_run().immediate_exit(0xff).flags(0xffff);
    assertEquals(0xff, run.immediate_exit());
    assertEquals(0xffff, run.flags());
  }

  @Test
  void flexibleArraysGrowWithWhatIsLoaded() {
    kvm_reg_list list = new kvm_reg_list(2).n(2).element(1, 5);
    assertEquals(24, list.sizeOf());
    kvm_reg_list loaded = new kvm_reg_list();
    ((Struct) loaded).load(ByteString.copyFrom(list.toBytes()));
    assertEquals(2, loaded.elements());
    assertEquals(5, loaded.element(1));
    kvm_irq_routing routing = new kvm_irq_routing(1).nr(1);
    routing.element(0).u().msi().data(9);
    assertEquals(9, routing.toBytes()[8 + 16 + 8]);
  }

  @Test
  void membersToComeAreZeroWithAPatch() {
    Operand later = new Operand(3).plus(16);
    kvm_userspace_memory_region region = new kvm_userspace_memory_region().userspace_addr(later);
    assertEquals(0, region.userspace_addr());
    Struct struct = region;
    assertEquals(1, struct.patches().size());
    assertEquals(24, struct.patches().get(0).getOffset());
    assertEquals(3, struct.patches().get(0).getValue().getCall());
    assertEquals(16, struct.patches().get(0).getAddend());
    region.userspace_addr(1);
    assertTrue(struct.patches().isEmpty());
  }

  @Test
  void bytesMustFit() {
    kvm_run run = new kvm_run();
    assertThrows(IllegalArgumentException.class, () -> run.mmio().data(new byte[9]));
    assertEquals(8, run.mmio().data().length);
  }
}
