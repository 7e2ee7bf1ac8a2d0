package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.Binding;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Stage;
import io.heddle.vpc.dhcp.DhcpServer;
import io.heddle.vpc.dhcpv6.Dhcpv6Server;
import io.heddle.vpc.nic.AddressClaims;
import io.heddle.vpc.ra.RouterSolicitations;
import java.util.List;

/// Brings to the controller what a port asks when it starts up and what it announces, so many
/// packets a second.
///
/// Before: a DHCP client's packet (UDP 68 to 67, RFC 2131; UDP 546 to 547, RFC 8415) of a port
/// whose subnet has DHCP, or a router solicitation (RFC 4861) of one that has IPv6, or an
/// announcement of a virtual address that the port may have. After: the controller has it, unless
/// the port asks faster than its meter allows; what exceeds it is dropped on the host.
final class ServicePunts implements FlowRule<Binding> {

  /// A client sends a dozen packets in its first seconds and a few every few days.
  private static final int PACKETS_PER_SECOND = 10;

  private static final int BURST = 20;
  private static final int WHOLE_PACKET = 0xffff;

  private static final Match DHCP =
      Match.allOf(
          Match.ipProtocol(Match.UDP), Match.of(Header.UDP_SRC, 68), Match.of(Header.UDP_DST, 67));

  private static final Match DHCPV6 =
      Match.allOf(
          Match.ipv6Protocol(Match.UDP),
          Match.of(Header.UDP_SRC, 546),
          Match.of(Header.UDP_DST, 547));

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
    Subnet subnet = view.require(port.subnet());
    boolean ipv6 = subnet.ipv6Cidr() != null && !port.ipv6Addresses().isEmpty();
    if (!port.adminUp()) {
      return;
    }
    Match ours = Tags.from(port);
    int meter = binding.ofport();
    flows.meter(new Meter(meter, PACKETS_PER_SECOND, BURST));
    if (subnet.dhcp().enabled()) {
      punt(ours.and(DHCP), DhcpServer.CODE, meter, flows);
    }
    if (ipv6) {
      punt(ours.and(Nd.message(Nd.ROUTER_SOLICITATION)), RouterSolicitations.CODE, meter, flows);
    }
    if (ipv6 && subnet.dhcp().enabled()) {
      punt(ours.and(DHCPV6), Dhcpv6Server.CODE, meter, flows);
    }
    for (IpAddress address : port.virtualAddresses()) {
      flows.add(
          Stage.SERVICES,
          Priority.GUARD,
          ours.and(announcement(address)),
          new Action.Controller(WHOLE_PACKET, List.of(AddressClaims.CODE), meter));
    }
  }

  /// Gratuitous ARP, as a request or a reply, and a neighbor advertisement.
  private static Match announcement(IpAddress address) {
    return switch (address) {
      case Ipv4Address v4 ->
          Match.allOf(
              Match.ARP, Match.address(Header.ARP_SPA, v4), Match.address(Header.ARP_TPA, v4));
      case Ipv6Address v6 ->
          Nd.message(Nd.ADVERTISEMENT).and(Match.address(Header.ND_TARGET_HIGH, v6));
    };
  }

  private static void punt(Match what, byte code, int meter, FlowSink flows) {
    flows.add(
        Stage.SERVICES,
        Priority.SPECIFIC,
        what,
        new Action.Controller(WHOLE_PACKET, List.of(code), meter));
  }
}
