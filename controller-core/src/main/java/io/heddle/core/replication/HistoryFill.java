package io.heddle.core.replication;

import io.heddle.core.replication.HistoryArchive.Gap;
import io.heddle.core.store.Batch;
import io.heddle.core.store.BatchCodec;
import io.heddle.core.store.Image;
import io.heddle.core.store.Snapshot;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fills a gap in the history, oldest revision first, with what other nodes tell.
///
/// What comes is applied as it comes, so that every segment gets its image, and so that the last
/// image must meet the one behind the gap: history that does not lead there is thrown away. A
/// segment takes its place when it is whole and on disk; a crash leaves the gap as it was before
/// the segment. One thread.
public final class HistoryFill implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HistoryFill.class);

  private final HistoryArchive archive;
  private final Gap gap;
  private final List<Long> adopted = new ArrayList<>();
  private @Nullable Image image;
  private @Nullable Image start;
  private @Nullable HistorySegment segment;
  private long next;
  private boolean done;

  HistoryFill(HistoryArchive archive, Gap gap, @Nullable Image before) {
    this.archive = archive;
    this.gap = gap;
    this.image = before;
    this.next = gap.from();
  }

  public boolean isDone() {
    return done;
  }

  /// The revision that is wanted next: [#add] takes its entry first.
  public long next() {
    return next;
  }

  /// Whether [#add] can go on from what is here; if not, [#startAt] has to be called first.
  public boolean canGoOn() {
    return image != null;
  }

  /// Leaves out what no node holds any more: goes on at the revision of this image.
  ///
  /// @param in an image of another node ([HistoryArchive#image])
  /// @throws IOException when it is none, or of no revision that is missing
  public void startAt(InputStream in) throws IOException {
    Image given = Snapshot.readFrom(new BufferedInputStream(in)).image();
    if (given.revision() < next || given.revision() > gap.to()) {
      throw new IOException(
          "an image of revision %d does not help where %d to %d are missing"
              .formatted(given.revision(), next, gap.to()));
    }
    finishSegment();
    image = given;
    next = given.revision();
  }

  /// Takes entries of consecutive revisions, beginning with the one that is wanted next. Those
  /// behind the gap are left out.
  public void add(List<byte[]> entries) throws IOException {
    for (byte[] entry : entries) {
      if (!done) {
        add(entry);
      }
    }
  }

  private void add(byte[] entry) throws IOException {
    Image before = image;
    if (before == null) {
      throw new IOException("there is no image before revision %d to go on from".formatted(next));
    }
    Batch batch = BatchCodec.decode(entry);
    if (batch.revision() != next) {
      throw new IOException(
          "the entry of revision %d came where %d is due".formatted(batch.revision(), next));
    }
    // An image that was given holds the batch already.
    Image after = before.revision() == next ? before : before.apply(next, batch.facts()).image();
    HistorySegment to = segment;
    if (to == null) {
      to = HistorySegment.create(filling(next), next);
      segment = to;
      start = after;
    }
    to.append(next, entry);
    image = after;
    next++;
    if (next > gap.to()) {
      requireMeeting(after);
      finishSegment();
      done = true;
      LOG.info("event=history-filled from={} to={}", gap.from(), gap.to());
    } else if (to.size() >= archive.retention().segmentBytes()) {
      finishSegment();
    }
  }

  private Path filling(long first) {
    Path file = HistorySegment.file(archive.directory(), first);
    return file.resolveSibling(file.getFileName() + ".filling");
  }

  /// What was told must lead to what is known.
  private void requireMeeting(Image last) throws IOException {
    Image behind = archive.imageBehind(gap).orElse(null);
    if (behind == null) {
      return;
    }
    List<byte[]> first = archive.entries(gap.to() + 1, 1);
    if (first.isEmpty()) {
      return;
    }
    Batch batch = BatchCodec.decode(first.getFirst());
    Image met = last.apply(batch.revision(), batch.facts()).image();
    if (!behind.since(met).changes().isEmpty()) {
      for (Long wrong : adopted) {
        archive.reject(wrong);
      }
      throw new IOException(
          "what was told of revisions %d to %d does not lead to revision %d as it was here"
              .formatted(gap.from(), gap.to(), batch.revision()));
    }
  }

  private void finishSegment() throws IOException {
    HistorySegment finished = segment;
    Image first = start;
    if (finished == null || first == null) {
      return;
    }
    segment = null;
    start = null;
    finished.force();
    finished.close();
    if (archive.adopt(finished.file(), finished.first(), first)) {
      adopted.add(finished.first());
    } else {
      done = true; // as much is held as may be, and all of it is newer
    }
  }

  /// Keeps the segments that are whole, and not the one that was being filled.
  @Override
  public void close() throws IOException {
    HistorySegment unfinished = segment;
    if (unfinished != null) {
      segment = null;
      unfinished.delete();
    }
  }
}
