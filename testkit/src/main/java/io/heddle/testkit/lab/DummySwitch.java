package io.heddle.testkit.lab;

import java.nio.file.Path;
import java.util.List;

/// A real Open vSwitch without a datapath (`--enable-dummy=override`): up in 0.2 s, needs no root.
///
/// It takes flows, bundles, groups and meters, connects to controllers over loopback TCP and
/// answers `ofproto/trace`, but no packet ever crosses it.
public final class DummySwitch implements OvsSwitch {
  private final World world;
  private final OvsProcess ovs;

  private DummySwitch(World world, OvsProcess ovs) {
    this.world = world;
    this.ovs = ovs;
  }

  /// Starts one that has no bridge yet: what a hypervisor is before a controller onboards it.
  public static DummySwitch bare(String systemId, String tunnelIp) {
    DummySwitch created = start();
    created.vsctl(
        "set",
        "Open_vSwitch",
        ".",
        "external_ids:system-id=" + systemId,
        "external_ids:hostname=" + systemId,
        "external_ids:heddle-encap-ip=" + tunnelIp);
    return created;
  }

  /// Starts one with a br-int (secure, OpenFlow 1.0 to 1.5) that a controller may be pointed at.
  public static DummySwitch withBridge() {
    DummySwitch created = start();
    created.vsctl(
        "add-br",
        BR_INT,
        "--",
        "set",
        "Bridge",
        BR_INT,
        "fail_mode=secure",
        "protocols=OpenFlow10,OpenFlow13,OpenFlow14,OpenFlow15");
    return created;
  }

  private static DummySwitch start() {
    World world = World.open();
    try {
      Path directory = RunRoot.of(world.name()).resolve("ovs");
      return new DummySwitch(
          world, OvsProcess.start(directory, List.of(), List.of("--enable-dummy=override")));
    } catch (RuntimeException failure) {
      world.close();
      throw failure;
    }
  }

  /// Adds a port to br-int, with the OpenFlow number wanted.
  public void addPort(String name, int ofport) {
    vsctl(
        "add-port",
        BR_INT,
        name,
        "--",
        "set",
        "Interface",
        name,
        "type=dummy",
        "ofport_request=" + ofport);
  }

  /// Adds a port that says which virtual interface it serves, as libvirt does.
  public void addPort(String name, String ifaceId, String mac) {
    vsctl(
        "add-port",
        BR_INT,
        name,
        "--",
        "set",
        "Interface",
        name,
        "type=dummy",
        "external_ids:iface-id=" + ifaceId,
        "external_ids:attached-mac=\"" + mac + "\"",
        "external_ids:iface-status=active");
  }

  @Override
  public OvsProcess ovs() {
    return ovs;
  }

  @Override
  public void close() {
    world.close();
  }
}
