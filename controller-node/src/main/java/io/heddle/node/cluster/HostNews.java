package io.heddle.node.cluster;

import io.heddle.core.cluster.HostBoard;
import io.heddle.core.model.HostId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Tells the board of this node's hosts: what changes within a hundredth of a second as one
/// message, and all of it once a second, so that a message lost is made up for.
public final class HostNews {

  private static final long GATHER_MILLIS = 10;

  private final String node;
  private final HostBoard board;
  private final ScheduledExecutorService timer;
  private final Map<HostId, HostBoard.Standing> latest = new HashMap<>();
  private final Map<HostId, HostBoard.Standing> untold = new HashMap<>();

  public HostNews(String node, HostBoard board, ScheduledExecutorService timer) {
    this.node = node;
    this.board = board;
    this.timer = timer;
    var _ = timer.scheduleWithFixedDelay(this::repeat, 1, 1, TimeUnit.SECONDS);
  }

  /// A host of this node's stands so.
  public synchronized void note(HostBoard.Standing standing) {
    latest.put(standing.host(), standing);
    if (untold.isEmpty()) {
      var _ = timer.schedule(this::tell, GATHER_MILLIS, TimeUnit.MILLISECONDS);
    }
    untold.put(standing.host(), standing);
  }

  /// These hosts are this node's from now on, and others tell of the rest. Until more is known of a
  /// new one: nothing is programmed from here yet, and what its switch has, it has.
  public synchronized void masters(Set<HostId> mine, long epoch) {
    latest.keySet().retainAll(mine);
    untold.keySet().retainAll(mine);
    for (HostId host : mine) {
      Optional<HostBoard.Standing> before = board.of(host);
      if (before.filter(standing -> standing.master().equals(node)).isEmpty()) {
        long realized = before.map(HostBoard.Standing::realized).orElse(0L);
        note(new HostBoard.Standing(host, node, epoch, false, realized, "", Map.of()));
      }
    }
  }

  private void tell() {
    List<HostBoard.Standing> news;
    synchronized (this) {
      news = new ArrayList<>(untold.values());
      untold.clear();
    }
    board.tell(news);
  }

  private void repeat() {
    List<HostBoard.Standing> all;
    synchronized (this) {
      all = new ArrayList<>(latest.values());
    }
    board.tell(all);
  }
}
