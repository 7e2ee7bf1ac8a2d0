package io.heddle.core.compile;

import io.heddle.core.flow.Actions;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.List;

/// Rules as they must not be, beside those of [SampleIntent].
public final class FaultyRules {

  private FaultyRules() {}

  public static List<Feature> features() {
    return List.of(
        SampleIntent.feature(),
        new Feature("faulty", List.of(new Trespasser(), new Twin(), new Failing()), List.of()));
  }

  /// Makes the match that [SampleIntent.Members] makes, in another set.
  static final class Trespasser implements FlowRule<Port> {
    @Override
    public Kind<Port> subject() {
      return Port.KIND;
    }

    @Override
    public FlowSet home(Port port) {
      return SampleIntent.few(port.vpc());
    }

    @Override
    public void compile(Port port, View view, FlowSink flows) {
      if (port.adminUp()) {
        flows.add(
            Stage.SERVICES, Priority.NORMAL, Registers.SOURCE_PORT.is(port.tag()), Actions.DROP);
      }
    }
  }

  /// Makes the match that [SampleIntent.Members] makes, in the same set.
  static final class Twin implements FlowRule<Port> {
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
      if (port.identity() == 3) {
        flows.add(
            Stage.SERVICES,
            Priority.NORMAL,
            Registers.SOURCE_PORT.is(port.tag()),
            Actions.set(Registers.SCRATCH, port.identity()));
      }
    }
  }

  /// Fails, after having made a flow.
  static final class Failing implements FlowRule<Port> {
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
      flows.add(Stage.DELIVER, Priority.NORMAL, Registers.SOURCE_PORT.is(port.tag()), Actions.DROP);
      if (view.countBy(Port.KIND, Port.BY_VPC, port.vpc()) > 4) {
        throw new IllegalStateException("too many ports for me");
      }
    }
  }
}
