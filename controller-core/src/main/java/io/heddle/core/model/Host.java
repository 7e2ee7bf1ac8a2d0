package io.heddle.core.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A hypervisor, as its Open vSwitch last described itself.
///
/// @param tunnelIp where other hosts send this one's VXLAN packets; null until the host says so
/// @param zone the failure domain an operator put it in, or empty
public record Host(
    HostId id,
    Meta meta,
    String hostname,
    @Nullable Ipv4Address tunnelIp,
    Map<String, String> bridgeMappings,
    String zone)
    implements Resource {

  /// One row lists all hosts: what names every host (who may send tunnel packets) reads it.
  public static final Index<Host, String> ALL = new Index<>("all hosts", host -> List.of("all"));

  public static final Index<Host, Ipv4Address> BY_TUNNEL_IP =
      new Index<>(
          "host by tunnel IP",
          host -> host.tunnelIp() == null ? List.of() : List.of(host.tunnelIp()));
  public static final Kind<Host> KIND =
      new Kind<>("host", Host.class, 1, HostId::new, List.of(ALL, BY_TUNNEL_IP));

  public Host {
    bridgeMappings = Map.copyOf(bridgeMappings);
  }

  @Override
  public HostId key() {
    return id;
  }
}
