package io.heddle.vpc.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Problem;
import io.heddle.vpc.Cloud;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What route tables accept, and what stands in the way of their end.
class RouteTableCommandsTest {

  private final Cloud cloud = new Cloud();
  private final Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
  private final Subnet subnet = cloud.subnet("web", vpc, "10.0.1.0/24");
  private final Port port = cloud.port("vm", subnet);

  private Problem refusal(String destination, RouteTarget target) {
    return cloud.refusal(create(new RouteTable.Route(IpPrefix.parse(destination), target)));
  }

  private CreateRouteTable create(RouteTable.Route... routes) {
    return new CreateRouteTable(
        new RouteTableId(cloud.nextId()), Cloud.ACME, vpc.id(), "table", Map.of(), List.of(routes));
  }

  private static void says(Problem problem, String field, String words) {
    assertEquals(Problem.Type.INVALID, problem.type());
    assertEquals(field, problem.field());
    assertTrue(problem.detail().contains(words), problem::detail);
  }

  @Test
  void destinationsAreWhatCanBeRouted() {
    for (String never :
        List.of("127.0.0.0/8", "169.254.1.0/24", "224.0.0.0/4", "fe80::/64", "ff02::/16")) {
      says(refusal(never, new RouteTarget.Blackhole()), "routes[0].destination", "never routed");
    }
    RouteTable.Route once =
        new RouteTable.Route(IpPrefix.parse("0.0.0.0/0"), new RouteTarget.Blackhole());
    says(cloud.refusal(create(once, once)), "routes[1].destination", "one route");
  }

  @Test
  void whatIsLocalAsAWholeStaysLocal() {
    says(
        refusal("10.0.0.0/16", new RouteTarget.ToPort(port.id())),
        "routes[0].destination",
        "always local");
    says(
        refusal("10.0.0.0/16", new RouteTarget.Blackhole()),
        "routes[0].destination",
        "always local");
    says(refusal("10.1.0.0/24", new RouteTarget.Local()), "routes[0].destination", "is not in VPC");
    cloud.commit(
        create(
            new RouteTable.Route(IpPrefix.parse("10.0.0.0/16"), new RouteTarget.Local()),
            new RouteTable.Route(IpPrefix.parse("10.0.0.0/8"), new RouteTarget.Blackhole()),
            new RouteTable.Route(
                IpPrefix.parse("10.0.3.0/24"), new RouteTarget.ToPort(port.id()))));
  }

  @Test
  void targetsAreTheVpcsOwn() {
    says(
        refusal("0.0.0.0/0", new RouteTarget.ToPort(new PortId(new UUID(7, 7)))),
        "routes[0].target.id",
        "there is no port");
    Vpc other = cloud.vpc("other", "10.0.0.0/16");
    Port stranger = cloud.port("stranger", cloud.subnet("s", other, "10.0.1.0/24"));
    says(
        refusal("0.0.0.0/0", new RouteTarget.ToPort(stranger.id())),
        "routes[0].target.id",
        "is in VPC " + other.id());
  }

  @Test
  void whatNobodyServesIsRefused() {
    says(
        refusal("0.0.0.0/0", new RouteTarget.Internet()),
        "routes[0].target.type",
        "serves no internet targets");
    says(
        refusal("0.0.0.0/0", new RouteTarget.NatGateway(new UUID(1, 1))),
        "routes[0].target.type",
        "serves no natGateway targets");
  }

  @Test
  void aTableHasSoManyRoutesAndNoMore() {
    List<RouteTable.Route> routes = new ArrayList<>();
    for (int i = 0; i <= RouteRules.MAX_ROUTES; i++) {
      routes.add(
          new RouteTable.Route(
              IpPrefix.parse("203.0.%d.%d/32".formatted(i / 100, i % 100)),
              new RouteTarget.Blackhole()));
    }
    says(cloud.refusal(create(routes.toArray(RouteTable.Route[]::new))), "routes", "at most 200");
  }

  @Test
  void whatIsUsedStays() {
    RouteTable table =
        cloud.commit(
            create(
                new RouteTable.Route(
                    IpPrefix.parse("0.0.0.0/0"), new RouteTarget.ToPort(port.id()))));
    Problem port409 = cloud.refusal(new DeletePort(port.id(), Cloud.ACME, OptionalLong.empty()));
    assertEquals(Problem.Type.IN_USE, port409.type());
    assertEquals(List.of("route-table " + table.id()), port409.conflicts());
    cloud.commit(choosing(new TableChoice.Only(table.id())));
    DeleteRouteTable delete = new DeleteRouteTable(table.id(), Cloud.ACME, OptionalLong.empty());
    assertEquals(List.of("subnet " + subnet.id()), cloud.refusal(delete).conflicts());
    cloud.commit(choosing(new TableChoice.Main()));
    cloud.commit(delete);
    cloud.commit(new DeletePort(port.id(), Cloud.ACME, OptionalLong.empty()));
    cloud.commit(new DeleteSubnet(subnet.id(), Cloud.ACME, OptionalLong.empty()));
    RouteTableId main = RouteTableId.mainOf(vpc.id());
    assertEquals(
        Problem.Type.IN_USE,
        cloud.refusal(new DeleteRouteTable(main, Cloud.ACME, OptionalLong.empty())).type());
    RouteTable left = cloud.commit(create());
    assertEquals(
        List.of("route-table " + left.id()),
        cloud.refusal(new DeleteVpc(vpc.id(), Cloud.ACME, OptionalLong.empty())).conflicts());
    cloud.commit(new DeleteRouteTable(left.id(), Cloud.ACME, OptionalLong.empty()));
    cloud.commit(new DeleteVpc(vpc.id(), Cloud.ACME, OptionalLong.empty()));
    assertTrue(cloud.image().find(main).isEmpty());
  }

  @Test
  void aSubnetsTableGoesWithIt() {
    RouteTable table = cloud.commit(create());
    Subnet brief = cloud.subnet("brief", vpc, "10.0.9.0/24");
    cloud.commit(
        new UpdateSubnet(
            brief.id(),
            Cloud.ACME,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new TableChoice.Only(table.id()))));
    cloud.commit(new DeleteSubnet(brief.id(), Cloud.ACME, OptionalLong.empty()));
    cloud.commit(new DeleteRouteTable(table.id(), Cloud.ACME, OptionalLong.empty()));
  }

  @Test
  void aSubnetHasNoTableOfAnotherVpc() {
    Vpc other = cloud.vpc("other", "10.0.0.0/16");
    Problem problem =
        cloud.refusal(choosing(new TableChoice.Only(RouteTableId.mainOf(other.id()))));
    says(problem, "routeTableId", "is in VPC " + other.id());
  }

  private UpdateSubnet choosing(TableChoice choice) {
    return new UpdateSubnet(
        subnet.id(),
        Cloud.ACME,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(choice));
  }
}
