package io.heddle.core.reconcile;

import io.heddle.core.compile.Cookies;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.FlowText;
import io.heddle.core.flow.Match;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A flow as a switch dumped it.
///
/// @param match what it matches, or null where that is something that we never would
/// @param flow what it says, or null where it does something that we never would
public record InstalledFlow(
    int table, int priority, long cookie, @Nullable Match match, @Nullable Flow flow) {

  public static InstalledFlow of(Flow flow, long cookie) {
    return new InstalledFlow(flow.table(), flow.priority(), cookie, flow.match(), flow);
  }

  /// True if its cookie says that it is one of ours.
  boolean isMarked() {
    return (cookie & Cookies.MARK_MASK) == Cookies.MARK;
  }

  /// What a flow of ours would replace it by, as far as we can read it.
  Optional<Flow.Key> key() {
    return Optional.ofNullable(match).map(fields -> new Flow.Key(table, priority, fields));
  }

  /// Priority and match as `ovs-ofctl` writes them, as far as we can read them.
  String text() {
    String fields = match == null ? "fields that we do not know" : FlowText.match(match);
    return "priority=%d%s%s".formatted(priority, fields.isEmpty() ? "" : ",", fields);
  }
}
