package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.testkit.api.Api;
import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import io.heddle.testkit.lab.TcpOutcome;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The firewall with real packets of both families, on two hypervisors and in two subnets: TCP,
/// UDP, ICMP, ICMPv6, fragments, neighbor discovery, and what is cut amid a stream.
@Tag("slow")
class FirewallLabTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(2);
  private static final String EGRESS = "{\"direction\":\"egress\"}";
  private static final String DNS_IN =
      "{\"direction\":\"ingress\",\"protocol\":\"udp\",\"portFrom\":5000,\"portTo\":5003}";
  private static final String WEB_IN =
      "{\"direction\":\"ingress\",\"protocol\":\"tcp\",\"portFrom\":80,\"portTo\":81}";
  private static final String PING6_IN =
      "{\"direction\":\"ingress\",\"protocol\":\"icmpv6\",\"icmpType\":128}";
  private static final int MANY_FRAGMENTS = 6000;

  @TempDir static Path folder;

  private static Site site;
  private static Tenant tenant;
  private static UUID front;
  private static UUID back;
  private static UUID clients;
  private static UUID servers;
  private static Machine near;
  private static Machine far;
  private static Machine server;
  private static LabHost hv1;

  /// A VM with both its addresses.
  private record Machine(LabVm vm, Nic nic, String ipv6) {}

  @BeforeAll
  static void build() {
    site = Site.open(folder.resolve("data"));
    tenant = site.tenant();
    hv1 = site.host("hv1");
    LabHost hv2 = site.host("hv2");
    site.lab().warmUnderlay();
    UUID vpc = created("/v1/vpcs", "{\"cidrs\":[\"10.0.0.0/16\"],\"ipv6Cidrs\":[\"fd00:1::/48\"]}");
    front = subnet(vpc, 1);
    back = subnet(vpc, 2);
    clients = tenant.group(vpc, "clients", EGRESS);
    servers = tenant.group(vpc, "servers", EGRESS, DNS_IN, WEB_IN, PING6_IN);
    near = machine("near", back, hv2, clients);
    far = machine("far", front, hv1, clients);
    server = machine("server", back, hv2, servers);
  }

  @AfterAll
  static void close() {
    site.close();
  }

  private static UUID created(String path, String body) {
    return UUID.fromString(tenant.api().post(path, body).orFail().text("/id"));
  }

  private static UUID subnet(UUID vpc, int number) {
    return created(
        "/v1/subnets",
        "{\"vpcId\":\"%s\",\"cidr\":\"10.0.%d.0/24\",\"ipv6Cidr\":\"fd00:1:0:%d::/64\"}"
            .formatted(vpc, number, number));
  }

  private static Machine machine(String name, UUID subnet, LabHost host, UUID... groups) {
    Nic nic = tenant.port(subnet, name, groups);
    LabVm vm = site.machine(name, nic, host);
    Api.Answer port = tenant.api().get("/v1/ports/" + nic.id()).orFail();
    String ipv6 = port.text("/privateIps/1/address");
    Await.until(
        PATIENCE,
        name + " makes its address of what its router advertises",
        () -> vm.exec("ip", "-6", "addr", "show", "dev", "eth0", "-tentative").contains(ipv6));
    return new Machine(vm, nic, ipv6);
  }

  @Test
  void neighborsAndGatewaysAreFoundOverIpv6() {
    assertTrue(near.vm().reaches(server.ipv6()), "same subnet");
    assertTrue(far.vm().reaches(server.ipv6()), "across subnets and hosts");
    assertTrue(far.vm().reaches("fd00:1:0:1::1"), "its gateway");
    assertFalse(server.vm().ping(far.ipv6()).within(SILENCE).run().received() > 0, "the other way");
    String neighbors = near.vm().exec("ip", "-6", "neigh");
    assertTrue(
        neighbors.contains(server.ipv6() + " dev eth0 lladdr " + server.nic().mac()), neighbors);
  }

  @Test
  void tcpOfBothFamiliesIsHeldToPortsAndCutAmidTheStream() throws IOException {
    try (ServerSocket _ = server.vm().listen(80);
        ServerSocket _ = server.vm().listen(82)) {
      for (String address : new String[] {server.nic().address(), server.ipv6()}) {
        for (Machine client : new Machine[] {near, far}) {
          assertEquals(TcpOutcome.CONNECTED, client.vm().connect(address, 80, PATIENCE), address);
          assertEquals(TcpOutcome.REFUSED, client.vm().connect(address, 81, PATIENCE), address);
          assertEquals(TcpOutcome.TIMED_OUT, client.vm().connect(address, 82, SILENCE), address);
        }
      }
      tenant.disallow(servers, tenant.ruleFor(servers, 80));
      assertEquals(TcpOutcome.TIMED_OUT, far.vm().connect(server.ipv6(), 80, SILENCE));
      UUID _ = tenant.allow(servers, WEB_IN);
      assertEquals(TcpOutcome.CONNECTED, far.vm().connect(server.ipv6(), 80, PATIENCE));
    }
  }

  @Test
  void datagramsInManyFragmentsMeetRulesWithPorts() throws Exception {
    for (String address : new String[] {server.nic().address(), server.ipv6()}) {
      for (Machine client : new Machine[] {near, far}) {
        assertTrue(arrives(client, address, 5001), () -> "udp/5001 to " + address);
        assertFalse(arrives(client, address, 6001), () -> "udp/6001 to " + address);
      }
    }
  }

  /// Whether a datagram that takes several packets comes to a port of the server.
  private static boolean arrives(Machine client, String address, int port) throws Exception {
    byte[] payload = new byte[MANY_FRAGMENTS];
    try (DatagramSocket listening = server.vm().netns().call(() -> new DatagramSocket(port));
        DatagramSocket sending = client.vm().netns().call(() -> new DatagramSocket())) {
      listening.setSoTimeout(100);
      long end = System.nanoTime() + SILENCE.toNanos();
      DatagramPacket heard = new DatagramPacket(new byte[MANY_FRAGMENTS + 1], MANY_FRAGMENTS + 1);
      while (System.nanoTime() < end) {
        sending.send(
            new DatagramPacket(payload, payload.length, new InetSocketAddress(address, port)));
        try {
          listening.receive(heard);
          return heard.getLength() == MANY_FRAGMENTS;
        } catch (SocketTimeoutException silence) {
          // Once more, until the time is up.
        }
      }
      return false;
    }
  }

  @Test
  void aSilentUdpClientIsCutWhenItLeavesItsGroup() throws Exception {
    UUID members = tenant.group(vpcOf(front), "members", EGRESS);
    UUID feed =
        tenant.group(
            vpcOf(front),
            "feed",
            "{\"direction\":\"ingress\",\"protocol\":\"udp\",\"portFrom\":7000,\"remoteGroupId\":\"%s\"}"
                .formatted(members));
    Machine source = machine("source", back, hv1, feed);
    Machine leaver = machine("leaver", front, hv1, members);
    Machine stays = machine("stays", back, hv1, members);
    try (DatagramSocket pushing = source.vm().netns().call(() -> new DatagramSocket(7000));
        DatagramSocket silent = leaver.vm().netns().call(() -> new DatagramSocket(7100));
        DatagramSocket other = stays.vm().netns().call(() -> new DatagramSocket(7100))) {
      ask(silent, source.nic().address());
      ask(other, source.nic().address());
      assertTrue(isPushedTo(pushing, silent, leaver.nic().address()));
      tenant
          .api()
          .patch(
              "/v1/ports/" + leaver.nic().id() + "?wait=realized&timeoutSeconds=20",
              "{\"securityGroupIds\":[\"%s\"]}".formatted(clients))
          .orFail();
      Await.until(
          PATIENCE,
          "Open vSwitch to forget what it has cached",
          () -> !isPushedTo(pushing, silent, leaver.nic().address()));
      assertTrue(isPushedTo(pushing, other, stays.nic().address()), "others go on");
      assertFalse(isPushedTo(pushing, silent, leaver.nic().address()));
    }
  }

  private static UUID vpcOf(UUID subnet) {
    return UUID.fromString(tenant.api().get("/v1/subnets/" + subnet).orFail().text("/vpcId"));
  }

  private static void ask(DatagramSocket from, String server) throws IOException {
    from.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(server), 7000));
  }

  private static boolean isPushedTo(DatagramSocket from, DatagramSocket to, String address) {
    try {
      to.setSoTimeout(300);
      DatagramPacket heard = new DatagramPacket(new byte[8], 8);
      for (int i = 0; i < 3; i++) {
        from.send(new DatagramPacket(new byte[4], 4, InetAddress.getByName(address), 7100));
        try {
          to.receive(heard);
          return true;
        } catch (SocketTimeoutException silence) {
          // A packet may be lost.
        }
      }
      return false;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aNetworkAclHoldsAtTheGatewayOnly() throws IOException {
    UUID acl =
        created(
            "/v1/network-acls",
            """
            {"vpcId":"%s","entries":[
              {"number":10,"direction":"ingress","action":"deny","protocol":"tcp","portFrom":81},
              {"number":20,"direction":"ingress","action":"allow"},
              {"number":10,"direction":"egress","action":"allow"}]}\
            """
                .formatted(vpcOf(back)));
    String subnet = "/v1/subnets/" + back + "?wait=realized&timeoutSeconds=20";
    tenant.api().patch(subnet, "{\"networkAclId\":\"%s\"}".formatted(acl)).orFail();
    try (ServerSocket _ = server.vm().listen(80)) {
      for (String address : new String[] {server.nic().address(), server.ipv6()}) {
        assertEquals(TcpOutcome.CONNECTED, far.vm().connect(address, 80, PATIENCE));
        assertEquals(TcpOutcome.TIMED_OUT, far.vm().connect(address, 81, SILENCE));
        assertEquals(TcpOutcome.REFUSED, near.vm().connect(address, 81, PATIENCE), "inside");
      }
    } finally {
      tenant.api().patch(subnet, "{\"networkAclId\":null}").orFail();
    }
    assertEquals(TcpOutcome.REFUSED, far.vm().connect(server.ipv6(), 81, PATIENCE));
  }

  @Test
  void nobodySpeaksAsAnotherOverIpv6() {
    String foreign = "fd00:1:0:1::bad";
    far.vm().exec("ip", "-6", "addr", "add", foreign + "/128", "dev", "eth0", "nodad");
    String spoofed =
        far.vm()
            .exec(
                "sh", "-c", "ping -6 -c 2 -W 1 -I %s %s || true".formatted(foreign, server.ipv6()));
    assertTrue(spoofed.contains(" 0 received"), spoofed);
    far.vm().exec("ip", "-6", "addr", "del", foreign + "/128", "dev", "eth0");
  }

  @Test
  void anAddressThatAnotherHasIsFoundToBeADuplicate() {
    near.vm().exec("ip", "-6", "addr", "add", server.ipv6() + "/128", "dev", "eth0");
    Await.until(
        PATIENCE,
        "duplicate address detection",
        () -> near.vm().exec("ip", "-6", "addr", "show", "dev", "eth0").contains("dadfailed"));
    near.vm().exec("ip", "-6", "addr", "del", server.ipv6() + "/128", "dev", "eth0");
  }
}
