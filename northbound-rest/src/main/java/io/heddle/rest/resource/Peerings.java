package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.vpc.command.CreatePeering;
import io.heddle.vpc.command.DeletePeering;
import io.heddle.vpc.command.UpdatePeering;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/// `/v1/peerings`: the requester's project owns one, and the accepter's sees it too.
public final class Peerings implements ResourceType.Creatable<Peering> {

  @Override
  public String path() {
    return "peerings";
  }

  @Override
  public String singular() {
    return "Peering";
  }

  @Override
  public Kind<Peering> kind() {
    return Peering.KIND;
  }

  @Override
  public List<ProjectId> projects(Peering peering) {
    return peering.projects();
  }

  /// Nothing of either VPC but its id.
  @Override
  public void describe(Peering peering, Scene scene, ObjectNode json) {
    json.put("requesterVpcId", peering.requester().toString())
        .put("accepterVpcId", peering.accepter().toString())
        .put("state", state(peering));
  }

  private static String state(Peering peering) {
    return switch (peering.state()) {
      case PENDING_ACCEPTANCE -> "pendingAcceptance";
      case ACTIVE -> "active";
      case REJECTED -> "rejected";
    };
  }

  @Override
  public Command<Peering> creation(Fields body, ProjectId project, Supplier<UUID> ids) {
    return new CreatePeering(
        new PeeringId(ids.get()),
        project,
        body.required("requesterVpcId", VpcId::parse),
        body.required("accepterVpcId", VpcId::parse),
        body.text("name").orElse(""),
        body.labels());
  }

  @Override
  public Command<Peering> update(Peering peering, Fields patch, OptionalLong ifMatch) {
    return new UpdatePeering(
        peering.id(),
        peering.meta().project(),
        ifMatch,
        patch.patchedName(),
        patch.mergedLabels(peering.meta().labels()));
  }

  @Override
  public Command<Peering> deletion(Peering peering, OptionalLong ifMatch) {
    return deletion(peering, peering.meta().project(), ifMatch);
  }

  @Override
  public Command<Peering> deletion(Peering peering, ProjectId by, OptionalLong ifMatch) {
    return new DeletePeering(peering.id(), by, ifMatch);
  }

  @Override
  public List<Filter<Peering>> filters() {
    return List.of(
        new Filter<>(
            "vpcId",
            text -> VpcId.parse(text).toString(),
            (image, vpc) -> image.findBy(Peering.KIND, Peering.BY_VPC, VpcId.parse(vpc)),
            (peering, image) ->
                List.of(peering.requester().toString(), peering.accepter().toString())));
  }

  /// It takes two projects to have one, and a manifest is one's.
  @Override
  public boolean isInManifests() {
    return false;
  }

  @Override
  public List<Peering> of(ProjectId project, Scene scene) {
    return List.copyOf(scene.image().findBy(Peering.KIND, Peering.BY_PROJECT, project));
  }
}
