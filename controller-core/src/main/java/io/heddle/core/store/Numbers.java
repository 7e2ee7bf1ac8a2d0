package io.heddle.core.store;

import io.heddle.core.model.HostId;
import io.heddle.core.model.NumberHold;
import io.heddle.core.model.NumberSpace;
import io.heddle.core.model.VpcId;
import java.util.Optional;

/// Hands out the numbers that packets and registers carry. A number comes back into use only after
/// its space has been used up once, and not before every host has realised the revision that gave
/// it back: a flow that still means the former owner can't meet the new one.
public final class Numbers {

  /// How many numbers in a row may be found taken before a space counts as used up. Bounds the work
  /// of one allocation.
  private static final int MAX_PROBES = 70_000;

  private Numbers() {}

  /// A space of numbers, both ends included.
  public record Space(String name, long first, long last) {

    public static final Space VPC_TAG = new Space("vpc-tag", 1, (1 << 24) - 1);
    public static final Space SUBNET_TAG = new Space("subnet-tag", 1, (1 << 24) - 1);
    public static final Space PORT_TAG = new Space("port-tag", 1, (1L << 32) - 1);
    public static final Space GROUP_TAG = new Space("group-tag", 1, (1L << 32) - 1);
    public static final Space ACL_TAG = new Space("acl-tag", 1, (1L << 32) - 1);
    public static final Space ROUTE_TABLE_TAG = new Space("route-table-tag", 1, (1L << 32) - 1);

    /// VNI bit 23 marks replies; the first 4,096 are left to other users of the underlay.
    public static final Space VNI = new Space("vni", 4096, (1 << 23) - 1);

    public static Space identities(VpcId vpc) {
      return new Space("identity/" + vpc, 1, 0xffff);
    }

    /// Zone 0 is the default of everybody else on the host, so it is never ours.
    public static Space ctZones(HostId host) {
      return new Space("ct-zone/" + host, 1, 0xffff);
    }
  }

  /// Takes the next free number, or nothing when all are held.
  public static Optional<Long> take(Draft draft, Space space) {
    NumberSpace.Id id = new NumberSpace.Id(space.name());
    long candidate = draft.find(id).map(NumberSpace::next).orElse(space.first());
    for (int probe = 0; probe < MAX_PROBES && probe <= space.last() - space.first(); probe++) {
      long number = candidate > space.last() ? space.first() : candidate;
      candidate = number + 1;
      NumberHold.Id hold = new NumberHold.Id(space.name(), number);
      if (draft.find(hold).isEmpty()) {
        draft.put(new NumberHold(hold, 0));
        draft.put(new NumberSpace(id, candidate));
        return Optional.of(number);
      }
    }
    return Optional.empty();
  }

  /// Gives a number back.
  public static void giveBack(Draft draft, Space space, long number) {
    draft.put(
        new NumberHold(new NumberHold.Id(space.name(), number), Math.max(1, draft.revision())));
  }

  /// Frees the numbers that were given back at or before a revision which every host has realised.
  ///
  /// @return how many
  public static int release(Draft draft, long realizedEverywhere) {
    int released = 0;
    for (NumberHold hold : draft.findBy(NumberHold.KIND, NumberHold.RETIRED, "retired")) {
      if (hold.retiredAt() <= realizedEverywhere) {
        draft.delete(hold.id());
        released++;
      }
    }
    return released;
  }
}
