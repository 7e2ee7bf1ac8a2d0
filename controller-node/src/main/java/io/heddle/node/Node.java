package io.heddle.node;

import io.heddle.core.compile.Feature;
import io.heddle.core.compile.HostScope;
import io.heddle.core.inventory.AdvanceEpoch;
import io.heddle.core.inventory.ReleaseNumbers;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.NumberHold;
import io.heddle.core.model.Project;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.replication.HistoryArchive;
import io.heddle.core.replication.RatisLog;
import io.heddle.core.replication.RatisSettings;
import io.heddle.core.store.Image;
import io.heddle.core.store.Owner;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import io.heddle.firewall.FirewallFeature;
import io.heddle.node.fabric.Fabric;
import io.heddle.node.fabric.HostInventory;
import io.heddle.node.fabric.Punts;
import io.heddle.openflow.codec.Xids;
import io.heddle.openflow.session.SwitchServer;
import io.heddle.ovsdb.host.HostSettings;
import io.heddle.ovsdb.host.OvsdbHosts;
import io.heddle.ovsdb.rpc.ListenerOptions;
import io.heddle.ovsdb.rpc.OvsdbDialer;
import io.heddle.ovsdb.rpc.OvsdbListener;
import io.heddle.ovsdb.rpc.Timings;
import io.heddle.rest.RestServer;
import io.heddle.rest.auth.AdminToken;
import io.heddle.rest.auth.Caller;
import io.heddle.vpc.VpcFeature;
import io.heddle.vpc.command.CreateProject;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running node, put together by hand: store, fabric, southbound, northbound.
public final class Node implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /// Everything that this build can do.
  public static final List<Feature> FEATURES =
      List.of(VpcFeature.feature(), FirewallFeature.feature());

  private static final Duration LEADING_WITHIN = Duration.ofSeconds(60);
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(30);
  private static final int OVSDB_THREADS = 1;
  private static final int OPENFLOW_THREADS = 2;
  private static final Duration OPENFLOW_PROBE = Duration.ofSeconds(5);

  private final Closing closing;
  private final Store store;
  private final Fabric fabric;
  private final HostInventory inventory;
  private final OvsdbHosts hosts;
  private final InetSocketAddress ovsdbAddress;
  private final InetSocketAddress openflowAddress;
  private final RestServer rest;
  private volatile long epoch;

  private Node(NodeOptions options, Consumer<Throwable> stopNode, Closing closing)
      throws IOException, InterruptedException {
    this.closing = closing;
    Files.createDirectories(options.data());
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    store = closing.add(store(options, clock, random, stopNode));
    store.start();
    awaitLeading();
    epoch = store.image().require(ClusterView.ID).epoch();

    Xids xids = new Xids();
    fabric = closing.add(new Fabric(Fabric.Settings.of(FEATURES), xids, clock, stopNode));
    fabric.masters(HostScope.EVERY_HOST);
    inventory = closing.add(new HostInventory(store::submit, Caller.DEFAULT_PROJECT, stopNode));
    Punts punts = closing.add(new Punts(FEATURES, store::image));
    createDefaultProject();
    closing.add(store.follow(this::applied));

    Southbound southbound = new Southbound(fabric, inventory, punts, this::laterEpochSeen);
    SwitchServer switches =
        closing.add(
            new SwitchServer(
                new SwitchServer.Settings(
                    datapath -> epoch, null, options.insecureSouthbound(), OPENFLOW_THREADS),
                southbound,
                xids));
    openflowAddress = listening("--openflow", options.openflow(), switches::listen);
    hosts = closing.add(new OvsdbHosts(settings(), southbound));
    hosts.claimAll(epoch);
    ovsdbAddress = meetHosts(options);

    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Gauges.register(meters, store, fabric, punts);
    rest =
        closing.add(
            RestServer.start(
                options.rest(),
                new NodeController(store, fabric, inventory),
                AdminToken.in(options.data(), random),
                new RestServer.Environment(clock, UUID::randomUUID, meters)));
    closing.add(housekeeping());
    LOG.info(
        "node started name={} rest={} ovsdb={} openflow={} revision={}",
        options.name(),
        rest.port(),
        ovsdbAddress,
        openflowAddress,
        store.image().revision());
  }

  /// Starts a node; returns when it serves.
  ///
  /// @param stopNode is told, once, of a fault after which this node must not go on
  /// @throws IOException with what an operator can do about it
  public static Node start(NodeOptions options, Consumer<Throwable> stopNode)
      throws IOException, InterruptedException {
    Closing closing = new Closing();
    boolean started = false;
    try {
      Node node = new Node(options, stopNode, closing);
      started = true;
      return node;
    } finally {
      if (!started) {
        closing.close();
      }
    }
  }

  private static Store store(
      NodeOptions options, InstantSource clock, SecureRandom random, Consumer<Throwable> stopNode)
      throws IOException {
    RatisLog log =
        new RatisLog(RatisSettings.alone("heddle", options.name(), options.data().resolve("log")));
    HistoryArchive history =
        HistoryArchive.open(options.data().resolve("history"), HistoryArchive.Retention.DEFAULT);
    return new Store(
        log,
        history,
        new Store.Environment(
            options.name(),
            clock,
            random,
            UUID::randomUUID,
            Owner.thread("heddle-store"),
            stopNode));
  }

  /// Listens for hosts' databases, and dials those that wait to be dialled.
  private InetSocketAddress meetHosts(NodeOptions options) throws IOException {
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(OVSDB_THREADS, NioIoHandler.newFactory());
    closing.add(() -> loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly());
    OvsdbListener listener =
        closing.add(
            listening(
                "--ovsdb",
                options.ovsdb(),
                address ->
                    OvsdbListener.listen(
                        new ListenerOptions(
                            address, Optional.empty(), options.insecureSouthbound()),
                        Timings.DEFAULT,
                        loops,
                        hosts::session)));
    for (InetSocketAddress waiting : options.dialled()) {
      closing.add(
          OvsdbDialer.dial(waiting, Optional.empty(), Timings.DEFAULT, loops, hosts::session));
    }
    return listener.address();
  }

  private void awaitLeading() throws IOException, InterruptedException {
    try {
      store.awaitLeading().get(LEADING_WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(
          "the log did not elect this node within %d s: see the log above"
              .formatted(LEADING_WITHIN.toSeconds()),
          e);
    }
  }

  /// Netty throws a `BindException` past the compiler; what an operator gets names the option.
  private static <T> T listening(
      String option, InetSocketAddress address, Function<InetSocketAddress, T> listen)
      throws IOException {
    try {
      return listen.apply(address);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(
          "can't listen on %s %s: %s; is another controller running?"
              .formatted(option, address, e.getMessage()),
          e);
    }
  }

  private HostSettings settings() {
    return new HostSettings(
        "br-int",
        Overlay.TUNNEL_OFPORT,
        new HostSettings.Controllers.WhereReached(false, openflowAddress.getPort()),
        OPENFLOW_PROBE);
  }

  private void applied(Image.Applied applied) {
    fabric.applied(applied);
    inventory.applied(applied.delta());
  }

  private void createDefaultProject() {
    if (store.image().find(Caller.DEFAULT_PROJECT).isEmpty()) {
      store
          .submit(
              Submission.of(
                  new CreateProject(
                      Caller.DEFAULT_PROJECT, "default", Map.of(), Project.Quotas.DEFAULT),
                  "node",
                  "create the default project"))
          .join();
    }
  }

  /// A switch or a host obeys somebody with a later epoch: if we are the cluster, we go on past it.
  private void laterEpochSeen(long seen) {
    if (seen < epoch) {
      return;
    }
    LOG.warn("epoch seen={} ours={}: claiming past it", seen, epoch);
    var _ =
        store
            .submit(Submission.of(new AdvanceEpoch(seen), "node", "advance the epoch"))
            .thenAccept(outcome -> {
              epoch = store.image().require(ClusterView.ID).epoch();
              hosts.claimAll(epoch);
            });
  }

  private AutoCloseable housekeeping() {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heddle-housekeeping").daemon(true).factory());
    var _ =
        executor.scheduleWithFixedDelay(
            this::releaseNumbers,
            HOUSEKEEPING.toSeconds(),
            HOUSEKEEPING.toSeconds(),
            TimeUnit.SECONDS);
    return executor::shutdownNow;
  }

  /// Numbers come back into use once every host of the cluster has realised their removal.
  private void releaseNumbers() {
    Image image = store.image();
    if (!image.anyBy(NumberHold.KIND, NumberHold.RETIRED, "retired")) {
      return;
    }
    Collection<Host> all = image.all(Host.KIND);
    long everywhere = image.revision();
    for (Host host : all) {
      everywhere = Math.min(everywhere, fabric.progress(host.id()).realized());
    }
    if (everywhere > 0) {
      var _ =
          store.submit(Submission.of(new ReleaseNumbers(everywhere), "node", "release numbers"));
    }
  }

  public int restPort() {
    return rest.port();
  }

  public InetSocketAddress ovsdbAddress() {
    return ovsdbAddress;
  }

  public InetSocketAddress openflowAddress() {
    return openflowAddress;
  }

  public Store store() {
    return store;
  }

  public Fabric fabric() {
    return fabric;
  }

  /// The hosts whose databases are connected.
  public Collection<HostId> connectedHosts() {
    return hosts.connected();
  }

  @Override
  public void close() {
    closing.close();
  }
}
