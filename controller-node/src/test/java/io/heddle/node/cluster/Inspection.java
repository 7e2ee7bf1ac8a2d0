package io.heddle.node.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.node.cluster.LogChecker.Change;
import io.heddle.node.cluster.Operation.Action;
import io.heddle.node.cluster.Operation.Ending;
import io.heddle.node.cluster.Operation.Version;
import io.heddle.testkit.api.Api;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What every node has in the end, when nobody asks for anything: all resources and the history of
/// revisions, held against what clients were told.
final class Inspection {
  private static final int PAGE = 1_000;

  private final History history;
  private final List<Change> log = new ArrayList<>();
  private long logged;

  Inspection(History history) {
    this.history = history;
  }

  /// What is wrong, in words.
  List<String> anomalies(List<ClusterNode> nodes) {
    List<String> anomalies = new ArrayList<>();
    nodes.forEach(this::readAll);
    long from = logged + 1;
    Revisions first = revisions(nodes.getFirst(), from);
    for (ClusterNode node : nodes) {
      if (!revisions(node, from).equals(first)) {
        anomalies.add("%s has another history than %s".formatted(node, nodes.getFirst()));
      }
    }
    log.addAll(first.changes());
    logged = first.last();
    anomalies.addAll(history.oddities());
    LogChecker.Result settled = LogChecker.check(history.operations(), log);
    anomalies.addAll(settled.anomalies());
    anomalies.addAll(HistoryChecker.anomalies(settled.operations()));
    return anomalies;
  }

  /// Whether a node tells of all revisions as another does, from the first one.
  static boolean agree(ClusterNode one, ClusterNode other) {
    return revisions(one, 1).equals(revisions(other, 1));
  }

  /// Reads all resources of one node, as if every one had been asked for.
  private void readAll(ClusterNode node) {
    Set<String> keys = new HashSet<>();
    history.operations().forEach(operation -> keys.add(operation.key()));
    OptionalLong atLeast = OptionalLong.of(history.newest());
    long begin = History.now();
    Map<String, Version> found = new HashMap<>();
    long at = 0;
    for (String path : List.of("/v1/security-groups", "/v1/ports")) {
      at = Math.max(at, list(node, path, atLeast.getAsLong(), found));
    }
    for (String key : keys) {
      Optional<Version> version = Optional.ofNullable(found.get(key));
      Ending _ =
          history.end(
              new History.Begun(history.nextNumber(), key, new Action.Read(atLeast), begin),
              node.session(),
              new Ending.Seen(version, at));
    }
  }

  private long list(ClusterNode node, String path, long atLeast, Map<String, Version> found) {
    String query = "%s?limit=%d&revision=%d".formatted(path, PAGE, atLeast);
    String token = "";
    long at;
    do {
      Api.Answer answer = node.api().get(query + token).orFail();
      at = answer.revision();
      for (JsonNode item : answer.body().at("/items")) {
        String key = item.at("/name").asText();
        if (item.at("/labels").has("v") && found.put(key, Resources.version(item)) != null) {
          history.odd("%s has two resources that are called %s".formatted(node, key));
        }
      }
      token = "&pageToken=" + answer.text("/nextPageToken");
    } while (!token.equals("&pageToken="));
    return at;
  }

  /// @param last the newest revision
  private record Revisions(long last, List<Change> changes) {}

  private static Revisions revisions(ClusterNode node, long from) {
    List<Change> changes = new ArrayList<>();
    long last = 0;
    String token = "";
    while (true) {
      Api.Answer answer =
          node.api().get("/v1/revisions?limit=%d%s".formatted(PAGE, token)).orFail();
      long lowest = Long.MAX_VALUE;
      for (JsonNode item : answer.body().at("/items")) {
        long revision = item.at("/revision").asLong();
        last = Math.max(last, revision);
        lowest = revision;
        if (revision >= from) {
          item.at("/commands").forEach(command -> changes.add(change(revision, command)));
        }
      }
      token = "&pageToken=" + answer.text("/nextPageToken");
      if (lowest <= from || token.equals("&pageToken=")) {
        return new Revisions(last, List.copyOf(changes));
      }
    }
  }

  /// A command's summary reads like `create port p-17`.
  private static Change change(long revision, JsonNode command) {
    String[] words = command.at("/summary").asText().split(" ");
    return new Change(
        revision, words[0], words[words.length - 1], command.at("/requestId").asText());
  }
}
