package io.tagvisor;

import static org.junit.jupiter.api.Assertions.assertNotNull;

/** The server that the tests run against. */
final class Server {
  private Server() {}

  static String address() {
    String address = System.getenv("TAGVISOR_ADDRESS");
    assertNotNull(address, "TAGVISOR_ADDRESS names no server");
    return address;
  }

  static Tagvisor connect() {
    return Tagvisor.connect(address());
  }
}
