package io.heddle.node.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.CompileResult;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.HostScope;
import io.heddle.core.compile.SetDelta;
import io.heddle.core.compile.UnitId;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Row;
import io.heddle.core.store.Image;
import io.heddle.node.Node;
import io.heddle.testkit.random.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Nodes that share the hosts of a random cloud among them tell each host what one node with all of
/// them would, and each runs the units that its own hosts need, and no others.
class ScopedCompileTest {

  private static final int CLOUDS = 15;
  private static final int NODES = 3;
  private static final int CHANGES = 8;

  private int ranScoped;
  private int ranUnscoped;

  /// One node's compiler with the hosts it has now.
  private static final class Share {
    final Compiler compiler = new Compiler(Node.FEATURES, Compiler.OnFault.FAIL);
    Set<HostId> hosts = Set.of();
  }

  @Test
  void aHostIsToldTheSameWhoeverCompiles() {
    Seeded.check(CLOUDS, this::shareOne);
    assertTrue(
        ranScoped < NODES * ranUnscoped / 2,
        () -> "%d units ran on %d nodes, %d on one".formatted(ranScoped, NODES, ranUnscoped));
  }

  private void shareOne(Seeded seeded) {
    RandomCloud cloud = new RandomCloud(seeded);
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      Share share = new Share();
      share.compiler.scope(HostScope.NO_HOST);
      share.compiler.apply(cloud.image(), cloud.image().asDelta());
      shares.add(share);
    }
    Share alone = new Share();
    for (int change = 0; change < CHANGES; change++) {
      deal(seeded, cloud.hosts(), shares);
      check(cloud, shares);
      Image.Applied applied = cloud.change();
      for (Share share : shares) {
        CompileResult result = share.compiler.apply(applied.image(), applied.delta());
        ranScoped += result.ran().size();
        checkRan(share, applied.image(), result);
      }
      ranUnscoped += ran(alone, applied);
      check(cloud, shares);
    }
  }

  private static int ran(Share alone, Image.Applied applied) {
    boolean first = alone.compiler.revision() == 0;
    CompileResult result =
        first
            ? alone.compiler.apply(applied.image(), applied.image().asDelta())
            : alone.compiler.apply(applied.image(), applied.delta());
    return first ? 0 : result.ran().size();
  }

  /// Another view: each host goes to one node, or for once to none.
  private static void deal(Seeded seeded, List<HostId> hosts, List<Share> shares) {
    if (seeded.percent(50)) {
      shares.forEach(share -> share.hosts = new HashSet<>());
      for (HostId host : hosts) {
        if (seeded.percent(90)) {
          seeded.pick(shares).hosts.add(host);
        }
      }
      shares.forEach(share -> share.compiler.scope(HostScope.of(share.hosts)));
    }
  }

  private static void check(RandomCloud cloud, List<Share> shares) {
    for (Share share : shares) {
      Compiler scratch = new Compiler(Node.FEATURES, Compiler.OnFault.FAIL);
      scratch.scope(HostScope.of(share.hosts));
      scratch.apply(cloud.image(), cloud.image().asDelta());
      assertEquals(scratch.snapshot(), share.compiler.snapshot(), "incremental = from scratch");
      for (HostId host : share.hosts) {
        assertEquals(told(cloud.compiled(), host), told(share.compiler, host), host::toString);
      }
    }
  }

  /// What a host is told: sets with their flows under their cookies, marks and meters.
  private static List<Object> told(Compiler compiler, HostId host) {
    Map<FlowSet, Object> sets = new HashMap<>();
    for (FlowSet set : compiler.setsOf(host)) {
      SetDelta whole = compiler.whole(set);
      sets.put(set, List.of(Set.copyOf(whole.added()), String.valueOf(whole.sentinel())));
    }
    return List.of(sets, compiler.metersOf(host));
  }

  private static void checkRan(Share share, Image image, CompileResult result) {
    for (UnitId unit : result.ran()) {
      Row subject = image.find(unit.subject()).orElse(null);
      if (subject != null) {
        FlowSet home = home(unit, subject);
        boolean ours = home.owner().map(share.hosts::contains).orElseGet(() -> isHeld(share, home));
        assertTrue(ours, () -> unit + " ran for nobody of " + share.hosts);
      }
    }
  }

  private static boolean isHeld(Share share, FlowSet set) {
    return !share.compiler.subscribersOf(set).isEmpty();
  }

  private static FlowSet home(UnitId unit, Row subject) {
    return Node.FEATURES.stream()
        .flatMap(feature -> feature.rules().stream())
        .filter(rule -> rule.name().equals(unit.rule()))
        .map(rule -> home(rule, subject))
        .findFirst()
        .orElseThrow();
  }

  @SuppressWarnings("unchecked") // the unit's rule is about rows of its subject's kind
  private static <S extends Row> FlowSet home(FlowRule<S> rule, Row subject) {
    return rule.home((S) subject);
  }
}
