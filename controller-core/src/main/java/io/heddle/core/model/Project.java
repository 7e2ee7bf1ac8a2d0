package io.heddle.core.model;

import java.util.List;

/// A tenant: the owner of resources and the bearer of quotas.
public record Project(ProjectId id, Meta meta, Quotas quotas) implements Resource {

  public static final Kind<Project> KIND =
      new Kind<>("project", Project.class, 1, ProjectId::new, List.of());

  @Override
  public ProjectId key() {
    return id;
  }

  /// How many of each a project may have. The defaults are generous for a tenant and small for the
  /// controller.
  public record Quotas(
      int vpcs,
      int subnets,
      int ports,
      int securityGroups,
      int rules,
      int prefixLists,
      int networkAcls) {

    public static final Quotas DEFAULT = new Quotas(50, 500, 20_000, 500, 10_000, 200, 500);

    /// With the defaults of everything else.
    public Quotas(int vpcs, int subnets, int ports, int securityGroups, int rules) {
      this(
          vpcs,
          subnets,
          ports,
          securityGroups,
          rules,
          DEFAULT.prefixLists(),
          DEFAULT.networkAcls());
    }
  }
}
