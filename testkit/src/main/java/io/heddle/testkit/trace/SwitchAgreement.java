package io.heddle.testkit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One switch without a datapath, its flows, and what it and the interpreter make of packets.
///
/// What connection tracking says is given with the packet: `ofproto/trace` does not remember
/// connections.
public final class SwitchAgreement implements AutoCloseable {

  /// A packet may begin again this often; more states than that are never asked for.
  private static final int STATES = 64;

  private static final int MOST_LOOKUPS = 500;
  private static final Pattern PORT = Pattern.compile(" (\\d+)/(\\d+): ");

  private final DummySwitch ovs;
  private final ControlSocket control;
  private final Map<Integer, Integer> ofports = new HashMap<>();
  private FlowTables<String> tables = FlowTables.of(List.of());

  /// @param ovs with its ports
  public SwitchAgreement(DummySwitch ovs) {
    this.ovs = ovs;
    ovs.ofctl("set-frags", OvsSwitch.BR_INT, "nx-match"); // as a controller's session does
    this.control = new ControlSocket(ovs.ovs().directory().resolve("vswitchd.ctl"));
    Matcher port = PORT.matcher(control.call("dpif/show", List.of()));
    while (port.find()) {
      ofports.put(Integer.valueOf(port.group(2)), Integer.valueOf(port.group(1)));
    }
  }

  /// Replaces the switch's flows.
  public void load(Collection<Flow> flows) {
    List<FlowTables.Entry<String>> entries = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Flow flow : flows) {
      String cookie = Integer.toHexString(entries.size() + 1);
      entries.add(new FlowTables.Entry<>(flow, cookie));
      texts.add("cookie=0x" + cookie + "," + FlowText.flow(flow));
    }
    ovs.replaceFlows(texts);
    tables = FlowTables.of(entries);
  }

  /// Fails unless both take the packet through the same flows and out of the same ports.
  ///
  /// @param states what connection tracking says each time
  /// @return false where there is nothing to compare: Open vSwitch may choose between flows, or the
  ///   packet loops, which `ofproto/trace` follows for minutes
  public boolean check(Packet asked, List<CtState> states) {
    // Of connections it knows no tuples but the one that it is given with the packet.
    Packet packet = asked.opensConnection();
    Trace<String> ours = Tracer.trace(tables, packet, ConnectionTracking.saying(states));
    if (!isComparable(ours)) {
      return false;
    }
    String text = control.call("ofproto/trace", arguments(packet, states));
    List<String> theirs = new ArrayList<>();
    for (OvsTrace.Part part : OvsTrace.parse(text, ofports).parts()) {
      theirs.add(part.lookups() + " " + part.outputs());
    }
    List<String> parts = new ArrayList<>();
    addParts(ours.first(), parts);
    theirs.sort(Comparator.naturalOrder());
    parts.sort(Comparator.naturalOrder());
    assertEquals(
        String.join("\n", theirs),
        String.join("\n", parts),
        () -> ours.explain(cookie -> cookie) + "\nOpen vSwitch:\n" + text);
    return true;
  }

  private static boolean isComparable(Trace<String> trace) {
    List<Trace.Hop<String>> hops = trace.hops();
    return hops.size() <= MOST_LOOKUPS
        && trace.verdicts().stream().noneMatch(Verdict.Failed.class::isInstance)
        && hops.stream().allMatch(hop -> hop.found().rivals().isEmpty());
  }

  private static List<String> arguments(Packet packet, List<CtState> states) {
    List<String> arguments = new ArrayList<>(List.of(OvsSwitch.BR_INT, packet.toString()));
    StringBuilder state = new StringBuilder("trk");
    states.forEach(flag -> state.append(',').append(flag.text()));
    for (int i = 0; i < STATES; i++) {
      arguments.add("--ct-next");
      arguments.add(state.toString());
    }
    return arguments;
  }

  /// The same parts that Open vSwitch prints: one for each time that the packet begins.
  private void addParts(Trace.Hop<String> first, List<String> parts) {
    List<String> lookups = new ArrayList<>();
    List<Integer> outputs = new ArrayList<>();
    List<Trace.Hop<String>> recirculated = new ArrayList<>();
    walk(first, lookups, outputs, recirculated);
    parts.add(lookups + " " + outputs);
    recirculated.forEach(hop -> addParts(hop, parts));
  }

  private void walk(
      Trace.Hop<String> hop,
      List<String> lookups,
      List<Integer> outputs,
      List<Trace.Hop<String>> recirculated) {
    FlowTables.Entry<String> match = hop.match();
    lookups.add(hop.table() + "/" + (match == null ? OvsTrace.MISS : match.owner()));
    for (Trace.Step<String> step : hop.steps()) {
      if (step.verdict() instanceof Verdict.Output<String> output
          && ofports.containsValue(output.ofport())) {
        outputs.add(output.ofport());
      }
      Trace.Hop<String> next = step.next();
      if (next != null && step.action() instanceof Action.Ct) {
        recirculated.add(next);
      } else if (next != null) {
        walk(next, lookups, outputs, recirculated);
      }
    }
  }

  @Override
  public void close() {
    control.close();
  }
}
