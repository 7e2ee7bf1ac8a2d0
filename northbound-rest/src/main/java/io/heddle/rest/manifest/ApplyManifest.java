package io.heddle.rest.manifest;

import io.heddle.core.model.Key;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import io.heddle.rest.manifest.Manifest.Catalogued;
import io.heddle.rest.manifest.Manifest.Section;
import io.heddle.rest.resource.Scene;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// Makes a project be as a manifest says: creates, updates and deletes, all or nothing.
///
/// Nobody says in which order: each step is tried against the draft as the others have made it, and
/// again when it was refused and something else went through. What is still refused when nothing
/// goes through any more is the problem. Entries that name each other, or themselves, are first
/// made without the fields that do.
///
/// @param ids fresh ones
public record ApplyManifest(Manifest manifest, ProjectId project, Supplier<UUID> ids)
    implements Command<Plan> {

  @Override
  public Decision<Plan> decide(Draft draft) {
    Workbench bench = new Workbench(manifest, project, ids, draft);
    List<Step> waiting = steps(bench);
    boolean whole = true;
    while (!waiting.isEmpty()) {
      List<Step> left = new ArrayList<>();
      List<Problem> problems = new ArrayList<>();
      boolean progress = false;
      for (Step step : waiting) {
        switch (step.attempt(whole)) {
          case Step.Result.Done() -> progress = true;
          case Step.Result.InPart() -> {
            progress = true;
            left.add(step);
          }
          case Step.Result.NotYet(Problem problem) -> {
            problems.add(problem);
            left.add(step);
          }
          case Step.Result.Never(Problem problem) -> {
            return Decision.rejected(problem);
          }
        }
      }
      if (!progress && !whole) {
        return Decision.rejected(problems.getFirst());
      }
      whole = progress;
      waiting = left;
    }
    return draft.accept(bench.plan());
  }

  /// What goes, the last kind first, then what comes or stays, the first kind first: the order in
  /// which most of it goes through at once.
  private List<Step> steps(Workbench bench) {
    List<Step> steps = new ArrayList<>();
    for (Section<?> section : manifest.sections().reversed()) {
      addDeletions(section, bench, steps);
    }
    for (Section<?> section : manifest.sections()) {
      addEntries(section, bench, steps);
    }
    return steps;
  }

  private <R extends Resource> void addDeletions(
      Section<R> section, Workbench bench, List<Step> steps) {
    Catalogued<R> kind = section.kind();
    Set<String> named = new HashSet<>();
    section.entries().forEach(entry -> named.add(entry.path("name").asText()));
    Scene scene = bench.scene();
    for (R row : kind.type().of(project, scene)) {
      boolean listed = named.contains(row.meta().name()) && bench.isListed(section, row);
      if (!listed && !kind.type().isImplied(row, scene.image())) {
        steps.add(new Deletion<>(kind, key(row), bench));
      }
    }
  }

  private static <R extends Resource> void addEntries(
      Section<R> section, Workbench bench, List<Step> steps) {
    for (int i = 0; i < section.entries().size(); i++) {
      steps.add(new Entry<>(section, i, bench));
    }
  }

  @SuppressWarnings("unchecked") // a row's key has the type of the row
  static <R extends Resource> Key<R> key(R row) {
    return (Key<R>) row.key();
  }
}
