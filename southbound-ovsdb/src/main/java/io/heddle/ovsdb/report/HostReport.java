package io.heddle.ovsdb.report;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// All that the controller needs to know of a host, as its database says it now.
///
/// @param encapIp where other hosts send this one's tunnel packets
/// @param datapathId of the integration bridge: the OpenFlow session that names it is this host's
/// @param bridgeMappings physical network to the bridge of the host that reaches it
/// @param problems why the host is degraded; empty for a healthy host
/// @param interfaces every plugged interface, ordered by iface-id and name
public record HostReport(
    HostId host,
    String hostname,
    Optional<Ipv4Address> encapIp,
    OptionalLong datapathId,
    Map<String, String> bridgeMappings,
    Standing standing,
    List<HostProblem> problems,
    List<PluggedInterface> interfaces) {

  public HostReport {
    bridgeMappings = Map.copyOf(bridgeMappings);
    problems = List.copyOf(problems);
    interfaces = List.copyOf(interfaces);
  }

  /// True when flows may be sent to the host: its settings are ours and nothing stands against it.
  public boolean programmable() {
    return standing instanceof Standing.InStep
        && datapathId.isPresent()
        && problems.stream().noneMatch(problem -> problem.kind().blocking());
  }
}
