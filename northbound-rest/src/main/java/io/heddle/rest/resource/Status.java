package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.rest.http.Json;
import io.heddle.rest.spi.Controller.Standing;

/// A resource's `status`.
public record Status(State state, String reason) {

  public enum State {
    PENDING("pending"),
    ACTIVE("active"),
    DEGRADED("degraded");

    private final String text;

    State(String text) {
      this.text = text;
    }
  }

  static Status of(Standing standing) {
    return switch (standing) {
      case Standing.Active() -> new Status(State.ACTIVE, "");
      case Standing.Pending(String reason) -> new Status(State.PENDING, reason);
      case Standing.Degraded(String reason) -> new Status(State.DEGRADED, reason);
    };
  }

  ObjectNode json() {
    return Json.object().put("state", state.text).put("reason", reason);
  }
}
