package io.heddle.rest.handler;

import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.store.Image;
import io.heddle.rest.auth.Role;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.resource.PortPolicy;
import io.heddle.rest.spi.Controller;
import java.util.Map;

/// `/v1/ports/{id}/policy`: what decides over a port's packets.
public final class PolicyHandlers {

  private final Controller controller;

  public PolicyHandlers(Controller controller) {
    this.controller = controller;
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of("readPortPolicy", this::read);
  }

  private Reply read(Request request) {
    request.require(Role.READER);
    Image image = controller.image();
    PortId id = PortId.parse(request.path("id"));
    Port port =
        image
            .find(id)
            .filter(each -> request.caller().sees(each.meta().project()))
            .orElseThrow(() -> new Refusal(HttpProblem.notFound("there is no port " + id)));
    return Reply.json(200, PortPolicy.json(port, image)).at(image.revision());
  }
}
