package io.heddle.core.replication;

import io.heddle.core.store.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after what Ratis does not tell: ten times a second, on a thread of its own.
///
/// Ratis loses its votes when the disk is full, so a node ends before it is. Ratis stays a
/// candidate for ever when its votes can't be written, so a node that has had no leader for a while
/// tries the disk itself. And Ratis commits nothing before the leader's own disk has it, so a
/// leader that the others wait for hands over to one that is faster.
final class Watch implements AutoCloseable {

  private static final Duration TICK = Duration.ofMillis(100);

  /// With less, a node ends while it still can in good order. Two segments of the log are reserved
  /// at once, and some more is written in a tick.
  private static final long MIN_FREE_BYTES = 16L << 20;

  /// Elections take a second or two; a node alone is cut off, which is no fault of its own.
  private static final int LEADERLESS_TICKS = 50;

  /// A disk that lags for so long is slower than the others', not just busy.
  private static final int LAGGING_TICKS = 20;

  /// What a look that finds it in step takes off.
  private static final int LAGGING_LESS = 4;

  /// After handing over, or failing to, a leader does not try again for a minute.
  private static final int HANDED_OVER_TICKS = 600;

  private static final int PROBE_BYTES = 4_096;

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final RatisGroup group;
  private final Contact contact;
  private final Log.Reader reader;
  private final Path directory;
  private final List<Runnable> listeners;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("log-watch").daemon(true).factory());

  // The thread's own.
  private int leaderless;
  private int lagging;
  private int resting;
  private boolean full;
  private @Nullable Seen seen;

  /// What listeners are told of when it differs.
  private record Seen(Optional<String> leader, long term, List<String> members) {}

  Watch(
      RatisGroup group,
      Contact contact,
      Log.Reader reader,
      Path directory,
      List<Runnable> listeners) {
    this.group = group;
    this.contact = contact;
    this.reader = reader;
    this.directory = directory;
    this.listeners = listeners;
  }

  void start() {
    var _ = executor.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Looks at once whether there is something to tell.
  void look() {
    try {
      executor.execute(this::tell);
    } catch (RejectedExecutionException e) {
      // Closed: there is nobody to tell.
    }
  }

  static long freeBytes(Path directory) {
    return directory.toFile().getUsableSpace();
  }

  private void tick() {
    contact.tick();
    lookForSpace();
    tell();
    try {
      RaftServer.Division division = group.division();
      if (division.getInfo().isAlive()) {
        lookForLeader(division.getInfo());
        lookAtDisk(division);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("event=watch-skipped cause=\"{}\"", e.getMessage());
    }
  }

  private void tell() {
    try {
      RaftServer.Division division = group.division();
      Seen now =
          new Seen(
              Optional.ofNullable(division.getInfo().getLeaderId()).map(Object::toString),
              division.getInfo().getCurrentTerm(),
              division.getRaftConf().getCurrentPeers().stream().map(RaftPeer::toString).toList());
      if (!now.equals(seen)) {
        seen = now;
        listeners.forEach(Runnable::run);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("event=watch-skipped cause=\"{}\"", e.getMessage());
    }
  }

  private void lookForSpace() {
    long free = freeBytes(directory);
    if (free < MIN_FREE_BYTES && !full) {
      full = true;
      reader.failed(
          new IOException(
              Files.isDirectory(directory)
                  ? "%s has %d MB left; the log needs at least %d MB"
                      .formatted(directory, free >> 20, MIN_FREE_BYTES >> 20)
                  : "%s is gone".formatted(directory)));
    }
  }

  private void lookForLeader(DivisionInfo info) {
    leaderless = info.getLeaderId() == null ? leaderless + 1 : 0;
    if (leaderless > 0 && leaderless % LEADERLESS_TICKS == 0) {
      try {
        tryDisk();
      } catch (IOException e) {
        reader.failed(
            new IOException(
                "there is no leader, and %s can't be written: %s"
                    .formatted(directory, e.getMessage()),
                e));
      }
    }
  }

  private void tryDisk() throws IOException {
    Path probe = directory.resolve("probe");
    try (FileChannel channel =
        FileChannel.open(
            probe,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(PROBE_BYTES));
      channel.force(true);
    }
    Files.deleteIfExists(probe);
  }

  private void lookAtDisk(RaftServer.Division division) {
    resting = Math.max(0, resting - 1);
    long[] confirmed = division.getInfo().getFollowerMatchIndices();
    if (confirmed == null || confirmed.length < 2) {
      lagging = 0;
      return;
    }
    Arrays.sort(confirmed);
    // With this node, so many would be a majority; without it they have to be one more.
    long majority = confirmed[confirmed.length - 1 - (confirmed.length + 1) / 2];
    boolean behind = majority > division.getRaftLog().getFlushIndex();
    lagging = behind ? lagging + 1 : Math.max(0, lagging - LAGGING_LESS);
    if (lagging >= LAGGING_TICKS && resting == 0) {
      lagging = 0;
      resting = HANDED_OVER_TICKS;
      LOG.warn(
          "event=slow-disk directory={} cause=\"the others have written what this disk has not\"",
          directory);
      var _ = group.handOver();
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
