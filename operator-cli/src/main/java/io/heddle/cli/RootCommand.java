package io.heddle.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `heddle`: what all commands share, which is whom to ask and how to show the answer.
@Command(
    name = "heddle",
    description = "Tenants' networks on KVM hosts with stock Open vSwitch.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the controller refused",
      "2:usage",
      "3:no controller could be reached"
    })
final class RootCommand {

  static final String DEFAULT_SERVER = "http://127.0.0.1:7080";

  enum Format {
    table,
    json
  }

  @Option(
      names = "--server",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "The controller (HEDDLE_SERVER; default " + DEFAULT_SERVER + ").")
  @Nullable String server;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Where the token is (HEDDLE_TOKEN; default: admin-token of a local controller).")
  @Nullable Path tokenFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      defaultValue = "table",
      description = "table (default) or json.")
  Format format = Format.table;

  @Spec CommandSpec spec = CommandSpec.create();

  private final Map<String, String> environment;

  RootCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  Api api() {
    String url =
        server != null ? server : environment.getOrDefault("HEDDLE_SERVER", DEFAULT_SERVER);
    if (!url.matches("https?://[^/]+/?")) {
      throw Failure.usage(
          "'%s' is not a controller's URL; write it like %s".formatted(url, DEFAULT_SERVER));
    }
    try {
      return new Api(URI.create(url), Tokens.find(tokenFile, environment));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(
          "'%s' is not a controller's URL; write it like %s".formatted(url, DEFAULT_SERVER));
    }
  }

  PrintWriter out() {
    return commandLine().getOut();
  }

  private CommandLine commandLine() {
    return spec.commandLine();
  }

  void showAll(ResourceKind kind, ArrayNode items) {
    if (format == Format.json) {
      print(Api.JSON.createObjectNode().set("items", items));
    } else {
      Table.print(kind.columns(), items, out());
    }
  }

  void show(JsonNode resource) {
    if (format == Format.json) {
      print(resource);
    } else {
      Table.printFields(resource, out());
    }
  }

  /// What was done, in a line; for programs, the resource.
  void done(String what, JsonNode resource) {
    if (format == Format.json) {
      if (!resource.isMissingNode()) {
        print(resource);
      }
    } else {
      out().println(what);
    }
  }

  private void print(JsonNode json) {
    try {
      out().println(Api.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
