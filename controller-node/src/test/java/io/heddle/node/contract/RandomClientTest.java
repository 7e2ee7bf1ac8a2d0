package io.heddle.node.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.heddle.core.compile.Compiler;
import io.heddle.core.inventory.ReportBindings;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Submission;
import io.heddle.node.Node;
import io.heddle.node.NodeOptions;
import io.heddle.rest.RestOptions;
import io.heddle.rest.contract.Contract;
import io.heddle.rest.contract.Operation;
import io.heddle.testkit.random.Seeded;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests by the thousand, made from the contract alone: none is answered with 5xx, every answer
/// is one that the contract knows, what is refused leaves nothing behind, and what is left in the
/// end compiles, is whole, and comes back from disk.
final class RandomClientTest {

  private static final Logger LOG = LoggerFactory.getLogger(RandomClientTest.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MANY = 10_000;
  private static final int PATIENCE_SECONDS = 60;
  private static final ProjectId PROJECT = new ProjectId("default");
  private static final List<HostId> HOSTS = List.of(new HostId("hv1"), new HostId("hv2"));

  @TempDir Path directory;
  private final Contract contract = Contract.load();
  private final Compiler compiler = new Compiler(Node.FEATURES, Compiler.OnFault.FAIL);
  private final AtomicReference<Throwable> fault = new AtomicReference<>();
  private final AtomicLong resourceChanges = new AtomicLong();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private final Map<String, Integer> accepted = new TreeMap<>();
  private List<String> tokens = List.of();
  private Node node;

  @BeforeEach
  void start() throws Exception {
    Tokens issuer = new Tokens(directory);
    node = node(issuer);
    tokens =
        List.of(
            issuer.of("ada", "admin", ""),
            issuer.of("oscar", "operator", ""),
            issuer.of("bea", "member", "blue"),
            issuer.of("rita", "reader", "blue"),
            "nonsense");
    node.store().follow(this::applied);
    for (HostId host : HOSTS) {
      report(host);
    }
  }

  private void report(HostId host) throws Exception {
    Ipv4Address tunnelIp = Ipv4Address.parse("192.0.2." + (HOSTS.indexOf(host) + 1));
    commit(new ReportHost(host, host.value(), tunnelIp, Map.of(), PROJECT));
  }

  @AfterEach
  void stop() {
    node.close();
    http.close();
  }

  private Node node(Tokens issuer) throws IOException, InterruptedException {
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    RestOptions rest =
        new RestOptions(
            "127.0.0.1",
            0,
            null,
            RestOptions.Limits.DEFAULT.with(new RestOptions.Share(64, 100_000, 100_000)));
    NodeOptions options =
        new NodeOptions(
            "n1", directory.resolve("data"), rest, anywhere, List.of(), anywhere, false);
    return Node.start(
        options.with(new NodeOptions.Security(Optional.empty(), Optional.of(issuer.options()))),
        fault::set);
  }

  /// On the store's thread.
  private void applied(Image.Applied applied) {
    if (applied.delta().changes().stream().anyMatch(RandomClientTest::isOfResource)) {
      resourceChanges.incrementAndGet();
    }
    compiler.apply(applied.image(), applied.delta());
  }

  private static boolean isOfResource(io.heddle.core.store.Change change) {
    return change.before() instanceof Resource || change.after() instanceof Resource;
  }

  private <T> void commit(Command<T> command) throws Exception {
    Outcome<T> outcome =
        node.store()
            .submit(Submission.of(command, "test", "test"))
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!(outcome instanceof Outcome.Committed<T>(T result, long revision))) {
      throw new AssertionError("not committed: " + outcome);
    }
    node.store().awaitRevision(revision).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void twoThousandRequests() throws Exception {
    run(2_000);
  }

  @Test
  @Tag("slow")
  void tenThousandRequests() throws Exception {
    run(MANY);
  }

  private void run(int requests) throws Exception {
    Seeded seeded = Seeded.of(Long.getLong("seed", 1));
    LOG.info("random requests: {} (repeat with -Dseed={})", requests, seeded.seed());
    JsonNode document = new YAMLMapper().readTree(contract.yaml());
    RandomRequests random =
        new RandomRequests(contract, document, seeded.fork(), () -> node.store().image());
    try {
      for (int i = 0; i < requests; i++) {
        String token = seeded.percent(80) ? tokens.getFirst() : seeded.pick(tokens);
        send(random.next(), token);
        if (i % 20 == 0) {
          plugSomething(seeded);
        }
      }
      checkWhatIsLeft();
      List<String> untried =
          contract.operations().stream()
              .map(Operation::id)
              .filter(id -> id.startsWith("create") && !accepted.containsKey(id))
              .toList();
      // A short run may miss a few, a long one hardly any.
      assertTrue(untried.size() <= MANY / requests, () -> "never went through: " + untried);
    } catch (AssertionError failure) {
      throw new AssertionError(
          "seed %d: %s".formatted(seeded.seed(), failure.getMessage()), failure);
    } finally {
      LOG.info("answers by status: {}; accepted: {}", statuses, accepted);
    }
  }

  private void send(RandomRequests.Random request, String token) throws Exception {
    HttpRequest.Builder building =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d%s".formatted(node.restPort(), request.path())))
            .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
            .header("Authorization", "Bearer " + token)
            .method(
                request.operation().method(),
                request.body().length == 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(building::header);
    long before = resourceChanges.get();
    HttpResponse<InputStream> response = http.send(building.build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      check(request, response, body);
    }
    if (response.statusCode() < 300) {
      accepted.merge(request.operation().id(), 1, Integer::sum);
    }
    boolean done = response.statusCode() < 300 && !request.dryRun();
    if (done) {
      long revision = response.headers().firstValueAsLong("Heddle-Revision").orElse(0);
      node.store().awaitRevision(revision).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } else {
      assertEquals(before, resourceChanges.get(), () -> "refused, and yet done: " + request);
    }
    assertTrue(
        request.operation().method().equals("GET")
            ? resourceChanges.get() == before
            : resourceChanges.get() <= before + 1,
        () -> "one request, more than one change: " + request);
  }

  private void check(
      RandomRequests.Random request, HttpResponse<InputStream> response, InputStream body)
      throws IOException {
    int status = response.statusCode();
    statuses.merge(status, 1, Integer::sum);
    String type = response.headers().firstValue("Content-Type").orElse("");
    boolean stream = type.equals("text/event-stream");
    byte[] bytes = stream ? new byte[0] : body.readAllBytes();
    Operation operation = request.operation();
    String answer = "%s → %d %s".formatted(request, status, new String(bytes));
    assertTrue(status < 500, answer);
    assertTrue(response.headers().firstValue("X-Request-Id").isPresent(), answer);
    Optional<JsonNode> json =
        type.endsWith("json") ? Optional.of(JSON.readTree(bytes)) : Optional.empty();
    assertEquals(List.of(), operation.mistakes(status, type, json), answer);
  }

  /// As a hypervisor would: reports all that is plugged into it.
  private void plugSomething(Seeded seeded) throws Exception {
    HostId host = seeded.pick(HOSTS);
    Image image = node.store().image();
    List<PortId> ports = image.all(Port.KIND).stream().map(Port::id).sorted().toList();
    Map<PortId, Integer> plugged = new TreeMap<>();
    for (PortId port : seeded.subset(ports, 0, 8)) {
      plugged.put(port, 10 + plugged.size());
    }
    if (image.find(host).isEmpty()) {
      report(host);
    }
    commit(new ReportBindings(host, plugged));
  }

  private void checkWhatIsLeft() throws Exception {
    Image image = node.store().image();
    assertEquals(null, fault.get(), "the node stopped");
    assertEquals(List.of(), ImageRules.brokenIn(image));
    node.store().awaitRevision(image.revision()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    Compiler scratch = new Compiler(Node.FEATURES, Compiler.OnFault.FAIL);
    scratch.apply(image, image.asDelta());
    assertEquals(scratch.snapshot(), compiler.snapshot(), "incremental is not from scratch");
    node.close();
    node = node(new Tokens(Files.createDirectories(directory.resolve("again"))));
    Image again =
        node.store().awaitRevision(image.revision()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertEquals(
        List.of(),
        again.since(image).changes().stream().filter(RandomClientTest::isOfResource).toList(),
        "what comes back from disk is not what was there");
  }
}
