package io.heddle.ovsdb.host;

import io.heddle.core.pipeline.Overlay;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// What every host is told to be, whichever host it is.
///
/// @param bridge the integration bridge that VMs are plugged into
/// @param vxlanOfport the VXLAN port's OpenFlow number, the same on every host, so that shared
///   flows can name it
/// @param controllers where the bridge finds its OpenFlow controllers
/// @param inactivityProbe how long the switch hears nothing before it asks whether its controller
///   lives
public record HostSettings(
    String bridge, int vxlanOfport, Controllers controllers, Duration inactivityProbe) {

  /// The highest number that `ofport_request` takes (`vswitch.conf.db(5)`).
  private static final int MAX_OFPORT = 65279;

  /// Where IANA and Open vSwitch expect OpenFlow.
  public static final int OPENFLOW_PORT = 6653;

  /// The VXLAN port's name on every host; at most 15 characters, as Linux wants it.
  public static final String VXLAN_PORT = "heddle-vxlan";

  /// The UDP port of VXLAN (RFC 7348).
  public static final int VXLAN_UDP_PORT = 4789;

  /// How a host finds the controllers.
  public sealed interface Controllers {

    /// All nodes, by targets that every host can reach. Asked for every plan, for nodes come and
    /// go: say [OvsdbHosts#settingsChanged] when they did. Must not block.
    record At(Supplier<Targets> targets) implements Controllers {}

    /// This node alone, at the address by which the host's OVSDB connection reached it; how the
    /// host finds its database's manager is left to the operator.
    record WhereReached(boolean tls, int port) implements Controllers {}
  }

  public HostSettings {
    if (vxlanOfport < 1 || vxlanOfport > MAX_OFPORT) {
      throw new IllegalArgumentException(
          "a port number that may be asked for is 1 to %d, not %d"
              .formatted(MAX_OFPORT, vxlanOfport));
    }
    if (bridge.isBlank() || bridge.length() > 15) {
      throw new IllegalArgumentException(
          "a bridge's name has 1 to 15 characters, not '%s'".formatted(bridge));
    }
  }

  /// One node, plain TCP: `br-int`, controllers where the host reached us.
  public static HostSettings standard() {
    return new HostSettings(
        "br-int",
        Overlay.TUNNEL_OFPORT,
        new Controllers.WhereReached(false, OPENFLOW_PORT),
        Duration.ofSeconds(5));
  }

  /// The targets for a host that reached us at `local`.
  Targets targets(SocketAddress local) {
    return switch (controllers) {
      case Controllers.At(Supplier<Targets> targets) -> targets.get();
      case Controllers.WhereReached(boolean tls, int port) ->
          new Targets(
              List.of("%s:%s:%d".formatted(tls ? "ssl" : "tcp", literal(local), port)), List.of());
    };
  }

  private static String literal(SocketAddress local) {
    if (!(local instanceof InetSocketAddress socket)) {
      throw new IllegalArgumentException("no IP address: " + local);
    }
    InetAddress address = socket.getAddress();
    String text = address.getHostAddress();
    return address instanceof Inet6Address ? "[" + text + "]" : text;
  }
}
