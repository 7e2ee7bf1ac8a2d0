package io.heddle.vpc.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What must hold of two VPCs that are peers or ask to be.
///
/// A refusal names the ranges of the asker's own VPC and never the other's: what a tenant learns of
/// another's VPC is that its own ranges are in use there, which is why it may not have the peering.
final class PeeringRules {

  /// A host holds the flows of the peers of each VPC that it has ports of, so their number is
  /// bounded.
  static final int MAX_PER_VPC = 32;

  private PeeringRules() {}

  /// The peering, for one of its two projects; it does not exist for anybody else.
  static Peering shared(Draft draft, PeeringId id, ProjectId project) {
    return draft
        .find(id)
        .filter(peering -> peering.projects().contains(project))
        .orElseThrow(() -> new Refused(Problem.notFound("", "there is no peering " + id)));
  }

  /// @param own of the asker, whose ranges may be named
  static void checkDisjoint(Vpc own, Vpc other, String field) {
    Optional<IpPrefix> shared = shared(own, other);
    if (shared.isPresent()) {
      throw new Refused(
          Problem.conflict(
              field,
              "%s of VPC %s overlaps a range of VPC %s; peers have no address in common"
                  .formatted(shared.get(), own.id(), other.id()),
              List.of("vpc " + other.id())));
    }
  }

  /// The first of one's own ranges that the other has a part of.
  private static Optional<IpPrefix> shared(Vpc own, Vpc other) {
    Stream<IpPrefix> ipv4 =
        own.cidrs().stream()
            .filter(cidr -> other.cidrs().stream().anyMatch(cidr::overlaps))
            .map(cidr -> cidr);
    Stream<IpPrefix> ipv6 =
        own.ipv6Cidrs().stream()
            .filter(cidr -> other.ipv6Cidrs().stream().anyMatch(cidr::overlaps))
            .map(cidr -> cidr);
    return Stream.concat(ipv4, ipv6).findFirst();
  }

  /// Refuses ranges that a VPC is to have and a peer has, also one that is still to accept.
  ///
  /// @param grown the VPC as it would be
  static void checkGrowth(Draft draft, Vpc grown) {
    for (Peering peering : draft.findBy(Peering.KIND, Peering.BY_VPC, grown.id())) {
      if (peering.isOpen()) {
        Vpc other = draft.require(peering.beyond(grown.id()).orElseThrow());
        shared(grown, other).ifPresent(range -> refuseGrowth(grown, peering, range));
      }
    }
  }

  private static void refuseGrowth(Vpc grown, Peering peering, IpPrefix range) {
    throw new Refused(
        Problem.conflict(
            range instanceof Ipv4Prefix ? "cidrs" : "ipv6Cidrs",
            "%s overlaps a range of a peer of VPC %s; peers have no address in common"
                .formatted(range, grown.id()),
            List.of("peering " + peering.id())));
  }

  /// Refuses one more than a VPC may have.
  static void checkRoom(Draft draft, Vpc vpc, Predicate<Peering> counts) {
    long held =
        draft.findBy(Peering.KIND, Peering.BY_VPC, vpc.id()).stream().filter(counts).count();
    if (held >= MAX_PER_VPC) {
      throw new Refused(
          Problem.exhausted(
              "",
              "VPC %s has %d peerings, which is the limit; delete some".formatted(vpc.id(), held)));
    }
  }
}
