package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.ResourceKind.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `audit`: what switches hold, against what they should hold.
@Command(
    name = "audit",
    description = "Compare all flows of hosts with what they should be; fails if a host can't be.")
final class AuditAction extends Action {

  private static final String PATH = "/v1/audit";
  private static final int ALL = 10_000;

  private static final List<Column> HOSTS =
      List.of(
          Column.of("HOST", "/hostId"),
          Column.of("RESULT", "/result"),
          Column.of("IN STEP", "/inStep"),
          Column.of("MISSING", "/missing"),
          Column.of("ALTERED", "/altered"),
          Column.of("EXTRA", "/extra"),
          Column.of("FOREIGN", "/foreign"),
          Column.of("AT", "/at"),
          Column.of("REASON", "/reason"));

  private static final List<Column> DIFFERENCES =
      List.of(
          Column.of("HOST", "/hostId"),
          Column.of("WAY", "/way"),
          Column.of("TABLE", "/table"),
          Column.of("MATCH", "/match"),
          Column.of("UNIT", "/unit"),
          new Column(
              "ROW",
              json ->
                  "%s %s"
                      .formatted(json.at("/row/kind").asText(), json.at("/row/id").asText())
                      .strip()));

  @Parameters(paramLabel = "HOST", arity = "0..*", description = "Which (default: all).")
  List<String> hosts = new ArrayList<>();

  @Option(names = "--repair", description = "Mend what differs.")
  boolean repair;

  @Option(names = "--last", description = "Show what the last look found; look at nothing.")
  boolean last;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait for all hosts together (default 60).")
  int timeoutSeconds;

  @Override
  int run(RootCommand heddle, Api api) {
    if (last && repair) {
      throw Failure.usage("--last looks at nothing, so there is nothing to --repair");
    }
    ArrayNode items = last ? known(api) : look(api);
    ObjectNode all = Api.JSON.createObjectNode();
    all.set("items", items);
    heddle.table(HOSTS, items, all);
    ArrayNode differences = differences(items);
    if (heddle.format == RootCommand.Format.table && !differences.isEmpty()) {
      heddle.out().println();
      Table.print(DIFFERENCES, differences, heddle.out());
    }
    for (JsonNode item : items) {
      if (item.path("result").asText().equals("unavailable")) {
        return ExitCode.REFUSED;
      }
    }
    return ExitCode.OK;
  }

  private ArrayNode known(Api api) {
    ArrayNode items = Api.JSON.createArrayNode();
    for (JsonNode item : api.list(PATH, Map.of(), ALL)) {
      if (hosts.isEmpty() || hosts.contains(item.path("hostId").asText())) {
        items.add(item);
      }
    }
    return items;
  }

  private ArrayNode look(Api api) {
    ObjectNode body = Api.JSON.createObjectNode().put("repair", repair);
    if (!hosts.isEmpty()) {
      hosts.forEach(body.putArray("hostIds")::add);
    }
    Map<String, String> query = Map.of("timeoutSeconds", Integer.toString(timeoutSeconds));
    return api.call(PATH, query, body).withArray("/items");
  }

  private static ArrayNode differences(ArrayNode items) {
    ArrayNode all = Api.JSON.createArrayNode();
    for (JsonNode item : items) {
      for (JsonNode difference : item.path("differences")) {
        ObjectNode row = difference.deepCopy();
        all.add(row.put("hostId", item.path("hostId").asText()));
      }
    }
    return all;
  }
}
