package io.heddle.vpc.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.store.Problem;
import java.util.regex.Pattern;

/// How a failure domain may be called.
final class ZoneRules {

  private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._-]{0,63}");

  private ZoneRules() {}

  static void check(String zone) {
    if (!ZONE.matcher(zone).matches()) {
      throw new Refused(
          Problem.invalid(
              "zone",
              "'%s' is not a zone; use up to 63 letters, digits, '.', '_' and '-'"
                  .formatted(zone)));
    }
  }
}
