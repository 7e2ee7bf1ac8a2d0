package io.heddle.core.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The batch in flight, and those of earlier leaderships whose fate is still open. Belongs to the
/// store's owner.
final class Proposals {

  private @Nullable Proposal inFlight;
  private final List<Proposal> setAside = new ArrayList<>();
  private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);

  /// What the log tells of a revision.
  interface Maker {
    /// The id of the batch that made the revision after a base, or null when nobody knows any more.
    @Nullable String after(long base);
  }

  boolean isIdle() {
    return inFlight == null;
  }

  boolean isInFlight(Proposal proposal) {
    return inFlight == proposal;
  }

  void begin(Proposal proposal) {
    inFlight = proposal;
    settled = new CompletableFuture<>();
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

  /// It certainly is not in the log and never will be.
  void refused() {
    inFlight = null;
    settled.complete(null);
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
        proposal
            .taken()
            .forEach(pending -> pending.notLeading("the leadership that decided it has ended"));
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
