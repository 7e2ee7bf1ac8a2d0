package io.heddle.rest.handler;

import io.heddle.core.model.NodeName;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.spi.Cluster.Obstacle;
import java.util.List;
import java.util.Map;

/// Says what stands in the way of a change of the cluster's members, and what to do about it.
final class MemberProblems {

  private MemberProblems() {}

  /// @param field of the request that names the node; empty where the path does
  static HttpProblem of(Obstacle obstacle, String field) {
    return switch (obstacle) {
      case Obstacle.NotAMember(NodeName name) -> notAMember(name, field);
      case Obstacle.AlreadyAMember(NodeName name) ->
          conflict(
              "conflict",
              "%s is a member already; remove it first if it is another node now".formatted(name),
              field);
      case Obstacle.LastMember(NodeName name) ->
          conflict(
              "last-member",
              "%s is the last member, and without it there is no cluster; add another one first"
                  .formatted(name),
              field);
      case Obstacle.Unreachable(NodeName name, String address, String why) ->
          conflict(
              "unreachable",
              "%s can't be reached at %s: %s; start it there with --join, and see that nothing is in between"
                  .formatted(name, address, why),
              field);
      case Obstacle.TooFewLeft(NodeName name, int connected, int needed) ->
          conflict(
              "quorum-at-risk",
              ("without %s only %d of the members left are connected, and %d must be to decide anything;"
                      + " bring members back, or remove those that are gone first")
                  .formatted(name, connected, needed),
              field);
      case Obstacle.Behind(NodeName name, long revision, long leaders) ->
          conflict(
              "behind",
              "%s is at revision %d and the leader at %d; try again when it has caught up"
                  .formatted(name, revision, leaders),
              field);
      case Obstacle.NotNow(String why) -> conflict("not-now", why, field);
    };
  }

  static HttpProblem notAMember(NodeName name, String field) {
    String detail =
        "the cluster has no member '%s'; GET /v1/cluster names those there are".formatted(name);
    return field.isEmpty() ? HttpProblem.notFound(detail) : HttpProblem.invalid(field, detail);
  }

  private static HttpProblem conflict(String kind, String detail, String field) {
    return new HttpProblem(409, kind, "Conflict", detail, field, List.of(), Map.of());
  }
}
