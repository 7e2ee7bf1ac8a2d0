package io.heddle.vpc.command;

import static io.heddle.vpc.command.Refusals.assertInvalid;
import static io.heddle.vpc.command.Refusals.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Binding;
import io.heddle.core.model.CtZone;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Identity;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import io.heddle.vpc.Cloud;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortCommandsTest {

  private final Cloud cloud = new Cloud();
  private final Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
  private final Subnet subnet = cloud.subnet("web", vpc, "10.0.1.0/28");

  private CreatePort withMac(String mac) {
    CreatePort base = cloud.createPort("a", subnet);
    return new CreatePort(
        base.id(),
        base.subnet(),
        base.project(),
        base.name(),
        base.labels(),
        Optional.of(MacAddress.parse(mac)),
        List.of(),
        Optional.empty(),
        PortSettings.DEFAULT);
  }

  private CreatePort withGroups(SecurityGroupId... groups) {
    CreatePort base = cloud.createPort("a", subnet);
    return new CreatePort(
        base.id(),
        base.subnet(),
        base.project(),
        base.name(),
        base.labels(),
        Optional.empty(),
        List.of(),
        Optional.of(List.of(groups)),
        PortSettings.DEFAULT);
  }

  private CreatePort in(SubnetId home, PortSettings settings) {
    CreatePort base = cloud.createPort("a", subnet);
    return new CreatePort(
        base.id(),
        home,
        base.project(),
        base.name(),
        base.labels(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        settings);
  }

  private SecurityGroupId group(Vpc home) {
    SecurityGroup template = cloud.image().require(home.defaultGroup());
    SecurityGroupId id = new SecurityGroupId(cloud.nextId());
    cloud.commit(draft -> {
      int tag = (int) id.value().getLeastSignificantBits() + 1000;
      draft.put(new SecurityGroup(id, template.meta(), home.id(), List.of(), tag));
      return draft.accept(id);
    });
    return id;
  }

  private void delete(Port port) {
    cloud.commit(new DeletePort(port.id(), Cloud.ACME, OptionalLong.empty()));
  }

  @Test
  void aPortIsGivenWhatItDoesNotAskFor() {
    Port first = cloud.port("a", subnet);
    Port second = cloud.port("b", subnet);
    assertEquals(List.of(Ipv4Address.parse("10.0.1.2")), first.addresses(), "behind the gateway");
    assertEquals(List.of(Ipv4Address.parse("10.0.1.3")), second.addresses());
    assertEquals(Set.of(vpc.defaultGroup()), first.groups());
    assertEquals(first.identity(), second.identity());
    assertNotEquals(first.mac(), second.mac());
    assertEquals(0x0a, first.mac().bits() >>> 40, "locally administered, unicast");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.1.0, INVALID, 10.0.1.1 to 10.0.1.14",
    "10.0.1.15, INVALID, 10.0.1.1 to 10.0.1.14",
    "10.0.2.5, INVALID, 10.0.1.1 to 10.0.1.14",
    "10.0.1.1, CONFLICT, is the gateway",
    "10.0.1.9, CONFLICT, is held by port"
  })
  void anAddressIsItsSubnetsAndFree(String address, Problem.Type type, String words) {
    cloud.port("holder", subnet, "10.0.1.9");
    Problem problem = cloud.refusal(cloud.createPort("a", subnet, "10.0.1.5", address));
    assertProblem(type, "privateIps[1].address", words, problem);
  }

  @Test
  void anAddressIsGivenOnceInABatchToo() {
    Draft draft = cloud.draft();
    CreatePort first = cloud.createPort("a", subnet, "10.0.1.5");
    first.decide(draft);
    Problem problem = Cloud.refusal(draft, cloud.createPort("b", subnet, "10.0.1.5"));
    assertProblem(
        Problem.Type.CONFLICT, "privateIps[0].address", "held by port " + first.id(), problem);
    assertEquals(List.of("port " + first.id()), problem.conflicts());
  }

  @Test
  void anAddressIsNamedOnce() {
    assertInvalid(
        "privateIps[1].address",
        "twice",
        cloud.refusal(cloud.createPort("a", subnet, "10.0.1.5", "10.0.1.5")));
    String[] many = new String[17];
    Arrays.setAll(many, i -> "10.0.1." + i);
    assertInvalid("privateIps", "17 addresses", cloud.refusal(cloud.createPort("a", subnet, many)));
  }

  @Test
  void everyAddressIsHandedOutOnceAndThenNoMore() {
    cloud.port("asked", subnet, "10.0.1.7");
    Set<Ipv4Address> given = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      given.addAll(cloud.port("p" + i, subnet).addresses());
    }
    assertEquals(12, given.size());
    assertProblem(
        Problem.Type.EXHAUSTED,
        "subnetId",
        "no free address",
        cloud.refusal(cloud.createPort("late", subnet)));
  }

  @Test
  void whatWasJustGivenUpComesBackLast() {
    Port gone = cloud.port("a", subnet);
    delete(gone);
    assertNotEquals(gone.addresses(), cloud.port("b", subnet).addresses());
    for (int i = 0; i < 11; i++) {
      assertNotEquals(gone.addresses(), cloud.port("p" + i, subnet).addresses());
    }
    assertEquals(gone.addresses(), cloud.port("last", subnet).addresses());
  }

  @ParameterizedTest
  @ValueSource(strings = {"01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"})
  void aMacIsAnInterfaces(String mac) {
    assertInvalid("macAddress", "first octet must be even", cloud.refusal(withMac(mac)));
  }

  @Test
  void theGatewaysMacIsTheirs() {
    assertInvalid("macAddress", "gateways' own", cloud.refusal(withMac("0e:00:00:00:00:01")));
  }

  @Test
  void aMacIsUniqueInItsVpcAndOnlyThere() {
    Port holder = cloud.commit(withMac("52:54:00:00:00:01"));
    Problem problem = cloud.refusal(withMac("52:54:00:00:00:01"));
    assertProblem(Problem.Type.CONFLICT, "macAddress", "held by port " + holder.id(), problem);
    Subnet red = cloud.subnet("red", cloud.vpc("red", "10.0.0.0/16"), "10.0.1.0/24");
    CreatePort same = withMac("52:54:00:00:00:01");
    assertEquals(
        holder.mac(),
        cloud
            .commit(
                new CreatePort(
                    same.id(),
                    red.id(),
                    Cloud.ACME,
                    "x",
                    same.labels(),
                    same.mac(),
                    List.of(),
                    Optional.empty(),
                    PortSettings.DEFAULT))
            .mac());
  }

  @Test
  void anAllocatedMacStepsAsideForOneThatWasAskedFor() {
    Port first = cloud.port("a", subnet);
    String next = new MacAddress(first.mac().bits() + 2).toString();
    cloud.commit(withMac(next)); // takes the tag in between, and the MAC of the next
    Port third = cloud.port("c", subnet);
    assertNotEquals(next, third.mac().toString());
    assertEquals(first.mac().bits() + 2 + (1L << 32), third.mac().bits());
  }

  @Test
  void groupsAreTheVpcsOwn() {
    SecurityGroupId none = new SecurityGroupId(new UUID(9, 9));
    assertInvalid(
        "securityGroupIds[1]",
        "there is no security-group " + none,
        cloud.refusal(withGroups(vpc.defaultGroup(), none)));
    Vpc red = cloud.vpc("red", "10.0.0.0/16");
    assertInvalid(
        "securityGroupIds[0]",
        "is in VPC " + red.id(),
        cloud.refusal(withGroups(red.defaultGroup())));
    assertInvalid(
        "securityGroupIds[1]",
        "named twice",
        cloud.refusal(withGroups(vpc.defaultGroup(), vpc.defaultGroup())));
    SecurityGroupId[] six = {
      group(vpc), group(vpc), group(vpc), group(vpc), group(vpc), group(vpc)
    };
    assertInvalid("securityGroupIds", "6 security groups", cloud.refusal(withGroups(six)));
  }

  @Test
  void noGroupsIsASetOfGroupsToo() {
    Port port = cloud.commit(withGroups());
    assertEquals(Set.of(), port.groups());
    assertTrue(cloud.image().require(port.identityId()).groups().isEmpty());
  }

  @Test
  void anIdentityLastsAsLongAsItsPorts() {
    SecurityGroupId extra = group(vpc);
    Port a = cloud.commit(withGroups(extra));
    Port b = cloud.commit(withGroups(extra));
    assertEquals(a.identity(), b.identity());
    delete(a);
    assertEquals(1, cloud.image().count(Identity.KIND));
    Port moved =
        cloud.commit(
            update(b, changes(Optional.empty(), Optional.of(List.of(vpc.defaultGroup())))));
    assertNotEquals(b.identity(), moved.identity());
    assertEquals(1, cloud.image().count(Identity.KIND));
    delete(moved);
    assertEquals(0, cloud.image().count(Identity.KIND));
  }

  @Test
  void whatAPortIsInExists() {
    SubnetId none = new SubnetId(new UUID(9, 9));
    assertInvalid(
        "subnetId", "there is no subnet " + none, cloud.refusal(in(none, PortSettings.DEFAULT)));
    HostChoice nowhere = new HostChoice.Only(new HostId("nowhere"));
    assertInvalid(
        "requestedHostId",
        "there is no host nowhere",
        cloud.refusal(in(subnet.id(), new PortSettings(true, true, "", nowhere))));
    assertInvalid(
        "deviceId",
        "printable",
        cloud.refusal(
            in(subnet.id(), new PortSettings(true, true, "a\u0000b", new HostChoice.Any()))));
  }

  private static UpdatePort update(Port port, UpdatePort.Changes changes) {
    return new UpdatePort(port.id(), Cloud.ACME, OptionalLong.empty(), changes);
  }

  private static UpdatePort.Changes changes(
      Optional<List<Ipv4Address>> addresses, Optional<List<SecurityGroupId>> groups) {
    return new UpdatePort.Changes(
        Optional.empty(),
        Optional.empty(),
        addresses.map(List::<IpAddress>copyOf),
        groups,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static UpdatePort.Changes moved(HostChoice host) {
    return new UpdatePort.Changes(
        Optional.of("renamed"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(false),
        Optional.empty(),
        Optional.of(false),
        Optional.of("vm-1"),
        Optional.of(host));
  }

  @Test
  void anUpdateKeepsWhatItDoesNotName() {
    Port port = cloud.port("a", subnet);
    assertEquals(port.addresses(), cloud.commit(update(port, UpdatePort.Changes.NONE)).addresses());
    Port changed = cloud.commit(update(port, moved(new HostChoice.Any())));
    assertEquals("renamed", changed.meta().name());
    assertEquals("vm-1", changed.deviceId());
    assertEquals(port.mac(), changed.mac());
    assertEquals(port.identity(), changed.identity());
    assertTrue(!changed.adminUp() && !changed.portSecurity());
  }

  @Test
  void addressesMayChangeButNotAway() {
    Port port = cloud.port("a", subnet, "10.0.1.5");
    cloud.port("b", subnet, "10.0.1.6");
    List<Ipv4Address> wanted =
        List.of(Ipv4Address.parse("10.0.1.5"), Ipv4Address.parse("10.0.1.7"));
    assertEquals(
        wanted,
        cloud.commit(update(port, changes(Optional.of(wanted), Optional.empty()))).addresses());
    assertInvalid(
        "privateIps",
        "one address at least",
        cloud.refusal(update(port, changes(Optional.of(List.of()), Optional.empty()))));
    List<Ipv4Address> held = List.of(Ipv4Address.parse("10.0.1.6"));
    assertProblem(
        Problem.Type.CONFLICT,
        "privateIps[0].address",
        "held by port",
        cloud.refusal(update(port, changes(Optional.of(held), Optional.empty()))));
  }

  @Test
  void aBoundPortIsNotAskedToBeElsewhere() {
    HostId hv1 = cloud.host("hv1", "192.0.2.1");
    HostId hv2 = cloud.host("hv2", "192.0.2.2");
    Port port = cloud.port("a", subnet);
    cloud.plug(port, hv1, 1);
    assertProblem(
        Problem.Type.CONFLICT,
        "requestedHostId",
        "bound on host hv1",
        cloud.refusal(update(port, moved(new HostChoice.Only(hv2)))));
    assertEquals(hv1, cloud.commit(update(port, moved(new HostChoice.Only(hv1)))).requestedHost());
  }

  @Test
  void aPortGoesWithItsBindings() {
    HostId hv1 = cloud.host("hv1", "192.0.2.1");
    Port port = cloud.port("a", subnet);
    cloud.plug(port, hv1, 1);
    assertEquals(1, cloud.image().count(CtZone.KIND));
    delete(port);
    assertEquals(0, cloud.image().count(Binding.KIND));
    assertEquals(0, cloud.image().count(CtZone.KIND));
    assertNotEquals(port.tag(), cloud.port("b", subnet).tag(), "not handed out again yet");
  }

  @Test
  void anothersPortDoesNotExist() {
    Port port = cloud.port("a", subnet);
    String words = "there is no port " + port.id();
    assertProblem(
        Problem.Type.NOT_FOUND,
        "",
        words,
        cloud.refusal(new DeletePort(port.id(), Cloud.OTHER, OptionalLong.empty())));
    assertProblem(
        Problem.Type.NOT_FOUND,
        "",
        words,
        cloud.refusal(
            new UpdatePort(port.id(), Cloud.OTHER, OptionalLong.empty(), UpdatePort.Changes.NONE)));
    PortId none = new PortId(new UUID(9, 9));
    assertProblem(
        Problem.Type.NOT_FOUND,
        "",
        "there is no port " + none,
        cloud.refusal(new DeletePort(none, Cloud.ACME, OptionalLong.empty())));
  }

  @Test
  void aStaleUpdateIsRefused() {
    Port port = cloud.port("a", subnet);
    OptionalLong stale = OptionalLong.of(port.meta().revision() - 1);
    assertProblem(
        Problem.Type.PRECONDITION_FAILED,
        "",
        "read it again",
        cloud.refusal(new DeletePort(port.id(), Cloud.ACME, stale)));
    assertProblem(
        Problem.Type.PRECONDITION_FAILED,
        "",
        "read it again",
        cloud.refusal(new UpdatePort(port.id(), Cloud.ACME, stale, UpdatePort.Changes.NONE)));
  }
}
