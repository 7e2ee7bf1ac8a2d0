package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.node.DualStack.Machine;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.TcpStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is cut amid a stream when a rule or a membership goes, and what goes on, with real packets
/// of both families, through real switches that the controller programs: TCP, UDP that only
/// replies, ICMP and ICMPv6, in one packet and in many fragments.
@Tag("slow")
class CutsLabTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(2);
  private static final String EGRESS = "{\"direction\":\"egress\"}";

  /// A second of what is pushed: if that long nothing comes, nothing will.
  private static final int A_WHILE = 800;

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
    servers = tenant.group(cloud.vpc(), "servers", EGRESS, tcp(80), tcp(81), udp(5000));
    near = cloud.machine("near", cloud.back(), cloud.hv2(), clients);
    far = cloud.machine("far", cloud.front(), cloud.hv1(), clients);
    server = cloud.machine("server", cloud.back(), cloud.hv2(), servers);
  }

  @AfterAll
  static void close() {
    cloud.close();
  }

  private static String tcp(int port) {
    return "{\"direction\":\"ingress\",\"protocol\":\"tcp\",\"portFrom\":%d}".formatted(port);
  }

  private static String udp(int port) {
    return "{\"direction\":\"ingress\",\"protocol\":\"udp\",\"portFrom\":%d}".formatted(port);
  }

  @Test
  void aRuleThatGoesCutsItsStreamsBothWaysAndNoOther() throws IOException {
    List<TcpStream> cut = new ArrayList<>();
    List<TcpStream> kept = new ArrayList<>();
    try {
      for (String address : server.addresses()) {
        for (Machine client : List.of(near, far)) {
          cut.add(TcpStream.open(client.vm(), server.vm(), address, 80));
          kept.add(TcpStream.open(client.vm(), server.vm(), address, 81));
        }
      }
      cut.forEach(stream -> stream.awaitPushed(8));
      kept.forEach(stream -> stream.awaitPushed(8));
      tenant.disallow(servers, tenant.ruleFor(servers, 80));
      assertSilent(cut, kept);
      UUID _ = tenant.allow(servers, tcp(80));
      // TCP sends again what was lost: the connections were cut by the rules, not reset.
      cut.forEach(stream -> stream.awaitPushed(8));
    } finally {
      for (TcpStream stream : cut) {
        stream.close();
      }
      for (TcpStream stream : kept) {
        stream.close();
      }
    }
  }

  /// While the ones go on for a while, the others get nothing, in neither direction.
  private static void assertSilent(List<TcpStream> cut, List<TcpStream> kept) throws IOException {
    kept.forEach(stream -> stream.awaitPushed(A_WHILE / 10)); // what was under way has arrived
    List<Long> pushed = cut.stream().map(TcpStream::pushed).toList();
    List<Long> spoken = cut.stream().map(TcpStream::spoken).toList();
    for (TcpStream stream : cut) {
      stream.speak();
    }
    kept.forEach(stream -> stream.awaitPushed(A_WHILE));
    assertEquals(pushed, cut.stream().map(TcpStream::pushed).toList(), "from the server");
    assertEquals(spoken, cut.stream().map(TcpStream::spoken).toList(), "from the client");
  }

  @Test
  void aSilentUdpClientIsCutWhenItLeavesItsGroup() throws Exception {
    UUID members = tenant.group(cloud.vpc(), "members", EGRESS);
    UUID feed =
        tenant.group(
            cloud.vpc(),
            "feed",
            ("{\"direction\":\"ingress\",\"protocol\":\"udp\",\"portFrom\":7000,"
                    + "\"remoteGroupId\":\"%s\"}")
                .formatted(members));
    Machine source = cloud.machine("source", cloud.back(), cloud.hv1(), feed);
    Machine leaver = cloud.machine("leaver", cloud.front(), cloud.hv1(), members);
    Machine stays = cloud.machine("stays", cloud.back(), cloud.hv2(), members);
    for (int family = 0; family < 2; family++) {
      cloud.join(leaver, members);
      String feeding = source.addresses().get(family);
      String leaving = leaver.addresses().get(family);
      String staying = stays.addresses().get(family);
      try (DatagramSocket pushing = source.vm().netns().call(() -> new DatagramSocket(7000));
          DatagramSocket silent = leaver.vm().netns().call(() -> new DatagramSocket(7100));
          DatagramSocket other = stays.vm().netns().call(() -> new DatagramSocket(7100))) {
        Await.until(
            PATIENCE,
            "the members to be fed",
            () ->
                isFed(silent, feeding, pushing, leaving)
                    && isFed(other, feeding, pushing, staying));
        cloud.join(leaver, clients);
        Await.until(
            PATIENCE,
            "Open vSwitch to forget what it has cached",
            () -> !isPushedTo(pushing, silent, leaving));
        assertTrue(isPushedTo(pushing, other, staying), "others go on");
        assertFalse(isPushedTo(pushing, silent, leaving), leaving);
      }
    }
  }

  private static boolean isFed(
      DatagramSocket client, String feeding, DatagramSocket pushing, String address) {
    try {
      client.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(feeding), 7000));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return isPushedTo(pushing, client, address);
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

  /// ICMP and ICMPv6 by type, alone and in many fragments; the rule that goes takes it away, and
  /// TCP beside it goes on.
  @Test
  void pingsOfBothFamiliesAreHeldToTheirRulesWhole() throws IOException {
    for (String address : server.addresses()) {
      boolean ipv6 = address.contains(":");
      String echo =
          "{\"direction\":\"ingress\",\"protocol\":\"%s\",\"icmpType\":%d}"
              .formatted(ipv6 ? "icmpv6" : "icmp", ipv6 ? 128 : 8);
      for (Machine client : List.of(near, far)) {
        assertEquals(0, answered(client, address, 56), () -> "before there is a rule: " + address);
      }
      try (TcpStream beside = TcpStream.open(far.vm(), server.vm(), address, 81)) {
        UUID rule = tenant.allow(servers, echo);
        for (Machine client : List.of(near, far)) {
          assertTrue(answered(client, address, 56) > 0, () -> "one packet to " + address);
          assertTrue(answered(client, address, 4000) > 0, () -> "three fragments to " + address);
        }
        tenant.disallow(servers, rule);
        beside.awaitPushed(8);
        for (Machine client : List.of(near, far)) {
          assertEquals(0, answered(client, address, 56), () -> "when the rule is gone: " + address);
          assertEquals(0, answered(client, address, 4000), () -> "in fragments: " + address);
        }
        beside.awaitPushed(8);
      }
    }
  }

  private static int answered(Machine client, String address, int size) {
    String said =
        client
            .vm()
            .exec(
                "sh",
                "-c",
                "ping -n -q -c 3 -i 0.2 -W 1 -s %d %s || true".formatted(size, address));
    return said.contains(" 0 received") ? 0 : 1;
  }

  /// An error about what somebody sent comes back to them, without a rule for ICMP.
  @Test
  void errorsAboutDatagramsAreHeard() throws Exception {
    for (String address : server.addresses()) {
      for (Machine client : List.of(near, far)) {
        try (DatagramSocket asking = client.vm().netns().call(() -> new DatagramSocket())) {
          asking.connect(new InetSocketAddress(address, 5000));
          asking.setSoTimeout((int) SILENCE.toMillis());
          assertThrows(
              PortUnreachableException.class,
              () -> {
                for (int i = 0; i < 3; i++) {
                  asking.send(new DatagramPacket(new byte[1], 1));
                  receiveOrSilence(asking);
                }
              },
              () -> "nobody listens at udp/5000 of " + address);
        }
      }
    }
  }

  private static void receiveOrSilence(DatagramSocket asking) throws IOException {
    try {
      asking.receive(new DatagramPacket(new byte[8], 8));
    } catch (SocketTimeoutException silence) {
      // Once more: a packet may be lost.
    }
  }
}
