package io.heddle.cli;

import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.replication.HistoryArchive;
import io.heddle.core.replication.RatisLog;
import io.heddle.core.replication.RatisSettings;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Owner;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import io.heddle.rest.RestOptions;
import io.heddle.rest.RestServer;
import io.heddle.rest.auth.AdminToken;
import io.heddle.rest.spi.Backend;
import io.heddle.rest.spi.Controller;
import io.heddle.vpc.command.CreateProject;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A controller without hosts in a directory, its admin token beside its log.
final class LocalNode implements Controller, AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final Store store;
  private final RestServer server;
  final LocalGroup group;

  /// How long the node has been without a majority.
  final AtomicReference<Optional<Duration>> silence = new AtomicReference<>(Optional.empty());

  private final AtomicReference<Throwable> stopped = new AtomicReference<>();

  LocalNode(Path directory) throws Exception {
    SecureRandom random = new SecureRandom();
    store =
        new Store(
            new RatisLog(RatisSettings.alone(directory.toString(), "n1", directory.resolve("log"))),
            HistoryArchive.open(directory.resolve("history"), HistoryArchive.Retention.DEFAULT),
            new Store.Environment(
                "n1",
                InstantSource.system(),
                random,
                UUID::randomUUID,
                Owner.thread("store-test"),
                stopped::set));
    store.start();
    store.awaitLeading().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    commit(
        new CreateProject(new ProjectId("default"), "default", Map.of(), Project.Quotas.DEFAULT));
    group = new LocalGroup(this);
    server =
        RestServer.start(
            RestOptions.loopback(0),
            new Backend(this, group, group, group, group),
            AdminToken.in(directory, random),
            new RestServer.Environment(
                InstantSource.system(),
                UUID::randomUUID,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  <T> void commit(Command<T> command) throws Exception {
    Outcome<T> outcome =
        store
            .submit(Submission.of(command, "test", "test"))
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!(outcome instanceof Outcome.Committed<T>)) {
      throw new AssertionError("not committed: " + outcome);
    }
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

  @Override
  public Optional<Duration> silence() {
    return silence.get();
  }

  @Override
  public CompletionStage<Realization> awaitRealized(long revision, Duration timeout) {
    return CompletableFuture.completedFuture(new Realization(Set.of(), Set.of()));
  }

  @Override
  public HostState host(HostId id) {
    return new HostState(false, 0, "");
  }

  @Override
  public boolean realized(Binding binding) {
    return false;
  }

  @Override
  public Standing standing(Resource row) {
    return new Standing.Active();
  }

  @Override
  public List<Batch> history(long fromRevision, int limit) throws IOException {
    return store.history(fromRevision, limit);
  }

  @Override
  public Optional<String> unready() {
    return Optional.empty();
  }

  @Override
  public Optional<String> unhealthy() {
    return Optional.empty();
  }

  @Override
  public void close() {
    server.close();
    store.close();
    if (stopped.get() != null) {
      throw new AssertionError("the node stopped", stopped.get());
    }
  }
}
