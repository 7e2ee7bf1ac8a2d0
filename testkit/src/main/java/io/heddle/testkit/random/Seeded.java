package io.heddle.testkit.random;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/// Choices that follow from one number, the seed.
public final class Seeded {

  private static final String PROPERTY = "seed";

  private final long seed;
  private final SplittableRandom random;

  private Seeded(long seed, SplittableRandom random) {
    this.seed = seed;
    this.random = random;
  }

  public static Seeded of(long seed) {
    return new Seeded(seed, new SplittableRandom(seed));
  }

  /// Runs a property on seeds 1 to `runs`; on others if the system property `seed` says so.
  ///
  /// @throws AssertionError naming the seed of the first run that failed
  public static void check(int runs, Consumer<Seeded> property) {
    String wanted = System.getProperty(PROPERTY, "");
    switch (wanted) {
      case "" -> checkFrom(1, runs, property);
      case "random" -> checkFrom(new SplittableRandom().nextLong(1L << 48), runs, property);
      default -> checkFrom(Long.parseLong(wanted), 1, property);
    }
  }

  private static void checkFrom(long first, int runs, Consumer<Seeded> property) {
    for (long seed = first; seed < first + runs; seed++) {
      try {
        property.accept(of(seed));
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError(
            "seed %d (repeat with -Dseed=%d): %s".formatted(seed, seed, failure.getMessage()),
            failure);
      }
    }
  }

  public long seed() {
    return seed;
  }

  /// Another source of choices that follow from the same seed: what one consumer takes does not
  /// shift another's.
  public Seeded fork() {
    return new Seeded(seed, random.split());
  }

  /// Both ends included.
  public int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  public int below(int bound) {
    return random.nextInt(bound);
  }

  /// A number of so many bits, 1 to 64.
  public long bits(int width) {
    return random.nextLong() >>> (Long.SIZE - width);
  }

  /// True in so many of a hundred cases.
  public boolean percent(int share) {
    return random.nextInt(100) < share;
  }

  public boolean flip() {
    return random.nextBoolean();
  }

  public <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @SafeVarargs
  public final <T> T pickOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /// `min` to `max` values, each made anew.
  public <T> List<T> list(int min, int max, Function<Seeded, T> make) {
    List<T> made = new ArrayList<>();
    for (int left = between(min, max); left > 0; left--) {
      made.add(make.apply(this));
    }
    return made;
  }

  /// `min` to `max` of the choices, or all there are, each at most once, in any order.
  public <T> List<T> subset(Collection<T> choices, int min, int max) {
    List<T> shuffled = shuffled(choices);
    int size = between(Math.min(min, shuffled.size()), Math.min(max, shuffled.size()));
    return new ArrayList<>(shuffled.subList(0, size));
  }

  public <T> List<T> shuffled(Collection<T> values) {
    List<T> shuffled = new ArrayList<>(values);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T swapped = shuffled.get(i);
      shuffled.set(i, shuffled.get(j));
      shuffled.set(j, swapped);
    }
    return shuffled;
  }

  @Override
  public String toString() {
    return "seed " + seed;
  }
}
