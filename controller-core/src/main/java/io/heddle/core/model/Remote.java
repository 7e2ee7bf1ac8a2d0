package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// The other end that a security rule speaks of.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Remote.Anywhere.class, name = "anywhere"),
  @JsonSubTypes.Type(value = Remote.Cidr.class, name = "cidr"),
  @JsonSubTypes.Type(value = Remote.Prefixes.class, name = "prefix-list"),
  @JsonSubTypes.Type(value = Remote.Group.class, name = "group")
})
public sealed interface Remote {

  /// Any address, known or not.
  record Anywhere() implements Remote {}

  /// Every address of a prefix, whoever holds it.
  record Cidr(IpPrefix prefix) implements Remote {}

  /// Every address of each prefix of a list.
  record Prefixes(PrefixListId list) implements Remote {}

  /// The ports of the VPC that are in a security group, by identity and not by address.
  record Group(SecurityGroupId group) implements Remote {}
}
