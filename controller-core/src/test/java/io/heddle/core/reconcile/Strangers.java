package io.heddle.core.reconcile;

import io.heddle.core.compile.Cookies;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.flow.Meter;
import io.heddle.core.pipeline.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/// Hands other than ours in a switch's tables.
final class Strangers {

  private final SwitchTable table;
  private final SplittableRandom random;

  Strangers(SwitchTable table, SplittableRandom random) {
    this.table = table;
    this.random = random;
  }

  /// Something that `ovs-ofctl` can do.
  void meddle() {
    if (table.flows.isEmpty()) {
      return;
    }
    switch (random.nextInt(7)) {
      case 0 -> table.flows.remove(victim().key().orElseThrow());
      case 1 -> alter(victim());
      case 2 -> addForeign();
      case 3 -> takeOver(victim());
      case 4 -> impersonate(victim());
      case 5 -> addStale();
      default -> spoilMeters();
    }
  }

  private InstalledFlow victim() {
    List<InstalledFlow> all = new ArrayList<>(table.all());
    return all.get(random.nextInt(all.size()));
  }

  /// `mod-flows`: other actions, which may be ones that we do not know; the cookie stays.
  void alter(InstalledFlow flow) {
    Match match = Objects.requireNonNull(flow.match());
    Flow altered = new Flow(flow.table(), flow.priority(), match, List.of(Stage.DELIVER.goTo()));
    table.put(
        random.nextBoolean()
            ? InstalledFlow.of(altered, flow.cookie())
            : new InstalledFlow(flow.table(), flow.priority(), flow.cookie(), match, null));
  }

  /// `add-flow` with a cookie of somebody else.
  void addForeign() {
    table.put(InstalledFlow.of(somewhere(), random.nextInt(3)));
  }

  /// `add-flow` over a match of ours.
  void takeOver(InstalledFlow flow) {
    Match match = Objects.requireNonNull(flow.match());
    table.put(new InstalledFlow(flow.table(), flow.priority(), 0x77, match, null));
  }

  /// `add-flow` with the cookie of a flow of ours.
  void impersonate(InstalledFlow flow) {
    table.put(InstalledFlow.of(somewhere(), flow.cookie()));
  }

  /// A flow with our mark that nobody wants.
  void addStale() {
    table.put(InstalledFlow.of(somewhere(), Cookies.MARK | random.nextInt(1000)));
  }

  private Flow somewhere() {
    return new Flow(
        random.nextInt(200), 40_000, Match.of(Header.ETH_SRC, random.nextInt(1, 1000)), List.of());
  }

  void spoilMeters() {
    if (random.nextBoolean()) {
      table.meters.clear();
    } else {
      table.meters.put(999, new Meter(999, 1, 1));
      table.meters.replaceAll((id, meter) -> new Meter(id, 1 + random.nextInt(9), 3));
    }
  }
}
