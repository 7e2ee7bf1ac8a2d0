package io.heddle.core.pipeline;

import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;

/// The constants that every host of a cluster shares.
public final class Overlay {

  /// The OpenFlow port of the VXLAN tunnel on every host, so that shared flows can name it. Above
  /// 32,767, where Open vSwitch never assigns numbers by itself, and below 0xff00, where OpenFlow's
  /// reserved ports begin.
  public static final int TUNNEL_OFPORT = 40_000;

  /// VNI bit 23: the sender vouches that this is a reply.
  public static final int REPLY_VNI_BIT = 1 << 23;

  /// The MAC that every gateway of every subnet has. Locally administered.
  public static final MacAddress GATEWAY_MAC = MacAddress.parse("0e:00:00:00:00:01");

  /// The link-local address that every gateway has: routers are known by theirs (RFC 4861).
  public static final Ipv6Address GATEWAY_LINK_LOCAL = Ipv6Address.linkLocal(GATEWAY_MAC);

  /// Ethernet, IPv4, UDP and VXLAN headers around an inner IP packet (RFC 7348): what the overlay
  /// takes from the underlay's MTU.
  public static final int OVERHEAD_BYTES = 50;

  /// The underlay's MTU where nobody said otherwise.
  public static final int UNDERLAY_MTU = 1500;

  /// What machines are told that their network takes.
  public static final int MTU = UNDERLAY_MTU - OVERHEAD_BYTES;

  private Overlay() {}
}
