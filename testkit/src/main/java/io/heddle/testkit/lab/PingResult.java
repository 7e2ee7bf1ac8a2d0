package io.heddle.testkit.lab;

import java.time.Duration;

/// What a ping measured; without any answer the times are zero.
///
/// @param output what ping printed
public record PingResult(
    int sent, int received, Duration average, Duration slowest, String output) {

  public boolean lossless() {
    return sent > 0 && received == sent;
  }

  public int lost() {
    return sent - received;
  }
}
