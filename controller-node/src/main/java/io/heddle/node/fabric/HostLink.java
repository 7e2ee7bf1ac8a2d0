package io.heddle.node.fabric;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.Cookies;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import io.heddle.core.flow.Meter;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.reconcile.Audit;
import io.heddle.core.reconcile.AuditResult;
import io.heddle.core.reconcile.HostProgram;
import io.heddle.core.reconcile.InstalledFlow;
import io.heddle.core.reconcile.Slice;
import io.heddle.core.reconcile.Step;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.FlowStat;
import io.heddle.openflow.session.BundleResult;
import io.heddle.openflow.session.SwitchRefusedException;
import io.heddle.openflow.session.SwitchSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A host's program joined to its switch's session: carries the program's steps out, and brings
/// back the answers. Lives as long as the session; owned by the fabric thread.
final class HostLink {

  private static final Logger LOG = LoggerFactory.getLogger(HostLink.class);

  private static final Duration RETRY_QUARANTINED_EVERY = Duration.ofMinutes(1);

  /// Differences that a log line names; all are counted.
  private static final int NAMED_IN_LOG = 3;

  private final HostProgram program;
  private final SwitchSession session;
  private final Shared shared;
  private boolean ended;
  private Instant nextRetry;

  /// What all links of a node share.
  record Shared(
      FabricThread thread,
      Compiler compiler,
      EncodedChanges encoded,
      InstantSource clock,
      Consumer<HostProgram> progressed,
      LongAdder findings) {}

  HostLink(HostProgram program, SwitchSession session, Shared shared) {
    this.program = program;
    this.session = session;
    this.shared = shared;
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
    if (now.isAfter(nextRetry)) {
      nextRetry = now.plus(RETRY_QUARANTINED_EVERY);
      carryOut(program.retry());
    }
  }

  void audit(boolean repair, Consumer<AuditResult> answer) {
    carryOut(program.audit(repair, answer));
  }

  void carryOut(List<Step> steps) {
    for (Step step : steps) {
      switch (step) {
        case Step.ReadSentinels() -> readSentinels();
        case Step.ReadFlows(Slice slice) -> readFlows(slice);
        case Step.Send send -> send(send);
      }
    }
    shared.progressed().accept(program);
  }

  private record Dumped(List<InstalledFlow> flows, Collection<Meter> meters) {}

  private void readSentinels() {
    CompletableFuture<List<InstalledFlow>> marks =
        dump(Stage.SENTINEL.table(), Cookies.MARK, Cookies.MARK_MASK);
    answer(
        marks.thenCombine(session.dumpMeters(), Dumped::new),
        found -> program.sentinels(found.flows(), found.meters(), shared.clock().instant()));
  }

  private void readFlows(Slice slice) {
    CompletableFuture<List<Meter>> meters =
        slice.isFirst() ? session.dumpMeters() : CompletableFuture.completedFuture(List.of());
    answer(
        dump(SwitchSession.ALL_TABLES, slice.cookie(), slice.mask())
            .thenCombine(meters, Dumped::new),
        this::looked);
  }

  private List<Step> looked(Dumped found) {
    Audit before = program.lastAudit();
    long findings = program.findings();
    List<Step> steps = program.flows(found.flows(), found.meters());
    Audit after = program.lastAudit();
    shared.findings().add(program.findings() - findings);
    if (!after.findsWhat(before)) {
      log(after);
    }
    return steps;
  }

  /// One line for each turn that the findings take.
  private void log(Audit audit) {
    if (audit.findings() == 0) {
      LOG.info("audit host={} in-step={} all=true", program.host(), audit.inStep());
      return;
    }
    LOG.warn(
        "audit host={} in-step={} missing={} altered={} extra={} foreign={} such-as={}",
        program.host(),
        audit.inStep(),
        audit.missing(),
        audit.altered(),
        audit.extra(),
        audit.foreign(),
        program.lastDifferences().stream().limit(NAMED_IN_LOG).toList());
  }

  private CompletableFuture<List<InstalledFlow>> dump(int table, long cookie, long mask) {
    return session
        .dump(table, cookie, mask)
        .thenApply(stats -> stats.stream().map(HostLink::installed).toList());
  }

  private static InstalledFlow installed(FlowStat stat) {
    Flow flow = stat.flow().orElse(null);
    Match match = flow == null ? stat.body().match().orElse(null) : flow.match();
    return new InstalledFlow(stat.table(), stat.priority(), stat.cookie(), match, flow);
  }

  private void send(Step.Send send) {
    List<CompletableFuture<Void>> before = new ArrayList<>();
    send.meters().forEach(meter -> before.add(putMeter(meter)));
    send.zonesToFlush().forEach(zone -> before.add(session.flushZone(zone)));
    CompletableFuture<BundleResult> bundle =
        send.changes().isEmpty()
            ? session.barrier().thenApply(done -> new BundleResult.Committed())
            : session.bundle(shared.encoded().bundle(send.changes()));
    CompletableFuture<Void> first =
        CompletableFuture.allOf(before.toArray(CompletableFuture[]::new));
    answer(
        bundle
            .thenCombine(first, (result, done) -> result)
            .thenCompose(result -> deleteMeters(send, result)),
        result -> ended(send, result));
  }

  /// A meter that the switch refuses is not the end: the flows that use it are refused next, and
  /// their units are named.
  private CompletableFuture<Void> putMeter(Meter meter) {
    return session
        .putMeter(meter)
        .exceptionallyCompose(failure -> {
          if (!isRefusal(failure)) {
            return CompletableFuture.failedFuture(failure);
          }
          LOG.warn(
              "meter refused host={} meter={} said={}",
              program.host(),
              meter,
              failure.getMessage());
          shared.thread().run(() -> program.meterRefused(meter.id()));
          return CompletableFuture.completedFuture(null);
        });
  }

  private static boolean isRefusal(Throwable failure) {
    return failure instanceof SwitchRefusedException
        || (failure instanceof CompletionException
            && failure.getCause() instanceof SwitchRefusedException);
  }

  /// A switch deletes the flows that use a meter with it: only when these are gone does it go.
  private CompletableFuture<BundleResult> deleteMeters(Step.Send send, BundleResult result) {
    if (!(result instanceof BundleResult.Committed) || send.metersToDelete().isEmpty()) {
      return CompletableFuture.completedFuture(result);
    }
    return CompletableFuture.allOf(
            send.metersToDelete().stream()
                .map(session::deleteMeter)
                .toArray(CompletableFuture[]::new))
        .thenApply(done -> result);
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
