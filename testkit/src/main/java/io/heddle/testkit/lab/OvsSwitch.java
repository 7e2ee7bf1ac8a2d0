package io.heddle.testkit.lab;

import java.util.List;
import java.util.Optional;

/// A real Open vSwitch, and what an operator's hands can do to it.
public interface OvsSwitch extends AutoCloseable {
  /// The bridge that a controller programs.
  String BR_INT = "br-int";

  OvsProcess ovs();

  default String vsctl(String... arguments) {
    return ovs().vsctl(arguments);
  }

  default String ofctl(String... arguments) {
    return ovs().ofctl(arguments);
  }

  default String appctl(String... arguments) {
    return ovs().appctl(arguments);
  }

  /// Lets a controller in over OVSDB, as the operator does: `tcp:ADDRESS:6640`, or `ptcp:PORT` to
  /// listen.
  default void setManager(String target) {
    vsctl("set-manager", target);
  }

  /// Points br-int at an OpenFlow controller by hand.
  default void setController(String target) {
    vsctl("set-controller", BR_INT, target);
  }

  /// A column of a row as text, for instance `value("Interface", "p1", "ofport")`.
  default String value(String table, String row, String column) {
    return vsctl("--if-exists", "get", table, row, column).strip();
  }

  /// The OpenFlow number of an interface, once the switch has given it one.
  default Optional<Integer> ofport(String iface) {
    return Optional.of(value("Interface", iface, "ofport"))
        .filter(text -> text.matches("[0-9]+"))
        .map(Integer::valueOf);
  }

  /// Replaces all flows of br-int by these (ovs-ofctl syntax), in one bundle.
  default void replaceFlows(List<String> flows) {
    String text = String.join("\n", flows) + "\n";
    String _ = ovs().ofctlReading(text, "--bundle", "replace-flows", BR_INT, "-");
  }

  default void addFlows(List<String> flows) {
    String text = String.join("\n", flows) + "\n";
    String _ = ovs().ofctlReading(text, "--bundle", "add-flows", BR_INT, "-");
  }

  /// The flows of br-int without counters, one a line, as ovs-ofctl prints and reads them.
  default List<String> dumpFlows() {
    return ofctl("--no-stats", "dump-flows", BR_INT)
        .lines()
        .map(String::strip)
        .filter(line -> line.contains("actions="))
        .toList();
  }

  /// Walks br-int's tables with a packet in ovs-ofctl's match syntax; the text of `ofproto/trace`.
  default String trace(String packet, String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "ofproto/trace";
    all[1] = BR_INT;
    all[2] = packet;
    System.arraycopy(options, 0, all, 3, options.length);
    return appctl(all);
  }

  /// Starts ovs-vswitchd again after a clean stop; the flows are gone then, the database is not.
  default void restartVswitchd() {
    stopVswitchd();
    startVswitchd();
  }

  default void stopVswitchd() {
    ovs().stopVswitchd();
  }

  default void startVswitchd() {
    ovs().startVswitchd();
  }

  /// `kill -9`.
  default void killVswitchd() {
    ovs().killVswitchd();
  }

  /// `kill -9`.
  default void killDatabase() {
    ovs().killDatabase();
  }

  default void startDatabase() {
    ovs().startDatabase();
  }

  @Override
  void close();
}
