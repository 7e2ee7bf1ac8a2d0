package io.heddle.vpc.rule;

import static io.heddle.core.flow.Actions.DROP;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.Binding;
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
/// the VM keeps its address.
final class OwnAddressSilence implements FlowRule<Binding> {

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
