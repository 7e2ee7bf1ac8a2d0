package io.heddle.node.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.HostScope;
import io.heddle.core.flow.Flow;
import io.heddle.core.model.HostId;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.switches.SimulatedSwitch;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which switches a fabric programs, and when.
final class FabricTest {

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final FabricSite site = new FabricSite();
  private final Fabric fabric = site.fabric();
  private final HostId hv1 = site.host(1);
  private final HostId hv2 = site.host(2);
  private final SimulatedSwitch first = SimulatedSwitch.connect(1, site.address(), loops);
  private final SimulatedSwitch second = SimulatedSwitch.connect(2, site.address(), loops);

  @BeforeEach
  void aPortOnEachHost() {
    site.port(hv1);
    site.port(hv2);
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
    site.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void master(HostId... hosts) throws Exception {
    fabric.masters(HostScope.of(List.of(hosts)));
    for (HostId host : hosts) {
      Await.until(FabricSite.WITHIN, host + " connected", () -> fabric.progress(host).connected());
    }
    site.awaitRealized();
  }

  @Test
  void onlySwitchesOfHostsThatAreOursAreProgrammed() throws Exception {
    master(hv1);
    assertFalse(first.flows().isEmpty());
    assertEquals(Map.of(), second.flows());
    assertEquals(Set.of(hv1), fabric.progress().keySet());
    master(hv2);
    assertFalse(second.flows().isEmpty());
    Map<Flow, Long> left = first.flows();
    first.resetCounters();
    site.port(hv1);
    site.port(hv2);
    site.awaitRealized();
    assertEquals(left, first.flows(), "what another node programs is its business");
    assertEquals(0, first.counters().flowMods());
    assertEquals(Set.of(hv2), fabric.progress().keySet());
  }

  @Test
  void aHostThatComesBackGetsWhatItMissedAndNothingElse() throws Exception {
    master(hv1, hv2);
    Map<Flow, Long> before = first.flows();
    master(hv2);
    first.resetCounters();
    master(hv1, hv2);
    assertEquals(before, first.flows());
    assertEquals(0, first.counters().flowMods());
    master(hv2);
    site.port(hv1);
    master(hv1, hv2);
    assertTrue(first.counters().flowMods() > 0);
    assertTrue(first.flows().size() > before.size());
  }

  @Test
  void withoutContactNothingIsSent() throws Exception {
    master(hv1, hv2);
    fabric.contact(false);
    site.awaitHeard();
    first.resetCounters();
    second.resetCounters();
    for (int i = 0; i < 5; i++) {
      site.port(hv1);
    }
    site.awaitHeard();
    assertEquals(0, first.counters().flowMods());
    assertTrue(fabric.progress(hv1).problem().contains("does not hear from its cluster"));
    fabric.contact(true);
    site.awaitRealized();
    assertEquals(1, first.counters().bundles(), "what was missed comes as one");
    assertEquals(13, first.meters().size(), "two for each port, and one for what groups log");
    assertEquals("", fabric.progress(hv1).problem());
  }

  @Test
  void aHostThatComesWithoutContactWaits() throws Exception {
    fabric.contact(false);
    fabric.masters(HostScope.EVERY_HOST);
    Await.until(FabricSite.WITHIN, "hv1 connected", () -> fabric.progress(hv1).connected());
    site.awaitHeard();
    assertEquals(0, first.counters().flowMods());
    fabric.contact(true);
    site.awaitRealized();
    assertFalse(first.flows().isEmpty());
  }

  @Test
  void progressIsToldOfOurHostsOnly() throws Exception {
    Queue<HostId> heard = new ConcurrentLinkedQueue<>();
    fabric.listen((host, progress) -> heard.add(host));
    master(hv2);
    site.port(hv1);
    site.awaitRealized();
    assertEquals(Set.of(hv2), Set.copyOf(heard));
    assertEquals(0, fabric.progress(hv1).realized());
    assertEquals(site.image().revision(), fabric.progress(hv2).realized());
  }

  /// Two hypervisors that were copied one from the other.
  @Test
  void oneSwitchIsNeverProgrammedForTwoHosts() throws Exception {
    master(hv1, hv2);
    Map<Flow, Long> before = first.flows();
    HostId copy = site.host(3, 1);
    fabric.masters(HostScope.EVERY_HOST);
    site.port(copy);
    site.awaitRealized();
    assertFalse(fabric.progress(copy).connected());
    assertTrue(
        fabric
            .progress(copy)
            .problem()
            .contains("datapath id 0000000000000001, and so has host hv1"),
        fabric.progress(copy).problem());
    assertTrue(first.flows().size() > before.size(), "hv1 goes on");
    assertEquals("", fabric.progress(hv1).problem());
  }
}
