// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.

package io.tagvisor.uapi;

import io.tagvisor.Field;
import io.tagvisor.Operand;
import io.tagvisor.Struct;

/**
 * The structs of the headers, under their C names: SIZE bytes, zero at first. Each member
 * has a method that reads it, and methods that set it to a number or to what an earlier call
 * of a batch answers; the constant of its name tells a batch where it stands.
 */
public final class Structs {
  private Structs() {}

  /** The first argument of KVM_ARM_SET_DEVICE_ADDR; the struct is generic, its ids are arm64's. */
  public static final class kvm_arm_device_addr extends Struct {
    public static final int SIZE = 16;
    public static final Field id = new Field("id", 0, 8);
    public static final Field addr = new Field("addr", 8, 8);

    public kvm_arm_device_addr() {
      super(SIZE);
    }

    kvm_arm_device_addr(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long id() {
      return getLong(0);
    }

    public kvm_arm_device_addr id(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_arm_device_addr id(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long addr() {
      return getLong(8);
    }

    public kvm_arm_device_addr addr(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_arm_device_addr addr(Operand value) {
      put(8, 8, value);
      return this;
    }
  }

  /** struct kvm_clear_dirty_log. */
  public static final class kvm_clear_dirty_log extends Struct {
    public static final int SIZE = 24;
    public static final Field slot = new Field("slot", 0, 4);
    public static final Field num_pages = new Field("num_pages", 4, 4);
    public static final Field first_page = new Field("first_page", 8, 8);
    public static final Field dirty_bitmap = new Field("dirty_bitmap", 16, 8);

    public kvm_clear_dirty_log() {
      super(SIZE);
    }

    kvm_clear_dirty_log(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int slot() {
      return getInt(0, 4, false);
    }

    public kvm_clear_dirty_log slot(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_clear_dirty_log slot(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int num_pages() {
      return getInt(4, 4, false);
    }

    public kvm_clear_dirty_log num_pages(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_clear_dirty_log num_pages(Operand value) {
      put(4, 4, value);
      return this;
    }

    public long first_page() {
      return getLong(8);
    }

    public kvm_clear_dirty_log first_page(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_clear_dirty_log first_page(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long dirty_bitmap() {
      return getLong(16);
    }

    public kvm_clear_dirty_log dirty_bitmap(long value) {
      put(16, 8, value);
      return this;
    }

    public kvm_clear_dirty_log dirty_bitmap(Operand value) {
      put(16, 8, value);
      return this;
    }
  }

  /** struct kvm_coalesced_mmio. */
  public static final class kvm_coalesced_mmio extends Struct {
    public static final int SIZE = 24;
    public static final Field phys_addr = new Field("phys_addr", 0, 8);
    public static final Field len = new Field("len", 8, 4);
    public static final Field pio = new Field("pio", 12, 4);

    public kvm_coalesced_mmio() {
      super(SIZE);
    }

    kvm_coalesced_mmio(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long phys_addr() {
      return getLong(0);
    }

    public kvm_coalesced_mmio phys_addr(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_coalesced_mmio phys_addr(Operand value) {
      put(0, 8, value);
      return this;
    }

    public int len() {
      return getInt(8, 4, false);
    }

    public kvm_coalesced_mmio len(long value) {
      put(8, 4, value);
      return this;
    }

    public kvm_coalesced_mmio len(Operand value) {
      put(8, 4, value);
      return this;
    }

    public int pio() {
      return getInt(12, 4, false);
    }

    public kvm_coalesced_mmio pio(long value) {
      put(12, 4, value);
      return this;
    }

    public kvm_coalesced_mmio pio(Operand value) {
      put(12, 4, value);
      return this;
    }

    public byte[] data() {
      return getBytes(16, 8);
    }

    public kvm_coalesced_mmio data(byte[] value) {
      putBytes(16, 8, value);
      return this;
    }
  }

  /** The second page of a vCPU's mapping; entries fill the rest of the page. */
  public static final class kvm_coalesced_mmio_ring extends Struct {
    public static final int SIZE = 8;
    public static final Field first = new Field("first", 0, 4);
    public static final Field last = new Field("last", 4, 4);

    public kvm_coalesced_mmio_ring() {
      super(SIZE);
    }

    kvm_coalesced_mmio_ring(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    /** All zero, with room for so many elements. */
    public kvm_coalesced_mmio_ring(int elements) {
      super(SIZE + elements * 24);
    }

    /** How many elements it has room for. */
    public int elements() {
      return (sizeOf() - SIZE) / 24;
    }

    public kvm_coalesced_mmio element(int i) {
      return new kvm_coalesced_mmio(this, element(8, i, elements(), 24));
    }

    public int first() {
      return getInt(0, 4, false);
    }

    public kvm_coalesced_mmio_ring first(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_coalesced_mmio_ring first(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int last() {
      return getInt(4, 4, false);
    }

    public kvm_coalesced_mmio_ring last(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_coalesced_mmio_ring last(Operand value) {
      put(4, 4, value);
      return this;
    }
  }

  /** struct kvm_coalesced_mmio_zone. */
  public static final class kvm_coalesced_mmio_zone extends Struct {
    public static final int SIZE = 16;
    public static final Field addr = new Field("addr", 0, 8);
    public static final Field size = new Field("size", 8, 4);
    public static final Field pio = new Field("pio", 12, 4);

    public kvm_coalesced_mmio_zone() {
      super(SIZE);
    }

    kvm_coalesced_mmio_zone(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long addr() {
      return getLong(0);
    }

    public kvm_coalesced_mmio_zone addr(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_coalesced_mmio_zone addr(Operand value) {
      put(0, 8, value);
      return this;
    }

    public int size() {
      return getInt(8, 4, false);
    }

    public kvm_coalesced_mmio_zone size(long value) {
      put(8, 4, value);
      return this;
    }

    public kvm_coalesced_mmio_zone size(Operand value) {
      put(8, 4, value);
      return this;
    }

    public int pio() {
      return getInt(12, 4, false);
    }

    public kvm_coalesced_mmio_zone pio(long value) {
      put(12, 4, value);
      return this;
    }

    public kvm_coalesced_mmio_zone pio(Operand value) {
      put(12, 4, value);
      return this;
    }
  }

  /** struct kvm_create_device. */
  public static final class kvm_create_device extends Struct {
    public static final int SIZE = 12;
    public static final Field type = new Field("type", 0, 4);
    public static final Field fd = new Field("fd", 4, 4);
    public static final Field flags = new Field("flags", 8, 4);

    public kvm_create_device() {
      super(SIZE);
    }

    kvm_create_device(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int type() {
      return getInt(0, 4, false);
    }

    public kvm_create_device type(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_create_device type(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int fd() {
      return getInt(4, 4, false);
    }

    public kvm_create_device fd(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_create_device fd(Operand value) {
      put(4, 4, value);
      return this;
    }

    public int flags() {
      return getInt(8, 4, false);
    }

    public kvm_create_device flags(long value) {
      put(8, 4, value);
      return this;
    }

    public kvm_create_device flags(Operand value) {
      put(8, 4, value);
      return this;
    }
  }

  /** struct kvm_create_guest_memfd. */
  public static final class kvm_create_guest_memfd extends Struct {
    public static final int SIZE = 64;
    public static final Field size = new Field("size", 0, 8);
    public static final Field flags = new Field("flags", 8, 8);

    public kvm_create_guest_memfd() {
      super(SIZE);
    }

    kvm_create_guest_memfd(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long size() {
      return getLong(0);
    }

    public kvm_create_guest_memfd size(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_create_guest_memfd size(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long flags() {
      return getLong(8);
    }

    public kvm_create_guest_memfd flags(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_create_guest_memfd flags(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long reserved(int i) {
      return getLong(element(16, i, 6, 8));
    }

    public kvm_create_guest_memfd reserved(int i, long value) {
      put(element(16, i, 6, 8), 8, value);
      return this;
    }

    public kvm_create_guest_memfd reserved(int i, Operand value) {
      put(element(16, i, 6, 8), 8, value);
      return this;
    }
  }

  /** struct kvm_device_attr. */
  public static final class kvm_device_attr extends Struct {
    public static final int SIZE = 24;
    public static final Field flags = new Field("flags", 0, 4);
    public static final Field group = new Field("group", 4, 4);
    public static final Field attr = new Field("attr", 8, 8);
    public static final Field addr = new Field("addr", 16, 8);

    public kvm_device_attr() {
      super(SIZE);
    }

    kvm_device_attr(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int flags() {
      return getInt(0, 4, false);
    }

    public kvm_device_attr flags(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_device_attr flags(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int group() {
      return getInt(4, 4, false);
    }

    public kvm_device_attr group(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_device_attr group(Operand value) {
      put(4, 4, value);
      return this;
    }

    public long attr() {
      return getLong(8);
    }

    public kvm_device_attr attr(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_device_attr attr(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long addr() {
      return getLong(16);
    }

    public kvm_device_attr addr(long value) {
      put(16, 8, value);
      return this;
    }

    public kvm_device_attr addr(Operand value) {
      put(16, 8, value);
      return this;
    }
  }

  /** An entry of a dirty ring. */
  public static final class kvm_dirty_gfn extends Struct {
    public static final int SIZE = 16;
    public static final Field flags = new Field("flags", 0, 4);
    public static final Field slot = new Field("slot", 4, 4);
    public static final Field offset = new Field("offset", 8, 8);

    public kvm_dirty_gfn() {
      super(SIZE);
    }

    kvm_dirty_gfn(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int flags() {
      return getInt(0, 4, false);
    }

    public kvm_dirty_gfn flags(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_dirty_gfn flags(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int slot() {
      return getInt(4, 4, false);
    }

    public kvm_dirty_gfn slot(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_dirty_gfn slot(Operand value) {
      put(4, 4, value);
      return this;
    }

    public long offset() {
      return getLong(8);
    }

    public kvm_dirty_gfn offset(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_dirty_gfn offset(Operand value) {
      put(8, 8, value);
      return this;
    }
  }

  /** struct kvm_dirty_log. */
  public static final class kvm_dirty_log extends Struct {
    public static final int SIZE = 16;
    public static final Field slot = new Field("slot", 0, 4);
    public static final Field padding1 = new Field("padding1", 4, 4);
    public static final Field dirty_bitmap = new Field("dirty_bitmap", 8, 8);

    public kvm_dirty_log() {
      super(SIZE);
    }

    kvm_dirty_log(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int slot() {
      return getInt(0, 4, false);
    }

    public kvm_dirty_log slot(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_dirty_log slot(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int padding1() {
      return getInt(4, 4, false);
    }

    public kvm_dirty_log padding1(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_dirty_log padding1(Operand value) {
      put(4, 4, value);
      return this;
    }

    public long dirty_bitmap() {
      return getLong(8);
    }

    public kvm_dirty_log dirty_bitmap(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_dirty_log dirty_bitmap(Operand value) {
      put(8, 8, value);
      return this;
    }
  }

  /** struct kvm_enable_cap. */
  public static final class kvm_enable_cap extends Struct {
    public static final int SIZE = 104;
    public static final Field cap = new Field("cap", 0, 4);
    public static final Field flags = new Field("flags", 4, 4);

    public kvm_enable_cap() {
      super(SIZE);
    }

    kvm_enable_cap(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int cap() {
      return getInt(0, 4, false);
    }

    public kvm_enable_cap cap(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_enable_cap cap(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int flags() {
      return getInt(4, 4, false);
    }

    public kvm_enable_cap flags(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_enable_cap flags(Operand value) {
      put(4, 4, value);
      return this;
    }

    public long args(int i) {
      return getLong(element(8, i, 4, 8));
    }

    public kvm_enable_cap args(int i, long value) {
      put(element(8, i, 4, 8), 8, value);
      return this;
    }

    public kvm_enable_cap args(int i, Operand value) {
      put(element(8, i, 4, 8), 8, value);
      return this;
    }

    public byte[] pad() {
      return getBytes(40, 64);
    }

    public kvm_enable_cap pad(byte[] value) {
      putBytes(40, 64, value);
      return this;
    }
  }

  /** struct kvm_guest_debug_arch. */
  public static final class kvm_guest_debug_arch extends Struct {
    public static final int SIZE = 512;

    public kvm_guest_debug_arch() {
      super(SIZE);
    }

    kvm_guest_debug_arch(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long dbg_bcr(int i) {
      return getLong(element(0, i, 16, 8));
    }

    public kvm_guest_debug_arch dbg_bcr(int i, long value) {
      put(element(0, i, 16, 8), 8, value);
      return this;
    }

    public kvm_guest_debug_arch dbg_bcr(int i, Operand value) {
      put(element(0, i, 16, 8), 8, value);
      return this;
    }

    public long dbg_bvr(int i) {
      return getLong(element(128, i, 16, 8));
    }

    public kvm_guest_debug_arch dbg_bvr(int i, long value) {
      put(element(128, i, 16, 8), 8, value);
      return this;
    }

    public kvm_guest_debug_arch dbg_bvr(int i, Operand value) {
      put(element(128, i, 16, 8), 8, value);
      return this;
    }

    public long dbg_wcr(int i) {
      return getLong(element(256, i, 16, 8));
    }

    public kvm_guest_debug_arch dbg_wcr(int i, long value) {
      put(element(256, i, 16, 8), 8, value);
      return this;
    }

    public kvm_guest_debug_arch dbg_wcr(int i, Operand value) {
      put(element(256, i, 16, 8), 8, value);
      return this;
    }

    public long dbg_wvr(int i) {
      return getLong(element(384, i, 16, 8));
    }

    public kvm_guest_debug_arch dbg_wvr(int i, long value) {
      put(element(384, i, 16, 8), 8, value);
      return this;
    }

    public kvm_guest_debug_arch dbg_wvr(int i, Operand value) {
      put(element(384, i, 16, 8), 8, value);
      return this;
    }
  }

  /** struct kvm_guest_debug. */
  public static final class kvm_guest_debug extends Struct {
    public static final int SIZE = 520;
    public static final Field control = new Field("control", 0, 4);
    public static final Field pad = new Field("pad", 4, 4);

    public kvm_guest_debug() {
      super(SIZE);
    }

    kvm_guest_debug(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int control() {
      return getInt(0, 4, false);
    }

    public kvm_guest_debug control(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_guest_debug control(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int pad() {
      return getInt(4, 4, false);
    }

    public kvm_guest_debug pad(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_guest_debug pad(Operand value) {
      put(4, 4, value);
      return this;
    }

    public kvm_guest_debug_arch arch() {
      return new kvm_guest_debug_arch(this, 8);
    }
  }

  /** struct kvm_ioeventfd. */
  public static final class kvm_ioeventfd extends Struct {
    public static final int SIZE = 64;
    public static final Field datamatch = new Field("datamatch", 0, 8);
    public static final Field addr = new Field("addr", 8, 8);
    public static final Field len = new Field("len", 16, 4);
    public static final Field fd = new Field("fd", 20, 4);
    public static final Field flags = new Field("flags", 24, 4);

    public kvm_ioeventfd() {
      super(SIZE);
    }

    kvm_ioeventfd(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long datamatch() {
      return getLong(0);
    }

    public kvm_ioeventfd datamatch(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_ioeventfd datamatch(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long addr() {
      return getLong(8);
    }

    public kvm_ioeventfd addr(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_ioeventfd addr(Operand value) {
      put(8, 8, value);
      return this;
    }

    public int len() {
      return getInt(16, 4, false);
    }

    public kvm_ioeventfd len(long value) {
      put(16, 4, value);
      return this;
    }

    public kvm_ioeventfd len(Operand value) {
      put(16, 4, value);
      return this;
    }

    public int fd() {
      return getInt(20, 4, true);
    }

    public kvm_ioeventfd fd(long value) {
      put(20, 4, value);
      return this;
    }

    public kvm_ioeventfd fd(Operand value) {
      put(20, 4, value);
      return this;
    }

    public int flags() {
      return getInt(24, 4, false);
    }

    public kvm_ioeventfd flags(long value) {
      put(24, 4, value);
      return this;
    }

    public kvm_ioeventfd flags(Operand value) {
      put(24, 4, value);
      return this;
    }

    public byte[] pad() {
      return getBytes(28, 36);
    }

    public kvm_ioeventfd pad(byte[] value) {
      putBytes(28, 36, value);
      return this;
    }
  }

  /** struct kvm_irq_level. */
  public static final class kvm_irq_level extends Struct {
    public static final int SIZE = 8;
    public static final Field irq = new Field("irq", 0, 4);
    public static final Field status = new Field("status", 0, 4);
    public static final Field level = new Field("level", 4, 4);

    public kvm_irq_level() {
      super(SIZE);
    }

    kvm_irq_level(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int irq() {
      return getInt(0, 4, false);
    }

    public kvm_irq_level irq(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_irq_level irq(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int status() {
      return getInt(0, 4, true);
    }

    public kvm_irq_level status(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_irq_level status(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int level() {
      return getInt(4, 4, false);
    }

    public kvm_irq_level level(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_irq_level level(Operand value) {
      put(4, 4, value);
      return this;
    }
  }

  /** struct kvm_irq_routing_irqchip. */
  public static final class kvm_irq_routing_irqchip extends Struct {
    public static final int SIZE = 8;
    public static final Field irqchip = new Field("irqchip", 0, 4);
    public static final Field pin = new Field("pin", 4, 4);

    public kvm_irq_routing_irqchip() {
      super(SIZE);
    }

    kvm_irq_routing_irqchip(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int irqchip() {
      return getInt(0, 4, false);
    }

    public kvm_irq_routing_irqchip irqchip(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_irq_routing_irqchip irqchip(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int pin() {
      return getInt(4, 4, false);
    }

    public kvm_irq_routing_irqchip pin(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_irq_routing_irqchip pin(Operand value) {
      put(4, 4, value);
      return this;
    }
  }

  /** struct kvm_irq_routing_msi. */
  public static final class kvm_irq_routing_msi extends Struct {
    public static final int SIZE = 16;
    public static final Field address_lo = new Field("address_lo", 0, 4);
    public static final Field address_hi = new Field("address_hi", 4, 4);
    public static final Field data = new Field("data", 8, 4);
    public static final Field devid = new Field("devid", 12, 4);

    public kvm_irq_routing_msi() {
      super(SIZE);
    }

    kvm_irq_routing_msi(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int address_lo() {
      return getInt(0, 4, false);
    }

    public kvm_irq_routing_msi address_lo(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_irq_routing_msi address_lo(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int address_hi() {
      return getInt(4, 4, false);
    }

    public kvm_irq_routing_msi address_hi(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_irq_routing_msi address_hi(Operand value) {
      put(4, 4, value);
      return this;
    }

    public int data() {
      return getInt(8, 4, false);
    }

    public kvm_irq_routing_msi data(long value) {
      put(8, 4, value);
      return this;
    }

    public kvm_irq_routing_msi data(Operand value) {
      put(8, 4, value);
      return this;
    }

    public int devid() {
      return getInt(12, 4, false);
    }

    public kvm_irq_routing_msi devid(long value) {
      put(12, 4, value);
      return this;
    }

    public kvm_irq_routing_msi devid(Operand value) {
      put(12, 4, value);
      return this;
    }
  }

  /** No route of arm64's, but the member that aligns the entry to 8 bytes. */
  public static final class kvm_irq_routing_s390_adapter extends Struct {
    public static final int SIZE = 32;
    public static final Field ind_addr = new Field("ind_addr", 0, 8);
    public static final Field summary_addr = new Field("summary_addr", 8, 8);
    public static final Field ind_offset = new Field("ind_offset", 16, 8);
    public static final Field summary_offset = new Field("summary_offset", 24, 4);
    public static final Field adapter_id = new Field("adapter_id", 28, 4);

    public kvm_irq_routing_s390_adapter() {
      super(SIZE);
    }

    kvm_irq_routing_s390_adapter(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long ind_addr() {
      return getLong(0);
    }

    public kvm_irq_routing_s390_adapter ind_addr(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_irq_routing_s390_adapter ind_addr(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long summary_addr() {
      return getLong(8);
    }

    public kvm_irq_routing_s390_adapter summary_addr(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_irq_routing_s390_adapter summary_addr(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long ind_offset() {
      return getLong(16);
    }

    public kvm_irq_routing_s390_adapter ind_offset(long value) {
      put(16, 8, value);
      return this;
    }

    public kvm_irq_routing_s390_adapter ind_offset(Operand value) {
      put(16, 8, value);
      return this;
    }

    public int summary_offset() {
      return getInt(24, 4, false);
    }

    public kvm_irq_routing_s390_adapter summary_offset(long value) {
      put(24, 4, value);
      return this;
    }

    public kvm_irq_routing_s390_adapter summary_offset(Operand value) {
      put(24, 4, value);
      return this;
    }

    public int adapter_id() {
      return getInt(28, 4, false);
    }

    public kvm_irq_routing_s390_adapter adapter_id(long value) {
      put(28, 4, value);
      return this;
    }

    public kvm_irq_routing_s390_adapter adapter_id(Operand value) {
      put(28, 4, value);
      return this;
    }
  }

  /** The member u of kvm_irq_routing_entry. */
  public static final class kvm_irq_routing_entry_u extends Struct {
    public static final int SIZE = 32;

    public kvm_irq_routing_entry_u() {
      super(SIZE);
    }

    kvm_irq_routing_entry_u(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public kvm_irq_routing_irqchip irqchip() {
      return new kvm_irq_routing_irqchip(this, 0);
    }

    public kvm_irq_routing_msi msi() {
      return new kvm_irq_routing_msi(this, 0);
    }

    public kvm_irq_routing_s390_adapter adapter() {
      return new kvm_irq_routing_s390_adapter(this, 0);
    }

    public int pad(int i) {
      return getInt(element(0, i, 8, 4), 4, false);
    }

    public kvm_irq_routing_entry_u pad(int i, long value) {
      put(element(0, i, 8, 4), 4, value);
      return this;
    }

    public kvm_irq_routing_entry_u pad(int i, Operand value) {
      put(element(0, i, 8, 4), 4, value);
      return this;
    }
  }

  /** struct kvm_irq_routing_entry. */
  public static final class kvm_irq_routing_entry extends Struct {
    public static final int SIZE = 48;
    public static final Field gsi = new Field("gsi", 0, 4);
    public static final Field type = new Field("type", 4, 4);
    public static final Field flags = new Field("flags", 8, 4);
    public static final Field pad = new Field("pad", 12, 4);

    public kvm_irq_routing_entry() {
      super(SIZE);
    }

    kvm_irq_routing_entry(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int gsi() {
      return getInt(0, 4, false);
    }

    public kvm_irq_routing_entry gsi(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_irq_routing_entry gsi(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int type() {
      return getInt(4, 4, false);
    }

    public kvm_irq_routing_entry type(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_irq_routing_entry type(Operand value) {
      put(4, 4, value);
      return this;
    }

    public int flags() {
      return getInt(8, 4, false);
    }

    public kvm_irq_routing_entry flags(long value) {
      put(8, 4, value);
      return this;
    }

    public kvm_irq_routing_entry flags(Operand value) {
      put(8, 4, value);
      return this;
    }

    public int pad() {
      return getInt(12, 4, false);
    }

    public kvm_irq_routing_entry pad(long value) {
      put(12, 4, value);
      return this;
    }

    public kvm_irq_routing_entry pad(Operand value) {
      put(12, 4, value);
      return this;
    }

    public kvm_irq_routing_entry_u u() {
      return new kvm_irq_routing_entry_u(this, 16);
    }
  }

  /** struct kvm_irq_routing. */
  public static final class kvm_irq_routing extends Struct {
    public static final int SIZE = 8;
    public static final Field nr = new Field("nr", 0, 4);
    public static final Field flags = new Field("flags", 4, 4);

    public kvm_irq_routing() {
      super(SIZE);
    }

    kvm_irq_routing(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    /** All zero, with room for so many elements. */
    public kvm_irq_routing(int elements) {
      super(SIZE + elements * 48);
    }

    /** How many elements it has room for. */
    public int elements() {
      return (sizeOf() - SIZE) / 48;
    }

    public kvm_irq_routing_entry element(int i) {
      return new kvm_irq_routing_entry(this, element(8, i, elements(), 48));
    }

    public int nr() {
      return getInt(0, 4, false);
    }

    public kvm_irq_routing nr(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_irq_routing nr(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int flags() {
      return getInt(4, 4, false);
    }

    public kvm_irq_routing flags(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_irq_routing flags(Operand value) {
      put(4, 4, value);
      return this;
    }
  }

  /** struct kvm_irqfd. */
  public static final class kvm_irqfd extends Struct {
    public static final int SIZE = 32;
    public static final Field fd = new Field("fd", 0, 4);
    public static final Field gsi = new Field("gsi", 4, 4);
    public static final Field flags = new Field("flags", 8, 4);
    public static final Field resamplefd = new Field("resamplefd", 12, 4);

    public kvm_irqfd() {
      super(SIZE);
    }

    kvm_irqfd(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int fd() {
      return getInt(0, 4, false);
    }

    public kvm_irqfd fd(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_irqfd fd(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int gsi() {
      return getInt(4, 4, false);
    }

    public kvm_irqfd gsi(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_irqfd gsi(Operand value) {
      put(4, 4, value);
      return this;
    }

    public int flags() {
      return getInt(8, 4, false);
    }

    public kvm_irqfd flags(long value) {
      put(8, 4, value);
      return this;
    }

    public kvm_irqfd flags(Operand value) {
      put(8, 4, value);
      return this;
    }

    public int resamplefd() {
      return getInt(12, 4, false);
    }

    public kvm_irqfd resamplefd(long value) {
      put(12, 4, value);
      return this;
    }

    public kvm_irqfd resamplefd(Operand value) {
      put(12, 4, value);
      return this;
    }

    public byte[] pad() {
      return getBytes(16, 16);
    }

    public kvm_irqfd pad(byte[] value) {
      putBytes(16, 16, value);
      return this;
    }
  }

  /** struct kvm_memory_attributes. */
  public static final class kvm_memory_attributes extends Struct {
    public static final int SIZE = 32;
    public static final Field address = new Field("address", 0, 8);
    public static final Field size = new Field("size", 8, 8);
    public static final Field attributes = new Field("attributes", 16, 8);
    public static final Field flags = new Field("flags", 24, 8);

    public kvm_memory_attributes() {
      super(SIZE);
    }

    kvm_memory_attributes(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long address() {
      return getLong(0);
    }

    public kvm_memory_attributes address(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_memory_attributes address(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long size() {
      return getLong(8);
    }

    public kvm_memory_attributes size(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_memory_attributes size(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long attributes() {
      return getLong(16);
    }

    public kvm_memory_attributes attributes(long value) {
      put(16, 8, value);
      return this;
    }

    public kvm_memory_attributes attributes(Operand value) {
      put(16, 8, value);
      return this;
    }

    public long flags() {
      return getLong(24);
    }

    public kvm_memory_attributes flags(long value) {
      put(24, 8, value);
      return this;
    }

    public kvm_memory_attributes flags(Operand value) {
      put(24, 8, value);
      return this;
    }
  }

  /** struct kvm_mp_state. */
  public static final class kvm_mp_state extends Struct {
    public static final int SIZE = 4;
    public static final Field mp_state = new Field("mp_state", 0, 4);

    public kvm_mp_state() {
      super(SIZE);
    }

    kvm_mp_state(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int mp_state() {
      return getInt(0, 4, false);
    }

    public kvm_mp_state mp_state(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_mp_state mp_state(Operand value) {
      put(0, 4, value);
      return this;
    }
  }

  /** struct kvm_msi. */
  public static final class kvm_msi extends Struct {
    public static final int SIZE = 32;
    public static final Field address_lo = new Field("address_lo", 0, 4);
    public static final Field address_hi = new Field("address_hi", 4, 4);
    public static final Field data = new Field("data", 8, 4);
    public static final Field flags = new Field("flags", 12, 4);
    public static final Field devid = new Field("devid", 16, 4);

    public kvm_msi() {
      super(SIZE);
    }

    kvm_msi(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int address_lo() {
      return getInt(0, 4, false);
    }

    public kvm_msi address_lo(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_msi address_lo(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int address_hi() {
      return getInt(4, 4, false);
    }

    public kvm_msi address_hi(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_msi address_hi(Operand value) {
      put(4, 4, value);
      return this;
    }

    public int data() {
      return getInt(8, 4, false);
    }

    public kvm_msi data(long value) {
      put(8, 4, value);
      return this;
    }

    public kvm_msi data(Operand value) {
      put(8, 4, value);
      return this;
    }

    public int flags() {
      return getInt(12, 4, false);
    }

    public kvm_msi flags(long value) {
      put(12, 4, value);
      return this;
    }

    public kvm_msi flags(Operand value) {
      put(12, 4, value);
      return this;
    }

    public int devid() {
      return getInt(16, 4, false);
    }

    public kvm_msi devid(long value) {
      put(16, 4, value);
      return this;
    }

    public kvm_msi devid(Operand value) {
      put(16, 4, value);
      return this;
    }

    public byte[] pad() {
      return getBytes(20, 12);
    }

    public kvm_msi pad(byte[] value) {
      putBytes(20, 12, value);
      return this;
    }
  }

  /** struct kvm_one_reg. */
  public static final class kvm_one_reg extends Struct {
    public static final int SIZE = 16;
    public static final Field id = new Field("id", 0, 8);
    public static final Field addr = new Field("addr", 8, 8);

    public kvm_one_reg() {
      super(SIZE);
    }

    kvm_one_reg(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long id() {
      return getLong(0);
    }

    public kvm_one_reg id(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_one_reg id(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long addr() {
      return getLong(8);
    }

    public kvm_one_reg addr(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_one_reg addr(Operand value) {
      put(8, 8, value);
      return this;
    }
  }

  /** struct kvm_pre_fault_memory. */
  public static final class kvm_pre_fault_memory extends Struct {
    public static final int SIZE = 64;
    public static final Field gpa = new Field("gpa", 0, 8);
    public static final Field size = new Field("size", 8, 8);
    public static final Field flags = new Field("flags", 16, 8);

    public kvm_pre_fault_memory() {
      super(SIZE);
    }

    kvm_pre_fault_memory(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long gpa() {
      return getLong(0);
    }

    public kvm_pre_fault_memory gpa(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_pre_fault_memory gpa(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long size() {
      return getLong(8);
    }

    public kvm_pre_fault_memory size(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_pre_fault_memory size(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long flags() {
      return getLong(16);
    }

    public kvm_pre_fault_memory flags(long value) {
      put(16, 8, value);
      return this;
    }

    public kvm_pre_fault_memory flags(Operand value) {
      put(16, 8, value);
      return this;
    }

    public long padding(int i) {
      return getLong(element(24, i, 5, 8));
    }

    public kvm_pre_fault_memory padding(int i, long value) {
      put(element(24, i, 5, 8), 8, value);
      return this;
    }

    public kvm_pre_fault_memory padding(int i, Operand value) {
      put(element(24, i, 5, 8), 8, value);
      return this;
    }
  }

  /** struct kvm_reg_list. */
  public static final class kvm_reg_list extends Struct {
    public static final int SIZE = 8;
    public static final Field n = new Field("n", 0, 8);

    public kvm_reg_list() {
      super(SIZE);
    }

    kvm_reg_list(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    /** All zero, with room for so many elements. */
    public kvm_reg_list(int elements) {
      super(SIZE + elements * 8);
    }

    /** How many elements it has room for. */
    public int elements() {
      return (sizeOf() - SIZE) / 8;
    }

    public long element(int i) {
      return getLong(element(8, i, elements(), 8));
    }

    public kvm_reg_list element(int i, long value) {
      put(element(8, i, elements(), 8), 8, value);
      return this;
    }

    public kvm_reg_list element(int i, Operand value) {
      put(element(8, i, elements(), 8), 8, value);
      return this;
    }

    public long n() {
      return getLong(0);
    }

    public kvm_reg_list n(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_reg_list n(Operand value) {
      put(0, 8, value);
      return this;
    }
  }

  /** kvm_run.debug; before 6.1 there is no `hsr_high`. */
  public static final class kvm_debug_exit_arch extends Struct {
    public static final int SIZE = 16;
    public static final Field hsr = new Field("hsr", 0, 4);
    public static final Field hsr_high = new Field("hsr_high", 4, 4);
    public static final Field far = new Field("far", 8, 8);

    public kvm_debug_exit_arch() {
      super(SIZE);
    }

    kvm_debug_exit_arch(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int hsr() {
      return getInt(0, 4, false);
    }

    public kvm_debug_exit_arch hsr(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_debug_exit_arch hsr(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int hsr_high() {
      return getInt(4, 4, false);
    }

    public kvm_debug_exit_arch hsr_high(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_debug_exit_arch hsr_high(Operand value) {
      put(4, 4, value);
      return this;
    }

    public long far() {
      return getLong(8);
    }

    public kvm_debug_exit_arch far(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_debug_exit_arch far(Operand value) {
      put(8, 8, value);
      return this;
    }
  }

  /** kvm_run.s.regs */
  public static final class kvm_sync_regs extends Struct {
    public static final int SIZE = 8;
    public static final Field device_irq_level = new Field("device_irq_level", 0, 8);

    public kvm_sync_regs() {
      super(SIZE);
    }

    kvm_sync_regs(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long device_irq_level() {
      return getLong(0);
    }

    public kvm_sync_regs device_irq_level(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_sync_regs device_irq_level(Operand value) {
      put(0, 8, value);
      return this;
    }
  }

  /** The member hw of kvm_run. */
  public static final class kvm_run_hw extends Struct {
    public static final int SIZE = 8;
    public static final Field hardware_exit_reason = new Field("hardware_exit_reason", 0, 8);

    public kvm_run_hw() {
      super(SIZE);
    }

    kvm_run_hw(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long hardware_exit_reason() {
      return getLong(0);
    }

    public kvm_run_hw hardware_exit_reason(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_run_hw hardware_exit_reason(Operand value) {
      put(0, 8, value);
      return this;
    }
  }

  /** The member fail_entry of kvm_run. */
  public static final class kvm_run_fail_entry extends Struct {
    public static final int SIZE = 16;
    public static final Field hardware_entry_failure_reason = new Field("hardware_entry_failure_reason", 0, 8);
    public static final Field cpu = new Field("cpu", 8, 4);

    public kvm_run_fail_entry() {
      super(SIZE);
    }

    kvm_run_fail_entry(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long hardware_entry_failure_reason() {
      return getLong(0);
    }

    public kvm_run_fail_entry hardware_entry_failure_reason(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_run_fail_entry hardware_entry_failure_reason(Operand value) {
      put(0, 8, value);
      return this;
    }

    public int cpu() {
      return getInt(8, 4, false);
    }

    public kvm_run_fail_entry cpu(long value) {
      put(8, 4, value);
      return this;
    }

    public kvm_run_fail_entry cpu(Operand value) {
      put(8, 4, value);
      return this;
    }
  }

  /** The member debug of kvm_run. */
  public static final class kvm_run_debug extends Struct {
    public static final int SIZE = 16;

    public kvm_run_debug() {
      super(SIZE);
    }

    kvm_run_debug(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public kvm_debug_exit_arch arch() {
      return new kvm_debug_exit_arch(this, 0);
    }
  }

  /** The member mmio of kvm_run. */
  public static final class kvm_run_mmio extends Struct {
    public static final int SIZE = 24;
    public static final Field phys_addr = new Field("phys_addr", 0, 8);
    public static final Field len = new Field("len", 16, 4);
    public static final Field is_write = new Field("is_write", 20, 1);

    public kvm_run_mmio() {
      super(SIZE);
    }

    kvm_run_mmio(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long phys_addr() {
      return getLong(0);
    }

    public kvm_run_mmio phys_addr(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_run_mmio phys_addr(Operand value) {
      put(0, 8, value);
      return this;
    }

    public byte[] data() {
      return getBytes(8, 8);
    }

    public kvm_run_mmio data(byte[] value) {
      putBytes(8, 8, value);
      return this;
    }

    public int len() {
      return getInt(16, 4, false);
    }

    public kvm_run_mmio len(long value) {
      put(16, 4, value);
      return this;
    }

    public kvm_run_mmio len(Operand value) {
      put(16, 4, value);
      return this;
    }

    public int is_write() {
      return getInt(20, 1, false);
    }

    public kvm_run_mmio is_write(long value) {
      put(20, 1, value);
      return this;
    }

    public kvm_run_mmio is_write(Operand value) {
      put(20, 1, value);
      return this;
    }
  }

  /** The member hypercall of kvm_run. */
  public static final class kvm_run_hypercall extends Struct {
    public static final int SIZE = 72;
    public static final Field nr = new Field("nr", 0, 8);
    public static final Field ret = new Field("ret", 56, 8);
    public static final Field longmode = new Field("longmode", 64, 4);
    public static final Field flags = new Field("flags", 64, 8);

    public kvm_run_hypercall() {
      super(SIZE);
    }

    kvm_run_hypercall(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long nr() {
      return getLong(0);
    }

    public kvm_run_hypercall nr(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_run_hypercall nr(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long args(int i) {
      return getLong(element(8, i, 6, 8));
    }

    public kvm_run_hypercall args(int i, long value) {
      put(element(8, i, 6, 8), 8, value);
      return this;
    }

    public kvm_run_hypercall args(int i, Operand value) {
      put(element(8, i, 6, 8), 8, value);
      return this;
    }

    public long ret() {
      return getLong(56);
    }

    public kvm_run_hypercall ret(long value) {
      put(56, 8, value);
      return this;
    }

    public kvm_run_hypercall ret(Operand value) {
      put(56, 8, value);
      return this;
    }

    public int longmode() {
      return getInt(64, 4, false);
    }

    public kvm_run_hypercall longmode(long value) {
      put(64, 4, value);
      return this;
    }

    public kvm_run_hypercall longmode(Operand value) {
      put(64, 4, value);
      return this;
    }

    public long flags() {
      return getLong(64);
    }

    public kvm_run_hypercall flags(long value) {
      put(64, 8, value);
      return this;
    }

    public kvm_run_hypercall flags(Operand value) {
      put(64, 8, value);
      return this;
    }
  }

  /** The member internal of kvm_run. */
  public static final class kvm_run_internal extends Struct {
    public static final int SIZE = 136;
    public static final Field suberror = new Field("suberror", 0, 4);
    public static final Field ndata = new Field("ndata", 4, 4);

    public kvm_run_internal() {
      super(SIZE);
    }

    kvm_run_internal(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int suberror() {
      return getInt(0, 4, false);
    }

    public kvm_run_internal suberror(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_run_internal suberror(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int ndata() {
      return getInt(4, 4, false);
    }

    public kvm_run_internal ndata(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_run_internal ndata(Operand value) {
      put(4, 4, value);
      return this;
    }

    public long data(int i) {
      return getLong(element(8, i, 16, 8));
    }

    public kvm_run_internal data(int i, long value) {
      put(element(8, i, 16, 8), 8, value);
      return this;
    }

    public kvm_run_internal data(int i, Operand value) {
      put(element(8, i, 16, 8), 8, value);
      return this;
    }
  }

  /** The member system_event of kvm_run. */
  public static final class kvm_run_system_event extends Struct {
    public static final int SIZE = 136;
    public static final Field type = new Field("type", 0, 4);
    public static final Field ndata = new Field("ndata", 4, 4);
    public static final Field flags = new Field("flags", 8, 8);

    public kvm_run_system_event() {
      super(SIZE);
    }

    kvm_run_system_event(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int type() {
      return getInt(0, 4, false);
    }

    public kvm_run_system_event type(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_run_system_event type(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int ndata() {
      return getInt(4, 4, false);
    }

    public kvm_run_system_event ndata(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_run_system_event ndata(Operand value) {
      put(4, 4, value);
      return this;
    }

    public long flags() {
      return getLong(8);
    }

    public kvm_run_system_event flags(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_run_system_event flags(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long data(int i) {
      return getLong(element(8, i, 16, 8));
    }

    public kvm_run_system_event data(int i, long value) {
      put(element(8, i, 16, 8), 8, value);
      return this;
    }

    public kvm_run_system_event data(int i, Operand value) {
      put(element(8, i, 16, 8), 8, value);
      return this;
    }
  }

  /** The member arm_nisv of kvm_run. */
  public static final class kvm_run_arm_nisv extends Struct {
    public static final int SIZE = 16;
    public static final Field esr_iss = new Field("esr_iss", 0, 8);
    public static final Field fault_ipa = new Field("fault_ipa", 8, 8);

    public kvm_run_arm_nisv() {
      super(SIZE);
    }

    kvm_run_arm_nisv(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long esr_iss() {
      return getLong(0);
    }

    public kvm_run_arm_nisv esr_iss(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_run_arm_nisv esr_iss(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long fault_ipa() {
      return getLong(8);
    }

    public kvm_run_arm_nisv fault_ipa(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_run_arm_nisv fault_ipa(Operand value) {
      put(8, 8, value);
      return this;
    }
  }

  /** The member memory_fault of kvm_run. */
  public static final class kvm_run_memory_fault extends Struct {
    public static final int SIZE = 24;
    public static final Field flags = new Field("flags", 0, 8);
    public static final Field gpa = new Field("gpa", 8, 8);
    public static final Field size = new Field("size", 16, 8);

    public kvm_run_memory_fault() {
      super(SIZE);
    }

    kvm_run_memory_fault(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long flags() {
      return getLong(0);
    }

    public kvm_run_memory_fault flags(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_run_memory_fault flags(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long gpa() {
      return getLong(8);
    }

    public kvm_run_memory_fault gpa(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_run_memory_fault gpa(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long size() {
      return getLong(16);
    }

    public kvm_run_memory_fault size(long value) {
      put(16, 8, value);
      return this;
    }

    public kvm_run_memory_fault size(Operand value) {
      put(16, 8, value);
      return this;
    }
  }

  /** The member arm_sea of kvm_run. */
  public static final class kvm_run_arm_sea extends Struct {
    public static final int SIZE = 32;
    public static final Field flags = new Field("flags", 0, 8);
    public static final Field esr = new Field("esr", 8, 8);
    public static final Field gva = new Field("gva", 16, 8);
    public static final Field gpa = new Field("gpa", 24, 8);

    public kvm_run_arm_sea() {
      super(SIZE);
    }

    kvm_run_arm_sea(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long flags() {
      return getLong(0);
    }

    public kvm_run_arm_sea flags(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_run_arm_sea flags(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long esr() {
      return getLong(8);
    }

    public kvm_run_arm_sea esr(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_run_arm_sea esr(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long gva() {
      return getLong(16);
    }

    public kvm_run_arm_sea gva(long value) {
      put(16, 8, value);
      return this;
    }

    public kvm_run_arm_sea gva(Operand value) {
      put(16, 8, value);
      return this;
    }

    public long gpa() {
      return getLong(24);
    }

    public kvm_run_arm_sea gpa(long value) {
      put(24, 8, value);
      return this;
    }

    public kvm_run_arm_sea gpa(Operand value) {
      put(24, 8, value);
      return this;
    }
  }

  /** The member s of kvm_run. */
  public static final class kvm_run_s extends Struct {
    public static final int SIZE = 2048;

    public kvm_run_s() {
      super(SIZE);
    }

    kvm_run_s(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public kvm_sync_regs regs() {
      return new kvm_sync_regs(this, 0);
    }

    public byte[] padding() {
      return getBytes(0, 2048);
    }

    public kvm_run_s padding(byte[] value) {
      putBytes(0, 2048, value);
      return this;
    }
  }

  /** The first page of a vCPU's mapping. */
  public static final class kvm_run extends Struct {
    public static final int SIZE = 2352;
    public static final Field request_interrupt_window = new Field("request_interrupt_window", 0, 1);
    public static final Field immediate_exit = new Field("immediate_exit", 1, 1);
    public static final Field exit_reason = new Field("exit_reason", 8, 4);
    public static final Field ready_for_interrupt_injection = new Field("ready_for_interrupt_injection", 12, 1);
    public static final Field if_flag = new Field("if_flag", 13, 1);
    public static final Field flags = new Field("flags", 14, 2);
    public static final Field cr8 = new Field("cr8", 16, 8);
    public static final Field apic_base = new Field("apic_base", 24, 8);
    public static final Field kvm_valid_regs = new Field("kvm_valid_regs", 288, 8);
    public static final Field kvm_dirty_regs = new Field("kvm_dirty_regs", 296, 8);

    public kvm_run() {
      super(SIZE);
    }

    kvm_run(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int request_interrupt_window() {
      return getInt(0, 1, false);
    }

    public kvm_run request_interrupt_window(long value) {
      put(0, 1, value);
      return this;
    }

    public kvm_run request_interrupt_window(Operand value) {
      put(0, 1, value);
      return this;
    }

    public int immediate_exit() {
      return getInt(1, 1, false);
    }

    public kvm_run immediate_exit(long value) {
      put(1, 1, value);
      return this;
    }

    public kvm_run immediate_exit(Operand value) {
      put(1, 1, value);
      return this;
    }

    public byte[] padding1() {
      return getBytes(2, 6);
    }

    public kvm_run padding1(byte[] value) {
      putBytes(2, 6, value);
      return this;
    }

    public int exit_reason() {
      return getInt(8, 4, false);
    }

    public kvm_run exit_reason(long value) {
      put(8, 4, value);
      return this;
    }

    public kvm_run exit_reason(Operand value) {
      put(8, 4, value);
      return this;
    }

    public int ready_for_interrupt_injection() {
      return getInt(12, 1, false);
    }

    public kvm_run ready_for_interrupt_injection(long value) {
      put(12, 1, value);
      return this;
    }

    public kvm_run ready_for_interrupt_injection(Operand value) {
      put(12, 1, value);
      return this;
    }

    public int if_flag() {
      return getInt(13, 1, false);
    }

    public kvm_run if_flag(long value) {
      put(13, 1, value);
      return this;
    }

    public kvm_run if_flag(Operand value) {
      put(13, 1, value);
      return this;
    }

    public int flags() {
      return getInt(14, 2, false);
    }

    public kvm_run flags(long value) {
      put(14, 2, value);
      return this;
    }

    public kvm_run flags(Operand value) {
      put(14, 2, value);
      return this;
    }

    public long cr8() {
      return getLong(16);
    }

    public kvm_run cr8(long value) {
      put(16, 8, value);
      return this;
    }

    public kvm_run cr8(Operand value) {
      put(16, 8, value);
      return this;
    }

    public long apic_base() {
      return getLong(24);
    }

    public kvm_run apic_base(long value) {
      put(24, 8, value);
      return this;
    }

    public kvm_run apic_base(Operand value) {
      put(24, 8, value);
      return this;
    }

    public kvm_run_hw hw() {
      return new kvm_run_hw(this, 32);
    }

    public kvm_run_fail_entry fail_entry() {
      return new kvm_run_fail_entry(this, 32);
    }

    public kvm_run_debug debug() {
      return new kvm_run_debug(this, 32);
    }

    public kvm_run_mmio mmio() {
      return new kvm_run_mmio(this, 32);
    }

    public kvm_run_hypercall hypercall() {
      return new kvm_run_hypercall(this, 32);
    }

    public kvm_run_internal internal() {
      return new kvm_run_internal(this, 32);
    }

    public kvm_run_system_event system_event() {
      return new kvm_run_system_event(this, 32);
    }

    public kvm_run_arm_nisv arm_nisv() {
      return new kvm_run_arm_nisv(this, 32);
    }

    public kvm_run_memory_fault memory_fault() {
      return new kvm_run_memory_fault(this, 32);
    }

    public kvm_run_arm_sea arm_sea() {
      return new kvm_run_arm_sea(this, 32);
    }

    public byte[] padding() {
      return getBytes(32, 256);
    }

    public kvm_run padding(byte[] value) {
      putBytes(32, 256, value);
      return this;
    }

    public long kvm_valid_regs() {
      return getLong(288);
    }

    public kvm_run kvm_valid_regs(long value) {
      put(288, 8, value);
      return this;
    }

    public kvm_run kvm_valid_regs(Operand value) {
      put(288, 8, value);
      return this;
    }

    public long kvm_dirty_regs() {
      return getLong(296);
    }

    public kvm_run kvm_dirty_regs(long value) {
      put(296, 8, value);
      return this;
    }

    public kvm_run kvm_dirty_regs(Operand value) {
      put(296, 8, value);
      return this;
    }

    public kvm_run_s s() {
      return new kvm_run_s(this, 304);
    }
  }

  /** struct kvm_signal_mask. */
  public static final class kvm_signal_mask extends Struct {
    public static final int SIZE = 4;
    public static final Field len = new Field("len", 0, 4);

    public kvm_signal_mask() {
      super(SIZE);
    }

    kvm_signal_mask(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    /** All zero, with room for so many elements. */
    public kvm_signal_mask(int elements) {
      super(SIZE + elements * 1);
    }

    /** How many elements it has room for. */
    public int elements() {
      return (sizeOf() - SIZE) / 1;
    }

    public int element(int i) {
      return getInt(element(4, i, elements(), 1), 1, false);
    }

    public kvm_signal_mask element(int i, long value) {
      put(element(4, i, elements(), 1), 1, value);
      return this;
    }

    public kvm_signal_mask element(int i, Operand value) {
      put(element(4, i, elements(), 1), 1, value);
      return this;
    }

    public int len() {
      return getInt(0, 4, false);
    }

    public kvm_signal_mask len(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_signal_mask len(Operand value) {
      put(0, 4, value);
      return this;
    }
  }

  /** Before 6.1 `bucket_size` is an unused word. */
  public static final class kvm_stats_desc extends Struct {
    public static final int SIZE = 16;
    public static final Field flags = new Field("flags", 0, 4);
    public static final Field exponent = new Field("exponent", 4, 2);
    public static final Field size = new Field("size", 6, 2);
    public static final Field offset = new Field("offset", 8, 4);
    public static final Field bucket_size = new Field("bucket_size", 12, 4);

    public kvm_stats_desc() {
      super(SIZE);
    }

    kvm_stats_desc(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    /** All zero, with room for so many elements. */
    public kvm_stats_desc(int elements) {
      super(SIZE + elements * 1);
    }

    /** How many elements it has room for. */
    public int elements() {
      return (sizeOf() - SIZE) / 1;
    }

    public int element(int i) {
      return getInt(element(16, i, elements(), 1), 1, false);
    }

    public kvm_stats_desc element(int i, long value) {
      put(element(16, i, elements(), 1), 1, value);
      return this;
    }

    public kvm_stats_desc element(int i, Operand value) {
      put(element(16, i, elements(), 1), 1, value);
      return this;
    }

    public int flags() {
      return getInt(0, 4, false);
    }

    public kvm_stats_desc flags(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_stats_desc flags(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int exponent() {
      return getInt(4, 2, true);
    }

    public kvm_stats_desc exponent(long value) {
      put(4, 2, value);
      return this;
    }

    public kvm_stats_desc exponent(Operand value) {
      put(4, 2, value);
      return this;
    }

    public int size() {
      return getInt(6, 2, false);
    }

    public kvm_stats_desc size(long value) {
      put(6, 2, value);
      return this;
    }

    public kvm_stats_desc size(Operand value) {
      put(6, 2, value);
      return this;
    }

    public int offset() {
      return getInt(8, 4, false);
    }

    public kvm_stats_desc offset(long value) {
      put(8, 4, value);
      return this;
    }

    public kvm_stats_desc offset(Operand value) {
      put(8, 4, value);
      return this;
    }

    public int bucket_size() {
      return getInt(12, 4, false);
    }

    public kvm_stats_desc bucket_size(long value) {
      put(12, 4, value);
      return this;
    }

    public kvm_stats_desc bucket_size(Operand value) {
      put(12, 4, value);
      return this;
    }
  }

  /** struct kvm_stats_header. */
  public static final class kvm_stats_header extends Struct {
    public static final int SIZE = 24;
    public static final Field flags = new Field("flags", 0, 4);
    public static final Field name_size = new Field("name_size", 4, 4);
    public static final Field num_desc = new Field("num_desc", 8, 4);
    public static final Field id_offset = new Field("id_offset", 12, 4);
    public static final Field desc_offset = new Field("desc_offset", 16, 4);
    public static final Field data_offset = new Field("data_offset", 20, 4);

    public kvm_stats_header() {
      super(SIZE);
    }

    kvm_stats_header(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int flags() {
      return getInt(0, 4, false);
    }

    public kvm_stats_header flags(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_stats_header flags(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int name_size() {
      return getInt(4, 4, false);
    }

    public kvm_stats_header name_size(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_stats_header name_size(Operand value) {
      put(4, 4, value);
      return this;
    }

    public int num_desc() {
      return getInt(8, 4, false);
    }

    public kvm_stats_header num_desc(long value) {
      put(8, 4, value);
      return this;
    }

    public kvm_stats_header num_desc(Operand value) {
      put(8, 4, value);
      return this;
    }

    public int id_offset() {
      return getInt(12, 4, false);
    }

    public kvm_stats_header id_offset(long value) {
      put(12, 4, value);
      return this;
    }

    public kvm_stats_header id_offset(Operand value) {
      put(12, 4, value);
      return this;
    }

    public int desc_offset() {
      return getInt(16, 4, false);
    }

    public kvm_stats_header desc_offset(long value) {
      put(16, 4, value);
      return this;
    }

    public kvm_stats_header desc_offset(Operand value) {
      put(16, 4, value);
      return this;
    }

    public int data_offset() {
      return getInt(20, 4, false);
    }

    public kvm_stats_header data_offset(long value) {
      put(20, 4, value);
      return this;
    }

    public kvm_stats_header data_offset(Operand value) {
      put(20, 4, value);
      return this;
    }
  }

  /** struct kvm_translation. */
  public static final class kvm_translation extends Struct {
    public static final int SIZE = 24;
    public static final Field linear_address = new Field("linear_address", 0, 8);
    public static final Field physical_address = new Field("physical_address", 8, 8);
    public static final Field valid = new Field("valid", 16, 1);
    public static final Field writeable = new Field("writeable", 17, 1);
    public static final Field usermode = new Field("usermode", 18, 1);

    public kvm_translation() {
      super(SIZE);
    }

    kvm_translation(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long linear_address() {
      return getLong(0);
    }

    public kvm_translation linear_address(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_translation linear_address(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long physical_address() {
      return getLong(8);
    }

    public kvm_translation physical_address(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_translation physical_address(Operand value) {
      put(8, 8, value);
      return this;
    }

    public int valid() {
      return getInt(16, 1, false);
    }

    public kvm_translation valid(long value) {
      put(16, 1, value);
      return this;
    }

    public kvm_translation valid(Operand value) {
      put(16, 1, value);
      return this;
    }

    public int writeable() {
      return getInt(17, 1, false);
    }

    public kvm_translation writeable(long value) {
      put(17, 1, value);
      return this;
    }

    public kvm_translation writeable(Operand value) {
      put(17, 1, value);
      return this;
    }

    public int usermode() {
      return getInt(18, 1, false);
    }

    public kvm_translation usermode(long value) {
      put(18, 1, value);
      return this;
    }

    public kvm_translation usermode(Operand value) {
      put(18, 1, value);
      return this;
    }

    public byte[] pad() {
      return getBytes(19, 5);
    }

    public kvm_translation pad(byte[] value) {
      putBytes(19, 5, value);
      return this;
    }
  }

  /** struct kvm_userspace_memory_region. */
  public static final class kvm_userspace_memory_region extends Struct {
    public static final int SIZE = 32;
    public static final Field slot = new Field("slot", 0, 4);
    public static final Field flags = new Field("flags", 4, 4);
    public static final Field guest_phys_addr = new Field("guest_phys_addr", 8, 8);
    public static final Field memory_size = new Field("memory_size", 16, 8);
    public static final Field userspace_addr = new Field("userspace_addr", 24, 8);

    public kvm_userspace_memory_region() {
      super(SIZE);
    }

    kvm_userspace_memory_region(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int slot() {
      return getInt(0, 4, false);
    }

    public kvm_userspace_memory_region slot(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_userspace_memory_region slot(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int flags() {
      return getInt(4, 4, false);
    }

    public kvm_userspace_memory_region flags(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_userspace_memory_region flags(Operand value) {
      put(4, 4, value);
      return this;
    }

    public long guest_phys_addr() {
      return getLong(8);
    }

    public kvm_userspace_memory_region guest_phys_addr(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_userspace_memory_region guest_phys_addr(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long memory_size() {
      return getLong(16);
    }

    public kvm_userspace_memory_region memory_size(long value) {
      put(16, 8, value);
      return this;
    }

    public kvm_userspace_memory_region memory_size(Operand value) {
      put(16, 8, value);
      return this;
    }

    public long userspace_addr() {
      return getLong(24);
    }

    public kvm_userspace_memory_region userspace_addr(long value) {
      put(24, 8, value);
      return this;
    }

    public kvm_userspace_memory_region userspace_addr(Operand value) {
      put(24, 8, value);
      return this;
    }
  }

  /** struct kvm_userspace_memory_region2. */
  public static final class kvm_userspace_memory_region2 extends Struct {
    public static final int SIZE = 160;
    public static final Field slot = new Field("slot", 0, 4);
    public static final Field flags = new Field("flags", 4, 4);
    public static final Field guest_phys_addr = new Field("guest_phys_addr", 8, 8);
    public static final Field memory_size = new Field("memory_size", 16, 8);
    public static final Field userspace_addr = new Field("userspace_addr", 24, 8);
    public static final Field guest_memfd_offset = new Field("guest_memfd_offset", 32, 8);
    public static final Field guest_memfd = new Field("guest_memfd", 40, 4);
    public static final Field pad1 = new Field("pad1", 44, 4);

    public kvm_userspace_memory_region2() {
      super(SIZE);
    }

    kvm_userspace_memory_region2(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int slot() {
      return getInt(0, 4, false);
    }

    public kvm_userspace_memory_region2 slot(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_userspace_memory_region2 slot(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int flags() {
      return getInt(4, 4, false);
    }

    public kvm_userspace_memory_region2 flags(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_userspace_memory_region2 flags(Operand value) {
      put(4, 4, value);
      return this;
    }

    public long guest_phys_addr() {
      return getLong(8);
    }

    public kvm_userspace_memory_region2 guest_phys_addr(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_userspace_memory_region2 guest_phys_addr(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long memory_size() {
      return getLong(16);
    }

    public kvm_userspace_memory_region2 memory_size(long value) {
      put(16, 8, value);
      return this;
    }

    public kvm_userspace_memory_region2 memory_size(Operand value) {
      put(16, 8, value);
      return this;
    }

    public long userspace_addr() {
      return getLong(24);
    }

    public kvm_userspace_memory_region2 userspace_addr(long value) {
      put(24, 8, value);
      return this;
    }

    public kvm_userspace_memory_region2 userspace_addr(Operand value) {
      put(24, 8, value);
      return this;
    }

    public long guest_memfd_offset() {
      return getLong(32);
    }

    public kvm_userspace_memory_region2 guest_memfd_offset(long value) {
      put(32, 8, value);
      return this;
    }

    public kvm_userspace_memory_region2 guest_memfd_offset(Operand value) {
      put(32, 8, value);
      return this;
    }

    public int guest_memfd() {
      return getInt(40, 4, false);
    }

    public kvm_userspace_memory_region2 guest_memfd(long value) {
      put(40, 4, value);
      return this;
    }

    public kvm_userspace_memory_region2 guest_memfd(Operand value) {
      put(40, 4, value);
      return this;
    }

    public int pad1() {
      return getInt(44, 4, false);
    }

    public kvm_userspace_memory_region2 pad1(long value) {
      put(44, 4, value);
      return this;
    }

    public kvm_userspace_memory_region2 pad1(Operand value) {
      put(44, 4, value);
      return this;
    }

    public long pad2(int i) {
      return getLong(element(48, i, 14, 8));
    }

    public kvm_userspace_memory_region2 pad2(int i, long value) {
      put(element(48, i, 14, 8), 8, value);
      return this;
    }

    public kvm_userspace_memory_region2 pad2(int i, Operand value) {
      put(element(48, i, 14, 8), 8, value);
      return this;
    }
  }

  /** `addr` points at one byte a granule of 16 bytes, the tag in its low nibble. */
  public static final class kvm_arm_copy_mte_tags extends Struct {
    public static final int SIZE = 48;
    public static final Field guest_ipa = new Field("guest_ipa", 0, 8);
    public static final Field length = new Field("length", 8, 8);
    public static final Field addr = new Field("addr", 16, 8);
    public static final Field flags = new Field("flags", 24, 8);

    public kvm_arm_copy_mte_tags() {
      super(SIZE);
    }

    kvm_arm_copy_mte_tags(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long guest_ipa() {
      return getLong(0);
    }

    public kvm_arm_copy_mte_tags guest_ipa(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_arm_copy_mte_tags guest_ipa(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long length() {
      return getLong(8);
    }

    public kvm_arm_copy_mte_tags length(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_arm_copy_mte_tags length(Operand value) {
      put(8, 8, value);
      return this;
    }

    public long addr() {
      return getLong(16);
    }

    public kvm_arm_copy_mte_tags addr(long value) {
      put(16, 8, value);
      return this;
    }

    public kvm_arm_copy_mte_tags addr(Operand value) {
      put(16, 8, value);
      return this;
    }

    public long flags() {
      return getLong(24);
    }

    public kvm_arm_copy_mte_tags flags(long value) {
      put(24, 8, value);
      return this;
    }

    public kvm_arm_copy_mte_tags flags(Operand value) {
      put(24, 8, value);
      return this;
    }

    public long reserved(int i) {
      return getLong(element(32, i, 2, 8));
    }

    public kvm_arm_copy_mte_tags reserved(int i, long value) {
      put(element(32, i, 2, 8), 8, value);
      return this;
    }

    public kvm_arm_copy_mte_tags reserved(int i, Operand value) {
      put(element(32, i, 2, 8), 8, value);
      return this;
    }
  }

  /** struct kvm_arm_counter_offset. */
  public static final class kvm_arm_counter_offset extends Struct {
    public static final int SIZE = 16;
    public static final Field counter_offset = new Field("counter_offset", 0, 8);
    public static final Field reserved = new Field("reserved", 8, 8);

    public kvm_arm_counter_offset() {
      super(SIZE);
    }

    kvm_arm_counter_offset(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long counter_offset() {
      return getLong(0);
    }

    public kvm_arm_counter_offset counter_offset(long value) {
      put(0, 8, value);
      return this;
    }

    public kvm_arm_counter_offset counter_offset(Operand value) {
      put(0, 8, value);
      return this;
    }

    public long reserved() {
      return getLong(8);
    }

    public kvm_arm_counter_offset reserved(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_arm_counter_offset reserved(Operand value) {
      put(8, 8, value);
      return this;
    }
  }

  /** Empty on arm64, so its requests carry size 0. */
  public static final class kvm_fpu extends Struct {
    public static final int SIZE = 0;

    public kvm_fpu() {
      super(SIZE);
    }

    kvm_fpu(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }
  }

  /** struct kvm_pmu_event_filter. */
  public static final class kvm_pmu_event_filter extends Struct {
    public static final int SIZE = 8;
    public static final Field base_event = new Field("base_event", 0, 2);
    public static final Field nevents = new Field("nevents", 2, 2);
    public static final Field action = new Field("action", 4, 1);

    public kvm_pmu_event_filter() {
      super(SIZE);
    }

    kvm_pmu_event_filter(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int base_event() {
      return getInt(0, 2, false);
    }

    public kvm_pmu_event_filter base_event(long value) {
      put(0, 2, value);
      return this;
    }

    public kvm_pmu_event_filter base_event(Operand value) {
      put(0, 2, value);
      return this;
    }

    public int nevents() {
      return getInt(2, 2, false);
    }

    public kvm_pmu_event_filter nevents(long value) {
      put(2, 2, value);
      return this;
    }

    public kvm_pmu_event_filter nevents(Operand value) {
      put(2, 2, value);
      return this;
    }

    public int action() {
      return getInt(4, 1, false);
    }

    public kvm_pmu_event_filter action(long value) {
      put(4, 1, value);
      return this;
    }

    public kvm_pmu_event_filter action(Operand value) {
      put(4, 1, value);
      return this;
    }

    public byte[] pad() {
      return getBytes(5, 3);
    }

    public kvm_pmu_event_filter pad(byte[] value) {
      putBytes(5, 3, value);
      return this;
    }
  }

  /** struct user_pt_regs. */
  public static final class user_pt_regs extends Struct {
    public static final int SIZE = 272;
    public static final Field sp = new Field("sp", 248, 8);
    public static final Field pc = new Field("pc", 256, 8);
    public static final Field pstate = new Field("pstate", 264, 8);

    public user_pt_regs() {
      super(SIZE);
    }

    user_pt_regs(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long regs(int i) {
      return getLong(element(0, i, 31, 8));
    }

    public user_pt_regs regs(int i, long value) {
      put(element(0, i, 31, 8), 8, value);
      return this;
    }

    public user_pt_regs regs(int i, Operand value) {
      put(element(0, i, 31, 8), 8, value);
      return this;
    }

    public long sp() {
      return getLong(248);
    }

    public user_pt_regs sp(long value) {
      put(248, 8, value);
      return this;
    }

    public user_pt_regs sp(Operand value) {
      put(248, 8, value);
      return this;
    }

    public long pc() {
      return getLong(256);
    }

    public user_pt_regs pc(long value) {
      put(256, 8, value);
      return this;
    }

    public user_pt_regs pc(Operand value) {
      put(256, 8, value);
      return this;
    }

    public long pstate() {
      return getLong(264);
    }

    public user_pt_regs pstate(long value) {
      put(264, 8, value);
      return this;
    }

    public user_pt_regs pstate(Operand value) {
      put(264, 8, value);
      return this;
    }
  }

  /** struct user_fpsimd_state. */
  public static final class user_fpsimd_state extends Struct {
    public static final int SIZE = 528;
    public static final Field fpsr = new Field("fpsr", 512, 4);
    public static final Field fpcr = new Field("fpcr", 516, 4);

    public user_fpsimd_state() {
      super(SIZE);
    }

    user_fpsimd_state(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public byte[] vregs(int i) {
      return getBytes(element(0, i, 32, 16), 16);
    }

    public user_fpsimd_state vregs(int i, byte[] value) {
      putBytes(element(0, i, 32, 16), 16, value);
      return this;
    }

    public int fpsr() {
      return getInt(512, 4, false);
    }

    public user_fpsimd_state fpsr(long value) {
      put(512, 4, value);
      return this;
    }

    public user_fpsimd_state fpsr(Operand value) {
      put(512, 4, value);
      return this;
    }

    public int fpcr() {
      return getInt(516, 4, false);
    }

    public user_fpsimd_state fpcr(long value) {
      put(516, 4, value);
      return this;
    }

    public user_fpsimd_state fpcr(Operand value) {
      put(516, 4, value);
      return this;
    }

    public int __reserved(int i) {
      return getInt(element(520, i, 2, 4), 4, false);
    }

    public user_fpsimd_state __reserved(int i, long value) {
      put(element(520, i, 2, 4), 4, value);
      return this;
    }

    public user_fpsimd_state __reserved(int i, Operand value) {
      put(element(520, i, 2, 4), 4, value);
      return this;
    }
  }

  /** struct kvm_regs. */
  public static final class kvm_regs extends Struct {
    public static final int SIZE = 864;
    public static final Field sp_el1 = new Field("sp_el1", 272, 8);
    public static final Field elr_el1 = new Field("elr_el1", 280, 8);

    public kvm_regs() {
      super(SIZE);
    }

    kvm_regs(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public user_pt_regs regs() {
      return new user_pt_regs(this, 0);
    }

    public long sp_el1() {
      return getLong(272);
    }

    public kvm_regs sp_el1(long value) {
      put(272, 8, value);
      return this;
    }

    public kvm_regs sp_el1(Operand value) {
      put(272, 8, value);
      return this;
    }

    public long elr_el1() {
      return getLong(280);
    }

    public kvm_regs elr_el1(long value) {
      put(280, 8, value);
      return this;
    }

    public kvm_regs elr_el1(Operand value) {
      put(280, 8, value);
      return this;
    }

    public long spsr(int i) {
      return getLong(element(288, i, 5, 8));
    }

    public kvm_regs spsr(int i, long value) {
      put(element(288, i, 5, 8), 8, value);
      return this;
    }

    public kvm_regs spsr(int i, Operand value) {
      put(element(288, i, 5, 8), 8, value);
      return this;
    }

    public user_fpsimd_state fp_regs() {
      return new user_fpsimd_state(this, 336);
    }
  }

  /** struct kvm_smccc_filter. */
  public static final class kvm_smccc_filter extends Struct {
    public static final int SIZE = 24;
    public static final Field base = new Field("base", 0, 4);
    public static final Field nr_functions = new Field("nr_functions", 4, 4);
    public static final Field action = new Field("action", 8, 1);

    public kvm_smccc_filter() {
      super(SIZE);
    }

    kvm_smccc_filter(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int base() {
      return getInt(0, 4, false);
    }

    public kvm_smccc_filter base(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_smccc_filter base(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int nr_functions() {
      return getInt(4, 4, false);
    }

    public kvm_smccc_filter nr_functions(long value) {
      put(4, 4, value);
      return this;
    }

    public kvm_smccc_filter nr_functions(Operand value) {
      put(4, 4, value);
      return this;
    }

    public int action() {
      return getInt(8, 1, false);
    }

    public kvm_smccc_filter action(long value) {
      put(8, 1, value);
      return this;
    }

    public kvm_smccc_filter action(Operand value) {
      put(8, 1, value);
      return this;
    }

    public byte[] pad() {
      return getBytes(9, 15);
    }

    public kvm_smccc_filter pad(byte[] value) {
      putBytes(9, 15, value);
      return this;
    }
  }

  /** Empty on arm64, so its requests carry size 0. */
  public static final class kvm_sregs extends Struct {
    public static final int SIZE = 0;

    public kvm_sregs() {
      super(SIZE);
    }

    kvm_sregs(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }
  }

  /** The member exception of kvm_vcpu_events. */
  public static final class kvm_vcpu_events_exception extends Struct {
    public static final int SIZE = 16;
    public static final Field serror_pending = new Field("serror_pending", 0, 1);
    public static final Field serror_has_esr = new Field("serror_has_esr", 1, 1);
    public static final Field ext_dabt_pending = new Field("ext_dabt_pending", 2, 1);
    public static final Field serror_esr = new Field("serror_esr", 8, 8);

    public kvm_vcpu_events_exception() {
      super(SIZE);
    }

    kvm_vcpu_events_exception(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int serror_pending() {
      return getInt(0, 1, false);
    }

    public kvm_vcpu_events_exception serror_pending(long value) {
      put(0, 1, value);
      return this;
    }

    public kvm_vcpu_events_exception serror_pending(Operand value) {
      put(0, 1, value);
      return this;
    }

    public int serror_has_esr() {
      return getInt(1, 1, false);
    }

    public kvm_vcpu_events_exception serror_has_esr(long value) {
      put(1, 1, value);
      return this;
    }

    public kvm_vcpu_events_exception serror_has_esr(Operand value) {
      put(1, 1, value);
      return this;
    }

    public int ext_dabt_pending() {
      return getInt(2, 1, false);
    }

    public kvm_vcpu_events_exception ext_dabt_pending(long value) {
      put(2, 1, value);
      return this;
    }

    public kvm_vcpu_events_exception ext_dabt_pending(Operand value) {
      put(2, 1, value);
      return this;
    }

    public byte[] pad() {
      return getBytes(3, 5);
    }

    public kvm_vcpu_events_exception pad(byte[] value) {
      putBytes(3, 5, value);
      return this;
    }

    public long serror_esr() {
      return getLong(8);
    }

    public kvm_vcpu_events_exception serror_esr(long value) {
      put(8, 8, value);
      return this;
    }

    public kvm_vcpu_events_exception serror_esr(Operand value) {
      put(8, 8, value);
      return this;
    }
  }

  /** struct kvm_vcpu_events. */
  public static final class kvm_vcpu_events extends Struct {
    public static final int SIZE = 64;

    public kvm_vcpu_events() {
      super(SIZE);
    }

    kvm_vcpu_events(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public kvm_vcpu_events_exception exception() {
      return new kvm_vcpu_events_exception(this, 0);
    }

    public int reserved(int i) {
      return getInt(element(16, i, 12, 4), 4, false);
    }

    public kvm_vcpu_events reserved(int i, long value) {
      put(element(16, i, 12, 4), 4, value);
      return this;
    }

    public kvm_vcpu_events reserved(int i, Operand value) {
      put(element(16, i, 12, 4), 4, value);
      return this;
    }
  }

  /** struct kvm_vcpu_init. */
  public static final class kvm_vcpu_init extends Struct {
    public static final int SIZE = 32;
    public static final Field target = new Field("target", 0, 4);

    public kvm_vcpu_init() {
      super(SIZE);
    }

    kvm_vcpu_init(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public int target() {
      return getInt(0, 4, false);
    }

    public kvm_vcpu_init target(long value) {
      put(0, 4, value);
      return this;
    }

    public kvm_vcpu_init target(Operand value) {
      put(0, 4, value);
      return this;
    }

    public int features(int i) {
      return getInt(element(4, i, 7, 4), 4, false);
    }

    public kvm_vcpu_init features(int i, long value) {
      put(element(4, i, 7, 4), 4, value);
      return this;
    }

    public kvm_vcpu_init features(int i, Operand value) {
      put(element(4, i, 7, 4), 4, value);
      return this;
    }
  }

  /** struct reg_mask_range. */
  public static final class reg_mask_range extends Struct {
    public static final int SIZE = 64;
    public static final Field addr = new Field("addr", 0, 8);
    public static final Field range = new Field("range", 8, 4);

    public reg_mask_range() {
      super(SIZE);
    }

    reg_mask_range(Struct outer, int offset) {
      super(outer, offset, SIZE);
    }

    public long addr() {
      return getLong(0);
    }

    public reg_mask_range addr(long value) {
      put(0, 8, value);
      return this;
    }

    public reg_mask_range addr(Operand value) {
      put(0, 8, value);
      return this;
    }

    public int range() {
      return getInt(8, 4, false);
    }

    public reg_mask_range range(long value) {
      put(8, 4, value);
      return this;
    }

    public reg_mask_range range(Operand value) {
      put(8, 4, value);
      return this;
    }

    public int reserved(int i) {
      return getInt(element(12, i, 13, 4), 4, false);
    }

    public reg_mask_range reserved(int i, long value) {
      put(element(12, i, 13, 4), 4, value);
      return this;
    }

    public reg_mask_range reserved(int i, Operand value) {
      put(element(12, i, 13, 4), 4, value);
      return this;
    }
  }
}
