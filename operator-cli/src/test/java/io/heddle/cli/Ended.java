package io.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a command left behind.
record Ended(int exit, String out, String err) {

  /// Runs a command as an operator types it, without `heddle`.
  static Ended heddle(Map<String, String> environment, String words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Main.run(
            List.of(words.split(" ")),
            new TreeMap<>(environment),
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    return new Ended(exit, out.toString(), err.toString());
  }

  Ended ok() {
    assertEquals(0, exit, () -> out + err);
    return this;
  }

  Ended failed(int code, String... parts) {
    assertEquals(code, exit, () -> out + err);
    for (String part : parts) {
      assertTrue(err.contains(part), () -> "'%s' is not in: %s".formatted(part, err));
    }
    return this;
  }

  /// What it printed has a line with all these words, in this order.
  Ended shows(String... words) {
    String line = ".*" + String.join(" +", words) + ".*";
    assertTrue(
        out.lines().anyMatch(each -> each.matches(line)), () -> line + " is not in:\n" + out);
    return this;
  }

  JsonNode json() throws Exception {
    return new ObjectMapper().readTree(out);
  }
}
