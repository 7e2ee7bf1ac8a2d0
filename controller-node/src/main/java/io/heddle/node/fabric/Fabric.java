package io.heddle.node.fabric;

import io.heddle.core.compile.Capture;
import io.heddle.core.compile.CompileResult;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.Feature;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.HostScope;
import io.heddle.core.compile.Quarantined;
import io.heddle.core.compile.UnitId;
import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.reconcile.Audit;
import io.heddle.core.reconcile.AuditPolicy;
import io.heddle.core.reconcile.AuditResult;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the switches of the hosts that this node masters in step with the intent.
///
/// Hears every revision from the store, compiles it for these hosts, and passes what changed to the
/// program of each. A host is programmed while it is this node's ([#masters]), its OVSDB report
/// says that it is fit for it and its switch's session is there; they come and go on their own.
/// Without contact to the cluster ([#contact]) nothing is sent to any switch.
public final class Fabric implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Fabric.class);

  /// Revisions that may wait to be compiled; beyond that the store waits for us.
  private static final int MAX_BEHIND = 256;

  private static final Duration TICK = Duration.ofSeconds(1);

  private final FabricThread thread;
  private final Compiler compiler;
  private final HostLink.Shared shared;
  private final EncodedChanges encoded;
  private final AuditPolicy policy;
  private final InstantSource clock;
  private final Shadow shadow;
  private final Semaphore behind = new Semaphore(MAX_BEHIND);

  // The fabric thread's own.
  private final Map<HostId, HostProgram> programs = new HashMap<>();
  private final Map<HostId, HostLink> links = new HashMap<>();
  private final Map<HostId, HostReport> reports = new HashMap<>();
  private final Map<Long, SwitchSession> sessions = new HashMap<>();
  private HostScope scope = HostScope.NO_HOST;
  private boolean contact = true;
  private final RealizationWaiters waiters = new RealizationWaiters();

  // Written by the fabric thread, read by any.
  private final Map<HostId, Progress> progress = new ConcurrentHashMap<>();
  private final Map<Binding.Id, Long> boundAt = new ConcurrentHashMap<>();
  private volatile List<Quarantined> quarantined = List.of();
  private final LongAdder findings = new LongAdder();
  private final List<ProgressListener> listeners = new CopyOnWriteArrayList<>();

  /// How far one host is.
  ///
  /// @param connected its switch is being programmed
  /// @param problem why it is not, or what its switch refused; empty when all is well
  /// @param refused units whose flows its switch would not take, and what it said
  public record Progress(
      boolean connected, long realized, String problem, Audit audit, Map<UnitId, String> refused) {
    static final Progress NONE = new Progress(false, 0, "", Audit.NONE, Map.of());
  }

  /// Hears how far the hosts of this node are, each time that it changes; never of hosts that are
  /// another node's. Called on the fabric thread: must not block.
  @FunctionalInterface
  public interface ProgressListener {
    void progressed(HostId host, Progress progress);
  }

  /// What it makes of intent, and how it watches itself and the switches.
  ///
  /// @param shadowEvery how often everything is compiled once more from nothing, to see that it is
  ///   the same
  public record Settings(Collection<Feature> features, AuditPolicy audit, Duration shadowEvery) {

    static final Duration SHADOW_EVERY = Duration.ofMinutes(10);

    public Settings {
      features = List.copyOf(features);
    }

    public static Settings of(Collection<Feature> features) {
      return new Settings(features, AuditPolicy.DEFAULT, SHADOW_EVERY);
    }

    public Settings with(AuditPolicy policy) {
      return new Settings(features, policy, shadowEvery);
    }
  }

  public Fabric(Settings settings, Xids xids, InstantSource clock, Consumer<Throwable> stopNode) {
    this.policy = settings.audit();
    this.clock = clock;
    this.thread = new FabricThread(stopNode);
    this.compiler = new Compiler(settings.features(), Compiler.OnFault.QUARANTINE);
    CompileResult _ = compiler.scope(scope);
    this.encoded = new EncodedChanges(xids);
    this.shared = new HostLink.Shared(thread, compiler, encoded, clock, this::progressed, findings);
    this.shadow =
        new Shadow(
            settings.features(), settings.shadowEvery(), this::captureAtLeisure, this::distrust);
    thread.every(TICK, this::tick);
  }

  /// What is compiled now, unless revisions wait.
  private CompletableFuture<Optional<Capture>> captureAtLeisure() {
    CompletableFuture<Optional<Capture>> captured = new CompletableFuture<>();
    thread.run(() -> {
      boolean busy = behind.availablePermits() < MAX_BEHIND;
      captured.complete(busy ? Optional.empty() : Optional.of(compiler.capture()));
    });
    return captured;
  }

  /// Compiles everything once more from nothing, beside what goes on, and says how what was
  /// compiled step by step differs.
  public CompletableFuture<Capture.Differences> shadow() {
    CompletableFuture<Capture> captured = new CompletableFuture<>();
    thread.run(() -> captured.complete(compiler.capture()));
    return shadow.checkNow(captured).thenApply(Shadow.Result::differences);
  }

  /// What was compiled step by step is wrong somewhere, and may be in the switches. Everything is
  /// compiled anew, and every switch compared: what is right gets nothing.
  private void distrust(Shadow.Result result) {
    thread.run(() -> {
      LOG.error("compiling everything anew revision={}", compiler.revision());
      pass(compiler.compileAnew());
    });
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
    pass(compiler.apply(applied.image(), applied.delta()));
  }

  private void pass(CompileResult result) {
    noteQuarantined();
    for (Map.Entry<HostId, HostLink> link : Map.copyOf(links).entrySet()) {
      link.getValue().carryOut(program(link.getKey()).compiled(result, clock.instant()));
    }
    waiters.compiled(result.revision());
  }

  /// These hosts are this node's to program from now on, and no others. What the switches of other
  /// hosts hold stays as it is. Until this is first called, no host is.
  public void masters(HostScope hosts) {
    thread.run(() -> {
      if (!hosts.equals(scope)) {
        changeScope(hosts);
      }
    });
  }

  private void changeScope(HostScope hosts) {
    scope = hosts;
    for (HostId host : List.copyOf(progress.keySet())) {
      if (!scope.contains(host)) {
        allow(host);
        waiters.moved(progress.remove(host), null);
      }
    }
    pass(compiler.scope(scope));
    reports.keySet().stream().filter(scope::contains).toList().forEach(this::join);
  }

  /// Whether this node hears from a quorum of its cluster. Without, it may be nobody's master any
  /// more and not know it: it sends nothing that changes a switch, until it hears again and has
  /// compared. What the switches do goes on.
  public void contact(boolean heard) {
    thread.run(() -> {
      if (contact != heard) {
        contact = heard;
        LOG.info("fabric contact={} hosts={}", contact, links.size());
        List.copyOf(links.keySet()).forEach(this::allow);
      }
    });
  }

  /// Lets a host's link go on or stops it, as mastery and contact say.
  private void allow(HostId host) {
    HostLink link = links.get(host);
    if (link != null) {
      link.allow(contact && scope.contains(host));
    }
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
        report != null && report.programmable()
            ? sessions.get(report.datapathId().getAsLong())
            : null;
    if (session != null && session.host().filter(shown -> !shown.equals(host)).isPresent()) {
      session = null; // another host's switch, whatever this one's database says
    }
    HostLink link = links.get(host);
    if (link != null && !link.session().equals(session)) {
      part(host);
    }
    if (session != null && !links.containsKey(host) && twin(host, session).isEmpty()) {
      links.put(host, new HostLink(program(host), session, shared));
    }
    allow(host);
    progressed(program(host));
  }

  /// Another host whose switch has this session: two hypervisors that were copied one from the
  /// other may have one datapath id. Only one of them is programmed, or both would be with what is
  /// for either.
  private Optional<HostId> twin(HostId host, SwitchSession session) {
    return links.entrySet().stream()
        .filter(link -> !link.getKey().equals(host) && link.getValue().session().equals(session))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private void part(HostId host) {
    HostLink link = links.remove(host);
    if (link != null) {
      link.end();
    }
  }

  private HostProgram program(HostId host) {
    return programs.computeIfAbsent(host, id -> new HostProgram(id, compiler, policy));
  }

  private void progressed(HostProgram program) {
    HostId host = program.host();
    if (!scope.contains(host)) {
      return;
    }
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
      waiters.moved(before, now);
      listeners.forEach(listener -> listener.progressed(host, now));
    }
  }

  private String problem(HostProgram program) {
    HostReport report = reports.get(program.host());
    if (report != null && !report.problems().isEmpty()) {
      return report.problems().get(0).sentence();
    }
    Optional<String> twin = twinsProblem(program.host(), report);
    if (twin.isPresent()) {
      return twin.get();
    }
    if (program.isHeld()) {
      return "this node does not hear from its cluster, and so sends nothing to the host's switch";
    }
    return program.quarantined().entrySet().stream()
        .map(held -> "its switch refused %s: %s".formatted(held.getKey(), held.getValue()))
        .sorted()
        .findFirst()
        .orElse("");
  }

  private Optional<String> twinsProblem(HostId host, @Nullable HostReport report) {
    if (links.containsKey(host) || report == null || report.datapathId().isEmpty()) {
      return Optional.empty();
    }
    long datapath = report.datapathId().getAsLong();
    return Optional.ofNullable(sessions.get(datapath))
        .flatMap(session -> twin(host, session))
        .map(other ->
            ("its br-int has the datapath id %016x, and so has host %s's; give each its own with"
                    + " ovs-vsctl set bridge br-int other-config:datapath-id=16-HEX-DIGITS")
                .formatted(datapath, other));
  }

  /// Looks at every flow and meter of a host's switch now. Completes with what was found, when that
  /// has been mended if it was to be.
  ///
  /// @param repair whether what differs is mended; otherwise the switch is only read
  public CompletableFuture<AuditResult> audit(HostId host, boolean repair) {
    CompletableFuture<AuditResult> result = new CompletableFuture<>();
    thread.run(() -> {
      HostLink link = links.get(host);
      if (link == null) {
        result.complete(new AuditResult.Unavailable("its switch is not connected to this node"));
      } else {
        link.audit(repair, found -> result.completeAsync(() -> found));
      }
    });
    return result;
  }

  /// The sessions of this node's hosts that need a set; nothing for those without one.
  public CompletableFuture<Map<HostId, Optional<SwitchSession>>> holders(FlowSet set) {
    CompletableFuture<Map<HostId, Optional<SwitchSession>>> found = new CompletableFuture<>();
    thread.run(() -> {
      Map<HostId, Optional<SwitchSession>> holders = new HashMap<>();
      for (HostId host : compiler.subscribersOf(set)) {
        holders.put(host, Optional.ofNullable(links.get(host)).map(HostLink::session));
      }
      found.completeAsync(() -> holders);
    });
    return found;
  }

  private void tick() {
    Map.copyOf(links).values().forEach(link -> link.tick(clock.instant()));
  }

  /// How far a host is, as long as it is this node's.
  public Progress progress(HostId host) {
    return progress.getOrDefault(host, Progress.NONE);
  }

  /// The hosts of this node that it has heard of.
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

  /// Flows and meters that looks at switches found otherwise than they should be, so far.
  public long findings() {
    return findings.sum();
  }

  /// How many times everything was compiled once more from nothing.
  public long shadowRuns() {
    return shadow.runs();
  }

  /// How often that differed from what was compiled step by step: each time is a mistake of ours.
  public long shadowDifferences() {
    return shadow.differences();
  }

  /// How many changes were encoded so far.
  public long encodings() {
    return encoded.encodings();
  }

  /// Who is to hear of progress from now on.
  public void listen(ProgressListener listener) {
    listeners.add(listener);
  }

  /// Completes when every connected host of this node has realised the revision. Cancel it when
  /// nobody waits any more.
  public CompletableFuture<Void> awaitRealized(long revision) {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    thread.run(() -> waiters.add(revision, reached));
    return reached;
  }

  @Override
  public void close() {
    shadow.close();
    thread.close();
  }
}
