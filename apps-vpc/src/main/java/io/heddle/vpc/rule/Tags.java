package io.heddle.vpc.rule;

import io.heddle.core.flow.Match;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Registers;

/// Packets by the tags that the pipeline carries with them.
final class Tags {

  private Tags() {}

  static Match in(Vpc vpc) {
    return Registers.VPC.is(vpc.tag());
  }

  static Match in(Vpc vpc, Subnet subnet) {
    return in(vpc).and(Registers.SUBNET.is(subnet.tag()));
  }

  /// What this local port sent.
  static Match from(Port port) {
    return Registers.SOURCE_PORT.is(tag(port));
  }

  /// 32 bits, unsigned.
  static long tag(Port port) {
    return Integer.toUnsignedLong(port.tag());
  }
}
