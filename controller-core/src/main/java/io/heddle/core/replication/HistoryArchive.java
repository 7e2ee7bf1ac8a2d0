package io.heddle.core.replication;

import io.heddle.core.store.Batch;
import io.heddle.core.store.BatchCodec;
import io.heddle.core.store.History;
import io.heddle.core.store.Image;
import io.heddle.core.store.Snapshot;
import io.heddle.core.store.UnreadableException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The history on this node's disk: segments of batches, and an image at the start of each, so that
/// any revision that is held can be built from the image before it.
///
/// Written by one thread, the store's owner; read by any. What is appended reaches the disk when
/// the system likes, or at [#sync]: the file `synced` says up to where it certainly has. Behind
/// that place a broken record is what a crash leaves, and is cut off; before it, it is damage.
public final class HistoryArchive implements History {

  private static final Logger LOG = LoggerFactory.getLogger(HistoryArchive.class);
  private static final String SYNCED = "synced";

  /// How much is kept.
  ///
  /// @param segmentBytes a segment is closed when it has grown so far
  /// @param segments older ones are deleted
  public record Retention(long segmentBytes, int segments) {

    /// 256 MB: some 200,000 batches of a KB, and read through in a second or two at start.
    public static final Retention DEFAULT = new Retention(8 << 20, 32);
  }

  private final Path directory;
  private final Retention retention;
  private final DirectoryLock lock;
  private final ConcurrentSkipListMap<Long, HistorySegment> segments =
      new ConcurrentSkipListMap<>();
  private @Nullable HistorySegment current;
  private volatile long last;
  private volatile CompletableFuture<Void> imaging = CompletableFuture.completedFuture(null);

  private HistoryArchive(Path directory, Retention retention, DirectoryLock lock) {
    this.directory = directory;
    this.retention = retention;
    this.lock = lock;
  }

  /// @throws LogDamagedException when a record that was once on disk is not whole
  public static HistoryArchive open(Path directory, Retention retention) throws IOException {
    DirectoryLock lock = DirectoryLock.acquire(directory);
    HistoryArchive archive = new HistoryArchive(directory, retention, lock);
    try {
      archive.load();
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
    LOG.info(
        "event=history-opened directory={} segments={} last={}",
        directory,
        archive.segments.size(),
        archive.last);
    return archive;
  }

  private void load() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(HistorySegment::isSegment).sorted().toList();
    }
    Synced synced = readSynced();
    if (synced != null && files.stream().noneMatch(synced::isAbout)) {
      throw new LogDamagedException(
          directory.resolve(synced.file()), "the segment is missing", HistorySegment.REMEDY);
    }
    for (Path file : files) {
      boolean newest = file.equals(files.getLast());
      long sound =
          !newest ? Long.MAX_VALUE : synced != null && synced.isAbout(file) ? synced.offset() : 0;
      HistorySegment segment = HistorySegment.load(file, sound);
      if (segment != null) {
        segments.put(segment.first(), segment);
        current = segment;
        last = segment.last();
      }
    }
  }

  @Override
  public void append(Batch batch, byte[] entry, Image after) throws IOException {
    long revision = batch.revision();
    if (revision <= last) {
      return;
    }
    HistorySegment segment = current;
    if (segment == null || segment.size() >= retention.segmentBytes() || revision != last + 1) {
      segment = roll(revision, after);
    }
    segment.append(revision, entry);
    last = revision;
  }

  private HistorySegment roll(long revision, Image after) throws IOException {
    if (current != null) {
      sync();
      current.close();
    }
    HistorySegment segment = HistorySegment.create(directory, revision);
    Durable.syncDirectory(directory);
    segments.put(revision, segment);
    current = segment;
    imaging =
        imaging.thenRunAsync(
            () -> writeImage(after), task -> Thread.ofVirtual().name("history-image").start(task));
    while (segments.size() > retention.segments()) {
      Map.Entry<Long, HistorySegment> oldest = segments.pollFirstEntry();
      oldest.getValue().delete();
      Files.deleteIfExists(imageFile(oldest.getKey()));
    }
    return segment;
  }

  private Path imageFile(long revision) {
    return directory.resolve("image-%020d.json".formatted(revision));
  }

  /// The world's error, when it fails: the batches are there, and an earlier image serves.
  private void writeImage(Image image) {
    Path file = imageFile(image.revision());
    Path written = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(written))) {
        new Snapshot(image, List.of()).writeTo(out);
      }
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      if (!segments.containsKey(image.revision())) {
        Files.deleteIfExists(file); // its segment has been forgotten meanwhile
      }
    } catch (IOException e) {
      LOG.warn("event=history-image-failed file={} cause=\"{}\"", file, e.getMessage());
    }
  }

  @Override
  public void sync() throws IOException {
    HistorySegment segment = current;
    if (segment == null) {
      return;
    }
    segment.force();
    Path written = directory.resolve(SYNCED + ".tmp");
    Files.writeString(written, segment.file().getFileName() + " " + segment.size() + "\n");
    Durable.syncFile(written);
    Files.move(written, directory.resolve(SYNCED), StandardCopyOption.ATOMIC_MOVE);
    Durable.syncDirectory(directory);
  }

  /// How far a segment is known to be on disk.
  private record Synced(String file, long offset) {
    boolean isAbout(Path segment) {
      return segment.getFileName().toString().equals(file);
    }
  }

  private @Nullable Synced readSynced() throws IOException {
    Path file = directory.resolve(SYNCED);
    if (!Files.exists(file)) {
      return null;
    }
    String[] words = Files.readString(file, StandardCharsets.UTF_8).strip().split(" ", -1);
    try {
      return new Synced(words[0], Long.parseLong(words[1]));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new LogDamagedException(
          file, "it does not say a segment and an offset", HistorySegment.REMEDY, e);
    }
  }

  @Override
  public long last() {
    return last;
  }

  @Override
  public List<Batch> read(long fromRevision, int limit) throws IOException {
    List<Batch> batches = new ArrayList<>();
    Long first = segments.floorKey(fromRevision);
    for (HistorySegment segment : segments.tailMap(first == null ? 0L : first, true).values()) {
      if (batches.size() >= limit) {
        break;
      }
      segment.read(
          fromRevision, limit - batches.size(), entry -> batches.add(BatchCodec.decode(entry)));
    }
    return batches;
  }

  /// The image at a revision, or nothing when the history does not reach back so far. Waits for an
  /// image that is being written.
  public Optional<Image> imageAt(long revision) throws IOException {
    imaging.join();
    for (Long start : segments.headMap(revision, true).descendingKeySet()) {
      Path file = imageFile(start);
      if (Files.exists(file)) {
        return roll(readImage(file), revision);
      }
    }
    return Optional.empty();
  }

  private static Image readImage(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return Snapshot.readFrom(in).image();
    } catch (UnreadableException e) {
      throw new LogDamagedException(
          file, "the image is damaged", "remove the file; an earlier image serves", e);
    }
  }

  private Optional<Image> roll(Image start, long revision) throws IOException {
    Image image = start;
    long wanted = revision - start.revision();
    for (Batch batch : read(start.revision() + 1, Math.toIntExact(wanted))) {
      if (batch.base() != image.revision()) {
        break;
      }
      image = image.apply(batch.revision(), batch.facts()).image();
    }
    return image.revision() == revision ? Optional.of(image) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      sync();
      imaging.join();
      if (current != null) {
        current.close();
        current = null;
      }
    }
  }
}
