package io.heddle.ovsdb.host;

import java.time.Duration;

/// How often one host may be written to: a few times at once, then slowly. Owned by the session's
/// thread.
///
/// A program that undoes our settings as fast as we make them costs the host, and us, one
/// transaction in five seconds.
final class RepairPace {
  /// An onboarding, a change of epoch and a few honest repairs come close together.
  private static final int AT_ONCE = 4;

  private static final Duration THEN_EACH = Duration.ofSeconds(5);

  private int left = AT_ONCE;
  private long refilledAtNanos;

  RepairPace(long nowNanos) {
    this.refilledAtNanos = nowNanos;
  }

  /// Takes a turn, or answers how long to wait for one.
  Duration take(long nowNanos) {
    long each = THEN_EACH.toNanos();
    long refills = (nowNanos - refilledAtNanos) / each;
    if (refills > 0) {
      left = (int) Math.min(AT_ONCE, left + refills);
      refilledAtNanos += refills * each;
    }
    if (left > 0) {
      left--;
      return Duration.ZERO;
    }
    return Duration.ofNanos(each - (nowNanos - refilledAtNanos));
  }
}
