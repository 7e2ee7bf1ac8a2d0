package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `port policy`: what decides over a port's packets, and where each rule comes from.
@Command(
    name = "policy",
    description = "Show what it may send and receive, and which group or ACL says so.")
final class PolicyAction extends Verb {

  private static final List<ResourceKind.Column> COLUMNS =
      List.of(
          ResourceKind.Column.of("DIRECTION", "/direction"),
          new ResourceKind.Column(
              "VERDICT", rule -> rule.path("allows").asBoolean() ? "allow" : "deny"),
          new ResourceKind.Column("SERVICE", PolicyAction::service),
          new ResourceKind.Column("REMOTE", PolicyAction::remote),
          new ResourceKind.Column("FROM", PolicyAction::from),
          ResourceKind.Column.of("DESCRIPTION", "/description"));

  @Parameters(paramLabel = "PORT", description = "Its name or its id.")
  String port = "";

  @Option(names = "--project", paramLabel = "ID", description = "Whose.")
  @Nullable String project;

  PolicyAction() {
    super(ResourceKind.PORT);
  }

  @Override
  int run(RootCommand heddle, Api api) {
    String id = api.idOf(kind, port, scope(project));
    JsonNode policy = api.get(kind.path(id) + "/policy", Map.of());
    if (heddle.format == RootCommand.Format.table) {
      senders(policy, heddle);
    }
    heddle.table(COLUMNS, policy.path("rules"), policy);
    return ExitCode.OK;
  }

  private static void senders(JsonNode policy, RootCommand heddle) {
    if (!policy.path("portSecurity").asBoolean()) {
      heddle.out().println("sends as anybody: it has no port security");
      return;
    }
    for (JsonNode sender : policy.path("senders")) {
      heddle
          .out()
          .println(
              "sends as %s with MAC %s"
                  .formatted(
                      sender.path("ipAddress").asText(), sender.path("macAddress").asText()));
    }
  }

  static String service(JsonNode rule) {
    StringBuilder text = new StringBuilder(rule.path("protocol").asText());
    if (rule.has("portFrom")) {
      int from = rule.path("portFrom").asInt();
      int to = rule.path("portTo").asInt();
      text.append('/').append(from).append(from == to ? "" : "-" + to);
    }
    if (rule.has("icmpType")) {
      text.append('/').append(rule.path("icmpType").asInt());
    }
    if (rule.has("icmpCode")) {
      text.append('/').append(rule.path("icmpCode").asInt());
    }
    return text.toString();
  }

  private static String remote(JsonNode rule) {
    String remote = rule.path("remote").asText();
    return rule.has("members") ? "%s (%d)".formatted(remote, rule.path("members").asInt()) : remote;
  }

  private static String from(JsonNode rule) {
    String from = rule.path("from").asText();
    return rule.has("number") ? "%s #%d".formatted(from, rule.path("number").asInt()) : from;
  }
}
