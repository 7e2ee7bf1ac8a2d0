package io.heddle.core.model;

import java.time.Instant;
import java.util.Map;

/// What every resource carries.
///
/// @param revision the revision that changed it last: its ETag
public record Meta(
    String name,
    ProjectId project,
    Map<String, String> labels,
    long revision,
    Instant createdAt,
    Instant updatedAt) {

  public Meta {
    labels = Map.copyOf(labels);
  }

  public Meta updated(String newName, Map<String, String> newLabels, long at, Instant now) {
    return new Meta(newName, project, newLabels, at, createdAt, now);
  }
}
