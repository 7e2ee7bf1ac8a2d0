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
  SPOOF_GUARD(5, "Source MAC, IP and ARP addresses must be the port's own."),
  SERVICES(10, "Answers ARP, DHCP and pings of the gateway."),
  ACL_OUT(15, "Network ACL of the source subnet."),
  ROUTE(20, "Longest prefix: rewrites what is sent to the gateway, or drops it."),
  NEIGHBOR(25, "Next-hop IP to destination MAC; inside a subnet, MACs that are in it."),
  FORWARD(30, "Destination MAC to a local port or the tunnel of the host that has it."),
  TARGET_IDENTITY(33, "Identity of a remote target; visited and left, where an egress rule asks."),
  TRACK_OUT(35, "Egress: looks the connection up, where the source's policy needs it."),
  GROUP_OUT(40, "Egress: the groups of the source's identity."),
  RULES_OUT(41, "Egress: one group's rules; visited once for each group, and left."),
  REPLIES_OUT(42, "Ingress rules of one group, as the replies of its members meet them."),
  SETTLE_OUT(43, "Egress: verdict; remembers the connection where the source's policy needs it."),
  NAT_OUT(45, "Source address translation on this host."),
  ENCAP(50, "To a remote target: context VNI and tunnel; to a local one: on."),
  ACL_IN(55, "Network ACL of the target subnet."),
  TRACK_IN(60, "Ingress: looks the connection up, where the target's policy needs it."),
  GROUP_IN(65, "Ingress: the groups of the target's identity."),
  RULES_IN(66, "Ingress: one group's rules; visited once for each group, and left."),
  REPLIES_IN(67, "Egress rules of one group, as the replies to its members meet them."),
  SETTLE_IN(68, "Ingress: verdict; remembers the connection where the target's policy needs it."),
  DELIVER(70, "Outputs to the port in the register."),
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
