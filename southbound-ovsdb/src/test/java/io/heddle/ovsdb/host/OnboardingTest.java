package io.heddle.ovsdb.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.ovsdb.report.HostProblem;
import io.heddle.ovsdb.rpc.Operation;
import io.heddle.ovsdb.rpc.Row;
import io.heddle.ovsdb.rpc.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// The plan for hosts in every state we could think of: tables in, changes out.
class OnboardingTest {
  private static final String CONTROLLER = "tcp:192.0.2.1:6653";
  private static final UUID ROOT = new UUID(0, 1);
  private static final UUID BRIDGE = new UUID(0, 2);
  private static final UUID TUNNEL_PORT = new UUID(0, 3);
  private static final UUID TUNNEL = new UUID(0, 4);
  private static final UUID CONTROLLER_ROW = new UUID(0, 5);
  private static final UUID OTHER = new UUID(0, 6);

  private Targets targets = new Targets(List.of(CONTROLLER), List.of());

  /// A host's tables, changed row by row.
  private final Map<String, Map<UUID, Row>> tables = new HashMap<>();

  private void row(String table, UUID id, Map<String, Value> columns) {
    tables.computeIfAbsent(table, name -> new LinkedHashMap<>()).put(id, new Row(columns));
  }

  private void change(String table, UUID id, UnaryOperator<Row> change) {
    tables.get(table).computeIfPresent(id, (same, row) -> change.apply(row));
  }

  private void bareHost(Map<String, String> moreIds) {
    Map<String, String> ids = new HashMap<>(moreIds);
    ids.put("system-id", "hv1");
    ids.putIfAbsent("heddle-encap-ip", "192.0.2.7");
    row(
        "Open_vSwitch",
        ROOT,
        Map.of(
            "external_ids", Value.mapOf(ids),
            "datapath_types", Value.texts(List.of("netdev", "system"))));
  }

  private void hostInStep() {
    bareHost(Map.of());
    row(
        "Bridge",
        BRIDGE,
        Map.of(
            "name", Value.of("br-int"),
            "datapath_id", Value.of("00000000000000aa"),
            "fail_mode", Value.of("secure"),
            "protocols", Value.texts(List.of("OpenFlow13", "OpenFlow14")),
            "ports", Value.of(TUNNEL_PORT),
            "controller", Value.of(CONTROLLER_ROW),
            "other_config",
                Value.mapOf(Map.of("disable-in-band", "true", "datapath-id", "00000000000000aa")),
            "external_ids", Value.mapOf(Map.of("heddle-epoch", "5", "owner", "ops"))));
    row(
        "Port",
        TUNNEL_PORT,
        Map.of("name", Value.of("heddle-vxlan"), "interfaces", Value.of(TUNNEL)));
    row(
        "Interface",
        TUNNEL,
        Map.of(
            "name", Value.of("heddle-vxlan"),
            "type", Value.of("vxlan"),
            "ofport_request", Value.of(40000),
            "options",
                Value.mapOf(
                    Map.of(
                        "remote_ip", "flow",
                        "key", "flow",
                        "local_ip", "192.0.2.7",
                        "dst_port", "4789",
                        "csum", "false"))));
    row(
        "Controller",
        CONTROLLER_ROW,
        Map.of(
            "target", Value.of(CONTROLLER),
            "connection_mode", Value.of("out-of-band"),
            "max_backoff", Value.of(1000),
            "inactivity_probe", Value.of(5000)));
  }

  private Plan plan(long epoch) {
    HostTables host = new HostTables(tables);
    HostIdentity identity =
        assertInstanceOf(
                HostIdentity.Reading.Known.class,
                HostIdentity.read(host.root().orElseThrow().externalIds()))
            .identity();
    return Onboarding.plan(
        host, identity, new Onboarding.Target(HostSettings.standard(), targets, epoch));
  }

  private List<String> changes() {
    return assertInstanceOf(Plan.Transact.class, plan(5)).changes();
  }

  private Row newBridge() {
    return assertInstanceOf(Plan.Transact.class, plan(5)).operations().stream()
        .filter(Operation.Insert.class::isInstance)
        .map(Operation.Insert.class::cast)
        .filter(insert -> insert.table().equals("Bridge"))
        .findFirst()
        .orElseThrow()
        .row();
  }

  @Test
  void aHostInStepNeedsNothing() {
    hostInStep();
    assertEquals(new Plan.InStep(), plan(5));
  }

  @Test
  void aLaterEpochFencesUs() {
    hostInStep();
    assertEquals(new Plan.Fenced(5), plan(4));
  }

  @Test
  void aNewEpochIsOneMutationUnderAWaitOnTheOldOne() {
    hostInStep();
    Plan.Transact transact = assertInstanceOf(Plan.Transact.class, plan(6));
    assertEquals(List.of("br-int external_ids:heddle-epoch was \"5\""), transact.changes());
    Operation.Wait wait = assertInstanceOf(Operation.Wait.class, transact.operations().getFirst());
    assertEquals(
        new Operation.Condition(
            "external_ids", Operation.Function.INCLUDES, Value.mapOf(Map.of("heddle-epoch", "5"))),
        wait.where().getLast());
    assertEquals(3, transact.operations().size());
  }

  @Test
  void aBridgeWithoutAnEpochIsClaimedUnlessItsKeysChange() {
    hostInStep();
    change("Bridge", BRIDGE, row -> row.with("external_ids", Value.mapOf(Map.of("a", "b"))));
    Plan.Transact transact = assertInstanceOf(Plan.Transact.class, plan(5));
    assertEquals(
        new Operation.Wait(
            "Bridge",
            Operation.Condition.isRow(BRIDGE),
            List.of("external_ids"),
            List.of(Row.EMPTY.with("external_ids", Value.mapOf(Map.of("a", "b"))))),
        transact.operations().getFirst());
  }

  @Test
  void eachAlteredSettingIsMendedAlone() {
    hostInStep();
    change("Bridge", BRIDGE, row -> row.with("fail_mode", Value.NOTHING));
    assertEquals(List.of("br-int fail_mode was \"\""), changes());

    hostInStep();
    change("Bridge", BRIDGE, row -> row.with("protocols", Value.of("OpenFlow10")));
    assertEquals(List.of("br-int protocols was [OpenFlow10]"), changes());

    hostInStep();
    change("Bridge", BRIDGE, row -> row.with("other_config", Value.NO_PAIRS));
    assertEquals(
        List.of(
            "br-int other_config:disable-in-band was missing",
            "br-int other_config:datapath-id was missing"),
        changes());

    hostInStep();
    change("Controller", CONTROLLER_ROW, row -> row.with("max_backoff", Value.of(8000)));
    assertEquals(
        List.of(
            "controller tcp:192.0.2.1:6653 had mode \"out-of-band\", back-off 8000 ms, probe 5000 ms"),
        changes());

    hostInStep();
    change("Interface", TUNNEL, row -> row.with("ofport_request", Value.NOTHING));
    assertTrue(changes().getFirst().contains("number asked none"), changes().toString());

    hostInStep();
    change("Bridge", BRIDGE, row -> row.with("ports", Value.NOTHING));
    tables.remove("Port");
    tables.remove("Interface");
    assertEquals(List.of("port heddle-vxlan added, tunnel address 192.0.2.7"), changes());
  }

  @Test
  void foreignControllersOfOurBridgeGo() {
    hostInStep();
    row("Controller", OTHER, Map.of("target", Value.of("tcp:198.51.100.1:6633")));
    change(
        "Bridge",
        BRIDGE,
        row ->
            row.with(
                "controller", Value.setOf(List.of(Value.of(CONTROLLER_ROW), Value.of(OTHER)))));
    assertEquals(
        List.of(
            "controllers not ours removed: [\"tcp:198.51.100.1:6633\"]",
            "br-int controller was not ours alone"),
        changes());
  }

  private static final UUID OURS = new UUID(0, 7);
  private static final UUID THEIRS = new UUID(0, 8);

  private void manager(UUID id, String target, Map<String, String> externalIds) {
    row(
        "Manager",
        id,
        Map.of(
            "target", Value.of(target),
            "connection_mode", Value.of("out-of-band"),
            "max_backoff", Value.of(1000),
            "inactivity_probe", Value.of(5000),
            "external_ids", Value.mapOf(externalIds)));
    List<Value.RowId> all = tables.get("Manager").keySet().stream().map(Value::of).toList();
    change("Open_vSwitch", ROOT, row -> row.with("manager_options", Value.setOf(all)));
  }

  private void hostOfACluster(String... ovsdbTargets) {
    tables.clear();
    hostInStep();
    targets = new Targets(List.of(CONTROLLER), List.of(ovsdbTargets));
  }

  @Test
  void everyNodeGetsAManagerRow() {
    hostOfACluster("tcp:192.0.2.1:6640", "tcp:192.0.2.2:6640");
    manager(THEIRS, "tcp:198.51.100.9:6640", Map.of());
    Plan.Transact plan = assertInstanceOf(Plan.Transact.class, plan(5));
    assertEquals(
        List.of("manager tcp:192.0.2.1:6640 added", "manager tcp:192.0.2.2:6640 added"),
        plan.changes());
    assertInstanceOf(Operation.Wait.class, plan.operations().getFirst());
    assertEquals(
        new Operation.Insert(
            "Manager",
            "manager_1",
            new Row(
                Map.of(
                    "target", Value.of("tcp:192.0.2.2:6640"),
                    "connection_mode", Value.of("out-of-band"),
                    "max_backoff", Value.of(1000),
                    "inactivity_probe", Value.of(5000),
                    "external_ids", Value.mapOf(Map.of("heddle-managed", "true"))))),
        plan.operations().get(2));
    assertEquals(
        new Operation.Mutate(
            "Open_vSwitch",
            List.of(),
            List.of(
                Operation.Mutation.insert(
                    "manager_options",
                    Value.setOf(
                        List.of(new Value.NewRow("manager_0"), new Value.NewRow("manager_1")))))),
        plan.operations().get(3));
  }

  @Test
  void aManagerRowOfTheOperatorsThatNamesANodeWillDo() {
    hostOfACluster("tcp:192.0.2.1:6640", "ssl:[2001:db8::1]:6640");
    manager(THEIRS, "tcp:192.0.2.1", Map.of());
    manager(OTHER, "ssl:[2001:db8::1]", Map.of());
    assertEquals(new Plan.InStep(), plan(5));

    manager(OURS, "tcp:192.0.2.1:6640", Map.of("heddle-managed", "true"));
    assertEquals(List.of("manager tcp:192.0.2.1:6640 removed"), changes());
  }

  @Test
  void ofNodesThatAreNoMoreOnlyOurRowsGo() {
    hostOfACluster("tcp:192.0.2.1:6640");
    manager(OURS, "tcp:192.0.2.3:6640", Map.of("heddle-managed", "true", "note", "x"));
    manager(THEIRS, "tcp:192.0.2.4:6640", Map.of("owner", "ops"));
    manager(OTHER, "ptcp:6640", Map.of("heddle-managed", "true"));
    Plan.Transact plan = assertInstanceOf(Plan.Transact.class, plan(5));
    assertEquals(
        List.of("manager tcp:192.0.2.3:6640 removed", "manager tcp:192.0.2.1:6640 added"),
        plan.changes());
    assertTrue(
        plan.operations()
            .contains(
                new Operation.Mutate(
                    "Open_vSwitch",
                    List.of(),
                    List.of(
                        Operation.Mutation.delete(
                            "manager_options", Value.setOf(List.of(Value.of(OURS)))),
                        Operation.Mutation.insert(
                            "manager_options",
                            Value.setOf(List.of(new Value.NewRow("manager_0"))))))),
        plan.toString());
  }

  @Test
  void ourManagerRowsAreMendedAndTheOperatorsAreNot() {
    hostOfACluster("tcp:192.0.2.1:6640", "tcp:192.0.2.2:6640");
    manager(OURS, "tcp:192.0.2.1:6640", Map.of("heddle-managed", "true"));
    manager(THEIRS, "tcp:192.0.2.2:6640", Map.of());
    assertEquals(new Plan.InStep(), plan(5));
    change("Manager", THEIRS, row -> row.with("max_backoff", Value.NOTHING));
    assertEquals(new Plan.InStep(), plan(5));
    change("Manager", OURS, row -> row.with("inactivity_probe", Value.of(0)));
    assertEquals(List.of("manager tcp:192.0.2.1:6640 had other settings"), changes());
  }

  @Test
  void withoutTargetsWhatIsThereStays() {
    hostOfACluster();
    manager(OURS, "tcp:192.0.2.1:6640", Map.of("heddle-managed", "true"));
    assertEquals(new Plan.InStep(), plan(5));
    targets = new Targets(List.of(), List.of());
    assertEquals(new Plan.InStep(), plan(5));
  }

  @Test
  void theDatapathOfANewBridge() {
    bareHost(Map.of());
    assertEquals("system", newBridge().text("datapath_type"));

    row("Bridge", OTHER, Map.of("name", Value.of("br-phy"), "datapath_type", Value.of("netdev")));
    assertEquals("netdev", newBridge().text("datapath_type"));

    bareHost(Map.of("heddle-datapath-type", "system"));
    assertEquals("system", newBridge().text("datapath_type"));

    bareHost(Map.of("heddle-datapath-type", "dpdk"));
    assertEquals(
        HostProblem.Kind.DATAPATH_TYPE,
        assertInstanceOf(Plan.Blocked.class, plan(5)).problems().getFirst().kind());

    bareHost(Map.of());
    tables.remove("Bridge");
    change("Open_vSwitch", ROOT, row -> row.with("datapath_types", Value.texts(List.of("netdev"))));
    assertEquals("netdev", newBridge().text("datapath_type"));
  }

  @Test
  void tunnelAddressesThatCannotBe() {
    for (String wrong :
        List.of(
            "", " ", "10.0.0", "10.0.0.256", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1")) {
      bareHost(Map.of("heddle-encap-ip", wrong));
      Plan.Blocked blocked = assertInstanceOf(Plan.Blocked.class, plan(5), wrong);
      assertEquals(HostProblem.Kind.ENCAP_IP, blocked.problems().getFirst().kind());
    }
  }

  @Test
  void bridgeMappings() {
    Map<String, String> ids =
        Map.of("system-id", "hv1", "heddle-bridge-mappings", "a:br-a, b:br-b,,c,:x,d:,a:br-z");
    HostIdentity identity =
        assertInstanceOf(HostIdentity.Reading.Known.class, HostIdentity.read(ids)).identity();
    assertEquals(Map.of("a", "br-a", "b", "br-b"), identity.bridgeMappings());
    assertEquals(
        4,
        identity.problems().stream()
            .filter(p -> p.kind() == HostProblem.Kind.BRIDGE_MAPPINGS)
            .count());
  }

  @Test
  void aFewRepairsAtOnceThenOneInFiveSeconds() {
    RepairPace pace = new RepairPace(0);
    for (int i = 0; i < 4; i++) {
      assertTrue(pace.take(0).isZero());
    }
    assertEquals(5, pace.take(0).toSeconds());
    assertEquals(2, pace.take(3_000_000_000L).toSeconds());
    assertTrue(pace.take(5_000_000_000L).isZero());
    assertEquals(5, pace.take(5_000_000_000L).toSeconds());
  }
}
