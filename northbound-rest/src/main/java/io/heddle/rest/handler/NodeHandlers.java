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
import java.util.Optional;

/// What is asked of the node rather than of the network: health, figures, the contract.
public final class NodeHandlers {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final String POLICY = "Content-Security-Policy";
  private static final String NOTHING_FROM_ELSEWHERE =
      "default-src 'none'; style-src 'unsafe-inline'";

  private final Controller controller;
  private final PrometheusMeterRegistry meters;
  private final Contract contract;
  private final String page;

  public NodeHandlers(Controller controller, PrometheusMeterRegistry meters, Contract contract) {
    this.controller = controller;
    this.meters = meters;
    this.contract = contract;
    this.page = contract.html();
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of(
        "readHealth", request -> health(),
        "readReadiness", request -> readiness(),
        "readMetrics", request -> Reply.text("text/plain", meters.scrape()),
        "readContract", request -> Reply.text("application/yaml", contract.yaml()),
        "readDocs", request -> Reply.text("text/html", page).with(POLICY, NOTHING_FROM_ELSEWHERE));
  }

  /// Whether the process is worth keeping: what only a restart mends makes it fail, and nothing
  /// that comes back by itself, such as the other nodes.
  private Reply health() {
    controller
        .unhealthy()
        .ifPresent(why -> {
          throw new Refusal(HttpProblem.unavailable(why, RETRY_AFTER));
        });
    return ok();
  }

  /// Whether requests should be sent here.
  private Reply readiness() {
    controller
        .unhealthy()
        .or(this::unconnected)
        .or(controller::unready)
        .ifPresent(why -> {
          throw new Refusal(HttpProblem.unavailable(why, RETRY_AFTER));
        });
    return ok();
  }

  private Optional<String> unconnected() {
    return controller
        .silence()
        .map(silence ->
            ("no quorum: this node has had no contact to a majority of the cluster for %d s;"
                    + " it serves old reads and takes no writes")
                .formatted(silence.toSeconds()));
  }

  private Reply ok() {
    return Reply.json(
        200, Json.object().put("status", "ok").put("revision", controller.image().revision()));
  }
}
