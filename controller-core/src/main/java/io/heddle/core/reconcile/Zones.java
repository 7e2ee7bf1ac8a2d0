package io.heddle.core.reconcile;

import io.heddle.core.compile.FlowChange;
import io.heddle.core.flow.Match;
import io.heddle.core.pipeline.Sentinels;
import io.heddle.core.pipeline.Stage;
import java.util.ArrayList;
import java.util.List;

/// Which ct zones come into use with some changes.
final class Zones {

  private Zones() {}

  static List<Integer> toFlush(List<FlowChange> changes) {
    List<Integer> zones = new ArrayList<>();
    for (FlowChange change : changes) {
      change.adds().stream()
          .filter(flow -> flow.flow().table() == Stage.SENTINEL.table())
          .map(flow -> flow.flow().match())
          .forEach(match -> addZone(zones, match));
    }
    return zones;
  }

  private static void addZone(List<Integer> zones, Match match) {
    int zone = Sentinels.zoneOf(match);
    if (zone != 0) {
      zones.add(zone);
    }
  }
}
