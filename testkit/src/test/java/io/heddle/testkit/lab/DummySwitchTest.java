package io.heddle.testkit.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The switch of the fast lane: real tables, no packets.
class DummySwitchTest {

  @Test
  void holdsFlowsTracesPacketsAndForgetsFlowsInARestart() {
    try (DummySwitch ovs = DummySwitch.withBridge()) {
      ovs.addPort("p1", 1);
      ovs.addPort("p2", 2);
      ovs.replaceFlows(
          List.of(
              "cookie=0x48,priority=10,ip,in_port=1,actions=goto_table:1",
              "table=1,tcp,tp_dst=80,actions=output:2"));
      assertEquals(2, ovs.dumpFlows().size());
      assertTrue(ovs.trace("in_port=1,tcp,tp_dst=80").contains("output:2"));
      assertTrue(ovs.trace("in_port=1,tcp,tp_dst=81").contains("Datapath actions: drop"));
      ovs.restartVswitchd();
      assertEquals(List.of(), ovs.dumpFlows());
    }
  }

  @Test
  void refusedFlowsAreReportedInOvsOwnWords() {
    try (DummySwitch ovs = DummySwitch.withBridge()) {
      CommandFailed refusal =
          assertThrows(
              CommandFailed.class, () -> ovs.addFlows(List.of("table=0,actions=fly_away")));
      assertTrue(refusal.getMessage().contains("fly_away"), refusal::getMessage);
      assertTrue(refusal.getMessage().startsWith("exit 1: ovs-ofctl"), refusal::getMessage);
    }
  }

  @Test
  void aBareOneConnectsToAManagerAndSaysWhoItIs() throws Exception {
    try (DummySwitch ovs = DummySwitch.bare("hv7", "172.29.0.7");
        ServerSocket manager = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ovs.setManager("tcp:127.0.0.1:" + manager.getLocalPort());
      manager.setSoTimeout(10_000);
      try (Socket ovsdb = manager.accept()) {
        assertTrue(ovsdb.isConnected());
      }
      assertEquals("", ovs.vsctl("list-br"));
      assertEquals(
          "\"172.29.0.7\"", ovs.value("Open_vSwitch", ".", "external_ids:heddle-encap-ip"));
    }
  }
}
