package io.heddle.openflow.session;

import static io.heddle.openflow.session.Controller.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import io.heddle.openflow.RealOvs;
import io.heddle.openflow.codec.FlowMod;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Peers that are no switches, and switches that fail.
final class BadPeersTest {

  private static final int READ_LIMIT_MILLIS = 20_000;

  private static Socket knock(Controller controller) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), controller.port);
    socket.setSoTimeout(READ_LIMIT_MILLIS);
    return socket;
  }

  /// Everything that the server says until it closes the connection, which it may do before it has
  /// heard all.
  private static byte[] say(Controller controller, byte[] bytes) throws IOException {
    try (Socket socket = knock(controller)) {
      try {
        socket.getOutputStream().write(bytes);
      } catch (SocketException turnedAway) {
        return new byte[0];
      }
      return readAll(socket.getInputStream());
    }
  }

  private static byte[] readAll(InputStream in) throws IOException {
    try {
      return in.readAllBytes();
    } catch (SocketException reset) {
      return new byte[0];
    }
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void garbageIsTurnedAwayAndHurtsNobody() throws IOException {
    try (RealOvs ovs = RealOvs.start("br");
        Controller controller = new Controller(1)) {
      SwitchSession session = controller.adopt(ovs, "br");
      byte[] noise = new byte[200_000];
      new Random(6653).nextBytes(noise);
      noise[0] = 0x16;
      List<byte[]> garbage =
          List.of(
              "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
              new byte[1_000],
              noise,
              hex("0500000300000001"), // a header shorter than itself
              hex("05000008000000010515000800000002"), // a barrier before its time
              hex("05000008000000010506000800000002")); // features that end too early
      for (byte[] bytes : garbage) {
        say(controller, bytes);
      }
      List<Socket> silent = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        silent.add(knock(controller));
      }
      await(session.barrier());
      for (Socket socket : silent) {
        socket.close();
      }
      assertEquals(0, controller.events.readySessions());
    }
  }

  @Test
  void aSwitchOfAnotherVersionIsToldSo() throws IOException {
    try (Controller controller = new Controller(1)) {
      byte[] said = say(controller, hex("04000010000000070001000800000010"));
      String text = HexFormat.of().formatHex(said);
      assertTrue(text.contains("0501"), "an error message: " + text);
      assertTrue(text.contains("0000000700000000"), "hello failed, its xid: " + text);
      assertTrue(new String(said, StandardCharsets.US_ASCII).contains("OpenFlow 1.4"), text);
    }
  }

  @Test
  void nothingButTheClaimIsSentBeforeItsReply() throws IOException {
    try (Controller controller = new Controller(0x0102_0304_0506_0708L);
        Socket socket = knock(controller)) {
      socket.getOutputStream().write(hex("05000010000000010001000800000020"));
      socket
          .getOutputStream()
          .write(hex("050600200000000200004ebb28330a4600000000fe0000000000024f00000000"));
      socket.shutdownOutput();
      String said = HexFormat.of().formatHex(readAll(socket.getInputStream()));
      String hello = "05000010........0001000800000020";
      String features = "05050008........";
      String claim = "05180018........00000002000000000102030405060708";
      assertTrue(said.matches(hello + features + claim), said);
    }
  }

  @Test
  void aSwitchThatVanishesInTheMiddleOfABundleFailsIt() {
    try (RealOvs ovs = RealOvs.start("br");
        Controller controller = new Controller(1)) {
      SwitchSession session = controller.adopt(ovs, "br");
      List<FlowMod> mods = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        mods.add(new FlowMod.Add(new Flow(1, i, Match.ANY, List.of()), i));
      }
      BundleContent content = BundleContent.of(controller.encode(mods));
      ovs.freezeSwitch();
      CompletableFuture<BundleResult> first = session.bundle(content);
      CompletableFuture<BundleResult> second = session.bundle(content);
      assertFalse(first.isDone());
      ovs.killSwitch();
      assertThrows(SessionClosedException.class, () -> await(first));
      assertThrows(SessionClosedException.class, () -> await(second));
      assertFalse(controller.events.awaitClosed().isEmpty());
      assertThrows(SessionClosedException.class, () -> await(session.barrier()));
    }
  }

  @Test
  void plainTcpBeyondLoopbackWantsAWord() {
    InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
    try (Controller controller = new Controller(1)) {
      var refused =
          assertThrows(IllegalArgumentException.class, () -> controller.server.listen(everywhere));
      assertTrue(refused.getMessage().contains("--insecure-southbound"), refused.getMessage());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void aSwitchThatListensIsDialled() throws IOException {
    try (RealOvs ovs = RealOvs.start("br");
        Controller controller = new Controller(1)) {
      int port = freePort();
      ovs.vsctl("set-controller", "br", "ptcp:" + port + ":127.0.0.1");
      await(controller.server.dial(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
      SwitchSession session = controller.events.awaitReady();
      assertInstanceOf(
          BundleResult.Committed.class,
          controller.commit(
              session, List.of(new FlowMod.Add(new Flow(0, 1, Match.ANY, List.of()), 1))));
    }
  }
}
