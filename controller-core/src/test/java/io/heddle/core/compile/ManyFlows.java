package io.heddle.core.compile;

import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.List;

/// Beside [SampleIntent]'s rules, one that makes 1,500 flows for each port: what a large host
/// holds.
public final class ManyFlows implements FlowRule<Port> {

  public static final int OF_A_PORT = 1_500;

  public static List<Feature> features() {
    return List.of(
        SampleIntent.feature(), new Feature("many", List.of(new ManyFlows()), List.of()));
  }

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
    for (int i = 1; i <= OF_A_PORT; i++) {
      flows.add(
          Stage.ROUTE,
          Priority.NORMAL,
          Registers.SOURCE_PORT.is(port.tag()).and(Match.of(Header.ETH_SRC, i)),
          Actions.set(Registers.SCRATCH, i));
    }
  }
}
