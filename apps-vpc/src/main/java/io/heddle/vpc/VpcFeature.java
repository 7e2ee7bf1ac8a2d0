package io.heddle.vpc;

import io.heddle.core.compile.Feature;
import io.heddle.core.punt.PuntHandler;
import io.heddle.vpc.dhcp.DhcpServer;
import io.heddle.vpc.dhcpv6.Dhcpv6Server;
import io.heddle.vpc.icmp.RoutingErrors;
import io.heddle.vpc.icmp.Unroutable;
import io.heddle.vpc.nic.AddressClaims;
import io.heddle.vpc.nic.Arrivals;
import io.heddle.vpc.ra.RouterSolicitations;
import io.heddle.vpc.rule.VpcRules;
import java.util.ArrayList;
import java.util.List;

/// Overlay, ARP, DHCP, router advertisements and routing of VPCs, as the controller takes them in.
public final class VpcFeature {

  private VpcFeature() {}

  public static Feature feature() {
    List<PuntHandler> handlers =
        new ArrayList<>(
            List.of(
                new DhcpServer(),
                new RouterSolicitations(),
                new Dhcpv6Server(),
                new AddressClaims(),
                new Arrivals()));
    Unroutable.ALL.forEach(reason -> handlers.add(new RoutingErrors(reason)));
    return new Feature("vpc", VpcRules.ALL, handlers);
  }
}
