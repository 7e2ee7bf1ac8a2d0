package io.heddle.core.store;

import io.heddle.core.model.AddressPair;
import io.heddle.core.model.Binding;
import io.heddle.core.model.ClaimedAddress;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.CtZone;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IdempotentReply;
import io.heddle.core.model.Identity;
import io.heddle.core.model.IdentityId;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Leadership;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Member;
import io.heddle.core.model.Meta;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.NodeName;
import io.heddle.core.model.NumberHold;
import io.heddle.core.model.NumberSpace;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.PrefixList;
import io.heddle.core.model.PrefixListId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.model.Row;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.SubnetRouting;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/// Random rows of every kind, with the corners of their values: nulls, empty lists, quotes, other
/// alphabets, numbers beyond 32 bits. Ids come from a small pool, so that rows meet.
final class SampleRows {

  private static final int POOL = 6;
  private static final List<String> TEXTS =
      List.of("", "web", "a \"quoted\" name", "Zürich 网络", "tab\tand\nline", "{\"put\":1}");

  private final Random random;

  SampleRows(long seed) {
    random = new Random(seed);
  }

  /// One of each kind, in the order of `Kinds.ALL`.
  List<Row> one() {
    return List.of(
        new Cluster(uuid(), 1 + random.nextInt(9), 1, "0badcafe"),
        new ClusterView(
            random.nextLong(),
            List.of("n1", "n2"),
            new TreeMap<>(Map.of(new HostId("hv1"), Set.of("n2")))),
        new Leadership(number(), "n1"),
        new Member(new NodeName("n1"), "n1:7070", "n1:7071", text(), text(), ""),
        new NumberSpace(new NumberSpace.Id(pick("vni", "identity/x#y", "ct-zone/hv1")), number()),
        new NumberHold(new NumberHold.Id(pick("vni", "identity/x#y"), number()), number()),
        new IdempotentReply(
            new IdempotentReply.Id(project(), "key/with/" + text()),
            "sha",
            text(),
            number(),
            instant(),
            number()),
        new Project(project(), meta(), new Project.Quotas(1, 2, 3, 4, 5)),
        new Vpc(
            vpc(),
            meta(),
            some(this::prefix),
            some(this::prefix6),
            random.nextInt(),
            random.nextInt(),
            group()),
        subnet(),
        port(),
        securityGroup(),
        new PrefixList(
            new PrefixListId(uuid()),
            meta(),
            some(() -> new PrefixList.Entry(anyPrefix(), text()))),
        new NetworkAcl(
            new NetworkAclId(uuid()), meta(), vpc(), some(this::aclEntry), random.nextInt()),
        routeTable(),
        subnetRouting(),
        peering(),
        new Identity(identity(), groups(), random.nextInt()),
        new Host(
            host(),
            meta(),
            text(),
            random.nextBoolean() ? null : address(),
            Map.of("physnet1", "br-ex"),
            text()),
        new Binding(new Binding.Id(new PortId(uuid()), host()), vpc(), random.nextInt(65_000)),
        new ClaimedAddress(
            new ClaimedAddress.Id(vpc(), random.nextBoolean() ? address() : prefix6().network()),
            new PortId(uuid())),
        new CtZone(new CtZone.Id(host(), vpc()), random.nextInt(65_536)));
  }

  private Subnet subnet() {
    return new Subnet(
        new SubnetId(uuid()),
        meta(),
        vpc(),
        prefix(),
        address(),
        random.nextBoolean() ? null : prefix6(),
        text(),
        new Subnet.Dhcp(true, some(this::address), text(), some(this::address), 60),
        random.nextBoolean() ? null : new NetworkAclId(uuid()),
        random.nextInt());
  }

  private RouteTable routeTable() {
    return new RouteTable(
        new RouteTableId(uuid()),
        meta(),
        vpc(),
        random.nextBoolean(),
        some(() -> new RouteTable.Route(anyPrefix(), target())),
        random.nextInt());
  }

  private SubnetRouting subnetRouting() {
    SubnetRouting.Id id = new SubnetRouting.Id(new SubnetId(uuid()));
    return new SubnetRouting(id, vpc(), new RouteTableId(uuid()));
  }

  private Peering peering() {
    return new Peering(
        new PeeringId(uuid()),
        meta(),
        vpc(),
        vpc(),
        project(),
        Peering.State.values()[random.nextInt(3)]);
  }

  private Port port() {
    return new Port(
        new PortId(uuid()),
        meta(),
        new SubnetId(uuid()),
        vpc(),
        new MacAddress(random.nextLong() >>> 16),
        some(this::address),
        some(() -> prefix6().network()),
        groups(),
        random.nextInt(0x1_0000),
        random.nextInt(),
        random.nextBoolean(),
        some(() -> new AddressPair(anyPrefix(), random.nextBoolean() ? null : new MacAddress(7))),
        random.nextBoolean(),
        text(),
        random.nextBoolean() ? null : host(),
        random.nextBoolean() ? null : host());
  }

  private Ipv6Prefix prefix6() {
    return Ipv6Prefix.of(
        new Ipv6Address(random.nextLong(), random.nextLong()), random.nextInt(129));
  }

  private IpPrefix anyPrefix() {
    return random.nextBoolean() ? prefix() : prefix6();
  }

  private SecurityGroup securityGroup() {
    return new SecurityGroup(
        group(),
        meta(),
        vpc(),
        some(this::rule),
        random.nextInt(),
        new SecurityGroup.Logging(random.nextBoolean(), random.nextBoolean()));
  }

  private RouteTarget target() {
    return switch (random.nextInt(6)) {
      case 0 -> new RouteTarget.Local();
      case 4 -> new RouteTarget.ToPeer(new PeeringId(uuid()));
      case 1 -> new RouteTarget.ToPort(new PortId(uuid()));
      case 2 -> new RouteTarget.NatGateway(uuid());
      case 3 -> new RouteTarget.Internet();
      default -> new RouteTarget.Blackhole();
    };
  }

  private NetworkAcl.Entry aclEntry() {
    return new NetworkAcl.Entry(
        1 + random.nextInt(1000),
        Direction.values()[random.nextInt(2)],
        NetworkAcl.Verdict.values()[random.nextInt(2)],
        service(),
        random.nextBoolean() ? null : anyPrefix(),
        text());
  }

  private Service service() {
    return switch (random.nextInt(6)) {
      case 0 -> Service.ANY;
      case 1 -> new Service.Tcp(new Service.PortRange(80, 443));
      case 2 -> new Service.Udp(Service.PortRange.ALL);
      case 3 -> new Service.Icmp(8, -1);
      case 4 -> new Service.Icmpv6(128, 0);
      default -> new Service.Protocol(47);
    };
  }

  private SecurityRule rule() {
    Service service = service();
    Remote remote =
        switch (random.nextInt(4)) {
          case 0 -> new Remote.Anywhere();
          case 1 -> new Remote.Cidr(anyPrefix());
          case 2 -> new Remote.Prefixes(new PrefixListId(uuid()));
          default -> new Remote.Group(group());
        };
    return new SecurityRule(uuid(), Direction.values()[random.nextInt(2)], service, remote, text());
  }

  private <T> List<T> some(Supplier<T> source) {
    List<T> values = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      values.add(source.get());
    }
    return values;
  }

  private SortedSet<SecurityGroupId> groups() {
    return new TreeSet<>(some(this::group));
  }

  private Meta meta() {
    return new Meta(
        text(), project(), Map.of("k" + text(), text()), number(), instant(), instant());
  }

  private Instant instant() {
    return Rig.START.plusNanos(random.nextLong() >>> 8);
  }

  private long number() {
    return random.nextLong() >>> random.nextInt(1, 63);
  }

  private UUID uuid() {
    return new UUID(0, random.nextInt(POOL));
  }

  private VpcId vpc() {
    return new VpcId(uuid());
  }

  private SecurityGroupId group() {
    return new SecurityGroupId(uuid());
  }

  private IdentityId identity() {
    return new IdentityId(vpc(), 1 + random.nextInt(POOL));
  }

  private HostId host() {
    return new HostId("hv" + random.nextInt(POOL));
  }

  private ProjectId project() {
    return new ProjectId("p" + random.nextInt(POOL));
  }

  private Ipv4Address address() {
    return new Ipv4Address(random.nextInt());
  }

  private Ipv4Prefix prefix() {
    return Ipv4Prefix.of(address(), random.nextInt(33));
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
