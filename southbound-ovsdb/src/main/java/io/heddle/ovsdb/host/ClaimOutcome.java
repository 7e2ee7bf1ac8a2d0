package io.heddle.ovsdb.host;

import io.heddle.ovsdb.report.HostProblem;
import java.util.List;

/// How a claim of a host ended.
public sealed interface ClaimOutcome {

  /// The host's settings are ours under the epoch.
  record Claimed(long epoch) implements ClaimOutcome {}

  /// A later epoch has claimed the host: claim again with one past it, if the host is ours indeed.
  record Fenced(long epochSeen) implements ClaimOutcome {}

  /// The claim stands and will take effect once these are mended; nothing was written yet.
  record Blocked(List<HostProblem> problems) implements ClaimOutcome {}

  /// The host is not connected, the connection ended first, or another claim took this one's place.
  record Lost(String reason) implements ClaimOutcome {}
}
