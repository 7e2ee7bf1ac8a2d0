package io.heddle.core.store;

import io.heddle.core.model.Meta;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/// What tests of the store share: surroundings that are the same at every run, and small commands.
public final class Rig {

  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  static final int PATIENCE_SECONDS = 30;

  private Rig() {}

  /// Ids and keys from a seed; what stops the node lands in `stopped`.
  public static Store.Environment environment(
      String node, long seed, AtomicReference<Throwable> stopped) {
    return environment(node, seed, InstantSource.fixed(START), stopped);
  }

  public static Store.Environment environment(
      String node, long seed, InstantSource clock, AtomicReference<Throwable> stopped) {
    Random random = new Random(seed);
    return new Store.Environment(
        node,
        clock,
        random,
        () -> new UUID(random.nextLong(), random.nextLong()),
        Owner.thread("store-" + node),
        stopped::set);
  }

  public static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("did not come in %d s".formatted(PATIENCE_SECONDS), e);
    } catch (ExecutionException e) {
      throw new AssertionError("failed", e.getCause());
    }
  }

  public static Project project(String id) {
    return project(id, Project.Quotas.DEFAULT.vpcs());
  }

  public static Project project(String id, int vpcs) {
    ProjectId project = new ProjectId(id);
    return new Project(
        project,
        new Meta(id, project, Map.of(), 1, START, START),
        new Project.Quotas(vpcs, 1, 1, 1, 1));
  }

  /// Creates a project, or refuses because it is there.
  public static Command<ProjectId> create(String id) {
    return draft -> {
      ProjectId project = new ProjectId(id);
      if (draft.find(project).isPresent()) {
        return Decision.rejected(
            Problem.conflict("id", "project %s exists".formatted(id), java.util.List.of(id)));
      }
      draft.put(project(id));
      return draft.accept(project);
    };
  }

  public static Submission<ProjectId> creation(String id) {
    return Submission.of(create(id), "tester", "create project " + id);
  }
}
