package io.heddle.testkit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.FlowText;
import io.heddle.core.trace.ConnectionTracking;
import io.heddle.core.trace.FlowTables;
import io.heddle.core.trace.Packet;
import io.heddle.core.trace.Trace;
import io.heddle.core.trace.Tracer;
import io.heddle.core.trace.Verdict;
import io.heddle.testkit.lab.DummySwitch;
import io.heddle.testkit.lab.OvsSwitch;
import io.heddle.testkit.random.Seeded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Random tables, random packets: the interpreter and Open vSwitch's `ofproto/trace` look the packet up in the same tables, find
/// the same flows and send it out of the same ports.
class OvsAgreementTest {

  private static final int TABLE_SETS = 60;
  private static final int PACKETS = 12;
  private static final int MOST_LOOKUPS = 500;
  private static final List<List<CtState>> STATES =
      List.of(
          List.of(CtState.NEW),
          List.of(CtState.ESTABLISHED),
          List.of(CtState.ESTABLISHED, CtState.REPLY),
          List.of(CtState.INVALID));

  private int compared;

  @Test
  @Timeout(120)
  void tracesAgreeWithOpenVSwitch() {
    try (DummySwitch ovs = DummySwitch.withBridge()) {
      RandomFlows.OFPORTS.forEach(ofport -> ovs.addPort("p" + ofport, ofport));
      try (ControlSocket control =
          new ControlSocket(ovs.ovs().directory().resolve("vswitchd.ctl"))) {
        Map<Integer, Integer> ofports = ofports(control.call("dpif/show", List.of()));
        Seeded.check(TABLE_SETS, seeded -> compare(seeded, ovs, control, ofports));
      }
    }
    assertTrue(compared > TABLE_SETS * PACKETS / 2, () -> "only %d compared".formatted(compared));
  }

  private static Map<Integer, Integer> ofports(String show) {
    Map<Integer, Integer> ofports = new HashMap<>();
    Matcher port = Pattern.compile(" (\\d+)/(\\d+): ").matcher(show);
    while (port.find()) {
      ofports.put(Integer.valueOf(port.group(2)), Integer.valueOf(port.group(1)));
    }
    return ofports;
  }

  private void compare(
      Seeded seeded, OvsSwitch ovs, ControlSocket control, Map<Integer, Integer> ofports) {
    List<FlowTables.Entry<String>> entries = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Flow flow : RandomFlows.flows(seeded)) {
      String cookie = Integer.toHexString(entries.size() + 1);
      entries.add(new FlowTables.Entry<>(flow, cookie));
      texts.add("cookie=0x" + cookie + "," + FlowText.flow(flow));
    }
    ovs.replaceFlows(texts);
    FlowTables<String> tables = FlowTables.of(entries);
    for (int i = 0; i < PACKETS; i++) {
      Packet packet = RandomFlows.packet(seeded);
      List<CtState> states = seeded.pick(STATES);
      Trace<String> ours = Tracer.trace(tables, packet, ConnectionTracking.saying(states));
      if (isWorthComparing(ours)) {
        String theirs = control.call("ofproto/trace", arguments(packet, states));
        compare(ours, theirs, ofports);
        compared++;
      }
    }
  }

  /// Leaves out what Open vSwitch may decide either way, and loops: `ofproto/trace` follows some of them for minutes.
  private static boolean isWorthComparing(Trace<String> trace) {
    List<Trace.Hop<String>> hops = trace.hops();
    return hops.size() <= MOST_LOOKUPS
        && trace.verdicts().stream().noneMatch(Verdict.Failed.class::isInstance)
        && hops.stream().allMatch(hop -> hop.found().rivals().isEmpty());
  }

  private static List<String> arguments(Packet packet, List<CtState> states) {
    List<String> arguments = new ArrayList<>(List.of(OvsSwitch.BR_INT, packet.toString()));
    StringBuilder state = new StringBuilder("trk");
    states.forEach(flag -> state.append(',').append(flag.text()));
    for (int i = 0; i < 64; i++) {
      arguments.add("--ct-next");
      arguments.add(state.toString());
    }
    return arguments;
  }

  private static void compare(Trace<String> ours, String theirs, Map<Integer, Integer> ofports) {
    List<String> expected = new ArrayList<>();
    for (OvsTrace.Part part : OvsTrace.parse(theirs, ofports).parts()) {
      expected.add(part.failed() ? part.lookups() + " failed" : part.lookups() + " " + part.outputs());
    }
    List<String> actual = new ArrayList<>();
    parts(ours.first(), actual);
    expected.sort(Comparator.naturalOrder());
    actual.sort(Comparator.naturalOrder());
    assertEquals(
        String.join("\n", expected),
        String.join("\n", actual),
        () -> ours.explain(cookie -> cookie) + "\nOpen vSwitch:\n" + theirs);
  }

  /// The same parts that Open vSwitch prints: the lookups up to each pass through connection tracking.
  private static void parts(Trace.Hop<String> first, List<String> parts) {
    List<String> lookups = new ArrayList<>();
    List<Verdict<String>> verdicts = new ArrayList<>();
    List<Trace.Hop<String>> recirculated = new ArrayList<>();
    walk(first, lookups, verdicts, recirculated);
    boolean failed = verdicts.stream().anyMatch(Verdict.Failed.class::isInstance);
    List<Integer> outputs = new ArrayList<>();
    for (Verdict<String> verdict : verdicts) {
      if (verdict instanceof Verdict.Output<String> output
          && RandomFlows.OFPORTS.contains(output.ofport())) {
        outputs.add(output.ofport());
      }
    }
    parts.add(lookups + " " + (failed ? "failed" : outputs));
    recirculated.forEach(hop -> parts(hop, parts));
  }

  private static void walk(
      Trace.Hop<String> hop,
      List<String> lookups,
      List<Verdict<String>> verdicts,
      List<Trace.Hop<String>> recirculated) {
    FlowTables.Entry<String> match = hop.match();
    lookups.add(hop.table() + "/" + (match == null ? "miss" : match.owner()));
    for (Trace.Step<String> step : hop.steps()) {
      if (step.verdict() != null) {
        verdicts.add(step.verdict());
      }
      Trace.Hop<String> next = step.next();
      if (next != null && step.action() instanceof Action.Ct) {
        recirculated.add(next);
      } else if (next != null) {
        walk(next, lookups, verdicts, recirculated);
      }
    }
  }
}
