package io.heddle.testkit.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A ping every 10 ms that runs along while a test does its worst.
public final class BackgroundPing implements AutoCloseable {
  static final Duration INTERVAL = Duration.ofMillis(10);

  /// Packets that may be on their way when ping is stopped; they are not counted as lost.
  private static final int UNDER_WAY = 10;

  /// ICMP sequence numbers have 16 bits.
  private static final int SEQUENCES = 1 << 16;

  private static final Pattern REPLY = Pattern.compile("icmp_seq=(\\d+) .*time=");
  private static final Pattern SENT = Pattern.compile("(\\d+) packets transmitted");
  private static final Duration FIRST_REPLY = Duration.ofSeconds(5);

  private final Background ping;

  private BackgroundPing(Background ping) {
    this.ping = ping;
  }

  static BackgroundPing start(Netns from, String name, String target) {
    String log = "%s-%s.ping".formatted(name, target.replace(':', '_'));
    Background ping = from.start(log, "ping", "-n", "-i", Ping.seconds(INTERVAL), target);
    return new BackgroundPing(ping);
  }

  /// Waits until the target has answered, so that what follows is measured on a warm path.
  public BackgroundPing awaitFirstReply() {
    awaitReplies(1);
    return this;
  }

  /// Waits until so many more packets have been answered.
  public void awaitReplies(int more) {
    long wanted = replies() + more;
    Await.until(
        FIRST_REPLY.plus(INTERVAL.multipliedBy(more)),
        more + " answers to a ping",
        () -> replies() >= wanted);
  }

  /// Stops the ping and reports.
  public Report stop() {
    return parse(ping.interrupt());
  }

  private long replies() {
    return REPLY.matcher(ping.output()).results().count();
  }

  @Override
  public void close() {
    ping.close();
  }

  static Report parse(String output) {
    List<Gap> gaps = new ArrayList<>();
    long expected = 1;
    long received = 0;
    Matcher replies = REPLY.matcher(output);
    while (replies.find()) {
      long sequence = unwrap(Integer.parseInt(replies.group(1)), expected);
      if (sequence < expected) {
        fill(gaps, sequence);
      } else if (sequence > expected) {
        gaps.add(new Gap(expected, sequence - expected));
      }
      expected = Math.max(expected, sequence + 1);
      received++;
    }
    Matcher totals = SENT.matcher(output);
    long sent = totals.find() ? Long.parseLong(totals.group(1)) : expected - 1;
    long unanswered = sent - (expected - 1);
    if (unanswered > UNDER_WAY) {
      gaps.add(new Gap(expected, unanswered));
    }
    return new Report(sent, received, List.copyOf(gaps));
  }

  private static long unwrap(int sequence, long near) {
    long candidate = near - Math.floorMod(near, (long) SEQUENCES) + sequence;
    if (candidate - near > SEQUENCES / 2) {
      return candidate - SEQUENCES;
    }
    return near - candidate > SEQUENCES / 2 ? candidate + SEQUENCES : candidate;
  }

  /// A late reply closes the hole that was noted for it.
  private static void fill(List<Gap> gaps, long sequence) {
    for (int i = 0; i < gaps.size(); i++) {
      Gap gap = gaps.get(i);
      if (sequence >= gap.first() && sequence < gap.first() + gap.packets()) {
        gaps.remove(i);
        long after = gap.first() + gap.packets() - sequence - 1;
        if (after > 0) {
          gaps.add(i, new Gap(sequence + 1, after));
        }
        if (sequence > gap.first()) {
          gaps.add(i, new Gap(gap.first(), sequence - gap.first()));
        }
        return;
      }
    }
  }

  /// Packets in a row that got no answer.
  ///
  /// @param first their first sequence number, from 1
  public record Gap(long first, long packets) {
    public Duration length() {
      return INTERVAL.multipliedBy(packets);
    }
  }

  /// What was sent and answered, and every hole in between.
  public record Report(long sent, long received, List<Gap> gaps) {
    public long lost() {
      return gaps.stream().mapToLong(Gap::packets).sum();
    }

    public Duration longestGap() {
      return gaps.stream().map(Gap::length).max(Duration::compareTo).orElse(Duration.ZERO);
    }
  }
}
