package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a full disk leaves of Ratis's small files, and how it is mended.
class MetaFilesTest {

  @TempDir Path group;
  private Path votes;
  private Path members;
  private Path digest;

  @BeforeEach
  void createDirectories() throws IOException {
    Path current = Files.createDirectories(group.resolve("current"));
    votes = current.resolve("raft-meta");
    members = current.resolve("raft-meta.conf");
    digest = Files.createDirectories(group.resolve("sm")).resolve("snapshot.6_90.md5");
  }

  private void mend(Vote vote) throws IOException {
    new MetaFiles(group).mend(vote);
  }

  private void logOfTerm(long term) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    for (long index = 0; index < 3; index++) {
      ByteArrayOutputStream framed = new ByteArrayOutputStream();
      configuration(term - 2 + index, index, "n1").writeDelimitedTo(framed);
      CRC32C sum = new CRC32C();
      sum.update(framed.toByteArray());
      out.writeBytes(framed.toByteArray());
      out.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }
    out.writeBytes(new byte[500]);
    Files.write(group.resolve("current/log_inprogress_0"), out.toByteArray());
  }

  private static LogEntryProto configuration(long term, long index, String member) {
    return LogEntryProto.newBuilder()
        .setTerm(term)
        .setIndex(index)
        .setConfigurationEntry(
            RaftConfigurationProto.newBuilder()
                .addPeers(RaftPeerProto.newBuilder().setId(ByteString.copyFromUtf8(member))))
        .build();
  }

  @Test
  void whatIsNotThereOrWholeIsLeftAlone() throws IOException {
    new MetaFiles(group.resolve("nothing-here")).mend(Vote.NONE);
    mend(new Vote(9, "n3"));
    assertFalse(Files.exists(votes));
    Files.writeString(votes, "#now\nterm=7\nvotedFor=n2\n");
    mend(new Vote(9, "n3"));
    assertEquals("#now\nterm=7\nvotedFor=n2\n", Files.readString(votes));
  }

  @Test
  void aLostVoteIsTheLastThatAnybodyHeardOf() throws IOException {
    logOfTerm(5);
    for (String left : new String[] {"", "#now\n", "term=12\n", "term=\nvotedFor=n1\n"}) {
      Files.writeString(votes, left);
      mend(new Vote(9, "n3"));
      assertEquals("term=9\nvotedFor=n3\n", Files.readString(votes), left);
    }
  }

  @Test
  void noVoteWasGivenInTheTermOfTheLogIfItIsLater() throws IOException {
    logOfTerm(12);
    Files.writeString(votes, "");
    mend(new Vote(9, "n3"));
    assertEquals("term=12\nvotedFor=\n", Files.readString(votes));
    Files.createFile(group.resolve("sm/snapshot.14_200"));
    Files.writeString(votes, "");
    mend(new Vote(9, "n3"));
    assertEquals("term=14\nvotedFor=\n", Files.readString(votes));
  }

  @Test
  void lostMembersAreThoseThatWereLast() throws IOException {
    MetaFiles meta = new MetaFiles(group);
    byte[] older = configuration(3, 40, "n1").toByteArray();
    byte[] last = configuration(4, 50, "n2").toByteArray();
    meta.remember(configuration(4, 50, "n2"));
    for (byte[] left : new byte[][] {new byte[0], {1, 2, 3}, older}) {
      Files.write(members, left);
      mend(Vote.NONE);
      assertArrayEquals(last, Files.readAllBytes(members));
    }
    byte[] newer = configuration(5, 60, "n3").toByteArray();
    Files.write(members, newer);
    mend(Vote.NONE);
    assertArrayEquals(newer, Files.readAllBytes(members));
    Files.delete(members);
    mend(Vote.NONE);
    assertArrayEquals(last, Files.readAllBytes(members));
  }

  @Test
  void aDigestThatIsNoneIsRemovedAndOthersStay() throws IOException {
    Path whole = digest.resolveSibling("snapshot.5_80.md5");
    Files.writeString(whole, "0123456789abcdef0123456789abcdef *snapshot.5_80\n");
    Files.writeString(digest, "");
    Path unfinished = Files.createFile(digest.resolveSibling("snapshot.6_95.tmp"));
    mend(Vote.NONE);
    assertTrue(Files.exists(whole));
    assertFalse(Files.exists(digest));
    assertFalse(Files.exists(unfinished));
  }
}
