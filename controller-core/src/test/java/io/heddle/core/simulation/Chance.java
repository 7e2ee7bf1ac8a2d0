package io.heddle.core.simulation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Choices that follow from one number, the seed.
final class Chance {

  private final SplittableRandom random;

  private Chance(SplittableRandom random) {
    this.random = random;
  }

  static Chance of(long seed) {
    return new Chance(new SplittableRandom(seed));
  }

  /// Another source of choices that follow from the same seed: what one consumer takes does not
  /// shift another's.
  Chance fork() {
    return new Chance(random.split());
  }

  /// True in such a share of the cases.
  boolean in(double share) {
    return share > 0 && random.nextDouble() < share;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /// Both ends included.
  long between(long low, long high) {
    return random.nextLong(low, high + 1);
  }

  /// A time, in nanoseconds.
  long micros(long low, long high) {
    return between(TimeUnit.MICROSECONDS.toNanos(low), TimeUnit.MICROSECONDS.toNanos(high));
  }

  /// A time, in nanoseconds.
  long millis(long low, long high) {
    return micros(low * 1_000, high * 1_000);
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  <T> void shuffle(List<T> values) {
    for (int i = values.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T swapped = values.get(i);
      values.set(i, values.get(j));
      values.set(j, swapped);
    }
  }

  UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  RandomGenerator generator() {
    return random;
  }
}
