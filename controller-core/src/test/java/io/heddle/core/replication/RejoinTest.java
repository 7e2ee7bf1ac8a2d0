package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.replication.HistoryArchive.Gap;
import io.heddle.core.replication.TestGroup.Node;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Image;
import io.heddle.core.store.LogGroup;
import io.heddle.core.store.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Members that were away for too long, or come back with nothing: the leader's log does not reach
/// back to where they are.
class RejoinTest {

  private static final List<String> ALL = List.of("n1", "n2", "n3");

  @TempDir Path directory;
  private TestGroup group;

  @BeforeEach
  void open() {
    group = new TestGroup(directory, "test", 20);
  }

  @AfterEach
  void close() {
    group.close();
  }

  /// Writes until the leader's log begins behind its first entry.
  private Node writeUntilPurged(String prefix) throws IOException {
    for (int round = 0; firstLogFiles(group.leader()) > 0; round++) {
      Node leader = group.leader();
      for (int i = 0; i < 25; i++) {
        TestGroup.create(leader, prefix + round + "-" + i);
      }
      // A new term begins a new file; only a file that is closed can be purged.
      String next = group.followers().getFirst().name();
      Rig.await(leader.log().transferLeadership(next));
      TestGroup.until("it serves", () -> group.node(next).leads());
    }
    return group.leader();
  }

  private long firstLogFiles(Node node) throws IOException {
    try (Stream<Path> files = Files.walk(group.home(node.name()))) {
      return files
          .filter(file -> file.getFileName().toString().matches("log_(inprogress_)?0(-\\d+)?"))
          .count();
    }
  }

  private static List<Long> held(Node node) throws IOException {
    return node.history().read(1, Integer.MAX_VALUE).stream().map(Batch::revision).toList();
  }

  private static void fillFrom(Node node, Node other) throws IOException {
    Gap gap = node.history().gap(node.revision()).orElseThrow();
    try (HistoryFill fill = node.history().fill(gap)) {
      while (!fill.isDone()) {
        fill.add(other.history().entries(fill.next(), 10_000));
      }
    }
  }

  private static void assertSameImages(Node node, Node other) throws IOException {
    long revision = Math.min(node.revision(), other.revision());
    Image here = node.history().imageAt(revision).orElseThrow();
    Image there = other.history().imageAt(revision).orElseThrow();
    assertEquals(List.of(), here.since(there).changes());
  }

  @Test
  void whoWasAClusterOfItsOwnIsNotOneOfSeveral() throws IOException {
    TestGroup.create(group.found("n1").leader(), "alone");
    group.stop("n1");
    IOException refusal = assertThrows(IOException.class, () -> group.start("n1", ALL));
    assertTrue(refusal.getMessage().contains("whose only member is n1"), refusal::getMessage);
    group.stop("n1");
    Node again = group.start("n1", List.of("n1"));
    TestGroup.until("it leads again", again::leads);
    assertTrue(again.has("alone"));
  }

  @Test
  void aMemberThatWasAwayForTooLongIsGivenASnapshotAndItsHistory() throws IOException {
    group.found("n1", "n2", "n3");
    TestGroup.createAll(group.leader(), "before", 5);
    String away = group.followers().getLast().name();
    group.allReach(group.leader().revision());
    group.stop(away);
    Node leader = writeUntilPurged("meanwhile");

    List<Long> revisions = Collections.synchronizedList(new ArrayList<>());
    Node back = group.start(away);
    var _ = back.store().follow(applied -> revisions.add(applied.image().revision()));
    Rig.await(back.store().awaitRevision(leader.revision()));
    TestGroup.create(leader, "after");
    group.allReach(leader.revision());
    assertEquals(List.of(), back.store().image().since(leader.store().image()).changes());
    assertEquals(revisions.stream().sorted().distinct().toList(), List.copyOf(revisions));

    assertTrue(held(back).size() < leader.revision(), "there was a gap");
    fillFrom(back, leader);
    assertEquals(LongStream.rangeClosed(1, leader.revision()).boxed().toList(), held(back));
    assertSameImages(back, leader);

    group.stop(away);
    Node again = group.start(away);
    Rig.await(again.store().awaitRevision(leader.revision()));
    assertEquals(Optional.empty(), again.history().gap(again.revision()));
    assertNull(again.stopped().get());
  }

  @Test
  void aFounderWithANewDiskIsFilledByTheOthers() throws IOException {
    group.found("n1", "n2", "n3");
    String lost = group.followers().getLast().name();
    group.stop(lost);
    group.wipe(lost);
    Node leader = writeUntilPurged("p");
    Node back = group.start(lost, ALL);
    Rig.await(back.store().awaitRevision(leader.revision()));
    TestGroup.until("it votes again", () -> amnesia(lost) instanceof Amnesia.None);
    assertEquals(leader.log().clusterId(), back.log().clusterId());
    fillFrom(back, leader);
    assertEquals(held(leader), held(back));
    assertSameImages(back, leader);

    group.stop(leader.name());
    assertTrue(group.leader().has("p0-0"));
  }

  private Amnesia amnesia(String name) {
    try {
      return NodeIdentity.read(group.home(name).resolve("log")).orElseThrow().amnesia();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aNewDiskDoesNotHelpToElectWhoLacksWhatTheOldOneConfirmed() throws IOException {
    group.found("n1", "n2", "n3");
    group.allReach(TestGroup.create(group.leader(), "first"));
    String lagging = group.followers().getLast().name();
    group.stop(lagging);
    Node leader = group.leader();
    String lost = group.followers().getFirst().name();
    TestGroup.create(leader, "acknowledged");
    group.stop(lost);
    group.stop(leader.name());
    group.wipe(lost);

    Node behind = group.start(lagging);
    Node empty = group.start(lost, ALL);
    TestGroup.until(
        "they have tried for a while",
        () -> behind.log().sinceContact().toMillis() > 3_000 && !behind.log().leader().isPresent());
    assertFalse(behind.leads() || empty.leads());
    group.start(leader.name());
    assertTrue(group.leader().has("acknowledged"));
    group.allReach(group.leader().revision());
    assertTrue(empty.has("acknowledged") && behind.has("acknowledged"));
  }

  @Test
  void aDamagedSegmentIsRefusedAndTheOthersFillTheNodeAgain() throws IOException {
    group.found("n1", "n2", "n3");
    TestGroup.createAll(group.leader(), "p", 15);
    group.allReach(group.leader().revision());
    String damaged = group.followers().getLast().name();
    group.stop(damaged);
    Path segment = newestSegment(damaged);
    byte[] whole = Files.readAllBytes(segment);
    byte[] flipped = whole.clone();
    flipped[end(whole) / 2] ^= 16;
    Files.write(segment, flipped);
    LogDamagedException refused =
        assertThrows(LogDamagedException.class, () -> group.start(damaged));
    assertEquals(segment, refused.file());
    assertTrue(refused.getMessage().contains("let them fill it"), refused.getMessage());

    group.stop(damaged);
    group.wipe(damaged);
    Node back = group.start(damaged, ALL);
    Node leader = group.leader();
    Rig.await(back.store().awaitRevision(leader.revision()));
    assertEquals(List.of(), back.store().image().since(leader.store().image()).changes());
    assertEquals(held(leader), held(back));
  }

  @Test
  void whatACrashToreFromTheEndOfASegmentIsFetchedAgain() throws IOException {
    group.found("n1", "n2", "n3");
    String torn = group.followers().getLast().name();
    group.stop(torn);
    Path segment = newestSegment(torn);
    byte[] whole = Files.readAllBytes(segment);
    byte[] cut = Arrays.copyOf(whole, end(whole) + 40);
    Arrays.fill(cut, end(whole) - 3, cut.length, (byte) 7);
    Files.write(segment, cut);
    TestGroup.createAll(group.leader(), "p", 15);
    Node back = group.start(torn);
    Rig.await(back.store().awaitRevision(group.leader().revision()));
    assertEquals(held(group.leader()), held(back));
    assertNull(back.stopped().get());
  }

  private static int end(byte[] segment) {
    int end = segment.length;
    while (segment[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private Path newestSegment(String name) throws IOException {
    try (Stream<Path> files = Files.walk(group.home(name))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void aNewMemberIsGivenASnapshot() throws IOException {
    group.found("n1", "n2", "n3");
    Node leader = writeUntilPurged("p");
    Node fourth = group.start("n4");
    Rig.await(leader.log().add(group.peer("n4")));
    Rig.await(fourth.store().awaitRevision(leader.revision()));
    assertEquals(List.of(), fourth.store().image().since(leader.store().image()).changes());
    fillFrom(fourth, leader);
    assertEquals(held(leader), held(fourth));
  }

  @Test
  @Tag("slow")
  void aNodeOfAnotherClusterOfTheSameNameStaysWhatItIs() throws IOException {
    group.found("n1", "n2", "n3");
    try (TestGroup other = new TestGroup(directory.resolve("other"), "test", 20)) {
      other.found("n4");
      Node theirs = other.leader();
      TestGroup.create(theirs, "theirs");
      Node leader = group.leader();
      TestGroup.createAll(leader, "ours", 30);
      for (Node ours : List.of(leader, writeUntilPurged("more"))) {
        ExecutionException refused =
            assertThrows(
                ExecutionException.class,
                () -> group.leader().log().add(other.peer("n4")).get(60, TimeUnit.SECONDS));
        assertInstanceOf(LogGroup.Refused.class, refused.getCause());
        assertFalse(theirs.has("ours0"), ours::name);
      }
      TestGroup.until("it leads again", theirs::leads);
      TestGroup.create(theirs, "more");
      other.stop("n4");
      Node again = other.start("n4", List.of("n4"));
      TestGroup.until("it leads", again::leads);
      assertTrue(again.has("theirs") && again.has("more") && !again.has("ours0"));
      assertTrue(group.leader().has("ours29"));
    }
  }

  @Test
  void aDirectoryBelongsToOneNodeOfOneCluster() throws IOException {
    group.found("n1");
    group.stop("n1");
    Path taken = group.home("n1").resolve("log");
    for (RatisSettings wrong :
        List.of(
            RatisSettings.joining("test", group.peer("n2"), taken),
            RatisSettings.joining("prod", group.peer("n1"), taken))) {
      IOException refused = assertThrows(IOException.class, () -> new RatisLog(wrong).start(null));
      assertTrue(
          refused.getMessage().contains("belongs to node n1 of cluster 'test'"),
          refused.getMessage());
    }
  }
}
