package io.heddle.firewall.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.Key;
import io.heddle.core.store.Problem;

/// Limits that are the same for everybody.
final class Limits {

  private Limits() {}

  /// Refuses one more than there may be.
  ///
  /// @param owner the project or VPC that has them
  static void room(Key<?> id, Key<?> owner, int held, int limit) {
    if (held >= limit) {
      throw new Refused(
          Problem.exhausted(
              "",
              "%s %s has %d %ss, which is the limit; delete some"
                  .formatted(owner.kind(), owner, held, id.kind())));
    }
  }
}
