package io.tagvisor;

/** An in-kernel device: an interrupt controller, an ITS. */
public final class Device extends AttributedDescriptor {
  /** What a batch has made. */
  public Device(LinuxProcess process, int fd) {
    super(process, fd);
  }
}
