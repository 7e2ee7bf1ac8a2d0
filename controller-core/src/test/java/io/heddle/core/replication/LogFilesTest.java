package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Segment files in Ratis's format, torn and damaged in every place.
class LogFilesTest {

  @TempDir Path group;
  private Path current;

  @BeforeEach
  void createDirectories() throws IOException {
    current = Files.createDirectories(group.resolve("current"));
  }

  /// A segment and where its records begin; the last offset is its end.
  private record Written(Path file, byte[] bytes, List<Integer> offsets) {
    int start(int record) {
      return offsets.get(record);
    }

    int end() {
      return offsets.getLast();
    }
  }

  private Written write(String name, long first, int count) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Integer> offsets = new ArrayList<>();
    out.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    for (long index = first; index < first + count; index++) {
      offsets.add(out.size());
      out.writeBytes(record(index));
    }
    offsets.add(out.size());
    Path file = current.resolve(name);
    Files.write(file, out.toByteArray());
    return new Written(file, out.toByteArray(), offsets);
  }

  private static byte[] record(long index) throws IOException {
    byte[] data = new byte[(int) (index * 37 % 300)];
    new Random(index).nextBytes(data);
    LogEntryProto entry =
        LogEntryProto.newBuilder()
            .setTerm(3)
            .setIndex(index)
            .setStateMachineLogEntry(
                StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(data)))
            .build();
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    entry.writeDelimitedTo(framed);
    CRC32C sum = new CRC32C();
    sum.update(framed.toByteArray());
    framed.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    return framed.toByteArray();
  }

  private LogDamagedException damaged() {
    return assertThrows(LogDamagedException.class, () -> LogFiles.check(group));
  }

  @Test
  void whatIsWholeIsLeftAlone() throws IOException {
    LogFiles.check(group.resolve("nothing-here"));
    write("log_0-19", 0, 20);
    Written open = write("log_inprogress_20", 20, 5);
    byte[] reserved = Arrays.copyOf(open.bytes(), open.bytes().length + 4096);
    Files.write(open.file(), reserved);
    LogFiles.check(group);
    assertArrayEquals(reserved, Files.readAllBytes(open.file()));
  }

  @Test
  void aNewSegmentMayBeEmpty() throws IOException {
    for (int length : new int[] {0, 3, 8, 50}) {
      byte[] header = Arrays.copyOf("RaftLog1".getBytes(StandardCharsets.US_ASCII), length);
      Files.write(current.resolve("log_inprogress_0"), header);
      LogFiles.check(group);
    }
  }

  @Test
  void aTailThatWasTornIsCutOff() throws IOException {
    Written open = write("log_inprogress_0", 0, 12);
    for (int length = open.start(11) + 1; length < open.end(); length += 7) {
      Files.write(open.file(), Arrays.copyOf(open.bytes(), length));
      LogFiles.check(group);
      assertEquals(open.start(11), Files.size(open.file()));
      Files.write(
          open.file(), Arrays.copyOf(Arrays.copyOf(open.bytes(), length), open.end() + 4096));
      LogFiles.check(group);
      assertTrue(Files.size(open.file()) <= open.end() + 4096L);
    }
  }

  @Test
  void garbageBehindTheLastRecordIsCutOff() throws IOException {
    Written open = write("log_inprogress_0", 0, 12);
    byte[] garbage = Arrays.copyOf(open.bytes(), open.end() + 1000);
    byte[] noise = new byte[1000];
    new Random(5).nextBytes(noise);
    System.arraycopy(noise, 0, garbage, open.end(), 1000);
    Files.write(open.file(), garbage);
    LogFiles.check(group);
    assertArrayEquals(open.bytes(), Files.readAllBytes(open.file()));
  }

  @Test
  void aFlippedBitBeforeTheEndIsRefusedByName() throws IOException {
    Written open = write("log_inprogress_0", 0, 12);
    for (int record = 0; record < 11; record++) {
      for (int at = open.start(record); at < open.start(record + 1); at += 5) {
        byte[] flipped = open.bytes().clone();
        flipped[at] ^= (byte) (1 << at % 8);
        Files.write(open.file(), flipped);
        LogDamagedException refused = damaged();
        assertEquals(open.file(), refused.file());
        assertTrue(
            refused
                .getMessage()
                .contains("entry %d at offset %d".formatted(record, open.start(record))),
            refused.getMessage());
        assertArrayEquals(flipped, Files.readAllBytes(open.file()));
      }
    }
  }

  @Test
  void aPageOfZerosInTheMiddleIsRefused() throws IOException {
    Written open = write("log_inprogress_0", 0, 40);
    byte[] zeroed = open.bytes().clone();
    Arrays.fill(zeroed, open.start(10), open.start(20), (byte) 0);
    Files.write(open.file(), zeroed);
    assertTrue(damaged().getMessage().contains("entry 20 behind it is whole"));
  }

  @Test
  void aClosedSegmentMustBeWhole() throws IOException {
    Written closed = write("log_0-11", 0, 12);
    Files.write(closed.file(), Arrays.copyOf(closed.bytes(), closed.end() - 1));
    assertTrue(damaged().getMessage().contains("entry 11 at offset " + closed.start(11)));
    Files.write(closed.file(), Arrays.copyOf(closed.bytes(), closed.start(11)));
    assertTrue(damaged().getMessage().contains("should hold 11"));
  }

  @Test
  void aMissingSegmentIsNoticed() throws IOException {
    write("log_0-9", 0, 10);
    write("log_20-29", 20, 10);
    assertTrue(damaged().getMessage().contains("begins with entry 20 where 10 is due"));
  }

  @Test
  void whatCameBeforeTheFirstSegmentMustBeInASnapshot() throws IOException {
    write("log_inprogress_20", 20, 3);
    assertTrue(damaged().getMessage().contains("entries 0 to 19 are missing"));
    Path snapshots = Files.createDirectories(group.resolve("sm"));
    Files.createFile(snapshots.resolve("snapshot.1_18"));
    assertTrue(damaged().getMessage().contains("entries 19 to 19 are missing"));
    Files.createFile(snapshots.resolve("snapshot.2_25"));
    LogFiles.check(group);
  }
}
