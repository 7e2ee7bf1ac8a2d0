package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Meta;
import io.heddle.core.model.Resource;
import io.heddle.rest.http.Json;
import java.util.Collection;
import java.util.TreeMap;

/// A resource in JSON: what all have in common, then what its type adds.
public final class Representation {

  private Representation() {}

  public static <R extends Resource> ObjectNode of(ResourceType<R> type, R row, Scene scene) {
    Meta meta = row.meta();
    ObjectNode json =
        Json.object()
            .put("id", row.key().toString())
            .put("name", meta.name())
            .put("project", meta.project().toString());
    ObjectNode labels = json.putObject("labels");
    new TreeMap<>(meta.labels()).forEach(labels::put);
    json.put("revision", meta.revision())
        .put("createdAt", meta.createdAt().toString())
        .put("updatedAt", meta.updatedAt().toString());
    json.set("status", type.status(row, scene).json());
    type.describe(row, scene, json);
    return json;
  }

  static void texts(ArrayNode array, Collection<?> values) {
    values.forEach(value -> array.add(value.toString()));
  }
}
