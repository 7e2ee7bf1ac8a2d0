package io.heddle.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `events`: what changed since a revision, and what changes from now on.
///
/// When the node that is followed is gone, the next one is, from the last event on: nothing is
/// missed and nothing is shown twice.
@Command(
    name = "events",
    description = "Show what changed, an event a line (-o json: an object a line).")
final class EventsAction extends Action {

  private static final String PATH = "/v1/events";

  /// Without an event in between: half a minute of trying.
  private static final int TRIES = 30;

  private static final Duration BEFORE_THE_NEXT_TRY = Duration.ofSeconds(1);

  @Option(
      names = "--since",
      paramLabel = "N",
      description = "The last revision that is known already.")
  @Nullable Long since;

  @Option(names = "--follow", description = "Go on with what changes from now on.")
  boolean follow;

  @Option(names = "--project", paramLabel = "ID", description = "Only of this project.")
  @Nullable String project;

  @Option(names = "--limit", paramLabel = "N", description = "End after N events.")
  long limit = Long.MAX_VALUE;

  private String lastId = "";
  private long shown;
  private boolean over;

  @Override
  int run(RootCommand heddle, Api api) {
    if (since == null && !follow) {
      throw Failure.usage("say from where: --since REVISION, or --follow for what comes");
    }
    Map<String, String> query = new TreeMap<>();
    if (since != null) {
      query.put("since", Long.toString(since));
    }
    if (project != null) {
      query.put("project", project);
    }
    Failure last = new Failure(ExitCode.UNREACHABLE, "every stream ends as soon as it begins");
    for (int tries = 0; !over; tries++) {
      if (tries == TRIES) {
        throw last;
      }
      long before = shown;
      try {
        read(heddle, api.follow(PATH, query, lastId));
      } catch (Failure failure) {
        last = failure;
        if (failure.exitCode() != ExitCode.UNREACHABLE || !follow || lastId.isEmpty()) {
          throw failure;
        }
      }
      if (!over) {
        tries = shown == before ? tries : 0;
        api.moveOn();
        pause();
      }
    }
    return ExitCode.OK;
  }

  private static void pause() {
    try {
      Thread.sleep(BEFORE_THE_NEXT_TRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.UNREACHABLE, "interrupted");
    }
  }

  /// Until the stream breaks, or there is nothing left to show.
  private void read(RootCommand heddle, HttpResponse<Stream<String>> response) {
    long newest = response.headers().firstValueAsLong("Heddle-Revision").orElse(0);
    try (Stream<String> lines = response.body()) {
      String id = "";
      String event = "";
      String data = "";
      for (Iterator<String> each = lines.iterator(); !over && each.hasNext(); ) {
        String line = each.next();
        if (line.startsWith("id: ")) {
          id = line.substring("id: ".length());
        } else if (line.startsWith("event: ")) {
          event = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          data = line.substring("data: ".length());
        } else if (line.isEmpty()) {
          heard(heddle, id, event, data);
          over |= !follow && event.isEmpty() && !id.isEmpty() && Long.parseLong(id) >= newest;
          id = "";
          event = "";
          data = "";
        }
      }
    } catch (UncheckedIOException broken) {
      if (!follow) {
        throw new Failure(
            ExitCode.UNREACHABLE,
            "%s fell silent; go on with --since and the last revision shown"
                .formatted(response.uri()));
      }
    }
  }

  private void heard(RootCommand heddle, String id, String event, String data) {
    if (event.equals("gone")) {
      throw Failure.refused(
          "what comes next is not in the history any more; the oldest revision there is %s"
              .formatted(json(data).path("oldest").asText()));
    }
    if (!id.isEmpty()) {
      lastId = id;
    }
    if (!event.isEmpty()) {
      show(heddle, data);
      shown++;
      over = shown >= limit;
    }
  }

  private static void show(RootCommand heddle, String data) {
    PrintWriter out = heddle.out();
    if (heddle.format == RootCommand.Format.json) {
      out.println(data);
    } else {
      JsonNode json = json(data);
      out.printf(
          "%-7s %-27s %-7s %-14s %-36s %-12s %s%n",
          json.path("revision").asText(),
          json.path("at").asText(),
          json.path("change").asText(),
          json.path("kind").asText(),
          json.path("id").asText(),
          json.path("project").asText("-"),
          json.path("author").asText());
    }
    out.flush();
  }

  private static JsonNode json(String data) {
    try {
      return Api.JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw new Failure(ExitCode.UNREACHABLE, "the controller sent an event that is not JSON");
    }
  }
}
