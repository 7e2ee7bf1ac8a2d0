package io.heddle.core.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.Compiler.OnFault;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Image;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is compiled for some hosts is what is compiled for all, and no more than these need.
final class ScopeTest {

  private static final List<Feature> FEATURES = List.of(SampleIntent.feature());

  private SplittableRandom random = new SplittableRandom(0);

  private HostScope someHosts() {
    return switch (random.nextInt(5)) {
      case 0 -> HostScope.EVERY_HOST;
      case 1 -> HostScope.NO_HOST;
      default ->
          HostScope.of(SampleIntent.HOSTS.stream().filter(host -> random.nextBoolean()).toList());
    };
  }

  private static Compiler fresh(
      List<Feature> features, OnFault onFault, HostScope scope, Image image) {
    Compiler compiler = new Compiler(features, onFault);
    compiler.scope(scope);
    compiler.apply(image, image.asDelta());
    return compiler;
  }

  /// What a host is told: its sets with their flows and marks, its meters, and what it does
  /// without.
  private static Object told(Compiler compiler, HostId host) {
    Map<FlowSet, Object> sets = new HashMap<>();
    for (FlowSet set : compiler.setsOf(host)) {
      SetDelta whole = compiler.whole(set);
      sets.put(set, List.of(Set.copyOf(whole.added()), String.valueOf(whole.sentinel())));
    }
    return List.of(
        sets, compiler.metersOf(host), compiler.heldBack(compiler.setsOf(host)).toString());
  }

  private static void assertTheSameForHostsInScope(
      HostScope scope, Compiler unscoped, Compiler scoped, String when) {
    for (HostId host : SampleIntent.HOSTS) {
      if (scope.contains(host)) {
        assertEquals(told(unscoped, host), told(scoped, host), when + " host " + host);
      } else {
        assertEquals(Set.of(), scoped.setsOf(host), when + " host " + host);
        assertEquals(Set.of(), scoped.metersOf(host), when + " host " + host);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void changesOfIntentAndScopeAddUpToCompilingAllOfItAtOnce(long seed) {
    random = new SplittableRandom(seed);
    SampleIntent intent = new SampleIntent(seed);
    Compiler incremental = new Compiler(FEATURES, OnFault.FAIL);
    Compiler unscoped = new Compiler(FEATURES, OnFault.FAIL);
    HostScope scope = HostScope.EVERY_HOST;
    incremental.apply(intent.image(), intent.image().asDelta());
    unscoped.apply(intent.image(), intent.image().asDelta());
    for (int step = 0; step < 200; step++) {
      String when = "seed " + seed + " step " + step;
      if (random.nextInt(3) == 0) {
        scope = someHosts();
        incremental.scope(scope);
      }
      Image.Applied applied = intent.step();
      unscoped.apply(applied.image(), applied.delta());
      CompileResult result = incremental.apply(applied.image(), applied.delta());
      assertEquals(
          fresh(FEATURES, OnFault.FAIL, scope, applied.image()).snapshot(),
          incremental.snapshot(),
          when);
      assertTheSameForHostsInScope(scope, unscoped, incremental, when);
      assertRanOnlyWhatIsNeeded(incremental, scope, result, when);
    }
  }

  /// A unit that ran is in a host's own set or in one that a host in scope subscribes to; or it was
  /// until now.
  private static void assertRanOnlyWhatIsNeeded(
      Compiler compiler, HostScope scope, CompileResult result, String when) {
    Set<FlowSet> needed = new HashSet<>();
    for (HostId host : SampleIntent.HOSTS) {
      if (scope.contains(host)) {
        needed.add(FlowSet.host(host));
        needed.addAll(compiler.setsOf(host));
      }
    }
    for (CompiledFlow flow : compiler.snapshot().flows().values()) {
      assertTrue(needed.contains(flow.set()), when + " " + flow);
    }
    if (scope.equals(HostScope.NO_HOST)) {
      assertEquals(Set.of(), result.ran(), when);
    }
  }

  @Test
  void whatNobodyInScopeNeedsIsNeverRun() {
    SampleIntent intent = new SampleIntent(4);
    for (int i = 0; i < 60; i++) {
      intent.step();
    }
    Image image = intent.image();
    Map<HostScope, Set<UnitId>> ran = new HashMap<>();
    for (HostScope scope :
        List.of(
            HostScope.NO_HOST,
            HostScope.of(Set.of(SampleIntent.HOSTS.get(0))),
            HostScope.EVERY_HOST)) {
      Compiler compiler = new Compiler(FEATURES, OnFault.FAIL);
      compiler.scope(scope);
      Set<UnitId> units = compiler.apply(image, image.asDelta()).ran();
      ran.put(scope, units);
      Set<FlowSet> compiled =
          compiler.snapshot().flows().values().stream()
              .map(CompiledFlow::set)
              .collect(Collectors.toSet());
      assertTrue(
          compiled.stream().allMatch(set -> set.owner().isPresent() || isHeld(compiler, set)),
          compiled.toString());
    }
    int one = ran.get(HostScope.of(Set.of(SampleIntent.HOSTS.get(0)))).size();
    int all = ran.get(HostScope.EVERY_HOST).size();
    assertEquals(Set.of(), ran.get(HostScope.NO_HOST));
    assertTrue(0 < one && one < all, one + " of " + all);
  }

  private static boolean isHeld(Compiler compiler, FlowSet set) {
    return !compiler.subscribersOf(set).isEmpty();
  }

  /// A switch that only ever hears the deltas of what it holds has what was compiled, and one whose
  /// host leaves the scope hears nothing.
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void deltasAddUpWhateverTheScope(long seed) {
    random = new SplittableRandom(seed);
    SampleIntent intent = new SampleIntent(seed);
    Compiler compiler = new Compiler(FEATURES, OnFault.FAIL);
    compiler.apply(intent.image(), intent.image().asDelta());
    Map<FlowSet, Set<CompiledFlow>> heard = new HashMap<>();
    for (int step = 0; step < 200; step++) {
      CompileResult result;
      Set<FlowSet> before = compiled(compiler);
      if (random.nextInt(3) == 0) {
        result = compiler.scope(someHosts());
      } else {
        Image.Applied applied = intent.step();
        result = compiler.apply(applied.image(), applied.delta());
      }
      for (SetDelta delta : result.sets()) {
        assertTrue(
            before.contains(delta.set()) || compiled(compiler).contains(delta.set()),
            "said of a set that nobody has: " + delta);
        Set<CompiledFlow> flows = heard.computeIfAbsent(delta.set(), set -> new HashSet<>());
        flows.removeIf(flow -> replaced(flow, delta));
        delta.removed().forEach(flow -> assertTrue(flows.remove(flow), "never there: " + flow));
        flows.addAll(delta.added());
        assertEquals(compiler.whole(delta.set()).sentinel(), delta.sentinel());
      }
      heard.keySet().retainAll(compiled(compiler));
      heard.values().removeIf(Set::isEmpty);
      for (FlowSet set : compiled(compiler)) {
        assertEquals(
            Set.copyOf(compiler.whole(set).added()),
            heard.getOrDefault(set, Set.of()),
            "seed " + seed + " step " + step + " " + set);
      }
    }
  }

  private static boolean replaced(CompiledFlow flow, SetDelta delta) {
    return delta.added().stream().anyMatch(added -> added.flow().key().equals(flow.flow().key()));
  }

  private static Set<FlowSet> compiled(Compiler compiler) {
    return compiler.snapshot().flows().values().stream()
        .map(CompiledFlow::set)
        .collect(Collectors.toSet());
  }

  @Test
  void aRetainedSetStaysCompiledWithoutSubscribersAndFollowsTheIntent() {
    SampleIntent intent = new SampleIntent(4);
    for (int i = 0; i < 60; i++) {
      intent.step();
    }
    Compiler compiler = fresh(FEATURES, OnFault.FAIL, HostScope.EVERY_HOST, intent.image());
    Compiler unscoped = fresh(FEATURES, OnFault.FAIL, HostScope.EVERY_HOST, intent.image());
    HostId host = SampleIntent.HOSTS.get(0);
    List<FlowSet> shared = compiler.setsOf(host).stream().filter(FlowSet::isShared).toList();
    assertTrue(!shared.isEmpty());
    shared.forEach(compiler::retain);
    compiler.scope(HostScope.NO_HOST);
    for (int i = 0; i < 20; i++) {
      Image.Applied applied = intent.step();
      compiler.apply(applied.image(), applied.delta());
      unscoped.apply(applied.image(), applied.delta());
      for (FlowSet set : shared) {
        if (isHeld(unscoped, set)) {
          assertEquals(unscoped.whole(set).sentinel(), compiler.whole(set).sentinel());
        }
      }
    }
    Compiler late = fresh(FEATURES, OnFault.FAIL, HostScope.NO_HOST, intent.image());
    shared.forEach(late::retain);
    assertEquals(late.snapshot(), compiler.snapshot());
    shared.forEach(compiler::release);
    assertEquals(Map.of(), compiler.snapshot().flows());
  }

  @Test
  void compilingAnewChangesNothing() {
    SampleIntent intent = new SampleIntent(5);
    for (int i = 0; i < 60; i++) {
      intent.step();
    }
    Compiler compiler = fresh(FEATURES, OnFault.FAIL, HostScope.EVERY_HOST, intent.image());
    Compiler.Snapshot before = compiler.snapshot();
    assertTrue(compiler.compileAnew().anew());
    assertEquals(before, compiler.snapshot());
  }

  /// Mistakes of rules: what is left out on a host does not depend on which other hosts there are,
  /// nor on what came first.
  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34, 35, 36})
  void whatIsQuarantinedOnAHostDoesNotDependOnTheScope(long seed) {
    random = new SplittableRandom(seed);
    SampleIntent intent = new SampleIntent(seed);
    List<Feature> features = FaultyRules.features();
    Compiler incremental = new Compiler(features, OnFault.QUARANTINE);
    Set<String> reasons = new HashSet<>();
    HostScope scope = HostScope.EVERY_HOST;
    incremental.apply(intent.image(), intent.image().asDelta());
    for (int step = 0; step < 150; step++) {
      String when = "seed " + seed + " step " + step;
      if (random.nextInt(4) == 0) {
        scope = someHosts();
        incremental.scope(scope);
      }
      Image.Applied applied = intent.step();
      incremental.apply(applied.image(), applied.delta());
      Compiler scratch = fresh(features, OnFault.QUARANTINE, scope, applied.image());
      Compiler unscoped =
          fresh(features, OnFault.QUARANTINE, HostScope.EVERY_HOST, applied.image());
      assertEquals(scratch.snapshot(), incremental.snapshot(), when);
      assertEquals(scratch.quarantined(), incremental.quarantined(), when);
      assertTheSameForHostsInScope(scope, unscoped, incremental, when);
      incremental.quarantined().forEach(held -> reasons.add(kindOf(held)));
      SampleIntent.HOSTS.forEach(host ->
          incremental
              .heldBack(incremental.setsOf(host))
              .keySet()
              .forEach(unit -> reasons.add("without " + unit.rule())));
    }
    assertTrue(reasons.size() >= 4, reasons.toString());
  }

  private static String kindOf(Quarantined held) {
    List<String> words = new ArrayList<>(List.of("failed", "already belongs", "more than one"));
    return words.stream().filter(held.reason()::contains).findFirst().orElse(held.reason());
  }

  @Test
  void aTestStopsAtAFault() {
    SampleIntent intent = new SampleIntent(3);
    Compiler strict = new Compiler(FaultyRules.features(), OnFault.FAIL);
    assertThrows(
        IllegalStateException.class,
        () -> {
          for (int i = 0; i < 50; i++) {
            Image.Applied applied = intent.step();
            strict.apply(applied.image(), applied.delta());
          }
        });
  }
}
