package io.heddle.core.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the log's files before Ratis opens them.
///
/// Ratis alone can't tell a write that a crash tore from a record that was damaged later: a flipped
/// bit in a length makes it drop the rest of a segment with a warning, and a torn page makes it
/// refuse to start. Here, what is broken at the very end of the open segment, with nothing whole
/// behind it, was never acknowledged and is cut off; anything else that is broken is refused, by
/// name.
final class LogFiles {

  private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);

  private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
  private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");
  private static final Pattern SNAPSHOT = Pattern.compile("snapshot\\.(\\d+)_(\\d+)");
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  private static final String REMEDY =
      "restore this node's data directory from a backup, or, if other nodes hold the log, remove it"
          + " and let them fill it";

  private LogFiles() {}

  /// A file of consecutive entries.
  ///
  /// @param last the last entry it holds, or -1 while it is open
  private record Segment(Path file, long first, long last) {
    boolean isOpen() {
      return last < 0;
    }
  }

  /// @param groupDirectory Ratis's directory of the group; need not be there yet
  /// @throws LogDamagedException when something that was once whole is not any more
  static void check(Path groupDirectory) throws IOException {
    List<Segment> segments = segments(groupDirectory.resolve("current"));
    long next = segments.isEmpty() ? 0 : segments.getFirst().first();
    long snapshot = lastSnapshot(groupDirectory.resolve("sm"));
    if (next > snapshot + 1) {
      throw new LogDamagedException(
          segments.getFirst().file(),
          "entries %d to %d are missing before it".formatted(snapshot + 1, next - 1),
          REMEDY);
    }
    for (Segment segment : segments) {
      if (segment.first() != next) {
        throw new LogDamagedException(
            segment.file(),
            "it begins with entry %d where %d is due".formatted(segment.first(), next),
            REMEDY);
      }
      next = check(segment);
    }
  }

  /// The term of the last whole entry or snapshot, or 0.
  static long lastTerm(Path groupDirectory) throws IOException {
    long last = 0;
    for (Path file : list(groupDirectory.resolve("sm"))) {
      Matcher snapshot = SNAPSHOT.matcher(file.getFileName().toString());
      if (snapshot.matches()) {
        last = Math.max(last, Long.parseLong(snapshot.group(1)));
      }
    }
    for (Segment segment : segments(groupDirectory.resolve("current"))) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment.file()));
      int offset = HEADER.length;
      LogRecord found = offset < bytes.limit() ? LogRecord.at(bytes, offset) : null;
      while (found != null) {
        last = Math.max(last, found.term());
        found = found.end() < bytes.limit() ? LogRecord.at(bytes, found.end()) : null;
      }
    }
    return last;
  }

  private static List<Segment> segments(Path directory) throws IOException {
    List<Segment> segments = new ArrayList<>();
    for (Path file : list(directory)) {
      String name = file.getFileName().toString();
      Matcher closed = CLOSED.matcher(name);
      Matcher open = OPEN.matcher(name);
      if (closed.matches()) {
        segments.add(
            new Segment(file, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2))));
      } else if (open.matches()) {
        segments.add(new Segment(file, Long.parseLong(open.group(1)), -1));
      }
    }
    segments.sort(Comparator.comparingLong(Segment::first));
    return segments;
  }

  private static long lastSnapshot(Path directory) throws IOException {
    long last = -1;
    for (Path file : list(directory)) {
      Matcher snapshot = SNAPSHOT.matcher(file.getFileName().toString());
      if (snapshot.matches()) {
        last = Math.max(last, Long.parseLong(snapshot.group(2)));
      }
    }
    return last;
  }

  private static List<Path> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  /// @return the entry that the next segment begins with
  private static long check(Segment segment) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment.file()));
    if (!hasHeader(segment, bytes)) {
      return segment.first();
    }
    long due = segment.first();
    int offset = HEADER.length;
    while (offset < bytes.limit() && !isBlank(bytes, offset)) {
      LogRecord found = LogRecord.at(bytes, offset);
      if (found == null) {
        cut(segment, bytes, offset, due);
        return due;
      }
      if (found.index() != due) {
        throw new LogDamagedException(
            segment.file(),
            "entry %d stands at offset %d where %d is due".formatted(found.index(), offset, due),
            REMEDY);
      }
      due++;
      offset = found.end();
    }
    if (!segment.isOpen() && due != segment.last() + 1) {
      throw new LogDamagedException(
          segment.file(),
          "it ends at offset %d after entry %d, and should hold %d"
              .formatted(offset, due - 1, segment.last()),
          REMEDY);
    }
    return due;
  }

  /// A new segment is created with its header alone, so that a crash may leave an open one without.
  private static boolean hasHeader(Segment segment, ByteBuffer bytes) throws IOException {
    int length = Math.min(HEADER.length, bytes.limit());
    for (int i = 0; i < length; i++) {
      if (bytes.get(i) != HEADER[i]) {
        if (segment.isOpen() && isBlank(bytes, i)) {
          return false;
        }
        throw new LogDamagedException(
            segment.file(), "it does not begin like a log segment", REMEDY);
      }
    }
    return length == HEADER.length;
  }

  /// Space that was reserved and not written yet.
  private static boolean isBlank(ByteBuffer bytes, int from) {
    for (int i = from; i < bytes.limit(); i++) {
      if (bytes.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static void cut(Segment segment, ByteBuffer bytes, int offset, long due)
      throws IOException {
    String broken = "the record of entry %d at offset %d is damaged".formatted(due, offset);
    if (!segment.isOpen()) {
      throw new LogDamagedException(segment.file(), broken, REMEDY);
    }
    LogRecord behind = LogRecord.firstAfter(bytes, offset, due);
    if (behind != null) {
      throw new LogDamagedException(
          segment.file(),
          "%s, and entry %d behind it is whole".formatted(broken, behind.index()),
          REMEDY);
    }
    try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.WRITE)) {
      channel.truncate(offset);
      channel.force(true);
    }
    LOG.warn(
        "event=log-torn file={} offset={} entry={} cutBytes={}",
        segment.file(),
        offset,
        due,
        bytes.limit() - offset);
  }
}
