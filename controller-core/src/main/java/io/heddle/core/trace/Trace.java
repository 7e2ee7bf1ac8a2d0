package io.heddle.core.trace;

import io.heddle.core.flow.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The way of one packet through one switch.
///
/// @param verdicts in the order in which they fell; at least one
public record Trace<T>(Packet packet, Hop<T> first, List<Verdict<T>> verdicts) {

  public Trace {
    verdicts = List.copyOf(verdicts);
  }

  /// One lookup in one table and what came of it.
  ///
  /// @param packet as it came to the table
  public record Hop<T>(int table, Packet packet, FlowTables.Found<T> found, List<Step<T>> steps) {
    public Hop {
      steps = List.copyOf(steps);
    }

    /// Null: no flow matched.
    public FlowTables.@Nullable Entry<T> match() {
      return found.entry();
    }
  }

  /// One action that was carried out.
  ///
  /// @param note what the action came to, where that can't be read off it; empty otherwise
  /// @param verdict where the action ended the packet, or a copy of it
  /// @param next where `goto_table`, `resubmit` or `ct(table=)` took the packet
  public record Step<T>(
      Action action, String note, @Nullable Verdict<T> verdict, @Nullable Hop<T> next) {}

  /// Every lookup, in the order in which the packet met them; a packet that came back from
  /// connection tracking goes on where it left.
  public List<Hop<T>> hops() {
    List<Hop<T>> hops = new ArrayList<>();
    collect(first, hops);
    return hops;
  }

  private static <T> void collect(Hop<T> hop, List<Hop<T>> hops) {
    hops.add(hop);
    for (Step<T> step : hop.steps()) {
      if (step.next() != null) {
        collect(step.next(), hops);
      }
    }
  }

  public List<Verdict.Output<T>> outputs() {
    List<Verdict.Output<T>> outputs = new ArrayList<>();
    for (Verdict<T> verdict : verdicts) {
      if (verdict instanceof Verdict.Output<T> output) {
        outputs.add(output);
      }
    }
    return outputs;
  }

  public List<Verdict.Punt<T>> punts() {
    List<Verdict.Punt<T>> punts = new ArrayList<>();
    for (Verdict<T> verdict : verdicts) {
      if (verdict instanceof Verdict.Punt<T> punt) {
        punts.add(punt);
      }
    }
    return punts;
  }

  public boolean isDropped() {
    return outputs().isEmpty() && punts().isEmpty();
  }

  /// On one line: the tables by name and the verdicts.
  public String summary() {
    return TraceText.summary(this);
  }

  /// Table by table, with flows, their owners and what they did.
  public String explain(Function<T, String> owner) {
    return TraceText.explain(this, owner);
  }

  @Override
  public String toString() {
    return summary();
  }
}
