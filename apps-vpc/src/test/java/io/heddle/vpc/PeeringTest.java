package io.heddle.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.FlowSet;
import io.heddle.core.flow.Header;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.Port;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.trace.Packet;
import io.heddle.vpc.command.AnswerPeering;
import io.heddle.vpc.command.CreatePeering;
import io.heddle.vpc.command.DeletePeering;
import io.heddle.vpc.command.RouteFaults;
import io.heddle.vpc.command.UpdateRouteTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Packets between the ports of two VPCs that are peers, on one host and across two.
class PeeringTest {

  private static final int MANY = 20;

  private final Cloud cloud = new Cloud();
  private final HostId hv1 = cloud.host("hv1", "192.0.2.1");
  private final HostId hv2 = cloud.host("hv2", "192.0.2.2");
  private final Vpc blue = cloud.vpc("blue", "10.1.0.0/16");
  private final Vpc shared = cloud.vpc("shared", "10.2.0.0/16");
  private final Vpc red = cloud.vpc("red", "10.3.0.0/16");
  private final Port a = cloud.port("a", cloud.subnet("blue", blue, "10.1.1.0/24"));
  private final Port near = cloud.port("near", cloud.subnet("shared", shared, "10.2.1.0/24"));
  private final Port far = cloud.port("far", cloud.subnet("shared-2", shared, "10.2.2.0/24"));
  private final Port stranger = cloud.port("stranger", cloud.subnet("red", red, "10.3.1.0/24"));
  private final PeeringId peering = ask(blue, shared);
  private final PeeringId other = ask(shared, red);

  {
    cloud.plug(a, hv1, 1);
    cloud.plug(near, hv1, 2);
    cloud.plug(far, hv2, 1);
    cloud.plug(stranger, hv2, 2);
  }

  private PeeringId ask(Vpc requester, Vpc accepter) {
    PeeringId id = new PeeringId(cloud.nextId());
    cloud.commit(new CreatePeering(id, Cloud.ACME, requester.id(), accepter.id(), "", Map.of()));
    return id;
  }

  private Peering answer(PeeringId id, AnswerPeering.Answer answer) {
    return cloud.commit(new AnswerPeering(id, Cloud.ACME, OptionalLong.empty(), answer));
  }

  private void route(Vpc vpc, String destination, PeeringId over) {
    cloud.commit(
        new UpdateRouteTable(
            RouteTableId.mainOf(vpc.id()),
            Cloud.ACME,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(
                List.of(
                    new RouteTable.Route(
                        IpPrefix.parse(destination), new RouteTarget.ToPeer(over))))));
  }

  private void joined() {
    answer(peering, AnswerPeering.Answer.ACCEPT);
    route(blue, "10.2.0.0/15", peering);
    route(shared, "10.1.0.0/16", peering);
  }

  private Walk send(Port from, Port to) {
    return Walk.from(
        cloud,
        from,
        Packet.ping(
            new Packet.Link(from.mac(), Overlay.GATEWAY_MAC),
            new Packet.Path(from.addresses().getFirst(), to.addresses().getFirst()),
            7));
  }

  @Test
  void peersReachEachOtherOnOneHostAndAcrossTwo() {
    joined();
    Walk here = send(a, near);
    assertEquals("hv1:2", here.end());
    assertEquals(near.mac(), here.delivered().mac(Header.ETH_DST));
    assertEquals(Overlay.GATEWAY_MAC, here.delivered().mac(Header.ETH_SRC));
    assertEquals(63, here.delivered().get(Header.IP_TTL), "one hop");
    assertEquals("hv2:1", send(a, far).end());
    assertEquals("hv1:1", send(near, a).end());
    assertEquals("hv1:1", send(far, a).end());
  }

  @Test
  void whatCrossesHasTheVniOfNobodyInTheOthersVpc() {
    joined();
    Walk walk = send(a, far);
    assertEquals(shared.vni(), walk.hops().getLast().trace().packet().get(Header.TUN_ID));
  }

  @Test
  void nothingFlowsBeforeBothWantItAndWhenOneDoesNotAnyMore() {
    route(blue, "10.2.0.0/16", peering);
    assertEquals("hv1: Punt", send(a, near).end());
    assertEquals(List.of("waits to be accepted"), faults());
    answer(peering, AnswerPeering.Answer.ACCEPT);
    assertEquals(List.of(), faults());
    assertEquals("hv1:2", send(a, near).end());
    assertEquals("hv1: Punt", send(near, a).end(), "without a route there is no way back");
    RouteTableId main = RouteTableId.mainOf(blue.id());
    RouteTable before = cloud.image().require(main);
    cloud.commit(draft -> {
      draft.delete(peering);
      return draft.accept(true);
    });
    assertEquals(before, cloud.image().require(main));
    assertEquals("hv1: Punt", send(a, near).end());
    assertEquals(List.of("is gone"), faults());
  }

  private List<String> faults() {
    RouteTable table = cloud.image().require(RouteTableId.mainOf(blue.id()));
    return RouteFaults.of(table, cloud.image()).stream()
        .map(fault -> fault.replaceAll(".*peering [0-9a-f-]+ ", ""))
        .toList();
  }

  @Test
  void aRejectedOneCarriesNothing() {
    route(blue, "10.2.0.0/16", peering);
    answer(peering, AnswerPeering.Answer.REJECT);
    assertEquals("hv1: Punt", send(a, near).end());
    assertEquals(List.of("was rejected"), faults());
  }

  @Test
  void peersOfPeersAreNotReached() {
    joined();
    answer(other, AnswerPeering.Answer.ACCEPT);
    cloud.commit(
        new UpdateRouteTable(
            RouteTableId.mainOf(shared.id()),
            Cloud.ACME,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(
                List.of(
                    new RouteTable.Route(
                        IpPrefix.parse("10.1.0.0/16"), new RouteTarget.ToPeer(peering)),
                    new RouteTable.Route(
                        IpPrefix.parse("10.3.0.0/16"), new RouteTarget.ToPeer(other))))));
    route(red, "10.0.0.0/8", other);
    assertEquals("hv2:2", send(near, stranger).end());
    assertEquals("hv2: Dropped", send(stranger, a).end());
    assertEquals(
        "hv1: Dropped", send(a, stranger).end(), "10.3.0.0/16 is in blue's route to shared");
  }

  @Test
  void aHostHoldsTheFlowsOfItsVpcsAndOfTheirPeersOnly() {
    FlowSet sharedFlows = FlowSet.vpc(shared.id());
    FlowSet redFlows = FlowSet.vpc(red.id());
    cloud.unplug(near, hv1);
    assertFalse(cloud.compiler().setsOf(hv1).contains(sharedFlows));
    joined();
    assertTrue(cloud.compiler().setsOf(hv1).contains(sharedFlows));
    answer(other, AnswerPeering.Answer.ACCEPT);
    assertFalse(cloud.compiler().setsOf(hv1).contains(redFlows), "a peer's peer");
    assertEquals("hv2:1", send(a, far).end());
    cloud.commit(draft -> {
      draft.delete(peering);
      return draft.accept(true);
    });
    assertFalse(cloud.compiler().setsOf(hv1).contains(sharedFlows));
  }

  @Test
  void anAcceptanceCostsAsMuchAsTheRoutesAndHosts() {
    route(blue, "10.2.0.0/16", peering);
    route(shared, "10.1.0.0/16", peering);
    for (int i = 0; i < MANY; i++) {
      Port port = cloud.port("p" + i, cloud.image().require(a.subnet()));
      cloud.plug(port, hv1, 100 + i);
    }
    answer(peering, AnswerPeering.Answer.ACCEPT);
    int flows = cloud.last().sets().stream().mapToInt(set -> set.added().size()).sum();
    assertEquals(2, flows, "one for each route");
    assertTrue(cloud.last().ran().size() < MANY, () -> cloud.last().ran().toString());
  }

  @Test
  void eitherSideMayEndItOnceItsOwnRoutesAreGone() {
    joined();
    DeletePeering delete = new DeletePeering(peering, Cloud.ACME, OptionalLong.empty());
    assertEquals(2, cloud.refusal(delete).conflicts().size());
  }
}
