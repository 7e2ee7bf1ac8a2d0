package io.heddle.ovsdb.report;

import io.heddle.core.model.HostId;

/// Hears of hosts. Called from the thread of the host's session, in order for each host; must not
/// block.
///
/// A burst of changes on the host makes one report, not one for each: whatever came together is
/// told together.
public interface HostEvents {

  /// A host is here and its tables are read. It may not be onboarded yet: see
  /// [HostReport#standing].
  void connected(HostReport report);

  /// The host differs from its last report.
  void changed(HostReport report);

  /// The host's connection is gone. What it last reported stands: not knowing is not "unplugged".
  void disconnected(HostId host, String reason);

  /// A second machine came with the system-id of one that is connected and alive, and was sent
  /// away.
  ///
  /// @param stays the remote address of the first
  /// @param refused the remote address of the second
  void duplicate(HostId host, String stays, String refused);
}
