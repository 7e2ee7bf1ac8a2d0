package io.heddle.ovsdb.host;

import io.heddle.ovsdb.host.HostTables.Bridge;
import io.heddle.ovsdb.report.HostProblem;
import io.heddle.ovsdb.rpc.Operation;
import io.heddle.ovsdb.rpc.Operation.Condition;
import io.heddle.ovsdb.rpc.Operation.Function;
import io.heddle.ovsdb.rpc.Operation.Mutation;
import io.heddle.ovsdb.rpc.Quoted;
import io.heddle.ovsdb.rpc.Row;
import io.heddle.ovsdb.rpc.Value;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Decides what a host lacks: its tables and our settings in, one transaction out. Pure.
///
/// A host in step is one whose integration bridge exists with our settings, our controllers and no
/// others, the VXLAN port, and our epoch, and whose database dials every node of the cluster.
/// Whatever else stands on the host, and keys and ports of the bridge that are not ours, are not
/// read for a decision and never written.
///
/// Every transaction begins with a wait on what this decision was based on: the bridge's epoch, or
/// that there is no bridge. So a deposed controller's transaction fails, and one that another
/// change overtook is planned anew.
public final class Onboarding {
  /// On the bridge, in `external_ids`: the epoch of the controller that rules it.
  static final String EPOCH = "heddle-epoch";

  /// In `other_config`: no hidden flows for controllers reached through the bridge itself; ours
  /// never are.
  static final String DISABLE_IN_BAND = "disable-in-band";

  /// In `other_config`: the datapath id, which would follow the lowest MAC address on the bridge
  /// otherwise, and so change when a VM is plugged.
  static final String DATAPATH_ID = "datapath-id";

  /// What we speak.
  static final String OPENFLOW = "OpenFlow14";

  /// What a bridge speaks that names no versions: an operator's tools may rely on any.
  private static final List<String> ALL_VERSIONS =
      List.of("OpenFlow10", "OpenFlow11", "OpenFlow12", "OpenFlow13", OPENFLOW, "OpenFlow15");

  private final HostTables tables;
  private final HostIdentity identity;
  private final Target target;
  private final Draft draft = new Draft();

  /// What the host should be told.
  ///
  /// @param targets where the cluster's nodes are
  /// @param epoch ours
  public record Target(HostSettings settings, Targets targets, long epoch) {}

  private Onboarding(HostTables tables, HostIdentity identity, Target target) {
    this.tables = tables;
    this.identity = identity;
    this.target = target;
  }

  public static Plan plan(HostTables tables, HostIdentity identity, Target target) {
    return new Onboarding(tables, identity, target).plan();
  }

  private Plan plan() {
    Optional<Bridge> bridge = tables.bridge(target.settings().bridge());
    OptionalLong seen = bridge.map(Bridge::epoch).orElse(OptionalLong.empty());
    if (seen.isPresent() && seen.getAsLong() > target.epoch()) {
      return new Plan.Fenced(seen.getAsLong());
    }
    if (identity.encapIp().isEmpty()) {
      return new Plan.Blocked(identity.problems());
    }
    if (bridge.isPresent()) {
      mend(bridge.get());
    } else {
      DatapathType type = DatapathType.choose(tables, identity);
      switch (type) {
        case DatapathType.Chosen(String name) -> create(name);
        case DatapathType.Lacking(HostProblem problem) -> {
          return new Plan.Blocked(List.of(problem));
        }
      }
    }
    new ManagerRows(tables, target).draft(draft);
    return draft.toPlan();
  }

  private void create(String datapathType) {
    String name = target.settings().bridge();
    draft.add(
        new Operation.Wait(HostTables.BRIDGE, Condition.named(name), List.of("name"), List.of()));
    draft.add(
        new Operation.Insert(
            HostTables.INTERFACE,
            "local_interface",
            new Row(Map.of("name", Value.of(name), "type", Value.of("internal")))));
    draft.add(
        new Operation.Insert(
            HostTables.PORT,
            "local_port",
            new Row(
                Map.of(
                    "name", Value.of(name), "interfaces", new Value.NewRow("local_interface")))));
    Set<Value.Atom> ports = new LinkedHashSet<>();
    ports.add(new Value.NewRow("local_port"));
    new VxlanPort(tables, target.settings(), identity.encapIp().orElseThrow())
        .draft(Optional.empty(), draft)
        .ifPresent(ports::add);
    Value controllers =
        new ControllerRows(tables, target).draft(Optional.empty(), draft).orElse(Value.NOTHING);
    Row row =
        Row.EMPTY
            .with("name", Value.of(name))
            .with("datapath_type", Value.of(datapathType))
            .with("fail_mode", Value.of("secure"))
            .with("protocols", Value.texts(ALL_VERSIONS))
            .with("ports", new Value.SetOf(ports))
            .with("controller", controllers)
            .with(
                "other_config",
                Value.mapOf(Map.of(DISABLE_IN_BAND, "true", DATAPATH_ID, derivedDatapathId())))
            .with("external_ids", Value.mapOf(Map.of(EPOCH, Long.toString(target.epoch()))));
    draft.add(new Operation.Insert(HostTables.BRIDGE, "bridge", row));
    draft.change(
        new Operation.Mutate(
            HostTables.ROOT,
            List.of(),
            List.of(Mutation.insert("bridges", Value.setOf(List.of(new Value.NewRow("bridge")))))),
        "bridge %s created, datapath %s".formatted(name, datapathType));
  }

  /// A bridge that is made anew keeps its id, and two hosts never share one.
  private String derivedDatapathId() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("heddle bridge of " + identity.id()).getBytes(StandardCharsets.UTF_8));
      // The upper 16 bits are free for us to say; 0 would read like a plain MAC address.
      digest[0] |= 1;
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  private void mend(Bridge bridge) {
    draft.add(unchangedSinceSeen(bridge));
    mendKey(bridge, "external_ids", bridge.externalIds(), EPOCH, Long.toString(target.epoch()));
    mendKey(bridge, "other_config", bridge.otherConfig(), DISABLE_IN_BAND, "true");
    if (!bridge.otherConfig().getOrDefault(DATAPATH_ID, "").matches("[0-9a-fA-F]{16}")) {
      String pinned =
          bridge.datapathId().isPresent()
              ? HexFormat.of().toHexDigits(bridge.datapathId().getAsLong())
              : derivedDatapathId();
      mendKey(bridge, "other_config", bridge.otherConfig(), DATAPATH_ID, pinned);
    }
    if (!bridge.failMode().equals("secure")) {
      update(bridge, "fail_mode", Value.of("secure"), "was " + Quoted.of(bridge.failMode()));
    }
    if (!bridge.protocols().contains(OPENFLOW)) {
      Set<String> versions = new LinkedHashSet<>(bridge.protocols());
      versions.addAll(bridge.protocols().isEmpty() ? ALL_VERSIONS : List.of(OPENFLOW));
      update(bridge, "protocols", Value.texts(versions), "was " + bridge.protocols());
    }
    new ControllerRows(tables, target)
        .draft(Optional.of(bridge), draft)
        .ifPresent(rows -> update(bridge, "controller", rows, "was not ours alone"));
    new VxlanPort(tables, target.settings(), identity.encapIp().orElseThrow())
        .draft(Optional.of(bridge), draft)
        .ifPresent(port ->
            draft.add(
                new Operation.Mutate(
                    HostTables.BRIDGE,
                    Condition.isRow(bridge.id()),
                    List.of(Mutation.insert("ports", Value.setOf(List.of(port)))))));
  }

  /// Holds while the bridge has the epoch we saw; without one, while nobody has written any key.
  private Operation unchangedSinceSeen(Bridge bridge) {
    OptionalLong seen = bridge.epoch();
    if (seen.isEmpty()) {
      return new Operation.Wait(
          HostTables.BRIDGE,
          Condition.isRow(bridge.id()),
          List.of("external_ids"),
          List.of(Row.EMPTY.with("external_ids", Value.mapOf(bridge.externalIds()))));
    }
    Value epoch = Value.mapOf(Map.of(EPOCH, bridge.externalIds().getOrDefault(EPOCH, "")));
    return new Operation.Wait(
        HostTables.BRIDGE,
        List.of(
            new Condition("_uuid", Function.EQUAL, Value.of(bridge.id())),
            new Condition("external_ids", Function.INCLUDES, epoch)),
        List.of("name"),
        List.of(Row.EMPTY.with("name", Value.of(bridge.name()))));
  }

  private void update(Bridge bridge, String column, Value value, String found) {
    draft.change(
        new Operation.Update(
            HostTables.BRIDGE, Condition.isRow(bridge.id()), Row.EMPTY.with(column, value)),
        "%s %s %s".formatted(bridge.name(), column, found));
  }

  /// Sets one key of a map and leaves the others alone.
  private void mendKey(
      Bridge bridge, String column, Map<String, String> now, String key, String wanted) {
    String found = now.get(key);
    if (wanted.equals(found)) {
      return;
    }
    draft.change(
        new Operation.Mutate(
            HostTables.BRIDGE,
            Condition.isRow(bridge.id()),
            List.of(
                Mutation.delete(column, Value.texts(List.of(key))),
                Mutation.insert(column, Value.mapOf(Map.of(key, wanted))))),
        "%s %s:%s %s"
            .formatted(
                bridge.name(),
                column,
                key,
                found == null ? "was missing" : "was " + Quoted.of(found)));
  }
}
