package io.heddle.benchmarks.api;

import io.heddle.benchmarks.api.Crowd.Client;
import io.heddle.benchmarks.api.Crowd.Result;
import io.heddle.benchmarks.replication.Sample;
import io.heddle.node.Node;
import io.heddle.node.NodeOptions;
import io.heddle.rest.RestOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A node, fifty clients of ten projects, half of it writes. Then five projects at ease, alone and
/// beside one that sends ten times what each of them sends, in turns: what their p99 becomes is the
/// price that the others pay.
public final class ApiBenchmark {

  private static final int TURNS = 5;
  private static final int PROJECTS = 10;
  private static final int CLIENTS = 50;
  private static final int AT_EASE = 5;
  private static final Duration TURN = Duration.ofSeconds(4);

  /// Of a client at ease: twenty requests a second at most.
  private static final Duration PAUSE = Duration.ofMillis(50);

  /// The churning project has as many clients as ten of those, without a pause.
  private static final int CHURNING = 10;

  private final Crowd crowd;
  private final List<Client> busy = new ArrayList<>();
  private final List<Client> atEase = new ArrayList<>();
  private final List<Client> churning = new ArrayList<>();

  private ApiBenchmark(Crowd crowd) {
    this.crowd = crowd;
  }

  /// @param arguments a directory on the disk to use; this one when there is none
  public static void run(List<String> arguments) throws IOException, InterruptedException {
    Path parent = Path.of(arguments.isEmpty() ? "" : arguments.getFirst()).toAbsolutePath();
    Path directory = Files.createTempDirectory(parent, "heddle-bench-");
    Tenants tenants = new Tenants(directory);
    try (Node node = node(directory, tenants);
        Crowd crowd = new Crowd(URI.create("http://127.0.0.1:" + node.restPort()))) {
      ApiBenchmark benchmark = new ApiBenchmark(crowd);
      benchmark.letIn(tenants, Files.readString(directory.resolve("data/admin-token")).strip());
      benchmark.measure();
    } finally {
      delete(directory);
    }
  }

  private static Node node(Path directory, Tenants tenants)
      throws IOException, InterruptedException {
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    NodeOptions options =
        new NodeOptions(
            "n1",
            directory.resolve("data"),
            RestOptions.loopback(0),
            anywhere,
            List.of(),
            anywhere,
            false);
    return Node.start(
        options.with(new NodeOptions.Security(Optional.empty(), Optional.of(tenants.options()))),
        fault -> {
          throw new IllegalStateException("the node stopped", fault);
        });
  }

  private void letIn(Tenants tenants, String admin) throws IOException, InterruptedException {
    for (int i = 0; i < PROJECTS; i++) {
      String project = "p" + i;
      crowd.created(admin, "/v1/projects", "{\"id\":\"%s\"}".formatted(project));
      String token = tenants.token(project);
      String vpc = crowd.created(token, "/v1/vpcs", "{\"cidrs\":[\"10.0.0.0/16\"]}");
      String subnet =
          crowd.created(
              token, "/v1/subnets", "{\"vpcId\":\"%s\",\"cidr\":\"10.0.0.0/18\"}".formatted(vpc));
      for (int n = 0; n < CLIENTS / PROJECTS; n++) {
        busy.add(new Client(token, subnet, Duration.ZERO));
      }
      if (i < AT_EASE) {
        atEase.add(new Client(token, subnet, PAUSE));
      } else if (i == AT_EASE) {
        for (int n = 0; n < CHURNING; n++) {
          churning.add(new Client(token, subnet, Duration.ZERO));
        }
      }
    }
  }

  private Result turn(List<Client> clients) throws IOException, InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    Future<Result> running = crowd.run(clients, over);
    LockSupport.parkNanos(TURN.toNanos());
    over.set(true);
    return Crowd.of(running);
  }

  private void measure() throws IOException, InterruptedException {
    turn(busy);
    List<Sample> all = new ArrayList<>();
    List<Sample> writes = new ArrayList<>();
    List<Sample> alone = new ArrayList<>();
    List<Sample> beside = new ArrayList<>();
    List<Sample> churn = new ArrayList<>();
    long refused = 0;
    for (int i = 0; i < TURNS; i++) {
      Result mixed = turn(busy);
      all.add(mixed.all());
      writes.add(mixed.writes());
      alone.add(turn(atEase).all());
      AtomicBoolean over = new AtomicBoolean();
      Future<Result> others = crowd.run(churning, over);
      beside.add(turn(atEase).all());
      over.set(true);
      Result churned = Crowd.of(others);
      churn.add(churned.all());
      refused += churned.refused();
    }
    System.out.printf(
        "%d processors, shared by node and clients; medians of %d turns of %d s%n%44s%10s%12s%n",
        Runtime.getRuntime().availableProcessors(),
        TURNS,
        TURN.toSeconds(),
        "p50 ms",
        "p99 ms",
        "a second");
    line("%d clients of %d projects, all requests".formatted(CLIENTS, PROJECTS), all);
    line("  their writes", writes);
    line("%d projects at ease, alone".formatted(AT_EASE), alone);
    line("  the same beside a churning one", beside);
    line("  the churning one", churn);
    Sample before = Sample.median(alone);
    Sample after = Sample.median(beside);
    System.out.printf("%nfairness: others beside the churning project to others alone%n");
    System.out.printf(
        "  p50 %.2f, p99 %.2f%n",
        ratio(after.p50Millis(), before.p50Millis()), ratio(after.p99Millis(), before.p99Millis()));
    System.out.printf(
        "  it sent %.1f times what each of them sent, and was refused (429) %d times%n",
        ratio(Sample.median(churn).perSecond(), after.perSecond() / AT_EASE), refused);
  }

  private static double ratio(double one, double other) {
    return one / Math.max(other, 1e-9);
  }

  private static void line(String what, List<Sample> turns) {
    Sample sample = Sample.median(turns);
    System.out.printf(
        "%-36s%8.2f%10.2f%12.0f%n",
        what, sample.p50Millis(), sample.p99Millis(), sample.perSecond());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
