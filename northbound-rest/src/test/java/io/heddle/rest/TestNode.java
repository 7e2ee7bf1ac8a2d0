package io.heddle.rest;

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
import io.heddle.rest.auth.Caller;
import io.heddle.rest.auth.Role;
import io.heddle.rest.auth.TokenAuthority;
import io.heddle.rest.spi.Controller;
import io.heddle.vpc.command.CreateProject;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A node without switches: a real store on a real log in a directory, the API before it, and hosts
/// whose sessions are what the test says they are.
final class TestNode implements Controller, AutoCloseable {

  static final String ADMIN = "the-admin";
  static final String OPERATOR = "an-operator";
  static final String BLUE = "a-member-of-blue";
  static final String BLUE_READER = "a-reader-of-blue";

  private static final int PATIENCE_SECONDS = 30;

  private static final TokenAuthority TOKENS =
      token ->
          Optional.ofNullable(
              switch (token) {
                case ADMIN -> new Caller("admin", Role.ADMIN, null);
                case OPERATOR -> new Caller("oscar", Role.OPERATOR, null);
                case BLUE -> new Caller("bea", Role.MEMBER, new ProjectId("blue"));
                case BLUE_READER -> new Caller("rita", Role.READER, new ProjectId("blue"));
                default -> null;
              });

  private final Store store;
  private final RestServer server;
  private final AtomicReference<Throwable> stopped = new AtomicReference<>();
  final Map<HostId, HostState> hosts = new ConcurrentHashMap<>();
  final AtomicReference<Realization> realization =
      new AtomicReference<>(new Realization(Set.of(), Set.of()));

  TestNode(Path directory, RestOptions options) throws Exception {
    Random random = new Random(7);
    RatisSettings settings = RatisSettings.alone("test", "n1", directory.resolve("log"));
    store =
        new Store(
            new RatisLog(settings),
            HistoryArchive.open(directory.resolve("history"), HistoryArchive.Retention.DEFAULT),
            new Store.Environment(
                "n1",
                InstantSource.system(),
                random,
                () -> new UUID(random.nextLong(), random.nextLong()),
                Owner.thread("store-test"),
                stopped::set));
    store.start();
    store.awaitLeading().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    for (String project : List.of("default", "blue")) {
      commit(new CreateProject(new ProjectId(project), project, Map.of(), Project.Quotas.DEFAULT));
    }
    server =
        RestServer.start(
            options,
            this,
            TOKENS,
            new RestServer.Environment(
                InstantSource.system(),
                UUID::randomUUID,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
  }

  int port() {
    return server.port();
  }

  <T> T commit(Command<T> command) throws Exception {
    Outcome<T> outcome =
        store
            .submit(Submission.of(command, "test", "test"))
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (outcome instanceof Outcome.Committed<T>(T result, long revision)) {
      return result;
    }
    throw new AssertionError("not committed: " + outcome);
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
  public CompletionStage<Realization> awaitRealized(long revision, Duration timeout) {
    return CompletableFuture.completedFuture(realization.get());
  }

  @Override
  public HostState host(HostId id) {
    return hosts.getOrDefault(id, new HostState(false, 0, ""));
  }

  @Override
  public boolean realized(Binding binding) {
    return host(binding.id().host()).realizedRevision() >= image().revision();
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
    return store.status().leading() ? Optional.empty() : Optional.of("this node does not lead");
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
