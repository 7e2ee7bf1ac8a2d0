package io.heddle.node;

import io.heddle.rest.RestOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `heddle serve`: runs one node until it is told to stop.
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Runs a controller node in the foreground.")
public final class Main implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int FAILED = 1;

  @Option(names = "--name", description = "This node's name.", defaultValue = "n1")
  private String name = "n1";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where log, history and the admin token are kept.",
      defaultValue = "heddle-data")
  private Path data = Path.of("heddle-data");

  @Option(
      names = "--api",
      paramLabel = "HOST:PORT",
      description = "Where the REST API listens.",
      defaultValue = "127.0.0.1:7080")
  private String api = "127.0.0.1:7080";

  @Option(
      names = "--ovsdb",
      paramLabel = "HOST:PORT",
      description = "Where hosts' databases connect (ovs-vsctl set-manager tcp:HOST:PORT).",
      defaultValue = "127.0.0.1:6640")
  private String ovsdb = "127.0.0.1:6640";

  @Option(
      names = "--dial-ovsdb",
      paramLabel = "HOST:PORT",
      description =
          "A host's database that waits for us (ovs-vsctl set-manager ptcp:PORT); may be repeated.")
  private List<String> dialled = new ArrayList<>();

  @Option(
      names = "--openflow",
      paramLabel = "HOST:PORT",
      description = "Where hosts' switches connect; hosts are told by themselves.",
      defaultValue = "127.0.0.1:6653")
  private String openflow = "127.0.0.1:6653";

  @Option(
      names = "--insecure-southbound",
      description =
          "Allow plain TCP off loopback for hosts: only on a separate management network.")
  private boolean insecureSouthbound;

  @Option(
      names = "--insecure-api",
      description = "Allow the API in clear off loopback: only behind something that adds TLS.")
  private boolean insecureApi;

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    Fault fault = new Fault(stop);
    try (Node node = Node.start(options(), fault::stop)) {
      Runtime.getRuntime().addShutdownHook(new Thread(node::close, "heddle-stop"));
      System.out.printf(
          "heddle serves on http://%s (token: %s)%n", api, data.resolve("admin-token"));
      System.out.flush();
      stop.await();
      return FAILED;
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("heddle serve: " + e.getMessage());
      LOG.debug("start failed", e);
      return FAILED;
    }
  }

  /// What this node can't go on after.
  private record Fault(CountDownLatch stop) {
    void stop(Throwable cause) {
      LOG.error("node stops", cause);
      stop.countDown();
    }
  }

  private NodeOptions options() {
    InetSocketAddress rest = address("--api", api);
    if (!insecureApi && !rest.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          ("--api %s is not loopback, and tokens would cross the network in clear;"
                  + " put TLS in front and say --insecure-api")
              .formatted(api));
    }
    return new NodeOptions(
        name,
        data,
        new RestOptions(rest.getHostString(), rest.getPort(), null, RestOptions.Limits.DEFAULT),
        address("--ovsdb", ovsdb),
        dialled.stream().map(host -> address("--dial-ovsdb", host)).toList(),
        address("--openflow", openflow),
        insecureSouthbound);
  }

  private static InetSocketAddress address(String option, String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException(
          "%s '%s' is not HOST:PORT, like 127.0.0.1:7080".formatted(option, text));
    }
    InetSocketAddress address =
        new InetSocketAddress(
            text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("%s '%s': no such host".formatted(option, text));
    }
    return address;
  }
}
