package io.heddle.rest;

import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.NodeName;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.replication.HistoryArchive;
import io.heddle.core.replication.RatisLog;
import io.heddle.core.replication.RatisSettings;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.core.store.Log;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Owner;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import io.heddle.rest.audit.AuditTrail;
import io.heddle.rest.auth.Caller;
import io.heddle.rest.auth.Role;
import io.heddle.rest.auth.TokenAuthorities;
import io.heddle.rest.auth.TokenAuthority;
import io.heddle.rest.spi.Backend;
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
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A node without switches: a real store on a log, the API before it, and hosts whose sessions are
/// what the test says they are.
final class TestNode implements Controller, AutoCloseable {

  static final String ADMIN = "the-admin";
  static final String OPERATOR = "an-operator";
  static final String BLUE = "a-member-of-blue";
  static final String BLUE_READER = "a-reader-of-blue";

  static final int PATIENCE_SECONDS = 30;

  private final Store store;
  private final RestServer server;
  private final AtomicReference<Throwable> stopped = new AtomicReference<>();
  private final TestGroup.End group;
  final Map<HostId, HostState> hosts = new ConcurrentHashMap<>();
  final AtomicReference<Realization> realization =
      new AtomicReference<>(new Realization(Set.of(), Set.of()));

  /// How long the node has been without a majority.
  final AtomicReference<Optional<Duration>> silence = new AtomicReference<>(Optional.empty());

  /// What is broken in it.
  final AtomicReference<Optional<String>> illness = new AtomicReference<>(Optional.empty());

  /// Tokens that are good no more.
  final Set<String> revoked = ConcurrentHashMap.newKeySet();

  /// How far the history was read.
  final AtomicReference<Long> told = new AtomicReference<>(0L);

  /// What a node is made of.
  ///
  /// @param retention how much of the past it keeps
  record Parts(String name, Log log, Path directory, HistoryArchive.Retention retention) {}

  /// Alone, on a real log. The writes that were taken note of.
  final Queue<AuditTrail.Entry> audited = new ConcurrentLinkedQueue<>();

  /// Tokens that a test believes beside the fixed ones.
  volatile TokenAuthority added = token -> Optional.empty();

  private final class Added implements TokenAuthority {
    @Override
    public Optional<Caller> authenticate(String token) {
      return added.authenticate(token);
    }

    @Override
    public CompletionStage<Void> prepare(String token) {
      return added.prepare(token);
    }
  }

  TestNode(Path directory, RestOptions options) throws Exception {
    this(
        new Parts(
            "n1",
            new RatisLog(RatisSettings.alone("test", "n1", directory.resolve("log"))),
            directory,
            HistoryArchive.Retention.DEFAULT),
        options,
        new TestGroup());
    awaitLeading();
    foundProjects(Project.Quotas.DEFAULT);
  }

  /// As one of a group.
  TestNode(Parts parts, RestOptions options, TestGroup testGroup) throws Exception {
    Random random = new Random(parts.name().hashCode());
    store =
        new Store(
            parts.log(),
            HistoryArchive.open(parts.directory().resolve("history"), parts.retention()),
            new Store.Environment(
                parts.name(),
                InstantSource.system(),
                random,
                () -> new UUID(random.nextLong(), random.nextLong()),
                Owner.thread("store-" + parts.name()),
                stopped::set));
    store.start();
    group = testGroup.join(new NodeName(parts.name()), this);
    server =
        RestServer.start(
            options,
            new Backend(this, group, group, group, group),
            new TokenAuthorities(List.of(this::authenticate, new Added())),
            new RestServer.Environment(
                InstantSource.system(),
                UUID::randomUUID,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                audited::add));
  }

  private Optional<Caller> authenticate(String token) {
    TokenAuthority all =
        offered ->
            Optional.ofNullable(
                switch (offered) {
                  case ADMIN -> new Caller("admin", Role.ADMIN, null);
                  case OPERATOR -> new Caller("oscar", Role.OPERATOR, null);
                  case BLUE -> new Caller("bea", Role.MEMBER, new ProjectId("blue"));
                  case BLUE_READER -> new Caller("rita", Role.READER, new ProjectId("blue"));
                  default -> null;
                });
    return revoked.contains(token) ? Optional.empty() : all.authenticate(token);
  }

  void awaitLeading() throws Exception {
    store.awaitLeading().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  void foundProjects(Project.Quotas quotas) throws Exception {
    for (String project : List.of("default", "blue")) {
      commit(new CreateProject(new ProjectId(project), project, Map.of(), quotas));
    }
  }

  int port() {
    return server.port();
  }

  RestServer server() {
    return server;
  }

  TestGroup.End group() {
    return group;
  }

  boolean leads() {
    return store.status().leading();
  }

  <T> T commit(Command<T> command) throws Exception {
    return commit(Submission.of(command, "test", "test"));
  }

  <T> T commit(Submission<T> submission) throws Exception {
    Outcome<T> outcome = store.submit(submission).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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
  public CompletableFuture<Image> awaitRevision(long revision) {
    return store.awaitRevision(revision);
  }

  @Override
  public Optional<Duration> silence() {
    return silence.get();
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
    List<Batch> batches = store.history(fromRevision, limit);
    batches.forEach(batch -> told.accumulateAndGet(batch.revision(), Math::max));
    return batches;
  }

  @Override
  public Optional<String> unready() {
    return group.leader().isPresent()
        ? Optional.empty()
        : Optional.of("nobody leads the cluster now");
  }

  @Override
  public Optional<String> unhealthy() {
    return illness.get();
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
