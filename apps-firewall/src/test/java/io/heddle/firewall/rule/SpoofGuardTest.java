package io.heddle.firewall.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Header;
import io.heddle.core.model.AddressPair;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.trace.Conntrack;
import io.heddle.core.trace.FlowTables;
import io.heddle.core.trace.Packet;
import io.heddle.core.trace.Tracer;
import io.heddle.firewall.site.Site;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpoofGuardTest {

  private static final Ipv4Address OWN = Ipv4Address.parse("10.0.0.1");
  private static final Ipv4Address SECOND = Ipv4Address.parse("10.0.0.9");
  private static final Ipv4Address OTHER = Ipv4Address.parse("10.0.0.2");
  private static final Ipv6Address OWN6 = Site.ipv6(OWN);
  private static final Ipv6Address OTHER6 = Site.ipv6(OTHER);
  private static final Ipv6Address LINK_LOCAL = Ipv6Address.parse("fe80::1234");
  private static final MacAddress MAC = Site.mac(OWN);
  private static final MacAddress OTHER_MAC = Site.mac(OTHER);

  private final Site site = new Site();
  private final HostId host = site.createHost("hv1", "192.168.50.1");

  @BeforeEach
  void plug() {
    site.createGroup("g", Site.everythingOut(), Site.everythingIn());
    site.putPort("p", OWN.toString(), "g");
    site.plug("p", host, 1);
    change(List.of(OWN, SECOND), true, true);
  }

  private void change(List<Ipv4Address> addresses, boolean security, boolean adminUp) {
    change(addresses, security, adminUp, List.of());
  }

  private void change(
      List<Ipv4Address> addresses, boolean security, boolean adminUp, List<AddressPair> pairs) {
    Port port = site.port("p");
    site.replace(
        new Port(
            port.id(),
            port.meta(),
            port.subnet(),
            port.vpc(),
            port.mac(),
            addresses,
            List.of(OWN6),
            port.groups(),
            port.identity(),
            port.tag(),
            security,
            pairs,
            adminUp,
            "",
            null,
            null));
  }

  /// Whether the packet gets past the guard.
  private boolean passes(Packet packet) {
    FlowTables<String> tables =
        FlowTables.plain(site.flowsOf(host).stream().map(flow -> flow.flow()).toList());
    return Tracer.trace(tables, packet.enteringAt(1), new Conntrack()).hops().stream()
        .anyMatch(hop -> hop.table() == Stage.SERVICES.table());
  }

  private static Packet udp(MacAddress mac, Ipv4Address source) {
    return Packet.udp(new Packet.Link(mac, OTHER_MAC), new Packet.Path(source, OTHER), 1, 2);
  }

  private static Packet asks(MacAddress mac, Ipv4Address sender) {
    return Packet.arpRequest(mac, new Packet.Path(sender, OTHER));
  }

  @Test
  void aPortSendsAsItself() {
    assertTrue(passes(udp(MAC, OWN)));
    assertTrue(passes(udp(MAC, SECOND)));
    assertFalse(passes(udp(MAC, OTHER)));
    assertFalse(passes(udp(OTHER_MAC, OWN)));
    assertTrue(passes(asks(MAC, OWN)));
    assertTrue(passes(asks(MAC, new Ipv4Address(0))), "an address probe");
    assertFalse(passes(asks(MAC, OTHER)));
    assertFalse(passes(asks(OTHER_MAC, OWN)));
    assertFalse(passes(asks(MAC, OWN).with(Header.ARP_SHA, OTHER_MAC.bits())));
    assertFalse(
        passes(
            Packet.arpReply(
                new Packet.Link(MAC, OTHER_MAC), new Packet.Path(new Ipv4Address(0), OTHER))));
    assertFalse(passes(Packet.frame(new Packet.Link(MAC, OTHER_MAC), 0x86dd)));
  }

  @Test
  void aPortWithoutAnAddressMayAskDhcpAndNothingElse() {
    assertTrue(passes(Packet.dhcpDiscover(MAC)));
    assertFalse(passes(Packet.dhcpDiscover(OTHER_MAC)));
    assertFalse(passes(udp(MAC, new Ipv4Address(0))));
    assertFalse(passes(Packet.dhcpDiscover(MAC).with(Header.UDP_SRC, 67)));
  }

  @Test
  void withoutPortSecurityItMaySendAnything() {
    change(List.of(OWN), false, true);
    assertTrue(passes(udp(OTHER_MAC, OTHER)));
    assertTrue(passes(asks(OTHER_MAC, OTHER)));
  }

  @Test
  void anAddressThatGoesIsNoLongerItsOwn() {
    change(List.of(OWN), true, true);
    assertFalse(passes(udp(MAC, SECOND)));
    change(List.of(OWN), true, false);
    assertFalse(passes(udp(MAC, OWN)));
    assertEquals(
        List.of(),
        site.flowsOf(host).stream()
            .filter(flow -> flow.unit().rule().equals("SpoofGuard"))
            .toList());
  }

  private static Packet udp6(MacAddress mac, Ipv6Address source, int from, int to) {
    return Packet.udp(new Packet.Link(mac, OTHER_MAC), new Packet.Path(source, OTHER6), from, to);
  }

  @Test
  void aPortSpeaksIpv6AsItselfOnly() {
    assertTrue(passes(udp6(MAC, OWN6, 1, 2)));
    assertFalse(passes(udp6(MAC, OTHER6, 1, 2)));
    assertFalse(passes(udp6(OTHER_MAC, OWN6, 1, 2)));
    assertFalse(passes(udp6(MAC, LINK_LOCAL, 1, 2)));
    assertTrue(passes(udp6(MAC, LINK_LOCAL, 546, 547)), "DHCPv6");
  }

  @Test
  void neighborDiscoveryMustSayWhoSendsIt() {
    assertTrue(passes(Packet.solicitation(MAC, OWN6, OTHER6)));
    assertTrue(passes(Packet.solicitation(MAC, LINK_LOCAL, OTHER6)));
    assertTrue(passes(Packet.solicitation(MAC, Ipv6Address.UNSPECIFIED, OWN6)), "is it mine?");
    assertFalse(passes(Packet.solicitation(MAC, OTHER6, OWN6)));
    assertFalse(passes(Packet.solicitation(OTHER_MAC, OWN6, OTHER6)));
    Packet lies = Packet.solicitation(MAC, OWN6, OTHER6).with(Header.ND_SLL, OTHER_MAC.bits());
    assertFalse(passes(lies));
    assertTrue(passes(advertises(OWN6, MAC)));
    assertFalse(passes(advertises(OTHER6, MAC)), "the other's address");
    assertFalse(passes(advertises(OWN6, OTHER_MAC)), "the other's MAC");
  }

  private static Packet advertises(Ipv6Address target, MacAddress mac) {
    Packet.Link link = new Packet.Link(MAC, OTHER_MAC);
    return Packet.icmpv6(link, new Packet.Path(OWN6, OTHER6), Packet.ND_ADVERTISEMENT, 0)
        .with(Header.ND_TARGET_HIGH, target)
        .with(Header.ND_TLL, mac.bits());
  }

  @Test
  void itNeverPlaysTheRouterOrTheDhcpServer() {
    Packet.Link link = new Packet.Link(MAC, OTHER_MAC);
    Packet.Path path = new Packet.Path(OWN6, OTHER6);
    assertTrue(passes(Packet.icmpv6(link, new Packet.Path(LINK_LOCAL, OTHER6), 133, 0)));
    assertFalse(passes(Packet.icmpv6(link, path, 134, 0)), "a router advertisement");
    assertFalse(passes(Packet.icmpv6(link, path, 137, 0)), "a redirect");
    assertFalse(passes(udp6(MAC, OWN6, 547, 546)), "a DHCPv6 server");
    Packet offer = Packet.udp(link, new Packet.Path(OWN, OTHER), 67, 68);
    assertFalse(passes(offer), "a DHCP server");
    assertTrue(passes(Packet.icmpv6(link, path, 128, 0)));
    change(List.of(OWN), false, true);
    assertTrue(passes(offer), "without port security");
    assertTrue(passes(Packet.icmpv6(link, path, 134, 0)));
  }

  @Test
  void allowedPairsAddSenders() {
    MacAddress virtual = MacAddress.parse("00:00:5e:00:01:07");
    Ipv4Address vip = Ipv4Address.parse("10.0.7.7");
    change(
        List.of(OWN),
        true,
        true,
        List.of(
            new AddressPair(IpPrefix.parse("10.0.7.0/24"), null),
            new AddressPair(IpPrefix.parse("10.0.7.7/32"), virtual),
            new AddressPair(IpPrefix.parse("fd00:7::/64"), null)));
    assertTrue(passes(udp(MAC, vip)));
    assertTrue(passes(udp(virtual, vip)));
    assertTrue(passes(asks(virtual, vip)));
    assertTrue(passes(asks(MAC, Ipv4Address.parse("10.0.7.8"))));
    assertFalse(passes(udp(virtual, Ipv4Address.parse("10.0.7.8"))));
    assertFalse(passes(udp(virtual, OWN)), "its own address goes with its own MAC");
    Ipv6Address inside = Ipv6Address.parse("fd00:7::1");
    assertTrue(passes(udp6(MAC, inside, 1, 2)));
    assertTrue(passes(Packet.solicitation(MAC, inside, OTHER6)));
    assertTrue(passes(advertises(inside, MAC)));
    assertFalse(passes(udp6(MAC, Ipv6Address.parse("fd00:8::1"), 1, 2)));
  }
}
