package io.heddle.firewall.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.ArrayList;
import java.util.List;

/// A port sends only as itself: its MAC with one of its IP addresses, and ARP that says the same.
///
/// Two exceptions, for a port that is on its way to an address: DHCP's first messages (RFC 2131,
/// from 0.0.0.0 to everybody), and ARP probes (RFC 5227, sender 0.0.0.0). A port without port
/// security may send anything. One unit for each plugged port, in its host's own set.
public final class SpoofGuard implements FlowRule<Binding> {

  private static final int DHCP_SERVER = 67;
  private static final int DHCP_CLIENT = 68;
  private static final int ARP_REQUEST = 1;
  private static final Ipv4Address UNSPECIFIED = new Ipv4Address(0);
  private static final Ipv4Address BROADCAST = new Ipv4Address(-1);

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
    for (Match sender : port.portSecurity() ? senders(port) : List.of(Match.ANY)) {
      flows.add(Stage.SPOOF_GUARD, Priority.NORMAL, ours.and(sender), Stage.SERVICES.goTo());
    }
  }

  private static List<Match> senders(Port port) {
    Match mac = Match.mac(Header.ETH_SRC, port.mac());
    Match arp = Match.allOf(Match.ARP, mac, Match.mac(Header.ARP_SHA, port.mac()));
    List<Match> senders = new ArrayList<>();
    senders.add(mac.and(dhcpFromNowhere()));
    senders.add(
        Match.allOf(
            arp, Match.of(Header.ARP_OP, ARP_REQUEST), Match.address(Header.ARP_SPA, UNSPECIFIED)));
    for (Ipv4Address address : port.addresses()) {
      senders.add(Match.allOf(Match.IPV4, mac, Match.address(Header.IPV4_SRC, address)));
      senders.add(arp.and(Match.address(Header.ARP_SPA, address)));
    }
    return senders;
  }

  private static Match dhcpFromNowhere() {
    return Match.allOf(
        Match.ipProtocol(Match.UDP),
        Match.address(Header.IPV4_SRC, UNSPECIFIED),
        Match.address(Header.IPV4_DST, BROADCAST),
        Match.of(Header.UDP_SRC, DHCP_CLIENT),
        Match.of(Header.UDP_DST, DHCP_SERVER));
  }
}
