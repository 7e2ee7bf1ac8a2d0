package io.heddle.ovsdb.host;

import io.heddle.ovsdb.rpc.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// The tables of a host's Open vSwitch that we read (`ovs-vswitchd.conf.db(5)`), as typed rows made
/// on demand.
///
/// Of a live session it is a window on the replica, for the session's thread and the present turn
/// only.
public record HostTables(Map<String, Map<UUID, Row>> rows) {
  static final String ROOT = "Open_vSwitch";
  static final String BRIDGE = "Bridge";
  static final String PORT = "Port";
  static final String INTERFACE = "Interface";
  static final String CONTROLLER = "Controller";
  static final String MANAGER = "Manager";

  /// What we ask a host for: all that [Onboarding] and [Reports] read, and no counters, which
  /// change all the time.
  static final Map<String, List<String>> COLUMNS =
      Map.of(
          ROOT,
          List.of("bridges", "manager_options", "external_ids", "datapath_types", "ovs_version"),
          BRIDGE,
          List.of(
              "name",
              "datapath_type",
              "datapath_id",
              "ports",
              "controller",
              "protocols",
              "fail_mode",
              "other_config",
              "external_ids"),
          PORT,
          List.of("name", "interfaces"),
          INTERFACE,
          List.of(
              "name",
              "type",
              "options",
              "external_ids",
              "ofport",
              "ofport_request",
              "link_state",
              "error"),
          CONTROLLER,
          List.of("target", "connection_mode", "max_backoff", "inactivity_probe"),
          MANAGER,
          List.of("target", "connection_mode", "max_backoff", "inactivity_probe", "external_ids"));

  /// The one row of `Open_vSwitch`.
  record Root(
      UUID id,
      Map<String, String> externalIds,
      Set<String> datapathTypes,
      Set<UUID> bridges,
      Set<UUID> managers) {}

  record Bridge(
      UUID id,
      String name,
      String datapathType,
      OptionalLong datapathId,
      Set<UUID> ports,
      Set<UUID> controllers,
      Set<String> protocols,
      String failMode,
      Map<String, String> otherConfig,
      Map<String, String> externalIds) {

    /// The epoch of the controller that claimed the bridge last, if its mark can be read.
    OptionalLong epoch() {
      String text = externalIds.getOrDefault(Onboarding.EPOCH, "");
      return text.matches("[0-9]{1,18}")
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    }
  }

  record Port(UUID id, String name, Set<UUID> interfaces) {}

  record Interface(
      UUID id,
      String name,
      String type,
      Map<String, String> options,
      Map<String, String> externalIds,
      OptionalLong ofport,
      OptionalLong ofportRequest,
      boolean linkUp,
      Optional<String> error) {}

  record Controller(
      UUID id,
      String target,
      Optional<String> connectionMode,
      OptionalLong maxBackoffMillis,
      OptionalLong inactivityProbeMillis) {}

  /// How the database is reached, or reaches out.
  record Manager(
      UUID id,
      String target,
      Optional<String> connectionMode,
      OptionalLong maxBackoffMillis,
      OptionalLong inactivityProbeMillis,
      Map<String, String> externalIds) {}

  private Map<UUID, Row> table(String name) {
    return rows.getOrDefault(name, Map.of());
  }

  Optional<Root> root() {
    return table(ROOT).entrySet().stream()
        .findFirst()
        .map(entry ->
            new Root(
                entry.getKey(),
                entry.getValue().pairs("external_ids"),
                entry.getValue().texts("datapath_types"),
                entry.getValue().references("bridges"),
                entry.getValue().references("manager_options")));
  }

  Stream<Bridge> bridges() {
    return table(BRIDGE).entrySet().stream().map(entry -> bridge(entry.getKey(), entry.getValue()));
  }

  Optional<Bridge> bridge(String name) {
    return table(BRIDGE).entrySet().stream()
        .filter(entry -> entry.getValue().text("name").equals(name))
        .findFirst()
        .map(entry -> bridge(entry.getKey(), entry.getValue()));
  }

  private static Bridge bridge(UUID id, Row row) {
    return new Bridge(
        id,
        row.text("name"),
        row.text("datapath_type"),
        datapathId(row.text("datapath_id")),
        row.references("ports"),
        row.references("controller"),
        row.texts("protocols"),
        row.text("fail_mode"),
        row.pairs("other_config"),
        row.pairs("external_ids"));
  }

  private static OptionalLong datapathId(String hex) {
    return hex.matches("[0-9a-fA-F]{16}")
        ? OptionalLong.of(Long.parseUnsignedLong(hex, 16))
        : OptionalLong.empty();
  }

  /// The bridge that a port stands on.
  Optional<Bridge> bridgeOf(Port port) {
    return bridges().filter(bridge -> bridge.ports().contains(port.id())).findFirst();
  }

  Optional<Port> port(String name) {
    return table(PORT).entrySet().stream()
        .filter(entry -> entry.getValue().text("name").equals(name))
        .findFirst()
        .map(HostTables::port);
  }

  private static Port port(Map.Entry<UUID, Row> entry) {
    return new Port(
        entry.getKey(), entry.getValue().text("name"), entry.getValue().references("interfaces"));
  }

  /// The interfaces of all ports of a bridge.
  Stream<Interface> interfacesOn(Bridge bridge) {
    Map<UUID, Row> ports = table(PORT);
    return bridge.ports().stream()
        .flatMap(id -> ports.getOrDefault(id, Row.EMPTY).references("interfaces").stream())
        .flatMap(id -> interfaceById(id).stream());
  }

  Optional<Interface> interfaceById(UUID id) {
    return Optional.ofNullable(table(INTERFACE).get(id))
        .map(row ->
            new Interface(
                id,
                row.text("name"),
                row.text("type"),
                row.pairs("options"),
                row.pairs("external_ids"),
                row.number("ofport"),
                row.number("ofport_request"),
                row.text("link_state").equals("up"),
                row.optionalText("error").filter(error -> !error.isEmpty())));
  }

  Stream<Controller> controllersOf(Bridge bridge) {
    return bridge.controllers().stream()
        .filter(table(CONTROLLER)::containsKey)
        .map(id -> {
          Row row = table(CONTROLLER).getOrDefault(id, Row.EMPTY);
          return new Controller(
              id,
              row.text("target"),
              row.optionalText("connection_mode"),
              row.number("max_backoff"),
              row.number("inactivity_probe"));
        });
  }

  Stream<Manager> managers() {
    return root().map(Root::managers).orElse(Set.of()).stream()
        .filter(table(MANAGER)::containsKey)
        .map(id -> {
          Row row = table(MANAGER).getOrDefault(id, Row.EMPTY);
          return new Manager(
              id,
              row.text("target"),
              row.optionalText("connection_mode"),
              row.number("max_backoff"),
              row.number("inactivity_probe"),
              row.pairs("external_ids"));
        });
  }
}
