package io.heddle.testkit.switches;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.pipeline.Overlay;
import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.FlowModEncoder;
import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;
import io.heddle.openflow.codec.SwitchRole;
import io.heddle.openflow.codec.Xids;
import io.heddle.openflow.session.BundleContent;
import io.heddle.openflow.session.BundleResult;
import io.heddle.openflow.session.Claim;
import io.heddle.openflow.session.SwitchEvents;
import io.heddle.openflow.session.SwitchServer;
import io.heddle.openflow.session.SwitchSession;
import io.heddle.ovsdb.host.HostClaim;
import io.heddle.ovsdb.host.HostSettings;
import io.heddle.ovsdb.host.OvsdbHosts;
import io.heddle.ovsdb.host.Targets;
import io.heddle.ovsdb.report.HostEvents;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.report.Standing;
import io.heddle.ovsdb.rpc.ListenerOptions;
import io.heddle.ovsdb.rpc.OvsdbListener;
import io.heddle.ovsdb.rpc.Timings;
import io.heddle.testkit.lab.Await;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Three nodes and forty simulated hosts, each connected to all of them, both ways.
class SimulatedClusterTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int HOSTS = 40;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final List<TestNode> members = new CopyOnWriteArrayList<>();

  /// The members that hosts can be given to.
  private final List<TestNode> ranked = new CopyOnWriteArrayList<>();

  private final List<TestNode> all = new ArrayList<>();
  private final List<SimulatedHost> hosts = new ArrayList<>();
  private volatile long epoch = 1;

  /// The southbound of one node; its view is the test's, and what it masters follows from it.
  private final class TestNode implements AutoCloseable, SwitchEvents, HostEvents {
    final Map<Long, SwitchSession> sessions = new ConcurrentHashMap<>();
    final Set<Long> attached = ConcurrentHashMap.newKeySet();
    final AtomicInteger packets = new AtomicInteger();
    final AtomicInteger stale = new AtomicInteger();
    final AtomicInteger errors = new AtomicInteger();
    final Xids xids = new Xids();
    final SwitchServer switches =
        new SwitchServer(new SwitchServer.Settings(this::claimFor, null, false, 1), this, xids);
    final OvsdbHosts databases;
    final InetSocketAddress openflow =
        switches.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    final OvsdbListener listener;

    /// While asleep, a node goes by the view that it last saw.
    private volatile boolean asleep;

    private volatile long viewSeen = epoch;
    private volatile List<TestNode> rankedSeen = List.of();

    TestNode() {
      HostSettings settings =
          new HostSettings(
              "br-int",
              Overlay.TUNNEL_OFPORT,
              new HostSettings.Controllers.At(SimulatedClusterTest.this::targets),
              Duration.ofSeconds(5));
      databases = new OvsdbHosts(settings, this::claimFor, this);
      listener =
          OvsdbListener.listen(
              ListenerOptions.loopback(0), Timings.DEFAULT, loops, databases::session);
    }

    InetSocketAddress ovsdb() {
      return listener.address();
    }

    void look() {
      if (!asleep) {
        rankedSeen = List.copyOf(ranked);
        viewSeen = epoch;
      }
      switches.reclaimAll();
      databases.reclaimAll();
    }

    private boolean masters(long key) {
      List<TestNode> seen = rankedSeen;
      return !seen.isEmpty() && equals(seen.get((int) Long.remainderUnsigned(key, seen.size())));
    }

    private Claim claimFor(long datapathId) {
      return masters(datapathId) ? new Claim.Master(viewSeen) : new Claim.Standby(viewSeen);
    }

    private HostClaim claimFor(HostId host) {
      return masters(number(host)) ? new HostClaim.Rule(viewSeen) : new HostClaim.ReadOnly();
    }

    @Override
    public void attached(long datapathId) {
      attached.add(datapathId);
    }

    @Override
    public void detached(long datapathId) {
      attached.remove(datapathId);
    }

    @Override
    public void ready(SwitchSession session) {
      sessions.put(session.datapathId(), session);
    }

    @Override
    public void closed(SwitchSession session, String why) {
      sessions.remove(session.datapathId(), session);
    }

    @Override
    public void stale(long datapathId, long seenEpoch) {
      stale.incrementAndGet();
    }

    @Override
    public void packetIn(SwitchSession session, PacketIn packet) {
      packets.incrementAndGet();
    }

    @Override
    public void portChanged(SwitchSession session, Message.PortChange change, SwitchPort port) {}

    @Override
    public void error(SwitchSession session, SwitchError error) {
      errors.incrementAndGet();
    }

    @Override
    public void connected(HostReport report) {}

    @Override
    public void changed(HostReport report) {}

    @Override
    public void disconnected(HostId host, String reason) {}

    @Override
    public void duplicate(HostId host, String stays, String refused) {
      errors.incrementAndGet();
    }

    CompletableFuture<BundleResult> write(SwitchSession session, long cookie) {
      FlowMod mod = new FlowMod.Add(new Flow(0, (int) cookie, Match.ANY, List.of()), cookie);
      return session.bundle(BundleContent.of(FlowModEncoder.encode(List.of(mod), xids)));
    }

    @Override
    public void close() {
      listener.close();
      switches.close();
    }
  }

  private static long number(HostId host) {
    return Long.parseLong(host.value().substring(1));
  }

  private static String target(InetSocketAddress address) {
    return "tcp:%s:%d".formatted(address.getHostString(), address.getPort());
  }

  private Targets targets() {
    return new Targets(
        members.stream().map(node -> target(node.openflow)).toList(),
        members.stream().map(node -> target(node.ovsdb())).toList());
  }

  @BeforeEach
  void onboard() {
    for (int i = 0; i < 3; i++) {
      TestNode node = new TestNode();
      all.add(node);
      members.add(node);
      ranked.add(node);
    }
    // A host that knows one node is onboarded by it; then the view tells whose it is.
    all.forEach(node -> node.rankedSeen = List.of(node));
    for (int i = 0; i < HOSTS; i++) {
      hosts.add(
          SimulatedHost.connect(
              new HostId("h" + i),
              Ipv4Address.parse("192.0.2.0").plus(i + 1),
              all.get(i % 3).ovsdb(),
              loops));
    }
    hosts.forEach(host -> host.openflow().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join());
    newView();
  }

  @AfterEach
  void stop() {
    hosts.forEach(SimulatedHost::close);
    all.forEach(TestNode::close);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private SimulatedSwitch switchOf(SimulatedHost host) {
    return host.openflow().join();
  }

  /// A view of the members there are: all look, and when it is settled each switch has one master.
  private void newView() {
    epoch++;
    members.forEach(TestNode::look);
    Await.until(LIMIT, "the view of epoch " + epoch + " is settled", this::isSettled);
  }

  private boolean isSettled() {
    return hosts.stream().allMatch(this::isSettled);
  }

  private boolean isSettled(SimulatedHost host) {
    Map<InetSocketAddress, SwitchRole> wanted =
        members.stream()
            .collect(
                Collectors.toMap(
                    node -> node.openflow,
                    node ->
                        node.masters(switchOf(host).datapathId())
                            ? SwitchRole.MASTER
                            : SwitchRole.SLAVE));
    Map<InetSocketAddress, SwitchRole> roles = switchOf(host).controllers();
    return roles.entrySet().containsAll(wanted.entrySet())
        && switchOf(host).epoch() == epoch
        && members.stream().allMatch(node -> isSettled(node, host));
  }

  private boolean isSettled(TestNode node, SimulatedHost host) {
    long datapath = switchOf(host).datapathId();
    SwitchSession session = node.sessions.get(datapath);
    boolean openflow =
        node.masters(datapath) ? session != null && session.epoch() == epoch : session == null;
    Standing standing =
        node.masters(number(host.id())) ? new Standing.InStep(epoch) : new Standing.Observed();
    return openflow
        && node.attached.contains(datapath)
        && node.databases.report(host.id()).filter(r -> r.standing().equals(standing)).isPresent();
  }

  private void assertSound() {
    hosts.forEach(host -> assertEquals(List.of(), switchOf(host).violations(), host.id().value()));
    all.forEach(node -> assertEquals(0, node.errors.get()));
  }

  @Test
  void everyHostIsConnectedToAllAndObeysOne() {
    for (SimulatedHost host : hosts) {
      assertEquals(
          all.stream().map(node -> node.openflow).collect(Collectors.toSet()),
          switchOf(host).controllers().keySet());
      assertEquals(
          all.stream().map(TestNode::ovsdb).collect(Collectors.toSet()), host.ovsdb().managers());
      switchOf(host)
          .punt(new PacketIn(1, 2, 3, 4, 1, List.of((byte) 1), 1, Bytes.copyOf(new byte[1])));
    }
    Await.until(LIMIT, "one packet a host", () -> packets() == HOSTS);
    all.forEach(node -> assertTrue(node.packets.get() == node.sessions.size()));
    assertSound();
  }

  private int packets() {
    return all.stream().mapToInt(node -> node.packets.get()).sum();
  }

  @Test
  void aNewEpochKeepsEverySession() {
    List<Map<Long, SwitchSession>> before =
        all.stream().map(node -> Map.copyOf(node.sessions)).toList();
    for (int i = 0; i < 5; i++) {
      newView();
    }
    assertEquals(before, all.stream().map(node -> Map.copyOf(node.sessions)).toList());
    assertSound();
  }

  @Test
  void aNodeThatLeavesIsForgottenAndOneThatComesIsDialled() {
    TestNode leaves = all.getFirst();
    members.remove(leaves);
    ranked.remove(leaves);
    newView();
    Await.until(LIMIT, "no switch is connected to it", () -> leaves.attached.isEmpty());
    for (SimulatedHost host : hosts) {
      boolean operatorsRow = number(host.id()) % 3 == 0;
      assertEquals(operatorsRow, host.ovsdb().managers().contains(leaves.ovsdb()));
    }
    TestNode comes = new TestNode();
    all.add(comes);
    members.add(comes);
    newView();
    assertEquals(HOSTS, comes.attached.size());
    assertEquals(Map.of(), comes.sessions);
    ranked.add(comes);
    newView();
    assertTrue(comes.sessions.size() > HOSTS / 10);
    assertEquals(HOSTS, members.stream().mapToInt(node -> node.sessions.size()).sum());
    assertSound();
  }

  @Test
  void aNodeThatSleptThroughAViewProgramsNothingAndDoesNotFight() {
    TestNode sleeper = all.get(1);
    Map<Long, SwitchSession> former = Map.copyOf(sleeper.sessions);
    sleeper.asleep = true;
    ranked.remove(sleeper);
    epoch++;
    members.forEach(TestNode::look);
    Await.until(
        LIMIT,
        "the others rule",
        () ->
            hosts.stream()
                .allMatch(host -> isSettled(all.get(0), host) && isSettled(all.get(2), host)));
    Await.until(LIMIT, "it is deposed", () -> sleeper.sessions.isEmpty());
    for (SwitchSession session : former.values()) {
      CompletableFuture<BundleResult> late = sleeper.write(session, 666);
      assertThrows(
          CompletionException.class,
          () -> late.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join());
    }
    hosts.forEach(host -> assertEquals(Map.of(), switchOf(host).flows()));
    sleeper.look();
    Await.until(
        LIMIT, "every claim of the old view is stale", () -> sleeper.stale.get() >= former.size());
    assertEquals(HOSTS, all.get(0).sessions.size() + all.get(2).sessions.size());

    sleeper.asleep = false;
    ranked.add(sleeper);
    newView();
    List<CompletableFuture<BundleResult>> writes = new ArrayList<>();
    members.forEach(
        node -> node.sessions.values().forEach(session -> writes.add(node.write(session, 7))));
    assertEquals(HOSTS, writes.size());
    writes.forEach(write -> assertEquals(new BundleResult.Committed(), write.join()));
    hosts.forEach(host -> assertEquals(1, switchOf(host).flows().size()));
    assertSound();
  }

  @Test
  void aHostOutOfOneNodesReachIsConnectedToTheOthers() {
    SimulatedHost host = hosts.get(5);
    TestNode cut = all.get(2);
    long datapath = switchOf(host).datapathId();
    switchOf(host).vanishFrom(cut.openflow);
    host.ovsdb().vanishFrom(cut.ovsdb());
    Await.until(
        LIMIT,
        "it is gone",
        () ->
            !cut.attached.contains(datapath)
                && !cut.switches.connected().contains(datapath)
                && !cut.databases.connected().contains(host.id()));
    assertTrue(all.getFirst().switches.connected().contains(datapath));
    switchOf(host).comeBackTo(cut.openflow);
    host.ovsdb().comeBackTo(cut.ovsdb());
    newView();
    assertSound();
  }
}
