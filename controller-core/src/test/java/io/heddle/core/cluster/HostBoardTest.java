package io.heddle.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.HostId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What one node knows of hosts whose masters are others.
class HostBoardTest {

  private static final HostId HOST = new HostId("hv1");

  /// Keeps what is published until the test hands it to somebody, in whatever order.
  private static final class Letters implements Peers {
    private final String self;
    private final List<byte[]> published = new ArrayList<>();
    private Listener listener = (from, message) -> {};

    Letters(String self) {
      this.self = self;
    }

    @Override
    public String self() {
      return self;
    }

    @Override
    public Set<String> present() {
      return Set.of();
    }

    @Override
    public void answerLater(String call, LaterHandler handler) {}

    @Override
    public CompletableFuture<byte[]> call(
        String node, String call, byte[] request, Duration within) {
      return CompletableFuture.failedFuture(new AbsentException(node));
    }

    @Override
    public void publish(String subject, byte[] message) {
      published.add(message);
    }

    @Override
    public void listen(String subject, Listener hearing) {
      listener = hearing;
    }

    @Override
    public void close() {}
  }

  private final Letters here = new Letters("n1");
  private final HostBoard board = new HostBoard(here, new UUID(1, 1));
  private final Letters there = new Letters("n2");
  private final HostBoard masters = new HostBoard(there, new UUID(2, 1));

  private static HostBoard.Standing standing(long epoch, boolean connected, long realized) {
    return new HostBoard.Standing(HOST, "n2", epoch, connected, realized, "", Map.of());
  }

  private static byte[] said(HostBoard by, Letters on, HostBoard.Standing standing) {
    by.tell(List.of(standing));
    return on.published.getLast();
  }

  private byte[] said(HostBoard.Standing standing) {
    return said(masters, there, standing);
  }

  private void hear(String from, byte[] message) {
    here.listener.heard(from, message);
  }

  private long realized() {
    return board.of(HOST).map(HostBoard.Standing::realized).orElse(-1L);
  }

  @Test
  void aMasterIsHeard() {
    hear("n2", said(standing(3, true, 10)));
    assertEquals(Optional.of(standing(3, true, 10)), board.of(HOST));
    assertEquals(Optional.of(standing(3, true, 10)), masters.of(HOST));
  }

  @Test
  void whoSpeaksForAnotherIsNot() {
    hear("n3", said(standing(3, true, 10)));
    assertEquals(Optional.empty(), board.of(HOST));
  }

  @Test
  void newsOfAnEarlierViewIsLate() {
    byte[] late = said(standing(3, true, 10));
    hear("n2", said(standing(4, true, 8)));
    hear("n2", late);
    assertEquals(8, realized());
  }

  @Test
  void messagesOfOneMasterMayOvertakeEachOther() {
    byte[] first = said(standing(3, true, 10));
    byte[] second = said(standing(3, true, 11));
    hear("n2", second);
    hear("n2", first);
    assertEquals(11, realized());
  }

  /// Found by reading: a switch that was started again holds nothing, and where the news that it
  /// was gone got lost, the board went on saying what it once held.
  @Test
  void whatASwitchHasRealisedMayFall() {
    hear("n2", said(standing(3, true, 10)));
    byte[] lost = said(standing(3, false, 0));
    hear("n2", said(standing(3, true, 0)));
    assertEquals(0, realized());
    hear("n2", lost);
    assertTrue(board.of(HOST).orElseThrow().connected());
  }

  @Test
  void aNodeThatWasStartedAgainCountsFromTheBeginning() {
    said(standing(3, true, 9));
    hear("n2", said(standing(3, true, 10)));
    Letters again = new Letters("n2");
    HostBoard restarted = new HostBoard(again, new UUID(2, 2));
    hear("n2", said(restarted, again, standing(3, true, 4)));
    assertEquals(4, realized());
  }

  @Test
  void aRevisionIsAwaitedOnEveryConnectedHost() throws Exception {
    hear("n2", said(standing(3, true, 10)));
    CompletableFuture<Void> twelve = board.awaitRealized(12);
    assertFalse(twelve.isDone());
    assertEquals(10, board.leastRealized());
    hear("n2", said(standing(3, true, 12)));
    twelve.get(30, TimeUnit.SECONDS);
    CompletableFuture<Void> twenty = board.awaitRealized(20);
    assertFalse(twenty.isDone());
    hear("n2", said(standing(3, false, 12)));
    twenty.get(30, TimeUnit.SECONDS);
    assertEquals(0, board.connected());
  }

  @Test
  void whatCannotBeReadIsLeftOut() {
    hear("n2", "{\"hosts\":7}".getBytes(StandardCharsets.UTF_8));
    assertTrue(board.of(HOST).isEmpty());
  }

  @Test
  void aHostThatIsNoneAnyMoreIsForgotten() {
    hear("n2", said(standing(3, true, 10)));
    board.forget(HOST);
    assertTrue(board.of(HOST).isEmpty());
    assertEquals(0, board.connected());
  }
}
