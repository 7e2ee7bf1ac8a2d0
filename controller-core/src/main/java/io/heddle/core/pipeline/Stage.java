package io.heddle.core.pipeline;

import io.heddle.core.flow.Action;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The tables of br-int, in the order in which a packet meets them. Operators read the numbers in
/// `ovs-ofctl dump-flows`; the gaps leave room.
public enum Stage {
  CLASSIFY(0, "Where the packet came from: a local port, a tunnel, or nowhere we know."),
  DECODE(2, "From a tunnel: VNI to VPC, source identity and reply bit."),
  SPOOF_GUARD(5, "Source MAC, IP, ARP and neighbor discovery addresses must be the port's own."),
  SERVICES(10, "Answers ARP, neighbor discovery, DHCP and pings of the gateway."),
  ND_ANSWER(11, "Last step of a neighbor advertisement that the switch makes of a solicitation."),
  ACL_OUT(15, "Finds the network ACL of the source subnet, for what leaves by its gateway."),
  ACL_OUT_ENTRIES(16, "Egress entries of one network ACL: the first that fits decides."),
  ROUTE(20, "Finds the route table of the source's subnet, for what is sent to the gateway."),
  ROUTE_ENTRIES(21, "Longest prefix in one route table: where the packet goes, or its end."),
  NEIGHBOR(25, "Next-hop IP to destination MAC; inside a subnet, MACs that are in it."),
  FORWARD(30, "Destination MAC to a local port or the tunnel of the host that has it."),
  TRACK_OUT(35, "Egress: looks the connection up, where the source's policy needs it."),
  GROUP_OUT(40, "Egress: the groups of the source's identity."),
  EGRESS_RULES(
      41, "Egress rules of one group, read on a connection's first packet; visited and left."),
  INGRESS_RULES(
      42, "Ingress rules of one group, read on a connection's first packet; visited and left."),
  SETTLE_OUT(43, "Egress: verdict; remembers the connection where the source's policy needs it."),
  POLICY_LOG(44, "Tells the controller what a group wants logged; visited and left."),
  NAT_OUT(45, "Source address translation on this host."),
  ENCAP(50, "To a remote target: context VNI and tunnel; to a local one: on."),
  ACL_IN(55, "Finds the network ACL of the target subnet, for what comes from its gateway."),
  ACL_IN_ENTRIES(56, "Ingress entries of one network ACL: the first that fits decides."),
  TRACK_IN(60, "Ingress: looks the connection up, where the target's policy needs it."),
  GROUP_IN(65, "Ingress: the groups of the target's identity."),
  SETTLE_IN(68, "Ingress: verdict; remembers the connection where the target's policy needs it."),
  DELIVER(70, "Outputs to the port in the register."),
  UNREACHABLE(75, "What was not routed, to the controller, which tells its sender why."),
  /// No packet comes here: its flows are marks that the controller leaves for itself.
  SENTINEL(
      200, "One mark for each flow set that this switch holds, and one for each ct zone in use.");

  private static final Map<Integer, Stage> BY_TABLE = new HashMap<>();

  static {
    for (Stage stage : values()) {
      BY_TABLE.put(stage.table, stage);
    }
  }

  private final int table;
  private final String purpose;

  Stage(int table, String purpose) {
    this.table = table;
    this.purpose = purpose;
  }

  public int table() {
    return table;
  }

  public String purpose() {
    return purpose;
  }

  public Action goTo() {
    return new Action.GotoTable(table);
  }

  public Action resubmit() {
    return new Action.Resubmit(table);
  }

  /// The name of a table for people; its number where we have no such table.
  public static String tableName(int table) {
    Stage stage = BY_TABLE.get(table);
    return stage == null ? Integer.toString(table) : stage.toString();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
