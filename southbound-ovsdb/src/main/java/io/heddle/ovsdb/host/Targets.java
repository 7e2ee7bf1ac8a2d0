package io.heddle.ovsdb.host;

import java.util.List;

/// Where a host finds the nodes of the cluster, in Open vSwitch's words, such as
/// `tcp:192.0.2.1:6653`.
///
/// @param openflow for the bridge's Controller rows; while empty, those that are there stay
/// @param ovsdb for Manager rows; while empty, none is written and none removed
public record Targets(List<String> openflow, List<String> ovsdb) {
  public Targets {
    openflow = openflow.stream().distinct().toList();
    ovsdb = ovsdb.stream().distinct().toList();
  }
}
