package io.heddle.demo;

import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.LabVm;
import io.heddle.testkit.lab.PingResult;
import io.heddle.testkit.lab.TcpOutcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/// What is tried between machines, each trial a line on the screen and on the scorecard.
final class Trials {
  /// How long silence lasts before it counts as blocked.
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private static final Duration REVALIDATION = Duration.ofMillis(500);
  private static final int REVALIDATIONS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration STREAM = Duration.ofSeconds(3);

  /// So little that only a broken path falls short of it.
  private static final double LEAST_MEGABITS = 10;

  private final Screen screen;
  private final Scorecard card;

  Trials(Screen screen, Scorecard card) {
    this.screen = screen;
    this.card = card;
  }

  void ping(LabVm from, String whom, String address, boolean shallPass) {
    PingResult result =
        from.ping(address)
            .count(3)
            .every(Duration.ofMillis(200))
            .within(shallPass ? PATIENCE : SILENCE)
            .run();
    boolean passed = result.received() > 0;
    note(
        Check.of(
            "ping %s -> %s".formatted(from.name(), whom),
            shallPass,
            passed,
            passed ? "%.1f ms".formatted(result.average().toNanos() / 1e6) : ""));
  }

  /// A connection to a machine that listens: what ends it is policy alone.
  void connect(LabVm from, LabVm to, String address, int port, boolean shallPass)
      throws IOException {
    try (ServerSocket _ = to.listen(port)) {
      note(attempt("", from, to, address, port, shallPass));
    }
  }

  private Check attempt(
      String when, LabVm from, LabVm to, String address, int port, boolean shallPass) {
    TcpOutcome outcome = from.connect(address, port, shallPass ? PATIENCE : SILENCE);
    return Check.of(
        "tcp/%d %s -> %s%s".formatted(port, from.name(), to.name(), when),
        shallPass,
        outcome == TcpOutcome.CONNECTED,
        outcome == TcpOutcome.CONNECTED || outcome == TcpOutcome.TIMED_OUT
            ? ""
            : outcome.name().toLowerCase(Locale.ROOT));
  }

  void cutAndMend(Tenant tenant, Cloud cloud, LabVm web, LabVm db) throws IOException {
    String address = cloud.db1().address();
    try (ServerSocket listener = db.listen(Cloud.POSTGRES);
        Conversation open = Conversation.open(web, listener, address, PATIENCE)) {
      note(Check.of("an open connection carries bytes", true, open.carries(PATIENCE), ""));
      UUID rule = tenant.ruleFor(cloud.db(), Cloud.POSTGRES);
      tenant.disallow(cloud.db(), rule);
      note(Check.of("the same connection, rule gone", false, !stops(open), ""));
      note(attempt(", rule gone", web, db, address, Cloud.POSTGRES, false));
      tenant.allow(cloud.db(), Cloud.postgresFrom(cloud.web()));
      note(attempt(", rule back", web, db, address, Cloud.POSTGRES, true));
    }
  }

  /// A switch may use what it has cached for a moment longer, until it has gone through it
  /// (`max-revalidator`, half a second).
  private static boolean stops(Conversation open) throws IOException {
    for (int attempt = 0; attempt < REVALIDATIONS; attempt++) {
      if (!open.carries(SILENCE)) {
        return true;
      }
      LockSupport.parkNanos(REVALIDATION.toNanos());
    }
    return false;
  }

  void throughput(LabVm from, LabVm to, String address) {
    double megabits = from.throughput(to, address, STREAM);
    note(
        new Check(
            "TCP stream %s -> %s across hosts".formatted(from.name(), to.name()),
            "flows",
            "%.0f Mbit/s".formatted(megabits),
            megabits >= LEAST_MEGABITS));
  }

  private void note(Check check) {
    card.add(check);
    screen.check(check);
  }
}
