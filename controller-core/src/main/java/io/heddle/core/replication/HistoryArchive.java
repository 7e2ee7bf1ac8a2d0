package io.heddle.core.replication;

import io.heddle.core.store.Batch;
import io.heddle.core.store.BatchCodec;
import io.heddle.core.store.History;
import io.heddle.core.store.Image;
import io.heddle.core.store.Snapshot;
import io.heddle.core.store.UnreadableException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
///
/// A node that was given a snapshot lacks what happened before it ([#gap]). Other nodes tell
/// ([#entries], [#image]), and a [HistoryFill] puts it in its place, beside what is appended.
public final class HistoryArchive implements History {

  private static final Logger LOG = LoggerFactory.getLogger(HistoryArchive.class);
  private static final String SYNCED = "synced";

  /// What a crash leaves of a file that was being made.
  private static final Pattern UNFINISHED = Pattern.compile(".*\\.(tmp|filling)");

  private static final Pattern IMAGE = Pattern.compile("image-(\\d{20})\\.json");

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

  /// Revisions that are missing, both ends included.
  public record Gap(long from, long to) {}

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
      files = all.sorted().toList();
    }
    for (Path file : files) {
      if (UNFINISHED.matcher(file.getFileName().toString()).matches()) {
        Files.delete(file);
      }
    }
    load(files.stream().filter(HistorySegment::isSegment).toList());
    for (Path file : files) {
      Matcher image = IMAGE.matcher(file.getFileName().toString());
      if (image.matches() && !segments.containsKey(Long.parseLong(image.group(1)))) {
        Files.delete(file);
      }
    }
  }

  private void load(List<Path> files) throws IOException {
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
    try {
      HistorySegment segment = current;
      if (segment == null || segment.size() >= retention.segmentBytes() || revision != last + 1) {
        segment = roll(revision, after);
      }
      segment.append(revision, entry);
    } catch (IOException e) {
      throw new IOException(
          "the history in %s can't be written: %s".formatted(directory, e.getMessage()), e);
    }
    last = revision;
  }

  private HistorySegment roll(long revision, Image after) throws IOException {
    if (current != null) {
      sync();
      current.close();
    }
    HistorySegment segment =
        HistorySegment.create(HistorySegment.file(directory, revision), revision);
    Durable.syncDirectory(directory);
    segments.put(revision, segment);
    current = segment;
    imaging =
        imaging.thenRunAsync(
            () -> writeImage(after), task -> Thread.ofVirtual().name("history-image").start(task));
    forgetOldest();
    return segment;
  }

  private void forgetOldest() throws IOException {
    while (segments.size() > retention.segments()) {
      Map.Entry<Long, HistorySegment> oldest = segments.pollFirstEntry();
      oldest.getValue().delete();
      Files.deleteIfExists(imageFile(oldest.getKey()));
    }
  }

  private Path imageFile(long revision) {
    return directory.resolve("image-%020d.json".formatted(revision));
  }

  /// The world's error, when it fails: the batches are there, and an earlier image serves.
  private void writeImage(Image image) {
    try {
      putImage(image);
      if (!segments.containsKey(image.revision())) {
        Files.deleteIfExists(imageFile(image.revision())); // its segment has been forgotten
      }
    } catch (IOException e) {
      LOG.warn(
          "event=history-image-failed file={} cause=\"{}\"",
          imageFile(image.revision()),
          e.getMessage());
    }
  }

  private void putImage(Image image) throws IOException {
    Path file = imageFile(image.revision());
    Path written = file.resolveSibling(file.getFileName() + ".tmp");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(written))) {
      new Snapshot(image, List.of()).writeTo(out);
    }
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
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
    if (limit > 0) {
      readRaw(
          fromRevision,
          entry -> {
            batches.add(BatchCodec.decode(entry));
            return batches.size() < limit;
          });
    }
    return batches;
  }

  private void readRaw(long fromRevision, Predicate<byte[]> wantsMore) throws IOException {
    Long first = segments.floorKey(fromRevision);
    for (HistorySegment segment : segments.tailMap(first == null ? 0L : first, true).values()) {
      if (!segment.read(fromRevision, wantsMore)) {
        return;
      }
    }
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

  // --- what other nodes have and lack ---

  /// The newest revisions that are missing up to the image's, where a snapshot took their place. At
  /// the oldest end nothing is missing once as much is held as may be.
  ///
  /// @param upTo the revision of an image that was applied here
  public Optional<Gap> gap(long upTo) {
    long missing = upTo;
    for (HistorySegment segment : segments.descendingMap().values()) {
      if (segment.last() < missing) {
        return Optional.of(new Gap(segment.last() + 1, missing));
      }
      missing = Math.min(missing, segment.first() - 1);
    }
    return missing < 1 || segments.size() >= retention.segments()
        ? Optional.empty()
        : Optional.of(new Gap(1, missing));
  }

  /// The entries of consecutive revisions as they were in the log, for another node's
  /// [HistoryFill]; none when the first one is not held.
  ///
  /// @param maxBytes of all together; a single entry may be longer
  public List<byte[]> entries(long fromRevision, int maxBytes) throws IOException {
    List<byte[]> entries = new ArrayList<>();
    int[] room = {maxBytes};
    for (long next = fromRevision; room[0] > 0; ) {
      Map.Entry<Long, HistorySegment> at = segments.floorEntry(next);
      if (at == null || at.getValue().last() < next) {
        break;
      }
      int before = entries.size();
      at.getValue()
          .read(
              next,
              entry -> {
                room[0] -= entry.length;
                if (room[0] >= 0 || entries.isEmpty()) {
                  entries.add(entry);
                }
                return room[0] > 0;
              });
      if (entries.size() == before) {
        break;
      }
      next = fromRevision + entries.size();
    }
    return entries;
  }

  /// The first image of this revision or a later one, from which another node's [HistoryFill] can
  /// go on.
  public OptionalLong firstImage(long fromRevision) {
    imaging.join();
    return segments.tailMap(fromRevision, true).keySet().stream()
        .filter(first -> Files.exists(imageFile(first)))
        .mapToLong(first -> first)
        .findFirst();
  }

  /// A part of an image, as [HistoryFill#startAt] reads it: nothing at its end, and nothing when it
  /// is not held any more.
  public byte[] image(long revision, long offset, int maxBytes) throws IOException {
    try (InputStream in = Files.newInputStream(imageFile(revision))) {
      in.skipNBytes(offset);
      return in.readNBytes(maxBytes);
    } catch (NoSuchFileException | EOFException e) {
      return new byte[0];
    }
  }

  /// Begins to fill a gap. Not for the owner's thread; one at a time.
  public HistoryFill fill(Gap gap) throws IOException {
    Optional<Image> before = gap.from() == 1 ? Optional.of(Image.EMPTY) : imageAt(gap.from() - 1);
    return new HistoryFill(this, gap, before.orElse(null));
  }

  Path directory() {
    return directory;
  }

  Retention retention() {
    return retention;
  }

  /// The image that the history goes on with behind a gap, with the first batch there.
  Optional<Image> imageBehind(Gap gap) throws IOException {
    imaging.join();
    Path file = imageFile(gap.to() + 1);
    return Files.exists(file) ? Optional.of(readImage(file)) : Optional.empty();
  }

  /// Takes in a segment that was filled, whole and on disk, with the image after its first batch.
  ///
  /// @return false when as much is held already, and all of it is newer
  boolean adopt(Path filled, long first, Image start) throws IOException {
    if (segments.size() >= retention.segments() && segments.firstKey() > first) {
      Files.delete(filled);
      return false;
    }
    Map.Entry<Long, HistorySegment> before = segments.lowerEntry(first);
    if (before != null) {
      Durable.syncFile(before.getValue().file()); // what is not the newest any more must be whole
    }
    putImage(start);
    Path file = HistorySegment.file(directory, first);
    Files.move(filled, file, StandardCopyOption.ATOMIC_MOVE);
    Durable.syncDirectory(directory);
    HistorySegment segment = HistorySegment.load(file, Long.MAX_VALUE);
    if (segment != null) {
      segments.put(first, segment);
    }
    forgetOldest();
    return true;
  }

  /// Lets go of a segment that turned out to be wrong.
  void reject(long first) throws IOException {
    HistorySegment segment = segments.remove(first);
    if (segment != null) {
      segment.delete();
      Files.deleteIfExists(imageFile(first));
    }
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
