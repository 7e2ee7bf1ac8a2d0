package io.heddle.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.FlowText;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Overlay;
import io.heddle.testkit.lab.DummySwitch;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A real Open vSwitch takes every flow, and does with packets what the design says.
class RealSwitchTest {

  private static final String MAC = "0a:00:00:00:00:0";
  private static DummySwitch ovs;

  @BeforeAll
  static void program() {
    Cloud cloud = new Cloud();
    HostId hv1 = cloud.host("hv1", "192.0.2.1");
    HostId hv2 = cloud.host("hv2", "192.0.2.2");
    Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
    Subnet web = cloud.subnet("web", vpc, "10.0.1.0/24");
    Subnet db = cloud.subnet("db", vpc, "10.0.2.0/24");
    plug(cloud, cloud.port("a", web), hv1, 1);
    plug(cloud, cloud.port("b", db), hv1, 2);
    plug(cloud, cloud.port("c", web), hv2, 1);
    ovs = DummySwitch.withBridge();
    ovs.addPort("p1", 1);
    ovs.addPort("p2", 2);
    ovs.addPort("tunnel", Overlay.TUNNEL_OFPORT);
    for (Meter meter : cloud.compiler().metersOf(hv1)) {
      String bands = "meter=%d,pktps,burst,band=type=drop,rate=%d,burst_size=%d";
      ovs.ofctl(
          "-O",
          "OpenFlow14",
          "add-meter",
          "br-int",
          bands.formatted(meter.id(), meter.packetsPerSecond(), meter.burst()));
    }
    List<String> flows = cloud.flows(hv1).stream().map(flow -> FlowText.flow(flow.flow())).toList();
    ovs.replaceFlows(flows);
    assertEquals(flows.size(), ovs.dumpFlows().size());
  }

  private static void plug(Cloud cloud, Port port, HostId host, int ofport) {
    cloud.plug(port, host, ofport);
  }

  @AfterAll
  static void stop() {
    ovs.close();
  }

  private static void assertTrace(String packet, String... words) {
    String trace = ovs.trace(packet);
    for (String word : words) {
      assertTrue(trace.contains(word), () -> "no '%s' in%n%s".formatted(word, trace));
    }
  }

  @Test
  void routedOnThisHost() {
    assertTrace(
        "in_port=1,icmp,icmp_type=8,dl_src=%s1,dl_dst=%s,nw_src=10.0.1.2,nw_dst=10.0.2.2,nw_ttl=64"
            .formatted(MAC, Overlay.GATEWAY_MAC),
        "output port is 2",
        "set(ipv4(ttl=63))");
  }

  @Test
  void bridgedIntoTheTunnel() {
    assertTrace(
        "in_port=1,icmp,icmp_type=8,dl_src=%s1,dl_dst=%s3,nw_src=10.0.1.2,nw_dst=10.0.1.3,nw_ttl=64"
            .formatted(MAC, MAC),
        "set_field:192.0.2.2->tun_dst",
        "set_field:0x1001->tun_id",
        "output:40000");
  }

  @Test
  void outOfTheTunnelFromAKnownHostOnly() {
    String packet =
        "in_port=40000,tun_id=0x1001,tun_src=192.0.2.%d,icmp,dl_src=%s3,dl_dst=%s1,nw_src=10.0.1.3,nw_dst=10.0.1.2";
    assertTrace(packet.formatted(2, MAC, MAC), "output port is 1");
    assertTrace(packet.formatted(66, MAC, MAC), "Datapath actions: drop");
  }

  @Test
  void theGatewayAnswersArpAndPing() {
    assertTrace(
        "in_port=1,arp,arp_op=1,dl_src=%s1,arp_sha=%s1,arp_spa=10.0.1.2,arp_tpa=10.0.1.1"
            .formatted(MAC, MAC),
        "IN_PORT",
        "set_field:2->arp_op",
        "set_field:10.0.1.1->arp_spa");
    assertTrace(
        "in_port=1,icmp,icmp_type=8,dl_src=%s1,dl_dst=%s,nw_src=10.0.1.2,nw_dst=10.0.1.1,nw_ttl=9"
            .formatted(MAC, Overlay.GATEWAY_MAC),
        "ipv4(src=10.0.1.1,dst=10.0.1.2,ttl=64)",
        "set(icmp(type=0");
  }

  @Test
  void dhcpIsPuntedAndTheRestDropped() {
    assertTrace(
        "in_port=1,udp,dl_src=%s1,dl_dst=ff:ff:ff:ff:ff:ff,nw_src=0.0.0.0,nw_dst=255.255.255.255,udp_src=68,udp_dst=67"
            .formatted(MAC),
        "userspace");
    assertTrace(
        "in_port=1,udp,dl_src=%s1,dl_dst=ff:ff:ff:ff:ff:ff,nw_src=10.0.1.2,nw_dst=255.255.255.255,udp_src=5,udp_dst=5"
            .formatted(MAC),
        "Datapath actions: drop");
  }
}
