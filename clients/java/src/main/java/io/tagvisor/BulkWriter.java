package io.tagvisor;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tagvisor.Subject.Answers;
import io.tagvisor.Subject.Chunk;
import io.tagvisor.Subject.Sink;
import io.tagvisor.uapi.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** Writes memory or tags in chunks: so many are under way that neither side waits, and no more. */
final class BulkWriter implements Answers {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int WINDOW = 8;

  /** Where chunks come from. */
  private interface Source {
    /** The next one; empty at the end. */
    ByteString next() throws IOException;
  }

  private final Subject subject;
  private final long start;
  private final Sink sink;

  /** What is not answered yet, oldest first. */
  private final Deque<ByteString> underWay = new ArrayDeque<>();

  private final CompletableFuture<Void> end = new CompletableFuture<>();

  /** Bytes of chunks that were written. */
  private long done;

  private int error;

  /** What the first chunk that was not written whole has left. */
  private ByteString left = ByteString.EMPTY;

  private BulkWriter(Subject subject, long start) {
    this.subject = subject;
    this.start = start;
    this.sink = subject.write(this);
  }

  /**
   * Writes bytes, which must not change before it returns; answers how many bytes of memory were
   * done.
   */
  static long write(Subject subject, long start, byte[] data) {
    int[] at = {0};
    return write(
        subject,
        start,
        () -> {
          int from = at[0];
          at[0] = Math.min(data.length, from + CHUNK_BYTES);
          return UnsafeByteOperations.unsafeWrap(data, from, at[0] - from);
        });
  }

  /** Writes a stream to its end; answers how many bytes of memory were done. */
  static long write(Subject subject, long start, InputStream source) {
    return write(
        subject, start, () -> UnsafeByteOperations.unsafeWrap(source.readNBytes(CHUNK_BYTES)));
  }

  private static long write(Subject subject, long start, Source source) {
    BulkWriter writer = new BulkWriter(subject, start);
    writer.pump(source);
    if (writer.error != 0 || !writer.left.isEmpty()) throw writer.failure();
    return writer.doneBytes();
  }

  private long doneBytes() {
    return done * subject.scale;
  }

  private void pump(Source source) {
    try {
      long sent = 0;
      for (ByteString data = source.next(); !data.isEmpty(); data = source.next()) {
        if (!admit(data)) break;
        sink.send(sent == 0, start + sent * subject.scale, data);
        sent += data.size();
      }
      // An empty copy still says to what, so that a subject that is not there is an error.
      if (sent == 0 && !end.isDone()) sink.send(true, start, ByteString.EMPTY);
      sink.complete();
      Transport.await(end);
    } catch (InterruptedException e) {
      throw Transport.interrupted();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!end.isDone()) sink.cancel("the copy was left");
    }
  }

  /** Waits for room; false where the server has ended the stream. */
  private synchronized boolean admit(ByteString data) throws InterruptedException {
    while (underWay.size() >= WINDOW && !end.isDone()) wait();
    if (end.isDone()) return false;
    underWay.add(data);
    return true;
  }

  @Override
  public synchronized void answered(Chunk chunk) {
    ByteString data = underWay.isEmpty() ? ByteString.EMPTY : underWay.remove();
    error = chunk.error();
    int written = (int) (Math.max(chunk.ret(), 0) / subject.scale);
    done += written;
    if (left.isEmpty() && written < data.size()) left = data.substring(written);
    notifyAll();
  }

  @Override
  public synchronized void ended(Throwable failure) {
    if (failure == null) end.complete(null);
    else end.completeExceptionally(failure);
    notifyAll();
  }

  /**
   * A chunk that was written in part has no error: one more try, from where it stopped, tells why.
   */
  private KvmException failure() {
    if (error != 0) return subject.failure(false, error, doneBytes());
    BulkWriter again = new BulkWriter(subject, start + doneBytes());
    Deque<ByteString> once = new ArrayDeque<>();
    once.add(left);
    again.pump(() -> once.isEmpty() ? ByteString.EMPTY : once.remove());
    int reason = again.error != 0 ? again.error : Errno.EFAULT;
    return subject.failure(false, reason, doneBytes() + again.doneBytes());
  }
}
