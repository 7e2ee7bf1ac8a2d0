package io.heddle.ovsdb.host;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.core.model.HostId;
import io.heddle.core.tls.Bearer;
import io.heddle.ovsdb.host.HostTables.Bridge;
import io.heddle.ovsdb.report.HostProblem;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.report.Standing;
import io.heddle.ovsdb.rpc.OvsdbClient;
import io.heddle.ovsdb.rpc.ProtocolException;
import io.heddle.ovsdb.rpc.Quoted;
import io.heddle.ovsdb.rpc.RpcSession;
import io.heddle.ovsdb.rpc.Schema;
import io.heddle.ovsdb.rpc.TableUpdates;
import io.heddle.ovsdb.rpc.TransactOutcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One host's OVSDB session: reads its tables, is admitted under its system-id, and then, turn by
/// turn, sends what [Onboarding] says, if the policy gives it the word, and reports what changed.
///
/// All state belongs to the event loop. A turn ends with [#settled]: whatever came together is
/// acted on once.
final class HostSession implements RpcSession.Peer {
  private static final Logger LOG = LoggerFactory.getLogger(HostSession.class);
  private static final String DATABASE = "Open_vSwitch";

  /// The schema's versions we can read: 7 is Open vSwitch 1.10 to 2.9, 8 all later ones up to now.
  private static final List<Integer> SCHEMA_MAJORS = List.of(7, 8);

  /// After the database refused our settings as such: its reason may lie in tables we do not read.
  private static final Duration REFUSED_WAIT = Duration.ofSeconds(10);

  private static final OptionalLong NONE = OptionalLong.empty();

  private final RpcSession rpc;
  private final OvsdbClient client;
  private final HostSettings settings;
  private final OvsdbHosts hosts;
  private RepairPace pace = new RepairPace(System.nanoTime());
  private final CompletableFuture<Boolean> gone = new CompletableFuture<>();

  private Optional<Replica> replica = Optional.empty();
  private Optional<HostIdentity> identity = Optional.empty();

  /// The echo that is under way, shared by all who ask: many impostors cost one.
  private CompletableFuture<Boolean> probe = CompletableFuture.completedFuture(true);

  private Admission admission = Admission.NONE;
  private boolean dirty;
  private boolean writing;
  private boolean waiting;
  private Standing standing = new Standing.Observed();

  /// What the host was told to be when it was last in step.
  private Optional<Onboarding.Target> realised = Optional.empty();

  /// The latest epoch that the host has shown: a bridge that vanishes takes its mark along.
  private long epochSeen;

  private long epochWritten;
  private Optional<HostProblem> refused = Optional.empty();
  private String nameless = "";
  private volatile Optional<Origin> origin = Optional.empty();
  private volatile Optional<HostReport> lastReport = Optional.empty();

  private enum Admission {
    NONE,
    ASKED,
    IN,
    ENDED
  }

  HostSession(RpcSession rpc, HostSettings settings, OvsdbHosts hosts) {
    this.rpc = rpc;
    this.client = new OvsdbClient(rpc, DATABASE);
    this.settings = settings;
    this.hosts = hosts;
  }

  String remote() {
    return rpc.remote();
  }

  void onLoop(Runnable task) {
    rpc.onLoop(task);
  }

  void close(String reason) {
    rpc.close(reason);
  }

  /// Where a connection comes from: the database, by the id of its one root row, and the machine.
  record Origin(UUID database, String machine) {}

  /// Known from the moment that the host asks to be admitted.
  Optional<Origin> origin() {
    return origin;
  }

  Optional<HostReport> lastReport() {
    return lastReport;
  }

  boolean ended() {
    return admission == Admission.ENDED;
  }

  /// Whether the host answers in time; if not, the session has ended when the future says so.
  CompletableFuture<Boolean> alive(Duration within) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    onLoop(() -> {
      if (probe.isDone()) {
        probe = rpc.echo(within).handle((echoed, failure) -> failure == null);
      }
      var _ = probe.thenAccept(alive -> answerProbe(alive, answer));
    });
    return answer;
  }

  private void answerProbe(boolean alive, CompletableFuture<Boolean> answer) {
    if (alive) {
      answer.complete(true);
    } else {
      rpc.close("it does not answer, and a second connection says it is this host");
      var _ = gone.thenAccept(answer::complete);
    }
  }

  @Override
  public void opened() {
    var _ =
        client
            .schema()
            .thenCompose(this::monitor)
            .exceptionally(failure -> {
              rpc.close(reason(failure));
              return null;
            });
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause();
    return String.valueOf(
        failure instanceof CompletionException && cause != null
            ? cause.getMessage()
            : failure.getMessage());
  }

  private CompletableFuture<Void> monitor(Schema schema) {
    if (!SCHEMA_MAJORS.contains(schema.majorVersion())) {
      throw new ProtocolException(
          "its Open_vSwitch schema is version %s; we read %s"
              .formatted(Quoted.of(schema.version()), SCHEMA_MAJORS));
    }
    Map<String, List<String>> columns = new LinkedHashMap<>();
    HostTables.COLUMNS.forEach((table, names) -> columns.put(table, schema.known(table, names)));
    return client
        .monitor(columns)
        .thenAccept(first -> {
          Replica fresh = new Replica(schema);
          fresh.apply(first);
          replica = Optional.of(fresh);
          dirty = true;
        });
  }

  @Override
  public void notified(String method, JsonNode params) {
    Optional<TableUpdates> updates = OvsdbClient.updates(method, params);
    if (updates.isPresent() && replica.isPresent()) {
      replica.get().apply(updates.get());
      dirty = true;
    } else if (method.equals("monitor_canceled")) {
      rpc.close("its database was removed");
    }
  }

  @Override
  public void settled() {
    if (dirty) {
      dirty = false;
      turn();
    }
  }

  /// Reads who the host is, writes what it lacks, tells what it is.
  private void turn() {
    if (replica.isEmpty() || ended()) {
      return;
    }
    HostTables tables = replica.get().tables();
    Map<String, String> externalIds =
        tables.root().map(HostTables.Root::externalIds).orElse(Map.of());
    switch (HostIdentity.read(externalIds)) {
      case HostIdentity.Reading.Nameless(String sentence) -> {
        if (!sentence.equals(nameless)) {
          nameless = sentence;
          hosts.stranger(remote(), sentence);
        }
        if (admission != Admission.NONE) {
          rpc.close("its system-id was taken away");
        }
      }
      case HostIdentity.Reading.Known(HostIdentity known) -> {
        HostId before = identity.map(HostIdentity::id).orElse(known.id());
        if (!known.id().equals(before)) {
          rpc.close("its system-id changed to " + known.id());
          return;
        }
        Optional<String> posing = posing(known.id());
        if (posing.isPresent()) {
          hosts.stranger(remote(), posing.get());
          rpc.close(posing.get());
          return;
        }
        identity = Optional.of(known);
        switch (admission) {
          case NONE -> {
            admission = Admission.ASKED;
            origin = tables.root().map(root -> new Origin(root.id(), rpc.remoteMachine()));
            hosts.admit(this, known.id());
          }
          case IN -> {
            write(tables, known);
            report(tables, known);
          }
          case ASKED, ENDED -> {}
        }
      }
    }
  }

  /// Over TLS a host is who its certificate says, whatever its database says.
  private Optional<String> posing(HostId claimed) {
    if (!rpc.encrypted()) {
      return Optional.empty();
    }
    Optional<Bearer> bearer = rpc.peerCertificate().flatMap(Bearer::of);
    return bearer.equals(Optional.of(new Bearer.OfHost(claimed)))
        ? Optional.empty()
        : Optional.of(
            "its system-id is %s and its certificate %s; issue it one with: heddle pki host %s"
                .formatted(
                    claimed,
                    bearer.map(who -> "that of " + who).orElse("that of no host"),
                    claimed));
  }

  /// The session is the host's from now on.
  void admitted() {
    admission = Admission.IN;
    LOG.info("host connected host={} remote={}", name(), remote());
    turn();
  }

  /// Looks again at what the policy and the settings say.
  void again() {
    onLoop(this::turn);
  }

  private void write(HostTables tables, HostIdentity known) {
    Optional<Bridge> bridge = tables.bridge(settings.bridge());
    epochSeen = Math.max(epochSeen, bridge.map(Bridge::epoch).orElse(NONE).orElse(0));
    switch (hosts.policy().claimFor(known.id())) {
      case HostClaim.ReadOnly() -> {
        standing = new Standing.Observed();
        realised = Optional.empty();
        refused = Optional.empty();
      }
      case HostClaim.Rule(long epoch) -> {
        if (!writing && !waiting) {
          rule(
              tables,
              known,
              new Onboarding.Target(settings, settings.targets(rpc.localAddress()), epoch));
        }
      }
    }
  }

  private void rule(HostTables tables, HostIdentity known, Onboarding.Target target) {
    long epoch = target.epoch();
    Plan plan =
        epochSeen > epoch ? new Plan.Fenced(epochSeen) : Onboarding.plan(tables, known, target);
    switch (plan) {
      case Plan.InStep() -> {
        standing = new Standing.InStep(epoch);
        realised = Optional.of(target);
        refused = Optional.empty();
      }
      case Plan.Fenced(long seen) -> {
        Standing fenced = new Standing.Fenced(seen);
        if (!fenced.equals(standing)) {
          LOG.warn("host is fenced host={} epoch={} seen={}", name(), epoch, seen);
        }
        standing = fenced;
        realised = Optional.empty();
      }
      case Plan.Blocked _ -> {
        standing = new Standing.Onboarding(epoch);
        realised = Optional.empty();
      }
      case Plan.Transact transaction -> {
        boolean asItWas =
            realised
                .filter(before -> Onboarding.plan(tables, known, before) instanceof Plan.InStep)
                .isPresent();
        boolean altered = realised.isPresent() && !asItWas;
        if (!asItWas) {
          standing = new Standing.Onboarding(epoch);
          realised = Optional.empty();
        }
        if (epoch != epochWritten) {
          epochWritten = epoch;
          pace = new RepairPace(System.nanoTime());
        }
        send(transaction, altered);
      }
    }
  }

  private void send(Plan.Transact transaction, boolean altered) {
    Duration wait = pace.take(System.nanoTime());
    if (!wait.isZero()) {
      LOG.warn(
          "host altered again, repair held back host={} waitMillis={} changes={}",
          name(),
          wait.toMillis(),
          transaction.changes());
      pauseWriting(wait);
      return;
    }
    if (altered) {
      LOG.warn(
          "host altered by others, repairing host={} changes={}", name(), transaction.changes());
    } else if (realised.isPresent()) {
      // A new view: as many lines as hosts, each time.
      LOG.debug("host is told what is new host={} changes={}", name(), transaction.changes());
    } else {
      LOG.info("host is told its settings host={} changes={}", name(), transaction.changes());
    }
    writing = true;
    var _ = client.transact(transaction.operations()).whenComplete(this::written);
  }

  /// The updates that a transaction caused came before its answer, so the turn that follows sees
  /// them.
  private void written(@Nullable TransactOutcome outcome, @Nullable Throwable failure) {
    writing = false;
    dirty = true;
    if (failure != null) {
      rpc.close("no answer to a transaction: " + reason(failure));
    }
    if (outcome instanceof TransactOutcome.Refused no && !no.overtaken()) {
      String sentence =
          "the host's database refuses our settings: %s %s"
              .formatted(Quoted.of(no.error()), Quoted.of(no.details()));
      LOG.warn(
          "settings refused host={} operation={} problem={}", name(), no.operation(), sentence);
      refused = Optional.of(new HostProblem(HostProblem.Kind.SETTINGS_REFUSED, sentence));
      pauseWriting(REFUSED_WAIT);
    }
  }

  private void pauseWriting(Duration wait) {
    waiting = true;
    var _ =
        rpc.later(
            wait,
            () -> {
              waiting = false;
              turn();
            });
  }

  private void report(HostTables tables, HostIdentity known) {
    HostReport now = Reports.read(tables, known, settings, standing, refused);
    Optional<HostReport> before = lastReport;
    if (before.equals(Optional.of(now))) {
      return;
    }
    lastReport = Optional.of(now);
    logProblems(before.map(HostReport::problems).orElse(List.of()), now.problems());
    if (before.isEmpty()) {
      hosts.events().connected(now);
    } else {
      hosts.events().changed(now);
    }
  }

  /// What passes by itself while `ovs-vswitchd` follows the database is not worth a warning.
  private void logProblems(List<HostProblem> before, List<HostProblem> now) {
    List<HostProblem> lasting = lasting(now);
    if (!lasting.equals(lasting(before))) {
      if (lasting.isEmpty()) {
        LOG.info("host is sound again host={}", name());
      } else {
        LOG.warn("host is degraded host={} problems={}", name(), lasting);
      }
    }
  }

  private static List<HostProblem> lasting(List<HostProblem> problems) {
    return problems.stream().filter(problem -> !problem.kind().passing()).toList();
  }

  private String name() {
    return identity.map(known -> known.id().value()).orElse("?");
  }

  @Override
  public void closed(String reason) {
    Admission before = admission;
    admission = Admission.ENDED;
    identity.ifPresent(known -> {
      hosts.leave(this, known.id());
      if (before == Admission.IN) {
        LOG.info("host disconnected host={} remote={} reason={}", known.id(), remote(), reason);
        hosts.events().disconnected(known.id(), reason);
        hosts.replace(known.id());
      }
    });
    gone.complete(false);
  }
}
