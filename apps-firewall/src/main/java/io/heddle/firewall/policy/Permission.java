package io.heddle.firewall.policy;

import io.heddle.core.flow.Match;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;

/// What a rule allows, written in the one way: two rules allow the same exactly when their
/// permissions are equal. (Protocol 6 is TCP with all ports. `0.0.0.0/0` is not anywhere: it is all
/// of IPv4.)
public record Permission(Direction direction, Service service, Remote remote) {

  public static Permission of(SecurityRule rule) {
    return new Permission(rule.direction(), canonical(rule.service()), rule.remote());
  }

  private static Service canonical(Service service) {
    return switch (service) {
      case Service.Protocol(int number) when number == Match.TCP ->
          new Service.Tcp(Service.PortRange.ALL);
      case Service.Protocol(int number) when number == Match.UDP ->
          new Service.Udp(Service.PortRange.ALL);
      case Service.Protocol(int number) when number == Match.ICMP -> Service.Icmp.ALL;
      case Service.Protocol(int number) when number == Match.ICMPV6 -> Service.Icmpv6.ALL;
      case Service.Any any -> any;
      case Service.Tcp tcp -> tcp;
      case Service.Udp udp -> udp;
      case Service.Icmp icmp -> icmp;
      case Service.Icmpv6 icmp -> icmp;
      case Service.Protocol protocol -> protocol;
    };
  }
}
