package io.heddle.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The verbs that every kind of resource has alike: list, show, delete.
final class Reads {

  private static final String NAME_OR_ID = "Its name or its id.";

  private Reads() {}

  @Command(name = "list", aliases = "ls", description = "List them.")
  static final class ListAll extends Verb {
    @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "At most N.")
    int limit;

    /// Filled by the options that [Main] adds for the kind: relation, and name or id.
    final Map<ResourceKind, String> relations = new LinkedHashMap<>();

    /// Filled likewise: query parameter and value.
    final Map<String, String> plain = new TreeMap<>();

    ListAll(ResourceKind kind) {
      super(kind);
    }

    @Override
    int run(RootCommand heddle, Api api) {
      Map<String, String> query = new TreeMap<>(plain);
      Map<String, String> scope = scope(plain.get("project"));
      relations.forEach((relation, named) -> {
        String parameter = kind.relations().get(relation);
        if (parameter != null) {
          query.put(parameter, api.idOf(relation, named, scope));
        }
      });
      heddle.showAll(kind, api.list(kind.path(), query, limit));
      return ExitCode.OK;
    }
  }

  @Command(name = "show", aliases = "get", description = "Show one, with all its fields.")
  static final class Show extends Verb {
    @Option(names = "--project", paramLabel = "ID", description = "Whose.")
    @Nullable String project;

    @Parameters(paramLabel = "NAME", description = NAME_OR_ID)
    String named = "";

    Show(ResourceKind kind) {
      super(kind);
    }

    @Override
    int run(RootCommand heddle, Api api) {
      heddle.show(api.get(kind.path(api.idOf(kind, named, scope(project))), Map.of()));
      return ExitCode.OK;
    }
  }

  @Command(name = "delete", aliases = "rm", description = "Delete one.")
  static final class Delete extends Verb.Write {
    @Option(names = "--project", paramLabel = "ID", description = "Whose.")
    @Nullable String project;

    @Parameters(paramLabel = "NAME", description = NAME_OR_ID)
    String named = "";

    Delete(ResourceKind kind) {
      super(kind);
    }

    @Override
    int run(RootCommand heddle, Api api) {
      String id = api.idOf(kind, named, scope(project));
      api.delete(kind.path(id), query());
      heddle.done("deleted " + kind.word() + " " + named, Api.JSON.missingNode());
      return ExitCode.OK;
    }
  }
}
