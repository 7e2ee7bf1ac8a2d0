package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.ResourceKind.Column;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cluster`: the controller's nodes, and who of them leads.
final class ClusterActions {

  private static final String PATH = "/v1/cluster";
  private static final String MEMBERS = PATH + "/members";

  private static final List<Column> COLUMNS =
      List.of(
          Column.of("NAME", "/name"),
          Column.of("ROLE", "/role"),
          Column.of("CONNECTED", "/connected"),
          Column.of("LAST CONTACT", "/lastContact"),
          Column.of("SWITCHES", "/switchesMastered"),
          Column.of("REACHES WORSE", "/exceptions"),
          Column.of("API", "/api"));

  private ClusterActions() {}

  @Command(name = "status", description = "Show the nodes as the one that answers sees them.")
  static final class Status extends Action {
    @Override
    int run(RootCommand heddle, Api api) {
      show(heddle, api.get(PATH, Map.of()));
      return ExitCode.OK;
    }
  }

  private static void show(RootCommand heddle, JsonNode status) {
    if (heddle.format == RootCommand.Format.table) {
      long epoch = status.path("epoch").asLong();
      heddle
          .out()
          .printf(
              "cluster %s, as %s sees it: leader %s, term %d, epoch %d:%d, revision %d%n",
              status.path("id").asText("-"),
              status.path("node").asText(),
              status.path("leader").asText("-"),
              status.path("term").asLong(),
              epoch >>> 32,
              (int) epoch,
              status.path("revision").asLong());
    }
    heddle.table(COLUMNS, status.path("members"), status);
  }

  @Command(
      name = "add",
      description = "Take a node in that was started with --join and waits for it.")
  static final class Add extends Action {
    @Parameters(paramLabel = "NAME", description = "What it was started as (--name).")
    String name = "";

    @Option(
        names = "--address",
        required = true,
        paramLabel = "HOST:PORT",
        description = "Where the other nodes reach it (its --cluster-address).")
    String address = "";

    @Override
    int run(RootCommand heddle, Api api) {
      ObjectNode body = Api.JSON.createObjectNode().put("name", name).put("raft", address);
      heddle.done("added " + name, api.call(MEMBERS, Map.of(), body));
      return ExitCode.OK;
    }
  }

  @Command(name = "remove", description = "Take a node out, whether or not it still runs.")
  static final class Remove extends Action {
    @Parameters(paramLabel = "NAME", description = "The node's name.")
    String name = "";

    @Override
    int run(RootCommand heddle, Api api) {
      api.delete(MEMBERS + "/" + name, Map.of());
      heddle.done("removed " + name, Api.JSON.missingNode());
      return ExitCode.OK;
    }
  }

  @Command(name = "transfer-leader", description = "Have another node lead.")
  static final class TransferLeader extends Action {
    @Parameters(
        paramLabel = "NAME",
        arity = "0..1",
        description = "Which one (default: the one that is furthest).")
    @Nullable String name;

    @Override
    int run(RootCommand heddle, Api api) {
      ObjectNode body = Api.JSON.createObjectNode();
      if (name != null) {
        body.put("target", name);
      }
      JsonNode status = api.call(PATH + ":transferLeader", Map.of(), body);
      heddle.done(name == null ? "handed leadership over" : "handed leadership to " + name, status);
      return ExitCode.OK;
    }
  }
}
