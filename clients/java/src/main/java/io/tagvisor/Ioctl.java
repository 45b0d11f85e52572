package io.tagvisor;

import java.util.function.Supplier;

/**
 * A KVM request, typed by what its third argument is. {@link io.tagvisor.uapi.Ioctls} has them all.
 */
public sealed interface Ioctl {
  /** Its C name. */
  String name();

  /** The whole 32-bit number. */
  int request();

  /**
   * Takes a number, or nothing, and answers its result.
   *
   * @param name its C name
   * @param request the whole 32-bit number
   */
  record Value(String name, int request) implements Ioctl {}

  /**
   * Reads a struct, and answers its result.
   *
   * @param name its C name
   * @param request the whole 32-bit number
   * @param argument makes the struct
   */
  record In<S extends Struct>(String name, int request, Supplier<S> argument) implements Ioctl {}

  /**
   * Fills a struct, which it may read before, and answers that.
   *
   * @param name its C name
   * @param request the whole 32-bit number
   * @param argument makes the struct
   */
  record Out<S extends Struct>(String name, int request, Supplier<S> argument) implements Ioctl {}
}
