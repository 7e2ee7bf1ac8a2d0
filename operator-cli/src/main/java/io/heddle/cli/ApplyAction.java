package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.cli.ResourceKind.Column;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `apply`: a project's networks as a file says, in one transaction.
@Command(
    name = "apply",
    description = {
      "Make a project's networks be as a manifest (YAML or JSON) says: all of it or nothing.",
      "Of each kind that it lists, what is not in it is deleted; see it first with --plan."
    })
final class ApplyAction extends Action {

  private static final String PATH = "/v1/manifest";
  private static final String STANDARD_INPUT = "-";

  private static final List<Column> CHANGES =
      List.of(
          Column.of("ACTION", "/action"),
          Column.of("KIND", "/kind"),
          Column.of("NAME", "/name"),
          Column.of("ID", "/id"),
          Column.of("FIELDS", "/fields"));

  @Parameters(paramLabel = "FILE", description = "The manifest; - for standard input.")
  String file = STANDARD_INPUT;

  @Option(names = "--plan", description = "Show what would change; change nothing.")
  boolean plan;

  @Option(
      names = "--project",
      paramLabel = "ID",
      description = "Whose, if the manifest says nothing.")
  @Nullable String project;

  @Option(names = "--wait", description = "Until the connected hosts have it.")
  boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait (default 30).")
  int timeoutSeconds;

  @Override
  int run(RootCommand heddle, Api api) {
    if (plan && wait) {
      throw Failure.usage("--plan changes nothing, so there is nothing to --wait for");
    }
    Map<String, String> query = new TreeMap<>(Verb.scope(project));
    if (plan) {
      query.put("dryRun", "true");
    }
    if (wait) {
      query.put("wait", "realized");
      query.put("timeoutSeconds", Integer.toString(timeoutSeconds));
    }
    JsonNode answer = api.put(PATH, query, mediaType(), content());
    if (heddle.format == RootCommand.Format.json) {
      heddle.print(answer);
      return ExitCode.OK;
    }
    if (!answer.path("changes").isEmpty()) {
      Table.print(CHANGES, answer.path("changes"), heddle.out());
    }
    heddle
        .out()
        .printf(
            "%d to change, %d as they should be%s%n",
            answer.path("changes").size(),
            answer.path("unchanged").asInt(),
            plan ? "; nothing was done" : "");
    return ExitCode.OK;
  }

  /// All JSON but the strictest tricks is YAML, and YAML says better what is wrong with itself.
  private String mediaType() {
    return file.endsWith(".json") ? "application/json" : "application/yaml";
  }

  private String content() {
    try {
      return file.equals(STANDARD_INPUT)
          ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(Path.of(file));
    } catch (IOException e) {
      throw Failure.usage("'%s' can't be read: %s".formatted(file, e));
    }
  }
}
