package io.heddle.node.cluster;

import io.heddle.node.cluster.History.Begun;
import io.heddle.node.cluster.Operation.Action;
import io.heddle.node.cluster.Operation.Ending;
import io.heddle.testkit.lab.Await;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients at every node of a cluster, which together write 2,000 times a minute and read half as
/// often, whatever becomes of it: who waits for an answer keeps nobody else from asking.
///
/// Some write what they like, some only over what they have seen (`If-Match`). Ports come and go;
/// security groups stay, and two of them are those of the machines that the test pings with, so
/// that every write to them is a change in the switches.
final class Load implements AutoCloseable {
  static final int WRITES_PER_MINUTE = 2_000;

  private static final Duration DRAINED = Duration.ofSeconds(60);
  private static final Duration ACKNOWLEDGED = Duration.ofSeconds(30);

  /// After an unknown creation, the same one is asked for elsewhere.
  private static final Duration AGAIN = Duration.ofMillis(500);

  private static final int ATTEMPTS = 30;

  private final List<ClusterNode> nodes;
  private final History history;
  private final Resources resources;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("load").factory());
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger underWay = new AtomicInteger();
  private final Random random = new Random(3);
  private List<ScheduledFuture<?>> rhythm = List.of();

  Load(List<ClusterNode> nodes, History history, Resources resources) {
    this.nodes = List.copyOf(nodes);
    this.history = history;
    this.resources = resources;
  }

  void start() {
    long pause = Duration.ofMinutes(1).dividedBy(WRITES_PER_MINUTE).toNanos();
    rhythm =
        List.of(
            clock.scheduleAtFixedRate(this::write, 0, pause, TimeUnit.NANOSECONDS),
            clock.scheduleAtFixedRate(this::read, 0, 2 * pause, TimeUnit.NANOSECONDS));
  }

  /// Asks for nothing more, and waits until everybody has an answer or has given up.
  void stop() {
    rhythm.forEach(ticks -> ticks.cancel(false));
    Await.until(DRAINED, "all clients to have an answer", () -> underWay.get() == 0);
  }

  /// Waits until so many more writes were acknowledged.
  void awaitAcknowledged(int more) {
    int wanted = history.acknowledged() + more;
    Await.until(
        ACKNOWLEDGED, more + " acknowledged writes", () -> history.acknowledged() >= wanted);
  }

  private void write() {
    ClusterNode node = anyNode();
    int number = history.nextNumber();
    int dice = random.nextInt(100);
    Resources.Kept target = dice < 55 ? resources.anyGroup(random) : resources.anyPort(random);
    boolean careful = dice % 2 == 0;
    run(() -> {
      if (dice >= 85 || target == Resources.NONE) {
        create(number, node);
      } else if (dice >= 70) {
        delete(number, node, target, careful);
      } else {
        change(number, node, target, careful);
      }
    });
  }

  private void read() {
    ClusterNode node = anyNode();
    int number = history.nextNumber();
    boolean fresh = random.nextBoolean();
    Resources.Kept target =
        random.nextBoolean() ? resources.anyGroup(random) : resources.anyPort(random);
    if (target != Resources.NONE) {
      run(() -> read(number, node, target.key(), fresh));
    }
  }

  private ClusterNode anyNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private void run(Runnable request) {
    int _ = underWay.incrementAndGet();
    clients.execute(() -> {
      try {
        request.run();
      } catch (RuntimeException e) {
        history.odd("an answer that makes no sense: " + e);
      } finally {
        int _ = underWay.decrementAndGet();
      }
    });
  }

  private void change(int number, ClusterNode node, Resources.Kept target, boolean careful) {
    OptionalLong expected = careful ? target.revision() : OptionalLong.empty();
    String value = Integer.toString(number);
    Begun begun = History.begin(number, target.key(), new Action.Write(value, expected));
    String session = node.session();
    Ending _ = history.end(begun, session, resources.change(node.api(), number, target, expected));
  }

  private void delete(int number, ClusterNode node, Resources.Kept target, boolean careful) {
    OptionalLong expected = careful ? target.revision() : OptionalLong.empty();
    Begun begun = History.begin(number, target.key(), new Action.Delete(expected));
    String session = node.session();
    Ending _ = history.end(begun, session, resources.delete(node.api(), number, target, expected));
  }

  private void read(int number, ClusterNode node, String key, boolean fresh) {
    OptionalLong atLeast = fresh ? OptionalLong.of(history.newest()) : OptionalLong.empty();
    Begun begun = History.begin(number, key, new Action.Read(atLeast));
    String session = node.session();
    Ending ending = resources.read(node.api(), key, atLeast);
    if (node.session().equals(session)) {
      Ending _ = history.end(begun, session, ending);
    }
  }

  /// Until somebody knows what became of it; whoever is asked again tells of the first time.
  private void create(int number, ClusterNode node) {
    String value = Integer.toString(number);
    Begun begun = History.begin(number, Resources.portName(number), new Action.Create(value));
    create(begun, value, node, 1);
  }

  private void create(Begun begun, String value, ClusterNode node, int attempt) {
    String session = node.session();
    Ending ending = resources.create(node.api(), begun.number(), begun.key(), value);
    boolean first = attempt == 1;
    switch (ending) {
      case Ending.Unknown _ when attempt < ATTEMPTS -> createElsewhere(begun, value, node, attempt);
      // Refused now, but the first time it may have been carried out.
      case Ending.Refused _ when !first && attempt < ATTEMPTS ->
          createElsewhere(begun, value, node, attempt);
      case Ending.Refused _ when !first ->
          end(begun, session, new Ending.Unknown("refused after " + attempt + " attempts"));
      case Ending _ -> end(begun, session, ending);
    }
  }

  private void createElsewhere(Begun begun, String value, ClusterNode node, int attempt) {
    ClusterNode next = nodes.get((nodes.indexOf(node) + 1) % nodes.size());
    int _ = underWay.incrementAndGet();
    ScheduledFuture<?> _ =
        clock.schedule(
            () -> {
              run(() -> create(begun, value, next, attempt + 1));
              int _ = underWay.decrementAndGet();
            },
            AGAIN.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void end(Begun begun, String session, Ending ending) {
    Ending _ = history.end(begun, session, ending);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    clients.shutdownNow();
  }
}
