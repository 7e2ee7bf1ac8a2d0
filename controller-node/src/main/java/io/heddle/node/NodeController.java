package io.heddle.node;

import io.heddle.core.model.Binding;
import io.heddle.core.model.CtZone;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Port;
import io.heddle.core.model.Resource;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Image;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import io.heddle.node.fabric.Fabric;
import io.heddle.node.fabric.HostInventory;
import io.heddle.rest.spi.Controller;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// This node as the API sees it.
final class NodeController implements Controller {

  private final Store store;
  private final Fabric fabric;
  private final HostInventory inventory;

  NodeController(Store store, Fabric fabric, HostInventory inventory) {
    this.store = store;
    this.fabric = fabric;
    this.inventory = inventory;
  }

  @Override
  public <T> CompletionStage<Outcome<T>> submit(Submission<T> submission) {
    return store.submit(submission);
  }

  @Override
  public Image image() {
    return store.image();
  }

  @Override
  public CompletableFuture<Image> awaitRevision(long revision) {
    return store.awaitRevision(revision);
  }

  /// A group of one is its own majority.
  @Override
  public Optional<Duration> silence() {
    return Optional.empty();
  }

  @Override
  public CompletionStage<Realization> awaitRealized(long revision, Duration timeout) {
    CompletableFuture<Void> reached = fabric.awaitRealized(revision);
    return reached
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handle((done, late) -> realization(revision));
  }

  private Realization realization(long revision) {
    Set<HostId> pending = new HashSet<>();
    Set<HostId> disconnected = new HashSet<>();
    for (Host host : store.image().all(Host.KIND)) {
      Fabric.Progress progress = fabric.progress(host.id());
      if (progress.realized() < revision) {
        (progress.connected() ? pending : disconnected).add(host.id());
      }
    }
    return new Realization(pending, disconnected);
  }

  @Override
  public HostState host(HostId id) {
    Fabric.Progress progress = fabric.progress(id);
    SortedMap<String, String> refused = inventory.refusals(id);
    String problem =
        !progress.problem().isEmpty() || refused.isEmpty()
            ? progress.problem()
            : refused.values().iterator().next();
    return new HostState(progress.connected(), progress.realized(), problem);
  }

  @Override
  public boolean realized(Binding binding) {
    Fabric.Progress progress = fabric.progress(binding.id().host());
    return progress.connected()
        && fabric.boundAt(binding.id()).filter(at -> at <= progress.realized()).isPresent();
  }

  @Override
  public Standing standing(Resource row) {
    Optional<String> leftOut = leftOut(row);
    if (leftOut.isPresent()) {
      return new Standing.Degraded(leftOut.get());
    }
    long revision = row.meta().revision();
    for (Map.Entry<HostId, Fabric.Progress> host : fabric.progress().entrySet()) {
      if (host.getValue().realized() >= revision) {
        continue;
      }
      if (host.getValue().connected()) {
        return new Standing.Pending(
            "host %s is at revision %d".formatted(host.getKey(), host.getValue().realized()));
      }
      if (hasPortsOf(host.getKey(), row)) {
        return new Standing.Degraded(
            "host %s is disconnected and has not heard of revision %d"
                .formatted(host.getKey(), revision));
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
        fabric.progress().entrySet().stream()
            .filter(host -> refuses(host.getValue(), row))
            .map(host -> "the switch of host %s refuses its flows".formatted(host.getKey()))
            .sorted()
            .findFirst());
  }

  private static boolean refuses(Fabric.Progress host, Resource row) {
    return host.refused().keySet().stream().anyMatch(unit -> unit.subject().equals(row.key()));
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
  public List<Batch> history(long fromRevision, int limit) throws IOException {
    return store.history(fromRevision, limit);
  }

  @Override
  public Optional<String> unready() {
    return store.status().leading()
        ? Optional.empty()
        : Optional.of("this node does not lead the cluster yet");
  }

  @Override
  public Optional<String> unhealthy() {
    return store.status().failed()
        ? Optional.of("this node's store has failed; its log says why")
        : Optional.empty();
  }
}
