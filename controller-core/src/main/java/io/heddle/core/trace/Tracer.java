package io.heddle.core.trace;

import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Header;
import java.util.ArrayList;
import java.util.List;

/// Interprets flow tables as Open vSwitch does.
///
/// A packet is *translated* from its first table to where it leaves or stops; what that comes to
/// (outputs, punts, passes through connection tracking) is carried out after, in order. A
/// `ct(table=)` lets a copy, with its state known and with its registers and metadata kept, begin
/// again in that table, while the original goes on untracked behind the action. A translation that
/// breaks a limit comes to nothing at all.
public final class Tracer {

  /// Lookups in a table that is not behind the current one, inside each other (`MAX_DEPTH` of Open
  /// vSwitch).
  public static final int MAX_DEPTH = 64;

  /// Lookups that one translation may cause (`MAX_RESUBMITS` of Open vSwitch).
  public static final int MAX_LOOKUPS = 4096;

  /// Times that one packet may begin again after connection tracking.
  public static final int MAX_RECIRCULATIONS = 8;

  private static final int FIRST_TABLE = 0;

  private Tracer() {}

  /// @param packet as it enters: with `in_port`, and tunnel headers where it came out of a tunnel
  public static <T> Trace<T> trace(
      FlowTables<T> tables, Packet packet, ConnectionTracking conntrack) {
    List<Verdict<T>> verdicts = new ArrayList<>();
    Draft<T> first = new Run<>(tables, conntrack, verdicts).from(FIRST_TABLE, packet, 0);
    if (verdicts.isEmpty()) {
      Draft<T> last = first.last();
      verdicts.add(new Verdict.Dropped<>(last.table(), last.found().entry()));
    }
    return new Trace<>(packet, first.hop(), verdicts);
  }

  /// One packet's trace: carries out what translations come to.
  private record Run<T>(
      FlowTables<T> tables, ConnectionTracking conntrack, List<Verdict<T>> verdicts) {

    Draft<T> from(int table, Packet packet, int recirculations) {
      Translation<T> translation = new Translation<>(tables, packet);
      Draft<T> first = translation.begin(table);
      if (translation.failure() != null) {
        verdicts.add(new Verdict.Failed<>(translation.failure()));
        return first;
      }
      for (Translation.Effect<T> effect : translation.effects()) {
        switch (effect) {
          case Translation.Effect.Ends<T>(Verdict<T> verdict) -> verdicts.add(verdict);
          case Translation.Effect.Tracks<T> tracks when conntrack.holds(tracks.pass()) -> {
            tracks.step().note = "a part without the others: it is kept until they come";
            return first;
          }
          case Translation.Effect.Tracks<T> tracks -> carryOut(tracks, recirculations);
        }
      }
      return first;
    }

    private void carryOut(Translation.Effect.Tracks<T> tracks, int recirculations) {
      Packet tracked = conntrack.pass(tracks.pass());
      tracks.step().note = "ct_state=" + describe(tracked);
      Integer table = tracks.table();
      if (table == null) {
        return;
      }
      if (recirculations == MAX_RECIRCULATIONS) {
        Verdict<T> failed =
            new Verdict.Failed<>("over %d recirculations".formatted(recirculations));
        tracks.step().verdict = failed;
        verdicts.add(failed);
        return;
      }
      tracks.step().next = from(table, tracked, recirculations + 1);
    }

    private static String describe(Packet tracked) {
      StringBuilder text = new StringBuilder();
      for (CtState state : CtState.values()) {
        if ((tracked.get(Header.CT_STATE) & state.mask()) != 0) {
          text.append(text.isEmpty() ? "" : "|").append(state.text());
        }
      }
      return text + ", ct_mark=0x" + Long.toHexString(tracked.get(Header.CT_MARK));
    }
  }
}
