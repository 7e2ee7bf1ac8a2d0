package io.heddle.ovsdb.report;

import io.heddle.core.model.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;

/// An interface on the integration bridge that carries an `iface-id`: a tenant's port, plugged in.
///
/// @param ifaceId the port's id as libvirt or an operator wrote it; it may be anything
/// @param name the interface's name on the host, such as `vnet3`
/// @param ofport its OpenFlow number; empty until `ovs-vswitchd` has assigned one
/// @param attachedMac the guest's address as libvirt reports it
/// @param error what Open vSwitch says when it could not make the interface
public record PluggedInterface(
    String ifaceId,
    String name,
    OptionalInt ofport,
    Optional<MacAddress> attachedMac,
    boolean linkUp,
    Optional<String> error) {}
