package io.heddle.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Kind;
import io.heddle.core.model.Kinds;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written is read back as it was, and nothing else is read at all.
class BatchCodecTest {

  private static final String PROJECT =
      """
      {"id":"b","base":7,"at":"2026-01-01T00:00:00Z","entries":[{"author":"a","summary":"s",
      "request":"r","facts":[
      {"put":"project","row":{"id":"p","meta":{"name":"n","project":"p","labels":{},"revision":1,
      "createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"},
      "quotas":{"vpcs":1,"subnets":1,"ports":1,"securityGroups":1,"rules":1,"prefixLists":1,
      "networkAcls":1}}}]}]}
      """;

  private static Batch decode(String json) {
    return BatchCodec.decode(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void samplesCoverEveryKind() {
    assertEquals(
        Kinds.ALL,
        new SampleRows(1).one().stream().map(row -> row.key().kind()).collect(Collectors.toList()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyKindSurvivesTheRoundTrip(long seed) {
    SampleRows samples = new SampleRows(seed);
    for (int i = 0; i < 50; i++) {
      List<Fact> facts = new ArrayList<>();
      for (Row row : samples.one()) {
        facts.add(Fact.put(row));
        facts.add(Fact.delete(row.key()));
        facts.add(new Fact.Delete(row.key(), new ProjectId("p-" + i)));
      }
      Batch batch =
          new Batch(
              "id-" + i,
              i,
              Rig.START.plusNanos(i),
              List.of(
                  new Batch.Entry("author \"x\"", "summary", facts),
                  new Batch.Entry("", "", List.of())));
      assertEquals(batch, BatchCodec.decode(BatchCodec.encode(batch)), "seed " + seed);
    }
  }

  @Test
  void theSampleIsReadAsItStands() {
    assertEquals(new ProjectId("p"), decode(PROJECT).facts().getFirst().key());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"put\":\"project\" -> \"put\":\"tenant\"",
        "\"vpcs\":1 -> \"vpcs\":1,\"clouds\":2",
        "\"vpcs\":1, -> ",
        "\"vpcs\":1 -> \"vpcs\":null",
        "\"vpcs\":1 -> \"vpcs\":1,\"vpcs\":2",
        "\"vpcs\":1 -> \"vpcs\":\"many\"",
        "\"base\":7 -> \"base\":7,\"checksum\":1",
        "\"base\":7 -> \"base\":\"7\"",
        "\"base\":7, -> ",
        "\"summary\":\"s\", -> ",
        "\"id\":\"p\" -> \"id\":\"not a project id\"",
        "2026-01-01T00:00:00Z\",\"entries -> yesterday\",\"entries",
        "]}]} -> ]}]} {}",
        "]}]} -> ]}",
        "{\"put\":\"project\",\"row\" -> {\"delete\":\"project\",\"row\"",
      })
  void whatIsNotUnderstoodIsRefusedLoudly(String change) {
    String[] parts = change.split(" -> ", 2);
    assertTrue(PROJECT.contains(parts[0]), parts[0]);
    String json = PROJECT.replace(parts[0], parts[1]);
    assertThrows(UnreadableException.class, () -> decode(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {"binding", "port", "number-hold", "identity", "vpc", "host", "ct-zone"})
  void aKeyThatIsNoneIsRefused(String kind) {
    String json =
        """
        {"id":"b","base":7,"at":"2026-01-01T00:00:00Z","entries":[{"author":"a","summary":"s",
        "request":"r","facts":[{"delete":"%s","key":"???"}]}]}
        """
            .formatted(kind);
    UnreadableException refused = assertThrows(UnreadableException.class, () -> decode(json));
    assertTrue(refused.getMessage().contains("'???' is no " + kind + " key"));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void mutatedBytesAreReadOrRefusedButNothingElse(long seed) {
    Random random = new Random(seed);
    byte[] whole = BatchCodec.encode(batchOf(new SampleRows(seed).one()));
    for (int i = 0; i < 2_000; i++) {
      byte[] mutated = whole.clone();
      mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      try {
        BatchCodec.decode(mutated);
      } catch (UnreadableException refused) {
        // as it should
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void aSnapshotIsReadBackOrRefused(long seed) throws IOException {
    Random random = new Random(seed);
    Image image = Image.of(99, batchOf(new SampleRows(seed).one()).facts());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Snapshot(image, List.of("x", "y")).writeTo(out);
    byte[] whole = out.toByteArray();
    Snapshot read = Snapshot.readFrom(new ByteArrayInputStream(whole));
    assertEquals(99, read.image().revision());
    assertEquals(List.of(), read.image().since(image).changes());
    assertEquals(List.of(), image.since(read.image()).changes());
    assertEquals("y", read.batchOf(99));
    assertEquals("x", read.batchOf(98));
    assertEquals(null, read.batchOf(97));
    assertEquals(null, read.batchOf(100));
    for (int i = 0; i < 300; i++) {
      byte[] mutated = whole.clone();
      int at = random.nextInt(whole.length - 1);
      mutated[at] ^= (byte) (1 << random.nextInt(7));
      assertThrows(
          UnreadableException.class,
          () -> Snapshot.readFrom(new ByteArrayInputStream(mutated)),
          () -> "changed at " + at);
      byte[] cut = java.util.Arrays.copyOf(whole, random.nextInt(whole.length - 1));
      assertThrows(
          UnreadableException.class, () -> Snapshot.readFrom(new ByteArrayInputStream(cut)));
    }
  }

  private static Batch batchOf(List<Row> rows) {
    return new Batch(
        "b",
        0,
        Rig.START,
        List.of(new Batch.Entry("a", "s", rows.stream().map(Fact::put).toList())));
  }

  @Test
  void everyKindHasANameOfItsOwn() {
    assertEquals(Kinds.ALL.size(), Kinds.ALL.stream().map(Kind::name).distinct().count());
  }
}
