package io.heddle.testkit.lab;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A ping to be run: from where, whom, how often, and when to give up.
public record Ping(Netns from, String target, int count, Duration interval, Duration deadline) {
  private static final Pattern TOTALS =
      Pattern.compile("(\\d+) packets transmitted, (\\d+) received");
  private static final Pattern TIMES =
      Pattern.compile("min/avg/max/mdev = ([\\d.]+)/([\\d.]+)/([\\d.]+)/");

  static Ping of(Netns from, String target) {
    return new Ping(from, target, 3, Duration.ofMillis(200), Duration.ofSeconds(3));
  }

  public Ping count(int packets) {
    return new Ping(from, target, packets, interval, deadline);
  }

  public Ping every(Duration pause) {
    return new Ping(from, target, count, pause, deadline);
  }

  /// When to stop, whether or not all packets were answered.
  public Ping within(Duration limit) {
    return new Ping(from, target, count, interval, limit);
  }

  public PingResult run() {
    String seconds = Long.toString(Math.max(1, deadline.toSeconds()));
    Command.Result result =
        from.command(
                "ping",
                "-n",
                "-q",
                "-c",
                Integer.toString(count),
                "-i",
                seconds(interval),
                "-w",
                seconds,
                target)
            .within(deadline.plusSeconds(10))
            .attempt();
    return parse(result.out() + result.err());
  }

  static String seconds(Duration duration) {
    return "%d.%03d".formatted(duration.toSeconds(), duration.toMillisPart());
  }

  /// Reads the last lines that ping prints; a ping without a route prints none and has sent
  /// nothing.
  static PingResult parse(String output) {
    Matcher totals = TOTALS.matcher(output);
    if (!totals.find()) {
      return new PingResult(0, 0, Duration.ZERO, Duration.ZERO, output);
    }
    Matcher times = TIMES.matcher(output);
    boolean timed = times.find();
    return new PingResult(
        Integer.parseInt(totals.group(1)),
        Integer.parseInt(totals.group(2)),
        timed ? millis(times.group(2)) : Duration.ZERO,
        timed ? millis(times.group(3)) : Duration.ZERO,
        output);
  }

  private static Duration millis(String text) {
    return Duration.ofNanos((long) (Double.parseDouble(text) * 1e6));
  }
}
