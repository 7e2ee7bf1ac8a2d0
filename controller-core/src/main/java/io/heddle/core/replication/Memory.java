package io.heddle.core.replication;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this node's directory remembers of the node itself, and the one thing that follows from
/// what it may have forgotten: whom it votes for, itself included ([Amnesia]).
///
/// Called by the threads that carry messages, to this node and from it. A change is on disk before
/// anything rests on it.
final class Memory {

  private static final Logger LOG = LoggerFactory.getLogger(Memory.class);

  private final Path directory;
  private volatile NodeIdentity identity;

  private Memory(Path directory, NodeIdentity identity) {
    this.directory = directory;
    this.identity = identity;
  }

  /// @param began whether Raft has been here before
  static Memory open(RatisSettings settings, boolean began) throws IOException {
    Optional<NodeIdentity> known = NodeIdentity.read(settings.directory());
    if (known.isEmpty()) {
      Amnesia amnesia =
          began || settings.founders().size() < 2 ? new Amnesia.None() : new Amnesia.Possible();
      NodeIdentity fresh =
          new NodeIdentity(
              settings.node(), settings.cluster(), Optional.empty(), amnesia, Vote.NONE);
      fresh.write(settings.directory());
      return new Memory(settings.directory(), fresh);
    }
    NodeIdentity identity = known.get();
    if (!identity.node().equals(settings.node())
        || !identity.cluster().equals(settings.cluster())) {
      throw new IOException(
          "%s belongs to node %s of cluster '%s', not to node %s of cluster '%s'"
              .formatted(
                  settings.directory(),
                  identity.node(),
                  identity.cluster(),
                  settings.node(),
                  settings.cluster()));
    }
    return new Memory(settings.directory(), identity);
  }

  Optional<UUID> clusterId() {
    return identity.clusterId();
  }

  /// @throws IOException when this node is known to belong to another cluster
  synchronized void belongsTo(UUID clusterId) throws IOException {
    Optional<UUID> before = identity.clusterId();
    if (before.isEmpty()) {
      become(identity.with(clusterId));
    } else if (!before.get().equals(clusterId)) {
      throw new IOException(
          "%s is of cluster %s and can't become a part of cluster %s; a node changes clusters with an empty directory"
              .formatted(directory, before.get(), clusterId));
    }
  }

  /// Whether there are logs that it does not vote for.
  boolean holdsBack() {
    return identity.amnesia() instanceof Amnesia.Before;
  }

  /// @param end where the leader's log ends
  void leaderSpeaks(long term, long end) throws IOException {
    if (identity.amnesia() instanceof Amnesia.Possible) {
      heardFirst(term, end);
    }
  }

  private synchronized void heardFirst(long term, long end) throws IOException {
    if (identity.amnesia() instanceof Amnesia.Possible) {
      become(identity.with(new Amnesia.Before(term, end)));
      LOG.info("event=catching-up node={} term={} index={}", identity.node(), term, end);
    }
  }

  /// A snapshot does not tell where the leader's log ends; the next heartbeat does.
  void mayInstall() throws IOException {
    if (identity.amnesia() instanceof Amnesia.Possible) {
      throw new IOException("%s has not heard where the log ends".formatted(identity.node()));
    }
  }

  /// @param candidate another node, or this one
  void mayVoteFor(RequestVoteRequestProto candidate) throws IOException {
    if (identity.amnesia() instanceof Amnesia.Before bound) {
      TermIndexProto last = candidate.getCandidateLastEntry();
      boolean again = !candidate.getPreVote() && candidate.getCandidateTerm() <= bound.term();
      if (again || !bound.isIn(last.getTerm(), last.getIndex())) {
        throw new IOException(
            "%s may have forgotten what it acknowledged %s: no vote for a log that ends at %d:%d"
                .formatted(identity.node(), bound, last.getTerm(), last.getIndex()));
      }
    }
  }

  /// Looks whether the log has everything by now.
  void caughtUp(RaftServer.Division division) {
    if (identity.amnesia() instanceof Amnesia.Before bound) {
      TermIndex last = lastOnDisk(division);
      if (bound.isIn(last.getTerm(), last.getIndex())) {
        forgetsNothing();
      }
    }
  }

  private static TermIndex lastOnDisk(RaftServer.Division division) {
    RaftLog log = division.getRaftLog();
    TermIndex last = log.getTermIndex(log.getFlushIndex());
    SnapshotInfo snapshot = division.getStateMachine().getLatestSnapshot();
    if (snapshot != null && (last == null || snapshot.getIndex() > last.getIndex())) {
      last = snapshot.getTermIndex();
    }
    return last == null ? TermIndex.valueOf(0, RaftLog.INVALID_LOG_INDEX) : last;
  }

  /// Its log has everything, or it leads: then a majority had nothing that it lacks.
  synchronized void forgetsNothing() {
    if (identity.amnesia() instanceof Amnesia.None) {
      return;
    }
    try {
      become(identity.with(new Amnesia.None()));
      LOG.info("event=caught-up node={}", identity.node());
    } catch (IOException e) {
      LOG.warn("event=identity-not-written node={} cause=\"{}\"", identity.node(), e.getMessage());
    }
  }

  /// Remembers a vote, on disk, before anybody hears of it. Ratis does, too, but loses it when the
  /// disk is full ([MetaFiles]).
  synchronized void voted(long term, String candidate) throws IOException {
    Vote vote = new Vote(term, candidate);
    if (!vote.equals(identity.vote()) && term >= identity.vote().term()) {
      become(identity.with(vote));
    }
  }

  Vote vote() {
    return identity.vote();
  }

  private void become(NodeIdentity next) throws IOException {
    next.write(directory);
    identity = next;
  }
}
