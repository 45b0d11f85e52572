package io.tagvisor;

import java.util.Map;

/**
 * What kind of process to start.
 *
 * @param kernel the kernel to run under: seed-v10, 5.14, 6.1, 6.12, 7.1; empty for the server's
 *     default
 * @param labels words to recognize it by
 * @param leaseSeconds how long it outlives a client that has gone silent; 0 for the server's
 *     default
 */
public record SpawnOptions(String kernel, Map<String, String> labels, int leaseSeconds) {
  /** What the server chooses. */
  public static SpawnOptions defaults() {
    return new SpawnOptions("", Map.of(), 0);
  }

  /** Under one kernel. */
  public SpawnOptions withKernel(String kernel) {
    return new SpawnOptions(kernel, labels, leaseSeconds);
  }

  /** With words to recognize it by. */
  public SpawnOptions withLabels(Map<String, String> labels) {
    return new SpawnOptions(kernel, labels, leaseSeconds);
  }

  /** With another lease. */
  public SpawnOptions withLeaseSeconds(int leaseSeconds) {
    return new SpawnOptions(kernel, labels, leaseSeconds);
  }
}
