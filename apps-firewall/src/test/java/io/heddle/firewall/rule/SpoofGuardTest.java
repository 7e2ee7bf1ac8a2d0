package io.heddle.firewall.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Header;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
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
    Port port = site.port("p");
    site.replace(
        new Port(
            port.id(),
            port.meta(),
            port.subnet(),
            port.vpc(),
            port.mac(),
            addresses,
            port.groups(),
            port.identity(),
            port.tag(),
            security,
            adminUp,
            "",
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
}
