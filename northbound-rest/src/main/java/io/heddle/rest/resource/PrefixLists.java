package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Kind;
import io.heddle.core.model.PrefixList;
import io.heddle.core.model.PrefixListId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.firewall.command.CreatePrefixList;
import io.heddle.firewall.command.DeletePrefixList;
import io.heddle.firewall.command.UpdatePrefixList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/// `/v1/prefix-lists`
final class PrefixLists implements ResourceType.Creatable<PrefixList> {

  @Override
  public String path() {
    return "prefix-lists";
  }

  @Override
  public String singular() {
    return "PrefixList";
  }

  @Override
  public Kind<PrefixList> kind() {
    return PrefixList.KIND;
  }

  @Override
  public void describe(PrefixList list, Scene scene, ObjectNode json) {
    ArrayNode entries = json.putArray("entries");
    for (PrefixList.Entry entry : list.entries()) {
      entries
          .addObject()
          .put("cidr", entry.cidr().toString())
          .put("description", entry.description());
    }
  }

  @Override
  public Command<PrefixList> creation(Fields body, ProjectId project, Supplier<UUID> ids) {
    return new CreatePrefixList(
        new PrefixListId(ids.get()),
        project,
        body.text("name").orElse(""),
        body.labels(),
        entries(body).orElse(List.of()));
  }

  @Override
  public Command<PrefixList> update(PrefixList list, Fields patch, OptionalLong ifMatch) {
    return new UpdatePrefixList(
        list.id(),
        list.meta().project(),
        ifMatch,
        patch.patchedName(),
        patch.mergedLabels(list.meta().labels()),
        entries(patch));
  }

  private static Optional<List<PrefixList.Entry>> entries(Fields body) {
    return body.objects("entries")
        .map(entries ->
            entries.stream()
                .map(entry ->
                    new PrefixList.Entry(
                        entry.required("cidr", IpPrefix::parse),
                        entry.text("description").orElse("")))
                .toList());
  }

  @Override
  public Command<PrefixList> deletion(PrefixList list, OptionalLong ifMatch) {
    return new DeletePrefixList(list.id(), list.meta().project(), ifMatch);
  }

  @Override
  public List<Filter<PrefixList>> filters() {
    return List.of();
  }

  @Override
  public List<PrefixList> of(ProjectId project, Scene scene) {
    return List.copyOf(scene.image().findBy(PrefixList.KIND, PrefixList.BY_PROJECT, project));
  }
}
