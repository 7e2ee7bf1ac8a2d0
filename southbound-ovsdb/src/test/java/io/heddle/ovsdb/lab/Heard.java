package io.heddle.ovsdb.lab;

import io.heddle.core.model.HostId;
import io.heddle.ovsdb.report.HostEvents;
import io.heddle.ovsdb.report.HostReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Keeps what the controller was told of its hosts, and waits for more.
public final class Heard implements HostEvents {
  private static final long LIMIT_SECONDS = 10;

  private final Map<HostId, HostReport> latest = new HashMap<>();
  private final List<HostReport> reports = new ArrayList<>();
  private final List<String> disconnects = new ArrayList<>();
  private final List<String> duplicates = new ArrayList<>();

  @Override
  public synchronized void connected(HostReport report) {
    changed(report);
  }

  @Override
  public synchronized void changed(HostReport report) {
    latest.put(report.host(), report);
    reports.add(report);
    notifyAll();
  }

  @Override
  public synchronized void disconnected(HostId host, String reason) {
    latest.remove(host);
    disconnects.add(host + ": " + reason);
    notifyAll();
  }

  @Override
  public synchronized void duplicate(HostId host, String stays, String refused) {
    duplicates.add(host + ": " + stays + " " + refused);
    notifyAll();
  }

  /// Reports of one host so far.
  public synchronized long reports(String host) {
    return reports.stream().filter(report -> report.host().value().equals(host)).count();
  }

  /// Every report, oldest first.
  public synchronized List<HostReport> history() {
    return List.copyOf(reports);
  }

  public synchronized List<String> disconnects() {
    return List.copyOf(disconnects);
  }

  public synchronized List<String> duplicates() {
    return List.copyOf(duplicates);
  }

  public HostReport awaitReport(String host, String what, Predicate<HostReport> wanted) {
    HostId id = new HostId(host);
    return await(
        what, () -> latest.containsKey(id) && wanted.test(latest.get(id)) ? latest.get(id) : null);
  }

  public void awaitDisconnects(int count) {
    await(count + " disconnects", () -> disconnects.size() >= count ? true : null);
  }

  public void awaitDuplicate() {
    await("a duplicate", () -> duplicates.isEmpty() ? null : true);
  }

  private synchronized <T> T await(String what, java.util.function.Supplier<T> found) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    T value = found.get();
    while (value == null) {
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (leftMillis <= 0) {
        throw new AssertionError("never heard: " + what + "; latest " + latest);
      }
      try {
        wait(leftMillis);
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
      value = found.get();
    }
    return value;
  }
}
