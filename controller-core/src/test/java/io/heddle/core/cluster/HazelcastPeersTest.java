package io.heddle.core.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Real Hazelcast on loopback: nodes find each other, call each other, and notice who is gone.
class HazelcastPeersTest {

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration SOON = Duration.ofSeconds(5);

  private final List<HazelcastPeers> open = new ArrayList<>();

  @Test
  void nodesCallEachOtherTellEachOtherAndNoticeWhoIsGone() throws Exception {
    List<Integer> ports = freePorts(3);
    HazelcastPeers n1 = peers("red", "n1", ports, 0);
    HazelcastPeers n2 = peers("red", "n2", ports, 1);
    HazelcastPeers n3 = peers("red", "n3", ports, 2);
    await(() -> n1.present().equals(Set.of("n2", "n3")) && n2.present().equals(Set.of("n1", "n3")));
    await(() -> n3.present().equals(Set.of("n1", "n2")));

    n2.answer("upper", (from, request) -> bytes(from + ":" + text(request).toUpperCase()));
    assertEquals("n1:HELLO", text(n1.call("n2", "upper", bytes("hello"), SOON).get()));

    n2.answer(
        "fail",
        (from, request) -> {
          throw new IOException("the disk is made of cheese");
        });
    assertEquals(
        "the disk is made of cheese",
        assertInstanceOf(Peers.CallFailedException.class, failure(n1, "n2", "fail")).getMessage());
    assertInstanceOf(Peers.CallFailedException.class, failure(n1, "n2", "no-such-call"));
    assertInstanceOf(Peers.AbsentException.class, failure(n1, "n9", "upper"));

    BlockingQueue<String> news = new LinkedBlockingQueue<>();
    n1.listen("news", (from, message) -> news.add(from + ":" + text(message)));
    n3.listen("news", (from, message) -> news.add("never to itself"));
    n3.publish("news", bytes("rain"));
    assertEquals("n3:rain", news.poll(SOON.toSeconds(), TimeUnit.SECONDS));

    CountDownLatch called = new CountDownLatch(1);
    n3.answer(
        "hang",
        (from, request) -> {
          called.countDown();
          return silence();
        });
    CompletableFuture<byte[]> unanswered = n1.call("n3", "hang", bytes(""), PATIENCE);
    assertTrue(called.await(SOON.toSeconds(), TimeUnit.SECONDS));
    n3.close();
    ExecutionException gone = assertThrows(ExecutionException.class, unanswered::get);
    assertTrue(!(gone.getCause() instanceof Peers.AbsentException), "it may have been carried out");
    await(() -> n1.present().equals(Set.of("n2")));
    assertTrue(news.isEmpty());
  }

  @Test
  void aCallThatIsNotAnsweredInTimeIsUnknown() throws Exception {
    List<Integer> ports = freePorts(2);
    HazelcastPeers n1 = peers("red", "n1", ports, 0);
    HazelcastPeers n2 = peers("red", "n2", ports, 1);
    await(() -> n1.present().contains("n2"));
    n2.answer("slow", (from, request) -> silence());
    CompletableFuture<byte[]> call = n1.call("n2", "slow", bytes(""), Duration.ofMillis(200));
    assertInstanceOf(
        TimeoutException.class, assertThrows(ExecutionException.class, call::get).getCause());
  }

  @Test
  void aMebibyteGoesThroughUnchanged() throws Exception {
    List<Integer> ports = freePorts(2);
    HazelcastPeers n1 = peers("red", "n1", ports, 0);
    HazelcastPeers n2 = peers("red", "n2", ports, 1);
    n2.answer("echo", (from, request) -> request);
    await(() -> n1.present().contains("n2"));
    byte[] large = new byte[1 << 20];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31);
    }
    assertArrayEquals(large, n1.call("n2", "echo", large, SOON).get());
  }

  /// A node that was stopped (SIGSTOP, a pause of its machine) still gets connections: its kernel
  /// takes them.
  @Test
  void whoTakesConnectionsAndSaysNothingKeepsNobodyFromTalking() throws Exception {
    List<Integer> ports = freePorts(3);
    HazelcastPeers n1 = peers("red", "n1", ports, 0);
    HazelcastPeers n2 = peers("red", "n2", ports, 1);
    n2.answer("echo", (from, request) -> request);
    await(() -> n1.present().contains("n2"));
    try (ServerSocket silent =
        new ServerSocket(ports.get(2), 50, InetAddress.getLoopbackAddress())) {
      silent.setSoTimeout((int) PATIENCE.toMillis());
      try (Socket taken = silent.accept()) { // one of them looks for the third member
        for (int call = 0; call < 200; call++) {
          assertArrayEquals(bytes("x"), n1.call("n2", "echo", bytes("x"), SOON).get());
        }
        assertTrue(taken.isConnected());
      }
      assertEquals(Set.of("n2"), n1.present());
      assertEquals(Set.of("n1"), n2.present());
    }
  }

  @Test
  void anotherClusterIsNotTalkedTo() throws Exception {
    List<Integer> ports = freePorts(3);
    HazelcastPeers red = peers("red", "n1", ports, 0);
    HazelcastPeers blue = peers("blue", "n2", ports, 1);
    HazelcastPeers alsoRed = peers("red", "n3", ports, 2);
    await(() -> red.present().equals(Set.of("n3")) && alsoRed.present().equals(Set.of("n1")));
    await(() -> blue.port().isPresent());
    assertEquals(Set.of(), blue.present());
  }

  private HazelcastPeers peers(String cluster, String node, List<Integer> ports, int mine) {
    List<String> seeds = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    HazelcastPeers peers =
        HazelcastPeers.start(new PeersOptions(cluster, node, "127.0.0.1", ports.get(mine), seeds));
    open.add(peers);
    return peers;
  }

  /// An answer that never comes.
  private static byte[] silence() throws InterruptedException {
    new CountDownLatch(1).await();
    return new byte[0];
  }

  private static Throwable failure(Peers from, String node, String call) {
    return assertThrows(
            ExecutionException.class, () -> from.call(node, call, bytes("x"), SOON).get())
        .getCause();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "in vain");
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  @AfterEach
  void closeAll() {
    open.forEach(HazelcastPeers::close);
  }
}
