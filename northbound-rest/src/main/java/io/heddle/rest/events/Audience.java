package io.heddle.rest.events;

import io.heddle.core.model.ProjectId;
import io.heddle.rest.auth.Caller;
import java.util.Optional;

/// Who follows, and so what they are told of.
///
/// @param project the only one that is asked about, if one is
public record Audience(Caller caller, Optional<ProjectId> project) {

  boolean sees(RowEvent event) {
    ProjectId owner = event.project();
    boolean may = caller.may(event.toRead()) && (owner == null || caller.sees(owner));
    return may && (project.isEmpty() || project.get().equals(owner));
  }
}
