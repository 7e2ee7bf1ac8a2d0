package io.heddle.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class GoldenTest {

  @TempDir Path dir;

  @TestFactory
  Stream<DynamicTest> aFileIsATest() {
    return Golden.run(Path.of("golden"), input -> input.toUpperCase(Locale.ROOT));
  }

  @TestFactory
  Stream<DynamicTest> aFileMayRemember() {
    return Golden.run(
        Path.of("golden"),
        () -> {
          StringBuilder seen = new StringBuilder();
          return input -> {
            seen.append(input);
            return seen.isEmpty() ? "" : input.toUpperCase(Locale.ROOT);
          };
        });
  }

  @Test
  void aDifferenceShowsTheBlock() throws Exception {
    Path file = Files.writeString(dir.resolve("x.golden"), "a\n----\nA\n\nb\n----\nwrong\n");
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () -> Golden.check(file, input -> input.toUpperCase(Locale.ROOT)));
    assertTrue(error.getMessage().contains("b\n---- expected\nwrong\n---- but got\nB"));
  }

  @Test
  void printsAsItWasWritten() {
    String text =
        """
        # Remarks
        # of two lines

        one
        two
        ----
        out

        silent
        ----

        airy
        ----
        ----
        a

        b
        ----
        ----
        """;
    Transcript parsed = Transcript.parse(text);
    assertEquals(text, parsed.print());
    assertEquals("a\n\nb", parsed.blocks().get(3).expected());
    assertEquals(parsed, Transcript.parse(parsed.evaluated(x -> expected(parsed, x)).print()));
  }

  private static String expected(Transcript transcript, String input) {
    return transcript.blocks().stream()
        .filter(block -> block.input().equals(input))
        .findFirst()
        .orElseThrow()
        .expected();
  }
}
