package io.heddle.ovsdb.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.ovsdb.lab.Await;
import io.heddle.ovsdb.lab.Node;
import io.heddle.ovsdb.lab.RealOvs;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whatever arrives on port 6640: its connection ends, memory stays flat, and hosts are served as
/// before.
class HostilePeerTest {
  private static final Timings QUICK =
      new Timings(
          Duration.ofMillis(300),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMillis(200),
          Duration.ofMillis(300));

  private static final String SCHEMA_REPLY =
      """
      {"id":1,"error":null,"result":{"name":"Open_vSwitch","version":"8.3.1","tables":{}}}\
      """;

  private Node node;

  @BeforeEach
  void start() {
    node = Node.start(QUICK);
  }

  @AfterEach
  void hostsAreServedAsBefore() {
    try (RealOvs ovs = RealOvs.start("hv1")) {
      ovs.manage(node.port());
      node.heard.awaitReport("hv1", "an honest host", r -> true);
    } finally {
      node.close();
    }
  }

  private Socket dial() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), node.port());
  }

  /// Writes until all is written or the node has hung up; answers what came back before the end.
  private static void write(Socket socket, byte[] bytes, int times) {
    try {
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < times; i++) {
        out.write(bytes);
      }
    } catch (IOException hungUp) {
      // What the node is meant to do.
    }
  }

  private void awaitEnd(Socket socket) {
    Await.until("the node hangs up", () -> node.connections() == 0);
    assertTrue(ended(socket));
  }

  private static boolean ended(Socket socket) {
    try {
      socket.setSoTimeout(2000);
      while (socket.getInputStream().read() >= 0) {
        // Our own request; then the end.
      }
      return true;
    } catch (IOException reset) {
      return true;
    }
  }

  private void sendAndAwaitEnd(String text) throws IOException {
    try (Socket socket = dial()) {
      write(socket, text.getBytes(StandardCharsets.UTF_8), 1);
      awaitEnd(socket);
    }
  }

  @Test
  void randomBytes() throws IOException {
    Random random = new Random(6640);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[1 + random.nextInt(5000)];
      random.nextBytes(garbage);
      try (Socket socket = dial()) {
        write(socket, garbage, 1);
      }
    }
    Await.until("all are gone", () -> node.connections() == 0);
  }

  @Test
  void aHundredMebibytesOfOpenBrackets() throws IOException {
    byte[] brackets = new byte[1024 * 1024];
    Arrays.fill(brackets, (byte) '[');
    long before = usedBytes();
    try (Socket socket = dial()) {
      write(socket, brackets, 100);
      awaitEnd(socket);
    }
    assertTrue(usedBytes() - before < 32 * 1024 * 1024, "memory grew");
  }

  private static long usedBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void halfAMessageAndSilence() throws IOException {
    sendAndAwaitEnd("{\"id\":1,\"result\":{\"name\":");
  }

  @Test
  void silence() throws IOException {
    sendAndAwaitEnd("");
  }

  @Test
  void aByteNowAndThen() throws IOException {
    try (Socket socket = dial()) {
      Await.until(
          "the node hangs up on who never finishes",
          () -> {
            write(socket, new byte[] {' '}, 1);
            return node.connections() == 0;
          });
    }
  }

  @Test
  void deepNesting() throws IOException {
    sendAndAwaitEnd("{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}");
  }

  @Test
  void messagesThatAreNone() throws IOException {
    for (String text :
        List.of(
            "[]",
            "{}",
            "{\"method\":7,\"params\":[],\"id\":1}",
            "{\"method\":\"echo\",\"params\":{},\"id\":1}",
            "{\"id\":99,\"result\":{},\"error\":null}",
            "{\"id\":\"x\",\"result\":{},\"error\":null}",
            "{\"id\":1,\"result\":7,\"error\":null}",
            "{\"id\":1,\"result\":null,\"error\":\"no such database\"}",
            "{\"id\":1,\"error\":null,\"result\":{\"name\":\"x\",\"version\":\"zzz\",\"tables\":{}}}",
            "{\"id\":1,\"error\":null,\"result\":{\"name\":\"x\",\"version\":\"99.0\",\"tables\":{}}}",
            SCHEMA_REPLY
                + "{\"id\":2,\"error\":null,\"result\":[false,\"x\",{\"Bridge\":{\"no-uuid\":{}}}]}",
            SCHEMA_REPLY + "{\"id\":2,\"error\":null,\"result\":[false,\"x\",7]}")) {
      sendAndAwaitEnd(text);
    }
  }

  @Test
  void aServerThatGoesSilentAfterItsSchema() throws IOException {
    try (Socket socket = dial()) {
      write(socket, SCHEMA_REPLY.getBytes(StandardCharsets.UTF_8), 1);
      write(
          socket,
          "{\"id\":2,\"error\":null,\"result\":[false,\"x\",{}]}".getBytes(StandardCharsets.UTF_8),
          1);
      awaitEnd(socket);
    }
  }

  @Test
  void aFloodOfEchoesWhoseAnswersNobodyReads() throws IOException {
    byte[] echoes =
        ("{\"id\":\"e\",\"method\":\"echo\",\"params\":[\"" + "x".repeat(1000) + "\"]}")
            .repeat(1000)
            .getBytes(StandardCharsets.UTF_8);
    long before = usedBytes();
    try (Socket socket = dial()) {
      write(socket, echoes, 100);
      awaitEnd(socket);
    }
    assertTrue(usedBytes() - before < 32 * 1024 * 1024, "memory grew");
  }

  @Test
  void aHostWithoutANameOrWithAStrangeOneIsNoHost() throws IOException {
    String row =
        SCHEMA_REPLY.replace(
                "\"tables\":{}",
                """
                "tables":{"Open_vSwitch":{"columns":{"external_ids":{
                  "type":{"key":"string","value":"string","min":0,"max":"unlimited"}}}}}\
                """)
            + """
            {"id":2,"error":null,"result":[false,"x",{"Open_vSwitch":{
              "00000000-0000-0000-0000-000000000001":{
                "initial":{"external_ids":["map",[["system-id","%s"]]]}}}}]}\
            """;
    for (String name : List.of("", "a b", "x".repeat(65), "\\n\\u0007")) {
      sendAndAwaitEnd(row.formatted(name));
    }
    assertEquals(0, node.hosts.connected().size());
  }

  @Test
  void moreConnectionsThanMayBeUnproven() throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < Limits.UNPROVEN_CONNECTIONS + 50; i++) {
        sockets.add(dial());
      }
      Await.until("all are gone in the end", () -> node.connections() == 0);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
