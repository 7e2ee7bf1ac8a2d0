package io.heddle.rest.resource;

import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/// Every kind of resource that the API serves with the common verbs.
public final class ResourceTypes {

  private ResourceTypes() {}

  /// @param ids fresh ones
  public static List<ResourceType<?>> all(Supplier<UUID> ids) {
    return List.of(
        new Projects(),
        new Vpcs(),
        new Subnets(),
        new Ports(),
        new SecurityGroups(ids),
        new PrefixLists(),
        new NetworkAcls(),
        new RouteTables(),
        new Peerings(),
        new Hosts());
  }
}
