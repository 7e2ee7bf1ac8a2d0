package io.heddle.ovsdb.host;

import io.heddle.ovsdb.report.HostProblem;
import io.heddle.ovsdb.rpc.Quoted;
import java.util.Optional;
import java.util.Set;

/// Which datapath a new integration bridge gets: packets cross between bridges of one type only.
sealed interface DatapathType {
  String KERNEL = "system";
  String USERSPACE = "netdev";

  record Chosen(String name) implements DatapathType {}

  record Lacking(HostProblem problem) implements DatapathType {}

  /// What the operator says; else userspace when a bridge of the host is (the tunnel address is on
  /// one then); else the kernel's. A host without the kernel module lists `system` all the same, so
  /// the list alone decides little.
  static DatapathType choose(HostTables tables, HostIdentity identity) {
    Set<String> offered = tables.root().map(HostTables.Root::datapathTypes).orElse(Set.of());
    Optional<String> asked = identity.datapathType();
    if (asked.isPresent()) {
      return offered.isEmpty() || offered.contains(asked.get())
          ? new Chosen(asked.get())
          : new Lacking(
              new HostProblem(
                  HostProblem.Kind.DATAPATH_TYPE,
                  "heddle-datapath-type is %s, but this Open vSwitch has %s"
                      .formatted(Quoted.of(asked.get()), offered)));
    }
    boolean userspace =
        tables.bridges().anyMatch(bridge -> bridge.datapathType().equals(USERSPACE));
    boolean kernel = offered.isEmpty() || offered.contains(KERNEL);
    return new Chosen(userspace || !kernel ? USERSPACE : KERNEL);
  }
}
