package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Kind;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.firewall.command.CreateNetworkAcl;
import io.heddle.firewall.command.DeleteNetworkAcl;
import io.heddle.firewall.command.UpdateNetworkAcl;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/// `/v1/network-acls`
final class NetworkAcls implements ResourceType.Creatable<NetworkAcl> {

  @Override
  public String path() {
    return "network-acls";
  }

  @Override
  public String singular() {
    return "NetworkAcl";
  }

  @Override
  public Kind<NetworkAcl> kind() {
    return NetworkAcl.KIND;
  }

  @Override
  public void describe(NetworkAcl acl, Scene scene, ObjectNode json) {
    json.put("vpcId", acl.vpc().toString());
    ArrayNode entries = json.putArray("entries");
    acl.entries().forEach(entry -> entries.add(AclEntries.json(entry)));
  }

  @Override
  public Command<NetworkAcl> creation(Fields body, ProjectId project, Supplier<UUID> ids) {
    return new CreateNetworkAcl(
        new NetworkAclId(ids.get()),
        project,
        body.required("vpcId", VpcId::parse),
        body.text("name").orElse(""),
        body.labels(),
        entries(body).orElse(List.of()));
  }

  @Override
  public Command<NetworkAcl> update(NetworkAcl acl, Fields patch, OptionalLong ifMatch) {
    return new UpdateNetworkAcl(
        acl.id(),
        acl.meta().project(),
        ifMatch,
        patch.patchedName(),
        patch.mergedLabels(acl.meta().labels()),
        entries(patch));
  }

  private static Optional<List<NetworkAcl.Entry>> entries(Fields body) {
    return body.objects("entries").map(entries -> entries.stream().map(AclEntries::read).toList());
  }

  @Override
  public Command<NetworkAcl> deletion(NetworkAcl acl, OptionalLong ifMatch) {
    return new DeleteNetworkAcl(acl.id(), acl.meta().project(), ifMatch);
  }

  @Override
  public List<Filter<NetworkAcl>> filters() {
    return List.of(
        new Filter<>(
            "vpcId",
            text -> VpcId.parse(text).toString(),
            (image, vpc) -> image.findBy(NetworkAcl.KIND, NetworkAcl.BY_VPC, VpcId.parse(vpc)),
            (acl, image) -> List.of(acl.vpc().toString())));
  }

  @Override
  public List<NetworkAcl> of(ProjectId project, Scene scene) {
    return List.copyOf(scene.image().findBy(NetworkAcl.KIND, NetworkAcl.BY_PROJECT, project));
  }
}
