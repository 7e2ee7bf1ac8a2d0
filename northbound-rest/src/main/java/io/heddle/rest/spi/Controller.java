package io.heddle.rest.spi;

import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Image;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Submission;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The node's intent, and how far the switches are with it. Called from any thread; nothing but
/// [#history] may block.
public interface Controller {

  /// Has a command decided and committed. Fails, rather than answering, only where nobody knows
  /// what became of it, or for a bug.
  <T> CompletionStage<Outcome<T>> submit(Submission<T> submission);

  /// The last revision that was applied here.
  Image image();

  /// The first image of that revision or a later one that is applied here. Cancelling it ends the
  /// wait.
  CompletableFuture<Image> awaitRevision(long revision);

  /// How long this node has been without contact to a majority of the cluster, once that is longer
  /// than it may be: what is read here may be old then, and nothing can be written.
  Optional<Duration> silence();

  /// Answers when every connected host concerned has realised the revision, or when the time is up,
  /// with how it stands then.
  CompletionStage<Realization> awaitRealized(long revision, Duration timeout);

  /// What is known of a host's sessions. A host that never spoke to us is not connected.
  HostState host(HostId id);

  /// Whether the host has the flows of this binding as the port is now.
  boolean realized(Binding binding);

  /// How the resource, as given, stands in the switches. For a port: apart from whether it is
  /// plugged in.
  Standing standing(Resource row);

  /// Revisions from the archive, oldest first; fewer than asked for at its end. Waits: it reads
  /// files, and fetches from other nodes what this one has not kept.
  ///
  /// @param fromRevision the first one wanted; what no node has kept is left out
  List<Batch> history(long fromRevision, int limit) throws IOException, InterruptedException;

  /// Why this node can't take requests that change something, or nothing when it can; contact to
  /// the cluster apart.
  Optional<String> unready();

  /// What is broken in this node beyond its own repair, or nothing.
  Optional<String> unhealthy();

  /// Where a revision has arrived.
  ///
  /// @param pending connected hosts that do not have it yet
  /// @param disconnected hosts that will get it when they are back, before anything else
  record Realization(Set<HostId> pending, Set<HostId> disconnected) {
    public Realization {
      pending = Set.copyOf(pending);
      disconnected = Set.copyOf(disconnected);
    }
  }

  /// A host's sessions.
  ///
  /// @param connected OVSDB and OpenFlow both
  /// @param realizedRevision 0 when none is known
  /// @param problem why it is not as it should be, or empty
  record HostState(boolean connected, long realizedRevision, String problem) {}

  /// How a row stands in the switches.
  sealed interface Standing {
    /// As asked for, wherever it matters.
    record Active() implements Standing {}

    /// On its way.
    record Pending(String reason) implements Standing {}

    /// Not as asked for on some host, and not about to be: a flow refused, a revocation that a
    /// disconnected host has not heard of.
    record Degraded(String reason) implements Standing {}
  }
}
