package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.vpc.icmp.Unroutable;
import java.util.List;

/// Brings a port's packets that were not routed to the controller, which tells the port why, so
/// many a second.
///
/// Before: a packet in `unreachable`, with the reason in a register. After: the controller has it,
/// unless the port's meter for these is used up; it has one of its own, so that nobody's traceroute
/// costs anybody a lease. What is over its rate is dropped on the host.
final class ErrorPunts implements FlowRule<Binding> {

  /// A traceroute sends three packets for each hop; a host that scans gets no more answers.
  private static final int PACKETS_PER_SECOND = 10;

  private static final int BURST = 20;

  /// As much as any error quotes.
  private static final int ENOUGH = 1500;

  /// Above every OpenFlow port, whose number other meters of the port have.
  private static final int METERS = 1 << 16;

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
    int meter = METERS + binding.ofport();
    flows.meter(new Meter(meter, PACKETS_PER_SECOND, BURST));
    for (Unroutable reason : Unroutable.ALL) {
      flows.add(
          Stage.UNREACHABLE,
          Priority.NORMAL,
          Tags.from(port).and(Registers.UNROUTABLE.is(reason.number())),
          new Action.Controller(ENOUGH, List.of(reason.puntCode()), meter));
    }
  }
}
