package io.heddle.node.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.testkit.api.Api;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The cluster as one node sees it (`/v1/cluster`).
record ClusterStatus(
    Optional<String> leader,
    long term,
    long epoch,
    long revision,
    boolean stale,
    List<MemberStatus> members) {

  /// @param exceptions hosts that it reaches worse than others do
  record MemberStatus(
      String name, String role, boolean connected, int mastered, Set<String> exceptions) {}

  static ClusterStatus of(Api.Answer answer) {
    List<MemberStatus> members = new ArrayList<>();
    for (JsonNode member : answer.body().at("/members")) {
      Set<String> exceptions = new HashSet<>();
      member.at("/exceptions").forEach(host -> exceptions.add(host.asText()));
      members.add(
          new MemberStatus(
              member.at("/name").asText(),
              member.at("/role").asText(),
              member.at("/connected").asBoolean(),
              member.at("/switchesMastered").asInt(),
              Set.copyOf(exceptions)));
    }
    return new ClusterStatus(
        Optional.of(answer.text("/leader")).filter(name -> !name.isEmpty() && !name.equals("null")),
        answer.body().at("/term").asLong(),
        answer.body().at("/epoch").asLong(),
        answer.body().at("/revision").asLong(),
        answer.body().at("/staleSeconds").asInt() > 0,
        List.copyOf(members));
  }

  /// The nodes that vote.
  Set<String> names() {
    return members.stream()
        .filter(member -> !member.role().equals("joining"))
        .map(MemberStatus::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  Optional<MemberStatus> member(String name) {
    return members.stream().filter(member -> member.name().equals(name)).findFirst();
  }
}
