package io.heddle.vpc.command;

import static io.heddle.vpc.command.Refusals.assertInvalid;
import static io.heddle.vpc.command.Refusals.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Port;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import io.heddle.vpc.Cloud;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetCommandsTest {

  private final Cloud cloud = new Cloud();
  private final Vpc vpc = cloud.vpc("blue", "10.0.0.0/16", "172.16.0.0/15");

  private CreateSubnet with(String gateway) {
    CreateSubnet base = cloud.createSubnet("web", vpc, "10.0.1.0/24");
    return new CreateSubnet(
        base.id(),
        vpc.id(),
        Cloud.ACME,
        "web",
        base.labels(),
        base.cidr(),
        Optional.of(Ipv4Address.parse(gateway)),
        "",
        Subnet.Dhcp.DEFAULT);
  }

  private CreateSubnet with(VpcId home, ProjectId project, String zone, Subnet.Dhcp dhcp) {
    CreateSubnet base = cloud.createSubnet("web", vpc, "10.0.1.0/24");
    return new CreateSubnet(
        base.id(), home, project, "web", base.labels(), base.cidr(), Optional.empty(), zone, dhcp);
  }

  private static DeleteSubnet delete(Subnet subnet) {
    return new DeleteSubnet(subnet.id(), Cloud.ACME, OptionalLong.empty());
  }

  @Test
  void theGatewayIsTheFirstAddress() {
    assertEquals(Ipv4Address.parse("10.0.2.1"), cloud.subnet("db", vpc, "10.0.2.0/24").gateway());
  }

  @Test
  void unlessAnotherIsAskedFor() {
    Ipv4Address wanted = Ipv4Address.parse("10.0.1.254");
    assertEquals(wanted, cloud.commit(with("10.0.1.254")).gateway());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.1.0", "10.0.1.255", "10.0.2.1"})
  void aGatewayIsAHostAddressOfItsSubnet(String gateway) {
    assertInvalid("gatewayIp", "10.0.1.1 to 10.0.1.254", cloud.refusal(with(gateway)));
  }

  @ParameterizedTest
  @CsvSource({
    "172.16.0.0/15, /16 to /28",
    "10.0.0.0/29, /16 to /28",
    "10.1.0.0/24, not inside VPC",
    "192.168.0.0/24, not inside VPC"
  })
  void aSubnetIsAPartOfItsVpc(String cidr, String words) {
    assertInvalid("cidr", words, cloud.refusal(cloud.createSubnet("web", vpc, cidr)));
  }

  @Test
  void siblingsAreDisjoint() {
    Subnet first = cloud.subnet("web", vpc, "10.0.1.0/24");
    Problem problem = cloud.refusal(cloud.createSubnet("db", vpc, "10.0.1.128/25"));
    assertProblem(Problem.Type.CONFLICT, "cidr", "10.0.1.128/25 overlaps 10.0.1.0/24", problem);
    assertEquals(List.of("subnet " + first.id()), problem.conflicts());
  }

  @Test
  void siblingsOfOneBatchAreDisjointToo() {
    Draft draft = cloud.draft();
    cloud.createSubnet("web", vpc, "10.0.1.0/24").decide(draft);
    Problem problem = Cloud.refusal(draft, cloud.createSubnet("db", vpc, "10.0.0.0/16"));
    assertProblem(Problem.Type.CONFLICT, "cidr", "overlaps 10.0.1.0/24", problem);
  }

  @Test
  void anUnknownOrForeignVpcDoesNotExist() {
    VpcId none = new VpcId(new UUID(9, 9));
    assertInvalid(
        "vpcId",
        "there is no vpc " + none,
        cloud.refusal(with(none, Cloud.ACME, "", Subnet.Dhcp.DEFAULT)));
    assertInvalid(
        "vpcId",
        "there is no vpc " + vpc.id(),
        cloud.refusal(with(vpc.id(), Cloud.OTHER, "", Subnet.Dhcp.DEFAULT)));
  }

  @Test
  void whatDhcpSaysIsChecked() {
    assertInvalid("dhcp.leaseSeconds", "5 seconds", dhcp(List.of(), "", List.of(), 5));
    assertInvalid("dhcp.domainName", "'a..b'", dhcp(List.of(), "a..b", List.of(), 3600));
    List<Ipv4Address> many = Collections.nCopies(9, Ipv4Address.parse("10.0.0.2"));
    assertInvalid("dhcp.dnsServers", "9 servers", dhcp(many, "", List.of(), 3600));
    List<Ipv4Address> bad = List.of(Ipv4Address.parse("10.0.0.2"), Ipv4Address.parse("224.0.0.1"));
    assertInvalid("dhcp.ntpServers[1]", "224.0.0.1", dhcp(List.of(), "", bad, 3600));
    assertInvalid(
        "zone", "'a b'", cloud.refusal(with(vpc.id(), Cloud.ACME, "a b", Subnet.Dhcp.DEFAULT)));
  }

  private Problem dhcp(List<Ipv4Address> dns, String domain, List<Ipv4Address> ntp, int lease) {
    Subnet.Dhcp dhcp = new Subnet.Dhcp(true, dns, domain, ntp, lease);
    return cloud.refusal(with(vpc.id(), Cloud.ACME, "", dhcp));
  }

  @Test
  void anUpdateChangesWhatItNames() {
    Subnet subnet = cloud.subnet("web", vpc, "10.0.1.0/24");
    Subnet.Dhcp off = new Subnet.Dhcp(false, List.of(), "vpc.example", List.of(), 3600);
    Subnet updated =
        cloud.commit(
            new UpdateSubnet(
                subnet.id(),
                Cloud.ACME,
                OptionalLong.of(subnet.meta().revision()),
                Optional.empty(),
                Optional.empty(),
                Optional.of("rack-1"),
                Optional.of(off)));
    assertEquals(off, updated.dhcp());
    assertEquals("rack-1", updated.zone());
    assertEquals("web", updated.meta().name());
    assertEquals(cloud.image().revision(), updated.meta().revision());
  }

  @Test
  void aSubnetInUseStays() {
    Subnet subnet = cloud.subnet("web", vpc, "10.0.1.0/24");
    Port port = cloud.port("a", subnet);
    Problem problem = cloud.refusal(delete(subnet));
    assertProblem(Problem.Type.IN_USE, "", "still used by 1", problem);
    assertEquals(List.of("port " + port.id()), problem.conflicts());
    cloud.commit(new DeletePort(port.id(), Cloud.ACME, OptionalLong.empty()));
    cloud.commit(delete(subnet));
  }

  @Test
  void anUnknownSubnetIsNotFound() {
    SubnetId none = new SubnetId(new UUID(9, 9));
    assertProblem(
        Problem.Type.NOT_FOUND,
        "",
        "there is no subnet " + none,
        cloud.refusal(new DeleteSubnet(none, Cloud.ACME, OptionalLong.empty())));
  }
}
