package io.heddle.core.compile;

import io.heddle.core.flow.Meter;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Image;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All that a compiler has, and what it has it from, at one moment: cheap to take on the compiler's
/// thread, and immutable, so that another thread can check it.
///
/// @param retained sets that are compiled whether or not a host in scope needs them
/// @param sets every compiled set, whole
public record Capture(
    Image image,
    HostScope scope,
    Set<FlowSet> retained,
    Map<FlowSet, SetDelta> sets,
    Map<HostId, Set<FlowSet>> subscriptions,
    Map<HostId, Set<Meter>> meters,
    List<Quarantined> quarantined) {

  /// Differences that are put into words; more are only counted.
  private static final int MAX_TOLD = 20;

  public Capture {
    retained = Set.copyOf(retained);
    sets = Map.copyOf(sets);
    subscriptions = Map.copyOf(subscriptions);
    meters = Map.copyOf(meters);
    quarantined = List.copyOf(quarantined);
  }

  /// How it differs from compiling the same once more from nothing, which takes as long as the
  /// image is large.
  ///
  /// @param features those of the compiler that was captured
  public Differences fromScratch(Collection<Feature> features) {
    Compiler scratch = new Compiler(features, Compiler.OnFault.QUARANTINE);
    scratch.scope(scope);
    retained.forEach(scratch::retain);
    scratch.apply(image, image.asDelta());
    return new Comparison().of(this, scratch.capture());
  }

  /// What is different.
  ///
  /// @param count of flows, subscriptions and other things
  /// @param some of them, in words
  public record Differences(int count, List<String> some) {
    public Differences {
      some = List.copyOf(some);
    }
  }

  /// One comparison under way.
  private static final class Comparison {
    private final List<String> some = new ArrayList<>();
    private int count;

    Differences of(Capture standing, Capture scratch) {
      for (FlowSet set : union(standing.sets().keySet(), scratch.sets().keySet())) {
        compareSet(set, standing.sets().get(set), scratch.sets().get(set));
      }
      compareMaps("sets", standing.subscriptions(), scratch.subscriptions());
      compareMaps("meters", standing.meters(), scratch.meters());
      compare("what is left out", standing.quarantined(), scratch.quarantined());
      return new Differences(count, some);
    }

    private static <T> Set<T> union(Set<T> some, Set<T> others) {
      Set<T> all = new TreeSet<>(some);
      all.addAll(others);
      return all;
    }

    private void compareSet(FlowSet set, @Nullable SetDelta standing, @Nullable SetDelta scratch) {
      if (standing == null || scratch == null) {
        note("%s is compiled only %s".formatted(set, standing == null ? "from scratch" : "here"));
        return;
      }
      Set<CompiledFlow> here = new HashSet<>(standing.added());
      for (CompiledFlow flow : scratch.added()) {
        if (!here.remove(flow)) {
          note("not here: %s of %s in %s".formatted(flow.flow(), flow.unit(), set));
        }
      }
      here.forEach(
          flow -> note("only here: %s of %s in %s".formatted(flow.flow(), flow.unit(), set)));
      compare("the mark of " + set, standing.sentinel(), scratch.sentinel());
    }

    private <K extends Comparable<K>, V> void compareMaps(
        String what, Map<K, V> standing, Map<K, V> scratch) {
      for (K key : union(standing.keySet(), scratch.keySet())) {
        compare(what + " of " + key, standing.get(key), scratch.get(key));
      }
    }

    private void compare(String what, @Nullable Object here, @Nullable Object scratch) {
      if (!Objects.equals(here, scratch)) {
        note("%s: here %s, from scratch %s".formatted(what, here, scratch));
      }
    }

    private void note(String difference) {
      count++;
      if (some.size() < MAX_TOLD) {
        some.add(difference);
      }
    }
  }
}
