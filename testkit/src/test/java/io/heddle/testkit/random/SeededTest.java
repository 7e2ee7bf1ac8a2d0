package io.heddle.testkit.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeededTest {

  private static List<Integer> numbers(Seeded seeded) {
    return seeded.list(5, 20, s -> s.between(3, 9));
  }

  @Test
  void oneSeedGivesOneStory() {
    assertEquals(numbers(Seeded.of(7)), numbers(Seeded.of(7)));
  }

  @Test
  void rangesIncludeBothEnds() {
    Seeded seeded = Seeded.of(1);
    List<Integer> drawn = seeded.list(500, 500, s -> s.between(3, 5));
    assertEquals(new HashSet<>(List.of(3, 4, 5)), new HashSet<>(drawn));
    assertTrue(seeded.list(100, 100, s -> s.bits(4)).stream().allMatch(x -> x >= 0 && x < 16));
  }

  @Test
  void aSubsetTakesEachAtMostOnce() {
    List<Integer> taken = Seeded.of(3).subset(List.of(1, 2, 3, 4), 2, 9);
    assertEquals(taken.size(), new HashSet<>(taken).size());
    assertTrue(taken.size() >= 2 && taken.size() <= 4);
  }

  @Test
  void whatOneConsumerTakesDoesNotShiftAnother() {
    Seeded first = Seeded.of(9);
    Seeded fork = first.fork();
    numbers(fork);
    Seeded second = Seeded.of(9);
    second.fork();
    assertEquals(numbers(first), numbers(second));
  }

  @Test
  void aFailureNamesItsSeed() {
    List<Long> seen = new ArrayList<>();
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () ->
                Seeded.check(
                    10,
                    seeded -> {
                      seen.add(seeded.seed());
                      assertTrue(seen.size() < 3, "third");
                    }));
    assertEquals(3, seen.size());
    assertTrue(error.getMessage().contains("-Dseed=" + seen.get(2)));
  }
}
