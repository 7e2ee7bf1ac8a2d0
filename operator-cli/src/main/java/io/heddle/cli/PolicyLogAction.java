package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.cli.ResourceKind.Column;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `security-group log`: what a group has had logged lately.
@Command(
    name = "log",
    description = "Show what it has had logged lately; 'update GROUP --log' says what is.")
final class PolicyLogAction extends Verb {

  private static final List<Column> COLUMNS =
      List.of(
          Column.of("LAST", "/last"),
          Column.of("VERDICT", "/verdict"),
          Column.of("DIRECTION", "/direction"),
          new Column("PROTOCOL", PolicyLogAction::protocol),
          new Column("SOURCE", entry -> end(entry, "source")),
          new Column("TARGET", entry -> end(entry, "target")),
          Column.of("HOST", "/hostId"),
          Column.of("PACKETS", "/packets"));

  @Parameters(paramLabel = "GROUP", description = "Its name or its id.")
  String group = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most this many, the newest (default 100, at most 1000).")
  int limit;

  @Option(names = "--project", paramLabel = "ID", description = "Whose.")
  @Nullable String project;

  PolicyLogAction() {
    super(ResourceKind.SECURITY_GROUP);
  }

  @Override
  int run(RootCommand heddle, Api api) {
    String id = api.idOf(kind, group, scope(project));
    JsonNode log = api.get(kind.path(id) + "/log", Map.of("limit", Integer.toString(limit)));
    heddle.table(COLUMNS, log.path("items"), log);
    int silent = log.path("silent").asInt();
    if (silent > 0 && heddle.format == RootCommand.Format.table) {
      heddle.out().println("%d nodes did not say".formatted(silent));
    }
    return ExitCode.OK;
  }

  /// `tcp`, `icmp/8/0`.
  private static String protocol(JsonNode entry) {
    String protocol = entry.path("protocol").asText();
    return entry.has("icmpType")
        ? "%s/%d/%d"
            .formatted(protocol, entry.path("icmpType").asInt(), entry.path("icmpCode").asInt())
        : protocol;
  }

  /// `10.0.0.5:443`, `[fd00::5]:443`, `10.0.0.5`.
  private static String end(JsonNode entry, String which) {
    String ip = entry.path(which + "Ip").asText();
    JsonNode port = entry.path(which + "Port");
    if (port.isMissingNode()) {
      return ip;
    }
    return (ip.contains(":") ? "[%s]:%d" : "%s:%d").formatted(ip, port.asInt());
  }
}
