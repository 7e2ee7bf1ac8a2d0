package io.heddle.vpc.command;

import static io.heddle.vpc.command.Refusals.assertInvalid;
import static io.heddle.vpc.command.Refusals.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Direction;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Problem;
import io.heddle.vpc.Cloud;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VpcCommandsTest {

  private final Cloud cloud = new Cloud();

  private static UpdateVpc cidrs(Vpc vpc, ProjectId project, String... cidrs) {
    return new UpdateVpc(
        vpc.id(),
        project,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Arrays.stream(cidrs).map(Ipv4Prefix::parse).toList()));
  }

  @Test
  void aVpcComesWithItsDefaultGroup() {
    Vpc vpc = cloud.vpc("blue", "10.0.0.0/16", "100.64.0.0/10");
    SecurityGroup group = cloud.image().require(vpc.defaultGroup());
    assertEquals(vpc.id(), group.vpc());
    assertEquals(new Remote.Anywhere(), group.rules(Direction.EGRESS).getFirst().remote());
    assertEquals(new Remote.Group(group.id()), group.rules(Direction.INGRESS).getFirst().remote());
    assertEquals(2, group.rules().size());
    assertNotEquals(group.rules().getFirst().id(), group.rules().getLast().id());
    assertTrue(vpc.tag() > 0 && vpc.vni() >= 4096);
  }

  @Test
  void vpcsMayShareAddresses() {
    Vpc blue = cloud.vpc("blue", "10.0.0.0/16");
    Vpc red = cloud.vpc("red", "10.0.0.0/16");
    assertNotEquals(blue.tag(), red.tag());
    assertNotEquals(blue.vni(), red.vni());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0/16",
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0.0.5/24",
        "10.0.0.256/32",
        "fd00::/8"
      })
  void malformedCidrsAreNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> Ipv4Prefix.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/29, /8 to /28",
    "10.0.0.0/32, /8 to /28",
    "0.0.0.0/0, /8 to /28",
    "8.0.0.0/7, /8 to /28",
    "0.0.0.0/8, 0.0.0.0/8",
    "127.0.0.0/8, 127.0.0.0/8",
    "127.8.0.0/16, 127.0.0.0/8",
    "169.254.0.0/16, 169.254.0.0/16",
    "169.0.0.0/8, 169.254.0.0/16",
    "224.0.0.0/8, 224.0.0.0/4",
    "240.0.0.0/8, 240.0.0.0/4"
  })
  void cidrsThatNoVmCanUseAreRefused(String cidr, String words) {
    assertInvalid("cidrs[0]", words, cloud.refusal(cloud.createVpc("blue", cidr)));
  }

  @Test
  void cidrsOfAVpcAreDisjoint() {
    Problem problem =
        cloud.refusal(cloud.createVpc("blue", "10.0.0.0/16", "10.1.0.0/16", "10.1.2.0/24"));
    assertInvalid("cidrs[2]", "10.1.2.0/24 overlaps 10.1.0.0/16", problem);
  }

  @Test
  void aVpcHasOneToSixteenCidrs() {
    assertInvalid("cidrs", "0 CIDRs", cloud.refusal(cloud.createVpc("blue")));
    String[] many = new String[17];
    Arrays.setAll(many, i -> "10.%d.0.0/16".formatted(i));
    assertInvalid("cidrs", "17 CIDRs", cloud.refusal(cloud.createVpc("blue", many)));
  }

  @Test
  void namesLabelsAndOwnersAreChecked() {
    CreateVpc good = cloud.createVpc("blue", "10.0.0.0/16");
    assertInvalid("name", "not a name", cloud.refusal(with(good, Cloud.ACME, " x", Map.of())));
    assertInvalid(
        "labels", "keys have", cloud.refusal(with(good, Cloud.ACME, "x", Map.of("a b", "c"))));
    assertInvalid(
        "project",
        "no project nobody",
        cloud.refusal(with(good, new ProjectId("nobody"), "x", Map.of())));
  }

  private static CreateVpc with(
      CreateVpc vpc, ProjectId project, String name, Map<String, String> labels) {
    return new CreateVpc(vpc.id(), vpc.defaultGroup(), project, name, labels, vpc.cidrs());
  }

  @Test
  void anIdIsTakenOnce() {
    CreateVpc twice = cloud.createVpc("blue", "10.0.0.0/16");
    cloud.commit(twice);
    assertProblem(Problem.Type.CONFLICT, "id", "already", cloud.refusal(twice));
  }

  @Test
  void addressSpaceGrows() {
    Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
    Vpc wider = cloud.commit(cidrs(vpc, Cloud.ACME, "10.0.0.0/15", "172.16.0.0/12"));
    assertEquals(2, wider.cidrs().size());
    assertEquals(vpc.tag(), wider.tag());
  }

  @Test
  void addressSpaceNeverShrinks() {
    Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
    assertInvalid(
        "cidrs", "10.0.0.0/16 is missing", cloud.refusal(cidrs(vpc, Cloud.ACME, "10.0.0.0/17")));
    assertInvalid("cidrs", "0 CIDRs", cloud.refusal(cidrs(vpc, Cloud.ACME)));
  }

  @Test
  void anothersVpcDoesNotExist() {
    Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
    String words = "there is no vpc " + vpc.id();
    assertProblem(
        Problem.Type.NOT_FOUND, "", words, cloud.refusal(cidrs(vpc, Cloud.OTHER, "10.0.0.0/16")));
    assertProblem(
        Problem.Type.NOT_FOUND,
        "",
        words,
        cloud.refusal(new DeleteVpc(vpc.id(), Cloud.OTHER, OptionalLong.empty())));
    VpcId none = new VpcId(new UUID(9, 9));
    assertProblem(
        Problem.Type.NOT_FOUND,
        "",
        "there is no vpc " + none,
        cloud.refusal(new DeleteVpc(none, Cloud.ACME, OptionalLong.empty())));
  }

  @Test
  void aStaleUpdateIsRefused() {
    Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
    long revision = vpc.meta().revision();
    assertProblem(
        Problem.Type.PRECONDITION_FAILED,
        "",
        "read it again",
        cloud.refusal(new DeleteVpc(vpc.id(), Cloud.ACME, OptionalLong.of(revision - 1))));
    cloud.commit(new DeleteVpc(vpc.id(), Cloud.ACME, OptionalLong.of(revision)));
  }

  @Test
  void aVpcInUseStays() {
    Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
    Subnet subnet = cloud.subnet("web", vpc, "10.0.0.0/24");
    DeleteVpc delete = new DeleteVpc(vpc.id(), Cloud.ACME, OptionalLong.empty());
    Problem problem = cloud.refusal(delete);
    assertProblem(Problem.Type.IN_USE, "", "still used", problem);
    assertEquals(List.of("subnet " + subnet.id()), problem.conflicts());
    cloud.commit(new DeleteSubnet(subnet.id(), Cloud.ACME, OptionalLong.empty()));
    SecurityGroupId extra = new SecurityGroupId(cloud.nextId());
    SecurityGroup group = cloud.image().require(vpc.defaultGroup());
    cloud.commit(draft -> {
      draft.put(new SecurityGroup(extra, group.meta(), vpc.id(), List.of(), 99));
      return draft.accept(true);
    });
    assertEquals(List.of("security-group " + extra), cloud.refusal(delete).conflicts());
  }

  @Test
  void nothingIsLeftOfADeletedVpc() {
    Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
    cloud.commit(new DeleteVpc(vpc.id(), Cloud.ACME, OptionalLong.empty()));
    assertEquals(0, cloud.image().count(Vpc.KIND));
    assertEquals(0, cloud.image().count(SecurityGroup.KIND));
    assertNotEquals(vpc.vni(), cloud.vpc("next", "10.0.0.0/16").vni(), "not handed out again yet");
  }
}
