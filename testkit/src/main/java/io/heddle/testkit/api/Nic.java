package io.heddle.testkit.api;

import java.util.UUID;

/// A tenant's port, as the controller made it: what a hypervisor needs to plug a machine in.
///
/// @param id also the interface's `iface-id`
public record Nic(UUID id, String mac, String address) {

  String path() {
    return "/v1/ports/" + id;
  }

  static Nic of(Api.Answer port) {
    return new Nic(
        UUID.fromString(port.text("/id")),
        port.text("/macAddress"),
        port.text("/privateIps/0/address"));
  }
}
