package io.heddle.openflow.codec;

import io.heddle.core.model.MacAddress;

/// An OpenFlow port of a switch.
///
/// @param up the link is there and nobody shut the port
public record SwitchPort(int ofport, String name, MacAddress mac, boolean up) {}
