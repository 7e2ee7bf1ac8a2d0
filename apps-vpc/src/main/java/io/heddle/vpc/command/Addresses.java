package io.heddle.vpc.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.ClaimedAddress;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.NumberSpace;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;

/// Addresses of ports: inside their subnet and unique in their VPC.
///
/// A cursor for each subnet remembers where the last allocation ended. So the next one looks at one
/// address as a rule, and an address that was just given up comes back last, when caches of it are
/// long stale.
final class Addresses {

  static final int MAX_PER_PORT = 16;

  private Addresses() {}

  /// The addresses of one family among those that were asked for.
  static <A extends IpAddress> List<A> of(Class<A> family, List<? extends IpAddress> addresses) {
    return IpAddress.only(family, addresses);
  }

  static void checkCount(List<? extends IpAddress> wanted) {
    if (wanted.size() > MAX_PER_PORT) {
      throw new Refused(
          Problem.invalid(
              "privateIps",
              "%d addresses; a port has at most %d".formatted(wanted.size(), MAX_PER_PORT)));
    }
  }

  /// The addresses that were asked for, if the port can have all of them.
  static List<Ipv4Address> claim(
      Draft draft, Subnet subnet, List<Ipv4Address> wanted, PortId self) {
    for (int i = 0; i < wanted.size(); i++) {
      String field = "privateIps[%d].address".formatted(i);
      Ipv4Address address = wanted.get(i);
      checkUsable(subnet, address, field);
      if (wanted.subList(0, i).contains(address)) {
        throw new Refused(
            Problem.invalid(field, "%s is asked for twice; name it once".formatted(address)));
      }
      checkFree(draft, subnet, address, self, field);
    }
    return wanted;
  }

  private static void checkUsable(Subnet subnet, Ipv4Address address, String field) {
    if (!CidrRules.isHostAddress(subnet.cidr(), address)) {
      throw new Refused(
          Problem.invalid(
              field,
              "%s is not an address of subnet %s; choose one from %s to %s"
                  .formatted(
                      address,
                      subnet.id(),
                      CidrRules.first(subnet.cidr()),
                      CidrRules.last(subnet.cidr()))));
    }
    if (address.equals(subnet.gateway())) {
      throw new Refused(
          Problem.conflict(
              field,
              "%s is the gateway of subnet %s; choose another address"
                  .formatted(address, subnet.id()),
              List.of("subnet " + subnet.id())));
    }
  }

  private static void checkFree(
      Draft draft, Subnet subnet, Ipv4Address address, PortId self, String field) {
    Port.VpcAddress key = new Port.VpcAddress(subnet.vpc(), address);
    for (Port holder : draft.findBy(Port.KIND, Port.BY_ADDRESS, key)) {
      if (!holder.id().equals(self)) {
        throw new Refused(
            Problem.conflict(
                field,
                "%s is held by port %s; choose another address or leave it out"
                    .formatted(address, holder.id()),
                List.of("port " + holder.id())));
      }
    }
  }

  /// The next free address of the subnet.
  static Ipv4Address allocate(Draft draft, Subnet subnet) {
    long hosts = subnet.cidr().size() - 2;
    // All but the gateway; every port has an address at least.
    if (draft.countBy(Port.KIND, Port.BY_SUBNET, subnet.id()) < hosts - 1) {
      NumberSpace.Id cursor = cursor(subnet.id());
      long offset = draft.find(cursor).map(NumberSpace::next).orElse(1L);
      for (long probe = 0; probe < hosts; probe++) {
        long tried = offset > hosts ? 1 : offset;
        offset = tried + 1;
        Ipv4Address address = subnet.cidr().network().plus(tried);
        if (isFree(draft, subnet, address)) {
          draft.put(new NumberSpace(cursor, offset));
          return address;
        }
      }
    }
    throw new Refused(
        Problem.exhausted(
            "subnetId",
            "subnet %s (%s) has no free address; delete ports or create another subnet"
                .formatted(subnet.id(), subnet.cidr())));
  }

  private static boolean isFree(Draft draft, Subnet subnet, Ipv4Address address) {
    return !address.equals(subnet.gateway())
        && draft.find(new ClaimedAddress.Id(subnet.vpc(), address)).isEmpty()
        && !draft.anyBy(Port.KIND, Port.BY_ADDRESS, new Port.VpcAddress(subnet.vpc(), address));
  }

  /// Drops the cursor of a subnet that is being deleted.
  static void forget(Draft draft, SubnetId subnet) {
    draft.delete(cursor(subnet));
  }

  private static NumberSpace.Id cursor(SubnetId subnet) {
    return new NumberSpace.Id("address/" + subnet);
  }
}
