package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Project;
import io.heddle.core.store.Batch;
import io.heddle.core.store.BatchCodec;
import io.heddle.core.store.Fact;
import io.heddle.core.store.Image;
import io.heddle.core.store.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The history on real files: kept, cut, damaged, forgotten.
class HistoryArchiveTest {

  private static final HistoryArchive.Retention SMALL = new HistoryArchive.Retention(2_000, 4);

  @TempDir Path directory;
  private Image image = Image.EMPTY;

  private HistoryArchive open(HistoryArchive.Retention retention) throws IOException {
    return HistoryArchive.open(directory, retention);
  }

  /// Revisions up to and with this one, of one project each.
  private void appendUpTo(HistoryArchive archive, long last) throws IOException {
    while (image.revision() < last) {
      append(archive, image.revision());
    }
  }

  private void append(HistoryArchive archive, long base) throws IOException {
    Batch batch =
        new Batch(
            "b" + base,
            base,
            Rig.START.plusSeconds(base),
            List.of(
                new Batch.Entry(
                    "author", "create p" + base, List.of(Fact.put(Rig.project("p" + base))))));
    image = image.apply(batch.revision(), batch.facts()).image();
    archive.append(batch, BatchCodec.encode(batch), image);
  }

  private static List<Long> revisions(List<Batch> batches) {
    return batches.stream().map(Batch::revision).toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private Path newest() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(HistorySegment::isSegment).max(Path::compareTo).orElseThrow();
    }
  }

  @Test
  void whatHappenedIsReadBackFromAnyRevision() throws IOException {
    try (HistoryArchive archive = open(HistoryArchive.Retention.DEFAULT)) {
      appendUpTo(archive, 300);
      assertEquals(300, archive.last());
      assertEquals(range(1, 300), revisions(archive.read(1, 1_000)));
      assertEquals(range(130, 139), revisions(archive.read(130, 10)));
      assertEquals(List.of(300L), revisions(archive.read(300, 10)));
      assertEquals(List.of(), archive.read(301, 10));
      Batch batch = archive.read(7, 1).getFirst();
      assertEquals("create p6", batch.entries().getFirst().summary());
      assertEquals("author", batch.entries().getFirst().author());
      assertEquals(Rig.START.plusSeconds(6), batch.at());
    }
  }

  @Test
  void aReplayAppendsNothingTwice() throws IOException {
    try (HistoryArchive archive = open(SMALL)) {
      appendUpTo(archive, 20);
    }
    image = Image.EMPTY;
    try (HistoryArchive archive = open(SMALL)) {
      assertEquals(20, archive.last());
      appendUpTo(archive, 23);
      assertEquals(range(1, 23).subList(10, 23), revisions(archive.read(11, 100)));
    }
  }

  @Test
  void onlySoMuchIsKept() throws IOException {
    try (HistoryArchive archive = open(SMALL)) {
      appendUpTo(archive, 200);
      List<Long> kept = revisions(archive.read(1, 1_000));
      assertEquals(range(kept.getFirst(), 200), kept);
      assertTrue(kept.size() < 40, "kept " + kept.size());
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertTrue(files.count() <= 2L * SMALL.segments() + 2);
    }
  }

  @Test
  void anyKeptRevisionCanBeRebuilt() throws IOException {
    try (HistoryArchive archive = open(SMALL)) {
      appendUpTo(archive, 100);
    }
    try (HistoryArchive archive = open(SMALL)) {
      long first = archive.read(1, 1).getFirst().revision();
      for (long revision = first; revision <= 100; revision++) {
        Image rebuilt = archive.imageAt(revision).orElseThrow();
        assertEquals(revision, rebuilt.revision());
        assertEquals(revision, rebuilt.count(Project.KIND));
      }
      assertEquals(List.of(), image.since(archive.imageAt(100).orElseThrow()).changes());
      assertEquals(Optional.empty(), archive.imageAt(first - 1));
      assertEquals(Optional.empty(), archive.imageAt(101));
    }
  }

  @Test
  void aGapAfterASnapshotInstallIsLeftOut() throws IOException {
    try (HistoryArchive archive = open(SMALL)) {
      appendUpTo(archive, 5);
      Image far = image;
      for (long revision = 6; revision <= 50; revision++) {
        far = far.apply(revision, List.of(Fact.put(Rig.project("p" + revision)))).image();
      }
      image = far;
      appendUpTo(archive, 55);
      assertEquals(
          Stream.concat(range(1, 5).stream(), range(51, 55).stream()).toList(),
          revisions(archive.read(1, 100)));
      assertEquals(Optional.empty(), archive.imageAt(20));
      assertEquals(53, archive.imageAt(53).orElseThrow().revision());
    }
  }

  @Test
  void aTornTailIsCutAndReplayed() throws IOException {
    HistoryArchive.Retention retention = HistoryArchive.Retention.DEFAULT;
    byte[] whole;
    String synced;
    int syncedBytes;
    try (HistoryArchive archive = open(retention)) {
      appendUpTo(archive, 10);
      archive.sync();
      synced = Files.readString(directory.resolve("synced"));
      syncedBytes = (int) Files.size(newest());
      appendUpTo(archive, 12);
      whole = Files.readAllBytes(newest());
    }
    for (int length = syncedBytes; length < whole.length; length += 29) {
      Files.writeString(directory.resolve("synced"), synced);
      Files.write(newest(), Arrays.copyOf(whole, length));
      try (HistoryArchive archive = open(retention)) {
        assertTrue(archive.last() >= 10 && archive.last() < 12, "last " + archive.last());
        image = archive.imageAt(archive.last()).orElseThrow();
        appendUpTo(archive, 12);
        assertEquals(range(1, 12), revisions(archive.read(1, 100)));
      }
    }
  }

  @Test
  void aBadRecordBeforeTheLastSyncIsRefusedByName() throws IOException {
    try (HistoryArchive archive = open(HistoryArchive.Retention.DEFAULT)) {
      appendUpTo(archive, 12);
    }
    byte[] whole = Files.readAllBytes(newest());
    for (int at = 8; at < whole.length; at += 11) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 4;
      Files.write(newest(), flipped);
      LogDamagedException refused =
          assertThrows(LogDamagedException.class, () -> open(HistoryArchive.Retention.DEFAULT));
      assertEquals(newest(), refused.file());
      assertTrue(
          refused.getMessage().matches(".*the record of revision \\d+ at offset \\d+ is damaged.*"),
          refused.getMessage());
    }
    Files.write(newest(), Arrays.copyOf(whole, whole.length - 1));
    assertThrows(LogDamagedException.class, () -> open(HistoryArchive.Retention.DEFAULT));
  }

  @Test
  void anOlderSegmentMustBeWholeAndThere() throws IOException {
    try (HistoryArchive archive = open(SMALL)) {
      appendUpTo(archive, 20);
    }
    Path oldest;
    try (Stream<Path> files = Files.list(directory)) {
      oldest = files.filter(HistorySegment::isSegment).min(Path::compareTo).orElseThrow();
    }
    byte[] whole = Files.readAllBytes(oldest);
    Files.write(oldest, Arrays.copyOf(whole, whole.length - 3));
    assertThrows(LogDamagedException.class, () -> open(SMALL));
    Files.write(oldest, whole);
    Files.delete(newest());
    LogDamagedException refused = assertThrows(LogDamagedException.class, () -> open(SMALL));
    assertTrue(refused.getMessage().contains("missing"), refused.getMessage());
  }
}
