package io.heddle.ovsdb.host;

import io.heddle.core.model.Ipv4Address;
import io.heddle.ovsdb.host.HostTables.Bridge;
import io.heddle.ovsdb.host.HostTables.Interface;
import io.heddle.ovsdb.host.HostTables.Port;
import io.heddle.ovsdb.report.HostProblem;
import io.heddle.ovsdb.rpc.Operation;
import io.heddle.ovsdb.rpc.Operation.Condition;
import io.heddle.ovsdb.rpc.Quoted;
import io.heddle.ovsdb.rpc.Row;
import io.heddle.ovsdb.rpc.Value;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The one port by which packets leave for other hosts, and come from them: VXLAN, with destination
/// and VNI chosen by flows.
final class VxlanPort {
  private static final String NAME = HostSettings.VXLAN_PORT;

  private final HostTables tables;
  private final HostSettings settings;
  private final Ipv4Address encapIp;

  VxlanPort(HostTables tables, HostSettings settings, Ipv4Address encapIp) {
    this.tables = tables;
    this.settings = settings;
    this.encapIp = encapIp;
  }

  /// Drafts the port, or what it lacks. Answers the row that the bridge must take in, if it is new.
  ///
  /// A port of that name on another bridge is not ours to touch: [#problem] names it.
  Optional<Value.Atom> draft(Optional<Bridge> bridge, Draft draft) {
    Optional<Port> port = tables.port(NAME);
    if (port.isEmpty()) {
      draft.add(
          new Operation.Insert(
              HostTables.INTERFACE, "vxlan_interface", wanted().with("name", Value.of(NAME))));
      draft.change(
          new Operation.Insert(
              HostTables.PORT,
              "vxlan_port",
              new Row(
                  Map.of(
                      "name", Value.of(NAME), "interfaces", new Value.NewRow("vxlan_interface")))),
          "port %s added, tunnel address %s".formatted(NAME, encapIp));
      return Optional.of(new Value.NewRow("vxlan_port"));
    }
    boolean ours = bridge.map(found -> found.ports().contains(port.get().id())).orElse(false);
    if (ours) {
      port.get().interfaces().stream()
          .flatMap(id -> tables.interfaceById(id).stream())
          .forEach(found -> mend(found, draft));
    }
    return Optional.empty();
  }

  private Map<String, String> options() {
    return Map.of(
        "remote_ip", "flow",
        "key", "flow",
        "local_ip", encapIp.toString(),
        "dst_port", Integer.toString(HostSettings.VXLAN_UDP_PORT),
        "csum", "false");
  }

  private Row wanted() {
    return new Row(
        Map.of(
            "type", Value.of("vxlan"),
            "options", Value.mapOf(options()),
            "ofport_request", Value.of(settings.vxlanOfport())));
  }

  private void mend(Interface found, Draft draft) {
    boolean same =
        found.type().equals("vxlan")
            && found.options().equals(options())
            && found.ofportRequest().equals(OptionalLong.of(settings.vxlanOfport()));
    if (!same) {
      draft.change(
          new Operation.Update(HostTables.INTERFACE, Condition.isRow(found.id()), wanted()),
          "port %s was type %s, options %s, number asked %s"
              .formatted(
                  NAME,
                  Quoted.of(found.type()),
                  Quoted.of(found.options().toString()),
                  found.ofportRequest().isPresent() ? found.ofportRequest().getAsLong() : "none"));
    }
  }

  /// Why the port cannot serve, as Open vSwitch has it now.
  static Optional<HostProblem> problem(HostTables tables, HostSettings settings, Bridge bridge) {
    Optional<Port> port = tables.port(NAME);
    if (port.isEmpty()) {
      return Optional.empty();
    }
    if (!bridge.ports().contains(port.get().id())) {
      String other = tables.bridgeOf(port.get()).map(Bridge::name).orElse("?");
      return problem(
          HostProblem.Kind.VXLAN_NAME_TAKEN,
          "a port named %s stands on bridge %s; run: ovs-vsctl del-port %s %s"
              .formatted(NAME, other, other, NAME));
    }
    return port.get().interfaces().stream()
        .flatMap(id -> tables.interfaceById(id).stream())
        .findFirst()
        .flatMap(tunnel -> problem(tables, settings, bridge, tunnel));
  }

  private static Optional<HostProblem> problem(
      HostTables tables, HostSettings settings, Bridge bridge, Interface tunnel) {
    if (tunnel.error().isPresent()) {
      return problem(
          HostProblem.Kind.VXLAN_ERROR,
          "Open vSwitch cannot make %s: %s".formatted(NAME, Quoted.of(tunnel.error().get())));
    }
    if (tunnel.ofport().isEmpty()) {
      return problem(
          HostProblem.Kind.VXLAN_PENDING,
          "ovs-vswitchd has given %s no OpenFlow number yet; is it running?".formatted(NAME));
    }
    long ofport = tunnel.ofport().getAsLong();
    if (ofport == settings.vxlanOfport()) {
      return Optional.empty();
    }
    if (ofport < 0) {
      return problem(
          HostProblem.Kind.VXLAN_ERROR,
          "Open vSwitch cannot make %s; its log says why".formatted(NAME));
    }
    Optional<String> holder =
        tables
            .interfacesOn(bridge)
            .filter(other -> other.ofport().equals(OptionalLong.of(settings.vxlanOfport())))
            .map(Interface::name)
            .findFirst();
    return problem(
        HostProblem.Kind.VXLAN_OFPORT,
        "%s has OpenFlow number %d instead of %d; %s"
            .formatted(
                NAME,
                ofport,
                settings.vxlanOfport(),
                holder
                        .map(name ->
                            "%s has it, move that port away, then run: ".formatted(Quoted.of(name)))
                        .orElse("run: ")
                    + "ovs-vsctl del-port %s %s".formatted(bridge.name(), NAME)));
  }

  private static Optional<HostProblem> problem(HostProblem.Kind kind, String sentence) {
    return Optional.of(new HostProblem(kind, sentence));
  }
}
