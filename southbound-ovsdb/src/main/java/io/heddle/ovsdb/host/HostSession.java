package io.heddle.ovsdb.host;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.core.model.HostId;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One host's OVSDB session: reads its tables, is admitted under its system-id, and then, turn by
/// turn, sends what [Onboarding] says and reports what changed.
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
  private Optional<Claim> claim = Optional.empty();
  private Standing standing = new Standing.Observed();
  private Optional<HostProblem> refused = Optional.empty();
  private String nameless = "";
  private volatile Optional<HostReport> lastReport = Optional.empty();

  private enum Admission {
    NONE,
    ASKED,
    IN,
    ENDED
  }

  private record Claim(long epoch, CompletableFuture<ClaimOutcome> outcome) {}

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
        identity = Optional.of(known);
        switch (admission) {
          case NONE -> {
            admission = Admission.ASKED;
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

  /// The session is the host's from now on.
  void admitted() {
    admission = Admission.IN;
    OptionalLong epoch = hosts.epochForAll();
    if (epoch.isPresent() && claim.isEmpty()) {
      claim = Optional.of(new Claim(epoch.getAsLong(), new CompletableFuture<>()));
    }
    LOG.info("host connected host={} remote={}", name(), remote());
    turn();
  }

  CompletableFuture<ClaimOutcome> claim(long epoch) {
    Claim fresh = new Claim(epoch, new CompletableFuture<>());
    onLoop(() -> {
      supersede("a claim with epoch " + epoch);
      if (ended()) {
        fresh.outcome().complete(new ClaimOutcome.Lost("the connection ended"));
        return;
      }
      claim = Optional.of(fresh);
      turn();
    });
    return fresh.outcome();
  }

  void standDown() {
    onLoop(() -> {
      supersede("this node standing down");
      claim = Optional.empty();
      standing = new Standing.Observed();
      turn();
    });
  }

  private void supersede(String by) {
    claim.ifPresent(old -> old.outcome().complete(new ClaimOutcome.Lost("overtaken by " + by)));
  }

  private void write(HostTables tables, HostIdentity known) {
    if (claim.isEmpty() || writing || waiting) {
      return;
    }
    Claim ours = claim.get();
    Onboarding.Target target =
        new Onboarding.Target(settings, settings.targets(rpc.localAddress()), ours.epoch());
    Standing before = standing;
    switch (Onboarding.plan(tables, known, target)) {
      case Plan.InStep() -> {
        standing = new Standing.InStep(ours.epoch());
        refused = Optional.empty();
        ours.outcome().complete(new ClaimOutcome.Claimed(ours.epoch()));
      }
      case Plan.Fenced(long epochSeen) -> {
        standing = new Standing.Fenced(epochSeen);
        if (!standing.equals(before)) {
          LOG.warn("host is fenced host={} epoch={} seen={}", name(), ours.epoch(), epochSeen);
        }
        ours.outcome().complete(new ClaimOutcome.Fenced(epochSeen));
      }
      case Plan.Blocked(List<HostProblem> problems) -> {
        standing = new Standing.Onboarding(ours.epoch());
        ours.outcome().complete(new ClaimOutcome.Blocked(problems));
      }
      case Plan.Transact transaction -> {
        boolean altered = before.equals(new Standing.InStep(ours.epoch()));
        standing = new Standing.Onboarding(ours.epoch());
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
      claim.ifPresent(
          ours -> ours.outcome().complete(new ClaimOutcome.Blocked(refused.stream().toList())));
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
    claim.ifPresent(ours -> ours.outcome().complete(new ClaimOutcome.Lost(reason)));
    if (before == Admission.IN) {
      identity.ifPresent(known -> {
        LOG.info("host disconnected host={} remote={} reason={}", known.id(), remote(), reason);
        hosts.leave(this, known.id());
        hosts.events().disconnected(known.id(), reason);
      });
    }
    gone.complete(false);
  }
}
