package io.heddle.ovsdb.rpc;

import java.time.Duration;
import java.time.InstantSource;

/// Lets so many log lines pass in each period, and counts the others; safe for any thread.
///
/// A peer that reconnects and fails ten thousand times a second costs the log a few lines, not the
/// disk.
public final class LogPace {
  private final InstantSource clock;
  private final int lines;
  private final long periodMillis;
  private long periodStartMillis;
  private int passed;
  private long held;

  public LogPace(InstantSource clock, int lines, Duration period) {
    this.clock = clock;
    this.lines = lines;
    this.periodMillis = period.toMillis();
    this.periodStartMillis = clock.millis();
  }

  /// True when a line may be written now.
  public synchronized boolean permits() {
    long now = clock.millis();
    if (now - periodStartMillis >= periodMillis) {
      periodStartMillis = now;
      passed = 0;
    }
    if (passed < lines) {
      passed++;
      return true;
    }
    held++;
    return false;
  }

  /// How many lines were held back since this was last asked.
  public synchronized long held() {
    long count = held;
    held = 0;
    return count;
  }
}
