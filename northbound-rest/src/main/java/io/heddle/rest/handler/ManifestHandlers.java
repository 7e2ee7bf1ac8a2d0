package io.heddle.rest.handler;

import io.heddle.core.model.Key;
import io.heddle.core.model.Meta;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.model.Row;
import io.heddle.core.store.Fact;
import io.heddle.core.store.Submission;
import io.heddle.rest.auth.Role;
import io.heddle.rest.contract.Contract;
import io.heddle.rest.http.Reply;
import io.heddle.rest.manifest.ApplyManifest;
import io.heddle.rest.manifest.Manifest;
import io.heddle.rest.manifest.Manifest.Catalogued;
import io.heddle.rest.manifest.Manifest.Section;
import io.heddle.rest.manifest.Plan;
import io.heddle.rest.manifest.Plan.Action;
import io.heddle.rest.resource.Fields;
import io.heddle.rest.resource.ResourceType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/// `/v1/manifest`: a project's networks as one document.
public final class ManifestHandlers {

  private final List<Catalogued<?>> catalogue;
  private final Writes writes;
  private final Supplier<UUID> ids;

  public ManifestHandlers(
      List<ResourceType<?>> types, Contract contract, Writes writes, Supplier<UUID> ids) {
    this.catalogue = Manifest.catalogue(types, contract);
    this.writes = writes;
    this.ids = ids;
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of("applyManifest", Handler.deciding(this::apply, this::recall));
  }

  private Reply apply(Request request) throws InterruptedException {
    request.require(Role.MEMBER);
    Manifest manifest = Manifest.read(request.body(), catalogue);
    for (Section<?> section : manifest.sections()) {
      request.require(section.kind().type().toWrite());
    }
    ProjectId project = ResourceHandlers.project(request, new Fields(request.body(), ""));
    ApplyManifest command = new ApplyManifest(manifest, project, ids);
    if (request.isDryRun()) {
      return Reply.json(200, writes.decide(command).result().json(true));
    }
    return writes.commit(
        request,
        Submission.of(command, request.caller().subject(), "apply a manifest").inTurnOf(project),
        (plan, image) -> Reply.json(200, plan.json(false)));
  }

  /// What the facts tell of the plan: which fields were changed is not in them.
  private Reply recall(Request request, Recalled recalled) throws InterruptedException {
    Map<Key<?>, Plan.Change> changes = new LinkedHashMap<>();
    for (Fact fact : recalled.facts()) {
      Key<?> key = fact.key();
      if (catalogue.stream().anyMatch(kind -> kind.type().kind().equals(key.kind()))) {
        changes.put(
            key,
            switch (fact) {
              case Fact.Put(Row row) -> put(key, ((Resource) row).meta());
              case Fact.Delete gone -> change(Action.DELETE, key, "");
            });
      }
    }
    Plan plan = new Plan(List.copyOf(changes.values()), 0);
    return writes.recall(request, recalled.revision(), () -> Reply.json(200, plan.json(false)));
  }

  private static Plan.Change put(Key<?> key, Meta meta) {
    boolean fresh = meta.createdAt().equals(meta.updatedAt());
    return change(fresh ? Action.CREATE : Action.UPDATE, key, meta.name());
  }

  private static Plan.Change change(Action action, Key<?> key, String name) {
    return new Plan.Change(action, key.kind().name(), key.toString(), name, List.of());
  }
}
