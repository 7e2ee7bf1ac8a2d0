package io.heddle.node;

import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Lab;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import java.nio.file.Path;

/// A lab and a controller that its hosts are told of.
final class Site implements AutoCloseable {
  private final Lab lab;
  private final Path data;
  private NodeProcess node;
  private Tenant tenant;

  private Site(Lab lab, Path data, NodeProcess node) {
    this.lab = lab;
    this.data = data;
    this.node = node;
    this.tenant = new Tenant(node.api());
  }

  static Site open(Path data) {
    Lab lab = Lab.open();
    try {
      return new Site(lab, data, NodeProcess.start(lab, data));
    } catch (RuntimeException | AssertionError failure) {
      lab.close();
      throw failure;
    }
  }

  Lab lab() {
    return lab;
  }

  Tenant tenant() {
    return tenant;
  }

  /// `ovs-vsctl set-manager`, and no other step.
  void introduce(LabHost host) {
    host.setManager("tcp:%s:%d".formatted(lab.controllerAddress(), NodeProcess.OVSDB_PORT));
  }

  /// A hypervisor, on board.
  LabHost host(String name) {
    LabHost host = lab.host(name);
    introduce(host);
    var _ = tenant.awaitConnected(host.systemId());
    return host;
  }

  /// A machine with the address that the controller has for it.
  LabVm machine(String name, Nic nic, LabHost host) {
    LabVm vm = host.plugVm(name, nic.id(), nic.mac());
    var _ = tenant.awaitRealized(nic);
    var _ = vm.dhcp();
    return vm;
  }

  /// `kill -9`.
  void killController() {
    node.kill();
  }

  /// Starts the controller again on what it left on disk.
  void startController() {
    node = NodeProcess.start(lab, data);
    tenant = new Tenant(node.api());
  }

  @Override
  public void close() {
    try {
      lab.close();
    } finally {
      node.close();
    }
  }
}
