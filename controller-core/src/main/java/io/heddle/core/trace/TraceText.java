package io.heddle.core.trace;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.FlowText;
import io.heddle.core.flow.Header;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Stage;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/// Prints traces for people: tables by name.
final class TraceText {

  private static final int INDENT = 2;

  private TraceText() {}

  static <T> String summary(Trace<T> trace) {
    StringBuilder text = new StringBuilder(160);
    appendPath(text, trace.first());
    text.append(": ");
    List<String> verdicts = new ArrayList<>();
    for (Verdict<T> verdict : trace.verdicts()) {
      verdicts.add(verdict(verdict));
    }
    return text.append(String.join("; ", verdicts)).toString();
  }

  /// `a > b(c) > d`: a goes to b, b looks up c and comes back, and goes to d.
  private static <T> void appendPath(StringBuilder text, Trace.Hop<T> hop) {
    text.append(Stage.tableName(hop.table()));
    for (Trace.Step<T> step : hop.steps()) {
      if (step.next() == null) {
        continue;
      }
      if (step.action() instanceof Action.Resubmit) {
        text.append('(');
        appendPath(text, step.next());
        text.append(')');
      } else {
        text.append(" > ");
        appendPath(text, step.next());
      }
    }
  }

  static <T> String verdict(Verdict<T> verdict) {
    return switch (verdict) {
      case Verdict.Output<T>(int ofport, Packet packet) when ofport == Overlay.TUNNEL_OFPORT ->
          "to %s with VNI %d".formatted(packet.address(Header.TUN_DST), packet.get(Header.TUN_ID));
      case Verdict.Output<T>(int ofport, Packet packet) -> "output " + ofport;
      case Verdict.Punt<T> punt -> punt(punt);
      case Verdict.Dropped<T>(int table, FlowTables.Entry<T> flow) when flow == null ->
          "drop, no flow of %s matches".formatted(Stage.tableName(table));
      case Verdict.Dropped<T>(int table, FlowTables.Entry<T> flow) ->
          "drop by " + FlowText.flow(flow.flow(), Stage::tableName);
      case Verdict.Failed<T>(String reason) -> "error, " + reason;
    };
  }

  private static String punt(Verdict.Punt<?> punt) {
    if (punt.reason() == Verdict.PuntReason.TTL_EXPIRED) {
      return "controller, TTL expired";
    }
    byte[] bytes = new byte[punt.userdata().size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = punt.userdata().get(i);
    }
    return bytes.length == 0
        ? "controller"
        : "controller " + HexFormat.ofDelimiter(".").formatHex(bytes);
  }

  static <T> String explain(Trace<T> trace, Function<T, String> owner) {
    StringBuilder text = new StringBuilder(1024);
    text.append(trace.packet()).append('\n');
    appendHop(text, trace.first(), owner, 0);
    for (Verdict<T> verdict : trace.verdicts()) {
      text.append("=> ").append(verdict(verdict)).append('\n');
    }
    return text.toString();
  }

  private static <T> void appendHop(
      StringBuilder text, Trace.Hop<T> hop, Function<T, String> owner, int indent) {
    text.repeat(' ', indent).append(Stage.tableName(hop.table())).append(": ");
    FlowTables.Entry<T> match = hop.match();
    if (match == null) {
      text.append("no flow matches\n");
      return;
    }
    appendFlow(text, match, owner);
    for (FlowTables.Entry<T> clause : hop.found().clauses()) {
      appendFlow(text.repeat(' ', indent).append("  met "), clause, owner);
    }
    for (FlowTables.Entry<T> rival : hop.found().rivals()) {
      appendFlow(text.repeat(' ', indent).append("  ambiguous with "), rival, owner);
    }
    if (hop.steps().isEmpty()) {
      text.repeat(' ', indent).append("  drop\n");
    }
    for (Trace.Step<T> step : hop.steps()) {
      appendStep(text, step, owner, indent);
    }
  }

  private static <T> void appendFlow(
      StringBuilder text, FlowTables.Entry<T> entry, Function<T, String> owner) {
    String match = FlowText.match(entry.flow().match());
    text.append("priority=").append(entry.flow().priority());
    text.append(match.isEmpty() ? "" : ",").append(match);
    String name = owner.apply(entry.owner());
    text.append(name.isEmpty() ? "" : "  [" + name + "]").append('\n');
  }

  private static <T> void appendStep(
      StringBuilder text, Trace.Step<T> step, Function<T, String> owner, int indent) {
    text.repeat(' ', indent + INDENT)
        .append(FlowText.actions(List.of(step.action()), Stage::tableName));
    text.append(step.note().isEmpty() ? "" : "  -- " + step.note()).append('\n');
    if (step.next() != null) {
      boolean comesBack = step.action() instanceof Action.Resubmit;
      appendHop(text, step.next(), owner, comesBack ? indent + 2 * INDENT : indent);
    }
  }
}
