package io.heddle.vpc.rule;

import static io.heddle.core.flow.Actions.DROP;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Binding;
import io.heddle.core.model.ClaimedAddress;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Stage;

/// Leaves a port's ARP and neighbor solicitations for its own addresses unanswered.
///
/// Before: a VM probes whether somebody has the address that it is about to use (RFC 5227, RFC
/// 4862), or announces it. After: nobody says so, least of all the switch on the VM's own behalf;
/// the VM keeps its address. So it is with probes for a virtual address that the port may have: who
/// has it now is not to keep the next one from taking it.
final class OwnAddressSilence implements FlowRule<Binding> {

  private static final Ipv4Address NOWHERE = new Ipv4Address(0);

  /// Whether the virtual address is at this port now.
  private static boolean has(View view, Port port, IpAddress address) {
    return view.find(new ClaimedAddress.Id(port.vpc(), address))
        .filter(claimed -> claimed.port().equals(port.id()))
        .isPresent();
  }

  private static Match requestFor(IpAddress address) {
    return switch (address) {
      case Ipv4Address v4 -> Arp.requestFor(v4);
      case Ipv6Address v6 -> Nd.solicitationFor(v6);
    };
  }

  /// A question that asks only whether the address is taken: its sender has none.
  private static Match probeFor(IpAddress address) {
    return switch (address) {
      case Ipv4Address v4 -> Arp.requestFor(v4).and(Match.address(Header.ARP_SPA, NOWHERE));
      case Ipv6Address v6 ->
          Nd.solicitationFor(v6).and(Match.address(Header.IPV6_SRC_HIGH, Ipv6Address.UNSPECIFIED));
    };
  }

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
    for (IpAddress address : port.virtualAddresses()) {
      Match asked = has(view, port, address) ? requestFor(address) : probeFor(address);
      flows.add(Stage.SERVICES, Priority.SPECIFIC, Tags.from(port).and(asked), DROP);
    }
    for (Ipv4Address address : port.addresses()) {
      flows.add(
          Stage.SERVICES, Priority.SPECIFIC, Tags.from(port).and(Arp.requestFor(address)), DROP);
    }
    for (Ipv6Address address : port.ipv6Addresses()) {
      flows.add(
          Stage.SERVICES,
          Priority.SPECIFIC,
          Tags.from(port).and(Nd.solicitationFor(address)),
          DROP);
    }
  }
}
