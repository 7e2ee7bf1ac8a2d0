package io.heddle.core.store;

import java.util.concurrent.CompletableFuture;

/// A submission on its way, and who waits for it. Two of them are never equal.
final class Pending<T> {

  private final Submission<T> submission;
  private final CompletableFuture<Outcome<T>> answer = new CompletableFuture<>();

  Pending(Submission<T> submission) {
    this.submission = submission;
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
