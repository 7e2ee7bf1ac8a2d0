package io.heddle.rest.relay;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.UnreadableException;
import io.heddle.rest.auth.Caller;
import io.heddle.rest.auth.Role;
import io.heddle.rest.handler.Request;
import io.heddle.rest.http.RequestId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request on its way to the leader.
///
/// @param operation the operation's id in the contract
/// @param mediaType of the body; empty where there is none
record RelayedRequest(String operation, String mediaType, Request request) {

  byte[] bytes() {
    Caller caller = request.caller();
    ProjectId project = caller.project();
    return RelayJson.write(
        new Wire(
            operation,
            mediaType,
            request.id(),
            new Who(caller.subject(), caller.role(), project == null ? null : project.value()),
            request.target(),
            request.parameters(),
            request.body()));
  }

  /// @throws UnreadableException when this build would not have written it
  static RelayedRequest read(byte[] bytes) {
    Wire wire = RelayJson.read(bytes, Wire.class);
    try {
      Who who = wire.caller;
      ProjectId project = who.project == null ? null : new ProjectId(who.project);
      Caller caller = new Caller(who.subject, who.role, project);
      return new RelayedRequest(
          wire.operation,
          wire.mediaType,
          new Request(wire.id, caller, wire.target, wire.parameters, wire.body));
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("a relayed request names nobody: " + e.getMessage(), e);
    }
  }

  private record Wire(
      String operation,
      String mediaType,
      RequestId id,
      Who caller,
      String target,
      Map<String, String> parameters,
      JsonNode body) {}

  private record Who(String subject, Role role, @Nullable String project) {}
}
