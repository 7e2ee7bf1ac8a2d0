package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.node.DualStack.Machine;
import io.heddle.testkit.api.Api;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.TcpOutcome;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
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

  private static DualStack cloud;
  private static Tenant tenant;
  private static UUID clients;
  private static UUID servers;
  private static Machine near;
  private static Machine far;
  private static Machine server;

  @BeforeAll
  static void build() {
    cloud = DualStack.open(folder.resolve("data"));
    tenant = cloud.tenant();
    clients = tenant.group(cloud.vpc(), "clients", EGRESS);
    servers = tenant.group(cloud.vpc(), "servers", EGRESS, DNS_IN, WEB_IN, PING6_IN);
    near = cloud.machine("near", cloud.back(), cloud.hv2(), clients);
    far = cloud.machine("far", cloud.front(), cloud.hv1(), clients);
    server = cloud.machine("server", cloud.back(), cloud.hv2(), servers);
  }

  @AfterAll
  static void close() {
    cloud.close();
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
      for (String address : server.addresses()) {
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
    for (String address : server.addresses()) {
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
  void aNetworkAclHoldsAtTheGatewayOnly() throws IOException {
    UUID acl =
        cloud.created(
            "/v1/network-acls",
            """
            {"vpcId":"%s","entries":[
              {"number":10,"direction":"ingress","action":"deny","protocol":"tcp","portFrom":81},
              {"number":20,"direction":"ingress","action":"allow"},
              {"number":10,"direction":"egress","action":"allow"}]}\
            """
                .formatted(cloud.vpc()));
    cloud.guard(cloud.back(), "\"%s\"".formatted(acl));
    try (ServerSocket _ = server.vm().listen(80)) {
      for (String address : server.addresses()) {
        assertEquals(TcpOutcome.CONNECTED, far.vm().connect(address, 80, PATIENCE));
        assertEquals(TcpOutcome.TIMED_OUT, far.vm().connect(address, 81, SILENCE));
        assertEquals(TcpOutcome.REFUSED, near.vm().connect(address, 81, PATIENCE), "inside");
      }
    } finally {
      cloud.guard(cloud.back(), "null");
    }
    assertEquals(TcpOutcome.REFUSED, far.vm().connect(server.ipv6(), 81, PATIENCE));
  }

  /// Later fragments have no ports, and of IPv6 not even a protocol: an ACL of ports still lets
  /// whole datagrams through, and stops those that it does not allow.
  @Test
  void aNetworkAclOfPortsLetsDatagramsInManyFragmentsThrough() throws Exception {
    UUID acl =
        cloud.created(
            "/v1/network-acls",
            """
            {"vpcId":"%s","entries":[
              {"number":10,"direction":"ingress","action":"allow","protocol":"udp","portFrom":5001},
              {"number":20,"direction":"ingress","action":"deny","protocol":"udp"},
              {"number":10,"direction":"egress","action":"allow"}]}\
            """
                .formatted(cloud.vpc()));
    cloud.guard(cloud.back(), "\"%s\"".formatted(acl));
    try {
      for (String address : server.addresses()) {
        assertTrue(arrives(far, address, 5001), () -> "udp/5001 to " + address);
        assertFalse(arrives(far, address, 5002), () -> "udp/5002 to " + address);
      }
    } finally {
      cloud.guard(cloud.back(), "null");
    }
  }

  /// Counted on both hosts, for the rule that admits and for no other.
  @Test
  void hitsAreCountedByRule() throws IOException {
    String rules = "/v1/security-groups/" + servers;
    UUID web = tenant.ruleFor(servers, 80);
    UUID dns = tenant.ruleFor(servers, 5000);
    long webBefore = hits(servers, web);
    long dnsBefore = hits(servers, dns);
    UUID egress =
        UUID.fromString(
            tenant.api().get("/v1/security-groups/" + clients).orFail().text("/rules/0/id"));
    long egressBefore = hits(clients, egress);
    try (ServerSocket _ = server.vm().listen(80)) {
      for (Machine client : new Machine[] {near, far}) {
        assertEquals(
            TcpOutcome.CONNECTED, client.vm().connect(server.nic().address(), 80, PATIENCE));
      }
    }
    Await.until(PATIENCE, "hits of the rule for tcp/80", () -> hits(servers, web) >= webBefore + 6);
    Await.until(
        PATIENCE, "hits of a rule for all", () -> hits(clients, egress) >= egressBefore + 6);
    assertEquals(dnsBefore, hits(servers, dns), "udp");
    Api.Answer answer = tenant.api().get(rules + "/hits").orFail();
    assertEquals(1, answer.body().at("/hosts").asInt(), "only one host has a server");
    assertEquals(0, answer.body().at("/silent").asInt());
  }

  private static long hits(UUID group, UUID rule) {
    Api.Answer answer = tenant.api().get("/v1/security-groups/" + group + "/hits").orFail();
    for (JsonNode each : answer.body().at("/items")) {
      if (each.at("/id").asText().equals(rule.toString())) {
        return each.at("/packets").asLong();
      }
    }
    throw new AssertionError("no rule " + rule + ": " + answer.body());
  }

  /// The same packets pass and the same do not, and the group hears of both.
  @Test
  void dropsAndAcceptsAreLoggedWhileAGroupWantsIt() throws IOException {
    log("{\"drops\":true,\"accepts\":true}");
    try (ServerSocket _ = server.vm().listen(80);
        ServerSocket _ = server.vm().listen(82)) {
      for (String address : server.addresses()) {
        assertEquals(TcpOutcome.CONNECTED, far.vm().connect(address, 80, PATIENCE), address);
        assertEquals(TcpOutcome.TIMED_OUT, far.vm().connect(address, 82, SILENCE), address);
        awaitLogged(address, 80, "accept");
        awaitLogged(address, 82, "drop");
      }
      log("null");
      int before = logged().size();
      assertEquals(TcpOutcome.TIMED_OUT, far.vm().connect(server.ipv6(), 83, SILENCE));
      assertEquals(before, logged().size(), "nothing is told of any more");
    }
  }

  private static void log(String what) {
    Api.Answer _ =
        tenant
            .api()
            .patch(
                "/v1/security-groups/" + servers + "?wait=realized&timeoutSeconds=20",
                "{\"logging\":%s}".formatted(what))
            .orFail();
  }

  private static JsonNode logged() {
    return tenant.api().get("/v1/security-groups/" + servers + "/log").orFail().body().at("/items");
  }

  private static void awaitLogged(String address, int port, String verdict) {
    Await.until(
        PATIENCE,
        "%s of tcp/%d to %s in the log".formatted(verdict, port, address),
        () -> {
          for (JsonNode entry : logged()) {
            if (entry.at("/targetIp").asText().equals(address)
                && entry.at("/targetPort").asInt() == port) {
              assertEquals(verdict, entry.at("/verdict").asText());
              assertEquals("ingress", entry.at("/direction").asText());
              assertEquals("tcp", entry.at("/protocol").asText());
              return true;
            }
          }
          return false;
        });
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
