package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/// Two VPCs, of one project or of two, that may route to each other; the requester's project asked
/// and owns the row, and the accepter's agrees.
///
/// It carries what routes of either side send over it, to ports of the other VPC and no further.
/// What comes over it has no identity: rules speak of it by its address. The CIDRs of the two do
/// not overlap.
///
/// @param accepterProject whose the accepter VPC is
public record Peering(
    PeeringId id,
    Meta meta,
    VpcId requester,
    VpcId accepter,
    ProjectId accepterProject,
    State state)
    implements Resource {

  /// How far the two are with each other.
  public enum State {
    @JsonProperty("pending-acceptance")
    PENDING_ACCEPTANCE,
    @JsonProperty("active")
    ACTIVE,
    /// For good: who changes their mind deletes it and asks again.
    @JsonProperty("rejected")
    REJECTED
  }

  /// The peerings of a VPC, whichever side it is on.
  public static final Index<Peering, VpcId> BY_VPC =
      new Index<>("peering by vpc", peering -> List.of(peering.requester(), peering.accepter()));

  /// Those that a project asked for or was asked for.
  public static final Index<Peering, ProjectId> BY_PROJECT =
      new Index<>("peering by project", Peering::projects);

  public static final Kind<Peering> KIND =
      new Kind<>("peering", Peering.class, 1, PeeringId::parse, List.of(BY_VPC, BY_PROJECT));

  @Override
  public PeeringId key() {
    return id;
  }

  /// The one or two projects whose VPCs it joins.
  public List<ProjectId> projects() {
    return meta.project().equals(accepterProject)
        ? List.of(accepterProject)
        : List.of(meta.project(), accepterProject);
  }

  @JsonIgnore
  public boolean isActive() {
    return state == State.ACTIVE;
  }

  /// Neither refused nor, so far, of no effect: the CIDRs of the two must stay apart.
  @JsonIgnore
  public boolean isOpen() {
    return state != State.REJECTED;
  }

  /// The VPC at the other end, seen from one of the two.
  public Optional<VpcId> beyond(VpcId side) {
    if (side.equals(requester)) {
      return Optional.of(accepter);
    }
    return side.equals(accepter) ? Optional.of(requester) : Optional.empty();
  }
}
