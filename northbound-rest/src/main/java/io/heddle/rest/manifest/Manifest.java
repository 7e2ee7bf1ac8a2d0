package io.heddle.rest.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Resource;
import io.heddle.rest.contract.Contract;
import io.heddle.rest.contract.Operation;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.resource.ResourceType;
import io.heddle.rest.resource.ResourceType.Creatable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Sections of entries, one section for each kind that it speaks of. Of a kind that it does not
/// speak of, it says nothing.
///
/// @param types every kind that a manifest may speak of, listed or not: what names are looked up in
public record Manifest(List<Section<?>> sections, List<Catalogued<?>> types) {

  public Manifest {
    sections = List.copyOf(sections);
    types = List.copyOf(types);
  }

  /// A kind, and what the contract says of it.
  ///
  /// @param creation the operation that takes what an entry has
  /// @param patchable fields that can be changed once it is there
  public record Catalogued<R extends Resource>(
      Creatable<R> type, String key, Operation creation, Set<String> patchable) {

    boolean isFixed(String field) {
      return !patchable.contains(field);
    }

    boolean isWithinVpc() {
      return creation.fields().contains("vpcId");
    }
  }

  /// All of one kind.
  public record Section<R extends Resource>(Catalogued<R> kind, List<ObjectNode> entries) {
    public Section {
      entries = List.copyOf(entries);
    }

    /// Where an entry is, for problems.
    String at(int index) {
      return "%s[%d].".formatted(kind.key(), index);
    }
  }

  /// The kinds that a manifest may speak of.
  public static List<Catalogued<?>> catalogue(List<ResourceType<?>> types, Contract contract) {
    List<Catalogued<?>> kinds = new ArrayList<>();
    for (ResourceType<?> type : types) {
      if (type instanceof Creatable<?> creatable && creatable.isInManifests()) {
        kinds.add(catalogued(creatable, contract));
      }
    }
    return kinds;
  }

  private static <R extends Resource> Catalogued<R> catalogued(
      Creatable<R> type, Contract contract) {
    Operation creation = contract.operation("create" + type.singular());
    Set<String> patchable = contract.operation("update" + type.singular()).fields();
    return new Catalogued<>(type, key(type.path()), creation, patchable);
  }

  /// `security-groups` is `securityGroups` in a manifest.
  static String key(String path) {
    StringBuilder key = new StringBuilder();
    for (String word : path.split("-", -1)) {
      key.append(
          key.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return key.toString();
  }

  /// @param body as the contract has a manifest
  /// @throws Refusal when an entry stands twice, or says what the manifest says for all
  public static Manifest read(JsonNode body, List<Catalogued<?>> catalogue) {
    List<Section<?>> sections = new ArrayList<>();
    for (Catalogued<?> kind : catalogue) {
      if (body.has(kind.key())) {
        sections.add(section(kind, body.get(kind.key())));
      }
    }
    return new Manifest(sections, catalogue);
  }

  private static <R extends Resource> Section<R> section(Catalogued<R> kind, JsonNode list) {
    List<ObjectNode> entries = new ArrayList<>();
    Set<List<String>> names = new HashSet<>();
    for (JsonNode each : list) {
      Section<R> so = new Section<>(kind, entries);
      String at = so.at(entries.size());
      if (each.has("project")) {
        throw new Refusal(
            HttpProblem.invalid(
                at + "project", "the project is said once, for the whole manifest: leave it out"));
      }
      String name = each.path("name").asText();
      String vpc = kind.isWithinVpc() ? each.path("vpcId").asText() : "";
      if (!names.add(List.of(name, vpc))) {
        throw new Refusal(
            HttpProblem.invalid(
                at + "name",
                "'%s' stands in %s twice; names tell the entries of a manifest apart"
                    .formatted(name, kind.key())));
      }
      entries.add((ObjectNode) each);
    }
    return new Section<>(kind, entries);
  }

  /// Whether an entry of that kind has that name.
  boolean lists(String path, String name) {
    return sections.stream()
        .filter(section -> section.kind().type().path().equals(path))
        .flatMap(section -> section.entries().stream())
        .anyMatch(entry -> entry.path("name").asText().equals(name));
  }
}
