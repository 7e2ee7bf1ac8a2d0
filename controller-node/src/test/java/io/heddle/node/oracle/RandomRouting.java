package io.heddle.node.oracle;

import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.testkit.random.Seeded;
import io.heddle.vpc.command.AnswerPeering;
import io.heddle.vpc.command.CreatePeering;
import io.heddle.vpc.command.CreateRouteTable;
import io.heddle.vpc.command.TableChoice;
import io.heddle.vpc.command.UpdateRouteTable;
import io.heddle.vpc.command.UpdateSubnet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The route tables and peerings of a random cloud.
///
/// @param cloud by whose commands they come to be
record RandomRouting(RandomCloud cloud, Seeded seeded) {

  void peer(String requester, String accepter) {
    PeeringId id = new PeeringId(RandomCloud.uuid(requester + " and " + accepter));
    VpcId from = new VpcId(RandomCloud.uuid(requester));
    VpcId to = new VpcId(RandomCloud.uuid(accepter));
    cloud.run(new CreatePeering(id, RandomCloud.PROJECT, from, to, "", Map.of()));
    if (seeded.percent(85)) {
      cloud.run(
          new AnswerPeering(
              id, RandomCloud.PROJECT, OptionalLong.empty(), AnswerPeering.Answer.ACCEPT));
    }
  }

  /// Now and then a VPC is older than route tables.
  void routes() {
    List<Vpc> vpcs =
        cloud.image().findBy(Vpc.KIND, Vpc.BY_PROJECT, RandomCloud.PROJECT).stream()
            .sorted(Comparator.comparing(vpc -> vpc.meta().name()))
            .toList();
    for (Vpc vpc : vpcs) {
      RouteTableId main = RouteTableId.mainOf(vpc.id());
      if (seeded.percent(15)) {
        cloud.run(draft -> {
          draft.delete(main);
          return draft.accept(true);
        });
        continue;
      }
      boolean plain = peerings(vpc.id()).isEmpty() && seeded.flip();
      if (!plain) {
        reroute(cloud.image().require(main));
      }
      RouteTableId other = new RouteTableId(RandomCloud.uuid(vpc.id() + " table"));
      cloud.run(
          new CreateRouteTable(other, RandomCloud.PROJECT, vpc.id(), "other", Map.of(), List.of()));
      if (!plain) {
        reroute(cloud.image().require(other));
      }
      cloud.run(choosing(seeded.pick(subnetsOf(vpc.id())), other));
    }
  }

  private List<SubnetId> subnetsOf(VpcId vpc) {
    return cloud.image().findBy(Subnet.KIND, Subnet.BY_VPC, vpc).stream()
        .map(Subnet::id)
        .sorted()
        .toList();
  }

  private static UpdateSubnet choosing(SubnetId subnet, RouteTableId table) {
    return new UpdateSubnet(
        subnet,
        RandomCloud.PROJECT,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new TableChoice.Only(table)));
  }

  private List<PeeringId> peerings(VpcId vpc) {
    return cloud.image().findBy(Peering.KIND, Peering.BY_VPC, vpc).stream()
        .map(Peering::id)
        .sorted()
        .toList();
  }

  void reroute(RouteTable table) {
    List<PortId> there =
        cloud.image().findBy(Port.KIND, Port.BY_VPC, table.vpc()).stream()
            .map(Port::id)
            .sorted()
            .toList();
    cloud.run(
        new UpdateRouteTable(
            table.id(),
            RandomCloud.PROJECT,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(
                RandomRoutes.of(
                    seeded,
                    cloud.image().require(table.vpc()),
                    new RandomRoutes.Around(there, peerings(table.vpc()))))));
  }
}
