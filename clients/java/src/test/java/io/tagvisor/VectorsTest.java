package io.tagvisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors that all clients share, over the generated stubs. */
class VectorsTest {
  private static final Path VECTORS = Path.of("../vectors.json");
  private static Tagvisor host;

  @BeforeAll
  static void connect() {
    host = Server.connect();
  }

  @AfterAll
  static void close() {
    host.close();
  }

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    try (Reader text = Files.newBufferedReader(VECTORS)) {
      JsonObject root = JsonParser.parseReader(text).getAsJsonObject();
      JsonArray cases = root.getAsJsonArray("cases");
      return StreamSupport.stream(cases.spliterator(), false)
          .map(JsonElement::getAsJsonObject)
          .map(c -> DynamicTest.dynamicTest(c.get("name").getAsString(), () -> replay(c)));
    }
  }

  private static void replay(JsonObject given) throws Exception {
    LinuxProcess process = host.spawn(given.get("kernel").getAsString());
    Replay replay = new Replay(host.services(), process.handle());
    try {
      for (JsonElement step : given.getAsJsonArray("steps")) {
        assertEquals(List.of(), replay.step(step.getAsJsonObject()));
      }
    } finally {
      process.close();
    }
  }
}
