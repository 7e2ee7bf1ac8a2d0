package io.heddle.cli;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// One command on one kind of resource.
abstract class Verb extends Action {

  final ResourceKind kind;

  Verb(ResourceKind kind) {
    this.kind = kind;
  }

  /// A verb that changes something.
  abstract static class Write extends Verb {

    @Option(names = "--wait", description = "Until the connected hosts have it.")
    boolean wait;

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        defaultValue = "30",
        description = "How long to wait (default 30).")
    int timeoutSeconds;

    Write(ResourceKind kind) {
      super(kind);
    }

    Map<String, String> query() {
      Map<String, String> query = new TreeMap<>();
      if (wait) {
        query.put("wait", "realized");
        query.put("timeoutSeconds", Integer.toString(timeoutSeconds));
      }
      return query;
    }
  }

  /// Where names are looked up.
  static Map<String, String> scope(@Nullable String project) {
    return project == null ? Map.of() : Map.of("project", project);
  }
}
