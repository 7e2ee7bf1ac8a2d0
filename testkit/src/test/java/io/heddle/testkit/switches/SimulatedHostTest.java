package io.heddle.testkit.switches;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;
import io.heddle.openflow.codec.Xids;
import io.heddle.openflow.session.Claim;
import io.heddle.openflow.session.SwitchEvents;
import io.heddle.openflow.session.SwitchServer;
import io.heddle.openflow.session.SwitchSession;
import io.heddle.ovsdb.host.HostClaim;
import io.heddle.ovsdb.host.HostSettings;
import io.heddle.ovsdb.host.OvsdbHosts;
import io.heddle.ovsdb.report.HostEvents;
import io.heddle.ovsdb.report.HostReport;
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
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A host that is onboarded by the real OVSDB southbound and then claimed by the real OpenFlow one.
class SimulatedHostTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final HostId HOST = new HostId("sim-1");
  private static final MacAddress MAC = MacAddress.parse("0a:00:00:00:00:01");

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final Switches switches = new Switches();
  private final SwitchServer server =
      new SwitchServer(
          new SwitchServer.Settings(_ -> new Claim.Master(1), null, false, 1),
          switches,
          new Xids());
  private final int port =
      server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).getPort();
  private final OvsdbHosts hosts =
      new OvsdbHosts(settings(port), _ -> new HostClaim.Rule(1), new Silence());
  private final OvsdbListener listener =
      OvsdbListener.listen(ListenerOptions.loopback(0), Timings.DEFAULT, loops, hosts::session);

  private static HostSettings settings(int port) {
    HostSettings standard = HostSettings.standard();
    return new HostSettings(
        standard.bridge(),
        standard.vxlanOfport(),
        new HostSettings.Controllers.WhereReached(false, port),
        standard.inactivityProbe());
  }

  @AfterEach
  void stop() {
    listener.close();
    server.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /// The test reads [OvsdbHosts#report] instead.
  private static final class Silence implements HostEvents {
    @Override
    public void connected(HostReport report) {}

    @Override
    public void changed(HostReport report) {}

    @Override
    public void disconnected(HostId host, String reason) {}

    @Override
    public void duplicate(HostId host, String stays, String refused) {}
  }

  private static final class Switches implements SwitchEvents {
    final Set<Long> ready = ConcurrentHashMap.newKeySet();
    final Queue<String> ports = new ConcurrentLinkedQueue<>();

    @Override
    public void attached(long datapathId) {}

    @Override
    public void detached(long datapathId) {}

    @Override
    public void ready(SwitchSession session) {
      ready.add(session.datapathId());
    }

    @Override
    public void closed(SwitchSession session, String why) {
      ready.remove(session.datapathId());
    }

    @Override
    public void stale(long datapathId, long seenEpoch) {}

    @Override
    public void packetIn(SwitchSession session, PacketIn packet) {}

    @Override
    public void portChanged(SwitchSession session, Message.PortChange change, SwitchPort port) {
      ports.add(change + " " + port.ofport());
    }

    @Override
    public void error(SwitchSession session, SwitchError error) {}
  }

  @Test
  void aHostIsOnboardedClaimedAndPlugged() {
    try (SimulatedHost host =
        SimulatedHost.connect(HOST, Ipv4Address.parse("192.0.2.1"), listener.address(), loops)) {
      SimulatedSwitch openflow =
          host.openflow().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
      Await.until(LIMIT, "a session", () -> switches.ready.contains(openflow.datapathId()));
      int ofport = host.plug("port-a", MAC);
      Await.until(LIMIT, "the port", () -> switches.ports.contains("ADDED " + ofport));
      Await.until(LIMIT, "the interface", () -> plugged() == 1);
      assertEquals(
          ofport, hosts.report(HOST).orElseThrow().interfaces().getFirst().ofport().orElseThrow());
      host.unplug("port-a");
      Await.until(LIMIT, "the port goes", () -> switches.ports.contains("REMOVED " + ofport));
      Await.until(LIMIT, "the interface goes", () -> plugged() == 0);
      assertThrows(IllegalArgumentException.class, () -> host.unplug("port-a"));
    }
  }

  private int plugged() {
    return hosts.report(HOST).map(report -> report.interfaces().size()).orElse(-1);
  }
}
