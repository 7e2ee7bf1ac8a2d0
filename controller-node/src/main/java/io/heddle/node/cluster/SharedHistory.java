package io.heddle.node.cluster;

import io.heddle.core.cluster.Peers;
import io.heddle.core.replication.HistoryArchive;
import io.heddle.core.replication.HistoryFill;
import io.heddle.core.store.Batch;
import io.heddle.core.store.BatchCodec;
import io.heddle.core.store.Store;
import io.heddle.core.store.StrictJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The past, from this node's archive, or from another's where this one was away when it happened;
/// and the filling of what this one lacks, in the background. Reading blocks.
public final class SharedHistory implements RequestRelay.Past {

  private static final String ENTRIES = "history-entries";
  private static final String FIRST_IMAGE = "history-first-image";
  private static final String IMAGE = "history-image";
  private static final Duration WITHIN = Duration.ofSeconds(5);

  /// What one answer carries at most.
  private static final int MAX_BYTES = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(SharedHistory.class);

  private final Store store;
  private final HistoryArchive archive;
  private final Peers peers;
  private final AtomicBoolean filling = new AtomicBoolean();

  private record Wanted(long revision, long offset) {}

  /// Batches as the log holds them.
  private record Entries(List<byte[]> entries) {}

  private record FirstImage(OptionalLong revision) {}

  public SharedHistory(Store store, HistoryArchive archive, Peers peers) {
    this.store = store;
    this.archive = archive;
    this.peers = peers;
    peers.answer(
        ENTRIES,
        (from, request) ->
            write(new Entries(archive.entries(read(request, Wanted.class).revision(), MAX_BYTES))));
    peers.answer(
        FIRST_IMAGE,
        (from, request) ->
            write(new FirstImage(archive.firstImage(read(request, Wanted.class).revision()))));
    peers.answer(
        IMAGE,
        (from, request) -> {
          Wanted wanted = read(request, Wanted.class);
          return archive.image(wanted.revision(), wanted.offset(), MAX_BYTES);
        });
  }

  private static byte[] write(Object message) throws IOException {
    return StrictJson.MAPPER.writeValueAsBytes(message);
  }

  private static <T> T read(byte[] message, Class<T> type) throws IOException {
    return StrictJson.MAPPER.readValue(message, type);
  }

  @Override
  public List<Batch> read(long fromRevision, int limit) throws IOException, InterruptedException {
    List<Batch> own = archive.read(fromRevision, limit);
    boolean isWhole = !own.isEmpty() && own.getFirst().revision() == fromRevision;
    if (isWhole || fromRevision > store.image().revision()) {
      return own;
    }
    for (String peer : peers.present()) {
      List<byte[]> theirs = entries(peer, fromRevision);
      if (!theirs.isEmpty()) {
        return theirs.stream().limit(limit).map(BatchCodec::decode).toList();
      }
    }
    return own;
  }

  /// Fetches what this node's archive lacks, if it lacks anything and another node has it. Returns
  /// at once; only one filling is under way.
  public void fillSoon() {
    if (filling.compareAndSet(false, true)) {
      Thread.ofVirtual().name("history-fill").start(this::fill);
    }
  }

  private void fill() {
    try {
      Optional<HistoryArchive.Gap> gap = archive.gap(store.image().revision());
      for (String peer : gap.isPresent() ? peers.present() : List.<String>of()) {
        if (fill(peer, gap.get())) {
          return;
        }
      }
    } catch (IOException e) {
      LOG.warn("event=history-not-filled cause=\"{}\"", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      filling.set(false);
    }
  }

  private boolean fill(String peer, HistoryArchive.Gap gap)
      throws IOException, InterruptedException {
    try (HistoryFill fill = archive.fill(gap)) {
      List<byte[]> entries = entries(peer, fill.next());
      if (!fill.canGoOn() || entries.isEmpty()) {
        byte[] image = image(peer, gap.from());
        if (image.length == 0) {
          return false;
        }
        fill.startAt(new ByteArrayInputStream(image));
      }
      while (!fill.isDone()) {
        entries = entries(peer, fill.next());
        if (entries.isEmpty()) {
          return false;
        }
        fill.add(entries);
      }
      return true;
    }
  }

  private List<byte[]> entries(String peer, long from) throws IOException, InterruptedException {
    byte[] answer = ask(peer, ENTRIES, new Wanted(from, 0));
    List<byte[]> entries = answer.length == 0 ? List.of() : read(answer, Entries.class).entries();
    boolean begins = !entries.isEmpty() && BatchCodec.decode(entries.getFirst()).revision() == from;
    return begins ? entries : List.of();
  }

  /// The first image at or behind a revision, whole; empty when that node has none.
  private byte[] image(String peer, long from) throws IOException, InterruptedException {
    byte[] answer = ask(peer, FIRST_IMAGE, new Wanted(from, 0));
    OptionalLong at =
        answer.length == 0 ? OptionalLong.empty() : read(answer, FirstImage.class).revision();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    while (at.isPresent()) {
      byte[] part = ask(peer, IMAGE, new Wanted(at.getAsLong(), whole.size()));
      if (part.length == 0) {
        break;
      }
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  /// @return nothing when it does not answer
  private byte[] ask(String peer, String call, Wanted wanted)
      throws IOException, InterruptedException {
    try {
      return peers
          .call(peer, call, write(wanted), WITHIN)
          .get(WITHIN.toMillis() * 2, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("event=history-not-told peer={} cause=\"{}\"", peer, String.valueOf(e.getCause()));
      return new byte[0];
    }
  }
}
