package io.heddle.vpc.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.Project;
import io.heddle.core.store.Problem;

/// What a quota may be. A quota below what a project holds already is allowed: it only stops
/// growth.
final class QuotaRules {

  /// Above it a single project could fill the controller's memory.
  private static final int MAX = 1_000_000;

  private QuotaRules() {}

  static void check(Project.Quotas quotas) {
    check("vpcs", quotas.vpcs());
    check("subnets", quotas.subnets());
    check("ports", quotas.ports());
    check("securityGroups", quotas.securityGroups());
    check("rules", quotas.rules());
  }

  private static void check(String what, int value) {
    if (value < 0 || value > MAX) {
      throw new Refused(
          Problem.invalid(
              "quotas." + what,
              "%d is not a quota; it is a number from 0 to %d".formatted(value, MAX)));
    }
  }
}
