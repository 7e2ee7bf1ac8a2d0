package io.heddle.core.store;

/// Nobody can tell any more whether a submission was committed: the node stopped, or was cut off
/// for so long that the answer is no longer kept. The caller reads to find out, or repeats the
/// request with its `Idempotency-Key`.
public final class OutcomeUnknownException extends Exception {

  public OutcomeUnknownException(String message) {
    super(message);
  }
}
