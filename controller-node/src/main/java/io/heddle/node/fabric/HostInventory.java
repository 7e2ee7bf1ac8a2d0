package io.heddle.node.fabric;

import io.heddle.core.inventory.ReportBindings;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Change;
import io.heddle.core.store.Command;
import io.heddle.core.store.Delta;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Submission;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.report.PluggedInterface;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what hosts report into commands: who they are, and which ports are plugged into them.
/// Every node hears a host's reports; its master alone takes them to the leader.
///
/// One report of a host is under way at a time; of those that come meanwhile only the last counts.
/// A claim that was refused is made again when the row in its way changes.
public final class HostInventory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HostInventory.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /// Has commands decided that speak for a host, as long as this node is its master.
  @FunctionalInterface
  public interface Submitter {
    <T> CompletableFuture<Outcome<T>> submit(HostId host, Submission<T> submission);
  }

  private final Submitter store;
  private final ProjectId operators;
  private final FabricThread thread;
  private Set<HostId> mine = Set.of();
  private final Map<HostId, Reporting> hosts = new HashMap<>();

  /// Which hosts hope to bind a port that they may not bind now.
  private final Map<PortId, Set<HostId>> hopes = new HashMap<>();

  private final Map<HostId, SortedMap<String, String>> refusals = new ConcurrentHashMap<>();

  private volatile Consumer<HostId> listener = host -> {};

  private static final class Reporting {
    final HostId host;
    @Nullable HostReport latest;
    boolean underWay;
    boolean again;

    Reporting(HostId host) {
      this.host = host;
    }
  }

  /// @param operators the project that hosts belong to
  public HostInventory(Submitter store, ProjectId operators, Consumer<Throwable> stopNode) {
    this.store = store;
    this.operators = operators;
    this.thread = new FabricThread(stopNode);
  }

  /// Hears of hosts whose claims came to stand otherwise than before.
  public void listen(Consumer<HostId> hearing) {
    listener = hearing;
  }

  public void reported(HostReport report) {
    thread.run(() -> {
      Reporting reporting = hosts.computeIfAbsent(report.host(), Reporting::new);
      reporting.latest = report;
      submit(reporting);
    });
  }

  /// A host's database is gone: what it said last may be out of date by the time that this node is
  /// its master again, and another master may have reported something newer.
  public void disconnected(HostId host) {
    thread.run(() -> {
      Reporting reporting = hosts.get(host);
      if (reporting != null) {
        reporting.latest = null;
      }
    });
  }

  /// These hosts, and no others, are this node's to report from now on.
  public void masters(Set<HostId> now) {
    thread.run(() -> {
      Set<HostId> gained = new HashSet<>(now);
      gained.removeAll(mine);
      Set<HostId> lost = new HashSet<>(mine);
      lost.removeAll(now);
      mine = now;
      lost.forEach(this::forgetHopes);
      lost.forEach(refusals::remove);
      gained.stream().map(hosts::get).filter(Objects::nonNull).forEach(this::submit);
    });
  }

  /// A revision was applied: what it changed may let a refused claim through.
  public void applied(Delta delta) {
    Set<PortId> ports = new HashSet<>();
    Set<HostId> evicted = new HashSet<>();
    for (Change change : delta.changes()) {
      switch (change.key()) {
        case PortId port -> ports.add(port);
        case Binding.Id binding when change.after() == null -> ports.add(binding.port());
        case HostId host when change.after() == null -> evicted.add(host);
        default -> {}
      }
    }
    if (!ports.isEmpty() || !evicted.isEmpty()) {
      thread.run(() -> claimAgain(ports, evicted));
    }
  }

  private void claimAgain(Set<PortId> ports, Set<HostId> evicted) {
    Set<HostId> again = new HashSet<>(evicted);
    ports.forEach(port -> again.addAll(hopes.getOrDefault(port, Set.of())));
    again.stream().map(hosts::get).filter(Objects::nonNull).forEach(this::submit);
  }

  private void submit(Reporting reporting) {
    HostReport report = reporting.latest;
    if (report == null || !mine.contains(reporting.host)) {
      return;
    }
    if (reporting.underWay) {
      reporting.again = true;
      return;
    }
    reporting.underWay = true;
    reporting.again = false;
    var _ =
        decide(report, host(report), "report host")
            .thenCompose(host ->
                host instanceof Outcome.Committed<Host>
                    ? decide(report, bindings(report), "report bindings").thenApply(Result::of)
                    : CompletableFuture.completedFuture(Result.refusedBy(host)))
            .whenComplete(
                (result, failed) -> thread.run(() -> ended(reporting, report, result, failed)));
  }

  /// How a report ended: decided with what was refused, or not decided at all.
  private record Result(boolean decided, SortedMap<PortId, String> refused, String problem) {

    static Result of(Outcome<SortedMap<PortId, String>> outcome) {
      return outcome instanceof Outcome.Committed<SortedMap<PortId, String>>(var refused, long at)
          ? new Result(true, refused, "")
          : refusedBy(outcome);
    }

    static Result refusedBy(Outcome<?> outcome) {
      return outcome instanceof Outcome.Rejected<?>(var problem)
          ? new Result(true, new TreeMap<>(), problem.detail())
          : new Result(false, new TreeMap<>(), outcome.toString());
    }
  }

  private <T> CompletableFuture<Outcome<T>> decide(
      HostReport report, Command<T> command, String summary) {
    return store.submit(report.host(), Submission.of(command, "host:" + report.host(), summary));
  }

  private ReportHost host(HostReport report) {
    return new ReportHost(
        report.host(),
        report.hostname(),
        report.encapIp().orElse(null),
        report.bridgeMappings(),
        operators);
  }

  private static ReportBindings bindings(HostReport report) {
    Map<PortId, Integer> plugged = new HashMap<>();
    for (PluggedInterface plug : report.interfaces()) {
      if (plug.ofport().isPresent()) {
        portOf(plug).ifPresent(port -> plugged.put(port, plug.ofport().getAsInt()));
      }
    }
    return new ReportBindings(report.host(), plugged);
  }

  /// An iface-id may be anything; what is no UUID is somebody else's.
  private static Optional<PortId> portOf(PluggedInterface plug) {
    try {
      return Optional.of(PortId.parse(plug.ifaceId()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void ended(
      Reporting reporting, HostReport report, @Nullable Result result, @Nullable Throwable failed) {
    reporting.underWay = false;
    if (failed != null || result == null || !result.decided()) {
      LOG.debug("report not taken host={} why={}", report.host(), failed == null ? result : failed);
      thread.runAfter(RETRY, () -> submit(reporting));
      return;
    }
    if (mine.contains(report.host())) {
      remember(report.host(), result);
    }
    if (reporting.again) {
      submit(reporting);
    }
  }

  private void remember(HostId host, Result result) {
    forgetHopes(host);
    SortedMap<String, String> now = new TreeMap<>();
    result
        .refused()
        .forEach((port, why) -> {
          hopes.computeIfAbsent(port, id -> new HashSet<>()).add(host);
          now.put(port.toString(), why);
        });
    if (!result.problem().isEmpty()) {
      now.put("host", result.problem());
    }
    SortedMap<String, String> before = refusals.put(host, now);
    if (!now.equals(before)) {
      listener.accept(host);
      now.forEach(
          (what, why) -> LOG.warn("claim refused host={} claim={} why={}", host, what, why));
    }
  }

  private void forgetHopes(HostId host) {
    hopes.values().forEach(hoping -> hoping.remove(host));
    hopes.values().removeIf(Set::isEmpty);
  }

  /// Why claims of a host do not stand: by iface-id, or `host` for what it says of itself.
  public SortedMap<String, String> refusals(HostId host) {
    return refusals.getOrDefault(host, new TreeMap<>());
  }

  @Override
  public void close() {
    thread.close();
  }
}
