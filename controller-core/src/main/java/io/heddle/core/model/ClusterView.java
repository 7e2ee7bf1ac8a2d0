package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/// Who is in the cluster and, by its epoch, whose word switches obey: every master claim carries
/// the epoch, and a switch refuses one older than it has seen.
///
/// @param epoch `incarnation << 32 | n`; as OpenFlow's `generation_id` it only rises
public record ClusterView(long epoch, List<String> members) implements Row {

  public static final Kind<ClusterView> KIND =
      new Kind<>("view", ClusterView.class, 1, Id::parse, List.of());
  public static final Id ID = new Id("view");

  public ClusterView {
    members = List.copyOf(members);
  }

  @Override
  public Id key() {
    return ID;
  }

  public record Id(@JsonValue String value) implements Key<ClusterView> {

    @JsonCreator
    public static Id parse(String text) {
      return new Id(text);
    }

    @Override
    public Kind<ClusterView> kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return value;
    }
  }
}
