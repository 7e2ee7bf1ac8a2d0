package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `create NAME`: what every creation takes. Each kind adds options of its own.
abstract class Create extends Verb.Write {

  @Parameters(paramLabel = "NAME", description = "What to call it.")
  String name = "";

  @Option(names = "--project", paramLabel = "ID", description = "Whose (default: yours).")
  @Nullable String project;

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "A label; repeatable.")
  Map<String, String> labels = new LinkedHashMap<>();

  Create(ResourceKind kind) {
    super(kind);
  }

  /// Adds the kind's own fields.
  abstract void describe(ObjectNode body, Api api);

  @Override
  int run(RootCommand heddle, Api api) {
    ObjectNode body = Api.JSON.createObjectNode().put("name", name);
    if (!labels.isEmpty()) {
      labels.forEach(body.putObject("labels")::put);
    }
    if (project != null) {
      body.put("project", project);
    }
    describe(body, api);
    JsonNode created = api.post(kind.path(), query(), body);
    heddle.done(
        "created %s %s %s".formatted(kind.word(), name, created.path("id").asText()), created);
    return ExitCode.OK;
  }

  /// The id of a related resource, looked up where this one will be.
  String idOf(ResourceKind other, String named, Api api) {
    return api.idOf(other, named, scope(project));
  }
}
