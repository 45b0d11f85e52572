package io.tagvisor;

import kvm.v1.SyscallServiceOuterClass.Link;

/** A number that a call takes: known, or what an earlier call of the same batch will answer. */
public class Operand {
  private static final int KNOWN = -1;

  /** The call that answers it, or KNOWN. */
  private final int call;

  /** Where in its data, for a struct's member; of width 0 it is what the call returned. */
  private final int offset;

  private final int width;
  private final long addend;

  private Operand(int call, int offset, int width, long addend) {
    this.call = call;
    this.offset = offset;
    this.width = width;
    this.addend = addend;
  }

  /** What a call of a batch will return. */
  Operand(int call) {
    this(call, 0, 0, 0);
  }

  /** A number that is known. */
  public static Operand of(long value) {
    return new Operand(KNOWN, 0, 0, value);
  }

  /** The number and {@code offset}: an address inside a mapping. */
  public Operand plus(long offset) {
    return new Operand(call, this.offset, width, addend + offset);
  }

  boolean isKnown() {
    return call == KNOWN;
  }

  Link link() {
    return Link.newBuilder().setCall(call).setOffset(offset).setWidth(width).build();
  }

  /** A member of the struct that the call will answer. */
  Operand at(Field field) {
    return new Operand(call, field.offset(), field.width(), 0);
  }

  /** The number itself where it is known, else what is added to it. */
  long number() {
    return addend;
  }

  /** What stands in a message's descriptor: -1 for one to come. */
  int fd() {
    return isKnown() ? (int) addend : -1;
  }
}
