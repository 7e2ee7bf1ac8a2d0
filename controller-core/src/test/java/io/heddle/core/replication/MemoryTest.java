package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.store.LogGroup.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whom a node votes for that may have forgotten what it acknowledged.
class MemoryTest {

  private static final UUID CLUSTER = new UUID(1, 2);

  @TempDir Path directory;
  private RatisSettings founder;

  @BeforeEach
  void settings() {
    List<Peer> founders = new ArrayList<>();
    for (String name : List.of("n1", "n2", "n3")) {
      founders.add(new Peer(name, "127.0.0.1", 7_000 + founders.size()));
    }
    founder = RatisSettings.founding("test", "n2", founders, directory);
  }

  private static RequestVoteRequestProto vote(long term, boolean preVote, long last, long index) {
    return RequestVoteRequestProto.newBuilder()
        .setCandidateTerm(term)
        .setPreVote(preVote)
        .setCandidateLastEntry(TermIndexProto.newBuilder().setTerm(last).setIndex(index))
        .build();
  }

  private static boolean votes(Memory memory, RequestVoteRequestProto candidate) {
    try {
      memory.mayVoteFor(candidate);
      return true;
    } catch (IOException e) {
      assertTrue(e.getMessage().startsWith("n2 may have forgotten what it"), e.getMessage());
      return false;
    }
  }

  private Amnesia onDisk() throws IOException {
    return NodeIdentity.read(directory).orElseThrow().amnesia();
  }

  @Test
  void foundersThatHaveHeardNothingVote() throws IOException {
    Memory memory = Memory.open(founder, false);
    assertInstanceOf(Amnesia.Possible.class, onDisk());
    assertFalse(memory.holdsBack());
    assertTrue(votes(memory, vote(1, false, 0, 0)));
    assertThrows(IOException.class, memory::mayInstall);
    memory.forgetsNothing();
    assertInstanceOf(Amnesia.None.class, onDisk());
    memory.mayInstall();
  }

  @Test
  void afterTheFirstWordOfALeaderOnlyWhoHasItsLogIsVotedFor() throws IOException {
    Memory memory = Memory.open(founder, false);
    memory.leaderSpeaks(5, 100);
    memory.leaderSpeaks(6, 7);
    for (Memory remembered : List.of(memory, Memory.open(founder, true))) {
      assertTrue(remembered.holdsBack());
      assertFalse(votes(remembered, vote(6, false, 5, 99)), "it lacks entry 100");
      assertFalse(votes(remembered, vote(6, true, 4, 900)), "another leader's entries");
      assertFalse(votes(remembered, vote(5, false, 5, 100)), "it may have voted in term 5");
      assertTrue(votes(remembered, vote(5, true, 5, 100)));
      assertTrue(votes(remembered, vote(6, false, 5, 100)));
      assertTrue(votes(remembered, vote(9, false, 8, 20)), "a later leader had all of it");
    }
    memory.forgetsNothing();
    assertFalse(Memory.open(founder, true).holdsBack());
    assertTrue(votes(memory, vote(6, false, 5, 99)), "from here on its own log tells");
  }

  @Test
  void whoJoinsOrWasHereOrIsAloneForgetsNothing() throws IOException {
    Peer self = founder.self();
    for (RatisSettings settings :
        List.of(
            RatisSettings.joining("test", self, directory),
            RatisSettings.alone("test", "n2", directory),
            RatisSettings.founding("test", "n2", List.of(self), directory))) {
      Memory.open(settings, false).leaderSpeaks(5, 100);
      assertInstanceOf(Amnesia.None.class, onDisk());
      Files.delete(directory.resolve("node"));
    }
    Memory.open(founder, true);
    assertInstanceOf(Amnesia.None.class, onDisk(), "a directory of an earlier version");
  }

  @Test
  void theClusterIsRememberedAndNotExchanged() throws IOException {
    Memory memory = Memory.open(founder, false);
    assertEquals(Optional.empty(), memory.clusterId());
    memory.belongsTo(CLUSTER);
    memory.belongsTo(CLUSTER);
    assertEquals(Optional.of(CLUSTER), Memory.open(founder, true).clusterId());
    IOException refused = assertThrows(IOException.class, () -> memory.belongsTo(new UUID(3, 4)));
    assertTrue(refused.getMessage().contains("changes clusters with an empty directory"));
    assertEquals(Optional.of(CLUSTER), memory.clusterId());
  }

  @Test
  void theLastVoteIsRemembered() throws IOException {
    Memory memory = Memory.open(founder, false);
    assertEquals(Vote.NONE, memory.vote());
    memory.voted(3, "n1");
    memory.voted(4, "n2");
    memory.voted(2, "n3");
    assertEquals(new Vote(4, "n2"), Memory.open(founder, true).vote());
  }

  @Test
  void aDamagedIdentityIsRefusedByName() throws IOException {
    Memory.open(founder, false);
    Path file = directory.resolve("node");
    String whole = Files.readString(file);
    for (String damaged :
        List.of(
            "",
            "node=n2\n",
            whole + "more=x\n",
            whole + "node=n2\n",
            whole.replace("possible", "before 5"),
            whole.replace("vote=0:", "vote=none"),
            whole + "clusterId=x\n")) {
      Files.writeString(file, damaged);
      LogDamagedException refused =
          assertThrows(LogDamagedException.class, () -> Memory.open(founder, true));
      assertEquals(file, refused.file());
    }
  }
}
