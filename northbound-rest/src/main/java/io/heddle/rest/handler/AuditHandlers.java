package io.heddle.rest.handler;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Key;
import io.heddle.core.store.Image;
import io.heddle.rest.auth.Role;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.resource.Fields;
import io.heddle.rest.spi.Audits;
import io.heddle.rest.spi.Audits.Counts;
import io.heddle.rest.spi.Audits.Difference;
import io.heddle.rest.spi.Audits.Report;
import io.heddle.rest.spi.Audits.Result;
import io.heddle.rest.spi.Backend;
import io.heddle.rest.spi.Controller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `/v1/audit`: what switches hold against what they should hold, looked at now, or as it was when
/// it was looked at last. Any node answers; each host's master looks.
public final class AuditHandlers {

  /// Hosts that are looked at together: each look makes a switch dump all its flows.
  private static final int TOGETHER = 16;

  private static final int DEFAULT_WAIT_SECONDS = 60;

  private final Controller controller;
  private final Audits audits;

  public AuditHandlers(Backend backend) {
    this.controller = backend.controller();
    this.audits = backend.audits();
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of("listAudits", this::list, "runAudit", this::run);
  }

  private Reply list(Request request) {
    request.require(Role.OPERATOR);
    Image image = controller.image();
    Page<Host> page =
        Page.of(
            image.all(Host.KIND).stream()
                .filter(host ->
                    request.parameter("hostId").map(host.id().value()::equals).orElse(true)),
            request.number("limit", Page.DEFAULT_LIMIT),
            request.parameter("pageToken"));
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    for (Host host : page.rows()) {
      items.add(
          audits
              .last(host.id())
              .map(AuditHandlers::json)
              .orElseGet(() -> none(host.id(), "unknown", "not looked at yet")));
    }
    page.nextToken().ifPresent(token -> json.put("nextPageToken", token));
    return Reply.json(200, json).at(image.revision());
  }

  private Reply run(Request request) throws InterruptedException {
    request.require(Role.OPERATOR);
    Fields body = new Fields(request.body(), "");
    Image image = controller.image();
    List<HostId> hosts = hosts(body, image);
    boolean repair = body.flag("repair").orElse(false);
    long deadline =
        System.nanoTime()
            + TimeUnit.SECONDS.toNanos(request.number("timeoutSeconds", DEFAULT_WAIT_SECONDS));
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    for (int from = 0; from < hosts.size(); from += TOGETHER) {
      List<HostId> some = hosts.subList(from, Math.min(from + TOGETHER, hosts.size()));
      List<CompletableFuture<Result>> looks = new ArrayList<>();
      for (HostId host : some) {
        looks.add(
            System.nanoTime() < deadline
                ? audits.run(host, repair).toCompletableFuture()
                : CompletableFuture.completedFuture(
                    new Result.Unavailable("the time was up before its turn")));
      }
      for (int i = 0; i < some.size(); i++) {
        Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        items.add(json(some.get(i), result(looks.get(i), left)));
      }
    }
    return Reply.json(200, json).at(image.revision());
  }

  private static List<HostId> hosts(Fields body, Image image) {
    Optional<List<HostId>> named = body.list("hostIds", HostId::new);
    if (named.isEmpty()) {
      return image.all(Host.KIND).stream().map(Host::id).sorted().toList();
    }
    Set<HostId> distinct = new LinkedHashSet<>();
    for (int i = 0; i < named.get().size(); i++) {
      HostId host = named.get().get(i);
      if (image.find(host).isEmpty()) {
        throw new Refusal(
            HttpProblem.invalid(
                "hostIds[%d]".formatted(i),
                "there is no host '%s'; GET /v1/hosts names those there are".formatted(host)));
      }
      distinct.add(host);
    }
    return List.copyOf(distinct);
  }

  private static Result result(CompletableFuture<Result> look, Duration within)
      throws InterruptedException {
    try {
      return look.get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return new Result.Unavailable("its switch did not answer in time");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Result.Unavailable("looking at it failed: " + cause.getMessage());
    }
  }

  private static ObjectNode json(HostId host, Result result) {
    return switch (result) {
      case Result.Done(Report report) -> json(report);
      case Result.Unavailable(String why) -> none(host, "unavailable", why);
    };
  }

  private static ObjectNode none(HostId host, String result, String why) {
    return Json.object().put("hostId", host.value()).put("result", result).put("reason", why);
  }

  private static ObjectNode json(Report report) {
    Counts counts = report.counts();
    int differing = counts.differing();
    ObjectNode json =
        Json.object()
            .put("hostId", report.host().value())
            .put("result", differing == 0 ? "inStep" : report.repaired() ? "repaired" : "differs")
            .put("reason", "")
            .put("at", report.at().toString())
            .put("inStep", counts.inStep())
            .put("missing", counts.missing())
            .put("altered", counts.altered())
            .put("extra", counts.extra())
            .put("foreign", counts.foreign());
    ArrayNode differences = json.putArray("differences");
    report.differences().stream()
        .sorted(Comparator.comparing(Difference::way).thenComparing(Difference::table))
        .forEach(difference -> differences.add(json(difference)));
    return json.put("truncated", report.differences().size() < differing);
  }

  private static ObjectNode json(Difference difference) {
    ObjectNode json =
        Json.object()
            .put("way", difference.way().name().toLowerCase(Locale.ROOT))
            .put("table", difference.table())
            .put("match", difference.match())
            .put("unit", difference.unit());
    Optional<Key<?>> row = difference.row();
    if (row.isEmpty()) {
      json.putNull("row");
    } else {
      json.putObject("row").put("kind", row.get().kind().name()).put("id", row.get().toString());
    }
    return json;
  }
}
