package io.heddle.node.cluster;

import io.heddle.core.cluster.Peers;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Kinds;
import io.heddle.core.store.StrictJson;
import io.heddle.rest.spi.Audits;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Full looks at switches, each carried out by the host's master, whichever node that is; what they
/// found is told to all nodes.
public final class SharedAudits implements Audits {

  private static final String CALL = "audit";
  private static final String SUBJECT = "audits";

  /// Dumping and comparing a full switch takes a second or two.
  private static final Duration WITHIN = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(SharedAudits.class);

  /// Looks at a host of this node's.
  public interface Local {
    CompletionStage<Result> look(HostId host, boolean repair);
  }

  private record Wanted(HostId host, boolean repair) {}

  /// A flow that differs, as it travels: the row as its kind and its key's text.
  private record Sent(
      Way way, String table, String match, String unit, String rowKind, String rowKey) {

    static Sent of(Difference difference) {
      return new Sent(
          difference.way(),
          difference.table(),
          difference.match(),
          difference.unit(),
          difference.row().map(key -> key.kind().name()).orElse(""),
          difference.row().map(Key::toString).orElse(""));
    }

    Difference difference() {
      Kind<?> kind = Kinds.named(rowKind);
      return new Difference(
          way,
          table,
          match,
          unit,
          kind == null ? Optional.empty() : Optional.of(kind.parseKey().apply(rowKey)));
    }
  }

  private record SentReport(
      HostId host, Instant at, boolean repaired, Counts counts, List<Sent> differences) {

    static SentReport of(Report report) {
      return new SentReport(
          report.host(),
          report.at(),
          report.repaired(),
          report.counts(),
          report.differences().stream().map(Sent::of).toList());
    }

    Report report() {
      return new Report(
          host, at, repaired, counts, differences.stream().map(Sent::difference).toList());
    }
  }

  /// How it ended there; what does not apply is null.
  private record Ending(@Nullable SentReport report, @Nullable String unavailable) {}

  private final Peers peers;
  private final Mastery mastery;
  private final Local local;
  private final Map<HostId, Report> last = new ConcurrentHashMap<>();

  SharedAudits(Peers peers, Mastery mastery, Local local) {
    this.peers = peers;
    this.mastery = mastery;
    this.local = local;
    peers.answer(CALL, (from, request) -> answer(request));
    peers.listen(SUBJECT, this::heard);
  }

  @Override
  public CompletionStage<Result> run(HostId host, boolean repair) {
    Optional<String> master = mastery.masterOf(host);
    if (master.isEmpty()) {
      return CompletableFuture.completedFuture(
          new Result.Unavailable("host %s has no master now".formatted(host)));
    }
    return mastery.isMine(host) ? look(host, repair) : ask(master.get(), host, repair);
  }

  private CompletionStage<Result> look(HostId host, boolean repair) {
    return local
        .look(host, repair)
        .whenComplete((result, failed) -> {
          if (result instanceof Result.Done(Report report)) {
            tell(report);
          }
        });
  }

  /// This node has looked at one of its hosts.
  public void tell(Report report) {
    last.put(report.host(), report);
    try {
      peers.publish(SUBJECT, StrictJson.MAPPER.writeValueAsBytes(SentReport.of(report)));
    } catch (IOException e) {
      throw new IllegalStateException("a report that does not serialise", e);
    }
  }

  private void heard(String from, byte[] message) {
    try {
      Report report = StrictJson.MAPPER.readValue(message, SentReport.class).report();
      last.merge(
          report.host(), report, (old, fresh) -> fresh.at().isBefore(old.at()) ? old : fresh);
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("event=audit-unreadable from={} cause=\"{}\"", from, e.getMessage());
    }
  }

  private CompletionStage<Result> ask(String master, HostId host, boolean repair) {
    byte[] request;
    try {
      request = StrictJson.MAPPER.writeValueAsBytes(new Wanted(host, repair));
    } catch (IOException e) {
      throw new IllegalStateException("a wish that does not serialise", e);
    }
    return peers
        .call(master, CALL, request, WITHIN)
        .thenApply(SharedAudits::result)
        .exceptionally(failed ->
            new Result.Unavailable(
                "node %s, the master of host %s, did not answer: %s"
                    .formatted(master, host, failed.getMessage())));
  }

  private static Result result(byte[] bytes) {
    try {
      Ending ending = StrictJson.MAPPER.readValue(bytes, Ending.class);
      return ending.report() == null
          ? new Result.Unavailable(String.valueOf(ending.unavailable()))
          : new Result.Done(ending.report().report());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private byte[] answer(byte[] request)
      throws IOException, InterruptedException, ExecutionException {
    Wanted wanted = StrictJson.MAPPER.readValue(request, Wanted.class);
    Result result =
        mastery.isMine(wanted.host())
            ? look(wanted.host(), wanted.repair()).toCompletableFuture().get()
            : new Result.Unavailable(
                "node %s is not the master of host %s any more"
                    .formatted(peers.self(), wanted.host()));
    return StrictJson.MAPPER.writeValueAsBytes(
        switch (result) {
          case Result.Done(Report report) -> new Ending(SentReport.of(report), null);
          case Result.Unavailable(String why) -> new Ending(null, why);
        });
  }

  @Override
  public Optional<Report> last(HostId host) {
    return Optional.ofNullable(last.get(host));
  }
}
