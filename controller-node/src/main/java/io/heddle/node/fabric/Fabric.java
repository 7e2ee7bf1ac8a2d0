package io.heddle.node.fabric;

import io.heddle.core.compile.CompileResult;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.Feature;
import io.heddle.core.compile.Quarantined;
import io.heddle.core.compile.UnitId;
import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.reconcile.Audit;
import io.heddle.core.reconcile.HostProgram;
import io.heddle.core.store.Change;
import io.heddle.core.store.Image;
import io.heddle.openflow.codec.Xids;
import io.heddle.openflow.session.SwitchSession;
import io.heddle.ovsdb.report.HostReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the switches of this node's hosts in step with the intent.
///
/// Hears every revision from the store, compiles it, and passes what changed to the program of each
/// host. A host is programmed while its OVSDB report says that it is fit for it and its switch's
/// session is there; both come and go on their own.
public final class Fabric implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Fabric.class);

  /// Revisions that may wait to be compiled; beyond that the store waits for us.
  private static final int MAX_BEHIND = 256;

  private static final Duration TICK = Duration.ofSeconds(1);

  private final FabricThread thread;
  private final Compiler compiler;
  private final HostLink.Shared shared;
  private final EncodedChanges encoded;
  private final InstantSource clock;
  private final Semaphore behind = new Semaphore(MAX_BEHIND);

  // The fabric thread's own.
  private final Map<HostId, HostProgram> programs = new HashMap<>();
  private final Map<HostId, HostLink> links = new HashMap<>();
  private final Map<HostId, HostReport> reports = new HashMap<>();
  private final Map<Long, SwitchSession> sessions = new HashMap<>();
  private Set<HostId> mine = Set.of();
  private boolean inContact = true;

  // Written by the fabric thread, read by any.
  private final Map<HostId, Progress> progress = new ConcurrentHashMap<>();
  private final Map<Binding.Id, Long> boundAt = new ConcurrentHashMap<>();
  private volatile List<Quarantined> quarantined = List.of();
  private volatile long compiled;
  private final RealizationWaiters waiters = new RealizationWaiters();
  private volatile BiConsumer<HostId, Progress> listener = (host, now) -> {};

  /// How far one host is.
  ///
  /// @param connected its switch is being programmed
  /// @param problem why it is not, or what its switch refused; empty when all is well
  /// @param refused units whose flows its switch would not take, and what it said
  public record Progress(
      boolean connected, long realized, String problem, Audit audit, Map<UnitId, String> refused) {
    static final Progress NONE = new Progress(false, 0, "", new Audit(0, 0, 0, 0, 0), Map.of());
  }

  public Fabric(
      Collection<Feature> features, Xids xids, InstantSource clock, Consumer<Throwable> stopNode) {
    this.clock = clock;
    this.thread = new FabricThread(stopNode);
    this.compiler = new Compiler(features, Compiler.OnFault.QUARANTINE);
    this.encoded = new EncodedChanges(xids);
    this.shared = new HostLink.Shared(thread, compiler, encoded, clock, this::progressed);
    thread.every(TICK, this::tick);
  }

  /// A revision was applied. Called by the store, in order; waits when the fabric is far behind.
  public void applied(Image.Applied applied) {
    behind.acquireUninterruptibly();
    thread.run(() -> {
      behind.release();
      compile(applied);
    });
  }

  private void compile(Image.Applied applied) {
    for (Change change : applied.delta().changes()) {
      if (change.key() instanceof Binding.Id id) {
        if (change.after() == null) {
          boundAt.remove(id);
        } else {
          boundAt.put(id, applied.image().revision());
        }
      }
    }
    CompileResult result = compiler.apply(applied.image(), applied.delta());
    noteQuarantined();
    compiled = result.revision();
    for (Map.Entry<HostId, HostLink> link : Map.copyOf(links).entrySet()) {
      link.getValue().carryOut(program(link.getKey()).compiled(result, clock.instant()));
    }
    waiters.check(compiled, progress);
  }

  private void noteQuarantined() {
    List<Quarantined> now = compiler.quarantined();
    if (!now.equals(quarantined)) {
      now.stream()
          .filter(unit -> !quarantined.contains(unit))
          .forEach(
              unit -> LOG.error("unit left out unit={} reason={}", unit.unit(), unit.reason()));
      quarantined = now;
    }
  }

  /// Hears, on the fabric's thread, how far each host of this node's is: whenever that changes.
  public void onProgress(BiConsumer<HostId, Progress> hearing) {
    listener = hearing;
  }

  /// These hosts, and no others, are this node's to program from now on.
  public void masters(Set<HostId> now) {
    thread.run(() -> {
      Set<HostId> gained = new HashSet<>(now);
      gained.removeAll(mine);
      Set<HostId> lost = new HashSet<>(mine);
      lost.removeAll(now);
      mine = now;
      lost.forEach(this::part);
      gained.forEach(this::join);
    });
  }

  /// Without contact to a quorum, nothing is sent that changes a switch; when it is back, switches
  /// are compared anew.
  public void contact(boolean has) {
    thread.run(() -> {
      inContact = has;
      if (has) {
        mine.forEach(this::join);
      } else {
        Map.copyOf(links).keySet().forEach(this::part);
      }
    });
  }

  /// A host's database was read, or has changed.
  public void reported(HostReport report) {
    thread.run(() -> {
      reports.put(report.host(), report);
      join(report.host());
    });
  }

  /// A host's database is gone. Its switch, if it is still there, goes on being programmed: nothing
  /// it told us has changed.
  public void unreported(HostId host) {
    thread.run(() -> progressed(program(host)));
  }

  public void ready(SwitchSession session) {
    thread.run(() -> {
      sessions.put(session.datapathId(), session);
      reports.values().stream()
          .filter(report -> hasDatapath(report, session.datapathId()))
          .map(HostReport::host)
          .toList()
          .forEach(this::join);
    });
  }

  public void closed(SwitchSession session) {
    thread.run(() -> {
      sessions.remove(session.datapathId(), session);
      links.entrySet().stream()
          .filter(link -> link.getValue().session().equals(session))
          .map(Map.Entry::getKey)
          .findFirst()
          .ifPresent(this::part);
    });
  }

  private static boolean hasDatapath(HostReport report, long datapathId) {
    return report.datapathId().isPresent() && report.datapathId().getAsLong() == datapathId;
  }

  /// Joins a host to its switch, or parts them, as report and session say.
  private void join(HostId host) {
    HostReport report = reports.get(host);
    SwitchSession session =
        report != null && report.programmable() && inContact && mine.contains(host)
            ? sessions.get(report.datapathId().getAsLong())
            : null;
    HostLink link = links.get(host);
    if (link != null && !link.session().equals(session)) {
      part(host);
    }
    if (session != null && !links.containsKey(host)) {
      HostLink fresh = new HostLink(program(host), session, shared);
      links.put(host, fresh);
      fresh.begin();
    }
    progressed(program(host));
  }

  private void part(HostId host) {
    HostLink link = links.remove(host);
    if (link != null) {
      link.end();
    }
  }

  private HostProgram program(HostId host) {
    return programs.computeIfAbsent(host, id -> new HostProgram(id, compiler));
  }

  private void progressed(HostProgram program) {
    HostId host = program.host();
    Progress now =
        new Progress(
            links.containsKey(host),
            program.realized(),
            problem(program),
            program.lastAudit(),
            program.quarantined());
    Progress before = progress.put(host, now);
    if (before == null || before.connected() != now.connected()) {
      LOG.info("host programmed={} host={} revision={}", now.connected(), host, now.realized());
    }
    if (!now.equals(before)) {
      waiters.check(compiled, progress);
    }
    if (mine.contains(host)) {
      listener.accept(host, now);
    }
  }

  private String problem(HostProgram program) {
    HostReport report = reports.get(program.host());
    if (report != null && !report.problems().isEmpty()) {
      return report.problems().get(0).sentence();
    }
    return program.quarantined().entrySet().stream()
        .map(held -> "its switch refused %s: %s".formatted(held.getKey(), held.getValue()))
        .sorted()
        .findFirst()
        .orElse("");
  }

  private void tick() {
    Map.copyOf(links).values().forEach(link -> link.tick(clock.instant()));
  }

  /// How far a host is, if it was ever heard of.
  public Progress progress(HostId host) {
    return progress.getOrDefault(host, Progress.NONE);
  }

  /// All hosts that were heard of since this node started.
  public Map<HostId, Progress> progress() {
    return Map.copyOf(progress);
  }

  /// The revision since which a port is bound as it is, or nothing when it is not bound.
  public Optional<Long> boundAt(Binding.Id binding) {
    return Optional.ofNullable(boundAt.get(binding));
  }

  public List<Quarantined> quarantined() {
    return quarantined;
  }

  /// How many changes were encoded so far.
  public long encodings() {
    return encoded.encodings();
  }

  /// Completes when every connected host has realised the revision. Cancel it when nobody waits any
  /// more.
  public CompletableFuture<Void> awaitRealized(long revision) {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    thread.run(() -> {
      waiters.add(revision, reached);
      waiters.check(compiled, progress);
    });
    return reached;
  }

  @Override
  public void close() {
    thread.close();
  }
}
