package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Opens an address space, with a main route table, and a security group that ports are in unless
/// they say otherwise: its members reach anything, and are reached by each other.
///
/// @param defaultGroup the id that this group is to have
public record CreateVpc(
    VpcId id,
    SecurityGroupId defaultGroup,
    ProjectId project,
    String name,
    Map<String, String> labels,
    List<Ipv4Prefix> cidrs,
    List<Ipv6Prefix> ipv6Cidrs)
    implements Command<Vpc> {

  public CreateVpc {
    labels = Map.copyOf(labels);
    cidrs = List.copyOf(cidrs);
    ipv6Cidrs = List.copyOf(ipv6Cidrs);
  }

  /// One without IPv6.
  public CreateVpc(
      VpcId id,
      SecurityGroupId defaultGroup,
      ProjectId project,
      String name,
      Map<String, String> labels,
      List<Ipv4Prefix> cidrs) {
    this(id, defaultGroup, project, name, labels, cidrs, List.of());
  }

  @Override
  public Decision<Vpc> decide(Draft draft) {
    return Refused.deciding(draft, this::create);
  }

  private Vpc create(Draft draft) {
    Fresh.check(draft, id, name, labels);
    Fresh.check(draft, defaultGroup, "default", Map.of());
    int held = draft.countBy(Vpc.KIND, Vpc.BY_PROJECT, project);
    Checks.roomFor(draft, id, project, Project.Quotas::vpcs, held);
    CidrRules.checkVpc(cidrs);
    Ipv6Rules.checkVpc(ipv6Cidrs);
    int tag = (int) Checks.number(draft, Numbers.Space.VPC_TAG);
    int vni = (int) Checks.number(draft, Numbers.Space.VNI);
    Vpc vpc =
        new Vpc(id, draft.created(name, project, labels), cidrs, ipv6Cidrs, tag, vni, defaultGroup);
    draft.put(vpc);
    MainTable.ensure(draft, vpc);
    draft.put(
        new SecurityGroup(
            defaultGroup,
            draft.created("default", project, Map.of()),
            id,
            List.of(egress(), ingress()),
            (int) Checks.number(draft, Numbers.Space.GROUP_TAG)));
    return vpc;
  }

  private SecurityRule egress() {
    return new SecurityRule(
        ruleId("egress"),
        Direction.EGRESS,
        Service.ANY,
        new Remote.Anywhere(),
        "members reach anything");
  }

  private SecurityRule ingress() {
    return new SecurityRule(
        ruleId("ingress"),
        Direction.INGRESS,
        Service.ANY,
        new Remote.Group(defaultGroup),
        "members are reached by each other");
  }

  /// Decisions know no randomness: a rule's id follows from its group's.
  private UUID ruleId(String which) {
    return UUID.nameUUIDFromBytes((defaultGroup + "/" + which).getBytes(StandardCharsets.US_ASCII));
  }
}
