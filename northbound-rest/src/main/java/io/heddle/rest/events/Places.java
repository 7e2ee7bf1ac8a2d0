package io.heddle.rest.events;

import io.heddle.core.model.ProjectId;
import io.heddle.rest.auth.Caller;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// How many may follow at once, in all and of one project. Any thread.
public final class Places {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final int limit;
  private final int limitOfProject;
  private final Map<ProjectId, Integer> ofProjects = new HashMap<>();
  private int taken;

  public Places(int limit, int limitOfProject) {
    this.limit = limit;
    this.limitOfProject = limitOfProject;
  }

  /// @return what gives the place back, once
  /// @throws Refusal when there is none left
  public synchronized Runnable take(Caller caller) {
    if (taken >= limit) {
      throw new Refusal(
          HttpProblem.unavailable(
              "%d clients follow events on this node, which is the limit; ask another node, or try again later"
                  .formatted(limit),
              RETRY_AFTER));
    }
    caller.confinedTo().ifPresent(this::takeOf);
    taken++;
    AtomicBoolean back = new AtomicBoolean();
    return () -> {
      if (!back.getAndSet(true)) {
        giveBack(caller);
      }
    };
  }

  private void takeOf(ProjectId project) {
    int before = ofProjects.getOrDefault(project, 0);
    if (before >= limitOfProject) {
      throw new Refusal(
          HttpProblem.of(
                  429,
                  "too-many-requests",
                  "Too many requests",
                  "%d clients of project %s follow events on this node, which is the limit; close one first"
                      .formatted(limitOfProject, project))
              .with("Retry-After", Long.toString(RETRY_AFTER.toSeconds())));
    }
    ofProjects.put(project, before + 1);
  }

  private synchronized void giveBack(Caller caller) {
    taken--;
    caller
        .confinedTo()
        .ifPresent(project ->
            ofProjects.computeIfPresent(project, (same, count) -> count == 1 ? null : count - 1));
  }

  public synchronized int taken() {
    return taken;
  }
}
