package io.heddle.node.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.cluster.HazelcastPeers;
import io.heddle.core.cluster.PeersOptions;
import io.heddle.core.tls.PeerTls;
import io.heddle.testkit.lab.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that call each other over mutual TLS, and those who are not let in.
class PeersOverTlsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Issuer ours;
  private final List<AutoCloseable> open = new ArrayList<>();
  private List<Integer> ports = List.of();

  @BeforeEach
  void makeAnAuthority() throws Exception {
    ours = new Issuer(directory.resolve("pki"));
    ports = freePorts(4);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
  }

  @Test
  void nodesCallEachOtherAndGoOnWhileTheirCertificatesChange() throws Exception {
    NodeTls tls1 = tls("n1");
    HazelcastPeers n1 = peers("n1", 0, Optional.of(tls1.peers()));
    HazelcastPeers n2 = peers("n2", 1, Optional.of(tls("n2").peers()));
    HazelcastPeers n3 = peers("n3", 2, Optional.of(tls("n3").peers()));
    present(n1, "n2", "n3");
    present(n2, "n1", "n3");
    present(n3, "n1", "n2");
    n2.answer("echo", (from, request) -> request);
    byte[] large = new byte[1 << 20];
    new Random(1).nextBytes(large);
    assertArrayEquals(large, n1.call("n2", "echo", large, PATIENCE).get());
    byte[] small = Arrays.copyOf(large, 20_000); // more than a record of TLS
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add((i % 2 == 0 ? n1 : n3).call("n2", "echo", small, PATIENCE));
    }
    for (CompletableFuture<byte[]> answer : answers) {
      assertArrayEquals(small, answer.get());
    }

    String before = tls1.serial();
    ours.node("n1");
    Await.until(SOON, "n1's other certificate", () -> !tls1.serial().equals(before));
    assertArrayEquals(small, n1.call("n2", "echo", small, PATIENCE).get());
    n3.close();
    Await.until(PATIENCE, "n3 gone", () -> n1.present().equals(Set.of("n2")));
    HazelcastPeers again = peers("n3", 2, Optional.of(tls("n3").peers()));
    present(again, "n1", "n2");
    assertArrayEquals(small, again.call("n2", "echo", small, PATIENCE).get());
  }

  @Test
  void nothingIsSaidInClear() throws Exception {
    peers("n1", 0, Optional.of(tls("n1").peers()));
    peers("n2", 1, Optional.of(tls("n2").peers()));
    try (Socket socket = connect(ports.get(0))) {
      socket.setSoTimeout((int) SOON.toMillis());
      socket
          .getOutputStream()
          .write("HZC".concat("x".repeat(64)).getBytes(StandardCharsets.US_ASCII));
      assertFalse(said(socket).contains("HZC"));
    }
  }

  /// All that comes until the other end closes, or resets, the connection.
  private static String said(Socket socket) throws IOException {
    StringBuilder said = new StringBuilder();
    try {
      for (int next = socket.getInputStream().read();
          next >= 0;
          next = socket.getInputStream().read()) {
        said.append((char) next);
      }
    } catch (SocketException reset) {
      return said.toString();
    }
    return said.toString();
  }

  @Test
  void whoShowsTheWrongCertificateIsNotLetIn() throws Exception {
    HazelcastPeers n1 = peers("n1", 0, Optional.of(tls("n1").peers()));
    HazelcastPeers n2 = peers("n2", 1, Optional.of(tls("n2").peers()));
    present(n1, "n2");
    present(n2, "n1");

    Issuer others = new Issuer(directory.resolve("others"));
    NodeTls ofOthers = others.tls("n4");
    open.add(ofOthers);
    Gate stranger = new Gate(ports.get(0));
    open.add(stranger);
    staysAlone(peers("n4", stranger, Optional.of(ofOthers.peers())), stranger, n1, n2);

    Gate inClear = new Gate(ports.get(0));
    open.add(inClear);
    staysAlone(peers("n4", inClear, Optional.empty()), inClear, n1, n2);

    Gate imposter = new Gate(ports.get(0));
    open.add(imposter);
    staysAlone(peers("n4", imposter, Optional.of(tls("n3").peers())), imposter, n1, n2);
  }

  /// It has knocked and was sent away, and nobody has heard of it.
  private void staysAlone(
      HazelcastPeers outsider, Gate gate, HazelcastPeers n1, HazelcastPeers n2) {
    Await.until(PATIENCE, "it is sent away", () -> gate.knocks() >= 2);
    assertEquals(Set.of(), outsider.present());
    assertEquals(Set.of("n2"), n1.present());
    assertEquals(Set.of("n1"), n2.present());
    outsider.close();
  }

  private NodeTls tls(String name) throws Exception {
    NodeTls tls = ours.tls(name);
    open.add(tls);
    return tls;
  }

  private HazelcastPeers peers(String node, int mine, Optional<PeerTls> tls) {
    List<String> seeds = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    return started(new PeersOptions("red", node, "127.0.0.1", ports.get(mine), seeds, tls));
  }

  private HazelcastPeers peers(String node, Gate gate, Optional<PeerTls> tls) {
    List<String> seeds = List.of("127.0.0.1:" + gate.port());
    return started(new PeersOptions("red", node, "127.0.0.1", ports.get(3), seeds, tls));
  }

  private HazelcastPeers started(PeersOptions options) {
    HazelcastPeers peers = HazelcastPeers.start(options);
    open.add(peers);
    return peers;
  }

  private static void present(HazelcastPeers peers, String... others) {
    Await.until(
        PATIENCE,
        peers.self() + " to see " + List.of(others),
        () -> peers.present().equals(Set.of(others)));
    assertTrue(peers.port().isPresent());
  }

  private static Socket connect(int port) {
    Socket[] socket = new Socket[1];
    Await.until(
        PATIENCE,
        "somebody listens on " + port,
        () -> {
          try {
            socket[0] = new Socket(InetAddress.getLoopbackAddress(), port);
            return true;
          } catch (IOException notYet) {
            return false;
          }
        });
    return socket[0];
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    List<Integer> free = sockets.stream().map(ServerSocket::getLocalPort).toList();
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return free;
  }
}
