package io.heddle.firewall.rule;

import io.heddle.core.model.SecurityGroupId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/// Numbers for the conjunctions of one group, one for each remote group that its rules name.
///
/// They must differ within the group's flows of one table only: every flow of a conjunction matches
/// its group's tag, so conjunctions of different groups never meet. They come from the names alone,
/// so that a number stays when other rules come and go; of two remote groups that hash alike (one
/// in two milliards) the later in order moves on by one.
final class ConjunctionIds {

  /// Some tools read the number as signed; zero means none.
  private static final int POSITIVE = 0x7fffffff;

  private ConjunctionIds() {}

  static Map<SecurityGroupId, Integer> of(int groupTag, Set<SecurityGroupId> remotes) {
    SortedSet<SecurityGroupId> ordered = new TreeSet<>(remotes);
    Map<SecurityGroupId, Integer> ids = new HashMap<>();
    Set<Integer> taken = new HashSet<>();
    for (SecurityGroupId remote : ordered) {
      int id = hash(groupTag, remote.value());
      while (id == 0 || !taken.add(id)) {
        id = id + 1 & POSITIVE;
      }
      ids.put(remote, id);
    }
    return ids;
  }

  /// Mixes the bits well (the finaliser of SplitMix64); the same on every node and every run.
  private static int hash(int tag, UUID name) {
    long mixed = mix(name.getMostSignificantBits() + tag * 0x9e3779b97f4a7c15L);
    return (int) mix(mixed ^ name.getLeastSignificantBits()) & POSITIVE;
  }

  private static long mix(long bits) {
    long once = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
    long twice = (once ^ once >>> 27) * 0x94d049bb133111ebL;
    return twice ^ twice >>> 31;
  }
}
