package io.heddle.core.pipeline;

import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import java.util.OptionalLong;

/// The marks that the controller leaves for itself in table `sentinel`, where no packet ever comes.
public final class Sentinels {

  private static final long ZONE_MARK = 1;

  private Sentinels() {}

  /// The mark of a flow set; its cookie digests the set's flows.
  ///
  /// @param nameHash 64 bits of the set's name, see `FlowSet.nameHash`
  public static Match ofSet(long nameHash) {
    return Match.of(Header.METADATA, nameHash);
  }

  /// The mark of a ct zone in use on this host. Whoever installs it flushes the zone first, so that
  /// no connection of the zone's former owner lives on.
  public static Match ofZone(int zone) {
    return Match.allOf(Match.of(Header.REG0, ZONE_MARK), Match.of(Header.REG1, zone));
  }

  /// The name hash that a mark of a flow set carries, or nothing for any other match.
  public static OptionalLong setHashOf(Match match) {
    return match.terms().size() == 1 && match.terms().get(0).header() == Header.METADATA
        ? OptionalLong.of(match.terms().get(0).value())
        : OptionalLong.empty();
  }

  /// The zone that a mark of a ct zone carries, or 0 for any other match.
  public static int zoneOf(Match match) {
    boolean marksZone = match.terms().size() == 2 && match.terms().get(0).header() == Header.REG0;
    return marksZone ? (int) match.terms().get(1).value() : 0;
  }
}
