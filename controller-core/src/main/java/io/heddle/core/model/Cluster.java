package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.UUID;

/// What the whole cluster has once. The first fact of every log.
///
/// @param clusterId guards a node against joining another cluster
/// @param incarnation rises with every restore from a backup, and heads every epoch
/// @param featureLevel gates row kinds and wire semantics; rises when every member supports the
///   next
/// @param cookieKey keys the hash that makes flow cookies, so that tenants can't craft collisions;
///   never shown
public record Cluster(UUID clusterId, int incarnation, int featureLevel, String cookieKey)
    implements Row {

  /// The level that this build writes and understands.
  public static final int CURRENT_FEATURE_LEVEL = 1;

  public static final Kind<Cluster> KIND =
      new Kind<>("cluster", Cluster.class, 1, Id::parse, List.of());
  public static final Id ID = new Id("cluster");

  @Override
  public Id key() {
    return ID;
  }

  @Override
  public String toString() {
    return "Cluster[%s, incarnation %d, feature level %d]"
        .formatted(clusterId, incarnation, featureLevel);
  }

  public record Id(@JsonValue String value) implements Key<Cluster> {

    @JsonCreator
    public static Id parse(String text) {
      return new Id(text);
    }

    @Override
    public Kind<Cluster> kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return value;
    }
  }
}
