package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Project;
import io.heddle.core.replication.HistoryArchive.Gap;
import io.heddle.core.store.Batch;
import io.heddle.core.store.BatchCodec;
import io.heddle.core.store.Fact;
import io.heddle.core.store.Image;
import io.heddle.core.store.Rig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node lacks after it was given a snapshot, and how it gets it from another.
class HistoryFillTest {

  private static final HistoryArchive.Retention MUCH = new HistoryArchive.Retention(2_000, 1_000);
  private static final HistoryArchive.Retention LITTLE = new HistoryArchive.Retention(2_000, 6);
  private static final int PART = 700;

  @TempDir Path directory;
  private final List<HistoryArchive> open = new ArrayList<>();

  /// All that happened: the batches and the image after each.
  private record Past(List<byte[]> entries, List<Image> images) {
    Image at(long revision) {
      return revision == 0 ? Image.EMPTY : images.get((int) revision - 1);
    }

    void tell(HistoryArchive archive, long from, long to) throws IOException {
      for (long revision = from; revision <= to; revision++) {
        byte[] entry = entries.get((int) revision - 1);
        archive.append(BatchCodec.decode(entry), entry, at(revision));
      }
    }
  }

  private static Past past(String name, int revisions) {
    Past past = new Past(new ArrayList<>(), new ArrayList<>());
    Image image = Image.EMPTY;
    for (int base = 0; base < revisions; base++) {
      List<Fact> facts = List.of(Fact.put(Rig.project(name + base)));
      Batch batch =
          new Batch(
              name + base,
              base,
              Rig.START.plusSeconds(base),
              List.of(new Batch.Entry("author", "create " + name + base, facts)));
      image = image.apply(batch.revision(), facts).image();
      past.entries().add(BatchCodec.encode(batch));
      past.images().add(image);
    }
    return past;
  }

  private HistoryArchive archive(String name, HistoryArchive.Retention retention)
      throws IOException {
    HistoryArchive archive = HistoryArchive.open(directory.resolve(name), retention);
    open.add(archive);
    return archive;
  }

  private HistoryArchive reopened(HistoryArchive archive) throws IOException {
    open.remove(archive);
    archive.close();
    return archive(archive.directory().getFileName().toString(), archive.retention());
  }

  @AfterEach
  void closeAll() throws IOException {
    for (HistoryArchive archive : open) {
      archive.close();
    }
  }

  /// What a node does for itself, with another at hand.
  private static void fill(HistoryArchive archive, HistoryArchive other, Gap gap)
      throws IOException {
    try (HistoryFill fill = archive.fill(gap)) {
      List<byte[]> entries = other.entries(fill.next(), PART);
      if (!fill.canGoOn() || entries.isEmpty()) {
        fill.startAt(new ByteArrayInputStream(image(other, other.firstImage(gap.from()))));
      }
      while (!fill.isDone()) {
        entries = other.entries(fill.next(), PART);
        assertFalse(entries.isEmpty(), "the other lacks " + fill.next());
        fill.add(entries);
      }
    }
  }

  private static byte[] image(HistoryArchive other, OptionalLong at) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    byte[] part = other.image(at.orElseThrow(), 0, PART);
    while (part.length > 0) {
      whole.writeBytes(part);
      part = other.image(at.orElseThrow(), whole.size(), PART);
    }
    return whole.toByteArray();
  }

  private static List<Long> held(HistoryArchive archive) throws IOException {
    return archive.read(1, Integer.MAX_VALUE).stream().map(Batch::revision).toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private static void assertRebuilds(HistoryArchive archive, Past past, long from, long to)
      throws IOException {
    for (long revision = from;
        revision <= to;
        revision += Math.min(7, Math.max(1, to - revision))) {
      Image rebuilt = archive.imageAt(revision).orElseThrow();
      assertEquals(revision, rebuilt.count(Project.KIND));
      assertEquals(List.of(), past.at(revision).since(rebuilt).changes());
    }
  }

  @Test
  void aGapIsKnownWhereverItIs() throws IOException {
    Past past = past("p", 100);
    HistoryArchive archive = archive("n1", MUCH);
    assertEquals(Optional.empty(), archive.gap(0));
    assertEquals(Optional.of(new Gap(1, 40)), archive.gap(40));
    past.tell(archive, 41, 50);
    assertEquals(Optional.of(new Gap(1, 40)), archive.gap(50));
    assertEquals(Optional.of(new Gap(51, 70)), archive.gap(70));
    past.tell(archive, 71, 80);
    assertEquals(Optional.of(new Gap(51, 70)), archive.gap(80));
    archive = reopened(archive);
    assertEquals(Optional.of(new Gap(51, 70)), archive.gap(80));

    HistoryArchive whole = archive("n2", MUCH);
    past.tell(whole, 1, 100);
    assertEquals(Optional.empty(), whole.gap(100));
    HistoryArchive full = archive("n3", LITTLE);
    past.tell(full, 1, 100);
    assertTrue(held(full).getFirst() > 1);
    assertEquals(Optional.empty(), full.gap(100), "what retention took is not missed");
  }

  @Test
  void entriesAreToldAsTheyWereInOrderAndInPieces() throws IOException {
    Past past = past("p", 60);
    HistoryArchive archive = archive("n1", MUCH);
    past.tell(archive, 1, 20);
    past.tell(archive, 41, 60);
    List<byte[]> told = archive.entries(7, 1_000);
    assertTrue(told.size() > 1 && told.size() < 10, "told " + told.size());
    for (int i = 0; i < told.size(); i++) {
      assertArrayEquals(past.entries().get(6 + i), told.get(i));
    }
    assertEquals(1, archive.entries(7, 1).size(), "one, however long it is");
    assertEquals(14, archive.entries(7, 1 << 20).size(), "up to the gap");
    assertEquals(List.of(), archive.entries(21, 1 << 20));
    assertEquals(List.of(), archive.entries(61, 1 << 20));
  }

  @Test
  void aGapInTheMiddleIsFilled() throws IOException {
    Past past = past("p", 200);
    HistoryArchive other = archive("n1", MUCH);
    past.tell(other, 1, 200);
    HistoryArchive archive = archive("n2", MUCH);
    past.tell(archive, 1, 33);
    past.tell(archive, 151, 200);
    fill(archive, other, archive.gap(200).orElseThrow());
    assertEquals(Optional.empty(), archive.gap(200));
    assertEquals(range(1, 200), held(archive));
    assertRebuilds(archive, past, 1, 200);
    archive = reopened(archive);
    assertEquals(range(1, 200), held(archive));
    assertRebuilds(archive, past, 1, 200);
  }

  @Test
  void theNewestEndIsFilledAndTheNextRevisionComesBehindIt() throws IOException {
    Past past = past("p", 120);
    HistoryArchive other = archive("n1", MUCH);
    past.tell(other, 1, 100);
    HistoryArchive archive = archive("n2", MUCH);
    past.tell(archive, 1, 10);
    fill(archive, other, archive.gap(100).orElseThrow());
    past.tell(archive, 101, 110);
    assertEquals(range(1, 110), held(archive));
    archive = reopened(archive);
    assertEquals(110, archive.last());
    past.tell(archive, 111, 120);
    assertRebuilds(archive, past, 1, 120);
  }

  @Test
  void anEmptyNodeGetsAllThatAnotherHas() throws IOException {
    Past past = past("p", 150);
    HistoryArchive other = archive("n1", LITTLE);
    past.tell(other, 1, 150);
    long oldest = held(other).getFirst();
    HistoryArchive archive = archive("n2", MUCH);
    past.tell(archive, 141, 150);
    fill(archive, other, archive.gap(150).orElseThrow());
    assertEquals(range(oldest, 150), held(archive));
    assertRebuilds(archive, past, oldest, 150);
    assertRebuilds(reopened(archive), past, oldest, 150);
  }

  @Test
  void noMoreIsKeptThanMayBe() throws IOException {
    Past past = past("p", 400);
    HistoryArchive other = archive("n1", MUCH);
    past.tell(other, 1, 400);
    HistoryArchive archive = archive("n2", LITTLE);
    past.tell(archive, 391, 400);
    try (HistoryFill fill = archive.fill(archive.gap(400).orElseThrow())) {
      while (!fill.isDone()) {
        fill.add(other.entries(fill.next(), PART));
      }
    }
    try (Stream<Path> files = Files.list(archive.directory())) {
      assertTrue(files.filter(HistorySegment::isSegment).count() <= LITTLE.segments());
    }
    assertEquals(Optional.empty(), archive.gap(400), "nothing is filled again and again");
  }

  @Test
  void whatACrashInterruptsIsBegunAgain() throws IOException {
    Past past = past("p", 200);
    HistoryArchive other = archive("n1", MUCH);
    past.tell(other, 1, 200);
    HistoryArchive archive = archive("n2", MUCH);
    past.tell(archive, 1, 10);
    past.tell(archive, 191, 200);
    Path crashed = directory.resolve("crashed");
    try (HistoryFill fill = archive.fill(archive.gap(200).orElseThrow())) {
      while (fill.next() < 100) {
        fill.add(other.entries(fill.next(), PART));
      }
      copy(archive.directory(), crashed);
    }
    HistoryArchive after = archive("crashed", MUCH);
    Gap left = after.gap(200).orElseThrow();
    assertTrue(left.from() > 11 && left.from() <= 100, left::toString);
    fill(after, other, left);
    assertEquals(range(1, 200), held(after));
    assertRebuilds(after, past, 1, 200);
    try (Stream<Path> files = Files.list(crashed)) {
      assertTrue(files.noneMatch(file -> file.toString().endsWith(".filling")));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(file -> !file.endsWith("heddle.lock")).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void whatComesOutOfOrderIsRefused() throws IOException {
    Past past = past("p", 100);
    HistoryArchive archive = archive("n1", MUCH);
    past.tell(archive, 1, 10);
    past.tell(archive, 91, 100);
    try (HistoryFill fill = archive.fill(archive.gap(100).orElseThrow())) {
      IOException refused =
          assertThrows(IOException.class, () -> fill.add(past.entries().subList(11, 20)));
      assertEquals("the entry of revision 12 came where 11 is due", refused.getMessage());
      fill.add(past.entries().subList(10, 20));
      assertEquals(21, fill.next());
    }
    Gap left = archive.gap(100).orElseThrow();
    assertTrue(left.from() >= 11 && left.from() <= 21 && left.to() == 90, left::toString);
  }

  @Test
  void aPastThatDoesNotLeadToThePresentIsThrownAway() throws IOException {
    Past past = past("p", 100);
    Past other = past("q", 100);
    HistoryArchive archive = archive("n1", MUCH);
    past.tell(archive, 1, 10);
    past.tell(archive, 91, 100);
    try (HistoryFill fill = archive.fill(archive.gap(100).orElseThrow())) {
      IOException refused =
          assertThrows(IOException.class, () -> fill.add(other.entries().subList(10, 90)));
      assertTrue(
          refused.getMessage().contains("does not lead to revision 91"), refused.getMessage());
    }
    assertEquals(Optional.of(new Gap(11, 90)), archive.gap(100));
    assertRebuilds(archive, past, 91, 100);
  }

  @Test
  void theStoreGoesOnAppendingMeanwhile() throws IOException {
    Past past = past("p", 300);
    HistoryArchive other = archive("n1", MUCH);
    past.tell(other, 1, 150);
    HistoryArchive archive = archive("n2", MUCH);
    past.tell(archive, 151, 160);
    CompletableFuture<Void> appending =
        CompletableFuture.runAsync(() -> {
          try {
            past.tell(archive, 161, 300);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    fill(archive, other, new Gap(1, 150));
    Rig.await(appending);
    assertEquals(range(1, 300), held(archive));
    assertRebuilds(reopened(archive), past, 290, 300);
  }
}
