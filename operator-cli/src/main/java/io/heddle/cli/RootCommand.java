package io.heddle.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      description =
          "A controller; repeatable: the next is tried where one can't be reached or is not ready"
              + " (HEDDLE_SERVERS=URL,URL or HEDDLE_SERVER; default "
              + DEFAULT_SERVER
              + ").")
  List<String> servers = new ArrayList<>();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Where the token is (HEDDLE_TOKEN; default: admin-token of a local controller).")
  @Nullable Path tokenFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Who vouches for an https server: ca.pem of 'heddle pki' (HEDDLE_CA; default: whom this"
              + " machine believes).")
  @Nullable Path authorities;

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
    List<URI> urls = named().stream().map(RootCommand::url).toList();
    String inEnvironment = environment.getOrDefault("HEDDLE_CA", "").strip();
    Path file =
        authorities != null || inEnvironment.isEmpty() ? authorities : Path.of(inEnvironment);
    return new Api(
        new Servers(urls, this::warn, Optional.ofNullable(file).map(Authorities::in)),
        Tokens.find(tokenFile, environment));
  }

  private List<String> named() {
    if (!servers.isEmpty()) {
      return servers;
    }
    String several = environment.getOrDefault("HEDDLE_SERVERS", "").strip();
    return several.isEmpty()
        ? List.of(environment.getOrDefault("HEDDLE_SERVER", DEFAULT_SERVER))
        : List.of(several.split("\\s*,\\s*"));
  }

  private static URI url(String text) {
    try {
      if (text.matches("https?://[^/]+/?")) {
        return URI.create(text);
      }
    } catch (IllegalArgumentException e) {
      // As below.
    }
    throw Failure.usage(
        "'%s' is not a controller's URL; write it like %s".formatted(text, DEFAULT_SERVER));
  }

  private void warn(String warning) {
    commandLine().getErr().println("heddle: " + warning);
  }

  PrintWriter out() {
    return commandLine().getOut();
  }

  private CommandLine commandLine() {
    return spec.commandLine();
  }

  void showAll(ResourceKind kind, ArrayNode items) {
    showAll(kind.columns(), items);
  }

  void showAll(List<ResourceKind.Column> columns, ArrayNode items) {
    if (format == Format.json) {
      print(Api.JSON.createObjectNode().set("items", items));
    } else {
      Table.print(columns, items, out());
    }
  }

  /// Where the certificate authority is.
  Path pkiDirectory(@Nullable Path named) {
    return named != null
        ? named
        : Path.of(environment.getOrDefault("HEDDLE_PKI", Pki.Step.DEFAULT_DIRECTORY));
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

  /// A table of something that is no resource; for programs, all of it.
  void table(List<ResourceKind.Column> columns, JsonNode rows, JsonNode all) {
    if (format == Format.json) {
      print(all);
    } else {
      Table.print(columns, rows, out());
    }
  }

  void print(JsonNode json) {
    try {
      out().println(Api.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
