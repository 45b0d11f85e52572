package io.tagvisor;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.tagvisor.Subject.Chunk;
import io.tagvisor.uapi.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;

/**
 * Memory or tags as a stream, of which no more is held than is on its way. Where they end early it
 * throws {@link KvmException}, once what could be read is out.
 */
public final class ChunkInputStream extends InputStream {
  private final Subject subject;
  private final long start;
  private final long length;
  private final CancellableContext context = Context.current().withCancellation();
  private Iterator<Chunk> chunks;
  private long done;
  private long opened = -1;
  private ByteString rest = ByteString.EMPTY;

  ChunkInputStream(Subject subject, long start, long length) {
    this.subject = subject;
    this.start = start;
    this.length = length;
  }

  /** What is left of the current chunk or the next one, as it came; null at the end. */
  public ByteString nextChunk() {
    ByteString data = rest.isEmpty() ? receive() : rest;
    rest = ByteString.EMPTY;
    return data;
  }

  private ByteString receive() {
    while (done < length) {
      if (chunks == null) open();
      if (!await()) {
        // A short chunk can end the stream: the next one, from where it stopped, tells why.
        chunks = null;
        continue;
      }
      Chunk chunk = chunks.next();
      if (chunk.error() != 0) throw subject.failure(true, chunk.error(), done);
      done += chunk.ret();
      if (chunk.ret() > 0) return chunk.data();
    }
    return null;
  }

  private boolean await() {
    Context previous = context.attach();
    try {
      return chunks.hasNext();
    } finally {
      context.detach(previous);
    }
  }

  private void open() {
    if (opened == done) throw subject.failure(true, Errno.EFAULT, done);
    opened = done;
    Context previous = context.attach();
    try {
      chunks = subject.read(start + done, length - done);
    } finally {
      context.detach(previous);
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] to, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, to.length);
    if (count == 0) return 0;
    ByteString data = nextChunk();
    if (data == null) return -1;
    int size = Math.min(count, data.size());
    data.substring(0, size).copyTo(to, offset);
    rest = data.substring(size);
    return size;
  }

  @Override
  public byte[] readAllBytes() {
    byte[] all = new byte[Math.toIntExact(length - done + rest.size())];
    return Arrays.copyOf(all, readNBytes(all, 0, all.length));
  }

  @Override
  public int readNBytes(byte[] to, int offset, int count) {
    int end = offset;
    for (int size = 0; size >= 0 && end < offset + count; end += Math.max(size, 0)) {
      size = read(to, end, offset + count - end);
    }
    return end - offset;
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    long size = 0;
    for (ByteString data = nextChunk(); data != null; data = nextChunk()) {
      data.writeTo(out);
      size += data.size();
    }
    return size;
  }

  @Override
  public int available() {
    return rest.size();
  }

  /** Leaves what was not read. */
  @Override
  public void close() {
    context.cancel(null);
  }
}
