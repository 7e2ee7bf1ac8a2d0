package io.heddle.rest.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Key;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.model.Row;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Fact;
import io.heddle.core.store.Image;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.manifest.Manifest.Catalogued;
import io.heddle.rest.resource.Representation;
import io.heddle.rest.resource.Scene;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// Where one manifest is applied: the draft, and who is called what in it.
final class Workbench {

  private final Manifest manifest;
  private final ProjectId project;
  private final Supplier<UUID> ids;
  private final Draft draft;
  private final Image before;

  /// The project's resources by kind and name; those that are gone since are still in it.
  private final Map<Catalogued<?>, Map<String, Set<Key<?>>>> names = new HashMap<>();

  private final Map<Key<?>, Catalogued<?>> touched = new LinkedHashMap<>();

  Workbench(Manifest manifest, ProjectId project, Supplier<UUID> ids, Draft draft) {
    this.manifest = manifest;
    this.project = project;
    this.ids = ids;
    this.draft = draft;
    this.before = draft.image();
    manifest.types().forEach(this::index);
  }

  private <R extends Resource> void index(Catalogued<R> kind) {
    Map<String, Set<Key<?>>> byName = new HashMap<>();
    for (R row : kind.type().of(project, scene())) {
      byName.computeIfAbsent(row.meta().name(), fresh -> new LinkedHashSet<>()).add(row.key());
    }
    names.put(kind, byName);
  }

  Draft draft() {
    return draft;
  }

  ProjectId project() {
    return project;
  }

  Supplier<UUID> ids() {
    return ids;
  }

  Scene scene() {
    return new Scene.Decided(draft.image());
  }

  /// Decides a step beside the draft, which stays as it is.
  <R> Decision<R> run(Command<R> command) {
    return command.decide(new Draft(draft.image(), draft.revision(), draft.now()));
  }

  /// Takes what a step came to into the draft.
  void adopt(List<Fact> facts) {
    for (Fact fact : facts) {
      switch (fact) {
        case Fact.Put(Row row) -> {
          draft.put(row);
          note(row);
        }
        case Fact.Delete(Key<?> key, var _) -> draft.delete(key);
      }
    }
  }

  private void note(Row row) {
    names.forEach((kind, byName) -> {
      if (row instanceof Resource resource && kind.type().kind().equals(row.key().kind())) {
        byName
            .computeIfAbsent(resource.meta().name(), fresh -> new LinkedHashSet<>())
            .add(row.key());
      }
    });
  }

  void touched(Catalogued<?> kind, Key<?> key) {
    touched.put(key, kind);
  }

  <R extends Resource> ObjectNode shown(Catalogued<R> kind, R row) {
    return Representation.of(kind.type(), row, scene());
  }

  /// Whether nothing that anybody meant is different.
  <R extends Resource> boolean isSame(Catalogued<R> kind, R one, R other) {
    return Likeness.meant(shown(kind, one)).equals(Likeness.meant(shown(kind, other)));
  }

  /// Those of the project with that name, in that VPC where the kind is within one.
  <R extends Resource> List<R> named(Catalogued<R> kind, String name, String vpc) {
    List<R> found = new ArrayList<>();
    for (Key<?> key : names.getOrDefault(kind, Map.of()).getOrDefault(name, Set.of())) {
      draft
          .find(key)
          .map(kind.type().kind().type()::cast)
          .filter(row -> vpc.isEmpty() || vpcOf(kind, row).equals(vpc))
          .ifPresent(found::add);
    }
    return found;
  }

  private <R extends Resource> String vpcOf(Catalogued<R> kind, R row) {
    return kind.isWithinVpc() ? shown(kind, row).path("vpcId").asText() : "";
  }

  /// Whether an entry of the section stands for the row.
  <R extends Resource> boolean isListed(Manifest.Section<R> section, R row) {
    String vpc = vpcOf(section.kind(), row);
    for (ObjectNode entry : section.entries()) {
      String wanted = entry.path("vpcId").asText();
      if (entry.path("name").asText().equals(row.meta().name())
          && (vpc.isEmpty() || wanted.equals(vpc) || isCalled(vpc, wanted))) {
        return true;
      }
    }
    return false;
  }

  private boolean isCalled(String vpc, String name) {
    return kindAt("vpcs").map(kind -> hasId(kind, name, vpc)).orElse(false);
  }

  private <R extends Resource> boolean hasId(Catalogued<R> kind, String name, String id) {
    return named(kind, name, "").stream().anyMatch(row -> row.key().toString().equals(id));
  }

  private Optional<Catalogued<?>> kindAt(String path) {
    for (Catalogued<?> kind : manifest.types()) {
      if (kind.type().path().equals(path)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /// What a name in an entry stands for; nothing while that is still to be made.
  ///
  /// @param path of the kind that is named
  /// @param nearby the VPC of who names it, by name or id: preferred where several have the name
  /// @param at where the entry is
  /// @throws Refusal when nothing has the name, nor ever will
  Optional<String> idOf(String path, String name, String nearby, String at) {
    Catalogued<?> kind = kindAt(path).orElseThrow();
    List<String> found = idsOf(kind, name, nearby);
    if (found.size() == 1) {
      return Optional.of(found.getFirst());
    }
    if (found.isEmpty() && manifest.lists(path, bare(name))) {
      return Optional.empty();
    }
    String why =
        found.isEmpty()
            ? "there is no '%s' among the %s of the manifest or of project %s; give a name or an id"
                .formatted(name, kind.key(), project)
            : "%d of the %s are called '%s'; write VPC/NAME, or give an id"
                .formatted(found.size(), kind.key(), name);
    throw new Refusal(HttpProblem.invalid(at.substring(0, at.length() - 1), why));
  }

  private static String bare(String name) {
    return name.substring(name.indexOf('/') + 1);
  }

  /// Those with that name, or with that name in the VPC before the slash, or in the VPC nearby.
  private <R extends Resource> List<String> idsOf(Catalogued<R> kind, String name, String nearby) {
    List<R> found = named(kind, name, "");
    int slash = name.indexOf('/');
    if (found.isEmpty() && slash > 0) {
      String vpc = name.substring(0, slash);
      found = within(kind, named(kind, bare(name), ""), vpc);
    } else if (found.size() > 1 && !nearby.isEmpty()) {
      found = within(kind, found, nearby);
    }
    return found.stream().map(row -> row.key().toString()).toList();
  }

  private <R extends Resource> List<R> within(Catalogued<R> kind, List<R> rows, String vpc) {
    return rows.stream()
        .filter(row -> vpcOf(kind, row).equals(vpc) || isCalled(vpcOf(kind, row), vpc))
        .toList();
  }

  Plan plan() {
    List<Plan.Change> changes = new ArrayList<>();
    int unchanged = 0;
    for (Map.Entry<Key<?>, Catalogued<?>> each : touched.entrySet()) {
      Optional<Plan.Change> change = change(each.getValue(), each.getKey());
      change.ifPresent(changes::add);
      unchanged += change.isEmpty() ? 1 : 0;
    }
    return new Plan(changes, unchanged);
  }

  private <R extends Resource> Optional<Plan.Change> change(Catalogued<R> kind, Key<?> key) {
    R was = before.find(key).map(kind.type().kind().type()::cast).orElse(null);
    R is = draft.find(key).map(kind.type().kind().type()::cast).orElse(null);
    String word = kind.type().kind().name();
    if (was == null) {
      return Optional.ofNullable(is).map(row -> change(Plan.Action.CREATE, word, row, List.of()));
    }
    if (is == null) {
      return Optional.of(change(Plan.Action.DELETE, word, was, List.of()));
    }
    JsonNode then = Likeness.meant(shown(kind, was));
    JsonNode now = Likeness.meant(shown(kind, is));
    List<String> fields = new ArrayList<>();
    now.fieldNames()
        .forEachRemaining(name -> {
          if (!now.path(name).equals(then.path(name))) {
            fields.add(name);
          }
        });
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(change(Plan.Action.UPDATE, word, is, fields));
  }

  private static Plan.Change change(
      Plan.Action action, String kind, Resource row, List<String> fields) {
    return new Plan.Change(action, kind, row.key().toString(), row.meta().name(), fields);
  }
}
