package io.heddle.node;

import io.heddle.core.model.HostId;
import io.heddle.core.reconcile.Audit;
import io.heddle.core.reconcile.AuditResult;
import io.heddle.core.reconcile.Difference;
import io.heddle.node.cluster.SharedAudits;
import io.heddle.node.fabric.Fabric;
import io.heddle.rest.spi.Audits;
import java.time.Instant;
import java.time.InstantSource;

/// What a look at a switch found, as the API tells it.
final class AuditReports {

  private AuditReports() {}

  /// Looks at the switches of this node's hosts.
  static SharedAudits.Local of(Fabric fabric, InstantSource clock) {
    return (host, repair) ->
        fabric.audit(host, repair).thenApply(result -> of(host, clock.instant(), result));
  }

  private static Audits.Result of(HostId host, Instant at, AuditResult result) {
    return switch (result) {
      case AuditResult.Looked looked ->
          new Audits.Result.Done(
              new Audits.Report(
                  host,
                  at,
                  looked.repaired(),
                  counts(looked.counts()),
                  looked.differences().stream().map(AuditReports::difference).toList()));
      case AuditResult.Unavailable(String why) -> new Audits.Result.Unavailable(why);
    };
  }

  static Audits.Counts counts(Audit audit) {
    return new Audits.Counts(
        audit.inStep(), audit.missing(), audit.altered(), audit.extra(), audit.foreign());
  }

  private static Audits.Difference difference(Difference found) {
    return new Audits.Difference(
        switch (found.way()) {
          case MISSING -> Audits.Way.MISSING;
          case ALTERED -> Audits.Way.ALTERED;
          case EXTRA -> Audits.Way.EXTRA;
          case FOREIGN -> Audits.Way.FOREIGN;
        },
        found.table(),
        found.match(),
        found.unit().map(Object::toString).orElse(""),
        found.unit().map(unit -> unit.subject()));
  }
}
