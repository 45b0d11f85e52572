package io.tagvisor;

import io.grpc.StatusRuntimeException;
import io.tagvisor.Call.Trace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import kvm.v1.InspectServiceGrpc.InspectServiceBlockingStub;
import kvm.v1.InspectServiceOuterClass.TraceEntry;
import kvm.v1.InspectServiceOuterClass.TraceRequest;
import kvm.v1.InspectServiceOuterClass.TraceResponse;

/** Which check refused a call: what the process's trace says of its last failures. */
final class Rules {
  /** How many failures are remembered that nobody asked about yet. */
  private static final int MEMORY = 256;

  private final InspectServiceBlockingStub inspect;
  private final long process;
  private long since;

  /** The last failures, newest first. */
  private final Deque<TraceEntry> failures = new ArrayDeque<>();

  Rules(InspectServiceBlockingStub inspect, long process) {
    this.inspect = inspect;
    this.process = process;
  }

  /**
   * The rule behind a failure; null where the trace does not have it any more, or cannot be read.
   */
  synchronized String find(Trace trace, int error) {
    try {
      read();
    } catch (StatusRuntimeException e) {
      // The failure itself is worth more than why its rule is not to be had.
    }
    for (TraceEntry entry : failures) {
      if (entry.getErrorValue() != error || !trace.matches(entry)) continue;
      return entry.getRule().isEmpty() ? null : entry.getRule();
    }
    return null;
  }

  /** Reads on where the last reading ended. */
  private void read() {
    TraceRequest request = TraceRequest.newBuilder().setProcess(process).setSince(since).build();
    for (Iterator<TraceResponse> pieces = inspect.trace(request); pieces.hasNext(); ) {
      for (TraceEntry entry : pieces.next().getEntriesList()) {
        since = entry.getSequence();
        if (entry.getErrorValue() != 0) failures.addFirst(entry);
        if (failures.size() > MEMORY) failures.removeLast();
      }
    }
  }
}
