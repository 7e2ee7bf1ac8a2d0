package io.heddle.core.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One file of consecutive revisions: a header, then records of the batch's length, a CRC32C of
/// what follows, the revision, and the batch.
final class HistorySegment {

  private static final Logger LOG = LoggerFactory.getLogger(HistorySegment.class);

  private static final byte[] HEADER = "HEDHIST1".getBytes(StandardCharsets.US_ASCII);
  private static final String PREFIX = "history-";
  private static final int FRAME_BYTES = 4 + 4 + 8;

  /// One place in so many records is remembered: reading begins at most so many before what is
  /// wanted.
  private static final int INDEX_EVERY = 64;

  static final String REMEDY =
      "move the history directory away to start without the past, or restore it from a backup";

  private final Path file;
  private final long first;
  private final ConcurrentSkipListMap<Long, Long> index = new ConcurrentSkipListMap<>();
  private volatile long last;
  private volatile long size;
  private @Nullable FileChannel channel;

  private HistorySegment(Path file, long first) {
    this.file = file;
    this.first = first;
    this.last = first - 1;
    this.size = HEADER.length;
  }

  static boolean isSegment(Path file) {
    return file.getFileName().toString().matches(PREFIX + "\\d{20}");
  }

  static Path file(Path directory, long first) {
    return directory.resolve(PREFIX + "%020d".formatted(first));
  }

  static HistorySegment create(Path file, long first) throws IOException {
    HistorySegment segment = new HistorySegment(file, first);
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    channel.write(ByteBuffer.wrap(HEADER));
    segment.channel = channel;
    return segment;
  }

  /// @param sound the offset before which all must be whole
  /// @return null when nothing of it is left
  static @Nullable HistorySegment load(Path file, long sound) throws IOException {
    long first = Long.parseLong(file.getFileName().toString().substring(PREFIX.length()));
    HistorySegment segment = new HistorySegment(file, first);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    if (bytes.limit() < HEADER.length
        || !bytes.slice(0, HEADER.length).equals(ByteBuffer.wrap(HEADER))) {
      if (sound > 0) {
        throw new LogDamagedException(file, "it does not begin like a history", REMEDY);
      }
      LOG.warn("event=history-torn file={} offset=0 revision={}", file, first);
      Files.delete(file);
      return null;
    }
    int offset = HEADER.length;
    while (offset < bytes.limit()) {
      int end = endOfRecord(bytes, offset, segment.last + 1);
      if (end < 0) {
        segment.cut(offset, bytes.limit(), sound);
        break;
      }
      segment.noted(segment.last + 1, offset, end);
      offset = end;
    }
    if (offset < sound && sound != Long.MAX_VALUE) {
      throw segment.damaged(offset, segment.last + 1);
    }
    return segment;
  }

  private static int endOfRecord(ByteBuffer bytes, int offset, long revision) {
    if (bytes.limit() - offset < FRAME_BYTES) {
      return -1;
    }
    int length = bytes.getInt(offset);
    long end = (long) offset + FRAME_BYTES + length;
    if (length < 0 || end > bytes.limit() || bytes.getLong(offset + 8) != revision) {
      return -1;
    }
    return checksum(bytes.slice(offset + 8, 8 + length)) == bytes.getInt(offset + 4)
        ? (int) end
        : -1;
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return (int) sum.getValue();
  }

  private void cut(long offset, long length, long sound) throws IOException {
    if (offset < sound) {
      throw damaged(offset, last + 1);
    }
    try (FileChannel truncated = FileChannel.open(file, StandardOpenOption.WRITE)) {
      truncated.truncate(offset);
      truncated.force(true);
    }
    LOG.warn(
        "event=history-torn file={} offset={} revision={} cutBytes={}",
        file,
        offset,
        last + 1,
        length - offset);
  }

  Path file() {
    return file;
  }

  long first() {
    return first;
  }

  long last() {
    return last;
  }

  long size() {
    return size;
  }

  void append(long revision, byte[] entry) throws IOException {
    FileChannel out = open();
    ByteBuffer record = ByteBuffer.allocate(FRAME_BYTES + entry.length);
    record.putInt(entry.length).putInt(0).putLong(revision).put(entry);
    record.putInt(4, checksum(record.slice(8, 8 + entry.length)));
    record.flip();
    while (record.hasRemaining()) {
      out.write(record);
    }
    noted(revision, size, size + record.limit());
  }

  private FileChannel open() throws IOException {
    FileChannel out = channel;
    if (out == null) {
      out = FileChannel.open(file, StandardOpenOption.WRITE);
      out.position(size);
      channel = out;
    }
    return out;
  }

  private void noted(long revision, long offset, long end) {
    if ((revision - first) % INDEX_EVERY == 0) {
      index.put(revision, offset);
    }
    last = revision;
    size = end;
  }

  /// Gives the batches from a revision on to the reader, until it says that this is enough.
  ///
  /// @param wantsMore takes one, and says whether it wants the next
  /// @return whether it does
  boolean read(long fromRevision, Predicate<byte[]> wantsMore) throws IOException {
    long end = size;
    Map.Entry<Long, Long> start = index.floorEntry(Math.max(fromRevision, first));
    if (start == null) {
      return true;
    }
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long revision = start.getKey();
      long offset = start.getValue();
      ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
      for (; offset < end; revision++) {
        read(in, frame.clear(), offset);
        int length = frame.getInt(0);
        if (length < 0 || offset + FRAME_BYTES + length > end || frame.getLong(8) != revision) {
          throw damaged(offset, revision);
        }
        if (revision >= fromRevision) {
          ByteBuffer record = ByteBuffer.allocate(8 + length);
          read(in, record, offset + 8);
          if (checksum(record.flip()) != frame.getInt(4)) {
            throw damaged(offset, revision);
          }
          byte[] entry = new byte[length];
          record.get(8, entry);
          if (!wantsMore.test(entry)) {
            return false;
          }
        }
        offset += FRAME_BYTES + length;
      }
    } catch (NoSuchFileException e) {
      // Retention took it away meanwhile: not held any more.
    }
    return true;
  }

  private LogDamagedException damaged(long offset, long revision) {
    return new LogDamagedException(
        file,
        "the record of revision %d at offset %d is damaged".formatted(revision, offset),
        REMEDY);
  }

  private void read(FileChannel in, ByteBuffer into, long offset) throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int count = in.read(into, at);
      if (count < 0) {
        throw new LogDamagedException(file, "it ends at offset %d".formatted(at), REMEDY);
      }
      at += count;
    }
  }

  /// Forces what an earlier run wrote, too.
  void force() throws IOException {
    open().force(false);
  }

  void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  void delete() throws IOException {
    close();
    Files.deleteIfExists(file);
  }
}
