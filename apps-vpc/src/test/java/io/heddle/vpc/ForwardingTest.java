package io.heddle.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.flow.Header;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.trace.Packet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two hosts, two VPCs with the same addresses: where packets get to, and where not.
class ForwardingTest {

  private final Cloud cloud = new Cloud();
  private HostId hv1;
  private HostId hv2;
  private Subnet web;
  private Port a;
  private Port b;
  private Port routed;
  private Port far;
  private Port farRouted;
  private Port twin;

  @BeforeEach
  void build() {
    hv1 = cloud.host("hv1", "192.0.2.1");
    hv2 = cloud.host("hv2", "192.0.2.2");
    Vpc blue = cloud.vpc("blue", "10.0.0.0/16");
    web = cloud.subnet("web", blue, "10.0.1.0/24");
    Subnet db = cloud.subnet("db", blue, "10.0.2.0/24");
    a = plugged("a", web, hv1, 1);
    b = plugged("b", web, hv1, 2);
    routed = plugged("routed", db, hv1, 3);
    far = plugged("far", web, hv2, 1);
    farRouted = plugged("far-routed", db, hv2, 2);
    Subnet same = cloud.subnet("same", cloud.vpc("red", "10.0.0.0/16"), "10.0.1.0/24");
    twin = cloud.port("twin", same, b.addresses().getFirst().toString(), "10.0.1.77");
    cloud.plug(twin, hv1, 4);
  }

  private Port plugged(String name, Subnet subnet, HostId host, int ofport) {
    Port port = cloud.port(name, subnet);
    cloud.plug(port, host, ofport);
    return port;
  }

  private Walk ping(Port from, MacAddress nextHop, Ipv4Address target) {
    return Walk.from(
        cloud,
        from,
        Packet.ping(
            new Packet.Link(from.mac(), nextHop),
            new Packet.Path(from.addresses().getFirst(), target),
            7));
  }

  private Walk direct(Port from, Port to) {
    return ping(from, to.mac(), to.addresses().getFirst());
  }

  private Walk viaGateway(Port from, Port to) {
    return ping(from, Overlay.GATEWAY_MAC, to.addresses().getFirst());
  }

  private Walk arp(Port from, String target) {
    return Walk.from(
        cloud,
        from,
        Packet.arpRequest(
            from.mac(), new Packet.Path(from.addresses().getFirst(), Ipv4Address.parse(target))));
  }

  @Test
  void withinASubnetPacketsAreBridged() {
    assertEquals("hv1:2", direct(a, b).end());
    assertEquals("hv2:1", direct(a, far).end());
    assertEquals(64, direct(a, far).delivered().get(Header.IP_TTL));
  }

  @Test
  void betweenSubnetsTheyAreRouted() {
    assertEquals("hv1:3", viaGateway(a, routed).end());
    Walk across = viaGateway(a, farRouted);
    assertEquals("hv2:2", across.end(), across.toString());
    assertEquals(63, across.delivered().get(Header.IP_TTL));
    assertEquals(farRouted.mac(), across.delivered().mac(Header.ETH_DST));
    assertEquals(Overlay.GATEWAY_MAC, across.delivered().mac(Header.ETH_SRC));
  }

  @Test
  void theContextVniCarriesTheIdentity() {
    Walk across = direct(a, far);
    int vni = cloud.image().require(a.identityId()).vni();
    assertEquals(
        vni, across.hops().getFirst().trace().outputs().getFirst().packet().get(Header.TUN_ID));
  }

  @Test
  void nobodyGetsAroundRoutingByWritingAMac() {
    assertEquals("hv1: Dropped", direct(a, routed).end());
    assertEquals("hv1: Dropped", direct(a, farRouted).end());
  }

  @Test
  void anUnknownTargetIsDropped() {
    Ipv4Address nobody = Ipv4Address.parse("10.0.1.99");
    assertEquals("hv1: Dropped", ping(a, MacAddress.parse("0a:bb:00:00:00:01"), nobody).end());
    assertEquals("hv1: Punt", ping(a, Overlay.GATEWAY_MAC, nobody).end(), "and its sender is told");
    assertEquals("hv1: Dropped", ping(a, MacAddress.BROADCAST, nobody).end());
    assertEquals("hv1: Punt", ping(a, Overlay.GATEWAY_MAC, Ipv4Address.parse("8.8.8.8")).end());
  }

  @Test
  void anotherVpcIsNeverReached() {
    assertEquals("hv1: Dropped", direct(a, twin).end(), "its MAC is unknown in this VPC");
    Ipv4Address onlyThere = Ipv4Address.parse("10.0.1.77");
    assertEquals("hv1: Punt", ping(a, Overlay.GATEWAY_MAC, onlyThere).end(), "no such host here");
    assertEquals("hv1: Dropped", arp(a, "10.0.1.77").end());
    assertEquals("hv1:2", viaGateway(a, b).end(), "the same address, and still the VPC's own port");
  }

  @Test
  void aPacketWithoutAHopLeftIsNotRouted() {
    Packet last =
        Packet.ping(
                new Packet.Link(a.mac(), Overlay.GATEWAY_MAC),
                new Packet.Path(a.addresses().getFirst(), routed.addresses().getFirst()),
                7)
            .ttl(1);
    assertEquals("hv1: Punt", Walk.from(cloud, a, last).end(), "and its sender is told");
    assertEquals("hv1: Dropped", Walk.from(cloud, a, last.ttl(0)).end());
  }

  @Test
  void arpIsAnsweredOnTheSpot() {
    Walk gateway = arp(a, "10.0.1.1");
    assertEquals("hv1:1", gateway.end());
    assertEquals(Overlay.GATEWAY_MAC, gateway.delivered().mac(Header.ARP_SHA));
    Walk peer = arp(a, far.addresses().getFirst().toString());
    assertEquals("hv1:1", peer.end());
    assertEquals(far.mac(), peer.delivered().mac(Header.ARP_SHA));
    assertEquals(a.mac(), peer.delivered().mac(Header.ETH_DST));
    assertEquals(a.addresses().getFirst(), peer.delivered().address(Header.ARP_TPA));
  }

  @Test
  void arpForWhatIsNotInTheSubnetIsNot() {
    assertEquals("hv1: Dropped", arp(a, "10.0.1.99").end());
    assertEquals("hv1: Dropped", arp(a, "10.0.2.1").end());
    assertEquals("hv1: Dropped", arp(a, routed.addresses().getFirst().toString()).end());
  }

  @Test
  void aPortIsNotToldThatItsOwnAddressIsTaken() {
    Ipv4Address own = a.addresses().getFirst();
    assertEquals("hv1: Dropped", arp(a, own.toString()).end());
    Packet probe = Packet.arpRequest(a.mac(), new Packet.Path(new Ipv4Address(0), own));
    assertEquals("hv1: Dropped", Walk.from(cloud, a, probe).end());
    assertEquals("hv1:2", Walk.from(cloud, b, probe).end(), "another's probe finds it taken");
  }

  @Test
  void gatewaysAnswerPings() {
    for (String gateway : new String[] {"10.0.1.1", "10.0.2.1"}) {
      Walk walk = ping(a, Overlay.GATEWAY_MAC, Ipv4Address.parse(gateway));
      assertEquals("hv1:1", walk.end());
      Packet reply = walk.delivered();
      assertEquals(0, reply.get(Header.ICMP_TYPE));
      assertEquals(Ipv4Address.parse(gateway), reply.address(Header.IPV4_SRC));
      assertEquals(a.addresses().getFirst(), reply.address(Header.IPV4_DST));
      assertEquals(a.mac(), reply.mac(Header.ETH_DST));
    }
  }

  @Test
  void dhcpGoesToTheController() {
    Walk walk = Walk.from(cloud, a, Packet.dhcpDiscover(a.mac()));
    assertEquals(1, walk.hops().getLast().trace().punts().size());
  }

  @Test
  void whatComesOutOfATunnelNeverGoesIntoOne() {
    cloud.unplug(far, hv2);
    cloud.plug(far, hv1, 9);
    Packet stray =
        Packet.ping(
            new Packet.Link(a.mac(), farRouted.mac()),
            new Packet.Path(a.addresses().getFirst(), farRouted.addresses().getFirst()),
            7);
    int vni = cloud.image().require(a.identityId()).vni();
    Packet.Path ends =
        new Packet.Path(Ipv4Address.parse("192.0.2.2"), Ipv4Address.parse("192.0.2.1"));
    assertEquals(
        "hv1: Dropped",
        Walk.entering(cloud, hv1, stray.enteringFromTunnel(Overlay.TUNNEL_OFPORT, vni, ends))
            .end());
  }

  @Test
  void strangersTunnelPacketsAreDropped() {
    Packet forged =
        Packet.ping(
            new Packet.Link(b.mac(), a.mac()),
            new Packet.Path(b.addresses().getFirst(), a.addresses().getFirst()),
            7);
    int vni = cloud.image().require(b.identityId()).vni();
    Ipv4Address here = Ipv4Address.parse("192.0.2.1");
    Packet.Path known = new Packet.Path(Ipv4Address.parse("192.0.2.2"), here);
    Packet.Path unknown = new Packet.Path(Ipv4Address.parse("192.0.2.66"), here);
    assertEquals(
        "hv1:1",
        Walk.entering(cloud, hv1, forged.enteringFromTunnel(Overlay.TUNNEL_OFPORT, vni, known))
            .end());
    assertEquals(
        "hv1: Dropped",
        Walk.entering(cloud, hv1, forged.enteringFromTunnel(Overlay.TUNNEL_OFPORT, vni, unknown))
            .end());
    assertEquals(
        "hv1: Dropped",
        Walk.entering(cloud, hv1, forged.enteringFromTunnel(Overlay.TUNNEL_OFPORT, 99, known))
            .end());
  }
}
