package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.VpcId;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.Collection;

/// MACs of ports: unique in their VPC, because the receiving host finds a port by nothing else.
final class Macs {

  /// Locally administered, unicast; the second octet makes room where someone asked for a MAC like
  /// ours.
  private static final long PREFIX = 0x0aL << 40;

  private static final int VARIANTS = 256;

  private Macs() {}

  /// The MAC that was asked for, if a port of the VPC can have it.
  static MacAddress claim(Draft draft, VpcId vpc, MacAddress wanted) {
    if (wanted.isGroup() || wanted.bits() == 0) {
      throw new Refused(
          Problem.invalid(
              "macAddress",
              "%s is not an interface's address; its first octet must be even, like 0a:00:00:00:00:01"
                  .formatted(wanted)));
    }
    if (wanted.equals(Overlay.GATEWAY_MAC)) {
      throw new Refused(
          Problem.invalid(
              "macAddress", "%s is the gateways' own MAC; choose another".formatted(wanted)));
    }
    Collection<Port> holders = holders(draft, vpc, wanted);
    if (!holders.isEmpty()) {
      Port holder = holders.iterator().next();
      throw new Refused(
          Problem.conflict(
              "macAddress",
              "%s is held by port %s; a MAC is unique in its VPC".formatted(wanted, holder.id()),
              Checks.names(holders)));
    }
    return wanted;
  }

  /// A MAC that follows from the port's tag, which is unique in the cluster.
  static MacAddress allocate(Draft draft, VpcId vpc, int tag) {
    for (long variant = 0; variant < VARIANTS; variant++) {
      MacAddress mac = new MacAddress(PREFIX | (variant << 32) | Integer.toUnsignedLong(tag));
      if (holders(draft, vpc, mac).isEmpty()) {
        return mac;
      }
    }
    throw new Refused(
        Problem.exhausted(
            "macAddress", "every MAC that the port could be given is taken; ask for one"));
  }

  private static Collection<Port> holders(Draft draft, VpcId vpc, MacAddress mac) {
    return draft.findBy(Port.KIND, Port.BY_MAC, new Port.VpcMac(vpc, mac));
  }
}
