package io.tagvisor;

import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection to a server: a channel, and what authenticates it. */
final class Transport implements AutoCloseable {
  /** The largest single gain for bulk bytes: HTTP/2's own window is 64 KiB. */
  private static final int WINDOW_BYTES = 8 << 20;

  private static final Pattern URL = Pattern.compile("(https?)://([^/]+)/?");
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  final String address;
  final boolean rules;
  final Channel channel;
  private final ManagedChannel managed;

  Transport(String address, ConnectOptions options) {
    this.address = address;
    this.rules = options.rules();
    this.managed = open(address, options);
    this.channel = authenticated(managed, options.token());
  }

  private static ManagedChannel open(String address, ConnectOptions options) {
    Matcher url = URL.matcher(address);
    boolean isUrl = url.matches();
    ChannelCredentials credentials = options.tls();
    if (credentials == null) {
      boolean encrypt = isUrl && url.group(1).equals("https");
      credentials = encrypt ? TlsChannelCredentials.create() : InsecureChannelCredentials.create();
    }
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder(isUrl ? url.group(2) : address, credentials);
    // What the transport's threads run here only passes answers on to those who wait for them.
    builder.directExecutor();
    if (options.serverName() != null) builder.overrideAuthority(options.serverName());
    if (builder instanceof NettyChannelBuilder netty) netty.flowControlWindow(WINDOW_BYTES);
    return builder.build();
  }

  private static Channel authenticated(Channel channel, String token) {
    if (token == null) return channel;
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** Waits until the server answers. */
  void ready(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      ConnectivityState state = managed.getState(true);
      if (state == ConnectivityState.READY) return;
      CountDownLatch changed = new CountDownLatch(1);
      managed.notifyWhenStateChanged(state, changed::countDown);
      try {
        if (changed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) continue;
      } catch (InterruptedException e) {
        throw interrupted();
      }
      throw Status.UNAVAILABLE
          .withDescription("no tagvisor answers at " + address)
          .asRuntimeException();
    }
  }

  @Override
  public void close() {
    managed.shutdown();
    try {
      if (!managed.awaitTermination(1, TimeUnit.SECONDS)) managed.shutdownNow();
    } catch (InterruptedException e) {
      managed.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for an answer; a thread that is interrupted leaves it behind. */
  static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
  }

  /** As generated stubs do it: the thread stays interrupted, and the call was cancelled. */
  static StatusRuntimeException interrupted() {
    Thread.currentThread().interrupt();
    return Status.CANCELLED.withDescription("thread interrupted").asRuntimeException();
  }

  /** An exception of another thread, with the stack of this one. */
  private static RuntimeException rethrown(Throwable cause) {
    if (!(cause instanceof StatusRuntimeException status)) return new CompletionException(cause);
    return status.getStatus().withCause(status).asRuntimeException(status.getTrailers());
  }

  /** Whether an exception says that there is nothing left to dispose of. */
  static boolean isGone(StatusRuntimeException error) {
    Status.Code code = error.getStatus().getCode();
    return code == Status.Code.NOT_FOUND || code == Status.Code.UNAVAILABLE;
  }
}
