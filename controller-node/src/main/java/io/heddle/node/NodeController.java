package io.heddle.node;

import io.heddle.core.cluster.HostBoard;
import io.heddle.core.cluster.Pulse;
import io.heddle.core.compile.UnitId;
import io.heddle.core.model.Binding;
import io.heddle.core.model.CtZone;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Key;
import io.heddle.core.model.Port;
import io.heddle.core.model.Resource;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Image;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import io.heddle.node.cluster.Participation;
import io.heddle.node.fabric.Fabric;
import io.heddle.rest.auth.Caller;
import io.heddle.rest.spi.Controller;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// This node as the API sees it. What it says of hosts is what their masters say, whichever node
/// that is.
final class NodeController implements Controller {

  private final Store store;
  private final Fabric fabric;
  private final Participation cluster;
  private final HostBoard board;

  NodeController(Store store, Fabric fabric, Participation cluster) {
    this.store = store;
    this.fabric = fabric;
    this.cluster = cluster;
    this.board = cluster.board();
  }

  @Override
  public <T> CompletionStage<Outcome<T>> submit(Submission<T> submission) {
    OptionalLong term = cluster.requests().termOf(submission.request());
    return term.isPresent() ? store.submit(submission, term.getAsLong()) : store.submit(submission);
  }

  @Override
  public Image image() {
    return store.image();
  }

  @Override
  public CompletableFuture<Image> awaitRevision(long revision) {
    return store.awaitRevision(revision);
  }

  @Override
  public Optional<Duration> silence() {
    Duration silence = cluster.silence();
    return silence.compareTo(Pulse.CONTACT_WITHIN) > 0 ? Optional.of(silence) : Optional.empty();
  }

  @Override
  public CompletionStage<Realization> awaitRealized(long revision, Duration timeout) {
    CompletableFuture<Void> reached = board.awaitRealized(revision);
    return reached
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handle((done, late) -> realization(revision));
  }

  private Realization realization(long revision) {
    Set<HostId> pending = new HashSet<>();
    Set<HostId> disconnected = new HashSet<>();
    for (Host host : store.image().all(Host.KIND)) {
      HostBoard.Standing standing = standing(host.id());
      if (standing.realized() < revision) {
        (standing.connected() ? pending : disconnected).add(host.id());
      }
    }
    return new Realization(pending, disconnected);
  }

  private HostBoard.Standing standing(HostId host) {
    return board.of(host).orElse(new HostBoard.Standing(host, "", 0, false, 0, "", Map.of()));
  }

  @Override
  public HostState host(HostId id) {
    HostBoard.Standing standing = standing(id);
    return new HostState(standing.connected(), standing.realized(), standing.problem());
  }

  @Override
  public boolean realized(Binding binding) {
    HostBoard.Standing standing = standing(binding.id().host());
    return standing.connected()
        && fabric.boundAt(binding.id()).filter(at -> at <= standing.realized()).isPresent();
  }

  @Override
  public Standing standing(Resource row) {
    Optional<String> leftOut = leftOut(row);
    if (leftOut.isPresent()) {
      return new Standing.Degraded(leftOut.get());
    }
    long revision = row.meta().revision();
    boolean everywhere =
        board.leastRealized() >= revision && board.connected() == store.image().count(Host.KIND);
    if (everywhere) {
      return new Standing.Active();
    }
    for (Host host : store.image().all(Host.KIND)) {
      HostBoard.Standing standing = standing(host.id());
      if (standing.realized() >= revision) {
        continue;
      }
      if (standing.connected()) {
        return new Standing.Pending(
            "host %s is at revision %d".formatted(host.id(), standing.realized()));
      }
      if (hasPortsOf(host.id(), row)) {
        return new Standing.Degraded(
            "host %s is disconnected and has not heard of revision %d"
                .formatted(host.id(), revision));
      }
    }
    return new Standing.Active();
  }

  /// Why some of the row's flows are nowhere, or not on some host.
  private Optional<String> leftOut(Resource row) {
    Optional<String> everywhere =
        fabric.quarantined().stream()
            .filter(unit -> unit.unit().subject().equals(row.key()))
            .map(unit -> "its flows are left out: " + unit.reason())
            .findFirst();
    return everywhere.or(() ->
        board
            .refusing(text(row.key()))
            .map(host -> "the switch of host %s refuses its flows".formatted(host)));
  }

  /// A row's key among those of all kinds.
  static String text(Key<?> key) {
    return key.kind() + "/" + key;
  }

  static String text(UnitId unit) {
    return text(unit.subject());
  }

  private boolean hasPortsOf(HostId host, Resource row) {
    VpcId vpc =
        switch (row) {
          case Port port -> port.vpc();
          case SecurityGroup group -> group.vpc();
          default -> null;
        };
    return vpc != null
        && store.image().anyBy(Binding.KIND, Binding.BY_ZONE, new CtZone.Id(host, vpc));
  }

  @Override
  public List<Batch> history(long fromRevision, int limit)
      throws IOException, InterruptedException {
    return cluster.history().read(fromRevision, limit);
  }

  @Override
  public Optional<String> unready() {
    if (store.status().failed()) {
      return Optional.of("this node has stopped following the log");
    }
    if (cluster.relay().leader().isEmpty()) {
      return Optional.of("no node leads the cluster now");
    }
    return store.image().find(Caller.DEFAULT_PROJECT).isPresent()
        ? Optional.empty()
        : Optional.of("the cluster is only being founded");
  }

  @Override
  public Optional<String> unhealthy() {
    return store.status().failed()
        ? Optional.of("this node has stopped following the log; its log says why")
        : Optional.empty();
  }
}
