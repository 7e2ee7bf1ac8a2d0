package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.UUID;

/// Where a route leads.
///
/// The choice is closed, and who makes flows of a target is not: each app has a rule about route
/// tables that serves the targets which are its own, by the priorities and matches of
/// [io.heddle.core.pipeline.Routing], and passes over the others.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RouteTarget.Local.class, name = "local"),
  @JsonSubTypes.Type(value = RouteTarget.ToPort.class, name = "port"),
  @JsonSubTypes.Type(value = RouteTarget.ToPeer.class, name = "peering"),
  @JsonSubTypes.Type(value = RouteTarget.Blackhole.class, name = "blackhole"),
  @JsonSubTypes.Type(value = RouteTarget.NatGateway.class, name = "nat-gateway"),
  @JsonSubTypes.Type(value = RouteTarget.Internet.class, name = "internet")
})
public sealed interface RouteTarget {

  /// The port of the VPC that has the address.
  record Local() implements RouteTarget {}

  /// A port of the VPC, whatever the address: a machine that forwards.
  record ToPort(PortId port) implements RouteTarget {}

  /// The port of the VPC at the other end of a peering that has the address.
  record ToPeer(PeeringId peering) implements RouteTarget {}

  /// Nowhere: dropped.
  record Blackhole() implements RouteTarget {}

  /// A NAT gateway of the VPC.
  record NatGateway(UUID gateway) implements RouteTarget {}

  /// Outside, for what has an elastic IP.
  record Internet() implements RouteTarget {}
}
