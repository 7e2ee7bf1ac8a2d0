package io.heddle.testkit.lab;

import java.nio.file.Path;

/// A lab's cables: a namespace with one Linux bridge for tunnels and one for control traffic.
final class Fabric {
  static final String UNDERLAY = "underlay";
  static final String CONTROL = "control";

  private static final int ROOT_SEAT = 1;

  private final LabName name;
  private final Netns netns;
  private final ControlSubnet control;
  private int lastSeat = ROOT_SEAT;
  private boolean cuttable;

  private Fabric(LabName name, Netns netns, ControlSubnet control) {
    this.name = name;
    this.netns = netns;
    this.control = control;
  }

  /// Lives in the fabric's namespace, where all control traffic passes as frames between the ports
  /// of a bridge; it loses frames from the first port of a pair to the second, ARP too.
  private static final String CUTS =
      """
      table bridge lab {
        set cuts { type ifname . ifname; }
        chain forward {
          type filter hook forward priority 0;
          iifname . oifname @cuts drop
        }
      }
      """;

  static Fabric create(LabName name, Path directory) {
    Netns netns = Netns.create(name.member("fabric"), directory);
    for (String bridge : new String[] {UNDERLAY, CONTROL}) {
      netns.ip("link", "add", bridge, "type", "bridge");
      netns.ip("link", "set", bridge, "up");
    }
    return RunRoot.locked(() -> {
      Fabric fabric = new Fabric(name, netns, ControlSubnet.free(name));
      fabric.plugRoot();
      return fabric;
    });
  }

  /// Gives this machine itself the control network's first address.
  private void plugRoot() {
    String link = name.toString();
    Command.of(
            "ip",
            "link",
            "add",
            link,
            "type",
            "veth",
            "peer",
            "name",
            "root",
            "netns",
            netns.name())
        .run();
    netns.ip("link", "set", "root", "master", CONTROL, "up");
    Command.of("ip", "addr", "add", rootAddress() + "/24", "dev", link).run();
    Command.of("ip", "link", "set", link, "up").run();
  }

  String rootAddress() {
    return control.address(ROOT_SEAT);
  }

  /// The next number on both networks: last octet of a control and of an underlay address.
  int nextSeat() {
    lastSeat++;
    return lastSeat;
  }

  String controlAddress(int seat) {
    return control.address(seat);
  }

  /// The underlay of every lab is the same: its addresses stay within the lab's namespaces.
  String underlayAddress(int seat) {
    return "172.29.0." + seat;
  }

  /// Lays a cable from one of the bridges to an interface in another namespace.
  void connect(String bridge, Netns to, String iface) {
    netns.ip(
        "link", "add", port(bridge, to), "type", "veth", "peer", "name", iface, "netns", to.name());
    netns.ip("link", "set", port(bridge, to), "master", bridge, "up");
    to.ip("link", "set", iface, "up");
  }

  /// Pulls the cable's plug, or puts it back.
  void set(String bridge, Netns of, boolean up) {
    netns.ip("link", "set", port(bridge, of), up ? "up" : "down");
  }

  /// Loses all that one sends to the other over the control network. Whoever sends is not told.
  void cut(Netns from, Netns to) {
    if (!cuttable) {
      String _ = netns.command("nft", "-f", "-").reading(CUTS).run();
      cuttable = true;
    }
    nft("add element bridge lab cuts { \"%s\" . \"%s\" }", from, to);
  }

  void heal(Netns from, Netns to) {
    nft("delete element bridge lab cuts { \"%s\" . \"%s\" }", from, to);
  }

  private void nft(String rule, Netns from, Netns to) {
    String _ = netns.exec("nft", rule.formatted(port(CONTROL, from), port(CONTROL, to)));
  }

  Netns netns() {
    return netns;
  }

  private static String port(String bridge, Netns of) {
    return bridge.charAt(0) + "-" + of.name().substring(of.name().indexOf('.') + 1);
  }
}
