package io.heddle.rest.handler;

import io.heddle.core.model.Resource;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/// Some rows in the order of their keys. A page begins behind the last key of the page before, so
/// that what comes and goes meanwhile neither repeats nor hides a row that stays.
record Page<R extends Resource>(List<R> rows, Optional<String> nextToken) {

  static final int DEFAULT_LIMIT = 100;

  static <R extends Resource> Page<R> of(Stream<R> matches, int limit, Optional<String> token) {
    String after = token.map(Page::keyIn).orElse("");
    Comparator<R> byKey = Comparator.comparing(row -> row.key().toString());
    PriorityQueue<R> least = new PriorityQueue<>(byKey.reversed());
    matches
        .filter(row -> row.key().toString().compareTo(after) > 0)
        .forEach(row -> {
          least.add(row);
          if (least.size() > limit + 1) {
            least.poll();
          }
        });
    List<R> rows = new ArrayList<>(least);
    rows.sort(byKey);
    if (rows.size() <= limit) {
      return new Page<>(rows, Optional.empty());
    }
    List<R> page = rows.subList(0, limit);
    return new Page<>(page, Optional.of(tokenOf(page.getLast().key().toString())));
  }

  static String tokenOf(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  static String keyIn(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          HttpProblem.invalid(
              "pageToken",
              "'%s' is not a page token; use the nextPageToken of the page before, or none to begin anew"
                  .formatted(token)));
    }
  }
}
