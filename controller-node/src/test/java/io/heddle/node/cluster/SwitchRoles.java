package io.heddle.node.cluster;

import io.heddle.testkit.lab.LabHost;
import java.util.HashMap;
import java.util.Map;

/// Whom a switch obeys: what Open vSwitch itself says in its database's table `Controller`.
///
/// @param byTarget a connected controller's role, `master`, `slave` or `other`, by its target
record SwitchRoles(Map<String, String> byTarget) {

  static SwitchRoles of(LabHost host) {
    String table =
        host.vsctl(
            "--format=csv",
            "--data=bare",
            "--no-headings",
            "--columns=target,role,is_connected",
            "list",
            "Controller");
    Map<String, String> roles = new HashMap<>();
    table
        .lines()
        .map(line -> line.split(",", -1))
        .filter(columns -> columns.length == 3 && columns[2].equals("true"))
        .forEach(columns -> roles.put(columns[0], columns[1]));
    return new SwitchRoles(Map.copyOf(roles));
  }

  boolean obeys(ClusterNode node) {
    return "master".equals(byTarget.get(node.controller()));
  }

  boolean hasStandby(ClusterNode node) {
    return "slave".equals(byTarget.get(node.controller()));
  }
}
