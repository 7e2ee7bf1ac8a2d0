package io.heddle.testkit.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two hypervisors and two machines, joined over VXLAN by flows written by hand.
class LabTest {
  private static final UUID A = UUID.fromString("00000000-0000-0000-0000-00000000000a");
  private static final UUID B = UUID.fromString("00000000-0000-0000-0000-00000000000b");

  @Test
  void machinesOnTwoHostsTalkOverVxlanAndNothingIsLeft() throws Exception {
    LabName name;
    try (Lab lab = Lab.open()) {
      name = lab.name();
      LabVm a = joined(lab, "hv1", "a", A, 1);
      LabVm b = joined(lab, "hv2", "b", B, 2);
      overlay(lab);
      Await.until(
          Duration.ofSeconds(10),
          "the tunnel to have found its other end",
          () -> a.ping("10.0.0.2").count(1).run().lossless());
      assertTrue(a.ping("10.0.0.2").count(5).run().lossless());
      assertEquals(0, a.ping("10.0.0.77").within(Duration.ofSeconds(1)).run().received());

      try (ServerSocket listening = b.listen(80)) {
        assertEquals(80, listening.getLocalPort());
        assertEquals(TcpOutcome.CONNECTED, a.connect("10.0.0.2", 80, Duration.ofSeconds(2)));
        assertEquals(TcpOutcome.REFUSED, a.connect("10.0.0.2", 81, Duration.ofSeconds(2)));
      }
      assertEquals(TcpOutcome.UNREACHABLE, a.connect("9.9.9.9", 80, Duration.ofSeconds(2)));

      LabHost hv1 = lab.hosts().getFirst();
      int ofport = hv1.ofport(a.iface()).orElseThrow();
      assertTrue(hv1.trace("in_port=" + ofport + ",icmp").contains("output:1000"));
      assertEquals(3, hv1.dumpFlows().size());
      assertEquals("\"" + A + "\"", hv1.value("Interface", a.iface(), "external_ids:iface-id"));

      hv1.unplug(a);
      assertTrue(hv1.ofport(a.iface()).isEmpty());
      b.close();
      assertEquals(List.of(), lab.hosts().get(1).ofport(b.iface()).stream().toList());
      assertFalse(Lab.remains(name).isEmpty());
    }
    assertEquals(List.of(), Lab.remains(name));
  }

  @Test
  void aLinkCanBeCutInOneDirectionAndHealed() throws Exception {
    try (Lab lab = Lab.open()) {
      Lab.Seat near = lab.seat("c1");
      Lab.Seat far = lab.seat("c2");
      Lab.Seat other = lab.seat("c3");
      try (Background heard =
          far.netns().start("heard", "tcpdump", "-n", "-l", "--immediate-mode", "icmp")) {
        Await.until(
            Duration.ofSeconds(5), "tcpdump", () -> heard.output().contains("listening on"));
        assertTrue(Ping.of(near.netns(), far.address()).count(1).run().lossless());
        lab.cut(far.netns(), near.netns());
        assertEquals(0, Ping.of(near.netns(), far.address()).count(1).run().received());
        Await.until(
            Duration.ofSeconds(5),
            "the request to arrive where the answer is lost",
            () -> heard.output().lines().filter(line -> line.contains("echo request")).count() > 1);
        assertTrue(Ping.of(near.netns(), other.address()).count(1).run().lossless());
        lab.heal(far.netns(), near.netns());
        assertTrue(Ping.of(near.netns(), far.address()).count(1).run().lossless());
      }
    }
  }

  @Test
  void hypervisorsAndSeatsReachTheControllerAndCablesCanBePulled() throws Exception {
    try (Lab lab = Lab.open();
        ServerSocket controller = new ServerSocket()) {
      controller.bind(new InetSocketAddress(InetAddress.getByName(lab.controllerAddress()), 0));
      String target = "tcp:%s:%d".formatted(lab.controllerAddress(), controller.getLocalPort());
      LabHost host = lab.host("hv1");
      host.setManager(target);
      controller.setSoTimeout(10_000);
      try (Socket ovsdb = controller.accept()) {
        assertTrue(ovsdb.isConnected());
      }
      Lab.Seat seat = lab.seat("c1");
      assertTrue(Ping.of(host.netns(), seat.address()).run().lossless());
      lab.controlCable(host.netns(), false);
      assertEquals(0, Ping.of(host.netns(), seat.address()).count(1).run().received());
      lab.controlCable(host.netns(), true);
      Await.until(
          Duration.ofSeconds(5),
          "the cable to carry again",
          () -> Ping.of(host.netns(), seat.address()).count(1).run().lossless());
    }
  }

  @Test
  @Tag("slow")
  void aRestartedSwitchGetsItsTunnelIpBackAndTheGapIsMeasured() {
    try (Lab lab = Lab.open()) {
      LabVm a = joined(lab, "hv1", "a", A, 1);
      LabVm b = joined(lab, "hv2", "b", B, 2);
      overlay(lab);
      try (BackgroundPing along = a.pingAlong("10.0.0.2").awaitFirstReply()) {
        LabHost hv2 = lab.hosts().get(1);
        long before = hv2.ovs().vswitchdPid().orElseThrow();
        hv2.killVswitchd();
        hv2.startVswitchd();
        assertTrue(hv2.ovs().vswitchdPid().orElseThrow() != before);
        overlay(lab);
        along.awaitReplies(50);
        BackgroundPing.Report report = along.stop();
        assertEquals(1, report.gaps().size(), report::toString);
        assertTrue(report.longestGap().toMillis() > 50, report::toString);
        assertEquals(report.sent() - report.received(), report.lost(), 10);
      }
      double megabits = a.throughput(b, "10.0.0.2", Duration.ofSeconds(1));
      assertTrue(megabits > 10, () -> megabits + " Mbit/s");
    }
  }

  @Test
  void labsRunSideBySide() {
    try (Lab one = Lab.open();
        Lab two = Lab.open()) {
      assertFalse(one.controllerAddress().equals(two.controllerAddress()));
      LabHost first = one.host("hv1");
      LabHost second = two.host("hv1");
      assertTrue(Ping.of(first.netns(), one.controllerAddress()).run().lossless());
      assertTrue(Ping.of(second.netns(), two.controllerAddress()).run().lossless());
      assertEquals(0, Ping.of(first.netns(), two.controllerAddress()).count(1).run().received());
    }
  }

  private static LabVm joined(Lab lab, String host, String vm, UUID ifaceId, int number) {
    LabHost hypervisor = lab.host(host);
    hypervisor.createIntegrationBridge("secure");
    LabVm machine = hypervisor.plugVm(vm, ifaceId, "0a:00:00:00:00:0" + number);
    machine.address("10.0.0.%d/24".formatted(number));
    return machine;
  }

  /// A tunnel with the number 1000 between both hosts, and a flow each way.
  private static void overlay(Lab lab) {
    LabHost one = lab.hosts().get(0);
    LabHost two = lab.hosts().get(1);
    lab.warmUnderlay();
    tunnel(one, two);
    tunnel(two, one);
  }

  private static void tunnel(LabHost from, LabHost to) {
    from.vsctl(
        "--may-exist",
        "add-port",
        OvsSwitch.BR_INT,
        "vxlan",
        "--",
        "set",
        "Interface",
        "vxlan",
        "type=vxlan",
        "options:key=flow",
        "options:remote_ip=flow",
        "ofport_request=1000");
    String port = from.value("Interface", from.name().equals("hv1") ? "v-a" : "v-b", "ofport");
    from.replaceFlows(
        List.of(
            "in_port=1000,tun_id=7,actions=output:" + port,
            "in_port=%s,actions=set_field:7->tun_id,set_field:%s->tun_dst,output:1000"
                .formatted(port, to.tunnelIp()),
            "priority=0,actions=drop"));
  }
}
