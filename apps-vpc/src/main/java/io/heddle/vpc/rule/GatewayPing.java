package io.heddle.vpc.rule;

import static io.heddle.core.flow.Actions.move;
import static io.heddle.core.flow.Actions.set;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Subnet;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.List;

/// Lets a subnet's gateway answer pings, from any subnet of the VPC.
///
/// Before: an ICMP echo request (RFC 792, RFC 4443) for the gateway's address, sent to the
/// gateways' MAC. After: the echo reply is on its way back to the port that asked.
final class GatewayPing implements FlowRule<Subnet> {

  private static final int ECHO_REPLY = 0;
  private static final int ECHO_REQUEST = 8;
  private static final int TTL = 64;

  private static final int ECHO_REQUEST_V6 = 128;
  private static final int ECHO_REPLY_V6 = 129;

  private static final Match REQUEST_V6 =
      Match.allOf(
          Match.mac(Header.ETH_DST, Overlay.GATEWAY_MAC),
          Match.ipv6Protocol(Match.ICMPV6),
          Match.of(Header.ICMPV6_TYPE, ECHO_REQUEST_V6),
          Match.of(Header.ICMPV6_CODE, 0));

  private static final Match REQUEST =
      Match.allOf(
          Match.mac(Header.ETH_DST, Overlay.GATEWAY_MAC),
          Match.ipProtocol(Match.ICMP),
          Match.of(Header.ICMP_TYPE, ECHO_REQUEST),
          Match.of(Header.ICMP_CODE, 0));

  /// The sender's address waits in a register while the other takes its place.
  private static final List<Action> ANSWER =
      Actions.list(
          move(Header.ETH_SRC, Header.ETH_DST),
          set(Header.ETH_SRC, Overlay.GATEWAY_MAC),
          move(Field.of(Header.IPV4_SRC), Registers.SCRATCH),
          move(Header.IPV4_DST, Header.IPV4_SRC),
          move(Registers.SCRATCH, Field.of(Header.IPV4_DST)),
          set(Field.of(Header.IP_TTL), TTL),
          set(Field.of(Header.ICMP_TYPE), ECHO_REPLY),
          new Action.InPort());

  @Override
  public Kind<Subnet> subject() {
    return Subnet.KIND;
  }

  @Override
  public FlowSet home(Subnet subnet) {
    return FlowSet.vpc(subnet.vpc());
  }

  @Override
  public void compile(Subnet subnet, View view, FlowSink flows) {
    flows.add(
        Stage.SERVICES,
        Priority.NORMAL,
        Match.allOf(
            Tags.in(view.require(subnet.vpc())),
            REQUEST,
            Match.address(Header.IPV4_DST, subnet.gateway())),
        ANSWER);
    subnet.ipv6Gateway().ifPresent(gateway -> ipv6(subnet, gateway, view, flows));
  }

  private static void ipv6(Subnet subnet, Ipv6Address gateway, View view, FlowSink flows) {
    flows.add(
        Stage.SERVICES,
        Priority.NORMAL,
        Match.allOf(
            Tags.in(view.require(subnet.vpc())),
            REQUEST_V6,
            Match.address(Header.IPV6_DST_HIGH, gateway)),
        Actions.concat(
            List.of(move(Header.ETH_SRC, Header.ETH_DST), set(Header.ETH_SRC, Overlay.GATEWAY_MAC)),
            Actions.moveAddress(Header.IPV6_SRC_HIGH, Header.IPV6_DST_HIGH),
            set(Header.IPV6_SRC_HIGH, gateway),
            List.of(
                set(Field.of(Header.IP_TTL), TTL),
                set(Field.of(Header.ICMPV6_TYPE), ECHO_REPLY_V6),
                new Action.InPort())));
  }
}
