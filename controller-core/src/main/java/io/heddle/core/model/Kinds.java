package io.heddle.core.model;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Every kind of row there is. A name that is not here is unknown to this build: the node that
/// reads it stops.
public final class Kinds {

  public static final List<Kind<?>> ALL =
      List.of(
          Cluster.KIND,
          ClusterView.KIND,
          Leadership.KIND,
          Member.KIND,
          NumberSpace.KIND,
          NumberHold.KIND,
          IdempotentReply.KIND,
          Project.KIND,
          Vpc.KIND,
          Subnet.KIND,
          Port.KIND,
          SecurityGroup.KIND,
          PrefixList.KIND,
          NetworkAcl.KIND,
          RouteTable.KIND,
          SubnetRouting.KIND,
          Peering.KIND,
          Identity.KIND,
          Host.KIND,
          Binding.KIND,
          ClaimedAddress.KIND,
          CtZone.KIND);

  private static final Map<String, Kind<?>> BY_NAME =
      ALL.stream().collect(Collectors.toMap(Kind::name, Function.identity()));

  private Kinds() {}

  public static @Nullable Kind<?> named(String name) {
    return BY_NAME.get(name);
  }
}
