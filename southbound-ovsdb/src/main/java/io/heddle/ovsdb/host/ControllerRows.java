package io.heddle.ovsdb.host;

import io.heddle.ovsdb.host.HostTables.Bridge;
import io.heddle.ovsdb.host.HostTables.Controller;
import io.heddle.ovsdb.rpc.Operation;
import io.heddle.ovsdb.rpc.Operation.Condition;
import io.heddle.ovsdb.rpc.Quoted;
import io.heddle.ovsdb.rpc.Row;
import io.heddle.ovsdb.rpc.Value;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The integration bridge's OpenFlow controllers: ours, each once, and no others, for two programs
/// that both write the tables of one bridge undo each other.
final class ControllerRows {
  /// The longest a switch waits between attempts, and the shortest value that Open vSwitch takes.
  static final long MAX_BACKOFF_MILLIS = 1000;

  static final String OUT_OF_BAND = "out-of-band";

  private final HostTables tables;
  private final List<String> targets;
  private final long probeMillis;

  ControllerRows(HostTables tables, Onboarding.Target target) {
    this.tables = tables;
    this.targets = target.targets().openflow();
    this.probeMillis = target.settings().inactivityProbe().toMillis();
  }

  /// Drafts the rows that are missing or differ. Answers what the bridge should refer to, if that
  /// changes.
  Optional<Value> draft(Optional<Bridge> bridge, Draft draft) {
    if (targets.isEmpty()) {
      return Optional.empty();
    }
    List<Controller> present =
        bridge.map(found -> tables.controllersOf(found).toList()).orElse(List.of());
    Set<Value.Atom> rows = new LinkedHashSet<>();
    for (String target : targets) {
      Optional<Controller> ours =
          present.stream().filter(row -> row.target().equals(target)).findFirst();
      if (ours.isPresent()) {
        mend(ours.get(), draft);
        rows.add(Value.of(ours.get().id()));
      } else {
        String name = "controller_" + rows.size();
        draft.change(
            new Operation.Insert(
                HostTables.CONTROLLER, name, settings().with("target", Value.of(target))),
            "controller %s added".formatted(target));
        rows.add(new Value.NewRow(name));
      }
    }
    List<Controller> foreign =
        present.stream().filter(row -> !rows.contains(Value.of(row.id()))).toList();
    if (!foreign.isEmpty()) {
      draft.note(
          "controllers not ours removed: "
              + foreign.stream().map(row -> Quoted.of(row.target())).toList());
    }
    boolean same = foreign.isEmpty() && rows.size() == present.size() && noneNew(rows);
    return same && bridge.isPresent() ? Optional.empty() : Optional.of(new Value.SetOf(rows));
  }

  private static boolean noneNew(Set<Value.Atom> rows) {
    return rows.stream().noneMatch(Value.NewRow.class::isInstance);
  }

  private Row settings() {
    return new Row(
        Map.of(
            "connection_mode", Value.of(OUT_OF_BAND),
            "max_backoff", Value.of(MAX_BACKOFF_MILLIS),
            "inactivity_probe", Value.of(probeMillis)));
  }

  private void mend(Controller row, Draft draft) {
    boolean same =
        row.connectionMode().equals(Optional.of(OUT_OF_BAND))
            && row.maxBackoffMillis().equals(OptionalLong.of(MAX_BACKOFF_MILLIS))
            && row.inactivityProbeMillis().equals(OptionalLong.of(probeMillis));
    if (!same) {
      draft.change(
          new Operation.Update(HostTables.CONTROLLER, Condition.isRow(row.id()), settings()),
          "controller %s had mode %s, back-off %s ms, probe %s ms"
              .formatted(
                  row.target(),
                  row.connectionMode().map(Quoted::of).orElse("unset"),
                  text(row.maxBackoffMillis()),
                  text(row.inactivityProbeMillis())));
    }
  }

  private static String text(OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : "unset";
  }
}
