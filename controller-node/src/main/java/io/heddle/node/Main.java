package io.heddle.node;

import io.heddle.core.model.NodeName;
import io.heddle.core.reconcile.AuditPolicy;
import io.heddle.node.tls.TlsFiles;
import io.heddle.rest.RestOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
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

  @ArgGroup(exclusive = false)
  private TlsOptions tls = new TlsOptions();

  @ArgGroup(exclusive = false)
  private @Nullable SignedTokenOptions tokens;

  @Option(
      names = "--insecure-southbound",
      description = "Plain TCP for hosts, off loopback too: only on a separate management network.")
  private boolean insecureSouthbound;

  @Option(
      names = "--insecure-api",
      description = "Allow the API in clear off loopback: only behind something that adds TLS.")
  private boolean insecureApi;

  @Option(
      names = "--advertise",
      paramLabel = "HOST",
      description =
          "The address by which hosts and clients reach this node, if it listens on all of them.",
      defaultValue = "")
  private String advertise = "";

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "Names the cluster: nodes of another one are refused.",
      defaultValue = "heddle")
  private String cluster = "heddle";

  @Option(
      names = "--cluster-address",
      paramLabel = "HOST:PORT",
      description =
          "Where the other nodes reach this one: its log at PORT, the rest at PORT + 1. A separate"
              + " network, which nobody else reaches.")
  private @Nullable String clusterAddress;

  @Option(
      names = "--peer",
      paramLabel = "NAME=HOST:PORT",
      description =
          "A node that founds the cluster, with its --cluster-address; repeated for each of them,"
              + " this one too, the same on all.")
  private List<String> founders = new ArrayList<>();

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT",
      description =
          "The --cluster-address of a node of a cluster that exists: this one waits to be added"
              + " (heddle cluster add); may be repeated.")
  private List<String> seeds = new ArrayList<>();

  @Option(
      names = "--report-only",
      description =
          "Report what others change in the switches instead of mending it: flows of ours that were"
              + " altered, and flows that are not ours.")
  private boolean reportOnly;

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
          "heddle serves on %s://%s (token: %s)%n",
          tls.files().isPresent() ? "https" : "http", api, data.resolve("admin-token"));
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
    Optional<TlsFiles> certificate = tls.files();
    if (certificate.isPresent() && insecureApi) {
      throw new IllegalArgumentException(
          "with a certificate the API speaks TLS; leave --insecure-api away");
    }
    if (certificate.isEmpty() && !insecureApi && !rest.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          ("--api %s is not loopback, and tokens would cross the network in clear; give a"
                  + " certificate (--tls-dir), or put TLS in front and say --insecure-api")
              .formatted(api));
    }
    NodeOptions options =
        new NodeOptions(
            new NodeName(name).value(),
            data,
            new RestOptions(rest.getHostString(), rest.getPort(), null, RestOptions.Limits.DEFAULT),
            address("--ovsdb", ovsdb),
            dialled.stream().map(host -> address("--dial-ovsdb", host)).toList(),
            address("--openflow", openflow),
            insecureSouthbound,
            advertise,
            clusterOptions(),
            reportOnly ? AuditPolicy.REPORT_ONLY : AuditPolicy.DEFAULT);
    return options.with(
        new NodeOptions.Security(
            certificate, Optional.ofNullable(tokens).flatMap(SignedTokenOptions::options)));
  }

  private ClusterOptions clusterOptions() {
    ClusterOptions options =
        new ClusterOptions(
            cluster,
            Optional.ofNullable(clusterAddress)
                .map(text -> ClusterOptions.Address.parse("--cluster-address", text)),
            founders.stream().map(Main::founder).toList(),
            seeds.stream().map(text -> ClusterOptions.Address.parse("--join", text)).toList());
    boolean listed =
        options.founders().stream()
            .anyMatch(founder ->
                founder.node().equals(name)
                    && Optional.of(founder.address()).equals(options.address()));
    if (!options.founders().isEmpty() && !listed) {
      throw new IllegalArgumentException(
          "this node is %s at %s, and no --peer says so; list all founders, this one too"
              .formatted(name, clusterAddress));
    }
    return options;
  }

  private static ClusterOptions.Founder founder(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "--peer '%s' is not NAME=HOST:PORT, like n1=192.0.2.1:7081".formatted(text));
    }
    return new ClusterOptions.Founder(
        new NodeName(text.substring(0, equals)).value(),
        ClusterOptions.Address.parse("--peer", text.substring(equals + 1)));
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
