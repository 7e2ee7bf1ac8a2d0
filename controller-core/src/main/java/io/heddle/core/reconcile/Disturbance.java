package io.heddle.core.reconcile;

import io.heddle.core.compile.FlowChange;
import io.heddle.core.flow.Flow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The changes that were on their way to a switch while its flows were being read: of what they
/// touch, the dump tells nothing.
final class Disturbance {

  private final List<FlowChange> changes = new ArrayList<>();
  private final Set<Long> cookies = new HashSet<>();
  private final Set<Flow.Key> keys = new HashSet<>();
  private int counted;
  private boolean meters;

  static Disturbance none() {
    return new Disturbance();
  }

  void add(List<FlowChange> more) {
    changes.addAll(more);
  }

  void addMeters() {
    meters = true;
  }

  boolean touchesMeters() {
    return meters;
  }

  /// Whether anything touches the flow that we have, or had, under this cookie.
  boolean touches(long cookie) {
    count();
    return cookies.contains(cookie);
  }

  /// Whether anything may have put something in the place of this flow, or is about to.
  boolean touches(InstalledFlow flow) {
    count();
    return cookies.contains(flow.cookie())
        || flow.key().map(keys::contains).orElse(!changes.isEmpty());
  }

  private void count() {
    for (; counted < changes.size(); counted++) {
      FlowChange change = changes.get(counted);
      cookies.addAll(change.deletes());
      change
          .adds()
          .forEach(flow -> {
            cookies.add(flow.cookie());
            keys.add(flow.flow().key());
          });
    }
  }
}
