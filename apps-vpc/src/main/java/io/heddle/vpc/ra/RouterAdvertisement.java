package io.heddle.vpc.ra;

import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.pipeline.Overlay;
import io.heddle.vpc.frame.DomainNames;
import io.heddle.vpc.frame.Ethernet;
import io.heddle.vpc.frame.Ipv6Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a port's gateway advertises: itself, the subnet's prefix, the MTU and DNS servers (RFC 4861
/// §4.2, RFC 8106).
///
/// The prefix is for the machine to make an address in only where the port has the one that the
/// machine would make, so that what is made can be used. Else, the machine is told to ask by
/// DHCPv6. Lifetimes are the longest that there are: a controller that fails over is not missed.
public final class RouterAdvertisement {

  /// What every link carries in one packet (RFC 8200 §5), less the IPv6 header.
  private static final int LONGEST = 1280 - 40;

  private static final int TYPE = 134;
  private static final int HOP_LIMIT = 64;
  private static final int MANAGED = 0x80;
  private static final int OTHER = 0x40;
  private static final int ON_LINK = 0x80;
  private static final int AUTONOMOUS = 0x40;

  /// Eighteen hours, which is all that 16 bits hold (RFC 8319).
  private static final int ROUTER_LIFETIME_SECONDS = 0xffff;

  private static final int FOREVER = -1;

  private static final int SOURCE_LINK_ADDRESS = 1;
  private static final int PREFIX = 3;
  private static final int MTU = 5;
  private static final int DNS_SERVERS = 25;
  private static final int DNS_SEARCH = 31;

  private RouterAdvertisement() {}

  /// The message from its type on, with a checksum of 0.
  ///
  /// @return nothing for a port without IPv6
  static Optional<byte[]> message(Port port, Subnet subnet) {
    Ipv6Prefix prefix = subnet.ipv6Cidr();
    if (prefix == null || port.ipv6Addresses().isEmpty()) {
      return Optional.empty();
    }
    Subnet.Dhcp dhcp = subnet.dhcp();
    boolean makes = makesItsOwn(port, subnet, prefix);
    int managed = !makes && dhcp.enabled() ? MANAGED : 0;
    byte[] message = new byte[LONGEST];
    ByteBuffer written = ByteBuffer.wrap(message);
    written.put((byte) TYPE).put((byte) 0).putShort((short) 0).put((byte) HOP_LIMIT);
    written.put((byte) (managed | (dhcp.enabled() ? OTHER : 0)));
    written.putShort((short) ROUTER_LIFETIME_SECONDS).putLong(0);
    option(written, SOURCE_LINK_ADDRESS, 1);
    Ethernet.put(written, Overlay.GATEWAY_MAC);
    option(written, MTU, 1).putShort((short) 0).putInt(Overlay.MTU);
    putPrefix(written, prefix, makes);
    putServers(written, IpAddress.only(Ipv6Address.class, dhcp.dnsServers()));
    putSearch(written, dhcp.search());
    return Optional.of(Arrays.copyOf(message, written.position()));
  }

  /// The frame that tells one port, of itself.
  public static Optional<byte[]> unsolicited(Port port, Subnet subnet) {
    return message(port, subnet).map(Ipv6Frame.TO_ALL_NODES::icmp);
  }

  private static boolean makesItsOwn(Port port, Subnet subnet, Ipv6Prefix prefix) {
    return subnet.dhcp().ipv6AddressMode() == Subnet.Ipv6AddressMode.SLAAC
        && port.ipv6Addresses().contains(Ipv6Address.inPrefix(prefix, port.mac()));
  }

  private static void putPrefix(ByteBuffer written, Ipv6Prefix prefix, boolean makes) {
    option(written, PREFIX, 4).put((byte) prefix.length());
    written.put((byte) (ON_LINK | (makes ? AUTONOMOUS : 0)));
    written.putInt(FOREVER).putInt(FOREVER).putInt(0);
    Ipv6Frame.put(written, prefix.network());
  }

  private static void putServers(ByteBuffer written, List<Ipv6Address> servers) {
    if (!servers.isEmpty()) {
      option(written, DNS_SERVERS, 1 + 2 * servers.size()).putShort((short) 0).putInt(FOREVER);
      servers.forEach(server -> Ipv6Frame.put(written, server));
    }
  }

  /// What does not fit is left out: DHCPv6 tells it too.
  private static void putSearch(ByteBuffer written, List<String> domains) {
    byte[] names = DomainNames.encoded(domains);
    int units = 1 + (names.length + 7) / 8;
    if (!domains.isEmpty() && 8 * units <= written.remaining()) {
      option(written, DNS_SEARCH, units).putShort((short) 0).putInt(FOREVER);
      written.put(Arrays.copyOf(names, 8 * (units - 1)));
    }
  }

  /// Writes the two first bytes of an option.
  ///
  /// @param units its length in steps of eight bytes
  private static ByteBuffer option(ByteBuffer written, int type, int units) {
    return written.put((byte) type).put((byte) units);
  }
}
