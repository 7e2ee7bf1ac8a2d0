package io.heddle.core.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The batch in flight, and those of earlier leaderships whose fate is still open. Belongs to the
/// store's owner.
final class Proposals {

  private static final Logger LOG = LoggerFactory.getLogger(Proposals.class);

  private final Log log;
  private final Owner owner;
  private final Runnable leadsNoMore;
  private boolean left;
  private @Nullable Proposal inFlight;
  private final List<Proposal> setAside = new ArrayList<>();
  private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);

  /// @param leadsNoMore is told when the log says so
  Proposals(Log log, Owner owner, Runnable leadsNoMore) {
    this.log = log;
    this.owner = owner;
    this.leadsNoMore = leadsNoMore;
  }

  /// What the log tells of a revision.
  interface Maker {
    /// The id of the batch that made the revision after a base, or null when nobody knows any more.
    @Nullable String after(long base);
  }

  boolean isIdle() {
    return inFlight == null;
  }

  private boolean isInFlight(Proposal proposal) {
    return inFlight == proposal;
  }

  /// Appends it, and appends it again while nobody knows whether it is in the log. The same bytes:
  /// a base makes sure that only one of them is applied.
  void begin(Proposal proposal) {
    inFlight = proposal;
    settled = new CompletableFuture<>();
    left = false;
    append(proposal);
  }

  private void append(Proposal proposal) {
    if (isInFlight(proposal) && !left) {
      var _ =
          log.append(proposal.entry())
              .whenComplete((done, failed) -> {
                if (failed != null) {
                  owner.run(() -> failed(proposal, failed));
                }
              });
    }
  }

  private void failed(Proposal proposal, Throwable failed) {
    if (!isInFlight(proposal)) {
      return;
    }
    Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
    if (cause instanceof Log.NotLeader) {
      if (!proposal.isUncertain()) {
        inFlight = null;
        settled.complete(null);
        proposal.notLeading("this node does not lead the cluster");
      }
      leadsNoMore.run();
      return;
    }
    if (!proposal.isUncertain()) {
      LOG.warn(
          "event=append-uncertain base={} cause=\"{}\"", proposal.base(), String.valueOf(cause));
    }
    proposal.becomesUncertain();
    owner.runAfter(Store.ASK_AGAIN_AFTER, () -> append(proposal));
  }

  /// This node leads no more: what is in flight is left to its fate.
  void leave() {
    left = true;
  }

  /// Done as soon as nothing is in flight.
  CompletableFuture<Void> settled() {
    return settled;
  }

  /// A new leadership begins: it proposes on the same base as what is in flight, and one of the two
  /// will make the next revision.
  void setAside() {
    if (inFlight != null) {
      setAside.add(inFlight);
      inFlight = null;
    }
  }

  /// Settles all that were decided before a revision. Those of earlier leaderships that lost are
  /// told so and not decided again: who sent them may have read in the log that they are dead.
  ///
  /// @return the submissions of the one in flight, if that lost, in the order they came
  List<Pending<?>> settle(long revision, Maker maker) {
    List<Proposal> open = new ArrayList<>(setAside);
    if (inFlight != null) {
      open.add(inFlight);
    }
    open.removeIf(proposal -> proposal.base() >= revision);
    setAside.removeAll(open);
    List<Pending<?>> lost = new ArrayList<>();
    for (Proposal proposal : open) {
      boolean current = isInFlight(proposal);
      if (current) {
        inFlight = null;
        settled.complete(null);
      }
      String winner = maker.after(proposal.base());
      if (winner == null) {
        proposal.unknown("this node was cut off for too long to know");
      } else if (winner.equals(proposal.id())) {
        proposal.committed();
      } else if (current) {
        lost.addAll(proposal.taken());
      } else {
        proposal.notLeading("the leadership that decided it has ended");
      }
    }
    return lost;
  }

  /// This node stops reading the log: nobody here will know.
  void giveUp(String why) {
    setAside();
    settled.complete(null);
    setAside.forEach(proposal -> proposal.unknown(why));
    setAside.clear();
  }
}
