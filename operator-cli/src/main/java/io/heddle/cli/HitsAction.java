package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.cli.ResourceKind.Column;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `security-group hits`: which rules have admitted something, and how much.
@Command(
    name = "hits",
    description = "Show how much each rule has admitted, on all hosts together.")
final class HitsAction extends Verb {

  private static final List<Column> COLUMNS =
      List.of(
          Column.of("RULE", "/id"),
          Column.of("DIRECTION", "/direction"),
          new Column("SERVICE", PolicyAction::service),
          new Column("REMOTE", HitsAction::remote),
          Column.of("PACKETS", "/packets"),
          Column.of("BYTES", "/bytes"),
          Column.of("DESCRIPTION", "/description"));

  @Parameters(paramLabel = "GROUP", description = "Its name or its id.")
  String group = "";

  @Option(names = "--project", paramLabel = "ID", description = "Whose.")
  @Nullable String project;

  HitsAction() {
    super(ResourceKind.SECURITY_GROUP);
  }

  @Override
  int run(RootCommand heddle, Api api) {
    String id = api.idOf(kind, group, scope(project));
    JsonNode hits = api.get(kind.path(id) + "/hits", Map.of());
    heddle.table(COLUMNS, hits.path("items"), hits);
    int silent = hits.path("silent").asInt();
    if (silent > 0 && heddle.format == RootCommand.Format.table) {
      heddle.out().println("%d more hosts or nodes did not say".formatted(silent));
    }
    return ExitCode.OK;
  }

  /// What a rule names as its other end.
  static String remote(JsonNode rule) {
    for (String field : List.of("remoteCidr", "remotePrefixListId", "remoteGroupId")) {
      if (rule.has(field)) {
        return rule.path(field).asText();
      }
    }
    return "anywhere";
  }
}
