package io.heddle.ovsdb.report;

/// How far a host is under this controller's rule.
public sealed interface Standing {

  /// Nobody told this node to rule the host: it is read and nothing is written.
  record Observed() implements Standing {}

  /// Our settings are on their way, or cannot be made until a problem is solved.
  record Onboarding(long epoch) implements Standing {}

  /// The host's settings are ours, under our epoch.
  record InStep(long epoch) implements Standing {}

  /// A controller with a later epoch rules the host; nothing is written any more.
  record Fenced(long epochSeen) implements Standing {}
}
