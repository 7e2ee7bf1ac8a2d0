package io.heddle.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// Runs golden files: one dynamic test for each `*.golden` file of a folder. Return it from a
/// `@TestFactory`.
public final class Golden {

  private static final Path RESOURCES = Path.of("src", "test", "resources");
  private static final String SUFFIX = ".golden";

  private Golden() {}

  /// @param dir below `src/test/resources`
  /// @param evaluate gives the output of one input; inputs know nothing of each other
  public static Stream<DynamicTest> run(Path dir, UnaryOperator<String> evaluate) {
    return run(dir, () -> evaluate);
  }

  /// @param dir below `src/test/resources`
  /// @param evaluator makes what evaluates one file's inputs, in order: it may remember
  public static Stream<DynamicTest> run(Path dir, Supplier<UnaryOperator<String>> evaluator) {
    List<Path> files = filesIn(RESOURCES.resolve(dir));
    if (files.isEmpty()) {
      throw new IllegalStateException("no *%s files in %s".formatted(SUFFIX, dir));
    }
    return files.stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(), file.toUri(), () -> check(file, evaluator.get())));
  }

  /// Compares one file with what its inputs give, or rewrites it.
  static void check(Path file, UnaryOperator<String> evaluate) throws IOException {
    Transcript expected = Transcript.parse(Files.readString(file));
    Transcript actual = expected.evaluated(evaluate);
    if (System.getProperty("golden.update") != null) {
      Files.writeString(file, actual.print());
    } else {
      assertEquals(
          expected.print(),
          actual.print(),
          () ->
              "%s: %s; -Dgolden.update rewrites it".formatted(file, difference(expected, actual)));
    }
  }

  private static String difference(Transcript expected, Transcript actual) {
    for (int i = 0; i < expected.blocks().size(); i++) {
      Transcript.Block wanted = expected.blocks().get(i);
      Transcript.Block given = actual.blocks().get(i);
      if (!wanted.equals(given)) {
        return "%n%s%n---- expected%n%s%n---- but got%n%s%n"
            .formatted(wanted.input(), wanted.expected(), given.expected());
      }
    }
    return "the same";
  }

  private static List<Path> filesIn(Path dir) {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
