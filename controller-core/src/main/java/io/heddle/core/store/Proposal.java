package io.heddle.core.store;

import java.util.List;

/// A batch that was handed to the log and whose fate is open. It is settled by what makes the
/// revision after its base: this batch, or another one, after which it can never be applied.
final class Proposal {

  private final String id;
  private final byte[] entry;
  private final Round round;
  private boolean uncertain;

  Proposal(String id, Round round) {
    this.id = id;
    this.entry = round.batch(id);
    this.round = round;
  }

  String id() {
    return id;
  }

  long base() {
    return round.base();
  }

  byte[] entry() {
    return entry;
  }

  List<Pending<?>> taken() {
    return round.taken();
  }

  void committed() {
    round.held().forEach(Pending.Settlement::give);
  }

  void notLeading(String why) {
    taken().forEach(pending -> pending.notLeading(why));
  }

  void unknown(String why) {
    OutcomeUnknownException unknown = new OutcomeUnknownException(why);
    round.taken().forEach(pending -> pending.fail(unknown));
  }

  /// Some attempt to append it ended without an answer: it may be in the log.
  boolean isUncertain() {
    return uncertain;
  }

  void becomesUncertain() {
    uncertain = true;
  }
}
