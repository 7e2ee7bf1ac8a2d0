package io.heddle.core.model;

import java.util.List;

/// A named list of CIDRs that rules of many security groups share: who changes it changes them all.
public record PrefixList(PrefixListId id, Meta meta, List<Entry> entries) implements Resource {

  public static final Index<PrefixList, ProjectId> BY_PROJECT =
      new Index<>("prefix list by project", list -> List.of(list.meta().project()));
  public static final Kind<PrefixList> KIND =
      new Kind<>("prefix-list", PrefixList.class, 1, PrefixListId::parse, List.of(BY_PROJECT));

  public PrefixList {
    entries = List.copyOf(entries);
  }

  @Override
  public PrefixListId key() {
    return id;
  }

  /// One CIDR, of either family.
  public record Entry(IpPrefix cidr, String description) {}

  public List<IpPrefix> prefixes() {
    return entries.stream().map(Entry::cidr).toList();
  }
}
