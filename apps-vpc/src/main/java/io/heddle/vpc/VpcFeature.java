package io.heddle.vpc;

import io.heddle.core.compile.Feature;
import io.heddle.vpc.dhcp.DhcpServer;
import io.heddle.vpc.dhcpv6.Dhcpv6Server;
import io.heddle.vpc.nic.AddressClaims;
import io.heddle.vpc.nic.Arrivals;
import io.heddle.vpc.ra.RouterSolicitations;
import io.heddle.vpc.rule.VpcRules;
import java.util.List;

/// Overlay, ARP, DHCP, router advertisements and routing of VPCs, as the controller takes them in.
public final class VpcFeature {

  private VpcFeature() {}

  public static Feature feature() {
    return new Feature(
        "vpc",
        VpcRules.ALL,
        List.of(
            new DhcpServer(),
            new RouterSolicitations(),
            new Dhcpv6Server(),
            new AddressClaims(),
            new Arrivals()));
  }
}
