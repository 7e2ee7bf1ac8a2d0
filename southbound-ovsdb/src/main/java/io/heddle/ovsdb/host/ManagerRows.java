package io.heddle.ovsdb.host;

import io.heddle.ovsdb.host.HostTables.Manager;
import io.heddle.ovsdb.rpc.Operation;
import io.heddle.ovsdb.rpc.Operation.Condition;
import io.heddle.ovsdb.rpc.Operation.Mutation;
import io.heddle.ovsdb.rpc.Row;
import io.heddle.ovsdb.rpc.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// The rows by which a host's database dials every node of the cluster.
///
/// Ours carry a mark; only they are ever mended or removed. A row of the operator's that names a
/// node of ours already is as good as one of ours, for the database would dial that node twice.
final class ManagerRows {
  /// On rows of ours, in `external_ids`.
  static final String MARK = "heddle-managed";

  private static final String MANAGERS = "manager_options";
  private static final String OVSDB_PORT = ":6640";

  private final HostTables tables;
  private final List<String> targets;
  private final long probeMillis;

  ManagerRows(HostTables tables, Onboarding.Target target) {
    this.tables = tables;
    this.targets = target.targets().ovsdb();
    this.probeMillis = target.settings().inactivityProbe().toMillis();
  }

  void draft(Draft draft) {
    if (targets.isEmpty()) {
      return;
    }
    List<Manager> managers = tables.managers().toList();
    Set<String> theirs =
        managers.stream()
            .filter(row -> !isOurs(row))
            .map(row -> whole(row.target()))
            .collect(Collectors.toSet());
    Set<String> wanted =
        targets.stream()
            .map(ManagerRows::whole)
            .filter(target -> !theirs.contains(target))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<Value.Atom> gone = new ArrayList<>();
    for (Manager row : managers.stream().filter(ManagerRows::isOurs).toList()) {
      if (wanted.remove(whole(row.target()))) {
        mend(row, draft);
      } else {
        gone.add(Value.of(row.id()));
        draft.note("manager %s removed".formatted(row.target()));
      }
    }
    List<Value.Atom> fresh = new ArrayList<>();
    for (String target : wanted) {
      String name = "manager_" + fresh.size();
      draft.change(
          new Operation.Insert(
              HostTables.MANAGER,
              name,
              settings()
                  .with("target", Value.of(target))
                  .with("external_ids", Value.mapOf(Map.of(MARK, "true")))),
          "manager %s added".formatted(target));
      fresh.add(new Value.NewRow(name));
    }
    refer(gone, fresh, draft);
  }

  private static void refer(List<Value.Atom> gone, List<Value.Atom> fresh, Draft draft) {
    List<Mutation> mutations = new ArrayList<>();
    if (!gone.isEmpty()) {
      mutations.add(Mutation.delete(MANAGERS, Value.setOf(gone)));
    }
    if (!fresh.isEmpty()) {
      mutations.add(Mutation.insert(MANAGERS, Value.setOf(fresh)));
    }
    if (!mutations.isEmpty()) {
      draft.add(new Operation.Mutate(HostTables.ROOT, List.of(), mutations));
    }
  }

  /// A row by which the database listens (`ptcp:`, `pssl:`) is the operator's, whatever it carries.
  private static boolean isOurs(Manager row) {
    return row.externalIds().containsKey(MARK) && isDialled(row.target());
  }

  private static boolean isDialled(String target) {
    return target.startsWith("tcp:") || target.startsWith("ssl:");
  }

  /// A target with its port, which may be left out (`ovsdb(7)`): `tcp:192.0.2.1` is
  /// `tcp:192.0.2.1:6640`.
  private static String whole(String target) {
    String address = isDialled(target) ? target.substring(4) : "";
    boolean bare = address.startsWith("[") ? address.endsWith("]") : !address.contains(":");
    return bare && !address.isEmpty() ? target + OVSDB_PORT : target;
  }

  /// Out of band, so that no bridge of the operator's gets hidden flows for the way to us.
  private Row settings() {
    return new Row(
        Map.of(
            "connection_mode", Value.of(ControllerRows.OUT_OF_BAND),
            "max_backoff", Value.of(ControllerRows.MAX_BACKOFF_MILLIS),
            "inactivity_probe", Value.of(probeMillis)));
  }

  private void mend(Manager row, Draft draft) {
    boolean same =
        row.connectionMode().filter(ControllerRows.OUT_OF_BAND::equals).isPresent()
            && row.maxBackoffMillis().equals(OptionalLong.of(ControllerRows.MAX_BACKOFF_MILLIS))
            && row.inactivityProbeMillis().equals(OptionalLong.of(probeMillis));
    if (!same) {
      draft.change(
          new Operation.Update(HostTables.MANAGER, Condition.isRow(row.id()), settings()),
          "manager %s had other settings".formatted(row.target()));
    }
  }
}
