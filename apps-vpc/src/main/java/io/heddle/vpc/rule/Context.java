package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowSink;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;

/// What one context VNI stands for, and the four flows that say it at both ends of a tunnel.
///
/// @param identity the source's; 0 for none
record Context(Vpc vpc, int identity, int vni) {

  void addTo(FlowSink flows) {
    for (int reply = 0; reply <= 1; reply++) {
      long tunnelId = reply == 0 ? vni : vni | Overlay.REPLY_VNI_BIT;
      flows
          .add(
              Stage.DECODE,
              Priority.NORMAL,
              Match.of(Header.TUN_ID, tunnelId),
              Actions.set(Registers.VPC, vpc.tag()),
              Actions.set(Registers.SOURCE_IDENTITY, identity),
              Actions.set(Registers.FROM_TUNNEL, 1),
              Actions.set(Registers.REPLY, reply),
              Stage.FORWARD.goTo())
          .add(
              Stage.ENCAP,
              Priority.NORMAL,
              Match.allOf(
                  Tags.in(vpc),
                  Registers.SOURCE_IDENTITY.is(identity),
                  Registers.REMOTE.is(1),
                  Registers.REPLY.is(reply)),
              Actions.set(Field.of(Header.TUN_ID), tunnelId),
              new Action.Output(Overlay.TUNNEL_OFPORT));
    }
  }
}
