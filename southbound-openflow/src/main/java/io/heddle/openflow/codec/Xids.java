package io.heddle.openflow.codec;

import java.util.concurrent.atomic.AtomicInteger;

/// Transaction ids of OpenFlow messages: one counter for all switches of this process, so that an
/// id in an error leads back to the one message that had it, whichever switch refused it. Ids wrap
/// after 2^32 messages.
public final class Xids {

  private final AtomicInteger next = new AtomicInteger(1);

  public int next() {
    return reserve(1);
  }

  /// Takes a run of ids.
  ///
  /// @return the first
  public int reserve(int count) {
    return next.getAndAdd(count);
  }
}
