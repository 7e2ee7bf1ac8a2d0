package io.heddle.core.reconcile;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.model.HostId;
import io.heddle.core.pipeline.Sentinels;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What the sentinels of a switch say about the sets that its host should hold.
///
/// @param inStep every set that it should hold is there as compiled, and every other that is there
///   is one we know, as compiled
/// @param unneeded the sets that are there, in step, and not needed
record SentinelCheck(boolean inStep, SortedSet<FlowSet> unneeded) {

  static SentinelCheck of(Collection<InstalledFlow> marks, Compiler compiler, HostId host) {
    Map<Long, Long> cookieByHash = new HashMap<>();
    for (InstalledFlow mark : marks) {
      if (mark.flow() == null) {
        return differs();
      }
      Sentinels.setHashOf(mark.flow().match())
          .ifPresent(hash -> cookieByHash.put(hash, mark.cookie()));
    }
    for (FlowSet set : compiler.setsOf(host)) {
      CompiledFlow wanted = compiler.whole(set).sentinel();
      Long found = cookieByHash.remove(compiler.nameHash(set));
      boolean equal = wanted == null ? found == null : found != null && found == wanted.cookie();
      if (!equal) {
        return differs();
      }
    }
    SortedSet<FlowSet> unneeded = new TreeSet<>();
    Optional<HostId> own = Optional.of(host);
    for (Map.Entry<Long, Long> extra : cookieByHash.entrySet()) {
      Optional<FlowSet> set = compiler.setNamed(extra.getKey());
      boolean known = set.isPresent() && (set.get().isShared() || set.get().owner().equals(own));
      if (!known || markOf(set.get(), compiler) != extra.getValue()) {
        return differs();
      }
      unneeded.add(set.get());
    }
    return new SentinelCheck(true, unneeded);
  }

  /// The cookie that a set's mark should have, 0 for none. Nobody may need the set: then it is
  /// compiled for this look at it.
  private static long markOf(FlowSet set, Compiler compiler) {
    compiler.retain(set);
    CompiledFlow mark = compiler.whole(set).sentinel();
    compiler.release(set);
    return mark == null ? 0 : mark.cookie();
  }

  private static SentinelCheck differs() {
    return new SentinelCheck(false, new TreeSet<>());
  }
}
