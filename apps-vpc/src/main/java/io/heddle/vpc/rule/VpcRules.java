package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import java.util.List;

/// All rules of this app, in the order in which a packet meets what they make.
public final class VpcRules {

  public static final List<FlowRule<?>> ALL =
      List.of(
          new PipelineDefaults(),
          new HostAdmission(),
          new HostMembership(),
          new ZoneUse(),
          new PortClassification(),
          new IdentityContext(),
          new NoIdentityContext(),
          new OwnAddressSilence(),
          new ArpAnswer(),
          new GatewayArpAnswer(),
          new NeighborAdvertisement(),
          new NeighborAdvertisement.OfGateway(),
          new ClaimedAnswer(),
          new GatewayPing(),
          new ServicePunts(),
          new ErrorPunts(),
          new TableOfSubnet(),
          new TableOfSubnet.OfVpc(),
          new LocalRoute(),
          new TableRoutes(),
          new PeerSubscription(),
          new PeeringCrossing(),
          new RoutedNeighbor(),
          new BridgedNeighbor(),
          new LocalForward(),
          new RemoteForward());

  private VpcRules() {}
}
