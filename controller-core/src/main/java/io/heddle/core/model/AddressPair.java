package io.heddle.core.model;

import org.jspecify.annotations.Nullable;

/// A further sender that a port may speak as: the virtual address of a router pair, for example.
///
/// @param prefix the addresses
/// @param mac null for the port's own
public record AddressPair(IpPrefix prefix, @Nullable MacAddress mac) {}
