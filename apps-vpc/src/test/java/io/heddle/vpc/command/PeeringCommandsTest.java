package io.heddle.vpc.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Problem;
import io.heddle.vpc.Cloud;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Who may ask and answer, and what keeps two VPCs from being peers.
class PeeringCommandsTest {

  private final Cloud cloud = new Cloud();
  private final Vpc blue = cloud.vpc("blue", "10.1.0.0/16");
  private final Vpc theirs = vpc(Cloud.OTHER, "10.2.0.0/16");

  private Vpc vpc(ProjectId project, String cidr) {
    return cloud.commit(
        new CreateVpc(
            new VpcId(cloud.nextId()),
            new SecurityGroupId(cloud.nextId()),
            project,
            "",
            Map.of(),
            List.of(Ipv4Prefix.parse(cidr))));
  }

  private CreatePeering asking(Vpc requester, Vpc accepter) {
    return new CreatePeering(
        new PeeringId(cloud.nextId()),
        requester.meta().project(),
        requester.id(),
        accepter.id(),
        "",
        Map.of());
  }

  private static AnswerPeering accept(Peering peering, ProjectId by) {
    return new AnswerPeering(peering.id(), by, OptionalLong.empty(), AnswerPeering.Answer.ACCEPT);
  }

  private static AnswerPeering reject(Peering peering, ProjectId by) {
    return new AnswerPeering(peering.id(), by, OptionalLong.empty(), AnswerPeering.Answer.REJECT);
  }

  private UpdateVpc growing(Vpc vpc, String cidr, Optional<String> ipv6) {
    return new UpdateVpc(
        vpc.id(),
        vpc.meta().project(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(List.of(vpc.cidrs().getFirst(), Ipv4Prefix.parse(cidr))),
        ipv6.map(Ipv6Prefix::parse).map(List::of));
  }

  @Test
  void whoWasAskedAnswersAndNobodyElse() {
    Peering peering = cloud.commit(asking(blue, theirs));
    assertEquals(Peering.State.PENDING_ACCEPTANCE, peering.state());
    assertEquals(Problem.Type.FORBIDDEN, cloud.refusal(accept(peering, Cloud.ACME)).type());
    assertEquals(
        Problem.Type.NOT_FOUND, cloud.refusal(accept(peering, new ProjectId("third"))).type());
    assertEquals(Peering.State.ACTIVE, cloud.commit(accept(peering, Cloud.OTHER)).state());
    long revision = cloud.image().require(peering.id()).meta().revision();
    cloud.commit(accept(peering, Cloud.OTHER));
    assertEquals(
        revision, cloud.image().require(peering.id()).meta().revision(), "again: the same");
    assertEquals(Problem.Type.CONFLICT, cloud.refusal(reject(peering, Cloud.OTHER)).type());
  }

  @Test
  void aRejectionIsForGoodAndMayBeFollowedByAnotherRequest() {
    Peering peering = cloud.commit(asking(blue, theirs));
    assertEquals(
        List.of("peering " + peering.id()), cloud.refusal(asking(theirs, blue)).conflicts());
    cloud.commit(reject(peering, Cloud.OTHER));
    assertEquals(Problem.Type.CONFLICT, cloud.refusal(accept(peering, Cloud.OTHER)).type());
    cloud.commit(asking(theirs, blue));
  }

  @Test
  void anOverlapIsRefusedWhenAskedAndNamesNothingOfTheOthers() {
    Vpc wide = cloud.vpc("wide", "10.0.0.0/8");
    Problem problem = cloud.refusal(asking(wide, theirs));
    assertEquals(Problem.Type.CONFLICT, problem.type());
    assertEquals("accepterVpcId", problem.field());
    assertTrue(problem.detail().contains("10.0.0.0/8"), problem::detail);
    assertFalse(problem.detail().contains("10.2.0.0"), problem::detail);
    assertEquals(
        "accepterVpcId", cloud.refusal(asking(blue, blue)).field(), "nobody is one's own peer");
  }

  @Test
  void anOverlapCannotComeLater() {
    Peering peering = cloud.commit(asking(blue, theirs));
    for (int answered = 0; answered < 2; answered++) {
      Problem own = cloud.refusal(growing(blue, "10.2.3.0/24", Optional.empty()));
      assertEquals(List.of("peering " + peering.id()), own.conflicts());
      assertEquals("cidrs", own.field());
      assertFalse(own.detail().contains("10.2.0.0"), own::detail);
      Problem other = cloud.refusal(growing(theirs, "10.1.0.0/17", Optional.empty()));
      assertEquals(List.of("peering " + peering.id()), other.conflicts());
      if (answered == 0) {
        cloud.commit(accept(peering, Cloud.OTHER));
      }
    }
    cloud.commit(growing(blue, "10.3.0.0/16", Optional.of("fd00:1::/48")));
    Problem ipv6 = cloud.refusal(growing(theirs, "10.4.0.0/16", Optional.of("fd00:1::/56")));
    assertEquals("ipv6Cidrs", ipv6.field());
    cloud.commit(new DeletePeering(peering.id(), Cloud.OTHER, OptionalLong.empty()));
    cloud.commit(growing(theirs, "10.1.0.0/17", Optional.empty()));
  }

  /// Between request and acceptance the row may have been written by a build that knew less.
  @Test
  void anOverlapIsRefusedWhenAccepted() {
    Peering peering = cloud.commit(asking(blue, theirs));
    Vpc before = cloud.image().require(theirs.id());
    cloud.commit(draft -> {
      draft.put(
          new Vpc(
              before.id(),
              before.meta(),
              List.of(Ipv4Prefix.parse("10.0.0.0/8")),
              before.ipv6Cidrs(),
              before.tag(),
              before.vni(),
              before.defaultGroup()));
      return draft.accept(true);
    });
    assertEquals(Problem.Type.CONFLICT, cloud.refusal(accept(peering, Cloud.OTHER)).type());
  }

  @Test
  void aVpcHasSoManyPeersAndRequestsOfStrangersTakeNoRoom() {
    Peering asked = cloud.commit(asking(theirs, blue));
    for (int i = 0; i < PeeringRules.MAX_PER_VPC - 1; i++) {
      cloud.commit(asking(blue, vpc(Cloud.OTHER, "10.%d.0.0/16".formatted(100 + i))));
    }
    assertEquals(
        Problem.Type.EXHAUSTED,
        cloud.refusal(asking(blue, vpc(Cloud.OTHER, "10.200.0.0/16"))).type());
    Vpc popular = vpc(Cloud.OTHER, "10.250.0.0/16");
    for (int i = 0; i <= PeeringRules.MAX_PER_VPC; i++) {
      Peering request =
          cloud.commit(asking(vpc(Cloud.ACME, "172.16.%d.0/24".formatted(i)), popular));
      if (i < PeeringRules.MAX_PER_VPC - 1) {
        cloud.commit(accept(request, Cloud.OTHER));
      }
    }
    cloud.commit(accept(asked, Cloud.ACME));
    Peering last =
        cloud.image().findBy(Peering.KIND, Peering.BY_VPC, popular.id()).stream()
            .filter(peering -> !peering.isActive())
            .findFirst()
            .orElseThrow();
    cloud.commit(accept(last, Cloud.OTHER));
    Peering tooMany =
        cloud.image().findBy(Peering.KIND, Peering.BY_VPC, popular.id()).stream()
            .filter(peering -> !peering.isActive())
            .findFirst()
            .orElseThrow();
    assertEquals(Problem.Type.EXHAUSTED, cloud.refusal(accept(tooMany, Cloud.OTHER)).type());
  }

  @Test
  void theOthersRoutesDoNotHoldItAndOnesOwnDo() {
    Peering peering = cloud.commit(asking(blue, theirs));
    cloud.commit(accept(peering, Cloud.OTHER));
    cloud.commit(routing(blue, "10.2.0.0/16", peering));
    assertEquals(
        Problem.Type.IN_USE,
        cloud.refusal(new DeletePeering(peering.id(), Cloud.ACME, OptionalLong.empty())).type());
    cloud.commit(new DeletePeering(peering.id(), Cloud.OTHER, OptionalLong.empty()));
    RouteTable stays = cloud.image().require(RouteTableId.mainOf(blue.id()));
    cloud.commit(
        new UpdateRouteTable(
            stays.id(),
            Cloud.ACME,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(
                List.of(
                    stays.routes().getFirst(),
                    new RouteTable.Route(
                        IpPrefix.parse("203.0.113.0/24"), new RouteTarget.Blackhole())))));
  }

  private static UpdateRouteTable routing(Vpc vpc, String destination, Peering over) {
    return new UpdateRouteTable(
        RouteTableId.mainOf(vpc.id()),
        vpc.meta().project(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            List.of(
                new RouteTable.Route(
                    IpPrefix.parse(destination), new RouteTarget.ToPeer(over.id())))));
  }

  @Test
  void routesLeadOverOnesOwnPeeringsAndNeverFromWhatIsLocal() {
    Peering peering = cloud.commit(asking(blue, theirs));
    assertEquals(
        "routes[0].destination", cloud.refusal(routing(blue, "10.1.2.0/24", peering)).field());
    Vpc third = cloud.vpc("third", "10.9.0.0/16");
    assertEquals(
        "routes[0].target.id", cloud.refusal(routing(third, "10.2.0.0/16", peering)).field());
    Vpc foreign = vpc(new ProjectId("other"), "10.8.0.0/16");
    assertEquals(
        "routes[0].target.id", cloud.refusal(routing(foreign, "10.1.0.0/16", peering)).field());
  }

  @Test
  void aVpcWithPeersStays() {
    Peering peering = cloud.commit(asking(blue, theirs));
    assertEquals(
        List.of("peering " + peering.id()),
        cloud.refusal(new DeleteVpc(theirs.id(), Cloud.OTHER, OptionalLong.empty())).conflicts());
    cloud.commit(new DeletePeering(peering.id(), Cloud.ACME, OptionalLong.empty()));
    cloud.commit(new DeleteVpc(theirs.id(), Cloud.OTHER, OptionalLong.empty()));
  }
}
