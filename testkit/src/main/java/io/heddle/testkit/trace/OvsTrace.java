package io.heddle.testkit.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `ofproto/trace` printed, as far as we compare it: one part for the packet as it came in and
/// one for each time that it came back from connection tracking.
record OvsTrace(List<Part> parts) {

  private static final Pattern LOOKUP =
      Pattern.compile("^ *(\\d+)\\. (.*?)(?:, cookie 0x([0-9a-f]+))?$");
  private static final Pattern SECTION = Pattern.compile("\n=+\nrecirc\\(");
  private static final String ACTIONS = "Datapath actions: ";
  private static final Pattern OUTPUT = Pattern.compile("(?<=^|,)(\\d+)(?=,|$)");

  static final String MISS = "miss";

  OvsTrace {
    parts = List.copyOf(parts);
  }

  /// @param lookups `table/cookie`, in order; a miss has no cookie
  /// @param outputs OpenFlow ports, in order
  record Part(List<String> lookups, List<Integer> outputs) {
    Part {
      lookups = List.copyOf(lookups);
      outputs = List.copyOf(outputs);
    }
  }

  /// @param ofports OpenFlow port by datapath port
  static OvsTrace parse(String text, Map<Integer, Integer> ofports) {
    List<Part> parts = new ArrayList<>();
    for (String section : SECTION.splitAsStream(text).toList()) {
      List<String> lookups = new ArrayList<>();
      List<Integer> outputs = new ArrayList<>();
      for (String line : section.lines().toList()) {
        Matcher lookup = LOOKUP.matcher(line);
        if (lookup.matches()) {
          String cookie = lookup.group(3) == null ? MISS : lookup.group(3);
          lookups.add(lookup.group(1) + "/" + cookie);
        } else if (line.startsWith(ACTIONS)) {
          outputs = outputs(line.substring(ACTIONS.length()), ofports);
        }
      }
      parts.add(new Part(lookups, outputs));
    }
    return new OvsTrace(parts);
  }

  private static List<Integer> outputs(String actions, Map<Integer, Integer> ofports) {
    String flat = actions;
    while (flat.contains("(")) {
      flat = flat.replaceAll("\\w+\\([^()]*\\)", "nested").replaceAll("\\([^()]*\\)", "nested");
    }
    List<Integer> outputs = new ArrayList<>();
    Matcher output = OUTPUT.matcher(flat);
    while (output.find()) {
      outputs.add(ofports.getOrDefault(Integer.valueOf(output.group(1)), -1));
    }
    return outputs;
  }
}
