package io.heddle.core.reconcile;

import java.time.Duration;

/// How switches are watched for what others do to them.
///
/// By default all of `br-int` is ours: what differs is mended, and flows of somebody else are
/// removed. A flow that nobody here knows can let packets around every rule, and the rows could not
/// explain it; who wants one keeps it on a bridge of their own, or has flows reported only.
///
/// @param repair whether what differs is mended, or only reported
/// @param foreign what becomes of flows of somebody else where repairs are made
/// @param round in which time every flow is looked at once: what others do is found no later
public record AuditPolicy(boolean repair, Foreign foreign, Duration round) {

  public enum Foreign {
    REMOVE,
    REPORT
  }

  /// Leaves a quarter of a minute to mend what was found and still be done within one.
  public static final Duration ROUND = Duration.ofSeconds(45);

  public static final AuditPolicy DEFAULT = new AuditPolicy(true, Foreign.REMOVE, ROUND);
  public static final AuditPolicy REPORT_ONLY = new AuditPolicy(false, Foreign.REPORT, ROUND);

  public AuditPolicy {
    if (round.isNegative() || round.isZero()) {
      throw new IllegalArgumentException("a round of %s; it takes some time".formatted(round));
    }
  }
}
