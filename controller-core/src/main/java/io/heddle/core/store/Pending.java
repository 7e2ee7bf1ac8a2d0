package io.heddle.core.store;

import java.util.concurrent.CompletableFuture;

/// A submission on its way, and who waits for it. Two of them are never equal.
final class Pending<T> {

  static final long ANY_TERM = 0;

  private final Submission<T> submission;
  private final long onlyInTerm;
  private final CompletableFuture<Outcome<T>> answer = new CompletableFuture<>();

  /// @param onlyInTerm the one term in which it may be decided, or [#ANY_TERM]
  Pending(Submission<T> submission, long onlyInTerm) {
    this.submission = submission;
    this.onlyInTerm = onlyInTerm;
  }

  boolean isFor(long term) {
    return onlyInTerm == ANY_TERM || onlyInTerm == term;
  }

  Submission<T> submission() {
    return submission;
  }

  CompletableFuture<Outcome<T>> answer() {
    return answer;
  }

  void unavailable(String why) {
    answer.complete(new Outcome.Unavailable<>(why, Store.RETRY_AFTER));
  }

  void notLeading(String why) {
    answer.complete(new Outcome.NotLeading<>(why));
  }

  void fail(Throwable cause) {
    answer.completeExceptionally(cause);
  }

  Settlement<T> with(Outcome<T> outcome) {
    return new Settlement<>(this, outcome);
  }

  /// An answer that may be given, once what it rests on is certain.
  record Settlement<T>(Pending<T> pending, Outcome<T> outcome) {
    void give() {
      pending.answer.complete(outcome);
    }
  }
}
