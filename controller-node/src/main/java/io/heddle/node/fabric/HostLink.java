package io.heddle.node.fabric;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.Cookies;
import io.heddle.core.flow.Meter;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.reconcile.HostProgram;
import io.heddle.core.reconcile.InstalledFlow;
import io.heddle.core.reconcile.Step;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.FlowStat;
import io.heddle.openflow.session.BundleResult;
import io.heddle.openflow.session.SwitchSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A host's program joined to its switch's session: carries the program's steps out, one after the
/// other, and brings back the answers. Lives as long as the session; owned by the fabric thread.
final class HostLink {

  private static final Logger LOG = LoggerFactory.getLogger(HostLink.class);

  /// The first full look comes soon after a connect, when the burst of starting is over.
  private static final Duration FIRST_AUDIT = Duration.ofSeconds(5);

  /// Dumping 50,000 flows takes a switch 0.3 s: every five minutes is a thousandth of its time.
  private static final Duration AUDIT_EVERY = Duration.ofMinutes(5);

  private static final Duration RETRY_QUARANTINED_EVERY = Duration.ofMinutes(1);

  private final HostProgram program;
  private final SwitchSession session;
  private final Shared shared;
  private boolean ended;
  private Instant nextAudit;
  private Instant nextRetry;

  /// What all links of a node share.
  record Shared(
      FabricThread thread,
      Compiler compiler,
      EncodedChanges encoded,
      InstantSource clock,
      Consumer<HostProgram> progressed) {}

  HostLink(HostProgram program, SwitchSession session, Shared shared) {
    this.program = program;
    this.session = session;
    this.shared = shared;
    this.nextAudit = shared.clock().instant().plus(FIRST_AUDIT);
    this.nextRetry = shared.clock().instant().plus(RETRY_QUARANTINED_EVERY);
    program.attached();
  }

  SwitchSession session() {
    return session;
  }

  /// Whether this node is the host's master and can know that it is: nothing is sent otherwise.
  void allow(boolean allowed) {
    if (allowed) {
      carryOut(program.resume());
    } else {
      program.hold();
      shared.progressed().accept(program);
    }
  }

  void end() {
    ended = true;
    program.disconnected();
    shared.progressed().accept(program);
  }

  void tick(Instant now) {
    carryOut(program.tick(now));
    if (now.isAfter(nextAudit)) {
      nextAudit = now.plus(AUDIT_EVERY);
      carryOut(program.audit());
    }
    if (now.isAfter(nextRetry)) {
      nextRetry = now.plus(RETRY_QUARANTINED_EVERY);
      carryOut(program.retry());
    }
  }

  void carryOut(List<Step> steps) {
    for (Step step : steps) {
      switch (step) {
        case Step.ReadSentinels() -> readSentinels();
        case Step.ReadFlows() -> answer(dump(SwitchSession.ALL_TABLES, 0, 0), program::flows);
        case Step.Send send -> send(send);
      }
    }
    shared.progressed().accept(program);
  }

  private void readSentinels() {
    CompletableFuture<List<InstalledFlow>> marks =
        dump(Stage.SENTINEL.table(), Cookies.MARK, Cookies.MARK_MASK);
    CompletableFuture<List<Meter>> meters = session.dumpMeters();
    answer(
        marks.thenCombine(meters, Found::new),
        found -> program.sentinels(found.marks(), found.meters(), shared.clock().instant()));
  }

  private record Found(List<InstalledFlow> marks, List<Meter> meters) {}

  private CompletableFuture<List<InstalledFlow>> dump(int table, long cookie, long mask) {
    return session
        .dump(table, cookie, mask)
        .thenApply(stats -> stats.stream().map(HostLink::installed).toList());
  }

  private static InstalledFlow installed(FlowStat stat) {
    return new InstalledFlow(stat.table(), stat.cookie(), stat.flow().orElse(null));
  }

  private void send(Step.Send send) {
    List<CompletableFuture<Void>> before = new ArrayList<>();
    send.meters().forEach(meter -> before.add(session.putMeter(meter)));
    send.zonesToFlush().forEach(zone -> before.add(session.flushZone(zone)));
    CompletableFuture<BundleResult> bundle =
        send.changes().isEmpty()
            ? session.barrier().thenApply(done -> new BundleResult.Committed())
            : session.bundle(shared.encoded().bundle(send.changes()));
    send.metersToDelete().forEach(id -> before.add(session.deleteMeter(id)));
    CompletableFuture<Void> rest =
        CompletableFuture.allOf(before.toArray(CompletableFuture[]::new));
    answer(bundle.thenCombine(rest, (result, done) -> result), result -> ended(send, result));
  }

  private List<Step> ended(Step.Send send, BundleResult result) {
    return switch (result) {
      case BundleResult.Committed() -> program.committed();
      case BundleResult.Refused refused -> {
        LOG.warn(
            "bundle refused host={} flowMods={} said={}",
            program.host(),
            send.flowMods(),
            refused.refusals());
        yield program.refused(culprits(refused), refused.toString());
      }
    };
  }

  private Map<CompiledFlow, String> culprits(BundleResult.Refused refused) {
    Map<CompiledFlow, String> culprits = new HashMap<>();
    for (BundleResult.Refusal refusal : refused.refusals()) {
      if (refusal.mod() instanceof FlowMod.Add add) {
        shared
            .compiler()
            .flowUnder(add.cookie())
            .ifPresent(flow -> culprits.put(flow, refusal.error().toString()));
      }
    }
    return culprits;
  }

  /// Hands what came back to the fabric thread, unless the link has ended by then. What the switch
  /// would not do at all ends the session: it comes back and is compared anew.
  private <T> void answer(CompletableFuture<T> future, Function<T, List<Step>> then) {
    var _ =
        future.whenComplete((value, failed) ->
            shared
                .thread()
                .run(() -> {
                  if (ended) {
                    return;
                  }
                  if (failed != null) {
                    session.close("it did not do as asked: " + failed.getMessage());
                  } else {
                    carryOut(then.apply(value));
                  }
                }));
  }
}
