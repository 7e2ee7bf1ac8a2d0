package io.heddle.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Index;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Kinds;
import io.heddle.core.model.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The persistent image against plain maps, on random facts.
class ImageTest {

  private static final int STEPS = 150;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anImageIsWhatPlainMapsWouldBe(long seed) {
    Random random = new Random(seed);
    SampleRows samples = new SampleRows(seed);
    Map<Key<?>, Row> model = new HashMap<>();
    Map<Key<?>, Row> followed = new HashMap<>();
    Image image = Image.EMPTY;
    Image start = Image.EMPTY;
    for (int step = 1; step <= STEPS; step++) {
      List<Fact> facts = randomFacts(random, samples, model);
      Draft draft = new Draft(image, step, Rig.START);
      for (Fact fact : facts) {
        switch (fact) {
          case Fact.Put(Row row) -> {
            draft.put(row);
            model.put(row.key(), row);
            assertEquals(row, draft.find(row.key()).orElseThrow());
          }
          case Fact.Delete(Key<?> key, var _) -> {
            draft.delete(key);
            model.remove(key);
            assertTrue(draft.find(key).isEmpty());
          }
        }
      }
      Image.Applied applied = image.apply(step, draft.facts());
      assertEquals(
          facts.stream().map(Fact::key).toList(), draft.facts().stream().map(Fact::key).toList());
      assertEquals(List.of(), draft.image().since(applied.image()).changes());
      assertEquals(
          new HashSet<>(applied.image().since(image).changes()),
          new HashSet<>(applied.delta().changes()));
      follow(followed, applied.delta());
      image = applied.image();
      assertEquals(model, rows(image), "seed " + seed + " step " + step);
      assertEquals(model, followed);
      assertIndexed(image, model);
      if (step % 50 == 0) {
        Map<Key<?>, Row> skipping = rows(start);
        follow(skipping, image.since(start));
        assertEquals(model, skipping);
        start = image;
      }
    }
    assertEquals(STEPS, image.revision());
  }

  private static List<Fact> randomFacts(Random random, SampleRows samples, Map<Key<?>, Row> model) {
    List<Fact> facts = new ArrayList<>();
    List<Row> rows = samples.one();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      Row row = rows.get(random.nextInt(rows.size()));
      facts.add(random.nextInt(3) == 0 ? Fact.delete(row.key()) : Fact.put(row));
    }
    if (!model.isEmpty() && random.nextBoolean()) {
      Row same = model.values().iterator().next();
      facts.add(Fact.put(same));
    }
    return facts;
  }

  private static Map<Key<?>, Row> rows(Image image) {
    Map<Key<?>, Row> rows = new HashMap<>();
    for (Kind<?> kind : Kinds.ALL) {
      for (Row row : image.all(kind)) {
        rows.put(row.key(), row);
      }
      assertEquals(image.count(kind), image.all(kind).size());
    }
    return rows;
  }

  private static void follow(Map<Key<?>, Row> rows, Delta delta) {
    for (Change change : delta.changes()) {
      assertEquals(change.before(), rows.get(change.key()));
      assertNotEquals(change.before(), change.after());
      if (change.after() == null) {
        rows.remove(change.key());
      } else {
        rows.put(change.key(), change.after());
      }
    }
  }

  private static void assertIndexed(Image image, Map<Key<?>, Row> model) {
    for (Kind<?> kind : Kinds.ALL) {
      for (Index<?, ?> index : kind.indexes()) {
        assertIndexed(image, model, kind, index);
      }
    }
  }

  @SuppressWarnings("unchecked") // an index stands in the list of its own kind
  private static <R extends Row, V> void assertIndexed(
      Image image, Map<Key<?>, Row> model, Kind<?> anyKind, Index<?, ?> anyIndex) {
    Kind<R> kind = (Kind<R>) anyKind;
    Index<R, V> index = (Index<R, V>) anyIndex;
    Map<V, Set<Row>> expected = new HashMap<>();
    for (Row row : model.values()) {
      if (row.key().kind() == kind) {
        for (V value : index.valuesOf().apply((R) row)) {
          expected.computeIfAbsent(value, any -> new HashSet<>()).add(row);
        }
      }
    }
    expected.forEach((value, rows) -> {
      assertEquals(rows, new HashSet<>(image.findBy(kind, index, value)), index.name());
      assertTrue(image.anyBy(kind, index, value));
    });
  }
}
