package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.rest.ApiClient.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that take their time, or too much of the node.
class LimitsTest {

  private static final int PATIENCE_MILLIS = 30_000;

  private static final RestOptions.Limits TIGHT =
      new RestOptions.Limits(
          1 << 20,
          2,
          64,
          Duration.ofSeconds(2),
          Duration.ofMillis(900),
          RestOptions.Streams.DEFAULT);

  @TempDir static Path directory;
  static TestNode node;

  @BeforeAll
  static void start() throws Exception {
    node = new TestNode(directory, new RestOptions("127.0.0.1", 0, null, TIGHT));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Socket send(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  private static String unfinished() {
    return "POST /v1/vpcs HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\n"
            .formatted(TestNode.ADMIN)
        + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
  }

  private static String firstLine(Socket socket) throws IOException {
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    String line = reader.readLine();
    return line == null ? "closed" : line;
  }

  @Test
  void aBodyThatDoesNotComeIsGivenUp() throws IOException {
    try (Socket slow = send(unfinished())) {
      assertEquals("HTTP/1.1 408 Request Timeout", firstLine(slow));
    }
  }

  @Test
  void aHeadThatDoesNotComeIsClosed() throws IOException {
    try (Socket slow = send("GET /healthz HTTP/1.1\r\nHost:")) {
      assertEquals("closed", firstLine(slow));
    }
  }

  @Test
  void whatIsNotHttpIsToldSo() throws IOException {
    try (Socket garbage = send("\u0000\u0001garbage\r\n\r\n")) {
      assertTrue(firstLine(garbage).matches("HTTP/1.[01] 400 .*"));
    }
  }

  @Test
  void moreThanTheLimitInFlightGets429() throws Exception {
    try (ApiClient api = new ApiClient(node.port());
        Socket one = send(unfinished());
        Socket two = send(unfinished());
        Socket three = send(unfinished())) {
      Answer refused = askUntil(429, api).refused(429, "", "2");
      assertEquals("1", refused.header("Retry-After"));
      // Two of the three hold the places; a request before them may have held one a moment longer.
      List<String> ends = List.of(firstLine(one), firstLine(two), firstLine(three));
      assertTrue(Collections.frequency(ends, "HTTP/1.1 408 Request Timeout") <= 2, ends::toString);
      assertTrue(ends.contains("HTTP/1.1 408 Request Timeout"), ends::toString);
      assertTrue(ends.contains("HTTP/1.1 429 Too Many Requests"), ends::toString);
      askUntil(200, api).expect(200);
    }
  }

  @Test
  void oneProjectDoesNotTakeThePlacesOfOthers(@TempDir Path own) throws Exception {
    RestOptions.Limits limits =
        RestOptions.Limits.DEFAULT.with(new RestOptions.Share(2, 1_000, 1_000));
    try (TestNode shared = new TestNode(own, new RestOptions("127.0.0.1", 0, null, limits));
        ApiClient admin = new ApiClient(shared.port());
        ApiClient blue = admin.as(TestNode.BLUE);
        Socket one = sendAs(TestNode.BLUE, shared.port());
        Socket two = sendAs(TestNode.BLUE, shared.port())) {
      Answer refused = askUntil(429, blue).refused(429, "", "project blue", "2");
      assertEquals("1", refused.header("Retry-After"));
      admin.get("/v1/vpcs").expect(200);
      one.getOutputStream().write("}".repeat(99).getBytes(StandardCharsets.US_ASCII));
      assertEquals("HTTP/1.1 400 Bad Request", firstLine(one));
      askUntil(200, blue).expect(200);
      assertTrue(two.isConnected());
    }
  }

  private static Socket sendAs(String token, int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket
        .getOutputStream()
        .write(unfinished().replace(TestNode.ADMIN, token).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /// The server takes up connections in its own time: asks again until it has, or the held ones
  /// would have been given up.
  private static Answer askUntil(int status, ApiClient api) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    Answer answer = api.get("/v1/vpcs");
    while (answer.status() != status && System.nanoTime() < deadline) {
      answer = api.get("/v1/vpcs");
    }
    return answer;
  }
}
