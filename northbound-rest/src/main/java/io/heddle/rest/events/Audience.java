package io.heddle.rest.events;

import io.heddle.core.model.ProjectId;
import io.heddle.rest.auth.Caller;
import java.util.List;
import java.util.Optional;

/// Who follows, and so what they are told of.
///
/// @param project the only one that is asked about, if one is
public record Audience(Caller caller, Optional<ProjectId> project) {

  boolean sees(RowEvent event) {
    List<ProjectId> parties = event.parties();
    boolean may =
        caller.may(event.toRead())
            && (parties.isEmpty() || parties.stream().anyMatch(caller::sees));
    return may && (project.isEmpty() || parties.contains(project.get()));
  }
}
