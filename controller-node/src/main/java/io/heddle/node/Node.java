package io.heddle.node;

import io.heddle.core.cluster.Claim;
import io.heddle.core.cluster.HostBoard;
import io.heddle.core.cluster.Pulse;
import io.heddle.core.compile.Feature;
import io.heddle.core.compile.HostScope;
import io.heddle.core.inventory.AdvanceEpoch;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.replication.HistoryArchive;
import io.heddle.core.replication.RatisLog;
import io.heddle.core.store.Change;
import io.heddle.core.store.Image;
import io.heddle.core.store.Owner;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import io.heddle.firewall.FirewallFeature;
import io.heddle.node.cluster.Chores;
import io.heddle.node.cluster.HostNews;
import io.heddle.node.cluster.Mastery;
import io.heddle.node.cluster.Participation;
import io.heddle.node.fabric.Fabric;
import io.heddle.node.fabric.HostInventory;
import io.heddle.node.tls.NodeTls;
import io.heddle.openflow.codec.Xids;
import io.heddle.openflow.session.SwitchServer;
import io.heddle.ovsdb.host.HostClaim;
import io.heddle.ovsdb.host.HostSettings;
import io.heddle.ovsdb.host.OvsdbHosts;
import io.heddle.ovsdb.rpc.ListenerOptions;
import io.heddle.ovsdb.rpc.OvsdbDialer;
import io.heddle.ovsdb.rpc.OvsdbListener;
import io.heddle.ovsdb.rpc.Timings;
import io.heddle.rest.RestServer;
import io.heddle.rest.audit.AuditFile;
import io.heddle.rest.auth.Caller;
import io.heddle.rest.spi.Backend;
import io.heddle.vpc.VpcFeature;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running node, put together by hand: store, cluster, fabric, southbound, northbound.
public final class Node implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /// Everything that this build can do.
  public static final List<Feature> FEATURES =
      List.of(VpcFeature.feature(), FirewallFeature.feature());

  private static final Duration LEADING_WITHIN = Duration.ofSeconds(60);
  private static final Duration CHORES = Duration.ofSeconds(1);
  private static final Duration FILL = Duration.ofSeconds(5);
  private static final int OVSDB_THREADS = 1;
  private static final Duration OPENFLOW_PROBE = Duration.ofSeconds(5);

  private final NodeOptions options;
  private final Blueprint blueprint;
  private final Closing closing;
  private final Consumer<Throwable> stopNode;
  private final ScheduledExecutorService timer;
  private final Optional<NodeTls> tls;
  private final RatisLog log;
  private final Store store;
  private final Participation cluster;
  private final Mastery mastery;
  private final HostNews news;
  private final Fabric fabric;
  private final HostInventory inventory;
  private final SwitchServer switches;
  private final OvsdbHosts hosts;
  private final InetSocketAddress ovsdbAddress;
  private final InetSocketAddress openflowAddress;
  private final PolicySight policySight;
  private final RestServer rest;

  private Node(NodeOptions options, Consumer<Throwable> stopNode, Closing closing)
      throws IOException, InterruptedException {
    this.options = options;
    tls = Blueprint.tls(options, closing);
    this.blueprint = new Blueprint(options, tls);
    this.closing = closing;
    this.stopNode = stopNode;
    Files.createDirectories(options.data());
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    timer = timer();
    log = new RatisLog(blueprint.log());
    HistoryArchive history =
        HistoryArchive.open(options.data().resolve("history"), HistoryArchive.Retention.DEFAULT);
    store = closing.add(store(history, clock, random));
    cluster = closing.add(new Participation(store, log, history, blueprint.peers()));
    mastery = new Mastery(options.name(), new Effects());
    news = new HostNews(options.name(), cluster.board(), timer);

    Xids xids = new Xids();
    fabric =
        closing.add(
            new Fabric(Fabric.Settings.of(FEATURES).with(options.audit()), xids, clock, stopNode));
    fabric.listen(this::progressed);
    inventory =
        closing.add(
            new HostInventory(cluster.relay()::submitAsMaster, Caller.DEFAULT_PROJECT, stopNode));
    inventory.listen(host -> progressed(host, fabric.progress(host)));
    Services services = closing.add(new Services(FEATURES, store, cluster));
    policySight = closing.add(PolicySight.of(fabric, store, services.punts(), clock));
    Datapaths datapaths = new Datapaths();
    Southbound southbound =
        new Southbound(
            new Southbound.Listeners(
                fabric, inventory, services, mastery, cluster.reachability(), datapaths),
            this::laterEpochSeen,
            this::reclaimSwitch);
    switches =
        closing.add(
            new SwitchServer(blueprint.switches(this::switchClaim, datapaths), southbound, xids));
    openflowAddress = Blueprint.listening("--openflow", options.openflow(), switches::listen);
    hosts = closing.add(new OvsdbHosts(settings(), this::hostClaim, southbound));

    Chores chores = begin();
    closing.add(store.follow(this::applied));
    ovsdbAddress = meetHosts();

    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Gauges.register(meters, store, fabric, services.punts());
    rest = closing.add(serve(meters, clock, random));
    cluster.requests().serveWith(message -> rest.serveRelayed(message).toCompletableFuture().get());
    startTimer(chores);
    logStarted();
  }

  /// Starts a node; returns when its doors are open. A node that is alone takes writes by then; one
  /// of several does when `/readyz` says so.
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

  // --- the parts ---

  private Store store(HistoryArchive history, InstantSource clock, SecureRandom random) {
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

  /// Starts to follow the log and to speak with the other nodes.
  private Chores begin() throws IOException, InterruptedException {
    store.start();
    cluster.start();
    Chores chores =
        new Chores(
            store,
            cluster.relay(),
            cluster.board(),
            new Chores.Household(new NodeName(options.name()), this::self, Caller.DEFAULT_PROJECT));
    if (options.cluster().isAlone()) {
      awaitLeading();
      chores.foundDefaultProject().join();
    }
    return chores;
  }

  private RestServer serve(PrometheusMeterRegistry meters, InstantSource clock, SecureRandom random)
      throws IOException {
    Gauges.register(meters, store, cluster, mastery);
    tls.ifPresent(own -> Gauges.register(meters, own));
    return RestServer.start(
        tls.map(own -> options.rest().with(own.api())).orElse(options.rest()),
        new Backend(
            new NodeController(store, fabric, cluster),
            cluster.requests(),
            cluster.members(new NodeName(options.name()), this::self, clock),
            cluster.audits(mastery, AuditReports.of(fabric, clock)),
            cluster.policyWatch(policySight)),
        blueprint.tokens(closing, clock, random),
        new RestServer.Environment(
            clock, UUID::randomUUID, meters, closing.add(AuditFile.in(options.data()))));
  }

  private void logStarted() {
    LOG.info(
        "node started name={} rest={} ovsdb={} openflow={} revision={}",
        options.name(),
        rest.port(),
        ovsdbAddress,
        openflowAddress,
        store.image().revision());
  }

  private HostSettings settings() {
    HostSettings.Controllers controllers =
        options.cluster().isAlone()
            ? new HostSettings.Controllers.WhereReached(
                blueprint.hostTls().isPresent(), openflowAddress.getPort())
            : new HostSettings.Controllers.At(
                () -> Blueprint.targets(store.image().all(Member.KIND)));
    return new HostSettings("br-int", Overlay.TUNNEL_OFPORT, controllers, OPENFLOW_PROBE);
  }

  /// Where this node is found, once its doors are open.
  private Member self() {
    return blueprint.self(
        new Blueprint.Ports(rest.port(), ovsdbAddress.getPort(), openflowAddress.getPort()));
  }

  /// Listens for hosts' databases, and dials those that wait to be dialled.
  private InetSocketAddress meetHosts() throws IOException {
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(OVSDB_THREADS, NioIoHandler.newFactory());
    closing.add(() -> loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly());
    OvsdbListener listener =
        closing.add(
            Blueprint.listening(
                "--ovsdb",
                options.ovsdb(),
                address ->
                    OvsdbListener.listen(
                        new ListenerOptions(
                            address,
                            blueprint.hostTls().map(NodeTls::fromHosts),
                            options.insecureSouthbound()),
                        Timings.DEFAULT,
                        loops,
                        hosts::session)));
    for (InetSocketAddress waiting : options.dialled()) {
      closing.add(
          OvsdbDialer.dial(
              waiting,
              blueprint.hostTls().map(NodeTls::toHosts),
              Timings.DEFAULT,
              loops,
              hosts::session));
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

  private ScheduledExecutorService timer() {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heddle-timer").daemon(true).factory());
    closing.add(executor::shutdownNow);
    return executor;
  }

  private void startTimer(Chores chores) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> {
              chores.turn();
              mastery.again();
            },
            0,
            CHORES.toMillis(),
            TimeUnit.MILLISECONDS);
    var _ =
        timer.scheduleWithFixedDelay(
            cluster.history()::fillSoon, FILL.toMillis(), FILL.toMillis(), TimeUnit.MILLISECONDS);
    var _ =
        timer.scheduleWithFixedDelay(
            () -> mastery.contact(cluster.pulse().inContact()),
            0,
            Pulse.PERIOD.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  // --- what follows what ---

  /// On the store's thread.
  private void applied(Image.Applied applied) {
    fabric.applied(applied);
    inventory.applied(applied.delta());
    boolean membersChanged = false;
    for (Change change : applied.delta().changes()) {
      switch (change.key()) {
        case Cluster.Id id -> requireOurs(applied.image());
        case NodeName name -> {
          membersChanged = true;
          stopIfRemoved(change, name);
        }
        case HostId host when change.after() == null -> cluster.board().forget(host);
        default -> {}
      }
    }
    mastery.applied(applied);
    if (membersChanged) {
      hosts.settingsChanged();
    }
  }

  /// The data directory belongs to one cluster for ever.
  private void requireOurs(Image image) {
    try {
      log.belongsTo(image.require(Cluster.ID).clusterId());
    } catch (IOException e) {
      stopNode.accept(e);
    }
  }

  private void stopIfRemoved(Change change, NodeName name) {
    if (change.after() == null && name.value().equals(options.name())) {
      stopNode.accept(
          new IllegalStateException(
              "this node, %s, was removed from the cluster; its data directory is of no more use"
                  .formatted(name)));
    }
  }

  private final class Effects implements Mastery.Effects {
    @Override
    public void masters(Set<HostId> mine) {
      news.masters(mine, mastery.epoch());
      fabric.masters(HostScope.of(mine));
      inventory.masters(mine);
    }

    @Override
    public void reclaimAll() {
      switches.reclaimAll();
      hosts.reclaimAll();
    }

    @Override
    public void reclaim(HostId host) {
      cluster.reachability().datapathOf(host).ifPresent(switches::reclaim);
      hosts.reclaim(host);
    }

    @Override
    public void contact(boolean has) {
      fabric.contact(has);
    }
  }

  private void reclaimSwitch(long datapath) {
    switches.reclaim(datapath);
  }

  private io.heddle.openflow.session.Claim switchClaim(long datapath) {
    Claim claim =
        cluster.reachability().hostOf(datapath).map(mastery::claim).orElse(new Claim.Hold());
    return switch (claim) {
      case Claim.Master(long epoch) -> new io.heddle.openflow.session.Claim.Master(epoch);
      case Claim.Standby(long epoch) -> new io.heddle.openflow.session.Claim.Standby(epoch);
      case Claim.Hold() -> new io.heddle.openflow.session.Claim.Hold();
    };
  }

  private HostClaim hostClaim(HostId host) {
    return mastery.claim(host) instanceof Claim.Master(long epoch)
        ? new HostClaim.Rule(epoch)
        : new HostClaim.ReadOnly();
  }

  private void progressed(HostId host, Fabric.Progress progress) {
    if (mastery.isMine(host)) {
      news.note(standing(host, progress));
    }
  }

  private HostBoard.Standing standing(HostId host, Fabric.Progress progress) {
    SortedMap<String, String> refusedClaims = inventory.refusals(host);
    String problem =
        progress.problem().isEmpty() && !refusedClaims.isEmpty()
            ? refusedClaims.firstEntry().getValue()
            : progress.problem();
    Map<String, String> refused = new HashMap<>();
    progress.refused().forEach((unit, said) -> refused.put(NodeController.text(unit), said));
    return new HostBoard.Standing(
        host,
        options.name(),
        mastery.epoch(),
        progress.connected(),
        progress.realized(),
        problem,
        refused);
  }

  /// A switch or a host obeys somebody with a later epoch: if we are the cluster, we go on past it.
  private void laterEpochSeen(long seen) {
    long ours = mastery.epoch();
    if (seen < ours || !mastery.inContact()) {
      return;
    }
    LOG.warn("epoch seen={} ours={}: claiming past it", seen, ours);
    var _ =
        cluster
            .relay()
            .submit(
                Submission.of(
                    new AdvanceEpoch(seen), "node:" + options.name(), "advance the epoch"));
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
