package io.heddle.core.model;

import java.util.List;

/// A virtual private cloud: an address space of its own, whose subnets route to each other.
///
/// @param tag 24 bits, cluster-wide: what `metadata` carries through the pipeline
/// @param vni the context VNI of identity 0 ("no identity": what does not come from a port of this
///   VPC)
public record Vpc(
    VpcId id,
    Meta meta,
    List<Ipv4Prefix> cidrs,
    List<Ipv6Prefix> ipv6Cidrs,
    int tag,
    int vni,
    SecurityGroupId defaultGroup)
    implements Resource {

  public static final Index<Vpc, ProjectId> BY_PROJECT =
      new Index<>("vpc by project", vpc -> List.of(vpc.meta().project()));
  public static final Kind<Vpc> KIND =
      new Kind<>("vpc", Vpc.class, 1, VpcId::parse, List.of(BY_PROJECT));

  public Vpc {
    cidrs = List.copyOf(cidrs);
    ipv6Cidrs = List.copyOf(ipv6Cidrs);
  }

  /// One without IPv6.
  public Vpc(
      VpcId id, Meta meta, List<Ipv4Prefix> cidrs, int tag, int vni, SecurityGroupId defaultGroup) {
    this(id, meta, cidrs, List.of(), tag, vni, defaultGroup);
  }

  @Override
  public VpcId key() {
    return id;
  }
}
