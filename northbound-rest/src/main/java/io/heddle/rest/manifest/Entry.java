package io.heddle.rest.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Problem;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.manifest.Manifest.Catalogued;
import io.heddle.rest.manifest.Manifest.Section;
import io.heddle.rest.resource.Fields;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// One entry of a manifest: created where it is not there, changed where it is otherwise.
record Entry<R extends Resource>(Section<R> section, int index, Workbench bench) implements Step {

  @Override
  public Result attempt(boolean whole) {
    ObjectNode written = section.entries().get(index);
    try {
      References.Resolved resolved =
          References.resolve(
              written,
              (kind, name) -> bench.idOf(kind, name, written.path("vpcId").asText(), at()));
      List<R> found = bench.named(kind(), written.path("name").asText(), vpcOf(resolved.entry()));
      if (found.size() > 1) {
        return new Result.NotYet(ambiguous(found));
      }
      if (resolved.open().isEmpty()) {
        return found.isEmpty()
            ? create(resolved.entry(), true)
            : update(found.getFirst(), resolved);
      }
      boolean possible = resolved.open().keySet().stream().noneMatch(this::isRequired);
      return whole || !found.isEmpty() || !possible
          ? new Result.NotYet(open(resolved))
          : create(resolved.entry(), false);
    } catch (Refusal refusal) {
      HttpProblem problem = refusal.problem();
      return new Result.Never(Problem.invalid(problem.field(), problem.detail()));
    }
  }

  private Catalogued<R> kind() {
    return section.kind();
  }

  private String at() {
    return section.at(index);
  }

  private boolean isRequired(String field) {
    return kind().creation().requiredFields().contains(field);
  }

  private String vpcOf(ObjectNode entry) {
    return kind().isWithinVpc() ? entry.path("vpcId").asText() : "";
  }

  private Result create(ObjectNode entry, boolean complete) {
    ObjectNode given = withoutNulls(entry);
    check(given);
    Command<R> command =
        kind().type().creation(new Fields(given, at()), bench.project(), bench.ids());
    return switch (bench.run(command)) {
      case Decision.Accepted<R>(R row, var facts) -> {
        bench.adopt(facts);
        bench.touched(kind(), ApplyManifest.key(row));
        yield complete ? new Result.Done() : new Result.InPart();
      }
      case Decision.Rejected<R>(Problem problem) -> new Result.NotYet(placed(problem));
    };
  }

  private static ObjectNode withoutNulls(ObjectNode entry) {
    ObjectNode given = entry.objectNode();
    entry
        .properties()
        .forEach(field -> {
          if (!field.getValue().isNull()) {
            given.set(field.getKey(), field.getValue());
          }
        });
    return given;
  }

  /// @throws Refusal when the contract would not take it as a creation
  private void check(ObjectNode given) {
    try {
      kind().creation().check(Reply.JSON, given);
    } catch (Refusal refusal) {
      HttpProblem problem = refusal.problem();
      throw new Refusal(HttpProblem.invalid(at() + problem.field(), problem.detail()));
    }
  }

  private Result update(R row, References.Resolved resolved) {
    check(withoutNulls(resolved.entry()));
    ObjectNode current = bench.shown(kind(), row);
    ObjectNode patch = current.objectNode();
    for (Map.Entry<String, JsonNode> field : resolved.entry().properties()) {
      String name = field.getKey();
      JsonNode now = current.path(name);
      if (name.equals("name") || Likeness.holds(now, field.getValue())) {
        continue;
      }
      if (kind().isFixed(name)) {
        return new Result.Never(fixed(name, now, field.getValue()));
      }
      patch.set(name, name.equals("labels") ? labels(now, field.getValue()) : field.getValue());
    }
    bench.touched(kind(), ApplyManifest.key(row));
    return patch.isEmpty() ? new Result.Done() : update(row, patch);
  }

  private Result update(R row, ObjectNode patch) {
    Command<R> command = kind().type().update(row, new Fields(patch, at()), OptionalLong.empty());
    return switch (bench.run(command)) {
      case Decision.Accepted<R>(R changed, var facts) -> {
        if (!bench.isSame(kind(), row, changed)) {
          bench.adopt(facts);
        }
        yield new Result.Done();
      }
      case Decision.Rejected<R>(Problem problem) -> new Result.NotYet(placed(problem));
    };
  }

  /// All labels are as they are written: those that are not, go.
  private static JsonNode labels(JsonNode now, JsonNode written) {
    if (!written.isObject()) {
      return written;
    }
    ObjectNode patch = written.deepCopy();
    now.fieldNames()
        .forEachRemaining(name -> {
          if (!patch.has(name)) {
            patch.putNull(name);
          }
        });
    return patch;
  }

  private Problem placed(Problem problem) {
    boolean already = problem.field().startsWith(at());
    return new Problem(
        problem.type(),
        problem.detail(),
        already ? problem.field() : at() + problem.field(),
        problem.conflicts());
  }

  private Problem open(References.Resolved resolved) {
    Map.Entry<String, String> first = resolved.open().entrySet().iterator().next();
    return Problem.conflict(
        at() + first.getKey(),
        "'%s' is in the manifest, but could not be made before what names it"
            .formatted(first.getValue()),
        List.of());
  }

  private Problem ambiguous(List<R> found) {
    return Problem.conflict(
        at() + "name",
        "%d resources of the project are called '%s' already; give all but one another name"
            .formatted(found.size(), found.getFirst().meta().name()),
        found.stream().map(row -> row.key().kind() + " " + row.key()).toList());
  }

  private Problem fixed(String name, JsonNode now, JsonNode wanted) {
    return Problem.conflict(
        at() + name,
        "%s is %s and can't become %s; another name makes another resource"
            .formatted(name, now, wanted),
        List.of());
  }
}
