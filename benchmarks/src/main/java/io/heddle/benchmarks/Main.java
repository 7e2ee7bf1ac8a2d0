package io.heddle.benchmarks;

import io.heddle.benchmarks.api.ApiBenchmark;
import io.heddle.benchmarks.replication.ReplicationBenchmark;
import java.util.List;

/// `./heddle bench NAME`: runs a benchmark and prints its figures.
public final class Main {

  private Main() {}

  public static void main(String[] arguments) throws Exception {
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
