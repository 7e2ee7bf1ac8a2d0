package io.heddle.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.SetDelta;
import io.heddle.core.flow.Header;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Port;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.trace.Packet;
import io.heddle.vpc.command.CreateRouteTable;
import io.heddle.vpc.command.RouteFaults;
import io.heddle.vpc.command.TableChoice;
import io.heddle.vpc.command.UpdateRouteTable;
import io.heddle.vpc.command.UpdateSubnet;
import io.heddle.vpc.command.UpdateVpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Where packets to the gateway go, by the route table of their subnet, and what a change of routes
/// costs.
class RouteTableTest {

  private static final String OUTSIDE = "203.0.113.9";
  private static final int MANY = 50;

  private final Cloud cloud = new Cloud();
  private final HostId hv1 = cloud.host("hv1", "192.0.2.1");
  private final HostId hv2 = cloud.host("hv2", "192.0.2.2");
  private final Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
  private final Subnet front = cloud.subnet("front", vpc, "10.0.1.0/24");
  private final Subnet back = cloud.subnet("back", vpc, "10.0.2.0/24");
  private final Port a = cloud.port("a", front);
  private final Port b = cloud.port("b", back);
  private final Port appliance = cloud.port("appliance", back);
  private final RouteTableId main = RouteTableId.mainOf(vpc.id());

  {
    cloud.plug(a, hv1, 1);
    cloud.plug(b, hv1, 2);
    cloud.plug(appliance, hv2, 1);
  }

  private static RouteTable.Route route(String destination, RouteTarget target) {
    return new RouteTable.Route(IpPrefix.parse(destination), target);
  }

  private RouteTable.Route through(String destination, Port port) {
    return route(destination, new RouteTarget.ToPort(port.id()));
  }

  private static RouteTable.Route nowhere(String destination) {
    return route(destination, new RouteTarget.Blackhole());
  }

  private void set(RouteTableId table, RouteTable.Route... routes) {
    cloud.commit(update(table, routes));
  }

  private static UpdateRouteTable update(RouteTableId table, RouteTable.Route... routes) {
    return new UpdateRouteTable(
        table,
        Cloud.ACME,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(List.of(routes)));
  }

  private RouteTableId table(String name, RouteTable.Route... routes) {
    RouteTableId id = new RouteTableId(cloud.nextId());
    cloud.commit(new CreateRouteTable(id, Cloud.ACME, vpc.id(), name, Map.of(), List.of(routes)));
    return id;
  }

  private void choose(SubnetId subnet, TableChoice choice) {
    cloud.commit(
        new UpdateSubnet(
            subnet,
            Cloud.ACME,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(choice)));
  }

  private Walk send(Port from, String target) {
    return Walk.from(
        cloud,
        from,
        Packet.ping(
            new Packet.Link(from.mac(), Overlay.GATEWAY_MAC),
            new Packet.Path(from.addresses().getFirst(), Ipv4Address.parse(target)),
            7));
  }

  private String end(Port from, String target) {
    return send(from, target).end();
  }

  @Test
  void aRouteThroughAPortBringsItWhateverTheAddress() {
    assertEquals("hv1: Punt", end(a, OUTSIDE));
    set(main, through("0.0.0.0/0", appliance));
    Walk walk = send(a, OUTSIDE);
    assertEquals("hv2:1", walk.end());
    assertEquals(appliance.mac(), walk.delivered().mac(Header.ETH_DST));
    assertEquals(Overlay.GATEWAY_MAC, walk.delivered().mac(Header.ETH_SRC));
    assertEquals(63, walk.delivered().get(Header.IP_TTL));
    assertEquals("hv1:2", end(a, b.addresses().getFirst().toString()), "what is local stays so");
    assertEquals(
        "hv2: Dropped", end(appliance, OUTSIDE), "nothing goes back to where it came from");
  }

  @Test
  void theLongestPrefixDecides() {
    set(
        main,
        through("0.0.0.0/0", appliance),
        nowhere("203.0.113.0/24"),
        through("203.0.113.9/32", b));
    assertEquals("hv2:1", end(a, "198.51.100.1"));
    assertEquals("hv1: Dropped", end(a, "203.0.113.8"));
    assertEquals("hv1:2", end(a, OUTSIDE));
    set(main, through("203.0.113.9/32", b));
    assertEquals("hv1: Punt", end(a, "198.51.100.1"));
  }

  @Test
  void aPartOfWhatIsLocalMayBeTakenElsewhereAndBack() {
    String target = b.addresses().getFirst().toString();
    set(main, through("10.0.2.0/24", appliance));
    assertEquals("hv2:1", end(a, target), "by way of the appliance");
    set(main, through("10.0.2.0/24", appliance), route(target + "/32", new RouteTarget.Local()));
    assertEquals("hv1:2", end(a, target));
    set(main, nowhere("10.0.2.0/24"));
    assertEquals("hv1: Dropped", end(a, target));
  }

  @Test
  void aSubnetHasItsOwnTableOrTheMainOne() {
    set(main, through("0.0.0.0/0", appliance));
    RouteTableId other = table("closed", nowhere("128.0.0.0/1"));
    choose(front.id(), new TableChoice.Only(other));
    assertEquals("hv1: Dropped", end(a, OUTSIDE));
    assertEquals("hv2:1", end(b, OUTSIDE));
    assertEquals("hv1:2", end(a, b.addresses().getFirst().toString()));
    choose(front.id(), new TableChoice.Only(main));
    assertEquals("hv2:1", end(a, OUTSIDE));
    choose(front.id(), new TableChoice.Only(other));
    choose(front.id(), new TableChoice.Main());
    assertEquals("hv2:1", end(a, OUTSIDE));
  }

  @Test
  void ipv6IsRoutedAlike() {
    cloud.commit(
        new UpdateVpc(
            vpc.id(),
            Cloud.ACME,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(List.of(Ipv6Prefix.parse("fd00:1::/48")))));
    set(main, through("::/0", appliance), nowhere("2001:db8:1::/48"));
    Ipv6Address own = Ipv6Address.parse("fd00:1:0:1::9");
    for (String target : List.of("2001:db8::9", "2001:db8:1::9")) {
      Packet packet =
          Packet.icmpv6(
              new Packet.Link(a.mac(), Overlay.GATEWAY_MAC),
              new Packet.Path(own, Ipv6Address.parse(target)),
              128,
              0);
      assertEquals(
          target.contains("db8:1") ? "hv1: Dropped" : "hv2:1", Walk.from(cloud, a, packet).end());
    }
  }

  @Test
  void aCidrThatComesLaterIsLocalWhateverTheRoutesSay() {
    set(main, through("10.1.0.0/16", appliance), through("10.1.2.0/24", appliance));
    assertEquals("hv2:1", end(a, "10.1.1.1"));
    cloud.commit(
        new UpdateVpc(
            vpc.id(),
            Cloud.ACME,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(
                List.of(Ipv4Prefix.parse("10.0.0.0/16"), Ipv4Prefix.parse("10.1.0.0/16")))));
    assertEquals("hv1: Punt", end(a, "10.1.1.1"), "local, and nobody has it");
    assertEquals("hv2:1", end(a, "10.1.2.1"), "a part of it");
  }

  @Test
  void aPortThatIsPluggedInNowhereIsAFaultOfTheRoute() {
    set(main, through("0.0.0.0/0", appliance));
    RouteTable table = cloud.image().require(main);
    assertEquals(List.of(), RouteFaults.of(table, cloud.image()));
    cloud.unplug(appliance, hv2);
    assertEquals("hv1: Punt", end(a, OUTSIDE));
    assertEquals(
        List.of("0.0.0.0/0: port %s is plugged in nowhere".formatted(appliance.id())),
        RouteFaults.of(table, cloud.image()));
  }

  /// A VPC of an older build has no main table; another of its rows reads as ever.
  @Test
  void aVpcWithoutTablesRoutesToItsOwnAddresses() {
    String target = b.addresses().getFirst().toString();
    cloud.commit(draft -> {
      draft.delete(main);
      return draft.accept(true);
    });
    assertEquals("hv1:2", end(a, target));
    assertEquals("hv1: Punt", end(a, OUTSIDE));
    RouteTableId own = table("own", through("0.0.0.0/0", appliance));
    choose(front.id(), new TableChoice.Only(own));
    assertEquals("hv2:1", end(a, OUTSIDE));
    choose(front.id(), new TableChoice.Main());
    cloud.commit(
        new UpdateVpc(
            vpc.id(),
            Cloud.ACME,
            OptionalLong.empty(),
            Optional.of("renamed"),
            Optional.empty(),
            Optional.empty()));
    set(main, through("0.0.0.0/0", appliance));
    assertEquals("hv2:1", end(a, OUTSIDE));
    assertEquals("hv1:2", end(a, target));
  }

  /// However many ports there are, on however many hosts.
  @Test
  void aChangeOfRoutesTouchesAsManyFlowsAsRoutes() {
    for (int i = 0; i < MANY; i++) {
      cloud.plug(cloud.port("p" + i, front), i % 2 == 0 ? hv1 : hv2, 100 + i);
    }
    set(main, through("0.0.0.0/0", appliance), nowhere("203.0.113.0/24"));
    assertEquals("+2 -0", changed());
    assertEquals(2, cloud.last().ran().size(), "the table's routes, and whose table it is");
    set(main, through("0.0.0.0/0", b), nowhere("203.0.113.0/24"));
    assertEquals("+1 -0", changed(), "in the place of the one before");
    RouteTableId other = table("other", nowhere("198.51.100.0/24"));
    assertEquals("+1 -0", changed());
    choose(front.id(), new TableChoice.Only(other));
    assertEquals("+1 -0", changed(), "a subnet of %d ports gets another table".formatted(MANY));
    choose(front.id(), new TableChoice.Main());
    assertEquals("+0 -1", changed());
    set(main);
    assertEquals("+0 -2", changed());
    List<RouteTable.Route> routes = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      routes.add(nowhere("203.0.113.%d/32".formatted(i)));
    }
    set(main, routes.toArray(RouteTable.Route[]::new));
    assertEquals("+%d -0".formatted(MANY), changed());
  }

  private String changed() {
    List<SetDelta> sets = cloud.last().sets();
    assertTrue(sets.stream().allMatch(set -> set.set().isShared()), sets::toString);
    return "+%d -%d"
        .formatted(
            sets.stream().mapToInt(set -> set.added().size()).sum(),
            sets.stream().mapToInt(set -> set.removed().size()).sum());
  }
}
