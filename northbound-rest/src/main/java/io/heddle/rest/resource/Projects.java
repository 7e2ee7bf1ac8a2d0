package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Kind;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.Port;
import io.heddle.core.model.PrefixList;
import io.heddle.core.model.Project;
import io.heddle.core.model.Project.Quotas;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.rest.auth.Role;
import io.heddle.vpc.command.CreateProject;
import io.heddle.vpc.command.DeleteProject;
import io.heddle.vpc.command.UpdateProject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/// `/v1/projects`
final class Projects implements ResourceType.Creatable<Project> {

  @Override
  public String path() {
    return "projects";
  }

  @Override
  public String singular() {
    return "Project";
  }

  @Override
  public Kind<Project> kind() {
    return Project.KIND;
  }

  @Override
  public Role toWrite() {
    return Role.ADMIN;
  }

  @Override
  public void describe(Project project, Scene scene, ObjectNode json) {
    quotas(json.putObject("quotas"), project.quotas());
    quotas(json.putObject("usage"), usage(project.id(), scene.image()));
  }

  private static void quotas(ObjectNode json, Quotas quotas) {
    json.put("vpcs", quotas.vpcs())
        .put("subnets", quotas.subnets())
        .put("ports", quotas.ports())
        .put("securityGroups", quotas.securityGroups())
        .put("rules", quotas.rules())
        .put("prefixLists", quotas.prefixLists())
        .put("networkAcls", quotas.networkAcls());
  }

  private static Quotas usage(ProjectId id, Image image) {
    int rules = 0;
    for (SecurityGroup group : image.findBy(SecurityGroup.KIND, SecurityGroup.BY_PROJECT, id)) {
      rules += group.rules().size();
    }
    return new Quotas(
        image.countBy(Vpc.KIND, Vpc.BY_PROJECT, id),
        image.countBy(Subnet.KIND, Subnet.BY_PROJECT, id),
        image.countBy(Port.KIND, Port.BY_PROJECT, id),
        image.countBy(SecurityGroup.KIND, SecurityGroup.BY_PROJECT, id),
        rules,
        image.countBy(PrefixList.KIND, PrefixList.BY_PROJECT, id),
        image.countBy(NetworkAcl.KIND, NetworkAcl.BY_PROJECT, id));
  }

  @Override
  public Command<Project> creation(Fields body, ProjectId project, Supplier<UUID> ids) {
    ProjectId id = body.required("id", ProjectId::new);
    return new CreateProject(
        id,
        body.text("name").orElse(id.value()),
        body.labels(),
        body.object("quotas").map(asked -> asked(asked, Quotas.DEFAULT)).orElse(Quotas.DEFAULT));
  }

  @Override
  public Command<Project> update(Project project, Fields patch, OptionalLong ifMatch) {
    return new UpdateProject(
        project.id(),
        ifMatch,
        patch.patchedName(),
        patch.mergedLabels(project.meta().labels()),
        patch.has("quotas")
            ? Optional.of(
                patch
                    .object("quotas")
                    .map(asked -> asked(asked, project.quotas()))
                    .orElse(Quotas.DEFAULT))
            : Optional.empty());
  }

  private static Quotas asked(Fields fields, Quotas before) {
    Quotas unset = Quotas.DEFAULT;
    return new Quotas(
        count(fields, "vpcs", before.vpcs(), unset.vpcs()),
        count(fields, "subnets", before.subnets(), unset.subnets()),
        count(fields, "ports", before.ports(), unset.ports()),
        count(fields, "securityGroups", before.securityGroups(), unset.securityGroups()),
        count(fields, "rules", before.rules(), unset.rules()),
        count(fields, "prefixLists", before.prefixLists(), unset.prefixLists()),
        count(fields, "networkAcls", before.networkAcls(), unset.networkAcls()));
  }

  private static int count(Fields fields, String name, int before, int unset) {
    return fields.number(name).orElse(fields.has(name) ? unset : before);
  }

  @Override
  public Command<Project> deletion(Project project, OptionalLong ifMatch) {
    return new DeleteProject(project.id(), ifMatch);
  }

  @Override
  public boolean isInManifests() {
    return false;
  }

  @Override
  public List<Project> of(ProjectId project, Scene scene) {
    return scene.image().find(project).stream().toList();
  }
}
