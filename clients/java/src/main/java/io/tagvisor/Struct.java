package io.tagvisor;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import kvm.v1.SyscallServiceOuterClass.Patch;

/**
 * A C struct as the kernel has it: bytes, with members under their C names. All are zero at first.
 *
 * <p>A member can be an answer of an earlier call of the batch that the struct is passed in.
 */
public abstract class Struct {
  private ByteBuffer bytes;
  private final int base;
  private int size;

  /** Members that earlier calls of the batch will answer. */
  private final List<Patch> patches;

  /** A struct of its own. */
  protected Struct(int size) {
    this.bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    this.base = 0;
    this.size = size;
    this.patches = new ArrayList<>();
  }

  /** A struct inside another. */
  protected Struct(Struct outer, int offset, int size) {
    this.bytes = outer.bytes;
    this.base = outer.base + offset;
    this.size = size;
    this.patches = outer.patches;
  }

  /** What C's sizeof gives, and the elements of a flexible array. */
  public final int sizeOf() {
    return size;
  }

  /** A copy of the bytes. */
  public final byte[] toBytes() {
    byte[] copy = new byte[size];
    bytes.get(base, copy);
    return copy;
  }

  /** Becomes what a call has left of a struct, which may end in elements. */
  final void load(ByteString from) {
    size = Math.max(size, from.size());
    bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    from.copyTo(bytes.array(), 0);
  }

  final ByteString encoded() {
    return ByteString.copyFrom(bytes.array(), base, size);
  }

  /** The members to come, at their places in this struct. */
  final List<Patch> patches() {
    return patches;
  }

  /** A member of 1, 2 or 4 bytes. */
  protected final int getInt(int offset, int width, boolean signed) {
    int at = base + offset;
    return switch (width) {
      case 1 -> signed ? bytes.get(at) : Byte.toUnsignedInt(bytes.get(at));
      case 2 -> signed ? bytes.getShort(at) : Short.toUnsignedInt(bytes.getShort(at));
      default -> bytes.getInt(at);
    };
  }

  /** A member of 8 bytes. */
  protected final long getLong(int offset) {
    return bytes.getLong(base + offset);
  }

  /** Writes the low bytes of a number. */
  protected final void put(int offset, int width, long value) {
    int at = base + offset;
    patches.removeIf(patch -> patch.getOffset() == at);
    switch (width) {
      case 1 -> bytes.put(at, (byte) value);
      case 2 -> bytes.putShort(at, (short) value);
      case 4 -> bytes.putInt(at, (int) value);
      default -> bytes.putLong(at, value);
    }
  }

  /** Writes a number, or has the server do it once the number is there. */
  protected final void put(int offset, int width, Operand value) {
    put(offset, width, value.isKnown() ? value.number() : 0);
    if (value.isKnown()) return;
    patches.add(
        Patch.newBuilder()
            .setOffset(base + offset)
            .setWidth(width)
            .setValue(value.link())
            .setAddend(value.number())
            .build());
  }

  /** A member of raw bytes. */
  protected final byte[] getBytes(int offset, int length) {
    byte[] copy = new byte[length];
    bytes.get(base + offset, copy);
    return copy;
  }

  /** Writes raw bytes; a shorter value leaves the rest as it is. */
  protected final void putBytes(int offset, int length, byte[] value) {
    if (value.length > length) throw new IllegalArgumentException("more than " + length + " bytes");
    bytes.put(base + offset, value);
  }

  /** Where an element of an array stands. */
  protected static int element(int offset, int index, int length, int size) {
    if (index < 0 || index >= length) throw new IndexOutOfBoundsException(index);
    return offset + index * size;
  }

  /** An integer of 32 bits that a request points at. */
  public static final class Int32 extends Struct {
    /** Zero. */
    public Int32() {
      super(4);
    }

    /** Its value. */
    public int value() {
      return getInt(0, 4, true);
    }

    /** Sets its value. */
    public Int32 value(long value) {
      put(0, 4, value);
      return this;
    }
  }
}
