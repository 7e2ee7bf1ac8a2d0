package io.heddle.core.intent;

import io.heddle.core.model.Key;
import io.heddle.core.model.Meta;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import io.heddle.core.store.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/// The questions that every command asks before it writes.
public final class Checks {

  public static final int MAX_LABELS = 32;
  private static final int MAX_LABEL_VALUE = 255;
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._:/-]{0,127}|");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");

  private Checks() {}

  /// The row, or "no such thing" in the words of whoever named it.
  ///
  /// @param field the request's field that named it, or empty where the path did
  public static <R extends Resource> R existing(Draft draft, Key<R> key, String field) {
    return draft
        .find(key)
        .orElseThrow(() ->
            new Refused(
                field.isEmpty()
                    ? Problem.notFound("", "there is no %s %s".formatted(key.kind(), key))
                    : Problem.invalid(field, "there is no %s %s".formatted(key.kind(), key))));
  }

  /// The row, if it belongs to the project; what belongs to another does not exist.
  public static <R extends Resource> R owned(
      Draft draft, Key<R> key, ProjectId project, String field) {
    R row = existing(draft, key, field);
    if (!row.meta().project().equals(project)) {
      throw new Refused(
          field.isEmpty()
              ? Problem.notFound("", "there is no %s %s".formatted(key.kind(), key))
              : Problem.invalid(field, "there is no %s %s".formatted(key.kind(), key)));
    }
    return row;
  }

  /// Refuses when the row has moved on since the caller read it.
  public static void ifMatch(Resource row, OptionalLong wanted) {
    if (wanted.isPresent() && wanted.getAsLong() != row.meta().revision()) {
      throw new Refused(
          Problem.preconditionFailed(
              "%s %s is at revision %d, not %d; read it again and repeat the change"
                  .formatted(
                      row.key().kind(), row.key(), row.meta().revision(), wanted.getAsLong())));
    }
  }

  /// Refuses when others still use the row.
  public static void unused(Resource row, Collection<? extends Resource> users) {
    if (!users.isEmpty()) {
      throw new Refused(
          Problem.inUse(
              "%s %s is still used by %d of these; delete or move them first"
                  .formatted(row.key().kind(), row.key(), users.size()),
              names(users)));
    }
  }

  /// At most this many users are named in a problem.
  private static final int MAX_NAMED = 20;

  public static List<String> names(Collection<? extends Resource> rows) {
    return rows.stream()
        .map(row -> row.key().kind() + " " + row.key())
        .sorted()
        .limit(MAX_NAMED)
        .toList();
  }

  public static void name(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new Refused(
          Problem.invalid(
              "name",
              "'%s' is not a name; use up to 128 letters, digits, spaces and '._:/-', beginning with a letter or digit"
                  .formatted(name)));
    }
  }

  public static void labels(Map<String, String> labels) {
    if (labels.size() > MAX_LABELS) {
      throw new Refused(
          Problem.invalid(
              "labels", "%d labels; at most %d are kept".formatted(labels.size(), MAX_LABELS)));
    }
    labels.forEach((label, value) -> {
      if (!LABEL.matcher(label).matches() || value.length() > MAX_LABEL_VALUE) {
        throw new Refused(
            Problem.invalid(
                "labels",
                "label '%s'='%s': keys have up to 63 letters, digits and '._/-', values up to %d characters"
                    .formatted(label, value, MAX_LABEL_VALUE)));
      }
    });
  }

  /// Refuses an id that is taken, and a creation over the project's quota.
  ///
  /// @param held how many of the kind the project has before this creation
  public static Project roomFor(
      Draft draft, Key<?> id, ProjectId projectId, ToIntFunction<Project.Quotas> limit, int held) {
    Project project = existing(draft, projectId, "project");
    if (held >= limit.applyAsInt(project.quotas())) {
      throw new Refused(
          Problem.exhausted(
              "",
              "project %s has %d of its %d %ss; raise the quota or delete some"
                  .formatted(projectId, held, limit.applyAsInt(project.quotas()), id.kind())));
    }
    return project;
  }

  /// A number for a new row, or a problem that says which space is used up.
  public static long number(Draft draft, Numbers.Space space) {
    return Numbers.take(draft, space)
        .orElseThrow(() ->
            new Refused(
                Problem.exhausted(
                    "", "all numbers of " + space.name() + " are in use; delete something")));
  }

  /// The common part after an update of name and labels, each only where given.
  public static Meta renamed(
      Draft draft, Meta meta, Optional<String> name, Optional<Map<String, String>> labels) {
    name.ifPresent(Checks::name);
    labels.ifPresent(Checks::labels);
    return meta.updated(
        name.orElse(meta.name()), labels.orElse(meta.labels()), draft.revision(), draft.now());
  }
}
