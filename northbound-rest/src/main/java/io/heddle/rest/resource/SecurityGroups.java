package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Kind;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroup.Logging;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.firewall.command.CreateSecurityGroup;
import io.heddle.firewall.command.DeleteSecurityGroup;
import io.heddle.firewall.command.UpdateSecurityGroup;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/// `/v1/security-groups`
final class SecurityGroups implements ResourceType.Creatable<SecurityGroup> {

  private final Supplier<UUID> ids;

  /// @param ids fresh ones, for rules of an update
  SecurityGroups(Supplier<UUID> ids) {
    this.ids = ids;
  }

  @Override
  public String path() {
    return "security-groups";
  }

  @Override
  public String singular() {
    return "SecurityGroup";
  }

  @Override
  public Kind<SecurityGroup> kind() {
    return SecurityGroup.KIND;
  }

  @Override
  public void describe(SecurityGroup group, Scene scene, ObjectNode json) {
    json.put("vpcId", group.vpc().toString());
    ArrayNode rules = json.putArray("rules");
    group.rules().forEach(rule -> rules.add(SecurityRules.json(rule)));
    json.putObject("logging")
        .put("drops", group.logging().drops())
        .put("accepts", group.logging().accepts());
  }

  @Override
  public Command<SecurityGroup> creation(Fields body, ProjectId project, Supplier<UUID> fresh) {
    return new CreateSecurityGroup(
        new SecurityGroupId(fresh.get()),
        project,
        body.required("vpcId", VpcId::parse),
        body.text("name").orElse(""),
        body.labels(),
        rules(body, fresh).orElse(List.of()),
        logging(body, Logging.OFF).orElse(Logging.OFF));
  }

  @Override
  public Command<SecurityGroup> update(SecurityGroup group, Fields patch, OptionalLong ifMatch) {
    return new UpdateSecurityGroup(
        group.id(),
        group.meta().project(),
        ifMatch,
        patch.patchedName(),
        patch.mergedLabels(group.meta().labels()),
        rules(patch, ids),
        logging(patch, group.logging()));
  }

  /// Merged into what is there; null turns all of it off.
  private static Optional<Logging> logging(Fields body, Logging before) {
    if (!body.has("logging")) {
      return Optional.empty();
    }
    return Optional.of(
        body.object("logging")
            .map(wanted ->
                new Logging(
                    wanted.flag("drops").orElse(before.drops()),
                    wanted.flag("accepts").orElse(before.accepts())))
            .orElse(Logging.OFF));
  }

  private static Optional<List<SecurityRule>> rules(Fields body, Supplier<UUID> ids) {
    return body.objects("rules")
        .map(rules -> rules.stream().map(rule -> SecurityRules.read(rule, ids.get())).toList());
  }

  @Override
  public Command<SecurityGroup> deletion(SecurityGroup group, OptionalLong ifMatch) {
    return new DeleteSecurityGroup(group.id(), group.meta().project(), ifMatch);
  }

  @Override
  public List<Filter<SecurityGroup>> filters() {
    return List.of(
        new Filter<>(
            "vpcId",
            text -> VpcId.parse(text).toString(),
            (image, vpc) ->
                image.findBy(SecurityGroup.KIND, SecurityGroup.BY_VPC, VpcId.parse(vpc)),
            (group, image) -> List.of(group.vpc().toString())));
  }

  @Override
  public boolean isImplied(SecurityGroup group, Image image) {
    return image.find(group.vpc()).filter(vpc -> vpc.defaultGroup().equals(group.id())).isPresent();
  }

  @Override
  public List<SecurityGroup> of(ProjectId project, Scene scene) {
    return List.copyOf(scene.image().findBy(SecurityGroup.KIND, SecurityGroup.BY_PROJECT, project));
  }
}
