package io.heddle.rest.spi;

import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The nodes that keep the intent together: who they are, how they are, and who of them leads.
/// Called from any thread; nothing blocks.
///
/// What is in the image (the cluster's id, its view, where members are found) is read from there;
/// this adds what only a running node knows.
public interface Cluster {

  NodeName self();

  /// Who leads, as far as this node knows at this moment.
  Optional<NodeName> leader();

  /// The nodes of the log's group, and those that are about to join it.
  List<MemberState> members();

  /// Takes a node, which runs and waits for it, into the group. Answers when the group is changed
  /// and the node has caught up.
  ///
  /// @param member where the node is found; what is left empty it says itself once it has joined
  CompletionStage<Change> add(Member member, Cause cause);

  /// Takes a member out of the group, whether or not it is there to hear of it.
  CompletionStage<Change> remove(NodeName member, Cause cause);

  /// Has another member lead: the one that is named, or the one that is furthest.
  CompletionStage<Change> transferLeader(Optional<NodeName> target, Cause cause);

  /// Who wants a change.
  ///
  /// @param author the subject of the API
  /// @param request the id of the request, as it goes into the log
  record Cause(String author, String request) {}

  /// What a node does in the group.
  enum Role {
    LEADER,
    FOLLOWER,
    /// Is catching up, and has no vote yet.
    JOINING,
    /// Nobody has heard of it.
    UNKNOWN
  }

  /// A node as this one sees it.
  ///
  /// @param connected it was heard of lately; this node itself always is
  /// @param lastContact when it was heard of last; nothing when it never was since this node runs
  /// @param mastered how many switches it programs
  record MemberState(
      NodeName name, Role role, boolean connected, Optional<Instant> lastContact, int mastered) {}

  /// What became of a wish to change the group.
  sealed interface Change {

    /// It is so.
    ///
    /// @param revision a revision at which the image says so too
    record Done(long revision) implements Change {}

    record Refused(Obstacle why) implements Change {}

    /// This node does not lead, or not any more. Nothing changed, and nothing will.
    record NotLeading(String why) implements Change {}
  }

  /// What stands in the way of a change.
  sealed interface Obstacle {

    record NotAMember(NodeName name) implements Obstacle {}

    record AlreadyAMember(NodeName name) implements Obstacle {}

    /// Without it there would be no cluster.
    record LastMember(NodeName name) implements Obstacle {}

    /// @param address where it was looked for
    /// @param why what went wrong there
    record Unreachable(NodeName name, String address, String why) implements Obstacle {}

    /// Those that would be left and are there now could not decide anything.
    ///
    /// @param connected members that would be left and are connected
    /// @param needed how many would have to be
    record TooFewLeft(NodeName name, int connected, int needed) implements Obstacle {}

    /// It has not applied what the leader has.
    record Behind(NodeName name, long revision, long leaders) implements Obstacle {}

    /// Another change is under way, or the node runs in a way that allows none.
    record NotNow(String why) implements Obstacle {}
  }
}
