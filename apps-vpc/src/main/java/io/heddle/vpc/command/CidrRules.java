package io.heddle.vpc.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;

/// Which address ranges VPCs and subnets may have.
final class CidrRules {

  static final int MAX_PER_VPC = 16;

  private static final int VPC_SHORTEST = 8;
  private static final int VPC_LONGEST = 28;

  /// A subnet's addresses are searched one by one when it is nearly full: 65,534 at most.
  private static final int SUBNET_SHORTEST = 16;

  private static final int SUBNET_LONGEST = 28;

  /// No interface can have these: "this" network, loopback, link-local, multicast and reserved (RFC
  /// 6890).
  private static final List<Ipv4Prefix> UNUSABLE =
      List.of(
          Ipv4Prefix.parse("0.0.0.0/8"),
          Ipv4Prefix.parse("127.0.0.0/8"),
          Ipv4Prefix.parse("169.254.0.0/16"),
          Ipv4Prefix.parse("224.0.0.0/4"),
          Ipv4Prefix.parse("240.0.0.0/4"));

  private CidrRules() {}

  static void checkVpc(List<Ipv4Prefix> cidrs) {
    if (cidrs.isEmpty() || cidrs.size() > MAX_PER_VPC) {
      throw invalid(
          "cidrs",
          "%d CIDRs; a VPC has 1 to %d, like 10.0.0.0/16".formatted(cidrs.size(), MAX_PER_VPC));
    }
    for (int i = 0; i < cidrs.size(); i++) {
      String field = "cidrs[%d]".formatted(i);
      checkLength(cidrs.get(i), VPC_SHORTEST, VPC_LONGEST, field);
      checkUsable(cidrs.get(i), field);
      for (Ipv4Prefix before : cidrs.subList(0, i)) {
        if (before.overlaps(cidrs.get(i))) {
          throw invalid(
              field,
              "%s overlaps %s of the same VPC; the CIDRs of a VPC must be disjoint"
                  .formatted(cidrs.get(i), before));
        }
      }
    }
  }

  /// A VPC's address space may grow and never shrinks.
  static void checkGrowth(List<Ipv4Prefix> before, List<Ipv4Prefix> after) {
    for (Ipv4Prefix kept : before) {
      if (after.stream().noneMatch(cidr -> cidr.contains(kept))) {
        throw invalid(
            "cidrs",
            "%s is missing; a VPC's CIDRs may be added to or widened, not taken away"
                .formatted(kept));
      }
    }
  }

  static void checkSubnet(Draft draft, Vpc vpc, Ipv4Prefix cidr, SubnetId self) {
    checkLength(cidr, SUBNET_SHORTEST, SUBNET_LONGEST, "cidr");
    if (vpc.cidrs().stream().noneMatch(range -> range.contains(cidr))) {
      throw invalid(
          "cidr",
          "%s is not inside VPC %s, which has %s; choose a part of one of these or add a CIDR to the VPC"
              .formatted(cidr, vpc.id(), vpc.cidrs()));
    }
    for (Subnet sibling : draft.findBy(Subnet.KIND, Subnet.BY_VPC, vpc.id())) {
      if (sibling.cidr().overlaps(cidr) && !sibling.id().equals(self)) {
        throw new Refused(
            Problem.conflict(
                "cidr",
                "%s overlaps %s of subnet %s; the subnets of a VPC must be disjoint"
                    .formatted(cidr, sibling.cidr(), sibling.id()),
                List.of("subnet " + sibling.id())));
      }
    }
  }

  static void checkGateway(Ipv4Prefix cidr, Ipv4Address gateway) {
    if (!isHostAddress(cidr, gateway)) {
      throw invalid(
          "gatewayIp",
          "%s can't be the gateway of %s; choose an address from %s to %s"
              .formatted(gateway, cidr, first(cidr), last(cidr)));
    }
  }

  /// Inside, and neither the network's nor the broadcast address.
  static boolean isHostAddress(Ipv4Prefix cidr, Ipv4Address address) {
    return cidr.contains(address)
        && !address.equals(cidr.network())
        && !address.equals(cidr.broadcast());
  }

  static Ipv4Address first(Ipv4Prefix cidr) {
    return cidr.network().plus(1);
  }

  static Ipv4Address last(Ipv4Prefix cidr) {
    return cidr.broadcast().plus(-1);
  }

  private static void checkLength(Ipv4Prefix cidr, int shortest, int longest, String field) {
    if (cidr.length() < shortest || cidr.length() > longest) {
      throw invalid(
          field,
          "%s has a prefix length of %d; it may be from /%d to /%d"
              .formatted(cidr, cidr.length(), shortest, longest));
    }
  }

  private static void checkUsable(Ipv4Prefix cidr, String field) {
    for (Ipv4Prefix unusable : UNUSABLE) {
      if (unusable.overlaps(cidr)) {
        throw invalid(
            field,
            "%s lies in %s, whose addresses no VM can use; choose another range, like 10.0.0.0/16"
                .formatted(cidr, unusable));
      }
    }
  }

  private static Refused invalid(String field, String detail) {
    return new Refused(Problem.invalid(field, detail));
  }
}
