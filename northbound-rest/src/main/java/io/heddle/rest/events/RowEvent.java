package io.heddle.rest.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.ProjectId;
import io.heddle.rest.auth.Role;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.RequestId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One row that a revision changed.
///
/// @param kind and
/// @param id name the row
/// @param project whose it is or was; null for what belongs to none
/// @param parties the projects that it exists for; none for what belongs to none
/// @param toRead the role that reads such rows
record RowEvent(
    Position position,
    Change change,
    String kind,
    String id,
    @Nullable ProjectId project,
    List<ProjectId> parties,
    Role toRead,
    Origin origin) {

  RowEvent {
    parties = List.copyOf(parties);
  }

  enum Change {
    CREATED,
    UPDATED,
    DELETED
  }

  /// What all changes of one command share.
  ///
  /// @param request as the log has it
  record Origin(String author, String request, Instant at) {}

  /// As server-sent events have it: the lines of one event, and an empty one.
  String text() {
    String word = change.name().toLowerCase(Locale.ROOT);
    ObjectNode json =
        Json.object()
            .put("revision", position.revision())
            .put("change", word)
            .put("kind", kind)
            .put("id", id)
            .put("project", project == null ? null : project.value())
            .put("author", origin.author())
            .put("requestId", RequestId.shown(origin.request()))
            .put("at", origin.at().toString());
    return "id: %s\nevent: %s\ndata: %s\n\n"
        .formatted(position, word, new String(Json.write(json), StandardCharsets.UTF_8));
  }
}
