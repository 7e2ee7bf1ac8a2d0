package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.ClaimedAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;

/// Brings what is for a virtual address to the port that has it now.
///
/// Before: a port of the subnet asks who has the address (ARP or neighbor discovery), or a routed
/// packet's next hop is the address. After: the one is told the MAC of the port that announced the
/// address last, the other goes there. Outranks what a port that only keeps the address would say.
final class ClaimedAnswer implements FlowRule<ClaimedAddress> {

  /// Between what a port says of its own addresses, and what is said to that port alone.
  private static final int CLAIMED = 150;

  @Override
  public Kind<ClaimedAddress> subject() {
    return ClaimedAddress.KIND;
  }

  @Override
  public FlowSet home(ClaimedAddress claimed) {
    return FlowSet.vpc(claimed.id().vpc());
  }

  @Override
  public void compile(ClaimedAddress claimed, View view, FlowSink flows) {
    Port port = view.require(claimed.port());
    Vpc vpc = view.require(port.vpc());
    Match asked = Tags.in(vpc, view.require(port.subnet()));
    Match routed = Tags.in(vpc).and(Registers.ROUTED.is(1));
    switch (claimed.id().address()) {
      case Ipv4Address v4 -> {
        flows.add(
            Stage.SERVICES, CLAIMED, asked.and(Arp.requestFor(v4)), Arp.answer(v4, port.mac()));
        Match next = Match.allOf(routed, Match.IPV4, Registers.NEXT_HOP.is(v4.unsigned()));
        send(next, port, flows);
      }
      case Ipv6Address v6 -> {
        flows.add(
            Stage.SERVICES,
            CLAIMED,
            asked.and(Nd.solicitationFor(v6)),
            Nd.answer(v6, port.mac(), false));
        send(routed.and(NextHop.is(v6)), port, flows);
      }
    }
  }

  private static void send(Match next, Port port, FlowSink flows) {
    flows.add(
        Stage.NEIGHBOR,
        CLAIMED,
        next,
        Actions.set(Header.ETH_DST, port.mac()),
        Stage.FORWARD.goTo());
  }
}
