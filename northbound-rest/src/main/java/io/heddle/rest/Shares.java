package io.heddle.rest;

import io.heddle.core.model.ProjectId;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What each project takes of this node: how many of its requests are in flight, and how many it
/// may still send now (a token bucket). Who asks for more than its share gets 429 while there is
/// room for everybody else. Belongs to one event loop.
final class Shares {

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /// Beyond so many, projects that ask for nothing any more are forgotten.
  private static final int REMEMBERED = 1_024;

  private final RestOptions.Share limit;
  private final LongSupplier nanoTime;
  private final Map<ProjectId, Account> accounts = new HashMap<>();

  /// What one project has taken.
  private final class Account {
    private int inFlight;
    private double left = limit.burst();
    private long at;

    Account(long now) {
      at = now;
    }

    void refill(long now) {
      left = Math.min(limit.burst(), left + (now - at) / NANOS_PER_SECOND * limit.perSecond());
      at = now;
    }

    boolean isForgettable(long now) {
      refill(now);
      return inFlight == 0 && left >= limit.burst();
    }
  }

  Shares(RestOptions.Share limit, LongSupplier nanoTime) {
    this.limit = limit;
    this.nanoTime = nanoTime;
  }

  /// @throws Refusal when the project has its share already
  void take(ProjectId project) {
    long now = nanoTime.getAsLong();
    Account account = accounts.get(project);
    if (account == null) {
      forgetIdle(now);
      account = new Account(now);
      accounts.put(project, account);
    }
    account.refill(now);
    if (account.inFlight >= limit.inFlight()) {
      throw refusal(
          "%d requests of project %s are in flight, which is its limit; wait for their answers"
              .formatted(limit.inFlight(), project),
          1);
    }
    if (account.left < 1) {
      throw refusal(
          "project %s sends more than its %d requests a second; slow down"
              .formatted(project, limit.perSecond()),
          (long) Math.ceil((1 - account.left) / limit.perSecond()));
    }
    account.left--;
    account.inFlight++;
  }

  private static Refusal refusal(String why, long retryAfterSeconds) {
    return new Refusal(
        HttpProblem.of(429, "too-many-requests", "Too many requests", why)
            .with("Retry-After", Long.toString(Math.max(1, retryAfterSeconds))));
  }

  /// What [#take] gave.
  void giveBack(ProjectId project) {
    Account account = accounts.get(project);
    if (account != null) {
      account.inFlight--;
    }
  }

  private void forgetIdle(long now) {
    if (accounts.size() >= REMEMBERED) {
      Iterator<Account> each = accounts.values().iterator();
      while (each.hasNext()) {
        if (each.next().isForgettable(now)) {
          each.remove();
        }
      }
    }
  }
}
