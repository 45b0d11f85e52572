package io.tagvisor;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.time.Duration;

/**
 * How to reach a server.
 *
 * @param token the bearer token, where the server asks for one; else null
 * @param tls how to encrypt; null for not at all
 * @param serverName the name that the server's certificate has, where it is not the address; else
 *     null
 * @param timeout how long to wait for the connection
 * @param rules whether to ask for the rule behind each failure, which costs a round trip each
 */
public record ConnectOptions(
    String token, ChannelCredentials tls, String serverName, Duration timeout, boolean rules) {
  /** No token, no encryption, 5 seconds, with rules. */
  public static ConnectOptions defaults() {
    return new ConnectOptions(null, null, null, Duration.ofSeconds(5), true);
  }

  /** With a bearer token. */
  public ConnectOptions withToken(String token) {
    return new ConnectOptions(token, tls, serverName, timeout, rules);
  }

  /** Encrypted; trusts the authorities that Java trusts. */
  public ConnectOptions withTls() {
    return withTls(TlsChannelCredentials.create());
  }

  /** Encrypted, with authorities or a certificate of its own: see {@link TlsChannelCredentials}. */
  public ConnectOptions withTls(ChannelCredentials tls) {
    return new ConnectOptions(token, tls, serverName, timeout, rules);
  }

  /** With the name that the server's certificate has. */
  public ConnectOptions withServerName(String serverName) {
    return new ConnectOptions(token, tls, serverName, timeout, rules);
  }

  /** With another time to wait for the connection. */
  public ConnectOptions withTimeout(Duration timeout) {
    return new ConnectOptions(token, tls, serverName, timeout, rules);
  }

  /** Without the rule behind each failure, and its round trip. */
  public ConnectOptions withoutRules() {
    return new ConnectOptions(token, tls, serverName, timeout, false);
  }
}
