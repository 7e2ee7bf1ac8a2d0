package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Stage;

/// Answers neighbor solicitations for a port's IPv6 addresses, on every host, with the port's real
/// MAC: what [ArpAnswer] is for IPv4.
///
/// Before: a port of the same subnet asks who has the address. After: it has its answer from its
/// own host's switch; the question went nowhere else.
final class NeighborAdvertisement implements FlowRule<Port> {

  @Override
  public Kind<Port> subject() {
    return Port.KIND;
  }

  @Override
  public FlowSet home(Port port) {
    return FlowSet.vpc(port.vpc());
  }

  @Override
  public void compile(Port port, View view, FlowSink flows) {
    Vpc vpc = view.require(port.vpc());
    Subnet subnet = view.require(port.subnet());
    for (Ipv6Address address : port.ipv6Addresses()) {
      flows.add(
          Stage.SERVICES,
          Priority.NORMAL,
          Tags.in(vpc, subnet).and(Nd.solicitationFor(address)),
          Nd.answer(address, port.mac(), false));
    }
  }

  /// Answers for a subnet's gateway, with the MAC that all gateways share.
  static final class OfGateway implements FlowRule<Subnet> {

    @Override
    public String name() {
      return "GatewayAdvertisement";
    }

    @Override
    public Kind<Subnet> subject() {
      return Subnet.KIND;
    }

    @Override
    public FlowSet home(Subnet subnet) {
      return FlowSet.vpc(subnet.vpc());
    }

    @Override
    public void compile(Subnet subnet, View view, FlowSink flows) {
      Vpc vpc = view.require(subnet.vpc());
      subnet
          .ipv6Gateway()
          .ifPresent(gateway ->
              flows.add(
                  Stage.SERVICES,
                  Priority.NORMAL,
                  Tags.in(vpc, subnet).and(Nd.solicitationFor(gateway)),
                  Nd.answer(gateway, Overlay.GATEWAY_MAC, true)));
    }
  }
}
