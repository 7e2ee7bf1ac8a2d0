package io.heddle.firewall.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.Direction;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.store.Problem;
import io.heddle.firewall.policy.Family;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What must hold of the entries of a network ACL, whoever changes them.
final class AclRules {

  /// Each change of an entry compiles the entries of its ACL, so their number is bounded.
  static final int MAX_ENTRIES = 200;

  /// Subnets share ACLs, so a VPC needs few.
  static final int MAX_PER_VPC = 200;

  private static final Comparator<NetworkAcl.Entry> IN_ORDER =
      Comparator.comparing(NetworkAcl.Entry::direction).thenComparingInt(NetworkAcl.Entry::number);

  private AclRules() {}

  /// @return the entries in order
  static List<NetworkAcl.Entry> checked(List<NetworkAcl.Entry> entries) {
    if (entries.size() > MAX_ENTRIES) {
      throw new Refused(
          Problem.invalid(
              "entries",
              "%d entries; a network ACL has at most %d: name wider prefixes and port ranges"
                  .formatted(entries.size(), MAX_ENTRIES)));
    }
    Map<Direction, Map<Integer, Integer>> numbers = new EnumMap<>(Direction.class);
    for (int i = 0; i < entries.size(); i++) {
      NetworkAcl.Entry entry = entries.get(i);
      String at = "entries[%d].".formatted(i);
      GroupRules.checkDescription(entry.description(), at);
      checkFamily(entry, at);
      Integer other =
          numbers
              .computeIfAbsent(entry.direction(), _ -> new HashMap<>())
              .putIfAbsent(entry.number(), i);
      if (other != null) {
        throw new Refused(
            Problem.invalid(
                at + "number",
                "entries[%d] of the same direction has number %d too; give each its own"
                    .formatted(other, entry.number())));
      }
    }
    List<NetworkAcl.Entry> ordered = new ArrayList<>(entries);
    ordered.sort(IN_ORDER);
    return ordered;
  }

  /// The entries with one more, in order.
  static List<NetworkAcl.Entry> joined(NetworkAcl acl, NetworkAcl.Entry added) {
    if (acl.entries().size() >= MAX_ENTRIES) {
      throw new Refused(
          Problem.exhausted(
              "",
              "network ACL %s has %d entries, which is the limit; remove one or name wider prefixes"
                  .formatted(acl.id(), MAX_ENTRIES)));
    }
    GroupRules.checkDescription(added.description(), "");
    checkFamily(added, "");
    for (NetworkAcl.Entry entry : acl.entries()) {
      if (entry.direction() == added.direction() && entry.number() == added.number()) {
        String direction = added.direction().name().toLowerCase(Locale.ROOT);
        throw new Refused(
            Problem.conflict(
                "number",
                "%s entry %d is there already; take another number or remove it first"
                    .formatted(direction, added.number()),
                List.of("entry %s/%d".formatted(direction, added.number()))));
      }
    }
    List<NetworkAcl.Entry> all = new ArrayList<>(acl.entries());
    all.add(added);
    all.sort(IN_ORDER);
    return all;
  }

  private static void checkFamily(NetworkAcl.Entry entry, String at) {
    IpPrefix cidr = entry.cidr();
    if (cidr != null && !Family.of(cidr).meets(Family.of(entry.service()))) {
      throw new Refused(
          Problem.invalid(
              at + "cidr",
              "%s and the protocol are not of one family: icmp is IPv4, icmpv6 is IPv6"
                  .formatted(cidr)));
    }
  }
}
