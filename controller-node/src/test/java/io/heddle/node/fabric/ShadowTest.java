package io.heddle.node.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.Capture;
import io.heddle.core.compile.Feature;
import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.HostScope;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Kind;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.reconcile.AuditPolicy;
import io.heddle.node.Node;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.switches.SimulatedSwitch;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A rule that depends on something it does not read is found out, and its flows are set right.
final class ShadowTest {

  private static final Duration NEVER = Duration.ofDays(1);

  private final AtomicInteger secret = new AtomicInteger(1);
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @AfterEach
  void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /// Makes a flow of something that no row says.
  private final class Impure implements FlowRule<Binding> {
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
      flows.add(
          Stage.ACL_OUT,
          Priority.SPECIFIC,
          Match.of(Header.ETH_SRC, secret.get()).and(Match.inPort(binding.ofport())),
          Actions.DROP);
    }
  }

  private FabricSite site(Duration every) {
    List<Feature> features = new ArrayList<>(Node.FEATURES);
    features.add(new Feature("impure", List.of(new Impure()), List.of()));
    return new FabricSite(new Fabric.Settings(features, AuditPolicy.REPORT_ONLY, every));
  }

  private static Set<Flow> ofTheRule(SimulatedSwitch ovs) {
    return ovs.flows().keySet().stream()
        .filter(
            flow -> flow.table() == Stage.ACL_OUT.table() && flow.priority() == Priority.SPECIFIC)
        .collect(Collectors.toSet());
  }

  @Test
  void whatIsCompiledIsTheSameFromScratch() throws Exception {
    try (FabricSite site = new FabricSite()) {
      HostId host = site.host(1);
      HostId other = site.host(2);
      site.fabric().masters(HostScope.of(List.of(host)));
      for (int i = 0; i < 10; i++) {
        site.port(host);
        site.port(other);
      }
      assertEquals(new Capture.Differences(0, List.of()), site.fabric().shadow().get());
      assertEquals(1, site.fabric().shadowRuns());
      assertEquals(0, site.fabric().shadowDifferences());
    }
  }

  @Test
  void aRuleThatHidesWhatItReadsIsFoundOutAndTheSwitchesSetRight() throws Exception {
    try (FabricSite site = site(NEVER)) {
      HostId host = site.host(1);
      site.fabric().masters(HostScope.EVERY_HOST);
      site.port(host);
      try (SimulatedSwitch ovs = SimulatedSwitch.connect(1, site.address(), loops)) {
        Await.until(FabricSite.WITHIN, "the flow", () -> ofTheRule(ovs).size() == 1);
        site.awaitRealized();
        Set<Flow> before = ofTheRule(ovs);
        ovs.resetCounters();
        secret.set(2);
        Capture.Differences found =
            site.fabric().shadow().get(FabricSite.WITHIN.toSeconds(), TimeUnit.SECONDS);
        assertEquals(3, found.count(), found.some().toString()); // a flow, another, the mark
        assertTrue(found.some().stream().anyMatch(text -> text.contains("Impure")));
        Await.until(
            FabricSite.WITHIN,
            "the right flow",
            () -> ofTheRule(ovs).size() == 1 && !ofTheRule(ovs).equals(before));
        site.awaitRealized();
        assertTrue(ovs.counters().flowMods() <= 4, () -> ovs.counters().toString());
        assertEquals(0, site.fabric().shadow().get().count());
        assertEquals(3, site.fabric().shadowDifferences());
      }
    }
  }

  @Test
  void itRunsByItself() {
    try (FabricSite site = site(Duration.ofMillis(50))) {
      HostId host = site.host(1);
      site.fabric().masters(HostScope.EVERY_HOST);
      site.port(host);
      Await.until(FabricSite.WITHIN, "some runs", () -> site.fabric().shadowRuns() > 2);
      assertEquals(0, site.fabric().shadowDifferences());
      secret.set(2);
      Await.until(FabricSite.WITHIN, "an alarm", () -> site.fabric().shadowDifferences() > 0);
      long runs = site.fabric().shadowRuns();
      Await.until(FabricSite.WITHIN, "more runs", () -> site.fabric().shadowRuns() > runs + 2);
      assertEquals(3, site.fabric().shadowDifferences(), "set right at once");
    }
  }
}
