package io.heddle.firewall.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.PrefixList;
import io.heddle.core.store.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What must hold of the entries of a prefix list, whoever changes them.
final class PrefixListRules {

  /// Each entry is a flow for each service of each rule that names the list.
  static final int MAX_ENTRIES = 1000;

  private PrefixListRules() {}

  static void check(List<PrefixList.Entry> entries) {
    if (entries.size() > MAX_ENTRIES) {
      throw new Refused(
          Problem.invalid(
              "entries",
              "%d entries; a prefix list has at most %d: name wider prefixes or split it"
                  .formatted(entries.size(), MAX_ENTRIES)));
    }
    Set<IpPrefix> seen = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      PrefixList.Entry entry = entries.get(i);
      String at = "entries[%d].".formatted(i);
      GroupRules.checkDescription(entry.description(), at);
      if (!seen.add(entry.cidr())) {
        throw new Refused(
            Problem.invalid(
                at + "cidr", "%s is in the list twice; name it once".formatted(entry.cidr())));
      }
    }
  }
}
