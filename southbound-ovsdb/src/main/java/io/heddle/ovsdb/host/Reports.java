package io.heddle.ovsdb.host;

import io.heddle.core.model.MacAddress;
import io.heddle.ovsdb.host.HostTables.Bridge;
import io.heddle.ovsdb.host.HostTables.Interface;
import io.heddle.ovsdb.report.HostProblem;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.report.PluggedInterface;
import io.heddle.ovsdb.report.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads a report off a host's tables. Pure.
final class Reports {
  private static final String IFACE_ID = "iface-id";
  private static final String ATTACHED_MAC = "attached-mac";

  /// OpenFlow's numbers for ports end below this one (OFPP_MAX).
  private static final long OFPORT_END = 0xff00;

  private Reports() {}

  static HostReport read(
      HostTables tables,
      HostIdentity identity,
      HostSettings settings,
      Standing standing,
      Optional<HostProblem> refused) {
    Optional<Bridge> bridge = tables.bridge(settings.bridge());
    List<HostProblem> problems = new ArrayList<>(identity.problems());
    refused.ifPresent(problems::add);
    if (standing instanceof Standing.InStep) {
      bridge.ifPresent(found -> addProblems(tables, settings, found, problems));
    }
    return new HostReport(
        identity.id(),
        identity.hostname(),
        identity.encapIp(),
        bridge.map(Bridge::datapathId).orElse(OptionalLong.empty()),
        identity.bridgeMappings(),
        standing,
        problems,
        bridge.map(found -> plugged(tables, found)).orElse(List.of()));
  }

  private static void addProblems(
      HostTables tables, HostSettings settings, Bridge bridge, List<HostProblem> problems) {
    if (bridge.datapathId().isEmpty()) {
      problems.add(
          new HostProblem(
              HostProblem.Kind.BRIDGE_PENDING,
              "ovs-vswitchd has not made %s yet; is it running?".formatted(bridge.name())));
    }
    VxlanPort.problem(tables, settings, bridge).ifPresent(problems::add);
  }

  private static List<PluggedInterface> plugged(HostTables tables, Bridge bridge) {
    return tables
        .interfacesOn(bridge)
        .filter(found -> !found.externalIds().getOrDefault(IFACE_ID, "").isEmpty())
        .map(Reports::plugged)
        .sorted(
            Comparator.comparing(PluggedInterface::ifaceId).thenComparing(PluggedInterface::name))
        .toList();
  }

  private static PluggedInterface plugged(Interface found) {
    return new PluggedInterface(
        found.externalIds().getOrDefault(IFACE_ID, ""),
        found.name(),
        ofport(found.ofport()),
        mac(found.externalIds().get(ATTACHED_MAC)),
        found.linkUp(),
        found.error());
  }

  private static OptionalInt ofport(OptionalLong number) {
    return number.isPresent() && number.getAsLong() > 0 && number.getAsLong() < OFPORT_END
        ? OptionalInt.of(Math.toIntExact(number.getAsLong()))
        : OptionalInt.empty();
  }

  private static Optional<MacAddress> mac(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(MacAddress::parse);
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
