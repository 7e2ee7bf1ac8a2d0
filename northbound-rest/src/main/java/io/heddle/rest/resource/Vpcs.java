package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Kind;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.vpc.command.CreateVpc;
import io.heddle.vpc.command.DeleteVpc;
import io.heddle.vpc.command.UpdateVpc;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/// `/v1/vpcs`
final class Vpcs implements ResourceType.Creatable<Vpc> {

  @Override
  public String path() {
    return "vpcs";
  }

  @Override
  public String singular() {
    return "Vpc";
  }

  @Override
  public Kind<Vpc> kind() {
    return Vpc.KIND;
  }

  @Override
  public void describe(Vpc vpc, Scene scene, ObjectNode json) {
    Representation.texts(json.putArray("cidrs"), vpc.cidrs());
    Representation.texts(json.putArray("ipv6Cidrs"), vpc.ipv6Cidrs());
    RouteTableId main = RouteTableId.mainOf(vpc.id());
    json.put("defaultSecurityGroupId", vpc.defaultGroup().toString())
        .put(
            "mainRouteTableId",
            scene.image().find(main).map(table -> table.id().toString()).orElse(null));
  }

  @Override
  public Command<Vpc> creation(Fields body, ProjectId project, Supplier<UUID> ids) {
    return new CreateVpc(
        new VpcId(ids.get()),
        new SecurityGroupId(ids.get()),
        project,
        body.text("name").orElse(""),
        body.labels(),
        body.list("cidrs", Ipv4Prefix::parse).orElse(List.of()),
        body.list("ipv6Cidrs", Ipv6Prefix::parse).orElse(List.of()));
  }

  @Override
  public Command<Vpc> update(Vpc vpc, Fields patch, OptionalLong ifMatch) {
    return new UpdateVpc(
        vpc.id(),
        vpc.meta().project(),
        ifMatch,
        patch.patchedName(),
        patch.mergedLabels(vpc.meta().labels()),
        patch.list("cidrs", Ipv4Prefix::parse),
        patch.list("ipv6Cidrs", Ipv6Prefix::parse));
  }

  @Override
  public Command<Vpc> deletion(Vpc vpc, OptionalLong ifMatch) {
    return new DeleteVpc(vpc.id(), vpc.meta().project(), ifMatch);
  }

  @Override
  public List<Vpc> of(ProjectId project, Scene scene) {
    return List.copyOf(scene.image().findBy(Vpc.KIND, Vpc.BY_PROJECT, project));
  }
}
