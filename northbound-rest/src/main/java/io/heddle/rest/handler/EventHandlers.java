package io.heddle.rest.handler;

import io.heddle.core.model.ProjectId;
import io.heddle.rest.auth.Role;
import io.heddle.rest.events.Audience;
import io.heddle.rest.events.EventFeed;
import io.heddle.rest.events.Places;
import io.heddle.rest.events.Position;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/// `/v1/events`: what changes, from a revision on.
public final class EventHandlers {

  private static final String MEDIA_TYPE = "text/event-stream";
  private static final Duration CAUGHT_UP_WITHIN = Duration.ofSeconds(5);

  private final EventFeed.Source source;
  private final Places places;
  private final Freshness freshness;

  public EventHandlers(EventFeed.Source source, Places places, Freshness freshness) {
    this.source = source;
    this.places = places;
    this.freshness = freshness;
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of("followEvents", this::follow);
  }

  private Reply follow(Request request) throws IOException, InterruptedException {
    request.require(Role.READER);
    long now = source.controller().image().revision();
    Position from =
        request
            .parameter("Last-Event-ID")
            .or(() -> request.parameter("since"))
            .map(Position::parse)
            .orElse(Position.after(now));
    freshness.require(from.next() - 1, CAUGHT_UP_WITHIN);
    if (!source.log().holds(from.next())) {
      return gone(from.next());
    }
    Audience audience =
        new Audience(request.caller(), request.parameter("project").map(ProjectId::new));
    Runnable released = places.take(request.caller());
    return Reply.stream(MEDIA_TYPE, new EventFeed(source, audience, from, released))
        .at(source.controller().image().revision());
  }

  private Reply gone(long revision) throws IOException, InterruptedException {
    long oldest = source.log().oldestAfter(revision);
    HttpProblem problem =
        HttpProblem.of(
            410,
            "gone",
            "Gone",
            ("revision %d is not in the history any more, which goes back to %d;"
                    + " read the resources anew and follow from the revision that they have")
                .formatted(revision, oldest));
    return Reply.problem(problem, problem.json().put("oldest", oldest));
  }
}
