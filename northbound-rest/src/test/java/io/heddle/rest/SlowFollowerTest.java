package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Followers that read slowly, or not at all: they cost what the system's buffers hold, and a
/// piece.
@Tag("slow")
class SlowFollowerTest {

  private static final int ROWS = 1_000;
  private static final int REVISIONS = 30;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(TestNode.PATIENCE_SECONDS);

  @TempDir Path directory;
  private TestNode node;

  /// One follower at a time.
  private void start(Duration stall) throws Exception {
    RestOptions.Limits usual = RestOptions.Limits.DEFAULT;
    RestOptions.Limits one =
        new RestOptions.Limits(
            usual.bodyBytes(),
            usual.inFlight(),
            usual.connections(),
            usual.bodyWithin(),
            usual.idle(),
            new RestOptions.Streams(1, 1, Duration.ofSeconds(15), stall));
    node = new TestNode(directory, new RestOptions("127.0.0.1", 0, null, one));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  /// Some 10 MB of events; sockets hold four of them.
  private long change() throws Exception {
    for (int i = 0; i < REVISIONS; i++) {
      node.commit(putProjects());
    }
    return node.image().revision();
  }

  private static Command<Integer> putProjects() {
    return draft -> {
      for (int i = 0; i < ROWS; i++) {
        ProjectId id = new ProjectId("p-" + i);
        draft.put(new Project(id, draft.created("p", id, Map.of()), Project.Quotas.DEFAULT));
      }
      return draft.accept(ROWS);
    };
  }

  private Socket follow(long since) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
    socket
        .getOutputStream()
        .write(
            "GET /v1/events?since=%d HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(since, TestNode.ADMIN)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /// Waits until the history is not read any further.
  private long standsAt(long least) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    long told = -1;
    long since = 0;
    while (told < least || System.nanoTime() - since < TimeUnit.MILLISECONDS.toNanos(500)) {
      if (node.told.get() != told) {
        told = node.told.get();
        since = System.nanoTime();
      }
      assertTrue(System.nanoTime() < deadline, "the history is read on and on");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    return told;
  }

  @Test
  void whatIsNotReadIsNotFetchedAndNothingIsLost() throws Exception {
    start(Duration.ofSeconds(60));
    long since = node.image().revision();
    long last = change();
    try (Socket slow = follow(since)) {
      long told = standsAt(since + 1);
      assertTrue(told < last - 5, () -> "told %d of %d".formatted(told, last));
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8));
      long expected = since + 1;
      int index = 0;
      for (String line = lines.readLine(); !line.equals("id: " + last); line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          assertEquals("id: %d:%d".formatted(expected, index), line);
          index = (index + 1) % ROWS;
          expected += index == 0 ? 1 : 0;
        }
      }
      assertEquals(last + 1, expected);
    }
  }

  @Test
  void whoReadsNothingIsCutOffAndItsPlaceIsFree() throws Exception {
    start(Duration.ofSeconds(3));
    long since = node.image().revision();
    long last = change();
    try (Socket stuck = follow(since);
        ApiClient api = new ApiClient(node.port())) {
      standsAt(since + 1);
      api.get("/v1/events").refused(503, "", "limit");
      try (EventStream next = follows(since)) {
        assertEquals(ROWS * REVISIONS, next.until(last).size());
      }
      long rest = rest(stuck);
      assertTrue(rest < 8 << 20, () -> rest + " bytes");
    }
  }

  /// What was in the buffers when the connection was closed, softly or hard.
  private static long rest(Socket socket) {
    long bytes = 0;
    try {
      byte[] some = new byte[1 << 16];
      for (int read = 0; read >= 0; read = socket.getInputStream().read(some)) {
        bytes += read;
      }
      return bytes;
    } catch (IOException reset) {
      return bytes;
    }
  }

  /// As soon as the place is free.
  private EventStream follows(long since) throws Exception {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        return new EventStream(node.port(), TestNode.ADMIN, "?since=" + since);
      } catch (AssertionError refused) {
        if (System.nanoTime() > deadline) {
          throw refused;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }
}
