package io.heddle.benchmarks.replication;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What came of one measurement.
///
/// @param p50Millis half of the operations took no longer
/// @param p99Millis nearly all of them
/// @param perSecond how many were done in a second
public record Sample(double p50Millis, double p99Millis, double perSecond) {

  /// @param nanos how long each took
  /// @param allNanos how long all took together
  public static Sample of(long[] nanos, long allNanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Sample(
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length * 99 / 100] / 1e6,
        sorted.length / (allNanos / 1e9));
  }

  /// The median of several, figure by figure: a disturbance of one turn is left out.
  public static Sample median(List<Sample> turns) {
    return new Sample(
        median(turns, Sample::p50Millis),
        median(turns, Sample::p99Millis),
        median(turns, Sample::perSecond));
  }

  private static double median(List<Sample> turns, ToDoubleFunction<Sample> figure) {
    double[] sorted = turns.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /// As one process tells another.
  String toLine() {
    return p50Millis + " " + p99Millis + " " + perSecond;
  }

  static Sample ofLine(String line) {
    String[] words = line.split(" ", -1);
    return new Sample(
        Double.parseDouble(words[0]), Double.parseDouble(words[1]), Double.parseDouble(words[2]));
  }
}
