package io.tagvisor;

/**
 * How to enter a guest.
 *
 * @param immediateExit where it is not null, what KVM_RUN finds in {@code immediate_exit}, which
 *     keeps it: if it is not 0, KVM_RUN completes the last exit and returns EINTR
 * @param mmioData what the guest's MMIO read gets; else null
 */
public record RunOptions(Integer immediateExit, byte[] mmioData) {
  /** On from where it stopped. */
  public static RunOptions defaults() {
    return new RunOptions(null, null);
  }

  /** With another immediate_exit. */
  public RunOptions withImmediateExit(int immediateExit) {
    return new RunOptions(immediateExit, mmioData);
  }

  /** With what the guest's MMIO read gets. */
  public RunOptions withMmioData(byte[] mmioData) {
    return new RunOptions(immediateExit, mmioData);
  }
}
