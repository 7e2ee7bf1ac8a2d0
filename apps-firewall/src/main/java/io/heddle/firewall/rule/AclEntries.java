package io.heddle.firewall.rule;

import static io.heddle.core.flow.Actions.DROP;
import static io.heddle.core.flow.Actions.set;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Direction;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Kind;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.Service;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.firewall.policy.Family;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The entries of a network ACL, the lower number the higher priority; what none fits is dropped.
///
/// In `acl:<id>`, once for all subnets that have the ACL: an entry costs a flow or a few, however
/// many subnets, hosts and ports there are, and the flows of one entry depend on no other.
///
/// A later fragment has no ports, and of IPv6 Open vSwitch does not even tell the protocol that it
/// is of. An entry that allows some of it lets later fragments through, and one that denies some
/// leaves them to the entries behind it: the first fragment decides, and without it the others are
/// worth nothing.
public final class AclEntries implements FlowRule<NetworkAcl> {

  private static final int LATER_FRAGMENT = 3;
  private static final int FRAGMENT_BITS = 3;
  private static final int FIRST = 40_000;

  @Override
  public Kind<NetworkAcl> subject() {
    return NetworkAcl.KIND;
  }

  @Override
  public FlowSet home(NetworkAcl acl) {
    return FlowSet.acl(acl.id());
  }

  @Override
  public void compile(NetworkAcl acl, View view, FlowSink flows) {
    Match ours = Registers.GROUP.is(Integer.toUnsignedLong(acl.tag()));
    for (NetworkAcl.Entry entry : acl.entries()) {
      boolean out = entry.direction() == Direction.EGRESS;
      Stage stage = out ? Stage.ACL_OUT_ENTRIES : Stage.ACL_IN_ENTRIES;
      List<Action> actions =
          switch (entry.verdict()) {
            case ALLOW ->
                List.of(set(Registers.GROUP, 0), (out ? Stage.ROUTE : Stage.TRACK_IN).goTo());
            case DENY -> DROP;
          };
      for (Match match : matches(entry)) {
        flows.add(stage, FIRST - entry.number(), ours.and(match), actions);
      }
    }
    for (Stage stage : List.of(Stage.ACL_OUT_ENTRIES, Stage.ACL_IN_ENTRIES)) {
      flows.add(stage, Ranks.ORIGINAL, ours, DROP);
    }
  }

  private static Set<Match> matches(NetworkAcl.Entry entry) {
    Set<Match> matches = new LinkedHashSet<>();
    for (Match family : families(entry)) {
      Match remote = remote(entry);
      for (Match service : ServiceMatches.ofPacket(entry.service(), family)) {
        matches.add(remote.and(service));
      }
      if (entry.verdict() == NetworkAcl.Verdict.ALLOW) {
        laterFragments(entry.service(), family).ifPresent(later -> matches.add(remote.and(later)));
      }
    }
    return matches;
  }

  /// Those that the matches of the service's packets leave out.
  private static Optional<Match> laterFragments(Service service, Match family) {
    Match later = family.and(Match.of(Header.IP_FRAG, LATER_FRAGMENT, FRAGMENT_BITS));
    if (family.equals(Match.IPV6)) {
      return service.equals(Service.ANY) ? Optional.empty() : Optional.of(later);
    }
    return isWhole(service)
        ? Optional.empty()
        : Optional.of(later.and(Match.of(Header.IP_PROTO, protocol(service))));
  }

  private static List<Match> families(NetworkAcl.Entry entry) {
    IpPrefix cidr = entry.cidr();
    Family remote = cidr == null ? Family.BOTH : Family.of(cidr);
    Family service = Family.of(entry.service());
    List<Match> families = new ArrayList<>();
    if (remote != Family.IPV6 && service != Family.IPV6) {
      families.add(Match.IPV4);
    }
    if (remote != Family.IPV4 && service != Family.IPV4) {
      families.add(Match.IPV6);
    }
    return families;
  }

  private static Match remote(NetworkAcl.Entry entry) {
    boolean source = entry.direction() == Direction.INGRESS;
    return switch (entry.cidr()) {
      case null -> Match.ANY;
      case Ipv4Prefix v4 -> Match.prefix(source ? Header.IPV4_SRC : Header.IPV4_DST, v4);
      case Ipv6Prefix v6 -> Match.prefix(source ? Header.IPV6_SRC_HIGH : Header.IPV6_DST_HIGH, v6);
    };
  }

  /// Whether it is of all packets of its protocol, fragments of IPv4 included.
  private static boolean isWhole(Service service) {
    return switch (service) {
      case Service.Any any -> true;
      case Service.Protocol protocol -> true;
      case Service.Tcp(var range) -> range.equals(Service.PortRange.ALL);
      case Service.Udp(var range) -> range.equals(Service.PortRange.ALL);
      case Service.Icmp(int type, int code) -> type < 0;
      case Service.Icmpv6(int type, int code) -> type < 0;
    };
  }

  private static int protocol(Service service) {
    return switch (service) {
      case Service.Tcp tcp -> Match.TCP;
      case Service.Udp udp -> Match.UDP;
      case Service.Icmp icmp -> Match.ICMP;
      case Service.Icmpv6 icmp -> Match.ICMPV6;
      case Service.Protocol(int number) -> number;
      case Service.Any any -> throw new IllegalStateException("any has no protocol");
    };
  }
}
