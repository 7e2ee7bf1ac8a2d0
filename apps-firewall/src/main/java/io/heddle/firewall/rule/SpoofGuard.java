package io.heddle.firewall.rule;

import static io.heddle.core.flow.Actions.DROP;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.AddressPair;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Kind;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A port sends only as itself: one of its MACs with one of that one's addresses, and ARP and
/// neighbor discovery that say the same. Its own MAC goes with its own addresses; allowed address
/// pairs add to both.
///
/// A port that is on its way to an address may say what that takes: DHCP's first messages (RFC
/// 2131, from 0.0.0.0 to everybody), ARP probes (RFC 5227), duplicate address detection, and from a
/// link-local address router solicitations, neighbor solicitations and DHCPv6 (RFC 4862, RFC 8415).
/// All of it is answered by the switch or the controller and reaches nobody else. It never plays
/// the router or the DHCP server. A port without port security may send anything. One unit for each
/// plugged port, in its host's own set.
public final class SpoofGuard implements FlowRule<Binding> {

  private static final int DHCP_SERVER = 67;
  private static final int DHCP_CLIENT = 68;
  private static final int DHCPV6_CLIENT = 546;
  private static final int DHCPV6_SERVER = 547;
  private static final int ARP_REQUEST = 1;
  private static final int ROUTER_SOLICITATION = 133;
  private static final int ROUTER_ADVERTISEMENT = 134;
  private static final int SOLICITATION = 135;
  private static final int ADVERTISEMENT = 136;
  private static final int REDIRECT = 137;
  private static final Ipv4Address NOWHERE = new Ipv4Address(0);
  private static final Ipv4Address EVERYBODY = new Ipv4Address(-1);
  private static final Match ICMPV6 = Match.ipv6Protocol(Match.ICMPV6);
  private static final Match LINK_LOCAL =
      Match.prefix(Header.IPV6_SRC_HIGH, Ipv6Prefix.parse("fe80::/10"));
  private static final Match UNSPECIFIED =
      Match.address(Header.IPV6_SRC_HIGH, Ipv6Address.UNSPECIFIED);

  /// What servers and routers say, and neighbor discovery that is not shown to be the port's own.
  private static final List<Match> NEVER =
      List.of(
          Match.ipProtocol(Match.UDP).and(Match.of(Header.UDP_SRC, DHCP_SERVER)),
          Match.ipv6Protocol(Match.UDP).and(Match.of(Header.UDP_SRC, DHCPV6_SERVER)),
          ICMPV6.and(Match.of(Header.ICMPV6_TYPE, ROUTER_SOLICITATION)),
          ICMPV6.and(Match.of(Header.ICMPV6_TYPE, ROUTER_ADVERTISEMENT)),
          ICMPV6.and(Match.of(Header.ICMPV6_TYPE, SOLICITATION)),
          ICMPV6.and(Match.of(Header.ICMPV6_TYPE, ADVERTISEMENT)),
          ICMPV6.and(Match.of(Header.ICMPV6_TYPE, REDIRECT)));

  @Override
  public Kind<Binding> subject() {
    return Binding.KIND;
  }

  @Override
  public FlowSet home(Binding binding) {
    return FlowSet.host(binding.id().host());
  }

  @Override
  public void compile(Binding binding, View view, FlowSink flows) {
    Port port = view.require(binding.id().port());
    if (!port.adminUp()) {
      return;
    }
    Match ours = Registers.SOURCE_PORT.is(Integer.toUnsignedLong(port.tag()));
    if (!port.portSecurity()) {
      flows.add(Stage.SPOOF_GUARD, Priority.NORMAL, ours, Stage.SERVICES.goTo());
      return;
    }
    for (Match never : NEVER) {
      flows.add(Stage.SPOOF_GUARD, Priority.SPECIFIC, ours.and(never), DROP);
    }
    for (Match own : neighborDiscovery(port)) {
      flows.add(Stage.SPOOF_GUARD, Priority.GUARD, ours.and(own), Stage.SERVICES.goTo());
    }
    for (Match sender : senders(port)) {
      flows.add(Stage.SPOOF_GUARD, Priority.NORMAL, ours.and(sender), Stage.SERVICES.goTo());
    }
  }

  /// Who the port may speak as.
  private static List<AddressPair> pairs(Port port) {
    List<AddressPair> pairs = new ArrayList<>();
    port.addresses().forEach(each -> pairs.add(new AddressPair(new Ipv4Prefix(each, 32), null)));
    port.ipv6Addresses()
        .forEach(each -> pairs.add(new AddressPair(new Ipv6Prefix(each, 128), null)));
    pairs.addAll(port.allowedPairs());
    return pairs;
  }

  private static MacAddress macOf(AddressPair pair, Port port) {
    MacAddress mac = pair.mac();
    return mac == null ? port.mac() : mac;
  }

  private static Set<Match> senders(Port port) {
    Set<Match> senders = new LinkedHashSet<>();
    Match own = Match.mac(Header.ETH_SRC, port.mac());
    senders.add(own.and(dhcpFromNowhere()));
    senders.add(Match.allOf(own, LINK_LOCAL, dhcpv6()));
    senders.add(arpProbe(port.mac()));
    for (AddressPair pair : pairs(port)) {
      MacAddress mac = macOf(pair, port);
      Match link = Match.mac(Header.ETH_SRC, mac);
      switch (pair.prefix()) {
        case Ipv4Prefix v4 -> {
          senders.add(Match.allOf(Match.IPV4, link, Match.prefix(Header.IPV4_SRC, v4)));
          senders.add(arp(mac).and(Match.prefix(Header.ARP_SPA, v4)));
          senders.add(arpProbe(mac));
        }
        case Ipv6Prefix v6 ->
            senders.add(Match.allOf(Match.IPV6, link, Match.prefix(Header.IPV6_SRC_HIGH, v6)));
      }
    }
    return senders;
  }

  private static Set<Match> neighborDiscovery(Port port) {
    Set<Match> own = new LinkedHashSet<>();
    Match link = Match.mac(Header.ETH_SRC, port.mac());
    Match ours = link.and(Match.mac(Header.ND_SLL, port.mac()));
    own.add(Match.allOf(link, LINK_LOCAL, message(ROUTER_SOLICITATION)));
    own.add(Match.allOf(link, UNSPECIFIED, message(ROUTER_SOLICITATION)));
    own.add(Match.allOf(link, UNSPECIFIED, message(SOLICITATION)));
    own.add(Match.allOf(ours, LINK_LOCAL, message(SOLICITATION)));
    for (AddressPair pair : pairs(port)) {
      if (pair.prefix() instanceof Ipv6Prefix v6) {
        MacAddress mac = macOf(pair, port);
        Match from = Match.mac(Header.ETH_SRC, mac);
        own.add(
            Match.allOf(
                from,
                Match.mac(Header.ND_SLL, mac),
                Match.prefix(Header.IPV6_SRC_HIGH, v6),
                message(SOLICITATION)));
        own.add(
            Match.allOf(
                from,
                Match.mac(Header.ND_TLL, mac),
                Match.prefix(Header.ND_TARGET_HIGH, v6),
                message(ADVERTISEMENT)));
      }
    }
    return own;
  }

  private static Match message(int type) {
    return Match.allOf(ICMPV6, Match.of(Header.ICMPV6_TYPE, type), Match.of(Header.ICMPV6_CODE, 0));
  }

  private static Match arp(MacAddress mac) {
    return Match.allOf(Match.ARP, Match.mac(Header.ETH_SRC, mac), Match.mac(Header.ARP_SHA, mac));
  }

  private static Match arpProbe(MacAddress mac) {
    return Match.allOf(
        arp(mac), Match.of(Header.ARP_OP, ARP_REQUEST), Match.address(Header.ARP_SPA, NOWHERE));
  }

  private static Match dhcpFromNowhere() {
    return Match.allOf(
        Match.ipProtocol(Match.UDP),
        Match.address(Header.IPV4_SRC, NOWHERE),
        Match.address(Header.IPV4_DST, EVERYBODY),
        Match.of(Header.UDP_SRC, DHCP_CLIENT),
        Match.of(Header.UDP_DST, DHCP_SERVER));
  }

  private static Match dhcpv6() {
    return Match.allOf(
        Match.ipv6Protocol(Match.UDP),
        Match.of(Header.UDP_SRC, DHCPV6_CLIENT),
        Match.of(Header.UDP_DST, DHCPV6_SERVER));
  }
}
