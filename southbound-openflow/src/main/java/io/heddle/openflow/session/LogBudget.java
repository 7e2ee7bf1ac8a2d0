package io.heddle.openflow.session;

import io.netty.channel.EventLoopGroup;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How many lines a minute strangers may make us write.
final class LogBudget {

  private static final Logger LOG = LoggerFactory.getLogger(LogBudget.class);
  private static final int LINES_A_MINUTE = 60;

  private final AtomicInteger spent = new AtomicInteger();

  LogBudget(EventLoopGroup loops) {
    Future<?> _ = loops.scheduleAtFixedRate(this::renew, 1, 1, TimeUnit.MINUTES);
  }

  boolean spend() {
    return spent.incrementAndGet() <= LINES_A_MINUTE;
  }

  private void renew() {
    int lines = spent.getAndSet(0);
    if (lines > LINES_A_MINUTE) {
      LOG.warn("openflow lines=suppressed count={}", lines - LINES_A_MINUTE);
    }
  }
}
