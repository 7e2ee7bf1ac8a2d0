package io.heddle.node.cluster;

import io.heddle.testkit.lab.LabHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Every OpenFlow message that a switch gets or sends, as its own log has them.
final class OpenFlowLog {
  private static final Pattern MESSAGE =
      Pattern.compile(
          "\\|vconn\\|DBG\\|(?<peer>tcp:[0-9.:]+): (?<way>received|sent \\(Success\\)): "
              + "(?<type>\\w+) \\(OF1\\.4\\) \\(xid=(?<xid>0x[0-9a-f]+)\\):(?<rest>.*)");

  private static final Pattern GENERATION = Pattern.compile("generation_id=(\\d+)");

  /// What changes a switch or makes it send a packet.
  private static final Set<String> ORDERS =
      Set.of(
          "OFPT_FLOW_MOD",
          "OFPT_GROUP_MOD",
          "OFPT_METER_MOD",
          "OFPT_PORT_MOD",
          "OFPT_TABLE_MOD",
          "OFPT_BUNDLE_CONTROL",
          "OFPT_BUNDLE_ADD_MESSAGE",
          "OFPT_PACKET_OUT");

  private final LabHost host;
  private final int first;

  private OpenFlowLog(LabHost host, int first) {
    this.host = host;
    this.first = first;
  }

  /// Has the switch log from now on.
  static OpenFlowLog from(LabHost host) {
    String _ = host.appctl("vlog/set", "vconn:file:dbg");
    String _ = host.appctl("vlog/disable-rate-limit", "vconn");
    return new OpenFlowLog(host, lines(host).size());
  }

  private static List<String> lines(LabHost host) {
    try {
      return Files.readAllLines(host.ovs().log());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /// A message of one controller's connection.
  ///
  /// @param received by the switch
  record Message(String peer, boolean received, String type, String xid, String rest) {
    boolean isOrder() {
      return received && ORDERS.contains(type);
    }

    /// An answer to a claim that was accepted.
    boolean isRole(String role) {
      return !received && type.equals("OFPT_ROLE_REPLY") && rest.contains("role=" + role);
    }

    boolean isError() {
      return !received && type.equals("OFPT_ERROR");
    }
  }

  List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    List<String> all = lines(host);
    for (String line : all.subList(Math.min(first, all.size()), all.size())) {
      Matcher matcher = MESSAGE.matcher(line);
      if (matcher.find()) {
        messages.add(
            new Message(
                matcher.group("peer"),
                matcher.group("way").equals("received"),
                matcher.group("type"),
                matcher.group("xid"),
                matcher.group("rest")));
      }
    }
    return messages;
  }

  /// What a node has ordered while the switch did not hold it for its master, and what it was told:
  /// an order that is not refused is none that it may give.
  ///
  /// @param masterAtFirst whether the switch took it for its master when this began
  List<Message> obeyedThough(ClusterNode node, boolean masterAtFirst) {
    boolean master = masterAtFirst;
    Map<String, Message> orders = new HashMap<>();
    for (Message message : messages()) {
      boolean own = message.peer().equals(node.controller());
      if (message.isRole("primary")) {
        master = own;
      } else if (own && message.isRole("secondary")) {
        master = false;
      } else if (own && message.isOrder() && !master) {
        orders.put(message.xid(), message);
      } else if (own && message.isError()) {
        Message _ = orders.remove(message.xid());
      }
    }
    return List.copyOf(orders.values());
  }

  /// The epochs with which claims were accepted, in their order.
  List<Long> epochs() {
    List<Long> epochs = new ArrayList<>();
    for (Message message : messages()) {
      Matcher generation = GENERATION.matcher(message.rest());
      if (message.isRole("primary") && generation.find()) {
        epochs.add(Long.parseLong(generation.group(1)));
      }
    }
    return epochs;
  }
}
