package io.heddle.testkit.ovsdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Simulated hosts are onboarded by the real southbound and report what is plugged into them.
class SimulatedOvsdbTest {
  private static final int HOSTS = 50;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final OvsdbHosts hosts =
      new OvsdbHosts(HostSettings.standard(), _ -> new HostClaim.Rule(1), new Silence());
  private final OvsdbListener listener =
      OvsdbListener.listen(ListenerOptions.loopback(0), Timings.DEFAULT, loops, hosts::session);

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

  @AfterEach
  void stop() {
    listener.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static HostId id(int number) {
    return new HostId("sim-" + number);
  }

  private SimulatedOvsdb connect(int number) {
    return SimulatedOvsdb.connect(
        id(number), Ipv4Address.parse("192.0.2.0").plus(number), listener.address(), loops);
  }

  private boolean programmable(int number) {
    return hosts.report(id(number)).filter(HostReport::programmable).isPresent();
  }

  @Test
  void fiftyHostsAreOnboardedWithOneTransactionEach() {
    List<SimulatedOvsdb> simulated =
        IntStream.rangeClosed(1, HOSTS).mapToObj(this::connect).toList();
    Await.until(
        Duration.ofSeconds(10),
        "all hosts are programmable",
        () -> IntStream.rangeClosed(1, HOSTS).allMatch(this::programmable));
    simulated.forEach(host -> assertEquals(1, host.transactions()));
    long datapaths =
        simulated.stream().map(host -> host.onboarded().join().datapathId()).distinct().count();
    assertEquals(HOSTS, datapaths);
    simulated.forEach(SimulatedOvsdb::close);
  }

  @Test
  void pluggedInterfacesAreReportedAndSurviveAReconnect() {
    try (SimulatedOvsdb host = connect(1)) {
      host.onboarded().orTimeout(5, TimeUnit.SECONDS).join();
      host.plug("port-a", 7, MacAddress.parse("0a:00:00:00:00:01")).join();
      awaitPlugged(1);
      assertEquals("port-a", hosts.report(id(1)).orElseThrow().interfaces().getFirst().ifaceId());
      host.dropConnections();
      Await.until(Duration.ofSeconds(5), "it is gone", () -> hosts.connected().isEmpty());
      awaitPlugged(1);
      assertEquals(1, host.transactions());
      host.unplug("port-a").join();
      awaitPlugged(0);
      assertTrue(programmable(1));
    }
  }

  private void awaitPlugged(int count) {
    Await.until(
        Duration.ofSeconds(5),
        count + " interfaces",
        () -> hosts.report(id(1)).filter(r -> r.interfaces().size() == count).isPresent());
  }
}
