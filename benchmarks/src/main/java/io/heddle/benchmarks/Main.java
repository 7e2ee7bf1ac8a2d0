package io.heddle.benchmarks;

import io.heddle.benchmarks.api.ApiBenchmark;
import io.heddle.benchmarks.replication.ReplicationBenchmark;
import java.util.List;

/// `./heddle bench NAME`: runs a benchmark and prints its figures.
public final class Main {

  /// A node on the class path brings a `logback.xml` too: of two of them, logging tells on standard
  /// output.
  public static final String LOGGING = "benchmarks-logback.xml";

  /// Names the file in which it says what is logged.
  public static final String LOGGING_PROPERTY = "logback.configurationFile";

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    System.setProperty(LOGGING_PROPERTY, LOGGING);
    List<String> rest = List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
    switch (arguments.length == 0 ? "" : arguments[0]) {
      case "api" -> ApiBenchmark.run(rest);
      case "replication" -> ReplicationBenchmark.run(rest);
      default -> {
        System.err.println("heddle bench: which one? There is:");
        System.err.println(
            "  api [DIRECTORY]          50 clients, mixed; and what one busy tenant does to the others");
        System.err.println(
            "  replication [DIRECTORY]  writes of three nodes, of one, and of the bare disk");
        System.exit(2);
      }
    }
  }
}
