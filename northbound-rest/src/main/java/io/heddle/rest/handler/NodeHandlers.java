package io.heddle.rest.handler;

import io.heddle.rest.contract.Contract;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.spi.Controller;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;

/// What is asked of the node rather than of the network: health, figures, the contract.
public final class NodeHandlers {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Controller controller;
  private final PrometheusMeterRegistry meters;
  private final Contract contract;

  public NodeHandlers(Controller controller, PrometheusMeterRegistry meters, Contract contract) {
    this.controller = controller;
    this.meters = meters;
    this.contract = contract;
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of(
        "readHealth", request -> health(),
        "readReadiness", request -> readiness(),
        "readMetrics", request -> Reply.text("text/plain", meters.scrape()),
        "readContract", request -> Reply.text("application/yaml", contract.yaml()));
  }

  private Reply health() {
    return Reply.json(
        200, Json.object().put("status", "ok").put("revision", controller.image().revision()));
  }

  private Reply readiness() {
    controller
        .unready()
        .ifPresent(why -> {
          throw new Refusal(HttpProblem.unavailable(why, RETRY_AFTER));
        });
    return health();
  }
}
