package io.heddle.vpc.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;

/// Which IPv6 ranges and addresses VPCs, subnets and ports may have.
final class Ipv6Rules {

  private static final int VPC_SHORTEST = 32;

  /// A subnet is a /64, because that is what VMs make their own addresses in (RFC 4862).
  private static final int SUBNET_LENGTH = 64;

  /// Unique local and global unicast (RFC 4193, RFC 4291): what an interface can have beyond its
  /// link.
  private static final List<Ipv6Prefix> USABLE =
      List.of(Ipv6Prefix.parse("2000::/3"), Ipv6Prefix.parse("fc00::/7"));

  private Ipv6Rules() {}

  static void checkVpc(List<Ipv6Prefix> cidrs) {
    if (cidrs.size() > CidrRules.MAX_PER_VPC) {
      throw invalid(
          "ipv6Cidrs",
          "%d CIDRs; a VPC has at most %d".formatted(cidrs.size(), CidrRules.MAX_PER_VPC));
    }
    for (int i = 0; i < cidrs.size(); i++) {
      Ipv6Prefix cidr = cidrs.get(i);
      String field = "ipv6Cidrs[%d]".formatted(i);
      if (cidr.length() < VPC_SHORTEST || cidr.length() > SUBNET_LENGTH) {
        throw invalid(
            field,
            "%s has a prefix length of %d; it may be from /%d to /%d"
                .formatted(cidr, cidr.length(), VPC_SHORTEST, SUBNET_LENGTH));
      }
      if (USABLE.stream().noneMatch(range -> range.contains(cidr))) {
        throw invalid(
            field,
            ("%s is neither unique local nor global unicast; choose a part of fc00::/7, like"
                    + " fd00:1::/48, or a range of your own")
                .formatted(cidr));
      }
      for (Ipv6Prefix before : cidrs.subList(0, i)) {
        if (before.overlaps(cidr)) {
          throw invalid(
              field,
              "%s overlaps %s of the same VPC; the CIDRs of a VPC must be disjoint"
                  .formatted(cidr, before));
        }
      }
    }
  }

  static void checkGrowth(List<Ipv6Prefix> before, List<Ipv6Prefix> after) {
    for (Ipv6Prefix kept : before) {
      if (after.stream().noneMatch(cidr -> cidr.contains(kept))) {
        throw invalid(
            "ipv6Cidrs",
            "%s is missing; a VPC's CIDRs may be added to or widened, not taken away"
                .formatted(kept));
      }
    }
  }

  static void checkSubnet(Draft draft, Vpc vpc, Ipv6Prefix cidr, SubnetId self) {
    if (cidr.length() != SUBNET_LENGTH) {
      throw invalid(
          "ipv6Cidr",
          "%s has a prefix length of %d; the IPv6 range of a subnet is a /%d"
              .formatted(cidr, cidr.length(), SUBNET_LENGTH));
    }
    if (vpc.ipv6Cidrs().stream().noneMatch(range -> range.contains(cidr))) {
      throw invalid(
          "ipv6Cidr",
          "%s is not inside VPC %s, which has %s; choose a part of one of these or add an IPv6 CIDR to the VPC"
              .formatted(cidr, vpc.id(), vpc.ipv6Cidrs()));
    }
    for (Subnet sibling : draft.findBy(Subnet.KIND, Subnet.BY_VPC, vpc.id())) {
      if (cidr.equals(sibling.ipv6Cidr()) && !sibling.id().equals(self)) {
        throw new Refused(
            Problem.conflict(
                "ipv6Cidr",
                "%s is the range of subnet %s; the subnets of a VPC must be disjoint"
                    .formatted(cidr, sibling.id()),
                List.of("subnet " + sibling.id())));
      }
    }
  }

  /// The addresses that were asked for, if the port can have all of them.
  static List<Ipv6Address> claim(
      Draft draft, Subnet subnet, List<Ipv6Address> wanted, PortId self) {
    for (int i = 0; i < wanted.size(); i++) {
      Ipv6Address address = wanted.get(i);
      if (wanted.subList(0, i).contains(address)) {
        throw invalid("privateIps", "%s is asked for twice; name it once".formatted(address));
      }
      checkUsable(subnet, address);
      Port.VpcAddress key = new Port.VpcAddress(subnet.vpc(), address);
      for (Port holder : draft.findBy(Port.KIND, Port.BY_ADDRESS, key)) {
        if (!holder.id().equals(self)) {
          throw new Refused(
              Problem.conflict(
                  "privateIps",
                  "%s is held by port %s; choose another address or leave it out"
                      .formatted(address, holder.id()),
                  List.of("port " + holder.id())));
        }
      }
    }
    return wanted;
  }

  private static void checkUsable(Subnet subnet, Ipv6Address address) {
    Ipv6Prefix cidr = subnet.ipv6Cidr();
    if (cidr == null) {
      throw invalid(
          "privateIps",
          "%s is an IPv6 address and subnet %s has no IPv6 range; set its ipv6Cidr first"
              .formatted(address, subnet.id()));
    }
    if (!cidr.contains(address) || address.equals(cidr.network())) {
      throw invalid(
          "privateIps",
          "%s is not an address of subnet %s, which has %s".formatted(address, subnet.id(), cidr));
    }
    if (subnet.ipv6Gateway().filter(address::equals).isPresent()) {
      throw new Refused(
          Problem.conflict(
              "privateIps",
              "%s is the gateway of subnet %s; choose another address"
                  .formatted(address, subnet.id()),
              List.of("subnet " + subnet.id())));
    }
  }

  /// The address that a VM with this MAC makes for itself in the subnet (RFC 4291, appendix A);
  /// none where the subnet has no IPv6.
  static List<Ipv6Address> allocate(Draft draft, Subnet subnet, MacAddress mac, PortId self) {
    Ipv6Prefix cidr = subnet.ipv6Cidr();
    if (cidr == null) {
      return List.of();
    }
    return claim(draft, subnet, List.of(Ipv6Address.inPrefix(cidr, mac)), self);
  }

  private static Refused invalid(String field, String detail) {
    return new Refused(Problem.invalid(field, detail));
  }
}
